/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where pieces were cut out of an EEGLAB recording, and so when its samples were recorded.
 *
 * EEGLAB removes bad stretches from the samples and leaves an event "boundary" in each place: its
 * latency is halfway between the last sample before and the first behind the cut, its duration is
 * how many samples were removed. The times of all other events are those of what is left. Here the
 * removed time is given back: a cut is a gap, and what follows is as late as it was recorded. A
 * boundary without a duration is a gap of unknown length, shown with length 0: nothing is filtered
 * or cut across it all the same.
 *
 * Epochs stand behind each other; each is a stretch of its own, gaps of unknown length between. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/foreign/eeglab-cuts.h"

#include "core/size.h"

#include <math.h>

#define LONGEST_SECONDS 3e9 /* a century: what is later does not fit on a clock */
#define LONGEST_NS 9e18

/* A stretch of samples that follow each other. */
typedef struct
{
  gint64 stored; /* its first sample in the file */
  gint64 clock;  /* the same on the clock */
} Piece;

typedef struct
{
  gint64 at; /* the first sample behind it */
  double removed;
} Cut;

struct _InionEeglabCuts
{
  GArray *pieces;
  gint64 n_samples;
  gint64 rate_num;
  gint64 rate_den_ns;
};

/**
 * inion_eeglab_is_boundary:
 * @event: an event
 *
 * Returns: whether it marks a cut
 */
gboolean
inion_eeglab_is_boundary (const InionForeignEvent *event)
{
  return g_ascii_strcasecmp (event->text, "boundary") == 0;
}

static int
compare_cuts (gconstpointer a,
              gconstpointer b)
{
  const Cut *one = a, *other = b;

  return (one->at > other->at) - (one->at < other->at);
}

static GArray *
list_cuts (const InionForeignResult *result,
           gint64                    n_samples,
           GPtrArray                *faults)
{
  GArray *cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
  guint outside = 0, unknown = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const InionForeignEvent *event = &g_array_index (result->events, InionForeignEvent, i);
      Cut cut = { 0, MAX (event->duration, 0) };

      if (!inion_eeglab_is_boundary (event))
        continue;
      cut.at = (gint64) ceil (event->position);
      /* What was removed before the first sample and behind the last is no gap. */
      if (cut.at <= 0 || cut.at == n_samples)
        continue;
      if (cut.at > n_samples)
        {
          outside++;
          continue;
        }
      if (!(event->duration > 0))
        unknown++;
      g_array_append_val (cuts, cut);
    }
  if (outside > 0)
    g_ptr_array_add (faults, inion_fault_new (-1, "event", "%u boundaries lie beyond the last "
                                              "sample; they are shown as events only.", outside));
  if (unknown > 0)
    g_ptr_array_add (faults, inion_fault_new (-1, "event", "%u boundaries do not say how much was "
                                              "cut out there; what follows is shown without a "
                                              "gap, earlier than it was recorded.", unknown));
  g_array_sort (cuts, compare_cuts);
  return cuts;
}

static void
add_piece (InionEeglabCuts *self,
           gint64           stored,
           gint64           clock)
{
  Piece piece = { stored, clock };

  g_array_append_val (self->pieces, piece);
}

static void
add_cuts (InionEeglabCuts          *self,
          const InionForeignResult *result,
          GPtrArray                *faults)
{
  g_autoptr (GArray) cuts = list_cuts (result, self->n_samples, faults);
  double removed = 0, most = LONGEST_SECONDS * result->rate - (double) self->n_samples;

  for (guint i = 0; i < cuts->len; i++)
    {
      const Cut *cut = &g_array_index (cuts, Cut, i);
      Piece *last = &g_array_index (self->pieces, Piece, self->pieces->len - 1);

      if (removed + cut->removed > most)
        {
          g_ptr_array_add (faults, inion_fault_new (-1, "event", "A boundary says that %.0f "
                                                    "samples were cut out, which is more than a "
                                                    "century. Its length and those that follow "
                                                    "were not believed.", cut->removed));
          most = -1;
        }
      else
        removed += cut->removed;
      if (last->stored == cut->at)
        last->clock = cut->at + (gint64) rint (removed);
      else
        add_piece (self, cut->at, cut->at + (gint64) rint (removed));
    }
}

