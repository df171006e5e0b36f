/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the window looks and how the signal is shown, as named actions with their parameters. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "widgets/view-state-show.h"

#include <math.h>

static const double sensitivities[] = { 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300,
                                        500, 1000 };
static const double timebases[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600,
                                    1800, 3600, 7200, 14400, 28800, 86400 };

/* The next step of a list in a direction, or the value itself at its end. */
static double
step_in (const double *steps,
         gsize         n,
         double        value,
         int           direction)
{
  if (direction > 0)
    {
      for (gsize i = 0; i < n; i++)
        if (steps[i] > value * 1.0001)
          return steps[i];
    }
  else
    {
      for (gsize i = n; i-- > 0;)
        if (steps[i] < value * 0.9999)
          return steps[i];
    }
  return value;
}

#define ACTION(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

/* Time */

static void
scroll_by (InionWindow *self,
           double       seconds)
{
  inion_view_state_set_from (self->state, inion_view_state_get_from (self->state) + seconds);
}

/* A page turn never skips data: it goes on by the whole seconds that are visible. */
static double
page_step (InionWindow *self)
{
  double page = inion_view_state_get_page (self->state);

  return page >= 2.0 ? floor (page) : page;
}

ACTION (page_next)
{
  scroll_by (data, page_step (data));
}

ACTION (page_previous)
{
  scroll_by (data, -page_step (data));
}

ACTION (scroll)
{
  scroll_by (data, g_variant_get_double (parameter));
}

ACTION (go_start)
{
  InionWindow *self = data;

  inion_view_state_set_from (self->state, 0.0);
}

ACTION (go_end)
{
  InionWindow *self = data;

  inion_view_state_set_from (self->state, inion_view_state_get_duration_s (self->state));
}

ACTION (go_to)
{
  InionWindow *self = data;
  double time_s = g_variant_get_double (parameter);

  inion_view_state_show_time (self->state, time_s);
  inion_view_state_set_cursor (self->state, time_s, -1);
}

ACTION (ask_go_to)
{
  _inion_window_ask_go_to (data);
}

ACTION (go_back)
{
  InionWindow *self = data;

  inion_view_state_go_back (self->state);
}

ACTION (go_forward)
{
  InionWindow *self = data;

  inion_view_state_go_forward (self->state);
}

static double
zoom_anchor (InionWindow *self)
{
  double cursor = inion_view_state_get_cursor (self->state);
  double from = inion_view_state_get_from (self->state);

  return cursor >= from && cursor <= from + inion_view_state_get_page (self->state) ? cursor : NAN;
}

ACTION (timebase_shorter)
{
  InionWindow *self = data;
  double page = inion_view_state_get_page (self->state);

  inion_view_state_set_page (self->state, step_in (timebases, G_N_ELEMENTS (timebases), page, -1),
                             zoom_anchor (self));
}

ACTION (timebase_longer)
{
  InionWindow *self = data;
  double page = inion_view_state_get_page (self->state);

  inion_view_state_set_page (self->state, step_in (timebases, G_N_ELEMENTS (timebases), page, 1),
                             zoom_anchor (self));
}

ACTION (set_timebase)
{
  InionWindow *self = data;

  inion_view_state_set_page (self->state, g_variant_get_double (parameter), zoom_anchor (self));
}

ACTION (set_timebase_mm)
{
  InionWindow *self = data;
  double mm_per_s = g_variant_get_double (parameter);

  if (mm_per_s > 0)
    inion_view_state_set_page (self->state,
                               inion_trace_view_get_width_mm (self->traces) / mm_per_s, NAN);
}

ACTION (zoom_selection)
{
  InionWindow *self = data;
  double from, to;

  if (!inion_view_state_get_selection (self->state, &from, &to) || to - from < 0.01)
    return;
  inion_view_state_set_page (self->state, to - from, NAN);
  inion_view_state_set_from (self->state, from);
}

/* Display */

ACTION (set_montage)
{
  _inion_window_choose_montage (data, g_variant_get_string (parameter, NULL));
}

