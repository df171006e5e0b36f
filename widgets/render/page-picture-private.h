/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a page's picture share. */

#pragma once

#include "widgets/render/page-picture.h"
#include "widgets/render/page-time-private.h"

G_BEGIN_DECLS

/* Where a mark's name stands. */
typedef struct
{
  int row;        /* −1: not in view */
  double name_x;
} InionMarkPlace;

typedef struct
{
  InionPainter painter;
  const InionPagePictureStyle *style;
  InionPage *page;
  InionMontage *montage;
  double width, height;
  double header_lines;
  double left, top, right, bottom;   /* of the traces */
  double sensitivity, px_per_mm;
  InionPageTime time;
  InionTraceLayout *layout;
  InionMinMax *ranges;
  float *offsets;                    /* (nullable) */
  InionMarkPlace *mark_places;       /* [n_marks] */
  int n_mark_rows;
} InionPagePicture;

double _inion_page_mark_row_height (const InionPagePicture *self);
void   _inion_page_place_marks (InionPagePicture *self);
void   _inion_page_draw_marks (InionPagePicture *self);
void   _inion_page_draw_mark_names (InionPagePicture *self);
void   _inion_page_draw_gaps (InionPagePicture *self);

G_END_DECLS
