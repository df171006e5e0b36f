/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the header of a GDF file says. */

#pragma once

#include "recording/edf-faults.h"
#include "recording/sample-layout.h"

G_BEGIN_DECLS

/**
 * InionGdfChannel:
 * @label: its name
 * @transducer: free text
 * @unit: the file's unit
 * @prefilter: filters, as EDF writes them
 * @type: as what samples are stored
 * @digital_min: smallest value that is no overflow
 * @digital_max: largest value that is no overflow
 * @gain: physical = gain × digital + offset
 * @offset: see @gain
 * @calibrated: whether the file gives a usable scale
 * @samples: samples in a record
 * @start: byte of the first sample in a record
 * @rate_num: samples in @rate_den_ns nanoseconds
 * @rate_den_ns: see @rate_num
 * @has_position: whether its electrode's position is known
 * @position: in metres
 *
 * A channel as the header describes it.
 */
typedef struct
{
  char *label;
  char *transducer;
  char *unit;
  char *prefilter;
  InionSampleType type;
  double digital_min;
  double digital_max;
  double gain;
  double offset;
  gboolean calibrated;
  gint64 samples;
  gint64 start;
  gint64 rate_num;
  gint64 rate_den_ns;
  gboolean has_position;
  double position[3];
} InionGdfChannel;

/**
 * InionGdfHeader:
 * @version: 100 × the version: 125 for "GDF 1.25"
 * @patient: the patient field
 * @description: the recording field
 * @start: (nullable): when the recording starts
 * @header_bytes: where the records begin
 * @n_records: how many records the file holds in full
 * @record_bytes: bytes a record
 * @has_events: whether an event table can follow: all records are there
 * @n_event_texts: entries of @event_texts
 * @event_texts: (array length=n_event_texts): what the file's own event codes mean, by code
 * @channels: (element-type InionGdfChannel): the channels
 *
 * A checked header.
 */
typedef struct
{
  int version;
  char *patient;
  char *description;
  GDateTime *start;
  gint64 header_bytes;
  gint64 n_records;
  gint64 record_bytes;
  gboolean has_events;
  GPtrArray *event_texts;
  GArray *channels;
} InionGdfHeader;

InionGdfHeader *inion_gdf_header_new (const guint8 *bytes, gsize n, gint64 file_bytes,
                                      const char *name, InionEdfFaults *faults, GError **error);
void            inion_gdf_header_free (InionGdfHeader *self);
gboolean        inion_gdf_header_get_size (const guint8 *fixed, gsize n, gint64 file_bytes,
                                           const char *name, gint64 *size, GError **error);
gboolean        inion_gdf_channels_read (InionGdfHeader *self, const guint8 *bytes,
                                         gint64 file_bytes, guint n_channels, const char *name,
                                         InionEdfFaults *faults, GError **error);

char           *inion_gdf_unit_dup (guint16 code, gboolean *known);

guint64         inion_gdf_load (const guint8 *bytes, gsize n);
double          inion_gdf_load_double (const guint8 *bytes);
double          inion_gdf_load_float (const guint8 *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionGdfHeader, inion_gdf_header_free)

G_END_DECLS
