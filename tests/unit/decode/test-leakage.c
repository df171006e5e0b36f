/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode/leakage-private.h"

#include "core/random.h"

#include <math.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)

/* Crafted examples, one second each, four seconds apart unless a test moves them. */
typedef struct
{
  InionLeakageView view;
  guint label[400];
  guint source[400];
  gint64 onset_ns[400];
  const double *data[400];
  double *samples;
} Crafted;

static const char *const class_names[] = { "left", "right", "rest" };

static void
crafted_init (Crafted *crafted,
              guint    n,
              guint    n_classes,
              guint    n_sources)
{
  InionRandom random;

  memset (crafted, 0, sizeof *crafted);
  inion_random_seed (&random, 11, 0);
  crafted->view = (InionLeakageView) {
    .n = n, .n_classes = n_classes, .classes = class_names, .n_sources = n_sources,
    .label = crafted->label, .source = crafted->source, .onset_ns = crafted->onset_ns,
    .window_ns = SECOND, .n_channels = 4, .n_samples = 100, .data = crafted->data,
  };
  crafted->samples = g_new (double, (gsize) n * 400);
  for (guint i = 0; i < n * 400; i++)
    crafted->samples[i] = inion_random_normal (&random);
  for (guint i = 0; i < n; i++)
    {
      crafted->label[i] = (guint) inion_random_below (&random, n_classes);
      crafted->source[i] = i * n_sources / n;
      crafted->onset_ns[i] = (gint64) i * 4 * SECOND;
      crafted->data[i] = crafted->samples + (gsize) i * 400;
    }
}

static void
crafted_clear (Crafted *crafted)
{
  g_clear_pointer (&crafted->samples, g_free);
}

static GPtrArray *
findings_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) inion_finding_free);
}

static void
fold_free (gpointer data)
{
  InionFoldPlan *fold = data;

  g_free (fold->train);
  g_free (fold->test);
  g_free (fold);
}

/* Every n_folds-th example is tested (shuffled), or contiguous blocks are. */
static GPtrArray *
divide (const InionLeakageView *view,
        guint                   n_folds,
        gboolean                contiguous)
{
  GPtrArray *folds = g_ptr_array_new_with_free_func (fold_free);

  for (guint f = 0; f < n_folds; f++)
    {
      InionFoldPlan *fold = g_new0 (InionFoldPlan, 1);

      fold->train = g_new (guint, view->n);
      fold->test = g_new (guint, view->n);
      for (guint i = 0; i < view->n; i++)
        {
          guint of = contiguous ? i * n_folds / view->n : i % n_folds;

          if (of == f)
            fold->test[fold->n_test++] = i;
          else
            fold->train[fold->n_train++] = i;
        }
      g_ptr_array_add (folds, fold);
    }
  return folds;
}

static void
assert_finding (GPtrArray  *findings,
                const char *rule,
                const char *severity,
                const char *text)
{
  const InionFinding *finding;

  g_assert_cmpuint (findings->len, ==, 1);
  finding = g_ptr_array_index (findings, 0);
  g_assert_cmpstr (finding->rule, ==, rule);
  g_assert_cmpstr (finding->severity, ==, severity);
  if (strstr (finding->text, text) == NULL)
    g_error ("“%s” does not say “%s”", finding->text, text);
}

static void
test_overlap (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GPtrArray) shuffled = NULL;
  g_autoptr (GPtrArray) blocked = NULL;

  crafted_init (&crafted, 40, 2, 1);
  shuffled = divide (&crafted.view, 4, FALSE);
  blocked = divide (&crafted.view, 4, TRUE);
  _inion_leakage_overlap (&crafted.view, shuffled, findings);
  g_assert_cmpuint (findings->len, ==, 0);

  /* A quarter of a second apart: every shuffled test window touches a training window. */
  for (guint i = 0; i < 40; i++)
    crafted.onset_ns[i] = i * SECOND / 4;
  _inion_leakage_overlap (&crafted.view, shuffled, findings);
  assert_finding (findings, "overlapping-windows", "error", "40 of 40 tested windows");
  g_ptr_array_set_size (findings, 0);

  /* In blocks without a margin only the three windows at each inner edge do: 2 × 3 × 3. */
  _inion_leakage_overlap (&crafted.view, blocked, findings);
  assert_finding (findings, "overlapping-windows", "error", "18 of 40 tested windows");
  g_ptr_array_set_size (findings, 0);

  /* The same times in two recordings are different samples. */
  for (guint i = 0; i < 40; i++)
    {
      crafted.source[i] = i % 2;
      crafted.onset_ns[i] = (i / 2) * SECOND;
    }
  crafted.view.n_sources = 2;
  _inion_leakage_overlap (&crafted.view, shuffled, findings);
  g_assert_cmpuint (findings->len, ==, 0);
  crafted_clear (&crafted);
}

