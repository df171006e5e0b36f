/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a decoder believes: its decision, a bar a class, and the last half minute.
 *
 * A decision is shown as soon as it is there. Below the threshold the decoder abstains: the
 * decision then is the word for that, and the bars are grey. What is over looks over: after a stop
 * all is grey, and the words say when that was. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/live/belief-view.h"

#include "app/panel-kit.h"

#include "live/belief-history.h"
#include "widgets/render/plots.h"
#include "widgets/view-state.h"

#include <glib/gi18n.h>
#include <math.h>

#define THRESHOLD 0.6         /* below it the decoder abstains */
#define HISTORY_S 30.0
#define MAX_CLASSES 64        /* a recipe has no more */
#define MAX_STRIP_CLASSES 32  /* more colours than anybody tells apart */

typedef struct
{
  GtkWidget *area;
  GtkWidget *number;
  double probability;
} Bar;

struct _InionBeliefView
{
  GtkBox parent_instance;

  InionModel *model;
  double step_s;              /* between decisions */
  GtkLabel *decision;
  GtkLabel *hint;             /* what the bars are, and what to do where there are none */
  GtkWidget *bars_grid;
  Bar bars[MAX_CLASSES];
  guint n_bars;
  gboolean sure;              /* whether the last decision reached the threshold */
  gboolean stopped;           /* what is shown is over */
  GtkWidget *history;
  GtkLabel *history_begin;
  GtkLabel *history_end;
  InionBeliefHistory *past;
};

G_DEFINE_FINAL_TYPE (InionBeliefView, inion_belief_view, GTK_TYPE_BOX)

/* Drawing. */

static void
draw_bar (GtkDrawingArea *area,
          cairo_t        *cr,
          int             width,
          int             height,
          gpointer        data)
{
  InionBeliefView *self = data;
  guint k = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (area), "inion-class"));
  guint32 hue = inion_view_state_get_class_color (k);
  double filled = self->bars[k].probability * width, mark = rint (THRESHOLD * width) + 0.5;
  GdkRGBA fg;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &fg);
  cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, 0.09);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  /* Uncertainty is grey, never a hue. */
  if (self->sure && !self->stopped)
    cairo_set_source_rgb (cr, (hue >> 16 & 0xff) / 255.0, (hue >> 8 & 0xff) / 255.0,
                          (hue & 0xff) / 255.0);
  else
    cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, self->stopped ? 0.22 : 0.38);
  cairo_rectangle (cr, 0, 0, filled, height);
  cairo_fill (cr);
  cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, 0.55);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, mark, 0);
  cairo_line_to (cr, mark, height);
  cairo_stroke (cr);
}

/* Of a class in a strip that is over: the classes stay apart. */
static guint32
get_grey (guint k)
{
  return k % 2 == 0 ? 0x8c8c8c : 0xb4b4b4;
}

static void
draw_history (GtkDrawingArea *area,
              cairo_t        *cr,
              int             width,
              int             height,
              gpointer        data)
{
  InionBeliefView *self = data;
  InionPlotStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)) };
  guint32 colors[MAX_CLASSES];
  gsize n = inion_belief_history_get_n (self->past);
  double to;
  GdkRGBA fg;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &fg);
  cairo_set_source_rgba (cr, fg.red, fg.green, fg.blue, 0.05);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  if (n == 0 || self->n_bars > MAX_STRIP_CLASSES)
    return;
  for (guint k = 0; k < self->n_bars; k++)
    colors[k] = self->stopped ? get_grey (k) : inion_view_state_get_class_color (k);
  to = inion_belief_history_get_times (self->past)[n - 1] + self->step_s;
  inion_probability_lane_draw (cr, width, height, to - HISTORY_S, to,
                               inion_belief_history_get_times (self->past), n, self->step_s,
                               inion_belief_history_get_probabilities (self->past), self->n_bars,
                               colors, FALSE, &style);
}

static void
set_bar (InionBeliefView *self,
         guint            k,
         double           probability,
         gboolean         recolor)
{
  Bar *bar = &self->bars[k];
  g_autofree char *text = NULL;

  if (!recolor && fabs (probability - bar->probability) < 0.002)
    return;
  bar->probability = probability;
  text = g_strdup_printf ("%.2f", probability);
  gtk_label_set_text (GTK_LABEL (bar->number), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar->area), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  probability, -1);
  gtk_widget_queue_draw (bar->area);
}

static void
show_belief (InionBeliefView *self,
             const double    *probabilities)
{
  g_autofree char *text = NULL;
  gboolean sure, recolor;
  guint best = 0;

  for (guint k = 1; k < self->n_bars; k++)
    if (probabilities[k] > probabilities[best])
      best = k;
  sure = probabilities[best] >= THRESHOLD;
  recolor = sure != self->sure;
  self->sure = sure;
  for (guint k = 0; k < self->n_bars; k++)
    set_bar (self, k, probabilities[k], recolor);
  text = sure ? g_strdup_printf ("%s %.2f", inion_model_get_class (self->model, best),
                                 probabilities[best]) : g_strdup (_("uncertain"));
  gtk_label_set_text (self->decision, text);
  if (sure)
    gtk_widget_remove_css_class (GTK_WIDGET (self->decision), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->decision), "dim-label");
}

