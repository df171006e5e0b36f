/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training as one job: examples, honest score, model, and what the model believes everywhere. */

#pragma once

#include "core/job.h"
#include "decode/evaluation.h"
#include "decode/track.h"

G_BEGIN_DECLS

typedef struct
{
  InionResult *result;
  InionModel *model;
  InionTrack *track;      /* over the recording in view; NULL where the model cannot answer there */
  char *drop_log;
  char *notes;            /* nullable: why not, where not, and which channels are dead */
} InionTraining;

/* The first source is the recording in view; annotations are copied, so that marking may go on. */
InionJob *inion_training_new_job (InionRecipe *recipe, InionRecording *recording, GPtrArray *annotations,
                                  const char *const *bad, const char *const *more_paths, double step_s);
/* Only the track, for a model that was kept. Result: InionTraining with result NULL. */
InionJob *inion_training_new_apply_job (InionModel *model, InionRecording *recording, const char *const *bad, double step_s);
void      inion_training_free (InionTraining *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionTraining, inion_training_free)

G_END_DECLS
