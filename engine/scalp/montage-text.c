/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a montage, edited by its lines: what is not touched stays as the person wrote it. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"
#include "scalp/montage-script.h"

#include <string.h>

static GPtrArray *
split (const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (parts);

  /* The end of the last line is no line. */
  for (guint i = 0; i < n && (i + 1 < n || *parts[i] != '\0'); i++)
    g_ptr_array_add (lines, g_strdup (parts[i]));
  return lines;
}

/* lines: (transfer full) */
static char *
join (GPtrArray *lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s\n", (char *) lines->pdata[i]);
  g_ptr_array_unref (lines);
  return g_string_free (text, FALSE);
}

/**
 * inion_montage_text_move:
 * @text: the text of a montage
 * @from: a line, from 1
 * @to: the line it becomes
 *
 * Returns: (transfer full): the text with that line moved; as it was if there is no such line
 */
char *
inion_montage_text_move (const char *text,
                         guint       from,
                         guint       to)
{
  GPtrArray *lines = split (text);

  if (from >= 1 && from <= lines->len && to >= 1)
    {
      char *line = g_ptr_array_steal_index (lines, from - 1);

      g_ptr_array_insert (lines, (int) MIN (to - 1, lines->len), line);
    }
  return join (lines);
}

/**
 * inion_montage_text_remove:
 * @text: the text of a montage
 * @line: a line, from 1
 *
 * Returns: (transfer full): the text without that line
 */
char *
inion_montage_text_remove (const char *text,
                           guint       line)
{
  GPtrArray *lines = split (text);

  if (line >= 1 && line <= lines->len)
    g_ptr_array_remove_index (lines, line - 1);
  return join (lines);
}

/**
 * inion_montage_text_insert_gap:
 * @text: the text of a montage
 * @before: a line, from 1
 *
 * Returns: (transfer full): the text with an empty line before that line
 */
char *
inion_montage_text_insert_gap (const char *text,
                               guint       before)
{
  GPtrArray *lines = split (text);

  if (before >= 1 && before <= lines->len)
    g_ptr_array_insert (lines, (int) before - 1, g_strdup (""));
  return join (lines);
}

/* Where the attributes of a line begin: its first semicolon that is not in quotes, or its end. */
static gsize
find_attributes (const char *line)
{
  gboolean quoted = FALSE;
  gsize i;

  for (i = 0; line[i] != '\0' && strcmp (line + i, "\r") != 0 && (quoted || line[i] != ';'); i++)
    quoted = quoted != (line[i] == '"');
  return i;
}

/* The line with the attributes of the row, and its expression as it was. */
static char *
write_attributes (const char            *line,
                  const InionMontageRow *row)
{
  g_autofree char *expression = g_strchomp (g_strndup (line, find_attributes (line)));
  GString *out = g_string_new (expression);

  if (row->has_color)
    g_string_append_printf (out, " ; #%06x", row->color);
  if (row->hidden)
    g_string_append (out, " ; hidden");
  return g_string_free (out, FALSE);
}

static const InionMontageRow *
find_row (const InionMontageScript *script,
          guint                     line)
{
  for (guint i = 0; i < script->rows->len; i++)
    {
      const InionMontageRow *row = script->rows->pdata[i];

      if (row->line == line)
        return row;
    }
  return NULL;
}

static char *
set_attributes (const char *text,
                guint       line,
                gboolean    set_hidden,
                gboolean    hidden,
                gboolean    has_color,
                guint32     color)
{
  g_autoptr (InionMontageScript) script = inion_montage_script_parse (text);
  const InionMontageRow *row = find_row (script, line);
  GPtrArray *lines = split (text);

  if (row != NULL && line <= lines->len)
    {
      InionMontageRow changed = *row;
      char *old = lines->pdata[line - 1];

      if (set_hidden)
        {
          changed.hidden = hidden;
        }
      else
        {
          changed.has_color = has_color;
          changed.color = color;
        }
      lines->pdata[line - 1] = write_attributes (old, &changed);
      g_free (old);
    }
  return join (lines);
}

/**
 * inion_montage_text_set_hidden:
 * @text: the text of a montage
 * @line: a line with a derivation, from 1
 * @hidden: whether it is left out of the page
 *
 * Returns: (transfer full): the text
 */
char *
inion_montage_text_set_hidden (const char *text,
                               guint       line,
                               gboolean    hidden)
{
  return set_attributes (text, line, TRUE, hidden, FALSE, 0);
}

