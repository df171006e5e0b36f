/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Decode workspace: a recipe, one button, an honest score.
 *
 * Training is one job; results and models are kept in the study, and the latest pair comes back
 * when the recording is opened again. Changing the recipe marks the old answer stale: it stays,
 * hatched, until there is a new one. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/decode-panel.h"

#include "app/decode/add-recordings.h"
#include "app/decode/recipe-editor.h"
#include "app/decode/training.h"
#include "app/panel-kit.h"
#include "study/study-channels.h"
#include "widgets/score-panel.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define TRACK_STEP_S 0.25

struct _InionDecodePanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GSimpleActionGroup *actions;
  GtkWidget *scroller;
  GtkWidget *sources;
  GtkWidget *editor;
  GtkWidget *train;
  GtkLabel *status;
  GtkWidget *score;
  InionJob *job;              /* the training that is waited for */
};

G_DEFINE_FINAL_TYPE (InionDecodePanel, inion_decode_panel, GTK_TYPE_WIDGET)

/* Further recordings to learn from: a setting of the study, so adding one can be undone. */

static char **
get_more (InionDecodePanel *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  const char *text = study != NULL ? inion_study_get_setting (study, "decode-sources") : NULL;

  return g_strsplit (text != NULL ? text : "", "\n", -1);
}

static void
set_more (InionDecodePanel *self,
          GPtrArray        *paths,
          const char       *title)
{
  g_autofree char *text = NULL;

  g_ptr_array_add (paths, NULL);
  text = g_strjoinv ("\n", (char **) paths->pdata);
  inion_study_set_setting (inion_view_state_get_study (self->state), "decode-sources", text, title);
}

/* All of them can be opened, and the study keeps how. */
static void
on_added (GPtrArray *added,
          gpointer   data)
{
  InionDecodePanel *self = data;
  g_auto (GStrv) more = get_more (self);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  const char *own = inion_recording_get_path (inion_view_state_get_recording (self->state));

  for (guint i = 0; more[i] != NULL; i++)
    g_ptr_array_add (paths, more[i]);
  for (guint i = 0; i < added->len; i++)
    {
      const char *path = g_ptr_array_index (added, i);

      /* The same recording twice would be tested on itself. */
      if (!g_str_equal (path, own) && !g_strv_contains ((const char *const *) more, path))
        g_ptr_array_add (paths, (gpointer) path);
    }
  set_more (self, paths, _("Add recordings to learn from"));
}

/* paths: (transfer full) */
static void
add_paths (InionDecodePanel *self,
           GPtrArray        *paths)
{
  inion_add_recordings (INION_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), paths, on_added,
                        self);
}

static void
on_files_chosen (GtkNativeDialog  *dialog,
                 int               response,
                 InionDecodePanel *self)
{
  if (response == GTK_RESPONSE_ACCEPT && inion_view_state_get_recording (self->state) != NULL)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);
          char *path = g_file_get_path (file);

          if (path != NULL)
            g_ptr_array_add (paths, path);
        }
      add_paths (self, paths);
    }
  g_object_unref (dialog);
}

static void
on_add_recordings (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       data)
{
  InionDecodePanel *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Add Recordings"), GTK_WINDOW (root),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _("_Add"), _("_Cancel"));
  g_autofree char *folder = g_path_get_dirname (
    inion_recording_get_path (inion_view_state_get_recording (self->state)));
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), file, NULL);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_files_chosen), self, 0);
  inion_panel_show_dialog (GTK_NATIVE_DIALOG (chooser));
}

static void
on_add_recording (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       data)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (paths, g_variant_dup_string (parameter, NULL));
  add_paths (data, paths);
}

static void
on_remove_recording (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       data)
{
  InionDecodePanel *self = data;
  g_auto (GStrv) more = get_more (self);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (guint i = 0; more[i] != NULL; i++)
    if (!g_str_equal (more[i], g_variant_get_string (parameter, NULL)))
      g_ptr_array_add (paths, more[i]);
  set_more (self, paths, _("Remove a recording from learning"));
}

static GtkWidget *
make_source_row (const char *path,
                 gboolean    own)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
  gtk_widget_set_tooltip_text (row, path);
  if (own)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("this recording"));
    }
  else
    {
      GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_set_tooltip_text (button, _("Leave this recording out"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _("Leave this recording out"), -1);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "decode.remove-recording");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", path);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  return row;
}

static void
show_sources (InionDecodePanel *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_auto (GStrv) more = get_more (self);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->sources)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->sources), child);
  if (recording == NULL)
    return;
  gtk_list_box_append (GTK_LIST_BOX (self->sources),
                       make_source_row (inion_recording_get_path (recording), TRUE));
  for (guint i = 0; more[i] != NULL; i++)
    if (*more[i] != '\0')
      gtk_list_box_append (GTK_LIST_BOX (self->sources), make_source_row (more[i], FALSE));
}

