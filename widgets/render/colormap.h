/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours for numbers: a diverging and a sequential map, and hues for classes. Never jet. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define INION_COLORMAP_SIZE 256

/* Tables of 0xffRRGGBB, made once: safe to keep. */
const guint32 *inion_colormap_get_diverging (gboolean dark);  /* blue, neutral, red; zero between 127 and 128 */
const guint32 *inion_colormap_get_sequential (void);          /* dark blue to yellow, even in lightness */
/* The entry for a value in [0, 1]; clamped; NaN: fully transparent 0. */
guint32        inion_colormap_pick (const guint32 *table, double value);
guint32        inion_colormap_get_class (guint index);        /* Okabe–Ito, 0xRRGGBB; repeats after eight */

G_END_DECLS
