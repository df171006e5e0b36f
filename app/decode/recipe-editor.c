/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recipe as a short column of steps, each with a sensible default. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/recipe-editor.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define N_CLASSES 2

struct _InionRecipeEditor
{
  GtkWidget parent_instance;

  InionViewState *state;
  GtkWidget *group;
  GtkWidget *class_rows[N_CLASSES];   /* AdwComboRow of event texts */
  GtkStringList *events;
  GtkWidget *low, *high;
  GtkWidget *from, *to;
  GtkWidget *reference;
  GtkWidget *feature;
  GtkWidget *classifier;
  GtkWidget *phase;
  GtkWidget *permutations;
  gboolean setting;
};

enum
{
  EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InionRecipeEditor, inion_recipe_editor, GTK_TYPE_WIDGET)

/* The order of the drop-downs. */
static const InionFeatureType features[] = { INION_FEATURE_CSP, INION_FEATURE_TANGENT_SPACE,
                                             INION_FEATURE_LOG_VARIANCE, INION_FEATURE_BAND_POWER,
                                             INION_FEATURE_COVARIANCE };
static const InionClassifierType classifiers[] = { INION_CLASSIFIER_LDA, INION_CLASSIFIER_LOGISTIC,
                                                   INION_CLASSIFIER_MDM };
static const char *const references[] = { "as-recorded", "average" };

static void
emit_edited (InionRecipeEditor *self)
{
  if (!self->setting)
    g_signal_emit (self, signals[EDITED], 0);
}

/* Distance classification works on covariances, and covariances only with it. */
static void
on_feature_changed (InionRecipeEditor *self)
{
  gboolean covariance =
    features[adw_combo_row_get_selected (ADW_COMBO_ROW (self->feature)) % G_N_ELEMENTS (features)] ==
    INION_FEATURE_COVARIANCE;
  guint classifier = adw_combo_row_get_selected (ADW_COMBO_ROW (self->classifier));

  if (covariance && classifier != 2)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->classifier), 2);
  else if (!covariance && classifier == 2)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->classifier), 0);
  emit_edited (self);
}

static void
on_classifier_changed (InionRecipeEditor *self)
{
  gboolean mdm = adw_combo_row_get_selected (ADW_COMBO_ROW (self->classifier)) == 2;
  gboolean covariance = adw_combo_row_get_selected (ADW_COMBO_ROW (self->feature)) == 4;

  if (mdm && !covariance)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->feature), 4);
  else if (!mdm && covariance)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->feature), 0);
  emit_edited (self);
}

/* The texts of the recording's events, and the labels in use, most frequent first would move under
 * the hand: they stand in alphabetical order. */

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
add_label (InionAnnotation *mark,
           gpointer         data)
{
  if (!inion_annotation_is_suggestion (mark))
    g_hash_table_add (data, g_strdup (inion_annotation_get_label (mark)));
  return g_hash_table_size (data) < 200;
}

static gboolean
list_is_same (GtkStringList *list,
              GPtrArray     *texts)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (list)) != texts->len)
    return FALSE;
  for (guint i = 0; i < texts->len; i++)
    if (!g_str_equal (gtk_string_list_get_string (list, i), g_ptr_array_index (texts, i)))
      return FALSE;
  return TRUE;
}

static guint
find_text (GtkStringList *list,
           const char    *text,
           guint          fallback)
{
  for (guint i = 0; text != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    if (g_str_equal (gtk_string_list_get_string (list, i), text))
      return i;
  return fallback;
}

static void
choose_classes (InionRecipeEditor *self)
{
  InionRecipe *recipe = inion_view_state_get_recipe (self->state);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->events));

  for (guint k = 0; k < N_CLASSES && n > 0; k++)
    {
      const char *wanted = k == 0 ? "T1" : "T2";

      if (recipe != NULL && k < inion_recipe_get_spec (recipe)->n_classes)
        wanted = inion_recipe_get_spec (recipe)->classes[k].events[0];
      adw_combo_row_set_selected (ADW_COMBO_ROW (self->class_rows[k]),
                                  find_text (self->events, wanted, MIN (k, n - 1)));
    }
}

static void
update_events (InionRecipeEditor *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  InionStudy *study = inion_view_state_get_study (self->state);
  GPtrArray *events = recording != NULL ? inion_recording_get_events (recording) : NULL;
  g_autoptr (GHashTable) set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; events != NULL && i < events->len && g_hash_table_size (set) < 200; i++)
    g_hash_table_add (set, g_strdup (((const InionEvent *) g_ptr_array_index (events, i))->text));
  if (study != NULL)
    inion_annotation_set_foreach_in (inion_study_get_annotations (study), G_MININT64, G_MAXINT64,
                                     add_label, set);
  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (texts, key);
  g_ptr_array_sort (texts, compare_texts);
  if (list_is_same (self->events, texts))
    return;
  g_ptr_array_add (texts, NULL);
  self->setting = TRUE;
  gtk_string_list_splice (self->events, 0, g_list_model_get_n_items (G_LIST_MODEL (self->events)),
                          (const char *const *) texts->pdata);
  choose_classes (self);
  self->setting = FALSE;
}

