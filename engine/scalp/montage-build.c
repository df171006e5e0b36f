/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the derivations of a montage for one recording: what the builders of all families share.
 *
 * The electrode that the recording itself has as its reference counts as a channel that is zero.
 * Channels that take no part follow below, unchanged. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include "core/error.h"

#include <string.h>

static void
clear_derivation (gpointer data)
{
  InionDerivation *derivation = data;

  g_free (derivation->label);
  g_free (derivation->channels);
  g_free (derivation->weights);
}

void
_inion_montage_parts_init (InionMontageParts *self)
{
  self->derivations = g_array_new (FALSE, TRUE, sizeof (InionDerivation));
  g_array_set_clear_func (self->derivations, clear_derivation);
  self->referred = g_array_new (FALSE, TRUE, sizeof (gboolean));
  self->reference_channels = g_array_new (FALSE, TRUE, sizeof (guint));
  self->reference_weights = g_array_new (FALSE, TRUE, sizeof (double));
  self->reference_names = g_string_new (NULL);
  self->taken = g_array_new (FALSE, TRUE, sizeof (gboolean));
  self->note = NULL;
}

void
_inion_montage_parts_clear (InionMontageParts *self)
{
  g_clear_pointer (&self->derivations, g_array_unref);
  g_clear_pointer (&self->referred, g_array_unref);
  g_clear_pointer (&self->reference_channels, g_array_unref);
  g_clear_pointer (&self->reference_weights, g_array_unref);
  if (self->reference_names != NULL)
    g_string_free (g_steal_pointer (&self->reference_names), TRUE);
  g_clear_pointer (&self->taken, g_array_unref);
  g_clear_pointer (&self->note, g_free);
}

/* Texts of the form "a, b, c". */
void
_inion_montage_append_item (GString    *list,
                            const char *item)
{
  if (list->len > 0)
    g_string_append (list, ", ");
  g_string_append (list, item);
}

void
_inion_montage_say (InionMontageParts *parts,
                    char              *sentence)
{
  char *note = parts->note;

  parts->note = note != NULL ? g_strconcat (note, "; ", sentence, NULL) : g_strdup (sentence);
  g_free (note);
  g_free (sentence);
}

/* Valid until the next one is added. */
InionDerivation *
_inion_montage_add (InionMontageParts *parts,
                    char              *label,
                    InionChannelKind   kind,
                    guint              n_terms,
                    const guint       *channels,
                    const double      *weights,
                    guint              group,
                    gboolean           referred)
{
  InionDerivation derivation = {
    .label = label,
    .kind = kind,
    .n_terms = n_terms,
    .channels = g_memdup2 (channels, n_terms * sizeof *channels),
    .weights = g_memdup2 (weights, n_terms * sizeof *weights),
    .group = group,
  };

  g_array_append_val (parts->derivations, derivation);
  g_array_append_val (parts->referred, referred);
  return &g_array_index (parts->derivations, InionDerivation, parts->derivations->len - 1);
}

static void
add_unchanged (InionMontageParts *parts,
               InionRecording    *recording,
               guint              channel,
               guint              group)
{
  InionChannel *c = inion_recording_get_channel (recording, channel);
  double one = 1;

  _inion_montage_add (parts, g_strdup (inion_channel_get_label (c)), inion_channel_get_kind (c), 1,
                      &channel, &one, group, FALSE);
}

guint
_inion_montage_next_group (const InionMontageParts *parts)
{
  guint n = parts->derivations->len;

  return n > 0 ? g_array_index (parts->derivations, InionDerivation, n - 1).group + 1 : 0;
}

/* Channels that are not taken as they are, with a gap where the kind changes. */
static void
add_rest (InionMontageParts *parts,
          InionRecording    *recording)
{
  guint group = _inion_montage_next_group (parts);
  gboolean started = FALSE;
  InionChannelKind last = INION_CHANNEL_OTHER;

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannelKind kind = inion_channel_get_kind (inion_recording_get_channel (recording, i));

      if (i < parts->taken->len && g_array_index (parts->taken, gboolean, i))
        continue;
      if (started && kind != last)
        group++;
      add_unchanged (parts, recording, i, group);
      last = kind;
      started = TRUE;
    }
}

/* What is a term of a derivation does not follow as it is. */
void
_inion_montage_take_used (InionMontageParts *parts)
{
  for (guint i = 0; i < parts->derivations->len; i++)
    {
      const InionDerivation *d = &g_array_index (parts->derivations, InionDerivation, i);

      for (guint t = 0; t < d->n_terms; t++)
        g_array_index (parts->taken, gboolean, d->channels[t]) = TRUE;
    }
}

/* EEG channels that could not take part, for the note. */
static void
note_left_as_they_are (InionMontageParts           *parts,
                       const InionMontageInventory *inventory)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < inventory->n; i++)
    {
      if (inventory->sources[i].eeg && !inventory->sources[i].usable)
        _inion_montage_append_item (
          names, inion_channel_get_label (inion_recording_get_channel (inventory->recording, i)));
    }
  if (names->len > 0)
    _inion_montage_say (parts, g_strdup_printf ("unchanged, because of another reference, rate "
                                                "or unit: %s", names->str));
}

