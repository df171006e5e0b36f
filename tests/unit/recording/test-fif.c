/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "native-tools.h"

/* A file that is made from words:
 *   Bk  Ek              begins, ends a block of kind k
 *   ik=n  fk=x  sk=text  a whole number, a number, a text
 *   Fk=x,y              numbers
 *   cname:kind:cal:unit:power   a channel; cal 1e-6, volts and power 0 if left out
 *   Dtype:n             a buffer of n samples; sample k is k in all channels, over all buffers
 *   +n                  n bytes more at the end of the tag before, in its size too
 *   Nn                  the tag before says that the next one is at byte n
 *   Zn                  the tag before says that it has n bytes
 *   Cn                  cuts the last n bytes off
 */
typedef struct
{
  GByteArray *bytes;
  guint last; /* byte of the last tag */
  guint n_channels;
  guint n_samples;
} Builder;

static void
put_tag (Builder    *self,
         guint       kind,
         guint       type,
         GByteArray *value)
{
  self->last = self->bytes->len;
  put_be (self->bytes, kind, 4);
  put_be (self->bytes, type, 4);
  put_be (self->bytes, value->len, 4);
  put_be (self->bytes, 0, 4);
  if (value->len > 0)
    g_byte_array_append (self->bytes, value->data, value->len);
}

static void
set_head (Builder *self,
          guint    field,
          guint32  value)
{
  value = GUINT32_TO_BE (value);
  memcpy (self->bytes->data + self->last + 4 * field, &value, 4);
}

static void
put_channel (Builder    *self,
             const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ":", -1);
  guint n = g_strv_length (words);
  g_autoptr (GByteArray) value = g_byte_array_new ();
  char name[16] = { 0 };

  put_be (value, ++self->n_channels, 4);
  put_be (value, self->n_channels, 4);
  put_be (value, g_ascii_strtoull (words[1], NULL, 10), 4);
  put_be (value, float_bits (1, FALSE), 4);
  put_be (value, float_bits (n > 2 ? g_ascii_strtod (words[2], NULL) : 1e-6, FALSE), 4);
  put_be (value, 1, 4);
  for (guint i = 0; i < 12; i++)
    put_be (value, float_bits (i == 2 ? 0.1 : 0, FALSE), 4);
  put_be (value, n > 3 ? g_ascii_strtoull (words[3], NULL, 10) : 107, 4);
  put_be (value, n > 4 ? (guint64) g_ascii_strtoll (words[4], NULL, 10) : 0, 4);
  g_strlcpy (name, words[0], sizeof name);
  g_byte_array_append (value, (const guint8 *) name, sizeof name);
  put_tag (self, 203, 30, value);
}

static void
put_samples (Builder    *self,
             const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ":", -1);
  guint type = (guint) g_ascii_strtoull (words[0], NULL, 10);
  guint n = (guint) g_ascii_strtoull (words[1], NULL, 10);
  g_autoptr (GByteArray) value = g_byte_array_new ();

  for (guint i = 0; i < n; i++, self->n_samples++)
    for (guint c = 0; c < self->n_channels; c++)
      {
        guint k = self->n_samples;

        if (type == 4 || type == 5)
          put_be (value, float_bits (k, type == 5), type == 5 ? 8 : 4);
        else
          put_be (value, k, type == 3 ? 4 : type == 20 ? 8 : 2);
      }
  put_tag (self, 300, type, value);
}

static void
put_numbers (Builder    *self,
             guint       kind,
             const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  g_autoptr (GByteArray) value = g_byte_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    put_be (value, float_bits (g_ascii_strtod (words[i], NULL), FALSE), 4);
  put_tag (self, kind, 4, value);
}

