/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a search found of a set of marks, as a list. */

#pragma once

#include "annotation/annotation-set.h"

G_BEGIN_DECLS

/* A GListModel of InionAnnotation that never changes: another search makes another list. */
#define INION_TYPE_FOUND_MARKS (inion_found_marks_get_type ())
G_DECLARE_FINAL_TYPE (InionFoundMarks, inion_found_marks, INION, FOUND_MARKS, GObject)

GListModel *inion_found_marks_new (InionAnnotationSet *set, const char *text);

G_END_DECLS
