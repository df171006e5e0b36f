/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's guide, in a window of its own: its pages and a search at the left, one page at the
 * right. A link to an action does what it names in the window that the guide was opened from. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/guide/guide-window.h"

#include "app/guide/guide-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#define KEY "inion-guide"
#define MAX_TEXT_CHARS 72

typedef struct
{
  GtkWindow *main;    /* weak */
  GtkWidget *window;
  GPtrArray *pages;   /* of InionGuidePage */
  AdwLeaflet *leaflet;
  GtkListBox *list;
  GtkWidget *search;
  GtkScrolledWindow *scroller;
  AdwWindowTitle *title;
  GtkWidget *back;
} Guide;

static void show_page (Guide *self, const char *name);

static void
guide_free (gpointer data)
{
  Guide *self = data;

  g_clear_weak_pointer (&self->main);
  g_ptr_array_unref (self->pages);
  g_free (self);
}

static const InionGuidePage *
find_page (Guide      *self,
           const char *name)
{
  for (guint i = 0; i < self->pages->len; i++)
    if (g_str_equal (((const InionGuidePage *) self->pages->pdata[i])->name, name))
      return self->pages->pdata[i];
  return NULL;
}

/* In the window that the guide was opened from, which comes to the front. */
static void
do_action (Guide      *self,
           const char *detailed)
{
  g_autofree char *action = NULL;
  g_autoptr (GVariant) parameter = NULL;

  if (self->main == NULL || !g_action_parse_detailed_name (detailed, &action, &parameter, NULL))
    return;
  gtk_window_present (self->main);
  gtk_widget_activate_action_variant (GTK_WIDGET (self->main), action, parameter);
}

static gboolean
on_link (GtkLabel   *label,
         const char *target,
         Guide      *self)
{
  if (g_str_has_prefix (target, "action:"))
    {
      do_action (self, target + strlen ("action:"));
      return TRUE;
    }
  if (find_page (self, target) == NULL)
    return FALSE;
  show_page (self, target);
  return TRUE;
}

static GtkWidget *
make_label (Guide      *self,
            const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  g_signal_connect (label, "activate-link", G_CALLBACK (on_link), self);
  return label;
}

static GtkWidget *
make_item (Guide                 *self,
           const InionGuideBlock *block)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *sign = gtk_label_new (block->sign);
  GtkWidget *text = make_label (self, block->cells[0]);

  gtk_label_set_width_chars (GTK_LABEL (sign), 2);
  gtk_label_set_xalign (GTK_LABEL (sign), 1);
  gtk_label_set_yalign (GTK_LABEL (sign), 0);
  gtk_widget_add_css_class (sign, "dim-label");
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), text);
  return box;
}

/* All rows that follow each other stand in one grid. */
static guint
add_table (Guide                *self,
           GtkWidget            *box,
           const InionGuidePage *page,
           guint                 first)
{
  GtkWidget *grid = gtk_grid_new ();
  guint i;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  for (i = first; i < page->blocks->len; i++)
    {
      const InionGuideBlock *block = page->blocks->pdata[i];

      if (block->kind != INION_GUIDE_ROW)
        break;
      for (int c = 0; block->cells[c] != NULL; c++)
        {
          GtkWidget *cell = make_label (self, block->cells[c]);

          gtk_widget_set_hexpand (cell, c > 0);
          gtk_label_set_max_width_chars (GTK_LABEL (cell), c > 0 ? 52 : 30);
          gtk_grid_attach (GTK_GRID (grid), cell, c, (int) (i - first), 1, 1);
        }
    }
  gtk_box_append (GTK_BOX (box), grid);
  return i;
}

