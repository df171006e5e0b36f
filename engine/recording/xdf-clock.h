/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the clock of the computer that sent a stream to that of the one that recorded it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionXdfOffset:
 * @at: where the measurement stands in the file
 * @time: when it was made, on the sender's clock, in seconds
 * @value: what to add to the sender's clock
 * @before: time of a sample that stands before it in the file, NaN if there is none
 * @after: time of a sample that stands behind it, NaN if there is none
 */
typedef struct
{
  gint64 at;
  double time;
  double value;
  double before;
  double after;
} InionXdfOffset;

typedef struct _InionXdfClock InionXdfClock;

InionXdfClock *_inion_xdf_clock_new (GArray *offsets, guint *n_rejected, gint64 *first_rejected);
void           _inion_xdf_clock_free (InionXdfClock *self);
guint          _inion_xdf_clock_get_n_pieces (InionXdfClock *self);
double         _inion_xdf_clock_map (InionXdfClock *self, gint64 at, double time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionXdfClock, _inion_xdf_clock_free)

G_END_DECLS
