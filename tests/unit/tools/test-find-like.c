/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/tools/find-like.h"

#include "../gap-fixture.h"
#include "../signal/reference.h"
#include "app/tools/tool-signal.h"
#include "core/random.h"

#define RATE 100.0
#define LENGTH 50

static const char *const labels[] = { "Fp1", "Fp2" };

/* Noise in two channels, with a pattern at some places. */
static double *
make_signal (gsize         n,
             const gsize  *places,
             guint         n_places,
             double        noise)
{
  double *x = g_new (double, 2 * n);
  InionRandom random;

  inion_random_seed (&random, 11, 1);
  for (gsize i = 0; i < 2 * n; i++)
    x[i] = noise * inion_random_normal (&random);
  for (guint p = 0; p < n_places; p++)
    for (guint i = 0; i < LENGTH; i++)
      {
        double value = 100 * exp (-pow ((i - 20.0) / 6, 2));

        x[places[p] + i] += value;
        x[n + places[p] + i] += 0.6 * value;
      }
  return x;
}

static InionShownSignal *
show (InionRecording *recording)
{
  const InionDisplayFilter off = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontage) montage = inion_montage_new ("as-recorded", recording, NULL, &error);

  g_assert_no_error (error);
  return inion_shown_signal_new (montage, &off);
}

