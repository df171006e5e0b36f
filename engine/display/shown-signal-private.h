/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the shown signal is made: groups of derivations, chunks, tiles. For this room only. */

#pragma once

#include "display/chunk-cache.h"
#include "display/shown-signal.h"
#include "core/job.h"

G_BEGIN_DECLS

/* A tile is a chunk as bins of this many samples. */
#define INION_SHOWN_TILE_BIN 16

/* One derivation of a group: Σ weight × channel, plus the group's common sum where it uses it. */
typedef struct
{
  guint derivation;
  gboolean uses_common;
  guint n_terms;
  guint *slots;    /* into the group's channels */
  double *weights;
} InionShownRow;

/* Derivations of one clock and length that are all filtered or all not. */
typedef struct
{
  gint64 rate_num;
  gint64 rate_den_ns;
  double rate_hz;
  gint64 n_samples;
  gboolean filtered;
  InionPhase phase;
  InionSos sos;
  gsize margin;          /* samples read before a chunk (and after, zero-phase) */
  gsize chunk_samples;   /* 2^k ≥ INION_SHOWN_TILE_BIN */
  gint64 n_chunks;
  guint n_rows;
  InionShownRow *rows;
  guint n_slots;
  guint *channels;       /* of each slot, in the recording */
  double *common;        /* (nullable) (array length=n_slots) weights of the common sum */
} InionShownGroup;

/* Memory that the making of a chunk needs; kept between chunks. */
typedef struct
{
  double *values;
  gsize n_values;
  float *floats;
  gsize n_floats;
  GByteArray *loaded;
} InionShownScratch;

/* Receives samples of row rows[position], once a row. */
typedef void (*InionShownSink) (guint position, const float *x, gsize n, gpointer data);

/* What to do about a chunk that no cache has. */
typedef enum
{
  INION_SHOWN_TAKE,             /* go without it */
  INION_SHOWN_MAKE_UNLESS_BUSY, /* make it, or go without it if another thread is at it */
  INION_SHOWN_MAKE,             /* make it, or wait for the thread that is at it */
} InionShownEffort;

GPtrArray *_inion_shown_groups_new (InionMontage *montage, const InionDisplayFilter *filter);

InionShownScratch *_inion_shown_scratch_new (void);
void               _inion_shown_scratch_free (InionShownScratch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionShownScratch, _inion_shown_scratch_free)

gboolean _inion_shown_group_make_chunk (const InionShownGroup *self, InionRecording *recording,
                                        InionShownScratch *scratch, gint64 chunk, const guint *rows, guint n_rows,
                                        InionShownSink sink, gpointer sink_data, InionJob *job, GError **error);
gsize    _inion_shown_group_get_chunk_length (const InionShownGroup *self, gint64 chunk);
gboolean _inion_shown_group_may_block (const InionShownGroup *self, InionRecording *recording, gint64 chunk,
                                       const guint *rows, guint n_rows);
gint64   _inion_shown_group_find_chunk (const InionShownGroup *self, InionRecording *recording, gint64 chunk);

guint                  _inion_shown_signal_get_n_groups (InionShownSignal *self);
const InionShownGroup *_inion_shown_signal_get_group (InionShownSignal *self, guint group);
void                   _inion_shown_signal_locate (InionShownSignal *self, guint derivation, guint *group, guint *row);
gboolean               _inion_shown_signal_fetch (InionShownSignal *self, guint group, gint64 chunk, const guint *rows,
                                                  guint n_rows, gboolean tiles, InionShownEffort effort,
                                                  InionChunk **out, InionJob *job, GError **error);

G_END_DECLS
