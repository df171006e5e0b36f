/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signal as it would be shown: montage and filters, for the verbs that look at it. */

#pragma once

#include "app/cli/cli-render.h"

#include "display/shown-signal.h"

G_BEGIN_DECLS

/* Zero it. Filters are off unless they are asked for. */
typedef struct
{
  char *montage;
  InionCliFilter filter;
  InionShownSignal *signal;
  InionRecording *recording;
} InionCliShown;

#define INION_CLI_SHOWN_ENTRIES(shown) \
  { "montage", 0, 0, G_OPTION_ARG_STRING, &(shown).montage, \
    "As recorded unless told otherwise: average, longitudinal …", "ID" }, \
  { "lff", 0, 0, G_OPTION_ARG_STRING, &(shown).filter.lff_text, "Low-frequency filter (0: off)", "HZ" }, \
  { "hff", 0, 0, G_OPTION_ARG_STRING, &(shown).filter.hff_text, "High-frequency filter (0: off)", "HZ" }, \
  { "notch", 0, 0, G_OPTION_ARG_STRING, &(shown).filter.notch_text, "Notch (0: off)", "HZ" }

void     inion_cli_shown_clear (InionCliShown *self);
gboolean inion_cli_shown_parse (InionCliShown *self);                       /* FALSE: usage printed */
gboolean inion_cli_shown_open (InionCliShown *self, const char *path, gboolean with_events, GError **error);
/* "A,B": derivations of the montage (transfer full) (element-type guint); NULL: its good EEG. */
GArray  *inion_cli_shown_find (InionCliShown *self, const char *list, GError **error);
const char *inion_cli_shown_get_label (InionCliShown *self, guint derivation);
const char *inion_cli_shown_get_unit (InionCliShown *self, guint derivation);
/* montage, lff_hz, hff_hz, notch_hz */
void     inion_cli_shown_add_json (InionCliShown *self, InionJsonText *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionCliShown, inion_cli_shown_clear)

G_END_DECLS
