/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation schemes: which examples are fitted on and which are scored in each fold.
 *
 * Blocked folds cut the examples, in the order of recordings and time, into runs of nearly equal
 * number. From the training part goes every example whose window comes nearer to the test block
 * than the margin, within the same recording: overlapping windows, filter ringing and slow drift
 * would otherwise carry the answer across (Varoquaux et al. 2017). The margin is never smaller than
 * the window and the reach of the filters, whichever is longer.
 *
 * Train and test: the last quarter of the examples is scored, with the same margin. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/folds.h"

#include "core/error.h"
#include "core/random.h"

#include <math.h>
#include <string.h>

#define TEST_SHARE 4
#define SHUFFLE_STREAM 0x666f6c64

typedef const char *(*GroupName) (InionExampleSet *examples, guint source);

/**
 * inion_fold_plan_free:
 * @self: (transfer full): a fold
 */
void
inion_fold_plan_free (InionFoldPlan *self)
{
  g_free (self->name);
  g_free (self->train);
  g_free (self->test);
  g_free (self);
}

/* part: for each example 1 to test on, 0 to train on, −1 to leave out. */
static void
add_fold (GPtrArray  *folds,
          const char *name,
          const int  *part,
          guint       n)
{
  InionFoldPlan *fold = g_new0 (InionFoldPlan, 1);

  fold->name = g_strdup (name);
  fold->train = g_new (guint, n);
  fold->test = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    {
      if (part[i] > 0)
        fold->test[fold->n_test++] = i;
      else if (part[i] == 0)
        fold->train[fold->n_train++] = i;
    }
  g_ptr_array_add (folds, fold);
}

static gboolean
plan_groups (GPtrArray        *folds,
             InionExampleSet  *examples,
             GroupName         name_of,
             const char       *what,
             GError          **error)
{
  guint n = inion_example_set_get_n (examples),
  n_sources = inion_example_set_get_n_sources (examples);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree guint *group_of = g_new (guint, n_sources);
  g_autofree int *part = g_new (int, n);

  for (guint s = 0; s < n_sources; s++)
    {
      const char *name = name_of (examples, s);
      guint found;

      if (name == NULL)
        return inion_set_error (error, INION_ERROR_INVALID,
                                "The recipe leaves one %s out at a time, but %s has no %s.", what,
                                inion_example_set_get_source_name (examples, s), what);
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, &found))
        {
          found = names->len;
          g_ptr_array_add (names, g_strdup (name));
        }
      group_of[s] = found;
    }
  for (guint g = 0; g < names->len; g++)
    {
      guint n_test = 0;

      for (guint i = 0; i < n; i++)
        n_test += part[i] = group_of[inion_example_set_get_source (examples, i)] == g;
      if (n_test > 0)
        add_fold (folds, g_ptr_array_index (names, g), part, n);
    }
  if (folds->len < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Leaving one %s out takes examples of at least two. Use another scheme, "
                            "such as “blocked-k-fold”.",
                            what);
  return TRUE;
}

/* Recordings may have the same name: the place in the list keeps them apart. */
static gboolean
plan_recordings (GPtrArray        *folds,
                 InionExampleSet  *examples,
                 GError          **error)
{
  guint n = inion_example_set_get_n (examples);
  g_autofree int *part = g_new (int, n);

  for (guint s = 0; s < inion_example_set_get_n_sources (examples); s++)
    {
      guint n_test = 0;

      for (guint i = 0; i < n; i++)
        n_test += part[i] = inion_example_set_get_source (examples, i) == s;
      if (n_test > 0)
        add_fold (folds, inion_example_set_get_source_name (examples, s), part, n);
    }
  if (folds->len < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "Leaving one recording out takes examples of at least two. Use another "
                            "scheme, such as “blocked-k-fold”.");
  return TRUE;
}

static double
window_s (InionExampleSet *examples)
{
  return inion_example_set_get_n_samples (examples) / inion_example_set_get_rate_hz (examples);
}

