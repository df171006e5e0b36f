/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Montages: which differences and averages of channels are looked at. */

#pragma once

#include "recording/recording.h"
#include "scalp/electrode.h"

G_BEGIN_DECLS

/* A derivation: Σ weight × channel, with a name ("Fp1-F7"), a kind and the group (chain) it stands in. */
typedef struct
{
  char *label;
  InionChannelKind kind;
  guint n_terms;
  guint *channels;   /* indices in the recording */
  double *weights;
  guint group;       /* a gap is drawn between groups */
  const char *unit;  /* (nullable): static; %NULL: that of inion_montage_get_clock() */
  gboolean has_color;
  guint32 color;     /* 0xRRGGBB, where a person chose one */
} InionDerivation;

typedef enum
{
  INION_MONTAGE_REFERENTIAL,
  INION_MONTAGE_BIPOLAR,
  INION_MONTAGE_LOCAL,
  INION_MONTAGE_DEPTH,
} InionMontageFamily;

#define INION_TYPE_MONTAGE (inion_montage_get_type ())
G_DECLARE_FINAL_TYPE (InionMontage, inion_montage, INION, MONTAGE, GObject)

/* Builds a montage by id for one recording:
 * "as-recorded", "average", "average-2" (without Fp1, Fp2), "linked-ears", "same-ear", "other-ear", "temporal" (T1, T2),
 * "cz", "longitudinal" (LB-18.1), "longitudinal-2", "longitudinal-3", "transverse" (TB-18.1), "transverse-2",
 * "circumferential", "temporal-ring", "tcp", "neonatal", "laplacian" (Hjorth), "csd" (spherical spline, mV/m²), "shafts",
 * "shaft-average". bad: labels to leave out of an average (nullable).
 * Channels that are no EEG follow below unchanged. Fails with a message for a person where the recording
 * does not have the electrodes or is already bipolar. */
InionMontage *inion_montage_new (const char *id, InionRecording *recording, const char *const *bad, GError **error);
const char *const *inion_montage_get_ids (void);            /* NULL-terminated, in menu order */
const char *inion_montage_get_title_for (const char *id);   /* "Longitudinal bipolar" */
InionMontageFamily inion_montage_get_family_for (const char *id);
gboolean    inion_montage_is_possible (const char *id, InionRecording *recording, char **why_not);
/* Where the channels of a recording are on the head: positions and known have one entry a channel. Use this rather than
 * labels alone: a BioSemi cap's "C3" is not the 10–20 site. Bipolar channels have no place. Returns how many are known. */
guint         inion_montage_locate_channels (InionRecording *recording, InionPosition *positions, gboolean *known);

const char            *inion_montage_get_id (InionMontage *self);
const char            *inion_montage_get_title (InionMontage *self);
InionRecording        *inion_montage_get_recording (InionMontage *self); /* (transfer none) */
guint                  inion_montage_get_n_derivations (InionMontage *self);
const InionDerivation *inion_montage_get_derivation (InionMontage *self, guint index);
int                    inion_montage_find (InionMontage *self, const char *label);
char                  *inion_montage_dup_note (InionMontage *self); /* (nullable): "average of 19 channels, without T8" */
char                  *inion_montage_dup_reference (InionMontage *self); /* (nullable): "Fp1, Fp2, F3 …": what all share */
const char            *inion_montage_get_unit (InionMontage *self, guint index); /* (transfer none) "µV" */
const char            *inion_montage_get_scale_unit (InionMontage *self); /* (transfer none): what its sensitivity counts: "µV" or "mV/m²" */
char                  *inion_montage_dup_key (InionMontage *self);  /* stable text of all weights, for caches */

/* All terms of a derivation share one rate (checked when built): one channel stands for its clock. */
InionChannel *inion_montage_get_clock (InionMontage *self, guint index); /* (transfer none) */
gboolean      inion_montage_read (InionMontage *self, guint index, gint64 first, gsize n, double *out, GError **error);

G_END_DECLS
