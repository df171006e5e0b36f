/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted sums of channels, and the one that all derivations of a referential montage share.
 *
 * In an average montage of n channels every derivation would read all n of them: n² reads a page.
 * The mean is the same for all, so it is computed once for a range of samples and kept for the
 * other derivations, which usually ask for the same range at once and from several threads: the
 * first one computes, the others wait for it. The sum runs over the channels in their order, so a
 * kept mean and a computed one are the same bytes. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include "core/size.h"

#include <string.h>

#define N_KEPT 8
#define MAX_KEPT_SAMPLES ((gsize) 1 << 18) /* 2 MiB a range */
#define CHUNK ((gsize) 1 << 14)

typedef struct
{
  gint64 first;
  gsize n;
  double *values;
  gboolean ready;
  guint64 used;
} Range;

struct _InionSharedReference
{
  InionRecording *recording;
  GArray *channels;
  GArray *weights;
  GMutex lock;
  GCond done;
  Range *kept[N_KEPT]; /* atomic rc boxes */
  guint64 clock;
};

static void
range_clear (gpointer data)
{
  g_free (((Range *) data)->values);
}

static void
range_unref (Range *range)
{
  if (range != NULL)
    g_atomic_rc_box_release_full (range, range_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Range, range_unref)

/* out = Σ weight × channel over [first, first + n), in steps that keep the buffer small. */
gboolean
_inion_montage_read_sum (InionRecording  *recording,
                         const guint     *channels,
                         const double    *weights,
                         guint            n_terms,
                         gint64           first,
                         gsize            n,
                         double          *out,
                         GError         **error)
{
  g_autofree double *buffer = NULL;

  if (n_terms == 1 && weights[0] == 1.0)
    return inion_recording_read (recording, channels[0], first, n, out, error);
  buffer = g_new (double, MIN (n, CHUNK) + 1);
  for (gsize start = 0; start < n; start += CHUNK)
    {
      gsize length = MIN (CHUNK, n - start);
      double *to = out + start;

      memset (to, 0, length * sizeof *to);
      for (guint t = 0; t < n_terms; t++)
        {
          double weight = weights[t];

          if (!inion_recording_read (recording, channels[t], first + (gint64) start, length, buffer,
                                     error))
            return FALSE;
          for (gsize i = 0; i < length; i++)
            to[i] += weight * buffer[i];
        }
    }
  return TRUE;
}

InionSharedReference *
_inion_shared_reference_new (InionRecording *recording,
                             GArray         *channels,
                             GArray         *weights)
{
  InionSharedReference *self = g_new0 (InionSharedReference, 1);

  self->recording = g_object_ref (recording);
  self->channels = g_array_ref (channels);
  self->weights = g_array_ref (weights);
  g_mutex_init (&self->lock);
  g_cond_init (&self->done);
  return self;
}

void
_inion_shared_reference_free (InionSharedReference *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_KEPT; i++)
    range_unref (self->kept[i]);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->done);
  g_array_unref (self->channels);
  g_array_unref (self->weights);
  g_object_unref (self->recording);
  g_free (self);
}

static gboolean
compute (InionSharedReference  *self,
         gint64                 first,
         gsize                  n,
         double                *out,
         GError               **error)
{
  return _inion_montage_read_sum (self->recording, (const guint *) self->channels->data,
                                  (const double *) self->weights->data, self->channels->len, first,
                                  n, out, error);
}

/* Finds the range, or the place of the one to replace. Called with the lock held. */
static guint
find_range (InionSharedReference *self,
            gint64                first,
            gsize                 n)
{
  guint oldest = 0;

  for (guint i = 0; i < N_KEPT; i++)
    {
      Range *range = self->kept[i];

      if (range != NULL && range->first == first && range->n == n)
        return i;
      if (self->kept[oldest] != NULL && (range == NULL || range->used < self->kept[oldest]->used))
        oldest = i;
    }
  return oldest;
}

/* Puts a finished range in its place, or takes a failed one out. */
static void
settle (InionSharedReference *self,
        Range                *range,
        gboolean              ready)
{
  g_mutex_lock (&self->lock);
  range->ready = ready;
  for (guint i = 0; !ready && i < N_KEPT; i++)
    {
      if (self->kept[i] == range)
        g_clear_pointer (&self->kept[i], range_unref);
    }
  g_cond_broadcast (&self->done);
  g_mutex_unlock (&self->lock);
}

/* Waits for a range that another thread is computing, or claims it. A range whose computation
 * failed is claimed anew. */
static Range *
obtain_range (InionSharedReference *self,
              gint64                first,
              gsize                 n,
              gboolean             *claimed)
{
  Range *range;
  guint i;
  gboolean found;

  g_mutex_lock (&self->lock);
  for (;;)
    {
      i = find_range (self, first, n);
      range = self->kept[i];
      found = range != NULL && range->first == first && range->n == n;
      if (!found || range->ready)
        break;
      g_cond_wait (&self->done, &self->lock);
    }
  *claimed = !found;
  if (!found)
    {
      range_unref (range);
      range = g_atomic_rc_box_new0 (Range);
      range->first = first;
      range->n = n;
      self->kept[i] = range;
    }
  range->used = ++self->clock;
  g_atomic_rc_box_acquire (range);
  g_mutex_unlock (&self->lock);
  return range;
}

/* out -= reference over [first, first + n). Thread-safe. */
gboolean
_inion_shared_reference_subtract (InionSharedReference  *self,
                                  gint64                 first,
                                  gsize                  n,
                                  double                *out,
                                  GError               **error)
{
  g_autoptr (Range) range = NULL;
  gboolean claimed;

  for (gsize start = 0; n > MAX_KEPT_SAMPLES && start < n; start += MAX_KEPT_SAMPLES)
    {
      gsize length = MIN (MAX_KEPT_SAMPLES, n - start);

      if (!_inion_shared_reference_subtract (self, first + (gint64) start, length, out + start,
                                             error))
        return FALSE;
    }
  if (n == 0 || n > MAX_KEPT_SAMPLES)
    return TRUE;
  range = obtain_range (self, first, n, &claimed);
  if (claimed)
    {
      gboolean ok;

      range->values = g_new (double, n);
      ok = compute (self, first, n, range->values, error);
      settle (self, range, ok);
      if (!ok)
        return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    out[i] -= range->values[i];
  return TRUE;
}