static void
put_word (Builder    *self,
          const char *word)
{
  const char *equals = strchr (word, '=');
  guint64 n = g_ascii_strtoull (word + 1, NULL, 10);
  g_autoptr (GByteArray) value = g_byte_array_new ();

  switch (word[0])
    {
    case 'B':
    case 'E':
      put_be (value, n, 4);
      return put_tag (self, word[0] == 'B' ? 104 : 105, 3, value);
    case 'i':
      put_be (value, (guint64) g_ascii_strtoll (equals + 1, NULL, 10), 4);
      return put_tag (self, (guint) n, 3, value);
    case 'f':
    case 'F':
      return put_numbers (self, (guint) n, equals + 1);
    case 's':
      g_byte_array_append (value, (const guint8 *) equals + 1, (guint) strlen (equals + 1));
      return put_tag (self, (guint) n, 10, value);
    case 'c':
      return put_channel (self, word + 1);
    case 'D':
      return put_samples (self, word + 1);
    case '+':
      put_be (self->bytes, 0, (guint) n);
      return set_head (self, 2, self->bytes->len - self->last - 16);
    case 'N':
      return set_head (self, 3, (guint32) n);
    case 'Z':
      return set_head (self, 2, (guint32) g_ascii_strtoll (word + 1, NULL, 10));
    case 'C':
      g_byte_array_set_size (self->bytes, self->bytes->len - (guint) n);
      return;
    default:
      g_assert_not_reached ();
    }
}

static GByteArray *
build (const char *text)
{
  Builder builder = { .bytes = g_byte_array_new () };
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GByteArray) id = g_byte_array_new ();

  put_be (id, 1, 4);
  put_be (id, 0, 16);
  put_tag (&builder, 100, 31, id);
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      put_word (&builder, words[i]);
  return builder.bytes;
}

#define INFO "i200=2 f201=100 cA:2 cB:2 "
#define HEAD "B100 B101 " INFO "E101 B102 "
#define STIM "B100 B101 i200=2 f201=100 cA:2 cS:3:1:-1 E101 B102 "
#define NOTES(from, to, texts) "B100 B101 " INFO "E101 B3810 F3568=" from " F3569=" to " s206=" texts \
                               " E3810 B102 D3:500 E102 E100"

#define PROJECTED(blocks) "B100 B101 " INFO blocks " E101 B102 D3:50 "

