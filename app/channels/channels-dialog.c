/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The channel editor: what channels are called and measure, and where their electrodes were.
 *
 * Everything is written into rows; nothing of it holds before Apply, which hands all of it to the
 * study as one step of undo. The file is never touched. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/channels/channel-head.h"
#include "app/channels/channels-private.h"
#include "app/files/file-dialog.h"
#include "app/panel-kit.h"

#include "scalp/montage.h"
#include "study/study-channels.h"

#include <glib/gi18n.h>
#include <string.h>

static void
free_dialog (gpointer data)
{
  InionChannelsDialog *self = data;

  g_clear_pointer (&self->file, inion_position_file_free);
  g_clear_pointer (&self->entries, g_free);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_object_unref (self->original);
  g_object_unref (self->study);
  g_free (self);
}

static InionChannelRow *
get_row (InionChannelsDialog *self,
         guint                index)
{
  g_autoptr (InionChannelRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), index);

  return row; /* the store keeps it */
}

static guint
count_rows (InionChannelsDialog *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->rows));
}

static GPtrArray *
list_edits (InionChannelsDialog *self)
{
  GPtrArray *edits = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);

  for (guint i = 0; i < count_rows (self); i++)
    g_ptr_array_add (edits, inion_channel_row_dup_edit (get_row (self, i)));
  return edits;
}

/* What stands against Apply, as a sentence; NULL if nothing does. */
static char *
find_problem (InionChannelsDialog *self)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < count_rows (self); i++)
    {
      const char *label = inion_channel_row_get_text (get_row (self, i), INION_CHANNEL_COLUMN_LABEL);
      char *problem = inion_channel_row_dup_problem (get_row (self, i));

      if (problem != NULL)
        return problem;
      if (!g_hash_table_add (names, g_utf8_casefold (label, -1)))
        return g_strdup_printf (_("Two channels are called “%s”. Give one of them another name."),
                                label);
    }
  return NULL;
}

static guint
count_changed (InionChannelsDialog *self)
{
  guint n = 0;

  for (guint i = 0; i < count_rows (self); i++)
    {
      InionChannelRow *row = get_row (self, i);
      g_autoptr (InionChannelEdit) edit = inion_channel_row_dup_edit (row);

      n += !inion_channel_edit_is_empty (edit);
    }
  return n;
}

static void
draw_head (GtkDrawingArea *area,
           cairo_t        *cr,
           int             width,
           int             height,
           gpointer        data)
{
  InionChannelsDialog *self = data;
  guint n = count_rows (self), n_dots = 0;
  g_autoptr (GPtrArray) edits = list_edits (self);
  g_autoptr (InionRecording) edited = NULL;
  g_autofree InionPosition *places = g_new0 (InionPosition, MAX (n, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n, 1));
  g_autofree InionHeadDot *dots = g_new0 (InionHeadDot, MAX (n, 1));

  for (guint i = 0; self->entries != NULL && i < n; i++)
    if (self->entries[i] >= 0)
      {
        const InionPositionEntry *entry = self->file->entries->pdata[self->entries[i]];
        InionChannelEdit *edit = edits->pdata[i];

        edit->has_position = edit->placed = TRUE;
        edit->position[0] = entry->position.x;
        edit->position[1] = entry->position.y;
        edit->position[2] = entry->position.z;
      }
  edited = inion_edited_recording_new (self->original, edits);
  inion_montage_locate_channels (edited, places, known);
  for (guint i = 0; i < n; i++)
    {
      InionChannelRow *row = get_row (self, i);

      if (!known[i])
        continue;
      dots[n_dots++] = (InionHeadDot) {
        .position = places[i],
        .label = inion_channel_row_get_text (row, INION_CHANNEL_COLUMN_LABEL),
        .bad = inion_channel_row_get_bad (row),
        .selected = gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), i),
        .measured = inion_channel_get_info (inion_recording_get_channel (edited, i))->has_position,
      };
    }
  inion_channel_head_draw (GTK_WIDGET (area), cr, width, height, dots, n_dots);
}

