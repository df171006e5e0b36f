/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shortest text of a number, fast enough for millions of samples.
 *
 * A double is m × 2^e with m below 2^53. To so many digits it is the integer D nearest to
 * m × 5^k × 2^(e+k), with k decimals. For numbers from 1e-4 to 1e15 k is at most 20 and the product
 * m × 5^k below 2^100, so that with 128 bits nothing is rounded but D itself, once. D reads back as
 * the same double if it is nearer than half a step of doubles, which is 5^k in the same units: that
 * too is decided in integers. All other numbers are printed and parsed until they agree. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/export-private.h"

#include <math.h>
#include <string.h>

#define LEAST_EXPONENT (-4)
#define MOST_EXPONENT 15
#define MOST_DIGITS 17

static const double powers_of_ten[] = { 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5,
                                        1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };

static guint64
raise_five (int k)
{
  guint64 power = 1;

  while (k-- > 0)
    power *= 5;
  return power;
}

/* The power of ten that is not above a number, from 1e-4 to 1e15. */
static int
find_exponent (double value)
{
  int low = 0, high = (int) G_N_ELEMENTS (powers_of_ten) - 1;

  while (low < high)
    {
      int middle = low + (high - low + 1) / 2;

      if (powers_of_ten[middle] <= value)
        low = middle;
      else
        high = middle - 1;
    }
  return low + LEAST_EXPONENT;
}

/* Rounds m × 2^e to k decimals, as an integer; to even where two are as near. FALSE: the text would
 * read back as another number. */
static gboolean
round_to (guint64  m,
          int      e,
          int      k,
          guint64 *rounded)
{
  guint64 five = raise_five (k);
  unsigned __int128 product = (unsigned __int128) m * five, whole, rest, half;
  int shift = -(e + k);

  if (shift <= 0)
    {
      *rounded = (guint64) (product << -shift);
      return TRUE;
    }
  if (shift > 120)
    return FALSE;
  half = (unsigned __int128) 1 << (shift - 1);
  whole = product >> shift;
  rest = product - (whole << shift);
  if (rest > half || (rest == half && (whole & 1) != 0))
    {
      whole++;
      rest = (half << 1) - rest;
    }
  *rounded = (guint64) whole;
  return rest << 1 < five || (rest << 1 == five && (m & 1) == 0);
}

/* Without zeros at the end of the decimals. */
static void
put_digits (gboolean  negative,
            guint64   digits,
            int       decimals,
            char     *text)
{
  char buffer[32];
  char *end = buffer + sizeof buffer;
  char *at = end;

  for (; decimals > 0 && digits % 10 == 0; decimals--)
    digits /= 10;
  for (int i = 0; i < decimals; i++, digits /= 10)
    *--at = (char) ('0' + digits % 10);
  if (decimals > 0)
    *--at = '.';
  do
    *--at = (char) ('0' + digits % 10);
  while ((digits /= 10) > 0);
  if (negative)
    *--at = '-';
  memcpy (text, at, (gsize) (end - at));
  text[end - at] = '\0';
}

/* FALSE: the number is too large, too small, or at the border between two powers of 2, where steps
 * differ. */
static gboolean
format_fast (double  value,
             char   *text)
{
  double size = fabs (value);
  int e, exponent;
  guint64 m, digits;

  if (value == 0 && !signbit (value))
    {
      memcpy (text, "0", 2);
      return TRUE;
    }
  if (!(size >= powers_of_ten[0] && size < powers_of_ten[MOST_EXPONENT - LEAST_EXPONENT]))
    return FALSE;
  if (size == rint (size))
    {
      put_digits (value < 0, (guint64) size, 0, text);
      return TRUE;
    }
  m = (guint64) ldexp (frexp (size, &e), 53);
  e -= 53;
  if (m == G_GUINT64_CONSTANT (1) << 52)
    return FALSE;
  exponent = find_exponent (size);
  for (int n = MOST_DIGITS - 2; n <= MOST_DIGITS; n++)
    if (round_to (m, e, n - 1 - exponent, &digits))
      {
        put_digits (value < 0, digits, n - 1 - exponent, text);
        return TRUE;
      }
  return FALSE;
}

/**
 * _inion_export_format_double:
 * @value: a number
 * @text: (out): the shortest text of 15 to 17 digits that reads back as the number; "" for NaN
 */
void
_inion_export_format_double (double value,
                             char   text[G_ASCII_DTOSTR_BUF_SIZE])
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };

  text[0] = '\0';
  if (format_fast (value, text))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (formats) && !isnan (value); i++)
    {
      g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, formats[i], value);
      if (g_ascii_strtod (text, NULL) == value)
        return;
    }
}
