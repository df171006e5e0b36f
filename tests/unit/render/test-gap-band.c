/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "page-maker.h"
#include "picture.h"

#include "../gap-fixture.h"

#include "widgets/render/gap-band.h"
#include "widgets/render/page-picture.h"

#define RATE 200

static void
test_text (void)
{
  const struct
  {
    double seconds;
    const char *text;
  } all[] = {
    { 0.25, "gap 250\u2009ms" }, { 12.5, "gap 12.5\u2009s" }, { 59.99, "gap 1\u2009min" },
    { 200, "gap 3\u2009min 20\u2009s" }, { 3600, "gap 1\u2009h" },
    { 7500, "gap 2\u2009h 5\u2009min" }, { 3599.9, "gap 1\u2009h" },
    { 86399, "gap 1\u2009d" }, { 4 * 86400 + 7200, "gap 4\u2009d 2\u2009h" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *text = inion_gap_band_dup_text (all[i].seconds);

      g_assert_cmpstr (text, ==, all[i].text);
    }
}

static void
collect (double   from_s,
         double   to_s,
         gpointer data)
{
  double pair[2] = { from_s, to_s };

  g_array_append_vals (data, pair, 2);
}

static GArray *
find (InionRecording *recording,
      double          from_s,
      double          to_s,
      double          least_s)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (double));

  inion_gap_band_foreach (recording, from_s, to_s, least_s, collect, found);
  return found;
}

static void
test_find (void)
{
  static const char *const names[] = { "Cz" };
  const GapStretch stretches[] = { { 0, 200 }, { 5, 200 }, { 100, 200 } };
  g_autofree double *x = g_new0 (double, 600);
  g_autoptr (InionRecording) recording = gap_fixture_memory (RATE, names, 1, x, stretches, 3);
  g_autoptr (GArray) all = find (recording, -10, 1000, 0.1);
  g_autoptr (GArray) inside = find (recording, 30, 40, 0.1);
  g_autoptr (GArray) none = find (recording, 5.2, 5.8, 0.1);
  g_autoptr (GArray) coarse = find (recording, 0, 101, 1000);

  g_assert_cmpuint (all->len, ==, 4);
  g_assert_cmpfloat (g_array_index (all, double, 0), ==, 1);
  g_assert_cmpfloat (g_array_index (all, double, 1), ==, 5);
  g_assert_cmpfloat (g_array_index (all, double, 2), ==, 6);
  g_assert_cmpfloat (g_array_index (all, double, 3), ==, 100);
  /* A page inside a gap: the gap as a whole. */
  g_assert_cmpuint (inside->len, ==, 2);
  g_assert_cmpfloat (g_array_index (inside, double, 0), ==, 6);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (coarse->len, ==, 2);
}

/* A hundred thousand gaps of a sample in one picture are one a pixel. */
static void
test_many (void)
{
  static const char *const names[] = { "Cz" };
  guint n = 100000;
  g_autofree GapStretch *stretches = g_new (GapStretch, n);
  g_autofree double *x = g_new0 (double, 2 * n);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) found = NULL;

  for (guint i = 0; i < n; i++)
    stretches[i] = (GapStretch) { i * 0.02, 2 };
  recording = gap_fixture_memory (RATE, names, 1, x, stretches, n);
  found = find (recording, 0, 2000, 2000.0 / 1000);
  g_assert_cmpuint (found->len, >=, 2 * 990);
  g_assert_cmpuint (found->len, <=, 2 * 1001);
}

static void
test_picture (void)
{
  static const char *const names[] = { "Fp1", "C3", "O1" };
  const GapStretch stretches[] = { { 0, 800 }, { 204, 800 }, { 208.01, 800 } };
  g_autofree double *x = g_new (double, 3 * 2400);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionMontage) montage = NULL;
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (GError) error = NULL;
  const InionDisplayFilter off = { 0 };
  const double pages[][2] = { { 0, 10 }, { 100, 110 }, { 200, 210 }, { 0, 212 } };

  for (guint i = 0; i < 3 * 2400; i++)
    x[i] = 40 * sin (0.2 * i);
  recording = gap_fixture_memory (RATE, names, 3, x, stretches, 3);
  montage = inion_montage_new ("as-recorded", recording, NULL, &error);
  g_assert_no_error (error);
  signal = inion_shown_signal_new (montage, &off);
  for (int dark = 0; dark < 2; dark++)
    for (guint p = 0; p < G_N_ELEMENTS (pages); p++)
      {
        g_autoptr (InionPage) page = inion_page_new (signal, NULL, pages[p][0], pages[p][1], 900,
                                                     NULL, &error);
        InionPagePictureStyle style = { .dark = dark };
        g_autofree char *name = g_strdup_printf ("gap-%u-%s", p, dark ? "dark" : "light");
        Picture picture = picture_new (900, 320, dark);

        g_assert_no_error (error);
        inion_page_picture_draw (picture.cr, 900, 320, page, montage, &style);
        g_assert_cmpuint (picture_count_drawn (&picture), >, 5000);
        picture_finish (&picture, name);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/gap-band/text", test_text);
  g_test_add_func ("/render/gap-band/find", test_find);
  g_test_add_func ("/render/gap-band/many", test_many);
  g_test_add_func ("/render/gap-band/picture", test_picture);
  return g_test_run ();
}
