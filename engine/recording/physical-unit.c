/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which unit a channel is shown whose file has another one. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/physical-unit.h"

#include <string.h>

/**
 * inion_physical_unit_choose:
 * @unit: the unit of the file: "V", "mV", "µV", "nV", or any other
 * @kind: what the channel measures
 * @factor: (out): by what values in @unit are multiplied
 *
 * Brain, eye, heart and muscle signals are in µV whatever the file prefers; all others stay.
 *
 * Returns: (transfer none): the unit to show, "µV" or @unit itself
 */
const char *
inion_physical_unit_choose (const char       *unit,
                            InionChannelKind  kind,
                            double           *factor)
{
  *factor = 1;
  if (kind != INION_CHANNEL_EEG && kind != INION_CHANNEL_EOG && kind != INION_CHANNEL_ECG &&
      kind != INION_CHANNEL_EMG)
    return unit;
  if (strcmp (unit, "nV") == 0)
    *factor = 1e-3;
  else if (strcmp (unit, "mV") == 0)
    *factor = 1e3;
  else if (strcmp (unit, "V") == 0)
    *factor = 1e6;
  else
    return unit;
  return "µV";
}
