/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli filter, psd, clean, network, marker. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli.h"

#include "annotation/table.h"
#include "clean/detector.h"
#include "core/size.h"
#include "marker/band-marker.h"
#include "network/connectivity.h"
#include "scalp/montage.h"
#include "signal/fir.h"
#include "signal/sos.h"
#include "signal/spectrum.h"

#include <math.h>
#include <stdio.h>

/* One channel's stretch, in memory. */
static double *
read_stretch (InionRecording  *recording,
              guint            channel,
              double           from,
              double           to,
              gsize           *n,
              GError         **error)
{
  InionChannel *clock = inion_recording_get_channel (recording, channel);
  gint64 total = inion_channel_get_n_samples (clock);
  gint64 first = CLAMP (inion_channel_ns_to_sample (clock, (gint64) llround (from * 1e9)), 0, total);
  gint64 end = CLAMP (inion_channel_ns_to_sample (clock, (gint64) llround (to * 1e9)), first, total);
  g_autofree double *x =
    inion_try_alloc_array ((gsize) (end - first), sizeof (double), "the samples", error);

  *n = (gsize) (end - first);
  if (x == NULL || !inion_recording_read (recording, channel, first, *n, x, error))
    return NULL;
  return g_steal_pointer (&x);
}

static gboolean
parse_range (InionRecording *recording,
             const char     *from_text,
             const char     *to_text,
             double         *from,
             double         *to)
{
  return inion_cli_parse_double ("--from", from_text, 0.0, from) &&
         inion_cli_parse_double ("--to", to_text,
                                 (double) inion_recording_get_duration_ns (recording) / 1e9, to);
}

/* filter */

typedef struct
{
  double low, high, notch;
  gboolean fir;
  gboolean causal;
  int order;
} FilterWish;

static gboolean
apply_filter (const FilterWish *wish,
              double           *x,
              gsize             n,
              double            rate,
              GError          **error)
{
  InionBand band = isfinite (wish->low) && isfinite (wish->high) ? INION_BAND_BANDPASS
                   : isfinite (wish->low)                        ? INION_BAND_HIGHPASS
                                                                 : INION_BAND_LOWPASS;
  InionSosState state;
  InionSos sos;

  if (isfinite (wish->low) || isfinite (wish->high))
    {
      if (wish->fir)
        {
          g_autoptr (InionFir) fir = inion_fir_design (wish->low, wish->high, rate, error);

          if (fir == NULL || !inion_fir_apply_zero_phase (fir, x, n, error))
            return FALSE;
        }
      else
        {
          if (!inion_sos_butterworth (&sos, (guint) wish->order, band, wish->low, wish->high, rate,
                                      error))
            return FALSE;
          inion_sos_state_reset (&state);
          if (wish->causal)
            inion_sos_process (&sos, &state, x, x, n);
          else if (!inion_sos_filtfilt (&sos, x, n, G_MAXSIZE, error))
            return FALSE;
        }
    }
  if (isfinite (wish->notch))
    {
      if (!inion_sos_notch (&sos, wish->notch, 30.0, rate, error))
        return FALSE;
      inion_sos_state_reset (&state);
      if (wish->causal)
        inion_sos_process (&sos, &state, x, x, n);
      else if (!inion_sos_filtfilt (&sos, x, n, G_MAXSIZE, error))
        return FALSE;
    }
  return TRUE;
}

static void
print_samples_csv (GPtrArray  *rows,
                   GPtrArray  *names,
                   gsize       n,
                   double      rate,
                   double      from)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  inion_cli_print ("time_s");
  for (guint c = 0; c < names->len; c++)
    inion_cli_print (",%s", (const char *) g_ptr_array_index (names, c));
  inion_cli_print ("\n");
  for (gsize i = 0; i < n; i++)
    {
      fputs (g_ascii_formatd (buffer, sizeof buffer, "%.9g", from + (double) i / rate), stdout);
      for (guint c = 0; c < rows->len; c++)
        {
          fputc (',', stdout);
          fputs (g_ascii_formatd (buffer, sizeof buffer, "%.17g",
                                  ((double *) g_ptr_array_index (rows, c))[i]), stdout);
        }
      fputc ('\n', stdout);
    }
}

