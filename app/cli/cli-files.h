/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many files at once: what the verbs that work on batches have in common. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files as they are named; of folders, all recordings below, in order. NULL-terminated words. */
GPtrArray *inion_cli_list_files (char **words, int n);

G_END_DECLS
