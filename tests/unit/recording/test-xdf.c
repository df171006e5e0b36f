/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/xdf-recording.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define MAX_IDS 10

static const guint8 uuid[16] = {
  0x43, 0xa5, 0x46, 0xdc, 0xcb, 0xf5, 0x41, 0x0f, 0xb3, 0x0e, 0xd5, 0x46, 0x73, 0x83, 0xcb, 0xe4,
};

/* A file that is made from words:
 *   F                    file header
 *   Hid:format:count:rate  stream header
 *   Sid:time:n           n samples, the first with a time ("-": none); sample k is k in all channels
 *   Lid:time:n:claim     the same, but the count says something else
 *   Tid:time:text        one text
 *   Oid:time:value       clock offset
 *   B                    boundary
 *   Eid                  footer
 *   Utag                 a chunk of another kind
 *   Cn                   cuts the last n bytes off
 *   Xhex                 bytes
 */
typedef struct
{
  GByteArray *bytes;
  char *formats[MAX_IDS];
  guint counts[MAX_IDS];
  guint samples[MAX_IDS];
} Builder;

static void
put (GByteArray *bytes,
     guint64     value,
     guint       n)
{
  for (guint i = 0; i < n; i++)
    g_byte_array_append (bytes, &(guint8){ (guint8) (value >> (8 * i)) }, 1);
}

static void
put_double (GByteArray *bytes,
            double      value)
{
  guint64 bits;

  memcpy (&bits, &value, 8);
  put (bytes, bits, 8);
}

static void
put_count (GByteArray *bytes,
           guint64     n)
{
  put (bytes, n < 256 ? 1 : 4, 1);
  put (bytes, n, n < 256 ? 1 : 4);
}

static void
put_chunk (Builder    *self,
           guint       tag,
           GByteArray *content)
{
  put_count (self->bytes, content->len + 2);
  put (self->bytes, tag, 2);
  g_byte_array_append (self->bytes, content->data, content->len);
}

static void
put_value (GByteArray *bytes,
           const char *format,
           guint       k)
{
  float narrow = (float) k;
  guint32 bits;

  memcpy (&bits, &narrow, 4);
  if (strcmp (format, "float32") == 0)
    put (bytes, bits, 4);
  else if (strcmp (format, "double64") == 0)
    put_double (bytes, k);
  else
    put (bytes, k, (guint) g_ascii_strtoull (format + 3, NULL, 10) / 8);
}

static void
put_samples (Builder    *self,
             GByteArray *content,
             guint       id,
             char      **words)
{
  guint n = (guint) g_ascii_strtoull (words[2], NULL, 10);

  put_count (content, words[3] != NULL ? g_ascii_strtoull (words[3], NULL, 10) : n);
  for (guint i = 0; i < n; i++)
    {
      gboolean timed = i == 0 && strcmp (words[1], "-") != 0;

      put (content, timed ? 8 : 0, 1);
      if (timed)
        put_double (content, g_ascii_strtod (words[1], NULL));
      for (guint c = 0; c < self->counts[id]; c++)
        put_value (content, self->formats[id], self->samples[id]);
      self->samples[id]++;
    }
}

static void
put_header (Builder    *self,
            GByteArray *content,
            guint       id,
            char      **words)
{
  g_autofree char *xml = g_strdup_printf (
    "<?xml version=\"1.0\"?><info><name>Stream %u</name><type>%s</type>"
    "<channel_count>%s</channel_count><nominal_srate>%s</nominal_srate>"
    "<channel_format>%s</channel_format></info>", id,
    strcmp (words[1], "string") == 0 ? "Markers" : "EEG", words[2], words[3], words[1]);

  g_free (self->formats[id]);
  self->formats[id] = g_strdup (words[1]);
  self->counts[id] = (guint) g_ascii_strtoull (words[2], NULL, 10);
  g_byte_array_append (content, (const guint8 *) xml, (guint) strlen (xml));
}

static void
put_bytes (Builder    *self,
           const char *hex)
{
  for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2)
    put (self->bytes, (guint64) (g_ascii_xdigit_value (hex[0]) * 16 + g_ascii_xdigit_value (hex[1])), 1);
}

