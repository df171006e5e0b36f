/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that cannot be opened is refused by name and place: at which byte, or in a text at which
 * line, what was found. */

#include "core/error.h"
#include "recording/foreign/foreign-run.h"

#include "native-tools.h"

typedef struct
{
  const char *name;
  const char *ending;
  GByteArray *(*make) (void); /* a right file; NULL: @text is the file */
  const char *text;
  gsize cut;   /* bytes that are left of it; 0: all */
  gsize at, n; /* bytes that are changed, @n of them */
  guint64 value; /* to this, in the byte order of the format */
  const char *where;
  const char *found;
} Refusal;

static void
put_text (GByteArray *bytes,
          gsize       at,
          const char *text)
{
  memcpy (bytes->data + at, text, strlen (text));
}

static void
set_value (GByteArray *bytes,
           gsize       at,
           gsize       n,
           guint64     value,
           gboolean    big)
{
  for (gsize i = 0; i < n; i++)
    bytes->data[at + (big ? n - 1 - i : i)] = (guint8) (value >> (8 * i));
}

static GByteArray *
make_bytes (guint n)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, n);
  memset (bytes->data, 0, n);
  return bytes;
}

/* A channel of 16 bits, 4 samples in a second. */
static GByteArray *
make_gdf (void)
{
  GByteArray *bytes = make_bytes (512 + 8);

  put_text (bytes, 0, "GDF 1.25");
  set_value (bytes, 184, 8, 512, FALSE);
  set_value (bytes, 236, 8, 1, FALSE);
  set_value (bytes, 244, 4, 1, FALSE);
  set_value (bytes, 248, 4, 1, FALSE);
  set_value (bytes, 252, 4, 1, FALSE);
  put_text (bytes, 256, "C3");
  set_value (bytes, 256 + 112, 8, float_bits (100, TRUE), FALSE);
  set_value (bytes, 256 + 128, 8, 100, FALSE);
  set_value (bytes, 256 + 216, 4, 4, FALSE);
  set_value (bytes, 256 + 220, 4, 3, FALSE);
  return bytes;
}

/* A channel at 100 Hz, 4 samples, a table of events of type 1 without events. */
static GByteArray *
make_cnt (void)
{
  GByteArray *bytes = make_bytes (975 + 8 + 9);

  put_text (bytes, 0, "Version 3.0");
  set_value (bytes, 370, 2, 1, FALSE);
  set_value (bytes, 376, 2, 100, FALSE);
  set_value (bytes, 864, 4, 4, FALSE);
  set_value (bytes, 886, 4, 983, FALSE);
  put_text (bytes, 900, "C3");
  set_value (bytes, 900 + 59, 4, float_bits (204.8, FALSE), FALSE);
  set_value (bytes, 900 + 71, 4, float_bits (1, FALSE), FALSE);
  set_value (bytes, 983, 1, 1, FALSE);
  return bytes;
}

static void
put_tag (GByteArray *bytes,
         guint       kind,
         guint       type,
         guint       size)
{
  put_be (bytes, kind, 4);
  put_be (bytes, type, 4);
  put_be (bytes, size, 4);
  put_be (bytes, 0, 4);
}

static void
put_number (GByteArray *bytes,
            guint       kind,
            guint       type,
            guint64     value)
{
  put_tag (bytes, kind, type, 4);
  put_be (bytes, value, 4);
}

/* A channel at 100 Hz, a buffer of 8 samples. */
static GByteArray *
make_fif (void)
{
  GByteArray *bytes = g_byte_array_new ();
  static const guint8 zeros[96];

  put_tag (bytes, 100, 31, 20);
  g_byte_array_append (bytes, zeros, 20);
  put_number (bytes, 104, 3, 100);
  put_number (bytes, 104, 3, 101);
  put_number (bytes, 200, 3, 1);
  put_number (bytes, 201, 4, float_bits (100, FALSE));
  put_tag (bytes, 203, 30, 96);
  g_byte_array_append (bytes, zeros, 96);
  put_number (bytes, 105, 3, 101);
  put_number (bytes, 104, 3, 102);
  put_tag (bytes, 300, 3, 32);
  g_byte_array_append (bytes, zeros, 32);
  put_number (bytes, 105, 3, 102);
  put_number (bytes, 105, 3, 100);
  g_assert_cmpuint (bytes->len, ==, 356);
  return bytes;
}

/* The head of a MATLAB file and of one variable, which has 64 bytes. */
static GByteArray *
make_set (void)
{
  GByteArray *bytes = make_bytes (128 + 8 + 64);

  put_text (bytes, 0, "MATLAB 5.0 MAT-file");
  set_value (bytes, 124, 2, 0x0100, FALSE);
  put_text (bytes, 126, "IM");
  set_value (bytes, 128, 4, 14, FALSE);
  set_value (bytes, 132, 4, 64, FALSE);
  return bytes;
}

