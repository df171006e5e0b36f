/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads EEGLAB's .set: a MATLAB file of level 5, or of 7.3, which is HDF5.
 *
 * It holds one structure EEG, or its fields at the top level. This only fetches what it says; what
 * that means (cuts, epochs, positions, clocks) is decided by the process that asked. */

#include "config.h"

#include "recording/foreign/helper/mat-value.h"
#include "recording/foreign/helper/open-input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_VARIABLES 10000
#define MOST_CHANNELS 65536
#define MOST_EVENTS 5000000
#define SLAB_BYTES ((size_t) 128 * 1024 * 1024)

typedef struct
{
  mat_t *mat;
  Writer *writer;
  matvar_t *eeg;  /* (nullable): the structure; else: */
  matvar_t **top; /* the fields at the top level */
  size_t n_top;
  bool several; /* there is an ALLEEG */
} Set;

typedef struct
{
  size_t channels;
  size_t points;
  size_t trials;
  ForeignType type;
  size_t type_size;
} Shape;

static matvar_t *
get (Set        *set,
     const char *name)
{
  if (set->eeg != NULL)
    return mat_field (set->mat, set->eeg, name, 0);
  for (size_t i = 0; i < set->n_top; i++)
    if (strcmp (set->top[i]->name, name) == 0)
      return set->top[i];
  return NULL;
}

static bool
get_number (Set        *set,
            const char *name,
            double     *value)
{
  matvar_t *variable = get (set, name);

  *value = NAN;
  return mat_load (set->mat, variable) && mat_number (variable, 0, value) && isfinite (*value);
}

/* A count that the file gives; 0 if it gives none. */
static size_t
get_count (Set        *set,
           const char *name)
{
  double value;

  return get_number (set, name, &value) && value >= 1 && value < 9e15 ? (size_t) value : 0;
}

static ForeignText
get_text (Set        *set,
          const char *name)
{
  return mat_text_or_number (set->writer, set->mat, get (set, name));
}

static void
take_variable (Set      *set,
               matvar_t *variable)
{
  const char *name = variable->name != NULL ? variable->name : "";

  if (strcmp (name, "EEG") == 0 && variable->class_type == MAT_C_STRUCT && set->eeg == NULL)
    set->eeg = variable;
  else if (*name != '\0')
    {
      set->several |= strcmp (name, "ALLEEG") == 0;
      set->top[set->n_top++] = variable;
    }
}

static bool
find_variables (Set *set)
{
  matvar_t *variable, *nested;

  set->top = writer_alloc (MOST_VARIABLES, sizeof *set->top);
  for (size_t i = 0; i < MOST_VARIABLES; i++)
    {
      variable = Mat_VarReadNextInfo (set->mat);
      if (variable == NULL)
        break;
      take_variable (set, variable);
    }
  nested = set->eeg != NULL ? mat_field (set->mat, set->eeg, "EEG", 0) : NULL;
  if (nested != NULL && nested->class_type == MAT_C_STRUCT)
    set->eeg = nested;
  if (get (set, "data") != NULL || get (set, "srate") != NULL)
    return true;
  if (set->several)
    return writer_refuse (set->writer, FOREIGN_REFUSED_UNSUPPORTED,
                          "holds several EEGLAB recordings (ALLEEG). Save each to a .set file of "
                          "its own with EEGLAB.");
  return writer_refuse (set->writer, FOREIGN_REFUSED_FORMAT,
                        "is a MATLAB file without an EEGLAB recording: it has neither a variable "
                        "EEG nor its fields data and srate. Save it as .set with EEGLAB.");
}

static bool
get_type (const matvar_t *data,
          Shape          *shape)
{
  static const struct
  {
    enum matio_classes class_type;
    ForeignType type;
    size_t size;
  } types[] = {
    { MAT_C_SINGLE, FOREIGN_FLOAT32, 4 }, { MAT_C_DOUBLE, FOREIGN_FLOAT64, 8 },
    { MAT_C_INT8, FOREIGN_INT8, 1 },      { MAT_C_UINT8, FOREIGN_UINT8, 1 },
    { MAT_C_INT16, FOREIGN_INT16, 2 },    { MAT_C_UINT16, FOREIGN_UINT16, 2 },
    { MAT_C_INT32, FOREIGN_INT32, 4 },    { MAT_C_UINT32, FOREIGN_UINT32, 4 },
    { MAT_C_INT64, FOREIGN_INT64, 8 },    { MAT_C_UINT64, FOREIGN_UINT64, 8 },
  };

  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (data->class_type == types[i].class_type)
      {
        shape->type = types[i].type;
        shape->type_size = types[i].size;
        return true;
      }
  return false;
}

