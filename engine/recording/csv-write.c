/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing samples as text with commas.
 *
 * UTF-8, LF, a point in numbers. The first line names the columns, "time [s]" and each channel with
 * its unit in brackets. Then one line for each moment at which some channel has a sample, with the
 * time since the first piece; a channel that has none then, or no value, has an empty field. In a
 * gap there are no lines. Numbers have as many digits as it takes to read back the same double, and
 * no more. Events go to a second file, NAME_events.tsv, with onset, duration, text and channel. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "recording/edf-write-private.h"
#include "recording/export-verify.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 4096

/* A channel as it is read block by block. */
typedef struct
{
  InionChannel *object;
  InionExportRun run; /* of the piece */
  gint64 next; /* sample of the piece */
  gint64 next_ns; /* since the piece's begin; G_MAXINT64: there is none */
  gint64 loaded; /* first in values */
  gint64 n_loaded;
  double *values;
} Column;

typedef struct
{
  InionExportPlan *plan;
  InionJob *job;
  Column *columns;
  guint n_columns;
  gint64 total; /* samples of all channels */
  gint64 done;
  GString *found; /* of a line that is read back */
} Table;

/* When the next sample of a column is. */
static void
find_next (Column *column)
{
  column->next_ns = column->next < column->run.n
                      ? inion_channel_sample_to_ns (column->object, column->next)
                      : G_MAXINT64;
}

static void
open_piece (Table *table,
            guint  piece)
{
  for (guint c = 0; c < table->n_columns; c++)
    {
      InionExportChannel *channel = _inion_export_plan_get_channel (table->plan, c);
      Column *column = &table->columns[c];

      column->run = _inion_export_channel_get_run (channel, piece);
      column->next = column->loaded = column->n_loaded = 0;
      find_next (column);
    }
}

/* The next moment at which a column has a sample; G_MAXINT64 at the end of the piece. */
static gint64
find_moment (const Table *table)
{
  gint64 ns = G_MAXINT64;

  for (guint c = 0; c < table->n_columns; c++)
    ns = MIN (ns, table->columns[c].next_ns);
  return ns;
}

/* The value of a column at a moment, and goes on behind it. NaN: it has none. */
static gboolean
take_value (Table   *table,
            guint    c,
            gint64   ns,
            double  *value,
            GError **error)
{
  Column *column = &table->columns[c];

  *value = NAN;
  if (column->next_ns != ns)
    return TRUE;
  if (column->next >= column->loaded + column->n_loaded)
    {
      guint source = _inion_export_plan_get_channel (table->plan, c)->source;

      column->loaded = column->next;
      column->n_loaded = MIN (BLOCK, column->run.n - column->next);
      if (!inion_job_check (table->job, error) ||
          !inion_recording_read (table->plan->recording, source, column->run.first + column->loaded,
                                 (gsize) column->n_loaded, column->values, error))
        return FALSE;
    }
  *value = column->values[column->next - column->loaded];
  column->next++;
  table->done++;
  find_next (column);
  return TRUE;
}

/* A field in quotes if it needs them. */
static void
put_text (GString    *line,
          const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *doubled = NULL;

  if (strpbrk (text, ",\"\n\r") == NULL)
    {
      g_string_append (line, text);
      return;
    }
  parts = g_strsplit (text, "\"", -1);
  doubled = g_strjoinv ("\"\"", parts);
  g_string_append_printf (line, "\"%s\"", doubled);
}

static gboolean
write_names (const Table  *table,
             InionOutput  *output,
             GError      **error)
{
  g_autoptr (GString) line = g_string_new ("time [s]");

  for (guint c = 0; c < table->n_columns; c++)
    {
      const InionChannelInfo *info = inion_channel_get_info (table->columns[c].object);
      g_autofree char *name = *info->unit != '\0'
                                ? g_strdup_printf ("%s [%s]", info->label, info->unit)
                                : g_strdup (info->label);

      g_string_append_c (line, ',');
      put_text (line, name);
    }
  g_string_append_c (line, '\n');
  return inion_output_write (output, 0, line->str, line->len, error);
}

static gboolean
make_line (Table    *table,
           guint     piece,
           gint64    ns,
           GString  *line,
           GError  **error)
{
  g_string_truncate (line, 0);
  _inion_edf_write_seconds (_inion_export_plan_get_onset (table->plan, piece) + ns, line);
  for (guint c = 0; c < table->n_columns; c++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];
      double value;

      if (!take_value (table, c, ns, &value, error))
        return FALSE;
      _inion_export_format_double (value, text);
      g_string_append_c (line, ',');
      g_string_append (line, text);
    }
  g_string_append_c (line, '\n');
  return TRUE;
}

/* Makes every line, in order. */
typedef gboolean (*LineFunc) (Table *table, const GString *line, gpointer data, GError **error);

static gboolean
for_each_line (Table       *table,
               const char  *step,
               double       from,
               double       to,
               LineFunc     func,
               gpointer     data,
               GError     **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  guint count = 0;

  table->done = 0;
  for (guint p = 0; p < table->plan->onsets->len; p++)
    {
      open_piece (table, p);
      for (gint64 ns = find_moment (table); ns < G_MAXINT64; ns = find_moment (table))
        {
          if (!make_line (table, p, ns, line, error) || !func (table, line, data, error))
            return FALSE;
          if (count++ % 4096 == 0)
            inion_job_report (table->job, from + (to - from) * (double) table->done /
                                                   (double) table->total, step);
        }
    }
  return TRUE;
}

