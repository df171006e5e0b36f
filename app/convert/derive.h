/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording made of another: other reference, filtered, other sampling rate. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

/* What is done, in this order; zeroed: nothing. */
typedef struct
{
  const char *montage;    /* (nullable): "average", "longitudinal" … */
  const char *const *bad; /* (nullable): left out of averages */
  double low_hz;          /* 0: none */
  double high_hz;
  double notch_hz;
  double resample_hz;
} InionDeriveOptions;

gboolean        inion_derive_is_needed (const InionDeriveOptions *options);
InionRecording *inion_derive (InionRecording *source, const InionDeriveOptions *options, GPtrArray *notes,
                              InionJob *job, GError **error);

G_END_DECLS
