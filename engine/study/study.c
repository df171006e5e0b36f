/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study: one SQLite file with everything people say and models found, and its journal.
 *
 * The object lives on the main thread and holds the present state in memory. An edit changes that
 * at once and goes to the writer's thread as one transaction: its row in the journal, with what
 * undoes it, and the changes of the tables. README.md of this room tells the whole story.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "annotation/palette-json.h"
#include "study/study-private.h"

enum
{
  PROP_0,
  PROP_PATH,
  PROP_RATER,
  PROP_READ_ONLY,
  PROP_ANNOTATIONS,
  PROP_PALETTE,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_TITLE,
  PROP_REDO_TITLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
guint _inion_study_signals[INION_STUDY_N_SIGNALS];

G_DEFINE_FINAL_TYPE (InionStudy, inion_study, G_TYPE_OBJECT)

char *
_inion_study_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format_iso8601 (now);
}

static const char *
last_title (GPtrArray *steps)
{
  return steps->len > 0 ? ((InionStudyStep *) steps->pdata[steps->len - 1])->title : NULL;
}

static void
update_title (InionStudy *self,
              char      **shown,
              const char *title,
              guint       title_property,
              guint       can_property)
{
  gboolean could = *shown != NULL;

  if (g_strcmp0 (*shown, title) == 0)
    return;
  g_free (*shown);
  *shown = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[title_property]);
  if (could != (title != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[can_property]);
}

/* Notifies what has changed of the undo and redo properties. */
void
_inion_study_update_titles (InionStudy *self)
{
  update_title (self, &self->undo_title, inion_study_get_undo_title (self), PROP_UNDO_TITLE,
                PROP_CAN_UNDO);
  update_title (self, &self->redo_title, inion_study_get_redo_title (self), PROP_REDO_TITLE,
                PROP_CAN_REDO);
}

/* Makes the palette what its setting says. */
void
_inion_study_update_palette (InionStudy *self)
{
  const char *json = g_hash_table_lookup (self->settings, "palette");
  g_autofree char *standard = NULL;
  g_autoptr (GError) error = NULL;

  if (json == NULL)
    {
      g_autoptr (InionPalette) palette = inion_palette_new_default ();

      json = standard = inion_palette_to_json (palette);
    }
  if (!inion_palette_set_json (self->palette, json, &error))
    g_message ("The palette of the study was not understood and left as it was: %s",
               error->message);
}

/* Ends all editing, for a reason that stays. */
void
_inion_study_set_read_only (InionStudy *self,
                            const char *format,
                            ...)
{
  gboolean was = inion_study_is_read_only (self);
  va_list args;

  g_free (self->read_only_reason);
  va_start (args, format);
  self->read_only_reason = g_strdup_vprintf (format, args);
  va_end (args);
  if (!was)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READ_ONLY]);
}

