/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Average after events": mean and confidence band of conditions, with the map at a latency.
 *
 * Events of the file and marks of people are counted by label; each label that is chosen is one
 * condition, averaged as soon as it is chosen. What epochs were left out, and why, stands below. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/average-page.h"

#include "app/panel-kit.h"
#include "app/tools/average-job.h"
#include "app/tools/label-picker.h"

#include "annotation/events-import.h"
#include "widgets/render/colormap.h"
#include "widgets/render/plot-evoked.h"
#include "widgets/render/scalp-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define MOST_CONDITIONS 8

struct _InionAveragePage
{
  GtkWidget parent_instance;

  InionViewState *state;
  InionJob *job;             /* the average that is waited for */
  InionAverageAnswer *answer;
  GPtrArray *chosen;         /* (element-type utf8) labels, in the order they were chosen */
  GtkWidget *scroller;
  GtkWidget *labels;
  GtkWidget *settings;
  GtkWidget *from;
  GtkWidget *to;
  GtkWidget *baseline;
  GtkWidget *artifacts;
  GtkWidget *most;
  GtkWidget *results;
  GtkWidget *channel;
  GtkWidget *plot;
  GtkWidget *latency;
  GtkWidget *map;
  GtkLabel *hint;
  GtkLabel *counts;
  GtkLabel *values;
  GtkLabel *map_caption;
  gboolean filling;
  gboolean is_fresh;         /* no latency of this recording was looked at yet */
};

G_DEFINE_FINAL_TYPE (InionAveragePage, inion_average_page, GTK_TYPE_WIDGET)

/* Marks. */

static GPtrArray *
collect_marks (InionAveragePage *self)
{
  GPtrArray *marks =
    inion_annotations_from_recording (inion_view_state_get_recording (self->state));
  GListModel *all =
    G_LIST_MODEL (inion_study_get_annotations (inion_view_state_get_study (self->state)));

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    g_ptr_array_add (marks, g_list_model_get_item (all, i));
  return marks;
}

/* Labels of artifacts in the study's palette. */
static GStrv
collect_artifacts (InionAveragePage *self)
{
  GListModel *palette =
    G_LIST_MODEL (inion_study_get_palette (inion_view_state_get_study (self->state)));
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (palette); i++)
    {
      g_autoptr (InionLabel) label = g_list_model_get_item (palette, i);

      if (inion_palette_is_artifact (INION_PALETTE (palette), inion_label_get_name (label)))
        g_strv_builder_add (labels, inion_label_get_name (label));
    }
  return g_strv_builder_end (labels);
}

/* Asking. */

static void show_answer (InionAveragePage *self);

static void
on_averaged (InionJob     *job,
             gpointer      result,
             const GError *error,
             gpointer      data)
{
  g_autoptr (InionAveragePage) self = data;

  /* Another wish has come since, or another recording. */
  if (job != self->job)
    {
      g_clear_pointer ((InionAverageAnswer **) &result, inion_average_answer_free);
      return;
    }
  g_clear_object (&self->job);
  g_clear_pointer (&self->answer, inion_average_answer_free);
  self->answer = result;
  show_answer (self);
  if (result == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_label_set_text (self->hint, error->message);
}

static void
ask (InionAveragePage *self)
{
  InionShownSignal *signal = inion_view_state_get_signal (self->state);
  g_autoptr (GPtrArray) marks = NULL;
  g_auto (GStrv) artifacts = NULL;
  InionAverageSettings settings;

  if (self->filling || signal == NULL)
    return;
  if (self->chosen->len == 0)
    {
      if (self->job != NULL)
        inion_job_cancel (self->job);
      g_clear_object (&self->job);
      g_clear_pointer (&self->answer, inion_average_answer_free);
      show_answer (self);
      return;
    }
  inion_average_settings_init (&settings);
  settings.from_s = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->from)) / 1000;
  settings.to_s = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->to)) / 1000;
  settings.most = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->most));
  /* Before the event; in an epoch that begins after it there is nothing to take off. */
  if (!gtk_check_button_get_active (GTK_CHECK_BUTTON (self->baseline)) || settings.from_s > 0)
    settings.baseline_to_s = NAN;
  marks = collect_marks (self);
  if (gtk_check_button_get_active (GTK_CHECK_BUTTON (self->artifacts)))
    artifacts = collect_artifacts (self);
  g_clear_object (&self->job);
  self->job = inion_average_job_new (signal, inion_view_state_get_bad (self->state), marks,
                                     self->chosen, artifacts, &settings);
  inion_job_list_submit (inion_view_state_get_jobs (self->state), self->job, "average",
                         on_averaged, g_object_ref (self));
}

