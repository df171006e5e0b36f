/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of marks, and what is searched in it.
 *
 * Without a text to look for the study's set is the list itself. With one the list holds what was
 * found, and is made anew, once a frame at most, when the set has changed. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/marks-list.h"

#include "app/panel-kit.h"
#include "app/review/found-marks.h"
#include "app/review/swatch.h"

#include <glib/gi18n.h>

struct _InionMarksList
{
  GtkWidget parent_instance;

  InionViewState *state;
  GtkWidget *box;
  GtkWidget *search;
  GtkLabel *count;
  GtkWidget *empty;
  GtkListView *marks;
  GtkSingleSelection *selection; /* over the study's marks, or over what was found of them */
  InionAnnotationSet *set;       /* the study's marks; nullable */
  guint tick;                    /* that brings the list up to date before the next frame */
  gboolean stale;                /* the marks have changed since they were searched */
  gboolean following;            /* the selection is being set by us */
};

G_DEFINE_FINAL_TYPE (InionMarksList, inion_marks_list, GTK_TYPE_WIDGET)

/* Rows. */

/* Who made the mark. Asked for when it is wanted, not set for each row that scrolls by: see
 * inion_panel_set_tooltip(). */
static gboolean
on_query_mark (GtkWidget   *row,
               int          x,
               int          y,
               gboolean     keyboard,
               GtkTooltip  *tooltip,
               GtkListItem *item)
{
  InionAnnotation *mark = gtk_list_item_get_item (item);

  if (mark == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, inion_annotation_get_rater (mark));
  return TRUE;
}

static void
setup_mark (GtkSignalListItemFactory *factory,
            GtkListItem              *item,
            gpointer                  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *time = gtk_label_new (NULL);
  GtkWidget *duration = gtk_label_new (NULL);

  gtk_box_append (GTK_BOX (box), inion_swatch_new ());
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (time, "numeric");
  gtk_widget_add_css_class (duration, "numeric");
  gtk_widget_add_css_class (duration, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (duration), 1);
  gtk_label_set_width_chars (GTK_LABEL (duration), 7);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), time);
  gtk_box_append (GTK_BOX (box), duration);
  gtk_widget_set_has_tooltip (box, TRUE);
  g_signal_connect (box, "query-tooltip", G_CALLBACK (on_query_mark), item);
  gtk_list_item_set_child (item, box);
}

static char *
duration_text (gint64 duration_ns)
{
  double seconds = (double) duration_ns / 1e9;

  if (duration_ns == 0)
    return g_strdup (_("point"));
  return seconds < 1.0 ? g_strdup_printf ("%.0f\u2009ms", seconds * 1000.0)
                       : g_strdup_printf ("%.2f\u2009s", seconds);
}

static void
bind_mark (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           InionMarksList           *self)
{
  InionAnnotation *mark = gtk_list_item_get_item (item);
  InionStudy *study = inion_view_state_get_study (self->state);
  GtkWidget *swatch = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *name = gtk_widget_get_next_sibling (swatch);
  GtkWidget *time = gtk_widget_get_next_sibling (name);
  GtkWidget *duration = gtk_widget_get_next_sibling (time);
  g_autofree char *when = inion_view_state_format_time (
    self->state, (double) inion_annotation_get_onset_ns (mark) / 1e9, 1);
  g_autofree char *length = duration_text (inion_annotation_get_duration_ns (mark));
  g_autofree char *title = NULL;

  if (inion_annotation_is_suggestion (mark))
    title = g_strdup_printf ("%s?", inion_annotation_get_label (mark));
  else
    title = g_strdup (inion_annotation_get_label (mark));
  if (study != NULL)
    inion_swatch_set (swatch, inion_palette_get_color (inion_study_get_palette (study),
                                                 inion_annotation_get_label (mark)),
                inion_annotation_is_suggestion (mark));
  gtk_label_set_text (GTK_LABEL (name), title);
  gtk_label_set_text (GTK_LABEL (time), when);
  gtk_label_set_text (GTK_LABEL (duration), length);
}

static void
on_mark_selected (InionMarksList *self)
{
  InionAnnotation *mark = gtk_single_selection_get_selected_item (self->selection);

  if (mark != NULL && !self->following && inion_annotation_get_id (mark) != 0 &&
      inion_annotation_get_id (mark) != inion_view_state_get_selected_mark (self->state))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-mark", "x",
                                inion_annotation_get_id (mark));
}

static gboolean
is_searching (InionMarksList *self)
{
  return self->set != NULL && *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
}

static void
update_count (InionMarksList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  g_autofree char *text = g_strdup_printf (ngettext ("%u mark", "%u marks", n), n);

  gtk_label_set_text (self->count, text);
  gtk_widget_set_visible (self->empty, n == 0);
  gtk_label_set_text (GTK_LABEL (self->empty),
                      is_searching (self) && inion_annotation_set_get_size (self->set) > 0
                        ? _("No mark matches.")
                        : _("No marks yet. Drag over the traces, then press a label or its key."));
}

