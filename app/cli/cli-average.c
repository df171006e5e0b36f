/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli average: what follows an event on the average. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-shown.h"
#include "app/tools/average.h"

#include "annotation/events-import.h"
#include "study/study.h"
#include "widgets/render/colormap.h"
#include "widgets/render/plot-evoked.h"

#include <math.h>

typedef struct
{
  InionCliShown shown;
  InionCliCanvas canvas;
  InionAverageSettings settings;
  char *channels;
  char *labels;
  char *reject;
} Wish;

static void
wish_clear (Wish *wish)
{
  inion_cli_shown_clear (&wish->shown);
  inion_cli_canvas_clear (&wish->canvas);
  g_free (wish->channels);
  g_free (wish->labels);
  g_free (wish->reject);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* The events of the file, and what people say in its study if there is one. */
static GPtrArray *
collect_marks (InionRecording *recording)
{
  GPtrArray *marks = inion_annotations_from_recording (recording);
  g_autofree char *path = inion_study_find_for_recording (inion_recording_get_path (recording));
  g_autoptr (GError) error = NULL;
  g_autoptr (InionStudy) study = path != NULL ? inion_study_open (path, &error) : NULL;
  GListModel *all = study != NULL ? G_LIST_MODEL (inion_study_get_annotations (study)) : NULL;

  for (guint i = 0; all != NULL && i < g_list_model_get_n_items (all); i++)
    g_ptr_array_add (marks, g_list_model_get_item (all, i));
  if (study != NULL)
    inion_study_close (study);
  if (error != NULL)
    inion_cli_say ("Only the events of the file count, not the marks of its study: %s",
                   error->message);
  return marks;
}

static gboolean
check_labels (GPtrArray         *marks,
              const char *const *labels,
              GError           **error)
{
  for (guint l = 0; labels[l] != NULL; l++)
    {
      gboolean found = FALSE;

      for (guint i = 0; !found && i < marks->len; i++)
        found = g_strcmp0 (inion_annotation_get_label (g_ptr_array_index (marks, i)),
                           labels[l]) == 0;
      if (!found)
        return inion_set_error (error, INION_ERROR_NOT_FOUND,
                                "No event or mark of this recording is called “%s”. “inion-cli "
                                "info” lists its events.", labels[l]);
    }
  return TRUE;
}

static void
print_json (Wish               *wish,
            const InionAverage *average)
{
  InionJsonText *text = inion_json_text_new ();
  g_autofree double *half = g_new (double, average->derivations->len * average->window.n);
  gsize n = average->window.n;

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_shown_add_json (&wish->shown, text);
  inion_cli_json_double_or_null (text, "rate_hz", average->rate_hz);
  inion_cli_json_double_or_null (text, "from_s", inion_average_get_time_s (average, 0));
  inion_cli_json_string (text, "interval", "95 % of the mean, Student's t over epochs, pointwise");
  inion_json_text_key (text, "conditions");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint c = 0; c < average->conditions->len; c++)
    {
      const InionAverageCondition *condition = g_ptr_array_index (average->conditions, c);

      inion_evoked_get_band (condition->evoked, half);
      inion_json_text_begin_object (text, INION_JSON_BLOCK);
      inion_cli_json_string (text, "label", condition->label);
      for (guint o = 0; o < INION_EPOCH_N_OUTCOMES; o++)
        {
          g_autofree char *key = g_strconcat ("n_", inion_epoch_outcome_to_string (o), NULL);

          inion_cli_json_int (text, key, condition->evoked->counts[o]);
        }
      inion_json_text_key (text, "channels");
      inion_json_text_begin_array (text, INION_JSON_BLOCK);
      for (guint d = 0; d < average->derivations->len; d++)
        {
          guint derivation = g_array_index (average->derivations, guint, d);

          inion_json_text_begin_object (text, INION_JSON_INLINE);
          inion_cli_json_string (text, "label", inion_cli_shown_get_label (&wish->shown,
                                                                           derivation));
          inion_cli_json_string (text, "unit", inion_cli_shown_get_unit (&wish->shown,
                                                                         derivation));
          inion_json_text_key (text, "mean");
          inion_json_text_doubles (text, condition->evoked->mean + d * n, n);
          inion_json_text_key (text, "half_width");
          inion_json_text_doubles (text, half + d * n, n);
          inion_json_text_end_object (text);
        }
      inion_json_text_end_array (text);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static void
print_tsv (Wish               *wish,
           const InionAverage *average)
{
  g_autofree double *half = g_new (double, average->derivations->len * average->window.n);

  inion_cli_put ("condition\tchannel\ttime_s\tmean\thalf_width\n");
  for (guint c = 0; c < average->conditions->len; c++)
    {
      const InionAverageCondition *condition = g_ptr_array_index (average->conditions, c);

      inion_evoked_get_band (condition->evoked, half);
      for (gsize i = 0; i < average->derivations->len * average->window.n; i++)
        {
          guint derivation = g_array_index (average->derivations, guint, i / average->window.n);

          inion_cli_print ("%s\t%s\t", condition->label,
                           inion_cli_shown_get_label (&wish->shown, derivation));
          inion_cli_print_double ("%.9g",
                                  inion_average_get_time_s (average, i % average->window.n));
          inion_cli_put_char ('\t');
          inion_cli_print_double ("%.12g", condition->evoked->mean[i]);
          inion_cli_put_char ('\t');
          inion_cli_print_double ("%.12g", half[i]);
          inion_cli_put_char ('\n');
        }
    }
}

/* The first channel of each condition with its band, all channels of the first behind them. */
static gboolean
draw (Wish               *wish,
      const InionAverage *average,
      GError            **error)
{
  cairo_t *cr = inion_cli_canvas_begin (&wish->canvas);
  InionPlotStyle style = { .dark = wish->canvas.dark };
  guint n = average->conditions->len;
  gsize size = average->derivations->len * average->window.n;
  g_autofree InionEvokedCurve *curves = g_new0 (InionEvokedCurve, n);
  g_autofree double *half = g_new (double, n * size);
  InionEvokedPlot plot = {
    .n = average->window.n, .from_s = inion_average_get_time_s (average, 0),
    .rate_hz = average->rate_hz, .curves = curves, .n_curves = n,
    .unit = inion_cli_shown_get_unit (&wish->shown, g_array_index (average->derivations, guint,
                                                                   0)),
    .negative_up = TRUE, .hover_s = NAN,
  };

  for (guint c = 0; c < n; c++)
    {
      const InionAverageCondition *condition = g_ptr_array_index (average->conditions, c);

      inion_evoked_get_band (condition->evoked, half + c * size);
      curves[c] = (InionEvokedCurve) {
        .label = condition->label, .color = inion_colormap_get_class (c), .dashed = c % 2 == 1,
        .mean = condition->evoked->mean, .half_width = half + c * size,
      };
      if (c == 0)
        {
          plot.butterfly = condition->evoked->mean;
          plot.n_butterfly = average->derivations->len;
        }
    }
  cairo_translate (cr, 8, 8);
  inion_evoked_draw (cr, wish->canvas.width - 16, wish->canvas.height - 16, &plot, &style);
  return inion_cli_canvas_finish (&wish->canvas, error);
}

static gboolean
run (Wish        *wish,
     const char  *path,
     GError     **error)
{
  g_auto (GStrv) labels = g_strsplit (wish->labels, ",", -1);
  g_auto (GStrv) reject = wish->reject != NULL ? g_strsplit (wish->reject, ",", -1) : NULL;
  g_autoptr (GArray) derivations = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (InionAverage) average = NULL;

  if (!inion_cli_shown_open (&wish->shown, path, TRUE, error))
    return FALSE;
  derivations = inion_cli_shown_find (&wish->shown, wish->channels, error);
  if (derivations == NULL)
    return FALSE;
  marks = collect_marks (wish->shown.recording);
  if (!check_labels (marks, (const char *const *) labels, error))
    return FALSE;
  average = inion_average_new (wish->shown.signal, derivations, marks,
                               (const char *const *) labels, (const char *const *) reject,
                               &wish->settings, NULL, error);
  if (average == NULL)
    return FALSE;
  for (guint c = 0; c < average->conditions->len; c++)
    {
      const InionAverageCondition *condition = g_ptr_array_index (average->conditions, c);
      g_autofree char *counts = inion_average_condition_dup_counts (condition);

      inion_cli_say ("%s: %s", condition->label, counts);
    }
  if (wish->canvas.output != NULL && !draw (wish, average, error))
    return FALSE;
  if (inion_cli_json)
    print_json (wish, average);
  else if (wish->canvas.output == NULL)
    print_tsv (wish, average);
  return TRUE;
}

/* FALSE: usage printed. */
static gboolean
parse_times (Wish       *wish,
             const char *from,
             const char *to,
             const char *baseline_from,
             const char *baseline_to,
             gboolean    no_baseline,
             const char *most)
{
  InionAverageSettings *s = &wish->settings;

  inion_average_settings_init (s);
  if (!inion_cli_parse_double_in ("--from", from, s->from_s, -3600, 3600, &s->from_s) ||
      !inion_cli_parse_double_in ("--to", to, s->to_s, -3600, 3600, &s->to_s) ||
      !inion_cli_parse_double_in ("--baseline-from", baseline_from, s->from_s, -3600, 3600,
                                  &s->baseline_from_s) ||
      !inion_cli_parse_double_in ("--baseline-to", baseline_to, s->baseline_to_s, -3600, 3600,
                                  &s->baseline_to_s) ||
      !inion_cli_parse_double_in ("--most", most, 0, 0, 1e9, &s->most))
    return FALSE;
  if (no_baseline)
    s->baseline_from_s = s->baseline_to_s = NAN;
  return TRUE;
}

int
inion_cli_average (int    argc,
                   char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autofree char *from = NULL, *to = NULL, *baseline_from = NULL, *baseline_to = NULL;
  g_autofree char *most = NULL;
  gboolean no_baseline = FALSE;
  const GOptionEntry entries[] = {
    { "events", 'e', 0, G_OPTION_ARG_STRING, &wish.labels,
      "Labels of events or marks: one average each", "A,B" },
    { "channels", 0, 0, G_OPTION_ARG_STRING, &wish.channels, "Channels (all EEG)", "A,B" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, "Epoch from, seconds from the event (-0.2)", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, "Epoch to (0.8)", "S" },
    { "baseline-from", 0, 0, G_OPTION_ARG_STRING, &baseline_from,
      "Baseline from (the epoch's beginning)", "S" },
    { "baseline-to", 0, 0, G_OPTION_ARG_STRING, &baseline_to, "Baseline to (0)", "S" },
    { "no-baseline", 0, 0, G_OPTION_ARG_NONE, &no_baseline, "Take no baseline off", NULL },
    { "reject", 0, 0, G_OPTION_ARG_STRING, &wish.reject,
      "Leave out epochs that touch marks of these labels", "A,B" },
    { "most", 0, 0, G_OPTION_ARG_STRING, &most,
      "Leave out epochs with more peak to peak, in the channels' unit (any)", "VALUE" },
    INION_CLI_SHOWN_ENTRIES (wish.shown),
    INION_CLI_CANVAS_ENTRIES (wish.canvas),
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE --events A[,B] [-o OUT.png|.pdf|.svg]",
                        "Averages the signal about events, with the 95 % confidence interval of "
                        "the mean (Student's t\nover epochs, at each time by itself). Prints TSV, "
                        "or draws a picture. Epochs that hold a gap\nor reach past an end are "
                        "left out; stderr says how many.",
                        "  montage, lff_hz, hff_hz, notch_hz, rate_hz, from_s, interval,\n"
                        "  conditions [{label, n_used, n_outside, n_gap, n_artifact, n_amplitude,\n"
                        "    channels [{label, unit, mean [], half_width []}]}]",
                        entries, 1, 1, &code))
    return code;
  if (wish.labels == NULL)
    return inion_cli_usage ("say with --events what to average about");
  if (!parse_times (&wish, from, to, baseline_from, baseline_to, no_baseline, most) ||
      !inion_cli_shown_parse (&wish.shown) ||
      (wish.canvas.output != NULL && !inion_cli_canvas_parse (&wish.canvas, 720, 420)))
    return INION_CLI_USAGE;
  return run (&wish, argv[1], &error) ? INION_CLI_OK : inion_cli_fail (error);
}
