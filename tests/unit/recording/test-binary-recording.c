/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "core/scratch.h"
#include "recording/binary-recording.h"

#include <math.h>
#include <string.h>

static InionChannelInfo
make_info (const char *label,
           gint64      n_samples)
{
  return (InionChannelInfo) {
    .raw_label = label, .unit = "µV", .rate_num = 100, .rate_den_ns = 1000000000,
    .n_samples = n_samples, .gain = 0.5, .offset = 1, .calibrated = TRUE,
  };
}

static InionBinaryRecording *
make_recording (const guint8 *bytes,
                gsize         n)
{
  InionBinaryRecording *recording = inion_binary_recording_new (NULL, "test");
  g_autoptr (InionScratch) scratch = inion_scratch_new (NULL);

  g_assert_nonnull (scratch);
  g_assert_true (inion_scratch_write (scratch, bytes, n, NULL));
  g_assert_cmpint (inion_scratch_get_size (scratch), ==, n);
  inion_binary_recording_take_file (recording, inion_scratch_steal_fd (scratch, NULL), NULL);
  return recording;
}

/* Every type, both byte orders, against values that were written down by hand. */
static void
test_types (void)
{
  static const struct
  {
    InionSampleType type;
    guint8 bytes[8]; /* most significant first */
    double value;
  } cases[] = {
    { INION_SAMPLE_INT8, { 0x80 }, -128 },
    { INION_SAMPLE_UINT8, { 0x80 }, 128 },
    { INION_SAMPLE_INT16, { 0xff, 0xfe }, -2 },
    { INION_SAMPLE_UINT16, { 0xff, 0xfe }, 65534 },
    { INION_SAMPLE_INT24, { 0x80, 0x00, 0x01 }, -8388607 },
    { INION_SAMPLE_UINT24, { 0x80, 0x00, 0x01 }, 8388609 },
    { INION_SAMPLE_INT32, { 0xff, 0xff, 0xff, 0xf6 }, -10 },
    { INION_SAMPLE_UINT32, { 0xff, 0xff, 0xff, 0xf6 }, 4294967286.0 },
    { INION_SAMPLE_INT64, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf6 }, -10 },
    { INION_SAMPLE_UINT64, { 0, 0, 0, 1, 0, 0, 0, 0 }, 4294967296.0 },
    { INION_SAMPLE_FLOAT32, { 0xc0, 0x20, 0x00, 0x00 }, -2.5 },
    { INION_SAMPLE_FLOAT64, { 0x3f, 0xd0, 0, 0, 0, 0, 0, 0 }, 0.25 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size = inion_sample_type_get_size (cases[i].type);
      guint8 little[8];
      double value;

      for (gsize k = 0; k < size; k++)
        little[k] = cases[i].bytes[size - 1 - k];
      inion_samples_to_double (cases[i].bytes, 0, 1, cases[i].type, TRUE, &value);
      g_assert_cmpfloat (value, ==, cases[i].value);
      inion_samples_to_double (little, 0, 1, cases[i].type, FALSE, &value);
      g_assert_cmpfloat (value, ==, cases[i].value);
    }
}

/* Five interleaved channels of three bytes: samples lie across tiles, and long readings go past
 * them. */
static void
test_multiplexed (void)
{
  const gsize n = 2000000;
  const guint n_channels = 5;
  g_autofree guint8 *bytes = g_malloc (n * n_channels * 3);
  g_autoptr (InionBinaryRecording) recording = NULL;
  g_autofree double *x = g_new (double, n);
  static const struct { gint64 first; gsize n; } ranges[] = {
    { 0, 1 }, { 69000, 2000 }, { 69904, 3 }, { 1999990, 10 }, { 0, 2000000 }, { 1000000, 500000 },
    { 69905, 140000 },
  };

  for (gsize i = 0; i < n * n_channels; i++)
    for (gsize k = 0; k < 3; k++)
      bytes[3 * i + k] = (guint8) (i >> (8 * k));
  recording = make_recording (bytes, n * n_channels * 3);
  for (guint c = 0; c < n_channels; c++)
    {
      InionChannelInfo info = make_info ("C3", (gint64) n);
      InionSampleLayout layout = inion_sample_layout_multiplexed (0, INION_SAMPLE_UINT24, 0, c, 5);

      g_assert_true (inion_binary_recording_add_channel (recording, &info, &layout, NULL));
    }
  g_assert_cmpint (inion_recording_get_duration_ns (INION_RECORDING (recording)), ==,
                   20000 * G_GINT64_CONSTANT (1000000000));
  for (gsize r = 0; r < G_N_ELEMENTS (ranges); r++)
    for (guint c = 0; c < n_channels; c++)
      {
        g_assert_true (inion_recording_read (INION_RECORDING (recording), c, ranges[r].first,
                                             ranges[r].n, x, NULL));
        for (gsize i = 0; i < ranges[r].n; i++)
          g_assert_cmpfloat (x[i], ==,
                             0.5 * (double) (((gsize) ranges[r].first + i) * n_channels + c) + 1);
      }
}

