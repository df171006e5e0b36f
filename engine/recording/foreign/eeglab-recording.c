/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EEGLAB's .set, with its samples inside or in a file beside it.
 *
 * What the file says is fetched by a helper in a sandbox, because the libraries for MATLAB files
 * are not safe with crafted ones; what it means is decided here. Samples beside it (.fdt, in older
 * recordings .dat) are numbers in a row and are read in place. Samples are in µV. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/foreign/eeglab-recording.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/binary-recording.h"
#include "recording/foreign/eeglab-cuts.h"
#include "recording/foreign/foreign-run.h"
#include "recording/recording-private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELPER "inion-foreign"
#define MAT_VERSION_AT 124
#define MAT_HEAD_BYTES 128
#define MAT_MATRIX 14
#define MAT_PACKED 15
#define TAG_BYTES 8 /* type and size */
#define FLOAT_BYTES 4
#define MOST_EPOCHS 1000000

/* Of a head without a size: EEGLAB's unit sphere. */
#define HEAD_RADIUS_M 0.095

typedef struct
{
  InionBinaryRecording *recording;
  InionForeignResult *result;
  const char *path;
  gint64 n_samples;
  gint64 rate_num;
  gint64 rate_den_ns;
  guint file;         /* of the samples */
  gboolean transposed; /* one channel behind the other */
  double scale;       /* from the file's unit of length to metres; 0: unknown */
} Opener;

/* The .set file of which a .fdt file holds the samples; NULL: it is none, or is alone. */
static char *
find_header (const char *path)
{
  static const char *const endings[] = { ".set", ".SET" };
  gsize n = path != NULL ? strlen (path) : 0;

  if (n < 5 || g_ascii_strcasecmp (path + n - 4, ".fdt") != 0)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *base = g_strndup (path, n - 4);
      g_autofree char *header = g_strconcat (base, endings[i], NULL);

      if (g_file_test (header, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&header);
    }
  return NULL;
}

/**
 * inion_eeglab_recording_sniff:
 * @path: a file
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is a MATLAB file, which may hold an EEGLAB recording, or by its name the file
 *   of samples of one beside it
 */
gboolean
inion_eeglab_recording_sniff (const char   *path,
                              const guint8 *head,
                              gsize         n)
{
  const guint8 *version = head + MAT_VERSION_AT;
  g_autofree char *lower = NULL;
  g_autofree char *header = find_header (path);

  if (header != NULL)
    return TRUE;
  if (n >= 128 && ((memcmp (version, "\x00\x01IM", 4) == 0) ||
                   (memcmp (version, "\x01\x00MI", 4) == 0) ||
                   (memcmp (version, "\x00\x02IM", 4) == 0) ||
                   (memcmp (version, "\x02\x00MI", 4) == 0)))
    return TRUE;
  if (path == NULL || n < 128)
    return FALSE;
  lower = g_ascii_strdown (path, -1);
  return g_str_has_suffix (lower, ".set") && memcmp (head, "\x89HDF\r\n\x1a\n", 8) == 0;
}

static void
add_fault (Opener     *self,
           const char *field,
           const char *message)
{
  inion_recording_take_fault (INION_RECORDING (self->recording),
                              inion_fault_new (-1, field, "%s", message));
}

/* The file of a name that stands in the file: only its last part counts, so that no file can make
 * us read in other folders. (transfer full) (nullable) */
static char *
find_sibling (const char *path,
              const char *name)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *sibling = NULL;
  const char *last = name;

  for (const char *p = name; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      last = p + 1;
  if (*last == '\0' || strcmp (last, ".") == 0 || strcmp (last, "..") == 0)
    return NULL;
  sibling = g_build_filename (folder, last, NULL);
  return g_file_test (sibling, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&sibling) : NULL;
}

