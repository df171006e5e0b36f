/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the study of a recording is found or made, and how it refers to it. */

#include "core/error.h"
#include "study/study.h"
#include "data-home.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *edf;
  char *bdf;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  fixture->edf = g_build_filename (fixture->folder, "S007R04.edf", NULL);
  fixture->bdf = g_build_filename (fixture->folder, "S007R04.bdf", NULL);
  g_assert_true (g_file_set_contents (fixture->edf, "edf", -1, NULL));
  g_assert_true (g_file_set_contents (fixture->bdf, "bdf", -1, NULL));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_chmod (fixture->folder, 0700);
  dir = g_dir_open (fixture->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->edf);
  g_free (fixture->bdf);
}

static InionStudy *
open_for (const char *recording)
{
  g_autoptr (GError) error = NULL;
  InionStudy *study = inion_study_open_for_recording (recording, &error);

  g_assert_no_error (error);
  g_assert_nonnull (study);
  return study;
}

static void
mark (InionStudy *study)
{
  g_autoptr (InionAnnotation) annotation = NULL;

  annotation = inion_annotation_new (0, 0, 0, "x", NULL, NULL, INION_ORIGIN_PERSON, 1.0, NULL);
  g_assert_cmpint (inion_study_add_annotation (study, annotation), >, 0);
}

static void
assert_name (InionStudy *study,
             const char *name)
{
  g_autofree char *base = g_path_get_basename (inion_study_get_path (study));

  g_assert_cmpstr (base, ==, name);
}

static void
test_names (Fixture      *fixture,
            gconstpointer data)
{
  for (int i = 0; i < 2; i++)
    {
      InionStudy *edf = open_for (fixture->edf);
      InionStudy *bdf = open_for (fixture->bdf);
      g_autofree char *recording = inion_study_dup_recording_path (bdf);

      assert_name (edf, "S007R04.inion");
      assert_name (bdf, "S007R04.bdf.inion");
      g_assert_cmpstr (recording, ==, fixture->bdf);
      g_assert_false (inion_study_is_read_only (bdf));
      g_assert_finalize_object (edf);
      g_assert_finalize_object (bdf);
    }
}

