/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of marks share: the recording's clock, and the report. */

#pragma once

#include "annotation/import.h"

G_BEGIN_DECLS

/**
 * InionImporter:
 * @result: what has come out so far
 * @recording: the recording that the marks are about
 * @name: the file's, for messages
 * @last_ns: the onset of the row before, for clock times without a date
 * @n_strange_channels: marks about channels that the recording does not have
 * @n_outside: marks that lie wholly behind the recording
 * @job: (nullable): for progress and cancel
 * @text: what is read
 * @length: of it, in bytes
 * @looked: the byte at which the job was last looked at
 */
typedef struct
{
  InionAnnotationImport *result;
  InionRecording *recording;
  const char *name;
  gint64 last_ns;
  guint n_strange_channels;
  guint n_outside;
  InionJob *job;
  const char *text;
  gsize length;
  gsize looked;
} InionImporter;

/**
 * InionImportRow:
 * @line: its line
 * @onset_ns: since the recording's start
 * @duration_ns: 0 for a point
 * @label: what it is
 * @channels: (nullable): names as the file has them
 * @rater: (nullable): who says so
 * @origin: where it comes from
 * @confidence: 0 to 1 or NaN
 * @comment: (nullable): more
 *
 * A mark as a file has it.
 */
typedef struct
{
  guint line;
  gint64 onset_ns;
  gint64 duration_ns;
  const char *label;
  const char *const *channels;
  const char *rater;
  InionOrigin origin;
  double confidence;
  const char *comment;
} InionImportRow;

void     _inion_importer_add (InionImporter *self, const InionImportRow *row);
void     _inion_importer_skip (InionImporter *self, guint line, const char *row, const char *format, ...)
  G_GNUC_PRINTF (4, 5);
void     _inion_importer_note (InionImporter *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* To be asked at each row, with its place in the text. FALSE: cancelled. */
gboolean _inion_importer_go_on (InionImporter *self, const char *at, GError **error);

/* Seconds, a clock time or a date with one. reason: why not. */
gboolean _inion_importer_parse_time (InionImporter *self, const char *text, gint64 *ns,
                                     const char **reason);
gboolean _inion_importer_parse_duration (const char *text, gint64 onset_ns, gint64 *ns);
gint64   _inion_importer_align (InionImporter *self, GDateTime *start, gint64 length_ns);
gboolean _inion_import_parse_clock (const char *text, gint64 *ns, gboolean *has_date);
gboolean _inion_importer_place_sample (InionImporter *self, gint64 sample, gint64 *ns);

/* text is UTF-8 without NULs. */
gboolean _inion_import_table (InionImporter *self, const char *text, GError **error);
gboolean _inion_import_xml (InionImporter *self, const char *text, GError **error);
gboolean _inion_import_chbmit (InionImporter *self, const char *text, GError **error);
gboolean _inion_import_besa (InionImporter *self, const char *text, GError **error);
gboolean _inion_import_vmrk (InionImporter *self, const char *text, GError **error);
gboolean _inion_import_recording (InionImporter *self, InionRecording *other, InionJob *job,
                                  GError **error);

const char *_inion_import_stage_label (gint64 code);

G_END_DECLS
