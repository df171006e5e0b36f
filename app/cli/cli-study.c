/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli study list|verify|export|reproduce. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-study-find.h"
#include "app/cli/cli-open.h"

#include "annotation/table.h"
#include "app/decode/sources.h"
#include "decode/evaluation.h"


static void
list_kind (InionStudy    *study,
           const char    *kind,
           InionJsonText *text)
{
  g_autoptr (GPtrArray) items = inion_study_list_items (study, kind);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const InionStudyItem *item = g_ptr_array_index (items, i);

      if (text == NULL)
        {
          inion_cli_print ("%-7s %4" G_GINT64_FORMAT "  %s  %.12s  %s\n", item->kind, item->id,
                           item->created, item->fingerprint, item->name);
          continue;
        }
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_int (text, "id", item->id);
      inion_cli_json_string (text, "kind", item->kind);
      inion_cli_json_string (text, "name", item->name);
      inion_cli_json_string (text, "created", item->created);
      inion_cli_json_string (text, "fingerprint", item->fingerprint);
      inion_json_text_end_object (text);
    }
}

static void
list_json (InionStudy *study,
           guint       n_marks,
           guint       n_edits)
{
  InionJsonText *text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "path", inion_study_get_path (study));
  inion_cli_json_int (text, "n_marks", n_marks);
  inion_cli_json_int (text, "n_edits", n_edits);
  inion_json_text_key (text, "items");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  list_kind (study, "result", text);
  list_kind (study, "model", text);
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static int
study_list (InionStudy *study)
{
  guint n_marks = inion_annotation_set_get_size (inion_study_get_annotations (study));
  g_autoptr (GPtrArray) journal = inion_study_list_journal (study);

  if (inion_cli_json)
    {
      list_json (study, n_marks, journal->len);
      return INION_CLI_OK;
    }
  inion_cli_print ("Study    %s\nMarks    %u\nJournal  %u edits\n", inion_study_get_path (study),
                   n_marks, journal->len);
  list_kind (study, "result", NULL);
  list_kind (study, "model", NULL);
  return INION_CLI_OK;
}

static int
study_export (InionStudy *study,
              const char *output)
{
  g_autoptr (GPtrArray) marks =
    inion_annotation_set_query (inion_study_get_annotations (study), G_MININT64, G_MAXINT64);
  g_autofree char *lower = output != NULL ? g_ascii_strdown (output, -1) : g_strdup ("");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = inion_annotations_to_text (
    marks, inion_cli_json || g_str_has_suffix (lower, ".json") ? "json"
           : g_str_has_suffix (lower, ".csv")                  ? "csv" : "tsv", &error);

  if (text == NULL || !inion_cli_write_output (output, text, -1, &error))
    return inion_cli_fail (error);
  return INION_CLI_OK;
}

static int
study_verify (const char *path)
{
  g_autofree char *report = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  gboolean good;

  found = inion_cli_study_locate (path, &error);
  if (found == NULL)
    return inion_cli_fail (error);
  good = inion_study_verify (found, &report, &error);

  if (inion_cli_json)
    {
      InionJsonText *text = inion_json_text_new ();

      inion_json_text_begin_object (text, INION_JSON_BLOCK);
      inion_json_text_key (text, "good");
      inion_json_text_boolean (text, good);
      inion_cli_json_string (text, "report", report);
      inion_json_text_end_object (text);
      inion_cli_print_json (text);
    }
  else if (report != NULL)
    {
      inion_cli_print ("%s\n", report);
    }
  return good ? INION_CLI_OK : inion_cli_fail (error);
}

