/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks that are taken hold of and moved: an edge makes a mark longer or shorter, its name moves it.
 *
 * Over the traces only the selected mark has edges to hold, so that nobody moves one by accident
 * while choosing a stretch of time; in the row of names every mark has. What is dragged snaps to the
 * borders of other marks nearby; with Alt held it does not. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-view-private.h"

#include "annotation/marking.h"

#include <math.h>

#define GRIP_PX 5.0
#define SNAP_PX 6.0

static double
seconds_per_px (InionTraceView *self)
{
  return inion_trace_view_x_to_time (self, 1) - inion_trace_view_x_to_time (self, 0);
}

static gboolean
may_edit (InionTraceView *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  return study != NULL && !inion_study_is_read_only (study);
}

typedef struct
{
  InionTraceView *self;
  gint64 selected;
  gboolean in_names;
  double x;
  InionMarkGrip best;
  double distance;
} GripSearch;

/* Of several edges within reach the nearest is held; an edge goes before a name. */
static gboolean
visit_grip (InionAnnotation *mark,
            gpointer         data)
{
  GripSearch *search = data;
  InionMarkGrip grip = {
    .id = inion_annotation_get_id (mark),
    .from_s = (double) inion_annotation_get_onset_ns (mark) / 1e9,
    .to_s = (double) inion_annotation_get_end_ns (mark) / 1e9,
  };
  double from = fabs (inion_trace_view_time_to_x (search->self, grip.from_s) - search->x);
  double to = fabs (inion_trace_view_time_to_x (search->self, grip.to_s) - search->x);
  gboolean is_point = !(grip.to_s > grip.from_s);

  if (inion_annotation_is_suggestion (mark) || (!search->in_names && grip.id != search->selected))
    return TRUE;
  if (MIN (from, to) <= GRIP_PX && MIN (from, to) < search->distance)
    {
      search->distance = MIN (from, to);
      search->best = grip;
      search->best.part = is_point ? INION_MARK_BODY
                                   : to <= from ? INION_MARK_END : INION_MARK_START;
    }
  else if (search->in_names && search->best.id == 0)
    {
      search->best = grip;
      search->best.part = INION_MARK_BODY;
    }
  return TRUE;
}

static InionMarkGrip
find_grip (InionTraceView *self,
           double          x,
           double          y)
{
  GripSearch search = {
    .self = self,
    .selected = inion_view_state_get_selected_mark (self->state),
    .in_names = y >= INION_TRACE_EVENTS_HEIGHT && y < INION_TRACE_MARKS_HEIGHT,
    .x = x,
    .distance = INFINITY,
  };
  double time_s = inion_trace_view_x_to_time (self, x);
  double reach = GRIP_PX * seconds_per_px (self);

  if (may_edit (self) && x >= self->gutter && y >= INION_TRACE_EVENTS_HEIGHT)
    inion_annotation_set_foreach_in (
      inion_study_get_annotations (inion_view_state_get_study (self->state)),
      (gint64) ((time_s - reach) * 1e9), (gint64) ((time_s + reach) * 1e9), visit_grip, &search);
  return search.best;
}

/* The pointer says what it would take hold of. Returns whether there is anything. */
gboolean
_inion_trace_view_point_at_mark (InionTraceView *self)
{
  static const char *const cursors[] = { NULL, "ew-resize", "ew-resize", "grab" };
  InionMarkGrip grip = { 0 };

  if (isfinite (self->pointer_x))
    grip = find_grip (self, self->pointer_x, self->pointer_y);
  if (grip.part != self->mark_pointed)
    {
      self->mark_pointed = grip.part;
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursors[grip.part]);
    }
  return grip.part != INION_MARK_NONE;
}

/* FALSE: there is no mark to drag. */
gboolean
_inion_trace_view_grab_mark (InionTraceView *self,
                             double          x,
                             double          y)
{
  self->mark_start = self->mark_dragged = find_grip (self, x, y);
  return self->mark_dragged.part != INION_MARK_NONE;
}

static double
snap (InionTraceView *self,
      double          time_s)
{
  InionAnnotationSet *set =
    inion_study_get_annotations (inion_view_state_get_study (self->state));

  return (double) inion_annotation_set_snap (set, llround (time_s * 1e9),
                                             llround (SNAP_PX * seconds_per_px (self) * 1e9),
                                             self->mark_dragged.id) / 1e9;
}

void
_inion_trace_view_drag_mark (InionTraceView *self,
                             double          dx,
                             gboolean        snapping)
{
  const InionMarkGrip *start = &self->mark_start;
  InionMarkGrip *now = &self->mark_dragged;
  double end = inion_view_state_get_duration_s (self->state);
  double shift = dx * seconds_per_px (self);
  double length = start->to_s - start->from_s;

  if (start->part == INION_MARK_START)
    {
      now->from_s = CLAMP (start->from_s + shift, 0, start->to_s);
      now->from_s = snapping ? MIN (snap (self, now->from_s), start->to_s) : now->from_s;
    }
  else if (start->part == INION_MARK_END)
    {
      now->to_s = CLAMP (start->to_s + shift, start->from_s, MAX (end, start->to_s));
      now->to_s = snapping ? MAX (snap (self, now->to_s), start->from_s) : now->to_s;
    }
  else
    {
      double from = CLAMP (start->from_s + shift, 0, MAX (end - length, start->from_s));
      double at_start = snapping ? snap (self, from) - from : 0;
      double at_end = snapping ? snap (self, from + length) - (from + length) : 0;

      /* Whichever border has something to snap to, and the nearer of both. */
      from += at_end == 0 || (at_start != 0 && fabs (at_start) <= fabs (at_end)) ? at_start : at_end;
      now->from_s = MAX (from, 0);
      now->to_s = now->from_s + length;
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What was a click selects the mark; what was a drag becomes an edit, by an action of the window. */
void
_inion_trace_view_drop_mark (InionTraceView *self,
                             gboolean        moved)
{
  InionMarkGrip mark = self->mark_dragged;

  self->mark_dragged = (InionMarkGrip) { 0 };
  inion_view_state_set_selected_mark (self->state, mark.id);
  if (moved && (mark.from_s != self->mark_start.from_s || mark.to_s != self->mark_start.to_s))
    gtk_widget_activate_action_variant (GTK_WIDGET (self), "win.set-mark-span",
                                        g_variant_new ("(xdd)", mark.id, mark.from_s, mark.to_s));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
