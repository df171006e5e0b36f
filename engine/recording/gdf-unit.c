/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The units of GDF 2 files: codes of ISO/IEEE 11073-10101, a unit in steps of 32 plus a decimal
 * prefix. 4256 is volt, 4256 + 19 microvolt. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/gdf-header.h"

#include <string.h>

#define PREFIX_MASK 31

/**
 * inion_gdf_unit_dup:
 * @code: a physical dimension code
 * @known: (out): whether the code is one that is known here
 *
 * Returns: (transfer full): the unit, "" for none or an unknown one
 */
char *
inion_gdf_unit_dup (guint16   code,
                    gboolean *known)
{
  static const char *const prefixes[32] = {
    "",  "da", "h", "k", "M", "G", "T", "P", "E", "Z", "Y", NULL, NULL, NULL, NULL, NULL,
    "d", "c",  "m", "µ", "n", "p", "f", "a", "z", "y",
  };
  static const struct
  {
    guint16 code;
    const char *unit;
  } units[] = {
    { 512, "" },     { 544, "%" },     { 576, "‰" },     { 608, "ppm" },   { 736, "°" },
    { 768, "rad" },  { 1280, "m" },    { 1600, "l" },    { 1728, "g" },    { 2176, "s" },
    { 2208, "min" }, { 2240, "h" },    { 2496, "Hz" },   { 2528, "/min" }, { 2720, "bpm" },
    { 2784, "/min" }, { 2816, "m/s" }, { 3040, "l/s" },  { 3072, "l/min" }, { 3776, "N" },
    { 3840, "Pa" },  { 3872, "mmHg" }, { 3904, "cmH₂O" }, { 3936, "bar" }, { 3968, "J" },
    { 4032, "W" },   { 4160, "A" },    { 4192, "C" },    { 4256, "V" },    { 4288, "Ω" },
    { 4352, "F" },   { 4384, "K" },    { 4416, "°F" },   { 4480, "cd" },   { 6048, "°C" },
    { 6432, "dB" },  { 65504, "T" }, /* the last one is GDF's own */
  };

  *known = TRUE;
  if (code == 0)
    return g_strdup ("");
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if ((code & ~PREFIX_MASK) == units[i].code && prefixes[code & PREFIX_MASK] != NULL)
      return g_strconcat (prefixes[code & PREFIX_MASK], units[i].unit, NULL);
  *known = FALSE;
  return g_strdup ("");
}
