/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures: the right format, size and content, the same bytes again, whole or not there. */

#define _GNU_SOURCE

#include "cli-runner.h"

#include "core/init.h"

#include <cairo.h>
#include <math.h>

typedef struct
{
  char *folder;
  char *recording;
} Fixture;

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->folder = cli_make_folder ();
  fixture->recording = cli_copy_recording (fixture->folder, "S007R04.edf");
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  cli_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->recording);
}

static char *
in_folder (Fixture    *fixture,
           const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static cairo_surface_t *
load (const char *path,
      int         width,
      int         height)
{
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);

  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, width);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, height);
  return surface;
}

static guint32
get_pixel (cairo_surface_t *surface,
           int              x,
           int              y)
{
  const guint8 *row =
    cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (const void *) row)[x] & 0xffffff;
}

/* The share of pixels that are not the colour of the corner: what has been drawn. */
static double
get_ink (cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface), n = 0;
  guint32 page = get_pixel (surface, 0, 0);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      n += get_pixel (surface, x, y) != page;
  return n / (double) (width * height);
}

static void
assert_picture (const char *path,
                int         width,
                int         height,
                guint32     page)
{
  cairo_surface_t *surface = load (path, width, height);
  double ink = get_ink (surface);

  g_assert_cmphex (get_pixel (surface, 0, 0), ==, page);
  if (!(ink > 0.02 && ink < 0.9))
    g_error ("%s: %.3f of the page is drawn on", path, ink);
  cairo_surface_destroy (surface);
}

static void
test_traces (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "t.png");
  g_autoptr (CliRun) run =
    cli_run ("render", "traces", fixture->recording, "-o", path, "--json", "--montage",
             "longitudinal", "--from", "20", "--to", "25", "--sensitivity", "10", "--lff", "1",
             "--hff", "30", "--notch", "60", "--width", "800", "--height", "500", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpstr (json_object_get_string_member (object, "file"), ==, path);
  g_assert_cmpstr (json_object_get_string_member (object, "format"), ==, "png");
  g_assert_cmpint (json_object_get_int_member (object, "width_px"), ==, 800);
  g_assert_cmpint (json_object_get_int_member (object, "height_px"), ==, 500);
  g_assert_cmpstr (json_object_get_string_member (object, "montage"), ==, "longitudinal");
  g_assert_cmpint (json_object_get_int_member (object, "n_derivations"), ==, 18);
  g_assert_cmpfloat (json_object_get_double_member (object, "from_s"), ==, 20);
  g_assert_cmpfloat (json_object_get_double_member (object, "to_s"), ==, 25);
  g_assert_cmpfloat (json_object_get_double_member (object, "sensitivity_uv_mm"), ==, 10);
  g_assert_cmpfloat (json_object_get_double_member (object, "lff_hz"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (object, "hff_hz"), ==, 30);
  g_assert_cmpfloat (json_object_get_double_member (object, "notch_hz"), ==, 60);
  assert_picture (path, 800, 500, 0xffffff);
}

/* How traces are drawn changes the picture; what is no kind is refused. */
static void
test_drawn (Fixture      *fixture,
            gconstpointer data)
{
  static const char *const options[] = {
    "--json", "--clip", "--remove-dc", "--butterfly", "--kind-sensitivity=EEG=50",
  };
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *path = in_folder (fixture, "t.png");
  g_autoptr (CliRun) none = cli_run ("render", "traces", fixture->recording, "-o", path,
                                     "--kind-sensitivity", "liver=3", NULL);
  g_autoptr (CliRun) bare = cli_run ("render", "traces", fixture->recording, "-o", path,
                                     "--kind-sensitivity", "ECG", NULL);

  cli_assert_code (none, 2);
  cli_assert_code (bare, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autoptr (CliRun) run =
        cli_run ("render", "traces", fixture->recording, "-o", path, "--lff", "0", "--to", "2",
                 "--sensitivity", "7", options[i], NULL);

      g_autofree char *bytes = NULL;
      gsize n;

      cli_assert_code (run, 0);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      g_ptr_array_add (pictures, g_bytes_new (bytes, n));
      for (gsize k = 0; k < i; k++)
        g_assert_false (g_bytes_equal (pictures->pdata[i], pictures->pdata[k]));
    }
}

/* Ten seconds from the start, a lane of its own for each of the 64 channels. */
static void
test_defaults (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "t.png");
  g_autoptr (CliRun) run =
    cli_run ("render", "traces", fixture->recording, "-o", path, "--json", "--dark", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpstr (json_object_get_string_member (object, "montage"), ==, "as-recorded");
  g_assert_cmpfloat (json_object_get_double_member (object, "to_s"), ==, 10);
  g_assert_cmpfloat (json_object_get_double_member (object, "lff_hz"), ==, 0.5);
  g_assert_cmpfloat (json_object_get_double_member (object, "hff_hz"), ==, 70);
  g_assert_cmpfloat (json_object_get_double_member (object, "sensitivity_uv_mm"), >, 7);
  g_assert_cmpint (json_object_get_int_member (object, "height_px"), >, 64 * 15);
  assert_picture (path, 1600, (int) json_object_get_int_member (object, "height_px"), 0x1e1e20);
}

/* An edge that the rate has no room for is off, and said to be off. */
static void
test_filter_fits (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "t.png");
  g_autoptr (CliRun) run = cli_run ("render", "traces", fixture->recording, "-o", path, "--json",
                                    "--hff", "80", "--notch", "100", NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpfloat (json_object_get_double_member (object, "hff_hz"), ==, 0);
  g_assert_cmpfloat (json_object_get_double_member (object, "notch_hz"), ==, 0);
}

static void
assert_starts_with (const char *path,
                    const char *start,
                    const char *holds)
{
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, 1000);
  g_assert_cmpint (memcmp (bytes, start, strlen (start)), ==, 0);
  g_assert_nonnull (memmem (bytes, n, holds, strlen (holds)));
}