int
inion_cli_filter (int    argc,
                  char **argv)
{
  g_autofree char *list = NULL, *from_text = NULL, *to_text = NULL, *low = NULL, *high = NULL,
                  *notch = NULL, *design = NULL, *phase = NULL;
  int order = 4;
  const GOptionEntry entries[] = {
    { "low", 0, 0, G_OPTION_ARG_STRING, &low, "Lower edge in Hz (none)", "HZ" },
    { "high", 0, 0, G_OPTION_ARG_STRING, &high, "Upper edge in Hz (none)", "HZ" },
    { "notch", 0, 0, G_OPTION_ARG_STRING, &notch, "Notch in Hz, Q 30 (none)", "HZ" },
    { "design", 0, 0, G_OPTION_ARG_STRING, &design, "butterworth (default) or fir", "NAME" },
    { "order", 0, 0, G_OPTION_ARG_INT, &order, "Order of the Butterworth (4)", "N" },
    { "phase", 0, 0, G_OPTION_ARG_STRING, &phase, "zero (default) or causal", "NAME" },
    { "channels", 0, 0, G_OPTION_ARG_STRING, &list, "Channels (all EEG)", "A,B" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from_text, "Print from this second on (0)", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_text, "Print up to this second (the end)", "S" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  FilterWish wish = { 0 };
  double from, to, rate = 0;
  gsize first = 0, n = 0;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Filters the whole recording and prints a stretch of it as CSV.",
                        "  rate_hz, from_s, channels [{label, unit, samples []}]", entries, 1, 1,
                        &code))
    return code;
  if (!inion_cli_parse_double ("--low", low, NAN, &wish.low) ||
      !inion_cli_parse_double ("--high", high, NAN, &wish.high) ||
      !inion_cli_parse_double ("--notch", notch, NAN, &wish.notch))
    return INION_CLI_USAGE;
  wish.fir = g_strcmp0 (design, "fir") == 0;
  wish.causal = g_strcmp0 (phase, "causal") == 0;
  wish.order = order;
  if ((design != NULL && !wish.fir && !g_str_equal (design, "butterworth")) ||
      (phase != NULL && !wish.causal && !g_str_equal (phase, "zero")) || order < 1)
    return inion_cli_usage ("--design is butterworth or fir, --phase is zero or causal, --order at "
                            "least 1");
  if (wish.fir && wish.causal)
    return inion_cli_usage ("a causal FIR delays the signal by half its length: use "
                            "--design butterworth");
  if (!isfinite (wish.low) && !isfinite (wish.high) && !isfinite (wish.notch))
    return inion_cli_usage ("give at least one of --low, --high, --notch");
  recording = inion_cli_open (argv[1], FALSE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (!parse_range (recording, from_text, to_text, &from, &to))
    return INION_CLI_USAGE;
  channels = inion_cli_find_channels (recording, list, TRUE, &error);
  for (guint c = 0; channels != NULL && c < channels->len; c++)
    {
      guint index = g_array_index (channels, guint, c);
      InionChannel *channel = inion_recording_get_channel (recording, index);
      gsize total;
      double *x = read_stretch (recording, index, 0, G_MAXINT32, &total, &error);

      if (x != NULL)
        g_ptr_array_add (owned, x);
      if (c == 0)
        rate = inion_channel_get_rate_hz (channel);
      else if (x != NULL && !G_APPROX_VALUE (rate, inion_channel_get_rate_hz (channel), 1e-9))
        inion_set_error (&error, INION_ERROR_INVALID,
                         "Channels have different rates: filter them one by one.");
      if (error != NULL || x == NULL ||
          !apply_filter (&wish, x, total, inion_channel_get_rate_hz (channel), &error))
        return inion_cli_fail (error);
      first = (gsize) CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (from * 1e9)), 0,
                             (gint64) total);
      n = (gsize) CLAMP (inion_channel_ns_to_sample (channel, (gint64) llround (to * 1e9)),
                         (gint64) first, (gint64) total) - first;
      g_ptr_array_add (rows, x + first);
      g_ptr_array_add (names, (gpointer) inion_channel_get_label (channel));
    }
  if (channels == NULL)
    return inion_cli_fail (error);
  if (inion_cli_json)
    {
      InionJsonText *text = inion_json_text_new ();

      inion_json_text_begin_object (text, INION_JSON_BLOCK);
      inion_cli_json_double_or_null (text, "rate_hz", rate);
      inion_cli_json_double_or_null (text, "from_s", from);
      inion_json_text_key (text, "channels");
      inion_json_text_begin_array (text, INION_JSON_BLOCK);
      for (guint c = 0; c < rows->len; c++)
        {
          inion_json_text_begin_object (text, INION_JSON_INLINE);
          inion_cli_json_string (text, "label", g_ptr_array_index (names, c));
          inion_cli_json_string (text, "unit",
                                 inion_channel_get_unit (inion_recording_get_channel (
                                   recording, g_array_index (channels, guint, c))));
          inion_json_text_key (text, "samples");
          inion_json_text_doubles (text, g_ptr_array_index (rows, c), n);
          inion_json_text_end_object (text);
        }
      inion_json_text_end_array (text);
      inion_json_text_end_object (text);
      inion_cli_print_json (text);
    }
  else
    {
      print_samples_csv (rows, names, n, rate, from);
    }
  return INION_CLI_OK;
}

