/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of the shown signal as bins for drawing.
 *
 * The size of a page's bins is the largest power of two that is at most the samples a pixel, and
 * bin k covers samples [kB, (k+1)B) wherever the page begins: 1 to 2 bins a pixel at every zoom,
 * the same bins while scrolling. Where they come from depends on their size:
 *
 *   B < 16            samples, from chunks of the shown signal (shown-signal.c)
 *   16 ≤ B < base     tiles: chunks as bins of 16, made from samples and kept in a cache
 *   base ≤ B          the pyramid; where it is not there yet, or there is none: tiles
 *
 * The base of the pyramid is 16 samples for recordings of less than an hour or so and 128 for a day
 * of 25 channels; so the pages between, of some minutes of a long recording, are the dear ones: up
 * to a few million samples to read and filter, some 10 ms. Nothing of that size may happen on the
 * UI thread, hence two ways to make a page:
 *
 *   inion_page_new_quick()  takes what the caches and the pyramid have, and makes missing chunks
 *       only while they are together at most QUICK_SAMPLES (about 3 ms). What is still missing is
 *       drawn from the coarser bins of the pyramid, as an envelope that is too wide but never too
 *       narrow; or is empty, if not even they are there, or the page shows single samples. Such a
 *       page is "pending"; it says in "wants_job" whether inion_page_new() would have more.
 *   inion_page_new()  makes all that can be made from samples. Only bins of the pyramid's own size
 *       of a page too long to be made from samples (MAX_DIRECT_SAMPLES) stay pending: there the
 *       builder is the one to wait for, and its "changed" the moment to ask again.
 *
 * A view therefore draws a quick page at once, and, if it wants a job, starts one
 * (inion_page_new_job()) and draws its result when that comes. The last complete pages are kept
 * with the signal, so that a quick page of the same range after that is the complete one even where
 * the caches are too small for all its chunks. Pages ahead can be prepared by jobs whose result
 * nobody takes. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/page.h"

#include "core/error.h"
#include "core/size.h"
#include "display/page-private.h"
#include "display/shown-signal-private.h"

#include <math.h>

#define QUICK_SAMPLES ((gint64) 1 << 19)
#define MAX_DIRECT_SAMPLES ((gint64) 1 << 22)
#define MAX_WIDTH 65536
#define MAX_BIN_SHIFT 40

/* What one group shows. */
typedef struct
{
  guint index;
  const InionShownGroup *group;
  gint64 bin_size;
  gint64 first_bin;
  gint64 n;
} Span;

/* A page on its way. */
typedef struct
{
  InionShownSignal *signal;
  InionPyramid *pyramid;
  InionPage *page;
  gint64 budget;     /* row samples that may still be made; −1: any number */
  InionJob *job;
  GError **error;
} Maker;

static gint64
to_bin (double x)
{
  /* Far beyond every recording, and safe to convert and to add to. */
  return (gint64) CLAMP (x, -1e15, 1e15);
}

static void
place_span (Span  *span,
            double from_s,
            double to_s,
            guint  width_px)
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

static InionMinMax *
row_bins (Maker      *self,
          const Span *span,
          guint       row)
{
  return self->page->bins + span->group->rows[row].derivation * self->page->n_bins;
}

/* The first and the end sample of a span. */
static void
get_samples (const Span *span,
             gint64     *first,
             gint64     *end)
{
  *first = span->first_bin * span->bin_size;
  *end = MIN ((span->first_bin + span->n) * span->bin_size, span->group->n_samples);
}

/* Takes bins from the pyramid; FALSE if it does not have all. */
static gboolean
fill_from_pyramid (Maker      *self,
                   const Span *span)
{
  gboolean there = TRUE;

  for (guint row = 0; row < span->group->n_rows; row++)
    there = inion_pyramid_query (self->pyramid, span->group->rows[row].derivation, span->first_bin,
                                 span->bin_size, (gsize) span->n, row_bins (self, span, row)) &&
            there;
  return there;
}

/* The part of a chunk that is on the page. */
static void
fill_from_chunk (Maker            *self,
                 const Span       *span,
                 guint             row,
                 const InionChunk *chunk)
{
  gint64 start = chunk->index * (gint64) span->group->chunk_samples;
  gint64 end = start + (gint64) _inion_shown_group_get_chunk_length (span->group, chunk->index);
  InionMinMax *bins = row_bins (self, span, row);
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
        for (gsize i = 0; i < to - from; i++)
          inion_min_max_merge (bins, &tile[i]);
    }
}