static void
test_formats (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const kinds[] = { "traces", "topomap", "network" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *png = in_folder (fixture, "x.PNG");
      g_autofree char *pdf = in_folder (fixture, "x.pdf");
      g_autofree char *svg = in_folder (fixture, "x.svg");
      const char *const paths[] = { png, pdf, svg };

      for (gsize f = 0; f < 3; f++)
        {
          g_autoptr (CliRun) run = cli_run ("render", kinds[i], fixture->recording, "-o", paths[f],
                                            "--width", "400", "--height", "300", NULL);

          cli_assert_code (run, 0);
          g_assert_cmpstr (run->out, ==, "");
          g_assert_nonnull (strstr (run->err, paths[f]));
        }
      assert_picture (png, 400, 300, 0xffffff);
      assert_starts_with (pdf, "%PDF-", "/MediaBox [ 0 0 300 225 ]");
      assert_starts_with (svg, "<?xml", "width=\"400px\" height=\"300px\"");
    }
}

/* The same again is the same bytes, in all formats and on any number of threads. */
static void
test_same_bytes (Fixture      *fixture,
                 gconstpointer data)
{
  static const char *const endings[] = { "png", "pdf", "svg" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autoptr (CliRun) run =
        cli_run_shell ("cd '%s' && INION_THREADS=1 \"$INION_CLI\" render network S007R04.edf -o "
                       "a.%s && sleep 1.1 && INION_THREADS=3 \"$INION_CLI\" render network "
                       "S007R04.edf -o b.%s && cmp a.%s b.%s", fixture->folder, endings[i],
                       endings[i], endings[i], endings[i]);

      cli_assert_code (run, 0);
    }
}

