/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the channel editor: a row a channel, edited in place. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/channels/channels-private.h"

#include "app/panel-kit.h"

#include <glib/gi18n.h>

/* What a cell shows is one of the row's texts, its kind, whether it is bad, or a fact of the file. */
typedef enum
{
  CELL_KIND = INION_CHANNEL_N_TEXTS,
  CELL_BAD,
  CELL_RAW,
  CELL_REFERENCE,
} Cell;

static guint
cell_of (gpointer factory)
{
  return GPOINTER_TO_UINT (g_object_get_data (factory, "inion-cell"));
}

static void
show_row (GtkWidget       *child,
          InionChannelRow *row,
          guint            cell)
{
  const InionChannelInfo *info = inion_channel_get_info (inion_channel_row_get_file (row));

  if (g_object_get_data (G_OBJECT (child), "inion-typing") != NULL)
    return;
  g_object_set_data (G_OBJECT (child), "inion-showing", GINT_TO_POINTER (1));
  if (cell == CELL_KIND)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (child), (guint) inion_channel_row_get_kind (row));
  else if (cell == CELL_BAD)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (child), inion_channel_row_get_bad (row));
  else if (cell == CELL_RAW)
    gtk_label_set_text (GTK_LABEL (child), info->raw_label);
  else if (cell == CELL_REFERENCE)
    gtk_label_set_text (GTK_LABEL (child), info->reference != NULL ? info->reference : "");
  else
    gtk_editable_set_text (GTK_EDITABLE (child),
                           inion_channel_row_get_text (row, (InionChannelColumn) cell));
  g_object_set_data (G_OBJECT (child), "inion-showing", NULL);
}

/* (nullable): while the cell shows what the row says, it says nothing to the row. */
static InionChannelRow *
row_of (GtkWidget *child)
{
  return g_object_get_data (G_OBJECT (child), "inion-showing") == NULL
           ? g_object_get_data (G_OBJECT (child), "inion-row") : NULL;
}

/* What a person is typing stays as it is typed: the cell does not show the row meanwhile. */
static void
on_edited (GtkWidget *child,
           gpointer   factory)
{
  InionChannelRow *row = row_of (child);

  if (row == NULL)
    return;
  g_object_set_data (G_OBJECT (child), "inion-typing", GINT_TO_POINTER (1));
  inion_channel_row_set_text (row, (InionChannelColumn) cell_of (factory),
                              gtk_editable_get_text (GTK_EDITABLE (child)));
  g_object_set_data (G_OBJECT (child), "inion-typing", NULL);
}

static void
on_kind (GtkWidget *child)
{
  InionChannelRow *row = row_of (child);

  if (row != NULL)
    inion_channel_row_set_kind (row, (InionChannelKind)
                                       gtk_drop_down_get_selected (GTK_DROP_DOWN (child)));
}

static void
on_bad (GtkWidget *child)
{
  InionChannelRow *row = row_of (child);

  if (row != NULL)
    inion_channel_row_set_bad (row, gtk_check_button_get_active (GTK_CHECK_BUTTON (child)));
}

static GtkWidget *
make_kind (void)
{
  g_autoptr (GtkStringList) kinds = gtk_string_list_new (NULL);
  GtkWidget *child;

  for (int kind = INION_CHANNEL_EEG; kind <= INION_CHANNEL_OTHER; kind++)
    gtk_string_list_append (kinds, inion_channel_kind_to_string ((InionChannelKind) kind));
  child = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&kinds)), NULL);
  /* A column of buttons would be louder than what they say. */
  gtk_widget_add_css_class (gtk_widget_get_first_child (child), "flat");
  g_signal_connect (child, "notify::selected", G_CALLBACK (on_kind), NULL);
  return child;
}

