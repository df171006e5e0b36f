/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tags of a FIF file, one behind the other. */

#pragma once

#include "recording/edf-faults.h"

G_BEGIN_DECLS

/* Types of what a tag holds. */
typedef enum
{
  INION_FIF_SHORT = 2,
  INION_FIF_INT = 3,
  INION_FIF_FLOAT = 4,
  INION_FIF_DOUBLE = 5,
  INION_FIF_STRING = 10,
  INION_FIF_PACK16 = 16,
  INION_FIF_COMPLEX_FLOAT = 20,
  INION_FIF_COMPLEX_DOUBLE = 21,
  INION_FIF_CHANNEL = 30,
  INION_FIF_ID = 31,
} InionFifType;

/**
 * InionFifTag:
 * @kind: what it tells
 * @type: as what kind of value; an #InionFifType or another number
 * @at: byte of its head
 * @data: byte of its value
 * @size: bytes of its value, all within the file
 */
typedef struct
{
  gint32 kind;
  guint32 type;
  gint64 at;
  gint64 data;
  gint64 size;
} InionFifTag;

typedef struct _InionFifTags InionFifTags;

InionFifTags *_inion_fif_tags_new (int fd, gint64 file_bytes, InionEdfFaults *faults);
void          _inion_fif_tags_free (InionFifTags *self);
gboolean      _inion_fif_tags_next (InionFifTags *self, InionFifTag *tag, GError **error);

GBytes  *_inion_fif_tags_read (InionFifTags *self, const InionFifTag *tag, GError **error);
gboolean _inion_fif_tags_read_int (InionFifTags *self, const InionFifTag *tag, gint32 *value);
gboolean _inion_fif_tags_read_number (InionFifTags *self, const InionFifTag *tag, double *value);
char    *_inion_fif_tags_read_text (InionFifTags *self, const InionFifTag *tag, GError **error);
gboolean _inion_fif_tags_take_text (InionFifTags *self, const InionFifTag *tag, char **place,
                                    GError **error);
GArray  *_inion_fif_tags_read_numbers (InionFifTags *self, const InionFifTag *tag, GError **error);

gint32 _inion_fif_int_at (const guint8 *bytes);
double _inion_fif_float_at (const guint8 *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionFifTags, _inion_fif_tags_free)

G_END_DECLS
