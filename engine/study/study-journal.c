/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an edit does, and what undoes it.
 *
 * The journal is a log that only grows: a row for every edit, and a row for every undo and redo,
 * which names the edit it takes back or brings again. An edit's row holds its operations and those
 * that undo it, as JSON:
 *
 *   [{"add": [{"id": 4, "onset_ns": 0, …}, …]}, {"remove": [1, 2]}, {"replace": [{…}]},
 *    {"set": {"key": "montage", "value": "…"}}]
 *
 * Invariants, checked by inion_study_verify(): applying all rows in turn to nothing gives the
 * tables; at any time the edits that are done come before those that are undone; a new edit makes
 * the undone ones abandoned, for good.
 */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/error.h"
#include "core/json-member.h"
#include "core/json-parse.h"
#include "core/json-text.h"
#include "study/study-journal.h"

#include <math.h>

static const char *const row_kinds[] = { "edit", "undo", "redo", "item" };
static const char *const states[] = { "done", "undone", "abandoned" };

static gboolean
find_word (const char        *text,
           const char *const *words,
           guint              n,
           guint             *index)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (text, words[i]) == 0)
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

const char *
_inion_study_row_kind_to_string (InionStudyRowKind kind)
{
  return row_kinds[kind];
}

gboolean
_inion_study_row_kind_from_string (const char        *text,
                                   InionStudyRowKind *kind)
{
  guint index;

  if (!find_word (text, row_kinds, G_N_ELEMENTS (row_kinds), &index))
    return FALSE;
  *kind = (InionStudyRowKind) index;
  return TRUE;
}

const char *
_inion_study_state_to_string (InionStudyState state)
{
  return states[state];
}

gboolean
_inion_study_state_from_string (const char      *text,
                                InionStudyState *state)
{
  guint index;

  if (!find_word (text, states, G_N_ELEMENTS (states), &index))
    return FALSE;
  *state = (InionStudyState) index;
  return TRUE;
}

void
_inion_study_op_free (InionStudyOp *self)
{
  g_clear_pointer (&self->annotations, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->value, g_free);
  g_free (self);
}

static InionStudyOp *
op_new (InionStudyOpKind kind)
{
  InionStudyOp *self = g_new0 (InionStudyOp, 1);

  self->kind = kind;
  if (kind == INION_STUDY_OP_ADD || kind == INION_STUDY_OP_REPLACE)
    self->annotations = g_ptr_array_new_with_free_func (g_object_unref);
  if (kind == INION_STUDY_OP_REMOVE)
    self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

/* Adds what is put into its annotations. */
InionStudyOp *
_inion_study_op_new_add (void)
{
  return op_new (INION_STUDY_OP_ADD);
}

/* Removes what is put into its ids. */
InionStudyOp *
_inion_study_op_new_remove (void)
{
  return op_new (INION_STUDY_OP_REMOVE);
}

InionStudyOp *
_inion_study_op_new_replace (InionAnnotation *annotation)
{
  InionStudyOp *self = op_new (INION_STUDY_OP_REPLACE);

  g_ptr_array_add (self->annotations, g_object_ref (annotation));
  return self;
}

InionStudyOp *
_inion_study_op_new_set (const char *key,
                         const char *value)
{
  InionStudyOp *self = op_new (INION_STUDY_OP_SET);

  self->key = g_strdup (key);
  self->value = g_strdup (value);
  return self;
}

GPtrArray *
_inion_study_ops_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_study_op_free);
}

static void
append_annotation (GString         *json,
                   InionAnnotation *annotation)
{
  const char *const *channels = inion_annotation_get_channels (annotation);

  g_string_append_printf (json,
                          "{\"id\":%" G_GINT64_FORMAT ",\"onset_ns\":%" G_GINT64_FORMAT
                          ",\"duration_ns\":%" G_GINT64_FORMAT ",\"origin\":\"%s\",\"label\":",
                          inion_annotation_get_id (annotation),
                          inion_annotation_get_onset_ns (annotation),
                          inion_annotation_get_duration_ns (annotation),
                          inion_origin_to_string (inion_annotation_get_origin (annotation)));
  inion_json_append_string (json, inion_annotation_get_label (annotation));
  for (gsize i = 0; channels != NULL && channels[i] != NULL; i++)
    {
      g_string_append (json, i == 0 ? ",\"channels\":[" : ",");
      inion_json_append_string (json, channels[i]);
    }
  if (channels != NULL)
    g_string_append_c (json, ']');
  g_string_append (json, ",\"rater\":");
  inion_json_append_string (json, inion_annotation_get_rater (annotation));
  if (!isnan (inion_annotation_get_confidence (annotation)))
    {
      g_string_append (json, ",\"confidence\":");
      inion_json_append_double (json, inion_annotation_get_confidence (annotation));
    }
  if (inion_annotation_get_comment (annotation) != NULL)
    {
      g_string_append (json, ",\"comment\":");
      inion_json_append_string (json, inion_annotation_get_comment (annotation));
    }
  g_string_append_c (json, '}');
}

