/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the connectivity of a stretch of a recording, as one job. */

#pragma once

#include "core/job.h"
#include "network/connectivity.h"
#include "recording/recording.h"
#include "scalp/electrode.h"

G_BEGIN_DECLS

typedef struct
{
  InionRecording *recording;
  GArray *channels;       /* guint: which of the recording's, all of one clock, at least 2 */
  double from, to;        /* s since the recording's start */
  double epoch_s;
  InionConnectivityMeasure measure;
  double low_hz, high_hz;
  char *title;            /* the question in words */
} InionNetworkQuestion;

typedef struct
{
  guint n;
  InionPosition *positions;
  char **names;
  double *matrix;         /* [n × n]: strengths, not negative */
  double bound;           /* of the null: its largest pair, 95 % */
  gsize n_epochs;
  gsize n_left_out;      /* epochs that hold a gap */
  double from, to;
  char *title;
} InionNetworkAnswer;

InionNetworkQuestion *inion_network_question_new (InionRecording *recording, GArray *channels);
void                  inion_network_question_free (InionNetworkQuestion *self);
void                  inion_network_answer_free (InionNetworkAnswer *self);
/* Takes the question. Result: InionNetworkAnswer. */
InionJob             *inion_network_job_new (InionNetworkQuestion *question);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionNetworkQuestion, inion_network_question_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionNetworkAnswer, inion_network_answer_free)

G_END_DECLS
