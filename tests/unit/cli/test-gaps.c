/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real recording with gaps through every verb that looks at samples. */

#include "cli-runner.h"

#include "../gap-fixture.h"

#include <math.h>

/* From 20 to 24.5 s and from 64.5 to 264.5 s there is nothing. */
static char *
make_file (void)
{
  const guint before[] = { 20, 60 };
  const double gap_s[] = { 4.5, 200 };
  g_autofree char *source = gap_fixture_find ("motor-imagery/eegmmidb/S007/S007R04.edf");

  if (source == NULL)
    {
      g_test_skip ("INION_SHARED has no S007R04.edf");
      return NULL;
    }
  return gap_fixture_edf (source, before, gap_s, 2);
}

static void
assert_ran (const CliRun *run)
{
  if (run->code != 0)
    g_error ("%s", run->err);
}

/* In a gap there are no lines, and no samples. */
static void
test_read (void)
{
  g_autofree char *path = make_file ();
  g_autoptr (CliRun) csv = NULL;
  g_autoptr (CliRun) json = NULL;
  g_autoptr (JsonParser) parser = NULL;
  JsonArray *stretches;

  if (path == NULL)
    return;
  csv = cli_run ("read", path, "--channels", "C3,C4", "--from", "19.99", "--to", "24.515", NULL);
  assert_ran (csv);
  g_assert_nonnull (strstr (csv->out, "\n19.99375,"));
  g_assert_nonnull (strstr (csv->out, "\n24.5,"));
  g_assert_null (strstr (csv->out, "nan"));
  g_assert_cmpuint (cli_count_lines (csv->out), ==, 1 + 2 + 2);
  json = cli_run ("read", path, "--channels", "C3", "--from", "19.99", "--to", "24.515", "--json",
                  NULL);
  assert_ran (json);
  stretches = json_object_get_array_member (
    json_array_get_object_element (
      json_object_get_array_member (cli_parse_json (&parser, json->out), "channels"), 0),
    "stretches");
  g_assert_cmpuint (json_array_get_length (stretches), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *stretch = json_array_get_object_element (stretches, i);

      g_assert_cmpint (json_object_get_int_member (stretch, "first_sample"), ==,
                       i == 0 ? 20 * 160 - 2 : 49 * 80);
      g_assert_cmpfloat (json_object_get_double_member (stretch, "from_s"), ==,
                         i == 0 ? 20 - 2.0 / 160 : 24.5);
      g_assert_cmpuint (cli_count_elements (stretch, "samples"), ==, 2);
    }
  g_unlink (path);
}

/* Every stretch is filtered as a file of its own would be. */
static void
test_filter (void)
{
  g_autofree char *path = make_file ();
  g_autofree char *source = NULL;
  g_autoptr (CliRun) cut = NULL;
  g_autoptr (CliRun) whole = NULL;
  g_auto (GStrv) a = NULL;
  g_auto (GStrv) b = NULL;

  if (path == NULL)
    return;
  source = gap_fixture_find ("motor-imagery/eegmmidb/S007/S007R04.edf");
  cut = cli_run ("filter", path, "--channels", "C3", "--low", "1", "--high", "40", "--from", "0",
                 "--to", "60", NULL);
  whole = cli_run ("filter", source, "--channels", "C3", "--low", "1", "--high", "40", "--from",
                   "0", "--to", "60", NULL);
  assert_ran (cut);
  assert_ran (whole);
  a = g_strsplit (cut->out, "\n", -1);
  b = g_strsplit (whole->out, "\n", -1);
  g_assert_cmpuint (cli_count_lines (cut->out), ==, 1 + 160 * 60 - 720);
  /* Well inside a stretch it is the same signal; in the gap there is nothing; and where the gap
   * was cut in, each side ends as a recording does. */
  for (guint i = 0; i < 160 * 60 - 720; i++)
    {
      double seconds = g_ascii_strtod (a[1 + i], NULL);
      double x = g_ascii_strtod (strchr (a[1 + i], ',') + 1, NULL);
      double y = g_ascii_strtod (strchr (b[1 + i], ',') + 1, NULL);

      g_assert_cmpfloat (seconds, ==, i < 20 * 160 ? i / 160.0 : (i + 720) / 160.0);
      if (seconds < 15 || seconds > 29.5)
        g_assert_cmpfloat_with_epsilon (x, y, 0.02);
    }
  g_unlink (path);
}

