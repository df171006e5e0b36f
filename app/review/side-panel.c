/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The left panel: labels with their keys, the list of marks, the channels. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/review/side-panel.h"

#include "app/panel-kit.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _InionSidePanel
{
  GtkWidget parent_instance;

  InionViewState *state;
  GtkWidget *box;
  GtkFlowBox *labels;
  GtkWidget *search;
  GtkLabel *count;
  GtkWidget *empty;
  GtkListView *marks;
  GtkListView *channels;
  GHashTable *checks;   /* GtkCheckButton → GtkListItem: of the rows on screen */
  GtkFilterListModel *filtered;
  GtkSingleSelection *selection;
  GtkCustomFilter *filter;
  char *needle;
  gboolean channels_due; /* their rows are to be made when they are looked at */
  gboolean following;   /* the selection is being set by us */
};

G_DEFINE_FINAL_TYPE (InionSidePanel, inion_side_panel, GTK_TYPE_WIDGET)

static void
draw_swatch (GtkDrawingArea *area,
             cairo_t        *cr,
             int             width,
             int             height,
             gpointer        data)
{
  guint32 hue = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (area), "inion-hue"));
  gboolean hollow = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (area), "inion-hollow"));

  cairo_set_source_rgb (cr, (hue >> 16 & 0xff) / 255.0, (hue >> 8 & 0xff) / 255.0,
                        (hue & 0xff) / 255.0);
  cairo_rectangle (cr, 1.5, height / 2.0 - 4.5, 9, 9);
  if (hollow)
    {
      cairo_set_line_width (cr, 1.5);
      cairo_stroke (cr);
    }
  else
    {
      cairo_fill (cr);
    }
}

static GtkWidget *
make_swatch (void)
{
  /* The name beside it says what the colour says. */
  GtkWidget *area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_set_size_request (area, 12, 12);
  gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_swatch, NULL, NULL);
  return area;
}

static void
set_swatch (GtkWidget *area,
            guint32    hue,
            gboolean   hollow)
{
  g_object_set_data (G_OBJECT (area), "inion-hue", GUINT_TO_POINTER (hue));
  g_object_set_data (G_OBJECT (area), "inion-hollow", GINT_TO_POINTER (hollow));
  gtk_widget_queue_draw (area);
}

/* Labels. */

static GtkWidget *
make_label_button (gpointer item,
                   gpointer data)
{
  InionLabel *label = item;
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *swatch = make_swatch ();
  GtkWidget *name = gtk_label_new (inion_label_get_name (label));
  g_autofree char *tooltip =
    inion_label_get_key (label) != NULL
      ? g_strdup_printf (_("Mark the selection as %s (%s)"), inion_label_get_name (label),
                         inion_label_get_key (label))
      : g_strdup_printf (_("Mark the selection as %s"), inion_label_get_name (label));

  set_swatch (swatch, inion_label_get_color (label), FALSE);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), name);
  if (inion_label_get_key (label) != NULL)
    {
      GtkWidget *key = gtk_label_new (inion_label_get_key (label));

      gtk_widget_add_css_class (key, "mark-key");
      gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), key);
    }
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "label-button");
  inion_panel_set_tooltip (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.annotate");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", inion_label_get_name (label));
  return button;
}

/* Marks. */

static gboolean
matches (gpointer item,
         gpointer data)
{
  InionSidePanel *self = data;
  g_autofree char *label = NULL;
  g_autofree char *rater = NULL;

  if (self->needle == NULL)
    return TRUE;
  label = g_utf8_casefold (inion_annotation_get_label (item), -1);
  rater = g_utf8_casefold (inion_annotation_get_rater (item), -1);
  return strstr (label, self->needle) != NULL || strstr (rater, self->needle) != NULL;
}

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

  gtk_box_append (GTK_BOX (box), make_swatch ());
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
           InionSidePanel           *self)
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
    set_swatch (swatch, inion_palette_get_color (inion_study_get_palette (study),
                                                 inion_annotation_get_label (mark)),
                inion_annotation_is_suggestion (mark));
  gtk_label_set_text (GTK_LABEL (name), title);
  gtk_label_set_text (GTK_LABEL (time), when);
  gtk_label_set_text (GTK_LABEL (duration), length);
}

static void
on_mark_selected (InionSidePanel *self)
{
  InionAnnotation *mark = gtk_single_selection_get_selected_item (self->selection);

  if (mark != NULL && !self->following &&
      inion_annotation_get_id (mark) != inion_view_state_get_selected_mark (self->state))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-mark", "x",
                                inion_annotation_get_id (mark));
}

