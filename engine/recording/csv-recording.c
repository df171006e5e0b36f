/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads samples from text tables.
 *
 * The whole table is read once, row by row; its numbers go to a scratch file as doubles. A row that
 * is cut, or a field that is no number, reads as NaN and is told. Where there is a time column, what
 * it says is made even (recording/even-times.h), and rows that are missing become gaps. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-recording.h"

#include "core/error.h"
#include "core/scratch.h"
#include "recording/binary-recording.h"
#include "recording/csv-line.h"
#include "recording/edf-faults.h"
#include "recording/edf-text.h"
#include "recording/even-times.h"
#include "recording/physical-unit.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK_ROWS 4096
#define MAX_EVENTS 2000000

/* A marker that was met: its row, counted among those that were stored. */
typedef struct
{
  gint64 row;
  gint64 n_rows; /* how long it was held */
  char *text;
} Marker;

/* What a marker column holds now. */
typedef struct
{
  char *text; /* (nullable) */
  guint open; /* which marker is held, plus one; 0: none */
} Held;

typedef struct
{
  const InionCsvGuess *guess;
  const char *path;
  int fd;
  gint64 size;
  guint n_columns;
  guint n_signals;
  int time_column;
  InionCsvField *fields;
  double *row;
  Held *held;
  GArray *markers;
  InionScratch *scratch;
  InionEvenTimes *times;
  InionEdfFaults *faults;
  double time;
  gint64 n_rows;
} Reading;

static void
clear_marker (gpointer data)
{
  Marker *marker = data;

  g_free (marker->text);
}

static void
clear_reading (Reading *self)
{
  if (self->fd >= 0)
    close (self->fd);
  for (guint k = 0; self->held != NULL && k < self->n_columns; k++)
    g_free (self->held[k].text);
  g_free (self->held);
  g_free (self->fields);
  g_free (self->row);
  g_clear_pointer (&self->markers, g_array_unref);
  g_clear_pointer (&self->scratch, inion_scratch_free);
  g_clear_pointer (&self->times, _inion_even_times_free);
  g_clear_pointer (&self->faults, inion_edf_faults_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, clear_reading)

static const InionCsvColumn *
get_column (const Reading *self,
            guint          k)
{
  return self->guess->columns->pdata[k];
}

/* Checks a guess, which may have been changed by hand. */
static gboolean
start_reading (Reading  *self,
               GError  **error)
{
  self->n_columns = self->guess->columns->len;
  self->time_column = -1;
  for (guint k = 0; k < self->n_columns; k++)
    {
      self->n_signals += get_column (self, k)->role == INION_CSV_SIGNAL;
      if (get_column (self, k)->role != INION_CSV_TIME)
        continue;
      if (self->time_column >= 0)
        return inion_set_error (error, INION_ERROR_INVALID, "There are two time columns, “%s” and "
                                "“%s”. Choose one.", get_column (self, (guint) self->time_column)->name,
                                get_column (self, k)->name);
      self->time_column = (int) k;
    }
  if (self->n_signals == 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, line %u: no column of the table (%u in all) holds samples: there are "
                            "only texts, times or markers.", self->path,
                            self->guess->header_rows + 1, self->n_columns);
  if (!(self->guess->rate_hz > 0 && self->guess->rate_hz <= 1e7))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s” is a table of %u columns that does not tell its sampling rate: it "
                            "has no time column that goes up evenly, and no line that says it. Give "
                            "the rate: --rate HZ, or in the import dialog.", self->path,
                            self->n_columns);
  if (!(self->guess->time_scale > 0))
    return inion_set_error (error, INION_ERROR_INVALID, "The unit of the time column is missing.");
  self->fields = g_new (InionCsvField, self->n_columns);
  self->row = g_new (double, self->n_signals);
  self->held = g_new0 (Held, self->n_columns);
  self->markers = g_array_new (FALSE, FALSE, sizeof (Marker));
  g_array_set_clear_func (self->markers, clear_marker);
  self->faults = inion_edf_faults_new ();
  self->times = _inion_even_times_new (self->guess->rate_hz);
  self->scratch = inion_scratch_new (error);
  return self->scratch != NULL;
}

/* The text of a marker; "" for none: 0 and empty fields. */
static char *
dup_marker (const Reading       *self,
            const InionCsvField *field)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double value;

  if (_inion_csv_is_missing (field))
    return g_strdup ("");
  if (!_inion_csv_read_number (field, self->guess->decimal, &value))
    return _inion_csv_dup_field (field);
  if (fabs (value) <= 0)
    return g_strdup ("");
  return g_strdup (g_ascii_formatd (number, sizeof number, "%.15g", value));
}

static void
take_marker (Reading             *self,
             guint                k,
             const InionCsvField *field)
{
  Held *held = &self->held[k];
  g_autofree char *text = dup_marker (self, field);
  Marker marker = { self->n_rows, 1, NULL };

  if (held->text != NULL && strcmp (held->text, text) == 0)
    {
      if (held->open > 0)
        g_array_index (self->markers, Marker, held->open - 1).n_rows++;
      return;
    }
  g_free (held->text);
  held->text = g_steal_pointer (&text);
  held->open = 0;
  if (*held->text == '\0')
    return;
  if (self->markers->len == MAX_EVENTS)
    {
      inion_edf_faults_add (self->faults, "markers", -1, get_column (self, k)->name,
                            "Only the first %d markers were read.", MAX_EVENTS);
      return;
    }
  marker.text = g_strdup (held->text);
  g_array_append_val (self->markers, marker);
  held->open = self->markers->len;
}

