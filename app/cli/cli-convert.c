/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli convert. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-convert.h"

#include "app/cli/cli-files.h"
#include "app/cli/cli-study-find.h"
#include "app/convert/study-events.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* What came of all files. */
typedef struct
{
  InionCliConvert *wish;
  guint n_written;
  guint n_failed;
  guint n_leaking;
  InionJsonText *json; /* (nullable) */
  GString *reports;
  gboolean reports_json;
} Batch;

/* What came of one. */
typedef struct
{
  GPtrArray *notes;
  InionDeidentifyReport *report;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->notes, g_ptr_array_unref);
  g_clear_pointer (&outcome->report, inion_deidentify_report_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* NULL: those of the file, as they are. */
static GPtrArray *
collect_events (Batch           *batch,
                InionRecording  *recording,
                GError         **error)
{
  const char *marks = batch->wish->marks;
  g_autoptr (GPtrArray) found = NULL;

  if (g_strcmp0 (marks, "none") == 0)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  if (!inion_recording_load_events (recording, NULL, error))
    return NULL;
  if (g_strcmp0 (marks, "file") == 0)
    found = g_ptr_array_new_with_free_func (g_object_unref);
  else
    found = inion_cli_study_dup_marks (inion_recording_get_path (recording), NULL, error);
  return found != NULL ? inion_study_events_new (recording, found) : NULL;
}

static gboolean
limit_export (Batch           *batch,
              InionExport     *export,
              InionRecording  *recording,
              GError         **error)
{
  InionCliStretch *stretch = &batch->wish->stretch;
  double to_s = stretch->to_s;
  gboolean good;

  inion_export_set_fill_missing (export, batch->wish->fill_missing);
  if (stretch->channels != NULL)
    {
      g_autoptr (GArray) channels =
        inion_cli_find_channels (recording, stretch->channels, FALSE, error);

      if (channels == NULL)
        return FALSE;
      inion_export_set_channels (export, (const guint *) (gpointer) channels->data, channels->len);
    }
  if (stretch->from_text == NULL && stretch->to_text == NULL)
    return TRUE;
  good = inion_cli_stretch_fit (stretch, recording, error);
  if (good)
    inion_export_set_range (export, (gint64) llround (stretch->from_s * 1e9),
                            (gint64) llround (stretch->to_s * 1e9));
  stretch->to_s = to_s; /* the next file may be longer */
  return good;
}

static gboolean
write_copy (Batch              *batch,
            InionRecording     *recording,
            GPtrArray          *events,
            const char         *output,
            InionExportFormat   format,
            Outcome            *outcome,
            GError            **error)
{
  g_autoptr (InionDeidentify) deidentify =
    inion_deidentify_new (recording, &batch->wish->deidentify);
  g_autoptr (InionExport) export = NULL;
  GPtrArray *texts;

  inion_deidentify_set_events (deidentify, events);
  if (!inion_deidentify_scan (deidentify, NULL, error))
    return FALSE;
  texts = inion_deidentify_get_texts (deidentify);
  for (guint i = 0; i < texts->len; i++)
    {
      InionReviewText *text = texts->pdata[i];

      if (text->reason != NULL && text->action == INION_TEXT_REPLACE)
        text->action = batch->wish->texts;
    }
  export = inion_deidentify_new_export (deidentify, error);
  return export != NULL && limit_export (batch, export, recording, error) &&
         inion_deidentify_write (deidentify, export, output, format, NULL, &outcome->report, error);
}

/* What was computed of a recording has no events of its own. */
static gboolean
write_plain (Batch              *batch,
             InionRecording     *recording,
             gboolean            computed,
             GPtrArray          *events,
             const char         *output,
             InionExportFormat   format,
             Outcome            *outcome,
             GError            **error)
{
  g_autoptr (InionExport) export = inion_export_new (recording);
  g_autoptr (GPtrArray) notes = NULL;
  g_autofree char *path = NULL;
  gboolean written;

  if (computed || g_strcmp0 (batch->wish->marks, "file") != 0)
    inion_export_set_events (export, events);
  if (!limit_export (batch, export, recording, error))
    return FALSE;
  if (batch->wish->bids_names != NULL)
    written = inion_bids_write (export, recording, output, batch->wish->bids_names, NULL, &notes,
                                &path, error);
  else
    written = inion_export_write (export, output, format, NULL, &notes, error);
  if (!written)
    return FALSE;
  if (path != NULL)
    g_ptr_array_add (outcome->notes, g_strdup_printf ("The data are in %s", path));
  for (guint i = 0; notes != NULL && i < notes->len; i++)
    g_ptr_array_add (outcome->notes, g_strdup (notes->pdata[i]));
  return TRUE;
}

static gboolean
is_same_file (const char *a,
              const char *b)
{
  struct stat x, y;

  return g_stat (a, &x) == 0 && g_stat (b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static gboolean
refuse_existing (Batch       *batch,
                 const char  *input,
                 const char  *output,
                 GError     **error)
{
  if (is_same_file (input, output))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "“%s” is the recording itself: recordings are never changed. Name "
                            "another file.", output);
  if (!batch->wish->force && g_file_test (output, G_FILE_TEST_EXISTS))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "“%s” is there already. Name another file, or add --force to replace "
                            "it.", output);
  return TRUE;
}

static gboolean
convert (Batch        *batch,
         const char   *input,
         const char   *output,
         Outcome      *outcome,
         GError      **error)
{
  g_autoptr (InionRecording) source = NULL;
  g_autoptr (InionRecording) derived = NULL;
  g_autoptr (GPtrArray) events = NULL;
  InionExportFormat format = INION_EXPORT_EDF;

  outcome->notes = g_ptr_array_new_with_free_func (g_free);
  /* A data set says itself what is there already. */
  if (batch->wish->bids_names == NULL &&
      (!inion_export_format_from_path (output, &format, error) ||
       !refuse_existing (batch, input, output, error)))
    return FALSE;
  source = inion_cli_open (input, FALSE, error);
  if (source != NULL)
    events = collect_events (batch, source, error);
  if (events == NULL)
    return FALSE;
  if (inion_derive_is_needed (&batch->wish->derive))
    {
      g_autoptr (GPtrArray) moved = NULL;

      derived = inion_derive (source, &batch->wish->derive, outcome->notes, NULL, error);
      if (derived == NULL)
        return FALSE;
      moved = inion_study_events_move (events, source, derived);
      return batch->wish->anonymise
               ? write_copy (batch, derived, moved, output, format, outcome, error)
               : write_plain (batch, derived, TRUE, moved, output, format, outcome, error);
    }
  return batch->wish->anonymise ? write_copy (batch, source, events, output, format, outcome, error)
                                : write_plain (batch, source, FALSE, events, output, format,
                                               outcome, error);
}

static void
json_outcome (Batch         *batch,
              const char    *input,
              const char    *output,
              const Outcome *outcome,
              const GError  *error)
{
  InionJsonText *json = batch->json;

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  inion_cli_json_string (json, "source", input);
  inion_cli_json_string (json, "output", output);
  inion_cli_json_string (json, "error", error != NULL ? error->message : NULL);
  inion_json_text_key (json, "notes");
  inion_json_text_begin_array (json, INION_JSON_BLOCK);
  for (guint i = 0; i < outcome->notes->len; i++)
    inion_json_text_string (json, outcome->notes->pdata[i]);
  for (guint i = 0; outcome->report != NULL && i < outcome->report->notes->len; i++)
    inion_json_text_string (json, outcome->report->notes->pdata[i]);
  inion_json_text_end_array (json);
  if (outcome->report != NULL)
    {
      guint n = 0;

      for (guint i = 0; i < outcome->report->texts->len; i++)
        n += ((InionReviewText *) outcome->report->texts->pdata[i])->reason != NULL;
      inion_cli_json_int (json, "n_texts_found", n);
      inion_cli_json_int (json, "n_leaks", outcome->report->leaks->len);
    }
  inion_json_text_end_object (json);
}

static void
add_report (Batch                       *batch,
            const InionDeidentifyReport *report)
{
  g_autofree char *text = batch->reports_json ? inion_deidentify_report_to_json (report)
                                              : inion_deidentify_report_to_text (report);

  if (batch->reports->len > 0)
    g_string_append (batch->reports, batch->reports_json ? ",\n" : "\n");
  g_string_append (batch->reports, text);
}

static void
convert_file (Batch      *batch,
              const char *input,
              const char *output)
{
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GError) error = NULL;

  if (convert (batch, input, output, &outcome, &error))
    batch->n_written++;
  else
    batch->n_failed++;
  if (error != NULL)
    inion_cli_fail (error);
  for (guint i = 0; i < outcome.notes->len; i++)
    inion_cli_say ("  note: %s", (const char *) outcome.notes->pdata[i]);
  if (outcome.report != NULL)
    {
      for (guint i = 0; i < outcome.report->notes->len; i++)
        inion_cli_say ("  note: %s", (const char *) outcome.report->notes->pdata[i]);
      batch->n_leaking += outcome.report->leaks->len > 0;
      if (outcome.report->leaks->len > 0)
        inion_cli_say ("inion-cli: “%s” still holds %u identifiers: see the report.", output,
                       outcome.report->leaks->len);
      add_report (batch, outcome.report);
    }
  if (batch->json != NULL)
    json_outcome (batch, input, output, &outcome, error);
}