/* The column follows the recipe of the state, so that undo shows. */
static guint
index_of_feature (InionFeatureType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    if (features[i] == type)
      return i;
  return 0;
}

static void
show_recipe (InionRecipeEditor *self)
{
  InionRecipe *recipe = inion_view_state_get_recipe (self->state);
  const InionRecipeSpec *spec;

  if (recipe == NULL)
    return;
  spec = inion_recipe_get_spec (recipe);
  self->setting = TRUE;
  choose_classes (self);
  if (spec->has_filter)
    {
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->low), spec->band_hz[0]);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->high), spec->band_hz[1]);
    }
  if (spec->from == INION_EXAMPLES_EVENTS)
    {
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->from), spec->window_s[0]);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->to), spec->window_s[1]);
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->reference),
                              g_strcmp0 (spec->reference, "average") == 0);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->feature),
                              index_of_feature (spec->features[0].type));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->classifier),
                              spec->classifier == INION_CLASSIFIER_LDA ? 0
                              : spec->classifier == INION_CLASSIFIER_LOGISTIC ? 1 : 2);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->phase), spec->phase != INION_RECIPE_PHASE_ZERO);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->permutations), spec->permutations);
  self->setting = FALSE;
}

/* Building the recipe. */

static const char *
class_event (InionRecipeEditor *self,
             guint              k)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->class_rows[k]));

  return selected != GTK_INVALID_LIST_POSITION ? gtk_string_list_get_string (self->events, selected)
                                                : NULL;
}

/**
 * inion_recipe_editor_build:
 * @n_recordings: how many recordings there are to learn from
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the recipe that the column says
 */
InionRecipe *
inion_recipe_editor_build (InionRecipeEditor  *self,
                           guint               n_recordings,
                           GError            **error)
{
  g_autoptr (InionRecipe) start = NULL;
  g_autoptr (InionRecipeSpec) spec = NULL;

  if (inion_view_state_get_recipe (self->state) != NULL)
    start = g_object_ref (inion_view_state_get_recipe (self->state));
  else
    start = inion_recipe_new_default ();
  for (guint k = 0; k < N_CLASSES; k++)
    if (class_event (self, k) == NULL)
      {
        inion_set_error (error, INION_ERROR_TOO_FEW,
                         _("This recording has no events yet. Open one with events, or mark "
                           "stretches of two labels, then choose them as classes."));
        return NULL;
      }
  spec = inion_recipe_spec_copy (inion_recipe_get_spec (start));
  for (guint k = 0; k < MIN (N_CLASSES, spec->n_classes); k++)
    {
      const char *event = class_event (self, k);

      if (g_strcmp0 (spec->classes[k].events[0], event) != 0)
        {
          g_free (spec->classes[k].name);
          g_strfreev (spec->classes[k].events);
          spec->classes[k].name = g_strdup (event);
          spec->classes[k].events = g_new0 (char *, 2);
          spec->classes[k].events[0] = g_strdup (event);
        }
    }
  spec->band_hz[0] = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->low));
  spec->band_hz[1] = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->high));
  spec->window_s[0] = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->from));
  spec->window_s[1] = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->to));
  g_free (spec->reference);
  spec->reference = g_strdup (references[adw_combo_row_get_selected (
                                ADW_COMBO_ROW (self->reference)) % G_N_ELEMENTS (references)]);
  spec->features[0].type = features[adw_combo_row_get_selected (ADW_COMBO_ROW (self->feature)) %
                                    G_N_ELEMENTS (features)];
  spec->classifier = classifiers[adw_combo_row_get_selected (ADW_COMBO_ROW (self->classifier)) %
                                 G_N_ELEMENTS (classifiers)];
  spec->phase = adw_combo_row_get_selected (ADW_COMBO_ROW (self->phase)) == 1
                  ? INION_RECIPE_PHASE_CAUSAL : INION_RECIPE_PHASE_ZERO;
  spec->scheme = n_recordings > 1 ? INION_SCHEME_LEAVE_ONE_RECORDING_OUT
                                  : INION_SCHEME_BLOCKED_K_FOLD;
  spec->permutations =
    (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->permutations));
  return inion_recipe_new_from_spec (spec, error);
}

/* Rows. */

static GtkWidget *
add_combo (InionRecipeEditor *self,
           const char        *title,
           const char        *subtitle,
           GListModel        *model,
           GCallback          changed)
{
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), model);
  g_signal_connect_swapped (row, "notify::selected", changed, self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), row);
  return row;
}

