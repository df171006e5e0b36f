/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli train, evaluate, apply. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-open.h"

#include "app/decode/source-study.h"
#include "app/decode/sources.h"
#include "decode/evaluation.h"
#include "decode/track.h"

#include <math.h>

/* Opens the recordings of argv[first …] and cuts their examples. */
static InionExampleSet *
cut (InionRecipe  *recipe,
     int           argc,
     char        **argv,
     int           first,
     GError      **error)
{
  g_autoptr (InionSources) sources = inion_sources_new ();
  g_autoptr (InionExampleSet) examples = NULL;
  g_autofree char *log = NULL;

  for (int i = first; i < argc; i++)
    if (!inion_cli_add_source (sources, argv[i], error))
      return NULL;
  examples = inion_sources_cut (sources, recipe, NULL, error);
  log = examples != NULL ? g_strdup (inion_example_set_get_drop_log (examples)) : NULL;
  if (log != NULL && *log != '\0')
    inion_cli_say ("%s", g_strchomp (log));
  return g_steal_pointer (&examples);
}

static void
print_folds (InionResult *result)
{
  for (guint i = 0; i < inion_result_get_n_folds (result); i++)
    {
      const InionFold *fold = inion_result_get_fold (result, i);

      inion_cli_print ("  %-20s %.3f  (%u trials)\n", fold->name, fold->accuracy, fold->n);
    }
}

static void
print_confusion (InionResult *result)
{
  guint k = inion_result_get_n_classes (result);

  inion_cli_print ("Confusion (rows: truth)\n");
  for (guint i = 0; i < k; i++)
    {
      inion_cli_print ("  %-20s", inion_result_get_class (result, i));
      for (guint j = 0; j < k; j++)
        inion_cli_print (" %6u", inion_result_get_count (result, i, j));
      inion_cli_print ("\n");
    }
}

static void
print_result (InionResult *result)
{
  double low, high, p = inion_result_get_permutation_p (result);
  g_autofree char *claim = inion_result_dup_claim (result);

  inion_result_get_confidence_95 (result, &low, &high);
  inion_cli_print ("Accuracy            %.3f (95 %% %.3f–%.3f; chance %.3f, bound %.3f; %u "
                   "trials)\n",
                   inion_result_get_accuracy (result), low, high,
                   inion_result_get_chance_level (result),
                   inion_result_get_chance_bound_95 (result), inion_result_get_n_examples (result));
  inion_cli_print ("Balanced accuracy   %.3f\nKappa               %.3f\n",
                   inion_result_get_balanced_accuracy (result), inion_result_get_kappa (result));
  if (isfinite (inion_result_get_auc (result)))
    inion_cli_print ("AUC                 %.3f\n", inion_result_get_auc (result));
  if (isfinite (p))
    inion_cli_print ("Permutation p       %.4g\n", p);
  inion_cli_print ("Scheme              %s\n", inion_result_get_scheme (result));
  print_folds (result);
  print_confusion (result);
  for (guint i = 0; i < inion_result_get_n_findings (result); i++)
    {
      const InionFinding *finding = inion_result_get_finding (result, i);

      inion_cli_print ("%s [%s]: %s\n", finding->severity, finding->rule, finding->text);
    }
  inion_cli_print ("%s\n", claim);
}

static gboolean
show_result (InionResult  *result,
             const char   *path,
             GError      **error)
{
  g_autofree char *json = inion_result_to_json (result);

  if (path != NULL && !inion_cli_write_output (path, json, -1, error))
    return FALSE;
  if (inion_cli_json)
    inion_cli_put (json);
  else
    print_result (result);
  return TRUE;
}

int
inion_cli_evaluate (int    argc,
                    char **argv)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Keeps the result as JSON", "RESULT" },
    { NULL },
  };
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (InionResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "RECIPE FILE…",
                        "Cross-validates a recipe over recordings: folds, interval, chance, "
                        "findings.",
                        "  a result: inion_result, recipe, fingerprint, examples, scheme, "
                        "accuracy,\n"
                        "  balanced_accuracy, kappa, auc, confidence_95, chance, permutation_p, "
                        "folds,\n"
                        "  confusion, calibration, findings", entries, 2, -1, &code))
    return code;
  recipe = inion_recipe_new_from_file (argv[1], &error);
  if (recipe != NULL)
    examples = cut (recipe, argc, argv, 2, &error);
  if (examples != NULL)
    result = inion_evaluate (recipe, examples, NULL, &error);
  if (result == NULL || !show_result (result, output, &error))
    return inion_cli_fail (error);
  return INION_CLI_OK;
}

