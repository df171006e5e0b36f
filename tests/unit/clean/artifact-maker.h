/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made recording: pink noise, and artifacts where one knows them to be. */

#pragma once

#include "core/random.h"
#include "recording/memory-recording.h"
#include "signal/sos.h"

#include <math.h>
#include <string.h>

#define RATE 256.0
#define N_CHANNELS 19

static const char *const names[N_CHANNELS] = {
  "Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz", "C4", "T8", "P7", "P3", "Pz", "P4",
  "P8", "O1", "O2",
};

/* Pink noise of about 10 µV, half of it common to all channels as volume conduction makes it. */
static inline double *
make_noise (gsize n)
{
  double *x = g_new (double, N_CHANNELS * n);
  g_autofree double *common = g_new0 (double, n);

  for (guint c = 0; c <= N_CHANNELS; c++)
    {
      InionRandom random;
      double slow = 0, middle = 0;

      inion_random_seed (&random, 21, c);
      for (gsize i = 0; i < n; i++)
        {
          double white = inion_random_normal (&random), value;

          slow = 0.99 * slow + 0.9 * white;
          middle = 0.9 * middle + 1.2 * white;
          value = slow + middle + white;
          if (c == 0)
            common[i] = value;
          else
            x[(c - 1) * n + i] = 0.5 * common[i] + 0.8 * value;
        }
    }
  return x;
}

static inline guint
channel_named (const char *name)
{
  for (guint c = 0; c < N_CHANNELS; c++)
    if (strcmp (names[c], name) == 0)
      return c;
  g_assert_not_reached ();
}

static inline void
add_blink (double *x,
           gsize   n,
           double  peak_s,
           double  sign)
{
  static const struct
  {
    const char *name;
    double uv;
  } at[] = {
    { "Fp1", 150 }, { "Fp2", 140 }, { "F7", 40 }, { "F8", 40 }, { "F3", 50 }, { "F4", 50 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (at); k++)
    for (gsize i = 0; i < n; i++)
      {
        double t = (i / RATE - peak_s) / 0.1;

        x[channel_named (at[k].name) * n + i] += sign * at[k].uv * exp (-t * t);
      }
}

static inline void
add_muscle (double *x,
            gsize   n,
            double  from_s,
            double  to_s)
{
  for (guint c = 0; c < N_CHANNELS; c++)
    {
      gboolean strong = strchr ("FTP", names[c][0]) != NULL && strchr ("78", names[c][1]) != NULL;
      InionSos sos;
      InionSosState state;
      InionRandom random;

      inion_random_seed (&random, 22, c);
      inion_sos_butterworth (&sos, 2, INION_BAND_BANDPASS, 30, 120, RATE, NULL);
      inion_sos_state_reset (&state);
      for (gsize i = (gsize) (from_s * RATE); i < (gsize) (to_s * RATE); i++)
        {
          double v = (strong ? 25 : 8) * inion_random_normal (&random);

          inion_sos_process (&sos, &state, &v, &v, 1);
          x[c * n + i] += v;
        }
    }
}

static inline InionRecording *
make_recording (const double *x,
                gsize         n,
                double        rate)
{
  InionMemoryRecording *recording = inion_memory_recording_new (rate, NULL);

  for (guint c = 0; c < N_CHANNELS; c++)
    inion_memory_recording_add_channel (recording, names[c], "µV", x + c * n, n);
  return INION_RECORDING (recording);
}

static inline double *
make_artifacts (gsize n)
{
  double *x = make_noise (n);
  double held = x[channel_named ("O1") * n + (gsize) (57 * RATE)];

  for (gsize i = (gsize) (57 * RATE); i < (gsize) (64 * RATE); i++)
    x[channel_named ("O1") * n + i] = held;
  for (gsize i = (gsize) (60 * RATE); i < n; i++)
    x[channel_named ("C3") * n + i] += 300;
  add_muscle (x, n, 119, 121);
  add_blink (x, n, 20, 1);
  add_blink (x, n, 60, 1);
  add_blink (x, n, 119.99, 1);
  add_blink (x, n, 150, 1);
  add_blink (x, n, 150.6, 1);
  return x;
}
