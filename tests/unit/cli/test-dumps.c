/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What inion-cli reads is what other programs wrote of the same recordings into text, tables and
 * files of MATLAB. reference/twins.md tells of them all. */

#include "cli-said.h"

#define EDF "formats/edf-reader/"
#define MNE "formats/mne/"

static char **
get_lines (const char *data,
           const char *name)
{
  g_autofree char *path = g_build_filename (data, name, NULL);
  g_autofree char *text = NULL;
  GError *error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_strdelimit (text, "\r", '\n');
  return g_strsplit (text, "\n", -1);
}

/* A table of samples in text, columns from skip on, and what is read of a recording. */
static guint
compare_table (const Said   *said,
               char        **lines,
               const char   *delimiter,
               guint         skip,
               const double *tolerances)
{
  guint n_channels = json_array_get_length (said->channels), n_rows = 0;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  gint64 first;
  guint n = 0;

  for (guint c = 0; c < n_channels; c++)
    g_ptr_array_add (columns, get_stretch (said, c, 0, &first, &n));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (g_strstrip (lines[i]), delimiter, -1);

      if (lines[i][0] == '\0')
        continue;
      g_assert_cmpuint (g_strv_length (fields), >=, skip + n_channels);
      g_assert_cmpuint (n_rows, <, n);
      for (guint c = 0; c < n_channels; c++)
        assert_near (((double *) columns->pdata[c])[n_rows],
                     g_ascii_strtod (fields[skip + c], NULL), tolerances[c], 0);
      n_rows++;
    }
  return n_rows;
}

static void
compare_signals (const Said *said,
                 char      **lines,
                 double      duration_s)
{
  guint n = 0;

  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++, n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);
      JsonObject *channel = get_info (said, n);

      g_assert_cmpstr (json_object_get_string_member (channel, "raw_label"), ==,
                       g_strstrip (fields[1]));
      g_assert_cmpstr (g_strstrip (fields[3]), ==, "uV");
      g_assert_cmpstr (json_object_get_string_member (channel, "unit"), ==, "µV");
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (channel, "rate_hz"),
                                      g_ascii_strtod (fields[9], NULL) / duration_s, 1e-9);
    }
  g_assert_cmpuint (n, ==, json_array_get_length (said->channels));
}

/* Times there are from the file's start, which here is not the first sample. */
static void
compare_annotations (const Said *said,
                     char      **lines,
                     double      first_s)
{
  JsonArray *events = json_object_get_array_member (said->info, "events");
  guint n = json_array_get_length (events);
  guint found = 0;

  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", 3);
      double duration_s = fields[1][0] == '\0' ? -1 : g_ascii_strtod (fields[1], NULL);

      for (guint k = 0; k < n; k++)
        {
          JsonObject *event = json_array_get_object_element (events, k);

          found += g_str_equal (json_object_get_string_member (event, "text"), fields[2]) &&
                   fabs (get_seconds (event, "onset_s") + first_s -
                         g_ascii_strtod (fields[0], NULL)) < 1e-9 &&
                   get_seconds (event, "duration_s") == duration_s;
        }
    }
  g_assert_cmpuint (found, ==, n);
}

/* What the R package edfReader wrote about the files that come with it. */
static void
test_edf_reader (void)
{
  static const struct
  {
    const char *name;
    const char *ending;
    guint n_rows;
    double record_s, first_s;
  } files[] = {
    { "bdfPlusC", ".bdf", 4000, 1, 0 },
    { "edfPlusC", ".edf", 4000, 1, 0 },
    { "edfAnnonC", ".edf", 0, 0.1, 0.7 },
  };
  g_autofree char *data = cli_find_shared ();

  for (guint i = 0; data != NULL && i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *base = g_strconcat (EDF, files[i].name, NULL);
      g_autofree char *name = g_strconcat (base, files[i].ending, NULL);
      g_autofree char *samples = g_strconcat (base, "_data.txt", NULL);
      g_autofree char *signals = g_strconcat (base, "_signals.txt", NULL);
      g_autofree char *annotations = g_strconcat (base, "_annotations.txt", NULL);
      g_auto (GStrv) signal_lines = get_lines (data, signals);
      g_auto (GStrv) annotation_lines = get_lines (data, annotations);
      g_auto (Said) said = { 0 };

      g_test_message ("%s", name);
      ask (&said, data, name, NULL);
      compare_signals (&said, signal_lines, files[i].record_s);
      compare_annotations (&said, annotation_lines, files[i].first_s);
      if (files[i].n_rows > 0)
        {
          g_auto (GStrv) lines = get_lines (data, samples);
          double tolerances[11];

          /* Six decimals. */
          for (guint c = 0; c < G_N_ELEMENTS (tolerances); c++)
            tolerances[c] = 0.5001e-6;
          g_assert_cmpuint (compare_table (&said, lines + 1, ",", 1, tolerances), ==,
                            files[i].n_rows);
        }
    }
}

