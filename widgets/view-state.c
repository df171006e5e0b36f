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

#include "widgets/view-state.h"

#include <math.h>

#define HISTORY_LENGTH 64
#define SHORTEST_PAGE_S 0.01

struct _InionViewState
{
  GObject parent_instance;

  InionRecording *recording;
  InionStudy *study;
  InionJobList *jobs;
  InionMontage *montage;
  InionDisplayFilter filter;
  InionShownSignal *signal;
  InionPyramid *pyramid;
  char **bad;
  double sensitivity;
  gboolean negative_up;
  double mains_hz;

  double from_s;
  double page_s;
  guint first_derivation;
  GArray *back;     /* double */
  GArray *forward;  /* double */
  guint save_view_id;

  double selection_from;
  double selection_to;
  gint64 selected_mark;
  double cursor_s;
  int cursor_derivation;

  InionRecipe *recipe;
  InionModel *model;
  InionResult *result;
  InionTrack *track;
  gboolean track_stale;

  GSignalGroup *study_signals;
};

enum
{
  PROP_0,
  PROP_RECORDING,
  PROP_STUDY,
  PROP_MONTAGE,
  PROP_FILTER,
  PROP_SIGNAL,
  PROP_BAD,
  PROP_SENSITIVITY,
  PROP_NEGATIVE_UP,
  PROP_FROM,
  PROP_PAGE,
  PROP_FIRST_DERIVATION,
  PROP_SELECTION,
  PROP_SELECTED_MARK,
  PROP_CURSOR,
  PROP_RECIPE,
  PROP_MODEL,
  PROP_RESULT,
  PROP_TRACK,
  N_PROPS
};

enum
{
  MARKS_CHANGED,
  MESSAGE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InionViewState, inion_view_state, G_TYPE_OBJECT)

/* Settings of the study, and their text. */

static char *
double_to_text (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, value));
}

static double
text_to_double (const char *text,
                double      fallback)
{
  char *end = NULL;
  double value;

  if (text == NULL || *text == '\0')
    return fallback;
  value = g_ascii_strtod (text, &end);
  return end != text && isfinite (value) ? value : fallback;
}

static char *
filter_to_text (const InionDisplayFilter *filter)
{
  g_autofree char *lff = double_to_text (filter->lff_hz);
  g_autofree char *hff = double_to_text (filter->hff_hz);
  g_autofree char *notch = double_to_text (filter->notch_hz);

  return g_strdup_printf ("%s %s %s %s", lff, hff, notch,
                          filter->phase == INION_PHASE_ZERO ? "zero" : "causal");
}

static void
filter_from_text (const char         *text,
                  InionDisplayFilter *filter)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 4);

  *filter = (InionDisplayFilter) { .lff_hz = 0.5, .hff_hz = 70.0, .phase = INION_PHASE_CAUSAL };
  if (g_strv_length (parts) != 4)
    return;
  filter->lff_hz = MAX (0.0, text_to_double (parts[0], 0.5));
  filter->hff_hz = MAX (0.0, text_to_double (parts[1], 70.0));
  filter->notch_hz = MAX (0.0, text_to_double (parts[2], 0.0));
  filter->phase = g_str_equal (parts[3], "zero") ? INION_PHASE_ZERO : INION_PHASE_CAUSAL;
}

/* The shown signal and its pyramid. */

static void
on_pyramid_done (InionJob     *job,
                 gpointer      result,
                 const GError *error,
                 gpointer      user_data)
{
  g_autoptr (InionViewState) self = user_data;

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
}

static void
rebuild_signal (InionViewState *self)
{
  g_clear_object (&self->signal);
  g_clear_object (&self->pyramid);
  if (self->montage != NULL)
    {
      g_autoptr (InionJob) job = NULL;

      self->signal = inion_shown_signal_new (self->montage, &self->filter);
      self->pyramid = inion_pyramid_new (self->signal, NULL);
      inion_pyramid_set_visible (self->pyramid, self->from_s, self->from_s + self->page_s);
      job = inion_pyramid_new_job (self->pyramid);
      inion_job_list_submit (self->jobs, job, "pyramid", on_pyramid_done, g_object_ref (self));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIGNAL]);
}

