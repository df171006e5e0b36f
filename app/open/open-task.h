/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a recording off the main thread, or finding what has to be asked first. */

#pragma once

#include "core/job.h"
#include "study/choice.h"

G_BEGIN_DECLS

/**
 * InionOpenWish:
 * @path: the file
 * @home: (nullable): a study that may say how it is opened, before the file's own
 * @choice: (nullable): what a person has just said of it
 * @ask: ask, whatever was said before
 *
 * What to open, and what a person said of it. Where nothing was said, now or before, a question may
 * come back.
 */
typedef struct
{
  char *path;
  char *home;
  InionChoice *choice;
  gboolean ask;
} InionOpenWish;

/**
 * InionOpened:
 * @recording: (nullable): the recording; otherwise one of:
 * @streams: (nullable) (element-type InionXdfStream): which of them?
 * @table: (nullable): how is it meant?
 * @choice: (nullable): as what it was opened, bound to it; with a question: what was said before
 * @study: (nullable): the study that keeps the choice; %NULL: it was just made
 * @changed: the file is another than that which the choice was made for
 * @may_ask: whether there is something to choose again
 */
typedef struct
{
  InionRecording *recording;
  GPtrArray *streams;
  InionCsvGuess *table;
  InionChoice *choice;
  char *study;
  gboolean changed;
  gboolean may_ask;
} InionOpened;

InionOpenWish *inion_open_wish_new (const char *path);
void           inion_open_wish_free (InionOpenWish *self);
void           inion_opened_free (InionOpened *self); /* (nullable) */
gboolean       inion_opened_is_question (const InionOpened *self); /* (nullable) */

/* On any thread but the main one. */
InionOpened *inion_open_run (const InionOpenWish *wish, InionJob *job, GError **error);

/* wish: (transfer full). The result of the job is an InionOpened. */
InionJob   *inion_open_job_new (InionOpenWish *wish);
const char *inion_open_job_get_path (InionJob *job);
gboolean    inion_open_job_is_compatible (InionJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionOpenWish, inion_open_wish_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionOpened, inion_opened_free)

G_END_DECLS
