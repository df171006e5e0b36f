/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scalp map drawn with cairo.
 *
 * Spherical splines give the potential on a coarse grid; Catmull–Rom interpolation brings it to the
 * picture's own pixels, where colours are looked up and contour lines drawn: a pixel's distance
 * from the line f = k is |f − k| / |∇f|. The map ends at the head circle; electrodes below it take part
 * in the interpolation and stand outside it.
 *
 * The grid's matrix depends on the electrodes alone. The last few are kept, because a map is drawn
 * anew with every movement of the cursor. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/scalp-map.h"
#include "widgets/render/colormap.h"
#include "widgets/render/painter-private.h"

#include <math.h>
#include <string.h>

#define GRID_SIZE 80
/* The grid reaches a little beyond the head circle, so that the interpolation finds neighbours. */
#define GRID_EXTENT 1.12
#define KEPT_GRIDS 8
/* Contour lines between zero and the limit. */
#define CONTOURS 3
#define CONTOUR_ALPHA 0.26f
#define MAX_PIXELS 2048
/* Electrodes up to this radius stand on the map. */
#define ON_MAP 1.02

/* --- The kept grids ------------------------------------------------------------------------- */

typedef struct
{
  guint n;
  InionPosition *positions;
  InionScalpGrid *grid;
  guint64 used;
} KeptGrid;

static GMutex kept_lock;
static KeptGrid kept[KEPT_GRIDS];
static guint64 kept_clock;

static InionScalpGrid *
find_or_make_grid (const InionPosition *positions,
                   guint                n)
{
  KeptGrid *oldest = &kept[0];

  for (int i = 0; i < KEPT_GRIDS; i++)
    {
      if (kept[i].grid != NULL && kept[i].n == n
          && memcmp (kept[i].positions, positions, n * sizeof *positions) == 0)
        {
          kept[i].used = ++kept_clock;
          return kept[i].grid;
        }
      if (kept[i].used < oldest->used)
        oldest = &kept[i];
    }
  g_clear_pointer (&oldest->grid, inion_scalp_grid_free);
  g_clear_pointer (&oldest->positions, g_free);
  oldest->used = 0;
  oldest->grid = inion_scalp_grid_new (positions, n, GRID_SIZE, GRID_EXTENT, NULL);
  if (oldest->grid == NULL)
    return NULL;
  oldest->n = n;
  oldest->positions = g_memdup2 (positions, n * sizeof *positions);
  oldest->used = ++kept_clock;
  return oldest->grid;
}

static gboolean
interpolate (const InionPosition *positions,
             const double        *values,
             guint                n,
             float               *out)
{
  InionScalpGrid *grid;

  g_mutex_lock (&kept_lock);
  grid = find_or_make_grid (positions, n);
  if (grid != NULL)
    inion_scalp_grid_interpolate (grid, values, out);
  g_mutex_unlock (&kept_lock);
  return grid != NULL;
}

/* --- From grid to pixels -------------------------------------------------------------------- */

/* Where an output pixel finds its four neighbours in the grid. */
typedef struct
{
  int first;
  float weights[4];
} Tap;

static Tap *
make_taps (int size)
{
  Tap *taps = g_new (Tap, size);

  for (int i = 0; i < size; i++)
    {
      double x = -1 + (i + 0.5) * 2 / size;
      double at = (x + GRID_EXTENT) * GRID_SIZE / (2 * GRID_EXTENT) - 0.5;
      float t = (float) (at - floor (at));

      taps[i].first = CLAMP ((int) floor (at) - 1, 0, GRID_SIZE - 4);
      taps[i].weights[0] = t * (-0.5f + t * (1 - 0.5f * t));
      taps[i].weights[1] = 1 + t * t * (-2.5f + 1.5f * t);
      taps[i].weights[2] = t * (0.5f + t * (2 - 1.5f * t));
      taps[i].weights[3] = t * t * (-0.5f + 0.5f * t);
    }
  return taps;
}

