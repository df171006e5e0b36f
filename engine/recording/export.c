/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a recording to a new file, without loss or with every loss named.
 *
 * Nothing is believed to be written until it has been read back: the new files are closed and
 * synced in a hidden folder, opened there with the readers of this program and compared with the
 * source, sample by sample and event by event. Only then do they get their names.
 *
 * A process that is killed leaves its hidden folder, ".inion-XXXXXX", and no later export removes
 * it: where there are no hard links, it may hold the only copy of a file that was about to be
 * replaced, and on a disk of several computers nobody can tell whether its owner still runs. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/export.h"

#include "core/error.h"
#include "recording/export-private.h"
#include "recording/recording-private.h"

#include <string.h>
#include <sys/stat.h>

struct _InionExport
{
  GObject parent_instance;

  InionExportChoice choice;
};

G_DEFINE_FINAL_TYPE (InionExport, inion_export, G_TYPE_OBJECT)

static void
inion_export_finalize (GObject *object)
{
  InionExport *self = INION_EXPORT (object);

  g_clear_object (&self->choice.recording);
  g_clear_pointer (&self->choice.channels, g_array_unref);
  g_clear_pointer (&self->choice.events, g_ptr_array_unref);
  g_clear_pointer (&self->choice.patient, g_free);
  g_clear_pointer (&self->choice.description, g_free);
  g_clear_pointer (&self->choice.start, g_date_time_unref);
  G_OBJECT_CLASS (inion_export_parent_class)->finalize (object);
}

static void
inion_export_class_init (InionExportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_export_finalize;
}

