/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gaps of a recording as pictures show them: which, and how long.
 *
 * A gap is shown from the recording's own table, not from what is missing on the page: it has its
 * true length also where only a part of it is in view, and it is there when it is narrower than a
 * pixel. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/gap-band.h"

#include "widgets/render/painter-private.h"

#include <math.h>

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

/* The first gap that ends behind a time; gap i lies between segments i and i + 1. */
static guint
find_gap (InionRecording *recording,
          double          time_s)
{
  guint low = 0, high = inion_recording_get_n_segments (recording) - 1;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      gint64 from_ns, to_ns;

      inion_recording_get_segment (recording, middle + 1, &from_ns, &to_ns);
      if ((double) from_ns * 1e-9 > time_s)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/**
 * inion_gap_band_foreach:
 * @recording: a recording
 * @from_s: left edge, seconds since the recording's start
 * @to_s: right edge
 * @least_s: what cannot be told apart, such as the time of a pixel
 * @func: called for each gap
 * @data: passed to @func
 *
 * Finds the gaps in view, in order; of several that begin within @least_s only the longest so far
 * matters, so that thousands of gaps cost no more than there are pixels to show them.
 */
void
inion_gap_band_foreach (InionRecording *recording,
                        double          from_s,
                        double          to_s,
                        double          least_s,
                        InionGapFunc    func,
                        gpointer        data)
{
  guint n_gaps = inion_recording_get_n_segments (recording) - 1;
  double last_s = -INFINITY;

  for (guint i = find_gap (recording, from_s); i < n_gaps; i++)
    {
      gint64 before_ns, begin_ns, end_ns, after_ns;
      double begin_s, end_s;

      inion_recording_get_segment (recording, i, &before_ns, &begin_ns);
      inion_recording_get_segment (recording, i + 1, &end_ns, &after_ns);
      begin_s = (double) begin_ns * 1e-9;
      end_s = (double) end_ns * 1e-9;
      if (begin_s >= to_s)
        return;
      if (end_s <= begin_s || (end_s - begin_s < least_s && begin_s < last_s + least_s))
        continue;
      last_s = begin_s;
      func (begin_s, end_s, data);
    }
}

static char *
two_units (gint64      whole,
           gint64      large,
           gint64      small,
           const char *large_name,
           const char *small_name)
{
  gint64 rest = whole % large / small;

  if (rest == 0)
    return g_strdup_printf ("gap %" G_GINT64_FORMAT INION_THIN_SPACE "%s", whole / large,
                            large_name);
  return g_strdup_printf ("gap %" G_GINT64_FORMAT INION_THIN_SPACE "%s %" G_GINT64_FORMAT
                          INION_THIN_SPACE "%s", whole / large, large_name, rest, small_name);
}

/**
 * inion_gap_band_dup_text:
 * @seconds: length of a gap
 *
 * Returns: (transfer full): what to write into it: "gap 250 ms", "gap 12.5 s", "gap 3 min 20 s",
 *   "gap 2 h 5 min", "gap 3 d 4 h"
 */
char *
inion_gap_band_dup_text (double seconds)
{
  g_autofree char *number = NULL;
  gint64 whole;

  if (seconds < 1)
    {
      number = _inion_format_significant (seconds * 1000, 3);
      return g_strconcat ("gap ", number, INION_THIN_SPACE "ms", NULL);
    }
  if (seconds < MINUTE - 0.05)
    {
      number = _inion_format_significant (seconds, 3);
      return g_strconcat ("gap ", number, INION_THIN_SPACE "s", NULL);
    }
  whole = (gint64) rint (MIN (seconds, 1e12));
  if (whole < HOUR)
    return two_units (whole, MINUTE, 1, "min", "s");
  whole = (whole + MINUTE / 2) / MINUTE * MINUTE;
  if (whole < DAY)
    return two_units (whole, HOUR, MINUTE, "h", "min");
  return two_units ((whole + HOUR / 2) / HOUR * HOUR, DAY, HOUR, "d", "h");
}
