/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Electrode names and their places on the head (10–20, 10–10, 10–05). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Unit sphere, RAS axes: x to the right ear, y to the nose, z up. */
typedef struct
{
  double x, y, z;
} InionPosition;

/* What a channel label says: "EEG Fp1-Ref" → g1 "Fp1", g2 "Ref"; "Fc5." → "FC5"; "EEG FP1-F7" → bipolar.
 * g1 and g2 are canonical modern names ("T7" for "T3") where the electrode is known. */
typedef struct
{
  char g1[32];
  char g2[32];          /* "" if none */
  gboolean g1_known;    /* g1 is a 10–05 site */
  gboolean g2_known;
  gboolean bipolar;     /* both are scalp sites: already a derivation */
} InionElectrodeLabel;

gboolean    inion_electrode_parse_label (const char *label, InionElectrodeLabel *out);
const char *inion_electrode_canonical (const char *name); /* (nullable): "fp1" → "Fp1", "T3" → "T7" */
gboolean    inion_electrode_get_position (const char *name, InionPosition *out);
guint       inion_electrode_get_n_known (void);
const char *inion_electrode_get_known (guint index);
gboolean    inion_electrode_is_ear (const char *name);             /* A1, A2, M1, M2 */
char       *inion_electrode_dup_written_name (const char *label);  /* (nullable): "EEG t3-Ref" → "T3" */
/* Azimuthal equidistant projection, x right, y nose. The head circle of radius 1 is the ring Fpz–T7–Oz–T8;
 * the equator Nz–T9–Iz–T10 lies outside it, at 1.25. */
void        inion_electrode_project (const InionPosition *position, double *x, double *y);
void        inion_electrode_unproject (double x, double y, InionPosition *position);

G_END_DECLS
