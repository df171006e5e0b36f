/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of the trace view: which lanes, which page, and the job that completes it.
 *
 * The main thread takes what the caches and the pyramid have; what is missing is drawn coarsely or
 * not at all until a job has it. While the person looks at a page, another job makes the one that
 * follows in the direction of travel, so that turning to it neither computes nor waits for a disk. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-view-private.h"

/* Unless told otherwise a lane is at least 7 mm high: what is drawn at 7 µV/mm must stay readable;
 * further channels are a scroll away. */
#define COMFORTABLE_LANE_MM 7.0
#define SMALLEST_LANE_PX 4
/* The page ahead is made when nothing has moved for so long, and only if it is cheap. */
#define AHEAD_AFTER_MS 60
#define AHEAD_MAX_SAMPLES 4e6

/* The page that is likely to be looked at next. */
typedef struct
{
  InionJob *job;
  guint timer_id;
  double last_from_s;
  gboolean backwards;
} Ahead;

/* How many lanes fit, and the scroll bar for the rest. */
static void
update_channel_range (InionTraceView *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  guint n = montage != NULL ? inion_montage_get_n_derivations (montage) : 0;
  guint first = inion_view_state_get_first_derivation (self->state);
  int height = gtk_widget_get_height (GTK_WIDGET (self)) - INION_TRACE_MARKS_HEIGHT -
               INION_TRACE_RULER_HEIGHT;
  guint most = (guint) MAX (1, height / SMALLEST_LANE_PX);
  guint fit =
    (guint) MAX (1, height / (COMFORTABLE_LANE_MM * inion_trace_view_get_px_per_mm (self)));
  guint n_visible = MIN (self->n_wanted > 0 ? MIN (self->n_wanted, most) : fit, n);

  /* Over one another, all have room. */
  if (inion_view_state_get_option (self->state, INION_VIEW_BUTTERFLY))
    n_visible = n;
  if (n_visible != self->n_visible)
    {
      self->n_visible = n_visible;
      g_object_notify (G_OBJECT (self), "n-visible");
    }
  if (first + self->n_visible > n)
    inion_view_state_set_first_derivation (self->state, n - self->n_visible);
  gtk_widget_set_visible (self->scrollbar, self->n_visible < n);
  gtk_adjustment_configure (self->channel_adjustment,
                            inion_view_state_get_first_derivation (self->state), 0, n, 1,
                            self->n_visible, self->n_visible);
}

static void
make_layout (InionTraceView     *self,
             const GdkRectangle *area,
             int                 scale)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  guint n = inion_montage_get_n_derivations (montage);
  g_autofree gboolean *bad = g_new0 (gboolean, MAX (n, 1));
  g_autofree InionMinMax *ranges = g_new0 (InionMinMax, MAX (n, 1));
  InionTraceLayoutOptions options = {
    .first = inion_view_state_get_first_derivation (self->state),
    .n_visible = self->n_visible,
    .height = area->height * scale,
    .px_per_mm = inion_trace_view_get_px_per_mm (self) * scale,
    .sensitivity = inion_view_state_get_sensitivity (self->state),
    .positive_up = !inion_view_state_get_negative_up (self->state),
    .dark = FALSE,
    .butterfly = inion_view_state_get_option (self->state, INION_VIEW_BUTTERFLY),
    .clip = inion_view_state_get_option (self->state, INION_VIEW_CLIP),
    .bad = bad,
    .ranges = ranges,
  };
  g_autofree float *offsets = NULL;
  GdkRGBA fg;

  for (guint kind = 0; kind < INION_N_CHANNEL_KINDS; kind++)
    options.sensitivities[kind] = inion_view_state_get_kind_sensitivity (self->state, kind);
  if (inion_view_state_get_option (self->state, INION_VIEW_NO_DC))
    {
      offsets = g_new0 (float, MAX (n, 1));
      inion_trace_layout_offsets (self->page, offsets);
      options.offsets = offsets;
    }

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &fg);
  options.dark = fg.red + fg.green + fg.blue > 1.5;
  for (guint i = 0; i < n; i++)
    {
      const InionDerivation *derivation = inion_montage_get_derivation (montage, i);

      for (guint t = 0; t < derivation->n_terms && derivation->n_terms <= 2; t++)
        bad[i] |= inion_view_state_is_bad (
          self->state,
          inion_channel_get_label (inion_recording_get_channel (
            inion_view_state_get_recording (self->state), derivation->channels[t])));
      /* In an average every channel is a term; its own comes first. */
      if (derivation->n_terms > 2)
        bad[i] = inion_view_state_is_bad (
          self->state, inion_channel_get_label (inion_recording_get_channel (
                         inion_view_state_get_recording (self->state), derivation->channels[0])));
    }
  inion_trace_layout_ranges (self->page, ranges);
  g_clear_pointer (&self->layout, inion_trace_layout_free);
  self->layout = inion_trace_layout_new (montage, &options);
}

