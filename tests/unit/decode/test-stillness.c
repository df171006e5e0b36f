/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Silence is looked for before the filters, which ring on; a dead channel is told of. */

#include "decode-scene.h"

#include "core/error.h"
#include "core/init.h"
#include "decode/stream-decoder.h"
#include "decode/track.h"

#define FIRST 3000
#define END 5000

typedef struct
{
  InionRecipeDesign design;
  InionRecipePhase phase;
  double resample_hz;
  const char *reference;
} Variant;

static const Variant variants[] = {
  { INION_DESIGN_BUTTERWORTH, INION_RECIPE_PHASE_CAUSAL, NAN, "as-recorded" },
  { INION_DESIGN_BUTTERWORTH, INION_RECIPE_PHASE_CAUSAL, 50, "average" },
  { INION_DESIGN_FIR, INION_RECIPE_PHASE_MINIMUM, NAN, "Cz" },
  { INION_DESIGN_BUTTERWORTH, INION_RECIPE_PHASE_ZERO, NAN, "average" },
  { INION_DESIGN_FIR, INION_RECIPE_PHASE_ZERO, 80, "as-recorded" },
};

static void
make_variant (InionRecipeSpec *spec,
              gpointer         data)
{
  const Variant *variant = data;

  spec->design = variant->design;
  spec->phase = variant->phase;
  spec->resample_hz = variant->resample_hz;
  spec->band_hz[1] = 20;
  g_free (spec->reference);
  spec->reference = g_strdup (variant->reference);
}

/* A copy in which the channels of a mask stand still in [FIRST, END). */
static InionRecording *
with_silence (InionRecording *recording,
              guint           mask)
{
  InionMemoryRecording *copy = inion_memory_recording_new (SCENE_RATE, NULL);
  gsize n = (gsize) inion_channel_get_n_samples (inion_recording_get_channel (recording, 0));
  g_autofree double *x = g_new (double, n);

  for (guint c = 0; c < 5; c++)
    {
      g_assert_true (inion_recording_read (recording, c, 0, n, x, NULL));
      for (gsize t = FIRST; t < END && (mask >> c & 1) != 0; t++)
        x[t] = 4000 - 100.0 * c;
      inion_memory_recording_add_channel (copy, scene_labels[c], "µV", x, n);
    }
  return INION_RECORDING (copy);
}

static InionModel *
fit (const Variant  *variant,
     InionRecording *recording)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (make_variant, (gpointer) variant);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);
  g_autoptr (GError) error = NULL;
  InionModel *model = inion_model_fit (recipe, examples, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  return model;
}

typedef struct
{
  GArray *probabilities;
  GArray *unanswered;
} Log;

static void
on_decision (gint64        sample,
             const double *probabilities,
             gpointer      data)
{
  g_array_append_vals (((Log *) data)->probabilities, probabilities, 2);
}

static void
on_no_answer (gint64        sample,
              InionNoAnswer why,
              gpointer      data)
{
  gint64 end_ns = sample * (SECOND_NS / 100);

  g_assert_cmpint (why, ==, INION_NO_ANSWER_FLAT);
  g_array_append_val (((Log *) data)->unanswered, end_ns);
}

/* However the stream is cut: the same windows have no answer, the others the same bits. */
static void
check_stream (InionModel       *model,
              InionRecording   *recording,
              const InionTrack *track)
{
  static const gsize chunks[] = { 1, 37, 1024, 100000 };
  g_autoptr (InionStreamDecoder) decoder = NULL;
  gsize n = (gsize) inion_channel_get_n_samples (inion_recording_get_channel (recording, 0));
  g_autofree double *x = g_new (double, n);
  g_autofree double *data = g_new (double, 5 * n);

  decoder = inion_stream_decoder_new (model, (const char *const *) scene_labels, SCENE_RATE, 0.25,
                                      NULL);
  for (guint c = 0; c < 5; c++)
    {
      g_assert_true (inion_recording_read (recording, c, 0, n, x, NULL));
      for (gsize t = 0; t < n; t++)
        data[5 * t + c] = x[t];
    }
  for (guint k = 0; k < G_N_ELEMENTS (chunks); k++)
    {
      g_autoptr (GArray) probabilities = g_array_new (FALSE, FALSE, sizeof (double));
      g_autoptr (GArray) unanswered = g_array_new (FALSE, FALSE, sizeof (gint64));
      Log log = { probabilities, unanswered };

      inion_stream_decoder_reset (decoder);
      inion_stream_decoder_set_no_answer_func (decoder, on_no_answer, &log);
      for (gsize t = 0; t < n; t += chunks[k])
        g_assert_true (inion_stream_decoder_push (decoder, data + 5 * t, MIN (chunks[k], n - t),
                                                  on_decision, &log, NULL));
      g_assert_cmpmem (probabilities->data, probabilities->len * sizeof (double),
                       track->probabilities, track->n * 2 * sizeof (double));
      g_assert_cmpmem (unanswered->data, unanswered->len * sizeof (gint64),
                       track->unanswered_end_ns, track->n_unanswered * sizeof (gint64));
    }
}

