/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole page of traces as a picture: what the window shows, without a window. */

#pragma once

#include "widgets/render/trace-layout.h"

#include <cairo.h>

G_BEGIN_DECLS

/* Something that is marked in time. to_s ≤ from_s: a point. */
typedef struct
{
  double from_s, to_s;    /* seconds since the recording's start */
  const char *label;      /* (nullable) */
  guint32 color;          /* 0xRRGGBB */
  gboolean hatched;       /* a suggestion nobody has accepted yet */
} InionPageMark;

/* Zero what has no wish. */
typedef struct
{
  gboolean dark;
  const char *font;       /* (nullable) pango font, "Sans 9" */
  const char *title;      /* (nullable) the recording's name, first in the header */
  double sensitivity;     /* µV/mm; 0: 7 */
  double px_per_mm;       /* 0: 96 dpi */
  gboolean positive_up;
  gboolean tint_sides;
  gboolean clip;          /* each trace to its lane; where one would leave it is marked */
  gboolean remove_dc;     /* the median of the page is taken off each trace */
  gboolean butterfly;     /* all traces of a kind over one another */
  double sensitivities[INION_N_CHANNEL_KINDS]; /* µV/mm of a kind; 0: its default factor × sensitivity */
  double lff_hz;          /* as the page was filtered; 0: off */
  double hff_hz;
  double notch_hz;
  guint first;            /* first derivation */
  guint n_visible;        /* 0: all */
  const gboolean *bad;    /* (nullable) [n derivations]: faded */
  const InionPageMark *marks;
  guint n_marks;
} InionPagePictureStyle;

void  inion_page_picture_draw (cairo_t *cr, int width, int height, InionPage *page, InionMontage *montage,
                               const InionPagePictureStyle *style);
void  inion_page_picture_get_area (cairo_t *cr, int width, int height, InionPage *page, InionMontage *montage,
                                   const InionPagePictureStyle *style, cairo_rectangle_int_t *area);
char *inion_page_picture_format_time (GDateTime *start, double time_s, int digits);

G_END_DECLS
