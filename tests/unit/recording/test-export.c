/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is exported is there again when it is opened: samples, gaps, events, texts. */

#include "core/error.h"
#include "recording/binary-recording.h"

#include "export-tools.h"

#include <fcntl.h>
#include <glib/gstdio.h>

#define HEADER 256

/* A recording of two signals with gaps: records of 1 s at 0, 1, 5.5, 6.5 and 100.25 s, with events
 * in several of them. */
static const char *const gap_tals[] = {
  "+0||~+0.5^1.25|first|~+0.5|second|~", "+1||~", "+5.5||~+5.75|ümlaut, и кириллица|~", "+6.5||~",
  "+100.25||~+100.3^0|zero|~", NULL,
};

static char *
write_gaps (const char *folder,
            gboolean    bdf)
{
  const BuilderSignal signals[] = {
    { .label = "EEG Fp1", .samples = 256, .physical_min = "-187.5", .physical_max = "200.25",
      .digital_min = bdf ? "-8388608" : "-2048", .digital_max = bdf ? "8388607" : "2047",
      .transducer = "AgAgCl electrode", .prefilter = "HP:0.1Hz LP:75Hz" },
    { .label = "SaO2", .unit = "%", .samples = 4, .physical_min = "0", .physical_max = "100" },
    { .label = bdf ? "BDF Annotations" : "EDF Annotations", .samples = 60 },
  };
  const BuilderFile file = {
    .signals = signals, .n = 3, .records = 5, .bdf = bdf, .tals = gap_tals,
    .reserved = bdf ? "BDF+D" : "EDF+D", .patient = "MCH-0234567 F 02-MAY-1951 Haagse_Harry",
    .recording = "Startdate 02-MAR-2021 EMG561 BK/JOP Sony. MNC R Median Nerve.",
  };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  char *path = g_build_filename (folder, bdf ? "gaps.bdf" : "gaps.edf", NULL);

  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
  return path;
}

static InionRecording *
open_path (const char *path)
{
  g_autoptr (GError) error = NULL;
  InionRecording *recording = inion_recording_open (path, &error);

  g_assert_no_error (error);
  return recording;
}

/* The bytes of a text field of all signals but the last. */
static void
check_same_fields (const char *a,
                   const char *b,
                   guint       n_a,
                   guint       n_b,
                   guint       n)
{
  static const gsize sizes[] = { 16, 80, 8, 8, 8, 8, 8, 80, 8 };
  gsize offset = 0;

  for (gsize f = 0; f < G_N_ELEMENTS (sizes); f++)
    {
      for (guint i = 0; i < n; i++)
        g_assert_cmpmem (a + HEADER + offset * n_a + sizes[f] * i, sizes[f],
                         b + HEADER + offset * n_b + sizes[f] * i, sizes[f]);
      offset += sizes[f];
    }
}

/* A copy with other marks: the header's texts and the bytes of all signals are the same. */
static void
test_copy (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = write_gaps (folder, FALSE);
  g_autofree char *copy_path = g_build_filename (folder, "copy.edf", NULL);
  g_autofree char *a = NULL, *b = NULL, *events = NULL;
  g_autoptr (InionRecording) source = open_path (path);
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (InionRecording) copy = NULL;
  gsize n_a, n_b, record_a = 2 * (256 + 4 + 60), record_b;

  g_ptr_array_add (marks, inion_event_new (5600000001, -1, "spike", 0));
  g_ptr_array_add (marks, inion_event_new (-250000000, 3000000000, "early", -1));
  inion_export_set_events (export, marks);
  copy = tools_write (export, copy_path, &notes);
  g_assert_cmpuint (notes->len, ==, 0);
  tools_check_same_digital (source, copy);
  g_assert_cmpstr (inion_recording_get_format (copy), ==, "EDF+D");
  g_assert_cmpuint (inion_recording_get_n_segments (copy), ==, 3);
  events = tools_list_events (copy);
  g_assert_cmpstr (events, ==, "-250000000/3000000000/early;5600000001/-1/spike;");
  g_assert_cmpint (((InionEvent *) inion_recording_get_events (copy)->pdata[1])->channel, ==, 0);

  g_assert_true (g_file_get_contents (path, &a, &n_a, NULL));
  g_assert_true (g_file_get_contents (copy_path, &b, &n_b, NULL));
  g_assert_cmpmem (a, 184, b, 184); /* who and when */
  check_same_fields (a, b, 3, 3, 2);
  record_b = (n_b - 4 * HEADER) / 5;
  for (guint r = 0; r < 5; r++)
    g_assert_cmpmem (a + 4 * HEADER + r * record_a, 2 * 260, b + 4 * HEADER + r * record_b, 2 * 260);
  tools_remove_folder (folder);
}

