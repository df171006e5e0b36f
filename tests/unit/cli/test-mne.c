/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli says of every shared recording what MNE-Python reads from it, or reference/all_mne.md
 * says why not: names, rate, number of samples, duration, samples, annotations, triggers. EDF and
 * BDF are in test-edf-mne.c. And every other file there opens or is refused by its name. */

#include "cli-runner.h"

#include <math.h>

#define TOLERANCE 1e-6

/* What is not as MNE says, for the reasons in all_mne.md. */
typedef struct
{
  const char *name;
  guint channels_more;    /* that MNE leaves out */
  guint events_more;      /* that MNE leaves out */
  guint events_less;      /* that are no events */
  double late_samples;    /* events stand that much later */
  gboolean other_names;
  gboolean shorter;       /* the last block is not whole */
  gboolean other_rms;     /* samples that are missing, or that MNE has more of */
  gboolean compatible;    /* only by the compatibility reader, digital steps off */
} Explained;

static const Explained explained[] = {
  { "erp/test.cnt", .events_less = 12, .late_samples = 1, .shorter = TRUE, .other_rms = TRUE },
  { "formats/mne/test_format.ahdr", .channels_more = 1 },
  { "formats/mne/test_segmentation_impedance.vhdr", .events_more = 2 },
  { "formats/mne/testv2.vhdr", .events_more = 3 },
  { "formats/mne-testing/MB0400FU.EEG", .events_more = 1, .other_names = TRUE,
    .compatible = TRUE },
  { "formats/mne-testing/scan41_short.cnt", .events_less = 1, .late_samples = 1 },
  { "formats/mne-testing/test_CNT_events_mne_JWoess_clipped.cnt", .events_more = 1,
    .events_less = 2, .late_samples = 1 },
  { "formats/mne-testing/test_VAmp.ahdr", .channels_more = 1 },
  { "formats/mne-testing/test_raw_2021.set", .other_names = TRUE },
  { "ssvep/subject01/record-[2012.07.06-19.02.16].gdf", .events_more = 1 },
};

static JsonParser *reference;

typedef struct
{
  guint files;
  guint channels;
  guint annotations;
  guint triggers;
} Tally;

static JsonObject *
get_reference (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "all_mne.json", NULL);
  g_autofree char *text = NULL;

  if (reference == NULL)
    {
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      cli_parse_json (&reference, text);
    }
  return json_node_get_object (json_parser_get_root (reference));
}

/* What a file has from one of the tables. */
static JsonArray *
get_shared (JsonObject *file,
            const char *table)
{
  JsonArray *all = json_object_get_array_member (get_reference (), table);

  return json_array_get_array_element (all, (guint) json_object_get_int_member (file, table));
}

/* How many of the unit are in one of MNE's, which is SI where there is a unit. */
static double
get_factor (const char *unit,
            const char *name)
{
  /* Of no unit MNE takes microvolts for volts, see all_mne.md. */
  if (g_str_has_suffix (name, "graz-2class.gdf") || g_str_equal (unit, ""))
    return 1;
  return g_str_has_prefix (unit, "µ") ? 1e6 : g_str_has_prefix (unit, "n") ? 1e9
         : g_str_has_prefix (unit, "m") ? 1e3 : 1;
}

static void
check_channels (JsonObject      *info,
                JsonObject      *file,
                const Explained *how)
{
  JsonArray *channels = json_object_get_array_member (info, "channels");
  JsonArray *names = get_shared (file, "names");
  gint64 n = json_object_get_int_member (file, "n");
  double rate = json_object_get_double_member (file, "rate");

  g_assert_cmpuint (json_array_get_length (channels), ==,
                    json_array_get_length (names) + how->channels_more);
  for (guint i = 0; i < json_array_get_length (names); i++)
    {
      JsonObject *channel = json_array_get_object_element (channels, i);
      gint64 here = json_object_get_int_member (channel, "n_samples");

      if (!how->other_names)
        g_assert_cmpstr (json_object_get_string_member (channel, "raw_label"), ==,
                         json_array_get_string_element (names, i));
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (channel, "rate_hz"), rate,
                                      TOLERANCE * rate);
      if (how->shorter)
        g_assert_true (here < n && here > n - 8);
      else
        g_assert_cmpint (here, ==, n);
      n = how->shorter ? n : here;
    }
  if (!how->shorter)
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (info, "duration_s"),
                                    (double) n / rate, 1e-6);
}

