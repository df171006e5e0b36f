/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every control says its name to those who cannot see it. */

#include "gui-fixture.h"

/* The text that a screen reader would say; the toolkit's test back end keeps it as a value. */
static char *
dup_property (GtkWidget             *widget,
              GtkAccessibleProperty  property)
{
  return gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property)
           ? gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "\x01") : NULL;
}

static gboolean
has_text (const char *text)
{
  g_autofree char *copy = g_strdup (text != NULL ? text : "");

  return *g_strstrip (copy) != '\0';
}

static gboolean
visit_text (GtkWidget *widget,
            gpointer   data)
{
  if (GTK_IS_LABEL (widget) && has_text (gtk_label_get_text (GTK_LABEL (widget))))
    *(gboolean *) data = TRUE;
  return !GTK_IS_POPOVER (widget);
}

static gboolean
has_name (GtkWidget *widget)
{
  g_autofree char *label = dup_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL);
  gboolean text = FALSE;

  if (gtk_test_accessible_has_role (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_ROLE_PRESENTATION) ||
      has_text (label) || has_text (gtk_widget_get_tooltip_text (widget)) ||
      gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                        GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    return TRUE;
  if (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || ADW_IS_SPLIT_BUTTON (widget))
    gui_walk (widget, visit_text, &text);
  return text;
}

typedef struct
{
  guint n;
  GString *nameless;
} Census;

static gboolean
is_control (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_DROP_DOWN (widget) ||
         GTK_IS_SPIN_BUTTON (widget) || GTK_IS_SCALE (widget) || GTK_IS_SWITCH (widget) ||
         GTK_IS_ENTRY (widget) || GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_CHECK_BUTTON (widget) ||
         GTK_IS_LIST_VIEW (widget) || GTK_IS_LIST_BOX (widget) || GTK_IS_DRAWING_AREA (widget) ||
         ADW_IS_SPLIT_BUTTON (widget);
}

static void
describe_place (GString   *text,
                GtkWidget *widget)
{
  g_string_append_printf (text, "\n  %s in", G_OBJECT_TYPE_NAME (widget));
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL;
       parent = gtk_widget_get_parent (parent))
    g_string_append_printf (text, " %s", G_OBJECT_TYPE_NAME (parent));
}

static gboolean
visit_control (GtkWidget *widget,
               gpointer   data)
{
  Census *census = data;

  if (!is_control (widget))
    /* The window's buttons, menus and the list inside of a combo row are the toolkit's. */
    return !GTK_IS_POPOVER (widget) && !GTK_IS_WINDOW_CONTROLS (widget) &&
           !ADW_IS_COMBO_ROW (widget);
  census->n++;
  /* The first few say enough. */
  if (!has_name (widget) && census->nameless->len < 2000)
    describe_place (census->nameless, widget);
  return GTK_IS_LIST_VIEW (widget) || GTK_IS_LIST_BOX (widget);
}

static void
test_names (void)
{
  static const char *const workspaces[] = { "review", "clean", "decode", "network", "live" };
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *more = gui_copy_sample (gui, "S007R08.edf");
  Census census = { 0, g_string_new (NULL) };

  /* With rows in the lists: a mark, a second recording, suggestions. */
  gui_open (gui, path);
  gui_activate (gui, "win.select", "(dd)", 3.0, 4.0);
  gui_activate (gui, "win.annotate", "s", "blink");
  gui_activate (gui, "decode.add-recording", "s", more);
  gui_activate (gui, "clean.detect", NULL);
  gui_settle (gui);
  gui_activate (gui, "win.select", "(dd)", 5.0, 6.0);
  for (gsize i = 0; i < G_N_ELEMENTS (workspaces); i++)
    {
      gui_activate (gui, "win.workspace", "s", workspaces[i]);
      gui_settle (gui);
      gui_walk (GTK_WIDGET (gui->window), visit_control, &census);
    }
  g_test_message ("%u controls seen", census.n);
  g_assert_cmpuint (census.n, >, 100);
  g_assert_cmpstr (census.nameless->str, ==, "");
  g_string_free (census.nameless, TRUE);
}

/* What is drawn says what it shows. */
static void
test_traces (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  GtkWidget *traces = GTK_WIDGET (gui->traces);

  gui_open (gui, path);
  g_assert_true (gtk_test_accessible_has_role (GTK_ACCESSIBLE (traces), GTK_ACCESSIBLE_ROLE_IMG));
  gtk_test_accessible_assert_property (traces, GTK_ACCESSIBLE_PROPERTY_LABEL, "Traces");
  gui_activate (gui, "win.page-next", NULL);
  gui_settle (gui);
  first = dup_property (traces, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  g_test_message ("%s", first);
  g_assert_nonnull (strstr (first, "7 microvolts per millimetre"));
  gui_activate (gui, "win.page-next", NULL);
  gui_settle (gui);
  second = dup_property (traces, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  g_assert_cmpstr (first, !=, second);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/names/controls", test_names);
  g_test_add_func ("/gui/names/traces", test_traces);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