static gboolean
apply_montage (InionViewState  *self,
               const char      *id,
               GError         **error)
{
  g_autoptr (InionMontage) montage = NULL;

  if (self->recording == NULL)
    return TRUE;
  montage = inion_montage_new (id, self->recording, (const char *const *) self->bad, error);
  if (montage == NULL)
    return FALSE;
  g_set_object (&self->montage, montage);
  if (self->first_derivation >= inion_montage_get_n_derivations (montage))
    inion_view_state_set_first_derivation (self, 0);
  inion_view_state_set_cursor (self, self->cursor_s, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MONTAGE]);
  rebuild_signal (self);
  return TRUE;
}

static void
apply_montage_setting (InionViewState *self)
{
  const char *id = inion_study_get_setting (self->study, "montage");
  g_autoptr (GError) error = NULL;

  if (!apply_montage (self, id != NULL ? id : "as-recorded", &error))
    {
      g_signal_emit (self, signals[MESSAGE], 0, error->message);
      apply_montage (self, "as-recorded", NULL);
    }
}

static void
apply_bad_setting (InionViewState *self)
{
  const char *text = inion_study_get_setting (self->study, "bad");

  g_clear_pointer (&self->bad, g_strfreev);
  if (text != NULL && *text != '\0')
    self->bad = g_strsplit (text, "\n", -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BAD]);
}

static void
apply_filter_setting (InionViewState *self)
{
  InionDisplayFilter filter;

  filter_from_text (inion_study_get_setting (self->study, "filter"), &filter);
  if (inion_display_filter_equal (&filter, &self->filter))
    return;
  self->filter = filter;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER]);
  rebuild_signal (self);
}

static void
apply_scale_settings (InionViewState *self)
{
  double sensitivity = text_to_double (inion_study_get_setting (self->study, "sensitivity"), 7.0);
  gboolean negative_up = g_strcmp0 (inion_study_get_setting (self->study, "polarity"),
                                    "positive-up") != 0;

  if (sensitivity > 0 && !G_APPROX_VALUE (sensitivity, self->sensitivity, 1e-12))
    {
      self->sensitivity = sensitivity;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENSITIVITY]);
    }
  if (negative_up != self->negative_up)
    {
      self->negative_up = negative_up;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEGATIVE_UP]);
    }
}

static void
apply_recipe_setting (InionViewState *self)
{
  const char *text = inion_study_get_setting (self->study, "recipe");
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;

  if (text != NULL)
    recipe = inion_recipe_new_from_json (text, -1, &error);
  if (error != NULL)
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
  g_set_object (&self->recipe, recipe);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECIPE]);
}

static void
on_setting_changed (InionViewState *self,
                    const char     *key)
{
  if (g_str_equal (key, "montage"))
    {
      apply_montage_setting (self);
    }
  else if (g_str_equal (key, "bad"))
    {
      apply_bad_setting (self);
      apply_montage_setting (self);
    }
  else if (g_str_equal (key, "filter"))
    {
      apply_filter_setting (self);
    }
  else if (g_str_equal (key, "sensitivity") || g_str_equal (key, "polarity"))
    {
      apply_scale_settings (self);
    }
  else if (g_str_equal (key, "recipe"))
    {
      apply_recipe_setting (self);
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

  if (error == NULL)
    g_signal_emit (self, signals[MARKS_CHANGED], 0);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[MESSAGE], 0, error->message);
}

/* Where one looks. */

static gboolean
save_view (gpointer data)
{
  InionViewState *self = data;

  self->save_view_id = 0;
  if (self->study != NULL)
    {
      g_autofree char *from = double_to_text (self->from_s);
      g_autofree char *page = double_to_text (self->page_s);

      inion_study_set_view (self->study, "from", from);
      inion_study_set_view (self->study, "page", page);
    }
  return G_SOURCE_REMOVE;
}

