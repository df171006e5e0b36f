/* SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE

#include "core/error.h"
#include "recording/gdf-header.h"
#include "recording/gdf-recording.h"

#include "oracle.h"

#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define OK (-1)
#define N 2
#define RECORDS 3

/* Records of one second: four samples of 16 bits, two of 24. */
static const guint samples[N] = { 4, 2 };
static const guint sizes[N] = { 2, 3 };
static const guint types[N] = { 3, 279 };

static void
put (guint8 *at,
     gsize   n,
     guint64 value)
{
  for (gsize i = 0; i < n; i++)
    at[i] = (guint8) (value >> (8 * i));
}

static void
put_double (guint8 *at,
            double  value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  put (at, 8, bits);
}

static void
put_float (guint8 *at,
           float   value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  put (at, 4, bits);
}

static guint8 *
field (guint8 *bytes,
       gsize   at,
       gsize   width,
       guint   channel)
{
  return bytes + 256 + at * N + width * channel;
}

static void
put_channel (guint8  *b,
             gboolean old,
             guint    c)
{
  double top = c == 0 ? 32767 : 8388607;

  memcpy (field (b, 0, 16, c), c == 0 ? "C3" : "ECG", c == 0 ? 2 : 3);
  memcpy (field (b, 96, old ? 8 : 6, c), "uV", 2);
  put_double (field (b, 104, 8, c), -top);
  put_double (field (b, 112, 8, c), top);
  if (old)
    {
      put (field (b, 120, 8, c), 8, (guint64) (gint64) -top);
      put (field (b, 128, 8, c), 8, (guint64) top);
    }
  else
    {
      put (field (b, 102, 2, c), 2, c == 0 ? 4275 : 4274);
      put_double (field (b, 120, 8, c), -top);
      put_double (field (b, 128, 8, c), top);
      put_float (field (b, 208, 4, c), 0.5f);
      put_float (field (b, 204, 4, c), 100);
      put_float (field (b, 212, 4, c), 50);
    }
  put (field (b, 216, 4, c), 4, samples[c]);
  put (field (b, 220, 4, c), 4, types[c]);
}

/* A right file; GDF 1.25 or 2.20. */
static GByteArray *
make (gboolean old)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 *b;
  gsize at = 256 * (N + 1);

  g_byte_array_set_size (bytes, (guint) (at + RECORDS * 14 + 8 + 2 * 12));
  b = bytes->data;
  memset (b, 0, bytes->len);
  memcpy (b, old ? "GDF 1.25" : "GDF 2.20", 8);
  memcpy (b + 8, "X X", 3);
  if (old)
    memcpy (b + 168, "2007030212075950", 16);
  else
    put (b + 168, 8, ((guint64) 733103 << 32) + ((guint64) 1 << 31));
  put (b + 184, old ? 8 : 2, old ? at : at / 256);
  put (b + 236, 8, RECORDS);
  put (b + 244, 4, 1);
  put (b + 248, 4, 1);
  put (b + 252, old ? 4 : 2, N);
  for (guint c = 0; c < N; c++)
    put_channel (b, old, c);
  for (guint r = 0; r < RECORDS; r++)
    for (guint c = 0; c < N; c++)
      for (guint k = 0; k < samples[c]; k++, at += sizes[c])
        put (b + at, sizes[c], (guint64) (gint64) ((int) (r * samples[c] + k) * 100 - 300));
  /* Mode 3, two events at 4 Hz. */
  b[at] = 3;
  put (b + at + (old ? 4 : 1), 3, 2);
  if (old)
    put (b + at + 1, 3, 4);
  else
    put_float (b + at + 4, 4);
  at += 8;
  put (b + at, 4, 3);
  put (b + at + 4, 4, 5);
  put (b + at + 8, 2, 769);
  put (b + at + 10, 2, 33537);
  put (b + at + 12, 2, 0);
  put (b + at + 14, 2, 2);
  put (b + at + 16, 4, 2);
  return bytes;
}