static GtkWidget *
make_child (GtkSignalListItemFactory *factory)
{
  guint cell = cell_of (factory);
  GtkWidget *child;

  if (cell == CELL_KIND)
    return make_kind ();
  if (cell == CELL_BAD)
    {
      child = gtk_check_button_new ();
      gtk_widget_set_halign (child, GTK_ALIGN_CENTER);
      g_signal_connect (child, "toggled", G_CALLBACK (on_bad), NULL);
      return child;
    }
  if (cell == CELL_RAW || cell == CELL_REFERENCE)
    {
      child = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (child), 0);
      gtk_label_set_ellipsize (GTK_LABEL (child), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (child, "dim-label");
      return child;
    }
  /* No GtkEditableLabel: that of GTK 4.8 leaves a timeout behind when it goes with the focus. */
  child = gtk_entry_new ();
  gtk_entry_set_has_frame (GTK_ENTRY (child), FALSE);
  gtk_editable_set_width_chars (GTK_EDITABLE (child), 3);
  gtk_widget_set_valign (child, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (child, "numeric");
  if (cell >= INION_CHANNEL_COLUMN_X)
    gtk_entry_set_placeholder_text (GTK_ENTRY (child), "–");
  g_signal_connect (child, "changed", G_CALLBACK (on_edited), factory);
  return child;
}

static void
setup (GtkSignalListItemFactory *factory,
       GtkListItem              *item)
{
  gtk_list_item_set_child (item, make_child (factory));
}

static void
on_row_changed (InionChannelRow *row,
                GtkListItem     *item)
{
  GtkWidget *child = gtk_list_item_get_child (item);

  show_row (child, row, cell_of (g_object_get_data (G_OBJECT (child), "inion-factory")));
}

static void
bind (GtkSignalListItemFactory *factory,
      GtkListItem              *item)
{
  static const char *const names[] = { N_("Name of %s"), N_("Unit of %s"), N_("x of %s"),
                                       N_("y of %s"), N_("z of %s"), N_("Kind of %s"),
                                       N_("%s is bad"), NULL, NULL };
  GtkWidget *child = gtk_list_item_get_child (item);
  InionChannelRow *row = gtk_list_item_get_item (item);
  guint cell = cell_of (factory);

  g_object_set_data (G_OBJECT (child), "inion-row", row);
  g_object_set_data (G_OBJECT (child), "inion-factory", factory);
  show_row (child, row, cell);
  g_signal_connect (row, "changed", G_CALLBACK (on_row_changed), item);
  if (cell < G_N_ELEMENTS (names) && names[cell] != NULL)
    {
      const char *raw = inion_channel_get_info (inion_channel_row_get_file (row))->raw_label;
      g_auto (GStrv) parts = g_strsplit (_(names[cell]), "%s", 2);
      g_autofree char *name = g_strjoinv (raw, parts);

      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
    }
}

static void
unbind (GtkSignalListItemFactory *factory,
        GtkListItem              *item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), on_row_changed, item);
  g_object_set_data (G_OBJECT (gtk_list_item_get_child (item)), "inion-row", NULL);
}

static void
add_column (GtkColumnView *view,
            const char    *title,
            guint          cell,
            int            width)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_object_set_data (G_OBJECT (factory), "inion-cell", GUINT_TO_POINTER (cell));
  g_signal_connect (factory, "setup", G_CALLBACK (setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind), NULL);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, width);
  gtk_column_view_column_set_expand (column, cell == INION_CHANNEL_COLUMN_LABEL);
  gtk_column_view_append_column (view, column);
}

/* The reference is a column of its own only where a file tells one. */
static gboolean
has_references (InionChannelsDialog *self)
{
  for (guint i = 0; i < inion_recording_get_n_channels (self->original); i++)
    if (inion_channel_get_info (inion_recording_get_channel (self->original, i))->reference != NULL)
      return TRUE;
  return FALSE;
}

/* As wide as the longest name in the file, within reason. */
static int
measure_raw (InionChannelsDialog *self,
             GtkWidget           *view)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (view, NULL);
  int widest = 0;

  for (guint i = 0; i < inion_recording_get_n_channels (self->original); i++)
    {
      int width;

      pango_layout_set_text (layout, inion_channel_get_info (inion_recording_get_channel (
                                       self->original, i))->raw_label, -1);
      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  return CLAMP (widest + 24, 88, 180);
}

GtkWidget *
_inion_channels_table_new (InionChannelsDialog *self)
{
  GtkWidget *view = gtk_column_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)));
  GtkColumnView *columns = GTK_COLUMN_VIEW (view);

  gtk_column_view_set_show_row_separators (columns, TRUE);
  gtk_widget_add_css_class (view, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Channels"), -1);
  add_column (columns, _("In the file"), CELL_RAW, measure_raw (self, view));
  add_column (columns, _("Name"), INION_CHANNEL_COLUMN_LABEL, 84);
  add_column (columns, _("Kind"), CELL_KIND, 118);
  add_column (columns, _("Unit"), INION_CHANNEL_COLUMN_UNIT, 52);
  if (has_references (self))
    add_column (columns, _("Reference"), CELL_REFERENCE, 76);
  add_column (columns, _("x, mm"), INION_CHANNEL_COLUMN_X, 60);
  add_column (columns, _("y, mm"), INION_CHANNEL_COLUMN_Y, 60);
  add_column (columns, _("z, mm"), INION_CHANNEL_COLUMN_Z, 60);
  add_column (columns, _("Bad"), CELL_BAD, 46);
  return view;
}
