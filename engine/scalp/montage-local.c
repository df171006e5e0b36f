/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is under an electrode and not around it: Hjorth's Laplacian and the current source density.
 *
 * B. Hjorth, "An on-line transformation of EEG scalp potentials into orthogonal source
 * derivations", Electroencephalography and Clinical Neurophysiology 39 (1975) 526–530: a potential
 * minus the mean of its three or four neighbours in the 10–20 system. At the edge of the cap the
 * neighbours lie on one side only.
 *
 * The current source density is the Laplacian of the spherical spline through all electrodes
 * (Perrin et al. 1989, see spline.c), divided by the square of the head's radius: mV/m², positive
 * where current comes out of the head. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include "core/error.h"
#include "core/size.h"
#include "scalp/spline.h"

#include <string.h>

#define MIN_NEIGHBOURS 2
#define MIN_CSD 16
#define CSD_LAMBDA 1e-5

/* Fills @around with the channels whose mean is subtracted. Returns how many there are. */
static guint
find_around (const InionMontageInventory  *inventory,
             const InionMontageNeighbours *neighbours,
             int                           around[4],
             gboolean                     *incomplete)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (neighbours->around) && neighbours->around[i] != NULL; i++)
    {
      int channel = _inion_montage_inventory_find (inventory, neighbours->around[i]);

      if (channel == INION_MONTAGE_MISSING || (channel >= 0 && inventory->sources[channel].bad))
        *incomplete = TRUE;
      else
        around[n++] = channel;
    }
  return n;
}

static void
add_laplacian (InionMontageParts           *parts,
               const InionMontageInventory *inventory,
               guint                        channel,
               const int                   *around,
               guint                        n_around)
{
  guint channels[5] = { channel }, n = 1;
  double weights[5] = { 1 };

  for (guint i = 0; i < n_around; i++)
    {
      if (around[i] < 0) /* the reference: its potential is zero, and counts */
        continue;
      channels[n] = around[i];
      weights[n++] = -1.0 / n_around;
    }
  _inion_montage_add (parts, g_strconcat (inventory->sources[channel].written, "-Lap", NULL),
                      INION_CHANNEL_EEG, n, channels, weights, 0, FALSE);
}

gboolean
_inion_montage_build_laplacian (const InionMontageInventory  *inventory,
                                InionMontageParts            *parts,
                                GError                      **error)
{
  g_autoptr (GString) fewer = g_string_new (NULL), without = g_string_new (NULL);

  for (guint i = 0; i < inventory->n; i++)
    {
      const InionMontageSource *source = &inventory->sources[i];
      const InionMontageNeighbours *neighbours =
        source->usable ? _inion_montage_find_neighbours (source->label.g1) : NULL;
      gboolean incomplete = FALSE;
      int around[4];
      guint n;

      if (neighbours == NULL)
        continue;
      n = find_around (inventory, neighbours, around, &incomplete);
      if (n < MIN_NEIGHBOURS)
        {
          _inion_montage_append_item (without, source->written);
          continue;
        }
      if (incomplete)
        _inion_montage_append_item (fewer, source->written);
      add_laplacian (parts, inventory, i, around, n);
    }
  if (parts->derivations->len < 2)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A Laplacian needs electrodes of the 10–20 system with at least two "
                            "of their neighbours; the recording has %s.",
                            parts->derivations->len == 0 ? "none" : "one");
  if (fewer->len > 0)
    _inion_montage_say (parts, g_strdup_printf ("fewer neighbours, because some are missing or "
                                                "bad: %s", fewer->str));
  if (without->len > 0)
    _inion_montage_say (parts, g_strdup_printf ("without %s (fewer than two neighbours)",
                                                without->str));
  _inion_montage_note_bad (parts, inventory);
  return TRUE;
}

