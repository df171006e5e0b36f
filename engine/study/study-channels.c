/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people say of the channels of a recording.
 *
 * A channel that is edited has a row in the table "channel": its place in the recording, and what
 * is said of it, as JSON:
 *
 *   {"raw_label": "EEG 1-Ref", "file_label": "1", "label": "Fp1", "kind": "EEG", "unit": "µV",
 *    "position": [x, y, z]}
 *
 * without what is as the file says; "position": null if nobody knows where it was. The raw label
 * is for people and other programs; the file's label is the name without the edit. In memory and in the journal the rows are settings "channel:N".
 * Marks, the list of bad channels and the recipe name channels by their labels: renaming changes
 * these as well, in the same step of undo. Kept models follow: see study-names.c. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/json-member.h"
#include "core/json-parse.h"
#include "core/json-text.h"
#include "study/study-channels.h"
#include "study/study-private.h"
#include "study/study-store.h"

#include <math.h>
#include <string.h>

static void
append_member (GString    *json,
               const char *name,
               const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (json, "%s\"%s\":", json->len > 1 ? "," : "", name);
  inion_json_append_string (json, value);
}

static char *
edit_to_json (const InionChannelEdit *edit,
              InionChannel           *file)
{
  GString *json = g_string_new ("{");

  append_member (json, "raw_label", inion_channel_get_info (file)->raw_label);
  append_member (json, "file_label", inion_channel_get_label (file));
  append_member (json, "label", edit->label);
  append_member (json, "kind", edit->has_kind ? inion_channel_kind_to_string (edit->kind) : NULL);
  append_member (json, "unit", edit->unit);
  if (edit->has_position && !edit->placed)
    g_string_append (json, ",\"position\":null");
  for (guint k = 0; edit->has_position && edit->placed && k < 3; k++)
    {
      g_string_append (json, k == 0 ? ",\"position\":[" : ",");
      inion_json_append_double (json, edit->position[k]);
    }
  g_string_append (json, edit->has_position && edit->placed ? "]}" : "}");
  return g_string_free (json, FALSE);
}

static gboolean
read_position (JsonObject       *object,
               InionChannelEdit *edit)
{
  JsonArray *array = inion_json_get_array (object, "position");

  if (!json_object_has_member (object, "position"))
    return TRUE;
  edit->has_position = TRUE;
  if (array == NULL)
    return TRUE;
  if (json_array_get_length (array) != 3)
    return FALSE;
  edit->placed = TRUE;
  for (guint k = 0; k < 3; k++)
    {
      JsonNode *node = json_array_get_element (array, k);

      if (!JSON_NODE_HOLDS_VALUE (node) || (json_node_get_value_type (node) != G_TYPE_DOUBLE &&
                                            json_node_get_value_type (node) != G_TYPE_INT64))
        return FALSE;
      edit->position[k] = json_node_get_double (node);
      if (!isfinite (edit->position[k]))
        return FALSE;
    }
  return TRUE;
}

/* What is not readable is as if it were not there: the file's word then counts. */
static InionChannelEdit *
edit_from_json (const char *key,
                const char *text)
{
  g_autoptr (InionChannelEdit) edit = NULL;
  g_autoptr (JsonNode) root = inion_json_parse_object (text, -1, G_MAXSIZE, NULL);
  JsonObject *object;
  guint64 number;
  const char *kind;

  if (root == NULL ||
      !g_ascii_string_to_unsigned (key + strlen (INION_STUDY_CHANNEL_PREFIX), 10, 0, G_MAXUINT - 1,
                                   &number, NULL))
    return NULL;
  object = json_node_get_object (root);
  edit = inion_channel_edit_new ((guint) number);
  edit->label = g_strdup (inion_json_get_string (object, "label"));
  edit->unit = g_strdup (inion_json_get_string (object, "unit"));
  kind = inion_json_get_string (object, "kind");
  edit->has_kind = kind != NULL && inion_channel_kind_from_string (kind, &edit->kind);
  return read_position (object, edit) && !inion_channel_edit_is_empty (edit)
           ? g_steal_pointer (&edit) : NULL;
}

static int
compare_edits (gconstpointer a,
               gconstpointer b)
{
  const InionChannelEdit *const *x = a, *const *y = b;

  return ((*x)->channel > (*y)->channel) - ((*x)->channel < (*y)->channel);
}

static GPtrArray *
list_edits (GHashTable *settings)
{
  GPtrArray *edits = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      InionChannelEdit *edit;

      if (!g_str_has_prefix (key, INION_STUDY_CHANNEL_PREFIX))
        continue;
      edit = edit_from_json (key, value);
      if (edit != NULL)
        g_ptr_array_add (edits, edit);
    }
  g_ptr_array_sort (edits, compare_edits);
  return edits;
}

