/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bins of a page come from: chunks, tiles, or the pyramid; see the top of page.c. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/page-private.h"

#include <math.h>

#define MAX_DIRECT_SAMPLES ((gint64) 1 << 22)
#define MAX_BIN_SHIFT 40
/* How often a quick page may ask the caches for a chunk of one row. */
#define MAX_QUICK_LOOKUPS 4096

static gint64
to_bin (double x)
{
  /* Far beyond every recording, and safe to convert and to add to. */
  return (gint64) CLAMP (x, -1e15, 1e15);
}

static void
place (InionPageSpan *span,
       double         from_s,
       double         to_s,
       guint          width_px)
{
  double rate = span->group->rate_hz;
  /* The last bits of to − from change while scrolling; the bin size must not. */
  double per_px = (to_s - from_s) * rate / width_px * (1 + 1e-9);
  guint shift = 0;
  gint64 end, n_bins;

  while (shift < MAX_BIN_SHIFT && ldexp (1, (int) shift + 1) <= per_px)
    shift++;
  span->bin_size = (gint64) 1 << shift;
  n_bins = (span->group->n_samples + span->bin_size - 1) / span->bin_size;
  span->first_bin = to_bin (floor (ldexp (from_s * rate, -(int) shift))) - 1;
  end = to_bin (ceil (ldexp (to_s * rate, -(int) shift))) + 1;
  span->first_bin = CLAMP (span->first_bin, 0, n_bins);
  end = CLAMP (end, 0, n_bins);
  span->n = MAX (0, end - span->first_bin);
}

/**
 * _inion_page_span_init:
 * @span: (out caller-allocates): what of the group is on the page
 * @signal: what is shown
 * @group: which group
 * @page: the page, of which the range and the derivations are known
 * @width_px: width of the drawing in device pixels, at least 1
 *
 * Finds which bins and rows of a group are on a page; no row, if none of its derivations is.
 */
void
_inion_page_span_init (InionPageSpan    *span,
                       InionShownSignal *signal,
                       guint             group,
                       const InionPage  *page,
                       guint             width_px)
{
  *span = (InionPageSpan) { .index = group, .group = _inion_shown_signal_get_group (signal, group) };
  span->rows = g_new (guint, MAX (span->group->n_rows, 1));
  for (guint row = 0; row < span->group->n_rows; row++)
    {
      guint d = span->group->rows[row].derivation;

      if (d >= page->first && d - page->first < page->n)
        span->rows[span->n_rows++] = row;
    }
  place (span, page->from_s, page->to_s, width_px);
}

/**
 * _inion_page_span_clear:
 * @span: a span
 */
void
_inion_page_span_clear (InionPageSpan *span)
{
  g_clear_pointer (&span->rows, g_free);
}

static guint
derivation_of (const InionPageSpan *span,
               guint                i)
{
  return span->group->rows[span->rows[i]].derivation;
}

/* The bins of a span's i-th row. */
static InionMinMax *
row_bins (InionPageMaker      *self,
          const InionPageSpan *span,
          guint                i)
{
  return self->page->bins + derivation_of (span, i) * self->page->n_bins;
}

/* The first and the end sample of a span. */
static void
get_samples (const InionPageSpan *span,
             gint64              *first,
             gint64              *end)
{
  *first = span->first_bin * span->bin_size;
  *end = MIN ((span->first_bin + span->n) * span->bin_size, span->group->n_samples);
}

/* Takes bins from the pyramid; FALSE if it does not have all. */
static gboolean
fill_from_pyramid (InionPageMaker      *self,
                   const InionPageSpan *span)
{
  gboolean there = TRUE;

  for (guint i = 0; i < span->n_rows; i++)
    there = inion_pyramid_query (self->pyramid, derivation_of (span, i), span->first_bin,
                                 span->bin_size, (gsize) span->n, row_bins (self, span, i)) &&
            there;
  return there;
}