static const Case cases[] = {
  { "short", HEAD "D2:50 D2:50 E102 E100", 2, 100, 0, 1, NULL, 99 },
  { "packed short", HEAD "D16:50 D16:20 E102 E100", 2, 70, 0, 1, NULL, 69 },
  { "int", HEAD "D3:50 D3:50 D3:1 E102 E100", 2, 101, 0, 1, NULL, 100 },
  { "float", HEAD "D4:50 E102 E100", 2, 50, 0, 1, NULL, 49 },
  { "double", HEAD "D5:50 D5:50 E102 E100", 2, 100, 0, 1, NULL, 99 },
  { "complex", HEAD "D20:50 E102 E100", 0, -1, 0, 0, "complex", NAN },
  { "unknown type", HEAD "D77:50 E102 E100", 0, -1, 0, 0, "unknown", NAN },
  { "mixed types", HEAD "D3:50 D4:50 D2:20 E102 E100", 2, 120, 0, 1, NULL, 119 },
  { "mixed lengths", HEAD "D3:50 D3:20 D3:50 E102 E100", 2, 120, 0, 1, NULL, 119 },
  { "first sample", HEAD "i208=1000 D3:50 E102 E100", 2, 50, 0, 1, NULL, 49 },
  { "skip", HEAD "D3:50 i301=2 D3:50 E102 E100", 2, 200, 0, 2, NULL, 99 },
  { "skip before a short one", HEAD "D3:50 i301=2 D3:5 E102 E100", 2, 155, 0, 2, NULL, 54 },
  { "skip first", HEAD "i301=2 D3:50 D3:50 E102 E100", 2, 100, 0, 1, NULL, 99 },
  { "skip last", HEAD "D3:50 D3:50 i301=2 E102 E100", 2, 100, 0, 1, NULL, 99 },
  { "skip of samples", HEAD "D3:50 i303=7 D3:50 E102 E100", 2, 107, 0, 2, NULL, 99 },
  { "skip backwards", HEAD "D3:50 i301=-2 D3:50 E102 E100", 2, 100, 0, 1, "cannot be read", 99 },
  { "skip of centuries", HEAD "D3:50 i301=2147483647 D3:50 i301=2147483647 D3:50 "
    "i301=2147483647 D3:50 i301=2147483647 D3:50 i301=2147483647 D3:50 E102 E100", 0, -1, 0, 0, "146 years", NAN },
  { "empty buffer", HEAD "D3:0 D3:50 E102 E100", 2, 50, 0, 1, NULL, 49 },
  { "odd bytes", HEAD "D3:50 +3 D3:50 E102 E100", 2, 100, 0, 1, "whole samples", 99 },
  { "cut in samples", HEAD "D3:50 D3:50 C60", 2, 92, 0, 1, "breaks off", 91 },
  { "cut in a head", HEAD "D3:50 D3:50 E102 C12", 2, 100, 0, 1, "breaks off", 99 },
  { "no end", HEAD "D3:50", 2, 50, 0, 1, NULL, 49 },
  { "next ends it", HEAD "D3:50 N4294967295 D3:50", 2, 50, 0, 1, NULL, 49 },
  { "circle", HEAD "D3:50 i7=1 N36", 2, 50, 0, 1, "has been before", NAN },
  { "negative size", HEAD "D3:50 i7=1 Z-5 D3:50", 2, 50, 0, 1, "cannot be found", 49 },
  { "size beyond", HEAD "D3:50 i7=1 Z99999 D3:50", 2, 50, 0, 1, "breaks off", 49 },
  { "no count", "B100 B101 f201=100 cA:2 E101 B102 D3:50 E102 E100", 1, 50, 0, 1, "missing", 49 },
  { "wrong count", "B100 B101 i200=3 f201=100 cA:2 E101 B102 D3:50 E102 E100", 0, -1, 0, 0,
    "told apart", NAN },
  { "no channels", "B100 B101 i200=0 f201=100 E101 B102 i7=1 D3:0 E102", 0, -1, 0, 0,
    "no channel", NAN },
  { "no rate", "B100 B101 i200=1 cA:2 E101 B102 D3:50 E102", 0, -1, 0, 0, "sampling rate", NAN },
  { "rate of zero", "B100 B101 i200=1 f201=0 cA:2 E101 B102 D3:50", 0, -1, 0, 0, "sampling rate",
    NAN },
  { "rate is no number", "B100 B101 i200=1 f201=nan cA:2 E101 B102 D3:50", 0, -1, 0, 0,
    "sampling rate", NAN },
  { "no samples", HEAD "D3:0 E102", 0, -1, 0, 0, "should stand, there are none", NAN },
  { "no raw data", "B100 B101 " INFO "E101 E100", 0, -1, 0, 0, "no continuous", NAN },
  { "averages", "B100 B101 " INFO "E101 B103 B104 E104 E103 E100", 0, -1, 0, 0, "averages", NAN },
  { "epochs", "B100 B101 " INFO "E101 B373 E373 E100", 0, -1, 0, 0, "epochs", NAN },
  { "nothing", "", 0, -1, 0, 0, "no continuous", NAN },
  { "end without begin", "E5 " HEAD "D3:50 E102", 2, 50, 0, 1, "did not begin", 49 },
  { "info twice", "B100 B101 " INFO "E101 B101 i200=9 f201=7 E101 B102 D3:50", 2, 50, 0, 1, NULL, 49 },
  { "history repeats tags", "B100 B101 " INFO "B900 i200=9 f201=7 E900 E101 B102 D3:50", 2, 50, 0, 1,
    NULL, 49 },
  { "raw data twice", HEAD "D3:50 E102 B102 D3:50 E102", 2, 50, 0, 1, "second block", 49 },
  { "continuous in processed", "B100 B101 " INFO "E101 B103 B112 D3:50 E112 E103", 2, 50, 0, 1, NULL,
    49 },
  { "shielded", "B100 B101 " INFO "E101 B119 D3:50 E119", 2, 50, 0, 1, "shielding", 49 },
  { "later part", "B118 i115=1 i117=0 E118 " HEAD "D3:50", 2, 50, 0, 1, "first file", 49 },
  { "next is missing", HEAD "D3:50 E102 B118 i115=2 s118=../../x-1.fif i117=1 E118", 2, 50, 0, 1,
    "“x-1.fif”", 49 },
  { "channel cut", "B100 B101 i200=2 f201=100 cA:2 cB:2 Z40 C56 E101 B102 D3:50", 0, -1, 0, 0,
    "describes 1", NAN },
  { "no scale", "B100 B101 i200=1 f201=100 cA:2:0 E101 B102 D3:50", 1, 50, 0, 1, "scale", 49 },
  { "scale is no number", "B100 B101 i200=1 f201=100 cA:2:nan E101 B102 D3:50", 1, 50, 0, 1, "scale",
    49 },
  { "power", "B100 B101 i200=1 f201=100 cA:2:1:107:-6 E101 B102 D3:50", 1, 50, 0, 1, NULL, 49 },
  { "absurd power", "B100 B101 i200=1 f201=100 cA:2:1e-6:107:999 E101 B102 D3:50", 1, 50, 0, 1,
    "10 to the", 49 },
  { "tesla", "B100 B101 i200=1 f201=100 cA:1:1e-15:112 E101 B102 D3:50", 1, 50, 0, 1, NULL, 49 },
  { "tesla a metre", "B100 B101 i200=1 f201=100 cA:1:1e-13:201 E101 B102 D3:50", 1, 50, 0, 1, NULL,
    49 },
  { "projections", PROJECTED ("B313 B314 i3411=1 s233=PCA-v1 i3560=0 E314 B314 s206=EOG E314 E313"),
    2, 50, 0, 1, "holds 2 projections (SSP), not applied to the signals, which are shown as they are "
    "stored: “PCA-v1”, “EOG”.", 49 },
  { "projection applied", PROJECTED ("B313 B314 s233=PCA-v1 i3560=1 E314 E313"), 2, 50, 0, 1,
    "stored with 1 projection (SSP) applied: “PCA-v1”.", 49 },
  { "projection applied among others", PROJECTED ("B313 B314 i3560=1 E314 B314 s233=B E314 E313"),
    2, 50, 0, 1, "1 projection (SSP) applied: “without a name”.", 49 },
  { "projection in the history", PROJECTED ("") "E102 B101 B313 B314 i3560=1 E314 E313 E101", 2, 50,
    0, 1, NULL, 49 },
  { "codes too often", STIM "D3:100 E102", 2, 100, 0, 1, "cannot hold codes", 99 },
  { "annotations", NOTES ("1,2", "1.5,2", "a:b"), 2, 500, 2, 1, NULL, 499 },
  { "annotation twice", NOTES ("1,1", "1.5,1.5", "a:a"), 2, 500, 1, 1, NULL, 499 },
  { "annotations without ends", NOTES ("1,2", "1.5", "a:b"), 2, 500, 1, 1, "the first 1", 499 },
  { "annotation ends before", NOTES ("3", "1.5", "a"), 2, 500, 1, 1, "before it begins", 499 },
  { "annotation nowhere", NOTES ("nan", "1", "a"), 2, 500, 0, 1, "left out", 499 },
  { "date nowhere", "B100 B101 i204=-1 +4 " INFO "E101 B102 D3:50", 2, 50, 0, 1, NULL, 49 },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GByteArray) bytes = build (c->text);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = open_bytes (bytes, ".fif", &error);

  check_case (c, recording, error);
}