static void
test_no_recording (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (inion_study_open_for_recording ("/nowhere/x.edf", &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
}

static void
test_recording_changed (Fixture      *fixture,
                        gconstpointer data)
{
  InionStudy *study = open_for (fixture->edf);
  g_autoptr (GError) error = NULL;

  g_assert_false (inion_study_is_recording_changed (study));
  g_assert_null (inion_study_get_recording_fingerprint (study));
  g_assert_true (inion_study_set_recording_fingerprint (study, "f00d", &error));
  g_assert_finalize_object (study);
  study = open_for (fixture->edf);
  g_assert_false (inion_study_is_recording_changed (study));
  g_assert_cmpstr (inion_study_get_recording_fingerprint (study), ==, "f00d");
  g_assert_finalize_object (study);

  g_assert_true (g_file_set_contents (fixture->edf, "another edf", -1, NULL));
  for (int i = 0; i < 2; i++) /* it is said until somebody has looked */
    {
      study = open_for (fixture->edf);
      g_assert_true (inion_study_is_recording_changed (study));
      g_assert_finalize_object (study);
    }
  study = open_for (fixture->edf);
  g_assert_true (inion_study_set_recording_fingerprint (study, "beef", &error));
  g_assert_false (inion_study_is_recording_changed (study));
  g_assert_finalize_object (study);
  study = open_for (fixture->edf);
  g_assert_false (inion_study_is_recording_changed (study));
  g_assert_finalize_object (study);
}

/* The folder moves, and the study with it. */
static void
test_moved (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *moved = g_strconcat (fixture->folder, "-moved", NULL);
  g_autofree char *edf = g_build_filename (moved, "S007R04.edf", NULL);
  g_autofree char *recording = NULL;
  InionStudy *study = open_for (fixture->edf);

  mark (study);
  g_assert_finalize_object (study);
  g_assert_cmpint (g_rename (fixture->folder, moved), ==, 0);
  study = open_for (edf);
  recording = inion_study_dup_recording_path (study);
  g_assert_cmpstr (recording, ==, edf);
  g_assert_false (inion_study_is_recording_changed (study));
  g_assert_cmpuint (inion_annotation_set_get_size (inion_study_get_annotations (study)), ==, 1);
  g_assert_finalize_object (study);
  g_assert_cmpint (g_rename (moved, fixture->folder), ==, 0);
}

/* A folder that nobody, not even root, writes to. */
static void
test_unwritable (Fixture      *fixture,
                 gconstpointer data)
{
  InionStudy *study = open_for ("/proc/version");
  g_autofree char *recording = inion_study_dup_recording_path (study);

  g_assert_true (g_str_has_prefix (inion_study_get_path (study), g_get_user_data_dir ()));
  g_assert_true (g_str_has_suffix (inion_study_get_path (study), "-version.inion"));
  g_assert_cmpstr (recording, ==, "/proc/version");
  g_assert_false (inion_study_is_read_only (study));
  mark (study);
  g_assert_finalize_object (study);
  study = open_for ("/proc/version");
  g_assert_cmpuint (inion_annotation_set_get_size (inion_study_get_annotations (study)), ==, 1);
  g_assert_finalize_object (study);
}

/* A study that came with a read-only folder is continued in a copy. */
static void
test_adopted (Fixture      *fixture,
              gconstpointer data)
{
  InionStudy *study;
  InionAnnotationSet *set;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write to every folder");
      return;
    }
  study = open_for (fixture->edf);
  mark (study);
  g_assert_finalize_object (study);
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  for (guint i = 1; i <= 2; i++)
    {
      study = open_for (fixture->edf);
      set = inion_study_get_annotations (study);
      g_assert_true (g_str_has_prefix (inion_study_get_path (study), g_get_user_data_dir ()));
      g_assert_cmpuint (inion_annotation_set_get_size (set), ==, i);
      mark (study);
      g_assert_finalize_object (study);
    }
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
assert_found (const char *recording,
              const char *expected)
{
  g_autofree char *found = inion_study_find_for_recording (recording);

  g_assert_cmpstr (found, ==, expected);
}

/* What is found is what would be opened; looking for it makes nothing. */
static void
test_found (Fixture      *fixture,
            gconstpointer data)
{
  const char *const recordings[] = { fixture->edf, fixture->bdf, "/proc/cpuinfo" };
  guint n = count_files (fixture->folder);

  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = NULL;
      InionStudy *study;

      /* S007R04.inion is that of the .edf by now: the .bdf has none. */
      assert_found (recordings[i], NULL);
      g_assert_cmpuint (count_files (fixture->folder), ==, n);
      study = open_for (recordings[i]);
      path = g_strdup (inion_study_get_path (study));
      g_assert_finalize_object (study);
      n = count_files (fixture->folder);
      assert_found (recordings[i], path);
      g_assert_cmpuint (count_files (fixture->folder), ==, n);
    }
  assert_found ("/nowhere/x.edf", NULL);
}

/* Where nobody can write, a study that came along is found, until it is continued in a copy. */
static void
test_found_adopted (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *came = g_build_filename (fixture->folder, "S007R04.inion", NULL);
  InionStudy *study;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write to every folder");
      return;
    }
  study = open_for (fixture->edf);
  g_assert_finalize_object (study);
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  assert_found (fixture->edf, came);
  study = open_for (fixture->edf);
  assert_found (fixture->edf, inion_study_get_path (study));
  g_assert_true (g_str_has_prefix (inion_study_get_path (study), g_get_user_data_dir ()));
  g_assert_finalize_object (study);
}

static guint
count_snapshots (const char *path)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_strdup_printf ("%.16s-%s", hash, base);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "inion", "snapshots", name,
                                              NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *snapshot = g_build_filename (folder, file, NULL);

      g_assert_true (inion_study_verify (snapshot, NULL, NULL));
      n++;
    }
  return n;
}

static void
test_snapshots (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *path = NULL;
  static const guint expected[] = { 0, 1, 1, 2, 2 };

  for (guint i = 0; i < 5; i++) /* every second opening edits */
    {
      InionStudy *study = open_for (fixture->edf);

      if (i % 2 == 1)
        mark (study);
      g_free (path);
      path = g_strdup (inion_study_get_path (study));
      g_assert_finalize_object (study);
      g_assert_cmpuint (count_snapshots (path), ==, expected[i]);
    }
  for (guint i = 0; i < 15; i++)
    {
      InionStudy *study = open_for (fixture->edf);

      mark (study);
      g_assert_finalize_object (study);
    }
  g_assert_cmpuint (count_snapshots (path), ==, 10);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "names", test_names },
    { "no-recording", test_no_recording },
    { "recording-changed", test_recording_changed },
    { "moved", test_moved },
    { "unwritable", test_unwritable },
    { "adopted", test_adopted },
    { "found", test_found },
    { "found-adopted", test_found_adopted },
    { "snapshots", test_snapshots },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/study/study-path/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  return run_with_data_home ();
}
