/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all pictures share: colours of the page, text, the head's outline.
 *
 * Numbers are set in tabular figures with a real minus sign. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/painter-private.h"

#include <math.h>
#include <string.h>

#define LIGHT_INK 0x1b2733
#define DARK_INK 0xdbe4ee
#define LIGHT_PAGE 0xffffff
#define DARK_PAGE 0x1e1e20

/* Starts a drawing on cr, whose state is kept until the end. */
void
_inion_painter_begin (InionPainter *self,
                      cairo_t      *cr,
                      gboolean      dark,
                      const char   *font)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  cairo_save (cr);
  self->cr = cr;
  self->dark = dark;
  self->layout = pango_cairo_create_layout (cr);
  self->font = pango_font_description_from_string (font != NULL ? font : INION_DEFAULT_FONT);
  if (pango_font_description_get_size (self->font) <= 0)
    pango_font_description_set_size (self->font, 9 * PANGO_SCALE);
  self->size = pango_font_description_get_size (self->font);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (self->layout, attributes);
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  _inion_painter_set_scale (self, 1, FALSE);
  _inion_painter_measure (self, "0", &self->line);
}

void
_inion_painter_end (InionPainter *self)
{
  g_clear_object (&self->layout);
  g_clear_pointer (&self->font, pango_font_description_free);
  cairo_restore (self->cr);
}

void
_inion_painter_set_color (InionPainter *self,
                          guint32       color,
                          double        alpha)
{
  cairo_set_source_rgba (self->cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0,
                         (color & 0xff) / 255.0, alpha);
}

/* The foreground at some strength. */
void
_inion_painter_set_ink (InionPainter *self,
                        double        alpha)
{
  _inion_painter_set_color (self, self->dark ? DARK_INK : LIGHT_INK, alpha);
}

/* The background. */
void
_inion_painter_set_page (InionPainter *self,
                         double        alpha)
{
  _inion_painter_set_color (self, self->dark ? DARK_PAGE : LIGHT_PAGE, alpha);
}

/* A hue as it is readable as text and thin lines on this page: lighter on a dark one. */
guint32
_inion_painter_get_color (InionPainter *self,
                          guint32       color)
{
  guint32 toward = self->dark ? 0xffffff : 0x000000, mixed = 0;
  double part = self->dark ? 0.30 : 0.32;

  for (int shift = 0; shift < 24; shift += 8)
    {
      double a = color >> shift & 0xff, b = toward >> shift & 0xff;

      mixed |= (guint32) (a + (b - a) * part + 0.5) << shift;
    }
  return mixed;
}

/* The hue of what is in focus: 0xRRGGBB. */
guint32
_inion_painter_get_accent (InionPainter *self)
{
  return self->dark ? 0x86bdf2 : 0x1a5fa8;
}

/* Dashes from here on; 0, 0 ends them. */
void
_inion_painter_dash (InionPainter *self,
                     double        on,
                     double        off)
{
  const double dashes[] = { on, off };

  cairo_set_dash (self->cr, dashes, on > 0 ? 2 : 0, 0);
}

/* Hatches a rectangle at 45° in the current colour. */
void
_inion_painter_hatch (InionPainter *self,
                      double        x,
                      double        y,
                      double        width,
                      double        height,
                      double        gap)
{
  cairo_save (self->cr);
  cairo_rectangle (self->cr, x, y, width, height);
  cairo_clip (self->cr);
  /* Anchored to the page, so that the pattern stands still while a rectangle grows. */
  for (double at = floor ((x + y) / gap) * gap; at < x + y + width + height; at += gap)
    {
      cairo_move_to (self->cr, at - y, y);
      cairo_line_to (self->cr, at - y - height, y + height);
    }
  cairo_set_line_width (self->cr, 1);
  cairo_stroke (self->cr);
  cairo_restore (self->cr);
}