/* Beside each other in a folder; copies without identifiers have names that say nothing. */
static char *
name_output (const InionCliConvert *wish,
             const char            *input,
             guint                  index)
{
  g_autofree char *base = g_path_get_basename (input);
  g_autofree char *name = NULL;
  char *dot = strrchr (base, '.');
  const char *ending = inion_cli_convert_get_ending (wish->format);

  if (dot != NULL && dot != base)
    *dot = '\0';
  name = wish->anonymise ? g_strdup_printf ("recording-%04u.%s", index + 1, ending)
                         : g_strdup_printf ("%s.%s", base, ending);
  return g_build_filename (wish->output, name, NULL);
}

static gboolean
put_reports (Batch   *batch,
             GError **error)
{
  const char *path = batch->wish->report_path;
  g_autofree char *text = NULL;

  if (!batch->wish->anonymise || batch->reports->len == 0 || (path == NULL && inion_cli_json))
    return TRUE;
  text = batch->reports_json ? g_strdup_printf ("[\n%s]\n", batch->reports->str)
                             : g_strdup (batch->reports->str);
  return inion_cli_write_output (path, text, -1, error);
}

static int
finish (Batch *batch,
        guint  n_files)
{
  g_autoptr (GError) error = NULL;

  if (batch->json != NULL)
    {
      inion_json_text_end_array (batch->json);
      inion_cli_json_int (batch->json, "n_written", batch->n_written);
      inion_cli_json_int (batch->json, "n_failed", batch->n_failed);
      inion_json_text_end_object (batch->json);
      inion_cli_print_json (batch->json);
    }
  if (n_files > 1)
    inion_cli_say ("%u files: %u written, %u not", n_files, batch->n_written, batch->n_failed);
  if (!put_reports (batch, &error))
    return inion_cli_fail (error);
  return batch->n_failed + batch->n_leaking > 0 ? INION_CLI_FAILED : INION_CLI_OK;
}

