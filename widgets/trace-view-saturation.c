/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the amplifier was at its limits: a line along the lane, at every zoom.
 *
 * It is looked for by a job, once a page stands still for a moment; what was found stays until the
 * next page's is there. Of another montage nothing is kept. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "display/saturation.h"
#include "widgets/paint-private.h"
#include "widgets/trace-view-private.h"

#define AFTER_MS 150
/* Pages of more samples are not searched: hours of hundreds of channels. */
#define MOST_SAMPLES 2e8
#define LINE_PX 3.0
#define LEAST_PX 6.0 /* of a stretch that is shorter than can be seen */
#define LIGHT 0xb5179e
#define DARK 0xff7edb

typedef struct
{
  InionMontage *montage; /* (nullable): of what is searched */
  GArray *found;         /* (nullable) InionSaturation */
  InionJob *job;
  guint timer_id;
  double from_s, page_s; /* what was or is searched */
  guint first, n;
} Search;

static void
stop (Search *search)
{
  g_clear_handle_id (&search->timer_id, g_source_remove);
  if (search->job != NULL)
    inion_job_cancel (search->job);
  g_clear_object (&search->job);
}

static void
search_free (gpointer data)
{
  Search *search = data;

  stop (search);
  g_clear_object (&search->montage);
  g_clear_pointer (&search->found, g_array_unref);
  g_free (search);
}

static Search *
get_search (InionTraceView *self)
{
  GQuark quark = g_quark_from_static_string ("inion-saturation-search");
  Search *search = g_object_get_qdata (G_OBJECT (self), quark);

  if (search != NULL)
    return search;
  search = g_new0 (Search, 1);
  g_object_set_qdata_full (G_OBJECT (self), quark, search, search_free);
  return search;
}

/* What cannot be read is said by the page itself. */
static void
on_found (InionJob     *job,
          gpointer      result,
          const GError *error,
          gpointer      user_data)
{
  g_autoptr (InionTraceView) self = user_data;
  Search *search = get_search (self);
  GArray *found = result;

  if (search->job != job || error != NULL)
    {
      g_clear_pointer (&found, g_array_unref);
      return;
    }
  g_clear_object (&search->job);
  g_clear_pointer (&search->found, g_array_unref);
  search->found = found;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
start (gpointer data)
{
  InionTraceView *self = data;
  Search *search = get_search (self);

  search->timer_id = 0;
  search->job = inion_saturation_new_job (search->montage, search->from_s,
                                          search->from_s + search->page_s, search->first,
                                          search->n);
  inion_job_start (search->job, on_found, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static gboolean
is_too_long (InionTraceView *self)
{
  const InionPage *page = self->page;

  return page == NULL || page->n == 0 ||
         (page->to_s - page->from_s) * page->rate_hz[page->first] * page->n > MOST_SAMPLES;
}

/* After each frame: searches what is shown now, unless it was. */
void
_inion_trace_view_plan_saturation (InionTraceView *self)
{
  Search *search = get_search (self);
  InionMontage *montage = inion_view_state_get_montage (self->state);
  double from_s = inion_view_state_get_from (self->state);
  double page_s = inion_view_state_get_page (self->state);
  guint first = inion_view_state_get_first_derivation (self->state);

  if (montage == search->montage && from_s == search->from_s && page_s == search->page_s &&
      first == search->first && self->n_visible == search->n)
    return;
  stop (search);
  if (montage != search->montage)
    g_clear_pointer (&search->found, g_array_unref);
  g_set_object (&search->montage, montage);
  search->from_s = from_s;
  search->page_s = page_s;
  search->first = first;
  search->n = self->n_visible;
  if (montage == NULL || is_too_long (self))
    g_clear_pointer (&search->found, g_array_unref);
  else
    search->timer_id = g_timeout_add (AFTER_MS, start, self);
}

void
_inion_trace_view_draw_saturation (InionTraceView     *self,
                                   GtkSnapshot        *snapshot,
                                   const GdkRectangle *area)
{
  const Search *search = get_search (self);
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  GdkRGBA ink = _inion_trace_view_ink (self, 1);
  GdkRGBA color = _inion_paint_rgb (ink.red + ink.green + ink.blue > 1.5 ? DARK : LIGHT, 1);
  guint first;

  if (self->layout == NULL || self->layout->n == 0 || search->found == NULL ||
      search->montage != inion_view_state_get_montage (self->state))
    return;
  first = self->layout->labels[0].derivation;
  for (guint i = 0; i < search->found->len; i++)
    {
      const InionSaturation *stretch = &g_array_index (search->found, InionSaturation, i);
      double x = MAX (inion_trace_view_time_to_x (self, stretch->from_s), area->x);
      double end = MIN (inion_trace_view_time_to_x (self, stretch->to_s), area->x + area->width);

      if (stretch->derivation < first || stretch->derivation - first >= self->layout->n || end < x)
        continue;
      _inion_paint_fill (
        snapshot, color, x,
        area->y + self->layout->labels[stretch->derivation - first].bottom / scale - LINE_PX - 2,
        MAX (end - x, LEAST_PX), LINE_PX);
    }
}

/* Whether a derivation is saturated at a time, as far as is known. */
gboolean
_inion_trace_view_is_saturated (InionTraceView *self,
                                guint           derivation,
                                double          time_s)
{
  const Search *search = get_search (self);
  double reach = inion_view_state_get_page (self->state) * 1e-3;

  if (search->montage != inion_view_state_get_montage (self->state))
    return FALSE;
  for (guint i = 0; search->found != NULL && i < search->found->len; i++)
    {
      const InionSaturation *stretch = &g_array_index (search->found, InionSaturation, i);

      if (stretch->derivation == derivation && time_s >= stretch->from_s - reach &&
          time_s < stretch->to_s + reach)
        return TRUE;
    }
  return FALSE;
}
