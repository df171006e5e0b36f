/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps on a page: blocks where no derivation has a sample, with what is missing written in.
 *
 * The gaps that the recording knows of are drawn from its table, with their true length and from
 * edge to edge; any other block without a sample, such as missing values in all channels, is found
 * from the page's bins. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/gap-band.h"
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
  g_autofree char *text = inion_gap_band_dup_text (seconds);

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

typedef struct
{
  InionPagePicture *picture;
  Cover *cover;
  int n;
} KnownGaps;

/* A gap of the recording's own; the columns it takes are not looked at again. */
static void
draw_known_gap (double   from_s,
                double   to_s,
                gpointer data)
{
  KnownGaps *known = data;
  InionPagePicture *self = known->picture;
  double from = CLAMP (_inion_page_time_to_x (&self->time, from_s) - self->left, 0, known->n);
  double to = CLAMP (_inion_page_time_to_x (&self->time, to_s) - self->left, 0, known->n);

  if (to - from < LEAST_GAP)
    {
      _inion_painter_set_ink (&self->painter, INION_INK_AXIS);
      cairo_rectangle (self->painter.cr, self->left + from, self->top, MAX (to - from, 1),
                       self->bottom - self->top);
      cairo_fill (self->painter.cr);
    }
  else
    {
      draw_gap (self, self->left + from, self->left + to, to_s - from_s);
    }
  for (int x = (int) floor (from); x < MIN ((int) ceil (to) + 1, known->n); x++)
    {
      known->cover[x].first_s = MIN (known->cover[x].first_s, from_s);
      known->cover[x].last_s = MAX (known->cover[x].last_s, to_s);
    }
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
  KnownGaps known = { self, cover, n };

  inion_gap_band_foreach (recording, self->time.from_s, self->time.to_s,
                          (self->time.to_s - self->time.from_s) / n, draw_known_gap, &known);
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
