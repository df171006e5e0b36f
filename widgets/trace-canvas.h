/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The surface on which traces are drawn: OpenGL where there is any, else the CPU. */

#pragma once

#include "widgets/render/trace-frame.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_TRACE_CANVAS (inion_trace_canvas_get_type ())
G_DECLARE_FINAL_TYPE (InionTraceCanvas, inion_trace_canvas, INION, TRACE_CANVAS, GtkWidget)

GtkWidget *inion_trace_canvas_new (void);
void       inion_trace_canvas_set_frame (InionTraceCanvas *self, InionTraceFrame *frame);
gboolean   inion_trace_canvas_uses_gl (InionTraceCanvas *self);
double     inion_trace_canvas_get_last_draw_ms (InionTraceCanvas *self);

G_END_DECLS