static void
test_overlap_same_example (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GPtrArray) folds = NULL;
  InionFoldPlan *fold;

  crafted_init (&crafted, 20, 2, 1);
  folds = divide (&crafted.view, 4, TRUE);
  fold = g_ptr_array_index (folds, 1);
  fold->train[fold->n_train++] = fold->test[0];
  _inion_leakage_overlap (&crafted.view, folds, findings);
  assert_finding (findings, "overlapping-windows", "error", "1 of 20 tested windows");
  crafted_clear (&crafted);
}

static void
test_mixed_order_is_fine (void)
{
  for (guint n_sources = 1; n_sources <= 3; n_sources++)
    {
      Crafted crafted;
      g_autoptr (GPtrArray) findings = findings_new ();

      crafted_init (&crafted, 90, 3, n_sources);
      _inion_leakage_blocks (&crafted.view, findings);
      g_assert_cmpuint (findings->len, ==, 0);
      crafted_clear (&crafted);
    }
}

static void
test_labels_in_blocks (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();

  crafted_init (&crafted, 48, 2, 1);
  for (guint i = 0; i < 48; i++)
    crafted.label[i] = (i / 6) % 2;
  _inion_leakage_blocks (&crafted.view, findings);
  assert_finding (findings, "labels-in-blocks", "warning",
                  "48 examples form 8 stretches of one class, where a shuffled order would form "
                  "about 25");
  crafted_clear (&crafted);
}

/* Examples that were given out of order are judged by their time, not by their place. */
static void
test_blocks_by_time (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();

  crafted_init (&crafted, 40, 2, 1);
  for (guint i = 0; i < 40; i++)
    {
      crafted.label[i] = i % 2;
      crafted.onset_ns[i] = (i % 2 * 100 + i) * 4 * SECOND;
    }
  _inion_leakage_blocks (&crafted.view, findings);
  assert_finding (findings, "labels-in-blocks", "warning", "form 2 stretches");
  crafted_clear (&crafted);
}

/* Many changes, yet one class becomes rarer: mixed by the runs, not by the ranks. */
static void
test_class_goes_with_time (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();

  crafted_init (&crafted, 120, 2, 1);
  for (guint i = 0; i < 120; i++)
    crafted.label[i] = i < 60 ? i % 3 != 0 : i % 3 == 0;
  _inion_leakage_blocks (&crafted.view, findings);
  assert_finding (findings, "labels-in-blocks", "warning", "Class goes with time");
  crafted_clear (&crafted);
}

static void
test_class_goes_with_recording (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();

  crafted_init (&crafted, 60, 2, 2);
  for (guint i = 0; i < 60; i++)
    crafted.label[i] = crafted.source[i];
  _inion_leakage_blocks (&crafted.view, findings);
  assert_finding (findings, "labels-in-blocks", "warning", "Class goes with recording");
  crafted_clear (&crafted);
}

/* The rule's false alarms: three tests at 1 % each may raise at most about 3 % on random labels. */
static void
test_blocks_false_alarms (void)
{
  InionRandom random;
  guint n_alarms = 0;

  inion_random_seed (&random, 5, 1);
  for (guint trial = 0; trial < 300; trial++)
    {
      Crafted crafted;
      g_autoptr (GPtrArray) findings = findings_new ();

      crafted_init (&crafted, 45, 2, 3);
      for (guint i = 0; i < 45; i++)
        crafted.label[i] = (guint) inion_random_below (&random, 2);
      _inion_leakage_blocks (&crafted.view, findings);
      n_alarms += findings->len;
      crafted_clear (&crafted);
    }
  g_assert_cmpuint (n_alarms, <=, 15);
  g_assert_cmpuint (n_alarms, >, 0);
}