static void
inion_study_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  InionStudy *self = INION_STUDY (object);

  switch (id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_RATER:
      g_value_set_string (value, self->rater);
      break;
    case PROP_READ_ONLY:
      g_value_set_boolean (value, inion_study_is_read_only (self));
      break;
    case PROP_ANNOTATIONS:
      g_value_set_object (value, self->annotations);
      break;
    case PROP_PALETTE:
      g_value_set_object (value, self->palette);
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, self->done->len > 0);
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, self->undone->len > 0);
      break;
    case PROP_UNDO_TITLE:
      g_value_set_string (value, inion_study_get_undo_title (self));
      break;
    case PROP_REDO_TITLE:
      g_value_set_string (value, inion_study_get_redo_title (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
inion_study_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  if (id == PROP_RATER)
    inion_study_set_rater (INION_STUDY (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
inion_study_dispose (GObject *object)
{
  inion_study_close (INION_STUDY (object));
  G_OBJECT_CLASS (inion_study_parent_class)->dispose (object);
}

static void
inion_study_finalize (GObject *object)
{
  InionStudy *self = INION_STUDY (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->rater, g_free);
  g_clear_pointer (&self->lock_owner, g_free);
  g_clear_pointer (&self->read_only_reason, g_free);
  g_clear_error (&self->write_error);
  g_clear_object (&self->annotations);
  g_clear_object (&self->palette);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->views, g_hash_table_unref);
  g_clear_pointer (&self->done, g_ptr_array_unref);
  g_clear_pointer (&self->undone, g_ptr_array_unref);
  g_clear_pointer (&self->journal, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->undo_title, g_free);
  g_clear_pointer (&self->redo_title, g_free);
  _inion_study_reference_clear (&self->reference);
  G_OBJECT_CLASS (inion_study_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  _inion_study_signals[INION_STUDY_SIGNAL_EDITED] =
    g_signal_new ("edited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  G_TYPE_STRING, G_TYPE_INT64);
  _inion_study_signals[INION_STUDY_SIGNAL_ACKNOWLEDGED] =
    g_signal_new ("acknowledged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  G_TYPE_INT64);
  _inion_study_signals[INION_STUDY_SIGNAL_SETTING_CHANGED] =
    g_signal_new ("setting-changed", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  _inion_study_signals[INION_STUDY_SIGNAL_WRITE_FAILED] =
    g_signal_new ("write-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  G_TYPE_ERROR);
}

static void
inion_study_class_init (InionStudyClass *klass)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = inion_study_get_property;
  object_class->set_property = inion_study_set_property;
  object_class->dispose = inion_study_dispose;
  object_class->finalize = inion_study_finalize;

  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, readable);
  properties[PROP_RATER] = g_param_spec_string ("rater", NULL, NULL, NULL,
                                                readable | G_PARAM_WRITABLE);
  properties[PROP_READ_ONLY] = g_param_spec_boolean ("read-only", NULL, NULL, FALSE, readable);
  properties[PROP_ANNOTATIONS] = g_param_spec_object ("annotations", NULL, NULL,
                                                      INION_TYPE_ANNOTATION_SET, readable);
  properties[PROP_PALETTE] = g_param_spec_object ("palette", NULL, NULL, INION_TYPE_PALETTE,
                                                  readable);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, readable);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, readable);
  properties[PROP_UNDO_TITLE] = g_param_spec_string ("undo-title", NULL, NULL, NULL, readable);
  properties[PROP_REDO_TITLE] = g_param_spec_string ("redo-title", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
inion_study_init (InionStudy *self)
{
  self->rater = g_utf8_make_valid (g_get_user_name (), -1);
  self->annotations = inion_annotation_set_new ();
  self->palette = inion_palette_new_default ();
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->journal = g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_study_step_free);
  self->done = g_ptr_array_new ();
  self->undone = g_ptr_array_new ();
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_study_item_free);
}

/**
 * inion_study_get_path:
 * @self: a study
 *
 * Returns: (transfer none): its file
 */
const char *
inion_study_get_path (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return self->path;
}

/**
 * inion_study_is_read_only:
 * @self: a study
 *
 * Returns: whether edits are refused: the file belongs to somebody else, or writing has failed
 */
gboolean
inion_study_is_read_only (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), TRUE);

  return self->read_only_reason != NULL || self->write_error != NULL;
}

/**
 * inion_study_get_read_only_reason:
 * @self: a study
 *
 * Returns: (transfer none) (nullable): why edits are refused, as a sentence for a person; %NULL if
 *   they are not
 */
const char *
inion_study_get_read_only_reason (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  if (self->read_only_reason != NULL)
    return self->read_only_reason;
  return self->write_error != NULL ? self->write_error->message : NULL;
}

/**
 * inion_study_get_lock_owner:
 * @self: a study
 *
 * Returns: (transfer none) (nullable): who had the study open when it was opened here: user, host,
 *   process and time
 */
const char *
inion_study_get_lock_owner (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return self->lock_owner;
}

/**
 * inion_study_get_rater:
 * @self: a study
 *
 * Returns: (transfer none): who edits; the user's login name at first
 */
const char *
inion_study_get_rater (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return self->rater;
}

/**
 * inion_study_set_rater:
 * @self: a study
 * @rater: (nullable): who edits from now on, for the journal
 *
 * Sets who edits. The study does not keep it.
 */
void
inion_study_set_rater (InionStudy *self,
                       const char *rater)
{
  g_return_if_fail (INION_IS_STUDY (self));

  if (g_strcmp0 (self->rater, rater) == 0)
    return;
  g_free (self->rater);
  self->rater = g_utf8_make_valid (rater != NULL ? rater : "", -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RATER]);
}

/**
 * inion_study_get_annotations:
 * @self: a study
 *
 * Returns: (transfer none): its annotations; a live model that only the study changes
 */
InionAnnotationSet *
inion_study_get_annotations (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return self->annotations;
}

/**
 * inion_study_get_palette:
 * @self: a study
 *
 * Returns: (transfer none): its labels; a live model that only the study changes, by
 *   inion_study_add_label() and inion_study_remove_label()
 */
InionPalette *
inion_study_get_palette (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return self->palette;
}

/**
 * inion_study_set_view:
 * @self: a study
 * @key: which
 * @value: (nullable): text; %NULL forgets it
 *
 * Keeps where the window was: no edit, not in the journal, written when it has been still for half
 * a second. In a read-only study it is kept in memory only.
 */
void
inion_study_set_view (InionStudy *self,
                      const char *key,
                      const char *value)
{
  g_return_if_fail (INION_IS_STUDY (self));
  g_return_if_fail (key != NULL);

  if (g_strcmp0 (g_hash_table_lookup (self->views, key), value) == 0)
    return;
  if (self->writer != NULL && self->read_only_reason == NULL)
    _inion_study_writer_set_view (self->writer, key, value);
  if (value != NULL)
    g_hash_table_insert (self->views, g_strdup (key), g_strdup (value));
  else
    g_hash_table_remove (self->views, key);
}

/**
 * inion_study_get_view:
 * @self: a study
 * @key: which
 *
 * Returns: (transfer none) (nullable): what was kept, until it is set again
 */
const char *
inion_study_get_view (InionStudy *self,
                      const char *key)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return g_hash_table_lookup (self->views, key);
}

