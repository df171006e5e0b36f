/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/brainvision-recording.h"

#include "oracle.h"

#include <glib/gstdio.h>

#define OK (-1)

static const char *const header =
  "Brain Vision Data Exchange Header File Version 1.0\r\n"
  "; made for a test\r\n"
  "\r\n"
  "[Common Infos]\r\n"
  "Codepage=UTF-8\r\n"
  "DataFile=a.eeg\r\n"
  "MarkerFile=a.vmrk\r\n"
  "DataFormat=BINARY\r\n"
  "DataOrientation=MULTIPLEXED\r\n"
  "NumberOfChannels=2\r\n"
  "SamplingInterval=4000\r\n"
  "[Binary Infos]\r\n"
  "BinaryFormat=INT_16\r\n"
  "[Channel Infos]\r\n"
  "Ch1=Fp1,Ref,0.5,µV\r\n"
  "Ch2=Cz,,2,µV\r\n"
  "[Coordinates]\r\n"
  "Ch1=1,-90,-72\r\n"
  "Ch2=0,0,0\r\n"
  "[Comment]\r\n"
  "Ch1=not a key,,7,V\r\n";

static const char *const markers =
  "Brain Vision Data Exchange Marker File, Version 1.0\r\n"
  "[Common Infos]\r\n"
  "[Marker Infos]\r\n"
  "Mk1=New Segment,,1,1,0,20131113161403794232\r\n"
  "Mk2=Stimulus,S  1,26,1,0\r\n"
  "Mk3=Comment,a\\1b,51,10,2\r\n";

/* Everything that a test changes. */
typedef struct
{
  const char *name;
  const char *from; /* in the header */
  const char *to;
  const char *marker_from;
  const char *marker_to;
  gsize data_bytes; /* 0: 400 */
  int error;        /* or OK */
  const char *says; /* in a fault, or in the error; NULL: no fault at all */
} Case;

