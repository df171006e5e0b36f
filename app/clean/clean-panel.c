/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Clean workspace: detectors propose artifact marks, a person accepts them.
 *
 * What a detector proposes is a suggestion: hatched on the traces, listed with a question mark, and
 * used by nothing until somebody accepts it. Each press of "accept" or "reject" is one undo step. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/clean/clean-panel.h"

#include "app/panel-kit.h"

#include "clean/detector.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  DETECTOR_AMPLITUDE,
  DETECTOR_FLAT,
  DETECTOR_MUSCLE,
  DETECTOR_BLINK,
  N_DETECTORS
} Detector;

static const struct
{
  const char *label;      /* of the suggestions */
  const char *title;
  const char *unit;
  double step;
  double max;
} detectors[N_DETECTORS] = {
  { "high amplitude", N_("High amplitude"), "µV", 10, 5000 },
  { "flat", N_("Flat"), "µV", 0.5, 50 },
  { "muscle", N_("Muscle"), "z", 0.5, 50 },
  { "blink", N_("Blink"), "z", 0.5, 50 },
};

struct _InionCleanPanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GSimpleActionGroup *actions;
  GtkWidget *scroller;
  GtkWidget *switches[N_DETECTORS];
  GtkWidget *thresholds[N_DETECTORS];
  GtkLabel *counts[N_DETECTORS];
  GtkLabel *summary;
  GtkLabel *report;
  GtkWidget *review_box;
  InionJob *job;           /* the detection that is waited for */
};

G_DEFINE_FINAL_TYPE (InionCleanPanel, inion_clean_panel, GTK_TYPE_WIDGET)

/* Suggestions in the study. */

typedef struct
{
  GPtrArray *found;        /* (element-type InionAnnotation) */
  const char *label;       /* NULL: any */
} Collect;

static gboolean
collect_visit (InionAnnotation *mark,
               gpointer         data)
{
  Collect *collect = data;

  if (inion_annotation_is_suggestion (mark) &&
      g_str_has_prefix (inion_annotation_get_rater (mark), "detector:") &&
      (collect->label == NULL || g_str_equal (inion_annotation_get_label (mark), collect->label)))
    g_ptr_array_add (collect->found, g_object_ref (mark));
  return TRUE;
}

static GPtrArray *
collect_suggestions (InionCleanPanel *self,
                     const char      *label)
{
  Collect collect = { g_ptr_array_new_with_free_func (g_object_unref), label };
  InionStudy *study = inion_view_state_get_study (self->state);

  if (study != NULL)
    inion_annotation_set_foreach_in (inion_study_get_annotations (study), G_MININT64, G_MAXINT64,
                                     collect_visit, &collect);
  return collect.found;
}

