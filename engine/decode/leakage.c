/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leakage and confound findings: what would make a score say more than the data earned.
 *
 * A finding never changes a score. It says what is wrong with believing it, and what to do. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/leakage.h"

#include "decode/leakage-private.h"

/* How much of the data a fitted step of the recipe looks at. A new type of feature or classifier
 * has to answer here. */
typedef enum
{
  FIT_ON_TRAINING,       /* on the training examples of each fold only */
  FIT_ON_UNLABELLED,     /* also on the test examples, without their labels: transductive */
} FitScope;

static FitScope
feature_scope (InionFeatureType type)
{
  switch (type)
    {
    case INION_FEATURE_CSP:
    case INION_FEATURE_BAND_POWER:
    case INION_FEATURE_LOG_VARIANCE:
    case INION_FEATURE_TANGENT_SPACE:
    case INION_FEATURE_COVARIANCE:
      return FIT_ON_TRAINING;
    default:
      return FIT_ON_UNLABELLED;
    }
}

static void
check_fit_scopes (InionRecipe *recipe,
                  GPtrArray   *findings)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (recipe);
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();

  for (guint i = 0; i < spec->n_features; i++)
    if (feature_scope (spec->features[i].type) == FIT_ON_UNLABELLED)
      g_ptr_array_add (steps, (gpointer) inion_feature_type_to_string (spec->features[i].type));
  g_ptr_array_add (steps, NULL);
  _inion_leakage_transductive ((const char *const *) steps->pdata, findings);
}

/**
 * inion_finding_new:
 * @rule: the rule's name: "labels-in-blocks"
 * @severity: "note", "warning" or "error"
 * @format: printf format of what it means and what to do
 *
 * Returns: (transfer full): a finding
 */
InionFinding *
inion_finding_new (const char *rule,
                   const char *severity,
                   const char *format,
                   ...)
{
  InionFinding *self = g_new (InionFinding, 1);
  va_list args;

  self->rule = g_strdup (rule);
  self->severity = g_strdup (severity);
  va_start (args, format);
  self->text = g_strdup_vprintf (format, args);
  va_end (args);
  return self;
}

/**
 * inion_finding_free:
 * @self: (transfer full): a finding
 */
void
inion_finding_free (InionFinding *self)
{
  g_free (self->rule);
  g_free (self->severity);
  g_free (self->text);
  g_free (self);
}

/**
 * inion_leakage_check:
 * @recipe: the recipe that is scored
 * @examples: its examples
 * @folds: (element-type InionFoldPlan): how they are divided
 * @findings: (element-type InionFinding): takes what is found
 * @job: (nullable): checked for cancellation
 * @error: return location: %G_IO_ERROR_CANCELLED
 *
 * Looks for what would make the score of these folds too high or too sure: windows that share
 * samples across a split, duplicates, labels that go with time or recording, shuffled folds, small
 * or unequal classes, steps that look at test data.
 *
 * Returns: %FALSE if the job was cancelled
 */
gboolean
inion_leakage_check (InionRecipe      *recipe,
                     InionExampleSet  *examples,
                     GPtrArray        *folds,
                     GPtrArray        *findings,
                     InionJob         *job,
                     GError          **error)
{
  const guint n = inion_example_set_get_n (examples);
  const guint n_classes = inion_example_set_get_n_classes (examples);
  g_autofree const char **classes = g_new (const char *, n_classes);
  g_autofree guint *label = g_new (guint, n);
  g_autofree guint *source = g_new (guint, n);
  g_autofree gint64 *onset_ns = g_new (gint64, n);
  g_autofree const double **data = g_new (const double *, n);
  InionLeakageView view = {
    .n = n, .n_classes = n_classes, .classes = classes, .label = label, .source = source,
    .onset_ns = onset_ns, .data = data,
    .n_channels = inion_example_set_get_n_channels (examples),
    .n_samples = inion_example_set_get_n_samples (examples),
  };

  /* Half a sample less: windows that only touch do not overlap, however their onsets are rounded. */
  view.window_ns = (gint64) (1e9 * (view.n_samples - 0.5) /
                             inion_example_set_get_rate_hz (examples));
  for (guint c = 0; c < n_classes; c++)
    classes[c] = inion_example_set_get_class (examples, c);
  for (guint i = 0; i < n; i++)
    {
      label[i] = inion_example_set_get_label (examples, i);
      source[i] = inion_example_set_get_source (examples, i);
      onset_ns[i] = inion_example_set_get_onset_ns (examples, i);
      data[i] = inion_example_set_get_data (examples, i);
      view.n_sources = MAX (view.n_sources, source[i] + 1);
    }
  _inion_leakage_overlap (&view, folds, findings);
  if (!_inion_leakage_duplicates (&view, folds, findings, job, error))
    return FALSE;
  _inion_leakage_blocks (&view, findings);
  _inion_leakage_shuffled (&view, inion_recipe_get_spec (recipe)->scheme, findings);
  check_fit_scopes (recipe, findings);
  _inion_leakage_size (&view, findings);
  _inion_leakage_balance (&view, findings);
  return TRUE;
}