/* A missing chunk as the envelope of coarser bins. */
static void
fill_from_coarse (Maker      *self,
                  const Span *span,
                  guint       row,
                  gint64      chunk)
{
  guint derivation = span->group->rows[row].derivation;
  gint64 start = chunk * (gint64) span->group->chunk_samples;
  g_autofree InionMinMax *coarse = NULL;
  gint64 first, end, base, first_coarse;
  gsize n;

  get_samples (span, &first, &end);
  first = MAX (first, start) / span->bin_size;
  end = (MIN (end, start + (gint64) span->group->chunk_samples) + span->bin_size - 1) /
        span->bin_size;
  if (self->pyramid == NULL || span->bin_size == 1)
    return;
  base = inion_pyramid_get_base_bin (self->pyramid, derivation);
  if (base <= span->bin_size)
    return;
  first_coarse = first * span->bin_size / base;
  n = (gsize) ((end * span->bin_size - 1) / base - first_coarse + 1);
  coarse = g_new (InionMinMax, n);
  inion_pyramid_query (self->pyramid, derivation, first_coarse, base, n, coarse);
  for (gint64 bin = first; bin < end; bin++)
    row_bins (self, span, row)[bin - span->first_bin] =
      coarse[bin * span->bin_size / base - first_coarse];
}

static gboolean
fetch (Maker             *self,
       const Span        *span,
       gint64             chunk,
       const guint       *rows,
       InionShownEffort   effort,
       InionChunk       **chunks)
{
  return _inion_shown_signal_fetch (self->signal, span->index, chunk, rows, span->group->n_rows,
                                    span->bin_size >= INION_SHOWN_TILE_BIN, effort, chunks,
                                    self->job, self->error);
}