static void
test_duplicate_recordings (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GPtrArray) folds = NULL;
  g_autoptr (GError) error = NULL;

  crafted_init (&crafted, 30, 2, 3);
  folds = divide (&crafted.view, 3, TRUE);
  g_assert_true (_inion_leakage_duplicates (&crafted.view, folds, findings, NULL, &error));
  g_assert_cmpuint (findings->len, ==, 0);

  /* Recording 3 is recording 1, amplified and shifted. */
  for (guint i = 0; i < 10 * 400; i++)
    crafted.samples[20 * 400 + i] = 3 * crafted.samples[i] + 7;
  g_assert_true (_inion_leakage_duplicates (&crafted.view, folds, findings, NULL, &error));
  assert_finding (findings, "duplicate-recordings", "error", "Recordings 1 and 3");
  crafted_clear (&crafted);
}

static void
test_duplicate_examples (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GPtrArray) folds = NULL;
  InionRandom random;

  crafted_init (&crafted, 40, 2, 1);
  folds = divide (&crafted.view, 4, TRUE);
  inion_random_seed (&random, 3, 3);
  /* 35 repeats 2 with noise of 1 % of its variance's root: r ≈ 0.99995; 36 repeats 37's fold. */
  for (guint i = 0; i < 400; i++)
    {
      crafted.samples[35 * 400 + i] = crafted.samples[2 * 400 + i] +
                                      0.01 * inion_random_normal (&random);
      crafted.samples[36 * 400 + i] = crafted.samples[37 * 400 + i];
    }
  g_assert_true (_inion_leakage_duplicates (&crafted.view, folds, findings, NULL, NULL));
  assert_finding (findings, "duplicate-examples", "error", "2 tested windows are copies");
  g_ptr_array_set_size (findings, 0);

  /* With a tenth of noise it is another window: r ≈ 0.995. */
  for (guint i = 0; i < 400; i++)
    crafted.samples[35 * 400 + i] = crafted.samples[2 * 400 + i] +
                                    0.1 * inion_random_normal (&random);
  g_assert_true (_inion_leakage_duplicates (&crafted.view, folds, findings, NULL, NULL));
  g_assert_cmpuint (findings->len, ==, 0);
  crafted_clear (&crafted);
}

/* Offsets of channels and flat channels make no windows equal; NaN does no harm. */
static void
test_no_false_duplicates (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GPtrArray) folds = NULL;

  crafted_init (&crafted, 20, 2, 2);
  folds = divide (&crafted.view, 2, TRUE);
  for (guint i = 0; i < 20; i++)
    for (guint k = 0; k < 100; k++)
      {
        crafted.samples[i * 400 + k] += 1e6;
        crafted.samples[i * 400 + 100 + k] = 5;
      }
  crafted.samples[3 * 400 + 250] = NAN;
  for (guint k = 0; k < 400; k++)
    crafted.samples[7 * 400 + k] = crafted.samples[17 * 400 + k] = 0;
  g_assert_true (_inion_leakage_duplicates (&crafted.view, folds, findings, NULL, NULL));
  g_assert_cmpuint (findings->len, ==, 0);
  crafted_clear (&crafted);
}

static void
test_size (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();

  crafted_init (&crafted, 39, 2, 1);
  _inion_leakage_size (&crafted.view, findings);
  assert_finding (findings, "small-sample", "warning", "only 39 examples");
  crafted_clear (&crafted);
  g_ptr_array_set_size (findings, 0);

  crafted_init (&crafted, 100, 2, 1);
  _inion_leakage_size (&crafted.view, findings);
  g_assert_cmpuint (findings->len, ==, 0);
  for (guint i = 0; i < 100; i++)
    crafted.label[i] = i < 9 ? 1 : 0;
  _inion_leakage_size (&crafted.view, findings);
  assert_finding (findings, "small-sample", "warning", "“right” has only 9 examples");
  crafted_clear (&crafted);
}

