/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "native-tools.h"

/* A file that is made from words:
 *   n=2 r=100 b=2 s=50     channels, rate, bytes a sample, samples; sample k is k in all channels
 *   says=50                the number of samples that the header gives; right if left out
 *   block=n                n samples of a channel at once
 *   t=1                    type of the table of events; 0: none
 *   e=sample:stimulus:key:pad   an event
 *   at=n  size=n  chan=n   what the header says of the table and of blocks instead of the truth
 *   base=n  sens=x  bad=n  label=text   of the first channel
 *   date=text  time=text
 *   more=n  cut=n          bytes at the end of the samples more, of the file less
 */
static const char *
get_word (char      **words,
          const char *name)
{
  gsize n = strlen (name);

  for (guint i = 0; words[i] != NULL; i++)
    if (strncmp (words[i], name, n) == 0 && words[i][n] == '=')
      return words[i] + n + 1;
  return NULL;
}

static gint64
get_number (char      **words,
            const char *name,
            gint64      fallback)
{
  const char *text = get_word (words, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : fallback;
}

static void
set_le (GByteArray *bytes,
        guint       at,
        guint64     value,
        guint       n)
{
  for (guint i = 0; i < n; i++)
    bytes->data[at + i] = (guint8) (value >> (8 * i));
}

static void
set_text (GByteArray *bytes,
          guint       at,
          const char *text)
{
  if (text != NULL)
    memcpy (bytes->data + at, text, strlen (text));
}

static void
put_samples (GByteArray *bytes,
             guint       n_channels,
             guint       n,
             guint       size,
             guint       block)
{
  for (guint first = 0; first < n; first += block)
    for (guint c = 0; c < n_channels; c++)
      for (guint k = first; k < MIN (first + block, n); k++)
        put_le (bytes, k, size);
}

static void
put_events (GByteArray *bytes,
            char      **words,
            guint       type,
            guint       moment)
{
  g_autoptr (GByteArray) events = g_byte_array_new ();
  guint start = 900 + 75 * (guint) get_number (words, "n", 2);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = NULL;

      if (!g_str_has_prefix (words[i], "e="))
        continue;
      parts = g_strsplit (words[i] + 2, ":", -1);
      put_le (events, g_ascii_strtoull (parts[1], NULL, 10), 2);
      put_le (events, g_ascii_strtoull (parts[2], NULL, 10), 1);
      put_le (events, g_ascii_strtoull (parts[3], NULL, 16), 1);
      put_le (events, g_ascii_strtoull (parts[0], NULL, 10) * (type == 3 ? 1 : moment) +
              (type == 3 ? 0 : start), 4);
      put_le (events, 0, type == 1 ? 0 : 8);
      put_le (events, 0, type == 1 ? 0 : 3);
    }
  put_le (bytes, type, 1);
  put_le (bytes, (guint64) get_number (words, "size", events->len), 4);
  put_le (bytes, 0, 4);
  g_byte_array_append (bytes, events->data, events->len);
}

static GByteArray *
build (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint n = (guint) get_number (words, "n", 2), size = (guint) get_number (words, "b", 2);
  guint samples = (guint) get_number (words, "s", 50), type = (guint) get_number (words, "t", 1);
  guint block = (guint) get_number (words, "block", 0);
  GByteArray *bytes = g_byte_array_new ();
  const char *sens = get_word (words, "sens");

  g_byte_array_set_size (bytes, 900 + 75 * n);
  memset (bytes->data, 0, bytes->len);
  set_text (bytes, 0, "Version 3.0");
  set_text (bytes, 225, get_word (words, "date"));
  set_text (bytes, 235, get_word (words, "time"));
  set_le (bytes, 370, (guint64) get_number (words, "claim", n), 2);
  set_le (bytes, 376, (guint64) get_number (words, "r", 100), 2);
  set_le (bytes, 864, (guint64) get_number (words, "says", samples), 4);
  set_le (bytes, 894, (guint64) get_number (words, "chan", block * size), 4);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = g_strdup_printf ("C%u", i + 1);

      set_text (bytes, 900 + 75 * i,
                i == 0 && get_word (words, "label") != NULL ? get_word (words, "label") : label);
      set_le (bytes, 900 + 75 * i + 14, (guint64) (i == 0 ? get_number (words, "bad", 0) : 0), 1);
      set_le (bytes, 900 + 75 * i + 47, (guint64) (i == 0 ? get_number (words, "base", 0) : 0), 2);
      set_le (bytes, 900 + 75 * i + 59,
              float_bits (sens != NULL ? g_ascii_strtod (sens, NULL) : 204.8, FALSE), 4);
      set_le (bytes, 900 + 75 * i + 71, float_bits (1, FALSE), 4);
    }
  put_samples (bytes, n, samples, size, block > 0 ? block : 1);
  put_le (bytes, 0, (guint) get_number (words, "more", 0));
  set_le (bytes, 886, (guint64) get_number (words, "at", bytes->len), 4);
  if (type > 0)
    put_events (bytes, words, type, n * size);
  g_byte_array_set_size (bytes, bytes->len - (guint) get_number (words, "cut", 0));
  return bytes;
}

