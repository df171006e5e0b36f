/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the signal was larger than what recorded it could hold.
 *
 * Two or more samples of a channel that follow each other at the smallest or the largest digital
 * value that the file declares: a single one may be the very peak of a wave. It is looked for in
 * the samples as the file has them, since filters and montages hide it: behind a high-pass filter
 * a flat stretch looks like a slow wave. A derivation is saturated where one of its two channels
 * is; in an average every channel is a term, so there only its own counts, which comes first.
 *
 * All samples of the stretch are read, so that no zoom hides any; stretches that lie closer than
 * can be seen are joined. Of a file that declares no limits nothing is known, nor of a channel with
 * samples beyond them: then they are not those of what recorded it. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/saturation.h"

#include <math.h>

#define BLOCK 16384
/* A page of so many pixels shows each stretch. */
#define PIXELS 4096.0

typedef struct
{
  InionMontage *montage;
  double from_s;
  double to_s;
  guint first;
  guint n;
} Request;

/* One channel on its way. */
typedef struct
{
  GArray *found;
  guint derivation;
  double rate_hz;
  gint64 begin;     /* of the samples at a limit; −1: none */
  gint32 limit;
  gboolean beyond;  /* a sample is beyond the limits */
} Scan;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->montage);
  g_free (request);
}

static void
end_stretch (Scan   *scan,
             gint64  end)
{
  InionSaturation stretch = {
    scan->derivation, (double) scan->begin / scan->rate_hz, (double) end / scan->rate_hz
  };

  if (scan->begin >= 0 && end - scan->begin >= 2)
    g_array_append_val (scan->found, stretch);
  scan->begin = -1;
}

static void
scan_block (Scan                   *scan,
            const InionChannelInfo *info,
            gint64                  first,
            const gint32           *x,
            gsize                   n)
{
  for (gsize i = 0; i < n; i++)
    {
      gboolean at_limit = x[i] == info->digital_min || x[i] == info->digital_max;

      scan->beyond = scan->beyond || x[i] < info->digital_min || x[i] > info->digital_max;
      if (at_limit && scan->begin >= 0 && x[i] == scan->limit)
        continue;
      end_stretch (scan, first + (gint64) i);
      if (at_limit)
        {
          scan->begin = first + (gint64) i;
          scan->limit = x[i];
        }
    }
}

/* Run by run: a stretch ends at a gap. */
static gboolean
scan_channel (Scan            *scan,
              InionRecording  *recording,
              guint            channel,
              const Request   *request,
              InionJob        *job,
              GError         **error)
{
  InionChannel *object = inion_recording_get_channel (recording, channel);
  const InionChannelInfo *info = inion_channel_get_info (object);
  g_autofree gint32 *x = NULL;
  gint64 end, run_first, run_n;
  guint n_before = scan->found->len;

  if (info->digital_min >= info->digital_max)
    return TRUE;
  x = g_new (gint32, BLOCK);
  scan->rate_hz = inion_channel_get_rate_hz (object);
  scan->begin = -1;
  scan->beyond = FALSE;
  end = (gint64) CLAMP (ceil (request->to_s * scan->rate_hz), 0,
                        (double) inion_channel_get_n_samples (object));
  for (gint64 at = (gint64) CLAMP (floor (request->from_s * scan->rate_hz), 0, (double) end);
       at < end && inion_recording_find_run (recording, channel, at, &run_first, &run_n);
       at = run_first + run_n)
    {
      gint64 run_end = MIN (run_first + run_n, end);

      for (gint64 from = MAX (at, run_first); from < run_end; from += BLOCK)
        {
          gsize n = (gsize) MIN (BLOCK, run_end - from);

          if (!inion_job_check (job, error) ||
              !inion_recording_read_digital (recording, channel, from, n, x, error))
            return FALSE;
          scan_block (scan, info, from, x, n);
        }
      end_stretch (scan, run_end);
    }
  if (scan->beyond)
    g_array_set_size (scan->found, n_before);
  return TRUE;
}

static gint
compare (gconstpointer a,
         gconstpointer b)
{
  const InionSaturation *x = a, *y = b;

  if (x->derivation != y->derivation)
    return x->derivation < y->derivation ? -1 : 1;
  return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static GArray *
join (GArray *found,
      double  join_s)
{
  GArray *joined = g_array_new (FALSE, FALSE, sizeof (InionSaturation));

  g_array_sort (found, compare);
  for (guint i = 0; i < found->len; i++)
    {
      InionSaturation *here = &g_array_index (found, InionSaturation, i);
      InionSaturation *last = joined->len > 0
                                ? &g_array_index (joined, InionSaturation, joined->len - 1) : NULL;

      if (last != NULL && last->derivation == here->derivation &&
          here->from_s <= last->to_s + join_s)
        last->to_s = MAX (last->to_s, here->to_s);
      else
        g_array_append_val (joined, *here);
    }
  return joined;
}

static gboolean
is_amplified (InionChannelKind kind)
{
  return kind != INION_CHANNEL_TRIGGER && kind != INION_CHANNEL_SATURATION &&
         kind != INION_CHANNEL_TEMPERATURE;
}

static gpointer
run_request (InionJob  *job,
             gpointer   data,
             GError   **error)
{
  const Request *request = data;
  InionRecording *recording = inion_montage_get_recording (request->montage);
  guint n_all = inion_montage_get_n_derivations (request->montage);
  guint end = request->first + MIN (request->n, n_all - MIN (request->first, n_all));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (InionSaturation));

  for (guint d = request->first; d < end; d++)
    {
      const InionDerivation *derivation = inion_montage_get_derivation (request->montage, d);
      guint n_terms = derivation->n_terms <= 2 ? derivation->n_terms : 1;
      Scan scan = { .found = found, .derivation = d };

      for (guint t = 0; is_amplified (derivation->kind) && t < n_terms; t++)
        if (!scan_channel (&scan, recording, derivation->channels[t], request, job, error))
          return NULL;
    }
  return join (found, (request->to_s - request->from_s) / PIXELS);
}

/**
 * inion_saturation_new_job:
 * @montage: (transfer none): what is shown
 * @from_s: from when on, in seconds since the recording's start
 * @to_s: until when
 * @first: the first derivation that is wanted
 * @n: how many are wanted; more than there are for all
 *
 * Makes a job that finds where channels were at the limits of what the file can hold. In a gap
 * there is nothing.
 *
 * Returns: (transfer full): a job that has not started; its result is a #GArray of #InionSaturation
 *   (transfer full)
 */
InionJob *
inion_saturation_new_job (InionMontage *montage,
                          double        from_s,
                          double        to_s,
                          guint         first,
                          guint         n)
{
  const Request request = { g_object_ref (montage), from_s, to_s, first, n };

  return inion_job_new ("Looking for saturation", run_request,
                        g_memdup2 (&request, sizeof request), request_free,
                        (GDestroyNotify) g_array_unref);
}
