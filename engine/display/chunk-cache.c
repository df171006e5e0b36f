/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache of chunks, bounded in bytes, that forgets what was used longest ago.
 *
 * Chunks are counted by reference: one that a reader holds lives on after the cache has forgotten
 * it. All functions are thread-safe. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/chunk-cache.h"

struct _InionChunkCache
{
  GMutex lock;
  GHashTable *chunks;  /* the set of all chunks, by derivation and index */
  GQueue order;        /* links inside the chunks; the head was used last */
  gsize bytes;
  gsize max_bytes;
};

static guint
chunk_hash (gconstpointer key)
{
  const InionChunk *chunk = key;
  guint64 h = (guint64) chunk->index * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + chunk->derivation;

  h *= G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return (guint) (h >> 32);
}

static gboolean
chunk_equal (gconstpointer a,
             gconstpointer b)
{
  const InionChunk *x = a;
  const InionChunk *y = b;

  return x->derivation == y->derivation && x->index == y->index;
}

static void
forget (InionChunkCache *self,
        InionChunk      *chunk)
{
  g_queue_unlink (&self->order, &chunk->link);
  self->bytes -= chunk->n_bytes;
  g_hash_table_remove (self->chunks, chunk);
}

/**
 * inion_chunk_new:
 * @derivation: whose signal
 * @index: which chunk
 * @n_bytes: size of the data
 *
 * Returns: (transfer full): a chunk whose data is not initialised
 */
InionChunk *
inion_chunk_new (guint  derivation,
                 gint64 index,
                 gsize  n_bytes)
{
  InionChunk *self = g_new0 (InionChunk, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->derivation = derivation;
  self->index = index;
  self->n_bytes = n_bytes;
  self->data = g_malloc (n_bytes);
  self->link.data = self;
  return self;
}

/**
 * inion_chunk_ref:
 * @self: a chunk
 *
 * Returns: (transfer full): @self
 */
InionChunk *
inion_chunk_ref (InionChunk *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * inion_chunk_unref:
 * @self: (transfer full): a chunk
 *
 * Releases a chunk.
 */
void
inion_chunk_unref (InionChunk *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    {
      g_clear_pointer (&self->data, g_free);
      g_free (self);
    }
}

/**
 * inion_chunk_cache_new:
 * @max_bytes: how much data the cache may hold
 *
 * Returns: (transfer full): an empty cache
 */
InionChunkCache *
inion_chunk_cache_new (gsize max_bytes)
{
  InionChunkCache *self = g_new0 (InionChunkCache, 1);

  g_mutex_init (&self->lock);
  self->chunks = g_hash_table_new_full (chunk_hash, chunk_equal,
                                        (GDestroyNotify) inion_chunk_unref, NULL);
  g_queue_init (&self->order);
  self->max_bytes = max_bytes;
  return self;
}

/**
 * inion_chunk_cache_free:
 * @self: (transfer full): a cache
 *
 * Frees a cache and releases its chunks.
 */
void
inion_chunk_cache_free (InionChunkCache *self)
{
  g_clear_pointer (&self->chunks, g_hash_table_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * inion_chunk_cache_lookup:
 * @self: a cache
 * @derivation: whose signal
 * @index: which chunk
 *
 * Returns: (transfer full) (nullable): the chunk, if the cache still has it
 */
InionChunk *
inion_chunk_cache_lookup (InionChunkCache *self,
                          guint            derivation,
                          gint64           index)
{
  InionChunk key = { .derivation = derivation, .index = index };
  InionChunk *chunk;

  g_mutex_lock (&self->lock);
  chunk = g_hash_table_lookup (self->chunks, &key);
  if (chunk != NULL)
    {
      g_queue_unlink (&self->order, &chunk->link);
      g_queue_push_head_link (&self->order, &chunk->link);
      inion_chunk_ref (chunk);
    }
  g_mutex_unlock (&self->lock);
  return chunk;
}

/**
 * inion_chunk_cache_insert:
 * @self: a cache
 * @chunk: (transfer none): a finished chunk that is in no cache
 *
 * Adds a chunk, and forgets old ones until the cache is within its bound. A chunk of the same
 * place that is already there stays.
 */
void
inion_chunk_cache_insert (InionChunkCache *self,
                          InionChunk      *chunk)
{
  g_mutex_lock (&self->lock);
  if (chunk->n_bytes <= self->max_bytes && !g_hash_table_contains (self->chunks, chunk))
    {
      g_hash_table_add (self->chunks, inion_chunk_ref (chunk));
      g_queue_push_head_link (&self->order, &chunk->link);
      self->bytes += chunk->n_bytes;
      while (self->bytes > self->max_bytes)
        forget (self, g_queue_peek_tail (&self->order));
    }
  g_mutex_unlock (&self->lock);
}

/**
 * inion_chunk_cache_get_bytes:
 * @self: a cache
 *
 * Returns: bytes of data the cache holds
 */
gsize
inion_chunk_cache_get_bytes (InionChunkCache *self)
{
  gsize bytes;

  g_mutex_lock (&self->lock);
  bytes = self->bytes;
  g_mutex_unlock (&self->lock);
  return bytes;
}