/* Bad electrodes that the derivations so far contain. */
void
_inion_montage_note_bad (InionMontageParts           *parts,
                         const InionMontageInventory *inventory)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint n_bad = 0;

  for (guint i = 0; i < inventory->n; i++)
    {
      gboolean used = FALSE;

      if (!inventory->sources[i].bad)
        continue;
      for (guint d = 0; d < parts->derivations->len && !used; d++)
        {
          const InionDerivation *one = &g_array_index (parts->derivations, InionDerivation, d);

          for (guint t = 0; t < one->n_terms; t++)
            used = used || one->channels[t] == i;
        }
      if (!used)
        continue;
      _inion_montage_append_item (names, inventory->sources[i].written);
      n_bad++;
    }
  if (n_bad > 0)
    _inion_montage_say (parts, g_strdup_printf ("%s %s marked bad", names->str,
                                                n_bad == 1 ? "is" : "are"));
}

/* "a, b, c and 5 more" */
char *
_inion_montage_shorten_list (const char *list,
                             guint       n_shown)
{
  g_auto (GStrv) items = g_strsplit (list, ", ", -1);
  guint n = g_strv_length (items);
  g_autofree char *shown = NULL;

  if (n <= n_shown + 1)
    return g_strdup (list);
  g_clear_pointer (&items[n_shown], g_free);
  shown = g_strjoinv (", ", items);
  for (guint i = n_shown + 1; i < n; i++)
    g_clear_pointer (&items[i], g_free);
  return g_strdup_printf ("%s and %u more", shown, n - n_shown);
}

/* Whether differences of this recording's EEG channels mean anything. */
static gboolean
check_inventory (const InionMontageInventory  *inventory,
                 GError                      **error)
{
  if (inventory->n_eeg == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW, "The recording has no EEG channels.");
  if (inventory->bipolar != NULL)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "The recording is bipolar already (“%s” is a difference of two "
                            "electrodes): this montage cannot be made from it.",
                            inventory->bipolar);
  if (inventory->n_usable * 2 <= inventory->n_eeg)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "Only %u of the %u EEG channels have a reference, rate and unit in "
                            "common: their differences would not be differences of electrodes.",
                            inventory->n_usable, inventory->n_eeg);
  return TRUE;
}

static gboolean
build_referential (const char                   *id,
                   const InionMontageInventory  *inventory,
                   InionMontageParts            *parts,
                   GError                      **error)
{
  if (g_str_equal (id, "average"))
    return _inion_montage_build_average (inventory, FALSE, parts, error);
  if (g_str_equal (id, "average-2"))
    return _inion_montage_build_average (inventory, TRUE, parts, error);
  if (g_str_equal (id, "linked-ears"))
    return _inion_montage_build_linked_ears (inventory, parts, error);
  if (g_str_equal (id, "same-ear"))
    return _inion_montage_build_sides (inventory, "A1", "A2", FALSE, parts, error);
  if (g_str_equal (id, "other-ear"))
    return _inion_montage_build_sides (inventory, "A1", "A2", TRUE, parts, error);
  if (g_str_equal (id, "temporal"))
    return _inion_montage_build_sides (inventory, "T1", "T2", FALSE, parts, error);
  return _inion_montage_build_cz (inventory, parts, error);
}

static gboolean
build_family (const InionMontageDefinition  *definition,
              const InionMontageInventory   *inventory,
              InionMontageParts             *parts,
              GError                       **error)
{
  if (definition->family == INION_MONTAGE_DEPTH)
    return _inion_montage_build_shafts (inventory, g_str_equal (definition->id, "shaft-average"),
                                        parts, error);
  if (definition->pairs != NULL && inventory->bipolar != NULL)
    return _inion_montage_build_bipolar (definition, inventory, parts, error);
  if (!check_inventory (inventory, error))
    return FALSE;
  if (definition->pairs != NULL)
    return _inion_montage_build_bipolar (definition, inventory, parts, error);
  if (g_str_equal (definition->id, "laplacian"))
    return _inion_montage_build_laplacian (inventory, parts, error);
  if (g_str_equal (definition->id, "csd"))
    return _inion_montage_build_csd (inventory, parts, error);
  return build_referential (definition->id, inventory, parts, error);
}

/* Fills @parts, which has been initialised and is cleared by the caller in any case. */
gboolean
_inion_montage_build (const InionMontageDefinition  *definition,
                      InionRecording                *recording,
                      const char *const             *bad,
                      InionMontageParts             *parts,
                      GError                       **error)
{
  g_autoptr (InionMontageInventory) inventory = NULL;

  g_array_set_size (parts->taken, inion_recording_get_n_channels (recording));
  if (!g_str_equal (definition->id, "as-recorded"))
    {
      inventory = _inion_montage_inventory_new (recording, bad);
      for (guint i = 0; i < inventory->n; i++)
        g_array_index (parts->taken, gboolean, i) =
          definition->family != INION_MONTAGE_DEPTH && inventory->sources[i].usable;
      if (!build_family (definition, inventory, parts, error))
        return FALSE;
      if (definition->family != INION_MONTAGE_DEPTH && inventory->bipolar == NULL)
        note_left_as_they_are (parts, inventory);
    }
  add_rest (parts, recording);
  return TRUE;
}
