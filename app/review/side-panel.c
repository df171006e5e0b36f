/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The left panel: labels with their keys, the list of marks, the channels. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/side-panel.h"

#include "app/panel-kit.h"
#include "app/review/marks-list.h"
#include "app/review/swatch.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define LONG_NAME 20

struct _InionSidePanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GtkWidget *box;
  GtkFlowBox *labels;
  GtkListView *channels;
  GHashTable *checks;   /* GtkCheckButton → GtkListItem: of the rows on screen */
  gboolean channels_due; /* their rows are to be made when they are looked at */
  gboolean following;   /* the checks are being set by us */
};

G_DEFINE_FINAL_TYPE (InionSidePanel, inion_side_panel, GTK_TYPE_WIDGET)

/* Labels. */

static GtkWidget *
make_label_button (gpointer item,
                   gpointer data)
{
  InionLabel *label = item;
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *swatch = inion_swatch_new ();
  GtkWidget *name = gtk_label_new (inion_label_get_name (label));
  g_autofree char *tooltip =
    inion_label_get_key (label) != NULL
      ? g_strdup_printf (_("Mark the selection as %s (%s)"), inion_label_get_name (label),
                         inion_label_get_key (label))
      : g_strdup_printf (_("Mark the selection as %s"), inion_label_get_name (label));

  inion_swatch_set (swatch, inion_label_get_color (label), FALSE);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  /* A name that is not very long is never cut: it rather takes a line of its own. */
  if (g_utf8_strlen (inion_label_get_name (label), -1) > LONG_NAME)
    {
      gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (name), LONG_NAME);
    }
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), name);
  if (inion_label_get_key (label) != NULL)
    {
      GtkWidget *key = gtk_label_new (inion_label_get_key (label));

      gtk_widget_add_css_class (key, "mark-key");
      gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), key);
    }
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "label-button");
  inion_panel_set_tooltip (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.annotate");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", inion_label_get_name (label));
  return button;
}

/* Channels: kind, name, and whether it is bad. */

static void
on_channel_toggled (GtkCheckButton *check,
                    GtkListItem    *item)
{
  InionSidePanel *self = g_object_get_data (G_OBJECT (check), "inion-panel");
  InionChannel *channel = gtk_list_item_get_item (item);

  if (channel != NULL && !self->following)
    inion_view_state_set_bad (self->state, inion_channel_get_label (channel),
                              !gtk_check_button_get_active (check));
}

static void
setup_channel (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               InionSidePanel           *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *kind = gtk_label_new (NULL);

  g_object_set_data (G_OBJECT (check), "inion-panel", self);
  inion_panel_set_tooltip (check, _("Good: clear it to leave the channel out of averages, maps and "
                                    "decoders"));
  g_signal_connect (check, "toggled", G_CALLBACK (on_channel_toggled), item);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (kind, "dim-label");
  gtk_widget_add_css_class (kind, "caption");
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), kind);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, box);
}

static void
show_bad (InionSidePanel *self,
          GtkCheckButton *check,
          GtkListItem    *item)
{
  const char *label = inion_channel_get_label (gtk_list_item_get_item (item));

  self->following = TRUE;
  gtk_check_button_set_active (check, !inion_view_state_is_bad (self->state, label));
  self->following = FALSE;
}

/* The rows stay, and with them the focus and the place in the list. */
static void
on_bad_changed (InionSidePanel *self)
{
  GHashTableIter iter;
  gpointer check, item;

  g_hash_table_iter_init (&iter, self->checks);
  while (g_hash_table_iter_next (&iter, &check, &item))
    show_bad (self, check, item);
}

static void
unbind_channel (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                InionSidePanel           *self)
{
  g_hash_table_remove (self->checks, gtk_widget_get_first_child (gtk_list_item_get_child (item)));
}

