/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a montage that a person wrote.
 *
 *   line       = [ label "=" ] expression { ";" attribute }
 *   expression = product { ("+" | "-") product }
 *   product    = factor { ("*" | "/") factor }
 *   factor     = number | name | "(" expression ")" | ("+" | "-") factor
 *   attribute  = "hidden" | "#rrggbb"
 *
 * A derivation is linear in the channels: of a product at most one side has channels, and nothing
 * is divided by a channel. A line that cannot be read is a fault, and the others are read. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-script.h"

#include <math.h>
#include <string.h>

#define MAX_LINES 4096
#define MAX_LINE 8192
#define MAX_TERMS 1024
#define MAX_DEPTH 32

typedef struct
{
  const char *line; /* its beginning */
  const char *at;
  guint number;
  guint depth;
  InionMontageFault *fault; /* (nullable): the first one of the line */
} Reader;

/* Linear in the channels: constant + Σ weight × channel. */
typedef struct
{
  double constant;
  GArray *terms; /* of InionMontageTerm */
} Value;

static void
clear_term (gpointer data)
{
  g_free (((InionMontageTerm *) data)->name);
}

static void
row_free (gpointer data)
{
  InionMontageRow *self = data;

  g_free (self->label);
  g_clear_pointer (&self->terms, g_array_unref);
  g_free (self);
}

static void
fault_free (gpointer data)
{
  g_free (((InionMontageFault *) data)->message);
  g_free (data);
}

static void
value_init (Value *self)
{
  self->constant = 0;
  self->terms = g_array_new (FALSE, TRUE, sizeof (InionMontageTerm));
  g_array_set_clear_func (self->terms, clear_term);
}

