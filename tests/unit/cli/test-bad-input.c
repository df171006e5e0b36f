/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damaged files, wrong recipes and data that hold no answer: each is refused in one line. */

#include "cli-runner.h"

#define N_SIGNALS 65          /* of the sample, the last are its annotations */
#define HEADER (256 * (N_SIGNALS + 1))
#define N_RECORDS 125
#define N_RECORDS_AT 236
#define SAMPLES_AT (256 + N_SIGNALS * 216)
#define RATE 160

typedef struct
{
  char *folder;
  GByteArray *bytes;          /* of the sample */
  gsize record;               /* bytes */
} Fixture;

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *path = cli_data ("recordings", "S007R04.edf");
  char *bytes;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  fixture->folder = cli_make_folder ();
  fixture->bytes = g_byte_array_new_take ((guint8 *) bytes, n);
  fixture->record = (n - HEADER) / N_RECORDS;
  g_assert_cmpuint (HEADER + N_RECORDS * fixture->record, ==, n);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_byte_array_unref (fixture->bytes);
}

static char *
write_file (Fixture    *fixture,
            const char *name,
            const void *bytes,
            gsize       n)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
  return path;
}

static void
set_field (Fixture    *fixture,
           gsize       at,
           const char *text)
{
  g_assert_cmpuint (strlen (text), ==, 8);
  memcpy (fixture->bytes->data + at, text, 8);
}

/* Holds a channel at zero. */
static void
flatten (Fixture *fixture,
         guint    channel)
{
  for (gsize r = 0; r < N_RECORDS; r++)
    memset (fixture->bytes->data + HEADER + r * fixture->record + (gsize) channel * RATE * 2, 0,
            RATE * 2);
}

/* Cuts the sample after so many seconds. */
static char *
write_start (Fixture *fixture,
             guint    seconds)
{
  g_autofree char *field = g_strdup_printf ("%-8u", seconds);

  set_field (fixture, N_RECORDS_AT, field);
  return write_file (fixture, "short.edf", fixture->bytes->data,
                     HEADER + seconds * fixture->record);
}

/* A shipped recipe with one text replaced by another. */
static char *
write_recipe (Fixture    *fixture,
              const char *from,
              const char *to)
{
  g_autofree char *path = cli_data ("recipes", "motor-imagery.json");
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 0), ==, 1);
  return write_file (fixture, "recipe.json", changed->str, changed->len);
}

/* Each verb that takes a recording refuses it, naming the file and what is wrong with it. */
static void
assert_refused (Fixture    *fixture,
                const char *path,
                gboolean    info_too,
                const char *word)
{
  static const char *const verbs[] = {
    "info \"$F\"", "annotations \"$F\"", "read \"$F\"", "filter \"$F\" --low 1", "psd \"$F\"",
    "clean \"$F\"", "network \"$F\"", "marker \"$F\"", "evaluate \"$R\" \"$F\"",
    "train \"$R\" \"$F\" -o m.json", "render traces \"$F\" -o x.png",
    "render topomap \"$F\" -o x.png", "render network \"$F\" -o x.png",
  };
  g_autofree char *recipe = cli_data ("recipes", "motor-imagery.json");
  g_autofree char *name = g_path_get_basename (path);
  guint n_files = cli_count_files (fixture->folder);

  for (gsize i = info_too ? 0 : 2; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autoptr (CliRun) run = cli_run_shell ("cd '%s' && F='%s' R='%s' && \"$INION_CLI\" %s",
                                              fixture->folder, path, recipe, verbs[i]);

      cli_assert_fails (run, name);
      g_assert_cmpstr (run->out, ==, "");
      if (strstr (run->err, word) == NULL && strstr (verbs[i], "$R") == NULL)
        g_error ("%s: “%s” is not in: %s", verbs[i], word, run->err);
      g_assert_cmpuint (cli_count_files (fixture->folder), ==, n_files);
    }
}

static void
test_truncated (Fixture      *fixture,
                gconstpointer data)
{
  static const gsize sizes[] = { 1, 8, 255, 256, 3000, HEADER - 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = write_file (fixture, "cut.edf", fixture->bytes->data, sizes[i]);

      assert_refused (fixture, path, TRUE, sizes[i] > 7 ? "header" : "recording");
    }
}

/* Within the samples: what is there is read, of the last record 38 samples of the first signal, and
 * what is missing is empty and said. */
