/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings in text tables.
 *
 * Where there is a time column, what it says is made even (recording/even-times.h), and rows that
 * are missing become gaps. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-recording.h"

#include "core/error.h"
#include "recording/binary-recording.h"
#include "recording/csv-rows.h"
#include "recording/physical-unit.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where rows stand on the recording's clock. */
static GArray *
make_runs (InionCsvRows      *self,
           InionChannelInfo  *info,
           GError           **error)
{
  g_autoptr (GArray) stretches = _inion_even_times_finish (self->times);
  GArray *runs = NULL;
  double rate, moved = 0;

  if (!_inion_even_stretches_get_rate (stretches, self->guess->rate_hz, &info->rate_num,
                                       &info->rate_den_ns))
    inion_edf_faults_add (self->faults, "rate", -1, "time column",
                          "The times make no sense by %g Hz; that rate is used all the same.",
                          self->guess->rate_hz);
  rate = (double) info->rate_num / (double) info->rate_den_ns * 1e9;
  if (stretches->len > 0)
    runs = _inion_even_stretches_make_runs (stretches,
                                            g_array_index (stretches, InionEvenStretch, 0).start,
                                            rate, &moved);
  if (runs == NULL)
    inion_set_error (error, INION_ERROR_FORMAT, stretches->len == 0
                                                  ? "“%s” holds no rows of values."
                                                  : "The times in “%s” lie years apart. Choose "
                                                    "another time column, or none.", self->path);
  else if (moved > 0)
    inion_edf_faults_add (self->faults, "overlap", -1, "time column",
                          "Times go back by up to %.3f s; those rows were put behind the others.",
                          moved);
  return runs;
}

