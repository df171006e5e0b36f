/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How traces are drawn beyond montage, filters and sensitivity.
 *
 * Each is a setting of the study under a key of its own; one that is as it is by default is the
 * empty text. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/view-state-show.h"

#include "widgets/render/trace-layout.h"
#include "widgets/view-state-private.h"

/* Key in the study, text of what is not the default, title of the edit. */
static const struct
{
  const char *key;
  const char *text;
  gboolean otherwise;
  const char *title;
} options[INION_VIEW_N_OPTIONS] = {
  [INION_VIEW_CLIP] = { "clip", "lanes", FALSE, "Traces kept in their lanes" },
  [INION_VIEW_NO_DC] = { "dc", "removed", FALSE, "DC removal" },
  [INION_VIEW_GRID] = { "grid", "off", TRUE, "Grid" },
  [INION_VIEW_BUTTERFLY] = { "layout", "butterfly", FALSE, "Layout" },
};

static const struct
{
  const char *key;
  const char *title;
} kinds[INION_N_CHANNEL_KINDS] = {
  [INION_CHANNEL_EOG] = { "sensitivity-eog", "Sensitivity of EOG" },
  [INION_CHANNEL_ECG] = { "sensitivity-ecg", "Sensitivity of ECG" },
  [INION_CHANNEL_EMG] = { "sensitivity-emg", "Sensitivity of EMG" },
  [INION_CHANNEL_RESPIRATION] = { "sensitivity-respiration", "Sensitivity of respiration" },
};

/**
 * inion_view_state_get_option:
 * @option: what can be on or off
 *
 * Returns: whether it is on
 */
gboolean
inion_view_state_get_option (InionViewState  *self,
                             InionViewOption  option)
{
  g_return_val_if_fail ((guint) option < INION_VIEW_N_OPTIONS, FALSE);

  return self->study != NULL ? self->options[option] : options[option].otherwise;
}

/**
 * inion_view_state_set_option:
 * @option: what can be on or off
 * @on: whether it is to be on
 *
 * Turns something on or off, as an undoable edit.
 */
void
inion_view_state_set_option (InionViewState  *self,
                             InionViewOption  option,
                             gboolean         on)
{
  g_return_if_fail ((guint) option < INION_VIEW_N_OPTIONS);

  on = !!on;
  if (self->study == NULL || on == self->options[option])
    return;
  if (inion_study_is_read_only (self->study))
    {
      self->options[option] = on;
      _inion_view_state_notify (self, VIEW_PROP_OPTIONS);
      return;
    }
  inion_study_set_setting (self->study, options[option].key,
                           on != options[option].otherwise ? options[option].text : "",
                           options[option].title);
}

/**
 * inion_view_state_has_own_sensitivity:
 * @kind: what a channel measures
 *
 * Returns: whether it is drawn to a sensitivity of its own, and not to that of EEG
 */
gboolean
inion_view_state_has_own_sensitivity (InionChannelKind kind)
{
  return (guint) kind < INION_N_CHANNEL_KINDS && kinds[kind].key != NULL;
}

/**
 * inion_view_state_get_kind_sensitivity:
 * @kind: what a channel measures
 *
 * Returns: its sensitivity in µV/mm
 */
double
inion_view_state_get_kind_sensitivity (InionViewState   *self,
                                       InionChannelKind  kind)
{
  if (!inion_view_state_has_own_sensitivity (kind))
    return self->sensitivity;
  return self->kind_sensitivities[kind] > 0 ? self->kind_sensitivities[kind]
                                            : inion_trace_layout_get_default_sensitivity (kind);
}

/**
 * inion_view_state_set_kind_sensitivity:
 * @kind: what a channel measures; for one without a sensitivity of its own that of EEG is set
 * @uv_per_mm: µV per mm on the screen, over 0
 *
 * Sets how large a kind is drawn, as an undoable edit.
 */
void
inion_view_state_set_kind_sensitivity (InionViewState   *self,
                                       InionChannelKind  kind,
                                       double            uv_per_mm)
{
  g_autofree char *text = NULL;

  if (!inion_view_state_has_own_sensitivity (kind))
    {
      inion_view_state_set_sensitivity (self, uv_per_mm);
      return;
    }
  if (self->study == NULL || !(uv_per_mm > 0) ||
      G_APPROX_VALUE (uv_per_mm, inion_view_state_get_kind_sensitivity (self, kind), 1e-12))
    return;
  if (inion_study_is_read_only (self->study))
    {
      self->kind_sensitivities[kind] = uv_per_mm;
      _inion_view_state_notify (self, VIEW_PROP_KIND_SENSITIVITIES);
      return;
    }
  text = _inion_view_state_double_to_text (uv_per_mm);
  inion_study_set_setting (self->study, kinds[kind].key, text, kinds[kind].title);
}

static void
apply_kinds (InionViewState *self)
{
  gboolean changed = FALSE;

  for (guint kind = 0; kind < INION_N_CHANNEL_KINDS; kind++)
    {
      double value;

      if (kinds[kind].key == NULL)
        continue;
      value = _inion_view_state_text_to_double (
        inion_study_get_setting (self->study, kinds[kind].key), 0);
      value = MAX (value, 0);
      changed = changed || !G_APPROX_VALUE (value, self->kind_sensitivities[kind], 1e-12);
      self->kind_sensitivities[kind] = value;
    }
  if (changed)
    _inion_view_state_notify (self, VIEW_PROP_KIND_SENSITIVITIES);
}

/* Takes all of it from the study, and tells what has changed. */
void
_inion_view_state_apply_show_settings (InionViewState *self)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < INION_VIEW_N_OPTIONS; i++)
    {
      gboolean other =
        g_strcmp0 (inion_study_get_setting (self->study, options[i].key), options[i].text) == 0;
      gboolean on = other != options[i].otherwise;

      changed = changed || on != self->options[i];
      self->options[i] = on;
    }
  if (changed)
    _inion_view_state_notify (self, VIEW_PROP_OPTIONS);
  apply_kinds (self);
}