static void
schedule_save_view (InionViewState *self)
{
  if (self->save_view_id == 0 && self->study != NULL)
    self->save_view_id = g_timeout_add (500, save_view, self);
}

static double
clamp_from (InionViewState *self,
            double          from_s)
{
  double last = inion_view_state_get_duration_s (self) - self->page_s;

  return isfinite (from_s) ? MAX (0.0, MIN (from_s, last)) : self->from_s;
}

static void
remember_place (InionViewState *self)
{
  g_array_append_val (self->back, self->from_s);
  if (self->back->len > HISTORY_LENGTH)
    g_array_remove_index (self->back, 0);
  g_array_set_size (self->forward, 0);
}

static gboolean
step_history (InionViewState *self,
              GArray         *from,
              GArray         *to)
{
  double place;

  if (from->len == 0)
    return FALSE;
  place = g_array_index (from, double, from->len - 1);
  g_array_set_size (from, from->len - 1);
  g_array_append_val (to, self->from_s);
  inion_view_state_set_from (self, place);
  return TRUE;
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
    case PROP_RECORDING:
      g_value_set_object (value, self->recording);
      break;
    case PROP_STUDY:
      g_value_set_object (value, self->study);
      break;
    case PROP_MONTAGE:
      g_value_set_object (value, self->montage);
      break;
    case PROP_FILTER:
      g_value_set_pointer (value, &self->filter);
      break;
    case PROP_SIGNAL:
      g_value_set_object (value, self->signal);
      break;
    case PROP_BAD:
      g_value_set_boxed (value, self->bad);
      break;
    case PROP_SENSITIVITY:
      g_value_set_double (value, self->sensitivity);
      break;
    case PROP_NEGATIVE_UP:
      g_value_set_boolean (value, self->negative_up);
      break;
    case PROP_FROM:
      g_value_set_double (value, self->from_s);
      break;
    case PROP_PAGE:
      g_value_set_double (value, self->page_s);
      break;
    case PROP_FIRST_DERIVATION:
      g_value_set_uint (value, self->first_derivation);
      break;
    case PROP_SELECTION:
      g_value_set_boolean (value, inion_view_state_get_selection (self, NULL, NULL));
      break;
    case PROP_SELECTED_MARK:
      g_value_set_int64 (value, self->selected_mark);
      break;
    case PROP_CURSOR:
      g_value_set_double (value, self->cursor_s);
      break;
    case PROP_RECIPE:
      g_value_set_object (value, self->recipe);
      break;
    case PROP_MODEL:
      g_value_set_object (value, self->model);
      break;
    case PROP_RESULT:
      g_value_set_object (value, self->result);
      break;
    case PROP_TRACK:
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

  properties[PROP_RECORDING] =
    g_param_spec_object ("recording", NULL, NULL, INION_TYPE_RECORDING, flags);
  properties[PROP_STUDY] = g_param_spec_object ("study", NULL, NULL, INION_TYPE_STUDY, flags);
  properties[PROP_MONTAGE] = g_param_spec_object ("montage", NULL, NULL, INION_TYPE_MONTAGE, flags);
  properties[PROP_FILTER] = g_param_spec_pointer ("filter", NULL, NULL, flags);
  properties[PROP_SIGNAL] =
    g_param_spec_object ("signal", NULL, NULL, INION_TYPE_SHOWN_SIGNAL, flags);
  properties[PROP_BAD] = g_param_spec_boxed ("bad", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_SENSITIVITY] =
    g_param_spec_double ("sensitivity", NULL, NULL, 0, G_MAXDOUBLE, 7, flags);
  properties[PROP_NEGATIVE_UP] =
    g_param_spec_boolean ("negative-up", NULL, NULL, TRUE, flags);
  properties[PROP_FROM] = g_param_spec_double ("from", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_PAGE] = g_param_spec_double ("page", NULL, NULL, 0, G_MAXDOUBLE, 10, flags);
  properties[PROP_FIRST_DERIVATION] =
    g_param_spec_uint ("first-derivation", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SELECTION] =
    g_param_spec_boolean ("selection", NULL, NULL, FALSE, flags);
  properties[PROP_SELECTED_MARK] =
    g_param_spec_int64 ("selected-mark", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_CURSOR] =
    g_param_spec_double ("cursor", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  properties[PROP_RECIPE] = g_param_spec_object ("recipe", NULL, NULL, INION_TYPE_RECIPE, flags);
  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, INION_TYPE_MODEL, flags);
  properties[PROP_RESULT] = g_param_spec_object ("result", NULL, NULL, INION_TYPE_RESULT, flags);
  properties[PROP_TRACK] = g_param_spec_pointer ("track", NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

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
  filter_from_text (NULL, &self->filter);
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
  g_autoptr (InionJob) job = NULL;

  g_return_if_fail (INION_IS_VIEW_STATE (self));

  inion_view_state_close (self);
  self->recording = g_object_ref (recording);
  self->study = g_object_ref (study);
  g_signal_connect_object (inion_study_get_annotations (study), "items-changed",
                           G_CALLBACK (on_marks_changed), self, G_CONNECT_SWAPPED);
  g_object_freeze_notify (G_OBJECT (self));
  self->page_s = CLAMP (text_to_double (inion_study_get_view (study, "page"), 10.0),
                        SHORTEST_PAGE_S, MAX (inion_view_state_get_duration_s (self),
                                              SHORTEST_PAGE_S));
  self->from_s = clamp_from (self, text_to_double (inion_study_get_view (study, "from"), 0.0));
  filter_from_text (inion_study_get_setting (study, "filter"), &self->filter);
  apply_scale_settings (self);
  apply_bad_setting (self);
  apply_recipe_setting (self);
  for (guint i = PROP_RECORDING; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  apply_montage_setting (self);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_group_set_target (self->study_signals, study);

  job = inion_job_new ("Reading events", load_events, g_object_ref (recording), g_object_unref,
                       NULL);
  inion_job_list_submit (self->jobs, job, "events", on_events_loaded, g_object_ref (self));
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
      save_view (self);
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
  g_clear_object (&self->montage);
  g_clear_object (&self->study);
  g_clear_object (&self->recording);
  g_clear_object (&self->model);
  g_clear_object (&self->result);
  g_clear_pointer (&self->track, inion_track_free);
  g_array_set_size (self->back, 0);
  g_array_set_size (self->forward, 0);
  self->selection_from = self->selection_to = NAN;
  self->selected_mark = 0;
  self->cursor_s = NAN;
  self->cursor_derivation = -1;
  self->first_derivation = 0;
  for (guint i = PROP_RECORDING; i < N_PROPS; i++)
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

/**
 * inion_view_state_set_montage:
 * @id: a montage id
 * @error: return location
 *
 * Chooses a montage, as an undoable edit.
 *
 * Returns: %FALSE if the recording does not allow it
 */
gboolean
inion_view_state_set_montage (InionViewState  *self,
                              const char      *id,
                              GError         **error)
{
  g_autoptr (InionMontage) montage = NULL;
  g_autofree char *title = NULL;

  if (self->recording == NULL ||
      (self->montage != NULL && g_str_equal (inion_montage_get_id (self->montage), id)))
    return TRUE;
  montage = inion_montage_new (id, self->recording, (const char *const *) self->bad, error);
  if (montage == NULL)
    return FALSE;
  title = g_strdup_printf ("Montage %s", inion_montage_get_title (montage));
  inion_study_set_setting (self->study, "montage", id, title);
  /* A read-only study keeps nothing, but one may still look. */
  if (inion_study_is_read_only (self->study))
    return apply_montage (self, id, error);
  return TRUE;
}

/**
 * inion_view_state_get_montage:
 *
 * Returns: (transfer none) (nullable): the montage shown
 */
InionMontage *
inion_view_state_get_montage (InionViewState *self)
{
  return self->montage;
}

/**
 * inion_view_state_set_filter:
 * @filter: the display filter
 *
 * Sets LFF, HFF, notch and phase, as an undoable edit.
 */
void
inion_view_state_set_filter (InionViewState           *self,
                             const InionDisplayFilter *filter)
{
  g_autofree char *text = NULL;
  const char *title = "Filter";

  if (self->study == NULL || inion_display_filter_equal (filter, &self->filter))
    return;
  if (filter->lff_hz != self->filter.lff_hz)
    title = "Low-frequency filter";
  else if (filter->hff_hz != self->filter.hff_hz)
    title = "High-frequency filter";
  else if (filter->notch_hz != self->filter.notch_hz)
    title = "Notch filter";
  else
    title = "Filter phase";
  text = filter_to_text (filter);
  if (inion_study_is_read_only (self->study))
    {
      self->filter = *filter;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER]);
      rebuild_signal (self);
      return;
    }
  inion_study_set_setting (self->study, "filter", text, title);
}

/**
 * inion_view_state_get_filter:
 *
 * Returns: (transfer none): the display filter
 */
const InionDisplayFilter *
inion_view_state_get_filter (InionViewState *self)
{
  return &self->filter;
}

/**
 * inion_view_state_get_signal:
 *
 * Returns: (transfer none) (nullable): the shown signal
 */
InionShownSignal *
inion_view_state_get_signal (InionViewState *self)
{
  return self->signal;
}

/**
 * inion_view_state_get_pyramid:
 *
 * Returns: (transfer none) (nullable): the pyramid of the shown signal
 */
InionPyramid *
inion_view_state_get_pyramid (InionViewState *self)
{
  return self->pyramid;
}

/**
 * inion_view_state_get_bad:
 *
 * Returns: (nullable) (transfer none): labels of the channels marked bad
 */
const char *const *
inion_view_state_get_bad (InionViewState *self)
{
  return (const char *const *) self->bad;
}

/**
 * inion_view_state_is_bad:
 * @label: a channel's label
 *
 * Returns: whether the channel is marked bad
 */
gboolean
inion_view_state_is_bad (InionViewState *self,
                         const char     *label)
{
  return self->bad != NULL && g_strv_contains ((const char *const *) self->bad, label);
}

/**
 * inion_view_state_set_bad:
 * @label: a channel's label
 * @bad: whether it is bad
 *
 * Marks a channel bad or good, as an undoable edit.
 */
void
inion_view_state_set_bad (InionViewState *self,
                          const char     *label,
                          gboolean        bad)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) labels = NULL;
  g_autofree char *text = NULL;
  g_autofree char *title = NULL;

  if (self->study == NULL || inion_view_state_is_bad (self, label) == bad)
    return;
  builder = g_strv_builder_new ();
  for (guint i = 0; self->bad != NULL && self->bad[i] != NULL; i++)
    if (!g_str_equal (self->bad[i], label))
      g_strv_builder_add (builder, self->bad[i]);
  if (bad)
    g_strv_builder_add (builder, label);
  labels = g_strv_builder_end (builder);
  text = g_strjoinv ("\n", labels);
  title = g_strdup_printf (bad ? "Mark channel %s bad" : "Mark channel %s good", label);
  inion_study_set_setting (self->study, "bad", text, title);
}

