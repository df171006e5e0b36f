/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real program in the test's own process: a window, a folder of recordings, and patience. */

#include "config.h"

#include "gui-fixture.h"

#include <string.h>

#include "app/clean/clean-panel.h"
#include "app/decode/decode-panel.h"
#include "app/live/live-panel.h"
#include "app/network/network-panel.h"
#include "app/tools/tools-panel.h"
#include "widgets/trace-canvas.h"

#include <glib/gstdio.h>

static InionApplication *application;

/* Files. */

static void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_tree (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

char *
gui_path (Gui        *self,
          const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

char *
gui_copy_sample (Gui        *self,
                 const char *name)
{
  g_autofree char *from = g_build_filename (g_getenv ("INION_DATA"), "recordings", name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autofree char *to = gui_path (self, name);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&to);
}

/* Waiting. The timeout only wakes the loop, so that a deadline is seen when nothing else happens. */

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
gui_turn (void)
{
  guint id = g_timeout_add (20, wake, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

gboolean
gui_late (gint64 deadline)
{
  return g_get_monotonic_time () > deadline;
}

/* The panels come after the first traces. */
static gboolean
is_complete (Gui *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (inion_view_state_get_jobs (self->state))) > 0)
    return FALSE;
  if (inion_view_state_get_recording (self->state) == NULL)
    return TRUE;
  if (g_strcmp0 (gtk_stack_get_visible_child_name (gui_part (self, "main_stack")), "content") == 0 &&
      !gtk_widget_get_visible (gui_part (self, "workspaces")))
    return FALSE;
  return inion_trace_view_is_complete (self->traces);
}

void
gui_settle (Gui *self)
{
  gui_wait_until (is_complete (self), 60);
  gui_wait_frames (self, 2);
  gui_wait_until (is_complete (self), 60);
}

static void
on_painted (GdkFrameClock *clock,
            guint         *n)
{
  (*n)++;
}

void
gui_wait_frames (Gui   *self,
                 guint  n)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->window));
  guint painted = 0;
  gulong id;

  g_assert_nonnull (clock);
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &painted);
  for (guint i = 1; i <= n; i++)
    {
      gtk_widget_queue_draw (GTK_WIDGET (self->traces));
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      gui_wait_until (painted >= i, 30);
    }
  g_signal_handler_disconnect (clock, id);
}

/* The window. */

gpointer
gui_part (Gui        *self,
          const char *id)
{
  GObject *part = gtk_widget_get_template_child (GTK_WIDGET (self->window), INION_TYPE_WINDOW, id);

  g_assert_nonnull (part);
  return part;
}

void
gui_open_window (Gui *self)
{
  g_assert_null (self->window);
  self->window = inion_window_new (ADW_APPLICATION (application));
  self->state = inion_window_get_state (self->window);
  self->traces = INION_TRACE_VIEW (gui_find_type (GTK_WIDGET (self->window),
                                                  INION_TYPE_TRACE_VIEW));
  gtk_window_present (GTK_WINDOW (self->window));
  gui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (self->window)) &&
                  gtk_widget_get_width (GTK_WIDGET (self->window)) > 0, 30);
}

/* Our own widgets of a window; a toolkit's widget that stays is found through them. */
static gboolean
visit_own (GtkWidget *widget,
           gpointer   data)
{
  if (g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "Inion"))
    {
      GWeakRef *ref = g_new (GWeakRef, 1);

      g_weak_ref_init (ref, widget);
      g_ptr_array_add (data, ref);
    }
  return TRUE;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* The type of one that is still there, or NULL. */
static const char *
find_left (GPtrArray *own)
{
  for (guint i = 0; i < own->len; i++)
    {
      g_autoptr (GObject) object = g_weak_ref_get (g_ptr_array_index (own, i));

      if (object != NULL)
        return G_OBJECT_TYPE_NAME (object);
    }
  return NULL;
}

/* Jobs hold the window until they have noticed that they are cancelled; nothing else may, neither
 * the window nor what is in it. */
void
gui_close_window (Gui *self)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func (weak_ref_free);
  GtkWindow *window = GTK_WINDOW (self->window);

  if (window == NULL)
    return;
  gui_walk (GTK_WIDGET (window), visit_own, own);
  g_assert_cmpuint (own->len, >, 5);
  self->window = NULL;
  self->state = NULL;
  self->traces = NULL;
  gtk_window_close (window);
  for (gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
       find_left (own) != NULL && !gui_late (end);)
    gui_turn ();
  g_assert_cmpstr (find_left (own), ==, NULL);
}

