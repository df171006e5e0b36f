/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing BrainVision recordings: a header (.vhdr), samples (.eeg) and markers (.vmrk).
 *
 * Samples are multiplexed. They are the source's digital values in 16 bits where these and one
 * resolution a channel say everything, without an offset; else 32-bit floats of the physical values,
 * with NaN where there is none. Every piece begins with a "New Segment" and its clock time, so that
 * gaps stay. Markers stand at whole samples: an event is moved to the nearest one, which is told.
 * One without a duration gets the size 0, others at least 1. The text of an event is
 * "type/description"; one without a type becomes a "Comment". */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-write.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/brainvision-recording.h"
#include "recording/edf-write-private.h"

#include <math.h>
#include <string.h>

#define BLOCK_SAMPLES (128 * 1024)
#define NEW_SEGMENT "New Segment"

/* How far a product of digital value and resolution may be from the value, in steps. */
#define SAME 1e-6

/* The longest of a channel in a piece counts: what a shorter one lacks is NaN. */
static gint64
count_points (const InionExportPlan *plan,
              guint                  piece)
{
  gint64 n = 0;

  for (guint c = 0; c < plan->channels->len; c++)
    n = MAX (n, _inion_export_channel_get_run (_inion_export_plan_get_channel (plan, c), piece).n);
  return n;
}

static gboolean
check_rates (const InionExportPlan  *plan,
             GError                **error)
{
  const InionChannelInfo *first = _inion_export_plan_get_channel (plan, 0)->info;

  for (guint c = 1; c < plan->channels->len; c++)
    {
      const InionChannelInfo *info = _inion_export_plan_get_channel (plan, c)->info;

      if ((__int128) info->rate_num * first->rate_den_ns !=
          (__int128) first->rate_num * info->rate_den_ns)
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "“%s”: BrainVision has one sampling rate, but %s has %.9g Hz and %s "
                                "has %.9g Hz. Export to EDF or BDF, or the channels of each rate "
                                "to a file of their own.", plan->name, first->label,
                                (double) first->rate_num * 1e9 / (double) first->rate_den_ns,
                                info->label,
                                (double) info->rate_num * 1e9 / (double) info->rate_den_ns);
    }
  return TRUE;
}

/**
 * _inion_brainvision_write_get_point:
 * @self: a recording
 * @piece: one of its pieces
 *
 * Returns: which stored sample is the piece's first
 */
gint64
_inion_brainvision_write_get_point (const InionBrainVisionWrite *self,
                                    guint                        piece)
{
  return piece == 0 ? 0 : g_array_index (self->n_points, gint64, piece - 1);
}

/**
 * _inion_brainvision_write_for_each_block:
 * @self: a recording
 * @step: what is being done, for progress
 * @from: the progress before, 0 to 1
 * @to: the progress after
 * @func: called with a piece, a sample of it and a number of samples
 * @data: for @func
 * @error: return location
 *
 * Goes through all samples in blocks that fit into memory.
 *
 * Returns: %FALSE if @func fails or the job was cancelled
 */
gboolean
_inion_brainvision_write_for_each_block (InionBrainVisionWrite  *self,
                                         const char             *step,
                                         double                  from,
                                         double                  to,
                                         InionBrainVisionBlock   func,
                                         gpointer                data,
                                         GError                **error)
{
  gint64 most = MAX (BLOCK_SAMPLES / self->plan->channels->len, 1);

  for (guint p = 0; p < self->n_points->len; p++)
    {
      gint64 begin = _inion_brainvision_write_get_point (self, p);
      gint64 n = g_array_index (self->n_points, gint64, p) - begin;

      for (gint64 first = 0; first < n; first += most)
        {
          if (!inion_job_check (self->job, error) ||
              !func (self, p, first, MIN (most, n - first), data, error))
            return FALSE;
          inion_job_report (self->job, from + (to - from) * (double) (begin + first) /
                                                (double) self->total, step);
        }
    }
  return TRUE;
}

/**
 * _inion_brainvision_write_read:
 * @self: a recording
 * @channel: a channel of its plan
 * @piece: a piece
 * @first: sample of the piece
 * @n: how many
 * @out: (out caller-allocates) (array length=n): the values in the channel's unit, NaN behind its
 *   end
 * @error: return location
 *
 * Returns: %FALSE as inion_recording_read()
 */
