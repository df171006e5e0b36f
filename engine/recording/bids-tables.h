/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables and JSON files of a BIDS data set that say something of a recording. */

#pragma once

#include "recording/bids.h"

G_BEGIN_DECLS

/**
 * InionBidsTold:
 * @source: the recording
 * @written: what was written of it, with its events
 * @names: what it is called
 */
typedef struct
{
  InionRecording *source;
  InionRecording *written;
  const InionBidsNames *names;
} InionBidsTold;

char *_inion_bids_make_channels (const InionBidsTold *self);
char *_inion_bids_make_electrodes (const InionBidsTold *self); /* (nullable): no place is known */
char *_inion_bids_make_events (const InionBidsTold *self);
char *_inion_bids_make_json (const InionBidsTold *self);
char *_inion_bids_make_coordinates (void);
char *_inion_bids_make_event_columns (void);

G_END_DECLS
