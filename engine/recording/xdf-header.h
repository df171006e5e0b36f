/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The XML texts of an XDF file: what a stream says of itself. */

#pragma once

#include "recording/sample-layout.h"

G_BEGIN_DECLS

typedef enum
{
  INION_XDF_POSITION_X = 1,
  INION_XDF_POSITION_Y = 2,
  INION_XDF_POSITION_Z = 4,
  INION_XDF_POSITION_ALL = 7,
} InionXdfPosition;

/**
 * InionXdfChannel:
 * @label: (nullable): its name
 * @unit: (nullable): as the file has it
 * @type: (nullable): such as "EEG"
 * @known: which of the coordinates are there
 * @position: millimetres: x to the right, y to the nose, z up
 */
typedef struct
{
  char *label;
  char *unit;
  char *type;
  InionXdfPosition known;
  double position[3];
} InionXdfChannel;

/**
 * InionXdfHeader:
 * @name: (nullable): the stream's name
 * @type: (nullable): such as "EEG" or "Markers"
 * @hostname: (nullable): the computer that it came from
 * @reference: (nullable): the label of the reference
 * @format: the text of its channel format
 * @strings: its samples are texts
 * @sample_type: as what they are stored otherwise
 * @n_channels: 1 or more
 * @rate: nominal rate in Hz, 0 for irregular
 * @channels: (element-type InionXdfChannel): those that are described, perhaps fewer or more
 * @broken: (nullable): why the XML could not be read to its end
 */
typedef struct
{
  char *name;
  char *type;
  char *hostname;
  char *reference;
  char *format;
  gboolean strings;
  InionSampleType sample_type;
  guint n_channels;
  double rate;
  GPtrArray *channels;
  char *broken;
} InionXdfHeader;

InionXdfHeader *_inion_xdf_header_read (const guint8 *bytes, gsize n, GError **error);
void            _inion_xdf_header_free (InionXdfHeader *self);
char           *_inion_xdf_read_datetime (const guint8 *bytes, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionXdfHeader, _inion_xdf_header_free)

G_END_DECLS
