/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on screen: the one truth of a window, to which every view binds.
 *
 * Views read the state and listen to "notify"; what they change, they change here, and no view
 * talks to another. What a person would want undone (montage, filters, sensitivity, bad channels)
 * is a setting of the study: the state writes it there and follows the study's "setting-changed",
 * so that undo and a click take the same way. Where one looks (time, page) is remembered by the
 * study but is not an edit. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/view-state-private.h"

#include "study/study-channels.h"
#include "study/study-montages.h"

#include <math.h>

enum
{
  MARKS_CHANGED,
  MESSAGE,
  N_SIGNALS
};

static GParamSpec *properties[VIEW_N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InionViewState, inion_view_state, G_TYPE_OBJECT)

void
_inion_view_state_notify (InionViewState *self,
                          guint           property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
_inion_view_state_say (InionViewState *self,
                       const char     *text)
{
  g_signal_emit (self, signals[MESSAGE], 0, text);
}

static void start_events (InionViewState *self);

/* Channels are what the study says of them. A recording does not change, so another takes its
 * place, of the same samples: where one looks and what is selected stays. */
static void
on_channels_changed (InionViewState *self)
{
  g_autoptr (InionRecording) recording = inion_study_edit_recording (self->study, self->original);
  gboolean loaded = inion_recording_get_events (self->recording) != NULL;

  if (recording == self->recording)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  g_set_object (&self->recording, recording);
  /* They are in memory already: this only copies them. */
  if (!loaded || !inion_recording_load_events (recording, NULL, NULL))
    start_events (self);
  _inion_view_state_notify (self, VIEW_PROP_RECORDING);
  _inion_view_state_apply_bad_setting (self);
  _inion_view_state_apply_montage_setting (self);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[MARKS_CHANGED], 0);
}

static void
on_setting_changed (InionViewState *self,
                    const char     *key)
{
  if (g_str_equal (key, INION_STUDY_CHANNELS))
    {
      on_channels_changed (self);
    }
  else if (g_str_equal (key, "montage"))
    {
      _inion_view_state_apply_montage_setting (self);
    }
  else if (g_str_equal (key, INION_STUDY_MONTAGES))
    {
      _inion_view_state_apply_own_montages (self);
    }
  else if (g_str_equal (key, "bad"))
    {
      _inion_view_state_apply_bad_setting (self);
      _inion_view_state_apply_montage_setting (self);
    }
  else if (g_str_equal (key, "filter"))
    {
      _inion_view_state_apply_filter_setting (self);
    }
  else if (g_str_equal (key, "sensitivity") || g_str_equal (key, "polarity"))
    {
      _inion_view_state_apply_scale_settings (self);
    }
  else if (g_str_equal (key, "recipe"))
    {
      _inion_view_state_apply_recipe_setting (self);
    }
  else
    {
      _inion_view_state_apply_show_settings (self);
    }
}

static void
on_marks_changed (InionViewState *self)
{
  if (self->study != NULL && self->selected_mark != 0 &&
      inion_annotation_set_lookup (inion_study_get_annotations (self->study),
                                   self->selected_mark) == NULL)
    inion_view_state_set_selected_mark (self, 0);
  g_signal_emit (self, signals[MARKS_CHANGED], 0);
}

/* Events of the file arrive in the background: indexing them is what makes opening slow. */

static gpointer
load_events (InionJob  *job,
             gpointer   data,
             GError   **error)
{
  inion_job_report (job, 0, "Reading events");
  return inion_recording_load_events (data, job, error) ? GINT_TO_POINTER (1) : NULL;
}

static void
on_events_loaded (InionJob     *job,
                  gpointer      result,
                  const GError *error,
                  gpointer      user_data)
{
  g_autoptr (InionViewState) self = user_data;

  /* Of a recording that is not open any more. */
  if (g_object_get_data (G_OBJECT (job), "inion-recording") != self->recording)
    return;
  if (error == NULL)
    g_signal_emit (self, signals[MARKS_CHANGED], 0);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _inion_view_state_say (self, error->message);
}

static void
start_events (InionViewState *self)
{
  g_autoptr (InionJob) job = inion_job_new ("Reading events", load_events,
                                            g_object_ref (self->recording), g_object_unref, NULL);

  g_object_set_data_full (G_OBJECT (job), "inion-recording", g_object_ref (self->recording),
                          g_object_unref);
  inion_job_list_submit (self->jobs, job, "events", on_events_loaded, g_object_ref (self));
}

