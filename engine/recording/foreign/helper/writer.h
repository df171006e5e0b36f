/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects what a helper read, and writes it for the process that asked. */

#pragma once

#include "recording/foreign/foreign-wire.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct
{
  unsigned char *bytes;
  size_t n;
  size_t room;
} WriterBuffer;

/**
 * Writer:
 *
 * The header is the reader's to fill; its counts and sizes are the writer's.
 */
typedef struct
{
  ForeignHeader header;
  WriterBuffer channels;
  WriterBuffer events;
  WriterBuffer notes;
  WriterBuffer texts;
} Writer;

void        *writer_alloc (size_t n, size_t size);
ForeignText  writer_text (Writer *self, const void *bytes, size_t n);
ForeignText  writer_string (Writer *self, const char *text);
void         writer_add_channel (Writer *self, const ForeignChannel *channel);
void         writer_add_event (Writer *self, const ForeignEvent *event);
void         writer_note (Writer *self, const char *field, const char *format, ...)
  __attribute__ ((format (printf, 3, 4)));
bool         writer_refuse (Writer *self, ForeignRefusal refusal, const char *format, ...)
  __attribute__ ((format (printf, 3, 4)));
void         writer_progress (Writer *self, double fraction);
void         writer_samples (const void *bytes, size_t n, uint64_t offset);
void         writer_finish (Writer *self, ForeignState state);

/* What a helper is made for. Returns false after writer_refuse(). */
bool         foreign_read (Writer *writer);
