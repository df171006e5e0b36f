/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history keeps its span, and not much more. */

#include "core/init.h"
#include "live/belief-history.h"

static void
add (InionBeliefHistory *history,
     double              time_s)
{
  double probabilities[2] = { time_s * 2, time_s * 3 };

  inion_belief_history_add (history, time_s, probabilities);
}

static void
test_span (void)
{
  g_autoptr (InionBeliefHistory) history = inion_belief_history_new (2, 30);
  const double *times, *rows;

  g_assert_cmpuint (inion_belief_history_get_n (history), ==, 0);
  for (guint i = 0; i < 100000; i++)
    {
      add (history, i);
      g_assert_cmpuint (inion_belief_history_get_n (history), >=, MIN (i + 1, 31));
      g_assert_cmpuint (inion_belief_history_get_n (history), <=, 64);
    }
  times = inion_belief_history_get_times (history);
  rows = inion_belief_history_get_probabilities (history);
  for (gsize i = 0, n = inion_belief_history_get_n (history); i < n; i++)
    {
      g_assert_cmpfloat (times[i], ==, 100000.0 - (double) (n - i));
      g_assert_cmpfloat (rows[i * 2], ==, times[i] * 2);
      g_assert_cmpfloat (rows[i * 2 + 1], ==, times[i] * 3);
    }
}

static void
test_going_back (void)
{
  g_autoptr (InionBeliefHistory) history = inion_belief_history_new (2, 30);

  add (history, 10);
  add (history, 11);
  add (history, 11);
  g_assert_cmpuint (inion_belief_history_get_n (history), ==, 1);
  add (history, 12);
  add (history, 3);
  g_assert_cmpuint (inion_belief_history_get_n (history), ==, 1);
  g_assert_cmpfloat (inion_belief_history_get_times (history)[0], ==, 3.0);
  g_assert_cmpfloat (inion_belief_history_get_probabilities (history)[1], ==, 9.0);

  /* A long way ahead: all the past is too old. */
  add (history, 4);
  add (history, 1000);
  g_assert_cmpuint (inion_belief_history_get_n (history), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/belief-history/span", test_span);
  g_test_add_func ("/live/belief-history/going-back", test_going_back);
  return g_test_run ();
}
