/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the channel editor and its table share. */

#pragma once

#include "app/channels/channel-row.h"
#include "app/window-private.h"

#include "scalp/position-file.h"

G_BEGIN_DECLS

typedef struct
{
  InionWindow *window;
  InionRecording *original;
  InionStudy *study;
  GtkWindow *dialog;
  GActionMap *actions;
  GListStore *rows; /* InionChannelRow */
  GtkSelectionModel *selection;
  gboolean touched;
  GtkWidget *kind_button;
  GtkWidget *head;
  GtkLabel *status;
  GtkRevealer *preview;
  GtkLabel *preview_label;
  InionPositionFile *file; /* (nullable): whose positions are shown and not taken yet */
  int *entries;            /* which of its entries each channel has */
} InionChannelsDialog;

GtkWidget *_inion_channels_table_new (InionChannelsDialog *self);

G_END_DECLS