static void
test_depth (void)
{
  g_autoptr (GString) text = g_string_new (HEAD);
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, "B77 ");
  bytes = build (text->str);
  recording = open_bytes (bytes, ".fif", &error);
  g_assert_null (recording);
  g_assert_nonnull (strstr (error->message, "deep"));
}

/* A recording split into three files, the second of which lacks some samples before it. */
static void
test_split (void)
{
  static const char *const texts[] = {
    HEAD "i208=100 D3:50 D3:50 E102 B118 i115=2 s118=part-1.fif i117=1 E118 E100",
    HEAD "i208=210 D3:50 E102 B118 i115=1 i117=0 E118 B118 i115=2 s118=gone.fif i117=2 E118 E100",
    HEAD "i208=260 D4:50 E102 E100",
  };
  static const char *const names[] = { "part.fif", "part-1.fif", "part-2.fif" };
  g_autofree char *folder = g_dir_make_tmp ("inion-test-XXXXXX", NULL);
  g_autofree char *first = g_build_filename (folder, names[0], NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;
  double values[210];
  gint64 at, n;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GByteArray) bytes = build (texts[i]);
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
    }
  recording = inion_recording_open (first, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 2);
  g_assert_true (has_fault (recording, "begins at sample 210", NULL));
  g_assert_true (inion_recording_read (recording, 1, 0, 210, values, &error));
  g_assert_cmpfloat_with_epsilon (values[99], 99, 1e-5);
  g_assert_true (isnan (values[100]) && isnan (values[109]));
  g_assert_cmpfloat_with_epsilon (values[159], 49, 1e-5);
  g_assert_cmpfloat_with_epsilon (values[209], 49, 1e-5);
  g_assert_true (inion_recording_find_run (recording, 0, 100, &at, &n));
  g_assert_cmpint (at, ==, 110);
  g_assert_cmpint (n, ==, 100);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* The end of a packed file is missing. */