/* Takes out of the training part what lies nearer than the margin to examples [first, end). */
static void
take_out_margin (InionExampleSet *examples,
                 guint            first,
                 guint            end,
                 double           margin_s,
                 int             *part)
{
  guint n = inion_example_set_get_n (examples);
  double length_s = window_s (examples);

  for (guint s = inion_example_set_get_source (examples, first);
       s <= inion_example_set_get_source (examples, end - 1); s++)
    {
      double from = INFINITY, to = -INFINITY;

      for (guint i = first; i < end; i++)
        {
          double start = (double) inion_example_set_get_start_ns (examples, i) / 1e9;

          if (inion_example_set_get_source (examples, i) != s)
            continue;
          from = MIN (from, start);
          to = MAX (to, start + length_s);
        }
      for (guint i = 0; i < n; i++)
        {
          double start = (double) inion_example_set_get_start_ns (examples, i) / 1e9;

          if (part[i] == 0 && inion_example_set_get_source (examples, i) == s &&
              start < to + margin_s && start + length_s > from - margin_s)
            part[i] = -1;
        }
    }
}

/**
 * inion_folds_margin_s:
 * @recipe: the recipe
 * @examples: its examples
 *
 * Returns: the margin of blocked folds, s
 */
double
inion_folds_margin_s (InionRecipe     *recipe,
                      InionExampleSet *examples)
{
  double margin_s = inion_recipe_get_spec (recipe)->margin_s;
  double length_s = window_s (examples);
  double least = MAX (length_s, inion_example_set_get_settle_s (examples));

  return isnan (margin_s) ? least : MAX (margin_s, least);
}

static gboolean
add_block (GPtrArray        *folds,
           InionRecipe      *recipe,
           InionExampleSet  *examples,
           guint             first,
           guint             end,
           const char       *name,
           GError          **error)
{
  guint n = inion_example_set_get_n (examples);
  g_autofree int *part = g_new (int, n);
  double margin_s = inion_folds_margin_s (recipe, examples);
  const InionFoldPlan *fold;

  for (guint i = 0; i < n; i++)
    part[i] = i >= first && i < end;
  take_out_margin (examples, first, end, margin_s, part);
  add_fold (folds, name, part, n);
  fold = g_ptr_array_index (folds, folds->len - 1);
  if (fold->n_train == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "With a margin of %.3g s nothing is left to train on in %s. More examples "
                            "or shorter windows are needed.",
                            margin_s, name);
  return TRUE;
}

