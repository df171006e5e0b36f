/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samples of a BrainVision recording that are written as text.
 *
 * MULTIPLEXED data have one line a point in time and one column a channel, VECTORIZED data one line
 * a channel. The numbers are written as doubles, in the order of the text, to a scratch file. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-ascii.h"

#include "core/error.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>

#define CHUNK_BYTES 65536
#define MAX_WORD 64

typedef struct
{
  const InionBrainVisionHeader *header;
  const char *name;
  InionEdfFaults *faults;
  InionScratch *scratch;

  char word[MAX_WORD + 1];
  gsize word_length;
  gint64 line;    /* of the file, from 1 */
  gint64 column;  /* words of this line */
  gint64 n_rows;  /* that hold numbers */
  gint64 in_row;  /* numbers of this line */
  gint64 row_length; /* what a line must have; 0: not known yet */
  gboolean titles; /* this line holds names */
} Reader;

static gboolean
refuse_word (const Reader  *self,
             GError       **error)
{
  g_autofree char *word = g_utf8_make_valid (self->word, -1);

  return inion_set_error (error, INION_ERROR_FORMAT,
                          "“%s”, line %" G_GINT64_FORMAT ": “%s” is no number. If lines or columns "
                          "hold names, the header must say so (SkipLines, SkipColumns).",
                          self->name, self->line, word);
}

/* The word that just ended. */
static gboolean
take_word (Reader  *self,
           GError **error)
{
  double value = NAN;
  gboolean comma;

  if (self->word_length == 0)
    return TRUE;
  self->word[self->word_length] = '\0';
  self->word_length = 0;
  if (self->line <= self->header->skip_lines || self->titles ||
      self->column++ < self->header->skip_columns)
    return TRUE;
  if (g_ascii_strcasecmp (self->word, "nan") != 0 &&
      !inion_brainvision_parse_number (self->word, &value, &comma))
    {
      if (self->n_rows > 0 || self->in_row > 0 || self->header->vectorized)
        return refuse_word (self, error);
      self->titles = TRUE;
      inion_edf_faults_add (self->faults, "titles", -1, "SkipLines",
                            "The data file begins with a line of names (line %" G_GINT64_FORMAT
                            ") of which the header says nothing; it is passed over.", self->line);
      return TRUE;
    }
  self->in_row++;
  return inion_scratch_write (self->scratch, &value, sizeof value, error);
}

static gboolean
take_line (Reader    *self,
           gboolean   last,
           GError   **error)
{
  gint64 n = self->in_row;

  if (!take_word (self, error))
    return FALSE;
  n = self->in_row;
  self->line++;
  self->column = 0;
  self->in_row = 0;
  self->titles = FALSE;
  if (n == 0)
    return TRUE;
  if (self->row_length == 0)
    self->row_length = n;
  if (n == self->row_length)
    {
      self->n_rows++;
      return TRUE;
    }
  if (!last || n > self->row_length)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s”, line %" G_GINT64_FORMAT " has %" G_GINT64_FORMAT " numbers; %"
                            G_GINT64_FORMAT " belong there. Export the data again.", self->name,
                            self->line - 1, n, self->row_length);
  inion_edf_faults_add (self->faults, "cut line", -1, "DataFile",
                        "The last line has %" G_GINT64_FORMAT " numbers of %" G_GINT64_FORMAT
                        ": the file was cut off. The line is passed over.", n, self->row_length);
  return TRUE;
}

static gboolean
take_bytes (Reader        *self,
            const guint8  *bytes,
            gsize          n,
            GError       **error)
{
  for (gsize i = 0; i < n; i++)
    {
      char c = (char) bytes[i];
      gboolean gap = g_ascii_isspace (c) || c == '\0' || c == ';' ||
                     (c == ',' && !self->header->decimal_comma);

      if (!gap && self->word_length < MAX_WORD)
        self->word[self->word_length++] = c;
      else if (!gap)
        {
          /* Names may be longer; a number that is so long is none. */
          self->word[MAX_WORD - 1] = '?';
        }
      else if (c == '\n' ? !take_line (self, FALSE, error) : !take_word (self, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
count_points (const Reader  *self,
              gint64        *n_points,
              GError       **error)
{
  gint64 n_channels = self->header->channels->len;

  *n_points = self->header->vectorized ? self->row_length : self->n_rows;
  if (!self->header->vectorized || self->n_rows == n_channels)
    return TRUE;
  return inion_set_error (error, INION_ERROR_FORMAT,
                          "“%s” has %" G_GINT64_FORMAT " lines of numbers, but the header has %"
                          G_GINT64_FORMAT " channels, each of which takes a line.", self->name,
                          self->n_rows, n_channels);
}

/**
 * inion_brainvision_ascii_unpack:
 * @fd: the open data file
 * @name: its name, for messages
 * @header: the header
 * @n_points: (out): samples a channel
 * @faults: where doubts are added
 * @error: return location
 *
 * Reads all numbers of a text file.
 *
 * Returns: (transfer full) (nullable): the numbers as doubles of this machine's byte order, or
 *   %NULL with %INION_ERROR_FORMAT naming the line, or %INION_ERROR_IO
 */
InionScratch *
inion_brainvision_ascii_unpack (int                            fd,
                                const char                    *name,
                                const InionBrainVisionHeader  *header,
                                gint64                        *n_points,
                                InionEdfFaults                *faults,
                                GError                       **error)
{
  g_autoptr (InionScratch) scratch = inion_scratch_new (error);
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  Reader reader = { .header = header, .name = name, .faults = faults, .scratch = scratch,
                    .line = 1, .row_length = header->vectorized ? 0 : header->channels->len };
  gint64 offset = 0;
  gsize n = 0;
  int errsv = 0;

  if (scratch == NULL)
    return NULL;
  do
    {
      if (!_inion_pread (fd, chunk, CHUNK_BYTES, offset, &n, &errsv))
        {
          inion_set_error_errno (error, errsv, "Could not read", name);
          return NULL;
        }
      if (!take_bytes (&reader, chunk, n, error))
        return NULL;
      offset += (gint64) n;
    }
  while (n == CHUNK_BYTES);
  if (!take_line (&reader, TRUE, error) || !count_points (&reader, n_points, error))
    return NULL;
  return g_steal_pointer (&scratch);
}
