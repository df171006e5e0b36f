/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montage editor: the text of a montage on the left, its derivations on the right, and below
 * what is wrong with it or what this recording lacks for it. Nothing holds before Keep, which is
 * one step of undo: the montage is in the study and on the page. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/files/file-dialog.h"
#include "app/montage/montage-menu.h"
#include "app/montage/montage-private.h"
#include "app/panel-kit.h"

#include "core/output.h"
#include "study/study-montages.h"

#include <glib/gi18n.h>
#include <string.h>

#define LIST_DELAY_MS 150

static void
free_dialog (gpointer data)
{
  InionMontageDialog *self = data;

  g_clear_handle_id (&self->list_id, g_source_remove);
  g_free (self->old_name);
  g_strfreev (self->candidates);
  g_object_unref (self->buffer);
  g_object_unref (self->recording);
  g_object_unref (self->study);
  g_free (self);
}

static void
set_enabled (InionMontageDialog *self,
             const char         *name,
             gboolean            enabled)
{
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, name)), enabled);
}

/* What stands against keeping it, as a sentence; NULL if nothing does. */
static char *
find_problem (InionMontageDialog       *self,
              const InionMontageScript *script)
{
  char *problem = inion_montage_check_name (gtk_editable_get_text (self->name));

  if (script->faults->len > 0)
    {
      const InionMontageFault *fault = script->faults->pdata[0];

      g_free (problem);
      return g_strdup_printf (_("Line %u, character %u: %s"), fault->line, fault->column,
                              fault->message);
    }
  if (problem == NULL && script->rows->len == 0)
    return g_strdup (_("Write at least one derivation."));
  return problem;
}

/* Whether another montage of that name would be replaced. */
static gboolean
replaces_another (InionMontageDialog *self)
{
  const char *name = gtk_editable_get_text (self->name);
  g_auto (GStrv) names = inion_montage_menu_list_own (self->window);

  return !g_str_equal (name, self->old_name) &&
         g_strv_contains ((const char *const *) names, name);
}

/* What it is on this recording. */
static char *
describe (InionMontageDialog       *self,
          const InionMontageScript *script,
          const char               *text)
{
  const char *name = gtk_editable_get_text (self->name);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontage) montage =
    inion_montage_new_own (name, text, self->recording, inion_view_state_get_bad
                                                          (self->window->state), &error);
  g_autofree char *note = montage != NULL ? inion_montage_dup_note (montage) : NULL;
  guint n = montage != NULL ? inion_montage_get_n_derivations (montage) : 0, n_hidden = 0;
  GString *said = g_string_new (NULL);

  for (guint i = 0; i < script->rows->len; i++)
    n_hidden += ((InionMontageRow *) script->rows->pdata[i])->hidden;
  if (montage == NULL)
    g_string_append (said, error->message);
  else
    g_string_append_printf (said, ngettext ("%u derivation", "%u derivations", n), n);
  if (n_hidden > 0)
    g_string_append_printf (said, _(", %u hidden"), n_hidden);
  if (note != NULL)
    g_string_append_printf (said, "; %s", note);
  if (replaces_another (self))
    g_string_append_printf (said, _(". It replaces the montage “%s” that there is."), name);
  return g_string_free (said, FALSE);
}

static gboolean
show_list (gpointer data)
{
  InionMontageDialog *self = data;
  g_autofree char *text = _inion_montage_writer_dup_text (self);
  g_autoptr (InionMontageScript) script = inion_montage_script_parse (text);

  self->list_id = 0;
  _inion_montage_list_show (self, script, text);
  return G_SOURCE_REMOVE;
}

/* After every change of the text or the name. */
void
_inion_montage_dialog_update (InionMontageDialog *self)
{
  g_autofree char *text = _inion_montage_writer_dup_text (self);
  g_autoptr (InionMontageScript) script = inion_montage_script_parse (text);
  g_autofree char *problem = find_problem (self, script);
  g_autofree char *said = problem == NULL ? describe (self, script, text) : NULL;

  _inion_montage_writer_mark (self, script);
  gtk_label_set_text (self->status, problem != NULL ? problem : said);
  (problem != NULL ? gtk_widget_add_css_class : gtk_widget_remove_css_class)
    (GTK_WIDGET (self->status), "error");
  set_enabled (self, "accept", problem == NULL);
  set_enabled (self, "export", problem == NULL);
  if (self->list_id == 0)
    self->list_id = g_timeout_add (LIST_DELAY_MS, show_list, self);
}