ACTION (set_own_montage)
{
  int index = g_variant_get_int32 (parameter);

  _inion_window_choose_own_montage (data, (guint) MAX (0, index));
}

ACTION (edit_montage)
{
  _inion_window_edit_montage (data, g_variant_get_string (parameter, NULL));
}

ACTION (import_montage)
{
  _inion_window_import_montage (data);
}

ACTION (import_montage_from)
{
  _inion_window_import_montage_from (data, g_variant_get_string (parameter, NULL));
}

ACTION (set_sensitivity)
{
  InionWindow *self = data;

  inion_view_state_set_sensitivity (self->state, g_variant_get_double (parameter));
}

/* What the keys change: the kind of the trace under the pointer; else EEG, or, where there is none,
 * what there is. */
static InionChannelKind
find_pointed_kind (InionWindow *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  int pointed = inion_view_state_get_cursor_derivation (self->state);
  guint n = montage != NULL ? inion_montage_get_n_derivations (montage) : 0;

  if (pointed >= 0 && (guint) pointed < n)
    return inion_montage_get_derivation (montage, (guint) pointed)->kind;
  for (guint i = 0; i < n; i++)
    if (!inion_view_state_has_own_sensitivity (inion_montage_get_derivation (montage, i)->kind))
      return INION_CHANNEL_EEG;
  return n > 0 ? inion_montage_get_derivation (montage, 0)->kind : INION_CHANNEL_EEG;
}

static void
step_sensitivity (InionWindow *self,
                  int          direction)
{
  InionChannelKind kind = find_pointed_kind (self);

  inion_view_state_set_kind_sensitivity (
    self->state, kind, step_in (sensitivities, G_N_ELEMENTS (sensitivities),
                                inion_view_state_get_kind_sensitivity (self->state, kind),
                                direction));
}

ACTION (sensitivity_up)
{
  step_sensitivity (data, -1);
}

ACTION (sensitivity_down)
{
  step_sensitivity (data, 1);
}

ACTION (set_kind_sensitivity)
{
  InionWindow *self = data;
  InionChannelKind kind;
  const char *name;
  double uv_per_mm;

  g_variant_get (parameter, "(&sd)", &name, &uv_per_mm);
  if (inion_channel_kind_from_string (name, &kind))
    inion_view_state_set_kind_sensitivity (self->state, kind, uv_per_mm);
}

static void
toggle_option (InionWindow     *self,
               InionViewOption  option)
{
  inion_view_state_set_option (self->state, option,
                               !inion_view_state_get_option (self->state, option));
}

ACTION (toggle_clip)
{
  toggle_option (data, INION_VIEW_CLIP);
}

ACTION (toggle_dc)
{
  toggle_option (data, INION_VIEW_NO_DC);
}

ACTION (toggle_grid)
{
  toggle_option (data, INION_VIEW_GRID);
}

ACTION (set_layout)
{
  InionWindow *self = data;

  inion_view_state_set_option (self->state, INION_VIEW_BUTTERFLY,
                               g_str_equal (g_variant_get_string (parameter, NULL), "butterfly"));
}

ACTION (set_lff)
{
  InionWindow *self = data;
  InionDisplayFilter filter = *inion_view_state_get_filter (self->state);

  filter.lff_hz = MAX (0.0, g_variant_get_double (parameter));
  inion_view_state_set_filter (self->state, &filter);
}

ACTION (set_hff)
{
  InionWindow *self = data;
  InionDisplayFilter filter = *inion_view_state_get_filter (self->state);

  filter.hff_hz = MAX (0.0, g_variant_get_double (parameter));
  inion_view_state_set_filter (self->state, &filter);
}

ACTION (set_notch)
{
  InionWindow *self = data;
  InionDisplayFilter filter = *inion_view_state_get_filter (self->state);

  filter.notch_hz = MAX (0.0, g_variant_get_double (parameter));
  inion_view_state_set_filter (self->state, &filter);
}

ACTION (toggle_notch)
{
  InionWindow *self = data;
  InionDisplayFilter filter = *inion_view_state_get_filter (self->state);

  filter.notch_hz = filter.notch_hz > 0 ? 0.0 : inion_view_state_get_mains_hz (self->state);
  inion_view_state_set_filter (self->state, &filter);
}

