/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a signal stands still before anything filters it. */

#pragma once

#include "decode/channel-map.h"
#include "decode/model.h"

G_BEGIN_DECLS

/* What it finds does not depend on how the samples come cut into blocks. */
typedef struct _InionStillness InionStillness;

InionStillness *_inion_stillness_new (InionModel *model, const InionChannelMap *map, InionRecording *recording);
void            _inion_stillness_free (InionStillness *self);
void            _inion_stillness_reset (InionStillness *self);
void            _inion_stillness_set_clock (InionStillness *self, guint up, guint down);
/* in: [map->n_inputs] rows, out: [map->n_outputs] rows of what the map makes of them; n samples each. */
void            _inion_stillness_push (InionStillness *self, const double *const *in, const double *const *out, gsize n);
void            _inion_stillness_forget (InionStillness *self, gint64 before);
/* Windows are given in samples of the output: start, and n of them. */
gboolean        _inion_stillness_is_flat (const InionStillness *self, gint64 start, guint n);
guint           _inion_stillness_get_n_channels (const InionStillness *self);
const char     *_inion_stillness_get_label (const InionStillness *self, guint channel);
gboolean        _inion_stillness_is_dead (const InionStillness *self, guint channel, gint64 start, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionStillness, _inion_stillness_free)

G_END_DECLS
