/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks out of the files of other programs, and what of these could not be read.
 *
 * What a file is, is told by its content: an EDF or BDF file (a hypnogram), XML (EDFbrowser, NSRR,
 * Profusion), JSON (our own), BrainVision markers, BESA events, a CHB-MIT summary, or else a table
 * (ours, BIDS, EDFbrowser, TUH). What is no mark is listed with its line and a reason; nothing is
 * dropped silently, and one bad row does not cost the others.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/import.h"

#include "annotation/import-private.h"
#include "annotation/table.h"
#include "core/error.h"
#include "recording/edf-recording.h"
#include "recording/edf-text.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_BYTES ((gsize) 256 * 1024 * 1024)
#define MAX_LISTED 1000
#define SHOWN_CHARACTERS 80
#define LOOK_EVERY ((gsize) 64 * 1024)

static void
skip_free (gpointer data)
{
  InionImportSkip *skip = data;

  g_free (skip->row);
  g_free (skip->reason);
  g_free (skip);
}

static InionAnnotationImport *
import_new (void)
{
  InionAnnotationImport *self = g_new0 (InionAnnotationImport, 1);

  self->annotations = g_ptr_array_new_with_free_func (g_object_unref);
  self->skipped = g_ptr_array_new_with_free_func (skip_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * inion_annotation_import_free:
 * @self: (nullable): what came out of a file
 */
void
inion_annotation_import_free (InionAnnotationImport *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->annotations);
  g_ptr_array_unref (self->skipped);
  g_ptr_array_unref (self->notes);
  g_free (self->format);
  g_free (self);
}

/* What is quoted may have been cut within a character. */
static char *
dup_valid (const char *format,
           va_list     args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  return g_utf8_make_valid (text, -1);
}

/* Lists something that is no mark. */
void
_inion_importer_skip (InionImporter *self,
                      guint          line,
                      const char    *row,
                      const char    *format,
                      ...)
{
  g_autofree char *valid = NULL;
  InionImportSkip *skip;
  va_list args;

  self->result->n_skipped++;
  if (self->result->skipped->len == MAX_LISTED)
    return;
  skip = g_new (InionImportSkip, 1);
  skip->line = line;
  valid = g_utf8_make_valid (row, -1); /* a row may have been cut within a character */
  skip->row = g_utf8_strlen (valid, -1) > SHOWN_CHARACTERS
                ? g_utf8_substring (valid, 0, SHOWN_CHARACTERS) : g_strdup (valid);
  g_strdelimit (skip->row, "\r\n", ' ');
  va_start (args, format);
  skip->reason = dup_valid (format, args);
  va_end (args);
  g_ptr_array_add (self->result->skipped, skip);
}

/* Keeps what was assumed. */
void
_inion_importer_note (InionImporter *self,
                      const char    *format,
                      ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->result->notes, dup_valid (format, args));
  va_end (args);
}

gboolean
_inion_importer_go_on (InionImporter  *self,
                       const char     *at,
                       GError        **error)
{
  gsize done = (gsize) (at - self->text);

  if (self->job == NULL || done < self->looked + LOOK_EVERY)
    return TRUE;
  self->looked = done;
  inion_job_report (self->job, (double) done / (double) self->length, NULL);
  return inion_job_check (self->job, error);
}

/* The names that the recording shows for those of a file; others stay as they are. */
static char **
find_channels (InionImporter      *self,
               const char *const  *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean strange = FALSE;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      int index = inion_recording_find_channel (self->recording, names[i]);

      strange |= index < 0;
      g_strv_builder_add (builder, index < 0 ? names[i]
                                             : inion_channel_get_label (inion_recording_get_channel (
                                                 self->recording, (guint) index)));
    }
  self->n_strange_channels += strange;
  return g_strv_builder_end (builder);
}

/* Makes a mark of a row. */
void
_inion_importer_add (InionImporter        *self,
                     const InionImportRow *row)
{
  g_auto (GStrv) channels = find_channels (self, row->channels);

  self->n_outside += row->onset_ns > inion_recording_get_duration_ns (self->recording);
  g_ptr_array_add (self->result->annotations,
                   inion_annotation_new (0, row->onset_ns, row->duration_ns, row->label,
                                         (const char *const *) channels, row->rater, row->origin,
                                         row->confidence, row->comment));
}

/* The words that EDF+ has for the stages that others number. */
const char *
_inion_import_stage_label (gint64 code)
{
  switch (code)
    {
    case 0: return "Sleep stage W";
    case 1: return "Sleep stage 1";
    case 2: return "Sleep stage 2";
    case 3: return "Sleep stage 3";
    case 4: return "Sleep stage 4";
    case 5: return "Sleep stage R";
    case 6: return "Movement time";
    case 9: return "Sleep stage ?";
    default: return NULL;
    }
}