static InionRecording *
open_bytes (const GByteArray *bytes,
            GError          **error)
{
  int fd = memfd_create ("gdf", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, bytes->data, bytes->len), ==, (gssize) bytes->len);
  return inion_gdf_open_fd (fd, "a.gdf", error);
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
test_plain (void)
{
  for (guint old = 0; old < 2; old++)
    {
      g_autoptr (GByteArray) bytes = make (old != 0);
      g_autoptr (InionRecording) recording = open_bytes (bytes, NULL);
      const InionChannelInfo *info;
      const InionEvent *event;
      g_autofree char *start = NULL;
      double values[6];

      g_assert_nonnull (recording);
      g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 0);
      g_assert_cmpstr (inion_recording_get_format (recording), ==, old ? "GDF 1.25" : "GDF 2.20");
      start = g_date_time_format (inion_recording_get_start (recording), "%F %T.%f");
      g_assert_cmpstr (start, ==, old ? "2007-03-02 12:07:59.500000" : "2007-03-02 12:00:00.000000");
      info = inion_channel_get_info (inion_recording_get_channel (recording, 1));
      g_assert_cmpstr (info->unit, ==, "µV");
      g_assert_cmpint (info->rate_num, ==, 1);
      g_assert_cmpint (info->rate_den_ns, ==, 500000000);
      g_assert_true (inion_recording_read (recording, 1, 0, 6, values, NULL));
      for (int k = 0; k < 6; k++)
        g_assert_cmpfloat_with_epsilon (values[k], (k * 100 - 300) * (old ? 1.0 : 1000.0), 1e-6);
      if (!old)
        g_assert_cmpstr (info->prefilter, ==, "HP:0.5Hz LP:100Hz N:50Hz");
      g_assert_true (inion_recording_load_events (recording, NULL, NULL));
      g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, 2);
      event = inion_recording_get_events (recording)->pdata[0];
      g_assert_cmpstr (event->text, ==, "769 cue left");
      g_assert_cmpint (event->onset_ns, ==, 500000000);
      g_assert_cmpint (event->duration_ns, ==, 500000000);
      event = inion_recording_get_events (recording)->pdata[1];
      g_assert_cmpstr (event->text, ==, "33537"); /* 769 began on all channels, not on this one */
      g_assert_cmpint (event->channel, ==, 1);
    }
}

/* A code with bit 15 ends something only where the code without it began it before, on the same
 * channel. */
static void
test_ends (void)
{
  static const struct
  {
    guint32 at;
    guint channel;
    const char *text;
  } ends[] = {
    { 5, 0, "33537 end of cue left" }, { 3, 0, "33537 end of cue left" }, { 2, 0, "33537" },
    { 5, 1, "33537" },
  };

  for (guint old = 0; old < 2; old++)
    for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
      {
        g_autoptr (GByteArray) bytes = make (old != 0);
        g_autoptr (InionRecording) recording = NULL;
        guint8 *table = bytes->data + bytes->len - 24;
        gboolean found = FALSE;

        put (table + 4, 4, ends[i].at);
        put (table + 14, 2, ends[i].channel);
        recording = open_bytes (bytes, NULL);
        g_assert_true (inion_recording_load_events (recording, NULL, NULL));
        for (guint k = 0; k < 2; k++)
          {
            const InionEvent *event = inion_recording_get_events (recording)->pdata[k];

            if (!g_str_has_prefix (event->text, "33537"))
              continue;
            g_assert_cmpstr (event->text, ==, ends[i].text);
            found = TRUE;
          }
        g_assert_true (found);
      }
}

