/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/edf-recording.h"

#include "edf-builder.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAL "EDF Annotations"

static const BuilderSignal one_signal[] = { { .samples = 8 } };
static const BuilderSignal with_tal[] = { { .samples = 8 }, { .label = TAL, .samples = 40 } };

static void
test_plain (void)
{
  const BuilderFile file = { .signals = one_signal, .n = 1, .records = 4 };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  const InionChannelInfo *info;
  g_autofree char *start = g_date_time_format (inion_recording_get_start (recording), "%F %T %z");
  double values[32];

  g_assert_cmpstr (inion_recording_get_format (recording), ==, "EDF");
  g_assert_cmpstr (inion_recording_get_patient (recording), ==, "X X X X");
  g_assert_cmpstr (inion_recording_get_description (recording), ==, "Startdate 02-MAR-2021 X X X");
  g_assert_cmpstr (start, ==, "2021-03-02 10:11:12 +0000");
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, G_GINT64_CONSTANT (4000000000));
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 1);
  g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 0);
  info = builder_get_info (recording, 0);
  g_assert_cmpstr (info->raw_label, ==, "EEG Fp1");
  g_assert_cmpstr (info->label, ==, "Fp1");
  g_assert_cmpstr (info->unit, ==, "µV");
  g_assert_cmpint (info->kind, ==, INION_CHANNEL_EEG);
  g_assert_cmpint (info->n_samples, ==, 32);
  g_assert_cmpint (info->rate_num, ==, 8);
  g_assert_cmpint (info->rate_den_ns, ==, 1000000000);
  g_assert_true (info->calibrated);
  builder_check_digital (recording, 0, FALSE, 0, 0, 32);
  builder_check_digital (recording, 0, FALSE, 0, 5, 17);
  g_assert_true (inion_recording_read (recording, 0, 0, 32, values, NULL));
  for (guint i = 0; i < 32; i++)
    g_assert_cmpfloat_with_epsilon (values[i], 200.0 / 65535 * (builder_sample (FALSE, 0, i) + 0.5),
                                    1e-11);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, 0);
}

/* Several rates, 16 and 24 bits, small and large records: every range gives the right samples. */
static void
test_ranges (void)
{
  static const BuilderSignal small[] = { { .label = "a", .samples = 8 },
                                         { .label = "b", .samples = 1 },
                                         { .label = "c", .samples = 3 } };
  static const BuilderSignal large[] = { { .label = "a", .samples = 700 },
                                         { .label = "b", .samples = 9000 },
                                         { .label = "c", .samples = 1 } };
  static const BuilderSignal huge[]
      = { { .label = "a", .samples = 500000 }, { .label = "b", .samples = 7 } };
  static const BuilderFile files[] = {
    { .signals = small, .n = 3, .records = 9000 },
    { .signals = large, .n = 3, .records = 40 },
    { .signals = huge, .n = 2, .records = 3 },
    { .signals = small, .n = 3, .records = 9000, .bdf = TRUE },
    { .signals = large, .n = 3, .records = 40, .bdf = TRUE },
    { .signals = huge, .n = 2, .records = 3, .bdf = TRUE },
  };

  for (gsize f = 0; f < G_N_ELEMENTS (files); f++)
    {
      g_autoptr (InionRecording) recording = builder_open_good (&files[f]);

      g_assert_cmpstr (inion_recording_get_format (recording), ==, files[f].bdf ? "BDF" : "EDF");
      for (guint c = 0; c < files[f].n; c++)
        {
          gsize spr = files[f].signals[c].samples;
          gint64 n = builder_get_info (recording, c)->n_samples;

          g_assert_cmpint (n, ==, (gint64) (spr * files[f].records));
          builder_check_digital (recording, c, files[f].bdf, c, 0, (gsize) n);
          for (gint64 k = 1; k < 40 && k < n; k++)
            builder_check_digital (recording, c, files[f].bdf, c, (n - k) * k / 40, (gsize) k);
          builder_check_digital (recording, c, files[f].bdf, c, n - 1, 1);
          builder_check_digital (recording, c, files[f].bdf, c, n, 0);
          builder_check_digital (recording, c, files[f].bdf, c, n / 3, (gsize) (n / 2));
        }
    }
}

