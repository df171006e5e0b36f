/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks out of CHB-MIT summaries, BESA events and BrainVision markers. */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/import-private.h"
#include "annotation/table-private.h"
#include "core/error.h"
#include "core/size.h"
#include "recording/brainvision-text.h"

#include <math.h>
#include <string.h>

static char *
dup_line (const char **at)
{
  gsize n = strcspn (*at, "\r\n");
  char *line = g_strstrip (g_strndup (*at, n));

  *at += n;
  if (**at == '\r')
    (*at)++;
  if (**at == '\n')
    (*at)++;
  return line;
}

static void
add (InionImporter *self,
     guint          line,
     gint64         onset_ns,
     gint64         duration_ns,
     const char    *label,
     const char    *comment)
{
  const InionImportRow row = { line, onset_ns, duration_ns, label, NULL, NULL,
                               INION_ORIGIN_PERSON, NAN, comment };

  _inion_importer_add (self, &row);
}

/* The value of "Seizure 1 Start Time: 2670 seconds"; NULL if the line says something else. */
static const char *
get_value (const char *line,
           const char *key)
{
  const char *colon = strchr (line, ':');
  gsize n = strlen (key);

  if (colon == NULL || (gsize) (colon - line) < n
      || g_ascii_strncasecmp (colon - n, key, n) != 0)
    return NULL;
  return colon + 1 + strspn (colon + 1, " \t");
}

static gboolean
read_seconds (const char *value,
              gint64     *ns)
{
  g_autofree char *number = g_strndup (value, strspn (value, "+-.0123456789"));

  return _inion_table_parse_seconds (number, ns);
}

static gboolean
is_own_file (const InionImporter *self,
             const char          *name)
{
  const char *path = inion_recording_get_path (self->recording);
  g_autofree char *base = path != NULL ? g_path_get_basename (path) : g_strdup ("");

  return g_ascii_strcasecmp (name, base) == 0;
}

/* What is wrong with the clock that the summary gives. */
static void
check_start (InionImporter *self,
             const char    *clock)
{
  GDateTime *start = inion_recording_get_start (self->recording);
  g_autofree char *own = start != NULL ? g_date_time_format (start, "%-H:%M:%S") : NULL;

  if (own != NULL && !g_str_has_suffix (clock, own))
    _inion_importer_note (self, "The summary says that the file starts at %.20s, the file says %s; "
                                "the seizures count from the file's start.", clock, own);
}

/**
 * Summary:
 * @self: the report
 * @ours: in the part about our file
 * @found: there is such a part
 * @open: a seizure has begun
 * @open_line: on which line
 * @onset_ns: when
 * @promised: how many seizures the file announces
 * @n: how many there were
 */
typedef struct
{
  InionImporter *self;
  gboolean ours;
  gboolean found;
  gboolean open;
  guint open_line;
  gint64 onset_ns;
  gint64 promised;
  guint n;
} Summary;

static void
end_seizure (Summary    *summary,
             guint       number,
             const char *line,
             const char *value)
{
  gint64 end_ns;

  if (!summary->open)
    _inion_importer_skip (summary->self, number, line, "a seizure ends that has not begun");
  else if (!read_seconds (value, &end_ns) || end_ns < summary->onset_ns)
    _inion_importer_skip (summary->self, number, line, "it does not end behind its beginning");
  else
    {
      add (summary->self, summary->open_line, summary->onset_ns, end_ns - summary->onset_ns, "seizure",
           NULL);
      summary->n++;
    }
  summary->open = FALSE;
}

static void
read_summary_line (Summary    *summary,
                   guint       number,
                   const char *line)
{
  const char *value;

  if ((value = get_value (line, "File Name")) != NULL)
    {
      summary->ours = is_own_file (summary->self, value);
      summary->found |= summary->ours;
    }
  else if (!summary->ours)
    return;
  else if (g_ascii_strncasecmp (line, "Seizure", 7) == 0
           && (value = get_value (line, "Start Time")) != NULL)
    {
      if (summary->open)
        _inion_importer_skip (summary->self, summary->open_line, line,
                              "the seizure before it has no end");
      summary->open = read_seconds (value, &summary->onset_ns) && summary->onset_ns >= 0;
      summary->open_line = number;
      if (!summary->open)
        _inion_importer_skip (summary->self, number, line, "its time is no number of seconds");
    }
  else if (g_ascii_strncasecmp (line, "Seizure", 7) == 0
           && (value = get_value (line, "End Time")) != NULL)
    end_seizure (summary, number, line, value);
  else if ((value = get_value (line, "File Start Time")) != NULL)
    check_start (summary->self, value);
  else if ((value = get_value (line, "Number of Seizures in File")) != NULL)
    summary->promised = g_ascii_strtoll (value, NULL, 10);
}

