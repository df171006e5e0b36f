/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a JSON text without any of the liberties that json-glib takes. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *inion_json_parse (const char *json, gssize length, gsize max_bytes, GError **error);
JsonNode *inion_json_parse_object (const char *json, gssize length, gsize max_bytes,
                                   GError **error);

G_END_DECLS
