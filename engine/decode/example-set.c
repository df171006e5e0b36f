/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labelled examples cut from recordings: what a model is fitted on and scored with.
 *
 * All examples have the same channels: those that every recording has, is allowed to use and that
 * are bad in none of them, in the order of the first. The fingerprint is over the recipe's
 * canonical text, the content of every recording, what its channels are taken for, and the place
 * and class of every example. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/example-set-private.h"

#include "core/error.h"
#include "core/parallel.h"
#include "decode/channel-map.h"

#include <math.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (InionExampleSet, inion_example_set, G_TYPE_OBJECT)

static void
inion_example_set_finalize (GObject *object)
{
  InionExampleSet *self = INION_EXAMPLE_SET (object);

  for (guint s = 0; s < self->n_sources; s++)
    {
      inion_example_source_clear (&self->sources[s]);
      g_free (self->names[s].name);
      g_free (self->names[s].subject);
      g_free (self->names[s].session);
    }
  g_free (self->sources);
  g_free (self->names);
  g_strfreev (self->channels);
  g_free (self->source_of);
  g_free (self->index_in);
  g_free (self->drop_log);
  g_free (self->fingerprint);
  g_clear_object (&self->recipe);
  G_OBJECT_CLASS (inion_example_set_parent_class)->finalize (object);
}

static void
inion_example_set_class_init (InionExampleSetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_example_set_finalize;
}

static void
inion_example_set_init (InionExampleSet *self)
{
}

static gboolean
holds_channel (char      **labels,
               const char *key)
{
  for (guint i = 0; labels[i] != NULL; i++)
    {
      g_autofree char *other = inion_channel_key (labels[i]);

      if (strcmp (other, key) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Keeps of the first list what every other has too; says in the log what goes. */
static char **
common_channels (GPtrArray *lists,
                 GString   *log)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  char **first = g_ptr_array_index (lists, 0);

  for (guint i = 0; first[i] != NULL; i++)
    {
      g_autofree char *key = inion_channel_key (first[i]);
      gboolean everywhere = TRUE;

      for (guint s = 1; s < lists->len && everywhere; s++)
        everywhere = holds_channel (g_ptr_array_index (lists, s), key);
      if (everywhere)
        g_ptr_array_add (kept, g_strdup (first[i]));
      else
        g_string_append_printf (log,
                                "Channel %s is left out: not every recording has it, or it is bad "
                                     "in one.\n", first[i]);
    }
  g_ptr_array_add (kept, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&kept), FALSE);
}

static gboolean
choose_channels (InionExampleSet          *self,
                 const InionDecodeSource  *sources,
                 GString                  *log,
                 GError                  **error)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint s = 0; s < self->n_sources; s++)
    {
      char **list = inion_channel_map_choose (inion_recipe_get_spec (self->recipe),
                                              sources[s].recording,
                                              sources[s].bad, error);

      if (list == NULL)
        {
          g_prefix_error (error, "%s: ", self->names[s].name);
          return FALSE;
        }
      g_ptr_array_add (lists, list);
    }
  self->channels = common_channels (lists, log);
  if (self->channels[0] == NULL)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The recordings have no channel in common.");
  return TRUE;
}

typedef struct
{
  InionExampleSet *self;
  const InionDecodeSource *sources;
  InionJob *job;
} Cutting;

static gboolean
cut_source (gsize      index,
            gpointer   data,
            GError   **error)
{
  Cutting *cutting = data;
  InionExampleSet *self = cutting->self;

  if (inion_example_source_init (&self->sources[index], inion_recipe_get_spec (self->recipe),
                                 &cutting->sources[index], (const char *const *) self->channels,
                                 cutting->job, error))
    return TRUE;
  g_prefix_error (error, "%s: ", self->names[index].name);
  return FALSE;
}

/* One recording uses all threads for its channels; several use one each. */
static gboolean
cut_sources (InionExampleSet          *self,
             const InionDecodeSource  *sources,
             InionJob                 *job,
             GError                  **error)
{
  Cutting cutting = { .self = self, .sources = sources, .job = job };

  if (self->n_sources == 1)
    return cut_source (0, &cutting, error);
  return inion_parallel_for (self->n_sources, cut_source, &cutting, job, error);
}

static gboolean
check_rates (InionExampleSet  *self,
             GError          **error)
{
  for (guint s = 1; s < self->n_sources; s++)
    {
      double rate_hz = self->sources[0].rate_hz;

      if (fabs (self->sources[s].rate_hz - rate_hz) > 1e-9 * rate_hz ||
          self->sources[s].cut.n != self->sources[0].cut.n)
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "%s has a sampling rate of %g Hz and %s one of %g Hz. Set "
                                "“resample_hz” in the recipe to bring them together.",
                                self->names[0].name, self->sources[0].rate_hz, self->names[s].name,
                                self->sources[s].rate_hz);
    }
  return TRUE;
}