/**
 * inion_study_list_channel_edits:
 * @self: a study
 *
 * Returns: (transfer full) (element-type InionChannelEdit): what is said of channels, in their order
 */
GPtrArray *
inion_study_list_channel_edits (InionStudy *self)
{
  g_return_val_if_fail (INION_IS_STUDY (self), NULL);

  return list_edits (self->settings);
}

/**
 * inion_study_read_edited_recording:
 * @recording: a recording of a file
 * @bad: (out) (optional) (nullable) (transfer full): the labels of its bad channels
 * @error: return location
 *
 * Reads what the study of a recording says of its channels, if there is a study, and leaves that as
 * it is. May be called on any thread.
 *
 * Returns: (transfer full) (nullable): the recording as its study has it, the recording itself where
 *   there is none; %NULL if there is a study and it cannot be read
 */
InionRecording *
inion_study_read_edited_recording (InionRecording   *recording,
                                   char           ***bad,
                                   GError          **error)
{
  const char *file = inion_recording_get_path (recording);
  g_autofree char *path = file != NULL ? inion_study_find_for_recording (file) : NULL;
  g_auto (InionStudyContents) contents = { 0 };
  g_autoptr (InionStudyStore) store = NULL;
  g_autoptr (GPtrArray) edits = NULL;
  const char *labels;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  if (bad != NULL)
    *bad = NULL;
  if (path == NULL)
    return g_object_ref (recording);
  store = _inion_study_store_open (path, FALSE, error);
  if (store == NULL || !_inion_study_store_load (store, &contents, error))
    return NULL;
  labels = g_hash_table_lookup (contents.settings, "bad");
  if (bad != NULL && labels != NULL)
    *bad = g_strsplit (labels, "\n", -1);
  edits = list_edits (contents.settings);
  return inion_edited_recording_new (recording, edits);
}

/**
 * inion_study_edit_recording:
 * @self: a study
 * @recording: the recording it is about
 *
 * Returns: (transfer full): the recording as the study has it: with the names, kinds, units and
 *   positions that people gave its channels; the recording itself if they gave none
 */
InionRecording *
inion_study_edit_recording (InionStudy     *self,
                            InionRecording *recording)
{
  g_autoptr (GPtrArray) edits = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self), NULL);
  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  edits = inion_study_list_channel_edits (self);
  return inion_edited_recording_new (recording, edits);
}

static void
set_value (InionStudy *self,
           GPtrArray  *changed,
           const char *key,
           const char *value,
           const char *title)
{
  const char *old = g_hash_table_lookup (self->settings, key);
  InionStudyOp *inverse;

  if (g_strcmp0 (old, value) == 0)
    return;
  inverse = _inion_study_op_new_set (key, old);
  g_ptr_array_add (changed, _inion_study_op_new_set (key, value));
  _inion_study_apply (self, title, _inion_study_op_new_set (key, value), inverse);
}

static void
set_edits (InionStudy     *self,
           InionRecording *original,
           GPtrArray      *edits,
           GPtrArray      *changed,
           const char     *title)
{
  for (guint i = 0; i < edits->len; i++)
    {
      const InionChannelEdit *edit = edits->pdata[i];
      g_autofree char *key = g_strdup_printf (INION_STUDY_CHANNEL_PREFIX "%u", edit->channel);
      g_autofree char *value = NULL;

      if (edit->channel >= inion_recording_get_n_channels (original))
        continue;
      if (!inion_channel_edit_is_empty (edit))
        value = edit_to_json (edit, inion_recording_get_channel (original, edit->channel));
      set_value (self, changed, key, value, title);
    }
}

/* The names that change: old → new. */
static GHashTable *
list_renamed (InionRecording *before,
              InionRecording *after)
{
  GHashTable *renamed = _inion_study_names_new ();

  for (guint i = 0; i < inion_recording_get_n_channels (before); i++)
    {
      const char *old = inion_channel_get_label (inion_recording_get_channel (before, i));
      const char *new = inion_channel_get_label (inion_recording_get_channel (after, i));

      _inion_study_names_add (renamed, old, new);
    }
  return renamed;
}

/* (nullable): the names as they are now; NULL if none changes. */
static char **
rename_all (GHashTable        *renamed,
            const char *const *names)
{
  g_auto (GStrv) result = g_strdupv ((char **) names);
  gboolean changed = FALSE;

  for (guint i = 0; result != NULL && result[i] != NULL; i++)
    {
      char *new = _inion_study_names_rename (renamed, result[i], FALSE);

      if (new == NULL)
        continue;
      g_free (result[i]);
      result[i] = new;
      changed = TRUE;
    }
  return changed ? g_steal_pointer (&result) : NULL;
}

