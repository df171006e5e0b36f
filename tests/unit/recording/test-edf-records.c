/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with too many records, too few, one that was cut off, and foreign bytes behind them. */

#include "core/error.h"

#include "edf-builder.h"

#include <math.h>

#define TAL "EDF Annotations"

static const BuilderSignal one_signal[] = { { .samples = 8 } };
static const BuilderSignal with_tal[] = { { .samples = 8 }, { .label = TAL, .samples = 40 } };

static void
test_n_records (void)
{
  static const char *const texts[] = { "-1", "0", "10", "2", "x", "       4" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const BuilderFile file
          = { .signals = one_signal, .n = 1, .records = 4, .n_records = texts[i] };
      g_autoptr (InionRecording) recording = builder_open_good (&file);

      g_test_message ("“%s”", texts[i]);
      g_assert_cmpint (builder_get_info (recording, 0)->n_samples, ==, 32);
      g_assert_true (builder_has_fault (recording, 236, ""));
    }
}

/* A file cut at every length: refused within the header, then read as far as it goes. */
static void
test_truncated (void)
{
  const BuilderFile file = { .signals = with_tal, .n = 2, .records = 3, .reserved = "EDF+C" };
  g_autoptr (GByteArray) whole = builder_make (&file);
  const guint record = 8 * 2 + 40 * 2;

  for (guint n = 1; n < whole->len; n += n < 768 ? 37 : 1)
    {
      g_autoptr (GByteArray) cut = g_byte_array_append (g_byte_array_new (), whole->data, n);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = builder_open_bytes (cut, &error);
      guint rest = n < 768 ? 0 : (n - 768) % record;
      gint64 samples;

      if (n < 768 || (n > 768 && n < 768 + 16))
        {
          g_assert_null (recording);
          g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
          continue;
        }
      g_assert_no_error (error);
      samples = (n - 768) / record * 8 + MIN (rest / 2, 8);
      g_assert_cmpint (builder_get_info (recording, 0)->n_samples, ==, samples);
      g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, samples * 125000000);
      builder_check_digital (recording, 0, FALSE, 0, 0, (gsize) samples);
      g_assert_true (inion_recording_load_events (recording, NULL, NULL));
      g_assert_true (builder_has_fault (recording, 236, "complete records"));
      if (rest != 0)
        g_assert_true (builder_has_fault (recording, n - rest, "ends within a record"));
    }
}

/* Each signal goes as far as it goes; all channels are equally long. */
static void
test_truncated_signals (void)
{
  static const BuilderSignal signals[] = { { .label = "a", .samples = 8 },
                                           { .label = "b", .samples = 8 },
                                           { .label = "c", .samples = 4 },
                                           { .label = TAL, .samples = 40 } };
  static const char *const tals[] = { "+0||~", "+1||~", "+2||~", NULL };
  static const char *const gaps[] = { "+0||~", "+9||~", "+20||~", NULL };
  const guint header = 256 * 5;
  const guint record = 120;
  BuilderFile file = { .signals = signals, .n = 4, .records = 3, .reserved = "EDF+C", .tals = tals };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionRecording) late = NULL;
  g_autoptr (InionRecording) early = NULL;
  g_autoptr (GByteArray) bytes = builder_make (&file);
  double x[24];
  gint64 first, n;

  g_byte_array_set_size (bytes, header + 2 * record + 16 + 3 * 2 + 1);
  recording = builder_open_bytes (bytes, NULL);
  g_assert_nonnull (recording);
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, G_GINT64_CONSTANT (3000000000));
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 1);
  for (guint c = 0; c < 3; c++)
    {
      gsize rate = c < 2 ? 8 : 4;
      gsize there = 2 * rate + (c == 0 ? 8 : c == 1 ? 3 : 0);

      g_assert_cmpint (builder_get_info (recording, c)->n_samples, ==, (gint64) (3 * rate));
      g_assert_true (inion_recording_read (recording, c, 0, 3 * rate, x, NULL));
      for (gsize i = 0; i < 3 * rate; i++)
        g_assert_true (isnan (x[i]) == (i >= there));
      builder_check_digital (recording, c, FALSE, c, 0, there);
      g_assert_true (inion_recording_find_run (recording, c, 0, &first, &n));
      g_assert_cmpint (n, ==, (gint64) there);
      g_assert_false (inion_recording_find_run (recording, c, (gint64) there, &first, &n));
    }
  g_assert_true (builder_has_fault (recording, header + 2 * record, "23 of its 120 bytes"));
  g_assert_true (builder_has_fault (recording, header + 2 * record, "11 samples in 2"));
  /* In a file with gaps the record must say when it starts. */
  file.tals = gaps;
  file.reserved = "EDF+D";
  g_byte_array_unref (g_steal_pointer (&bytes));
  bytes = builder_make (&file);
  g_byte_array_set_size (bytes, header + 2 * record + 40 + 8);
  late = builder_open_bytes (bytes, NULL);
  g_assert_cmpint (inion_recording_get_duration_ns (late), ==, G_GINT64_CONSTANT (21000000000));
  g_byte_array_set_size (bytes, header + 2 * record + 40 + 2);
  early = builder_open_bytes (bytes, NULL);
  g_assert_cmpint (inion_recording_get_duration_ns (early), ==, G_GINT64_CONSTANT (10000000000));
  g_assert_true (builder_has_fault (early, header + 2 * record, "left out"));
}

