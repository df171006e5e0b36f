/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of the online decoder gave, in sentences. */

#pragma once

#include "decode/evaluation.h"
#include "live/agreement.h"
#include "live/online-decoder.h"
#include "live/replay-stream.h"

G_BEGIN_DECLS

/* result: (nullable). Returns (transfer full). */
char *inion_live_summary_dup_text (InionOnlineDecoder *decoder, InionReplayStream *replay, InionAgreement *agreement,
                                   InionResult *result);

G_END_DECLS
