/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the channels of a recording or stream to the referenced channels of a recipe.
 *
 * Channels are known by what their labels mean, not by their spelling or place: "EEG FP1-Ref",
 * "Fp1" and "Fp1." are one channel, so that a model finds its channels in a stream that has them in
 * another order, among others.
 *
 * Every reference is a fixed linear map. What is subtracted from all channels alike (an average, an
 * electrode, linked ears) is kept once instead of in each row. Sums run in the order of the terms
 * whatever the number of samples, so that a chunk and a whole file give the same bits. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/channel-map.h"

#include "core/error.h"
#include "decode/channel-nearest.h"
#include "scalp/electrode.h"
#include "scalp/montage.h"
#include "scalp/spline.h"

#include <math.h>
#include <string.h>

#define SPLINE_LAMBDA 1e-5
#define FEWEST_NEIGHBOURS 4
#define LARGEST 1e60 /* beyond it squares and sums could overflow: no measured value */

typedef enum
{
  REFERENCE_NONE,
  REFERENCE_AVERAGE,
  REFERENCE_EARS,
  REFERENCE_CHANNEL,
  REFERENCE_MONTAGE,
} Reference;

/**
 * inion_channel_key:
 * @label: a channel's label
 *
 * Returns: (transfer full): what the label means: equal for two spellings of one channel
 */
char *
inion_channel_key (const char *label)
{
  InionElectrodeLabel parsed;
  g_autofree char *folded = NULL;

  if (inion_electrode_parse_label (label, &parsed) && parsed.g1_known)
    return parsed.bipolar ? g_strdup_printf ("%s-%s", parsed.g1, parsed.g2) : g_strdup (parsed.g1);
  folded = g_utf8_casefold (label, -1);
  return g_strdup (g_strstrip (folded));
}

static gboolean
list_has_key (const char *const *labels,
              const char        *key)
{
  for (guint i = 0; labels != NULL && labels[i] != NULL; i++)
    {
      g_autofree char *other = inion_channel_key (labels[i]);

      if (strcmp (other, key) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * inion_channel_find:
 * @recording: a recording
 * @label: a channel's label, in any spelling
 *
 * Returns: index of the first channel that it means, by its label or its label in the file; −1 for
 *   none
 */
int
inion_channel_find (InionRecording *recording,
                    const char     *label)
{
  g_autofree char *key = inion_channel_key (label);

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);
      const InionChannelInfo *info = inion_channel_get_info (channel);
      const char *labels[] = { info->label, info->renamed ? NULL : info->raw_label, NULL };

      if (list_has_key (labels, key))
        return (int) i;
    }
  return -1;
}

static gboolean
find_ears (InionRecording *recording,
           int             ears[2])
{
  static const char *const names[][2] = { { "A1", "A2" }, { "M1", "M2" } };

  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      ears[0] = inion_channel_find (recording, names[k][0]);
      ears[1] = inion_channel_find (recording, names[k][1]);
      if (ears[0] >= 0 && ears[1] >= 0)
        return TRUE;
    }
  return FALSE;
}

/* What the recipe's reference means for this recording; channels: what is subtracted (−1: none). */
static gboolean
read_reference (const InionRecipeSpec  *spec,
                InionRecording         *recording,
                Reference              *reference,
                int                     channels[2],
                GError                **error)
{
  const char *const *ids = inion_montage_get_ids ();

  channels[0] = channels[1] = -1;
  *reference = REFERENCE_MONTAGE;
  if (strcmp (spec->reference, "as-recorded") == 0)
    *reference = REFERENCE_NONE;
  else if (strcmp (spec->reference, "average") == 0)
    *reference = REFERENCE_AVERAGE;
  else if (strcmp (spec->reference, "linked-ears") == 0)
    {
      *reference = REFERENCE_EARS;
      if (!find_ears (recording, channels))
        return inion_set_error (error, INION_ERROR_NOT_FOUND,
                                "The reference “linked-ears” needs the channels A1 and A2, or M1 "
                                "and M2, and they are not there.");
    }
  else if ((channels[0] = inion_channel_find (recording, spec->reference)) >= 0)
    *reference = REFERENCE_CHANNEL;
  else if (!g_strv_contains (ids, spec->reference))
    return inion_set_error (error, INION_ERROR_NOT_FOUND,
                            "The reference “%s” is neither a channel that is there nor a montage.",
                            spec->reference);
  return TRUE;
}

static gboolean
kind_wanted (const InionRecipeSpec *spec,
             InionChannelKind       kind)
{
  return g_strv_contains ((const char *const *) spec->kinds, inion_channel_kind_to_string (kind));
}

