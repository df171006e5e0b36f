/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks a file that was packed as a whole with gzip.
 *
 * Deflate packs at most 1032 : 1, samples hardly 4 : 1. What unpacks to far more than any recording
 * would is there to fill the disk: it is refused. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/gunzip.h"

#include "core/error.h"
#include "core/scratch.h"
#include "recording/recording-private.h"

#include <unistd.h>

#define IN_BYTES (64 * 1024)
#define OUT_BYTES (256 * 1024)
#define FREE_BYTES (64 * 1024 * 1024)
#define MAX_RATIO 100

/**
 * _inion_gunzip_head:
 * @bytes: (array length=n): the first bytes of a file
 * @n: how many
 * @out: (out caller-allocates) (array length=n_out): the first bytes that they unpack to
 * @n_out: how many are wanted
 * @got: (out): how many there are
 *
 * Looks into a packed file.
 *
 * Returns: whether it is packed with gzip
 */
gboolean
_inion_gunzip_head (const guint8 *bytes,
                    gsize         n,
                    guint8       *out,
                    gsize         n_out,
                    gsize        *got)
{
  g_autoptr (GZlibDecompressor) zlib = NULL;
  gsize read = 0;

  *got = 0;
  if (n < 18 || bytes[0] != 0x1f || bytes[1] != 0x8b)
    return FALSE;
  zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  return g_converter_convert (G_CONVERTER (zlib), bytes, n, out, n_out, G_CONVERTER_NO_FLAGS, &read,
                              got, NULL) != G_CONVERTER_ERROR;
}

typedef struct
{
  int fd;
  gint64 at; /* of the next byte to read */
  gint64 size;
  gsize from, n; /* what of the input waits */
  guint8 in[IN_BYTES];
  guint8 out[OUT_BYTES];
} Unpacker;

static gboolean
fill_input (Unpacker  *self,
            GError   **error)
{
  int errsv = 0;

  if (self->from < self->n || self->at >= self->size)
    return TRUE;
  self->from = 0;
  if (!_inion_pread (self->fd, self->in, IN_BYTES, self->at, &self->n, &errsv))
    return inion_set_error (error, INION_ERROR_IO, "Could not read at byte %" G_GINT64_FORMAT ": %s.",
                            self->at, g_strerror (errsv));
  self->at += (gint64) self->n;
  if (self->n == 0)
    self->size = self->at;
  return TRUE;
}

/* Unpacks what the input buffer and the output buffer allow. @state: what comes next. */
static gboolean
convert_some (Unpacker         *self,
              GConverter       *zlib,
              GConverterResult *state,
              gsize            *written)
{
  g_autoptr (GError) error = NULL;
  gboolean last = self->at >= self->size;
  gsize read = 0;

  *written = 0;
  *state = g_converter_convert (zlib, self->in + self->from, self->n - self->from, self->out,
                                OUT_BYTES, last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
                                &read, written, &error);
  self->from += read;
  if (*state == G_CONVERTER_FINISHED)
    g_converter_reset (zlib); /* several packed files behind each other are one */
  /* All of the input is used and more is needed. */
  if (*state == G_CONVERTER_ERROR && !last && g_error_matches (error, G_IO_ERROR,
                                                               G_IO_ERROR_PARTIAL_INPUT))
    {
      *state = G_CONVERTER_CONVERTED;
      return self->from == self->n;
    }
  return *state != G_CONVERTER_ERROR && (read > 0 || *written > 0);
}

static gboolean
unpack (Unpacker      *self,
        InionScratch  *scratch,
        InionJob      *job,
        gboolean      *cut,
        GError       **error)
{
  g_autoptr (GConverter) zlib =
    G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  GConverterResult state = G_CONVERTER_FINISHED;

  while (TRUE)
    {
      gsize written;

      if (!inion_job_check (job, error) || !fill_input (self, error))
        return FALSE;
      if (self->from == self->n && self->at >= self->size && state == G_CONVERTER_FINISHED)
        return TRUE;
      *cut = !convert_some (self, zlib, &state, &written);
      if (!inion_scratch_write (scratch, self->out, written, error))
        return FALSE;
      if (*cut)
        return TRUE;
      if (inion_scratch_get_size (scratch) > FREE_BYTES + self->at * MAX_RATIO)
        return inion_set_error (error, INION_ERROR_TOO_LARGE,
                                "The packed file grows to more than %d times its size: it is not a "
                                "recording. Unpack it by hand (gunzip) if it is one.", MAX_RATIO);
      inion_job_report (job, 0.3 * (double) self->at / (double) self->size, "Unpacking");
    }
}

/**
 * _inion_gunzip_to_scratch:
 * @fd: a file packed with gzip
 * @size: its bytes
 * @job: (nullable): for progress, up to 0.3, and cancel
 * @unpacked: (out): bytes of the result
 * @cut: (out): whether the packed file is cut or damaged; the result then is what came before
 * @error: return location
 *
 * Unpacks a file to one without a name.
 *
 * Returns: (transfer full): its descriptor, or -1 with %INION_ERROR_IO, %INION_ERROR_TOO_LARGE or
 *   %G_IO_ERROR_CANCELLED
 */
int
_inion_gunzip_to_scratch (int        fd,
                          gint64     size,
                          InionJob  *job,
                          gint64    *unpacked,
                          gboolean  *cut,
                          GError   **error)
{
  g_autoptr (InionScratch) scratch = inion_scratch_new (error);
  g_autofree Unpacker *unpacker = NULL;

  *unpacked = 0;
  *cut = FALSE;
  if (scratch == NULL)
    return -1;
  unpacker = g_new0 (Unpacker, 1);
  unpacker->fd = fd;
  unpacker->size = size;
  if (!unpack (unpacker, scratch, job, cut, error))
    return -1;
  *unpacked = inion_scratch_get_size (scratch);
  return inion_scratch_steal_fd (scratch, error);
}