/* Through other formats and back: the same digital values and times. */
static void
test_round_trips (void)
{
  static const char *const trips[][3] = {
    { "a.bdf", "b.edf", NULL }, { "a.edf", "b.bdf", "c.edf" }, { "a.edf", "b.edf", NULL },
  };
  char *folder = tools_make_folder ();
  g_autofree char *path = write_gaps (folder, FALSE);
  g_autoptr (InionRecording) source = open_path (path);
  g_autofree char *wanted = tools_list_events (source);

  g_assert_nonnull (strstr (wanted, "500000000/1250000000/first;500000000/-1/second;"));
  g_assert_nonnull (strstr (wanted, "100300000000/0/zero;"));
  for (gsize t = 0; t < G_N_ELEMENTS (trips); t++)
    {
      g_autoptr (InionRecording) at = g_object_ref (source);

      for (guint i = 0; i < 3 && trips[t][i] != NULL; i++)
        {
          g_autofree char *step = g_build_filename (folder, trips[t][i], NULL);
          g_autoptr (InionExport) export = inion_export_new (at);
          g_autoptr (InionRecording) written = NULL;
          g_autofree char *events = NULL;

          g_unlink (step);
          written = tools_write (export, step, NULL);
          tools_check_same_digital (source, written);
          events = tools_list_events (written);
          g_assert_cmpstr (events, ==, wanted);
          g_assert_cmpstr (inion_recording_get_patient (written), ==,
                           inion_recording_get_patient (source));
          g_assert_true (g_date_time_equal (inion_recording_get_start (written),
                                            inion_recording_get_start (source)));
          g_set_object (&at, written);
        }
    }
  tools_remove_folder (folder);
}

/* EDF to BrainVision and back, in 16 bits: one rate, and a scale without an offset. */
static void
test_brainvision_trip (void)
{
  const BuilderSignal signals[] = {
    { .label = "EEG Fp1", .samples = 100, .physical_min = "-800", .physical_max = "800",
      .digital_min = "-8000", .digital_max = "8000" },
    { .label = "EEG C3,x", .samples = 100, .physical_min = "-3276.8", .physical_max = "3276.7" },
    { .label = "EDF Annotations", .samples = 60 },
  };
  const BuilderFile file = { .signals = signals, .n = 3, .records = 5, .tals = gap_tals,
                             .reserved = "EDF+D" };
  char *folder = tools_make_folder ();
  g_autofree char *middle = g_build_filename (folder, "middle.vhdr", NULL);
  g_autofree char *back = g_build_filename (folder, "back.edf", NULL);
  g_autofree char *header = NULL, *names = NULL, *found = NULL;
  g_autoptr (InionRecording) source = builder_open_good (&file);
  g_autoptr (InionExport) there = inion_export_new (source);
  g_autoptr (InionRecording) brainvision = tools_write (there, middle, NULL);
  g_autoptr (InionExport) again = inion_export_new (brainvision);
  g_autoptr (InionRecording) edf = tools_write (again, back, NULL);

  names = tools_list (folder);
  g_assert_cmpstr (names, ==, "back.edf middle.eeg middle.vhdr middle.vmrk");
  g_assert_true (g_file_get_contents (middle, &header, NULL, NULL));
  g_assert_nonnull (strstr (header, "BinaryFormat=INT_16"));
  g_assert_nonnull (strstr (header, "Ch2=EEG C3\\1x,,0."));
  tools_check_same_digital (source, brainvision);
  tools_check_same_digital (source, edf);
  g_assert_cmpuint (inion_recording_get_n_segments (edf), ==, 3);
  for (guint c = 0; c < 2; c++)
    g_assert_cmpfloat_with_epsilon (builder_get_info (edf, c)->gain,
                                    builder_get_info (source, c)->gain, 1e-15);
  g_assert_true (g_date_time_equal (inion_recording_get_start (edf),
                                    inion_recording_get_start (source)));
  found = tools_list_events (edf);
  g_assert_nonnull (strstr (found, "500000000/1250000000/Comment/first;"));
  g_assert_nonnull (strstr (found, "5750000000/0/Comment/ümlaut, и кириллица;"));
  tools_remove_folder (folder);
}

