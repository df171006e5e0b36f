/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One path, three clocks: sample by sample, in chunks and as a file give the same bits. */

#include "decode-scene.h"

#include "core/error.h"
#include "core/init.h"
#include "decode/stream-decoder.h"
#include "decode/track.h"

typedef struct
{
  GArray *samples;        /* gint64 */
  GArray *probabilities;  /* double */
} Decisions;

static void
decisions_init (Decisions *self)
{
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->probabilities = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
decisions_clear (Decisions *self)
{
  g_array_unref (self->samples);
  g_array_unref (self->probabilities);
}

static void
on_decision (gint64        sample,
             const double *probabilities,
             gpointer      data)
{
  Decisions *self = data;

  g_array_append_val (self->samples, sample);
  g_array_append_vals (self->probabilities, probabilities, 2);
}

typedef struct
{
  InionRecipeDesign design;
  InionRecipePhase phase;
  double resample_hz;
  double notch_hz;
  double baseline_s;      /* start; NAN: none */
  const char *reference;
} Variant;

static void
make_variant (InionRecipeSpec *spec,
              gpointer         data)
{
  const Variant *variant = data;

  spec->design = variant->design;
  spec->phase = variant->phase;
  spec->resample_hz = variant->resample_hz;
  spec->notch_hz = variant->notch_hz;
  if (!isnan (variant->baseline_s))
    {
      spec->baseline_s[0] = variant->baseline_s;
      spec->baseline_s[1] = variant->baseline_s + 0.3;
    }
  g_free (spec->reference);
  spec->reference = g_strdup (variant->reference);
  spec->band_hz[1] = 20;
}

/* Sample-major data in another channel order, with a channel that no model knows between. */
static double *
as_stream (InionRecording *recording,
           const guint    *order,
           gsize          *n)
{
  double *out, *row;

  *n = (gsize) inion_channel_get_n_samples (inion_recording_get_channel (recording, 0));
  out = g_new0 (double, *n * 6);
  row = g_new (double, *n);
  for (guint c = 0; c < 6; c++)
    {
      if (order[c] < 5)
        g_assert_true (inion_recording_read (recording, order[c], 0, *n, row, NULL));
      for (gsize t = 0; t < *n; t++)
        out[t * 6 + c] = order[c] < 5 ? row[t] : 123.0;
    }
  g_free (row);
  return out;
}

static void
push_in_chunks (InionStreamDecoder *decoder,
                const double       *data,
                gsize               n,
                gsize               chunk,
                Decisions          *decisions)
{
  g_autoptr (GError) error = NULL;
  InionRandom random;

  inion_random_seed (&random, 5, chunk);
  for (gsize first = 0; first < n;)
    {
      gsize size = chunk > 0 ? chunk : (gsize) inion_random_below (&random, 3000);

      size = MIN (size, n - first);
      inion_stream_decoder_push (decoder, data + first * 6, size, on_decision, decisions, &error);
      g_assert_no_error (error);
      first += size;
    }
}

static const Variant variants[] = {
  { INION_DESIGN_BUTTERWORTH, INION_RECIPE_PHASE_CAUSAL, NAN, NAN, NAN, "as-recorded" },
  { INION_DESIGN_BUTTERWORTH, INION_RECIPE_PHASE_CAUSAL, 50, 25, NAN, "average" },
  { INION_DESIGN_FIR, INION_RECIPE_PHASE_CAUSAL, NAN, NAN, -0.5, "Cz" },
  { INION_DESIGN_FIR, INION_RECIPE_PHASE_MINIMUM, NAN, 30, 1.0, "as-recorded" },
};

static void
test_same_bits (void)
{
  static const guint order[] = { 4, 2, 5, 0, 3, 1 };
  static const char *const labels[] = { "EEG PZ-Ref", "Cz", "status", "fz", "C4.", "C3", NULL };

  for (guint v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, (gpointer) &variants[v]);
      g_autoptr (InionRecording) recording = scene_new (20, 3, 11);
      g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, &error);
      g_autoptr (InionStreamDecoder) decoder = NULL;
      g_autoptr (InionTrack) track = NULL;
      g_autofree double *data = NULL;
      static const gsize chunks[] = { 1, 7, 1024, 0, 100000 };
      gsize n;

      g_assert_no_error (error);
      track = inion_model_apply (model, recording, NULL, 0.11, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (track->n, >, 700);
      decoder = inion_stream_decoder_new (model, labels, SCENE_RATE, 0.11, &error);
      g_assert_no_error (error);
      data = as_stream (recording, order, &n);
      for (guint k = 0; k < G_N_ELEMENTS (chunks); k++)
        {
          Decisions decisions;

          decisions_init (&decisions);
          inion_stream_decoder_reset (decoder);
          push_in_chunks (decoder, data, n, chunks[k], &decisions);
          g_assert_cmpuint (decisions.samples->len, ==, track->n);
          g_assert_cmpmem (decisions.probabilities->data,
                           decisions.probabilities->len * sizeof (double),
                           track->probabilities, track->n * 2 * sizeof (double));
          for (gsize i = 0; i < track->n; i++)
            g_assert_cmpint (g_array_index (decisions.samples, gint64, i) * (SECOND_NS / 100), ==,
                             track->end_ns[i]);
          decisions_clear (&decisions);
        }
    }
}

