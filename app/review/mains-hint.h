/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does mains noise dominate a recording? Measured once after opening, so that the notch can be offered. */

#pragma once

#include "core/job.h"
#include "recording/recording.h"

G_BEGIN_DECLS

typedef struct
{
  double hz;         /* 50 or 60: which is stronger */
  double fraction;   /* of the power between 1 Hz and 80 Hz, median over channels */
} InionMainsHint;

InionJob *inion_mains_hint_new_job (InionRecording *recording); /* result: InionMainsHint, g_free() it */

G_END_DECLS