gboolean
_inion_import_chbmit (InionImporter *self,
                      const char    *text,
                      GError       **error)
{
  Summary summary = { .self = self, .promised = -1 };

  for (guint number = 1; *text != '\0'; number++)
    {
      g_autofree char *line = dup_line (&text);

      if (!_inion_importer_go_on (self, text, error))
        return FALSE;
      read_summary_line (&summary, number, line);
    }
  if (!summary.found)
    return inion_set_error (error, INION_ERROR_NOT_FOUND,
                            "It is a summary of seizures in other files and does not name this "
                            "recording. Nothing was imported.");
  if (summary.open)
    _inion_importer_skip (self, summary.open_line, "", "the seizure has no end");
  if (summary.promised >= 0 && summary.promised != (gint64) summary.n)
    _inion_importer_note (self, "The summary announces %" G_GINT64_FORMAT " seizures and lists %u.",
                          summary.promised, summary.n);
  self->result->format = g_strdup ("CHB-MIT summary");
  return TRUE;
}

/**
 * Besa:
 * @self: the report
 * @factor: nanoseconds in a unit of time
 * @shift_ns: of the file's clock
 * @artifact: an artifact has begun
 * @artifact_ns: when
 * @artifact_line: on which line
 */
typedef struct
{
  InionImporter *self;
  double factor;
  gint64 shift_ns;
  gboolean artifact;
  gint64 artifact_ns;
  guint artifact_line;
} Besa;

/* Code 41 gives the clock time of its row. */
static void
set_besa_clock (Besa       *besa,
                const char *text,
                gint64      onset_ns)
{
  gint64 ns;
  gboolean has_date;
  g_autoptr (GDateTime) whole = NULL;
  g_autoptr (GDateTime) start = NULL;

  if (text == NULL || !_inion_import_parse_clock (text, &ns, &has_date) || !has_date)
    return;
  whole = g_date_time_new_from_unix_utc (ns / 1000000000);
  start = whole != NULL ? g_date_time_add (whole, (ns % 1000000000 - onset_ns) / 1000) : NULL;
  if (start != NULL && inion_recording_get_start (besa->self->recording) != NULL)
    besa->shift_ns = _inion_importer_align (besa->self, start, G_MAXINT64);
}

static char *
make_besa_label (gint64      code,
                 const char *trigger,
                 const char *comment)
{
  if (comment != NULL && *comment != '\0')
    return g_strdup (comment);
  if (code == 1)
    return g_strdup_printf ("Trigger %s", trigger != NULL ? trigger : "");
  if (code == 2)
    return g_strdup_printf ("Marker %s", trigger != NULL ? trigger : "");
  if (code >= 11 && code <= 15)
    return g_strdup_printf ("Pattern %" G_GINT64_FORMAT, code - 10);
  return g_strdup_printf ("Code %" G_GINT64_FORMAT, code);
}

static void
read_besa_row (Besa       *besa,
               guint       number,
               const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "\t", 4);
  guint n = g_strv_length (cells);
  double time = 0;
  gint64 code = 0;
  gint64 onset_ns;
  g_autofree char *label = NULL;

  for (guint i = 0; i < n; i++)
    g_strstrip (cells[i]);
  if (n < 2 || !_inion_table_parse_number (cells[0], &time) || fabs (time * besa->factor) > 4e18
      || !g_ascii_string_to_signed (cells[1], 10, 0, 100000, &code, NULL))
    {
      _inion_importer_skip (besa->self, number, line, "it has no time and code");
      return;
    }
  onset_ns = llround (time * besa->factor);
  if (code == 41)
    set_besa_clock (besa, n > 2 ? cells[2] : NULL, onset_ns);
  onset_ns += besa->shift_ns;
  if (code == 41 || code == 42)
    _inion_importer_skip (besa->self, number, line, "it says when a stretch starts and is no mark");
  else if (code == 21)
    {
      besa->artifact = TRUE;
      besa->artifact_ns = onset_ns;
      besa->artifact_line = number;
    }
  else if (code == 22 && besa->artifact && onset_ns >= besa->artifact_ns)
    {
      add (besa->self, besa->artifact_line, besa->artifact_ns, onset_ns - besa->artifact_ns, "artifact",
           NULL);
      besa->artifact = FALSE;
    }
  else if (code == 22)
    _inion_importer_skip (besa->self, number, line, "an artifact ends that has not begun");
  else
    {
      label = make_besa_label (code, n > 2 ? cells[2] : NULL, n > 3 ? cells[3] : NULL);
      add (besa->self, number, onset_ns, 0, label, NULL);
    }
}