/**
 * inion_study_get_undo_title:
 * @self: a study
 *
 * Returns: (transfer none) (nullable): what undo would take back; %NULL if there is nothing
 */
const char *
inion_study_get_undo_title (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return last_title (self->done);
}

/**
 * inion_study_get_redo_title:
 * @self: a study
 *
 * Returns: (transfer none) (nullable): what redo would bring again; %NULL if there is nothing
 */
const char *
inion_study_get_redo_title (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return last_title (self->undone);
}

/**
 * inion_study_get_sequence:
 * @self: a study
 *
 * Returns: the number of the last thing that was done: edits, undos, redos and kept items count
 */
gint64
inion_study_get_sequence (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), 0);

  return self->sequence;
}

/**
 * inion_study_list_journal:
 * @self: a study
 *
 * Lists what was done, oldest first: every edit and every kept item, also what was undone since.
 *
 * Returns: (transfer full) (element-type InionJournalEntry): the entries
 */
GPtrArray *
inion_study_list_journal (InionStudy *self)
{
  GPtrArray *result;

  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  result = g_ptr_array_new_full (self->journal->len, (GDestroyNotify) inion_journal_entry_free);
  for (guint i = 0; i < self->journal->len; i++)
    {
      const InionStudyStep *step = self->journal->pdata[i];
      InionJournalEntry *entry = g_new0 (InionJournalEntry, 1);

      entry->seq = step->seq;
      entry->time = g_strdup (step->time);
      entry->rater = g_strdup (step->rater);
      entry->title = g_strdup (step->title);
      entry->undone = step->state != INION_STUDY_STATE_DONE;
      g_ptr_array_add (result, entry);
    }
  return result;
}
