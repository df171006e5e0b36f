/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "More like this": places that look like the selection, offered as suggestions.
 *
 * One search finds all places down to a low similarity; the threshold is moved afterwards, with the
 * number of hits beside it. What is found becomes suggestions of one undo step: hatched, and
 * counting for nothing until somebody accepts them. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/similar-page.h"

#include "app/panel-kit.h"
#include "app/tools/find-like.h"
#include "app/tools/tool-signal.h"

#include "annotation/events-import.h"

#include <glib/gi18n.h>
#include <math.h>

#define LEAST 0.3
#define FIRST_THRESHOLD 0.7

typedef struct
{
  InionShownSignal *signal;
  GArray *derivations;
  gboolean all;
  double from_s, to_s;
} Question;

struct _InionSimilarPage
{
  GtkWidget parent_instance;

  InionViewState *state;
  GActionMap *actions;       /* of the panel; not referenced */
  InionJob *job;             /* the search that is waited for */
  InionLike *like;
  double from_s, to_s;       /* of the pattern that was looked for */
  GtkWidget *scroller;
  GtkWidget *label;
  GtkWidget *one;            /* look at one trace only */
  GtkWidget *results;
  GtkWidget *threshold;
  GtkWidget *review;
  GtkLabel *pattern;
  GtkLabel *count;
  GtkLabel *waiting;
  int derivation;            /* the last that was pointed at; negative: none yet */
};

G_DEFINE_FINAL_TYPE (InionSimilarPage, inion_similar_page, GTK_TYPE_WIDGET)

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->signal);
  g_array_unref (question->derivations);
  g_free (question);
}

static gpointer
search (InionJob  *job,
        gpointer   data,
        GError   **error)
{
  Question *question = data;

  return inion_like_find (question->signal, question->derivations, question->all,
                          question->from_s, question->to_s, INION_SIMILARITY_JOINT, LEAST, job,
                          error);
}

/* What is known. */

static const char *
get_label (InionSimilarPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->label));

  return *text != '\0' ? text : _("similar");
}

/* Suggestions of this tool that wait, in time order. */
static gboolean
collect_visit (InionAnnotation *mark,
               gpointer         data)
{
  if (inion_annotation_is_suggestion (mark) &&
      g_strcmp0 (inion_annotation_get_rater (mark), INION_LIKE_RATER) == 0)
    g_ptr_array_add (data, g_object_ref (mark));
  return TRUE;
}

static GPtrArray *
collect_waiting (InionSimilarPage *self)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  InionStudy *study = inion_view_state_get_study (self->state);

  if (study != NULL)
    inion_annotation_set_foreach_in (inion_study_get_annotations (study), G_MININT64, G_MAXINT64,
                                     collect_visit, found);
  return found;
}

static GPtrArray *
collect_marks (InionSimilarPage *self)
{
  GPtrArray *marks =
    inion_annotations_from_recording (inion_view_state_get_recording (self->state));
  GListModel *all =
    G_LIST_MODEL (inion_study_get_annotations (inion_view_state_get_study (self->state)));

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    g_ptr_array_add (marks, g_list_model_get_item (all, i));
  return marks;
}

static gboolean
is_writable (InionSimilarPage *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  return study != NULL && !inion_study_is_read_only (study);
}

/* Showing. */

static void
set_enabled (InionSimilarPage *self,
             const char       *name,
             gboolean          enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, name)),
                               enabled);
}

static void
show_pattern (InionSimilarPage *self)
{
  g_autofree char *text = NULL;
  double from, to;

  if (self->job != NULL)
    text = g_strdup (_("Looking through the recording…"));
  else if (inion_view_state_get_selection (self->state, &from, &to))
    {
      g_autofree char *time = inion_view_state_format_time (self->state, from, 3);

      text = g_strdup_printf (_("The pattern is the selection: %.3g\u2009s from %s."), to - from,
                              time);
    }
  else
    text = g_strdup (_("Drag over the traces to select what to look for: a blink, a spike, a "
                       "burst, with little around it."));
  gtk_label_set_text (self->pattern, text);
}

static void
show_count (InionSimilarPage *self)
{
  double threshold = gtk_range_get_value (GTK_RANGE (self->threshold));
  g_autofree char *text = NULL;
  guint n, all;

  gtk_widget_set_visible (self->results, self->like != NULL);
  if (self->like == NULL)
    return;
  n = inion_like_count (self->like, threshold);
  all = self->like->hits->len;
  if (all == 0)
    text = g_strdup_printf (_("Nowhere else is the recording even %.2f alike."), LEAST);
  else
    text = g_strdup_printf (ngettext ("%u place is at least %.2f alike",
                                      "%u places are at least %.2f alike", n), n, threshold);
  gtk_label_set_text (self->count, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->threshold),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
update (InionSimilarPage *self)
{
  g_autoptr (GPtrArray) waiting = collect_waiting (self);
  gboolean writable = is_writable (self);
  double threshold = gtk_range_get_value (GTK_RANGE (self->threshold));
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u suggestion waits for you", "%u suggestions wait for you",
                               waiting->len), waiting->len);

  show_pattern (self);
  show_count (self);
  gtk_label_set_text (self->waiting, text);
  gtk_widget_set_visible (self->review, waiting->len > 0);
  set_enabled (self, "find-similar",
               inion_view_state_get_signal (self->state) != NULL && self->job == NULL);
  set_enabled (self, "suggest-similar",
               writable && self->like != NULL && inion_like_count (self->like, threshold) > 0);
  set_enabled (self, "next-similar", waiting->len > 0);
  set_enabled (self, "accept-similar", writable && waiting->len > 0);
  set_enabled (self, "drop-similar", writable && waiting->len > 0);
}

