/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What readers share with the abstract recording: its open files and its gaps. */

#pragma once

#include "recording/recording-segments.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/* One of the open files of a recording. Of a scratch file there is no path. */
typedef struct
{
  int fd;
  char *path;
} InionRecordingFile;

typedef struct
{
  char *path;
  GArray *files; /* InionRecordingFile */
  char *format;
  char *patient;
  char *description;
  GDateTime *start;
  gint64 duration_ns;
  GPtrArray *channels;
  InionSegments *segments; /* (nullable): of a recording with gaps */
  char *events_table; /* (nullable): the events.tsv of its BIDS data set */
  GHashTable *labels; /* shown label → how often it was wanted, to tell duplicates apart */

  GMutex lock;
  GCond loaded;
  gboolean loading;
  GPtrArray *events;
  GPtrArray *faults;
  gboolean faults_shown;
  GPtrArray *old_faults; /* lists that were handed out; they share their faults with the newest */
} InionRecordingPrivate;

InionRecordingPrivate *_inion_recording_get_private (InionRecording *self);

guint       _inion_recording_take_file (InionRecording *self, int fd, const char *path);
guint       _inion_recording_get_n_files (InionRecording *self);
const char *_inion_recording_get_file_path (InionRecording *self, guint file);
int         _inion_recording_get_fd (InionRecording *self, guint file);
gboolean    _inion_recording_pread (InionRecording *self, guint file, gpointer out, gsize n, gint64 offset,
                                    GError **error);
gboolean    _inion_recording_may_block (InionRecording *self, guint channel, gint64 first, gsize n);
gboolean    _inion_recording_is_in_memory (InionRecording *self, guint file, gint64 offset);
gboolean    _inion_pread (int fd, gpointer out, gsize n, gint64 offset, gsize *got, int *errsv);

gpointer    _inion_event_copy (gconstpointer event, gpointer unused);

int         _inion_recording_open_file (const char *path, gint64 *size, GError **error);

InionSegments *_inion_recording_get_segments (InionRecording *self);

G_END_DECLS
