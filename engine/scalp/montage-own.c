/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the derivations of a montage that a person wrote, for one recording.
 *
 * A name is the channel that is called so, as the screen or the file has it, else the electrode.
 * What cannot be made truthfully is left out, and the note says what and why: channels that are
 * missing, and sums of channels of different rates or units. Channels of different references may
 * be subtracted if a person says so; that is said too. A montage shows what is written and nothing
 * else. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"
#include "scalp/montage-script.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define MIN_COMMON 3

typedef struct
{
  const InionMontageInventory *inventory;
  InionMontageParts *parts;
  GString *missing;  /* channels */
  GString *left_out; /* derivations, for want of channels */
  GString *unlike;   /* derivations of channels of different clocks or units */
  GString *mixed;    /* derivations of channels of different references */
  GString *empty;    /* derivations of which nothing is left */
  gboolean summed;   /* of differences that were recorded */
} Maker;

static InionChannel *
channel_at (const InionMontageInventory *inventory,
            guint                        index)
{
  return inion_recording_get_channel (inventory->recording, index);
}

static int
find_by_label (const InionMontageInventory *inventory,
               const char                  *name)
{
  for (guint i = 0; i < inventory->n; i++)
    {
      if (strcmp (inion_channel_get_label (channel_at (inventory, i)), name) == 0)
        return (int) i;
    }
  for (guint i = 0; i < inventory->n; i++)
    {
      const InionChannelInfo *info = inion_channel_get_info (channel_at (inventory, i));

      if (g_ascii_strcasecmp (inion_channel_get_label (channel_at (inventory, i)), name) == 0 ||
          (!info->renamed && g_ascii_strcasecmp (info->raw_label, name) == 0))
        return (int) i;
    }
  return INION_MONTAGE_MISSING;
}

/* "LA1" is the channel "LA1-Ref" where "Ref" is what the channels of the recording share. */
static int
find_without_reference (const InionMontageInventory *inventory,
                        const char                  *name)
{
  gsize n = strlen (name);

  for (guint i = 0; i < inventory->n && inventory->n_usable >= MIN_COMMON; i++)
    {
      const InionMontageSource *source = &inventory->sources[i];
      const char *label = inion_channel_get_label (channel_at (inventory, i));

      if (source->usable && g_ascii_strncasecmp (label, name, n) == 0 && label[n] == '-' &&
          g_ascii_strcasecmp (label + n + 1, source->label.g2) == 0)
        return (int) i;
    }
  return INION_MONTAGE_MISSING;
}

static int
find_channel (const InionMontageInventory *inventory,
              const char                  *name)
{
  InionElectrodeLabel label;
  int channel = find_by_label (inventory, name);

  /* "EEG Fp1-Ref" of another file is this one's Fp1; its "C3-A2" is not this one's C3. */
  if (channel == INION_MONTAGE_MISSING && inion_electrode_parse_label (name, &label) &&
      (*label.g2 == '\0' || g_ascii_strcasecmp (label.g2, "ref") == 0))
    channel = _inion_montage_inventory_find (inventory, label.g1);
  if (channel == INION_MONTAGE_MISSING)
    channel = find_without_reference (inventory, name);
  return channel;
}

typedef struct
{
  GArray *channels; /* of guint */
  GArray *weights;  /* of double */
} Sum;

static void
sum_init (Sum *self)
{
  self->channels = g_array_new (FALSE, FALSE, sizeof (guint));
  self->weights = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
sum_clear (Sum *self)
{
  g_array_unref (self->channels);
  g_array_unref (self->weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sum, sum_clear)

static void
sum_add (Sum    *self,
         guint   channel,
         double  weight)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      if (g_array_index (self->channels, guint, i) != channel)
        continue;
      g_array_index (self->weights, double, i) += weight;
      return;
    }
  g_array_append_val (self->channels, channel);
  g_array_append_val (self->weights, weight);
}