/* At once: a hand is on it. edited: (transfer full) */
static void
take_text (InionMontageDialog *self,
           char               *edited)
{
  _inion_montage_writer_set_text (self, edited);
  g_clear_handle_id (&self->list_id, g_source_remove);
  show_list (self);
  g_free (edited);
}

/* Actions. */

#define ACTION(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

ACTION (move_line)
{
  g_autofree char *text = _inion_montage_writer_dup_text (data);
  guint from, to;

  g_variant_get (parameter, "(uu)", &from, &to);
  take_text (data, inion_montage_text_move (text, from, to));
}

ACTION (hide_line)
{
  g_autofree char *text = _inion_montage_writer_dup_text (data);
  gboolean hidden;
  guint line;

  g_variant_get (parameter, "(ub)", &line, &hidden);
  take_text (data, inion_montage_text_set_hidden (text, line, hidden));
}

ACTION (color_line)
{
  g_autofree char *text = _inion_montage_writer_dup_text (data);
  g_autofree char *colored = NULL;
  const char *color;
  guint line;

  g_variant_get (parameter, "(u&s)", &line, &color);
  colored = inion_montage_text_set_color (
    text, line, *color == '#',
    *color == '#' ? (guint32) g_ascii_strtoull (color + 1, NULL, 16) : 0);
  /* The list follows in a moment: what the colour was chosen from is in it, and closes first. */
  _inion_montage_writer_set_text (data, colored);
}

ACTION (insert_gap)
{
  g_autofree char *text = _inion_montage_writer_dup_text (data);

  take_text (data, inion_montage_text_insert_gap (text, g_variant_get_uint32 (parameter)));
}

ACTION (remove_line)
{
  g_autofree char *text = _inion_montage_writer_dup_text (data);

  take_text (data, inion_montage_text_remove (text, g_variant_get_uint32 (parameter)));
}

ACTION (complete)
{
  _inion_montage_writer_complete (data, g_variant_get_string (parameter, NULL));
}

/* Takes the derivations of another montage. */
ACTION (start_from)
{
  InionMontageDialog *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontage) montage =
    inion_montage_new (g_variant_get_string (parameter, NULL), self->recording, NULL, &error);

  if (montage != NULL)
    take_text (self, inion_montage_text_from (montage));
  else
    gtk_label_set_text (self->status, error->message);
}

/* What is for all recordings is a file, which no undo brings back: it is written first. */
static gboolean
keep_everywhere (InionMontageDialog  *self,
                 const char          *name,
                 const char          *text,
                 GError             **error)
{
  if (gtk_switch_get_active (self->everywhere))
    return inion_montage_folder_write (NULL, name, text, error);
  return inion_montage_folder_remove (NULL, name, error);
}

ACTION (accept)
{
  InionMontageDialog *self = data;
  InionWindow *window = self->window;
  const char *name = gtk_editable_get_text (self->name);
  g_autofree char *text = _inion_montage_writer_dup_text (self);
  g_autofree char *title = g_strdup_printf (_("Montage %s"), name);
  g_autofree char *id = g_strconcat (INION_MONTAGE_OWN_PREFIX, name, NULL);
  g_autoptr (GError) error = NULL;

  if (!keep_everywhere (self, name, text, &error))
    {
      gtk_label_set_text (self->status, error->message);
      gtk_widget_add_css_class (GTK_WIDGET (self->status), "error");
      return;
    }
  if (inion_view_state_get_study (window->state) == self->study)
    {
      gboolean renamed = *self->old_name != '\0' && !g_str_equal (self->old_name, name);

      inion_study_begin (self->study, title);
      inion_study_set_montage (self->study, name, text, title);
      if (inion_view_state_set_montage (window->state, id, &error) && renamed)
        inion_study_set_montage (self->study, self->old_name, NULL, title);
      inion_study_end (self->study);
      if (error != NULL)
        inion_window_toast (window, error->message);
      else
        inion_window_toast_undo (window, title);
    }
  gtk_window_destroy (self->dialog);
}

/* Removes it from this recording and, where it is there, from all. */
ACTION (remove_montage)
{
  InionMontageDialog *self = data;
  InionWindow *window = self->window;
  g_autofree char *title = g_strdup_printf (_("Remove montage %s"), self->old_name);
  g_autofree char *id = g_strconcat (INION_MONTAGE_OWN_PREFIX, self->old_name, NULL);
  InionMontage *shown = inion_view_state_get_montage (window->state);
  g_autoptr (GError) error = NULL;

  if (!inion_montage_folder_remove (NULL, self->old_name, &error))
    {
      gtk_label_set_text (self->status, error->message);
      return;
    }
  if (inion_view_state_get_study (window->state) == self->study)
    {
      inion_study_begin (self->study, title);
      if (shown != NULL && g_str_equal (inion_montage_get_id (shown), id))
        inion_view_state_set_montage (window->state, "as-recorded", NULL);
      inion_study_set_montage (self->study, self->old_name, NULL, title);
      inion_study_end (self->study);
      inion_window_toast_undo (window, title);
    }
  gtk_window_destroy (self->dialog);
}

