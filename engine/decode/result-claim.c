/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a score can and cannot claim, in plain English.
 *
 * Four things are said, in this order: what was estimated and for whom, which the validation
 * scheme alone decides; the score with its interval; whether it can be told from guessing; and
 * what makes it weaker than it looks. Each sentence is a line, so that a panel can show it by
 * itself; as one text they stand in a paragraph. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/result-private.h"

#include <math.h>

#define FEW_EXAMPLES 40
#define FEW_PEOPLE 10

static const char *
number_word (guint n)
{
  static const char *const words[] = {
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"
  };

  return n < G_N_ELEMENTS (words) ? words[n] : NULL;
}

static char *
dup_number (guint n)
{
  return number_word (n) != NULL ? g_strdup (number_word (n)) : g_strdup_printf ("%u", n);
}

/* "Estimates how well …": @what is left out in turn. */
static void
say_left_out (GString    *claim,
              guint       n_folds,
              const char *what)
{
  g_autofree char *rest = dup_number (MAX (n_folds, 1) - 1);
  g_autofree char *all = dup_number (n_folds);

  if (n_folds == 3)
    g_string_append_printf (claim, "Estimates how well a decoder trained on two of these three %s "
                            "does on the third", what);
  else if (n_folds == 2)
    g_string_append_printf (claim, "Estimates how well a decoder trained on one of these two %s "
                            "does on the other", what);
  else
    g_string_append_printf (claim, "Estimates how well a decoder trained on %s of these %s %s "
                            "does on the one left out", rest, all, what);
}

static void
say_scope (const InionResultData *data,
           GString               *claim)
{
  guint n = data->folds->len;

  switch (inion_recipe_get_spec (data->recipe)->scheme)
    {
    case INION_SCHEME_LEAVE_ONE_RECORDING_OUT:
      say_left_out (claim, n, "recordings");
      g_string_append (claim, ", for the people and the days that were recorded.\nIt says nothing "
                       "about other people.");
      break;
    case INION_SCHEME_LEAVE_ONE_SESSION_OUT:
      say_left_out (claim, n, "sessions");
      g_string_append (claim, ", for the people that were recorded.\nIt says nothing about other "
                       "people.");
      break;
    case INION_SCHEME_LEAVE_ONE_SUBJECT_OUT:
      say_left_out (claim, n, "people");
      g_string_append (claim, ": on somebody it has never seen, recorded in the same way.");
      if (n < FEW_PEOPLE)
        g_string_append (claim, "\nSo few people say little about how much people differ.");
      break;
    case INION_SCHEME_BLOCKED_K_FOLD:
      g_string_append (claim, "Estimates how well a decoder trained on part of a recording does "
                       "on another part of it.\nIt says nothing about another recording, another "
                       "day or other people.");
      break;
    case INION_SCHEME_STRATIFIED_K_FOLD:
      g_string_append (claim, "The examples were shuffled before they were divided, so neighbours "
                       "in time stood on both sides: read the score as an upper bound. It says "
                       "nothing about another recording, another day or other people.");
      break;
    case INION_SCHEME_TRAIN_TEST:
      g_string_append (claim, "Estimates how well a decoder trained on the first part of the data "
                       "does on the last, measured once.\nIt says nothing about other people.");
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
say_score (const InionResultData *data,
           guint                  right,
           guint                  n,
           GString               *claim)
{
  g_string_append_printf (claim, "\n%u of %u right: %.0f %% (95 %% interval %.0f–%.0f %%); always "
                          "naming the largest class would reach %.0f %%.", right, n,
                          100 * data->accuracy, 100 * data->confidence_95[0],
                          100 * data->confidence_95[1], 100 * data->chance_level);
}

static void
say_chance (const InionResultData *data,
            GString               *claim)
{
  double bound = data->chance_bound_95;

  /* The bound is a one-sided test at 5 %: a score above it is rare by luck, however wide its
   * interval is. */
  if (data->accuracy <= bound)
    g_string_append_printf (claim, "\nLuck alone reaches %.0f %% often enough: this score cannot "
                            "be told from chance.", 100 * bound);
  else
    g_string_append_printf (claim, "\nLuck alone gives more than %.0f %% in at most one of twenty "
                            "such experiments.", 100 * bound);
  if (isnan (data->permutation_p))
    g_string_append (claim, "\nThat bound assumes independent trials; a permutation test, which "
                     "does not, was not run.");
  else
    {
      /* Two significant digits, whatever the language of the desktop. */
      char p[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (p, sizeof p, "%.2g", data->permutation_p);
      g_string_append_printf (claim, data->permutation_p > 0.05
                                ? "\nShuffled labels score as high with p = %s: this score cannot "
                                  "be told from chance."
                                : "\nShuffled labels score as high with p = %s.", p);
    }
}

static void
say_limits (const InionResultData *data,
            guint                  n,
            GString               *claim)
{
  const InionRecipeSpec *spec = inion_recipe_get_spec (data->recipe);
  guint n_grave = 0;

  if (n < FEW_EXAMPLES)
    g_string_append_printf (claim, "\nWith %u predictions a single one moves the score by %.0f "
                            "points.", n, 100.0 / n);
  if (spec->from == INION_EXAMPLES_WINDOWS)
    g_string_append (claim, "\nNeighbouring windows are not independent: the true interval is "
                     "wider.");
  if (!inion_recipe_is_causal (data->recipe, NULL))
    g_string_append (claim, "\nThe recipe looks ahead of each window: a live decoder cannot, and "
                     "may score lower.");
  for (guint i = 0; i < data->findings->len; i++)
    {
      const InionFinding *finding = g_ptr_array_index (data->findings, i);

      n_grave += g_strcmp0 (finding->severity, "note") != 0 ? 1 : 0;
    }
  if (n_grave == 1)
    g_string_append (claim, "\nOne finding says why the score may be too high: read it before you "
                     "quote the number.");
  else if (n_grave > 1)
    g_string_append_printf (claim, "\n%u findings say why the score may be too high: read them "
                            "before you quote the number.", n_grave);
}

/* One sentence a line. */
char *
_inion_result_data_claim_lines (const InionResultData *data)
{
  GString *claim = g_string_new (NULL);
  guint right = 0, n = 0;

  for (guint i = 0; i < data->n_classes; i++)
    for (guint k = 0; k < data->n_classes; k++)
      {
        n += data->counts[i * data->n_classes + k];
        right += i == k ? data->counts[i * data->n_classes + k] : 0;
      }
  if (n == 0)
    {
      g_string_append (claim, "Nothing was scored: this result claims nothing.");
      return g_string_free (claim, FALSE);
    }
  say_scope (data, claim);
  say_score (data, right, n, claim);
  say_chance (data, claim);
  say_limits (data, n, claim);
  return g_string_free (claim, FALSE);
}

char *
_inion_result_data_claim (const InionResultData *data)
{
  return g_strdelimit (_inion_result_data_claim_lines (data), "\n", ' ');
}