gboolean
_inion_brainvision_write_read (InionBrainVisionWrite  *self,
                               guint                   channel,
                               guint                   piece,
                               gint64                  first,
                               gint64                  n,
                               double                 *out,
                               GError                **error)
{
  InionExportChannel *from = _inion_export_plan_get_channel (self->plan, channel);
  InionExportRun run = _inion_export_channel_get_run (from, piece);
  gint64 there = CLAMP (run.n - first, 0, n);

  for (gint64 i = there; i < n; i++)
    out[i] = NAN;
  return there == 0 || inion_recording_read (self->plan->recording, from->source,
                                             run.first + first, (gsize) there, out, error);
}

/* Can 16 bits hold a block as it is? Ends the search where they cannot. */
static gboolean
fits_integers (InionBrainVisionWrite  *self,
               guint                   piece,
               gint64                  first,
               gint64                  n,
               gpointer                data,
               GError                **error)
{
  g_autofree double *values = g_new (double, n);
  g_autofree gint32 *digital = g_new (gint32, n);

  for (guint c = 0; c < self->plan->channels->len && self->integers; c++)
    {
      InionExportChannel *channel = _inion_export_plan_get_channel (self->plan, c);
      InionExportRun run = _inion_export_channel_get_run (channel, piece);
      double tolerance = SAME * fabs (channel->info->gain);

      self->integers = run.n >= first + n && fabs (channel->info->offset) <= tolerance;
      if (!self->integers)
        break;
      if (!inion_recording_read (self->plan->recording, channel->source, run.first + first,
                                 (gsize) n, values, error) ||
          !inion_recording_read_digital (self->plan->recording, channel->source, run.first + first,
                                         (gsize) n, digital, error))
        return FALSE;
      for (gint64 i = 0; i < n && self->integers; i++)
        self->integers = digital[i] >= G_MININT16 && digital[i] <= G_MAXINT16 &&
                         fabs (channel->info->gain * digital[i] - values[i]) <= tolerance;
    }
  return self->integers; /* FALSE without an error: no need to look further */
}

