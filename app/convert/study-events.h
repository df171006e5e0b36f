/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people marked, as events that a file can hold. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/* marks: (element-type InionAnnotation). Returns: (transfer full) (element-type InionEvent): the file's
 * events and the marks, in time order. Its events must be loaded. */
GPtrArray *inion_study_events_new (InionRecording *recording, GPtrArray *marks);

/* The same events on a recording that was made of another: channels are found by their labels. */
GPtrArray *inion_study_events_move (GPtrArray *events, InionRecording *from, InionRecording *to);

G_END_DECLS
