/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agreement of decisions with marks. */

#include "core/init.h"
#include "live/agreement.h"
#include "recording/memory-recording.h"

#include <string.h>

#define S G_GINT64_CONSTANT (1000000000)

static const double left[] = { 0.9, 0.1 };
static const double right[] = { 0.2, 0.8 };
static const double weakly_left[] = { 0.55, 0.45 };

static InionRecipe *
recipe_new (const char *examples)
{
  g_autofree char *json = g_strdup_printf (
    "{ \"inion_recipe\": 1, \"name\": \"test\", \"examples\": { %s, \"classes\":"
    " { \"left\": [\"T1\"], \"right\": [\"T2\"] } },"
    " \"features\": [ { \"type\": \"log_variance\" } ], \"classifier\": { \"type\": \"lda\" } }",
    examples);
  GError *error = NULL;
  InionRecipe *recipe = inion_recipe_new_from_json (json, -1, &error);

  g_assert_no_error (error);
  return recipe;
}

/* T1 at 10 s without a length, T2 at 20 s that lasts 4 s, T0 that stands for nothing. */
static InionAgreement *
agreement_new (const char *examples,
               double      slack_s)
{
  g_autoptr (InionRecipe) recipe = recipe_new (examples);
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (100, NULL);
  InionDecodeSource source = { .recording = INION_RECORDING (recording) };
  double silence[1] = { 0 };

  inion_memory_recording_add_channel (recording, "Cz", "µV", silence, 1);
  inion_memory_recording_add_event (recording, 10 * S, -1, "T1");
  inion_memory_recording_add_event (recording, 15 * S, 4 * S, "T0");
  inion_memory_recording_add_event (recording, 20 * S, 4 * S, "T2");
  g_assert_true (inion_recording_load_events (source.recording, NULL, NULL));
  return inion_agreement_new (inion_recipe_get_spec (recipe), &source, slack_s);
}

static void
assert_counts (InionAgreement *agreement,
               guint           n_marks,
               guint           n_marks_right,
               guint           n_decisions,
               guint           n_decisions_right)
{
  InionAgreementCounts counts;

  inion_agreement_count (agreement, &counts);
  g_assert_cmpuint (counts.n_classes, ==, 2);
  g_assert_cmpuint (counts.n_marks, ==, n_marks);
  g_assert_cmpuint (counts.n_marks_right, ==, n_marks_right);
  g_assert_cmpuint (counts.n_decisions, ==, n_decisions);
  g_assert_cmpuint (counts.n_decisions_right, ==, n_decisions_right);
}

static void
test_events (void)
{
  g_autoptr (InionAgreement) agreement =
    agreement_new ("\"from\": \"events\", \"window_s\": [0.5, 2.5]", 0);

  g_assert_cmpuint (inion_agreement_get_n_marks (agreement), ==, 2);
  assert_counts (agreement, 0, 0, 0, 0);

  /* Outside: before, too early by a nanosecond, too late by one, in a mark of no class. */
  inion_agreement_add (agreement, 0, 2 * S, left);
  inion_agreement_add (agreement, 10 * S + S / 2 - 1, 12 * S + S / 2 - 1, left);
  inion_agreement_add (agreement, 10 * S + S / 2 + 1, 12 * S + S / 2 + 1, left);
  inion_agreement_add (agreement, 16 * S, 18 * S, left);
  inion_agreement_add (agreement, 22 * S + 1, 24 * S + 1, right);
  assert_counts (agreement, 0, 0, 0, 0);

  inion_agreement_add (agreement, 10 * S + S / 2, 12 * S + S / 2, left);
  assert_counts (agreement, 1, 1, 1, 1);
  inion_agreement_add (agreement, 20 * S + S / 2, 22 * S + S / 2, right);
  inion_agreement_add (agreement, 22 * S, 24 * S, weakly_left);
  assert_counts (agreement, 2, 2, 3, 2);
}

static void
test_slack (void)
{
  g_autoptr (InionAgreement) agreement =
    agreement_new ("\"from\": \"events\", \"window_s\": [0.5, 2.5]", 0.05);

  inion_agreement_add (agreement, 10 * S + 45 * S / 100, 12 * S + 45 * S / 100, left);
  inion_agreement_add (agreement, 10 * S + 55 * S / 100, 12 * S + 55 * S / 100, right);
  inion_agreement_add (agreement, 10 * S + 44 * S / 100, 12 * S + 44 * S / 100, right);
  inion_agreement_add (agreement, 10 * S + 56 * S / 100, 12 * S + 56 * S / 100, right);
  assert_counts (agreement, 1, 1, 2, 1);
}

static void
test_windows (void)
{
  g_autoptr (InionAgreement) agreement =
    agreement_new ("\"from\": \"windows\", \"length_s\": 1", 0);

  inion_agreement_add (agreement, 20 * S, 21 * S, left);
  inion_agreement_add (agreement, 23 * S, 24 * S, left);
  inion_agreement_add (agreement, 22 * S, 23 * S, right);
  inion_agreement_add (agreement, 23 * S + 1, 24 * S + 1, right);
  inion_agreement_add (agreement, 10 * S, 11 * S, left);
  assert_counts (agreement, 1, 0, 3, 1);
}

static void
assert_claim (InionAgreement *agreement,
              gboolean        trained_here,
              const char     *says)
{
  g_autofree char *claim = inion_agreement_dup_claim (agreement, trained_here);

  if (strstr (claim, says) == NULL)
    g_error ("“%s” does not say “%s”", claim, says);
}

static void
test_claim (void)
{
  g_autoptr (InionAgreement) agreement =
    agreement_new ("\"from\": \"events\", \"window_s\": [0.5, 2.5]", 0);
  g_autoptr (InionRecipe) recipe =
    recipe_new ("\"from\": \"events\", \"window_s\": [0.5, 2.5]");
  g_autoptr (InionMemoryRecording) silent = inion_memory_recording_new (100, NULL);
  InionDecodeSource source = { .recording = INION_RECORDING (silent) };
  g_autoptr (InionAgreement) none =
    inion_agreement_new (inion_recipe_get_spec (recipe), &source, 0);

  assert_claim (none, TRUE, "Nothing here is marked");
  assert_claim (agreement, TRUE, "played in full");
  inion_agreement_add (agreement, 11 * S, 12 * S, left);
  inion_agreement_add (agreement, 22 * S, 23 * S, right);
  inion_agreement_add (agreement, 22 * S, 24 * S, weakly_left);
  /* Wilson's interval of 2 of 2. */
  assert_claim (agreement, TRUE, "Right in 2 of 2 marks: 1.00 (95\u2009% 0.34–1.00; chance 0.50)");
  assert_claim (agreement, TRUE, "in 2 of the 3 decisions");
  assert_claim (agreement, TRUE, "was trained on this recording");
  assert_claim (agreement, FALSE, "may have been trained on");
}

int
main (int    argc,
      char **argv)
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/agreement/events", test_events);
  g_test_add_func ("/live/agreement/slack", test_slack);
  g_test_add_func ("/live/agreement/windows", test_windows);
  g_test_add_func ("/live/agreement/claim", test_claim);
  return g_test_run ();
}