static gboolean
choose_type (InionBrainVisionWrite  *self,
             GError                **error)
{
  g_autoptr (GError) why = NULL;

  self->integers = TRUE;
  if (_inion_brainvision_write_for_each_block (self, "Looking at the range", 0, 0.3, fits_integers,
                                               NULL, &why) || why == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

static void
put_float (guint8 *to,
           double  value)
{
  union
  {
    float f;
    guint32 bits;
  } u = { .f = (float) value };
  guint32 bits = GUINT32_TO_LE (u.bits);

  memcpy (to, &bits, 4);
}

static void
put_integer (guint8 *to,
             gint32  value)
{
  to[0] = (guint8) ((guint32) value & 0xff);
  to[1] = (guint8) ((guint32) value >> 8 & 0xff);
}

static gboolean
write_block (InionBrainVisionWrite  *self,
             guint                   piece,
             gint64                  first,
             gint64                  n,
             gpointer                data,
             GError                **error)
{
  guint n_channels = self->plan->channels->len;
  gsize width = self->integers ? 2 : 4;
  g_autofree guint8 *bytes = g_malloc ((gsize) n * n_channels * width);
  g_autofree double *values = g_new (double, n);
  g_autofree gint32 *digital = g_new (gint32, n);

  for (guint c = 0; c < n_channels; c++)
    {
      InionExportChannel *channel = _inion_export_plan_get_channel (self->plan, c);
      gint64 at = _inion_export_channel_get_run (channel, piece).first + first;
      guint8 *to = bytes + c * width;

      if (self->integers && !inion_recording_read_digital (self->plan->recording, channel->source,
                                                           at, (gsize) n, digital, error))
        return FALSE;
      if (!self->integers &&
          !_inion_brainvision_write_read (self, c, piece, first, n, values, error))
        return FALSE;
      for (gint64 i = 0; i < n; i++, to += n_channels * width)
        if (self->integers)
          put_integer (to, digital[i]);
        else
          put_float (to, values[i]);
    }
  return inion_output_write (self->output, self->data_file, bytes,
                             (gsize) n * n_channels * width, error);
}

/* A field: on one line, and its commas written as the format has it. */
static char *
dup_field (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) parts = NULL;

  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  parts = g_strsplit (g_strstrip (valid), ",", -1);
  return g_strjoinv ("\\1", parts);
}

/**
 * _inion_brainvision_write_clear_mark:
 * @mark: a marker; its texts are freed
 */
void
_inion_brainvision_write_clear_mark (InionBrainVisionMark *mark)
{
  g_clear_pointer (&mark->type, g_free);
  g_clear_pointer (&mark->description, g_free);
}

/* The stored sample nearest to a time since the first piece. */
static gint64
find_point (const InionBrainVisionWrite *self,
            gint64                       ns,
            gboolean                    *moved)
{
  InionExportChannel *channel = _inion_export_plan_get_channel (self->plan, 0);
  InionChannel *object = inion_recording_get_channel (self->plan->recording, channel->source);
  guint low = 0, high = self->n_points->len - 1;
  gint64 begin, n, sample, offset_ns;

  while (low < high)
    {
      guint middle = low + (high - low + 1) / 2;

      if (_inion_export_plan_get_onset (self->plan, middle) <= ns)
        low = middle;
      else
        high = middle - 1;
    }
  offset_ns = ns - _inion_export_plan_get_onset (self->plan, low);
  sample = inion_channel_ns_to_nearest_sample (object, offset_ns);
  begin = _inion_brainvision_write_get_point (self, low);
  n = g_array_index (self->n_points, gint64, low) - begin;
  /* Behind the last sample of a piece is nothing to stand at, unless the next one begins. */
  *moved = inion_channel_sample_to_ns (object, sample) != offset_ns || sample < 0 || sample >= n;
  return begin + CLAMP (sample, 0, MAX (n - 1, 0));
}

/**
 * _inion_brainvision_write_make_mark:
 * @self: a recording
 * @event: an event of its plan
 * @mark: (out): the marker that is written
 * @moved: (out): it is not exactly where the event is
 *
 * Returns: %FALSE if the event is the begin of a segment, which is written from the gaps
 */
gboolean
_inion_brainvision_write_make_mark (const InionBrainVisionWrite *self,
                                    const InionEvent            *event,
                                    InionBrainVisionMark        *mark,
                                    gboolean                    *moved)
{
  InionExportChannel *channel = _inion_export_plan_get_channel (self->plan, 0);
  InionChannel *object = inion_recording_get_channel (self->plan->recording, channel->source);
  const char *slash = strchr (event->text, '/');

  if (g_str_has_prefix (event->text, NEW_SEGMENT "/"))
    return FALSE;
  if (slash != NULL && slash > event->text)
    {
      g_autofree char *type = g_strndup (event->text, (gsize) (slash - event->text));

      mark->type = dup_field (type);
      mark->description = dup_field (slash + 1);
    }
  else
    {
      mark->type = g_strdup ("Comment");
      mark->description = dup_field (event->text);
    }
  mark->point = find_point (self, event->onset_ns, moved);
  mark->size = MAX (inion_channel_ns_to_nearest_sample (object, MAX (event->duration_ns, 0)),
                    event->duration_ns > 0);
  mark->channel = event->channel;
  return TRUE;
}

static gboolean
write_segment (InionBrainVisionWrite  *self,
               guint                   piece,
               guint                  *number,
               GError                **error)
{
  g_autoptr (GDateTime) unknown = g_date_time_new_utc (1985, 1, 1, 0, 0, 0);
  GDateTime *start = self->plan->start != NULL ? self->plan->start : unknown;
  gint64 onset_ns = _inion_export_plan_get_onset (self->plan, piece);
  g_autoptr (GDateTime) time = g_date_time_add (start, (onset_ns + 500) / 1000);
  g_autofree char *date = NULL;
  g_autofree char *line = NULL;

  if (time != NULL && (self->plan->start != NULL || self->n_points->len > 1))
    date = g_strdup_printf (",%04d%02d%02d%02d%02d%02d%06d", g_date_time_get_year (time),
                            g_date_time_get_month (time), g_date_time_get_day_of_month (time),
                            g_date_time_get_hour (time), g_date_time_get_minute (time),
                            g_date_time_get_second (time), g_date_time_get_microsecond (time));
  line = g_strdup_printf ("Mk%u=" NEW_SEGMENT ",,%" G_GINT64_FORMAT ",1,0%s\r\n", ++*number,
                          _inion_brainvision_write_get_point (self, piece) + 1,
                          date != NULL ? date : "");
  return inion_output_print (self->output, self->marker_file, line, error);
}

static gboolean
write_events (InionBrainVisionWrite  *self,
              guint                  *number,
              GError                **error)
{
  guint n_moved = 0;

  for (guint i = 0; i < self->plan->events->len; i++)
    {
      InionBrainVisionMark mark = { 0 };
      gboolean moved = FALSE;
      g_autofree char *line = NULL;

      if (!_inion_brainvision_write_make_mark (self, self->plan->events->pdata[i], &mark, &moved))
        continue;
      n_moved += moved;
      line = g_strdup_printf ("Mk%u=%s,%s,%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%d\r\n",
                              ++*number, mark.type, mark.description, mark.point + 1, mark.size,
                              mark.channel + 1);
      _inion_brainvision_write_clear_mark (&mark);
      if (!inion_output_print (self->output, self->marker_file, line, error))
        return FALSE;
    }
  if (n_moved > 0)
    _inion_export_plan_note (self->plan, "BrainVision has markers at samples only: %u events do "
                             "not begin at one and were moved to the nearest.", n_moved);
  return TRUE;
}

static gboolean
write_markers (InionBrainVisionWrite  *self,
               GError                **error)
{
  g_autofree char *head = g_strdup_printf (
    "Brain Vision Data Exchange Marker File, Version 1.0\r\n\r\n"
    "[Common Infos]\r\nCodepage=UTF-8\r\nDataFile=%s\r\n\r\n"
    "[Marker Infos]\r\n"
    "; Mk<number>=<type>,<description>,<position in data points>,<size in data points>,\r\n"
    ";   <channel number (0 = marker is related to all channels)>,<date of a new segment>\r\n"
    "; A comma in a text is written as \"\\1\".\r\n", self->data_name);
  guint number = 0;

  if (!inion_output_print (self->output, self->marker_file, head, error))
    return FALSE;
  for (guint p = 0; p < self->n_points->len; p++)
    if (!write_segment (self, p, &number, error))
      return FALSE;
  if (self->plan->start == NULL && self->n_points->len > 1)
    _inion_export_plan_note (self->plan, "The start is unknown, but gaps need clock times: they "
                             "count from 1985-01-01.");
  return write_events (self, &number, error);
}

static void
put_channels (const InionBrainVisionWrite *self,
              GString                     *header)
{
  g_string_append (header, "[Channel Infos]\r\n"
                           "; Ch<number>=<name>,<reference>,<resolution in unit>,<unit>\r\n"
                           "; A comma in a name is written as \"\\1\".\r\n");
  for (guint c = 0; c < self->plan->channels->len; c++)
    {
      const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, c)->info;
      g_autofree char *name = dup_field (info->raw_label);
      g_autofree char *reference = dup_field (info->reference != NULL ? info->reference : "");
      g_autofree char *unit = dup_field (info->unit);
      char resolution[G_ASCII_DTOSTR_BUF_SIZE] = "1";

      if (self->integers)
        _inion_export_format_double (info->gain, resolution);
      g_string_append_printf (header, "Ch%u=%s,%s,%s,%s\r\n", c + 1, name, reference, resolution,
                              *unit != '\0' ? unit : "n/a");
    }
}

