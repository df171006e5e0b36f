/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector of Review: scalp map, spectrum and band powers of what is under the cursor.
 *
 * With a selection: the mean map over it and its spectrum; else the map at the cursor and the
 * spectrum of the page. Where that reaches over a gap, the longest stretch without one is looked at
 * alone, and the caption says so. One measurement runs at a time, off the main thread; when it ends
 * and the cursor has moved on, the next begins. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/review-panel.h"

#include "app/panel-kit.h"
#include "app/review/review-job.h"

#include "marker/band-marker.h"
#include "widgets/render/plots.h"
#include "widgets/render/scalp-map.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define MAX_HZ 80.0

struct _InionReviewPanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GSimpleActionGroup *actions;
  InionShownSignal *map_signal;
  char *no_map;              /* why there is no map of this recording */
  GtkWidget *scroller;
  GtkWidget *map;
  GtkLabel *map_caption;
  GtkWidget *spectrum;
  GtkLabel *spectrum_caption;
  GtkLabel *band_values[INION_REVIEW_N_BANDS];
  GtkWidget *band_bars[INION_REVIEW_N_BANDS];
  GtkLabel *peak;
  InionReviewAnswer *answer;
  InionJob *job;             /* the measurement that is waited for */
  gboolean again;
  int derivation;            /* the last that was pointed at; negative: none yet */
};

G_DEFINE_FINAL_TYPE (InionReviewPanel, inion_review_panel, GTK_TYPE_WIDGET)

/* Showing. */

static void
draw_map (GtkDrawingArea *area,
          cairo_t        *cr,
          int             width,
          int             height,
          gpointer        data)
{
  InionReviewPanel *self = data;
  InionScalpMapStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)), .unit = "µV" };

  if (self->answer != NULL && self->answer->n > 0)
    inion_scalp_map_draw (cr, 0, 0, width, height, self->answer->positions,
                          (const char *const *) self->answer->names, self->answer->values,
                          self->answer->n, &style);
}

static void
draw_spectrum (GtkDrawingArea *area,
               cairo_t        *cr,
               int             width,
               int             height,
               gpointer        data)
{
  InionReviewPanel *self = data;
  InionPlotStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)) };

  if (self->answer != NULL && self->answer->psd != NULL)
    inion_spectrum_draw (cr, width, height, self->answer->psd, self->answer->n_bins,
                         self->answer->bin_hz,
                         MIN (MAX_HZ, self->answer->bin_hz * (double) (self->answer->n_bins - 1)),
                         -1, NULL, &style);
}

static void
show_bands (InionReviewPanel *self)
{
  const InionReviewAnswer *answer = self->answer;

  for (guint b = 0; b < INION_REVIEW_N_BANDS; b++)
    {
      gboolean known = answer->bands_known && isfinite (answer->absolute[b]);
      g_autofree char *text = known ? g_strdup_printf ("%.3g\u2009µV²", answer->absolute[b])
                                    : g_strdup ("–");

      gtk_label_set_text (self->band_values[b], text);
      gtk_level_bar_set_value (GTK_LEVEL_BAR (self->band_bars[b]),
                               known && isfinite (answer->relative[b]) ? answer->relative[b] : 0.0);
    }
  {
    g_autofree char *peak =
      answer->unit != NULL || answer->range == INION_REVIEW_RANGE_EMPTY ? g_strdup ("")
      : isfinite (answer->peak_hz)
        ? g_strdup_printf (_("Alpha peak %.1f\u2009Hz"), answer->peak_hz)
      : answer->bands_known ? g_strdup (_("No alpha peak stands out"))
                            : g_strdup (_("Bands need a longer stretch: 4\u2009s or more."));

    gtk_label_set_text (self->peak, peak);
  }
}

