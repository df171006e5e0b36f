/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the channels of a recording are on the unit sphere.
 *
 * A measured position comes before a name's place. Digitisers and MRI have their origin where they
 * like (between the ears, in the brain), so the sphere that fits best is looked for: least squares
 * of |p|² = 2 c·p + k for the centre c, as linear equations. It is used only where it tells more
 * than the origin itself: with eight electrodes or more, that lie less evenly about the origin than
 * about it, and not far from the origin for the size of the head. Directions from there are the
 * places on the unit sphere. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include <math.h>

#define MIN_FIT 8
#define USUAL_RADIUS_M 0.095
#define EVEN 0.03 /* spread of the distances, to their mean, that asks for no other centre */

static double
distance (const double *p,
          const double *from)
{
  return sqrt ((p[0] - from[0]) * (p[0] - from[0]) + (p[1] - from[1]) * (p[1] - from[1]) +
               (p[2] - from[2]) * (p[2] - from[2]));
}

/* Gaussian elimination with pivots; FALSE if the electrodes lie in a plane. */
static gboolean
solve (double m[4][5])
{
  for (guint k = 0; k < 4; k++)
    {
      guint best = k;

      for (guint r = k + 1; r < 4; r++)
        if (fabs (m[r][k]) > fabs (m[best][k]))
          best = r;
      if (fabs (m[best][k]) < 1e-9)
        return FALSE;
      for (guint c = 0; c < 5; c++)
        {
          double swapped = m[k][c];

          m[k][c] = m[best][c];
          m[best][c] = swapped;
        }
      for (guint r = 0; r < 4; r++)
        for (guint c = 5; r != k && c-- > k;)
          m[r][c] -= m[k][c] * m[r][k] / m[k][k];
    }
  return TRUE;
}

/* The spread of the distances from a point, to their mean. */
static double
unevenness (GArray       *points,
            const double *from,
            double       *radius)
{
  double sum = 0, squares = 0, mean;
  guint n = points->len / 3;

  for (guint i = 0; i < n; i++)
    {
      double r = distance (&g_array_index (points, double, 3 * i), from);

      sum += r;
      squares += r * r;
    }
  mean = sum / n;
  *radius = mean;
  return sqrt (MAX (squares / n - mean * mean, 0)) / mean;
}

/* centre: in: the origin; out: what the electrodes stand about. points: three numbers each. */
static void
find_centre (GArray *points,
             double  centre[3])
{
  double m[4][5] = { { 0 } }, fitted[3], radius, before;
  guint n = points->len / 3;

  before = unevenness (points, centre, &radius);
  if (n < MIN_FIT || before < EVEN)
    return;
  for (guint i = 0; i < n; i++)
    {
      const double *p = &g_array_index (points, double, 3 * i);
      /* In units of the head, so that the pivots mean the same in every file. */
      double row[5] = { 2 * p[0] / radius, 2 * p[1] / radius, 2 * p[2] / radius, 1, 0 };

      row[4] = (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]) / (radius * radius);
      for (guint r = 0; r < 4; r++)
        for (guint c = 0; c < 5; c++)
          m[r][c] += row[r] * row[c];
    }
  if (!solve (m))
    return;
  for (guint k = 0; k < 3; k++)
    fitted[k] = radius * m[k][4] / m[k][k];
  if (distance (fitted, centre) < 0.7 * radius &&
      unevenness (points, fitted, &radius) < before)
    for (guint k = 0; k < 3; k++)
      centre[k] = fitted[k];
}

static gboolean
is_measured (const InionMontageInventory *inventory,
             guint                        channel)
{
  static const double origin[3];
  const InionChannelInfo *info =
    inion_channel_get_info (inion_recording_get_channel (inventory->recording, channel));

  return info->has_position && inventory->sources[channel].eeg &&
         !inventory->sources[channel].label.bipolar && distance (info->position, origin) > 1e-6;
}

/* The mean distance of the measured electrodes from the centre, if it is one of a head. */
static double
measure_radius (GArray       *points,
                const double *centre)
{
  double radius = 0;

  if (points->len > 0)
    unevenness (points, centre, &radius);
  return radius > 0.04 && radius < 0.2 ? radius : USUAL_RADIUS_M;
}

guint
_inion_montage_locate (const InionMontageInventory *inventory,
                       InionPosition               *positions,
                       gboolean                    *known,
                       double                      *radius_m)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (double));
  double centre[3] = { 0 };
  guint n_known = 0;

  for (guint i = 0; i < inventory->n; i++)
    if (is_measured (inventory, i))
      g_array_append_vals (points,
                           inion_channel_get_info (
                             inion_recording_get_channel (inventory->recording, i))->position, 3);
  if (points->len > 0)
    find_centre (points, centre);
  *radius_m = measure_radius (points, centre);
  for (guint i = 0; i < inventory->n; i++)
    {
      const InionMontageSource *source = &inventory->sources[i];
      const double *p = inion_channel_get_info (
                          inion_recording_get_channel (inventory->recording, i))->position;
      double r = distance (p, centre);

      known[i] = is_measured (inventory, i) && r > 1e-6;
      if (known[i])
        positions[i] = (InionPosition) { (p[0] - centre[0]) / r, (p[1] - centre[1]) / r,
                                         (p[2] - centre[2]) / r };
      else
        known[i] = source->eeg && !source->label.bipolar &&
                   inion_electrode_get_position (source->label.g1, &positions[i]);
      n_known += known[i];
    }
  return n_known;
}

/**
 * inion_montage_locate_channels:
 * @recording: the recording
 * @positions: (out caller-allocates): [number of channels], unit sphere; untouched where unknown
 * @known: (out caller-allocates): [number of channels], whether the channel has a place
 *
 * Finds where the EEG channels of a recording are on the head: from their measured positions where
 * they have one, else from their labels. Names that mean something else in this recording (an "A1"
 * of a BioSemi cap, a depth electrode's "C3"), channels that are differences of two scalp
 * electrodes, and channels of other kinds have no place.
 *
 * Returns: how many channels have a place
 */
guint
inion_montage_locate_channels (InionRecording *recording,
                               InionPosition  *positions,
                               gboolean       *known)
{
  g_autoptr (InionMontageInventory) inventory = NULL;
  double radius_m;

  g_return_val_if_fail (INION_IS_RECORDING (recording), 0);

  inventory = _inion_montage_inventory_new (recording, NULL);
  return _inion_montage_locate (inventory, positions, known, &radius_m);
}
