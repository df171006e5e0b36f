/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache of chunks, bounded in bytes, that forgets what was used longest ago. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionChunk:
 * @derivation: whose signal
 * @index: which chunk of the absolute grid
 * @n_bytes: size of @data
 * @data: samples or bins
 *
 * A piece of a derivation. Not written to once it is in a cache.
 */
typedef struct
{
  gatomicrefcount ref_count;
  guint derivation;
  gint64 index;
  gsize n_bytes;
  gpointer data;
  /*< private >*/
  GList link;
} InionChunk;

InionChunk *inion_chunk_new (guint derivation, gint64 index, gsize n_bytes);
InionChunk *inion_chunk_ref (InionChunk *self);
void        inion_chunk_unref (InionChunk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionChunk, inion_chunk_unref)

typedef struct _InionChunkCache InionChunkCache;

InionChunkCache *inion_chunk_cache_new (gsize max_bytes);
void             inion_chunk_cache_free (InionChunkCache *self);
InionChunk      *inion_chunk_cache_lookup (InionChunkCache *self, guint derivation, gint64 index);
void             inion_chunk_cache_insert (InionChunkCache *self, InionChunk *chunk);
gsize            inion_chunk_cache_get_bytes (InionChunkCache *self);

G_END_DECLS
