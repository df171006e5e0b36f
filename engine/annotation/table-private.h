/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the text formats of annotations. */

#pragma once

#include "annotation/annotation.h"

G_BEGIN_DECLS

void       _inion_table_append_seconds (GString *text, gint64 ns);
gboolean   _inion_table_parse_seconds (const char *text, gint64 *ns);
gboolean   _inion_table_parse_number (const char *text, double *value);

char      *_inion_table_write_rows (GPtrArray *annotations, char delimiter);
GPtrArray *_inion_table_read_rows (const char *text, gsize length, char delimiter, GError **error);
char      *_inion_table_write_json (GPtrArray *annotations);
GPtrArray *_inion_table_read_json (const char *text, gsize length, GError **error);

G_END_DECLS
