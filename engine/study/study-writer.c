/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study's own thread: it alone touches the file.
 *
 * The main thread hands over edits and goes on; the thread writes them in their order, one
 * transaction each, and tells when one is on the disk. Where a write fails the thread stops writing
 * and keeps what it has: an edit leaves the queue only when it is in the file. Questions to the
 * file (calls) go past the queue, and are answered even then.
 *
 * News (an acknowledgement, a failure) are brought to the main context that the study was opened
 * in. Many acknowledgements make one piece of news.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-snapshot.h"
#include "study/study-writer.h"

/* Where the window was is written when it has been still for so long. */
#define VIEW_DELAY_US (G_USEC_PER_SEC / 2)
#define SNAPSHOT_INTERVAL_US (10 * 60 * G_USEC_PER_SEC)

typedef struct
{
  InionStudyCall call;
  gpointer data;
  GError **error;
  gboolean result;
  gboolean done;
} Call;

struct _InionStudyWriter
{
  gatomicrefcount n_refs;
  char *path;
  gboolean writable;

  /* Main thread. */
  GThread *thread;
  InionStudyNews news;
  gpointer news_data;

  /* Under the lock. */
  GMutex lock;
  GCond changed;
  GMainContext *context;
  GQueue edits; /* of InionStudyEdit; the head is being written */
  GQueue calls; /* of Call */
  GHashTable *views;
  gint64 view_time;
  gint64 acknowledged;
  GError *error;
  gboolean news_pending;
  gboolean flushing;
  gboolean writing_views;
  gboolean quit;

  /* Its own thread. */
  InionStudyStore *store;
  gint64 snapshot_time;
};

static void
writer_unref (InionStudyWriter *self)
{
  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;
  g_queue_clear_full (&self->edits, (GDestroyNotify) _inion_study_edit_free);
  g_clear_pointer (&self->views, g_hash_table_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->path);
  g_free (self);
}

static gboolean
on_news (gpointer data)
{
  InionStudyWriter *self = data;

  g_mutex_lock (&self->lock);
  self->news_pending = FALSE;
  g_mutex_unlock (&self->lock);
  if (self->news != NULL)
    self->news (self->news_data);
  return G_SOURCE_REMOVE;
}

/* Under the lock. */
static void
bring_news (InionStudyWriter *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->news_pending)
    return;
  self->news_pending = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_atomic_ref_count_inc (&self->n_refs);
  g_source_set_callback (source, on_news, self, (GDestroyNotify) writer_unref);
  g_source_attach (source, self->context);
}

/* Under the lock, which is let go of while the call runs. */
static void
answer_call (InionStudyWriter *self)
{
  Call *call = g_queue_pop_head (&self->calls);

  g_mutex_unlock (&self->lock);
  call->result = call->call (self->store, call->data, call->error);
  g_mutex_lock (&self->lock);
  call->done = TRUE;
  g_cond_broadcast (&self->changed);
}

static void
write_edit (InionStudyWriter *self)
{
  InionStudyEdit *edit = g_queue_peek_head (&self->edits);
  GError *error = NULL;
  gboolean ok;

  g_mutex_unlock (&self->lock);
  ok = _inion_study_store_write (self->store, edit, &error);
  g_mutex_lock (&self->lock);
  if (ok)
    {
      self->acknowledged = edit->seq;
      g_queue_pop_head (&self->edits);
    }
  else
    self->error = error;
  bring_news (self);
  g_cond_broadcast (&self->changed);
  if (!ok)
    return;

  /* An edit of many annotations takes a while to free. */
  g_mutex_unlock (&self->lock);
  _inion_study_edit_free (edit);
  if (g_get_monotonic_time () - self->snapshot_time > SNAPSHOT_INTERVAL_US)
    {
      self->snapshot_time = g_get_monotonic_time ();
      _inion_study_snapshot (self->store);
    }
  g_mutex_lock (&self->lock);
}

/* Where the window was is no person's work: if it cannot be written, the next time will do. */
static void
write_views (InionStudyWriter *self)
{
  g_autoptr (GHashTable) views = g_steal_pointer (&self->views);
  g_autoptr (GError) error = NULL;

  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->writing_views = TRUE;
  g_mutex_unlock (&self->lock);
  if (!_inion_study_store_write_views (self->store, views, &error))
    g_debug ("The view could not be kept: %s", error->message);
  g_mutex_lock (&self->lock);
  self->writing_views = FALSE;
  g_cond_broadcast (&self->changed);
}

