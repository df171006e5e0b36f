/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which electrode of a position file is which channel. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/position-file.h"

#include <string.h>

/* A name without case, dots, spaces and leading zeros: "FC5." and "fc5", "E007" and "E7". */
static char *
fold_name (const char *name)
{
  GString *folded = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at++)
    {
      gboolean after_digit = folded->len > 0 && g_ascii_isdigit (folded->str[folded->len - 1]);

      if (strchr (" ._-\"", *at) != NULL || (*at == '0' && !after_digit && g_ascii_isdigit (at[1])))
        continue;
      g_string_append_c (folded, g_ascii_tolower (*at));
    }
  return g_string_free (folded, FALSE);
}

static void
note_name (GHashTable *names,
           char       *name,
           guint       entry)
{
  if (name == NULL || g_hash_table_contains (names, name))
    g_free (name);
  else
    g_hash_table_insert (names, name, GUINT_TO_POINTER (entry + 1));
}

static int
find_name (GHashTable *exact,
           GHashTable *folded,
           const char *label)
{
  InionElectrodeLabel parsed;
  g_autofree char *name = fold_name (label);
  gpointer found = g_hash_table_lookup (exact, label);

  if (found == NULL)
    found = g_hash_table_lookup (folded, name);
  if (found == NULL && inion_electrode_parse_label (label, &parsed) && !parsed.bipolar)
    {
      g_autofree char *electrode = fold_name (parsed.g1);

      found = g_hash_table_lookup (folded, electrode);
    }
  return GPOINTER_TO_INT (found) - 1;
}

/**
 * inion_position_file_match:
 * @self: positions
 * @recording: a recording
 * @entries: (out caller-allocates): [number of channels], which entry is the channel's, or −1
 *
 * Finds the channels that the file names: as written, then in any case and without dots, then by
 * the electrode ("EEG T3-Ref" is "T7"). Channels that are differences of two electrodes, and those
 * that are no electrodes (triggers, respiration), are left out.
 *
 * Returns: how many channels have an entry
 */
guint
inion_position_file_match (const InionPositionFile *self,
                           InionRecording          *recording,
                           int                     *entries)
{
  g_autoptr (GHashTable) exact = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const InionPositionEntry *entry = self->entries->pdata[i];

      note_name (exact, g_strdup (entry->label), i);
      note_name (folded, fold_name (entry->label), i);
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      const char *canonical =
        inion_electrode_canonical (((InionPositionEntry *) self->entries->pdata[i])->label);

      if (canonical != NULL)
        note_name (folded, fold_name (canonical), i);
    }
  for (guint c = 0; c < inion_recording_get_n_channels (recording); c++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, c);
      InionChannelKind kind = inion_channel_get_kind (channel);

      entries[c] = -1;
      if (kind != INION_CHANNEL_RESPIRATION && kind != INION_CHANNEL_SATURATION &&
          kind != INION_CHANNEL_TEMPERATURE && kind != INION_CHANNEL_TRIGGER)
        entries[c] = find_name (exact, folded, inion_channel_get_label (channel));
      if (entries[c] < 0 && kind == INION_CHANNEL_EEG)
        entries[c] = find_name (exact, folded, inion_channel_get_info (channel)->raw_label);
      n += entries[c] >= 0;
    }
  return n;
}