/* A BDF's values that need 24 bits, in 16: the coarser step is told, and no sample is off by more. */
static void
test_coarser (void)
{
  const BuilderSignal signal = { .label = "EEG Cz", .samples = 100, .physical_min = "-262144",
                                 .physical_max = "262143" };
  const BuilderFile file = { .signals = &signal, .n = 1, .records = 30, .bdf = TRUE };
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "coarse.edf", NULL);
  g_autoptr (InionRecording) source = builder_open_good (&file);
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (InionRecording) written = tools_write (export, path, &notes);
  double x[3000], y[3000];
  double step = builder_get_info (written, 0)->gain;

  g_assert_true (tools_has_note (notes, "coarse in: Cz"));
  g_assert_false (tools_has_note (notes, "cut to it"));
  g_assert_true (inion_recording_read (source, 0, 0, 3000, x, NULL));
  g_assert_true (inion_recording_read (written, 0, 0, 3000, y, NULL));
  for (guint i = 0; i < 3000; i++)
    g_assert_cmpfloat_with_epsilon (x[i], y[i], step * 0.5000001);
  tools_remove_folder (folder);
}

/* Values of any kind, lengths that are a multiple of nothing, a start between two seconds. */
static void
test_memory (void)
{
  static const double rates[] = { 256, 100, 512, 1000, 0.5, 300, 128.5 };
  static const char *const names[] = { "m.edf", "m.bdf", "m.vhdr", "m.csv" };

  for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
    for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
      {
        char *folder = tools_make_folder ();
        g_autofree char *path = g_build_filename (folder, names[k], NULL);
        g_autoptr (InionMemoryRecording) memory = tools_make_memory (rates[r], 3, 10007, 37.5);
        g_autoptr (InionExport) export = NULL;
        g_autoptr (GError) error = NULL;
        g_autoptr (GPtrArray) notes = NULL;
        InionExportFormat format;

        inion_memory_recording_add_event (memory, 123456789, 1000, "Grüße\t…");
        inion_memory_recording_add_event (memory, 0, -1, "");
        export = inion_export_new (INION_RECORDING (memory));
        g_assert_true (inion_export_format_from_path (path, &format, NULL));
        inion_export_write (export, path, format, NULL, &notes, &error);
        g_assert_no_error (error);
        if (format != INION_EXPORT_CSV)
          {
            g_autoptr (InionRecording) written = open_path (path);
            InionChannel *channel = inion_recording_get_channel (written, 0);

            g_assert_true (g_date_time_equal (inion_recording_get_start (written),
                                              inion_recording_get_start (INION_RECORDING (memory))));
            g_assert_cmpint (inion_channel_get_n_samples (channel), >=, 10007);
            /* What was not recorded is told. */
            g_assert_true (inion_channel_get_n_samples (channel) == 10007 ||
                           tools_has_note (notes, "not recorded"));
          }
        tools_remove_folder (folder);
      }
}

