/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations as text for other programs: BIDS events.tsv, CSV and JSON.
 *
 * Times are written in seconds with all the nine digits that they have, so that what is read back
 * is the same nanosecond. (JSON numbers are doubles to most readers, ours included: they are exact
 * up to a recording of three months.)
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/table-private.h"
#include "annotation/table.h"
#include "core/error.h"
#include "core/size.h"

#include <math.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define MAX_BYTES ((gsize) 256 * 1024 * 1024)

typedef enum
{
  FORMAT_TSV,
  FORMAT_CSV,
  FORMAT_JSON,
} Format;

static gboolean
find_format (const char *name,
             Format     *format,
             GError    **error)
{
  static const char *const names[] = { "tsv", "csv", "json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (name != NULL && g_ascii_strcasecmp (name, names[i]) == 0)
      {
        *format = (Format) i;
        return TRUE;
      }
  return inion_set_error (error, INION_ERROR_INVALID,
                          "“%s” is no format for annotations: there are tsv, csv and json.",
                          name != NULL ? name : "");
}

static guint
line_of (const char *text,
         const char *at)
{
  guint line = 1;

  for (const char *c = text; c < at; c++)
    line += *c == '\n';
  return line;
}

/* Appends nanoseconds as seconds: "-1.5", "0", "12.000000001". */
void
_inion_table_append_seconds (GString *text,
                             gint64   ns)
{
  guint64 magnitude = ns < 0 ? (guint64) 0 - (guint64) ns : (guint64) ns;
  guint64 fraction = magnitude % NS_PER_S;

  g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, ns < 0 ? "-" : "", magnitude / NS_PER_S);
  if (fraction == 0)
    return;
  g_string_append_printf (text, ".%09" G_GUINT64_FORMAT, fraction);
  while (text->str[text->len - 1] == '0')
    g_string_truncate (text, text->len - 1);
}

/* Reads a finite number that fills the whole text. */
gboolean
_inion_table_parse_number (const char *text,
                           double     *value)
{
  char *end = NULL;

  /* What g_ascii_strtod() also takes: leading blanks, "inf", "nan" and hexadecimal. */
  if (text[0] == '\0' || strspn (text, "+-.0123456789eE") != strlen (text))
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*value);
}

/* Reads seconds; plain decimals digit by digit, without a detour through a double. */
gboolean
_inion_table_parse_seconds (const char *text,
                            gint64     *ns)
{
  const char *c = text + (*text == '-' || *text == '+' ? 1 : 0);
  gint64 sign = *text == '-' ? -1 : 1;
  gint64 value = 0;
  int decimals = -1;
  double number;

  if (!_inion_table_parse_number (text, &number))
    return FALSE;
  if (strpbrk (text, "eE") != NULL)
    {
      if (fabs (number) >= 9.2e9)
        return FALSE;
      *ns = llround (number * 1e9);
      return TRUE;
    }
  for (; *c != '\0' && decimals < 9; c++)
    {
      if (*c == '.')
        {
          decimals = 0;
          continue;
        }
      if (!inion_int64_mul (&value, value, 10)
          || !inion_int64_add (&value, value, sign * (*c - '0')))
        return FALSE;
      decimals += decimals >= 0;
    }
  for (decimals = MAX (decimals, 0); decimals < 9; decimals++)
    if (!inion_int64_mul (&value, value, 10))
      return FALSE;
  if (*c >= '5' && !inion_int64_add (&value, value, sign))
    return FALSE;
  *ns = value;
  return TRUE;
}

/**
 * inion_annotations_to_text:
 * @annotations: (element-type InionAnnotation): in the order they are to be written
 * @format: "tsv", "csv" or "json"
 * @error: return location
 *
 * Writes annotations as a table with the columns of BIDS events.tsv (onset and duration in seconds,
 * trial_type, channel, rater, origin, confidence, comment), or the same as JSON. Numbers are the
 * same in every locale. Ids are not written: they mean something only in their study.
 *
 * Returns: (transfer full) (nullable): the text, UTF-8; %NULL with %INION_ERROR_INVALID if there is
 *   no such format
 */
char *
inion_annotations_to_text (GPtrArray  *annotations,
                           const char *format,
                           GError    **error)
{
  Format which = FORMAT_TSV;

  g_return_val_if_fail (annotations != NULL, NULL);

  if (!find_format (format, &which, error))
    return NULL;
  if (which == FORMAT_JSON)
    return _inion_table_write_json (annotations);
  return _inion_table_write_rows (annotations, which == FORMAT_TSV ? '\t' : ',');
}

/**
 * inion_annotations_from_text:
 * @text: (array length=length): what inion_annotations_to_text() or another program wrote
 * @length: bytes, or -1 if @text ends with a zero; at most 256 MiB
 * @format: "tsv", "csv" or "json"
 * @error: return location
 *
 * Reads annotations strictly: the first thing that is wrong ends it, and nothing is half imported.
 * A table needs the columns onset and trial_type; further columns that are unknown are passed over;
 * cells "n/a" and empty ones are missing values. Without an origin they are a person's.
 *
 * Returns: (transfer full) (nullable) (element-type InionAnnotation): the annotations, with id 0,
 *   in the order of the text; %NULL with %INION_ERROR_FORMAT that names line and column,
 *   %INION_ERROR_TOO_LARGE or %INION_ERROR_INVALID
 */
GPtrArray *
inion_annotations_from_text (const char *text,
                             gssize      length,
                             const char *format,
                             GError    **error)
{
  const char *bad = NULL;
  gsize n;
  Format which = FORMAT_TSV;

  g_return_val_if_fail (text != NULL, NULL);

  n = length < 0 ? strlen (text) : (gsize) length;
  if (!find_format (format, &which, error))
    return NULL;
  if (n > MAX_BYTES)
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "The table of annotations has more than 256 MiB. Nothing was imported.");
      return NULL;
    }
  if (!g_utf8_validate_len (text, n, &bad))
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "Line %u: byte %" G_GSIZE_FORMAT " is not UTF-8 text. Nothing was imported.",
                       line_of (text, bad), (gsize) (bad - text));
      return NULL;
    }
  if (n >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    {
      text += 3;
      n -= 3;
    }
  if (which == FORMAT_JSON)
    return _inion_table_read_json (text, n, error);
  return _inion_table_read_rows (text, n, which == FORMAT_TSV ? '\t' : ',', error);
}
