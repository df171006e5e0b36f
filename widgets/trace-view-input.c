/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pointer and keys of the trace view. Whatever changes something is an action of the window. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define CLICK_SLOP_PX 4
#define TOOLS_WIDTH_PX 180 /* of the selection's bar without labels */
#define LABEL_WIDTH_PX 105

static void
activate (InionTraceView *self,
          const char     *action,
          GVariant       *parameter)
{
  gtk_widget_activate_action_variant (GTK_WIDGET (self), action, parameter);
}

/* Pointer: cursor and read-out. */

static void
on_motion (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           InionTraceView           *self)
{
  int lane;

  if (self->pan_from_s == self->pan_from_s)  /* panning */
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  if (inion_view_state_get_recording (self->state) == NULL)
    return;
  if (!_inion_trace_view_point_at_mark (self))
    _inion_trace_view_point_at_calipers (self);
  lane = _inion_trace_view_pick_lane (self, y);
  inion_view_state_set_cursor (
    self->state, x >= self->gutter ? inion_trace_view_x_to_time (self, x)
                                   : inion_view_state_get_cursor (self->state),
    lane >= 0 ? (int) self->layout->lanes[lane].derivation : -1);
}

static void
on_leave (GtkEventControllerMotion *controller,
          InionTraceView           *self)
{
  self->pointer_x = self->pointer_y = NAN;
  if (inion_view_state_get_recording (self->state) != NULL)
    inion_view_state_set_cursor (self->state, inion_view_state_get_cursor (self->state), -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Drag: a stretch of time. A drag shorter than the slop is a click. */

static void
on_drag_begin (GtkGestureDrag *gesture,
               double          x,
               double          y,
               InionTraceView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (inion_view_state_get_recording (self->state) == NULL || x < self->gutter)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->drag_x = x;
  self->drag_y = y;
  self->drag_from_s = inion_trace_view_x_to_time (self, x);
  if (_inion_trace_view_grab_caliper (self, x, y) || _inion_trace_view_grab_mark (self, x, y))
    return;
  self->dragging = TRUE;
}

static void
on_drag_update (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                InionTraceView *self)
{
  if (self->caliper_dragged != INION_CALIPER_NONE)
    {
      _inion_trace_view_drag_caliper (self, dx);
      return;
    }
  if (fabs (dx) < CLICK_SLOP_PX)
    return;
  if (self->mark_dragged.part != INION_MARK_NONE)
    {
      GdkModifierType state =
        gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

      _inion_trace_view_drag_mark (self, dx, !(state & GDK_ALT_MASK));
      return;
    }
  inion_view_state_select (self->state, self->drag_from_s,
                           inion_trace_view_x_to_time (self, self->drag_x + dx));
}

static void
on_drag_end (GtkGestureDrag *gesture,
             double          dx,
             double          dy,
             InionTraceView *self)
{
  self->dragging = FALSE;
  if (self->caliper_dragged != INION_CALIPER_NONE)
    {
      self->caliper_dragged = INION_CALIPER_NONE;
      return;
    }
  if (self->mark_dragged.part != INION_MARK_NONE)
    {
      _inion_trace_view_drop_mark (self, fabs (dx) >= CLICK_SLOP_PX);
      return;
    }
  if (fabs (dx) < CLICK_SLOP_PX)
    {
      inion_view_state_select (self->state, NAN, NAN);
      inion_view_state_set_selected_mark (
        self->state, _inion_trace_view_pick_mark (self, self->drag_x, self->drag_y));
    }
  _inion_trace_view_update_selection_bar (self);
}

/* Double click on a name: the channel is bad, or good again; on a mark: what it says. */
static void
on_pressed (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            InionTraceView  *self)
{
  if (n_press != 2)
    return;
  if (x < self->gutter)
    activate (self, "win.toggle-bad", g_variant_new_string (""));
  else if (inion_view_state_get_selected_mark (self->state) != 0)
    activate (self, "win.edit-mark", NULL);
}

/* Middle button: the page follows the hand. */

static void
on_pan_begin (GtkGestureDrag *gesture,
              double          x,
              double          y,
              InionTraceView *self)
{
  self->pan_from_s = inion_view_state_get_from (self->state);
}

static void
on_pan_update (GtkGestureDrag *gesture,
               double          dx,
               double          dy,
               InionTraceView *self)
{
  GdkRectangle area;

  _inion_trace_view_get_area (self, &area);
  inion_view_state_set_from (self->state, self->pan_from_s -
                                            dx / area.width *
                                              inion_view_state_get_page (self->state));
}

static void
on_pan_end (GtkGestureDrag *gesture,
            double          dx,
            double          dy,
            InionTraceView *self)
{
  self->pan_from_s = NAN;
}

/* Wheel: time; with Ctrl the timebase about the pointer; with Shift the sensitivity. */
static gboolean
on_scroll (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           InionTraceView           *self)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  double page = inion_view_state_get_page (self->state);
  gboolean pixels = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE;
  double delta = fabs (dx) > fabs (dy) ? dx : dy;
  GdkRectangle area;

  if (inion_view_state_get_recording (self->state) == NULL)
    return GDK_EVENT_PROPAGATE;
  if (state & GDK_CONTROL_MASK)
    {
      inion_view_state_set_page (self->state, page * pow (1.25, pixels ? delta / 40 : delta),
                                 inion_trace_view_x_to_time (self, self->pointer_x));
    }
  else if (state & GDK_SHIFT_MASK)
    {
      activate (self, delta > 0 ? "win.sensitivity-down" : "win.sensitivity-up", NULL);
    }
  else
    {
      _inion_trace_view_get_area (self, &area);
      inion_view_state_set_from (self->state, inion_view_state_get_from (self->state) +
                                                (pixels ? delta / area.width * page
                                                        : delta * page / 10.0));
    }
  return GDK_EVENT_STOP;
}

/* Keys while the traces have the focus: single keys, and the keys of the labels. */

static void
add_shortcut (GtkShortcutController *controller,
              const char            *trigger,
              const char            *action,
              GVariant              *arguments)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger),
                                            gtk_named_action_new (action));

  if (arguments != NULL)
    gtk_shortcut_set_arguments (shortcut, arguments);
  gtk_shortcut_controller_add_shortcut (controller, shortcut);
}