static void
put_word (Builder    *self,
          const char *word)
{
  static const char file_header[] =
    "<info><version>1.0</version><datetime>2021-03-04T05:06:07+0100</datetime></info>";
  g_auto (GStrv) words = g_strsplit (word + 1, ":", 4);
  guint id = words[0] != NULL ? (guint) g_ascii_strtoull (words[0], NULL, 10) : 0;
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (word[0] == 'X')
    return put_bytes (self, word + 1);
  if (word[0] == 'C')
    {
      g_byte_array_set_size (self->bytes, self->bytes->len - id);
      return;
    }
  if (strchr ("HSLTOE", word[0]) != NULL)
    put (content, id, 4);
  switch (word[0])
    {
    case 'F':
      g_byte_array_append (content, (const guint8 *) file_header, sizeof file_header - 1);
      return put_chunk (self, 1, content);
    case 'H':
      put_header (self, content, id, words);
      return put_chunk (self, 2, content);
    case 'S':
    case 'L':
      put_samples (self, content, id, words);
      return put_chunk (self, 3, content);
    case 'T':
      put_count (content, 1);
      put (content, 8, 1);
      put_double (content, g_ascii_strtod (words[1], NULL));
      put_count (content, strlen (words[2]));
      g_byte_array_append (content, (const guint8 *) words[2], (guint) strlen (words[2]));
      return put_chunk (self, 3, content);
    case 'O':
      put_double (content, g_ascii_strtod (words[1], NULL));
      put_double (content, g_ascii_strtod (words[2], NULL));
      return put_chunk (self, 4, content);
    case 'B':
      g_byte_array_append (content, uuid, sizeof uuid);
      return put_chunk (self, 5, content);
    case 'E':
      return put_chunk (self, 6, content);
    case 'U':
      return put_chunk (self, id, content);
    default:
      g_assert_not_reached ();
    }
}

static GByteArray *
build (const char *text)
{
  Builder builder = { .bytes = g_byte_array_new () };
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  g_byte_array_append (builder.bytes, (const guint8 *) "XDF:", 4);
  for (guint i = 0; words[i] != NULL; i++)
    put_word (&builder, words[i]);
  for (guint i = 0; i < MAX_IDS; i++)
    g_free (builder.formats[i]);
  return builder.bytes;
}

static char *
write_file (const guint8 *bytes,
            gsize         n)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "inion-test-XXXXXX.xdf", NULL);
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_true (g_file_set_contents (path, (const char *) bytes, (gssize) n, NULL));
  return g_steal_pointer (&path);
}

static InionRecording *
open_text (const char  *text,
           GError     **error)
{
  g_autoptr (GByteArray) bytes = build (text);
  g_autofree char *path = write_file (bytes->data, bytes->len);
  InionRecording *recording = inion_recording_open (path, error);

  g_unlink (path);
  return recording;
}

typedef struct
{
  const char *name;
  const char *text;
  guint n_channels;
  gint64 n_samples; /* of the first channel on the clock; -1: refused */
  guint n_events;
  guint n_segments;
  const char *says; /* part of a fault or of the error; NULL: no fault but the missing unit */
} Case;

#define GOOD "F H1:float32:2:100 "

