/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects what is wrong with a file, one line for many signals or records that have it alike. */

#pragma once

#include "recording/recording.h"

G_BEGIN_DECLS

typedef struct _InionEdfFaults InionEdfFaults;

InionEdfFaults *inion_edf_faults_new (void);
void            inion_edf_faults_free (InionEdfFaults *self);
void            inion_edf_faults_add (InionEdfFaults *self, const char *key, gint64 offset, const char *field,
                                      const char *format, ...) G_GNUC_PRINTF (5, 6);
void            inion_edf_faults_hand_over (InionEdfFaults *self, InionRecording *recording,
                                            const char *more);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionEdfFaults, inion_edf_faults_free)

G_END_DECLS
