/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of work that runs off the main thread, with progress, cancel and an error. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INION_TYPE_JOB (inion_job_get_type ())
G_DECLARE_FINAL_TYPE (InionJob, inion_job, INION, JOB, GObject)

/**
 * InionJobFunc:
 * @job: the job, for inion_job_report() and inion_job_check()
 * @data: what was given to inion_job_new()
 * @error: return location
 *
 * The work. Runs on a worker thread; must call inion_job_check() at least every 50 ms.
 *
 * Returns: (transfer full) (nullable): the result, or %NULL with @error set
 */
typedef gpointer (*InionJobFunc) (InionJob *job, gpointer data, GError **error);

/**
 * InionJobDone:
 * @job: the job
 * @result: (transfer full) (nullable): what the work returned; %NULL if it failed
 * @error: (nullable): why it failed; %G_IO_ERROR_CANCELLED after a cancel
 * @user_data: what was given to inion_job_start()
 *
 * Called once in the main context of the thread that started the job.
 */
typedef void (*InionJobDone) (InionJob *job, gpointer result, const GError *error, gpointer user_data);

InionJob *inion_job_new (const char *title, InionJobFunc func, gpointer data, GDestroyNotify data_free,
                         GDestroyNotify result_free);
void      inion_job_start (InionJob *self, InionJobDone done, gpointer user_data);
gpointer  inion_job_run (InionJob *self, GError **error);

void      inion_job_cancel (InionJob *self);
gboolean  inion_job_check (InionJob *self, GError **error);
void      inion_job_report (InionJob *self, double fraction, const char *step);

const char *inion_job_get_title (InionJob *self);
double      inion_job_get_progress (InionJob *self);
char       *inion_job_dup_step (InionJob *self);
gboolean    inion_job_is_running (InionJob *self);

#define INION_TYPE_JOB_LIST (inion_job_list_get_type ())
G_DECLARE_FINAL_TYPE (InionJobList, inion_job_list, INION, JOB_LIST, GObject)

InionJobList *inion_job_list_new (void);
void          inion_job_list_submit (InionJobList *self, InionJob *job, const char *key, InionJobDone done,
                                     gpointer user_data);
void          inion_job_list_cancel_all (InionJobList *self);

G_END_DECLS
