/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar below the traces: how the signal is shown, always readable, each value a menu. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/window-private.h"

#include "app/montage/montage-menu.h"
#include "app/panel-kit.h"
#include "widgets/view-state-show.h"

#include <glib/gi18n.h>
#include <math.h>

/* What a value menu shows: its label is refreshed from the state. */
typedef struct
{
  InionWindow *window;
  GtkLabel *value;
  char *(*text) (InionWindow *window);
} ValueMenu;

static char *
format_hz (double hz)
{
  return hz > 0 ? g_strdup_printf ("%.4g\u2009Hz", hz) : g_strdup (_("off"));
}

static char *
montage_text (InionWindow *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);

  return g_strdup (montage != NULL ? _(inion_montage_get_title (montage)) : "");
}

static char *
channels_text (InionWindow *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  guint n = montage != NULL ? inion_montage_get_n_derivations (montage) : 0;
  guint visible;

  inion_trace_view_get_n_channels (self->traces, &visible);
  return visible < n ? g_strdup_printf (_("%u of %u"), visible, n) : g_strdup_printf ("%u", n);
}

static char *
sensitivity_text (InionWindow *self)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);

  return g_strdup_printf ("%.4g\u2009%s/mm", inion_view_state_get_sensitivity (self->state),
                          montage != NULL ? inion_montage_get_scale_unit (montage) : "µV");
}

static char *
format_seconds (double seconds)
{
  if (seconds < 1.0)
    return g_strdup_printf ("%.0f\u2009ms", seconds * 1000.0);
  if (seconds < 120.0)
    return g_strdup_printf ("%.4g\u2009s", seconds);
  if (seconds < 7200.0)
    return g_strdup_printf ("%.3g\u2009min", seconds / 60.0);
  return g_strdup_printf ("%.3g\u2009h", seconds / 3600.0);
}

static char *
timebase_text (InionWindow *self)
{
  double page = inion_view_state_get_page (self->state);
  g_autofree char *seconds = format_seconds (page);
  double mm_per_s = inion_trace_view_get_width_mm (self->traces) / page;

  return mm_per_s >= 1.0 ? g_strdup_printf ("%s · %.0f\u2009mm/s", seconds, mm_per_s)
                         : g_steal_pointer (&seconds);
}

static char *
lff_text (InionWindow *self)
{
  if (inion_view_state_is_peeking (self->state))
    return g_strdup (_("off (raw)"));
  return format_hz (inion_view_state_get_filter (self->state)->lff_hz);
}

static char *
hff_text (InionWindow *self)
{
  return format_hz (inion_view_state_get_filter (self->state)->hff_hz);
}

static char *
notch_text (InionWindow *self)
{
  const InionDisplayFilter *filter = inion_view_state_get_filter (self->state);
  g_autofree char *hz = format_hz (filter->notch_hz);

  return filter->notch_hz > 0 && filter->harmonics ? g_strdup_printf (_("%s and multiples"), hz)
                                                   : g_steal_pointer (&hz);
}

static char *
phase_text (InionWindow *self)
{
  gboolean zero = inion_view_state_get_filter (self->state)->phase == INION_PHASE_ZERO;
  gboolean up = inion_view_state_get_negative_up (self->state);

  return g_strdup_printf (
    "%s · %s%s%s", zero ? _("zero-phase") : _("causal"), up ? _("neg. up") : _("pos. up"),
    inion_view_state_get_option (self->state, INION_VIEW_NO_DC) ? _(" · DC removed") : "",
    inion_view_state_get_option (self->state, INION_VIEW_CLIP) ? _(" · clipped") : "");
}

static void
refresh_value (ValueMenu *menu)
{
  g_autofree char *text = menu->text (menu->window);

  gtk_label_set_text (menu->value, text);
}

static void
append_double (GMenu      *menu,
               const char *label,
               const char *action,
               double      value)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, g_variant_new_double (value));
  g_menu_append_item (menu, item);
}

static void
append_string (GMenu      *menu,
               const char *label,
               const char *action,
               const char *value)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, g_variant_new_string (value));
  g_menu_append_item (menu, item);
}

