/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters that the comment of a BrainVision header lists.
 *
 * The recorder writes two tables for people: "Channels" with the filters of the amplifier, and
 * "S o f t w a r e  F i l t e r s". Low cutoffs are time constants t in seconds, 1/(2πt) Hz, unless
 * their column says hertz. What is found becomes a text as EDF has it: "HP:0.1Hz LP:70Hz
 * N:50Hz". */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-header.h"

#include <math.h>
#include <string.h>

typedef struct
{
  guint title; /* line of the column titles */
  gboolean software;
  gboolean unit; /* resolution and unit stand in two columns */
  gboolean high_pass_s;
  gboolean low_pass_s;
} Table;

/* "[s]" behind a column's title, before the next one. */
static gboolean
is_in_seconds (const char *title,
               const char *column)
{
  const char *at = strstr (title, column);
  const char *bracket = at != NULL ? strchr (at, '[') : NULL;

  return bracket != NULL && g_str_has_prefix (bracket, "[s]");
}

static gboolean
find_table (char     **lines,
            gboolean   software,
            Table     *table)
{
  gboolean inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *rest = lines[i];

      if (strcmp (rest, software ? "S o f t w a r e  F i l t e r s" : "Channels") == 0)
        inside = TRUE;
      if (!inside || *rest != '#')
        continue;
      rest += 1 + strspn (rest + 1, " \t");
      if (!g_str_has_prefix (rest, software ? "Low Cutoff" : "Name"))
        return FALSE;
      *table = (Table) { i, software, strstr (rest, "Resolution / Unit") != NULL,
                         is_in_seconds (rest, "Low Cutoff"), is_in_seconds (rest, "High Cutoff") };
      return strstr (rest, "Low Cutoff") != NULL;
    }
  return FALSE;
}

/* The columns of a line from the low cutoff on. NULL: the line is not that of the channel. */
static char **
split_row (const Table *table,
           const char  *line,
           guint        index,
           const char  *name)
{
  g_autofree char *number = g_strdup_printf ("%u", index + 1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;
  guint skip = table->software ? 0 : table->unit ? 3 : 2;

  if (!g_str_has_prefix (line, number) || !g_ascii_isspace (line[strlen (number)]))
    return NULL;
  line += strlen (number);
  line += strspn (line, " \t");
  if (!table->software)
    {
      if (!g_str_has_prefix (line, name))
        return NULL;
      line += strlen (name);
    }
  words = g_strsplit_set (line, " \t", 64);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && (skip == 0 || skip-- == 0))
      g_strv_builder_add (builder, words[i]);
  return g_strv_builder_end (builder);
}

static void
append_cutoff (GString    *text,
               const char *what,
               const char *value,
               gboolean    seconds)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean comma;
  double v;

  if (text->len > 0 && text->str[text->len - 1] != ' ')
    g_string_append_c (text, ' ');
  if (strcmp (value, "DC") == 0)
    g_string_append_printf (text, "%s:DC", what);
  else if (inion_brainvision_parse_number (value, &v, &comma) && v > 0)
    g_string_append_printf (text, "%s:%sHz", what,
                            g_ascii_formatd (number, sizeof number, "%.6g",
                                             seconds ? 1 / (2 * G_PI * v) : v));
  else if (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
}

static void
read_table (InionBrainVisionHeader *self,
            char                  **lines,
            const Table            *table)
{
  guint n_lines = g_strv_length (lines);

  for (guint i = 0; i < self->channels->len && table->title + 1 + i < n_lines; i++)
    {
      InionBrainVisionChannel *channel =
        &g_array_index (self->channels, InionBrainVisionChannel, i);
      g_auto (GStrv) columns = split_row (table, lines[table->title + 1 + i], i, channel->name);
      g_autoptr (GString) text = g_string_new (NULL);
      char *before;

      if (columns == NULL || g_strv_length (columns) < 2)
        continue;
      append_cutoff (text, "HP", columns[0], table->high_pass_s);
      append_cutoff (text, "LP", columns[1], table->low_pass_s);
      if (columns[2] != NULL)
        append_cutoff (text, "N", columns[2], FALSE);
      if (text->len == 0)
        continue;
      before = channel->prefilter;
      channel->prefilter = before == NULL
                             ? g_strdup_printf ("%s%s", table->software ? "software " : "",
                                                text->str)
                             : g_strdup_printf ("%s; software %s", before, text->str);
      g_free (before);
    }
}

/**
 * inion_brainvision_filters_read:
 * @self: a header whose channels are known
 * @text: the parsed header file
 *
 * Reads the tables of filters, where the comment has them.
 */
void
inion_brainvision_filters_read (InionBrainVisionHeader     *self,
                                const InionBrainVisionText *text)
{
  Table table;

  if (find_table (text->comment, FALSE, &table))
    read_table (self, text->comment, &table);
  if (find_table (text->comment, TRUE, &table))
    read_table (self, text->comment, &table);
}
