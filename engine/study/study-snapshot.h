/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of a study that are set aside, in case its file is lost or damaged. */

#pragma once

#include "study/study-store.h"

G_BEGIN_DECLS

void  _inion_study_snapshot (InionStudyStore *store);
char *_inion_study_snapshot_find_newest (const char *path); /* (nullable) */

G_END_DECLS
