/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli spectrogram: power over time and frequency. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-shown.h"
#include "app/cli/cli-stretch.h"
#include "app/tools/tool-signal.h"

#include "signal/spectrogram.h"
#include "widgets/render/plot-spectrogram.h"

#include <math.h>

/* Columns of a picture unless an overlap is asked for. */
#define MOST_COLUMNS 4000
/* That cairo can draw. */
#define MOST_PICTURE_COLUMNS 30000

typedef struct
{
  InionCliShown shown;
  InionCliStretch stretch;
  InionCliCanvas canvas;
  double segment_s;
  double overlap;        /* part of a segment; NAN: half, or what a picture has room for */
  double max_hz;
  guint derivation;
  double origin_s;
} Wish;

static void
wish_clear (Wish *wish)
{
  inion_cli_shown_clear (&wish->shown);
  inion_cli_stretch_clear (&wish->stretch);
  inion_cli_canvas_clear (&wish->canvas);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gsize
choose_overlap (const Wish *wish,
                gsize       n,
                gsize       segment)
{
  gsize step;

  if (isfinite (wish->overlap))
    return MIN ((gsize) llround (wish->overlap * (double) segment), segment - 1);
  if (wish->canvas.output == NULL)
    return segment / 2;
  step = MAX (segment / 8, (n + MOST_COLUMNS - 1) / MOST_COLUMNS);
  return segment - CLAMP (step, 1, segment);
}

static InionSpectrogram *
measure (Wish    *wish,
         GError **error)
{
  InionChannel *clock = inion_montage_get_clock (inion_shown_signal_get_montage (
                                                   wish->shown.signal), wish->derivation);
  double rate = inion_channel_get_rate_hz (clock);
  gsize segment = (gsize) MAX (2, llround (wish->segment_s * rate)), n;
  gint64 first;
  g_autofree double *x =
    inion_tool_read_range (wish->shown.signal, wish->derivation, wish->stretch.from_s,
                           wish->stretch.to_s, &first, &n, error);

  if (x == NULL)
    return NULL;
  wish->origin_s = (double) inion_channel_sample_to_ns (clock, first) / 1e9;
  return inion_spectrogram_new (x, n, rate, segment, choose_overlap (wish, n, segment),
                                INION_WINDOW_HANN, NULL, error);
}

static gboolean
draw (Wish             *wish,
      InionSpectrogram *spectrogram,
      GError          **error)
{
  InionPlotStyle style = { .dark = wish->canvas.dark };
  InionSpectrogramPlot plot = {
    .spectrogram = spectrogram, .origin_s = wish->origin_s, .from_s = wish->stretch.from_s,
    .to_s = wish->stretch.to_s, .start = inion_recording_get_start (wish->shown.recording),
    .max_hz = MIN (wish->max_hz, spectrogram->rate_hz / 2), .hover_s = NAN, .hover_hz = NAN,
  };
  cairo_t *cr;

  if (spectrogram->n_times > MOST_PICTURE_COLUMNS)
    return inion_set_error (error, INION_ERROR_TOO_LARGE,
                            "A picture has room for %d columns, and this spectrogram has %"
                            G_GSIZE_FORMAT ": choose less overlap or a shorter stretch.",
                            MOST_PICTURE_COLUMNS, spectrogram->n_times);
  if (!inion_spectrogram_get_limits (spectrogram, plot.max_hz, &plot.low_db, &plot.high_db))
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "There is no power to draw: the stretch is flat or lies in a gap.");
  cr = inion_cli_canvas_begin (&wish->canvas);
  cairo_translate (cr, 8, 8);
  inion_spectrogram_draw (cr, wish->canvas.width - 16, wish->canvas.height - 16, &plot, &style);
  return inion_cli_canvas_finish (&wish->canvas, error);
}

