/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Live workspace: the open recording played as a stream, the decoder's belief, its latency.
 *
 * The replay starts at the page in view. While it runs the cursor is the play head and pages turn
 * when it leaves them; who scrolls away is left alone until the head is on the page again. What a
 * decision says is shown as soon as it is there; numbers that only people read change twice a
 * second. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/live/live-panel.h"

#include "app/panel-kit.h"

#include "live/agreement.h"
#include "live/belief-history.h"
#include "live/online-decoder.h"
#include "live/replay-stream.h"
#include "widgets/render/plots.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define STEP_S 0.1            /* between decisions */
#define THRESHOLD 0.6         /* below it the decoder abstains */
#define HISTORY_S 30.0
#define MAX_CLASSES 64        /* a recipe has no more */
#define MAX_STRIP_CLASSES 32  /* more colours than anybody tells apart */
#define HEAD_INTERVAL_MS 33
#define READ_OUT_US 500000

typedef struct
{
  GtkWidget *area;
  GtkWidget *number;
  double probability;
} Bar;

struct _InionLivePanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GSimpleActionGroup *actions;
  GtkWidget *stack;           /* what is missing, or the workspace */
  GtkWidget *empty;           /* AdwStatusPage */
  GtkWidget *empty_button;
  GtkWidget *source_row;
  GtkWidget *model_row;
  GtkWidget *pause_button;
  GtkLabel *decision;
  GtkWidget *bars_grid;
  Bar bars[MAX_CLASSES];
  guint n_bars;
  gboolean sure;              /* whether the last decision reached the threshold */
  GtkWidget *history;
  GtkLabel *p50;
  GtkLabel *p95;
  GtkLabel *max;
  GtkLabel *rate;
  GtkLabel *lost;
  GtkLabel *delay;
  GtkLabel *summary;

  InionOnlineDecoder *decoder;
  InionReplayStream *replay;  /* (borrowed from the decoder) */
  InionAgreement *agreement;
  InionBeliefHistory *past;
  guint head_id;
  double started_s;
  double head_s;              /* the last head that was shown */
  gint64 read_out_us;
  guint64 read_out_decisions;
  gboolean training;          /* a causal copy is being trained */
};

G_DEFINE_FINAL_TYPE (InionLivePanel, inion_live_panel, GTK_TYPE_WIDGET)

static gboolean
is_playing (InionLivePanel *self)
{
  InionOnlineState state;

  if (self->decoder == NULL)
    return FALSE;
  state = inion_online_decoder_get_state (self->decoder);
  return state == INION_ONLINE_RUNNING || state == INION_ONLINE_PAUSED;
}

static void
set_enabled (InionLivePanel *self,
             const char     *name,
             gboolean        enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* A screen reader would read the underscore out. */
static void
set_label (GtkWidget  *button,
           const char *label)
{
  g_auto (GStrv) parts = g_strsplit (label, "_", 2);
  g_autofree char *name = g_strjoinv ("", parts);

  gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* The only place that enables and disables. */
static void
update_actions (InionLivePanel *self)
{
  InionModel *model = inion_view_state_get_model (self->state);
  InionRecipe *recipe = model != NULL ? inion_model_get_recipe (model) : NULL;
  gboolean causal = recipe != NULL && inion_recipe_is_causal (recipe, NULL);
  gboolean there = inion_view_state_get_recording (self->state) != NULL;
  gboolean playing = is_playing (self);
  gboolean paused = playing &&
                    inion_online_decoder_get_state (self->decoder) == INION_ONLINE_PAUSED;

  set_enabled (self, "start", there && causal && !playing);
  set_enabled (self, "pause", playing);
  set_enabled (self, "stop", playing);
  set_enabled (self, "train-causal", there && recipe != NULL && !causal && !self->training);
  set_label (self->pause_button, paused ? _("_Resume") : _("_Pause"));
}

/* The belief. */

static void
draw_bar (GtkDrawingArea *area,
          cairo_t        *cr,
          int             width,
          int             height,
          gpointer        data)
{
  InionLivePanel *self = data;
  guint k = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (area), "inion-class"));
  guint32 hue = inion_view_state_get_class_color (k);
  double filled = self->bars[k].probability * width, mark = rint (THRESHOLD * width) + 0.5;
  GdkRGBA fg;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &fg);
  cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, 0.09);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  /* Uncertainty is grey, never a hue. */
  if (self->sure)
    cairo_set_source_rgb (cr, (hue >> 16 & 0xff) / 255.0, (hue >> 8 & 0xff) / 255.0,
                          (hue & 0xff) / 255.0);
  else
    cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, 0.38);
  cairo_rectangle (cr, 0, 0, filled, height);
  cairo_fill (cr);
  cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, 0.55);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, mark, 0);
  cairo_line_to (cr, mark, height);
  cairo_stroke (cr);
}

