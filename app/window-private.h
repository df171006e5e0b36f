/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the window share. */

#pragma once

#include "app/open/open-task.h"
#include "app/window.h"

#include "widgets/trace-view.h"

G_BEGIN_DECLS

struct _InionWindow
{
  AdwApplicationWindow parent_instance;

  InionViewState *state;
  GSettings *settings;
  InionJob *open_job;
  GtkWindow *open_dialog;    /* weak: a question about what is being opened */
  InionChoice *choice;       /* (nullable): as what the recording was opened */
  gboolean may_choose;       /* and whether that can be chosen again */
  char *sample_path;
  InionJob *mains_job;       /* the look for mains noise that is waited for */
  AdwToast *mains_toast;     /* the offer of the notch, while it stands */

  /* Template widgets */
  AdwToastOverlay *toasts;
  AdwSplitButton *open_button;
  GtkWidget *file_box;
  GtkLabel *file_label;
  GtkLabel *subtitle_label;
  AdwViewSwitcher *switcher;
  GtkMenuButton *jobs_button;
  GtkListView *jobs_view;
  GtkWidget *undo_button;
  GtkWidget *redo_button;
  GtkInfoBar *banner;
  GtkLabel *banner_label;
  GtkWidget *retry_button;
  GtkStack *main_stack;
  AdwStatusPage *empty_page;
  GtkProgressBar *opening_progress;
  GtkLabel *opening_step;
  AdwFlap *left_flap;
  AdwFlap *right_flap;
  AdwViewStack *workspaces;
  GtkBox *left_box;
  GtkBox *center_box;
  GtkBox *bottom_bar;

  /* Made in code */
  InionTraceView *traces;
  GtkWidget *lane;
  GtkWidget *overview;
  GtkLabel *readout;
  GtkWidget *montage_button;
  GtkWidget *sensitivity_button;
  GSignalGroup *study_signals;
  guint jobs_id;             /* a look at the job list is due */
  GtkWidget *left_panel;
  gboolean had_content;      /* there has been something to show */
  gint64 content_us;         /* since when its frames come; 0: not yet */
};

/* window.c */
void _inion_window_show_page (InionWindow *self);
void _inion_window_retry (InionWindow *self);

/* window-jobs.c */
void _inion_window_make_job_list (InionWindow *self);

/* window-actions.c */
void _inion_window_actions_init (InionWindow *self);
void _inion_window_actions_update (InionWindow *self);
void _inion_window_actions_install_accels (GtkApplication *application);

/* window-view-actions.c */
void _inion_window_view_actions_init (InionWindow *self);

/* window-mark-actions.c */
void             _inion_window_mark_actions_init (InionWindow *self);
InionAnnotation *_inion_window_get_suggestion (InionWindow *self); /* (transfer none) (nullable) */

/* window-bar.c: montage · sensitivity · timebase · LFF · HFF · notch · phase · read-out */
void _inion_window_bar_init (InionWindow *self);

/* open/open-recording.c; wish: (transfer full) */
void _inion_window_open_wish (InionWindow *self, InionOpenWish *wish);
void _inion_window_cancel_open (InionWindow *self);
void _inion_window_open_options (InionWindow *self);

/* window-file.c: choosing, recent files, import and export */
void _inion_window_file_init (InionWindow *self);
void _inion_window_open_files (InionWindow *self, GFile *first, guint n);
void _inion_window_look_for_mains (InionWindow *self);
void _inion_window_dismiss_mains_hint (InionWindow *self);
void _inion_window_choose_file (InionWindow *self);
void _inion_window_export_annotations (InionWindow *self);
void _inion_window_import_annotations (InionWindow *self);
void _inion_window_export_image (InionWindow *self);

/* files/: dialogs about whole files */
void _inion_window_show_faults (InionWindow *self);
void _inion_window_export_recording (InionWindow *self);
void _inion_window_deidentify (InionWindow *self);

/* montage/: montages that a person writes; name: "" for a new one */
void _inion_window_choose_montage (InionWindow *self, const char *id);
void _inion_window_edit_montage (InionWindow *self, const char *name);
void _inion_window_import_montage (InionWindow *self);
void _inion_window_import_montage_from (InionWindow *self, const char *path);
void _inion_window_choose_own_montage (InionWindow *self, guint index);

/* channels/: what channels are called and measure */
void _inion_window_edit_channels (InionWindow *self);

/* window-dialogs.c */
void _inion_window_ask_go_to (InionWindow *self);
gboolean _inion_window_parse_time (InionViewState *state, const char *text, double *time_s);
void _inion_window_show_history (InionWindow *self);
void _inion_window_show_about (InionWindow *self);
void _inion_window_show_preferences (InionWindow *self);

G_END_DECLS