static double
read_value (Reading             *self,
            guint                k,
            const InionCsvLines *lines,
            guint               *n_numbers)
{
  const InionCsvField *field = &self->fields[k];
  double value;

  if (_inion_csv_read_number (field, self->guess->decimal, &value))
    {
      (*n_numbers)++;
      return value;
    }
  if (!_inion_csv_is_missing (field))
    {
      g_autofree char *text = _inion_csv_dup_field (field);
      g_autofree char *place = g_strdup_printf ("line %" G_GINT64_FORMAT, lines->number);

      inion_edf_faults_add (self->faults, "number", lines->offset, place,
                            "“%.*s” in column “%s” is no number; the sample is missing.",
                            (int) MIN (g_utf8_offset_to_pointer (text, MIN (g_utf8_strlen (text, -1),
                                                                            30)) - text, 120),
                            text, get_column (self, k)->name);
    }
  return NAN;
}

static void
take_time (Reading             *self,
           const InionCsvLines *lines)
{
  double value, next = self->time + 1 / self->guess->rate_hz;

  if (self->time_column >= 0)
    {
      const InionCsvField *field = &self->fields[self->time_column];

      if (_inion_csv_read_number (field, self->guess->decimal, &value) &&
          fabs (value * self->guess->time_scale) < 1e12)
        next = value * self->guess->time_scale;
      else
        inion_edf_faults_add (self->faults, "time", lines->offset, "time column",
                              "Line %" G_GINT64_FORMAT " has no time; it is taken to follow the last.",
                              lines->number);
    }
  self->time = next;
  _inion_even_times_add (self->times, next);
}

static gboolean
take_row (Reading              *self,
          const InionCsvLines  *lines,
          const char           *line,
          gsize                 n,
          GError              **error)
{
  guint count, n_numbers = 0, s = 0;
  g_autofree char *place = NULL;

  count = _inion_csv_split (line, n, self->guess->delimiter, self->fields, self->n_columns);
  for (guint k = count; k < self->n_columns; k++)
    self->fields[k] = (InionCsvField) { "", 0 };
  for (guint k = 0; k < self->n_columns; k++)
    if (get_column (self, k)->role == INION_CSV_SIGNAL)
      self->row[s++] = read_value (self, k, lines, &n_numbers);
  if (n_numbers == 0 && count < self->n_columns)
    {
      inion_edf_faults_add (self->faults, "row", lines->offset, "row",
                            "Line %" G_GINT64_FORMAT " holds no values; it was left out.",
                            lines->number);
      return TRUE;
    }
  if (count < self->n_columns || count > self->n_columns + 1 || lines->too_long)
    inion_edf_faults_add (self->faults, "columns", lines->offset, "row",
                          "Line %" G_GINT64_FORMAT " has %u columns, not %u; what is missing reads as "
                          "no value.", lines->number, count, self->n_columns);
  if (!inion_scratch_write (self->scratch, self->row, self->n_signals * sizeof (double), error))
    return FALSE;
  take_time (self, lines);
  for (guint k = 0; k < self->n_columns; k++)
    if (get_column (self, k)->role == INION_CSV_MARKER)
      take_marker (self, k, &self->fields[k]);
  self->n_rows++;
  return TRUE;
}

static gboolean
read_rows (Reading   *self,
           InionJob  *job,
           GError   **error)
{
  InionCsvLines lines;
  g_autoptr (GError) reason = NULL;
  const char *line;
  gsize n;

  _inion_csv_lines_init (&lines, self->fd, self->size);
  while (reason == NULL && _inion_csv_lines_next (&lines, &line, &n, &reason))
    {
      if (lines.number % CHECK_ROWS == 0)
        {
          inion_job_report (job, (double) lines.offset / (double) MAX (self->size, 1),
                            "Reading the table");
          if (!inion_job_check (job, &reason))
            break;
        }
      if (lines.number > self->guess->header_rows && n > 0 && line[0] != '%' && line[0] != '#')
        take_row (self, &lines, line, n, &reason);
    }
  _inion_csv_lines_clear (&lines);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* Where rows stand on the recording's clock. */
static GArray *
make_runs (Reading           *self,
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
add_channels (Reading               *self,
              InionBinaryRecording  *recording,
              guint                  file,
              InionChannelInfo      *info,
              GError               **error)
{
  guint s = 0;

  for (guint k = 0; k < self->n_columns; k++)
    {
      const InionCsvColumn *column = get_column (self, k);
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
add_events (Reading                *self,
            InionBinaryRecording   *recording,
            const InionChannelInfo *info,
            GArray                 *runs)
{
  for (guint i = 0; i < self->markers->len; i++)
    {
      const Marker *marker = &g_array_index (self->markers, Marker, i);
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
add_faults (Reading        *self,
            InionRecording *recording)
{
  for (guint i = 0; i < self->guess->notes->len; i++)
    inion_recording_take_fault (recording, inion_fault_new (-1, "table", "%s",
                                                            (char *) self->guess->notes->pdata[i]));
  inion_edf_faults_hand_over (self->faults, recording, "places");
}

static InionRecording *
make_recording (Reading  *self,
                GError  **error)
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
  g_auto (Reading) self = { .path = path, .fd = fd };
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
  if (!start_reading (&self, error) || !read_rows (&self, job, error))
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
