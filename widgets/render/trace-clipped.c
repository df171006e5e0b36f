/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where traces that are kept in their lanes would leave them: nobody must take a clipped wave for a
 * small one. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-clipped.h"

#include <math.h>

/* Places closer than this are one; pixels. */
#define JOIN_PX 2.0

/* A place that may still grow. */
typedef struct
{
  gboolean open;
  double from, to;
} Place;

typedef struct
{
  const InionTraceLane *lane;
  double width;
  InionTraceClippedFunc func;
  gpointer data;
  Place places[2]; /* downwards, upwards */
} Pass;

static void
end_place (Pass     *pass,
           gboolean  upwards)
{
  Place *place = &pass->places[upwards];
  double from = MAX (place->from, 0), to = MIN (place->to, pass->width);

  if (place->open && to > from)
    pass->func (pass->lane, upwards, from, to, pass->data);
  place->open = FALSE;
}

static void
add_bin (Pass     *pass,
         gboolean  upwards,
         double    from,
         double    to)
{
  Place *place = &pass->places[upwards];

  if (place->open && from > place->to + JOIN_PX)
    end_place (pass, upwards);
  if (!place->open)
    *place = (Place) { TRUE, from, to };
  place->to = MAX (place->to, to);
}

static void
pass_lane (Pass      *pass,
           InionPage *page)
{
  const InionTraceLane *lane = pass->lane;
  guint d = lane->derivation;
  const InionMinMax *bins = page->bins + d * page->n_bins;
  double bin_s = (double) page->bin_size[d] / page->rate_hz[d];
  double px_per_s = pass->width / (page->to_s - page->from_s);

  for (gsize i = 0; i < page->used[d]; i++)
    {
      double x, a, b;

      if (!(bins[i].lo <= bins[i].hi))
        continue;
      x = ((double) (page->first_bin[d] + (gint64) i) * bin_s - page->from_s) * px_per_s;
      a = lane->y0 + (double) bins[i].lo * lane->px_per_unit;
      b = lane->y0 + (double) bins[i].hi * lane->px_per_unit;
      if (MIN (a, b) < lane->clip_top)
        add_bin (pass, TRUE, x, x + MAX (bin_s * px_per_s, 1));
      if (MAX (a, b) > lane->clip_bottom)
        add_bin (pass, FALSE, x, x + MAX (bin_s * px_per_s, 1));
    }
  end_place (pass, TRUE);
  end_place (pass, FALSE);
}

/**
 * inion_trace_clipped_foreach:
 * @page: what is shown
 * @lanes: (array length=n): where
 * @n: how many lanes
 * @width: of the page, in pixels
 * @func: called once a place
 * @data: passed to @func
 *
 * Finds where traces that are clipped to their lanes would leave them. Lanes without a clip have no
 * such place. What is less than two pixels apart is one place; a gap is none.
 */
void
inion_trace_clipped_foreach (InionPage             *page,
                             const InionTraceLane  *lanes,
                             guint                  n,
                             double                 width,
                             InionTraceClippedFunc  func,
                             gpointer               data)
{
  g_return_if_fail (page != NULL && func != NULL);

  for (guint i = 0; i < n && page->to_s > page->from_s; i++)
    {
      Pass pass = { &lanes[i], width, func, data, { { 0 }, { 0 } } };

      if (lanes[i].derivation < page->n_derivations && page->used[lanes[i].derivation] > 0 &&
          (isfinite (lanes[i].clip_top) || isfinite (lanes[i].clip_bottom)))
        pass_lane (&pass, page);
    }
}