/* "“left” has 3 and “right” none" */
static char *
describe_classes (InionExampleSet *examples)
{
  guint n = inion_example_set_get_n (examples), k = inion_example_set_get_n_classes (examples);
  g_autofree guint *counts = g_new0 (guint, k);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    counts[inion_example_set_get_label (examples, i)]++;
  for (guint c = 0; c < k; c++)
    {
      g_string_append (text, c == 0 ? "" : c + 1 < k ? ", " : " and ");
      g_string_append_printf (text, "“%s” has ", inion_example_set_get_class (examples, c));
      if (counts[c] == 0)
        g_string_append (text, "none");
      else
        g_string_append_printf (text, "%u", counts[c]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* what: "5 folds", "Setting a part aside for testing" */
static gboolean
check_enough (InionExampleSet  *examples,
              guint             least,
              const char       *what,
              const char       *way_out,
              GError          **error)
{
  guint n = inion_example_set_get_n (examples);
  g_autofree char *classes = NULL;

  if (n >= least)
    return TRUE;
  classes = describe_classes (examples);
  return inion_set_error (error, INION_ERROR_TOO_FEW,
                          "%s at least %u examples, at least two of each class to train on, and "
                          "there %s only %u: %s. Mark more events%s.", what, least,
                          n == 1 ? "is" : "are", n, classes, way_out);
}

static gboolean
check_enough_for_folds (InionExampleSet  *examples,
                        guint             k,
                        GError          **error)
{
  g_autofree char *what = g_strdup_printf ("%u folds need", k);

  return check_enough (examples, k, what, ", add recordings, or set “validation.folds” lower in the "
                       "recipe", error);
}

static gboolean
plan_blocks (GPtrArray        *folds,
             InionRecipe      *recipe,
             InionExampleSet  *examples,
             GError          **error)
{
  guint n = inion_example_set_get_n (examples), k = MAX (2, inion_recipe_get_spec (recipe)->folds);

  if (!check_enough_for_folds (examples, k, error))
    return FALSE;
  for (guint b = 0; b < k; b++)
    {
      g_autofree char *name = g_strdup_printf ("block %u", b + 1);

      if (!add_block (folds, recipe, examples, (guint) ((guint64) b * n / k),
                      (guint) ((guint64) (b + 1) * n / k), name, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
plan_last_part (GPtrArray        *folds,
                InionRecipe      *recipe,
                InionExampleSet  *examples,
                GError          **error)
{
  guint n = inion_example_set_get_n (examples);

  if (!check_enough (examples, TEST_SHARE, "Setting a quarter aside for testing needs",
                     " or add recordings", error))
    return FALSE;
  return add_block (folds, recipe, examples, n - n / TEST_SHARE, n, "last quarter", error);
}

/* Deals each class's examples, shuffled, to the folds in turn. */
static gboolean
plan_shuffled (GPtrArray        *folds,
               InionRecipe      *recipe,
               InionExampleSet  *examples,
               GError          **error)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (recipe);
  guint n = inion_example_set_get_n (examples), k = MAX (2, spec->folds), dealt = 0;
  g_autofree guint *fold_of = g_new (guint, n);
  g_autofree guint *order = g_new (guint, n);
  g_autofree int *part = g_new (int, n);

  if (!check_enough_for_folds (examples, k, error))
    return FALSE;
  for (guint c = 0; c < spec->n_classes; c++)
    {
      InionRandom random;
      guint count = 0;

      inion_random_seed (&random, spec->seed, SHUFFLE_STREAM + c);
      for (guint i = 0; i < n; i++)
        {
          if (inion_example_set_get_label (examples, i) == c)
            order[count++] = i;
        }
      inion_random_shuffle (&random, order, count);
      for (guint i = 0; i < count; i++)
        fold_of[order[i]] = dealt++ % k;
    }
  for (guint f = 0; f < k; f++)
    {
      g_autofree char *name = g_strdup_printf ("fold %u", f + 1);

      for (guint i = 0; i < n; i++)
        part[i] = fold_of[i] == f;
      add_fold (folds, name, part, n);
    }
  return TRUE;
}

static const char *
session_of (InionExampleSet *examples,
            guint            source)
{
  return inion_example_set_get_session (examples, source);
}

static const char *
subject_of (InionExampleSet *examples,
            guint            source)
{
  return inion_example_set_get_subject (examples, source);
}

static gboolean
plan (GPtrArray        *folds,
      InionRecipe      *recipe,
      InionExampleSet  *examples,
      GError          **error)
{
  switch (inion_recipe_get_spec (recipe)->scheme)
    {
    case INION_SCHEME_BLOCKED_K_FOLD:
      return plan_blocks (folds, recipe, examples, error);
    case INION_SCHEME_LEAVE_ONE_RECORDING_OUT:
      return plan_recordings (folds, examples, error);
    case INION_SCHEME_LEAVE_ONE_SESSION_OUT:
      return plan_groups (folds, examples, session_of, "session", error);
    case INION_SCHEME_LEAVE_ONE_SUBJECT_OUT:
      return plan_groups (folds, examples, subject_of, "subject", error);
    case INION_SCHEME_STRATIFIED_K_FOLD:
      return plan_shuffled (folds, recipe, examples, error);
    case INION_SCHEME_TRAIN_TEST:
      return plan_last_part (folds, recipe, examples, error);
    default:
      return inion_set_error (error, INION_ERROR_INVALID, "The validation scheme is not known.");
    }
}

/**
 * inion_folds_plan:
 * @recipe: the recipe
 * @examples: its examples
 * @error: return location
 *
 * Divides the examples as the recipe's validation scheme says.
 *
 * Returns: (transfer full) (element-type InionFoldPlan) (nullable): the folds; %NULL with
 *   %INION_ERROR_TOO_FEW or %INION_ERROR_INVALID
 */
GPtrArray *
inion_folds_plan (InionRecipe      *recipe,
                  InionExampleSet  *examples,
                  GError          **error)
{
  GDestroyNotify free_fold = (GDestroyNotify) inion_fold_plan_free;
  g_autoptr (GPtrArray) folds = g_ptr_array_new_with_free_func (free_fold);

  if (!plan (folds, recipe, examples, error))
    return NULL;
  return g_steal_pointer (&folds);
}
