/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames on their way from the thread that acquires them to the thread that decodes them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One thread pushes, one pops; neither ever waits for the other. */
typedef struct _InionRingBuffer InionRingBuffer;

InionRingBuffer *inion_ring_buffer_new (guint n_channels, gsize n_frames, GError **error);
void             inion_ring_buffer_free (InionRingBuffer *self);

/* Pushing thread. frames: [n × n_channels]; frame i has index first + i. Returns how many fitted; the rest are lost, and counted. */
gsize            inion_ring_buffer_push (InionRingBuffer *self, const double *frames, gsize n, gint64 first, gint64 arrival_us);
gsize            inion_ring_buffer_get_room (InionRingBuffer *self);

/* Popping thread. Takes a run of frames with consecutive indices; arrivals_us: [max] (nullable). Returns how many; 0: empty. */
gsize            inion_ring_buffer_pop (InionRingBuffer *self, double *frames, gsize max, gint64 *first, gint64 *arrivals_us);
void             inion_ring_buffer_clear (InionRingBuffer *self);

/* Any thread. */
gsize            inion_ring_buffer_get_capacity (InionRingBuffer *self);
gsize            inion_ring_buffer_get_fill (InionRingBuffer *self);
guint64          inion_ring_buffer_get_lost (InionRingBuffer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionRingBuffer, inion_ring_buffer_free)

G_END_DECLS