static const Case cases[] = {
  { "plain", NULL, NULL, NULL, NULL, 0, OK, NULL },
  { "core data format", "Brain Vision Data Exchange", "BrainVision Core Data Format", NULL, NULL, 0, OK, NULL },
  { "comma before version", "File Version", "File, Version", NULL, NULL, 0, OK, NULL },
  { "version 2", "1.0", "2.0", NULL, NULL, 0, OK, NULL },
  { "version 3", "1.0", "3.0", NULL, NULL, 0, OK, "names no version" },
  { "other first line", "Brain Vision Data Exchange Header", "Something else", NULL, NULL, 0, OK, "not the first line" },
  { "no first line", "Brain Vision Data Exchange Header File Version 1.0\r\n", "", NULL, NULL, 0, OK, "not the first line" },
  { "lower case", "[Common Infos]", "[Common infos]", NULL, NULL, 0, OK, NULL },
  { "no section", "[Common Infos]", "[Other]", NULL, NULL, 0, INION_ERROR_FORMAT, "Common Infos" },
  { "byte order mark", "Brain Vision Data", "\xef\xbb\xbf" "Brain Vision Data", NULL, NULL, 0, OK, NULL },
  { "latin-1 that says UTF-8", "0.5,µV", "0.5,\xb5V", NULL, NULL, 0, OK, "says UTF-8" },
  { "UTF-8 that says ANSI", "Codepage=UTF-8", "Codepage=ANSI", NULL, NULL, 0, OK, "is UTF-8" },
  { "NUL", "Ref,0.5", "R\x01" "f,0.5", NULL, NULL, 0, OK, NULL },
  { "no interval", "SamplingInterval", "Sampling", NULL, NULL, 0, INION_ERROR_FORMAT, "SamplingInterval" },
  { "interval 0", "=4000", "=0", NULL, NULL, 0, INION_ERROR_FORMAT, "no sampling interval" },
  { "interval negative", "=4000", "=-4", NULL, NULL, 0, INION_ERROR_FORMAT, "no sampling interval" },
  { "interval words", "=4000", "=nan", NULL, NULL, 0, INION_ERROR_FORMAT, "line 11" },
  { "interval comma", "=4000", "=4000,0", NULL, NULL, 0, OK, "comma" },
  { "interval tiny", "=4000", "=1e-9", NULL, NULL, 0, INION_ERROR_FORMAT, "0.001" },
  { "channels many", "Channels=2", "Channels=99999999", NULL, NULL, 0, INION_ERROR_TOO_LARGE, "limit" },
  { "channels words", "Channels=2", "Channels=two", NULL, NULL, 0, OK, "no usable number" },
  { "channels missing", "NumberOfChannels", "Number", NULL, NULL, 0, OK, "no usable number" },
  { "channels undescribed", "Channels=2", "Channels=4", NULL, NULL, 0, OK, "no line describes" },
  { "channels fewer", "Channels=2", "Channels=1", NULL, NULL, 0, OK, "passed over" },
  { "channel twice", "Ch2=Cz", "Ch1=Cz", NULL, NULL, 0, OK, "described again" },
  { "orientation odd", "MULTIPLEXED", "DIAGONAL", NULL, NULL, 0, INION_ERROR_UNSUPPORTED, "DIAGONAL" },
  { "orientation missing", "DataOrientation", "Data", NULL, NULL, 0, OK, "is assumed" },
  { "format missing", "DataFormat", "Format", NULL, NULL, 0, OK, "BINARY is assumed" },
  { "format odd", "BINARY", "MORSE", NULL, NULL, 0, INION_ERROR_UNSUPPORTED, "MORSE" },
  { "frequency domain", "DataFormat", "DataType=FREQUENCYDOMAIN\r\nDataFormat", NULL, NULL, 0, INION_ERROR_UNSUPPORTED, "TIMEDOMAIN" },
  { "number format odd", "INT_16", "INT_12", NULL, NULL, 0, INION_ERROR_UNSUPPORTED, "INT_12" },
  { "number format missing", "BinaryFormat", "Format", NULL, NULL, 0, OK, "INT_16 is" },
  { "resolution comma", "2,µV", "2,5,µV", NULL, NULL, 0, OK, "takes two fields" },
  { "resolution words", "2,µV", "x,µV", NULL, NULL, 0, OK, "no resolution" },
  { "resolution 0", "2,µV", "0,µV", NULL, NULL, 0, OK, "no resolution" },
  { "coordinates odd", "1,-90,-72", "1,north", NULL, NULL, 0, OK, "position is unknown" },
  { "coordinates beyond", "Ch2=0,0,0", "Ch9=0,0,0", NULL, NULL, 0, OK, "channel 9" },
  { "no name", "Ch2=Cz", "Ch2=", NULL, NULL, 0, OK, "no name" },
  { "data stale", "a.eeg", "b.eeg", NULL, NULL, 0, OK, "renamed" },
  { "data macro", "a.eeg", "$b.eeg", NULL, NULL, 0, OK, NULL },
  { "data elsewhere", "a.eeg", "../../a.eeg", NULL, NULL, 0, OK, "Only the folder" },
  { "data in windows", "a.eeg", "C:\\x\\a.eeg", NULL, NULL, 0, OK, "Only the folder" },
  { "data unnamed", "DataFile=a.eeg", "DataFile=..", NULL, NULL, 0, OK, "names no file" },
  { "markers stale", "a.vmrk", "b.vmrk", NULL, NULL, 0, OK, "renamed" },
  { "remainder", NULL, NULL, NULL, NULL, 403, OK, "no whole" },
  { "no samples", NULL, NULL, NULL, NULL, 3, OK, "has no samples" },
  { "points wrong", "SamplingInterval", "DataPoints=64\r\nSamplingInterval", NULL, NULL, 0, OK, "says 64" },
  { "points right", "SamplingInterval", "DataPoints=100\r\nSamplingInterval", NULL, NULL, 0, OK, NULL },
  { "points huge", "SamplingInterval", "DataPoints=9999999999999999999\r\nSamplingInterval", NULL, NULL, 0, OK, "usable" },
  { "vectorized cut", "MULTIPLEXED", "VECTORIZED\r\nDataPoints=150", NULL, NULL, 0, INION_ERROR_FORMAT, "where each begins" },
  { "vectorized long", "MULTIPLEXED", "VECTORIZED\r\nDataPoints=50", NULL, NULL, 0, OK, "longer" },
  { "vectorized remainder", "MULTIPLEXED", "VECTORIZED", NULL, NULL, 402, INION_ERROR_FORMAT, "DataPoints" },
  { "segmented", "SamplingInterval", "SegmentationType=MARKERBASED\r\nSegmentDataPoints=25\r\nSamplingInterval", NULL, NULL, 0, OK, "cut into segments" },
  { "marker position", NULL, NULL, "S  1,26", "S  1,x", 0, OK, "no position" },
  { "marker commas", NULL, NULL, "S  1,26", "S,1,b,26", 0, OK, "more commas" },
  { "marker channel", NULL, NULL, "51,10,2", "51,10,9", 0, OK, "channels" },
  { "marker outside", NULL, NULL, "51,10", "5100,10", 0, OK, "outside" },
  { "date odd", NULL, NULL, "20131113161403794232", "20131313161403794232", 0, OK, "no date" },
  { "date zero", NULL, NULL, "20131113161403794232", "00000000000000000000", 0, OK, NULL },
  { "no marker section", NULL, NULL, "[Marker Infos]", "[Infos]", 0, OK, "no events" },
};

