/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Network workspace: connectivity of the visible page on the head.
 *
 * The page (or the selection) is cut into epochs; the measure is taken over epochs, for all pairs of
 * good EEG channels that have a place on the head, from the signal as recorded. A null made by
 * shuffling epochs says what the largest pair would be without coupling: nothing is drawn without
 * it. The graph follows the page while the workspace is open. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/network/network-panel.h"

#include "app/network/network-job.h"
#include "app/panel-kit.h"

#include "marker/band-marker.h"
#include "scalp/montage.h"
#include "widgets/render/head-graph.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define MAX_SPAN_S 120.0
#define FEW_EPOCHS 30

struct _InionNetworkPanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GSimpleActionGroup *actions;
  GtkWidget *scroller;
  GtkDropDown *measure;
  GtkDropDown *band;
  GtkDropDown *epoch;
  GtkWidget *graph;
  GtkLabel *caption;
  GtkWidget *threshold;
  GtkLabel *warning;
  GtkLabel *hubs;
  InionNetworkAnswer *answer;
  InionJob *job;                 /* the measurement that is waited for */
  gboolean threshold_set;        /* by the person: do not move it */
  gboolean moving;
  int highlight;
  guint ask_id;
};

G_DEFINE_FINAL_TYPE (InionNetworkPanel, inion_network_panel, GTK_TYPE_WIDGET)

static const double epoch_lengths[] = { 0.5, 1.0, 2.0, 4.0 };

/* Showing. */

static guint
count_edges (const InionNetworkAnswer *answer,
             double                    threshold)
{
  guint n = 0;

  for (guint i = 0; i < answer->n; i++)
    for (guint j = i + 1; j < answer->n; j++)
      n += fabs (answer->matrix[(gsize) i * answer->n + j]) >= threshold;
  return n;
}

static double
largest (const InionNetworkAnswer *answer)
{
  double max = 0;

  for (gsize i = 0; i < (gsize) answer->n * answer->n; i++)
    max = MAX (max, fabs (answer->matrix[i]));
  return max;
}

static void
draw_graph (GtkDrawingArea *area,
            cairo_t        *cr,
            int             width,
            int             height,
            gpointer        data)
{
  InionNetworkPanel *self = data;
  InionHeadGraphStyle style = {
    .dark = inion_panel_is_dark (GTK_WIDGET (area)),
    .highlight = self->highlight,
    .threshold = gtk_range_get_value (GTK_RANGE (self->threshold)),
  };

  g_autofree char *null_bound = NULL;

  if (self->answer == NULL)
    return;
  null_bound = g_strdup_printf (_("null, largest pair 95\u2009%%: %.2f"), self->answer->bound);
  style.measure = self->answer->title;
  style.caption = null_bound;
  inion_head_graph_draw (cr, 0, 0, width, height, self->answer->positions,
                         (const char *const *) self->answer->names, self->answer->matrix,
                         self->answer->n, &style);
}

/* The five channels with the most edges, in words: what the picture says, for reading out. */
static char *
describe_hubs (const InionNetworkAnswer *answer,
               double                    threshold)
{
  g_autofree double *degree = g_new0 (double, answer->n);
  g_autofree double *strength = g_new0 (double, answer->n);
  g_autoptr (GString) text = g_string_new (NULL);

  inion_graph_degree (answer->matrix, answer->n, threshold, degree);
  inion_graph_strength (answer->matrix, answer->n, threshold, strength);
  for (guint shown = 0; shown < MIN (5, answer->n); shown++)
    {
      guint best = 0;

      for (guint i = 1; i < answer->n; i++)
        if (strength[i] > strength[best])
          best = i;
      if (!(degree[best] > 0))
        break;
      g_string_append_printf (text, "%s%s (%.0f; %.2f)", shown > 0 ? ", " : "",
                              answer->names[best], degree[best], strength[best]);
      strength[best] = -1;
    }
  if (text->len == 0)
    return g_strdup (_("No pair reaches the threshold."));
  return g_strdup_printf (_("Strongest nodes (degree; strength): %s"), text->str);
}

