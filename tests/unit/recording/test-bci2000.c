/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "native-tools.h"

/* A file that is made from lines: the first replaces the usual first line's end if it begins with
 * "!", words "S " add states, others parameters; "#n" gives the number of moments, "-n" cuts bytes
 * off, "=n" replaces the length of the header. Sample k is k in all channels; bit b of the state
 * vector of sample k is set where k / 10 is odd and b is 0, or k is odd and b is 8 or more. */
#define RATE "Source int SamplingRate= 100 // Hz\n"
#define SCALE "F floatlist SourceChGain= 2 0.5 0.5 // gain\nF floatlist SourceChOffset= 2 0 0 // o\n"
#define GOOD RATE SCALE
#define STATE "S Code 8 0 0 0\n"

typedef struct
{
  GString *states;
  GString *parameters;
  const char *first;
  guint n;
  guint cut;
  gint64 claim;
} Parts;

static void
read_parts (Parts *parts,
            char **lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = lines[i];

      if (line[0] == '!')
        parts->first = line + 1;
      else if (line[0] == '#')
        parts->n = (guint) g_ascii_strtoull (line + 1, NULL, 10);
      else if (line[0] == '-')
        parts->cut = (guint) g_ascii_strtoull (line + 1, NULL, 10);
      else if (line[0] == '=')
        parts->claim = g_ascii_strtoll (line + 1, NULL, 10);
      else
        g_string_append_printf (g_str_has_prefix (line, "S ") ? parts->states : parts->parameters,
                                "%s\r\n", line + (g_str_has_prefix (line, "S ") ? 2 : 0));
    }
}

static void
put_moments (GByteArray *bytes,
             guint       n,
             const char *first)
{
  guint size = strstr (first, "32") != NULL ? 4 : 2;

  for (guint k = 0; k < n; k++)
    {
      for (guint c = 0; c < 2; c++)
        put_le (bytes, strstr (first, "float32") != NULL ? float_bits (k, FALSE) : k, size);
      put_le (bytes, k / 10 % 2, 1);
      put_le (bytes, k % 2 ? 0xff : 0, 1);
    }
}

static GByteArray *
build (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) states = g_string_new (NULL);
  g_autoptr (GString) parameters = g_string_new (NULL);
  Parts parts = { states, parameters, "SourceCh= 2 StatevectorLen= 2", 50, 0, -1 };
  GByteArray *bytes = g_byte_array_new ();
  g_autofree char *rest = NULL;
  g_autofree char *header = NULL;
  gsize size;

  read_parts (&parts, lines);
  rest = g_strdup_printf (" %s\r\n[ State Vector Definition ] \r\n%s[ Parameter Definition ] \r\n%s\r\n",
                          parts.first, states->str, parameters->str);
  size = strlen ("HeaderLen= 00000") + strlen (rest);
  header = g_strdup_printf ("HeaderLen= %05" G_GINT64_FORMAT "%s",
                            parts.claim >= 0 ? parts.claim : (gint64) size, rest);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  put_moments (bytes, parts.n, parts.first);
  g_byte_array_set_size (bytes, bytes->len - parts.cut);
  return bytes;
}

