/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts and numbers of EDF headers, as real files have them.
 *
 * A field is left-justified printable ASCII, padded with blanks; numbers have a point and no
 * grouping. Real files pad with NUL or leave what was in memory behind it, write µ in three
 * encodings, a comma for the point, leading blanks. Everything that can be read without doubt is
 * read, and the oddity is told.
 *
 * Physical minimum and maximum decide the scale of every sample, so their last bit matters. They
 * are computed as EDFlib does, whole part plus decimals over a power of ten, each exact, with one
 * rounding in the quotient and one in the sum; the result can differ from the nearest double by one
 * unit in the last place, but two programs that read the same file then agree on every bit. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-text.h"

#include "core/size.h"

#include <string.h>

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)

/* Digits that an int64 surely holds. */
#define MAX_DIGITS 18

typedef struct
{
  gboolean negative;
  gint64 whole;
  gint64 decimals;
  guint n_decimals;
  int exponent;
} Number;

/* The field without its padding: from the first byte that is no blank to before the first NUL. */
static const guint8 *
trim (const guint8 *bytes,
      gsize        *n,
      guint        *oddities)
{
  const guint8 *nul;

  while (*n > 0 && (*bytes == ' ' || *bytes == '\0'))
    {
      *oddities |= *bytes == '\0' ? INION_EDF_ODD_CONTROL : INION_EDF_ODD_BLANKS;
      bytes++;
      (*n)--;
    }
  nul = memchr (bytes, '\0', *n);
  if (nul != NULL)
    {
      *n = (gsize) (nul - bytes);
      *oddities |= INION_EDF_ODD_CONTROL;
    }
  while (*n > 0 && bytes[*n - 1] == ' ')
    (*n)--;
  if (*n == 0)
    *oddities &= ~(guint) INION_EDF_ODD_BLANKS;
  return bytes;
}

