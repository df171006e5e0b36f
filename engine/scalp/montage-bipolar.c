/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bipolar montages from their tables.
 *
 * Pairs whose electrodes the recording does not have are left out, and a montage of which fewer
 * than half the pairs can be made is refused.
 *
 * A recording that is bipolar already has no electrodes to subtract, but its differences add up:
 * Fp1-T7 is Fp1-F7 plus F7-T7, and F7-Fp1 is Fp1-F7 upside down. The shortest such sum is taken,
 * and the note says that it was. What no sum of recorded differences gives is not made. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include "core/error.h"

#include <string.h>

/* The earlobe and the mastoid, and the two names of the anterior temporal electrode, are near
 * enough to stand for one another where it is said. */
int
_inion_montage_find_site (const InionMontageInventory  *inventory,
                          const char                   *name,
                          const char                  **found)
{
  static const char *const others[][2] = {
    { "A1", "M1" }, { "A2", "M2" }, { "T1", "FT9" }, { "T2", "FT10" },
  };
  int channel = _inion_montage_inventory_find (inventory, name);

  *found = _inion_montage_inventory_name (inventory, name);
  for (guint i = 0; channel == INION_MONTAGE_MISSING && i < G_N_ELEMENTS (others); i++)
    {
      if (!g_str_equal (others[i][0], name) ||
          _inion_montage_inventory_find (inventory, others[i][1]) == INION_MONTAGE_MISSING)
        continue;
      channel = _inion_montage_inventory_find (inventory, others[i][1]);
      *found = _inion_montage_inventory_name (inventory, others[i][1]);
    }
  return channel;
}

/* What the pairs of a table became. */
typedef struct
{
  GString *missing;  /* electrodes */
  GString *left_out; /* pairs */
  gboolean summed;   /* a recorded difference was turned or several were added */
} Findings;

static void
add_missing (GString    *missing,
             const char *name)
{
  g_auto (GStrv) known = g_strsplit (missing->str, ", ", -1);

  if (!g_strv_contains ((const char *const *) known, name))
    _inion_montage_append_item (missing, name);
}

/* Makes one pair if its electrodes are there; otherwise names what is missing. */
static gboolean
add_pair (InionMontageParts           *parts,
          const InionMontageInventory *inventory,
          const InionMontagePair      *pair,
          guint                        group,
          Findings                    *findings)
{
  const char *sites[2] = { pair->g1, pair->g2 }, *names[2];
  const double signs[2] = { 1, -1 };
  guint channels[2], n = 0;
  double weights[2];
  gboolean whole = TRUE;

  for (guint i = 0; i < 2; i++)
    {
      int channel = _inion_montage_find_site (inventory, sites[i], &names[i]);

      if (channel >= 0)
        {
          channels[n] = channel;
          weights[n++] = signs[i];
        }
      else if (channel == INION_MONTAGE_MISSING)
        {
          add_missing (findings->missing, names[i]);
          whole = FALSE;
        }
    }
  if (!whole)
    return FALSE;
  _inion_montage_add (parts, g_strdup_printf ("%s-%s", names[0], names[1]), INION_CHANNEL_EEG, n,
                      channels, weights, group, FALSE);
  return TRUE;
}

/* One recorded difference on the way: channel, and 1 along it or -1 against it. */
typedef struct
{
  const char *to;   /* an electrode */
  int from;         /* the step before, or -1 */
  guint channel;
  double sign;
} Step;

/* Follows every recorded difference that starts or ends where a step ended. */
static void
follow (const InionMontageInventory *inventory,
        GArray                      *steps,
        int                          at,
        GHashTable                  *seen)
{
  const Step here = g_array_index (steps, Step, at);

  for (guint i = 0; i < inventory->n; i++)
    {
      const InionElectrodeLabel *label = &inventory->sources[i].label;
      gboolean along = label->bipolar && g_str_equal (label->g1, here.to);
      Step step = { along ? label->g2 : label->g1, at, i, along ? 1 : -1 };

      if (!inventory->sources[i].eeg || !label->bipolar ||
          !(along || g_str_equal (label->g2, here.to)) ||
          (here.from >= 0 && !_inion_montage_inventory_same_clock (inventory, here.channel, i)) ||
          !g_hash_table_add (seen, (gpointer) step.to))
        continue;
      g_array_append_val (steps, step);
    }
}

/* The steps that lead from one electrode to another by the fewest recorded differences; at the
 * front of the array is the last one. */
static GArray *
trace_back (GArray *steps,
            guint   last)
{
  GArray *path = g_array_new (FALSE, FALSE, sizeof (Step));

  for (int i = (int) last; i > 0; i = g_array_index (steps, Step, i).from)
    g_array_append_val (path, g_array_index (steps, Step, i));
  return path;
}

/* Which recorded differences add up to @from - @to (electrodes): (nullable) (transfer full): signed
 * channels, as numbers of one more than the channel, negative where it is turned. */
