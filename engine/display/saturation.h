/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the signal was larger than what recorded it could hold. */

#pragma once

#include "core/job.h"
#include "scalp/montage.h"

G_BEGIN_DECLS

/* A stretch of a derivation, in seconds since the recording's start. */
typedef struct
{
  guint derivation;
  double from_s, to_s;
} InionSaturation;

/* A job whose result is the GArray (element-type InionSaturation) of some derivations in a stretch of time, by derivation and time. */
InionJob *inion_saturation_new_job (InionMontage *montage, double from_s, double to_s, guint first, guint n);

G_END_DECLS
