/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calipers' page of the inspector: what was measured between them.
 *
 * The calipers stand over the traces and are dragged there; their times and the number of equal
 * intervals between them can be typed here as well. Values follow while they are dragged. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/measure-page.h"

#include "app/panel-kit.h"
#include "app/tools/tool-runner.h"
#include "app/tools/tool-signal.h"

#include "signal/measure.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  ROW_DURATION,
  ROW_RATE,
  ROW_PEAK_TO_PEAK,
  ROW_HIGHEST,
  ROW_LOWEST,
  ROW_BASELINE,
  ROW_ABOVE,
  ROW_BELOW,
  ROW_RMS,
  ROW_AREA,
  ROW_WAVES,
  ROW_WAVE_HZ,
  ROW_PEAK_HZ,
  ROW_SLOPE,
  ROW_STEEPEST,
  N_ROWS
} Row;

static const char *const row_names[N_ROWS] = {
  N_("Duration"), N_("1 / duration"), N_("Peak to peak"), N_("Most positive"),
  N_("Most negative"), N_("Baseline (mean)"), N_("Above the baseline"), N_("Below the baseline"),
  N_("RMS about the baseline"), N_("Area about the baseline"), N_("Waves"),
  N_("Frequency of waves"), N_("Peak of the spectrum"), N_("Slope end to end"),
  N_("Steepest slope"),
};

typedef struct
{
  InionShownSignal *signal;
  InionCalipers calipers;
} Question;

typedef struct
{
  InionCalipers calipers;
  InionMeasures measures;
  double first_s;
  double rate_hz;
  char *channel;
  char *unit;
} Answer;

struct _InionMeasurePage
{
  GtkWidget parent_instance;

  InionViewState *state;
  GSimpleActionGroup *actions;     /* borrowed from the panel: not referenced */
  InionToolRunner *runner;
  Answer *answer;
  GtkWidget *scroller;
  GtkWidget *start;
  GtkWidget *end;
  GtkWidget *intervals;
  GtkWidget *controls;
  GtkWidget *values;
  GtkLabel *hint;
  GtkLabel *caption;
  GtkLabel *labels[N_ROWS];
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (InionMeasurePage, inion_measure_page, GTK_TYPE_WIDGET)

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
  const InionCalipers *calipers = &question->calipers;
  InionMontage *montage = inion_shown_signal_get_montage (question->signal);
  InionChannel *clock = inion_montage_get_clock (montage, calipers->derivation);
  g_autofree double *x = NULL;
  Answer *answer;
  gint64 first;
  gsize n;

  x = inion_tool_read_range (question->signal, calipers->derivation, calipers->from_s,
                             calipers->to_s, &first, &n, error);
  if (x == NULL || !inion_job_check (job, error))
    return NULL;
  answer = g_new0 (Answer, 1);
  answer->calipers = *calipers;
  answer->rate_hz = inion_channel_get_rate_hz (clock);
  answer->first_s = (double) inion_channel_sample_to_ns (clock, first) / 1e9;
  answer->channel = g_strdup (inion_montage_get_derivation (montage, calipers->derivation)->label);
  answer->unit = g_strdup (inion_channel_get_unit (clock));
  inion_measure (x, n, answer->rate_hz, NAN, &answer->measures);
  return answer;
}

static InionJob *
make_job (gpointer owner)
{
  InionMeasurePage *self = owner;
  InionShownSignal *signal = inion_view_state_get_signal (self->state);
  Question *question;
  InionCalipers calipers;

  if (signal == NULL || !inion_view_state_get_calipers (self->state, &calipers) ||
      calipers.derivation >=
        inion_montage_get_n_derivations (inion_shown_signal_get_montage (signal)))
    return NULL;
  question = g_new0 (Question, 1);
  question->signal = g_object_ref (signal);
  question->calipers = calipers;
  return inion_job_new (_("Measuring"), measure, question, question_free, answer_free);
}

