/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli render traces. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-render.h"
#include "app/cli/cli-stretch.h"
#include "app/cli/cli-study-find.h"
#include "app/convert/find-montage.h"

#include "display/page.h"
#include "widgets/render/page-picture.h"

#include <math.h>
#include <string.h>

#define PAGE_S 10.0
#define PX_PER_MM (96 / 25.4)
/* A page without a wish for its height: header and ruler, and lanes that names fit into. */
#define LEAST_HEIGHT 900
#define MOST_HEIGHT 4000
#define AROUND_LANES 90
#define LANE 20
/* The clinical one; less sensitive where traces would lie on each other. */
#define SENSITIVITY 7.0
/* The file's own events are facts, not opinions: they have no colour. */
#define EVENT_COLOR 0x808a94

typedef struct
{
  InionCliCanvas canvas;
  InionCliFilter filter;
  InionCliStretch stretch;
  char *montage;
  char *sensitivity_text;
  double sensitivity;       /* 0: what suits the page */
  char **kind_texts;        /* (nullable) KIND=UV */
  double kinds[INION_N_CHANNEL_KINDS]; /* µV/mm; 0: none wished */
  gboolean clip;
  gboolean remove_dc;
  gboolean butterfly;
  gboolean any_height;
  gboolean marks;
} Wish;

static void
wish_clear (Wish *wish)
{
  inion_cli_canvas_clear (&wish->canvas);
  inion_cli_filter_clear (&wish->filter);
  inion_cli_stretch_clear (&wish->stretch);
  g_free (wish->montage);
  g_free (wish->sensitivity_text);
  g_strfreev (wish->kind_texts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static void
append_mark (GArray     *marks,
             gint64      onset_ns,
             gint64      duration_ns,
             const char *label,
             guint32     color,
             gboolean    hatched)
{
  InionPageMark mark = {
    .from_s = (double) onset_ns / 1e9,
    .to_s = (double) (onset_ns + MAX (duration_ns, 0)) / 1e9,
    .label = label,
    .color = color,
    .hatched = hatched,
  };

  g_array_append_val (marks, mark);
}

/* Events of the file as points, as the window has them; marks of the study as what they span. The
 * labels belong to the events and to found. */
static GArray *
collect_marks (InionRecording *recording,
               GPtrArray      *found,
               InionPalette   *palette)
{
  GPtrArray *events = inion_recording_get_events (recording);
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (InionPageMark));

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (events, i);

      append_mark (marks, event->onset_ns, 0, event->text, EVENT_COLOR, FALSE);
    }
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      InionAnnotation *mark = g_ptr_array_index (found, i);
      const char *label = inion_annotation_get_label (mark);

      append_mark (marks, inion_annotation_get_onset_ns (mark),
                   inion_annotation_get_duration_ns (mark), label,
                   inion_palette_get_color (palette, label), inion_annotation_is_suggestion (mark));
    }
  return marks;
}

/* A page too long for its samples to be read at once needs the pyramid. */
static InionPage *
make_page (InionShownSignal       *signal,
           const InionCliStretch  *stretch,
           guint                   width,
           GError                **error)
{
  g_autoptr (InionPyramid) pyramid = NULL;
  g_autoptr (InionPyramid) built = NULL;
  g_autoptr (InionJob) job = NULL;
  g_autoptr (InionPage) page =
    inion_page_new (signal, NULL, stretch->from_s, stretch->to_s, width, NULL, error);

  if (page == NULL || !page->pending)
    return g_steal_pointer (&page);
  pyramid = inion_pyramid_new (signal, "");
  inion_pyramid_set_visible (pyramid, stretch->from_s, stretch->to_s);
  job = inion_pyramid_new_job (pyramid);
  built = inion_job_run (job, error);
  if (built == NULL)
    return NULL;
  return inion_page_new (signal, pyramid, stretch->from_s, stretch->to_s, width, NULL, error);
}

