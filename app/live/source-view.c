/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What plays, what decodes it, and the buttons for both. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/live/source-view.h"

#include "app/panel-kit.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _InionSourceView
{
  GtkBox parent_instance;

  GtkWidget *source_row;
  GtkWidget *model_row;
  GtkWidget *pause_button;
};

G_DEFINE_FINAL_TYPE (InionSourceView, inion_source_view, GTK_TYPE_BOX)

static GtkWidget *
make_speed_row (void)
{
  static const double speeds[] = { 1, 2, 4 };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Speed"));
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    {
      g_autofree char *label = g_strdup_printf ("%g×", speeds[i]);
      g_autofree char *name = g_strdup_printf (_("%g times the clock"), speeds[i]);
      GtkWidget *button = gtk_toggle_button_new_with_label (label);

      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "d", speeds[i]);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "live.set-speed");
      gtk_widget_add_css_class (button, "numeric");
      gtk_widget_set_tooltip_text (button, name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      gtk_box_append (GTK_BOX (box), button);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  return row;
}

static GtkWidget *
make_row (void)
{
  GtkWidget *row = adw_action_row_new ();

  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  return row;
}

static void
build (InionSourceView *self)
{
  GtkWidget *box = GTK_WIDGET (self);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  inion_panel_heading (box, _("Source and decoder"));
  self->source_row = make_row ();
  self->model_row = make_row ();
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->source_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->model_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_speed_row ());
  gtk_box_append (GTK_BOX (box), group);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_widget_set_margin_top (buttons, 6);
  gtk_widget_set_margin_bottom (buttons, 12);
  inion_panel_set_label (inion_panel_button (buttons, "", "live.start", TRUE), _("_Start"));
  self->pause_button = inion_panel_button (buttons, _("_Pause"), "live.pause", FALSE);
  inion_panel_set_label (inion_panel_button (buttons, "", "live.stop", FALSE), _("S_top"));
  gtk_box_append (GTK_BOX (box), buttons);
}

static void
show_source (InionSourceView *self,
             InionViewState  *state,
             const char      *start)
{
  InionRecording *recording = inion_view_state_get_recording (state);
  g_autofree char *name = inion_recording_get_path (recording) != NULL
                            ? g_path_get_basename (inion_recording_get_path (recording))
                            : g_strdup (_("recording"));
  g_autofree char *title = g_strdup_printf (_("Replay of %s"), name);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->source_row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->source_row), start);
}

static void
show_model (InionSourceView *self,
            InionModel      *model)
{
  double length_s = inion_model_get_n_samples (model) / inion_model_get_rate_hz (model);
  g_autofree char *about =
    g_strdup_printf (_("%u channels, %g\u2009Hz, windows of %.3g\u2009s"),
                     inion_model_get_n_channels (model), inion_model_get_rate_hz (model), length_s);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->model_row),
                                 inion_recipe_get_name (inion_model_get_recipe (model)));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->model_row), about);
}

static void
inion_source_view_class_init (InionSourceViewClass *klass)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "sourceview");
}

static void
inion_source_view_init (InionSourceView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  build (self);
}

/**
 * inion_source_view_new:
 *
 * Returns: (transfer full): a view of no source yet
 */
GtkWidget *
inion_source_view_new (void)
{
  return g_object_new (INION_TYPE_SOURCE_VIEW, NULL);
}

/**
 * inion_source_view_show_ready:
 * @self: a view
 * @state: what is on screen, with a recording and a model
 *
 * Says what would play with which model, and from where: the page.
 */
void
inion_source_view_show_ready (InionSourceView *self,
                              InionViewState  *state)
{
  g_autofree char *from = NULL;
  g_autofree char *start = NULL;

  g_return_if_fail (INION_IS_SOURCE_VIEW (self));

  from = inion_view_state_format_time (state, inion_view_state_get_from (state), 1);
  start = g_strdup_printf (_("starts at the page, %s"), from);
  show_source (self, state, start);
  show_model (self, inion_view_state_get_model (state));
}

/**
 * inion_source_view_show_playing:
 * @self: a view
 * @state: what is on screen, with a recording and a model
 * @started_s: where playing began, s since the recording's start
 *
 * Says what plays with which model, and since where.
 */
void
inion_source_view_show_playing (InionSourceView *self,
                                InionViewState  *state,
                                double           started_s)
{
  g_autofree char *from = NULL;
  g_autofree char *start = NULL;

  g_return_if_fail (INION_IS_SOURCE_VIEW (self));

  from = inion_view_state_format_time (state, started_s, 1);
  start = g_strdup_printf (_("started at %s"), from);
  show_source (self, state, start);
  show_model (self, inion_view_state_get_model (state));
}

/**
 * inion_source_view_set_paused:
 * @self: a view
 * @paused: whether it is held back, so that the button for that lets it go on
 */
void
inion_source_view_set_paused (InionSourceView *self,
                              gboolean         paused)
{
  g_return_if_fail (INION_IS_SOURCE_VIEW (self));

  inion_panel_set_label (self->pause_button, paused ? _("_Resume") : _("_Pause"));
}
