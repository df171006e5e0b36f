/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Montages: which differences and averages of channels are looked at.
 *
 * A montage is made once for a recording and never changes; reading it is thread-safe. How the
 * derivations are found is in montage-build.c, the tables are in montage-tables.c. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"
#include "scalp/montage-script.h"

#include "core/error.h"

#include <string.h>

struct _InionMontage
{
  GObject parent_instance;

  char *id;
  char *title;
  InionRecording *recording;
  InionMontageParts parts;
  InionSharedReference *reference; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (InionMontage, inion_montage, G_TYPE_OBJECT)

static void
inion_montage_finalize (GObject *object)
{
  InionMontage *self = INION_MONTAGE (object);

  _inion_montage_parts_clear (&self->parts);
  _inion_shared_reference_free (self->reference);
  g_free (self->id);
  g_free (self->title);
  g_clear_object (&self->recording);
  G_OBJECT_CLASS (inion_montage_parent_class)->finalize (object);
}

static void
inion_montage_class_init (InionMontageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_montage_finalize;
}

static void
inion_montage_init (InionMontage *self)
{
  _inion_montage_parts_init (&self->parts);
}

/**
 * inion_montage_new:
 * @id: one of inion_montage_get_ids()
 * @recording: the recording
 * @bad: (nullable) (array zero-terminated=1): labels of bad channels, as the file or the screen
 *   has them, or electrode names: shown, but left out of averages
 * @error: return location
 *
 * Makes a montage for a recording. Derivations whose electrodes are missing are left out and the
 * note says which. Derivations are named as the recording names its electrodes: T3 where it says
 * T3.
 *
 * Returns: (transfer full): the montage; %NULL with %INION_ERROR_NOT_FOUND (no such montage or
 *   electrode), %INION_ERROR_TOO_FEW (electrodes) or %INION_ERROR_UNSUPPORTED (bipolar recording,
 *   mixed references)
 */
InionMontage *
inion_montage_new (const char         *id,
                   InionRecording     *recording,
                   const char *const  *bad,
                   GError            **error)
{
  const InionMontageDefinition *definition = _inion_montage_find_definition (id);
  g_autoptr (InionMontage) self = NULL;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  if (definition == NULL)
    {
      inion_set_error (error, INION_ERROR_NOT_FOUND, "There is no montage called “%s”.",
                       id != NULL ? id : "");
      return NULL;
    }
  self = g_object_new (INION_TYPE_MONTAGE, NULL);
  self->id = g_strdup (id);
  self->title = g_strdup (definition->title);
  self->recording = g_object_ref (recording);
  if (!_inion_montage_build (definition, recording, bad, &self->parts, error))
    return NULL;
  if (self->parts.reference_channels->len > 0)
    self->reference = _inion_shared_reference_new (recording, self->parts.reference_channels,
                                                   self->parts.reference_weights);
  return g_steal_pointer (&self);
}

/**
 * inion_montage_new_own:
 * @name: what the person calls it
 * @text: what the person wrote, see montage-script.h
 * @recording: the recording
 * @bad: (nullable) (array zero-terminated=1): labels of bad channels, left out of averages
 * @error: return location
 *
 * Makes a montage that a person wrote. Its id is "own:" and the name. It shows what is written and
 * nothing else; derivations that cannot be made are left out, and the note says which and why.
 *
 * Returns: (transfer full): the montage; %NULL with %INION_ERROR_INVALID (the text cannot be read:
 *   the message has line and character) or %INION_ERROR_TOO_FEW (nothing of it can be made)
 */
InionMontage *
inion_montage_new_own (const char         *name,
                       const char         *text,
                       InionRecording     *recording,
                       const char *const  *bad,
                       GError            **error)
{
  g_autoptr (InionMontage) self = NULL;

  g_return_val_if_fail (name != NULL && text != NULL, NULL);
  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  self = g_object_new (INION_TYPE_MONTAGE, NULL);
  self->id = g_strconcat (INION_MONTAGE_OWN_PREFIX, name, NULL);
  self->title = g_strdup (name);
  self->recording = g_object_ref (recording);
  if (!_inion_montage_build_own (name, text, recording, bad, &self->parts, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * inion_montage_get_ids:
 *
 * Returns: (transfer none) (array zero-terminated=1): the ids of all montages in menu order
 */
const char *const *
inion_montage_get_ids (void)
{
  static const char *ids[INION_MONTAGE_N_BUILT_IN + 1];
  static gsize made;

  if (g_once_init_enter (&made))
    {
      guint n;
      const InionMontageDefinition *definitions = _inion_montage_get_definitions (&n);

      g_assert (n < G_N_ELEMENTS (ids));
      for (guint i = 0; i < n; i++)
        ids[i] = definitions[i].id;
      g_once_init_leave (&made, 1);
    }
  return ids;
}

/**
 * inion_montage_get_title_for:
 * @id: one of inion_montage_get_ids()
 *
 * Returns: (nullable) (transfer none): its name for people, "Longitudinal bipolar"
 */
const char *
inion_montage_get_title_for (const char *id)
{
  const InionMontageDefinition *definition = _inion_montage_find_definition (id);

  return definition != NULL ? definition->title : NULL;
}

/**
 * inion_montage_get_family_for:
 * @id: one of inion_montage_get_ids()
 *
 * Returns: what kind of montage it is
 */
InionMontageFamily
inion_montage_get_family_for (const char *id)
{
  const InionMontageDefinition *definition = _inion_montage_find_definition (id);

  return definition != NULL ? definition->family : INION_MONTAGE_REFERENTIAL;
}

/**
 * inion_montage_is_possible:
 * @id: one of inion_montage_get_ids()
 * @recording: the recording
 * @why_not: (out) (optional) (transfer full) (nullable): the reason, if it is not
 *
 * Returns: whether inion_montage_new() would make this montage
 */
gboolean
inion_montage_is_possible (const char      *id,
                           InionRecording  *recording,
                           char           **why_not)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontage) montage = inion_montage_new (id, recording, NULL, &error);

  if (why_not != NULL)
    *why_not = montage == NULL && error != NULL ? g_strdup (error->message) : NULL;
  return montage != NULL;
}

/**
 * inion_montage_get_id:
 * @self: a montage
 *
 * Returns: (transfer none): what it was made by
 */
const char *
inion_montage_get_id (InionMontage *self)
{
  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);

  return self->id;
}

/**
 * inion_montage_get_title:
 * @self: a montage
 *
 * Returns: (transfer none): its name for people
 */
const char *
inion_montage_get_title (InionMontage *self)
{
  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);

