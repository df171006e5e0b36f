/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written of a recording, worked out once for all formats.
 *
 * A recording is written in pieces: its stretches between gaps, cut to the range that was chosen.
 * Channels of different rates can be cut together only where all of them have a whole number of
 * samples: at multiples of a tick, the shortest time that is a multiple of all sample periods. With
 * periods a/b and c/d in lowest terms that is lcm (a, c) / gcd (b, d). */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/export-private.h"

#define MAX_TICK_NUM ((__int128) 1 << 62)
#define DAY_NS (G_GINT64_CONSTANT (86400) * 1000000000)

static __int128
find_gcd (__int128 a,
          __int128 b)
{
  while (b != 0)
    {
      __int128 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

/* Makes the tick a multiple of a channel's period too. FALSE: there is none shorter than a day. */
static gboolean
widen_tick (InionExportPlan        *self,
            const InionChannelInfo *info)
{
  __int128 gcd = find_gcd (info->rate_den_ns, info->rate_num);
  __int128 num = info->rate_den_ns / gcd;
  __int128 den = info->rate_num / gcd;

  if (self->tick_num > 0)
    {
      num = self->tick_num / find_gcd (self->tick_num, num) * num; /* below 2^125 */
      den = find_gcd (self->tick_den, den);
    }
  if (num >= MAX_TICK_NUM || num / den > DAY_NS)
    return FALSE;
  self->tick_num = (gint64) num;
  self->tick_den = (gint64) den;
  return TRUE;
}

static void
find_tick (InionExportPlan *self)
{
  for (guint i = 0; i < self->channels->len; i++)
    if (!widen_tick (self, _inion_export_plan_get_channel (self, i)->info))
      {
        self->tick_num = 0;
        self->tick_den = 0;
        return;
      }
  for (guint i = 0; i < self->channels->len; i++)
    {
      InionExportChannel *channel = _inion_export_plan_get_channel (self, i);

      channel->tick_samples = (gint64) ((__int128) self->tick_num * channel->info->rate_num /
                                        ((__int128) self->tick_den * channel->info->rate_den_ns));
    }
}

static void
clear_channel (gpointer data)
{
  InionExportChannel *channel = data;

  g_clear_pointer (&channel->runs, g_array_unref);
}

static void
add_channels (InionExportPlan         *self,
              const InionExportChoice *choice)
{
  for (guint i = 0; i < choice->channels->len; i++)
    {
      guint source = g_array_index (choice->channels, guint, i);
      InionExportChannel channel = {
        .source = source,
        .info = inion_channel_get_info (inion_recording_get_channel (self->recording, source)),
        .runs = g_array_new (FALSE, TRUE, sizeof (InionExportRun)),
      };

      g_array_append_val (self->channels, channel);
    }
}

/* A stretch of the recording, and where it is cut. */
typedef struct
{
  gint64 from_ns; /* of the stretch */
  gint64 cut_ns; /* first moment that is wanted */
  gint64 first_tick; /* since the stretch's begin */
  gint64 end_tick; /* G_MAXINT64: not cut */
  gint64 end_ns; /* the same where there are no ticks */
} Stretch;

static gint64
divide_up (gint64 ns,
           gint64 num,
           gint64 den)
{
  return -inion_int64_mul_div (-ns, den, num);
}

static gboolean
cut_stretch (const InionExportPlan   *self,
             const InionExportChoice *choice,
             guint                    index,
             Stretch                 *stretch)
{
  gint64 to_ns;

  inion_recording_get_segment (self->recording, index, &stretch->from_ns, &to_ns);
  stretch->cut_ns = stretch->from_ns;
  stretch->first_tick = 0;
  stretch->end_tick = stretch->end_ns = G_MAXINT64;
  if (!choice->has_range)
    return TRUE;
  if (choice->to_ns <= stretch->from_ns || choice->from_ns >= to_ns ||
      choice->from_ns >= choice->to_ns)
    return FALSE;
  stretch->cut_ns = MAX (stretch->from_ns, choice->from_ns);
  if (choice->to_ns < to_ns)
    stretch->end_ns = choice->to_ns;
  if (self->tick_num == 0)
    return TRUE;
  stretch->first_tick = inion_int64_mul_div (stretch->cut_ns - stretch->from_ns, self->tick_den,
                                             self->tick_num);
  stretch->cut_ns = stretch->from_ns + inion_int64_mul_div (stretch->first_tick, self->tick_num,
                                                            self->tick_den);
  if (stretch->end_ns < G_MAXINT64)
    stretch->end_tick = divide_up (stretch->end_ns - stretch->from_ns, self->tick_num,
                                   self->tick_den);
  return TRUE;
}

/* The part of a channel's run in a stretch that is wanted. */
static InionExportRun
cut_run (const InionExportPlan    *self,
         const InionExportChannel *channel,
         const Stretch            *stretch,
         InionExportRun            run)
{
  InionChannel *object = inion_recording_get_channel (self->recording, channel->source);
  gint64 skip = 0, end = run.n;

  if (self->tick_num > 0)
    {
      skip = inion_int64_mul_div (stretch->first_tick, channel->tick_samples, 1);
      if (stretch->end_tick < G_MAXINT64)
        end = inion_int64_mul_div (stretch->end_tick, channel->tick_samples, 1);
    }
  else
    {
      if (stretch->cut_ns > stretch->from_ns)
        skip = inion_channel_ns_to_sample (object, stretch->cut_ns) - run.first;
      if (stretch->end_ns < G_MAXINT64)
        end = inion_channel_ns_to_sample (object, stretch->end_ns - 1) + 1 - run.first;
    }
  skip = CLAMP (skip, 0, run.n);
  end = CLAMP (end, skip, run.n);
  return (InionExportRun) { run.first + skip, end - skip };
}

/* Assigns each run of a channel to the stretch in which its middle lies: a run begins up to half a
 * sample from its stretch. */
static void
add_runs (InionExportPlan    *self,
          InionExportChannel *channel,
          const GArray       *stretches)
{
  InionChannel *object = inion_recording_get_channel (self->recording, channel->source);
  gint64 at = 0;
  guint s = 0;
  InionExportRun run;

  g_array_set_size (channel->runs, stretches->len);
  while (inion_recording_find_run (self->recording, channel->source, at, &run.first, &run.n))
    {
      gint64 begin_ns = inion_channel_sample_to_ns (object, run.first);
      gint64 end_ns = inion_channel_sample_to_ns (object, run.first + run.n);
      gint64 middle_ns = begin_ns + (end_ns - begin_ns) / 2;

      while (s + 1 < stretches->len &&
             g_array_index (stretches, Stretch, s + 1).from_ns <= middle_ns)
        s++;
      g_array_index (channel->runs, InionExportRun, s) = run;
      at = run.first + run.n;
    }
}

static gboolean
add_pieces (InionExportPlan          *self,
            const InionExportChoice  *choice,
            InionJob                 *job,
            GError                  **error)
{
  guint n_stretches = inion_recording_get_n_segments (self->recording);
  g_autoptr (GArray) stretches = g_array_new (FALSE, TRUE, sizeof (Stretch));
  g_autoptr (GArray) wanted = g_array_new (FALSE, TRUE, sizeof (gboolean));

  for (guint i = 0; i < n_stretches; i++)
    {
      Stretch stretch;
      gboolean want = cut_stretch (self, choice, i, &stretch);

      g_array_append_val (stretches, stretch);
      g_array_append_val (wanted, want);
      if (want)
        g_array_append_val (self->onsets, stretch.cut_ns);
    }
  for (guint c = 0; c < self->channels->len; c++)
    {
      InionExportChannel *channel = _inion_export_plan_get_channel (self, c);
      guint n = 0;

      if (!inion_job_check (job, error))
        return FALSE;
      add_runs (self, channel, stretches);
      for (guint i = 0; i < n_stretches; i++)
        if (g_array_index (wanted, gboolean, i))
          {
            const Stretch *stretch = &g_array_index (stretches, Stretch, i);
            InionExportRun run = g_array_index (channel->runs, InionExportRun, i);

            g_array_index (channel->runs, InionExportRun, n++) =
              cut_run (self, channel, stretch, run);
          }
      g_array_set_size (channel->runs, n);
    }
  return TRUE;
}

static gboolean
has_samples (const InionExportPlan *self,
             guint                  piece)
{
  for (guint c = 0; c < self->channels->len; c++)
    if (_inion_export_channel_get_run (_inion_export_plan_get_channel (self, c), piece).n > 0)
      return TRUE;
  return FALSE;
}

/* A stretch may be shorter than a sample: it has none. No format can say that there is a piece
 * without samples, and a clock that counts from one would be off by what it lacks. */
static void
drop_empty_pieces (InionExportPlan *self)
{
  guint n = 0;

  for (guint p = 0; p < self->onsets->len; p++)
    if (has_samples (self, p))
      {
        g_array_index (self->onsets, gint64, n) = g_array_index (self->onsets, gint64, p);
        for (guint c = 0; c < self->channels->len; c++)
          {
            GArray *runs = _inion_export_plan_get_channel (self, c)->runs;

            g_array_index (runs, InionExportRun, n) = g_array_index (runs, InionExportRun, p);
          }
        n++;
      }
  if (n == 0)
    return;
  g_array_set_size (self->onsets, n);
  for (guint c = 0; c < self->channels->len; c++)
    g_array_set_size (_inion_export_plan_get_channel (self, c)->runs, n);
}

static gint64
get_zero (const InionExportPlan *self)
{
  return self->onsets->len > 0 ? g_array_index (self->onsets, gint64, 0) : 0;
}

static int
find_channel (const InionExportPlan *self,
              int                    source)
{
  for (guint i = 0; i < self->channels->len && source >= 0; i++)
    if (_inion_export_plan_get_channel (self, i)->source == (guint) source)
      return (int) i;
  return -1;
}

static gboolean
add_events (InionExportPlan          *self,
            const InionExportChoice  *choice,
            InionJob                 *job,
            GError                  **error)
{
  GPtrArray *events = choice->events;
  gint64 zero = get_zero (self);
  gint64 from_ns = choice->has_range ? MIN (zero, choice->from_ns) : G_MININT64;
  guint homeless = 0;

  if (events == NULL && !inion_recording_load_events (self->recording, job, error))
    return FALSE;
  if (events == NULL)
    events = inion_recording_get_events (self->recording);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];
      int channel = find_channel (self, event->channel);
      gint64 end_ns = event->onset_ns + MAX (event->duration_ns, 0);

      if (choice->has_range &&
          (event->onset_ns >= choice->to_ns || (event->onset_ns < from_ns && end_ns <= from_ns)))
        continue;
      homeless += event->channel >= 0 && channel < 0;
      g_ptr_array_add (self->events, inion_event_new (event->onset_ns - zero,
                                                      MAX (event->duration_ns, -1),
                                                      event->text != NULL ? event->text : "",
                                                      channel));
    }
  if (homeless > 0)
    _inion_export_plan_note (self, "%u events belong to channels that are not written; they are "
                             "written as events of all channels.", homeless);
  return TRUE;
}

