/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a recording off the main thread, or finding what has to be asked first. */

#pragma once

#include "core/job.h"
#include "recording/csv-guess.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionOpenWish:
 * @path: the file
 * @streams: (element-type guint32) (nullable): of an XDF file, the streams wanted
 * @table: (nullable): how a table is meant
 * @compatible: whether the compatibility reader opens it
 *
 * What to open, and what a person said of it. Where nothing was said, a question may come back.
 */
typedef struct
{
  char *path;
  GArray *streams;
  InionCsvGuess *table;
  gboolean compatible;
} InionOpenWish;

/**
 * InionOpened:
 * @recording: (nullable): the recording; otherwise one of:
 * @streams: (nullable) (element-type InionXdfStream): which of them?
 * @table: (nullable): how is it meant?
 */
typedef struct
{
  InionRecording *recording;
  GPtrArray *streams;
  InionCsvGuess *table;
} InionOpened;

InionOpenWish *inion_open_wish_new (const char *path);
void           inion_open_wish_free (InionOpenWish *self);
void           inion_opened_free (InionOpened *self);

/* wish: (transfer full). The result of the job is an InionOpened. */
InionJob   *inion_open_job_new (InionOpenWish *wish);
const char *inion_open_job_get_path (InionJob *job);
gboolean    inion_open_job_is_compatible (InionJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionOpenWish, inion_open_wish_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionOpened, inion_opened_free)

G_END_DECLS
