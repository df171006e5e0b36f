/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The casefolded texts of a set's annotations, kept so that all are searched in one sweep.
 *
 * Texts that repeat (labels, raters, channels) stand here once, however many annotations have them;
 * comments stand here once each. A text has a number for as long as something uses it. Its bytes
 * lie in a page, after one another and each ended by a NUL, which no needle holds: what is found
 * lies in one text.
 *
 * A text that nothing uses any more stays in its page until half of the page is such texts; then
 * the rest moves together. This bounds what one edit takes: it rewrites one page at most.
 *
 * Invariants: a page's entries ascend by offset and cover its bytes without gaps; a number is given
 * again only when its bytes are gone from the page, so a hit always belongs to its number.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/annotation-set-texts-private.h"

#include <string.h>

/* Small enough to be rewritten in some ten microseconds. A longer text has a page for itself. */
#define PAGE_SIZE 65536

/* A sweep reads whole words, the last of them beyond the bytes of the page. */
#define PADDING sizeof (guint64)

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

/* What is looked for, and the two of its bytes that stand in the fewest places. */
typedef struct
{
  const char *text;
  gsize length;
  gsize rare[2];
} Needle;

static Page *
page_new (gsize capacity)
{
  Page *page = g_new0 (Page, 1);

  page->bytes = g_malloc0 (capacity + PADDING);
  page->capacity = capacity;
  page->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  return page;
}

static void
page_free (gpointer data)
{
  Page *page = data;

  g_array_unref (page->entries);
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
    }
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
  Needle needle = { text, strlen (text), { 0, 0 } };
  gsize least[2] = { G_MAXSIZE, G_MAXSIZE };

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
  return GUINT64_FROM_LE (word);
}

/* The top bit of each byte that is 0, exactly. */
static inline guint64
zero_bytes (guint64 word)
{
  const guint64 low = G_GUINT64_CONSTANT (0x7f7f7f7f7f7f7f7f);

  return ~(((word & low) + low) | word | low);
}

/* Flags the texts of a page that contain the needle: eight places at a time are compared in the
 * two rare bytes, and only where both agree in all bytes. The rest of a text that contains it is
 * passed over. */
static guint
sweep (const Page   *page,
       const Needle *needle,
       guint8       *found)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const char *bytes = page->bytes;
  const Entry *entry = (const Entry *) (gconstpointer) page->entries->data;
  const Entry *end = entry + page->entries->len;
  guint64 first = ones * (guchar) needle->text[needle->rare[0]];
  guint64 second = ones * (guchar) needle->text[needle->rare[1]];
  gsize from = 0; /* what is before is settled */
  guint n = 0;

  if (page->length < needle->length)
    return 0;
  for (gsize i = 0; i <= page->length - needle->length; i = MAX (i + 8, from & ~(gsize) 7))
    {
      guint64 hits = zero_bytes ((load_word (bytes + i + needle->rare[0]) ^ first)
                                 | (load_word (bytes + i + needle->rare[1]) ^ second));

      for (; hits != 0; hits &= hits - 1)
        {
          gsize at = i + (gsize) __builtin_ctzll (hits) / 8;

          if (at < from || at > page->length - needle->length
              || memcmp (bytes + at, needle->text, needle->length) != 0)
            continue;
          while (entry + 1 < end && entry[1].offset <= at)
            entry++;
          found[entry->text] = 1;
          n++;
          from = entry + 1 < end ? entry[1].offset : page->length;
        }
    }
  return n;
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
  guint n = 0;

  for (guint i = 0; i < self->pages->len; i++)
    n += sweep (self->pages->pdata[i], &prepared, found);
  return n > 0 ? g_steal_pointer (&found) : NULL;
}
