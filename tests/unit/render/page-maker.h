/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages made by hand, for tests of what draws them. */

#pragma once

#include "widgets/render/trace-frame.h"

#include <cairo.h>
#include <math.h>

/* n derivations of n_bins empty bins from bin 0. Laid out as inion_page_unref() frees it. */
static inline InionPage *
page_maker_new (guint  n,
                gsize  n_bins,
                gint64 bin_size,
                double rate_hz)
{
  InionPage *page = g_atomic_rc_box_new0 (InionPage);

  page->n_derivations = n;
  page->n_bins = n_bins;
  page->to_s = (double) n_bins * (double) bin_size / rate_hz;
  page->first_bin = g_new0 (gint64, n);
  page->bin_size = g_new0 (gint64, n);
  page->used = g_new0 (gsize, n);
  page->rate_hz = g_new0 (double, n);
  page->bins = g_new0 (InionMinMax, n * n_bins);
  for (guint d = 0; d < n; d++)
    {
      page->bin_size[d] = bin_size;
      page->used[d] = n_bins;
      page->rate_hz[d] = rate_hz;
    }
  for (gsize i = 0; i < n * n_bins; i++)
    page->bins[i] = (InionMinMax) { INFINITY, -INFINITY };
  return page;
}

static inline void
page_maker_set (InionPage *page,
                guint      derivation,
                gsize      bin,
                double     lo,
                double     hi)
{
  page->bins[derivation * page->n_bins + bin] = (InionMinMax) { (float) lo, (float) hi };
}

static inline InionTraceLane
page_maker_lane (guint derivation,
                 float y0,
                 float px_per_unit)
{
  return (InionTraceLane) { derivation, y0, px_per_unit, -INFINITY, INFINITY, { 0, 0, 0, 1 } };
}

/* Deterministic noise in [-1, 1]. */
static inline double
page_maker_noise (guint seed,
                  guint i)
{
  guint32 h = seed * 2654435761u ^ i * 2246822519u;

  h ^= h >> 15;
  h *= 2246822519u;
  h ^= h >> 13;
  h *= 3266489917u;
  h ^= h >> 16;
  return h / 2147483647.5 - 1;
}

static inline cairo_surface_t *
page_maker_surface (int width,
                    int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static inline void
page_maker_draw (cairo_surface_t *surface,
                 InionTraceFrame *frame)
{
  cairo_surface_flush (surface);
  inion_trace_raster_draw (frame, (guint32 *) (void *) cairo_image_surface_get_data (surface),
                           cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
}

static inline guint32
page_maker_pixel (cairo_surface_t *surface,
                  int              x,
                  int              y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  const guint8 *row = data + y * cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (const void *) row)[x];
}

/* Ink of black on white, 0 to 255. */
static inline int
page_maker_ink (cairo_surface_t *surface,
                int              x,
                int              y)
{
  return 255 - (int) (page_maker_pixel (surface, x, y) & 0xff);
}

/* Keeps a picture to look at: in INION_TEST_PICTURES, where that is set. */
static inline void
page_maker_keep (cairo_surface_t *surface,
                 const char      *name)
{
  const char *dir = g_getenv ("INION_TEST_PICTURES");
  g_autofree char *path = NULL;

  if (dir == NULL)
    return;
  path = g_strdup_printf ("%s/%s.png", dir, name);
  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
}
