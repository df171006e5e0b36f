/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector of Review: what lies under the cursor, and the tools for a closer look.
 *
 * One page at a time, chosen above; a page measures only while it is on the screen. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/tools-panel.h"

#include "app/panel-kit.h"
#include "app/tools/average-page.h"
#include "app/tools/measure-page.h"
#include "app/tools/movie-page.h"
#include "app/tools/similar-page.h"
#include "app/tools/spectrogram-page.h"

#include <glib/gi18n.h>

static const struct
{
  const char *name;
  const char *title;
} pages[] = {
  { "cursor", N_("Map and spectrum") },
  { "movie", N_("Map over time") },
  { "measure", N_("Calipers") },
  { "spectrogram", N_("Spectrogram") },
  { "average", N_("Average after events") },
  { "similar", N_("More like this") },
};

struct _InionToolsPanel
{
  GtkWidget parent_instance;

  GSimpleActionGroup *actions;
  GtkWidget *box;
  GtkWidget *choice;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (InionToolsPanel, inion_tools_panel, GTK_TYPE_WIDGET)

static int
find_page (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].name, name))
      return (int) i;
  return -1;
}

/* Whoever asks for a tool sees it, in whatever workspace they were. */
static void
on_show (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionToolsPanel *self = data;
  int page = find_page (g_variant_get_string (parameter, NULL));

  if (page < 0)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.workspace", "s", "review");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->choice), (guint) page);
}

static void
on_chosen (InionToolsPanel *self)
{
  guint page = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->choice));
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "show");

  if (page >= G_N_ELEMENTS (pages))
    return;
  gtk_stack_set_visible_child_name (self->stack, pages[page].name);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (pages[page].name));
}

static void
add_page (InionToolsPanel *self,
          const char      *name,
          GtkWidget       *page)
{
  gtk_widget_set_vexpand (page, TRUE);
  gtk_stack_add_named (self->stack, page, name);
}

static void
build (InionToolsPanel *self)
{
  const char *titles[G_N_ELEMENTS (pages) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    titles[i] = _(pages[i].title);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->choice = gtk_drop_down_new_from_strings (titles);
  gtk_widget_set_margin_top (self->choice, 12);
  gtk_widget_set_margin_start (self->choice, 12);
  gtk_widget_set_margin_end (self->choice, 12);
  inion_panel_set_tooltip (self->choice, _("What is looked at"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What is looked at"), -1);
  g_signal_connect_swapped (self->choice, "notify::selected", G_CALLBACK (on_chosen), self);
  gtk_box_append (GTK_BOX (self->box), self->choice);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->stack));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

static void
inion_tools_panel_dispose (GObject *object)
{
  InionToolsPanel *self = INION_TOOLS_PANEL (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (inion_tools_panel_parent_class)->dispose (object);
}

static void
inion_tools_panel_class_init (InionToolsPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_tools_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "toolspanel");
}

static void
inion_tools_panel_init (InionToolsPanel *self)
{
  static const GActionEntry entries[] = {
    { .name = "show", .activate = on_show, .parameter_type = "s", .state = "'cursor'" },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  build (self);
}

/**
 * inion_tools_panel_new:
 * @state: what is on screen
 * @cursor: the page about what lies under the cursor
 *
 * Returns: (transfer full): the panel
 */
GtkWidget *
inion_tools_panel_new (InionViewState *state,
                       GtkWidget      *cursor)
{
  InionToolsPanel *self = g_object_new (INION_TYPE_TOOLS_PANEL, NULL);
  GActionMap *actions = G_ACTION_MAP (self->actions);

  add_page (self, "cursor", cursor);
  add_page (self, "movie", inion_movie_page_new (state, actions));
  add_page (self, "measure", inion_measure_page_new (state, actions));
  add_page (self, "spectrogram", inion_spectrogram_page_new (state));
  add_page (self, "average", inion_average_page_new (state, actions));
  add_page (self, "similar", inion_similar_page_new (state, actions));
  return GTK_WIDGET (self);
}

/**
 * inion_tools_panel_get_actions:
 *
 * Returns: (transfer none): the panel's actions
 */
GActionGroup *
inion_tools_panel_get_actions (InionToolsPanel *self)
{
  return G_ACTION_GROUP (self->actions);
}