static gboolean
label_wanted (const InionRecipeSpec *spec,
              const char            *label)
{
  g_autofree char *key = inion_channel_key (label);

  return spec->only == NULL || list_has_key ((const char *const *) spec->only, key);
}

static gboolean
is_bad (const InionRecipeSpec *spec,
        const char *const     *bad,
        InionChannel          *channel)
{
  g_autofree char *key = inion_channel_key (inion_channel_get_label (channel));
  g_autofree char *raw = inion_channel_key (inion_channel_get_info (channel)->raw_label);

  return spec->exclude_bad && (list_has_key (bad, key) ||
                               (!inion_channel_get_info (channel)->renamed &&
                                list_has_key (bad, raw)));
}

static gboolean
derivation_is_bad (const InionRecipeSpec *spec,
                   const char *const     *bad,
                   InionRecording        *recording,
                   const InionDerivation *derivation)
{
  for (guint t = 0; t < derivation->n_terms; t++)
    {
      if (is_bad (spec, bad, inion_recording_get_channel (recording, derivation->channels[t])))
        return TRUE;
    }
  return FALSE;
}

static gboolean
choose_derivations (const InionRecipeSpec  *spec,
                    InionRecording         *recording,
                    const char *const      *bad,
                    GPtrArray              *labels,
                    GError                **error)
{
  g_autoptr (GPtrArray) there = g_ptr_array_new ();
  g_autoptr (InionMontage) montage = inion_montage_new (spec->reference, recording,
                                                        spec->exclude_bad ? bad : NULL, error);

  if (montage == NULL)
    return FALSE;
  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    {
      const InionDerivation *derivation = inion_montage_get_derivation (montage, i);

      g_ptr_array_add (there, (char *) derivation->label);
      if (kind_wanted (spec, derivation->kind) && label_wanted (spec, derivation->label) &&
          !derivation_is_bad (spec, bad, recording, derivation))
        g_ptr_array_add (labels, g_strdup (derivation->label));
    }
  return _inion_channel_check_only (spec, recording, there, error);
}

static gboolean
choose_channels (const InionRecipeSpec  *spec,
                 InionRecording         *recording,
                 const char *const      *bad,
                 const int               excluded[2],
                 GPtrArray              *labels,
                 GError                **error)
{
  g_autoptr (GPtrArray) there = g_ptr_array_new ();

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);
      const char *label = inion_channel_get_label (channel);

      g_ptr_array_add (there, (char *) label);
      if ((int) i != excluded[0] && (int) i != excluded[1] &&
          kind_wanted (spec, inion_channel_get_kind (channel)) && label_wanted (spec, label) &&
          !is_bad (spec, bad, channel))
        g_ptr_array_add (labels, g_strdup (label));
    }
  return _inion_channel_check_only (spec, recording, there, error);
}

/**
 * inion_channel_map_choose:
 * @spec: the recipe
 * @recording: a recording
 * @bad: (nullable) (array zero-terminated=1): labels of its bad channels
 * @error: return location
 *
 * Which channels, after referencing, the recipe uses of a recording: those of its kinds, in its
 * list if it has one, not bad unless it keeps bad ones. A reference electrode, which would be flat,
 * is left out.
 *
 * Returns: (transfer full) (nullable): labels in the recording's order; %NULL with
 *   %INION_ERROR_NOT_FOUND or %INION_ERROR_TOO_FEW
 */
char **
inion_channel_map_choose (const InionRecipeSpec  *spec,
                          InionRecording         *recording,
                          const char *const      *bad,
                          GError                **error)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  Reference reference;
  int channels[2];

  if (!read_reference (spec, recording, &reference, channels, error))
    return NULL;
  if (!(reference == REFERENCE_MONTAGE
          ? choose_derivations (spec, recording, bad, labels, error)
          : choose_channels (spec, recording, bad, channels, labels, error)))
    return NULL;
  if (labels->len == 0)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW,
                       "No channel is left: none is of the recipe's kinds and not bad.");
      return NULL;
    }
  g_ptr_array_add (labels, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&labels), FALSE);
}

/**
 * inion_channel_map_free:
 * @self: (transfer full): a map
 */
void
inion_channel_map_free (InionChannelMap *self)
{
  g_strfreev (self->labels);
  g_free (self->inputs);
  g_free (self->first_term);
  g_free (self->term_input);
  g_free (self->term_weight);
  g_free (self->common);
  g_free (self);
}

/* Terms in the making. */
typedef struct
{
  GArray *inputs;   /* guint */
  GArray *first;    /* guint */
  GArray *terms;    /* guint */
  GArray *weights;  /* double */
} Builder;

