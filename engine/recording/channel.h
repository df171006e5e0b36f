/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel of a recording: what it is called, what it measures, how its numbers are scaled. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * InionChannelKind:
 *
 * What a channel measures. Guessed from the label and the unit when a recording is opened.
 */
typedef enum
{
  INION_CHANNEL_EEG,
  INION_CHANNEL_EOG,
  INION_CHANNEL_ECG,
  INION_CHANNEL_EMG,
  INION_CHANNEL_RESPIRATION,
  INION_CHANNEL_SATURATION,
  INION_CHANNEL_TEMPERATURE,
  INION_CHANNEL_TRIGGER,
  INION_CHANNEL_OTHER,
} InionChannelKind;

const char      *inion_channel_kind_to_string (InionChannelKind kind); /* "EEG", "EOG", … */
gboolean         inion_channel_kind_from_string (const char *text, InionChannelKind *kind);
InionChannelKind inion_channel_kind_guess (const char *label, const char *unit);

#define INION_TYPE_CHANNEL (inion_channel_get_type ())
G_DECLARE_FINAL_TYPE (InionChannel, inion_channel, INION, CHANNEL, GObject)

/**
 * InionChannelInfo:
 * @raw_label: the label as the file has it, trimmed, in UTF-8
 * @label: the name to show ("Fp1"); %NULL to derive it from @raw_label
 * @kind: what it measures
 * @unit: unit of the physical values, "µV" for EEG
 * @rate_num: samples in @rate_den_ns nanoseconds
 * @rate_den_ns: the exact rate is @rate_num × 10⁹ / @rate_den_ns Hz
 * @n_samples: number of samples in the recording
 * @gain: physical = gain × digital + offset
 * @offset: see @gain
 * @digital_min: smallest digital value the file declares
 * @digital_max: largest digital value the file declares
 * @calibrated: %FALSE if the file gives no usable scale (gain is then 1 and offset 0)
 * @transducer: (nullable): free text
 * @prefilter: (nullable): free text
 * @reference: (nullable): against what it was recorded, as the file says
 * @has_position: whether the file tells where its electrode was
 * @position: where, in metres: x to the right ear, y to the nose, z up
 * @bad: the file says that it is bad
 * @renamed: @label is what a person calls it: it, and not @raw_label, names the electrode
 *
 * What a reader knows of a channel. Copied by inion_channel_new().
 */
typedef struct
{
  const char *raw_label;
  const char *label;
  InionChannelKind kind;
  const char *unit;
  gint64 rate_num;
  gint64 rate_den_ns;
  gint64 n_samples;
  double gain;
  double offset;
  gint32 digital_min;
  gint32 digital_max;
  gboolean calibrated;
  const char *transducer;
  const char *prefilter;
  const char *reference;
  gboolean has_position;
  double position[3];
  gboolean bad;
  gboolean renamed;
} InionChannelInfo;

InionChannel           *inion_channel_new (const InionChannelInfo *info);
const InionChannelInfo *inion_channel_get_info (InionChannel *self); /* (transfer none) */
const char             *inion_channel_get_label (InionChannel *self);
const char             *inion_channel_get_unit (InionChannel *self);
InionChannelKind        inion_channel_get_kind (InionChannel *self);
double                  inion_channel_get_rate_hz (InionChannel *self);
gint64                  inion_channel_get_n_samples (InionChannel *self);

/* Exact conversions between clocks: sample k starts at floor (k × rate_den_ns / rate_num). */
gint64 inion_channel_sample_to_ns (InionChannel *self, gint64 sample);
gint64 inion_channel_ns_to_sample (InionChannel *self, gint64 ns);       /* the sample that covers ns */
gint64 inion_channel_ns_to_nearest_sample (InionChannel *self, gint64 ns); /* rounds half to even, as MNE does */

G_END_DECLS