static void
test_scale (void)
{
  static const BuilderSignal signals[] = {
    { .label = "EEG C3", .unit = "mV", .physical_min = "-1", .physical_max = "1", .samples = 8 },
    { .label = "EEG C4", .unit = "V", .physical_min = "-1", .physical_max = "1", .samples = 8 },
    { .label = "EEG Cz",
      .unit = "\xb5V",
      .physical_min = "100",
      .physical_max = "-100",
      .samples = 8 },
    { .label = "Abdomen", .unit = "mV", .physical_min = "-1", .physical_max = "1", .samples = 8 },
    { .label = "EEG Pz", .physical_min = "0", .physical_max = "0", .samples = 8 },
    { .label = "EEG O1", .digital_min = "5", .digital_max = "5", .samples = 8 },
    { .label = "EEG O2", .physical_min = "nan", .physical_max = "inf", .samples = 8 },
    { .label = "EEG F3", .digital_min = "2047", .digital_max = "-2048", .samples = 8 },
    { .label = "EEG F4", .digital_min = "-100", .digital_max = "100", .samples = 8 },
    { .label = "EEG F7", .physical_min = "-100,5", .physical_max = "100,5", .samples = 8 },
  };
  static const double gains[] = { 2000. / 65535, 2e6 / 65535, -200. / 65535, 2. / 65535, 1, 1, 1,
                                  -200. / 4095, 1, 201. / 65535 };
  static const char *const units[] = { "µV", "µV", "µV", "mV", "", "", "", "µV", "µV", "µV" };
  const BuilderFile file = { .signals = signals, .n = G_N_ELEMENTS (signals), .records = 2 };
  g_autoptr (InionRecording) recording = builder_open_good (&file);

  for (guint i = 0; i < file.n; i++)
    {
      const InionChannelInfo *info = builder_get_info (recording, i);
      double values[2];
      float narrow[2];
      gint32 digital[2];

      g_test_message ("%s", info->label);
      g_assert_true (inion_recording_read (recording, i, 1, 2, values, NULL));
      g_assert_true (inion_recording_read_float (recording, i, 1, 2, narrow, NULL));
      g_assert_true (inion_recording_read_digital (recording, i, 1, 2, digital, NULL));
      g_assert_cmpfloat_with_epsilon (info->gain, gains[i], fabs (gains[i]) * 1e-13);
      g_assert_cmpstr (info->unit, ==, units[i]);
      g_assert_cmpint (info->calibrated, ==, i < 4 || i > 6);
      for (guint k = 0; k < 2; k++)
        {
          g_assert_cmpfloat_with_epsilon (values[k], info->gain * digital[k] + info->offset,
                                          1e-12 * (1 + fabs (values[k])));
          g_assert_cmpfloat (narrow[k], ==, (float) values[k]);
        }
    }
  /* Beyond the declared digital range: kept, not clamped. */
  builder_check_digital (recording, 8, FALSE, 8, 0, 16);
  g_assert_true (builder_has_fault (recording, 256 + 10 * 104 + 4 * 8, "equal"));
  g_assert_true (builder_has_fault (recording, 256 + 10 * 120 + 5 * 8, "equal"));
  g_assert_true (builder_has_fault (recording, 256 + 10 * 104 + 6 * 8, "nan"));
  g_assert_true (builder_has_fault (recording, 256 + 10 * 120 + 7 * 8, "reversed"));
  g_assert_true (builder_has_fault (recording, 256 + 10 * 104 + 9 * 8, "comma"));
}

/* A clock from the file's text, exactly. */
static void
test_rates (void)
{
  static const struct
  {
    const char *duration;
    gint64 ns;
    gboolean fault;
  } cases[] = {
    { "1", 1000000000, FALSE },        { "0.333333", 333333000, TRUE },
    { "9.999993", 9999993000, TRUE },  { "1E-1", 100000000, FALSE },
    { "0,5", 500000000, TRUE },        { "0", 1000000000, TRUE },
    { "-1", 1000000000, TRUE },        { "abc", 1000000000, TRUE },
    { "", 1000000000, TRUE },          { "0.33", 330000000, FALSE },
    { "1.00001", 1000010000, FALSE },  { "1.000001", 1000001000, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BuilderFile file
          = { .signals = one_signal, .n = 1, .records = 4, .duration = cases[i].duration };
      g_autoptr (InionRecording) recording = builder_open_good (&file);
      const InionChannelInfo *info = builder_get_info (recording, 0);

      g_test_message ("“%s”", cases[i].duration);
      g_assert_cmpint (info->rate_num, ==, 8);
      g_assert_cmpint (info->rate_den_ns, ==, cases[i].ns);
      g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 4 * cases[i].ns);
      g_assert_cmpint (inion_recording_get_faults (recording)->len > 0, ==, cases[i].fault);
    }
}