/**
 * inion_view_state_get_sensitivity:
 *
 * Returns: sensitivity in µV/mm
 */
double
inion_view_state_get_sensitivity (InionViewState *self)
{
  return self->sensitivity;
}

/**
 * inion_view_state_set_sensitivity:
 * @uv_per_mm: µV per mm on the screen, over 0
 */
void
inion_view_state_set_sensitivity (InionViewState *self,
                                  double          uv_per_mm)
{
  g_autofree char *text = NULL;

  if (self->study == NULL || !(uv_per_mm > 0) ||
      G_APPROX_VALUE (uv_per_mm, self->sensitivity, 1e-12))
    return;
  if (inion_study_is_read_only (self->study))
    {
      self->sensitivity = uv_per_mm;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENSITIVITY]);
      return;
    }
  text = double_to_text (uv_per_mm);
  inion_study_set_setting (self->study, "sensitivity", text, "Sensitivity");
}

/**
 * inion_view_state_get_negative_up:
 *
 * Returns: whether negative potentials point up, as clinical EEG has it
 */
gboolean
inion_view_state_get_negative_up (InionViewState *self)
{
  return self->negative_up;
}

/**
 * inion_view_state_set_negative_up:
 * @negative_up: whether negative potentials point up
 */
void
inion_view_state_set_negative_up (InionViewState *self,
                                  gboolean        negative_up)
{
  if (self->study != NULL && negative_up != self->negative_up)
    inion_study_set_setting (self->study, "polarity",
                             negative_up ? "negative-up" : "positive-up", "Polarity");
}