static void
show_answer (InionReviewPanel *self)
{
  const InionReviewAnswer *answer = self->answer;
  g_autofree char *from = inion_view_state_format_time (self->state, answer->map_from, 3);
  g_autofree char *map = NULL;
  g_autofree char *spectrum = NULL;

  if (answer->unit != NULL)
    spectrum = g_strdup_printf (_("%s is no voltage and has no spectrum here. Point at another "
                                  "trace."), answer->channel);
  else if (answer->range == INION_REVIEW_RANGE_EMPTY)
    spectrum = g_strdup (_("All of this lies in a gap of the recording: there is no spectrum."));
  else if (answer->range == INION_REVIEW_RANGE_CUT)
    spectrum = g_strdup_printf (_("%s · %.3g\u2009s, the longest stretch here without a gap · as "
                                  "shown, with its filters"),
                                answer->channel, answer->to - answer->from);
  else
    spectrum = g_strdup_printf (_("%s · %.3g\u2009s · as shown, with its filters"),
                                answer->channel, answer->to - answer->from);
  if (answer->map_range == INION_REVIEW_RANGE_EMPTY)
    map = g_strdup_printf (_("%s lies in a gap of the recording: there is no data to map."), from);
  else if (answer->map_range == INION_REVIEW_RANGE_CUT)
    map = g_strdup_printf (_("mean of %.3g\u2009s from %s, the longest stretch here without a gap · "
                             "average reference"), answer->map_to - answer->map_from, from);
  else if (answer->n == 0)
    map = g_strdup (self->no_map != NULL
                      ? self->no_map
                      : _("No good channel of this recording has a known place on the head."));
  else if (answer->map_to > answer->map_from)
    map = g_strdup_printf (_("mean of %.3g\u2009s from %s · average reference"),
                           answer->map_to - answer->map_from, from);
  else
    map = g_strdup_printf (_("%s · average reference"), from);
  /* Where there will be no map on any page, there is no room for one. */
  gtk_widget_set_visible (self->map, answer->n > 0 || answer->map_range == INION_REVIEW_RANGE_EMPTY);
  gtk_label_set_text (self->map_caption, map);
  gtk_label_set_text (self->spectrum_caption, spectrum);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  map, -1);
  show_bands (self);
  gtk_widget_queue_draw (self->map);
  gtk_widget_queue_draw (self->spectrum);
}

static void ask (InionReviewPanel *self);

static void
on_measured (InionJob     *job,
             gpointer      result,
             const GError *error,
             gpointer      user_data)
{
  g_autoptr (InionReviewPanel) self = user_data;

  /* About a recording that is not open any more. */
  if (job != self->job)
    {
      g_clear_pointer ((InionReviewAnswer **) &result, inion_review_answer_free);
      return;
    }
  g_clear_object (&self->job);
  if (result != NULL)
    {
      g_clear_pointer (&self->answer, inion_review_answer_free);
      self->answer = result;
      show_answer (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      gtk_label_set_text (self->spectrum_caption, error->message);
    }
  if (self->again)
    ask (self);
}

/* Before anybody has pointed at a trace: the first of the EEG. */
static guint
first_eeg (InionMontage *montage)
{
  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    if (inion_montage_get_derivation (montage, i)->kind == INION_CHANNEL_EEG)
      return i;
  return 0;
}

static void
ask (InionReviewPanel *self)
{
  InionShownSignal *signal = inion_view_state_get_signal (self->state);
  InionMontage *montage = signal != NULL ? inion_shown_signal_get_montage (signal) : NULL;
  InionReviewQuestion *question;
  double from, to;
  guint n;

  self->again = self->job != NULL;
  n = montage != NULL ? inion_montage_get_n_derivations (montage) : 0;
  if (self->job != NULL || n == 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  question = g_new0 (InionReviewQuestion, 1);
  question->signal = g_object_ref (signal);
  if (self->map_signal != NULL)
    question->map_signal = g_object_ref (self->map_signal);
  if (inion_view_state_get_selection (self->state, &from, &to))
    {
      question->map_from = question->from = from;
      question->map_to = question->to = to;
    }
  else
    {
      double cursor = inion_view_state_get_cursor (self->state);
      double page = inion_view_state_get_page (self->state);

      /* Before anybody has pointed at anything the middle of the page is shown. */
      question->from = inion_view_state_get_from (self->state);
      question->to = question->from + MIN (page, INION_REVIEW_MAX_SPECTRUM_S);
      if (!isfinite (cursor))
        cursor = question->from + page / 2.0;
      question->map_from = question->map_to = cursor;
    }
  if (inion_view_state_get_cursor_derivation (self->state) >= 0)
    self->derivation = inion_view_state_get_cursor_derivation (self->state);
  question->derivation = self->derivation < 0 ? first_eeg (montage)
                                              : MIN ((guint) self->derivation, n - 1);
  self->job = inion_review_job_new (question);
  inion_job_start (self->job, on_measured, g_object_ref (self));
}

static void
forget_job (InionReviewPanel *self)
{
  if (self->job != NULL)
    inion_job_cancel (self->job);
  g_clear_object (&self->job);
}

/* Before another recording is opened nothing is: what is shown was about the last one. */
static void
on_recording_changed (InionReviewPanel *self)
{
  if (inion_view_state_get_recording (self->state) != NULL)
    return;
  forget_job (self);
  self->again = FALSE;
  g_clear_pointer (&self->answer, inion_review_answer_free);
  self->derivation = -1;
  gtk_label_set_text (self->map_caption, "");
  gtk_label_set_text (self->spectrum_caption, "");
  gtk_label_set_text (self->peak, "");
  for (guint b = 0; b < INION_REVIEW_N_BANDS; b++)
    {
      gtk_label_set_text (self->band_values[b], "–");
      gtk_level_bar_set_value (GTK_LEVEL_BAR (self->band_bars[b]), 0.0);
    }
  gtk_widget_queue_draw (self->map);
  gtk_widget_queue_draw (self->spectrum);
}

/* The map always shows the average reference, whatever montage is on screen. */
static void
on_signal_changed (InionReviewPanel *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_autoptr (InionMontage) montage = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->map_signal);
  g_clear_pointer (&self->no_map, g_free);
  if (recording == NULL)
    return;
  montage =
    inion_montage_new ("average", recording, inion_view_state_get_bad (self->state), &error);
  if (montage == NULL)
    self->no_map = g_strdup (error->message);
  else
    self->map_signal = inion_shown_signal_new (montage, inion_view_state_get_filter (self->state));
  ask (self);
}

/* Building. */

static void
add_bands (InionReviewPanel *self,
           GtkWidget        *box)
{
  gsize n;
  const InionBandDefinition *bands = inion_band_definitions (&n);
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 10);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  for (gsize b = 0; b < MIN (n, INION_REVIEW_N_BANDS); b++)
    {
      g_autofree char *text = g_strdup_printf ("%s  %g–%g\u2009Hz", _(bands[b].name),
                                               bands[b].low_hz, bands[b].high_hz);
      GtkWidget *name = gtk_label_new (text);
      GtkWidget *value = gtk_label_new ("–");

      gtk_label_set_xalign (GTK_LABEL (name), 0);
      gtk_label_set_xalign (GTK_LABEL (value), 1);
      gtk_label_set_width_chars (GTK_LABEL (value), 9);
      gtk_widget_add_css_class (name, "numeric");
      gtk_widget_add_css_class (value, "numeric");
      self->band_values[b] = GTK_LABEL (value);
      self->band_bars[b] = gtk_level_bar_new_for_interval (0, 1);
      gtk_widget_set_hexpand (self->band_bars[b], TRUE);
      gtk_widget_set_valign (self->band_bars[b], GTK_ALIGN_CENTER);
      gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->band_bars[b]), "low");
      gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->band_bars[b]), "high");
      gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->band_bars[b]), "full");
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->band_bars[b]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
      gtk_grid_attach (GTK_GRID (grid), name, 0, (int) b, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), self->band_bars[b], 1, (int) b, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), value, 2, (int) b, 1, 1);
    }
  gtk_box_append (GTK_BOX (box), grid);
}