/* The mean of all good EEG channels, as the average montage has it. FALSE: there are none. */
static gboolean
add_average (const Maker *self,
             double       weight,
             Sum         *sum)
{
  const InionMontageInventory *inventory = self->inventory;
  guint n = 0;

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < inventory->n; i++)
        {
          const InionMontageSource *source = &inventory->sources[i];

          if (!source->usable || source->bad || inion_electrode_is_ear (source->label.g1))
            continue;
          if (pass == 0)
            n++;
          else
            sum_add (sum, i, weight / n);
        }
    }
  return n > 0;
}

/* In a recording of differences a difference of two electrodes may be one of its channels, or a sum
 * of several. */
static gboolean
add_recorded (Maker                 *self,
              const InionMontageRow *row,
              Sum                   *sum)
{
  const InionMontageTerm *a = &g_array_index (row->terms, InionMontageTerm, 0);
  const InionMontageTerm *b = a + 1;
  const char *sites[2];
  g_autoptr (GArray) path = NULL;

  if (self->inventory->bipolar == NULL || row->terms->len != 2 || a->name == NULL ||
      b->name == NULL || fabs (a->weight + b->weight) > 0)
    return FALSE;
  sites[0] = inion_electrode_canonical (a->name);
  sites[1] = inion_electrode_canonical (b->name);
  if (sites[0] == NULL || sites[1] == NULL)
    return FALSE;
  path = _inion_montage_find_path (self->inventory, sites[0], sites[1]);
  for (guint i = 0; path != NULL && i < path->len; i++)
    {
      int value = g_array_index (path, int, i);

      sum_add (sum, (guint) ABS (value) - 1, value > 0 ? a->weight : -a->weight);
    }
  self->summed = self->summed || (path != NULL && (path->len > 1 ||
                                                   g_array_index (path, int, 0) < 0));
  return path != NULL;
}

static gboolean
resolve (Maker                 *self,
         const InionMontageRow *row,
         Sum                   *sum)
{
  gboolean whole = TRUE;

  if (add_recorded (self, row, sum))
    return TRUE;
  for (guint i = 0; i < row->terms->len; i++)
    {
      const InionMontageTerm *term = &g_array_index (row->terms, InionMontageTerm, i);
      const char *name = term->name != NULL ? term->name : "avg";
      int channel = find_channel (self->inventory, name);

      if (channel >= 0)
        {
          sum_add (sum, channel, term->weight);
        }
      else if (channel == INION_MONTAGE_MISSING &&
               (term->name != NULL || !add_average (self, term->weight, sum)))
        {
          g_auto (GStrv) known = g_strsplit (self->missing->str, ", ", -1);

          if (!g_strv_contains ((const char *const *) known, name))
            _inion_montage_append_item (self->missing, name);
          whole = FALSE;
        }
    }
  return whole;
}

