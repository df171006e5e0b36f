/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samples of a BrainVision recording that are written as text. */

#pragma once

#include "core/scratch.h"
#include "recording/brainvision-header.h"

G_BEGIN_DECLS

InionScratch *inion_brainvision_ascii_unpack (int fd, const char *name,
                                              const InionBrainVisionHeader *header,
                                              gint64 *n_points, InionEdfFaults *faults,
                                              GError **error);

G_END_DECLS
