/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spectrogram's page of the inspector: power over time and frequency of one trace.
 *
 * Of the selection, else of the page; of the trace that was pointed at last. Half a segment of
 * signal before and after is looked at as well, so that the picture reaches as far as the page
 * does. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/spectrogram-page.h"

#include "app/panel-kit.h"
#include "app/tools/tool-runner.h"
#include "app/tools/tool-signal.h"

#include "widgets/render/plot-spectrogram.h"

#include <glib/gi18n.h>
#include <math.h>

#define MOST_COLUMNS 1500
#define COLUMNS_A_SEGMENT 8
#define MOST_S 21600.0

static const double segments_s[] = { 0.25, 0.5, 1, 2, 4 };
static const char *const segment_names[] = { "0.25\u2009s", "0.5\u2009s", "1\u2009s", "2\u2009s",
                                             "4\u2009s", NULL };
static const double tops_hz[] = { 20, 30, 40, 70, 120, 500 };
static const char *const top_names[] = { "20\u2009Hz", "30\u2009Hz", "40\u2009Hz", "70\u2009Hz",
                                         "120\u2009Hz", "500\u2009Hz", NULL };

typedef struct
{
  InionShownSignal *signal;
  guint derivation;
  double from_s, to_s;
  double segment_s;
} Question;

typedef struct
{
  InionSpectrogram *spectrogram;
  double origin_s;
  double from_s, to_s;
  double segment_s;
  char *channel;
  char *unit;
} Answer;

struct _InionSpectrogramPage
{
  GtkWidget parent_instance;

  InionViewState *state;
  InionToolRunner *runner;
  Answer *answer;
  GtkWidget *scroller;
  GtkWidget *plot;
  GtkWidget *segment;
  GtkWidget *top;
  GtkLabel *value;
  GtkLabel *caption;
  double low_db, high_db;
  gboolean has_power;
  double hover_s, hover_hz;
  int derivation;            /* the last that was pointed at; negative: none yet */
};

G_DEFINE_FINAL_TYPE (InionSpectrogramPage, inion_spectrogram_page, GTK_TYPE_WIDGET)

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->signal);
  g_free (question);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->spectrogram, inion_spectrogram_free);
  g_free (answer->channel);
  g_free (answer->unit);
  g_free (answer);
}

static gpointer
measure (InionJob  *job,
         gpointer   data,
         GError   **error)
{
  Question *question = data;
  InionMontage *montage = inion_shown_signal_get_montage (question->signal);
  InionChannel *clock = inion_montage_get_clock (montage, question->derivation);
  double rate = inion_channel_get_rate_hz (clock);
  gsize segment = (gsize) MAX (8, llround (question->segment_s * rate)), n, step;
  g_autoptr (InionSpectrogram) spectrogram = NULL;
  g_autofree double *x = NULL;
  Answer *answer;
  gint64 first;

  x = inion_tool_read_range (question->signal, question->derivation,
                             question->from_s - question->segment_s / 2,
                             question->to_s + question->segment_s / 2, &first, &n, error);
  if (x == NULL || !inion_job_check (job, error))
    return NULL;
  step = CLAMP (MAX (segment / COLUMNS_A_SEGMENT, n / MOST_COLUMNS), 1, segment);
  spectrogram = inion_spectrogram_new (x, n, rate, segment, segment - step, INION_WINDOW_HANN, job,
                                       error);
  if (spectrogram == NULL)
    return NULL;
  answer = g_new0 (Answer, 1);
  answer->spectrogram = g_steal_pointer (&spectrogram);
  answer->origin_s = (double) inion_channel_sample_to_ns (clock, first) / 1e9;
  answer->from_s = question->from_s;
  answer->to_s = question->to_s;
  answer->segment_s = (double) segment / rate;
  answer->channel = g_strdup (inion_montage_get_derivation (montage,
                                                            question->derivation)->label);
  answer->unit = g_strdup (inion_channel_get_unit (clock));
  return answer;
}

static guint
choose_derivation (InionSpectrogramPage *self,
                   InionMontage         *montage)
{
  int pointed = inion_view_state_get_cursor_derivation (self->state);
  guint n = inion_montage_get_n_derivations (montage);

  if (pointed >= 0)
    self->derivation = pointed;
  if (self->derivation >= 0 && (guint) self->derivation < n)
    return (guint) self->derivation;
  for (guint i = 0; i < n; i++)
    if (inion_montage_get_derivation (montage, i)->kind == INION_CHANNEL_EEG)
      return i;
  return 0;
}

