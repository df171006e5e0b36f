/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Depth electrodes: contacts one after the other along a shaft, as their names tell.
 *
 * A contact is called by its shaft and its number from the tip: A1, A2 … of shaft A, LA'1 … of
 * shaft LA'. Neighbours are contacts whose numbers follow each other: where a number is missing,
 * the contacts beside the gap are twice as far apart, and their difference would be another thing.
 * Names of the 10–20 system are electrodes on the scalp where most names of the recording are; a
 * row of more than 20 numbers is a cap or a grid, and not a shaft. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-private.h"

#include "core/error.h"

#include <string.h>

#define MAX_CONTACTS 20
#define MAX_NUMBER 99
#define MIN_PAIRS 2

typedef struct
{
  char *name;
  GArray *contacts; /* of Contact, by number */
} Shaft;

typedef struct
{
  guint channel;
  guint number;
} Contact;

static void
shaft_free (gpointer data)
{
  Shaft *self = data;

  g_free (self->name);
  g_array_unref (self->contacts);
  g_free (self);
}

/* How many bytes at @text are a sign that tells sides apart; 0: none. */
static gsize
prime_length (const char *text)
{
  static const char *const primes[] = { "'", "`", "´", "′", "’" };

  for (guint i = 0; i < G_N_ELEMENTS (primes); i++)
    {
      if (g_str_has_prefix (text, primes[i]))
        return strlen (primes[i]);
    }
  return 0;
}

/* "LA'12" → "LA'" and 12. What follows is the end, a space or a hyphen. */
static gboolean
parse_contact (const char  *text,
               char       **shaft,
               guint       *number,
               const char **rest)
{
  const char *at = text, *digits;
  gsize n;

  while (g_unichar_isalpha (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  if (at == text)
    return FALSE;
  while ((n = prime_length (at)) > 0)
    at += n;
  for (digits = at, *number = 0; g_ascii_isdigit (*at) && *number <= MAX_NUMBER; at++)
    *number = *number * 10 + (guint) (*at - '0');
  if (at == digits || *number == 0 || *number > MAX_NUMBER || g_ascii_isdigit (*at) ||
      (*at != '\0' && *at != '-' && *at != ' '))
    return FALSE;
  *shaft = g_strndup (text, digits - text);
  *rest = at;
  return TRUE;
}

/* "SEEG LA1-Ref" → "LA1-Ref". */
static const char *
skip_kind (const char *label)
{
  static const char *const kinds[] = { "EEG ", "SEEG ", "ECOG ", "POL ", "IEEG " };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_ascii_strncasecmp (label, kinds[i], strlen (kinds[i])) == 0)
        return label + strlen (kinds[i]);
    }
  return label;
}

static Shaft *
obtain_shaft (GPtrArray  *shafts,
              const char *name)
{
  Shaft *shaft;

  for (guint i = 0; i < shafts->len; i++)
    {
      if (g_str_equal (((Shaft *) shafts->pdata[i])->name, name))
        return shafts->pdata[i];
    }
  shaft = g_new0 (Shaft, 1);
  shaft->name = g_strdup (name);
  shaft->contacts = g_array_new (FALSE, FALSE, sizeof (Contact));
  g_ptr_array_add (shafts, shaft);
  return shaft;
}

/* The difference of two contacts of one shaft: the recording is bipolar already. */
static gboolean
is_difference (const char *rest,
               const char *shaft)
{
  g_autofree char *other = NULL;
  const char *end;
  guint number;

  return *rest == '-' && parse_contact (rest + 1, &other, &number, &end) &&
         g_str_equal (other, shaft);
}

static int
compare_contacts (gconstpointer a,
                  gconstpointer b)
{
  const Contact *x = a, *y = b;

  return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                : (x->channel > y->channel) - (x->channel < y->channel);
}

/* The shafts in the order of the recording; @bipolar: (nullable): the first label that is a
 * difference of two contacts. */
static GPtrArray *
find_shafts (const InionMontageInventory  *inventory,
             const char                  **bipolar)
{
  GPtrArray *shafts = g_ptr_array_new_with_free_func (shaft_free);

  *bipolar = NULL;
  for (guint i = 0; i < inventory->n; i++)
    {
      InionChannel *channel = inion_recording_get_channel (inventory->recording, i);
      const char *label = skip_kind (inion_channel_get_label (channel)), *rest;
      g_autofree char *name = NULL;
      Contact contact = { i, 0 };

      if (inion_channel_get_kind (channel) != INION_CHANNEL_EEG ||
          inventory->sources[i].label.g1_known ||
          !parse_contact (label, &name, &contact.number, &rest))
        continue;
      if (!is_difference (rest, name))
        g_array_append_val (obtain_shaft (shafts, name)->contacts, contact);
      else if (*bipolar == NULL)
        *bipolar = inion_channel_get_label (channel);
    }
  for (guint i = shafts->len; i-- > 0;)
    {
      Shaft *shaft = shafts->pdata[i];

      g_array_sort (shaft->contacts, compare_contacts);
      if (shaft->contacts->len < 2 || shaft->contacts->len > MAX_CONTACTS)
        g_ptr_array_remove_index (shafts, i);
    }
  return shafts;
}

