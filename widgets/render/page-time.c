/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time axis of a page: steps, lines and labels.
 *
 * Lines stand on whole seconds of the clock where the recording says when it began, else on whole
 * seconds since its start. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/page-time-private.h"
#include "widgets/render/page-picture.h"

#include <math.h>

#define DAY 86400.0
#define LEAST_GRID_PX 5.0

static const double steps[] = {
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600,
  900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800,
};

static double
px_per_s (const InionPageTime *self)
{
  return self->to_s > self->from_s ? self->width / (self->to_s - self->from_s) : 0;
}

/* The smallest step that is so wide. */
static double
choose_step (const InionPageTime *self,
             double               least_px)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] * px_per_s (self) >= least_px)
      return steps[i];
  return (self->to_s - self->from_s) * 2 + 1;
}

static double
seconds_of_day (GDateTime *start)
{
  return g_date_time_get_hour (start) * 3600.0 + g_date_time_get_minute (start) * 60.0
         + g_date_time_get_seconds (start);
}

/* What must be added to a time so that whole steps are round on the clock. */
static double
get_offset (const InionPageTime *self)
{
  return self->start != NULL ? seconds_of_day (self->start) : 0;
}

double
_inion_page_time_to_x (const InionPageTime *self,
                       double               time_s)
{
  return self->x + (time_s - self->from_s) * px_per_s (self);
}

static void
draw_lines (const InionPageTime *self,
            InionPainter        *painter,
            double               step,
            double               skip,
            double               top,
            double               bottom)
{
  double offset = get_offset (self);
  double first = ceil ((self->from_s + offset) / step - 1e-6);
  double last = floor ((self->to_s + offset) / step + 1e-6);

  for (double k = first; k <= last; k++)
    {
      double time = k * step;
      double x;

      if (skip > 0 && fabs (time / skip - floor (time / skip + 0.5)) < 1e-6)
        continue;
      x = _inion_painter_snap (painter, _inion_page_time_to_x (self, time - offset), 1);
      cairo_move_to (painter->cr, x, top);
      cairo_line_to (painter->cr, x, bottom);
    }
  cairo_set_line_width (painter->cr, 1);
  cairo_stroke (painter->cr);
}

/* Lines of 1 s and 0.2 s, or of what there is room for. */
void
_inion_page_time_draw_grid (const InionPageTime *self,
                            InionPainter        *painter,
                            double               top,
                            double               bottom)
{
  double major, minor;

  if (!(px_per_s (self) > 0))
    return;
  major = MAX (choose_step (self, 5 * LEAST_GRID_PX), 1);
  minor = major > 1 ? choose_step (self, LEAST_GRID_PX) : 0.2;
  _inion_painter_set_ink (painter, INION_INK_GRID);
  draw_lines (self, painter, major, 0, top, bottom);
  if (minor < major && minor * px_per_s (self) >= LEAST_GRID_PX)
    {
      _inion_painter_set_ink (painter, INION_INK_FAINT);
      draw_lines (self, painter, minor, major, top, bottom);
    }
}

/* Ticks and times under the page. */
void
_inion_page_time_draw_ruler (const InionPageTime *self,
                             InionPainter        *painter,
                             double               top)
{
  double offset = get_offset (self), step, room;
  int digits;

  if (!(px_per_s (self) > 0))
    return;
  room = _inion_painter_measure (painter, "+00:00:00.000", NULL);
  step = choose_step (self, room * 1.25);
  digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
  for (double k = ceil ((self->from_s + offset) / step - 1e-6);
       k * step <= self->to_s + offset + 1e-6; k++)
    {
      double time = k * step - offset;
      double x = _inion_painter_snap (painter, _inion_page_time_to_x (self, time), 1), w;
      g_autofree char *text = inion_page_picture_format_time (self->start, time, digits);

      _inion_painter_set_ink (painter, INION_INK_AXIS);
      _inion_painter_line (painter, x, top, x, top + 4, 1);
      w = _inion_painter_measure (painter, text, NULL);
      _inion_painter_set_ink (painter, INION_INK_DIM);
      _inion_painter_text (painter,
                           CLAMP (x - w / 2, self->x, self->x + MAX (0, self->width - w)), top + 5,
                           0, 0, text);
    }
}

/**
 * inion_page_picture_format_time:
 * @start: (nullable): when the recording began
 * @time_s: seconds since then
 * @digits: decimals of the seconds, 0 to 6
 *
 * Writes a time as on the ruler: 12:03:41.250, or +00:03:41.250 where no start is known.
 *
 * Returns: (transfer full): the text
 */
char *
inion_page_picture_format_time (GDateTime *start,
                                double     time_s,
                                int        digits)
{
  double unit, whole, seconds;
  g_autofree char *text = NULL;
  const char *sign = "";

  if (!isfinite (time_s))
    return g_strdup (INION_EN_DASH);
  digits = CLAMP (digits, 0, 6);
  if (start != NULL)
    {
      time_s = fmod (seconds_of_day (start) + time_s, DAY);
      time_s += time_s < 0 ? DAY : 0;
    }
  else
    {
      sign = time_s < 0 ? INION_MINUS : "+";
      time_s = fabs (time_s);
    }
  unit = pow (10, digits);
  time_s = floor (time_s * unit + 0.5) / unit;
  if (start != NULL && time_s >= DAY)
    time_s -= DAY;
  whole = floor (time_s / 60);
  seconds = time_s - whole * 60;
  text = _inion_format_number (seconds, digits);
  return g_strdup_printf ("%s%02d:%02d:%s%s", sign, (int) (whole / 60), (int) fmod (whole, 60),
                          seconds + 0.5 / unit < 10 ? "0" : "", text);
}