static const Case cases[] = {
  { "version 1.0", GOOD, 2, 50, 0, 1, NULL, 24.5 },
  { "version 1.1", GOOD "!SourceCh= 2 StatevectorLen= 2 DataFormat= int16", 2, 50, 0, 1, NULL, 24.5 },
  { "int32", GOOD "!SourceCh= 2 StatevectorLen= 2 DataFormat= int32", 2, 50, 0, 1, NULL, 24.5 },
  { "float32", GOOD "!SourceCh= 2 StatevectorLen= 2 DataFormat= float32", 2, 50, 0, 1, NULL, 24.5 },
  { "float24", GOOD "!SourceCh= 2 StatevectorLen= 2 DataFormat= float24", 0, -1, 0, 0, "float24",
    NAN },
  { "version without format", GOOD "!BCI2000V= 1.1 SourceCh= 2 StatevectorLen= 2", 2, 50, 0, 1,
    "int16 was assumed", 24.5 },
  { "rate with unit", "So int SamplingRate= 256Hz\n" SCALE, 2, 50, 0, 1, NULL, 24.5 },
  { "rate in kilohertz", "So int SamplingRate= 1.2kHz // rate\n" SCALE, 2, 50, 0, 1, NULL, 24.5 },
  { "rate in another unit", "So int SamplingRate= 256s\n" SCALE, 0, -1, 0, 0, "256s", NAN },
  { "rate of zero", "So int SamplingRate= 0\n" SCALE, 0, -1, 0, 0, "no sampling rate", NAN },
  { "negative rate", "So int SamplingRate= -5\n" SCALE, 0, -1, 0, 0, "no sampling rate", NAN },
  { "huge rate", "So int SamplingRate= 1e300\n" SCALE, 0, -1, 0, 0, "no sampling rate", NAN },
  { "no rate", SCALE, 0, -1, 0, 0, "does not give the parameter", NAN },
  { "only a comment for a rate", "So int SamplingRate= // rate\n" SCALE, 0, -1, 0, 0,
    "no sampling rate", NAN },
  { "gain in microvolts", RATE "F l SourceChGain= 2 0.5muV 0.5muV\nF l SourceChOffset= 2 0 0", 2, 50, 0,
    1, NULL, 24.5 },
  { "gain in millivolts", RATE "F l SourceChGain= 2 0.5mV 1mV\nF l SourceChOffset= 2 0 0", 2, 50, 0, 1,
    NULL, 24500 },
  { "gain in something", RATE "F l SourceChGain= 2 0.5kg 0.5kg", 2, 50, 0, 1, "scale", 49 },
  { "gain of zero", RATE "F l SourceChGain= 2 0 0", 2, 50, 0, 1, "scale", 49 },
  { "gain too short", RATE "F l SourceChGain= 1 0.5\nF l SourceChOffset= 1 1", 2, 50, 0, 1, "scale", 24 },
  { "gain claims more than the line has", RATE "F l SourceChGain= 4000000000 0.5", 2, 50, 0, 1, "scale",
    24.5 },
  { "gain ends in a comment", RATE "F l SourceChGain= 2 0.5 // 0.5", 2, 50, 0, 1, "scale", 24.5 },
  { "no gain", RATE, 2, 50, 0, 1, "scale", 49 },
  { "offset", RATE "F l SourceChGain= 2 0.5 0.5\nF l SourceChOffset= 2 9 8", 2, 50, 0, 1, NULL, 20 },
  { "offset is no number", RATE "F l SourceChGain= 2 0.5 0.5\nF l SourceChOffset= 2 x y", 2, 50, 0, 1,
    "scale", 49 },
  { "gain by names", RATE "F l SourceChGain= { a b%20c } 0.5 0.5", 2, 50, 0, 1, NULL, 24.5 },
  { "gain in open braces", RATE "F l SourceChGain= { a b", 2, 50, 0, 1, "scale", 49 },
  { "gain in deep braces", RATE "F l SourceChGain= { { { { } a", 2, 50, 0, 1, "scale", 49 },
  { "state", GOOD STATE, 2, 50, 2, 1, NULL, 24.5 },
  { "state at the end", GOOD STATE "#60", 2, 60, 3, 1, NULL, 29.5 },
  { "clock", GOOD "S SourceTime 8 0 0 0", 2, 50, 0, 1, NULL, 24.5 },
  { "state of a bit", GOOD "S Bit 1 0 0 0", 2, 50, 2, 1, NULL, 24.5 },
  { "state over bytes", GOOD "S Wide 12 0 0 2", 2, 50, 0, 1, "measured", 24.5 },
  { "state that changes always", GOOD "S Fast 8 0 1 0", 2, 50, 0, 1, "measured", 24.5 },
  { "state that never changes", GOOD "S Still 7 0 0 1", 2, 50, 0, 1, NULL, 24.5 },
  { "state beyond", GOOD "S Code 8 0 2 0", 2, 50, 0, 1, "cannot be", 24.5 },
  { "state over the end", GOOD "S Code 8 0 1 1", 2, 50, 0, 1, "cannot be", 24.5 },
  { "state of no bits", GOOD "S Code 0 0 0 0", 2, 50, 0, 1, "cannot be", 24.5 },
  { "state of many bits", GOOD "S Code 33 0 0 0", 2, 50, 0, 1, "cannot be", 24.5 },
  { "state at a negative place", GOOD "S Code 8 0 -1 0", 2, 50, 0, 1, "cannot be", 24.5 },
  { "state without places", GOOD "S Code 8", 2, 50, 0, 1, "cannot be", 24.5 },
  { "cut", GOOD "-3", 2, 49, 0, 1, "middle of a moment", 24 },
  { "no samples", GOOD "#0", 0, -1, 0, 0, "no samples", NAN },
  { "header beyond the file", GOOD "=99999", 0, -1, 0, 0, "HeaderLen", NAN },
  { "header of nothing", GOOD "=0", 0, -1, 0, 0, "HeaderLen", NAN },
  { "header ends in its first line", GOOD "=20", 0, -1, 0, 0, "SourceCh", NAN },
  { "no channels", GOOD "!SourceCh= 0 StatevectorLen= 2", 0, -1, 0, 0, "SourceCh", NAN },
  { "too many channels", GOOD "!SourceCh= 9999999 StatevectorLen= 2", 0, -1, 0, 0, "SourceCh", NAN },
  { "channels are no number", GOOD "!SourceCh= x StatevectorLen= 2", 0, -1, 0, 0, "SourceCh", NAN },
  { "no state length", GOOD "!SourceCh= 2", 0, -1, 0, 0, "StatevectorLen", NAN },
  { "more channels than data", GOOD "!SourceCh= 60000 StatevectorLen= 2", 0, -1, 0, 0, "no samples",
    NAN },
  { "time is none", GOOD "St string StorageTime= yesterday", 2, 50, 0, 1,
    "not a date", 24.5 },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GByteArray) bytes = build (c->text);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = open_bytes (bytes, ".dat", &error);

  check_case (c, recording, error);
}