static InionLike *
find (InionRecording *recording,
      double          from_s,
      double          to_s,
      double          least)
{
  g_autoptr (InionShownSignal) signal = show (recording);
  g_autoptr (GArray) eeg = inion_tool_find_eeg (inion_shown_signal_get_montage (signal), NULL);
  g_autoptr (GError) error = NULL;
  InionLike *like = inion_like_find (signal, eeg, TRUE, from_s, to_s, INION_SIMILARITY_JOINT,
                                     least, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (eeg->len, ==, 2);
  return like;
}

static void
assert_at (const InionLike *like,
           guint            index,
           gint64           at)
{
  g_assert_cmpuint (index, <, like->hits->len);
  g_assert_cmpint (ABS (g_array_index (like->hits, InionTemplateHit, index).at - at), <=, 1);
}

/* Longer than a chunk: what lies on the border of two is found once. */
static void
test_chunks (void)
{
  const gsize chunk = (1 << 22) / 2, n = 2 * chunk + 70000;
  const gsize places[] = { 300, 5000, chunk - LENGTH - 1, 2 * chunk - 3 * LENGTH, n - LENGTH };
  g_autofree double *x = make_signal (n, places, G_N_ELEMENTS (places), 1);
  const GapStretch all = { 0, n };
  g_autoptr (InionRecording) recording = gap_fixture_memory (RATE, labels, 2, x, &all, 1);
  g_autoptr (InionLike) like = find (recording, 3.0, 3.5, 0.9);

  g_assert_cmpuint (like->hits->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    assert_at (like, i, (gint64) places[i + 1]);
  g_assert_cmpuint (like->n_samples, ==, n);
  g_assert_cmpuint (inion_like_count (like, 0.9), ==, 4);
  g_assert_cmpuint (inion_like_count (like, 1.01), ==, 0);
}

/* Half of the pattern before a gap and half after it is no find; at its very edges it is. */
static void
test_gaps (void)
{
  const gsize places[] = { 300, 1000 - LENGTH / 2, 1600 };
  const GapStretch stretches[] = { { 0, 1000 }, { 15, 600 }, { 30, 400 } };
  g_autofree double *x = make_signal (2000, places, G_N_ELEMENTS (places), 0.5);
  g_autoptr (InionRecording) recording = gap_fixture_memory (RATE, labels, 2, x, stretches, 3);
  g_autoptr (InionLike) like = find (recording, 3.0, 3.5, 0.8);

  g_assert_cmpuint (like->hits->len, ==, 1);
  assert_at (like, 0, 3000);
}

static void
test_marks (void)
{
  const gsize places[] = { 300, 1000, 1700, 2400 };
  g_autofree double *x = make_signal (3000, places, G_N_ELEMENTS (places), 1);
  const GapStretch all = { 0, 3000 };
  g_autoptr (InionRecording) recording = gap_fixture_memory (RATE, labels, 2, x, &all, 1);
  g_autoptr (InionLike) like = find (recording, 3.0, 3.5, 0.5);
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) made = NULL;
  InionAnnotation *mark;
  guint n_known;

  g_ptr_array_add (known, inion_annotation_new (7, 10100000000, 0, "blink", NULL, "ada",
                                                INION_ORIGIN_PERSON, NAN, NULL));
  /* Another label says nothing about this one. */
  g_ptr_array_add (known, inion_annotation_new (8, 17100000000, 0, "muscle", NULL, "ada",
                                                INION_ORIGIN_PERSON, NAN, NULL));
  made = inion_like_make_marks (like, 0.9, "blink", known, &n_known);
  g_assert_cmpuint (n_known, ==, 1);
  g_assert_cmpuint (made->len, ==, 2);
  mark = g_ptr_array_index (made, 0);
  g_assert_cmpint (ABS (inion_annotation_get_onset_ns (mark) - 17000000000), <=, 10000000);
  g_assert_cmpint (inion_annotation_get_duration_ns (mark), ==, 500000000);
  g_assert_true (inion_annotation_is_suggestion (mark));
  g_assert_null (inion_annotation_get_channels (mark));
  g_assert_cmpfloat (inion_annotation_get_confidence (mark), >, 0.9);
  g_assert_cmpfloat (inion_annotation_get_confidence (mark), <=, 1);
}

static void
test_cancel (void)
{
  const gsize places[] = { 300 };
  g_autofree double *x = make_signal (3000, places, 1, 1);
  const GapStretch all = { 0, 3000 };
  g_autoptr (InionRecording) recording = gap_fixture_memory (RATE, labels, 2, x, &all, 1);
  g_autoptr (InionShownSignal) signal = show (recording);
  g_autoptr (GArray) eeg = inion_tool_find_eeg (inion_shown_signal_get_montage (signal), NULL);
  g_autoptr (InionJob) job = inion_job_new ("x", NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  inion_job_cancel (job);
  g_assert_null (inion_like_find (signal, eeg, TRUE, 3, 3.5, INION_SIMILARITY_JOINT, 0.5, job,
                                  &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* Outside of the recording there is no pattern. */
  g_assert_null (inion_like_find (signal, eeg, TRUE, 40, 41, INION_SIMILARITY_JOINT, 0.5, NULL,
                                  &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

/* Blinks of a real recording by the example of one: in all channels, and how the two ways of making
 * one number of many channels compare. */
static void
test_blinks (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording =
    inion_recording_open (SOURCE_DATADIR "/recordings/S007R04.edf", &error);
  g_autoptr (GHashTable) all = reference_load ("clean_blinks.txt");
  const Reference *sure = reference_get (all, "S007R04_sure");
  const Reference *every = reference_get (all, "S007R04_all");
  const InionDisplayFilter filter = { .lff_hz = 1, .hff_hz = 15 };
  const double threshold = 0.6, example = sure->at[3];
  double sensitivity[2], precision[2];

  g_assert_no_error (error);
  for (int similarity = 0; similarity < 2; similarity++)
    {
      g_autoptr (InionMontage) montage = inion_montage_new ("as-recorded", recording, NULL, NULL);
      g_autoptr (InionShownSignal) signal = inion_shown_signal_new (montage, &filter);
      g_autoptr (GArray) eeg = inion_tool_find_eeg (montage, NULL);
      g_autoptr (InionLike) like =
        inion_like_find (signal, eeg, TRUE, example - 0.2, example + 0.3,
                         (InionSimilarity) similarity, threshold, NULL, &error);
      guint found = 0, right = 0, wanted = 0;

      g_assert_no_error (error);
      for (gsize b = 0; b < sure->n; b++)
        {
          if (fabs (sure->at[b] - example) < 0.5)
            continue;
          wanted++;
          for (guint h = 0; h < like->hits->len; h++)
            if (fabs ((double) g_array_index (like->hits, InionTemplateHit, h).at / 160 + 0.2 -
                      sure->at[b]) < 0.2)
              {
                found++;
                break;
              }
        }
      for (guint h = 0; h < like->hits->len; h++)
        for (gsize b = 0; b < every->n; b++)
          if (fabs ((double) g_array_index (like->hits, InionTemplateHit, h).at / 160 + 0.2 -
                    every->at[b]) < 0.2)
            {
              right++;
              break;
            }
      sensitivity[similarity] = (double) found / wanted;
      precision[similarity] = (double) right / MAX (like->hits->len, 1);
      g_test_message ("%s: %u of %u blinks, %u of %u finds are blinks",
                      similarity == INION_SIMILARITY_JOINT ? "joint" : "mean", found, wanted,
                      right, like->hits->len);
    }
  g_assert_cmpfloat (sensitivity[INION_SIMILARITY_JOINT], >=, 0.98);
  g_assert_cmpfloat (precision[INION_SIMILARITY_JOINT], >=, 0.98);
  g_assert_cmpfloat (sensitivity[INION_SIMILARITY_MEAN], <, sensitivity[INION_SIMILARITY_JOINT]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tools/find-like/chunks", test_chunks);
  g_test_add_func ("/tools/find-like/gaps", test_gaps);
  g_test_add_func ("/tools/find-like/marks", test_marks);
  g_test_add_func ("/tools/find-like/cancel", test_cancel);
  g_test_add_func ("/tools/find-like/blinks", test_blinks);
  return g_test_run ();
}