/* Any number of events of any length, wherever they are. */
static void
check_many (double      rate_hz,
            gsize       n_samples,
            guint       n_events,
            gboolean    crowded,
            const char *name)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (InionMemoryRecording) memory = tools_make_memory (rate_hz, 1, n_samples, 10);
  g_autoptr (InionExport) export = NULL;
  g_autoptr (InionRecording) written = NULL;
  g_autofree char *wanted = NULL, *found = NULL;
  gint64 length_ns = (gint64) ((double) n_samples / rate_hz * 1e9);
  gint64 begin;

  for (guint i = 0; i < n_events; i++)
    {
      gint64 onset = crowded ? length_ns - 1 - i : length_ns / n_events * i + i % 7;
      g_autofree char *text = i % 1000 == 0 ? g_strnfill (1000, 'x')
                                            : g_strdup_printf ("Ereignis №%u – äöü", i);

      inion_memory_recording_add_event (memory, onset, i % 3 == 0 ? -1 : (gint64) i * 1000, text);
    }
  export = inion_export_new (INION_RECORDING (memory));
  begin = g_get_monotonic_time ();
  written = tools_write (export, path, NULL);
  g_test_message ("%s: %u events, %.2f s", name, n_events,
                  (double) (g_get_monotonic_time () - begin) / 1e6);
  wanted = tools_list_events (INION_RECORDING (memory));
  found = tools_list_events (written);
  g_assert_cmpuint (inion_recording_get_events (written)->len, ==, n_events);
  g_assert_true (g_str_equal (wanted, found));
  tools_remove_folder (folder);
}

static void
test_many_events (void)
{
  check_many (100, 2000, 100000, FALSE, "short.edf");
  check_many (100, 2000, 100000, TRUE, "short.bdf");
  check_many (10, 864000, 100000, FALSE, "day.edf");
  check_many (10, 864000, 20000, TRUE, "crowded.edf");
}

static void
test_long_text (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "long.edf", NULL);
  g_autoptr (InionMemoryRecording) memory = tools_make_memory (100, 1, 500, 10);
  g_autofree char *text = g_strnfill (300000, 'y');
  g_autoptr (InionExport) export = NULL;
  g_autoptr (InionRecording) written = NULL;
  g_autofree char *wanted = NULL, *found = NULL;

  inion_memory_recording_add_event (memory, 1, 2, text);
  export = inion_export_new (INION_RECORDING (memory));
  written = tools_write (export, path, NULL);
  wanted = tools_list_events (INION_RECORDING (memory));
  found = tools_list_events (written);
  g_assert_cmpstr (wanted, ==, found);
  tools_remove_folder (folder);
}

/* Names that EDF cannot hold become ones that it can, each another. */
static void
test_labels (void)
{
  static const char *const labels[] = { "Fühler links außen, Nummer 1", "Fühler links außen, Nummer 2",
                                        "Fp1", "fp1", "Fp1", "EDF Annotations" };
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "labels.edf", NULL);
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (10, NULL);
  g_autofree double *samples = tools_make_samples (40, 1, 10);
  g_autoptr (InionExport) export = NULL;
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (InionRecording) written = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    inion_memory_recording_add_channel (memory, labels[i], "°C", samples, 40);
  export = inion_export_new (INION_RECORDING (memory));
  inion_export_set_patient (export, "John Müller");
  written = tools_write (export, path, &notes);
  g_assert_cmpuint (inion_recording_get_n_channels (written), ==, G_N_ELEMENTS (labels));
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmpstr (builder_get_info (written, i)->raw_label, !=,
                       builder_get_info (written, k)->raw_label);
  g_assert_true (tools_has_note (notes, "“Fühler links außen, Nummer 2” as “"));
  g_assert_cmpstr (inion_recording_get_patient (written), ==, "X X X John_Muller");
  g_assert_null (inion_recording_get_start (written));
  g_assert_cmpstr (builder_get_info (written, 0)->unit, ==, "°C");
  tools_remove_folder (folder);
}

