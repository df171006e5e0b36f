/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel in the table of the channel editor. */

#pragma once

#include "recording/edited-recording.h"

G_BEGIN_DECLS

typedef enum
{
  INION_CHANNEL_COLUMN_LABEL,
  INION_CHANNEL_COLUMN_UNIT,
  INION_CHANNEL_COLUMN_X,
  INION_CHANNEL_COLUMN_Y,
  INION_CHANNEL_COLUMN_Z,
  INION_CHANNEL_N_TEXTS,
} InionChannelColumn;

#define INION_TYPE_CHANNEL_ROW (inion_channel_row_get_type ())
G_DECLARE_FINAL_TYPE (InionChannelRow, inion_channel_row, INION, CHANNEL_ROW, GObject)

/* file: as the file says; shown: as the study says. Signal "changed": anything but the selection. */
InionChannelRow  *inion_channel_row_new (guint index, InionChannel *file, InionChannel *shown, gboolean bad);
guint             inion_channel_row_get_index (InionChannelRow *self);
InionChannel     *inion_channel_row_get_file (InionChannelRow *self); /* (transfer none) */
const char       *inion_channel_row_get_text (InionChannelRow *self, InionChannelColumn column);
void              inion_channel_row_set_text (InionChannelRow *self, InionChannelColumn column, const char *text);
InionChannelKind  inion_channel_row_get_kind (InionChannelRow *self);
void              inion_channel_row_set_kind (InionChannelRow *self, InionChannelKind kind);
gboolean          inion_channel_row_get_bad (InionChannelRow *self);
void              inion_channel_row_set_bad (InionChannelRow *self, gboolean bad);
void              inion_channel_row_set_position (InionChannelRow *self, const double *metres); /* (nullable): none */
void              inion_channel_row_restore (InionChannelRow *self); /* as the file says */
char             *inion_channel_row_dup_problem (InionChannelRow *self); /* (nullable): why it cannot stay like this */
InionChannelEdit *inion_channel_row_dup_edit (InionChannelRow *self);    /* (transfer full): against the file */

G_END_DECLS
