/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compatibility reader: files that no reader of ours knows, read by libbiosig in a sandbox.
 *
 * It is not tried on its own: that library guesses much, so a person asks for it, and the name of
 * the format says who read it. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/foreign/foreign-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/binary-recording.h"
#include "recording/edf-text.h"
#include "recording/foreign/foreign-run.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define HELPER "inion-foreign-biosig"
#define NS_PER_SECOND 1e9
#define LONGEST_NS 9e18

static double
get_scale (InionChannelKind  kind,
           const char       *unit)
{
  if (kind != INION_CHANNEL_EEG && kind != INION_CHANNEL_EOG && kind != INION_CHANNEL_ECG &&
      kind != INION_CHANNEL_EMG)
    return 1;
  if (strcmp (unit, "mV") == 0)
    return 1e3;
  if (strcmp (unit, "V") == 0)
    return 1e6;
  return strcmp (unit, "nV") == 0 ? 1e-3 : 1;
}

static gboolean
add_channel (InionBinaryRecording       *recording,
             const InionForeignChannel  *channel,
             guint                       index,
             guint                       file,
             GError                    **error)
{
  InionSampleLayout layout = channel->layout;
  guint oddities = 0;
  g_autofree char *unit = inion_edf_unit_dup ((const guint8 *) channel->unit,
                                              strlen (channel->unit), &oddities);
  g_autofree char *label = *channel->label != '\0' ? g_strdup (channel->label)
                                                   : g_strdup_printf ("Ch%u", index + 1);
  InionChannelInfo info = {
    .raw_label = label,
    .kind = inion_channel_kind_guess (label, unit),
    .unit = unit,
    .n_samples = channel->n_samples,
    .digital_min = G_MININT32,
    .digital_max = G_MAXINT32,
    .calibrated = TRUE,
    .transducer = *channel->transducer != '\0' ? channel->transducer : NULL,
  };

  if (!inion_foreign_rate (channel->rate, &info.rate_num, &info.rate_den_ns))
    return inion_set_error (error, INION_ERROR_FORMAT, "Channel %s has a rate of %g Hz.", label,
                            channel->rate);
  info.gain = get_scale (info.kind, unit);
  if (info.gain != 1)
    info.unit = "µV";
  layout.file = file;
  return inion_binary_recording_add_channel (recording, &info, &layout, error);
}

static void
add_events (InionBinaryRecording     *recording,
            const InionForeignResult *result)
{
  for (guint i = 0; i < result->events->len; i++)
    {
      const InionForeignEvent *event = &g_array_index (result->events, InionForeignEvent, i);
      double onset_ns = event->position / result->rate * NS_PER_SECOND;
      double duration_ns = event->duration / result->rate * NS_PER_SECOND;

      if (fabs (onset_ns) < LONGEST_NS && duration_ns < LONGEST_NS)
        inion_binary_recording_take_event (recording, inion_event_new (llrint (onset_ns),
                                           event->duration >= 0 ? llrint (duration_ns) : -1,
                                           event->text, -1));
    }
}

/**
 * inion_foreign_recording_new:
 * @result: what was found; its faults are taken
 * @path: the file
 * @input: (transfer full): the file, open
 * @samples: (transfer full): its samples
 * @error: return location
 *
 * Makes a recording of what a helper found.
 *
 * Returns: (transfer full) (nullable): the recording; %NULL with %INION_ERROR_FORMAT if samples
 *   would lie beyond their end
 */
