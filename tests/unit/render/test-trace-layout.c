/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "page-maker.h"

#include "widgets/render/trace-clipped.h"
#include "widgets/render/trace-layout.h"

static const InionTraceRow rows[] = {
  { "Fp1-F7", "µV", INION_CHANNEL_EEG, 0 },
  { "F7-T7", "uV", INION_CHANNEL_EEG, 0 },
  { "Fp2-F8", "mV", INION_CHANNEL_EEG, 1 },
  { "E1-M2", "µV", INION_CHANNEL_EOG, 2 },
  { "ECG", "mV", INION_CHANNEL_ECG, 2 },
  { "SpO2", "%", INION_CHANNEL_SATURATION, 2 },
};
#define N G_N_ELEMENTS (rows)

static InionTraceLayoutOptions
make_options (void)
{
  return (InionTraceLayoutOptions) { .height = 700, .px_per_mm = 4, .sensitivity = 7 };
}

static void
test_lanes (void)
{
  InionTraceLayoutOptions options = make_options ();
  g_autoptr (InionTraceLayout) layout = inion_trace_layout_new_for_rows (rows, N, &options);

  /* Six lanes and two gaps of half a lane. */
  g_assert_cmpuint (layout->n, ==, N);
  g_assert_cmpfloat_with_epsilon (layout->lane_height, 100, 1e-4);
  g_assert_cmpfloat_with_epsilon (layout->lanes[0].y0, 50, 1e-4);
  g_assert_cmpfloat_with_epsilon (layout->lanes[2].y0, 300, 1e-4);
  g_assert_cmpfloat_with_epsilon (layout->labels[N - 1].bottom, 700, 1e-3);
  g_assert_cmpint (inion_trace_layout_pick (layout, 50), ==, 0);
  g_assert_cmpint (inion_trace_layout_pick (layout, 225), ==, -1);
  g_assert_cmpint (inion_trace_layout_pick (layout, 250), ==, 2);
  g_assert_cmpint (inion_trace_layout_pick (layout, 701), ==, -1);
  g_assert_true (isinf (layout->lanes[0].clip_top));
}

/* What a person chose comes before the sides, and what the caller says before that. */
static void
test_own_colors (void)
{
  static const InionTraceRow own[] = {
    { "Fp1-F7", "µV", INION_CHANNEL_EEG, 0, TRUE, 0x123456 },
    { "Fp2-F8", "µV", INION_CHANNEL_EEG, 0, TRUE, 0 },
    { "C3-Cz", "µV", INION_CHANNEL_EEG, 0, FALSE, 0x654321 },
  };
  static const guint32 colors[] = { G_MAXUINT32, 0xabcdef, G_MAXUINT32 };
  InionTraceLayoutOptions options = make_options ();
  g_autoptr (InionTraceLayout) layout = NULL;

  options.tint_sides = TRUE;
  options.colors = colors;
  layout = inion_trace_layout_new_for_rows (own, G_N_ELEMENTS (own), &options);
  g_assert_cmphex (layout->labels[0].color, ==, 0x123456);
  g_assert_cmphex (layout->labels[1].color, ==, 0xabcdef);
  g_assert_cmphex (layout->labels[2].color, !=, 0x654321);
}

/* A mV/m² is drawn as high as a µV: current densities follow the sensitivity of the page. */
static void
test_density (void)
{
  static const InionTraceRow both[] = {
    { "C3-CSD", "mV/m²", INION_CHANNEL_EEG, 0 },
    { "C3", "µV", INION_CHANNEL_EEG, 0 },
  };
  InionTraceLayoutOptions options = make_options ();
  g_autoptr (InionTraceLayout) layout =
    inion_trace_layout_new_for_rows (both, G_N_ELEMENTS (both), &options);

  g_assert_cmpfloat (layout->labels[0].sensitivity, ==, 7);
  g_assert_cmpfloat (layout->lanes[0].px_per_unit, ==, layout->lanes[1].px_per_unit);
  g_assert_cmpfloat (inion_trace_layout_get_microvolts ("mV/m²"), ==, 0);
}

