/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verbs of inion-cli say what the engine says. */

#include "cli-runner.h"

#include "clean/detector.h"
#include "core/init.h"
#include "marker/band-marker.h"
#include "network/connectivity.h"
#include "recording/recording.h"
#include "signal/sos.h"
#include "signal/spectrum.h"

#define RATE 160.0

static InionRecording *
open_sample (char **path)
{
  InionRecording *recording;

  *path = cli_data ("recordings", "S007R04.edf");
  recording = inion_recording_open (*path, NULL);
  g_assert_nonnull (recording);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  return recording;
}

static double *
read_channel (InionRecording *recording,
              const char     *label,
              gint64          first,
              gsize           n)
{
  double *x = g_new (double, n);
  int channel = inion_recording_find_channel (recording, label);

  g_assert_cmpint (channel, >=, 0);
  g_assert_true (inion_recording_read (recording, (guint) channel, first, n, x, NULL));
  return x;
}

static JsonObject *
get_element (JsonObject *object,
             const char *member,
             guint       index)
{
  return json_array_get_object_element (json_object_get_array_member (object, member), index);
}

/* info */

static void
check_info_channels (JsonObject     *object,
                     InionRecording *recording)
{
  guint n = inion_recording_get_n_channels (recording);

  g_assert_cmpuint (cli_count_elements (object, "channels"), ==, n);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *one = get_element (object, "channels", i);
      const InionChannelInfo *info =
        inion_channel_get_info (inion_recording_get_channel (recording, i));

      g_assert_cmpstr (json_object_get_string_member (one, "label"), ==, info->label);
      g_assert_cmpstr (json_object_get_string_member (one, "raw_label"), ==, info->raw_label);
      g_assert_cmpstr (json_object_get_string_member (one, "unit"), ==, "µV");
      g_assert_cmpfloat (json_object_get_double_member (one, "rate_hz"), ==, RATE);
      g_assert_cmpint (json_object_get_int_member (one, "n_samples"), ==, 20000);
      g_assert_true (json_object_get_boolean_member (one, "calibrated"));
      g_assert_cmpuint (cli_count_elements (one, "position"), ==, 3);
    }
}

static void
test_info (void)
{
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = open_sample (&path);
  g_autoptr (CliRun) plain = cli_run ("info", path, NULL);
  g_autoptr (CliRun) run = cli_run ("info", "--json", path, NULL);
  g_autoptr (JsonParser) parser = NULL;
  GPtrArray *events = inion_recording_get_events (recording);
  JsonObject *object, *event;

  cli_assert_code (plain, 0);
  g_assert_nonnull (strstr (plain->out, "EDF+C"));
  g_assert_nonnull (strstr (plain->out, "125.000 s"));
  cli_assert_code (run, 0);
  g_assert_cmpstr (run->err, ==, "");
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpstr (json_object_get_string_member (object, "path"), ==, path);
  g_assert_cmpstr (json_object_get_string_member (object, "format"), ==, "EDF+C");
  g_assert_cmpfloat (json_object_get_double_member (object, "duration_s"), ==, 125);
  g_assert_cmpstr (json_object_get_string_member (object, "start"), ==,
                   "2009-08-12T16:15:00.000000");
  check_info_channels (object, recording);
  g_assert_cmpuint (cli_count_elements (object, "events"), ==, events->len);
  event = get_element (object, "events", 1);
  g_assert_cmpstr (json_object_get_string_member (event, "text"), ==, "T1");
  g_assert_cmpfloat (json_object_get_double_member (event, "onset_s"), ==,
                     (double) ((InionEvent *) events->pdata[1])->onset_ns / 1e9);
  g_assert_cmpuint (cli_count_elements (object, "faults"), ==,
                    inion_recording_get_faults (recording)->len);
}

/* read */

