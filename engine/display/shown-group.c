/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which derivations are made together, and how.
 *
 * Derivations of one clock, one length and one treatment (filtered or not) form a group. A group
 * has a grid of chunks: chunk k covers samples [kC, (k+1)C). A filtered chunk is read with a margin
 * that settles the filter. C is at least four margins, so that little is filtered twice, but not
 * much more, so that a short page is cheap; and at most about half a minute, where the margin
 * allows it, so that a page of a slow channel does not read hours.
 *
 * The rows of an average reference differ from one common row of weights in one place each:
 *
 *   y_i = x_i − Σ_j x_j / n = 1 · x_i + Σ_j c_j x_j,  c_j = −1/n.
 *
 * The common row is found as the column-wise median of the weights of the dense rows (equal to the
 * value that more than half of them have, if there is one); a row that is shorter as a difference
 * from it is kept as that difference. That makes n derivations of n channels cost 2n and not n². */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/shown-signal-private.h"

#include <string.h>

#define MIN_CHUNK 4096
#define MAX_CHUNK 65536
#define PLAIN_CHUNK 8192
#define CHUNK_S 32.0
/* Rows with more terms than this may be made from the common sum. */
#define SPARSE_TERMS 3

static gboolean
is_voltage (const char *unit)
{
  static const char *const units[] = { "V", "mV", "µV", "μV", "uV", "nV", NULL };

  return unit != NULL && g_strv_contains (units, unit);
}

static gboolean
is_filtered (InionMontage             *montage,
             guint                     derivation,
             const InionDisplayFilter *filter)
{
  InionChannel *clock = inion_montage_get_clock (montage, derivation);

  if (inion_display_filter_is_off (filter) || !is_voltage (inion_channel_get_unit (clock)))
    return FALSE;
  switch (inion_montage_get_derivation (montage, derivation)->kind)
    {
    case INION_CHANNEL_EEG:
    case INION_CHANNEL_EOG:
    case INION_CHANNEL_ECG:
    case INION_CHANNEL_EMG:
    case INION_CHANNEL_OTHER:
      return TRUE;
    case INION_CHANNEL_RESPIRATION:
    case INION_CHANNEL_SATURATION:
    case INION_CHANNEL_TEMPERATURE:
    case INION_CHANNEL_TRIGGER:
    default:
      return FALSE;
    }
}

static gint64
common_length (InionMontage *montage,
               guint         derivation)
{
  const InionDerivation *d = inion_montage_get_derivation (montage, derivation);
  InionRecording *recording = inion_montage_get_recording (montage);
  gint64 n = G_MAXINT64;

  for (guint i = 0; i < d->n_terms; i++)
    n = MIN (n, inion_channel_get_n_samples (inion_recording_get_channel (recording,
                                                                          d->channels[i])));
  return d->n_terms > 0 ? MAX (n, 0) : 0;
}

static void
group_free (gpointer data)
{
  InionShownGroup *self = data;

  for (guint i = 0; i < self->n_rows; i++)
    {
      g_clear_pointer (&self->rows[i].slots, g_free);
      g_clear_pointer (&self->rows[i].weights, g_free);
    }
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->channels, g_free);
  g_clear_pointer (&self->common, g_free);
  g_free (self);
}

static gsize
power_of_two_at_least (double x)
{
  gsize p = 1;

  while ((double) p < x && p < MAX_CHUNK)
    p *= 2;
  return p;
}

