/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probability track: what a model believes everywhere in a recording. */

#pragma once

#include "decode/no-answer.h"

G_BEGIN_DECLS

/* Row i is the decision whose window ends (exclusive) at end_ns[i]; probabilities [n × n_classes]. */
typedef struct
{
  gsize n;
  guint n_classes;
  gint64 *end_ns;
  gint64 window_ns;
  double *probabilities;
  gsize n_unanswered;            /* windows without a row */
  gint64 *unanswered_end_ns;     /* [n_unanswered] */
  InionNoAnswer *unanswered_why; /* [n_unanswered] */
  char **dead;                   /* channels that stand still in windows with a row, NULL-terminated */
  gsize *n_dead;                 /* in how many of these windows, for each */
} InionTrack;

/* Slides the model's window over a recording with the given step (s). The same code path as live: causal recipes give the same bits. */
InionTrack *inion_model_apply (InionModel *model, InionRecording *recording, const char *const *bad, double step_s, InionJob *job, GError **error);
char       *inion_track_dup_unanswered (const InionTrack *self); /* (nullable): how many windows have no answer, and why; and dead channels */
void        inion_track_free (InionTrack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionTrack, inion_track_free)

G_END_DECLS
