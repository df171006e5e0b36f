/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the participants.tsv of a BIDS data set says of the person of a recording.
 *
 * It is shown with the recording's description, and it is about a person: whoever makes a copy
 * without identifiers looks for all of the row. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids-participant.h"

#include <string.h>

/* NULL: there is no such table, or it does not speak of this person. */
InionBidsParticipant *
_inion_bids_participant_read (const InionBidsPlace *place,
                              InionEdfFaults       *faults)
{
  g_autofree char *path = g_build_filename (place->root, "participants.tsv", NULL);
  g_autoptr (InionBidsTable) table = NULL;
  int id;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  table = _inion_bids_table_read (path, faults);
  id = table != NULL ? _inion_bids_table_find (table, "participant_id") : -1;
  for (guint i = 0; id >= 0 && i < table->rows->len; i++)
    if (g_strcmp0 (_inion_bids_table_get (table, i, id), place->subject) == 0)
      {
        InionBidsParticipant *self = g_new0 (InionBidsParticipant, 1);
        const struct
        {
          const char *column;
          char **text;
        } known[] = { { "age", &self->age }, { "sex", &self->sex }, { "group", &self->group } };

        self->cells = g_ptr_array_new_with_free_func (g_free);
        for (guint k = 0; k < G_N_ELEMENTS (known); k++)
          *known[k].text = g_strdup (
            _inion_bids_table_get (table, i, _inion_bids_table_find (table, known[k].column)));
        for (guint k = 0; k < table->columns->len; k++)
          {
            const char *cell = _inion_bids_table_get (table, i, (int) k);

            if (cell != NULL)
              g_ptr_array_add (self->cells, g_strdup (cell));
          }
        return self;
      }
  inion_edf_faults_add (faults, "bids-participant", -1, "participants.tsv",
                        "It has no row for “%s”.", place->subject);
  return NULL;
}

void
_inion_bids_participant_free (InionBidsParticipant *self)
{
  if (self == NULL)
    return;
  g_free (self->age);
  g_free (self->sex);
  g_free (self->group);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

/* What the file says of the recording, and behind it what the data set does. */
char *
_inion_bids_join_description (const InionBidsPlace *place,
                              const char           *own,
                              const char           *said)
{
  return own != NULL && *own != '\0' ? g_strdup_printf ("%s (%s: %s)", own, place->subject, said)
                                     : g_strdup_printf ("%s: %s", place->subject, said);
}

/* What the file said before _inion_bids_join_description(). */
char *
_inion_bids_split_description (const InionBidsPlace *place,
                               const char           *description)
{
  g_autofree char *whole = g_strconcat (place->subject, ": ", NULL);
  g_autofree char *behind = g_strconcat (" (", place->subject, ": ", NULL);
  const char *at = description != NULL ? g_strrstr (description, behind) : NULL;

  if (at != NULL && g_str_has_suffix (description, ")"))
    return g_strndup (description, (gsize) (at - description));
  return g_strdup (description == NULL || g_str_has_prefix (description, whole) ? ""
                                                                                : description);
}
