/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/memory-recording.h"

#include "../gap-fixture.h"

#include <math.h>

static void
test_samples (void)
{
  const double x[] = { 1.25, -2, NAN, 1e300, 0.0005 };
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (250, NULL);
  InionRecording *recording = INION_RECORDING (memory);
  double out[5];
  float narrow[5];
  gint32 digital[5];

  inion_memory_recording_add_channel (memory, "Cz", "µV", x, G_N_ELEMENTS (x));
  g_assert_cmpstr (inion_recording_get_format (recording), ==, "memory");
  g_assert_null (inion_recording_get_path (recording));
  g_assert_null (inion_recording_get_start (recording));
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 20000000);
  g_assert_true (inion_recording_read (recording, 0, 0, 5, out, NULL));
  g_assert_cmpmem (out, sizeof out, x, sizeof x);
  g_assert_true (inion_recording_read_float (recording, 0, 1, 4, narrow, NULL));
  g_assert_cmpfloat (narrow[0], ==, -2);
  g_assert_true (isnan (narrow[1]));
  g_assert_true (isinf (narrow[2]));
  g_assert_true (inion_recording_read_digital (recording, 0, 0, 5, digital, NULL));
  g_assert_cmpint (digital[0], ==, 1250);
  g_assert_cmpint (digital[2], ==, 0);
  g_assert_cmpint (digital[3], ==, G_MAXINT32);
}

static void
test_ranges (void)
{
  const double x[] = { 1, 2, 3 };
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (1, NULL);
  InionRecording *recording = INION_RECORDING (memory);
  double out[3] = { 9, 9, 9 };
  static const struct
  {
    guint channel;
    gint64 first;
    gsize n;
  } bad[] = { { 1, 0, 1 }, { 0, -1, 1 }, { 0, 0, 4 }, { 0, 3, 1 }, { 0, 4, 0 },
              { 0, 1, G_MAXSIZE }, { 0, G_MAXINT64, 1 } };

  inion_memory_recording_add_channel (memory, "a", NULL, x, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          inion_recording_read (recording, bad[i].channel, bad[i].first, bad[i].n, out, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
      g_assert_false (inion_recording_read_float (recording, bad[i].channel, bad[i].first, bad[i].n,
                                                  NULL, NULL));
      g_assert_false (inion_recording_read_digital (recording, bad[i].channel, bad[i].first,
                                                    bad[i].n, NULL, NULL));
    }
  g_assert_cmpfloat (out[0], ==, 9);
  g_assert_true (inion_recording_read (recording, 0, 3, 0, NULL, NULL));
  g_assert_true (inion_recording_read_float (recording, 0, 0, 0, NULL, NULL));
}

static void
test_labels (void)
{
  static const char *const labels[] = { "EEG Cz", "Cz", "Cz (2)", "EOG Cz", "T3." };
  static const char *const shown[] = { "Cz", "Cz (2)", "Cz (2) (2)", "Cz (3)", "T3" };
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (1, NULL);
  InionRecording *recording = INION_RECORDING (memory);
  const double x = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    inion_memory_recording_add_channel (memory, labels[i], "µV", &x, 1);
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, i)), ==,
                     shown[i]);
  g_assert_cmpint (inion_recording_find_channel (recording, "cz"), ==, 0);
  g_assert_cmpint (inion_recording_find_channel (recording, "CZ (3)"), ==, 3);
  g_assert_cmpint (inion_recording_find_channel (recording, "eog cz"), ==, 3);
  g_assert_cmpint (inion_recording_find_channel (recording, "T3."), ==, 4);
  g_assert_cmpint (inion_recording_find_channel (recording, "Pz"), ==, -1);
}

