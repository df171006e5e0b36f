/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the clock of the computer that sent a stream to that of the one that recorded it.
 *
 * The recorder measures every few seconds by how much the two clocks differ. Clocks drift apart by
 * some millionths, so a straight line is fitted, such that single measurements that a busy network
 * delayed do not count: the sum of Huber's loss is minimised, quadratic up to 0.1 ms and linear
 * beyond (Huber 1964), by iteratively reweighted least squares.
 *
 * Where the sender was restarted its clock jumps, in time and in offset: there a new piece begins,
 * with a line of its own. Samples belong to the piece that they stand in in the file; those
 * between the last measurement of one piece and the first of the next to the one whose times are
 * nearer.
 *
 * A recorder that fails to measure may write what happened to stand in its memory. So a measurement
 * that fits neither those around it nor the times of the samples around it is left out. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/xdf-clock.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define HUBER_S 1e-4
#define MAX_ITERATIONS 200
#define MAX_SLOPE 1e-3
#define RESET_TIME_S 5.0
#define RESET_TIME_MADS 5.0
#define RESET_VALUE_S 1.0
#define RESET_VALUE_MADS 10.0
#define ABSURD_VALUE_S 5.0
#define NEAR_SAMPLE_S 60.0

typedef struct
{
  gint64 from, to; /* where its first and last measurement stand in the file */
  double min, max; /* times of its measurements */
  double origin;   /* the line is value + slope × (time − origin) */
  double value;
  double slope;
} Piece;

struct _InionXdfClock
{
  GArray *pieces;
};

#define OFFSET(array, i) (&g_array_index ((array), InionXdfOffset, (i)))

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
take_median (double *values,
             gsize   n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Median and median absolute deviation; the values are sorted by it. */
static void
measure_spread (double *values,
                gsize   n,
                double *median,
                double *mad)
{
  *median = take_median (values, n);
  for (gsize i = 0; i < n; i++)
    values[i] = fabs (values[i] - *median);
  *mad = take_median (values, n) + DBL_EPSILON;
}

static gboolean
is_near_sample (const InionXdfOffset *offset)
{
  return fabs (offset->time - offset->before) < NEAR_SAMPLE_S ||
         fabs (offset->time - offset->after) < NEAR_SAMPLE_S;
}

/* Whether two measurements may be of one clock that was not reset. */
static gboolean
agree (const InionXdfOffset *a,
       const InionXdfOffset *b)
{
  return b->time >= a->time - RESET_TIME_S && fabs (b->value - a->value) <= ABSURD_VALUE_S;
}

static gboolean
is_absurd (GArray *offsets,
           guint   i)
{
  const InionXdfOffset *offset = OFFSET (offsets, i);
  gboolean fits_last = i > 0 && agree (OFFSET (offsets, i - 1), offset);
  gboolean fits_next = i + 1 < offsets->len && agree (offset, OFFSET (offsets, i + 1));

  if (!isfinite (offset->time) || !isfinite (offset->value) || fabs (offset->time) > 1e12 ||
      fabs (offset->value) > 1e12)
    return TRUE;
  if (fits_last || fits_next || offsets->len == 1 || is_near_sample (offset))
    return FALSE;
  return TRUE;
}

/* The measurements that are believed. */
static GArray *
dup_sane (GArray *offsets,
          guint  *n_rejected,
          gint64 *first_rejected)
{
  GArray *sane = g_array_new (FALSE, FALSE, sizeof (InionXdfOffset));

  *n_rejected = 0;
  *first_rejected = -1;
  for (guint i = 0; i < offsets->len; i++)
    if (!is_absurd (offsets, i))
      g_array_append_val (sane, *OFFSET (offsets, i));
    else if ((*n_rejected)++ == 0)
      *first_rejected = OFFSET (offsets, i)->at;
  return sane;
}

/* Marks behind which measurement the clock was reset: where both the time and the offset jump. */
static gboolean *
find_resets (GArray *offsets)
{
  gsize n = offsets->len - 1;
  gboolean *resets = g_new0 (gboolean, n);
  g_autofree double *times = g_new (double, n);
  g_autofree double *values = g_new (double, n);
  double time, time_mad, value, value_mad;

  for (gsize i = 0; i < n; i++)
    {
      times[i] = OFFSET (offsets, i + 1)->time - OFFSET (offsets, i)->time;
      values[i] = fabs (OFFSET (offsets, i + 1)->value - OFFSET (offsets, i)->value);
    }
  measure_spread (times, n, &time, &time_mad);
  measure_spread (values, n, &value, &value_mad);
  for (gsize i = 0; i < n; i++)
    {
      double dt = OFFSET (offsets, i + 1)->time - OFFSET (offsets, i)->time;
      double dv = fabs (OFFSET (offsets, i + 1)->value - OFFSET (offsets, i)->value) - value;

      resets[i] = (dt < 0 || (dt - time > RESET_TIME_S &&
                              (dt - time) / time_mad > RESET_TIME_MADS)) &&
                  dv > RESET_VALUE_S && dv / value_mad > RESET_VALUE_MADS;
    }
  return resets;
}

/* The median of the offsets of a piece. */
static double
get_median_value (GArray *offsets,
                  guint   first,
                  guint   last)
{
  gsize n = last - first + 1;
  g_autofree double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = OFFSET (offsets, first + i)->value;
  return take_median (values, n);
}

/* One weighted least squares line. The largest change of the line at the piece's ends. */
static double
step_fit (Piece  *piece,
          GArray *offsets,
          guint   first,
          guint   last)
{
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
  double before_min = piece->value + piece->slope * (piece->min - piece->origin);
  double before_max = piece->value + piece->slope * (piece->max - piece->origin);
  double mean_x, mean_y, slope;

  for (guint i = first; i <= last; i++)
    {
      double x = OFFSET (offsets, i)->time - piece->origin;
      double r = fabs (OFFSET (offsets, i)->value - piece->value - piece->slope * x);
      double weight = r <= HUBER_S ? 1 : HUBER_S / r;

      w += weight;
      wx += weight * x;
      wy += weight * (OFFSET (offsets, i)->value - piece->value);
    }
  mean_x = wx / w;
  mean_y = wy / w;
  for (guint i = first; i <= last; i++)
    {
      double x = OFFSET (offsets, i)->time - piece->origin;
      double y = OFFSET (offsets, i)->value - piece->value;
      double r = fabs (y - piece->slope * x);
      double weight = r <= HUBER_S ? 1 : HUBER_S / r;

      wxx += weight * (x - mean_x) * (x - mean_x);
      wxy += weight * (x - mean_x) * (y - mean_y);
    }
  slope = wxx > 0 ? wxy / wxx : 0;
  piece->value += mean_y - slope * mean_x;
  piece->slope = slope;
  return MAX (fabs (piece->value + slope * (piece->min - piece->origin) - before_min),
              fabs (piece->value + slope * (piece->max - piece->origin) - before_max));
}

static void
fit_piece (Piece  *piece,
           GArray *offsets,
           guint   first,
           guint   last)
{
  double median = get_median_value (offsets, first, last);

  piece->from = OFFSET (offsets, first)->at;
  piece->to = OFFSET (offsets, last)->at;
  piece->min = G_MAXDOUBLE;
  piece->max = -G_MAXDOUBLE;
  for (guint i = first; i <= last; i++)
    {
      piece->min = MIN (piece->min, OFFSET (offsets, i)->time);
      piece->max = MAX (piece->max, OFFSET (offsets, i)->time);
    }
  piece->origin = piece->min + (piece->max - piece->min) / 2;
  piece->value = median;
  piece->slope = 0;
  if (!(piece->max > piece->min))
    return;
  for (guint k = 0; k < MAX_ITERATIONS; k++)
    if (step_fit (piece, offsets, first, last) < 1e-9)
      break;
  /* No quartz is off by a thousandth: too few measurements for a slope. */
  if (!isfinite (piece->value) || !(fabs (piece->slope) <= MAX_SLOPE))
    {
      piece->value = median;
      piece->slope = 0;
    }
}

/**
 * _inion_xdf_clock_new:
 * @offsets: (element-type InionXdfOffset): the measurements, as they stand in the file
 * @n_rejected: (out): how many of them cannot be
 * @first_rejected: (out): where the first of these stands, -1 for none
 *
 * Returns: (transfer full): the way from one clock to the other
 */
InionXdfClock *
_inion_xdf_clock_new (GArray *offsets,
                      guint  *n_rejected,
                      gint64 *first_rejected)
{
  InionXdfClock *self = g_new0 (InionXdfClock, 1);
  g_autoptr (GArray) sane = dup_sane (offsets, n_rejected, first_rejected);
  g_autofree gboolean *resets = NULL;
  guint first = 0;

  self->pieces = g_array_new (FALSE, TRUE, sizeof (Piece));
  if (sane->len > 1)
    resets = find_resets (sane);
  for (guint i = 0; i < sane->len; i++)
    if (i + 1 == sane->len || resets[i])
      {
        Piece piece = { 0 };

        fit_piece (&piece, sane, first, i);
        g_array_append_val (self->pieces, piece);
        first = i + 1;
      }
  return self;
}

/**
 * _inion_xdf_clock_free:
 * @self: (nullable): a clock
 */
void
_inion_xdf_clock_free (InionXdfClock *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->pieces);
  g_free (self);
}