static void
update_count (InionSidePanel *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  g_autofree char *text = g_strdup_printf (ngettext ("%u mark", "%u marks", n), n);

  gtk_label_set_text (self->count, text);
  gtk_widget_set_visible (self->empty, n == 0);
  gtk_label_set_text (GTK_LABEL (self->empty),
                      self->needle != NULL
                        ? _("No mark matches.")
                        : _("No marks yet. Drag over the traces, then press a label or its key."));
}

static void
on_search_changed (GtkSearchEntry *entry,
                   InionSidePanel *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_count (self);
}

/* The row of the mark that is selected on the traces. */
static void
follow_selected_mark (InionSidePanel *self)
{
  gint64 id = inion_view_state_get_selected_mark (self->state);
  InionStudy *study = inion_view_state_get_study (self->state);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  InionAnnotation *mark;
  guint low = 0, high = n;

  self->following = TRUE;
  mark = study != NULL
           ? inion_annotation_set_lookup (inion_study_get_annotations (study), id) : NULL;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  while (mark != NULL && low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr (InionAnnotation) other =
        g_list_model_get_item (G_LIST_MODEL (self->filtered), middle);

      if (inion_annotation_get_onset_ns (other) < inion_annotation_get_onset_ns (mark))
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = low; mark != NULL && i < MIN (n, low + 64); i++)
    {
      g_autoptr (InionAnnotation) other = g_list_model_get_item (G_LIST_MODEL (self->filtered), i);

      if (inion_annotation_get_id (other) == id)
        {
          gtk_single_selection_set_selected (self->selection, i);
          gtk_widget_activate_action (GTK_WIDGET (self->marks), "list.scroll-to-item", "u", i);
          break;
        }
    }
  self->following = FALSE;
}

/* Channels: kind, name, and whether it is bad. */

static void
on_channel_toggled (GtkCheckButton *check,
                    GtkListItem    *item)
{
  InionSidePanel *self = g_object_get_data (G_OBJECT (check), "inion-panel");
  InionChannel *channel = gtk_list_item_get_item (item);

  if (channel != NULL && !self->following)
    inion_view_state_set_bad (self->state, inion_channel_get_label (channel),
                              !gtk_check_button_get_active (check));
}

static void
setup_channel (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               InionSidePanel           *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *kind = gtk_label_new (NULL);

  g_object_set_data (G_OBJECT (check), "inion-panel", self);
  inion_panel_set_tooltip (check, _("Good: clear it to leave the channel out of averages, maps and "
                                    "decoders"));
  g_signal_connect (check, "toggled", G_CALLBACK (on_channel_toggled), item);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (kind, "dim-label");
  gtk_widget_add_css_class (kind, "caption");
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), kind);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, box);
}

static void
show_bad (InionSidePanel *self,
          GtkCheckButton *check,
          GtkListItem    *item)
{
  const char *label = inion_channel_get_label (gtk_list_item_get_item (item));

  self->following = TRUE;
  gtk_check_button_set_active (check, !inion_view_state_is_bad (self->state, label));
  self->following = FALSE;
}

/* The rows stay, and with them the focus and the place in the list. */
static void
on_bad_changed (InionSidePanel *self)
{
  GHashTableIter iter;
  gpointer check, item;

  g_hash_table_iter_init (&iter, self->checks);
  while (g_hash_table_iter_next (&iter, &check, &item))
    show_bad (self, check, item);
}

static void
unbind_channel (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                InionSidePanel           *self)
{
  g_hash_table_remove (self->checks, gtk_widget_get_first_child (gtk_list_item_get_child (item)));
}

static void
bind_channel (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              InionSidePanel           *self)
{
  InionChannel *channel = gtk_list_item_get_item (item);
  GtkWidget *check = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *name = gtk_widget_get_next_sibling (check);
  GtkWidget *kind = gtk_widget_get_next_sibling (name);
  const char *label = inion_channel_get_label (channel);
  g_autofree char *text =
    g_strdup_printf ("%s · %.4g\u2009Hz", inion_channel_kind_to_string (
                                            inion_channel_get_kind (channel)),
                     inion_channel_get_rate_hz (channel));

  g_hash_table_insert (self->checks, check, item);
  show_bad (self, GTK_CHECK_BUTTON (check), item);
  gtk_label_set_text (GTK_LABEL (name), label);
  gtk_label_set_text (GTK_LABEL (kind), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
fill_channels (InionSidePanel *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_autoptr (GListStore) store = g_list_store_new (INION_TYPE_CHANNEL);
  GtkNoSelection *model;

  for (guint i = 0; recording != NULL && i < inion_recording_get_n_channels (recording); i++)
    g_list_store_append (store, inion_recording_get_channel (recording, i));
  model = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&store)));
  gtk_list_view_set_model (self->channels, GTK_SELECTION_MODEL (model));
  g_object_unref (model);
}