static InionJob *
make_job (gpointer owner)
{
  InionSpectrogramPage *self = owner;
  InionShownSignal *signal = inion_view_state_get_signal (self->state);
  InionMontage *montage = signal != NULL ? inion_shown_signal_get_montage (signal) : NULL;
  Question *question;

  if (montage == NULL || inion_montage_get_n_derivations (montage) == 0 ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return NULL;
  question = g_new0 (Question, 1);
  question->signal = g_object_ref (signal);
  question->derivation = choose_derivation (self, montage);
  question->segment_s = segments_s[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->segment))];
  if (!inion_view_state_get_selection (self->state, &question->from_s, &question->to_s))
    {
      question->from_s = inion_view_state_get_from (self->state);
      question->to_s = MIN (question->from_s + inion_view_state_get_page (self->state),
                            inion_view_state_get_duration_s (self->state));
    }
  question->to_s = MIN (question->to_s, question->from_s + MOST_S);
  return inion_job_new (_("Computing the spectrogram"), measure, question, question_free,
                        answer_free);
}

/* Showing. */

static gboolean
get_plot (InionSpectrogramPage *self,
          InionSpectrogramPlot *plot)
{
  const Answer *answer = self->answer;
  InionRecording *recording = inion_view_state_get_recording (self->state);

  if (answer == NULL || recording == NULL || !self->has_power)
    return FALSE;
  *plot = (InionSpectrogramPlot) {
    .spectrogram = answer->spectrogram, .origin_s = answer->origin_s, .from_s = answer->from_s,
    .to_s = answer->to_s, .start = inion_recording_get_start (recording),
    .max_hz = MIN (tops_hz[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->top))],
                   answer->spectrogram->rate_hz / 2),
    .low_db = self->low_db, .high_db = self->high_db, .hover_s = self->hover_s,
    .hover_hz = self->hover_hz,
  };
  return TRUE;
}

static void
draw (GtkDrawingArea *area,
      cairo_t        *cr,
      int             width,
      int             height,
      gpointer        data)
{
  InionPlotStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)) };
  InionSpectrogramPlot plot;

  if (get_plot (data, &plot))
    inion_spectrogram_draw (cr, width, height, &plot, &style);
}

static void
show_value (InionSpectrogramPage *self)
{
  g_autofree char *text = NULL;

  if (self->answer != NULL && isfinite (self->hover_s))
    {
      double db = inion_spectrogram_get_db (self->answer->spectrogram,
                                            self->hover_s - self->answer->origin_s,
                                            self->hover_hz);
      g_autofree char *time = inion_view_state_format_time (self->state, self->hover_s, 2);

      text = isfinite (db)
               ? g_strdup_printf (_("%s · %.1f\u2009Hz · %s%.1f\u2009dB"), time, self->hover_hz,
                                  db < 0 ? "\u2212" : "", fabs (db))
               : g_strdup_printf (_("%s · %.1f\u2009Hz · no data"), time, self->hover_hz);
    }
  gtk_label_set_text (self->value, text != NULL ? text : _("Point at the picture for its values"));
}

static void
describe (InionSpectrogramPage *self)
{
  const Answer *answer = self->answer;
  const InionSpectrogram *s = answer->spectrogram;
  g_autofree char *text = NULL;

  if (s->n_empty == s->n_times)
    text = g_strdup (_("All of this lies in a gap of the recording: there is no power to show."));
  else if (!self->has_power)
    text = g_strdup_printf (_("%s is flat here: there is no power to show."), answer->channel);
  else
    text = g_strdup_printf (_("%s · segments of %.3g\u2009s, Hann, every %.3g\u2009s · dB re "
                              "1\u2009%s²/Hz · as shown, with its filters%s"), answer->channel,
                            answer->segment_s, (double) s->step / s->rate_hz, answer->unit,
                            s->n_empty > 0 ? _(" · hatched: gap") : "");
  gtk_label_set_text (self->caption, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->plot),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
update_limits (InionSpectrogramPage *self)
{
  self->has_power =
    self->answer != NULL &&
    inion_spectrogram_get_limits (self->answer->spectrogram,
                                  tops_hz[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->top))],
                                  &self->low_db, &self->high_db) &&
    self->high_db > self->low_db;
  gtk_widget_queue_draw (self->plot);
}

static void
show (gpointer      owner,
      gpointer      result,
      const GError *error)
{
  InionSpectrogramPage *self = owner;

  g_clear_pointer (&self->answer, answer_free);
  self->answer = result;
  update_limits (self);
  if (result != NULL)
    describe (self);
  else
    gtk_label_set_text (self->caption, error->message);
  show_value (self);
}