/* Training. */

static void
keep (InionDecodePanel *self,
      InionTraining    *training)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autofree char *result = NULL;
  g_autofree char *model = NULL;
  const char *name;

  if (study == NULL || inion_study_is_read_only (study))
    return;
  result = inion_result_to_json (training->result);
  model = inion_model_to_json (training->model);
  name = inion_recipe_get_name (inion_model_get_recipe (training->model));
  inion_study_add_item (study, "result", name, inion_result_get_fingerprint (training->result),
                        result);
  inion_study_add_item (study, "model", name, inion_model_get_fingerprint (training->model), model);
}

/* The answer must be seen: the column scrolls so that the score stands below the Train button. */
static gboolean
scroll_to_score (gpointer data)
{
  InionDecodePanel *self = data;
  GtkAdjustment *adjustment;
  GtkWidget *content;
  graphene_point_t point;

  if (self->scroller == NULL)
    return G_SOURCE_REMOVE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  content = gtk_widget_get_parent (self->train);
  if (gtk_widget_compute_point (self->train, content, &GRAPHENE_POINT_INIT (0, 0), &point))
    gtk_adjustment_set_value (adjustment, MAX (0.0, (double) point.y - 12.0));
  return G_SOURCE_REMOVE;
}

/* What was left out, and where the model has nothing to say. */
static void
show_notes (InionDecodePanel    *self,
            const InionTraining *training)
{
  const char *log = training->drop_log != NULL ? training->drop_log : "";
  const char *notes = training->notes != NULL ? training->notes : "";
  g_autofree char *text = g_strconcat (log, *log != '\0' && *notes != '\0' ? "\n" : "", notes,
                                       NULL);

  gtk_label_set_text (self->status, text);
}

static void
on_trained (InionJob     *job,
            gpointer      result,
            const GError *error,
            gpointer      user_data)
{
  g_autoptr (InionDecodePanel) self = user_data;
  g_autoptr (InionTraining) training = result;

  /* Superseded, or about a recording that is not open any more. */
  if (job != self->job)
    return;
  g_clear_object (&self->job);
  if (training == NULL)
    {
      gtk_label_set_text (self->status, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                                          ? _("Cancelled.") : error->message);
      return;
    }
  if (training->result != NULL)
    {
      keep (self, training);
      inion_view_state_set_result (self->state, training->result);
      g_timeout_add_full (G_PRIORITY_DEFAULT, 100, scroll_to_score, g_object_ref (self),
                          g_object_unref);
    }
  show_notes (self, training);
  inion_view_state_set_model (self->state, training->model);
  inion_view_state_take_track (self->state, g_steal_pointer (&training->track));
}

/* Takes the job. */
static void
submit (InionDecodePanel *self,
        InionJob         *job)
{
  g_clear_object (&self->job);
  self->job = job;
  inion_job_list_submit (inion_view_state_get_jobs (self->state), job, "train", on_trained,
                         g_object_ref (self));
}

static void
on_train (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  InionDecodePanel *self = data;
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_auto (GStrv) more = get_more (self);
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (InionRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;
  guint n_more = *more != NULL && **more != '\0' ? g_strv_length (more) : 0;

  if (recording == NULL)
    return;
  recipe = inion_recipe_editor_build (INION_RECIPE_EDITOR (self->editor), 1 + n_more, &error);
  if (recipe == NULL)
    {
      gtk_label_set_text (self->status, error->message);
      return;
    }
  inion_view_state_set_recipe (self->state, recipe);
  gtk_label_set_text (self->status, _("Training…"));
  marks = inion_annotation_set_query (
    inion_study_get_annotations (inion_view_state_get_study (self->state)), G_MININT64, G_MAXINT64);
  submit (self, inion_training_new_job (recipe, recording, marks,
                                        inion_view_state_get_bad (self->state),
                                        n_more > 0 ? (const char *const *) more : NULL,
                                        TRACK_STEP_S));
}

static void
on_edited (InionDecodePanel *self)
{
  if (inion_view_state_get_result (self->state) != NULL)
    inion_view_state_set_track_stale (self->state, TRUE);
}

/* What the study keeps comes back: the latest result and model, and the track made anew. */

static InionStudyItem *
latest (GPtrArray *items)
{
  InionStudyItem *last = NULL;

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      InionStudyItem *item = g_ptr_array_index (items, i);

      if (last == NULL || item->id > last->id)
        last = item;
    }
  return last;
}