static gint64
get_ns (InionEeglabCuts *self,
        gint64           sample)
{
  return inion_int64_mul_div (sample, self->rate_den_ns, self->rate_num);
}

/**
 * inion_eeglab_cuts_new:
 * @result: what the file says
 * @n_samples: how many samples a channel has
 * @rate_num: the clock's numerator
 * @rate_den_ns: its denominator
 * @faults: (element-type InionFault): grows by what is odd
 *
 * Returns: (transfer full): the stretches of the recording
 */
InionEeglabCuts *
inion_eeglab_cuts_new (const InionForeignResult *result,
                       gint64                    n_samples,
                       gint64                    rate_num,
                       gint64                    rate_den_ns,
                       GPtrArray                *faults)
{
  InionEeglabCuts *self = g_new0 (InionEeglabCuts, 1);

  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->n_samples = n_samples;
  self->rate_num = rate_num;
  self->rate_den_ns = rate_den_ns;
  add_piece (self, 0, 0);
  if (result->trials == 1)
    add_cuts (self, result, faults);
  else if (result->epoch_samples > 0)
    for (gint64 at = result->epoch_samples; at < n_samples; at += result->epoch_samples)
      add_piece (self, at, at);
  return self;
}

/**
 * inion_eeglab_cuts_free:
 * @self: (nullable): the stretches
 */
void
inion_eeglab_cuts_free (InionEeglabCuts *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->pieces);
  g_free (self);
}

static gint64
get_end (InionEeglabCuts *self,
         guint            index)
{
  return index + 1 < self->pieces->len ? g_array_index (self->pieces, Piece, index + 1).stored
                                       : self->n_samples;
}

/**
 * inion_eeglab_cuts_add_segments:
 * @self: the stretches
 * @recording: a recording without channels
 *
 * Tells a recording of its gaps, if it has some.
 *
 * Returns: %FALSE if it is longer than a clock is
 */
gboolean
inion_eeglab_cuts_add_segments (InionEeglabCuts *self,
                                InionRecording  *recording)
{
  for (guint i = 0; self->pieces->len > 1 && i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);
      gint64 onset_ns = get_ns (self, piece->clock);
      gint64 end_ns = get_ns (self, piece->clock + get_end (self, i) - piece->stored);

      if (!inion_recording_add_segment (recording, onset_ns, end_ns - onset_ns,
                                        get_ns (self, piece->stored)))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_eeglab_cuts_get_length:
 * @self: the stretches
 * @samples: a number of samples, with a fraction
 * @ns: (out): how long they last, to the nearest nanosecond
 *
 * Returns: %FALSE if that is too long
 */
gboolean
inion_eeglab_cuts_get_length (InionEeglabCuts *self,
                              double           samples,
                              gint64          *ns)
{
  double whole = floor (samples);
  double scale = (double) self->rate_den_ns / (double) self->rate_num;

  if (fabs (samples * scale) > LONGEST_NS)
    return FALSE;
  *ns = get_ns (self, (gint64) whole) + llrint ((samples - whole) * scale);
  return TRUE;
}

/**
 * inion_eeglab_cuts_get_time:
 * @self: the stretches
 * @position: in samples of the file from 0, with a fraction; halfway to a cut belongs before it
 * @ns: (out): when it was, in nanoseconds since the recording's start
 *
 * Returns: %FALSE if that is too far away
 */
gboolean
inion_eeglab_cuts_get_time (InionEeglabCuts *self,
                            double           position,
                            gint64          *ns)
{
  guint low = 0, high = self->pieces->len;
  const Piece *piece;

  /* The last piece that begins at or before the position. */
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if ((double) g_array_index (self->pieces, Piece, middle).stored <= position)
        low = middle;
      else
        high = middle;
    }
  piece = &g_array_index (self->pieces, Piece, low);
  return inion_eeglab_cuts_get_length (self, position + (double) (piece->clock - piece->stored),
                                       ns);
}
