/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps on a page: blocks where no derivation has a sample, with what is missing written in. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/page-picture-private.h"

#include <math.h>

/* Gaps narrower than this, in user units, are not hatched. */
#define LEAST_GAP 4.0
#define MAX_PIXELS 16384

/* Where bins of any derivation stand, one entry a unit of width. */
typedef struct
{
  double first_s, last_s;
} Cover;

static Cover *
find_cover (InionPagePicture *self,
            int               n)
{
  Cover *cover = g_new (Cover, n);
  double px_per_s = self->time.width / (self->time.to_s - self->time.from_s);

  for (int x = 0; x < n; x++)
    cover[x] = (Cover) { INFINITY, -INFINITY };
  for (guint d = 0; d < self->page->n_derivations; d++)
    for (gsize i = 0; i < self->page->used[d] && self->page->rate_hz[d] > 0; i++)
      {
        const InionMinMax *bin = &self->page->bins[d * self->page->n_bins + i];
        double seconds = (double) self->page->bin_size[d] / self->page->rate_hz[d];
        double from = ((double) self->page->first_bin[d] + (double) i) * seconds;
        double to = from + seconds;
        double a = floor ((from - self->time.from_s) * px_per_s);
        double b = ceil ((to - self->time.from_s) * px_per_s);

        if (!(bin->lo <= bin->hi))
          continue;
        for (int x = (int) CLAMP (a, 0, n); x < (int) CLAMP (b, 0, n); x++)
          {
            cover[x].first_s = MIN (cover[x].first_s, from);
            cover[x].last_s = MAX (cover[x].last_s, to);
          }
      }
  return cover;
}

static void
draw_gap (InionPagePicture *self,
          double            from,
          double            to,
          double            seconds)
{
  InionPainter *p = &self->painter;
  g_autofree char *number = _inion_format_significant (seconds, 3);
  g_autofree char *text = g_strconcat ("gap ", number, INION_THIN_SPACE "s", NULL);

  _inion_painter_set_ink (p, INION_INK_FAINT);
  cairo_rectangle (p->cr, from, self->top, to - from, self->bottom - self->top);
  cairo_fill (p->cr);
  _inion_painter_set_ink (p, INION_INK_GRID);
  _inion_painter_hatch (p, from, self->top, to - from, self->bottom - self->top, 9);
  if (!(seconds > 0 && isfinite (seconds))
      || _inion_painter_measure (p, text, NULL) + 6 > to - from)
    return;
  _inion_painter_set_ink (p, INION_INK_TEXT);
  _inion_painter_halo (p, (from + to) / 2, (self->top + self->bottom) / 2, 0.5, 0.5, text);
}

/* Blocks where no derivation has a sample, within the recording. */
void
_inion_page_draw_gaps (InionPagePicture *self)
{
  int n = (int) CLAMP (self->time.width, 1, MAX_PIXELS);
  g_autofree Cover *cover = find_cover (self, n);
  InionRecording *recording = inion_montage_get_recording (self->montage);
  double duration = (double) inion_recording_get_duration_ns (recording) * 1e-9;
  double begin = CLAMP (_inion_page_time_to_x (&self->time, 0) - self->left, 0, n);
  double end = CLAMP (_inion_page_time_to_x (&self->time, duration) - self->left, 0, n);

  for (int x = (int) ceil (begin); x < (int) end; x++)
    {
      int from = x;
      double seconds = 0;

      while (x < (int) end && !(cover[x].first_s < INFINITY))
        x++;
      if (x - from < LEAST_GAP)
        continue;
      /* At the page's edge its length is not known. */
      if (from > 0 && x < n && !self->page->pending)
        seconds = cover[x].first_s - cover[from - 1].last_s;
      draw_gap (self, self->left + from, self->left + x, seconds);
    }
}
