/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a study's file is whole: SQLite's checks, and the journal replayed from nothing.
 *
 * Every row of the journal is applied in turn: an edit does what it says, an undo applies what
 * undoes its edit, a redo does the edit again. The result must be the tables, to the last field. A
 * study that passes has lost nothing: what is in it can be traced to who did it, and when.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "study/study-store.h"

/* The journal as it is replayed. */
typedef struct
{
  InionAnnotationSet *annotations;
  GHashTable *settings;
  GPtrArray *done;   /* of Replayed */
  GPtrArray *undone;
  GPtrArray *all;    /* owns them */
  guint n_rows;
} Replay;

typedef struct
{
  gint64 seq;
  GPtrArray *forward;
  GPtrArray *inverse;
  InionStudyState stored;
  InionStudyState state;
} Replayed;

static void
replayed_free (gpointer data)
{
  Replayed *self = data;

  g_ptr_array_unref (self->forward);
  g_ptr_array_unref (self->inverse);
  g_free (self);
}

static gboolean
replay_edit (Replay               *replay,
             const InionStudyEdit *row,
             InionStudyState       stored,
             GError              **error)
{
  Replayed *step = g_new0 (Replayed, 1);

  step->seq = row->seq;
  step->forward = g_ptr_array_ref (row->changes);
  step->inverse = g_ptr_array_ref (row->inverse);
  step->stored = stored;
  g_ptr_array_add (replay->all, step);
  for (guint i = 0; i < replay->undone->len; i++)
    ((Replayed *) replay->undone->pdata[i])->state = INION_STUDY_STATE_ABANDONED;
  g_ptr_array_set_size (replay->undone, 0);
  g_ptr_array_add (replay->done, step);
  return _inion_study_ops_apply (step->forward, replay->annotations, replay->settings, error);
}

static gboolean
replay_move (Replay               *replay,
             const InionStudyEdit *row,
             GError              **error)
{
  gboolean undo = row->kind == INION_STUDY_ROW_UNDO;
  GPtrArray *from = undo ? replay->done : replay->undone;
  GPtrArray *to = undo ? replay->undone : replay->done;
  Replayed *step = from->len > 0 ? from->pdata[from->len - 1] : NULL;

  if (step == NULL || step->seq != row->target)
    return inion_set_error (error, INION_ERROR_FORMAT, "it names row %" G_GINT64_FORMAT
                            ", whose turn it is not", row->target);
  g_ptr_array_set_size (from, (int) from->len - 1);
  g_ptr_array_add (to, step);
  step->state = undo ? INION_STUDY_STATE_UNDONE : INION_STUDY_STATE_DONE;
  return _inion_study_ops_apply (undo ? step->inverse : step->forward, replay->annotations,
                                 replay->settings, error);
}

static gboolean
replay_row (const InionStudyEdit *row,
            InionStudyState       state,
            gpointer              data,
            GError              **error)
{
  Replay *replay = data;
  gboolean ok = TRUE;

  replay->n_rows++;
  if (row->kind == INION_STUDY_ROW_EDIT)
    ok = replay_edit (replay, row, state, error);
  else if (row->kind != INION_STUDY_ROW_ITEM)
    ok = replay_move (replay, row, error);
  if (!ok)
    g_prefix_error (error, "Row %" G_GINT64_FORMAT " of the journal does not fit: ", row->seq);
  return ok;
}

static void
compare_annotations (const Replay             *replay,
                     const InionStudyContents *contents,
                     GPtrArray                *problems)
{
  guint n_same = 0;

  for (guint i = 0; i < contents->annotations->len; i++)
    {
      InionAnnotation *stored = contents->annotations->pdata[i];
      gint64 id = inion_annotation_get_id (stored);
      InionAnnotation *replayed = inion_annotation_set_lookup (replay->annotations, id);

      if (replayed == NULL)
        g_ptr_array_add (problems, g_strdup_printf ("annotation %" G_GINT64_FORMAT
                                                    " is not in the journal", id));
      else if (!inion_annotation_equal (stored, replayed))
        g_ptr_array_add (problems, g_strdup_printf ("annotation %" G_GINT64_FORMAT
                                                    " is not what the journal says", id));
      n_same += replayed != NULL;
    }
  if (n_same < inion_annotation_set_get_size (replay->annotations))
    g_ptr_array_add (problems, g_strdup_printf ("%u annotations of the journal are missing",
                                                inion_annotation_set_get_size (replay->annotations)
                                                - n_same));
}

