/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "edf-builder.h"

#include "recording/edf-triggers.h"

#define N 16
#define CMS (1 << 20)
#define LOW (1 << 22)

/* A file of two records of 16 samples in 16 s with these values in its second signal. */
static InionRecording *
open_values (const gint32 *values,
             gboolean      bdf,
             const char   *label,
             const char   *duration,
             char        **events)
{
  const BuilderSignal signals[] = { { .samples = N },
                                    { .label = label, .unit = "Boolean", .physical_min = "-32768",
                                      .physical_max = "32767", .samples = N } };
  const BuilderFile file = { .bdf = bdf, .signals = signals, .n = 2, .records = 2,
                             .duration = duration };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  guint width = bdf ? 3 : 2;
  InionRecording *recording;

  for (guint i = 0; i < 2 * N; i++)
    for (guint b = 0; b < width; b++)
      bytes->data[768 + (i / N * 2 * N + N + i % N) * width + b] = (guint8) (values[i] >> (8 * b));
  recording = builder_open_bytes (bytes, NULL);
  g_assert_nonnull (recording);
  g_assert_cmpint (builder_get_info (recording, 1)->kind, ==, INION_CHANNEL_TRIGGER);
  *events = builder_list_events (recording);
  return recording;
}

static void
test_labels (void)
{
  static const char *const good[] = { "Status", "STATUS", " stAtUs ", "Trigger", "TRIG", "STI 014",
                                      "STI101", "Stim", "TRIGGER_1" };
  static const char *const bad[] = { "", "Stimulus", "Statuse", "EEG STI", "Fp1", "Event", "Trigger A",
                                     "DC1", "1" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (inion_edf_triggers_fit (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (inion_edf_triggers_fit (bad[i]));
}

/* Changes to another code than the one it rests at; a second a sample, so that all are held. */
static void
test_codes (void)
{
  static const struct
  {
    gint32 values[2 * N];
    const char *events;
    const char *fault;
  } cases[] = {
    { { 0, 0, 5, 5, 0, 7, 0 }, "2000000000/2000000000/5;5000000000/1000000000/7;", NULL },
    /* From one code to the next, over the border of the records, to the end. */
    { { [14] = 1, 1, 1, 2, [31] = 65535 },
      "14000000000/3000000000/1;17000000000/1000000000/2;31000000000/1000000000/65535;", NULL },
    /* Only 16 bits are the code; new epochs and speed bits are none. */
    { { [3] = 0x10000, 0x70000, 0x270001, 0x10001 }, "5000000000/2000000000/1;", NULL },
    /* What stands at the first sample has no beginning. */
    { { 9, 9, 0, 4 }, "3000000000/1000000000/4;", "Code 9 stands there" },
    { { 0 }, "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *events = NULL;
      g_autoptr (InionRecording) recording
          = open_values (cases[i].values, TRUE, "Status", "16", &events);

      g_assert_cmpstr (events, ==, cases[i].events);
      g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, cases[i].fault != NULL);
      if (cases[i].fault != NULL)
        g_assert_true (builder_has_fault (recording, 256 + 16, cases[i].fault));
    }
}

/* A code it begins with and mostly holds is no event, wherever it comes back. */
static void
test_rest (void)
{
  gint32 values[2 * N];
  g_autofree char *events = NULL;
  g_autoptr (InionRecording) recording = NULL;

  for (guint i = 0; i < 2 * N; i++)
    values[i] = i % 8 == 7 ? 254 : i == 9 ? 0 : 255;
  recording = open_values (values, TRUE, "Status", "16", &events);
  g_assert_cmpstr (events, ==, "7000000000/1000000000/254;9000000000/1000000000/0;"
                               "15000000000/1000000000/254;23000000000/1000000000/254;"
                               "31000000000/1000000000/254;");
  g_assert_true (builder_has_fault (recording, 256 + 16, "rests at code 255"));
}

/* A pulse has no duration. */
static void
test_pulses (void)
{
  static const gint32 values[2 * N] = { 0, 0, 3, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4 };
  g_autofree char *events = NULL;
  g_autoptr (InionRecording) recording = open_values (values, TRUE, "Status", "0.256", &events);

  g_assert_cmpstr (events, ==, "32000000/-1/3;80000000/128000000/4;");
}

static void
test_alarms (void)
{
  gint32 values[2 * N];
  g_autofree char *events = NULL;
  g_autofree char *unused = NULL;
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionRecording) foreign = NULL;

  for (guint i = 0; i < 2 * N; i++)
    values[i] = (i >= 4 && i < 8 ? 0 : CMS) | (i >= 6 && i < 20 ? LOW : 0) | (i == 12 ? 1 : 0);
  recording = open_values (values, TRUE, "Status", "16", &events);
  g_assert_cmpstr (events, ==, "4000000000/4000000000/CMS out of range;"
                               "6000000000/14000000000/Battery low;12000000000/1000000000/1;");
  g_assert_true (builder_has_fault (recording, 256 + 16, "CMS out of range at 4.000 s"));
  g_assert_true (builder_has_fault (recording, 256 + 16, "Battery low at 6.000 s"));
  /* Nothing of that where the amplifier does not use the bits. */
  for (guint i = 0; i < 2 * N; i++)
    values[i] &= ~CMS;
  foreign = open_values (values, TRUE, "Status", "16", &unused);
  g_assert_cmpstr (unused, ==, "12000000000/1000000000/1;");
  g_assert_cmpuint (inion_recording_get_faults (foreign)->len, ==, 0);
}

/* Of EDF files the physical values are the codes. */
static void
test_edf (void)
{
  static const gint32 values[2 * N] = { [3] = -2, [8] = 32767, [9] = 32767, [12] = 1 };
  gint32 noise[2 * N];
  g_autofree char *events = NULL;
  g_autofree char *none = NULL;
  g_autoptr (InionRecording) recording = open_values (values, FALSE, "STI 014", "16", &events);
  g_autoptr (InionRecording) noisy = NULL;

  g_assert_cmpstr (events, ==, "3000000000/1000000000/-2;8000000000/2000000000/32767;"
                               "12000000000/1000000000/1;");
  for (guint i = 0; i < 2 * N; i++)
    noise[i] = (gint32) (i * 37 % 11);
  noisy = open_values (noise, FALSE, "Trigger", "16", &none);
  g_assert_cmpstr (none, ==, "");
  g_assert_true (builder_has_fault (noisy, 256 + 16, "no trigger codes"));
}

/* Behind a gap nothing is known of when a code was set. */
static void
test_gap (void)
{
  static const BuilderSignal signals[] = { { .label = "Status", .samples = 4 },
                                           { .label = "BDF Annotations", .samples = 20 } };
  static const char *const tals[] = { "+0||~", "+9||~", NULL };
  const BuilderFile file = { .bdf = TRUE, .signals = signals, .n = 2, .records = 2,
                             .reserved = "BDF+D", .tals = tals };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autoptr (InionRecording) recording = NULL;
  g_autofree char *events = NULL;
  static const guint8 codes[] = { 0, 0, 8, 8, 8, 8, 0, 6 };

  for (guint i = 0; i < 8; i++)
    memcpy (bytes->data + 768 + i / 4 * (24 * 3) + i % 4 * 3, (guint8[]){ codes[i], 0, 0 }, 3);
  recording = builder_open_bytes (bytes, NULL);
  events = builder_list_events (recording);
  g_assert_cmpstr (events, ==, "500000000/500000000/8;9750000000/250000000/6;");
  g_assert_true (builder_has_fault (recording, 256, "Code 8 stands there from 9.000 s on"));
}

/* EDFbrowser's way to say which signal an annotation is about. */
static void
test_of_channel (void)
{
  static const BuilderSignal signals[] = { { .label = "EEG Fp1", .samples = 8 },
                                           { .label = "EEG C3", .samples = 8 },
                                           { .label = "EDF Annotations", .samples = 40 } };
  static const char *const tals[] = { "+0||~+0.1|x@@EEG C3|y@@C3|z@@C4|@@C3|a@@b@@EEG Fp1|w|~", NULL };
  static const struct
  {
    const char *text;
    int channel;
  } expected[] = { { "x", 1 },    { "y", 1 },    { "z@@C4", -1 },
                   { "@@C3", -1 }, { "a@@b", 0 }, { "w", -1 } };
  const BuilderFile file = { .signals = signals, .n = 3, .records = 1, .reserved = "EDF+C",
                             .tals = tals };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  g_autofree char *list = builder_list_events (recording);
  GPtrArray *events = inion_recording_get_events (recording);

  g_assert_cmpuint (events->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      g_assert_cmpstr (event->text, ==, expected[i].text);
      g_assert_cmpint (event->channel, ==, expected[i].channel);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-triggers/labels", test_labels);
  g_test_add_func ("/recording/edf-triggers/codes", test_codes);
  g_test_add_func ("/recording/edf-triggers/rest", test_rest);
  g_test_add_func ("/recording/edf-triggers/pulses", test_pulses);
  g_test_add_func ("/recording/edf-triggers/alarms", test_alarms);
  g_test_add_func ("/recording/edf-triggers/edf", test_edf);
  g_test_add_func ("/recording/edf-triggers/gap", test_gap);
  g_test_add_func ("/recording/edf-triggers/of-channel", test_of_channel);
  return g_test_run ();
}
