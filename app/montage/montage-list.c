/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The derivations of a montage as a list: a line of the text a row. What is dragged, hidden or
 * coloured here is written into the text, which alone is the montage. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/montage/montage-private.h"
#include "app/review/swatch.h"

#include <glib/gi18n.h>

static const struct
{
  guint32 color;
  const char *name;
} palette[] = {
  { 0x1a5fb4, N_("Blue") },   { 0xc01c28, N_("Red") },  { 0x26a269, N_("Green") },
  { 0xe66100, N_("Orange") }, { 0x813d9c, N_("Purple") }, { 0x0e8a9e, N_("Teal") },
  { 0x865e3c, N_("Brown") },  { 0x5e5c64, N_("Grey") },
};

static guint
line_of (gpointer widget)
{
  return GPOINTER_TO_UINT (g_object_get_data (widget, "inion-line"));
}

/* Dragging. */

static GdkContentProvider *
on_prepare (GtkDragSource *source,
            double         x,
            double         y,
            GtkWidget     *row)
{
  return gdk_content_provider_new_typed (G_TYPE_UINT, line_of (row));
}

static void
on_begin (GtkDragSource *source,
          GdkDrag       *drag,
          GtkWidget     *row)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (row);

  gtk_drag_source_set_icon (source, picture, 20, 12);
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         GtkWidget     *row)
{
  return gtk_widget_activate_action (row, "dialog.move-line", "(uu)", g_value_get_uint (value),
                                     line_of (row));
}

static void
add_shortcut (GtkEventController *keys,
              const char         *trigger,
              guint               from,
              guint               to)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger),
                                            gtk_named_action_new ("dialog.move-line"));

  gtk_shortcut_set_arguments (shortcut, g_variant_new ("(uu)", from, to));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), shortcut);
}

static void
add_dragging (GtkWidget *row)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_UINT, GDK_ACTION_MOVE);
  GtkEventController *keys = gtk_shortcut_controller_new ();
  guint line = line_of (row);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (on_prepare), row);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_begin), row);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
  if (line > 1)
    add_shortcut (keys, "<Alt>Up", line, line - 1);
  add_shortcut (keys, "<Alt>Down", line, line + 1);
  gtk_widget_add_controller (row, keys);
}

/* Colours. */

static void
on_color_chosen (GtkWidget *button)
{
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static GtkWidget *
make_color (guint       line,
            gboolean    has_color,
            guint32     color,
            const char *name)
{
  g_autofree char *text = has_color ? g_strdup_printf ("#%06x", color) : g_strdup ("");
  GtkWidget *button = gtk_button_new ();

  if (has_color)
    {
      GtkWidget *swatch = inion_swatch_new ();

      inion_swatch_set (swatch, color, FALSE);
      gtk_button_set_child (GTK_BUTTON (button), swatch);
    }
  else
    {
      gtk_button_set_icon_name (GTK_BUTTON (button), "edit-clear-symbolic");
    }
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "dialog.color-line");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(us)", line, text);
  g_signal_connect (button, "clicked", G_CALLBACK (on_color_chosen), NULL);
  return button;
}

/* Made when it is asked for: a montage has many lines. */
static void
on_color_popup (GtkMenuButton *button,
                gpointer       data)
{
  guint line = line_of (button);
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *grid = gtk_grid_new ();

  for (guint i = 0; i < G_N_ELEMENTS (palette); i++)
    gtk_grid_attach (GTK_GRID (grid), make_color (line, TRUE, palette[i].color, _(palette[i].name)),
                     (int) i % 3, (int) i / 3, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), make_color (line, FALSE, 0, _("As all others")), 2, 2, 1, 1);
  gtk_popover_set_child (GTK_POPOVER (popover), grid);
  gtk_menu_button_set_popover (button, popover);
}

static GtkWidget *
make_color_button (const InionMontageRow *row)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *swatch = inion_swatch_new ();
  g_autofree char *name = g_strdup_printf (_("Colour of %s"), row->label);

  inion_swatch_set (swatch, row->has_color ? row->color : 0x888888, !row->has_color);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), swatch);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "inion-line", GUINT_TO_POINTER (row->line));
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), on_color_popup, NULL, NULL);
  return button;
}