static void
test_packed_cut (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "fif",
                                                 "packed_raw.fif.gz", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &content, &n, NULL));
  g_byte_array_append (bytes, (const guint8 *) content, (guint) (n * 3 / 4));
  recording = open_bytes (bytes, ".fif.gz", &error);
  g_assert_no_error (error);
  g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (recording, 0)), <, 1536);
  g_assert_true (has_fault (recording, "cut or damaged", NULL));
}

static void
test_reference (gconstpointer data)
{
  const char *name = data;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  const InionChannelInfo *cz;

  g_assert_no_error (error);
  check_fixture (recording, name, 0, TRUE);
  g_assert_cmpstr (inion_recording_get_description (recording), ==, "made for a test");
  cz = inion_channel_get_info (inion_recording_get_channel (recording, 1));
  g_assert_true (cz->has_position);
  g_assert_cmpfloat_with_epsilon (cz->position[1], 0.002, 1e-7);
  g_assert_cmpfloat_with_epsilon (cz->position[2], 0.12, 1e-7);
  g_assert_cmpint (inion_channel_get_info (inion_recording_get_channel (recording, 3))->kind, ==,
                   INION_CHANNEL_EOG);
}

/* An annotation of one channel belongs to it; one of several names them. */
static void
test_annotation_channels (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "fif", "int_raw.fif", NULL);
  g_autoptr (InionRecording) recording = inion_recording_open (path, NULL);
  GPtrArray *events;
  guint n = 0;

  g_assert_nonnull (recording);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      n += strcmp (event->text, "spike: 1") == 0 && event->channel == 1;
      n += strcmp (event->text, "note") == 0 && event->channel == -1;
      n += strcmp (event->text, "BAD (Cz, STI 014)") == 0 && event->channel == -1;
    }
  g_assert_cmpuint (n, ==, 3);
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
  static const char *const made[] = { "short_raw.fif", "int_raw.fif", "single_raw.fif",
                                      "double_raw.fif", "packed_raw.fif.gz", "skip_raw.fif",
                                      "undated_raw.fif" };
  g_autoptr (GStringChunk) names = g_string_chunk_new (64);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fif/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    {
      g_autofree char *path = g_strconcat ("/fif/mne/", made[i], NULL);
      g_autofree char *name = g_strconcat ("fif/", made[i], NULL);

      g_test_add_data_func (path, g_string_chunk_insert (names, name), test_reference);
    }
  g_test_add_func ("/fif/depth", test_depth);
  g_test_add_func ("/fif/split", test_split);
  g_test_add_func ("/fif/packed-cut", test_packed_cut);
  g_test_add_func ("/fif/annotation-channels", test_annotation_channels);
  g_test_add_data_func ("/fif/shared", "data/formats/mne/test_bin_raw.fif", test_shared);
  return g_test_run ();
}
