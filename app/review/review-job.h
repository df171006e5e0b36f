/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the scalp map, the spectrum and the bands of what is looked at, as one job. */

#pragma once

#include "core/job.h"
#include "display/shown-signal.h"
#include "scalp/electrode.h"

G_BEGIN_DECLS

#define INION_REVIEW_N_BANDS 5
#define INION_REVIEW_MAX_SPECTRUM_S 60.0

/* What is asked: set on the main thread, read by the job. */
typedef struct
{
  InionShownSignal *map_signal;    /* EEG as average reference (nullable) */
  InionShownSignal *signal;        /* what is shown */
  double map_from, map_to;         /* equal: one moment */
  guint derivation;
  double from, to;                 /* of the spectrum */
} InionReviewQuestion;

/* What a gap does to a range of time. */
typedef enum
{
  INION_REVIEW_RANGE_WHOLE,
  INION_REVIEW_RANGE_CUT,   /* only its longest stretch without a gap was used */
  INION_REVIEW_RANGE_EMPTY, /* all of it lies in a gap */
} InionReviewRange;

/* What was measured. */
typedef struct
{
  InionReviewRange map_range;
  guint n;                   /* electrodes */
  InionPosition *positions;
  char **names;
  double *values;
  double map_from, map_to;
  double *psd;
  gsize n_bins;
  double bin_hz;
  char *channel;
  char *unit;                /* of the channel, if it is no voltage: it has no spectrum in µV² */
  double from, to;
  InionReviewRange range;
  double absolute[INION_REVIEW_N_BANDS];
  double relative[INION_REVIEW_N_BANDS];
  gboolean bands_known;      /* too short a stretch says nothing about slow bands */
  double peak_hz;
} InionReviewAnswer;

/* question: (transfer full). Result: InionReviewAnswer. Where a range reaches over a gap, its longest stretch without
 * one is measured. */
InionJob *inion_review_job_new (InionReviewQuestion *question);
void      inion_review_answer_free (InionReviewAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionReviewAnswer, inion_review_answer_free)

G_END_DECLS