static void
test_header_bytes (void)
{
  BuilderFile file = { .signals = one_signal, .n = 1, .records = 4, .header_bytes = "256" };
  g_autoptr (InionRecording) wrong = builder_open_good (&file);
  g_autoptr (InionRecording) longer = NULL;
  g_autoptr (GByteArray) bytes = NULL;

  builder_check_digital (wrong, 0, FALSE, 0, 0, 32);
  g_assert_true (builder_has_fault (wrong, 184, "256"));
  /* A header that really is longer. */
  file.header_bytes = "1024";
  bytes = builder_make (&file);
  g_byte_array_set_size (bytes, 512);
  for (guint i = 0; i < 512; i++)
    g_byte_array_append (bytes, (const guint8 *) " ", 1);
  for (guint r = 0; r < 4; r++)
    builder_put_samples (bytes, &file, 0, r);
  longer = builder_open_bytes (bytes, NULL);
  builder_check_digital (longer, 0, FALSE, 0, 0, 32);
  g_assert_true (builder_has_fault (longer, 184, "1024"));
}

static void
test_texts (void)
{
  static const BuilderSignal signals[] = {
    { .label = "EEG \xb0", .samples = 1 },
    { .label = "", .transducer = "AgAgCl", .prefilter = "HP:0.1Hz", .samples = 1 },
    { .label = "Fc5.", .unit = "\x83\xcaV", .samples = 1 },
    { .label = "Fc5.", .samples = 0 },
    { .label = "Fc5.", .samples = 1 },
  };
  const BuilderFile file = { .signals = signals, .n = 5, .records = 1, .patient = "M\xfcller" };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  const InionChannelInfo *info = builder_get_info (recording, 1);

  g_assert_cmpstr (inion_recording_get_patient (recording), ==, "Müller");
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 4);
  g_assert_cmpstr (builder_get_info (recording, 0)->label, ==, "°");
  g_assert_cmpstr (info->label, ==, "");
  g_assert_cmpstr (info->transducer, ==, "AgAgCl");
  g_assert_cmpstr (info->prefilter, ==, "HP:0.1Hz");
  g_assert_cmpstr (inion_channel_get_unit (inion_recording_get_channel (recording, 2)), ==, "µV");
  g_assert_cmpstr (builder_get_info (recording, 3)->label, ==, "Fc5 (2)");
  g_assert_true (builder_has_fault (recording, 8, "Müller"));
  g_assert_true (builder_has_fault (recording, 256, "EEG °"));
  g_assert_true (builder_has_fault (recording, 256 + 5 * 96 + 2 * 8, "µV"));
  g_assert_true (builder_has_fault (recording, 256 + 5 * 216 + 3 * 8, "left out"));
}