static char *
replace (const char *text,
         const char *from,
         const char *to)
{
  g_autoptr (GString) s = g_string_new (text);

  if (from != NULL)
    g_assert_cmpuint (g_string_replace (s, from, to, 1), ==, 1);
  return g_string_free (g_steal_pointer (&s), FALSE);
}

/* Writes the three files into a new folder. */
static char *
write_files (const char   *header_text,
             const char   *marker_text,
             gconstpointer data,
             gsize         n)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-test-XXXXXX", NULL);
  g_autofree char *vhdr = g_build_filename (folder, "a.vhdr", NULL);
  g_autofree char *vmrk = g_build_filename (folder, "a.vmrk", NULL);
  g_autofree char *eeg = g_build_filename (folder, "a.eeg", NULL);

  g_assert_true (g_file_set_contents (vhdr, header_text, -1, NULL));
  if (marker_text != NULL)
    g_assert_true (g_file_set_contents (vmrk, marker_text, -1, NULL));
  if (data != NULL)
    g_assert_true (g_file_set_contents (eeg, data, (gssize) n, NULL));
  return g_steal_pointer (&folder);
}

static void
remove_files (const char *folder)
{
  static const char *const names[] = { "a.vhdr", "a.vmrk", "a.eeg" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static InionRecording *
open_files (const char    *header_text,
            const char    *marker_text,
            gconstpointer  data,
            gsize          n,
            GError       **error)
{
  g_autofree char *folder = write_files (header_text, marker_text, data, n);
  g_autofree char *path = g_build_filename (folder, "a.vhdr", NULL);
  InionRecording *recording = inion_recording_open (path, error);

  remove_files (folder);
  return recording;
}

/* 100 samples of two channels: k and -k. */
static void
fill (gint16 *values,
      gsize   n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = GINT16_TO_LE ((gint16) (i % 2 == 0 ? (int) i / 2 : -(int) i / 2));
}

static gboolean
has_fault (InionRecording *recording,
           const char     *says)
{
  GPtrArray *faults = inion_recording_get_faults (recording);

  for (guint i = 0; i < faults->len; i++)
    if (strstr (((InionFault *) faults->pdata[i])->message, says) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autofree char *h = replace (header, c->from, c->to);
      g_autofree char *m = replace (markers, c->marker_from, c->marker_to);
      gint16 data[256] = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = NULL;

      fill (data, G_N_ELEMENTS (data));
      g_test_message ("%s", c->name);
      recording = open_files (h, m, data, c->data_bytes > 0 ? c->data_bytes : 400, &error);
      if (c->error != OK)
        {
          g_assert_null (recording);
          g_assert_error (error, INION_ERROR, c->error);
          g_assert_nonnull (strstr (error->message, c->says));
          continue;
        }
      g_assert_no_error (error);
      if (c->says != NULL)
        g_assert_true (has_fault (recording, c->says));
      else
        g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 0);
    }
}

static void
test_plain (void)
{
  gint16 data[200];
  g_autoptr (InionRecording) recording = NULL;
  const InionChannelInfo *info;
  const InionEvent *event;
  g_autofree char *start = NULL;
  double values[2];

  fill (data, 200);
  recording = open_files (header, markers, data, sizeof data, NULL);
  g_assert_cmpstr (inion_recording_get_format (recording), ==, "BrainVision");
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 400000000);
  start = g_date_time_format (inion_recording_get_start (recording), "%F %T.%f");
  g_assert_cmpstr (start, ==, "2013-11-13 16:14:03.794232");
  info = inion_channel_get_info (inion_recording_get_channel (recording, 0));
  g_assert_cmpstr (info->label, ==, "Fp1");
  g_assert_cmpstr (info->reference, ==, "Ref");
  g_assert_cmpfloat (info->gain, ==, 0.5);
  g_assert_true (info->has_position);
  g_assert_cmpfloat_with_epsilon (info->position[0], -0.095 * cos (72 * G_PI / 180), 1e-9);
  g_assert_cmpfloat_with_epsilon (info->position[1], 0.095 * sin (72 * G_PI / 180), 1e-9);
  g_assert_false (inion_channel_get_info (inion_recording_get_channel (recording, 1))->has_position);
  g_assert_true (inion_recording_read (recording, 1, 50, 2, values, NULL));
  g_assert_cmpfloat (values[0], ==, -100);
  g_assert_cmpfloat (values[1], ==, -102);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, 3);
  event = inion_recording_get_events (recording)->pdata[1];
  g_assert_cmpstr (event->text, ==, "Stimulus/S  1");
  g_assert_cmpint (event->onset_ns, ==, 100000000);
  event = inion_recording_get_events (recording)->pdata[2];
  g_assert_cmpstr (event->text, ==, "Comment/a,b");
  g_assert_cmpint (event->duration_ns, ==, 40000000);
  g_assert_cmpint (event->channel, ==, 1);
}