/* The part of a chunk that is on the page. */
static void
fill_from_chunk (InionPageMaker      *self,
                 const InionPageSpan *span,
                 guint                i,
                 const InionChunk    *chunk)
{
  gint64 start = chunk->index * (gint64) span->group->chunk_samples;
  gint64 end = start + (gint64) _inion_shown_group_get_chunk_length (span->group, chunk->index);
  InionMinMax *bins = row_bins (self, span, i);
  gint64 first, last;

  get_samples (span, &first, &last);
  first = MAX (first, start);
  last = MIN (last, end);
  bins += first / span->bin_size - span->first_bin;
  if (span->bin_size < INION_SHOWN_TILE_BIN)
    {
      inion_min_max_of_samples ((const float *) chunk->data + (first - start),
                                (gsize) (last - first), (gsize) span->bin_size, bins);
    }
  else
    {
      gsize from = (gsize) (first - start) / INION_SHOWN_TILE_BIN;
      gsize to = ((gsize) (last - start) + INION_SHOWN_TILE_BIN - 1) / INION_SHOWN_TILE_BIN;
      const InionMinMax *tile = (const InionMinMax *) chunk->data + from;

      if (span->bin_size <= (gint64) span->group->chunk_samples)
        inion_min_max_of_bins (tile, to - from, (gsize) span->bin_size / INION_SHOWN_TILE_BIN,
                               bins);
      else
        for (gsize k = 0; k < to - from; k++)
          inion_min_max_merge (bins, &tile[k]);
    }
}

/* Samples [first, end) of a row, or what of them is on the page, as the envelope of coarser bins;
 * nothing, where there are none. */
static void
fill_from_coarse (InionPageMaker      *self,
                  const InionPageSpan *span,
                  guint                i,
                  gint64               first,
                  gint64               end)
{
  guint derivation = derivation_of (span, i);
  InionMinMax *bins = row_bins (self, span, i);
  g_autofree InionMinMax *coarse = NULL;
  gint64 on_page, end_of_page, base, first_coarse;
  gsize n;

  if (self->pyramid == NULL || span->bin_size == 1)
    return;
  base = inion_pyramid_get_base_bin (self->pyramid, derivation);
  if (base <= span->bin_size)
    return;
  get_samples (span, &on_page, &end_of_page);
  first = MAX (first, on_page) / span->bin_size;
  end = (MIN (end, end_of_page) + span->bin_size - 1) / span->bin_size;
  if (first >= end)
    return;
  first_coarse = first * span->bin_size / base;
  n = (gsize) ((end * span->bin_size - 1) / base - first_coarse + 1);
  coarse = g_new (InionMinMax, n);
  inion_pyramid_query (self->pyramid, derivation, first_coarse, base, n, coarse);
  for (gint64 bin = first; bin < end; bin++)
    bins[bin - span->first_bin] = coarse[bin * span->bin_size / base - first_coarse];
}

static gboolean
fetch (InionPageMaker      *self,
       const InionPageSpan *span,
       gint64               chunk,
       InionShownEffort     effort,
       InionChunk         **chunks)
{
  return _inion_shown_signal_fetch (self->signal, span->index, chunk, span->rows, span->n_rows,
                                    span->bin_size >= INION_SHOWN_TILE_BIN, effort, chunks,
                                    self->job, self->error);
}

/* Whether what is missing of a chunk is within the budget; it is then taken from it. */
static gboolean
afford (InionPageMaker      *self,
        const InionPageSpan *span,
        InionChunk         **chunks)
{
  gint64 n_samples = (gint64) (span->group->chunk_samples + span->group->margin);
  gboolean uses_common = FALSE;
  gint64 cost = 0;

  if (self->budget < 0)
    return TRUE;
  for (guint i = 0; i < span->n_rows; i++)
    {
      if (chunks[i] != NULL)
        continue;
      cost += n_samples;
      uses_common = uses_common || span->group->rows[span->rows[i]].uses_common;
    }
  /* A channel that is only added up is not filtered, which is most of the work. */
  if (uses_common)
    cost += n_samples * span->group->n_slots / 4;
  if (cost > self->budget)
    return FALSE;
  self->budget -= cost;
  return TRUE;
}

static void
clear_chunks (InionChunk **chunks,
              guint        n)
{
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&chunks[i], inion_chunk_unref);
}

static gboolean
has_all (InionChunk **chunks,
         guint        n)
{
  for (guint i = 0; i < n; i++)
    if (chunks[i] == NULL)
      return FALSE;
  return TRUE;
}

/* Whether making a chunk would have a quick page wait for a disk. */
static gboolean
is_cold (InionPageMaker      *self,
         const InionPageSpan *span,
         gint64               chunk,
         InionChunk         **chunks)
{
  InionRecording *recording =
    inion_montage_get_recording (inion_shown_signal_get_montage (self->signal));
  g_autofree guint *rows = g_new (guint, span->n_rows);
  guint n = 0;

  for (guint i = 0; i < span->n_rows; i++)
    if (chunks[i] == NULL)
      rows[n++] = span->rows[i];
  return _inion_shown_group_may_block (span->group, recording, chunk, rows, n);
}

