/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decode-scene.h"

#include "core/error.h"
#include "core/init.h"
#include "recording/edited-recording.h"

static void
no_filter (InionRecipeSpec *spec,
           gpointer         data)
{
  spec->has_filter = FALSE;
}

/* Unfiltered examples are the recording's own samples. */
static void
test_samples (void)
{
  g_autoptr (InionRecipe) recipe = scene_recipe (no_filter, NULL);
  g_autoptr (InionRecording) recording = scene_new (6, 3, 1);
  g_autoptr (InionExampleSet) examples = scene_examples (recipe, recording, NULL);

  g_assert_cmpuint (inion_example_set_get_n (examples), ==, 6);
  g_assert_cmpuint (inion_example_set_get_n_channels (examples), ==, 5);
  g_assert_cmpuint (inion_example_set_get_n_samples (examples), ==, 200);
  g_assert_cmpstr (inion_example_set_get_channel (examples, 1), ==, "C3");
  g_assert_cmpstr (inion_example_set_get_class (examples, 0), ==, "left");
  for (guint i = 0; i < 6; i++)
    {
      double want[200];
      gint64 onset = (gint64) (i + 1) * SCENE_SPACING * SECOND_NS;

      g_assert_cmpint (inion_example_set_get_onset_ns (examples, i), ==, onset);
      g_assert_cmpint (inion_example_set_get_start_ns (examples, i), ==, onset + SECOND_NS / 2);
      g_assert_true (inion_recording_read (recording, 3, (gint64) (i + 1) * 400 + 50, 200, want,
                                           NULL));
      g_assert_cmpmem (inion_example_set_get_data (examples, i) + 3 * 200, sizeof want, want,
                       sizeof want);
    }
}

