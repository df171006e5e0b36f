/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montages there are, the electrode pairs of the bipolar ones and the neighbours of Hjorth's.
 *
 * Longitudinal LB-18.1, .2, .3 and transverse TB-18.1, .2 of the American Clinical
 * Neurophysiology Society's proposal for 18 channels, in today's names (T7 is T3, T8 is T4, P7 is
 * T5, P8 is T6). Pairs are drawn from the top down: the left side above the right one, front above
 * back, and a gap wherever a chain ends. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include "core/text.h"

#define CHAIN_END { NULL, NULL }

#define LEFT_TEMPORAL { "Fp1", "F7" }, { "F7", "T7" }, { "T7", "P7" }, { "P7", "O1" }, CHAIN_END
#define RIGHT_TEMPORAL { "Fp2", "F8" }, { "F8", "T8" }, { "T8", "P8" }, { "P8", "O2" }, CHAIN_END
#define LEFT_PARASAGITTAL { "Fp1", "F3" }, { "F3", "C3" }, { "C3", "P3" }, { "P3", "O1" }, CHAIN_END
#define RIGHT_PARASAGITTAL \
  { "Fp2", "F4" }, { "F4", "C4" }, { "C4", "P4" }, { "P4", "O2" }, CHAIN_END
#define MIDLINE { "Fz", "Cz" }, { "Cz", "Pz" }, CHAIN_END
#define FRONTAL_ROW { "F7", "F3" }, { "F3", "Fz" }, { "Fz", "F4" }, { "F4", "F8" }, CHAIN_END
#define PARIETAL_ROW { "P7", "P3" }, { "P3", "Pz" }, { "Pz", "P4" }, { "P4", "P8" }, CHAIN_END
#define EAR_ROW \
  { "A1", "T7" }, { "T7", "C3" }, { "C3", "Cz" }, { "Cz", "C4" }, { "C4", "T8" }, { "T8", "A2" }, \
  CHAIN_END

static const InionMontagePair longitudinal_1[] = {
  LEFT_TEMPORAL, LEFT_PARASAGITTAL, MIDLINE, RIGHT_PARASAGITTAL, RIGHT_TEMPORAL,
};

static const InionMontagePair longitudinal_2[] = {
  MIDLINE, LEFT_PARASAGITTAL, RIGHT_PARASAGITTAL, LEFT_TEMPORAL, RIGHT_TEMPORAL,
};

static const InionMontagePair longitudinal_3[] = {
  LEFT_TEMPORAL, RIGHT_TEMPORAL, LEFT_PARASAGITTAL, RIGHT_PARASAGITTAL, MIDLINE,
};

static const InionMontagePair transverse_1[] = {
  { "F7", "Fp1" }, { "Fp1", "Fp2" }, { "Fp2", "F8" }, CHAIN_END,
  FRONTAL_ROW,
  { "T7", "C3" },  { "C3", "Cz" },   { "Cz", "C4" },  { "C4", "T8" }, CHAIN_END,
  PARIETAL_ROW,
  { "P7", "O1" },  { "O1", "O2" },   { "O2", "P8" },  CHAIN_END,
};

static const InionMontagePair transverse_2[] = {
  { "Fp1", "Fp2" }, CHAIN_END, FRONTAL_ROW, EAR_ROW, PARIETAL_ROW, { "O1", "O2" }, CHAIN_END,
  MIDLINE,
};

/* Once around the head, so that a phase reverses twice. */
static const InionMontagePair circumferential[] = {
  { "Fp1", "F7" }, { "F7", "T7" }, { "T7", "P7" }, { "P7", "O1" },   { "O1", "O2" },
  { "O2", "P8" },  { "P8", "T8" }, { "T8", "F8" }, { "F8", "Fp2" },  { "Fp2", "Fp1" },
  CHAIN_END,       MIDLINE,
};

/* Around the temporal lobes and over the vertex. */
static const InionMontagePair temporal_ring[] = {
  { "Cz", "C4" }, { "C4", "T8" }, { "T8", "T2" }, { "T2", "T1" },
  { "T1", "T7" }, { "T7", "C3" }, { "C3", "Cz" }, CHAIN_END,
  LEFT_TEMPORAL,  LEFT_PARASAGITTAL, MIDLINE, RIGHT_PARASAGITTAL, RIGHT_TEMPORAL,
};

static const InionMontagePair tcp[] = {
  LEFT_TEMPORAL, RIGHT_TEMPORAL, EAR_ROW, LEFT_PARASAGITTAL, RIGHT_PARASAGITTAL,
};

/* A newborn's head has room for fewer electrodes: every second step is skipped. */
static const InionMontagePair neonatal[] = {
  { "Fp1", "T7" }, { "T7", "O1" }, CHAIN_END, { "Fp1", "C3" }, { "C3", "O1" }, CHAIN_END,
  { "Fp2", "C4" }, { "C4", "O2" }, CHAIN_END, { "Fp2", "T8" }, { "T8", "O2" }, CHAIN_END,
  { "T7", "C3" },  { "C3", "Cz" }, { "Cz", "C4" }, { "C4", "T8" }, CHAIN_END,
  MIDLINE,
};