/* Radius in millimetres, angle from the vertex, angle from the right ear to the nose. */
static void
put_positions (const InionBrainVisionWrite *self,
               GString                     *header)
{
  gboolean any = FALSE;

  for (guint c = 0; c < self->plan->channels->len; c++)
    {
      const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, c)->info;
      double polar[3];
      char texts[3][G_ASCII_DTOSTR_BUF_SIZE];

      if (!info->has_position)
        continue;
      polar[0] = sqrt (info->position[0] * info->position[0] +
                       info->position[1] * info->position[1] +
                       info->position[2] * info->position[2]);
      polar[1] = polar[0] > 0 ? acos (info->position[2] / polar[0]) * 180 / G_PI : 0;
      polar[2] = atan2 (info->position[1], info->position[0]) * 180 / G_PI;
      polar[0] *= 1000;
      for (guint i = 0; i < 3; i++)
        g_ascii_formatd (texts[i], sizeof texts[i], "%.6f", polar[i]);
      if (!any)
        g_string_append (header, "\r\n[Coordinates]\r\n"
                                 "; Ch<number>=<radius in mm>,<theta in degrees>,<phi>\r\n");
      any = TRUE;
      g_string_append_printf (header, "Ch%u=%s,%s,%s\r\n", c + 1, texts[0], texts[1], texts[2]);
    }
}