static void
show_answer (InionNetworkPanel *self)
{
  const InionNetworkAnswer *answer = self->answer;
  double threshold = gtk_range_get_value (GTK_RANGE (self->threshold));
  g_autofree char *hubs = describe_hubs (answer, threshold);
  g_autofree char *from = inion_view_state_format_time (self->state, answer->from, 1);
  g_autofree char *left_out =
    answer->n_left_out > 0
      ? g_strdup_printf (ngettext (", %u with a gap left out", ", %u with a gap left out",
                                   (guint) answer->n_left_out), (guint) answer->n_left_out)
      : g_strdup ("");
  g_autofree char *caption =
    g_strdup_printf (_("Edges of %.2f or more are drawn\n%s + %.3g\u2009s · %u epochs%s"),
                     threshold, from, answer->to - answer->from, (guint) answer->n_epochs, left_out);
  /* What the picture and its legend say, for reading out. */
  g_autofree char *description =
    g_strdup_printf (_("%u of %u edges at %.2f or more · null, largest pair 95\u2009%%: %.2f\n%s · "
                       "%s + %.3g\u2009s · %u epochs%s"),
                     count_edges (answer, threshold), answer->n * (answer->n - 1) / 2, threshold,
                     answer->bound, answer->title, from, answer->to - answer->from,
                     (guint) answer->n_epochs, left_out);
  g_autofree char *warning =
    answer->n_epochs < FEW_EPOCHS
      ? g_strdup_printf (_("Only %u epochs: below about %u these measures are biased and vary a "
                           "lot. Show a longer page or choose shorter epochs."),
                         (guint) answer->n_epochs, FEW_EPOCHS) : NULL;

  gtk_label_set_text (self->caption, caption);
  gtk_label_set_text (self->hubs, hubs);
  gtk_label_set_text (self->warning, warning != NULL ? warning : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), warning != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->graph), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
  gtk_widget_queue_draw (self->graph);
}

/* Nothing is drawn beside a sentence that says why there is nothing. */
static void
show_no_answer (InionNetworkPanel *self,
                const char        *why)
{
  g_clear_pointer (&self->answer, inion_network_answer_free);
  self->highlight = -1;
  gtk_widget_set_sensitive (self->threshold, FALSE);
  gtk_label_set_text (self->caption, why);
  gtk_label_set_text (self->hubs, "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->graph), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  why, -1);
  gtk_widget_queue_draw (self->graph);
}

static void
on_threshold (InionNetworkPanel *self)
{
  if (!self->moving)
    self->threshold_set = TRUE;
  if (self->answer != NULL)
    show_answer (self);
}

static void
on_measured (InionJob     *job,
             gpointer      result,
             const GError *error,
             gpointer      user_data)
{
  g_autoptr (InionNetworkPanel) self = user_data;
  InionNetworkAnswer *answer = result;
  double top;

  /* Superseded, or about a recording that is not open any more. */
  if (job != self->job || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_pointer (&answer, inion_network_answer_free);
      if (job == self->job)
        g_clear_object (&self->job);
      return;
    }
  g_clear_object (&self->job);
  if (answer == NULL)
    {
      show_no_answer (self, error->message);
      return;
    }
  g_clear_pointer (&self->answer, inion_network_answer_free);
  self->answer = answer;
  self->highlight = -1;
  gtk_widget_set_sensitive (self->threshold, TRUE);
  top = MAX (largest (answer), answer->bound);
  self->moving = TRUE;
  gtk_range_set_range (GTK_RANGE (self->threshold), 0, MAX (top, 0.01));
  if (!self->threshold_set)
    gtk_range_set_value (GTK_RANGE (self->threshold), answer->bound);
  self->moving = FALSE;
  show_answer (self);
}

/* Asking. */

static GArray *
good_channels (InionNetworkPanel *self,
               InionRecording    *recording)
{
  GArray *channels = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = inion_recording_get_n_channels (recording);
  g_autofree InionPosition *places = g_new0 (InionPosition, MAX (n, 1));
  g_autofree gboolean *known = g_new0 (gboolean, MAX (n, 1));
  double rate = 0;

  inion_montage_locate_channels (recording, places, known);
  for (guint i = 0; i < n; i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);

      if (!known[i] || inion_view_state_is_bad (self->state, inion_channel_get_label (channel)))
        continue;
      /* Pairs need one clock: the first channel's. */
      if (channels->len == 0)
        rate = inion_channel_get_rate_hz (channel);
      if (G_APPROX_VALUE (rate, inion_channel_get_rate_hz (channel), 1e-9))
        g_array_append_val (channels, i);
    }
  return channels;
}