/**
 * inion_view_state_get_from:
 *
 * Returns: the time at the left edge, in seconds
 */
double
inion_view_state_get_from (InionViewState *self)
{
  return self->from_s;
}

/**
 * inion_view_state_get_page:
 *
 * Returns: seconds a page
 */
double
inion_view_state_get_page (InionViewState *self)
{
  return self->page_s;
}

/**
 * inion_view_state_set_from:
 * @from_s: time at the left edge in seconds; clamped so that the page stays in the recording
 */
void
inion_view_state_set_from (InionViewState *self,
                           double          from_s)
{
  from_s = clamp_from (self, from_s);
  if (self->recording == NULL || from_s == self->from_s)
    return;
  self->from_s = from_s;
  if (self->pyramid != NULL)
    inion_pyramid_set_visible (self->pyramid, from_s, from_s + self->page_s);
  schedule_save_view (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROM]);
}

/**
 * inion_view_state_set_page:
 * @page_s: seconds a page; clamped to 10 ms … the whole recording
 * @anchor_s: the time that stays in its place on the screen, or NAN for the left edge
 */
void
inion_view_state_set_page (InionViewState *self,
                           double          page_s,
                           double          anchor_s)
{
  double duration = inion_view_state_get_duration_s (self);
  double fraction;

  if (self->recording == NULL || !isfinite (page_s))
    return;
  page_s = MAX (SHORTEST_PAGE_S, MIN (page_s, duration));
  if (page_s == self->page_s)
    return;
  if (!isfinite (anchor_s))
    anchor_s = self->from_s;
  fraction = (anchor_s - self->from_s) / self->page_s;
  g_object_freeze_notify (G_OBJECT (self));
  self->page_s = page_s;
  self->from_s = clamp_from (self, anchor_s - fraction * page_s);
  if (self->pyramid != NULL)
    inion_pyramid_set_visible (self->pyramid, self->from_s, self->from_s + self->page_s);
  schedule_save_view (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FROM]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * inion_view_state_show_time:
 * @time_s: a time in seconds
 *
 * Brings a time into view, a third of a page from the left, if it is not visible already; the
 * place one came from is remembered for inion_view_state_go_back().
 */
void
inion_view_state_show_time (InionViewState *self,
                            double          time_s)
{
  if (self->recording == NULL || !isfinite (time_s) ||
      (time_s >= self->from_s && time_s < self->from_s + self->page_s))
    return;
  remember_place (self);
  inion_view_state_set_from (self, time_s - self->page_s / 3.0);
}

/**
 * inion_view_state_go_back:
 *
 * Returns: %FALSE if there is no earlier place
 */
gboolean
inion_view_state_go_back (InionViewState *self)
{
  return step_history (self, self->back, self->forward);
}

/**
 * inion_view_state_go_forward:
 *
 * Returns: %FALSE if there is no later place
 */
gboolean
inion_view_state_go_forward (InionViewState *self)
{
  return step_history (self, self->forward, self->back);
}

/**
 * inion_view_state_get_first_derivation:
 *
 * Returns: index of the topmost derivation shown
 */
guint
inion_view_state_get_first_derivation (InionViewState *self)
{
  return self->first_derivation;
}

/**
 * inion_view_state_set_first_derivation:
 * @first: index of the topmost derivation to show
 */
void
inion_view_state_set_first_derivation (InionViewState *self,
                                       guint           first)
{
  if (first == self->first_derivation)
    return;
  self->first_derivation = first;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIRST_DERIVATION]);
}

