/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of a recording as annotations of origin "file". */

#pragma once

#include "annotation/annotation.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/* (element-type InionAnnotation) (transfer full), ids 0 */
GPtrArray *inion_annotations_from_events (GPtrArray *events);
GPtrArray *inion_annotations_from_recording (InionRecording *recording);

G_END_DECLS