/* Whether references do not cancel: a channel is weighed against one of another reference. */
static gboolean
is_mixed (const Maker *self,
          const Sum   *sum)
{
  const guint *channels = (const guint *) sum->channels->data;

  for (guint i = 1; i < sum->channels->len; i++)
    {
      if (!_inion_montage_inventory_same_reference (self->inventory, channels[0], channels[i]))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_alike (const Maker *self,
          const Sum   *sum)
{
  const guint *channels = (const guint *) sum->channels->data;

  for (guint i = 1; i < sum->channels->len; i++)
    {
      if (!_inion_montage_inventory_same_clock (self->inventory, channels[0], channels[i]))
        return FALSE;
    }
  return TRUE;
}

/* T7 minus T3, which are one electrode. */
static void
drop_zeros (Sum *sum)
{
  for (guint i = sum->channels->len; i-- > 0;)
    {
      if (fabs (g_array_index (sum->weights, double, i)) > 0)
        continue;
      g_array_remove_index (sum->channels, i);
      g_array_remove_index (sum->weights, i);
    }
}

static void
make_row (Maker                 *self,
          const InionMontageRow *row)
{
  g_auto (Sum) sum = { NULL, NULL };
  InionDerivation *d;
  guint first;

  sum_init (&sum);
  if (!resolve (self, row, &sum))
    {
      _inion_montage_append_item (self->left_out, row->label);
      return;
    }
  drop_zeros (&sum);
  if (sum.channels->len == 0)
    {
      _inion_montage_append_item (self->empty, row->label);
      return;
    }
  if (!is_alike (self, &sum))
    {
      _inion_montage_append_item (self->unlike, row->label);
      return;
    }
  if (self->inventory->bipolar == NULL && is_mixed (self, &sum))
    _inion_montage_append_item (self->mixed, row->label);
  first = g_array_index (sum.channels, guint, 0);
  d = _inion_montage_add (self->parts, g_strdup (row->label),
                          inion_channel_get_kind (channel_at (self->inventory, first)),
                          sum.channels->len, (const guint *) sum.channels->data,
                          (const double *) sum.weights->data, row->group, FALSE);
  d->has_color = row->has_color;
  d->color = row->color;
}

static void
say_list (InionMontageParts *parts,
          const char        *format,
          const GString     *list)
{
  g_auto (GStrv) around = g_strsplit (format, "%s", 2);

  if (list->len > 0)
    _inion_montage_say (parts, g_strjoinv (list->str, around));
}

static gboolean
finish (Maker                     *self,
        const InionMontageScript  *script,
        const char                *name,
        GError                   **error)
{
  InionMontageParts *parts = self->parts;

  if (parts->derivations->len == 0 && self->missing->len > 0)
    {
      g_autofree char *lacks = _inion_montage_shorten_list (self->missing->str, 8);

      return inion_set_error (error, INION_ERROR_TOO_FEW,
                              "The montage “%s” cannot be shown: the recording has no %s.", name,
                              lacks);
    }
  if (parts->derivations->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW, script->rows->len == 0
                              ? "The montage “%s” has no derivations."
                              : "The montage “%s” has no derivation that can be shown.", name);
  if (self->summed)
    _inion_montage_say (parts, g_strdup ("sums of the differences that were recorded"));
  if (self->left_out->len > 0 && self->missing->len > 0)
    _inion_montage_say (parts, g_strdup_printf ("without %s (no %s)", self->left_out->str,
                                                self->missing->str));
  else
    say_list (parts, "without %s", self->left_out);
  say_list (parts, "without %s (nothing is left of it)", self->empty);
  say_list (parts, "without %s (rates, lengths or units differ)", self->unlike);
  say_list (parts, "of channels with different references: %s", self->mixed);
  _inion_montage_note_bad (parts, self->inventory);
  return TRUE;
}

/* Fills @parts, which has been initialised and is cleared by the caller in any case. */
gboolean
_inion_montage_build_own (const char          *name,
                          const char          *text,
                          InionRecording      *recording,
                          const char *const   *bad,
                          InionMontageParts   *parts,
                          GError             **error)
{
  g_autoptr (InionMontageScript) script = inion_montage_script_parse (text);
  g_autoptr (InionMontageInventory) inventory = NULL;
  g_autoptr (GString) missing = g_string_new (NULL), left_out = g_string_new (NULL);
  g_autoptr (GString) unlike = g_string_new (NULL), mixed = g_string_new (NULL);
  g_autoptr (GString) empty = g_string_new (NULL);
  Maker maker = { NULL, parts, missing, left_out, unlike, mixed, empty, FALSE };

  if (script->faults->len > 0)
    {
      const InionMontageFault *fault = script->faults->pdata[0];

      return inion_set_error (error, INION_ERROR_INVALID,
                              "The montage “%s” cannot be read at line %u, character %u: %s", name,
                              fault->line, fault->column, fault->message);
    }
  maker.inventory = inventory = _inion_montage_inventory_new (recording, bad);
  for (guint i = 0; i < script->rows->len; i++)
    {
      const InionMontageRow *row = script->rows->pdata[i];

      if (!row->hidden)
        make_row (&maker, row);
    }
  return finish (&maker, script, name, error);
}
