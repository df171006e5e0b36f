/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Artifact detectors: each proposes marks with a confidence; a person accepts them.
 *
 * Confidence. All detectors compare a number with a threshold, and one rule turns the pair into a
 * confidence: 1 − threshold/(2 × peak), so ½ at the threshold, ¾ at twice and 0.9 at five times
 * the threshold. For flat channels, where small is bad, it is 1 − extent/(2 × threshold): ½ at
 * the limit, 1 for a line.
 *
 * Channels. High amplitude and flatness belong to channels, and what several show at the same time
 * becomes one mark that names them all: flat stretches whose overlap is at least half of what both
 * span, high amplitudes whose overlap is at least half of the shorter, as long as the mark does not
 * grow over 5 s (what lasts longer is one channel's own trouble). Muscle and blinks are found over
 * the whole head, and their marks are for all channels. */

#define G_LOG_DOMAIN "inion-clean"

#include "config.h"

#include "clean/detector.h"

#include "clean/scan-private.h"
#include "core/error.h"
#include "scalp/electrode.h"

#include <math.h>
#include <string.h>

/* High amplitudes of several channels are one mark up to this length: 5 s. */
#define TOGETHER_NS (5 * G_GINT64_CONSTANT (1000000000))

/* What channels show together. */
typedef struct
{
  gint64 onset_ns, end_ns;
  double peak;
  GPtrArray *labels; /* borrowed strings */
} Mark;

typedef struct
{
  InionRecording *recording;
  const InionDetectorSettings *settings;
  const char *const *bad;
  InionJob *job;
  GPtrArray *groups;      /* InionScanGroup of EEG channels, the largest first */
  GPtrArray *eyes;        /* InionScanGroup of EEG and EOG channels */
  guint n_bad, n_unit;
  GPtrArray *found;       /* InionAnnotation */
  GString *report;
} Detection;

/**
 * inion_detector_settings_init:
 * @settings: (out): filled
 *
 * Sets the defaults: 200 µV in 200 ms, under 1 µV for 5 s, z 4 for muscle and blinks.
 */
void
inion_detector_settings_init (InionDetectorSettings *settings)
{
  settings->amplitude_uv = 200;
  settings->flat_uv = 1;
  settings->flat_s = 5;
  settings->muscle_z = 4;
  settings->blink_z = 4;
}

static gboolean
check_settings (const InionDetectorSettings  *settings,
                GError                      **error)
{
  const struct
  {
    const char *name;
    double value;
  } all[] = {
    { "amplitude_uv", settings->amplitude_uv }, { "flat_uv", settings->flat_uv },
    { "flat_s", settings->flat_s }, { "muscle_z", settings->muscle_z },
    { "blink_z", settings->blink_z },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (isinf (all[i].value))
      return inion_set_error (error, INION_ERROR_INVALID,
                              "The artifact setting %s is infinite; give a number, or 0 to switch "
                              "it off", all[i].name);
  if (settings->flat_uv > 0 && settings->flat_s > 0 && settings->flat_s < 0.1)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The artifact setting flat_s must be at least 0.1 s");
  return TRUE;
}

static void
group_free (gpointer data)
{
  InionScanGroup *self = data;

  g_array_unref (self->channels);
  g_free (self);
}

static void
add_to_group (GPtrArray      *groups,
              InionRecording *recording,
              guint           channel)
{
  InionChannel *info = inion_recording_get_channel (recording, channel);
  double rate = inion_channel_get_rate_hz (info);
  InionScanGroup *group = NULL;

  for (guint i = 0; i < groups->len && group == NULL; i++)
    if (fabs (((InionScanGroup *) groups->pdata[i])->rate_hz - rate) <= 1e-9 * rate)
      group = groups->pdata[i];
  if (group == NULL)
    {
      group = g_new0 (InionScanGroup, 1);
      group->recording = recording;
      group->rate_hz = rate;
      group->channels = g_array_new (FALSE, FALSE, sizeof (guint));
      g_ptr_array_add (groups, group);
    }
  g_array_append_val (group->channels, channel);
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  const InionScanGroup *x = *(InionScanGroup *const *) a, *y = *(InionScanGroup *const *) b;

  if (x->channels->len != y->channels->len)
    return x->channels->len < y->channels->len ? 1 : -1;
  return (x->rate_hz < y->rate_hz) - (x->rate_hz > y->rate_hz);
}

static gboolean
is_bad (const char *const *bad,
        const char        *label)
{
  for (guint i = 0; bad != NULL && bad[i] != NULL; i++)
    if (g_ascii_strcasecmp (bad[i], label) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
choose_channels (Detection  *self,
                 GError    **error)
{
  for (guint c = 0; c < inion_recording_get_n_channels (self->recording); c++)
    {
      InionChannel *channel = inion_recording_get_channel (self->recording, c);
      InionChannelKind kind = inion_channel_get_kind (channel);

      if ((kind != INION_CHANNEL_EEG && kind != INION_CHANNEL_EOG) ||
          inion_channel_get_n_samples (channel) <= 0)
        continue;
      if (is_bad (self->bad, inion_channel_get_label (channel)))
        {
          self->n_bad++;
          continue;
        }
      if (g_strcmp0 (inion_channel_get_unit (channel), "µV") != 0)
        {
          self->n_unit++;
          continue;
        }
      add_to_group (self->eyes, self->recording, c);
      if (kind == INION_CHANNEL_EEG)
        add_to_group (self->groups, self->recording, c);
    }
  g_ptr_array_sort (self->groups, compare_groups);
  g_ptr_array_sort (self->eyes, compare_groups);
  if (self->eyes->len == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "There is no EEG or EOG channel in µV to look for artifacts in (%u "
                            "marked bad, %u without a usable unit)", self->n_bad, self->n_unit);
  return TRUE;
}

static void
mark_free (gpointer data)
{
  Mark *self = data;

  g_ptr_array_unref (self->labels);
  g_free (self);
}

/* Whether two stretches, the mark's not the later one, are one. */
static gboolean
overlap_enough (const Mark *mark,
                const Mark *other,
                gboolean    high)
{
  gint64 both = MIN (mark->end_ns, other->end_ns) - other->onset_ns;
  gint64 either = MAX (mark->end_ns, other->end_ns) - mark->onset_ns;
  gint64 shorter = MIN (mark->end_ns - mark->onset_ns, other->end_ns - other->onset_ns);

  if (both <= 0)
    return FALSE;
  return high ? both >= shorter / 2 && either <= TOGETHER_NS : both >= either / 2;
}

static int
compare_runs (gconstpointer a,
              gconstpointer b)
{
  const Mark *x = *(Mark *const *) a, *y = *(Mark *const *) b;

  return x->onset_ns == y->onset_ns ? 0 : x->onset_ns < y->onset_ns ? -1 : 1;
}

static Mark *
mark_of_run (const Detection *self,
             const InionRun  *run)
{
  InionChannel *channel = inion_recording_get_channel (self->recording, run->channel);
  Mark *mark = g_new0 (Mark, 1);

  mark->onset_ns = inion_channel_sample_to_ns (channel, run->first);
  mark->end_ns = inion_channel_sample_to_ns (channel, run->end);
  mark->peak = run->peak;
  mark->labels = g_ptr_array_new ();
  g_ptr_array_add (mark->labels, (gpointer) inion_channel_get_label (channel));
  return mark;
}

static gboolean
has_label (const Mark *mark,
           const Mark *other)
{
  return g_ptr_array_find (mark->labels, other->labels->pdata[0], NULL);
}

/* Puts together what channels show at the same time. Of high amplitudes the greatest peak counts,
 * of flat stretches the smallest. */
static GPtrArray *
join_channels (const Detection *self,
               const GArray    *runs,
               gboolean         high)
{
  double sign = high ? 1 : -1;
  g_autoptr (GPtrArray) single = g_ptr_array_new ();
  GPtrArray *joined = g_ptr_array_new_with_free_func (mark_free);
  guint open = 0;

  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (single, mark_of_run (self, &g_array_index (runs, InionRun, i)));
  g_ptr_array_sort (single, compare_runs);
  for (guint i = 0; i < single->len; i++)
    {
      Mark *mark = single->pdata[i], *with = NULL;

      /* Marks before `open` end before anything still to come begins. */
      while (open < joined->len && ((Mark *) joined->pdata[open])->end_ns <= mark->onset_ns)
        open++;
      for (guint j = open; j < joined->len && with == NULL; j++)
        if (overlap_enough (joined->pdata[j], mark, high))
          with = joined->pdata[j];
      if (with == NULL)
        {
          g_ptr_array_add (joined, mark);
          continue;
        }
      with->end_ns = MAX (with->end_ns, mark->end_ns);
      with->peak = sign * MAX (sign * with->peak, sign * mark->peak);
      if (!has_label (with, mark))
        g_ptr_array_add (with->labels, mark->labels->pdata[0]);
      mark_free (mark);
    }
  return joined;
}

static int
compare_labels (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_annotation (Detection  *self,
                const Mark *mark,
                const char *label,
                const char *rater,
                gboolean    scoped,
                double      confidence,
                const char *comment)
{
  const char *const *channels = NULL;

  if (scoped)
    {
      g_ptr_array_sort (mark->labels, compare_labels);
      g_ptr_array_add (mark->labels, NULL);
      channels = (const char *const *) mark->labels->pdata;
    }
  g_ptr_array_add (self->found,
                   inion_annotation_new (0, mark->onset_ns, mark->end_ns - mark->onset_ns, label,
                                         channels, rater, INION_ORIGIN_MODEL,
                                         CLAMP (confidence, 0.01, 1), comment));
}

static guint
add_high (Detection    *self,
          const GArray *runs)
{
  g_autoptr (GPtrArray) marks = join_channels (self, runs, TRUE);

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = marks->pdata[i];
      g_autofree char *peak = _inion_scan_number (mark->peak, "%.0f");
      g_autofree char *comment = g_strdup_printf ("%s µV peak to peak in 200 ms", peak);

      add_annotation (self, mark, "high amplitude", "detector:amplitude", TRUE,
                      1 - self->settings->amplitude_uv / (2 * mark->peak), comment);
    }
  return marks->len;
}

static guint
add_flat (Detection    *self,
          const GArray *runs)
{
  g_autoptr (GPtrArray) marks = join_channels (self, runs, FALSE);

  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *mark = marks->pdata[i];
      g_autofree char *extent = _inion_scan_number (mark->peak, "%.3g");
      g_autofree char *comment = g_strdup_printf ("%s µV peak to peak", extent);

      add_annotation (self, mark, "flat", "detector:flat", TRUE,
                      1 - mark->peak / (2 * self->settings->flat_uv), comment);
    }
  return marks->len;
}

static void
add_scores (Detection    *self,
            const GArray *runs,
            const char   *label,
            const char   *rater,
            double        threshold)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const InionRun *run = &g_array_index (runs, InionRun, i);
      Mark *mark = mark_of_run (self, run);
      g_autofree char *peak = _inion_scan_number (mark->peak, "%.1f");
      g_autofree char *comment = g_strdup_printf ("z %s", peak);

      add_annotation (self, mark, label, rater, FALSE, 1 - threshold / (2 * mark->peak), comment);
      mark_free (mark);
    }
}

static const char *
plural (guint n)
{
  return n == 1 ? "" : "s";
}

static void
describe_extents (Detection *self,
                  guint      n_channels,
                  guint      n_high,
                  guint      n_flat)
{
  const InionDetectorSettings *settings = self->settings;
  g_autofree char *high = _inion_scan_number (settings->amplitude_uv, "%.4g");
  g_autofree char *flat = _inion_scan_number (settings->flat_uv, "%.4g");
  g_autofree char *seconds = _inion_scan_number (settings->flat_s, "%.4g");

  if (n_channels == 0)
    {
      g_string_append (self->report,
                       "High amplitude and flat: not run: there is no EEG channel.\n");
      return;
    }
  if (settings->amplitude_uv > 0)
    g_string_append_printf (self->report, "High amplitude: %u EEG channel%s, more than %s µV peak "
                            "to peak within 200 ms: %u found.\n", n_channels, plural (n_channels),
                            high, n_high);
  else
    g_string_append (self->report, "High amplitude: switched off.\n");
  if (settings->flat_uv > 0 && settings->flat_s > 0)
    g_string_append_printf (self->report, "Flat: %u EEG channel%s, less than %s µV peak to peak "
                            "for %s s: %u found.\n", n_channels, plural (n_channels), flat, seconds,
                            n_flat);
  else
    g_string_append (self->report, "Flat: switched off.\n");
}

static gboolean
detect_extents (Detection  *self,
                GError    **error)
{
  const InionDetectorSettings *settings = self->settings;
  g_autoptr (GArray) high = g_array_new (FALSE, FALSE, sizeof (InionRun));
  g_autoptr (GArray) flat = g_array_new (FALSE, FALSE, sizeof (InionRun));
  gboolean wanted = settings->amplitude_uv > 0 || (settings->flat_uv > 0 && settings->flat_s > 0);
  guint n_channels = 0, n_high, n_flat;

  for (guint i = 0; i < self->groups->len; i++)
    {
      InionScanGroup *group = self->groups->pdata[i];
      InionScanProgress progress = { self->job, 0, 0, "Looking for high amplitudes" };

      progress.from = 0.25 * i / self->groups->len;
      progress.to = 0.25 * (i + 1) / self->groups->len;
      n_channels += group->channels->len;
      if (wanted && !_inion_detect_amplitude (group, settings, high, flat, &progress, error))
        return FALSE;
    }
  n_high = add_high (self, high);
  n_flat = add_flat (self, flat);
  describe_extents (self, n_channels, n_high, n_flat);
  return TRUE;
}

static gboolean
detect_muscle (Detection  *self,
               GError    **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (InionRun));
  const InionScanProgress progress = { self->job, 0.25, 0.75, "Looking for muscle activity" };
  double z = self->settings->muscle_z;

  if (!(z > 0))
    {
      g_string_append (self->report, "Muscle: switched off.\n");
      return TRUE;
    }
  if (self->groups->len == 0)
    {
      g_string_append (self->report, "Muscle: not run: there is no EEG channel.\n");
      return TRUE;
    }
  if (!_inion_detect_muscle (self->groups->pdata[0], z, runs, self->report, &progress, error))
    return FALSE;
  for (guint i = 1; i < self->groups->len; i++)
    {
      const InionScanGroup *group = self->groups->pdata[i];
      g_autofree char *rate = _inion_scan_number (group->rate_hz, "%.6g");

      g_string_append_printf (self->report,
                              "Muscle: %u channel%s at another rate (%s Hz) left out.\n",
                              group->channels->len, plural (group->channels->len), rate);
    }
  add_scores (self, runs, "muscle", "detector:muscle", z);
  return TRUE;
}

