/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real program in the test's own process: a window, a folder of recordings, and patience. */

#pragma once

#include "app/application.h"
#include "app/window.h"
#include "widgets/trace-view.h"

G_BEGIN_DECLS

typedef struct
{
  InionWindow *window;
  InionViewState *state;   /* of the window; not referenced */
  InionTraceView *traces;  /* of the window; not referenced */
  char *folder;            /* of this test's files and their studies */
} Gui;

/* A test program: sets the environment up, adds and runs the tests, or skips them without display. */
int gui_main (int argc, char **argv, void (*add_tests) (void));

/* A window with nothing open and an empty folder; gui_close() proves that nothing keeps the window. */
Gui *gui_new (void);
void gui_close (Gui *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Gui, gui_close)

void  gui_close_window (Gui *self);  /* as win.close does, and waits until it is gone */
void  gui_open_window (Gui *self);
gpointer gui_part (Gui *self, const char *id); /* (transfer none): a part of the window's template */
char *gui_path (Gui *self, const char *name);
char *gui_copy_sample (Gui *self, const char *name); /* of data/recordings; returns its path here */
void  gui_open (Gui *self, const char *path);        /* through win.open-path, until it is drawn */

/* Actions as menus and keys have them. */
void     gui_activate (Gui *self, const char *action, const char *format, ...);
gboolean gui_is_enabled (Gui *self, const char *action);

/* Waiting: turns the main loop, never sleeps. */
void     gui_turn (void);
gboolean gui_late (gint64 deadline);
void     gui_settle (Gui *self);      /* until no job runs and the page on screen is complete */
void     gui_wait_frames (Gui *self, guint n);

#define gui_wait_until(condition, seconds) G_STMT_START {                                         \
  gint64 gui_deadline_ = g_get_monotonic_time () + (gint64) ((seconds) * 1e6);                    \
  while (!(condition) && !gui_late (gui_deadline_))                                               \
    gui_turn ();                                                                                  \
  g_assert_true (condition);                                                                      \
} G_STMT_END

/* Finding what a person would see. */
typedef gboolean (*GuiVisit) (GtkWidget *widget, gpointer data); /* FALSE: not below this one */
void       gui_walk (GtkWidget *root, GuiVisit visit, gpointer data);
GtkWidget *gui_find_type (GtkWidget *root, GType type);
GtkLabel  *gui_find_label (GtkWidget *root, const char *part); /* (nullable): on screen, its text has the part */
GtkWindow *gui_find_dialog (void);                             /* (nullable) an open message dialog */
GtkEventController *gui_find_controller (GtkWidget *widget, GType type, guint button);

void       gui_get_area (Gui *self, GdkRectangle *area); /* of the traces, in their view */

/* Marks of the open study. */
guint            gui_count_marks (Gui *self, const char *label, gboolean suggestions);
InionAnnotation *gui_get_mark (Gui *self, guint index);

G_END_DECLS
