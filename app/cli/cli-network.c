/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli network. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-network.h"

#include "network/epochs.h"

#include <math.h>

void
inion_cli_network_wish_clear (InionCliNetworkWish *self)
{
  inion_cli_stretch_clear (&self->stretch);
  g_clear_pointer (&self->measure_text, g_free);
  g_clear_pointer (&self->low_text, g_free);
  g_clear_pointer (&self->high_text, g_free);
  g_clear_pointer (&self->epoch_text, g_free);
}

gboolean
inion_cli_network_wish_parse (InionCliNetworkWish *self)
{
  /* As the window: what volume conduction alone makes is left out. */
  self->measure = INION_CONNECTIVITY_IMAG_COHERENCE;
  if (self->measure_text != NULL &&
      !inion_connectivity_measure_from_string (self->measure_text, &self->measure))
    {
      inion_cli_usage ("--measure is imaginary-coherence, coherence or debiased-wpli");
      return FALSE;
    }
  if (self->n_null < 19)
    {
      inion_cli_usage ("--null is at least 19: fewer draws know no 95 %% bound");
      return FALSE;
    }
  return inion_cli_parse_double ("--low", self->low_text, 8.0, &self->low_hz) &&
         inion_cli_parse_double ("--high", self->high_text, 13.0, &self->high_hz) &&
         inion_cli_parse_double_in ("--epoch", self->epoch_text, 1.0, 0.01, 3600,
                                    &self->epoch_s) &&
         inion_cli_stretch_parse (&self->stretch);
}

void
inion_cli_network_free (InionCliNetwork *self)
{
  g_clear_object (&self->recording);
  g_clear_pointer (&self->channels, g_array_unref);
  g_free (self->matrix);
  g_free (self);
}

const char *
inion_cli_network_get_label (const InionCliNetwork *self,
                             gsize                  index)
{
  return inion_channel_get_label (inion_recording_get_channel (
    self->recording, g_array_index (self->channels, guint, index)));
}

/* One clock for all channels. */
static gboolean
check_rates (InionCliNetwork *self,
             double          *rate,
             GError         **error)
{
  for (gsize c = 0; c < self->n; c++)
    {
      double own = inion_channel_get_rate_hz (inion_recording_get_channel (
        self->recording, g_array_index (self->channels, guint, c)));

      if (c == 0)
        *rate = own;
      else if (!G_APPROX_VALUE (*rate, own, 1e-9))
        return inion_set_error (error, INION_ERROR_INVALID,
                                "Channel “%s” has another rate than “%s”: name channels of one "
                                "rate "
                                "with --channels.", inion_cli_network_get_label (self, c),
                                inion_cli_network_get_label (self, 0));
    }
  return TRUE;
}

/* The stretch as [n_epochs][n_channels][n_samples], without what holds a gap. */
static double *
read_epochs (InionCliNetwork            *self,
             const InionCliNetworkWish  *wish,
             gsize                       n_samples,
             GError                    **error)
{
  const guint *channels = (const guint *) self->channels->data;
  double *data;
  gint64 first, end;

  inion_cli_stretch_to_samples (&wish->stretch,
                                inion_recording_get_channel (self->recording, channels[0]), &first,
                                &end);
  data = inion_epochs_read (self->recording, channels, self->n, first, end, n_samples,
                            &self->n_epochs, &self->n_left_out, NULL, error);
  if (data != NULL && self->n_left_out > 0)
    inion_cli_say ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " epochs hold a gap and are left out",
                   self->n_left_out, self->n_epochs + self->n_left_out);
  return data;
}

static gboolean
is_flat (const InionCliNetwork *self,
         const double          *data,
         gsize                  n_samples,
         gsize                  channel)
{
  for (gsize e = 0; e < self->n_epochs; e++)
    {
      const double *x = data + (e * self->n + channel) * n_samples;

      for (gsize i = 1; i < n_samples; i++)
        if (x[i] < x[0] || x[i] > x[0])
          return FALSE;
    }
  return TRUE;
}

/* A channel that never moves is coupled to nothing; where all are such the bound says nothing. */
static gboolean
check_flat (const InionCliNetwork  *self,
            const double           *data,
            gsize                   n_samples,
            GError                **error)
{
  g_autoptr (GString) flat = g_string_new (NULL);
  gsize n = 0;

  for (gsize c = 0; c < self->n && self->n_epochs > 0; c++)
    if (is_flat (self, data, n_samples, c))
      {
        g_string_append_printf (flat, "%s%s", n++ > 0 ? ", " : "",
                                inion_cli_network_get_label (self, c));
      }
  if (n > 0 && self->n - n < 2)
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "Connectivity needs two channels that are not flat; flat are %s.",
                            flat->str);
  if (n > 0)
    inion_cli_say ("Flat, and so without edges: %s", flat->str);
  return TRUE;
}