static void
append_op (GString            *json,
           const InionStudyOp *op)
{
  switch (op->kind)
    {
    case INION_STUDY_OP_ADD:
    case INION_STUDY_OP_REPLACE:
      g_string_append (json, op->kind == INION_STUDY_OP_ADD ? "{\"add\":[" : "{\"replace\":[");
      for (guint i = 0; i < op->annotations->len; i++)
        {
          if (i > 0)
            g_string_append_c (json, ',');
          append_annotation (json, op->annotations->pdata[i]);
        }
      g_string_append (json, "]}");
      break;
    case INION_STUDY_OP_REMOVE:
      g_string_append (json, "{\"remove\":[");
      for (guint i = 0; i < op->ids->len; i++)
        g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                                g_array_index (op->ids, gint64, i));
      g_string_append (json, "]}");
      break;
    case INION_STUDY_OP_SET:
      g_string_append (json, "{\"set\":{\"key\":");
      inion_json_append_string (json, op->key);
      g_string_append (json, ",\"value\":");
      inion_json_append_string (json, op->value);
      g_string_append (json, "}}");
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Writes operations as the journal keeps them. */
char *
_inion_study_ops_to_json (GPtrArray *ops)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < ops->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_op (json, ops->pdata[i]);
    }
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

static gboolean
parse_channels (JsonObject *object,
                char     ***channels)
{
  JsonArray *array = inion_json_get_array (object, "channels");

  if (array == NULL)
    return !json_object_has_member (object, "channels");
  *channels = inion_json_dup_strings (array);
  return *channels != NULL;
}

static InionAnnotation *
parse_annotation (JsonNode *node)
{
  JsonObject *object;
  gint64 id, onset_ns, duration_ns;
  InionOrigin origin;
  double confidence = NAN;
  g_auto (GStrv) channels = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  object = json_node_get_object (node);
  inion_json_get_double (object, "confidence", &confidence);
  if (!inion_json_get_int (object, "id", &id) || id == 0
      || !inion_json_get_int (object, "onset_ns", &onset_ns)
      || !inion_json_get_int (object, "duration_ns", &duration_ns) || duration_ns < 0
      || !inion_origin_from_string (inion_json_get_string (object, "origin"), &origin)
      || !parse_channels (object, &channels))
    return NULL;
  return inion_annotation_new (id, onset_ns, duration_ns, inion_json_get_string (object, "label"),
                               (const char *const *) channels,
                               inion_json_get_string (object, "rater"), origin, confidence,
                               inion_json_get_string (object, "comment"));
}

static gboolean
parse_annotations (JsonArray    *array,
                   InionStudyOp *op)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      InionAnnotation *annotation = parse_annotation (json_array_get_element (array, i));

      if (annotation == NULL)
        return FALSE;
      g_ptr_array_add (op->annotations, annotation);
    }
  return TRUE;
}

static gboolean
parse_ids (JsonArray    *array,
           InionStudyOp *op)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64 id;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
        return FALSE;
      id = json_node_get_int (node);
      g_array_append_val (op->ids, id);
    }
  return TRUE;
}

static gboolean
parse_op (JsonNode  *node,
          GPtrArray *ops)
{
  JsonObject *object, *set;
  JsonArray *array;
  InionStudyOp *op;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  object = json_node_get_object (node);
  if ((array = inion_json_get_array (object, "add")) != NULL)
    {
      g_ptr_array_add (ops, op = op_new (INION_STUDY_OP_ADD));
      return parse_annotations (array, op);
    }
  if ((array = inion_json_get_array (object, "replace")) != NULL)
    {
      g_ptr_array_add (ops, op = op_new (INION_STUDY_OP_REPLACE));
      return parse_annotations (array, op);
    }
  if ((array = inion_json_get_array (object, "remove")) != NULL)
    {
      g_ptr_array_add (ops, op = op_new (INION_STUDY_OP_REMOVE));
      return parse_ids (array, op);
    }
  set = inion_json_get_object (object, "set");
  if (set == NULL || inion_json_get_string (set, "key") == NULL)
    return FALSE;
  g_ptr_array_add (ops, _inion_study_op_new_set (inion_json_get_string (set, "key"),
                                                 inion_json_get_string (set, "value")));
  return TRUE;
}

