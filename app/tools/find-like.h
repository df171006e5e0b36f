/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places in a recording that look like a selected stretch, as suggestions. */

#pragma once

#include "annotation/annotation.h"
#include "display/shown-signal.h"
#include "signal/template.h"

G_BEGIN_DECLS

#define INION_LIKE_RATER "similarity"

/* What was found, from the least similarity asked for on. */
typedef struct
{
  GArray *hits;              /* InionTemplateHit, in order of time; none overlaps another or the pattern */
  GStrv channels;            /* (nullable): labels of a mark; NULL: all */
  InionChannel *clock;
  gint64 first;              /* the pattern's */
  gsize length;
  gsize n_samples;           /* looked at */
} InionLike;

/* all: marks are of all channels, not of those that were looked at. */
InionLike *inion_like_find (InionShownSignal *signal, GArray *derivations, gboolean all, double from_s, double to_s,
                            InionSimilarity similarity, double least, InionJob *job, GError **error);
void       inion_like_free (InionLike *self);
guint      inion_like_count (const InionLike *self, double threshold);
/* Suggestions for the hits ≥ threshold that no mark of the label covers already. marks: (element-type InionAnnotation) (nullable).
 * n_known: how many were left out so (optional). */
GPtrArray *inion_like_make_marks (const InionLike *self, double threshold, const char *label, GPtrArray *marks,
                                  guint *n_known);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionLike, inion_like_free)

G_END_DECLS