static GMenu *
channels_menu (InionWindow *self)
{
  static const int counts[] = { 8, 16, 24, 32, 64, 128 };
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _("As many as fit well"), "win.set-channels(0)");
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *label = g_strdup_printf ("%d", counts[i]);
      g_autofree char *action = g_strdup_printf ("win.set-channels(%d)", counts[i]);

      g_menu_append (menu, label, action);
    }
  g_menu_append (menu, _("All"), "win.set-channels(10000)");
  return menu;
}

/* The kinds that have a sensitivity of their own and are on the screen, each with its values. */
static GMenu *
kinds_menu (InionWindow *self)
{
  static const double values[] = { 3, 5, 7, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000 };
  InionMontage *montage = inion_view_state_get_montage (self->state);
  guint n = montage != NULL ? inion_montage_get_n_derivations (montage) : 0;
  GMenu *menu = g_menu_new ();
  guint seen = 0;

  for (guint i = 0; i < n; i++)
    {
      InionChannelKind kind = inion_montage_get_derivation (montage, i)->kind;
      const char *name = inion_channel_kind_to_string (kind);
      g_autoptr (GMenu) steps = NULL;
      g_autofree char *title = NULL;

      if (!inion_view_state_has_own_sensitivity (kind) || (seen & 1u << kind))
        continue;
      seen |= 1u << kind;
      steps = g_menu_new ();
      for (gsize k = 0; k < G_N_ELEMENTS (values); k++)
        {
          g_autofree char *label = g_strdup_printf ("%g\u2009µV/mm", values[k]);
          g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

          g_menu_item_set_action_and_target (item, "win.set-kind-sensitivity", "(sd)", name,
                                             values[k]);
          g_menu_append_item (steps, item);
        }
      title = g_strdup_printf ("%s · %.4g\u2009µV/mm", name,
                               inion_view_state_get_kind_sensitivity (self->state, kind));
      g_menu_append_submenu (menu, title, G_MENU_MODEL (steps));
    }
  return menu;
}

static GMenu *
sensitivity_menu (InionWindow *self)
{
  static const double values[] = { 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200 };
  g_autoptr (GMenu) eeg = g_menu_new ();
  g_autoptr (GMenu) kinds = kinds_menu (self);
  GMenu *menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *label = g_strdup_printf ("%g\u2009µV/mm", values[i]);

      append_double (eeg, label, "win.set-sensitivity", values[i]);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (eeg));
  if (g_menu_model_get_n_items (G_MENU_MODEL (kinds)) > 0)
    g_menu_append_section (menu, _("Drawn to a sensitivity of their own"), G_MENU_MODEL (kinds));
  return menu;
}

/* Which kinds there are depends on the montage. */
static void
refresh_kinds (InionWindow *self)
{
  g_autoptr (GMenu) menu = sensitivity_menu (self);

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->sensitivity_button),
                                  G_MENU_MODEL (menu));
}

static GMenu *
timebase_menu (InionWindow *self)
{
  static const double values[] = { 1, 5, 10, 15, 20, 30, 60, 300, 3600, 28800 };
  static const double speeds[] = { 10, 15, 30, 60 };
  g_autoptr (GMenu) pages = g_menu_new ();
  g_autoptr (GMenu) paper = g_menu_new ();
  GMenu *menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *label = format_seconds (values[i]);

      append_double (pages, label, "win.set-timebase", values[i]);
    }
  append_double (pages, _("Whole recording"), "win.set-timebase", 1e9);
  for (gsize i = 0; i < G_N_ELEMENTS (speeds); i++)
    {
      g_autofree char *label = g_strdup_printf ("%g\u2009mm/s", speeds[i]);

      append_double (paper, label, "win.set-timebase-mm", speeds[i]);
    }
  g_menu_append_section (menu, _("A page is"), G_MENU_MODEL (pages));
  g_menu_append_section (menu, _("Paper speed"), G_MENU_MODEL (paper));
  return menu;
}

