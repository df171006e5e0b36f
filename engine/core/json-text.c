/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canonical JSON: one layout, one spelling of every number, so that equal content is equal bytes.
 *
 * A number is written with the fewest of 15, 16 or 17 significant digits that read back as the
 * same double; every double reads back from 17. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/json-text.h"

#include <math.h>

typedef struct
{
  InionJsonLayout layout;
  guint n_members;
} Level;

struct _InionJsonText
{
  GString *text;
  GArray *levels;      /* (element-type Level), outermost first */
  gboolean after_key;
  gboolean same_line;
};

static void
append_indent (InionJsonText *self,
               guint          depth)
{
  g_string_append_c (self->text, '\n');
  for (guint i = 0; i < depth; i++)
    g_string_append (self->text, "  ");
}

/* What stands between the last thing written and the next member of the open level. */
static void
separate (InionJsonText *self)
{
  Level *level;

  if (self->after_key)
    {
      self->after_key = FALSE;
      return;
    }
  if (self->levels->len == 0)
    return;
  level = &g_array_index (self->levels, Level, self->levels->len - 1);
  if (level->n_members > 0)
    g_string_append_c (self->text, ',');
  if (level->layout == INION_JSON_BLOCK && !(self->same_line && level->n_members > 0))
    append_indent (self, self->levels->len);
  else if (level->n_members > 0 || level->layout == INION_JSON_INLINE)
    g_string_append_c (self->text, ' ');
  self->same_line = FALSE;
  level->n_members++;
}

static void
begin (InionJsonText   *self,
       InionJsonLayout  layout,
       char             bracket)
{
  Level level = { layout, 0 };

  separate (self);
  g_string_append_c (self->text, bracket);
  g_array_append_val (self->levels, level);
}

static void
end (InionJsonText *self,
     char           bracket)
{
  Level level;

  g_return_if_fail (self->levels->len > 0);

  level = g_array_index (self->levels, Level, self->levels->len - 1);
  g_array_set_size (self->levels, self->levels->len - 1);
  if (level.n_members > 0 && level.layout == INION_JSON_BLOCK)
    append_indent (self, self->levels->len);
  else if (level.n_members > 0 && level.layout == INION_JSON_INLINE)
    g_string_append_c (self->text, ' ');
  g_string_append_c (self->text, bracket);
}

/**
 * inion_json_append_string:
 * @json: what is being written
 * @text: (nullable): UTF-8
 *
 * Appends a text in quotes, with what JSON forbids in them escaped; null for %NULL.
 */
void
inion_json_append_string (GString    *json,
                          const char *text)
{
  if (text == NULL)
    {
      g_string_append (json, "null");
      return;
    }
  g_string_append_c (json, '"');
  for (const char *c = text; *c != '\0'; c++)
    switch (*c)
      {
      case '"':
        g_string_append (json, "\\\"");
        break;
      case '\\':
        g_string_append (json, "\\\\");
        break;
      case '\n':
        g_string_append (json, "\\n");
        break;
      case '\r':
        g_string_append (json, "\\r");
        break;
      case '\t':
        g_string_append (json, "\\t");
        break;
      default:
        if ((guchar) *c < 0x20 || *c == 0x7f)
          g_string_append_printf (json, "\\u%04x", (guint) (guchar) *c);
        else
          g_string_append_c (json, *c);
      }
  g_string_append_c (json, '"');
}

/**
 * inion_json_append_double:
 * @json: what is being written
 * @value: a number
 *
 * Appends a number in the fewest digits that are read back to the last bit; null for NaN and the
 * infinities.
 */
