/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the derivations of a montage for one recording.
 *
 * Bipolar montages follow their table; pairs whose electrodes the recording does not have are left
 * out, and a montage of which fewer than half the pairs can be made is refused. Referential
 * montages subtract one shared reference from every usable EEG channel. The electrode that the
 * recording itself has as its reference counts as a channel that is zero. Channels that take no
 * part follow below, unchanged. */

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
  self->note = NULL;
}

void
_inion_montage_parts_clear (InionMontageParts *self)
{
  g_clear_pointer (&self->derivations, g_array_unref);
  g_clear_pointer (&self->referred, g_array_unref);
  g_clear_pointer (&self->reference_channels, g_array_unref);
  g_clear_pointer (&self->reference_weights, g_array_unref);
  g_clear_pointer (&self->note, g_free);
}

/* Texts of the form "a, b, c". */
static void
append_item (GString    *list,
             const char *item)
{
  if (list->len > 0)
    g_string_append (list, ", ");
  g_string_append (list, item);
}

static void
append_sentence (InionMontageParts *parts,
                 char              *sentence)
{
  char *note = parts->note;

  parts->note = note != NULL ? g_strconcat (note, "; ", sentence, NULL) : g_strdup (sentence);
  g_free (note);
  g_free (sentence);
}

static void
add_derivation (InionMontageParts *parts,
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
}

static void
add_unchanged (InionMontageParts *parts,
               InionRecording    *recording,
               guint              channel,
               guint              group)
{
  InionChannel *c = inion_recording_get_channel (recording, channel);
  double one = 1;

  add_derivation (parts, g_strdup (inion_channel_get_label (c)), inion_channel_get_kind (c), 1,
                  &channel, &one, group, FALSE);
}

static guint
next_group (const InionMontageParts *parts)
{
  guint n = parts->derivations->len;

  return n > 0 ? g_array_index (parts->derivations, InionDerivation, n - 1).group + 1 : 0;
}

/* Channels as they are, with a gap where the kind changes. @inventory: (nullable): only those
 * channels that are not usable in it. */
static void
add_rest (InionMontageParts           *parts,
          InionRecording              *recording,
          const InionMontageInventory *inventory)
{
  guint group = next_group (parts);
  gboolean started = FALSE;
  InionChannelKind last = INION_CHANNEL_OTHER;

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannelKind kind = inion_channel_get_kind (inion_recording_get_channel (recording, i));

      if (inventory != NULL && inventory->sources[i].usable)
        continue;
      if (started && kind != last)
        group++;
      add_unchanged (parts, recording, i, group);
      last = kind;
      started = TRUE;
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
        append_item (names, inion_channel_get_label (
                              inion_recording_get_channel (inventory->recording, i)));
    }
  if (names->len > 0)
    append_sentence (parts, g_strdup_printf ("unchanged, because of another reference, rate or "
                                             "unit: %s", names->str));
}

/* Makes one pair if its electrodes are there; otherwise names what is missing. */
static gboolean
add_pair (InionMontageParts           *parts,
          const InionMontageInventory *inventory,
          const InionMontagePair      *pair,
          guint                        group,
          GString                     *missing)
{
  const char *names[2] = { pair->g1, pair->g2 };
  double signs[2] = { 1, -1 };
  guint channels[2], n = 0;
  double weights[2];
  gboolean whole = TRUE;

  for (guint i = 0; i < 2; i++)
    {
      int channel = _inion_montage_inventory_find (inventory, names[i]);

      if (channel >= 0)
        {
          channels[n] = channel;
          weights[n++] = signs[i];
        }
      else if (channel == INION_MONTAGE_MISSING)
        {
          const char *name = _inion_montage_inventory_name (inventory, names[i]);
          g_auto (GStrv) known = g_strsplit (missing->str, ", ", -1);

          if (!g_strv_contains ((const char *const *) known, name))
            append_item (missing, name);
          whole = FALSE;
        }
    }
  if (!whole)
    return FALSE;
  add_derivation (parts,
                  g_strdup_printf ("%s-%s", _inion_montage_inventory_name (inventory, names[0]),
                                   _inion_montage_inventory_name (inventory, names[1])),
                  INION_CHANNEL_EEG, n, channels, weights, group, FALSE);
  return TRUE;
}

/* Bad electrodes that the derivations so far contain. */
static void
note_bad (InionMontageParts           *parts,
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
      append_item (names, inventory->sources[i].written);
      n_bad++;
    }
  if (n_bad > 0)
    append_sentence (parts, g_strdup_printf ("%s %s marked bad", names->str,
                                             n_bad == 1 ? "is" : "are"));
}