/* How large words are: what is decided is large, and nothing else is. */
static void
set_decision (InionBeliefView *self,
              const char      *text,
              gboolean         score)
{
  GtkWidget *decision = GTK_WIDGET (self->decision);

  gtk_label_set_text (self->decision, text);
  gtk_widget_add_css_class (decision, "dim-label");
  if (score)
    {
      gtk_widget_remove_css_class (decision, "title-2");
      gtk_widget_add_css_class (decision, "score");
    }
  else
    {
      gtk_widget_remove_css_class (decision, "score");
      gtk_widget_add_css_class (decision, "title-2");
    }
}

static void
set_dim (GtkWidget *widget,
         gboolean   dim)
{
  if (dim)
    gtk_widget_add_css_class (widget, "dim-label");
  else
    gtk_widget_remove_css_class (widget, "dim-label");
}

static void
set_stopped (InionBeliefView *self,
             gboolean         stopped)
{
  self->stopped = stopped;
  for (guint k = 0; k < self->n_bars; k++)
    {
      set_dim (self->bars[k].number, stopped);
      gtk_widget_queue_draw (self->bars[k].area);
    }
  gtk_widget_queue_draw (self->history);
}

/* Building. */

static void
add_bar (InionBeliefView *self,
         guint            k)
{
  const char *class = inion_model_get_class (self->model, k);
  GtkWidget *name = gtk_label_new (class);
  GtkWidget *number = gtk_label_new ("–");
  GtkWidget *area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_METER, NULL);
  g_autofree char *label = g_strdup_printf (_("Probability of %s"), class);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 14);
  gtk_label_set_width_chars (GTK_LABEL (number), 4);
  gtk_label_set_xalign (GTK_LABEL (number), 1);
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_set_hexpand (area, TRUE);
  gtk_widget_set_size_request (area, 120, 22);
  g_object_set_data (G_OBJECT (area), "inion-class", GUINT_TO_POINTER (k));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_bar, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0, -1);
  gtk_grid_attach (GTK_GRID (self->bars_grid), name, 0, (int) k, 1, 1);
  gtk_grid_attach (GTK_GRID (self->bars_grid), area, 1, (int) k, 1, 1);
  gtk_grid_attach (GTK_GRID (self->bars_grid), number, 2, (int) k, 1, 1);
  self->bars[k] = (Bar) { .area = area, .number = number };
}

static GtkWidget *
make_end (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
build (InionBeliefView *self)
{
  GtkWidget *box = GTK_WIDGET (self);
  GtkWidget *ends = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *past = make_end (NULL);

  inion_panel_heading (box, _("What the decoder believes"));
  self->decision = GTK_LABEL (gtk_label_new ("–"));
  gtk_label_set_xalign (self->decision, 0);
  gtk_label_set_ellipsize (self->decision, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->decision), "score");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->decision));
  self->bars_grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->bars_grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->bars_grid), 6);
  gtk_box_append (GTK_BOX (box), self->bars_grid);
  self->hint = inion_panel_caption (box, NULL);
  self->history = inion_panel_plot (box, _("Probability of each class over the last 30 seconds"),
                                    44, draw_history, self);
  gtk_widget_set_hexpand (past, TRUE);
  gtk_label_set_xalign (GTK_LABEL (past), 0);
  gtk_box_append (GTK_BOX (ends), past);
  self->history_begin = GTK_LABEL (past);
  self->history_end = GTK_LABEL (make_end (NULL));
  gtk_box_append (GTK_BOX (ends), GTK_WIDGET (self->history_end));
  gtk_widget_set_margin_bottom (ends, 12);
  gtk_box_append (GTK_BOX (box), ends);
}

static void
inion_belief_view_finalize (GObject *object)
{
  InionBeliefView *self = INION_BELIEF_VIEW (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->past, inion_belief_history_free);
  G_OBJECT_CLASS (inion_belief_view_parent_class)->finalize (object);
}

static void
inion_belief_view_class_init (InionBeliefViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_belief_view_finalize;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "beliefview");
}

static void
inion_belief_view_init (InionBeliefView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  build (self);
  inion_belief_view_set_model (self, NULL);
}

/**
 * inion_belief_view_new:
 * @step_s: time from one decision to the next, s
 *
 * Returns: (transfer full): a view of no model's belief
 */
GtkWidget *
inion_belief_view_new (double step_s)
{
  InionBeliefView *self = g_object_new (INION_TYPE_BELIEF_VIEW, NULL);

  self->step_s = step_s;
  return GTK_WIDGET (self);
}

/**
 * inion_belief_view_set_model:
 * @self: a view
 * @model: (nullable): whose decisions will come
 *
 * Makes the bars of a model, with nothing in them, and forgets all earlier decisions.
 */