  return self->title;
}

/**
 * inion_montage_get_recording:
 * @self: a montage
 *
 * Returns: (transfer none): what it was made for
 */
InionRecording *
inion_montage_get_recording (InionMontage *self)
{
  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);

  return self->recording;
}

/**
 * inion_montage_get_n_derivations:
 * @self: a montage
 *
 * Returns: how many derivations it has, with the channels that follow unchanged
 */
guint
inion_montage_get_n_derivations (InionMontage *self)
{
  g_return_val_if_fail (INION_IS_MONTAGE (self), 0);

  return self->parts.derivations->len;
}

/**
 * inion_montage_get_derivation:
 * @self: a montage
 * @index: in [0, inion_montage_get_n_derivations ())
 *
 * Returns: (transfer none): one derivation, valid as long as the montage
 */
const InionDerivation *
inion_montage_get_derivation (InionMontage *self,
                              guint         index)
{
  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);
  g_return_val_if_fail (index < self->parts.derivations->len, NULL);

  return &g_array_index (self->parts.derivations, InionDerivation, index);
}

/* The same electrodes by another name: "T3-T5" is "T7-P7". */
static gboolean
is_same_derivation (const char                *label,
                    const InionElectrodeLabel *wanted)
{
  InionElectrodeLabel ours;

  return inion_electrode_parse_label (label, &ours) && strcmp (ours.g1, wanted->g1) == 0 &&
         g_ascii_strcasecmp (ours.g2, wanted->g2) == 0;
}

/**
 * inion_montage_find:
 * @self: a montage
 * @label: (nullable): a derivation's label
 *
 * Finds a derivation by its label: as written, else in another case, else by the same electrodes
 * under their old or new names.
 *
 * Returns: its index, or -1
 */
int
inion_montage_find (InionMontage *self,
                    const char   *label)
{
  const InionDerivation *d;
  InionElectrodeLabel wanted;
  guint n;

  g_return_val_if_fail (INION_IS_MONTAGE (self), -1);

  if (label == NULL)
    return -1;
  d = (const InionDerivation *) self->parts.derivations->data;
  n = self->parts.derivations->len;
  for (guint i = 0; i < n; i++)
    {
      if (strcmp (d[i].label, label) == 0)
        return i;
    }
  for (guint i = 0; i < n; i++)
    {
      if (g_ascii_strcasecmp (d[i].label, label) == 0)
        return i;
    }
  for (guint i = 0; inion_electrode_parse_label (label, &wanted) && i < n; i++)
    {
      if (is_same_derivation (d[i].label, &wanted))
        return i;
    }
  return -1;
}

/**
 * inion_montage_dup_note:
 * @self: a montage
 *
 * Returns: (transfer full) (nullable): what a person should know of how it was made, such as
 *   "average of 19 channels, without T8 (bad)"; %NULL if there is nothing to say
 */
