/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the signal is shown: montage, filters, scale, bad channels, and the signal they make. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/view-state-private.h"

#include "core/error.h"
#include "scalp/montage-file.h"
#include "study/study-montages.h"

#include <math.h>
#include <string.h>

/* Settings of the study, and their text. */

char *
_inion_view_state_double_to_text (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, value));
}

double
_inion_view_state_text_to_double (const char *text,
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
  g_autofree char *lff = _inion_view_state_double_to_text (filter->lff_hz);
  g_autofree char *hff = _inion_view_state_double_to_text (filter->hff_hz);
  g_autofree char *notch = _inion_view_state_double_to_text (filter->notch_hz);

  return g_strdup_printf ("%s %s %s %s%s", lff, hff, notch,
                          filter->phase == INION_PHASE_ZERO ? "zero" : "causal",
                          filter->harmonics ? " harmonics" : "");
}

void
_inion_view_state_filter_from_text (const char         *text,
                  InionDisplayFilter *filter)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 5);
  guint n = g_strv_length (parts);

  *filter = (InionDisplayFilter) { .lff_hz = 0.5, .hff_hz = 70.0, .phase = INION_PHASE_CAUSAL };
  if (n < 4)
    return;
  filter->lff_hz = MAX (0.0, _inion_view_state_text_to_double (parts[0], 0.5));
  filter->hff_hz = MAX (0.0, _inion_view_state_text_to_double (parts[1], 70.0));
  filter->notch_hz = MAX (0.0, _inion_view_state_text_to_double (parts[2], 0.0));
  filter->phase = g_str_equal (parts[3], "zero") ? INION_PHASE_ZERO : INION_PHASE_CAUSAL;
  filter->harmonics = n == 5 && g_str_equal (parts[4], "harmonics");
}

/* The shown signal and its pyramid. */

static void
on_pyramid_done (InionJob     *job,
                 gpointer      result,
                 const GError *error,
                 gpointer      user_data)
{
  g_autoptr (InionViewState) self = user_data;

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      g_object_get_data (G_OBJECT (job), "inion-pyramid") == self->pyramid)
    _inion_view_state_say (self, error->message);
}

/* A signal of the montage, and its pyramid, which is built beside whatever else goes on. */
static void
make_signal (InionViewState           *self,
             const InionDisplayFilter *filter,
             const char               *job_key)
{
  g_autoptr (InionJob) job = NULL;

  self->signal = inion_shown_signal_new (self->montage, filter);
  self->pyramid = inion_pyramid_new (self->signal, NULL);
  inion_pyramid_set_visible (self->pyramid, self->from_s, self->from_s + self->page_s);
  job = inion_pyramid_new_job (self->pyramid);
  g_object_set_data_full (G_OBJECT (job), "inion-pyramid", g_object_ref (self->pyramid),
                          g_object_unref);
  inion_job_list_submit (self->jobs, job, job_key, on_pyramid_done, g_object_ref (self));
}

static void
rebuild_signal (InionViewState *self)
{
  g_clear_object (&self->signal);
  g_clear_object (&self->pyramid);
  g_clear_object (&self->other_signal);
  g_clear_object (&self->other_pyramid);
  self->peeking = FALSE;
  if (self->montage != NULL)
    make_signal (self, &self->filter, "pyramid");
  _inion_view_state_notify (self, VIEW_PROP_SIGNAL);
}

static const InionDisplayFilter no_filter = { 0 };

/**
 * inion_view_state_set_peeking:
 * @peeking: whether to show the signal without filters
 *
 * Shows the raw signal for a moment. This is a look and no edit: nothing is written, and any edit of
 * how the signal is shown ends it.
 */