/* Each test starts as a person does for the first time. */
static void
reset_settings (void)
{
  g_autoptr (GSettings) settings = g_settings_new (APP_ID);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

Gui *
gui_new (void)
{
  Gui *self = g_new0 (Gui, 1);

  self->folder = g_dir_make_tmp ("inion-gui-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  reset_settings ();
  gui_open_window (self);
  return self;
}

static gboolean
is_alone (void)
{
  for (GList *l = gtk_window_list_toplevels (), *all = l; ; l = l->next)
    if (l == NULL || gtk_widget_get_visible (l->data))
      {
        gboolean alone = l == NULL;

        g_list_free (all);
        return alone;
      }
}

void
gui_close (Gui *self)
{
  GtkWindow *dialog;

  while ((dialog = gui_find_dialog ()) != NULL)
    gtk_window_destroy (dialog);
  gui_close_window (self);
  gui_wait_until (is_alone (), 10);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self);
}

static gboolean
shows (Gui        *self,
       const char *path)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);

  return recording != NULL && g_str_equal (inion_recording_get_path (recording), path);
}

void
gui_open (Gui        *self,
          const char *path)
{
  gui_activate (self, "win.open-path", "s", path);
  gui_wait_until (shows (self, path) || gui_find_dialog () != NULL, 60);
  g_assert_null (gui_find_dialog ());
  gui_settle (self);
}

void
gui_activate (Gui        *self,
              const char *action,
              const char *format,
              ...)
{
  GVariant *parameter = NULL;
  va_list arguments;

  if (format != NULL)
    {
      va_start (arguments, format);
      parameter = g_variant_new_va (format, NULL, &arguments);
      va_end (arguments);
    }
  if (!gtk_widget_activate_action_variant (GTK_WIDGET (self->window), action, parameter))
    g_error ("There is no action %s", action);
}

static GActionGroup *
get_actions (Gui        *self,
             const char *prefix)
{
  GtkWidget *panel;

  if (g_str_equal (prefix, "win"))
    return G_ACTION_GROUP (self->window);
  if (g_str_equal (prefix, "tools"))
    {
      panel = adw_view_stack_get_child_by_name (gui_part (self, "workspaces"), "review");
      return inion_tools_panel_get_actions (INION_TOOLS_PANEL (panel));
    }
  panel = adw_view_stack_get_child_by_name (gui_part (self, "workspaces"), prefix);
  g_assert_nonnull (panel);
  if (INION_IS_CLEAN_PANEL (panel))
    return inion_clean_panel_get_actions (INION_CLEAN_PANEL (panel));
  if (INION_IS_DECODE_PANEL (panel))
    return inion_decode_panel_get_actions (INION_DECODE_PANEL (panel));
  if (INION_IS_NETWORK_PANEL (panel))
    return inion_network_panel_get_actions (INION_NETWORK_PANEL (panel));
  return inion_live_panel_get_actions (INION_LIVE_PANEL (panel));
}

gboolean
gui_is_enabled (Gui        *self,
                const char *action)
{
  g_auto (GStrv) parts = g_strsplit (action, ".", 2);
  GActionGroup *actions = get_actions (self, parts[0]);

  g_assert_true (g_action_group_has_action (actions, parts[1]));
  return g_action_group_get_action_enabled (actions, parts[1]);
}

/* Finding. */

void
gui_walk (GtkWidget *root,
          GuiVisit   visit,
          gpointer   data)
{
  if (!visit (root, data))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gui_walk (child, visit, data);
}

typedef struct
{
  GType type;
  const char *part;
  GtkWidget *found;
} Search;

static gboolean
visit_type (GtkWidget *widget,
            gpointer   data)
{
  Search *search = data;

  if (search->found == NULL && g_type_is_a (G_OBJECT_TYPE (widget), search->type))
    search->found = widget;
  return search->found == NULL;
}

GtkWidget *
gui_find_type (GtkWidget *root,
               GType      type)
{
  Search search = { .type = type };

  gui_walk (root, visit_type, &search);
  return search.found;
}

static gboolean
visit_label (GtkWidget *widget,
             gpointer   data)
{
  Search *search = data;

  if (search->found == NULL && GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      strstr (gtk_label_get_text (GTK_LABEL (widget)), search->part) != NULL)
    search->found = widget;
  return search->found == NULL;
}

