/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole recording in a strip: how large the signal is, where the marks are, where one looks.
 *
 * A click jumps there; a drag moves the page along. The envelope is the median range of the shown
 * EEG derivations in each column, from the coarse levels of the pyramid. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/overview.h"

#include "widgets/paint-private.h"
#include "widgets/render/gap-band.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARK_ROW_PX 6
#define MAX_COLUMNS 2048

struct _InionOverview
{
  GtkWidget parent_instance;

  InionViewState *state;
  InionPyramid *pyramid;
  gulong pyramid_handler;
  float *envelope;      /* height of each column, 0 to 1; NAN: not there yet */
  guint n_columns;
  gboolean stale;
};

G_DEFINE_FINAL_TYPE (InionOverview, inion_overview, GTK_TYPE_WIDGET)

static int
compare_floats (gconstpointer a,
                gconstpointer b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return (x > y) - (x < y);
}

static float
median (float *values,
        guint  n)
{
  if (n == 0)
    return NAN;
  qsort (values, n, sizeof (float), compare_floats);
  return values[n / 2];
}

/* Range of one derivation in each column, from the coarsest bins that still resolve a column. */
static void
derivation_ranges (InionOverview *self,
                   guint          derivation,
                   guint          n_columns,
                   float         *ranges)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  gint64 n = inion_channel_get_n_samples (inion_montage_get_clock (montage, derivation));
  gint64 bin = inion_pyramid_get_base_bin (self->pyramid, derivation);
  g_autofree InionMinMax *bins = NULL;
  gsize n_bins;

  while (bin * 2 * n_columns <= n)
    bin *= 2;
  n_bins = (gsize) ((n + bin - 1) / bin);
  bins = g_new (InionMinMax, MAX (n_bins, 1));
  inion_pyramid_query (self->pyramid, derivation, 0, bin, n_bins, bins);
  for (guint c = 0; c < n_columns; c++)
    {
      gsize from = (gsize) ((double) c / n_columns * (double) n_bins);
      gsize to = MAX (from + 1, (gsize) ((double) (c + 1) / n_columns * (double) n_bins));
      float lo = INFINITY, hi = -INFINITY;

      for (gsize b = from; b < MIN (to, n_bins); b++)
        {
          lo = MIN (lo, bins[b].lo);
          hi = MAX (hi, bins[b].hi);
        }
      ranges[c] = lo <= hi ? hi - lo : NAN;
    }
}

static void
update_envelope (InionOverview *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  guint n = montage != NULL ? inion_montage_get_n_derivations (montage) : 0;
  guint n_columns = (guint) CLAMP (gtk_widget_get_width (GTK_WIDGET (self)), 1, MAX_COLUMNS);
  g_autofree float *ranges = NULL;
  g_autofree float *column = NULL;
  float top = 0;
  guint used = 0;

  self->stale = FALSE;
  g_clear_pointer (&self->envelope, g_free);
  if (self->pyramid == NULL || n == 0)
    return;
  /* Sixteen derivations are enough for a silhouette and keep the query short. */
  ranges = g_new (float, (gsize) n_columns * 16);
  column = g_new (float, MAX (n_columns, 16u));
  for (guint k = 0; k < n && used < 16; k += MAX (1, n / 16))
    if (inion_montage_get_derivation (montage, k)->kind == INION_CHANNEL_EEG)
      derivation_ranges (self, k, n_columns, ranges + (gsize) n_columns * used++);
  self->envelope = g_new (float, n_columns);
  self->n_columns = n_columns;
  for (guint c = 0; c < n_columns; c++)
    {
      guint m = 0;

      for (guint u = 0; u < used; u++)
        if (isfinite (ranges[(gsize) n_columns * u + c]))
          column[m++] = ranges[(gsize) n_columns * u + c];
      self->envelope[c] = median (column, m);
    }
  {
    guint m = 0;

    for (guint c = 0; c < n_columns; c++)
      if (isfinite (self->envelope[c]))
        column[m++] = self->envelope[c];
    if (m > 0)
      {
        qsort (column, m, sizeof (float), compare_floats);
        top = column[(gsize) (0.95 * (m - 1))] * 1.15f;
      }
  }
  for (guint c = 0; c < n_columns && top > 0; c++)
    self->envelope[c] = MIN (self->envelope[c] / top, 1.0f);
}