/**
 * inion_montage_text_set_color:
 * @text: the text of a montage
 * @line: a line with a derivation, from 1
 * @has_color: whether it has a colour of its own
 * @color: 0xRRGGBB
 *
 * Returns: (transfer full): the text
 */
char *
inion_montage_text_set_color (const char *text,
                              guint       line,
                              gboolean    has_color,
                              guint32     color)
{
  return set_attributes (text, line, FALSE, FALSE, has_color, color & 0xffffff);
}

static char *
quote (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  return g_strdup_printf ("\"%s\"", doubled);
}

/**
 * inion_montage_text_quote:
 * @name: the name of a channel or an electrode
 *
 * Returns: (transfer full): how it is written in an expression: in quotes if it is no word
 */
char *
inion_montage_text_quote (const char *name)
{
  gunichar first = g_utf8_get_char (name);
  gboolean word = (g_unichar_isalpha (first) || first == '_') &&
                  g_ascii_strcasecmp (name, "avg") != 0;

  for (const char *at = name; word && *at != '\0'; at = g_utf8_next_char (at))
    word = inion_montage_text_is_word (g_utf8_get_char (at));
  return word ? g_strdup (name) : quote (name);
}

/* Weights in as few digits as bring them back. */
static void
append_term (GString    *text,
             const char *name,
             double      weight,
             gboolean    first)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double size = ABS (weight);

  if (weight < 0)
    g_string_append (text, first ? "-" : " - ");
  else if (!first)
    g_string_append (text, " + ");
  if (size < 1 || size > 1)
    {
      g_ascii_formatd (number, sizeof number, "%.15g", size);
      if (g_ascii_strtod (number, NULL) < size || g_ascii_strtod (number, NULL) > size)
        g_ascii_dtostr (number, sizeof number, size);
      g_string_append_printf (text, "%s*", number);
    }
  g_string_append (text, name);
}

/* By its electrode where it is one: such a montage holds for other recordings too. */
static char *
name_of (const InionMontageInventory *inventory,
         guint                        channel)
{
  const InionMontageSource *source = &inventory->sources[channel];

  return inion_montage_text_quote (
    source->usable && source->label.g1_known
      ? source->written
      : inion_channel_get_label (inion_recording_get_channel (inventory->recording, channel)));
}

/* "Fp1 - F7" says "Fp1-F7", and "FC5" says "Fc5". */
static gboolean
says_label (const char *expression,
            const char *label)
{
  g_auto (GStrv) parts = g_strsplit (expression, " ", -1);
  g_autofree char *joined = g_strjoinv ("", parts);

  return g_ascii_strcasecmp (joined, label) == 0;
}

static void
append_derivation (GString                     *text,
                   const InionMontageInventory *inventory,
                   const InionDerivation       *d,
                   gboolean                     average)
{
  g_autoptr (GString) expression = g_string_new (NULL);

  for (guint t = 0; t < (average ? 1 : d->n_terms); t++)
    {
      g_autofree char *name = name_of (inventory, d->channels[t]);

      append_term (expression, name, average ? 1 : d->weights[t], t == 0);
    }
  if (average)
    g_string_append (expression, " - avg");
  if (says_label (expression->str, d->label))
    {
      g_string_append (text, d->label);
    }
  else
    {
      g_autofree char *label = strpbrk (d->label, "=;\"#") != NULL
                                 ? quote (d->label) : g_strdup (d->label);

      g_string_append_printf (text, "%s = %s", label, expression->str);
    }
  if (d->has_color)
    g_string_append_printf (text, " ; #%06x", d->color);
  g_string_append_c (text, '\n');
}

/**
 * inion_montage_text_from:
 * @montage: a montage of any kind
 *
 * Writes a montage as a person would: what it shows for its recording, channel by channel.
 *
 * Returns: (transfer full): the text
 */
char *
inion_montage_text_from (InionMontage *montage)
{
  g_autoptr (InionMontageInventory) inventory = NULL;
  GString *text;
  gboolean average;
  guint group = 0;

  g_return_val_if_fail (INION_IS_MONTAGE (montage), NULL);

  text = g_string_new (NULL);
  inventory = _inion_montage_inventory_new (inion_montage_get_recording (montage), NULL);
  average = g_str_equal (inion_montage_get_id (montage), "average");
  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    {
      const InionDerivation *d = inion_montage_get_derivation (montage, i);

      if (i > 0 && d->group != group)
        g_string_append_c (text, '\n');
      append_derivation (text, inventory, d, average && d->n_terms > 1);
      group = d->group;
    }
  return g_string_free (text, FALSE);
}
