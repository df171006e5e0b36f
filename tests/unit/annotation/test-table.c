/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "annotation/table.h"
#include "core/error.h"
#include "core/random.h"

#include <math.h>

static const char *const formats[] = { "tsv", "csv", "json" };

static const char *const nasty[] = {
  "blink", "", "n/a", "a\tb", "a,b", "line\nbreak", "line\r\nbreak", "\"quoted\"", "\"", " blank ",
  "back\\slash", "back\\,comma", "ü–☃", "1.5", "\x01\x7f", "'", "\r", ",", "\\",
};

static void
assert_same (GPtrArray *a,
             GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    g_assert_true (inion_annotation_equal (a->pdata[i], b->pdata[i]));
}

static void
check_round_trip (GPtrArray *annotations)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = inion_annotations_to_text (annotations, formats[f], &error);
      g_autoptr (GPtrArray) read = NULL;

      g_assert_no_error (error);
      read = inion_annotations_from_text (text, -1, formats[f], &error);
      g_assert_no_error (error);
      assert_same (annotations, read);
    }
}

static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) annotations = g_ptr_array_new_with_free_func (g_object_unref);
  InionRandom random;

  inion_random_seed (&random, 5, 0);
  check_round_trip (annotations);
  for (int i = 0; i < 2000; i++)
    {
      guint64 range = i % 2 == 0 ? 1000 : 4000000000000000u; /* 46 days */
      gint64 onset = (gint64) inion_random_below (&random, range) - 500;
      gint64 duration = (gint64) inion_random_below (&random, 3) * 123456789;
      const char *texts[5];
      const char *channels[3] = { NULL };
      InionOrigin origin;
      double confidence;

      for (int j = 0; j < 5; j++)
        texts[j] = nasty[inion_random_below (&random, G_N_ELEMENTS (nasty))];
      for (guint64 j = inion_random_below (&random, 3); j > 0; j--)
        channels[j - 1] = texts[j + 2];
      origin = (InionOrigin) inion_random_below (&random, 4);
      confidence = i % 3 == 0 ? NAN : inion_random_uniform (&random);
      g_ptr_array_add (annotations, inion_annotation_new (0, onset, duration, texts[0], channels,
                                                          texts[1], origin, confidence, texts[2]));
    }
  check_round_trip (annotations);
}

/* Every nanosecond of 292 years, in tables (JSON numbers are doubles). */
static void
test_exact_times (void)
{
  static const gint64 times[] = {
    G_MININT64, G_MAXINT64, 0, 1, -1, 999999999, 1000000000, -1000000001, 9007199254740993,
  };
  g_autoptr (GPtrArray) annotations = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_ptr_array_add (annotations, inion_annotation_new (0, times[i], 0, "x", NULL, NULL,
                                                        INION_ORIGIN_PERSON, NAN, NULL));
  for (guint f = 0; f < 2; f++)
    {
      g_autofree char *text = inion_annotations_to_text (annotations, formats[f], NULL);
      g_autoptr (GPtrArray) read = inion_annotations_from_text (text, -1, formats[f], NULL);

      g_assert_nonnull (read);
      assert_same (annotations, read);
    }
}

static void
test_text (void)
{
  static const char *const channels[] = { "Fp1", "Fp2", NULL };
  g_autoptr (GPtrArray) annotations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *tsv = NULL, *csv = NULL;

  g_ptr_array_add (annotations, inion_annotation_new (3, 1500000000, 250000000, "blink", channels,
                                                      "ada", INION_ORIGIN_ACCEPTED, 0.75, "a\tb"));
  g_ptr_array_add (annotations, inion_annotation_new (4, -1, 0, "event", NULL, NULL,
                                                      INION_ORIGIN_FILE, NAN, NULL));
  tsv = inion_annotations_to_text (annotations, "tsv", NULL);
  csv = inion_annotations_to_text (annotations, "CSV", NULL);
  g_assert_cmpstr (tsv, ==,
                   "onset\tduration\ttrial_type\tchannel\trater\torigin\tconfidence\tcomment\n"
                   "1.5\t0.25\tblink\tFp1,Fp2\tada\taccepted\t0.75\t\"a\tb\"\n"
                   "-0.000000001\t0\tevent\tn/a\tn/a\tfile\tn/a\tn/a\n");
  g_assert_cmpstr (csv, ==,
                   "onset,duration,trial_type,channel,rater,origin,confidence,comment\n"
                   "1.5,0.25,blink,\"Fp1,Fp2\",ada,accepted,0.75,a\tb\n"
                   "-0.000000001,0,event,n/a,n/a,file,n/a,n/a\n");
}

