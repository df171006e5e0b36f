/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of an EDF or BDF file, read with all its real-world faults. */

#pragma once

#include "recording/channel.h"
#include "recording/edf-faults.h"

G_BEGIN_DECLS

/**
 * InionEdfSignal:
 * @label: raw label, UTF-8
 * @unit: normalised unit
 * @transducer: free text
 * @prefilter: free text
 * @kind: guessed
 * @annotations: holds text, not samples
 * @status: a BDF file's bits of trigger codes and of the amplifier's state
 * @calibrated: the four limits give a scale
 * @bit_value: physical units (of the file) a digital step
 * @bit_offset: physical = @bit_value × (@bit_offset + digital)
 * @scale: from the file's unit to the channel's (1000 for an EEG in mV)
 * @samples: samples a record
 * @offset: byte offset in the record
 */
typedef struct
{
  char *label;
  char *unit;
  char *transducer;
  char *prefilter;
  InionChannelKind kind;
  gboolean annotations;
  gboolean status;
  gboolean calibrated;
  gint32 digital_min;
  gint32 digital_max;
  double bit_value;
  double bit_offset;
  double scale;
  gint64 samples;
  gint64 offset;
} InionEdfSignal;

/**
 * InionEdfHeader:
 * @bdf: three bytes a sample, not two
 * @plus: the file says EDF+ or BDF+, or has annotation signals
 * @discontinuous: the file says EDF+D or BDF+D
 * @patient: raw text, UTF-8
 * @description: the recording field, raw text, UTF-8
 * @start: (nullable): as the header says, to the second
 * @data_offset: where the first record starts
 * @n_records: complete records in the file
 * @rest_bytes: bytes of one more record that was cut off; 0 if the file ends with a record, or with
 *   bytes that are none
 * @record_bytes: bytes a record
 * @record_ns: duration of a record; 0 only if there are no samples
 * @n_signals: signals, annotations among them
 * @signals: (array length=n_signals): the signals
 */
typedef struct
{
  gboolean bdf;
  gboolean plus;
  gboolean discontinuous;
  char *patient;
  char *description;
  GDateTime *start;
  gint64 data_offset;
  gint64 n_records;
  gint64 rest_bytes;
  gint64 record_bytes;
  gint64 record_ns;
  guint n_signals;
  InionEdfSignal *signals;
} InionEdfHeader;

gboolean        inion_edf_header_sniff (const guint8 *head, gsize n);
InionEdfHeader *inion_edf_header_read (int fd, gint64 size, const char *name, InionEdfFaults *faults,
                                       GError **error);
gint64          inion_edf_header_records_a_run (const InionEdfHeader *self, gint64 bytes);
gint64          inion_edf_header_count_samples (const InionEdfHeader *self, guint signal);
gint64          inion_edf_header_get_rest_ns (const InionEdfHeader *self);
void            inion_edf_header_free (InionEdfHeader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionEdfHeader, inion_edf_header_free)

G_END_DECLS