ACTION (export)
{
  InionMontageDialog *self = data;
  g_autofree char *name = g_strconcat (gtk_editable_get_text (self->name), INION_MONTAGE_SUFFIX,
                                       NULL);

  inion_file_dialog_ask_path (self->dialog, self->window, _("Export Montage"), name);
}

ACTION (write_to)
{
  InionMontageDialog *self = data;
  const char *path = g_variant_get_string (parameter, NULL);
  g_autofree char *text = _inion_montage_writer_dup_text (self);
  g_autofree char *shown = g_filename_display_basename (path), *said = NULL;
  g_autoptr (GError) error = NULL;

  if (inion_output_write_file (path, text, strlen (text), &error))
    said = g_strdup_printf (_("Written: %s"), shown);
  gtk_label_set_text (self->status, said != NULL ? said : error->message);
}

/* Building. */

static GtkWidget *
make_start_button (InionMontageDialog *self)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  const char *const *ids = inion_montage_get_ids ();

  for (guint i = 0; ids[i] != NULL; i++)
    if (inion_montage_is_possible (ids[i], self->recording, NULL))
      {
        g_autofree char *action = g_strdup_printf ("dialog.start-from::%s", ids[i]);

        g_menu_append (menu, _(inion_montage_get_title_for (ids[i])), action);
      }
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("_Start From"));
  gtk_menu_button_set_use_underline (GTK_MENU_BUTTON (button), TRUE);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, _("Replace the text by that of a montage there is"));
  return button;
}

static GtkWidget *
make_bar (InionMontageDialog *self,
          const char         *name)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *export = gtk_button_new ();
  GtkWidget *remove_button = gtk_button_new ();

  self->name = GTK_EDITABLE (entry);
  gtk_editable_set_text (self->name, name);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Name"));
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"),
                                  -1);
  gtk_button_set_use_underline (GTK_BUTTON (export), TRUE);
  inion_panel_set_label (export, _("_Export…"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (export), "dialog.export");
  gtk_button_set_use_underline (GTK_BUTTON (remove_button), TRUE);
  inion_panel_set_label (remove_button, _("_Remove"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remove_button), "dialog.remove");
  gtk_widget_set_visible (remove_button, *self->old_name != '\0');
  gtk_box_append (GTK_BOX (bar), entry);
  gtk_box_append (GTK_BOX (bar), make_start_button (self));
  gtk_box_append (GTK_BOX (bar), export);
  gtk_box_append (GTK_BOX (bar), remove_button);
  return bar;
}

static GtkWidget *
make_everywhere (InionMontageDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new_with_mnemonic (_("Keep for _all recordings"));
  g_autofree char *text = *self->old_name != '\0'
                            ? inion_montage_folder_dup_text (NULL, self->old_name) : NULL;

  self->everywhere = GTK_SWITCH (gtk_switch_new ());
  gtk_switch_set_active (self->everywhere, text != NULL);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), GTK_WIDGET (self->everywhere));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->everywhere));
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static GtkLabel *
make_text_label (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  return GTK_LABEL (label);
}

/* A wrapped text that grows would push the editor out of a small window: it scrolls. */
static GtkWidget *
make_status (InionMontageDialog *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->status = make_text_label ();
  gtk_label_set_selectable (self->status, TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->status), GTK_ALIGN_START);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 44);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->status));
  return scroller;
}

static GtkWidget *
make_content (InionMontageDialog *self,
              const char         *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *paned = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *list = _inion_montage_list_new (self);
  GtkWidget *writer;

  gtk_box_append (GTK_BOX (box), make_bar (self, name));
  self->notes = make_text_label ();
  gtk_widget_set_visible (GTK_WIDGET (self->notes), FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->notes));
  writer = _inion_montage_writer_new (self);
  gtk_widget_set_margin_end (writer, 6);
  gtk_widget_set_margin_start (list, 6);
  gtk_widget_set_size_request (writer, 220, -1);
  gtk_widget_set_size_request (list, 260, -1);
  gtk_paned_set_start_child (GTK_PANED (paned), writer);
  gtk_paned_set_end_child (GTK_PANED (paned), list);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_resize_end_child (GTK_PANED (paned), FALSE);
  gtk_widget_set_vexpand (paned, TRUE);
  gtk_box_append (GTK_BOX (box), paned);
  gtk_box_append (GTK_BOX (box), make_everywhere (self));
  gtk_box_append (GTK_BOX (box), make_status (self));
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  return box;
}