static void
ask (InionSpectrogramPage *self)
{
  inion_tool_runner_ask (self->runner);
}

static void
on_top_changed (InionSpectrogramPage *self)
{
  update_limits (self);
  if (self->answer != NULL)
    describe (self);
}

/* Pointing at traces only matters where it means another trace. */
static void
on_cursor_changed (InionSpectrogramPage *self)
{
  int pointed = inion_view_state_get_cursor_derivation (self->state);

  if (pointed >= 0 && pointed != self->derivation)
    ask (self);
}

static void
on_recording_changed (InionSpectrogramPage *self)
{
  if (inion_view_state_get_recording (self->state) != NULL)
    return;
  inion_tool_runner_forget (self->runner);
  g_clear_pointer (&self->answer, answer_free);
  self->derivation = -1;
  self->hover_s = self->hover_hz = NAN;
  update_limits (self);
  gtk_label_set_text (self->caption, "");
}

static void
on_motion (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           InionSpectrogramPage     *self)
{
  InionSpectrogramPlot plot;

  if (!get_plot (self, &plot) ||
      !inion_spectrogram_pick (&plot, gtk_widget_get_width (self->plot),
                               gtk_widget_get_height (self->plot), x, y, &self->hover_s,
                               &self->hover_hz))
    self->hover_s = self->hover_hz = NAN;
  else
    inion_view_state_set_cursor (self->state, self->hover_s, -1);
  show_value (self);
  gtk_widget_queue_draw (self->plot);
}

static void
on_leave (GtkEventControllerMotion *controller,
          InionSpectrogramPage     *self)
{
  self->hover_s = self->hover_hz = NAN;
  show_value (self);
  gtk_widget_queue_draw (self->plot);
}

/* Building. */

static GtkWidget *
add_choice (GtkWidget         *grid,
            int                row,
            const char        *name,
            const char *const *names,
            guint              selected)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (name);
  GtkWidget *choice = gtk_drop_down_new_from_strings (names);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), choice);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), selected);
  gtk_grid_attach (GTK_GRID (grid), label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), choice, 1, row, 1, 1);
  return choice;
}

static void
build (InionSpectrogramPage *self)
{
  GtkWidget *box = inion_panel_column (&self->scroller);
  GtkWidget *grid = gtk_grid_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  inion_panel_heading (box, _("Spectrogram"));
  self->plot = inion_panel_plot (box, _("Spectrogram"), 260, draw, self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (self->plot, motion);
  self->value = inion_panel_caption (box, _("Point at the picture for its values"));
  gtk_widget_remove_css_class (GTK_WIDGET (self->value), "dim-label");
  self->caption = inion_panel_caption (box, NULL);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  self->segment = add_choice (grid, 0, _("Len_gth of a segment"), segment_names, 2);
  self->top = add_choice (grid, 1, _("_Up to"), top_names, 2);
  g_signal_connect_swapped (self->segment, "notify::selected", G_CALLBACK (ask), self);
  g_signal_connect_swapped (self->top, "notify::selected", G_CALLBACK (on_top_changed), self);
  gtk_box_append (GTK_BOX (box), grid);
  inion_panel_caption (box, _("Short segments show when, long ones which frequency: a segment of "
                              "1\u2009s tells frequencies 1\u2009Hz apart."));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_spectrogram_page_dispose (GObject *object)
{
  InionSpectrogramPage *self = INION_SPECTROGRAM_PAGE (object);

  g_clear_pointer (&self->runner, inion_tool_runner_free);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->answer, answer_free);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_spectrogram_page_parent_class)->dispose (object);
}

static void
inion_spectrogram_page_class_init (InionSpectrogramPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_spectrogram_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inion_spectrogram_page_init (InionSpectrogramPage *self)
{
  self->derivation = -1;
  self->hover_s = self->hover_hz = NAN;
  self->runner = inion_tool_runner_new (self, make_job, show, answer_free);
  build (self);
  g_signal_connect (self, "map", G_CALLBACK (ask), NULL);
}

GtkWidget *
inion_spectrogram_page_new (InionViewState *state)
{
  static const char *const watched[] = { "notify::signal", "notify::selection", "notify::from",
                                         "notify::page", NULL };
  InionSpectrogramPage *self = g_object_new (INION_TYPE_SPECTROGRAM_PAGE, NULL);

  self->state = g_object_ref (state);
  for (guint i = 0; watched[i] != NULL; i++)
    g_signal_connect_object (state, watched[i], G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::cursor", G_CALLBACK (on_cursor_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::recording", G_CALLBACK (on_recording_changed), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