/* Writing values. */

/* "−12.3 µV", or "–" for what is not known. */
static char *
format_value (double      value,
              const char *unit)
{
  g_autofree char *number = NULL;

  if (!isfinite (value))
    return g_strdup ("–");
  number = g_strdup_printf ("%.4g", fabs (value));
  return g_strdup_printf ("%s%s\u2009%s", value < 0 ? "\u2212" : "", number, unit);
}

/* When: from the first caliper, as one reads it between the lines. */
static char *
format_at (const Answer *answer,
           double        value,
           double        sample,
           const char   *unit)
{
  double after = answer->first_s + sample / answer->rate_hz - answer->calipers.from_s;
  g_autofree char *amount = format_value (value, unit);
  g_autofree char *time = NULL;

  if (!isfinite (value))
    return g_steal_pointer (&amount);
  time = after < 10 ? g_strdup_printf ("%.0f\u2009ms", MAX (after, 0) * 1000)
                    : g_strdup_printf ("%.3f\u2009s", after);
  return g_strdup_printf (_("%s at %s"), amount, time);
}

static char *
format_row (const Answer *answer,
            Row           row)
{
  const InionMeasures *m = &answer->measures;
  double duration = answer->calipers.to_s - answer->calipers.from_s;
  g_autofree char *slope_unit = g_strconcat (answer->unit, "/ms", NULL);
  g_autofree char *area_unit = g_strconcat (answer->unit, "\u2009s", NULL);

  switch (row)
    {
    case ROW_DURATION:
      return duration < 1 ? format_value (duration * 1000, "ms") : format_value (duration, "s");
    case ROW_RATE:
      return format_value (duration > 0 ? answer->calipers.n_intervals / duration : NAN, "Hz");
    case ROW_PEAK_TO_PEAK:
      return format_value (m->peak_to_peak, answer->unit);
    case ROW_HIGHEST:
      return format_at (answer, m->highest, (double) m->highest_at, answer->unit);
    case ROW_LOWEST:
      return format_at (answer, m->lowest, (double) m->lowest_at, answer->unit);
    case ROW_BASELINE:
      return format_value (m->baseline, answer->unit);
    case ROW_ABOVE:
      return format_value (m->above, answer->unit);
    case ROW_BELOW:
      return format_value (m->below, answer->unit);
    case ROW_RMS:
      return format_value (m->rms, answer->unit);
    case ROW_AREA:
      return format_value (m->area, area_unit);
    case ROW_WAVES:
      return isfinite (m->n_waves) ? g_strdup_printf ("%g", m->n_waves) : g_strdup ("–");
    case ROW_WAVE_HZ:
      return format_value (m->wave_hz, "Hz");
    case ROW_PEAK_HZ:
      return format_value (m->peak_hz, "Hz");
    case ROW_SLOPE:
      return format_value (m->slope, slope_unit);
    case ROW_STEEPEST:
      return format_at (answer, m->steepest, m->steepest_at, slope_unit);
    default:
      g_assert_not_reached ();
    }
}