/* The list of labels. */

static gboolean
is_chosen (InionAveragePage *self,
           const char       *label,
           guint            *index)
{
  return g_ptr_array_find_with_equal_func (self->chosen, label, g_str_equal, index);
}

static void
on_label (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  InionAveragePage *self = data;
  const char *label = g_variant_get_string (parameter, NULL);
  guint index;

  gtk_widget_activate_action (GTK_WIDGET (self), "tools.show", "s", "average");
  if (is_chosen (self, label, &index))
    g_ptr_array_remove_index (self->chosen, index);
  else if (self->chosen->len < MOST_CONDITIONS)
    g_ptr_array_add (self->chosen, g_strdup (label));
  else
    g_signal_emit_by_name (self->state, "message", _("Eight conditions are as many as can be told "
                                                     "apart: take one out first."));
  inion_label_picker_show_chosen (INION_LABEL_PICKER (self->labels), self->chosen);
  ask (self);
}

static void
list_labels (InionAveragePage *self)
{
  g_autoptr (GPtrArray) marks = NULL;

  if (inion_view_state_get_study (self->state) == NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  marks = collect_marks (self);
  if (!inion_label_picker_list (INION_LABEL_PICKER (self->labels), marks, self->chosen))
    return;
  gtk_widget_set_visible (self->settings,
                          !inion_label_picker_is_empty (INION_LABEL_PICKER (self->labels)));
  show_answer (self);
}

/* Marks that come or go change what was averaged about. */
static void
on_marks_changed (InionAveragePage *self)
{
  list_labels (self);
  if (self->chosen->len > 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    ask (self);
}

/* Showing. */

static guint
get_row (InionAveragePage *self)
{
  guint row = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->channel));

  return MIN (row, self->answer->shown->derivations->len - 1);
}

static gsize
get_sample (InionAveragePage *self)
{
  const InionAverage *average = self->answer->shown;
  double at = gtk_range_get_value (GTK_RANGE (self->latency)) / 1000 * average->rate_hz -
              (double) average->window.first;

  return (gsize) CLAMP (round (at), 0, (double) average->window.n - 1);
}

static const InionAverageCondition *
get_condition (const InionAverage *average,
               guint               index)
{
  return g_ptr_array_index (average->conditions, index);
}

static void
fill_plot (InionAveragePage *self,
           InionEvokedPlot  *plot,
           InionEvokedCurve *curves)
{
  const InionAverage *average = self->answer->shown;
  gsize n = average->window.n;
  guint row = get_row (self);

  *plot = (InionEvokedPlot) {
    .n = n, .from_s = inion_average_get_time_s (average, 0), .rate_hz = average->rate_hz,
    .curves = curves,
    .unit = inion_channel_get_unit (inion_montage_get_clock (
      average->montage, g_array_index (average->derivations, guint, row))),
    .negative_up = inion_view_state_get_negative_up (self->state),
    .hover_s = inion_average_get_time_s (average, get_sample (self)),
  };
  for (guint c = 0; c < average->conditions->len; c++)
    {
      const InionEvoked *evoked = get_condition (average, c)->evoked;

      if (evoked->counts[INION_EPOCH_USED] == 0)
        continue;
      if (plot->butterfly == NULL)
        {
          plot->butterfly = evoked->mean;
          plot->n_butterfly = evoked->n_channels;
        }
      curves[plot->n_curves++] = (InionEvokedCurve) {
        .label = get_condition (average, c)->label, .color = inion_colormap_get_class (c),
        .dashed = c % 2 == 1, .mean = evoked->mean + row * n,
        .half_width = self->answer->bands[c] + row * n,
      };
    }
}

