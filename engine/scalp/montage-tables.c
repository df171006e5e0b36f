/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montages there are, and the electrode pairs of the bipolar ones.
 *
 * Longitudinal LB-18.1, .2, .3 and transverse TB-18.1 of the American Clinical Neurophysiology
 * Society's proposal for 18 channels, in today's names (T7 is T3, T8 is T4, P7 is T5, P8 is T6).
 * Pairs are drawn from the top down: the left side above the right one, front above back, and a
 * gap wherever a chain ends. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#define CHAIN_END { NULL, NULL }

#define LEFT_TEMPORAL { "Fp1", "F7" }, { "F7", "T7" }, { "T7", "P7" }, { "P7", "O1" }, CHAIN_END
#define RIGHT_TEMPORAL { "Fp2", "F8" }, { "F8", "T8" }, { "T8", "P8" }, { "P8", "O2" }, CHAIN_END
#define LEFT_PARASAGITTAL { "Fp1", "F3" }, { "F3", "C3" }, { "C3", "P3" }, { "P3", "O1" }, CHAIN_END
#define RIGHT_PARASAGITTAL \
  { "Fp2", "F4" }, { "F4", "C4" }, { "C4", "P4" }, { "P4", "O2" }, CHAIN_END
#define MIDLINE { "Fz", "Cz" }, { "Cz", "Pz" }, CHAIN_END

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
  { "F7", "F3" },  { "F3", "Fz" },   { "Fz", "F4" },  { "F4", "F8" }, CHAIN_END,
  { "T7", "C3" },  { "C3", "Cz" },   { "Cz", "C4" },  { "C4", "T8" }, CHAIN_END,
  { "P7", "P3" },  { "P3", "Pz" },   { "Pz", "P4" },  { "P4", "P8" }, CHAIN_END,
  { "P7", "O1" },  { "O1", "O2" },   { "O2", "P8" },  CHAIN_END,
};

static const InionMontageDefinition definitions[] = {
  { "as-recorded", "As recorded", NULL, 0 },
  { "average", "Average reference", NULL, 0 },
  { "longitudinal", "Longitudinal bipolar", longitudinal_1, G_N_ELEMENTS (longitudinal_1) },
  { "longitudinal-2", "Longitudinal bipolar, midline first", longitudinal_2,
    G_N_ELEMENTS (longitudinal_2) },
  { "longitudinal-3", "Longitudinal bipolar, left beside right", longitudinal_3,
    G_N_ELEMENTS (longitudinal_3) },
  { "transverse", "Transverse bipolar", transverse_1, G_N_ELEMENTS (transverse_1) },
  { "linked-ears", "Linked ears", NULL, 0 },
  { "cz", "Cz reference", NULL, 0 },
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
