/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Artifact detectors: each proposes marks with a confidence; a person accepts them. */

#pragma once

#include "annotation/annotation.h"
#include "core/job.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/* Values ≤ 0 or NAN switch a detector off. */
typedef struct
{
  double amplitude_uv;        /* peak-to-peak in 200 ms (default 200) */
  double flat_uv;             /* peak-to-peak under this for flat_s (default 1 µV) */
  double flat_s;              /* default 5 s */
  double muscle_z;            /* default 4 */
  double blink_z;             /* default 4 */
} InionDetectorSettings;

void inion_detector_settings_init (InionDetectorSettings *settings); /* the defaults */

/* Labels used: "high amplitude", "flat", "muscle", "blink". Returns suggestions (origin MODEL, rater "detector:NAME", channels where scoped,
 * confidence in (0, 1]) sorted by onset; NULL on failure. bad: labels to leave out. The report (optional) is a text of what was run: bands, thresholds. */
GPtrArray *inion_detect_artifacts (InionRecording *recording, const InionDetectorSettings *settings,
                                   const char *const *bad, InionJob *job, char **report, GError **error);

G_END_DECLS
