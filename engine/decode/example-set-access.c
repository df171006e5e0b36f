/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an example set tells about itself. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/example-set-private.h"

#include <math.h>

static const InionExample *
get_example (InionExampleSet *self,
             guint            index)
{
  return &g_array_index (self->sources[self->source_of[index]].examples, InionExample,
                         self->index_in[index]);
}

/**
 * inion_example_set_get_n:
 * @self: examples
 *
 * Returns: how many there are
 */
guint
inion_example_set_get_n (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);

  return self->n;
}

/**
 * inion_example_set_get_n_channels:
 * @self: examples
 *
 * Returns: number of channels of each
 */
guint
inion_example_set_get_n_channels (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);

  return self->sources[0].n_channels;
}

/**
 * inion_example_set_get_n_samples:
 * @self: examples
 *
 * Returns: number of samples of each channel
 */
guint
inion_example_set_get_n_samples (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);

  return self->sources[0].cut.n;
}

/**
 * inion_example_set_get_rate_hz:
 * @self: examples
 *
 * Returns: their sampling rate, Hz
 */
double
inion_example_set_get_rate_hz (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);

  return self->sources[0].rate_hz;
}

/**
 * inion_example_set_get_data:
 * @self: examples
 * @index: which one
 *
 * Returns: (transfer none): its samples [n_channels × n_samples], µV
 */
const double *
inion_example_set_get_data (InionExampleSet *self,
                            guint            index)
{
  const InionExampleSource *source;

  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);
  g_return_val_if_fail (index < self->n, NULL);

  source = &self->sources[self->source_of[index]];
  return source->data + (gsize) self->index_in[index] * source->n_channels * source->cut.n;
}

/**
 * inion_example_set_get_channel:
 * @self: examples
 * @index: which channel
 *
 * Returns: (transfer none): its label, after referencing
 */
const char *
inion_example_set_get_channel (InionExampleSet *self,
                               guint            index)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);
  g_return_val_if_fail (index < g_strv_length (self->channels), NULL);

  return self->channels[index];
}

/**
 * inion_example_set_get_n_classes:
 * @self: examples
 *
 * Returns: number of classes of the recipe
 */
guint
inion_example_set_get_n_classes (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);

  return inion_recipe_get_spec (self->recipe)->n_classes;
}

/**
 * inion_example_set_get_class:
 * @self: examples
 * @index: which class
 *
 * Returns: (transfer none): its name
 */
const char *
inion_example_set_get_class (InionExampleSet *self,
                             guint            index)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);
  g_return_val_if_fail (index < inion_recipe_get_spec (self->recipe)->n_classes, NULL);

  return inion_recipe_get_spec (self->recipe)->classes[index].name;
}

/**
 * inion_example_set_get_label:
 * @self: examples
 * @index: which example
 *
 * Returns: index of its class
 */
guint
inion_example_set_get_label (InionExampleSet *self,
                             guint            index)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);
  g_return_val_if_fail (index < self->n, 0);

  return get_example (self, index)->label;
}

/**
 * inion_example_set_get_source:
 * @self: examples
 * @index: which example
 *
 * Returns: index of the recording it was cut from
 */
guint
inion_example_set_get_source (InionExampleSet *self,
                              guint            index)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);
  g_return_val_if_fail (index < self->n, 0);

  return self->source_of[index];
}

/**
 * inion_example_set_get_onset_ns:
 * @self: examples
 * @index: which example
 *
 * Returns: onset of its event, or start of a sliding window, ns
 */
gint64
inion_example_set_get_onset_ns (InionExampleSet *self,
                                guint            index)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);
  g_return_val_if_fail (index < self->n, 0);

  return get_example (self, index)->onset_ns;
}

/**
 * inion_example_set_get_start_ns:
 * @self: examples
 * @index: which example
 *
 * Returns: start of its window, ns
 */
gint64
inion_example_set_get_start_ns (InionExampleSet *self,
                                guint            index)
{
  const InionExample *example;

  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);
  g_return_val_if_fail (index < self->n, 0);

  example = get_example (self, index);
  return (gint64) llround ((double) example->start / self->sources[0].rate_hz * 1e9);
}

/**
 * inion_example_set_get_settle_s:
 * @self: examples
 *
 * Returns: how far the recipe's filters reach, s
 */
double
inion_example_set_get_settle_s (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);

  return self->sources[0].settle_s;
}

/**
 * inion_example_set_get_n_sources:
 * @self: examples
 *
 * Returns: number of recordings
 */
guint
inion_example_set_get_n_sources (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);

  return self->n_sources;
}

/**
 * inion_example_set_get_n_of_source:
 * @self: examples
 * @source: which recording
 *
 * Returns: how many examples were cut from it
 */
guint
inion_example_set_get_n_of_source (InionExampleSet *self,
                                   guint            source)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);
  g_return_val_if_fail (source < self->n_sources, 0);

  return self->sources[source].examples->len;
}

/**
 * inion_example_set_get_n_rejected:
 * @self: examples
 * @source: which recording
 *
 * Returns: how many examples of it were left out because somebody marked their stretch or because
 *   they exceed the amplitude limit
 */
guint
inion_example_set_get_n_rejected (InionExampleSet *self,
                                  guint            source)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), 0);
  g_return_val_if_fail (source < self->n_sources, 0);

  return _inion_example_source_count_rejected (&self->sources[source]);
}

/**
 * inion_example_set_get_source_name:
 * @self: examples
 * @source: which recording
 *
 * Returns: (transfer none): its name
 */
const char *
inion_example_set_get_source_name (InionExampleSet *self,
                                   guint            source)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);
  g_return_val_if_fail (source < self->n_sources, NULL);

  return self->names[source].name;
}

/**
 * inion_example_set_get_subject:
 * @self: examples
 * @source: which recording
 *
 * Returns: (transfer none) (nullable): its subject
 */
const char *
inion_example_set_get_subject (InionExampleSet *self,
                               guint            source)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);
  g_return_val_if_fail (source < self->n_sources, NULL);

  return self->names[source].subject;
}

/**
 * inion_example_set_get_session:
 * @self: examples
 * @source: which recording
 *
 * Returns: (transfer none) (nullable): its session
 */
const char *
inion_example_set_get_session (InionExampleSet *self,
                               guint            source)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);
  g_return_val_if_fail (source < self->n_sources, NULL);

  return self->names[source].session;
}

/**
 * inion_example_set_get_drop_log:
 * @self: examples
 *
 * Returns: (transfer none): what was left out and why, line by line, for a person
 */
const char *
inion_example_set_get_drop_log (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);

  return self->drop_log;
}

/**
 * inion_example_set_get_fingerprint:
 * @self: examples
 *
 * Returns: (transfer none): SHA-256 of recipe, recordings and labels, in hex
 */
const char *
inion_example_set_get_fingerprint (InionExampleSet *self)
{
  g_return_val_if_fail (INION_IS_EXAMPLE_SET (self), NULL);

  return self->fingerprint;
}