static void
test_balance (void)
{
  static const struct
  {
    guint of_first;
    const char *severity;
  } cases[] = { { 50, NULL }, { 59, NULL }, { 60, "note" }, { 79, "note" }, { 80, "warning" },
                { 100, "warning" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Crafted crafted;
      g_autoptr (GPtrArray) findings = findings_new ();

      crafted_init (&crafted, 100, 2, 1);
      for (guint k = 0; k < 100; k++)
        crafted.label[k] = k < cases[i].of_first ? 0 : 1;
      _inion_leakage_balance (&crafted.view, findings);
      if (cases[i].severity == NULL)
        g_assert_cmpuint (findings->len, ==, 0);
      else
        assert_finding (findings, "class-imbalance", cases[i].severity, "“left”");
      crafted_clear (&crafted);
    }
}

static void
test_shuffled (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();

  crafted_init (&crafted, 60, 2, 1);
  _inion_leakage_shuffled (&crafted.view, INION_SCHEME_BLOCKED_K_FOLD, findings);
  g_assert_cmpuint (findings->len, ==, 0);
  _inion_leakage_shuffled (&crafted.view, INION_SCHEME_STRATIFIED_K_FOLD, findings);
  assert_finding (findings, "shuffled-folds", "warning", "within one recording");
  g_ptr_array_set_size (findings, 0);
  crafted.view.n_sources = 2;
  _inion_leakage_shuffled (&crafted.view, INION_SCHEME_STRATIFIED_K_FOLD, findings);
  assert_finding (findings, "shuffled-folds", "warning", "leave-one-recording-out");
  crafted_clear (&crafted);
}

static void
test_transductive (void)
{
  static const char *const none[] = { NULL };
  static const char *const steps[] = { "recentring", "ica", NULL };
  g_autoptr (GPtrArray) findings = findings_new ();

  _inion_leakage_transductive (none, findings);
  g_assert_cmpuint (findings->len, ==, 0);
  _inion_leakage_transductive (steps, findings);
  assert_finding (findings, "transductive", "note", "recentring, ica");
}

static void
test_empty (void)
{
  Crafted crafted;
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GPtrArray) folds = NULL;

  crafted_init (&crafted, 1, 2, 1);
  crafted.view.n = 0;
  folds = divide (&crafted.view, 1, TRUE);
  _inion_leakage_overlap (&crafted.view, folds, findings);
  _inion_leakage_blocks (&crafted.view, findings);
  _inion_leakage_balance (&crafted.view, findings);
  g_assert_true (_inion_leakage_duplicates (&crafted.view, folds, findings, NULL, NULL));
  g_assert_cmpuint (findings->len, ==, 0);
  _inion_leakage_size (&crafted.view, findings);
  assert_finding (findings, "small-sample", "warning", "only 0 examples");
  crafted_clear (&crafted);
}

static gpointer
check_cancelled (InionJob *job,
                 gpointer  data,
                 GError  **error)
{
  Crafted *crafted = data;
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GPtrArray) folds = divide (&crafted->view, 2, TRUE);

  inion_job_cancel (job);
  g_assert_false (_inion_leakage_duplicates (&crafted->view, folds, findings, job, error));
  return NULL;
}

static void
test_cancel (void)
{
  Crafted crafted;
  g_autoptr (InionJob) job = NULL;
  g_autoptr (GError) error = NULL;

  crafted_init (&crafted, 20, 2, 1);
  job = inion_job_new ("Looking for leakage", check_cancelled, &crafted, NULL, NULL);
  g_assert_null (inion_job_run (job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  crafted_clear (&crafted);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/leakage/overlap", test_overlap);
  g_test_add_func ("/decode/leakage/overlap-same-example", test_overlap_same_example);
  g_test_add_func ("/decode/leakage/mixed-order-is-fine", test_mixed_order_is_fine);
  g_test_add_func ("/decode/leakage/labels-in-blocks", test_labels_in_blocks);
  g_test_add_func ("/decode/leakage/blocks-by-time", test_blocks_by_time);
  g_test_add_func ("/decode/leakage/class-goes-with-time", test_class_goes_with_time);
  g_test_add_func ("/decode/leakage/class-goes-with-recording", test_class_goes_with_recording);
  g_test_add_func ("/decode/leakage/blocks-false-alarms", test_blocks_false_alarms);
  g_test_add_func ("/decode/leakage/duplicate-recordings", test_duplicate_recordings);
  g_test_add_func ("/decode/leakage/duplicate-examples", test_duplicate_examples);
  g_test_add_func ("/decode/leakage/no-false-duplicates", test_no_false_duplicates);
  g_test_add_func ("/decode/leakage/size", test_size);
  g_test_add_func ("/decode/leakage/balance", test_balance);
  g_test_add_func ("/decode/leakage/shuffled", test_shuffled);
  g_test_add_func ("/decode/leakage/transductive", test_transductive);
  g_test_add_func ("/decode/leakage/empty", test_empty);
  g_test_add_func ("/decode/leakage/cancel", test_cancel);
  return g_test_run ();
}
