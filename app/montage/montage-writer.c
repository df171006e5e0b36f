/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a montage: its faults are underlined, and names that fit what is being typed stand
 * below; Tab takes the first of them. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/montage/montage-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_COMPLETIONS 6

char *
_inion_montage_writer_dup_text (InionMontageDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

/* One step of the text's own undo; the cursor stays in its line. */
void
_inion_montage_writer_set_text (InionMontageDialog *self,
                                const char         *text)
{
  GtkTextBuffer *buffer = self->buffer;
  g_autofree char *old = _inion_montage_writer_dup_text (self);
  GtkTextIter start, end;
  int line;

  if (g_str_equal (old, text))
    return;
  gtk_text_buffer_get_iter_at_mark (buffer, &start, gtk_text_buffer_get_insert (buffer));
  line = gtk_text_iter_get_line (&start);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
  gtk_text_buffer_get_iter_at_line (buffer, &start, line);
  gtk_text_buffer_place_cursor (buffer, &start);
}

static void
mark_line (GtkTextBuffer *buffer,
           guint          line,
           guint          column,
           const char    *tag)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_line (buffer, &start, (int) line - 1);
  end = start;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_iter_forward_chars (&start, (int) column - 1);
  /* A fault at the end of a line has nothing to underline but what is before it. */
  if (gtk_text_iter_compare (&start, &end) >= 0)
    {
      start = end;
      gtk_text_iter_backward_char (&start);
    }
  gtk_text_buffer_apply_tag_by_name (buffer, tag, &start, &end);
}

/* Shows where the faults are and what is hidden. */
void
_inion_montage_writer_mark (InionMontageDialog       *self,
                            const InionMontageScript *script)
{
  GtkTextBuffer *buffer = self->buffer;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_all_tags (buffer, &start, &end);
  for (guint i = 0; i < script->rows->len; i++)
    {
      const InionMontageRow *row = script->rows->pdata[i];

      if (row->hidden)
        mark_line (buffer, row->line, 1, "hidden");
    }
  for (guint i = 0; i < script->faults->len; i++)
    {
      const InionMontageFault *fault = script->faults->pdata[i];

      mark_line (buffer, fault->line, fault->column, "fault");
    }
}

/* The word before the cursor. (transfer full) */
static char *
dup_word (InionMontageDialog *self,
          GtkTextIter        *start,
          GtkTextIter        *end)
{
  GtkTextBuffer *buffer = self->buffer;

  gtk_text_buffer_get_iter_at_mark (buffer, end, gtk_text_buffer_get_insert (buffer));
  *start = *end;
  while (gtk_text_iter_backward_char (start))
    if (!inion_montage_text_is_word (gtk_text_iter_get_char (start)))
      {
        gtk_text_iter_forward_char (start);
        break;
      }
  return gtk_text_buffer_get_text (buffer, start, end, FALSE);
}

void
_inion_montage_writer_complete (InionMontageDialog *self,
                                const char         *name)
{
  GtkTextBuffer *buffer = self->buffer;
  GtkTextIter start, end;
  g_autofree char *word = dup_word (self, &start, &end);
  g_autofree char *quoted = inion_montage_text_quote (name);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, quoted, -1);
  gtk_text_buffer_end_user_action (buffer);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static gboolean
begins_with (const char *name,
             const char *word)
{
  g_autofree char *a = g_utf8_casefold (name, -1), *b = g_utf8_casefold (word, -1);

  return g_str_has_prefix (a, b) && !g_str_equal (a, b);
}

/* The names that go on as the word before the cursor does. */
static void
update_completions (InionMontageDialog *self)
{
  GtkTextIter start, end;
  g_autofree char *word = dup_word (self, &start, &end);
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->completions))) != NULL)
    gtk_box_remove (self->completions, child);
  for (guint i = 0; *word != '\0' && n < N_COMPLETIONS && self->candidates[i] != NULL; i++)
    {
      GtkWidget *button;

      if (!begins_with (self->candidates[i], word))
        continue;
      button = gtk_button_new_with_label (self->candidates[i]);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_focusable (button, FALSE);
      gtk_widget_set_tooltip_text (button, n == 0 ? _("Tab writes this name") : NULL);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "dialog.complete");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", self->candidates[i]);
      gtk_box_append (self->completions, button);
      n++;
    }
  if (n == 0)
    {
      GtkWidget *hint = gtk_label_new (_("One derivation a line: Fp1-F7, C3-avg, "
                                         "Ears = Cz-0.5*(A1+A2)"));

      gtk_label_set_ellipsize (GTK_LABEL (hint), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (hint, "dim-label");
      gtk_widget_add_css_class (hint, "caption");
      gtk_box_append (self->completions, hint);
    }
}

static gboolean
on_key (GtkEventControllerKey *keys,
        guint                  key,
        guint                  code,
        GdkModifierType        modifiers,
        InionMontageDialog    *self)
{
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self->completions));

  if (key != GDK_KEY_Tab || (modifiers & gtk_accelerator_get_default_mod_mask ()) != 0 ||
      !GTK_IS_BUTTON (first))
    return FALSE;
  _inion_montage_writer_complete (self, gtk_button_get_label (GTK_BUTTON (first)));
  return TRUE;
}

static void
on_changed (InionMontageDialog *self)
{
  _inion_montage_dialog_update (self);
}

GtkWidget *
_inion_montage_writer_new (InionMontageDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));

  self->text_view = GTK_TEXT_VIEW (view);
  self->buffer = g_object_ref (buffer);
  gtk_text_view_set_monospace (self->text_view, TRUE);
  gtk_text_view_set_accepts_tab (self->text_view, FALSE);
  gtk_text_view_set_left_margin (self->text_view, 8);
  gtk_text_view_set_right_margin (self->text_view, 8);
  gtk_text_view_set_top_margin (self->text_view, 6);
  gtk_text_view_set_bottom_margin (self->text_view, 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Text of the montage"), -1);
  gtk_text_buffer_create_tag (buffer, "fault", "underline", PANGO_UNDERLINE_ERROR, NULL);
  gtk_text_buffer_create_tag (buffer, "hidden", "style", PANGO_STYLE_ITALIC, NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (view, keys);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_widget_set_vexpand (scroller, TRUE);
  self->completions = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2));
  gtk_widget_set_size_request (GTK_WIDGET (self->completions), -1, 34);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->completions));
  update_completions (self);
  g_signal_connect_swapped (buffer, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (buffer, "notify::cursor-position", G_CALLBACK (update_completions),
                            self);
  return box;
}
