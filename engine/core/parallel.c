/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parallel loops whose result does not depend on the number of threads.
 *
 * Workers take the next index from a shared counter; every item writes only its own output, so
 * scheduling cannot change a number. The error of the lowest failing index wins, so that the
 * message does not depend on scheduling either. Nested loops run on the caller's thread. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/parallel.h"

static guint configured_threads;
static GPrivate inside_loop;

typedef struct
{
  gsize n;
  InionParallelFunc func;
  gpointer data;
  InionJob *job;
  gsize next;
  gsize done;
  gint stop;
  GMutex lock;
  gsize error_index;
  GError *error;
} Loop;

static void
take_error (Loop   *loop,
            gsize   index,
            GError *error)
{
  g_atomic_int_set (&loop->stop, 1);
  g_mutex_lock (&loop->lock);
  if (loop->error == NULL || index < loop->error_index)
    {
      g_clear_error (&loop->error);
      loop->error = error;
      loop->error_index = index;
    }
  else
    {
      g_clear_error (&error);
    }
  g_mutex_unlock (&loop->lock);
}

static gpointer
work (gpointer data)
{
  Loop *loop = data;

  g_private_set (&inside_loop, GINT_TO_POINTER (1));
  while (!g_atomic_int_get (&loop->stop))
    {
      gsize i = g_atomic_pointer_add (&loop->next, 1);
      GError *error = NULL;

      if (i >= loop->n)
        break;
      if (!inion_job_check (loop->job, &error) || !loop->func (i, loop->data, &error))
        take_error (loop, i, error);
    }
  g_private_set (&inside_loop, NULL);
  return NULL;
}

/**
 * inion_parallel_for:
 * @n: number of items
 * @func: the body
 * @data: passed to @func
 * @job: (nullable): checked for cancellation before each item
 * @error: return location
 *
 * Runs @func for every index in [0, @n) on as many threads as the machine has, and waits.
 *
 * Returns: %FALSE if an item failed or the job was cancelled
 */
gboolean
inion_parallel_for (gsize               n,
                    InionParallelFunc   func,
                    gpointer            data,
                    InionJob           *job,
                    GError            **error)
{
  Loop loop = { .n = n, .func = func, .data = data, .job = job };
  guint n_threads = inion_parallel_get_n_threads ();
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  gboolean nested = g_private_get (&inside_loop) != NULL;

  g_mutex_init (&loop.lock);
  if (!nested)
    {
      for (guint i = 1; i < n_threads && i < n; i++)
        {
          GThread *thread = g_thread_try_new ("inion-loop", work, &loop, NULL);

          if (thread != NULL)
            g_ptr_array_add (threads, thread);
        }
    }
  work (&loop);
  if (nested)
    g_private_set (&inside_loop, GINT_TO_POINTER (1));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  g_mutex_clear (&loop.lock);

  if (loop.error != NULL)
    {
      g_propagate_error (error, loop.error);
      return FALSE;
    }
  return TRUE;
}

/**
 * inion_parallel_get_n_threads:
 *
 * Returns: how many threads a parallel loop uses
 */
guint
inion_parallel_get_n_threads (void)
{
  return configured_threads > 0 ? configured_threads : g_get_num_processors ();
}

/**
 * inion_parallel_set_n_threads:
 * @n_threads: number of threads, or 0 for as many as the machine has
 *
 * Sets how many threads parallel loops use. Results are the same for any number.
 */
void
inion_parallel_set_n_threads (guint n_threads)
{
  configured_threads = n_threads;
}
