/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing marks, and marking pages and channels, as named actions of the window.
 *
 * Each is one step for undo. A label of the group "stage" marks a whole epoch of 30 s: there is one
 * stage an epoch, so that the new one takes the place of the old. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/marks/mark-edit-actions.h"

#include "app/marks/mark-dialog.h"
#include "app/window-private.h"

#include "annotation/marking.h"
#include "annotation/palette-json.h"
#include "annotation/palette-named.h"

#include <glib/gi18n.h>
#include <math.h>

#define ACTION(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)
#define EPOCH_NS (30 * G_GINT64_CONSTANT (1000000000))

static gint64
to_ns (double seconds)
{
  return (gint64) llround (seconds * 1e9);
}

/* The study, if it can be written; else says why not. */
static InionStudy *
get_writable (InionWindow *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  g_autofree char *text = NULL;

  if (study == NULL || !inion_study_is_read_only (study))
    return study;
  text = g_strdup_printf ("%s %s", _("Nothing was changed."),
                          inion_study_get_read_only_reason (study));
  inion_window_toast (self, text);
  return NULL;
}

/* The selected mark, unless it is a suggestion, which is accepted first. */
static InionAnnotation *
get_mark (InionWindow *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  gint64 id = inion_view_state_get_selected_mark (self->state);
  InionAnnotation *mark =
    id != 0 ? inion_annotation_set_lookup (inion_study_get_annotations (study), id) : NULL;

  if (mark == NULL)
    inion_window_toast (self, _("Choose a mark first: click it, or go to one with the full stop."));
  else if (inion_annotation_is_suggestion (mark))
    inion_window_toast (self, _("This is a suggestion: accept it first (Y)."));
  else
    return mark;
  return NULL;
}

ACTION (set_mark_span)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  InionAnnotation *mark;
  g_autoptr (InionAnnotation) moved = NULL;
  g_autofree char *title = NULL;
  gboolean same_length;
  gint64 id;
  double from, to;

  g_variant_get (parameter, "(xdd)", &id, &from, &to);
  mark = study != NULL ? inion_annotation_set_lookup (inion_study_get_annotations (study), id)
                       : NULL;
  if (mark == NULL || inion_annotation_is_suggestion (mark) || !isfinite (from) ||
      !isfinite (to) || from < 0 || to < from)
    return;
  moved = inion_annotation_copy_with_span (mark, to_ns (from), to_ns (to) - to_ns (from));
  same_length = inion_annotation_get_duration_ns (moved) == inion_annotation_get_duration_ns (mark);
  title = g_strdup_printf (same_length ? _("Move %s") : _("Change the length of %s"),
                           inion_annotation_get_label (mark));
  inion_study_begin (study, title);
  inion_study_replace_annotation (study, moved);
  inion_study_end (study);
}

ACTION (split_mark)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  InionAnnotation *mark = study != NULL ? get_mark (self) : NULL;
  g_autoptr (InionAnnotation) before = NULL, after = NULL;
  g_autofree char *title = NULL;
  double cursor = inion_view_state_get_cursor (self->state);

  if (mark == NULL)
    return;
  if (!isfinite (cursor) || !inion_annotation_split (mark, to_ns (cursor), &before, &after))
    {
      inion_window_toast (self, _("Point into the chosen mark, where it is to be split."));
      return;
    }
  title = g_strdup_printf (_("Split %s"), inion_annotation_get_label (mark));
  inion_study_begin (study, title);
  inion_study_replace_annotation (study, before);
  inion_study_add_annotation (study, after);
  inion_study_end (study);
}

ACTION (join_mark)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  InionAnnotation *mark = study != NULL ? get_mark (self) : NULL;
  InionAnnotation *next = NULL;
  g_autoptr (GPtrArray) both = NULL;
  g_autoptr (InionAnnotation) joined = NULL;
  g_autofree char *title = NULL;

  if (mark == NULL)
    return;
  next = inion_annotation_set_find_joinable (inion_study_get_annotations (study), mark);
  if (next == NULL)
    {
      inion_window_toast (self, _("No mark of this label and these channels follows."));
      return;
    }
  both = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (both, g_object_ref (mark));
  g_ptr_array_add (both, g_object_ref (next));
  joined = inion_annotations_merge (both, NULL);
  g_return_if_fail (joined != NULL);
  title = g_strdup_printf (_("Join %s"), inion_annotation_get_label (mark));
  inion_study_begin (study, title);
  inion_study_replace_annotation (study, joined);
  inion_study_remove_annotation (study, inion_annotation_get_id (both->pdata[1]));
  inion_study_end (study);
}

ACTION (edit_mark)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  InionAnnotation *mark = study != NULL ? get_mark (self) : NULL;

  if (mark != NULL)
    inion_mark_dialog_show (self, mark);
}