/* Two minutes in pieces of 20 s over a year: what is printed, and applied, is what there is. */
static void
test_year (void)
{
  const guint before[] = { 20, 40, 60, 80, 100 };
  const double month_s = 73 * 86400.0;
  const double gap_s[] = { month_s, month_s, month_s, month_s, month_s };
  g_autofree char *source = gap_fixture_find ("motor-imagery/eegmmidb/S007/S007R04.edf");
  g_autofree char *path = NULL;
  g_autoptr (CliRun) recorded = NULL, read = NULL, filtered = NULL, one = NULL, nothing = NULL;
  g_autoptr (CliRun) cleaned = NULL, psd = NULL, markers = NULL;
  g_auto (GStrv) a = NULL;
  g_auto (GStrv) b = NULL;

  if (source == NULL)
    {
      g_test_skip ("INION_SHARED has no S007R04.edf");
      return;
    }
  path = gap_fixture_edf (source, before, gap_s, G_N_ELEMENTS (before));
  recorded = cli_run ("read", source, "--channels", "C3", NULL);
  read = cli_run ("read", path, "--channels", "C3", NULL);
  assert_ran (read);
  a = g_strsplit (recorded->out, "\n", -1);
  b = g_strsplit (read->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (a), ==, g_strv_length (b));
  for (guint i = 1; a[i][0] != '\0'; i++)
    {
      double moved_s = MIN ((i - 1) / (20 * 160), G_N_ELEMENTS (before)) * month_s;

      g_assert_cmpfloat (g_ascii_strtod (a[i], NULL) + moved_s, ==, g_ascii_strtod (b[i], NULL));
      g_assert_cmpstr (strchr (a[i], ','), ==, strchr (b[i], ','));
    }
  filtered = cli_run ("filter", path, "--channels", "C3", "--low", "1", NULL);
  assert_ran (filtered);
  g_assert_cmpuint (cli_count_lines (filtered->out), ==, cli_count_lines (read->out));
  one = cli_run ("filter", path, "--channels", "C3", "--low", "1", "--from", "6307225", "--to",
                 "6307230", "--json", NULL);
  assert_ran (one);
  nothing = cli_run ("read", path, "--channels", "C3", "--from", "86400", "--to", "172800", NULL);
  assert_ran (nothing);
  g_assert_cmpstr (nothing->out, ==, "time_s,C3 (µV)\n");
  cleaned = cli_run ("clean", path, NULL);
  assert_ran (cleaned);
  psd = cli_run ("psd", path, "--channels", "C3", NULL);
  assert_ran (psd);
  markers = cli_run ("marker", path, "--channels", "C3", NULL);
  assert_ran (markers);
  g_unlink (path);
}

static void
test_measures (void)
{
  static const struct
  {
    const char *words;
    const char *said;
  } all[] = {
    { "psd", "segments between gaps" },
    { "psd --method multitaper", "only the longest stretch without a gap, 65 s" },
    { "marker", "windows between gaps" },
    { "network", "hold a gap and are left out" },
    { "clean", "2 gaps: each of its 3 stretches" },
  };
  g_autofree char *path = make_file ();

  if (path == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (CliRun) run = cli_run_shell (
        i < 4 ? "\"$INION_CLI\" %s %s --channels C3,C4,Cz" : "\"$INION_CLI\" %s %s", all[i].words,
        path);

      assert_ran (run);
      if (strstr (run->err, all[i].said) == NULL && strstr (run->out, all[i].said) == NULL)
        g_error ("%s says: %s", all[i].words, run->err);
      g_assert_null (strstr (run->out, "nan"));
    }
  g_unlink (path);
}

/* A map is of one stretch, and of no gap. */
static void
test_map (void)
{
  g_autofree char *path = make_file ();
  g_autofree char *png = NULL;
  g_autoptr (CliRun) moment = NULL, stretch = NULL, middle = NULL;

  if (path == NULL)
    return;
  png = g_strconcat (path, ".png", NULL);
  moment = cli_run ("render", "topomap", path, "-o", png, "--time", "22", NULL);
  g_assert_cmpint (moment->code, ==, 1);
  g_assert_nonnull (strstr (moment->err, "At 22 s there is a gap"));
  stretch = cli_run ("render", "topomap", path, "-o", png, "--from", "19", "--to", "30", "--json", NULL);
  assert_ran (stretch);
  g_assert_nonnull (strstr (stretch->err, "only 24.5–30 s are looked at"));
  g_assert_nonnull (strstr (stretch->out, "\"from_s\": 24.5"));
  g_assert_null (strstr (stretch->out, "null"));
  /* The middle of the recording, 164.5 s, lies in the long gap. */
  middle = cli_run ("render", "topomap", path, "-o", png, "--json", NULL);
  assert_ran (middle);
  g_assert_nonnull (strstr (middle->out, "\"from_s\": 264.5"));
  g_unlink (path);
  g_unlink (png);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/gaps/read", test_read);
  g_test_add_func ("/cli/gaps/filter", test_filter);
  g_test_add_func ("/cli/gaps/year", test_year);
  g_test_add_func ("/cli/gaps/measures", test_measures);
  g_test_add_func ("/cli/gaps/map", test_map);
  return g_test_run ();
}
