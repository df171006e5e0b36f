/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The casefolded texts of a set's annotations, kept so that all are searched in one sweep.
 *
 * Texts that repeat (labels, raters, channels) stand here once, however many annotations have them;
 * comments stand here once each. A text has a number for as long as something uses it. Its bytes
 * lie in a page, after one another and each ended by a NUL, which no needle holds: what is found
 * lies in one text.
 *
 * A search sweeps over a page 64 bytes at a time, and a block takes it the same time whether much
 * is found or nothing (but for the check of bytes that are not compared at once). One bit stands
 * for a byte: H where the needle begins, E where a text ends. In H + ~E, each beginning carries
 * through the ones of its text into the zero at its end, and no further: at E, the sum says whether
 * the text contains the needle. The carry out of a block goes into the next.
 *
 * A text that nothing uses any more stays in its page until half of the page is such texts; then
 * the rest moves together. This bounds what one edit takes: it rewrites one page at most.
 *
 * Invariants: a page's entries ascend by offset and cover its bytes without gaps; the bytes behind
 * them are 0; a number is given again only when its bytes are gone from the page, so a hit always
 * belongs to its number.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-set-texts-private.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Small enough to be rewritten in some ten microseconds. A longer text has a page for itself. */
#define PAGE_SIZE 65536

/* As many as there are bits in a word. A sweep reads so far beyond the bytes of a page. */
#define BLOCK 64

/* The bytes of a needle that are compared as two words, which overlap where it has fewer. */
#define N_WORDS (2 * sizeof (guint64))

typedef struct
{
  guint32 offset;
  guint32 text;
} Entry;

typedef struct _InionAnnotationPage
{
  char *bytes;
  gsize length;
  gsize capacity;
  gsize dead;      /* bytes of texts that nothing uses */
  guint64 *ends;   /* a bit for each byte, set at the NULs */
  GArray *entries; /* of Entry */
  gboolean listed; /* among the roomy ones */
} Page;

typedef struct
{
  const char *key; /* interned; NULL for a comment */
  Page *page;
  gsize length;    /* with the NUL */
  guint n_uses;
} Text;

/* What is looked for, the two of its bytes that stand in the fewest places, and two words that
 * cover up to its first 16 bytes, as they are in memory; the mask has the bytes that it fills of a
 * word. */
typedef struct
{
  const char *text;
  gsize length;
  gsize rare[2];
  gsize second_at;
  guint64 first;
  guint64 second;
  guint64 mask;
} Needle;

static inline gsize
n_blocks (gsize length)
{
  return (length + BLOCK - 1) / BLOCK;
}

static inline void
set_bit (guint64 *bits,
         gsize    at)
{
  bits[at / BLOCK] |= G_GUINT64_CONSTANT (1) << at % BLOCK;
}

static inline guint
get_bit (const guint64 *bits,
         gsize          at)
{
  return bits[at / BLOCK] >> at % BLOCK & 1;
}

static Page *
page_new (gsize capacity)
{
  Page *page = g_new0 (Page, 1);

  page->bytes = g_malloc0 (capacity + BLOCK);
  page->ends = g_new0 (guint64, n_blocks (capacity));
  page->capacity = capacity;
  page->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  return page;
}

static void
page_free (gpointer data)
{
  Page *page = data;

  g_array_unref (page->entries);
  g_free (page->ends);
  g_free (page->bytes);
  g_free (page);
}

static Text *
get_text (const InionAnnotationTexts *self,
          guint32                     text)
{
  return &g_array_index (self->texts, Text, text);
}

/* Adds to, or takes from, the counts of bytes; the NUL at the end is no part of any needle. */
static void
count_bytes (InionAnnotationTexts *self,
             const char           *bytes,
             gsize                 length,
             gsize                 change)
{
  for (gsize i = 0; i + 1 < length; i++)
    self->counts[(guchar) bytes[i]] += change;
}