/* The group that shows the eyes best: with a frontal electrode, else with an EOG channel. */
static InionScanGroup *
choose_eyes (const Detection *self)
{
  static const char *const frontal[] = { "Fp1", "Fp2", "Fpz", "AF7", "AF8", NULL };
  InionScanGroup *eog = NULL;

  for (guint i = 0; i < self->eyes->len; i++)
    {
      InionScanGroup *group = self->eyes->pdata[i];

      for (guint c = 0; c < group->channels->len; c++)
        {
          InionChannel *channel =
            inion_recording_get_channel (self->recording,
                                         g_array_index (group->channels, guint, c));
          InionElectrodeLabel label;

          if (inion_channel_get_kind (channel) == INION_CHANNEL_EOG)
            {
              eog = eog != NULL ? eog : group;
              continue;
            }
          inion_electrode_parse_label (inion_channel_get_label (channel), &label);
          if (label.g1_known && g_strv_contains (frontal, label.g1))
            return group;
        }
    }
  return eog != NULL ? eog : self->eyes->pdata[0];
}

static gboolean
detect_blinks (Detection  *self,
               GError    **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (InionRun));
  const InionScanProgress progress = { self->job, 0.75, 1, "Looking for blinks" };
  double z = self->settings->blink_z;

  if (!(z > 0))
    {
      g_string_append (self->report, "Blink: switched off.\n");
      return TRUE;
    }
  if (!_inion_detect_blinks (choose_eyes (self), z, runs, self->report, &progress, error))
    return FALSE;
  add_scores (self, runs, "blink", "detector:blink", z);
  return TRUE;
}

