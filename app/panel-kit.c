/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces panels are built from, so that all look alike. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/panel-kit.h"

/**
 * inion_panel_column:
 * @scroller: (out): what the panel parents
 *
 * Returns: (transfer none): the box to fill
 */
GtkWidget *
inion_panel_column (GtkWidget **scroller)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  *scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (*scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_add_css_class (box, "panel-section");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (*scroller), box);
  return box;
}

/**
 * inion_panel_heading:
 * @box: where to append it
 * @text: a section's name
 *
 * Returns: (transfer none): the heading
 */
GtkWidget *
inion_panel_heading (GtkWidget  *box,
                     const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

/**
 * inion_panel_caption:
 * @box: where to append it
 * @text: (nullable): an explanation
 *
 * Returns: (transfer none): small, dim, wrapping text
 */
GtkLabel *
inion_panel_caption (GtkWidget  *box,
                     const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 20);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 42);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_margin_bottom (label, 12);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

/**
 * inion_panel_plot:
 * @box: where to append it
 * @name: its accessible name
 * @height: its height in px
 * @draw: draws it
 * @data: passed to @draw
 *
 * Returns: (transfer none): a drawing area
 */
GtkWidget *
inion_panel_plot (GtkWidget             *box,
                  const char            *name,
                  int                    height,
                  GtkDrawingAreaDrawFunc draw,
                  gpointer               data)
{
  GtkWidget *area =
    g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);

  gtk_widget_set_size_request (area, 260, height);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw, data, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append (GTK_BOX (box), area);
  return area;
}

/**
 * inion_panel_button:
 * @box: where to append it
 * @label: what it does, with a mnemonic
 * @action: the detailed action it activates, as "win.workspace::decode"
 * @suggested: whether it is the one to press
 *
 * Returns: (transfer none): a button
 */
GtkWidget *
inion_panel_button (GtkWidget  *box,
                    const char *label,
                    const char *action,
                    gboolean    suggested)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action);
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

/**
 * inion_panel_set_label:
 * @button: a button
 * @label: what it does, with a mnemonic
 *
 * Names a button on the screen and, without the underscore, for screen readers, which would read it
 * out.
 */
void
inion_panel_set_label (GtkWidget  *button,
                       const char *label)
{
  g_auto (GStrv) parts = g_strsplit (label, "_", 2);
  g_autofree char *name = g_strjoinv ("", parts);

  gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * inion_panel_set_tooltip:
 * @widget: a widget
 * @text: what it says when it is pointed at
 *
 * Sets a tooltip without asking where the pointer is, if it can be helped. GTK asks at each setting,
 * changed or not, whether the pointer is over the widget: four questions to the X server, each of
 * which waits for its answer, while on a busy machine the server waits for its turn.
 */
void
inion_panel_set_tooltip (GtkWidget  *widget,
                         const char *text)
{
  gboolean is_apart = gtk_widget_get_root (widget) == NULL && gtk_widget_get_visible (widget);

  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0)
    return;
  /* It does not ask for what is invisible, and what is in no window costs nothing to hide. */
  if (is_apart)
    gtk_widget_set_visible (widget, FALSE);
  gtk_widget_set_tooltip_text (widget, text);
  if (is_apart)
    gtk_widget_set_visible (widget, TRUE);
}

/**
 * inion_panel_is_dark:
 * @widget: a widget
 *
 * Returns: whether it is drawn light on dark
 */
gboolean
inion_panel_is_dark (GtkWidget *widget)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  return color.red + color.green + color.blue > 1.5f;
}

static void
close_dialog (GtkNativeDialog *dialog)
{
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/**
 * inion_panel_show_dialog:
 * @dialog: (transfer full): a dialog with a transient parent; whoever handles its response
 *   unreferences it
 *
 * Shows a modal dialog of the desktop. It goes with its parent: nobody would be there to answer.
 */
void
inion_panel_show_dialog (GtkNativeDialog *dialog)
{
  g_signal_connect_object (gtk_native_dialog_get_transient_for (dialog), "destroy",
                           G_CALLBACK (close_dialog), dialog, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (dialog, TRUE);
  gtk_native_dialog_show (dialog);
}
