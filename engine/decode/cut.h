/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cutting a window out of a signal, with its baseline taken off. */

#pragma once

#include "core/error.h"
#include "decode/recipe.h"

G_BEGIN_DECLS

/* What a window needs, in samples relative to its start. A plain value. */
typedef struct
{
  guint n;              /* length of the window */
  guint baseline_n;     /* 0: no baseline */
  gint64 baseline_first;
  gint64 from, to;      /* the stretch [from, to) that window and baseline lie in */
} InionCut;

typedef enum
{
  INION_CUT_DONE,
  INION_CUT_OUTSIDE,    /* reaches past an end of the signal */
  INION_CUT_GAP,        /* holds samples that are no numbers */
} InionCutOutcome;

gboolean        inion_cut_init (InionCut *self, const InionRecipeSpec *spec, double rate_hz, GError **error);
InionCutOutcome inion_cut_window (const InionCut *self, const double *data, guint n_channels, gsize n_samples,
                                  gint64 start, double *window);

G_END_DECLS
