/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of the pyramid, shared by its store, its builder and its cache. For this room only. */

#pragma once

#include "display/pyramid.h"
#include "display/shown-signal-private.h"

G_BEGIN_DECLS

#define INION_PYRAMID_MAX_LEVELS 32
/* What all pyramids on disk may take together. */
#define INION_PYRAMID_CACHE_BYTES ((guint64) 1 << 30)

typedef enum
{
  INION_BLOCK_MISSING,
  INION_BLOCK_CLAIMED, /* a worker writes it */
  INION_BLOCK_READY,   /* written, never to change again */
} InionBlockState;

/* The pyramids of one group: all rows have the same grid. Only blocks that hold samples are stored,
 * one behind the other in order of time; a place is where among them a block is. */
typedef struct
{
  guint index;                                /* of the group in the signal */
  const InionShownGroup *group;
  guint n_levels;
  guint shift[INION_PYRAMID_MAX_LEVELS];      /* a bin of level l has 2^shift[l] samples; the last: a block */
  gsize n_bins[INION_PYRAMID_MAX_LEVELS];     /* of all blocks that are stored */
  gsize offset[INION_PYRAMID_MAX_LEVELS];     /* of level l in a row */
  gsize stride;                               /* bins a row, all levels */
  InionMinMax *bins;                          /* (nullable) n_rows × stride; NULL: no memory */
  guint block_shift;
  gsize n_blocks;                             /* that hold samples */
  gint64 *blocks;                             /* [n_blocks]: which ones, in order */
  gint *states;                               /* [n_blocks]: InionBlockState, atomic */
} InionPyramidGroup;

struct _InionPyramid
{
  GObject parent_instance;

  InionShownSignal *signal;
  char *cache_dir;                            /* (nullable) */
  GMainContext *context;
  guint n_groups;
  InionPyramidGroup *groups;
  gint64 total;                               /* samples of all rows */

  GMutex lock;                                /* guards what follows */
  gint64 ready;                               /* samples of ready blocks */
  double from_s;
  double to_s;
  gboolean change_pending;
  gint64 last_change_us;
};

static inline InionMinMax *
_inion_pyramid_group_level (const InionPyramidGroup *self,
                            guint                    row,
                            guint                    level)
{
  return self->bins + row * self->stride + self->offset[level];
}

static inline gint64
_inion_pyramid_group_block_samples (const InionPyramidGroup *self,
                                    gsize                    place)
{
  gint64 first = self->blocks[place] << self->block_shift;

  return MIN (self->group->n_samples - first, (gint64) 1 << self->block_shift);
}

/* The bins of a level that a block has, and the first of them in a row. */
static inline gsize
_inion_pyramid_group_block_bins (const InionPyramidGroup *self,
                                 guint                    level,
                                 gsize                    place,
                                 gsize                   *first)
{
  guint up = self->block_shift - self->shift[level];

  *first = place << up;
  return MIN ((gsize) 1 << up, self->n_bins[level] - *first);
}

/* All levels of a block, made from its level 0. */
void _inion_pyramid_group_raise_block (InionPyramidGroup *self, gsize place);
/* Makes a raised block visible to everybody. */
void _inion_pyramid_publish_block (InionPyramid *self, InionPyramidGroup *group, gsize place);

gboolean _inion_pyramid_load (InionPyramid *self, const char *key, InionJob *job);
gboolean _inion_pyramid_save (InionPyramid *self, const char *key, InionJob *job, GError **error);
void     _inion_pyramid_trim_cache (const char *directory, guint64 max_bytes);
char    *_inion_pyramid_dup_cache_path (InionPyramid *self, const char *key);

G_END_DECLS
