/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects what is wrong with a file, one line for many signals or records that have it alike. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-faults.h"

typedef struct
{
  char *key;
  InionFault *fault;
  guint64 count;
} Tally;

struct _InionEdfFaults
{
  GArray *tallies;
};

static void
clear_tally (Tally *tally)
{
  g_free (tally->key);
  inion_fault_free (tally->fault);
}

/**
 * inion_edf_faults_new:
 *
 * Returns: (transfer full): an empty collection
 */
InionEdfFaults *
inion_edf_faults_new (void)
{
  InionEdfFaults *self = g_new (InionEdfFaults, 1);

  self->tallies = g_array_new (FALSE, FALSE, sizeof (Tally));
  g_array_set_clear_func (self->tallies, (GDestroyNotify) clear_tally);
  return self;
}

/**
 * inion_edf_faults_free:
 * @self: (nullable): a collection
 */
void
inion_edf_faults_free (InionEdfFaults *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tallies);
  g_free (self);
}

/**
 * inion_edf_faults_add:
 * @self: a collection
 * @key: what kind of fault it is, and in which field
 * @offset: byte offset in the file, -1 if there is none
 * @field: the field or place
 * @format: printf format of what was found and what was assumed
 *
 * Adds a fault. The first of a kind is kept in full, the others are counted: a file with 64 wrong
 * units has one fault, not 64.
 */
void
inion_edf_faults_add (InionEdfFaults *self,
                      const char     *key,
                      gint64          offset,
                      const char     *field,
                      const char     *format,
                      ...)
{
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;
  va_list args;
  Tally tally = { NULL, NULL, 1 };

  for (guint i = 0; i < self->tallies->len; i++)
    if (g_str_equal (g_array_index (self->tallies, Tally, i).key, key))
      {
        g_array_index (self->tallies, Tally, i).count++;
        return;
      }
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  /* What is quoted may have been cut within a character. */
  message = g_utf8_make_valid (text, -1);
  tally.key = g_strdup (key);
  tally.fault = inion_fault_new (offset, field, "%s", message);
  g_array_append_val (self->tallies, tally);
}

/**
 * inion_edf_faults_hand_over:
 * @self: a collection; empty after
 * @recording: where the faults go
 * @more: what the others of a kind are, as "signals"; of one, its last letter is left out
 *
 * Gives the faults to a recording, in the order they were met.
 */
void
inion_edf_faults_hand_over (InionEdfFaults *self,
                            InionRecording *recording,
                            const char     *more)
{
  for (guint i = 0; i < self->tallies->len; i++)
    {
      Tally *tally = &g_array_index (self->tallies, Tally, i);

      if (tally->count > 1)
        {
          int letters = (int) strlen (more) - (tally->count == 2);
          char *message = g_strdup_printf ("%s The same in %" G_GUINT64_FORMAT " more %.*s.",
                                           tally->fault->message, tally->count - 1, letters, more);

          g_free (tally->fault->message);
          tally->fault->message = message;
        }
      inion_recording_take_fault (recording, g_steal_pointer (&tally->fault));
    }
  g_array_set_size (self->tallies, 0);
}