/* Whether a track has no answer for the window that ends there. */
static gboolean
is_unanswered (const InionTrack *track,
               gint64            end_ns)
{
  for (gsize i = 0; i < track->n_unanswered; i++)
    if (track->unanswered_end_ns[i] == end_ns)
      return TRUE;
  return FALSE;
}

static void
test_ringing (void)
{
  for (guint v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (InionRecording) recording = scene_new (20, 3, 17);
      g_autoptr (InionRecording) half = with_silence (recording, 0x1f);
      g_autoptr (InionModel) model = fit (&variants[v], recording);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionTrack) track = inion_model_apply (model, half, NULL, 0.25, NULL, &error);
      guint n_flat = 0;

      g_assert_no_error (error);
      /* From the very first window that lies in the silence to the last. */
      for (gint64 end = 32 * SECOND_NS; end <= 50 * SECOND_NS; end += SECOND_NS / 4)
        n_flat += is_unanswered (track, end);
      if (isnan (variants[v].resample_hz))
        g_assert_cmpuint (n_flat, ==, 73);
      for (gsize i = 0; i < track->n; i++)
        g_assert_true (track->end_ns[i] < 32 * SECOND_NS || track->end_ns[i] > 50 * SECOND_NS);
      g_assert_cmpuint (track->n_unanswered, >=, 70);
      for (gsize i = 0; i < track->n_unanswered; i++)
        {
          g_assert_cmpint (track->unanswered_end_ns[i], >=, 32 * SECOND_NS - SECOND_NS / 50);
          g_assert_cmpint (track->unanswered_end_ns[i], <, 52 * SECOND_NS);
        }
      g_assert_null (track->dead[0]);
      if (inion_recipe_is_causal (inion_model_get_recipe (model), NULL))
        check_stream (model, half, track);
    }
}

/* A channel that died is told of, with its name, and the answers stay. */
static void
test_dead_channel (void)
{
  for (guint v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (InionRecording) recording = scene_new (20, 3, 18);
      g_autoptr (InionRecording) dead = with_silence (recording, 1 << 3);
      g_autoptr (InionModel) model = fit (&variants[v], recording);
      g_autoptr (InionTrack) whole = inion_model_apply (model, recording, NULL, 0.25, NULL, NULL);
      g_autoptr (InionTrack) track = NULL;
      g_autofree char *said = NULL;
      g_autoptr (GError) error = NULL;

      track = inion_model_apply (model, dead, NULL, 0.25, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (track->n, ==, whole->n);
      g_assert_cmpuint (track->n_unanswered, ==, 0);
      g_assert_null (whole->dead[0]);
      g_assert_cmpuint (g_strv_length (track->dead), ==, 1);
      g_assert_cmpstr (track->dead[0], ==, "C4");
      g_assert_cmpuint (track->n_dead[0], >=, 70);
      g_assert_cmpuint (track->n_dead[0], <=, 77);
      said = inion_track_dup_unanswered (track);
      g_assert_nonnull (strstr (said, "C4 is flat in "));
      g_assert_null (inion_track_dup_unanswered (whole));
      if (inion_recipe_is_causal (inion_model_get_recipe (model), NULL))
        check_stream (model, dead, track);
    }
}

/* What was flat in training is nothing to warn of. */
static void
test_known_dead (void)
{
  g_autoptr (InionRecording) recording = scene_new (20, 3, 19);
  InionMemoryRecording *copy = inion_memory_recording_new (SCENE_RATE, NULL);
  g_autoptr (InionRecording) quiet = INION_RECORDING (copy);
  gsize n = (gsize) inion_channel_get_n_samples (inion_recording_get_channel (recording, 0));
  g_autofree double *x = g_new0 (double, n);
  g_autoptr (InionModel) model = NULL;
  g_autoptr (InionTrack) track = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  for (guint i = 0; i < inion_recording_get_events (recording)->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (inion_recording_get_events (recording), i);

      inion_memory_recording_add_event (copy, event->onset_ns, event->duration_ns, event->text);
    }
  for (guint c = 0; c < 4; c++)
    {
      g_assert_true (inion_recording_read (recording, c, 0, n, x, NULL));
      inion_memory_recording_add_channel (copy, scene_labels[c], "µV", x, n);
    }
  memset (x, 0, n * sizeof (double));
  inion_memory_recording_add_channel (copy, scene_labels[4], "µV", x, n);
  model = fit (&variants[0], quiet);
  track = inion_model_apply (model, quiet, NULL, 0.25, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (track->n_unanswered, ==, 0);
  g_assert_null (track->dead[0]);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/stillness/ringing", test_ringing);
  g_test_add_func ("/decode/stillness/dead-channel", test_dead_channel);
  g_test_add_func ("/decode/stillness/known-dead", test_known_dead);
  return g_test_run ();
}
