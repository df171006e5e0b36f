/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a look at all samples of a file tells. */

#include "edf-builder.h"

#include "recording/check.h"
#include "recording/memory-recording.h"

#include <math.h>

static gboolean
has_finding (const InionCheck *check,
             InionSeverity     severity,
             const char       *field,
             const char       *text)
{
  for (guint i = 0; i < check->findings->len; i++)
    {
      const InionFinding *finding = check->findings->pdata[i];

      if (finding->severity == severity && strstr (finding->field, field) != NULL &&
          strstr (finding->message, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

static const InionChannelCheck *
get_channel (const InionCheck *check,
             guint             index)
{
  return &g_array_index (check->channels, InionChannelCheck, index);
}

static void
put (GByteArray *bytes,
     gsize       offset,
     gint16      value)
{
  bytes->data[offset] = (guint8) value;
  bytes->data[offset + 1] = (guint8) (value >> 8);
}

/* Saturation begins with two samples at a limit; one is a maximum. */
static void
test_samples (void)
{
  static const BuilderSignal signals[] = {
    { .label = "EEG Fp1", .samples = 50, .digital_min = "-2048", .digital_max = "2047" },
    { .label = "EEG Fp2", .samples = 50, .digital_min = "-2048", .digital_max = "2047" },
    { .label = "EEG Cz", .samples = 50 },
  };
  const BuilderFile file = { .signals = signals, .n = 3, .records = 2 };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionCheck) check = NULL;
  g_autoptr (GError) error = NULL;
  gsize data = 256 * 4;

  put (bytes, data + 2 * 3, 2047);
  put (bytes, data + 2 * 10, 2047);
  put (bytes, data + 2 * 11, 2047);
  put (bytes, data + 2 * 49, -2048);
  put (bytes, data + 300, -2048); /* goes on in the next record: three in all, then two */
  put (bytes, data + 302, -2048);
  put (bytes, data + 2 * 50 + 2 * 7, 3000);
  for (gsize i = 0; i < 50; i++)
    {
      put (bytes, data + 2 * 100 + 2 * i, 5);
      put (bytes, data + 300 + 2 * 100 + 2 * i, 5);
    }
  recording = builder_open_bytes (bytes, &error);
  g_assert_no_error (error);
  check = inion_check_recording (recording, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_channel (check, 0)->n_samples, ==, 100);
  g_assert_cmpint (get_channel (check, 0)->n_saturated, ==, 5);
  g_assert_cmpint (get_channel (check, 0)->n_beyond, ==, 0);
  g_assert_cmpint (get_channel (check, 1)->n_saturated, ==, 0);
  g_assert_cmpint (get_channel (check, 1)->n_beyond, ==, 1);
  g_assert_false (get_channel (check, 1)->flat);
  g_assert_true (get_channel (check, 2)->flat);
  g_assert_true (has_finding (check, INION_SEVERITY_WARNING, "Fp1", "5 of 100 samples (5 %) at"));
  g_assert_true (has_finding (check, INION_SEVERITY_FAULT, "Fp2", "1 of 100 samples (1 %) beyond"));
  g_assert_true (has_finding (check, INION_SEVERITY_WARNING, "Cz", "flat"));
}

static void
test_missing (void)
{
  const double samples[] = { 1, NAN, 3, INFINITY, 5 };
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (10, NULL);
  g_autoptr (InionCheck) check = NULL;

  inion_memory_recording_add_channel (recording, "Fp1", "µV", samples, 5);
  check = inion_check_recording (INION_RECORDING (recording), NULL, NULL);
  g_assert_cmpint (get_channel (check, 0)->n_missing, ==, 2);
  g_assert_cmpuint (inion_check_count (check, INION_SEVERITY_WARNING), ==, 1);
  g_assert_cmpuint (inion_check_count (check, INION_SEVERITY_FAULT), ==, 0);
}

/* What many channels have in the same way is one finding, which names the first of them. */
static void
test_many (void)
{
  const double samples[] = { 1, NAN, 3, 4, 5 };
  const double more[] = { 1, NAN, NAN, 4, 5 };
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (10, NULL);
  g_autoptr (InionCheck) check = NULL;
  const InionFinding *finding;

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *label = g_strdup_printf ("A%u", i + 1);

      inion_memory_recording_add_channel (recording, label, "µV", i == 3 ? more : samples, 5);
    }
  check = inion_check_recording (INION_RECORDING (recording), NULL, NULL);
  g_assert_cmpuint (check->findings->len, ==, 1);
  finding = check->findings->pdata[0];
  g_assert_cmpstr (finding->field, ==, "12 channels (A1, A2, A3, A4, A5, A6, A7, A8, …)");
  g_assert_cmpstr (finding->message, ==, "13 of 60 samples (20 to 40 % of each) not a number.");
}

/* Annotations are read to the last byte, and gaps are notes. */
static void
test_annotations (void)
{
  static const BuilderSignal signals[] = {
    { .label = "EEG Fp1", .samples = 50 },
    { .label = "EDF Annotations", .samples = 30 },
  };
  static const char *const gap[] = { "+0||~", "+5||~", NULL };
  static const char *const bad[] = { "+0||~", "+1||~+1.5|ok|~+xx|broken|~", NULL };
  const BuilderFile with_gap = { .signals = signals, .n = 2, .records = 2, .reserved = "EDF+D",
                                 .tals = gap };
  const BuilderFile broken = { .signals = signals, .n = 2, .records = 2, .reserved = "EDF+C",
                               .tals = bad };
  g_autoptr (InionRecording) a = builder_open_good (&with_gap);
  g_autoptr (InionRecording) b = builder_open_good (&broken);
  g_autoptr (InionCheck) check_a = inion_check_recording (a, NULL, NULL);
  g_autoptr (InionCheck) check_b = inion_check_recording (b, NULL, NULL);

  g_assert_cmpuint (check_a->n_gaps, ==, 1);
  g_assert_true (has_finding (check_a, INION_SEVERITY_NOTE, "gap", "from 1.000 s to 5.000 s"));
  g_assert_cmpuint (inion_check_count (check_a, INION_SEVERITY_FAULT), ==, 0);
  g_assert_cmpint (get_channel (check_a, 0)->n_samples, ==, 100);
  g_assert_cmpuint (check_b->n_events, ==, 1);
  g_assert_cmpuint (inion_check_count (check_b, INION_SEVERITY_FAULT), >=, 1);
  g_assert_cmpint (((InionFinding *) check_b->findings->pdata[0])->offset, >, 768 + 260);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/check/samples", test_samples);
  g_test_add_func ("/recording/check/missing", test_missing);
  g_test_add_func ("/recording/check/many", test_many);
  g_test_add_func ("/recording/check/annotations", test_annotations);
  return g_test_run ();
}