void
inion_view_state_set_peeking (InionViewState *self,
                              gboolean        peeking)
{
  InionShownSignal *signal;
  InionPyramid *pyramid;

  peeking = !!peeking;
  if (self->signal == NULL || peeking == self->peeking ||
      (peeking && inion_display_filter_is_off (&self->filter)))
    return;
  signal = g_steal_pointer (&self->signal);
  pyramid = g_steal_pointer (&self->pyramid);
  if (self->other_signal != NULL)
    {
      self->signal = g_steal_pointer (&self->other_signal);
      self->pyramid = g_steal_pointer (&self->other_pyramid);
      inion_pyramid_set_visible (self->pyramid, self->from_s, self->from_s + self->page_s);
    }
  else
    {
      make_signal (self, &no_filter, "raw pyramid");
    }
  self->other_signal = signal;
  self->other_pyramid = pyramid;
  self->peeking = peeking;
  _inion_view_state_notify (self, VIEW_PROP_FILTER);
  _inion_view_state_notify (self, VIEW_PROP_SIGNAL);
}

/**
 * inion_view_state_is_peeking:
 *
 * Returns: whether the raw signal is shown for a moment
 */
gboolean
inion_view_state_is_peeking (InionViewState *self)
{
  return self->peeking;
}

/* What a person wrote under a name: in this study, else for all recordings. */
static char *
dup_own_text (InionViewState *self,
              const char     *name)
{
  char *text = inion_study_dup_montage (self->study, name);

  return text != NULL ? text : inion_montage_folder_dup_text (NULL, name);
}

static InionMontage *
make_montage (InionViewState  *self,
              const char      *id,
              GError         **error)
{
  const char *const *bad = (const char *const *) self->bad;
  g_autofree char *text = NULL;
  const char *name;

  if (!g_str_has_prefix (id, INION_MONTAGE_OWN_PREFIX))
    return inion_montage_new (id, self->recording, bad, error);
  name = id + strlen (INION_MONTAGE_OWN_PREFIX);
  text = dup_own_text (self, name);
  if (text == NULL)
    {
      inion_set_error (error, INION_ERROR_NOT_FOUND, "There is no montage called “%s”.", name);
      return NULL;
    }
  return inion_montage_new_own (name, text, self->recording, bad, error);
}

static gboolean
apply_montage (InionViewState  *self,
               const char      *id,
               GError         **error)
{
  g_autoptr (InionMontage) montage = NULL;

  if (self->recording == NULL)
    return TRUE;
  montage = make_montage (self, id, error);
  if (montage == NULL)
    return FALSE;
  g_set_object (&self->montage, montage);
  if (self->first_derivation >= inion_montage_get_n_derivations (montage))
    inion_view_state_set_first_derivation (self, 0);
  inion_view_state_set_cursor (self, self->cursor_s, -1);
  _inion_view_state_notify (self, VIEW_PROP_MONTAGE);
  rebuild_signal (self);
  return TRUE;
}

void
_inion_view_state_apply_montage_setting (InionViewState *self)
{
  const char *id = inion_study_get_setting (self->study, "montage");
  g_autoptr (GError) error = NULL;

  if (!apply_montage (self, id != NULL ? id : "as-recorded", &error))
    {
      _inion_view_state_say (self, error->message);
      apply_montage (self, "as-recorded", NULL);
    }
}

/* Which channels the file calls bad: that counts until a person says something. */
static char **
list_files_bad (InionRecording *recording)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) labels = NULL;

  for (guint i = 0; recording != NULL && i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);

      if (inion_channel_get_info (channel)->bad)
        g_strv_builder_add (builder, inion_channel_get_label (channel));
    }
  labels = g_strv_builder_end (builder);
  return *labels != NULL ? g_steal_pointer (&labels) : NULL;
}

void
_inion_view_state_apply_bad_setting (InionViewState *self)
{
  const char *text = inion_study_get_setting (self->study, "bad");

  g_clear_pointer (&self->bad, g_strfreev);
  if (text != NULL && *text != '\0')
    self->bad = g_strsplit (text, "\n", -1);
  else if (text == NULL)
    self->bad = list_files_bad (self->recording);
  _inion_view_state_notify (self, VIEW_PROP_BAD);
}

void
_inion_view_state_apply_filter_setting (InionViewState *self)
{
  InionDisplayFilter filter;

  _inion_view_state_filter_from_text (inion_study_get_setting (self->study, "filter"), &filter);
  if (inion_display_filter_equal (&filter, &self->filter))
    return;
  self->filter = filter;
  _inion_view_state_notify (self, VIEW_PROP_FILTER);
  rebuild_signal (self);
}