static void
draw_plot (GtkDrawingArea *area,
           cairo_t        *cr,
           int             width,
           int             height,
           gpointer        data)
{
  InionAveragePage *self = data;
  InionPlotStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)) };
  InionEvokedCurve curves[MOST_CONDITIONS];
  InionEvokedPlot plot;

  if (self->answer == NULL)
    return;
  fill_plot (self, &plot, curves);
  inion_evoked_draw (cr, width, height, &plot, &style);
}

/* The first condition that has an epoch. */
static const InionAverageCondition *
get_mapped_condition (InionAveragePage *self)
{
  const InionAverage *average = self->answer != NULL ? self->answer->mapped : NULL;

  for (guint c = 0; average != NULL && c < average->conditions->len; c++)
    if (get_condition (average, c)->evoked->counts[INION_EPOCH_USED] > 0)
      return get_condition (average, c);
  return NULL;
}

static void
draw_map (GtkDrawingArea *area,
          cairo_t        *cr,
          int             width,
          int             height,
          gpointer        data)
{
  InionAveragePage *self = data;
  InionScalpMapStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)), .unit = "µV" };
  const InionAverageCondition *condition = get_mapped_condition (self);
  g_autofree double *values = NULL;
  gsize sample;

  if (condition == NULL)
    return;
  sample = get_sample (self);
  values = g_new (double, self->answer->map->n);
  for (guint e = 0; e < self->answer->map->n; e++)
    values[e] = condition->evoked->mean[e * condition->evoked->n_times + sample];
  inion_scalp_map_draw (cr, 0, 0, width, height, self->answer->map->positions,
                        (const char *const *) self->answer->map->names, values,
                        self->answer->map->n, &style);
}

static void
show_latency (InionAveragePage *self)
{
  const InionAverageCondition *condition = get_mapped_condition (self);
  const InionAverage *average;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *map = NULL;
  gsize sample;
  double ms;

  gtk_widget_queue_draw (self->plot);
  gtk_widget_queue_draw (self->map);
  if (self->answer == NULL)
    return;
  average = self->answer->shown;
  sample = get_sample (self);
  ms = inion_average_get_time_s (average, sample) * 1000;
  g_string_append_printf (text, "%s%.0f\u2009ms", ms < 0 ? "\u2212" : "", fabs (ms));
  for (guint c = 0; c < average->conditions->len; c++)
    {
      gsize at = get_row (self) * average->window.n + sample;

      if (get_condition (average, c)->evoked->counts[INION_EPOCH_USED] > 0)
        g_string_append_printf (text, " · %s %s%.1f ± %.1f", get_condition (average, c)->label,
                                get_condition (average, c)->evoked->mean[at] < 0 ? "\u2212" : "",
                                fabs (get_condition (average, c)->evoked->mean[at]),
                                self->answer->bands[c][at]);
    }
  gtk_label_set_text (self->values, text->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->latency),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text->str, -1);
  if (condition != NULL)
    map = g_strdup_printf (_("%s at %s%.0f\u2009ms · average reference"), condition->label,
                           ms < 0 ? "\u2212" : "", fabs (ms));
  else
    map = g_strdup (self->answer->no_map != NULL ? self->answer->no_map : "");
  gtk_label_set_text (self->map_caption, map);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  map, -1);
}

/* Where there is most to see: the highest field power of the first condition after the event. */
static double
find_peak_s (InionAveragePage *self)
{
  const InionAverageCondition *condition = get_mapped_condition (self);
  g_autofree double *power = NULL;
  g_autofree guint *rows = NULL;
  gsize best = 0;
  double peak = -1;

  if (condition == NULL)
    return 0;
  rows = g_new (guint, condition->evoked->n_channels);
  power = g_new (double, condition->evoked->n_times);
  for (guint r = 0; r < condition->evoked->n_channels; r++)
    rows[r] = r;
  inion_evoked_get_field_power (condition->evoked, rows, condition->evoked->n_channels, power);
  for (gsize t = 0; t < condition->evoked->n_times; t++)
    if (inion_average_get_time_s (self->answer->mapped, t) >= 0 && power[t] > peak)
      {
        peak = power[t];
        best = t;
      }
  return inion_average_get_time_s (self->answer->mapped, best);
}