static void
test_visible (void)
{
  InionTraceLayoutOptions options = make_options ();
  const gboolean bad[N] = { [2] = TRUE };
  const guint32 colors[N] = { 0, 0, G_MAXUINT32, 0x123456, 0, 0 };
  g_autoptr (InionTraceLayout) layout = NULL;
  g_autoptr (InionTraceLayout) none = NULL;

  options.first = 2;
  options.n_visible = 2;
  options.bad = bad;
  options.colors = colors;
  options.clip = TRUE;
  options.group_gap = -1;
  layout = inion_trace_layout_new_for_rows (rows, N, &options);
  g_assert_cmpuint (layout->n, ==, 2);
  g_assert_cmpuint (layout->lanes[0].derivation, ==, 2);
  g_assert_cmpfloat_with_epsilon (layout->lane_height, 350, 1e-3);
  g_assert_cmpfloat_with_epsilon (layout->lanes[0].clip_bottom, 350, 1e-3);
  g_assert_true (layout->labels[0].bad);
  g_assert_cmpfloat (layout->lanes[0].rgba[3], <, 0.5);
  g_assert_cmpfloat (layout->lanes[0].rgba[3], >, 0.1);
  g_assert_cmphex (layout->labels[0].color, ==,
                   inion_trace_layout_get_color (INION_CHANNEL_EEG, FALSE));
  g_assert_cmphex (layout->labels[1].color, ==, 0x123456);
  options.first = 99;
  none = inion_trace_layout_new_for_rows (rows, N, &options);
  g_assert_cmpuint (none->n, ==, 0);
}

/* 50 µV at 7 µV/mm and 4 px/mm: 28.57 px; negative up means positive values go down (larger y). */
static void
test_scale (void)
{
  InionTraceLayoutOptions options = make_options ();

  for (int up = 0; up < 2; up++)
    {
      g_autoptr (InionTraceLayout) layout = NULL;
      double sign = up ? -1 : 1;

      options.positive_up = up;
      layout = inion_trace_layout_new_for_rows (rows, N, &options);
      g_assert_cmpfloat_with_epsilon (50 * layout->lanes[0].px_per_unit, sign * 50 * 4 / 7.0, 1e-4);
      g_assert_cmpfloat_with_epsilon (layout->lanes[1].px_per_unit, layout->lanes[0].px_per_unit,
                                      1e-6);
      g_assert_cmpfloat_with_epsilon (0.05 * layout->lanes[2].px_per_unit, sign * 50 * 4 / 7.0,
                                      1e-3);
      g_assert_cmpfloat_with_epsilon (layout->lanes[3].px_per_unit, layout->lanes[0].px_per_unit,
                                      1e-6);
      /* ECG: ten times less, always positive up. */
      g_assert_cmpfloat_with_epsilon (0.5 * layout->lanes[4].px_per_unit, -50 * 4 / 7.0, 1e-3);
      g_assert_cmpfloat_with_epsilon (layout->labels[4].sensitivity, 70, 1e-9);
    }
  options.sensitivities[INION_CHANNEL_ECG] = 14;
  {
    g_autoptr (InionTraceLayout) layout = inion_trace_layout_new_for_rows (rows, N, &options);

    g_assert_cmpfloat_with_epsilon (layout->labels[4].sensitivity, 14, 1e-9);
  }
}

