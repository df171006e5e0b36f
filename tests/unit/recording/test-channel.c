/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "recording/channel.h"

static InionChannel *
make_channel (const char *raw_label,
              gint64      rate_num,
              gint64      rate_den_ns)
{
  InionChannelInfo info
      = { .raw_label = raw_label, .rate_num = rate_num, .rate_den_ns = rate_den_ns };

  return inion_channel_new (&info);
}

static void
test_kind_names (void)
{
  for (int i = INION_CHANNEL_EEG; i <= INION_CHANNEL_OTHER; i++)
    {
      InionChannelKind kind = INION_CHANNEL_OTHER;
      const char *name = inion_channel_kind_to_string ((InionChannelKind) i);
      g_autofree char *lower = g_ascii_strdown (name, -1);

      g_assert_true (inion_channel_kind_from_string (lower, &kind));
      g_assert_cmpint (kind, ==, i);
    }
  InionChannelKind untouched = INION_CHANNEL_ECG;

  g_assert_false (inion_channel_kind_from_string ("fnirs", &untouched));
  g_assert_cmpint (untouched, ==, INION_CHANNEL_ECG);
}

static void
test_kind_guess (void)
{
  static const struct
  {
    const char *label;
    const char *unit;
    InionChannelKind kind;
  } cases[] = {
    { "EEG Fpz-Cz", "µV", INION_CHANNEL_EEG },
    { "Fc5.", "µV", INION_CHANNEL_EEG },
    { "FP1-F7", "µV", INION_CHANNEL_EEG },
    { "E129", "µV", INION_CHANNEL_EEG },
    { "LAH3", "µV", INION_CHANNEL_EEG },
    { "C4", "mV", INION_CHANNEL_EEG },
    { "C4", "", INION_CHANNEL_EEG },
    { "AFF5h", "", INION_CHANNEL_EEG },
    { "Cz", NULL, INION_CHANNEL_EEG },
    { "ECoG 12", "", INION_CHANNEL_OTHER },
    { "EOG horizontal", "µV", INION_CHANNEL_EOG },
    { "VEOG_I", "µV", INION_CHANNEL_EOG },
    { "LOC-A2", "µV", INION_CHANNEL_EOG },
    { "E1-M2", "µV", INION_CHANNEL_EOG },
    { "E1", "µV", INION_CHANNEL_EEG },
    { "EEG EKG", "µV", INION_CHANNEL_ECG },
    { "ECG II", "mV", INION_CHANNEL_ECG },
    { "EMG submental", "µV", INION_CHANNEL_EMG },
    { "Chin1-Chin2", "µV", INION_CHANNEL_EMG },
    { "Resp oro-nasal", "", INION_CHANNEL_RESPIRATION },
    { "Abdomen", "V", INION_CHANNEL_RESPIRATION },
    { "SpO2", "%", INION_CHANNEL_SATURATION },
    { "Temp rectal", "°C", INION_CHANNEL_TEMPERATURE },
    { "Skin", "°C", INION_CHANNEL_TEMPERATURE },
    { "Status", "Boolean", INION_CHANNEL_TRIGGER },
    { "anything", "Boolean", INION_CHANNEL_TRIGGER },
    { "STI 014", "µV", INION_CHANNEL_TRIGGER },
    { "Event marker", "", INION_CHANNEL_TRIGGER },
    { "Photic-Ref", "µV", INION_CHANNEL_OTHER },
    { "DC1", "µV", INION_CHANNEL_OTHER },
    { "EXG1", "µV", INION_CHANNEL_OTHER },
    { "3Hz +5/-5 V", "V", INION_CHANNEL_OTHER },
    { "", "", INION_CHANNEL_OTHER },
    { "µ°é", "", INION_CHANNEL_OTHER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s [%s]", cases[i].label, cases[i].unit);
      g_assert_cmpstr (
          inion_channel_kind_to_string (inion_channel_kind_guess (cases[i].label, cases[i].unit)),
          ==, inion_channel_kind_to_string (cases[i].kind));
    }
}

static void
test_label (void)
{
  static const char *const cases[][2] = {
    { "Fp1", "Fp1" },           { "EEG Fp1-Ref", "Fp1-Ref" }, { "eeg Fpz-Cz", "Fpz-Cz" },
    { "EOG horizontal", "horizontal" }, { "POL E", "E" },     { "Fc5.", "Fc5" },
    { "Iz..", "Iz" },           { "EEG", "EEG" },             { "EEG ", "EEG" },
    { "EEG  ...", "EEG  ..." }, { "  Cz ", "Cz" },            { "ECGI", "ECGI" },
    { "Temp. rectal", "Temp. rectal" }, { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionChannel) channel = make_channel (cases[i][0], 1, 1);

      g_assert_cmpstr (inion_channel_get_label (channel), ==, cases[i][1]);
      g_assert_cmpstr (inion_channel_get_info (channel)->raw_label, ==, cases[i][0]);
    }
}

static void
test_info (void)
{
  char raw[] = "EEG O1";
  InionChannelInfo info = {
    .raw_label = raw, .label = "mine", .kind = INION_CHANNEL_EEG, .unit = "µV",
    .rate_num = 512, .rate_den_ns = 1000000000, .n_samples = 77, .gain = -0.5, .offset = 3,
    .digital_min = -8, .digital_max = 7, .calibrated = TRUE, .prefilter = "HP:0.1Hz",
  };
  InionChannel *channel = inion_channel_new (&info);

  raw[0] = '?';
  g_assert_cmpstr (inion_channel_get_label (channel), ==, "mine");
  g_assert_cmpstr (inion_channel_get_info (channel)->raw_label, ==, "EEG O1");
  g_assert_cmpstr (inion_channel_get_info (channel)->prefilter, ==, "HP:0.1Hz");
  g_assert_null (inion_channel_get_info (channel)->transducer);
  g_assert_cmpstr (inion_channel_get_unit (channel), ==, "µV");
  g_assert_cmpint (inion_channel_get_kind (channel), ==, INION_CHANNEL_EEG);
  g_assert_cmpint (inion_channel_get_n_samples (channel), ==, 77);
  g_assert_cmpfloat (inion_channel_get_rate_hz (channel), ==, 512);
  g_assert_finalize_object (channel);
}

/* Every sample's start gives the sample back, and the nanosecond before it the one before. */
static void
test_clock (void)
{
  static const gint64 rates[][2] = {
    { 512, 1000000000 }, { 3, 1000000000 }, { 64, 333333000 }, { 7, 9999993000 },
    { 30000, 100000000 }, { 1, 1000000000 }, { 1953125, G_GINT64_CONSTANT (1000000000000000) },
  };
  static const gint64 samples[] = { -1000001, -3, -1, 0, 1, 2, 3, 511, 12345, 44236800 };

  for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      g_autoptr (InionChannel) channel = make_channel ("x", rates[r][0], rates[r][1]);

      for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
        {
          gint64 ns = inion_channel_sample_to_ns (channel, samples[i]);

          g_assert_cmpint (inion_channel_ns_to_sample (channel, ns), ==, samples[i]);
          g_assert_cmpint (inion_channel_ns_to_sample (channel, ns - 1), ==, samples[i] - 1);
          g_assert_cmpint (inion_channel_ns_to_nearest_sample (channel, ns), ==, samples[i]);
        }
    }
}

