/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made recordings in which two kinds of events differ by the power of a 10 Hz rhythm over C3 and
 * C4. */

#pragma once

#include "annotation/annotation-set.h"
#include "core/random.h"
#include "decode/evaluation.h"
#include "recording/memory-recording.h"

#include <math.h>
#include <string.h>

#define SCENE_RATE 100.0
#define SCENE_SPACING 4 /* s from event to event */
#define SECOND_NS G_GINT64_CONSTANT (1000000000)

static const char *const scene_labels[] = { "Fz", "C3", "Cz", "C4", "Pz", NULL };

/* n_events events, 4 s apart, "T1" and "T2" drawn from the seed. contrast: 1 for none. */
static inline InionRecording *
scene_new (guint   n_events,
           double  contrast,
           guint64 seed)
{
  InionMemoryRecording *recording = inion_memory_recording_new (SCENE_RATE, NULL);
  gsize n = (gsize) ((n_events + 2) * SCENE_SPACING * SCENE_RATE);
  g_autofree double *x = g_new0 (double, 5 * n);
  InionRandom random;

  inion_random_seed (&random, seed, 77);
  for (guint c = 0; c < 5; c++)
    {
      for (gsize t = 0; t < n; t++)
        x[c * n + t] = 4000 + 10 * inion_random_normal (&random);
    }
  for (guint e = 0; e < n_events; e++)
    {
      guint label = (guint) inion_random_below (&random, 2);
      gsize first = (gsize) ((e + 1) * SCENE_SPACING * SCENE_RATE);
      double phase = 6.28 * inion_random_uniform (&random);

      for (guint t = 0; t < 300; t++)
        {
          double wave = 10 * sin (2 * G_PI * 10 * t / SCENE_RATE + phase);

          x[1 * n + first + t] += label == 0 ? wave : wave * contrast;
          x[3 * n + first + t] += label == 1 ? wave : wave * contrast;
        }
      inion_memory_recording_add_event (recording, (gint64) (e + 1) * SCENE_SPACING * SECOND_NS, -1,
                                        label == 0 ? "T1" : "T2");
    }
  for (guint c = 0; c < 5; c++)
    inion_memory_recording_add_channel (recording, scene_labels[c], "µV", x + c * n, n);
  return INION_RECORDING (recording);
}

typedef void (*SceneChange) (InionRecipeSpec *spec, gpointer data);

/* The example recipe with the window 0.5 to 2.5 s, blocked folds and 4 components, changed further.
 * */
static inline InionRecipe *
scene_recipe (SceneChange change,
              gpointer    data)
{
  g_autoptr (InionRecipe) standard = inion_recipe_new_default ();
  g_autoptr (InionRecipeSpec) spec = inion_recipe_spec_copy (inion_recipe_get_spec (standard));
  g_autoptr (GError) error = NULL;
  InionRecipe *recipe;

  spec->window_s[0] = 0.5;
  spec->window_s[1] = 2.5;
  spec->scheme = INION_SCHEME_BLOCKED_K_FOLD;
  spec->folds = 5;
  spec->features[0].components = 4;
  if (change != NULL)
    change (spec, data);
  recipe = inion_recipe_new_from_spec (spec, &error);
  g_assert_no_error (error);
  return recipe;
}

static inline InionExampleSet *
scene_examples (InionRecipe         *recipe,
                InionRecording      *recording,
                InionAnnotationSet  *annotations)
{
  InionDecodeSource source = { .recording = recording, .annotations = annotations,
                               .name = "scene" };
  g_autoptr (GError) error = NULL;
  InionExampleSet *examples = inion_example_set_new (recipe, &source, 1, NULL, &error);

  g_assert_no_error (error);
  return examples;
}

static inline void
scene_annotate (InionAnnotationSet *set,
                double              onset_s,
                double              duration_s,
                const char         *label,
                InionOrigin         origin,
                const char         *channel)
{
  const char *channels[] = { channel, NULL };
  g_autoptr (InionAnnotation) annotation = inion_annotation_new (
    inion_annotation_set_get_max_id (set) + 1, (gint64) (onset_s * 1e9),
    (gint64) (duration_s * 1e9), label,
    channel == NULL ? NULL : channels, "rater", origin, NAN, NULL);

  g_assert_true (inion_annotation_set_add (set, annotation));
}
