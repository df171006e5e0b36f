/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that appear whole or not at all, one or several together. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _InionOutput InionOutput;

/* The first file is the one that a person named; it appears last. */
InionOutput *inion_output_new (const char *path, GError **error);
void         inion_output_free (InionOutput *self); /* what was not committed is gone */
gboolean     inion_output_add (InionOutput *self, const char *name, guint *file, GError **error); /* in the same folder */
/* in another folder of the same disk */
gboolean     inion_output_add_path (InionOutput *self, const char *path, guint *file,
                                    GError **error);

gboolean     inion_output_write (InionOutput *self, guint file, gconstpointer bytes, gsize n, GError **error);
gboolean     inion_output_print (InionOutput *self, guint file, const char *text, GError **error);
gint64       inion_output_get_size (InionOutput *self, guint file);

gboolean     inion_output_finish (InionOutput *self, GError **error); /* all is on the disk, under names of its own */
const char  *inion_output_get_part (InionOutput *self, guint file);   /* such a name */
gboolean     inion_output_commit (InionOutput *self, GError **error);

gboolean     inion_output_write_file (const char *path, gconstpointer bytes, gsize n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionOutput, inion_output_free)

G_END_DECLS
