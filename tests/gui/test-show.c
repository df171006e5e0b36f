/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How traces are drawn: sensitivities of kinds, lanes, DC, grid and layout, by keys and actions. */

#include "gui-edf.h"
#include "gui-keys.h"
#include "gui-picture.h"

#include "widgets/view-state-show.h"

#include <math.h>

#define RATE 256
#define SECONDS 60
#define PX_PER_MM 4.0
#define LIMIT 3276.7 /* µV: what the file can hold */

static const char *const labels[] = { "Fp1", "Fp2", "C3", "C4", "ECG", "EMG", NULL };

/* A wave of EEG, an offset of 400 µV on the second trace, peaks of 1 mV in the ECG,
 * and a second at the limit of the file. */
static double
sample (guint  channel,
        gint64 at,
        guint  rate)
{
  double t = (double) at / rate;

  switch (channel)
    {
    case 2:
      return t >= 30 && t < 31 ? LIMIT : 20 * sin (2 * G_PI * t);
    case 1:
      return 400 + 10 * sin (2 * G_PI * t);
    case 4:
      return at % rate < 4 ? 1000 : 0;
    default:
      return 20 * sin (2 * G_PI * t);
    }
}

static Gui *
open_kinds (void)
{
  Gui *gui = gui_new ();
  g_autofree char *path = gui_path (gui, "kinds.edf");

  gui_write_edf (path, labels, RATE, SECONDS, sample);
  gui_open (gui, path);
  inion_trace_view_set_px_per_mm (gui->traces, PX_PER_MM);
  gui_activate (gui, "win.toggle-left", NULL);
  gui_activate (gui, "win.toggle-right", NULL);
  gui_activate (gui, "win.set-lff", "d", 0.0);
  gui_activate (gui, "win.set-hff", "d", 0.0);
  gui_settle (gui);
  return gui;
}

static double
kind (Gui              *gui,
      InionChannelKind  which)
{
  return inion_view_state_get_kind_sensitivity (gui->state, which);
}

static gboolean
is_on (Gui             *gui,
       InionViewOption  option)
{
  return inion_view_state_get_option (gui->state, option);
}

/* Each kind is changed for itself and can be undone; the keys change what is under the pointer. */
static void
test_kinds (void)
{
  g_autoptr (Gui) gui = open_kinds ();

  g_assert_cmpfloat (kind (gui, INION_CHANNEL_EEG), ==, 7);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_ECG), ==, 100);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_EMG), ==, 20);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_OTHER), ==, 7);

  gui_activate (gui, "win.set-kind-sensitivity", "(sd)", "ECG", 300.0);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_ECG), ==, 300);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_EMG), ==, 20);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_EEG), ==, 7);
  g_assert_cmpstr (inion_study_get_undo_title (inion_view_state_get_study (gui->state)), ==,
                   "Sensitivity of ECG");
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_ECG), ==, 100);

  inion_view_state_set_cursor (gui->state, 5, 4);
  gui_activate (gui, "win.sensitivity-up", NULL);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_ECG), ==, 75);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_EEG), ==, 7);
  inion_view_state_set_cursor (gui->state, 5, 0);
  gui_activate (gui, "win.sensitivity-down", NULL);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_EEG), ==, 10);
  inion_view_state_set_cursor (gui->state, 5, -1);
  gui_activate (gui, "win.sensitivity-up", NULL);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_EEG), ==, 7);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_ECG), ==, 75);
  /* What is none changes nothing. */
  gui_activate (gui, "win.set-kind-sensitivity", "(sd)", "none", 5.0);
  gui_activate (gui, "win.set-kind-sensitivity", "(sd)", "ECG", -5.0);
  g_assert_cmpfloat (kind (gui, INION_CHANNEL_ECG), ==, 75);
  gui_settle (gui);
}

/* The peaks of the ECG are as high on the screen as its own sensitivity says. */
static void
test_height (void)
{
  g_autoptr (Gui) gui = open_kinds ();
  GdkRectangle area;
  double heights[2];

  gui_get_area (gui, &area);
  for (int pass = 0; pass < 2; pass++)
    {
      g_autoptr (GuiPicture) picture = NULL;
      double x, y, low;

      gui_activate (gui, "win.set-kind-sensitivity", "(sd)", "ECG", pass == 0 ? 100.0 : 200.0);
      gui_activate (gui, "win.set-timebase", "d", 1.0);
      inion_view_state_set_from (gui->state, 9.5);
      gui_settle (gui);
      picture = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "kinds");
      /* Four lanes, half a lane's gap, the lane of the ECG, another gap and the EMG. */
      x = inion_trace_view_time_to_x (gui->traces, 10 + 2.0 / RATE);
      y = gui_column_center (picture, (int) x, area.y + area.height * 9 / 14,
                             area.y + area.height * 11 / 14, 0.3);
      x = inion_trace_view_time_to_x (gui->traces, 10.25);
      low = gui_column_center (picture, (int) x, area.y + area.height * 9 / 14,
                               area.y + area.height * 11 / 14, 0.3);
      heights[pass] = low - y;
    }
  g_assert_cmpfloat_with_epsilon (heights[0], 1000 / 100.0 * PX_PER_MM, 1.5);
  g_assert_cmpfloat_with_epsilon (heights[1], 1000 / 200.0 * PX_PER_MM, 1.5);
}

