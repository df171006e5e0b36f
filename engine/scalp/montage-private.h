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

/* Whose mean Hjorth's Laplacian subtracts. */
typedef struct
{
  const char *site;
  const char *around[4]; /* three or four */
} InionMontageNeighbours;

typedef struct
{
  const char *id;
  const char *title;
  InionMontageFamily family;
  const InionMontagePair *pairs; /* (nullable): not a bipolar montage */
  guint n_pairs;                 /* entries, with the ends of chains */
} InionMontageDefinition;

#define INION_MONTAGE_N_BUILT_IN 21

const InionMontageDefinition *_inion_montage_get_definitions (guint *n);
const InionMontageDefinition *_inion_montage_find_definition (const char *id);
const InionMontageNeighbours *_inion_montage_find_neighbours (const char *site);

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
gboolean               _inion_montage_inventory_same_clock (const InionMontageInventory *self,
                                                            guint a, guint b);
gboolean               _inion_montage_inventory_same_reference (const InionMontageInventory *self,
                                                                guint a, guint b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionMontageInventory, _inion_montage_inventory_free)

/* Places on the unit sphere, and the head's radius in metres: measured, else a usual one. */
guint _inion_montage_locate (const InionMontageInventory *inventory, InionPosition *positions,
                             gboolean *known, double *radius_m);

/* What a montage is made of. */
typedef struct
{
  GArray *derivations; /* of InionDerivation */
  GArray *referred;    /* of gboolean, one a derivation: the shared reference is subtracted */
  GArray *reference_channels; /* of guint */
  GArray *reference_weights;  /* of double */
  GString *reference_names;   /* "Fp1, Fp2, F3" */
  GArray *taken;       /* of gboolean, one a channel: does not follow below as it is */
  char *note;
} InionMontageParts;

void     _inion_montage_parts_init (InionMontageParts *self);
void     _inion_montage_parts_clear (InionMontageParts *self);
gboolean _inion_montage_build (const InionMontageDefinition *definition, InionRecording *recording,
                               const char *const *bad, InionMontageParts *parts, GError **error);

gboolean _inion_montage_build_own (const char *name, const char *text, InionRecording *recording,
                                   const char *const *bad, InionMontageParts *parts,
                                   GError **error);

/* For the builders, one a family. label and sentence: (transfer full) */
void  _inion_montage_append_item (GString *list, const char *item);
char *_inion_montage_shorten_list (const char *list, guint n_shown);
void  _inion_montage_say (InionMontageParts *parts, char *sentence);
InionDerivation *_inion_montage_add (InionMontageParts *parts, char *label, InionChannelKind kind,
                                     guint n_terms, const guint *channels, const double *weights,
                                     guint group, gboolean referred);
guint _inion_montage_next_group (const InionMontageParts *parts);
void  _inion_montage_note_bad (InionMontageParts *parts, const InionMontageInventory *inventory);
void  _inion_montage_take_used (InionMontageParts *parts);

gboolean _inion_montage_build_bipolar (const InionMontageDefinition *definition,
                                       const InionMontageInventory *inventory,
                                       InionMontageParts *parts, GError **error);
GArray  *_inion_montage_find_path (const InionMontageInventory *inventory, const char *from,
                                   const char *to);
gboolean _inion_montage_build_average (const InionMontageInventory *inventory,
                                       gboolean without_frontal, InionMontageParts *parts,
                                       GError **error);
gboolean _inion_montage_build_linked_ears (const InionMontageInventory *inventory,
                                           InionMontageParts *parts, GError **error);
gboolean _inion_montage_build_sides (const InionMontageInventory *inventory, const char *left,
                                     const char *right, gboolean crossed, InionMontageParts *parts,
                                     GError **error);
gboolean _inion_montage_build_cz (const InionMontageInventory *inventory, InionMontageParts *parts,
                                  GError **error);
gboolean _inion_montage_build_laplacian (const InionMontageInventory *inventory,
                                         InionMontageParts *parts, GError **error);
gboolean _inion_montage_build_csd (const InionMontageInventory *inventory,
                                   InionMontageParts *parts, GError **error);
gboolean _inion_montage_build_shafts (const InionMontageInventory *inventory, gboolean average,
                                      InionMontageParts *parts, GError **error);
int      _inion_montage_find_site (const InionMontageInventory *inventory, const char *name,
                                   const char **found);

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
