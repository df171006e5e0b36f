/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Clean workspace: suggestions count for nothing until somebody accepts them. */

#include "gui-picture.h"

static guint
n_accepted (Gui *gui)
{
  InionAnnotationSet *set =
    inion_study_get_annotations (inion_view_state_get_study (gui->state));
  guint n = 0;

  for (guint i = 0; i < inion_annotation_set_get_size (set); i++)
    n += inion_annotation_get_origin (gui_get_mark (gui, i)) == INION_ORIGIN_ACCEPTED;
  return n;
}

/* Hatching: along a row of a band some pixels are tinted and some are not. */
static void
assert_hatched (Gui        *gui,
                GuiPicture *before,
                GuiPicture *after)
{
  InionAnnotationSet *set =
    inion_study_get_annotations (inion_view_state_get_study (gui->state));

  for (guint i = 0; i < inion_annotation_set_get_size (set); i++)
    {
      InionAnnotation *mark = gui_get_mark (gui, i);
      double from = (double) inion_annotation_get_onset_ns (mark) / 1e9;
      double to = (double) inion_annotation_get_end_ns (mark) / 1e9;
      GdkRectangle strip = {
        (int) inion_trace_view_time_to_x (gui->traces, from) + 2, before->height / 2,
        (int) (inion_trace_view_time_to_x (gui->traces, to) -
               inion_trace_view_time_to_x (gui->traces, from)) - 4, 60
      };
      guint changed, all = (guint) (strip.width * strip.height);

      if (!inion_annotation_is_suggestion (mark) || strip.width < 12 ||
          inion_annotation_get_channels (mark) != NULL ||
          strip.x < (int) inion_trace_view_get_gutter (gui->traces) ||
          strip.x + strip.width > before->width - 120)
        continue;
      changed = gui_count_differences (before, after, &strip);
      g_test_message ("%s %.2f–%.2f s: %u of %u pixels are tinted",
                      inion_annotation_get_label (mark), from, to, changed, all);
      g_assert_cmpuint (changed, >, all / 10);
      g_assert_cmpuint (changed, <, all * 8 / 10);
      return;
    }
  g_error ("no suggestion is wide enough to look at");
}

static void
test_suggestions (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  g_autoptr (GuiPicture) before = NULL;
  g_autoptr (GuiPicture) after = NULL;
  g_autoptr (GuiPicture) window = NULL;
  GtkWidget *panel;
  guint n;

  gui_open (gui, path);
  gui_activate (gui, "win.workspace", "s", "clean");
  gui_activate (gui, "win.set-sensitivity", "d", 1000.0);
  gui_settle (gui);
  panel = adw_view_stack_get_visible_child (gui_part (gui, "workspaces"));
  before = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "clean-before");
  g_assert_nonnull (gui_find_label (panel, "No suggestions"));
  g_assert_false (gui_is_enabled (gui, "clean.accept-all"));

  gui_activate (gui, "clean.detect", NULL);
  gui_settle (gui);
  n = gui_count_marks (gui, NULL, TRUE);
  g_test_message ("%u suggestions", n);
  g_assert_cmpuint (n, >, 5);
  g_assert_cmpuint (gui_count_marks (gui, "blink", TRUE), >, 0);
  g_assert_cmpuint (gui_count_marks (gui, NULL, FALSE), ==, 0);
  g_assert_nonnull (gui_find_label (panel, "suggestions wait for you"));
  after = gui_capture_widget (gui, GTK_WIDGET (gui->traces), "clean-suggestions");
  assert_hatched (gui, before, after);
  window = gui_capture (gui, "clean-window");

  /* One by one. */
  g_assert_false (gui_is_enabled (gui, "win.accept-suggestion"));
  gui_activate (gui, "clean.next", NULL);
  g_assert_true (gui_is_enabled (gui, "win.accept-suggestion"));
  gui_activate (gui, "win.accept-suggestion", NULL);
  g_assert_cmpuint (n_accepted (gui), ==, 1);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, n - 1);
  g_assert_true (gui_is_enabled (gui, "win.reject-suggestion"));
  gui_activate (gui, "win.reject-suggestion", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, n - 2);
  g_assert_cmpuint (n_accepted (gui), ==, 1);

  /* All at once, and back in one step. */
  gui_activate (gui, "clean.accept-all", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, 0);
  g_assert_cmpuint (n_accepted (gui), ==, n - 1);
  g_assert_false (gui_is_enabled (gui, "clean.accept-all"));
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, n - 2);
  g_assert_cmpuint (n_accepted (gui), ==, 1);
  gui_activate (gui, "win.undo", NULL);
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, n);
  g_assert_cmpuint (n_accepted (gui), ==, 0);
  gui_activate (gui, "win.undo", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, 0);
  gui_settle (gui);
}

/* Detecting again replaces what is merely proposed and keeps what people said. */
static void
test_again (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_copy_sample (gui, "S007R04.edf");
  guint n;

  gui_open (gui, path);
  gui_activate (gui, "win.select", "(dd)", 3.0, 4.0);
  gui_activate (gui, "win.annotate", "s", "movement");
  gui_activate (gui, "clean.detect", NULL);
  gui_settle (gui);
  n = gui_count_marks (gui, NULL, TRUE);
  gui_activate (gui, "clean.detect", NULL);
  gui_settle (gui);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, n);
  gui_activate (gui, "clean.reject-all", NULL);
  g_assert_cmpuint (gui_count_marks (gui, NULL, TRUE), ==, 0);
  g_assert_cmpuint (gui_count_marks (gui, "movement", FALSE), ==, 1);
  gui_settle (gui);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/clean/suggestions", test_suggestions);
  g_test_add_func ("/gui/clean/again", test_again);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