static void
test_read (void)
{
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = open_sample (&path);
  g_autofree double *cz = read_channel (recording, "Cz", 160, 160);
  g_autofree double *c3 = read_channel (recording, "C3", 160, 160);
  g_autoptr (CliRun) csv =
    cli_run ("read", path, "--channels", "Cz,C3", "--from", "1", "--to", "2", NULL);
  g_autoptr (CliRun) json =
    cli_run ("read", "--json", path, "--channels", "Cz,C3", "--from", "1", "--to", "2", NULL);
  g_autoptr (JsonParser) parser = NULL;
  g_auto (GStrv) lines = g_strsplit (csv->out, "\n", -1);
  JsonObject *object, *stretch;

  cli_assert_code (csv, 0);
  g_assert_cmpstr (lines[0], ==, "time_s,Cz (µV),C3 (µV)");
  g_assert_cmpuint (cli_count_lines (csv->out), ==, 161);
  for (guint i = 0; i < 160; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i + 1], ",", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, 3);
      g_assert_cmpfloat (g_ascii_strtod (fields[0], NULL), ==, (160 + i) / RATE);
      g_assert_cmpfloat (g_ascii_strtod (fields[1], NULL), ==, cz[i]);
      g_assert_cmpfloat (g_ascii_strtod (fields[2], NULL), ==, c3[i]);
    }
  cli_assert_code (json, 0);
  object = cli_parse_json (&parser, json->out);
  g_assert_cmpfloat (json_object_get_double_member (object, "from_s"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (object, "to_s"), ==, 2);
  stretch = get_element (get_element (object, "channels", 0), "stretches", 0);
  g_assert_cmpint (json_object_get_int_member (stretch, "first_sample"), ==, 160);
  g_assert_cmpfloat (json_object_get_double_member (stretch, "from_s"), ==, 1);
  cli_assert_doubles (stretch, "samples", cz, 160);
  stretch = get_element (get_element (object, "channels", 1), "stretches", 0);
  cli_assert_doubles (stretch, "samples", c3, 160);
}

/* The whole recording, all channels: one line a sample. */
static void
test_read_all (void)
{
  g_autofree char *path = cli_data ("recordings", "S007R04.edf");
  g_autoptr (CliRun) run = cli_run ("read", path, NULL);
  g_auto (GStrv) header = NULL;

  cli_assert_code (run, 0);
  g_assert_cmpuint (cli_count_lines (run->out), ==, 20001);
  header = cli_split_line (run->out, 0);
  g_assert_cmpuint (g_strv_length (header), ==, 65);
}

/* filter */

static void
test_filter (void)
{
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = open_sample (&path);
  g_autofree double *zero = read_channel (recording, "C4", 0, 20000);
  g_autofree double *causal = g_memdup2 (zero, 20000 * sizeof *zero);
  g_autoptr (CliRun) run = cli_run ("filter", path, "--json", "--low", "8", "--high", "30",
                                    "--channels", "C4", "--from", "10", "--to", "12", NULL);
  g_autoptr (CliRun) other = cli_run ("filter", path, "--low", "8", "--high", "30", "--phase",
                                      "causal", "--channels", "C4", "--from", "10", "--to", "10.1",
                                      NULL);
  g_autoptr (JsonParser) parser = NULL;
  g_auto (GStrv) lines = g_strsplit (other->out, "\n", -1);
  InionSosState state;
  InionSos sos;
  JsonObject *object, *channel;

  g_assert_true (inion_sos_butterworth (&sos, 4, INION_BAND_BANDPASS, 8, 30, RATE, NULL));
  g_assert_true (inion_sos_filtfilt (&sos, zero, 20000, G_MAXSIZE, NULL));
  inion_sos_state_reset (&state);
  inion_sos_process (&sos, &state, causal, causal, 20000);
  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpfloat (json_object_get_double_member (object, "from_s"), ==, 10);
  channel = get_element (object, "channels", 0);
  g_assert_cmpfloat (json_object_get_double_member (channel, "rate_hz"), ==, RATE);
  cli_assert_doubles (get_element (channel, "stretches", 0), "samples", zero + 1600, 320);
  cli_assert_code (other, 0);
  g_assert_cmpstr (lines[0], ==, "time_s,C4");
  for (guint i = 0; i < 16; i++)
    g_assert_cmpfloat (g_ascii_strtod (strchr (lines[i + 1], ',') + 1, NULL), ==, causal[1600 + i]);
}

/* psd */

