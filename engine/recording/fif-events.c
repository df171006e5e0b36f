/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of a FIF file: its annotations, and the steps of its trigger channels.
 *
 * Annotations count in seconds from a time that they name, mostly the measurement's date; where
 * they name none, from the recording's first sample. If the file has no date at all, both count
 * from sample 0, which lies first_sample samples before the recording.
 *
 * A trigger channel has an event where its code grows. It falls back by itself, and where lines are
 * taken back one by one, that is no news. A code that is there from the start has no beginning. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/fif-private.h"

#include <math.h>
#include <string.h>

#define MAX_SECONDS 9e9
#define BLOCK 65536
#define MAX_EVENTS 2000000

/* A channel that changes this often holds a measured quantity and not codes. */
#define MIN_CHANGES 16
#define PERIOD 10

/* A code that is held for as long as this was meant to last. */
#define HELD_NS G_GINT64_CONSTANT (100000000)

/* Seconds from an annotation's zero to the recording's first sample. */
static double
get_origin (const InionFifFile  *file,
            const InionFifClock *clock)
{
  double first = (double) clock->first_sample * ((double) clock->rate_den_ns * 1e-9) /
                 (double) clock->rate_num;
  double date = (double) file->date_s + (double) file->date_us * 1e-6;

  if (!file->has_date)
    return first;
  if (isnan (file->annotation_origin))
    return 0;
  /* Both are whole microseconds, but hardly so in binary. */
  return first - rint ((file->annotation_origin - date) * 1e6) * 1e-6;
}

/* The strings of a JSON list of strings, without their marks. */
static char **
split_names (const char *list)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GString) name = NULL;

  for (const char *p = list; *p != '\0'; p++)
    {
      if (*p == '"')
        {
          if (name == NULL)
            name = g_string_new (NULL);
          else
            {
              g_strv_builder_add (builder, name->str);
              g_string_free (g_steal_pointer (&name), TRUE);
            }
        }
      else if (name != NULL && *p == '\\' && p[1] == 'u' && strlen (p) >= 6)
        {
          g_autofree char *hex = g_strndup (p + 2, 4);
          gunichar c = (gunichar) g_ascii_strtoull (hex, NULL, 16);

          if (c != 0 && g_unichar_validate (c))
            g_string_append_unichar (name, c);
          p += 5;
        }
      else if (name != NULL)
        {
          if (*p == '\\' && p[1] != '\0')
            p++;
          g_string_append_c (name, *p);
        }
    }
  return g_strv_builder_end (builder);
}

static int
find_channel (InionRecording *recording,
              const char     *name)
{
  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    if (strcmp (inion_channel_get_info (inion_recording_get_channel (recording, i))->raw_label,
                name) == 0)
      return (int) i;
  return -1;
}

/* One channel: the event is its own. Several: they are named. */
static char *
dup_text (InionRecording           *recording,
          const InionFifAnnotation *annotation,
          int                      *channel)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *list = NULL;

  *channel = -1;
  if (annotation->channels == NULL)
    return g_strdup (annotation->text);
  names = split_names (annotation->channels);
  if (names[0] != NULL && names[1] == NULL)
    *channel = find_channel (recording, names[0]);
  if (names[0] == NULL || *channel >= 0)
    return g_strdup (annotation->text);
  list = g_strjoinv (", ", names);
  return g_strdup_printf ("%s (%s)", annotation->text, list);
}

/**
 * _inion_fif_add_annotations:
 * @recording: a recording that has its channels
 * @file: what a file says
 * @clock: of its first part
 * @seen: (element-type utf8 utf8): a set; the parts of a split recording may all say the same
 * @faults: where what is wrong is added
 *
 * Adds the annotations of a file as events.
 */
void
_inion_fif_add_annotations (InionBinaryRecording *recording,
                            const InionFifFile   *file,
                            const InionFifClock  *clock,
                            GHashTable           *seen,
                            InionEdfFaults       *faults)
{
  double origin = get_origin (file, clock);

  for (guint i = 0; i < file->annotations->len; i++)
    {
      const InionFifAnnotation *a = &g_array_index (file->annotations, InionFifAnnotation, i);
      double onset = a->onset - origin;
      g_autofree char *text = NULL;
      g_autofree char *key = NULL;
      gint64 duration_ns;
      int channel;

      if (!(fabs (onset) < MAX_SECONDS) || !(fabs (a->duration) < MAX_SECONDS))
        {
          inion_edf_faults_add (faults, "annotation time", -1, "annotations",
                                "The annotation “%s” is at %g s for %g s, which cannot be; it was "
                                "left out.", a->text, onset, a->duration);
          continue;
        }
      if (a->duration < 0)
        inion_edf_faults_add (faults, "annotation duration", -1, "annotations",
                              "The annotation “%s” ends before it begins; it is shown without a "
                              "duration.", a->text);
      duration_ns = a->duration < 0 ? -1 : (gint64) llrint (a->duration * 1e9);
      text = dup_text (INION_RECORDING (recording), a, &channel);
      key = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                             (gint64) llrint (onset * 1e9), duration_ns, text);
      if (g_hash_table_add (seen, g_steal_pointer (&key)))
        inion_binary_recording_take_event (
          recording, inion_event_new ((gint64) llrint (onset * 1e9), duration_ns, text, channel));
    }
}

