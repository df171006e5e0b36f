/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The traces: the signal on a calibrated page, with its marks.
 *
 * Three layers: the backdrop (page, grid, bands of marks) and the overlay (names, times, cursor,
 * selection) are GTK snapshots made here; between them the canvas draws the traces. Moving the
 * pointer redraws only the snapshots. A frame never waits: what the pyramid does not have yet is
 * drawn when it arrives. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  PROP_0,
  PROP_GUTTER,
  PROP_N_VISIBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InionTraceView, inion_trace_view, GTK_TYPE_WIDGET)

static void
on_enter_monitor (InionTraceView *self)
{
  self->monitor_px_per_mm = 0;
  _inion_trace_view_refresh (self);
}

static void
measure_gutter (InionTraceView *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  int widest = 0;

  for (guint i = 0; montage != NULL && i < inion_montage_get_n_derivations (montage); i++)
    {
      const InionDerivation *derivation = inion_montage_get_derivation (montage, i);
      int width;

      pango_layout_get_pixel_size (_inion_trace_view_get_text (self, derivation->label, TRUE),
                                   &width, NULL);
      widest = MAX (widest, width);
      /* Its sensitivity is to stand below its name. */
      if (inion_view_state_has_own_sensitivity (derivation->kind))
        widest = MAX (widest, _inion_trace_view_text_width (self, "1000\u2009µV/mm"));
    }
  self->gutter = CLAMP (widest + 20, 48, 140);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUTTER]);
}

/* State. */

static void
on_pyramid_changed (InionTraceView *self)
{
  if (self->page != NULL && self->page->pending)
    _inion_trace_view_refresh (self);
}

static void
watch_pyramid (InionTraceView *self)
{
  InionPyramid *pyramid = inion_view_state_get_pyramid (self->state);

  if (pyramid == self->pyramid)
    return;
  if (self->pyramid != NULL)
    g_signal_handler_disconnect (self->pyramid, self->pyramid_handler);
  g_set_object (&self->pyramid, pyramid);
  if (pyramid != NULL)
    self->pyramid_handler = g_signal_connect_swapped (pyramid, "changed",
                                                      G_CALLBACK (on_pyramid_changed), self);
}

