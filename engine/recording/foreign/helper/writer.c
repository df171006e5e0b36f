/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects what a helper read, and writes it for the process that asked. Whatever goes wrong here
 * ends the process with a status that says what. */

#include "config.h"

#include "recording/foreign/helper/writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_BYTES 600
#define LONGEST_TEXT (64 * 1024)

/**
 * writer_alloc:
 * @n: how many
 * @size: bytes each
 *
 * Returns: zeroed memory; ends the process where there is none
 */
void *
writer_alloc (size_t n,
              size_t size)
{
  void *memory = calloc (n > 0 ? n : 1, size);

  if (memory == NULL)
    _exit (FOREIGN_EXIT_NO_MEMORY);
  return memory;
}

static void
append (WriterBuffer *buffer,
        const void   *bytes,
        size_t        n)
{
  if (buffer->room - buffer->n < n)
    {
      size_t room = (buffer->n + n) * 2 + 1024;
      unsigned char *more = realloc (buffer->bytes, room);

      if (more == NULL)
        _exit (FOREIGN_EXIT_NO_MEMORY);
      buffer->bytes = more;
      buffer->room = room;
    }
  if (n > 0)
    memcpy (buffer->bytes + buffer->n, bytes, n);
  buffer->n += n;
}

/**
 * writer_text:
 * @self: a writer
 * @bytes: (array length=n): a text in the encoding of the file; what is beyond 64 KiB is dropped
 * @n: its length
 *
 * Returns: what stands for it
 */
ForeignText
writer_text (Writer     *self,
             const void *bytes,
             size_t      n)
{
  ForeignText text = { (uint32_t) self->texts.n, 0 };

  if (n > LONGEST_TEXT)
    n = LONGEST_TEXT;
  if (self->texts.n > UINT32_MAX - n)
    _exit (FOREIGN_EXIT_NO_MEMORY);
  text.length = (uint32_t) n;
  append (&self->texts, bytes, n);
  return text;
}

/**
 * writer_string:
 * @self: a writer
 * @text: (nullable): a text
 *
 * Returns: what stands for it
 */
ForeignText
writer_string (Writer     *self,
               const char *text)
{
  return writer_text (self, text, text != NULL ? strlen (text) : 0);
}

void
writer_add_channel (Writer               *self,
                    const ForeignChannel *channel)
{
  append (&self->channels, channel, sizeof *channel);
  self->header.n_channels++;
}

void
writer_add_event (Writer             *self,
                  const ForeignEvent *event)
{
  append (&self->events, event, sizeof *event);
  self->header.n_events++;
}

/**
 * writer_note:
 * @self: a writer
 * @field: the field or place
 * @format: what was found, what was assumed
 *
 * Tells of something that is odd in a file that can be read.
 */
void
writer_note (Writer     *self,
             const char *field,
             const char *format,
             ...)
{
  char message[MESSAGE_BYTES];
  ForeignNote note;
  va_list args;

  va_start (args, format);
  vsnprintf (message, sizeof message, format, args);
  va_end (args);
  note.field = writer_string (self, field);
  note.message = writer_string (self, message);
  append (&self->notes, &note, sizeof note);
  self->header.n_notes++;
}

/**
 * writer_refuse:
 * @self: a writer
 * @refusal: of which kind
 * @format: why, and what to do; behind the name of the file, so it begins with a verb
 *
 * Returns: false
 */
bool
writer_refuse (Writer         *self,
               ForeignRefusal  refusal,
               const char     *format,
               ...)
{
  char message[MESSAGE_BYTES];
  va_list args;

  va_start (args, format);
  vsnprintf (message, sizeof message, format, args);
  va_end (args);
  self->header.refusal = refusal;
  self->header.message = writer_string (self, message);
  return false;
}

static void
put (int         fd,
     const void *bytes,
     size_t      n,
     uint64_t    offset)
{
  const unsigned char *p = bytes;

  while (n > 0)
    {
      ssize_t written = pwrite (fd, p, n, (off_t) offset);

      if (written <= 0)
        _exit (FOREIGN_EXIT_NO_SPACE);
      p += written;
      n -= (size_t) written;
      offset += (uint64_t) written;
    }
}

/**
 * writer_progress:
 * @self: a writer
 * @fraction: how much is done
 */
void
writer_progress (Writer *self,
                 double  fraction)
{
  self->header.progress = (uint32_t) (fraction * 1000);
  put (FOREIGN_FD_RESULT, &self->header.progress, sizeof self->header.progress,
       offsetof (ForeignHeader, progress));
}

/**
 * writer_samples:
 * @bytes: (array length=n): samples
 * @n: how many bytes
 * @offset: where in the file of samples
 */
void
writer_samples (const void *bytes,
                size_t      n,
                uint64_t    offset)
{
  put (FOREIGN_FD_SAMPLES, bytes, n, offset);
}

/**
 * writer_finish:
 * @self: a writer
 * @state: how it went
 *
 * Writes all of it.
 */
void
writer_finish (Writer       *self,
               ForeignState  state)
{
  const WriterBuffer *buffers[] = { &self->channels, &self->events, &self->notes, &self->texts };
  uint64_t at = sizeof self->header;

  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    {
      put (FOREIGN_FD_RESULT, buffers[i]->bytes, buffers[i]->n, at);
      at += buffers[i]->n;
    }
  memcpy (self->header.magic, FOREIGN_MAGIC, sizeof self->header.magic);
  self->header.version = FOREIGN_VERSION;
  self->header.state = (uint32_t) state;
  self->header.size = at;
  put (FOREIGN_FD_RESULT, &self->header, sizeof self->header, 0);
}
