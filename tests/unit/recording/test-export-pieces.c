/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings of many shapes through every format: stretches shorter than a sample, gaps anywhere,
 * several rates, missing values, events before, in and behind; and the text of numbers. */

#include "core/error.h"
#include "core/scratch.h"
#include "recording/binary-recording.h"
#include "recording/export-private.h"

#include "export-tools.h"

#define MS G_GINT64_CONSTANT (1000000)
#define N_SHAPES 60

/* The text is what printf would find by trial, for numbers of all kinds. */
static void
test_numbers (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  static const double special[] = { 0, -0.0, 1, -1, 0.1, 0.5, 1e-4, 9.9999e-5, 1e15, 1e22, 0.3, 5e-324,
                                    1.7976931348623157e308, 9007199254740993, 0.1 + 0.2, INFINITY };

  for (guint i = 0; i < 200000 + G_N_ELEMENTS (special); i++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE], wanted[G_ASCII_DTOSTR_BUF_SIZE];
      double v = g_rand_double_range (random, -500, 500);

      if (i < G_N_ELEMENTS (special))
        v = special[i];
      else if (i % 4 == 1)
        v = pow (10, g_rand_double_range (random, -6, 18));
      else if (i % 4 == 2)
        v = (double) (float) v;
      else if (i % 4 == 3)
        v = g_rand_int_range (random, -32768, 32768) * 0.0488 + 0.1;
      _inion_export_format_double (v, text);
      g_assert_true (g_ascii_strtod (text, NULL) == v);
      for (int digits = 15; digits <= 17; digits++)
        {
          g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

          g_ascii_formatd (wanted, sizeof wanted, format, v);
          if (g_ascii_strtod (wanted, NULL) == v)
            break;
        }
      g_assert_cmpstr (text, ==, wanted);
    }
}

/* A stretch: when it begins, how many milliseconds it lasts. */
typedef struct
{
  int at;
  int length;
} Stretch;

/* Samples are their place among those of their channel, in steps of 0.5, so that nothing rounds.
 * Rates divide 1000 Hz. holes: every so many samples there is none; 0: never. */
static InionRecording *
make_recording (const Stretch *stretches,
                guint          n_stretches,
                const int     *rates,
                guint          n_channels,
                int            holes)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2021, 3, 2, 10, 11, 12);
  g_autoptr (InionScratch) scratch = inion_scratch_new (NULL);
  InionBinaryRecording *made = inion_binary_recording_new (NULL, "test");
  gint64 stored_ms = 0;
  gint64 at = 0;

  inion_recording_set_start (INION_RECORDING (made), start);
  for (guint s = 0; s < n_stretches; s++)
    {
      g_assert_true (inion_recording_add_segment (INION_RECORDING (made), stretches[s].at * MS,
                                                  stretches[s].length * MS, stored_ms * MS));
      stored_ms += stretches[s].length;
    }
  for (guint c = 0; c < n_channels; c++)
    for (gint64 i = 0; i < (stored_ms * rates[c] + 500) / 1000; i++)
      {
        double v = holes > 0 && c == 0 && i % holes == holes / 2 ? NAN
                                                                   : 0.5 * (double) (i % 4001) - 500;

        g_assert_true (inion_scratch_write (scratch, &v, sizeof v, NULL));
      }
  inion_binary_recording_take_file (made, inion_scratch_steal_fd (scratch, NULL), NULL);
  for (guint c = 0; c < n_channels; c++)
    {
      g_autofree char *label = g_strdup_printf ("C%u", c + 1);
      gint64 n = (stored_ms * rates[c] + 500) / 1000;
      InionChannelInfo info = {
        .raw_label = label, .label = label, .unit = "µV", .rate_num = rates[c],
        .rate_den_ns = 1000 * MS, .n_samples = n, .gain = 1, .calibrated = TRUE,
      };
      InionSampleLayout layout = {
        .type = INION_SAMPLE_FLOAT64, .big_endian = G_BYTE_ORDER == G_BIG_ENDIAN, .offset = at,
        .stride = sizeof (double), .block_samples = MAX (n, 1),
        .block_bytes = MAX (n, 1) * (gint64) sizeof (double),
      };

      g_assert_true (inion_binary_recording_add_channel (made, &info, &layout, NULL));
      at += n * (gint64) sizeof (double);
    }
  return INION_RECORDING (made);
}