/* MNE gives a moment the length of a sample, or none. */
static gboolean
is_same_event (JsonObject *event,
               JsonArray  *annotation,
               double      rate,
               double      late)
{
  const char *text = json_object_get_string_member (event, "text");
  const char *other = json_array_get_string_element (annotation, 2);
  gsize n = strlen (other);
  double onset = json_object_get_double_member (event, "onset_s");
  double length = json_array_get_double_element (annotation, 1);
  double here = json_object_get_null_member (event, "duration_s")
                  ? 0 : json_object_get_double_member (event, "duration_s");
  gboolean moment = here == 0 && fabs (length - 1 / rate) < 1e-6;

  /* MNE rounds onsets to 1e-6 s; a code of GDF is followed by its meaning. */
  return fabs (onset - json_array_get_double_element (annotation, 0) - late / rate) < 1.1e-6 &&
         (late > 0 || fabs (length - here) < 1e-6 || moment) &&
         (late > 0 || (strncmp (text, other, n) == 0 && (text[n] == '\0' || text[n] == ' ')));
}

static void
check_events (JsonObject      *info,
              JsonObject      *file,
              const Explained *how,
              Tally           *tally)
{
  JsonArray *events = json_object_get_array_member (info, "events");
  JsonArray *annotations = get_shared (file, "annotations");
  double rate = json_object_get_double_member (file, "rate");
  guint n = json_array_get_length (events);
  g_autofree gboolean *used = g_new0 (gboolean, n + 1);
  guint missed = 0, found = 0;

  for (guint i = 0; i < json_array_get_length (annotations); i++)
    {
      JsonArray *annotation = json_array_get_array_element (annotations, i);
      guint k = 0;

      while (k < n && (used[k] || !is_same_event (json_array_get_object_element (events, k),
                                                  annotation, rate, how->late_samples)))
        k++;
      used[k] = k < n;
      missed += k == n;
      found += k < n;
    }
  g_assert_cmpuint (missed, ==, how->events_less);
  if (!json_object_has_member (file, "triggers") || how->compatible)
    g_assert_cmpuint (n, ==, found + how->events_more);
  tally->annotations += found;
}

/* Changes of a trigger channel, in files that have one. */
static void
check_triggers (JsonObject *info,
                JsonObject *file,
                Tally      *tally)
{
  JsonArray *events = json_object_get_array_member (info, "events");
  JsonArray *triggers = json_object_get_array_member (file, "triggers");
  double rate = json_object_get_double_member (file, "rate");

  g_assert_cmpuint (json_array_get_length (events), ==, json_array_get_length (triggers));
  for (guint i = 0; i < json_array_get_length (triggers); i++)
    {
      JsonArray *trigger = json_array_get_array_element (triggers, i);
      JsonObject *event = json_array_get_object_element (events, i);
      g_autofree char *code = g_strdup_printf ("%d", (int) json_array_get_int_element (trigger, 1));

      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (event, "onset_s"),
                                      (double) json_array_get_int_element (trigger, 0) / rate,
                                      TOLERANCE);
      g_assert_cmpstr (json_object_get_string_member (event, "text"), ==, code);
      tally->triggers++;
    }
}

/* The samples that inion-cli prints, a channel after the other. */
static double *
parse_table (const char *text,
             guint       n_channels,
             guint      *n)
{
  const char *p = strchr (text, '\n') + 1;
  double *x;

  *n = cli_count_lines (p);
  x = g_new (double, (gsize) n_channels * *n + 1);
  for (guint i = 0; i < *n; i++, p = strchr (p, '\n') + 1)
    {
      char *end = (char *) p + strcspn (p, ",");

      for (guint c = 0; c < n_channels; c++)
        {
          const char *cell = end + 1;

          g_assert_cmpint (*end, ==, ',');
          end = (char *) cell;
          x[(gsize) c * *n + i] = strchr (",\n", *cell) == NULL ? g_ascii_strtod (cell, &end) : NAN;
        }
    }
  return x;
}

