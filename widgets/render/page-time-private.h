/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time axis of a page: steps, lines and labels. */

#pragma once

#include "widgets/render/painter-private.h"

G_BEGIN_DECLS

typedef struct
{
  double x, width;          /* user units */
  double from_s, to_s;
  GDateTime *start;         /* (nullable) */
} InionPageTime;

double _inion_page_time_to_x (const InionPageTime *self, double time_s);
void   _inion_page_time_draw_grid (const InionPageTime *self, InionPainter *painter, double top, double bottom);
void   _inion_page_time_draw_ruler (const InionPageTime *self, InionPainter *painter, double top);

G_END_DECLS
