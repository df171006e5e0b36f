/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sampling rate that a file gives as a floating-point number, as the fraction that it is.
 *
 * A binary number of few places, as a rate in 32 bits is, is taken exactly; of others 32 places
 * behind the point are kept, by which two clocks part a millisecond in a century. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/sample-rate.h"

#include <math.h>

#define MAX_PLACES 32
#define MIN_HZ 1e-3
#define MAX_HZ 1e7
#define NS_A_SECOND G_GINT64_CONSTANT (1000000000)

static gint64
find_gcd (gint64 a,
          gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

/**
 * _inion_sample_rate_split:
 * @hz: a sampling rate in hertz
 * @rate_num: (out): samples in @rate_den_ns
 * @rate_den_ns: (out): nanoseconds
 *
 * Returns: %FALSE if @hz is no number from 0.001 to 10⁷; nothing is set then
 */
gboolean
_inion_sample_rate_split (double  hz,
                          gint64 *rate_num,
                          gint64 *rate_den_ns)
{
  gint64 num, den, gcd;
  int places = 0;

  if (!(hz >= MIN_HZ && hz <= MAX_HZ))
    return FALSE;
  while (places < MAX_PLACES && ldexp (hz, places) != floor (ldexp (hz, places)))
    places++;
  num = (gint64) llrint (ldexp (hz, places));
  den = NS_A_SECOND << places;
  gcd = find_gcd (num, den);
  *rate_num = num / gcd;
  *rate_den_ns = den / gcd;
  return TRUE;
}
