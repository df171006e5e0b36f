/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a head graph's edges look like, and the legend that says what they mean. */

#pragma once

#include "widgets/render/painter-private.h"

G_BEGIN_DECLS

/* What is drawn, in numbers. */
typedef struct
{
  double threshold;      /* of the weakest edge that may be drawn */
  double max;            /* strength of the widest edge */
  guint n_shown;         /* edges drawn */
  guint n_pairs;         /* pairs of electrodes that have a place */
  gboolean has_negative;
  double low_sum;        /* of the edges of the weakest node that has one */
  double high_sum;       /* of the strongest */
  double low_radius;     /* how large these two are drawn */
  double high_radius;
  gboolean terse;        /* keys in as few words as there are */
  const char *measure;   /* (nullable) */
  const char *caption;   /* (nullable) */
} InionGraphLegend;

/* t: from 0 at the threshold to 1 at the maximum. */
guint32 _inion_graph_edge_color (gboolean dark, gboolean negative);
double  _inion_graph_edge_width (double t);
double  _inion_graph_edge_opacity (double t);

/* Of a rectangle's height, what the legend takes at its foot: the same for drawing and picking. */
double _inion_graph_legend_height (double width, double height);
void   _inion_graph_legend_draw (InionPainter *painter, const InionGraphLegend *legend, double x, double y, double width, double height);

G_END_DECLS
