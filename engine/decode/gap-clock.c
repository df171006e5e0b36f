/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clock that passes quickly over long gaps.
 *
 * A recording of two hours may have a gap of three days, and nobody has memory for three days of
 * nothing. What is read of it therefore is its stretches with at most INION_LONG_GAP_S of each gap
 * between them. How much of a gap is left out is a whole number of samples of what is made of it
 * after a change of rate, so that these lie where they would without leaving anything out; the gap
 * stays one, because some of it is always kept.
 *
 * In a recording without a long gap nothing is left out, and all numbers are what they would be. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/gap-clock.h"

#include <math.h>

/* Samples of the recording's clock from first on are kept from kept on, up to the next piece. */
typedef struct
{
  gint64 first;
  gint64 kept;
} Piece;

static gint64
samples_kept_of (double rate_hz)
{
  return MAX (1, (gint64) ceil (INION_LONG_GAP_S * rate_hz));
}

/**
 * inion_gap_clock_init:
 * @self: (out): the clock; clear it
 * @recording: a recording
 * @channel: whose gaps count
 * @n_samples: how many of its samples
 * @rate_hz: its rate
 * @up: what is made of its samples has a rate of up / down times theirs
 * @down: see @up
 */
void
inion_gap_clock_init (InionGapClock  *self,
                      InionRecording *recording,
                      guint           channel,
                      gint64          n_samples,
                      double          rate_hz,
                      guint           up,
                      guint           down)
{
  gint64 keep = samples_kept_of (rate_hz), left_out = 0, end = 0, first, n;
  Piece piece = { 0, 0 };

  *self = (InionGapClock) { .n_clock = n_samples, .up = up, .down = down };
  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_append_val (self->pieces, piece);
  for (gint64 at = 0;
       at < n_samples && inion_recording_find_run (recording, channel, at, &first, &n);
       at = end = first + n)
    {
      gint64 gap = MIN (first, n_samples) - end;

      if (gap - keep < (gint64) down)
        continue;
      left_out += (gap - keep) / down * down;
      piece.first = end + keep + (gap - keep) / down * down;
      piece.kept = piece.first - left_out;
      g_array_append_val (self->pieces, piece);
    }
  self->n = n_samples - left_out;
}

void
inion_gap_clock_clear (InionGapClock *self)
{
  g_clear_pointer (&self->pieces, g_array_unref);
}

/**
 * inion_gap_clock_read:
 * @self: a clock
 * @recording: the recording
 * @channel: a channel of the clock's rate, with as many samples at least
 * @out: (out caller-allocates): room for the samples kept; NaN in gaps
 * @error: return location
 *
 * Returns: %FALSE with an error of reading
 */
gboolean
inion_gap_clock_read (const InionGapClock  *self,
                      InionRecording       *recording,
                      guint                 channel,
                      double               *out,
                      GError              **error)
{
  for (guint p = 0; p < self->pieces->len; p++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, p);
      gint64 end = p + 1 < self->pieces->len ? piece[1].kept : self->n;

      if (!inion_recording_read (recording, channel, piece->first, (gsize) (end - piece->kept),
                                 out + piece->kept, error))
        return FALSE;
    }
  return TRUE;
}

/* Samples of what is made that are left out before a piece. */
static gint64
left_out_before (const InionGapClock *self,
                 const Piece         *piece)
{
  return (piece->first - piece->kept) / self->down * self->up;
}

/**
 * inion_gap_clock_get_left_out:
 * @self: a clock
 *
 * Returns: by how many samples of what is made the recording is longer than what is kept
 */
gint64
inion_gap_clock_get_left_out (const InionGapClock *self)
{
  return left_out_before (self, &g_array_index (self->pieces, Piece, self->pieces->len - 1));
}

/* Where a piece begins, in samples of what is made as they are kept. */
static gint64
begin_of (const InionGapClock *self,
          const Piece         *piece)
{
  return (gint64) ((__int128) piece->kept * self->up / self->down);
}

/* The last piece that begins at or before a sample of what is made. */
static guint
find_piece (const InionGapClock *self,
            gint64               at)
{
  guint low = 0, high = self->pieces->len - 1;

  while (low < high)
    {
      guint middle = high - (high - low) / 2;
      const Piece *piece = &g_array_index (self->pieces, Piece, middle);

      if (begin_of (self, piece) + left_out_before (self, piece) <= at)
        low = middle;
      else
        high = middle - 1;
    }
  return low;
}

/**
 * inion_gap_clock_find:
 * @self: a clock
 * @first: first sample of a window, of what is made, on the recording's clock
 * @end: the sample behind its last
 * @kept: (out): where its first sample is kept; it may lie outside of what is kept at both ends
 *
 * Returns: %FALSE if a part of the window was left out: it holds a gap
 */
gboolean
inion_gap_clock_find (const InionGapClock *self,
                      gint64               first,
                      gint64               end,
                      gint64              *kept)
{
  guint index = find_piece (self, first);
  const Piece *piece = &g_array_index (self->pieces, Piece, index);

  *kept = first - left_out_before (self, piece);
  return index + 1 == self->pieces->len ||
         end - left_out_before (self, piece) <= begin_of (self, piece + 1);
}

/**
 * inion_gap_clock_skip:
 * @self: a clock
 * @first: first sample of a window, of what is made, on the recording's clock
 * @n: how many samples it has
 *
 * For windows that slide: those that lie wholly in what was left out are passed over at once,
 * however many they are.
 *
 * Returns: @first if the window holds something that is kept, else where the next one begins that
 *   does
 */
gint64
inion_gap_clock_skip (const InionGapClock *self,
                      gint64               first,
                      gint64               n)
{
  guint index = find_piece (self, first);
  const Piece *piece = &g_array_index (self->pieces, Piece, index);
  gint64 left_out, next;

  if (index + 1 == self->pieces->len)
    return first;
  left_out = begin_of (self, piece + 1) + left_out_before (self, piece);
  next = begin_of (self, piece + 1) + left_out_before (self, piece + 1);
  return first >= left_out && first + n <= next ? next - n + 1 : first;
}

/**
 * inion_gap_clock_find_long:
 * @recording: a recording
 * @channel: a channel
 * @at: one of its samples, where one begins
 * @look: (out): up to which sample the next long gap is looked at; from @at on, if that lies in it
 * @next: (out): the first sample behind it
 *
 * For what goes through a recording once: it begins at @at, and after @look goes on with @next as
 * with a recording of its own.
 *
 * Returns: %FALSE if there is no long gap from @at on
 */
gboolean
inion_gap_clock_find_long (InionRecording *recording,
                           guint           channel,
                           gint64          at,
                           gint64         *look,
                           gint64         *next)
{
  double rate_hz = inion_channel_get_rate_hz (inion_recording_get_channel (recording, channel));
  gint64 keep = samples_kept_of (rate_hz), end = at, first, n;

  for (gint64 run = at;
       inion_recording_find_run (recording, channel, run, &first, &n);
       run = end = first + n)
    if (first - end > keep)
      {
        *look = end + keep;
        *next = first;
        return TRUE;
      }
  return FALSE;
}