ACTION (toggle_harmonics)
{
  InionWindow *self = data;
  InionDisplayFilter filter = *inion_view_state_get_filter (self->state);

  filter.harmonics = !filter.harmonics;
  /* Without the mains itself there is nothing to take multiples of. */
  if (filter.harmonics && !(filter.notch_hz > 0))
    filter.notch_hz = inion_view_state_get_mains_hz (self->state);
  inion_view_state_set_filter (self->state, &filter);
}

ACTION (set_phase)
{
  InionWindow *self = data;
  InionDisplayFilter filter = *inion_view_state_get_filter (self->state);

  filter.phase = g_str_equal (g_variant_get_string (parameter, NULL), "zero") ? INION_PHASE_ZERO
                                                                               : INION_PHASE_CAUSAL;
  inion_view_state_set_filter (self->state, &filter);
}

ACTION (set_polarity)
{
  InionWindow *self = data;

  inion_view_state_set_negative_up (
    self->state, g_str_equal (g_variant_get_string (parameter, NULL), "negative-up"));
}

ACTION (scroll_channels)
{
  InionWindow *self = data;

  inion_trace_view_scroll_channels (self->traces, g_variant_get_int32 (parameter));
}

ACTION (set_channels)
{
  InionWindow *self = data;

  inion_trace_view_set_n_channels (self->traces, (guint) MAX (0, g_variant_get_int32 (parameter)));
  g_simple_action_set_state (action, parameter);
}

ACTION (toggle_bad)
{
  InionWindow *self = data;
  const char *label = g_variant_get_string (parameter, NULL);
  g_autofree char *own = NULL;

  if (*label == '\0')
    label = own = inion_trace_view_dup_pointed_channel (self->traces);
  if (label != NULL)
    inion_view_state_set_bad (self->state, label, !inion_view_state_is_bad (self->state, label));
}

void
_inion_window_view_actions_init (InionWindow *self)
{
  /* name, callback, parameter type, initial state */
  static const GActionEntry entries[] = {
    { "page-next", page_next },
    { "page-previous", page_previous },
    { "scroll", scroll, "d" },
    { "start", go_start },
    { "end", go_end },
    { "go-to", go_to, "d" },
    { "ask-go-to", ask_go_to },
    { "back", go_back },
    { "forward", go_forward },
    { "timebase-shorter", timebase_shorter },
    { "timebase-longer", timebase_longer },
    { "set-timebase", set_timebase, "d", "10.0" },
    { "set-timebase-mm", set_timebase_mm, "d" },
    { "zoom-selection", zoom_selection },
    { "set-montage", set_montage, "s", "'as-recorded'" },
    { "set-own-montage", set_own_montage, "i" },
    { "edit-montage", edit_montage, "s" },
    { "import-montage", import_montage },
    { "import-montage-from", import_montage_from, "s" },
    { "set-sensitivity", set_sensitivity, "d", "7.0" },
    { "sensitivity-up", sensitivity_up },
    { "sensitivity-down", sensitivity_down },
    { "set-kind-sensitivity", set_kind_sensitivity, "(sd)" },
    { "toggle-clip", toggle_clip, NULL, "false" },
    { "toggle-dc", toggle_dc, NULL, "false" },
    { "toggle-grid", toggle_grid, NULL, "true" },
    { "set-layout", set_layout, "s", "'stacked'" },
    { "set-lff", set_lff, "d", "0.5" },
    { "set-hff", set_hff, "d", "70.0" },
    { "set-notch", set_notch, "d", "0.0" },
    { "toggle-notch", toggle_notch },
    { "toggle-harmonics", toggle_harmonics, NULL, "false" },
    { "set-phase", set_phase, "s", "'causal'" },
    { "set-polarity", set_polarity, "s", "'negative-up'" },
    { "set-channels", set_channels, "i", "0" },
    { "scroll-channels", scroll_channels, "i" },
    { "toggle-bad", toggle_bad, "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
