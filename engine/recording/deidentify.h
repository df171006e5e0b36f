/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of a recording in which nothing says whose it is, as far as a program can tell. */

#pragma once

#include "recording/export.h"
#include "recording/identifiers.h"

G_BEGIN_DECLS

/**
 * InionDates:
 * @INION_DATES_REMOVE: there is no date
 * @INION_DATES_SHIFT: earlier by a number of days that is the same for all recordings of a subject
 * @INION_DATES_KEEP: as it was
 */
typedef enum
{
  INION_DATES_REMOVE,
  INION_DATES_SHIFT,
  INION_DATES_KEEP,
} InionDates;

/**
 * InionTextAction:
 * @INION_TEXT_KEEP: the text stays as it is
 * @INION_TEXT_REPLACE: what was found in it is replaced
 * @INION_TEXT_REMOVE: there is no such text in the copy, and no such annotation
 */
typedef enum
{
  INION_TEXT_KEEP,
  INION_TEXT_REPLACE,
  INION_TEXT_REMOVE,
} InionTextAction;

/**
 * InionDeidentifyOptions:
 * @dates: what becomes of the date
 * @keep_time: the time of day stays
 * @keep_sex: the sex stays
 * @keep_age: the age at the recording stays, in years; over 89 as "90+"
 * @remove_annotations: there are no annotations at all in the copy
 * @secret: (nullable): from which the shift is computed; needed for @INION_DATES_SHIFT
 * @subject: (nullable): who it is, for the shift; the patient's code of the file if %NULL
 * @code: (nullable): a code for the patient in the copy
 * @names: (nullable): words that must not be in the copy, besides those of the file's own fields
 *
 * Zeroed is the strictest.
 */
typedef struct
{
  InionDates dates;
  gboolean keep_time;
  gboolean keep_sex;
  gboolean keep_age;
  gboolean remove_annotations;
  const char *secret;
  const char *subject;
  const char *code;
  const char *const *names;
} InionDeidentifyOptions;

/**
 * InionReviewText:
 * @place: "annotation", "label", "transducer", "filter text", "reference", "unit"
 * @text: what it says
 * @count: how often
 * @reason: (nullable): what was found in it; %NULL: nothing
 * @found: (nullable): the parts that were found
 * @replacement: what it says without them
 * @action: what becomes of it
 *
 * A text that somebody typed, for a person to look at.
 */
typedef struct
{
  char *place;
  char *text;
  guint count;
  char *reason;
  char **found;
  char *replacement;
  InionTextAction action;
} InionReviewText;

/**
 * InionLeak:
 * @file: base name of the new file
 * @offset: where; −1 in the file's name
 * @word: what
 * @encoding: as what
 *
 * An identifier of the original in the copy.
 */
typedef struct
{
  char *file;
  gint64 offset;
  char *word;
  const char *encoding;
} InionLeak;

/**
 * InionDeidentifyReport:
 * @source: the original
 * @output: the copy
 * @done: (element-type utf8): what became of each place
 * @texts: (element-type InionReviewText): all texts, those with a hit first
 * @leaks: (element-type InionLeak): identifiers that are still in the copy
 * @n_searched: how many words were looked for
 * @n_by_chance: how many of them were found within samples, whose bytes are those of the signal
 * @notes: (element-type utf8): of the export
 */
typedef struct
{
  char *source;
  char *output;
  GPtrArray *done;
  GPtrArray *texts;
  GPtrArray *leaks;
  guint n_searched;
  guint n_by_chance;
  GPtrArray *notes;
} InionDeidentifyReport;

#define INION_TYPE_DEIDENTIFY (inion_deidentify_get_type ())
G_DECLARE_FINAL_TYPE (InionDeidentify, inion_deidentify, INION, DEIDENTIFY, GObject)

InionDeidentify *inion_deidentify_new (InionRecording *recording,
                                       const InionDeidentifyOptions *options);
/* (element-type InionEvent) instead of the file's */
void             inion_deidentify_set_events (InionDeidentify *self, GPtrArray *events);
gboolean         inion_deidentify_scan (InionDeidentify *self, InionJob *job, GError **error);
/* (transfer none) (element-type InionReviewText) */
GPtrArray       *inion_deidentify_get_texts (InionDeidentify *self);

/* after scan */
InionExport     *inion_deidentify_new_export (InionDeidentify *self, GError **error);
gboolean         inion_deidentify_write (InionDeidentify *self, InionExport *export, const char *path,
                                         InionExportFormat format, InionJob *job,
                                         InionDeidentifyReport **report, GError **error);

void  inion_leak_free (InionLeak *self);
void  inion_deidentify_report_free (InionDeidentifyReport *self);
char *inion_deidentify_report_to_text (const InionDeidentifyReport *self);
char *inion_deidentify_report_to_json (const InionDeidentifyReport *self);

char *inion_deidentify_make_secret (GError **error);                    /* 64 hexadecimal digits */
/* made where there is none */
char *inion_deidentify_load_secret (const char *path, GError **error);
guint inion_deidentify_shift_days (const char *secret, const char *subject);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionDeidentifyReport, inion_deidentify_report_free)

G_END_DECLS