/* The new recording begins where the source's first sample was; a record may go on behind. */
static void
check_samples (InionRecording *source,
               InionRecording *copy,
               gint64          zero_ns)
{
  for (guint c = 0; c < inion_recording_get_n_channels (source); c++)
    {
      InionChannel *from = inion_recording_get_channel (source, c);
      InionChannel *to = inion_recording_get_channel (copy, c);
      gint64 at = 0, first, n;

      while (inion_recording_find_run (source, c, at, &first, &n) && n > 0)
        {
          for (gint64 i = first; i < first + n; i++)
            {
              gint64 ns = inion_channel_sample_to_ns (from, i) - zero_ns;
              gint64 k = inion_channel_ns_to_nearest_sample (to, ns);
              double x, y = NAN;

              g_assert_true (inion_recording_read (source, c, i, 1, &x, NULL));
              if (!isfinite (x))
                continue;
              g_assert_cmpint (k, <, inion_channel_get_n_samples (to));
              g_assert_true (inion_recording_read (copy, c, MAX (k, 0), 1, &y, NULL));
              if (fabs (x - y) > 0.02)
                g_error ("channel %u, sample %d: %g instead of %g", c, (int) i, y, x);
            }
          at = first + n;
        }
    }
}

static gint64
find_zero (InionRecording *recording)
{
  gint64 zero = G_MAXINT64;

  for (guint c = 0; c < inion_recording_get_n_channels (recording); c++)
    {
      gint64 first, n;

      if (inion_recording_find_run (recording, c, 0, &first, &n) && n > 0)
        {
          InionChannel *channel = inion_recording_get_channel (recording, c);

          zero = MIN (zero, inion_channel_sample_to_ns (channel, first));
        }
    }
  return zero;
}

static void
check_first_piece (InionRecording *source,
                   const char     *path,
                   gint64          zero_ms)
{
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (InionRecording) copy = tools_write (export, path, NULL);
  GDateTime *start = inion_recording_get_start (copy);

  if (g_str_has_suffix (path, ".csv")) /* a table has no start */
    {
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_true (g_str_has_prefix (text, "time [s],C1 [µV]\n0,-500\n"));
      g_assert_nonnull (strstr (text, "\n0.02,-499.5\n"));
      return;
    }
  g_assert_nonnull (start);
  g_assert_cmpint (g_date_time_difference (start, inion_recording_get_start (source)), ==,
                   zero_ms * 1000);
  check_samples (source, copy, zero_ms * MS);
}

/* A first stretch that has no sample: the file begins with the second, and its clock says so. */
static void
test_short_stretches (void)
{
  static const char *const names[] = { "x.edf", "x.bdf", "x.vhdr", "x.csv" };
  const Stretch first[] = { { 0, 4 }, { 1000, 3000 }, { 6000, 2000 } };
  const Stretch middle[] = { { 0, 2000 }, { 3000, 4 }, { 4000, 2000 } };
  const Stretch last[] = { { 0, 2000 }, { 3000, 2000 }, { 7000, 4 } };
  const int rate = 50;
  char *folder = tools_make_folder ();

  for (gsize f = 0; f < G_N_ELEMENTS (names); f++)
    {
      g_autofree char *path = g_build_filename (folder, names[f], NULL);
      g_autoptr (InionRecording) a = make_recording (first, 3, &rate, 1, 0);
      g_autoptr (InionRecording) b = make_recording (middle, 3, &rate, 1, 0);
      g_autoptr (InionRecording) c = make_recording (last, 3, &rate, 1, 0);

      check_first_piece (a, path, 1000);
      check_first_piece (b, path, 0);
      check_first_piece (c, path, 0);
    }
  tools_remove_folder (folder);
}

/* What is refused must say why and leave nothing; what is written must be what was there. */
static void
export_shape (InionRecording *source,
              const char     *folder,
              const char     *name,
              GPtrArray      *events,
              guint          *n_written)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (GError) error = NULL;
  InionExportFormat format;

  inion_export_set_events (export, events);
  inion_export_set_fill_missing (export, TRUE);
  g_assert_true (inion_export_format_from_path (path, &format, NULL));
  if (!inion_export_write (export, path, format, NULL, NULL, &error))
    {
      g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
      g_test_message ("%s", error->message);
      return;
    }
  (*n_written)++;
  if (g_str_equal (name, "x.csv")) /* a table has neither gaps nor events, and may be too short */
    return;
  copy = inion_recording_open (path, &error);
  g_assert_no_error (error);
  check_samples (source, copy, find_zero (source));
  g_assert_true (inion_recording_load_events (copy, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (copy)->len, >=, events->len);
}