static Page *
page_with_room (InionAnnotationTexts *self,
                gsize                 size)
{
  Page *page = self->current;

  if (page != NULL && page->capacity - page->length >= size)
    return page;
  while (size <= PAGE_SIZE && self->roomy->len > 0)
    {
      page = g_ptr_array_steal_index_fast (self->roomy, self->roomy->len - 1);
      page->listed = FALSE;
      if (page->capacity - page->length >= size)
        return self->current = page;
    }
  page = page_new (MAX (size, PAGE_SIZE));
  g_ptr_array_add (self->pages, page);
  if (size <= PAGE_SIZE)
    self->current = page;
  return page;
}

static guint32
add_text (InionAnnotationTexts *self,
          const char           *key,
          const char           *folded)
{
  gsize size = strlen (folded) + 1;
  Page *page = page_with_room (self, size);
  Text text = { key, page, size, 1 };
  Entry entry = { (guint32) page->length, self->texts->len };

  if (self->vacant->len > 0)
    {
      entry.text = g_array_index (self->vacant, guint32, self->vacant->len - 1);
      g_array_set_size (self->vacant, self->vacant->len - 1);
      *get_text (self, entry.text) = text;
    }
  else
    {
      g_array_append_val (self->texts, text);
    }
  g_array_append_val (page->entries, entry);
  memcpy (page->bytes + page->length, folded, size);
  page->length += size;
  set_bit (page->ends, page->length - 1);
  count_bytes (self, folded, size, 1);
  return entry.text;
}

/* Moves what is in use together and gives the other numbers back. */
static void
compact (InionAnnotationTexts *self,
         Page                 *page)
{
  Entry *entries = (Entry *) (gpointer) page->entries->data;
  gsize length = 0;
  guint n = 0;

  memset (page->ends, 0, n_blocks (page->length) * sizeof *page->ends);
  for (guint i = 0; i < page->entries->len; i++)
    {
      Text *text = get_text (self, entries[i].text);

      if (text->n_uses == 0)
        {
          count_bytes (self, page->bytes + entries[i].offset, text->length, (gsize) -1);
          g_array_append_val (self->vacant, entries[i].text);
          continue;
        }
      memmove (page->bytes + length, page->bytes + entries[i].offset, text->length);
      entries[n++] = (Entry) { (guint32) length, entries[i].text };
      length += text->length;
      set_bit (page->ends, length - 1);
    }
  memset (page->bytes + length, 0, page->length - length);
  g_array_set_size (page->entries, n);
  page->length = length;
  page->dead = 0;
}

/* What is made room of is used again, what was made for one long text is not kept. */
static void
keep_page (InionAnnotationTexts *self,
           Page                 *page)
{
  if (page == self->current || page->listed)
    return;
  if (page->length == 0)
    {
      g_ptr_array_remove_fast (self->pages, page);
      return;
    }
  page->listed = TRUE;
  g_ptr_array_add (self->roomy, page);
}

static Needle
make_needle (const InionAnnotationTexts *self,
             const char                 *text)
{
  Needle needle = { .text = text, .length = strlen (text) };
  gsize n_first = MIN (needle.length, sizeof needle.first);
  gsize least[2] = { G_MAXSIZE, G_MAXSIZE };

  needle.second_at = MIN (needle.length, N_WORDS) - n_first;
  memcpy (&needle.first, text, n_first);
  memcpy (&needle.second, text + needle.second_at, n_first);
  memset (&needle.mask, 0xff, n_first);
  for (gsize i = 0; i < needle.length; i++)
    {
      gsize count = self->counts[(guchar) text[i]];

      if (count < least[0])
        {
          least[1] = least[0];
          needle.rare[1] = needle.rare[0];
          least[0] = count;
          needle.rare[0] = i;
        }
      else if (count < least[1])
        {
          least[1] = count;
          needle.rare[1] = i;
        }
    }
  return needle;
}

static inline guint64
load_word (const char *bytes)
{
  guint64 word;

  memcpy (&word, bytes, sizeof word);
  return word;
}