static void
test_actions (void)
{
  static const struct
  {
    const char *action;
    InionViewOption option;
    gboolean on;
  } toggles[] = {
    { "win.toggle-clip", INION_VIEW_CLIP, FALSE },
    { "win.toggle-dc", INION_VIEW_NO_DC, FALSE },
    { "win.toggle-grid", INION_VIEW_GRID, TRUE },
  };
  g_autoptr (Gui) gui = open_kinds ();

  for (gsize i = 0; i < G_N_ELEMENTS (toggles); i++)
    {
      const char *name = toggles[i].action + strlen ("win.");
      g_autoptr (GVariant) state = NULL;

      g_assert_cmpint (is_on (gui, toggles[i].option), ==, toggles[i].on);
      gui_activate (gui, toggles[i].action, NULL);
      g_assert_cmpint (is_on (gui, toggles[i].option), !=, toggles[i].on);
      state = g_action_group_get_action_state (G_ACTION_GROUP (gui->window), name);
      g_assert_cmpint (g_variant_get_boolean (state), !=, toggles[i].on);
      gui_activate (gui, "win.undo", NULL);
      g_assert_cmpint (is_on (gui, toggles[i].option), ==, toggles[i].on);
      gui_activate (gui, "win.redo", NULL);
      g_assert_cmpint (is_on (gui, toggles[i].option), !=, toggles[i].on);
    }
  gui_activate (gui, "win.set-layout", "s", "butterfly");
  g_assert_true (is_on (gui, INION_VIEW_BUTTERFLY));
  gui_settle (gui);
  gui_activate (gui, "win.set-layout", "s", "stacked");
  g_assert_false (is_on (gui, INION_VIEW_BUTTERFLY));
  gui_settle (gui);
  g_assert_nonnull (gui_find_label (GTK_WIDGET (gui->window),
                                    "causal · neg. up · DC removed · clipped"));
}

static guint
count_saturated (Gui *gui)
{
  g_autoptr (GuiPicture) picture = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "saturated");
  GdkRectangle area;

  gui_get_area (gui, &area);
  return gui_count_color (picture, &area, 0xb5179e, 8);
}

/* Where the file ends the wave there is a line along the lane, on a page and on the whole. */
static void
test_saturated (void)
{
  g_autoptr (Gui) gui = open_kinds ();
  guint from_afar;

  inion_view_state_set_from (gui->state, 10);
  gui_settle (gui);
  g_assert_cmpuint (count_saturated (gui), ==, 0);
  inion_view_state_set_from (gui->state, 25);
  gui_wait_until (count_saturated (gui) > 0, 20);
  g_assert_cmpuint (count_saturated (gui), >, 200);
  gui_activate (gui, "win.set-timebase", "d", 60.0);
  inion_view_state_set_from (gui->state, 0);
  gui_settle (gui);
  gui_wait_until (count_saturated (gui) > 0, 20);
  from_afar = count_saturated (gui);
  g_assert_cmpuint (from_afar, >, 15);
  g_assert_cmpuint (from_afar, <, 200);
  /* A page beside it has none. */
  gui_activate (gui, "win.set-timebase", "d", 10.0);
  inion_view_state_set_from (gui->state, 40);
  gui_settle (gui);
  g_assert_cmpuint (count_saturated (gui), ==, 0);
}

static void
test_keys (void)
{
  g_autoptr (Gui) gui = NULL;

  if (!gui_has_keys ())
    return;
  gui = open_kinds ();
  gui_focus ("kinds.edf");
  gtk_widget_grab_focus (GTK_WIDGET (gui->traces));
  gui_press ("c");
  gui_wait_until (is_on (gui, INION_VIEW_CLIP), 20);
  gui_press ("g");
  gui_wait_until (!is_on (gui, INION_VIEW_GRID), 20);
  gui_press ("shift+d");
  gui_wait_until (is_on (gui, INION_VIEW_NO_DC), 20);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/show/kinds", test_kinds);
  g_test_add_func ("/gui/show/height", test_height);
  g_test_add_func ("/gui/show/actions", test_actions);
  g_test_add_func ("/gui/show/saturated", test_saturated);
  g_test_add_func ("/gui/show/keys", test_keys);
}

int
main (int    argc,
      char **argv)
{
  return gui_main (argc, argv, add_tests);
}
