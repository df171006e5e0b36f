/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the trace view share. */

#pragma once

#include "widgets/trace-view.h"

#include "widgets/render/trace-layout.h"
#include "widgets/trace-canvas.h"
#include "widgets/view-state-show.h"

G_BEGIN_DECLS

#define INION_TRACE_EVENTS_HEIGHT 17 /* row of the file's events above the traces */
#define INION_TRACE_MARKS_HEIGHT 36  /* that row, and below it the row of mark names */
#define INION_TRACE_RULER_HEIGHT 22 /* strip of times below them */

/* What of the calipers can be taken hold of. */
typedef enum
{
  INION_CALIPER_NONE,
  INION_CALIPER_FROM,
  INION_CALIPER_TO,
  INION_CALIPER_BOTH,
} InionCaliperPart;

/* What of a mark can be taken hold of. */
typedef enum
{
  INION_MARK_NONE,
  INION_MARK_START,
  INION_MARK_END,
  INION_MARK_BODY,
} InionMarkPart;

/* A mark in the hand. */
typedef struct
{
  InionMarkPart part;
  gint64 id;
  double from_s;
  double to_s;
} InionMarkGrip;

struct _InionTraceView
{
  GtkWidget parent_instance;

  InionViewState *state;
  GtkWidget *canvas;
  GtkWidget *selection_bar;
  GtkWidget *scrollbar;
  GtkAdjustment *channel_adjustment;
  double px_per_mm;           /* set by the user; 0: from the monitor */
  double monitor_px_per_mm;   /* what the monitor said; 0: not asked yet */

  /* What is drawn */
  InionPage *page;
  InionTraceLayout *layout;
  double gutter;
  guint n_visible;
  guint n_wanted;             /* 0: as many as are comfortable */
  InionJob *completion;       /* fills what a quick look could not */
  double last_frame_ms;
  GHashTable *texts;          /* text → PangoLayout */
  gulong pyramid_handler;
  InionPyramid *pyramid;      /* whose "changed" is watched */

  /* Pointer */
  double pointer_x, pointer_y; /* NAN: outside */
  double drag_x, drag_y;       /* where the drag began */
  double drag_from_s;
  double pan_from_s;
  gboolean dragging;
  InionCaliperPart caliper_pointed;
  InionCaliperPart caliper_dragged;
  InionCalipers caliper_start; /* where they were when the drag began */
  InionMarkPart mark_pointed;
  InionMarkGrip mark_dragged;  /* as it would be if it were dropped now */
  InionMarkGrip mark_start;    /* as it was when the drag began */
  guint tick_id;
};

/* trace-view-draw.c */
void _inion_trace_view_draw_backdrop (InionTraceView *self, GtkSnapshot *snapshot);
void _inion_trace_view_draw_overlay (InionTraceView *self, GtkSnapshot *snapshot);

/* trace-view-marks.c */
void _inion_trace_view_draw_events (InionTraceView *self, GtkSnapshot *snapshot, const GdkRectangle *area);
void _inion_trace_view_draw_marks (InionTraceView *self, GtkSnapshot *snapshot, const GdkRectangle *area);

/* trace-view-calipers.c */
void     _inion_trace_view_draw_calipers (InionTraceView *self, GtkSnapshot *snapshot, const GdkRectangle *area);
void     _inion_trace_view_point_at_calipers (InionTraceView *self);
gboolean _inion_trace_view_grab_caliper (InionTraceView *self, double x, double y);
void     _inion_trace_view_drag_caliper (InionTraceView *self, double dx);

/* trace-view-mark-drag.c */
gboolean _inion_trace_view_point_at_mark (InionTraceView *self);
gboolean _inion_trace_view_grab_mark (InionTraceView *self, double x, double y);
void     _inion_trace_view_drag_mark (InionTraceView *self, double dx, gboolean snapping);
void     _inion_trace_view_drop_mark (InionTraceView *self, gboolean moved);

/* trace-view-text.c */
GdkRGBA      _inion_trace_view_ink (InionTraceView *self, float alpha);
PangoLayout *_inion_trace_view_get_text (InionTraceView *self, const char *text, gboolean small); /* (transfer none) */
void         _inion_trace_view_clear_texts (InionTraceView *self);
int          _inion_trace_view_text_width (InionTraceView *self, const char *text);
/* align: 0 left edge at x, 0.5 centred, 1 right edge at x. Vertically centred on y. */
void         _inion_trace_view_draw_text (InionTraceView *self, GtkSnapshot *snapshot, const char *text, double x, double y,
                                          double align, GdkRGBA color);

/* trace-view-input.c */
void _inion_trace_view_input_init (InionTraceView *self);
void _inion_trace_view_update_selection_bar (InionTraceView *self);

/* trace-view-frame.c */
void _inion_trace_view_refresh (InionTraceView *self);

/* trace-view-saturation.c */
void     _inion_trace_view_plan_saturation (InionTraceView *self);
void     _inion_trace_view_draw_saturation (InionTraceView *self, GtkSnapshot *snapshot, const GdkRectangle *area);
gboolean _inion_trace_view_is_saturated (InionTraceView *self, guint derivation, double time_s);

/* trace-view-place.c */
void   _inion_trace_view_get_area (InionTraceView *self, GdkRectangle *area); /* of the traces, in the widget */
int    _inion_trace_view_pick_lane (InionTraceView *self, double y); /* index in the layout, −1: none */
gboolean _inion_trace_view_value_at (InionTraceView *self, guint derivation, double time_s, double *value);
gint64 _inion_trace_view_pick_mark (InionTraceView *self, double x, double y);

G_END_DECLS
