/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A montage as a person writes it: one derivation a line.
 *
 *   # what follows is a comment
 *   Fp1-F7
 *   Left ear = C3 - 0.5*(A1 + A2)
 *   C3 - avg ; #1a5fb4
 *   "EEG 1" - "EEG 2" ; hidden
 *
 * An empty line is a gap. Names are electrodes or channels; what is no word stands in quotes. "avg" is the mean of all
 * good EEG channels. After a semicolon: "hidden", or a colour. */

#pragma once

#include "scalp/montage.h"

G_BEGIN_DECLS

#define INION_MONTAGE_OWN_PREFIX "own:"

typedef struct
{
  char *name;        /* (nullable): of an electrode or a channel; %NULL: the average */
  double weight;
} InionMontageTerm;

typedef struct
{
  guint line;        /* in the text, from 1 */
  char *label;
  gboolean named;    /* the label was given, and is not the expression */
  GArray *terms;     /* of InionMontageTerm; at least one */
  gboolean hidden;
  gboolean has_color;
  guint32 color;     /* 0xRRGGBB */
  guint group;
} InionMontageRow;

typedef struct
{
  guint line, column; /* from 1; in characters */
  char *message;
} InionMontageFault;

typedef struct
{
  GPtrArray *rows;   /* of InionMontageRow: the lines that could be read */
  GPtrArray *faults; /* of InionMontageFault: at most one a line */
} InionMontageScript;

InionMontageScript *inion_montage_script_parse (const char *text);
void                inion_montage_script_free (InionMontageScript *self);

InionMontage *inion_montage_new_own (const char *name, const char *text, InionRecording *recording,
                                     const char *const *bad, GError **error);

/* Texts of montages, edited by lines. (transfer full) */
char *inion_montage_text_move (const char *text, guint from, guint to); /* lines from 1; to: where it comes to stand */
char *inion_montage_text_remove (const char *text, guint line);
char *inion_montage_text_insert_gap (const char *text, guint before);
char *inion_montage_text_set_hidden (const char *text, guint line, gboolean hidden);
char *inion_montage_text_set_color (const char *text, guint line, gboolean has_color, guint32 color);
char *inion_montage_text_from (InionMontage *montage);
char *inion_montage_text_quote (const char *name); /* as it stands in an expression */
gboolean inion_montage_text_is_word (gunichar c);  /* part of a name that needs no quotes */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionMontageScript, inion_montage_script_free)

G_END_DECLS
