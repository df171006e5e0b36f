/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a look at a whole file tells: its faults, and what only its samples show.
 *
 * Faults are what the reader met in the header and, because all events are read here, in the
 * annotations up to the last byte. Then each sample of each channel is read once. One sample at a
 * limit of the digital range is a maximum; two and more behind each other are saturation. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/check.h"

#include "core/size.h"

#include <math.h>

#define BLOCK_SAMPLES 65536

/* Gaps that are told one by one. */
#define MAX_GAPS_TOLD 20

/* Channels that are named where many have the same. */
#define MAX_CHANNELS_TOLD 8

/* A channel while it is read. */
typedef struct
{
  InionChannelCheck result;
  const InionChannelInfo *info;
  gboolean limited; /* its digital range says something */
  double first;
  gboolean begun;
  gint64 at_limit; /* samples at a limit up to here, without a break */
} Channel;

const char *
inion_severity_to_string (InionSeverity severity)
{
  static const char *const names[] = { "note", "warning", "fault" };

  g_return_val_if_fail (severity <= INION_SEVERITY_FAULT, NULL);

  return names[severity];
}

static void
free_finding (gpointer data)
{
  InionFinding *finding = data;

  g_free (finding->field);
  g_free (finding->message);
  g_free (finding);
}

G_GNUC_PRINTF (5, 6) static void
add_finding (InionCheck    *self,
             InionSeverity  severity,
             gint64         offset,
             const char    *field,
             const char    *format,
             ...)
{
  InionFinding *finding = g_new0 (InionFinding, 1);
  va_list args;

  finding->severity = severity;
  finding->offset = offset;
  finding->field = g_strdup (field);
  va_start (args, format);
  finding->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->findings, finding);
}

static void
add_faults (InionCheck     *self,
            InionRecording *recording)
{
  GPtrArray *faults = inion_recording_get_faults (recording);

  for (guint i = 0; faults != NULL && i < faults->len; i++)
    {
      const InionFault *fault = faults->pdata[i];

      add_finding (self, INION_SEVERITY_FAULT, fault->offset, fault->field, "%s", fault->message);
    }
}

static void
add_gaps (InionCheck     *self,
          InionRecording *recording)
{
  self->n_gaps = inion_recording_get_n_segments (recording);
  self->n_gaps -= self->n_gaps > 0;
  for (guint i = 0; i < MIN (self->n_gaps, MAX_GAPS_TOLD); i++)
    {
      gint64 before_ns, from_ns, to_ns, after_ns;

      inion_recording_get_segment (recording, i, &before_ns, &from_ns);
      inion_recording_get_segment (recording, i + 1, &to_ns, &after_ns);
      if (from_ns == to_ns)
        add_finding (self, INION_SEVERITY_NOTE, -1, "border",
                     "The recorder stopped at %.3f s and went on; the file does not say how much "
                     "later.", (double) from_ns / 1e9);
      else
        add_finding (self, INION_SEVERITY_NOTE, -1, "gap",
                     "Nothing was recorded from %.3f s to %.3f s.", (double) from_ns / 1e9,
                     (double) to_ns / 1e9);
    }
  if (self->n_gaps > MAX_GAPS_TOLD)
    add_finding (self, INION_SEVERITY_NOTE, -1, "gap", "There are %u more gaps.",
                 self->n_gaps - MAX_GAPS_TOLD);
}

static void
look_at_digital (Channel      *channel,
                 const gint32 *digital,
                 const double *physical,
                 gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      gboolean missing = isnan (physical[i]);
      gboolean at_limit = !missing && (digital[i] == channel->info->digital_min ||
                                       digital[i] == channel->info->digital_max);

      channel->result.n_beyond += !missing && (digital[i] < channel->info->digital_min ||
                                               digital[i] > channel->info->digital_max);
      channel->at_limit = at_limit ? channel->at_limit + 1 : 0;
      if (channel->at_limit >= 2)
        channel->result.n_saturated += channel->at_limit == 2 ? 2 : 1;
    }
}