/* The electrodes of the spline: [n] channels and their places. */
static guint
choose_electrodes (const InionMontageInventory *inventory,
                   guint                       *channels,
                   InionPosition               *places,
                   double                      *radius_m,
                   GString                     *without)
{
  g_autofree InionPosition *all = g_new0 (InionPosition, MAX (inventory->n, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (inventory->n, 1));
  guint n = 0;

  _inion_montage_locate (inventory, all, known, radius_m);
  for (guint i = 0; i < inventory->n; i++)
    {
      const InionMontageSource *source = &inventory->sources[i];

      if (!source->usable || inion_electrode_is_ear (source->label.g1))
        continue;
      if (source->bad || !known[i])
        {
          g_autofree char *item = g_strconcat (source->written,
                                               source->bad ? " (bad)" : " (place not known)", NULL);

          _inion_montage_append_item (without, item);
          continue;
        }
      channels[n] = i;
      places[n++] = all[i];
    }
  return n;
}

/* Microvolts to mV/m²; 0 for a unit that is no voltage. */
static double
find_scale (const char *unit,
            double      radius_m)
{
  static const struct
  {
    const char *unit;
    double millivolts;
  } units[] = {
    { "µV", 1e-3 }, { "μV", 1e-3 }, { "uV", 1e-3 }, { "mV", 1 }, { "V", 1e3 }, { "nV", 1e-6 },
  };

  for (guint i = 0; unit != NULL && i < G_N_ELEMENTS (units); i++)
    {
      if (g_str_equal (units[i].unit, unit))
        return units[i].millivolts / (radius_m * radius_m);
    }
  return 0;
}

static gboolean
add_csd (InionMontageParts            *parts,
         const InionMontageInventory  *inventory,
         const guint                  *channels,
         const InionPosition          *places,
         guint                         n,
         double                        scale,
         GError                      **error)
{
  g_autofree double *weights = inion_try_new (double, (gsize) n * n, "the current density", error);

  if (weights == NULL || !inion_spline_density_weights (places, n, CSD_LAMBDA, weights, error))
    return FALSE;
  for (gsize i = 0; i < (gsize) n * n; i++)
    weights[i] *= scale;
  for (guint i = 0; i < n; i++)
    {
      g_autofree guint *order = g_new (guint, n);
      g_autofree double *row = g_new (double, n);
      guint at = 1;

      /* The channel's own term comes first. */
      for (guint k = 0; k < n; k++)
        {
          guint to = k == i ? 0 : at++;

          order[to] = channels[k];
          row[to] = weights[(gsize) i * n + k];
        }
      _inion_montage_add (parts,
                          g_strconcat (inventory->sources[channels[i]].written, "-CSD", NULL),
                          INION_CHANNEL_EEG, n, order, row, 0, FALSE)->unit = "mV/m²";
    }
  return TRUE;
}

gboolean
_inion_montage_build_csd (const InionMontageInventory  *inventory,
                          InionMontageParts            *parts,
                          GError                      **error)
{
  g_autofree guint *channels = g_new (guint, MAX (inventory->n, 1));
  g_autofree InionPosition *places = g_new (InionPosition, MAX (inventory->n, 1));
  g_autoptr (GString) without = g_string_new (NULL);
  double radius_m, scale;
  guint n = choose_electrodes (inventory, channels, places, &radius_m, without);
  const char *unit;

  if (n < MIN_CSD)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "A current source density needs %d good electrodes whose place is "
                            "known; the recording has %u.", MIN_CSD, n);
  unit = inion_channel_get_unit (inion_recording_get_channel (inventory->recording, channels[0]));
  scale = find_scale (unit, radius_m);
  if (!(scale > 0))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "A current source density is made of voltages; the EEG channels are "
                            "in %s.", unit != NULL && *unit != '\0' ? unit : "no unit");
  if (!add_csd (parts, inventory, channels, places, n, scale, error))
    return FALSE;
  _inion_montage_say (parts, g_strdup_printf ("of %u electrodes on a head of %.0f mm radius%s%s", n,
                                              1000 * radius_m, without->len > 0 ? ", without " : "",
                                              without->str));
  return TRUE;
}