static void
set_enabled (InionMeasurePage *self,
             const char       *name,
             gboolean          enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* A mark can be told only if it is there and the study may be written. */
static InionAnnotation *
get_mark (InionMeasurePage *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  if (study == NULL || inion_study_is_read_only (study))
    return NULL;
  return inion_annotation_set_lookup (inion_study_get_annotations (study),
                                      inion_view_state_get_selected_mark (self->state));
}

static void
update_actions (InionMeasurePage *self)
{
  gboolean measured = self->answer != NULL && self->answer->measures.n > 0;

  set_enabled (self, "calipers", inion_view_state_get_signal (self->state) != NULL);
  set_enabled (self, "copy-measures", measured);
  set_enabled (self, "attach-measures", measured && get_mark (self) != NULL);
}

static void
describe (InionMeasurePage *self)
{
  const Answer *answer = self->answer;
  const InionMeasures *m = &answer->measures;
  g_autofree char *caption = NULL;

  if (m->n == 0)
    caption = g_strdup_printf (_("%s · all of this lies in a gap of the recording: there is no "
                                 "data to measure."), answer->channel);
  else if (m->n_missing > 0)
    caption = g_strdup_printf (_("%s · %.3g\u2009s of this lie in a gap: nothing is measured that "
                                 "would reach over it."), answer->channel,
                               (double) m->n_missing / answer->rate_hz);
  else
    caption = g_strdup_printf (_("%s · %zu samples · times are from the first "
                                 "caliper · as shown, with its filters"),
                               answer->channel, m->n);
  gtk_label_set_text (self->caption, caption);
}

static void
show (gpointer      owner,
      gpointer      result,
      const GError *error)
{
  InionMeasurePage *self = owner;
  g_autofree char *note = NULL;
  InionCalipers now;

  if (result == NULL)
    {
      gtk_label_set_text (self->caption, error->message);
      return;
    }
  g_clear_pointer (&self->answer, answer_free);
  self->answer = result;
  for (guint r = 0; r < N_ROWS; r++)
    {
      g_autofree char *text = format_row (self->answer, r);

      gtk_label_set_text (self->labels[r], text);
    }
  describe (self);
  update_actions (self);
  note = format_value (self->answer->measures.peak_to_peak, self->answer->unit);
  /* While they are dragged on, the next answer has the value of where they are. */
  if (inion_view_state_get_calipers (self->state, &now) &&
      now.from_s == self->answer->calipers.from_s && now.to_s == self->answer->calipers.to_s &&
      now.derivation == self->answer->calipers.derivation)
    inion_view_state_set_caliper_note (self->state,
                                       self->answer->measures.n > 0 ? note : _("no data"));
}

/* Calipers and controls. */

static void
on_calipers_changed (InionMeasurePage *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "calipers");
  InionCalipers calipers;
  gboolean set = inion_view_state_get_calipers (self->state, &calipers);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (set));
  gtk_widget_set_visible (self->controls, set);
  gtk_widget_set_visible (self->values, set);
  gtk_widget_set_visible (GTK_WIDGET (self->caption), set);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), !set);
  if (!set)
    {
      inion_tool_runner_forget (self->runner);
      g_clear_pointer (&self->answer, answer_free);
      update_actions (self);
      return;
    }
  self->filling = TRUE;
  gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->start), 0,
                             inion_view_state_get_duration_s (self->state));
  gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->end), 0,
                             inion_view_state_get_duration_s (self->state));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->start), calipers.from_s);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->end), calipers.to_s);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->intervals), calipers.n_intervals);
  self->filling = FALSE;
  inion_tool_runner_ask (self->runner);
}

static void
on_edited (InionMeasurePage *self)
{
  InionCalipers calipers;

  if (self->filling || !inion_view_state_get_calipers (self->state, &calipers))
    return;
  calipers.from_s = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->start));
  calipers.to_s = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->end));
  calipers.n_intervals = (guint) gtk_spin_button_get_value_as_int (
    GTK_SPIN_BUTTON (self->intervals));
  inion_view_state_set_calipers (self->state, &calipers);
}

static guint
choose_derivation (InionMeasurePage *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  int pointed = inion_view_state_get_cursor_derivation (self->state);

  if (pointed >= 0)
    return (guint) pointed;
  for (guint i = inion_view_state_get_first_derivation (self->state);
       i < inion_montage_get_n_derivations (montage); i++)
    if (inion_montage_get_derivation (montage, i)->kind == INION_CHANNEL_EEG)
      return i;
  return 0;
}