/* Lanes of another montage mean nothing in this one, not even until the next frame. */
static void
on_signal_changed (InionTraceView *self)
{
  g_clear_pointer (&self->page, inion_page_unref);
  g_clear_pointer (&self->layout, inion_trace_layout_free);
  if (self->completion != NULL)
    inion_job_cancel (self->completion);
  g_clear_object (&self->completion);
  watch_pyramid (self);
  measure_gutter (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  _inion_trace_view_refresh (self);
}

static void
update_accessible (InionTraceView *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  double from = inion_view_state_get_from (self->state);
  g_autofree char *start = inion_view_state_format_time (self->state, from, 1);
  g_autofree char *text = NULL;

  if (montage == NULL)
    return;
  text = g_strdup_printf (
    _("%u traces, %s, from %s, %.4g seconds, %.4g microvolts per millimetre%s%s%s"),
    self->n_visible, inion_montage_get_title (montage), start,
    inion_view_state_get_page (self->state), inion_view_state_get_sensitivity (self->state),
    inion_view_state_get_option (self->state, INION_VIEW_CLIP) ? _(", kept in their lanes") : "",
    inion_view_state_get_option (self->state, INION_VIEW_NO_DC) ? _(", DC removed") : "",
    inion_view_state_get_option (self->state, INION_VIEW_BUTTERFLY) ? _(", over one another") : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
on_range_changed (InionTraceView *self)
{
  update_accessible (self);
  _inion_trace_view_update_selection_bar (self);
  _inion_trace_view_refresh (self);
}

static void
on_selection_changed (InionTraceView *self)
{
  _inion_trace_view_update_selection_bar (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_scrolled (InionTraceView *self)
{
  inion_view_state_set_first_derivation (
    self->state, (guint) lround (gtk_adjustment_get_value (self->channel_adjustment)));
}

/* Widget. */

static void
inion_trace_view_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  InionTraceView *self = INION_TRACE_VIEW (widget);
  GtkAllocation bar = { width - 12, INION_TRACE_MARKS_HEIGHT, 12,
                        MAX (1, height - INION_TRACE_MARKS_HEIGHT - INION_TRACE_RULER_HEIGHT) };
  GdkRectangle area;

  self->monitor_px_per_mm = 0;
  _inion_trace_view_get_area (self, &area);
  gtk_widget_size_allocate (self->canvas, &area, -1);
  if (gtk_widget_get_visible (self->scrollbar))
    gtk_widget_size_allocate (self->scrollbar, &bar, -1);
  if (gtk_widget_get_visible (self->selection_bar))
    {
      double from, to;
      int bar_width, bar_height;
      GtkAllocation place;

      gtk_widget_measure (self->selection_bar, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &bar_width,
                          NULL, NULL);
      gtk_widget_measure (self->selection_bar, GTK_ORIENTATION_VERTICAL, bar_width, NULL,
                          &bar_height, NULL, NULL);
      inion_view_state_get_selection (self->state, &from, &to);
      place.width = MIN (bar_width, area.width);
      place.height = bar_height;
      place.x = (int) CLAMP (inion_trace_view_time_to_x (self, 0.5 * (from + to)) - place.width / 2,
                             area.x, MAX (area.x, area.x + area.width - place.width));
      place.y = area.y + 6;
      gtk_widget_size_allocate (self->selection_bar, &place, -1);
    }
  _inion_trace_view_refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUTTER]);
}

static void
inion_trace_view_realize (GtkWidget *widget)
{
  GtkNative *native;

  GTK_WIDGET_CLASS (inion_trace_view_parent_class)->realize (widget);
  native = gtk_widget_get_native (widget);
  g_signal_connect_object (gtk_native_get_surface (native), "enter-monitor",
                           G_CALLBACK (on_enter_monitor), widget, G_CONNECT_SWAPPED);
}

static void
inion_trace_view_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 500;
}

static void
inion_trace_view_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  InionTraceView *self = INION_TRACE_VIEW (widget);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (
                                      0, 0, (float) gtk_widget_get_width (widget),
                                      (float) gtk_widget_get_height (widget)));
  _inion_trace_view_draw_backdrop (self, snapshot);
  gtk_widget_snapshot_child (widget, self->canvas, snapshot);
  _inion_trace_view_draw_overlay (self, snapshot);
  if (gtk_widget_get_visible (self->scrollbar))
    gtk_widget_snapshot_child (widget, self->scrollbar, snapshot);
  if (gtk_widget_get_visible (self->selection_bar))
    gtk_widget_snapshot_child (widget, self->selection_bar, snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
inion_trace_view_css_changed (GtkWidget         *widget,
                              GtkCssStyleChange *change)
{
  InionTraceView *self = INION_TRACE_VIEW (widget);

  GTK_WIDGET_CLASS (inion_trace_view_parent_class)->css_changed (widget, change);
  /* Colours and fonts may have changed: light and dark share no cached text. */
  _inion_trace_view_clear_texts (self);
  if (self->state != NULL)
    on_signal_changed (self);
}

static void
inion_trace_view_dispose (GObject *object)
{
  InionTraceView *self = INION_TRACE_VIEW (object);

  if (self->pyramid != NULL)
    g_signal_handler_disconnect (self->pyramid, self->pyramid_handler);
  g_clear_object (&self->pyramid);
  if (self->completion != NULL)
    inion_job_cancel (self->completion);
  g_clear_object (&self->completion);
  g_clear_pointer (&self->canvas, gtk_widget_unparent);
  g_clear_pointer (&self->selection_bar, gtk_widget_unparent);
  g_clear_pointer (&self->scrollbar, gtk_widget_unparent);
  g_clear_pointer (&self->page, inion_page_unref);
  g_clear_pointer (&self->layout, inion_trace_layout_free);
  g_clear_pointer (&self->texts, g_hash_table_unref);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_trace_view_parent_class)->dispose (object);
}

static void
inion_trace_view_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (id == PROP_GUTTER)
    g_value_set_double (value, INION_TRACE_VIEW (object)->gutter);
  else if (id == PROP_N_VISIBLE)
    g_value_set_uint (value, INION_TRACE_VIEW (object)->n_visible);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
