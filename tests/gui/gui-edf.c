/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes recordings whose every sample is known. */

#include "gui-edf.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A field of the header: text, filled up with spaces. */
static void
put (GString    *header,
     const char *text,
     gsize       size)
{
  g_assert_cmpuint (strlen (text), <=, size);
  g_string_append_printf (header, "%-*s", (int) size, text);
}

static void
put_number (GString *header,
            guint    number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  put (header, text, 8);
}

static char *
make_header (const char *const *labels,
             guint              n,
             guint              rate,
             guint              seconds)
{
  const char *const fields[] = { "uV", "-3276.7", "3276.7", "-32767", "32767" };
  g_autoptr (GString) header = g_string_new (NULL);
  g_autofree char *count = g_strdup_printf ("%u", n);

  put (header, "0", 8);
  put (header, "X X X X", 80);
  put (header, "Startdate 02-JAN-2020 X X X", 80);
  put (header, "02.01.20", 8);
  put (header, "10.00.00", 8);
  put_number (header, 256 * (n + 1));
  put (header, "", 44);
  put_number (header, seconds);
  put (header, "1", 8);
  put (header, count, 4);
  for (guint i = 0; i < n; i++)
    put (header, labels[i], 16);
  for (guint i = 0; i < n; i++)
    put (header, "AgAgCl electrode", 80);
  for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
    for (guint i = 0; i < n; i++)
      put (header, fields[f], 8);
  for (guint i = 0; i < n; i++)
    put (header, "", 80);
  for (guint i = 0; i < n; i++)
    put_number (header, rate);
  for (guint i = 0; i < n; i++)
    put (header, "", 32);
  return g_string_free (g_steal_pointer (&header), FALSE);
}

void
gui_write_edf (const char        *path,
               const char *const *labels,
               guint              rate,
               guint              seconds,
               GuiSignal          signal)
{
  guint n = g_strv_length ((char **) labels);
  g_autofree char *header = make_header (labels, n, rate, seconds);
  g_autofree gint16 *record = g_new (gint16, (gsize) n * rate);
  FILE *file = fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (header, 1, strlen (header), file), ==, strlen (header));
  for (guint r = 0; r < seconds; r++)
    {
      for (guint c = 0; c < n; c++)
        for (guint s = 0; s < rate; s++)
          record[c * rate + s] =
            GINT16_TO_LE ((gint16) lround (signal (c, (gint64) r * rate + s, rate) * 10.0));
      g_assert_cmpuint (fwrite (record, sizeof *record, (gsize) n * rate, file), ==, n * rate);
    }
  g_assert_cmpint (fclose (file), ==, 0);
}
