/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the modules of the montage share: the tables, the electrodes of a recording, the builder. */

#pragma once

#include "scalp/electrode.h"
#include "scalp/montage.h"

G_BEGIN_DECLS

/* A bipolar montage: pairs of today's electrode names; a chain ends with a pair of %NULL. */
typedef struct
{
  const char *g1;
  const char *g2;
} InionMontagePair;

typedef struct
{
  const char *id;
  const char *title;
  const InionMontagePair *pairs; /* (nullable): not a bipolar montage */
  guint n_pairs;                 /* entries, with the ends of chains */
} InionMontageDefinition;

const InionMontageDefinition *_inion_montage_get_definitions (guint *n);
const InionMontageDefinition *_inion_montage_find_definition (const char *id);

/* One channel as an electrode. */
typedef struct
{
  InionElectrodeLabel label;
  char *written;     /* the electrode as the recording calls it, or the channel's label */
  gboolean eeg;
  gboolean usable;   /* EEG against the recording's common reference, same clock and unit */
  gboolean bad;
} InionMontageSource;

typedef struct
{
  InionRecording *recording; /* borrowed */
  guint n;
  InionMontageSource *sources;
  guint n_eeg;
  guint n_usable;
  char *reference;   /* the common reference: "" if the recording does not say */
  gboolean old_names; /* the recording says T3, not T7 */
  char *bipolar;     /* (nullable): label of a channel that makes the recording a bipolar one */
} InionMontageInventory;

#define INION_MONTAGE_MISSING (-1)
#define INION_MONTAGE_ZERO (-2) /* the reference itself */

InionMontageInventory *_inion_montage_inventory_new (InionRecording *recording,
                                                     const char *const *bad);
void                   _inion_montage_inventory_free (InionMontageInventory *self);
int                    _inion_montage_inventory_find (const InionMontageInventory *self,
                                                      const char *name);
const char            *_inion_montage_inventory_name (const InionMontageInventory *self,
                                                      const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionMontageInventory, _inion_montage_inventory_free)

/* What a montage is made of. */
typedef struct
{
  GArray *derivations; /* of InionDerivation */
  GArray *referred;    /* of gboolean, one a derivation: the shared reference is subtracted */
  GArray *reference_channels; /* of guint */
  GArray *reference_weights;  /* of double */
  char *note;
} InionMontageParts;

void     _inion_montage_parts_init (InionMontageParts *self);
void     _inion_montage_parts_clear (InionMontageParts *self);
gboolean _inion_montage_build (const InionMontageDefinition *definition, InionRecording *recording,
                               const char *const *bad, InionMontageParts *parts, GError **error);

/* A weighted sum of channels that many derivations subtract; remembers the last few it computed. */
typedef struct _InionSharedReference InionSharedReference;
InionSharedReference *_inion_shared_reference_new (InionRecording *recording, GArray *channels,
                                                   GArray *weights);
void                  _inion_shared_reference_free (InionSharedReference *self);
gboolean              _inion_shared_reference_subtract (InionSharedReference *self, gint64 first,
                                                        gsize n, double *out, GError **error);
gboolean _inion_montage_read_sum (InionRecording *recording, const guint *channels,
                                  const double *weights, guint n_terms, gint64 first, gsize n,
                                  double *out, GError **error);

G_END_DECLS
