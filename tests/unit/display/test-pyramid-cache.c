/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display-fixture.h"

#include <fcntl.h>
#include <unistd.h>

#define RECORDS 900

static const InionDisplayFilter clinical = { 0.5, 70, 0, INION_PHASE_CAUSAL };

typedef struct
{
  char *directory;
  char *cache_dir;
  char *path;
  InionRecording *recording;
  InionShownSignal *signal;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  static const char *const labels[] = { "EEG Fp1-Ref", "EEG Cz-Ref", "SpO2" };
  static const guint samples[] = { 128, 128, 1 };
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("inion-cache-XXXXXX", &error);
  g_assert_no_error (error);
  self->cache_dir = g_build_filename (self->directory, "below", "pyramids", NULL);
  self->path = fixture_write_edf (self->directory, labels, samples, 3, RECORDS);
  self->recording = inion_recording_open (self->path, &error);
  g_assert_no_error (error);
  self->signal = fixture_signal (self->recording, "as-recorded", clinical);
}

static void
remove_all (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_all (path);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_clear_object (&self->signal);
  g_clear_object (&self->recording);
  remove_all (self->directory);
  g_free (self->directory);
  g_free (self->cache_dir);
  g_free (self->path);
}

/* The pyramids in the cache; (nullable) only: where there is exactly one, its path. */
static guint
list_cache (Fixture  *self,
            char    **only)
{
  g_autoptr (GDir) dir = g_dir_open (self->cache_dir, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_assert_true (g_str_has_suffix (name, ".pyr"));
      if (n++ == 0 && only != NULL)
        *only = g_build_filename (self->cache_dir, name, NULL);
    }
  return n;
}

static void
check_bins (Fixture      *self,
            InionPyramid *pyramid)
{
  for (guint d = 0; d < 3; d++)
    {
      g_autofree float *x = fixture_read_all (self->signal, d);
      gint64 n = fixture_length (self->signal, d);

      for (gint64 size = inion_pyramid_get_base_bin (pyramid, d); size < 4 * n; size *= 2)
        {
          gsize n_bins = (gsize) ((n + size - 1) / size);
          g_autofree InionMinMax *bins = g_new0 (InionMinMax, n_bins);

          g_assert_true (inion_pyramid_query (pyramid, d, 0, size, n_bins, bins));
          for (gsize k = 0; k < n_bins; k++)
            fixture_assert_bin (bins[k], fixture_bin (x, n, (gint64) k, size));
        }
    }
}

static void
build_and_check (Fixture *self)
{
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (self->signal, self->cache_dir);

  fixture_build (pyramid);
  check_bins (self, pyramid);
}

static ino_t
get_inode (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_ino;
}

/* The second time the file is read, not written. */
static void
test_round_trip (Fixture       *self,
                 gconstpointer  data)
{
  g_autofree char *file = NULL;
  ino_t inode;

  build_and_check (self);
  g_assert_cmpuint (list_cache (self, &file), ==, 1);
  inode = get_inode (file);
  build_and_check (self);
  g_assert_cmpuint (list_cache (self, NULL), ==, 1);
  g_assert_cmpuint (get_inode (file), ==, inode);
}

/* The recording's middle changes behind the back of the fingerprint: the bins of the cache show
 * that the samples were not read again. */
static void
test_is_used (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr (InionPyramid) first = inion_pyramid_new (self->signal, self->cache_dir);
  g_autoptr (InionPyramid) second = NULL;
  g_autofree guint8 *nothing = g_malloc0 (50000);
  struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
  InionMinMax before[4000], after[4000];
  GStatBuf info;
  int fd;

  fixture_build (first);
  g_assert_true (inion_pyramid_query (first, 0, 0, 16, 4000, before));
  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  times[1] = info.st_mtim;
  fd = g_open (self->path, O_WRONLY, 0);
  g_assert_cmpint (pwrite (fd, nothing, 50000, info.st_size / 2), ==, 50000);
  g_assert_cmpint (futimens (fd, times), ==, 0);
  g_assert_true (g_close (fd, NULL));

  g_clear_object (&self->signal);
  g_clear_object (&self->recording);
  self->recording = inion_recording_open (self->path, NULL);
  self->signal = fixture_signal (self->recording, "as-recorded", clinical);
  second = inion_pyramid_new (self->signal, self->cache_dir);
  fixture_build (second);
  g_assert_true (inion_pyramid_query (second, 0, 0, 16, 4000, after));
  g_assert_cmpmem (before, sizeof (before), after, sizeof (after));
  g_clear_object (&second);
  second = inion_pyramid_new (self->signal, "");
  fixture_build (second);
  g_assert_true (inion_pyramid_query (second, 0, 0, 16, 4000, after));
  g_assert_cmpint (memcmp (before, after, sizeof (before)), !=, 0);
}