/* Rows. */

static GtkWidget *
make_icon_button (const char *icon,
                  const char *tooltip,
                  const char *action,
                  GVariant   *target)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  return button;
}

static GtkWidget *
make_label (const char *text,
            gboolean    dim)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  if (dim)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static GtkWidget *
begin_row (guint       line,
           GtkWidget **box)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *handle = gtk_image_new_from_icon_name ("list-drag-handle-symbolic");

  *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_set_margin_start (*box, 6);
  gtk_widget_set_tooltip_text (handle, _("Drag, or Alt+Up and Alt+Down"));
  gtk_widget_add_css_class (handle, "dim-label");
  gtk_box_append (GTK_BOX (*box), handle);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), *box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  g_object_set_data (G_OBJECT (row), "inion-line", GUINT_TO_POINTER (line));
  add_dragging (row);
  return row;
}

static GtkWidget *
make_derivation (const InionMontageRow *row)
{
  GtkWidget *box, *widget = begin_row (row->line, &box);
  g_autofree char *hide = g_strdup_printf (row->hidden ? _("Show %s") : _("Hide %s"), row->label);

  gtk_box_append (GTK_BOX (box), make_label (row->label, row->hidden));
  gtk_box_append (GTK_BOX (box), make_color_button (row));
  gtk_box_append (GTK_BOX (box),
                  make_icon_button ("format-justify-fill-symbolic", _("A gap above"),
                                    "dialog.insert-gap", g_variant_new_uint32 (row->line)));
  gtk_box_append (GTK_BOX (box),
                  make_icon_button (row->hidden ? "view-conceal-symbolic" : "view-reveal-symbolic",
                                    hide, "dialog.hide-line",
                                    g_variant_new ("(ub)", row->line, !row->hidden)));
  return widget;
}

static GtkWidget *
make_gap (guint line)
{
  GtkWidget *box, *widget = begin_row (line, &box);

  gtk_box_append (GTK_BOX (box), make_label (_("gap"), TRUE));
  gtk_box_append (GTK_BOX (box),
                  make_icon_button ("window-close-symbolic", _("Remove the gap"),
                                    "dialog.remove-line", g_variant_new_uint32 (line)));
  return widget;
}

static GtkWidget *
make_fault (const InionMontageFault *fault)
{
  GtkWidget *box, *widget = begin_row (fault->line, &box);
  g_autofree char *text = g_strdup_printf (_("Line %u: %s"), fault->line, fault->message);
  GtkWidget *label = make_label (text, FALSE);

  gtk_widget_add_css_class (label, "error");
  gtk_widget_set_tooltip_text (label, text);
  gtk_box_append (GTK_BOX (box), label);
  return widget;
}

static const InionMontageRow *
find_row (const InionMontageScript *script,
          guint                     line)
{
  for (guint i = 0; i < script->rows->len; i++)
    if (((InionMontageRow *) script->rows->pdata[i])->line == line)
      return script->rows->pdata[i];
  return NULL;
}

static const InionMontageFault *
find_fault (const InionMontageScript *script,
            guint                     line)
{
  for (guint i = 0; i < script->faults->len; i++)
    if (((InionMontageFault *) script->faults->pdata[i])->line == line)
      return script->faults->pdata[i];
  return NULL;
}

void
_inion_montage_list_show (InionMontageDialog       *self,
                          const InionMontageScript *script,
                          const char               *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const InionMontageRow *row = find_row (script, i + 1);
      const InionMontageFault *fault = find_fault (script, i + 1);

      g_strstrip (lines[i]);
      if (row != NULL)
        gtk_list_box_append (self->list, make_derivation (row));
      else if (fault != NULL)
        gtk_list_box_append (self->list, make_fault (fault));
      else if (*lines[i] == '\0' && lines[i + 1] != NULL)
        gtk_list_box_append (self->list, make_gap (i + 1));
    }
}

GtkWidget *
_inion_montage_list_new (InionMontageDialog *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();

  self->list = GTK_LIST_BOX (list);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (self->list, gtk_label_new (_("No derivations yet")));
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Derivations"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}
