/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to marks as a whole: cut, join, put at a border, find what is not marked yet. */

#pragma once

#include "annotation/annotation-set.h"

G_BEGIN_DECLS

gboolean         inion_annotation_split (InionAnnotation *self, gint64 at_ns, InionAnnotation **before,
                                         InionAnnotation **after);
InionAnnotation *inion_annotations_merge (GPtrArray *marks, GError **error);
InionAnnotation *inion_annotation_set_find_joinable (InionAnnotationSet *self, InionAnnotation *mark);
gint64           inion_annotation_set_snap (InionAnnotationSet *self, gint64 time_ns, gint64 reach_ns,
                                            gint64 except_id);
gboolean         inion_annotation_set_find_unmarked (InionAnnotationSet *self, gint64 from_ns, gint64 page_ns,
                                                     gint64 end_ns, gint64 *found_ns);

G_END_DECLS