static gboolean
is_comparable (const InionMontageInventory *inventory,
               guint                        a,
               guint                        b)
{
  return _inion_montage_inventory_same_clock (inventory, a, b) &&
         _inion_montage_inventory_same_reference (inventory, a, b);
}

/* Each contact minus the next one. */
static void
add_pairs (InionMontageParts           *parts,
           const InionMontageInventory *inventory,
           const Shaft                 *shaft,
           guint                        group,
           GString                     *gaps)
{
  for (guint i = 0; i + 1 < shaft->contacts->len; i++)
    {
      const Contact *a = &g_array_index (shaft->contacts, Contact, i), *b = a + 1;
      const guint channels[2] = { a->channel, b->channel };
      const double weights[2] = { 1, -1 };

      if (b->number != a->number + 1)
        {
          g_autofree char *gap = g_strdup_printf ("%s%u and %s%u", shaft->name, a->number,
                                                  shaft->name, b->number);

          _inion_montage_append_item (gaps, gap);
        }
      else if (is_comparable (inventory, a->channel, b->channel))
        _inion_montage_add (parts,
                            g_strdup_printf ("%s%u-%s%u", shaft->name, a->number, shaft->name,
                                             b->number),
                            INION_CHANNEL_EEG, 2, channels, weights, group, FALSE);
    }
}

/* Each contact minus the mean of the good ones of its shaft. */
static void
add_referred (InionMontageParts           *parts,
              const InionMontageInventory *inventory,
              const Shaft                 *shaft,
              guint                        group,
              GString                     *bad)
{
  const Contact *contacts = (const Contact *) shaft->contacts->data;
  guint n = shaft->contacts->len, n_good = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!is_comparable (inventory, contacts[0].channel, contacts[i].channel))
        return;
      n_good += !inventory->sources[contacts[i].channel].bad;
    }
  for (guint i = 0; i < n && n_good >= 2; i++)
    {
      guint channels[MAX_CONTACTS + 1] = { contacts[i].channel }, n_terms = 1;
      double weights[MAX_CONTACTS + 1] = { 1 };
      g_autofree char *name = g_strdup_printf ("%s%u", shaft->name, contacts[i].number);

      for (guint k = 0; k < n; k++)
        {
          if (inventory->sources[contacts[k].channel].bad)
            continue;
          if (k == i)
            {
              weights[0] -= 1.0 / n_good;
              continue;
            }
          channels[n_terms] = contacts[k].channel;
          weights[n_terms++] = -1.0 / n_good;
        }
      if (inventory->sources[contacts[i].channel].bad)
        _inion_montage_append_item (bad, name);
      _inion_montage_add (parts, g_strdup_printf ("%s-%sAvg", name, shaft->name),
                          INION_CHANNEL_EEG, n_terms, channels, weights, group, FALSE);
    }
}

static gboolean
check_shafts (const GPtrArray  *shafts,
              const char       *bipolar,
              GError          **error)
{
  if (bipolar != NULL)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "The depth electrodes are bipolar already (“%s” is a difference of "
                            "two contacts).", bipolar);
  if (shafts->len == 0)
    return inion_set_error (error, INION_ERROR_NOT_FOUND,
                            "The recording has no depth electrodes: no channels that are called "
                            "by a shaft and a number, as A1, A2, A3.");
  return TRUE;
}

gboolean
_inion_montage_build_shafts (const InionMontageInventory  *inventory,
                             gboolean                      average,
                             InionMontageParts            *parts,
                             GError                      **error)
{
  const char *bipolar;
  g_autoptr (GPtrArray) shafts = find_shafts (inventory, &bipolar);
  g_autoptr (GString) said = g_string_new (NULL);

  if (!check_shafts (shafts, bipolar, error))
    return FALSE;
  for (guint i = 0; i < shafts->len; i++)
    {
      guint group = _inion_montage_next_group (parts);

      if (average)
        add_referred (parts, inventory, shafts->pdata[i], group, said);
      else
        add_pairs (parts, inventory, shafts->pdata[i], group, said);
    }
  if (parts->derivations->len < MIN_PAIRS)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "The depth electrodes have too few neighbouring contacts of the same "
                            "reference, rate and unit.");
  _inion_montage_say (parts, g_strdup_printf (shafts->len == 1 ? "%u shaft" : "%u shafts",
                                              shafts->len));
  if (said->len > 0)
    _inion_montage_say (parts, g_strdup_printf (average ? "bad contacts are in no average: %s"
                                                        : "nothing across the gap between %s",
                                                said->str));
  if (!average)
    _inion_montage_note_bad (parts, inventory);
  _inion_montage_take_used (parts);
  return TRUE;
}
