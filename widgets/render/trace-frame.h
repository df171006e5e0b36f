/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An immutable description of one picture of traces: what every renderer draws. */

#pragma once

#include "display/page.h"

#include <cairo.h>

G_BEGIN_DECLS

/* One lane: where and how a derivation is drawn. All in device pixels, y downwards: row r covers [r, r + 1). */
typedef struct
{
  guint derivation;     /* row of the page */
  float y0;             /* pixel row of zero */
  float px_per_unit;    /* pixels per unit of the signal; positive draws positive downwards (negative up) */
  float clip_top;       /* lane clip, or −INF / +INF for overlap */
  float clip_bottom;
  float rgba[4];        /* straight alpha */
} InionTraceLane;

typedef struct
{
  InionPage *page;
  double from_s, to_s;  /* what the width shows (may differ from the page's range while scrolling) */
  int width, height;    /* device pixels */
  float line_width;     /* device pixels */
  guint n_lanes;
  InionTraceLane *lanes;
} InionTraceFrame;

InionTraceFrame *inion_trace_frame_new (InionPage *page, double from_s, double to_s, int width, int height, float line_width,
                                        const InionTraceLane *lanes, guint n_lanes);
InionTraceFrame *inion_trace_frame_ref (InionTraceFrame *self);
void             inion_trace_frame_unref (InionTraceFrame *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionTraceFrame, inion_trace_frame_unref)

/* CPU rasteriser: the fallback without OpenGL, the reference in tests, and the picture of the command line.
 * Draws over premultiplied ARGB32 (cairo's format) with stride in bytes. */
void inion_trace_raster_draw (InionTraceFrame *frame, guint32 *pixels, int stride);
/* The same as paths, for paper. */
void inion_trace_vector_draw (InionTraceFrame *frame, cairo_t *cr);

G_END_DECLS