#ifdef __SSE2__
/* A bit for each place of a block where both bytes are as said. */
static inline guint64
match_block (const char *a,
             const char *b,
             guchar      byte_a,
             guchar      byte_b)
{
  const __m128i all_a = _mm_set1_epi8 ((char) byte_a);
  const __m128i all_b = _mm_set1_epi8 ((char) byte_b);
  guint64 bits = 0;

  for (guint i = 0; i < BLOCK; i += 16)
    {
      __m128i some_a = _mm_loadu_si128 ((const __m128i *) (gconstpointer) (a + i));
      __m128i some_b = _mm_loadu_si128 ((const __m128i *) (gconstpointer) (b + i));
      __m128i equal = _mm_and_si128 (_mm_cmpeq_epi8 (some_a, all_a),
                                     _mm_cmpeq_epi8 (some_b, all_b));

      bits |= (guint64) (guint) _mm_movemask_epi8 (equal) << i;
    }
  return bits;
}
#else
/* The same, eight bytes in a word: the low bit of each byte that is 0, and these bits gathered. */
static inline guint64
match_block (const char *a,
             const char *b,
             guchar      byte_a,
             guchar      byte_b)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const guint64 low = G_GUINT64_CONSTANT (0x7f7f7f7f7f7f7f7f);
  guint64 bits = 0;

  for (guint i = 0; i < BLOCK; i += 8)
    {
      guint64 word = (load_word (a + i) ^ ones * byte_a) | (load_word (b + i) ^ ones * byte_b);
      guint64 zeros = GUINT64_FROM_LE (~(((word & low) + low) | word | low)) >> 7;

      bits |= (zeros * G_GUINT64_CONSTANT (0x0102040810204080) >> 56) << i;
    }
  return bits;
}
#endif

static inline gboolean
stands_at (const Page   *page,
           const Needle *needle,
           gsize         at)
{
  const char *bytes = page->bytes + at;
  guint64 differ = (load_word (bytes) ^ needle->first)
                   | (load_word (bytes + needle->second_at) ^ needle->second);

  if (needle->length <= N_WORDS)
    return (differ & needle->mask) == 0;
  return differ == 0 && at + needle->length <= page->length
         && memcmp (bytes, needle->text, needle->length) == 0;
}

/* Leaves of the places in a block those where the whole needle stands. */
static inline guint64
check_places (const Page   *page,
              const Needle *needle,
              gsize         from,
              guint64       places)
{
  guint64 checked = 0;

  for (; places != 0; places &= places - 1)
    {
      guint64 here = stands_at (page, needle, from + (gsize) __builtin_ctzll (places));

      checked |= places & -places & -here; /* no branch: what is found is not foreseen */
    }
  return checked;
}

/* Sets in @hits, which has a bit for each byte of the page, those at the ends of the texts that
 * contain the needle; FALSE if there is none. */
static gboolean
sweep (const Page   *page,
       const Needle *needle,
       guint64      *hits)
{
  const char *a = page->bytes + needle->rare[0];
  const char *b = page->bytes + needle->rare[1];
  guchar byte_a = (guchar) needle->text[needle->rare[0]];
  guchar byte_b = (guchar) needle->text[needle->rare[1]];
  guint64 any = 0;
  guint64 carry = 0;

  if (page->length < needle->length)
    return FALSE;
  for (gsize i = 0; i < page->length; i += BLOCK)
    {
      guint64 ends = page->ends[i / BLOCK];
      guint64 places = 0;
      guint64 sum;

      if (i <= page->length - needle->length)
        places = match_block (a + i, b + i, byte_a, byte_b);
      if (places != 0 && needle->length > 2)
        places = check_places (page, needle, i, places);
      carry = (guint64) __builtin_add_overflow (places, carry, &sum);
      carry |= (guint64) __builtin_add_overflow (sum, ~ends, &sum);
      any |= hits[i / BLOCK] = sum & ends;
    }
  return any != 0;
}

