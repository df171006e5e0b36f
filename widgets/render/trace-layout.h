/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where each derivation is drawn, how large and in which colour: one rule for window, print and command line. */

#pragma once

#include "widgets/render/trace-frame.h"

G_BEGIN_DECLS

#define INION_N_CHANNEL_KINDS (INION_CHANNEL_OTHER + 1)

/* How derivations are to be laid out. Lengths in device pixels. Zero what has no wish. */
typedef struct
{
  guint first;               /* first visible derivation */
  guint n_visible;           /* 0: all from first on */
  double height;             /* of the whole area */
  double px_per_mm;
  double sensitivity;        /* µV/mm of EEG */
  double sensitivities[INION_N_CHANNEL_KINDS]; /* µV/mm of a kind; ≤ 0: its default factor × sensitivity */
  gboolean positive_up;      /* FALSE: negative up, the clinical convention; EEG and EOG only */
  gboolean dark;
  gboolean tint_sides;       /* left blue, right red */
  gboolean butterfly;        /* all derivations of a kind in one lane; those that are no voltages as ever */
  gboolean clip;             /* clip each trace to its lane; FALSE: traces may overlap */
  double group_gap;          /* between groups, in lanes; < 0: none, 0: the default 0.5 */
  const gboolean *bad;       /* (nullable) [n derivations]: faded */
  const guint32 *colors;     /* (nullable) [n derivations]: 0xRRGGBB, G_MAXUINT32: by kind */
  const InionMinMax *ranges; /* (nullable) [n derivations]: what a derivation without volts spans, see inion_trace_layout_ranges() */
  const float *offsets;      /* (nullable) [n derivations]: value that is drawn in the middle of the lane, of voltages; see
                              * inion_trace_layout_offsets() */
} InionTraceLayoutOptions;

/* A derivation as the layout sees it. */
typedef struct
{
  const char *label;
  const char *unit;          /* "µV" … */
  InionChannelKind kind;
  guint group;
  gboolean has_color;        /* a person chose one */
  guint32 color;             /* 0xRRGGBB */
} InionTraceRow;

/* What stands in the gutter beside a lane. */
typedef struct
{
  guint derivation;
  InionChannelKind kind;
  guint n_shared;            /* how many derivations share the lane: 1, or more as butterfly */
  float top, bottom;         /* the lane */
  float center;              /* where the label's middle goes */
  guint32 color;             /* 0xRRGGBB of trace and label */
  gboolean bad;
  char side;                 /* 'L', 'R', 'M' (midline) or 0 if the name does not say */
  double sensitivity;        /* µV/mm; 0 if the lane is scaled to a range */
  double range_low, range_high; /* of a lane scaled to a range: values at its bottom and top */
} InionTraceLabel;

typedef struct
{
  guint n;
  InionTraceLane *lanes;     /* [n] */
  InionTraceLabel *labels;   /* [n] */
  float lane_height;
} InionTraceLayout;

InionTraceLayout *inion_trace_layout_new (InionMontage *montage, const InionTraceLayoutOptions *options);
InionTraceLayout *inion_trace_layout_new_for_rows (const InionTraceRow *rows, guint n, const InionTraceLayoutOptions *options);
void              inion_trace_layout_free (InionTraceLayout *self);
int               inion_trace_layout_pick (const InionTraceLayout *self, double y); /* index in lanes, −1: none */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionTraceLayout, inion_trace_layout_free)

void     inion_trace_layout_ranges (InionPage *page, InionMinMax *ranges);
void     inion_trace_layout_offsets (InionPage *page, float *offsets);
double   inion_trace_layout_suggest_sensitivity (InionPage *page, InionMontage *montage, double lane_height_mm);
double   inion_trace_layout_get_default_factor (InionChannelKind kind);
double   inion_trace_layout_get_default_sensitivity (InionChannelKind kind);
double   inion_trace_layout_get_microvolts (const char *unit);
guint32  inion_trace_layout_get_color (InionChannelKind kind, gboolean dark);
char     inion_trace_layout_get_side (const char *label);

G_END_DECLS
