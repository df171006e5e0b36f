/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the FIF reader share. */

#pragma once

#include "recording/binary-recording.h"
#include "recording/fif-file.h"

G_BEGIN_DECLS

/**
 * InionFifClock:
 * @rate_num: see #InionChannelInfo
 * @rate_den_ns: see #InionChannelInfo
 * @first_sample: number of the recording's first sample, counted from the file's date
 */
typedef struct
{
  gint64 rate_num;
  gint64 rate_den_ns;
  gint64 first_sample;
} InionFifClock;

gboolean _inion_fif_channels_read (InionFifFile *file, InionFifTags *tags, const InionFifTag *tag,
                                   InionEdfFaults *faults, GError **error);
gboolean _inion_fif_channels_read_name (InionFifFile *file, InionFifTags *tags,
                                        const InionFifTag *tag, guint number, GError **error);
void     _inion_fif_channels_sort (InionFifFile *file);
gboolean _inion_fif_add_channels (InionBinaryRecording *recording, const InionFifFile *file,
                                  const InionFifClock *clock, gint64 n_samples,
                                  const InionSampleLayout *layout, InionEdfFaults *faults,
                                  GError **error);
void     _inion_fif_add_annotations (InionBinaryRecording *recording, const InionFifFile *file,
                                     const InionFifClock *clock, GHashTable *seen,
                                     InionEdfFaults *faults);
void     _inion_fif_add_triggers (InionBinaryRecording *recording);

G_END_DECLS