int
inion_cli_train (int    argc,
                 char **argv)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Where the model goes", "MODEL" },
    { NULL },
  };
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (InionResult) result = NULL;
  g_autoptr (InionModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "RECIPE FILE… -o MODEL",
                        "Fits a model on all examples, after scoring its recipe on held-out ones.",
                        "  the result of “evaluate”", entries, 2, -1, &code))
    return code;
  if (output == NULL)
    return inion_cli_usage ("say with -o where the model goes");
  recipe = inion_recipe_new_from_file (argv[1], &error);
  if (recipe != NULL)
    examples = cut (recipe, argc, argv, 2, &error);
  if (examples != NULL)
    result = inion_evaluate (recipe, examples, NULL, &error);
  if (result != NULL)
    model = inion_model_fit (recipe, examples, NULL, 0, NULL, &error);
  if (model != NULL)
    json = inion_model_to_json (model);
  if (model == NULL || !inion_cli_write_output (output, json, -1, &error) ||
      !show_result (result, NULL, &error))
    return inion_cli_fail (error);
  inion_cli_say ("The model is in %s", output);
  return INION_CLI_OK;
}

static void
print_track_json (InionModel       *model,
                  const InionTrack *track)
{
  InionJsonText *text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "model", inion_model_get_fingerprint (model));
  inion_cli_json_double_or_null (text, "window_s", (double) track->window_ns / 1e9);
  inion_json_text_key (text, "classes");
  inion_json_text_begin_array (text, INION_JSON_TIGHT);
  for (guint k = 0; k < track->n_classes; k++)
    inion_json_text_string (text, inion_model_get_class (model, k));
  inion_json_text_end_array (text);
  inion_json_text_key (text, "decisions");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (gsize i = 0; i < track->n; i++)
    {
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_double_or_null (text, "end_s", (double) track->end_ns[i] / 1e9);
      inion_json_text_key (text, "probabilities");
      inion_json_text_doubles (text, track->probabilities + i * track->n_classes, track->n_classes);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_key (text, "no_answer");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (gsize i = 0; i < track->n_unanswered; i++)
    {
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_double_or_null (text, "end_s", (double) track->unanswered_end_ns[i] / 1e9);
      inion_cli_json_string (text, "why", inion_no_answer_to_string (track->unanswered_why[i]));
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static void
print_track_csv (InionModel       *model,
                 const InionTrack *track)
{
  inion_cli_print ("end_s");
  for (guint k = 0; k < track->n_classes; k++)
    {
      inion_cli_put_char (',');
      inion_cli_print_field (inion_model_get_class (model, k));
    }
  inion_cli_put_char ('\n');
  for (gsize i = 0; i < track->n; i++)
    {
      inion_cli_print_double ("%.9g", (double) track->end_ns[i] / 1e9);
      for (guint k = 0; k < track->n_classes; k++)
        {
          inion_cli_put_char (',');
          inion_cli_print_double ("%.17g", track->probabilities[i * track->n_classes + k]);
        }
      inion_cli_put_char ('\n');
    }
}

/* As the window does it: with the bad channels of the recording's study. */
static InionTrack *
apply (InionModel   *model,
       const char   *path,
       double        step_s,
       GError      **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open_signal (path, error);
  g_autoptr (InionAnnotationSet) marks = NULL;
  g_auto (GStrv) bad = NULL;

  if (recording == NULL || !inion_source_study_read (path, &marks, &bad, error))
    return NULL;
  return inion_model_apply (model, recording, (const char *const *) bad, step_s, NULL, error);
}

int
inion_cli_apply (int    argc,
                 char **argv)
{
  g_autofree char *step_text = NULL;
  const GOptionEntry entries[] = {
    { "step", 0, 0, G_OPTION_ARG_STRING, &step_text, "Seconds between decisions (0.25)", "S" },
    { NULL },
  };
  g_autoptr (InionModel) model = NULL;
  g_autoptr (InionTrack) track = NULL;
  g_autofree char *unanswered = NULL;
  g_autoptr (GError) error = NULL;
  double step;
  int code;

  if (!inion_cli_parse (&argc, &argv, "MODEL FILE",
                        "Slides a model over a recording and prints its probabilities as CSV.\n"
                        "Bad channels are those of the recording's study.\n"
                        "A window with a gap or nothing but silence has no row; stderr says how "
                        "many. It fails where no window has one.",
                        "  model (fingerprint), window_s, classes [], decisions [{end_s, "
                        "probabilities []}],\n"
                        "  no_answer [{end_s, why (gap, flat)}]",
                        entries, 2, 2, &code))
    return code;
  if (!inion_cli_parse_double_in ("--step", step_text, 0.25, 0.001, 3600, &step))
    return INION_CLI_USAGE;
  model = inion_model_load (argv[1], &error);
  if (model != NULL)
    track = apply (model, argv[2], step, &error);
  if (track == NULL)
    return inion_cli_fail (error);
  unanswered = inion_track_dup_unanswered (track);
  if (unanswered != NULL)
    inion_cli_say ("%s", unanswered);
  if (inion_cli_json)
    print_track_json (model, track);
  else
    print_track_csv (model, track);
  return INION_CLI_OK;
}