static void
test_texts (void)
{
  g_autoptr (GByteArray) bytes =
    build (GOOD STATE "A list ChannelNames= 2 C%203 F%c3%bc // n\nA string SubjectName= J%f6rg a\n"
           "A string SubjectSession= 004\nA string SubjectRun= 02\n"
           "St string StorageTime= Thu%20Sep%2004%2012:59:22%202008 // t\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = open_bytes (bytes, ".dat", &error);
  g_autofree char *start = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, 0)), ==, "C 3");
  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (recording, 1)), ==, "Fü");
  g_assert_cmpstr (inion_recording_get_patient (recording), ==, "Jörg");
  g_assert_cmpstr (inion_recording_get_description (recording), ==, "Session 004, run 02");
  start = g_date_time_format_iso8601 (inion_recording_get_start (recording));
  g_assert_cmpstr (start, ==, "2008-09-04T12:59:22Z");
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_true (find_event (recording, 0.1, 0.1, "Code 1"));
  g_assert_true (find_event (recording, 0.3, 0.1, "Code 1"));
}

/* An ISO date, and a file without states. */
static void
test_bare (void)
{
  g_autoptr (GByteArray) bytes =
    build (GOOD "!SourceCh= 2 StatevectorLen= 0\nSt string StorageTime= 2021-03-04T05:06:07");
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = open_bytes (bytes, ".dat", &error);
  g_autofree char *start = NULL;

  g_assert_no_error (error);
  /* The state bytes are taken for samples: the sizes are the first line's. */
  g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (recording, 0)), ==, 75);
  start = g_date_time_format_iso8601 (inion_recording_get_start (recording));
  g_assert_cmpstr (start, ==, "2021-03-04T05:06:07Z");
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, 0);
}

static void
test_shared (gconstpointer data)
{
  check_shared (data, 0, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/bci2000/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/bci2000/texts", test_texts);
  g_test_add_func ("/bci2000/bare", test_bare);
  g_test_add_data_func ("/bci2000/first", "data/formats/bci2000/eeg1_1.dat", test_shared);
  g_test_add_data_func ("/bci2000/second", "data/formats/bci2000/eeg1_2.dat", test_shared);
  return g_test_run ();
}
