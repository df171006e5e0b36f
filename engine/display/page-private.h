/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filling of a page, and the last complete pages of a signal. For this room only. */

#pragma once

#include "display/page.h"
#include "display/shown-signal-private.h"

G_BEGIN_DECLS

/* What of one group is on a page. */
typedef struct
{
  guint index;
  const InionShownGroup *group;
  guint *rows;         /* (array length=n_rows): rows of the group that are wanted */
  guint n_rows;
  gint64 bin_size;
  gint64 first_bin;
  gint64 n;            /* bins */
} InionPageSpan;

/* A page on its way. */
typedef struct
{
  InionShownSignal *signal;
  InionPyramid *pyramid;
  InionPage *page;
  gint64 budget;       /* row samples that may still be made; −1: any number */
  gint64 looked_up;    /* chunks of one row that the caches were asked for */
  InionJob *job;
  GError **error;
} InionPageMaker;

void     _inion_page_span_init (InionPageSpan *span, InionShownSignal *signal, guint group, const InionPage *page,
                                guint width_px);
void     _inion_page_span_clear (InionPageSpan *span);
/* Fills the bins of a span, which are empty before. */
gboolean _inion_page_maker_fill (InionPageMaker *self, const InionPageSpan *span);

/* (transfer full) (nullable): a complete page of exactly this range and width that has these derivations, if one is kept. */
InionPage *_inion_page_store_find (InionShownSignal *signal, double from_s, double to_s, guint width_px, guint first,
                                   guint n);
/* Keeps a complete page, and forgets the one kept longest. Thread-safe. */
void       _inion_page_store_keep (InionShownSignal *signal, InionPage *page, guint width_px);

G_END_DECLS