static float *
upsample (const float *grid,
          int          size)
{
  g_autofree Tap *taps = make_taps (size);
  g_autofree float *wide = g_new (float, GRID_SIZE *size);
  float *out = g_new (float, (gsize) size * size);

  for (int row = 0; row < GRID_SIZE; row++)
    for (int x = 0; x < size; x++)
      {
        const float *g = grid + row * GRID_SIZE + taps[x].first, *w = taps[x].weights;

        wide[row * size + x] = w[0] * g[0] + w[1] * g[1] + w[2] * g[2] + w[3] * g[3];
      }
  for (int y = 0; y < size; y++)
    {
      const float *g = wide + taps[y].first * size, *w = taps[y].weights;
      float *line = out + (gsize) y * size;

      for (int x = 0; x < size; x++)
        line[x] = w[0] * g[x] + w[1] * g[size + x] + w[2] * g[2 * size + x]
                  + w[3] * g[3 * size + x];
    }
  return out;
}

/* How much of a contour line a pixel shows, 0 to 1. levels: values in contour steps; NaN: none. */
static inline float
contour (const float *levels,
         int          stride)
{
  float here = levels[0];
  float gx = (levels[1] - levels[-1]) / 2, gy = (levels[stride] - levels[-stride]) / 2;
  float slope2 = gx * gx + gy * gy;
  float off;

  if (!(slope2 > 1e-10f) || !(fabsf (here) < 1000))
    return 0;
  off = here - (float) ((int) (here + 1000.5f) - 1000);
  off = off * off;
  if (off > slope2)
    return 0;
  return 1 - sqrtf (off / slope2);
}

static inline guint32
darken (guint32 pixel,
        float   by)
{
  guint32 keep = (guint32) (256 * (1 - by));

  guint32 red = (pixel >> 16 & 0xff) * keep >> 8;
  guint32 green = (pixel >> 8 & 0xff) * keep >> 8;
  guint32 blue = (pixel & 0xff) * keep >> 8;

  return 0xff000000u | red << 16 | green << 8 | blue;
}

