/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person can do with marks and suggestions, as named actions of the window. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define ACTION(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

/* Why something was not done, where the study can only be read. */
static gboolean
refuse (InionWindow *self,
        const char  *refusal)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autofree char *text = NULL;

  if (study == NULL || !inion_study_is_read_only (study))
    return study == NULL;
  text = g_strdup_printf ("%s %s", refusal, inion_study_get_read_only_reason (study));
  inion_window_toast (self, text);
  return TRUE;
}

ACTION (annotate)
{
  InionWindow *self = data;
  const char *label = g_variant_get_string (parameter, NULL);
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autoptr (InionAnnotation) annotation = NULL;
  double from, to;
  gint64 onset;

  if (study == NULL)
    return;
  if (!inion_view_state_get_selection (self->state, &from, &to))
    {
      from = to = inion_view_state_get_cursor (self->state);
      if (!isfinite (from))
        {
          inion_window_toast (self, _("Drag over the traces first, or point at a moment, then "
                                      "press the label's key."));
          return;
        }
    }
  onset = (gint64) llround (from * 1e9);
  annotation = inion_annotation_new (0, onset, (gint64) llround (to * 1e9) - onset, label, NULL,
                                     inion_study_get_rater (study), INION_ORIGIN_PERSON, NAN, NULL);
  if (refuse (self, _("The mark was not made.")))
    return;
  inion_view_state_set_selected_mark (self->state,
                                      inion_study_add_annotation (study, annotation));
  inion_view_state_select (self->state, NAN, NAN);
}

ACTION (delete_mark)
{
  InionWindow *self = data;
  gint64 id = inion_view_state_get_selected_mark (self->state);

  if (id == 0 || refuse (self, _("The mark was not deleted.")))
    return;
  if (inion_study_remove_annotation (inion_view_state_get_study (self->state), id))
    inion_window_toast_undo (self, _("Mark deleted"));
}

static void
select_mark (InionWindow     *self,
             InionAnnotation *mark)
{
  double onset;

  if (mark == NULL)
    return;
  onset = (double) inion_annotation_get_onset_ns (mark) / 1e9;
  inion_view_state_set_selected_mark (self->state, inion_annotation_get_id (mark));
  inion_view_state_show_time (self->state, onset);
  inion_view_state_set_cursor (self->state, onset, -1);
}

/* Where "next" and "previous" count from: the selected mark, else the left edge of the page. */
static gint64
mark_anchor (InionWindow *self)
{
  InionAnnotation *mark = inion_annotation_set_lookup (
    inion_study_get_annotations (inion_view_state_get_study (self->state)),
    inion_view_state_get_selected_mark (self->state));

  return mark != NULL ? inion_annotation_get_onset_ns (mark)
                      : (gint64) (inion_view_state_get_from (self->state) * 1e9);
}

ACTION (next_mark)
{
  InionWindow *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);

  select_mark (self, inion_annotation_set_next (inion_study_get_annotations (study),
                                                mark_anchor (self), NULL));
}

ACTION (previous_mark)
{
  InionWindow *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);

  select_mark (self, inion_annotation_set_previous (inion_study_get_annotations (study),
                                                    mark_anchor (self), NULL));
}

ACTION (show_mark)
{
  InionWindow *self = data;

  select_mark (self, inion_annotation_set_lookup (
                       inion_study_get_annotations (inion_view_state_get_study (self->state)),
                       g_variant_get_int64 (parameter)));
}

ACTION (clear_selection)
{
  InionWindow *self = data;

  inion_view_state_select (self->state, NAN, NAN);
  inion_view_state_set_selected_mark (self->state, 0);
}

ACTION (select_time)
{
  InionWindow *self = data;
  double from, to;

  g_variant_get (parameter, "(dd)", &from, &to);
  inion_view_state_select (self->state, from, to);
}

/* The selected mark, if it is a suggestion. It becomes a label only below: a person says so. */
InionAnnotation *
_inion_window_get_suggestion (InionWindow *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  InionAnnotation *mark =
    inion_annotation_set_lookup (inion_study_get_annotations (study),
                                 inion_view_state_get_selected_mark (self->state));

  return mark != NULL && inion_annotation_is_suggestion (mark) ? mark : NULL;
}

static void
select_next_suggestion (InionWindow *self,
                        gint64       after)
{
  InionAnnotationSet *set =
    inion_study_get_annotations (inion_view_state_get_study (self->state));
  InionAnnotation *mark = inion_annotation_set_next (set, after, NULL);

  while (mark != NULL && !inion_annotation_is_suggestion (mark))
    mark = inion_annotation_set_next (set, inion_annotation_get_onset_ns (mark), NULL);
  if (mark != NULL)
    select_mark (self, mark);
}

ACTION (accept_suggestion)
{
  InionWindow *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  InionAnnotation *mark = _inion_window_get_suggestion (self);
  g_autoptr (InionAnnotation) accepted = NULL;

  if (mark == NULL || refuse (self, _("The suggestion was not accepted.")))
    return;
  accepted = inion_annotation_copy_with_origin (mark, INION_ORIGIN_ACCEPTED,
                                                inion_study_get_rater (study));
  inion_study_replace_annotation (study, accepted);
  select_next_suggestion (self, inion_annotation_get_onset_ns (accepted));
}

ACTION (reject_suggestion)
{
  InionWindow *self = data;
  InionAnnotation *mark = _inion_window_get_suggestion (self);
  gint64 onset;

  if (mark == NULL || refuse (self, _("The suggestion was not rejected.")))
    return;
  onset = inion_annotation_get_onset_ns (mark);
  inion_study_remove_annotation (inion_view_state_get_study (self->state),
                                 inion_annotation_get_id (mark));
  select_next_suggestion (self, onset);
}

void
_inion_window_mark_actions_init (InionWindow *self)
{
  static const GActionEntry entries[] = {
    { "annotate", annotate, "s" },
    { "delete-mark", delete_mark },
    { "next-mark", next_mark },
    { "previous-mark", previous_mark },
    { "show-mark", show_mark, "x" },
    { "select", select_time, "(dd)" },
    { "clear-selection", clear_selection },
    { "accept-suggestion", accept_suggestion },
    { "reject-suggestion", reject_suggestion },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
