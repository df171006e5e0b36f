/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples that lie in the files of a recording in a regular way, read a tile at a time. */

#pragma once

#include "recording/recording.h"
#include "recording/sample-layout.h"

G_BEGIN_DECLS

typedef struct _InionSampleTiles InionSampleTiles;

InionSampleTiles *inion_sample_tiles_new (InionRecording *recording);
void              inion_sample_tiles_free (InionSampleTiles *self);
gboolean          inion_sample_tiles_read (InionSampleTiles *self, const InionSampleLayout *layout,
                                           gint64 first, gsize n, double *out, GError **error);
gboolean          inion_sample_tiles_may_block (InionSampleTiles *self,
                                                const InionSampleLayout *layout,
                                                gint64 first, gsize n);

G_END_DECLS
