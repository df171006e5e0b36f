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
 *       only while they are together at most QUICK_SAMPLES (about 3 ms) and no disk must be waited
 *       for: inion_recording_may_block() is asked first. What is still missing is
 *       drawn from the coarser bins of the pyramid, as an envelope that is too wide but never too
 *       narrow; or is empty, if not even they are there, or the page shows single samples. Such a
 *       page is "pending"; it says in "wants_job" whether inion_page_new() would have more. Even
 *       asking the caches is bounded: an hour of 256 channels is some 60 000 chunks.
 *   inion_page_new()  makes all that can be made from samples. Only bins of the pyramid's own size
 *       of a page too long to be made from samples (MAX_DIRECT_SAMPLES) stay pending: there the
 *       builder is the one to wait for, and its "changed" the moment to ask again.
 *
 * Both fill only the derivations that are asked for: of hundreds a screen shows a few dozen, and
 * the work is that of the screen, not that of the recording.
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
#define MAX_WIDTH 65536

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

/* Only the bins of the wanted derivations are cleared, so that the others take no memory. */
static gboolean
allocate (InionPage           *self,
          const InionPageSpan *spans,
          guint                n_spans,
          GError             **error)
{
  gsize n_bins = 0;

  for (guint g = 0; g < n_spans; g++)
    n_bins = MAX (n_bins, (gsize) spans[g].n);
  self->n_bins = n_bins;
  self->first_bin = g_new0 (gint64, self->n_derivations);
  self->bin_size = g_new0 (gint64, self->n_derivations);
  self->used = g_new0 (gsize, self->n_derivations);
  self->rate_hz = g_new0 (double, self->n_derivations);
  self->bins = inion_try_new (InionMinMax, self->n_derivations * n_bins, "the page", error);
  if (self->bins == NULL)
    return FALSE;
  for (guint g = 0; g < n_spans; g++)
    for (guint i = 0; i < spans[g].n_rows; i++)
      {
        guint d = spans[g].group->rows[spans[g].rows[i]].derivation;

        self->first_bin[d] = spans[g].first_bin;
        self->bin_size[d] = spans[g].bin_size;
        self->used[d] = (gsize) spans[g].n;
        self->rate_hz[d] = spans[g].group->rate_hz;
        inion_min_max_clear (self->bins + d * n_bins, (gsize) spans[g].n);
      }
  return TRUE;
}

static gboolean
fill (InionPageMaker *self,
      guint           width_px)
{
  guint n_spans = _inion_shown_signal_get_n_groups (self->signal);
  g_autofree InionPageSpan *spans = g_new0 (InionPageSpan, n_spans);
  gboolean ok;

  for (guint g = 0; g < n_spans; g++)
    _inion_page_span_init (&spans[g], self->signal, g, self->page, width_px);
  ok = allocate (self->page, spans, n_spans, self->error);
  for (guint g = 0; ok && g < n_spans; g++)
    ok = _inion_page_maker_fill (self, &spans[g]);
  for (guint g = 0; g < n_spans; g++)
    _inion_page_span_clear (&spans[g]);
  return ok;
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

/* What is asked for. */
typedef struct
{
  InionShownSignal *signal;
  InionPyramid *pyramid;
  double from_s;
  double to_s;
  guint width_px;
  guint first;
  guint n;
} Request;

static InionPage *
make_page (const Request  *request,
           gint64          budget,
           InionJob       *job,
           GError        **error)
{
  guint n_derivations =
    inion_montage_get_n_derivations (inion_shown_signal_get_montage (request->signal));
  guint first = MIN (request->first, n_derivations);
  guint n = MIN (request->n, n_derivations - first);
  g_autoptr (InionPage) page = NULL;
  InionPageMaker maker = {
    .signal = request->signal,
    .pyramid = request->pyramid,
    .budget = budget,
    .job = job,
    .error = error,
  };

  if (!check_range (request->from_s, request->to_s, request->width_px, error))
    return NULL;
  page = _inion_page_store_find (request->signal, request->from_s, request->to_s,
                                 request->width_px, first, n);
  if (page != NULL)
    return g_steal_pointer (&page);
  page = g_atomic_rc_box_new0 (InionPage);
  page->n_derivations = n_derivations;
  page->first = first;
  page->n = n;
  page->from_s = request->from_s;
  page->to_s = request->to_s;
  maker.page = page;
  if (!fill (&maker, request->width_px))
    return NULL;
  if (!page->pending && budget < 0)
    _inion_page_store_keep (request->signal, page, request->width_px);
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

  return make_page (&(Request) { signal, pyramid, from_s, to_s, width_px, 0, G_MAXUINT }, -1, job,
                    error);
}

/**
 * inion_page_new_quick:
 * @signal: what is shown
 * @pyramid: (nullable): the pyramid of @signal
 * @from_s: left edge, in seconds since the recording's start; may be negative
 * @to_s: right edge, greater than @from_s; may be beyond the end
 * @width_px: width of the drawing in device pixels, 1 to 65536
 * @first: the first derivation that is wanted
 * @n: how many are wanted; more than there are for all
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
                      guint              first,
                      guint              n,
                      GError           **error)
{
  g_return_val_if_fail (INION_IS_SHOWN_SIGNAL (signal), NULL);

  return make_page (&(Request) { signal, pyramid, from_s, to_s, width_px, first, n },
                    QUICK_SAMPLES, NULL, error);
}

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
  return make_page (data, -1, job, error);
}

/**
 * inion_page_new_job:
 * @signal: (transfer none): what is shown
 * @pyramid: (transfer none) (nullable): the pyramid of @signal
 * @from_s: left edge, in seconds
 * @to_s: right edge, in seconds
 * @width_px: width of the drawing in device pixels
 * @first: the first derivation that is wanted
 * @n: how many are wanted; more than there are for all
 *
 * Makes a job that does what inion_page_new() does, for some derivations.
 *
 * Returns: (transfer full): a job that has not started; its result is an #InionPage (transfer full)
 */
InionJob *
inion_page_new_job (InionShownSignal *signal,
                    InionPyramid     *pyramid,
                    double            from_s,
                    double            to_s,
                    guint             width_px,
                    guint             first,
                    guint             n)
{
  const Request request = { g_object_ref (signal), pyramid != NULL ? g_object_ref (pyramid) : NULL,
                            from_s, to_s, width_px, first, n };
  return inion_job_new ("Reading the page", run_request, g_memdup2 (&request, sizeof request),
                        request_free,
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