/**
 * inion_view_state_get_selection:
 * @from_s: (out) (optional): start in seconds
 * @to_s: (out) (optional): end in seconds
 *
 * Returns: %FALSE if nothing is selected
 */
gboolean
inion_view_state_get_selection (InionViewState *self,
                                double         *from_s,
                                double         *to_s)
{
  if (from_s != NULL)
    *from_s = self->selection_from;
  if (to_s != NULL)
    *to_s = self->selection_to;
  return isfinite (self->selection_from) && isfinite (self->selection_to);
}

/**
 * inion_view_state_select:
 * @from_s: one end in seconds, or NAN to select nothing
 * @to_s: the other end
 */
void
inion_view_state_select (InionViewState *self,
                         double          from_s,
                         double          to_s)
{
  if (isfinite (from_s) && isfinite (to_s))
    {
      double duration = inion_view_state_get_duration_s (self);

      self->selection_from = CLAMP (MIN (from_s, to_s), 0.0, duration);
      self->selection_to = CLAMP (MAX (from_s, to_s), 0.0, duration);
    }
  else
    {
      self->selection_from = self->selection_to = NAN;
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTION]);
}

/**
 * inion_view_state_get_selected_mark:
 *
 * Returns: id of the selected annotation, 0 if none
 */
gint64
inion_view_state_get_selected_mark (InionViewState *self)
{
  return self->selected_mark;
}

