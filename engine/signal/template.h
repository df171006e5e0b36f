/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a signal looks like a pattern: normalised cross-correlation across channels. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

/**
 * InionSimilarity:
 * @INION_SIMILARITY_JOINT: one correlation over the samples of all channels, the mean of each
 *   channel taken off: a channel counts by how much of the pattern is in it
 * @INION_SIMILARITY_MEAN: the mean of the correlations of each channel: all channels count the same
 *
 * How several channels become one number from −1 to 1.
 */
typedef enum
{
  INION_SIMILARITY_JOINT,
  INION_SIMILARITY_MEAN,
} InionSimilarity;

typedef struct _InionTemplate InionTemplate;

/* values: [n_channels × length]. Immutable and thread-safe once made. */
InionTemplate *inion_template_new (const double *values, guint n_channels, gsize length, InionSimilarity similarity,
                                   GError **error);
void           inion_template_free (InionTemplate *self);
guint          inion_template_get_n_channels (const InionTemplate *self);
gsize          inion_template_get_length (const InionTemplate *self);
/* x: [n_channels × n], all finite, n ≥ length; scores: [n − length + 1], of the windows that begin at each sample. */
void           inion_template_score (const InionTemplate *self, const double *x, gsize n, double *scores);

/* A place that looks like the pattern. */
typedef struct
{
  gint64 at;       /* first sample */
  double score;    /* −1 to 1 */
} InionTemplateHit;

/* Appends the local maxima ≥ floor of scores [n] to hits; scores[0] is that of sample first. Its first and its last score are
 * maxima only where the signal begins or ends there: elsewhere the neighbour on the other side is not known. */
void inion_template_find_peaks (const double *scores, gsize n, gint64 first, double floor, gboolean begins, gboolean ends,
                                GArray *hits);
/* Leaves, from the best to the worst, what is not within distance samples of a better one; sorted by at. What is left
 * of those ≥ any higher floor is the same as if that had been asked for. */
void inion_template_thin (GArray *hits, gint64 distance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionTemplate, inion_template_free)

G_END_DECLS
