/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labelled examples cut from recordings: what a model is fitted on and scored with. */

#pragma once

#include "annotation/annotation-set.h"
#include "core/job.h"
#include "decode/recipe.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/* One source: a recording (events loaded), and the annotations on it (nullable). name: file name for folds. subject/session for grouped schemes (nullable). */
typedef struct
{
  InionRecording *recording;
  InionAnnotationSet *annotations;
  const char *name;
  const char *subject;
  const char *session;
  const char *const *bad;   /* bad channel labels (nullable) */
} InionDecodeSource;

#define INION_TYPE_EXAMPLE_SET (inion_example_set_get_type ())
G_DECLARE_FINAL_TYPE (InionExampleSet, inion_example_set, INION, EXAMPLE_SET, GObject)

/* Applies channels, reference, filter, resampling and cuts the windows. Examples are in time order, source by source. */
InionExampleSet *inion_example_set_new (InionRecipe *recipe, const InionDecodeSource *sources, guint n_sources,
                                        InionJob *job, GError **error);
guint         inion_example_set_get_n (InionExampleSet *self);
guint         inion_example_set_get_n_channels (InionExampleSet *self);
guint         inion_example_set_get_n_samples (InionExampleSet *self);
double        inion_example_set_get_rate_hz (InionExampleSet *self);
const double *inion_example_set_get_data (InionExampleSet *self, guint index);  /* [n_channels × n_samples] */
const char   *inion_example_set_get_channel (InionExampleSet *self, guint index);
guint         inion_example_set_get_n_classes (InionExampleSet *self);
const char   *inion_example_set_get_class (InionExampleSet *self, guint index);
guint         inion_example_set_get_label (InionExampleSet *self, guint index);  /* class index */
guint         inion_example_set_get_source (InionExampleSet *self, guint index);
gint64        inion_example_set_get_onset_ns (InionExampleSet *self, guint index);
const char   *inion_example_set_get_drop_log (InionExampleSet *self); /* what was left out and why, for a person */
/* The window's place: when it starts, and how far the recipe's filters reach beyond its ends. */
gint64        inion_example_set_get_start_ns (InionExampleSet *self, guint index);
double        inion_example_set_get_settle_s (InionExampleSet *self);
const char   *inion_example_set_get_source_name (InionExampleSet *self, guint source);
const char   *inion_example_set_get_subject (InionExampleSet *self, guint source); /* (nullable) */
const char   *inion_example_set_get_session (InionExampleSet *self, guint source); /* (nullable) */
/* Of a recording: examples in the set, and those that a mark or their amplitude kept out. */
guint         inion_example_set_get_n_of_source (InionExampleSet *self, guint source);
guint         inion_example_set_get_n_rejected (InionExampleSet *self, guint source);
guint         inion_example_set_get_n_sources (InionExampleSet *self);
const char   *inion_example_set_get_fingerprint (InionExampleSet *self); /* sha256 of recipe, recordings and labels */

G_END_DECLS