static const Case cases[] = {
  { "plain", GOOD "S1:10:50 S1:10.5:50 E1", 2, 100, 0, 1, NULL },
  { "no file header", "H1:float32:2:100 S1:10:50", 2, 50, 0, 1, NULL },
  { "int8", "F H1:int8:3:100 S1:10:50", 3, 50, 0, 1, NULL },
  { "int16", "F H1:int16:1:100 S1:10:50", 1, 50, 0, 1, NULL },
  { "int32", "F H1:int32:1:100 S1:10:50", 1, 50, 0, 1, NULL },
  { "int64", "F H1:int64:2:100 S1:10:50", 2, 50, 0, 1, NULL },
  { "double64", "F H1:double64:1:100 S1:10:50", 1, 50, 0, 1, NULL },
  { "fractional rate", "F H1:float32:1:0.5 S1:10:50", 1, 50, 0, 1, NULL },
  { "no times", GOOD "S1:-:50", 2, 50, 0, 1, "No sample has a time" },
  { "empty chunk", GOOD "S1:-:0 S1:10:50", 2, 50, 0, 1, NULL },
  { "gap", GOOD "S1:10:50 S1:30:50", 2, 2050, 0, 2, NULL },
  { "small jump is no gap", GOOD "S1:10:500 S1:15.1:500", 2, 1000, 0, 1, NULL },
  { "clock set back", GOOD "S1:50:100 S1:10:100", 2, 200, 0, 1, "set back" },
  { "unknown chunks", GOOD "U77 S1:10:50 U200", 2, 50, 0, 1, NULL },
  { "last chunk cut", GOOD "S1:10:50 S1:10.5:50 C100", 2, 88, 0, 1, "breaks off" },
  { "cut in a header", GOOD "S1:10:50 H2:float32:1:100 C60", 2, 50, 0, 1, "breaks off" },
  { "cut in a length", GOOD "S1:10:50 S1:10.5:50 C456", 2, 50, 0, 1, "breaks off" },
  { "cut chunk and on", GOOD "S1:10:50 S1:10.5:50 C100 B S1:11:50", 2, 138, 0, 1,
    "behind the next boundary" },
  { "garbage between", GOOD "S1:10:50 B X00ff00ff00ff B S1:10.5:50", 2, 100, 0, 1,
    "behind the next boundary" },
  { "garbage at the end", GOOD "S1:10:50 B X00000000", 2, 50, 0, 1, "damaged" },
  { "length beyond the file", GOOD "S1:10:50 B X08ffffffffffffffff0300", 2, 50, 0, 1, "breaks off" },
  { "length of nothing", GOOD "S1:10:50 B X0100 B S1:10.5:50", 2, 100, 0, 1, "damaged" },
  { "too many samples claimed", GOOD "L1:10:50:4000000000", 2, 50, 0, 1, "room" },
  { "too few samples claimed", GOOD "L1:10:50:20", 2, 20, 0, 1, NULL },
  { "count without its bytes", GOOD "S1:10:50 X01070300010000000209", 2, 50, 0, 1, "how many" },
  { "time flag of nine", GOOD "S1:10:50 X01110300010000000101090000000000000000", 2, 50, 0, 1,
    "damaged" },
  { "stream without header", GOOD "S1:10:50 X01080300090000000100", 2, 50, 0, 1, "no header" },
  { "header twice", GOOD "H1:float32:2:50 S1:10:50", 2, 50, 0, 1, "header already" },
  { "unknown format", "F H1:float16:1:100 H2:int16:1:100 S2:10:50", 1, 50, 0, 1, "channel_format" },
  { "no channels", "F H1:float32:0:100 H2:int16:1:100 S2:10:50", 1, 50, 0, 1, "channel_count" },
  { "too many channels", "F H1:float32:1e9:100 H2:int16:1:100 S2:10:50", 1, 50, 0, 1,
    "channel_count" },
  { "negative rate", "F H1:float32:1:-5 H2:int16:1:100 S2:10:50", 1, 50, 0, 1, "nominal_srate" },
  { "rate is no number", "F H1:float32:1:nan H2:int16:1:100 S2:10:50", 1, 50, 0, 1,
    "nominal_srate" },
  { "empty stream", GOOD "H2:float32:1:10 S1:10:50", 2, 50, 0, 1, "no samples" },
  { "markers", GOOD "H2:string:1:0 S1:10:100 T2:10.25:go T2:10.5:stop", 2, 100, 2, 1, NULL },
  { "markers before the samples", GOOD "H2:string:1:0 T2:9:early S1:10:100", 2, 100, 1, 1, NULL },
  { "markers only", "F H2:string:1:0 T2:9:a T2:11:b", 0, -2, 2, 1, NULL },
  { "empty marker", GOOD "H2:string:1:0 S1:10:50 T2:10:", 2, 50, 1, 1, NULL },
  { "irregular numbers", GOOD "H2:int32:2:0 S1:10:50 S2:10:1 S2:10.1:1", 2, 50, 2, 1, NULL },
  { "two rates", GOOD "H2:int16:1:50 S1:10:100 S2:10:50", 3, 100, 0, 1, NULL },
  { "offset moves all", GOOD "O1:10:5 O1:15:5 S1:10:50", 2, 50, 0, 1, NULL },
  { "absurd offset", GOOD "O1:1000:5 O1:1005:5 O1:1e-310:1e9 O1:1010:5 S1:1000:50", 2, 50, 0, 1,
    "cannot be true" },
  { "offset is no number", GOOD "O1:10:5 O1:15:nan O1:20:5 S1:10:50", 2, 50, 0, 1,
    "cannot be true" },
  { "time is no number", GOOD "S1:nan:50", 2, 50, 0, 1, "no time" },
  { "short chunk", GOOD "S1:10:50 X010404000100", 2, 50, 0, 1, "too short" },
  { "wrong rate", GOOD "S1:10:1 S1:10.04:1 S1:10.08:1 S1:10.12:1", 2, 4, 0, 1, "samples came at" },
  { "not XDF", "C4 X58444621", 0, -1, 0, 0, "" },
  { "nothing", "", 0, -1, 0, 0, "no samples" },
  { "headers only", GOOD "E1", 0, -1, 0, 0, "no samples" },
  { "clocks decades apart", GOOD "H2:int16:1:100 S1:10:50 S2:1e10:50", 0, -1, 0, 0, "ten years" },
};