static void
test_topomap (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "m.png");
  g_autoptr (CliRun) moment =
    cli_run ("render", "topomap", fixture->recording, "-o", path, "--time", "12.5", "--json", NULL);
  g_autoptr (CliRun) mean = cli_run ("render", "topomap", fixture->recording, "-o", path, "--from",
                                     "10", "--to", "20", "--json", NULL);
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (JsonParser) mean_parser = NULL;
  JsonObject *object;
  JsonArray *values;
  double sum = 0;

  cli_assert_code (moment, 0);
  object = cli_parse_json (&parser, moment->out);
  g_assert_cmpstr (json_object_get_string_member (object, "montage"), ==, "average");
  g_assert_cmpstr (json_object_get_string_member (object, "unit"), ==, "µV");
  g_assert_cmpfloat (json_object_get_double_member (object, "from_s"), ==, 12.5);
  values = json_object_get_array_member (object, "values");
  g_assert_cmpuint (json_array_get_length (values), ==, 64);
  /* To the average reference, all 64 together are nothing. */
  for (guint i = 0; i < 64; i++)
    sum += json_array_get_double_element (values, i);
  g_assert_cmpfloat_with_epsilon (sum, 0, 0.01);
  g_assert_cmpfloat (fabs (json_array_get_double_element (values, 0)), >, 0.01);
  cli_assert_code (mean, 0);
  object = cli_parse_json (&mean_parser, mean->out);
  g_assert_cmpfloat (json_object_get_double_member (object, "to_s"), ==, 20);
  assert_picture (path, 640, 640, 0xffffff);
}

static void
test_patterns (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *recipe = cli_data ("recipes", "motor-imagery.json");
  g_autofree char *tangent = cli_data ("recipes", "motor-imagery-tangent.json");
  g_autofree char *b = cli_data ("recordings", "S007R08.edf");
  g_autofree char *model = in_folder (fixture, "model.json");
  g_autofree char *other = in_folder (fixture, "other.json");
  g_autofree char *path = in_folder (fixture, "p.png");
  g_autoptr (CliRun) train = cli_run ("train", recipe, fixture->recording, b, "-o", model, NULL);
  g_autoptr (CliRun) run =
    cli_run ("render", "topomap", "--model", model, "-o", path, "--json", NULL);
  g_autoptr (CliRun) train_other =
    cli_run ("train", tangent, fixture->recording, b, "-o", other, NULL);
  g_autoptr (CliRun) none = cli_run ("render", "topomap", "--model", other, "-o", path, NULL);
  g_autoptr (CliRun) both =
    cli_run ("render", "topomap", fixture->recording, "--model", model, "-o", path, NULL);
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *object;

  cli_assert_code (train, 0);
  cli_assert_code (run, 0);
  object = cli_parse_json (&parser, run->out);
  g_assert_cmpuint (cli_count_elements (object, "patterns"), ==, 6);
  g_assert_cmpuint (cli_count_elements (object, "channels"), ==, 64);
  assert_picture (path, 960, 640, 0xffffff);
  cli_assert_code (train_other, 0);
  cli_assert_fails (none, "no spatial filters");
  cli_assert_code (both, 2);
}

/* What is drawn is what “network” says. */
static void
test_network (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "n.png");
  g_autoptr (CliRun) picture =
    cli_run ("render", "network", fixture->recording, "-o", path, "--json", "--to", "60", "--null",
             "30", NULL);
  g_autoptr (CliRun) numbers =
    cli_run ("network", fixture->recording, "--json", "--to", "60", "--null", "30", NULL);
  g_autoptr (CliRun) help = cli_run ("render", "network", "--help", NULL);
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (JsonParser) other_parser = NULL;
  JsonObject *object, *other;
  JsonArray *degree;
  double sum = 0;

  cli_assert_code (picture, 0);
  cli_assert_code (numbers, 0);
  object = cli_parse_json (&parser, picture->out);
  other = cli_parse_json (&other_parser, numbers->out);
  /* The window's default, and said where one looks for it. */
  g_assert_cmpstr (json_object_get_string_member (object, "measure"), ==, "imaginary-coherence");
  cli_assert_code (help, 0);
  g_assert_nonnull (strstr (help->out, "imaginary-coherence (default)"));
  g_assert_cmpfloat (json_object_get_double_member (object, "null_bound_95"), ==,
                     json_object_get_double_member (other, "null_bound_95"));
  degree = json_object_get_array_member (other, "degree");
  for (guint i = 0; i < json_array_get_length (degree); i++)
    sum += json_array_get_double_element (degree, i);
  g_assert_cmpfloat (sum / 2, ==, json_object_get_double_member (object, "n_edges"));
  g_assert_nonnull (strstr (json_object_get_string_member (object, "caption"), "of 2016 edges"));
  assert_picture (path, 800, 800, 0xffffff);
}