/* GObject. */

static void
inion_view_state_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  InionViewState *self = INION_VIEW_STATE (object);

  switch (id)
    {
    case VIEW_PROP_RECORDING:
      g_value_set_object (value, self->recording);
      break;
    case VIEW_PROP_STUDY:
      g_value_set_object (value, self->study);
      break;
    case VIEW_PROP_MONTAGE:
      g_value_set_object (value, self->montage);
      break;
    case VIEW_PROP_FILTER:
      g_value_set_pointer (value, &self->filter);
      break;
    case VIEW_PROP_SIGNAL:
      g_value_set_object (value, self->signal);
      break;
    case VIEW_PROP_BAD:
      g_value_set_boxed (value, self->bad);
      break;
    case VIEW_PROP_SENSITIVITY:
      g_value_set_double (value, self->sensitivity);
      break;
    case VIEW_PROP_NEGATIVE_UP:
      g_value_set_boolean (value, self->negative_up);
      break;
    case VIEW_PROP_OPTIONS:
      g_value_set_pointer (value, self->options);
      break;
    case VIEW_PROP_KIND_SENSITIVITIES:
      g_value_set_pointer (value, self->kind_sensitivities);
      break;
    case VIEW_PROP_FROM:
      g_value_set_double (value, self->from_s);
      break;
    case VIEW_PROP_PAGE:
      g_value_set_double (value, self->page_s);
      break;
    case VIEW_PROP_FIRST_DERIVATION:
      g_value_set_uint (value, self->first_derivation);
      break;
    case VIEW_PROP_SELECTION:
      g_value_set_boolean (value, inion_view_state_get_selection (self, NULL, NULL));
      break;
    case VIEW_PROP_SELECTED_MARK:
      g_value_set_int64 (value, self->selected_mark);
      break;
    case VIEW_PROP_CURSOR:
      g_value_set_double (value, self->cursor_s);
      break;
    case VIEW_PROP_CALIPERS:
      g_value_set_boolean (value, inion_view_state_get_calipers (self, NULL));
      break;
    case VIEW_PROP_CALIPER_NOTE:
      g_value_set_string (value, self->caliper_note);
      break;
    case VIEW_PROP_RECIPE:
      g_value_set_object (value, self->recipe);
      break;
    case VIEW_PROP_MODEL:
      g_value_set_object (value, self->model);
      break;
    case VIEW_PROP_RESULT:
      g_value_set_object (value, self->result);
      break;
    case VIEW_PROP_TRACK:
      g_value_set_pointer (value, self->track);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
inion_view_state_dispose (GObject *object)
{
  InionViewState *self = INION_VIEW_STATE (object);

  if (self->recording != NULL)
    inion_view_state_close (self);
  G_OBJECT_CLASS (inion_view_state_parent_class)->dispose (object);
}

static void
inion_view_state_finalize (GObject *object)
{
  InionViewState *self = INION_VIEW_STATE (object);

  g_clear_object (&self->study_signals);
  g_clear_object (&self->jobs);
  g_clear_pointer (&self->back, g_array_unref);
  g_clear_pointer (&self->forward, g_array_unref);
  g_clear_pointer (&self->bad, g_strfreev);
  g_clear_object (&self->recipe);
  g_clear_object (&self->model);
  g_clear_object (&self->result);
  g_clear_pointer (&self->track, inion_track_free);
  G_OBJECT_CLASS (inion_view_state_parent_class)->finalize (object);
}

static void
inion_view_state_class_init (InionViewStateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = inion_view_state_get_property;
  object_class->dispose = inion_view_state_dispose;
  object_class->finalize = inion_view_state_finalize;

  properties[VIEW_PROP_RECORDING] =
    g_param_spec_object ("recording", NULL, NULL, INION_TYPE_RECORDING, flags);
  properties[VIEW_PROP_STUDY] = g_param_spec_object ("study", NULL, NULL, INION_TYPE_STUDY, flags);
  properties[VIEW_PROP_MONTAGE] = g_param_spec_object ("montage", NULL, NULL, INION_TYPE_MONTAGE, flags);
  properties[VIEW_PROP_FILTER] = g_param_spec_pointer ("filter", NULL, NULL, flags);
  properties[VIEW_PROP_SIGNAL] =
    g_param_spec_object ("signal", NULL, NULL, INION_TYPE_SHOWN_SIGNAL, flags);
  properties[VIEW_PROP_BAD] = g_param_spec_boxed ("bad", NULL, NULL, G_TYPE_STRV, flags);
  properties[VIEW_PROP_SENSITIVITY] =
    g_param_spec_double ("sensitivity", NULL, NULL, 0, G_MAXDOUBLE, 7, flags);
  properties[VIEW_PROP_NEGATIVE_UP] =
    g_param_spec_boolean ("negative-up", NULL, NULL, TRUE, flags);
  properties[VIEW_PROP_OPTIONS] = g_param_spec_pointer ("options", NULL, NULL, flags);
  properties[VIEW_PROP_KIND_SENSITIVITIES] =
    g_param_spec_pointer ("kind-sensitivities", NULL, NULL, flags);
  properties[VIEW_PROP_FROM] = g_param_spec_double ("from", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[VIEW_PROP_PAGE] = g_param_spec_double ("page", NULL, NULL, 0, G_MAXDOUBLE, 10, flags);
  properties[VIEW_PROP_FIRST_DERIVATION] =
    g_param_spec_uint ("first-derivation", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[VIEW_PROP_SELECTION] =
    g_param_spec_boolean ("selection", NULL, NULL, FALSE, flags);
  properties[VIEW_PROP_SELECTED_MARK] =
    g_param_spec_int64 ("selected-mark", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[VIEW_PROP_CURSOR] =
    g_param_spec_double ("cursor", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  properties[VIEW_PROP_CALIPERS] =
    g_param_spec_boolean ("calipers", NULL, NULL, FALSE, flags);
  properties[VIEW_PROP_CALIPER_NOTE] =
    g_param_spec_string ("caliper-note", NULL, NULL, NULL, flags);
  properties[VIEW_PROP_RECIPE] = g_param_spec_object ("recipe", NULL, NULL, INION_TYPE_RECIPE, flags);
  properties[VIEW_PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, INION_TYPE_MODEL, flags);
  properties[VIEW_PROP_RESULT] = g_param_spec_object ("result", NULL, NULL, INION_TYPE_RESULT, flags);
  properties[VIEW_PROP_TRACK] = g_param_spec_pointer ("track", NULL, NULL, flags);
  g_object_class_install_properties (object_class, VIEW_N_PROPS, properties);

  signals[MARKS_CHANGED] = g_signal_new ("marks-changed", INION_TYPE_VIEW_STATE, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", INION_TYPE_VIEW_STATE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
inion_view_state_init (InionViewState *self)
{
  self->jobs = inion_job_list_new ();
  self->back = g_array_new (FALSE, FALSE, sizeof (double));
  self->forward = g_array_new (FALSE, FALSE, sizeof (double));
  _inion_view_state_filter_from_text (NULL, &self->filter);
  self->sensitivity = 7.0;
  self->negative_up = TRUE;
  self->mains_hz = 50.0;
  self->page_s = 10.0;
  self->selection_from = NAN;
  self->selection_to = NAN;
  self->cursor_s = NAN;
  self->cursor_derivation = -1;
  self->study_signals = g_signal_group_new (INION_TYPE_STUDY);
  g_signal_group_connect_swapped (self->study_signals, "setting-changed",
                                  G_CALLBACK (on_setting_changed), self);
}

/**
 * inion_view_state_new:
 *
 * Returns: (transfer full): a state with nothing open
 */
InionViewState *
inion_view_state_new (void)
{
  return g_object_new (INION_TYPE_VIEW_STATE, NULL);
}

/**
 * inion_view_state_open:
 * @recording: what to look at
 * @study: its study, where everything is kept
 *
 * Shows a recording as its study remembers it and starts reading its events.
 */
void
inion_view_state_open (InionViewState *self,
                       InionRecording *recording,
                       InionStudy     *study)
{
  g_return_if_fail (INION_IS_VIEW_STATE (self));

  inion_view_state_close (self);
  self->original = g_object_ref (inion_edited_recording_get_original (recording));
  self->recording = inion_study_edit_recording (study, self->original);
  self->study = g_object_ref (study);
  g_signal_connect_object (inion_study_get_annotations (study), "items-changed",
                           G_CALLBACK (on_marks_changed), self, G_CONNECT_SWAPPED);
  g_object_freeze_notify (G_OBJECT (self));
  self->page_s = CLAMP (_inion_view_state_text_to_double (inion_study_get_view (study, "page"),
                                                          10.0),
                        INION_VIEW_STATE_SHORTEST_PAGE_S, MAX (inion_view_state_get_duration_s (self),
                                              INION_VIEW_STATE_SHORTEST_PAGE_S));
  self->from_s = _inion_view_state_clamp_from (self, _inion_view_state_text_to_double (inion_study_get_view (study, "from"), 0.0));
  _inion_view_state_filter_from_text (inion_study_get_setting (study, "filter"), &self->filter);
  _inion_view_state_apply_scale_settings (self);
  _inion_view_state_apply_show_settings (self);
  _inion_view_state_apply_bad_setting (self);
  _inion_view_state_apply_recipe_setting (self);
  for (guint i = VIEW_PROP_RECORDING; i < VIEW_N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  _inion_view_state_apply_montage_setting (self);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_group_set_target (self->study_signals, study);

  start_events (self);
  g_signal_emit (self, signals[MARKS_CHANGED], 0);
}

/**
 * inion_view_state_close:
 *
 * Cancels all jobs, closes the study and shows nothing.
 */
void
inion_view_state_close (InionViewState *self)
{
  g_return_if_fail (INION_IS_VIEW_STATE (self));

  if (self->save_view_id != 0)
    {
      g_source_remove (self->save_view_id);
      _inion_view_state_save_view (self);
    }
  inion_job_list_cancel_all (self->jobs);
  g_signal_group_set_target (self->study_signals, NULL);
  if (self->study != NULL)
    {
      g_signal_handlers_disconnect_by_func (inion_study_get_annotations (self->study),
                                            on_marks_changed, self);
      inion_study_close (self->study);
    }
  g_clear_object (&self->signal);
  g_clear_object (&self->pyramid);
  g_clear_object (&self->other_signal);
  g_clear_object (&self->other_pyramid);
  self->peeking = FALSE;
  g_clear_object (&self->montage);
  g_clear_object (&self->study);
  g_clear_object (&self->recording);
  g_clear_object (&self->original);
  g_clear_object (&self->model);
  g_clear_object (&self->result);
  g_clear_pointer (&self->track, inion_track_free);
  g_array_set_size (self->back, 0);
  g_array_set_size (self->forward, 0);
  self->selection_from = self->selection_to = NAN;
  self->selected_mark = 0;
  self->cursor_s = NAN;
  self->cursor_derivation = -1;
  self->calipers = (InionCalipers) { 0 };
  g_clear_pointer (&self->caliper_note, g_free);
  self->first_derivation = 0;
  for (guint i = VIEW_PROP_RECORDING; i < VIEW_N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

/**
 * inion_view_state_get_recording:
 *
 * Returns: (transfer none) (nullable): what is open
 */
InionRecording *
inion_view_state_get_recording (InionViewState *self)
{
  return self->recording;
}

/**
 * inion_view_state_get_study:
 *
 * Returns: (transfer none) (nullable): where everything is kept
 */
InionStudy *
inion_view_state_get_study (InionViewState *self)
{
  return self->study;
}

/**
 * inion_view_state_get_jobs:
 *
 * Returns: (transfer none): what is running
 */
InionJobList *
inion_view_state_get_jobs (InionViewState *self)
{
  return self->jobs;
}

/**
 * inion_view_state_get_duration_s:
 *
 * Returns: length of the recording in seconds; 0 if nothing is open
 */
double
inion_view_state_get_duration_s (InionViewState *self)
{
  if (self->recording == NULL)
    return 0.0;
  return (double) inion_recording_get_duration_ns (self->recording) / 1e9;
}

/**
 * inion_view_state_get_mains_hz:
 *
 * Returns: the mains frequency of the place, 50 or 60 Hz
 */
double
inion_view_state_get_mains_hz (InionViewState *self)
{
  return self->mains_hz;
}

/**
 * inion_view_state_set_mains_hz:
 * @mains_hz: 50 or 60
 */
void
inion_view_state_set_mains_hz (InionViewState *self,
                               double          mains_hz)
{
  self->mains_hz = mains_hz;
}
