/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Epochs of a recording, without those that hold a gap. */

#pragma once

#include "core/job.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/* [n_epochs][n_channels][n_samples], contiguous, for inion_connectivity(). */
double *inion_epochs_read (InionRecording *recording, const guint *channels, gsize n_channels, gint64 first, gint64 end,
                           gsize n_samples, gsize *n_epochs, gsize *n_left_out, InionJob *job, GError **error);
/* NaN is a gap: leaves out the epochs that hold one, in place. Returns how many are left. */
gsize   inion_epochs_drop_gaps (double *data, gsize n_epochs, gsize n_channels, gsize n_samples);

G_END_DECLS