/* "a, b, c and 5 more" */
static char *
shorten_list (const char *list,
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

static gboolean
build_bipolar (const InionMontageDefinition  *definition,
               const InionMontageInventory   *inventory,
               InionMontageParts             *parts,
               GError                       **error)
{
  g_autoptr (GString) missing = g_string_new (NULL), left_out = g_string_new (NULL);
  guint n_pairs = 0, group = 0;

  for (guint i = 0; i < definition->n_pairs; i++)
    {
      const InionMontagePair *pair = &definition->pairs[i];

      if (pair->g1 == NULL)
        {
          group = next_group (parts);
          continue;
        }
      n_pairs++;
      if (!add_pair (parts, inventory, pair, group, missing))
        {
          g_autofree char *name =
            g_strdup_printf ("%s-%s", _inion_montage_inventory_name (inventory, pair->g1),
                             _inion_montage_inventory_name (inventory, pair->g2));

          append_item (left_out, name);
        }
    }
  if (parts->derivations->len * 2 < n_pairs)
    {
      g_autofree char *lacks = shorten_list (missing->str, 8);

      return inion_set_error (error, INION_ERROR_TOO_FEW,
                              "The recording lacks %s: %u of %u derivations can be made.", lacks,
                              parts->derivations->len, n_pairs);
    }
  if (left_out->len > 0)
    append_sentence (parts, g_strdup_printf ("without %s (no %s)", left_out->str, missing->str));
  note_bad (parts, inventory);
  return TRUE;
}

static void
add_reference_channel (InionMontageParts *parts,
                       guint              channel,
                       double             weight)
{
  g_array_append_val (parts->reference_channels, channel);
  g_array_append_val (parts->reference_weights, weight);
}

/* One derivation: a channel minus the shared reference. The channel's own term comes first. */
static void
add_referred (InionMontageParts           *parts,
              const InionMontageInventory *inventory,
              guint                        channel,
              const char                  *suffix)
{
  const guint *reference = (const guint *) parts->reference_channels->data;
  const double *weight = (const double *) parts->reference_weights->data;
  guint n = parts->reference_channels->len, n_terms = 1;
  g_autofree guint *channels = g_new (guint, n + 1);
  g_autofree double *weights = g_new (double, n + 1);

  channels[0] = channel;
  weights[0] = 1;
  for (guint i = 0; i < n; i++)
    {
      if (reference[i] == channel)
        {
          weights[0] -= weight[i];
          continue;
        }
      channels[n_terms] = reference[i];
      weights[n_terms++] = -weight[i];
    }
  add_derivation (parts,
                  g_strdup_printf ("%s-%s", inventory->sources[channel].written, suffix),
                  INION_CHANNEL_EEG, n_terms, channels, weights, 0, n > 0);
}

static gboolean
build_average (const InionMontageInventory  *inventory,
               InionMontageParts            *parts,
               GError                      **error)
{
  g_autoptr (GString) without = g_string_new (NULL);
  guint n;

  for (guint i = 0; i < inventory->n; i++)
    {
      const InionMontageSource *source = &inventory->sources[i];

      if (!source->usable)
        continue;
      if (source->bad)
        {
          g_autofree char *item = g_strconcat (source->written, " (bad)", NULL);

          append_item (without, item);
        }
      else if (inion_electrode_is_ear (source->label.g1))
        append_item (without, source->written);
      else
        add_reference_channel (parts, i, 0);
    }
  n = parts->reference_channels->len;
  if (n < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "An average needs at least two good EEG channels of the same "
                            "reference; the recording has %u.", n);
  for (guint i = 0; i < n; i++)
    g_array_index (parts->reference_weights, double, i) = 1.0 / n;
  for (guint i = 0; i < inventory->n; i++)
    {
      if (inventory->sources[i].usable)
        add_referred (parts, inventory, i, "Avg");
    }
  append_sentence (parts, without->len > 0 ? g_strdup_printf ("average of %u channels, without %s",
                                                              n, without->str)
                                           : g_strdup_printf ("average of %u channels", n));
  return TRUE;
}

static gboolean
is_linked_ears (const char *reference)
{
  static const char *const names[] = {
    "LE", "A1A2", "A1+A2", "A12", "M1M2", "M1+M2", "(A1+A2)/2", "(M1+M2)/2", "LinkedEars",
    "Linked ears",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_ascii_strcasecmp (reference, names[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Adds the pair of ears to the reference; a bad ear leaves it to the other one. */
static gboolean
add_ears (const InionMontageInventory  *inventory,
          InionMontageParts            *parts,
          const char *const             ears[2],
          const int                     found[2],
          GError                      **error)
{
  gboolean good[2];
  guint n_good = 0;

  for (guint i = 0; i < 2; i++)
    {
      good[i] = found[i] == INION_MONTAGE_ZERO || !inventory->sources[found[i]].bad;
      n_good += good[i];
    }
  if (n_good == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "%s and %s are both marked bad: there is no ear to refer to.", ears[0],
                            ears[1]);
  for (guint i = 0; i < 2; i++)
    {
      if (good[i] && found[i] >= 0)
        add_reference_channel (parts, found[i], 1.0 / n_good);
    }
  if (n_good == 2)
    append_sentence (parts, g_strdup_printf ("mean of %s and %s", ears[0], ears[1]));
  else
    append_sentence (parts, g_strdup_printf ("%s alone, because %s is marked bad",
                                             ears[good[0] ? 0 : 1], ears[good[0] ? 1 : 0]));
  return TRUE;
}

static gboolean
find_ears (const InionMontageInventory  *inventory,
           InionMontageParts            *parts,
           GError                      **error)
{
  static const char *const pairs[2][2] = { { "A1", "A2" }, { "M1", "M2" } };

  for (guint i = 0; i < 2; i++)
    {
      int found[2] = { _inion_montage_inventory_find (inventory, pairs[i][0]),
                       _inion_montage_inventory_find (inventory, pairs[i][1]) };

      if (found[0] != INION_MONTAGE_MISSING && found[1] != INION_MONTAGE_MISSING)
        return add_ears (inventory, parts, pairs[i], found, error);
    }
  if (is_linked_ears (inventory->reference))
    {
      append_sentence (parts, g_strdup ("as recorded against linked ears"));
      return TRUE;
    }
  return inion_set_error (error, INION_ERROR_NOT_FOUND,
                          "Linked ears need both A1 and A2, or both M1 and M2; the recording does "
                          "not have them.");
}

static gboolean
build_linked_ears (const InionMontageInventory  *inventory,
                   InionMontageParts            *parts,
                   GError                      **error)
{
  if (!find_ears (inventory, parts, error))
    return FALSE;
  for (guint i = 0; i < inventory->n; i++)
    {
      if (inventory->sources[i].usable &&
          !inion_electrode_is_ear (inventory->sources[i].label.g1))
        add_referred (parts, inventory, i, "LE");
    }
  if (parts->derivations->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The recording has no EEG channels beside the ears.");
  note_bad (parts, inventory);
  return TRUE;
}

static gboolean
build_cz (const InionMontageInventory  *inventory,
          InionMontageParts            *parts,
          GError                      **error)
{
  int cz = _inion_montage_inventory_find (inventory, "Cz");

  if (cz == INION_MONTAGE_MISSING)
    return inion_set_error (error, INION_ERROR_NOT_FOUND,
                            "The recording has no electrode Cz to refer to.");
  if (cz == INION_MONTAGE_ZERO)
    append_sentence (parts, g_strdup ("as recorded against Cz"));
  else
    add_reference_channel (parts, cz, 1);
  for (guint i = 0; i < inventory->n; i++)
    {
      if (inventory->sources[i].usable && (int) i != cz)
        add_referred (parts, inventory, i, "Cz");
    }
  if (parts->derivations->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The recording has no EEG channel beside Cz.");
  note_bad (parts, inventory);
  return TRUE;
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
                            "electrodes): other montages cannot be made from it.",
                            inventory->bipolar);
  if (inventory->n_usable * 2 <= inventory->n_eeg)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "Only %u of the %u EEG channels have a reference, rate and unit in "
                            "common: their differences would not be differences of electrodes.",
                            inventory->n_usable, inventory->n_eeg);
  return TRUE;
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
  gboolean ok;

  if (g_str_equal (definition->id, "as-recorded"))
    {
      add_rest (parts, recording, NULL);
      return TRUE;
    }
  inventory = _inion_montage_inventory_new (recording, bad);
  if (!check_inventory (inventory, error))
    return FALSE;
  if (definition->pairs != NULL)
    ok = build_bipolar (definition, inventory, parts, error);
  else if (g_str_equal (definition->id, "average"))
    ok = build_average (inventory, parts, error);
  else if (g_str_equal (definition->id, "linked-ears"))
    ok = build_linked_ears (inventory, parts, error);
  else
    ok = build_cz (inventory, parts, error);
  if (!ok)
    return FALSE;
  note_left_as_they_are (parts, inventory);
  add_rest (parts, recording, inventory);
  return TRUE;
}
