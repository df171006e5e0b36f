/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli render network. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-network.h"
#include "app/cli/cli-render.h"

#include "scalp/montage.h"
#include "widgets/render/head-graph.h"

#include <math.h>

/* The places of the network's channels; (0, 0, 0) for those without. Returns how many have one. */
static guint
locate (const InionCliNetwork *network,
        InionPosition         *positions)
{
  guint n_all = inion_recording_get_n_channels (network->recording), n = 0;
  g_autofree InionPosition *places = g_new0 (InionPosition, MAX (n_all, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n_all, 1));

  inion_montage_locate_channels (network->recording, places, known);
  for (gsize i = 0; i < network->n; i++)
    {
      guint channel = g_array_index (network->channels, guint, i);

      if (known[channel])
        positions[i] = places[channel];
      n += known[channel] ? 1 : 0;
    }
  return n;
}

/* An edge is a strength, as in the window: the sign of the imaginary part is that of a direction,
 * and an estimate of wPLI² below zero is one of zero. */
static void
make_strengths (InionCliNetwork          *network,
                InionConnectivityMeasure  measure)
{
  for (gsize i = 0; i < network->n * network->n; i++)
    network->matrix[i] = measure == INION_CONNECTIVITY_DEBIASED_WPLI
                           ? MAX (network->matrix[i], 0.0) : fabs (network->matrix[i]);
}

static guint
count_edges (const InionCliNetwork *network)
{
  guint n = 0;

  for (gsize i = 0; i < network->n; i++)
    for (gsize j = i + 1; j < network->n; j++)
      n += network->matrix[i * network->n + j] >= network->bound;
  return n;
}

static char *
dup_measure (const InionCliNetworkWish *wish)
{
  static const char *const titles[] = {
    [INION_CONNECTIVITY_COHERENCE] = "Coherence",
    [INION_CONNECTIVITY_IMAG_COHERENCE] = "Imaginary coherence",
    [INION_CONNECTIVITY_DEBIASED_WPLI] = "Debiased wPLI²",
  };

  return g_strdup_printf ("%s, %g–%g\u2009Hz", titles[wish->measure], wish->low_hz, wish->high_hz);
}

/* What the legend does not say. */
static char *
dup_note (const InionCliNetwork *network,
          guint                  n_placed)
{
  g_autofree char *name = g_path_get_basename (inion_recording_get_path (network->recording));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "null, largest pair 95\u2009%%: %.2f · %s · %" G_GSIZE_FORMAT
                          " epochs of %g\u2009s", network->bound, name, network->n_epochs,
                          network->epoch_s);
  if (n_placed < network->n)
    g_string_append_printf (text, " · %u channels without a place are left out",
                            (guint) network->n - n_placed);
  return g_string_free (text, FALSE);
}

static char *
dup_caption (const InionCliNetwork     *network,
             const InionCliNetworkWish *wish,
             guint                      n_placed)
{
  g_autofree char *name = g_path_get_basename (inion_recording_get_path (network->recording));
  gsize n = network->n;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u of %" G_GSIZE_FORMAT " edges · null, largest pair 95 %%: %.2f "
                          "· %s · %s, %g–%g Hz · %" G_GSIZE_FORMAT " epochs of %g s",
                          count_edges (network), n * (n - 1) / 2, network->bound, name,
                          inion_connectivity_measure_to_string (wish->measure), wish->low_hz,
                          wish->high_hz, network->n_epochs, network->epoch_s);
  if (n_placed < n)
    g_string_append_printf (text, " · %u channels without a place are left out",
                            (guint) n - n_placed);
  return g_string_free (text, FALSE);
}

