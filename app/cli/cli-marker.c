/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli marker. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-stretch.h"

#include "marker/band-marker.h"

#include <math.h>

#define MOST_BANDS 16

/* The markers of one channel. */
typedef struct
{
  double absolute[MOST_BANDS];
  double relative[MOST_BANDS];
  double peak_hz;              /* NAN: none stands out */
  double prominence_db;
  InionBandWindows windows;
} Markers;

static gboolean
measure (const InionCliStretch  *stretch,
         InionRecording         *recording,
         guint                   index,
         Markers                *out,
         GError                **error)
{
  InionChannel *channel = inion_recording_get_channel (recording, index);
  double rate = inion_channel_get_rate_hz (channel);
  gsize n;
  g_autofree double *x = inion_cli_stretch_read_packed (stretch, recording, index, &n, error);

  *out = (Markers) { .peak_hz = NAN, .prominence_db = NAN };
  if (x == NULL)
    return FALSE;
  if (inion_band_powers_gaps (x, n, rate, out->absolute, out->relative, &out->windows, error) &&
      inion_peak_alpha_gaps (x, n, rate, &out->peak_hz, &out->prominence_db, error))
    {
      if (out->windows.n_left_out > 0)
        inion_cli_say ("%s: %" G_GSIZE_FORMAT " windows between gaps; %" G_GSIZE_FORMAT " fewer "
                       "than without gaps", inion_channel_get_label (channel), out->windows.n_used,
                       out->windows.n_left_out);
      return TRUE;
    }
  g_prefix_error (error, "Channel “%s”: ", inion_channel_get_label (channel));
  return FALSE;
}

static void
begin_json (InionJsonText             *text,
            const InionBandDefinition *bands,
            gsize                      n_bands)
{
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

static void
add_json (InionJsonText *text,
          const char    *label,
          const Markers *markers,
          gsize          n_bands)
{
  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_string (text, "label", label);
  inion_json_text_key (text, "absolute_uv2");
  inion_json_text_doubles (text, markers->absolute, n_bands);
  inion_json_text_key (text, "relative");
  inion_json_text_doubles (text, markers->relative, n_bands);
  inion_cli_json_double_or_null (text, "peak_alpha_hz", markers->peak_hz);
  inion_cli_json_double_or_null (text, "prominence_db",
                                 isfinite (markers->peak_hz) ? markers->prominence_db : NAN);
  inion_cli_json_int (text, "n_windows", (gint64) markers->windows.n_used);
  inion_cli_json_int (text, "n_left_out", (gint64) markers->windows.n_left_out);
  inion_json_text_end_object (text);
}

static void
print_csv (const char    *label,
           const Markers *markers,
           gsize          n_bands)
{
  inion_cli_print_field (label);
  for (gsize b = 0; b < n_bands; b++)
    {
      inion_cli_put_char (',');
      inion_cli_print_double ("%.6g", markers->absolute[b]);
      inion_cli_put_char (',');
      inion_cli_print_double ("%.6g", markers->relative[b]);
    }
  inion_cli_put_char (',');
  inion_cli_print_double ("%.4g", markers->peak_hz);
  inion_cli_put_char ('\n');
}

static void
print_header (const InionBandDefinition *bands,
              gsize                      n_bands)
{
  inion_cli_print ("channel");
  for (gsize b = 0; b < n_bands; b++)
    inion_cli_print (",%s_uv2,%s_relative", bands[b].name, bands[b].name);
  inion_cli_print (",peak_alpha_hz\n");
}

static int
print_all (const InionCliStretch *stretch,
           InionRecording        *recording,
           GArray                *channels)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();
  g_autoptr (GError) error = NULL;
  gsize n_bands;
  const InionBandDefinition *bands = inion_band_definitions (&n_bands);

  g_assert (n_bands <= MOST_BANDS);
  begin_json (text, bands, n_bands);
  for (guint c = 0; c < channels->len; c++)
    {
      guint index = g_array_index (channels, guint, c);
      const char *label = inion_channel_get_label (inion_recording_get_channel (recording, index));
      Markers markers;

      if (!measure (stretch, recording, index, &markers, &error))
        return inion_cli_fail (error);
      if (c == 0 && !inion_cli_json)
        print_header (bands, n_bands);
      if (inion_cli_json)
        add_json (text, label, &markers, n_bands);
      else
        print_csv (label, &markers, n_bands);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  if (inion_cli_json)
    inion_cli_print_json (g_steal_pointer (&text));
  return INION_CLI_OK;
}

int
inion_cli_marker (int    argc,
                  char **argv)
{
  g_auto (InionCliStretch) stretch = { 0 };
  const GOptionEntry entries[] = { INION_CLI_STRETCH_ENTRIES (stretch), { NULL } };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Band powers and the peak alpha frequency as CSV. Windows that hold a gap "
                        "are left\nout; stderr says how many.",
                        "  bands [{name, low_hz, high_hz}], channels [{label, absolute_uv2 [],\n"
                        "  relative [], peak_alpha_hz (null: none stands out), prominence_db,\n"
                        "  n_windows, n_left_out (windows that hold a gap)}]",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_stretch_parse (&stretch))
    return INION_CLI_USAGE;
  recording = inion_cli_stretch_open (&stretch, argv[1], TRUE, &channels, &error);
  return recording != NULL ? print_all (&stretch, recording, channels) : inion_cli_fail (error);
}
