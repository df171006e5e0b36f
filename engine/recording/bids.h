/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BIDS data sets: what the files beside a recording say of it, and writing one. */

#pragma once

#include "recording/export.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionBidsNames:
 * @subject: letters and digits: "01"
 * @session: (nullable): the same
 * @task: letters and digits: "rest"
 * @acquisition: (nullable): the same
 * @run: (nullable): the same
 * @reference: (nullable): against what was recorded; %NULL for what the recording says
 * @power_line_hz: frequency of the mains, 0 if not known
 * @format: of the data: EDF, BDF or BrainVision
 *
 * What a file of a data set is called, and what a recording does not say.
 */
typedef struct
{
  char *subject;
  char *session;
  char *task;
  char *acquisition;
  char *run;
  char *reference;
  double power_line_hz;
  InionExportFormat format;
} InionBidsNames;

InionBidsNames *inion_bids_names_parse (const char *text, GError **error); /* "sub=01,task=rest" */
void            inion_bids_names_free (InionBidsNames *self);

gboolean inion_bids_write (InionExport *export_, InionRecording *recording, const char *folder,
                           const InionBidsNames *names, InionJob *job, GPtrArray **notes, char **path,
                           GError **error);

/* For recording-open.c and recording-event.c. */
void _inion_bids_apply (InionRecording *recording);
void _inion_bids_merge_events (InionRecording *recording, const char *table, GPtrArray *events);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBidsNames, inion_bids_names_free)

G_END_DECLS