static void
print_json (Wish                   *wish,
            const InionSpectrogram *s)
{
  InionJsonText *text = inion_json_text_new ();
  g_autofree double *times = g_new (double, MAX (s->n_times, 1));

  for (gsize t = 0; t < s->n_times; t++)
    times[t] = wish->origin_s + inion_spectrogram_get_time_s (s, t);
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "channel", inion_cli_shown_get_label (&wish->shown,
                                                                     wish->derivation));
  inion_cli_shown_add_json (&wish->shown, text);
  inion_cli_json_double_or_null (text, "bin_hz", s->bin_hz);
  inion_json_text_key (text, "times_s");
  inion_json_text_doubles (text, times, s->n_times);
  inion_json_text_key (text, "psd");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (gsize t = 0; t < s->n_times; t++)
    inion_json_text_doubles (text, s->power + t * s->n_bins, s->n_bins);
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static void
print_csv (Wish                   *wish,
           const InionSpectrogram *s)
{
  inion_cli_put ("time_s,frequency_hz,psd_unit2_per_hz\n");
  for (gsize t = 0; t < s->n_times; t++)
    for (gsize k = 0; k < s->n_bins; k++)
      {
        inion_cli_print_double ("%.9g", wish->origin_s + inion_spectrogram_get_time_s (s, t));
        inion_cli_put_char (',');
        inion_cli_print_double ("%.9g", (double) k * s->bin_hz);
        inion_cli_put_char (',');
        inion_cli_print_double ("%.12g", s->power[t * s->n_bins + k]);
        inion_cli_put_char ('\n');
      }
}

static gboolean
run (Wish        *wish,
     const char  *path,
     GError     **error)
{
  g_autoptr (GArray) derivations = NULL;
  g_autoptr (InionSpectrogram) spectrogram = NULL;

  if (!inion_cli_shown_open (&wish->shown, path, FALSE, error) ||
      !inion_cli_stretch_fit (&wish->stretch, wish->shown.recording, error))
    return FALSE;
  derivations = inion_cli_shown_find (&wish->shown, wish->stretch.channels, error);
  if (derivations == NULL)
    return FALSE;
  if (derivations->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW, "There is no EEG channel to look at.");
  wish->derivation = g_array_index (derivations, guint, 0);
  spectrogram = measure (wish, error);
  if (spectrogram == NULL || (wish->canvas.output != NULL && !draw (wish, spectrogram, error)))
    return FALSE;
  if (spectrogram->n_empty > 0)
    inion_cli_say ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " columns touch a gap and are empty",
                   spectrogram->n_empty, spectrogram->n_times);
  if (inion_cli_json)
    print_json (wish, spectrogram);
  else if (wish->canvas.output == NULL)
    print_csv (wish, spectrogram);
  return TRUE;
}

int
inion_cli_spectrogram (int    argc,
                       char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autofree char *segment = NULL, *overlap = NULL, *max_hz = NULL;
  const GOptionEntry entries[] = {
    { "channel", 0, 0, G_OPTION_ARG_STRING, &wish.stretch.channels,
      "Which channel (the first EEG)", "A" },
    INION_CLI_RANGE_ENTRIES (wish.stretch),
    { "segment", 0, 0, G_OPTION_ARG_STRING, &segment, "Seconds a segment, Hann (1)", "S" },
    { "overlap", 0, 0, G_OPTION_ARG_STRING, &overlap,
      "Part of a segment that the next shares, under 1 (0.5; of a picture: what it has room for)",
      "PART" },
    { "max", 0, 0, G_OPTION_ARG_STRING, &max_hz, "Up to this frequency in a picture (40)", "HZ" },
    INION_CLI_SHOWN_ENTRIES (wish.shown),
    INION_CLI_CANVAS_ENTRIES (wish.canvas),
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE [--channel A] [-o OUT.png|.pdf|.svg]",
                        "Prints power over time and frequency as CSV, or draws it. What touches a "
                        "gap has no power.",
                        "  channel, montage, lff_hz, hff_hz, notch_hz, bin_hz, times_s [],\n"
                        "  psd [[]] (unit²/Hz; one list a time; null: gap)",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_parse_double_in ("--segment", segment, 1, 0.001, 86400, &wish.segment_s) ||
      !inion_cli_parse_double_in ("--overlap", overlap, NAN, 0, 0.999, &wish.overlap) ||
      !inion_cli_parse_double_in ("--max", max_hz, 40, 0.1, 1e5, &wish.max_hz) ||
      !inion_cli_stretch_parse (&wish.stretch) || !inion_cli_shown_parse (&wish.shown) ||
      (wish.canvas.output != NULL && !inion_cli_canvas_parse (&wish.canvas, 900, 320)))
    return INION_CLI_USAGE;
  return run (&wish, argv[1], &error) ? INION_CLI_OK : inion_cli_fail (error);
}
