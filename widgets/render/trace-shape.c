/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From bins to pixels: the geometry of one lane.
 *
 * A lane is drawn in one of two ways. Both give one small vector ("texel") that says all a pixel
 * must know, so that the CPU rasteriser and the fragment shader evaluate the same short formula on the
 * same numbers, and each fragment reads one texel.
 *
 * Columns, when a bin is narrower than about a pixel. Each pixel column gets the range [t, b] that
 * the line sweeps in it. Samples (bin size 1) are joined by straight lines and the range is exact:
 * the samples in the column and the line's values at its two edges. Bins (size > 1) give the union
 * of the bins that touch the column; where two neighbours do not overlap, both reach to the middle
 * of the gap, so that a line never falls apart. The range is then made as thick as the pen.
 *
 * A line that crosses a column with slope s (pixels a column) does not cover the ends of its range
 * evenly: coverage grows linearly over s rows. With the pen's vertical thickness w √(1 + s²) this
 * ramp is the coverage of a straight stroke by the column; the pixel's own height lengthens it to
 * √(1 + s²). The slope of an end is the harmonic mean of its steps to the two neighbours, and 0 at
 * an extremum: a spike keeps its full height and full ink.
 *
 * Segments, when samples stand further apart. A texel holds the four samples around a pixel, and
 * coverage comes from the distance to the three lines between them: that is enough as long as the
 * samples are further apart than the pen reaches, which is what decides between the two.
 *
 * Time becomes x in double here; what is left is relative to the picture and fits a float. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-shape-private.h"

#include <math.h>

/* Samples at least so far apart (pixels) are drawn as segments. */
#define SEGMENT_STEP 1.2
/* Beyond this a picture has no pixels; keeps float arithmetic far from infinity. */
#define FAR 1e6f

/* Where the bins of one derivation stand. */
typedef struct
{
  const InionMinMax *bins;
  gssize n;
  double origin;   /* x of the first bin's first sample */
  double step;     /* pixels a bin */
  float y0;
  float scale;
} Bins;

static gboolean
find_bins (Bins                 *self,
           InionTraceFrame      *frame,
           const InionTraceLane *lane)
{
  InionPage *page = frame->page;
  guint d = lane->derivation;
  double px_per_s, seconds;

  if (d >= page->n_derivations || !(page->rate_hz[d] > 0) || page->bin_size[d] < 1)
    return FALSE;
  if (!(frame->to_s > frame->from_s) || !isfinite (lane->y0) || !isfinite (lane->px_per_unit))
    return FALSE;

  px_per_s = frame->width / (frame->to_s - frame->from_s);
  seconds = (double) page->bin_size[d] / page->rate_hz[d];
  self->bins = page->bins + d * page->n_bins;
  self->n = MIN (page->used[d], page->n_bins);
  self->origin = ((double) page->first_bin[d] * seconds - frame->from_s) * px_per_s;
  self->step = seconds * px_per_s;
  self->y0 = lane->y0;
  self->scale = lane->px_per_unit;
  return self->n > 0 && self->step > 0 && isfinite (self->origin) && isfinite (self->step);
}

static inline gboolean
is_there (const InionMinMax *bin)
{
  return bin->lo <= bin->hi; /* FALSE for the empty bin and for NaN */
}

static inline float
value_to_y (const Bins *self,
            float       value)
{
  return CLAMP (self->y0 + value * self->scale, -FAR, FAR);
}

/* The y of sample i, or INION_TRACE_NOTHING. */
static inline float
sample_y (const Bins *self,
          gssize      i)
{
  if (i < 0 || i >= self->n || !is_there (&self->bins[i]))
    return INION_TRACE_NOTHING;
  return value_to_y (self, self->bins[i].lo);
}

static inline void
widen (InionTraceTexel *column,
       float            y)
{
  column->v[0] = MIN (column->v[0], y);
  column->v[2] = MAX (column->v[2], y);
}

