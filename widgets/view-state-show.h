/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How traces are drawn beyond montage, filters and sensitivity. Undoable: goes through the study's journal. */

#pragma once

#include "widgets/view-state.h"

G_BEGIN_DECLS

/* What can be on or off. */
typedef enum
{
  INION_VIEW_CLIP,      /* each trace stays in its lane */
  INION_VIEW_NO_DC,     /* the median of the page is taken off each trace */
  INION_VIEW_GRID,      /* lines of time behind the traces */
  INION_VIEW_BUTTERFLY, /* all traces of a kind over one another */
} InionViewOption;

gboolean inion_view_state_get_option (InionViewState *self, InionViewOption option);
void     inion_view_state_set_option (InionViewState *self, InionViewOption option, gboolean on);

/* Kinds that are drawn to a sensitivity of their own: EOG, ECG, EMG, respiration. All others follow that of EEG. */
gboolean inion_view_state_has_own_sensitivity (InionChannelKind kind);
double   inion_view_state_get_kind_sensitivity (InionViewState *self, InionChannelKind kind); /* µV/mm */
void     inion_view_state_set_kind_sensitivity (InionViewState *self, InionChannelKind kind, double uv_per_mm);

G_END_DECLS