static void
test_shapes (void)
{
  static const int rates[] = { 1000, 500, 250, 200, 125, 100, 50, 8, 1 };
  static const char *const names[] = { "x.edf", "x.bdf", "x.vhdr", "x.csv" };
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  guint n_written[4] = { 0 };

  for (guint k = 0; k < N_SHAPES; k++)
    {
      char *folder = tools_make_folder ();
      Stretch stretches[6];
      int chosen[4];
      guint n = 1 + (guint) g_rand_int_range (random, 0, 6);
      guint n_channels = 1 + (guint) g_rand_int_range (random, 0, 4);
      g_autoptr (GPtrArray) events =
        g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
      g_autoptr (InionRecording) source = NULL;
      int at = 0;

      for (guint s = 0; s < n; s++)
        {
          stretches[s].at = at;
          stretches[s].length = k % 3 == 0 ? 1000 * g_rand_int_range (random, 1, 4)
                                           : g_rand_int_range (random, 1, 1500);
          at += stretches[s].length + g_rand_int_range (random, 40, 5000);
        }
      for (guint c = 0; c < n_channels; c++)
        chosen[c] = c > 0 && k % 2 == 0 ? chosen[0]
                                        : rates[g_rand_int_range (random, 0, G_N_ELEMENTS (rates))];
      source = make_recording (stretches, n, chosen, n_channels, k % 5 == 0 ? 37 : 0);
      if (find_zero (source) == G_MAXINT64)
        {
          tools_remove_folder (folder);
          continue;
        }
      for (int e = g_rand_int_range (random, 0, 8); e > 0; e--)
        g_ptr_array_add (events, inion_event_new (g_rand_int_range (random, 0, at) * MS,
                                                  g_rand_int_range (random, -1, 900) * MS, "Mark/x",
                                                  g_rand_int_range (random, -1, (int) n_channels)));
      for (gsize f = 0; f < G_N_ELEMENTS (names); f++)
        export_shape (source, folder, names[f], events, &n_written[f]);
      tools_remove_folder (folder);
    }
  for (gsize f = 0; f < G_N_ELEMENTS (names); f++)
    {
      g_test_message ("%s: %u of %u", names[f], n_written[f], N_SHAPES);
      g_assert_cmpuint (n_written[f], >=, N_SHAPES / 4);
    }
}

/* Refused with a way out; filled where a person agrees, and told where. */
static void
test_missing (void)
{
  static const char *const names[] = { "x.edf", "x.bdf" };
  const Stretch whole[] = { { 0, 2000 } };
  const int both[] = { 100, 100 };
  char *folder = tools_make_folder ();

  for (gsize f = 0; f < G_N_ELEMENTS (names); f++)
    {
      g_autofree char *path = g_build_filename (folder, names[f], NULL);
      g_autoptr (InionRecording) source = make_recording (whole, 1, both, 2, 150);
      g_autoptr (InionExport) export = inion_export_new (source);
      g_autoptr (InionRecording) copy = NULL;
      g_autoptr (GPtrArray) notes = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *events = NULL;
      double wanted, found;

      g_assert_false (inion_export_write (export, path, (InionExportFormat) f, NULL, NULL, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
      g_assert_nonnull (strstr (error->message, "--fill-missing"));
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      inion_export_set_fill_missing (export, TRUE);
      copy = tools_write (export, path, &notes);
      g_assert_true (tools_has_note (notes, "Samples without a value: C1 1."));
      events = tools_list_events (copy);
      g_assert_cmpstr (events, ==, "750000000/10000000/missing;");
      g_assert_cmpint (((InionEvent *) inion_recording_get_events (copy)->pdata[0])->channel, ==, 0);
      g_assert_true (inion_recording_read (source, 0, 74, 1, &wanted, NULL));
      g_assert_true (inion_recording_read (copy, 0, 75, 1, &found, NULL));
      g_assert_cmpfloat_with_epsilon (found, wanted, 0.02);
      check_samples (source, copy, 0);
    }
  tools_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/export-pieces/numbers", test_numbers);
  g_test_add_func ("/recording/export-pieces/short-stretches", test_short_stretches);
  g_test_add_func ("/recording/export-pieces/missing", test_missing);
  g_test_add_func ("/recording/export-pieces/shapes", test_shapes);
  return g_test_run ();
}