static void
add_shortcuts (InionTraceView *self)
{
  GtkShortcutController *keys = GTK_SHORTCUT_CONTROLLER (gtk_shortcut_controller_new ());

  add_shortcut (keys, "Page_Down|KP_Page_Down|space", "win.page-next", NULL);
  add_shortcut (keys, "Page_Up|KP_Page_Up|<Shift>space", "win.page-previous", NULL);
  add_shortcut (keys, "Right|KP_Right", "win.scroll", g_variant_new_double (1.0));
  add_shortcut (keys, "Left|KP_Left", "win.scroll", g_variant_new_double (-1.0));
  add_shortcut (keys, "<Shift>Right", "win.page-next", NULL);
  add_shortcut (keys, "<Shift>Left", "win.page-previous", NULL);
  add_shortcut (keys, "Home", "win.start", NULL);
  add_shortcut (keys, "End", "win.end", NULL);
  add_shortcut (keys, "Up|plus|KP_Add", "win.sensitivity-up", NULL);
  add_shortcut (keys, "Down|minus|KP_Subtract", "win.sensitivity-down", NULL);
  add_shortcut (keys, "<Shift>Page_Down", "win.scroll-channels", g_variant_new_int32 (1));
  add_shortcut (keys, "<Shift>Page_Up", "win.scroll-channels", g_variant_new_int32 (-1));
  add_shortcut (keys, "n", "win.toggle-notch", NULL);
  add_shortcut (keys, "c", "win.toggle-clip", NULL);
  add_shortcut (keys, "g", "win.toggle-grid", NULL);
  add_shortcut (keys, "<Shift>d", "win.toggle-dc", NULL);
  add_shortcut (keys, "b", "win.toggle-bad", g_variant_new_string (""));
  add_shortcut (keys, "Delete|KP_Delete", "win.delete-mark", NULL);
  add_shortcut (keys, "BackSpace", "win.back", NULL);
  add_shortcut (keys, "period|<Control>Right", "win.next-mark", NULL);
  add_shortcut (keys, "comma|<Control>Left", "win.previous-mark", NULL);
  add_shortcut (keys, "slash|KP_Divide", "win.random-mark", NULL);
  add_shortcut (keys, "Return|KP_Enter", "win.edit-mark", NULL);
  add_shortcut (keys, "Escape", "win.clear-selection", NULL);
  add_shortcut (keys, "y", "win.accept-suggestion", NULL);
  add_shortcut (keys, "x", "win.reject-suggestion", NULL);
  add_shortcut (keys, "z", "win.zoom-selection", NULL);
  add_shortcut (keys, "m", "tools.calipers", NULL);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (keys));
}

/* The label of a key, whatever is held with it: Shift+1 is the key 1, not "!". */
static InionLabel *
find_label (InionTraceView        *self,
            InionStudy            *study,
            GtkEventControllerKey *controller,
            guint                  keyval,
            guint                  keycode,
            GdkModifierType        modifiers)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  guint plain = keyval;
  const char *name;

  if (event != NULL && (modifiers & (GDK_SHIFT_MASK | GDK_CONTROL_MASK)))
    gdk_display_translate_key (gtk_widget_get_display (GTK_WIDGET (self)), keycode, 0,
                               (int) gtk_event_controller_key_get_group (controller), &plain, NULL,
                               NULL, NULL);
  name = gdk_keyval_name (plain);
  if (name == NULL)
    return NULL;
  if (g_str_has_prefix (name, "KP_"))
    name += 3;
  return inion_palette_find_key (inion_study_get_palette (study), name);
}