/* Whether what is missing of a chunk is within the budget; it is then taken from it. */
static gboolean
afford (Maker       *self,
        const Span  *span,
        InionChunk **chunks)
{
  gint64 cost = 0;

  if (self->budget < 0)
    return TRUE;
  for (guint row = 0; row < span->group->n_rows; row++)
    if (chunks[row] == NULL)
      cost += (gint64) (span->group->chunk_samples + span->group->margin);
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

static gboolean
fill_chunk (Maker       *self,
            const Span  *span,
            gint64       chunk,
            const guint *rows,
            InionChunk **chunks)
{
  guint n_rows = span->group->n_rows;

  if (self->budget >= 0)
    {
      if (!fetch (self, span, chunk, rows, INION_SHOWN_TAKE, chunks))
        return FALSE;
      if (!has_all (chunks, n_rows) && afford (self, span, chunks))
        {
          clear_chunks (chunks, n_rows);
          if (!fetch (self, span, chunk, rows, INION_SHOWN_MAKE_UNLESS_BUSY, chunks))
            return FALSE;
        }
    }
  else if (!fetch (self, span, chunk, rows, INION_SHOWN_MAKE, chunks))
    {
      return FALSE;
    }
  for (guint row = 0; row < n_rows; row++)
    {
      if (chunks[row] != NULL)
        {
          fill_from_chunk (self, span, row, chunks[row]);
          continue;
        }
      fill_from_coarse (self, span, row, chunk);
      self->page->pending = TRUE;
      self->page->wants_job = TRUE;
    }
  clear_chunks (chunks, n_rows);
  return TRUE;
}

static gboolean
fill_from_chunks (Maker      *self,
                  const Span *span)
{
  g_autofree guint *rows = g_new (guint, span->group->n_rows);
  g_autofree InionChunk **chunks = g_new0 (InionChunk *, span->group->n_rows);
  gint64 chunk_samples = (gint64) span->group->chunk_samples;
  InionRecording *recording =
    inion_montage_get_recording (inion_shown_signal_get_montage (self->signal));
  gint64 first, end, chunk;

  for (guint row = 0; row < span->group->n_rows; row++)
    rows[row] = row;
  get_samples (span, &first, &end);
  /* Bins in a gap are empty already. */
  for (chunk = _inion_shown_group_find_chunk (span->group, recording, first / chunk_samples);
       chunk * chunk_samples < end;
       chunk = _inion_shown_group_find_chunk (span->group, recording, chunk + 1))
    if (!inion_job_check (self->job, self->error) ||
        !fill_chunk (self, span, chunk, rows, chunks))
      return FALSE;
  return TRUE;
}

static gboolean
fill_span (Maker      *self,
           const Span *span)
{
  gint64 first, end;

  if (span->n == 0)
    return TRUE;
  get_samples (span, &first, &end);
  if (self->pyramid != NULL &&
      span->bin_size >= inion_pyramid_get_base_bin (self->pyramid,
                                                    span->group->rows[0].derivation))
    {
      if (fill_from_pyramid (self, span))
        return TRUE;
      if ((end - first) * span->group->n_rows > MAX_DIRECT_SAMPLES)
        {
          self->page->pending = TRUE;
          return TRUE;
        }
    }
  return fill_from_chunks (self, span);
}

static void
page_clear (gpointer data)
{
  InionPage *self = data;

  g_clear_pointer (&self->first_bin, g_free);
  g_clear_pointer (&self->bin_size, g_free);
  g_clear_pointer (&self->used, g_free);
  g_clear_pointer (&self->rate_hz, g_free);
  g_clear_pointer (&self->bins, g_free);
}

static InionPage *
allocate (const Span  *spans,
          guint        n_spans,
          guint        n_derivations,
          GError     **error)
{
  g_autoptr (InionPage) self = g_atomic_rc_box_new0 (InionPage);
  gsize n_bins = 0;

  for (guint g = 0; g < n_spans; g++)
    n_bins = MAX (n_bins, (gsize) spans[g].n);
  self->n_derivations = n_derivations;
  self->n_bins = n_bins;
  self->first_bin = g_new0 (gint64, n_derivations);
  self->bin_size = g_new0 (gint64, n_derivations);
  self->used = g_new0 (gsize, n_derivations);
  self->rate_hz = g_new0 (double, n_derivations);
  self->bins = inion_try_new (InionMinMax, n_derivations * n_bins, "the page", error);
  if (self->bins == NULL)
    return NULL;
  inion_min_max_clear (self->bins, n_derivations * n_bins);
  for (guint g = 0; g < n_spans; g++)
    for (guint row = 0; row < spans[g].group->n_rows; row++)
      {
        guint d = spans[g].group->rows[row].derivation;

        self->first_bin[d] = spans[g].first_bin;
        self->bin_size[d] = spans[g].bin_size;
        self->used[d] = (gsize) spans[g].n;
        self->rate_hz[d] = spans[g].group->rate_hz;
      }
  return g_steal_pointer (&self);
}

static gboolean
check_range (double    from_s,
             double    to_s,
             guint     width_px,
             GError  **error)
{
  if (!isfinite (from_s) || !isfinite (to_s) || !(to_s > from_s))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A page cannot go from %g s to %g s.", from_s, to_s);
  if (width_px == 0 || width_px > MAX_WIDTH)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A page cannot be %u pixels wide (1 to %d).", width_px, MAX_WIDTH);
  return TRUE;
}

static InionPage *
make_page (InionShownSignal  *signal,
           InionPyramid      *pyramid,
           double             from_s,
           double             to_s,
           guint              width_px,
           gint64             budget,
           InionJob          *job,
           GError           **error)
{
  InionMontage *montage = inion_shown_signal_get_montage (signal);
  guint n_spans = _inion_shown_signal_get_n_groups (signal);
  g_autofree Span *spans = g_new0 (Span, n_spans);
  g_autoptr (InionPage) page = NULL;
  Maker maker = { signal, pyramid, NULL, budget, job, error };

  if (!check_range (from_s, to_s, width_px, error))
    return NULL;
  page = _inion_page_store_find (signal, from_s, to_s, width_px);
  if (page != NULL)
    return g_steal_pointer (&page);
  for (guint g = 0; g < n_spans; g++)
    {
      spans[g].index = g;
      spans[g].group = _inion_shown_signal_get_group (signal, g);
      place_span (&spans[g], from_s, to_s, width_px);
    }
  page = allocate (spans, n_spans, inion_montage_get_n_derivations (montage), error);
  if (page == NULL)
    return NULL;
  page->from_s = from_s;
  page->to_s = to_s;
  maker.page = page;
  for (guint g = 0; g < n_spans; g++)
    if (!fill_span (&maker, &spans[g]))
      return NULL;
  if (!page->pending && budget < 0)
    _inion_page_store_keep (signal, page, width_px);
  return g_steal_pointer (&page);
}

/**
 * inion_page_new:
 * @signal: what is shown
 * @pyramid: (nullable): the pyramid of @signal
 * @from_s: left edge, in seconds since the recording's start; may be negative
 * @to_s: right edge, greater than @from_s; may be beyond the end
 * @width_px: width of the drawing in device pixels, 1 to 65536
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Makes a page with all that can be made from samples; see the top of page.c. Thread-safe.
 *
 * Returns: (transfer full) (nullable): the page; %NULL if the range is none, the recording could
 *   not be read, or the job was cancelled
 */
InionPage *
inion_page_new (InionShownSignal  *signal,
                InionPyramid      *pyramid,
                double             from_s,
                double             to_s,
                guint              width_px,
                InionJob          *job,
                GError           **error)
{
  g_return_val_if_fail (INION_IS_SHOWN_SIGNAL (signal), NULL);

  return make_page (signal, pyramid, from_s, to_s, width_px, -1, job, error);
}

/**
 * inion_page_new_quick:
 * @signal: what is shown
 * @pyramid: (nullable): the pyramid of @signal
 * @from_s: left edge, in seconds since the recording's start; may be negative
 * @to_s: right edge, greater than @from_s; may be beyond the end
 * @width_px: width of the drawing in device pixels, 1 to 65536
 * @error: return location
 *
 * Makes a page in a few milliseconds from what is at hand; see the top of page.c. Thread-safe.
 *
 * Returns: (transfer full) (nullable): the page, pending where something was not at hand; %NULL if
 *   the range is none or the recording could not be read
 */
InionPage *
inion_page_new_quick (InionShownSignal  *signal,
                      InionPyramid      *pyramid,
                      double             from_s,
                      double             to_s,
                      guint              width_px,
                      GError           **error)
{
  g_return_val_if_fail (INION_IS_SHOWN_SIGNAL (signal), NULL);

  return make_page (signal, pyramid, from_s, to_s, width_px, QUICK_SAMPLES, NULL, error);
}

typedef struct
{
  InionShownSignal *signal;
  InionPyramid *pyramid;
  double from_s;
  double to_s;
  guint width_px;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->signal);
  g_clear_object (&request->pyramid);
  g_free (request);
}