static void
forget_job (InionNetworkPanel *self)
{
  if (self->job != NULL)
    inion_job_cancel (self->job);
  g_clear_object (&self->job);
}

static void
ask (InionNetworkPanel *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  gsize n_bands;
  const InionBandDefinition *bands = inion_band_definitions (&n_bands);
  const InionBandDefinition *band =
    &bands[MIN (gtk_drop_down_get_selected (self->band), (guint) n_bands - 1)];
  GtkStringObject *measure_name = gtk_drop_down_get_selected_item (self->measure);
  g_autoptr (GArray) channels = NULL;
  InionNetworkQuestion *question;

  if (recording == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  channels = good_channels (self, recording);
  if (channels->len < 2)
    {
      forget_job (self);
      show_no_answer (self, _("Connectivity needs at least two good EEG channels whose place on "
                              "the head is known."));
      return;
    }
  question = inion_network_question_new (recording, channels);
  if (!inion_view_state_get_selection (self->state, &question->from, &question->to))
    {
      question->from = inion_view_state_get_from (self->state);
      question->to = question->from + inion_view_state_get_page (self->state);
    }
  question->to = MIN (question->to, question->from + MAX_SPAN_S);
  question->epoch_s = epoch_lengths[gtk_drop_down_get_selected (self->epoch) %
                                    G_N_ELEMENTS (epoch_lengths)];
  question->measure = (InionConnectivityMeasure) gtk_drop_down_get_selected (self->measure);
  question->low_hz = band->low_hz;
  question->high_hz = band->high_hz;
  question->title = g_strdup_printf ("%s, %s %g–%g\u2009Hz",
                                     gtk_string_object_get_string (measure_name), band->name,
                                     band->low_hz, band->high_hz);
  forget_job (self);
  self->job = inion_network_job_new (question);
  inion_job_list_submit (inion_view_state_get_jobs (self->state), self->job, "network", on_measured,
                         g_object_ref (self));
}

static gboolean
ask_now (gpointer data)
{
  InionNetworkPanel *self = data;

  self->ask_id = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

/* Paging quickly must not start a measurement for each page that flies by. */
static void
ask_soon (InionNetworkPanel *self)
{
  g_clear_handle_id (&self->ask_id, g_source_remove);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->ask_id = g_timeout_add (150, ask_now, self);
}

/* Before another recording is opened nothing is: what is shown was about the last one. */
static void
on_recording_changed (InionNetworkPanel *self)
{
  if (inion_view_state_get_recording (self->state) == NULL)
    {
      forget_job (self);
      self->threshold_set = FALSE;
      show_no_answer (self, "");
    }
  ask_soon (self);
}

static void
on_choice (InionNetworkPanel *self)
{
  self->threshold_set = FALSE;
  ask_soon (self);
}

static void
on_motion (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           InionNetworkPanel        *self)
{
  int highlight = -1;

  if (self->answer != NULL)
    highlight = inion_head_graph_pick (0, 0, gtk_widget_get_width (self->graph),
                                       gtk_widget_get_height (self->graph), self->answer->positions,
                                       self->answer->n, x, y);
  if (highlight != self->highlight)
    {
      self->highlight = highlight;
      gtk_widget_queue_draw (self->graph);
    }
}

static void
on_compute (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       data)
{
  on_choice (data);
}

static void
on_set_measure (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  InionNetworkPanel *self = data;
  InionConnectivityMeasure chosen;

  if (inion_connectivity_measure_from_string (g_variant_get_string (parameter, NULL), &chosen))
    gtk_drop_down_set_selected (self->measure, (guint) chosen);
}

/* Building. */

static GtkDropDown *
add_choice (InionNetworkPanel *self,
            GtkWidget         *grid,
            int                row,
            const char        *title,
            const char *const *choices,
            guint              selected)
{
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *choice = gtk_drop_down_new_from_strings (choices);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), selected);
  gtk_widget_set_hexpand (choice, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_grid_attach (GTK_GRID (grid), label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), choice, 1, row, 1, 1);
  g_signal_connect_swapped (choice, "notify::selected", G_CALLBACK (on_choice), self);
  return GTK_DROP_DOWN (choice);
}