static void
look_at_physical (Channel      *channel,
                  const double *physical,
                  gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (physical[i]) || isinf (physical[i]))
        {
          channel->result.n_missing++;
          continue;
        }
      if (!channel->begun)
        channel->first = physical[i];
      channel->result.flat = (!channel->begun || channel->result.flat) &&
                             !(physical[i] < channel->first || physical[i] > channel->first);
      channel->begun = TRUE;
    }
}

static gboolean
scan_run (Channel         *channel,
          InionRecording  *recording,
          guint            index,
          gint64           first,
          gint64           n,
          double          *physical,
          gint32          *digital,
          InionJob        *job,
          GError         **error)
{
  channel->at_limit = 0;
  for (gint64 done = 0; done < n; done += BLOCK_SAMPLES)
    {
      gsize m = (gsize) MIN (n - done, BLOCK_SAMPLES);

      if (!inion_job_check (job, error) ||
          !inion_recording_read (recording, index, first + done, m, physical, error) ||
          (channel->limited && !inion_recording_read_digital (recording, index, first + done, m,
                                                              digital, error)))
        return FALSE;
      look_at_physical (channel, physical, m);
      if (channel->limited)
        look_at_digital (channel, digital, physical, m);
      channel->result.n_samples += (gint64) m;
    }
  return TRUE;
}

/* What the samples of a channel can be found to be. */
typedef enum
{
  SAMPLES_BEYOND,
  SAMPLES_SATURATED,
  SAMPLES_MISSING,
  SAMPLES_FLAT,
  N_SAMPLE_FINDINGS,
} SampleFinding;

static const struct
{
  InionSeverity severity;
  const char *message; /* behind "12 of 400 samples (3 %) " */
} sample_findings[N_SAMPLE_FINDINGS] = {
  { INION_SEVERITY_FAULT, "beyond the digital range that the header gives. They are read as they "
                          "are." },
  { INION_SEVERITY_WARNING, "at a limit of the digital range, two and more behind each other: the "
                            "signal was cut off there." },
  { INION_SEVERITY_WARNING, "not a number." },
  { INION_SEVERITY_WARNING, "with one value throughout: the channel is flat." },
};

static gint64
count_samples (const InionChannelCheck *check,
               SampleFinding            kind)
{
  switch (kind)
    {
    case SAMPLES_BEYOND:
      return check->n_beyond;
    case SAMPLES_SATURATED:
      return check->n_saturated;
    case SAMPLES_MISSING:
      return check->n_missing;
    case SAMPLES_FLAT:
      return check->flat && check->n_samples > check->n_missing ? check->n_samples : 0;
    case N_SAMPLE_FINDINGS:
    default:
      g_return_val_if_reached (0);
    }
}

static double
percent_of (const InionChannelCheck *check,
            SampleFinding            kind)
{
  return 100.0 * (double) count_samples (check, kind) / (double) MAX (check->n_samples, 1);
}

/* "channel Fp1", or "3 channels (Fp1, Fp2, Cz)". */
static char *
name_channels (InionRecording *recording,
               const GArray   *concerned)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (concerned->len == 1)
    {
      guint index = g_array_index (concerned, guint, 0);

      return g_strdup_printf ("channel %s", inion_channel_get_label (
                                              inion_recording_get_channel (recording, index)));
    }
  g_string_printf (text, "%u channels (", concerned->len);
  for (guint i = 0; i < concerned->len && i < MAX_CHANNELS_TOLD; i++)
    {
      guint index = g_array_index (concerned, guint, i);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                              inion_channel_get_label (inion_recording_get_channel (recording,
                                                                                    index)));
    }
  g_string_append (text, concerned->len > MAX_CHANNELS_TOLD ? ", …)" : ")");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* One line for each kind of finding, not one for each channel: what is wrong with a hundred channels
 * in the same way is one thing to know. */