/* Positions in bins become indices without libm: they have been clamped to [0, n]. */
static inline gssize
index_below (double position,
             gssize n)
{
  return (gssize) CLAMP (position, 0, (double) n);
}

static inline gssize
index_above (double position,
             gssize n)
{
  gssize below = index_below (position, n);

  return below + (position > (double) below && below < n);
}

/* The y of the line between samples i − 1 and i at a position between them, if both are there. */
static inline float
line_y (const Bins *self,
        gssize      i,
        double      position)
{
  float a = sample_y (self, i - 1), b = sample_y (self, i);

  if (a >= INION_TRACE_NOTHING || b >= INION_TRACE_NOTHING)
    return INION_TRACE_NOTHING;
  return a + (b - a) * (float) (position - (double) (i - 1));
}

static void
fill_from_samples (const Bins      *self,
                   InionTraceTexel *columns,
                   int              width)
{
  double per_px = 1 / self->step;
  double position = -self->origin * per_px;
  gssize from = index_above (position, self->n);
  float left = line_y (self, from, position);

  for (int x = 0; x < width; x++)
    {
      gssize to;
      float right;

      position = (x + 1 - self->origin) * per_px;
      to = index_above (position, self->n);
      right = line_y (self, to, position);
      if (left < INION_TRACE_NOTHING)
        widen (&columns[x], left);
      if (right < INION_TRACE_NOTHING)
        widen (&columns[x], right);
      for (gssize i = from; i < to; i++)
        {
          float y = sample_y (self, i);

          if (y < INION_TRACE_NOTHING)
            widen (&columns[x], y);
        }
      left = right;
      from = to;
    }
}

static void
fill_from_bins (const Bins      *self,
                InionTraceTexel *columns,
                int              width)
{
  /* A bin that ends at a column's edge does not touch the next column, whatever the rounding. */
  const double slack = 1e-3;
  double per_px = 1 / self->step;

  for (int x = 0; x < width; x++)
    {
      gssize from = index_below ((x - self->origin) * per_px + slack, self->n);
      gssize to = index_above ((x + 1 - self->origin) * per_px - slack, self->n);
      float lo = INFINITY, hi = -INFINITY;

      for (gssize i = from; i < to; i++)
        if (is_there (&self->bins[i]))
          {
            lo = MIN (lo, self->bins[i].lo);
            hi = MAX (hi, self->bins[i].hi);
          }
      if (lo <= hi)
        {
          widen (&columns[x], value_to_y (self, lo));
          widen (&columns[x], value_to_y (self, hi));
        }
    }
}

static inline gboolean
is_empty (const InionTraceTexel *column)
{
  return column->v[0] > column->v[2];
}

static void
join_neighbours (InionTraceTexel *columns,
                 int              width)
{
  for (int x = 0; x + 1 < width; x++)
    {
      InionTraceTexel *a = &columns[x], *b = &columns[x + 1];

      if (is_empty (a) || is_empty (b))
        continue;
      if (b->v[0] > a->v[2])
        a->v[2] = b->v[0] = (a->v[2] + b->v[0]) / 2;
      else if (b->v[2] < a->v[0])
        a->v[0] = b->v[2] = (a->v[0] + b->v[2]) / 2;
    }
}

/* The pen is a disc: a pen wider than 2 pixels also reaches into the columns beside. Keeps the thin
 * range in v[1], v[3]. */
static void
thicken (InionTraceTexel *columns,
         int              width,
         float            half_width)
{
  int reach = (int) half_width;

  for (int x = 0; x < width; x++)
    {
      columns[x].v[1] = columns[x].v[0];
      columns[x].v[3] = columns[x].v[2];
    }
  for (int x = 0; x < width; x++)
    for (int j = MAX (-reach, -x); j <= MIN (reach, width - 1 - x); j++)
      {
        const InionTraceTexel *other = &columns[x + j];
        float thickness = sqrtf (half_width * half_width - (float) (j * j));

        if (other->v[1] > other->v[3])
          continue;
        columns[x].v[0] = MIN (columns[x].v[0], other->v[1] - thickness);
        columns[x].v[2] = MAX (columns[x].v[2], other->v[3] + thickness);
      }
}