/* A key marks what is chosen; with Shift the page; with Ctrl only the channels of the trace under
 * the pointer. A stage always marks its epoch. */
static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        modifiers,
                InionTraceView        *self)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  const char *action = "win.annotate";
  InionLabel *label;

  if (study == NULL || (modifiers & (GDK_ALT_MASK | GDK_SUPER_MASK)))
    return GDK_EVENT_PROPAGATE;
  label = find_label (self, study, controller, keyval, keycode, modifiers);
  if (label == NULL && keyval == GDK_KEY_f && !(modifiers & GDK_CONTROL_MASK))
    {
      inion_view_state_set_peeking (self->state, TRUE);
      return GDK_EVENT_STOP;
    }
  if (label == NULL)
    return GDK_EVENT_PROPAGATE;
  if ((modifiers & GDK_SHIFT_MASK) || g_str_equal (inion_label_get_group (label), "stage"))
    action = "win.annotate-page";
  else if (modifiers & GDK_CONTROL_MASK)
    action = "win.annotate-channels";
  activate (self, action, g_variant_new_string (inion_label_get_name (label)));
  return GDK_EVENT_STOP;
}

/* F is held to see the signal without filters. */
static void
on_key_released (GtkEventControllerKey *controller,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        modifiers,
                 InionTraceView        *self)
{
  if (keyval == GDK_KEY_f || keyval == GDK_KEY_F)
    inion_view_state_set_peeking (self->state, FALSE);
}

/* Who lets the key go elsewhere does not tell. */
static void
on_focus_left (GtkEventControllerFocus *controller,
               InionTraceView          *self)
{
  inion_view_state_set_peeking (self->state, FALSE);
}

/* The floating bar of a selection: label it, zoom to it, drop it. */

static GtkWidget *
make_label_button (InionLabel *label)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new (inion_label_get_name (label));
  g_autofree char *tooltip = NULL;

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
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.annotate");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", inion_label_get_name (label));
  tooltip = g_strdup_printf (_("Mark as %s"), inion_label_get_name (label));
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  return button;
}

static GtkWidget *
make_icon_button (const char *icon,
                  const char *tooltip,
                  const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static void
fill_selection_bar (InionTraceView *self)
{
  GtkBox *bar = GTK_BOX (self->selection_bar);
  GListModel *palette = G_LIST_MODEL (inion_study_get_palette (
    inion_view_state_get_study (self->state)));
  int width = gtk_widget_get_width (GTK_WIDGET (self)) - (int) self->gutter;
  /* The tools always have room; labels have keys and stand in the panel, too. */
  guint room = (guint) CLAMP ((width - TOOLS_WIDTH_PX) / LABEL_WIDTH_PX, 0, 4);
  guint n = MIN (g_list_model_get_n_items (palette), room);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->selection_bar)) != NULL)
    gtk_box_remove (bar, child);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InionLabel) label = g_list_model_get_item (palette, i);

      gtk_box_append (bar, make_label_button (label));
    }
  gtk_box_append (bar, gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (bar, make_icon_button ("zoom-fit-best-symbolic", _("Zoom to the selection (Z)"),
                                         "win.zoom-selection"));
  gtk_box_append (bar, make_icon_button ("inion-calipers-symbolic", _("Measure with calipers (M)"),
                                         "tools.calipers"));
  gtk_box_append (bar, make_icon_button ("edit-find-symbolic",
                                         _("Find more like this (Ctrl+Shift+F)"),
                                         "tools.find-similar"));
  gtk_box_append (bar, make_icon_button ("edit-clear-symbolic", _("Clear the selection (Esc)"),
                                         "win.clear-selection"));
}

void
_inion_trace_view_update_selection_bar (InionTraceView *self)
{
  double from, to;
  gboolean show = !self->dragging && inion_view_state_get_study (self->state) != NULL &&
                  inion_view_state_get_selection (self->state, &from, &to) &&
                  to > inion_view_state_get_from (self->state) &&
                  from < inion_view_state_get_from (self->state) +
                           inion_view_state_get_page (self->state);

  if (show && !gtk_widget_get_visible (self->selection_bar))
    fill_selection_bar (self);
  gtk_widget_set_visible (self->selection_bar, show);
  if (show)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
_inion_trace_view_input_init (InionTraceView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *pan = gtk_gesture_drag_new ();
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES |
                                     GTK_EVENT_CONTROLLER_SCROLL_KINETIC);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->pan_from_s = NAN;
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (pan), GDK_BUTTON_MIDDLE);
  g_signal_connect (pan, "drag-begin", G_CALLBACK (on_pan_begin), self);
  g_signal_connect (pan, "drag-update", G_CALLBACK (on_pan_update), self);
  g_signal_connect (pan, "drag-end", G_CALLBACK (on_pan_end), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect (key, "key-released", G_CALLBACK (on_key_released), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_focus_left), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pan));
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  add_shortcuts (self);
}