/* A part: whole samples of all channels, events that lie in it or reach into it. */
static void
test_range (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = write_gaps (folder, FALSE);
  g_autofree char *part_path = g_build_filename (folder, "part.edf", NULL);
  g_autoptr (InionRecording) source = open_path (path);
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (InionRecording) part = NULL;
  g_autoptr (GDateTime) start = g_date_time_add (inion_recording_get_start (source), 750000);
  g_autofree char *events = NULL;
  gint32 x[64], y[64];

  inion_export_set_range (export, 800000000, 6000000000);
  part = tools_write (export, part_path, NULL);
  g_assert_cmpuint (inion_recording_get_n_segments (part), ==, 2);
  g_assert_true (g_date_time_equal (inion_recording_get_start (part), start));
  g_assert_true (inion_recording_read_digital (source, 0, 192, 64, x, NULL));
  g_assert_true (inion_recording_read_digital (part, 0, 0, 64, y, NULL));
  g_assert_cmpmem (x, sizeof x, y, sizeof y);
  g_assert_true (inion_recording_read_digital (source, 0, 1408, 64, x, NULL));
  g_assert_true (inion_recording_read_digital (part, 0, 1408 - 192, 64, y, NULL));
  g_assert_cmpmem (x, sizeof x, y, sizeof y);
  events = tools_list_events (part);
  g_assert_cmpstr (events, ==, "-250000000/1250000000/first;5000000000/-1/ümlaut, и кириллица;");
  tools_remove_folder (folder);
}

static void
check_refused (InionRecording *recording,
               const char     *name,
               int             code,
               const char     *text)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *left = NULL;
  g_autoptr (InionExport) export = inion_export_new (recording);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) notes = NULL;
  InionExportFormat format;

  g_assert_true (inion_export_format_from_path (path, &format, NULL));
  g_assert_false (inion_export_write (export, path, format, NULL, &notes, &error));
  g_assert_error (error, INION_ERROR, code);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_null (notes);
  left = tools_list (folder);
  g_assert_cmpstr (left, ==, "");
  tools_remove_folder (folder);
}

/* Rates of clocks that were measured: EDF can only nearly say them, so that no sample is read half a
 * sample or more from its place, which is told. */
static void
test_measured_rates (void)
{
  static const struct
  {
    double rate_hz;
    gsize n;
  } cases[] = {
    { 499.98765432101, 100000 }, { 127.999871, 100 },  { 2048.000317, 500000 },
    { 99.9999123457, 300000 },   { 10.0123456, 1000 }, { 0.123456789, 40 },
  };
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "x.edf", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionMemoryRecording) memory =
        tools_make_memory (cases[i].rate_hz, 2, cases[i].n, 40);
      InionRecording *source = INION_RECORDING (memory);
      g_autoptr (InionExport) export = inion_export_new (source);
      g_autoptr (GPtrArray) notes = NULL;
      g_autoptr (InionRecording) written = NULL;
      InionChannel *a, *b;
      double period_ns = 1e9 / cases[i].rate_hz;

      inion_memory_recording_add_event (memory, (gint64) (period_ns * (double) cases[i].n / 2), -1, "mid");
      written = tools_write (export, path, &notes);
      a = inion_recording_get_channel (source, 0);
      b = inion_recording_get_channel (written, 0);
      g_assert_true (tools_has_note (notes, "eight characters"));
      g_assert_cmpint (inion_channel_get_n_samples (b), >=, (gint64) cases[i].n);
      for (gsize k = 0; k < cases[i].n; k += cases[i].n / 20)
        g_assert_cmpfloat (fabs ((double) (inion_channel_sample_to_ns (a, (gint64) k) -
                                           inion_channel_sample_to_ns (b, (gint64) k))),
                           <, period_ns / 2);
      g_assert_true (inion_recording_load_events (written, NULL, NULL));
      g_assert_cmpint (((InionEvent *) inion_recording_get_events (written)->pdata[0])->onset_ns, ==,
                       ((InionEvent *) inion_recording_get_events (source)->pdata[0])->onset_ns);
    }
  tools_remove_folder (folder);
}

