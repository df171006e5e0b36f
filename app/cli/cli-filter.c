/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli filter. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-stretch.h"

#include "signal/fir.h"
#include "signal/sos.h"

#include <math.h>
#include <string.h>

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

/* What lies between two gaps, filtered. */
typedef struct
{
  gint64 first;
  gsize n;
  double *x;
} Piece;

typedef struct
{
  const FilterWish *wish;
  InionCliSamples samples;
  GPtrArray *pieces;   /* GArray of Piece, one a channel, in order of time */
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

static void
piece_clear (gpointer data)
{
  g_free (((Piece *) data)->x);
}

/* How the stretches of a channel went. */
typedef struct
{
  gsize n_short, n_done;
  GError *why;         /* (nullable): what the filter said of the first that was too short */
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_error (&self->why);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* Filters what follows each other; samples that the file itself has as missing part it. A part that
 * is too short for the filter becomes empty. */
static gboolean
filter_piece (const FilterWish  *wish,
              Piece             *piece,
              double             rate,
              Outcome           *outcome,
              GError           **error)
{
  double *x = piece->x;

  for (gsize first = 0, end; first < piece->n; first = end)
    {
      gboolean missing = isnan (x[first]);
      g_autoptr (GError) failure = NULL;

      for (end = first + 1; end < piece->n && !isnan (x[end]) == !missing; end++)
        ;
      if (missing)
        continue;
      if (apply_filter (wish, x + first, end - first, rate, &failure))
        {
          outcome->n_done++;
          continue;
        }
      if (!g_error_matches (failure, INION_ERROR, INION_ERROR_TOO_FEW))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      outcome->n_short++;
      if (outcome->why == NULL)
        outcome->why = g_steal_pointer (&failure);
      for (gsize i = first; i < end; i++)
        x[i] = NAN;
    }
  return TRUE;
}

/* Nothing but what is too short is an error; of a channel without gaps the filter says it best. */
static gboolean
check_outcome (Outcome       *outcome,
               InionChannel  *channel,
               GError       **error)
{
  if (outcome->n_short == 0)
    return TRUE;
  if (outcome->n_done > 0)
    {
      inion_cli_say ("%s: %" G_GSIZE_FORMAT " stretches between gaps are too short for this filter "
                     "and left empty", inion_channel_get_label (channel), outcome->n_short);
      return TRUE;
    }
  if (outcome->n_short == 1)
    {
      g_propagate_error (error, g_steal_pointer (&outcome->why));
      return FALSE;
    }
  return inion_set_error (error, INION_ERROR_TOO_FEW,
                          "All stretches between gaps are too short for this filter");
}

/* Filters each stretch between gaps that is to be printed as a whole, so that what is printed has
 * no edges of its own. */
static gboolean
filter_channel (Filtered  *self,
                guint      place,
                GError   **error)
{
  InionRecording *recording = self->samples.recording;
  guint index = g_array_index (self->samples.channels, guint, place);
  InionChannel *channel = inion_recording_get_channel (recording, index);
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_auto (Outcome) outcome = { 0 };
  gint64 at, end, first, n;

  g_array_set_clear_func (pieces, piece_clear);
  g_ptr_array_add (self->pieces, pieces);
  inion_cli_stretch_to_samples (self->samples.stretch, channel, &at, &end);
  for (; at < end && inion_recording_find_run (recording, index, at, &first, &n) && first < end;
       at = first + n)
    {
      Piece piece = { first, (gsize) n, NULL };

      piece.x = inion_try_alloc_array (piece.n, sizeof (double), "the samples", error);
      if (piece.x == NULL)
        return FALSE;
      g_array_append_val (pieces, piece);
      if (!inion_recording_read (recording, index, first, piece.n, piece.x, error) ||
          !filter_piece (self->wish, &piece, inion_channel_get_rate_hz (channel), &outcome, error))
        return FALSE;
    }
  return check_outcome (&outcome, channel, error);
}

static gboolean
read_filtered (guint     place,
               gint64    at,
               gsize     n,
               double   *out,
               gpointer  data,
               GError  **error)
{
  const GArray *pieces = g_ptr_array_index (((const Filtered *) data)->pieces, place);
  guint low = 0, high = pieces->len;

  for (gsize i = 0; i < n; i++)
    out[i] = NAN;
  /* The first piece that ends behind the first sample. */
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Piece *piece = &g_array_index (pieces, Piece, middle);

      if (piece->first + (gint64) piece->n > at)
        high = middle;
      else
        low = middle + 1;
    }
  for (; low < pieces->len; low++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, low);
      gint64 first = MAX (piece->first, at);
      gint64 end = MIN (piece->first + (gint64) piece->n, at + (gint64) n);

      if (first >= end)
        break;
      memcpy (out + (first - at), piece->x + (first - piece->first),
              (gsize) (end - first) * sizeof *out);
    }
  return TRUE;
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
  g_autoptr (GPtrArray) pieces =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  Filtered self = { wish, { recording, channels, stretch, FALSE, read_filtered, &self }, pieces };

  if (recording == NULL)
    return inion_cli_fail (error);
  for (guint c = 0; c < channels->len; c++)
    if (!filter_channel (&self, c, &error))
      {
        InionChannel *channel =
          inion_recording_get_channel (recording, g_array_index (channels, guint, c));

        g_prefix_error (&error, "Channel “%s”: ", inion_channel_get_label (channel));
        return inion_cli_fail (error);
      }
  if (!(inion_cli_json ? inion_cli_samples_print_json : inion_cli_samples_print_csv) (&self.samples, &error))
    return inion_cli_fail (error);
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
                        "Filters the recording and prints a stretch of it as CSV. What lies between "
                        "two gaps is\nfiltered as a whole and by itself; in a gap of all channels "
                        "there are no lines.",
                        INION_CLI_SAMPLES_JSON_HELP, entries, 1, 1, &code))
    return code;
  if (!parse_wish (&wish) || !inion_cli_stretch_parse (&stretch))
    return INION_CLI_USAGE;
  return filter (argv[1], &wish, &stretch);
}