static GtkDropDown *
add_band_choice (InionNetworkPanel *self,
                 GtkWidget         *grid)
{
  gsize n;
  const InionBandDefinition *bands = inion_band_definitions (&n);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (gsize b = 0; b < n; b++)
    {
      g_autofree char *name = g_strdup_printf ("%s  %g–%g\u2009Hz", _(bands[b].name),
                                               bands[b].low_hz, bands[b].high_hz);

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  return add_choice (self, grid, 1, _("Band"), (const char *const *) names, 2);
}

static void
build (InionNetworkPanel *self)
{
  const char *const measures[] = { _("Coherence"), _("Imaginary coherence"), _("Debiased wPLI²"),
                                   NULL };
  const char *const epochs[] = { "0.5\u2009s", "1\u2009s", "2\u2009s", "4\u2009s", NULL };
  GtkWidget *box = inion_panel_column (&self->scroller);
  GtkWidget *grid = gtk_grid_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  inion_panel_heading (box, _("Connectivity of the page"));
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_box_append (GTK_BOX (box), grid);
  self->graph = inion_panel_plot (box, _("Connectivity graph on the head"), 328, draw_graph, self);
  self->threshold = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 0.01);
  gtk_widget_set_sensitive (self->threshold, FALSE);
  gtk_scale_set_draw_value (GTK_SCALE (self->threshold), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->threshold), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Threshold: edges at least this strong are drawn"), -1);
  gtk_widget_set_tooltip_text (self->threshold,
                               _("Threshold: edges at least this strong are drawn. It starts at the "
                                 "null's 95 % bound."));
  gtk_box_append (GTK_BOX (box), self->threshold);
  self->caption = inion_panel_caption (box, _("The graph of the visible page is being measured."));
  self->warning = inion_panel_caption (box, NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->warning), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->warning), "finding-warning");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), FALSE);
  self->hubs = inion_panel_caption (box, NULL);
  inion_panel_caption (box, _("Channels of one head share sources through the volume conductor: "
                              "coherence of neighbours is high without any coupling. Imaginary "
                              "coherence and wPLI leave out what arrives everywhere at once."));
  self->measure = add_choice (self, grid, 0, _("Measure"), measures, 1);
  self->band = add_band_choice (self, grid);
  self->epoch = add_choice (self, grid, 2, _("Epochs of"), epochs, 0);
  g_signal_connect_swapped (self->threshold, "value-changed", G_CALLBACK (on_threshold), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (self->graph, motion);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_network_panel_dispose (GObject *object)
{
  InionNetworkPanel *self = INION_NETWORK_PANEL (object);

  g_clear_handle_id (&self->ask_id, g_source_remove);
  forget_job (self);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->answer, inion_network_answer_free);
  g_clear_object (&self->actions);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_network_panel_parent_class)->dispose (object);
}

static void
inion_network_panel_class_init (InionNetworkPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_network_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "networkpanel");
}

static void
inion_network_panel_init (InionNetworkPanel *self)
{
  static const GActionEntry entries[] = {
    { .name = "compute", .activate = on_compute },
    { .name = "set-measure", .activate = on_set_measure, .parameter_type = "s" },
  };

  self->highlight = -1;
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  build (self);
  g_signal_connect (self, "map", G_CALLBACK (ask_soon), NULL);
}

/**
 * inion_network_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the panel
 */
GtkWidget *
inion_network_panel_new (InionViewState *state)
{
  static const char *const watched[] = { "notify::selection", "notify::from", "notify::page",
                                         "notify::bad", NULL };
  InionNetworkPanel *self = g_object_new (INION_TYPE_NETWORK_PANEL, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::recording", G_CALLBACK (on_recording_changed), self,
                           G_CONNECT_SWAPPED);
  for (guint i = 0; watched[i] != NULL; i++)
    g_signal_connect_object (state, watched[i], G_CALLBACK (ask_soon), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * inion_network_panel_get_actions:
 *
 * Returns: (transfer none): the panel's actions
 */
GActionGroup *
inion_network_panel_get_actions (InionNetworkPanel *self)
{
  return G_ACTION_GROUP (self->actions);
}