static gboolean
says (InionRecording *recording,
      const char     *text)
{
  GPtrArray *faults = inion_recording_get_faults (recording);
  guint n = 0;

  for (guint i = 0; i < faults->len; i++)
    {
      const InionFault *fault = faults->pdata[i];

      if (text != NULL && strstr (fault->message, text) != NULL)
        return TRUE;
      n += strcmp (fault->field, "unit") != 0;
    }
  return text == NULL && n == 0;
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = open_text (c->text, &error);
  double value;

  if (c->n_samples == -1)
    {
      g_assert_null (recording);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, c->says));
      return;
    }
  g_assert_no_error (error);
  g_assert_true (says (recording, c->says));
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, c->n_channels);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, c->n_segments);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, c->n_events);
  if (c->n_channels == 0)
    return;
  g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (recording, 0)), ==,
                   c->n_samples);
  g_assert_true (inion_recording_read (recording, 0, 1, 1, &value, NULL));
  g_assert_cmpfloat (value, ==, 1);
}

/* Streams that begin and end at different times stand in their places on one clock. */
static void
test_late_stream (void)
{
  g_autoptr (InionRecording) recording =
    open_text ("F H1:float32:1:100 H2:int16:1:50 H3:string:1:0 S1:10:200 S2:11:100 T3:11.5:x", NULL);
  double x[100];
  gint64 first, n;

  g_assert_nonnull (recording);
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 3000000000);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 1);
  g_assert_true (inion_recording_find_run (recording, 0, 0, &first, &n));
  g_assert_cmpint (first, ==, 0);
  g_assert_cmpint (n, ==, 200);
  g_assert_true (inion_recording_find_run (recording, 1, 60, &first, &n));
  g_assert_cmpint (first, ==, 50);
  g_assert_cmpint (n, ==, 100);
  g_assert_true (inion_recording_read (recording, 1, 40, 60, x, NULL));
  for (guint i = 0; i < 10; i++)
    g_assert_true (isnan (x[i]));
  for (guint i = 10; i < 60; i++)
    g_assert_cmpfloat (x[i], ==, i - 10);
  /* What the first stream lacks at the end reads as missing too. */
  g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (recording, 0)), ==, 300);
  g_assert_true (inion_recording_read (recording, 0, 199, 10, x, NULL));
  g_assert_cmpfloat (x[0], ==, 199);
  g_assert_true (isnan (x[1]) && isnan (x[9]));
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpint (((InionEvent *) inion_recording_get_events (recording)->pdata[0])->onset_ns, ==,
                   1500000000);
}

/* A sender that was restarted: times jump back, the offsets say where they belong. */
static void
test_clock_reset (void)
{
  g_autoptr (InionRecording) recording =
    open_text ("F H1:float32:1:100 O1:1000:-900 O1:1005:-900 O1:1010:-900 S1:1010:500 O1:1015:-900 "
               "S1:3:500 O1:5:150 O1:10:150 O1:15:150", NULL);
  gint64 from, to;

  g_assert_nonnull (recording);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 2);
  /* 1010 − 900 = 110 and 3 + 150 = 153 */
  inion_recording_get_segment (recording, 1, &from, &to);
  g_assert_cmpint (from, ==, 43000000000);
  g_assert_cmpint (to, ==, 48000000000);
}