static guint
builder_input (Builder *self,
               guint    channel)
{
  for (guint i = 0; i < self->inputs->len; i++)
    {
      if (g_array_index (self->inputs, guint, i) == channel)
        return i;
    }
  g_array_append_val (self->inputs, channel);
  return self->inputs->len - 1;
}

static void
builder_add (Builder *self,
             guint    channel,
             double   weight)
{
  guint input = builder_input (self, channel);

  g_array_append_val (self->terms, input);
  g_array_append_val (self->weights, weight);
}

static void
builder_end_row (Builder *self)
{
  g_array_append_val (self->first, self->terms->len);
}

static gboolean
add_derivations (Builder                *builder,
                 const InionRecipeSpec  *spec,
                 InionRecording         *recording,
                 const char *const      *wanted,
                 const char *const      *bad,
                 GError                **error)
{
  g_autoptr (InionMontage) montage = inion_montage_new (spec->reference, recording,
                                                        spec->exclude_bad ? bad : NULL, error);

  if (montage == NULL)
    return FALSE;
  for (guint k = 0; wanted[k] != NULL; k++)
    {
      int index = inion_montage_find (montage, wanted[k]);
      const InionDerivation *derivation;

      if (index < 0)
        return inion_set_error (error, INION_ERROR_NOT_FOUND,
                                "The derivation “%s” cannot be made of the channels there.",
                                wanted[k]);
      derivation = inion_montage_get_derivation (montage, (guint) index);
      if (derivation_is_bad (spec, bad, recording, derivation))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "The derivation “%s” has a bad channel, and a montage cannot do "
                                "without it.",
                                wanted[k]);
      for (guint t = 0; t < derivation->n_terms; t++)
        builder_add (builder, derivation->channels[t], derivation->weights[t]);
      builder_end_row (builder);
    }
  return TRUE;
}

/* The terms of a bad channel: a spherical spline through the good ones. */
static gboolean
add_rebuilt (Builder         *builder,
             InionRecording  *recording,
             const GArray    *good,
             const char      *label,
             GError         **error)
{
  g_autofree InionPosition *from = g_new (InionPosition, MAX (good->len, 1));
  g_autofree guint *channels = g_new (guint, MAX (good->len, 1));
  g_autofree double *weights = NULL;
  g_autofree char *name = inion_channel_key (label);
  InionPosition to;
  guint n = 0;

  for (guint i = 0; i < good->len; i++)
    {
      guint index = g_array_index (good, guint, i);
      InionChannel *channel = inion_recording_get_channel (recording, index);
      g_autofree char *other = inion_channel_key (inion_channel_get_label (channel));

      if (inion_electrode_get_position (other, &from[n]))
        channels[n++] = index;
    }
  if (!inion_electrode_get_position (name, &to) || n < FEWEST_NEIGHBOURS)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "The channel “%s” is bad and cannot be rebuilt from its neighbours: "
                            "the places of the electrodes are not known.",
                            label);
  weights = g_new (double, n);
  if (!inion_spline_weights (from, n, &to, 1, SPLINE_LAMBDA, weights, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    builder_add (builder, channels[i], weights[i]);
  return TRUE;
}

static gboolean
add_channels (Builder                *builder,
              const InionRecipeSpec  *spec,
              InionRecording         *recording,
              const char *const      *wanted,
              const char *const      *bad,
              GError                **error)
{
  g_autoptr (GArray) good = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint k = 0; wanted[k] != NULL; k++)
    {
      int found = inion_channel_find (recording, wanted[k]);
      guint index = (guint) found;

      if (found < 0)
        return inion_set_error (error, INION_ERROR_NOT_FOUND,
                                "The channel “%s”, on which the model was trained, is not there.",
                                wanted[k]);
      if (!is_bad (spec, bad, inion_recording_get_channel (recording, index)))
        g_array_append_val (good, index);
    }
  for (guint k = 0; wanted[k] != NULL; k++)
    {
      guint index = (guint) inion_channel_find (recording, wanted[k]);

      if (!is_bad (spec, bad, inion_recording_get_channel (recording, index)))
        builder_add (builder, index, 1.0);
      else if (!add_rebuilt (builder, recording, good, wanted[k], error))
        return FALSE;
      builder_end_row (builder);
    }
  return TRUE;
}

