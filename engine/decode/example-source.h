/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The examples of one recording. */

#pragma once

#include "decode/cut.h"
#include "decode/example-set.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 onset_ns;   /* of the event; of the window for sliding windows */
  gint64 start;      /* first sample of the window */
  guint label;
} InionExample;

typedef enum
{
  INION_DROP_OUTSIDE,
  INION_DROP_GAP,
  INION_DROP_MARKED,
  INION_DROP_AMPLITUDE,
  INION_DROP_AMBIGUOUS,
  INION_N_DROPS,
} InionDrop;

/* A plain value; fields are owned. */
typedef struct
{
  GArray *examples;      /* (element-type InionExample) in time order */
  double *data;          /* [examples × n_channels × cut.n] */
  guint dropped[INION_N_DROPS];
  guint n_channels;
  double rate_hz;
  double settle_s;
  InionCut cut;
  char *content;         /* fingerprint of the recording */
  char *channels;        /* fingerprint of what its channels are taken for */
} InionExampleSource;

gboolean inion_example_source_init (InionExampleSource *self, const InionRecipeSpec *spec, const InionDecodeSource *source,
                                    const char *const *channels, InionJob *job, GError **error);
void     inion_example_source_clear (InionExampleSource *self);
guint    _inion_example_source_count_rejected (const InionExampleSource *self); /* for a mark or an amplitude */

G_END_DECLS
