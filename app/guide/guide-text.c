/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the user's guide as blocks of text.
 *
 * The pages stand in resources/help as text with few signs: "# title", "## heading", "- item",
 * "1. item", "> note", "| cell | cell |", and within a line **bold**, *italic*, `key` and
 * [words](target). A target is the name of a page, an address, or "action:win.name", which does what
 * it names in the window. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/guide/guide-text.h"

#include <string.h>

#define PREFIX "/org/inion/Inion/help/"

static void
block_free (gpointer data)
{
  InionGuideBlock *block = data;

  g_free (block->sign);
  g_strfreev (block->cells);
  g_free (block);
}

/* A sign that stands twice, and what to write for it and its other. */
typedef struct
{
  const char *sign;
  const char *open;
  const char *close;
} Pair;

static const Pair pairs[] = {
  { "**", "<b>", "</b>" },
  { "*", "<i>", "</i>" },
  { "`", "<span background=\"#8080802e\" weight=\"500\">\u2009", "\u2009</span>" },
};

static const char *
write_pair (GString    *out,
            const Pair *pair,
            const char *at)
{
  gsize n = strlen (pair->sign);
  const char *end = strstr (at + n, pair->sign);
  g_autofree char *inner = NULL;

  if (end == NULL || end == at + n)
    return NULL;
  inner = g_markup_escape_text (at + n, end - at - (gssize) n);
  g_string_append_printf (out, "%s%s%s", pair->open, inner, pair->close);
  return end + n;
}

static const char *
write_link (GString    *out,
            const char *at)
{
  const char *middle = strstr (at, "](");
  const char *end = middle != NULL ? strchr (middle, ')') : NULL;
  g_autofree char *words = NULL, *target = NULL;

  if (end == NULL || memchr (at, '\n', (gsize) (end - at)) != NULL)
    return NULL;
  words = g_markup_escape_text (at + 1, middle - at - 1);
  target = g_markup_escape_text (middle + 2, end - middle - 2);
  g_string_append_printf (out, "<a href=\"%s\">%s</a>", target, words);
  return end + 1;
}

static char *
make_markup (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *next = *text == '[' ? write_link (out, text) : NULL;
      g_autofree char *plain = NULL;

      for (gsize i = 0; next == NULL && i < G_N_ELEMENTS (pairs); i++)
        if (g_str_has_prefix (text, pairs[i].sign))
          next = write_pair (out, &pairs[i], text);
      if (next == NULL)
        {
          next = g_utf8_next_char (text);
          plain = g_markup_escape_text (text, next - text);
          g_string_append (out, plain);
        }
      text = next;
    }
  return g_string_free (out, FALSE);
}

static char **
split_row (const char *line)
{
  g_autofree char *inner = g_strndup (line + 1, strlen (line) - 1 - g_str_has_suffix (line, "|"));
  char **cells = g_strsplit (inner, "|", -1);

  for (gsize i = 0; cells[i] != NULL; i++)
    {
      char *markup = make_markup (g_strstrip (cells[i]));

      g_free (cells[i]);
      cells[i] = markup;
    }
  return cells;
}

/* The sign of a list's item, and where its text begins; 0 if it is none. */
static gsize
find_item (const char  *line,
           char       **sign)
{
  gsize digits = strspn (line, "0123456789");

  if (g_str_has_prefix (line, "- "))
    {
      *sign = g_strdup ("•");
      return 2;
    }
  if (digits > 0 && g_str_has_prefix (line + digits, ". "))
    {
      *sign = g_strndup (line, digits + 1);
      return digits + 2;
    }
  return 0;
}

