/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a recording to a new file, without loss or with every loss named. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionExportFormat:
 *
 * What a recording can be written as. Chosen by the ending of the new file's name.
 */
typedef enum
{
  INION_EXPORT_EDF,
  INION_EXPORT_BDF,
  INION_EXPORT_BRAINVISION,
  INION_EXPORT_CSV,
} InionExportFormat;

#define INION_TYPE_EXPORT (inion_export_get_type ())
G_DECLARE_FINAL_TYPE (InionExport, inion_export, INION, EXPORT, GObject)

/* What is written: by default all channels, the whole length, and the events of the file. */
InionExport *inion_export_new (InionRecording *recording);
void         inion_export_set_channels (InionExport *self, const guint *channels, guint n);
void         inion_export_set_range (InionExport *self, gint64 from_ns, gint64 to_ns);
/* (element-type InionEvent) instead of the file's own; onsets of the recording's clock */
void         inion_export_set_events (InionExport *self, GPtrArray *events);
void         inion_export_set_patient (InionExport *self, const char *patient);         /* the 80 characters of EDF+ */
void         inion_export_set_description (InionExport *self, const char *description); /* the same of the recording */
void         inion_export_set_start (InionExport *self, GDateTime *start);              /* (nullable): unknown */
void         inion_export_set_fill_missing (InionExport *self, gboolean fill_missing);

gboolean     inion_export_format_from_path (const char *path, InionExportFormat *format, GError **error);

/* Writes, reads back, compares. The file appears whole or not at all; what was there before stays
 * if anything fails. notes: (out) (transfer full) (element-type utf8): what a person should know,
 * such as clipped samples and quantisation steps. */
gboolean     inion_export_write (InionExport *self, const char *path, InionExportFormat format,
                                 InionJob *job, GPtrArray **notes, GError **error);

G_END_DECLS
