/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDFbrowser's montages (.mtg). */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/* The text of the montage, see montage-script.h. notes: (element-type utf8): what is not taken over. */
char *inion_montage_mtg_parse (const char *name, const char *bytes, gsize n, InionRecording *recording,
                               GPtrArray *notes, GError **error);

G_END_DECLS
