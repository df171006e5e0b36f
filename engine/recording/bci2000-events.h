/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of a BCI2000 file as events. */

#pragma once

#include "recording/bci2000-header.h"
#include "recording/binary-recording.h"

G_BEGIN_DECLS

void _inion_bci2000_add_states (InionBinaryRecording *recording, InionBci2000Header *header);

G_END_DECLS