static void
draw_history (GtkDrawingArea *area,
              cairo_t        *cr,
              int             width,
              int             height,
              gpointer        data)
{
  InionLivePanel *self = data;
  InionPlotStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)) };
  guint32 colors[MAX_CLASSES];
  gsize n = inion_belief_history_get_n (self->past);
  double to;
  GdkRGBA fg;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &fg);
  cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, 0.05);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  if (n == 0 || self->n_bars > MAX_STRIP_CLASSES)
    return;
  for (guint k = 0; k < self->n_bars; k++)
    colors[k] = inion_view_state_get_class_color (k);
  to = inion_belief_history_get_times (self->past)[n - 1] + STEP_S;
  inion_probability_lane_draw (cr, width, height, to - HISTORY_S, to,
                               inion_belief_history_get_times (self->past), n, STEP_S,
                               inion_belief_history_get_probabilities (self->past), self->n_bars,
                               colors, FALSE, &style);
}

static void
set_bar (InionLivePanel *self,
         guint           k,
         double          probability,
         gboolean        recolor)
{
  Bar *bar = &self->bars[k];
  g_autofree char *text = NULL;

  if (!recolor && fabs (probability - bar->probability) < 0.002)
    return;
  bar->probability = probability;
  text = g_strdup_printf ("%.2f", probability);
  gtk_label_set_text (GTK_LABEL (bar->number), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar->area), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  probability, -1);
  gtk_widget_queue_draw (bar->area);
}

static void
show_belief (InionLivePanel *self,
             const double   *probabilities)
{
  InionModel *model = inion_online_decoder_get_model (self->decoder);
  g_autofree char *text = NULL;
  gboolean sure, recolor;
  guint best = 0;

  for (guint k = 1; k < self->n_bars; k++)
    if (probabilities[k] > probabilities[best])
      best = k;
  sure = probabilities[best] >= THRESHOLD;
  recolor = sure != self->sure;
  self->sure = sure;
  for (guint k = 0; k < self->n_bars; k++)
    set_bar (self, k, probabilities[k], recolor);
  text = sure ? g_strdup_printf ("%s %.2f", inion_model_get_class (model, best),
                                 probabilities[best]) : g_strdup (_("uncertain"));
  gtk_label_set_text (self->decision, text);
  if (sure)
    gtk_widget_remove_css_class (GTK_WIDGET (self->decision), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->decision), "dim-label");
}

static void
on_decision (InionOnlineDecoder *decoder,
             gint64              sample,
             gpointer            probabilities,
             double              latency_ms,
             InionLivePanel     *self)
{
  InionModel *model = inion_online_decoder_get_model (decoder);
  double end_s = inion_replay_stream_sample_to_s (self->replay, sample);
  double length_s = inion_model_get_n_samples (model) / inion_model_get_rate_hz (model);

  inion_belief_history_add (self->past, end_s, probabilities);
  inion_agreement_add (self->agreement, llround ((end_s - length_s) * 1e9), llround (end_s * 1e9),
                       probabilities);
  show_belief (self, probabilities);
  gtk_widget_queue_draw (self->history);
}

/* Numbers that only people read. */

static void
show_ms (GtkLabel *label,
         double    ms)
{
  g_autofree char *text = isfinite (ms) ? g_strdup_printf ("%.1f\u2009ms", ms) : g_strdup ("–");

  gtk_label_set_text (label, text);
}

