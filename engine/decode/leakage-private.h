/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of the leakage check, on plain arrays. */

#pragma once

#include "decode/leakage.h"

G_BEGIN_DECLS

/* What the rules look at; everything is borrowed. */
typedef struct
{
  guint n;                      /* examples */
  guint n_classes;
  const char *const *classes;   /* [n_classes] */
  guint n_sources;
  const guint *label;           /* [n], below n_classes */
  const guint *source;          /* [n], below n_sources */
  const gint64 *onset_ns;       /* [n] */
  gint64 window_ns;             /* length of every window */
  guint n_channels;
  guint n_samples;
  const double *const *data;    /* [n] of [n_channels × n_samples] */
} InionLeakageView;

/* folds: (element-type InionFoldPlan). */
void     _inion_leakage_overlap (const InionLeakageView *view, GPtrArray *folds, GPtrArray *findings);
void     _inion_leakage_blocks (const InionLeakageView *view, GPtrArray *findings);
void     _inion_leakage_size (const InionLeakageView *view, GPtrArray *findings);
void     _inion_leakage_balance (const InionLeakageView *view, GPtrArray *findings);
void     _inion_leakage_shuffled (const InionLeakageView *view, InionScheme scheme, GPtrArray *findings);
void     _inion_leakage_transductive (const char *const *steps, GPtrArray *findings);
gboolean _inion_leakage_duplicates (const InionLeakageView *view, GPtrArray *folds, GPtrArray *findings,
                                    InionJob *job, GError **error);

G_END_DECLS