/* An empty file header. */
static GByteArray *
make_xdf (void)
{
  static const guint8 chunk[] = { 'X', 'D', 'F', ':', 1, 2, 1, 0 };
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, chunk, sizeof chunk);
  return bytes;
}

/* One signal, 4 samples in a second. */
static GByteArray *
make_edf (void)
{
  GByteArray *bytes = make_bytes (512 + 8);

  memset (bytes->data, ' ', 512);
  put_text (bytes, 0, "0");
  put_text (bytes, 8, "X");
  put_text (bytes, 88, "X");
  put_text (bytes, 168, "01.01.2010.00.00512");
  put_text (bytes, 236, "1");
  put_text (bytes, 244, "1");
  put_text (bytes, 252, "1");
  put_text (bytes, 256, "EEG C3");
  put_text (bytes, 352, "uV");
  put_text (bytes, 360, "-100");
  put_text (bytes, 368, "100");
  put_text (bytes, 376, "-100");
  put_text (bytes, 384, "100");
  put_text (bytes, 472, "4");
  return bytes;
}

#define BCI(channels, states, format) \
  "BCI2000V= 1.1 HeaderLen= 00190 SourceCh= " channels " StatevectorLen= " states " DataFormat= " \
  format "\r\n[ State Vector Definition ] \r\n[ Parameter Definition ] \r\n"
#define BLANKS "                                        "
#define RATE(rate) "Source int SamplingRate= " rate " 0 0 0\r\n" BLANKS
#define COMMON "Brain Vision Data Exchange Header File Version 1.0\r\n[Common Infos]\r\n"

