/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli annotations. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-study-find.h"
#include "app/cli/cli.h"

#include "annotation/table.h"

#include <math.h>
#include <stdio.h>

static int
import_annotations (InionStudy *study,
                    const char *path)
{
  g_autofree char *text = NULL;
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (inion_study_is_read_only (study))
    inion_set_error (&error, INION_ERROR_BUSY, "%s", inion_study_get_read_only_reason (study));
  else if (g_file_get_contents (path, &text, &length, &error))
    marks = inion_annotations_from_text (text, (gssize) length,
                                         g_str_has_suffix (lower, ".csv")    ? "csv"
                                         : g_str_has_suffix (lower, ".json") ? "json" : "tsv",
                                         &error);
  if (marks == NULL)
    return inion_cli_fail (error);
  inion_study_begin (study, "Import marks");
  inion_study_add_annotations (study, marks);
  inion_study_end (study);
  if (!inion_study_flush (study, &error))
    return inion_cli_fail (error);
  inion_cli_say ("%u marks imported into %s", marks->len, inion_study_get_path (study));
  return INION_CLI_OK;
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

/* Marks go into the study, which is made where there is none. */
static int
import_into (const char *recording_path,
             const char *table)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionStudy) study = inion_study_open_for_recording (recording_path, &error);
  int code;

  if (study == NULL)
    return inion_cli_fail (error);
  code = import_annotations (study, table);
  inion_study_close (study);
  return code;
}

static int
list (InionRecording *recording,
      const char     *format)
{
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  marks = inion_cli_study_dup_marks (inion_recording_get_path (recording), NULL, &error);
  if (marks == NULL)
    return inion_cli_fail (error);
  append_events (recording, marks);
  g_ptr_array_sort (marks, compare_onsets);
  text = inion_annotations_to_text (marks, format, &error);
  if (text == NULL)
    return inion_cli_fail (error);
  fputs (text, stdout);
  return INION_CLI_OK;
}

int
inion_cli_annotations (int    argc,
                       char **argv)
{
  g_autofree char *format = NULL;
  g_autofree char *import = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "tsv (BIDS events.tsv), csv or json", "FORMAT" },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &import, "Adds the marks of a table to the study",
      "FILE" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Prints the events of a recording and the marks of its study as one table.",
                        "  as --format json: [{onset_s, duration_s, label, channels, rater, origin,\n"
                        "  confidence, comment}]", entries, 1, 1, &code))
    return code;
  if (format != NULL && !g_str_equal (format, "tsv") && !g_str_equal (format, "csv") &&
      !g_str_equal (format, "json"))
    return inion_cli_usage ("--format is tsv, csv or json");
  recording = inion_cli_open (argv[1], TRUE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (import != NULL)
    return import_into (inion_recording_get_path (recording), import);
  return list (recording, inion_cli_json ? "json" : format != NULL ? format : "tsv");
}