static void
draw (InionCliCanvas            *canvas,
      const InionCliNetwork     *network,
      const InionCliNetworkWish *wish,
      const InionPosition       *positions,
      guint                      n_placed)
{
  g_autofree char *measure = dup_measure (wish);
  g_autofree char *note = dup_note (network, n_placed);
  g_autofree const char **names = g_new0 (const char *, network->n + 1);
  InionHeadGraphStyle style = {
    .dark = canvas->dark,
    .threshold = network->bound,
    .measure = measure,
    .caption = note,
    .highlight = -1,
  };

  for (gsize i = 0; i < network->n; i++)
    names[i] = inion_cli_network_get_label (network, i);
  inion_head_graph_draw (inion_cli_canvas_begin (canvas), 8, 8, canvas->width - 16,
                         canvas->height - 16, positions, names, network->matrix,
                         (guint) network->n, &style);
}

static void
print_report (const InionCliCanvas      *canvas,
              const InionCliNetwork     *network,
              const InionCliNetworkWish *wish,
              const char                *caption)
{
  InionJsonText *text;

  if (!inion_cli_json)
    {
      inion_cli_say ("%s\nThe picture is in %s", caption, canvas->output);
      return;
    }
  text = inion_cli_canvas_begin_json (canvas);
  inion_cli_json_string (text, "measure", inion_connectivity_measure_to_string (wish->measure));
  inion_json_text_key (text, "band_hz");
  inion_json_text_doubles (text, (const double[]) { wish->low_hz, wish->high_hz }, 2);
  inion_cli_json_double_or_null (text, "from_s", wish->stretch.from_s);
  inion_cli_json_double_or_null (text, "to_s", wish->stretch.to_s);
  inion_cli_json_int (text, "n_epochs", (gint64) network->n_epochs);
  inion_cli_json_double_or_null (text, "epoch_s", network->epoch_s);
  inion_cli_json_double_or_null (text, "null_bound_95", network->bound);
  inion_cli_json_int (text, "n_channels", (gint64) network->n);
  inion_cli_json_int (text, "n_edges", count_edges (network));
  inion_cli_json_string (text, "caption", caption);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static gboolean
render (InionCliCanvas       *canvas,
        InionCliNetworkWish  *wish,
        const char           *path,
        GError              **error)
{
  g_autoptr (InionCliNetwork) network = inion_cli_network_measure (wish, path, error);
  g_autofree InionPosition *positions = NULL;
  g_autofree char *caption = NULL;
  guint n_placed;

  if (network == NULL)
    return FALSE;
  positions = g_new0 (InionPosition, network->n);
  n_placed = locate (network, positions);
  if (n_placed < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Only %u of the %" G_GSIZE_FORMAT " channels have a known place on the "
                            "head: there is no network to draw. “inion-cli network” prints it.",
                            n_placed, network->n);
  make_strengths (network, wish->measure);
  caption = dup_caption (network, wish, n_placed);
  draw (canvas, network, wish, positions, n_placed);
  if (!inion_cli_canvas_finish (canvas, error))
    return FALSE;
  print_report (canvas, network, wish, caption);
  return TRUE;
}

int
inion_cli_render_network (int    argc,
                          char **argv)
{
  g_auto (InionCliCanvas) canvas = { 0 };
  g_auto (InionCliNetworkWish) wish = INION_CLI_NETWORK_WISH_INIT;
  const GOptionEntry entries[] = {
    INION_CLI_CANVAS_ENTRIES (canvas),
    INION_CLI_NETWORK_ENTRIES (wish),
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE -o OUT.png|.pdf|.svg",
                        "Draws the connections that exceed the bound of chance on the head, with a "
                        "legend. Imaginary\ncoherence unless told otherwise, as in the window: "
                        "plain coherence joins all neighbours.\n800 × 800 px unless told otherwise.",
                        "  " INION_CLI_CANVAS_KEYS ", measure, band_hz [low, high],\n"
                        "  from_s, to_s, n_epochs, epoch_s, null_bound_95, n_channels, n_edges, "
                        "caption",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_canvas_parse (&canvas, 800, 800) || !inion_cli_network_wish_parse (&wish))
    return INION_CLI_USAGE;
  return render (&canvas, &wish, argv[1], &error) ? INION_CLI_OK : inion_cli_fail (error);
}