/* What a header claims of a record that is not in the file even once. */
static void
test_impossible (void)
{
  static const BuilderSignal signals[] = { { .samples = 8 },
                                           { .samples = 8, .samples_text = "99999999" } };
  static const BuilderSignal wide[] = { { .samples = 8, .samples_text = "99999999" } };
  BuilderFile file = { .signals = wide, .n = 1, .records = 40 };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (builder_open (&file, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "samples in a data record"));
  g_assert_nonnull (strstr (error->message, "byte 472"));
  g_assert_nonnull (strstr (error->message, "“99999999”"));
  g_assert_nonnull (strstr (error->message, "1152 bytes"));
  /* The first signal of the only record is whole. */
  file.signals = signals;
  file.n = 2;
  recording = builder_open_good (&file);
  builder_check_digital (recording, 0, FALSE, 0, 0, 8);
}

static void
test_trailing (void)
{
  const BuilderFile file = { .signals = one_signal, .n = 1, .records = 4 };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autoptr (InionRecording) recording = NULL;

  g_byte_array_append (bytes, (const guint8 *) "xyzxyz", 6);
  recording = builder_open_bytes (bytes, NULL);
  g_assert_cmpint (builder_get_info (recording, 0)->n_samples, ==, 32);
  g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 1);
  g_assert_true (builder_has_fault (recording, 512 + 64, "6 bytes"));
}

/* A copy in text mode displaces all samples: refused, and not shown as a signal that never was. */
static void
test_text_copy (void)
{
  static const BuilderSignal signals[] = { { .samples = 2001 } };
  const BuilderFile file = { .signals = signals, .n = 1, .records = 10 };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < bytes->len; i++)
    {
      if (bytes->data[i] == '\n')
        g_byte_array_append (text, (const guint8 *) "\r", 1);
      g_byte_array_append (text, bytes->data + i, 1);
    }
  g_assert_cmpuint (text->len, >, bytes->len + 50);
  g_assert_null (builder_open_bytes (text, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "binary mode"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-records/n-records", test_n_records);
  g_test_add_func ("/recording/edf-records/truncated", test_truncated);
  g_test_add_func ("/recording/edf-records/truncated-signals", test_truncated_signals);
  g_test_add_func ("/recording/edf-records/impossible", test_impossible);
  g_test_add_func ("/recording/edf-records/trailing", test_trailing);
  g_test_add_func ("/recording/edf-records/text-copy", test_text_copy);
  return g_test_run ();
}