void
_inion_view_state_apply_scale_settings (InionViewState *self)
{
  double sensitivity =
    _inion_view_state_text_to_double (inion_study_get_setting (self->study, "sensitivity"), 7.0);
  gboolean negative_up = g_strcmp0 (inion_study_get_setting (self->study, "polarity"),
                                    "positive-up") != 0;

  if (sensitivity > 0 && !G_APPROX_VALUE (sensitivity, self->sensitivity, 1e-12))
    {
      self->sensitivity = sensitivity;
      _inion_view_state_notify (self, VIEW_PROP_SENSITIVITY);
    }
  if (negative_up != self->negative_up)
    {
      self->negative_up = negative_up;
      _inion_view_state_notify (self, VIEW_PROP_NEGATIVE_UP);
    }
}

/* The study holds what it shows, whatever becomes of the montages for all recordings. */
static void
keep_own (InionViewState *self,
          const char     *id)
{
  const char *name = id + strlen (INION_MONTAGE_OWN_PREFIX);
  g_autofree char *text = NULL, *title = NULL;

  if (!g_str_has_prefix (id, INION_MONTAGE_OWN_PREFIX))
    return;
  text = dup_own_text (self, name);
  title = g_strdup_printf ("Montage %s", name);
  inion_study_set_montage (self->study, name, text, title);
}

/* What a person wrote has changed: what is shown of it follows. */
void
_inion_view_state_apply_own_montages (InionViewState *self)
{
  if (self->montage != NULL &&
      g_str_has_prefix (inion_montage_get_id (self->montage), INION_MONTAGE_OWN_PREFIX))
    _inion_view_state_apply_montage_setting (self);
}

/**
 * inion_view_state_set_montage:
 * @id: a montage id: one of inion_montage_get_ids(), or "own:" and the name of one that a person
 *   wrote
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
  montage = make_montage (self, id, error);
  if (montage == NULL)
    return FALSE;
  title = g_strdup_printf ("Montage %s", inion_montage_get_title (montage));
  inion_study_begin (self->study, title);
  keep_own (self, id);
  inion_study_set_setting (self->study, "montage", id, title);
  inion_study_end (self->study);
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

  /* A change that starts from what a peek shows would lose the filters. */
  if (self->study == NULL || self->peeking || inion_display_filter_equal (filter, &self->filter))
    return;
  if (filter->lff_hz != self->filter.lff_hz)
    title = "Low-frequency filter";
  else if (filter->hff_hz != self->filter.hff_hz)
    title = "High-frequency filter";
  else if (filter->notch_hz != self->filter.notch_hz || filter->harmonics != self->filter.harmonics)
    title = "Notch filter";
  else
    title = "Filter phase";
  text = filter_to_text (filter);
  if (inion_study_is_read_only (self->study))
    {
      self->filter = *filter;
      _inion_view_state_notify (self, VIEW_PROP_FILTER);
      rebuild_signal (self);
      return;
    }
  inion_study_set_setting (self->study, "filter", text, title);
}

/**
 * inion_view_state_get_filter:
 *
 * Returns: (transfer none): the filter of what is on the screen; all is off while peeking
 */
const InionDisplayFilter *
inion_view_state_get_filter (InionViewState *self)
{
  return self->peeking ? &no_filter : &self->filter;
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
  if (inion_study_is_read_only (self->study))
    {
      g_strfreev (self->bad);
      self->bad = g_steal_pointer (&labels);
      _inion_view_state_notify (self, VIEW_PROP_BAD);
      apply_montage (self, self->montage != NULL ? inion_montage_get_id (self->montage)
                                                 : "as-recorded", NULL);
      return;
    }
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
      _inion_view_state_notify (self, VIEW_PROP_SENSITIVITY);
      return;
    }
  text = _inion_view_state_double_to_text (uv_per_mm);
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
  if (self->study == NULL || negative_up == self->negative_up)
    return;
  if (inion_study_is_read_only (self->study))
    {
      self->negative_up = negative_up;
      _inion_view_state_notify (self, VIEW_PROP_NEGATIVE_UP);
      return;
    }
  inion_study_set_setting (self->study, "polarity", negative_up ? "negative-up" : "positive-up",
                           "Polarity");
}