/**
 * inion_view_state_set_selected_mark:
 * @id: id of an annotation, or 0
 */
void
inion_view_state_set_selected_mark (InionViewState *self,
                                    gint64          id)
{
  if (id == self->selected_mark)
    return;
  self->selected_mark = id;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_MARK]);
}

/**
 * inion_view_state_get_cursor:
 *
 * Returns: the time under the pointer in seconds, or NAN
 */
double
inion_view_state_get_cursor (InionViewState *self)
{
  return self->cursor_s;
}

/**
 * inion_view_state_set_cursor:
 * @time_s: time in seconds, or NAN
 * @derivation: index of the derivation under the pointer, or -1
 */
void
inion_view_state_set_cursor (InionViewState *self,
                             double          time_s,
                             int             derivation)
{
  if ((time_s == self->cursor_s || (isnan (time_s) && isnan (self->cursor_s))) &&
      derivation == self->cursor_derivation)
    return;
  self->cursor_s = time_s;
  self->cursor_derivation = derivation;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR]);
}

/**
 * inion_view_state_get_cursor_derivation:
 *
 * Returns: index of the derivation under the pointer, or -1
 */
int
inion_view_state_get_cursor_derivation (InionViewState *self)
{
  return self->cursor_derivation;
}

/**
 * inion_view_state_set_recipe:
 * @recipe: (nullable): the recipe in hand
 *
 * Keeps a recipe in the study, as an undoable edit.
 */
void
inion_view_state_set_recipe (InionViewState *self,
                             InionRecipe    *recipe)
{
  g_autofree char *json = NULL;

  if (self->study == NULL)
    return;
  json = recipe != NULL ? inion_recipe_to_json (recipe) : NULL;
  if (g_strcmp0 (json, inion_study_get_setting (self->study, "recipe")) != 0)
    inion_study_set_setting (self->study, "recipe", json, "Change the recipe");
}

/**
 * inion_view_state_get_recipe:
 *
 * Returns: (transfer none) (nullable): the recipe in hand
 */
InionRecipe *
inion_view_state_get_recipe (InionViewState *self)
{
  return self->recipe;
}

/**
 * inion_view_state_set_model:
 * @model: (nullable): the model in hand
 */