/* EEGLAB names the file of samples inside; it is stale when both were renamed. */
static char *
find_samples (Opener  *self,
              GError **error)
{
  static const char *const endings[] = { ".fdt", ".FDT", ".dat", ".DAT" };
  char *found = find_sibling (self->path, self->result->external);
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *shown = g_filename_display_name (name);
  char *dot = strrchr (name, '.');

  if (found != NULL)
    return found;
  if (dot != NULL)
    *dot = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (endings) && found == NULL; i++)
    {
      g_autofree char *guess = g_strconcat (name, endings[i], NULL);

      found = find_sibling (self->path, guess);
      if (found != NULL && *self->result->external != '\0')
        inion_recording_take_fault (INION_RECORDING (self->recording),
                                    inion_fault_new (-1, "data", "It names “%s”, which is not "
                                                     "here. “%s” was taken.",
                                                     self->result->external, guess));
    }
  if (found == NULL)
    inion_set_error (error, INION_ERROR_NOT_FOUND,
                     "“%s” holds no samples: they are in “%s”, which is not in the same folder. "
                     "Copy that file there.", shown,
                     *self->result->external != '\0' ? self->result->external : "its .fdt file");
  return found;
}

/* How many samples a channel has in the file beside: as many as it holds. */
static gboolean
check_size (Opener      *self,
            const char  *path,
            gint64       size,
            GError     **error)
{
  gint64 n_channels = self->result->channels->len;
  gint64 held = size / FLOAT_BYTES / n_channels;
  g_autofree char *name = g_path_get_basename (path);

  if (held == self->n_samples && size % (FLOAT_BYTES * n_channels) == 0)
    return TRUE;
  if (held == 0 || (self->transposed && held < self->n_samples))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” has %" G_GINT64_FORMAT " bytes, too few for %" G_GINT64_FORMAT
                            " samples of %" G_GINT64_FORMAT " channels. Get it again from where it "
                            "came.", name, size, self->n_samples, n_channels);
  inion_recording_take_fault (INION_RECORDING (self->recording),
                              inion_fault_new (MIN (size,
                                                    self->n_samples * n_channels * FLOAT_BYTES),
                                               "data", "“%s” has room for %" G_GINT64_FORMAT
                                               " samples a channel instead of %" G_GINT64_FORMAT
                                               "; %s", name, held, self->n_samples,
                                               held < self->n_samples
                                                 ? "the recording ends early."
                                                 : "what is beyond was left out."));
  self->n_samples = MIN (held, self->n_samples);
  return TRUE;
}