static int
convert_files (InionCliConvert *wish,
               GPtrArray       *files,
               const char      *output)
{
  g_autoptr (GString) reports = g_string_new (NULL);
  Batch batch = { .wish = wish, .reports = reports };

  batch.reports_json = wish->report_path != NULL && g_str_has_suffix (wish->report_path, ".json");
  if (inion_cli_json)
    {
      batch.json = inion_json_text_new ();
      inion_json_text_begin_object (batch.json, INION_JSON_BLOCK);
      inion_json_text_key (batch.json, "files");
      inion_json_text_begin_array (batch.json, INION_JSON_BLOCK);
    }
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *named = output == NULL ? name_output (wish, files->pdata[i], i) : NULL;
      const char *target = output != NULL ? output : named;

      inion_cli_say ("[%u/%u] %s → %s", i + 1, files->len, (const char *) files->pdata[i], target);
      convert_file (&batch, files->pdata[i], target);
    }
  return finish (&batch, files->len);
}

/* IN OUT, or IN… with a folder. */
static int
run (InionCliConvert  *wish,
     int               argc,
     char            **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = NULL;
  const char *output = wish->output == NULL ? argv[argc - 1] : NULL;

  if (wish->output == NULL && (argc != 3 || g_file_test (argv[1], G_FILE_TEST_IS_DIR)))
    return inion_cli_usage ("one recording and the new file, or --output FOLDER for many");
  if (wish->output != NULL && !wish->has_format)
    return inion_cli_usage ("--output needs --format edf, bdf, vhdr or csv");
  files = inion_cli_list_files (argv + 1, output != NULL ? 1 : argc - 1);
  if (files->len == 0)
    return inion_cli_usage ("there is no recording in there");
  if (!inion_cli_convert_load (wish, &error))
    return inion_cli_fail (error);
  if (wish->output != NULL && g_mkdir_with_parents (wish->output, 0777) != 0)
    {
      inion_set_error_errno (&error, errno, "Could not make the folder", wish->output);
      return inion_cli_fail (error);
    }
  return convert_files (wish, files, output);
}