static const Refusal refusals[] = {
  { "edf, cut", ".edf", make_edf, .cut = 200, .where = "byte 200", .found = "header" },
  { "edf, cut in signals", ".edf", make_edf, .cut = 300, .where = "300", .found = "header" },
  { "edf, no number of signals", ".edf", make_edf, .at = 252, .n = 1, .value = 'x',
    .where = "byte 252", .found = "“x”" },
  { "edf, no samples", ".edf", make_edf, .at = 472, .n = 1, .value = 'x', .where = "byte 472",
    .found = "x" },
  { "gdf, cut", ".gdf", make_gdf, .cut = 100, .where = "byte 100", .found = "256 bytes" },
  { "gdf, cut in channels", ".gdf", make_gdf, .cut = 300, .where = "byte 252",
    .found = "1 channel" },
  { "gdf, version", ".gdf", make_gdf, .at = 4, .n = 1, .value = '9', .where = "byte 0",
    .found = "“GDF 9.25”" },
  { "gdf, version of letters", ".gdf", make_gdf, .at = 4, .n = 3, .value = 0x616263,
    .where = "byte 0", .found = "“GDF cba5”" },
  { "gdf, no channels", ".gdf", make_gdf, .at = 252, .n = 4, .value = 0, .where = "byte 252",
    .found = "0 channels" },
  { "gdf, too many channels", ".gdf", make_gdf, .at = 252, .n = 4, .value = G_MAXUINT32,
    .where = "byte 252", .found = "4294967295 channels" },
  { "gdf, length of a record", ".gdf", make_gdf, .at = 248, .n = 4, .value = 0, .where = "byte 244",
    .found = "1/0" },
  { "gdf, type", ".gdf", make_gdf, .at = 256 + 220, .n = 4, .value = 99, .where = "byte 476",
    .found = "type 99" },
  { "gdf, rate", ".gdf", make_gdf, .at = 256 + 216, .n = 4, .value = 0x7fffffff,
    .where = "byte 472", .found = "10⁹" },
  { "gdf, no samples", ".gdf", make_gdf, .at = 256 + 216, .n = 4, .value = 0, .where = "byte 472",
    .found = "no channel has samples" },
  { "cnt, cut", ".cnt", make_cnt, .cut = 400, .where = "byte 400", .found = "900 bytes" },
  { "cnt, cut in channels", ".cnt", make_cnt, .cut = 940, .where = "byte 940",
    .found = "1 channel" },
  { "cnt, no channels", ".cnt", make_cnt, .at = 370, .n = 2, .value = 0, .where = "byte 370",
    .found = "0 channels" },
  { "cnt, too many channels", ".cnt", make_cnt, .at = 370, .n = 2, .value = 60000,
    .where = "byte 992", .found = "60000 channels" },
  { "cnt, no rate", ".cnt", make_cnt, .at = 376, .n = 2, .value = 0, .where = "byte 376",
    .found = "0 Hz" },
  { "cnt, blocks of odd bytes", ".cnt", make_cnt, .at = 894, .n = 4, .value = 7,
    .where = "byte 894", .found = "7 bytes" },
  { "cnt, no samples", ".cnt", make_cnt, .cut = 975, .where = "byte 975", .found = "no samples" },
  { "cnt, of ANT", ".cnt", NULL, "RIFF\1\1\1\1CNT eeph", .where = "byte 8", .found = "“CNT ”" },
  { "fif, channels", ".fif", make_fif, .at = 92, .n = 4, .value = 3, .where = "byte 76",
    .found = "3 channels, but describes 1" },
  { "fif, rate", ".fif", make_fif, .at = 112, .n = 4, .value = 0, .where = "byte 96",
    .found = "0 Hz" },
  { "fif, type of samples", ".fif", make_fif, .at = 272, .n = 4, .value = 77, .where = "byte 284",
    .found = "type 77" },
  { "fif, no raw data", ".fif", make_fif, .at = 268, .n = 4, .value = 299,
    .where = "read to byte 356", .found = "no continuous" },
  { "fif, cut before samples", ".fif", make_fif, .cut = 268, .where = "read to byte 268",
    .found = "no continuous" },
  { "fif, no channel", ".fif", make_fif, .at = 116, .n = 4, .value = 299, .where = "byte 284",
    .found = "no channel is described" },
  { "fif, buffer too short", ".fif", make_fif, .cut = 286, .where = "byte 284",
    .found = "there are none" },
  { "xdf, only a header", ".xdf", make_xdf, .where = "byte 8", .found = "0 streams" },
  { "xdf, cut in its magic", ".xdf", make_xdf, .cut = 3, .where = "byte 0", .found = "58 44 46" },
  { "xdf, of zeros", ".xdf", make_xdf, .at = 4, .n = 4, .value = 0, .where = "byte 8",
    .found = "0 streams" },
  { "set, variable too long", ".set", make_set, .at = 132, .n = 4, .value = 1000,
    .where = "byte 128", .found = "1000 bytes, but the file breaks off at byte 200" },
  { "set, no variable", ".set", make_set, .at = 128, .n = 4, .value = 99, .where = "byte 128",
    .found = "type is 99" },
  { "set, cut", ".set", make_set, .cut = 132, .where = "byte 128",
    .found = "breaks off at byte 132" },
  { "bci2000, channels", ".dat", NULL, BCI ("x", "2", "int16") RATE ("100"), .where = "line 1",
    .found = "SourceCh" },
  { "bci2000, header beyond", ".dat", NULL, BCI ("1", "2", "int16"), .where = "line 1",
    .found = "190 bytes" },
  { "bci2000, type", ".dat", NULL, BCI ("1", "2", "real") RATE ("100"), .where = "line 1",
    .found = "“real”" },
  { "bci2000, no rate", ".dat", NULL, BCI ("1", "2", "int16") RATE ("fast"), .where = "line 4",
    .found = "“fast”" },
  { "bci2000, no parameter", ".dat", NULL, BCI ("1", "2", "int16") "                          "
    "                                                  ", .where = "lines 1 to 4",
    .found = "SamplingRate" },
  { "bci2000, no samples", ".dat", NULL, BCI ("1000", "2", "int16") RATE ("100"),
    .where = "byte 190", .found = "no samples" },
  { "brainvision, no data file", ".vhdr", NULL, COMMON "NumberOfChannels=1\r\nDataFile=x.eeg\r\n",
    .where = "line 4", .found = "“x.eeg”" },
  { "csv, a letter", ".csv", NULL, "Dear Sir,\nhow are you?\n", .where = "line 1",
    .found = "“Dear Sir,”" },
  { "csv, few rows", ".csv", NULL, "a,b\n1,2\n3,4\n", .where = "to line 3", .found = "“a,b”" },
  { "csv, only times", ".csv", NULL, "time\n0.1\n0.2\n0.3\n0.4\n0.5\n", .where = "line 2",
    .found = "(1 in all)" },
  { "text without a telling name", ".xyz", NULL, "Dear Sir,\nhow are you?\n", .where = "byte 0",
    .found = "“Dear Sir,”" },
  { "program", ".edf", NULL, "\177ELF\2\1\1", .where = "byte 0", .found = "7f 45 4c 46 02 01 01" },
  { "packed something", ".fif.gz", NULL, "\x1f\x8b\x08\x01\x02\x03\x04\x05\x06\x07",
    .where = "byte 0", .found = "1f 8b 08" },
  { "nothing", ".edf", NULL, "", .where = "0 bytes", .found = "is empty" },
};

