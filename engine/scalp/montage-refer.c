/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Referential montages: every usable EEG channel minus a weighted sum of channels.
 *
 * The average, the linked ears, Cz: one reference that all share. The ears of the same or of the
 * other side: one reference a side, and for the middle line the mean of both. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include "core/error.h"

#include <string.h>

static void
add_reference_channel (InionMontageParts           *parts,
                       const InionMontageInventory *inventory,
                       guint                        channel,
                       double                       weight)
{
  _inion_montage_append_item (parts->reference_names, inventory->sources[channel].written);
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
  _inion_montage_add (parts,
                      g_strdup_printf ("%s-%s", inventory->sources[channel].written, suffix),
                      INION_CHANNEL_EEG, n_terms, channels, weights, 0, n > 0);
}

/* Eye movements are in Fp1, Fpz and Fp2 before all others. */
static gboolean
is_frontal_pole (const char *site)
{
  static const char *const sites[] = { "Fp1", "Fpz", "Fp2", NULL };

  return g_strv_contains (sites, site);
}

gboolean
_inion_montage_build_average (const InionMontageInventory  *inventory,
                              gboolean                      without_frontal,
                              InionMontageParts            *parts,
                              GError                      **error)
{
  g_autoptr (GString) without = g_string_new (NULL);
  guint n, n_frontal = 0;

  for (guint i = 0; i < inventory->n; i++)
    {
      const InionMontageSource *source = &inventory->sources[i];

      if (!source->usable)
        continue;
      n_frontal += is_frontal_pole (source->label.g1);
      if (source->bad)
        {
          g_autofree char *item = g_strconcat (source->written, " (bad)", NULL);

          _inion_montage_append_item (without, item);
        }
      else if (inion_electrode_is_ear (source->label.g1) ||
               (without_frontal && is_frontal_pole (source->label.g1)))
        _inion_montage_append_item (without, source->written);
      else
        add_reference_channel (parts, inventory, i, 0);
    }
  if (without_frontal && n_frontal == 0)
    return inion_set_error (error, INION_ERROR_NOT_FOUND,
                            "The recording has no Fp1, Fpz or Fp2 to leave out.");
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
  _inion_montage_say (parts, without->len > 0
                               ? g_strdup_printf ("average of %u channels, without %s", n,
                                                  without->str)
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
        add_reference_channel (parts, inventory, found[i], 1.0 / n_good);
    }
  if (n_good == 2)
    _inion_montage_say (parts, g_strdup_printf ("mean of %s and %s", ears[0], ears[1]));
  else
    _inion_montage_say (parts, g_strdup_printf ("%s alone, because %s is marked bad",
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
      _inion_montage_say (parts, g_strdup ("as recorded against linked ears"));
      return TRUE;
    }
  return inion_set_error (error, INION_ERROR_NOT_FOUND,
                          "Linked ears need both A1 and A2, or both M1 and M2; the recording does "
                          "not have them.");
}

gboolean
_inion_montage_build_linked_ears (const InionMontageInventory  *inventory,
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
  _inion_montage_note_bad (parts, inventory);
  return TRUE;
}

gboolean
_inion_montage_build_cz (const InionMontageInventory  *inventory,
                         InionMontageParts            *parts,
                         GError                      **error)
{
  int cz = _inion_montage_inventory_find (inventory, "Cz");

  if (cz == INION_MONTAGE_MISSING)
    return inion_set_error (error, INION_ERROR_NOT_FOUND,
                            "The recording has no electrode Cz to refer to.");
  if (cz == INION_MONTAGE_ZERO)
    _inion_montage_say (parts, g_strdup ("as recorded against Cz"));
  else
    add_reference_channel (parts, inventory, cz, 1);
  for (guint i = 0; i < inventory->n; i++)
    {
      if (inventory->sources[i].usable && (int) i != cz)
        add_referred (parts, inventory, i, "Cz");
    }
  if (parts->derivations->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The recording has no EEG channel beside Cz.");
  _inion_montage_note_bad (parts, inventory);
  return TRUE;
}

/* Whether differences of this recording's EEG channels mean anything. */

/* One derivation against a single reference that is a channel or zero. */
static void
add_against (InionMontageParts           *parts,
             const InionMontageInventory *inventory,
             guint                        channel,
             int                          reference,
             const char                  *name)
{
  guint channels[2] = { channel, 0 }, n = 1;
  const double weights[2] = { 1, -1 };

  if (reference >= 0)
    channels[n++] = reference;
  _inion_montage_add (parts, g_strdup_printf ("%s-%s", inventory->sources[channel].written, name),
                      INION_CHANNEL_EEG, n, channels, weights, 0, FALSE);
}

/* One derivation against the mean of two references. */
static void
add_against_both (InionMontageParts           *parts,
                  const InionMontageInventory *inventory,
                  guint                        channel,
                  const int                    references[2],
                  const char *const            names[2])
{
  guint channels[3] = { channel, 0, 0 }, n = 1;
  const double weights[3] = { 1, -0.5, -0.5 };

  for (guint i = 0; i < 2; i++)
    {
      if (references[i] >= 0)
        channels[n++] = references[i];
    }
  _inion_montage_add (parts, g_strdup_printf ("%s-(%s+%s)/2", inventory->sources[channel].written,
                                              names[0], names[1]),
                      INION_CHANNEL_EEG, n, channels, weights, 0, FALSE);
}

/* 0: left, 1: right, -1: on the middle line or not known. */
static int
side_of (const char *site)
{
  gsize n = strlen (site);

  if (n == 0 || !g_ascii_isdigit (site[n - (g_str_has_suffix (site, "h") ? 2 : 1)]))
    return -1;
  return (site[n - (g_str_has_suffix (site, "h") ? 2 : 1)] - '0') % 2 == 0;
}

/* Each channel against the reference of its side, or of the other one; the middle line against the
 * mean of both. A bad one is used, and said: another in its place would be another montage. */
gboolean
_inion_montage_build_sides (const InionMontageInventory  *inventory,
                            const char                   *left,
                            const char                   *right,
                            gboolean                      crossed,
                            InionMontageParts            *parts,
                            GError                      **error)
{
  const char *names[2];
  const int found[2] = { _inion_montage_find_site (inventory, left, &names[0]),
                         _inion_montage_find_site (inventory, right, &names[1]) };

  if (found[0] == INION_MONTAGE_MISSING || found[1] == INION_MONTAGE_MISSING)
    return inion_set_error (error, INION_ERROR_NOT_FOUND,
                            "The recording has no %s%s%s to refer to.",
                            found[0] == INION_MONTAGE_MISSING ? names[0] : "",
                            found[0] == found[1] ? " and no " : "",
                            found[1] == INION_MONTAGE_MISSING ? names[1] : "");
  for (guint i = 0; i < inventory->n; i++)
    {
      int side = side_of (inventory->sources[i].label.g1);

      if (!inventory->sources[i].usable || (int) i == found[0] || (int) i == found[1] ||
          inion_electrode_is_ear (inventory->sources[i].label.g1))
        continue;
      if (side < 0)
        add_against_both (parts, inventory, i, found, names);
      else
        add_against (parts, inventory, i, found[crossed ? 1 - side : side],
                     names[crossed ? 1 - side : side]);
    }
  if (parts->derivations->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The recording has no EEG channel beside %s and %s.", names[0],
                            names[1]);
  if (!g_str_equal (names[0], left) || !g_str_equal (names[1], right))
    _inion_montage_say (parts, g_strdup_printf ("with %s and %s in place of %s and %s", names[0],
                                                names[1], left, right));
  _inion_montage_note_bad (parts, inventory);
  return TRUE;
}
