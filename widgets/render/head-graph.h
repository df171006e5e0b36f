/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connectivity graph on the head, drawn with cairo. */

#pragma once

#include "scalp/electrode.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean dark;
  double threshold;      /* edges with |value| ≥ threshold */
  double max;            /* strength of full opacity; ≤ 0: from the data */
  const char *measure;   /* (nullable) what an edge is, e.g. "Imaginary coherence, alpha 8–13 Hz" */
  const char *caption;   /* (nullable) below the legend, e.g. "null 95 %: 0.31" */
  const char *font;
  int highlight;         /* electrode under the pointer, or −1 */
} InionHeadGraphStyle;

void inion_head_graph_draw (cairo_t *cr, double x, double y, double width, double height, const InionPosition *positions,
                            const char *const *names, const double *matrix, guint n, const InionHeadGraphStyle *style);
/* The electrode near a point of the same rectangle, or −1. */
int  inion_head_graph_pick (double x, double y, double width, double height, const InionPosition *positions, guint n, double px, double py);

G_END_DECLS
