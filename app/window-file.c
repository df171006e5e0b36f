/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing recordings, recent files, drag and drop, import and export of marks and pictures. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "annotation/table.h"
#include "app/files/import-task.h"
#include "app/open/file-kinds.h"
#include "app/panel-kit.h"
#include "app/review/mains-hint.h"

#include <glib/gi18n.h>

static void
on_mains_measured (InionJob     *job,
                   gpointer      result,
                   const GError *error,
                   gpointer      user_data)
{
  g_autoptr (InionWindow) self = user_data;
  g_autofree InionMainsHint *hint = result;
  g_autofree char *text = NULL;
  AdwToast *toast;

  /* Also dropped: what was measured of a recording that is not open any more. */
  if (hint == NULL || hint->fraction < 0.3 || job != self->mains_job)
    return;
  inion_view_state_set_mains_hz (self->state, hint->hz);
  if (inion_view_state_get_filter (self->state)->notch_hz > 0)
    return;
  text = g_strdup_printf (_("Mains noise at %.0f\u2009Hz makes up %.0f\u2009%% of the power"),
                          hint->hz, hint->fraction * 100.0);
  toast = adw_toast_new (text);
  adw_toast_set_timeout (toast, 0);
  adw_toast_set_button_label (toast, _("Notch On (N)"));
  adw_toast_set_action_name (toast, "win.set-notch");
  adw_toast_set_action_target (toast, "d", hint->hz);
  /* It stays until the notch is on, the recording is closed or somebody closes it. */
  _inion_window_dismiss_mains_hint (self);
  self->mains_toast = g_object_ref (toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
_inion_window_dismiss_mains_hint (InionWindow *self)
{
  if (self->mains_toast != NULL)
    adw_toast_dismiss (self->mains_toast);
  g_clear_object (&self->mains_toast);
}

static void
on_filter_changed (InionWindow *self)
{
  if (inion_view_state_get_filter (self->state)->notch_hz > 0)
    _inion_window_dismiss_mains_hint (self);
}

void
_inion_window_look_for_mains (InionWindow *self)
{
  self->mains_job = inion_mains_hint_new_job (inion_view_state_get_recording (self->state));
  inion_view_state_set_mains_hz (self->state, g_settings_get_int (self->settings, "mains-hz"));
  inion_job_list_submit (inion_view_state_get_jobs (self->state), self->mains_job, "mains",
                         on_mains_measured, g_object_ref (self));
}

static void
on_recording_changed (InionWindow *self)
{
  g_clear_object (&self->mains_job);
  _inion_window_dismiss_mains_hint (self);
}

/* The first of some files: a window shows one recording. */
void
_inion_window_open_files (InionWindow *self,
                          GFile       *first,
                          guint        n)
{
  g_autofree char *path = g_file_get_path (first);

  if (path == NULL)
    {
      inion_window_toast (self, _("Only files on this computer can be used."));
      return;
    }
  if (n > 1)
    {
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *text =
        g_strdup_printf (_("A window shows one recording: of the %u files, %s is opened."), n,
                         name);

      inion_window_toast (self, text);
    }
  inion_window_open_path (self, path);
}

static GtkFileFilter *
make_filter (const char        *name,
             const char *const *suffixes)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  return filter;
}

static void
add_filter (GtkFileChooserNative *chooser,
            const char           *name,
            const char *const    *suffixes)
{
  g_autoptr (GtkFileFilter) filter = make_filter (name, suffixes);

  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
}

typedef void (*PathFunc) (InionWindow *self, const char *path);

static void
open_chosen (InionWindow *self,
             const char  *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_settings_set_string (self->settings, "last-folder", folder);
  inion_window_open_path (self, path);
}

static void
on_chosen (GtkNativeDialog *dialog,
           int              response,
           InionWindow     *self)
{
  PathFunc func = (PathFunc) g_object_get_data (G_OBJECT (dialog), "inion-func");

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

      if (path != NULL && func != open_chosen &&
          inion_view_state_get_study (self->state) !=
            g_object_get_data (G_OBJECT (dialog), "inion-study"))
        inion_window_toast (self, _("Another recording was opened meanwhile: nothing was done."));
      else if (path != NULL)
        func (self, path);
      else
        inion_window_toast (self, _("Only files on this computer can be used."));
    }
  g_object_unref (dialog);
}

static GtkFileChooserNative *
make_chooser (InionWindow          *self,
              const char           *title,
              GtkFileChooserAction  action,
              const char           *accept,
              PathFunc              func)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, accept, _("_Cancel"));
  InionRecording *recording = inion_view_state_get_recording (self->state);
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autofree char *folder = g_settings_get_string (self->settings, "last-folder");

  if (recording != NULL)
    {
      g_free (folder);
      folder = g_path_get_dirname (inion_recording_get_path (recording));
    }
  if (*folder != '\0')
    {
      g_autoptr (GFile) file = g_file_new_for_path (folder);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), file, NULL);
    }
  g_object_set_data (G_OBJECT (chooser), "inion-func", (gpointer) func);
  if (study != NULL)
    g_object_set_data_full (G_OBJECT (chooser), "inion-study", g_object_ref (study),
                            g_object_unref);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_chosen), self, 0);
  return chooser;
}

