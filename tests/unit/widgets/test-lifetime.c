/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widgets end with their window, and the state with its last owner: nobody holds anybody for ever. */

#include "widgets-fixture.h"

#include "core/init.h"
#include "widgets/overview.h"
#include "widgets/probability-lane.h"
#include "widgets/score-panel.h"
#include "widgets/trace-view.h"

typedef GtkWidget *(*MakeWidget) (InionViewState *state);

static gboolean display;

static void
on_painted (GdkFrameClock *clock,
            guint         *n)
{
  (*n)++;
}

static void
wait_for_frames (GtkWidget *widget,
                 guint      n)
{
  GdkFrameClock *clock;
  guint painted = 0;
  gulong id;

  fixture_wait_until (gtk_widget_get_mapped (widget));
  clock = gtk_widget_get_frame_clock (widget);
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &painted);
  for (guint i = 1; i <= n; i++)
    {
      gtk_widget_queue_draw (widget);
      fixture_wait_until (painted >= i);
    }
  g_signal_handler_disconnect (clock, id);
}

/* Never shown: nothing but its maker has it. */
static void
test_unshown (gconstpointer data)
{
  MakeWidget make = (MakeWidget) data;
  g_autoptr (Fixture) f = NULL;
  GtkWidget *widget;

  if (!display)
    {
      g_test_skip ("there is no display");
      return;
    }
  f = fixture_new ();
  widget = g_object_ref_sink (make (f->state));
  g_assert_finalize_object (widget);
  widget = g_object_ref_sink (make (f->state));
  fixture_open (f, NULL);
  fixture_assert_gone (widget);
}

/* Shown, drawn with something open, with the work behind it under way, then closed. */
static void
test_shown (gconstpointer data)
{
  MakeWidget make = (MakeWidget) data;
  g_autoptr (Fixture) f = NULL;
  GtkWidget *window, *widget;

  if (!display)
    {
      g_test_skip ("there is no display");
      return;
    }
  f = fixture_new ();
  window = gtk_window_new ();
  widget = g_object_ref_sink (make (f->state));
  gtk_widget_set_size_request (widget, 600, 300);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  fixture_open (f, NULL);
  wait_for_frames (window, 3);
  inion_view_state_select (f->state, 2, 3);
  inion_view_state_set_from (f->state, 20);
  wait_for_frames (window, 1);
  gtk_window_destroy (GTK_WINDOW (window));
  fixture_assert_gone (widget);

  /* What the widget listened to goes on without it. */
  inion_view_state_set_from (f->state, 30);
  inion_view_state_set_bad (f->state, "C3", TRUE);
  fixture_wait_jobs (f);
}

static void
add (const char *name,
     MakeWidget  make)
{
  g_autofree char *unshown = g_strconcat ("/widgets/lifetime/", name, "/unshown", NULL);
  g_autofree char *shown = g_strconcat ("/widgets/lifetime/", name, "/shown", NULL);

  g_test_add_data_func (unshown, (gconstpointer) make, test_unshown);
  g_test_add_data_func (shown, (gconstpointer) make, test_shown);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  display = gtk_init_check ();
  inion_init ();
  add ("trace-view", inion_trace_view_new);
  add ("overview", inion_overview_new);
  add ("probability-lane", inion_probability_lane_new);
  add ("score-panel", inion_score_panel_new);
  return fixture_run ();
}