static void
test_truncated_samples (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char *path =
    write_file (fixture, "cut.edf", fixture->bytes->data, HEADER + 10 * fixture->record + 77);
  g_autoptr (CliRun) info = cli_run ("info", "--json", path, NULL);
  g_autoptr (CliRun) read = cli_run ("read", path, NULL);
  g_autoptr (CliRun) one = cli_run ("read", path, "--channels", "Cz", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  cli_assert_code (info, 0);
  object = cli_parse_json (&parser, info->out);
  g_assert_cmpfloat (json_object_get_double_member (object, "duration_s"), ==, 10 + 38.0 / RATE);
  g_assert_cmpuint (cli_count_elements (object, "faults"), >, 0);
  cli_assert_code (read, 0);
  g_assert_cmpuint (cli_count_lines (read->out), ==, 1 + 10 * RATE + 38);
  g_assert_true (g_str_has_suffix (read->out, ",\n"));
  /* Where none of the channels that were asked for has a sample, there is no line. */
  cli_assert_code (one, 0);
  g_assert_cmpuint (cli_count_lines (one->out), ==, 1 + 10 * RATE);
}

static void
test_no_recording (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char *text = write_file (fixture, "text.edf", "Dear diary,\n", 12);
  g_autofree char *empty = write_file (fixture, "empty.edf", "", 0);
  g_autofree char *folder = g_build_filename (fixture->folder, "folder.edf", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  assert_refused (fixture, text, TRUE, "not a recording");
  assert_refused (fixture, empty, TRUE, "empty");
  assert_refused (fixture, folder, TRUE, "folder");
}

/* 99,999,999 samples a record: no memory is asked for; the claim, its place and the file's size are
 * named. */
static void
test_huge (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (CliRun) info = NULL;
  const char *limit = "ulimit -v 2000000;";

#if defined(__SANITIZE_ADDRESS__)
  limit = "";   /* its shadow takes more than any limit leaves */
#endif
  set_field (fixture, SAMPLES_AT, "99999999");
  path = write_file (fixture, "huge.edf", fixture->bytes->data, fixture->bytes->len);
  assert_refused (fixture, path, FALSE, "99999999");
  info = cli_run_shell ("%s \"$INION_CLI\" info '%s'", limit, path);
  cli_assert_code (info, 1);
  g_assert_nonnull (strstr (info->err, "the samples in a data record"));
  g_assert_nonnull (strstr (info->err, "at byte 14296"));
}

/* Recipes: the message names the file, the key, and what stands there. */
static void
test_recipes (Fixture      *fixture,
              gconstpointer data)
{
  static const struct
  {
    const char *from;
    const char *to;
    const char *word;
  } cases[] = {
    { "\"seed\"", "\"sede\"", "sede" },
    { "\"components\"", "\"compnents\"", "compnents" },
    { "\"components\": 6", "\"components\": 600", "600" },
    { "\"csp\"", "\"magic\"", "magic" },
    { "[8, 30]", "[30, 8]", "band_hz" },
    { "[8, 30]", "[8, 90]", "90" },
    { "\"inion_recipe\": 1", "\"inion_recipe\": 99", "99" },
    { "\"seed\": 1", "\"seed\": 1, \"seed\": 2", "seed" },
    { "\"only\": null", "\"only\": [\"Nowhere\"]", "“Nowhere” (nearest there: " },
    { "\"seed\": 1", "\"seed\": NaN", "line 19" },
  };
  g_autofree char *a = cli_data ("recordings", "S007R04.edf");
  g_autofree char *b = cli_data ("recordings", "S007R08.edf");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *recipe = write_recipe (fixture, cases[i].from, cases[i].to);
      g_autoptr (CliRun) run = cli_run ("evaluate", recipe, a, b, NULL);

      g_assert_cmpstr (run->out, ==, "");
      cli_assert_fails (run, cases[i].word);
    }
}

/* Nothing is written where there is nothing to write. */
static void
assert_not_learned (Fixture    *fixture,
                    const char *recipe,
                    const char *path,
                    const char *word)
{
  g_autofree char *model = g_build_filename (fixture->folder, "model.json", NULL);
  g_autoptr (CliRun) evaluate = cli_run ("evaluate", recipe, path, NULL);
  g_autoptr (CliRun) train = cli_run ("train", recipe, path, "-o", model, NULL);

  cli_assert_fails (evaluate, word);
  cli_assert_fails (train, word);
  g_assert_cmpstr (evaluate->out, ==, "");
  g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
}

static void
test_one_class (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *path = cli_data ("recordings", "S007R04.edf");
  g_autofree char *folds = write_recipe (fixture, "leave-one-recording-out", "blocked-k-fold");
  g_autofree char *text = NULL;
  g_autoptr (GString) one = NULL;

  g_assert_true (g_file_get_contents (folds, &text, NULL, NULL));
  one = g_string_new (text);
  g_assert_cmpuint (g_string_replace (one, "[\"T2\"]", "[\"T9\"]", 0), ==, 1);
  g_assert_true (g_file_set_contents (folds, one->str, -1, NULL));
  assert_not_learned (fixture, folds, path, "right");
}

static void
test_two_trials (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *path = write_start (fixture, 18);
  g_autofree char *folds = write_recipe (fixture, "leave-one-recording-out", "blocked-k-fold");

  assert_not_learned (fixture, folds, path, "there are only 2: “left” has 1");
}

static void
test_flat (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *folds = write_recipe (fixture, "leave-one-recording-out", "blocked-k-fold");
  g_autofree char *picture = g_build_filename (fixture->folder, "x.png", NULL);
  g_autofree char *path = NULL;
  g_autoptr (CliRun) network = NULL;
  g_autoptr (CliRun) drawn = NULL;
  g_autoptr (CliRun) marker = NULL;
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *channel;

  for (guint c = 0; c + 1 < N_SIGNALS; c++)
    flatten (fixture, c);
  path = write_file (fixture, "flat.edf", fixture->bytes->data, fixture->bytes->len);
  assert_not_learned (fixture, folds, path, "flat");
  network = cli_run ("network", path, "--null", "19", NULL);
  cli_assert_fails (network, "flat");
  drawn = cli_run ("render", "network", path, "--null", "19", "-o", picture, NULL);
  cli_assert_fails (drawn, "flat");
  g_assert_false (g_file_test (picture, G_FILE_TEST_EXISTS));
  /* Nothing stands out of nothing. */
  marker = cli_run ("marker", path, "--json", "--channels", "Cz", NULL);
  cli_assert_code (marker, 0);
  channel = json_array_get_object_element (
    json_object_get_array_member (cli_parse_json (&parser, marker->out), "channels"), 0);
  g_assert_true (json_object_get_null_member (channel, "peak_alpha_hz"));
  g_assert_null (strstr (marker->out, "nan"));
}

/* One dead electrode is no reason to give up: it has no edges, and is named. */
static void
test_one_flat (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (CliRun) run = NULL;
  g_autoptr (JsonParser) parser = NULL;
  JsonArray *degree;

  flatten (fixture, 10);
  path = write_file (fixture, "flat.edf", fixture->bytes->data, fixture->bytes->len);
  run = cli_run ("network", path, "--json", "--null", "19", NULL);
  cli_assert_code (run, 0);
  g_assert_nonnull (strstr (run->err, "Cz"));
  degree = json_object_get_array_member (cli_parse_json (&parser, run->out), "degree");
  g_assert_cmpfloat (json_array_get_double_element (degree, 10), ==, 0);
  g_assert_cmpfloat (json_array_get_double_element (degree, 9), >, 0);
}

/* A model that is none, or has been cut or changed on the way. */
static void
test_models (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *recording = cli_data ("recordings", "S007R04.edf");
  g_autofree char *second = cli_data ("recordings", "S007R08.edf");
  g_autofree char *recipe = cli_data ("recipes", "motor-imagery-causal.json");
  g_autofree char *model = g_build_filename (fixture->folder, "model.json", NULL);
  g_autofree char *text = NULL;
  g_autofree char *narrow = NULL;
  g_autofree char *cut = NULL;
  g_autoptr (CliRun) train = cli_run ("train", recipe, recording, second, "-o", model, NULL);
  g_autoptr (CliRun) half = NULL;
  g_autoptr (CliRun) wrong = cli_run ("apply", recipe, recording, NULL);
  g_autoptr (CliRun) missing = NULL;
  gsize n;

  cli_assert_code (train, 0);
  cli_assert_fails (wrong, "motor-imagery-causal.json");
  g_assert_true (g_file_get_contents (model, &text, &n, NULL));
  cut = write_file (fixture, "cut.json", text, n / 2);
  half = cli_run ("apply", cut, recording, NULL);
  cli_assert_fails (half, "cut.json");
  /* A recording that has no such channel. */
  memcpy (fixture->bytes->data + 256 + 10 * 16, "Foo.            ", 16);
  narrow = write_file (fixture, "narrow.edf", fixture->bytes->data, fixture->bytes->len);
  missing = cli_run ("apply", model, narrow, NULL);
  cli_assert_fails (missing, "Cz");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/cli/bad-input/truncated", test_truncated);
  ADD ("/cli/bad-input/truncated-samples", test_truncated_samples);
  ADD ("/cli/bad-input/no-recording", test_no_recording);
  ADD ("/cli/bad-input/huge", test_huge);
  ADD ("/cli/bad-input/recipes", test_recipes);
  ADD ("/cli/bad-input/one-class", test_one_class);
  ADD ("/cli/bad-input/two-trials", test_two_trials);
  ADD ("/cli/bad-input/flat", test_flat);
  ADD ("/cli/bad-input/one-flat", test_one_flat);
  ADD ("/cli/bad-input/models", test_models);
  return g_test_run ();
}
