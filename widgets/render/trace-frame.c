/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An immutable description of one picture of traces. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-frame.h"

static void
trace_frame_clear (gpointer data)
{
  InionTraceFrame *self = data;

  g_clear_pointer (&self->page, inion_page_unref);
  g_clear_pointer (&self->lanes, g_free);
}

/**
 * inion_trace_frame_new:
 * @page: the bins to draw
 * @from_s: time at the left edge, in seconds since the recording's start
 * @to_s: time at the right edge, in seconds, > @from_s
 * @width: width in device pixels, ≥ 0
 * @height: height in device pixels, ≥ 0
 * @line_width: width of a line in device pixels, > 0
 * @lanes: (array length=n_lanes): the lanes, drawn in this order; copied
 * @n_lanes: number of lanes
 *
 * Describes one picture of traces.
 *
 * Returns: (transfer full): the frame, with its own reference on @page
 */
InionTraceFrame *
inion_trace_frame_new (InionPage           *page,
                       double               from_s,
                       double               to_s,
                       int                  width,
                       int                  height,
                       float                line_width,
                       const InionTraceLane *lanes,
                       guint                n_lanes)
{
  InionTraceFrame *self;

  g_return_val_if_fail (page != NULL, NULL);
  g_return_val_if_fail (width >= 0 && height >= 0, NULL);
  g_return_val_if_fail (lanes != NULL || n_lanes == 0, NULL);

  self = g_atomic_rc_box_new0 (InionTraceFrame);
  self->page = inion_page_ref (page);
  self->from_s = from_s;
  self->to_s = to_s;
  self->width = width;
  self->height = height;
  self->line_width = line_width > 0.0f ? line_width : 1.0f;
  self->n_lanes = n_lanes;
  self->lanes = g_memdup2 (lanes, n_lanes * sizeof *lanes);
  return self;
}

/**
 * inion_trace_frame_ref:
 * @self: a frame
 *
 * Takes a reference; thread-safe.
 *
 * Returns: (transfer full): @self
 */
InionTraceFrame *
inion_trace_frame_ref (InionTraceFrame *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * inion_trace_frame_unref:
 * @self: (transfer full): a frame
 *
 * Gives a reference back; thread-safe.
 */
void
inion_trace_frame_unref (InionTraceFrame *self)
{
  g_atomic_rc_box_release_full (self, trace_frame_clear);
}
