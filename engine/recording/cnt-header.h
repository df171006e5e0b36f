/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a Neuroscan CNT file. */

#pragma once

#include "recording/edf-faults.h"
#include "recording/sample-layout.h"

G_BEGIN_DECLS

#define INION_CNT_SETUP_BYTES 900
#define INION_CNT_CHANNEL_BYTES 75

typedef struct
{
  char *label;
  gboolean bad;
  gint16 baseline;
  double sensitivity;
  double calibration;
} InionCntChannel;

/**
 * InionCntHeader:
 * @n_samples: what the header says; not to be relied on
 * @event_at: where it says that the table of events is, the lower 32 bits
 * @channel_bytes: bytes of a channel that follow each other, 0 if channels are interleaved
 */
typedef struct
{
  guint n_channels;
  guint rate;
  gint64 n_samples;
  guint32 event_at;
  gint32 channel_bytes;
  char *patient;
  char *description;
  char *prefilter;
  GDateTime *start; /* (nullable) */
  GArray *channels; /* InionCntChannel */
} InionCntHeader;

InionCntHeader *_inion_cnt_header_new (const guint8 *bytes, gsize n, const char *name,
                                       InionEdfFaults *faults, GError **error);
void            _inion_cnt_header_free (InionCntHeader *self);
gsize           _inion_cnt_header_peek_size (const guint8 *setup);
gint64          _inion_cnt_header_get_data_start (const InionCntHeader *self);

guint16 _inion_cnt_u16_at (const guint8 *bytes);
guint32 _inion_cnt_u32_at (const guint8 *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionCntHeader, _inion_cnt_header_free)

G_END_DECLS