/* The marks of an EDF+ or BDF+ file beside the recording, such as a hypnogram. */
gboolean
_inion_import_recording (InionImporter   *self,
                         InionRecording  *other,
                         InionJob        *job,
                         GError         **error)
{
  gint64 length_ns = inion_recording_get_duration_ns (other);
  gint64 shift_ns;
  GPtrArray *events;

  if (!inion_recording_load_events (other, job, error))
    return FALSE;
  events = inion_recording_get_events (other);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      length_ns = MAX (length_ns, event->onset_ns);
    }
  shift_ns = _inion_importer_align (self, inion_recording_get_start (other), length_ns);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];
      const char *channels[2] = { NULL, NULL };
      InionImportRow row = { 0, event->onset_ns, MAX (event->duration_ns, 0), event->text,
                             channels, NULL, INION_ORIGIN_PERSON, NAN, NULL };

      if (event->channel >= 0)
        channels[0] = inion_channel_get_label (
          inion_recording_get_channel (other, (guint) event->channel));
      if (event->text[0] == '\0')
        _inion_importer_skip (self, 0, "", "an annotation at %.3f s has no text",
                              (double) event->onset_ns / 1e9);
      else if (row.onset_ns > G_MAXINT64 / 2 || row.onset_ns < G_MININT64 / 2)
        _inion_importer_skip (self, 0, event->text, "its time is out of range");
      else
        {
          row.onset_ns += shift_ns;
          _inion_importer_add (self, &row);
        }
    }
  self->result->format = g_strdup_printf (inion_recording_get_n_channels (other) == 0
                                            ? "%s file of annotations" : "%s recording",
                                          inion_recording_get_format (other));
  return TRUE;
}

static gboolean
import_json (InionImporter  *self,
             const char     *text,
             GError        **error)
{
  g_autoptr (GPtrArray) marks = inion_annotations_from_text (text, -1, "json", error);

  if (marks == NULL)
    return FALSE;
  self->result->format = g_strdup ("JSON");
  g_ptr_array_extend_and_steal (self->result->annotations, g_steal_pointer (&marks));
  return TRUE;
}

/* Whether a line of the text begins with some word. */
static gboolean
has_line (const char *text,
          const char *word)
{
  gsize n = strlen (word);

  for (const char *line = text; line != NULL; line = strchr (line, '\n'))
    {
      line += line > text || *line == '\n' ? 1 : 0;
      if (g_ascii_strncasecmp (line, word, n) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
import_text (InionImporter  *self,
             const char     *text,
             GError        **error)
{
  while (g_ascii_isspace (*text))
    text++;
  if (*text == '<')
    return _inion_import_xml (self, text, error);
  if (*text == '{')
    return import_json (self, text, error);
  if (g_ascii_strncasecmp (text, "Brain", 5) == 0 || has_line (text, "[Marker Infos]"))
    return _inion_import_vmrk (self, text, error);
  if (g_str_has_prefix (text, "Tmu") || g_str_has_prefix (text, "Tms")
      || g_str_has_prefix (text, "Tsec"))
    return _inion_import_besa (self, text, error);
  if (has_line (text, "File Name:"))
    return _inion_import_chbmit (self, text, error);
  return _inion_import_table (self, text, error);
}

/* UTF-8 of UTF-16 with its mark, of UTF-8, or of Windows-1252. */
static char *
decode (const guint8 *bytes,
        gsize         n)
{
  g_autofree guint8 *copy = NULL;
  guint oddities = 0;

  if (n >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF)))
    {
      char *text = g_convert ((const char *) bytes + 2, (gssize) n - 2, "UTF-8",
                              bytes[0] == 0xFF ? "UTF-16LE" : "UTF-16BE", NULL, NULL, NULL);

      if (text != NULL && !g_utf8_validate (text, -1, NULL))
        g_clear_pointer (&text, g_free);
      if (text != NULL)
        return text;
    }
  if (n >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    {
      bytes += 3;
      n -= 3;
    }
  copy = g_malloc0 (n + 1);
  if (n > 0)
    memcpy (copy, bytes, n);
  for (gsize i = 0; i < n; i++)
    if (copy[i] == '\0')
      copy[i] = ' ';
  return inion_edf_decode_dup (copy, n, &oddities);
}

static void
finish (InionImporter *self)
{
  if (self->n_strange_channels > 0)
    _inion_importer_note (self, "%u marks name channels that the recording does not have; the names "
                                "were kept.", self->n_strange_channels);
  if (self->n_outside > 0)
    _inion_importer_note (self, "%u marks begin behind the recording's end; they were imported "
                                "all the same.", self->n_outside);
}

static InionAnnotationImport *
import_bytes (const guint8    *bytes,
              gsize            n,
              const char      *name,
              InionRecording  *recording,
              InionJob        *job,
              GError         **error)
{
  g_autoptr (InionAnnotationImport) result = import_new ();
  g_autofree char *text = NULL;
  InionImporter importer = { .result = result, .recording = recording, .name = name,
                             .last_ns = G_MININT64, .job = job };
  g_autoptr (GError) local = NULL;

  if (n > MAX_BYTES)
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "“%s” has more than 256 MiB: too much for a list of marks. Nothing was "
                       "imported.", name);
      return NULL;
    }
  importer.text = text = decode (bytes, n);
  importer.length = MAX (strlen (text), 1);
  if (!import_text (&importer, text, &local))
    {
      g_autofree char *message = g_utf8_make_valid (local->message, -1);

      g_set_error (error, local->domain, local->code, "“%s”: %s", name, message);
      return NULL;
    }
  finish (&importer);
  return g_steal_pointer (&result);
}