/* The number of elements decides; where what the file says of itself does not fit, its shape does.
 * MATLAB drops the first dimension of a single channel now and then. */
static bool
get_shape (Set            *set,
           const matvar_t *data,
           Shape          *shape)
{
  Writer *writer = set->writer;
  size_t n, wanted;

  if (!get_type (data, shape) || data->isComplex || !mat_count (data, &n) || data->rank < 2 ||
      data->rank > 3)
    return writer_refuse (writer, FOREIGN_REFUSED_FORMAT,
                          "has a field “data” that is no table of real numbers.");
  if (n == 0)
    return writer_refuse (writer, FOREIGN_REFUSED_FORMAT,
                          "has no samples: its field “data” is empty.");
  if (!__builtin_mul_overflow (shape->channels, shape->points, &wanted) &&
      !__builtin_mul_overflow (wanted, shape->trials, &wanted) && wanted == n)
    return true;
  writer_note (writer, "data",
               "It is a table of %zu × %zu × %zu; nbchan, pnts and trials say %zu × %zu × %zu. "
               "The table was followed.", data->dims[0], data->dims[1],
               data->rank > 2 ? data->dims[2] : (size_t) 1, shape->channels, shape->points,
               shape->trials);
  shape->channels = data->dims[0];
  shape->points = data->dims[1];
  shape->trials = data->rank > 2 ? data->dims[2] : 1;
  return true;
}

/* Some of the last dimension at a time, so that memory stays bounded. */
static bool
copy_in_slabs (Set         *set,
               matvar_t    *data,
               const Shape *shape,
               size_t       n)
{
  int start[3] = { 0, 0, 0 }, stride[3] = { 1, 1, 1 }, edge[3] = { 1, 1, 1 };
  int last = data->rank - 1;
  size_t length = data->dims[last], slice = n / length * shape->type_size;
  size_t step = slice >= SLAB_BYTES ? 1 : SLAB_BYTES / slice;
  unsigned char *slab;

  for (int i = 0; i < data->rank; i++)
    {
      if (data->dims[i] > INT32_MAX)
        return false;
      edge[i] = (int) data->dims[i];
    }
  slab = writer_alloc (step, slice);
  for (size_t at = 0; at < length; at += step)
    {
      size_t part = length - at < step ? length - at : step;

      start[last] = (int) at;
      edge[last] = (int) part;
      if (Mat_VarReadData (set->mat, data, slab, start, stride, edge) != 0)
        {
          free (slab);
          return false;
        }
      writer_samples (slab, part * slice, at * slice);
      writer_progress (set->writer, (double) (at + part) / (double) length);
    }
  free (slab);
  return true;
}

static bool
copy_samples (Set         *set,
              matvar_t    *data,
              const Shape *shape)
{
  size_t n = shape->channels * shape->points * shape->trials;
  bool good;

  if (n > SIZE_MAX / shape->type_size)
    return writer_refuse (set->writer, FOREIGN_REFUSED_TOO_LARGE, "has too many samples.");
  if (data->data == NULL && n * shape->type_size > SLAB_BYTES)
    good = copy_in_slabs (set, data, shape, n);
  else
    {
      good = data->data != NULL || Mat_VarReadDataAll (set->mat, data) == 0;
      good = good && data->data != NULL && data->nbytes >= n * shape->type_size;
      if (good)
        writer_samples (data->data, n * shape->type_size, 0);
    }
  return good || writer_refuse (set->writer, FOREIGN_REFUSED_FORMAT,
                                "is damaged: its field “data” cannot be unpacked. Get the file "
                                "again from where it came.");
}

static void
read_position (Set            *set,
               matvar_t       *locations,
               size_t          index,
               ForeignChannel *channel)
{
  double *p = channel->position;
  double theta, radius;

  if (mat_field_number (set->mat, locations, "X", index, &p[0]) &&
      mat_field_number (set->mat, locations, "Y", index, &p[1]) &&
      mat_field_number (set->mat, locations, "Z", index, &p[2]) && isfinite (p[0]) &&
      isfinite (p[1]) && isfinite (p[2]))
    {
      channel->has_position = 1;
      return;
    }
  /* The polar ones of a flat head: clockwise from the nose, and 0.5 at the equator. */
  if (mat_field_number (set->mat, locations, "theta", index, &theta) &&
      mat_field_number (set->mat, locations, "radius", index, &radius) && isfinite (theta) &&
      isfinite (radius))
    {
      double azimuth = -theta * M_PI / 180, elevation = (0.5 - radius) * M_PI;

      p[0] = cos (elevation) * cos (azimuth);
      p[1] = cos (elevation) * sin (azimuth);
      p[2] = sin (elevation);
      channel->has_position = 1;
    }
}