/* psd */

int
inion_cli_psd (int    argc,
               char **argv)
{
  g_autofree char *list = NULL, *from_text = NULL, *to_text = NULL, *method = NULL,
                  *segment_text = NULL, *bandwidth_text = NULL;
  const GOptionEntry entries[] = {
    { "method", 0, 0, G_OPTION_ARG_STRING, &method, "welch (default) or multitaper", "NAME" },
    { "segment", 0, 0, G_OPTION_ARG_STRING, &segment_text,
      "Welch: seconds a segment, Hann, half overlapping (4)", "S" },
    { "bandwidth", 0, 0, G_OPTION_ARG_STRING, &bandwidth_text, "Multitaper: full bandwidth (2)",
      "HZ" },
    { "channels", 0, 0, G_OPTION_ARG_STRING, &list, "Channels (all EEG)", "A,B" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from_text, "From this second on (0)", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_text, "Up to this second (the end)", "S" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GError) error = NULL;
  InionJsonText *text = NULL;
  double from, to, segment_s, bandwidth;
  gboolean multitaper;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE", "Prints one-sided power spectral densities as CSV.",
                        "  method, channels [{label, unit (of the density), bin_hz, psd []}]",
                        entries, 1, 1, &code))
    return code;
  multitaper = g_strcmp0 (method, "multitaper") == 0;
  if (method != NULL && !multitaper && !g_str_equal (method, "welch"))
    return inion_cli_usage ("--method is welch or multitaper");
  if (!inion_cli_parse_double ("--segment", segment_text, 4.0, &segment_s) ||
      !inion_cli_parse_double ("--bandwidth", bandwidth_text, 2.0, &bandwidth))
    return INION_CLI_USAGE;
  recording = inion_cli_open (argv[1], FALSE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (!parse_range (recording, from_text, to_text, &from, &to))
    return INION_CLI_USAGE;
  channels = inion_cli_find_channels (recording, list, TRUE, &error);
  if (channels == NULL)
    return inion_cli_fail (error);
  if (inion_cli_json)
    {
      text = inion_json_text_new ();
      inion_json_text_begin_object (text, INION_JSON_BLOCK);
      inion_cli_json_string (text, "method", multitaper ? "multitaper" : "welch");
      inion_json_text_key (text, "channels");
      inion_json_text_begin_array (text, INION_JSON_BLOCK);
    }
  else
    {
      inion_cli_print ("channel,frequency_hz,psd_unit2_per_hz\n");
    }
  for (guint c = 0; c < channels->len; c++)
    {
      guint index = g_array_index (channels, guint, c);
      InionChannel *channel = inion_recording_get_channel (recording, index);
      double rate = inion_channel_get_rate_hz (channel);
      g_autofree char *unit = g_strdup_printf ("(%s)²/Hz", inion_channel_get_unit (channel));
      g_autofree double *x = NULL;
      g_autofree double *psd = NULL;
      gsize n, segment, n_bins;
      double bin_hz;

      x = read_stretch (recording, index, from, to, &n, &error);
      if (x == NULL)
        return inion_cli_fail (error);
      segment = multitaper ? n : MIN (n, (gsize) MAX (2, llround (segment_s * rate)));
      n_bins = segment / 2 + 1;
      bin_hz = rate / (double) MAX (segment, 1);
      psd = g_new0 (double, n_bins);
      if (!(multitaper ? inion_multitaper (x, n, rate, bandwidth, psd, &error)
                       : inion_welch (x, n, rate, segment, segment / 2, INION_WINDOW_HANN, psd,
                                      &error)))
        return inion_cli_fail (error);
      if (text != NULL)
        {
          inion_json_text_begin_object (text, INION_JSON_INLINE);
          inion_cli_json_string (text, "label", inion_channel_get_label (channel));
          inion_cli_json_string (text, "unit", unit);
          inion_cli_json_double_or_null (text, "bin_hz", bin_hz);
          inion_json_text_key (text, "psd");
          inion_json_text_doubles (text, psd, n_bins);
          inion_json_text_end_object (text);
          continue;
        }
      for (gsize b = 0; b < n_bins; b++)
        {
          char hz[G_ASCII_DTOSTR_BUF_SIZE], value[G_ASCII_DTOSTR_BUF_SIZE];

          inion_cli_print ("%s,%s,%s\n", inion_channel_get_label (channel),
                           g_ascii_formatd (hz, sizeof hz, "%.9g", (double) b * bin_hz),
                           g_ascii_formatd (value, sizeof value, "%.17g", psd[b]));
        }
    }
  if (text != NULL)
    {
      inion_json_text_end_array (text);
      inion_json_text_end_object (text);
      inion_cli_print_json (text);
    }
  return INION_CLI_OK;
}