void
inion_belief_view_set_model (InionBeliefView *self,
                             InionModel      *model)
{
  GtkWidget *child;

  g_return_if_fail (INION_IS_BELIEF_VIEW (self));
  g_return_if_fail (model == NULL || inion_model_get_n_classes (model) <= MAX_CLASSES);

  while ((child = gtk_widget_get_first_child (self->bars_grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->bars_grid), child);
  g_set_object (&self->model, model);
  g_clear_pointer (&self->past, inion_belief_history_free);
  self->sure = FALSE;
  self->n_bars = model != NULL ? inion_model_get_n_classes (model) : 0;
  self->past = inion_belief_history_new (self->n_bars, HISTORY_S);
  for (guint k = 0; k < self->n_bars; k++)
    add_bar (self, k);
  set_stopped (self, FALSE);
  set_decision (self, _("Nothing runs"), FALSE);
  gtk_label_set_text (self->hint, _("Press Start: the recording plays from the page in view, and "
                                    "here the decoder says what it believes, ten times a second."));
  gtk_label_set_text (self->history_begin, _("30\u2009s ago"));
  gtk_label_set_text (self->history_end, _("now"));
}

/**
 * inion_belief_view_start:
 * @self: a view of a model
 *
 * Says that decisions will come: the first one needs a whole window.
 */
void
inion_belief_view_start (InionBeliefView *self)
{
  g_autofree char *hint = NULL;

  g_return_if_fail (INION_IS_BELIEF_VIEW (self));
  g_return_if_fail (self->model != NULL);

  hint = g_strdup_printf (_("The first decision comes after a window of %.3g\u2009s."),
                          inion_model_get_n_samples (self->model) /
                            inion_model_get_rate_hz (self->model));
  set_stopped (self, FALSE);
  set_decision (self, "–", TRUE);
  gtk_label_set_text (self->hint, hint);
}

/**
 * inion_belief_view_set_paused:
 * @self: a view of a model whose decoder runs
 * @paused: whether it is held back
 *
 * Says whether what is shown is of now or of when it was held back.
 */
void
inion_belief_view_set_paused (InionBeliefView *self,
                              gboolean         paused)
{
  g_return_if_fail (INION_IS_BELIEF_VIEW (self));

  if (paused)
    gtk_label_set_text (self->hint, _("Paused: this is the last decision. Press Resume to go on."));
  else if (inion_belief_history_get_n (self->past) > 0)
    gtk_label_set_text (self->hint, _("Below 0.60, the line, it abstains."));
}

/**
 * inion_belief_view_stop:
 * @self: a view
 * @when: the time in the recording, as people read it
 *
 * Greys what was believed last and says when that was: nothing runs any more.
 */
void
inion_belief_view_stop (InionBeliefView *self,
                        const char      *when)
{
  gboolean decided;
  g_autofree char *text = NULL;

  g_return_if_fail (INION_IS_BELIEF_VIEW (self));

  decided = inion_belief_history_get_n (self->past) > 0;
  text = g_strdup_printf (_("Stopped at %s"), when);
  set_stopped (self, TRUE);
  set_decision (self, text, FALSE);
  gtk_label_set_text (self->hint, decided
                                    ? _("Nothing runs: the grey bars are the last decision. Press "
                                        "Start to play again from the page in view.")
                                    : _("Nothing runs, and nothing was decided. Press Start to "
                                        "play again from the page in view."));
  gtk_label_set_text (self->history_begin, _("30\u2009s before"));
  gtk_label_set_text (self->history_end, when);
}

/**
 * inion_belief_view_add:
 * @self: a view
 * @end_s: when the decision's window ended, s of the stream
 * @probabilities: (array): one a class of the model
 *
 * Shows the latest decision. One that comes after the stop is not of now and not shown.
 */
void
inion_belief_view_add (InionBeliefView *self,
                       double           end_s,
                       const double    *probabilities)
{
  g_return_if_fail (INION_IS_BELIEF_VIEW (self));
  g_return_if_fail (self->n_bars > 0);

  if (self->stopped)
    return;
  if (inion_belief_history_get_n (self->past) == 0)
    gtk_label_set_text (self->hint, _("Below 0.60, the line, it abstains."));
  inion_belief_history_add (self->past, end_s, probabilities);
  show_belief (self, probabilities);
  gtk_widget_queue_draw (self->history);
}

/**
 * inion_belief_view_withhold:
 * @self: a view
 *
 * Takes the last decision off the screen until there is another: what was believed of a signal that
 * was there is nothing to go by while there is none.
 */
void
inion_belief_view_withhold (InionBeliefView *self)
{
  g_return_if_fail (INION_IS_BELIEF_VIEW (self));

  self->sure = FALSE;
  for (guint k = 0; k < self->n_bars; k++)
    {
      /* No probability is near it: the next one is shown whatever it is. */
      self->bars[k].probability = -0.01;
      gtk_label_set_text (GTK_LABEL (self->bars[k].number), "–");
      gtk_widget_queue_draw (self->bars[k].area);
    }
  gtk_label_set_text (self->decision, _("no answer"));
  gtk_widget_add_css_class (GTK_WIDGET (self->decision), "dim-label");
}
