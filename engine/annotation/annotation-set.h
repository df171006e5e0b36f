/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All annotations of a recording, sorted by onset, with interval queries. */

#pragma once

#include "annotation/annotation.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define INION_TYPE_ANNOTATION_SET (inion_annotation_set_get_type ())
G_DECLARE_FINAL_TYPE (InionAnnotationSet, inion_annotation_set, INION, ANNOTATION_SET, GObject)

/* A GListModel of InionAnnotation sorted by onset, then end, then id. Insert, remove, replace and
 * interval query are O(log n) (+ hits): 10^5 entries, each under 1 ms. Ids are unique and not 0. */
InionAnnotationSet *inion_annotation_set_new (void);
gboolean         inion_annotation_set_add (InionAnnotationSet *self, InionAnnotation *annotation);
void             inion_annotation_set_add_many (InionAnnotationSet *self, GPtrArray *annotations); /* one items-changed */
gboolean         inion_annotation_set_remove (InionAnnotationSet *self, gint64 id);
void             inion_annotation_set_remove_many (InionAnnotationSet *self, const gint64 *ids, gsize n); /* one items-changed */
gboolean         inion_annotation_set_replace (InionAnnotationSet *self, InionAnnotation *annotation); /* same id */
void             inion_annotation_set_clear (InionAnnotationSet *self);
InionAnnotation *inion_annotation_set_lookup (InionAnnotationSet *self, gint64 id); /* (transfer none) (nullable) */
guint            inion_annotation_set_get_size (InionAnnotationSet *self);
gint64           inion_annotation_set_get_max_id (InionAnnotationSet *self);

typedef gboolean (*InionAnnotationVisit) (InionAnnotation *annotation, gpointer data); /* FALSE stops */

/* Visits, in order, what overlaps [from_ns, to_ns). A point event at t is in [t, t + 1). */
void  inion_annotation_set_foreach_in (InionAnnotationSet *self, gint64 from_ns, gint64 to_ns,
                                       InionAnnotationVisit visit, gpointer data);
guint inion_annotation_set_count_in (InionAnnotationSet *self, gint64 from_ns, gint64 to_ns);
GPtrArray *inion_annotation_set_query (InionAnnotationSet *self, gint64 from_ns, gint64 to_ns); /* (transfer full) owns references */
/* The next after / previous before a time; label NULL for any. (transfer none) (nullable) */
InionAnnotation *inion_annotation_set_next (InionAnnotationSet *self, gint64 after_ns, const char *label);
InionAnnotation *inion_annotation_set_previous (InionAnnotationSet *self, gint64 before_ns, const char *label);
/* Ids whose label, rater, comment or channel contains a text (casefolded), label filter nullable. */
GArray *inion_annotation_set_search (InionAnnotationSet *self, const char *text, const char *label); /* gint64 ids, in order */

G_END_DECLS