/* The slope of an outline: the harmonic mean of the steps to both neighbours, if of one sign. */
static inline float
outline_slope (float before,
               float here,
               float after)
{
  float a = here - before, b = after - here;

  if (a * b <= 0)
    return 0;
  return fabsf (2 * a * b / (a + b));
}

/* Turns ranges into ramps. */
static void
soften (InionTraceTexel *columns,
        int              width,
        float            half_width)
{
  float before_top = 0, before_bottom = 0;
  gboolean before = FALSE;

  for (int x = 0; x < width; x++)
    {
      InionTraceTexel *c = &columns[x];
      float top = c->v[0], bottom = c->v[2], thin = c->v[3] - c->v[1];
      float slope_top = 0, slope_bottom = 0;
      gboolean here = top <= bottom;

      if (here && before && x + 1 < width && !is_empty (&columns[x + 1]))
        {
          slope_top = outline_slope (before_top, top, columns[x + 1].v[0]);
          slope_bottom = outline_slope (before_bottom, bottom, columns[x + 1].v[2]);
          slope_top = CLAMP (slope_top, 0, MAX (thin, 0));
          slope_bottom = CLAMP (slope_bottom, 0, MAX (thin, 0));
        }
      before = here;
      before_top = top;
      before_bottom = bottom;
      if (here)
        {
          float ramp_top = sqrtf (1 + slope_top * slope_top);
          float ramp_bottom = sqrtf (1 + slope_bottom * slope_bottom);

          c->v[0] = top - half_width * (ramp_top - 1) + (slope_top - ramp_top) / 2;
          c->v[2] = bottom + half_width * (ramp_bottom - 1) - (slope_bottom - ramp_bottom) / 2;
          c->v[1] = 1 / ramp_top;
          c->v[3] = 1 / ramp_bottom;
        }
      else
        *c = (InionTraceTexel) { { FAR, 1, -FAR, 1 } };
    }
}

static void
build_columns (InionTraceShape *self,
               InionTraceFrame *frame,
               const Bins      *bins,
               gboolean         samples)
{
  self->n = (guint) frame->width;
  for (guint x = 0; x < self->n; x++)
    self->texels[x] = (InionTraceTexel) { { FAR, 0, -FAR, 0 } };
  if (bins == NULL)
    return;
  if (samples)
    fill_from_samples (bins, self->texels, frame->width);
  else
    fill_from_bins (bins, self->texels, frame->width);
  join_neighbours (self->texels, frame->width);
  thicken (self->texels, frame->width, self->half_width);
  soften (self->texels, frame->width, self->half_width);
}

static void
build_segments (InionTraceShape *self,
                InionTraceFrame *frame,
                const Bins      *bins)
{
  double reach = self->half_width + 0.5;
  double from = floor ((-reach - bins->origin) / bins->step) - 1;
  double to = ceil ((frame->width + reach - bins->origin) / bins->step) + 1;
  gssize first = (gssize) CLAMP (from, -1, (double) bins->n);
  gssize last = (gssize) CLAMP (to, -1, (double) bins->n);

  self->segments = TRUE;
  self->origin = (float) (bins->origin + (double) first * bins->step);
  self->step = (float) bins->step;
  self->n = (guint) (last - first + 1);
  for (guint k = 0; k < self->n; k++)
    for (int j = 0; j < 4; j++)
      self->texels[k].v[j] = sample_y (bins, first + (gssize) k + j - 1);
}

/* The most texels that a lane of this frame can have. */
gsize
_inion_trace_shape_max_texels (InionTraceFrame *frame)
{
  return (gsize) frame->width + 16;
}

