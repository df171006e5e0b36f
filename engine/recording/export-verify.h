/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is in a file that was written what was to be written? */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/* An event as it is compared. */
typedef struct
{
  gint64 onset_ns;
  gint64 duration_ns;
  char *text;
} InionExportTold;

/* A run of samples: on the channel's clock, and behind how many that the file holds. */
typedef struct
{
  gint64 first;
  gint64 n;
  gint64 stored;
} InionExportStored;

GPtrArray *_inion_export_told_new_list (void);
void       _inion_export_told_add (GPtrArray *list, gint64 onset_ns, gint64 duration_ns,
                                   char *text);
gboolean   _inion_export_told_compare (const char *name, GPtrArray *wanted, GPtrArray *found,
                                       GError **error);

gboolean   _inion_export_refuse_sample (const char *name, const char *label, double seconds, double wanted,
                                        double found, GError **error);

GArray    *_inion_export_runs_new (InionRecording *recording, guint channel);
gboolean   _inion_export_runs_find (const GArray *runs, gint64 stored, gint64 *first, gint64 *n);

G_END_DECLS
