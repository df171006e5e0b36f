/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of BCI2000 parameters.
 *
 * Values are words with blanks between. Bytes that would be in the way are written as % and two
 * hexadecimal digits; % alone is the empty text. A list begins with how many values it has, or with
 * the names of them in braces. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bci2000-header.h"

#include "recording/edf-text.h"

#include <string.h>

/**
 * _inion_bci2000_decode:
 * @text: a word
 * @n: its bytes
 *
 * Returns: (transfer full): what it stands for, UTF-8
 */
char *
_inion_bci2000_decode (const char *text,
                       gsize       n)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint oddities = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint8 byte = (guint8) text[i];

      if (text[i] == '%' && i + 2 < n && g_ascii_isxdigit (text[i + 1]) &&
          g_ascii_isxdigit (text[i + 2]))
        {
          byte = (guint8) (g_ascii_xdigit_value (text[i + 1]) * 16 +
                           g_ascii_xdigit_value (text[i + 2]));
          i += 2;
        }
      else if (text[i] == '%')
        continue;
      if (byte != 0)
        g_byte_array_append (bytes, &byte, 1);
    }
  return bytes->len > 0 ? inion_edf_decode_dup (bytes->data, bytes->len, &oddities) : g_strdup ("");
}

static const char *
skip_blanks (const char *p)
{
  while (*p == ' ' || *p == '\t')
    p++;
  return p;
}

static const char *
skip_word (const char *p)
{
  while (*p != '\0' && *p != ' ' && *p != '\t')
    p++;
  return p;
}

/* Behind a list in braces, which may hold others. */
static const char *
skip_braces (const char *p)
{
  guint depth = 0;

  do
    {
      p = skip_blanks (p);
      if (*p == '{')
        depth++;
      else if (*p == '}' && depth > 0)
        depth--;
      p = skip_word (p);
    }
  while (depth > 0 && *p != '\0');
  return p;
}

/* How many values a list has, by its number or its names. */
static gsize
read_count (const char **p)
{
  const char *end;
  gsize n = 0;

  *p = skip_blanks (*p);
  if (**p != '{')
    {
      n = (gsize) MIN (g_ascii_strtoull (*p, NULL, 10), G_MAXUINT32);
      *p = skip_word (*p);
      return n;
    }
  end = skip_braces (*p);
  for (*p = skip_word (*p); *p < end; n++)
    {
      *p = skip_blanks (*p);
      if (**p == '}')
        break;
      *p = skip_word (*p);
    }
  *p = end;
  return n;
}

/**
 * _inion_bci2000_split_values:
 * @text: what stands behind the name of a list
 *
 * Returns: (transfer full) (array zero-terminated=1): its values; fewer than it is said to have if
 *   the line ends before
 */
char **
_inion_bci2000_split_values (const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *p = text;
  gsize n = read_count (&p);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *value = NULL;
      const char *end;

      p = skip_blanks (p);
      if (*p == '\0' || strncmp (p, "//", 2) == 0)
        break;
      end = *p == '{' ? skip_braces (p) : skip_word (p);
      value = _inion_bci2000_decode (p, (gsize) (end - p));
      g_strv_builder_add (builder, value);
      p = end;
    }
  return g_strv_builder_end (builder);
}
