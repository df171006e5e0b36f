/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/job.h"

#include "core/error.h"

/* What a done callback saw. */
typedef struct
{
  GMainLoop *loop;
  guint n_waiting;
  guint n_done;
  int result;
  int code;
  gboolean failed;
  gboolean running_at_end;
  GThread *thread;
} Seen;

static void
on_done (InionJob     *job,
         gpointer      result,
         const GError *error,
         gpointer      user_data)
{
  Seen *seen = user_data;

  seen->n_done++;
  seen->result = result != NULL ? *(int *) result : -1;
  seen->failed = error != NULL;
  seen->code = error != NULL ? error->code : -1;
  seen->running_at_end = inion_job_is_running (job);
  seen->thread = g_thread_self ();
  g_free (result);
  if (--seen->n_waiting == 0)
    g_main_loop_quit (seen->loop);
}

static void
seen_init (Seen *seen,
           guint n_waiting)
{
  *seen = (Seen) { .loop = g_main_loop_new (NULL, FALSE), .n_waiting = n_waiting };
}

/* Waits for the callbacks that @seen expects. */
static void
wait_for (Seen *seen)
{
  g_main_loop_run (seen->loop);
  g_clear_pointer (&seen->loop, g_main_loop_unref);
}

static int *
new_int (int value)
{
  return g_memdup2 (&value, sizeof value);
}

static gpointer
answer (InionJob *job,
        gpointer  data,
        GError  **error)
{
  inion_job_report (job, 0.25, "counting");
  inion_job_report (job, 0.5, NULL);
  return new_int (42);
}

static gpointer
fail (InionJob *job,
      gpointer  data,
      GError  **error)
{
  inion_set_error (error, INION_ERROR_FORMAT, "byte 12 is wrong");
  return NULL;
}

/* Works until it is cancelled, looking every millisecond; @data counts the looks. */
static gpointer
work_for_ever (InionJob *job,
               gpointer  data,
               GError  **error)
{
  while (inion_job_check (job, error))
    {
      g_atomic_int_inc ((int *) data);
      g_usleep (1000);
    }
  return NULL;
}

