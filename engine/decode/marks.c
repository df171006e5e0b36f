/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The marks that examples are made of: a file's events and what people say.
 *
 * A study may hold a copy of the file's events as annotations; such a copy is the same mark, not a
 * second example. What a model suggested and nobody accepted is no label and is passed over. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/marks.h"

#include "annotation/label.h"

#include <string.h>

/* Class of a text, or -1. */
static int
class_of (const InionRecipeSpec *spec,
          const char            *text)
{
  for (guint c = 0; c < spec->n_classes; c++)
    {
      if (g_strv_contains ((const char *const *) spec->classes[c].events, text))
        return (int) c;
    }
  return -1;
}

static void
add_mark (GArray *marks,
          gint64  onset_ns,
          gint64  duration_ns,
          int     label)
{
  InionMark mark = { .onset_ns = onset_ns, .end_ns = onset_ns + MAX (duration_ns, 0),
                     .label = (guint) label };

  if (label >= 0)
    g_array_append_val (marks, mark);
}

static int
compare_marks (gconstpointer a,
               gconstpointer b)
{
  const InionMark *x = a, *y = b;

  if (x->onset_ns != y->onset_ns)
    return x->onset_ns < y->onset_ns ? -1 : 1;
  if (x->end_ns != y->end_ns)
    return x->end_ns < y->end_ns ? -1 : 1;
  return (x->label > y->label) - (x->label < y->label);
}

static char *
event_key (gint64      onset_ns,
           const char *text)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", onset_ns, text);
}

/**
 * inion_marks_collect:
 * @spec: the recipe
 * @source: a recording, its events loaded, and its annotations
 *
 * Returns: (transfer full) (element-type InionMark): everything that stands for a class
 */
GArray *
inion_marks_collect (const InionRecipeSpec   *spec,
                     const InionDecodeSource *source)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (InionMark));
  GPtrArray *events = inion_recording_get_events (source->recording);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = source->annotations == NULL ? 0 : inion_annotation_set_get_size (source->annotations);

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (events, i);

      add_mark (marks, event->onset_ns, event->duration_ns, class_of (spec, event->text));
      g_hash_table_add (seen, event_key (event->onset_ns, event->text));
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InionAnnotation) a = g_list_model_get_item (G_LIST_MODEL (source->annotations), i);
      gint64 onset_ns = inion_annotation_get_onset_ns (a);
      g_autofree char *key = event_key (onset_ns, inion_annotation_get_label (a));
      InionOrigin origin = inion_annotation_get_origin (a);

      if (origin == INION_ORIGIN_MODEL ||
          (origin == INION_ORIGIN_FILE && g_hash_table_contains (seen, key)))
        continue;
      add_mark (marks, onset_ns, inion_annotation_get_duration_ns (a),
                class_of (spec, inion_annotation_get_label (a)));
    }
  g_array_sort (marks, compare_marks);
  return marks;
}

typedef struct
{
  const InionRecipeSpec *spec;
  const char *const *channels;
  InionPalette *palette;
  gboolean rejected;
} Rejection;

static gboolean
is_rejected_label (Rejection  *r,
                   const char *label)
{
  const char *const *labels = (const char *const *) r->spec->reject_labels;

  if (g_strv_contains (labels, label))
    return TRUE;
  if (!g_strv_contains (labels, "artifact"))
    return FALSE;
  if (r->palette == NULL)
    r->palette = inion_palette_new_default ();
  return inion_palette_is_artifact (r->palette, label);
}

static gboolean
visit (InionAnnotation *annotation,
       gpointer         data)
{
  Rejection *r = data;
  InionOrigin origin = inion_annotation_get_origin (annotation);

  if ((origin != INION_ORIGIN_PERSON && origin != INION_ORIGIN_ACCEPTED) ||
      !is_rejected_label (r, inion_annotation_get_label (annotation)))
    return TRUE;
  for (guint c = 0; !r->rejected && r->channels[c] != NULL; c++)
    r->rejected = inion_annotation_covers_channel (annotation, r->channels[c]);
  return !r->rejected;
}

/**
 * inion_marks_reject:
 * @spec: the recipe
 * @source: a recording with its annotations
 * @from_ns: start
 * @to_ns: end, exclusive
 * @channels: (array zero-terminated=1): labels of the channels in use
 *
 * The word "artifact" in the recipe's list stands for every label of the artifact group.
 *
 * Returns: whether a person said that this stretch is not to be used
 */
gboolean
inion_marks_reject (const InionRecipeSpec   *spec,
                    const InionDecodeSource *source,
                    gint64                   from_ns,
                    gint64                   to_ns,
                    const char *const       *channels)
{
  Rejection r = { .spec = spec, .channels = channels };

  if (source->annotations == NULL || spec->reject_labels == NULL || spec->reject_labels[0] == NULL)
    return FALSE;
  inion_annotation_set_foreach_in (source->annotations, from_ns, to_ns, visit, &r);
  g_clear_object (&r.palette);
  return r.rejected;
}