static GMenu *
lff_menu (InionWindow *self)
{
  static const double values[] = { 0.05, 0.1, 0.16, 0.3, 0.5, 1.0, 1.6, 3.0, 5.3, 10.0 };
  GMenu *menu = g_menu_new ();

  append_double (menu, _("off"), "win.set-lff", 0.0);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *label = g_strdup_printf ("%.4g\u2009Hz  (TC %.2g\u2009s)", values[i],
                                                1.0 / (2.0 * G_PI * values[i]));

      append_double (menu, label, "win.set-lff", values[i]);
    }
  return menu;
}

static GMenu *
hff_menu (InionWindow *self)
{
  static const double values[] = { 15, 20, 30, 35, 40, 50, 60, 70, 100, 120, 300 };
  GMenu *menu = g_menu_new ();

  append_double (menu, _("off"), "win.set-hff", 0.0);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *label = g_strdup_printf ("%g\u2009Hz", values[i]);

      append_double (menu, label, "win.set-hff", values[i]);
    }
  return menu;
}

static GMenu *
notch_menu (InionWindow *self)
{
  g_autoptr (GMenu) multiples = g_menu_new ();
  GMenu *menu = g_menu_new ();

  append_double (menu, _("off"), "win.set-notch", 0.0);
  append_double (menu, "50\u2009Hz", "win.set-notch", 50.0);
  append_double (menu, "60\u2009Hz", "win.set-notch", 60.0);
  g_menu_append (multiples, _("Multiples of It, Too"), "win.toggle-harmonics");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (multiples));
  return menu;
}

static GMenu *
phase_menu (InionWindow *self)
{
  g_autoptr (GMenu) phase = g_menu_new ();
  g_autoptr (GMenu) polarity = g_menu_new ();
  g_autoptr (GMenu) layout = g_menu_new ();
  g_autoptr (GMenu) shown = g_menu_new ();
  GMenu *menu = g_menu_new ();

  append_string (phase, _("Clinical (causal)"), "win.set-phase", "causal");
  append_string (phase, _("Zero-phase"), "win.set-phase", "zero");
  append_string (polarity, _("Negative up"), "win.set-polarity", "negative-up");
  append_string (polarity, _("Positive up"), "win.set-polarity", "positive-up");
  append_string (layout, _("One below the other"), "win.set-layout", "stacked");
  append_string (layout, _("Over one another (butterfly)"), "win.set-layout", "butterfly");
  g_menu_append (shown, _("Keep traces in their lanes (C)"), "win.toggle-clip");
  g_menu_append (shown, _("Remove DC of the page (Shift+D)"), "win.toggle-dc");
  g_menu_append (shown, _("Grid (G)"), "win.toggle-grid");
  g_menu_append_section (menu, _("Filters"), G_MENU_MODEL (phase));
  g_menu_append_section (menu, _("Polarity"), G_MENU_MODEL (polarity));
  g_menu_append_section (menu, _("Layout"), G_MENU_MODEL (layout));
  g_menu_append_section (menu, _("Traces"), G_MENU_MODEL (shown));
  return menu;
}

static ValueMenu *
add_menu (InionWindow *self,
          const char  *caption,
          const char  *tooltip,
          GMenu       *(*make) (InionWindow *self),
          char        *(*text) (InionWindow *self))
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);
  GtkWidget *value = gtk_label_new (NULL);
  ValueMenu *menu = g_new0 (ValueMenu, 1);

  if (caption != NULL)
    {
      GtkWidget *label = gtk_label_new (caption);

      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_widget_add_css_class (value, "value");
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), value);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), box);
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (button), GTK_ARROW_UP);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  if (make == NULL)
    {
      /* The montages depend on the recording. */
      gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), inion_montage_menu_popup,
                                             self, NULL);
      self->montage_button = button;
    }
  else
    {
      g_autoptr (GMenu) model = make (self);

      gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (model));
    }
  gtk_box_append (self->bottom_bar, button);
  menu->window = self;
  menu->value = GTK_LABEL (value);
  menu->text = text;
  g_object_set_data_full (G_OBJECT (button), "inion-value-menu", menu, g_free);
  return menu;
}

/* The cursor's read-out, at the right end. */