/* A list makes its rows, up to hundreds, whether anybody looks at them or not: these when they are
 * looked at. */
static void
show_channels (InionSidePanel *self)
{
  if (self->channels_due)
    fill_channels (self);
  self->channels_due = FALSE;
}

static void
on_study_changed (InionSidePanel *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);

  gtk_filter_list_model_set_model (
    self->filtered, study != NULL ? G_LIST_MODEL (inion_study_get_annotations (study)) : NULL);
  gtk_flow_box_bind_model (self->labels,
                           study != NULL ? G_LIST_MODEL (inion_study_get_palette (study)) : NULL,
                           make_label_button, NULL, NULL);
  gtk_list_view_set_model (self->channels, NULL);
  self->channels_due = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self->channels)))
    show_channels (self);
  update_count (self);
}

/* Building. */

static GtkWidget *
make_scroller (GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
make_marks_page (InionSidePanel *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *overlay;

  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search marks"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search marks"), -1);
  g_signal_connect (self->search, "search-changed", G_CALLBACK (on_search_changed), self);
  gtk_widget_set_margin_start (self->search, 12);
  gtk_widget_set_margin_end (self->search, 12);
  gtk_box_append (GTK_BOX (page), self->search);

  self->filter = gtk_custom_filter_new (matches, self, NULL);
  self->filtered = gtk_filter_list_model_new (NULL, GTK_FILTER (self->filter));
  gtk_filter_list_model_set_incremental (self->filtered, TRUE);
  g_signal_connect_swapped (self->filtered, "items-changed", G_CALLBACK (update_count), self);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->filtered)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_swapped (self->selection, "notify::selected-item",
                            G_CALLBACK (on_mark_selected), self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_mark), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_mark), self);
  self->marks = GTK_LIST_VIEW (gtk_list_view_new (
    GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->marks), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->marks), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Marks"), -1);
  self->empty = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->empty), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->empty), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (self->empty), 24);
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_widget_set_margin_top (self->empty, 36);
  gtk_widget_set_halign (self->empty, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->empty, GTK_ALIGN_START);
  overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (overlay), make_scroller (GTK_WIDGET (self->marks)));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->empty);
  gtk_box_append (GTK_BOX (page), overlay);

  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "caption");
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->count), 6);
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->count));
  return page;
}

static GtkWidget *
make_channels_page (InionSidePanel *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_channel), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_channel), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_channel), self);
  self->channels = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  g_signal_connect_swapped (self->channels, "map", G_CALLBACK (show_channels), self);
  gtk_widget_add_css_class (GTK_WIDGET (self->channels), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->channels), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Channels"), -1);
  return make_scroller (GTK_WIDGET (self->channels));
}

static void
build (InionSidePanel *self)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *switcher = gtk_stack_switcher_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->labels = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->labels, GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (self->labels, 2);
  gtk_flow_box_set_max_children_per_line (self->labels, 2);
  gtk_flow_box_set_homogeneous (self->labels, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->labels), "labels");
  gtk_widget_set_margin_top (GTK_WIDGET (self->labels), 6);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->labels));
  gtk_box_append (GTK_BOX (self->box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_stack_add_titled (GTK_STACK (stack), make_marks_page (self), "marks", _("Marks"));
  gtk_stack_add_titled (GTK_STACK (stack), make_channels_page (self), "channels", _("Channels"));
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (stack));
  gtk_widget_set_margin_start (switcher, 12);
  gtk_widget_set_margin_end (switcher, 12);
  gtk_box_append (GTK_BOX (self->box), switcher);
  gtk_box_append (GTK_BOX (self->box), stack);
}

static void
inion_side_panel_dispose (GObject *object)
{
  InionSidePanel *self = INION_SIDE_PANEL (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->checks, g_hash_table_unref);
  g_clear_object (&self->filtered);
  g_clear_object (&self->selection);
  g_clear_object (&self->state);
  g_clear_pointer (&self->needle, g_free);
  G_OBJECT_CLASS (inion_side_panel_parent_class)->dispose (object);
}

static void
inion_side_panel_class_init (InionSidePanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_side_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "sidepanel");
}

static void
inion_side_panel_init (InionSidePanel *self)
{
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  self->checks = g_hash_table_new (NULL, NULL);
  build (self);
}

/**
 * inion_side_panel_new:
 * @state: what is on screen
 *
 * Returns: (transfer full): the left panel
 */
GtkWidget *
inion_side_panel_new (InionViewState *state)
{
  InionSidePanel *self = g_object_new (INION_TYPE_SIDE_PANEL, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::study", G_CALLBACK (on_study_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::bad", G_CALLBACK (on_bad_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::selected-mark", G_CALLBACK (follow_selected_mark), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