/* Keeps the channel that was looked at, if it is still there; else what was pointed at. */
static void
fill_channels (InionAveragePage *self)
{
  const InionAverage *average = self->answer->shown;
  GtkStringList *names = gtk_string_list_new (NULL);
  GtkStringObject *old = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->channel));
  g_autofree char *kept = old != NULL ? g_strdup (gtk_string_object_get_string (old)) : NULL;
  int pointed = inion_view_state_get_cursor_derivation (self->state);
  guint selected = 0;

  for (guint i = 0; i < average->derivations->len; i++)
    {
      guint derivation = g_array_index (average->derivations, guint, i);
      const char *label = inion_montage_get_derivation (average->montage, derivation)->label;

      gtk_string_list_append (names, label);
      if (kept != NULL ? g_str_equal (label, kept) : (int) derivation == pointed)
        selected = i;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->channel), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->channel), selected);
  gtk_range_set_range (GTK_RANGE (self->latency), inion_average_get_time_s (average, 0) * 1000,
                       inion_average_get_time_s (average, average->window.n - 1) * 1000);
  if (self->is_fresh)
    gtk_range_set_value (GTK_RANGE (self->latency), find_peak_s (self) * 1000);
  self->is_fresh = FALSE;
  self->filling = FALSE;
  g_object_unref (names);
}

static void
show_answer (InionAveragePage *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean any = !inion_label_picker_is_empty (INION_LABEL_PICKER (self->labels));

  gtk_widget_set_visible (self->results, self->answer != NULL);
  gtk_label_set_text (self->hint, any ? _("Choose what to average about: each label is one "
                                          "condition.")
                                      : _("This recording has no events or marks to average "
                                          "about. Mark some, or import them."));
  if (self->answer == NULL)
    return;
  for (guint c = 0; c < self->answer->shown->conditions->len; c++)
    {
      const InionAverageCondition *condition = get_condition (self->answer->shown, c);
      g_autofree char *counts = inion_average_condition_dup_counts (condition);

      g_string_append_printf (text, "%s%s: %s", c > 0 ? "\n" : "", condition->label, counts);
    }
  g_string_append (text, _("\nBand: 95\u2009% of the mean at each time by itself (Student’s t over "
                           "epochs). Grey: all channels of the first condition."));
  gtk_label_set_text (self->counts, text->str);
  fill_channels (self);
  gtk_widget_set_visible (self->map, get_mapped_condition (self) != NULL);
  show_latency (self);
}

static void
on_channel_changed (InionAveragePage *self)
{
  if (!self->filling)
    show_latency (self);
}

static void
on_plot_motion (GtkEventControllerMotion *controller,
                double                    x,
                double                    y,
                InionAveragePage         *self)
{
  InionEvokedCurve curves[MOST_CONDITIONS];
  InionEvokedPlot plot;
  double time;

  if (self->answer == NULL)
    return;
  fill_plot (self, &plot, curves);
  time = inion_evoked_x_to_time (&plot, gtk_widget_get_width (self->plot), x);
  if (isfinite (time))
    gtk_range_set_value (GTK_RANGE (self->latency), time * 1000);
}

/* Another recording, or none. */
static void
on_study_changed (InionAveragePage *self)
{
  g_clear_object (&self->job);
  g_clear_pointer (&self->answer, inion_average_answer_free);
  g_ptr_array_set_size (self->chosen, 0);
  self->is_fresh = TRUE;
  inion_label_picker_clear (INION_LABEL_PICKER (self->labels));
  show_answer (self);
  list_labels (self);
}

static void
on_signal_changed (InionAveragePage *self)
{
  if (self->chosen->len > 0)
    ask (self);
}

/* Building. */

static GtkWidget *
add_spin (InionAveragePage *self,
          GtkWidget        *grid,
          int               row,
          const char       *name,
          double            min,
          double            max,
          double            step,
          double            value)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (name);
  GtkWidget *spin = gtk_spin_button_new_with_range (min, max, step);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), spin);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_grid_attach (GTK_GRID (grid), label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), spin, 1, row, 1, 1);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (ask), self);
  return spin;
}

