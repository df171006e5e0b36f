/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which streams of an XDF file to open: all, unless somebody says otherwise. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/streams-dialog.h"

#include "app/files/file-dialog.h"
#include "recording/xdf-recording.h"

#include <glib/gi18n.h>
#include <inttypes.h>

typedef struct
{
  InionOpenAsker asker;
  GPtrArray *streams;
  GPtrArray *checks; /* GtkCheckButton, one a stream */
  GtkWindow *dialog;
  GActionMap *actions;
} Dialog;

static void
free_dialog (gpointer data)
{
  Dialog *self = data;

  inion_open_asker_answer (&self->asker, NULL, NULL);
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
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < self->streams->len; i++)
    {
      const InionXdfStream *stream = self->streams->pdata[i];

      if (is_checked (self, i))
        g_array_append_val (ids, stream->id);
    }
  inion_open_asker_answer (&self->asker, self->dialog,
                           inion_choice_new_streams (self->streams,
                                                     (const guint32 *) (void *) ids->data,
                                                     ids->len));
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
      g_string_append_printf (text, ngettext (" · %" PRId64 " event",
                                              " · %" PRId64 " events",
                                              (gulong) stream->n_samples), stream->n_samples);
    }
  if (*stream->hostname != '\0')
    g_string_append_printf (text, " · %s", stream->hostname);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_row (Dialog               *self,
         AdwPreferencesGroup  *group,
         const InionXdfStream *stream,
         gboolean              chosen)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *what = describe (stream);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), chosen);
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

/* As it was chosen before, where that can be told; or else all. */
static gboolean
is_chosen (const InionChoice    *before,
           const InionXdfStream *stream)
{
  for (guint i = 0; before != NULL && i < before->streams->len; i++)
    if (g_array_index (before->streams, guint32, i) == stream->id)
      return TRUE;
  return before == NULL;
}

static GtkWidget *
make_page (Dialog      *self,
           const char  *path,
           InionOpened *opened)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *escaped = NULL;
  g_autoptr (InionChoice) before = NULL;
  GtkWidget *all = inion_open_asker_add_all (&self->asker);

  if (opened->choice != NULL && opened->choice->kind == INION_CHOICE_STREAMS)
    before = opened->changed ? inion_choice_fit_streams (opened->choice, self->streams)
                             : inion_choice_copy (opened->choice);
  g_string_append_printf (text, _("%s holds several streams on one clock. Those that are chosen are "
                                  "opened as one recording, each at its own rate."), name);
  if (opened->changed)
    g_string_append_printf (text, " %s", _("The file has changed since its streams were chosen: "
                                           "please look again."));
  escaped = g_markup_escape_text (text->str, -1);
  adw_preferences_group_set_description (group, escaped);
  for (guint i = 0; i < self->streams->len; i++)
    add_row (self, group, self->streams->pdata[i], is_chosen (before, self->streams->pdata[i]));
  adw_preferences_page_add (page, group);
  if (all != NULL)
    {
      AdwPreferencesGroup *below = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

      adw_preferences_group_add (below, all);
      adw_preferences_page_add (page, below);
    }
  return GTK_WIDGET (page);
}

GtkWindow *
inion_streams_dialog_show (InionWindow          *window,
                           const char           *path,
                           InionOpened          *opened,
                           const InionOpenAsker *asker)
{
  static const GActionEntry entries[] = { { "accept", accept } };
  Dialog *self = g_new0 (Dialog, 1);

  self->asker = *asker;
  self->streams = g_ptr_array_ref (opened->streams);
  self->checks = g_ptr_array_new ();
  self->dialog = inion_file_dialog_new (window, _("Choose Streams"), make_page (self, path, opened),
                                        _("_Open"), &self->actions);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-dialog", self, free_dialog);
  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  gtk_window_set_default_size (self->dialog, 480, 440);
  gtk_window_present (self->dialog);
  return self->dialog;
}
