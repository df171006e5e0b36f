/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the participants.tsv of a BIDS data set says of the person of a recording. */

#pragma once

#include "recording/bids-sidecar.h"

G_BEGIN_DECLS

/**
 * InionBidsParticipant:
 * @age: (nullable): as the table says
 * @sex: (nullable): the same
 * @group: (nullable): the same
 * @cells: (element-type utf8): all that the row says, whatever its columns are called
 */
typedef struct
{
  char *age;
  char *sex;
  char *group;
  GPtrArray *cells;
} InionBidsParticipant;

InionBidsParticipant *_inion_bids_participant_read (const InionBidsPlace *place,
                                                    InionEdfFaults       *faults); /* (nullable) */
void  _inion_bids_participant_free (InionBidsParticipant *self);
char *_inion_bids_join_description (const InionBidsPlace *place, const char *own, const char *said);
char *_inion_bids_split_description (const InionBidsPlace *place, const char *description);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBidsParticipant, _inion_bids_participant_free)

G_END_DECLS
