/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text files of a BrainVision recording: sections of keys and values, line by line.
 *
 * The first line says what the file is. Lines that begin with a semicolon say nothing. What stands
 * behind [Comment] is free text, whatever it looks like. The code page is UTF-8 or Windows-1252
 * ("ANSI"); what it says is checked against the bytes, because both are often wrong: bytes that are
 * UTF-8 are read as UTF-8. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-text.h"

#include "recording/edf-text.h"

#include <string.h>

#define COMMENT "comment"

static void
clear_entry (InionBrainVisionEntry *entry)
{
  g_free (entry->key);
  g_free (entry->value);
}

/* The bytes as UTF-8. A NUL would end the text. */
static char *
decode (const guint8   *bytes,
        gsize           n,
        const char     *what,
        gboolean       *utf8,
        InionEdfFaults *faults)
{
  g_autofree guint8 *copy = NULL;
  const guint8 *nul = n > 0 ? memchr (bytes, '\0', n) : NULL;
  guint oddities = 0;

  if (nul != NULL)
    {
      copy = g_memdup2 (bytes, n);
      for (gsize i = 0; i < n; i++)
        if (copy[i] == '\0')
          copy[i] = ' ';
      inion_edf_faults_add (faults, what, (gint64) (nul - bytes), what,
                            "There are NUL bytes in a text file; they are read as blanks.");
      bytes = copy;
    }
  *utf8 = g_utf8_validate ((const char *) bytes, (gssize) n, NULL);
  return inion_edf_decode_dup (bytes, n, &oddities);
}

static gboolean
has_high_bytes (const guint8 *bytes,
                gsize         n)
{
  for (gsize i = 0; i < n; i++)
    if (bytes[i] > 127)
      return TRUE;
  return FALSE;
}

static void
check_codepage (const InionBrainVisionText *self,
                gboolean                    utf8,
                gboolean                    high,
                const char                 *what,
                InionEdfFaults             *faults)
{
  const InionBrainVisionEntry *entry = inion_brainvision_text_find (self, "common infos",
                                                                    "codepage");
  gboolean says_utf8 = entry != NULL && g_ascii_strcasecmp (entry->value, "UTF-8") == 0;
  g_autofree char *key = g_strconcat (what, " codepage", NULL);

  if (!high || entry == NULL)
    return;
  if (says_utf8 && !utf8)
    inion_edf_faults_add (faults, key, entry->offset, "Codepage",
                          "The %s says UTF-8 (line %u), but its text is not; it is read as "
                          "Windows-1252.", what, entry->line);
  else if (!says_utf8 && utf8)
    inion_edf_faults_add (faults, key, entry->offset, "Codepage",
                          "The %s says “%s” (line %u), but its text is UTF-8 and is read as that.",
                          what, entry->value, entry->line);
  else if (!says_utf8 && g_ascii_strcasecmp (entry->value, "ANSI") != 0 &&
           strstr (entry->value, "1252") == NULL)
    inion_edf_faults_add (faults, key, entry->offset, "Codepage",
                          "The %s says “%s” (line %u), which is not known here; its text is read "
                          "as Windows-1252.", what, entry->value, entry->line);
}

/* "[Common Infos]": the name in lower case, kept once. NULL if the line is no section. */
static const char *
take_section (InionBrainVisionText *self,
              char                 *line)
{
  gsize n = strlen (line);
  g_autofree char *name = NULL;

  if (n < 2 || line[0] != '[' || line[n - 1] != ']')
    return NULL;
  line[n - 1] = '\0';
  name = g_strstrip (g_ascii_strdown (line + 1, -1));
  for (guint i = 0; i < self->sections->len; i++)
    if (strcmp (self->sections->pdata[i], name) == 0)
      return self->sections->pdata[i];
  g_ptr_array_add (self->sections, g_steal_pointer (&name));
  return self->sections->pdata[self->sections->len - 1];
}

static void
take_entry (InionBrainVisionText *self,
            char                 *line,
            const char           *section,
            guint                 number,
            gint64                offset)
{
  char *equals = strchr (line, '=');
  InionBrainVisionEntry entry = { .section = section, .line = number, .offset = offset };

  if (equals == NULL)
    return;
  *equals = '\0';
  entry.key = g_strstrip (g_ascii_strdown (line, -1));
  entry.value = g_strstrip (g_strdup (equals + 1));
  g_array_append_val (self->entries, entry);
}

static void
read_lines (InionBrainVisionText *self,
            char                 *text)
{
  const char *section = "";
  g_autoptr (GStrvBuilder) comment = g_strv_builder_new ();
  guint number = 0;
  gboolean in_comment = FALSE;

  for (char *line = text, *next; line != NULL; line = next)
    {
      gint64 offset = line - text;
      const char *name;

      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      number++;
      if (in_comment)
        {
          g_strv_builder_add (comment, g_strchomp (line));
          continue;
        }
      g_strstrip (line);
      if (number == 1 && *line != '[')
        {
          g_free (self->first_line);
          self->first_line = g_strdup (line);
          continue;
        }
      if (*line == '\0' || *line == ';')
        continue;
      name = take_section (self, line);
      if (name != NULL)
        section = name;
      else
        take_entry (self, line, section, number, offset);
      in_comment = strcmp (section, COMMENT) == 0;
    }
  self->comment = g_strv_builder_end (comment);
}

