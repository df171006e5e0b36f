/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the header of a BrainVision recording says. */

#pragma once

#include "recording/brainvision-text.h"
#include "recording/sample-layout.h"

G_BEGIN_DECLS

/**
 * InionBrainVisionChannel:
 * @name: the channel's name; %NULL until it is described
 * @reference: (nullable): the name of its reference
 * @unit: the file's unit, "µV" where it says nothing
 * @resolution: value of one step in @unit
 * @described: whether the header describes it
 * @has_position: whether its coordinates are known
 * @position: where its electrode is, in metres: x to the right ear, y to the nose, z up
 * @prefilter: (nullable): the filters of the amplifier and of the software
 */
typedef struct
{
  char *name;
  char *reference;
  char *unit;
  double resolution;
  gboolean described;
  gboolean has_position;
  double position[3];
  char *prefilter;
} InionBrainVisionChannel;

/**
 * InionBrainVisionHeader:
 * @data_file: (nullable): the data file's name as the header has it
 * @marker_file: (nullable): the marker file's name
 * @ascii: whether the samples are text
 * @vectorized: whether one channel stands behind the other
 * @type: as what samples are stored
 * @big_endian: most significant byte first
 * @rate_num: samples in @rate_den_ns nanoseconds
 * @rate_den_ns: see @rate_num
 * @n_points: samples a channel, 0 if the header does not say
 * @segment_points: samples a segment, 0 if the data are not cut into segments
 * @v_amp: whether a V-Amp wrote it, which stores one column more than it describes
 * @decimal_comma: whether numbers in ASCII data have a comma
 * @skip_lines: lines before the numbers in ASCII data
 * @skip_columns: columns before the numbers
 * @channels: (element-type InionBrainVisionChannel): the channels
 *
 * A checked header.
 */
typedef struct
{
  char *data_file;
  char *marker_file;
  gboolean ascii;
  gboolean vectorized;
  InionSampleType type;
  gboolean big_endian;
  gint64 rate_num;
  gint64 rate_den_ns;
  gint64 n_points;
  gint64 segment_points;
  gboolean v_amp;
  gboolean decimal_comma;
  gint64 skip_lines;
  gint64 skip_columns;
  GArray *channels;
} InionBrainVisionHeader;

InionBrainVisionHeader *inion_brainvision_header_new (const InionBrainVisionText *text,
                                                      const char *name, InionEdfFaults *faults,
                                                      GError **error);
void                    inion_brainvision_header_free (InionBrainVisionHeader *self);

void inion_brainvision_channels_read (InionBrainVisionHeader *self,
                                      const InionBrainVisionText *text, InionEdfFaults *faults);
void inion_brainvision_filters_read (InionBrainVisionHeader *self,
                                     const InionBrainVisionText *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBrainVisionHeader, inion_brainvision_header_free)

G_END_DECLS
