/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which electrodes a recording has, and which of its channels may be subtracted from one another.
 *
 * A difference of two channels is a difference of two electrodes only if both were recorded
 * against the same reference, with the same clock and in the same unit. The largest set of EEG
 * channels that agree in these is *usable*; the others are shown as they are. A recording most of
 * whose channels are differences of two scalp electrodes is bipolar; but where every channel has
 * the same second electrode ("Fz-Cz", "Pz-Cz", "C3-Cz" …) that electrode is its reference.
 *
 * In a recording with 10–20 names a channel in µV of another name ("X1", "VNS") is hardly a scalp
 * electrode: it is not counted as EEG here. Where most names are none of the 10–05 system, the cap
 * or grid has names of its own ("E17", BioSemi's "A1 … D32", the shafts of depth electrodes), and
 * its "A1" is no ear and its "C3" not the site: only names of the middle line ("Cz") are taken to
 * mean what they say. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include <string.h>

#define MIN_COMMON_REFERENCE 3

static const char *
tidy_reference (const InionElectrodeLabel *label)
{
  return g_ascii_strcasecmp (label->g2, "ref") == 0 ? "" : label->g2;
}

/* Whether two channels may be added at all: the same rate, length and unit. */
gboolean
_inion_montage_inventory_same_clock (const InionMontageInventory *self,
                                     guint                        a,
                                     guint                        b)
{
  InionChannel *channel_a = inion_recording_get_channel (self->recording, a);
  InionChannel *channel_b = inion_recording_get_channel (self->recording, b);
  const InionChannelInfo *x = inion_channel_get_info (channel_a);
  const InionChannelInfo *y = inion_channel_get_info (channel_b);

  return x->rate_num == y->rate_num && x->rate_den_ns == y->rate_den_ns &&
         x->n_samples == y->n_samples && g_strcmp0 (x->unit, y->unit) == 0;
}

gboolean
_inion_montage_inventory_same_reference (const InionMontageInventory *self,
                                         guint                        a,
                                         guint                        b)
{
  return g_ascii_strcasecmp (tidy_reference (&self->sources[a].label),
                             tidy_reference (&self->sources[b].label)) == 0;
}

static gboolean
is_comparable (const InionMontageInventory *self,
               guint                        a,
               guint                        b)
{
  return _inion_montage_inventory_same_reference (self, a, b) &&
         _inion_montage_inventory_same_clock (self, a, b);
}

/* Every EEG channel is a difference, all against one and the same electrode. */
static gboolean
has_common_electrode (const InionMontageInventory *self)
{
  const InionElectrodeLabel *first = NULL;
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    {
      const InionElectrodeLabel *label = &self->sources[i].label;

      if (!self->sources[i].eeg)
        continue;
      if (first == NULL)
        first = label;
      if (!label->g2_known || strcmp (label->g2, first->g2) != 0 ||
          (label != first && strcmp (label->g1, first->g1) == 0))
        return FALSE;
      n++;
    }
  return n >= MIN_COMMON_REFERENCE;
}

static void
find_bipolar (InionMontageInventory *self)
{
  gboolean common = has_common_electrode (self);
  guint n_bipolar = 0;
  const char *example = NULL;

  for (guint i = 0; i < self->n; i++)
    {
      InionMontageSource *source = &self->sources[i];

      if (common)
        source->label.bipolar = FALSE;
      if (!source->eeg || !source->label.bipolar)
        continue;
      if (example == NULL)
        example = inion_channel_get_label (inion_recording_get_channel (self->recording, i));
      n_bipolar++;
    }
  if (n_bipolar > 0 && n_bipolar * 2 >= self->n_eeg)
    self->bipolar = g_strdup (example);
}

static void
find_usable (InionMontageInventory *self)
{
  guint best = 0, n_best = 0;

  for (guint i = 0; i < self->n; i++)
    {
      guint n = 0;

      if (!self->sources[i].eeg || self->sources[i].label.bipolar)
        continue;
      for (guint j = 0; j < self->n; j++)
        n += self->sources[j].eeg && !self->sources[j].label.bipolar && is_comparable (self, i, j);
      if (n > n_best)
        {
          best = i;
          n_best = n;
        }
    }
  for (guint i = 0; n_best > 0 && i < self->n; i++)
    self->sources[i].usable = self->sources[i].eeg && !self->sources[i].label.bipolar &&
                              is_comparable (self, best, i);
  self->n_usable = n_best;
  self->reference = g_strdup (n_best > 0 ? tidy_reference (&self->sources[best].label) : "");
}

/* Names that belong to another system than 10–05. */
static void
distrust_names (InionMontageInventory *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      InionElectrodeLabel *label = &self->sources[i].label;

      label->g1_known = label->g1_known && g_str_has_suffix (label->g1, "z");
      if (!label->g1_known)
        label->g1[0] = '\0';
    }
}

