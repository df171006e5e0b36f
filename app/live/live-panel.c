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

#include "app/live/belief-view.h"
#include "app/live/latency-view.h"
#include "app/live/live-summary.h"
#include "app/live/source-view.h"
#include "app/panel-kit.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define STEP_S 0.1            /* between decisions */
#define HEAD_INTERVAL_MS 33

struct _InionLivePanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GSimpleActionGroup *actions;
  GtkWidget *stack;           /* what is missing, or the workspace */
  GtkWidget *empty;           /* AdwStatusPage */
  GtkWidget *empty_button;
  InionSourceView *source;
  InionBeliefView *belief;
  InionLatencyView *latency;
  GtkLabel *summary;

  InionOnlineDecoder *decoder;
  InionReplayStream *replay;  /* (borrowed from the decoder) */
  InionAgreement *agreement;
  guint head_id;
  double started_s;
  double head_s;              /* the last head that was shown */
  gboolean training;          /* a causal copy is being trained */
  gboolean withheld;          /* the last window had no answer */
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
  inion_source_view_set_paused (self->source, paused);
  if (playing)
    inion_belief_view_set_paused (self->belief, paused);
}

/* The belief. */

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

  if (self->withheld)
    gtk_widget_set_visible (GTK_WIDGET (self->summary), FALSE);
  self->withheld = FALSE;
  inion_agreement_add (self->agreement, llround ((end_s - length_s) * 1e9), llround (end_s * 1e9),
                       probabilities);
  inion_belief_view_add (self->belief, end_s, probabilities);
}

/* There is nothing to believe: the last belief goes, and the reason is said. */
static void
on_no_answer (InionOnlineDecoder *decoder,
              gint64              sample,
              int                 why,
              InionLivePanel     *self)
{
  self->withheld = TRUE;
  inion_belief_view_withhold (self->belief);
  gtk_label_set_text (self->summary, inion_no_answer_get_reason ((InionNoAnswer) why));
  gtk_widget_set_visible (GTK_WIDGET (self->summary), TRUE);
}

/* The play head. */

static gboolean
on_head (gpointer data)
{
  InionLivePanel *self = data;
  double from = inion_view_state_get_from (self->state);
  double page = inion_view_state_get_page (self->state);
  double head = inion_replay_stream_get_head (self->replay);

  inion_latency_view_update (self->latency, self->decoder);
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
  inion_panel_set_label (self->empty_button, button);
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

/* Only where there is a recording and a model. */
static void
show_rows (InionLivePanel *self)
{
  InionModel *model = inion_view_state_get_model (self->state);

  if (is_playing (self))
    inion_source_view_show_playing (self->source, self->state, self->started_s);
  else
    inion_source_view_show_ready (self->source, self->state);
  inion_latency_view_set_window (self->latency, inion_model_get_n_samples (model) /
                                                  inion_model_get_rate_hz (model));
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
      show_rows (self);
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "live");
    }
  update_actions (self);
}

static void
on_page_changed (InionLivePanel *self)
{
  const char *shown = gtk_stack_get_visible_child_name (GTK_STACK (self->stack));

  if (g_str_equal (shown, "live"))
    show_rows (self);
}

/* The end. */

static void
show_summary (InionLivePanel *self)
{
  g_autofree char *text =
    inion_live_summary_dup_text (self->decoder, self->replay, self->agreement,
                                 inion_view_state_get_result (self->state));

  gtk_label_set_text (self->summary, text);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), TRUE);
}

/* After the decoder has come to rest, whatever the reason. */
static void
on_rest (InionLivePanel *self)
{
  double head = inion_replay_stream_get_head (self->replay);
  g_autofree char *when = inion_view_state_format_time (self->state, head, 0);

  g_clear_handle_id (&self->head_id, g_source_remove);
  inion_belief_view_stop (self->belief, when);
  inion_latency_view_rest (self->latency, self->decoder);
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

/* What changes. */

/* Recording or model changed: what ran with the old ones is over. */
static void
on_opened (InionLivePanel *self)
{
  gboolean playing = is_playing (self);

  drop_decoder (self);
  self->training = FALSE;
  inion_belief_view_set_model (self->belief, inion_view_state_get_model (self->state));
  inion_latency_view_clear (self->latency);
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
  self->decoder = inion_online_decoder_new_with_bad (stream, model,
                                                     inion_view_state_get_bad (self->state),
                                                     STEP_S, error);
  if (self->decoder == NULL)
    return FALSE;
  self->replay = INION_REPLAY_STREAM (stream);
  source.annotations = study != NULL ? inion_study_get_annotations (study) : NULL;
  self->agreement = inion_agreement_new (inion_recipe_get_spec (inion_model_get_recipe (model)),
                                         &source, STEP_S / 2);
  g_signal_connect (self->decoder, "decision", G_CALLBACK (on_decision), self);
  g_signal_connect (self->decoder, "no-answer", G_CALLBACK (on_no_answer), self);
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
  self->withheld = FALSE;
  inion_belief_view_set_model (self->belief, inion_view_state_get_model (self->state));
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
  self->head_id = g_timeout_add (HEAD_INTERVAL_MS, on_head, self);
  inion_belief_view_start (self->belief);
  inion_latency_view_start (self->latency, self->decoder);
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

  self->stack = gtk_stack_new ();
  build_empty (self);
  gtk_stack_add_named (GTK_STACK (self->stack), scroller, "live");
  self->source = INION_SOURCE_VIEW (inion_source_view_new ());
  self->belief = INION_BELIEF_VIEW (inion_belief_view_new (STEP_S));
  self->latency = INION_LATENCY_VIEW (inion_latency_view_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->source));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->belief));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->latency));
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