/* A file that lost its samples: an error that says so, and what was there before stays. */
static void
test_unreadable (Fixture       *self,
                 gconstpointer  data)
{
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (self->signal, "");
  g_autoptr (InionJob) job = inion_pyramid_new_job (pyramid);
  g_autoptr (InionPyramid) result = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_open (self->path, O_WRONLY, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, 2000), ==, 0);
  g_assert_true (g_close (fd, NULL));
  result = inion_job_run (job, &error);
  g_assert_null (result);
  g_assert_nonnull (error);
  g_assert_false (inion_pyramid_is_complete (pyramid));
}

static void
test_other_filter (Fixture       *self,
                   gconstpointer  data)
{
  build_and_check (self);
  g_clear_object (&self->signal);
  self->signal = fixture_signal (self->recording, "as-recorded", (InionDisplayFilter) { 0 });
  build_and_check (self);
  g_assert_cmpuint (list_cache (self, NULL), ==, 2);
}

/* However a file is damaged, it is made again and the bins are right. */
static void
test_damaged (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *file = NULL;
  g_autofree char *good = NULL;
  g_autoptr (GError) error = NULL;
  InionRandom random;
  gsize n;

  build_and_check (self);
  g_assert_cmpuint (list_cache (self, &file), ==, 1);
  g_assert_true (g_file_get_contents (file, &good, &n, &error));
  inion_random_seed (&random, 3, 0);
  for (int i = 0; i < 60; i++)
    {
      g_autofree char *bad = g_malloc0 (n + 8);
      g_autofree char *again = NULL;
      gsize at = i < 30 ? (gsize) i * 5 : (gsize) inion_random_below (&random, n);
      gsize n_again;

      memcpy (bad, good, n);
      if (i % 3 == 0)
        g_file_set_contents (file, bad, (gssize) at, &error);
      else if (i % 10 == 1)
        g_file_set_contents (file, bad, (gssize) n + 8, &error);
      else
        {
          bad[at] ^= (char) (1 << (i % 8));
          g_file_set_contents (file, bad, (gssize) n, &error);
        }
      g_assert_no_error (error);
      build_and_check (self);
      g_assert_true (g_file_get_contents (file, &again, &n_again, &error));
      g_assert_cmpmem (again, n_again, good, n);
    }
}

static void
test_cannot_write (Fixture       *self,
                   gconstpointer  data)
{
  /* A file stands where the folder should be. */
  g_autofree char *below = g_path_get_dirname (self->cache_dir);

  g_assert_true (g_file_set_contents (below, "x", 1, NULL));
  build_and_check (self);
  g_assert_true (g_file_test (below, G_FILE_TEST_IS_REGULAR));
}

/* The oldest pyramids go when all together are beyond 1 GiB; other files stay. */
static void
test_bounded (Fixture       *self,
              gconstpointer  data)
{
  static const struct
  {
    const char *name;
    gint64 n_bytes;
    gint64 age_s;
    gboolean stays;
  } files[] = {
    { "old.pyr", 700 << 20, 3000, FALSE },
    { "new.pyr", 700 << 20, 1000, TRUE },
    { "left.pyr.tmp-abcdef", 100, 200000, FALSE },
    { "being-written.pyr.tmp-abcdef", 100, 10, TRUE },
    { "readme.txt", 10, 9000, TRUE },
  };

  g_assert_cmpint (g_mkdir_with_parents (self->cache_dir, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (self->cache_dir, files[i].name, NULL);
      struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
      int fd = g_creat (path, 0600);

      g_assert_cmpint (ftruncate (fd, files[i].n_bytes), ==, 0);
      times[1].tv_sec = g_get_real_time () / G_USEC_PER_SEC - files[i].age_s;
      g_assert_cmpint (futimens (fd, times), ==, 0);
      g_assert_true (g_close (fd, NULL));
    }
  build_and_check (self);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (self->cache_dir, files[i].name, NULL);

      g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, files[i].stays);
    }
}

static void
test_none (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr (InionPyramid) pyramid = inion_pyramid_new (self->signal, "");

  fixture_build (pyramid);
  g_assert_cmpuint (list_cache (self, NULL), ==, 0);
}

#define ADD(path, func) \
  g_test_add ("/display/pyramid-cache/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  ADD ("round-trip", test_round_trip);
  ADD ("is-used", test_is_used);
  ADD ("unreadable", test_unreadable);
  ADD ("other-filter", test_other_filter);
  ADD ("damaged", test_damaged);
  ADD ("cannot-write", test_cannot_write);
  ADD ("bounded", test_bounded);
  ADD ("none", test_none);
  return g_test_run ();
}