/* Two more segments: one begins by its date 2 s after the first, one does not say when. */
static void
test_segments (void)
{
  g_autofree char *m = g_strconcat (markers, "Mk4=New Segment,,51,1,0,20131113161405794232\r\n"
                                    "Mk5=Stimulus,S  2,61,1,0\r\nMk6=New Segment,,81,1,0\r\n", NULL);
  gint16 data[200];
  g_autoptr (InionRecording) recording = NULL;
  gint64 from_ns, to_ns, first, n;
  double values[2];
  gboolean found = FALSE;

  fill (data, 200);
  recording = open_files (header, m, data, sizeof data, NULL);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 3);
  inion_recording_get_segment (recording, 1, &from_ns, &to_ns);
  g_assert_cmpint (from_ns, ==, 2000000000);
  g_assert_cmpint (to_ns, ==, 2120000000);
  inion_recording_get_segment (recording, 2, &from_ns, &to_ns);
  g_assert_cmpint (from_ns, ==, 2120000000);
  g_assert_true (has_fault (recording, "too early by its length, which is unknown"));
  g_assert_false (has_fault (recording, "first one with a date"));
  g_assert_true (inion_recording_has_gap (recording, 2100000000, 2140000000));
  g_assert_true (inion_recording_find_run (recording, 0, 500, &first, &n));
  g_assert_cmpint (first, ==, 500);
  g_assert_cmpint (n, ==, 30);
  g_assert_true (inion_recording_read (recording, 0, 499, 2, values, NULL));
  g_assert_true (isnan (values[0]));
  g_assert_cmpfloat (values[1], ==, 25);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  for (guint i = 0; i < inion_recording_get_events (recording)->len; i++)
    {
      const InionEvent *event = inion_recording_get_events (recording)->pdata[i];

      if (strcmp (event->text, "Stimulus/S  2") == 0)
        found = event->onset_ns == 2040000000;
    }
  g_assert_true (found);
}