static gboolean
measure (InionCliNetwork            *self,
         const InionCliNetworkWish  *wish,
         GError                    **error)
{
  g_autofree double *data = NULL;
  gsize n_samples;
  double rate = 0;

  if (!check_rates (self, &rate, error))
    return FALSE;
  n_samples = (gsize) MAX (8, llround (wish->epoch_s * rate));
  self->epoch_s = (double) n_samples / rate;
  data = read_epochs (self, wish, n_samples, error);
  if (data == NULL || !check_flat (self, data, n_samples, error))
    return FALSE;
  self->matrix = g_new0 (double, self->n * self->n);
  return inion_connectivity (data, self->n_epochs, self->n, n_samples, rate, wish->measure,
                             wish->low_hz, wish->high_hz, self->matrix, NULL, error) &&
         inion_connectivity_null (data, self->n_epochs, self->n, n_samples, rate, wish->measure,
                                  wish->low_hz, wish->high_hz, (guint) wish->n_null, 1,
                                  &self->bound, NULL, error);
}

InionCliNetwork *
inion_cli_network_measure (InionCliNetworkWish  *wish,
                           const char           *path,
                           GError              **error)
{
  g_autoptr (InionCliNetwork) self = g_new0 (InionCliNetwork, 1);

  self->bound = NAN;
  self->recording =
    inion_cli_stretch_open (&wish->stretch, path, TRUE, &self->channels, error);
  if (self->recording == NULL)
    return NULL;
  self->n = self->channels->len;
  return measure (self, wish, error) ? g_steal_pointer (&self) : NULL;
}

static void
json_nodes (const InionCliNetwork *self,
            InionJsonText         *text)
{
  g_autofree double *degree = g_new0 (double, self->n);
  g_autofree double *strength = g_new0 (double, self->n);

  inion_graph_degree (self->matrix, self->n, self->bound, degree);
  inion_graph_strength (self->matrix, self->n, self->bound, strength);
  inion_json_text_key (text, "degree");
  inion_json_text_doubles (text, degree, self->n);
  inion_json_text_key (text, "strength");
  inion_json_text_doubles (text, strength, self->n);
}

static void
print_json (const InionCliNetwork     *self,
            const InionCliNetworkWish *wish)
{
  InionJsonText *text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "measure", inion_connectivity_measure_to_string (wish->measure));
  inion_json_text_key (text, "band_hz");
  inion_json_text_doubles (text, (const double[]) { wish->low_hz, wish->high_hz }, 2);
  inion_cli_json_int (text, "n_epochs", (gint64) self->n_epochs);
  inion_cli_json_int (text, "n_left_out", (gint64) self->n_left_out);
  inion_cli_json_double_or_null (text, "epoch_s", self->epoch_s);
  inion_cli_json_double_or_null (text, "null_bound_95", self->bound);
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_TIGHT);
  for (gsize i = 0; i < self->n; i++)
    inion_json_text_string (text, inion_cli_network_get_label (self, i));
  inion_json_text_end_array (text);
  inion_json_text_key (text, "matrix");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (gsize i = 0; i < self->n; i++)
    inion_json_text_doubles (text, self->matrix + i * self->n, self->n);
  inion_json_text_end_array (text);
  json_nodes (self, text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static void
print_csv (const InionCliNetwork     *self,
           const InionCliNetworkWish *wish)
{
  inion_cli_say ("%s, %g–%g Hz, %" G_GSIZE_FORMAT " epochs of %g s; null, largest pair 95 %%: %.4f",
                 inion_connectivity_measure_to_string (wish->measure), wish->low_hz, wish->high_hz,
                 self->n_epochs, self->epoch_s, self->bound);
  inion_cli_print ("channel_a,channel_b,value\n");
  for (gsize i = 0; i < self->n; i++)
    for (gsize j = i + 1; j < self->n; j++)
      {
        inion_cli_print_field (inion_cli_network_get_label (self, i));
        inion_cli_put_char (',');
        inion_cli_print_field (inion_cli_network_get_label (self, j));
        inion_cli_put_char (',');
        inion_cli_print_double ("%.9g", self->matrix[i * self->n + j]);
        inion_cli_put_char ('\n');
      }
}

int
inion_cli_network (int    argc,
                   char **argv)
{
  g_auto (InionCliNetworkWish) wish = INION_CLI_NETWORK_WISH_INIT;
  const GOptionEntry entries[] = { INION_CLI_NETWORK_ENTRIES (wish), { NULL } };
  g_autoptr (InionCliNetwork) network = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Connectivity of all pairs in a band, over epochs, with the bound that the "
                        "largest pair\nreaches in 5 % of cases without coupling. Imaginary "
                        "coherence unless told otherwise, as in\nthe window: plain coherence of "
                        "neighbours is high without any coupling. Epochs that\nhold a gap are left "
                        "out; stderr says how many.",
                        "  measure, band_hz [low, high], n_epochs, n_left_out (hold a gap), "
                        "epoch_s,\n"
                        "  null_bound_95, channels [], matrix [[…]],\n"
                        "  degree [], strength [] (at the bound)",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_network_wish_parse (&wish))
    return INION_CLI_USAGE;
  network = inion_cli_network_measure (&wish, argv[1], &error);
  if (network == NULL)
    return inion_cli_fail (error);
  if (inion_cli_json)
    print_json (network, &wish);
  else
    print_csv (network, &wish);
  return INION_CLI_OK;
}