/* A picture cannot be turned up or down by who looks at it. */
static void
choose_scale (Wish         *wish,
              InionPage    *page,
              InionMontage *montage)
{
  int n = (int) MIN (page->n_derivations, 1000);
  double lane;

  if (wish->any_height)
    wish->canvas.height = CLAMP (AROUND_LANES + LANE * n, LEAST_HEIGHT, MOST_HEIGHT);
  lane = (wish->canvas.height - AROUND_LANES) / (double) MAX (n, 1);
  if (!(wish->sensitivity > 0))
    wish->sensitivity =
      MAX (SENSITIVITY, inion_trace_layout_suggest_sensitivity (page, montage, lane / PX_PER_MM));
}

static void
draw (Wish         *wish,
      InionPage    *page,
      InionMontage *montage,
      const GArray *marks)
{
  const char *path = inion_recording_get_path (inion_montage_get_recording (montage));
  g_autofree char *title = g_path_get_basename (path);
  InionPagePictureStyle style = {
    .dark = wish->canvas.dark,
    .title = title,
    .sensitivity = wish->sensitivity,
    .lff_hz = wish->filter.filter.lff_hz,
    .hff_hz = wish->filter.filter.hff_hz,
    .notch_hz = wish->filter.filter.notch_hz,
    .clip = wish->clip,
    .remove_dc = wish->remove_dc,
    .butterfly = wish->butterfly,
    .marks = (const InionPageMark *) (const void *) marks->data,
    .n_marks = marks->len,
  };

  memcpy (style.sensitivities, wish->kinds, sizeof style.sensitivities);
  inion_page_picture_draw (inion_cli_canvas_begin (&wish->canvas), wish->canvas.width,
                           wish->canvas.height, page, montage, &style);
}

static guint
count_in_view (GPtrArray             *found,
               const InionCliStretch *stretch)
{
  guint n = 0;

  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      InionAnnotation *mark = g_ptr_array_index (found, i);

      n += (double) inion_annotation_get_onset_ns (mark) / 1e9 < stretch->to_s &&
           (double) inion_annotation_get_end_ns (mark) / 1e9 >= stretch->from_s;
    }
  return n;
}

static void
print_report (const Wish   *wish,
              InionMontage *montage,
              guint         n_marks)
{
  InionJsonText *text;

  if (!inion_cli_json)
    {
      inion_cli_say ("%g s to %g s are in %s", wish->stretch.from_s, wish->stretch.to_s,
                     wish->canvas.output);
      return;
    }
  text = inion_cli_canvas_begin_json (&wish->canvas);
  inion_cli_json_string (text, "montage", inion_montage_get_id (montage));
  inion_cli_json_int (text, "n_derivations", inion_montage_get_n_derivations (montage));
  inion_cli_json_double_or_null (text, "from_s", wish->stretch.from_s);
  inion_cli_json_double_or_null (text, "to_s", wish->stretch.to_s);
  inion_cli_json_double_or_null (text, "sensitivity_uv_mm", wish->sensitivity);
  inion_cli_filter_add_json (&wish->filter, text);
  inion_cli_json_int (text, "n_marks", n_marks);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static gboolean
render (Wish        *wish,
        const char  *path,
        GError     **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open_signal (path, error);
  g_autoptr (InionMontage) montage = NULL;
  g_autoptr (InionShownSignal) signal = NULL;
  g_autoptr (InionPage) page = NULL;
  g_autoptr (InionPalette) palette = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GArray) marks = NULL;

  if (recording == NULL || !inion_recording_load_events (recording, NULL, error) ||
      !inion_cli_stretch_fit (&wish->stretch, recording, error))
    return FALSE;
  if (wish->stretch.to_text == NULL)
    wish->stretch.to_s = MIN (wish->stretch.to_s, wish->stretch.from_s + PAGE_S);
  montage = inion_find_montage (wish->montage != NULL ? wish->montage : "as-recorded", recording,
                                NULL, error);
  if (montage == NULL)
    return FALSE;
  if (wish->marks)
    {
      found = inion_cli_study_dup_marks (inion_recording_get_path (recording), &palette, error);
      if (found == NULL)
        return FALSE;
    }
  inion_cli_filter_fit (&wish->filter, recording);
  signal = inion_shown_signal_new (montage, &wish->filter.filter);
  page = make_page (signal, &wish->stretch, (guint) wish->canvas.width, error);
  if (page == NULL)
    return FALSE;
  marks = collect_marks (recording, found, palette);
  choose_scale (wish, page, montage);
  draw (wish, page, montage, marks);
  if (!inion_cli_canvas_finish (&wish->canvas, error))
    return FALSE;
  print_report (wish, montage, count_in_view (found, &wish->stretch));
  return TRUE;
}

