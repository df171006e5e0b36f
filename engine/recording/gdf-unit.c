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
    { 512, "" },     { 544, "%" },    { 1280, "m" },    { 2176, "s" },   { 2496, "Hz" },
    { 2720, "bpm" }, { 3872, "mmHg" }, { 4256, "V" },   { 4288, "Ω" },   { 6048, "°C" },
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