static void
test_dates (void)
{
  static const struct
  {
    const char *date;
    const char *time;
    const char *recording;
    const char *start;
  } cases[] = {
    { "02.03.85", "10.11.12", "", "1985-03-02 10:11:12" },
    { "02.03.84", "10.11.12", "", "2084-03-02 10:11:12" },
    { "02-03-21", "10:11:12", "", "2021-03-02 10:11:12" },
    { "2.3.21", "1.2.3", "", "2021-03-02 01:02:03" },
    { "02.03.yy", "10.11.12", "Startdate 02-MAR-2091 X X X", "2091-03-02 10:11:12" },
    { "02.03.21", "10.11.12", "Startdate 05-apr-2021 X X X", "2021-04-05 10:11:12" },
    { "02.03.21", "10.11.12", "Startdate X X X X", "2021-03-02 10:11:12" },
    { "01.01.85", "10.11.12", "Startdate X X X X", NULL },
    { "01.01.85", "10.11.12", "", "1985-01-01 10:11:12" },
    { "31.12.99", "24.00.00", "", "2000-01-01 00:00:00" },
    { "02.03.21", "10.11.60", "", "2021-03-02 10:12:00" },
    { "02.03.21", "10.77.12", "", "2021-03-02 00:00:00" },
    { "31.02.21", "10.11.12", "", NULL },
    { "00.00.00", "10.11.12", "", NULL },
    { "", "", "", NULL },
    { "02.03.21", "10.11.12", "Startdate 32-MAR-2021", "2021-03-02 10:11:12" },
    { "02.03.21", "10.11.12", "Startdate", "2021-03-02 10:11:12" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BuilderFile file = { .signals = one_signal, .n = 1, .records = 1, .date = cases[i].date,
                                 .time = cases[i].time, .recording = cases[i].recording };
      g_autoptr (InionRecording) recording = builder_open_good (&file);
      GDateTime *date = inion_recording_get_start (recording);
      g_autofree char *start = date != NULL ? g_date_time_format (date, "%F %T") : NULL;

      g_test_message ("%s %s %s", cases[i].date, cases[i].time, cases[i].recording);
      g_assert_cmpstr (start, ==, cases[i].start);
    }
}

static void
test_plus_by_label (void)
{
  const BuilderFile silent = { .signals = with_tal, .n = 2, .records = 2 };
  const BuilderFile boast = { .signals = one_signal, .n = 1, .records = 2, .reserved = "EDF+C" };
  g_autoptr (InionRecording) a = builder_open_good (&silent);
  g_autoptr (InionRecording) b = builder_open_good (&boast);

  g_assert_cmpuint (inion_recording_get_n_channels (a), ==, 1);
  g_assert_cmpstr (inion_recording_get_format (a), ==, "EDF+C");
  g_assert_true (builder_has_fault (a, 192, "annotations"));
  g_assert_true (builder_has_fault (b, 192, "no annotation signal"));
}

static void
test_bdf (void)
{
  static const BuilderSignal signals[] = {
    { .label = "A1", .physical_min = "-262144", .physical_max = "262143", .samples = 16 },
    { .label = "BDF Annotations", .samples = 20 },
    { .label = "Status",
      .unit = "Boolean",
      .physical_min = "0",
      .physical_max = "0",
      .samples = 16 },
  };
  static const char *const tals[] = { "+0||~+0.25^0.5|go|~", NULL };
  const BuilderFile file = {
    .bdf = TRUE, .signals = signals, .n = 3, .records = 2, .reserved = "BDF+C", .tals = tals
  };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  g_autofree char *events = builder_list_events (recording);
  const InionChannelInfo *status = builder_get_info (recording, 1);
  double value;

  g_assert_cmpstr (inion_recording_get_format (recording), ==, "BDF+C");
  g_assert_cmpstr (events, ==, "250000000/500000000/go;");
  g_assert_cmpint (status->kind, ==, INION_CHANNEL_TRIGGER);
  g_assert_false (status->calibrated);
  g_assert_cmpfloat (status->gain, ==, 1);
  g_assert_cmpfloat (status->offset, ==, 0);
  builder_check_digital (recording, 0, TRUE, 0, 3, 20);
  builder_check_digital (recording, 1, TRUE, 2, 3, 20);
  g_assert_true (inion_recording_read (recording, 1, 3, 1, &value, NULL));
  g_assert_cmpfloat (value, ==, builder_sample (TRUE, 2, 3));
  /* These samples are no codes. */
  g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 1);
  g_assert_true (builder_has_fault (recording, 256 + 2 * 16, "no trigger codes"));
}

