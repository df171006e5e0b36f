/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what libbiosig can: some fifty formats. It is known to be unsafe with crafted files, which
 * is why this runs in a sandbox and only when a person asks for it.
 *
 * The library repeats the samples of slow channels up to the fastest rate; here each channel gets
 * back the ones that the file holds. Samples are written as the library scales them, record by
 * record, each channel's behind the other's. */

#include "config.h"

#include "recording/foreign/helper/open-input.h"
#include "recording/foreign/helper/writer.h"

#include <biosig-dev.h>
#include <biosig.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_EVENTS 5000000
#define CHUNK_VALUES ((size_t) 4 * 1024 * 1024)

typedef struct
{
  HDRTYPE *header;
  Writer *writer;
  CHANNEL_TYPE **channels; /* those that are read */
  size_t n;
  size_t record_values; /* of all channels, in one record */
} File;

static bool
open_file (File *file)
{
  HDRTYPE *header = constructHDR (0, 0);

  if (header == NULL)
    _exit (FOREIGN_EXIT_NO_MEMORY);
  header->FLAG.UCAL = 0;
  header->FLAG.OVERFLOWDETECTION = 0;
  header->FLAG.ROW_BASED_CHANNELS = 0;
  header->FLAG.TARGETSEGMENT = 1;
  file->header = sopen (FOREIGN_INPUT_NAME, "r", header);
  if (file->header == NULL || serror2 (file->header) != 0)
    return writer_refuse (file->writer, FOREIGN_REFUSED_FORMAT,
                          "is in no format that the compatibility reader knows, or is damaged.");
  if (file->header->NS == 0 || file->header->NRec <= 0 || file->header->SPR == 0 ||
      !(file->header->SampleRate > 0))
    return writer_refuse (file->writer, FOREIGN_REFUSED_FORMAT,
                          "has no samples that the compatibility reader could read.");
  return true;
}

static void
add_channel (File         *file,
             CHANNEL_TYPE *channel,
             size_t        first)
{
  ForeignHeader *header = &file->writer->header;
  ForeignChannel out = { .type = FOREIGN_FLOAT64, .stride = sizeof (double) };

  out.label = writer_text (file->writer, channel->Label, strnlen (channel->Label,
                                                                  sizeof channel->Label));
  out.transducer = writer_text (file->writer, channel->Transducer,
                                strnlen (channel->Transducer, sizeof channel->Transducer));
  out.unit = writer_string (file->writer, PhysDim3 (channel->PhysDimCode));
  out.rate = file->header->SampleRate * channel->SPR / file->header->SPR;
  out.n_samples = (uint64_t) file->header->NRec * channel->SPR;
  out.offset = first * sizeof (double);
  out.block_samples = channel->SPR;
  out.block_bytes = file->record_values * sizeof (double);
  header->rate = file->header->SampleRate;
  writer_add_channel (file->writer, &out);
}

static bool
add_channels (File *file)
{
  const HDRTYPE *header = file->header;
  size_t first = 0;

  file->channels = writer_alloc (header->NS, sizeof *file->channels);
  for (size_t i = 0; i < header->NS; i++)
    if (header->CHANNEL[i].OnOff == 1 && header->CHANNEL[i].SPR > 0)
      {
        if (header->SPR % header->CHANNEL[i].SPR != 0)
          return writer_refuse (file->writer, FOREIGN_REFUSED_UNSUPPORTED,
                                "has channels whose rates do not divide each other.");
        file->channels[file->n++] = &header->CHANNEL[i];
        file->record_values += header->CHANNEL[i].SPR;
      }
  for (size_t i = 0; i < file->n; i++)
    {
      add_channel (file, file->channels[i], first);
      first += file->channels[i]->SPR;
    }
  return file->n > 0 || writer_refuse (file->writer, FOREIGN_REFUSED_FORMAT, "has no channels.");
}