/* Searching. */

static void
on_found (InionJob     *job,
          gpointer      result,
          const GError *error,
          gpointer      data)
{
  g_autoptr (InionSimilarPage) self = data;

  /* About a recording that is not open any more. */
  if (job != self->job)
    {
      g_clear_pointer ((InionLike **) &result, inion_like_free);
      return;
    }
  g_clear_object (&self->job);
  if (result != NULL)
    {
      g_clear_pointer (&self->like, inion_like_free);
      self->like = result;
    }
  update (self);
  if (result == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_label_set_text (self->pattern, error->message);
}

static GArray *
choose_derivations (InionSimilarPage *self,
                    gboolean         *all)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  GArray *derivations;
  guint derivation = (guint) self->derivation;

  *all = !gtk_check_button_get_active (GTK_CHECK_BUTTON (self->one)) || self->derivation < 0 ||
         derivation >= inion_montage_get_n_derivations (montage);
  if (*all)
    return inion_tool_find_eeg (montage, inion_view_state_get_bad (self->state));
  derivations = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (derivations, derivation);
  return derivations;
}

/* With nothing selected, the selected mark is what is meant. */
static gboolean
find_pattern (InionSimilarPage *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  InionAnnotation *mark =
    study != NULL ? inion_annotation_set_lookup (inion_study_get_annotations (study),
                                                 inion_view_state_get_selected_mark (self->state))
                  : NULL;

  if (inion_view_state_get_selection (self->state, &self->from_s, &self->to_s))
    return self->to_s > self->from_s;
  if (mark == NULL || inion_annotation_get_duration_ns (mark) <= 0)
    return FALSE;
  self->from_s = (double) inion_annotation_get_onset_ns (mark) / 1e9;
  self->to_s = (double) inion_annotation_get_end_ns (mark) / 1e9;
  gtk_editable_set_text (GTK_EDITABLE (self->label), inion_annotation_get_label (mark));
  return TRUE;
}

static void
on_find (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionSimilarPage *self = data;
  Question *question;

  gtk_widget_activate_action (GTK_WIDGET (self), "tools.show", "s", "similar");
  if (!find_pattern (self))
    {
      g_signal_emit_by_name (self->state, "message",
                             _("Select what to look for first: drag over the traces."));
      return;
    }
  question = g_new0 (Question, 1);
  question->signal = g_object_ref (inion_view_state_get_signal (self->state));
  question->derivations = choose_derivations (self, &question->all);
  question->from_s = self->from_s;
  question->to_s = self->to_s;
  self->job = inion_job_new (_("Finding more like this"), search, question, question_free,
                             (GDestroyNotify) inion_like_free);
  inion_job_list_submit (inion_view_state_get_jobs (self->state), self->job, "find-similar",
                         on_found, g_object_ref (self));
  update (self);
}

/* Suggestions. */

static void
on_suggest (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       data)
{
  InionSimilarPage *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) marks = collect_marks (self);
  g_autoptr (GPtrArray) made = NULL;
  g_autofree char *text = NULL;
  guint n_known;

  made = inion_like_make_marks (self->like, gtk_range_get_value (GTK_RANGE (self->threshold)),
                                get_label (self), marks, &n_known);
  if (made->len > 0)
    {
      inion_study_begin (study, _("Suggest similar places"));
      inion_study_add_annotations (study, made);
      inion_study_end (study);
    }
  text = n_known > 0
           ? g_strdup_printf (_("%u suggestions; %u places are marked “%s” already"), made->len,
                              n_known, get_label (self))
           : g_strdup_printf (ngettext ("%u suggestion", "%u suggestions", made->len), made->len);
  g_signal_emit_by_name (self->state, "message", text);
  update (self);
}