InionRecording *
inion_foreign_recording_new (InionForeignResult  *result,
                             const char          *path,
                             int                  input,
                             int                  samples,
                             GError             **error)
{
  g_autofree char *format = g_strdup_printf ("%s (compatibility reader)",
                                             *result->format != '\0' ? result->format : "Unknown");
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (path, format);
  guint file;

  inion_binary_recording_take_file (recording, input, path);
  file = inion_binary_recording_take_file (recording, samples, NULL);
  inion_recording_set_texts (INION_RECORDING (recording), result->patient, result->description);
  inion_recording_set_start (INION_RECORDING (recording), result->start);
  for (guint i = 0; i < result->channels->len; i++)
    if (!add_channel (recording, &g_array_index (result->channels, InionForeignChannel, i), i, file,
                      error))
      return NULL;
  add_events (recording, result);
  g_ptr_array_set_free_func (result->faults, NULL);
  for (guint i = 0; i < result->faults->len; i++)
    inion_recording_take_fault (INION_RECORDING (recording), result->faults->pdata[i]);
  g_ptr_array_set_size (result->faults, 0);
  inion_recording_take_fault (INION_RECORDING (recording),
                              inion_fault_new (-1, "reader", "It was read by the compatibility "
                                               "reader: check rates, units and times before you "
                                               "rely on them."));
  return INION_RECORDING (g_steal_pointer (&recording));
}

/**
 * inion_recording_is_foreign_available:
 *
 * Returns: whether this installation has a compatibility reader, so that it can be offered
 */
gboolean
inion_recording_is_foreign_available (void)
{
  g_autofree char *program = inion_foreign_find_program (HELPER, NULL);

  return program != NULL;
}

/**
 * inion_recording_may_be_foreign:
 * @path: a file that inion_recording_open() refused
 * @error: why
 *
 * Tells whether "Try the compatibility reader" is an offer worth making: the file is of no format
 * that Inion reads itself, or of a kind of it that Inion does not, and the reader is there. A
 * damaged file of a format that Inion reads would come out of the other reader as damaged, but
 * without a word of it.
 *
 * Returns: whether inion_recording_open_foreign() may do better
 */
gboolean
inion_recording_may_be_foreign (const char   *path,
                                const GError *error)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return ((g_error_matches (error, INION_ERROR, INION_ERROR_FORMAT) &&
           !inion_recording_is_known (path)) ||
          g_error_matches (error, INION_ERROR, INION_ERROR_UNSUPPORTED)) &&
         g_file_test (path, G_FILE_TEST_IS_REGULAR) && inion_recording_is_foreign_available ();
}

/* What the other reader takes for granted of a format, and a person should know. */
static void
warn_of_format (InionRecording *recording)
{
  const char *format = inion_recording_get_format (recording);

  /* The helper can read one file only, and that reader does not look at the other either. */
  if (g_str_has_prefix (format, "EEG1100"))
    inion_recording_take_fault (
      recording,
      inion_fault_new (-1, "channel names",
                       "A Nihon Kohden recording keeps the names of its electrodes in a file of its "
                       "own (.21E), which the compatibility reader does not read: these names are "
                       "the maker's usual order. Compare left and right with what you know of the "
                       "recording, or export it as EDF from the maker's program."));
}

/**
 * inion_recording_open_foreign:
 * @path: a file
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Opens a recording with the compatibility reader, whatever its format: to be called when a person
 * asks for it. The whole file is read at once, so this takes its time.
 *
 * Returns: (transfer full) (nullable): the recording, its format named "… (compatibility reader)"
 */
InionRecording *
inion_recording_open_foreign (const char  *path,
                              InionJob    *job,
                              GError     **error)
{
  g_autoptr (InionForeignResult) result = NULL;
  InionRecording *recording;
  gint64 size = 0;
  int samples = -1;
  int input;

  g_return_val_if_fail (path != NULL, NULL);

  if (!HAVE_BIOSIG && !inion_recording_is_foreign_available ())
    {
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "This build of Inion has no compatibility reader. Install libbiosig-dev and "
                       "build it again, or convert the file to EDF.");
      return NULL;
    }
  input = _inion_recording_open_file (path, &size, error);
  if (input < 0)
    return NULL;
  result = inion_foreign_read (HELPER, path, input, &samples, job, error);
  if (result == NULL)
    {
      close (input);
      return NULL;
    }
  recording = inion_foreign_recording_new (result, path, input, samples, error);
  if (recording != NULL)
    warn_of_format (recording);
  return recording;
}
