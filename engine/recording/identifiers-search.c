/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks for words in all bytes of a file, in the encodings in which files of recordings hold text.
 *
 * One pass for all words: the first two bytes of each word in each encoding, in lower case, point
 * into a table; only where the file's bytes hit it are words compared. Letters of ASCII are found
 * in either case. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "recording/identifiers.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <string.h>

#define BLOCK_BYTES (1 << 20)
#define MAX_TRACES 10000
#define N_PAIRS 65536

/* Fewer bytes than this are found everywhere by chance. */
#define MIN_BYTES 3

typedef struct
{
  guint8 *bytes;
  gsize n;
  const char *word;
  const char *encoding;
} Needle;

typedef struct
{
  GArray *needles; /* Needle */
  GArray **pairs; /* of guint: those that begin with two bytes */
  gsize longest;
} Needles;

static const struct
{
  const char *name;
  const char *charset;
} encodings[] = {
  { "UTF-8", "UTF-8" },
  { "Latin-1", "ISO-8859-1" },
  { "UTF-16 LE", "UTF-16LE" },
  { "UTF-16 BE", "UTF-16BE" },
};

static void
lower (guint8 *bytes,
       gsize   n)
{
  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8) g_ascii_tolower ((char) bytes[i]);
}

static void
add_needle (Needles    *self,
            const char *word,
            gsize       encoding)
{
  g_autofree char *bytes = NULL;
  Needle needle = { .word = word, .encoding = encodings[encoding].name };
  guint index = self->needles->len;
  guint pair;

  bytes = g_convert (word, -1, encodings[encoding].charset, "UTF-8", NULL, &needle.n, NULL);
  if (bytes == NULL || needle.n < MIN_BYTES)
    return;
  /* In Latin-1 most words are what they are in UTF-8. */
  if (encoding == 1 && needle.n == strlen (word) && memcmp (bytes, word, needle.n) == 0)
    return;
  needle.bytes = (guint8 *) g_steal_pointer (&bytes);
  lower (needle.bytes, needle.n);
  pair = (guint) needle.bytes[0] << 8 | needle.bytes[1];
  if (self->pairs[pair] == NULL)
    self->pairs[pair] = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->pairs[pair], index);
  g_array_append_val (self->needles, needle);
  self->longest = MAX (self->longest, needle.n);
}

static void
clear_needles (Needles *self)
{
  for (guint i = 0; i < self->needles->len; i++)
    g_free (g_array_index (self->needles, Needle, i).bytes);
  g_array_unref (self->needles);
  for (guint i = 0; i < N_PAIRS; i++)
    g_clear_pointer (&self->pairs[i], g_array_unref);
  g_free (self->pairs);
}

static void
search_at (const Needles *self,
           const guint8  *bytes,
           gsize          n,
           gint64         offset,
           GPtrArray     *traces)
{
  const GArray *candidates = self->pairs[(guint) bytes[0] << 8 | bytes[1]];

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      const Needle *needle =
        &g_array_index (self->needles, Needle, g_array_index (candidates, guint, i));
      InionIdentifierTrace *trace;

      if (needle->n > n || memcmp (needle->bytes, bytes, needle->n) != 0)
        continue;
      trace = g_new0 (InionIdentifierTrace, 1);
      trace->offset = offset;
      trace->word = g_strdup (needle->word);
      trace->encoding = needle->encoding;
      g_ptr_array_add (traces, trace);
    }
}

static gboolean
search_file (const Needles  *self,
             int             fd,
             GPtrArray      *traces,
             GError        **error)
{
  g_autofree guint8 *buffer = g_malloc (BLOCK_BYTES + self->longest);
  gsize kept = 0, got = 0;
  gint64 offset = 0; /* of the buffer's first byte */

  do
    {
      gsize n, end;
      int errsv = 0;

      if (!_inion_pread (fd, buffer + kept, BLOCK_BYTES, offset + (gint64) kept, &got, &errsv))
        return inion_set_error (error, INION_ERROR_IO,
                                "The new file could not be searched: %s.", g_strerror (errsv));
      lower (buffer + kept, got);
      n = kept + got;
      /* What might go on in the next block is looked at with it. */
      end = got == BLOCK_BYTES && n > self->longest ? n - self->longest : n;
      for (gsize i = 0; i + 1 < n && i < end && traces->len < MAX_TRACES; i++)
        search_at (self, buffer + i, n - i, offset + (gint64) i, traces);
      kept = n - end;
      memmove (buffer, buffer + end, kept);
      offset += (gint64) end;
    }
  while (got == BLOCK_BYTES);
  return TRUE;
}

/**
 * inion_identifiers_search:
 * @words: (element-type utf8): what is looked for
 * @fd: an open file
 * @error: return location
 *
 * Looks for words in all bytes of a file: as UTF-8, Latin-1 and UTF-16 of either byte order.
 *
 * Returns: (transfer full) (nullable) (element-type InionIdentifierTrace): where they are, at most
 *   10,000; %NULL with %INION_ERROR_IO if the file cannot be read
 */
GPtrArray *
inion_identifiers_search (GPtrArray  *words,
                          int         fd,
                          GError    **error)
{
  g_autoptr (GPtrArray) traces =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_identifier_trace_free);
  Needles needles = { .needles = g_array_new (FALSE, FALSE, sizeof (Needle)),
                      .pairs = g_new0 (GArray *, N_PAIRS), .longest = 2 };
  gboolean good;

  for (guint i = 0; i < words->len; i++)
    for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++)
      add_needle (&needles, words->pdata[i], e);
  good = search_file (&needles, fd, traces, error);
  clear_needles (&needles);
  return good ? g_steal_pointer (&traces) : NULL;
}

/**
 * inion_identifier_trace_free:
 * @self: (nullable): a trace
 */
void
inion_identifier_trace_free (InionIdentifierTrace *self)
{
  if (self == NULL)
    return;
  g_free (self->word);
  g_free (self);
}
