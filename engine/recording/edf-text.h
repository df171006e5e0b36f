/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts and numbers of EDF headers, as real files have them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionEdfOddity:
 * @INION_EDF_ODD_NOT_ASCII: bytes above 126
 * @INION_EDF_ODD_CONTROL: control characters or NUL
 * @INION_EDF_ODD_BLANKS: leading blanks
 * @INION_EDF_ODD_COMMA: a comma for the decimal point
 * @INION_EDF_ODD_FRACTION: decimals where an integer belongs
 *
 * In what a field departs from the specification although it could be read.
 */
typedef enum
{
  INION_EDF_ODD_NOT_ASCII = 1 << 0,
  INION_EDF_ODD_CONTROL = 1 << 1,
  INION_EDF_ODD_BLANKS = 1 << 2,
  INION_EDF_ODD_COMMA = 1 << 3,
  INION_EDF_ODD_FRACTION = 1 << 4,
} InionEdfOddity;

char    *inion_edf_text_dup (const guint8 *bytes, gsize n, guint *oddities);
char    *inion_edf_decode_dup (const guint8 *bytes, gsize n, guint *oddities);
char    *inion_edf_unit_dup (const guint8 *bytes, gsize n, guint *oddities);
gboolean inion_edf_parse_number (const guint8 *bytes, gsize n, double *value, guint *oddities);
gboolean inion_edf_parse_integer (const guint8 *bytes, gsize n, gint64 *value, guint *oddities);
gboolean inion_edf_parse_seconds (const guint8 *bytes, gsize n, gint64 *ns, guint *oddities);

G_END_DECLS
