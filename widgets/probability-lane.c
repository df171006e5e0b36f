/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lane under the traces: what the model believes, second by second.
 *
 * Shown while there is a track; an answer that is older than what it was made from is drawn
 * hatched. The column under a time is the decision whose window ends there. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/probability-lane.h"

#include "widgets/render/plots.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_CLASSES 16

struct _InionProbabilityLane
{
  GtkWidget parent_instance;

  InionViewState *state;
  double left;
  double right;
};

G_DEFINE_FINAL_TYPE (InionProbabilityLane, inion_probability_lane, GTK_TYPE_WIDGET)

/* First row whose window ends at or after a time. */
static gsize
first_row_from (const InionTrack *track,
                double            time_s)
{
  gsize low = 0, high = track->n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if ((double) track->end_ns[middle] / 1e9 < time_s)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* How long a row holds: the step of the decisions. The first two may stand on both sides of a gap,
 * hardly all of the first. */
static double
hold_of (const InionTrack *track)
{
  gint64 least = G_MAXINT64;

  for (gsize i = 1; i < MIN (track->n, 64); i++)
    least = MIN (least, track->end_ns[i] - track->end_ns[i - 1]);
  return track->n > 1 ? (double) least / 1e9 : 1.0;
}

static void
draw_track (InionProbabilityLane *self,
            cairo_t              *cr,
            double                width,
            double                height,
            gboolean              dark)
{
  const InionTrack *track = inion_view_state_get_track (self->state);
  double from = inion_view_state_get_from (self->state);
  double to = from + inion_view_state_get_page (self->state);
  double hold = hold_of (track);
  gsize first = first_row_from (track, from - hold);
  gsize end = MIN (track->n, first_row_from (track, to) + 1);
  gsize stride = MAX (1, (gsize) ((double) (end - first) / MAX (width, 1.0)));
  g_autofree double *times = g_new (double, end - first + 1);
  g_autofree double *rows = g_new (double, (end - first + 1) * track->n_classes);
  guint32 colors[MAX_CLASSES];
  InionPlotStyle style = { .dark = dark };
  gsize n = 0;

  for (guint k = 0; k < MIN (track->n_classes, MAX_CLASSES); k++)
    colors[k] = inion_view_state_get_class_color (k);
  /* At most one decision a pixel: beyond that nothing more could be seen. */
  for (gsize i = first; i < end; i += stride, n++)
    {
      times[n] = (double) track->end_ns[i] / 1e9;
      memcpy (rows + n * track->n_classes, track->probabilities + i * track->n_classes,
              track->n_classes * sizeof (double));
    }
  inion_probability_lane_draw (cr, width, height, from, to, times, n, hold * (double) stride, rows,
                               MIN (track->n_classes, MAX_CLASSES), colors,
                               inion_view_state_get_track_stale (self->state), &style);
}

static void
draw_class_names (InionProbabilityLane *self,
                  GtkSnapshot          *snapshot,
                  double                height)
{
  InionModel *model = inion_view_state_get_model (self->state);
  guint n = model != NULL ? MIN (inion_model_get_n_classes (model), 2) : 0;

  for (guint k = 0; k < n; k++)
    {
      g_autoptr (PangoLayout) layout =
        gtk_widget_create_pango_layout (GTK_WIDGET (self), inion_model_get_class (model, k));
      guint32 hue = inion_view_state_get_class_color (k);
      GdkRGBA color = { (float) (hue >> 16 & 0xff) / 255.f, (float) (hue >> 8 & 0xff) / 255.f,
                        (float) (hue & 0xff) / 255.f, 1 };
      PangoAttrList *attributes = pango_attr_list_new ();
      int text_width, text_height;

      pango_attr_list_insert (attributes, pango_attr_scale_new (0.78));
      pango_layout_set_attributes (layout, attributes);
      pango_attr_list_unref (attributes);
      pango_layout_set_width (layout, (int) (self->left - 12) * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_get_pixel_size (layout, &text_width, &text_height);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (
                                          (float) (self->left - 9 - text_width),
                                          (float) ((k + 0.5) * height / n - text_height / 2.0)));
      gtk_snapshot_append_layout (snapshot, layout, &color);
      gtk_snapshot_restore (snapshot);
    }
}

static void
inion_probability_lane_snapshot (GtkWidget   *widget,
                                 GtkSnapshot *snapshot)
{
  InionProbabilityLane *self = INION_PROBABILITY_LANE (widget);
  double width = gtk_widget_get_width (widget) - self->left - self->right;
  double height = gtk_widget_get_height (widget);
  GdkRGBA fg;
  cairo_t *cr;

  if (inion_view_state_get_track (self->state) == NULL || width < 4)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &fg);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT ((float) self->left, 0,
                                                                 (float) width, (float) height));
  cairo_translate (cr, self->left, 0);
  draw_track (self, cr, width, height, fg.red + fg.green + fg.blue > 1.5);
  cairo_destroy (cr);
  draw_class_names (self, snapshot, height);
}

