/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing a montage that a person wrote, and importing one from a file. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/montage/montage-private.h"

#include "app/montage/montage-menu.h"
#include "app/panel-kit.h"

#include <glib/gi18n.h>

/* Whether what is on the page is not what the name says, or not all of it. */
static gboolean
needs_word (InionMontage *montage)
{
  const char *id = inion_montage_get_id (montage);

  return g_str_has_prefix (id, INION_MONTAGE_OWN_PREFIX) ||
         inion_montage_get_family_for (id) == INION_MONTAGE_BIPOLAR;
}

/* A montage that is not whole, or is made of recorded differences, never comes without a word. */
void
_inion_window_choose_montage (InionWindow *self,
                              const char  *id)
{
  InionMontage *montage;
  g_autofree char *note = NULL, *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!inion_view_state_set_montage (self->state, id, &error))
    {
      inion_window_toast (self, error->message);
      return;
    }
  montage = inion_view_state_get_montage (self->state);
  note = montage != NULL && needs_word (montage) ? inion_montage_dup_note (montage) : NULL;
  if (note == NULL)
    return;
  text = g_strdup_printf ("%s: %s", _(inion_montage_get_title (montage)), note);
  inion_window_toast (self, text);
}

void
_inion_window_choose_own_montage (InionWindow *self,
                                  guint        index)
{
  g_auto (GStrv) names = inion_montage_menu_list_own (self);
  g_autofree char *id = NULL;

  if (index >= g_strv_length (names))
    {
      g_autofree char *text =
        g_strdup_printf (_("There is no montage of your own with number %u."), index + 1);

      inion_window_toast (self, text);
      return;
    }
  id = g_strconcat (INION_MONTAGE_OWN_PREFIX, names[index], NULL);
  _inion_window_choose_montage (self, id);
}

void
_inion_window_edit_montage (InionWindow *self,
                            const char  *name)
{
  _inion_montage_dialog_show (self, name, NULL);
}

/* A montage from a file is looked at before it is kept. */
void
_inion_window_import_montage_from (InionWindow *self,
                                   const char  *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontageFile) file =
    inion_montage_file_read (path, inion_view_state_get_recording (self->state), &error);

  if (file == NULL)
    inion_window_toast (self, error->message);
  else
    _inion_montage_dialog_show (self, "", file);
}

static void
on_chosen (GtkNativeDialog *chooser,
           int              response,
           InionWindow     *window)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

      if (path != NULL)
        _inion_window_import_montage_from (window, path);
    }
  g_object_unref (chooser);
}

void
_inion_window_import_montage (InionWindow *self)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Import Montage"), GTK_WINDOW (self),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _("_Import"), _("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Montages (EDFbrowser, text)"));
  gtk_file_filter_add_suffix (filter, "mtg");
  gtk_file_filter_add_suffix (filter, "montage");
  gtk_file_filter_add_suffix (filter, "txt");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_chosen), self, 0);
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}
