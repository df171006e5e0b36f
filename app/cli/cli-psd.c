/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli psd. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-stretch.h"

#include "signal/spectrum.h"

#include <math.h>

typedef struct
{
  gboolean multitaper;
  double segment_s;      /* Welch */
  double bandwidth_hz;   /* multitaper */
} Wish;

/* The density of one channel. */
typedef struct
{
  double *psd;           /* [n_bins] */
  gsize n_bins;
  double bin_hz;
  gsize n_used;          /* Welch: segments */
  gsize n_left_out;      /* that a gap leaves no room for */
} Density;

/* Multitaper knows no mean of stretches: it looks at the longest without a gap. */
static gboolean
measure_multitaper (const Wish    *wish,
                    const double  *x,
                    gsize          n,
                    double         rate,
                    Density       *out,
                    GError       **error)
{
  gsize first, length = inion_longest_stretch (x, n, &first);
  g_autofree double *psd = NULL;

  out->n_bins = length / 2 + 1;
  out->bin_hz = rate / (double) MAX (length, 1);
  out->n_used = length;
  out->n_left_out = n - length;
  psd = inion_try_new (double, out->n_bins, "the spectrum", error);
  if (psd == NULL || !inion_multitaper (x + first, length, rate, wish->bandwidth_hz, psd, error))
    return FALSE;
  out->psd = g_steal_pointer (&psd);
  return TRUE;
}

static gboolean
measure_welch (const Wish    *wish,
               const double  *x,
               gsize          n,
               double         rate,
               Density       *out,
               GError       **error)
{
  gsize longest = inion_longest_stretch (x, n, NULL);
  gsize segment = MIN (longest, (gsize) MAX (2, llround (wish->segment_s * rate)));
  g_autofree double *psd = NULL;

  out->n_bins = segment / 2 + 1;
  out->bin_hz = rate / (double) MAX (segment, 1);
  psd = inion_try_new (double, out->n_bins, "the spectrum", error);
  if (psd == NULL || !inion_welch_gaps (x, n, rate, segment, segment / 2, INION_WINDOW_HANN, psd,
                                        &out->n_used, &out->n_left_out, error))
    return FALSE;
  out->psd = g_steal_pointer (&psd);
  return TRUE;
}

/* What a gap has cost, on stderr. */
static void
say_left_out (const Wish    *wish,
              InionChannel  *channel,
              const Density *density)
{
  double rate = inion_channel_get_rate_hz (channel);

  if (density->n_left_out == 0)
    return;
  if (wish->multitaper)
    inion_cli_say ("%s: only the longest stretch without a gap, %.6g s, is looked at",
                   inion_channel_get_label (channel), (double) density->n_used / rate);
  else
    inion_cli_say ("%s: %" G_GSIZE_FORMAT " segments between gaps; %" G_GSIZE_FORMAT " fewer than "
                   "without gaps", inion_channel_get_label (channel), density->n_used,
                   density->n_left_out);
}

static gboolean
measure (const Wish             *wish,
         const InionCliStretch  *stretch,
         InionRecording         *recording,
         guint                   index,
         Density                *out,
         GError                **error)
{
  InionChannel *channel = inion_recording_get_channel (recording, index);
  double rate = inion_channel_get_rate_hz (channel);
  gsize n;
  g_autofree double *x = inion_cli_stretch_read_packed (stretch, recording, index, &n, error);

  if (x == NULL)
    return FALSE;
  if (!(wish->multitaper ? measure_multitaper : measure_welch) (wish, x, n, rate, out, error))
    {
      g_prefix_error (error, "Channel “%s”: ", inion_channel_get_label (channel));
      return FALSE;
    }
  say_left_out (wish, channel, out);
  return TRUE;
}

static void
add_json (InionJsonText *text,
          InionChannel  *channel,
          const Density *density)
{
  g_autofree char *unit = g_strdup_printf ("(%s)²/Hz", inion_channel_get_unit (channel));

  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_string (text, "label", inion_channel_get_label (channel));
  inion_cli_json_string (text, "unit", unit);
  inion_cli_json_double_or_null (text, "bin_hz", density->bin_hz);
  inion_json_text_key (text, "psd");
  inion_json_text_doubles (text, density->psd, density->n_bins);
  inion_json_text_end_object (text);
}

static void
print_csv (InionChannel  *channel,
           const Density *density)
{
  for (gsize b = 0; b < density->n_bins; b++)
    {
      inion_cli_print_field (inion_channel_get_label (channel));
      inion_cli_put_char (',');
      inion_cli_print_double ("%.9g", (double) b * density->bin_hz);
      inion_cli_put_char (',');
      inion_cli_print_double ("%.17g", density->psd[b]);
      inion_cli_put_char ('\n');
    }
}

static int
print_all (const Wish            *wish,
           const InionCliStretch *stretch,
           InionRecording        *recording,
           GArray                *channels)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();
  g_autoptr (GError) error = NULL;

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "method", wish->multitaper ? "multitaper" : "welch");
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint c = 0; c < channels->len; c++)
    {
      guint index = g_array_index (channels, guint, c);
      InionChannel *channel = inion_recording_get_channel (recording, index);
      Density density = { 0 };

      if (!measure (wish, stretch, recording, index, &density, &error))
        return inion_cli_fail (error);
      if (c == 0 && !inion_cli_json)
        inion_cli_print ("channel,frequency_hz,psd_unit2_per_hz\n");
      if (inion_cli_json)
        add_json (text, channel, &density);
      else
        print_csv (channel, &density);
      g_free (density.psd);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  if (inion_cli_json)
    inion_cli_print_json (g_steal_pointer (&text));
  return INION_CLI_OK;
}

int
inion_cli_psd (int    argc,
               char **argv)
{
  g_auto (InionCliStretch) stretch = { 0 };
  g_autofree char *method = NULL, *segment = NULL, *bandwidth = NULL;
  const GOptionEntry entries[] = {
    { "method", 0, 0, G_OPTION_ARG_STRING, &method, "welch (default) or multitaper", "NAME" },
    { "segment", 0, 0, G_OPTION_ARG_STRING, &segment,
      "Welch: seconds a segment, Hann, half overlapping (4)", "S" },
    { "bandwidth", 0, 0, G_OPTION_ARG_STRING, &bandwidth, "Multitaper: full bandwidth (2)", "HZ" },
    INION_CLI_STRETCH_ENTRIES (stretch),
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GError) error = NULL;
  Wish wish = { 0 };
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Prints one-sided power spectral densities as CSV.\nNo segment lies over a "
                        "gap of the recording: Welch takes the mean over the stretches\nbetween "
                        "gaps, multitaper the longest of them; stderr says what is left out.",
                        "  method, channels [{label, unit (of the density), bin_hz, psd []}]",
                        entries, 1, 1, &code))
    return code;
  wish.multitaper = g_strcmp0 (method, "multitaper") == 0;
  if (method != NULL && !wish.multitaper && !g_str_equal (method, "welch"))
    return inion_cli_usage ("--method is welch or multitaper");
  if (!inion_cli_parse_double_in ("--segment", segment, 4.0, 0.001, 86400, &wish.segment_s) ||
      !inion_cli_parse_double_in ("--bandwidth", bandwidth, 2.0, 0.001, 1e5, &wish.bandwidth_hz) ||
      !inion_cli_stretch_parse (&stretch))
    return INION_CLI_USAGE;
  recording = inion_cli_stretch_open (&stretch, argv[1], TRUE, &channels, &error);
  return recording != NULL ? print_all (&wish, &stretch, recording, channels)
                           : inion_cli_fail (error);
}