static void
test_psd (void)
{
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = open_sample (&path);
  g_autofree double *x = read_channel (recording, "Oz", 0, 3200);
  g_autofree double *welch = g_new (double, 161);
  g_autofree double *tapers = g_new (double, 1601);
  g_autoptr (CliRun) run = cli_run ("psd", path, "--segment", "2", "--channels", "Oz", "--to", "20",
                                    NULL);
  g_autoptr (CliRun) other = cli_run ("psd", path, "--json", "--method", "multitaper", "--channels",
                                      "Oz", "--to", "20", NULL);
  g_autoptr (JsonParser) parser = NULL;
  g_auto (GStrv) lines = g_strsplit (run->out, "\n", -1);
  JsonObject *object;

  g_assert_true (inion_welch (x, 3200, RATE, 320, 160, INION_WINDOW_HANN, welch, NULL));
  g_assert_true (inion_multitaper (x, 3200, RATE, 2, tapers, NULL));
  cli_assert_code (run, 0);
  g_assert_cmpstr (lines[0], ==, "channel,frequency_hz,psd_unit2_per_hz");
  for (guint b = 0; b < 161; b++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[b + 1], ",", -1);

      g_assert_cmpstr (fields[0], ==, "Oz");
      g_assert_cmpfloat (g_ascii_strtod (fields[1], NULL), ==, b * 0.5);
      g_assert_cmpfloat (g_ascii_strtod (fields[2], NULL), ==, welch[b]);
    }
  cli_assert_code (other, 0);
  object = cli_parse_json (&parser, other->out);
  g_assert_cmpstr (json_object_get_string_member (object, "method"), ==, "multitaper");
  object = get_element (object, "channels", 0);
  g_assert_cmpstr (json_object_get_string_member (object, "unit"), ==, "(µV)²/Hz");
  g_assert_cmpfloat (json_object_get_double_member (object, "bin_hz"), ==, 0.05);
  cli_assert_doubles (object, "psd", tapers, 1601);
}

/* clean */

static void
test_clean (void)
{
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = open_sample (&path);
  InionDetectorSettings settings;
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (CliRun) run = cli_run ("clean", path, "--blink", "3", NULL);
  g_autoptr (CliRun) json = cli_run ("clean", path, "--blink", "3", "--json", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonArray *array;

  inion_detector_settings_init (&settings);
  settings.blink_z = 3;
  marks = inion_detect_artifacts (recording, &settings, NULL, NULL, NULL, NULL);
  g_assert_nonnull (marks);
  g_assert_cmpuint (marks->len, >, 0);
  cli_assert_code (run, 0);
  g_assert_cmpuint (cli_count_lines (run->out), ==, marks->len + 1);
  g_assert_cmpstr (run->err, !=, "");
  cli_assert_code (json, 0);
  array = json_object_get_array_member (cli_parse_json (&parser, json->out), "annotations");
  g_assert_cmpuint (json_array_get_length (array), ==, marks->len);
  for (guint i = 0; i < marks->len; i++)
    g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (array, i),
                                                    "label"), ==,
                     inion_annotation_get_label (marks->pdata[i]));
}

/* network */

static void
test_network (void)
{
  static const char *const labels[] = { "C3", "Cz", "C4" };
  static const char head[] = "channel_a,channel_b,value\nC3,Cz,";
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = open_sample (&path);
  g_autofree double *data = g_new (double, 3 * 10 * 320);
  double matrix[9], degree[3], strength[3], bound;
  g_autoptr (CliRun) run = cli_run ("network", path, "--json", "--channels", "C3,Cz,C4", "--to",
                                    "20", "--epoch", "2", "--null", "19", NULL);
  g_autoptr (CliRun) csv = cli_run ("network", path, "--channels", "C3,Cz,C4", "--to", "20",
                                    "--epoch", "2", "--null", "19", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  for (guint c = 0; c < 3; c++)
    {
      g_autofree double *x = read_channel (recording, labels[c], 0, 3200);

      for (guint e = 0; e < 10; e++)
        memcpy (data + (e * 3 + c) * 320, x + e * 320, 320 * sizeof (double));
    }
  g_assert_true (inion_connectivity (data, 10, 3, 320, RATE, INION_CONNECTIVITY_IMAG_COHERENCE, 8,
                                     13, matrix, NULL, NULL));
  g_assert_true (inion_connectivity_null (data, 10, 3, 320, RATE,
                                          INION_CONNECTIVITY_IMAG_COHERENCE, 8, 13, 19, 1, &bound,
                                          NULL, NULL));
  inion_graph_degree (matrix, 3, bound, degree);
  inion_graph_strength (matrix, 3, bound, strength);
  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  /* As the window's: unless told otherwise, not what the volume conductor alone makes. */
  g_assert_cmpstr (json_object_get_string_member (object, "measure"), ==, "imaginary-coherence");
  g_assert_cmpint (json_object_get_int_member (object, "n_epochs"), ==, 10);
  g_assert_cmpfloat (json_object_get_double_member (object, "epoch_s"), ==, 2);
  g_assert_cmpfloat (json_object_get_double_member (object, "null_bound_95"), ==, bound);
  cli_assert_doubles (object, "band_hz", (const double[]) { 8, 13 }, 2);
  cli_assert_doubles (object, "degree", degree, 3);
  cli_assert_doubles (object, "strength", strength, 3);
  for (guint i = 0; i < 3; i++)
    {
      JsonArray *row =
        json_array_get_array_element (json_object_get_array_member (object, "matrix"), i);

      for (guint j = 0; j < 3; j++)
        g_assert_cmpfloat (json_array_get_double_element (row, j), ==, matrix[i * 3 + j]);
    }
  cli_assert_code (csv, 0);
  g_assert_cmpuint (cli_count_lines (csv->out), ==, 4);
  g_assert_true (g_str_has_prefix (csv->out, head));
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (csv->out + strlen (head), NULL), matrix[1], 1e-8);
}

