/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mark says: label, place in time, channels, comment. All that is changed is one step for
 * undo; a field that cannot be read keeps the dialog open and says why. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/marks/mark-dialog.h"

#include "app/files/file-dialog.h"
#include "app/window-private.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  InionWindow *window;  /* the dialog goes before it */
  GtkWindow *dialog;
  gint64 id;
  GtkEditable *label;
  GtkEditable *start;
  GtkEditable *duration;
  GtkEditable *channels;
  GtkEditable *comment;
  GtkLabel *problem;
  char *start_text;     /* as it was: a start that nobody touched keeps its nanoseconds */
  char *duration_text;
} Dialog;

static void
dialog_free (gpointer data)
{
  Dialog *self = data;

  g_free (self->start_text);
  g_free (self->duration_text);
  g_free (self);
}

static GtkEditable *
add_row (AdwPreferencesGroup *group,
         const char          *name,
         const char          *title,
         const char          *text)
{
  GtkWidget *row = adw_entry_row_new ();

  gtk_widget_set_name (row, name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  adw_preferences_group_add (group, row);
  return GTK_EDITABLE (row);
}

static void
complain (Dialog      *self,
          GtkEditable *row,
          const char  *why)
{
  gtk_label_set_text (self->problem, why);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static gboolean
read_duration (const char *text,
               gint64     *duration_ns)
{
  char *end = NULL;
  double seconds = g_ascii_strtod (text, &end);

  while (end != text && (g_ascii_isspace (*end) || *end == 's'))
    end++;
  if (end == text || *end != '\0' || !isfinite (seconds) || seconds < 0 || seconds > 1e9)
    return FALSE;
  *duration_ns = (gint64) llround (seconds * 1e9);
  return TRUE;
}

/* "Fp1, F3" → labels of the recording; NULL with *wrong set if one is not there. */
static char **
read_channels (InionRecording  *recording,
               const char      *text,
               char           **wrong)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autoptr (GStrvBuilder) channels = g_strv_builder_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      const char *name = g_strstrip (parts[i]);
      const char *found = NULL;

      for (guint k = 0; k < inion_recording_get_n_channels (recording) && found == NULL; k++)
        {
          const char *label = inion_channel_get_label (inion_recording_get_channel (recording, k));

          if (g_ascii_strcasecmp (label, name) == 0)
            found = label;
        }
      if (found == NULL && *name != '\0')
        {
          *wrong = g_strdup (name);
          return NULL;
        }
      if (found != NULL)
        g_strv_builder_add (channels, found);
    }
  return g_strv_builder_end (channels);
}

/* The mark as the fields have it; NULL if one of them cannot be read. */
static InionAnnotation *
read_mark (Dialog          *self,
           InionAnnotation *mark)
{
  InionViewState *state = self->window->state;
  g_autofree char *label = g_strstrip (g_strdup (gtk_editable_get_text (self->label)));
  const char *start = gtk_editable_get_text (self->start);
  const char *duration = gtk_editable_get_text (self->duration);
  const char *comment = gtk_editable_get_text (self->comment);
  g_autofree char *wrong = NULL;
  g_auto (GStrv) channels = NULL;
  gint64 onset_ns = inion_annotation_get_onset_ns (mark);
  gint64 duration_ns = inion_annotation_get_duration_ns (mark);
  double onset_s;

  if (*label == '\0')
    complain (self, self->label, _("A mark needs a label."));
  else if (!g_str_equal (start, self->start_text) &&
           !_inion_window_parse_time (state, start, &onset_s))
    complain (self, self->start, _("That is not a time. Write 12:03:41, +3:41 or 221.5."));
  else if (!g_str_equal (duration, self->duration_text) && !read_duration (duration, &duration_ns))
    complain (self, self->duration, _("Write the duration in seconds, as 0.25; 0 is a moment."));
  else if ((channels = read_channels (inion_view_state_get_recording (state),
                                      gtk_editable_get_text (self->channels), &wrong)) == NULL)
    {
      g_autofree char *why = g_strdup_printf (_("The recording has no channel “%s”."), wrong);

      complain (self, self->channels, why);
    }
  else
    {
      if (!g_str_equal (start, self->start_text))
        onset_ns = (gint64) llround (onset_s * 1e9);
      return inion_annotation_new (self->id, onset_ns, duration_ns, label,
                                   channels[0] != NULL ? (const char *const *) channels : NULL,
                                   inion_annotation_get_rater (mark),
                                   inion_annotation_get_origin (mark),
                                   inion_annotation_get_confidence (mark),
                                   *comment != '\0' ? comment : NULL);
    }
  return NULL;
}

