/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing the open recording to a new file, as a job of the window. */

#pragma once

#include "app/window-private.h"

#include "recording/export.h"

G_BEGIN_DECLS

typedef enum
{
  INION_EXPORT_MARKS_ALL, /* the file's events and the study's marks */
  INION_EXPORT_MARKS_FILE,
  INION_EXPORT_MARKS_NONE,
} InionExportMarks;

/* What is written; zeroed: all channels, the whole length, all marks, as EDF+. */
typedef struct
{
  InionExportFormat format;
  InionExportMarks marks;
  gboolean eeg_only;
  gboolean fill_missing;
  double from_s;
  double to_s; /* 0: whole */
} InionExportWish;

void inion_export_task_start (InionWindow *window, const InionExportWish *wish, const char *path);

G_END_DECLS
