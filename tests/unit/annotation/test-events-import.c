/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "annotation/events-import.h"

static void
test_events (void)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  g_autoptr (GPtrArray) annotations = NULL;
  InionAnnotation *first, *second;

  g_ptr_array_add (events, inion_event_new (-5, -1, "start", -1));
  g_ptr_array_add (events, inion_event_new (10, 20, "T1", 3));
  annotations = inion_annotations_from_events (events);
  g_assert_cmpuint (annotations->len, ==, 2);
  first = annotations->pdata[0];
  second = annotations->pdata[1];
  g_assert_cmpint (inion_annotation_get_onset_ns (first), ==, -5);
  g_assert_cmpint (inion_annotation_get_duration_ns (first), ==, 0);
  g_assert_cmpstr (inion_annotation_get_label (first), ==, "start");
  g_assert_cmpint (inion_annotation_get_origin (first), ==, INION_ORIGIN_FILE);
  g_assert_cmpint (inion_annotation_get_duration_ns (second), ==, 20);
  g_assert_null (inion_annotation_get_channels (second));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/events-import/events", test_events);
  return g_test_run ();
}