static InionGuideBlock *
begin_block (const char *line,
             gsize      *skip)
{
  InionGuideBlock *block = g_new0 (InionGuideBlock, 1);

  *skip = 0;
  if (g_str_has_prefix (line, "# "))
    {
      block->kind = INION_GUIDE_TITLE;
      *skip = 2;
    }
  else if (g_str_has_prefix (line, "## "))
    {
      block->kind = INION_GUIDE_HEADING;
      *skip = 3;
    }
  else if (g_str_has_prefix (line, "> "))
    {
      block->kind = INION_GUIDE_NOTE;
      *skip = 2;
    }
  else if (*line == '|')
    {
      block->kind = INION_GUIDE_ROW;
      *skip = strlen (line);
    }
  else
    {
      *skip = find_item (line, &block->sign);
      block->kind = *skip > 0 ? INION_GUIDE_ITEM : INION_GUIDE_TEXT;
    }
  return block;
}

static void
end_block (InionGuidePage  *self,
           InionGuideBlock *block,
           GString         *text)
{
  if (block == NULL)
    return;
  if (block->cells == NULL)
    {
      block->cells = g_new0 (char *, 2);
      block->cells[0] = make_markup (text->str);
      if (block->kind == INION_GUIDE_TITLE && self->title == NULL)
        self->title = g_strdup (text->str);
    }
  g_string_truncate (text, 0);
  g_ptr_array_add (self->blocks, block);
}

/* Whether a line goes on with the block before it. */
static gboolean
goes_on (const InionGuideBlock *block,
         const InionGuideBlock *next)
{
  return block != NULL && next->kind == INION_GUIDE_TEXT &&
         (block->kind == INION_GUIDE_TEXT || block->kind == INION_GUIDE_ITEM ||
          block->kind == INION_GUIDE_NOTE);
}

/**
 * inion_guide_page_parse:
 * @name: by which links name it
 * @text: the page
 *
 * Returns: (transfer full): the page as blocks
 */
InionGuidePage *
inion_guide_page_parse (const char *name,
                        const char *text)
{
  InionGuidePage *self = g_new0 (InionGuidePage, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) words = g_string_new (NULL);
  InionGuideBlock *block = NULL;

  self->name = g_strdup (name);
  self->blocks = g_ptr_array_new_with_free_func (block_free);
  self->words = g_utf8_casefold (text, -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);
      InionGuideBlock *next;
      gsize skip;

      if (*line == '\0')
        {
          end_block (self, g_steal_pointer (&block), words);
          continue;
        }
      /* The rule below a table's head. */
      if (g_str_has_prefix (line, "|-"))
        continue;
      next = begin_block (line, &skip);
      if (goes_on (block, next))
        {
          block_free (next);
          g_string_append_c (words, ' ');
        }
      else
        {
          end_block (self, block, words);
          block = next;
          if (block->kind == INION_GUIDE_ROW)
            block->cells = split_row (line);
        }
      g_string_append (words, line + skip);
    }
  end_block (self, block, words);
  return self;
}

/**
 * inion_guide_page_matches:
 * @self: a page
 * @search: words; none matches every page
 *
 * Returns: whether each of the words stands in the page, whatever its case
 */
gboolean
inion_guide_page_matches (const InionGuidePage *self,
                          const char           *search)
{
  g_autofree char *folded = g_utf8_casefold (search, -1);
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);

  for (gsize i = 0; words[i] != NULL; i++)
    if (strstr (self->words, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/**
 * inion_guide_page_free:
 * @self: (transfer full): a page
 */
void
inion_guide_page_free (InionGuidePage *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self->words);
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * inion_guide_load:
 *
 * Reads the guide that is compiled into the program.
 *
 * Returns: (transfer full) (element-type InionGuidePage): its pages in their order
 */
GPtrArray *
inion_guide_load (void)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_guide_page_free);
  g_auto (GStrv) files = g_resources_enumerate_children (PREFIX, 0, NULL);

  if (files == NULL)
    return pages;
  qsort (files, g_strv_length (files), sizeof (char *), compare_names);
  for (gsize i = 0; files[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (PREFIX, files[i], NULL);
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, NULL);
      g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      /* "03-marks.md" is the page "marks". */
      const char *begin = files[i] + strspn (files[i], "0123456789-");
      g_autofree char *name = g_strndup (begin, strcspn (begin, "."));

      g_ptr_array_add (pages, inion_guide_page_parse (name, text));
    }
  return pages;
}
