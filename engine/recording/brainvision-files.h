/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three files of a BrainVision recording. */

#pragma once

#include "recording/edf-faults.h"

G_BEGIN_DECLS

gboolean inion_brainvision_is_header_name (const char *path);
gboolean inion_brainvision_is_marker_name (const char *path);
gboolean inion_brainvision_is_data_name (const char *path);

char *inion_brainvision_find_header (const char *path);
char *inion_brainvision_find_data (const char *header_path, const char *name,
                                   InionEdfFaults *faults);
char *inion_brainvision_find_markers (const char *header_path, const char *name,
                                      InionEdfFaults *faults);

G_END_DECLS