/**
 * _inion_export_plan_new:
 * @choice: what shall be written
 * @name: the new file's name, for messages
 * @job: (nullable): for cancel
 * @error: return location
 *
 * Works out what is written.
 *
 * Returns: (transfer full) (nullable): the plan, or %NULL if the events could not be read or the
 *   job was cancelled
 */
InionExportPlan *
_inion_export_plan_new (const InionExportChoice  *choice,
                        const char               *name,
                        InionJob                 *job,
                        GError                  **error)
{
  g_autoptr (InionExportPlan) self = g_new0 (InionExportPlan, 1);

  self->recording = g_object_ref (choice->recording);
  self->channels = g_array_new (FALSE, TRUE, sizeof (InionExportChannel));
  g_array_set_clear_func (self->channels, clear_channel);
  self->onsets = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->patient = g_strdup (choice->patient != NULL ? choice->patient : "");
  self->description = g_strdup (choice->description != NULL ? choice->description : "");
  self->name = g_strdup (name);
  self->whole = !choice->has_range;
  self->fill_missing = choice->fill_missing;
  add_channels (self, choice);
  find_tick (self);
  if (!add_pieces (self, choice, job, error))
    return NULL;
  drop_empty_pieces (self);
  if (!add_events (self, choice, job, error))
    return NULL;
  if (choice->start != NULL)
    self->start = g_date_time_add (choice->start, get_zero (self) / 1000);
  return g_steal_pointer (&self);
}