/* Where only a later segment has a date, the start is counted back from it; times after it are right. */
static void
test_late_date (void)
{
  const char *m = "Brain Vision Data Exchange Marker File Version 1.0\r\n[Marker Infos]\r\n"
                  "Mk1=New Segment,,1,1,0\r\nMk2=New Segment,,51,1,0,20131113161405500000\r\n"
                  "Mk3=New Segment,,81,1,0,20131113161407620000\r\n";
  gint16 data[200];
  g_autoptr (InionRecording) recording = NULL;
  g_autofree char *start = NULL;
  gint64 from_ns, to_ns;

  fill (data, 200);
  recording = open_files (header, m, data, sizeof data, NULL);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 3);
  start = g_date_time_format (inion_recording_get_start (recording), "%F %T.%f");
  g_assert_cmpstr (start, ==, "2013-11-13 16:14:05.300000");
  g_assert_true (has_fault (recording, "first one with a date"));
  g_assert_false (has_fault (recording, "does not say when"));
  inion_recording_get_segment (recording, 1, &from_ns, &to_ns);
  g_assert_cmpint (from_ns, ==, 200000000);
  inion_recording_get_segment (recording, 2, &from_ns, &to_ns);
  g_assert_cmpint (from_ns, ==, 2320000000);
}

static void
test_implausible_segments (void)
{
  static const struct
  {
    const char *date;
    const char *says;
  } dates[] = { { "20131113161403794233", "before the one before" },
                { "20151113161403794232", "31 days" } };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *m = g_strdup_printf ("%sMk4=New Segment,,51,1,0,%s\r\n", markers, dates[i].date);
      gint16 data[200];
      g_autoptr (InionRecording) recording = NULL;

      fill (data, 200);
      recording = open_files (header, m, data, sizeof data, NULL);
      g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 2);
      g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 400000000);
      g_assert_true (has_fault (recording, dates[i].says));
    }
}

/* The same numbers in every way to store them. */
static void
test_layouts (void)
{
  static const struct
  {
    const char *format;
    gsize size;
    gboolean big;
    gboolean vectorized;
  } layouts[] = {
    { "INT_16", 2, FALSE, FALSE }, { "INT_16", 2, TRUE, FALSE },        { "INT_16", 2, FALSE, TRUE },
    { "INT_32", 4, FALSE, FALSE }, { "INT_32", 4, TRUE, TRUE },         { "IEEE_FLOAT_32", 4, FALSE, TRUE },
    { "IEEE_FLOAT_32", 4, TRUE, FALSE },
  };

  for (gsize l = 0; l < G_N_ELEMENTS (layouts); l++)
    {
      g_autofree char *formatted = g_strdup_printf ("%s\r\nUseBigEndianOrder=%s", layouts[l].format,
                                                    layouts[l].big ? "YES" : "NO");
      g_autofree char *h = replace (header, "INT_16", formatted);
      g_autofree char *whole = replace (h, "MULTIPLEXED",
                                        layouts[l].vectorized ? "VECTORIZED" : "MULTIPLEXED");
      guint8 data[20 * 2 * 4];
      g_autoptr (InionRecording) recording = NULL;
      double values[20];

      for (guint k = 0; k < 20; k++)
        for (guint c = 0; c < 2; c++)
          {
            gsize at = (layouts[l].vectorized ? c * 20 + k : k * 2 + c) * layouts[l].size;
            gint32 v = (gint32) k * 3 - 10 + (gint32) c * 100;
            float f = (float) v;
            guint32 bits = (guint32) v;

            if (strcmp (layouts[l].format, "IEEE_FLOAT_32") == 0)
              memcpy (&bits, &f, sizeof bits);
            for (gsize b = 0; b < layouts[l].size; b++)
              data[at + (layouts[l].big ? layouts[l].size - 1 - b : b)] = (guint8) (bits >> (8 * b));
          }
      recording = open_files (whole, markers, data, 40 * layouts[l].size, NULL);
      g_assert_true (inion_recording_read (recording, 1, 0, 20, values, NULL));
      for (gint k = 0; k < 20; k++)
        g_assert_cmpfloat (values[k], ==, 2 * (k * 3 - 10 + 100));
    }
}