static int
parse_and_run (int              argc,
               char           **argv,
               InionCliConvert *wish)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &wish->output, "Where the new files go", "FOLDER" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &wish->format_text,
      "With --output: edf, bdf, vhdr or csv", "FORMAT" },
    INION_CLI_CHANNELS_ENTRY (wish->stretch, "Channels (all), of the montage if there is one"),
    INION_CLI_RANGE_ENTRIES (wish->stretch),
    { "filter", 0, 0, G_OPTION_ARG_STRING, &wish->filter_text,
      "Butterworth of order 4, no phase: 1-40, 1- or -40", "HZ" },
    { "notch", 0, 0, G_OPTION_ARG_STRING, &wish->notch_text, "Notch, Q 30", "HZ" },
    { "resample", 0, 0, G_OPTION_ARG_STRING, &wish->resample_text, "New sampling rate", "HZ" },
    { "montage", 0, 0, G_OPTION_ARG_STRING, &wish->montage,
      "average, longitudinal …, a file (.montage, .mtg), own:NAME (as recorded)", "ID" },
    { "bad", 0, 0, G_OPTION_ARG_STRING, &wish->bad_text, "Left out of averages", "A,B" },
    { "marks", 0, 0, G_OPTION_ARG_STRING, &wish->marks,
      "study: the file's events and the study's marks (default); file; none", "WHICH" },
    { "fill-missing", 0, 0, G_OPTION_ARG_NONE, &wish->fill_missing,
      "EDF, BDF: the value beside where one is missing, and an annotation", NULL },
    { "bids", 0, 0, G_OPTION_ARG_STRING, &wish->bids_text,
      "OUT is a BIDS data set: sub=01,task=rest[,ses=,acq=,run=,ref=,line=50,format=vhdr]", "NAMES" },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &wish->force, "Replaces files that are there", NULL },
    { "anonymise", 0, 0, G_OPTION_ARG_NONE, &wish->anonymise, "Without identifiers", NULL },
    { "dates", 0, 0, G_OPTION_ARG_STRING, &wish->dates_text, "remove (default), shift or keep",
      "WHAT" },
    { "keep", 0, 0, G_OPTION_ARG_STRING, &wish->keep_text, "What may stay: time, sex, age", "A,B" },
    { "texts", 0, 0, G_OPTION_ARG_STRING, &wish->texts_text,
      "Where something is found: replace (default), keep or remove; or remove-all annotations",
      "WHAT" },
    { "secret", 0, 0, G_OPTION_ARG_FILENAME, &wish->secret_path,
      "From which dates are shifted; made if it is not there", "FILE" },
    { "subject", 0, 0, G_OPTION_ARG_STRING, &wish->subject, "Who it is, for the shift", "ID" },
    { "code", 0, 0, G_OPTION_ARG_STRING, &wish->code, "The patient's code in the copy", "CODE" },
    { "names", 0, 0, G_OPTION_ARG_FILENAME, &wish->names_path, "More names to find, one a line",
      "FILE" },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &wish->report_path,
      "The report, text or .json (stdout)", "FILE" },
    { NULL },
  };
  int code;

  if (!inion_cli_parse (&argc, &argv, "IN OUT, or IN… --output FOLDER --format FORMAT",
                        "Writes recordings as EDF+, BDF+, BrainVision or CSV, by the ending of "
                        "OUT. What is written is\nread back and compared. Notes, such as clipped "
                        "samples, go to stderr.\n--anonymise writes a copy without identifiers and "
                        "searches it for them; its report quotes the\noriginal: keep it with that. "
                        "Status 1 if a file could not be written, or an identifier is left.",
                        "  files [{source, output, error (null), notes [], and with --anonymise\n"
                        "  n_texts_found, n_leaks}], n_written, n_failed. A report in JSON: source, "
                        "output,\n"
                        "  done [], texts [{place, text, count, found, action, becomes}], leaks "
                        "[{file,\n  offset (null: in its name), word, encoding}], n_searched, n_by_chance, notes []",
                        entries, 1, -1, &code))
    return code;
  return inion_cli_convert_parse (wish) ? run (wish, argc, argv) : INION_CLI_USAGE;
}

int
inion_cli_convert (int    argc,
                   char **argv)
{
  g_auto (InionCliConvert) wish = { 0 };

  return parse_and_run (argc, argv, &wish);
}
