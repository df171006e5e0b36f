/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations as text for other programs: BIDS events.tsv, CSV and JSON. */

#pragma once

#include "annotation/annotation.h"

G_BEGIN_DECLS

/* format: "tsv" (BIDS events.tsv), "csv" or "json". */
char      *inion_annotations_to_text (GPtrArray *annotations, const char *format, GError **error);
GPtrArray *inion_annotations_from_text (const char *text, gssize length, const char *format,
                                        GError **error); /* (element-type InionAnnotation) (transfer full), ids 0 */

G_END_DECLS