static gboolean
write_header (InionBrainVisionWrite  *self,
              GError                **error)
{
  const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, 0)->info;
  g_autoptr (GString) header = g_string_new (
    "Brain Vision Data Exchange Header File Version 1.0\r\n; Written by Inion\r\n\r\n"
    "[Common Infos]\r\nCodepage=UTF-8\r\n");

  g_string_append_printf (header, "DataFile=%s\r\nMarkerFile=%s\r\n"
                          "DataFormat=BINARY\r\nDataOrientation=MULTIPLEXED\r\n"
                          "NumberOfChannels=%u\r\nDataPoints=%" G_GINT64_FORMAT "\r\n"
                          "; Sampling interval in microseconds\r\nSamplingInterval=",
                          self->data_name, self->marker_name, self->plan->channels->len,
                          self->total);
  /* Microseconds with nine decimals, rounded to the nearest. */
  _inion_edf_write_seconds (inion_int64_mul_div (2 * 1000000, info->rate_den_ns, info->rate_num) / 2 +
                            inion_int64_mul_div (2 * 1000000, info->rate_den_ns, info->rate_num) % 2,
                            header);
  g_string_append_printf (header, "\r\n\r\n[Binary Infos]\r\nBinaryFormat=%s\r\n\r\n",
                          self->integers ? "INT_16" : "IEEE_FLOAT_32");
  put_channels (self, header);
  put_positions (self, header);
  return inion_output_write (self->output, 0, header->str, header->len, error);
}

/* The other two files are named after the header. */
static gboolean
add_files (InionBrainVisionWrite  *self,
           GError                **error)
{
  g_autofree char *name = g_path_get_basename (inion_output_get_part (self->output, 0));
  gsize n = strlen (name);

  if (n > 5 && g_ascii_strcasecmp (name + n - 5, ".vhdr") == 0)
    name[n - 5] = '\0';
  self->data_name = g_strconcat (name, ".eeg", NULL);
  self->marker_name = g_strconcat (name, ".vmrk", NULL);
  return inion_output_add (self->output, self->data_name, &self->data_file, error) &&
         inion_output_add (self->output, self->marker_name, &self->marker_file, error);
}

static gboolean
write_all (InionBrainVisionWrite  *self,
           GError                **error)
{
  g_autoptr (InionRecording) written = NULL;

  if (!check_rates (self->plan, error) || !add_files (self, error))
    return FALSE;
  for (guint p = 0; p < self->plan->onsets->len; p++)
    {
      self->total += count_points (self->plan, p);
      g_array_append_val (self->n_points, self->total);
    }
  if (!choose_type (self, error) ||
      !_inion_brainvision_write_for_each_block (self, "Writing", 0.3, 0.7, write_block, NULL,
                                                error) ||
      !write_markers (self, error) || !write_header (self, error) ||
      !inion_output_finish (self->output, error))
    return FALSE;
  written = inion_brainvision_open (inion_output_get_part (self->output, 0), error);
  return written != NULL && _inion_brainvision_write_verify (self, written, error);
}

/**
 * _inion_brainvision_write:
 * @plan: what is written, with at least one sample
 * @output: where; its first file is the header
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Writes a BrainVision recording, finishes its files, reads them back and compares.
 *
 * Returns: %FALSE as inion_export_write()
 */
gboolean
_inion_brainvision_write (InionExportPlan  *plan,
                          InionOutput      *output,
                          InionJob         *job,
                          GError          **error)
{
  InionBrainVisionWrite self = {
    .plan = plan,
    .output = output,
    .n_points = g_array_new (FALSE, FALSE, sizeof (gint64)),
    .job = job,
  };
  gboolean good = write_all (&self, error);

  g_array_unref (self.n_points);
  g_free (self.data_name);
  g_free (self.marker_name);
  return good;
}
