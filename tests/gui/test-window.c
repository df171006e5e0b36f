/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window as such: opening, montages, settings, undo, coming back. */

#include "gui-edf.h"
#include "gui-picture.h"

#include "scalp/montage.h"

static void
test_open (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autofree char *study = gui_path (gui, "S007R04.inion");
  g_autoptr (GuiPicture) picture = NULL;

  g_assert_cmpstr (gtk_stack_get_visible_child_name (gui_part (gui, "main_stack")), ==, "empty");
  g_assert_false (gui_is_enabled (gui, "win.page-next"));
  gui_open (gui, path);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (gui_part (gui, "main_stack")), ==, "content");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (gui->window)), ==, "S007R04.edf");
  g_assert_true (g_str_has_prefix (gtk_label_get_text (gui_part (gui, "subtitle_label")), "64 ch"));
  g_assert_cmpuint (inion_recording_get_n_channels (inion_view_state_get_recording (gui->state)),
                    ==, 64);
  g_assert_true (gui_is_enabled (gui, "win.page-next"));
  g_assert_false (gui_is_enabled (gui, "win.undo"));
  g_assert_true (g_file_test (study, G_FILE_TEST_EXISTS));
  picture = gui_capture (gui, "window-open");
  g_assert_cmpint (picture->width, ==, gtk_widget_get_width (GTK_WIDGET (gui->window)));
}

typedef struct
{
  Gui *gui;
  guint n_shown;
  int width;               /* of the traces */
  gboolean alone;          /* the other panel was not there yet */
} Panels;

static void
on_left_shown (GtkWidget  *panel,
               GParamSpec *pspec,
               Panels     *panels)
{
  panels->n_shown++;
  panels->width = gtk_widget_get_width (GTK_WIDGET (panels->gui->traces));
  panels->alone = !gtk_widget_get_visible (gui_part (panels->gui, "workspaces"));
}

static gboolean
count_check (GtkWidget *widget,
             gpointer   data)
{
  *(guint *) data += GTK_IS_CHECK_BUTTON (widget);
  return TRUE;
}

/* One panel a frame, after the traces, which stay where they are; the rows of the channels when
 * somebody looks at them. */
static void
test_panels (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  GtkWidget *left = gtk_widget_get_first_child (gui_part (gui, "left_box"));
  Panels panels = { .gui = gui };
  guint n_checks = 0;

  g_assert_cmpfloat (gtk_widget_get_opacity (left), ==, 0.0);
  g_signal_connect (left, "notify::opacity", G_CALLBACK (on_left_shown), &panels);
  gui_open (gui, path);
  g_assert_cmpuint (panels.n_shown, ==, 1);
  g_assert_true (panels.alone);
  g_assert_true (gtk_widget_get_mapped (left));
  g_assert_cmpfloat (gtk_widget_get_opacity (left), ==, 1.0);
  g_assert_true (gtk_widget_get_mapped (gui_part (gui, "workspaces")));
  g_assert_cmpint (panels.width, >, 0);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (gui->traces)), ==, panels.width);

  gui_walk (left, count_check, &n_checks);
  g_assert_cmpuint (n_checks, ==, 0);
  gtk_stack_set_visible_child_name (GTK_STACK (gui_find_type (left, GTK_TYPE_STACK)), "channels");
  gui_wait_frames (gui, 2);
  gui_walk (left, count_check, &n_checks);
  g_assert_cmpuint (n_checks, >, 10);
  gui_settle (gui);
}

static const char *
montage_id (Gui *gui)
{
  return inion_montage_get_id (inion_view_state_get_montage (gui->state));
}

static void
test_montage_undo (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (GVariant) state = NULL;

  gui_open (gui, path);
  g_assert_cmpstr (montage_id (gui), ==, "as-recorded");
  gui_activate (gui, "win.set-montage", "s", "longitudinal");
  g_assert_cmpstr (montage_id (gui), ==, "longitudinal");
  state = g_action_group_get_action_state (G_ACTION_GROUP (gui->window), "set-montage");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "longitudinal");
  gui_settle (gui);
  g_assert_true (gui_is_enabled (gui, "win.undo"));
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpstr (montage_id (gui), ==, "as-recorded");
  g_assert_false (gui_is_enabled (gui, "win.undo"));
  gui_activate (gui, "win.redo", NULL);
  g_assert_cmpstr (montage_id (gui), ==, "longitudinal");
  gui_settle (gui);
}

static gboolean
visit_menu_button (GtkWidget *widget,
                   gpointer   data)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);

  if (GTK_IS_MENU_BUTTON (widget) && tooltip != NULL && g_str_has_prefix (tooltip, "Montage"))
    *(GtkWidget **) data = widget;
  return TRUE;
}

