/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli annotations. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-study-find.h"
#include "app/cli/cli.h"

#include "annotation/table.h"

#include <math.h>

/* The marks of a table, by its ending. */
static GPtrArray *
read_table (const char  *path,
            GError     **error)
{
  g_autofree char *text = NULL;
  g_autofree char *lower = g_ascii_strdown (path, -1);
  GPtrArray *marks;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  marks = inion_annotations_from_text (text, (gssize) length,
                                       g_str_has_suffix (lower, ".csv")    ? "csv"
                                       : g_str_has_suffix (lower, ".json") ? "json" : "tsv",
                                       error);
  if (marks == NULL)
    g_prefix_error (error, "“%s”: ", path);
  return marks;
}

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

/* Marks go into the study, which is made where there is none. */
static int
import_into (const char *recording_path,
             const char *table)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) marks = read_table (table, &error);
  g_autoptr (InionStudy) study = NULL;
  gboolean good;

  if (marks != NULL)
    study = inion_study_open_for_recording (recording_path, &error);
  if (study == NULL)
    return inion_cli_fail (error);
  good = add_marks (study, marks, &error);
  if (good)
    inion_cli_say ("%u marks imported into %s", marks->len, inion_study_get_path (study));
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
  inion_cli_put (text);
  return INION_CLI_OK;
}

int
inion_cli_annotations (int    argc,
                       char **argv)
{
  g_autofree char *format = NULL;
  g_autofree char *import = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "tsv (BIDS events.tsv), csv or json",
      "FORMAT" },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &import, "Adds the marks of a table to the study",
      "FILE" },
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
      !g_str_equal (format, "json"))
    return inion_cli_usage ("--format is tsv, csv or json");
  recording = inion_cli_open (argv[1], TRUE, &error);
  if (recording == NULL)
    return inion_cli_fail (error);
  if (import != NULL)
    return import_into (inion_recording_get_path (recording), import);
  return list (recording, inion_cli_json ? "json" : format != NULL ? format : "tsv");
}