static GtkWidget *
add_check (InionAveragePage *self,
           GtkWidget        *box,
           const char       *name)
{
  GtkWidget *check = gtk_check_button_new_with_mnemonic (name);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (ask), self);
  gtk_box_append (GTK_BOX (box), check);
  return check;
}

static void
add_settings (InionAveragePage *self,
              GtkWidget        *box)
{
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *grid = gtk_grid_new ();

  self->settings = gtk_expander_new_with_mnemonic (_("_Epochs, baseline and rejection"));
  gtk_widget_set_visible (self->settings, FALSE);
  gtk_widget_set_margin_top (self->settings, 6);
  gtk_widget_set_margin_top (inside, 6);
  gtk_expander_set_child (GTK_EXPANDER (self->settings), inside);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  self->from = add_spin (self, grid, 0, _("Fr_om (ms)"), -60000, 60000, 50, -200);
  self->to = add_spin (self, grid, 1, _("_To (ms)"), -60000, 60000, 50, 800);
  self->most = add_spin (self, grid, 2, _("Largest epoch (_µV; 0: any)"), 0, 10000, 10, 0);
  gtk_box_append (GTK_BOX (inside), grid);
  self->baseline = add_check (self, inside, _("_Baseline before the event"));
  self->artifacts = add_check (self, inside, _("Leave out epochs that touch _artifacts"));
  gtk_box_append (GTK_BOX (box), self->settings);
}

static void
add_results (InionAveragePage *self,
             GtkWidget        *box)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->results = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_visible (self->results, FALSE);
  gtk_widget_set_margin_top (self->results, 6);
  self->channel = gtk_drop_down_new (NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->channel), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Channel"), -1);
  inion_panel_set_tooltip (self->channel, _("Channel"));
  g_signal_connect_swapped (self->channel, "notify::selected", G_CALLBACK (on_channel_changed),
                            self);
  gtk_box_append (GTK_BOX (self->results), self->channel);
  self->plot = inion_panel_plot (self->results, _("Average"), 230, draw_plot, self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_plot_motion), self);
  gtk_widget_add_controller (self->plot, motion);
  self->latency = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, -200, 800, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->latency), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Latency"), -1);
  g_signal_connect_swapped (self->latency, "value-changed", G_CALLBACK (on_channel_changed), self);
  gtk_box_append (GTK_BOX (self->results), self->latency);
  self->values = inion_panel_caption (self->results, NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->values), "dim-label");
  self->counts = inion_panel_caption (self->results, NULL);
  self->map = inion_panel_plot (self->results, _("Scalp map of the average"), 250, draw_map, self);
  self->map_caption = inion_panel_caption (self->results, NULL);
  gtk_box_append (GTK_BOX (box), self->results);
}

static void
build (InionAveragePage *self)
{
  GtkWidget *box = inion_panel_column (&self->scroller);

  inion_panel_heading (box, _("Average after events"));
  self->hint = inion_panel_caption (box, NULL);
  self->labels = inion_label_picker_new ("tools.average-label");
  gtk_box_append (GTK_BOX (box), self->labels);
  add_settings (self, box);
  add_results (self, box);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_average_page_dispose (GObject *object)
{
  InionAveragePage *self = INION_AVERAGE_PAGE (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->job);
  g_clear_pointer (&self->answer, inion_average_answer_free);
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_average_page_parent_class)->dispose (object);
}

static void
inion_average_page_class_init (InionAveragePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_average_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inion_average_page_init (InionAveragePage *self)
{
  self->chosen = g_ptr_array_new_with_free_func (g_free);
  build (self);
  g_signal_connect (self, "map", G_CALLBACK (on_marks_changed), NULL);
}

GtkWidget *
inion_average_page_new (InionViewState *state,
                        GActionMap     *actions)
{
  static const GActionEntry entries[] = {
    { .name = "average-label", .activate = on_label, .parameter_type = "s" },
  };
  InionAveragePage *self = g_object_new (INION_TYPE_AVERAGE_PAGE, NULL);

  self->state = g_object_ref (state);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (state, "marks-changed", G_CALLBACK (on_marks_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::study", G_CALLBACK (on_study_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::signal", G_CALLBACK (on_signal_changed), self,
                           G_CONNECT_SWAPPED);
  show_answer (self);
  return GTK_WIDGET (self);
}