/* Records of two channels at different rates, as GDF has them, and a gap. */
static void
test_records_with_gap (void)
{
  guint8 bytes[4 * 12];
  g_autoptr (InionBinaryRecording) recording = NULL;
  g_autoptr (GError) error = NULL;
  InionChannelInfo fast = make_info ("C3", 16);
  InionChannelInfo slow = make_info ("C4", 8);
  InionSampleLayout fast_layout = { 0, INION_SAMPLE_INT16, FALSE, 0, 2, 4, 12 };
  InionSampleLayout slow_layout = { 0, INION_SAMPLE_INT16, FALSE, 8, 2, 2, 12 };
  gint32 digital[4];
  double x[24];

  slow.rate_num = 50;
  for (gsize i = 0; i < 24; i++)
    {
      bytes[2 * i] = (guint8) i;
      bytes[2 * i + 1] = 0;
    }
  recording = make_recording (bytes, sizeof bytes);
  /* 80 ms, then 40 ms nothing, then 80 ms. */
  g_assert_true (inion_recording_add_segment (INION_RECORDING (recording), 0, 80000000, 0));
  g_assert_false (inion_recording_add_segment (INION_RECORDING (recording), 70000000, 80000000,
                                               80000000));
  g_assert_true (inion_recording_add_segment (INION_RECORDING (recording), 120000000, 80000000,
                                              80000000));
  g_assert_true (inion_binary_recording_add_channel (recording, &fast, &fast_layout, NULL));
  g_assert_true (inion_binary_recording_add_channel (recording, &slow, &slow_layout, NULL));
  g_assert_cmpint (inion_recording_get_duration_ns (INION_RECORDING (recording)), ==, 200000000);
  g_assert_true (inion_recording_read (INION_RECORDING (recording), 0, 0, 20, x, NULL));
  for (guint i = 0; i < 20; i++)
    {
      gsize stored = i < 8 ? i : i - 4;

      if (i >= 8 && i < 12)
        g_assert_true (isnan (x[i]));
      else
        g_assert_cmpfloat (x[i], ==, 0.5 * (double) (stored / 4 * 6 + stored % 4) + 1);
    }
  g_assert_true (inion_recording_read_digital (INION_RECORDING (recording), 1, 6, 4, digital, NULL));
  g_assert_cmpint (digital[0], ==, 16);
  g_assert_cmpint (digital[3], ==, 23);
  /* What the file does not hold is refused when the channel is added. */
  slow.n_samples = 9;
  g_assert_false (inion_binary_recording_add_channel (recording, &slow, &slow_layout, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
}

/* Absurd layouts are refused, not followed. */
static void
test_layout_limits (void)
{
  InionSampleLayout layout = { 0, INION_SAMPLE_FLOAT64, FALSE, 16, 8, 4, 100 };
  gint64 end;

  g_assert_true (inion_sample_layout_get_end (&layout, 0, &end));
  g_assert_cmpint (end, ==, 16);
  g_assert_true (inion_sample_layout_get_end (&layout, 9, &end));
  g_assert_cmpint (end, ==, 16 + 2 * 100 + 8);
  g_assert_false (inion_sample_layout_get_end (&layout, G_MAXINT64, &end));
  g_assert_false (inion_sample_layout_get_end (&layout, -1, &end));
  layout.stride = 4;
  g_assert_false (inion_sample_layout_get_end (&layout, 1, &end));
  layout.stride = 8;
  layout.block_samples = 0;
  g_assert_false (inion_sample_layout_get_end (&layout, 1, &end));
  layout.block_samples = 1;
  layout.offset = -1;
  g_assert_false (inion_sample_layout_get_end (&layout, 1, &end));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/binary/types", test_types);
  g_test_add_func ("/recording/binary/multiplexed", test_multiplexed);
  g_test_add_func ("/recording/binary/records-with-gap", test_records_with_gap);
  g_test_add_func ("/recording/binary/layout-limits", test_layout_limits);
  return g_test_run ();
}