static void
test_text_samples (void)
{
  static const struct
  {
    const char *infos;
    const char *orientation;
    const char *data;
    const char *error; /* or NULL */
  } texts[] = {
    { "", "MULTIPLEXED", "1 2.5\n-3e1\t4\n5 6\n", NULL },
    { "DecimalSymbol=,\nSkipLines=1\n", "MULTIPLEXED", "Fp1 Cz\n1 2,5\n-30 4\n5 6", NULL },
    { "", "MULTIPLEXED", "Fp1 Cz\r\n1 2.5\r\n-30 4\r\n5 6\r\n7", NULL },
    { "SkipColumns=1\n", "VECTORIZED", "Fp1 1 -30 5\nCz 2.5 4 6\n", NULL },
    { "", "MULTIPLEXED", "1 2\n3\n4 5\n", "line 2" },
    { "", "MULTIPLEXED", "1 2\n3 x\n", "“x” is no number" },
    { "", "VECTORIZED", "1 2 3\n", "2 channels" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *infos = g_strconcat ("[ASCII Infos]\n", texts[i].infos, "[Binary Infos]", NULL);
      g_autofree char *a = replace (header, "[Binary Infos]", infos);
      g_autofree char *b = replace (a, "=BINARY", "=ASCII");
      g_autofree char *h = replace (b, "MULTIPLEXED", texts[i].orientation);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = open_files (h, markers, texts[i].data,
                                                         strlen (texts[i].data), &error);
      double values[3];

      if (texts[i].error != NULL)
        {
          g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
          g_assert_nonnull (strstr (error->message, texts[i].error));
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (inion_recording_read (recording, 0, 0, 3, values, NULL));
      g_assert_cmpfloat (values[0], ==, 0.5);
      g_assert_cmpfloat (values[1], ==, -15);
      g_assert_true (inion_recording_read (recording, 1, 0, 3, values, NULL));
      g_assert_cmpfloat (values[0], ==, 5);
    }
}

/* All three files open the recording; its path is the header's. Without samples it says so. */
static void
test_parts (void)
{
  gint16 data[200];
  g_autofree char *folder = NULL;
  g_autofree char *vhdr = NULL;
  g_autofree char *vmrk = NULL;
  g_autofree char *eeg = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) none = NULL;

  fill (data, 200);
  folder = write_files (header, markers, data, sizeof data);
  vhdr = g_build_filename (folder, "a.vhdr", NULL);
  vmrk = g_build_filename (folder, "a.vmrk", NULL);
  eeg = g_build_filename (folder, "a.eeg", NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (InionRecording) recording =
        inion_recording_open (i == 0 ? vhdr : i == 1 ? vmrk : eeg, NULL);

      g_assert_nonnull (recording);
      g_assert_cmpstr (inion_recording_get_path (recording), ==, vhdr);
    }
  g_unlink (vmrk);
  {
    g_autoptr (InionRecording) recording = inion_recording_open (vhdr, NULL);

    g_assert_true (has_fault (recording, "no marker file"));
  }
  g_unlink (eeg);
  none = inion_recording_open (vhdr, &error);
  g_assert_null (none);
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "a.eeg"));
  remove_files (folder);
}

static void
test_real_filters (void)
{
  static const struct
  {
    const char *file;
    const char *says;
  } files[] = {
    { "test_highpass.vhdr", "HP:0.0159155Hz LP:250Hz" },
    { "test_highpass_hz.vhdr", "HP:10Hz LP:250Hz" },
    { "test.vhdr", "HP:DC LP:250Hz" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("INION_SHARED"), "data", "formats", "mne",
                                                files[i].file, NULL);
      g_autoptr (InionRecording) recording = NULL;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_test_skip ("INION_SHARED has no BrainVision recordings.");
          return;
        }
      recording = inion_recording_open (path, NULL);
      g_assert_cmpstr (inion_channel_get_info (inion_recording_get_channel (recording, 0))->prefilter,
                       ==, files[i].says);
    }
}

static void
test_mne (void)
{
  if (oracle_run (FALSE, NULL, 0) == 0)
    g_test_skip ("INION_SHARED has no BrainVision recordings.");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/brainvision/plain", test_plain);
  g_test_add_func ("/recording/brainvision/cases", test_cases);
  g_test_add_func ("/recording/brainvision/segments", test_segments);
  g_test_add_func ("/recording/brainvision/late-date", test_late_date);
  g_test_add_func ("/recording/brainvision/implausible-segments", test_implausible_segments);
  g_test_add_func ("/recording/brainvision/layouts", test_layouts);
  g_test_add_func ("/recording/brainvision/text-samples", test_text_samples);
  g_test_add_func ("/recording/brainvision/parts", test_parts);
  g_test_add_func ("/recording/brainvision/real-filters", test_real_filters);
  g_test_add_func ("/recording/brainvision/mne", test_mne);
  return g_test_run ();
}
