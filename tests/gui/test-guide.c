/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guide: each page is shown, each link leads somewhere, and the search finds words. */

#include "gui-fixture.h"

#include "app/guide/guide-text.h"
#include "app/guide/guide-window.h"

#include <string.h>

/* Where the links of a page lead. */
static GPtrArray *
find_links (const InionGuidePage *page)
{
  GPtrArray *links = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < page->blocks->len; i++)
    {
      const InionGuideBlock *block = page->blocks->pdata[i];

      for (gsize c = 0; block->cells[c] != NULL; c++)
        for (const char *at = block->cells[c]; (at = strstr (at, "<a href=\"")) != NULL;)
          {
            at += strlen ("<a href=\"");
            g_ptr_array_add (links, g_strndup (at, strcspn (at, "\"")));
          }
    }
  return links;
}

static gboolean
is_page (GPtrArray  *pages,
         const char *name)
{
  for (guint i = 0; i < pages->len; i++)
    if (g_str_equal (((const InionGuidePage *) pages->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

static void
check_action (Gui        *gui,
              const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) parameter = NULL;
  const GVariantType *type = NULL;

  g_assert_true (g_action_parse_detailed_name (detailed, &name, &parameter, NULL));
  g_assert_true (g_str_has_prefix (name, "win."));
  g_assert_true (g_action_group_query_action (G_ACTION_GROUP (gui->window), name + strlen ("win."),
                                              NULL, &type, NULL, NULL, NULL));
  g_assert_true ((type == NULL) == (parameter == NULL));
  if (type != NULL)
    g_assert_true (g_variant_is_of_type (parameter, type));
}

/* A page that names a key or an action that is not there would be worse than none. */
static void
test_links (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autoptr (GPtrArray) pages = inion_guide_load ();
  guint n_links = 0;

  g_assert_cmpuint (pages->len, >=, 14);
  for (guint i = 0; i < pages->len; i++)
    {
      const InionGuidePage *page = pages->pdata[i];
      g_autoptr (GPtrArray) links = find_links (page);

      g_assert_nonnull (page->title);
      g_assert_cmpuint (page->blocks->len, >, 3);
      for (guint k = 0; k < links->len; k++, n_links++)
        {
          const char *link = links->pdata[k];

          if (g_str_has_prefix (link, "action:"))
            check_action (gui, link + strlen ("action:"));
          else
            g_assert_true (is_page (pages, link));
        }
    }
  g_assert_cmpuint (n_links, >, 20);
}

static GtkWidget *
find_guide (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_strcmp0 (gtk_window_get_title (window), "Guide") == 0)
        return GTK_WIDGET (window);
    }
  return NULL;
}

static gboolean
count_rows (GtkWidget *widget,
            gpointer   data)
{
  if (GTK_IS_LIST_BOX_ROW (widget) && gtk_widget_get_child_visible (widget))
    (*(guint *) data)++;
  return TRUE;
}

static void
test_window (void)
{
  g_autoptr (Gui) gui = gui_new ();
  g_autoptr (GPtrArray) pages = inion_guide_load ();
  GtkWidget *guide, *search;
  GtkLabel *link;
  gboolean handled = FALSE;
  guint n = 0;

  gui_activate (gui, "win.show-guide", NULL);
  gui_wait_until (find_guide () != NULL, 10);
  guide = find_guide ();
  gui_wait_until (gui_find_label (guide, "keeps what you say") != NULL, 10);
  gui_walk (guide, count_rows, &n);
  g_assert_cmpuint (n, ==, pages->len);

  link = gui_find_label (guide, "The recording is never changed");
  g_assert_nonnull (link);
  g_signal_emit_by_name (link, "activate-link", "study", &handled);
  g_assert_true (handled);
  gui_wait_until (gui_find_label (guide, "There is no Save") != NULL, 10);

  search = gui_find_type (guide, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (search), "NOTCH mains");
  gui_wait_until ((n = 0, gui_walk (guide, count_rows, &n), n > 0 && n < 4), 10);
  g_signal_emit_by_name (search, "activate");
  gui_wait_until (gui_find_label (guide, "Causal or zero-phase") != NULL, 10);
  gtk_editable_set_text (GTK_EDITABLE (search), "no page would have this word zzz");
  gui_wait_until (gui_find_label (guide, "No page has these words") != NULL, 10);
  gui_wait_frames (gui, 2);

  for (guint i = 0; i < pages->len; i++)
    {
      const InionGuidePage *page = pages->pdata[i];

      inion_guide_window_show (GTK_WINDOW (gui->window), page->name);
      g_assert_nonnull (gui_find_label (guide, page->title));
      gui_wait_frames (gui, 1);
    }

  /* Asked for again it comes to the front; it goes with its window. */
  gui_activate (gui, "win.show-guide", NULL);
  g_assert_true (find_guide () == guide);
  gtk_window_close (GTK_WINDOW (guide));
  gui_wait_until (find_guide () == NULL, 10);
  inion_guide_window_show (GTK_WINDOW (gui->window), "scores");
  gui_wait_until (find_guide () != NULL && gui_find_label (find_guide (), "Leakage is when") != NULL,
                  10);
  gui_close_window (gui);
  g_assert_null (find_guide ());
}

static void
add_tests (void)
{
  g_test_add_func ("/gui/guide/links", test_links);
  g_test_add_func ("/gui/guide/window", test_window);
}

int
main (int    argc,
      char **argv)
{
  return gui_main (argc, argv, add_tests);
}