/* Codes of ISO/IEEE 11073-10101: a unit and its decimal prefix. */
static void
test_units (void)
{
  static const struct
  {
    guint16 code;
    const char *unit; /* NULL: unknown */
  } units[] = {
    { 0, "" },        { 512, "" },       { 544, "%" },      { 736, "°" },     { 1298, "mm" },
    { 2194, "ms" },   { 2496, "Hz" },    { 3843, "kPa" },   { 4178, "mA" },   { 4256, "V" },
    { 4274, "mV" },   { 4275, "µV" },    { 4276, "nV" },    { 4291, "kΩ" },   { 4384, "K" },
    { 6048, "°C" },   { 65504, "T" },    { 65525, "pT" },   { 65526, "fT" },  { 4256 + 11, NULL },
    { 4256 + 31, NULL }, { 61445, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gboolean known;
      g_autofree char *unit = inion_gdf_unit_dup (units[i].code, &known);

      g_assert_true (known == (units[i].unit != NULL));
      g_assert_cmpstr (unit, ==, units[i].unit != NULL ? units[i].unit : "");
    }
}

/* One field changed. At < 0: from the end. */
typedef struct
{
  const char *name;
  gboolean old;
  int at;
  gsize n;
  guint64 value;
  int error;
  const char *says;
} Case;

#define CHANNEL(at, width, c) (256 + (at) * N + (width) * (c))
#define TABLE (-32)

static const Case cases[] = {
  { "version 3", TRUE, 4, 1, '3', INION_ERROR_UNSUPPORTED, "GDF 3.25" },
  { "version x", TRUE, 4, 1, 'x', INION_ERROR_UNSUPPORTED, "“GDF x.25”" },
  { "no channels", TRUE, 252, 4, 0, INION_ERROR_FORMAT, "0 channels" },
  { "channels many", TRUE, 252, 4, 0xffffffff, INION_ERROR_FORMAT, "4294967295 channels" },
  { "channels many 2", FALSE, 252, 2, 0xffff, INION_ERROR_FORMAT, "65535 channels" },
  { "header short", TRUE, 184, 8, 1, OK, "cannot be" },
  { "header negative", TRUE, 184, 8, G_MAXUINT64, OK, "cannot be" },
  { "header blocks", FALSE, 184, 2, 1, OK, "cannot be" },
  { "records unknown", TRUE, 236, 8, G_MAXUINT64, OK, "not ended properly" },
  { "records many", TRUE, 236, 8, 99, OK, "cut off" },
  { "records huge", FALSE, 236, 8, G_MAXINT64, OK, "cut off" },
  { "length 0", TRUE, 244, 8, 0, INION_ERROR_FORMAT, "no length" },
  { "length n/0", TRUE, 248, 4, 0, INION_ERROR_FORMAT, "no length" },
  { "length double in 2.20", FALSE, 244, 8, 0x4000000000000000, OK, "as a double" },
  { "length fraction in 2.22", FALSE, 6, 2, '2' | '2' << 8, OK, "as a fraction" },
  { "type 18", FALSE, CHANNEL (220, 4, 0), 4, 18, INION_ERROR_UNSUPPORTED, "type 18" },
  { "type 0", TRUE, CHANNEL (220, 4, 1), 4, 0, INION_ERROR_UNSUPPORTED, "channel 2" },
  { "type huge", TRUE, CHANNEL (220, 4, 1), 4, G_MAXUINT32, INION_ERROR_UNSUPPORTED, "4294967295" },
  { "samples 0", TRUE, CHANNEL (216, 4, 1), 4, 0, OK, "left out" },
  { "samples many", TRUE, CHANNEL (216, 4, 1), 4, 0x7fffffff, INION_ERROR_FORMAT, "10⁹" },
  { "samples more", TRUE, CHANNEL (216, 4, 1), 4, 1000, OK, "cut off" },
  { "scale equal", TRUE, CHANNEL (128, 8, 0), 8, (guint64) -32767, OK, "no scale" },
  { "scale nan", FALSE, CHANNEL (104, 8, 0), 8, 0x7ff8000000000000, OK, "no scale" },
  { "scale infinite", FALSE, CHANNEL (112, 8, 0), 8, 0x7ff0000000000000, OK, "no scale" },
  { "unit unknown", FALSE, CHANNEL (102, 2, 0), 2, 31 + 4256, OK, "not known" },
  { "position far", FALSE, CHANNEL (224, 12, 0), 4, 0x45000000, OK, "passed over" },
  { "position", FALSE, CHANNEL (224, 12, 0), 4, 0x3dcccccd, OK, "right ear" },
  { "date odd", TRUE, 172, 2, '1' | '3' << 8, OK, "no valid date" },
  { "date words", TRUE, 172, 2, 'x' | 'y' << 8, OK, "no valid date" },
  { "date far", FALSE, 168, 8, G_MAXUINT64, OK, "no date" },
  { "table mode", TRUE, TABLE, 1, 0, OK, "no event table" },
  { "events many", TRUE, TABLE + 4, 4, G_MAXUINT32, OK, "has room" },
  { "events many 2", FALSE, TABLE + 1, 3, 0xffffff, OK, "has room" },
  { "events with times", FALSE, TABLE, 1, 7, OK, "has room" },
  { "event rate other", TRUE, TABLE + 1, 3, 100, OK, "count in the former" },
  { "event rate nan", FALSE, TABLE + 4, 4, 0x7fc00000, OK, "cannot be" },
  { "event channel", TRUE, -10, 2, 77, OK, "taken as one of all" },
  { "new segment", TRUE, -16, 2, 32766, OK, "paused 1 times" },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (GByteArray) bytes = make (c->old);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = NULL;

      g_test_message ("%s", c->name);
      put (bytes->data + (c->at < 0 ? (int) bytes->len + c->at : c->at), c->n, c->value);
      recording = open_bytes (bytes, &error);
      if (c->error != OK)
        {
          g_assert_null (recording);
          g_assert_error (error, INION_ERROR, c->error);
          g_assert_nonnull (strstr (error->message, c->says));
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (has_fault (recording, c->says));
    }
}

/* Values outside of the range are missing; as digital values they are what they are. */
static void
test_overflow (void)
{
  g_autoptr (GByteArray) bytes = make (FALSE);
  g_autoptr (InionRecording) recording = NULL;
  double values[4];
  gint32 digital[4];

  put (bytes->data + 256 * (N + 1), 2, 0x8000);
  recording = open_bytes (bytes, NULL);
  g_assert_true (inion_recording_read (recording, 0, 0, 4, values, NULL));
  g_assert_true (isnan (values[0]));
  g_assert_cmpfloat (values[1], ==, -200);
  g_assert_true (inion_recording_read_digital (recording, 0, 0, 4, digital, NULL));
  g_assert_cmpint (digital[0], ==, -32768);
}

/* Two channels of 16 bits, four samples a record, whose ranges begin where their type does. */
static GByteArray *
make_full_range (gboolean old,
                 guint    n_full)
{
  GByteArray *bytes = make (old);
  gsize record = 4 * 2 * N;
  gsize at = 256 * (N + 1);
  guint8 tail[8 + 2 * 12];

  memcpy (tail, bytes->data + bytes->len - sizeof tail, sizeof tail);
  g_byte_array_set_size (bytes, (guint) (at + RECORDS * record + sizeof tail));
  memset (bytes->data + at, 0, RECORDS * record);
  memcpy (bytes->data + at + RECORDS * record, tail, sizeof tail);
  for (guint c = 0; c < N; c++)
    {
      put (field (bytes->data, 216, 4, c), 4, 4);
      put (field (bytes->data, 220, 4, c), 4, 3);
      put_double (field (bytes->data, 104, 8, c), -32768);
      put_double (field (bytes->data, 112, 8, c), 32767);
      if (old)
        {
          put (field (bytes->data, 120, 8, c), 8, (guint64) (c < n_full ? -32768 : -32767));
          put (field (bytes->data, 128, 8, c), 8, 32767);
        }
      else
        {
          put_double (field (bytes->data, 120, 8, c), c < n_full ? -32768 : -32767);
          put_double (field (bytes->data, 128, 8, c), 32767);
        }
    }
  return bytes;
}

static void
put_sample (GByteArray *bytes,
            guint       channel,
            guint       sample,
            gint16      value)
{
  put (bytes->data + 256 * (N + 1) + sample / 4 * 16 + channel * 8 + sample % 4 * 2, 2,
       (guint64) value);
}

/* The smallest value of the type is a sample at the end of the range where one channel has it, and
 * a pause where all have it at once. */
static void
test_fillers (void)
{
  for (guint old = 0; old < 2; old++)
    {
      g_autoptr (GByteArray) bytes = make_full_range (old != 0, N);
      g_autoptr (InionRecording) recording = NULL;
      double values[N][12];
      gint32 digital[12];

      for (guint k = 2; k < 7; k++)
        put_sample (bytes, 0, k, G_MININT16);
      for (guint k = 5; k < 9; k++)
        put_sample (bytes, 1, k, G_MININT16);
      recording = open_bytes (bytes, NULL);
      g_assert_nonnull (recording);
      for (guint c = 0; c < N; c++)
        g_assert_true (inion_recording_read (recording, c, 0, 12, values[c], NULL));
      for (guint k = 0; k < 12; k++)
        {
          g_assert_true (isnan (values[0][k]) == (k == 5 || k == 6));
          g_assert_true (isnan (values[1][k]) == (k == 5 || k == 6));
        }
      g_assert_cmpfloat_with_epsilon (values[0][2], -32768, 1e-6);
      g_assert_cmpfloat_with_epsilon (values[1][8], old ? -32768 : -32768000, 1e-6);
      /* However little is read at a time. */
      for (guint k = 0; k < 12; k++)
        {
          double one;

          g_assert_true (inion_recording_read (recording, 1, k, 1, &one, NULL));
          g_assert_true (isnan (one) == isnan (values[1][k]));
        }
      g_assert_true (inion_recording_read_digital (recording, 0, 0, 12, digital, NULL));
      g_assert_cmpint (digital[5], ==, G_MININT16);
    }
}

/* A channel alone has no others that tell of a pause; outside of its range it is missing anyway. */
static void
test_filler_alone (void)
{
  g_autoptr (GByteArray) bytes = make_full_range (TRUE, 1);
  g_autoptr (InionRecording) recording = NULL;
  double values[N];

  for (guint c = 0; c < N; c++)
    put_sample (bytes, c, 3, G_MININT16);
  recording = open_bytes (bytes, NULL);
  for (guint c = 0; c < N; c++)
    g_assert_true (inion_recording_read (recording, c, 3, 1, &values[c], NULL));
  g_assert_cmpfloat_with_epsilon (values[0], -32768, 1e-6);
  g_assert_true (isnan (values[1]));
}

static void
test_cuts (void)
{
  g_autoptr (GByteArray) whole = make (FALSE);

  for (guint n = 0; n < whole->len; n += 7)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = NULL;

      g_byte_array_append (bytes, whole->data, n);
      recording = open_bytes (bytes, &error);
      g_assert_true ((recording == NULL) == (error != NULL));
      g_test_message ("%u bytes: %s", n, error != NULL ? error->message : "opens");
      g_assert_true ((recording == NULL) == (n < 256 * (N + 1)));
    }
}