/* Runs a result's recipe again over recordings. */
static InionResult *
run_again (InionResult  *result,
           char        **paths,
           GError      **error)
{
  g_autoptr (InionSources) sources = inion_sources_new ();
  g_autoptr (InionExampleSet) examples = NULL;

  for (guint i = 0; paths[i] != NULL; i++)
    if (!inion_cli_add_source (sources, paths[i], error))
      return NULL;
  examples = inion_sources_cut (sources, inion_result_get_recipe (result), NULL, error);
  if (examples == NULL)
    return NULL;
  if (!g_str_equal (inion_example_set_get_fingerprint (examples),
                    inion_result_get_fingerprint (result)))
    {
      inion_set_error (error, INION_ERROR_INVALID,
                       "The recordings, what their channels are taken for, the labels or the "
                       "recipe are not those of the result: its "
                       "fingerprint "
                       "is %s, theirs is %s.", inion_result_get_fingerprint (result),
                       inion_example_set_get_fingerprint (examples));
      return NULL;
    }
  return inion_evaluate (inion_result_get_recipe (result), examples, NULL, error);
}

/* Must give the same result, byte for byte. */
static int
study_reproduce (const char  *result_path,
                 char       **paths)
{
  g_autofree char *json = NULL;
  g_autofree char *again = NULL;
  g_autoptr (InionResult) result = NULL;
  g_autoptr (InionResult) rerun = NULL;
  g_autoptr (GError) error = NULL;

  if (g_file_get_contents (result_path, &json, NULL, &error))
    result = inion_result_new_from_json (json, -1, &error);
  if (json != NULL && result == NULL)
    g_prefix_error (&error, "“%s”: ", result_path);
  if (result != NULL)
    rerun = run_again (result, paths, &error);
  if (rerun == NULL)
    return inion_cli_fail (error);
  again = inion_result_to_json (rerun);
  if (!g_str_equal (again, json))
    {
      inion_set_error (&error, INION_ERROR_FAILED,
                       "The result is not reproduced: the same inputs gave other bytes.");
      return inion_cli_fail (error);
    }
  if (inion_cli_json)
    inion_cli_print ("{ \"reproduced\": true }\n");
  else
    inion_cli_print ("Reproduced: the same bytes, accuracy %.3f.\n",
                     inion_result_get_accuracy (rerun));
  return INION_CLI_OK;
}

static int
list_or_export (const char *verb,
                const char *path,
                const char *output)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionStudy) study = inion_cli_study_open (path, &error);
  int code;

  if (study == NULL)
    return inion_cli_fail (error);
  code = g_str_equal (verb, "list") ? study_list (study) : study_export (study, output);
  inion_study_close (study);
  return code;
}

int
inion_cli_study (int    argc,
                 char **argv)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "export: where the marks go", "FILE" },
    { NULL },
  };
  int code;

  if (!inion_cli_parse (&argc, &argv, "list|verify|export STUDY, or reproduce RESULT FILE…",
                        "STUDY is a .inion file, or the recording it belongs to.\n"
                        "  list       marks, edits, results and models\n"
                        "  verify     integrity of the file, and that its journal gives its "
                        "tables\n"
                        "  export     the marks as TSV, CSV or JSON (by the output's ending)\n"
                        "  reproduce  runs a result (JSON of “evaluate -o”) again: must give the "
                        "same bytes",
                        "  list: path, n_marks, n_edits, items [{id, kind, name, created, "
                        "fingerprint}]\n"
                        "  verify: good, report. export: as “annotations”. reproduce: reproduced",
                        entries, 2, -1, &code))
    return code;
  if (g_str_equal (argv[1], "reproduce"))
    return argc > 3 ? study_reproduce (argv[2], argv + 3)
                    : inion_cli_usage ("reproduce needs a result and its recordings");
  if (!g_str_equal (argv[1], "list") && !g_str_equal (argv[1], "export") &&
      !g_str_equal (argv[1], "verify"))
    return inion_cli_usage ("there is no “study %s”", argv[1]);
  if (argc != 3)
    return inion_cli_usage ("one study at a time");
  if (g_str_equal (argv[1], "verify"))
    return study_verify (argv[2]);
  return list_or_export (argv[1], argv[2], output);
}
