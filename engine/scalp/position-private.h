/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of position files share: raw rows, before unit and centre are known. */

#pragma once

#include "scalp/position-file.h"

G_BEGIN_DECLS

#define INION_POSITION_HEAD_M 0.095 /* the radius that a head of radius 1 is taken to have */
#define INION_POSITION_MAX_ENTRIES 20000

typedef enum
{
  INION_POSITION_UNIT_STATED_NONE,
  INION_POSITION_UNIT_STATED_M,
  INION_POSITION_UNIT_STATED_CM,
  INION_POSITION_UNIT_STATED_MM,
  INION_POSITION_UNIT_STATED_SPHERE,
} InionPositionStated;

/* A file as it is being read: lines, and what they gave so far in the file's own unit. */
typedef struct
{
  const char *name; /* for messages */
  char **lines;
  guint n_lines;
  InionPositionFile *file;
  InionPositionStated stated;
  GHashTable *seen; /* labels */
  guint n_faults;
} InionPositionReader;

typedef gboolean (*InionPositionParse) (InionPositionReader *reader, GError **error);

char   **_inion_position_split (const char *line, guint *n);
gboolean _inion_position_number (const char *text, double *value);
void     _inion_position_add (InionPositionReader *reader, guint line, const char *label, double x,
                              double y, double z, gboolean fiducial);
void     _inion_position_fault (InionPositionReader *reader, guint line, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
gboolean _inion_position_parse_unit (const char *text, InionPositionStated *stated);

gboolean _inion_position_parse_asa (InionPositionReader *reader, GError **error);
gboolean _inion_position_parse_cartesian (InionPositionReader *reader, GError **error);
gboolean _inion_position_parse_table (InionPositionReader *reader, GError **error);
gboolean _inion_position_parse_polar (InionPositionReader *reader, GError **error);
gboolean _inion_position_parse_besa (InionPositionReader *reader, GError **error);
gboolean _inion_position_parse_polhemus (InionPositionReader *reader, GError **error);
gboolean _inion_position_parse_brainvision (InionPositionReader *reader, const char *text,
                                            gsize length, GError **error);

G_END_DECLS
