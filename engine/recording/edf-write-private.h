/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an EDF+ or BDF+ file is written: its signals, its records, its annotations. */

#pragma once

#include "recording/export-private.h"

G_BEGIN_DECLS

/**
 * InionEdfWriteSignal:
 * @label: as it is written, ASCII, as are the other texts
 * @physical_min: eight characters at most
 * @digital: the source's digital values are written as they are
 * @low_bits: of them, only the lower 16 bits
 * @bit_value: of what is written, from the texts: physical = @bit_value × (@bit_offset + digital)
 * @samples: a record
 * @min: least value that the source has, in its unit, once scanned
 * @max: greatest
 * @n_clipped: samples beyond the range
 * @holes: (nullable) (element-type InionExportRun): samples without a value, once scanned
 *
 * A signal of the new file.
 */
typedef struct
{
  char *label;
  char *transducer;
  char *unit;
  char *prefilter;
  char *physical_min;
  char *physical_max;
  char *digital_min_text;
  char *digital_max_text;
  gint32 digital_min;
  gint32 digital_max;
  gboolean copied; /* the texts are the source's */
  gboolean digital;
  gboolean low_bits;
  double bit_value;
  double bit_offset;
  gint64 samples;
  double min;
  double max;
  gint32 least; /* digital */
  gint32 greatest;
  gboolean has_samples;
  gint64 n_clipped;
  GArray *holes;
} InionEdfWriteSignal;

/**
 * InionEdfWrite:
 * @origin_ns: when the first record begins, after the start that the header has
 * @ends: (element-type gint64): how many records there are up to the end of each piece
 * @tal_bytes: of the annotation signal, in each record
 * @tals: the annotations as bytes, one after the other
 * @tal_ends: (element-type gsize): where each ends
 * @tal_records: (element-type gint64): in which record each is
 * @tal_order: (element-type guint): the annotations by record
 *
 * A file that is about to be written.
 */
typedef struct
{
  InionExportPlan *plan;
  gboolean bdf;
  guint n_signals;
  InionEdfWriteSignal *signals;
  char duration[16];
  gint64 record_ns;
  gint64 origin_ns;
  GArray *ends;
  gint64 n_records;
  gsize tal_bytes;
  GByteArray *tals;
  GArray *tal_ends;
  GArray *tal_records;
  GArray *tal_order;
  GPtrArray *written; /* InionEvent, the plan's: those that are written as annotations */
  GPtrArray *triggers; /* InionEvent: those that the file has besides the plan's, in its triggers */
  InionJob *job;
} InionEdfWrite;

static inline gint32
_inion_edf_write_get_limit (const InionEdfWrite *self)
{
  return self->bdf ? 1 << 23 : 1 << 15;
}

static inline gsize
_inion_edf_write_get_width (const InionEdfWrite *self)
{
  return self->bdf ? 3 : 2;
}

/* edf-write-text.c */
char    *_inion_edf_write_ascii (const char *text, gsize size, gboolean *changed);
gboolean _inion_edf_write_number (double value, int direction, char text[9], double *written);
gboolean _inion_edf_write_duration (gint64 ns, char text[16]);
void     _inion_edf_write_seconds (gint64 ns, GString *text);
char    *_inion_edf_write_patient (InionExportPlan *plan);
char    *_inion_edf_write_description (InionExportPlan *plan);
void     _inion_edf_write_labels (InionEdfWrite *self);

/* edf-write-nearest.c */
gint64   _inion_edf_write_find_nearest (InionEdfWrite *self);

/* edf-write-layout.c */
gboolean _inion_edf_write_plan_records (InionEdfWrite *self, gint64 source_record_ns,
                                        GError **error);
gint64   _inion_edf_write_get_first_record (const InionEdfWrite *self, guint piece);
guint    _inion_edf_write_find_piece (const InionEdfWrite *self, gint64 record);
/* since the first */
gint64   _inion_edf_write_get_record_onset (const InionEdfWrite *self, gint64 record);

/* A block of records of one piece. */
typedef gboolean (*InionEdfWriteBlock) (InionEdfWrite *self, guint piece, gint64 first, gint64 n,
                                        gpointer data, GError **error);
gboolean _inion_edf_write_for_each_block (InionEdfWrite *self, const char *step, double from, double to,
                                          InionEdfWriteBlock func, gpointer data, GError **error);
InionExportRun _inion_edf_write_get_run (const InionEdfWrite *self, guint signal, guint piece, gint64 first,
                                         gint64 n);

/* edf-write-signal.c */
gboolean _inion_edf_write_plan_signals (InionEdfWrite *self, gint64 *record_ns, GError **error);
gboolean _inion_edf_write_plan_scales (InionEdfWrite *self, GError **error);
gboolean _inion_edf_write_read (InionEdfWrite *self, guint signal, InionExportRun run, gint32 *out,
                                double *values, GError **error);

/* edf-write-missing.c */
gboolean _inion_edf_write_take_missing (InionEdfWrite *self, guint signal, gint64 sample,
                                        GError **error);
void     _inion_edf_write_fill_missing (const InionEdfWriteSignal *signal, const double *values,
                                        gint64 n, gint32 *digital);
void     _inion_edf_write_mark_missing (InionEdfWrite *self);

/* edf-write-triggers.c */
GPtrArray *_inion_edf_write_find_triggers (InionEdfWrite *self, GError **error);

/* edf-write-tals.c */
gboolean _inion_edf_write_plan_tals (InionEdfWrite *self, GError **error);
char    *_inion_edf_write_dup_event_text (const InionEdfWrite *self, const InionEvent *event,
                                          gboolean *changed);

/* edf-write-verify.c */
gboolean _inion_edf_write_verify (InionEdfWrite *self, InionRecording *written, GError **error);

G_END_DECLS