/* All versions of one file hold the same; MNE reads only the first of them. */
static void
test_versions (void)
{
  static const char *const names[] = { "test_gdf125.gdf", "test_gdf211.gdf", "test_gdf221.gdf",
                                       "test_gdf222.gdf" };
  double first[64];

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("INION_SHARED"), "data", "formats", "gdf",
                                                names[i], NULL);
      g_autoptr (InionRecording) recording = NULL;
      double values[64];

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_test_skip ("INION_SHARED has no GDF recordings.");
          return;
        }
      recording = inion_recording_open (path, NULL);
      g_assert_nonnull (recording);
      g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 0);
      g_assert_cmpfloat (inion_channel_get_rate_hz (inion_recording_get_channel (recording, 2)), ==,
                         512);
      g_assert_true (inion_recording_read (recording, 2, 5000, 64, i == 0 ? first : values, NULL));
      if (i > 0)
        g_assert_cmpmem (first, sizeof first, values, sizeof values);
    }
}

static void
test_mne (void)
{
  static const OracleDifference differences[] = {
    { "graz-2class.gdf", 1e-6, "the unit is µV in Latin-1, which MNE takes for volts" },
  };

  if (oracle_run (TRUE, differences, G_N_ELEMENTS (differences)) == 0)
    g_test_skip ("INION_SHARED has no GDF recordings.");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/gdf/plain", test_plain);
  g_test_add_func ("/recording/gdf/cases", test_cases);
  g_test_add_func ("/recording/gdf/overflow", test_overflow);
  g_test_add_func ("/recording/gdf/fillers", test_fillers);
  g_test_add_func ("/recording/gdf/filler-alone", test_filler_alone);
  g_test_add_func ("/recording/gdf/ends", test_ends);
  g_test_add_func ("/recording/gdf/units", test_units);
  g_test_add_func ("/recording/gdf/cuts", test_cuts);
  g_test_add_func ("/recording/gdf/versions", test_versions);
  g_test_add_func ("/recording/gdf/mne", test_mne);
  return g_test_run ();
}
