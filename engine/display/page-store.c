/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last complete pages of a signal, so that one that took a job is not made again. */

#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/page-private.h"

#define KEPT_PAGES 4

/* The last complete pages of a signal. */
typedef struct
{
  GMutex lock;
  struct
  {
    InionPage *page;
    guint width_px;
  } pages[KEPT_PAGES];
  guint next;
} Store;

static void
store_free (gpointer data)
{
  Store *store = data;

  for (guint i = 0; i < KEPT_PAGES; i++)
    g_clear_pointer (&store->pages[i].page, inion_page_unref);
  g_mutex_clear (&store->lock);
  g_free (store);
}

static Store *
get_store (InionShownSignal *signal)
{
  GQuark quark = g_quark_from_static_string ("inion-page-store");
  Store *store = g_object_get_qdata (G_OBJECT (signal), quark);

  if (store != NULL)
    return store;
  store = g_new0 (Store, 1);
  g_mutex_init (&store->lock);
  if (g_object_replace_qdata (G_OBJECT (signal), quark, NULL, store, store_free, NULL))
    return store;
  store_free (store);
  return g_object_get_qdata (G_OBJECT (signal), quark);
}

InionPage *
_inion_page_store_find (InionShownSignal *signal,
                        double            from_s,
                        double            to_s,
                        guint             width_px,
                        guint             first,
                        guint             n)
{
  Store *store = get_store (signal);
  InionPage *found = NULL;

  g_mutex_lock (&store->lock);
  for (guint i = 0; i < KEPT_PAGES && found == NULL; i++)
    {
      InionPage *page = store->pages[i].page;

      if (page != NULL && page->from_s == from_s && page->to_s == to_s &&
          store->pages[i].width_px == width_px && page->first <= first &&
          page->first + page->n >= first + n)
        found = inion_page_ref (page);
    }
  g_mutex_unlock (&store->lock);
  return found;
}

/**
 * inion_page_is_ready:
 * @signal: a shown signal
 * @from_s: where the page begins, in seconds
 * @to_s: where it ends
 * @width_px: its width
 * @first: first derivation
 * @n: how many
 *
 * Returns: whether the page was made and is kept
 */
gboolean
inion_page_is_ready (InionShownSignal *signal,
                     double            from_s,
                     double            to_s,
                     guint             width_px,
                     guint             first,
                     guint             n)
{
  g_autoptr (InionPage) page = _inion_page_store_find (signal, from_s, to_s, width_px, first, n);

  return page != NULL;
}

void
_inion_page_store_keep (InionShownSignal *signal,
                        InionPage        *page,
                        guint             width_px)
{
  Store *store = get_store (signal);

  g_mutex_lock (&store->lock);
  g_clear_pointer (&store->pages[store->next].page, inion_page_unref);
  store->pages[store->next].page = inion_page_ref (page);
  store->pages[store->next].width_px = width_px;
  store->next = (store->next + 1) % KEPT_PAGES;
  g_mutex_unlock (&store->lock);
}