/* Onsets that fall between two samples: half goes to the even one, as Python rounds. */
static void
test_rounding (void)
{
  InionMemoryRecording *memory = inion_memory_recording_new (10, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  g_autoptr (InionRecipe) recipe = scene_recipe (no_filter, NULL);
  g_autoptr (InionExampleSet) examples = NULL;
  double x[200];

  for (guint t = 0; t < 200; t++)
    x[t] = t;
  inion_memory_recording_add_channel (memory, "C3", "µV", x, 200);
  inion_memory_recording_add_event (memory, 1 * SECOND_NS + 50000000, -1, "T1"); /* 15.5 → 16 */
  inion_memory_recording_add_event (memory, 3 * SECOND_NS + 150000000, -1, "T2"); /* 36.5 → 36 */
  examples = scene_examples (recipe, recording, NULL);
  g_assert_cmpfloat (inion_example_set_get_data (examples, 0)[0], ==, 16);
  g_assert_cmpfloat (inion_example_set_get_data (examples, 1)[0], ==, 36);
}

static void
reject_large (InionRecipeSpec *spec,
              gpointer         data)
{
  spec->has_filter = FALSE;
  spec->reject_peak_to_peak_uv = 500;
}

/* Every example that is left out is counted with its reason. */
static void
test_drops (void)
{
  InionMemoryRecording *memory = inion_memory_recording_new (SCENE_RATE, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  g_autoptr (InionRecipe) recipe = scene_recipe (reject_large, NULL);
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (InionExampleSet) examples = NULL;
  double x[3000] = { 0 };
  const char *log;

  for (guint t = 0; t < 3000; t++)
    x[t] = sin (t);
  x[600] = NAN;
  x[1000] = 1000;
  inion_memory_recording_add_channel (memory, "C3", "µV", x, 3000);
  inion_memory_recording_add_channel (memory, "Cz", "µV", x + 1, 2999);
  for (guint e = 0; e < 8; e++)
    inion_memory_recording_add_event (memory, (gint64) (e * 4 + 1) * SECOND_NS, -1,
                                      e % 2 == 0 ? "T1" : "T2");
  scene_annotate (set, 13.9, 0.2, "blink", INION_ORIGIN_PERSON, "C3");
  scene_annotate (set, 18, 1, "blink", INION_ORIGIN_MODEL, NULL);     /* a suggestion is no mark */
  scene_annotate (set, 22, 1, "blink", INION_ORIGIN_PERSON, "O1");    /* not a channel in use */
  scene_annotate (set, 26, 1, "something", INION_ORIGIN_PERSON, NULL);
  examples = scene_examples (recipe, recording, set);
  log = inion_example_set_get_drop_log (examples);
  g_assert_cmpuint (inion_example_set_get_n (examples), ==, 4);
  g_assert_nonnull (strstr (log, "scene: 4 examples"));
  g_assert_nonnull (strstr (log, "1 left out that reach past an end"));
  g_assert_nonnull (strstr (log, "1 left out that lie in or beside a gap"));
  g_assert_nonnull (strstr (log, "1 left out that touch a stretch that is marked"));
  g_assert_nonnull (strstr (log, "1 left out that exceed the amplitude limit"));
}

static void
sliding (InionRecipeSpec *spec,
         gpointer         data)
{
  spec->has_filter = FALSE;
  spec->from = INION_EXAMPLES_WINDOWS;
  spec->length_s = 1;
  spec->step_s = 0.5;
  spec->overlap = 0.5;
  spec->window_s[0] = spec->window_s[1] = NAN;
  g_free (spec->background);
  spec->background = g_strdup ("right");
}

/* Windows take the class whose marks cover half of them; unmarked time is no class. */
static void
test_windows (void)
{
  g_autoptr (InionRecording) recording = scene_new (1, 1, 3);
  g_autoptr (InionRecipe) recipe = scene_recipe (sliding, NULL);
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (InionExampleSet) examples = NULL;

  scene_annotate (set, 1.0, 0.4, "T1", INION_ORIGIN_PERSON, NULL);
  scene_annotate (set, 1.2, 0.8, "T1", INION_ORIGIN_ACCEPTED, NULL); /* joined: 1.0 to 2.0 */
  scene_annotate (set, 8.0, 1.5, "T2", INION_ORIGIN_PERSON, NULL);
  scene_annotate (set, 6.0, 1.5, "T2", INION_ORIGIN_MODEL, NULL);
  scene_annotate (set, 10.0, 1.0, "T1", INION_ORIGIN_PERSON, NULL);
  scene_annotate (set, 10.0, 1.0, "T2", INION_ORIGIN_PERSON, NULL);
  examples = scene_examples (recipe, recording, set);
  /* T1: 0.5, 1.0, 1.5; T2: 7.5, 8.0, 8.5, 9.0 */
  g_assert_cmpuint (inion_example_set_get_n (examples), ==, 7);
  for (guint i = 0; i < 7; i++)
    {
      g_assert_cmpuint (inion_example_set_get_label (examples, i), ==, i >= 3);
      g_assert_cmpint (inion_example_set_get_onset_ns (examples, i), ==,
                       (i < 3 ? 500000000 : 6 * SECOND_NS) + i * (SECOND_NS / 2));
    }
  g_assert_nonnull (strstr (inion_example_set_get_drop_log (examples),
                            "3 left out that are claimed by two"));
}

/* A study's copy of a file event is the same event; what a person adds is another. */
static void
test_event_copies (void)
{
  g_autoptr (InionRecording) recording = scene_new (3, 1, 4);
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (InionExampleSet) examples = NULL;
  GPtrArray *events;

  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  scene_annotate (set, 4, 0, ((InionEvent *) g_ptr_array_index (events, 0))->text,
                  INION_ORIGIN_FILE, NULL);
  scene_annotate (set, 9, 0, "T1", INION_ORIGIN_PERSON, NULL);
  examples = scene_examples (recipe, recording, set);
  g_assert_cmpuint (inion_example_set_get_n (examples), ==, 4);
}

static void
average (InionRecipeSpec *spec,
         gpointer         data)
{
  spec->has_filter = FALSE;
  g_free (spec->reference);
  spec->reference = g_strdup (data);
}

static void
test_references (void)
{
  g_autoptr (InionRecording) recording = scene_new (2, 3, 5);
  g_autoptr (InionRecipe) to_average = scene_recipe (average, (gpointer) "average");
  g_autoptr (InionRecipe) to_cz = scene_recipe (average, (gpointer) "EEG CZ-Ref");
  g_autoptr (InionRecipe) to_nowhere = scene_recipe (average, (gpointer) "Oz");
  g_autoptr (InionExampleSet) a = scene_examples (to_average, recording, NULL);
  g_autoptr (InionExampleSet) b = scene_examples (to_cz, recording, NULL);
  InionDecodeSource source = { .recording = recording, .name = "scene" };
  g_autoptr (GError) error = NULL;
  double raw[5][200];

  for (guint c = 0; c < 5; c++)
    g_assert_true (inion_recording_read (recording, c, 450, 200, raw[c], NULL));
  g_assert_cmpuint (inion_example_set_get_n_channels (b), ==, 4);
  for (guint t = 0; t < 200; t++)
    {
      double mean = (raw[0][t] + raw[1][t] + raw[2][t] + raw[3][t] + raw[4][t]) / 5;

      g_assert_cmpfloat_with_epsilon (inion_example_set_get_data (a, 0)[4 * 200 + t],
                                      raw[4][t] - mean, 1e-9);
      g_assert_cmpfloat_with_epsilon (inion_example_set_get_data (b, 0)[2 * 200 + t],
                                      raw[3][t] - raw[2][t],
                                      1e-9);
    }
  g_assert_null (inion_example_set_new (to_nowhere, &source, 1, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
}

/* Channels are those that all recordings have and that are bad in none. */
static void
test_channels (void)
{
  static const char *const bad[] = { "EEG FZ", NULL };
  g_autoptr (InionRecording) one = scene_new (3, 3, 6);
  g_autoptr (InionRecording) two = scene_new (3, 3, 7);
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  InionDecodeSource sources[2] = { { .recording = one, .name = "a" },
                                   { .recording = two, .name = "b", .bad = bad } };
  g_autoptr (GError) error = NULL;
  g_autoptr (InionExampleSet) examples = inion_example_set_new (recipe, sources, 2, NULL, &error);
  g_autoptr (InionExampleSet) again = inion_example_set_new (recipe, sources, 2, NULL, &error);
  g_autoptr (InionExampleSet) other = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (inion_example_set_get_n_channels (examples), ==, 4);
  g_assert_cmpstr (inion_example_set_get_channel (examples, 0), ==, "C3");
  g_assert_nonnull (strstr (inion_example_set_get_drop_log (examples), "Channel Fz is left out"));
  g_assert_cmpuint (inion_example_set_get_source (examples, 3), ==, 1);
  g_assert_cmpstr (inion_example_set_get_fingerprint (examples), ==,
                   inion_example_set_get_fingerprint (again));
  sources[1].recording = one;
  other = inion_example_set_new (recipe, sources, 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (inion_example_set_get_fingerprint (examples), !=,
                   inion_example_set_get_fingerprint (other));
}

/* The same samples whose channels are taken for something else make other examples. */
static void
test_taken_for (void)
{
  g_autoptr (InionRecording) recording = scene_new (3, 3, 6);
  g_autoptr (InionRecording) edited = NULL;
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
  g_autoptr (InionExampleSet) a = NULL;
  g_autoptr (InionExampleSet) b = NULL;
  InionChannelEdit *edit = inion_channel_edit_new (0);

  edit->has_position = edit->placed = TRUE;
  edit->position[2] = 0.1;
  g_ptr_array_add (edits, edit);
  edited = inion_edited_recording_new (recording, edits);
  a = scene_examples (recipe, recording, NULL);
  b = scene_examples (recipe, edited, NULL);
  g_assert_cmpuint (inion_example_set_get_n (a), ==, inion_example_set_get_n (b));
  g_assert_cmpstr (inion_example_set_get_fingerprint (a), !=, inion_example_set_get_fingerprint (b));
}

static void
other_events (InionRecipeSpec *spec,
              gpointer         data)
{
  g_strfreev (spec->classes[0].events);
  spec->classes[0].events = g_strsplit ("X", " ", -1);
  g_strfreev (spec->classes[1].events);
  spec->classes[1].events = g_strsplit ("Y", " ", -1);
}

static void
test_refusals (void)
{
  g_autoptr (InionRecording) recording = scene_new (3, 3, 8);
  g_autoptr (InionRecipe) recipe = scene_recipe (other_events, NULL);
  InionDecodeSource source = { .recording = recording, .name = "scene" };
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_example_set_new (recipe, &source, 1, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_null (inion_example_set_new (recipe, &source, 0, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

static void
only (InionRecipeSpec *spec,
      gpointer         data)
{
  spec->only = g_strsplit (data, " ", -1);
}

/* Labels that are not there are named, and with each the nearest that are: on the head for an
 * electrode, by spelling for anything else. */
static void
test_missing_channels (void)
{
  g_autoptr (InionRecording) recording = scene_new (3, 3, 9);
  g_autoptr (InionRecipe) wrong = scene_recipe (only, (gpointer) "C3 FCz Pzz EEG-CZ");
  g_autoptr (InionRecipe) one = scene_recipe (only, (gpointer) "Cz POz");
  g_autoptr (InionRecipe) right = scene_recipe (only, (gpointer) "C4 c3.");
  InionDecodeSource source = { .recording = recording, .name = "scene" };
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_example_set_new (wrong, &source, 1, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "scene: "));
  g_assert_nonnull (strstr (error->message, "“FCz” (nearest there: Fz, Cz, "));
  g_assert_nonnull (strstr (error->message, "“Pzz” (nearest there: Pz, "));
  g_assert_nonnull (strstr (error->message, "channels.only"));
  g_assert_null (strstr (error->message, "“C3”"));
  g_clear_error (&error);
  g_assert_null (inion_example_set_new (one, &source, 1, NULL, &error));
  g_assert_nonnull (strstr (error->message, "a channel that is not there: “POz” (nearest there: Pz,"));
  g_clear_error (&error);
  examples = inion_example_set_new (right, &source, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inion_example_set_get_n_channels (examples), ==, 2);
}

/* Each recording's rejections are counted by themselves. */
static void
test_rejected_by_source (void)
{
  g_autoptr (InionRecording) one = scene_new (12, 3, 10);
  g_autoptr (InionRecording) two = scene_new (12, 3, 11);
  g_autoptr (InionRecipe) recipe = scene_recipe (NULL, NULL);
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  InionDecodeSource sources[2] = { { .recording = one, .name = "a" },
                                   { .recording = two, .name = "b", .annotations = set } };
  g_autoptr (InionExampleSet) examples = NULL;
  g_autoptr (InionResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean noted = FALSE;

  scene_annotate (set, 5, 0.2, "blink", INION_ORIGIN_PERSON, NULL);
  scene_annotate (set, 13, 0.2, "muscle", INION_ORIGIN_ACCEPTED, NULL);
  examples = inion_example_set_new (recipe, sources, 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inion_example_set_get_n (examples), ==, 22);
  g_assert_cmpuint (inion_example_set_get_n_rejected (examples, 0), ==, 0);
  g_assert_cmpuint (inion_example_set_get_n_rejected (examples, 1), ==, 2);
  g_assert_cmpuint (inion_example_set_get_n_of_source (examples, 1), ==, 10);
  g_assert_nonnull (strstr (inion_example_set_get_drop_log (examples),
                            "a: 12 examples, 0 rejected\nb: 10 examples, 2 rejected\n"));
  result = inion_evaluate (recipe, examples, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < inion_result_get_n_findings (result); i++)
    {
      const InionFinding *finding = inion_result_get_finding (result, i);

      if (g_str_equal (finding->rule, "rejected-examples"))
        noted = strstr (finding->text, "a 0 of 12, b 2 of 12") != NULL;
    }
  g_assert_true (noted);
}

static void
resample (InionRecipeSpec *spec,
          gpointer         data)
{
  spec->resample_hz = 80;
}

/* A rhythm within the band is the same at another rate. */
static void
test_resample (void)
{
  InionMemoryRecording *memory = inion_memory_recording_new (250, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  g_autoptr (InionRecipe) recipe = scene_recipe (resample, NULL);
  g_autoptr (InionExampleSet) examples = NULL;
  double x[5000];

  for (guint t = 0; t < 5000; t++)
    x[t] = 1e4 + sin (2 * G_PI * 12 * t / 250.0);
  inion_memory_recording_add_channel (memory, "C3", "µV", x, 5000);
  inion_memory_recording_add_event (memory, 5 * SECOND_NS, -1, "T1");
  inion_memory_recording_add_event (memory, 10 * SECOND_NS, -1, "T2");
  examples = scene_examples (recipe, recording, NULL);
  g_assert_cmpfloat (inion_example_set_get_rate_hz (examples), ==, 80);
  g_assert_cmpuint (inion_example_set_get_n_samples (examples), ==, 160);
  for (guint t = 0; t < 160; t++)
    g_assert_cmpfloat_with_epsilon (inion_example_set_get_data (examples, 1)[t],
                                    sin (2 * G_PI * 12 * (10.5 + t / 80.0)), 0.02);
}

int
main (int   argc,
      char *argv[])
{
  inion_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decode/example-set/samples", test_samples);
  g_test_add_func ("/decode/example-set/rounding", test_rounding);
  g_test_add_func ("/decode/example-set/drops", test_drops);
  g_test_add_func ("/decode/example-set/windows", test_windows);
  g_test_add_func ("/decode/example-set/event-copies", test_event_copies);
  g_test_add_func ("/decode/example-set/references", test_references);
  g_test_add_func ("/decode/example-set/channels", test_channels);
  g_test_add_func ("/decode/example-set/taken-for", test_taken_for);
  g_test_add_func ("/decode/example-set/refusals", test_refusals);
  g_test_add_func ("/decode/example-set/missing-channels", test_missing_channels);
  g_test_add_func ("/decode/example-set/rejected-by-source", test_rejected_by_source);
  g_test_add_func ("/decode/example-set/resample", test_resample);
  return g_test_run ();
}