/* Stages that overlap an epoch: there can be only one. */
static void
remove_stages (InionStudy *study,
               gint64      from_ns,
               gint64      to_ns)
{
  g_autoptr (GPtrArray) old =
    inion_annotation_set_query (inion_study_get_annotations (study), from_ns, to_ns);

  for (guint i = 0; i < old->len; i++)
    {
      InionLabel *label = inion_palette_find (inion_study_get_palette (study),
                                              inion_annotation_get_label (old->pdata[i]));

      if (label != NULL && g_str_equal (inion_label_get_group (label), "stage") &&
          !inion_annotation_is_suggestion (old->pdata[i]))
        inion_study_remove_annotation (study, inion_annotation_get_id (old->pdata[i]));
    }
}

static void
add_mark (InionWindow       *self,
          InionStudy        *study,
          const char        *label,
          gint64             onset_ns,
          gint64             duration_ns,
          const char *const *channels)
{
  g_autoptr (InionAnnotation) mark =
    inion_annotation_new (0, onset_ns, duration_ns, label, channels, inion_study_get_rater (study),
                          INION_ORIGIN_PERSON, NAN, NULL);

  inion_view_state_set_selected_mark (self->state, inion_study_add_annotation (study, mark));
}

/* Marks the page that is shown, or of a stage the epoch at its left edge, and goes to the next that
 * is not marked. */
ACTION (annotate_page)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  const char *name = g_variant_get_string (parameter, NULL);
  InionLabel *label = study != NULL ? inion_palette_find (inion_study_get_palette (study), name)
                                    : NULL;
  gboolean stage = label != NULL && g_str_equal (inion_label_get_group (label), "stage");
  gint64 end = to_ns (inion_view_state_get_duration_s (self->state));
  gint64 from = to_ns (inion_view_state_get_from (self->state));
  gint64 page = to_ns (inion_view_state_get_page (self->state));
  g_autofree char *title = NULL;
  gint64 next;

  if (study == NULL)
    return;
  if (stage)
    {
      /* A page that was scrolled a little past an epoch's edge still shows that epoch. */
      page = EPOCH_NS;
      from = (from + EPOCH_NS / 2) / EPOCH_NS * EPOCH_NS;
    }
  if (from >= end)
    return;
  title = g_strdup_printf (stage ? _("Score %s") : _("Mark the page as %s"), name);
  inion_study_begin (study, title);
  if (stage)
    remove_stages (study, from, MIN (from + page, end));
  add_mark (self, study, name, from, MIN (page, end - from), NULL);
  inion_study_end (study);
  if (inion_annotation_set_find_unmarked (inion_study_get_annotations (study), from + page, page,
                                          end, &next))
    inion_view_state_set_from (self->state, (double) next / 1e9);
  else
    inion_window_toast (self, _("All that follows is marked."));
}

ACTION (next_unmarked)
{
  InionWindow *self = data;
  InionStudy *study = inion_view_state_get_study (self->state);
  gint64 page = to_ns (inion_view_state_get_page (self->state));
  gint64 next;

  if (inion_annotation_set_find_unmarked (inion_study_get_annotations (study),
                                          to_ns (inion_view_state_get_from (self->state)) + page,
                                          page, to_ns (inion_view_state_get_duration_s (self->state)),
                                          &next))
    inion_view_state_set_from (self->state, (double) next / 1e9);
  else
    inion_window_toast (self, _("All that follows is marked."));
}

/* The channels of the trace that is pointed at. */
static char **
dup_pointed_channels (InionWindow *self)
{
  int derivation = inion_view_state_get_cursor_derivation (self->state);
  InionMontage *montage = inion_view_state_get_montage (self->state);
  InionRecording *recording = inion_view_state_get_recording (self->state);
  const InionDerivation *row;
  g_autoptr (GStrvBuilder) channels = g_strv_builder_new ();

  if (montage == NULL || derivation < 0 ||
      (guint) derivation >= inion_montage_get_n_derivations (montage))
    return NULL;
  row = inion_montage_get_derivation (montage, (guint) derivation);
  /* Of an average or a Laplacian the first electrode is what is looked at. */
  for (guint i = 0; i < (row->n_terms <= 2 ? row->n_terms : 1); i++)
    g_strv_builder_add (channels, inion_channel_get_label (inion_recording_get_channel (
                                    recording, row->channels[i])));
  return g_strv_builder_end (channels);
}

