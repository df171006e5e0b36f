/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the verbs open recordings: with the options that say what a file itself does not. */

#pragma once

#include "app/cli/cli.h"
#include "app/decode/sources.h"

G_BEGIN_DECLS

/* --compatible, --stream, --rate: of every verb. Without them, what was chosen in the window and is kept in
 * the study beside the file counts. */
extern const GOptionEntry inion_cli_open_entries[];

void     inion_cli_open_reset (void);
gboolean inion_cli_open_check (void); /* FALSE: usage printed */

/* Replaces studies by their recordings; the words live until the next verb is parsed. */
gboolean inion_cli_open_resolve (int argc, char **argv, GError **error);

/* The key "opened_as", and a line, about the file that was opened last. */
void inion_cli_open_add_json (InionJsonText *text);
void inion_cli_open_print (void);

gboolean   inion_cli_add_source (InionSources *sources, const char *path, GError **error);
GPtrArray *inion_cli_list_streams (const char *path); /* (transfer full) (nullable) */

G_END_DECLS