static void
build (InionReviewPanel *self)
{
  GtkWidget *box = inion_panel_column (&self->scroller);

  inion_panel_heading (box, _("Scalp map"));
  self->map = inion_panel_plot (box, _("Scalp map"), 270, draw_map, self);
  self->map_caption =
    inion_panel_caption (box, _("Point at the traces to see the potentials of that moment."));
  inion_panel_heading (box, _("Spectrum"));
  self->spectrum = inion_panel_plot (box, _("Spectrum"), 170, draw_spectrum, self);
  self->spectrum_caption = inion_panel_caption (box, NULL);
  inion_panel_heading (box, _("Bands"));
  add_bands (self, box);
  self->peak = inion_panel_caption (box, NULL);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_review_panel_dispose (GObject *object)
{
  InionReviewPanel *self = INION_REVIEW_PANEL (object);

  forget_job (self);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->answer, inion_review_answer_free);
  g_clear_object (&self->map_signal);
  g_clear_pointer (&self->no_map, g_free);
  g_clear_object (&self->actions);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_review_panel_parent_class)->dispose (object);
}

static void
inion_review_panel_class_init (InionReviewPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_review_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "reviewpanel");
}

static void
inion_review_panel_init (InionReviewPanel *self)
{
  self->derivation = -1;
  self->actions = g_simple_action_group_new ();
  build (self);
  g_signal_connect (self, "map", G_CALLBACK (ask), NULL);
}

/**
 * inion_review_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the inspector
 */
GtkWidget *
inion_review_panel_new (InionViewState *state)
{
  static const char *const watched[] = { "notify::cursor", "notify::selection", "notify::from",
                                         "notify::page", NULL };
  InionReviewPanel *self = g_object_new (INION_TYPE_REVIEW_PANEL, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::recording", G_CALLBACK (on_recording_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::signal", G_CALLBACK (on_signal_changed), self,
                           G_CONNECT_SWAPPED);
  for (guint i = 0; watched[i] != NULL; i++)
    g_signal_connect_object (state, watched[i], G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * inion_review_panel_get_actions:
 *
 * Returns: (transfer none): the panel's actions
 */
GActionGroup *
inion_review_panel_get_actions (InionReviewPanel *self)
{
  return G_ACTION_GROUP (self->actions);
}
