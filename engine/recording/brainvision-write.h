/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a BrainVision recording is written. */

#pragma once

#include "recording/export-private.h"

G_BEGIN_DECLS

/**
 * InionBrainVisionWrite:
 * @integers: INT_16, the source's digital values; else IEEE_FLOAT_32
 * @n_points: (element-type gint64): samples that are stored up to the end of each piece
 * @total: all of them
 *
 * A recording that is about to be written.
 */
typedef struct
{
  InionExportPlan *plan;
  InionOutput *output;
  guint data_file;
  guint marker_file;
  char *data_name;
  char *marker_name;
  gboolean integers;
  GArray *n_points;
  gint64 total;
  InionJob *job;
} InionBrainVisionWrite;

/* A marker: an event at a stored sample. */
typedef struct
{
  char *type;
  char *description;
  gint64 point;
  gint64 size; /* 0: no duration */
  int channel;
} InionBrainVisionMark;

typedef gboolean (*InionBrainVisionBlock) (InionBrainVisionWrite *self, guint piece, gint64 first, gint64 n,
                                           gpointer data, GError **error);
gboolean _inion_brainvision_write_for_each_block (InionBrainVisionWrite *self, const char *step, double from,
                                                  double to, InionBrainVisionBlock func, gpointer data,
                                                  GError **error);
gboolean _inion_brainvision_write_read (InionBrainVisionWrite *self, guint channel, guint piece, gint64 first,
                                        gint64 n, double *out, GError **error);
gint64   _inion_brainvision_write_get_point (const InionBrainVisionWrite *self, guint piece);
gboolean _inion_brainvision_write_make_mark (const InionBrainVisionWrite *self, const InionEvent *event,
                                             InionBrainVisionMark *mark, gboolean *moved);
void     _inion_brainvision_write_clear_mark (InionBrainVisionMark *mark);
gboolean _inion_brainvision_write_verify (InionBrainVisionWrite *self, InionRecording *written,
                                          GError **error);

G_END_DECLS
