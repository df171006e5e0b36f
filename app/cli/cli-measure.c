/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli measure: what calipers say about a stretch. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-shown.h"
#include "app/cli/cli-stretch.h"
#include "app/tools/tool-signal.h"

#include "signal/measure.h"

#include <math.h>

typedef struct
{
  InionCliShown shown;
  InionCliStretch stretch;
  double baseline;       /* NAN: the mean */
} Wish;

static void
wish_clear (Wish *wish)
{
  inion_cli_shown_clear (&wish->shown);
  inion_cli_stretch_clear (&wish->stretch);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* What was measured of one derivation, with names. */
typedef struct
{
  const char *name;
  double value;
} Value;

#define N_VALUES 17

static void
list_values (const InionMeasures *m,
             double               first_s,
             double               rate,
             Value               *values)
{
  const Value list[N_VALUES] = {
    { "n_samples", (double) m->n },
    { "n_missing", (double) m->n_missing },
    { "highest", m->highest },
    { "highest_at_s", m->n > 0 ? first_s + (double) m->highest_at / rate : NAN },
    { "lowest", m->lowest },
    { "lowest_at_s", m->n > 0 ? first_s + (double) m->lowest_at / rate : NAN },
    { "peak_to_peak", m->peak_to_peak },
    { "baseline", m->baseline },
    { "above_baseline", m->above },
    { "below_baseline", m->below },
    { "rms", m->rms },
    { "area_unit_s", m->area },
    { "slope_unit_per_ms", m->slope },
    { "steepest_unit_per_ms", m->steepest },
    { "steepest_at_s", first_s + m->steepest_at / rate },
    { "n_waves", m->n_waves },
    { "wave_hz", m->wave_hz },
  };

  for (guint i = 0; i < N_VALUES; i++)
    values[i] = list[i];
}

static void
print_one (Wish                *wish,
           guint                derivation,
           const InionMeasures *m,
           gint64               first,
           InionJsonText       *text,
           gboolean             header)
{
  InionChannel *clock = inion_montage_get_clock (inion_shown_signal_get_montage (
                                                   wish->shown.signal), derivation);
  Value values[N_VALUES];

  list_values (m, (double) inion_channel_sample_to_ns (clock, first) / 1e9,
               inion_channel_get_rate_hz (clock), values);
  if (inion_cli_json)
    {
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_string (text, "label", inion_cli_shown_get_label (&wish->shown, derivation));
      inion_cli_json_string (text, "unit", inion_cli_shown_get_unit (&wish->shown, derivation));
      for (guint i = 0; i < N_VALUES; i++)
        inion_cli_json_double_or_null (text, values[i].name, values[i].value);
      inion_cli_json_double_or_null (text, "peak_hz", m->peak_hz);
      inion_json_text_end_object (text);
      return;
    }
  if (header)
    {
      inion_cli_put ("channel,unit");
      for (guint i = 0; i < N_VALUES; i++)
        inion_cli_print (",%s", values[i].name);
      inion_cli_put (",peak_hz\n");
    }
  inion_cli_print_field (inion_cli_shown_get_label (&wish->shown, derivation));
  inion_cli_put_char (',');
  inion_cli_print_field (inion_cli_shown_get_unit (&wish->shown, derivation));
  for (guint i = 0; i < N_VALUES; i++)
    {
      inion_cli_put_char (',');
      inion_cli_print_double ("%.9g", values[i].value);
    }
  inion_cli_put_char (',');
  inion_cli_print_double ("%.9g", m->peak_hz);
  inion_cli_put_char ('\n');
}

static gboolean
print_all (Wish    *wish,
           GArray  *derivations,
           GError **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (wish->shown.signal);
  g_autoptr (InionJsonText) text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_double_or_null (text, "from_s", wish->stretch.from_s);
  inion_cli_json_double_or_null (text, "to_s", wish->stretch.to_s);
  inion_cli_json_double_or_null (text, "duration_s", wish->stretch.to_s - wish->stretch.from_s);
  inion_cli_shown_add_json (&wish->shown, text);
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < derivations->len; i++)
    {
      guint derivation = g_array_index (derivations, guint, i);
      InionMeasures measures;
      gint64 first;
      gsize n;
      g_autofree double *x =
        inion_tool_read_range (wish->shown.signal, derivation, wish->stretch.from_s,
                               wish->stretch.to_s, &first, &n, error);

      if (x == NULL)
        return FALSE;
      inion_measure (x, n, inion_channel_get_rate_hz (inion_montage_get_clock (montage,
                                                                               derivation)),
                     wish->baseline, &measures);
      print_one (wish, derivation, &measures, first, text, i == 0);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  if (inion_cli_json)
    inion_cli_print_json (g_steal_pointer (&text));
  return TRUE;
}

int
inion_cli_measure (int    argc,
                   char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autofree char *baseline = NULL;
  const GOptionEntry entries[] = {
    INION_CLI_STRETCH_ENTRIES (wish.stretch),
    { "baseline", 0, 0, G_OPTION_ARG_STRING, &baseline,
      "Measure amplitudes from this value (the mean of the stretch)", "VALUE" },
    INION_CLI_SHOWN_ENTRIES (wish.shown),
    { NULL },
  };
  g_autoptr (GArray) derivations = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE --from S --to S",
                        "Measures a stretch of each channel: extremes, amplitude from the "
                        "baseline, RMS, area,\nslope, waves and frequency. Across a gap nothing "
                        "is measured that needs an unbroken stretch.",
                        "  from_s, to_s, duration_s, montage, lff_hz, hff_hz, notch_hz,\n"
                        "  channels [{label, unit, n_samples, n_missing, highest, highest_at_s, "
                        "lowest, lowest_at_s,\n    peak_to_peak, baseline, above_baseline, "
                        "below_baseline, rms, area_unit_s,\n    slope_unit_per_ms, "
                        "steepest_unit_per_ms, steepest_at_s, n_waves, wave_hz, peak_hz}]",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_stretch_parse (&wish.stretch) || !inion_cli_shown_parse (&wish.shown) ||
      !inion_cli_parse_double ("--baseline", baseline, NAN, &wish.baseline))
    return INION_CLI_USAGE;
  if (!inion_cli_shown_open (&wish.shown, argv[1], FALSE, &error) ||
      !inion_cli_stretch_fit (&wish.stretch, wish.shown.recording, &error))
    return inion_cli_fail (error);
  derivations = inion_cli_shown_find (&wish.shown, wish.stretch.channels, &error);
  if (derivations == NULL || !print_all (&wish, derivations, &error))
    return inion_cli_fail (error);
  return INION_CLI_OK;
}