static gboolean
open_samples (Opener   *self,
              int       samples,
              GError  **error)
{
  g_autofree char *path = NULL;
  gint64 size = 0;
  int fd;

  if (self->result->external == NULL)
    {
      self->file = inion_binary_recording_take_file (self->recording, samples, NULL);
      return TRUE;
    }
  close (samples);
  path = find_samples (self, error);
  if (path == NULL)
    return FALSE;
  fd = _inion_recording_open_file (path, &size, error);
  if (fd < 0)
    return FALSE;
  self->file = inion_binary_recording_take_file (self->recording, fd, path);
  self->transposed = g_str_has_suffix (path, ".dat") || g_str_has_suffix (path, ".DAT");
  return check_size (self, path, size, error);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* EEGLAB does not say in what unit positions are; a head of any unit has the size of a head. */
static void
find_scale (Opener *self)
{
  g_autoptr (GArray) radii = g_array_new (FALSE, FALSE, sizeof (double));
  double median;

  for (guint i = 0; i < self->result->channels->len; i++)
    {
      const InionForeignChannel *channel =
        &g_array_index (self->result->channels, InionForeignChannel, i);
      const double *p = channel->position;
      double radius = sqrt (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);

      if (channel->has_position && isfinite (radius) && radius > 0)
        g_array_append_val (radii, radius);
    }
  if (radii->len == 0)
    return;
  g_array_sort (radii, compare_doubles);
  median = g_array_index (radii, double, radii->len / 2);
  if (median > 30 && median < 300)
    self->scale = 1e-3;
  else if (median > 3 && median < 30)
    self->scale = 1e-2;
  else if (median > 0.03 && median < 0.3)
    self->scale = 1;
  else if (median > 0.5 && median < 1.5)
    {
      self->scale = HEAD_RADIUS_M / median;
      add_fault (self, "chanlocs", "Positions are on a sphere without a size; a head with a radius "
                 "of 95 mm was assumed.");
    }
  else
    add_fault (self, "chanlocs", "Positions are not of the size of a head in any unit and were "
               "left out.");
}

/* EEGLAB: x to the nose, y to the left ear. Here: x to the right ear, y to the nose. */
static void
set_position (Opener                    *self,
              const InionForeignChannel *channel,
              InionChannelInfo          *info)
{
  if (!channel->has_position || self->scale <= 0)
    return;
  info->has_position = TRUE;
  info->position[0] = -channel->position[1] * self->scale;
  info->position[1] = channel->position[0] * self->scale;
  info->position[2] = channel->position[2] * self->scale;
}

static gboolean
add_channel (Opener   *self,
             guint     index,
             GError  **error)
{
  const InionForeignChannel *channel =
    &g_array_index (self->result->channels, InionForeignChannel, index);
  InionSampleLayout layout = channel->layout;
  g_autofree char *label = *channel->label != '\0' ? g_strdup (channel->label)
                                                   : g_strdup_printf ("Ch%u", index + 1);
  InionChannelInfo info = {
    .raw_label = label,
    .unit = "µV",
    .rate_num = self->rate_num,
    .rate_den_ns = self->rate_den_ns,
    .n_samples = self->n_samples,
    .gain = 1,
    .digital_min = G_MININT32,
    .digital_max = G_MAXINT32,
    .calibrated = TRUE,
    .reference = *channel->reference != '\0' ? channel->reference : NULL,
  };

  if (self->result->external != NULL)
    layout = self->transposed
               ? inion_sample_layout_vectorized (0, INION_SAMPLE_FLOAT32, 0, index, self->n_samples)
               : inion_sample_layout_multiplexed (0, INION_SAMPLE_FLOAT32, 0, index,
                                                  self->result->channels->len);
  layout.file = self->file;
  if (*channel->kind == '\0' || !inion_channel_kind_from_string (channel->kind, &info.kind))
    info.kind = inion_channel_kind_guess (label, info.unit);
  set_position (self, channel, &info);
  return inion_binary_recording_add_channel (self->recording, &info, &layout, error);
}

static void
add_event (Opener                  *self,
           InionEeglabCuts         *cuts,
           const InionForeignEvent *event,
           guint                   *dropped)
{
  gint64 onset_ns, duration_ns = -1;

  if (!inion_eeglab_cuts_get_time (cuts, event->position, &onset_ns) ||
      (event->duration >= 0 &&
       !inion_eeglab_cuts_get_length (cuts, event->duration, &duration_ns)))
    {
      (*dropped)++;
      return;
    }
  /* A boundary is the gap: it begins where the last sample before it ends. */
  if (inion_eeglab_is_boundary (event) && self->result->trials == 1 && event->position >= 0)
    {
      gint64 first_ns;
      double cut = ceil (event->position);

      if (cut >= 1 && inion_eeglab_cuts_get_time (cuts, cut - 1, &first_ns) &&
          inion_eeglab_cuts_get_length (cuts, 1, &onset_ns))
        onset_ns += first_ns;
    }
  inion_binary_recording_take_event (self->recording, inion_event_new (onset_ns, duration_ns,
                                                                       event->text, -1));
}

static void
add_epochs (Opener          *self,
            InionEeglabCuts *cuts)
{
  gint64 length = self->result->epoch_samples;
  gint64 n = 0, duration_ns = -1;

  if (self->result->trials == 1 || length <= 0)
    return;
  inion_eeglab_cuts_get_length (cuts, (double) length, &duration_ns);
  for (gint64 at = 0; at < self->n_samples; at += length)
    {
      g_autofree char *text = g_strdup_printf ("Epoch %" G_GINT64_FORMAT, ++n);
      gint64 onset_ns;

      if (inion_eeglab_cuts_get_time (cuts, (double) at, &onset_ns))
        inion_binary_recording_take_event (self->recording, inion_event_new (onset_ns, duration_ns,
                                                                             text, -1));
    }
  inion_recording_take_fault (INION_RECORDING (self->recording),
                              inion_fault_new (-1, "trials", "It holds %" G_GINT64_FORMAT
                                               " epochs of %" G_GINT64_FORMAT " samples. They are "
                                               "shown one behind the other, each as a stretch of "
                                               "its own; when they were recorded is not known.",
                                               n, length));
}

static void
add_events (Opener          *self,
            InionEeglabCuts *cuts)
{
  guint dropped = 0;

  for (guint i = 0; i < self->result->events->len; i++)
    add_event (self, cuts, &g_array_index (self->result->events, InionForeignEvent, i), &dropped);
  if (dropped > 0)
    inion_recording_take_fault (INION_RECORDING (self->recording),
                                inion_fault_new (-1, "event", "%u events are at no possible time "
                                                 "and were left out.", dropped));
  add_epochs (self, cuts);
}

/* What the file gives is when the recording began that it was made of. Of epochs that is not when
 * the first of them began; and of what was cut away at the beginning, only its length can tell. */
static void
set_start (Opener *self)
{
  double missing = 0;
  GDateTime *start;

  if (self->result->start == NULL || self->result->trials > 1)
    return;
  for (guint i = 0; i < self->result->events->len; i++)
    {
      const InionForeignEvent *event = &g_array_index (self->result->events, InionForeignEvent, i);

      if (!inion_eeglab_is_boundary (event) || event->position > 0)
        continue;
      if (event->duration < 0)
        {
          add_fault (self, "etc", "Its beginning was cut away, and it does not say how much: the "
                     "start of the recording that it gives is not shown.");
          return;
        }
      missing += event->duration / self->result->rate;
    }
  start = g_date_time_add_seconds (self->result->start, missing);
  inion_recording_set_start (INION_RECORDING (self->recording), start);
  g_clear_pointer (&start, g_date_time_unref);
}

/* The cut stretches must come before the channels, and both before the faults found on the way. */
static gboolean
fill (Opener   *self,
      GError  **error)
{
  GPtrArray *faults = self->result->faults;
  g_autoptr (InionEeglabCuts) cuts =
    inion_eeglab_cuts_new (self->result, self->n_samples, self->rate_num, self->rate_den_ns,
                           faults);

  if (!inion_eeglab_cuts_add_segments (cuts, INION_RECORDING (self->recording)))
    return inion_set_error (error, INION_ERROR_FORMAT, "Its cuts make it longer than 292 years.");
  set_start (self);
  find_scale (self);
  for (guint i = 0; i < self->result->channels->len; i++)
    if (!add_channel (self, i, error))
      return FALSE;
  add_events (self, cuts);
  g_ptr_array_set_free_func (faults, NULL);
  for (guint i = 0; i < faults->len; i++)
    inion_recording_take_fault (INION_RECORDING (self->recording), faults->pdata[i]);
  g_ptr_array_set_size (faults, 0);
  return TRUE;
}

/**
 * inion_eeglab_recording_new:
 * @result: what was found; its faults are taken
 * @path: the file
 * @input: (transfer full): the file, open
 * @samples: (transfer full): the samples that were in it
 * @error: return location
 *
 * Makes a recording of what a helper found in a .set file.
 *
 * Returns: (transfer full) (nullable): the recording
 */
InionRecording *
inion_eeglab_recording_new (InionForeignResult  *result,
                            const char          *path,
                            int                  input,
                            int                  samples,
                            GError             **error)
{
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (path, result->format);
  const InionForeignChannel *first = &g_array_index (result->channels, InionForeignChannel, 0);
  Opener self = { .recording = recording, .result = result, .path = path };

  inion_binary_recording_take_file (recording, input, path);
  inion_recording_set_texts (INION_RECORDING (recording), result->patient, result->description);
  self.n_samples = first->n_samples;
  if (!inion_foreign_rate (result->rate, &self.rate_num, &self.rate_den_ns) ||
      self.n_samples > G_MAXINT64 / FLOAT_BYTES / (gint64) result->channels->len ||
      (double) self.n_samples / result->rate > 3e9)
    {
      close (samples);
      inion_set_error (error, INION_ERROR_FORMAT, "“%s” says that it has %" G_GINT64_FORMAT
                       " samples at %g Hz, which cannot be.", path, self.n_samples, result->rate);
      return NULL;
    }
  if (result->trials > 1 &&
      (result->epoch_samples < 1 || self.n_samples / result->epoch_samples > MOST_EPOCHS))
    {
      close (samples);
      inion_set_error (error, INION_ERROR_TOO_LARGE, "“%s” says that it holds more than %d epochs.",
                       path, MOST_EPOCHS);
      return NULL;
    }
  if (!open_samples (&self, samples, error) || !fill (&self, error))
    return NULL;
  return INION_RECORDING (g_steal_pointer (&recording));
}

/* Where the variables of a MATLAB 5 file, one behind the other, do not fit each other: their heads
 * tell how many bytes each has. (transfer full) (nullable): NULL if that is not what is wrong. */
static char *
find_break (int    fd,
            gint64 size)
{
  guint8 head[MAT_HEAD_BYTES];
  gsize got = 0;
  int errsv = 0;
  gboolean big;

  if (!_inion_pread (fd, head, sizeof head, 0, &got, &errsv) || got < sizeof head ||
      head[MAT_VERSION_AT + 2] + head[MAT_VERSION_AT + 3] != 'M' + 'I' ||
      head[MAT_VERSION_AT] + head[MAT_VERSION_AT + 1] != 1)
    return NULL;
  big = head[MAT_VERSION_AT + 2] == 'M';
  for (gint64 at = sizeof head, n; at < size; at += (gint64) TAG_BYTES + n)
    {
      guint32 tag[2];

      if (!_inion_pread (fd, tag, TAG_BYTES, at, &got, &errsv))
        return NULL;
      if (got < TAG_BYTES)
        return g_strdup_printf ("A variable begins at byte %" G_GINT64_FORMAT ", but the file "
                                "breaks off at byte %" G_GINT64_FORMAT ".", at, size);
      tag[0] = big ? GUINT32_FROM_BE (tag[0]) : GUINT32_FROM_LE (tag[0]);
      n = big ? GUINT32_FROM_BE (tag[1]) : GUINT32_FROM_LE (tag[1]);
      if (tag[0] != MAT_MATRIX && tag[0] != MAT_PACKED)
        return g_strdup_printf ("At byte %" G_GINT64_FORMAT " a variable should begin, but its "
                                "type is %u.", at, tag[0]);
      if (n > size - at - TAG_BYTES)
        return g_strdup_printf ("The variable at byte %" G_GINT64_FORMAT " should have %"
                                G_GINT64_FORMAT " bytes, but the file breaks off at byte %"
                                G_GINT64_FORMAT ".", at, n, size);
    }
  return NULL;
}

/* Says where a file is damaged, rather than what was not found in it for that. */
static void
tell_break (const char  *path,
            int          fd,
            gint64       size,
            GError     **error)
{
  g_autofree char *why = find_break (fd, size);
  g_autofree char *name = g_filename_display_basename (path);

  if (why == NULL)
    return;
  g_clear_error (error);
  inion_set_error (error, INION_ERROR_FORMAT, "“%s” is damaged. %s Get the file again from where "
                   "it came.", name, why);
}

/**
 * inion_eeglab_recording_open_with_job:
 * @path: a .set file, or the .fdt file beside one
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Opens an EEGLAB recording. If its samples are inside they are unpacked now.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL, also with %G_IO_ERROR_CANCELLED
 */
InionRecording *
inion_eeglab_recording_open_with_job (const char  *path,
                                      InionJob    *job,
                                      GError     **error)
{
  g_autoptr (InionForeignResult) result = NULL;
  gint64 size = 0;
  int samples = -1;
  g_autofree char *header = find_header (path);
  int input;

  if (header != NULL)
    path = header;
  input = _inion_recording_open_file (path, &size, error);
  if (input < 0)
    return NULL;
  result = inion_foreign_read (HELPER, path, input, &samples, job, error);
  if (result == NULL)
    {
      if (error != NULL && g_error_matches (*error, INION_ERROR, INION_ERROR_FORMAT))
        tell_break (path, input, size, error);
      close (input);
      return NULL;
    }
  return inion_eeglab_recording_new (result, path, input, samples, error);
}

/**
 * inion_eeglab_recording_open:
 * @path: a .set file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the recording, as inion_eeglab_recording_open_with_job()
 */
InionRecording *
inion_eeglab_recording_open (const char  *path,
                             GError     **error)
{
  return inion_eeglab_recording_open_with_job (path, NULL, error);
}
