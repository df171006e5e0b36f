/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When samples were truly taken of which each came with a time that jitters. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionEvenStretch:
 * @n: how many samples follow each other without a break
 * @start: when the first was taken, in seconds
 * @interval: seconds from one to the next
 */
typedef struct
{
  gint64 n;
  double start;
  double interval;
} InionEvenStretch;

typedef struct _InionEvenTimes InionEvenTimes;

InionEvenTimes *_inion_even_times_new (double rate);
void            _inion_even_times_free (InionEvenTimes *self);
void            _inion_even_times_add (InionEvenTimes *self, double time);
GArray         *_inion_even_times_finish (InionEvenTimes *self);
gboolean        _inion_even_stretches_get_rate (GArray *stretches, double rate, gint64 *rate_num,
                                                gint64 *rate_den_ns);
GArray         *_inion_even_stretches_make_runs (GArray *stretches, double start, double rate,
                                                 double *moved);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionEvenTimes, _inion_even_times_free)

G_END_DECLS
