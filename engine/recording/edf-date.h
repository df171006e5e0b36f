/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When an EDF recording started. */

#pragma once

#include "recording/edf-faults.h"

G_BEGIN_DECLS

/**
 * InionEdfDateSource:
 * @date: (array fixed-size=8): the start date field
 * @time: (array fixed-size=8): the start time field
 * @description: the recording field, UTF-8
 *
 * The three places where a header says when.
 */
typedef struct
{
  const char *date;
  const char *time;
  const char *description;
} InionEdfDateSource;

GDateTime *inion_edf_date_read (const InionEdfDateSource *source, InionEdfFaults *faults);

G_END_DECLS
