/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads samples from text tables. */

#pragma once

#include "recording/csv-guess.h"
#include "recording/recording.h"

G_BEGIN_DECLS

gboolean        inion_csv_recording_sniff (const char *path, const guint8 *head, gsize n);
InionRecording *inion_csv_recording_open (const char *path, InionJob *job, GError **error);
InionRecording *inion_csv_recording_open_as (const char *path, const InionCsvGuess *guess,
                                             InionJob *job, GError **error);
InionRecording *inion_csv_recording_open_fd (int fd, const char *path, const InionCsvGuess *guess,
                                             InionJob *job, GError **error);

G_END_DECLS