static void
show_read_out (InionLivePanel *self,
               double          decisions_a_second)
{
  InionOnlineStatistics statistics;
  g_autofree char *rate = NULL;
  g_autofree char *lost = NULL;

  inion_online_decoder_get_statistics (self->decoder, &statistics);
  show_ms (self->p50, statistics.p50_ms);
  show_ms (self->p95, statistics.p95_ms);
  show_ms (self->max, statistics.max_ms);
  rate = isfinite (decisions_a_second) ? g_strdup_printf (_("%.1f a second"), decisions_a_second)
                                       : g_strdup_printf (_("%" G_GUINT64_FORMAT " in all"),
                                                          statistics.n_decisions);
  lost = g_strdup_printf ("%" G_GUINT64_FORMAT, statistics.n_lost);
  gtk_label_set_text (self->rate, rate);
  gtk_label_set_text (self->lost, lost);
  if (statistics.n_lost > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->lost), "finding-error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->lost), "finding-error");
}

static void
clear_read_out (InionLivePanel *self)
{
  GtkLabel *labels[] = { self->p50, self->p95, self->max, self->rate, self->lost };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    gtk_label_set_text (labels[i], "–");
  gtk_widget_remove_css_class (GTK_WIDGET (self->lost), "finding-error");
}

static void
update_read_out (InionLivePanel *self)
{
  gint64 now = g_get_monotonic_time ();
  InionOnlineStatistics statistics;

  if (now - self->read_out_us < READ_OUT_US)
    return;
  inion_online_decoder_get_statistics (self->decoder, &statistics);
  show_read_out (self, (double) (statistics.n_decisions - self->read_out_decisions) * 1e6 /
                         (double) (now - self->read_out_us));
  self->read_out_us = now;
  self->read_out_decisions = statistics.n_decisions;
}

/* The play head. */

static gboolean
on_head (gpointer data)
{
  InionLivePanel *self = data;
  double from = inion_view_state_get_from (self->state);
  double page = inion_view_state_get_page (self->state);
  double head = inion_replay_stream_get_head (self->replay);

  update_read_out (self);
  if (fabs (head - self->head_s) < page / 2000.0)
    return G_SOURCE_CONTINUE;
  /* Only who was on the page with the head goes along with it. */
  if (head >= from + page && self->head_s >= from - 1e-9 && self->head_s <= from + page)
    inion_view_state_set_from (self->state, head < from + 2 * page ? from + page : head);
  self->head_s = head;
  inion_view_state_set_cursor (self->state, head, -1);
  return G_SOURCE_CONTINUE;
}

/* What is missing, or the workspace itself. */

/* The target first: a name and a target that do not fit, even for a moment, are a warning. */
static void
set_action (GtkWidget  *button,
            const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  g_action_parse_detailed_name (detailed, &name, &target, NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), NULL);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), name);
}

static void
show_missing (InionLivePanel *self,
              const char     *title,
              const char     *description,
              const char     *button,
              const char     *action)
{
  g_autofree char *escaped = g_markup_escape_text (description, -1);

  adw_status_page_set_title (ADW_STATUS_PAGE (self->empty), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->empty), escaped);
  set_label (self->empty_button, button);
  set_action (self->empty_button, action);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "missing");
}

static void
show_not_causal (InionLivePanel *self,
                 const char     *why_not)
{
  if (self->training)
    show_missing (self, _("Training a Causal Copy"),
                  _("The same recipe with a filter that needs no future. Its score appears in "
                    "Decode."),
                  _("Training…"), "live.train-causal");
  else
    show_missing (self, _("This Decoder Looks Ahead"), why_not, _("_Train a Causal Copy"),
                  "live.train-causal");
}

static void
show_rows (InionLivePanel *self,
           InionRecording *recording,
           InionModel     *model)
{
  g_autofree char *name = inion_recording_get_path (recording) != NULL
                            ? g_path_get_basename (inion_recording_get_path (recording))
                            : g_strdup (_("recording"));
  g_autofree char *title = g_strdup_printf (_("Replay of %s"), name);
  gboolean playing = is_playing (self);
  double from_s = playing ? self->started_s : inion_view_state_get_from (self->state);
  g_autofree char *from = inion_view_state_format_time (self->state, from_s, 1);
  g_autofree char *start = g_strdup_printf (playing ? _("started at %s")
                                                    : _("starts at the page, %s"), from);
  double length_s = inion_model_get_n_samples (model) / inion_model_get_rate_hz (model);
  g_autofree char *about =
    g_strdup_printf (_("%u channels, %g\u2009Hz, windows of %.3g\u2009s"),
                     inion_model_get_n_channels (model), inion_model_get_rate_hz (model), length_s);
  g_autofree char *delay =
    g_strdup_printf (_("Latency is from the arrival of a window's last sample to its decision. "
                       "What a decision says is about the %.3g\u2009s before it."), length_s);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->source_row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->source_row), start);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->model_row),
                                 inion_recipe_get_name (inion_model_get_recipe (model)));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->model_row), about);
  gtk_label_set_text (self->delay, delay);
}

