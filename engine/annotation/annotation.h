/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that a person, a file or a model says about a stretch of a recording. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * InionOrigin:
 * @INION_ORIGIN_FILE: read from the recording itself
 * @INION_ORIGIN_PERSON: made by a rater
 * @INION_ORIGIN_MODEL: made by a detector or a model and accepted by nobody yet: a suggestion
 * @INION_ORIGIN_ACCEPTED: made by a detector or model, accepted by a person
 */
typedef enum
{
  INION_ORIGIN_FILE,
  INION_ORIGIN_PERSON,
  INION_ORIGIN_MODEL,
  INION_ORIGIN_ACCEPTED,
} InionOrigin;

const char *inion_origin_to_string (InionOrigin origin);
gboolean    inion_origin_from_string (const char *text, InionOrigin *origin);

#define INION_TYPE_ANNOTATION (inion_annotation_get_type ())
G_DECLARE_FINAL_TYPE (InionAnnotation, inion_annotation, INION, ANNOTATION, GObject)

/* Immutable: an edit replaces an annotation by another with the same id.
 * id: unique in its study, 0 until the study gives one. channels: sorted labels, NULL for all.
 * confidence: 0 to 1, NaN if none. duration_ns 0 is a point event. */
InionAnnotation *inion_annotation_new (gint64 id, gint64 onset_ns, gint64 duration_ns, const char *label,
                                       const char *const *channels, const char *rater, InionOrigin origin,
                                       double confidence, const char *comment);
InionAnnotation *inion_annotation_copy_with_id (InionAnnotation *self, gint64 id);
InionAnnotation *inion_annotation_copy_with_span (InionAnnotation *self, gint64 onset_ns, gint64 duration_ns);
InionAnnotation *inion_annotation_copy_with_label (InionAnnotation *self, const char *label);
InionAnnotation *inion_annotation_copy_with_channels (InionAnnotation *self, const char *const *channels);
InionAnnotation *inion_annotation_copy_with_comment (InionAnnotation *self, const char *comment);
InionAnnotation *inion_annotation_copy_with_origin (InionAnnotation *self, InionOrigin origin, const char *rater);

gint64             inion_annotation_get_id (InionAnnotation *self);
gint64             inion_annotation_get_onset_ns (InionAnnotation *self);
gint64             inion_annotation_get_duration_ns (InionAnnotation *self);
gint64             inion_annotation_get_end_ns (InionAnnotation *self);
const char        *inion_annotation_get_label (InionAnnotation *self);
const char *const *inion_annotation_get_channels (InionAnnotation *self); /* (nullable) */
const char        *inion_annotation_get_rater (InionAnnotation *self);
InionOrigin        inion_annotation_get_origin (InionAnnotation *self);
double             inion_annotation_get_confidence (InionAnnotation *self);
const char        *inion_annotation_get_comment (InionAnnotation *self);  /* (nullable) */
gboolean           inion_annotation_equal (InionAnnotation *a, InionAnnotation *b);
gboolean           inion_annotation_is_suggestion (InionAnnotation *self);
gboolean           inion_annotation_covers_channel (InionAnnotation *self, const char *label);

G_END_DECLS
