/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Network workspace: a graph of the page, with its numbers and its threshold. */

#include "gui-picture.h"

#include <stdlib.h>
#include <string.h>

/* What is read out of the picture and its legend: the toolkit's test back end keeps it. */
static char *
dup_description (GtkWidget *panel)
{
  GtkWidget *graph = gui_find_type (panel, GTK_TYPE_DRAWING_AREA);

  return gtk_test_accessible_check_property (GTK_ACCESSIBLE (graph),
                                             GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "\x01");
}

static gboolean
says (GtkWidget  *panel,
      const char *part)
{
  g_autofree char *description = dup_description (panel);

  return description != NULL && strstr (description, part) != NULL;
}

/* The number of edges that the legend speaks of; -1: it speaks of none. */
static int
n_edges (GtkWidget *panel)
{
  g_autofree char *description = dup_description (panel);

  return gui_find_label (panel, "Edges of ") != NULL && description != NULL ? atoi (description)
                                                                           : -1;
}

static void
test_graph (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *first = NULL;
  g_autoptr (GuiPicture) many = NULL;
  g_autoptr (GuiPicture) few = NULL;
  GdkRectangle all;
  GtkWidget *panel, *threshold;
  GtkAdjustment *adjustment;
  double bound;
  int at_bound;

  gui_open (gui, path);
  gui_activate (gui, "win.set-timebase", "d", 30.0);
  gui_activate (gui, "win.workspace", "s", "network");
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  gui_wait_until (n_edges (panel) >= 0, 60);
  gui_settle (gui);
  threshold = gui_find_type (panel, GTK_TYPE_SCALE);
  adjustment = gtk_range_get_adjustment (GTK_RANGE (threshold));
  g_assert_true (gtk_widget_get_sensitive (threshold));
  g_assert_nonnull (gui_find_label (panel, "Strongest nodes"));
  g_assert_true (says (panel, "of 2016 edges"));   /* 64 × 63 / 2 */
  /* The same measure as on the command line, unless told otherwise. */
  g_assert_true (says (panel, "\nImaginary coherence, alpha 8–13"));

  bound = gtk_adjustment_get_value (adjustment);
  g_assert_cmpfloat (bound, >, 0);
  at_bound = n_edges (panel);
  many = gui_capture_widget (gui, panel, "network");
  gtk_adjustment_set_value (adjustment, 0);
  g_assert_cmpint (n_edges (panel), ==, 2016);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * 0.95);
  g_assert_cmpint (n_edges (panel), <, at_bound);
  few = gui_capture_widget (gui, panel, "network-few");
  all = (GdkRectangle) { 0, 0, few->width, few->height };
  g_assert_cmpuint (gui_count_differences (many, few, &all), >, 500);

  /* Another page, another graph; the threshold that a person set stays. */
  first = dup_description (panel);
  gui_activate (gui, "win.page-next", NULL);
  gui_wait_until (!says (panel, first), 60);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (adjustment),
                                  MIN (gtk_adjustment_get_upper (adjustment), 1.0) * 0.95, 0.2);
  gui_activate (gui, "network.set-measure", "s", "debiased-wpli");
  gui_wait_until (says (panel, "\nDebiased wPLI², "), 60);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/network/graph", test_graph);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
