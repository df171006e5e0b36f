/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes channels of the signals of an XDF file. */

#pragma once

#include "recording/binary-recording.h"
#include "recording/xdf-samples.h"

G_BEGIN_DECLS

double   _inion_xdf_channels_get_start (GPtrArray *signals);
gboolean _inion_xdf_channels_add (InionBinaryRecording *recording, guint file, GPtrArray *signals,
                                  double start, InionEdfFaults *faults, GError **error);

G_END_DECLS