/* On the selection, else on the middle of the page. */
static void
on_toggle (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  InionMeasurePage *self = data;
  double from = inion_view_state_get_from (self->state);
  double page = inion_view_state_get_page (self->state);
  InionCalipers calipers = { .n_intervals = 1 };

  if (inion_view_state_get_montage (self->state) == NULL)
    return;
  if (inion_view_state_get_calipers (self->state, NULL))
    {
      inion_view_state_set_calipers (self->state, NULL);
      return;
    }
  if (!inion_view_state_get_selection (self->state, &calipers.from_s, &calipers.to_s))
    {
      calipers.from_s = from + 0.4 * page;
      calipers.to_s = from + 0.6 * page;
    }
  calipers.derivation = choose_derivation (self);
  inion_view_state_select (self->state, NAN, NAN);
  inion_view_state_set_calipers (self->state, &calipers);
  /* Where they can be seen, so can their values. */
  gtk_widget_activate_action (GTK_WIDGET (self), "tools.show", "s", "measure");
}

/* Copying and attaching. */

static char *
dup_text (InionMeasurePage *self,
          const char       *between,
          const char       *after)
{
  GString *text = g_string_new (NULL);
  g_autofree char *from = inion_view_state_format_time (self->state,
                                                        self->answer->calipers.from_s, 3);
  g_autofree char *to = inion_view_state_format_time (self->state, self->answer->calipers.to_s, 3);

  g_string_append_printf (text, "%s%s%s%s", _("Channel"), between, self->answer->channel, after);
  g_string_append_printf (text, "%s%s%s – %s%s", _("Between"), between, from, to, after);
  for (guint r = 0; r < N_ROWS; r++)
    g_string_append_printf (text, "%s%s%s%s", _(row_names[r]), between,
                            gtk_label_get_text (self->labels[r]), r + 1 < N_ROWS ? after : "");
  return g_string_free (text, FALSE);
}

static void
on_copy (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionMeasurePage *self = data;
  g_autofree char *text = dup_text (self, "\t", "\n");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  g_signal_emit_by_name (self->state, "message", _("Measured values copied"));
}

/* A mark's comment is the place for what was found out about it; what stood there stays. */
static void
on_attach (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  InionMeasurePage *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  InionAnnotation *mark = get_mark (self);
  const char *old = mark != NULL ? inion_annotation_get_comment (mark) : NULL;
  g_autofree char *values = NULL;
  g_autofree char *comment = NULL;
  g_autoptr (InionAnnotation) told = NULL;

  if (mark == NULL)
    return;
  values = dup_text (self, " ", "; ");
  comment = old != NULL && *old != '\0' ? g_strdup_printf ("%s; %s", old, values)
                                        : g_strdup (values);
  told = inion_annotation_new (
    inion_annotation_get_id (mark), inion_annotation_get_onset_ns (mark),
    inion_annotation_get_duration_ns (mark), inion_annotation_get_label (mark),
    inion_annotation_get_channels (mark), inion_annotation_get_rater (mark),
    inion_annotation_get_origin (mark), inion_annotation_get_confidence (mark), comment);
  inion_study_begin (study, _("Attach measured values"));
  inion_study_replace_annotation (study, told);
  inion_study_end (study);
  g_signal_emit_by_name (self->state, "message", _("Measured values are in the mark's comment"));
}

/* Building. */

static GtkWidget *
add_spin (InionMeasurePage *self,
          int               row,
          const char       *name,
          double            max,
          double            step,
          guint             digits)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (name);
  GtkWidget *spin = gtk_spin_button_new_with_range (digits == 0 ? 1 : 0, max, step);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), spin);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), digits);
  gtk_widget_add_css_class (spin, "numeric");
  gtk_grid_attach (GTK_GRID (self->controls), label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->controls), spin, 1, row, 1, 1);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (on_edited), self);
  return spin;
}

