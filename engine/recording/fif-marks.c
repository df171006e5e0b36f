/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of annotations of a FIF file: columns of beginnings, ends and texts. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/fif-marks.h"

#include <math.h>
#include <string.h>

/* Kinds of tags. */
enum
{
  DATE = 204,
  COMMENT = 206,
  ANNOTATION_FROM = 3568,
  ANNOTATION_TO = 3569,
  ANNOTATION_CHANNELS = 3801, /* lists in JSON; elsewhere of dropped epochs */
};

/**
 * _inion_fif_marks_clear:
 * @self: columns; empty after
 */
void
_inion_fif_marks_clear (InionFifMarks *self)
{
  g_clear_pointer (&self->from, g_array_unref);
  g_clear_pointer (&self->to, g_array_unref);
  g_clear_pointer (&self->texts, g_free);
  g_clear_pointer (&self->on_channels, g_free);
}

/* Seconds, or seconds and microseconds. */
static gboolean
read_origin (InionFifTags       *tags,
             const InionFifTag  *tag,
             InionFifFile       *file,
             GError            **error)
{
  g_autoptr (GArray) numbers = _inion_fif_tags_read_numbers (tags, tag, error);
  double origin;

  if (numbers == NULL)
    return FALSE;
  if (numbers->len == 0)
    return TRUE;
  origin = g_array_index (numbers, double, 0);
  if (numbers->len > 1)
    origin += g_array_index (numbers, double, 1) * 1e-6;
  if (isfinite (origin))
    file->annotation_origin = origin;
  return TRUE;
}

/**
 * _inion_fif_marks_read:
 * @self: what was found up to here
 * @tags: the file's tags
 * @tag: one in a block of annotations
 * @file: where their origin goes
 * @error: return location
 *
 * Takes a column of a table of annotations, or from when they count.
 *
 * Returns: %FALSE with %INION_ERROR_IO or %INION_ERROR_TOO_LARGE
 */
gboolean
_inion_fif_marks_read (InionFifMarks      *self,
                       InionFifTags       *tags,
                       const InionFifTag  *tag,
                       InionFifFile       *file,
                       GError            **error)
{
  GArray **numbers = tag->kind == ANNOTATION_FROM ? &self->from : &self->to;

  switch (tag->kind)
    {
    case ANNOTATION_FROM:
    case ANNOTATION_TO:
      g_clear_pointer (numbers, g_array_unref);
      *numbers = _inion_fif_tags_read_numbers (tags, tag, error);
      return *numbers != NULL;
    case COMMENT:
      return _inion_fif_tags_take_text (tags, tag, &self->texts, error);
    case ANNOTATION_CHANNELS:
      return _inion_fif_tags_take_text (tags, tag, &self->on_channels, error);
    case DATE:
      return read_origin (tags, tag, file, error);
    default:
      return TRUE;
    }
}

/* The next list of strings of a JSON list of such lists, from *p on; NULL at the end. */
static char *
next_list (const char **p)
{
  const char *start = strchr (*p, '[');
  gboolean quoted = FALSE;
  const char *end;

  if (start == NULL)
    return NULL;
  for (end = start; *end != '\0' && (quoted || *end != ']'); end++)
    {
      if (*end == '\\' && end[1] != '\0')
        end++;
      else if (*end == '"')
        quoted = !quoted;
    }
  *p = *end == ']' ? end + 1 : end;
  return g_strndup (start, (gsize) (*p - start));
}

/**
 * _inion_fif_marks_finish:
 * @self: the columns of a table; empty after
 * @file: where the annotations go
 * @faults: where what is wrong is added
 *
 * Ends a table of annotations: three columns of one length.
 */
void
_inion_fif_marks_finish (InionFifMarks  *self,
                         InionFifFile   *file,
                         InionEdfFaults *faults)
{
  g_auto (GStrv) texts = g_strsplit (self->texts != NULL ? self->texts : "", ":", -1);
  guint n_from = self->from != NULL ? self->from->len : 0;
  guint n_to = self->to != NULL ? self->to->len : 0;
  guint n = MIN (MIN (n_from, n_to), g_strv_length (texts));
  const char *lists = self->on_channels != NULL ? strchr (self->on_channels, '[') : NULL;

  if (n_from != n || n_to != n)
    inion_edf_faults_add (faults, "annotations", -1, "annotations",
                          "There are %u beginnings, %u ends and %u texts; the first %u are shown.",
                          n_from, n_to, g_strv_length (texts), n);
  lists = lists != NULL ? lists + 1 : "";
  for (guint i = 0; i < n; i++)
    {
      InionFifAnnotation annotation = { .onset = g_array_index (self->from, double, i) };
      g_auto (GStrv) pieces = g_strsplit (texts[i], "{COLON}", -1);

      annotation.duration = g_array_index (self->to, double, i) - annotation.onset;
      annotation.text = g_strjoinv (":", pieces);
      annotation.channels = next_list (&lists);
      g_array_append_val (file->annotations, annotation);
    }
  _inion_fif_marks_clear (self);
}