/* Colours a square of values, size × size, whose inscribed disc is the head. */
static cairo_surface_t *
colour_values (float   *values,
               int      size,
               double   limit,
               gboolean dark)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  guint8 *data = cairo_image_surface_get_data (surface);
  const guint32 *table = inion_colormap_get_diverging (dark);
  int stride = cairo_image_surface_get_stride (surface);
  float half = (float) size / 2, scale = (float) (CONTOURS / limit);

  for (gsize i = 0; i < (gsize) size * size; i++)
    values[i] *= scale;
  for (int y = 0; y < size; y++)
    {
      guint32 *line = (guint32 *) (void *) (data + (gsize) y * stride);
      float dy = (float) y + 0.5f - half;
      float reach = sqrtf (MAX (0, (half + 1) * (half + 1) - dy * dy));
      int from = MAX (0, (int) (half - reach)), to = MIN (size, (int) (half + reach) + 1);

      for (int x = from; x < to; x++)
        {
          const float *v = values + (gsize) y * size + x;
          float t = (*v / CONTOURS + 1) * 127.5f + 0.5f;

          if (isnan (t))
            continue;
          line[x] = table[(int) CLAMP (t, 0, 255)];
          if (x > 0 && x + 1 < size && y > 0 && y + 1 < size)
            {
              float ink = contour (v, size);

              if (ink > 0)
                line[x] = darken (line[x], CONTOUR_ALPHA * ink);
            }
        }
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* --- The picture ---------------------------------------------------------------------------- */

typedef struct
{
  InionPainter painter;
  const InionScalpMapStyle *style;
  double cx, cy, radius;      /* the head circle */
  double bar_x, bar_width;    /* 0: no bar */
  double limit;

  guint n;                    /* electrodes with a place */
  double *ex, *ey;            /* projected */
  double *values;
  const char **names;
  guint n_finite;
  InionPosition *from;        /* [n_finite] what the map is interpolated from */
  double *from_values;
} Map;

static void
collect (Map                 *self,
         const InionPosition *positions,
         const char *const   *names,
         const double        *values,
         guint                n)
{
  self->ex = g_new0 (double, n);
  self->ey = g_new0 (double, n);
  self->values = g_new0 (double, n);
  self->names = g_new0 (const char *, n);
  self->from = g_new0 (InionPosition, n);
  self->from_values = g_new0 (double, n);
  for (guint i = 0; i < n; i++)
    {
      const InionPosition *p = &positions[i];
      guint k = self->n;

      if (!isfinite (p->x) || !isfinite (p->y) || !isfinite (p->z)
          || (p->x == 0 && p->y == 0 && p->z == 0))
        continue;
      inion_electrode_project (p, &self->ex[k], &self->ey[k]);
      self->values[k] = values[i];
      self->names[k] = names != NULL ? names[i] : NULL;
      self->n++;
      if (!isfinite (values[i]))
        continue;
      self->from[self->n_finite] = *p;
      self->from_values[self->n_finite++] = values[i];
    }
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The largest value, unless a few electrodes stand far above all others; upwards to two digits. */
static double
robust_limit (const double *values,
              guint         n)
{
  g_autofree double *sorted = g_new (double, MAX (n, 1));
  double limit, typical, power;

  for (guint i = 0; i < n; i++)
    sorted[i] = fabs (values[i]);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  limit = n > 0 ? sorted[n - 1] : 0;
  typical = n > 0 ? sorted[n - 1 - n / 12] : 0;
  if (typical > 0 && limit > 2 * typical)
    limit = typical;
  if (!(limit > 0))
    return 1;
  power = pow (10, floor (log10 (limit)) - 1);
  return power > 0 ? ceil (limit / power - 1e-9) * power : limit;
}

static void
lay_out (Map   *self,
         double x,
         double y,
         double width,
         double height)
{
  InionPainter *p = &self->painter;
  double title = self->style->title != NULL ? p->line * 1.25 : 0;
  double bar = 0, side = 1.13, top = 1.15, bottom = 1.04;
  double room_x, room_y;

  for (guint i = 0; i < self->n; i++)
    {
      side = MAX (side, fabs (self->ex[i]) + 0.06);
      top = MAX (top, self->ey[i] + 0.06);
      bottom = MAX (bottom, -self->ey[i] + 0.06);
    }
  if (self->style->unit != NULL)
    {
      g_autofree char *number = _inion_format_compact (-self->limit);

      self->bar_width = CLAMP (width * 0.03, 6, 12);
      bar = self->bar_width + 6 + MAX (_inion_painter_measure (p, number, NULL),
                                       _inion_painter_measure (p, self->style->unit, NULL)) + 2;
    }
  room_x = width - 2 - bar - (bar > 0 ? p->line * 0.6 : 0);
  room_y = height - 2 - title;
  self->radius = MAX (MIN (room_x / (2 * side), room_y / (top + bottom)), 0);
  self->cx = x + (width - bar) / 2;
  self->cy = y + title + 1 + (room_y - self->radius * (top + bottom)) / 2 + self->radius * top;
  self->bar_x = MIN (self->cx + self->radius * side + p->line * 0.6, x + width - bar);
}

static void
draw_map (Map *self)
{
  g_autofree float *grid = g_new (float, GRID_SIZE *GRID_SIZE);
  g_autofree float *values = NULL;
  InionPainter *p = &self->painter;
  cairo_surface_t *surface;
  double scale_x = 1, scale_y = 0;
  int size;

  if (!interpolate (self->from, self->from_values, self->n_finite, grid))
    return;
  cairo_user_to_device_distance (p->cr, &scale_x, &scale_y);
  scale_x = hypot (scale_x, scale_y);
  if (cairo_surface_get_type (cairo_get_target (p->cr)) != CAIRO_SURFACE_TYPE_IMAGE)
    scale_x *= 2; /* paper, and recordings that are shown at the screen's own scale */
  size = (int) CLAMP (2 * self->radius * scale_x + 0.5, 8, MAX_PIXELS);
  values = upsample (grid, size);
  surface = colour_values (values, size, self->limit, self->style->dark);

  cairo_save (p->cr);
  cairo_arc (p->cr, self->cx, self->cy, self->radius, 0, 2 * G_PI);
  cairo_clip (p->cr);
  cairo_translate (p->cr, self->cx - self->radius, self->cy - self->radius);
  cairo_scale (p->cr, 2 * self->radius / size, 2 * self->radius / size);
  cairo_set_source_surface (p->cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (p->cr), CAIRO_FILTER_BILINEAR);
  cairo_paint (p->cr);
  cairo_restore (p->cr);
  cairo_surface_destroy (surface);
}

/* On the map ink is dark or white, whichever the colour under it asks for. */
static void
set_electrode_ink (Map     *self,
                   guint    i,
                   gboolean map)
{
  InionPainter *p = &self->painter;
  double value = isfinite (self->values[i]) ? self->values[i] : 0;
  guint32 under = inion_colormap_pick (inion_colormap_get_diverging (self->style->dark),
                                       (value / self->limit + 1) / 2);

  if (!map || hypot (self->ex[i], self->ey[i]) > ON_MAP)
    _inion_painter_set_ink (p, 0.8);
  else if ((under >> 8 & 0xff) < 110)
    _inion_painter_set_color (p, 0xffffff, 0.9);
  else
    _inion_painter_set_color (p, 0x1b2733, 0.85);
}

/* A name stands below its dot; at the head's edge inside, so that it does not cross the outline. */
static void
draw_name (Map   *self,
           guint  i,
           double x,
           double y,
           double dot)
{
  InionPainter *p = &self->painter;
  double radius = hypot (self->ex[i], self->ey[i]);
  double away = dot + p->line * 0.48;

  if (radius > 0.8 && radius <= ON_MAP)
    {
      double across = _inion_painter_measure (p, self->names[i], NULL) * 0.5 + dot + 2;

      x -= self->ex[i] / radius * across;
      y += self->ey[i] / radius * away;
    }
  else
    y += away;
  _inion_painter_text (p, x, y, 0.5, 0.5, self->names[i]);
}

/* Between the two electrodes that stand closest together, in head radii. */
static double
least_distance (Map *self)
{
  double least = 1;

  for (guint i = 0; i < self->n; i++)
    for (guint j = 0; j < i; j++)
      least = MIN (least, hypot (self->ex[i] - self->ex[j], self->ey[i] - self->ey[j]));
  return least;
}

static void
draw_electrodes (Map     *self,
                 gboolean map)
{
  InionPainter *p = &self->painter;
  double dot = CLAMP (self->radius * 0.016, 1.2, 2.8);
  gboolean names = self->style->names && least_distance (self) * self->radius > 1.6 * p->line;

  _inion_painter_set_scale (p, 0.8, FALSE);
  for (guint i = 0; i < self->n; i++)
    {
      double x = self->cx + self->ex[i] * self->radius, y = self->cy - self->ey[i] * self->radius;

      set_electrode_ink (self, i, map);
      cairo_new_path (p->cr);
      cairo_arc (p->cr, x, y, isfinite (self->values[i]) ? dot : dot + 0.4, 0, 2 * G_PI);
      if (isfinite (self->values[i]))
        cairo_fill (p->cr);
      else
        {
          cairo_set_line_width (p->cr, 1);
          cairo_stroke (p->cr);
        }
      if (names && self->names[i] != NULL)
        draw_name (self, i, x, y, dot);
    }
  _inion_painter_set_scale (p, 1, FALSE);
}

static void
draw_bar (Map *self)
{
  InionPainter *p = &self->painter;
  const guint32 *table = inion_colormap_get_diverging (self->style->dark);
  double height = MAX (self->radius * 1.2, p->line * 3), top = self->cy - height / 2;
  cairo_pattern_t *gradient = cairo_pattern_create_linear (0, top + height, 0, top);
  g_autofree char *number = _inion_format_compact (self->limit);
  g_autofree char *high = g_strconcat ("+", number, NULL);
  g_autofree char *low = g_strconcat (INION_MINUS, number, NULL);
  double text = self->bar_x + self->bar_width + 5;

  for (int i = 0; i <= 32; i++)
    {
      guint32 color = inion_colormap_pick (table, i / 32.0);

      cairo_pattern_add_color_stop_rgb (gradient, i / 32.0, (color >> 16 & 0xff) / 255.0,
                                        (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0);
    }
  cairo_rectangle (p->cr, self->bar_x, top, self->bar_width, height);
  cairo_set_source (p->cr, gradient);
  cairo_fill (p->cr);
  cairo_pattern_destroy (gradient);
  _inion_painter_set_ink (p, INION_INK_TEXT);
  _inion_painter_text (p, text, top, 0, 0.5, high);
  _inion_painter_text (p, text, top + height / 2, 0, 0.5, "0");
  _inion_painter_text (p, text, top + height, 0, 0.5, low);
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_text (p, self->bar_x, top - p->line * 0.75, 0, 1, self->style->unit);
}

static void
map_clear (Map *self)
{
  g_free (self->ex);
  g_free (self->ey);
  g_free (self->values);
  g_free (self->names);
  g_free (self->from);
  g_free (self->from_values);
}

/**
 * inion_scalp_map_draw:
 * @cr: where to draw
 * @x: left edge, in user units
 * @y: top edge
 * @width: width of the rectangle to fill
 * @height: its height
 * @positions: (array length=n): places of the electrodes
 * @names: (array length=n) (nullable): their names
 * @values: (array length=n): potentials in the style's unit; NaN where there is none
 * @n: number of electrodes
 * @style: how to draw
 *
 * Draws a scalp map: head from above, nose up, left on the left. Electrodes without a value are
 * hollow and take no part; with fewer than three values only the head is drawn, and why. The
 * background is left as it is.
 */
void
inion_scalp_map_draw (cairo_t                  *cr,
                      double                    x,
                      double                    y,
                      double                    width,
                      double                    height,
                      const InionPosition      *positions,
                      const char *const        *names,
                      const double             *values,
                      guint                     n,
                      const InionScalpMapStyle *style)
{
  Map self = { .style = style };
  InionPainter *p = &self.painter;
  gboolean map;

  _inion_painter_begin (p, cr, style->dark, style->font);
  collect (&self, positions, names, values, n);
  map = self.n_finite >= 3;
  self.limit = style->limit > 0 ? style->limit : robust_limit (self.from_values, self.n_finite);
  lay_out (&self, x, y, width, height);
  if (self.radius >= 4)
    {
      if (map)
        draw_map (&self);
      _inion_painter_set_ink (p, map ? 0.75 : 0.45);
      _inion_painter_head (p, self.cx, self.cy, self.radius, CLAMP (self.radius * 0.014, 1, 2));
      draw_electrodes (&self, map);
      if (map && style->unit != NULL)
        draw_bar (&self);
    }
  _inion_painter_set_ink (p, INION_INK_DIM);
  if (!map)
    _inion_painter_fit (p, self.cx, self.cy, 1.8 * self.radius, 0.5, 0.5, "Too few electrodes");
  if (style->title != NULL)
    {
      _inion_painter_set_ink (p, INION_INK_TEXT);
      _inion_painter_fit (p, self.cx, y, width, 0.5, 0, style->title);
    }
  _inion_painter_end (p);
  map_clear (&self);
}
