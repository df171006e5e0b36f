/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames on their way from the thread that acquires them to the thread that decodes them.
 *
 * Lamport's single-producer single-consumer queue: two counters that only grow, one written by each
 * side. Counter modulo capacity (a power of two) is the slot. The producer fills slots and then
 * publishes them by a release store of "written"; the consumer's acquire load of it sees them
 * filled. "read" goes the other way. No side ever waits: where there is no room, the frames that
 * do not fit are dropped and counted, and the frames behind them tell of the hole by their
 * indices. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/ring-buffer.h"

#include "core/error.h"
#include "core/size.h"

#include <stdatomic.h>
#include <string.h>

/* Each side's counter stands in a cache line of its own. */
#define CACHE_LINE 64
#define MOST_FRAMES ((gsize) 1 << 28)

typedef struct
{
  gint64 index;
  gint64 arrival_us;
} Stamp;

struct _InionRingBuffer
{
  guint n_channels;
  gsize mask;
  double *frames;   /* [capacity × n_channels] */
  Stamp *stamps;    /* [capacity] */
  char pad_0[CACHE_LINE];
  atomic_size_t written;
  atomic_uint_fast64_t lost;
  char pad_1[CACHE_LINE];
  atomic_size_t read;
  char pad_2[CACHE_LINE];
};

/**
 * inion_ring_buffer_new:
 * @n_channels: values a frame, at least 1
 * @n_frames: how many frames it must hold, at least 1; rounded up to a power of two
 * @error: return location
 *
 * Returns: (transfer full) (nullable): an empty buffer; %NULL with %INION_ERROR_TOO_LARGE
 */
InionRingBuffer *
inion_ring_buffer_new (guint    n_channels,
                       gsize    n_frames,
                       GError **error)
{
  g_autoptr (InionRingBuffer) self = NULL;
  gsize capacity = 1, n_values;

  g_return_val_if_fail (n_channels > 0 && n_frames > 0, NULL);

  while (capacity < n_frames && capacity < MOST_FRAMES)
    capacity *= 2;
  if (capacity < n_frames || !inion_size_mul (&n_values, capacity, n_channels))
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "A buffer of %" G_GSIZE_FORMAT " samples of %u channels is too large.",
                       n_frames, n_channels);
      return NULL;
    }
  self = g_new0 (InionRingBuffer, 1);
  self->n_channels = n_channels;
  self->mask = capacity - 1;
  self->frames = inion_try_new (double, n_values, "the stream's buffer", error);
  if (self->frames == NULL)
    return NULL;
  self->stamps = inion_try_new (Stamp, capacity, "the stream's buffer", error);
  if (self->stamps == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * inion_ring_buffer_free:
 * @self: (transfer full): a buffer that no thread uses
 */
void
inion_ring_buffer_free (InionRingBuffer *self)
{
  g_free (self->frames);
  g_free (self->stamps);
  g_free (self);
}

/**
 * inion_ring_buffer_push:
 * @self: a buffer
 * @frames: (array): [@n × channels] values
 * @n: number of frames
 * @first: index of the first frame; the others follow it
 * @arrival_us: when they arrived, on the clock of g_get_monotonic_time()
 *
 * Appends frames. Those that find no room are lost and counted. Pushing thread only.
 *
 * Returns: how many frames were taken
 */
gsize
inion_ring_buffer_push (InionRingBuffer *self,
                        const double    *frames,
                        gsize            n,
                        gint64           first,
                        gint64           arrival_us)
{
  gsize written = atomic_load_explicit (&self->written, memory_order_relaxed);
  gsize room = inion_ring_buffer_get_room (self);  /* once: it grows while we look */
  gsize taken = MIN (n, room);

  for (gsize i = 0; i < taken; i++)
    {
      gsize slot = (written + i) & self->mask;

      memcpy (self->frames + slot * self->n_channels, frames + i * self->n_channels,
              self->n_channels * sizeof (double));
      self->stamps[slot] = (Stamp) { first + (gint64) i, arrival_us };
    }
  atomic_store_explicit (&self->written, written + taken, memory_order_release);
  if (taken < n)
    atomic_fetch_add_explicit (&self->lost, n - taken, memory_order_relaxed);
  return taken;
}

/**
 * inion_ring_buffer_get_room:
 * @self: a buffer
 *
 * Pushing thread only.
 *
 * Returns: how many frames can be pushed without loss, at least
 */
gsize
inion_ring_buffer_get_room (InionRingBuffer *self)
{
  gsize written = atomic_load_explicit (&self->written, memory_order_relaxed);
  gsize read = atomic_load_explicit (&self->read, memory_order_acquire);

  return self->mask + 1 - (written - read);
}

/**
 * inion_ring_buffer_pop:
 * @self: a buffer
 * @frames: (out caller-allocates) (array): room for [@max × channels] values
 * @max: how many frames to take at most
 * @first: (out): index of the first frame
 * @arrivals_us: (out caller-allocates) (array length=max) (nullable): when each frame arrived
 *
 * Takes the oldest frames, up to the next jump of their indices. Popping thread only.
 *
 * Returns: how many frames were taken; 0 where the buffer is empty
 */
gsize
inion_ring_buffer_pop (InionRingBuffer *self,
                       double          *frames,
                       gsize            max,
                       gint64          *first,
                       gint64          *arrivals_us)
{
  gsize read = atomic_load_explicit (&self->read, memory_order_relaxed);
  gsize written = atomic_load_explicit (&self->written, memory_order_acquire);
  gsize n = 0;

  for (; n < max && read + n != written; n++)
    {
      gsize slot = (read + n) & self->mask;

      if (n == 0)
        *first = self->stamps[slot].index;
      else if (self->stamps[slot].index != *first + (gint64) n)
        break;
      memcpy (frames + n * self->n_channels, self->frames + slot * self->n_channels,
              self->n_channels * sizeof (double));
      if (arrivals_us != NULL)
        arrivals_us[n] = self->stamps[slot].arrival_us;
    }
  atomic_store_explicit (&self->read, read + n, memory_order_release);
  return n;
}

/**
 * inion_ring_buffer_clear:
 * @self: a buffer that no thread uses
 *
 * Empties it, and forgets what was lost.
 */
void
inion_ring_buffer_clear (InionRingBuffer *self)
{
  atomic_store (&self->read, 0);
  atomic_store (&self->written, 0);
  atomic_store (&self->lost, 0);
}

/**
 * inion_ring_buffer_get_capacity:
 * @self: a buffer
 *
 * Returns: how many frames it holds
 */
gsize
inion_ring_buffer_get_capacity (InionRingBuffer *self)
{
  return self->mask + 1;
}

/**
 * inion_ring_buffer_get_fill:
 * @self: a buffer
 *
 * Returns: how many frames wait in it, at some moment during the call
 */
gsize
inion_ring_buffer_get_fill (InionRingBuffer *self)
{
  /* What was read was written before: loaded in this order the difference is never negative. */
  gsize read = atomic_load_explicit (&self->read, memory_order_acquire);
  gsize written = atomic_load_explicit (&self->written, memory_order_acquire);

  return MIN (written - read, self->mask + 1);
}

/**
 * inion_ring_buffer_get_lost:
 * @self: a buffer
 *
 * Returns: how many frames found no room since it was made or cleared
 */
guint64
inion_ring_buffer_get_lost (InionRingBuffer *self)
{
  return atomic_load_explicit (&self->lost, memory_order_relaxed);
}