static void
inion_probability_lane_measure (GtkWidget      *widget,
                                GtkOrientation  orientation,
                                int             for_size,
                                int            *minimum,
                                int            *natural,
                                int            *minimum_baseline,
                                int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 28;
}

static void
on_track_changed (InionProbabilityLane *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), inion_view_state_get_track (self->state) != NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_query_tooltip (InionProbabilityLane *self,
                  int                   x,
                  int                   y,
                  gboolean              keyboard,
                  GtkTooltip           *tooltip)
{
  const InionTrack *track = inion_view_state_get_track (self->state);
  InionModel *model = inion_view_state_get_model (self->state);
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - self->left - self->right;
  g_autoptr (GString) text = g_string_new (NULL);
  double time_s;
  gsize row;

  if (track == NULL || model == NULL || width < 1)
    return FALSE;
  time_s = inion_view_state_get_from (self->state) +
           (x - self->left) / width * inion_view_state_get_page (self->state);
  row = first_row_from (track, time_s);
  if (row >= track->n)
    return FALSE;
  /* The next answer may be behind a gap. */
  if ((double) track->end_ns[row] / 1e9 - time_s > 2 * hold_of (track))
    {
      gtk_tooltip_set_text (tooltip, _("no answer here"));
      return TRUE;
    }
  for (guint k = 0; k < track->n_classes; k++)
    g_string_append_printf (text, "%s%s %.2f", k > 0 ? "   " : "", inion_model_get_class (model, k),
                            track->probabilities[row * track->n_classes + k]);
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

static void
inion_probability_lane_dispose (GObject *object)
{
  g_clear_object (&INION_PROBABILITY_LANE (object)->state);
  G_OBJECT_CLASS (inion_probability_lane_parent_class)->dispose (object);
}

static void
inion_probability_lane_class_init (InionProbabilityLaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inion_probability_lane_dispose;
  widget_class->snapshot = inion_probability_lane_snapshot;
  widget_class->measure = inion_probability_lane_measure;
  gtk_widget_class_set_css_name (widget_class, "probabilitylane");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
inion_probability_lane_init (InionProbabilityLane *self)
{
  self->left = 64;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Probability of each class over time"), -1);
}

/**
 * inion_probability_lane_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the lane, hidden until there is a track
 */
GtkWidget *
inion_probability_lane_new (InionViewState *state)
{
  InionProbabilityLane *self = g_object_new (INION_TYPE_PROBABILITY_LANE, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::track", G_CALLBACK (on_track_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::from", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::page", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * inion_probability_lane_set_gutter:
 * @left: where the traces begin, in px
 * @right: what is left free at the right, in px
 *
 * Puts the lane under the traces, column for column.
 */
void
inion_probability_lane_set_gutter (InionProbabilityLane *self,
                                   double                left,
                                   double                right)
{
  if (left == self->left && right == self->right)
    return;
  self->left = left;
  self->right = right;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
