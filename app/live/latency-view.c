/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long decisions take: numbers that only people read, and that change twice a second. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/live/latency-view.h"

#include "app/panel-kit.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>

#define READ_OUT_US 500000

struct _InionLatencyView
{
  GtkBox parent_instance;

  GtkLabel *p50;
  GtkLabel *p95;
  GtkLabel *max;
  GtkLabel *rate;
  GtkLabel *lost;
  GtkLabel *delay;

  gint64 read_out_us;
  guint64 read_out_decisions;
};

G_DEFINE_FINAL_TYPE (InionLatencyView, inion_latency_view, GTK_TYPE_BOX)

static void
show_ms (GtkLabel *label,
         double    ms)
{
  g_autofree char *text = isfinite (ms) ? g_strdup_printf ("%.1f\u2009ms", ms) : g_strdup ("–");

  gtk_label_set_text (label, text);
}

static void
show_read_out (InionLatencyView   *self,
               InionOnlineDecoder *decoder,
               double              decisions_a_second)
{
  InionOnlineStatistics statistics;
  g_autofree char *rate = NULL;
  g_autofree char *lost = NULL;

  inion_online_decoder_get_statistics (decoder, &statistics);
  show_ms (self->p50, statistics.p50_ms);
  show_ms (self->p95, statistics.p95_ms);
  show_ms (self->max, statistics.max_ms);
  rate = isfinite (decisions_a_second) ? g_strdup_printf (_("%.1f a second"), decisions_a_second)
                                       : g_strdup_printf (_("%" PRIu64 " in all"),
                                                          statistics.n_decisions);
  lost = g_strdup_printf ("%" G_GUINT64_FORMAT, statistics.n_lost);
  gtk_label_set_text (self->rate, rate);
  gtk_label_set_text (self->lost, lost);
  if (statistics.n_lost > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->lost), "finding-error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->lost), "finding-error");
}

static GtkLabel *
add_number (GtkWidget  *grid,
            int         row,
            const char *title)
{
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *value = gtk_label_new ("–");

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_add_css_class (value, "numeric");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name,
                                  NULL, -1);
  gtk_grid_attach (GTK_GRID (grid), name, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), value, 1, row, 1, 1);
  return GTK_LABEL (value);
}

static void
inion_latency_view_class_init (InionLatencyViewClass *klass)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "latencyview");
}

static void
inion_latency_view_init (InionLatencyView *self)
{
  GtkWidget *box = GTK_WIDGET (self);
  GtkWidget *grid = gtk_grid_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  inion_panel_heading (box, _("Latency, sample to decision"));
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  self->p50 = add_number (grid, 0, _("Half within (p50)"));
  self->p95 = add_number (grid, 1, _("95\u2009% within (p95)"));
  self->max = add_number (grid, 2, _("Longest (max)"));
  self->rate = add_number (grid, 3, _("Decisions"));
  self->lost = add_number (grid, 4, _("Samples lost"));
  gtk_box_append (GTK_BOX (box), grid);
  self->delay = inion_panel_caption (box, NULL);
}

/**
 * inion_latency_view_new:
 *
 * Returns: (transfer full): a read-out of nothing yet
 */
GtkWidget *
inion_latency_view_new (void)
{
  return g_object_new (INION_TYPE_LATENCY_VIEW, NULL);
}

/**
 * inion_latency_view_set_window:
 * @self: a read-out
 * @length_s: how long the window of a decision is, s
 *
 * Explains what the latency is and what it is not.
 */
void
inion_latency_view_set_window (InionLatencyView *self,
                               double            length_s)
{
  g_autofree char *delay =
    g_strdup_printf (_("Latency is from the arrival of a window's last sample to its decision. "
                       "What a decision says is about the %.3g\u2009s before it."), length_s);

  g_return_if_fail (INION_IS_LATENCY_VIEW (self));

  gtk_label_set_text (self->delay, delay);
}

/**
 * inion_latency_view_start:
 * @self: a read-out
 * @decoder: a decoder that has just been started
 *
 * Begins to count from nothing.
 */
void
inion_latency_view_start (InionLatencyView   *self,
                          InionOnlineDecoder *decoder)
{
  g_return_if_fail (INION_IS_LATENCY_VIEW (self));

  self->read_out_us = g_get_monotonic_time ();
  self->read_out_decisions = 0;
  show_read_out (self, decoder, 0);
}

/**
 * inion_latency_view_update:
 * @self: a read-out
 * @decoder: the decoder, running
 *
 * Shows its numbers, unless that was done less than half a second ago.
 */
void
inion_latency_view_update (InionLatencyView   *self,
                           InionOnlineDecoder *decoder)
{
  gint64 now = g_get_monotonic_time ();
  InionOnlineStatistics statistics;

  g_return_if_fail (INION_IS_LATENCY_VIEW (self));

  if (now - self->read_out_us < READ_OUT_US)
    return;
  inion_online_decoder_get_statistics (decoder, &statistics);
  show_read_out (self, decoder, (double) (statistics.n_decisions - self->read_out_decisions) * 1e6 /
                                  (double) (now - self->read_out_us));
  self->read_out_us = now;
  self->read_out_decisions = statistics.n_decisions;
}

/**
 * inion_latency_view_rest:
 * @self: a read-out
 * @decoder: a decoder that has come to rest
 *
 * Shows the numbers of its whole run.
 */
void
inion_latency_view_rest (InionLatencyView   *self,
                         InionOnlineDecoder *decoder)
{
  g_return_if_fail (INION_IS_LATENCY_VIEW (self));

  show_read_out (self, decoder, NAN);
}

/**
 * inion_latency_view_clear:
 * @self: a read-out
 *
 * Shows nothing: the decoder is gone.
 */
void
inion_latency_view_clear (InionLatencyView *self)
{
  GtkLabel *labels[] = { self->p50, self->p95, self->max, self->rate, self->lost };

  g_return_if_fail (INION_IS_LATENCY_VIEW (self));

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    gtk_label_set_text (labels[i], "–");
  gtk_widget_remove_css_class (GTK_WIDGET (self->lost), "finding-error");
}