static void
update (InionChannelsDialog *self)
{
  g_autofree char *problem = find_problem (self);
  guint n = count_changed (self);
  g_autoptr (GtkBitset) selected =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  gboolean any = !gtk_bitset_is_empty (selected);
  static const char *const on_selected[] = { "set-kind", "set-bad", "restore" };
  g_autofree char *text = NULL;

  if (problem == NULL && n == 0)
    text = g_strdup (_("All as the file says"));
  else if (problem == NULL)
    text = g_strdup_printf (ngettext ("%u channel differs from the file",
                                      "%u channels differ from the file", n), n);
  gtk_label_set_text (self->status, problem != NULL ? problem : text);
  (problem != NULL ? gtk_widget_add_css_class : gtk_widget_remove_css_class)
    (GTK_WIDGET (self->status), "error");
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, "accept")),
    problem == NULL && self->touched);
  for (gsize i = 0; i < G_N_ELEMENTS (on_selected); i++)
    g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, on_selected[i])), any);
  gtk_widget_set_sensitive (self->kind_button, any);
  gtk_widget_queue_draw (self->head);
}

static void
on_row_changed (InionChannelsDialog *self)
{
  self->touched = TRUE;
  update (self);
}

/* Applying. */

static char *
make_title (InionChannelsDialog *self,
            GPtrArray           *edits)
{
  InionRecording *shown = inion_view_state_get_recording (self->window->state);
  const char *from = NULL, *to = NULL;
  guint n_renamed = 0;

  for (guint i = 0; i < edits->len; i++)
    {
      const char *old = inion_channel_get_label (inion_recording_get_channel (shown, i));
      const char *new = inion_channel_row_get_text (get_row (self, i), INION_CHANNEL_COLUMN_LABEL);

      if (g_str_equal (old, new))
        continue;
      from = old;
      to = new;
      n_renamed++;
    }
  return n_renamed == 1 ? g_strdup_printf (_("Rename %s to %s"), from, to)
                        : g_strdup (_("Edit channels"));
}

static char **
list_bad (InionChannelsDialog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < count_rows (self); i++)
    if (inion_channel_row_get_bad (get_row (self, i)))
      g_strv_builder_add (builder, inion_channel_row_get_text (get_row (self, i),
                                                               INION_CHANNEL_COLUMN_LABEL));
  return g_strv_builder_end (builder);
}

static void
accept (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  InionChannelsDialog *self = data;
  InionWindow *window = self->window;
  g_autoptr (GPtrArray) edits = list_edits (self);
  g_auto (GStrv) bad = list_bad (self);
  g_autofree char *title = make_title (self, edits);

  if (inion_view_state_get_study (window->state) == self->study &&
      inion_study_set_channel_edits (self->study, self->original, edits,
                                     (const char *const *) bad, title))
    inion_window_toast_undo (window, title);
  gtk_window_destroy (self->dialog);
}

/* The selected rows. */

static void
set_kind (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  InionChannelsDialog *self = data;
  InionChannelKind kind;

  if (!inion_channel_kind_from_string (g_variant_get_string (parameter, NULL), &kind))
    return;
  for (guint i = 0; i < count_rows (self); i++)
    if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), i))
      inion_channel_row_set_kind (get_row (self, i), kind);
}

static void
set_bad (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionChannelsDialog *self = data;

  for (guint i = 0; i < count_rows (self); i++)
    if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), i))
      inion_channel_row_set_bad (get_row (self, i), g_variant_get_boolean (parameter));
}

static void
restore (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionChannelsDialog *self = data;

  for (guint i = 0; i < count_rows (self); i++)
    if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), i))
      inion_channel_row_restore (get_row (self, i));
}

/* Positions from a file: first shown, then taken. */

static void
drop_preview (InionChannelsDialog *self)
{
  g_clear_pointer (&self->file, inion_position_file_free);
  g_clear_pointer (&self->entries, g_free);
  gtk_revealer_set_reveal_child (self->preview, FALSE);
  gtk_widget_queue_draw (self->head);
}