static void
add_block (Guide                 *self,
           GtkWidget             *box,
           const InionGuideBlock *block)
{
  static const char *const classes[] = {
    [INION_GUIDE_TITLE] = "title-1",
    [INION_GUIDE_HEADING] = "title-4",
    [INION_GUIDE_NOTE] = "guide-note",
  };
  GtkWidget *widget = block->kind == INION_GUIDE_ITEM ? make_item (self, block)
                                                      : make_label (self, block->cells[0]);

  if (block->kind < G_N_ELEMENTS (classes) && classes[block->kind] != NULL)
    gtk_widget_add_css_class (widget, classes[block->kind]);
  if (block->kind == INION_GUIDE_HEADING)
    gtk_widget_set_margin_top (widget, 12);
  gtk_box_append (GTK_BOX (box), widget);
}

static GtkWidget *
make_page (Guide                *self,
           const InionGuidePage *page)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  for (guint i = 0; i < page->blocks->len;)
    {
      const InionGuideBlock *block = page->blocks->pdata[i];

      if (block->kind == INION_GUIDE_ROW)
        i = add_table (self, box, page, i);
      else
        add_block (self, box, page->blocks->pdata[i++]);
    }
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 36);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 640);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  return clamp;
}

static void
show_page (Guide      *self,
           const char *name)
{
  const InionGuidePage *page = find_page (self, name);
  GtkAdjustment *adjustment;
  GtkWidget *focus;

  g_return_if_fail (page != NULL);

  if (!inion_guide_page_matches (page, gtk_editable_get_text (GTK_EDITABLE (self->search))))
    {
      gtk_editable_set_text (GTK_EDITABLE (self->search), "");
      gtk_list_box_invalidate_filter (self->list);
    }
  /* The keys stay with the page when the page goes. */
  focus = gtk_window_get_focus (GTK_WINDOW (self->window));
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->scroller)))
    gtk_widget_grab_focus (GTK_WIDGET (self->scroller));
  gtk_scrolled_window_set_child (self->scroller, make_page (self, page));
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  gtk_adjustment_set_value (adjustment, 0);
  adw_window_title_set_title (self->title, page->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scroller), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  page->title, -1);
  for (guint i = 0; i < self->pages->len; i++)
    if (self->pages->pdata[i] == page)
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
}

static gboolean
filter_row (GtkListBoxRow *row,
            gpointer       data)
{
  Guide *self = data;
  int i = gtk_list_box_row_get_index (row);

  return i >= 0 && inion_guide_page_matches (self->pages->pdata[i],
                                             gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

/* Enter in the search opens the first page that is left. */
static void
on_search_enter (GtkSearchEntry *entry,
                 Guide          *self)
{
  for (guint i = 0; i < self->pages->len; i++)
    {
      const InionGuidePage *page = self->pages->pdata[i];

      if (inion_guide_page_matches (page, gtk_editable_get_text (GTK_EDITABLE (entry))))
        {
          show_page (self, page->name);
          adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
          return;
        }
    }
}

static void
on_row (GtkListBox    *list,
        GtkListBoxRow *row,
        Guide         *self)
{
  const InionGuidePage *page = self->pages->pdata[gtk_list_box_row_get_index (row)];

  show_page (self, page->name);
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
on_folded (Guide *self)
{
  gtk_widget_set_visible (self->back, adw_leaflet_get_folded (self->leaflet));
}

static void
on_back (Guide *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static GtkWidget *
make_list (Guide *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *none = gtk_label_new (_("No page has these words."));

  self->list = GTK_LIST_BOX (list);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pages"),
                                  -1);
  for (guint i = 0; i < self->pages->len; i++)
    {
      GtkWidget *label = gtk_label_new (((InionGuidePage *) self->pages->pdata[i])->title);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_list_box_append (self->list, label);
    }
  gtk_list_box_set_filter_func (self->list, filter_row, self, NULL);
  g_signal_connect (list, "row-activated", G_CALLBACK (on_row), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_widget_add_css_class (none, "dim-label");
  gtk_widget_set_margin_top (none, 24);
  gtk_label_set_wrap (GTK_LABEL (none), TRUE);
  gtk_list_box_set_placeholder (self->list, none);
  return scroller;
}

static GtkWidget *
make_sidebar (Guide *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *title = adw_window_title_new (_("Guide"), NULL);

  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search the guide"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search the guide"), -1);
  gtk_widget_set_margin_start (self->search, 6);
  gtk_widget_set_margin_end (self->search, 6);
  gtk_widget_set_margin_top (self->search, 6);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), title);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), self->search);
  gtk_box_append (GTK_BOX (box), make_list (self));
  g_signal_connect_swapped (self->search, "search-changed",
                            G_CALLBACK (gtk_list_box_invalidate_filter), self->list);
  g_signal_connect (self->search, "activate", G_CALLBACK (on_search_enter), self);
  gtk_widget_set_size_request (box, 230, -1);
  return box;
}