static void
update (InionLivePanel *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  InionModel *model = inion_view_state_get_model (self->state);
  g_autofree char *why_not = NULL;

  if (recording == NULL)
    show_missing (self, _("No Recording"),
                  _("A recording can be played here as if it were just being recorded, and a "
                    "decoder runs along."), _("_Open…"), "win.open");
  else if (model == NULL)
    show_missing (self, _("No Decoder Yet"), _("Train a decoder in Decode first; here it then runs "
                                               "sample by sample."),
                  _("Go to _Decode"), "win.workspace::decode");
  else if (!inion_recipe_is_causal (inion_model_get_recipe (model), &why_not))
    show_not_causal (self, why_not);
  else
    {
      show_rows (self, recording, model);
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "live");
    }
  update_actions (self);
}

static void
on_page_changed (InionLivePanel *self)
{
  const char *shown = gtk_stack_get_visible_child_name (GTK_STACK (self->stack));

  if (g_str_equal (shown, "live"))
    show_rows (self, inion_view_state_get_recording (self->state),
               inion_view_state_get_model (self->state));
}

/* The end. */

/* The Decode workspace always learns from the recording in view: a result of this model's recipe
 * beside it means that it did here. */
static gboolean
was_trained_here (InionLivePanel *self)
{
  InionResult *result = inion_view_state_get_result (self->state);
  InionModel *model = inion_online_decoder_get_model (self->decoder);
  g_autofree char *scored = NULL;
  g_autofree char *fitted = NULL;

  if (result == NULL)
    return FALSE;
  scored = inion_recipe_to_json (inion_result_get_recipe (result));
  fitted = inion_recipe_to_json (inion_model_get_recipe (model));
  return g_str_equal (scored, fitted);
}

static void
show_summary (InionLivePanel *self)
{
  const GError *error = inion_online_decoder_get_error (self->decoder);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *claim = NULL;
  InionOnlineStatistics statistics;

  inion_online_decoder_get_statistics (self->decoder, &statistics);
  if (error != NULL)
    g_string_append_printf (text, "%s\n", error->message);
  g_string_append_printf (text, ngettext ("%" G_GUINT64_FORMAT " decision",
                                          "%" G_GUINT64_FORMAT " decisions",
                                          (gulong) statistics.n_decisions), statistics.n_decisions);
  if (statistics.n_decisions > 0)
    {
      g_string_append_printf (text, _(", latency p50 %.1f, p95 %.1f, p99 %.1f, max %.1f\u2009ms, "
                                      "%" G_GUINT64_FORMAT " samples lost."),
                              statistics.p50_ms, statistics.p95_ms, statistics.p99_ms,
                              statistics.max_ms, statistics.n_lost);
      claim = inion_agreement_dup_claim (self->agreement, was_trained_here (self));
      g_string_append_printf (text, "\n%s", claim);
    }
  else
    {
      g_string_append (text, _(": what was played is shorter than a window."));
    }
  gtk_label_set_text (self->summary, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), TRUE);
}

/* After the decoder has come to rest, whatever the reason. */
static void
on_rest (InionLivePanel *self)
{
  g_clear_handle_id (&self->head_id, g_source_remove);
  show_read_out (self, NAN);
  show_summary (self);
  update (self);
}

static void
drop_decoder (InionLivePanel *self)
{
  g_clear_handle_id (&self->head_id, g_source_remove);
  if (self->decoder != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->decoder, self);
      inion_online_decoder_stop (self->decoder);
    }
  self->replay = NULL;
  g_clear_object (&self->decoder);
  g_clear_pointer (&self->agreement, inion_agreement_free);
}

/* Building the bars of a model. */