/* What a model says of a window is what the track says at its place, also for zero phase. */
static void
test_examples_on_track (void)
{
  static const InionRecipePhase phases[] = { INION_RECIPE_PHASE_ZERO, INION_RECIPE_PHASE_CAUSAL };

  for (guint k = 0; k < 2; k++)
    {
      Variant variant = { INION_DESIGN_BUTTERWORTH, phases[k], NAN, NAN, NAN, "average" };
      g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, &variant);
      g_autoptr (InionRecording) recording = scene_new (20, 3, 12);
      g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, &error);
      g_autoptr (InionTrack) track = inion_model_apply (model, recording, NULL, 0.01, NULL, &error);
      guint right = 0;

      g_assert_no_error (error);
      g_assert_cmpint (track->window_ns, ==, 2 * SECOND_NS);
      for (guint i = 0; i < 20; i++)
        {
          gint64 end = inion_example_set_get_start_ns (examples, i) + 2 * SECOND_NS;
          gsize row = (gsize) (end / (SECOND_NS / 100)) - 200;
          double p[2];

          g_assert_cmpint (track->end_ns[row], ==, end);
          g_assert_true (inion_model_predict (model, inion_example_set_get_data (examples, i), p,
                                              NULL));
          g_assert_cmpmem (p, sizeof p, track->probabilities + 2 * row, sizeof p);
          right += p[inion_example_set_get_label (examples, i)] > 0.5;
        }
      g_assert_cmpuint (right, >=, 18);
    }
}

/* A gap: no decision on a window that holds it, the same grid after it, no NaN ever. */
static void
test_gap (void)
{
  static const guint order[] = { 0, 1, 2, 3, 4, 5 };
  static const char *const labels[] = { "Fz", "C3", "Cz", "C4", "Pz", "extra", NULL };
  g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, (gpointer) &variants[0]);
  g_autoptr (InionRecording) recording = scene_new (20, 3, 13);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
  g_autoptr (InionStreamDecoder) decoder = inion_stream_decoder_new (model, labels, SCENE_RATE,
                                                                     0.5, NULL);
  g_autofree double *data = NULL;
  Decisions decisions;
  gsize n;

  data = as_stream (recording, order, &n);
  data[1000 * 6 + 1] = NAN;
  data[1500 * 6 + 2] = INFINITY;
  data[2000 * 6 + 2] = 1e300;
  data[2500 * 6 + 5] = NAN; /* on a channel that the model does not use */
  decisions_init (&decisions);
  push_in_chunks (decoder, data, n, 64, &decisions);
  g_assert_cmpuint (decisions.samples->len, ==, (n - 200) / 50 + 1 - 12);
  for (guint i = 0; i < decisions.samples->len; i++)
    {
      gint64 end = g_array_index (decisions.samples, gint64, i);
      double p = g_array_index (decisions.probabilities, double, 2 * i);

      g_assert_cmpint (end % 50, ==, 0);
      g_assert_false (end > 1000 && end <= 1200);
      g_assert_false (end > 1500 && end <= 1700);
      g_assert_true (p >= 0 && p <= 1);
    }
  decisions_clear (&decisions);
}

