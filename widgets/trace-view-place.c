/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies where on the trace view: times, lanes and marks, in pixels and in millimetres. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-view-private.h"

#include <math.h>

#define DEFAULT_PX_PER_MM (96.0 / 25.4)

void
_inion_trace_view_get_area (InionTraceView *self,
                            GdkRectangle   *area)
{
  int scrollbar = gtk_widget_get_visible (self->scrollbar) ? 12 : 0;

  area->x = (int) self->gutter;
  area->y = INION_TRACE_MARKS_HEIGHT;
  area->width = MAX (1, gtk_widget_get_width (GTK_WIDGET (self)) - area->x - scrollbar);
  area->height = MAX (1, gtk_widget_get_height (GTK_WIDGET (self)) - INION_TRACE_MARKS_HEIGHT -
                           INION_TRACE_RULER_HEIGHT);
}

/* Pixels (logical) a millimetre as the monitor says. The question goes to the display server and
 * waits for its answer. */
static double
ask_monitor (InionTraceView *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  GdkMonitor *monitor = NULL;
  GdkRectangle geometry;

  if (surface != NULL)
    monitor = gdk_display_get_monitor_at_surface (gdk_surface_get_display (surface), surface);
  if (monitor == NULL || gdk_monitor_get_width_mm (monitor) < 50)
    return DEFAULT_PX_PER_MM;
  gdk_monitor_get_geometry (monitor, &geometry);
  return (double) geometry.width / gdk_monitor_get_width_mm (monitor);
}

/**
 * inion_trace_view_get_px_per_mm:
 *
 * Returns: logical pixels a millimetre of this screen
 */
double
inion_trace_view_get_px_per_mm (InionTraceView *self)
{
  if (self->monitor_px_per_mm <= 0)
    self->monitor_px_per_mm = ask_monitor (self);
  return self->px_per_mm > 0 ? self->px_per_mm : self->monitor_px_per_mm;
}

/**
 * inion_trace_view_get_width_mm:
 *
 * Returns: width of the trace area in mm on the screen
 */
double
inion_trace_view_get_width_mm (InionTraceView *self)
{
  GdkRectangle area;

  _inion_trace_view_get_area (self, &area);
  return area.width / inion_trace_view_get_px_per_mm (self);
}

/**
 * inion_trace_view_x_to_time:
 * @x: a column of the widget
 *
 * Returns: its time in seconds
 */
double
inion_trace_view_x_to_time (InionTraceView *self,
                            double          x)
{
  GdkRectangle area;

  _inion_trace_view_get_area (self, &area);
  return inion_view_state_get_from (self->state) +
         (x - area.x) / area.width * inion_view_state_get_page (self->state);
}

/**
 * inion_trace_view_time_to_x:
 * @time_s: a time in seconds
 *
 * Returns: its column in the widget
 */
double
inion_trace_view_time_to_x (InionTraceView *self,
                            double          time_s)
{
  GdkRectangle area;

  _inion_trace_view_get_area (self, &area);
  return area.x + (time_s - inion_view_state_get_from (self->state)) /
                    inion_view_state_get_page (self->state) * area.width;
}

/* Of traces over one another the one that is nearest to the pointer. */
static int
pick_nearest (InionTraceView *self,
              int             lane,
              double          y)
{
  const InionTraceLabel *label = &self->layout->labels[lane];
  double time_s = inion_trace_view_x_to_time (self, self->pointer_x), value, nearest = INFINITY;
  int best = lane;

  for (guint i = 0; isfinite (time_s) && i < self->layout->n; i++)
    if (self->layout->labels[i].top == label->top &&
        _inion_trace_view_value_at (self, self->layout->labels[i].derivation, time_s, &value))
      {
        const InionTraceLane *other = &self->layout->lanes[i];
        double distance = fabs (other->y0 + value * other->px_per_unit - y);

        if (distance < nearest)
          best = (int) i;
        nearest = MIN (nearest, distance);
      }
  return best;
}

int
_inion_trace_view_pick_lane (InionTraceView *self,
                             double          y)
{
  GdkRectangle area;
  int lane;

  if (self->layout == NULL)
    return -1;
  _inion_trace_view_get_area (self, &area);
  if (y < area.y || y >= area.y + area.height)
    return -1;
  y = (y - area.y) * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  lane = inion_trace_layout_pick (self->layout, y);
  return lane >= 0 && self->layout->labels[lane].n_shared > 1 ? pick_nearest (self, lane, y) : lane;
}

/* The value under a point of the page: the sample, or the middle of its bin. */
gboolean
_inion_trace_view_value_at (InionTraceView *self,
                            guint           derivation,
                            double          time_s,
                            double         *value)
{
  const InionMinMax *bin;
  gint64 k;

  if (self->page == NULL || derivation >= self->page->n_derivations)
    return FALSE;
  k = (gint64) floor (time_s * self->page->rate_hz[derivation] /
                      (double) self->page->bin_size[derivation]) -
      self->page->first_bin[derivation];
  if (k < 0 || (gsize) k >= self->page->used[derivation])
    return FALSE;
  bin = &self->page->bins[derivation * self->page->n_bins + (gsize) k];
  if (!(bin->lo <= bin->hi))
    return FALSE;
  *value = 0.5 * ((double) bin->lo + (double) bin->hi);
  return TRUE;
}

typedef struct
{
  double width_s;
  gint64 time_ns;
  gint64 best;
  gint64 best_span;
} Pick;

static gboolean
pick_visit (InionAnnotation *annotation,
            gpointer         data)
{
  Pick *pick = data;
  gint64 span = inion_annotation_get_duration_ns (annotation);

  /* The shortest wins: a mark inside another must be reachable. */
  if (pick->best == 0 || span < pick->best_span)
    {
      pick->best = inion_annotation_get_id (annotation);
      pick->best_span = span;
    }
  return TRUE;
}

gint64
_inion_trace_view_pick_mark (InionTraceView *self,
                             double          x,
                             double          y)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  double time_s = inion_trace_view_x_to_time (self, x);
  double reach = 3.0 * (inion_trace_view_x_to_time (self, 1) -
                        inion_trace_view_x_to_time (self, 0));
  Pick pick = { .time_ns = (gint64) (time_s * 1e9) };

  if (study == NULL)
    return 0;
  inion_annotation_set_foreach_in (inion_study_get_annotations (study),
                                   (gint64) ((time_s - reach) * 1e9),
                                   (gint64) ((time_s + reach) * 1e9), pick_visit, &pick);
  return pick.best;
}