static void
test_start_and_choice (void)
{
  g_autoptr (GByteArray) bytes = build ("F H1:float32:2:100 H2:int16:1:50 H3:string:1:0 S1:10:100 "
                                        "S2:10:50 T3:10.5:x");
  g_autofree char *path = write_file (bytes->data, bytes->len);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) streams = inion_xdf_list_streams (path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  const InionXdfStream *stream;
  static const guint32 chosen[] = { 2 }, missing[] = { 7 };
  g_autofree char *start = NULL;

  g_assert_nonnull (streams);
  g_assert_cmpuint (streams->len, ==, 3);
  stream = streams->pdata[0];
  g_assert_cmpuint (stream->id, ==, 1);
  g_assert_cmpstr (stream->name, ==, "Stream 1");
  g_assert_cmpint (stream->n_samples, ==, 100);
  g_assert_true (stream->is_signal);
  stream = streams->pdata[2];
  g_assert_false (stream->is_signal);
  g_assert_cmpstr (stream->type, ==, "Markers");
  recording = inion_xdf_recording_open_streams (path, chosen, 1, NULL, NULL);
  g_assert_nonnull (recording);
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 1);
  start = g_date_time_format (inion_recording_get_start (recording), "%Y-%m-%d %H:%M:%S");
  g_assert_cmpstr (start, ==, "2021-03-04 05:06:07");
  g_assert_null (inion_xdf_recording_open_streams (path, missing, 1, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "Stream 2"));
  g_unlink (path);
}

static GBytes *
pack (const guint8 *bytes,
      gsize         n)
{
  g_autoptr (GConverter) zlib =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GInputStream) plain = g_memory_input_stream_new_from_data (bytes, (gssize) n, NULL);
  g_autoptr (GInputStream) packed = g_converter_input_stream_new (plain, zlib);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_assert_cmpint (g_output_stream_splice (out, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL,
                                           NULL), >, 0);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static InionRecording *
open_packed (const guint8  *bytes,
             gsize          n,
             gsize          cut,
             GError       **error)
{
  g_autoptr (GBytes) packed = pack (bytes, n);
  g_autofree char *path = write_file (g_bytes_get_data (packed, NULL),
                                      g_bytes_get_size (packed) - cut);
  InionRecording *recording = inion_recording_open (path, error);

  g_unlink (path);
  return recording;
}

static void
test_packed (void)
{
  g_autoptr (GByteArray) bytes = build (GOOD "S1:10:50 S1:10.5:50 B S1:11:50");
  g_autoptr (InionRecording) whole = open_packed (bytes->data, bytes->len, 0, NULL);
  g_autoptr (InionRecording) cut = open_packed (bytes->data, bytes->len, 12, NULL);

  g_assert_nonnull (whole);
  g_assert_cmpint (inion_recording_get_duration_ns (whole), ==, 1500000000);
  g_assert_nonnull (cut);
  g_assert_true (says (cut, "packed file is cut"));
}

/* Zeros pack a thousandfold; no recording does. */
static void
test_packed_bomb (void)
{
  gsize n = 160 * 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc0 (n);
  g_autoptr (GError) error = NULL;

  memcpy (bytes, "XDF:", 4);
  g_assert_null (open_packed (bytes, n, 0, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_LARGE);
}

static double
get_number (JsonObject *object,
            const char *name)
{
  return json_object_get_double_member (object, name);
}

static void
compare_signal (InionRecording *recording,
                JsonObject     *stream)
{
  JsonArray *stretches = json_object_get_array_member (stream, "stretches");
  JsonArray *first = json_object_get_array_member (stream, "first");
  JsonArray *sum = json_object_get_array_member (stream, "sum");
  double start = get_number (json_array_get_object_element (stretches, 0), "start");
  double rate = inion_channel_get_rate_hz (inion_recording_get_channel (recording, 0));
  gint64 n = json_object_get_int_member (stream, "n");

  /* Exact, or the nominal one where that is off by less than half a sample. */
  g_assert_cmpfloat (fabs (rate / get_number (stream, "effective") - 1) * (double) n, <, 0.5);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, json_array_get_length (stretches));
  for (guint i = 0; i < json_array_get_length (stretches); i++)
    {
      JsonObject *stretch = json_array_get_object_element (stretches, i);
      gint64 from_ns, to_ns;

      inion_recording_get_segment (recording, i, &from_ns, &to_ns);
      g_assert_cmpfloat (fabs ((double) from_ns / 1e9 - (get_number (stretch, "start") - start)), <,
                         0.5 / rate + 1e-4);
    }
  for (guint c = 0; c < json_array_get_length (first); c++)
    {
      gint64 at = 0, from, length;
      double total = 0, value, magnitude = 0;

      g_assert_true (inion_recording_read (recording, c, 0, 1, &value, NULL));
      g_assert_cmpfloat (fabs (value - json_array_get_double_element (first, c)), <=,
                         1e-12 * fabs (value));
      while (inion_recording_find_run (recording, c, at, &from, &length))
        {
          g_autofree double *x = g_new (double, (gsize) length);

          g_assert_true (inion_recording_read (recording, c, from, (gsize) length, x, NULL));
          for (gint64 i = 0; i < length; i++)
            {
              total += x[i];
              magnitude += fabs (x[i]);
            }
          at = from + length;
          n -= c == 0 ? length : 0;
        }
      g_assert_cmpfloat (fabs (total - json_array_get_double_element (sum, c)), <=,
                         1e-9 * magnitude);
    }
  g_assert_cmpint (n, ==, 0);
}