static void
test_events (void)
{
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (1, NULL);
  InionRecording *recording = INION_RECORDING (memory);
  static const char *const order[] = { "before", "a", "b", "late" };
  GPtrArray *events;

  inion_memory_recording_add_event (memory, 5, 7, "late");
  inion_memory_recording_add_event (memory, 1, -1, "a");
  inion_memory_recording_add_event (memory, 1, -1, "b");
  inion_memory_recording_add_event (memory, -3, -1, "before");
  g_assert_null (inion_recording_get_events (recording));
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  g_assert_cmpuint (events->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpstr (((InionEvent *) events->pdata[i])->text, ==, order[i]);
  g_assert_cmpint (((InionEvent *) events->pdata[3])->duration_ns, ==, 7);
  /* A second load is free and changes nothing. */
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_true (inion_recording_get_events (recording) == events);
}

static void
test_rates (void)
{
  static const struct
  {
    double hz;
    gint64 num;
    gint64 den_ns;
  } cases[] = { { 512, 512, 1000000000 }, { 0.5, 5, G_GINT64_CONSTANT (10000000000) },
                { 999.999, 999999, G_GINT64_CONSTANT (1000000000000) } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (cases[i].hz, NULL);
      const InionChannelInfo *info;

      inion_memory_recording_add_channel (memory, "a", NULL, NULL, 0);
      info = inion_channel_get_info (inion_recording_get_channel (INION_RECORDING (memory), 0));
      g_assert_cmpint (info->rate_num, ==, cases[i].num);
      g_assert_cmpint (info->rate_den_ns, ==, cases[i].den_ns);
    }
}

static char *
fingerprint (double      value,
             const char *label)
{
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (1, NULL);

  inion_memory_recording_add_channel (memory, label, "µV", &value, 1);
  return inion_recording_dup_content_fingerprint (INION_RECORDING (memory), NULL, NULL);
}

static void
test_fingerprint (void)
{
  g_autofree char *a = fingerprint (1, "Cz");
  g_autofree char *b = fingerprint (1, "Cz");
  g_autofree char *c = fingerprint (2, "Cz");
  g_autofree char *d = fingerprint (1, "Pz");

  g_assert_cmpuint (strlen (a), ==, 64);
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, !=, c);
  g_assert_cmpstr (a, !=, d);
}

/* A list of faults that was handed out does not change under its reader. */
static void
test_faults (void)
{
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (1, NULL);
  InionRecording *recording = INION_RECORDING (memory);
  GPtrArray *before, *after;

  inion_recording_take_fault (recording, inion_fault_new (8, "patient", "%s", "one"));
  before = inion_recording_get_faults (recording);
  inion_recording_take_fault (recording, inion_fault_new (-1, "end", "%d", 2));
  after = inion_recording_get_faults (recording);
  g_assert_cmpuint (before->len, ==, 1);
  g_assert_cmpuint (after->len, ==, 2);
  g_assert_true (before->pdata[0] == after->pdata[0]);
  g_assert_cmpstr (((InionFault *) after->pdata[1])->message, ==, "2");
}

/* The longest run of a range, cut to the range. */
static void
test_longest_run (void)
{
  static const char *const names[] = { "Cz" };
  const GapStretch stretches[] = { { 0, 10 }, { 20, 30 }, { 60, 20 } };
  g_autofree double *x = g_new0 (double, 60);
  g_autoptr (InionRecording) gapped = gap_fixture_memory (1, names, 1, x, stretches, 3);
  const gint64 all[][4] = {
    /* from, to, first, n */
    { 0, 80, 20, 30 }, { 0, 25, 0, 10 }, { 0, 5, 0, 5 }, { 12, 21, 20, 1 }, { 45, 80, 60, 20 },
    { 45, 62, 45, 5 }, { 12, 18, 12, 0 }, { 80, 90, 80, 0 }, { 5, 5, 5, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      gint64 first, n;
      gboolean any = inion_recording_find_longest_run (gapped, 0, all[i][0], all[i][1], &first,
                                                       &n);

      g_assert_cmpint (any, ==, all[i][3] > 0);
      g_assert_cmpint (first, ==, all[i][2]);
      g_assert_cmpint (n, ==, all[i][3]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/memory/samples", test_samples);
  g_test_add_func ("/recording/memory/ranges", test_ranges);
  g_test_add_func ("/recording/memory/labels", test_labels);
  g_test_add_func ("/recording/memory/events", test_events);
  g_test_add_func ("/recording/memory/rates", test_rates);
  g_test_add_func ("/recording/memory/fingerprint", test_fingerprint);
  g_test_add_func ("/recording/memory/faults", test_faults);
  g_test_add_func ("/recording/memory/longest-run", test_longest_run);
  return g_test_run ();
}