/**
 * _inion_xdf_clock_get_n_pieces:
 * @self: a clock
 *
 * Returns: 0 without measurements, 1 for a clock that was not reset
 */
guint
_inion_xdf_clock_get_n_pieces (InionXdfClock *self)
{
  return self->pieces->len;
}

static double
get_distance (const Piece *piece,
              double       time)
{
  return time < piece->min ? piece->min - time : time > piece->max ? time - piece->max : 0;
}

/* The piece of what stands at a byte of the file. */
static const Piece *
find_piece (InionXdfClock *self,
            gint64         at,
            double         time)
{
  guint low = 0, high = self->pieces->len - 1;
  const Piece *piece, *last;

  /* The first that ends behind it, or the last. */
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->pieces, Piece, middle).to > at)
        high = middle;
      else
        low = middle + 1;
    }
  piece = &g_array_index (self->pieces, Piece, low);
  if (low == 0 || at >= piece->from)
    return piece;
  last = &g_array_index (self->pieces, Piece, low - 1);
  return get_distance (last, time) <= get_distance (piece, time) ? last : piece;
}

/**
 * _inion_xdf_clock_map:
 * @self: a clock
 * @at: where in the file the time stands
 * @time: a time on the sender's clock, in seconds
 *
 * Returns: the same on the recorder's clock; unchanged without measurements
 */
double
_inion_xdf_clock_map (InionXdfClock *self,
                      gint64         at,
                      double         time)
{
  const Piece *piece;

  if (self->pieces->len == 0)
    return time;
  piece = find_piece (self, at, time);
  return time + piece->value + piece->slope * (time - piece->origin);
}