static void
value_clear (Value *self)
{
  g_clear_pointer (&self->terms, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Value, value_clear)

static gboolean G_GNUC_PRINTF (3, 4)
fail (Reader     *self,
      const char *at,
      const char *format,
      ...)
{
  va_list args;

  if (self->fault != NULL)
    return FALSE;
  self->fault = g_new0 (InionMontageFault, 1);
  self->fault->line = self->number;
  self->fault->column = (guint) g_utf8_pointer_to_offset (self->line, at) + 1;
  va_start (args, format);
  self->fault->message = g_strdup_vprintf (format, args);
  va_end (args);
  return FALSE;
}

/**
 * inion_montage_text_is_word:
 * @c: a character
 *
 * Returns: whether it can stand in a name without quotes, after a first letter
 */
gboolean
inion_montage_text_is_word (gunichar c)
{
  return g_unichar_isalnum (c) || c == '_' || c == '.' || c == ':' || c == '\'' || c == '`' ||
         c == 0xb4 || c == 0x2032 || c == 0x2019;
}

static gboolean
starts_word (gunichar c)
{
  return g_unichar_isalpha (c) || c == '_';
}

static void
skip_space (Reader *self)
{
  while (*self->at == ' ' || *self->at == '\t')
    self->at++;
}

/* The sign of a minus may be the typographic one. */
static gsize
operator_length (const char *at,
                 char        sign)
{
  if (*at == sign)
    return 1;
  if (sign == '-' && g_str_has_prefix (at, "−"))
    return strlen ("−");
  if (sign == '*' && g_str_has_prefix (at, "×"))
    return strlen ("×");
  return 0;
}

static gboolean
accept (Reader *self,
        char    sign)
{
  gsize n;

  skip_space (self);
  n = operator_length (self->at, sign);
  self->at += n;
  return n > 0;
}

static void
add_term (Value      *value,
          const char *name,
          double      weight)
{
  InionMontageTerm term = { g_strdup (name), weight };

  for (guint i = 0; i < value->terms->len; i++)
    {
      InionMontageTerm *known = &g_array_index (value->terms, InionMontageTerm, i);

      if (g_strcmp0 (known->name, name) != 0)
        continue;
      known->weight += weight;
      g_free (term.name);
      return;
    }
  g_array_append_val (value->terms, term);
}

static void
scale (Value  *value,
       double  factor)
{
  value->constant *= factor;
  for (guint i = 0; i < value->terms->len; i++)
    g_array_index (value->terms, InionMontageTerm, i).weight *= factor;
}

/* In quotes; a quote in a name is written twice. */
static char *
read_quoted (Reader *self)
{
  const char *start = self->at++;
  g_autoptr (GString) name = g_string_new (NULL);

  while (*self->at != '\0')
    {
      if (*self->at == '"' && self->at[1] != '"')
        {
          self->at++;
          if (name->len > 0)
            return g_string_free (g_steal_pointer (&name), FALSE);
          fail (self, start, "There is no name between the quotes.");
          return NULL;
        }
      self->at += *self->at == '"';
      g_string_append_unichar (name, g_utf8_get_char (self->at));
      self->at = g_utf8_next_char (self->at);
    }
  fail (self, start, "The quote is not closed.");
  return NULL;
}

static char *
read_word (Reader *self)
{
  const char *start = self->at;

  while (inion_montage_text_is_word (g_utf8_get_char (self->at)))
    self->at = g_utf8_next_char (self->at);
  return g_strndup (start, self->at - start);
}

static gboolean
read_number (Reader *self,
             Value  *value)
{
  const char *start = self->at;
  char *end = NULL;

  value->constant = g_ascii_strtod (start, &end);
  if (end == start || !isfinite (value->constant))
    return fail (self, start, "This number cannot be read.");
  self->at = end;
  if (starts_word (g_utf8_get_char (end)))
    return fail (self, end, "Put * between the number and the name, or quotes around a name that "
                            "begins with a number.");
  return TRUE;
}

static gboolean read_sum (Reader *self, Value *value);

static gboolean
read_nested (Reader *self,
             Value  *value)
{
  const char *start = self->at++;
  gboolean ok;

  if (++self->depth > MAX_DEPTH)
    return fail (self, start, "There are too many parentheses in each other.");
  ok = read_sum (self, value);
  self->depth--;
  if (ok && !accept (self, ')'))
    return fail (self, self->at, "A closing parenthesis is missing.");
  return ok;
}

static gboolean
read_name (Reader *self,
           Value  *value)
{
  gboolean quoted = *self->at == '"';
  g_autofree char *name = quoted ? read_quoted (self) : read_word (self);

  if (name == NULL)
    return FALSE;
  add_term (value, !quoted && g_ascii_strcasecmp (name, "avg") == 0 ? NULL : name, 1);
  return TRUE;
}

static gboolean
read_factor (Reader *self,
             Value  *value)
{
  const char *start;
  gunichar c;

  skip_space (self);
  start = self->at;
  c = g_utf8_get_char (start);
  if (operator_length (start, '-') > 0 || *start == '+')
    {
      gboolean minus = accept (self, '-'), ok;

      self->at += minus ? 0 : 1;
      if (++self->depth > MAX_DEPTH)
        return fail (self, start, "There are too many signs after each other.");
      ok = read_factor (self, value);
      self->depth--;
      if (ok && minus)
        scale (value, -1);
      return ok;
    }
  if (*start == '(')
    return read_nested (self, value);
  if (g_ascii_isdigit (*start) || *start == '.')
    return read_number (self, value);
  if (*start == '"' || starts_word (c))
    return read_name (self, value);
  if (*start == '\0' || *start == ';')
    return fail (self, start, "A channel is missing here.");
  return fail (self, start, "Here a channel, a number or a parenthesis is expected.");
}

static gboolean
multiply (Reader     *self,
          const char *at,
          Value      *left,
          Value      *right)
{
  if (left->terms->len > 0 && right->terms->len > 0)
    return fail (self, at, "A channel cannot be multiplied by a channel.");
  if (left->terms->len == 0)
    {
      double factor = left->constant;
      GArray *terms = left->terms;

      left->constant = right->constant;
      left->terms = right->terms;
      right->terms = terms;
      scale (left, factor);
    }
  else
    {
      scale (left, right->constant);
    }
  return TRUE;
}

static gboolean
divide (Reader     *self,
        const char *at,
        Value      *left,
        Value      *right)
{
  if (right->terms->len > 0)
    return fail (self, at, "Nothing can be divided by a channel.");
  if (!(fabs (right->constant) > 0))
    return fail (self, at, "Nothing can be divided by zero.");
  scale (left, 1 / right->constant);
  return TRUE;
}

static gboolean
read_product (Reader *self,
              Value  *value)
{
  if (!read_factor (self, value))
    return FALSE;
  for (;;)
    {
      g_auto (Value) right = { 0, NULL };
      const char *at;
      gboolean times;

      skip_space (self);
      at = self->at;
      times = accept (self, '*');
      if (!times && !accept (self, '/'))
        return TRUE;
      value_init (&right);
      if (!read_factor (self, &right) ||
          !(times ? multiply (self, at, value, &right) : divide (self, at, value, &right)))
        return FALSE;
    }
}

static gboolean
read_sum (Reader *self,
          Value  *value)
{
  if (!read_product (self, value))
    return FALSE;
  for (;;)
    {
      g_auto (Value) right = { 0, NULL };
      gboolean plus = accept (self, '+');

      if (!plus && !accept (self, '-'))
        return TRUE;
      value_init (&right);
      if (!read_product (self, &right))
        return FALSE;
      if (value->terms->len + right.terms->len > MAX_TERMS)
        return fail (self, self->at, "A derivation has at most %d channels.", MAX_TERMS);
      scale (&right, plus ? 1 : -1);
      value->constant += right.constant;
      for (guint i = 0; i < right.terms->len; i++)
        add_term (value, g_array_index (right.terms, InionMontageTerm, i).name,
                  g_array_index (right.terms, InionMontageTerm, i).weight);
    }
}

static gboolean
read_color (Reader  *self,
            guint32 *color)
{
  const char *start = self->at++;

  *color = 0;
  for (guint i = 0; i < 6; i++, self->at++)
    {
      if (!g_ascii_isxdigit (*self->at))
        return fail (self, start, "A colour is # and six digits, as #1a5fb4.");
      *color = *color << 4 | (guint32) g_ascii_xdigit_value (*self->at);
    }
  return TRUE;
}

static gboolean
read_attributes (Reader          *self,
                 InionMontageRow *row)
{
  while (accept (self, ';'))
    {
      skip_space (self);
      if (*self->at == '#')
        {
          if (!read_color (self, &row->color))
            return FALSE;
          row->has_color = TRUE;
        }
      else
        {
          const char *start = self->at;
          g_autofree char *word = read_word (self);

          if (g_ascii_strcasecmp (word, "hidden") != 0)
            return fail (self, start, "After a semicolon stands “hidden” or a colour, as #1a5fb4.");
          row->hidden = TRUE;
        }
    }
  skip_space (self);
  if (*self->at == '\0')
    return TRUE;
  if (*self->at == '=')
    return fail (self, self->at, "A name stands before the first =.");
  return fail (self, self->at, "Here +, −, *, / or the end of the line is expected.");
}

/* Where the expression begins: after the first "=" that is not in quotes. */
static const char *
find_expression (const char *line)
{
  gboolean quoted = FALSE;

  for (const char *at = line; *at != '\0' && (quoted || *at != ';'); at++)
    {
      if (*at == '"')
        quoted = !quoted;
      else if (*at == '=' && !quoted)
        return at + 1;
    }
  return line;
}

static gboolean
read_label (Reader           *self,
            InionMontageRow  *row)
{
  const char *expression = find_expression (self->line);

  if (expression == self->line)
    return TRUE;
  row->named = TRUE;
  skip_space (self);
  if (*self->at == '"')
    {
      row->label = read_quoted (self);
      if (row->label == NULL)
        return FALSE;
      skip_space (self);
      if (self->at != expression - 1)
        return fail (self, self->at, "After the name stands =.");
    }
  else
    {
      row->label = g_strstrip (g_strndup (self->at, expression - 1 - self->at));
      if (*row->label == '\0')
        return fail (self, expression - 1, "Before = stands the name of the derivation.");
    }
  self->at = expression;
  return TRUE;
}

/* Channels of weight zero cancel out. */
static gboolean
take_terms (Reader          *self,
            const char      *start,
            Value           *value,
            InionMontageRow *row)
{
  for (guint i = value->terms->len; i-- > 0;)
    {
      double weight = g_array_index (value->terms, InionMontageTerm, i).weight;

      if (!isfinite (weight))
        return fail (self, start, "The numbers of this derivation are too large.");
      if (!(fabs (weight) > 0))
        g_array_remove_index (value->terms, i);
    }
  if (fabs (value->constant) > 0)
    return fail (self, start, "A number alone cannot be added to a channel. Put the name of a "
                              "channel that is a number in quotes.");
  if (value->terms->len == 0)
    return fail (self, start, "Nothing is left of this derivation: its channels cancel out.");
  row->terms = g_steal_pointer (&value->terms);
  return TRUE;
}

static gboolean
read_row (Reader          *self,
          InionMontageRow *row)
{
  g_auto (Value) value = { 0, NULL };
  const char *start, *end;

  value_init (&value);
  if (!read_label (self, row))
    return FALSE;
  skip_space (self);
  start = self->at;
  if (!read_sum (self, &value))
    return FALSE;
  end = self->at;
  if (!take_terms (self, start, &value, row) || !read_attributes (self, row))
    return FALSE;
  if (row->label == NULL)
    row->label = g_strstrip (g_strndup (start, end - start));
  return TRUE;
}

static void
read_line (InionMontageScript *script,
           const char         *line,
           guint               number,
           guint              *group)
{
  Reader reader = { .line = line, .at = line, .number = number };
  InionMontageRow *row;
  guint n = script->rows->len;

  skip_space (&reader);
  if (*reader.at == '\0')
    {
      *group = n > 0 ? ((InionMontageRow *) script->rows->pdata[n - 1])->group + 1 : 0;
      return;
    }
  if (*reader.at == '#')
    return;
  row = g_new0 (InionMontageRow, 1);
  row->line = number;
  row->group = *group;
  if (strlen (line) > MAX_LINE)
    fail (&reader, line, "This line is longer than %d bytes.", MAX_LINE);
  else if (read_row (&reader, row))
    {
      g_ptr_array_add (script->rows, row);
      return;
    }
  row_free (row);
  g_ptr_array_add (script->faults, reader.fault);
}

/**
 * inion_montage_script_parse:
 * @text: what a person wrote; made valid UTF-8 if it is not
 *
 * Reads a montage. A line that cannot be read is among the faults, and the others are read.
 *
 * Returns: (transfer full): the derivations and the faults; free with inion_montage_script_free()
 */
InionMontageScript *
inion_montage_script_parse (const char *text)
{
  InionMontageScript *self = g_new0 (InionMontageScript, 1);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", MAX_LINES + 1);
  guint group = 0;

  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->faults = g_ptr_array_new_with_free_func (fault_free);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize n = strlen (lines[i]);

      if (i == MAX_LINES)
        {
          Reader reader = { .line = lines[i], .at = lines[i], .number = i + 1 };

          fail (&reader, lines[i], "A montage has at most %d lines.", MAX_LINES);
          g_ptr_array_add (self->faults, reader.fault);
          break;
        }
      if (n > 0 && lines[i][n - 1] == '\r')
        lines[i][n - 1] = '\0';
      read_line (self, lines[i], i + 1, &group);
    }
  return self;
}

/**
 * inion_montage_script_free:
 * @self: (nullable): a script
 *
 * Frees a script.
 */
void
inion_montage_script_free (InionMontageScript *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->faults);
  g_free (self);
}