#define EVENTS "e=2:1:0:0 e=6:2:0:0 e=10:3:0:0 "
#define ODD_EVENTS "e=1:1:0:0 e=5:2:0:0 e=11:3:0:0 "

static const Case cases[] = {
  { "two bytes", "b=2", 2, 50, 0, 1, NULL, 49 },
  { "four bytes", "b=4", 2, 50, 0, 1, NULL, 49 },
  { "one channel", "n=1 b=4", 1, 50, 0, 1, NULL, 49 },
  { "events of type 1", "t=1 " ODD_EVENTS, 2, 50, 3, 1, NULL, 49 },
  { "events of type 2", "t=2 " ODD_EVENTS, 2, 50, 3, 1, NULL, 49 },
  { "events of type 3", "t=3 " EVENTS, 2, 50, 3, 1, NULL, 49 },
  { "type 3 in four bytes", "b=4 t=3 " EVENTS, 2, 50, 3, 1, NULL, 49 },
  { "four bytes by events", "b=4 says=7 " ODD_EVENTS, 2, 50, 3, 1, "The header says 7", 49 },
  { "two bytes by events", "b=2 says=25 " ODD_EVENTS, 2, 50, 3, 1, "The header says 25", 49 },
  { "four bytes by samples", "b=4 says=0", 2, 50, 0, 1, "what they look like, 4", 49 },
  { "two bytes by samples", "b=2 says=0", 2, 50, 0, 1, "what they look like, 2", 49 },
  { "wrong number, few events", "b=2 says=13 e=3:1:0:0", 2, 50, 1, 1, "what they look like, 2", 49 },
  { "negative number", "b=2 says=-9", 2, 50, 0, 1, "what they look like, 2", 49 },
  { "blocks", "b=2 block=10", 2, 50, 0, 1, NULL, 49 },
  { "blocks in four bytes", "b=4 block=25", 2, 50, 0, 1, NULL, 49 },
  { "last block short", "b=2 block=20", 2, 40, 0, 1, "no whole block", 39 },
  { "blocks of odd bytes", "b=2 chan=7", 0, -1, 0, 0, "no whole samples", NAN },
  { "block beyond", "b=2 chan=2000000000", 0, -1, 0, 0, "no samples", NAN },
  { "channel offset of one", "b=2 chan=1", 2, 50, 0, 1, NULL, 49 },
  { "odd bytes", "b=2 more=3 " ODD_EVENTS, 2, 50, 3, 1, "no whole sample", 49 },
  { "no table", "t=0", 2, 50, 0, 1, "should stand at byte 1250, but the file was cut off", 49 },
  { "empty table, header says zero", "at=0", 2, 50, 0, 1, "found at byte 1250", 49 },
  { "table beyond", "at=4000000000 " ODD_EVENTS, 2, 50, 3, 1, "found at byte 1250", 49 },
  { "table in the header", "at=20 t=2 " ODD_EVENTS, 2, 50, 3, 1, "found at byte 1250", 49 },
  { "table of type 3 elsewhere", "at=20 t=3 b=4 " EVENTS, 2, 50, 3, 1, "found at byte 1450", 49 },
  { "table elsewhere, no number", "at=20 says=0 " ODD_EVENTS, 2, 50, 3, 1, "found at byte 1250",
    49 },
  { "no table at the end either", "at=1100 more=4 t=0 says=0", 2, 51, 0, 1,
    "byte 1100, but there is none", NAN },
  { "events beyond samples are no table", "at=20 says=0 e=400:4:0:0", 2, 54, 0, 1,
    "byte 20, but there is none", NAN },
  { "table of type 9", "t=9", 2, 52, 0, 1, "byte 1250, but there is none", NAN },
  { "table cut", "t=1 " ODD_EVENTS "e=20:4:0:0 cut=8", 2, 50, 3, 1, "the file ends", 49 },
  { "table too long", "t=1 size=1000000 " ODD_EVENTS, 2, 50, 3, 1, "the file ends", 49 },
  { "table of odd bytes", "t=1 size=17 " ODD_EVENTS, 2, 50, 2, 1, "whole events", 49 },
  { "table of negative size", "t=1 size=-5", 2, 52, 0, 1, "there is none", NAN },
  { "file cut in samples", "b=2 cut=29", 2, 45, 0, 1, "ends after 1230 bytes", 44 },
  { "event beyond", ODD_EVENTS "e=400:4:0:0", 2, 50, 3, 1, "left out", 49 },
  { "event in the header", "t=1 e=4294967200:9:0:0 " ODD_EVENTS, 2, 50, 3, 1, "left out", 49 },
  { "key and pad", "e=3:0:2:1 " ODD_EVENTS, 2, 50, 4, 1, NULL, 49 },
  { "nothing in an event", "e=3:0:0:0 " ODD_EVENTS, 2, 50, 3, 1, NULL, 49 },
  { "rejected", ODD_EVENTS "e=20:0:0:c0 e=30:0:0:d0", 2, 50, 4, 1, NULL, 49 },
  { "rejected to the end", ODD_EVENTS "e=20:0:0:c0", 2, 50, 4, 1, NULL, 49 },
  { "accepted twice", ODD_EVENTS "e=20:0:0:d0 e=30:0:0:d0", 2, 50, 3, 1, NULL, 49 },
  { "pause", ODD_EVENTS "e=20:0:0:e0", 2, 50, 3, 2, "paused 1 times", 49 },
  { "pause at the end", ODD_EVENTS "e=50:0:0:e0", 2, 50, 3, 1, NULL, 49 },
  { "baseline", "base=10", 2, 50, 0, 1, NULL, 39 },
  { "negative baseline", "base=-10", 2, 50, 0, 1, NULL, 59 },
  { "sensitivity", "sens=409.6", 2, 50, 0, 1, NULL, 98 },
  { "no sensitivity", "sens=0", 2, 50, 0, 1, "scale", 49 },
  { "sensitivity is no number", "sens=nan base=5", 2, 50, 0, 1, "scale", 49 },
  { "no channels", "n=2 claim=0", 0, -1, 0, 0, "0 channels", NAN },
  { "too many channels", "claim=60000", 0, -1, 0, 0, "60000 channels", NAN },
  { "no rate", "r=0", 0, -1, 0, 0, "at 0 Hz", NAN },
  { "no samples", "s=0 says=0", 0, -1, 0, 0, "no samples", NAN },
  { "date in two ways", "date=03/04/18 time=10:11:12", 2, 50, 0, 1, "two ways", 49 },
  { "date in one way", "date=23/04/18 time=10:11:12", 2, 50, 0, 1, NULL, 49 },
  { "date of no month", "date=23/24/18 time=10:11:12", 2, 50, 0, 1, "not a date", 49 },
  { "year cut", "date=05/10/200 time=10:11:12", 2, 50, 0, 1, "not a date", 49 },
  { "huge year", "date=05/05/9e9 time=10:11:12", 2, 50, 0, 1, NULL, 49 },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GByteArray) bytes = build (c->text);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = open_bytes (bytes, ".cnt", &error);

  check_case (c, recording, error);
}