static void
restore (InionDecodePanel *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (InionResult) result = NULL;
  g_autoptr (InionModel) model = NULL;
  InionStudyItem *item;

  g_clear_object (&self->job);
  show_sources (self);
  gtk_label_set_text (self->status, "");
  if (study == NULL)
    return;
  results = inion_study_list_items (study, "result");
  models = inion_study_list_items (study, "model");
  item = latest (results);
  if (item != NULL)
    result = inion_result_new_from_json (item->json, -1, NULL);
  item = latest (models);
  if (item != NULL)
    model = inion_model_new_from_json (item->json, -1, NULL);
  if (result == NULL || model == NULL)
    return;
  inion_view_state_set_result (self->state, result);
  inion_view_state_set_model (self->state, model);
  submit (self, inion_training_new_apply_job (model, inion_view_state_get_recording (self->state),
                                              inion_view_state_get_bad (self->state),
                                              TRACK_STEP_S));
}

static void
on_setting_changed (InionStudy       *study,
                    const char       *key,
                    InionDecodePanel *self)
{
  if (g_str_equal (key, "decode-sources"))
    {
      show_sources (self);
      on_edited (self);
    }
  else if (g_str_equal (key, INION_STUDY_CHANNELS))
    {
      /* The kept model names channels as they are called now. */
      restore (self);
    }
}

/* Which recordings are learned from is kept in the study. */
static void
update_actions (InionDecodePanel *self)
{
  static const char *const edits[] = { "add-recordings", "add-recording", "remove-recording" };
  InionStudy *study = inion_view_state_get_study (self->state);
  gboolean writable = study != NULL && !inion_study_is_read_only (study);

  for (gsize i = 0; i < G_N_ELEMENTS (edits); i++)
    g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), edits[i])),
      writable);
}

static void
on_study_changed (InionDecodePanel *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  if (study != NULL)
    {
      g_signal_connect_object (study, "setting-changed", G_CALLBACK (on_setting_changed), self, 0);
      g_signal_connect_object (study, "notify::read-only", G_CALLBACK (update_actions), self,
                               G_CONNECT_SWAPPED);
    }
  update_actions (self);
  restore (self);
}

/* Building. */

static void
build (InionDecodePanel *self,
       InionViewState   *state)
{
  GtkWidget *box = inion_panel_column (&self->scroller);

  inion_panel_heading (box, _("Learn from"));
  self->sources = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->sources), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->sources, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->sources), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Recordings to learn from"), -1);
  gtk_box_append (GTK_BOX (box), self->sources);
  inion_panel_button (box, _("_Add Recordings…"), "decode.add-recordings", FALSE);
  inion_panel_heading (box, _("Recipe"));
  self->editor = inion_recipe_editor_new (state);
  gtk_box_append (GTK_BOX (box), self->editor);
  self->train = inion_panel_button (box, _("_Train"), "decode.train", TRUE);
  self->status = inion_panel_caption (box, NULL);
  gtk_label_set_selectable (self->status, TRUE);
  self->score = inion_score_panel_new (state);
  gtk_box_append (GTK_BOX (box), self->score);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  g_signal_connect_swapped (self->editor, "edited", G_CALLBACK (on_edited), self);
}

static void
inion_decode_panel_dispose (GObject *object)
{
  InionDecodePanel *self = INION_DECODE_PANEL (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->job);
  g_clear_object (&self->actions);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_decode_panel_parent_class)->dispose (object);
}

static void
inion_decode_panel_class_init (InionDecodePanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_decode_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "decodepanel");
}

static void
inion_decode_panel_init (InionDecodePanel *self)
{
  static const GActionEntry entries[] = {
    { .name = "train", .activate = on_train },
    { .name = "add-recordings", .activate = on_add_recordings },
    { .name = "add-recording", .activate = on_add_recording, .parameter_type = "s" },
    { .name = "remove-recording", .activate = on_remove_recording, .parameter_type = "s" },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}

/**
 * inion_decode_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the panel
 */
GtkWidget *
inion_decode_panel_new (InionViewState *state)
{
  InionDecodePanel *self = g_object_new (INION_TYPE_DECODE_PANEL, NULL);

  self->state = g_object_ref (state);
  build (self, state);
  g_signal_connect_object (state, "notify::study", G_CALLBACK (on_study_changed), self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
  return GTK_WIDGET (self);
}

/**
 * inion_decode_panel_get_actions:
 *
 * Returns: (transfer none): the panel's actions
 */
GActionGroup *
inion_decode_panel_get_actions (InionDecodePanel *self)
{
  return G_ACTION_GROUP (self->actions);
}