void
inion_view_state_set_model (InionViewState *self,
                            InionModel     *model)
{
  if (g_set_object (&self->model, model))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

/**
 * inion_view_state_get_model:
 *
 * Returns: (transfer none) (nullable): the model in hand
 */
InionModel *
inion_view_state_get_model (InionViewState *self)
{
  return self->model;
}

/**
 * inion_view_state_set_result:
 * @result: (nullable): the latest honest score
 */
void
inion_view_state_set_result (InionViewState *self,
                             InionResult    *result)
{
  if (g_set_object (&self->result, result))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
}

/**
 * inion_view_state_get_result:
 *
 * Returns: (transfer none) (nullable): the latest honest score
 */
InionResult *
inion_view_state_get_result (InionViewState *self)
{
  return self->result;
}

/**
 * inion_view_state_take_track:
 * @track: (transfer full) (nullable): what the model believes everywhere
 */
void
inion_view_state_take_track (InionViewState *self,
                             InionTrack     *track)
{
  g_clear_pointer (&self->track, inion_track_free);
  self->track = track;
  self->track_stale = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRACK]);
}

/**
 * inion_view_state_get_track:
 *
 * Returns: (transfer none) (nullable): what the model believes everywhere
 */
InionTrack *
inion_view_state_get_track (InionViewState *self)
{
  return self->track;
}

/**
 * inion_view_state_get_track_stale:
 *
 * Returns: whether the track is an old answer, to be drawn hatched
 */
gboolean
inion_view_state_get_track_stale (InionViewState *self)
{
  return self->track_stale;
}

/**
 * inion_view_state_set_track_stale:
 * @stale: whether what the track was made from has changed since
 */
void
inion_view_state_set_track_stale (InionViewState *self,
                                  gboolean        stale)
{
  if (self->track_stale == stale)
    return;
  self->track_stale = stale;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRACK]);
}

/**
 * inion_view_state_get_class_color:
 * @class_index: index of a class of a recipe
 *
 * Returns: 0xRRGGBB from the Okabe–Ito palette, the same in every view
 */
guint32
inion_view_state_get_class_color (guint class_index)
{
  static const guint32 colors[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                                    0xe69f00, 0x56b4e9, 0xf0e442, 0x999999 };

  return colors[class_index % G_N_ELEMENTS (colors)];
}

/**
 * inion_view_state_format_time:
 * @time_s: seconds since the recording's start
 * @decimals: 0 to 3
 *
 * Writes a time as the patient's clock had it ("12:03:41.250"), or as elapsed time
 * ("+00:03:41.250") where the start is not known.
 *
 * Returns: (transfer full): the text
 */
char *
inion_view_state_format_time (InionViewState *self,
                              double          time_s,
                              int             decimals)
{
  GDateTime *start = self->recording != NULL ? inion_recording_get_start (self->recording) : NULL;
  gint64 scale = decimals <= 0 ? 1 : decimals == 1 ? 10 : decimals == 2 ? 100 : 1000;
  gint64 units = (gint64) floor (time_s * (double) scale + 1e-6);
  const char *sign = "+";
  gint64 seconds;
  g_autofree char *whole = NULL;

  if (start != NULL)
    {
      gint64 day = (gint64) g_date_time_get_hour (start) * 3600 +
                   g_date_time_get_minute (start) * 60 + g_date_time_get_second (start);

      units += (day * 1000000 + g_date_time_get_microsecond (start)) * scale / 1000000;
      units = ((units % (86400 * scale)) + 86400 * scale) % (86400 * scale);
      sign = "";
    }
  else if (units < 0)
    {
      sign = "\u2212";
      units = -units;
    }
  seconds = units / scale;
  whole = g_strdup_printf ("%s%02" G_GINT64_FORMAT ":%02d:%02d", sign, seconds / 3600,
                           (int) (seconds / 60 % 60), (int) (seconds % 60));
  if (decimals <= 0)
    return g_steal_pointer (&whole);
  return g_strdup_printf ("%s.%0*d", whole, MIN (decimals, 3), (int) (units % scale));
}