/* Marks of the study are drawn when asked for. */
static void
test_marks (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *table = in_folder (fixture, "marks.csv");
  g_autofree char *with = in_folder (fixture, "with.png");
  g_autofree char *without = in_folder (fixture, "without.png");
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (CliRun) import = NULL;
  g_autoptr (CliRun) drawn = NULL;
  g_autoptr (CliRun) plain = NULL;
  g_autoptr (JsonParser) parser = NULL;
  gsize n_a, n_b;

  g_assert_true (g_file_set_contents (table, "onset,duration,trial_type\n2,1,blink\n50,1,blink\n",
                                      -1, NULL));
  import = cli_run ("annotations", fixture->recording, "--import", table, NULL);
  cli_assert_code (import, 0);
  drawn = cli_run ("render", "traces", fixture->recording, "-o", with, "--marks", "--json", NULL);
  cli_assert_code (drawn, 0);
  g_assert_cmpint (json_object_get_int_member (cli_parse_json (&parser, drawn->out), "n_marks"), ==,
                   1);
  plain = cli_run ("render", "traces", fixture->recording, "-o", without, NULL);
  cli_assert_code (plain, 0);
  g_assert_true (g_file_get_contents (with, &a, &n_a, NULL));
  g_assert_true (g_file_get_contents (without, &b, &n_b, NULL));
  g_assert_true (n_a != n_b || memcmp (a, b, n_a) != 0);
}

static void
test_wrong (Fixture      *fixture,
            gconstpointer data)
{
  static const struct
  {
    const char *options;
    int code;
    const char *word;
  } cases[] = {
    { "traces S007R04.edf", 2, "-o" },
    { "traces S007R04.edf -o x.gif", 2, "x.gif" },
    { "traces S007R04.edf -o x.png --montage banana", 2, "banana" },
    { "traces S007R04.edf -o x.png --width 7", 2, "--width" },
    { "traces S007R04.edf -o x.png --height 1000000", 2, "--height" },
    { "traces S007R04.edf -o x.png --sensitivity 0", 2, "--sensitivity" },
    { "traces S007R04.edf -o x.png --lff 30 --hff 20", 2, "--lff" },
    { "traces S007R04.edf -o x.png --from 5 --to 4", 2, "--to" },
    { "traces S007R04.edf -o x.png --from 200", 1, "125" },
    { "traces S007R04.edf -o absent/x.png", 1, "absent/x.png" },
    { "traces absent.edf -o x.png", 1, "absent.edf" },
    { "topomap S007R04.edf -o x.png --time 1 --from 2", 2, "--time" },
    { "topomap S007R04.edf -o x.png --time 125", 1, "125" },
    { "topomap -o x.png", 2, "--model" },
    { "topomap --model absent.json -o x.png", 1, "absent.json" },
    { "network S007R04.edf -o x.png --null 3", 2, "--null" },
    { "network S007R04.edf -o x.png --channels Cz,Foo", 1, "Foo" },
    { "network S007R04.edf -o x.png --to 1.5", 1, "epoch" },
    { "banana S007R04.edf -o x.png", 2, "banana" },
    { "", 2, "traces" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CliRun) run = cli_run_shell ("cd '%s' && \"$INION_CLI\" render %s",
                                              fixture->folder, cases[i].options);

      cli_assert_code (run, cases[i].code);
      if (strstr (run->err, cases[i].word) == NULL)
        g_error ("“%s” is not in: %s", cases[i].word, run->err);
      /* Nothing half drawn, no temporary file. */
      g_assert_cmpuint (cli_count_files (fixture->folder), ==, 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/cli/render/traces", test_traces);
  ADD ("/cli/render/drawn", test_drawn);
  ADD ("/cli/render/defaults", test_defaults);
  ADD ("/cli/render/filter-fits", test_filter_fits);
  ADD ("/cli/render/formats", test_formats);
  ADD ("/cli/render/same-bytes", test_same_bytes);
  ADD ("/cli/render/topomap", test_topomap);
  ADD ("/cli/render/patterns", test_patterns);
  ADD ("/cli/render/network", test_network);
  ADD ("/cli/render/marks", test_marks);
  ADD ("/cli/render/wrong", test_wrong);
  return g_test_run ();
}