static gpointer
run_request (InionJob  *job,
             gpointer   data,
             GError   **error)
{
  const Request *request = data;

  return inion_page_new (request->signal, request->pyramid, request->from_s, request->to_s,
                         request->width_px, job, error);
}

/**
 * inion_page_new_job:
 * @signal: (transfer none): what is shown
 * @pyramid: (transfer none) (nullable): the pyramid of @signal
 * @from_s: left edge, in seconds
 * @to_s: right edge, in seconds
 * @width_px: width of the drawing in device pixels
 *
 * Makes a job that does what inion_page_new() does.
 *
 * Returns: (transfer full): a job that has not started; its result is an #InionPage (transfer full)
 */
InionJob *
inion_page_new_job (InionShownSignal *signal,
                    InionPyramid     *pyramid,
                    double            from_s,
                    double            to_s,
                    guint             width_px)
{
  Request *request;

  g_return_val_if_fail (INION_IS_SHOWN_SIGNAL (signal), NULL);

  request = g_new0 (Request, 1);
  request->signal = g_object_ref (signal);
  request->pyramid = pyramid != NULL ? g_object_ref (pyramid) : NULL;
  request->from_s = from_s;
  request->to_s = to_s;
  request->width_px = width_px;
  return inion_job_new ("Reading the page", run_request, request, request_free,
                        (GDestroyNotify) inion_page_unref);
}

/**
 * inion_page_ref:
 * @self: a page
 *
 * Returns: (transfer full): @self
 */
InionPage *
inion_page_ref (InionPage *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * inion_page_unref:
 * @self: (transfer full): a page
 *
 * Releases a page.
 */
void
inion_page_unref (InionPage *self)
{
  g_atomic_rc_box_release_full (self, page_clear);
}