static void
add_values (InionMeasurePage *self)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), 5);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  for (guint r = 0; r < N_ROWS; r++)
    {
      GtkWidget *name = gtk_label_new (_(row_names[r]));
      GtkWidget *value = gtk_label_new ("–");

      gtk_label_set_xalign (GTK_LABEL (name), 0);
      gtk_label_set_xalign (GTK_LABEL (value), 1);
      gtk_label_set_selectable (GTK_LABEL (value), TRUE);
      gtk_label_set_wrap (GTK_LABEL (value), TRUE);
      gtk_label_set_justify (GTK_LABEL (value), GTK_JUSTIFY_RIGHT);
      gtk_widget_set_valign (name, GTK_ALIGN_START);
      gtk_widget_set_hexpand (value, TRUE);
      gtk_widget_add_css_class (name, "dim-label");
      gtk_widget_add_css_class (value, "numeric");
      gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                      name, NULL, -1);
      gtk_grid_attach (GTK_GRID (grid), name, 0, (int) r, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), value, 1, (int) r, 1, 1);
      self->labels[r] = GTK_LABEL (value);
    }
  gtk_box_append (GTK_BOX (self->values), grid);
  inion_panel_button (self->values, _("Cop_y the Values"), "tools.copy-measures", FALSE);
  inion_panel_button (self->values, _("_Attach to the Selected Mark"), "tools.attach-measures",
                      FALSE);
}

static void
build (InionMeasurePage *self)
{
  GtkWidget *box = inion_panel_column (&self->scroller);
  GtkWidget *toggle;

  inion_panel_heading (box, _("Calipers"));
  toggle = gtk_toggle_button_new_with_mnemonic (_("Show _Calipers"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (toggle), "tools.calipers");
  inion_panel_set_tooltip (toggle, _("Show calipers over the traces, or take them away (M)"));
  gtk_box_append (GTK_BOX (box), toggle);
  self->hint = inion_panel_caption (box, _("Select a stretch or point at a trace, then press M: "
                                           "two lines appear that can be dragged. Their values "
                                           "stand here."));
  self->controls = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->controls), 6);
  gtk_grid_set_column_spacing (GTK_GRID (self->controls), 12);
  self->start = add_spin (self, 0, _("Fr_om (s)"), 1, 0.01, 3);
  self->end = add_spin (self, 1, _("_To (s)"), 1, 0.01, 3);
  self->intervals = add_spin (self, 2, _("Equal _intervals"), 100, 1, 0);
  gtk_box_append (GTK_BOX (box), self->controls);
  self->caption = inion_panel_caption (box, NULL);
  self->values = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  add_values (self);
  gtk_box_append (GTK_BOX (box), self->values);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_measure_page_dispose (GObject *object)
{
  InionMeasurePage *self = INION_MEASURE_PAGE (object);

  g_clear_pointer (&self->runner, inion_tool_runner_free);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->answer, answer_free);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_measure_page_parent_class)->dispose (object);
}

static void
inion_measure_page_class_init (InionMeasurePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_measure_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inion_measure_page_init (InionMeasurePage *self)
{
  self->runner = inion_tool_runner_new (self, make_job, show, answer_free);
  build (self);
}

/* Other montage or filters: the same stretch is another signal. */
static void
on_signal_changed (InionMeasurePage *self)
{
  update_actions (self);
  if (inion_view_state_get_calipers (self->state, NULL))
    inion_tool_runner_ask (self->runner);
}

GtkWidget *
inion_measure_page_new (InionViewState *state,
                        GActionMap     *actions)
{
  static const GActionEntry entries[] = {
    { .name = "calipers", .activate = on_toggle, .state = "false" },
    { .name = "copy-measures", .activate = on_copy },
    { .name = "attach-measures", .activate = on_attach },
  };
  InionMeasurePage *self = g_object_new (INION_TYPE_MEASURE_PAGE, NULL);

  self->state = g_object_ref (state);
  self->actions = G_SIMPLE_ACTION_GROUP (actions);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (state, "notify::calipers", G_CALLBACK (on_calipers_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::signal", G_CALLBACK (on_signal_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::selected-mark", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  on_calipers_changed (self);
  return GTK_WIDGET (self);
}