/* Channels by their labels, electrodes by their names, each once. */
static char **
list_candidates (InionRecording *recording)
{
  GPtrArray *names = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);
      const char *label = inion_channel_get_label (channel);
      g_autofree char *electrode = inion_electrode_dup_written_name (label);
      char *name = g_strdup (electrode != NULL ? electrode : label);

      if (g_hash_table_add (seen, name))
        g_ptr_array_add (names, name);
      else
        g_free (name);
    }
  if (g_hash_table_add (seen, (gpointer) "avg"))
    g_ptr_array_add (names, g_strdup ("avg"));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/* A name that no montage has yet. */
static char *
suggest_name (InionWindow *window)
{
  g_auto (GStrv) names = inion_montage_menu_list_own (window);

  for (guint i = 1;; i++)
    {
      g_autofree char *name = i == 1 ? g_strdup (_("My montage"))
                                     : g_strdup_printf (_("My montage %u"), i);

      if (!g_strv_contains ((const char *const *) names, name))
        return g_steal_pointer (&name);
    }
}

static char *
dup_first_text (InionMontageDialog     *self,
                const InionMontageFile *file)
{
  InionMontage *shown = inion_view_state_get_montage (self->window->state);
  char *text = NULL;

  if (file != NULL)
    return g_strdup (file->text);
  if (*self->old_name != '\0')
    text = inion_study_dup_montage (self->study, self->old_name);
  if (text == NULL && *self->old_name != '\0')
    text = inion_montage_folder_dup_text (NULL, self->old_name);
  if (text != NULL)
    return text;
  return shown != NULL ? inion_montage_text_from (shown) : g_strdup ("");
}

static void
show_notes (InionMontageDialog     *self,
            const InionMontageFile *file)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; file != NULL && i < file->notes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *) file->notes->pdata[i]);
  gtk_label_set_text (self->notes, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->notes), text->len > 0);
}

static void
on_destroy (InionMontageDialog *self)
{
  g_signal_handlers_disconnect_by_data (self->buffer, self);
  g_clear_handle_id (&self->list_id, g_source_remove);
}

/* Shows the editor of a montage; @name: "" for a new one, which starts from what is on the page. */
void
_inion_montage_dialog_show (InionWindow            *window,
                            const char             *name,
                            const InionMontageFile *file)
{
  static const GActionEntry entries[] = {
    { "accept", accept },
    { "remove", remove_montage },
    { "export", export },
    { "write-to", write_to, "s" },
    { "start-from", start_from, "s" },
    { "complete", complete, "s" },
    { "move-line", move_line, "(uu)" },
    { "hide-line", hide_line, "(ub)" },
    { "color-line", color_line, "(us)" },
    { "insert-gap", insert_gap, "u" },
    { "remove-line", remove_line, "u" },
  };
  InionMontageDialog *self = g_new0 (InionMontageDialog, 1);
  g_autofree char *text = NULL, *first_name = NULL;

  self->window = window;
  self->recording = g_object_ref (inion_view_state_get_recording (window->state));
  self->study = g_object_ref (inion_view_state_get_study (window->state));
  self->old_name = g_strdup (name);
  self->candidates = list_candidates (self->recording);
  first_name = *name != '\0' ? g_strdup (name)
               : file != NULL ? g_strdup (file->name) : suggest_name (window);
  text = dup_first_text (self, file);
  self->dialog = inion_file_dialog_new (window, _("Montage"), make_content (self, first_name),
                                        _("_Keep"), &self->actions);
  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-montage", self, free_dialog);
  g_signal_connect_swapped (self->dialog, "destroy", G_CALLBACK (on_destroy), self);
  g_signal_connect_swapped (self->name, "changed", G_CALLBACK (_inion_montage_dialog_update), self);
  gtk_window_set_default_size (self->dialog, 760, 620);
  show_notes (self, file);
  /* What it begins with is no step of the text's own undo. */
  gtk_text_buffer_set_enable_undo (self->buffer, FALSE);
  take_text (self, g_steal_pointer (&text));
  gtk_text_buffer_set_enable_undo (self->buffer, TRUE);
  _inion_montage_dialog_update (self);
  gtk_window_set_focus (self->dialog, GTK_WIDGET (self->text_view));
  gtk_window_present (self->dialog);
}
