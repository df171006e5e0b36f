/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of an EDF header: where they are, what they hold, what is wrong with them. */

#pragma once

#include "recording/edf-faults.h"

G_BEGIN_DECLS

/**
 * InionEdfField:
 * @name: what the specification calls it
 * @offset: where it is in the file's part of the header, or, of a signal's field, where it would be
 *   if there were one signal
 * @size: its length
 *
 * A field of the header.
 */
typedef struct
{
  const char *name;
  gsize offset;
  gsize size;
} InionEdfField;

/* Of the file. */
extern const InionEdfField inion_edf_version;
extern const InionEdfField inion_edf_patient;
extern const InionEdfField inion_edf_recording;
extern const InionEdfField inion_edf_date;
extern const InionEdfField inion_edf_time;
extern const InionEdfField inion_edf_header_bytes;
extern const InionEdfField inion_edf_reserved;
extern const InionEdfField inion_edf_n_records;
extern const InionEdfField inion_edf_duration;
extern const InionEdfField inion_edf_n_signals;

/* Of each signal. */
extern const InionEdfField inion_edf_label;
extern const InionEdfField inion_edf_transducer;
extern const InionEdfField inion_edf_unit;
extern const InionEdfField inion_edf_physical_min;
extern const InionEdfField inion_edf_physical_max;
extern const InionEdfField inion_edf_digital_min;
extern const InionEdfField inion_edf_digital_max;
extern const InionEdfField inion_edf_prefilter;
extern const InionEdfField inion_edf_samples;

/**
 * InionEdfFields:
 * @bytes: the header
 * @n_signals: for how many signals it is
 * @faults: where what is wrong is added
 *
 * A header in memory.
 */
typedef struct
{
  const guint8 *bytes;
  guint n_signals;
  InionEdfFaults *faults;
} InionEdfFields;

/* Of the file's fields, signal is ignored. */
const guint8 *inion_edf_fields_get (const InionEdfFields *self, const InionEdfField *field, guint signal);
gint64        inion_edf_fields_get_offset (const InionEdfFields *self, const InionEdfField *field, guint signal);
char         *inion_edf_fields_dup_place (const InionEdfFields *self, const InionEdfField *field, guint signal);
char         *inion_edf_fields_dup_raw (const InionEdfFields *self, const InionEdfField *field, guint signal);

char         *inion_edf_fields_read_text (const InionEdfFields *self, const InionEdfField *field, guint signal);
gboolean      inion_edf_fields_read_number (const InionEdfFields *self, const InionEdfField *field, guint signal,
                                            double *value);
gboolean      inion_edf_fields_read_integer (const InionEdfFields *self, const InionEdfField *field, guint signal,
                                             gint64 *value);
gboolean      inion_edf_fields_read_seconds (const InionEdfFields *self, const InionEdfField *field, guint signal,
                                             gint64 *ns);

void          inion_edf_fields_add_fault (const InionEdfFields *self, const InionEdfField *field, guint signal,
                                          const char *format, ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