ACTION (annotate_channels)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  const char *label = g_variant_get_string (parameter, NULL);
  g_auto (GStrv) channels = study != NULL ? dup_pointed_channels (self) : NULL;
  double from, to;

  if (study == NULL)
    return;
  if (channels == NULL)
    {
      inion_window_toast (self, _("Point at a trace: the mark is for its channels."));
      return;
    }
  if (!inion_view_state_get_selection (self->state, &from, &to))
    from = to = inion_view_state_get_cursor (self->state);
  if (!isfinite (from))
    return;
  add_mark (self, study, label, to_ns (from), to_ns (to) - to_ns (from),
            (const char *const *) channels);
  inion_view_state_select (self->state, NAN, NAN);
}

/* One of all marks, for a look without a choice: quality control. */
ACTION (random_mark)
{
  InionWindow *self = data;
  InionAnnotationSet *set =
    inion_study_get_annotations (inion_view_state_get_study (self->state));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (set));
  g_autoptr (InionAnnotation) mark = NULL;

  if (n == 0)
    {
      inion_window_toast (self, _("There are no marks yet."));
      return;
    }
  mark = g_list_model_get_item (G_LIST_MODEL (set), (guint) g_random_int_range (0, (gint32) n));
  g_action_group_activate_action (G_ACTION_GROUP (self), "show-mark",
                                  g_variant_new_int64 (inion_annotation_get_id (mark)));
}

/* Marks of one label, without suggestions. */
static GPtrArray *
find_marks (InionStudy *study,
            const char *label)
{
  GListModel *set = G_LIST_MODEL (inion_study_get_annotations (study));
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (set); i++)
    {
      g_autoptr (InionAnnotation) mark = g_list_model_get_item (set, i);

      if (!inion_annotation_is_suggestion (mark) &&
          g_str_equal (inion_annotation_get_label (mark), label))
        g_ptr_array_add (found, g_steal_pointer (&mark));
    }
  return found;
}

ACTION (rename_marks)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  const char *from, *to;
  g_autoptr (GPtrArray) marks = NULL;
  g_autofree char *title = NULL;

  g_variant_get (parameter, "(&s&s)", &from, &to);
  if (study == NULL || *to == '\0' || g_str_equal (from, to))
    return;
  marks = find_marks (study, from);
  if (marks->len == 0)
    return;
  title = g_strdup_printf (ngettext ("Rename %u mark “%s” to “%s”", "Rename %u marks “%s” to “%s”",
                                     marks->len), marks->len, from, to);
  inion_study_begin (study, title);
  for (guint i = 0; i < marks->len; i++)
    {
      g_autoptr (InionAnnotation) renamed = inion_annotation_copy_with_label (marks->pdata[i], to);

      inion_study_replace_annotation (study, renamed);
    }
  inion_study_end (study);
  inion_window_toast_undo (self, title);
}

ACTION (delete_marks)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  const char *label = g_variant_get_string (parameter, NULL);
  g_autoptr (GPtrArray) marks = study != NULL ? find_marks (study, label) : NULL;
  g_autoptr (GArray) ids = NULL;
  g_autofree char *title = NULL;

  if (study == NULL || marks->len == 0)
    return;
  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < marks->len; i++)
    {
      gint64 id = inion_annotation_get_id (marks->pdata[i]);

      g_array_append_val (ids, id);
    }
  title = g_strdup_printf (ngettext ("Delete %u mark “%s”", "Delete %u marks “%s”", ids->len),
                           ids->len, label);
  inion_study_begin (study, title);
  inion_study_remove_annotations (study, (const gint64 *) (gpointer) ids->data, ids->len);
  inion_study_end (study);
  inion_window_toast_undo (self, title);
}

ACTION (set_palette)
{
  InionWindow *self = data;
  InionStudy *study = get_writable (self);
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (InionPalette) palette = inion_palette_new_named (id);
  g_autofree char *json = NULL, *title = NULL;

  if (study == NULL || palette == NULL)
    return;
  json = inion_palette_to_json (palette);
  title = g_strdup_printf (_("Labels: %s"), _(inion_palette_get_title_for (id)));
  inion_study_set_setting (study, "palette", json, title);
}

/**
 * inion_mark_edit_actions_init:
 * @window: a window
 *
 * Adds the actions to a window.
 */
void
inion_mark_edit_actions_init (InionWindow *window)
{
  static const GActionEntry entries[] = {
    { "set-mark-span", set_mark_span, "(xdd)" },
    { "split-mark", split_mark },
    { "join-mark", join_mark },
    { "edit-mark", edit_mark },
    { "annotate-page", annotate_page, "s" },
    { "annotate-channels", annotate_channels, "s" },
    { "next-unmarked", next_unmarked },
    { "random-mark", random_mark },
    { "rename-marks", rename_marks, "(ss)" },
    { "delete-marks", delete_marks, "s" },
    { "set-palette", set_palette, "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), window);
}
