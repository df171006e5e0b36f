/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all pictures share: colours of the page, text, the head's outline. */

#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* U+2009, U+2212, U+00D7, U+2013 in UTF-8. */
#define INION_THIN_SPACE "\xe2\x80\x89"
#define INION_MINUS "\xe2\x88\x92"
#define INION_TIMES "\xc3\x97"
#define INION_EN_DASH "\xe2\x80\x93"

#define INION_DEFAULT_FONT "Sans 9"

/* How strong something stands on the page: opacity of the foreground. */
#define INION_INK_STRONG 0.92
#define INION_INK_TEXT 0.85
#define INION_INK_DIM 0.60
#define INION_INK_AXIS 0.30
#define INION_INK_GRID 0.12
#define INION_INK_FAINT 0.05

/* One drawing; on the stack. Begin and end in pairs. */
typedef struct
{
  cairo_t *cr;
  gboolean dark;
  PangoLayout *layout;
  PangoFontDescription *font;
  int size;            /* of the font, in pango units */
  double line;         /* height of a line, in user units */
} InionPainter;

void    _inion_painter_begin (InionPainter *self, cairo_t *cr, gboolean dark, const char *font);
void    _inion_painter_end (InionPainter *self);
void    _inion_painter_set_ink (InionPainter *self, double alpha);
void    _inion_painter_set_page (InionPainter *self, double alpha);
void    _inion_painter_set_color (InionPainter *self, guint32 color, double alpha);
void    _inion_painter_set_scale (InionPainter *self, double scale, gboolean bold);
double  _inion_painter_measure (InionPainter *self, const char *text, double *height);
void    _inion_painter_text (InionPainter *self, double x, double y, double align_x, double align_y, const char *text);
void    _inion_painter_halo (InionPainter *self, double x, double y, double align_x, double align_y, const char *text);
double  _inion_painter_fit (InionPainter *self, double x, double y, double width, double align_x, double align_y, const char *text);
void    _inion_painter_line (InionPainter *self, double x0, double y0, double x1, double y1, double width);
double  _inion_painter_snap (InionPainter *self, double value, double width);
void    _inion_painter_dash (InionPainter *self, double on, double off);
void    _inion_painter_hatch (InionPainter *self, double x, double y, double width, double height, double gap);
void    _inion_painter_head (InionPainter *self, double x, double y, double radius, double width);
guint32 _inion_painter_get_accent (InionPainter *self);
guint32 _inion_painter_get_color (InionPainter *self, guint32 color);

double  _inion_nice_step (double span, int n);
char   *_inion_format_number (double value, int digits);
char   *_inion_format_significant (double value, int digits);
char   *_inion_format_compact (double value);

G_END_DECLS
