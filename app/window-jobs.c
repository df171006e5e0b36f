/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is being computed, behind the button in the head bar: title, step, progress, cancel. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "app/panel-kit.h"

#include <glib/gi18n.h>

static gboolean
show_jobs (gpointer data)
{
  InionWindow *self = data;
  GListModel *jobs = G_LIST_MODEL (inion_view_state_get_jobs (self->state));

  self->jobs_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->jobs_button), g_list_model_get_n_items (jobs) > 0);
  return G_SOURCE_REMOVE;
}

/* What ends within 200 ms needs no progress: a spinner that flashes only disturbs. */
static void
on_jobs_changed (InionWindow *self)
{
  if (self->jobs_id == 0)
    self->jobs_id = g_timeout_add (200, show_jobs, self);
}

/* One row of the job list: title, step, progress, cancel. */

static void
on_cancel_job (GtkButton   *button,
               GtkListItem *item)
{
  inion_job_cancel (INION_JOB (gtk_list_item_get_item (item)));
}

static void
setup_job_row (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  data)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *step = gtk_label_new (NULL);
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *cancel = gtk_button_new_from_icon_name ("process-stop-symbolic");
  GtkExpression *job = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (GTK_LABEL (step), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (step, "caption");
  gtk_widget_add_css_class (step, "dim-label");
  gtk_widget_add_css_class (cancel, "flat");
  gtk_widget_set_valign (cancel, GTK_ALIGN_CENTER);
  inion_panel_set_tooltip (cancel, _("Cancel"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (cancel), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Cancel this job"), -1);
  gtk_grid_attach (GTK_GRID (grid), title, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), step, 0, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), bar, 0, 2, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), cancel, 1, 0, 1, 3);
  gtk_expression_bind (gtk_property_expression_new (INION_TYPE_JOB, gtk_expression_ref (job),
                                                    "title"), title, "label", item);
  gtk_expression_bind (gtk_property_expression_new (INION_TYPE_JOB, gtk_expression_ref (job),
                                                    "step"), step, "label", item);
  gtk_expression_bind (gtk_property_expression_new (INION_TYPE_JOB, job, "progress"), bar,
                       "fraction", item);
  g_signal_connect (cancel, "clicked", G_CALLBACK (on_cancel_job), item);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, grid);
}

void
_inion_window_make_job_list (InionWindow *self)
{
  GListModel *jobs = G_LIST_MODEL (inion_view_state_get_jobs (self->state));
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (jobs));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_job_row), NULL);
  gtk_list_view_set_factory (self->jobs_view, factory);
  gtk_list_view_set_model (self->jobs_view, GTK_SELECTION_MODEL (selection));
  g_object_unref (factory);
  g_object_unref (selection);
  g_signal_connect_object (jobs, "items-changed", G_CALLBACK (on_jobs_changed), self,
                           G_CONNECT_SWAPPED);
}
