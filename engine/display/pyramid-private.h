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

/* The pyramids of one group: all rows have the same grid. */
typedef struct
{
  guint index;                                /* of the group in the signal */
  const InionShownGroup *group;
  guint n_levels;
  guint shift[INION_PYRAMID_MAX_LEVELS];      /* a bin of level l has 2^shift[l] samples */
  gsize n_bins[INION_PYRAMID_MAX_LEVELS];
  gsize offset[INION_PYRAMID_MAX_LEVELS];     /* of level l in a row */
  gsize stride;                               /* bins a row, all levels */
  InionMinMax *bins;                          /* (nullable) n_rows × stride; NULL: no memory */
  guint block_shift;
  gint64 n_blocks;
  gint *states;                               /* InionBlockState, atomic */
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

  GMutex lock;                                /* guards what follows and bins larger than a block */
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
                                    gint64                   block)
{
  gint64 first = block << self->block_shift;

  return MIN (self->group->n_samples - first, (gint64) 1 << self->block_shift);
}

/* Levels whose bins lie inside one block, made from level 0 of the block. */
void _inion_pyramid_group_raise_block (InionPyramidGroup *self, gint64 block);
/* Makes a raised block visible to everybody. */
void _inion_pyramid_publish_block (InionPyramid *self, InionPyramidGroup *group, gint64 block);

gboolean _inion_pyramid_load (InionPyramid *self, const char *key, InionJob *job);
gboolean _inion_pyramid_save (InionPyramid *self, const char *key, InionJob *job, GError **error);
void     _inion_pyramid_trim_cache (const char *directory, guint64 max_bytes);
char    *_inion_pyramid_dup_cache_path (InionPyramid *self, const char *key);

G_END_DECLS