/* UTF-8 if it is, else Windows-1252, which covers Latin-1. */
static char *
decode (const guint8 *bytes,
        gsize         n)
{
  /* What Windows-1252 has in the place of the C1 controls; 0 where it has nothing. */
  static const guint16 high[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
  };
  g_autoptr (GString) text = NULL;

  if (g_utf8_validate ((const char *) bytes, (gssize) n, NULL))
    return g_strndup ((const char *) bytes, n);
  text = g_string_sized_new (n * 2);
  for (gsize i = 0; i < n; i++)
    {
      gunichar c = bytes[i];

      if (c >= 0x80 && c < 0xa0)
        c = high[c - 0x80] != 0 ? high[c - 0x80] : 0xfffd;
      g_string_append_unichar (text, c);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * inion_edf_decode_dup:
 * @bytes: (array length=n): text
 * @n: its length
 * @oddities: (inout): InionEdfOddity bits are added
 *
 * Makes UTF-8 of what is UTF-8 or Windows-1252; control characters other than tabs and line ends
 * become blanks.
 *
 * Returns: (transfer full): the text, never %NULL
 */
char *
inion_edf_decode_dup (const guint8 *bytes,
                      gsize         n,
                      guint        *oddities)
{
  char *text = decode (bytes, n);

  for (gsize i = 0; i < n; i++)
    if (bytes[i] > 127)
      *oddities |= INION_EDF_ODD_NOT_ASCII;
  for (char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && strchr ("\t\n\r", *p) == NULL)
      {
        *p = ' ';
        *oddities |= INION_EDF_ODD_CONTROL;
      }
  return text;
}

/**
 * inion_edf_text_dup:
 * @bytes: (array length=n): a field
 * @n: its length
 * @oddities: (inout): InionEdfOddity bits are added
 *
 * Reads a text field: without padding, in UTF-8, control characters replaced by blanks.
 *
 * Returns: (transfer full): the text, never %NULL
 */
char *
inion_edf_text_dup (const guint8 *bytes,
                    gsize         n,
                    guint        *oddities)
{
  char *text;

  bytes = trim (bytes, &n, oddities);
  text = inion_edf_decode_dup (bytes, n, oddities);
  return g_strstrip (g_strdelimit (text, "\t\n\r", ' '));
}

/**
 * inion_edf_unit_dup:
 * @bytes: (array length=n): a physical dimension field
 * @n: its length
 * @oddities: (inout): InionEdfOddity bits are added
 *
 * Reads a unit. All spellings of microvolt (uV, µV in Latin-1, with U+00B5 or U+03BC, in Shift-JIS)
 * become "µV", the other volts their usual spelling, "degC" becomes "°C".
 *
 * Returns: (transfer full): the unit, "" for none
 */
char *
inion_edf_unit_dup (const guint8 *bytes,
                    gsize         n,
                    guint        *oddities)
{
  static const struct
  {
    const char *spelling;
    const char *unit;
  } units[] = {
    { "uv", "µV" },     { "µv", "µV" },      { "μv", "µV" }, /* U+03BC, Greek mu */
    { "ƒêv", "µV" },    { "microv", "µV" }, /* the former: Shift-JIS mu read as Windows-1252 */
    { "uvolt", "µV" },  { "microvolt", "µV" }, { "nv", "nV" },   { "mv", "mV" },
    { "v", "V" },       { "volt", "V" },     { "degc", "°C" }, { "°c", "°C" },
  };
  g_autofree char *text = inion_edf_text_dup (bytes, n, oddities);
  g_autofree char *lower = g_utf8_strdown (text, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (lower, units[i].spelling) == 0)
      return g_strdup (units[i].unit);
  return g_steal_pointer (&text);
}

static gboolean
scan_digits (const guint8 **p,
             const guint8  *end,
             gint64        *value,
             guint         *n_digits)
{
  *value = 0;
  *n_digits = 0;
  for (; *p < end && g_ascii_isdigit ((char) **p); (*p)++)
    {
      /* Leading zeros do not count; what an int64 cannot hold is no number of a header. */
      if (*n_digits >= MAX_DIGITS && *value > G_MAXINT64 / 10 - 10)
        return FALSE;
      *value = *value * 10 + (**p - '0');
      (*n_digits)++;
    }
  return TRUE;
}

static gboolean
scan_exponent (const guint8 **p,
               const guint8  *end,
               int           *exponent)
{
  gboolean negative;
  gint64 value;
  guint n;

  if (*p >= end || (**p != 'e' && **p != 'E'))
    return TRUE;
  (*p)++;
  negative = *p < end && **p == '-';
  if (*p < end && (**p == '-' || **p == '+'))
    (*p)++;
  /* An exponent whose digits were cut off leaves the number unknown. */
  if (!scan_digits (p, end, &value, &n) || n == 0 || value > 400)
    return FALSE;
  *exponent = negative ? -(int) value : (int) value;
  return TRUE;
}

static gboolean
scan_number (const guint8 *p,
             gsize         n,
             Number       *number,
             guint        *oddities)
{
  const guint8 *end;
  guint n_whole;

  *number = (Number) { 0 };
  p = trim (p, &n, oddities);
  end = p + n;
  if (p < end && (*p == '+' || *p == '-'))
    number->negative = *p++ == '-';
  if (!scan_digits (&p, end, &number->whole, &n_whole))
    return FALSE;
  if (p < end && (*p == '.' || *p == ','))
    {
      if (*p++ == ',')
        *oddities |= INION_EDF_ODD_COMMA;
      /* Decimals beyond the 18th change nothing. */
      if (!scan_digits (&p, MIN (end, p + MAX_DIGITS), &number->decimals, &number->n_decimals))
        return FALSE;
      while (p < end && g_ascii_isdigit ((char) *p))
        p++;
    }
  return n_whole + number->n_decimals > 0 && scan_exponent (&p, end, &number->exponent) && p == end;
}

static double
power_of_ten (guint n)
{
  double power = 1; /* exact up to 10^22 */

  while (n-- > 0)
    power *= 10;
  return power;
}

/**
 * inion_edf_parse_number:
 * @bytes: (array length=n): a numeric field
 * @n: its length
 * @value: (out): the number, finite; untouched on failure
 * @oddities: (inout): InionEdfOddity bits are added
 *
 * Reads a decimal number, with EDFlib's arithmetic (see the top of this file). Never follows the
 * locale.
 *
 * Returns: %FALSE if there is no number, or something more than a number
 */
gboolean
inion_edf_parse_number (const guint8 *bytes,
                        gsize         n,
                        double       *value,
                        guint        *oddities)
{
  Number number;
  double v;

  if (!scan_number (bytes, n, &number, oddities))
    return FALSE;
  v = (double) number.whole;
  if (number.n_decimals > 0)
    v += (double) number.decimals / power_of_ten (number.n_decimals);
  if (number.negative)
    v = -v;
  for (int i = number.exponent; i > 0; i--)
    v *= 10;
  for (int i = number.exponent; i < 0; i++)
    v /= 10;
  if (v > G_MAXDOUBLE || v < -G_MAXDOUBLE)
    return FALSE;
  *value = v;
  return TRUE;
}

/* number × scale as an integer, rounded half away from zero; FALSE if it does not fit. */
static gboolean
scale_number (const Number *number,
              gint64        scale,
              gint64       *value)
{
  gint64 unit = 1;
  gint64 v, rest;

  for (guint i = 0; i < number->n_decimals; i++)
    unit *= 10;
  rest = inion_int64_mul_div (number->decimals, scale, unit);
  rest += inion_int64_mul_div (2 * number->decimals, scale, unit) - 2 * rest; /* a half or more */
  if (!inion_int64_mul (&v, number->whole, scale) || !inion_int64_add (&v, v, rest))
    return FALSE;
  *value = number->negative ? -v : v;
  return TRUE;
}

/* Moves the decimal point so that no exponent is left. */
static gboolean
fold_exponent (Number *number)
{
  for (; number->exponent > 0; number->exponent--)
    {
      gint64 unit = 1;
      gint64 digit;

      for (guint i = 1; i < number->n_decimals; i++)
        unit *= 10;
      digit = number->n_decimals > 0 ? number->decimals / unit : 0;
      if (number->n_decimals > 0)
        {
          number->decimals -= digit * unit;
          number->n_decimals--;
        }
      if (!inion_int64_mul (&number->whole, number->whole, 10) ||
          !inion_int64_add (&number->whole, number->whole, digit))
        return FALSE;
    }
  for (; number->exponent < 0; number->exponent++)
    {
      gint64 unit = 1;

      if (number->n_decimals >= MAX_DIGITS - 1)
        {
          number->decimals /= 10;
          number->n_decimals--;
        }
      for (guint i = 0; i < number->n_decimals; i++)
        unit *= 10;
      number->decimals += number->whole % 10 * unit;
      number->n_decimals++;
      number->whole /= 10;
    }
  return TRUE;
}

/**
 * inion_edf_parse_integer:
 * @bytes: (array length=n): a numeric field
 * @n: its length
 * @value: (out): the number; untouched on failure
 * @oddities: (inout): InionEdfOddity bits are added
 *
 * Reads an integer; "-32768.0" is one.
 *
 * Returns: %FALSE if there is no integer, or something more than one
 */
gboolean
inion_edf_parse_integer (const guint8 *bytes,
                         gsize         n,
                         gint64       *value,
                         guint        *oddities)
{
  Number number;

  if (!scan_number (bytes, n, &number, oddities))
    return FALSE;
  if (number.n_decimals > 0 || number.exponent != 0)
    *oddities |= INION_EDF_ODD_FRACTION;
  if (!fold_exponent (&number) || number.decimals != 0)
    return FALSE;
  *value = number.negative ? -number.whole : number.whole;
  return TRUE;
}

/**
 * inion_edf_parse_seconds:
 * @bytes: (array length=n): a numeric field
 * @n: its length
 * @ns: (out): the time in nanoseconds, rounded to the nearest; untouched on failure
 * @oddities: (inout): InionEdfOddity bits are added
 *
 * Reads a time in seconds without ever making it a floating-point number.
 *
 * Returns: %FALSE if there is no number, or one beyond ±292 years
 */
gboolean
inion_edf_parse_seconds (const guint8 *bytes,
                         gsize         n,
                         gint64       *ns,
                         guint        *oddities)
{
  Number number;

  return scan_number (bytes, n, &number, oddities) && fold_exponent (&number) &&
         scale_number (&number, NS_PER_SECOND, ns);
}