/* As another program writes them: own order, more columns, CR LF, a byte order mark, no last line
 * end, exponents. */
static void
test_foreign (void)
{
  static const char text[] = "\xEF\xBB\xBFtrial_type\tvalue\tonset\tduration\r\n"
                             "left\t7\t1e-3\tn/a\r\n"
                             "\r\n"
                             "right\t8\t+2.0000000005\t.5\r\n"
                             "rest\tn/a\t3.\t1E1";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) read = inion_annotations_from_text (text, sizeof text - 1, "tsv", &error);
  static const gint64 expected[3][2] = { { 1000000, 0 }, { 2000000001, 500000000 },
                                         { 3000000000, 10000000000 } };

  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (inion_annotation_get_onset_ns (read->pdata[i]), ==, expected[i][0]);
      g_assert_cmpint (inion_annotation_get_duration_ns (read->pdata[i]), ==, expected[i][1]);
      g_assert_cmpint (inion_annotation_get_origin (read->pdata[i]), ==, INION_ORIGIN_PERSON);
    }
  g_assert_cmpstr (inion_annotation_get_label (read->pdata[1]), ==, "right");
}

static void
check_error (const char *text,
             gssize      length,
             const char *format,
             InionError  code,
             const char *where)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) read = inion_annotations_from_text (text, length, format, &error);

  g_assert_null (read);
  g_assert_error (error, INION_ERROR, (int) code);
  if (strstr (error->message, where) == NULL)
    g_error ("“%s” does not say “%s”", error->message, where);
}