/* Builds one lane into texels, an array of at least _inion_trace_shape_max_texels(). */
void
_inion_trace_shape_build (InionTraceShape *self,
                          InionTraceFrame *frame,
                          guint            lane,
                          InionTraceTexel *texels)
{
  const InionTraceLane *l = &frame->lanes[lane];
  gboolean samples, found;
  double wide;
  Bins bins;

  *self = (InionTraceShape) { .texels = texels, .half_width = frame->line_width / 2 };
  if (l->clip_top < l->clip_bottom)
    {
      self->row_from = (int) ceilf (CLAMP (l->clip_top, 0, (float) frame->height) - 0.5f);
      self->row_to = (int) ceilf (CLAMP (l->clip_bottom, 0, (float) frame->height) - 0.5f);
    }

  found = find_bins (&bins, frame, l);
  samples = found && frame->page->bin_size[l->derivation] == 1;
  wide = MAX (SEGMENT_STEP, self->half_width + 0.5);
  if (samples && bins.step >= wide)
    build_segments (self, frame, &bins);
  else
    build_columns (self, frame, found ? &bins : NULL, samples);
}

static void
rows_of_segment (const InionTraceShape *self,
                 float                  x0,
                 float                  y0,
                 float                  y1,
                 float                  x_from,
                 float                  x_to,
                 float                 *low,
                 float                 *high)
{
  float a, b;

  if (y0 >= INION_TRACE_NOTHING && y1 >= INION_TRACE_NOTHING)
    return;
  if (x0 + self->step < x_from || x0 > x_to)
    return;
  if (y0 >= INION_TRACE_NOTHING)
    y0 = y1;
  if (y1 >= INION_TRACE_NOTHING)
    y1 = y0;
  a = y0 + (y1 - y0) * CLAMP ((x_from - x0) / self->step, 0, 1);
  b = y0 + (y1 - y0) * CLAMP ((x_to - x0) / self->step, 0, 1);
  *low = MIN (*low, MIN (a, b));
  *high = MAX (*high, MAX (a, b));
}

static void
rows_of_segments (const InionTraceShape *self,
                  int                    x_from,
                  int                    x_to,
                  float                 *low,
                  float                 *high)
{
  float reach = self->half_width + 0.5f;
  float left = (float) x_from - reach, right = (float) x_to + reach;
  float first = (left - self->origin) / self->step;
  float last = (right - self->origin) / self->step;
  float end = (float) self->n - 1;

  if (last < -1 || first > end + 2)
    return;
  first = CLAMP (first, 0, end);
  last = CLAMP (last, 0, end);
  for (guint k = (guint) first; k <= (guint) last; k++)
    {
      const float *v = self->texels[k].v;
      float x = self->origin + (float) k * self->step;

      rows_of_segment (self, x, v[1], v[2], left, right, low, high);
    }
  *low -= reach;
  *high += reach;
}

/* The rows that the columns [x_from, x_to) may touch, clipped to the lane. */
InionTraceRows
_inion_trace_shape_get_rows (const InionTraceShape *self,
                             int                    x_from,
                             int                    x_to)
{
  float low = FAR, high = -FAR;
  InionTraceRows rows;

  if (self->segments)
    rows_of_segments (self, x_from, x_to, &low, &high);
  else
    for (int x = x_from; x < x_to; x++)
      {
        low = MIN (low, self->texels[x].v[0]);
        high = MAX (high, self->texels[x].v[2]);
      }
  if (low > high)
    return (InionTraceRows) { 0, 0 };
  /* Not negative after the clamp: truncation is the floor, and no call to libm is needed. */
  low = CLAMP (low, (float) self->row_from, (float) self->row_to);
  high = CLAMP (high, (float) self->row_from, (float) self->row_to);
  rows.from = (int) low;
  rows.to = (int) high;
  rows.to += high > (float) rows.to;
  return rows;
}