static void
choose_chunks (InionShownGroup          *self,
               const InionDisplayFilter *filter)
{
  gsize by_time = power_of_two_at_least (CHUNK_S * self->rate_hz);

  self->chunk_samples = MIN (PLAIN_CHUNK, by_time);
  self->phase = filter->phase;
  if (self->filtered)
    inion_display_filter_design (filter, self->rate_hz, &self->sos);
  if (self->filtered && self->sos.n_sections > 0)
    {
      self->margin = inion_display_filter_margin (filter, self->rate_hz);
      self->chunk_samples = MAX (MIN (MIN_CHUNK, by_time),
                                 power_of_two_at_least (4.0 * (double) self->margin));
    }
  else
    {
      self->filtered = FALSE;
    }
  self->chunk_samples = MAX (self->chunk_samples, INION_SHOWN_TILE_BIN);
  self->n_chunks = (self->n_samples + (gint64) self->chunk_samples - 1) /
                   (gint64) self->chunk_samples;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* All weights of the dense rows: matrix[i × n_slots + slot]; other rows stay zero. */
static double *
spread_weights (const InionShownGroup *self)
{
  double *matrix = g_new0 (double, (gsize) self->n_rows * self->n_slots);

  for (guint i = 0; i < self->n_rows; i++)
    for (guint t = 0; self->rows[i].n_terms > SPARSE_TERMS && t < self->rows[i].n_terms; t++)
      matrix[(gsize) i * self->n_slots + self->rows[i].slots[t]] += self->rows[i].weights[t];
  return matrix;
}

/* The column-wise median of the dense rows, or NULL if it is zero everywhere. */
static double *
find_common (const InionShownGroup *self,
             const double          *matrix)
{
  g_autofree double *common = g_new0 (double, self->n_slots);
  g_autofree double *column = g_new (double, self->n_rows);
  gboolean any = FALSE;

  for (guint slot = 0; slot < self->n_slots; slot++)
    {
      guint n = 0;

      for (guint i = 0; i < self->n_rows; i++)
        if (self->rows[i].n_terms > SPARSE_TERMS)
          column[n++] = matrix[(gsize) i * self->n_slots + slot];
      if (n == 0)
        return NULL;
      qsort (column, n, sizeof (double), compare_doubles);
      common[slot] = column[n / 2];
      any = any || common[slot] != 0;
    }
  return any ? g_steal_pointer (&common) : NULL;
}

static void
try_common (const InionShownGroup *self,
            const double          *common,
            const double          *dense,
            InionShownRow         *row)
{
  g_autofree guint *slots = g_new (guint, self->n_slots);
  g_autofree double *weights = g_new (double, self->n_slots);
  guint n = 0;

  for (guint slot = 0; slot < self->n_slots; slot++)
    {
      if (dense[slot] == common[slot])
        continue;
      slots[n] = slot;
      weights[n++] = dense[slot] - common[slot];
    }
  if (n + 1 >= row->n_terms)
    return;
  g_free (row->slots);
  g_free (row->weights);
  row->uses_common = TRUE;
  row->n_terms = n;
  row->slots = g_steal_pointer (&slots);
  row->weights = g_steal_pointer (&weights);
}

static void
use_common (InionShownGroup *self)
{
  g_autofree double *matrix = spread_weights (self);
  g_autofree double *common = find_common (self, matrix);
  gboolean used = FALSE;

  if (common == NULL)
    return;
  for (guint i = 0; i < self->n_rows; i++)
    {
      if (self->rows[i].n_terms > SPARSE_TERMS)
        try_common (self, common, matrix + (gsize) i * self->n_slots, &self->rows[i]);
      used = used || self->rows[i].uses_common;
    }
  if (used)
    self->common = g_steal_pointer (&common);
}

static void
fill_rows (InionShownGroup *self,
           InionMontage    *montage,
           GArray          *derivations)
{
  guint n_channels = inion_recording_get_n_channels (inion_montage_get_recording (montage));
  g_autofree int *slot_of = g_new (int, n_channels);

  self->n_rows = derivations->len;
  self->rows = g_new0 (InionShownRow, self->n_rows);
  self->channels = g_new (guint, n_channels);
  memset (slot_of, -1, n_channels * sizeof (int));
  for (guint i = 0; i < self->n_rows; i++)
    {
      InionShownRow *row = &self->rows[i];
      const InionDerivation *d;

      row->derivation = g_array_index (derivations, guint, i);
      d = inion_montage_get_derivation (montage, row->derivation);
      row->n_terms = d->n_terms;
      row->slots = g_new (guint, d->n_terms);
      row->weights = g_memdup2 (d->weights, d->n_terms * sizeof (double));
      for (guint t = 0; t < d->n_terms; t++)
        {
          if (slot_of[d->channels[t]] < 0)
            {
              slot_of[d->channels[t]] = (int) self->n_slots;
              self->channels[self->n_slots++] = d->channels[t];
            }
          row->slots[t] = (guint) slot_of[d->channels[t]];
        }
    }
}

static InionShownGroup *
describe (InionMontage             *montage,
          guint                     derivation,
          const InionDisplayFilter *filter)
{
  InionShownGroup *self = g_new0 (InionShownGroup, 1);
  InionChannel *clock = inion_montage_get_clock (montage, derivation);
  const InionChannelInfo *info = inion_channel_get_info (clock);

  self->rate_num = info->rate_num;
  self->rate_den_ns = info->rate_den_ns;
  self->rate_hz = inion_channel_get_rate_hz (clock);
  self->n_samples = common_length (montage, derivation);
  self->filtered = is_filtered (montage, derivation, filter);
  return self;
}

static gboolean
same_group (const InionShownGroup *a,
            const InionShownGroup *b)
{
  return a->rate_num == b->rate_num && a->rate_den_ns == b->rate_den_ns &&
         a->n_samples == b->n_samples && a->filtered == b->filtered;
}

/**
 * _inion_shown_groups_new:
 * @montage: a montage
 * @filter: the filters of the screen
 *
 * Sorts the derivations of a montage into groups that are made together.
 *
 * Returns: (transfer full) (element-type InionShownGroup): the groups
 */
GPtrArray *
_inion_shown_groups_new (InionMontage             *montage,
                         const InionDisplayFilter *filter)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    {
      InionShownGroup *group = describe (montage, i, filter);
      guint g = 0;

      while (g < groups->len && !same_group (group, g_ptr_array_index (groups, g)))
        g++;
      if (g == groups->len)
        {
          g_ptr_array_add (groups, group);
          g_ptr_array_add (members, g_array_new (FALSE, FALSE, sizeof (guint)));
        }
      else
        {
          group_free (group);
        }
      g_array_append_val ((GArray *) g_ptr_array_index (members, g), i);
    }
  for (guint g = 0; g < groups->len; g++)
    {
      InionShownGroup *group = g_ptr_array_index (groups, g);

      fill_rows (group, montage, g_ptr_array_index (members, g));
      choose_chunks (group, filter);
      use_common (group);
    }
  return groups;
}
