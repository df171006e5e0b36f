/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vocabularies that many use.
 *
 * Stages are those of the AASM manual, a whole epoch each. The terms of patterns are those of
 * the standardised critical care EEG terminology of the American Clinical Neurophysiology Society
 * (Hirsch et al., J Clin Neurophysiol 2021;38:1–29); of epileptiform discharges those of the
 * glossary of the International Federation of Clinical Neurophysiology (Kane et al., Clin
 * Neurophysiol Pract 2017;2:170–185). */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/palette-named.h"

#include "core/text.h"

#include <string.h>

#define MAX_LABELS 16

typedef struct
{
  const char *name;
  const char *key;
  const char *group;
  guint32 color;
} Term;

typedef struct
{
  const char *id;
  const char *title;
  Term terms[MAX_LABELS];
} Named;

static const Named palettes[] = {
  { "stages",
    N_ ("Sleep stages"),
    {
      { "W", "w", "stage", 0xE69F00 },
      { "N1", "1", "stage", 0x56B4E9 },
      { "N2", "2", "stage", 0x0072B2 },
      { "N3", "3", "stage", 0x332288 },
      { "R", "r", "stage", 0xD55E00 },
      { "unscored", "u", "stage", 0x999999 },
      { "arousal", "a", "event", 0xCC79A7 },
      { "spindle", "s", "event", 0x009E73 },
      { "K-complex", "k", "event", 0xF0E442 },
      { "slow wave", "d", "event", 0x882255 },
    } },
  { "epileptiform",
    N_ ("Epileptiform discharges"),
    {
      { "spike", "1", "event", 0xD55E00 },
      { "sharp wave", "2", "event", 0xE69F00 },
      { "spike-and-slow-wave", "3", "event", 0xCC79A7 },
      { "polyspike", "4", "event", 0x882255 },
      { "seizure", "5", "event", 0xB2182B },
      { "focal slowing", "6", "event", 0x0072B2 },
      { "generalized slowing", "7", "event", 0x56B4E9 },
      { "benign variant", "8", "event", 0x009E73 },
      { "artifact", "9", "artifact", 0x999999 },
    } },
  { "critical-care",
    N_ ("Critical care patterns"),
    {
      { "GPD", "1", "event", 0xD55E00 },
      { "LPD", "2", "event", 0xE69F00 },
      { "BIPD", "3", "event", 0xCC79A7 },
      { "GRDA", "4", "event", 0x0072B2 },
      { "LRDA", "5", "event", 0x56B4E9 },
      { "SW", "6", "event", 0x882255 },
      { "BIRDs", "7", "event", 0xF0E442 },
      { "electrographic seizure", "8", "event", 0xB2182B },
      { "burst suppression", "9", "state", 0x009E73 },
      { "suppression", "0", "state", 0x999999 },
    } },
  { "activation",
    N_ ("Activation and states"),
    {
      { "eyes open", "1", "state", 0xE69F00 },
      { "eyes closed", "2", "state", 0x0072B2 },
      { "hyperventilation", "3", "state", 0x009E73 },
      { "after hyperventilation", "4", "state", 0x56B4E9 },
      { "photic stimulation", "5", "state", 0xF0E442 },
      { "drowsy", "6", "state", 0xCC79A7 },
      { "asleep", "7", "state", 0x332288 },
      { "awake", "8", "state", 0xD55E00 },
    } },
};

/**
 * inion_palette_get_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): the ids of all vocabularies
 */
const char *const *
inion_palette_get_names (void)
{
  static const char *const names[] = { "artifacts",     "stages",     "epileptiform",
                                       "critical-care", "activation", NULL };

  return names;
}

static const Named *
find_named (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (palettes); i++)
    if (strcmp (palettes[i].id, id) == 0)
      return &palettes[i];
  return NULL;
}

/**
 * inion_palette_get_title_for:
 * @id: a vocabulary
 *
 * Returns: (transfer none) (nullable): what it is called on the screen
 */
const char *
inion_palette_get_title_for (const char *id)
{
  const Named *named;

  g_return_val_if_fail (id != NULL, NULL);

  if (strcmp (id, "artifacts") == 0)
    return N_ ("Artifacts");
  named = find_named (id);
  return named != NULL ? named->title : NULL;
}

/**
 * inion_palette_new_named:
 * @id: a vocabulary
 *
 * Returns: (transfer full) (nullable): a palette of its labels, or %NULL if there is none
 */
InionPalette *
inion_palette_new_named (const char *id)
{
  InionPalette *palette;
  const Named *named;

  g_return_val_if_fail (id != NULL, NULL);

  if (strcmp (id, "artifacts") == 0)
    return inion_palette_new_default ();
  named = find_named (id);
  if (named == NULL)
    return NULL;
  palette = inion_palette_new ();
  for (gsize i = 0; i < MAX_LABELS && named->terms[i].name != NULL; i++)
    {
      const Term *term = &named->terms[i];
      g_autoptr (InionLabel) label = inion_label_new (term->name, term->color, term->key,
                                                      term->group);

      inion_palette_add (palette, label);
    }
  return palette;
}