/**
 * _inion_export_plan_free:
 * @self: (nullable): a plan
 */
void
_inion_export_plan_free (InionExportPlan *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->recording);
  g_clear_pointer (&self->channels, g_array_unref);
  g_clear_pointer (&self->onsets, g_array_unref);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self->patient);
  g_free (self->description);
  g_free (self->name);
  g_free (self);
}

/**
 * _inion_export_plan_note:
 * @self: a plan
 * @format: printf format of what a person should know
 */
void
_inion_export_plan_note (InionExportPlan *self,
                         const char      *format,
                         ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->notes, g_strdup_vprintf (format, args));
  va_end (args);
}

/**
 * _inion_export_plan_get_onset:
 * @self: a plan
 * @piece: one of its pieces
 *
 * Returns: when the piece begins, nanoseconds since the first one
 */
gint64
_inion_export_plan_get_onset (const InionExportPlan *self,
                              guint                  piece)
{
  return g_array_index (self->onsets, gint64, piece) - get_zero (self);
}

/**
 * _inion_export_plan_refuse_empty:
 * @self: a plan
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW if there is not one sample to write
 */
gboolean
_inion_export_plan_refuse_empty (const InionExportPlan  *self,
                                 GError                **error)
{
  for (guint p = 0; p < self->onsets->len; p++)
    if (has_samples (self, p))
      return TRUE;
  return inion_set_error (error, INION_ERROR_TOO_FEW,
                          "“%s” was not written: the chosen channels have no samples in the "
                          "chosen time.", self->name);
}
