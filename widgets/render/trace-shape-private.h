/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a lane looks like in pixels, ready to be filled: shared by the CPU rasteriser and OpenGL. */

#pragma once

#include "widgets/render/trace-frame.h"

G_BEGIN_DECLS

/* |y| of a sample that is not there. */
#define INION_TRACE_NOTHING 1e30f

/* Columns: { top, 1 / ramp at the top, bottom, 1 / ramp at the bottom }, one a pixel column;
 *   coverage (y) = clamp ((y − top) × v[1]) + clamp ((bottom − y) × v[3]) − 1, at least 0.
 * Segments: { y[i − 1], y[i], y[i + 1], y[i + 2] }, one a sample. */
typedef struct
{
  float v[4];
} InionTraceTexel;

/* n texels of one lane. Segments: sample i stands at x = origin + i × step.
 * Rows outside [row_from, row_to) are clipped. */
typedef struct
{
  gboolean segments;
  float origin;
  float step;
  float half_width;
  int row_from;
  int row_to;
  guint n;
  InionTraceTexel *texels;
} InionTraceShape;

/* Rows that a stretch of a lane may touch: [from, to); empty if from ≥ to. */
typedef struct
{
  int from;
  int to;
} InionTraceRows;

gsize          _inion_trace_shape_max_texels (InionTraceFrame *frame);
void           _inion_trace_shape_build (InionTraceShape *self, InionTraceFrame *frame, guint lane,
                                         InionTraceTexel *texels);
InionTraceRows _inion_trace_shape_get_rows (const InionTraceShape *self, int x_from, int x_to);

G_END_DECLS