static int
compare_annotations (gconstpointer a,
                     gconstpointer b)
{
  InionAnnotation *x = *(InionAnnotation *const *) a, *y = *(InionAnnotation *const *) b;
  gint64 from = inion_annotation_get_onset_ns (x), to = inion_annotation_get_onset_ns (y);

  if (from != to)
    return from < to ? -1 : 1;
  return strcmp (inion_annotation_get_label (x), inion_annotation_get_label (y));
}

static void
describe_left_out (Detection *self)
{
  guint n_stretches = inion_recording_get_n_segments (self->recording);

  if (n_stretches > 1)
    g_string_append_printf (self->report, "The recording has %u gap%s: each of its %u stretches "
                            "was looked through by itself.\n", n_stretches - 1,
                            plural (n_stretches - 1), n_stretches);
  if (self->n_bad > 0)
    g_string_append_printf (self->report, "%u channel%s marked bad left out.\n", self->n_bad,
                            plural (self->n_bad));
  if (self->n_unit > 0)
    g_string_append_printf (self->report, "%u channel%s not in µV left out.\n", self->n_unit,
                            plural (self->n_unit));
}

/**
 * inion_detect_artifacts:
 * @recording: what to look through
 * @settings: which detectors run and their thresholds
 * @bad: (array zero-terminated=1) (nullable): labels of channels to leave out
 * @job: (nullable): for progress and cancel
 * @report: (out) (nullable) (transfer full): what was run with which bands and thresholds, what
 *   could not be run and why, one line a detector; free with g_free()
 * @error: return location
 *
 * Looks for high amplitudes, flat channels, muscle activity and blinks. Works in bounded memory
 * however long the recording is; the same for any number of threads.
 *
 * Returns: (transfer full) (element-type InionAnnotation): suggestions sorted by onset; %NULL with
 *   %INION_ERROR_INVALID for an infinite setting, %INION_ERROR_TOO_FEW if no channel can be looked
 *   at, an error of reading, or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
inion_detect_artifacts (InionRecording               *recording,
                        const InionDetectorSettings  *settings,
                        const char *const            *bad,
                        InionJob                     *job,
                        char                        **report,
                        GError                      **error)
{
  Detection self = { .recording = recording, .settings = settings, .bad = bad, .job = job };
  gboolean done;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  if (report != NULL)
    *report = NULL;
  self.groups = g_ptr_array_new_with_free_func (group_free);
  self.eyes = g_ptr_array_new_with_free_func (group_free);
  self.found = g_ptr_array_new_with_free_func (g_object_unref);
  self.report = g_string_new (NULL);
  done = check_settings (settings, error) && choose_channels (&self, error) &&
         detect_extents (&self, error) && detect_muscle (&self, error) &&
         detect_blinks (&self, error) && inion_job_check (job, error);
  if (done)
    {
      describe_left_out (&self);
      inion_job_report (job, 1, NULL);
      g_ptr_array_sort (self.found, compare_annotations);
      if (report != NULL)
        *report = g_strdup (self.report->str);
    }
  else
    {
      g_clear_pointer (&self.found, g_ptr_array_unref);
    }
  g_ptr_array_unref (self.groups);
  g_ptr_array_unref (self.eyes);
  g_string_free (self.report, TRUE);
  return self.found;
}