gboolean
_inion_import_besa (InionImporter *self,
                    const char    *text,
                    GError       **error)
{
  Besa besa = { .self = self };
  g_autofree char *header = dup_line (&text);

  besa.factor = g_str_has_prefix (header, "Tmu") ? 1e3 : g_str_has_prefix (header, "Tms") ? 1e6 : 1e9;
  for (guint number = 2; *text != '\0'; number++)
    {
      g_autofree char *line = dup_line (&text);

      if (!_inion_importer_go_on (self, text, error))
        return FALSE;
      if (*line != '\0')
        read_besa_row (&besa, number, line);
    }
  if (besa.artifact)
    {
      gint64 end_ns = inion_recording_get_duration_ns (self->recording);

      add (self, besa.artifact_line, besa.artifact_ns,
           MAX (end_ns, besa.artifact_ns) - besa.artifact_ns, "artifact", NULL);
      _inion_importer_note (self, "Line %u: the artifact is never said to end; it is taken to last "
                                  "to the recording's end.", besa.artifact_line);
    }
  self->result->format = g_strdup ("BESA event file");
  return TRUE;
}

/* One "MkN=type,description,position,size,channel". */
static void
read_marker (InionImporter               *self,
             const InionBrainVisionEntry *entry)
{
  g_auto (GStrv) fields = g_strsplit (entry->value, ",", 6);
  guint n = g_strv_length (fields);
  gint64 position = 0, size = 0, channel = 0;
  gint64 onset_ns = 0, end_ns = 0;
  g_autofree char *type = inion_brainvision_field_dup (n > 0 ? fields[0] : "");
  g_autofree char *text = inion_brainvision_field_dup (n > 1 ? fields[1] : "");
  g_autofree char *label = NULL;
  const char *channels[2] = { NULL, NULL };
  InionImportRow row = { entry->line, 0, 0, NULL, channels, NULL, INION_ORIGIN_PERSON, NAN, NULL };

  if (n < 3 || !inion_brainvision_parse_integer (fields[2], &position)
      || !_inion_importer_place_sample (self, position - 1, &onset_ns))
    {
      _inion_importer_skip (self, entry->line, entry->value, "it has no position in this recording");
      return;
    }
  if (g_ascii_strcasecmp (type, "New Segment") == 0)
    {
      _inion_importer_skip (self, entry->line, entry->value,
                            "it says where a stretch begins and is no mark");
      return;
    }
  if (n > 3 && inion_brainvision_parse_integer (fields[3], &size) && size > 1
      && inion_int64_add (&position, position - 1, size)
      && _inion_importer_place_sample (self, position, &end_ns) && end_ns > onset_ns)
    row.duration_ns = end_ns - onset_ns;
  if (n > 4 && inion_brainvision_parse_integer (fields[4], &channel) && channel > 0
      && channel <= inion_recording_get_n_channels (self->recording))
    channels[0] = inion_channel_get_label (
      inion_recording_get_channel (self->recording, (guint) channel - 1));
  label = *text == '\0' ? g_strdup (type) : *type == '\0' ? g_strdup (text)
                                                          : g_strconcat (type, "/", text, NULL);
  row.onset_ns = onset_ns;
  row.label = label;
  if (*label == '\0')
    _inion_importer_skip (self, entry->line, entry->value, "it has no text");
  else
    _inion_importer_add (self, &row);
}

gboolean
_inion_import_vmrk (InionImporter *self,
                    const char    *text,
                    GError       **error)
{
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionBrainVisionText) file =
    inion_brainvision_text_new ((const guint8 *) text, strlen (text), self->name, faults);

  if (file == NULL || !inion_brainvision_text_has_section (file, "marker infos"))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "It has no section [Marker Infos]. Nothing was imported.");
  if (inion_recording_get_n_channels (self->recording) == 0)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "Its markers count samples, and the recording has none. Nothing was "
                            "imported.");
  for (guint i = 0; i < file->entries->len; i++)
    {
      const InionBrainVisionEntry *entry =
        &g_array_index (file->entries, InionBrainVisionEntry, i);

      if (!_inion_importer_go_on (self, self->text + self->length * i / file->entries->len,
                                  error))
        return FALSE;
      if (g_strcmp0 (entry->section, "marker infos") == 0 && g_str_has_prefix (entry->key, "mk"))
        read_marker (self, entry);
    }
  self->result->format = g_strdup ("BrainVision marker file");
  return TRUE;
}
