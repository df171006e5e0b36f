/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accuracy fold by fold, with its mean, its interval, and what chance would give. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/plots.h"
#include "widgets/render/painter-private.h"

#include <math.h>

typedef struct
{
  InionPainter painter;
  double left, top, right, bottom;
  double low;                     /* accuracy at the bottom; the top is 1 */
  guint n;
  const double *accuracies;
  double width;
  const guint *sizes;
  const char *const *names;
  double mean, mean_low, mean_high, chance, bound;
} Folds;

static double
to_y (const Folds *self,
      double       accuracy)
{
  return self->bottom - (self->bottom - self->top) * (accuracy - self->low) / (1 - self->low);
}

static double
to_x (const Folds *self,
      guint        fold)
{
  return self->left + (self->right - self->left) * (fold + 0.5) / MAX (self->n, 1);
}

/* 0.91 (95 % 0.79–0.98; chance 0.50; 45 trials): a score is never alone. */
static char *
format_score (const Folds *self)
{
  g_autofree char *mean = _inion_format_number (self->mean, 2);
  g_autofree char *low = _inion_format_number (self->mean_low, 2);
  g_autofree char *high = _inion_format_number (self->mean_high, 2);
  g_autofree char *chance = _inion_format_number (self->chance, 2);
  GString *text = g_string_new (NULL);
  guint64 trials = 0;

  g_string_printf (text, "(95" INION_THIN_SPACE "%% %s" INION_EN_DASH "%s; chance %s", low, high,
                   chance);
  for (guint i = 0; self->sizes != NULL && i < self->n; i++)
    trials += self->sizes[i];
  if (trials > 0)
    g_string_append_printf (text, "; %" G_GUINT64_FORMAT " trial%s", trials, trials == 1 ? ""
                            : "s");
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static void
draw_score (Folds *self)
{
  InionPainter *p = &self->painter;
  g_autofree char *mean = _inion_format_number (self->mean, 2);
  g_autofree char *rest = format_score (self);
  double x, height;

  _inion_painter_set_scale (p, 1.5, TRUE);
  _inion_painter_set_ink (p, INION_INK_STRONG);
  x = _inion_painter_measure (p, mean, &height);
  _inion_painter_text (p, 0, p->line * 0.85, 0, 0.5, mean);
  _inion_painter_set_scale (p, 1, FALSE);
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_fit (p, x + 8, p->line * 0.97, self->width - x - 8, 0, 0.5, rest);
}

static void
find_limits (Folds *self)
{
  double low = 1;

  for (guint i = 0; i < self->n; i++)
    if (isfinite (self->accuracies[i]))
      low = MIN (low, self->accuracies[i]);
  if (isfinite (self->mean_low))
    low = MIN (low, self->mean_low);
  if (isfinite (self->chance))
    low = MIN (low, self->chance);
  self->low = CLAMP (floor ((low - 0.05) * 5) / 5, 0, 0.8);
}

static void
draw_axis (Folds *self)
{
  InionPainter *p = &self->painter;
  double step = MAX (_inion_nice_step (1 - self->low,
                                       (int) ((self->bottom - self->top) / (1.8 * p->line))),
                     0.05);

  for (double a = 1; a >= self->low - 1e-9; a -= step)
    {
      g_autofree char *text = _inion_format_number (a, step < 0.1 ? 2 : 1);
      double y = _inion_painter_snap (p, to_y (self, a), 1);

      _inion_painter_set_ink (p, INION_INK_GRID);
      _inion_painter_line (p, self->left, y, self->right, y, 1);
      _inion_painter_set_ink (p, INION_INK_DIM);
      _inion_painter_text (p, self->left - 6, y, 1, 0.5, text);
    }
}

/* A level across the plot, its value and name at the right. */
static void
draw_level (Folds      *self,
            double      value,
            const char *name,
            double      alpha,
            double      dash)
{
  InionPainter *p = &self->painter;
  g_autofree char *number = _inion_format_number (value, 2);
  g_autofree char *text = g_strconcat (number, " ", name, NULL);
  double y = _inion_painter_snap (p, to_y (self, value), 1);

  if (!isfinite (value) || value < self->low || value > 1)
    return;
  _inion_painter_set_ink (p, alpha);
  _inion_painter_dash (p, dash, dash);
  _inion_painter_line (p, self->left, y, self->right, y, 1);
  _inion_painter_dash (p, 0, 0);
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_text (p, self->right + 6, y, 0, 0.5, text);
}

static void
draw_mean (Folds *self)
{
  InionPainter *p = &self->painter;
  guint32 accent = _inion_painter_get_accent (p);
  g_autofree char *number = NULL, *text = NULL;
  double y;

  if (isfinite (self->mean_low) && isfinite (self->mean_high))
    {
      double top = to_y (self, MIN (self->mean_high, 1));
      double bottom = to_y (self, MAX (self->mean_low, self->low));

      _inion_painter_set_color (p, accent, 0.14);
      cairo_rectangle (p->cr, self->left, top, self->right - self->left, bottom - top);
      cairo_fill (p->cr);
    }
  if (!isfinite (self->mean))
    return;
  y = to_y (self, self->mean);
  _inion_painter_set_color (p, accent, 0.9);
  _inion_painter_line (p, self->left, y, self->right, y, 1.5);
  number = _inion_format_number (self->mean, 2);
  text = g_strconcat (number, " mean", NULL);
  /* The number stands above already: where another level's name is near, that one goes first. */
  if (!(fabs (y - to_y (self, self->bound)) < p->line)
      && !(fabs (y - to_y (self, self->chance)) < p->line))
    _inion_painter_text (p, self->right + 6, y, 0, 0.5, text);
}

/* Where one name would be cut, all folds are numbered instead: "blo…" says nothing. */
static gboolean
names_fit (const Folds *self,
           double       each)
{
  for (guint i = 0; self->names != NULL && i < self->n; i++)
    if (self->names[i] == NULL ||
        _inion_painter_measure ((InionPainter *) &self->painter, self->names[i], NULL) > each - 4)
      return FALSE;
  return self->names != NULL;
}

static void
draw_folds (Folds *self)
{
  InionPainter *p = &self->painter;
  double each = (self->right - self->left) / MAX (self->n, 1);
  gboolean named = names_fit (self, each);
  guint most = 1;

  for (guint i = 0; self->sizes != NULL && i < self->n; i++)
    most = MAX (most, self->sizes[i]);
  for (guint i = 0; i < self->n; i++)
    {
      double x = to_x (self, i), radius = MIN (4.5, each * 0.35);

      if (self->sizes != NULL)
        radius *= 0.55 + 0.45 * sqrt ((double) self->sizes[i] / most);
      _inion_painter_set_ink (p, INION_INK_DIM);
      if (each > p->line)
        {
          g_autofree char *number = g_strdup_printf ("%u", i + 1);

          _inion_painter_fit (p, x, self->bottom + 4, each - 4, 0.5, 0,
                              named ? self->names[i] : number);
        }
      if (!isfinite (self->accuracies[i]))
        continue;
      cairo_new_path (p->cr);
      cairo_arc (p->cr, x, to_y (self, CLAMP (self->accuracies[i], self->low, 1)), radius, 0,
                 2 * G_PI);
      _inion_painter_set_color (p, _inion_painter_get_accent (p), 1);
      cairo_fill_preserve (p->cr);
      _inion_painter_set_page (p, 1);
      cairo_set_line_width (p->cr, 1);
      cairo_stroke (p->cr);
    }
}

static void
lay_out (Folds *self,
         double width,
         double height)
{
  InionPainter *p = &self->painter;
  double levels = MAX (_inion_painter_measure (p, "0.00 p < 0.05", NULL),
                       _inion_painter_measure (p, "0.00 chance", NULL));

  self->width = width;
  self->left = ceil (_inion_painter_measure (p, "0.00", NULL) + 8);
  self->right = floor (width - levels - 8);
  self->top = ceil (p->line * 2.6);
  self->bottom = floor (height - p->line - 6);
}

/**
 * inion_folds_draw:
 * @cr: where to draw
 * @width: width in user units
 * @height: height in user units
 * @accuracies: (array length=n): accuracy of each fold, 0 to 1; NaN: none
 * @sizes: (array length=n) (nullable): trials tested in each fold
 * @names: (array length=n) (nullable): what each fold left out
 * @n: number of folds
 * @mean: accuracy over all trials, 0 to 1
 * @low: lower end of its 95 % interval
 * @high: upper end of its 95 % interval
 * @chance: accuracy of guessing
 * @bound: accuracy that guessing passes in 5 % of cases; NaN: not known
 * @style: how to draw
 *
 * Draws the folds as dots whose area tells their trials, with the mean and its interval, the level
 * of chance and its bound.
 */
void
inion_folds_draw (cairo_t              *cr,
                  double                width,
                  double                height,
                  const double         *accuracies,
                  const guint          *sizes,
                  const char *const    *names,
                  guint                 n,
                  double                mean,
                  double                low,
                  double                high,
                  double                chance,
                  double                bound,
                  const InionPlotStyle *style)
{
  Folds self = {
    .n = n, .accuracies = accuracies, .sizes = sizes, .names = names, .mean = mean, .mean_low = low,
    .mean_high = high, .chance = chance, .bound = bound,
  };
  InionPainter *p = &self.painter;

  _inion_painter_begin (p, cr, style->dark, style->font);
  lay_out (&self, width, height);
  find_limits (&self);
  if (self.right - self.left > 10 && self.bottom - self.top > 10)
    {
      double apart;

      draw_score (&self);
      draw_axis (&self);
      draw_mean (&self);
      draw_level (&self, chance, "chance", 0.6, 5);
      /* Two names on one line say nothing. */
      apart = fabs (to_y (&self, chance) - to_y (&self, bound));
      draw_level (&self, bound, apart < p->line ? "" : "p < 0.05", 0.4, 2);
      draw_folds (&self);
    }
  _inion_painter_end (p);
}
