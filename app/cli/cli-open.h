/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the verbs open recordings: with the options that say what a file itself does not. */

#pragma once

#include "app/cli/cli.h"
#include "app/decode/sources.h"

G_BEGIN_DECLS

/* --compatible, --stream, --rate: of every verb. */
extern const GOptionEntry inion_cli_open_entries[];

void     inion_cli_open_reset (void);
gboolean inion_cli_open_check (void); /* FALSE: usage printed */
gboolean inion_cli_open_is_told (void); /* whether one of them is given */

gboolean   inion_cli_add_source (InionSources *sources, const char *path, GError **error);
GPtrArray *inion_cli_list_streams (const char *path); /* (transfer full) (nullable) */

G_END_DECLS
