/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that a person, a file or a model says about a stretch of a recording.
 *
 * An annotation never changes after it is made, so that it may be read from any thread, shared
 * between the set, the undo stack and the study's writer, and compared by its fields. A recording
 * has few labels, raters and channels and many annotations: these texts are interned.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-private.h"
#include "core/size.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (InionAnnotation, inion_annotation, G_TYPE_OBJECT)

static const char *const origin_names[] = { "file", "person", "model", "accepted" };

static char *
intern (const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return g_ref_string_new_intern ("");
  if (g_utf8_validate (text, -1, NULL))
    return g_ref_string_new_intern (text);
  valid = g_utf8_make_valid (text, -1);
  return g_ref_string_new_intern (valid);
}

/* Channel names are stored joined by line ends: what would break a line becomes a space. Blanks
 * around a name mean nothing, and a name of blanks is none. */
static char *
intern_channel (const char *text)
{
  g_autofree char *clean = g_utf8_make_valid (text, -1);

  for (char *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_strstrip (clean);
  return clean[0] != '\0' ? g_ref_string_new_intern (clean) : NULL;
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
intern_channels (const char *const *channels)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  guint kept = 0;

  for (gsize i = 0; channels != NULL && channels[i] != NULL; i++)
    {
      char *channel = intern_channel (channels[i]);

      if (channel != NULL)
        g_ptr_array_add (list, channel);
    }
  if (list->len == 0)
    return NULL;
  g_ptr_array_sort (list, compare_texts);
  for (guint i = 0; i < list->len; i++)
    if (kept > 0 && list->pdata[kept - 1] == list->pdata[i])
      g_ref_string_release (list->pdata[i]);
    else
      list->pdata[kept++] = list->pdata[i];
  g_ptr_array_set_size (list, (int) kept);
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_steal (list, NULL);
}

static char *
intern_lines (char **channels)
{
  g_autofree char *lines = channels != NULL ? g_strjoinv ("\n", channels) : NULL;

  return lines != NULL ? g_ref_string_new_intern (lines) : NULL;
}

static InionAnnotation *
copy (InionAnnotation *self)
{
  return inion_annotation_new (self->id, self->onset_ns, self->duration_ns, self->label,
                               (const char *const *) self->channels, self->rater, self->origin,
                               self->confidence, self->comment);
}

static void
inion_annotation_finalize (GObject *object)
{
  InionAnnotation *self = INION_ANNOTATION (object);

  g_clear_pointer (&self->label, g_ref_string_release);
  g_clear_pointer (&self->rater, g_ref_string_release);
  for (gsize i = 0; self->channels != NULL && self->channels[i] != NULL; i++)
    g_ref_string_release (self->channels[i]);
  g_clear_pointer (&self->channels, g_free);
  g_clear_pointer (&self->channel_lines, g_ref_string_release);
  g_clear_pointer (&self->comment, g_free);
  g_clear_pointer (&self->folded_comment, g_free);
  G_OBJECT_CLASS (inion_annotation_parent_class)->finalize (object);
}

static void
inion_annotation_class_init (InionAnnotationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_annotation_finalize;
}

static void
inion_annotation_init (InionAnnotation *self)
{
}

/**
 * inion_origin_to_string:
 * @origin: an origin
 *
 * Gives the word that stands for an origin in files: "file", "person", "model" or "accepted".
 *
 * Returns: (transfer none): the word
 */
const char *
inion_origin_to_string (InionOrigin origin)
{
  g_return_val_if_fail ((guint) origin < G_N_ELEMENTS (origin_names), "person");

  return origin_names[origin];
}

/**
 * inion_origin_from_string:
 * @text: (nullable): a word
 * @origin: (out): the origin it stands for
 *
 * Reads back what inion_origin_to_string() gave.
 *
 * Returns: %FALSE if @text is none of the words; @origin is then untouched
 */
gboolean
inion_origin_from_string (const char  *text,
                          InionOrigin *origin)
{
  for (guint i = 0; i < G_N_ELEMENTS (origin_names); i++)
    if (g_strcmp0 (text, origin_names[i]) == 0)
      {
        *origin = (InionOrigin) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * inion_annotation_new:
 * @id: number, unique in its study; 0 until the study gives one
 * @onset_ns: nanoseconds since the recording's start; may be negative
 * @duration_ns: length in nanoseconds; 0 (or less) for a point event
 * @label: (nullable): what it is; %NULL is the empty text
 * @channels: (nullable) (array zero-terminated=1): labels of the channels it is about, in any
 *   order; %NULL or empty for all
 * @rater: (nullable): who says so
 * @origin: where it comes from
 * @confidence: 0 to 1, brought into that range; NaN if none
 * @comment: (nullable): free text; empty is the same as %NULL
 *
 * Makes an annotation. Text that is not UTF-8 is repaired; an end beyond the range of time is cut
 * to it.
 *
 * Returns: (transfer full): the annotation
 */
InionAnnotation *
inion_annotation_new (gint64             id,
                      gint64             onset_ns,
                      gint64             duration_ns,
                      const char        *label,
                      const char *const *channels,
                      const char        *rater,
                      InionOrigin        origin,
                      double             confidence,
                      const char        *comment)
{
  InionAnnotation *self;
  gint64 end_ns;

  g_return_val_if_fail ((guint) origin < G_N_ELEMENTS (origin_names), NULL);

  self = g_object_new (INION_TYPE_ANNOTATION, NULL);
  self->id = id;
  self->onset_ns = onset_ns;
  self->duration_ns = MAX (duration_ns, 0);
  if (!inion_int64_add (&end_ns, self->onset_ns, self->duration_ns))
    self->duration_ns = G_MAXINT64 - self->onset_ns;
  self->label = intern (label);
  self->channels = intern_channels (channels);
  self->channel_lines = intern_lines (self->channels);
  self->rater = intern (rater);
  self->origin = origin;
  self->confidence = isnan (confidence) ? NAN : CLAMP (confidence, 0.0, 1.0);
  if (comment != NULL && comment[0] != '\0')
    {
      self->comment = g_utf8_make_valid (comment, -1);
      self->folded_comment = g_utf8_casefold (self->comment, -1);
    }
  return self;
}

/**
 * inion_annotation_copy_with_id:
 * @self: an annotation
 * @id: the new number
 *
 * Copies an annotation under another number.
 *
 * Returns: (transfer full): the copy
 */
InionAnnotation *
inion_annotation_copy_with_id (InionAnnotation *self,
                               gint64           id)
{
  InionAnnotation *result = copy (self);

  result->id = id;
  return result;
}

/**
 * inion_annotation_copy_with_span:
 * @self: an annotation
 * @onset_ns: the new start in nanoseconds
 * @duration_ns: the new length in nanoseconds, 0 for a point event
 *
 * Copies an annotation to another place in time; the number stays.
 *
 * Returns: (transfer full): the copy
 */
InionAnnotation *
inion_annotation_copy_with_span (InionAnnotation *self,
                                 gint64           onset_ns,
                                 gint64           duration_ns)
{
  return inion_annotation_new (self->id, onset_ns, duration_ns, self->label,
                               (const char *const *) self->channels, self->rater, self->origin,
                               self->confidence, self->comment);
}

/**
 * inion_annotation_copy_with_label:
 * @self: an annotation
 * @label: the new label
 *
 * Copies an annotation under another label; the number stays.
 *
 * Returns: (transfer full): the copy
 */
InionAnnotation *
inion_annotation_copy_with_label (InionAnnotation *self,
                                  const char      *label)
{
  return inion_annotation_new (self->id, self->onset_ns, self->duration_ns, label,
                               (const char *const *) self->channels, self->rater, self->origin,
                               self->confidence, self->comment);
}

/**
 * inion_annotation_copy_with_channels:
 * @self: an annotation
 * @channels: (nullable) (array zero-terminated=1): labels of channels; %NULL: all
 *
 * Copies an annotation for other channels; the number stays.
 *
 * Returns: (transfer full): the copy
 */
InionAnnotation *
inion_annotation_copy_with_channels (InionAnnotation   *self,
                                     const char *const *channels)
{
  return inion_annotation_new (self->id, self->onset_ns, self->duration_ns, self->label, channels,
                               self->rater, self->origin, self->confidence, self->comment);
}

/**
 * inion_annotation_copy_with_comment:
 * @self: an annotation
 * @comment: (nullable): what is said about it
 *
 * Copies an annotation with another comment; the number stays.
 *
 * Returns: (transfer full): the copy
 */
InionAnnotation *
inion_annotation_copy_with_comment (InionAnnotation *self,
                                    const char      *comment)
{
  return inion_annotation_new (self->id, self->onset_ns, self->duration_ns, self->label,
                               (const char *const *) self->channels, self->rater, self->origin,
                               self->confidence, comment);
}

/**
 * inion_annotation_copy_with_origin:
 * @self: an annotation
 * @origin: the new origin, as %INION_ORIGIN_ACCEPTED for an accepted suggestion
 * @rater: (nullable): who says so now
 *
 * Copies an annotation with another origin and rater; the number stays.
 *
 * Returns: (transfer full): the copy
 */
InionAnnotation *
inion_annotation_copy_with_origin (InionAnnotation *self,
                                   InionOrigin      origin,
                                   const char      *rater)
{
  return inion_annotation_new (self->id, self->onset_ns, self->duration_ns, self->label,
                               (const char *const *) self->channels, rater, origin,
                               self->confidence, self->comment);
}

/**
 * inion_annotation_get_id:
 * @self: an annotation
 *
 * Returns: its number, unique in the study; 0 if it is in none
 */
gint64
inion_annotation_get_id (InionAnnotation *self)
{
  return self->id;
}

/**
 * inion_annotation_get_onset_ns:
 * @self: an annotation
 *
 * Returns: its start in nanoseconds since the recording's start
 */
gint64
inion_annotation_get_onset_ns (InionAnnotation *self)
{
  return self->onset_ns;
}

/**
 * inion_annotation_get_duration_ns:
 * @self: an annotation
 *
 * Returns: its length in nanoseconds, 0 for a point event
 */
gint64
inion_annotation_get_duration_ns (InionAnnotation *self)
{
  return self->duration_ns;
}

/**
 * inion_annotation_get_end_ns:
 * @self: an annotation
 *
 * Returns: the first nanosecond after it; its onset for a point event
 */
gint64
inion_annotation_get_end_ns (InionAnnotation *self)
{
  return self->onset_ns + self->duration_ns;
}

/**
 * inion_annotation_get_label:
 * @self: an annotation
 *
 * Returns: (transfer none): what it is; may be empty
 */
const char *
inion_annotation_get_label (InionAnnotation *self)
{
  return self->label;
}

/**
 * inion_annotation_get_channels:
 * @self: an annotation
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the channels it is about, sorted,
 *   each once; %NULL for all
 */
const char *const *
inion_annotation_get_channels (InionAnnotation *self)
{
  return (const char *const *) self->channels;
}

/**
 * inion_annotation_get_rater:
 * @self: an annotation
 *
 * Returns: (transfer none): who says so; empty if nobody is named
 */
const char *
inion_annotation_get_rater (InionAnnotation *self)
{
  return self->rater;
}

/**
 * inion_annotation_get_origin:
 * @self: an annotation
 *
 * Returns: where it comes from
 */
InionOrigin
inion_annotation_get_origin (InionAnnotation *self)
{
  return self->origin;
}

/**
 * inion_annotation_get_confidence:
 * @self: an annotation
 *
 * Returns: 0 to 1, or NaN if none was given
 */
double
inion_annotation_get_confidence (InionAnnotation *self)
{
  return self->confidence;
}

/**
 * inion_annotation_get_comment:
 * @self: an annotation
 *
 * Returns: (transfer none) (nullable): free text
 */
const char *
inion_annotation_get_comment (InionAnnotation *self)
{
  return self->comment;
}

/**
 * inion_annotation_equal:
 * @a: an annotation
 * @b: another
 *
 * Compares every field, the number included; two confidences of NaN are equal.
 *
 * Returns: whether they say the same
 */
gboolean
inion_annotation_equal (InionAnnotation *a,
                        InionAnnotation *b)
{
  if (a == b)
    return TRUE;
  if (a->id != b->id || a->onset_ns != b->onset_ns || a->duration_ns != b->duration_ns
      || a->label != b->label || a->rater != b->rater || a->origin != b->origin
      || a->channel_lines != b->channel_lines || g_strcmp0 (a->comment, b->comment) != 0)
    return FALSE;
  return isnan (a->confidence) == isnan (b->confidence)
         && !(a->confidence < b->confidence || a->confidence > b->confidence);
}

/**
 * inion_annotation_is_suggestion:
 * @self: an annotation
 *
 * Tells whether this is only what a model or detector proposes: such must never train a model.
 *
 * Returns: whether nobody has accepted it yet
 */
gboolean
inion_annotation_is_suggestion (InionAnnotation *self)
{
  return self->origin == INION_ORIGIN_MODEL;
}

/**
 * inion_annotation_covers_channel:
 * @self: an annotation
 * @label: a channel's label, in the same spelling
 *
 * Returns: whether it is about this channel, as one about all channels is
 */
gboolean
inion_annotation_covers_channel (InionAnnotation *self,
                                 const char      *label)
{
  return self->channels == NULL || g_strv_contains ((const char *const *) self->channels, label);
}