static void
show_preview (InionChannelsDialog *self,
              guint                n_matched)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *note = inion_position_file_dup_note (self->file);
  guint n_missed = 0;

  g_string_append_printf (text, "%s.\n", note);
  g_string_append_printf (text, ngettext ("%u channel of %u has its place in it",
                                          "%u channels of %u have their place in it", n_matched),
                          n_matched, count_rows (self));
  for (guint i = 0; i < count_rows (self); i++)
    {
      if (self->entries[i] >= 0)
        continue;
      if (n_missed++ < 12)
        g_string_append_printf (text, "%s%s", n_missed == 1 ? _("; not found: ") : ", ",
                                inion_channel_row_get_text (get_row (self, i),
                                                            INION_CHANNEL_COLUMN_LABEL));
    }
  g_string_append (text, n_missed > 12 ? ", …" : ".");
  for (guint i = 0; i < MIN (self->file->faults->len, 2); i++)
    g_string_append_printf (text, "\n%s", (char *) self->file->faults->pdata[i]);
  gtk_label_set_text (self->preview_label, text->str);
  gtk_revealer_set_reveal_child (self->preview, TRUE);
  gtk_widget_queue_draw (self->head);
}

static void
read_from (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  InionChannelsDialog *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = list_edits (self);
  g_autoptr (InionRecording) edited = inion_edited_recording_new (self->original, edits);
  InionPositionFile *file =
    inion_position_file_read (g_variant_get_string (parameter, NULL), &error);
  gboolean found;

  drop_preview (self);
  found = file != NULL;
  if (found)
    {
      self->file = file;
      self->entries = g_new (int, MAX (count_rows (self), 1));
      show_preview (self, inion_position_file_match (file, edited, self->entries));
    }
  else
    {
      gtk_label_set_text (self->preview_label, error->message);
      gtk_revealer_set_reveal_child (self->preview, TRUE);
    }
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, "use-positions")), found);
}

static void
use_positions (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  InionChannelsDialog *self = data;

  for (guint i = 0; self->entries != NULL && i < count_rows (self); i++)
    if (self->entries[i] >= 0)
      {
        const InionPositionEntry *entry = self->file->entries->pdata[self->entries[i]];

        inion_channel_row_set_position (get_row (self, i),
                                        (const double[]) { entry->position.x, entry->position.y,
                                                           entry->position.z });
      }
  drop_preview (self);
}

static void
drop_positions (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  drop_preview (data);
}

static void
on_chosen (GtkNativeDialog     *chooser,
           int                  response,
           InionChannelsDialog *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

      if (path != NULL)
        gtk_widget_activate_action (GTK_WIDGET (gtk_native_dialog_get_transient_for (chooser)),
                                    "dialog.read-positions-from", "s", path);
    }
  g_object_unref (chooser);
}

static void
ask_for_file (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  InionChannelsDialog *self = data;
  const char *const *suffixes = inion_position_file_get_suffixes ();
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Read Electrode Positions"), self->dialog,
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _("_Read"), _("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Electrode positions"));
  for (guint i = 0; suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  g_signal_connect (chooser, "response", G_CALLBACK (on_chosen), NULL);
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}

/* Building. */

static GtkWidget *
make_button (const char *label,
             const char *action)
{
  GtkWidget *button = gtk_button_new ();

  gtk_button_set_use_underline (GTK_BUTTON (button), TRUE);
  inion_panel_set_label (button, label);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
make_kind_button (InionChannelsDialog *self)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  for (int kind = INION_CHANNEL_EEG; kind <= INION_CHANNEL_OTHER; kind++)
    {
      const char *name = inion_channel_kind_to_string ((InionChannelKind) kind);
      g_autofree char *action = g_strdup_printf ("dialog.set-kind::%s", name);

      g_menu_append (menu, name, action);
    }
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Set _Kind"));
  gtk_menu_button_set_use_underline (GTK_MENU_BUTTON (button), TRUE);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  self->kind_button = button;
  return button;
}

static GtkWidget *
make_bar (InionChannelsDialog *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *read = make_button (_("Read _Positions from File…"), "dialog.read-positions");

  gtk_widget_set_hexpand (read, TRUE);
  gtk_widget_set_halign (read, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (bar), make_kind_button (self));
  gtk_box_append (GTK_BOX (bar), make_button (_("_Bad"), "dialog.set-bad(true)"));
  gtk_box_append (GTK_BOX (bar), make_button (_("_Good"), "dialog.set-bad(false)"));
  gtk_box_append (GTK_BOX (bar), make_button (_("As the _File Says"), "dialog.restore"));
  gtk_box_append (GTK_BOX (bar), read);
  return bar;
}