static gboolean
add_segments (InionRecording         *recording,
              const InionChannelInfo *info,
              GArray                 *runs)
{
  double ns = (double) info->rate_den_ns / (double) info->rate_num;

  for (guint i = 0; i < runs->len && runs->len > 1; i++)
    {
      const InionSegmentRun *run = &g_array_index (runs, InionSegmentRun, i);
      gint64 from_ns = llrint ((double) run->first * ns);
      gint64 to_ns = llrint ((double) (run->first + run->n) * ns);

      if (!inion_recording_add_segment (recording, from_ns, to_ns - from_ns,
                                        llrint ((double) run->stored * ns)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_channels (InionCsvRows          *self,
              InionBinaryRecording  *recording,
              guint                  file,
              InionChannelInfo      *info,
              GError               **error)
{
  guint s = 0;

  for (guint k = 0; k < self->n_columns; k++)
    {
      const InionCsvColumn *column = (const InionCsvColumn *) self->guess->columns->pdata[k];
      InionSampleLayout layout = inion_sample_layout_multiplexed (file, INION_SAMPLE_FLOAT64, 0, s,
                                                                  self->n_signals);

      if (column->role != INION_CSV_SIGNAL)
        continue;
      layout.big_endian = G_BYTE_ORDER == G_BIG_ENDIAN;
      info->raw_label = column->name;
      info->kind = inion_channel_kind_guess (column->name, column->unit);
      /* What OpenBCI calls EXG is EEG unless somebody says otherwise. */
      if (info->kind == INION_CHANNEL_OTHER && strcmp (column->unit, "µV") == 0 &&
          strcmp (self->guess->format, "OpenBCI text") == 0)
        info->kind = INION_CHANNEL_EEG;
      info->unit = inion_physical_unit_choose (column->unit, info->kind, &info->gain);
      info->gain *= column->gain;
      info->calibrated = *column->unit != '\0';
      if (!inion_binary_recording_add_channel (recording, info, &layout, error))
        return FALSE;
      s++;
    }
  return TRUE;
}

/* When a row was sampled: rows are stored without the gaps. */
static gint64
get_row_ns (const InionChannelInfo *info,
            GArray                 *runs,
            gint64                  row)
{
  guint low = 0, high = runs->len - 1;
  const InionSegmentRun *run;

  while (low < high)
    {
      guint middle = low + (high - low + 1) / 2;

      if (g_array_index (runs, InionSegmentRun, middle).stored <= row)
        low = middle;
      else
        high = middle - 1;
    }
  run = &g_array_index (runs, InionSegmentRun, low);
  return llrint ((double) (run->first + row - run->stored) *
                 ((double) info->rate_den_ns / (double) info->rate_num));
}

static void
add_events (InionCsvRows           *self,
            InionBinaryRecording   *recording,
            const InionChannelInfo *info,
            GArray                 *runs)
{
  for (guint i = 0; i < self->markers->len; i++)
    {
      const InionCsvMarker *marker = &g_array_index (self->markers, InionCsvMarker, i);
      gint64 onset_ns = get_row_ns (info, runs, marker->row);
      gint64 duration_ns = -1;

      if (marker->n_rows > 1)
        duration_ns = llrint ((double) marker->n_rows *
                              ((double) info->rate_den_ns / (double) info->rate_num));
      inion_binary_recording_take_event (recording,
                                         inion_event_new (onset_ns, duration_ns, marker->text, -1));
    }
}

static void
add_faults (InionCsvRows   *self,
            InionRecording *recording)
{
  for (guint i = 0; i < self->guess->notes->len; i++)
    inion_recording_take_fault (recording, inion_fault_new (-1, "table", "%s",
                                                            (char *) self->guess->notes->pdata[i]));
  inion_edf_faults_hand_over (self->faults, recording, "places");
}

static InionRecording *
make_recording (InionCsvRows  *self,
                GError       **error)
{
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (self->path,
                                                                           self->guess->format);
  InionChannelInfo info = { .n_samples = self->n_rows, .gain = 1,
                            .digital_min = G_MININT32, .digital_max = G_MAXINT32 };
  g_autoptr (GArray) runs = make_runs (self, &info, error);
  guint file;
  int fd;

  if (runs == NULL)
    return NULL;
  inion_recording_set_texts (INION_RECORDING (recording), "", "");
  inion_binary_recording_take_file (recording, self->fd, self->path);
  self->fd = -1;
  fd = inion_scratch_steal_fd (self->scratch, error);
  if (fd < 0)
    return NULL;
  file = inion_binary_recording_take_file (recording, fd, NULL);
  if (!add_segments (INION_RECORDING (recording), &info, runs))
    {
      inion_set_error (error, INION_ERROR_FORMAT, "The times in “%s” make no sense.", self->path);
      return NULL;
    }
  if (!add_channels (self, recording, file, &info, error))
    return NULL;
  add_events (self, recording, &info, runs);
  add_faults (self, INION_RECORDING (recording));
  return INION_RECORDING (g_steal_pointer (&recording));
}

static gboolean
is_text (const guint8 *head,
         gsize         n)
{
  for (gsize i = 0; i < n; i++)
    if (head[i] < 32 && strchr ("\t\r\n\f", head[i]) == NULL)
      return FALSE;
  return n > 0 && memchr (head, '\0', n) == NULL;
}

/**
 * inion_csv_recording_sniff:
 * @path: (nullable): the file's path
 * @head: (array length=n): its first bytes
 * @n: how many
 *
 * Returns: whether it is a text whose name or whose first line says that it is a table
 */
gboolean
inion_csv_recording_sniff (const char   *path,
                           const guint8 *head,
                           gsize         n)
{
  static const char *const endings[] = { ".csv", ".tsv", ".txt", ".asc" };
  g_autofree char *lower = path != NULL ? g_ascii_strdown (path, -1) : g_strdup ("");

  if (!is_text (head, n))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  /* Without a telling name: nothing but numbers. */
  for (gsize i = 0; i < MIN (n, 200); i++)
    if (!g_ascii_isdigit ((char) head[i]) && strchr (" \t,;.+-eE\r\n", head[i]) == NULL)
      return FALSE;
  return n >= 8;
}

/**
 * inion_csv_recording_open_fd:
 * @fd: (transfer full): an open file
 * @path: what it is called
 * @guess: (nullable): how it is meant; %NULL to guess
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the recording, as inion_csv_recording_open_as()
 */
InionRecording *
inion_csv_recording_open_fd (int                   fd,
                             const char           *path,
                             const InionCsvGuess  *guess,
                             InionJob             *job,
                             GError              **error)
{
  g_auto (InionCsvRows) self = { .path = path, .fd = fd };
  g_autoptr (InionCsvGuess) own = NULL;
  struct stat st;

  if (fstat (fd, &st) != 0)
    {
      inion_set_error (error, INION_ERROR_IO, "Could not read “%s”.", path);
      return NULL;
    }
  self.size = (gint64) st.st_size;
  if (guess == NULL)
    guess = own = inion_csv_guess_fd (fd, self.size, error);
  if (guess == NULL)
    {
      g_autofree char *name = g_filename_display_name (path);

      g_prefix_error (error, "“%s”: ", name);
      return NULL;
    }
  self.guess = guess;
  if (!_inion_csv_rows_read (&self, job, error))
    return NULL;
  return make_recording (&self, error);
}

/**
 * inion_csv_recording_open_as:
 * @path: a text table
 * @guess: how it is meant
 * @job: (nullable): for progress and cancel: the whole file is read
 * @error: return location
 *
 * Opens a table as somebody said. All of @guess but its rows counts.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_INVALID or
 *   %INION_ERROR_UNSUPPORTED if @guess lacks something, %INION_ERROR_FORMAT, %INION_ERROR_IO or
 *   %G_IO_ERROR_CANCELLED
 */
InionRecording *
inion_csv_recording_open_as (const char           *path,
                             const InionCsvGuess  *guess,
                             InionJob             *job,
                             GError              **error)
{
  gint64 size;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = _inion_recording_open_file (path, &size, error);
  return fd >= 0 ? inion_csv_recording_open_fd (fd, path, guess, job, error) : NULL;
}

/**
 * inion_csv_recording_open:
 * @path: a text table
 * @job: (nullable): for progress and cancel: the whole file is read
 * @error: return location
 *
 * Opens a table that says by itself how it is meant.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL with %INION_ERROR_UNSUPPORTED if it
 *   does not tell its sampling rate, or as inion_csv_recording_open_as()
 */
InionRecording *
inion_csv_recording_open (const char  *path,
                          InionJob    *job,
                          GError     **error)
{
  return inion_csv_recording_open_as (path, NULL, job, error);
}