static GtkWidget *
make_content (Guide *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();

  self->title = ADW_WINDOW_TITLE (adw_window_title_new ("", NULL));
  self->back = gtk_button_new_from_icon_name ("go-previous-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->back), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Pages"), -1);
  g_signal_connect_swapped (self->back, "clicked", G_CALLBACK (on_back), self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), self->back);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (bar), GTK_WIDGET (self->title));
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_focusable (GTK_WIDGET (self->scroller), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->scroller), TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->scroller));
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_size_request (box, 300, -1);
  return box;
}

static void
add_keys (Guide *self)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = { { GDK_KEY_Escape, 0, "window.close" }, { GDK_KEY_w, GDK_CONTROL_MASK, "window.close" } };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                        gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (self->window, controller);
}

static void
on_destroy (GtkWidget *window,
            Guide     *self)
{
  if (self->main != NULL)
    g_object_set_data (G_OBJECT (self->main), KEY, NULL);
}

static Guide *
guide_new (GtkWindow *main)
{
  Guide *self = g_new0 (Guide, 1);

  self->pages = inion_guide_load ();
  g_set_weak_pointer (&self->main, main);
  self->window = adw_window_new ();
  gtk_window_set_title (GTK_WINDOW (self->window), _("Guide"));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 960, 720);
  gtk_window_set_application (GTK_WINDOW (self->window), gtk_window_get_application (main));
  self->leaflet = ADW_LEAFLET (adw_leaflet_new ());
  adw_leaflet_append (self->leaflet, make_sidebar (self));
  adw_leaflet_append (self->leaflet, make_content (self));
  adw_leaflet_set_can_navigate_back (self->leaflet, TRUE);
  g_signal_connect_swapped (self->leaflet, "notify::folded", G_CALLBACK (on_folded), self);
  on_folded (self);
  adw_window_set_content (ADW_WINDOW (self->window), GTK_WIDGET (self->leaflet));
  add_keys (self);
  g_object_set_data_full (G_OBJECT (self->window), KEY, self, guide_free);
  g_object_set_data (G_OBJECT (main), KEY, self->window);
  g_signal_connect (self->window, "destroy", G_CALLBACK (on_destroy), self);
  g_signal_connect_object (main, "destroy", G_CALLBACK (gtk_window_destroy), self->window,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * inion_guide_window_show:
 * @window: the window whose actions the guide's links call
 * @page: (nullable): name of a page; %NULL: the first, or the one that is open
 *
 * Shows the guide. There is one for each window.
 */
void
inion_guide_window_show (GtkWindow  *window,
                         const char *page)
{
  GtkWidget *open = g_object_get_data (G_OBJECT (window), KEY);
  Guide *self = open != NULL ? g_object_get_data (G_OBJECT (open), KEY) : guide_new (window);

  if (page == NULL && open == NULL && self->pages->len > 0)
    page = ((const InionGuidePage *) self->pages->pdata[0])->name;
  if (page != NULL && find_page (self, page) != NULL)
    show_page (self, page);
  if (gtk_window_get_focus (GTK_WINDOW (self->window)) == NULL)
    gtk_widget_grab_focus (self->search);
  gtk_window_present (GTK_WINDOW (self->window));
}
