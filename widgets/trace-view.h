/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The traces: the signal on a calibrated page, with its marks. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_TRACE_VIEW (inion_trace_view_get_type ())
G_DECLARE_FINAL_TYPE (InionTraceView, inion_trace_view, INION, TRACE_VIEW, GtkWidget)

GtkWidget *inion_trace_view_new (InionViewState *state);
void       inion_trace_view_set_px_per_mm (InionTraceView *self, double px_per_mm); /* 0: from the monitor */
double     inion_trace_view_get_px_per_mm (InionTraceView *self);
double     inion_trace_view_get_width_mm (InionTraceView *self);  /* of the trace area */
void       inion_trace_view_set_n_channels (InionTraceView *self, guint n); /* 0: as many as are comfortable */
guint      inion_trace_view_get_n_channels (InionTraceView *self, guint *n_visible);
void       inion_trace_view_scroll_channels (InionTraceView *self, int direction);
char      *inion_trace_view_dup_pointed_channel (InionTraceView *self); /* (nullable) */
double     inion_trace_view_x_to_time (InionTraceView *self, double x);
double     inion_trace_view_time_to_x (InionTraceView *self, double time_s);
double     inion_trace_view_get_gutter (InionTraceView *self); /* width of the names, in px */
double     inion_trace_view_get_last_frame_ms (InionTraceView *self); /* our own work for the last frame */
gboolean   inion_trace_view_is_complete (InionTraceView *self);       /* nothing of the page is still to come */

G_END_DECLS