GArray *
_inion_montage_find_path (const InionMontageInventory *inventory,
                          const char                  *from,
                          const char                  *to)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const Step start = { from, -1, 0, 0 };

  g_array_append_val (steps, start);
  g_hash_table_add (seen, (gpointer) from);
  for (guint i = 0; i < steps->len; i++)
    {
      g_autoptr (GArray) path = NULL;
      GArray *signed_channels;

      if (i == 0 || !g_str_equal (g_array_index (steps, Step, i).to, to))
        {
          follow (inventory, steps, (int) i, seen);
          continue;
        }
      path = trace_back (steps, i);
      signed_channels = g_array_new (FALSE, FALSE, sizeof (int));
      for (guint k = path->len; k-- > 0;)
        {
          const Step *step = &g_array_index (path, Step, k);
          int value = ((int) step->channel + 1) * (step->sign > 0 ? 1 : -1);

          g_array_append_val (signed_channels, value);
        }
      return signed_channels;
    }
  return NULL;
}

/* Makes one pair of what was recorded as differences. */
static gboolean
add_sum (InionMontageParts           *parts,
         const InionMontageInventory *inventory,
         const InionMontagePair      *pair,
         guint                        group,
         Findings                    *findings)
{
  g_autoptr (GArray) path = _inion_montage_find_path (inventory, pair->g1, pair->g2);
  g_autofree guint *channels = NULL;
  g_autofree double *weights = NULL;

  if (path == NULL)
    return FALSE;
  channels = g_new (guint, path->len);
  weights = g_new (double, path->len);
  for (guint i = 0; i < path->len; i++)
    {
      int value = g_array_index (path, int, i);

      channels[i] = (guint) ABS (value) - 1;
      weights[i] = value > 0 ? 1 : -1;
    }
  findings->summed = findings->summed || path->len > 1 || weights[0] < 0;
  _inion_montage_add (parts,
                      g_strdup_printf ("%s-%s", _inion_montage_inventory_name (inventory, pair->g1),
                                       _inion_montage_inventory_name (inventory, pair->g2)),
                      INION_CHANNEL_EEG, path->len, channels, weights, group, FALSE);
  return TRUE;
}

static gboolean
refuse (const InionMontageInventory  *inventory,
        const Findings               *findings,
        guint                         n,
        guint                         n_pairs,
        GError                      **error)
{
  g_autofree char *lacks = _inion_montage_shorten_list (findings->missing->str, 8);

  if (inventory->bipolar != NULL)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "The recording is bipolar already (“%s” is a difference of two "
                            "electrodes), and its differences give %u of %u derivations.",
                            inventory->bipolar, n, n_pairs);
  return inion_set_error (error, INION_ERROR_TOO_FEW,
                          "The recording lacks %s: %u of %u derivations can be made.", lacks, n,
                          n_pairs);
}

static void
take_differences (InionMontageParts           *parts,
                  const InionMontageInventory *inventory)
{
  for (guint i = 0; i < inventory->n; i++)
    g_array_index (parts->taken, gboolean, i) =
      inventory->sources[i].eeg && inventory->sources[i].label.bipolar;
}

static void
make_note (InionMontageParts           *parts,
           const InionMontageInventory *inventory,
           const Findings              *findings)
{
  if (inventory->bipolar != NULL)
    _inion_montage_say (parts, g_strdup (findings->summed
                                           ? "sums of the differences that were recorded"
                                           : "the differences that were recorded, in this order"));
  if (findings->left_out->len > 0 && findings->missing->len > 0)
    _inion_montage_say (parts, g_strdup_printf ("without %s (no %s)", findings->left_out->str,
                                                findings->missing->str));
  else if (findings->left_out->len > 0)
    _inion_montage_say (parts, g_strdup_printf ("without %s", findings->left_out->str));
  _inion_montage_note_bad (parts, inventory);
}

static void
make_pairs (const InionMontageDefinition *definition,
            const InionMontageInventory  *inventory,
            InionMontageParts            *parts,
            Findings                     *findings,
            guint                        *n_pairs)
{
  guint group = 0;

  for (guint i = 0; i < definition->n_pairs; i++)
    {
      const InionMontagePair *pair = &definition->pairs[i];
      const char *names[2];
      g_autofree char *name = NULL;

      if (pair->g1 == NULL)
        {
          group = _inion_montage_next_group (parts);
          continue;
        }
      ++*n_pairs;
      if (inventory->bipolar != NULL ? add_sum (parts, inventory, pair, group, findings)
                                     : add_pair (parts, inventory, pair, group, findings))
        continue;
      _inion_montage_find_site (inventory, pair->g1, &names[0]);
      _inion_montage_find_site (inventory, pair->g2, &names[1]);
      name = g_strdup_printf ("%s-%s", names[0], names[1]);
      _inion_montage_append_item (findings->left_out, name);
    }
}

gboolean
_inion_montage_build_bipolar (const InionMontageDefinition  *definition,
                              const InionMontageInventory   *inventory,
                              InionMontageParts             *parts,
                              GError                       **error)
{
  g_autoptr (GString) missing = g_string_new (NULL), left_out = g_string_new (NULL);
  Findings findings = { missing, left_out, FALSE };
  guint n_pairs = 0;

  make_pairs (definition, inventory, parts, &findings, &n_pairs);
  if (parts->derivations->len * 2 < n_pairs)
    return refuse (inventory, &findings, parts->derivations->len, n_pairs, error);
  if (inventory->bipolar != NULL)
    take_differences (parts, inventory);
  make_note (parts, inventory, &findings);
  return TRUE;
}
