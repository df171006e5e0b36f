/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where traces that are kept in their lanes would leave them. */

#pragma once

#include "widgets/render/trace-frame.h"

G_BEGIN_DECLS

/* A colour that no trace has, 0xRRGGBB: for what must not be taken for one. */
#define INION_TRACE_CLIPPED_LIGHT 0xd14900
#define INION_TRACE_CLIPPED_DARK 0xffa348
/* Thickness of the line that marks such a place, and its least length; logical pixels. */
#define INION_TRACE_CLIPPED_PX 2.0

/* One place: the lane, whether it left upwards, its columns in the pixels of the page. */
typedef void (*InionTraceClippedFunc) (const InionTraceLane *lane, gboolean upwards, double x_from, double x_to,
                                       gpointer data);

void inion_trace_clipped_foreach (InionPage *page, const InionTraceLane *lanes, guint n, double width,
                                  InionTraceClippedFunc func, gpointer data);

G_END_DECLS