/* FALSE: usage printed. */
static gboolean
parse_kinds (Wish *wish)
{
  for (guint i = 0; wish->kind_texts != NULL && wish->kind_texts[i] != NULL; i++)
    {
      const char *text = wish->kind_texts[i], *equals = strchr (text, '=');
      g_autofree char *name = equals != NULL ? g_strndup (text, (gsize) (equals - text)) : NULL;
      InionChannelKind kind;

      if (name == NULL || !inion_channel_kind_from_string (name, &kind))
        {
          inion_cli_usage ("--kind-sensitivity wants a kind and µV/mm, as ECG=100, not “%s”", text);
          return FALSE;
        }
      if (!inion_cli_parse_double_in ("--kind-sensitivity", equals + 1, 0, 0.001, 1e6,
                                      &wish->kinds[kind]))
        return FALSE;
    }
  return TRUE;
}

/* FALSE: usage printed. */
static gboolean
parse_montage (const char *id)
{
  g_autofree char *ids = NULL;

  if (id == NULL || inion_may_be_montage (id))
    return TRUE;
  ids = g_strjoinv (", ", (char **) inion_montage_get_ids ());
  inion_cli_usage ("there is no montage “%s”; there are %s, files (.montage, .mtg) and own:NAME", id,
                   ids);
  return FALSE;
}

int
inion_cli_render_traces (int    argc,
                         char **argv)
{
  g_auto (Wish) wish = { 0 };
  const GOptionEntry entries[] = {
    INION_CLI_CANVAS_ENTRIES (wish.canvas),
    { "montage", 0, 0, G_OPTION_ARG_STRING, &wish.montage,
      "as-recorded (default), average, longitudinal, …, a file (.montage, .mtg), own:NAME", "ID" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &wish.stretch.from_text, "From this second on (0)", "S" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &wish.stretch.to_text,
      "Up to this second (10 s later)", "S" },
    { "sensitivity", 0, 0, G_OPTION_ARG_STRING, &wish.sensitivity_text, 
      "µV/mm (7, or what keeps traces apart)", "UV" },
    { "kind-sensitivity", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wish.kind_texts,
      "µV/mm of EOG, ECG, EMG or respiration; again for another", "KIND=UV" },
    { "clip", 0, 0, G_OPTION_ARG_NONE, &wish.clip,
      "Keep traces in their lanes, and mark where they were cut off", NULL },
    { "remove-dc", 0, 0, G_OPTION_ARG_NONE, &wish.remove_dc,
      "Take the median of the page off each trace", NULL },
    { "butterfly", 0, 0, G_OPTION_ARG_NONE, &wish.butterfly,
      "All traces of a kind over one another", NULL },
    INION_CLI_FILTER_ENTRIES (wish.filter),
    { "marks", 0, 0, G_OPTION_ARG_NONE, &wish.marks,
      "With the marks of the recording's study", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE -o OUT.png|.pdf|.svg",
                        "Draws a page of traces, with the file's own events. 1600 × 900 px unless "
                        "told otherwise;\nhigher for many channels.",
                        "  " INION_CLI_CANVAS_KEYS ", montage, n_derivations, from_s, to_s,\n"
                        "  sensitivity_uv_mm, lff_hz, hff_hz, notch_hz (0: off), n_marks (of the\n"
                        "  study, on the page)",
                        entries, 1, 1, &code))
    return code;
  wish.any_height = wish.canvas.height == 0;
  if (!inion_cli_canvas_parse (&wish.canvas, 1600, LEAST_HEIGHT) || !parse_montage (wish.montage) ||
      !inion_cli_stretch_parse (&wish.stretch) || !inion_cli_filter_parse (&wish.filter) ||
      !inion_cli_parse_double_in ("--sensitivity", wish.sensitivity_text, 0, 0.001, 1e6,
                                  &wish.sensitivity) ||
      !parse_kinds (&wish))
    return INION_CLI_USAGE;
  return render (&wish, argv[1], &error) ? INION_CLI_OK : inion_cli_fail (error);
}