/* A digital step of an EDF file's signal. */
static double
get_step (const char *bytes,
          guint       signal)
{
  guint n = (guint) g_ascii_strtoull (bytes + 252, NULL, 10);
  double limits[4];

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *field = g_strndup (bytes + 256 + (104 + 8 * i) * n + 8 * signal, 8);

      limits[i] = g_ascii_strtod (field, NULL);
    }
  return (limits[1] - limits[0]) / (limits[3] - limits[2]);
}

/* What was written as EDF, as text: numbers of up to seven digits. */
static void
test_stim_channel (void)
{
  g_autofree char *data = cli_find_shared ();
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (Said) said = { 0 };
  double tolerances[25];

  if (data == NULL)
    return;
  path = g_build_filename (data, MNE "test_edf_stim_channel.edf", NULL);
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  for (guint c = 0; c < G_N_ELEMENTS (tolerances); c++)
    tolerances[c] = get_step (bytes, c) + 0.0501;
  lines = get_lines (data, MNE "test_edf_stim_channel.txt");
  ask (&said, data, MNE "test_edf_stim_channel.edf", NULL);
  g_assert_cmpuint (json_array_get_length (said.channels), ==, 25);
  g_assert_cmpuint (compare_table (&said, lines, " ", 0, tolerances), ==, 717);
}

/* The samples of a .set are those of its .fdt, which are plain floats. */
static void
test_fdt (void)
{
  static const char *const names[] = { "erp/eeglab_data", "erp/eeglab_data_numerical_events" };
  g_autofree char *data = cli_find_shared ();

  for (guint i = 0; data != NULL && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *set = g_strconcat (names[i], ".set", NULL);
      g_autofree char *fdt = g_strconcat (data, "/", names[i], ".fdt", NULL);
      g_autofree char *bytes = NULL;
      g_auto (Said) said = { 0 };
      const float *x;
      gsize size;

      ask (&said, data, set, NULL);
      g_assert_true (g_file_get_contents (fdt, &bytes, &size, NULL));
      g_assert_cmpuint (size, ==, 32 * 30504 * sizeof (float));
      x = (const float *) (gconstpointer) bytes;
      for (guint c = 0; c < 32; c++)
        {
          gint64 first;
          guint n;
          g_autofree double *y = get_stretch (&said, c, 0, &first, &n);

          g_assert_cmpuint (n, ==, 30504);
          for (guint k = 0; k < n; k++)
            g_assert_cmpfloat (y[k], ==, (double) x[k * 32 + c]);
        }
    }
}

/* Tables that are recordings: every cell. */
static void
test_tables (void)
{
  static const char *const muse[] = {
    "15_45_13", "15_47_49", "15_51_07", "15_55_07", "15_58_30", "16_03_08",
  };
  g_autofree char *data = cli_find_shared ();
  const double exact[5] = { 0 };

  for (guint i = 0; data != NULL && i < G_N_ELEMENTS (muse); i++)
    {
      g_autofree char *name = g_strdup_printf ("erp/muse-p300-data_2017-02-04-%s.csv", muse[i]);
      g_auto (GStrv) lines = get_lines (data, name);
      g_auto (Said) said = { 0 };

      g_test_message ("%s", name);
      ask (&said, data, name, NULL);
      g_assert_cmpuint (json_array_get_length (said.channels), ==, 5);
      g_assert_cmpint (compare_table (&said, lines + 1, ",", 1, exact), ==,
                       json_object_get_int_member (get_info (&said, 0), "n_samples"));
    }
}

/* MATLAB files beside recordings: twins_make.py. */
static void
test_matlab (void)
{
  g_autofree char *data = cli_find_shared ();
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "twins.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GList) names = NULL;
  JsonObject *files;

  if (data == NULL)
    return;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  files = cli_parse_json (&parser, text);
  names = json_object_get_members (files);
  g_assert_cmpuint (g_list_length (names), ==, 3);
  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonArray *rows = json_object_get_array_member (files, l->data);
      g_auto (Said) said = { 0 };

      g_test_message ("%s", (const char *) l->data);
      ask (&said, data, l->data, NULL);
      for (guint c = 0; c < json_array_get_length (rows); c++)
        {
          JsonArray *row = json_array_get_array_element (rows, c);
          gint64 first;
          guint n;
          g_autofree double *x = get_stretch (&said, c, 0, &first, &n);
          double sum = 0;

          g_assert_cmpint (n, ==, json_array_get_int_element (row, 0));
          for (guint i = 0; i < n; i++)
            sum += x[i] * x[i];
          assert_near (x[(guint64) n * (c % 97 + 1) / 100], json_array_get_double_element (row, 1),
                       0, 1e-6);
          assert_near (sqrt (sum / n), json_array_get_double_element (row, 2), 0, 1e-6);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/dumps/edf-reader", test_edf_reader);
  g_test_add_func ("/cli/dumps/stim-channel", test_stim_channel);
  g_test_add_func ("/cli/dumps/fdt", test_fdt);
  g_test_add_func ("/cli/dumps/tables", test_tables);
  g_test_add_func ("/cli/dumps/matlab", test_matlab);
  return g_test_run ();
}