static void
refresh_readout (InionWindow *self)
{
  double cursor = inion_view_state_get_cursor (self->state);
  double from, to;
  g_autofree char *text = NULL;

  if (inion_view_state_get_recording (self->state) == NULL)
    return;
  if (inion_view_state_get_selection (self->state, &from, &to))
    {
      g_autofree char *start = inion_view_state_format_time (self->state, from, 2);

      text = g_strdup_printf ("%s + %.3f\u2009s", start, to - from);
    }
  else if (isfinite (cursor))
    {
      text = inion_view_state_format_time (self->state, cursor, 3);
    }
  else
    {
      text = inion_view_state_format_time (self->state, inion_view_state_get_from (self->state), 0);
    }
  gtk_label_set_text (self->readout, text);
}

/* What the montage is made of, and what is missing of it. */
static void
refresh_montage_tooltip (InionWindow *self)
{
  g_autofree char *text = inion_montage_menu_dup_tooltip (self);

  inion_panel_set_tooltip (self->montage_button, text);
}

static void
refresh_all (InionWindow *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->bottom_bar)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      ValueMenu *menu = g_object_get_data (G_OBJECT (child), "inion-value-menu");

      if (menu != NULL)
        refresh_value (menu);
    }
  refresh_readout (self);
  refresh_montage_tooltip (self);
}

/* At the right end, as the left panel's toggle is at the left end. */
static void
add_inspector_toggle (InionWindow *self)
{
  GtkWidget *toggle = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (toggle), "sidebar-show-right-symbolic");
  gtk_widget_set_tooltip_text (toggle, _("Inspector (Shift+F9)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Inspector"), -1);
  gtk_widget_add_css_class (toggle, "flat");
  g_object_bind_property (self->right_flap, "reveal-flap", toggle, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  gtk_box_append (self->bottom_bar, toggle);
}

void
_inion_window_bar_init (InionWindow *self)
{
  static const char *const watched[] = { "montage", "filter", "sensitivity", "negative-up", "page",
                                         "options", "recording", NULL };
  static const char *const pointing[] = { "cursor", "selection", "from", NULL };
  GtkWidget *readout = gtk_label_new (NULL);

  add_menu (self, NULL, _("Montage (F1–F8)"), NULL, montage_text);
  add_menu (self, _("Ch"), _("Channels shown at once"), channels_menu, channels_text);
  add_menu (self, NULL, _("Sensitivity (Up, Down)"), sensitivity_menu, sensitivity_text);
  self->sensitivity_button = gtk_widget_get_last_child (GTK_WIDGET (self->bottom_bar));
  add_menu (self, NULL, _("Timebase (Ctrl++, Ctrl+−)"), timebase_menu, timebase_text);
  add_menu (self, _("LFF"), _("Low-frequency filter, −3 dB"), lff_menu, lff_text);
  add_menu (self, _("HFF"), _("High-frequency filter, −3 dB"), hff_menu, hff_text);
  add_menu (self, _("Notch"), _("Mains notch (N)"), notch_menu, notch_text);
  add_menu (self, NULL, _("Filter phase, polarity, layout, clipping, DC and grid"), phase_menu,
            phase_text);
  g_signal_connect_object (self->state, "notify::montage", G_CALLBACK (refresh_kinds), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::kind-sensitivities", G_CALLBACK (refresh_kinds),
                           self, G_CONNECT_SWAPPED);
  gtk_widget_set_hexpand (readout, TRUE);
  gtk_label_set_xalign (GTK_LABEL (readout), 1);
  gtk_label_set_ellipsize (GTK_LABEL (readout), PANGO_ELLIPSIZE_START);
  gtk_widget_add_css_class (readout, "numeric");
  gtk_box_append (self->bottom_bar, readout);
  self->readout = GTK_LABEL (readout);
  add_inspector_toggle (self);
  for (guint i = 0; watched[i] != NULL; i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", watched[i], NULL);

      g_signal_connect_object (self->state, signal, G_CALLBACK (refresh_all), self,
                               G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (self->traces, "notify::gutter", G_CALLBACK (refresh_all), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->traces, "notify::n-visible", G_CALLBACK (refresh_all), self,
                           G_CONNECT_SWAPPED);
  for (guint i = 0; pointing[i] != NULL; i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", pointing[i], NULL);

      g_signal_connect_object (self->state, signal, G_CALLBACK (refresh_readout), self,
                               G_CONNECT_SWAPPED);
    }
}