/* What is no voltage fills its lane, high values up, whatever they are. */
static void
test_range (void)
{
  const InionMinMax ranges[][2] = {
    { { 90, 98 }, { 90, 98 } }, { { 36.5f, 36.6f }, { 36.5f, 36.6f } }, { { 5, 5 }, { 5, 5 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      InionTraceLayoutOptions options = make_options ();
      InionMinMax all[N] = { 0 };
      g_autoptr (InionTraceLayout) layout = NULL;
      const InionTraceLane *lane;
      const InionTraceLabel *label;
      double low, high;

      all[5] = ranges[i][0];
      options.ranges = all;
      layout = inion_trace_layout_new_for_rows (rows, N, &options);
      lane = &layout->lanes[5];
      label = &layout->labels[5];
      low = lane->y0 + (double) all[5].lo * lane->px_per_unit;
      high = lane->y0 + (double) all[5].hi * lane->px_per_unit;
      g_assert_cmpfloat_with_epsilon ((low + high) / 2, label->center, 0.1);
      g_assert_cmpfloat_with_epsilon (low - high, all[5].hi > all[5].lo ? 80 : 0, 0.1);
      g_assert_cmpfloat (label->sensitivity, <=, 0);
      g_assert_cmpfloat (label->range_low, <=, all[5].lo);
      g_assert_cmpfloat (label->range_high, >=, all[5].hi);
    }
}

static void
test_ranges_of_page (void)
{
  g_autoptr (InionPage) page = page_maker_new (2, 4, 1, 1);
  InionMinMax ranges[2];

  page_maker_set (page, 0, 1, -3, 2);
  page_maker_set (page, 0, 2, NAN, NAN);
  page_maker_set (page, 0, 3, 1, 9);
  inion_trace_layout_ranges (page, ranges);
  g_assert_cmpfloat_with_epsilon (ranges[0].lo, -3, 1e-9);
  g_assert_cmpfloat_with_epsilon (ranges[0].hi, 9, 1e-9);
  g_assert_cmpfloat_with_epsilon (ranges[1].lo, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (ranges[1].hi, 0, 1e-9);
}

/* The median of what is visible, so that neither a blink nor what lies beside the page moves it. */
static void
test_offsets (void)
{
  g_autoptr (InionPage) page = page_maker_new (3, 8, 1, 1);
  InionTraceLayoutOptions options = make_options ();
  static const InionTraceRow two[] = {
    { "C3", "µV", INION_CHANNEL_EEG, 0 }, { "C4", "µV", INION_CHANNEL_EEG, 0 },
    { "SpO2", "%", INION_CHANNEL_SATURATION, 0 },
  };
  float offsets[3];

  page->from_s = 2;
  page->to_s = 7;
  for (guint i = 0; i < 8; i++)
    page_maker_set (page, 0, i, i < 2 || i == 7 ? 1e6f : (float) i, i < 2 || i == 7 ? 1e6f
                                                                                    : (float) i + 2);
  page_maker_set (page, 0, 4, -500, -300);
  page_maker_set (page, 1, 3, NAN, NAN);
  page_maker_set (page, 2, 3, 97, 97);
  inion_trace_layout_offsets (page, offsets);
  /* Of 3, 4, −400, 6, 7. */
  g_assert_cmpfloat_with_epsilon (offsets[0], 4, 1e-6);
  g_assert_cmpfloat (offsets[1], ==, 0);
  options.offsets = offsets;
  {
    g_autoptr (InionTraceLayout) layout =
      inion_trace_layout_new_for_rows (two, G_N_ELEMENTS (two), &options);

    /* The median lies in the middle of its lane; what is fitted to its lane does not move. */
    for (guint i = 0; i < 2; i++)
      g_assert_cmpfloat_with_epsilon (layout->lanes[i].y0 +
                                        offsets[i] * layout->lanes[i].px_per_unit,
                                      layout->labels[i].center, 1e-3);
    options.offsets = NULL;
    {
      g_autoptr (InionTraceLayout) plain =
        inion_trace_layout_new_for_rows (two, G_N_ELEMENTS (two), &options);

      g_assert_cmpfloat (plain->lanes[0].y0, ==, plain->labels[0].center);
      g_assert_cmpfloat (plain->lanes[2].y0, ==, layout->lanes[2].y0);
    }
  }
}

static void
test_butterfly (void)
{
  InionTraceLayoutOptions options = make_options ();
  g_autoptr (InionTraceLayout) layout = NULL;

  options.butterfly = TRUE;
  layout = inion_trace_layout_new_for_rows (rows, N, &options);
  /* EEG, EOG, ECG, saturation: four lanes, no gaps. */
  g_assert_cmpfloat_with_epsilon (layout->lane_height, 175, 1e-4);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (layout->labels[i].n_shared, ==, 3);
      g_assert_cmpfloat (layout->labels[i].top, ==, 0);
      g_assert_cmpfloat_with_epsilon (layout->lanes[i].y0, 87.5, 1e-4);
    }
  for (guint i = 3; i < N; i++)
    {
      g_assert_cmpuint (layout->labels[i].n_shared, ==, 1);
      g_assert_cmpfloat_with_epsilon (layout->labels[i].top, 175.0 * (i - 2), 1e-3);
    }
  g_assert_cmpint (layout->labels[4].kind, ==, INION_CHANNEL_ECG);
}

typedef struct
{
  GString *text;
} Places;

static void
note_place (const InionTraceLane *lane,
            gboolean              upwards,
            double                x_from,
            double                x_to,
            gpointer              data)
{
  Places *places = data;

  g_string_append_printf (places->text, "%u %s %.0f-%.0f\n", lane->derivation,
                          upwards ? "up" : "down", x_from, x_to);
}

/* Of 10 bins on 100 pixels: what leaves the lane is told, gaps and other lanes are not. */
static void
test_clipped (void)
{
  static const InionTraceRow two[] = {
    { "C3", "µV", INION_CHANNEL_EEG, 0 }, { "C4", "µV", INION_CHANNEL_EEG, 0 },
  };
  g_autoptr (InionPage) page = page_maker_new (2, 10, 1, 1);
  InionTraceLayoutOptions options = make_options ();
  Places places = { g_string_new (NULL) };

  options.height = 80;
  options.sensitivity = 4;
  page->from_s = 0;
  page->to_s = 10;
  for (guint i = 0; i < 10; i++)
    {
      page_maker_set (page, 0, i, -10, 10);
      page_maker_set (page, 1, i, -10, 10);
    }
  /* A lane is 40 px, one µV a pixel, negative up. */
  page_maker_set (page, 0, 2, -21, 0);
  page_maker_set (page, 0, 3, -50, 60);
  page_maker_set (page, 0, 4, NAN, NAN);
  page_maker_set (page, 0, 6, 0, 25);
  page_maker_set (page, 1, 9, -19, 19);
  for (int pass = 0; pass < 2; pass++)
    {
      g_autoptr (InionTraceLayout) layout = NULL;

      options.clip = pass == 1;
      layout = inion_trace_layout_new_for_rows (two, 2, &options);
      inion_trace_clipped_foreach (page, layout->lanes, layout->n, 100, note_place, &places);
      g_assert_cmpstr (places.text->str, ==,
                       pass == 0 ? "" : "0 down 30-40\n0 up 20-40\n0 down 60-70\n");
    }
  g_string_free (places.text, TRUE);
}

static void
test_words (void)
{
  g_assert_cmpint (inion_trace_layout_get_side ("Fp1-F7"), ==, 'L');
  g_assert_cmpint (inion_trace_layout_get_side ("T4-T6"), ==, 'R');
  g_assert_cmpint (inion_trace_layout_get_side ("FC6"), ==, 'R');
  g_assert_cmpint (inion_trace_layout_get_side ("CPz-avg"), ==, 'M');
  g_assert_cmpint (inion_trace_layout_get_side ("E129"), ==, 0);
  g_assert_cmpint (inion_trace_layout_get_side (""), ==, 0);
  g_assert_cmpint (inion_trace_layout_get_side ("-"), ==, 0);
  g_assert_cmpfloat_with_epsilon (inion_trace_layout_get_microvolts ("µV"), 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_trace_layout_get_microvolts ("\xce\xbcV"), 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_trace_layout_get_microvolts ("mV"), 1000, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_trace_layout_get_microvolts ("%"), 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (inion_trace_layout_get_microvolts (NULL), 0, 1e-9);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/trace-layout/lanes", test_lanes);
  g_test_add_func ("/render/trace-layout/visible", test_visible);
  g_test_add_func ("/render/trace-layout/scale", test_scale);
  g_test_add_func ("/render/trace-layout/own-colors", test_own_colors);
  g_test_add_func ("/render/trace-layout/density", test_density);
  g_test_add_func ("/render/trace-layout/range", test_range);
  g_test_add_func ("/render/trace-layout/ranges-of-page", test_ranges_of_page);
  g_test_add_func ("/render/trace-layout/offsets", test_offsets);
  g_test_add_func ("/render/trace-layout/butterfly", test_butterfly);
  g_test_add_func ("/render/trace-layout/clipped", test_clipped);
  g_test_add_func ("/render/trace-layout/words", test_words);
  return g_test_run ();
}
