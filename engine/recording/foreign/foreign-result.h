/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a helper read of a foreign file, after nothing of it was believed. */

#pragma once

#include "recording/recording.h"
#include "recording/sample-layout.h"

G_BEGIN_DECLS

/**
 * InionForeignChannel:
 * @label: may be empty
 * @kind: the file's word for what it measures; may be empty
 * @unit: may be empty
 * @reference: may be empty
 * @transducer: may be empty
 * @has_position: whether the file tells where its electrode was
 * @position: where, in the axes and the unit of the format
 * @rate: samples a second, above 0
 * @n_samples: how many
 * @layout: where they are in the file of samples; only the type counts if they are elsewhere
 */
typedef struct
{
  char *label;
  char *kind;
  char *unit;
  char *reference;
  char *transducer;
  gboolean has_position;
  double position[3];
  double rate;
  gint64 n_samples;
  InionSampleLayout layout;
} InionForeignChannel;

/**
 * InionForeignEvent:
 * @position: in samples from 0, with a fraction; finite
 * @duration: in samples; below 0: not given
 * @text: what the file says
 */
typedef struct
{
  double position;
  double duration;
  char *text;
} InionForeignEvent;

/**
 * InionForeignResult:
 * @format: the name of the format
 * @external: (nullable): the name of the file that holds the samples; %NULL if they were handed back
 * @patient: (nullable): what the file says of the patient
 * @description: (nullable): what it says of the recording
 * @start: (nullable): when it starts
 * @rate: of the samples in which events are counted
 * @trials: epochs that stand behind each other; 1: none
 * @epoch_samples: samples of each of them
 * @channels: (element-type InionForeignChannel): one or more
 * @events: (element-type InionForeignEvent): in the order of the file
 * @faults: (element-type InionFault): what is odd in it
 */
typedef struct
{
  char *format;
  char *external;
  char *patient;
  char *description;
  GDateTime *start;
  double rate;
  gint64 trials;
  gint64 epoch_samples;
  GArray *channels;
  GArray *events;
  GPtrArray *faults;
} InionForeignResult;

InionForeignResult *inion_foreign_result_parse (const guint8 *bytes, gsize n, const char *name, GError **error);
void                inion_foreign_result_free (InionForeignResult *self);
gboolean            inion_foreign_rate (double rate, gint64 *rate_num, gint64 *rate_den_ns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionForeignResult, inion_foreign_result_free)

G_END_DECLS