static void
write_log (InionExampleSet *self,
           GString         *log)
{
  static const char *const reasons[INION_N_DROPS] = {
    "reach past an end of the recording",
    "lie in or beside a gap, or in a stretch too short for the filter",
    "touch a stretch that is marked to be rejected",
    "exceed the amplitude limit",
    "are claimed by two classes",
  };

  for (guint s = 0; s < self->n_sources; s++)
    {
      const InionExampleSource *source = &self->sources[s];

      g_string_append_printf (log, "%s: %u %s, %u rejected\n", self->names[s].name,
                              source->examples->len,
                              source->examples->len == 1 ? "example" : "examples",
                              _inion_example_source_count_rejected (source));
      for (guint r = 0; r < INION_N_DROPS; r++)
        {
          if (source->dropped[r] > 0)
            g_string_append_printf (log, "%s: %u left out that %s\n", self->names[s].name,
                                    source->dropped[r], reasons[r]);
        }
    }
}

static char *
compute_fingerprint (InionExampleSet *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *recipe = inion_recipe_to_json (self->recipe);

  g_checksum_update (sum, (const guchar *) recipe, -1);
  for (guint s = 0; s < self->n_sources; s++)
    {
      GArray *examples = self->sources[s].examples;
      g_autoptr (GString) text = g_string_new (NULL);

      g_string_printf (text, "\n%s %s %u\n", self->sources[s].content,
                       self->sources[s].channels, examples->len);
      for (guint i = 0; i < examples->len; i++)
        {
          const InionExample *example = &g_array_index (examples, InionExample, i);

          g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u\n",
                                  example->onset_ns, example->start, example->label);
        }
      g_checksum_update (sum, (const guchar *) text->str, (gssize) text->len);
    }
  for (guint c = 0; self->channels[c] != NULL; c++)
    {
      g_checksum_update (sum, (const guchar *) "\n", 1);
      g_checksum_update (sum, (const guchar *) self->channels[c], -1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static void
number_examples (InionExampleSet *self)
{
  guint k = 0;

  for (guint s = 0; s < self->n_sources; s++)
    self->n += self->sources[s].examples->len;
  self->source_of = g_new (guint, MAX (self->n, 1));
  self->index_in = g_new (guint, MAX (self->n, 1));
  for (guint s = 0; s < self->n_sources; s++)
    {
      for (guint i = 0; i < self->sources[s].examples->len; i++, k++)
        {
          self->source_of[k] = s;
          self->index_in[k] = i;
        }
    }
}

static void
take_names (InionExampleSet         *self,
            const InionDecodeSource *sources)
{
  for (guint s = 0; s < self->n_sources; s++)
    {
      self->names[s].name = sources[s].name == NULL ? g_strdup_printf ("recording %u", s + 1)
                                                    : g_strdup (sources[s].name);
      self->names[s].subject = g_strdup (sources[s].subject);
      self->names[s].session = g_strdup (sources[s].session);
    }
}

/**
 * inion_example_set_new:
 * @recipe: the recipe
 * @sources: (array length=n_sources): recordings with their annotations; only used during the call
 * @n_sources: at least 1
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Applies channels, reference, filter and rate of the recipe to each recording and cuts the
 * examples, source by source, in time order. inion_example_set_get_drop_log() says what was left
 * out.
 *
 * Returns: (transfer full) (nullable): the examples; %NULL with %INION_ERROR_TOO_FEW where there is
 *   none, %INION_ERROR_NOT_FOUND, %INION_ERROR_UNSUPPORTED, %INION_ERROR_INVALID or an error of
 *   reading
 */
InionExampleSet *
inion_example_set_new (InionRecipe              *recipe,
                       const InionDecodeSource  *sources,
                       guint                     n_sources,
                       InionJob                 *job,
                       GError                  **error)
{
  g_autoptr (InionExampleSet) self = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  g_return_val_if_fail (INION_IS_RECIPE (recipe), NULL);

  if (n_sources == 0)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW, "There is no recording to take examples from.");
      return NULL;
    }
  self = g_object_new (INION_TYPE_EXAMPLE_SET, NULL);
  self->recipe = g_object_ref (recipe);
  self->n_sources = n_sources;
  self->names = g_new0 (InionExampleSourceName, n_sources);
  self->sources = g_new0 (InionExampleSource, n_sources);
  take_names (self, sources);
  if (!choose_channels (self, sources, log, error) || !cut_sources (self, sources, job, error) ||
      !check_rates (self, error))
    return NULL;
  number_examples (self);
  write_log (self, log);
  if (self->n == 0)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW, "The recordings hold no example of the recipe's "
                       "classes.\n%s", log->str);
      return NULL;
    }
  self->drop_log = g_string_free (g_steal_pointer (&log), FALSE);
  self->fingerprint = compute_fingerprint (self);
  return g_steal_pointer (&self);
}
