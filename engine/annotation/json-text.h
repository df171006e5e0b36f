/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON as text, and what to look at before a parser is let loose on it. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void        inion_json_append_string (GString *json, const char *text); /* text (nullable) → null */
void        inion_json_append_double (GString *json, double value);     /* not finite → null */
JsonParser *inion_json_parse (const char *text, gssize length, GError **error);

/* Members of an object, checked: a wrong type or a missing one is FALSE, never a criticism. */
gboolean    inion_json_get_int (JsonObject *object, const char *name, gint64 *value);
gboolean    inion_json_get_double (JsonObject *object, const char *name, double *value);
const char *inion_json_get_string (JsonObject *object, const char *name); /* (transfer none) (nullable) */
JsonArray  *inion_json_get_array (JsonObject *object, const char *name);  /* (transfer none) (nullable) */
JsonObject *inion_json_get_object (JsonObject *object, const char *name); /* (transfer none) (nullable) */

G_END_DECLS
