/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a helper that reads a foreign file hands back: a plain structure in a file in memory.
 *
 * The header stands first, then the channels, the events, the notes, and the bytes of all texts.
 * Whoever reads it believes nothing of it: see foreign-result.c. Samples are not in it but in a
 * file of their own, because they may be larger than the memory. Both sides are the same machine,
 * so numbers are as they are in memory. */

#pragma once

#include <stdint.h>

#define FOREIGN_MAGIC "InionFor"
#define FOREIGN_VERSION 1

/* The open files of a helper. What would be the terminal is /dev/null. */
#define FOREIGN_FD_INPUT 3
#define FOREIGN_FD_RESULT 4
#define FOREIGN_FD_SAMPLES 5
#define FOREIGN_FD_FIRST_OTHER 6

/* How a helper ends that did not get as far as a result. */
#define FOREIGN_EXIT_NO_SANDBOX 10
#define FOREIGN_EXIT_NO_MEMORY 11
#define FOREIGN_EXIT_NO_SPACE 12
#define FOREIGN_EXIT_USAGE 13

typedef enum
{
  FOREIGN_WORKING,
  FOREIGN_GOOD,
  FOREIGN_REFUSED,
} ForeignState;

typedef enum
{
  FOREIGN_REFUSED_FORMAT,
  FOREIGN_REFUSED_UNSUPPORTED,
  FOREIGN_REFUSED_TOO_LARGE,
} ForeignRefusal;

typedef enum
{
  FOREIGN_SAMPLES_HERE,     /* in the file of samples */
  FOREIGN_SAMPLES_EXTERNAL, /* in a file beside the one that was read */
} ForeignPlace;

typedef enum
{
  FOREIGN_INT8,
  FOREIGN_UINT8,
  FOREIGN_INT16,
  FOREIGN_UINT16,
  FOREIGN_INT32,
  FOREIGN_UINT32,
  FOREIGN_INT64,
  FOREIGN_UINT64,
  FOREIGN_FLOAT32,
  FOREIGN_FLOAT64,
} ForeignType;

/* A piece of the texts, in the encoding of the file. */
typedef struct
{
  uint32_t offset;
  uint32_t length;
} ForeignText;

typedef struct
{
  char magic[8];
  uint32_t version;
  uint32_t state;    /* ForeignState */
  uint32_t progress; /* in thousandths, while it works */
  uint32_t refusal;  /* ForeignRefusal */
  uint64_t size;     /* of all of this */
  uint32_t n_channels;
  uint32_t n_events;
  uint32_t n_notes;
  uint32_t trials; /* epochs that stand behind each other; 1: none */
  uint32_t place;  /* ForeignPlace */
  uint32_t has_start;
  uint64_t epoch_samples;
  double rate;     /* Hz: in what events are counted */
  double start[6]; /* year, month, day, hour, minute, second */
  ForeignText message; /* why it was refused */
  ForeignText format;
  ForeignText external; /* the name of the file beside */
  ForeignText patient;
  ForeignText description;
} ForeignHeader;

typedef struct
{
  ForeignText label;
  ForeignText kind;
  ForeignText unit;
  ForeignText reference;
  ForeignText transducer;
  double position[3];
  uint32_t has_position;
  uint32_t type; /* ForeignType */
  double rate;
  uint64_t n_samples;
  uint64_t offset; /* as in InionSampleLayout */
  uint64_t stride;
  uint64_t block_samples; /* 0: all */
  uint64_t block_bytes;
} ForeignChannel;

typedef struct
{
  double position; /* in samples from 0, with a fraction */
  double duration; /* in samples; below 0: not given */
  ForeignText text;
  int32_t channel; /* -1: all */
  uint32_t reserved;
} ForeignEvent;

typedef struct
{
  ForeignText field;
  ForeignText message;
} ForeignNote;