static gboolean
write_line (Table          *table,
            const GString  *line,
            gpointer        data,
            GError        **error)
{
  return inion_output_write (data, 0, line->str, line->len, error);
}

/* The file is read as text and each line compared with the one that the source gives: that digits
 * read back as the same double is checked where they are made. */
static gboolean
check_line (Table          *table,
            const GString  *line,
            gpointer        data,
            GError        **error)
{
  gsize n;

  g_string_set_size (table->found, line->len);
  n = fread (table->found->str, 1, line->len, data);
  if (n == line->len && memcmp (table->found->str, line->str, n) == 0)
    return TRUE;
  return inion_set_error (error, INION_ERROR_FAILED,
                          "“%s” did not read back as it was written: the line “%.40s” is not "
                          "there. Nothing was changed.", table->plan->name, line->str);
}

static gboolean
verify (Table        *table,
        InionOutput  *output,
        GError      **error)
{
  const char *path = inion_output_get_part (output, 0);
  FILE *file = g_fopen (path, "rbe");
  int c = 0;
  gboolean good;

  if (file == NULL)
    return inion_set_error_errno (error, errno, "Could not read", path);
  while (c != EOF && c != '\n')
    c = getc (file);
  good = for_each_line (table, "Reading back", 0.6, 1, check_line, file, error);
  if (good && getc (file) != EOF)
    good = inion_set_error (error, INION_ERROR_FAILED,
                            "“%s” did not read back as it was written: it is too long. Nothing was "
                            "changed.", table->plan->name);
  fclose (file);
  return good;
}

/* On one line, without the tabs that part columns. */
static char *
dup_cell (const char *text)
{
  char *cell = g_utf8_make_valid (text, -1);

  g_strdelimit (cell, "\t\r\n", ' ');
  return cell;
}

static gboolean
write_events (const Table  *table,
              InionOutput  *output,
              GError      **error)
{
  g_autofree char *name = g_path_get_basename (inion_output_get_part (output, 0));
  g_autofree char *stem = g_strndup (name, strlen (name) - strlen (".csv"));
  g_autofree char *events_name = g_strconcat (stem, "_events.tsv", NULL);
  guint file;

  if (table->plan->events->len == 0)
    return TRUE;
  if (!inion_output_add (output, events_name, &file, error) ||
      !inion_output_print (output, file, "onset\tduration\ttrial_type\tchannel\n", error))
    return FALSE;
  for (guint i = 0; i < table->plan->events->len; i++)
    {
      const InionEvent *event = table->plan->events->pdata[i];
      g_autoptr (GString) line = g_string_new (NULL);
      g_autofree char *text = dup_cell (event->text);
      g_autofree char *channel = NULL;

      if (event->channel >= 0)
        channel = dup_cell (inion_channel_get_label (table->columns[event->channel].object));
      _inion_edf_write_seconds (event->onset_ns, line);
      g_string_append_c (line, '\t');
      if (event->duration_ns >= 0)
        _inion_edf_write_seconds (event->duration_ns, line);
      else
        g_string_append (line, "n/a");
      g_string_append_printf (line, "\t%s\t%s\n", *text != '\0' ? text : "n/a",
                              channel != NULL ? channel : "n/a");
      if (!inion_output_write (output, file, line->str, line->len, error))
        return FALSE;
    }
  _inion_export_plan_note (table->plan, "A CSV file has no place for events; they are in “%s”.",
                           events_name);
  return TRUE;
}

static gboolean
write_table (Table        *table,
             InionOutput  *output,
             GError      **error)
{
  for (guint c = 0; c < table->n_columns; c++)
    {
      InionExportChannel *channel = _inion_export_plan_get_channel (table->plan, c);

      table->columns[c].object = inion_recording_get_channel (table->plan->recording,
                                                              channel->source);
      table->columns[c].values = g_new (double, BLOCK);
      for (guint p = 0; p < table->plan->onsets->len; p++)
        table->total += _inion_export_channel_get_run (channel, p).n;
    }
  if (!write_names (table, output, error) ||
      !for_each_line (table, "Writing", 0, 0.6, write_line, output, error) ||
      !write_events (table, output, error))
    return FALSE;
  if (table->plan->start != NULL)
    _inion_export_plan_note (table->plan, "A CSV file has no place for the start of the recording, "
                             "the patient, electrodes and filters.");
  return inion_output_finish (output, error) && verify (table, output, error);
}

/**
 * _inion_csv_write:
 * @plan: what is written, with at least one sample
 * @output: where
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Writes samples as text, finishes the files, reads the first back and compares.
 *
 * Returns: %FALSE as inion_export_write()
 */
gboolean
_inion_csv_write (InionExportPlan  *plan,
                  InionOutput      *output,
                  InionJob         *job,
                  GError          **error)
{
  guint n = plan->channels->len;
  g_autoptr (GString) found = g_string_new (NULL);
  Table table = {
    .plan = plan, .job = job, .columns = g_new0 (Column, n), .n_columns = n, .found = found,
  };
  gboolean good = write_table (&table, output, error);

  for (guint c = 0; c < n; c++)
    g_free (table.columns[c].values);
  g_free (table.columns);
  return good;
}
