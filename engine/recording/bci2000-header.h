/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a BCI2000 file: a text. */

#pragma once

#include "recording/edf-faults.h"
#include "recording/sample-layout.h"

G_BEGIN_DECLS

/* A number of some bits in what follows the samples of every moment. */
typedef struct
{
  char *name;
  guint n_bits; /* 1 … 32 */
  guint bit;    /* of its lowest bit */
} InionBci2000State;

typedef struct
{
  char *label;
  double gain; /* µV = gain × (number − offset) */
  double offset;
  gboolean calibrated;
} InionBci2000Channel;

typedef struct
{
  gint64 header_bytes;
  guint n_channels;
  guint state_bytes;
  InionSampleType type;
  double rate;
  gint64 block; /* samples that were taken at once, 1 if not said */
  char *version;
  char *patient;
  char *description;
  GDateTime *start; /* (nullable) */
  GArray *channels; /* InionBci2000Channel */
  GArray *states;   /* InionBci2000State */
} InionBci2000Header;

gint64              _inion_bci2000_header_get_size (const guint8 *bytes, gsize n);
InionBci2000Header *_inion_bci2000_header_new (const char *text, gsize n, gint64 file_bytes,
                                               const char *name, InionEdfFaults *faults,
                                               GError **error);
gint64              _inion_bci2000_header_get_moment (const InionBci2000Header *self);
void                _inion_bci2000_header_free (InionBci2000Header *self);

char  **_inion_bci2000_split_values (const char *text);
char   *_inion_bci2000_decode (const char *text, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBci2000Header, _inion_bci2000_header_free)

G_END_DECLS