typedef struct
{
  InionRecording *recording;
  guint channel;
  GPtrArray *events;
  InionEvent *open; /* (nullable): borrowed: the one whose code is held */
  gint64 code;
  gint64 n, changes;
} Scan;

static void
close_event (Scan   *self,
             gint64  at_ns)
{
  if (self->open != NULL && at_ns - self->open->onset_ns >= HELD_NS)
    self->open->duration_ns = at_ns - self->open->onset_ns;
  self->open = NULL;
}

static void
take_code (Scan    *self,
           gint64   code,
           gint64   sample,
           gboolean begins)
{
  InionChannel *channel = inion_recording_get_channel (self->recording, self->channel);
  gint64 at_ns;

  self->n++;
  if (!begins && code == self->code)
    return;
  at_ns = inion_channel_sample_to_ns (channel, sample);
  close_event (self, at_ns);
  if (!begins)
    {
      self->changes++;
      if (code > self->code && self->events->len < MAX_EVENTS)
        {
          g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, code);

          self->open = inion_event_new (at_ns, -1, text, (int) self->channel);
          g_ptr_array_add (self->events, self->open);
        }
    }
  self->code = code;
}

static gboolean
scan_run (Scan     *self,
          double   *values,
          gint64    first,
          gint64    n,
          InionJob *job,
          GError  **error)
{
  for (gint64 done = 0; done < n;)
    {
      gsize m = (gsize) MIN (n - done, BLOCK);

      if (!inion_job_check (job, error) ||
          !inion_recording_read (self->recording, self->channel, first + done, m, values, error))
        return FALSE;
      for (gsize i = 0; i < m; i++)
        {
          double code = fabs (trunc (values[i]));

          take_code (self, code < 1e15 ? (gint64) code : 0, first + done + (gint64) i,
                     done == 0 && i == 0);
        }
      done += (gint64) m;
    }
  return TRUE;
}

static gboolean
scan_channel (Scan     *self,
              InionJob *job,
              GError  **error)
{
  InionChannel *channel = inion_recording_get_channel (self->recording, self->channel);
  g_autofree double *values = g_new (double, BLOCK);
  gint64 at = 0, first, n;

  while (inion_recording_find_run (self->recording, self->channel, at, &first, &n))
    {
      if (!scan_run (self, values, first, n, job, error))
        return FALSE;
      at = first + n;
      close_event (self, inion_channel_sample_to_ns (channel, at));
    }
  return TRUE;
}

static GPtrArray *
load_triggers (InionRecording  *recording,
               gpointer         data,
               InionJob        *job,
               GError         **error)
{
  const GArray *channels = data;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);

  for (guint i = 0; i < channels->len; i++)
    {
      g_autoptr (GPtrArray) events =
        g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
      Scan scan = { .recording = recording, .events = events };

      scan.channel = g_array_index (channels, guint, i);
      if (!scan_channel (&scan, job, error))
        return NULL;
      if (scan.changes >= MIN_CHANGES && scan.changes > scan.n / PERIOD)
        {
          inion_recording_take_fault (
            recording,
            inion_fault_new (-1, "events", "Channel %s changes so often that it cannot hold codes; "
                             "no events were made of it.",
                             inion_channel_get_label (
                               inion_recording_get_channel (recording, scan.channel))));
          continue;
        }
      g_ptr_array_extend_and_steal (all, g_steal_pointer (&events));
    }
  return g_steal_pointer (&all);
}

/**
 * _inion_fif_add_triggers:
 * @recording: a recording that has its channels
 *
 * Sees to it that the steps of the trigger channel become events: of the one that has the codes of
 * all lines if there is one, else of all.
 */
void
_inion_fif_add_triggers (InionBinaryRecording *recording)
{
  static const char *const sums[] = { "STI101", "STI 014" };
  InionRecording *base = INION_RECORDING (recording);
  GArray *channels = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean all;

  for (gsize k = 0; k < G_N_ELEMENTS (sums) && channels->len == 0; k++)
    {
      int found = find_channel (base, sums[k]);
      guint index = (guint) found;

      if (found >= 0 &&
          inion_channel_get_kind (inion_recording_get_channel (base, index)) ==
            INION_CHANNEL_TRIGGER)
        g_array_append_val (channels, index);
    }
  all = channels->len == 0;
  for (guint i = 0; all && i < inion_recording_get_n_channels (base); i++)
    if (inion_channel_get_kind (inion_recording_get_channel (base, i)) == INION_CHANNEL_TRIGGER)
      g_array_append_val (channels, i);
  inion_binary_recording_set_event_loader (recording, load_triggers, channels,
                                           (GDestroyNotify) g_array_unref);
}
