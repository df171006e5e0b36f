/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded random numbers: the same stream on every machine and for any number of threads. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionRandom:
 *
 * State of a xoshiro256++ generator (Blackman and Vigna 2019). A plain value: copy it to copy the
 * stream.
 */
typedef struct
{
  guint64 s[4];
} InionRandom;

void    inion_random_seed (InionRandom *self, guint64 seed, guint64 stream);
guint64 inion_random_next (InionRandom *self);
guint64 inion_random_below (InionRandom *self, guint64 n);
double  inion_random_uniform (InionRandom *self);
double  inion_random_normal (InionRandom *self);
void    inion_random_shuffle (InionRandom *self, guint *items, gsize n);

G_END_DECLS