/* Does one thing that is due, if there is one. Under the lock. */
static gboolean
work (InionStudyWriter *self)
{
  gboolean may_write = self->writable && self->error == NULL;
  gboolean has_views = may_write && g_hash_table_size (self->views) > 0;

  if (!g_queue_is_empty (&self->calls))
    answer_call (self);
  else if (may_write && !g_queue_is_empty (&self->edits))
    write_edit (self);
  else if (has_views && (self->flushing || self->quit
                         || g_get_monotonic_time () >= self->view_time + VIEW_DELAY_US))
    write_views (self);
  else if (self->quit)
    return FALSE;
  else if (has_views)
    g_cond_wait_until (&self->changed, &self->lock, self->view_time + VIEW_DELAY_US);
  else
    g_cond_wait (&self->changed, &self->lock);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  InionStudyWriter *self = data;

  self->snapshot_time = g_get_monotonic_time ();
  g_mutex_lock (&self->lock);
  while (work (self))
    ;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->store, _inion_study_store_close);
  return NULL;
}

static gboolean
call_open (InionStudyStore *store,
           gpointer         data,
           GError         **error)
{
  InionStudyWriter *self = data;

  self->store = _inion_study_store_open (self->path, self->writable, error);
  return self->store != NULL;
}

/* Starts the thread and opens the file on it. @news is called in the thread-default main context
 * of the caller. */
InionStudyWriter *
_inion_study_writer_open (const char    *path,
                          gboolean       writable,
                          InionStudyNews news,
                          gpointer       data,
                          GError       **error)
{
  InionStudyWriter *self = g_new0 (InionStudyWriter, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->path = g_strdup (path);
  self->writable = writable;
  self->news = news;
  self->news_data = data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->context = g_main_context_ref_thread_default ();
  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->thread = g_thread_new ("inion-study", run, self);
  if (_inion_study_writer_call (self, call_open, self, error))
    return self;
  _inion_study_writer_close (self);
  return NULL;
}

/* Writes what can be written, closes the file and ends the thread. */
void
_inion_study_writer_close (InionStudyWriter *self)
{
  self->news = NULL;
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  writer_unref (self);
}

/* Hands an edit over to be written. */
void
_inion_study_writer_push (InionStudyWriter *self,
                          InionStudyEdit   *edit)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->edits, edit);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Notes where the window is, to be written before long. */
void
_inion_study_writer_set_view (InionStudyWriter *self,
                              const char       *key,
                              const char       *value)
{
  g_mutex_lock (&self->lock);
  if (g_hash_table_size (self->views) == 0)
    self->view_time = g_get_monotonic_time ();
  g_hash_table_insert (self->views, g_strdup (key), g_strdup (value));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Runs a function on the thread, before the edits that wait there, and waits for it. */
gboolean
_inion_study_writer_call (InionStudyWriter *self,
                          InionStudyCall    func,
                          gpointer          data,
                          GError          **error)
{
  Call call = { func, data, error, FALSE, FALSE };

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->calls, &call);
  g_cond_broadcast (&self->changed);
  while (!call.done)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return call.result;
}

/* Waits until all edits and views are written, or until one cannot be. */
gboolean
_inion_study_writer_flush (InionStudyWriter *self,
                           GError          **error)
{
  gboolean ok;

  g_mutex_lock (&self->lock);
  self->flushing = TRUE;
  g_cond_broadcast (&self->changed);
  while (self->writable && self->error == NULL
         && (!g_queue_is_empty (&self->edits) || g_hash_table_size (self->views) > 0
             || self->writing_views))
    g_cond_wait (&self->changed, &self->lock);
  self->flushing = FALSE;
  ok = self->error == NULL;
  if (!ok && error != NULL)
    *error = g_error_copy (self->error);
  g_mutex_unlock (&self->lock);
  return ok;
}

/* Forgets a failure, so that writing goes on with the edit that failed. */
void
_inion_study_writer_retry (InionStudyWriter *self)
{
  g_mutex_lock (&self->lock);
  g_clear_error (&self->error);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gint64
_inion_study_writer_get_acknowledged (InionStudyWriter *self)
{
  gint64 result;

  g_mutex_lock (&self->lock);
  result = self->acknowledged;
  g_mutex_unlock (&self->lock);
  return result;
}

void
_inion_study_writer_set_acknowledged (InionStudyWriter *self,
                                      gint64            sequence)
{
  g_mutex_lock (&self->lock);
  self->acknowledged = sequence;
  g_mutex_unlock (&self->lock);
}

/* Why writing stopped; NULL if it did not. */
GError *
_inion_study_writer_dup_error (InionStudyWriter *self)
{
  GError *result;

  g_mutex_lock (&self->lock);
  result = self->error != NULL ? g_error_copy (self->error) : NULL;
  g_mutex_unlock (&self->lock);
  return result;
}