/* Shows the marks that have the text of the search, or the set itself where there is none. The list
 * is exchanged as a whole; nothing may be selected meanwhile, or it would be looked for in it. */
static void
show_marks (InionMarksList *self)
{
  g_autoptr (GListModel) found = NULL;
  GListModel *model = self->set != NULL ? G_LIST_MODEL (self->set) : NULL;

  self->stale = FALSE;
  if (is_searching (self))
    {
      found = inion_found_marks_new (self->set,
                                     gtk_editable_get_text (GTK_EDITABLE (self->search)));
      model = found;
    }
  self->following = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  if (gtk_single_selection_get_model (self->selection) != model)
    gtk_single_selection_set_model (self->selection, model);
  self->following = FALSE;
}

/* The row of the mark that is selected on the traces. */
static void
follow_selected_mark (InionMarksList *self)
{
  gint64 id = inion_view_state_get_selected_mark (self->state);
  InionAnnotation *mark = self->set != NULL ? inion_annotation_set_lookup (self->set, id) : NULL;
  guint low = 0, high, n;

  high = n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  self->following = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  while (mark != NULL && low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr (InionAnnotation) other =
        g_list_model_get_item (G_LIST_MODEL (self->selection), middle);

      if (inion_annotation_get_onset_ns (other) < inion_annotation_get_onset_ns (mark))
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = low; mark != NULL && i < MIN (n, low + 64); i++)
    {
      g_autoptr (InionAnnotation) other = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (inion_annotation_get_id (other) == id)
        {
          gtk_single_selection_set_selected (self->selection, i);
          gtk_widget_activate_action (GTK_WIDGET (self->marks), "list.scroll-to-item", "u", i);
          break;
        }
    }
  self->following = FALSE;
}

static void
on_search_changed (InionMarksList *self)
{
  show_marks (self);
  follow_selected_mark (self);
}

static gboolean
catch_up (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       data)
{
  InionMarksList *self = INION_MARKS_LIST (widget);

  self->tick = 0;
  if (self->stale)
    show_marks (self);
  follow_selected_mark (self);
  return G_SOURCE_REMOVE;
}

/* Before the next frame, and not at once: a mark is selected, or not any more, while the set tells
 * of its change, and the selection may not have heard of it yet. */
static void
queue_catch_up (InionMarksList *self)
{
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), catch_up, NULL, NULL);
}

/* What was found is found again, once for all that changes before a frame. */
static void
on_marks_changed (InionMarksList *self)
{
  if (!is_searching (self))
    return;
  self->stale = TRUE;
  queue_catch_up (self);
}

static void
set_marks (InionMarksList     *self,
           InionAnnotationSet *set)
{
  if (self->set != NULL)
    g_signal_handlers_disconnect_by_func (self->set, on_marks_changed, self);
  g_set_object (&self->set, set);
  if (set != NULL)
    g_signal_connect_object (set, "items-changed", G_CALLBACK (on_marks_changed), self,
                             G_CONNECT_SWAPPED);
  show_marks (self);
}

static void
on_study_changed (InionMarksList *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  set_marks (self, study != NULL ? inion_study_get_annotations (study) : NULL);
}

/* Building. */

static void
build_search (InionMarksList *self)
{
  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search marks"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search marks"), -1);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (on_search_changed), self);
  gtk_widget_set_margin_start (self->search, 12);
  gtk_widget_set_margin_end (self->search, 12);
  gtk_box_append (GTK_BOX (self->box), self->search);
}

static void
build_list (InionMarksList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->selection = gtk_single_selection_new (NULL);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (on_mark_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_mark), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_mark), self);
  self->marks = GTK_LIST_VIEW (gtk_list_view_new (
    GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->marks), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->marks), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Marks"), -1);
}

static void
build_places (InionMarksList *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->empty = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->empty), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->empty), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (self->empty), 24);
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_widget_set_margin_top (self->empty, 36);
  gtk_widget_set_halign (self->empty, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->empty, GTK_ALIGN_START);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->marks));
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), scroller);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->empty);
  gtk_box_append (GTK_BOX (self->box), overlay);

  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "caption");
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->count), 6);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->count));
}

static void
inion_marks_list_dispose (GObject *object)
{
  InionMarksList *self = INION_MARKS_LIST (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->set);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_marks_list_parent_class)->dispose (object);
}

static void
inion_marks_list_class_init (InionMarksListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_marks_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inion_marks_list_init (InionMarksList *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  build_search (self);
  build_list (self);
  build_places (self);
}

/**
 * inion_marks_list_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the list
 */
GtkWidget *
inion_marks_list_new (InionViewState *state)
{
  InionMarksList *self = g_object_new (INION_TYPE_MARKS_LIST, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::study", G_CALLBACK (on_study_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::selected-mark", G_CALLBACK (queue_catch_up), self,
                           G_CONNECT_SWAPPED);
  on_study_changed (self);
  return GTK_WIDGET (self);
}