static void
draw_envelope (InionOverview *self,
               cairo_t       *cr,
               double         height)
{
  GdkRGBA color = _inion_paint_foreground (GTK_WIDGET (self), 0.35f);

  if (self->envelope == NULL)
    return;
  gdk_cairo_set_source_rgba (cr, &color);
  for (guint c = 0; c < self->n_columns; c++)
    {
      double h = isfinite (self->envelope[c]) ? MAX (1.0, self->envelope[c] * height) : 0.0;

      if (h > 0)
        cairo_rectangle (cr, c, (height - h) / 2.0, 1, h);
    }
  cairo_fill (cr);
}

typedef struct
{
  InionOverview *self;
  GtkSnapshot *snapshot;
  double px_per_s;
  double height;
} GapPass;

static void
draw_gap (double   from_s,
          double   to_s,
          gpointer data)
{
  const GapPass *pass = data;
  double x = from_s * pass->px_per_s, width = (to_s - from_s) * pass->px_per_s;
  GtkWidget *widget = GTK_WIDGET (pass->self);

  if (width < 3)
    {
      _inion_paint_fill (pass->snapshot, _inion_paint_foreground (widget, 0.3f), floor (x),
                         2 * MARK_ROW_PX, MAX (width, 1), pass->height);
      return;
    }
  _inion_paint_fill (pass->snapshot, _inion_paint_foreground (widget, 0.06f), x, 2 * MARK_ROW_PX,
                     width, pass->height);
  _inion_paint_hatch (pass->snapshot, _inion_paint_foreground (widget, 0.2f), x, 2 * MARK_ROW_PX,
                      width, pass->height, x);
}

typedef struct
{
  InionOverview *self;
  GtkSnapshot *snapshot;
  InionPalette *palette;
  double px_per_s;
  int last_x;
  guint32 last_color;
} MarkPass;

static gboolean
draw_mark (InionAnnotation *mark,
           gpointer         data)
{
  MarkPass *pass = data;
  double x = (double) inion_annotation_get_onset_ns (mark) / 1e9 * pass->px_per_s;
  double width = (double) inion_annotation_get_duration_ns (mark) / 1e9 * pass->px_per_s;
  guint32 hue = inion_palette_get_color (pass->palette, inion_annotation_get_label (mark));
  gboolean suggestion = inion_annotation_is_suggestion (mark);
  GdkRGBA color = { (float) (hue >> 16 & 0xff) / 255.f, (float) (hue >> 8 & 0xff) / 255.f,
                    (float) (hue & 0xff) / 255.f, suggestion ? 0.45f : 1.0f };

  /* Of many marks in one column, one of each colour is all there is to see. */
  if ((int) x == pass->last_x && hue == pass->last_color && width < 2)
    return TRUE;
  pass->last_x = (int) x;
  pass->last_color = hue;
  _inion_paint_fill (pass->snapshot, color, x, suggestion ? MARK_ROW_PX + 1 : 1, MAX (width, 1.5),
                     MARK_ROW_PX - 1);
  return TRUE;
}