static void
add_sample_finding (InionCheck     *self,
                    InionRecording *recording,
                    SampleFinding   kind)
{
  g_autoptr (GArray) concerned = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *field = NULL, *share = NULL;
  double least = INFINITY, most = 0;
  gint64 n = 0, of = 0;

  for (guint i = 0; i < self->channels->len; i++)
    {
      const InionChannelCheck *check = &g_array_index (self->channels, InionChannelCheck, i);

      if (count_samples (check, kind) == 0)
        continue;
      g_array_append_val (concerned, i);
      n += count_samples (check, kind);
      of += check->n_samples;
      least = MIN (least, percent_of (check, kind));
      most = MAX (most, percent_of (check, kind));
    }
  if (concerned->len == 0)
    return;
  field = name_channels (recording, concerned);
  if (most > least)
    share = g_strdup_printf ("%.3g to %.3g %% of each", least, most);
  else
    share = g_strdup_printf ("%.3g %%", most);
  add_finding (self, sample_findings[kind].severity, -1, field,
               "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " samples (%s) %s", n, of, share,
               sample_findings[kind].message);
}

static gboolean
scan_channel (InionCheck      *self,
              InionRecording  *recording,
              guint            index,
              double          *physical,
              gint32          *digital,
              InionJob        *job,
              GError         **error)
{
  InionChannel *object = inion_recording_get_channel (recording, index);
  const InionChannelInfo *info = inion_channel_get_info (object);
  Channel channel = { .info = info, .limited = info->digital_max > info->digital_min };
  gint64 at = 0, first, n;

  while (inion_recording_find_run (recording, index, at, &first, &n))
    {
      if (!scan_run (&channel, recording, index, first, n, physical, digital, job, error))
        return FALSE;
      at = first + n;
    }
  if (info->kind == INION_CHANNEL_TRIGGER)
    channel.result.n_saturated = channel.result.flat = 0;
  g_array_append_val (self->channels, channel.result);
  return TRUE;
}

/**
 * inion_check_recording:
 * @recording: a recording
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Reads all of a recording and lists what is wrong with it.
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with %INION_ERROR_IO if the file
 *   could not be read to its end, or %G_IO_ERROR_CANCELLED
 */
InionCheck *
inion_check_recording (InionRecording  *recording,
                       InionJob        *job,
                       GError         **error)
{
  g_autoptr (InionCheck) self = g_new0 (InionCheck, 1);
  g_autofree double *physical = g_new (double, BLOCK_SAMPLES);
  g_autofree gint32 *digital = g_new (gint32, BLOCK_SAMPLES);
  guint n = inion_recording_get_n_channels (recording);
  GPtrArray *events;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  self->findings = g_ptr_array_new_with_free_func (free_finding);
  self->channels = g_array_new (FALSE, FALSE, sizeof (InionChannelCheck));
  if (!inion_recording_load_events (recording, job, error))
    return NULL;
  events = inion_recording_get_events (recording);
  self->n_events = events != NULL ? events->len : 0;
  add_faults (self, recording);
  for (guint i = 0; i < n; i++)
    {
      inion_job_report (job, (double) i / n, "Reading all samples");
      if (!scan_channel (self, recording, i, physical, digital, job, error))
        return NULL;
    }
  for (SampleFinding kind = 0; kind < N_SAMPLE_FINDINGS; kind++)
    add_sample_finding (self, recording, kind);
  add_gaps (self, recording);
  return g_steal_pointer (&self);
}

/**
 * inion_check_count:
 * @self: a check
 * @severity: how bad
 *
 * Returns: how many findings of this severity there are
 */
guint
inion_check_count (const InionCheck *self,
                   InionSeverity     severity)
{
  guint n = 0;

  for (guint i = 0; i < self->findings->len; i++)
    n += ((const InionFinding *) self->findings->pdata[i])->severity == severity;
  return n;
}

/**
 * inion_check_free:
 * @self: (nullable): a check
 */
void
inion_check_free (InionCheck *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->channels, g_array_unref);
  g_free (self);
}
