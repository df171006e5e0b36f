/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows an event on the average: mean over epochs, with its confidence band. */

#pragma once

#include "core/error.h"

G_BEGIN_DECLS

/* An epoch about an event, in samples from it: [first, first + n), and its baseline within it; baseline_n 0: none. */
typedef struct
{
  gint64 first;
  gsize n;
  gsize baseline_first;    /* from the epoch's first */
  gsize baseline_n;
} InionEpochWindow;

/* from_s to to_s, both edges in; baseline NAN, NAN: none. As mne.Epochs (tmin, tmax, baseline) takes them. */
gboolean inion_epoch_window_init (InionEpochWindow *self, double from_s, double to_s, double baseline_from_s,
                                  double baseline_to_s, double rate_hz, GError **error);

typedef enum
{
  INION_EPOCH_USED,
  INION_EPOCH_OUTSIDE,     /* reaches past an end of the recording */
  INION_EPOCH_GAP,         /* holds a sample that is missing */
  INION_EPOCH_ARTIFACT,    /* touches a mark that rejects */
  INION_EPOCH_AMPLITUDE,   /* a channel has more than the most that is allowed, peak to peak */
  INION_EPOCH_N_OUTCOMES,
} InionEpochOutcome;

const char *inion_epoch_outcome_to_string (InionEpochOutcome outcome); /* "used", "gap", … */

/* The mean of epochs that are given one by one. */
typedef struct
{
  guint n_channels;
  gsize n_times;
  guint counts[INION_EPOCH_N_OUTCOMES];
  double *mean;            /* [n_channels × n_times] */
  double *squares;         /* [n_channels × n_times] sum of squared deviations from the mean */
} InionEvoked;

InionEvoked *inion_evoked_new (guint n_channels, gsize n_times, GError **error);
void         inion_evoked_free (InionEvoked *self);
/* epoch: [n_channels × n_times]; its baseline is taken off in place. most: peak to peak that a channel may have, in its unit;
 * ≤ 0: any. Says whether it was used, and counts it. */
InionEpochOutcome inion_evoked_add (InionEvoked *self, const InionEpochWindow *window, double *epoch, double most);
/* An epoch that could not be given. */
void         inion_evoked_leave_out (InionEvoked *self, InionEpochOutcome why);
/* Half the width of the pointwise 95 % interval of the mean, by Student's t over epochs: [n_channels × n_times]; NaN under two epochs. */
void         inion_evoked_get_band (const InionEvoked *self, double *half_width);
/* Standard deviation over channels of the mean, at each time: [n_times] (global field power). rows: which channels. */
void         inion_evoked_get_field_power (const InionEvoked *self, const guint *rows, guint n_rows, double *power);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionEvoked, inion_evoked_free)

G_END_DECLS