void
_inion_window_choose_file (InionWindow *self)
{
  GtkFileChooserNative *chooser =
    make_chooser (self, _("Open a Recording"), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"),
                  open_chosen);

  inion_file_kinds_add_filters (GTK_FILE_CHOOSER (chooser));
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}

/* Marks in and out. */

static const char *
table_format (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  if (g_str_has_suffix (lower, ".csv"))
    return "csv";
  return g_str_has_suffix (lower, ".json") ? "json" : "tsv";
}

static void
export_marks_to (InionWindow *self,
                 const char  *path)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) marks =
    inion_annotation_set_query (inion_study_get_annotations (study), G_MININT64, G_MAXINT64);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = inion_annotations_to_text (marks, table_format (path), &error);
  g_autofree char *said = NULL;

  if (text == NULL ||
      !g_file_set_contents_full (path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                 &error))
    {
      inion_window_show_error (self, _("The Marks Were Not Exported"), error);
      return;
    }
  said = g_strdup_printf (ngettext ("%u mark exported", "%u marks exported", marks->len),
                          marks->len);
  inion_window_toast (self, said);
}

static void
suggest_name (InionWindow          *self,
              GtkFileChooserNative *chooser,
              const char           *ending)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_autofree char *base = g_path_get_basename (inion_recording_get_path (recording));
  char *dot = strrchr (base, '.');
  g_autofree char *name = NULL;

  if (dot != NULL)
    *dot = '\0';
  name = g_strconcat (base, ending, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
}

void
_inion_window_export_annotations (InionWindow *self)
{
  static const char *const tables[] = { "tsv", "csv", "json", NULL };
  GtkFileChooserNative *chooser =
    make_chooser (self, _("Export Marks"), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"),
                  export_marks_to);

  suggest_name (self, chooser, "_events.tsv");
  add_filter (chooser, _("Tables (TSV, CSV, JSON)"), tables);
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}

void
_inion_window_import_annotations (InionWindow *self)
{
  static const char *const marks[] = { "tsv", "csv", "csv_bi", "txt", "json", "xml", "vmrk", "evt",
                                       "edf", "bdf", NULL };
  GtkFileChooserNative *chooser =
    make_chooser (self, _("Import Marks"), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Import"),
                  inion_import_task_start);

  add_filter (chooser, _("Marks (tables, XML, EDF+, .vmrk, .evt)"), marks);
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}

/* The traces as they stand on the screen. */
static void
export_image_to (InionWindow *self,
                 const char  *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (self->traces));
  int width = gdk_paintable_get_intrinsic_width (paintable);
  int height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  g_autoptr (GdkTexture) texture = NULL;
  GdkRGBA page = { 1, 1, 1, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                  "view_bg_color", &page);
  gtk_snapshot_append_color (snapshot, &page,
                             &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    {
      GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (self));

      texture = gsk_renderer_render_texture (renderer, node, NULL);
      gsk_render_node_unref (node);
    }
  if (texture == NULL || !gdk_texture_save_to_png (texture, path))
    inion_window_toast (self, _("The picture could not be written: choose a folder that you may "
                                "write to."));
  else
    inion_window_toast (self, _("Picture saved"));
}

void
_inion_window_export_image (InionWindow *self)
{
  static const char *const pictures[] = { "png", NULL };
  GtkFileChooserNative *chooser =
    make_chooser (self, _("Export Page as Image"), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"),
                  export_image_to);

  suggest_name (self, chooser, ".png");
  add_filter (chooser, _("PNG pictures"), pictures);
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}

/* Recent files: the menu of the Open button. */

static void
fill_recent (InionWindow *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  guint n = 0;

  for (GList *l = items; l != NULL && n < 8; l = l->next)
    {
      g_autofree char *path = g_filename_from_uri (gtk_recent_info_get_uri (l->data), NULL, NULL);
      g_autoptr (GMenuItem) item = NULL;

      if (path == NULL || !gtk_recent_info_has_application (l->data, "Inion") ||
          !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      item = g_menu_item_new (gtk_recent_info_get_display_name (l->data), NULL);
      g_menu_item_set_action_and_target (item, "win.open-path", "s", path);
      g_menu_append_item (menu, item);
      n++;
    }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  if (n == 0)
    g_menu_append (menu, _("No recent recordings"), "win.none");
  adw_split_button_set_menu_model (self->open_button, G_MENU_MODEL (menu));
}

/* Drag and drop. */

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         InionWindow   *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  if (files == NULL)
    return FALSE;
  _inion_window_open_files (self, files->data, g_slist_length (files));
  return TRUE;
}

static char *
find_sample (void)
{
  static const char *const places[] = { SOURCE_DATADIR "/recordings/S007R04.edf",
                                        PKGDATADIR "/recordings/S007R04.edf" };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_file_test (places[i], G_FILE_TEST_EXISTS))
      return g_strdup (places[i]);
  return NULL;
}

void
_inion_window_file_init (InionWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (fill_recent),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::filter", G_CALLBACK (on_filter_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::recording", G_CALLBACK (on_recording_changed),
                           self, G_CONNECT_SWAPPED);
  self->sample_path = find_sample ();
  fill_recent (self);
}