static void
test_refusals (void)
{
  static const char *const labels[] = { "Fz", "C3", "Cz", "C4", "Pz", NULL };
  static const char *const few[] = { "Fz", "C3", "Cz", "C4", NULL };
  Variant zero = { INION_DESIGN_BUTTERWORTH, INION_RECIPE_PHASE_ZERO, NAN, NAN, NAN,
                   "as-recorded" };
  g_autoptr (InionRecipe) acausal = scene_recipe (make_variant, &zero);
  g_autoptr (InionRecipe) causal = scene_recipe (make_variant, (gpointer) &variants[0]);
  g_autoptr (InionRecording) recording = scene_new (20, 3, 14);
  g_autoptr (InionExampleSet) a = scene_examples (acausal, recording, NULL);
  g_autoptr (InionExampleSet) b = scene_examples (causal, recording, NULL);
  g_autoptr (InionModel) one = inion_model_fit (acausal, a, NULL, 0, NULL, NULL);
  g_autoptr (InionModel) two = inion_model_fit (causal, b, NULL, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_stream_decoder_new (one, labels, SCENE_RATE, 0.5, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "filter.phase"));
  g_clear_error (&error);
  g_assert_null (inion_stream_decoder_new (two, few, SCENE_RATE, 0.5, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "Pz"));
  g_clear_error (&error);
  g_assert_null (inion_stream_decoder_new (two, labels, 128, 0.5, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (inion_stream_decoder_new (two, labels, NAN, 0.5, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
}

/* A bad channel is rebuilt from its neighbours where a model is applied. */
static void
test_bad_channel (void)
{
  static const char *const bad[] = { "Cz", NULL };
  Variant zero = { INION_DESIGN_BUTTERWORTH, INION_RECIPE_PHASE_ZERO, NAN, NAN, NAN,
                   "as-recorded" };
  g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, &zero);
  g_autoptr (InionRecording) recording = scene_new (20, 3, 15);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionTrack) whole = inion_model_apply (model, recording, NULL, 0.5, NULL, &error);
  g_autoptr (InionTrack) rebuilt = inion_model_apply (model, recording, bad, 0.5, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (whole->n, ==, rebuilt->n);
  g_assert_true (memcmp (whole->probabilities, rebuilt->probabilities,
                         whole->n * sizeof (double)) != 0);
}

/* What the file's track says with bad channels, the stream says too, to the last bit. */
static void
test_bad_channel_same_bits (void)
{
  static const guint order[] = { 4, 2, 5, 0, 3, 1 };
  static const char *const labels[] = { "EEG PZ-Ref", "Cz", "status", "fz", "C4.", "C3", NULL };
  static const char *const bad[] = { "EEG CZ-Ref", NULL };
  static const char *const too_many[] = { "Cz", "C4", NULL };

  for (guint v = 0; v < 2; v++)
    {
      g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, (gpointer) &variants[v]);
      g_autoptr (InionRecording) recording = scene_new (20, 3, 16);
      g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
      g_autoptr (InionModel) model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionTrack) whole = inion_model_apply (model, recording, NULL, 0.11, NULL, &error);
      g_autoptr (InionTrack) track = inion_model_apply (model, recording, bad, 0.11, NULL, &error);
      g_autoptr (InionStreamDecoder) decoder =
        inion_stream_decoder_new_with_bad (model, labels, bad, SCENE_RATE, 0.11, &error);
      g_autofree double *data = NULL;
      Decisions decisions;
      gsize n;

      g_assert_no_error (error);
      data = as_stream (recording, order, &n);
      decisions_init (&decisions);
      push_in_chunks (decoder, data, n, 0, &decisions);
      g_assert_cmpuint (decisions.samples->len, ==, track->n);
      g_assert_cmpmem (decisions.probabilities->data,
                       decisions.probabilities->len * sizeof (double),
                       track->probabilities, track->n * 2 * sizeof (double));
      g_assert_true (memcmp (track->probabilities, whole->probabilities,
                             track->n * 2 * sizeof (double)) != 0);
      decisions_clear (&decisions);
      g_assert_null (inion_stream_decoder_new_with_bad (model, labels, too_many, SCENE_RATE, 0.11,
                                                        &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
    }
}

/* A copy of the scene whose channels all stand still in [from, to). */
static InionRecording *
with_silence (InionRecording *recording,
              gsize           from,
              gsize           to,
              double          value)
{
  InionMemoryRecording *copy = inion_memory_recording_new (SCENE_RATE, NULL);
  gsize n = (gsize) inion_channel_get_n_samples (inion_recording_get_channel (recording, 0));
  g_autofree double *x = g_new (double, n);

  for (guint c = 0; c < 5; c++)
    {
      g_assert_true (inion_recording_read (recording, c, 0, n, x, NULL));
      for (gsize t = from; t < MIN (to, n); t++)
        x[t] = value + c;
      inion_memory_recording_add_channel (copy, scene_labels[c], "µV", x, n);
    }
  return INION_RECORDING (copy);
}

static void
count_no_answer (gint64        sample,
                 InionNoAnswer why,
                 gpointer      data)
{
  guint *counts = data;

  counts[why]++;
}

/* The same windows go without an answer in a stream. */
static void
check_stream_silence (InionModel       *model,
                      InionRecording   *recording,
                      const InionTrack *track)
{
  static const guint order[] = { 0, 1, 2, 3, 4, 5 };
  static const char *const labels[] = { "Fz", "C3", "Cz", "C4", "Pz", "extra", NULL };
  g_autoptr (InionStreamDecoder) decoder = inion_stream_decoder_new (model, labels, SCENE_RATE,
                                                                     0.5, NULL);
  guint counts[INION_N_NO_ANSWERS] = { 0 };
  g_autofree double *data = NULL;
  Decisions decisions;
  gsize n;

  decisions_init (&decisions);
  data = as_stream (recording, order, &n);
  inion_stream_decoder_set_no_answer_func (decoder, count_no_answer, counts);
  push_in_chunks (decoder, data, n, 64, &decisions);
  g_assert_cmpuint (decisions.samples->len, ==, track->n);
  g_assert_cmpuint (counts[INION_NO_ANSWER_FLAT] + counts[INION_NO_ANSWER_GAP], ==,
                    track->n_unanswered);
  decisions_clear (&decisions);
}

/* A dead amplifier is no reason to believe anything, least of all with certainty. */
static void
test_flat (void)
{
  static const double values[] = { 4000, NAN };

  for (guint k = 0; k < 4; k++)
    {
      gboolean causal = k % 2 == 1;
      double value = values[k / 2];
      InionNoAnswer expected = isnan (value) ? INION_NO_ANSWER_GAP : INION_NO_ANSWER_FLAT;
      Variant zero = variants[0];
      g_autoptr (InionRecipe) recipe = NULL;
      g_autoptr (InionRecording) recording = scene_new (20, 3, 17);
      g_autoptr (InionRecording) dead = with_silence (recording, 0, G_MAXSIZE, value);
      g_autoptr (InionRecording) half = with_silence (recording, 3000, 5000, value);
      g_autoptr (InionExampleSet) examples = NULL;
      g_autoptr (InionModel) model = NULL;
      g_autoptr (InionTrack) track = NULL;
      g_autofree char *said = NULL;
      g_autoptr (GError) error = NULL;

      zero.phase = causal ? INION_RECIPE_PHASE_CAUSAL : INION_RECIPE_PHASE_ZERO;
      recipe = scene_recipe (make_variant, &zero);
      examples = scene_examples (recipe, recording, NULL);
      model = inion_model_fit (recipe, examples, NULL, 0, NULL, NULL);
      g_assert_null (inion_model_apply (model, dead, NULL, 0.5, NULL, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_NUMERIC);
      g_assert_nonnull (strstr (error->message, isnan (value) ? "gap" : "flat"));
      g_clear_error (&error);
      track = inion_model_apply (model, half, NULL, 0.5, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (track->n + track->n_unanswered, ==, (8800 - 200) / 50 + 1);
      g_assert_cmpuint (track->n_unanswered, >=, 30);
      for (gsize i = 0; i < track->n_unanswered; i++)
        {
          g_assert_cmpint (track->unanswered_end_ns[i], >, 30 * SECOND_NS);
          g_assert_cmpint (track->unanswered_end_ns[i], <, 52 * SECOND_NS);
          g_assert_cmpint (track->unanswered_why[i], ==, expected);
        }
      said = inion_track_dup_unanswered (track);
      g_assert_nonnull (strstr (said, isnan (value) ? "there is a gap" : "are flat"));
      if (causal)
        check_stream_silence (model, half, track);
    }
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/stream-decoder/same-bits", test_same_bits);
  g_test_add_func ("/decode/stream-decoder/examples-on-track", test_examples_on_track);
  g_test_add_func ("/decode/stream-decoder/gap", test_gap);
  g_test_add_func ("/decode/stream-decoder/refusals", test_refusals);
  g_test_add_func ("/decode/stream-decoder/bad-channel", test_bad_channel);
  g_test_add_func ("/decode/stream-decoder/bad-channel-same-bits", test_bad_channel_same_bits);
  g_test_add_func ("/decode/stream-decoder/flat", test_flat);
  return g_test_run ();
}