static void
inion_overview_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  InionOverview *self = INION_OVERVIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double duration = inion_view_state_get_duration_s (self->state);
  InionStudy *study = inion_view_state_get_study (self->state);
  GdkRGBA accent = { 0.21f, 0.52f, 0.89f, 1 };
  GdkRGBA line = _inion_paint_foreground (GTK_WIDGET (self), 0.15f);
  double x, page;

  _inion_paint_fill (snapshot, line, 0, 0, width, 1);
  if (study == NULL || duration <= 0)
    return;
  if (self->stale || self->n_columns != (guint) CLAMP (width, 1, MAX_COLUMNS))
    update_envelope (self);
  {
    cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 2 * MARK_ROW_PX, (float) width,
                                     (float) (height - 2 * MARK_ROW_PX)));

    cairo_translate (cr, 0, 2 * MARK_ROW_PX);
    draw_envelope (self, cr, height - 2 * MARK_ROW_PX - 2);
    cairo_destroy (cr);
  }
  {
    GapPass pass = { self, snapshot, width / duration, height - 2 * MARK_ROW_PX };

    inion_gap_band_foreach (inion_view_state_get_recording (self->state), 0, duration,
                            duration / width, draw_gap, &pass);
  }
  {
    MarkPass pass = { .self = self, .snapshot = snapshot,
                      .palette = inion_study_get_palette (study),
                      .px_per_s = width / duration, .last_x = -1 };

    inion_annotation_set_foreach_in (inion_study_get_annotations (study), G_MININT64, G_MAXINT64,
                                     draw_mark, &pass);
  }
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_color", &accent);
  x = inion_view_state_get_from (self->state) / duration * width;
  page = MAX (3.0, inion_view_state_get_page (self->state) / duration * width);
  accent.alpha = 0.22f;
  _inion_paint_fill (snapshot, accent, x, 1, page, height - 1);
  accent.alpha = 0.9f;
  _inion_paint_fill (snapshot, accent, x, 1, 1, height - 1);
  _inion_paint_fill (snapshot, accent, x + page - 1, 1, 1, height - 1);
}

static void
inion_overview_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 40;
}

/* Pointer. */

static void
jump (InionOverview *self,
      double         x)
{
  double duration = inion_view_state_get_duration_s (self->state);
  double time_s = x / MAX (1, gtk_widget_get_width (GTK_WIDGET (self))) * duration;

  inion_view_state_set_from (self->state, time_s - inion_view_state_get_page (self->state) / 2.0);
}

static void
on_drag_begin (GtkGestureDrag *gesture,
               double          x,
               double          y,
               InionOverview  *self)
{
  jump (self, x);
}

static void
on_drag_update (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                InionOverview  *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  jump (self, x + dx);
}

/* State. */

static void
mark_stale (InionOverview *self)
{
  self->stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_signal_changed (InionOverview *self)
{
  InionPyramid *pyramid = inion_view_state_get_pyramid (self->state);

  if (self->pyramid != NULL)
    g_signal_handler_disconnect (self->pyramid, self->pyramid_handler);
  g_set_object (&self->pyramid, pyramid);
  if (pyramid != NULL)
    self->pyramid_handler =
      g_signal_connect_swapped (pyramid, "changed", G_CALLBACK (mark_stale), self);
  mark_stale (self);
}

static void
inion_overview_dispose (GObject *object)
{
  InionOverview *self = INION_OVERVIEW (object);

  if (self->pyramid != NULL)
    g_signal_handler_disconnect (self->pyramid, self->pyramid_handler);
  g_clear_object (&self->pyramid);
  g_clear_object (&self->state);
  g_clear_pointer (&self->envelope, g_free);
  G_OBJECT_CLASS (inion_overview_parent_class)->dispose (object);
}

static void
inion_overview_class_init (InionOverviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inion_overview_dispose;
  widget_class->snapshot = inion_overview_snapshot;
  widget_class->measure = inion_overview_measure;
  gtk_widget_class_set_css_name (widget_class, "overview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
inion_overview_init (InionOverview *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _("The whole recording: click to jump"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Overview of the recording"), -1);
}

/**
 * inion_overview_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the strip
 */
GtkWidget *
inion_overview_new (InionViewState *state)
{
  InionOverview *self = g_object_new (INION_TYPE_OVERVIEW, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::signal", G_CALLBACK (on_signal_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::from", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::page", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "marks-changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