#define NOT_BIPOLAR NULL, 0
#define PAIRS(table) table, G_N_ELEMENTS (table)

static const InionMontageDefinition definitions[] = {
  { "as-recorded", N_ ("As recorded"), INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "average", N_ ("Average reference"), INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "average-2", N_ ("Average reference without Fp1, Fp2"),
    INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "linked-ears", N_ ("Linked ears"), INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "same-ear", N_ ("Ear of the same side"), INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "other-ear", N_ ("Ear of the other side"), INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "temporal", N_ ("T1 and T2 reference"), INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "cz", N_ ("Cz reference"), INION_MONTAGE_REFERENTIAL, NOT_BIPOLAR },
  { "longitudinal", N_ ("Longitudinal bipolar"), INION_MONTAGE_BIPOLAR, PAIRS (longitudinal_1) },
  { "longitudinal-2", N_ ("Longitudinal bipolar, midline first"), INION_MONTAGE_BIPOLAR,
    PAIRS (longitudinal_2) },
  { "longitudinal-3", N_ ("Longitudinal bipolar, left beside right"), INION_MONTAGE_BIPOLAR,
    PAIRS (longitudinal_3) },
  { "transverse", N_ ("Transverse bipolar"), INION_MONTAGE_BIPOLAR, PAIRS (transverse_1) },
  { "transverse-2", N_ ("Transverse bipolar with ears"),
    INION_MONTAGE_BIPOLAR, PAIRS (transverse_2) },
  { "circumferential", N_ ("Circumferential bipolar"),
    INION_MONTAGE_BIPOLAR, PAIRS (circumferential) },
  { "temporal-ring", N_ ("Temporal ring"), INION_MONTAGE_BIPOLAR, PAIRS (temporal_ring) },
  { "tcp", N_ ("Temporal central parasagittal (TCP)"), INION_MONTAGE_BIPOLAR, PAIRS (tcp) },
  { "neonatal", N_ ("Neonatal bipolar"), INION_MONTAGE_BIPOLAR, PAIRS (neonatal) },
  { "laplacian", N_ ("Laplacian (Hjorth)"), INION_MONTAGE_LOCAL, NOT_BIPOLAR },
  { "csd", N_ ("Current source density"), INION_MONTAGE_LOCAL, NOT_BIPOLAR },
  { "shafts", N_ ("Depth electrodes, bipolar"), INION_MONTAGE_DEPTH, NOT_BIPOLAR },
  { "shaft-average", N_ ("Depth electrodes, average of each shaft"),
    INION_MONTAGE_DEPTH, NOT_BIPOLAR },
};

G_STATIC_ASSERT (G_N_ELEMENTS (definitions) == INION_MONTAGE_N_BUILT_IN);

static const InionMontageNeighbours neighbours[] = {
  { "Fp1", { "F3", "F7", "Fp2" } },       { "Fp2", { "Fp1", "F4", "F8" } },
  { "F7", { "Fp1", "F3", "T7" } },        { "F8", { "Fp2", "F4", "T8" } },
  { "F3", { "Fp1", "C3", "F7", "Fz" } },  { "F4", { "Fp2", "C4", "F8", "Fz" } },
  { "Fz", { "F3", "F4", "Cz" } },         { "T7", { "C3", "F7", "P7" } },
  { "T8", { "C4", "F8", "P8" } },         { "C3", { "F3", "P3", "T7", "Cz" } },
  { "C4", { "F4", "P4", "T8", "Cz" } },   { "Cz", { "C3", "C4", "Fz", "Pz" } },
  { "P7", { "P3", "T7", "O1" } },         { "P8", { "P4", "T8", "O2" } },
  { "P3", { "C3", "P7", "O1", "Pz" } },   { "P4", { "C4", "P8", "O2", "Pz" } },
  { "Pz", { "P3", "P4", "Cz" } },         { "O1", { "P3", "P7", "O2" } },
  { "O2", { "O1", "P4", "P8" } },
};

const InionMontageDefinition *
_inion_montage_get_definitions (guint *n)
{
  *n = G_N_ELEMENTS (definitions);
  return definitions;
}

const InionMontageDefinition *
_inion_montage_find_definition (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (definitions); i++)
    {
      if (g_strcmp0 (definitions[i].id, id) == 0)
        return &definitions[i];
    }
  return NULL;
}

/* (nullable): the neighbours of a site of the 10–20 system (canonical name). */
const InionMontageNeighbours *
_inion_montage_find_neighbours (const char *site)
{
  for (guint i = 0; i < G_N_ELEMENTS (neighbours); i++)
    {
      if (g_str_equal (neighbours[i].site, site))
        return &neighbours[i];
    }
  return NULL;
}
