/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli annotations. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-study-find.h"
#include "app/cli/cli.h"

#include "annotation/export-bids.h"
#include "annotation/import.h"
#include "annotation/table.h"

#include <math.h>

static gboolean
add_marks (InionStudy  *study,
           GPtrArray   *marks,
           GError     **error)
{
  if (inion_study_is_read_only (study))
    return inion_set_error (error, INION_ERROR_BUSY, "%s",
                            inion_study_get_read_only_reason (study));
  inion_study_begin (study, "Import marks");
  inion_study_add_annotations (study, marks);
  inion_study_end (study);
  return inion_study_flush (study, error);
}

/* What was imported and what was not. */
static void
report_import (const InionAnnotationImport *import,
               const char                  *study_path)
{
  g_autofree char *report = inion_annotation_import_dup_report (import, G_MAXUINT);
  InionJsonText *json;

  inion_cli_say ("%s", report);
  inion_cli_say ("%u marks imported into %s", import->annotations->len, study_path);
  if (!inion_cli_json)
    return;
  json = inion_json_text_new ();
  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  inion_cli_json_string (json, "study", study_path);
  inion_cli_json_string (json, "format", import->format);
  inion_cli_json_int (json, "imported", import->annotations->len);
  inion_cli_json_int (json, "n_skipped", import->n_skipped);
  inion_json_text_key (json, "skipped");
  inion_json_text_begin_array (json, INION_JSON_BLOCK);
  for (guint i = 0; i < import->skipped->len; i++)
    {
      const InionImportSkip *skip = g_ptr_array_index (import->skipped, i);

      inion_json_text_begin_object (json, INION_JSON_INLINE);
      inion_cli_json_int (json, "line", skip->line);
      inion_cli_json_string (json, "row", skip->row);
      inion_cli_json_string (json, "reason", skip->reason);
      inion_json_text_end_object (json);
    }
  inion_json_text_end_array (json);
  inion_json_text_key (json, "notes");
  inion_json_text_begin_array (json, INION_JSON_BLOCK);
  for (guint i = 0; i < import->notes->len; i++)
    inion_json_text_string (json, g_ptr_array_index (import->notes, i));
  inion_json_text_end_array (json);
  inion_json_text_end_object (json);
  inion_cli_print_json (json);
}

/* Marks go into the study, which is made where there is none. */
static int
import_into (InionRecording *recording,
             const char     *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionAnnotationImport) import = inion_annotations_import (path, recording, NULL, &error);
  g_autoptr (InionStudy) study = NULL;
  gboolean good;

  if (import != NULL)
    study = inion_study_open_for_recording (inion_recording_get_path (recording), &error);
  if (study == NULL)
    return inion_cli_fail (error);
  good = add_marks (study, import->annotations, &error);
  if (good)
    report_import (import, inion_study_get_path (study));
  inion_study_close (study);
  return good ? INION_CLI_OK : inion_cli_fail (error);
}

/* The file's own events stand in the list too, as marks of origin "file". */
static void
append_events (InionRecording *recording,
               GPtrArray      *marks)
{
  GPtrArray *events = inion_recording_get_events (recording);

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (events, i);

      g_ptr_array_add (marks, inion_annotation_new (0, event->onset_ns, MAX (event->duration_ns, 0),
                                                    event->text, NULL, "", INION_ORIGIN_FILE, NAN,
                                                    NULL));
    }
}

static int
compare_onsets (gconstpointer a,
                gconstpointer b)
{
  gint64 x = inion_annotation_get_onset_ns (*(InionAnnotation *const *) a);
  gint64 y = inion_annotation_get_onset_ns (*(InionAnnotation *const *) b);

  return (x > y) - (x < y);
}

static int
list (InionRecording *recording,
      const char     *format,
      const char     *output)
{
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  marks = inion_cli_study_dup_marks (inion_recording_get_path (recording), NULL, &error);
  if (marks == NULL)
    return inion_cli_fail (error);
  append_events (recording, marks);
  g_ptr_array_sort (marks, compare_onsets);
  if (g_str_equal (format, "bids") && output != NULL)
    return inion_annotations_write_bids (marks, output, &error) ? INION_CLI_OK
                                                                : inion_cli_fail (error);
  text = g_str_equal (format, "bids") ? inion_annotations_to_bids (marks)
                                      : inion_annotations_to_text (marks, format, &error);
  if (text == NULL || !inion_cli_write_output (output, text, -1, &error))
    return inion_cli_fail (error);
  return INION_CLI_OK;
}

int
inion_cli_annotations (int    argc,
                       char **argv)
{
  g_autofree char *format = NULL;
  g_autofree char *import = NULL;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format,
      "tsv, csv, json or bids (events.tsv; with -o also its events.json)", "FORMAT" },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &import,
      "Adds marks to the study: a hypnogram (EDF+), a table, XML, .vmrk, .evt, a CHB-MIT summary",
      "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Where the table goes", "FILE" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Prints the events of a recording and the marks of its study as one table.",
                        "  annotations [{onset_s, duration_s, label, channels [] (null: all), "
                        "rater,\n"
                        "  origin (file, person, model, accepted), confidence, comment}]",
                        entries, 1, 1, &code))
    return code;
  if (format != NULL && !g_str_equal (format, "tsv") && !g_str_equal (format, "csv") &&
      !g_str_equal (format, "json") && !g_str_equal (format, "bids"))
    return inion_cli_usage ("--format is tsv, csv, json or bids");
  if (import != NULL && (output != NULL || format != NULL))
    return inion_cli_usage ("--import writes no table: it goes without --format and --output");
  recording = inion_cli_open (argv[1], TRUE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (import != NULL)
    return import_into (recording, import);
  return list (recording, inion_cli_json ? "json" : format != NULL ? format : "tsv",
               output);
}
