/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the detectors share: groups of channels, chunks of time, runs of samples. */

#pragma once

#include "clean/detector.h"

G_BEGIN_DECLS

/* Channels of one rate. */
typedef struct
{
  InionRecording *recording; /* borrowed */
  double rate_hz;
  GArray *channels;          /* guint: indices in the recording */
} InionScanGroup;

/* A stretch found, in samples of its channel. */
typedef struct
{
  gint64 first;
  gint64 end;
  double peak;     /* what the threshold is compared with, at its most extreme */
  guint channel;   /* index in the recording */
} InionRun;

/* Work over a recording: what fraction of the whole this part is. */
typedef struct
{
  InionJob *job;       /* (nullable), borrowed */
  double from, to;
  const char *step;
} InionScanProgress;

/* How a group is cut into chunks: over all of a chunk, margins and all, each channel of the group
 * was recorded without a gap, or was not at all. */
typedef struct
{
  gint64 core;     /* samples a chunk */
  gint64 margin;   /* samples read before and after it, as far as its stretch goes */
  gint64 n_chunks;
  guint n_short;   /* stretches between gaps that were too short to be looked at */
  GArray *chunks;  /* InionScanChunk */
} InionScanChunks;

/* One chunk: [first, end) is what counts, [from, to) is what is read. */
typedef struct
{
  gint64 first, end;
  gint64 from, to;
  gboolean begins; /* the first of its stretch: nothing before it belongs to it */
} InionScanChunk;

void     _inion_scan_cut (const InionScanGroup *group, const gboolean *used, double margin_s,
                          double least_s, InionScanChunks *chunks);
gboolean _inion_scan_is_there (const InionScanGroup *group, guint channel,
                               const InionScanChunk *chunk, gboolean *begins);
void     _inion_scan_chunks_clear (InionScanChunks *chunks);
void     _inion_scan_get_chunk (const InionScanChunks *chunks, gint64 index, InionScanChunk *chunk);
void     _inion_scan_describe_short (const InionScanChunks *chunks, const char *least,
                                     GString *report);
gboolean _inion_scan_step (const InionScanProgress *progress, double fraction, GError **error);
gboolean _inion_scan_read (InionRecording *recording, guint channel, const InionScanChunk *chunk,
                           double *x, GError **error);
gsize    _inion_scan_repair (double *x, gsize n);
void     _inion_runs_push (GArray *runs, guint channel, gint64 first, const double *x, gsize n,
                           double threshold);
void     _inion_runs_join (GArray *runs, guint from, gint64 gap);
char    *_inion_scan_number (double value, const char *format);

/* The detectors: append to a list of InionRun and to the report. */
gboolean _inion_detect_amplitude (const InionScanGroup *group, const InionDetectorSettings *settings,
                                  GArray *high, GArray *flat, const InionScanProgress *progress,
                                  GError **error);
gboolean _inion_detect_muscle (const InionScanGroup *group, double z, GArray *runs, GString *report,
                               const InionScanProgress *progress, GError **error);
gboolean _inion_detect_blinks (const InionScanGroup *group, double z, GArray *runs, GString *report,
                               const InionScanProgress *progress, GError **error);

G_END_DECLS
