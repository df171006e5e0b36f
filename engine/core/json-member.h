/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of a JSON object, checked: a wrong type or a missing one is FALSE or NULL. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean    inion_json_get_int (JsonObject *object, const char *name, gint64 *value);
gboolean    inion_json_get_double (JsonObject *object, const char *name, double *value);
const char *inion_json_get_string (JsonObject *object, const char *name); /* (transfer none) (nullable) */
JsonArray  *inion_json_get_array (JsonObject *object, const char *name);  /* (transfer none) (nullable) */
JsonObject *inion_json_get_object (JsonObject *object, const char *name); /* (transfer none) (nullable) */
char      **inion_json_dup_strings (JsonArray *array); /* (transfer full) (nullable): not all are strings */

G_END_DECLS
