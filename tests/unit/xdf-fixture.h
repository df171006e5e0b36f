/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small XDF files of several streams: one channel each, two seconds of a saw tooth. */

#pragma once

#include <glib.h>
#include <string.h>

static inline void
xdf_add_chunk (GByteArray *file,
               guint16     tag,
               GByteArray *content)
{
  guint8 head[7] = { 4 };
  guint32 length = GUINT32_TO_LE (content->len + 2);
  guint16 little = GUINT16_TO_LE (tag);

  memcpy (head + 1, &length, 4);
  memcpy (head + 5, &little, 2);
  g_byte_array_append (file, head, sizeof head);
  g_byte_array_append (file, content->data, content->len);
  g_byte_array_set_size (content, 0);
}

static inline void
xdf_add_stream (GByteArray *file,
                guint32     id,
                const char *name,
                guint       rate)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree char *xml = g_strdup_printf (
    "<info><name>%s</name><type>EEG</type><channel_count>1</channel_count>"
    "<nominal_srate>%u</nominal_srate><channel_format>int16</channel_format>"
    "<hostname>lab</hostname></info>", name, rate);
  guint32 n = GUINT32_TO_LE (rate * 2), little = GUINT32_TO_LE (id);

  g_byte_array_append (content, (guint8 *) &little, 4);
  g_byte_array_append (content, (guint8 *) xml, (guint) strlen (xml));
  xdf_add_chunk (file, 2, content);
  g_byte_array_append (content, (guint8 *) &little, 4);
  g_byte_array_append (content, (const guint8 *) "\4", 1);
  g_byte_array_append (content, (guint8 *) &n, 4);
  for (guint i = 0; i < rate * 2; i++)
    {
      guint16 value = GUINT16_TO_LE ((guint16) (i % 50));
      union { double time; guint64 bits; } stamp = { .time = 100.0 + (double) i / rate };
      guint64 bits = GUINT64_TO_LE (stamp.bits);

      g_byte_array_append (content, (const guint8 *) "\10", 1);
      g_byte_array_append (content, (guint8 *) &bits, 8);
      g_byte_array_append (content, (guint8 *) &value, 2);
    }
  xdf_add_chunk (file, 3, content);
}

/* Streams 1 and 2, at 100 and 250 Hz. */
static inline void
xdf_write_two (const char *path,
               const char *first,
               const char *second)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "XDF:", 4);
  xdf_add_stream (file, 1, first, 100);
  xdf_add_stream (file, 2, second, 250);
  g_assert_true (g_file_set_contents (path, (char *) file->data, file->len, NULL));
}
