/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long decisions take: numbers that only people read. */

#pragma once

#include "live/online-decoder.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_LATENCY_VIEW (inion_latency_view_get_type ())
G_DECLARE_FINAL_TYPE (InionLatencyView, inion_latency_view, INION, LATENCY_VIEW, GtkBox)

GtkWidget *inion_latency_view_new (void);
void       inion_latency_view_set_window (InionLatencyView *self, double length_s); /* of the model, for the explanation */

/* Of a decoder that has been started, that runs, that has come to rest, that is gone. */
void       inion_latency_view_start (InionLatencyView *self, InionOnlineDecoder *decoder);
void       inion_latency_view_update (InionLatencyView *self, InionOnlineDecoder *decoder);
void       inion_latency_view_rest (InionLatencyView *self, InionOnlineDecoder *decoder);
void       inion_latency_view_clear (InionLatencyView *self);

G_END_DECLS
