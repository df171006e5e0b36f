/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the view state share. */

#pragma once

#include "widgets/render/trace-layout.h"
#include "widgets/view-state-show.h"
#include "widgets/view-state.h"

G_BEGIN_DECLS

#define INION_VIEW_STATE_HISTORY_LENGTH 64
#define INION_VIEW_STATE_SHORTEST_PAGE_S 0.01
#define INION_VIEW_N_OPTIONS (INION_VIEW_BUTTERFLY + 1)

struct _InionViewState
{
  GObject parent_instance;

  InionRecording *original;  /* as the file says */
  InionRecording *recording; /* as the study says */
  InionStudy *study;
  InionJobList *jobs;
  InionMontage *montage;
  InionDisplayFilter filter;
  InionShownSignal *signal;
  InionPyramid *pyramid;
  gboolean peeking;                 /* without filters, for as long as a key is held */
  InionShownSignal *other_signal;   /* (nullable): while peeking the filtered one, else the raw one */
  InionPyramid *other_pyramid;
  char **bad;
  double sensitivity;
  gboolean negative_up;
  gboolean options[INION_VIEW_N_OPTIONS];
  double kind_sensitivities[INION_N_CHANNEL_KINDS]; /* 0: the default */
  double mains_hz;

  double from_s;
  double page_s;
  guint first_derivation;
  GArray *back;     /* double */
  GArray *forward;  /* double */
  guint save_view_id;

  double selection_from;
  double selection_to;
  gint64 selected_mark;
  double cursor_s;
  int cursor_derivation;
  InionCalipers calipers;    /* n_intervals 0: none */
  char *caliper_note;

  InionRecipe *recipe;
  InionModel *model;
  InionResult *result;
  InionTrack *track;
  gboolean track_stale;

  GSignalGroup *study_signals;
};

enum
{
  PROP_0,
  VIEW_PROP_RECORDING,
  VIEW_PROP_STUDY,
  VIEW_PROP_MONTAGE,
  VIEW_PROP_FILTER,
  VIEW_PROP_SIGNAL,
  VIEW_PROP_BAD,
  VIEW_PROP_SENSITIVITY,
  VIEW_PROP_NEGATIVE_UP,
  VIEW_PROP_OPTIONS,
  VIEW_PROP_KIND_SENSITIVITIES,
  VIEW_PROP_FROM,
  VIEW_PROP_PAGE,
  VIEW_PROP_FIRST_DERIVATION,
  VIEW_PROP_SELECTION,
  VIEW_PROP_SELECTED_MARK,
  VIEW_PROP_CURSOR,
  VIEW_PROP_CALIPERS,
  VIEW_PROP_CALIPER_NOTE,
  VIEW_PROP_RECIPE,
  VIEW_PROP_MODEL,
  VIEW_PROP_RESULT,
  VIEW_PROP_TRACK,
  VIEW_N_PROPS
};

/* view-state.c */
void _inion_view_state_notify (InionViewState *self, guint property);
void _inion_view_state_say (InionViewState *self, const char *text);

/* view-state-look.c */
char  *_inion_view_state_double_to_text (double value);
double _inion_view_state_text_to_double (const char *text, double fallback);
void   _inion_view_state_filter_from_text (const char *text, InionDisplayFilter *filter);
void   _inion_view_state_apply_montage_setting (InionViewState *self);
void   _inion_view_state_apply_own_montages (InionViewState *self);
void   _inion_view_state_apply_bad_setting (InionViewState *self);
void   _inion_view_state_apply_filter_setting (InionViewState *self);
void   _inion_view_state_apply_scale_settings (InionViewState *self);

/* view-state-show.c */
void   _inion_view_state_apply_show_settings (InionViewState *self);

/* view-state-place.c */
double   _inion_view_state_clamp_from (InionViewState *self, double from_s);
gboolean _inion_view_state_save_view (gpointer data);

/* view-state-decode.c */
void _inion_view_state_apply_recipe_setting (InionViewState *self);

G_END_DECLS
