/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person said of a file that does not say all by itself, and opening it so. */

#pragma once

#include "recording/csv-guess.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionChoiceKind:
 * @INION_CHOICE_STREAMS: some of the streams of an XDF file
 * @INION_CHOICE_TABLE: what the columns of a text table are, and its rate
 * @INION_CHOICE_COMPATIBLE: the compatibility reader
 */
typedef enum
{
  INION_CHOICE_STREAMS,
  INION_CHOICE_TABLE,
  INION_CHOICE_COMPATIBLE,
} InionChoiceKind;

/**
 * InionChoice:
 * @streams: (element-type guint32) (nullable): numbers of the streams that were chosen
 * @names: (element-type utf8) (nullable): what they are called, in the same order
 * @n_streams: how many the file has
 * @table: (nullable): how the table is meant; its first rows and notes are not kept
 * @size: bytes of the file that this was said of
 * @mtime_ns: when it was changed last, ns since 1970
 * @fingerprint: (nullable): the content of that file; %NULL until inion_choice_bind()
 *
 * One choice made at opening.
 */
typedef struct
{
  InionChoiceKind kind;
  GArray *streams;
  GPtrArray *names;
  guint n_streams;
  InionCsvGuess *table;
  gint64 size;
  gint64 mtime_ns;
  char *fingerprint;
} InionChoice;

/* streams: (element-type InionXdfStream): all of the file. table: (transfer full). */
InionChoice *inion_choice_new_streams (GPtrArray *streams, const guint32 *ids, gsize n);
InionChoice *inion_choice_new_table (InionCsvGuess *table);
InionChoice *inion_choice_new_compatible (void);
InionChoice *inion_choice_copy (const InionChoice *self);
void         inion_choice_free (InionChoice *self); /* (nullable) */

char        *inion_choice_to_json (const InionChoice *self);
InionChoice *inion_choice_new_from_json (const char *json, GError **error);
const char  *inion_choice_kind_to_string (InionChoiceKind kind);
char        *inion_choice_describe (const InionChoice *self); /* “Ear” of 2 streams */

InionRecording *inion_choice_open (const InionChoice *self, const char *path, InionJob *job, GError **error);
gboolean        inion_choice_bind (InionChoice *self, const char *path, InionRecording *recording, InionJob *job,
                                   GError **error);

/* The same choice for another file: (transfer full) (nullable): it does not fit. */
InionChoice *inion_choice_fit_streams (const InionChoice *self, GPtrArray *streams);
InionChoice *inion_choice_fit_table (const InionChoice *self, const InionCsvGuess *guess);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionChoice, inion_choice_free)

G_END_DECLS
