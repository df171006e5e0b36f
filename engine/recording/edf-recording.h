/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF, EDF+, BDF and BDF+ files. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

#define INION_TYPE_EDF_RECORDING (inion_edf_recording_get_type ())
G_DECLARE_FINAL_TYPE (InionEdfRecording, inion_edf_recording, INION, EDF_RECORDING, InionRecording)

gboolean        inion_edf_recording_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_edf_recording_open (const char *path, GError **error);
InionRecording *inion_edf_recording_open_fd (int fd, const char *path, GError **error);

G_END_DECLS