/**
 * inion_annotations_import_bytes:
 * @bytes: (array length=n): the content of a text file with marks
 * @n: its length, at most 256 MiB
 * @name: the file's name, for messages
 * @recording: the recording that the marks are about
 * @error: return location
 *
 * As inion_annotations_import(), of what is in memory. EDF files must be files.
 *
 * Returns: (transfer full) (nullable): what came out, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_NOT_FOUND if the file says nothing of this recording, or %INION_ERROR_TOO_LARGE
 */
InionAnnotationImport *
inion_annotations_import_bytes (const guint8    *bytes,
                                gsize            n,
                                const char      *name,
                                InionRecording  *recording,
                                GError         **error)
{
  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  return import_bytes (bytes, n, name, recording, NULL, error);
}

static gboolean
read_all (const char  *path,
          const char  *name,
          guint8     **bytes,
          gsize       *n,
          GError     **error)
{
  struct stat status;

  if (stat (path, &status) == 0)
    {
      if (!S_ISREG (status.st_mode))
        return inion_set_error (error, INION_ERROR_FORMAT, "“%s” is not an ordinary file.", name);
      if ((guint64) status.st_size > MAX_BYTES)
        return inion_set_error (error, INION_ERROR_TOO_LARGE,
                                "“%s” has more than 256 MiB: too much for a list of marks. Nothing "
                                "was imported.", name);
    }
  return g_file_get_contents (path, (char **) bytes, n, error);
}

static InionAnnotationImport *
import_edf (const char      *path,
            const char      *name,
            InionRecording  *recording,
            InionJob        *job,
            GError         **error)
{
  g_autoptr (InionAnnotationImport) result = import_new ();
  InionImporter importer = { .result = result, .recording = recording, .name = name,
                             .last_ns = G_MININT64 };
  g_autoptr (InionRecording) other = inion_edf_recording_open (path, error);

  if (other == NULL || !_inion_import_recording (&importer, other, job, error))
    return NULL;
  finish (&importer);
  return g_steal_pointer (&result);
}

static gboolean
is_edf (const char *path)
{
  guint8 head[256];
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  gsize n = 0;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  stream = g_file_read (file, NULL, NULL);
  return stream != NULL
         && g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &n, NULL, NULL)
         && inion_edf_recording_sniff (path, head, n);
}

/**
 * inion_annotations_import:
 * @path: a file with marks: an EDF+ hypnogram, a table (TSV or CSV: ours, BIDS events.tsv,
 *   EDFbrowser, TUH), EDFbrowser or NSRR/Profusion XML, BrainVision markers, BESA events, a CHB-MIT
 *   summary, our JSON
 * @recording: the recording that the marks are about; its start makes times of clock times
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads the marks of another program. The format is told by the content.
 *
 * Returns: (transfer full) (nullable): what came out, or %NULL with %INION_ERROR_FORMAT,
 *   %INION_ERROR_NOT_FOUND if the file says nothing of this recording, %INION_ERROR_TOO_LARGE,
 *   %G_IO_ERROR_CANCELLED or an error of the file system
 */
InionAnnotationImport *
inion_annotations_import (const char      *path,
                          InionRecording  *recording,
                          InionJob        *job,
                          GError         **error)
{
  g_autofree char *name = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize n = 0;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  name = g_filename_display_name (path);
  if (is_edf (path))
    return import_edf (path, name, recording, job, error);
  if (!read_all (path, name, &bytes, &n, error))
    return NULL;
  return import_bytes (bytes, n, name, recording, job, error);
}

/**
 * inion_annotation_import_dup_report:
 * @self: what came out of a file
 * @max_lines: how many of the rows that were skipped are named
 *
 * Says what was imported, what was assumed, and what was not imported and why.
 *
 * Returns: (transfer full): lines of text, the last without a line end
 */
char *
inion_annotation_import_dup_report (const InionAnnotationImport *self,
                                    guint                        max_lines)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u marks from a file of the kind %s", self->annotations->len,
                          self->format);
  if (self->n_skipped > 0)
    g_string_append_printf (text, "; %u rows skipped", self->n_skipped);
  for (guint i = 0; i < self->notes->len; i++)
    g_string_append_printf (text, "\n%s", (const char *) self->notes->pdata[i]);
  for (guint i = 0; i < MIN (self->skipped->len, max_lines); i++)
    {
      const InionImportSkip *skip = self->skipped->pdata[i];

      g_string_append_c (text, '\n');
      if (skip->line > 0)
        g_string_append_printf (text, "Line %u: ", skip->line);
      g_string_append_printf (text, "%s: “%s”", skip->reason, skip->row);
    }
  if (self->n_skipped > MIN (self->skipped->len, max_lines))
    g_string_append_printf (text, "\n… and %u more",
                            self->n_skipped - MIN (self->skipped->len, max_lines));
  return g_string_free (text, FALSE);
}
