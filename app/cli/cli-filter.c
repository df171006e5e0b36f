/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli filter. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-stretch.h"

#include "signal/fir.h"
#include "signal/sos.h"

#include <math.h>

/* A notch as narrow as the one of the screen. */
#define NOTCH_Q 30.0

/* Options as given, and what they say. */
typedef struct
{
  char *low_text;
  char *high_text;
  char *notch_text;
  char *design;
  char *phase;
  double low;      /* NAN: none */
  double high;
  double notch;
  gboolean fir;
  gboolean causal;
  int order;
} FilterWish;

static void
filter_wish_clear (FilterWish *wish)
{
  g_free (wish->low_text);
  g_free (wish->high_text);
  g_free (wish->notch_text);
  g_free (wish->design);
  g_free (wish->phase);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FilterWish, filter_wish_clear)

/* A row a channel. */
typedef struct
{
  InionRecording *recording;
  GArray *channels;
  GPtrArray *rows;    /* double: the whole channel, filtered */
  double rate;
  gint64 first;       /* samples to print */
  gint64 end;
} Filtered;

static gboolean
run_sections (const InionSos *sos,
              gboolean        causal,
              double         *x,
              gsize           n,
              GError        **error)
{
  InionSosState state;

  if (!causal)
    return inion_sos_filtfilt (sos, x, n, G_MAXSIZE, error);
  inion_sos_state_reset (&state);
  inion_sos_process (sos, &state, x, x, n);
  return TRUE;
}

static gboolean
apply_band (const FilterWish  *wish,
            double            *x,
            gsize              n,
            double             rate,
            GError           **error)
{
  InionBand band = isfinite (wish->low) && isfinite (wish->high) ? INION_BAND_BANDPASS
                   : isfinite (wish->low)                        ? INION_BAND_HIGHPASS
                                                                 : INION_BAND_LOWPASS;
  InionSos sos;

  if (wish->fir)
    {
      g_autoptr (InionFir) fir = inion_fir_design (wish->low, wish->high, rate, error);

      return fir != NULL && inion_fir_apply_zero_phase (fir, x, n, error);
    }
  return inion_sos_butterworth (&sos, (guint) wish->order, band, wish->low, wish->high, rate,
                                error) &&
         run_sections (&sos, wish->causal, x, n, error);
}

static gboolean
apply_filter (const FilterWish  *wish,
              double            *x,
              gsize              n,
              double             rate,
              GError           **error)
{
  InionSos sos;

  if ((isfinite (wish->low) || isfinite (wish->high)) && !apply_band (wish, x, n, rate, error))
    return FALSE;
  return !isfinite (wish->notch) ||
         (inion_sos_notch (&sos, wish->notch, NOTCH_Q, rate, error) &&
          run_sections (&sos, wish->causal, x, n, error));
}

/* FALSE: usage printed. */
static gboolean
parse_wish (FilterWish *wish)
{
  if (!inion_cli_parse_double ("--low", wish->low_text, NAN, &wish->low) ||
      !inion_cli_parse_double ("--high", wish->high_text, NAN, &wish->high) ||
      !inion_cli_parse_double ("--notch", wish->notch_text, NAN, &wish->notch))
    return FALSE;
  wish->fir = g_strcmp0 (wish->design, "fir") == 0;
  wish->causal = g_strcmp0 (wish->phase, "causal") == 0;
  if (wish->design != NULL && !wish->fir && !g_str_equal (wish->design, "butterworth"))
    inion_cli_usage ("--design is butterworth or fir");
  else if (wish->phase != NULL && !wish->causal && !g_str_equal (wish->phase, "zero"))
    inion_cli_usage ("--phase is zero or causal");
  else if (wish->order < 1)
    inion_cli_usage ("--order is at least 1");
  else if (wish->fir && wish->causal)
    inion_cli_usage ("a causal FIR delays the signal by half its length: use --design butterworth");
  else if (!isfinite (wish->low) && !isfinite (wish->high) && !isfinite (wish->notch))
    inion_cli_usage ("give at least one of --low, --high, --notch");
  else
    return TRUE;
  return FALSE;
}

static InionChannel *
get_channel (const Filtered *self,
             guint           c)
{
  return inion_recording_get_channel (self->recording, g_array_index (self->channels, guint, c));
}

/* Filters each stretch between gaps by itself. One that is too short for the filter becomes a gap;
 * if all are, that is an error. */
static gboolean
filter_stretches (const FilterWish  *wish,
                  InionChannel      *channel,
                  double            *x,
                  gsize              n,
                  GError           **error)
{
  double rate = inion_channel_get_rate_hz (channel);
  gsize n_short = 0, n_done = 0;

  for (gsize first = 0, end; first < n; first = end)
    {
      gboolean gap = isnan (x[first]);
      g_autoptr (GError) failure = NULL;

      for (end = first + 1; end < n && !isnan (x[end]) == !gap; end++)
        ;
      if (gap)
        continue;
      if (apply_filter (wish, x + first, end - first, rate, &failure))
        {
          n_done++;
          continue;
        }
      if (end - first == n || !g_error_matches (failure, INION_ERROR, INION_ERROR_TOO_FEW))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      n_short++;
      for (gsize i = first; i < end; i++)
        x[i] = NAN;
    }
  if (n_short > 0 && n_done == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "All stretches between gaps are too short for this filter");
  if (n_short > 0)
    inion_cli_say ("%s: %" G_GSIZE_FORMAT " stretches between gaps are too short for this filter "
                   "and left empty", inion_channel_get_label (channel), n_short);
  return TRUE;
}