static GtkWidget *
add_strings (InionRecipeEditor *self,
             const char        *title,
             const char        *subtitle,
             const char *const *choices,
             GCallback          changed)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (choices);

  return add_combo (self, title, subtitle, G_LIST_MODEL (model), changed);
}

static GtkWidget *
make_spin (InionRecipeEditor *self,
           const char        *name,
           double             low,
           double             high,
           double             step,
           double             value,
           guint              digits)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (low, high, step);

  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), digits);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 4);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (emit_edited), self);
  return spin;
}

/* A title above, two numbers below it: side by side they would not fit. */
static void
add_range (InionRecipeEditor *self,
           const char        *title,
           const char        *tooltip,
           const char        *unit,
           GtkWidget         *first,
           GtkWidget         *second)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_tooltip_text (row, tooltip);
  gtk_widget_set_hexpand (first, TRUE);
  gtk_widget_set_hexpand (second, TRUE);
  gtk_box_append (GTK_BOX (line), first);
  gtk_box_append (GTK_BOX (line), gtk_label_new ("–"));
  gtk_box_append (GTK_BOX (line), second);
  gtk_box_append (GTK_BOX (line), gtk_label_new (unit));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), line);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), row);
}

static void
build_rows (InionRecipeEditor *self)
{
  const char *const reference_names[] = { _("As recorded"), _("Average"), NULL };
  const char *const feature_names[] = { _("CSP, 6 components"), _("Tangent space"),
                                        _("Log variance"), _("Band power"), _("Covariance"), NULL };
  const char *const classifier_names[] = { _("LDA, shrinkage"), _("Logistic regression"),
                                           _("Minimum distance"), NULL };
  const char *const phase_names[] = { _("Zero-phase: offline only"), _("Causal: also live"), NULL };
  GtkWidget *row;

  self->class_rows[0] = add_combo (self, _("First class"), NULL, G_LIST_MODEL (self->events),
                                   G_CALLBACK (emit_edited));
  self->class_rows[1] = add_combo (self, _("Second class"), NULL, G_LIST_MODEL (self->events),
                                   G_CALLBACK (emit_edited));
  self->from = make_spin (self, _("Window from, in seconds"), -60, 600, 0.1, 0.5, 2);
  self->to = make_spin (self, _("Window to, in seconds"), -60, 600, 0.1, 3.5, 2);
  add_range (self, _("Window after the event"),
             _("Which stretch after each event is an example"), "s", self->from, self->to);
  self->low = make_spin (self, _("Band from, in Hz"), 0.1, 1000, 1, 8, 1);
  self->high = make_spin (self, _("Band to, in Hz"), 0.2, 2000, 1, 30, 1);
  add_range (self, _("Frequency band"), _("Butterworth, order 4. The motor rhythm is 8–30 Hz."),
             "Hz", self->low, self->high);
  self->phase = add_strings (self, _("Filter"), NULL, phase_names, G_CALLBACK (emit_edited));
  self->reference =
    add_strings (self, _("Reference"), NULL, reference_names, G_CALLBACK (emit_edited));
  self->feature =
    add_strings (self, _("Features"), NULL, feature_names, G_CALLBACK (on_feature_changed));
  self->classifier = add_strings (self, _("Classifier"), NULL, classifier_names,
                                  G_CALLBACK (on_classifier_changed));
  row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Permutation test"));
  gtk_widget_set_tooltip_text (row, _("How often to score with shuffled labels: 1000 gives a p "
                                      "value, 0 skips it"));
  self->permutations = make_spin (self, _("Number of permutations"), 0, 10000, 100, 0, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->permutations);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), row);
}

static void
inion_recipe_editor_dispose (GObject *object)
{
  InionRecipeEditor *self = INION_RECIPE_EDITOR (object);

  g_clear_pointer (&self->group, gtk_widget_unparent);
  g_clear_object (&self->events);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_recipe_editor_parent_class)->dispose (object);
}

static void
inion_recipe_editor_class_init (InionRecipeEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_recipe_editor_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "recipeeditor");
  signals[EDITED] = g_signal_new ("edited", INION_TYPE_RECIPE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
inion_recipe_editor_init (InionRecipeEditor *self)
{
  self->events = gtk_string_list_new (NULL);
  self->group = adw_preferences_group_new ();
  gtk_widget_set_parent (self->group, GTK_WIDGET (self));
  self->setting = TRUE;
  build_rows (self);
  self->setting = FALSE;
}

/**
 * inion_recipe_editor_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the column
 */
GtkWidget *
inion_recipe_editor_new (InionViewState *state)
{
  InionRecipeEditor *self = g_object_new (INION_TYPE_RECIPE_EDITOR, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "marks-changed", G_CALLBACK (update_events), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::recording", G_CALLBACK (update_events), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::recipe", G_CALLBACK (show_recipe), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