/* Times of events relative to the first of them, and their texts. */
static void
compare_events (InionRecording *recording,
                JsonObject     *stream)
{
  JsonArray *expected = json_object_get_array_member (stream, "events");
  GPtrArray *events;
  const InionEvent *first;
  double start = get_number (json_array_get_object_element (expected, 0), "time");

  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  g_assert_cmpuint (events->len, ==, json_object_get_int_member (stream, "n"));
  first = events->pdata[0];
  for (guint i = 0; i < json_array_get_length (expected); i++)
    {
      JsonObject *object = json_array_get_object_element (expected, i);
      const InionEvent *event = events->pdata[i];

      g_assert_cmpstr (event->text, ==, json_object_get_string_member (object, "text"));
      g_assert_cmpfloat (fabs ((double) (event->onset_ns - first->onset_ns) / 1e9 -
                               (get_number (object, "time") - start)), <, 1e-4);
    }
}

static void
compare_file (const char *path,
              JsonArray  *streams)
{
  for (guint i = 0; i < json_array_get_length (streams); i++)
    {
      JsonObject *stream = json_array_get_object_element (streams, i);
      guint32 id = (guint32) json_object_get_int_member (stream, "id");
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = NULL;

      recording = inion_xdf_recording_open_streams (path, &id, 1, NULL, &error);
      if (json_object_get_int_member (stream, "n") == 0)
        {
          g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
          continue;
        }
      g_assert_no_error (error);
      if (json_object_has_member (stream, "stretches"))
        compare_signal (recording, stream);
      else
        compare_events (recording, stream);
    }
}

/* Real files, against what an independent script reads in them (xdf_make.py). */
static void
test_reference (void)
{
  g_autofree char *fixture = g_test_build_filename (G_TEST_DIST, "reference", "xdf.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GList) names = NULL;
  JsonObject *files;
  guint n = 0;

  g_assert_true (json_parser_load_from_file (parser, fixture, NULL));
  files = json_node_get_object (json_parser_get_root (parser));
  names = json_object_get_members (files);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *path = g_build_filename (g_getenv ("INION_SHARED"), "data", l->data, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      compare_file (path, json_object_get_array_member (files, l->data));
      n++;
    }
  if (n == 0)
    g_test_skip ("the real XDF files are not here");
}

static gpointer
run_nothing (InionJob  *job,
             gpointer   data,
             GError   **error)
{
  g_autoptr (InionRecording) recording = NULL;

  inion_job_cancel (job);
  recording = inion_recording_open_with_job (data, job, error);
  g_assert_null (recording);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (GByteArray) bytes = build (GOOD "S1:10:50");
  g_autofree char *path = write_file (bytes->data, bytes->len);
  g_autoptr (InionJob) job = inion_job_new ("x", run_nothing, path, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_job_run (job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_unlink (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/xdf/case/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/xdf/late-stream", test_late_stream);
  g_test_add_func ("/xdf/clock-reset", test_clock_reset);
  g_test_add_func ("/xdf/start-and-choice", test_start_and_choice);
  g_test_add_func ("/xdf/packed", test_packed);
  g_test_add_func ("/xdf/packed-bomb", test_packed_bomb);
  g_test_add_func ("/xdf/reference", test_reference);
  g_test_add_func ("/xdf/cancel", test_cancel);

  return g_test_run ();
}