/* The menu offers what the recording allows, and each of its items does what it says. */
/* Tries every choice of a menu, with its sections and submenus; counts those and what cannot be
 * chosen. */
static void
try_menu (Gui        *gui,
          GMenuModel *menu,
          guint      *n)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      static const char *const links[] = { G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU };
      g_autoptr (GVariant) action =
        g_menu_model_get_item_attribute_value (menu, i, G_MENU_ATTRIBUTE_ACTION,
                                               G_VARIANT_TYPE_STRING);
      g_autoptr (GVariant) target =
        g_menu_model_get_item_attribute_value (menu, i, G_MENU_ATTRIBUTE_TARGET, NULL);
      g_autoptr (GVariant) custom =
        g_menu_model_get_item_attribute_value (menu, i, "custom", NULL);

      for (gsize k = 0; k < G_N_ELEMENTS (links); k++)
        {
          g_autoptr (GMenuModel) linked = g_menu_model_get_item_link (menu, i, links[k]);

          if (linked != NULL)
            try_menu (gui, linked, n);
        }
      *n += custom != NULL;
      if (action == NULL || !g_str_equal (g_variant_get_string (action, NULL), "win.set-montage"))
        continue;
      ++*n;
      gui_activate (gui, "win.set-montage", "s", g_variant_get_string (target, NULL));
      g_assert_cmpstr (montage_id (gui), ==, g_variant_get_string (target, NULL));
    }
}

static void
test_montage_menu (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (GMenuModel) menu = NULL;
  GtkWidget *button = NULL;
  guint n = 0;

  gui_open (gui, path);
  gui_walk (gui_part (gui, "bottom_bar"), visit_menu_button, &button);
  g_assert_nonnull (button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  menu = g_object_ref (gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (button)));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  try_menu (gui, menu, &n);
  g_assert_cmpuint (n, ==, g_strv_length ((GStrv) inion_montage_get_ids ()));
  gui_settle (gui);
}

static gboolean
visit_impossible (GtkWidget *widget,
                  gpointer   data)
{
  if (gtk_widget_has_css_class (widget, "impossible"))
    g_ptr_array_add (data, widget);
  return TRUE;
}

static double
nothing (guint  channel,
         gint64 sample,
         guint  rate)
{
  return 0;
}

/* A montage that the recording does not allow is in the menu, grey, with the reason. */
static void
test_montage_impossible (void)
{
  static const char *const labels[] = { "EEG C3", "EEG Cz", "EEG C4", NULL };
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "three.edf");
  g_autoptr (GPtrArray) impossible = g_ptr_array_new ();
  const char *const *ids = inion_montage_get_ids ();
  InionRecording *recording;
  GtkWidget *button = NULL;
  guint n = 0;

  gui_write_edf (path, labels, 100, 20, nothing);
  gui_open (gui, path);
  recording = inion_view_state_get_recording (gui->state);
  gui_walk (gui_part (gui, "bottom_bar"), visit_menu_button, &button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  gui_walk (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button))), visit_impossible,
            impossible);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const char *title = inion_montage_get_title_for (ids[i]);
      g_autofree char *why = NULL;
      GtkWidget *item;

      if (inion_montage_is_possible (ids[i], recording, &why))
        continue;
      g_test_message ("%s: %s", title, why);
      g_assert_cmpuint (n, <, impossible->len);
      item = impossible->pdata[n++];
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (gtk_widget_get_first_child (item))), ==, title);
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (gtk_widget_get_last_child (item))), ==, why);
      g_assert_cmpstr (gtk_widget_get_tooltip_text (item), ==, why);
      g_assert_false (gtk_widget_is_sensitive (item));
    }
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpuint (impossible->len, ==, n);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  gui_settle (gui);
}

