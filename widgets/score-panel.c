/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The honest score: number with interval and chance, folds, confusion, patterns, findings.
 *
 * A score never stands alone: its interval, its chance level and the number of trials are beside
 * it, what it can claim is below it, and findings come before the pictures. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/score-panel.h"

#include "scalp/electrode.h"
#include "widgets/render/plots.h"
#include "widgets/render/scalp-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_PATTERNS 6

struct _InionScorePanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GtkWidget *box;
  GtkLabel *score;
  GtkLabel *context;
  GtkWidget *claim;          /* a line for each thing that is said */
  GtkWidget *findings;
  GtkWidget *folds;
  GtkWidget *confusion;
  GtkWidget *patterns;
  GtkWidget *stale;
};

G_DEFINE_FINAL_TYPE (InionScorePanel, inion_score_panel, GTK_TYPE_WIDGET)

static gboolean
is_dark (GtkWidget *widget)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  return color.red + color.green + color.blue > 1.5f;
}

static void
draw_folds (GtkDrawingArea *area,
            cairo_t        *cr,
            int             width,
            int             height,
            gpointer        data)
{
  InionScorePanel *self = data;
  InionResult *result = inion_view_state_get_result (self->state);
  InionPlotStyle style = { .dark = is_dark (GTK_WIDGET (area)) };
  guint n = result != NULL ? inion_result_get_n_folds (result) : 0;
  g_autofree double *accuracies = g_new (double, n + 1);
  g_autofree guint *sizes = g_new (guint, n + 1);
  g_autofree const char **names = g_new0 (const char *, n + 1);
  double low, high;

  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    {
      const InionFold *fold = inion_result_get_fold (result, i);

      accuracies[i] = fold->accuracy;
      sizes[i] = fold->n;
      names[i] = fold->name;
    }
  inion_result_get_confidence_95 (result, &low, &high);
  inion_folds_draw (cr, width, height, accuracies, sizes, names, n,
                    inion_result_get_accuracy (result), low, high,
                    inion_result_get_chance_level (result),
                    inion_result_get_chance_bound_95 (result), &style);
}

static void
draw_confusion (GtkDrawingArea *area,
                cairo_t        *cr,
                int             width,
                int             height,
                gpointer        data)
{
  InionScorePanel *self = data;
  InionResult *result = inion_view_state_get_result (self->state);
  InionPlotStyle style = { .dark = is_dark (GTK_WIDGET (area)) };
  guint k = result != NULL ? inion_result_get_n_classes (result) : 0;
  g_autofree guint *counts = g_new (guint, k * k + 1);
  g_autofree const char **classes = g_new0 (const char *, k + 1);

  if (k == 0)
    return;
  for (guint i = 0; i < k; i++)
    {
      classes[i] = inion_result_get_class (result, i);
      for (guint j = 0; j < k; j++)
        counts[i * k + j] = inion_result_get_count (result, i, j);
    }
  inion_confusion_draw (cr, width, height, counts, classes, k, &style);
}

/* Patterns, three in a row, each with its own symmetric scale. */
static void
draw_patterns (GtkDrawingArea *area,
               cairo_t        *cr,
               int             width,
               int             height,
               gpointer        data)
{
  InionScorePanel *self = data;
  InionModel *model = inion_view_state_get_model (self->state);
  guint n = model != NULL ? MIN (inion_model_get_n_patterns (model), MAX_PATTERNS) : 0;
  guint n_channels = model != NULL ? inion_model_get_n_channels (model) : 0;
  g_autofree InionPosition *positions = g_new0 (InionPosition, n_channels + 1);
  g_autofree const char **names = g_new0 (const char *, n_channels + 1);
  g_autofree double *values = g_new (double, n_channels + 1);
  g_autofree guint *places = g_new (guint, n_channels + 1);
  guint placed = 0;

  for (guint i = 0; i < n_channels; i++)
    {
      InionElectrodeLabel label;

      if (inion_electrode_parse_label (inion_model_get_channel (model, i), &label) &&
          inion_electrode_get_position (label.g1, &positions[placed]))
        {
          names[placed] = inion_model_get_channel (model, i);
          places[placed++] = i;
        }
    }
  for (guint p = 0; p < n; p++)
    {
      const double *pattern = inion_model_get_pattern (model, p);
      g_autofree char *title = inion_model_dup_pattern_title (model, p);
      InionScalpMapStyle style = { .dark = is_dark (GTK_WIDGET (area)), .title = title,
                                   .font = "Sans 7" };
      double cell = width / 3.0;

      for (guint i = 0; i < placed; i++)
        values[i] = pattern[places[i]];
      inion_scalp_map_draw (cr, (p % 3) * cell, (p / 3) * height / 2.0, cell, height / 2.0,
                            positions, names, values, placed, &style);
    }
}

static GtkWidget *
make_finding (const InionFinding *finding)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gboolean grave = g_str_equal (finding->severity, "error");
  gboolean note = g_str_equal (finding->severity, "note");
  GtkWidget *icon = gtk_image_new_from_icon_name (
    note ? "dialog-information-symbolic" : grave ? "dialog-error-symbolic"
                                                 : "dialog-warning-symbolic");
  GtkWidget *text = gtk_label_new (finding->text);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  if (!note)
    gtk_widget_add_css_class (icon, grave ? "finding-error" : "finding-warning");
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 40);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_add_css_class (text, "caption");
  gtk_widget_set_tooltip_text (line, finding->rule);
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), text);
  return line;
}