/* Two such clocks in one file. */
static void
test_two_clocks (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "x.bdf", NULL);
  g_autofree char *raw = g_build_filename (folder, "raw", NULL);
  g_autoptr (InionBinaryRecording) source = inion_binary_recording_new (NULL, "test");
  g_autoptr (InionExport) export = NULL;
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (InionRecording) written = NULL;
  g_autofree gint16 *samples = g_new0 (gint16, 24000);
  static const struct
  {
    gint64 num; /* in a million seconds */
    gint64 n;
  } channels[] = { { 499987654, 20000 }, { 51987654, 2080 } };
  guint file;
  int fd;

  for (guint i = 0; i < 24000; i++)
    samples[i] = (gint16) (i % 1000);
  g_assert_true (g_file_set_contents (raw, (const char *) samples, 48000, NULL));
  fd = g_open (raw, O_RDONLY | O_CLOEXEC, 0);
  file = inion_binary_recording_take_file (source, fd, raw);
  inion_recording_set_duration_ns (INION_RECORDING (source), G_GINT64_CONSTANT (40001000000));
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      const InionChannelInfo info = { .raw_label = i == 0 ? "C3" : "acc", .unit = "µV",
                                      .rate_num = channels[i].num,
                                      .rate_den_ns = G_GINT64_CONSTANT (1000000000000000),
                                      .n_samples = channels[i].n, .gain = 0.5,
                                      .digital_min = -32768, .digital_max = 32767,
                                      .calibrated = TRUE };
      const InionSampleLayout layout = { .file = file, .type = INION_SAMPLE_INT16, .stride = 2,
                                         .block_samples = channels[i].n,
                                         .block_bytes = 2 * channels[i].n };

      g_assert_true (inion_binary_recording_add_channel (source, &info, &layout, NULL));
    }
  export = inion_export_new (INION_RECORDING (source));
  written = tools_write (export, path, &notes);
  g_assert_cmpuint (inion_recording_get_n_channels (written), ==, 2);
  tools_check_same_digital (INION_RECORDING (source), written);
  for (guint c = 0; c < 2; c++)
    {
      InionChannel *a = inion_recording_get_channel (INION_RECORDING (source), c);
      InionChannel *b = inion_recording_get_channel (written, c);
      gint64 last = channels[c].n - 1;

      g_assert_cmpfloat (fabs ((double) (inion_channel_sample_to_ns (a, last) -
                                         inion_channel_sample_to_ns (b, last))), <,
                         5e8 / inion_channel_get_rate_hz (a));
    }
  tools_remove_folder (folder);
}

/* What a format cannot hold is refused, with what to do instead, and leaves nothing behind. */
static void
test_refusals (void)
{
  g_autoptr (InionMemoryRecording) holes = inion_memory_recording_new (10, NULL);
  g_autoptr (InionMemoryRecording) empty = inion_memory_recording_new (10, NULL);
  g_autoptr (InionMemoryRecording) odd = tools_make_memory (1 / 2345.678913, 1, 100, 1);
  const BuilderSignal signals[] = { { .samples = 100 }, { .label = "EEG C3", .samples = 33 } };
  const BuilderFile file = { .signals = signals, .n = 2, .records = 2 };
  g_autoptr (InionRecording) mixed = builder_open_good (&file);
  double samples[20] = { 0 };
  InionExportFormat format;
  g_autoptr (GError) error = NULL;

  samples[15] = NAN;
  inion_memory_recording_add_channel (holes, "C3", "µV", samples, 20);
  check_refused (INION_RECORDING (holes), "x.edf", INION_ERROR_UNSUPPORTED, "C3 has no value at 1.500");
  check_refused (INION_RECORDING (empty), "x.edf", INION_ERROR_TOO_FEW, "no samples");
  check_refused (INION_RECORDING (odd), "x.bdf", INION_ERROR_UNSUPPORTED, "BrainVision or CSV");
  check_refused (mixed, "x.vhdr", INION_ERROR_UNSUPPORTED, "C3 has 33 Hz");
  g_assert_false (inion_export_format_from_path ("x.txt", &format, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
}

/* The recording itself is never written over, under whatever name. */
static void
test_itself (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = write_gaps (folder, FALSE);
  g_autofree char *link = g_build_filename (folder, "link.edf", NULL);
  g_autoptr (InionRecording) source = open_path (path);
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("gaps.edf", link), ==, 0);
  g_assert_false (inion_export_write (export, link, INION_EXPORT_EDF, NULL, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "the recording itself"));
  tools_remove_folder (folder);
}

/* A day of text: a line a moment, nothing in gaps, the shortest digits that say it all. */
static void
test_csv (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "x.csv", NULL);
  g_autofree char *events_path = g_build_filename (folder, "x_events.tsv", NULL);
  g_autofree char *text = NULL, *events = NULL;
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (4, NULL);
  double samples[4] = { 0.1, 1.0 / 3, NAN, -1e-300 };
  g_autoptr (InionExport) export = NULL;
  g_autoptr (GError) error = NULL;

  inion_memory_recording_add_channel (memory, "A, \"b\"", "µV", samples, 4);
  inion_memory_recording_add_channel (memory, "C3", NULL, samples, 2);
  inion_memory_recording_add_event (memory, 1500000001, -1, "a\tb");
  export = inion_export_new (INION_RECORDING (memory));
  inion_export_write (export, path, INION_EXPORT_CSV, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "time [s],\"A, \"\"b\"\" [µV]\",C3\n0,0.1,0.1\n"
                             "0.25,0.3333333333333333,0.3333333333333333\n0.5,,\n0.75,-1e-300,\n");
  g_assert_true (g_file_get_contents (events_path, &events, NULL, NULL));
  g_assert_cmpstr (events, ==, "onset\tduration\ttrial_type\tchannel\n1.500000001\tn/a\ta b\tn/a\n");
  tools_remove_folder (folder);
}

