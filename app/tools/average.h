/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shown signal averaged about marks and events, condition by condition. */

#pragma once

#include "annotation/annotation.h"
#include "display/shown-signal.h"
#include "marker/evoked.h"

G_BEGIN_DECLS

typedef struct
{
  double from_s, to_s;                       /* of an epoch, from the event */
  double baseline_from_s, baseline_to_s;     /* NAN, NAN: none; NAN, x: from the epoch's beginning */
  double most;                               /* peak to peak that a channel may have; ≤ 0: any */
} InionAverageSettings;

void inion_average_settings_init (InionAverageSettings *settings); /* −0.2 to 0.8 s, baseline before the event, any amplitude */

/* What all marks of a label have in common. */
typedef struct
{
  char *label;
  InionEvoked *evoked;       /* a channel a derivation of the average */
} InionAverageCondition;

typedef struct
{
  InionMontage *montage;
  GArray *derivations;       /* guint */
  double rate_hz;
  InionEpochWindow window;
  GPtrArray *conditions;     /* (element-type InionAverageCondition), in the order asked for */
} InionAverage;

/* marks: (element-type InionAnnotation) events of the file and marks of people; suggestions count for nothing. reject: labels of
 * marks that an epoch must not touch, NULL-terminated (nullable). */
InionAverage *inion_average_new (InionShownSignal *signal, GArray *derivations, GPtrArray *marks,
                                 const char *const *labels, const char *const *reject,
                                 const InionAverageSettings *settings, InionJob *job, GError **error);
void          inion_average_free (InionAverage *self);
double        inion_average_get_time_s (const InionAverage *self, gsize index); /* from the event */
/* "80 epochs; left out: 2 artifact, 1 gap" */
char         *inion_average_condition_dup_counts (const InionAverageCondition *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionAverage, inion_average_free)

G_END_DECLS
