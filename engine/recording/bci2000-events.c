/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of a BCI2000 file as events.
 *
 * Behind the samples of every moment stands the state vector: what the experiment was doing then.
 * An event lasts as long as a state holds a value other than 0. No events are made of states that
 * are clocks, that tell only that the program ran, that never change, or that change so often and
 * to so many values that they are measured quantities. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bci2000-events.h"

#include "core/error.h"

#include <string.h>

#define CHUNK_BYTES (1024 * 1024)
#define MAX_EVENTS 4000000
#define MIN_CHANGES 16
#define PERIOD 10
#define MAX_VALUES 64

typedef struct
{
  const InionBci2000State *state;
  GPtrArray *events;
  InionEvent *open; /* (nullable): borrowed */
  gboolean skipped;
  guint32 value;
  gint64 changes;
  GHashTable *values; /* those it had, up to MAX_VALUES + 1 */
} Track;

typedef struct
{
  InionRecording *recording;
  const InionBci2000Header *header;
  InionChannel *channel;
  Track *tracks;
  guint n_events;
} Scan;

static gboolean
is_clock (const char *name)
{
  static const char *const names[] = { "SourceTime", "StimulusTime", "Running", "Recording", NULL };

  return g_strv_contains (names, name);
}

static guint32
get_value (const InionBci2000State *state,
           const guint8            *vector)
{
  guint32 value = 0;

  for (guint i = 0; i < state->n_bits; i++)
    {
      guint bit = state->bit + i;

      value |= (guint32) (vector[bit / 8] >> bit % 8 & 1) << i;
    }
  return value;
}

static void
change (Scan    *self,
        Track   *track,
        guint32  value,
        gint64   sample)
{
  gint64 at_ns = inion_channel_sample_to_ns (self->channel, sample);

  if (track->open != NULL)
    track->open->duration_ns = at_ns - track->open->onset_ns;
  track->open = NULL;
  track->changes += sample > 0;
  track->value = value;
  if (g_hash_table_size (track->values) <= MAX_VALUES)
    g_hash_table_add (track->values, GUINT_TO_POINTER (value));
  if (value != 0 && self->n_events < MAX_EVENTS)
    {
      g_autofree char *text = g_strdup_printf ("%s %u", track->state->name, value);

      track->open = inion_event_new (at_ns, -1, text, -1);
      g_ptr_array_add (track->events, track->open);
      self->n_events++;
    }
}

static void
take_vector (Scan         *self,
             const guint8 *vector,
             gint64        sample)
{
  for (guint i = 0; i < self->header->states->len; i++)
    {
      Track *track = &self->tracks[i];
      guint32 value;

      if (track->skipped)
        continue;
      value = get_value (track->state, vector);
      if (sample == 0 || value != track->value)
        change (self, track, value, sample);
    }
}

static gboolean
scan_vectors (Scan     *self,
              gint64    n,
              InionJob *job,
              GError  **error)
{
  gsize sample_bytes = self->header->n_channels * inion_sample_type_get_size (self->header->type);
  gsize moment = sample_bytes + self->header->state_bytes;
  gint64 at_once = MAX (CHUNK_BYTES / (gint64) moment, 1);
  g_autofree guint8 *bytes = g_malloc ((gsize) at_once * moment);
  g_autofree guint8 *last = g_malloc0 (self->header->state_bytes + 1);

  for (gint64 first = 0; first < n; first += at_once)
    {
      gsize m = (gsize) MIN (n - first, at_once);

      if (!inion_job_check (job, error) ||
          !inion_binary_recording_read_bytes (INION_BINARY_RECORDING (self->recording), 0, bytes,
                                              m * moment,
                                              self->header->header_bytes + first * (gint64) moment,
                                              error))
        return FALSE;
      for (gsize i = 0; i < m; i++)
        {
          const guint8 *vector = bytes + i * moment + sample_bytes;

          if (first + (gint64) i > 0 && memcmp (vector, last, self->header->state_bytes) == 0)
            continue;
          memcpy (last, vector, self->header->state_bytes);
          take_vector (self, vector, first + (gint64) i);
        }
      inion_job_report (job, (double) first / (double) n, "Reading events");
    }
  return TRUE;
}

static gboolean
is_measured (const Scan  *self,
             const Track *track,
             gint64       n)
{
  if (track->changes < MIN_CHANGES)
    return FALSE;
  return track->changes > n / PERIOD ||
         (g_hash_table_size (track->values) > MAX_VALUES &&
          track->changes > n / self->header->block / 4);
}

static void
finish (Scan      *self,
        Track     *track,
        gint64     n,
        GPtrArray *all)
{
  if (track->open != NULL)
    track->open->duration_ns =
      inion_channel_sample_to_ns (self->channel, n) - track->open->onset_ns;
  if (track->changes == 0)
    return;
  if (is_measured (self, track, n))
    inion_recording_take_fault (
      self->recording,
      inion_fault_new (-1, "states", "State %s changes so often that it is a measured quantity; no "
                       "events were made of it.", track->state->name));
  else
    g_ptr_array_extend_and_steal (all, g_steal_pointer (&track->events));
}

static GPtrArray *
load_states (InionRecording  *recording,
             gpointer         data,
             InionJob        *job,
             GError         **error)
{
  const InionBci2000Header *header = data;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  g_autofree Track *tracks = g_new0 (Track, header->states->len);
  Scan scan = { .recording = recording, .header = header, .tracks = tracks };
  gint64 n;
  gboolean ok;

  scan.channel = inion_recording_get_channel (recording, 0);
  n = inion_channel_get_n_samples (scan.channel);
  for (guint i = 0; i < header->states->len; i++)
    {
      tracks[i].state = &g_array_index (header->states, InionBci2000State, i);
      tracks[i].skipped = is_clock (tracks[i].state->name);
      tracks[i].events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
      tracks[i].values = g_hash_table_new (NULL, NULL);
    }
  ok = scan_vectors (&scan, n, job, error);
  for (guint i = 0; i < header->states->len; i++)
    {
      if (ok)
        finish (&scan, &tracks[i], n, all);
      g_clear_pointer (&tracks[i].events, g_ptr_array_unref);
      g_hash_table_unref (tracks[i].values);
    }
  return ok ? g_steal_pointer (&all) : NULL;
}

/**
 * _inion_bci2000_add_states:
 * @recording: a recording that has its channels
 * @header: (transfer full): its header
 *
 * Sees to it that the states become events.
 */
void
_inion_bci2000_add_states (InionBinaryRecording *recording,
                           InionBci2000Header   *header)
{
  inion_binary_recording_set_event_loader (recording, load_states, header,
                                           (GDestroyNotify) _inion_bci2000_header_free);
}