static void
inion_export_init (InionExport *self)
{
  self->choice.channels = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * inion_export_new:
 * @recording: what shall be written
 *
 * Plans to write all channels of a recording, its whole length, its own events, and what its file
 * says of the patient and the start.
 *
 * Returns: (transfer full): an export
 */
InionExport *
inion_export_new (InionRecording *recording)
{
  InionExport *self;
  GDateTime *start;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  self = g_object_new (INION_TYPE_EXPORT, NULL);
  self->choice.recording = g_object_ref (recording);
  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    g_array_append_val (self->choice.channels, i);
  self->choice.patient = g_strdup (inion_recording_get_patient (recording));
  self->choice.description = g_strdup (inion_recording_get_description (recording));
  start = inion_recording_get_start (recording);
  self->choice.start = start != NULL ? g_date_time_ref (start) : NULL;
  return self;
}

/**
 * inion_export_set_channels:
 * @self: an export
 * @channels: (array length=n): indices of the recording's channels, in the order of the new file
 * @n: how many
 */
void
inion_export_set_channels (InionExport *self,
                           const guint *channels,
                           guint        n)
{
  g_return_if_fail (INION_IS_EXPORT (self));

  for (guint i = 0; i < n; i++)
    g_return_if_fail (channels[i] < inion_recording_get_n_channels (self->choice.recording));
  g_array_set_size (self->choice.channels, 0);
  if (n > 0)
    g_array_append_vals (self->choice.channels, channels, n);
}

/**
 * inion_export_set_range:
 * @self: an export
 * @from_ns: from when, nanoseconds since the recording's start
 * @to_ns: until when
 *
 * Writes a part. It is widened to whole samples of all channels. Of the events, those that lie in
 * it or reach into it are written.
 */
void
inion_export_set_range (InionExport *self,
                        gint64       from_ns,
                        gint64       to_ns)
{
  g_return_if_fail (INION_IS_EXPORT (self));

  self->choice.has_range = TRUE;
  self->choice.from_ns = from_ns;
  self->choice.to_ns = to_ns;
}

/**
 * inion_export_set_events:
 * @self: an export
 * @events: (element-type InionEvent): the events to write instead of those of the file; copied.
 *   Onsets count from the recording's start, channels are the recording's
 */
void
inion_export_set_events (InionExport *self,
                         GPtrArray   *events)
{
  g_return_if_fail (INION_IS_EXPORT (self));
  g_return_if_fail (events != NULL);

  g_clear_pointer (&self->choice.events, g_ptr_array_unref);
  self->choice.events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  for (guint i = 0; i < events->len; i++)
    g_ptr_array_add (self->choice.events, _inion_event_copy (events->pdata[i], NULL));
}

/**
 * inion_export_set_patient:
 * @self: an export
 * @patient: what the new file says of the patient: "code sex dd-MMM-yyyy name" for EDF+
 */
void
inion_export_set_patient (InionExport *self,
                          const char  *patient)
{
  g_return_if_fail (INION_IS_EXPORT (self));

  g_free (self->choice.patient);
  self->choice.patient = g_strdup (patient);
}

/**
 * inion_export_set_description:
 * @self: an export
 * @description: what the new file says of the recording. Its "Startdate" is written anew
 */
void
inion_export_set_description (InionExport *self,
                              const char  *description)
{
  g_return_if_fail (INION_IS_EXPORT (self));

  g_free (self->choice.description);
  self->choice.description = g_strdup (description);
}

/**
 * inion_export_set_start:
 * @self: an export
 * @start: (nullable): when the recording's time 0 was, naive local time tagged as UTC; %NULL for
 *   unknown. A part that begins later gets a start that is as much later
 */
void
inion_export_set_start (InionExport *self,
                        GDateTime   *start)
{
  g_return_if_fail (INION_IS_EXPORT (self));

  g_clear_pointer (&self->choice.start, g_date_time_unref);
  self->choice.start = start != NULL ? g_date_time_ref (start) : NULL;
}

/**
 * inion_export_set_fill_missing:
 * @self: an export
 * @fill_missing: whether EDF and BDF, which cannot say that one channel has no value, get the value
 *   beside instead, and an annotation “missing” over each such stretch; else they are refused
 */
void
inion_export_set_fill_missing (InionExport *self,
                               gboolean     fill_missing)
{
  g_return_if_fail (INION_IS_EXPORT (self));

  self->choice.fill_missing = fill_missing;
}

/**
 * inion_export_format_from_path:
 * @path: the new file's name
 * @format: (out): the format of its ending, in any case
 * @error: return location
 *
 * Returns: %FALSE with %INION_ERROR_UNSUPPORTED for another ending
 */
gboolean
inion_export_format_from_path (const char         *path,
                               InionExportFormat  *format,
                               GError            **error)
{
  static const struct
  {
    const char *ending;
    InionExportFormat format;
  } endings[] = {
    { ".edf", INION_EXPORT_EDF },
    { ".bdf", INION_EXPORT_BDF },
    { ".vhdr", INION_EXPORT_BRAINVISION },
    { ".csv", INION_EXPORT_CSV },
  };
  g_autofree char *lower = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL && format != NULL, FALSE);

  lower = g_ascii_strdown (path, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i].ending))
      {
        *format = endings[i].format;
        return TRUE;
      }
  name = g_filename_display_basename (path);
  return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                          "“%s” does not say as what it should be written: its name must end in "
                          ".edf, .bdf, .vhdr (BrainVision) or .csv.", name);
}

/* A recording is never written over: not by itself, and not by a part of itself. */
static gboolean
refuse_source (InionRecording  *recording,
               const char      *path,
               GError         **error)
{
  g_autofree char *name = NULL;
  struct stat target, source;

  if (stat (path, &target) != 0)
    return TRUE;
  for (guint i = 0; i < _inion_recording_get_n_files (recording); i++)
    {
      int fd = _inion_recording_get_fd (recording, i);

      if (fd < 0 || fstat (fd, &source) != 0 || source.st_dev != target.st_dev ||
          source.st_ino != target.st_ino)
        continue;
      name = g_filename_display_name (path);
      return inion_set_error (error, INION_ERROR_INVALID,
                              "“%s” is the recording itself. Choose another name: recordings are "
                              "never changed.", name);
    }
  return TRUE;
}

