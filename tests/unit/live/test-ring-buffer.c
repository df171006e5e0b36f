/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ring buffer: order, jumps, losses counted, two threads. */

#include "core/error.h"
#include "core/init.h"
#include "live/ring-buffer.h"

#include <string.h>

#define N_CHANNELS 3

/* What frame and channel tell of each other: a torn frame cannot hold it. */
static double
value_of (gint64 index,
          guint  channel)
{
  return (double) index * 4.0 + channel;
}

static void
fill (double *frames,
      gsize   n,
      gint64  first)
{
  for (gsize i = 0; i < n; i++)
    {
      for (guint c = 0; c < N_CHANNELS; c++)
        frames[i * N_CHANNELS + c] = value_of (first + (gint64) i, c);
    }
}

static void
assert_frames (const double *frames,
               gsize         n,
               gint64        first)
{
  for (gsize i = 0; i < n; i++)
    {
      for (guint c = 0; c < N_CHANNELS; c++)
        g_assert_cmpfloat (frames[i * N_CHANNELS + c], ==, value_of (first + (gint64) i, c));
    }
}

static void
test_order (void)
{
  g_autoptr (InionRingBuffer) ring = inion_ring_buffer_new (N_CHANNELS, 5, NULL);
  double frames[8 * N_CHANNELS];
  gint64 arrivals[8], first;

  g_assert_cmpuint (inion_ring_buffer_get_capacity (ring), ==, 8);
  /* Around the ring many times, with blocks that do not divide it. */
  for (gint64 at = 0; at < 1000; at += 5)
    {
      fill (frames, 5, at);
      g_assert_cmpuint (inion_ring_buffer_push (ring, frames, 3, at, at * 10), ==, 3);
      g_assert_cmpuint (inion_ring_buffer_push (ring, frames + 3 * N_CHANNELS, 2, at + 3,
                                                at * 10 + 1), ==, 2);
      g_assert_cmpuint (inion_ring_buffer_get_fill (ring), ==, 5);
      g_assert_cmpuint (inion_ring_buffer_get_room (ring), ==, 3);
      memset (frames, 0, sizeof frames);
      g_assert_cmpuint (inion_ring_buffer_pop (ring, frames, 4, &first, arrivals), ==, 4);
      g_assert_cmpint (first, ==, at);
      assert_frames (frames, 4, at);
      g_assert_cmpint (arrivals[0], ==, at * 10);
      g_assert_cmpint (arrivals[3], ==, at * 10 + 1);
      g_assert_cmpuint (inion_ring_buffer_pop (ring, frames, 8, &first, NULL), ==, 1);
      g_assert_cmpint (first, ==, at + 4);
      assert_frames (frames, 1, at + 4);
      g_assert_cmpuint (inion_ring_buffer_pop (ring, frames, 8, &first, NULL), ==, 0);
    }
  g_assert_cmpuint (inion_ring_buffer_get_lost (ring), ==, 0);
}

static void
test_overrun (void)
{
  g_autoptr (InionRingBuffer) ring = inion_ring_buffer_new (N_CHANNELS, 8, NULL);
  double frames[12 * N_CHANNELS];
  gint64 first;

  fill (frames, 12, 100);
  g_assert_cmpuint (inion_ring_buffer_push (ring, frames, 12, 100, 0), ==, 8);
  g_assert_cmpuint (inion_ring_buffer_get_lost (ring), ==, 4);
  g_assert_cmpuint (inion_ring_buffer_pop (ring, frames, 2, &first, NULL), ==, 2);
  fill (frames, 2, 112);
  g_assert_cmpuint (inion_ring_buffer_push (ring, frames, 2, 112, 0), ==, 2);

  /* The hole is where a run ends. */
  g_assert_cmpuint (inion_ring_buffer_pop (ring, frames, 12, &first, NULL), ==, 6);
  g_assert_cmpint (first, ==, 102);
  assert_frames (frames, 6, 102);
  g_assert_cmpuint (inion_ring_buffer_pop (ring, frames, 12, &first, NULL), ==, 2);
  g_assert_cmpint (first, ==, 112);
  assert_frames (frames, 2, 112);
  inion_ring_buffer_clear (ring);
  g_assert_cmpuint (inion_ring_buffer_get_lost (ring), ==, 0);
  g_assert_cmpuint (inion_ring_buffer_get_fill (ring), ==, 0);
}

static void
test_too_large (void)
{
  GError *error = NULL;

  g_assert_null (inion_ring_buffer_new (1, G_MAXSIZE / 2, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_LARGE);
  g_clear_error (&error);
}

/* Two threads as fast as they can: what one pushed and did not lose, the other pops. */

#define STRESS_FRAMES 2000000

typedef struct
{
  InionRingBuffer *ring;
  gint done;           /* atomic */
} Stress;

static gpointer
push_all (gpointer data)
{
  Stress *stress = data;
  double frames[64 * N_CHANNELS];
  guint32 state = 1;

  for (gint64 at = 0; at < STRESS_FRAMES;)
    {
      gsize n;

      state = 1664525u * state + 1013904223u;
      n = MIN (1 + (state >> 8) % 64, (gsize) (STRESS_FRAMES - at));
      fill (frames, n, at);
      inion_ring_buffer_push (stress->ring, frames, n, at, at);
      at += (gint64) n;
      if (state >> 28 == 0)
        g_thread_yield ();
    }
  g_atomic_int_set (&stress->done, TRUE);
  return NULL;
}

static void
test_two_threads (void)
{
  g_autoptr (InionRingBuffer) ring = inion_ring_buffer_new (N_CHANNELS, 256, NULL);
  Stress stress = { .ring = ring };
  GThread *thread = g_thread_new ("push", push_all, &stress);
  double frames[100 * N_CHANNELS];
  gint64 arrivals[100], first = 0, next = 0;
  guint64 popped = 0, missing = 0;

  for (;;)
    {
      gboolean done = g_atomic_int_get (&stress.done);
      gsize n = inion_ring_buffer_pop (ring, frames, 100, &first, arrivals);

      if (n == 0 && done)
        break;
      if (n == 0)
        {
          g_thread_yield ();
          continue;
        }
      g_assert_cmpint (first, >=, next);
      assert_frames (frames, n, first);
      for (gsize i = 0; i < n; i++)
        g_assert_cmpint (arrivals[i], <=, first + (gint64) i);
      missing += (guint64) (first - next);
      next = first + (gint64) n;
      popped += n;
    }
  g_thread_join (thread);
  missing += (guint64) (STRESS_FRAMES - next);
  g_assert_cmpuint (popped + missing, ==, STRESS_FRAMES);
  g_assert_cmpuint (missing, ==, inion_ring_buffer_get_lost (ring));
  g_assert_cmpuint (popped, >=, 256);
  g_test_message ("%" G_GUINT64_FORMAT " popped, %" G_GUINT64_FORMAT " lost", popped, missing);
}

int
main (int    argc,
      char **argv)
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/ring-buffer/order", test_order);
  g_test_add_func ("/live/ring-buffer/overrun", test_overrun);
  g_test_add_func ("/live/ring-buffer/too-large", test_too_large);
  g_test_add_func ("/live/ring-buffer/two-threads", test_two_threads);
  return g_test_run ();
}