/* On a small screen everything is still there, and nothing is wider than the screen. */
static gboolean
check_whole (GtkWidget *widget,
             gpointer   data)
{
  if (!GTK_IS_LABEL (widget) || !gtk_widget_get_mapped (widget))
    return TRUE;
  if (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    g_error ("“%s” is cut", gtk_label_get_text (GTK_LABEL (widget)));
  ++*(guint *) data;
  return TRUE;
}

/* However narrow the window: the file's name, the names of the workspaces and those of the labels
 * can be read. */
static void
assert_nothing_cut (Gui *gui)
{
  GtkWidget *panel = GTK_WIDGET (gui_part (gui, "left_box"));
  guint n_header = 0, n_labels = 0;

  gui_walk (GTK_WIDGET (gui_part (gui, "file_box")), check_whole, &n_header);
  g_assert_cmpuint (n_header, ==, 2);
  gui_activate (gui, "win.workspace", "s", "review");
  adw_flap_set_reveal_flap (gui_part (gui, "left_flap"), TRUE);
  gui_settle (gui);
  gui_wait_until (gtk_widget_get_mapped (panel), 10);
  gui_wait_frames (gui, 3);
  gui_walk (gui_find_type (panel, GTK_TYPE_FLOW_BOX), check_whole, &n_labels);
  g_assert_cmpuint (n_labels, >=, 8);
}

static void
test_small (void)
{
  static const char *const workspaces[] = { "review", "clean", "decode", "network", "live" };
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  GdkRectangle area;

  gui_open (gui, path);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (gui->window)), >=, 1240);
  g_assert_cmpint (adw_view_switcher_get_policy (gui_part (gui, "switcher")), ==,
                   ADW_VIEW_SWITCHER_POLICY_WIDE);
  assert_nothing_cut (gui);
  gtk_window_set_default_size (GTK_WINDOW (gui->window), 1024, 700);
  gui_wait_until (gtk_widget_get_width (GTK_WIDGET (gui->window)) <= 1024, 20);
  for (gsize i = 0; i < G_N_ELEMENTS (workspaces); i++)
    {
      g_autofree char *name = g_strdup_printf ("small-%s", workspaces[i]);
      g_autoptr (GuiPicture) picture = NULL;

      gui_activate (gui, "win.workspace", "s", workspaces[i]);
      gui_settle (gui);
      picture = gui_capture (gui, name);
      g_assert_cmpint (picture->width, <=, 1024);
      g_assert_cmpint (picture->height, <=, 700);
      gui_get_area (gui, &area);
      g_assert_cmpint (area.width, >=, 240);
      g_assert_cmpint (area.height, >=, 240);
    }
  g_assert_cmpint (adw_view_switcher_get_policy (gui_part (gui, "switcher")), ==,
                   ADW_VIEW_SWITCHER_POLICY_NARROW);
  assert_nothing_cut (gui);
}

/* What the bar says of the traces is true after the window has changed its height. */
static void
test_channels_in_bar (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  guint before, after;
  g_autofree char *text = NULL;

  gui_open (gui, path);
  gui_settle (gui);
  inion_trace_view_get_n_channels (gui->traces, &before);
  gtk_window_set_default_size (GTK_WINDOW (gui->window), 1024, 700);
  gui_wait_until (gtk_widget_get_height (GTK_WIDGET (gui->window)) <= 700, 20);
  gui_settle (gui);
  inion_trace_view_get_n_channels (gui->traces, &after);
  g_assert_cmpuint (after, <, before);
  text = g_strdup_printf ("%u of 64", after);
  g_assert_nonnull (gui_find_label (gui_part (gui, "bottom_bar"), text));
}

/* Dark: the page turns dark and the traces light, without anything being opened again. */
static void
test_dark (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (GuiPicture) light = NULL;
  g_autoptr (GuiPicture) dark = NULL;
  g_autoptr (GuiPicture) window = NULL;
  GdkRectangle area;
  double page_ink = 0, most = 0, least = 1;

  gui_open (gui, path);
  gui_activate (gui, "win.set-sensitivity", "d", 100.0);
  gui_settle (gui);
  light = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "light-traces");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  gui_settle (gui);
  dark = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "dark-traces");
  window = gui_capture (gui, "dark-window");
  gui_get_area (gui, &area);
  for (int y = area.y; y < area.y + area.height; y++)
    {
      double ink = gui_picture_ink (dark, area.x + area.width * 53 / 100, y);

      page_ink += ink / area.height;
      most = MAX (most, ink);
      least = MIN (least, ink);
    }
  g_assert_cmpfloat (most, >, 0.8);        /* the page between traces */
  g_assert_cmpfloat (least, <, 0.3);       /* a trace */
  g_assert_cmpfloat (page_ink, >, 0.5);
  g_assert_cmpfloat (gui_picture_ink (light, area.x + area.width * 53 / 100, area.y + 2), <, 0.3);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_LIGHT);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/window/open", test_open);
  g_test_add_func ("/gui/window/panels", test_panels);
  g_test_add_func ("/gui/window/montage-undo", test_montage_undo);
  g_test_add_func ("/gui/window/montage-menu", test_montage_menu);
  g_test_add_func ("/gui/window/montage-impossible", test_montage_impossible);
  g_test_add_func ("/gui/window/small", test_small);
  g_test_add_func ("/gui/window/channels-in-bar", test_channels_in_bar);
  g_test_add_func ("/gui/window/dark", test_dark);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