static gboolean
cancel_soon (gpointer data)
{
  inion_job_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_result (void)
{
  g_autoptr (InionJob) job = inion_job_new ("Counting", answer, NULL, NULL, g_free);
  Seen seen;

  seen_init (&seen, 1);
  g_assert_cmpstr (inion_job_get_title (job), ==, "Counting");
  g_assert_false (inion_job_is_running (job));
  inion_job_start (job, on_done, &seen);
  g_assert_true (inion_job_is_running (job));
  wait_for (&seen);
  g_assert_cmpuint (seen.n_done, ==, 1);
  g_assert_cmpint (seen.result, ==, 42);
  g_assert_false (seen.failed);
  g_assert_false (seen.running_at_end);
  g_assert_true (seen.thread == g_thread_self ());
}

/* A job may be dropped right after it was started: it stays alive until its callback returned. */
static void
test_dropped (void)
{
  InionJob *job = inion_job_new ("Counting", answer, NULL, NULL, g_free);
  Seen seen;

  seen_init (&seen, 1);
  inion_job_start (job, on_done, &seen);
  g_object_unref (job);
  wait_for (&seen);
  g_assert_cmpint (seen.result, ==, 42);
}

static void
count_notify (GObject    *object,
              GParamSpec *pspec,
              gpointer    data)
{
  (*(guint *) data)++;
}

static void
test_progress (void)
{
  g_autoptr (InionJob) job = inion_job_new ("Counting", answer, NULL, NULL, g_free);
  g_autofree char *before = inion_job_dup_step (job);
  g_autofree char *after = NULL;
  guint n_progress = 0, n_running = 0;
  Seen seen;

  g_assert_null (before);
  g_assert_cmpfloat (inion_job_get_progress (job), ==, 0);
  g_signal_connect (job, "notify::progress", G_CALLBACK (count_notify), &n_progress);
  g_signal_connect (job, "notify::running", G_CALLBACK (count_notify), &n_running);
  seen_init (&seen, 1);
  inion_job_start (job, on_done, &seen);
  wait_for (&seen);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpfloat (inion_job_get_progress (job), ==, 0.5);
  after = inion_job_dup_step (job);
  g_assert_cmpstr (after, ==, "counting");
  g_assert_cmpuint (n_progress, >=, 1);
  g_assert_cmpuint (n_progress, <=, 2);
  g_assert_cmpuint (n_running, ==, 2);
}

static void
test_progress_is_bounded (void)
{
  g_autoptr (InionJob) job = inion_job_new ("Counting", answer, NULL, NULL, g_free);

  inion_job_report (job, 7, NULL);
  g_assert_cmpfloat (inion_job_get_progress (job), ==, 1);
  inion_job_report (job, -1, NULL);
  g_assert_cmpfloat (inion_job_get_progress (job), ==, 0);
  inion_job_report (NULL, 0.5, "nobody listens");
  g_assert_true (inion_job_check (NULL, NULL));
}

static void
test_error (void)
{
  g_autoptr (InionJob) job = inion_job_new ("Reading", fail, NULL, NULL, g_free);
  Seen seen;

  seen_init (&seen, 1);
  inion_job_start (job, on_done, &seen);
  wait_for (&seen);
  g_assert_true (seen.failed);
  g_assert_cmpint (seen.code, ==, INION_ERROR_FORMAT);
  g_assert_cmpint (seen.result, ==, -1);
}

/* Returns how long a cancelled job took to end, in µs. */
static gint64
time_cancel (void)
{
  int looks = 0;
  g_autoptr (InionJob) job = inion_job_new ("Waiting", work_for_ever, &looks, NULL, g_free);
  gint64 start;
  Seen seen;

  seen_init (&seen, 1);
  inion_job_start (job, on_done, &seen);
  while (g_atomic_int_get (&looks) == 0)
    g_usleep (100);
  start = g_get_monotonic_time ();
  inion_job_cancel (job);
  wait_for (&seen);
  g_assert_true (seen.failed);
  g_assert_cmpint (seen.code, ==, G_IO_ERROR_CANCELLED);
  return g_get_monotonic_time () - start;
}

/* The promise of the header: a cancelled job ends within 50 ms. The machine may be busy with other
 * tests, so the fastest of five counts. */
static void
test_cancel (void)
{
  gint64 fastest = G_MAXINT64;

  for (int i = 0; i < 5; i++)
    fastest = MIN (fastest, time_cancel ());
  g_assert_cmpint (fastest, <, 50000);
}

/* The callback comes only after the work has let go of its data, however long that takes. */
static gpointer
stop_slowly (InionJob *job,
             gpointer  data,
             GError  **error)
{
  while (inion_job_check (job, NULL))
    g_usleep (1000);
  g_usleep (30000);
  g_atomic_int_set ((int *) data, 1);
  inion_job_check (job, error);
  return NULL;
}

static void
test_cancel_waits_for_work (void)
{
  int finished = 0;
  g_autoptr (InionJob) job = inion_job_new ("Stopping", stop_slowly, &finished, NULL, g_free);
  Seen seen;

  seen_init (&seen, 1);
  inion_job_start (job, on_done, &seen);
  inion_job_cancel (job);
  wait_for (&seen);
  g_assert_cmpint (g_atomic_int_get (&finished), ==, 1);
  g_assert_cmpint (seen.code, ==, G_IO_ERROR_CANCELLED);
}

static void
test_run (void)
{
  g_autoptr (InionJob) good = inion_job_new ("Counting", answer, NULL, NULL, g_free);
  g_autoptr (InionJob) bad = inion_job_new ("Reading", fail, NULL, NULL, g_free);
  g_autoptr (InionJob) stopped = inion_job_new ("Reading", work_for_ever, NULL, NULL, g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) cancelled = NULL;
  g_autofree int *result = inion_job_run (good, NULL);

  g_assert_cmpint (*result, ==, 42);
  g_assert_null (inion_job_run (bad, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  inion_job_cancel (stopped);
  g_assert_null (inion_job_run (stopped, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
count_free (gpointer data)
{
  (*(guint *) data)++;
}

static gpointer
give_data (InionJob *job,
           gpointer  data,
           GError  **error)
{
  return data;
}

/* Data and a result that nobody took are freed once. */
static void
test_ownership (void)
{
  guint n_data = 0, n_result = 0;
  InionJob *job = inion_job_new ("Giving", give_data, &n_data, count_free, NULL);
  InionJob *untaken = inion_job_new ("Giving", give_data, &n_result, NULL, count_free);

  g_assert_finalize_object (job);
  g_assert_cmpuint (n_data, ==, 1);
  inion_job_start (untaken, NULL, NULL);
  while (inion_job_is_running (untaken))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_result, ==, 1);
  /* The main loop may still hold the finished task for a moment. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_object_unref (untaken);
}

static void
test_list (void)
{
  g_autoptr (InionJobList) list = inion_job_list_new ();
  g_autoptr (InionJob) job = inion_job_new ("Counting", answer, NULL, NULL, g_free);
  g_autoptr (InionJob) listed = NULL;
  Seen seen;

  seen_init (&seen, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == INION_TYPE_JOB);
  inion_job_list_submit (list, job, NULL, on_done, &seen);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  listed = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (listed == job);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 1));
  wait_for (&seen);
  g_assert_cmpint (seen.result, ==, 42);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

/* A new job with the same key cancels the old one; another key does not. */
static void
test_superseded (void)
{
  g_autoptr (InionJobList) list = inion_job_list_new ();
  int looks = 0, other_looks = 0;
  g_autoptr (InionJob) old = inion_job_new ("Old", work_for_ever, &looks, NULL, g_free);
  g_autoptr (InionJob) other = inion_job_new ("Other", work_for_ever, &other_looks, NULL, g_free);
  g_autoptr (InionJob) new = inion_job_new ("New", answer, NULL, NULL, g_free);
  Seen seen_old, seen_other, seen_new;

  seen_init (&seen_old, 1);
  seen_init (&seen_other, 1);
  seen_init (&seen_new, 1);
  inion_job_list_submit (list, old, "train", on_done, &seen_old);
  inion_job_list_submit (list, other, "filter", on_done, &seen_other);
  inion_job_list_submit (list, new, "train", on_done, &seen_new);
  wait_for (&seen_old);
  g_assert_cmpint (seen_old.code, ==, G_IO_ERROR_CANCELLED);
  if (seen_new.n_done == 0)
    wait_for (&seen_new);
  else
    g_clear_pointer (&seen_new.loop, g_main_loop_unref);
  g_assert_cmpint (seen_new.result, ==, 42);
  g_assert_cmpuint (seen_other.n_done, ==, 0);
  g_assert_true (inion_job_is_running (other));
  inion_job_list_cancel_all (list);
  wait_for (&seen_other);
  g_assert_cmpint (seen_other.code, ==, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

/* A list may go while its jobs run: they end, and their callbacks come. */
static void
test_list_dropped (void)
{
  InionJobList *list = inion_job_list_new ();
  int looks = 0;
  g_autoptr (InionJob) job = inion_job_new ("Waiting", work_for_ever, &looks, NULL, g_free);
  Seen seen;

  seen_init (&seen, 1);
  inion_job_list_submit (list, job, NULL, on_done, &seen);
  g_object_unref (list);
  g_timeout_add (5, cancel_soon, job);
  wait_for (&seen);
  g_assert_cmpint (seen.code, ==, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/job/result", test_result);
  g_test_add_func ("/core/job/dropped", test_dropped);
  g_test_add_func ("/core/job/progress", test_progress);
  g_test_add_func ("/core/job/progress-is-bounded", test_progress_is_bounded);
  g_test_add_func ("/core/job/error", test_error);
  g_test_add_func ("/core/job/cancel", test_cancel);
  g_test_add_func ("/core/job/cancel-waits-for-work", test_cancel_waits_for_work);
  g_test_add_func ("/core/job/run", test_run);
  g_test_add_func ("/core/job/ownership", test_ownership);
  g_test_add_func ("/core/job/list", test_list);
  g_test_add_func ("/core/job/superseded", test_superseded);
  g_test_add_func ("/core/job/list-dropped", test_list_dropped);
  return g_test_run ();
}
