/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window answers while it works: scrolling an hour of 32 channels while its pyramid builds. */

#include "gui-edf.h"
#include "gui-fixture.h"

#include "core/random.h"
#include "display/page.h"

#define N_CHANNELS 32
#define RATE 256
#define SECONDS 3600
#define SCROLL_US (3 * G_USEC_PER_SEC)
/* What a person is promised is 50 ms; machines that also draw OpenGL with their CPU, two cores for
 * everything, get this much. The number itself is in the log. */
#define MOST_MS 250.0

/* The time from one poll of the main loop to the next is what a person would feel. */
static gint64 woke_us;
static gint64 longest_us;
static guint n_long;

static int
watched_poll (GPollFD *fds,
              guint    n,
              int      timeout)
{
  gint64 busy = g_get_monotonic_time () - woke_us;
  int result;

  longest_us = MAX (longest_us, busy);
  n_long += busy > 50000;
  result = g_poll (fds, n, timeout);
  woke_us = g_get_monotonic_time ();
  return result;
}

static double
noise (guint  channel,
       gint64 sample,
       guint  rate)
{
  static InionRandom random;
  static gboolean seeded;

  if (!seeded)
    inion_random_seed (&random, 1, 0);
  seeded = TRUE;
  return (double) inion_random_below (&random, 800) / 10.0 - 40.0;
}

typedef struct
{
  Gui *gui;
  double worst_frame_ms;
  guint n_frames;
} Scroll;

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  Scroll *scroll = data;
  Gui *gui = scroll->gui;

  scroll->worst_frame_ms = MAX (scroll->worst_frame_ms,
                                inion_trace_view_get_last_frame_ms (gui->traces));
  scroll->n_frames++;
  inion_view_state_set_from (gui->state, inion_view_state_get_from (gui->state) + 2.5);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_building (Gui *gui)
{
  return g_list_model_get_n_items (G_LIST_MODEL (inion_view_state_get_jobs (gui->state))) > 0;
}

static void
test_scroll (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "hour.edf");
  g_auto (GStrv) labels = g_new0 (char *, N_CHANNELS + 1);
  Scroll scroll = { .gui = gui };
  gint64 end;
  guint id;
  gboolean built_meanwhile;

  for (guint i = 0; i < N_CHANNELS; i++)
    labels[i] = g_strdup_printf ("E%u", i + 1);
  gui_write_edf (path, (const char *const *) labels, RATE, SECONDS, noise);
  gui_activate (gui, "win.open-path", "s", path);
  gui_wait_until (inion_view_state_get_signal (gui->state) != NULL, 30);
  gui_wait_frames (gui, 3);

  built_meanwhile = is_building (gui);
  woke_us = g_get_monotonic_time ();
  longest_us = 0;
  n_long = 0;
  g_main_context_set_poll_func (NULL, watched_poll);
  id = gtk_widget_add_tick_callback (GTK_WIDGET (gui->traces), on_tick, &scroll, NULL);
  end = g_get_monotonic_time () + SCROLL_US;
  while (g_get_monotonic_time () < end)
    gui_turn ();
  gtk_widget_remove_tick_callback (GTK_WIDGET (gui->traces), id);
  g_main_context_set_poll_func (NULL, NULL);

  g_test_message ("longest turn of the main loop: %.1f ms (%u turns over 50 ms); longest frame of "
                  "our own: %.1f ms; %u frames in 3 s; the pyramid was%s being built",
                  (double) longest_us / 1000.0, n_long, scroll.worst_frame_ms, scroll.n_frames,
                  built_meanwhile ? "" : " not");
  g_assert_true (built_meanwhile);
  g_assert_cmpuint (scroll.n_frames, >, 10);
  g_assert_cmpfloat (inion_view_state_get_from (gui->state), >, 20);
  g_assert_cmpfloat ((double) longest_us / 1000.0, <, MOST_MS);
  g_assert_cmpfloat (scroll.worst_frame_ms, <, MOST_MS);
}

/* Whether the page that begins at a time is complete before anybody has looked at it. */
static gboolean
has_page (Gui    *gui,
          double  from_s)
{
  GdkRectangle area;
  guint n_visible;

  gui_get_area (gui, &area);
  inion_trace_view_get_n_channels (gui->traces, &n_visible);
  return inion_page_is_ready (
    inion_view_state_get_signal (gui->state), from_s,
    from_s + inion_view_state_get_page (gui->state),
    (guint) (area.width * gtk_widget_get_scale_factor (GTK_WIDGET (gui->traces))), 0, n_visible);
}

/* The page that follows is made while this one is looked at, in the direction of travel. */
static void
test_page_ahead (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autofree char *path = gui_path (gui, "minutes.edf");
  const char *labels[] = { "E1", "E2", "E3", "E4", NULL };

  gui_write_edf (path, labels, RATE, 120, noise);
  gui_open (gui, path);
  inion_view_state_set_page (gui->state, 10, 0);
  inion_view_state_set_from (gui->state, 50);
  gui_settle (gui);
  gui_wait_until (has_page (gui, 60), 20);
  g_assert_false (has_page (gui, 40));
  inion_view_state_set_from (gui->state, 30);
  gui_settle (gui);
  gui_wait_until (has_page (gui, 20), 20);
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/smooth/page-ahead", test_page_ahead);
  g_test_add_func ("/gui/smooth/scroll", test_scroll);
}

int
main (int   argc,
      char *argv[])
{
  return gui_main (argc, argv, add_tests);
}
