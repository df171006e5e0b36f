/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averaging for the window: of what is shown, and of the electrodes of a map. */

#pragma once

#include "app/tools/average.h"
#include "app/tools/tool-map.h"

G_BEGIN_DECLS

typedef struct
{
  InionAverage *shown;
  double **bands;            /* [conditions] of shown: half widths, [derivations × times] */
  InionAverage *mapped;      /* (nullable) to the average reference, a derivation an electrode of the map */
  InionToolMap *map;         /* (nullable) */
  char *no_map;              /* (nullable) why there is none */
} InionAverageAnswer;

/* A job whose result is an InionAverageAnswer. labels: (element-type utf8). */
InionJob *inion_average_job_new (InionShownSignal *signal, const char *const *bad, GPtrArray *marks, GPtrArray *labels,
                                 GStrv reject, const InionAverageSettings *settings);
void      inion_average_answer_free (InionAverageAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionAverageAnswer, inion_average_answer_free)

G_END_DECLS
