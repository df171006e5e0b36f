/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "network/epochs.h"

#include "../gap-fixture.h"
#include "core/error.h"

#include <math.h>

static const char *const names[] = { "C3", "C4" };

/* Every sample says which one it is. */
static InionRecording *
make_recording (double missing_at)
{
  const GapStretch stretches[] = { { 0, 1000 }, { 20, 1000 }, { 1e8, 250 } };
  g_autofree double *x = g_new (double, 2 * 2250);

  for (guint i = 0; i < 2 * 2250; i++)
    x[i] = i;
  if (isfinite (missing_at))
    x[2250 + (gsize) missing_at] = NAN;
  return gap_fixture_memory (100, names, 2, x, stretches, 3);
}

static void
test_read (void)
{
  const guint channels[] = { 0, 1 };
  g_autoptr (InionRecording) recording = make_recording (NAN);
  g_autoptr (GError) error = NULL;
  gsize n_epochs, n_left_out;
  g_autofree double *data = NULL, *none = NULL;

  /* Epochs of 3 s from 1 s on: 1, 4 | 7 … 16 touch the gap | 19 too | 22, 25. */
  data = inion_epochs_read (recording, channels, 2, 100, 2900, 300, &n_epochs, &n_left_out, NULL,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_epochs, ==, 5);
  g_assert_cmpuint (n_left_out, ==, 4);
  g_assert_cmpfloat (data[0], ==, 100);
  g_assert_cmpfloat (data[300], ==, 2250 + 100);
  g_assert_cmpfloat (data[2 * 600], ==, 700);
  g_assert_cmpfloat (data[3 * 600], ==, 1000 + 200);
  for (gsize i = 0; i < n_epochs * 600; i++)
    g_assert_true (isfinite (data[i]));
  none = inion_epochs_read (recording, channels, 2, 1050, 1900, 300, &n_epochs, &n_left_out, NULL,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_epochs, ==, 0);
  g_assert_cmpuint (n_left_out, ==, 2);
}

/* Three years of gap are no samples to read. */
static void
test_long (void)
{
  const guint channels[] = { 0, 1 };
  g_autoptr (InionRecording) recording = make_recording (5.0);
  g_autoptr (GError) error = NULL;
  gsize n_epochs, n_left_out;
  g_autofree double *data = inion_epochs_read (recording, channels, 2, 0, G_MAXINT64, 100,
                                               &n_epochs, &n_left_out, NULL, &error);

  g_assert_no_error (error);
  /* One more is left out for a value that is missing in one channel. */
  g_assert_cmpuint (n_epochs, ==, 10 + 10 + 2 - 1);
  g_assert_cmpuint (n_epochs + n_left_out, ==, 100000002);
  g_assert_cmpfloat (data[0], ==, 100);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/epochs/read", test_read);
  g_test_add_func ("/network/epochs/long", test_long);
  return g_test_run ();
}