static void
flag_texts (const Page    *page,
            const guint64 *hits,
            guint8        *found)
{
  const Entry *entries = (const Entry *) (gconstpointer) page->entries->data;

  for (guint i = 0; i + 1 < page->entries->len; i++)
    found[entries[i].text] = (guint8) get_bit (hits, entries[i + 1].offset - 1);
  found[entries[page->entries->len - 1].text] = (guint8) get_bit (hits, page->length - 1);
}

void
_inion_annotation_texts_init (InionAnnotationTexts *self)
{
  *self = (InionAnnotationTexts) { 0 };
  self->texts = g_array_new (FALSE, FALSE, sizeof (Text));
  self->vacant = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->interned = g_hash_table_new (NULL, NULL);
  self->pages = g_ptr_array_new_with_free_func (page_free);
  self->roomy = g_ptr_array_new ();
  g_array_append_val (self->texts, ((Text) { NULL, NULL, 0, 1 }));
}

void
_inion_annotation_texts_clear (InionAnnotationTexts *self)
{
  self->current = NULL;
  g_clear_pointer (&self->roomy, g_ptr_array_unref);
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_pointer (&self->interned, g_hash_table_unref);
  g_clear_pointer (&self->vacant, g_array_unref);
  g_clear_pointer (&self->texts, g_array_unref);
}

/* The number of an interned text, in one use more; 0 if it is NULL. It must live until dropped. */
guint32
_inion_annotation_texts_add_interned (InionAnnotationTexts *self,
                                      const char           *interned)
{
  guint32 text = _inion_annotation_texts_lookup (self, interned);
  g_autofree char *folded = NULL;

  if (interned == NULL)
    return 0;
  if (text != 0)
    {
      get_text (self, text)->n_uses++;
      return text;
    }
  folded = g_utf8_casefold (interned, -1);
  text = add_text (self, interned, folded);
  g_hash_table_insert (self->interned, (gpointer) interned, GUINT_TO_POINTER (text));
  return text;
}

/* The number of a text that is casefolded already and stands for itself; 0 if it is NULL. */
guint32
_inion_annotation_texts_add_folded (InionAnnotationTexts *self,
                                    const char           *folded)
{
  return folded != NULL ? add_text (self, NULL, folded) : 0;
}

/* Ends one use of a text. */
void
_inion_annotation_texts_drop (InionAnnotationTexts *self,
                              guint32               text)
{
  Text *dropped = get_text (self, text);
  Page *page = dropped->page;

  if (text == 0 || --dropped->n_uses > 0)
    return;
  if (dropped->key != NULL)
    g_hash_table_remove (self->interned, dropped->key);
  dropped->key = NULL;
  page->dead += dropped->length;
  if (page->dead > page->length / 2)
    {
      compact (self, page);
      keep_page (self, page);
    }
}

/* The number of an interned text, 0 if no annotation has it. */
guint32
_inion_annotation_texts_lookup (const InionAnnotationTexts *self,
                                const char                 *interned)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->interned, interned));
}

/* For each number, 1 if that text contains the needle (casefolded, not empty) and 0 if not; NULL if
 * none does. (transfer full) */
guint8 *
_inion_annotation_texts_find (const InionAnnotationTexts *self,
                              const char                 *needle)
{
  Needle prepared = make_needle (self, needle);
  g_autofree guint8 *found = g_malloc0 (self->texts->len);
  g_autofree guint64 *hits = NULL;
  gsize longest = 0;
  gboolean any = FALSE;

  for (guint i = 0; i < self->pages->len; i++)
    longest = MAX (longest, ((const Page *) self->pages->pdata[i])->length);
  hits = g_new (guint64, n_blocks (longest));
  for (guint i = 0; i < self->pages->len; i++)
    if (sweep (self->pages->pdata[i], &prepared, hits))
      {
        flag_texts (self->pages->pdata[i], hits, found);
        any = TRUE;
      }
  return any ? g_steal_pointer (&found) : NULL;
}