static gboolean
has_ending (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_str_has_suffix (lower, ".edf") || g_str_has_suffix (lower, ".bdf");
}

static guint
copy_all (const char *folder,
          const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *copy_path = g_build_filename (to, g_str_has_suffix (name, "df") ||
                                                         g_str_has_suffix (name, "DF")
                                                       ? name : "x.edf", NULL);
      g_autoptr (InionRecording) source = NULL;
      g_autoptr (InionExport) export = NULL;
      g_autoptr (InionRecording) copy = NULL;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n += copy_all (path, to);
      else if (has_ending (name) && (source = inion_recording_open (path, NULL)) != NULL)
        {
          g_autofree char *wanted = tools_list_events (source);
          g_autofree char *found = NULL;

          g_test_message ("%s", path);
          export = inion_export_new (source);
          copy = tools_write (export, copy_path, NULL);
          tools_check_same_digital (source, copy);
          found = tools_list_events (copy);
          g_assert_cmpuint (inion_recording_get_events (source)->len, ==,
                            inion_recording_get_events (copy)->len);
          g_unlink (copy_path);
          n++;
        }
    }
  return n;
}

/* Every real EDF and BDF file is copied as it is. */
static void
test_shared (void)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *data = g_build_filename (shared != NULL ? shared : "/nowhere", "data", NULL);
  char *folder;
  guint n;

  if (!g_file_test (data, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("there are no real recordings here (INION_SHARED)");
      return;
    }
  folder = tools_make_folder ();
  n = copy_all (data, folder);
  g_test_message ("%u files copied", n);
  g_assert_cmpuint (n, >, 50);
  tools_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/export/copy", test_copy);
  g_test_add_func ("/recording/export/round-trips", test_round_trips);
  g_test_add_func ("/recording/export/brainvision-trip", test_brainvision_trip);
  g_test_add_func ("/recording/export/coarser", test_coarser);
  g_test_add_func ("/recording/export/memory", test_memory);
  g_test_add_func ("/recording/export/many-events", test_many_events);
  g_test_add_func ("/recording/export/long-text", test_long_text);
  g_test_add_func ("/recording/export/labels", test_labels);
  g_test_add_func ("/recording/export/range", test_range);
  g_test_add_func ("/recording/export/measured-rates", test_measured_rates);
  g_test_add_func ("/recording/export/two-clocks", test_two_clocks);
  g_test_add_func ("/recording/export/refusals", test_refusals);
  g_test_add_func ("/recording/export/itself", test_itself);
  g_test_add_func ("/recording/export/csv", test_csv);
  g_test_add_func ("/recording/export/shared", test_shared);
  return g_test_run ();
}