/* marker */

static void
test_marker (void)
{
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = open_sample (&path);
  g_autofree double *x = read_channel (recording, "Pz", 0, 20000);
  g_autoptr (CliRun) run = cli_run ("marker", path, "--json", "--channels", "Pz", NULL);
  g_autoptr (CliRun) csv = cli_run ("marker", path, NULL);
  g_autoptr (JsonParser) parser = NULL;
  double absolute[16], relative[16], peak, prominence;
  gsize n_bands;
  JsonObject *object;

  inion_band_definitions (&n_bands);
  g_assert_true (inion_band_powers (x, 20000, RATE, absolute, relative, NULL));
  g_assert_true (inion_peak_alpha (x, 20000, RATE, &peak, &prominence, NULL));
  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpuint (cli_count_elements (object, "bands"), ==, n_bands);
  object = get_element (object, "channels", 0);
  cli_assert_doubles (object, "absolute_uv2", absolute, n_bands);
  cli_assert_doubles (object, "relative", relative, n_bands);
  g_assert_cmpfloat (json_object_get_double_member (object, "peak_alpha_hz"), ==, peak);
  g_assert_cmpfloat (json_object_get_double_member (object, "prominence_db"), ==, prominence);
  cli_assert_code (csv, 0);
  g_assert_cmpuint (cli_count_lines (csv->out), ==, 65);
}

/* evaluate, and study reproduce */

static void
test_evaluate (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *recipe = cli_data ("recipes", "motor-imagery.json");
  g_autofree char *a = cli_data ("recordings", "S007R04.edf");
  g_autofree char *b = cli_data ("recordings", "S007R08.edf");
  g_autofree char *c = cli_data ("recordings", "S007R12.edf");
  g_autofree char *kept = g_build_filename (folder, "r.json", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (CliRun) run = cli_run ("evaluate", recipe, a, b, c, "-o", kept, "--json", NULL);
  g_autoptr (CliRun) plain = cli_run ("evaluate", recipe, a, b, c, NULL);
  g_autoptr (CliRun) again = cli_run ("study", "reproduce", kept, a, b, c, NULL);
  g_autoptr (CliRun) other = cli_run ("study", "reproduce", kept, a, b, NULL);
  g_autoptr (CliRun) json = cli_run ("study", "reproduce", "--json", kept, a, b, c, NULL);
  g_autoptr (JsonParser) parser = NULL;
  double sum = 0;
  JsonObject *object;

  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpuint (cli_count_elements (object, "folds"), ==, 3);
  for (guint i = 0; i < 3; i++)
    sum += json_object_get_double_member (get_element (object, "folds", i), "accuracy");
  g_assert_cmpfloat_with_epsilon (sum / 3, 0.956, 0.0005);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "accuracy"), 43 / 45.0,
                                  1e-12);
  g_assert_true (g_file_get_contents (kept, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, run->out);
  cli_assert_code (plain, 0);
  g_assert_true (g_str_has_prefix (plain->out, "Accuracy            0.956 "));
  cli_assert_code (again, 0);
  g_assert_nonnull (strstr (again->out, "the same bytes"));
  cli_assert_code (json, 0);
  g_assert_cmpstr (json->out, ==, "{ \"reproduced\": true }\n");
  cli_assert_fails (other, "fingerprint");
  cli_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/cli/info", test_info);
  g_test_add_func ("/cli/read", test_read);
  g_test_add_func ("/cli/read/all", test_read_all);
  g_test_add_func ("/cli/filter", test_filter);
  g_test_add_func ("/cli/psd", test_psd);
  g_test_add_func ("/cli/clean", test_clean);
  g_test_add_func ("/cli/network", test_network);
  g_test_add_func ("/cli/marker", test_marker);
  g_test_add_func ("/cli/evaluate", test_evaluate);
  return g_test_run ();
}