static void
test_row_errors (void)
{
  static const struct
  {
    const char *text;
    const char *where;
  } cases[] = {
    { "", "no column" },
    { "duration\ttrial_type\n", "onset" },
    { "onset\tduration\n1\t2\n", "trial_type" },
    { "onset\ttrial_type\tonset\n", "Line 1, column 3" },
    { "onset\ttrial_type\n1\tx\nabc\ty\n", "Line 3, column 1" },
    { "onset\ttrial_type\n\"1\n\"\tx\n", "Line 2, column 1" },
    { "trial_type\tonset\n\"a\nb\"\t1\nx\t0x10\n", "Line 4, column 2" },
    { "onset\ttrial_type\nnan\tx\n", "Line 2, column 1" },
    { "onset\ttrial_type\ninf\tx\n", "Line 2, column 1" },
    { "onset\ttrial_type\n1e300\tx\n", "Line 2, column 1" },
    { "onset\ttrial_type\n99999999999\tx\n", "Line 2, column 1" },
    { "onset\ttrial_type\n1,5\tx\n", "Line 2, column 1" },
    { "onset\ttrial_type\n--1\tx\n", "Line 2, column 1" },
    { "onset\ttrial_type\n1\tn/a\n", "Line 2, column 2" },
    { "onset\ttrial_type\n1\n", "Line 2 has 1 columns" },
    { "onset\ttrial_type\n1\tx\ty\n", "Line 2 has 3 columns" },
    { "onset\ttrial_type\n1\t\"x\n\n", "Line 2, column 2" },
    { "onset\ttrial_type\n1\t\"x\"y\n", "Line 2, column 2" },
    { "onset\ttrial_type\tduration\n1\tx\t-1\n", "Line 2, column 3" },
    { "onset\ttrial_type\torigin\n1\tx\tmars\n", "Line 2, column 3" },
    { "onset\ttrial_type\tconfidence\n1\tx\t1.5\n", "Line 2, column 3" },
    { "onset\ttrial_type\n1\t\xff\n", "Line 2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_error (cases[i].text, -1, "tsv", INION_ERROR_FORMAT, cases[i].where);
  check_error ("onset\ttrial_type\n1\tx\0y\n", 21, "tsv", INION_ERROR_FORMAT, "Line 2");
  check_error ("x", -1, "xml", INION_ERROR_INVALID, "xml");
  check_error ("x", (gssize) 300 * 1024 * 1024, "tsv", INION_ERROR_TOO_LARGE, "256 MiB");
}

static void
test_json_errors (void)
{
  static const struct
  {
    const char *text;
    const char *where;
  } cases[] = {
    { "", "line 1, column 1" },
    { "{\"annotations\":\n [}", "line 2" },
    { "[]", "annotations" },
    { "{\"annotations\": 3}", "annotations" },
    { "{\"annotations\": [3]}", "Annotation 1" },
    { "{\"annotations\": [{\"label\": \"x\"}]}", "onset_s" },
    { "{\"annotations\": [{\"onset_s\": \"1\", \"label\": \"x\"}]}", "onset_s" },
    { "{\"annotations\": [{\"onset_s\": 1e99, \"label\": \"x\"}]}", "onset_s" },
    { "{\"annotations\": [{\"onset_s\": 1}]}", "label" },
    { "{\"annotations\": [{\"onset_s\": 1, \"label\": \"x\", \"duration_s\": -1}]}", "duration_s" },
    { "{\"annotations\": [{\"onset_s\": 1, \"label\": \"x\", \"channels\": \"Cz\"}]}", "channels" },
    { "{\"annotations\": [{\"onset_s\": 1, \"label\": \"x\", \"channels\": [1]}]}", "channels" },
    { "{\"annotations\": [{\"onset_s\": 1, \"label\": \"x\", \"origin\": 1}]}", "origin" },
    { "{\"annotations\": [{\"onset_s\": 1, \"label\": \"x\", \"rater\": []}]}", "rater" },
    { "{\"annotations\": [{\"onset_s\": 1, \"label\": \"x\", \"confidence\": 2}]}", "confidence" },
    { "{\"annotations\": [{\"onset_s\": 1, \"label\": \"x\", \"comment\": {}}]}", "comment" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_error (cases[i].text, -1, "json", INION_ERROR_FORMAT, cases[i].where);
}

/* Whatever the bytes: an answer or an error, never a crash. */
static void
test_garbage (void)
{
  static const char alphabet[] = "\t,\"\n\r1.-e x\\{}[]:n/a";
  InionRandom random;

  inion_random_seed (&random, 6, 0);
  for (int i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new (i % 2 == 0 ? "onset,trial_type\n" : NULL);

      for (guint64 n = inion_random_below (&random, 40); n > 0; n--)
        g_string_append_c (text, alphabet[inion_random_below (&random, sizeof alphabet - 1)]);
      for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GPtrArray) read = inion_annotations_from_text (text->str, -1, formats[f],
                                                                    &error);

          g_assert_true ((read == NULL) == (error != NULL));
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/table/text", test_text);
  g_test_add_func ("/annotation/table/round-trip", test_round_trip);
  g_test_add_func ("/annotation/table/exact-times", test_exact_times);
  g_test_add_func ("/annotation/table/foreign", test_foreign);
  g_test_add_func ("/annotation/table/row-errors", test_row_errors);
  g_test_add_func ("/annotation/table/json-errors", test_json_errors);
  g_test_add_func ("/annotation/table/garbage", test_garbage);
  return g_test_run ();
}