static void
set_enabled (InionCleanPanel *self,
             const char      *name,
             gboolean         enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update (InionCleanPanel *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  gboolean writable = study != NULL && !inion_study_is_read_only (study);
  guint total = 0;
  g_autofree char *text = NULL;

  for (guint d = 0; d < N_DETECTORS; d++)
    {
      g_autoptr (GPtrArray) found = collect_suggestions (self, detectors[d].label);
      g_autofree char *count = found->len > 0 ? g_strdup_printf ("%u", found->len) : g_strdup ("");

      gtk_label_set_text (self->counts[d], count);
      total += found->len;
    }
  if (total > 0)
    text = g_strdup_printf (ngettext ("%u suggestion waits for you", "%u suggestions wait for you",
                                      total), total);
  else
    text = g_strdup (_("No suggestions. Press Find Artifacts: what is found is drawn hatched and "
                       "counts for nothing until you accept it."));
  gtk_label_set_text (self->summary, text);
  gtk_widget_set_visible (self->review_box, total > 0);
  set_enabled (self, "detect", writable);
  set_enabled (self, "accept-all", writable && total > 0);
  set_enabled (self, "reject-all", writable && total > 0);
  set_enabled (self, "next", total > 0);
}

/* Detection. */

typedef struct
{
  InionRecording *recording;
  InionDetectorSettings settings;
  char **bad;
} Detection;

typedef struct
{
  GPtrArray *marks;
  char *report;
} Detected;

static void
detection_free (gpointer data)
{
  Detection *detection = data;

  g_clear_object (&detection->recording);
  g_strfreev (detection->bad);
  g_free (detection);
}

static void
detected_free (gpointer data)
{
  Detected *detected = data;

  g_clear_pointer (&detected->marks, g_ptr_array_unref);
  g_free (detected->report);
  g_free (detected);
}

static gpointer
detect (InionJob  *job,
        gpointer   data,
        GError   **error)
{
  Detection *detection = data;
  Detected *detected = g_new0 (Detected, 1);

  detected->marks =
    inion_detect_artifacts (detection->recording, &detection->settings,
                            (const char *const *) detection->bad, job, &detected->report, error);
  if (detected->marks == NULL)
    g_clear_pointer (&detected, detected_free);
  return detected;
}

/* New proposals replace the old ones; what was accepted or made by hand stays. */
static void
on_detected (InionJob     *job,
             gpointer      result,
             const GError *error,
             gpointer      user_data)
{
  g_autoptr (InionCleanPanel) self = user_data;
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) old = NULL;
  Detected *detected = result;

  /* What was found in one recording must not get into the study of the next. */
  if (job != self->job)
    {
      g_clear_pointer (&detected, detected_free);
      return;
    }
  g_clear_object (&self->job);
  if (detected == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        gtk_label_set_text (self->report, error->message);
      return;
    }
  if (study != NULL && inion_study_is_read_only (study))
    {
      gtk_label_set_text (self->report, inion_study_get_read_only_reason (study));
    }
  else if (study != NULL)
    {
      g_autofree gint64 *ids = NULL;

      old = collect_suggestions (self, NULL);
      ids = g_new (gint64, MAX (old->len, 1));
      for (guint i = 0; i < old->len; i++)
        ids[i] = inion_annotation_get_id (g_ptr_array_index (old, i));
      inion_study_begin (study, _("Find artifacts"));
      if (old->len > 0)
        inion_study_remove_annotations (study, ids, old->len);
      if (detected->marks->len > 0)
        inion_study_add_annotations (study, detected->marks);
      inion_study_end (study);
      gtk_label_set_text (self->report, detected->report != NULL ? detected->report : "");
    }
  detected_free (detected);
}

static void
on_detect (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  InionCleanPanel *self = data;
  InionRecording *recording = inion_view_state_get_recording (self->state);
  double *targets[N_DETECTORS];
  Detection *detection;

  if (recording == NULL)
    return;
  detection = g_new0 (Detection, 1);
  detection->recording = g_object_ref (recording);
  detection->bad = g_strdupv ((char **) inion_view_state_get_bad (self->state));
  inion_detector_settings_init (&detection->settings);
  targets[DETECTOR_AMPLITUDE] = &detection->settings.amplitude_uv;
  targets[DETECTOR_FLAT] = &detection->settings.flat_uv;
  targets[DETECTOR_MUSCLE] = &detection->settings.muscle_z;
  targets[DETECTOR_BLINK] = &detection->settings.blink_z;
  for (guint d = 0; d < N_DETECTORS; d++)
    *targets[d] = gtk_switch_get_active (GTK_SWITCH (self->switches[d]))
                    ? gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->thresholds[d])) : NAN;
  g_clear_object (&self->job);
  self->job = inion_job_new (_("Finding artifacts"), detect, detection, detection_free,
                             detected_free);
  inion_job_list_submit (inion_view_state_get_jobs (self->state), self->job, "detect", on_detected,
                         g_object_ref (self));
}

static void
on_accept_all (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  InionCleanPanel *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) found = collect_suggestions (self, NULL);

  inion_study_begin (study, _("Accept all suggestions"));
  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (InionAnnotation) accepted =
        inion_annotation_copy_with_origin (g_ptr_array_index (found, i), INION_ORIGIN_ACCEPTED,
                                           inion_study_get_rater (study));

      inion_study_replace_annotation (study, accepted);
    }
  inion_study_end (study);
}

static void
on_reject_all (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  InionCleanPanel *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) found = collect_suggestions (self, NULL);
  g_autofree gint64 *ids = g_new (gint64, MAX (found->len, 1));

  for (guint i = 0; i < found->len; i++)
    ids[i] = inion_annotation_get_id (g_ptr_array_index (found, i));
  inion_study_begin (study, _("Reject all suggestions"));
  inion_study_remove_annotations (study, ids, found->len);
  inion_study_end (study);
}