static GtkWidget *
make_preview (InionChannelsDialog *self)
{
  GtkWidget *revealer = gtk_revealer_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *use = make_button (_("_Use Positions"), "dialog.use-positions");
  GtkWidget *drop = make_button (_("_Discard"), "dialog.drop-positions");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  /* A wrapped text that comes and goes is more than GTK 4.8 can measure: it has its room. */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 72);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_widget_set_valign (use, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (drop, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), drop);
  gtk_box_append (GTK_BOX (box), use);
  /* Without a transition it would keep its height when it is closed. */
  gtk_revealer_set_transition_type (GTK_REVEALER (revealer),
                                    GTK_REVEALER_TRANSITION_TYPE_SLIDE_DOWN);
  gtk_revealer_set_transition_duration (GTK_REVEALER (revealer), 0);
  gtk_revealer_set_child (GTK_REVEALER (revealer), box);
  self->preview = GTK_REVEALER (revealer);
  self->preview_label = GTK_LABEL (label);
  return revealer;
}

static GtkWidget *
make_content (InionChannelsDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *middle = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *status = gtk_label_new (NULL);

  self->head = gtk_drawing_area_new ();
  gtk_widget_set_size_request (self->head, 270, 270);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->head), draw_head, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->head), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Where the electrodes are, seen from above"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), _inion_channels_table_new (self));
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_label_set_xalign (GTK_LABEL (status), 0);
  gtk_label_set_wrap (GTK_LABEL (status), TRUE);
  self->status = GTK_LABEL (status);
  gtk_box_append (GTK_BOX (middle), scroller);
  gtk_box_append (GTK_BOX (middle), self->head);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  gtk_box_append (GTK_BOX (box), make_preview (self));
  gtk_box_append (GTK_BOX (box), middle);
  gtk_box_append (GTK_BOX (box), status);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  return box;
}

static void
fill_rows (InionChannelsDialog *self)
{
  InionViewState *state = self->window->state;
  InionRecording *shown = inion_view_state_get_recording (state);

  self->rows = g_list_store_new (INION_TYPE_CHANNEL_ROW);
  for (guint i = 0; i < inion_recording_get_n_channels (shown); i++)
    {
      InionChannel *channel = inion_recording_get_channel (shown, i);
      g_autoptr (InionChannelRow) row =
        inion_channel_row_new (i, inion_recording_get_channel (self->original, i), channel,
                               inion_view_state_is_bad (state, inion_channel_get_label (channel)));

      g_signal_connect_swapped (row, "changed", G_CALLBACK (on_row_changed), self);
      g_list_store_append (self->rows, row);
    }
  self->selection =
    GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (self->rows))));
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (update), self);
}

/* The rows may outlive the dialog for a moment; it must hear no more of them. */
static void
on_destroy (InionChannelsDialog *self)
{
  for (guint i = 0; i < count_rows (self); i++)
    g_signal_handlers_disconnect_by_data (get_row (self, i), self);
  g_signal_handlers_disconnect_by_data (self->selection, self);
}

/* Shows the channel editor of the recording that is open. */
void
_inion_window_edit_channels (InionWindow *window)
{
  static const GActionEntry entries[] = {
    { "accept", accept },
    { "set-kind", set_kind, "s" },
    { "set-bad", set_bad, "b" },
    { "restore", restore },
    { "read-positions", ask_for_file },
    { "read-positions-from", read_from, "s" },
    { "use-positions", use_positions },
    { "drop-positions", drop_positions },
  };
  InionChannelsDialog *self = g_new0 (InionChannelsDialog, 1);
  InionRecording *recording = inion_view_state_get_recording (window->state);

  self->window = window;
  self->original = g_object_ref (inion_edited_recording_get_original (recording));
  self->study = g_object_ref (inion_view_state_get_study (window->state));
  fill_rows (self);
  self->dialog = inion_file_dialog_new (window, _("Channels"), make_content (self), _("_Apply"),
                                        &self->actions);
  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-channels", self, free_dialog);
  g_signal_connect_swapped (self->dialog, "destroy", G_CALLBACK (on_destroy), self);
  gtk_window_set_default_size (self->dialog, 1000, 640);
  update (self);
  gtk_window_present (self->dialog);
}