char *
inion_montage_dup_note (InionMontage *self)
{
  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);

  return g_strdup (self->parts.note);
}

/**
 * inion_montage_dup_key:
 * @self: a montage
 *
 * A text that is the same for montages that show the same numbers under the same names, and only
 * for these: the id and the SHA-256 of all labels, channels and weights.
 *
 * Returns: (transfer full): the key
 */
char *
inion_montage_dup_key (InionMontage *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *hash = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);

  for (guint i = 0; i < self->parts.derivations->len; i++)
    {
      const InionDerivation *d = inion_montage_get_derivation (self, i);

      /* The length keeps a label from reading like numbers. */
      g_string_append_printf (text, "%" G_GSIZE_FORMAT ":%s", strlen (d->label), d->label);
      for (guint t = 0; t < d->n_terms; t++)
        g_string_append_printf (text, " %u*%s", d->channels[t],
                                g_ascii_dtostr (number, sizeof number, d->weights[t]));
      /* Other units are other numbers. */
      g_string_append_printf (text, " %s %d\n",
                              inion_channel_get_unit (inion_montage_get_clock (self, i)),
                              (int) d->kind);
    }
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, text->len);
  return g_strdup_printf ("%s:%s", self->id, hash);
}

/**
 * inion_montage_get_unit:
 * @self: a montage
 * @index: a derivation
 *
 * Returns: (transfer none): in what inion_montage_read() gives it: "µV", "mV/m²"
 */
const char *
inion_montage_get_unit (InionMontage *self,
                        guint         index)
{
  const InionDerivation *d = inion_montage_get_derivation (self, index);

  g_return_val_if_fail (d != NULL, NULL);

  return d->unit != NULL ? d->unit : inion_channel_get_unit (inion_montage_get_clock (self, index));
}

/**
 * inion_montage_get_scale_unit:
 * @self: a montage
 *
 * Returns: (transfer none): in what the sensitivity of the page counts: "µV", of which other
 *   voltages are multiples, or "mV/m²" where the montage shows current densities
 */
const char *
inion_montage_get_scale_unit (InionMontage *self)
{
  const InionDerivation *d;

  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);

  d = (const InionDerivation *) self->parts.derivations->data;
  return self->parts.derivations->len > 0 && d->unit != NULL ? d->unit : "µV";
}

/**
 * inion_montage_dup_reference:
 * @self: a montage
 *
 * Returns: (transfer full) (nullable): the channels that all derivations subtract, by their
 *   electrodes: "Fp1, Fp2, F3"; %NULL if they share none
 */
char *
inion_montage_dup_reference (InionMontage *self)
{
  g_return_val_if_fail (INION_IS_MONTAGE (self), NULL);

  return self->parts.reference_names->len > 0 ? g_strdup (self->parts.reference_names->str) : NULL;
}

/**
 * inion_montage_get_clock:
 * @self: a montage
 * @index: a derivation
 *
 * All terms of a derivation have the same rate, length and unit: its first channel stands for
 * them. What is read may have another unit, see inion_montage_get_unit().
 *
 * Returns: (transfer none): a channel of the recording
 */
InionChannel *
inion_montage_get_clock (InionMontage *self,
                         guint         index)
{
  const InionDerivation *d = inion_montage_get_derivation (self, index);

  g_return_val_if_fail (d != NULL, NULL);

  return inion_recording_get_channel (self->recording, d->channels[0]);
}

/**
 * inion_montage_read:
 * @self: a montage
 * @index: a derivation
 * @first: first sample, in samples of the derivation's clock
 * @n: number of samples; [@first, @first + @n) must lie in the recording
 * @out: (array length=n): Σ weight × channel, summed in double, in the unit of
 *   inion_montage_get_unit()
 * @error: return location
 *
 * Reads a derivation. Thread-safe. The part that all derivations of a referential montage share
 * is computed once for neighbouring calls with the same range.
 *
 * Returns: %FALSE if a channel could not be read
 */
gboolean
inion_montage_read (InionMontage  *self,
                    guint          index,
                    gint64         first,
                    gsize          n,
                    double        *out,
                    GError       **error)
{
  const InionDerivation *d = inion_montage_get_derivation (self, index);

  g_return_val_if_fail (d != NULL, FALSE);

  if (g_array_index (self->parts.referred, gboolean, index))
    return inion_recording_read (self->recording, d->channels[0], first, n, out, error) &&
           _inion_shared_reference_subtract (self->reference, first, n, out, error);
  return _inion_montage_read_sum (self->recording, d->channels, d->weights, d->n_terms, first, n,
                                  out, error);
}