static void
on_next (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionSimilarPage *self = data;
  g_autoptr (GPtrArray) found = collect_waiting (self);
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

static void
on_accept_all (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  InionSimilarPage *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) found = collect_waiting (self);

  inion_study_begin (study, _("Accept similar places"));
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
on_drop_all (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       data)
{
  InionSimilarPage *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (GPtrArray) found = collect_waiting (self);
  g_autofree gint64 *ids = g_new (gint64, MAX (found->len, 1));

  for (guint i = 0; i < found->len; i++)
    ids[i] = inion_annotation_get_id (g_ptr_array_index (found, i));
  inion_study_begin (study, _("Reject similar places"));
  inion_study_remove_annotations (study, ids, found->len);
  inion_study_end (study);
}

/* What was found was found in another signal. */
static void
forget (InionSimilarPage *self)
{
  if (self->job != NULL)
    inion_job_cancel (self->job);
  g_clear_object (&self->job);
  g_clear_pointer (&self->like, inion_like_free);
  update (self);
}

static void
on_cursor_changed (InionSimilarPage *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  int pointed = inion_view_state_get_cursor_derivation (self->state);
  g_autofree char *text = NULL;

  if (pointed < 0 || pointed == self->derivation || montage == NULL)
    return;
  self->derivation = pointed;
  text = g_strdup_printf (_("Only in %s, the trace _pointed at last"),
                          inion_montage_get_derivation (montage, (guint) pointed)->label);
  gtk_check_button_set_label (GTK_CHECK_BUTTON (self->one), text);
  gtk_widget_set_sensitive (self->one, TRUE);
}

/* Building. */

static void
add_results (InionSimilarPage *self,
             GtkWidget        *box)
{
  GtkWidget *name = gtk_label_new_with_mnemonic (_("Least si_milarity"));

  self->results = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_box_append (GTK_BOX (self->results), name);
  self->threshold = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, LEAST, 1.0, 0.01);
  gtk_scale_set_draw_value (GTK_SCALE (self->threshold), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (self->threshold), GTK_POS_RIGHT);
  gtk_range_set_value (GTK_RANGE (self->threshold), FIRST_THRESHOLD);
  gtk_label_set_mnemonic_widget (GTK_LABEL (name), self->threshold);
  g_signal_connect_swapped (self->threshold, "value-changed", G_CALLBACK (update), self);
  gtk_box_append (GTK_BOX (self->results), self->threshold);
  self->count = inion_panel_caption (self->results, NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->count), "dim-label");
  inion_panel_button (self->results, _("_Suggest These"), "tools.suggest-similar", FALSE);
  gtk_box_append (GTK_BOX (box), self->results);
}

static void
add_review (InionSimilarPage *self,
            GtkWidget        *box)
{
  GtkWidget *buttons;

  self->review = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_margin_top (self->review, 12);
  self->waiting = inion_panel_caption (self->review, NULL);
  inion_panel_button (self->review, _("Show the _Next One"), "tools.next-similar", FALSE);
  buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  inion_panel_button (buttons, _("Accept (Y)"), "win.accept-suggestion", FALSE);
  inion_panel_button (buttons, _("Reject (X)"), "win.reject-suggestion", FALSE);
  gtk_box_append (GTK_BOX (self->review), buttons);
  buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  inion_panel_button (buttons, _("Accept _All"), "tools.accept-similar", FALSE);
  inion_panel_button (buttons, _("_Reject All"), "tools.drop-similar", FALSE);
  gtk_box_append (GTK_BOX (self->review), buttons);
  gtk_box_append (GTK_BOX (box), self->review);
}

static void
build (InionSimilarPage *self)
{
  GtkWidget *box = inion_panel_column (&self->scroller);
  GtkWidget *name;

  inion_panel_heading (box, _("More like this"));
  self->pattern = inion_panel_caption (box, NULL);
  name = gtk_label_new_with_mnemonic (_("Call _what is found"));
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_box_append (GTK_BOX (box), name);
  self->label = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->label), _("similar"));
  gtk_label_set_mnemonic_widget (GTK_LABEL (name), self->label);
  gtk_box_append (GTK_BOX (box), self->label);
  self->one = gtk_check_button_new_with_mnemonic (_("Only in the trace _pointed at last"));
  gtk_widget_set_sensitive (self->one, FALSE);
  gtk_box_append (GTK_BOX (box), self->one);
  inion_panel_button (box, _("_Find More Like This"), "tools.find-similar", TRUE);
  add_results (self, box);
  add_review (self, box);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_similar_page_dispose (GObject *object)
{
  InionSimilarPage *self = INION_SIMILAR_PAGE (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->job);
  g_clear_pointer (&self->like, inion_like_free);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_similar_page_parent_class)->dispose (object);
}

static void
inion_similar_page_class_init (InionSimilarPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_similar_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inion_similar_page_init (InionSimilarPage *self)
{
  self->derivation = -1;
}

GtkWidget *
inion_similar_page_new (InionViewState *state,
                        GActionMap     *actions)
{
  static const GActionEntry entries[] = {
    { .name = "find-similar", .activate = on_find },
    { .name = "suggest-similar", .activate = on_suggest },
    { .name = "next-similar", .activate = on_next },
    { .name = "accept-similar", .activate = on_accept_all },
    { .name = "drop-similar", .activate = on_drop_all },
  };
  InionSimilarPage *self = g_object_new (INION_TYPE_SIMILAR_PAGE, NULL);

  self->state = g_object_ref (state);
  self->actions = actions;
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  build (self);
  g_signal_connect_object (state, "notify::selection", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "marks-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::study", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::signal", G_CALLBACK (forget), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::cursor", G_CALLBACK (on_cursor_changed), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
