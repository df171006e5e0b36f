/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a JSON text without any of the liberties that json-glib takes.
 *
 * json-glib is lenient: comments, assignments, hexadecimal numbers and repeated keys pass. A first
 * look at the characters refuses what RFC 8259 has no words for, bounds the nesting (json-glib
 * recurses), and leaves the grammar itself to json-glib. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/error.h"
#include "core/json-parse.h"

#include <string.h>

#define MAX_DEPTH 32

typedef struct
{
  const char *p;
  const char *end;
  const char *line_start;
  guint line;
  guint depth;
  gsize n_members;   /* of all objects */
  gboolean closed;   /* the outermost value has ended */
} Scan;

static gboolean
refuse_at (guint64      line,
           guint64      column,
           const char  *what,
           GError     **error)
{
  return inion_set_error (error, INION_ERROR_FORMAT,
                          "Not valid JSON: line %" G_GUINT64_FORMAT ", column %" G_GUINT64_FORMAT
                          ": %s.", line, column, what);
}

static gboolean
refuse (Scan        *scan,
        const char  *what,
        GError     **error)
{
  return refuse_at (scan->line, (guint64) (scan->p - scan->line_start) + 1, what, error);
}

/* The four hexadecimal digits at @p, or -1. */
static int
hex4 (const char *p,
      const char *end)
{
  int value = 0;

  if (end - p < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

/* An escape; scan->p stands on the character after the backslash. */
static gboolean
scan_escape (Scan    *scan,
             GError **error)
{
  int unit;

  if (scan->p < scan->end && *scan->p != '\0' && strchr ("\"\\/bfnrt", *scan->p) != NULL)
    {
      scan->p++;
      return TRUE;
    }
  unit = scan->p < scan->end && *scan->p == 'u' ? hex4 (scan->p + 1, scan->end) : -1;
  if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff))
    return refuse (scan, "a string has an escape that means no character", error);
  scan->p += 5;
  if (unit < 0xd800 || unit > 0xdbff)
    return TRUE;
  if (scan->end - scan->p < 6 || scan->p[0] != '\\' || scan->p[1] != 'u')
    return refuse (scan, "a string has half of a surrogate pair", error);
  unit = hex4 (scan->p + 2, scan->end);
  if (unit < 0xdc00 || unit > 0xdfff)
    return refuse (scan, "a string has half of a surrogate pair", error);
  scan->p += 6;
  return TRUE;
}

static gboolean
scan_string (Scan    *scan,
             GError **error)
{
  for (scan->p++; scan->p < scan->end; )
    {
      char c = *scan->p++;

      if (c == '"')
        return TRUE;
      if ((guchar) c < 0x20)
        return refuse (scan, "a string has a control character", error);
      if (c == '\\' && !scan_escape (scan, error))
        return FALSE;
    }
  return refuse (scan, "a string does not end", error);
}

static gsize
scan_digits (Scan *scan)
{
  const char *start = scan->p;

  while (scan->p < scan->end && g_ascii_isdigit (*scan->p))
    scan->p++;
  return (gsize) (scan->p - start);
}

static gboolean
scan_number (Scan    *scan,
             GError **error)
{
  gboolean legal;
  gboolean zero;
  gsize n_whole;

  if (*scan->p == '-')
    scan->p++;
  zero = scan->p < scan->end && *scan->p == '0';
  n_whole = scan_digits (scan);
  legal = n_whole == 1 || (n_whole > 1 && !zero);
  if (legal && scan->p < scan->end && *scan->p == '.')
    {
      scan->p++;
      legal = scan_digits (scan) > 0;
    }
  if (legal && scan->p < scan->end && (*scan->p == 'e' || *scan->p == 'E'))
    {
      scan->p++;
      if (scan->p < scan->end && (*scan->p == '+' || *scan->p == '-'))
        scan->p++;
      legal = scan_digits (scan) > 0;
    }
  if (scan->p < scan->end && (g_ascii_isalnum (*scan->p) || *scan->p == '.'))
    legal = FALSE;
  return legal || refuse (scan, "a number is not written as JSON writes numbers", error);
}

static gboolean
scan_word (Scan    *scan,
           GError **error)
{
  static const char *const words[] = { "true", "false", "null" };
  const char *start = scan->p;
  gsize n;

  while (scan->p < scan->end && (g_ascii_isalnum (*scan->p) || *scan->p == '_'))
    scan->p++;
  n = (gsize) (scan->p - start);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (n == strlen (words[i]) && memcmp (start, words[i], n) == 0)
      return TRUE;
  return refuse (scan, "a word stands where JSON knows only true, false and null", error);
}

static gboolean
scan_token (Scan    *scan,
            GError **error)
{
  char c = *scan->p;

  if (scan->closed && !g_ascii_isspace (c))
    return refuse (scan, "there is more after the end of the value", error);
  if (c == '"')
    return scan_string (scan, error);
  if (c == '-' || g_ascii_isdigit (c))
    return scan_number (scan, error);
  if (g_ascii_isalpha (c))
    return scan_word (scan, error);
  if (c == '\0' || strchr ("{}[],: \t\r\n", c) == NULL)
    return refuse (scan, "a character stands where JSON allows none", error);

  if (c == ':')
    scan->n_members++;
  if (c == '\n')
    {
      scan->line++;
      scan->line_start = scan->p + 1;
    }
  if ((c == '{' || c == '[') && ++scan->depth > MAX_DEPTH)
    return refuse (scan, "objects and arrays are nested too deeply", error);
  if ((c == '}' || c == ']') && scan->depth > 0)
    scan->closed = --scan->depth == 0;
  scan->p++;
  return TRUE;
}