/* Somebody measured where it was: then it is an electrode, whatever its name. */
static gboolean
is_placed (const InionMontageInventory *self,
           guint                        channel)
{
  return inion_channel_get_info (inion_recording_get_channel (self->recording,
                                                              channel))->has_position;
}

/* See the head of this file: which names are electrodes depends on the company they keep. */
static void
settle_names (InionMontageInventory *self)
{
  guint n_known = 0;

  for (guint i = 0; i < self->n; i++)
    n_known += self->sources[i].usable && self->sources[i].label.g1_known;
  if (n_known * 2 < self->n_usable)
    {
      distrust_names (self);
      return;
    }
  self->n_usable = 0;
  self->n_eeg = 0;
  for (guint i = 0; i < self->n; i++)
    {
      InionMontageSource *source = &self->sources[i];

      source->eeg = source->eeg && (source->label.g1_known || is_placed (self, i));
      source->usable = source->usable && source->eeg;
      self->n_eeg += source->eeg;
      self->n_usable += source->usable;
    }
}

/* A bad label may be the file's ("EEG T4-Ref"), the shown one or the bare electrode, old or new. */
static gboolean
is_listed (InionChannel              *channel,
           const InionElectrodeLabel *label,
           const char *const         *bad)
{
  for (guint i = 0; bad != NULL && bad[i] != NULL; i++)
    {
      InionElectrodeLabel other;

      if (g_ascii_strcasecmp (bad[i], inion_channel_get_label (channel)) == 0 ||
          (!inion_channel_get_info (channel)->renamed &&
           g_ascii_strcasecmp (bad[i], inion_channel_get_info (channel)->raw_label) == 0))
        return TRUE;
      if (label->g1_known && inion_electrode_parse_label (bad[i], &other) && !other.bipolar &&
          strcmp (other.g1, label->g1) == 0 && !label->bipolar)
        return TRUE;
    }
  return FALSE;
}

static void
fill_source (InionMontageInventory *self,
             guint                  index,
             const char *const     *bad)
{
  InionMontageSource *source = &self->sources[index];
  InionChannel *channel = inion_recording_get_channel (self->recording, index);
  const InionChannelInfo *info = inion_channel_get_info (channel);
  const char *raw = info->renamed ? info->label : info->raw_label;
  InionChannelKind kind = inion_channel_get_kind (channel);

  inion_electrode_parse_label (raw, &source->label);
  source->written = inion_electrode_dup_written_name (raw);
  if (source->written == NULL)
    source->written = g_strdup (inion_channel_get_label (channel));
  source->eeg = kind == INION_CHANNEL_EEG ||
                (kind == INION_CHANNEL_OTHER && source->label.g1_known);
  source->bad = is_listed (channel, &source->label, bad);
  self->n_eeg += source->eeg;
  if (source->label.g1_known && !g_str_equal (source->written, source->label.g1))
    self->old_names = TRUE;
}

/* What electrodes @recording has; @bad: (nullable): labels of bad ones. */
InionMontageInventory *
_inion_montage_inventory_new (InionRecording    *recording,
                              const char *const *bad)
{
  InionMontageInventory *self = g_new0 (InionMontageInventory, 1);

  self->recording = recording;
  self->n = inion_recording_get_n_channels (recording);
  self->sources = g_new0 (InionMontageSource, self->n);
  for (guint i = 0; i < self->n; i++)
    fill_source (self, i, bad);
  find_bipolar (self);
  find_usable (self);
  settle_names (self);
  return self;
}

void
_inion_montage_inventory_free (InionMontageInventory *self)
{
  for (guint i = 0; i < self->n; i++)
    g_free (self->sources[i].written);
  g_free (self->sources);
  g_free (self->reference);
  g_free (self->bipolar);
  g_free (self);
}

/* The channel of an electrode (canonical name), INION_MONTAGE_ZERO if it is the reference, or
 * INION_MONTAGE_MISSING. */
int
_inion_montage_inventory_find (const InionMontageInventory *self,
                               const char                  *name)
{
  for (guint i = 0; i < self->n; i++)
    {
      if (self->sources[i].usable && strcmp (self->sources[i].label.g1, name) == 0)
        return i;
    }
  return strcmp (self->reference, name) == 0 ? INION_MONTAGE_ZERO : INION_MONTAGE_MISSING;
}

/* How this recording would call an electrode (canonical name). */
const char *
_inion_montage_inventory_name (const InionMontageInventory *self,
                               const char                  *name)
{
  static const char *const old[][2] = {
    { "T7", "T3" }, { "T8", "T4" }, { "P7", "T5" }, { "P8", "T6" },
  };
  int channel = _inion_montage_inventory_find (self, name);

  if (channel >= 0)
    return self->sources[channel].written;
  for (guint i = 0; self->old_names && i < G_N_ELEMENTS (old); i++)
    {
      if (g_str_equal (old[i][0], name))
        return old[i][1];
    }
  return name;
}
