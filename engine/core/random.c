/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded random numbers: the same stream on every machine and for any number of threads.
 *
 * xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2019),
 * seeded through SplitMix64. Parallel work takes one stream an item, never one a thread. */

#define G_LOG_DOMAIN "inion-core"

#include "config.h"

#include "core/random.h"

#include <math.h>

static guint64
split_mix (guint64 *x)
{
  guint64 z = (*x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline guint64
rotl (guint64 x,
      int     k)
{
  return (x << k) | (x >> (64 - k));
}

/**
 * inion_random_seed:
 * @self: (out): the generator
 * @seed: the seed that a person chose
 * @stream: which independent stream of that seed (fold, permutation, channel …)
 */
void
inion_random_seed (InionRandom *self,
                   guint64      seed,
                   guint64      stream)
{
  guint64 x = seed;
  guint64 y;

  y = split_mix (&x) ^ (stream * G_GUINT64_CONSTANT (0xd1342543de82ef95));
  for (int i = 0; i < 4; i++)
    self->s[i] = split_mix (&y);
}

/**
 * inion_random_next:
 *
 * Returns: 64 random bits
 */
guint64
inion_random_next (InionRandom *self)
{
  guint64 *s = self->s;
  guint64 result = rotl (s[0] + s[3], 23) + s[0];
  guint64 t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotl (s[3], 45);
  return result;
}

/**
 * inion_random_below:
 * @n: bound, at least 1
 *
 * Returns: an unbiased integer in [0, n), by Lemire's multiplication with rejection
 */
guint64
inion_random_below (InionRandom *self,
                    guint64      n)
{
  unsigned __int128 m;
  guint64 low, threshold;

  g_return_val_if_fail (n > 0, 0);
  m = (unsigned __int128) inion_random_next (self) * n;
  low = (guint64) m;
  if (low < n)
    {
      threshold = -n % n;
      while (low < threshold)
        {
          m = (unsigned __int128) inion_random_next (self) * n;
          low = (guint64) m;
        }
    }
  return (guint64) (m >> 64);
}

/**
 * inion_random_uniform:
 *
 * Returns: a number in [0, 1) with 53 random bits
 */
double
inion_random_uniform (InionRandom *self)
{
  return (double) (inion_random_next (self) >> 11) * 0x1.0p-53;
}

/**
 * inion_random_normal:
 *
 * Returns: a standard normal number (Box–Muller, one of the pair)
 */
double
inion_random_normal (InionRandom *self)
{
  double u = 1.0 - inion_random_uniform (self);
  double v = inion_random_uniform (self);

  return sqrt (-2.0 * log (u)) * cos (2.0 * G_PI * v);
}

/**
 * inion_random_shuffle:
 * @items: (array length=n): shuffled in place (Fisher–Yates)
 * @n: number of items
 */
void
inion_random_shuffle (InionRandom *self,
                      guint       *items,
                      gsize        n)
{
  for (gsize i = n; i > 1; i--)
    {
      gsize j = (gsize) inion_random_below (self, i);
      guint t = items[i - 1];

      items[i - 1] = items[j];
      items[j] = t;
    }
}