inion_trace_view_class_init (InionTraceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inion_trace_view_dispose;
  G_OBJECT_CLASS (klass)->get_property = inion_trace_view_get_property;
  properties[PROP_GUTTER] =
    g_param_spec_double ("gutter", NULL, NULL, 0, G_MAXDOUBLE, 64,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * InionTraceView:n-visible:
   *
   * How many traces are on the screen at once. Changes with the height of the view.
   */
  properties[PROP_N_VISIBLE] =
    g_param_spec_uint ("n-visible", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  widget_class->size_allocate = inion_trace_view_size_allocate;
  widget_class->measure = inion_trace_view_measure;
  widget_class->realize = inion_trace_view_realize;
  widget_class->snapshot = inion_trace_view_snapshot;
  widget_class->css_changed = inion_trace_view_css_changed;
  gtk_widget_class_set_css_name (widget_class, "traceview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
inion_trace_view_init (InionTraceView *self)
{
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->gutter = 64;
  self->pointer_x = self->pointer_y = NAN;
  self->canvas = inion_trace_canvas_new ();
  gtk_widget_set_parent (self->canvas, GTK_WIDGET (self));
  self->channel_adjustment = gtk_adjustment_new (0, 0, 0, 1, 1, 1);
  self->scrollbar = gtk_scrollbar_new (GTK_ORIENTATION_VERTICAL, self->channel_adjustment);
  gtk_widget_set_visible (self->scrollbar, FALSE);
  gtk_widget_set_parent (self->scrollbar, GTK_WIDGET (self));
  self->selection_bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  gtk_widget_add_css_class (self->selection_bar, "selection-bar");
  gtk_widget_set_visible (self->selection_bar, FALSE);
  gtk_widget_set_parent (self->selection_bar, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Traces"), -1);
  g_signal_connect_swapped (self->channel_adjustment, "value-changed", G_CALLBACK (on_scrolled),
                            self);
}

/**
 * inion_trace_view_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the traces
 */
GtkWidget *
inion_trace_view_new (InionViewState *state)
{
  InionTraceView *self = g_object_new (INION_TYPE_TRACE_VIEW, NULL);
  const struct
  {
    const char *signal;
    GCallback callback;
  } watched[] = {
    { "notify::signal", G_CALLBACK (on_signal_changed) },
    { "notify::from", G_CALLBACK (on_range_changed) },
    { "notify::page", G_CALLBACK (on_range_changed) },
    { "notify::sensitivity", G_CALLBACK (on_range_changed) },
    { "notify::negative-up", G_CALLBACK (_inion_trace_view_refresh) },
    { "notify::options", G_CALLBACK (on_range_changed) },
    { "notify::kind-sensitivities", G_CALLBACK (_inion_trace_view_refresh) },
    { "notify::bad", G_CALLBACK (_inion_trace_view_refresh) },
    { "notify::first-derivation", G_CALLBACK (_inion_trace_view_refresh) },
    { "notify::selection", G_CALLBACK (on_selection_changed) },
    { "notify::selected-mark", G_CALLBACK (gtk_widget_queue_draw) },
    { "notify::cursor", G_CALLBACK (gtk_widget_queue_draw) },
    { "notify::calipers", G_CALLBACK (gtk_widget_queue_draw) },
    { "notify::caliper-note", G_CALLBACK (gtk_widget_queue_draw) },
    { "marks-changed", G_CALLBACK (gtk_widget_queue_draw) },
  };

  self->state = g_object_ref (state);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (state, watched[i].signal, watched[i].callback, self,
                             G_CONNECT_SWAPPED);
  _inion_trace_view_input_init (self);
  return GTK_WIDGET (self);
}

/**
 * inion_trace_view_set_px_per_mm:
 * @px_per_mm: logical pixels a millimetre, or 0 for what the monitor says of itself
 */
void
inion_trace_view_set_px_per_mm (InionTraceView *self,
                                double          px_per_mm)
{
  self->px_per_mm = px_per_mm;
  _inion_trace_view_refresh (self);
}

/**
 * inion_trace_view_set_n_channels:
 * @n: how many traces to show at once, or 0 for as many as are comfortable
 */
void
inion_trace_view_set_n_channels (InionTraceView *self,
                                 guint           n)
{
  self->n_wanted = n;
  _inion_trace_view_refresh (self);
}

/**
 * inion_trace_view_get_n_channels:
 * @n_visible: (out) (optional): how many are shown now
 *
 * Returns: how many traces were asked for, 0 for as many as are comfortable
 */
guint
inion_trace_view_get_n_channels (InionTraceView *self,
                                 guint          *n_visible)
{
  if (n_visible != NULL)
    *n_visible = self->n_visible;
  return self->n_wanted;
}

/**
 * inion_trace_view_scroll_channels:
 * @direction: 1 for the channels below, -1 for those above
 */
void
inion_trace_view_scroll_channels (InionTraceView *self,
                                  int             direction)
{
  gtk_adjustment_set_value (self->channel_adjustment,
                            gtk_adjustment_get_value (self->channel_adjustment) +
                              direction * (double) MAX (1, self->n_visible));
}

/**
 * inion_trace_view_dup_pointed_channel:
 *
 * Returns: (transfer full) (nullable): label of the channel whose trace is under the pointer
 */
char *
inion_trace_view_dup_pointed_channel (InionTraceView *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  int derivation = inion_view_state_get_cursor_derivation (self->state);

  if (montage == NULL || derivation < 0)
    return NULL;
  return g_strdup (inion_channel_get_label (inion_montage_get_clock (montage, (guint) derivation)));
}

/**
 * inion_trace_view_get_gutter:
 *
 * Returns: width of the strip of names, in logical pixels
 */
double
inion_trace_view_get_gutter (InionTraceView *self)
{
  return self->gutter;
}

/**
 * inion_trace_view_get_last_frame_ms:
 *
 * Returns: how long the last frame took to prepare and submit, in milliseconds
 */
double
inion_trace_view_get_last_frame_ms (InionTraceView *self)
{
  return self->last_frame_ms +
         inion_trace_canvas_get_last_draw_ms (INION_TRACE_CANVAS (self->canvas));
}

/**
 * inion_trace_view_is_complete:
 *
 * Returns: whether all that the page has to show is drawn: no frame is due, and none of its parts
 *   still waits for the pyramid or for a job
 */
gboolean
inion_trace_view_is_complete (InionTraceView *self)
{
  return self->tick_id == 0 && self->completion == NULL && self->page != NULL &&
         !self->page->pending;
}