/* The next suggestion after the selected mark, from the start again after the last. */
static void
on_next (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionCleanPanel *self = data;
  g_autoptr (GPtrArray) found = collect_suggestions (self, NULL);
  InionAnnotation *selected = inion_annotation_set_lookup (
    inion_study_get_annotations (inion_view_state_get_study (self->state)),
    inion_view_state_get_selected_mark (self->state));
  gint64 after = selected != NULL ? inion_annotation_get_onset_ns (selected) : G_MININT64;
  InionAnnotation *next = NULL;

  for (guint i = 0; i < found->len && next == NULL; i++)
    if (inion_annotation_get_onset_ns (g_ptr_array_index (found, i)) > after)
      next = g_ptr_array_index (found, i);
  if (next == NULL && found->len > 0)
    next = g_ptr_array_index (found, 0);
  if (next != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-mark", "x",
                                inion_annotation_get_id (next));
}

/* Another recording, or none: what was said was about the last one. */
static void
on_study_changed (InionCleanPanel *self)
{
  g_clear_object (&self->job);
  gtk_label_set_text (self->report, "");
  update (self);
}

/* Building. */

static GtkWidget *
make_detector_row (InionCleanPanel *self,
                   Detector         d,
                   double           value)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (detectors[d].step, detectors[d].max,
                                                    detectors[d].step);
  GtkWidget *toggle = gtk_switch_new ();
  GtkWidget *count = gtk_label_new (NULL);
  g_autofree char *name = g_strdup_printf (_("Threshold of %s in %s"), _(detectors[d].title),
                                           detectors[d].unit);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(detectors[d].title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detectors[d].unit);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (toggle), TRUE);
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(detectors[d].title), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), count);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  self->switches[d] = toggle;
  self->thresholds[d] = spin;
  self->counts[d] = GTK_LABEL (count);
  return row;
}

static void
build (InionCleanPanel *self)
{
  GtkWidget *box = inion_panel_column (&self->scroller);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  InionDetectorSettings settings;
  double values[N_DETECTORS];

  inion_detector_settings_init (&settings);
  values[DETECTOR_AMPLITUDE] = settings.amplitude_uv;
  values[DETECTOR_FLAT] = settings.flat_uv;
  values[DETECTOR_MUSCLE] = settings.muscle_z;
  values[DETECTOR_BLINK] = settings.blink_z;
  inion_panel_heading (box, _("Artifact detectors"));
  for (guint d = 0; d < N_DETECTORS; d++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_detector_row (self, d, values[d]));
  gtk_box_append (GTK_BOX (box), group);
  gtk_widget_set_margin_bottom (group, 6);
  inion_panel_button (box, _("_Find Artifacts"), "clean.detect", TRUE);
  self->summary = inion_panel_caption (box, NULL);

  self->review_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  inion_panel_button (self->review_box, _("Show the _Next Suggestion"), "clean.next", FALSE);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  inion_panel_button (buttons, _("Accept (Y)"), "win.accept-suggestion", FALSE);
  inion_panel_button (buttons, _("Reject (X)"), "win.reject-suggestion", FALSE);
  gtk_box_append (GTK_BOX (self->review_box), buttons);
  buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  inion_panel_button (buttons, _("Accept _All"), "clean.accept-all", FALSE);
  inion_panel_button (buttons, _("_Reject All"), "clean.reject-all", FALSE);
  gtk_box_append (GTK_BOX (self->review_box), buttons);
  gtk_box_append (GTK_BOX (box), self->review_box);

  self->report = inion_panel_caption (box, NULL);
  gtk_widget_set_margin_top (GTK_WIDGET (self->report), 12);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_clean_panel_dispose (GObject *object)
{
  InionCleanPanel *self = INION_CLEAN_PANEL (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->job);
  g_clear_object (&self->actions);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_clean_panel_parent_class)->dispose (object);
}

static void
inion_clean_panel_class_init (InionCleanPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_clean_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "cleanpanel");
}

static void
inion_clean_panel_init (InionCleanPanel *self)
{
  static const GActionEntry entries[] = {
    { .name = "detect", .activate = on_detect },
    { .name = "accept-all", .activate = on_accept_all },
    { .name = "reject-all", .activate = on_reject_all },
    { .name = "next", .activate = on_next },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  build (self);
}

/**
 * inion_clean_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the panel
 */
GtkWidget *
inion_clean_panel_new (InionViewState *state)
{
  InionCleanPanel *self = g_object_new (INION_TYPE_CLEAN_PANEL, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "marks-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::study", G_CALLBACK (on_study_changed), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/**
 * inion_clean_panel_get_actions:
 *
 * Returns: (transfer none): the panel's actions
 */
GActionGroup *
inion_clean_panel_get_actions (InionCleanPanel *self)
{
  return G_ACTION_GROUP (self->actions);
}