static InionAnnotation *
copy_with_channels (InionAnnotation   *annotation,
                    const char *const *channels)
{
  return inion_annotation_new (inion_annotation_get_id (annotation),
                               inion_annotation_get_onset_ns (annotation),
                               inion_annotation_get_duration_ns (annotation),
                               inion_annotation_get_label (annotation), channels,
                               inion_annotation_get_rater (annotation),
                               inion_annotation_get_origin (annotation),
                               inion_annotation_get_confidence (annotation),
                               inion_annotation_get_comment (annotation));
}

static void
rename_in_marks (InionStudy *self,
                 GHashTable *renamed,
                 const char *title)
{
  g_autoptr (GPtrArray) marks =
    inion_annotation_set_query (self->annotations, G_MININT64, G_MAXINT64);
  InionStudyOp *forward = NULL, *inverse = NULL;

  for (guint i = 0; i < marks->len; i++)
    {
      g_auto (GStrv) channels = rename_all (renamed, inion_annotation_get_channels (marks->pdata[i]));
      g_autoptr (InionAnnotation) annotation = NULL;

      if (channels == NULL)
        continue;
      annotation = copy_with_channels (marks->pdata[i], (const char *const *) channels);
      if (forward == NULL)
        {
          forward = _inion_study_op_new_replace (annotation);
          inverse = _inion_study_op_new_replace (marks->pdata[i]);
          continue;
        }
      g_ptr_array_add (forward->annotations, g_steal_pointer (&annotation));
      g_ptr_array_add (inverse->annotations, g_object_ref (marks->pdata[i]));
    }
  if (forward != NULL)
    _inion_study_apply (self, title, forward, inverse);
}

static void
rename_in_recipe (InionStudy *self,
                  GHashTable *renamed,
                  GPtrArray  *changed,
                  const char *title)
{
  g_autofree char *recipe =
    _inion_study_names_rename_recipe (renamed, g_hash_table_lookup (self->settings, "recipe"));

  if (recipe != NULL)
    set_value (self, changed, "recipe", recipe, title);
}

static void
set_bad (InionStudy        *self,
         GHashTable        *renamed,
         const char *const *bad,
         GPtrArray         *changed,
         const char        *title)
{
  const char *old = g_hash_table_lookup (self->settings, "bad");
  g_autofree char *joined = NULL;

  if (bad != NULL)
    joined = g_strjoinv ("\n", (char **) bad);
  else if (old != NULL)
    {
      g_auto (GStrv) labels = g_strsplit (old, "\n", -1);
      g_auto (GStrv) now = rename_all (renamed, (const char *const *) labels);

      joined = now != NULL ? g_strjoinv ("\n", now) : NULL;
    }
  if (joined != NULL)
    set_value (self, changed, "bad", joined, title);
}

/**
 * inion_study_set_channel_edits:
 * @self: a study
 * @recording: the recording it is about, edited or not
 * @edits: (element-type InionChannelEdit): what is now said of these channels, all of it; an edit
 *   that says nothing brings the file's word back. Other channels stay as they are
 * @bad: (nullable): the labels of all channels that are bad, as they are called from now on; %NULL:
 *   as they were
 * @title: what this is, as a person reads it: "Rename X1 to Fp1"
 *
 * Says what channels are, as one step of undo, in the study and never in the file. Where channels
 * get other names, marks, the list of bad channels, the recipe and kept models follow.
 * "setting-changed" comes once, with %INION_STUDY_CHANNELS, before those of what names channels.
 *
 * Returns: %FALSE if the study is read-only
 */
gboolean
inion_study_set_channel_edits (InionStudy        *self,
                               InionRecording    *recording,
                               GPtrArray         *edits,
                               const char *const *bad,
                               const char        *title)
{
  InionRecording *original;
  g_autoptr (InionRecording) before = NULL;
  g_autoptr (InionRecording) after = NULL;
  g_autoptr (GHashTable) renamed = NULL;
  g_autoptr (GPtrArray) changed = NULL;

  g_return_val_if_fail (INION_IS_STUDY (self) && INION_IS_RECORDING (recording), FALSE);
  g_return_val_if_fail (edits != NULL && title != NULL, FALSE);

  if (!_inion_study_may_edit (self))
    return FALSE;
  original = inion_edited_recording_get_original (recording);
  before = inion_study_edit_recording (self, original);
  changed = _inion_study_ops_new ();
  inion_study_begin (self, title);
  set_edits (self, original, edits, changed, title);
  after = inion_study_edit_recording (self, original);
  renamed = list_renamed (before, after);
  if (g_hash_table_size (renamed) > 0)
    {
      rename_in_marks (self, renamed, title);
      rename_in_recipe (self, renamed, changed, title);
    }
  set_bad (self, renamed, bad, changed, title);
  inion_study_end (self);
  _inion_study_emit_settings (self, changed);
  return TRUE;
}
