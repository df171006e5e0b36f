/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks as the events.tsv and events.json of a BIDS data set. */

#pragma once

#include "annotation/annotation.h"

G_BEGIN_DECLS

char    *inion_annotations_to_bids (GPtrArray *annotations);
char    *inion_annotations_dup_bids_sidecar (void);
gboolean inion_annotations_write_bids (GPtrArray *annotations, const char *path, GError **error);

G_END_DECLS
