/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The work behind the dialog for copies without identifiers: scanning, and writing. */

#pragma once

#include "app/window-private.h"

#include "recording/deidentify.h"

G_BEGIN_DECLS

/* Made on the main thread: marks: (element-type InionAnnotation) (nullable) of the study. */
InionJob *inion_deidentify_scan_job_new (InionDeidentify *deidentify, InionRecording *recording,
                                         GPtrArray *marks);
InionJob *inion_deidentify_write_job_new (InionDeidentify *deidentify, const char *path,
                                          InionExportFormat format);

G_END_DECLS