static void
add_bar (InionLivePanel *self,
         InionModel     *model,
         guint           k)
{
  GtkWidget *name = gtk_label_new (inion_model_get_class (model, k));
  GtkWidget *number = gtk_label_new ("–");
  GtkWidget *area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_METER, NULL);
  g_autofree char *label = g_strdup_printf (_("Probability of %s"),
                                            inion_model_get_class (model, k));

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 14);
  gtk_label_set_width_chars (GTK_LABEL (number), 4);
  gtk_label_set_xalign (GTK_LABEL (number), 1);
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_set_hexpand (area, TRUE);
  gtk_widget_set_size_request (area, 120, 22);
  g_object_set_data (G_OBJECT (area), "inion-class", GUINT_TO_POINTER (k));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_bar, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0, -1);
  gtk_grid_attach (GTK_GRID (self->bars_grid), name, 0, (int) k, 1, 1);
  gtk_grid_attach (GTK_GRID (self->bars_grid), area, 1, (int) k, 1, 1);
  gtk_grid_attach (GTK_GRID (self->bars_grid), number, 2, (int) k, 1, 1);
  self->bars[k] = (Bar) { .area = area, .number = number };
}

/* The bars of the state's model, with nothing in them. */
static void
make_bars (InionLivePanel *self)
{
  InionModel *model = inion_view_state_get_model (self->state);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->bars_grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->bars_grid), child);
  g_clear_pointer (&self->past, inion_belief_history_free);
  self->sure = FALSE;
  self->n_bars = model != NULL ? inion_model_get_n_classes (model) : 0;
  self->past = inion_belief_history_new (self->n_bars, HISTORY_S);
  for (guint k = 0; k < self->n_bars; k++)
    add_bar (self, model, k);
  gtk_label_set_text (self->decision, "–");
  gtk_widget_add_css_class (GTK_WIDGET (self->decision), "dim-label");
  gtk_widget_queue_draw (self->history);
}

/* Recording or model changed: what ran with the old ones is over. */
static void
on_opened (InionLivePanel *self)
{
  gboolean playing = is_playing (self);

  drop_decoder (self);
  self->training = FALSE;
  make_bars (self);
  clear_read_out (self);
  gtk_label_set_text (self->summary, playing ? _("The decoder was changed while it ran. Press "
                                                 "Start to run the new one.") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary), playing);
  update (self);
}

/* No job is left: a training that gave no model has failed, and Decode says why. */
static void
on_jobs_changed (InionLivePanel *self)
{
  GListModel *jobs = G_LIST_MODEL (inion_view_state_get_jobs (self->state));

  if (g_list_model_get_n_items (jobs) == 0)
    self->training = FALSE;
  update (self);
}

/* Actions. */

static gboolean
make_decoder (InionLivePanel  *self,
              GError         **error)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  InionModel *model = inion_view_state_get_model (self->state);
  InionStudy *study = inion_view_state_get_study (self->state);
  InionDecodeSource source = { .recording = recording };
  g_autoptr (InionStream) stream = inion_replay_stream_new (recording, error);

  if (stream == NULL)
    return FALSE;
  self->decoder = inion_online_decoder_new (stream, model, STEP_S, error);
  if (self->decoder == NULL)
    return FALSE;
  self->replay = INION_REPLAY_STREAM (stream);
  source.annotations = study != NULL ? inion_study_get_annotations (study) : NULL;
  self->agreement = inion_agreement_new (inion_recipe_get_spec (inion_model_get_recipe (model)),
                                         &source, STEP_S / 2);
  g_signal_connect (self->decoder, "decision", G_CALLBACK (on_decision), self);
  g_signal_connect_swapped (self->decoder, "ended", G_CALLBACK (on_rest), self);
  g_signal_connect_swapped (self->decoder, "notify::state", G_CALLBACK (update_actions), self);
  return TRUE;
}

static double
get_speed (InionLivePanel *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "set-speed");
  g_autoptr (GVariant) speed = g_action_get_state (action);

  return g_variant_get_double (speed);
}

static void
on_start (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  InionLivePanel *self = data;
  double from = inion_view_state_get_from (self->state);
  g_autoptr (GError) error = NULL;

  drop_decoder (self);
  make_bars (self);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), FALSE);
  if (make_decoder (self, &error))
    {
      inion_replay_stream_set_speed (self->replay, get_speed (self));
      inion_replay_stream_set_from (self->replay, from);
      inion_online_decoder_start (self->decoder, &error);
    }
  if (error != NULL)
    {
      drop_decoder (self);
      gtk_label_set_text (self->summary, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->summary), TRUE);
      update_actions (self);
      return;
    }
  self->started_s = self->head_s = from;
  self->read_out_us = g_get_monotonic_time ();
  self->read_out_decisions = 0;
  self->head_id = g_timeout_add (HEAD_INTERVAL_MS, on_head, self);
  show_read_out (self, 0);
  on_page_changed (self);
}

