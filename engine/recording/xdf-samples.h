/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samples of one stream of an XDF file, and when each was taken. */

#pragma once

#include "core/scratch.h"
#include "recording/even-times.h"
#include "recording/xdf-file.h"

G_BEGIN_DECLS

/**
 * InionXdfSignal:
 * @stream: the stream
 * @offset: where its samples begin in the scratch file
 * @n: how many there are
 * @stretches: (element-type InionEvenStretch): when they were taken
 */
typedef struct
{
  InionXdfStreamData *stream;
  gint64 offset;
  gint64 n;
  GArray *stretches;
} InionXdfSignal;

typedef struct
{
  double time; /* in seconds on the recorder's clock */
  char *text;
} InionXdfText;

InionXdfSignal *_inion_xdf_signal_unpack (InionXdfFile *file, InionXdfStreamData *stream,
                                          InionScratch *scratch, InionJob *job, GError **error);
void            _inion_xdf_signal_free (InionXdfSignal *self);
gboolean        _inion_xdf_read_texts (InionXdfFile *file, InionXdfStreamData *stream,
                                       GArray *texts, InionJob *job, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionXdfSignal, _inion_xdf_signal_free)

G_END_DECLS
