/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calipers over the traces: two lines to drag, equal intervals between them, and the values.
 *
 * A line is taken hold of anywhere along it; the label between the two moves both. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-view-private.h"

#include "widgets/paint-private.h"

#include <math.h>

#define GRIP_PX 6.0
#define LABEL_HEIGHT 22.0
#define LABEL_TOP 4.0

static double
lane_y (InionTraceView *self,
        guint           derivation)
{
  for (guint i = 0; self->layout != NULL && i < self->layout->n; i++)
    if (self->layout->labels[i].derivation == derivation)
      return self->layout->labels[i].center / gtk_widget_get_scale_factor (GTK_WIDGET (self));
  return NAN;
}

static char *
describe (InionTraceView      *self,
          const InionCalipers *calipers)
{
  double duration = calipers->to_s - calipers->from_s;
  const char *note = inion_view_state_get_caliper_note (self->state);
  GString *text = g_string_new (NULL);

  if (duration < 1)
    g_string_append_printf (text, "%.1f\u2009ms", duration * 1000);
  else
    g_string_append_printf (text, "%.3f\u2009s", duration);
  if (calipers->n_intervals > 1)
    g_string_append_printf (text, " / %u", calipers->n_intervals);
  if (duration > 0)
    g_string_append_printf (text, "  ·  %.3g\u2009Hz", calipers->n_intervals / duration);
  if (note != NULL)
    g_string_append_printf (text, "  ·  %s", note);
  return g_string_free (text, FALSE);
}

/* Where the label stands: between the lines, moved into view. */
static void
place_label (InionTraceView      *self,
             const InionCalipers *calipers,
             const GdkRectangle  *area,
             const char          *text,
             graphene_rect_t     *rect)
{
  double width = _inion_trace_view_text_width (self, text) + 14;
  double middle = inion_trace_view_time_to_x (self, (calipers->from_s + calipers->to_s) / 2);

  graphene_rect_init (rect,
                      (float) CLAMP (middle - width / 2, area->x + 2,
                                     MAX (area->x + 2, area->x + area->width - width - 2)),
                      (float) (area->y + LABEL_TOP), (float) width, LABEL_HEIGHT);
}

static gboolean
is_in_view (InionTraceView      *self,
            const InionCalipers *calipers,
            const GdkRectangle  *area)
{
  return inion_trace_view_time_to_x (self, calipers->to_s) >= area->x - GRIP_PX &&
         inion_trace_view_time_to_x (self, calipers->from_s) <= area->x + area->width + GRIP_PX;
}

static void
draw_line (InionTraceView     *self,
           GtkSnapshot        *snapshot,
           const GdkRectangle *area,
           double              time_s,
           GdkRGBA             color,
           double              width)
{
  double x = inion_trace_view_time_to_x (self, time_s);

  if (x >= area->x && x <= area->x + area->width)
    _inion_paint_fill (snapshot, color, floor (x - width / 2), area->y, width, area->height);
}

static void
draw_label (InionTraceView      *self,
            GtkSnapshot         *snapshot,
            const InionCalipers *calipers,
            const GdkRectangle  *area,
            GdkRGBA              color)
{
  g_autofree char *text = describe (self, calipers);
  graphene_rect_t rect;

  place_label (self, calipers, area, text, &rect);
  gtk_snapshot_push_rounded_clip (snapshot, &(GskRoundedRect) {
    .bounds = rect, .corner = { { 5, 5 }, { 5, 5 }, { 5, 5 }, { 5, 5 } } });
  _inion_paint_fill (snapshot, color, rect.origin.x, rect.origin.y, rect.size.width,
                     rect.size.height);
  gtk_snapshot_pop (snapshot);
  _inion_trace_view_draw_text (self, snapshot, text, rect.origin.x + rect.size.width / 2,
                               rect.origin.y + rect.size.height / 2, 0.5,
                               _inion_paint_rgb (0xffffff, 1));
}