static void
bind_channel (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              InionSidePanel           *self)
{
  InionChannel *channel = gtk_list_item_get_item (item);
  GtkWidget *check = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *name = gtk_widget_get_next_sibling (check);
  GtkWidget *kind = gtk_widget_get_next_sibling (name);
  const char *label = inion_channel_get_label (channel);
  g_autofree char *text =
    g_strdup_printf ("%s · %.4g\u2009Hz", inion_channel_kind_to_string (
                                            inion_channel_get_kind (channel)),
                     inion_channel_get_rate_hz (channel));

  g_hash_table_insert (self->checks, check, item);
  show_bad (self, GTK_CHECK_BUTTON (check), item);
  gtk_label_set_text (GTK_LABEL (name), label);
  gtk_label_set_text (GTK_LABEL (kind), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
fill_channels (InionSidePanel *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_autoptr (GListStore) store = g_list_store_new (INION_TYPE_CHANNEL);
  GtkNoSelection *model;

  for (guint i = 0; recording != NULL && i < inion_recording_get_n_channels (recording); i++)
    g_list_store_append (store, inion_recording_get_channel (recording, i));
  model = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&store)));
  gtk_list_view_set_model (self->channels, GTK_SELECTION_MODEL (model));
  g_object_unref (model);
}

/* A list makes its rows, up to hundreds, whether anybody looks at them or not: these when they are
 * looked at. */
static void
show_channels (InionSidePanel *self)
{
  if (self->channels_due)
    fill_channels (self);
  self->channels_due = FALSE;
}

static void
on_study_changed (InionSidePanel *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  gtk_flow_box_bind_model (self->labels,
                           study != NULL ? G_LIST_MODEL (inion_study_get_palette (study)) : NULL,
                           make_label_button, NULL, NULL);
  gtk_list_view_set_model (self->channels, NULL);
  self->channels_due = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self->channels)))
    show_channels (self);
}

/* Building. */

static GtkWidget *
make_scroller (GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
make_channels_page (InionSidePanel *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_channel), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_channel), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_channel), self);
  self->channels = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  g_signal_connect_swapped (self->channels, "map", G_CALLBACK (show_channels), self);
  gtk_widget_add_css_class (GTK_WIDGET (self->channels), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->channels), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Channels"), -1);
  return make_scroller (GTK_WIDGET (self->channels));
}

static void
build (InionSidePanel *self,
       InionViewState *state)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *switcher = gtk_stack_switcher_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->labels = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->labels, GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (self->labels, 1);
  gtk_flow_box_set_max_children_per_line (self->labels, 2);
  gtk_flow_box_set_homogeneous (self->labels, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->labels), "labels");
  gtk_widget_set_margin_top (GTK_WIDGET (self->labels), 6);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->labels));
  gtk_box_append (GTK_BOX (self->box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_stack_add_titled (GTK_STACK (stack), inion_marks_list_new (state), "marks", _("Marks"));
  gtk_stack_add_titled (GTK_STACK (stack), make_channels_page (self), "channels", _("Channels"));
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (stack));
  gtk_widget_set_margin_start (switcher, 12);
  gtk_widget_set_margin_end (switcher, 12);
  gtk_box_append (GTK_BOX (self->box), switcher);
  gtk_box_append (GTK_BOX (self->box), stack);
}

static void
inion_side_panel_dispose (GObject *object)
{
  InionSidePanel *self = INION_SIDE_PANEL (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->checks, g_hash_table_unref);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_side_panel_parent_class)->dispose (object);
}

static void
inion_side_panel_class_init (InionSidePanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_side_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "sidepanel");
}

static void
inion_side_panel_init (InionSidePanel *self)
{
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  self->checks = g_hash_table_new (NULL, NULL);
}

/**
 * inion_side_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the left panel
 */
GtkWidget *
inion_side_panel_new (InionViewState *state)
{
  InionSidePanel *self = g_object_new (INION_TYPE_SIDE_PANEL, NULL);

  self->state = g_object_ref (state);
  build (self, state);
  g_signal_connect_object (state, "notify::study", G_CALLBACK (on_study_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::bad", G_CALLBACK (on_bad_changed), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
