/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canonical JSON: one layout, one spelling of every number, so that equal content is equal bytes. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionJsonLayout:
 * @INION_JSON_BLOCK: each member on a line of its own, indented by two spaces
 * @INION_JSON_INLINE: on one line, spaces inside the brackets: `{ "a": 1 }`, `[ {}, {} ]`
 * @INION_JSON_TIGHT: on one line, no spaces inside the brackets: `[1, 2]`
 *
 * How an object or array is laid out. Whatever stands inside a one-line value must be on one line
 * too.
 */
typedef enum
{
  INION_JSON_BLOCK,
  INION_JSON_INLINE,
  INION_JSON_TIGHT,
} InionJsonLayout;

/* Text written by hand, where 10^5 objects are written at once. */
void inion_json_append_string (GString *json, const char *text); /* text (nullable) → null */
void inion_json_append_double (GString *json, double value);     /* not finite → null */

typedef struct _InionJsonText InionJsonText;

InionJsonText *inion_json_text_new (void);
void           inion_json_text_free (InionJsonText *self);
char          *inion_json_text_finish (InionJsonText *self);

void inion_json_text_begin_object (InionJsonText *self, InionJsonLayout layout);
void inion_json_text_end_object (InionJsonText *self);
void inion_json_text_begin_array (InionJsonText *self, InionJsonLayout layout);
void inion_json_text_end_array (InionJsonText *self);

void inion_json_text_key (InionJsonText *self, const char *key);
void inion_json_text_same_line (InionJsonText *self);

void inion_json_text_null (InionJsonText *self);
void inion_json_text_boolean (InionJsonText *self, gboolean value);
void inion_json_text_uint (InionJsonText *self, guint64 value);
void inion_json_text_double (InionJsonText *self, double value);
void inion_json_text_string (InionJsonText *self, const char *value);
void inion_json_text_strings (InionJsonText *self, const char *const *values);
void inion_json_text_doubles (InionJsonText *self, const double *values, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionJsonText, inion_json_text_free)

G_END_DECLS