static GByteArray *
build (const Refusal *r)
{
  GByteArray *bytes = r->make != NULL ? r->make () : g_byte_array_new ();

  if (r->make == NULL)
    g_byte_array_append (bytes, (const guint8 *) r->text, (guint) strlen (r->text));
  set_value (bytes, r->at, r->n, r->value, r->make == make_fif);
  if (r->cut > 0)
    g_byte_array_set_size (bytes, (guint) r->cut);
  return bytes;
}

static void
test_refusal (gconstpointer data)
{
  const Refusal *r = data;
  g_autoptr (GByteArray) bytes = build (r);
  g_autoptr (GError) error = NULL;
  g_autofree char *helper = inion_foreign_find_program ("inion-foreign", NULL);

  if (r->make == make_set && helper == NULL)
    {
      g_test_skip ("This build does not read MATLAB files.");
      return;
    }
  g_assert_null (open_bytes (bytes, r->ending, &error));
  g_test_message ("%s", error->message);
  g_assert_true (error->domain == INION_ERROR);
  g_assert_nonnull (strstr (error->message, "inion-test-"));
  g_assert_nonnull (strstr (error->message, r->where));
  g_assert_nonnull (strstr (error->message, r->found));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* What is changed or cut above opens when it is whole. */
static void
test_whole (void)
{
  static const struct
  {
    const char *ending;
    GByteArray *(*make) (void);
  } whole[] = {
    { ".edf", make_edf }, { ".gdf", make_gdf }, { ".cnt", make_cnt }, { ".fif", make_fif },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      g_autoptr (GByteArray) bytes = whole[i].make ();
      g_autoptr (GError) error = NULL;
      g_autoptr (InionRecording) recording = open_bytes (bytes, whole[i].ending, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 1);
    }
}

/* A BrainVision header beside its samples, 10 bytes. */
static void
test_brainvision (void)
{
  static const struct
  {
    const char *lines;
    const char *name;
    const char *where;
    const char *found;
  } cases[] = {
    { "DataFile=x.eeg\r\nSamplingInterval=1000\r\n", "x.vhdr", "line 3", "no channels" },
    { NULL, "x.vhdr", "line 1", "“Brain Vision Data" },
    { "NumberOfChannels=many\r\nSamplingInterval=1000\r\n", "x.vhdr", "line 3", "no channels" },
    { "NumberOfChannels=99999999\r\nSamplingInterval=1000\r\n", "x.vhdr", "line 3", "99999999" },
    { "NumberOfChannels=1\r\n", "x.vhdr", "line 3", "SamplingInterval" },
    { "NumberOfChannels=1\r\nSamplingInterval=fast\r\n", "x.vhdr", "line 4", "“fast”" },
    { "NumberOfChannels=1\r\nSamplingInterval=1\r\nDataFormat=TEXT\r\n", "x.vhdr", "line 5",
      "TEXT" },
    { "NumberOfChannels=1\r\nSamplingInterval=1\r\n[Binary Infos]\r\nBinaryFormat=INT_64\r\n",
      "x.vhdr", "line 6", "INT_64" },
    { "NumberOfChannels=3\r\nSamplingInterval=1\r\nDataOrientation=VECTORIZED\r\n"
      "[Binary Infos]\r\nBinaryFormat=INT_16\r\n", "x.eeg", "byte 10", "3 channels" },
    { "NumberOfChannels=1\r\nSamplingInterval=1\r\nDataPoints=50\r\nDataOrientation=VECTORIZED\r\n"
      "[Binary Infos]\r\nBinaryFormat=INT_16\r\n", "x.eeg", "byte 10", "50 samples" },
    { "NumberOfChannels=1\r\nSamplingInterval=1\r\nDataFormat=ASCII\r\n", "x.eeg", "line 4",
      "“ab”" },
  };
  const char *first = "Brain Vision Data Exchange Header File Version 1.0\r\n";
  g_autofree char *folder = g_dir_make_tmp ("inion-test-XXXXXX", NULL);
  g_autofree char *header = g_build_filename (folder, "x.vhdr", NULL);
  g_autofree char *samples = g_build_filename (folder, "x.eeg", NULL);

  g_assert_true (g_file_set_contents (samples, "1\n2\n3\nab\n\n", 10, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = cases[i].lines != NULL
                                ? g_strconcat (COMMON, cases[i].lines, NULL)
                                : g_strdup (first);
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (header, text, -1, NULL));
      g_assert_null (inion_recording_open (header, &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].name));
      g_assert_nonnull (strstr (error->message, cases[i].where));
      g_assert_nonnull (strstr (error->message, cases[i].found));
    }
  g_unlink (header);
  g_unlink (samples);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/recording/refusals/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refusal);
    }
  g_test_add_func ("/recording/refusals/whole", test_whole);
  g_test_add_func ("/recording/refusals/brainvision", test_brainvision);
  return g_test_run ();
}
