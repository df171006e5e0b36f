/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli render topomap: amplitude over the head at a time, or the patterns of a model. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-render.h"
#include "app/cli/cli-stretch.h"

#include "decode/model.h"
#include "display/shown-signal.h"
#include "recording/memory-recording.h"
#include "widgets/render/scalp-map.h"

#include <math.h>
#include <string.h>

/* A map between fewer electrodes says nothing. */
#define LEAST_ELECTRODES 3
#define CHUNK 65536

typedef struct
{
  InionCliCanvas canvas;
  InionCliFilter filter;
  InionCliStretch stretch;
  char *time_text;
  char *model;
} Wish;

static void
wish_clear (Wish *wish)
{
  inion_cli_canvas_clear (&wish->canvas);
  inion_cli_filter_clear (&wish->filter);
  inion_cli_stretch_clear (&wish->stretch);
  g_free (wish->time_text);
  g_free (wish->model);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* Electrodes that have a place, and what is there. */
typedef struct
{
  guint n;
  InionPosition *positions;
  char **names;
  double *values;
} Map;

static void
map_init (Map   *map,
          guint  most)
{
  *map = (Map) {
    .positions = g_new0 (InionPosition, MAX (most, 1)),
    .names = g_new0 (char *, most + 1),
    .values = g_new0 (double, MAX (most, 1)),
  };
}

static void
map_clear (Map *map)
{
  g_free (map->positions);
  g_strfreev (map->names);
  g_free (map->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Map, map_clear)

static void
map_add (Map                 *map,
         const InionPosition *position,
         const char          *name,
         double               value)
{
  map->positions[map->n] = *position;
  map->names[map->n] = g_strdup (name);
  map->values[map->n++] = value;
}

/* Amplitude. */

/* The mean over the stretch; over one sample where it is a moment. */
static gboolean
average (InionShownSignal       *signal,
         guint                   derivation,
         const InionCliStretch  *stretch,
         double                 *mean,
         GError                **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (signal);
  InionChannel *clock = inion_montage_get_clock (montage, derivation);
  g_autofree float *x = g_new (float, CHUNK);
  gint64 first, end;
  double sum = 0;

  inion_cli_stretch_to_samples (stretch, clock, &first, &end);
  end = MIN (MAX (end, first + 1), inion_channel_get_n_samples (clock));
  if (end <= first)
    return inion_set_error (error, INION_ERROR_TOO_FEW, "Channel “%s” has no sample at %g s.",
                            inion_channel_get_label (clock), stretch->from_s);
  for (gint64 at = first; at < end; at += CHUNK)
    {
      gsize n = (gsize) MIN ((gint64) CHUNK, end - at);

      if (!inion_shown_signal_read (signal, derivation, at, n, x, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        sum += (double) x[i];
    }
  *mean = sum / (double) (end - first);
  return TRUE;
}

static gboolean
measure (InionShownSignal       *signal,
         const InionCliStretch  *stretch,
         Map                    *map,
         GError                **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (signal);
  InionRecording *recording = inion_montage_get_recording (montage);
  guint n_channels = inion_recording_get_n_channels (recording);
  g_autofree InionPosition *places = g_new0 (InionPosition, MAX (n_channels, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n_channels, 1));

  inion_montage_locate_channels (recording, places, known);
  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    {
      const InionDerivation *derivation = inion_montage_get_derivation (montage, i);
      /* The first term of a referential derivation is the electrode itself. */
      guint own = derivation->channels[0];
      double value = 0;

      if (derivation->kind != INION_CHANNEL_EEG || !known[own])
        continue;
      if (!average (signal, i, stretch, &value, error))
        return FALSE;
      map_add (map, &places[own],
               inion_channel_get_label (inion_recording_get_channel (recording, own)), value);
    }
  if (map->n >= LEAST_ELECTRODES)
    return TRUE;
  return inion_set_error (error, INION_ERROR_TOO_FEW,
                          "Only %u of the %u channels have a known place on the head; a map needs "
                          "at "
                          "least %d.", map->n, n_channels, LEAST_ELECTRODES);
}

/* What is drawn, for people. */
static char *
dup_title (const Wish   *wish,
           InionMontage *montage)
{
  const char *path = inion_recording_get_path (inion_montage_get_recording (montage));
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autofree char *when =
    wish->stretch.to_s > wish->stretch.from_s
      ? g_strdup_printf ("mean of %.6g–%.6g s", wish->stretch.from_s, wish->stretch.to_s)
      : g_strdup_printf ("%.6g s", wish->stretch.from_s);

  return g_strjoin (" · ", name, when, note, NULL);
}

static void
draw_amplitude (Wish         *wish,
                InionMontage *montage,
                const Map    *map)
{
  g_autofree char *title = dup_title (wish, montage);
  InionScalpMapStyle style = {
    .dark = wish->canvas.dark,
    .names = TRUE,
    .unit = inion_channel_get_unit (inion_montage_get_clock (montage, 0)),
    .title = title,
  };

  inion_scalp_map_draw (inion_cli_canvas_begin (&wish->canvas), 8, 8, wish->canvas.width - 16,
                        wish->canvas.height - 16, map->positions, (const char *const *) map->names,
                        map->values, map->n, &style);
}

static void
report_amplitude (const Wish   *wish,
                  InionMontage *montage,
                  const Map    *map)
{
  InionJsonText *text;

  if (!inion_cli_json)
    {
      inion_cli_say ("%u electrodes at %g s are in %s", map->n, wish->stretch.from_s,
                     wish->canvas.output);
      return;
    }
  text = inion_cli_canvas_begin_json (&wish->canvas);
  inion_cli_json_string (text, "montage", inion_montage_get_id (montage));
  inion_cli_json_double_or_null (text, "from_s", wish->stretch.from_s);
  inion_cli_json_double_or_null (text, "to_s", wish->stretch.to_s);
  inion_cli_filter_add_json (&wish->filter, text);
  inion_json_text_key (text, "channels");
  inion_json_text_strings (text, (const char *const *) map->names);
  inion_cli_json_string (text, "unit",
                         inion_channel_get_unit (inion_montage_get_clock (montage, 0)));
  inion_json_text_key (text, "values");
  inion_json_text_doubles (text, map->values, map->n);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

/* Leaves the longest part without a gap of a stretch; a moment must not lie in one, but the middle
 * that nobody asked for moves to what was recorded next. */
static gboolean
avoid_gaps (Wish            *wish,
            InionRecording  *recording,
            GError         **error)
{
  InionCliStretch *stretch = &wish->stretch;
  double from_s = stretch->from_s, to_s = stretch->to_s, longest = -1;
  gboolean chosen = wish->time_text != NULL || to_s > from_s;

  for (guint i = 0; i < inion_recording_get_n_segments (recording); i++)
    {
      gint64 begin_ns, end_ns;
      double begin, end;

      inion_recording_get_segment (recording, i, &begin_ns, &end_ns);
      begin = MAX ((double) begin_ns / 1e9, from_s);
      end = MIN ((double) end_ns / 1e9, to_s);
      if (!chosen && (double) end_ns / 1e9 > from_s)
        end = begin;
      if (end < begin || end - begin <= longest || (double) end_ns / 1e9 <= begin)
        continue;
      longest = end - begin;
      stretch->from_s = begin;
      stretch->to_s = end;
    }
  if (longest < 0)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "At %g s there is a gap in the recording, and nothing to map", from_s);
  if (chosen && longest < to_s - from_s)
    inion_cli_say ("There is a gap in %g–%g s: only %g–%g s are looked at", from_s, to_s,
                   stretch->from_s, stretch->to_s);
  return TRUE;
}

/* A moment unless a stretch is asked for; the middle unless anything is. */
static gboolean
choose_time (Wish            *wish,
             InionRecording  *recording,
             GError         **error)
{
  gboolean moment = wish->stretch.from_text == NULL && wish->stretch.to_text == NULL;

  if (moment && wish->time_text == NULL)
    wish->stretch.from_s = (double) inion_recording_get_duration_ns (recording) / 2e9;
  if (!inion_cli_stretch_fit (&wish->stretch, recording, error))
    return FALSE;
  if (moment)
    wish->stretch.to_s = wish->stretch.from_s;
  return inion_recording_get_n_segments (recording) == 1 || avoid_gaps (wish, recording, error);
}

static gboolean
render_amplitude (Wish        *wish,
                  const char  *path,
                  GError     **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open_signal (path, error);
  g_autoptr (InionMontage) montage = NULL;
  g_autoptr (InionShownSignal) signal = NULL;
  g_auto (Map) map = { 0 };

  if (recording == NULL || !choose_time (wish, recording, error))
    return FALSE;
  montage = inion_montage_new ("average", recording, NULL, error);
  if (montage == NULL)
    return FALSE;
  inion_cli_filter_fit (&wish->filter, recording);
  signal = inion_shown_signal_new (montage, &wish->filter.filter);
  map_init (&map, inion_montage_get_n_derivations (montage));
  if (!measure (signal, &wish->stretch, &map, error))
    return FALSE;
  draw_amplitude (wish, montage, &map);
  if (!inion_cli_canvas_finish (&wish->canvas, error))
    return FALSE;
  report_amplitude (wish, montage, &map);
  return TRUE;
}

/* Patterns. */

/* Where a model's channels are: a recording with their names is asked, so that caps with names of
 * their own are known here, too. places: the model's channel of each electrode. */
static gboolean
locate (InionModel  *model,
        Map         *map,
        guint       *channels,
        GError     **error)
{
  g_autoptr (InionMemoryRecording) recording =
    inion_memory_recording_new (inion_model_get_rate_hz (model), NULL);
  guint n = inion_model_get_n_channels (model);
  g_autofree InionPosition *places = g_new0 (InionPosition, MAX (n, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n, 1));
  const double nothing = 0;

  for (guint i = 0; i < n; i++)
    inion_memory_recording_add_channel (recording, inion_model_get_channel (model, i), "µV",
                                        &nothing, 1);
  inion_montage_locate_channels (INION_RECORDING (recording), places, known);
  for (guint i = 0; i < n; i++)
    if (known[i])
      {
        channels[map->n] = i;
        map_add (map, &places[i], inion_model_get_channel (model, i), 0);
      }
  if (map->n >= LEAST_ELECTRODES)
    return TRUE;
  return inion_set_error (error, INION_ERROR_TOO_FEW,
                          "Only %u of the model's %u channels have a known place on the head; a "
                          "map "
                          "needs at least %d.", map->n, n, LEAST_ELECTRODES);
}

static void
draw_patterns (Wish        *wish,
               InionModel  *model,
               Map         *map,
               const guint *channels)
{
  cairo_t *cr = inion_cli_canvas_begin (&wish->canvas);
  guint n = inion_model_get_n_patterns (model);
  guint columns = (guint) ceil (sqrt (n * (double) wish->canvas.width / wish->canvas.height));
  guint rows;
  double width, height;

  columns = CLAMP (columns, 1, n);
  rows = (n + columns - 1) / columns;
  width = (double) wish->canvas.width / columns;
  height = (double) wish->canvas.height / rows;
  for (guint p = 0; p < n; p++)
    {
      const double *pattern = inion_model_get_pattern (model, p);
      g_autofree char *title = inion_model_dup_pattern_title (model, p);
      InionScalpMapStyle style = { .dark = wish->canvas.dark, .title = title };

      for (guint i = 0; i < map->n; i++)
        map->values[i] = pattern[channels[i]];
      inion_scalp_map_draw (cr, (p % columns) * width + 8, (p / columns) * height + 8, width - 16,
                            height - 16, map->positions, (const char *const *) map->names,
                            map->values, map->n, &style);
    }
}

static void
report_patterns (const Wish *wish,
                 InionModel *model,
                 const Map  *map)
{
  InionJsonText *text;

  if (!inion_cli_json)
    {
      inion_cli_say ("%u patterns are in %s", inion_model_get_n_patterns (model),
                     wish->canvas.output);
      return;
    }
  text = inion_cli_canvas_begin_json (&wish->canvas);
  inion_cli_json_string (text, "model", inion_model_get_fingerprint (model));
  inion_json_text_key (text, "patterns");
  inion_json_text_begin_array (text, INION_JSON_TIGHT);
  for (guint p = 0; p < inion_model_get_n_patterns (model); p++)
    {
      g_autofree char *title = inion_model_dup_pattern_title (model, p);

      inion_json_text_string (text, title);
    }
  inion_json_text_end_array (text);
  inion_json_text_key (text, "channels");
  inion_json_text_strings (text, (const char *const *) map->names);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static gboolean
render_patterns (Wish    *wish,
                 GError **error)
{
  g_autoptr (InionModel) model = inion_model_load (wish->model, error);
  g_autofree guint *channels = NULL;
  g_auto (Map) map = { 0 };

  if (model == NULL)
    return FALSE;
  if (inion_model_get_n_patterns (model) == 0)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "The model in “%s” has no spatial filters, and so no patterns to draw.",
                            wish->model);
  map_init (&map, inion_model_get_n_channels (model));
  channels = g_new0 (guint, inion_model_get_n_channels (model));
  if (!locate (model, &map, channels, error))
    return FALSE;
  draw_patterns (wish, model, &map, channels);
  if (!inion_cli_canvas_finish (&wish->canvas, error))
    return FALSE;
  report_patterns (wish, model, &map);
  return TRUE;
}

/* The verb. */

/* FALSE: usage printed. */
static gboolean
parse_wish (Wish *wish,
            int   n_files)
{
  gboolean stretch = wish->stretch.from_text != NULL || wish->stretch.to_text != NULL;
  double time;

  if ((wish->model != NULL) == (n_files == 1))
    inion_cli_usage ("draw a recording (FILE) or a model (--model MODEL)");
  else if (stretch && wish->time_text != NULL)
    inion_cli_usage ("--time is a moment, --from and --to a mean: give one of them");
  else if (inion_cli_canvas_parse (&wish->canvas, wish->model != NULL ? 960 : 640, 640) &&
           inion_cli_filter_parse (&wish->filter) && inion_cli_stretch_parse (&wish->stretch) &&
           inion_cli_parse_double_in ("--time", wish->time_text, 0, 0, 9e9, &time))
    {
      if (wish->time_text != NULL)
        wish->stretch.from_s = time;
      return TRUE;
    }
  return FALSE;
}

int
inion_cli_render_topomap (int    argc,
                          char **argv)
{
  g_auto (Wish) wish = { 0 };
  const GOptionEntry entries[] = {
    INION_CLI_CANVAS_ENTRIES (wish.canvas),
    { "time", 0, 0, G_OPTION_ARG_STRING, &wish.time_text, "At this second (the middle)", "S" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &wish.stretch.from_text, "Mean from this second on", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &wish.stretch.to_text, "Mean up to this second", "S" },
    INION_CLI_FILTER_ENTRIES (wish.filter),
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &wish.model,
      "Instead of a recording: the patterns of a model's spatial filters (Haufe)", "MODEL" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  gboolean good;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE|--model MODEL -o OUT.png|.pdf|.svg",
                        "Draws the amplitude over the head, to the average reference. 640 × 640 px "
                        "(960 × 640 for\npatterns) unless told otherwise.",
                        "  " INION_CLI_CANVAS_KEYS ",\n"
                        "  of a recording: montage, from_s, to_s, lff_hz, hff_hz, notch_hz (0: "
                        "off),\n"
                        "    channels [], unit, values []\n"
                        "  of a model: model (fingerprint), patterns [], channels []",
                        entries, 0, 1, &code))
    return code;
  if (!parse_wish (&wish, argc - 1))
    return INION_CLI_USAGE;
  good = wish.model != NULL ? render_patterns (&wish, &error)
                            : render_amplitude (&wish, argv[1], &error);
  return good ? INION_CLI_OK : inion_cli_fail (error);
}
