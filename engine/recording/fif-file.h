/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a FIF file says of a continuous recording, and where its samples are. */

#pragma once

#include "core/job.h"
#include "recording/edf-faults.h"
#include "recording/fif-tags.h"

G_BEGIN_DECLS

/* Kinds of channels that are told apart here. */
typedef enum
{
  INION_FIF_MEG = 1,
  INION_FIF_EEG = 2,
  INION_FIF_STIM = 3,
  INION_FIF_BIO = 102,
  INION_FIF_MCG = 201,
  INION_FIF_EOG = 202,
  INION_FIF_MEG_REFERENCE = 301,
  INION_FIF_EMG = 302,
  INION_FIF_ECG = 402,
  INION_FIF_RESPIRATION = 602,
  INION_FIF_SEEG = 802,
  INION_FIF_DBS = 803,
  INION_FIF_ECOG = 902,
  INION_FIF_TEMPERATURE = 1200,
} InionFifChannelKind;

typedef struct
{
  gint32 scan;
  gint32 kind;
  double range;
  double cal;
  gint32 coil;
  double place[3];
  gint32 unit;
  gint32 unit_power;
  char *short_name; /* of 15 bytes at most; lists of channels may go by it */
  char *name;
  gint64 at; /* byte where it is described */
} InionFifChannel;

/* Samples of all channels, interleaved. */
typedef struct
{
  guint32 type; /* InionFifType */
  gint64 data;
  gint64 bytes;
  gint64 skip;         /* buffers of samples that are missing before it */
  gint64 skip_samples; /* samples, besides */
} InionFifBuffer;

typedef struct
{
  double onset; /* s */
  double duration;
  char *text;
  char *channels; /* (nullable): names in a JSON list */
} InionFifAnnotation;

/**
 * InionFifProjection:
 * @name: (nullable): what the file calls it
 * @active: whether the samples are stored with it applied
 *
 * A projection of the signals that takes out what an artifact looks like across channels (SSP).
 */
typedef struct
{
  char *name;
  gboolean active;
} InionFifProjection;

/**
 * InionFifFile:
 * @has_date: whether @date_s tells when sample 0 was taken
 * @date_is_id: it is taken from the measurement's number, because there is no better one
 * @annotation_origin: second on the same clock from which annotations count; NaN: not said
 */
typedef struct
{
  GArray *channels; /* InionFifChannel, in the order of their samples */
  double rate;
  gint64 rate_at;
  double lowpass, highpass;
  gboolean has_date, date_is_id;
  gint64 date_s, date_us;
  char *description;
  char *patient;
  char *bads; /* (nullable): names, a colon between */
  gint64 first_sample;
  GArray *buffers;     /* InionFifBuffer */
  GArray *annotations; /* InionFifAnnotation */
  GArray *projections; /* InionFifProjection */
  double annotation_origin;
  char *next_name; /* (nullable): base name of the file where it goes on */
  gint32 next_number;
  gboolean is_later_part;
  gboolean shielded;
} InionFifFile;

InionFifFile *_inion_fif_file_read (int fd, gint64 file_bytes, const char *name,
                                    InionEdfFaults *faults, InionJob *job, GError **error);
void          _inion_fif_file_free (InionFifFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionFifFile, _inion_fif_file_free)

G_END_DECLS