GtkLabel *
gui_find_label (GtkWidget  *root,
                const char *part)
{
  Search search = { .part = part };

  gui_walk (root, visit_label, &search);
  return (GtkLabel *) search.found;
}

GtkWindow *
gui_find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data) && gtk_widget_get_visible (l->data))
      return l->data;
  return NULL;
}

/* button: of a gesture that listens to one only; 0: whatever. */
GtkEventController *
gui_find_controller (GtkWidget *widget,
                     GType      type,
                     guint      button)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!g_type_is_a (G_OBJECT_TYPE (controller), type))
        continue;
      if (button == 0 ||
          gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == button)
        return controller;
    }
  return NULL;
}

void
gui_get_area (Gui          *self,
              GdkRectangle *area)
{
  GtkWidget *canvas = gui_find_type (GTK_WIDGET (self->traces), INION_TYPE_TRACE_CANVAS);
  graphene_point_t origin;

  g_assert_nonnull (canvas);
  g_assert_true (gtk_widget_compute_point (canvas, GTK_WIDGET (self->traces),
                                           graphene_point_zero (), &origin));
  *area = (GdkRectangle) { (int) origin.x, (int) origin.y, gtk_widget_get_width (canvas),
                           gtk_widget_get_height (canvas) };
}

/* Marks. */

typedef struct
{
  const char *label;
  gboolean suggestions;
  guint n;
} MarkCount;

static gboolean
visit_mark (InionAnnotation *mark,
            gpointer         data)
{
  MarkCount *count = data;

  count->n += inion_annotation_is_suggestion (mark) == count->suggestions &&
              (count->label == NULL ||
               g_str_equal (inion_annotation_get_label (mark), count->label));
  return TRUE;
}

guint
gui_count_marks (Gui        *self,
                 const char *label,
                 gboolean    suggestions)
{
  MarkCount count = { label, suggestions, 0 };

  inion_annotation_set_foreach_in (
    inion_study_get_annotations (inion_view_state_get_study (self->state)), G_MININT64, G_MAXINT64,
    visit_mark, &count);
  return count.n;
}

/* (transfer none) */
InionAnnotation *
gui_get_mark (Gui   *self,
              guint  index)
{
  g_autoptr (InionAnnotation) mark = g_list_model_get_item (
    G_LIST_MODEL (inion_study_get_annotations (inion_view_state_get_study (self->state))), index);

  g_assert_nonnull (mark);
  return mark;
}

/* The program around the tests. */

static void
skip_all (void)
{
  g_test_skip ("there is no display");
}

static char *
make_home (void)
{
  static const char *const variables[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                           "XDG_STATE_HOME" };
  char *home = g_dir_make_tmp ("inion-home-XXXXXX", NULL);

  g_assert_nonnull (home);
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autofree char *folder = g_build_filename (home, variables[i], NULL);

      g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
      g_setenv (variables[i], folder, TRUE);
    }
  return home;
}

/* Instead of opening a window of its own, the program runs the tests: a start, a main loop and an
 * end as on a desktop. */
static void
on_activate (GApplication *program,
             int          *result)
{
  g_signal_stop_emission_by_name (program, "activate");
  /* Pictures must not catch a fade or a slide half way; light, whatever the desktop says. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_LIGHT);
  *result = g_test_run ();
}

static int
run_program (void)
{
  int result = -1;

  application = inion_application_new ();
  g_application_set_flags (G_APPLICATION (application),
                           g_application_get_flags (G_APPLICATION (application)) |
                             G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &result);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
  g_assert_finalize_object (application);
  return result;
}

/* GTK 4.8 warns, and goes on, where a widget is shown between the layout and the drawing of a frame;
 * it depends on when a job ends. All other warnings end the test. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n,
           gpointer         data)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") &&
        strstr (fields[i].value, "without a current allocation") != NULL)
      return g_log_writer_standard_streams (level, fields, n, NULL);
  return g_log_writer_default (level, fields, n, NULL);
}

/**
 * gui_main:
 * @add_tests: registers the tests
 *
 * To be returned by main(): runs the program's tests with a home of their own. Without a display
 * there is one test, which skips.
 */
int
gui_main (int    argc,
          char **argv,
          void (*add_tests) (void))
{
  g_autofree char *home = make_home ();
  int result;

  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  if (gtk_init_check ())
    {
      add_tests ();
      result = run_program ();
    }
  else
    {
      g_test_add_func ("/gui/display", skip_all);
      result = g_test_run ();
    }
  remove_tree (home);
  return result;
}
