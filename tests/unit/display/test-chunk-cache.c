/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display/chunk-cache.h"

#include <string.h>

static void
put (InionChunkCache *cache,
     guint            derivation,
     gint64           index,
     gsize            n_bytes)
{
  g_autoptr (InionChunk) chunk = inion_chunk_new (derivation, index, n_bytes);

  memset (chunk->data, (int) (derivation + 16 * index), n_bytes);
  inion_chunk_cache_insert (cache, chunk);
}

static gboolean
has (InionChunkCache *cache,
     guint            derivation,
     gint64           index)
{
  g_autoptr (InionChunk) chunk = inion_chunk_cache_lookup (cache, derivation, index);

  if (chunk == NULL)
    return FALSE;
  g_assert_cmpuint (chunk->derivation, ==, derivation);
  g_assert_cmpint (chunk->index, ==, index);
  g_assert_cmpint (*(guint8 *) chunk->data, ==, (guint8) (derivation + 16 * index));
  return TRUE;
}

static void
test_forgets_oldest (void)
{
  InionChunkCache *cache = inion_chunk_cache_new (300);

  put (cache, 1, 0, 100);
  put (cache, 2, 0, 100);
  put (cache, 1, 7, 100);
  g_assert_cmpuint (inion_chunk_cache_get_bytes (cache), ==, 300);
  g_assert_true (has (cache, 1, 0));
  put (cache, 3, 0, 100);
  g_assert_cmpuint (inion_chunk_cache_get_bytes (cache), ==, 300);
  g_assert_false (has (cache, 2, 0));
  g_assert_true (has (cache, 1, 0));
  g_assert_true (has (cache, 1, 7));
  g_assert_true (has (cache, 3, 0));
  put (cache, 4, 0, 250);
  g_assert_true (has (cache, 4, 0));
  g_assert_false (has (cache, 3, 0));
  g_assert_cmpuint (inion_chunk_cache_get_bytes (cache), ==, 250);
  inion_chunk_cache_free (cache);
}

static void
test_too_large (void)
{
  InionChunkCache *cache = inion_chunk_cache_new (300);

  put (cache, 1, 0, 100);
  put (cache, 2, 0, 301);
  g_assert_true (has (cache, 1, 0));
  g_assert_false (has (cache, 2, 0));
  inion_chunk_cache_free (cache);
}

/* What a reader holds outlives the cache. */
static void
test_held (void)
{
  InionChunkCache *cache = inion_chunk_cache_new (100);
  g_autoptr (InionChunk) held = NULL;

  put (cache, 1, 3, 100);
  held = inion_chunk_cache_lookup (cache, 1, 3);
  put (cache, 2, 3, 100);
  g_assert_false (has (cache, 1, 3));
  inion_chunk_cache_free (cache);
  g_assert_cmpint (*(guint8 *) held->data, ==, 49);
}

static void
test_twice (void)
{
  InionChunkCache *cache = inion_chunk_cache_new (300);

  put (cache, 1, 0, 100);
  put (cache, 1, 0, 100);
  g_assert_cmpuint (inion_chunk_cache_get_bytes (cache), ==, 100);
  inion_chunk_cache_free (cache);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/display/chunk-cache/forgets-oldest", test_forgets_oldest);
  g_test_add_func ("/display/chunk-cache/too-large", test_too_large);
  g_test_add_func ("/display/chunk-cache/held", test_held);
  g_test_add_func ("/display/chunk-cache/twice", test_twice);
  return g_test_run ();
}