/* Gets a chunk of all rows, or what the budget allows of it. */
static gboolean
get_chunk (InionPageMaker      *self,
           const InionPageSpan *span,
           gint64               chunk,
           InionChunk         **chunks)
{
  if (self->budget < 0)
    return fetch (self, span, chunk, INION_SHOWN_MAKE, chunks);
  self->looked_up += span->n_rows;
  if (!fetch (self, span, chunk, INION_SHOWN_TAKE, chunks))
    return FALSE;
  if (has_all (chunks, span->n_rows) || !afford (self, span, chunks) ||
      is_cold (self, span, chunk, chunks))
    return TRUE;
  clear_chunks (chunks, span->n_rows);
  return fetch (self, span, chunk, INION_SHOWN_MAKE_UNLESS_BUSY, chunks);
}

static gboolean
fill_chunk (InionPageMaker      *self,
            const InionPageSpan *span,
            gint64               chunk,
            InionChunk         **chunks)
{
  gint64 start = chunk * (gint64) span->group->chunk_samples;

  if (!get_chunk (self, span, chunk, chunks))
    return FALSE;
  for (guint i = 0; i < span->n_rows; i++)
    {
      if (chunks[i] != NULL)
        {
          fill_from_chunk (self, span, i, chunks[i]);
          continue;
        }
      fill_from_coarse (self, span, i, start, start + (gint64) span->group->chunk_samples);
      self->page->pending = TRUE;
      self->page->wants_job = TRUE;
    }
  clear_chunks (chunks, span->n_rows);
  return TRUE;
}

static gboolean
fill_from_chunks (InionPageMaker      *self,
                  const InionPageSpan *span)
{
  g_autofree InionChunk **chunks = g_new0 (InionChunk *, span->n_rows);
  gint64 chunk_samples = (gint64) span->group->chunk_samples;
  InionRecording *recording =
    inion_montage_get_recording (inion_shown_signal_get_montage (self->signal));
  gint64 first, end, chunk;

  get_samples (span, &first, &end);
  /* Bins in a gap are empty already. */
  for (chunk = _inion_shown_group_find_chunk (span->group, recording, first / chunk_samples);
       chunk * chunk_samples < end;
       chunk = _inion_shown_group_find_chunk (span->group, recording, chunk + 1))
    if (!inion_job_check (self->job, self->error) || !fill_chunk (self, span, chunk, chunks))
      return FALSE;
  return TRUE;
}

/* A page of more chunks than can be looked up quickly is drawn from coarser bins alone. */
static gboolean
has_too_many_chunks (InionPageMaker      *self,
                     const InionPageSpan *span)
{
  gint64 first, end;

  if (self->budget < 0)
    return FALSE;
  get_samples (span, &first, &end);
  return (end - first) / (gint64) span->group->chunk_samples >
         (MAX_QUICK_LOOKUPS - self->looked_up) / span->n_rows;
}

/**
 * _inion_page_maker_fill:
 * @self: the page on its way
 * @span: what of a group is on it
 *
 * Fills the bins of a span, all of which are empty before, from wherever they can be had.
 *
 * Returns: %FALSE if the recording could not be read or the job was cancelled
 */
gboolean
_inion_page_maker_fill (InionPageMaker      *self,
                        const InionPageSpan *span)
{
  gint64 first, end;

  if (span->n == 0 || span->n_rows == 0)
    return TRUE;
  get_samples (span, &first, &end);
  if (self->pyramid != NULL &&
      span->bin_size >= inion_pyramid_get_base_bin (self->pyramid, derivation_of (span, 0)))
    {
      if (fill_from_pyramid (self, span))
        return TRUE;
      if ((end - first) * span->n_rows > MAX_DIRECT_SAMPLES)
        {
          self->page->pending = TRUE;
          return TRUE;
        }
    }
  if (!has_too_many_chunks (self, span))
    return fill_from_chunks (self, span);
  for (guint i = 0; i < span->n_rows; i++)
    fill_from_coarse (self, span, i, first, end);
  self->page->pending = TRUE;
  self->page->wants_job = TRUE;
  return TRUE;
}