/* Reads operations back. */
GPtrArray *
_inion_study_ops_from_json (const char *json,
                            GError    **error)
{
  g_autoptr (GPtrArray) ops = _inion_study_ops_new ();
  g_autoptr (JsonNode) root = inion_json_parse (json, -1, G_MAXSIZE, error);
  JsonArray *array;

  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (root))
    {
      inion_set_error (error, INION_ERROR_FORMAT, "The operations in the journal are no list.");
      return NULL;
    }
  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!parse_op (json_array_get_element (array, i), ops))
      {
        inion_set_error (error, INION_ERROR_FORMAT, "Operation %u in the journal is not readable.",
                         i + 1);
        return NULL;
      }
  return g_steal_pointer (&ops);
}

static gboolean
apply_add (const InionStudyOp *op,
           InionAnnotationSet *annotations,
           GError            **error)
{
  for (guint i = 0; i < op->annotations->len; i++)
    {
      gint64 id = inion_annotation_get_id (op->annotations->pdata[i]);

      if (inion_annotation_set_lookup (annotations, id) != NULL)
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "Annotation %" G_GINT64_FORMAT " is added twice.", id);
    }
  inion_annotation_set_add_many (annotations, op->annotations);
  return TRUE;
}

static gboolean
apply_remove (const InionStudyOp *op,
              InionAnnotationSet *annotations,
              GError            **error)
{
  for (guint i = 0; i < op->ids->len; i++)
    {
      gint64 id = g_array_index (op->ids, gint64, i);

      if (inion_annotation_set_lookup (annotations, id) == NULL)
        return inion_set_error (error, INION_ERROR_FORMAT,
                                "Annotation %" G_GINT64_FORMAT " is removed and is not there.", id);
    }
  inion_annotation_set_remove_many (annotations, (const gint64 *) (gpointer) op->ids->data,
                                    op->ids->len);
  return TRUE;
}

static gboolean
apply_replace (const InionStudyOp *op,
               InionAnnotationSet *annotations,
               GError            **error)
{
  for (guint i = 0; i < op->annotations->len; i++)
    if (!inion_annotation_set_replace (annotations, op->annotations->pdata[i]))
      return inion_set_error (error, INION_ERROR_FORMAT,
                              "Annotation %" G_GINT64_FORMAT " is changed and is not there.",
                              inion_annotation_get_id (op->annotations->pdata[i]));
  return TRUE;
}

/* Applies operations in their order; fails at the first that does not fit what is there. */
gboolean
_inion_study_ops_apply (GPtrArray          *ops,
                        InionAnnotationSet *annotations,
                        GHashTable         *settings,
                        GError            **error)
{
  gboolean fits = TRUE;

  for (guint i = 0; fits && i < ops->len; i++)
    {
      const InionStudyOp *op = ops->pdata[i];

      if (op->kind == INION_STUDY_OP_ADD)
        fits = apply_add (op, annotations, error);
      else if (op->kind == INION_STUDY_OP_REMOVE)
        fits = apply_remove (op, annotations, error);
      else if (op->kind == INION_STUDY_OP_REPLACE)
        fits = apply_replace (op, annotations, error);
      else if (op->value != NULL)
        g_hash_table_insert (settings, g_strdup (op->key), g_strdup (op->value));
      else
        g_hash_table_remove (settings, op->key);
    }
  return fits;
}

void
_inion_study_step_free (InionStudyStep *self)
{
  g_clear_pointer (&self->time, g_free);
  g_clear_pointer (&self->rater, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->forward, g_ptr_array_unref);
  g_clear_pointer (&self->inverse, g_ptr_array_unref);
  g_free (self);
}

void
_inion_study_edit_free (InionStudyEdit *self)
{
  g_clear_pointer (&self->time, g_free);
  g_clear_pointer (&self->rater, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_pointer (&self->inverse, g_ptr_array_unref);
  g_clear_pointer (&self->item, inion_study_item_free);
  g_free (self);
}

InionStudyItem *
_inion_study_item_copy (const InionStudyItem *self)
{
  InionStudyItem *result = g_new0 (InionStudyItem, 1);

  result->id = self->id;
  result->kind = g_strdup (self->kind);
  result->name = g_strdup (self->name);
  result->created = g_strdup (self->created);
  result->fingerprint = g_strdup (self->fingerprint);
  result->json = g_strdup (self->json);
  return result;
}

/**
 * inion_study_item_free:
 * @self: (transfer full): an item
 *
 * Frees an item.
 */
void
inion_study_item_free (InionStudyItem *self)
{
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->created, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->json, g_free);
  g_free (self);
}

/**
 * inion_journal_entry_free:
 * @self: (transfer full): an entry
 *
 * Frees an entry of the journal.
 */
void
inion_journal_entry_free (InionJournalEntry *self)
{
  g_clear_pointer (&self->time, g_free);
  g_clear_pointer (&self->rater, g_free);
  g_clear_pointer (&self->title, g_free);
  g_free (self);
}