/* Filters a channel as a whole, so that what is printed has no edges of its own. */
static gboolean
filter_channel (Filtered               *self,
                guint                   c,
                const FilterWish       *wish,
                const InionCliStretch  *stretch,
                GError                **error)
{
  InionChannel *channel = get_channel (self, c);
  gsize n = (gsize) inion_channel_get_n_samples (channel);
  double rate = inion_channel_get_rate_hz (channel);
  g_autofree double *x = inion_try_alloc_array (n, sizeof (double), "the samples", error);

  if (x == NULL ||
      !inion_recording_read (self->recording, g_array_index (self->channels, guint, c), 0, n, x,
                             error))
    return FALSE;
  if (c > 0 && !G_APPROX_VALUE (self->rate, rate, 1e-9))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "Channels “%s” and “%s” have different rates: filter them one by one.",
                            inion_channel_get_label (get_channel (self, 0)),
                            inion_channel_get_label (channel));
  if (!filter_stretches (wish, channel, x, n, error))
    {
      g_prefix_error (error, "Channel “%s”: ", inion_channel_get_label (channel));
      return FALSE;
    }
  if (c == 0)
    {
      self->rate = rate;
      inion_cli_stretch_to_samples (stretch, channel, &self->first, &self->end);
    }
  self->end = MIN (self->end, (gint64) n);
  g_ptr_array_add (self->rows, g_steal_pointer (&x));
  return TRUE;
}

static void
print_csv (const Filtered *self)
{
  InionChannel *clock = get_channel (self, 0);

  inion_cli_print ("time_s");
  for (guint c = 0; c < self->rows->len; c++)
    {
      inion_cli_put_char (',');
      inion_cli_print_field (inion_channel_get_label (get_channel (self, c)));
    }
  inion_cli_put_char ('\n');
  for (gint64 i = self->first; i < self->end && !inion_cli_is_output_lost (); i++)
    {
      inion_cli_print_double ("%.15g", (double) inion_channel_sample_to_ns (clock, i) / 1e9);
      for (guint c = 0; c < self->rows->len; c++)
        {
          double value = ((double *) g_ptr_array_index (self->rows, c))[i];

          inion_cli_put_char (',');
          if (!isnan (value))
            inion_cli_print_double ("%.17g", value);
        }
      inion_cli_put_char ('\n');
    }
}

static void
print_json (const Filtered *self)
{
  InionJsonText *text = inion_json_text_new ();
  double from = (double) inion_channel_sample_to_ns (get_channel (self, 0), self->first) / 1e9;

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_double_or_null (text, "rate_hz", self->rate);
  inion_cli_json_double_or_null (text, "from_s", from);
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint c = 0; c < self->rows->len; c++)
    {
      InionChannel *channel = get_channel (self, c);
      const double *row = g_ptr_array_index (self->rows, c);

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_string (text, "label", inion_channel_get_label (channel));
      inion_cli_json_string (text, "unit", inion_channel_get_unit (channel));
      inion_json_text_key (text, "samples");
      inion_json_text_doubles (text, row + self->first,
                               (gsize) MAX (self->end - self->first, 0));
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static int
filter (const char       *path,
        const FilterWish *wish,
        InionCliStretch  *stretch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) channels = NULL;
  g_autoptr (InionRecording) recording =
    inion_cli_stretch_open (stretch, path, TRUE, &channels, &error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  Filtered self = { .recording = recording, .channels = channels, .rows = rows };

  if (recording == NULL)
    return inion_cli_fail (error);
  for (guint c = 0; c < channels->len; c++)
    if (!filter_channel (&self, c, wish, stretch, &error))
      return inion_cli_fail (error);
  if (inion_cli_json)
    print_json (&self);
  else
    print_csv (&self);
  return INION_CLI_OK;
}

int
inion_cli_filter (int    argc,
                  char **argv)
{
  g_auto (InionCliStretch) stretch = { 0 };
  g_auto (FilterWish) wish = { .order = 4 };
  const GOptionEntry entries[] = {
    { "low", 0, 0, G_OPTION_ARG_STRING, &wish.low_text, "Lower edge in Hz (none)", "HZ" },
    { "high", 0, 0, G_OPTION_ARG_STRING, &wish.high_text, "Upper edge in Hz (none)", "HZ" },
    { "notch", 0, 0, G_OPTION_ARG_STRING, &wish.notch_text, "Notch in Hz, Q 30 (none)", "HZ" },
    { "design", 0, 0, G_OPTION_ARG_STRING, &wish.design, "butterworth (default) or fir", "NAME" },
    { "order", 0, 0, G_OPTION_ARG_INT, &wish.order, "Order of the Butterworth (4)", "N" },
    { "phase", 0, 0, G_OPTION_ARG_STRING, &wish.phase, "zero (default) or causal", "NAME" },
    INION_CLI_STRETCH_ENTRIES (stretch),
    { NULL },
  };
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Filters the whole recording and prints a stretch of it as CSV. Each "
                        "stretch between\ngaps is filtered by itself; in a gap a cell is empty.",
                        "  rate_hz, from_s (time of the first sample), channels [{label, unit,\n"
                        "  samples [] (null in a gap)}]", entries, 1, 1, &code))
    return code;
  if (!parse_wish (&wish) || !inion_cli_stretch_parse (&stretch))
    return INION_CLI_USAGE;
  return filter (argv[1], &wish, &stretch);
}
