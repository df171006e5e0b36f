/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where one looks: time, page, history, selection, cursor. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/view-state-private.h"

#include <math.h>

/* Where one looks. */

gboolean
_inion_view_state_save_view (gpointer data)
{
  InionViewState *self = data;

  self->save_view_id = 0;
  if (self->study != NULL)
    {
      g_autofree char *from = _inion_view_state_double_to_text (self->from_s);
      g_autofree char *page = _inion_view_state_double_to_text (self->page_s);

      inion_study_set_view (self->study, "from", from);
      inion_study_set_view (self->study, "page", page);
    }
  return G_SOURCE_REMOVE;
}

static void
schedule_save_view (InionViewState *self)
{
  if (self->save_view_id == 0 && self->study != NULL)
    self->save_view_id = g_timeout_add (500, _inion_view_state_save_view, self);
}

double
_inion_view_state_clamp_from (InionViewState *self,
            double          from_s)
{
  double last = inion_view_state_get_duration_s (self) - self->page_s;

  return isfinite (from_s) ? MAX (0.0, MIN (from_s, last)) : self->from_s;
}

static void
remember_place (InionViewState *self)
{
  g_array_append_val (self->back, self->from_s);
  if (self->back->len > INION_VIEW_STATE_HISTORY_LENGTH)
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
  from_s = _inion_view_state_clamp_from (self, from_s);
  if (self->recording == NULL || from_s == self->from_s)
    return;
  self->from_s = from_s;
  if (self->pyramid != NULL)
    inion_pyramid_set_visible (self->pyramid, from_s, from_s + self->page_s);
  schedule_save_view (self);
  _inion_view_state_notify (self, VIEW_PROP_FROM);
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
  page_s = MAX (INION_VIEW_STATE_SHORTEST_PAGE_S, MIN (page_s, duration));
  if (page_s == self->page_s)
    return;
  if (!isfinite (anchor_s))
    anchor_s = self->from_s;
  fraction = (anchor_s - self->from_s) / self->page_s;
  g_object_freeze_notify (G_OBJECT (self));
  self->page_s = page_s;
  self->from_s = _inion_view_state_clamp_from (self, anchor_s - fraction * page_s);
  if (self->pyramid != NULL)
    inion_pyramid_set_visible (self->pyramid, self->from_s, self->from_s + self->page_s);
  schedule_save_view (self);
  _inion_view_state_notify (self, VIEW_PROP_PAGE);
  _inion_view_state_notify (self, VIEW_PROP_FROM);
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
  _inion_view_state_notify (self, VIEW_PROP_FIRST_DERIVATION);
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
  double duration = inion_view_state_get_duration_s (self);
  double start = NAN, end = NAN;

  if (self->recording != NULL && isfinite (from_s) && isfinite (to_s))
    {
      start = CLAMP (MIN (from_s, to_s), 0.0, duration);
      end = CLAMP (MAX (from_s, to_s), 0.0, duration);
    }
  if ((start == self->selection_from && end == self->selection_to) ||
      (isnan (start) && isnan (self->selection_from)))
    return;
  self->selection_from = start;
  self->selection_to = end;
  _inion_view_state_notify (self, VIEW_PROP_SELECTION);
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
  _inion_view_state_notify (self, VIEW_PROP_SELECTED_MARK);
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
  _inion_view_state_notify (self, VIEW_PROP_CURSOR);
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
  gint64 us = (gint64) llround (time_s * 1e6);
  const gint64 second = G_USEC_PER_SEC, day = 86400 * second;
  const char *sign = "+";
  gint64 units, seconds;
  g_autofree char *whole = NULL;

  if (start != NULL)
    {
      /* Summed before anything is cut off: the recording may have started within a second. */
      us += (g_date_time_get_hour (start) * 3600 + g_date_time_get_minute (start) * 60 +
             g_date_time_get_second (start)) * second +
            g_date_time_get_microsecond (start);
      us = ((us % day) + day) % day;
      sign = "";
    }
  else if (us < 0)
    {
      sign = "\u2212";
      us = -us;
    }
  units = us / (second / scale);
  seconds = units / scale;
  whole = g_strdup_printf ("%s%02" G_GINT64_FORMAT ":%02d:%02d", sign, seconds / 3600,
                           (int) (seconds / 60 % 60), (int) (seconds % 60));
  if (decimals <= 0)
    return g_steal_pointer (&whole);
  return g_strdup_printf ("%s.%0*d", whole, MIN (decimals, 3), (int) (units % scale));
}
