/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the samples of a channel lie in a file, and as what kind of number. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/sample-layout.h"

#include "core/size.h"

#include <string.h>

/**
 * inion_sample_type_get_size:
 * @type: a type
 *
 * Returns: bytes a sample
 */
gsize
inion_sample_type_get_size (InionSampleType type)
{
  switch (type)
    {
    case INION_SAMPLE_INT8:
    case INION_SAMPLE_UINT8:
      return 1;
    case INION_SAMPLE_INT16:
    case INION_SAMPLE_UINT16:
      return 2;
    case INION_SAMPLE_INT24:
    case INION_SAMPLE_UINT24:
      return 3;
    case INION_SAMPLE_INT32:
    case INION_SAMPLE_UINT32:
    case INION_SAMPLE_FLOAT32:
      return 4;
    case INION_SAMPLE_INT64:
    case INION_SAMPLE_UINT64:
    case INION_SAMPLE_FLOAT64:
      return 8;
    default:
      g_return_val_if_reached (1);
    }
}

/**
 * inion_sample_type_is_float:
 * @type: a type
 *
 * Returns: whether samples are floating-point numbers, which have no digital value
 */
gboolean
inion_sample_type_is_float (InionSampleType type)
{
  return type == INION_SAMPLE_FLOAT32 || type == INION_SAMPLE_FLOAT64;
}

/**
 * inion_sample_layout_multiplexed:
 * @file: which file
 * @type: as what samples are stored
 * @offset: byte of the first sample of channel 0
 * @channel: which channel
 * @n_channels: how many are interleaved
 *
 * Returns: the layout of a channel of which each sample is followed by that of the next channel
 */
InionSampleLayout
inion_sample_layout_multiplexed (guint           file,
                                 InionSampleType type,
                                 gint64          offset,
                                 guint           channel,
                                 guint           n_channels)
{
  gint64 size = (gint64) inion_sample_type_get_size (type);

  return (InionSampleLayout) {
    .file = file, .type = type, .offset = offset + channel * size, .stride = n_channels * size,
    .block_samples = G_MAXINT64,
  };
}

/**
 * inion_sample_layout_vectorized:
 * @file: which file
 * @type: as what samples are stored
 * @offset: byte of the first sample of channel 0
 * @channel: which channel
 * @n_samples: samples a channel; their bytes were checked to fit in the file
 *
 * Returns: the layout of a channel whose samples follow each other
 */
InionSampleLayout
inion_sample_layout_vectorized (guint           file,
                                InionSampleType type,
                                gint64          offset,
                                guint           channel,
                                gint64          n_samples)
{
  gint64 size = (gint64) inion_sample_type_get_size (type);

  return (InionSampleLayout) {
    .file = file, .type = type, .offset = offset + channel * n_samples * size, .stride = size,
    .block_samples = G_MAXINT64,
  };
}

static gboolean
get_sample_end (const InionSampleLayout *self,
                gint64                   block,
                gint64                   index,
                gint64                  *end)
{
  gint64 in_blocks, in_block;

  return inion_int64_mul (&in_blocks, block, self->block_bytes) &&
         inion_int64_mul (&in_block, index, self->stride) &&
         inion_int64_add (end, self->offset, in_blocks) && inion_int64_add (end, *end, in_block) &&
         inion_int64_add (end, *end, (gint64) inion_sample_type_get_size (self->type));
}

/**
 * inion_sample_layout_get_end:
 * @self: a layout
 * @n: number of samples
 * @end: (out): the byte behind the last of them
 *
 * Returns: %FALSE if the layout makes no sense or ends beyond 2⁶³ bytes
 */
gboolean
inion_sample_layout_get_end (const InionSampleLayout *self,
                             gint64                   n,
                             gint64                  *end)
{
  gint64 blocks, full_end, last_end;

  *end = self->offset;
  if (self->offset < 0 || n < 0 || self->block_samples < 1 || self->block_bytes < 0 ||
      self->stride < (gint64) inion_sample_type_get_size (self->type))
    return FALSE;
  if (n == 0)
    return TRUE;
  blocks = (n - 1) / self->block_samples;
  if (!get_sample_end (self, blocks, (n - 1) % self->block_samples, &last_end))
    return FALSE;
  *end = last_end;
  if (blocks == 0)
    return TRUE;
  if (!get_sample_end (self, blocks - 1, self->block_samples - 1, &full_end))
    return FALSE;
  *end = MAX (full_end, last_end);
  return TRUE;
}

static inline guint64
load (const guint8 *p,
      gsize         size,
      gboolean      big_endian)
{
  guint64 v = 0;

  for (gsize i = 0; i < size; i++)
    v |= (guint64) p[big_endian ? size - 1 - i : i] << (8 * i);
  return v;
}

static inline double
as_float (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return (double) value;
}

static inline double
as_double (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

#define CONVERT(size, expression)                         \
  for (gsize i = 0; i < n; i++, bytes += stride)          \
    {                                                     \
      guint64 v = load (bytes, (size), big_endian);       \
                                                          \
      out[i] = (expression);                              \
    }                                                     \
  break

/**
 * inion_samples_to_double:
 * @bytes: the first sample
 * @stride: bytes from one sample to the next
 * @n: how many
 * @type: as what they are stored
 * @big_endian: most significant byte first
 * @out: (out caller-allocates) (array length=n): their values. Integers beyond 2⁵³ are rounded
 */
void
inion_samples_to_double (const guint8    *bytes,
                         gint64           stride,
                         gsize            n,
                         InionSampleType  type,
                         gboolean         big_endian,
                         double          *out)
{
  switch (type)
    {
    case INION_SAMPLE_INT8:
      CONVERT (1, (double) (gint8) v);
    case INION_SAMPLE_UINT8:
      CONVERT (1, (double) v);
    case INION_SAMPLE_INT16:
      CONVERT (2, (double) (gint16) v);
    case INION_SAMPLE_UINT16:
      CONVERT (2, (double) v);
    case INION_SAMPLE_INT24:
      CONVERT (3, (double) ((gint32) (guint32) (v << 8) >> 8));
    case INION_SAMPLE_UINT24:
      CONVERT (3, (double) v);
    case INION_SAMPLE_INT32:
      CONVERT (4, (double) (gint32) v);
    case INION_SAMPLE_UINT32:
      CONVERT (4, (double) v);
    case INION_SAMPLE_INT64:
      CONVERT (8, (double) (gint64) v);
    case INION_SAMPLE_UINT64:
      CONVERT (8, (double) v);
    case INION_SAMPLE_FLOAT32:
      CONVERT (4, as_float ((guint32) v));
    case INION_SAMPLE_FLOAT64:
      CONVERT (8, as_double (v));
    default:
      g_return_if_reached ();
    }
}
