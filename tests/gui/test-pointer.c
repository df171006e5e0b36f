/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real keys and a real pointer, through the display: what reaches the window reaches the marks. */

#include "gui-keys.h"

#include <math.h>

static void
test_journey (void)
{
  g_autoptr (Gui) gui = NULL;
  g_autofree char *path = NULL;
  graphene_point_t point;
  double from, to, inset_x, inset_y, page;
  int x, y, width;

  if (!gui_has_keys ())
    return;
  gui = gui_new ();
  path = gui_copy_sample (gui, "S007R04.edf");
  gui_open (gui, path);
  /* Without a window manager a window stands at the display's origin and gets no focus by itself. */
  gtk_native_get_surface_transform (GTK_NATIVE (gui->window), &inset_x, &inset_y);
  g_assert_true (gtk_widget_compute_point (GTK_WIDGET (gui->traces), GTK_WIDGET (gui->window),
                                           graphene_point_zero (), &point));
  x = (int) (inset_x + point.x + inion_trace_view_time_to_x (gui->traces, 2.0));
  y = (int) (inset_y + point.y) + 300;
  width = (int) (inset_x + point.x + inion_trace_view_time_to_x (gui->traces, 4.0)) - x;
  gui_xdotool ("mousemove %d %d mousedown 1", x, y);
  for (int step = 1; step <= 4; step++)
    gui_xdotool ("mousemove %d %d", x + width * step / 4, y + step);
  gui_xdotool ("mouseup 1");
  gui_wait_until (inion_view_state_get_selection (gui->state, &from, &to) && to - from > 1.9, 20);
  g_assert_cmpfloat_with_epsilon (from, 2.0, 0.1);
  g_assert_cmpfloat_with_epsilon (to, 4.0, 0.1);

  gui_focus ("S007R04.edf");
  gui_xdotool ("key 1");
  gui_wait_until (gui_count_marks (gui, "blink", FALSE) == 1, 20);
  gui_xdotool ("key ctrl+z");
  gui_wait_until (gui_count_marks (gui, "blink", FALSE) == 0, 20);
  gui_xdotool ("key ctrl+shift+z");
  gui_wait_until (gui_count_marks (gui, "blink", FALSE) == 1, 20);
  gui_xdotool ("key Next");
  gui_wait_until (inion_view_state_get_from (gui->state) == 10, 20);
  gui_xdotool ("key Up");
  gui_wait_until (inion_view_state_get_sensitivity (gui->state) == 5, 20);
  gui_xdotool ("key F2");
  gui_wait_until (g_str_equal (inion_montage_get_id (inion_view_state_get_montage (gui->state)),
                               "average"), 20);
  /* The wheel with Ctrl keeps the time under the pointer. */
  page = inion_view_state_get_page (gui->state);
  from = inion_trace_view_x_to_time (gui->traces, x + width - inset_x - point.x);
  gui_xdotool ("keydown ctrl click 4 keyup ctrl");
  gui_wait_until (inion_view_state_get_page (gui->state) < page, 20);
  to = inion_trace_view_x_to_time (gui->traces, x + width - inset_x - point.x);
  g_assert_cmpfloat_with_epsilon (to, from, 0.05);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/pointer/journey", test_journey);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
