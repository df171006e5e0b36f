/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A montage by what a person calls it: its id, its file, or the name of one of their own. */

#pragma once

#include "scalp/montage.h"

G_BEGIN_DECLS

/* FALSE: what can be no montage of any recording. */
gboolean      inion_may_be_montage (const char *what);
InionMontage *inion_find_montage (const char *what, InionRecording *recording, const char *const *bad, GError **error);

G_END_DECLS