/* What claims too much is refused before any memory is asked for. */
static void
test_sizes (void)
{
  g_autofree BuilderSignal *signals = g_new0 (BuilderSignal, 700);
  BuilderFile file = { .signals = signals, .n = 22, .records = 1 };
  g_autoptr (InionRecording) many = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 700; i++)
    signals[i].samples = 1;
  for (guint i = 0; i < 22; i++)
    signals[i].samples_text = "99999999";
  g_assert_null (builder_open (&file, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "signal 6"));
  g_assert_nonnull (strstr (error->message, "5048"));
  g_clear_error (&error);
  /* 500 million samples a record and none in the file: fits, and nothing is there to be read. */
  file.n = 1;
  file.records = 0;
  signals[0].samples_text = "5e8";
  g_assert_nonnull (many = builder_open (&file, &error));
  g_assert_cmpint (builder_get_info (many, 0)->n_samples, ==, 0);
  g_clear_object (&many);
  signals[0].samples_text = "-5";
  g_assert_null (builder_open (&file, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_clear_error (&error);
  signals[0].samples_text = NULL;
  file.records = 4;
  file.duration = "9e9";
  g_assert_null (builder_open (&file, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_clear_error (&error);
  for (guint i = 0; i < 22; i++)
    signals[i].samples_text = NULL;
  file = (BuilderFile) { .signals = signals, .n = 700, .records = 2 };
  many = builder_open_good (&file);
  g_assert_cmpuint (inion_recording_get_n_channels (many), ==, 700);
  builder_check_digital (many, 699, FALSE, 699, 0, 2);
}

static void
test_n_signals (void)
{
  static const char *const bad[] = { "0", "-1", "", "x", "9e9" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const BuilderFile file = { .signals = one_signal, .n = 1, .records = 4, .n_signals = bad[i] };
      g_autoptr (GError) error = NULL;

      g_test_message ("“%s”", bad[i]);
      g_assert_null (builder_open (&file, &error));
      g_assert_true (error->domain == INION_ERROR);
      g_assert_nonnull (strstr (error->message, "byte 252"));
    }
}

static void
expect_refusal (const char *path,
                InionError  code,
                const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_recording_open (path, &error));
  g_assert_error (error, INION_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_not_a_recording (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *empty = builder_write (g_byte_array_append (bytes, (const guint8 *) "", 0));
  g_autofree char *text = NULL;
  g_autofree char *binary = NULL;
  g_autofree char *fifo = NULL;

  expect_refusal (g_get_tmp_dir (), INION_ERROR_FORMAT, "folder");
  expect_refusal (empty, INION_ERROR_FORMAT, "empty");
  expect_refusal ("/nowhere/at/all.edf", INION_ERROR_IO, "/nowhere/at/all.edf");
  g_byte_array_append (bytes, (const guint8 *) "Dear colleague, please find enclosed", 36);
  text = builder_write (bytes);
  expect_refusal (text, INION_ERROR_FORMAT, "It starts with “Dear colleague");
  for (guint i = 0; i < 600; i++)
    g_byte_array_append (bytes, (const guint8 *) "\0\1\2", 3);
  g_byte_array_remove_range (bytes, 0, 36);
  binary = builder_write (bytes);
  expect_refusal (binary, INION_ERROR_FORMAT, "not a recording");
  fifo = g_strconcat (empty, ".fifo", NULL);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  expect_refusal (fifo, INION_ERROR_FORMAT, "pipe");
  if (geteuid () != 0)
    {
      g_assert_cmpint (g_chmod (binary, 0), ==, 0);
      expect_refusal (binary, INION_ERROR_IO, binary);
    }
  g_unlink (empty);
  g_unlink (text);
  g_unlink (binary);
  g_unlink (fifo);
}

/* The file decides, not its name; and a version field that a program left blank does not matter. */
static void
test_sniff (void)
{
  static const char *const versions[] = { "", "1", "0" };

  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      const BuilderFile file
          = { .signals = one_signal, .n = 1, .records = 4, .version = versions[i] };
      g_autoptr (InionRecording) recording = builder_open_good (&file);

      builder_check_digital (recording, 0, FALSE, 0, 0, 32);
      g_assert_cmpint (builder_has_fault (recording, 0, "instead of"), ==, i < 2);
    }
  g_assert_false (inion_edf_recording_sniff (NULL, (const guint8 *) "0", 1));
  g_assert_false (inion_edf_recording_sniff (NULL, (const guint8 *) "", 0));
  g_assert_true (inion_edf_recording_sniff (NULL, (const guint8 *) "\377BIOSEMI", 8));
}

/* A file that becomes shorter while it is open: an error that says so, and no crash. */
static void
test_shrunk (void)
{
  static const BuilderSignal signals[] = { { .samples = 9000 }, { .label = TAL, .samples = 40 } };
  const BuilderFile file = { .signals = signals, .n = 2, .records = 20, .reserved = "EDF+C" };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autofree char *path = builder_write (bytes);
  g_autoptr (InionRecording) recording = inion_recording_open (path, NULL);
  g_autofree double *values = g_new (double, 180000);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (recording);
  g_assert_cmpint (truncate (path, 768 + 10 * 18080), ==, 0);
  g_assert_true (inion_recording_read (recording, 0, 0, 90000, values, NULL));
  g_assert_false (inion_recording_read (recording, 0, 0, 180000, values, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "shortened"));
  g_clear_error (&error);
  g_assert_false (inion_recording_load_events (recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_assert_null (inion_recording_get_events (recording));
  g_unlink (path);
}

static void
test_fingerprints (void)
{
  const BuilderFile file = { .signals = one_signal, .n = 1, .records = 4 };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autofree char *path = builder_write (bytes);
  g_autoptr (InionRecording) recording = inion_recording_open (path, NULL);
  g_autofree char *expected
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  g_autofree char *content = inion_recording_dup_content_fingerprint (recording, NULL, NULL);
  g_autofree char *quick = inion_recording_dup_quick_fingerprint (recording, NULL);
  g_autofree char *again = inion_recording_dup_quick_fingerprint (recording, NULL);
  g_autofree char *changed = NULL;
  g_autoptr (InionJob) job = inion_job_new ("hash", NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (inion_recording_get_path (recording), ==, path);
  g_assert_cmpstr (content, ==, expected);
  g_assert_cmpstr (quick, ==, again);
  g_assert_cmpstr (quick, !=, content);
  g_assert_cmpint (truncate (path, (off_t) bytes->len - 1), ==, 0);
  changed = inion_recording_dup_quick_fingerprint (recording, NULL);
  g_assert_cmpstr (quick, !=, changed);
  inion_job_cancel (job);
  g_assert_null (inion_recording_dup_content_fingerprint (recording, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_unlink (path);
}

#define N_THREADS 4

typedef struct
{
  InionRecording *recording;
  const double *expected;
  guint seed;
  guint wrong;
} Reading;

static gpointer
read_thread (gpointer data)
{
  Reading *reading = data;
  guint32 state = reading->seed;
  double values[3000];

  for (guint i = 0; i < 1500; i++)
    {
      guint channel, first, n;

      state = state * 1664525 + 1013904223;
      channel = state >> 8 & 1;
      first = state >> 9 & 0xffff;
      n = 1 + (state >> 4) % 3000;
      if (!inion_recording_read (reading->recording, channel, first, n, values, NULL) ||
          memcmp (values, reading->expected + channel * 90000 + first, n * sizeof *values) != 0)
        reading->wrong++;
    }
  if (!inion_recording_load_events (reading->recording, NULL, NULL) ||
      inion_recording_get_events (reading->recording)->len != 1)
    reading->wrong++;
  return NULL;
}

static void
check_threads (gsize a,
               gsize b,
               guint records)
{
  const BuilderSignal signals[] = { { .label = "a", .samples = a }, { .label = "b", .samples = b },
                                    { .label = TAL, .samples = 40 } };
  static const char *const tals[] = { "+0||~+0.5|x|~", NULL };
  const BuilderFile file = { .signals = signals, .n = 3, .records = records, .reserved = "EDF+C",
                             .tals = tals };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  g_autofree double *expected = g_new (double, 180000);
  Reading readings[N_THREADS];
  GThread *threads[N_THREADS];

  for (guint c = 0; c < 2; c++)
    g_assert_true (inion_recording_read (recording, c, 0, 90000, expected + c * 90000, NULL));
  for (guint i = 0; i < N_THREADS; i++)
    {
      readings[i] = (Reading) { recording, expected, i + 1, 0 };
      threads[i] = g_thread_new ("read", read_thread, &readings[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpuint (readings[i].wrong, ==, 0);
    }
}

static void
test_threads (void)
{
  check_threads (30, 30, 3000);   /* runs of many records */
  check_threads (9000, 9000, 10); /* a run a record */
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf/plain", test_plain);
  g_test_add_func ("/recording/edf/ranges", test_ranges);
  g_test_add_func ("/recording/edf/scale", test_scale);
  g_test_add_func ("/recording/edf/rates", test_rates);
  g_test_add_func ("/recording/edf/header-bytes", test_header_bytes);
  g_test_add_func ("/recording/edf/texts", test_texts);
  g_test_add_func ("/recording/edf/dates", test_dates);
  g_test_add_func ("/recording/edf/plus-by-label", test_plus_by_label);
  g_test_add_func ("/recording/edf/bdf", test_bdf);
  g_test_add_func ("/recording/edf/sizes", test_sizes);
  g_test_add_func ("/recording/edf/n-signals", test_n_signals);
  g_test_add_func ("/recording/edf/not-a-recording", test_not_a_recording);
  g_test_add_func ("/recording/edf/sniff", test_sniff);
  g_test_add_func ("/recording/edf/shrunk", test_shrunk);
  g_test_add_func ("/recording/edf/fingerprints", test_fingerprints);
  g_test_add_func ("/recording/edf/threads", test_threads);
  return g_test_run ();
}