static void
check_channel (const double *x,
               guint         n,
               guint         place,
               JsonArray    *numbers,
               double        factor,
               gboolean      rms_too)
{
  double sum = 0, rms, tolerance;

  for (guint i = 0; i < n; i++)
    sum += x[i] * x[i];
  rms = sqrt (sum / n);
  /* Some files hold text that is read as floats: numbers too small to have six digits. */
  tolerance = TOLERANCE * (isfinite (rms) ? rms : 0) + 1e-15;
  if (json_array_get_null_element (numbers, 0))
    g_assert_false (isfinite (x[place]));
  else
    g_assert_cmpfloat_with_epsilon (x[place], factor * json_array_get_double_element (numbers, 0),
                                    TOLERANCE * fabs (x[place]) + tolerance);
  if (!rms_too)
    return;
  if (json_array_get_null_element (numbers, 1))
    g_assert_false (isfinite (rms));
  else
    g_assert_cmpfloat_with_epsilon (rms, factor * json_array_get_double_element (numbers, 1),
                                    tolerance);
}

static void
check_samples (const char      *path,
               const char      *name,
               JsonObject      *info,
               JsonObject      *file,
               const Explained *how,
               Tally           *tally)
{
  g_autoptr (CliRun) run = cli_run ("read", path, NULL);
  JsonArray *channels = json_object_get_array_member (info, "channels");
  JsonArray *samples = get_shared (file, "samples");
  guint n_channels = json_array_get_length (channels), n = 0;
  guint n_reference = (guint) json_object_get_int_member (file, "n");
  g_autofree double *x = NULL;

  cli_assert_code (run, 0);
  x = parse_table (run->out, n_channels, &n);
  for (guint i = 0; i < json_array_get_length (samples); i++)
    {
      JsonObject *channel = json_array_get_object_element (channels, i);
      const char *unit = json_object_get_string_member (channel, "unit");

      g_test_message ("%s", json_object_get_string_member (channel, "label"));
      check_channel (x + (gsize) i * n, n, (guint) ((guint64) n_reference * (i % 97 + 1) / 100),
                     json_array_get_array_element (samples, i), get_factor (unit, name),
                     !how->other_rms);
      tally->channels++;
    }
}

static void
check_file (const char *path,
            const char *name,
            JsonObject *file,
            Tally      *tally)
{
  static const Explained as_it_is = { 0 };
  const Explained *how = &as_it_is;
  g_autoptr (CliRun) run = NULL;
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *info;

  g_test_message ("%s", name);
  for (guint i = 0; i < G_N_ELEMENTS (explained); i++)
    if (g_str_equal (explained[i].name, name))
      how = &explained[i];
  run = cli_run ("info", "--json", path, how->compatible ? "--compatible" : NULL, NULL);
  /* A build may be without the compatibility reader. */
  if (how->compatible && run->code != 0)
    return;
  cli_assert_code (run, 0);
  info = cli_parse_json (&parser, run->out);
  check_channels (info, file, how);
  check_events (info, file, how, tally);
  if (!how->compatible)
    {
      if (json_object_has_member (file, "triggers"))
        check_triggers (info, file, tally);
      check_samples (path, name, info, file, how, tally);
    }
  tally->files++;
}

static void
test_agreement (void)
{
  g_autofree char *data = cli_find_shared ();
  JsonObject *files = json_object_get_object_member (get_reference (), "files");
  g_autoptr (GList) names = json_object_get_members (files);
  Tally tally = { 0 };

  if (data == NULL)
    return;
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *path = g_build_filename (data, l->data, NULL);

      check_file (path, l->data, json_object_get_object_member (files, l->data), &tally);
    }
  g_test_message ("%u files, %u channels, %u annotations, %u triggers agree with MNE", tally.files,
                  tally.channels, tally.annotations, tally.triggers);
  g_assert_cmpuint (tally.files, >=, 36);
}

/* Each file of a folder and those below it: opens, or one line says which file does not, and why. */
static void
check_folder (const char *folder,
              guint      *n_opened,
              guint      *n_refused)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (CliRun) run = NULL;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          check_folder (path, n_opened, n_refused);
          continue;
        }
      run = cli_run ("info", path, NULL);
      if (run->code == 0)
        (*n_opened)++;
      else
        {
          cli_assert_fails (run, name);
          (*n_refused)++;
        }
    }
}

static void
test_all_files (void)
{
  g_autofree char *data = cli_find_shared ();
  guint n_opened = 0, n_refused = 0;

  if (data == NULL)
    return;
  check_folder (data, &n_opened, &n_refused);
  g_test_message ("%u files open, %u are refused by name", n_opened, n_refused);
  g_assert_cmpuint (n_opened, >, 140);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/mne/agreement", test_agreement);
  g_test_add_func ("/cli/mne/all-files", test_all_files);
  status = g_test_run ();
  g_clear_object (&reference);
  return status;
}
