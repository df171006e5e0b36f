/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long EDF+ recording that takes little room on the disk: 256 channels at 512 Hz for 24 h are
 * 22.6 GB to a reader, and half a GB of blocks. All is zero but a minute of each hour and twenty
 * minutes where bench-window turns its pages (0.38 of the recording).
 *
 *   make-sparse FILE [CHANNELS [HERTZ [HOURS]]] */

#include <glib.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANNOTATION_BYTES 32
#define MINUTE 60
#define HOUR 3600
#define TURNED_TO 0.375
#define TURNED_S (20 * MINUTE)

typedef struct
{
  int fd;
  guint n_channels, rate;
  gint64 n_records;
  gsize header_bytes, record_bytes;
} Sparse;

static void
die (const char *what)
{
  fprintf (stderr, "make-sparse: %s: %s\n", what, g_strerror (errno));
  exit (1);
}

static void
put (int           fd,
     gconstpointer data,
     gsize         n,
     gint64        at)
{
  if (pwrite (fd, data, n, at) != (gssize) n)
    die ("writing");
}

/* A field of every signal, padded with spaces. */
static void
add_field (GString    *header,
           guint       n_channels,
           int         width,
           const char *of_channel,
           const char *of_annotations)
{
  for (guint i = 0; i < n_channels; i++)
    if (strchr (of_channel, '%') != NULL)
      g_string_append_printf (header, "EEG E%-*u", width - 5, i + 1);
    else
      g_string_append_printf (header, "%-*s", width, of_channel);
  g_string_append_printf (header, "%-*s", width, of_annotations);
}

static void
write_header (Sparse *self)
{
  g_autoptr (GString) header = g_string_new (NULL);
  g_autofree char *rate = g_strdup_printf ("%u", self->rate);
  g_autofree char *annotation = g_strdup_printf ("%d", ANNOTATION_BYTES / 2);
  guint n = self->n_channels;

  g_string_append_printf (header, "%-8s%-80s%-80s%-8s%-8s%-8" G_GSIZE_FORMAT "%-44s%-8"
                          G_GINT64_FORMAT "%-8d%-4u", "0", "X X X X",
                          "Startdate 01-MAR-2024 X X X", "01.03.24", "20.00.00",
                          self->header_bytes, "EDF+C", self->n_records, 1, n + 1);
  add_field (header, n, 16, "%", "EDF Annotations");
  add_field (header, n, 80, "", "");
  add_field (header, n, 8, "uV", "");
  add_field (header, n, 8, "-3276.8", "-1");
  add_field (header, n, 8, "3276.7", "1");
  add_field (header, n, 8, "-32768", "-32768");
  add_field (header, n, 8, "32767", "32767");
  add_field (header, n, 80, "", "");
  add_field (header, n, 8, rate, annotation);
  add_field (header, n, 32, "", "");
  g_assert (header->len == self->header_bytes);
  put (self->fd, header->str, header->len, 0);
}

/* A second of each channel: slow waves, an alpha rhythm that comes and goes, and noise. */
static void
write_second (Sparse *self,
              gint64  second,
              gint16 *samples,
              double *slow,
              GRand  *random)
{
  for (guint c = 0; c < self->n_channels; c++)
    for (guint i = 0; i < self->rate; i++)
      {
        double t = (double) second + (double) i / self->rate;
        double alpha = 18 * (1 + sin (0.7 * t + c)) * sin (2 * G_PI * 10 * t + 0.05 * c);

        slow[c] = 0.99 * slow[c] + g_rand_double_range (random, -4, 4);
        samples[(gsize) c * self->rate + i] =
          GINT16_TO_LE ((gint16) lround (10 * (alpha + slow[c] +
                                               g_rand_double_range (random, -3, 3))));
      }
  put (self->fd, samples, (gsize) self->n_channels * self->rate * 2,
       (gint64) self->header_bytes + second * (gint64) self->record_bytes);
}

static gboolean
has_signal (const Sparse *self,
            gint64        second)
{
  gint64 turned = (gint64) (TURNED_TO * (double) self->n_records);

  return second % HOUR < MINUTE || (second >= turned && second < turned + TURNED_S);
}

static void
write_records (Sparse *self)
{
  g_autofree gint16 *samples = g_new (gint16, (gsize) self->n_channels * self->rate);
  g_autofree double *slow = g_new0 (double, self->n_channels);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gint64 second = 0; second < self->n_records; second++)
    {
      char text[ANNOTATION_BYTES] = { 0 };

      g_snprintf (text, sizeof text, "+%" G_GINT64_FORMAT "\x14\x14", second);
      put (self->fd, text, sizeof text,
           (gint64) self->header_bytes + (second + 1) * (gint64) self->record_bytes -
             ANNOTATION_BYTES);
      if (has_signal (self, second))
        write_second (self, second, samples, slow, random);
    }
}

int
main (int   argc,
      char *argv[])
{
  Sparse self = {
    .n_channels = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 256,
    .rate = argc > 3 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : 512,
    .n_records = HOUR * (gint64) (argc > 4 ? g_ascii_strtoull (argv[4], NULL, 10) : 24),
  };

  if (argc < 2 || self.n_channels == 0 || self.rate == 0 || self.n_records == 0)
    {
      fprintf (stderr, "make-sparse FILE [CHANNELS [HERTZ [HOURS]]]\n");
      return 2;
    }
  self.header_bytes = 256 * (self.n_channels + 2);
  self.record_bytes = (gsize) self.n_channels * self.rate * 2 + ANNOTATION_BYTES;
  self.fd = open (argv[1], O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (self.fd < 0)
    die (argv[1]);
  write_header (&self);
  write_records (&self);
  if (close (self.fd) != 0)
    die (argv[1]);
  return 0;
}