static void
compare_settings (const Replay             *replay,
                  const InionStudyContents *contents,
                  GPtrArray                *problems)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, replay->settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_strcmp0 (g_hash_table_lookup (contents->settings, key), value) != 0)
      g_ptr_array_add (problems, g_strdup_printf ("the setting “%s” is not what the journal says",
                                                  (char *) key));
  g_hash_table_iter_init (&iter, contents->settings);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (replay->settings, key))
      g_ptr_array_add (problems, g_strdup_printf ("the setting “%s” is not in the journal",
                                                  (char *) key));
}

static void
compare_states (const Replay *replay,
                GPtrArray    *problems)
{
  for (guint i = 0; i < replay->all->len; i++)
    {
      const Replayed *step = replay->all->pdata[i];

      if (step->stored != step->state)
        g_ptr_array_add (problems, g_strdup_printf ("row %" G_GINT64_FORMAT
                                                    " is marked %s and is %s", step->seq,
                                                    _inion_study_state_to_string (step->stored),
                                                    _inion_study_state_to_string (step->state)));
    }
}

static gboolean
check (InionStudyStore          *store,
       const InionStudyContents *contents,
       Replay                   *replay,
       GPtrArray                *problems,
       GError                  **error)
{
  g_autoptr (GError) misfit = NULL;

  if (!_inion_study_store_check (store, problems, error))
    return FALSE;
  if (!_inion_study_store_foreach_row (store, replay_row, replay, &misfit))
    {
      g_ptr_array_add (problems, g_strdup (misfit->message));
      return TRUE;
    }
  compare_annotations (replay, contents, problems);
  compare_settings (replay, contents, problems);
  compare_states (replay, problems);
  return TRUE;
}

static char *
write_report (const Replay             *replay,
              const InionStudyContents *contents,
              GPtrArray                *problems)
{
  GString *report = g_string_new (NULL);

  g_string_append_printf (report, "%u annotations, %u settings, %u rows in the journal\n",
                          contents->annotations->len, g_hash_table_size (contents->settings),
                          replay->n_rows);
  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (report, "problem: %s\n", (const char *) problems->pdata[i]);
  if (problems->len == 0)
    g_string_append (report, "no problems: the file is whole, and the journal gives the tables\n");
  return g_string_free (report, FALSE);
}

/**
 * inion_study_verify:
 * @path: a study's file, open or not
 * @report: (out) (optional) (transfer full): lines for a person; %NULL if the file could not be
 *   read
 * @error: return location
 *
 * Checks a study: SQLite's integrity check, references between tables, and whether the journal,
 * replayed from nothing, gives the tables. Nothing is changed. Meant for a study that nobody is
 * writing at the moment.
 *
 * Returns: %FALSE with %INION_ERROR_FORMAT if something is wrong, or with why it could not be read
 */
gboolean
inion_study_verify (const char *path,
                    char      **report,
                    GError    **error)
{
  g_autoptr (InionStudyStore) store = NULL;
  g_auto (InionStudyContents) contents = { 0 };
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (InionAnnotationSet) annotations = inion_annotation_set_new ();
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GPtrArray) done = g_ptr_array_new ();
  g_autoptr (GPtrArray) undone = g_ptr_array_new ();
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (replayed_free);
  Replay replay = { annotations, NULL, done, undone, all, 0 };

  g_return_val_if_fail (path != NULL, FALSE);

  if (report != NULL)
    *report = NULL;
  replay.settings = settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  store = _inion_study_store_open (path, FALSE, error);
  if (store == NULL || !_inion_study_store_load (store, &contents, error)
      || !check (store, &contents, &replay, problems, error))
    return FALSE;
  if (report != NULL)
    *report = write_report (&replay, &contents, problems);
  return problems->len == 0
         || inion_set_error (error, INION_ERROR_FORMAT,
                             "The study “%s” has %u faults, the first: %s.", path, problems->len,
                             (const char *) problems->pdata[0]);
}
