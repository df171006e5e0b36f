/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The electrodes of a recording that a map is drawn between. */

#pragma once

#include "display/shown-signal.h"

G_BEGIN_DECLS

typedef struct
{
  InionShownSignal *signal;  /* EEG to the average reference, filtered as shown */
  GArray *derivations;       /* guint: of it, [n] */
  guint n;
  InionPosition *positions;
  char **names;
} InionToolMap;

/* Good EEG electrodes with a known place, of one rate. Fails with a message for a person where a map has no sense. */
InionToolMap *inion_tool_map_new (InionRecording *recording, const char *const *bad, const InionDisplayFilter *filter,
                                  GError **error);
InionToolMap *inion_tool_map_ref (InionToolMap *self);
void          inion_tool_map_unref (InionToolMap *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionToolMap, inion_tool_map_unref)

G_END_DECLS