static void
on_pause (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  InionLivePanel *self = data;

  if (inion_online_decoder_get_state (self->decoder) == INION_ONLINE_PAUSED)
    inion_online_decoder_resume (self->decoder);
  else
    inion_online_decoder_pause (self->decoder);
}

static void
on_stop (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionLivePanel *self = data;

  inion_online_decoder_stop (self->decoder);
  on_rest (self);
}

static void
on_set_speed (GSimpleAction *action,
              GVariant      *value,
              gpointer       data)
{
  InionLivePanel *self = data;
  double speed = g_variant_get_double (value);

  if (!(speed > 0 && speed <= 100))
    return;
  g_simple_action_set_state (action, value);
  if (self->replay != NULL)
    inion_replay_stream_set_speed (self->replay, speed);
}

static void
on_train_causal (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       data)
{
  InionLivePanel *self = data;
  InionRecipe *recipe = inion_model_get_recipe (inion_view_state_get_model (self->state));
  g_autoptr (InionRecipeSpec) spec = inion_recipe_spec_copy (inion_recipe_get_spec (recipe));
  g_autoptr (InionRecipe) causal = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *why_not = NULL;

  spec->phase = INION_RECIPE_PHASE_CAUSAL;
  causal = inion_recipe_new_from_spec (spec, &error);
  if (causal == NULL || !inion_recipe_is_causal (causal, &why_not))
    {
      adw_status_page_set_description (ADW_STATUS_PAGE (self->empty),
                                       error != NULL ? error->message : why_not);
      return;
    }
  inion_view_state_set_recipe (self->state, causal);
  gtk_widget_activate_action (GTK_WIDGET (self), "decode.train", NULL);
  self->training = TRUE;
  on_jobs_changed (self);
}

/* Building. */

static GtkWidget *
make_speed_row (void)
{
  static const double speeds[] = { 1, 2, 4 };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Speed"));
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    {
      g_autofree char *label = g_strdup_printf ("%g×", speeds[i]);
      g_autofree char *name = g_strdup_printf (_("%g times the clock"), speeds[i]);
      GtkWidget *button = gtk_toggle_button_new_with_label (label);

      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "d", speeds[i]);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "live.set-speed");
      gtk_widget_add_css_class (button, "numeric");
      gtk_widget_set_tooltip_text (button, name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      gtk_box_append (GTK_BOX (box), button);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  return row;
}

static void
build_source (InionLivePanel *self,
              GtkWidget      *box)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  inion_panel_heading (box, _("Source and decoder"));
  self->source_row = adw_action_row_new ();
  self->model_row = adw_action_row_new ();
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self->source_row), 1);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self->model_row), 1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->source_row), FALSE);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->model_row), FALSE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->source_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->model_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_speed_row ());
  gtk_box_append (GTK_BOX (box), group);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_widget_set_margin_top (buttons, 6);
  gtk_widget_set_margin_bottom (buttons, 12);
  set_label (inion_panel_button (buttons, "", "live.start", TRUE), _("_Start"));
  self->pause_button = inion_panel_button (buttons, _("_Pause"), "live.pause", FALSE);
  set_label (inion_panel_button (buttons, "", "live.stop", FALSE), _("S_top"));
  gtk_box_append (GTK_BOX (box), buttons);
}

static void
build_belief (InionLivePanel *self,
              GtkWidget      *box)
{
  GtkWidget *ends = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *past = gtk_label_new (_("30\u2009s ago"));
  GtkWidget *now = gtk_label_new (_("now"));

  inion_panel_heading (box, _("What the decoder believes"));
  self->decision = GTK_LABEL (gtk_label_new ("–"));
  gtk_label_set_xalign (self->decision, 0);
  gtk_label_set_ellipsize (self->decision, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->decision), "score");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->decision));
  self->bars_grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->bars_grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->bars_grid), 6);
  gtk_box_append (GTK_BOX (box), self->bars_grid);
  inion_panel_caption (box, _("Below 0.60, the line, it abstains."));
  self->history = inion_panel_plot (box, _("Probability of each class over the last 30 seconds"),
                                    44, draw_history, self);
  gtk_widget_set_hexpand (past, TRUE);
  gtk_label_set_xalign (GTK_LABEL (past), 0);
  gtk_widget_add_css_class (past, "caption");
  gtk_widget_add_css_class (past, "dim-label");
  gtk_widget_add_css_class (now, "caption");
  gtk_widget_add_css_class (now, "dim-label");
  gtk_box_append (GTK_BOX (ends), past);
  gtk_box_append (GTK_BOX (ends), now);
  gtk_widget_set_margin_bottom (ends, 12);
  gtk_box_append (GTK_BOX (box), ends);
}

