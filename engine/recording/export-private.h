/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written of a recording, worked out once for all formats. */

#pragma once

#include "core/output.h"
#include "recording/export.h"

G_BEGIN_DECLS

/* Samples [first, first + n) of a channel, on the recording's clock. */
typedef struct
{
  gint64 first;
  gint64 n;
} InionExportRun;

/**
 * InionExportChannel:
 * @source: which channel of the recording
 * @info: what is known of it
 * @tick_samples: samples in a tick; 0 if there is no tick
 * @runs: (element-type InionExportRun): one a piece, some of them empty
 */
typedef struct
{
  guint source;
  const InionChannelInfo *info;
  gint64 tick_samples;
  GArray *runs;
} InionExportChannel;

/**
 * InionExportPlan:
 * @recording: what is written
 * @channels: (element-type InionExportChannel): of it
 * @onsets: (element-type gint64): when each piece begins, nanoseconds of the recording's clock
 * @tick_num: a tick is the shortest time that holds a whole number of samples of each channel:
 *   @tick_num / @tick_den nanoseconds; 0 if there is none shorter than a day
 * @tick_den: see @tick_num
 * @start: (nullable): the clock time of the first piece
 * @patient: the patient's field
 * @description: the recording's field
 * @events: (element-type InionEvent): onsets counted from the first piece, channels of the plan
 * @whole: no part of the recording was chosen
 * @fill_missing: where a format cannot say that a value is missing, another may stand there
 * @notes: (element-type utf8): what a person should know
 * @name: the new file's, for messages
 */
typedef struct
{
  InionRecording *recording;
  GArray *channels;
  GArray *onsets;
  gint64 tick_num;
  gint64 tick_den;
  GDateTime *start;
  char *patient;
  char *description;
  GPtrArray *events;
  gboolean whole;
  gboolean fill_missing;
  GPtrArray *notes;
  char *name;
} InionExportPlan;

/* What a person chose. */
typedef struct
{
  InionRecording *recording;
  GArray *channels; /* guint */
  gboolean has_range;
  gint64 from_ns;
  gint64 to_ns;
  GPtrArray *events; /* (nullable) */
  char *patient;
  char *description;
  GDateTime *start; /* (nullable) */
  gboolean fill_missing;
} InionExportChoice;

InionExportPlan *_inion_export_plan_new (const InionExportChoice *choice, const char *name, InionJob *job,
                                         GError **error);
void             _inion_export_plan_free (InionExportPlan *self);
void             _inion_export_plan_note (InionExportPlan *self, const char *format,
                                          ...) G_GNUC_PRINTF (2, 3);
/* since the first piece */
gint64           _inion_export_plan_get_onset (const InionExportPlan *self, guint piece);
gboolean         _inion_export_plan_refuse_empty (const InionExportPlan *self, GError **error);

static inline InionExportChannel *
_inion_export_plan_get_channel (const InionExportPlan *self,
                                guint                  channel)
{
  return &g_array_index (self->channels, InionExportChannel, channel);
}

static inline InionExportRun
_inion_export_channel_get_run (const InionExportChannel *self,
                               guint                     piece)
{
  return g_array_index (self->runs, InionExportRun, piece);
}

/* All of inion_export_write() but its commit, for those who have more to write; in export.c. */
gboolean _inion_export_write_parts (InionExport *self, InionOutput *output, const char *path,
                                    InionExportFormat format, InionJob *job, GPtrArray **notes,
                                    GError **error);

/* The shortest text of a number; in export-number.c. */
void     _inion_export_format_double (double value, char text[G_ASCII_DTOSTR_BUF_SIZE]);

/* The writers: each writes its files, finishes them, reads them back and compares. */
gboolean _inion_edf_write (InionExportPlan *plan, InionOutput *output, gboolean bdf, InionJob *job,
                           GError **error);
gboolean _inion_brainvision_write (InionExportPlan *plan, InionOutput *output, InionJob *job,
                                   GError **error);
gboolean _inion_csv_write (InionExportPlan *plan, InionOutput *output, InionJob *job,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionExportPlan, _inion_export_plan_free)

G_END_DECLS
