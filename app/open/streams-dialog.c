/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which streams of an XDF file to open: all, unless somebody says otherwise. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/streams-dialog.h"

#include "app/files/file-dialog.h"
#include "app/open/open-task.h"
#include "recording/xdf-recording.h"

#include <glib/gi18n.h>

typedef struct
{
  InionWindow *window;
  char *path;
  GPtrArray *streams;
  GPtrArray *checks; /* GtkCheckButton, one a stream */
  GtkWindow *dialog;
  GActionMap *actions;
} Dialog;

static void
free_dialog (gpointer data)
{
  Dialog *self = data;

  g_free (self->path);
  g_ptr_array_unref (self->streams);
  g_ptr_array_unref (self->checks);
  g_free (self);
}

static gboolean
is_checked (Dialog *self,
            guint   i)
{
  return gtk_check_button_get_active (self->checks->pdata[i]);
}

static void
update (Dialog *self)
{
  GAction *accept = g_action_map_lookup_action (self->actions, "accept");
  gboolean any = FALSE;

  for (guint i = 0; i < self->checks->len; i++)
    any |= is_checked (self, i);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (accept), any);
}

static void
accept (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  Dialog *self = data;
  InionWindow *window = self->window;
  InionOpenWish *wish = inion_open_wish_new (self->path);

  wish->streams = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->streams->len; i++)
    {
      const InionXdfStream *stream = self->streams->pdata[i];

      if (is_checked (self, i))
        g_array_append_val (wish->streams, stream->id);
    }
  gtk_window_destroy (self->dialog);
  _inion_window_open_wish (window, wish);
}

/* "EEG · 8 channels · 250 Hz · 12:03 min · lab-pc" */
static char *
describe (const InionXdfStream *stream)
{
  g_autoptr (GString) text = g_string_new (*stream->type != '\0' ? stream->type : _("No type"));

  g_string_append_printf (text, ngettext (" · %u channel", " · %u channels", stream->n_channels),
                          stream->n_channels);
  if (stream->is_signal)
    {
      gint64 seconds = (gint64) ((double) stream->n_samples / stream->rate_hz + 0.5);

      g_string_append_printf (text, " · %.6g\u2009Hz · %" G_GINT64_FORMAT ":%02d\u2009min",
                              stream->rate_hz, seconds / 60, (int) (seconds % 60));
    }
  else
    {
      g_string_append_printf (text, ngettext (" · %" G_GINT64_FORMAT " event",
                                              " · %" G_GINT64_FORMAT " events",
                                              (gulong) stream->n_samples), stream->n_samples);
    }
  if (*stream->hostname != '\0')
    g_string_append_printf (text, " · %s", stream->hostname);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_row (Dialog               *self,
         AdwPreferencesGroup  *group,
         const InionXdfStream *stream)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *what = describe (stream);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  stream->name, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, what, -1);
  /* What a file says is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), stream->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), what);
  gtk_widget_add_css_class (row, "numeric");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->checks, check);
  g_signal_connect_swapped (check, "notify::active", G_CALLBACK (update), self);
}

static GtkWidget *
make_page (Dialog *self)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *name = g_filename_display_basename (self->path);
  g_autofree char *text =
    g_strdup_printf (_("%s holds several streams on one clock. Those that are chosen are opened "
                       "as one recording, each at its own rate."), name);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_preferences_group_set_description (group, escaped);
  for (guint i = 0; i < self->streams->len; i++)
    add_row (self, group, self->streams->pdata[i]);
  adw_preferences_page_add (page, group);
  return GTK_WIDGET (page);
}

GtkWindow *
inion_streams_dialog_show (InionWindow *window,
                           const char  *path,
                           GPtrArray   *streams)
{
  static const GActionEntry entries[] = { { "accept", accept } };
  Dialog *self = g_new0 (Dialog, 1);

  self->window = window;
  self->path = g_strdup (path);
  self->streams = g_ptr_array_ref (streams);
  self->checks = g_ptr_array_new ();
  self->dialog = inion_file_dialog_new (window, _("Choose Streams"), make_page (self), _("_Open"),
                                        &self->actions);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-dialog", self, free_dialog);
  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  gtk_window_set_default_size (self->dialog, 480, 440);
  gtk_window_present (self->dialog);
  return self->dialog;
}
