/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The markers of a BrainVision recording, and the segments that they part it into. */

#pragma once

#include "recording/brainvision-header.h"
#include "recording/recording.h"

G_BEGIN_DECLS

/**
 * InionBrainVisionMarker:
 * @text: type and description, as "Stimulus/S  1"
 * @point: sample among those stored, from 0; may lie outside the data
 * @size: samples it lasts, -1 if the file does not say
 * @channel: index of its channel, -1 for all
 *
 * A marker.
 */
typedef struct
{
  char *text;
  gint64 point;
  gint64 size;
  int channel;
} InionBrainVisionMarker;

/**
 * InionBrainVisionSegment:
 * @point: its first sample among those stored
 * @sample: the same on the clock
 *
 * A stretch that was recorded without a break.
 */
typedef struct
{
  gint64 point;
  gint64 sample;
} InionBrainVisionSegment;

/**
 * InionBrainVisionMarkers:
 * @markers: (element-type InionBrainVisionMarker): the markers in the file's order
 * @segments: (element-type InionBrainVisionSegment): one or more
 * @start: (nullable): when the recording starts
 *
 * All that the marker file says.
 */
typedef struct
{
  GArray *markers;
  GArray *segments;
  GDateTime *start;

  GArray *breaks;
} InionBrainVisionMarkers;

InionBrainVisionMarkers *inion_brainvision_markers_new (const InionBrainVisionText *text,
                                                        const InionBrainVisionHeader *header,
                                                        InionEdfFaults *faults);
void inion_brainvision_markers_free (InionBrainVisionMarkers *self);
void inion_brainvision_markers_place (InionBrainVisionMarkers *self,
                                      const InionBrainVisionHeader *header, gint64 n_points,
                                      InionEdfFaults *faults);
gint64 inion_brainvision_markers_get_sample (const InionBrainVisionMarkers *self, gint64 point);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBrainVisionMarkers, inion_brainvision_markers_free)

G_END_DECLS