static GtkLabel *
add_number (GtkWidget  *grid,
            int         row,
            const char *title)
{
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *value = gtk_label_new ("–");

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_add_css_class (value, "numeric");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name,
                                  NULL, -1);
  gtk_grid_attach (GTK_GRID (grid), name, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), value, 1, row, 1, 1);
  return GTK_LABEL (value);
}

static void
build_empty (InionLivePanel *self)
{
  self->empty = adw_status_page_new ();
  gtk_widget_add_css_class (self->empty, "compact");
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->empty), "inion-live-symbolic");
  self->empty_button = gtk_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (self->empty_button), TRUE);
  gtk_widget_set_halign (self->empty_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->empty_button, "pill");
  gtk_widget_add_css_class (self->empty_button, "suggested-action");
  adw_status_page_set_child (ADW_STATUS_PAGE (self->empty), self->empty_button);
  gtk_stack_add_named (GTK_STACK (self->stack), self->empty, "missing");
}

static void
build (InionLivePanel *self)
{
  GtkWidget *scroller;
  GtkWidget *box = inion_panel_column (&scroller);
  GtkWidget *grid = gtk_grid_new ();

  self->stack = gtk_stack_new ();
  build_empty (self);
  gtk_stack_add_named (GTK_STACK (self->stack), scroller, "live");
  build_source (self, box);
  build_belief (self, box);
  inion_panel_heading (box, _("Latency, sample to decision"));
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  self->p50 = add_number (grid, 0, _("Half within (p50)"));
  self->p95 = add_number (grid, 1, _("95\u2009% within (p95)"));
  self->max = add_number (grid, 2, _("Longest (max)"));
  self->rate = add_number (grid, 3, _("Decisions"));
  self->lost = add_number (grid, 4, _("Samples lost"));
  gtk_box_append (GTK_BOX (box), grid);
  self->delay = inion_panel_caption (box, NULL);
  self->summary = inion_panel_caption (box, NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->summary), "dim-label");
  gtk_label_set_selectable (self->summary, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), FALSE);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}

static void
inion_live_panel_dispose (GObject *object)
{
  InionLivePanel *self = INION_LIVE_PANEL (object);

  drop_decoder (self);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_pointer (&self->past, inion_belief_history_free);
  g_clear_object (&self->actions);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_live_panel_parent_class)->dispose (object);
}

static void
inion_live_panel_class_init (InionLivePanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_live_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "livepanel");
}

static void
inion_live_panel_init (InionLivePanel *self)
{
  static const GActionEntry entries[] = {
    { .name = "start", .activate = on_start },
    { .name = "pause", .activate = on_pause },
    { .name = "stop", .activate = on_stop },
    { .name = "set-speed", .parameter_type = "d", .state = "1.0", .change_state = on_set_speed },
    { .name = "train-causal", .activate = on_train_causal },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  build (self);
}

/**
 * inion_live_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the panel
 */
GtkWidget *
inion_live_panel_new (InionViewState *state)
{
  InionLivePanel *self = g_object_new (INION_TYPE_LIVE_PANEL, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::recording", G_CALLBACK (on_opened), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::model", G_CALLBACK (on_opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::from", G_CALLBACK (on_page_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (inion_view_state_get_jobs (state), "items-changed",
                           G_CALLBACK (on_jobs_changed), self, G_CONNECT_SWAPPED);
  on_opened (self);
  return GTK_WIDGET (self);
}

/**
 * inion_live_panel_get_actions:
 *
 * Returns: (transfer none): the panel's actions
 */
GActionGroup *
inion_live_panel_get_actions (InionLivePanel *self)
{
  return G_ACTION_GROUP (self->actions);
}
