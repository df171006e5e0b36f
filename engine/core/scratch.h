/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file without a name for samples that had to be unpacked, gone when it is closed. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _InionScratch InionScratch;

InionScratch *inion_scratch_new (GError **error);
void          inion_scratch_free (InionScratch *self);
gboolean      inion_scratch_write (InionScratch *self, gconstpointer bytes, gsize n, GError **error);
gint64        inion_scratch_get_size (InionScratch *self);
int           inion_scratch_steal_fd (InionScratch *self, GError **error); /* after flushing */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionScratch, inion_scratch_free)

G_END_DECLS
