/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vocabulary: labels with a colour, a key and a letter. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INION_TYPE_LABEL (inion_label_get_type ())
G_DECLARE_FINAL_TYPE (InionLabel, inion_label, INION, LABEL, GObject)

/* color: 0xRRGGBB, from Okabe–Ito. key: a GDK key name ("1", "b") or NULL. group: "artifact",
 * "event", "state", "class". */
InionLabel *inion_label_new (const char *name, guint32 color, const char *key, const char *group);
const char *inion_label_get_name (InionLabel *self);
guint32     inion_label_get_color (InionLabel *self);
const char *inion_label_get_key (InionLabel *self);
const char *inion_label_get_group (InionLabel *self);

#define INION_TYPE_PALETTE (inion_palette_get_type ())
G_DECLARE_FINAL_TYPE (InionPalette, inion_palette, INION, PALETTE, GObject)

/* A GListModel of InionLabel. The default palette has the usual artifacts with keys 1–8:
 * blink, eye movement, muscle, movement, electrode, line noise, artifact, and event. */
InionPalette *inion_palette_new (void);
InionPalette *inion_palette_new_default (void);
void          inion_palette_add (InionPalette *self, InionLabel *label); /* replaces one of the same name */
gboolean      inion_palette_remove (InionPalette *self, const char *name);
InionLabel   *inion_palette_find (InionPalette *self, const char *name); /* (transfer none) (nullable) */
InionLabel   *inion_palette_find_key (InionPalette *self, const char *key); /* (transfer none) (nullable) */
guint32       inion_palette_get_color (InionPalette *self, const char *name); /* stable colour for unknown names too */
gboolean      inion_palette_is_artifact (InionPalette *self, const char *name);

G_END_DECLS