/* What is subtracted from every output, over the inputs; NULL for nothing. */
static double *
make_common (Builder   *builder,
             Reference  reference,
             const int  channels[2])
{
  guint n_rows = builder->first->len - 1;
  guint at[2] = { 0 }, n = channels[0] < 0 ? 0 : channels[1] < 0 ? 1 : 2;
  double *common;

  if (reference == REFERENCE_NONE || reference == REFERENCE_MONTAGE)
    return NULL;
  for (guint i = 0; i < n; i++)
    at[i] = builder_input (builder, (guint) channels[i]);
  common = g_new0 (double, builder->inputs->len);
  for (guint i = 0; i < n; i++)
    common[at[i]] = 1.0 / n;
  for (guint t = 0; reference == REFERENCE_AVERAGE && t < builder->terms->len; t++)
    common[g_array_index (builder->terms, guint, t)] +=
      g_array_index (builder->weights, double, t) / n_rows;
  return common;
}

static gboolean
check_reference_is_good (const InionRecipeSpec  *spec,
                         InionRecording         *recording,
                         const char *const      *bad,
                         const int               channels[2],
                         GError                **error)
{
  for (guint i = 0; i < 2 && channels[i] >= 0; i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, (guint) channels[i]);

      if (is_bad (spec, bad, channel))
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "The reference “%s” is marked as a bad channel.",
                                inion_channel_get_label (channel));
    }
  return TRUE;
}

/**
 * inion_channel_map_new:
 * @spec: the recipe
 * @recording: a recording, or one that stands for a stream
 * @wanted: (array zero-terminated=1): labels of the outputs, at least one
 * @bad: (nullable) (array zero-terminated=1): labels of bad channels
 * @error: return location
 *
 * Finds how the wanted channels are made of the recording's.
 *
 * Returns: (transfer full) (nullable): the map; %NULL with %INION_ERROR_NOT_FOUND or
 *   %INION_ERROR_UNSUPPORTED
 */
InionChannelMap *
inion_channel_map_new (const InionRecipeSpec  *spec,
                       InionRecording         *recording,
                       const char *const      *wanted,
                       const char *const      *bad,
                       GError                **error)
{
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) first = g_array_new (FALSE, TRUE, sizeof (guint));
  g_autoptr (GArray) terms = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) weights = g_array_new (FALSE, FALSE, sizeof (double));
  Builder builder = { .inputs = inputs, .first = first, .terms = terms, .weights = weights };
  InionChannelMap *self;
  Reference reference;
  int channels[2];

  builder_end_row (&builder);
  if (!read_reference (spec, recording, &reference, channels, error) ||
      !check_reference_is_good (spec, recording, bad, channels, error) ||
      !(reference == REFERENCE_MONTAGE
          ? add_derivations (&builder, spec, recording, wanted, bad, error)
          : add_channels (&builder, spec, recording, wanted, bad, error)))
    return NULL;
  self = g_new0 (InionChannelMap, 1);
  self->common = make_common (&builder, reference, channels);
  self->labels = g_strdupv ((char **) wanted);
  self->n_outputs = first->len - 1;
  self->n_inputs = inputs->len;
  self->inputs = g_memdup2 (inputs->data, inputs->len * sizeof (guint));
  self->first_term = g_memdup2 (first->data, first->len * sizeof (guint));
  self->term_input = g_memdup2 (terms->data, terms->len * sizeof (guint));
  self->term_weight = g_memdup2 (weights->data, weights->len * sizeof (double));
  return self;
}

/* out += weight × x */
static void
accumulate (double       *out,
            const double *x,
            double        weight,
            gsize         n)
{
  for (gsize t = 0; t < n; t++)
    out[t] += weight * x[t];
}

/**
 * inion_channel_map_apply:
 * @self: the map
 * @in: (array length=n_inputs): the inputs, @n samples each
 * @n: number of samples
 * @out: (array length=n_outputs): room for the outputs, @n samples each
 *
 * References a block of samples. A sample that is no number in any input, or beyond 1e60, is NaN in
 * every output.
 */
void
inion_channel_map_apply (const InionChannelMap *self,
                         const double *const   *in,
                         gsize                  n,
                         double *const         *out)
{
  g_autofree double *common = g_new0 (double, MAX (n, 1));

  for (guint i = 0; i < self->n_inputs; i++)
    {
      if (self->common != NULL)
        accumulate (common, in[i], self->common[i], n);
      for (gsize t = 0; t < n; t++)
        {
          if (!(fabs (in[i][t]) < LARGEST))
            common[t] = NAN;
        }
    }
  for (guint k = 0; k < self->n_outputs; k++)
    {
      memset (out[k], 0, n * sizeof (double));
      for (guint t = self->first_term[k]; t < self->first_term[k + 1]; t++)
        accumulate (out[k], in[self->term_input[t]], self->term_weight[t], n);
      accumulate (out[k], common, -1.0, n);
    }
}