static void
test_clock_values (void)
{
  g_autoptr (InionChannel) third = make_channel ("x", 3, 1000000000);
  g_autoptr (InionChannel) four = make_channel ("x", 4, 1000000000);
  gint64 last;

  g_assert_cmpint (inion_channel_sample_to_ns (third, 1), ==, 333333333);
  g_assert_cmpint (inion_channel_sample_to_ns (third, -1), ==, -333333334);
  /* 0.125 s and 0.375 s lie half-way: to the even one. */
  g_assert_cmpint (inion_channel_ns_to_nearest_sample (four, 125000000), ==, 0);
  g_assert_cmpint (inion_channel_ns_to_nearest_sample (four, 125000001), ==, 1);
  g_assert_cmpint (inion_channel_ns_to_nearest_sample (four, 375000000), ==, 2);
  g_assert_cmpint (inion_channel_ns_to_nearest_sample (four, 374999999), ==, 1);
  g_assert_cmpint (inion_channel_ns_to_nearest_sample (four, -125000000), ==, 0);
  g_assert_cmpint (inion_channel_ns_to_nearest_sample (four, -125000001), ==, -1);
  /* Far ends neither overflow nor wrap. */
  last = inion_channel_ns_to_sample (four, G_MAXINT64);
  g_assert_cmpint (last, ==, 36893488147);
  g_assert_cmpint (inion_channel_ns_to_sample (four, G_MININT64), <, 0);
  g_assert_cmpint (inion_channel_sample_to_ns (four, G_MAXINT64), ==, G_MAXINT64);
  g_assert_cmpint (inion_channel_ns_to_nearest_sample (four, G_MAXINT64), ==, last);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/channel/kind-names", test_kind_names);
  g_test_add_func ("/recording/channel/kind-guess", test_kind_guess);
  g_test_add_func ("/recording/channel/label", test_label);
  g_test_add_func ("/recording/channel/info", test_info);
  g_test_add_func ("/recording/channel/clock", test_clock);
  g_test_add_func ("/recording/channel/clock-values", test_clock_values);
  return g_test_run ();
}