static void
add_channels (Set         *set,
              const Shape *shape,
              bool         here)
{
  matvar_t *locations = get (set, "chanlocs");
  matvar_t *common = get (set, "ref");
  size_t n = 0;

  if (!mat_count (locations, &n) || locations->class_type != MAT_C_STRUCT)
    n = 0;
  if (n != shape->channels)
    writer_note (set->writer, "chanlocs", n == 0 ? "There are no names of channels; they are "
                 "numbered." : "It describes %zu channels of %zu; the others are numbered.", n,
                 shape->channels);
  for (size_t i = 0; i < shape->channels; i++)
    {
      ForeignChannel channel = {
        .type = shape->type, .rate = set->writer->header.rate,
        .n_samples = shape->points * shape->trials, .offset = here ? i * shape->type_size : 0,
        .stride = here ? shape->channels * shape->type_size : 0,
      };

      if (i < n)
        {
          channel.label = mat_text_or_number (set->writer, set->mat,
                                              mat_field (set->mat, locations, "labels", i));
          channel.kind = mat_text_or_number (set->writer, set->mat,
                                             mat_field (set->mat, locations, "type", i));
          channel.reference = mat_text_or_number (set->writer, set->mat,
                                                  mat_field (set->mat, locations, "ref", i));
          read_position (set, locations, i, &channel);
        }
      if (channel.reference.length == 0 && mat_load (set->mat, common) && mat_is_text (common))
        channel.reference = mat_text (set->writer, common);
      writer_add_channel (set->writer, &channel);
    }
}

static bool
add_events (Set *set)
{
  matvar_t *events = get (set, "event");
  size_t n, without = 0;

  if (!mat_count (events, &n) || n == 0 || events->class_type != MAT_C_STRUCT)
    return true;
  if (n > MOST_EVENTS)
    return writer_refuse (set->writer, FOREIGN_REFUSED_TOO_LARGE, "has %zu events, more than %d.",
                          n, MOST_EVENTS);
  for (size_t i = 0; i < n; i++)
    {
      ForeignEvent event = { .duration = -1, .channel = -1 };
      double latency;

      if (!mat_field_number (set->mat, events, "latency", i, &latency) || !isfinite (latency))
        {
          without++;
          continue;
        }
      event.position = latency - 1;
      if (!mat_field_number (set->mat, events, "duration", i, &event.duration) ||
          !isfinite (event.duration) || event.duration < 0)
        event.duration = -1;
      event.text = mat_text_or_number (set->writer, set->mat,
                                       mat_field (set->mat, events, "type", i));
      writer_add_event (set->writer, &event);
    }
  if (without > 0)
    writer_note (set->writer, "event", "%zu of %zu events have no latency and were left out.",
                 without, n);
  return true;
}

/* MATLAB's days since the year 0, to a millisecond, as year, month, day, hour, minute, second in
 * the calendar of today: years that begin in March, in cycles of 400. */
static bool
days_to_start (double  days,
               double *start)
{
  int64_t ms, day, year, month, cycle;

  if (!(days > 366 && days < 3652060)) /* the years 1 to 9999 */
    return false;
  ms = llrint (days * 86400000);
  day = ms / 86400000 - 61; /* since 1 March of the year 0 */
  ms %= 86400000;
  cycle = day / 146097;
  day %= 146097;
  year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  day -= 365 * year + year / 4 - year / 100;
  year += 400 * cycle;
  month = (5 * day + 2) / 153;
  start[2] = (double) (day - (153 * month + 2) / 5 + 1);
  start[1] = (double) (month < 10 ? month + 3 : month - 9);
  start[0] = (double) (year + (month >= 10));
  start[3] = (double) (ms / 3600000);
  start[4] = (double) (ms / 60000 % 60);
  start[5] = (double) (ms % 60000) / 1000;
  return true;
}

/* "2020-06-01T12:30:15.25", as EEG.etc.rec_startdate has it. */
static bool
parse_start (const char *text,
             double     *start)
{
  static const char gaps[] = "--T::";
  double digit = 0.1;

  for (int i = 0; i < 6; i++)
    {
      char *end;

      if (*text < '0' || *text > '9')
        return false;
      start[i] = (double) strtoul (text, &end, 10);
      if (i < 5 && *end != gaps[i] && !(i == 2 && *end == ' '))
        return false;
      text = end + (i < 5);
    }
  for (text += *text == '.'; *text >= '0' && *text <= '9'; text++, digit /= 10)
    start[5] += digit * (*text - '0');
  return true;
}

