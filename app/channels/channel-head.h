/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of the channel editor: where the electrodes are. */

#pragma once

#include "scalp/electrode.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * InionHeadDot:
 * @position: on the unit sphere
 * @label: the channel's name
 * @bad: drawn hollow
 * @selected: drawn large, with its name
 * @measured: it has a position of its own; else its place is its name's
 */
typedef struct
{
  InionPosition position;
  const char *label;
  gboolean bad;
  gboolean selected;
  gboolean measured;
} InionHeadDot;

void inion_channel_head_draw (GtkWidget *widget, cairo_t *cr, int width, int height,
                              const InionHeadDot *dots, guint n);

G_END_DECLS