/* json-glib writes "<data>:LINE:COLUMN: Parse error: REASON". */
static void
refuse_grammar (const char  *message,
                GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (message, ":", 5);
  guint64 line = 1, column = 1;
  const char *reason = message;

  if (g_strv_length (parts) == 5
      && g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT, &line, NULL)
      && g_ascii_string_to_unsigned (parts[2], 10, 0, G_MAXUINT, &column, NULL))
    reason = g_strstrip (parts[4]);
  refuse_at (line, column, reason, error);
}

static gsize
count_members (JsonNode *node)
{
  gsize n = 0;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        n += count_members (json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        n += 1 + count_members (member);
    }
  return n;
}

typedef struct
{
  GHashTable *n_members;   /* JsonObject → members seen so far */
  char *twice;             /* the first key that stands there twice */
  guint line;
  guint column;
} Members;

static void
on_object_member (JsonParser *parser,
                  JsonObject *object,
                  const char *name,
                  gpointer    user_data)
{
  Members *members = user_data;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (members->n_members, object)) + 1;

  g_hash_table_insert (members->n_members, object, GUINT_TO_POINTER (n));
  if (n == json_object_get_size (object) || members->twice != NULL)
    return;
  members->twice = g_strdup_printf ("the key “%s” stands there twice", name);
  members->line = json_parser_get_current_line (parser);
  members->column = json_parser_get_current_pos (parser);
}

/* Looks at a text again, member by member: much slower than json-glib alone. */
static void
refuse_twice (const char  *json,
              gsize        length,
              GError     **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GHashTable) n_members = g_hash_table_new (NULL, NULL);
  g_autofree char *twice = NULL;
  Members members = { n_members, NULL, 1, 1 };

  g_signal_connect (parser, "object-member", G_CALLBACK (on_object_member), &members);
  json_parser_load_from_data (parser, json, (gssize) length, NULL);
  twice = members.twice;
  refuse_at (members.line, members.column, twice != NULL ? twice : "a key stands there twice",
             error);
}

/* json-glib lets the last of several equal keys win: there are fewer members then than stand in the
 * text, @n_members. */
static JsonNode *
parse (const char  *json,
       gsize        length,
       gsize        n_members,
       GError     **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (!json_parser_load_from_data (parser, json, (gssize) length, &local))
    {
      refuse_grammar (local->message, error);
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    {
      refuse_at (1, 1, "the text is empty", error);
      return NULL;
    }
  if (count_members (root) != n_members)
    {
      refuse_twice (json, length, error);
      return NULL;
    }
  return g_steal_pointer (&root);
}

/**
 * inion_json_parse:
 * @json: (array length=length): the text
 * @length: its length in bytes, or -1 if it ends with a nul
 * @max_bytes: the largest length that is read
 * @error: return location: %INION_ERROR_TOO_LARGE or %INION_ERROR_FORMAT, with line and column
 *
 * Reads a JSON text (RFC 8259). Repeated keys, comments, nul bytes, half surrogates and nesting
 * deeper than 32 are errors.
 *
 * Returns: (transfer full) (nullable): the outermost value
 */
JsonNode *
inion_json_parse (const char  *json,
                  gssize       length,
                  gsize        max_bytes,
                  GError     **error)
{
  gsize n = length < 0 ? strlen (json) : (gsize) length;
  Scan scan = { .p = json, .end = json + n, .line_start = json, .line = 1 };

  if (n > max_bytes)
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "The text has %" G_GSIZE_FORMAT " bytes; the limit is %" G_GSIZE_FORMAT ".",
                       n, max_bytes);
      return NULL;
    }
  if (!g_utf8_validate (json, (gssize) n, NULL))
    {
      inion_set_error (error, INION_ERROR_FORMAT, "Not valid JSON: the text is not UTF-8.");
      return NULL;
    }
  while (scan.p < scan.end)
    if (!scan_token (&scan, error))
      return NULL;
  return parse (json, n, scan.n_members, error);
}

/**
 * inion_json_parse_object:
 * @json: (array length=length): the text
 * @length: its length in bytes, or -1 if it ends with a nul
 * @max_bytes: the largest length that is read
 * @error: return location: %INION_ERROR_TOO_LARGE or %INION_ERROR_FORMAT
 *
 * Reads a JSON text as inion_json_parse() does; its outermost value must be an object.
 *
 * Returns: (transfer full) (nullable): a node that holds an object
 */
JsonNode *
inion_json_parse_object (const char  *json,
                         gssize       length,
                         gsize        max_bytes,
                         GError     **error)
{
  g_autoptr (JsonNode) root = inion_json_parse (json, length, max_bytes, error);

  if (root != NULL && !JSON_NODE_HOLDS_OBJECT (root))
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "The text is no JSON object: it must start with “{”.");
      return NULL;
    }
  return g_steal_pointer (&root);
}