/**
 * inion_brainvision_text_new:
 * @bytes: (array length=n): a header or marker file
 * @n: its length
 * @what: "header" or "marker file", for messages
 * @faults: where doubts are added
 *
 * Parses any bytes: what is no section, key or comment is passed over. Offsets of entries are those
 * of the file as long as it is UTF-8.
 *
 * Returns: (transfer full): the text
 */
InionBrainVisionText *
inion_brainvision_text_new (const guint8   *bytes,
                            gsize           n,
                            const char     *what,
                            InionEdfFaults *faults)
{
  InionBrainVisionText *self = g_new0 (InionBrainVisionText, 1);
  g_autofree char *text = NULL;
  gboolean utf8;

  if (n == 0)
    bytes = (const guint8 *) "";
  if (n >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    {
      bytes += 3;
      n -= 3;
    }
  text = decode (bytes, n, what, &utf8, faults);
  self->first_line = g_strdup ("");
  self->sections = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_array_new (FALSE, FALSE, sizeof (InionBrainVisionEntry));
  g_array_set_clear_func (self->entries, (GDestroyNotify) clear_entry);
  read_lines (self, text);
  check_codepage (self, utf8, has_high_bytes (bytes, n), what, faults);
  return self;
}

/**
 * inion_brainvision_text_free:
 * @self: (nullable): a text
 */
void
inion_brainvision_text_free (InionBrainVisionText *self)
{
  if (self == NULL)
    return;
  g_free (self->first_line);
  g_array_unref (self->entries);
  g_strfreev (self->comment);
  g_ptr_array_unref (self->sections);
  g_free (self);
}

/**
 * inion_brainvision_text_find:
 * @self: a text
 * @section: a section, in lower case
 * @key: a key, in lower case
 *
 * Returns: (transfer none) (nullable): the first entry of that name
 */
const InionBrainVisionEntry *
inion_brainvision_text_find (const InionBrainVisionText *self,
                             const char                 *section,
                             const char                 *key)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const InionBrainVisionEntry *entry = &g_array_index (self->entries, InionBrainVisionEntry, i);

      if (strcmp (entry->key, key) == 0 && strcmp (entry->section, section) == 0)
        return entry;
    }
  return NULL;
}

/**
 * inion_brainvision_text_has_section:
 * @self: a text
 * @section: a section, in lower case
 *
 * Returns: whether the text has it
 */
gboolean
inion_brainvision_text_has_section (const InionBrainVisionText *self,
                                    const char                 *section)
{
  for (guint i = 0; i < self->sections->len; i++)
    if (strcmp (self->sections->pdata[i], section) == 0)
      return TRUE;
  return FALSE;
}

/**
 * inion_brainvision_parse_index:
 * @text: a key, as "ch12"
 * @prefix: what it begins with, as "ch"
 * @index: (out): the number
 *
 * Returns: %FALSE if the key is no prefix and number
 */
gboolean
inion_brainvision_parse_index (const char *text,
                               const char *prefix,
                               gint64     *index)
{
  return g_str_has_prefix (text, prefix) && g_ascii_isdigit (text[strlen (prefix)]) &&
         inion_brainvision_parse_integer (text + strlen (prefix), index);
}

/**
 * inion_brainvision_parse_integer:
 * @text: a field
 * @value: (out): the number; untouched on failure
 *
 * Returns: %FALSE if the field is no integer
 */
gboolean
inion_brainvision_parse_integer (const char *text,
                                 gint64     *value)
{
  guint oddities = 0;

  return inion_edf_parse_integer ((const guint8 *) text, strlen (text), value, &oddities);
}

/**
 * inion_brainvision_parse_number:
 * @text: a field
 * @value: (out): the number, finite; untouched on failure
 * @comma: (out): whether it has a comma for the point
 *
 * Returns: %FALSE if the field is no number
 */
gboolean
inion_brainvision_parse_number (const char *text,
                                double     *value,
                                gboolean   *comma)
{
  g_autofree char *point = g_strdelimit (g_strstrip (g_strdup (text)), ",", '.');
  char *end;
  double v;

  *comma = strchr (text, ',') != NULL;
  /* Only digits may begin it: no words, no hexadecimal. */
  if (*point == '\0' || point[strspn (point, "+-0123456789.eE")] != '\0')
    return FALSE;
  v = g_ascii_strtod (point, &end);
  if (end == point || *end != '\0' || !(v <= G_MAXDOUBLE && v >= -G_MAXDOUBLE))
    return FALSE;
  *value = v;
  return TRUE;
}

/**
 * inion_brainvision_field_dup:
 * @field: a text field
 *
 * Returns: (transfer full): the text without blanks around, its commas, written as "\1", restored
 */
char *
inion_brainvision_field_dup (const char *field)
{
  g_autoptr (GString) text = g_string_new (field);

  g_string_replace (text, "\\1", ",", 0);
  return g_strstrip (g_string_free (g_steal_pointer (&text), FALSE));
}