/* clean */

int
inion_cli_clean (int    argc,
                 char **argv)
{
  InionDetectorSettings settings;
  g_autofree char *amplitude = NULL, *flat = NULL, *muscle = NULL, *blink = NULL, *format = NULL;
  const GOptionEntry entries[] = {
    { "amplitude", 0, 0, G_OPTION_ARG_STRING, &amplitude,
      "Peak to peak in 200 ms, µV (200; 0: off)", "UV" },
    { "flat", 0, 0, G_OPTION_ARG_STRING, &flat, "Flat below, µV (1; 0: off)", "UV" },
    { "muscle", 0, 0, G_OPTION_ARG_STRING, &muscle, "Muscle z (4; 0: off)", "Z" },
    { "blink", 0, 0, G_OPTION_ARG_STRING, &blink, "Blink z (4; 0: off)", "Z" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "tsv (default) or csv", "FORMAT" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL;
  g_autofree char *text = NULL;
  int code;

  inion_detector_settings_init (&settings);
  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Proposes artifact marks; nothing is changed. The report goes to stderr.",
                        "  [{onset_s, duration_s, label, channels, rater, origin, confidence, comment}]",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_parse_double ("--amplitude", amplitude, settings.amplitude_uv,
                               &settings.amplitude_uv) ||
      !inion_cli_parse_double ("--flat", flat, settings.flat_uv, &settings.flat_uv) ||
      !inion_cli_parse_double ("--muscle", muscle, settings.muscle_z, &settings.muscle_z) ||
      !inion_cli_parse_double ("--blink", blink, settings.blink_z, &settings.blink_z))
    return INION_CLI_USAGE;
  recording = inion_cli_open (argv[1], FALSE, &error);
  if (recording != NULL)
    marks = inion_detect_artifacts (recording, &settings, NULL, NULL, &report, &error);
  if (marks != NULL)
    text = inion_annotations_to_text (marks, inion_cli_json   ? "json"
                                             : format != NULL ? format : "tsv", &error);
  if (text == NULL)
    return inion_cli_fail (error);
  if (report != NULL)
    inion_cli_say ("%s", report);
  fputs (text, stdout);
  return INION_CLI_OK;
}

/* network */

static double *
read_epochs (InionRecording  *recording,
             GArray          *channels,
             double           from,
             double           to,
             double           epoch_s,
             gsize           *n_epochs,
             gsize           *n_samples,
             double          *rate,
             GError         **error)
{
  g_autofree double *data = NULL;

  for (guint c = 0; c < channels->len; c++)
    {
      guint index = g_array_index (channels, guint, c);
      InionChannel *channel = inion_recording_get_channel (recording, index);
      g_autofree double *x = NULL;
      gsize n;

      x = read_stretch (recording, index, from, to, &n, error);
      if (x == NULL)
        return NULL;
      if (c == 0)
        {
          *rate = inion_channel_get_rate_hz (channel);
          *n_samples = (gsize) MAX (8, llround (epoch_s * *rate));
          *n_epochs = n / *n_samples;
          data = inion_try_alloc_array (*n_epochs * channels->len * *n_samples, sizeof (double),
                                        "the epochs", error);
          if (data == NULL)
            return NULL;
        }
      else if (!G_APPROX_VALUE (*rate, inion_channel_get_rate_hz (channel), 1e-9) ||
               n / *n_samples < *n_epochs)
        {
          inion_set_error (error, INION_ERROR_INVALID,
                           "Channel “%s” has another rate than the first: name channels of one rate.",
                           inion_channel_get_label (channel));
          return NULL;
        }
      for (gsize e = 0; e < *n_epochs; e++)
        memcpy (data + (e * channels->len + c) * *n_samples, x + e * *n_samples,
                *n_samples * sizeof (double));
    }
  return g_steal_pointer (&data);
}

int
inion_cli_network (int    argc,
                   char **argv)
{
  g_autofree char *list = NULL, *from_text = NULL, *to_text = NULL, *name = NULL, *low_text = NULL,
                  *high_text = NULL, *epoch_text = NULL;
  int n_null = 100;
  const GOptionEntry entries[] = {
    { "measure", 0, 0, G_OPTION_ARG_STRING, &name,
      "coherence (default), imaginary-coherence or debiased-wpli", "NAME" },
    { "low", 0, 0, G_OPTION_ARG_STRING, &low_text, "Band from, Hz (8)", "HZ" },
    { "high", 0, 0, G_OPTION_ARG_STRING, &high_text, "Band to, Hz (13)", "HZ" },
    { "epoch", 0, 0, G_OPTION_ARG_STRING, &epoch_text, "Seconds an epoch (1)", "S" },
    { "null", 0, 0, G_OPTION_ARG_INT, &n_null, "Draws of the null, at least 19 (100)", "N" },
    { "channels", 0, 0, G_OPTION_ARG_STRING, &list, "Channels (all EEG)", "A,B" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from_text, "From this second on (0)", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_text, "Up to this second (the end)", "S" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree double *data = NULL, *matrix = NULL, *degree = NULL, *strength = NULL;
  InionConnectivityMeasure measure = INION_CONNECTIVITY_COHERENCE;
  double from, to, low, high, epoch_s, rate, bound = NAN;
  gsize n_epochs, n_samples, n;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Connectivity of all pairs in a band, over epochs, with the bound that the "
                        "largest pair\nreaches in 5 % of cases without coupling.",
                        "  measure, band_hz [low, high], n_epochs, epoch_s, null_bound_95, channels [],\n"
                        "  matrix [[…]], degree [], strength [] (at the bound)", entries, 1, 1, &code))
    return code;
  if (name != NULL && !inion_connectivity_measure_from_string (name, &measure))
    return inion_cli_usage ("--measure is coherence, imaginary-coherence or debiased-wpli");
  if (!inion_cli_parse_double ("--low", low_text, 8.0, &low) ||
      !inion_cli_parse_double ("--high", high_text, 13.0, &high) ||
      !inion_cli_parse_double ("--epoch", epoch_text, 1.0, &epoch_s))
    return INION_CLI_USAGE;
  recording = inion_cli_open (argv[1], FALSE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (!parse_range (recording, from_text, to_text, &from, &to))
    return INION_CLI_USAGE;
  channels = inion_cli_find_channels (recording, list, TRUE, &error);
  if (channels != NULL)
    data = read_epochs (recording, channels, from, to, epoch_s, &n_epochs, &n_samples, &rate,
                        &error);
  if (data == NULL)
    return inion_cli_fail (error);
  n = channels->len;
  matrix = g_new0 (double, n * n);
  degree = g_new0 (double, n);
  strength = g_new0 (double, n);
  if (!inion_connectivity (data, n_epochs, n, n_samples, rate, measure, low, high, matrix, NULL,
                           &error) ||
      !inion_connectivity_null (data, n_epochs, n, n_samples, rate, measure, low, high,
                                (guint) MAX (n_null, 0), 1, &bound, NULL, &error))
    return inion_cli_fail (error);
  inion_graph_degree (matrix, n, bound, degree);
  inion_graph_strength (matrix, n, bound, strength);
  if (inion_cli_json)
    {
      InionJsonText *text = inion_json_text_new ();

      inion_json_text_begin_object (text, INION_JSON_BLOCK);
      inion_cli_json_string (text, "measure", inion_connectivity_measure_to_string (measure));
      inion_json_text_key (text, "band_hz");
      inion_json_text_doubles (text, (const double[]) { low, high }, 2);
      inion_cli_json_int (text, "n_epochs", (gint64) n_epochs);
      inion_cli_json_double_or_null (text, "epoch_s", (double) n_samples / rate);
      inion_cli_json_double_or_null (text, "null_bound_95", bound);
      inion_json_text_key (text, "channels");
      inion_json_text_begin_array (text, INION_JSON_TIGHT);
      for (gsize i = 0; i < n; i++)
        inion_json_text_string (text, inion_channel_get_label (inion_recording_get_channel (
                                        recording, g_array_index (channels, guint, i))));
      inion_json_text_end_array (text);
      inion_json_text_key (text, "matrix");
      inion_json_text_begin_array (text, INION_JSON_BLOCK);
      for (gsize i = 0; i < n; i++)
        inion_json_text_doubles (text, matrix + i * n, n);
      inion_json_text_end_array (text);
      inion_json_text_key (text, "degree");
      inion_json_text_doubles (text, degree, n);
      inion_json_text_key (text, "strength");
      inion_json_text_doubles (text, strength, n);
      inion_json_text_end_object (text);
      inion_cli_print_json (text);
      return INION_CLI_OK;
    }
  inion_cli_say ("%s, %g–%g Hz, %u epochs of %g s; null, largest pair 95 %%: %.4f",
                 inion_connectivity_measure_to_string (measure), low, high, (guint) n_epochs,
                 (double) n_samples / rate, bound);
  inion_cli_print ("channel_a,channel_b,value\n");
  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      {
        char value[G_ASCII_DTOSTR_BUF_SIZE];

        inion_cli_print ("%s,%s,%s\n",
                         inion_channel_get_label (inion_recording_get_channel (
                           recording, g_array_index (channels, guint, i))),
                         inion_channel_get_label (inion_recording_get_channel (
                           recording, g_array_index (channels, guint, j))),
                         g_ascii_formatd (value, sizeof value, "%.9g", matrix[i * n + j]));
      }
  return INION_CLI_OK;
}

/* marker */

int
inion_cli_marker (int    argc,
                  char **argv)
{
  g_autofree char *list = NULL, *from_text = NULL, *to_text = NULL;
  const GOptionEntry entries[] = {
    { "channels", 0, 0, G_OPTION_ARG_STRING, &list, "Channels (all EEG)", "A,B" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from_text, "From this second on (0)", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_text, "Up to this second (the end)", "S" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GError) error = NULL;
  InionJsonText *text = NULL;
  gsize n_bands;
  const InionBandDefinition *bands = inion_band_definitions (&n_bands);
  double from, to;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE", "Band powers and the peak alpha frequency as CSV.",
                        "  bands [{name, low_hz, high_hz}], channels [{label, absolute_uv2 [],\n"
                        "  relative [], peak_alpha_hz (null: none stands out), prominence_db}]",
                        entries, 1, 1, &code))
    return code;
  recording = inion_cli_open (argv[1], FALSE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (!parse_range (recording, from_text, to_text, &from, &to))
    return INION_CLI_USAGE;
  channels = inion_cli_find_channels (recording, list, TRUE, &error);
  if (channels == NULL)
    return inion_cli_fail (error);
  if (inion_cli_json)
    {
      text = inion_json_text_new ();
      inion_json_text_begin_object (text, INION_JSON_BLOCK);
      inion_json_text_key (text, "bands");
      inion_json_text_begin_array (text, INION_JSON_BLOCK);
      for (gsize b = 0; b < n_bands; b++)
        {
          inion_json_text_begin_object (text, INION_JSON_INLINE);
          inion_cli_json_string (text, "name", bands[b].name);
          inion_cli_json_double_or_null (text, "low_hz", bands[b].low_hz);
          inion_cli_json_double_or_null (text, "high_hz", bands[b].high_hz);
          inion_json_text_end_object (text);
        }
      inion_json_text_end_array (text);
      inion_json_text_key (text, "channels");
      inion_json_text_begin_array (text, INION_JSON_BLOCK);
    }
  else
    {
      inion_cli_print ("channel");
      for (gsize b = 0; b < n_bands; b++)
        inion_cli_print (",%s_uv2,%s_relative", bands[b].name, bands[b].name);
      inion_cli_print (",peak_alpha_hz\n");
    }
  for (guint c = 0; c < channels->len; c++)
    {
      guint index = g_array_index (channels, guint, c);
      InionChannel *channel = inion_recording_get_channel (recording, index);
      double rate = inion_channel_get_rate_hz (channel);
      g_autofree double *absolute = g_new0 (double, n_bands);
      g_autofree double *relative = g_new0 (double, n_bands);
      g_autofree double *x = NULL;
      double peak = NAN, prominence = NAN;
      gsize n;

      x = read_stretch (recording, index, from, to, &n, &error);
      if (x == NULL || !inion_band_powers (x, n, rate, absolute, relative, &error) ||
          !inion_peak_alpha (x, n, rate, &peak, &prominence, &error))
        return inion_cli_fail (error);
      if (text != NULL)
        {
          inion_json_text_begin_object (text, INION_JSON_INLINE);
          inion_cli_json_string (text, "label", inion_channel_get_label (channel));
          inion_json_text_key (text, "absolute_uv2");
          inion_json_text_begin_array (text, INION_JSON_TIGHT);
          for (gsize b = 0; b < n_bands; b++)
            isfinite (absolute[b]) ? inion_json_text_double (text, absolute[b])
                                   : inion_json_text_null (text);
          inion_json_text_end_array (text);
          inion_json_text_key (text, "relative");
          inion_json_text_begin_array (text, INION_JSON_TIGHT);
          for (gsize b = 0; b < n_bands; b++)
            isfinite (relative[b]) ? inion_json_text_double (text, relative[b])
                                   : inion_json_text_null (text);
          inion_json_text_end_array (text);
          inion_cli_json_double_or_null (text, "peak_alpha_hz", peak);
          inion_cli_json_double_or_null (text, "prominence_db", isfinite (peak) ? prominence : NAN);
          inion_json_text_end_object (text);
          continue;
        }
      inion_cli_print ("%s", inion_channel_get_label (channel));
      for (gsize b = 0; b < n_bands; b++)
        {
          char one[G_ASCII_DTOSTR_BUF_SIZE], two[G_ASCII_DTOSTR_BUF_SIZE];

          inion_cli_print (",%s,%s", g_ascii_formatd (one, sizeof one, "%.6g", absolute[b]),
                           g_ascii_formatd (two, sizeof two, "%.6g", relative[b]));
        }
      {
        char hz[G_ASCII_DTOSTR_BUF_SIZE];

        inion_cli_print (",%s\n", isfinite (peak) ? g_ascii_formatd (hz, sizeof hz, "%.4g", peak)
                                                  : "");
      }
    }
  if (text != NULL)
    {
      inion_json_text_end_array (text);
      inion_json_text_end_object (text);
      inion_cli_print_json (text);
    }
  return INION_CLI_OK;
}