/* The other files of a BrainVision recording must not be the source's either. */
static gboolean
refuse_sources (InionRecording     *recording,
                const char         *path,
                InionExportFormat   format,
                GError            **error)
{
  static const char *const endings[] = { ".eeg", ".vmrk" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings) && format == INION_EXPORT_BRAINVISION; i++)
    {
      g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".vhdr"));
      g_autofree char *sibling = g_strconcat (stem, endings[i], NULL);

      if (!refuse_source (recording, sibling, error))
        return FALSE;
    }
  return refuse_source (recording, path, error);
}

static gboolean
write_format (InionExportPlan    *plan,
              InionOutput        *output,
              InionExportFormat   format,
              InionJob           *job,
              GError            **error)
{
  switch (format)
    {
    case INION_EXPORT_EDF:
    case INION_EXPORT_BDF:
      return _inion_edf_write (plan, output, format == INION_EXPORT_BDF, job, error);
    case INION_EXPORT_BRAINVISION:
      return _inion_brainvision_write (plan, output, job, error);
    case INION_EXPORT_CSV:
      return _inion_csv_write (plan, output, job, error);
    default:
      return inion_set_error (error, INION_ERROR_INVALID, "There is no export format %d.",
                              (int) format);
    }
}

/**
 * _inion_export_write_parts:
 * @self: an export
 * @output: a new output for @path
 * @path: the new file
 * @format: as what
 * @job: (nullable): for progress and cancel
 * @notes: (out) (transfer full) (element-type utf8): what a person should know
 * @error: return location
 *
 * Writes, reads back and compares, but does not commit.
 *
 * Returns: %FALSE as inion_export_write()
 */
gboolean
_inion_export_write_parts (InionExport        *self,
                           InionOutput        *output,
                           const char         *path,
                           InionExportFormat   format,
                           InionJob           *job,
                           GPtrArray         **notes,
                           GError            **error)
{
  g_autoptr (InionExportPlan) plan = NULL;
  g_autofree char *name = g_filename_display_basename (path);
  gboolean is_edf = format == INION_EXPORT_EDF || format == INION_EXPORT_BDF;

  plan = _inion_export_plan_new (&self->choice, name, job, error);
  if (plan == NULL || (!(is_edf && plan->events->len > 0) &&
                       !_inion_export_plan_refuse_empty (plan, error)))
    return FALSE;
  if (!write_format (plan, output, format, job, error) || !inion_job_check (job, error))
    return FALSE;
  *notes = g_steal_pointer (&plan->notes);
  return TRUE;
}

/**
 * inion_export_write:
 * @self: an export
 * @path: the new file; of BrainVision, the .vhdr
 * @format: as what
 * @job: (nullable): for progress and cancel
 * @notes: (out) (optional) (transfer full) (element-type utf8): what a person should know
 * @error: return location
 *
 * Writes, reads back and compares, and only then lets the file take the place of one of that name.
 *
 * Returns: %FALSE with %INION_ERROR_IO, %INION_ERROR_UNSUPPORTED if the format cannot hold what
 *   there is, %INION_ERROR_FAILED if it did not read back as it was written, or
 *   %G_IO_ERROR_CANCELLED. What was there before is then unchanged
 */
gboolean
inion_export_write (InionExport        *self,
                    const char         *path,
                    InionExportFormat   format,
                    InionJob           *job,
                    GPtrArray         **notes,
                    GError            **error)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (InionOutput) output = NULL;

  g_return_val_if_fail (INION_IS_EXPORT (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (notes != NULL)
    *notes = NULL;
  if (!refuse_sources (self->choice.recording, path, format, error))
    return FALSE;
  output = inion_output_new (path, error);
  if (output == NULL ||
      !_inion_export_write_parts (self, output, path, format, job, &found, error) ||
      !inion_output_commit (output, error))
    return FALSE;
  if (notes != NULL)
    *notes = g_steal_pointer (&found);
  return TRUE;
}