static void
accept (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  Dialog *self = data;
  InionStudy *study = inion_view_state_get_study (self->window->state);
  InionAnnotation *mark =
    study != NULL ? inion_annotation_set_lookup (inion_study_get_annotations (study), self->id)
                  : NULL;
  g_autoptr (InionAnnotation) edited = NULL;
  g_autofree char *title = NULL;

  /* It was deleted, or another recording was opened, while the dialog stood. */
  if (mark == NULL)
    {
      gtk_window_destroy (self->dialog);
      return;
    }
  edited = read_mark (self, mark);
  if (edited == NULL)
    return;
  if (!inion_annotation_equal (edited, mark))
    {
      title = g_strdup_printf (_("Edit %s"), inion_annotation_get_label (edited));
      inion_study_begin (study, title);
      inion_study_replace_annotation (study, edited);
      inion_study_end (study);
    }
  gtk_window_destroy (self->dialog);
}

static GtkWidget *
make_content (Dialog          *self,
              InionAnnotation *mark)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *problem = gtk_label_new (NULL);
  const char *const *channels = inion_annotation_get_channels (mark);
  g_autofree char *list = channels != NULL ? g_strjoinv (", ", (char **) channels) : NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  self->start_text =
    inion_view_state_format_time (self->window->state,
                                  (double) inion_annotation_get_onset_ns (mark) / 1e9, 3);
  g_ascii_formatd (number, sizeof number, "%.9g",
                   (double) inion_annotation_get_duration_ns (mark) / 1e9);
  self->duration_text = g_strdup (number);
  self->label = add_row (group, "label", _("Label"), inion_annotation_get_label (mark));
  self->start = add_row (group, "start", _("Start"), self->start_text);
  self->duration = add_row (group, "duration", _("Duration in seconds"), self->duration_text);
  self->channels = add_row (group, "channels", _("Channels, with commas; none for all"), list);
  self->comment = add_row (group, "comment", _("Comment"), inion_annotation_get_comment (mark));
  self->problem = GTK_LABEL (problem);
  gtk_label_set_wrap (self->problem, TRUE);
  gtk_label_set_xalign (self->problem, 0);
  gtk_widget_add_css_class (problem, "error");
  gtk_widget_set_visible (problem, FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (group));
  gtk_box_append (GTK_BOX (box), problem);
  gtk_widget_add_css_class (box, "panel-section");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  return scroller;
}

/**
 * inion_mark_dialog_show:
 * @window: a window whose study can be written
 * @mark: one of its marks
 *
 * Shows a mark's fields to be edited.
 */
void
inion_mark_dialog_show (InionWindow     *window,
                        InionAnnotation *mark)
{
  static const GActionEntry entries[] = { { "accept", accept } };
  Dialog *self = g_new0 (Dialog, 1);
  GActionMap *actions;

  self->window = window;
  self->id = inion_annotation_get_id (mark);
  self->dialog = inion_file_dialog_new (window, _("Mark"), make_content (self, mark), _("_Apply"),
                                        &actions);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  gtk_window_set_default_size (self->dialog, 460, 480);
  g_object_set_data_full (G_OBJECT (self->dialog), "mark-dialog", self, dialog_free);
  gtk_window_present (self->dialog);
  gtk_widget_grab_focus (GTK_WIDGET (self->label));
}