/* Makes the frame of what is visible now. */
static void
update_frame (InionTraceView *self)
{
  InionShownSignal *signal = inion_view_state_get_signal (self->state);
  double from = inion_view_state_get_from (self->state);
  double to = from + inion_view_state_get_page (self->state);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gint64 start = g_get_monotonic_time ();
  g_autoptr (InionTraceFrame) frame = NULL;
  g_autoptr (GError) error = NULL;
  InionPage *page;
  GdkRectangle area;

  if (signal == NULL || gtk_widget_get_width (GTK_WIDGET (self)) <= 1)
    {
      inion_trace_canvas_set_frame (INION_TRACE_CANVAS (self->canvas), NULL);
      return;
    }
  update_channel_range (self);
  _inion_trace_view_get_area (self, &area);
  page = inion_page_new_quick (signal, inion_view_state_get_pyramid (self->state), from, to,
                               (guint) (area.width * scale),
                               inion_view_state_get_first_derivation (self->state),
                               self->n_visible, &error);
  if (page == NULL)
    {
      g_signal_emit_by_name (self->state, "message", error->message);
      return;
    }
  g_clear_pointer (&self->page, inion_page_unref);
  self->page = page;
  make_layout (self, &area, scale);
  frame = inion_trace_frame_new (page, from, to, area.width * scale, area.height * scale,
                                 1.25f * (float) scale, self->layout->lanes, self->layout->n);
  inion_trace_canvas_set_frame (INION_TRACE_CANVAS (self->canvas), frame);
  self->last_frame_ms = (double) (g_get_monotonic_time () - start) / 1000.0;
}

/* Pages that a quick look could not fill are completed off the main thread; the caches then have
 * what the next quick look wants. */

static void
on_page_complete (InionJob     *job,
                  gpointer      result,
                  const GError *error,
                  gpointer      user_data)
{
  g_autoptr (InionTraceView) self = user_data;

  g_clear_pointer ((InionPage **) &result, inion_page_unref);
  /* Superseded, or of a signal that is not shown any more. */
  if (self->completion != job)
    return;
  g_clear_object (&self->completion);
  if (error == NULL)
    _inion_trace_view_refresh (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit_by_name (self->state, "message", error->message);
}

/* A job that makes the page that begins at a time. */
static InionJob *
new_page_job (InionTraceView *self,
              double          from_s)
{
  GdkRectangle area;

  _inion_trace_view_get_area (self, &area);
  return inion_page_new_job (inion_view_state_get_signal (self->state),
                             inion_view_state_get_pyramid (self->state), from_s,
                             from_s + inion_view_state_get_page (self->state),
                             (guint) (area.width * gtk_widget_get_scale_factor (GTK_WIDGET (self))),
                             inion_view_state_get_first_derivation (self->state), self->n_visible);
}

static void
start_completion (InionTraceView *self)
{
  if (self->completion != NULL)
    inion_job_cancel (self->completion);
  g_clear_object (&self->completion);
  self->completion = new_page_job (self, inion_view_state_get_from (self->state));
  inion_job_start (self->completion, on_page_complete, g_object_ref (self));
}

static void
stop_ahead (Ahead *ahead)
{
  g_clear_handle_id (&ahead->timer_id, g_source_remove);
  if (ahead->job != NULL)
    inion_job_cancel (ahead->job);
  g_clear_object (&ahead->job);
}

static void
ahead_free (gpointer data)
{
  stop_ahead (data);
  g_free (data);
}

static Ahead *
get_ahead (InionTraceView *self)
{
  GQuark quark = g_quark_from_static_string ("inion-page-ahead");
  Ahead *ahead = g_object_get_qdata (G_OBJECT (self), quark);

  if (ahead != NULL)
    return ahead;
  ahead = g_new0 (Ahead, 1);
  g_object_set_qdata_full (G_OBJECT (self), quark, ahead, ahead_free);
  return ahead;
}

/* Its result stays with the signal: nobody takes it here. */
static gboolean
start_ahead (gpointer data)
{
  InionTraceView *self = data;
  Ahead *ahead = get_ahead (self);
  double from = inion_view_state_get_from (self->state);
  double page = inion_view_state_get_page (self->state);
  double last = MAX (0, inion_view_state_get_duration_s (self->state) - page);
  double next = CLAMP (from + (ahead->backwards ? -page : page), 0, last);

  ahead->timer_id = 0;
  if (inion_view_state_get_signal (self->state) == NULL || next == from)
    return G_SOURCE_REMOVE;
  ahead->job = new_page_job (self, next);
  inion_job_start (ahead->job, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* Whether the page was made from samples, and few enough: pages of the pyramid need nothing. */
static gboolean
is_worth_an_ahead (InionTraceView *self)
{
  InionPyramid *pyramid = inion_view_state_get_pyramid (self->state);
  const InionPage *page = self->page;
  guint first;

  if (page == NULL || page->pending || page->n == 0)
    return FALSE;
  first = page->first;
  return (page->to_s - page->from_s) * page->rate_hz[first] * page->n <= AHEAD_MAX_SAMPLES &&
         (pyramid == NULL || page->bin_size[first] < inion_pyramid_get_base_bin (pyramid, first));
}

static void
plan_ahead (InionTraceView *self)
{
  Ahead *ahead = get_ahead (self);
  double from = inion_view_state_get_from (self->state);

  stop_ahead (ahead);
  if (from != ahead->last_from_s)
    ahead->backwards = from < ahead->last_from_s;
  ahead->last_from_s = from;
  if (is_worth_an_ahead (self))
    ahead->timer_id = g_timeout_add (AHEAD_AFTER_MS, start_ahead, self);
}

/* All changes of one main-loop turn make one frame. */
static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  InionTraceView *self = INION_TRACE_VIEW (widget);

  self->tick_id = 0;
  update_frame (self);
  if (self->page != NULL && self->page->wants_job &&
      inion_view_state_get_signal (self->state) != NULL)
    start_completion (self);
  plan_ahead (self);
  _inion_trace_view_plan_saturation (self);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

void
_inion_trace_view_refresh (InionTraceView *self)
{
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}