/* Text from here on: size relative to the font given. */
void
_inion_painter_set_scale (InionPainter *self,
                          double        scale,
                          gboolean      bold)
{
  pango_font_description_set_size (self->font, (int) (self->size * scale));
  pango_font_description_set_weight (self->font,
                                     bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (self->layout, self->font);
}

/* Width of a text, in user units. */
double
_inion_painter_measure (InionPainter *self,
                        const char   *text,
                        double       *height)
{
  int w, h;

  pango_layout_set_width (self->layout, -1);
  pango_layout_set_text (self->layout, text, -1);
  pango_layout_get_size (self->layout, &w, &h);
  if (height != NULL)
    *height = (double) h / PANGO_SCALE;
  return (double) w / PANGO_SCALE;
}

/* The middle of digits and capitals above the baseline stands at the line's middle. */
static void
show (InionPainter *self,
      double        x,
      double        y,
      double        width,
      double        align_x,
      double        align_y)
{
  int w, h;

  pango_layout_get_size (self->layout, &w, &h);
  if (width >= 0)
    w = MIN (w, (int) (width * PANGO_SCALE));
  cairo_move_to (self->cr, x - align_x * w / PANGO_SCALE, y - align_y * h / PANGO_SCALE);
  pango_cairo_show_layout (self->cr, self->layout);
}

/* Text with its point (align_x, align_y), 0 to 1 of its box, at (x, y). */
void
_inion_painter_text (InionPainter *self,
                     double        x,
                     double        y,
                     double        align_x,
                     double        align_y,
                     const char   *text)
{
  _inion_painter_measure (self, text, NULL);
  show (self, x, y, -1, align_x, align_y);
}

/* The same, with a rim of the page's colour that keeps it readable over lines. */
void
_inion_painter_halo (InionPainter *self,
                     double        x,
                     double        y,
                     double        align_x,
                     double        align_y,
                     const char   *text)
{
  cairo_pattern_t *ink = cairo_pattern_reference (cairo_get_source (self->cr));
  double width, height;

  width = _inion_painter_measure (self, text, &height);
  cairo_move_to (self->cr, x - align_x * width, y - align_y * height);
  pango_cairo_layout_path (self->cr, self->layout);
  _inion_painter_set_page (self, 0.85);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (self->cr, 2.5);
  cairo_stroke (self->cr);
  cairo_set_source (self->cr, ink);
  cairo_pattern_destroy (ink);
  show (self, x, y, -1, align_x, align_y);
}

/* As _inion_painter_text(), with an ellipsis where it does not fit; returns the width taken. */
double
_inion_painter_fit (InionPainter *self,
                    double        x,
                    double        y,
                    double        width,
                    double        align_x,
                    double        align_y,
                    const char   *text)
{
  double natural = _inion_painter_measure (self, text, NULL);

  if (width <= 0)
    return 0;
  if (natural > width)
    {
      pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (self->layout, (int) (width * PANGO_SCALE));
    }
  show (self, x, y, width, align_x, align_y);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
  pango_layout_set_width (self->layout, -1);
  return MIN (natural, width);
}

/* Moves a horizontal or vertical line's coordinate so that it covers whole pixels. */
double
_inion_painter_snap (InionPainter *self,
                     double        value,
                     double        width)
{
  return (int) MAX (1, floor (width + 0.5)) % 2 ? floor (value) + 0.5 : floor (value + 0.5);
}

void
_inion_painter_line (InionPainter *self,
                     double        x0,
                     double        y0,
                     double        x1,
                     double        y1,
                     double        width)
{
  cairo_move_to (self->cr, x0, y0);
  cairo_line_to (self->cr, x1, y1);
  cairo_set_line_width (self->cr, width);
  cairo_stroke (self->cr);
}

static void
ear (cairo_t *cr,
     double   x,
     double   y,
     double   radius,
     double   side)
{
  cairo_move_to (cr, x + side * radius * 0.990, y - radius * 0.135);
  cairo_curve_to (cr, x + side * radius * 1.045, y - radius * 0.20, x + side * radius * 1.095,
                  y - radius * 0.14, x + side * radius * 1.082, y - radius * 0.04);
  cairo_curve_to (cr, x + side * radius * 1.072, y + radius * 0.04, x + side * radius * 1.085,
                  y + radius * 0.12, x + side * radius * 1.052, y + radius * 0.175);
  cairo_curve_to (cr, x + side * radius * 1.030, y + radius * 0.205, x + side * radius * 0.998,
                  y + radius * 0.185, x + side * radius * 0.985, y + radius * 0.160);
}

/* Strokes a head seen from above, nose up: circle, nose, ears. */
void
_inion_painter_head (InionPainter *self,
                     double        x,
                     double        y,
                     double        radius,
                     double        width)
{
  cairo_t *cr = self->cr;

  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  cairo_close_path (cr);
  cairo_move_to (cr, x - radius * 0.135, y - radius * 0.990);
  cairo_curve_to (cr, x - radius * 0.070, y - radius * 1.045, x - radius * 0.045,
                  y - radius * 1.135, x,
                  y - radius * 1.135);
  cairo_curve_to (cr, x + radius * 0.045, y - radius * 1.135, x + radius * 0.070,
                  y - radius * 1.045,
                  x + radius * 0.135, y - radius * 0.990);
  ear (cr, x, y, radius, -1);
  ear (cr, x, y, radius, 1);
  cairo_stroke (cr);
}

/* A step of 1, 2 or 5 × 10ᵏ that cuts a span into at most about n parts; 1 where there is none. */
double
_inion_nice_step (double span,
                  int    n)
{
  double raw = span / MAX (n, 1), power, fraction;

  if (!(raw > 0) || !isfinite (raw))
    return 1;
  power = pow (10, floor (log10 (raw)));
  fraction = raw / power;
  return power * (fraction <= 1.0001 ? 1 : fraction <= 2.0001 ? 2 : fraction <= 5.0001 ? 5 : 10);
}

static char *
with_minus (const char *text)
{
  gboolean zero = strspn (text, "-0.") == strlen (text);

  if (text[0] != '-')
    return g_strdup (text);
  return g_strconcat (zero ? "" : INION_MINUS, text + 1, NULL);
}

/* A number with a fixed number of decimals and a real minus sign. */
char *
_inion_format_number (double value,
                      int    digits)
{
  char format[16], text[G_ASCII_DTOSTR_BUF_SIZE + 320];

  if (!isfinite (value))
    return g_strdup (isnan (value) ? "–" : value > 0 ? "∞" : INION_MINUS "∞");
  g_snprintf (format, sizeof format, "%%.%df", CLAMP (digits, 0, 12));
  g_ascii_formatd (text, sizeof text, format, value);
  return with_minus (text);
}

/* A number with so many significant digits; in powers of ten only beyond 10⁻⁴ … 10⁶. */
char *
_inion_format_significant (double value,
                           int    digits)
{
  double magnitude = fabs (value);
  char text[64];

  if (!isfinite (value) || magnitude == 0)
    return _inion_format_number (value, 0);
  if (magnitude >= 1e6 || magnitude < 1e-4)
    {
      char format[16];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (text, sizeof text, format, value);
      return with_minus (text);
    }
  return _inion_format_number (value, (int) MAX (0, digits - 1 - floor (log10 (magnitude))));
}

/* A number of an axis or a limit: up to four significant digits, no trailing zeros. */
char *
_inion_format_compact (double value)
{
  g_autofree char *text = _inion_format_significant (value, 4);
  char *end = text + strlen (text) - 1;

  if (strchr (text, '.') != NULL && strchr (text, 'e') == NULL)
    {
      while (*end == '0')
        *end-- = '\0';
      if (*end == '.')
        *end = '\0';
    }
  return g_steal_pointer (&text);
}