/* The library hands out channels as columns of rows at the fastest rate. */
static void
take_records (File         *file,
              const double *block,
              size_t        rows,
              size_t        records,
              double       *out)
{
  size_t spr = file->header->SPR;

  for (size_t record = 0; record < records; record++)
    for (size_t c = 0; c < file->n; c++)
      {
        size_t step = spr / file->channels[c]->SPR;

        for (size_t i = 0; i < file->channels[c]->SPR; i++)
          *out++ = block[c * rows + record * spr + i * step];
      }
}

static bool
copy_samples (File *file)
{
  HDRTYPE *header = file->header;
  size_t total = (size_t) header->NRec;
  size_t columns_values = header->SPR * (size_t) header->NS;
  size_t step = columns_values >= CHUNK_VALUES ? 1 : CHUNK_VALUES / columns_values;
  double *out = writer_alloc (step, file->record_values * sizeof (double));
  size_t at = 0;

  while (at < total)
    {
      size_t wanted = total - at < step ? total - at : step;
      size_t got = sread (NULL, at, wanted, header);

      if (got == 0 || got > wanted || serror2 (header) != 0 || header->data.block == NULL ||
          header->data.size[0] < got * header->SPR || header->data.size[1] < file->n)
        break;
      take_records (file, header->data.block, header->data.size[0], got, out);
      writer_samples (out, got * file->record_values * sizeof (double),
                      at * file->record_values * sizeof (double));
      at += got;
      writer_progress (file->writer, (double) at / (double) total);
    }
  free (out);
  if (at == 0)
    return writer_refuse (file->writer, FOREIGN_REFUSED_FORMAT, "has samples that the "
                          "compatibility reader cannot read.");
  if (at < total)
    {
      ForeignChannel *channels = (ForeignChannel *) file->writer->channels.bytes;

      writer_note (file->writer, "samples", "Only %zu of %zu records could be read.", at, total);
      for (size_t i = 0; i < file->n; i++)
        channels[i].n_samples = at * channels[i].block_samples;
    }
  return true;
}

static void
add_events (File *file)
{
  const HDRTYPE *header = file->header;
  double ratio = header->EVENT.SampleRate > 0 ? header->SampleRate / header->EVENT.SampleRate : 1;
  size_t n = header->EVENT.N < MOST_EVENTS ? header->EVENT.N : MOST_EVENTS;

  if (header->EVENT.POS == NULL || header->EVENT.TYP == NULL)
    return;
  for (size_t i = 0; i < n; i++)
    {
      ForeignEvent event = { .duration = -1, .channel = -1 };
      const char *text = GetEventDescription (file->header, i);
      char number[24];

      event.position = header->EVENT.POS[i] * ratio;
      if (header->EVENT.DUR != NULL)
        event.duration = header->EVENT.DUR[i] * ratio;
      if (text == NULL || *text == '\0')
        {
          snprintf (number, sizeof number, "0x%04x", (unsigned int) header->EVENT.TYP[i]);
          text = number;
        }
      event.text = writer_string (file->writer, text);
      writer_add_event (file->writer, &event);
    }
}

static void
add_texts (File *file)
{
  const HDRTYPE *header = file->header;
  ForeignHeader *out = &file->writer->header;
  struct tm tm;

  out->format = writer_string (file->writer, GetFileTypeString (header->TYPE));
  out->patient = writer_text (file->writer, header->Patient.Id,
                              strnlen (header->Patient.Id, sizeof header->Patient.Id));
  out->description = writer_text (file->writer, header->ID.Recording,
                                  strnlen (header->ID.Recording, sizeof header->ID.Recording));
  if (header->T0 != 0 && gdf_time2tm_time_r (header->T0, &tm) == 0)
    {
      const double start[6] = { tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                                tm.tm_hour, tm.tm_min, tm.tm_sec };

      out->has_start = 1;
      memcpy (out->start, start, sizeof start);
    }
}

bool
foreign_read (Writer *writer)
{
  File file = { .writer = writer };

  writer->header.trials = 1;
  if (!open_file (&file) || !add_channels (&file) || !copy_samples (&file))
    return false;
  add_events (&file);
  add_texts (&file);
  return true;
}
