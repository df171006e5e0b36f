/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the samples of a channel lie in a file, and as what kind of number. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  INION_SAMPLE_INT8,
  INION_SAMPLE_UINT8,
  INION_SAMPLE_INT16,
  INION_SAMPLE_UINT16,
  INION_SAMPLE_INT24,
  INION_SAMPLE_UINT24,
  INION_SAMPLE_INT32,
  INION_SAMPLE_UINT32,
  INION_SAMPLE_INT64,
  INION_SAMPLE_UINT64,
  INION_SAMPLE_FLOAT32,
  INION_SAMPLE_FLOAT64,
} InionSampleType;

/**
 * InionSampleLayout:
 * @file: which of the recording's files
 * @type: as what they are stored
 * @big_endian: most significant byte first
 * @offset: byte of the first sample
 * @stride: bytes from one sample to the next in a block; may be negative
 * @block_samples: samples of this channel in a block, 1 or more
 * @block_bytes: bytes from one block to the next; may be negative
 *
 * Covers what is interleaved sample by sample (blocks of one sample), what is stored channel by
 * channel (one block), and what is stored in records (EDF, GDF).
 */
typedef struct
{
  guint file;
  InionSampleType type;
  gboolean big_endian;
  gint64 offset;
  gint64 stride;
  gint64 block_samples;
  gint64 block_bytes;
} InionSampleLayout;

gsize    inion_sample_type_get_size (InionSampleType type);
gboolean inion_sample_type_is_float (InionSampleType type);

/* (transfer none): blocks of one sample of each of n channels, one behind the other */
InionSampleLayout inion_sample_layout_multiplexed (guint file, InionSampleType type, gint64 offset,
                                                   guint channel, guint n_channels);
/* one channel behind the other, n_samples each */
InionSampleLayout inion_sample_layout_vectorized (guint file, InionSampleType type, gint64 offset,
                                                  guint channel, gint64 n_samples);

gboolean inion_sample_layout_get_end (const InionSampleLayout *self, gint64 n, gint64 *end);

/* Kernels: n samples that lie @stride bytes apart from @bytes on. */
void inion_samples_to_double (const guint8 *bytes, gint64 stride, gsize n, InionSampleType type,
                              gboolean big_endian, double *out);

G_END_DECLS