void
_inion_trace_view_draw_calipers (InionTraceView     *self,
                                 GtkSnapshot        *snapshot,
                                 const GdkRectangle *area)
{
  GdkRGBA color = _inion_paint_rgb (0xb5541c, 1), faint = color;
  InionCalipers calipers;
  double y, left, right;

  if (!inion_view_state_get_calipers (self->state, &calipers) ||
      !is_in_view (self, &calipers, area))
    return;
  faint.alpha = 0.55f;
  draw_line (self, snapshot, area, calipers.from_s, color, 2);
  draw_line (self, snapshot, area, calipers.to_s, color, 2);
  for (guint i = 1; i < calipers.n_intervals; i++)
    draw_line (self, snapshot, area, calipers.from_s + (calipers.to_s - calipers.from_s) * i /
                                                         calipers.n_intervals, faint, 1);
  /* Which trace is measured. */
  y = lane_y (self, calipers.derivation);
  left = MAX (inion_trace_view_time_to_x (self, calipers.from_s), area->x);
  right = MIN (inion_trace_view_time_to_x (self, calipers.to_s), area->x + area->width);
  if (isfinite (y) && right > left)
    _inion_paint_fill (snapshot, faint, left, floor (area->y + y), right - left, 1);
  draw_label (self, snapshot, &calipers, area, color);
}

/* Which part is at a point. */
static InionCaliperPart
pick (InionTraceView *self,
      double          x,
      double          y)
{
  InionCalipers calipers;
  GdkRectangle area;
  graphene_rect_t rect;
  g_autofree char *text = NULL;
  double from, to;

  if (!inion_view_state_get_calipers (self->state, &calipers))
    return INION_CALIPER_NONE;
  _inion_trace_view_get_area (self, &area);
  if (!is_in_view (self, &calipers, &area))
    return INION_CALIPER_NONE;
  from = fabs (inion_trace_view_time_to_x (self, calipers.from_s) - x);
  to = fabs (inion_trace_view_time_to_x (self, calipers.to_s) - x);
  if (MIN (from, to) <= GRIP_PX)
    return to <= from ? INION_CALIPER_TO : INION_CALIPER_FROM;
  text = describe (self, &calipers);
  place_label (self, &calipers, &area, text, &rect);
  return graphene_rect_contains_point (&rect, &GRAPHENE_POINT_INIT ((float) x, (float) y))
           ? INION_CALIPER_BOTH : INION_CALIPER_NONE;
}

/* The pointer says what it would take hold of. */
void
_inion_trace_view_point_at_calipers (InionTraceView *self)
{
  static const char *const cursors[] = { NULL, "ew-resize", "ew-resize", "grab" };
  InionCaliperPart part = isfinite (self->pointer_x)
                            ? pick (self, self->pointer_x, self->pointer_y) : INION_CALIPER_NONE;

  if (part == self->caliper_pointed)
    return;
  self->caliper_pointed = part;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursors[part]);
}

/* FALSE: there is no caliper to drag. */
gboolean
_inion_trace_view_grab_caliper (InionTraceView *self,
                                double          x,
                                double          y)
{
  int lane = _inion_trace_view_pick_lane (self, y);

  self->caliper_dragged = pick (self, x, y);
  if (self->caliper_dragged == INION_CALIPER_NONE)
    return FALSE;
  inion_view_state_get_calipers (self->state, &self->caliper_start);
  /* Where a line is taken hold of says which trace is meant. */
  if (self->caliper_dragged != INION_CALIPER_BOTH && lane >= 0)
    self->caliper_start.derivation = self->layout->lanes[lane].derivation;
  inion_view_state_set_calipers (self->state, &self->caliper_start);
  return TRUE;
}

void
_inion_trace_view_drag_caliper (InionTraceView *self,
                                double          dx)
{
  InionCalipers calipers = self->caliper_start;
  GdkRectangle area;
  double shift;

  _inion_trace_view_get_area (self, &area);
  shift = dx / area.width * inion_view_state_get_page (self->state);
  if (self->caliper_dragged == INION_CALIPER_FROM)
    calipers.from_s = MIN (calipers.from_s + shift, calipers.to_s);
  else if (self->caliper_dragged == INION_CALIPER_TO)
    calipers.to_s = MAX (calipers.to_s + shift, calipers.from_s);
  else
    {
      shift = CLAMP (shift, -calipers.from_s,
                     inion_view_state_get_duration_s (self->state) - calipers.to_s);
      calipers.from_s += shift;
      calipers.to_s += shift;
    }
  inion_view_state_set_calipers (self->state, &calipers);
}