static void
test_refused (void)
{
  static const char riff[] = "RIFF\x10\0\0\0CNT eeph";
  g_autoptr (GByteArray) ant = g_byte_array_new ();
  g_autoptr (GByteArray) epochs = build ("b=2");
  g_autoptr (GByteArray) cut = build ("b=2");
  GError *error = NULL;

  g_byte_array_append (ant, (const guint8 *) riff, sizeof riff);
  g_assert_null (open_bytes (ant, ".cnt", &error));
  g_assert_nonnull (strstr (error->message, "ANT"));
  g_clear_error (&error);
  g_assert_null (open_bytes (epochs, ".avg", &error));
  g_assert_nonnull (strstr (error->message, "averages"));
  g_clear_error (&error);
  g_byte_array_set_size (cut, 940);
  g_assert_null (open_bytes (cut, ".cnt", &error));
  g_assert_nonnull (strstr (error->message, "breaks off"));
  g_clear_error (&error);
  g_byte_array_set_size (cut, 400);
  g_assert_null (open_bytes (cut, ".cnt", &error));
  g_assert_nonnull (strstr (error->message, "first 900"));
  g_clear_error (&error);
}

static void
test_texts (void)
{
  g_autoptr (GByteArray) bytes =
    build ("e=1:7:0:0 e=5:0:3:0 e=11:0:0:2 e=20:0:0:c0 e=30:0:0:d0 label=Vorm\xe4rz bad=1 "
           "date=23/04/98 time=10:11:12");
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = open_bytes (bytes, ".cnt", &error);
  g_autofree char *start = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, 0)), ==,
                   "Vormärz");
  g_assert_true (inion_channel_get_info (inion_recording_get_channel (recording, 0))->bad);
  g_assert_false (inion_channel_get_info (inion_recording_get_channel (recording, 1))->bad);
  start = g_date_time_format_iso8601 (inion_recording_get_start (recording));
  g_assert_cmpstr (start, ==, "1998-04-23T10:11:12Z");
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_true (find_event (recording, 0.01, NAN, "7"));
  g_assert_true (find_event (recording, 0.05, NAN, "key F4"));
  g_assert_true (find_event (recording, 0.11, NAN, "response 2"));
  g_assert_true (find_event (recording, 0.20, 0.1, "BAD rejected"));
}

static void
test_shared (gconstpointer data)
{
  check_shared (data, 1, FALSE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/cnt/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/cnt/refused", test_refused);
  g_test_add_func ("/cnt/texts", test_texts);
  g_test_add_data_func ("/cnt/scan41", "data/formats/mne-testing/scan41_short.cnt", test_shared);
  g_test_add_data_func ("/cnt/events",
                        "data/formats/mne-testing/test_CNT_events_mne_JWoess_clipped.cnt",
                        test_shared);
  return g_test_run ();
}
