/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gaps of a recording as pictures show them: which, and how long. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/* A gap, in seconds since the recording's start. */
typedef void (*InionGapFunc) (double from_s, double to_s, gpointer data);

/* Calls func for each gap that touches [from_s, to_s], in order; of gaps that all begin within least_s only for the first. */
void  inion_gap_band_foreach (InionRecording *recording, double from_s, double to_s, double least_s, InionGapFunc func,
                              gpointer data);
/* "gap 3 min 20 s" */
char *inion_gap_band_dup_text (double seconds);

G_END_DECLS
