/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings in memory and what is true of them, for the tests of the display room. */

#pragma once

#include "core/init.h"
#include "core/random.h"
#include "display/page.h"
#include "recording/memory-recording.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static const char *const fixture_labels[] = {
  "Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz",
  "C4", "T8", "P7", "P3", "Pz", "P4", "P8", "O1", "O2", NULL,
};

/* Slow waves, an offset, some hum and noise: something for every filter. */
static inline double *
fixture_wave (guint   channel,
              gsize   n,
              double  rate_hz)
{
  double *x = g_new (double, MAX (n, 1));
  InionRandom random;

  inion_random_seed (&random, 11, channel);
  for (gsize i = 0; i < n; i++)
    {
      double t = (double) i / rate_hz;

      x[i] = 200.0 * channel + 40 * sin (2 * G_PI * 0.3 * t + channel) +
             30 * sin (2 * G_PI * (9 + 0.2 * channel) * t) + 8 * sin (2 * G_PI * 50 * t) +
             10 * inion_random_normal (&random);
    }
  return x;
}

static inline InionRecording *
fixture_recording (guint  n_channels,
                   gsize  n,
                   double rate_hz)
{
  InionMemoryRecording *recording = inion_memory_recording_new (rate_hz, NULL);

  g_assert_cmpuint (n_channels, <=, G_N_ELEMENTS (fixture_labels) - 1);
  for (guint i = 0; i < n_channels; i++)
    {
      g_autofree double *x = fixture_wave (i, n, rate_hz);

      inion_memory_recording_add_channel (recording, fixture_labels[i], "µV", x, n);
    }
  return INION_RECORDING (recording);
}

static inline InionShownSignal *
fixture_signal (InionRecording     *recording,
                const char         *montage_id,
                InionDisplayFilter  filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontage) montage = inion_montage_new (montage_id, recording, NULL, &error);

  g_assert_no_error (error);
  return inion_shown_signal_new (montage, &filter);
}

static inline gint64
fixture_length (InionShownSignal *signal,
                guint             derivation)
{
  return inion_channel_get_n_samples (
    inion_montage_get_clock (inion_shown_signal_get_montage (signal), derivation));
}

/* All samples of a derivation. */
static inline float *
fixture_read_all (InionShownSignal *signal,
                  guint             derivation)
{
  g_autoptr (GError) error = NULL;
  gsize n = (gsize) fixture_length (signal, derivation);
  float *x = g_new (float, MAX (n, 1));

  g_assert_true (inion_shown_signal_read (signal, derivation, 0, n, x, &error));
  g_assert_no_error (error);
  return x;
}

/* What bin k of size B must be. */
static inline InionMinMax
fixture_bin (const float *x,
             gint64       n,
             gint64       bin,
             gint64       bin_size)
{
  InionMinMax r = { INFINITY, -INFINITY };

  for (gint64 i = MAX (0, bin * bin_size); i < MIN ((bin + 1) * bin_size, n); i++)
    {
      r.lo = fminf (r.lo, x[i]);
      r.hi = fmaxf (r.hi, x[i]);
    }
  return r;
}

#define fixture_assert_bin(bin, expected) \
  G_STMT_START { \
    g_assert_cmpfloat ((bin).lo, ==, (expected).lo); \
    g_assert_cmpfloat ((bin).hi, ==, (expected).hi); \
  } G_STMT_END

static inline void
fixture_build (InionPyramid *pyramid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionJob) job = inion_pyramid_new_job (pyramid);
  g_autoptr (InionPyramid) result = inion_job_run (job, &error);

  g_assert_no_error (error);
  g_assert_true (result == pyramid);
  g_assert_true (inion_pyramid_is_complete (pyramid));
}

/* A small EDF file of one kind of channel in 1 s records, each sample a step of 1 µV. Each label
 * comes with its samples a record. */
static inline char *
fixture_write_edf (const char         *directory,
                   const char *const  *labels,
                   const guint        *samples,
                   guint               n_channels,
                   guint               n_records)
{
  char *path = g_build_filename (directory, "fixture.edf", NULL);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  InionRandom random;

  g_string_append_printf (head, "%-8s%-80s%-80s%-8s%-8s%-8u%-44s%-8u%-8s%-4u", "0", "X X X X",
                          "Startdate X X X X", "01.01.20", "00.00.00", 256 * (n_channels + 1), "",
                          n_records, "1", n_channels);
  for (guint i = 0; i < n_channels; i++)
    g_string_append_printf (head, "%-16s", labels[i]);
  for (guint i = 0; i < n_channels; i++)
    g_string_append_printf (head, "%-80s", "");
  for (guint i = 0; i < n_channels; i++)
    g_string_append_printf (head, "%-8s", "uV");
  for (int field = 0; field < 4; field++)
    for (guint i = 0; i < n_channels; i++)
      g_string_append_printf (head, "%-8s", field % 2 == 0 ? "-32768" : "32767");
  for (guint i = 0; i < n_channels; i++)
    g_string_append_printf (head, "%-80s", "");
  for (guint i = 0; i < n_channels; i++)
    g_string_append_printf (head, "%-8u", samples[i]);
  for (guint i = 0; i < n_channels; i++)
    g_string_append_printf (head, "%-32s", "");
  g_assert_cmpuint (head->len, ==, 256 * (n_channels + 1));
  g_byte_array_append (file, (const guint8 *) head->str, (guint) head->len);
  inion_random_seed (&random, 5, 0);
  for (guint record = 0; record < n_records; record++)
    for (guint i = 0; i < n_channels; i++)
      for (guint k = 0; k < samples[i]; k++)
        {
          gint16 value = (gint16) (100 * inion_random_normal (&random));
          guint8 bytes[2] = { (guint8) (value & 0xff), (guint8) ((guint16) value >> 8) };

          g_byte_array_append (file, bytes, 2);
        }
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, &error));
  g_assert_no_error (error);
  return path;
}
