/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "annotation/annotation.h"

#include <math.h>

static InionAnnotation *
make_blink (void)
{
  const char *channels[] = { "Fp2", "Fp1", "Fp2", "", NULL };

  return inion_annotation_new (7, -500, 1000, "blink", channels, "ada", INION_ORIGIN_PERSON, NAN,
                               "closes the eyes");
}

static void
test_fields (void)
{
  InionAnnotation *a = make_blink ();
  const char *const *channels = inion_annotation_get_channels (a);

  g_assert_cmpint (inion_annotation_get_id (a), ==, 7);
  g_assert_cmpint (inion_annotation_get_onset_ns (a), ==, -500);
  g_assert_cmpint (inion_annotation_get_duration_ns (a), ==, 1000);
  g_assert_cmpint (inion_annotation_get_end_ns (a), ==, 500);
  g_assert_cmpstr (inion_annotation_get_label (a), ==, "blink");
  g_assert_cmpstr (inion_annotation_get_rater (a), ==, "ada");
  g_assert_cmpstr (inion_annotation_get_comment (a), ==, "closes the eyes");
  g_assert_true (isnan (inion_annotation_get_confidence (a)));
  g_assert_cmpuint (g_strv_length ((char **) channels), ==, 2);
  g_assert_cmpstr (channels[0], ==, "Fp1");
  g_assert_cmpstr (channels[1], ==, "Fp2");
  g_assert_true (inion_annotation_covers_channel (a, "Fp2"));
  g_assert_false (inion_annotation_covers_channel (a, "Cz"));
  g_assert_false (inion_annotation_is_suggestion (a));
  g_assert_finalize_object (a);
}

static void
test_odd_input (void)
{
  const char *none[] = { NULL };
  const char *odd[] = { " A\nB ", NULL };
  InionAnnotation *a = inion_annotation_new (0, G_MAXINT64 - 5, 100, NULL, none, NULL,
                                             INION_ORIGIN_MODEL, 7.0, "");
  InionAnnotation *b = inion_annotation_new (0, 0, -1, "\xff", odd, NULL, INION_ORIGIN_FILE,
                                             -INFINITY, NULL);

  g_assert_cmpint (inion_annotation_get_end_ns (a), ==, G_MAXINT64);
  g_assert_cmpstr (inion_annotation_get_label (a), ==, "");
  g_assert_cmpstr (inion_annotation_get_rater (a), ==, "");
  g_assert_null (inion_annotation_get_channels (a));
  g_assert_null (inion_annotation_get_comment (a));
  g_assert_cmpfloat (inion_annotation_get_confidence (a), ==, 1.0);
  g_assert_true (inion_annotation_is_suggestion (a));
  g_assert_true (inion_annotation_covers_channel (a, "Cz"));
  g_assert_cmpint (inion_annotation_get_duration_ns (b), ==, 0);
  g_assert_cmpfloat (inion_annotation_get_confidence (b), ==, 0.0);
  g_assert_true (g_utf8_validate (inion_annotation_get_label (b), -1, NULL));
  g_assert_cmpstr (inion_annotation_get_channels (b)[0], ==, "A B");
  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
}

static void
test_copies (void)
{
  g_autoptr (InionAnnotation) a = make_blink ();
  g_autoptr (InionAnnotation) same = make_blink ();
  g_autoptr (InionAnnotation) id = inion_annotation_copy_with_id (a, 8);
  g_autoptr (InionAnnotation) span = inion_annotation_copy_with_span (a, 10, 20);
  g_autoptr (InionAnnotation) label = inion_annotation_copy_with_label (a, "muscle");
  g_autoptr (InionAnnotation) origin = inion_annotation_copy_with_origin (a, INION_ORIGIN_ACCEPTED,
                                                                          "bob");
  g_autoptr (InionAnnotation) back = inion_annotation_copy_with_id (id, 7);

  g_assert_true (inion_annotation_equal (a, same));
  g_assert_true (inion_annotation_equal (a, back));
  g_assert_false (inion_annotation_equal (a, id));
  g_assert_false (inion_annotation_equal (a, span));
  g_assert_false (inion_annotation_equal (a, label));
  g_assert_false (inion_annotation_equal (a, origin));
  g_assert_cmpint (inion_annotation_get_id (id), ==, 8);
  g_assert_cmpint (inion_annotation_get_id (span), ==, 7);
  g_assert_cmpint (inion_annotation_get_end_ns (span), ==, 30);
  g_assert_cmpstr (inion_annotation_get_label (label), ==, "muscle");
  g_assert_cmpstr (inion_annotation_get_rater (origin), ==, "bob");
  g_assert_cmpint (inion_annotation_get_origin (origin), ==, INION_ORIGIN_ACCEPTED);
}

static void
test_equal_channels (void)
{
  const char *one[] = { "A", NULL }, *two[] = { "A", "B", NULL };
  g_autoptr (InionAnnotation) a = inion_annotation_new (1, 0, 0, "x", one, NULL, 0, 0.5, NULL);
  g_autoptr (InionAnnotation) b = inion_annotation_new (1, 0, 0, "x", two, NULL, 0, 0.5, NULL);
  g_autoptr (InionAnnotation) c = inion_annotation_new (1, 0, 0, "x", NULL, NULL, 0, 0.5, NULL);
  g_autoptr (InionAnnotation) d = inion_annotation_new (1, 0, 0, "x", one, NULL, 0, NAN, NULL);
  g_autoptr (InionAnnotation) e = inion_annotation_new (1, 0, 0, "x", one, NULL, 0, 0.25, NULL);

  g_assert_false (inion_annotation_equal (a, b));
  g_assert_false (inion_annotation_equal (a, c));
  g_assert_false (inion_annotation_equal (a, d));
  g_assert_false (inion_annotation_equal (a, e));
}

static void
test_origin_names (void)
{
  for (int i = INION_ORIGIN_FILE; i <= INION_ORIGIN_ACCEPTED; i++)
    {
      InionOrigin origin = (InionOrigin) -1;

      g_assert_true (inion_origin_from_string (inion_origin_to_string ((InionOrigin) i), &origin));
      g_assert_cmpint (origin, ==, i);
    }
  g_assert_false (inion_origin_from_string ("nobody", &(InionOrigin) { 0 }));
  g_assert_false (inion_origin_from_string (NULL, &(InionOrigin) { 0 }));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/annotation/fields", test_fields);
  g_test_add_func ("/annotation/annotation/odd-input", test_odd_input);
  g_test_add_func ("/annotation/annotation/copies", test_copies);
  g_test_add_func ("/annotation/annotation/equal-channels", test_equal_channels);
  g_test_add_func ("/annotation/annotation/origin-names", test_origin_names);
  return g_test_run ();
}