/* When the recording began is not a field of its own. What imports it leaves it in EEG.etc: T0, six
 * numbers from the year to the second, or rec_startdate, a text or MATLAB's days since the year
 * 0. */
static void
add_start (Set *set)
{
  ForeignHeader *header = &set->writer->header;
  matvar_t *etc = get (set, "etc");
  matvar_t *numbers = mat_field (set->mat, etc, "T0", 0);
  matvar_t *date = mat_field (set->mat, etc, "rec_startdate", 0);
  bool good = mat_load (set->mat, numbers);
  double days;

  for (size_t i = 0; i < 6 && good; i++)
    good = mat_number (numbers, i, &header->start[i]) && isfinite (header->start[i]);
  if (!good && mat_load (set->mat, date))
    {
      if (mat_is_text (date))
        {
          ForeignText text = mat_text (set->writer, date);
          char copy[40] = "";

          if (text.length < sizeof copy)
            memcpy (copy, set->writer->texts.bytes + text.offset, text.length);
          good = parse_start (copy, header->start);
        }
      else
        good = mat_number (date, 0, &days) && days_to_start (days, header->start);
    }
  header->has_start = good;
}

/* What is stored are the samples, whatever was decided of the components. */
static void
note_components (Set *set)
{
  matvar_t *weights = get (set, "icaweights");
  size_t n = 0;

  if (mat_count (weights, &n) && n > 0 && weights->rank == 2)
    writer_note (set->writer, "icaweights",
                 "It holds an independent component analysis (%zu components of %zu channels), "
                 "which is not taken over: the samples are shown as they are stored. Compute the "
                 "components anew where they are needed.", weights->dims[0], weights->dims[1]);
}

static void
add_texts (Set *set)
{
  ForeignHeader *header = &set->writer->header;

  header->patient = get_text (set, "subject");
  header->description = get_text (set, "comments");
  if (header->description.length == 0)
    header->description = get_text (set, "setname");
}

static bool
read_samples (Set   *set,
              Shape *shape)
{
  ForeignHeader *header = &set->writer->header;
  matvar_t *data = get (set, "data");
  bool here = data != NULL && !mat_is_text (data);

  shape->channels = get_count (set, "nbchan");
  shape->points = get_count (set, "pnts");
  shape->trials = get_count (set, "trials");
  if (shape->trials == 0)
    shape->trials = 1;
  if (here && (!get_shape (set, data, shape) || !copy_samples (set, data, shape)))
    return false;
  if (!here)
    {
      size_t n;

      header->place = FOREIGN_SAMPLES_EXTERNAL;
      shape->type = FOREIGN_FLOAT32;
      header->external = get_text (set, "data");
      if (header->external.length == 0)
        header->external = get_text (set, "datfile");
      if (shape->channels == 0 || shape->points == 0 ||
          __builtin_mul_overflow (shape->points, shape->trials, &n))
        return writer_refuse (set->writer, FOREIGN_REFUSED_FORMAT,
                              "does not say how many channels and samples it has (nbchan, pnts).");
    }
  if (shape->channels > MOST_CHANNELS || shape->trials > UINT32_MAX)
    return writer_refuse (set->writer, FOREIGN_REFUSED_TOO_LARGE, "has %zu channels in %zu epochs.",
                          shape->channels, shape->trials);
  header->trials = (uint32_t) shape->trials;
  header->epoch_samples = shape->points;
  add_channels (set, shape, here);
  return true;
}

bool
foreign_read (Writer *writer)
{
  Set set = { .writer = writer };
  Shape shape = { 0 };

  set.mat = Mat_Open (FOREIGN_INPUT_NAME, MAT_ACC_RDONLY);
  if (set.mat == NULL)
    return writer_refuse (writer, FOREIGN_REFUSED_FORMAT,
                          "looks like a MATLAB file but is damaged. Get the file again from where "
                          "it came.");
  writer->header.format = writer_string (writer, Mat_GetVersion (set.mat) == MAT_FT_MAT73
                                                   ? "EEGLAB (MATLAB 7.3)" : "EEGLAB");
  if (!find_variables (&set))
    return false;
  if (!get_number (&set, "srate", &writer->header.rate) || writer->header.rate <= 0)
    return writer_refuse (writer, FOREIGN_REFUSED_FORMAT,
                          "does not say how many samples there are in a second (srate).");
  if (!read_samples (&set, &shape) || !add_events (&set))
    return false;
  add_texts (&set);
  add_start (&set);
  note_components (&set);
  return true;
}
