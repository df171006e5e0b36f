/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that say where electrodes were: digitisers', caps' and other programs'. */

#pragma once

#include "recording/recording.h"
#include "scalp/electrode.h"

G_BEGIN_DECLS

/**
 * InionPositionEntry:
 * @label: the name as the file has it, trimmed, UTF-8
 * @position: where, in metres: x to the right ear, y to the nose, z up
 * @fiducial: it is the nasion or a point before an ear
 */
typedef struct
{
  char *label;
  InionPosition position;
  gboolean fiducial;
} InionPositionEntry;

/**
 * InionPositionUnit:
 *
 * In what the file counts; told by the file or guessed from the size of the head.
 */
typedef enum
{
  INION_POSITION_UNIT_M,
  INION_POSITION_UNIT_CM,
  INION_POSITION_UNIT_MM,
  INION_POSITION_UNIT_SPHERE, /* a head of radius 1, taken as one of 95 mm */
} InionPositionUnit;

/**
 * InionPositionFile:
 * @format: what the file is: "ASA electrodes", "EEGLAB polar positions" …
 * @unit: in what it counts
 * @unit_stated: the file says so itself; else it was guessed
 * @radius_m: median distance of the electrodes from the origin, in metres
 * @entries: (element-type InionPositionEntry): in the file's order
 * @faults: (element-type utf8): what was wrong in it and what was assumed, with its line
 */
typedef struct
{
  char *format;
  InionPositionUnit unit;
  gboolean unit_stated;
  double radius_m;
  GPtrArray *entries;
  GPtrArray *faults;
} InionPositionFile;

InionPositionFile *inion_position_file_read (const char *path, GError **error);
InionPositionFile *inion_position_file_parse (const char *name, const char *text, gsize length,
                                              GError **error);
void               inion_position_file_free (InionPositionFile *self);
char              *inion_position_file_dup_note (const InionPositionFile *self);
guint              inion_position_file_match (const InionPositionFile *self,
                                              InionRecording *recording, int *entries);
const char *const *inion_position_file_get_suffixes (void); /* "elc", "sfp", … */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionPositionFile, inion_position_file_free)

G_END_DECLS