void
inion_json_append_double (GString *json,
                          double   value)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      g_string_append (json, "null");
      return;
    }
  if (value == 0 && signbit (value))
    {
      /* "-0" would be read back as a whole number, which has no sign. */
      g_string_append (json, "-0.0");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (buffer, sizeof buffer, formats[i], value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (json, buffer);
}

/**
 * inion_json_text_new:
 *
 * Returns: (transfer full): an empty text
 */
InionJsonText *
inion_json_text_new (void)
{
  InionJsonText *self = g_new0 (InionJsonText, 1);

  self->text = g_string_new (NULL);
  self->levels = g_array_new (FALSE, FALSE, sizeof (Level));
  return self;
}

/**
 * inion_json_text_free:
 * @self: (transfer full): a text
 */
void
inion_json_text_free (InionJsonText *self)
{
  g_string_free (self->text, TRUE);
  g_array_unref (self->levels);
  g_free (self);
}

/**
 * inion_json_text_finish:
 * @self: (transfer full): a text whose objects and arrays are all closed
 *
 * Ends the text with a line break and frees the writer.
 *
 * Returns: (transfer full): the text
 */
char *
inion_json_text_finish (InionJsonText *self)
{
  char *text;

  g_return_val_if_fail (self->levels->len == 0, NULL);

  g_string_append_c (self->text, '\n');
  text = g_string_free (g_steal_pointer (&self->text), FALSE);
  g_array_unref (self->levels);
  g_free (self);
  return text;
}

/**
 * inion_json_text_begin_object:
 * @self: the text
 * @layout: how its members are laid out
 *
 * Opens an object as the next value.
 */
void
inion_json_text_begin_object (InionJsonText   *self,
                              InionJsonLayout  layout)
{
  begin (self, layout, '{');
}

/**
 * inion_json_text_end_object:
 * @self: the text
 *
 * Closes the object that was opened last.
 */
void
inion_json_text_end_object (InionJsonText *self)
{
  end (self, '}');
}

/**
 * inion_json_text_begin_array:
 * @self: the text
 * @layout: how its elements are laid out
 *
 * Opens an array as the next value.
 */
void
inion_json_text_begin_array (InionJsonText   *self,
                             InionJsonLayout  layout)
{
  begin (self, layout, '[');
}

/**
 * inion_json_text_end_array:
 * @self: the text
 *
 * Closes the array that was opened last.
 */
void
inion_json_text_end_array (InionJsonText *self)
{
  end (self, ']');
}

/**
 * inion_json_text_key:
 * @self: the text, in an object
 * @key: the next member's name
 */
void
inion_json_text_key (InionJsonText *self,
                     const char    *key)
{
  separate (self);
  inion_json_append_string (self->text, key);
  g_string_append (self->text, ": ");
  self->after_key = TRUE;
}

/**
 * inion_json_text_same_line:
 * @self: the text, in a block
 *
 * Keeps the next member on the line of the one before it.
 */
void
inion_json_text_same_line (InionJsonText *self)
{
  self->same_line = TRUE;
}

/**
 * inion_json_text_null:
 * @self: the text
 */
void
inion_json_text_null (InionJsonText *self)
{
  separate (self);
  g_string_append (self->text, "null");
}

/**
 * inion_json_text_boolean:
 * @self: the text
 * @value: the value
 */
void
inion_json_text_boolean (InionJsonText *self,
                         gboolean       value)
{
  separate (self);
  g_string_append (self->text, value ? "true" : "false");
}

/**
 * inion_json_text_uint:
 * @self: the text
 * @value: the value; above 2⁵³ other programs may round it
 */
void
inion_json_text_uint (InionJsonText *self,
                      guint64        value)
{
  separate (self);
  g_string_append_printf (self->text, "%" G_GUINT64_FORMAT, value);
}

/**
 * inion_json_text_double:
 * @self: the text
 * @value: the value; JSON has no NaN and no infinity, they become null
 */
void
inion_json_text_double (InionJsonText *self,
                        double         value)
{
  separate (self);
  inion_json_append_double (self->text, value);
}

/**
 * inion_json_text_string:
 * @self: the text
 * @value: (nullable): UTF-8; %NULL becomes null
 */
void
inion_json_text_string (InionJsonText *self,
                        const char    *value)
{
  separate (self);
  inion_json_append_string (self->text, value);
}

/**
 * inion_json_text_strings:
 * @self: the text
 * @values: (nullable) (array zero-terminated=1): UTF-8; %NULL becomes null
 *
 * Writes a one-line array of strings.
 */
void
inion_json_text_strings (InionJsonText     *self,
                         const char *const *values)
{
  if (values == NULL)
    {
      inion_json_text_null (self);
      return;
    }
  inion_json_text_begin_array (self, INION_JSON_TIGHT);
  for (gsize i = 0; values[i] != NULL; i++)
    inion_json_text_string (self, values[i]);
  inion_json_text_end_array (self);
}

/**
 * inion_json_text_doubles:
 * @self: the text
 * @values: (array length=n): the values
 * @n: how many
 *
 * Writes a one-line array of numbers.
 */
void
inion_json_text_doubles (InionJsonText *self,
                         const double  *values,
                         gsize          n)
{
  inion_json_text_begin_array (self, INION_JSON_TIGHT);
  for (gsize i = 0; i < n; i++)
    inion_json_text_double (self, values[i]);
  inion_json_text_end_array (self);
}