static void
show_findings (InionScorePanel *self,
               InionResult     *result)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->findings)) != NULL)
    gtk_box_remove (GTK_BOX (self->findings), child);
  for (guint i = 0; i < inion_result_get_n_findings (result); i++)
    gtk_box_append (GTK_BOX (self->findings), make_finding (inion_result_get_finding (result, i)));
}

static GtkWidget *
make_said (const char *text)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *bullet = gtk_label_new ("•");
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_set_valign (bullet, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (line), bullet);
  gtk_box_append (GTK_BOX (line), label);
  gtk_widget_add_css_class (line, "said");
  return line;
}

/* What the score can and cannot claim, sentence by sentence under a heading. */
static void
show_claim (InionScorePanel *self,
            InionResult     *result)
{
  g_autofree char *text = inion_result_dup_claim_lines (result);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GtkWidget *heading = gtk_label_new (_("What this score says"));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->claim)) != NULL)
    gtk_box_remove (GTK_BOX (self->claim), child);
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "panel-title");
  gtk_box_append (GTK_BOX (self->claim), heading);
  for (guint i = 0; lines[i] != NULL; i++)
    gtk_box_append (GTK_BOX (self->claim), make_said (lines[i]));
}

static void
update (InionScorePanel *self)
{
  InionResult *result = inion_view_state_get_result (self->state);
  InionModel *model = inion_view_state_get_model (self->state);
  gboolean spatial = model != NULL && inion_model_get_n_patterns (model) > 0;
  g_autofree char *score = NULL;
  g_autofree char *context = NULL;
  g_autofree char *tested = NULL;
  double low, high, p;

  gtk_widget_set_visible (self->box, result != NULL);
  gtk_widget_set_visible (self->stale, inion_view_state_get_track_stale (self->state));
  if (result == NULL)
    return;
  inion_result_get_confidence_95 (result, &low, &high);
  p = inion_result_get_permutation_p (result);
  score = g_strdup_printf ("%.2f", inion_result_get_accuracy (result));
  tested = isfinite (p) ? g_strdup_printf (" · p = %.3g", p) : g_strdup ("");
  context = g_strdup_printf (_("accuracy\n95\u2009%% %.2f–%.2f · chance %.2f\n%u trials · %s%s"),
                             low, high, inion_result_get_chance_level (result),
                             inion_result_get_n_examples (result),
                             inion_result_get_scheme (result), tested);
  gtk_label_set_text (self->score, score);
  gtk_label_set_text (self->context, context);
  show_claim (self, result);
  show_findings (self, result);
  gtk_widget_set_visible (self->patterns, spatial);
  gtk_widget_set_size_request (self->patterns, 260,
                               spatial && inion_model_get_n_patterns (model) > 3 ? 250 : 130);
  gtk_widget_queue_draw (self->folds);
  gtk_widget_queue_draw (self->confusion);
  gtk_widget_queue_draw (self->patterns);
}

/* Building. */

static GtkWidget *
add_plot (InionScorePanel       *self,
          const char            *name,
          int                    height,
          GtkDrawingAreaDrawFunc draw)
{
  GtkWidget *area =
    g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);

  gtk_widget_set_size_request (area, 260, height);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (area, name);
  gtk_box_append (GTK_BOX (self->box), area);
  return area;
}

static GtkLabel *
make_label (const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 42);
  gtk_widget_add_css_class (label, style);
  gtk_widget_add_css_class (label, "numeric");
  return GTK_LABEL (label);
}

static void
build (InionScorePanel *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->score = make_label ("score");
  self->context = make_label ("caption");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->score));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->context));
  gtk_box_append (GTK_BOX (self->box), line);
  self->stale = gtk_label_new (_("The recipe has changed since: train again."));
  gtk_label_set_xalign (GTK_LABEL (self->stale), 0);
  gtk_widget_add_css_class (self->stale, "finding-warning");
  gtk_widget_add_css_class (self->stale, "caption");
  gtk_box_append (GTK_BOX (self->box), self->stale);
  self->claim = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (self->box), self->claim);
  self->findings = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (self->box), self->findings);
  self->folds = add_plot (self, _("Accuracy of each fold"), 140, draw_folds);
  self->confusion = add_plot (self, _("Confusion matrix: rows are the truth"), 170, draw_confusion);
  self->patterns =
    add_plot (self, _("Patterns: where on the head each component comes from (Haufe et al. 2014)"),
              130, draw_patterns);
  gtk_widget_set_visible (self->box, FALSE);
}

static void
inion_score_panel_dispose (GObject *object)
{
  InionScorePanel *self = INION_SCORE_PANEL (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_score_panel_parent_class)->dispose (object);
}

static void
inion_score_panel_class_init (InionScorePanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_score_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "scorepanel");
}

static void
inion_score_panel_init (InionScorePanel *self)
{
  build (self);
}

/**
 * inion_score_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the panel, empty until there is a result
 */
GtkWidget *
inion_score_panel_new (InionViewState *state)
{
  static const char *const watched[] = { "notify::result", "notify::model", "notify::track", NULL };
  InionScorePanel *self = g_object_new (INION_TYPE_SCORE_PANEL, NULL);

  self->state = g_object_ref (state);
  for (guint i = 0; watched[i] != NULL; i++)
    g_signal_connect_object (state, watched[i], G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
