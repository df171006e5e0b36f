/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/parallel.h"

#include "core/error.h"
#include "core/random.h"

#include <math.h>

#define N 500

/* A sum whose value depends on the order of its terms: what a careless parallel sum would change. */
static gboolean
walk (gsize     index,
      gpointer  data,
      GError  **error)
{
  double *out = data;
  InionRandom random;
  double sum = 0;

  inion_random_seed (&random, 1, index);
  for (int i = 0; i < 200; i++)
    sum += inion_random_normal (&random) * pow (10, i % 7);
  out[index] = sum;
  return TRUE;
}

static void
test_thread_count (void)
{
  static const guint counts[] = { 1, 2, 3, 8, 64 };
  g_autofree double *expected = g_new0 (double, N);

  for (gsize i = 0; i < N; i++)
    walk (i, expected, NULL);
  for (gsize k = 0; k < G_N_ELEMENTS (counts); k++)
    {
      g_autofree double *found = g_new0 (double, N);
      g_autoptr (GError) error = NULL;

      inion_parallel_set_n_threads (counts[k]);
      g_assert_cmpuint (inion_parallel_get_n_threads (), ==, counts[k]);
      g_assert_true (inion_parallel_for (N, walk, found, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (found, N * sizeof *found, expected, N * sizeof *expected);
    }
  inion_parallel_set_n_threads (0);
  g_assert_cmpuint (inion_parallel_get_n_threads (), ==, g_get_num_processors ());
}

static gboolean
count (gsize     index,
       gpointer  data,
       GError  **error)
{
  g_atomic_int_inc ((int *) data + index);
  return TRUE;
}

static void
test_each_once (void)
{
  g_autofree int *seen = g_new0 (int, N);

  inion_parallel_set_n_threads (7);
  g_assert_true (inion_parallel_for (N, count, seen, NULL, NULL));
  for (gsize i = 0; i < N; i++)
    g_assert_cmpint (seen[i], ==, 1);
  g_assert_true (inion_parallel_for (0, count, NULL, NULL, NULL));
  g_assert_true (inion_parallel_for (1, count, seen, NULL, NULL));
  g_assert_cmpint (seen[0], ==, 2);
  inion_parallel_set_n_threads (0);
}

/* Every seventh index from 21 on fails, later ones sooner. */
static gboolean
fail_late (gsize     index,
           gpointer  data,
           GError  **error)
{
  if (index < 21 || index % 7 != 0)
    return TRUE;
  g_usleep (index == 21 ? 20000 : 10);
  return inion_set_error (error, INION_ERROR_NUMERIC, "index %" G_GSIZE_FORMAT, index);
}

/* Whichever thread fails first, the message is that of the lowest index. */
static void
test_lowest_error (void)
{
  for (guint n_threads = 1; n_threads <= 16; n_threads *= 2)
    for (int i = 0; i < 10; i++)
      {
        g_autoptr (GError) error = NULL;

        inion_parallel_set_n_threads (n_threads);
        g_assert_false (inion_parallel_for (N, fail_late, NULL, NULL, &error));
        g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
        g_assert_cmpstr (error->message, ==, "index 21");
      }
  g_assert_false (inion_parallel_for (N, fail_late, NULL, NULL, NULL));
  inion_parallel_set_n_threads (0);
}

typedef struct
{
  int *seen;
  GThread *threads[20];
  gboolean strayed;
} Nested;

static gboolean
inner (gsize     index,
       gpointer  data,
       GError  **error)
{
  Nested *nested = data;
  gsize outer = index / 20;

  if (nested->threads[outer] != g_thread_self ())
    nested->strayed = TRUE;
  g_atomic_int_inc (&nested->seen[index]);
  return TRUE;
}

typedef struct
{
  Nested *nested;
  gsize outer;
} Shifted;

static gboolean
inner_of (gsize     index,
          gpointer  data,
          GError  **error)
{
  Shifted *shifted = data;

  return inner (shifted->outer * 20 + index, shifted->nested, error);
}

static gboolean
outer (gsize     index,
       gpointer  data,
       GError  **error)
{
  Shifted shifted = { data, index };

  shifted.nested->threads[index] = g_thread_self ();
  return inion_parallel_for (20, inner_of, &shifted, NULL, error) &&
         inion_parallel_for (20, inner_of, &shifted, NULL, error);
}

/* A loop within a loop runs on its caller's thread: no n² threads, and no deadlock. */
static void
test_nested (void)
{
  g_autofree int *seen = g_new0 (int, 400);
  Nested nested = { .seen = seen };

  inion_parallel_set_n_threads (6);
  g_assert_true (inion_parallel_for (20, outer, &nested, NULL, NULL));
  for (int i = 0; i < 400; i++)
    g_assert_cmpint (seen[i], ==, 2);
  g_assert_false (nested.strayed);
  inion_parallel_set_n_threads (0);
}

typedef struct
{
  InionJob *job;
  int n_run;
} Stopping;

static gboolean
cancel_at_ten (gsize     index,
               gpointer  data,
               GError  **error)
{
  Stopping *stopping = data;

  g_atomic_int_inc (&stopping->n_run);
  if (index == 10)
    inion_job_cancel (stopping->job);
  g_usleep (100);
  return TRUE;
}

static gpointer
loop_in_job (InionJob *job,
             gpointer  data,
             GError  **error)
{
  Stopping *stopping = data;

  stopping->job = job;
  g_assert_false (inion_parallel_for (100000, cancel_at_ten, stopping, job, error));
  return NULL;
}

static void
test_cancel (void)
{
  Stopping stopping = { 0 };
  g_autoptr (InionJob) job = inion_job_new ("Looping", loop_in_job, &stopping, NULL, NULL);
  g_autoptr (GError) error = NULL;

  inion_parallel_set_n_threads (4);
  inion_job_run (job, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (stopping.n_run, >=, 11);
  g_assert_cmpint (stopping.n_run, <, 1000);
  inion_parallel_set_n_threads (0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/parallel/thread-count", test_thread_count);
  g_test_add_func ("/core/parallel/each-once", test_each_once);
  g_test_add_func ("/core/parallel/lowest-error", test_lowest_error);
  g_test_add_func ("/core/parallel/nested", test_nested);
  g_test_add_func ("/core/parallel/cancel", test_cancel);
  return g_test_run ();
}
