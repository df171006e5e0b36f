/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks that fail: the n-th write, sync, truncation or removal, for n = 1, 2, 3 … until none is
 * left to fail. What was acknowledged must be in the file, the file must be whole, and trying again
 * must bring everything there. (The method is SQLite's own.) */

#include "annotation/table.h"
#include "core/error.h"
#include "study/study.h"
#include "data-home.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* A layer between SQLite and the disk that counts calls. */
typedef struct
{
  sqlite3_file base;
  sqlite3_file *real;
} FaultFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;
static int calls_left;    /* until the fault; negative: none */
static gboolean is_stuck; /* all calls after it fail as well, as on a full disk */
static gboolean has_failed;

static int
fail_now (int code)
{
  int result = SQLITE_OK;

  if (g_atomic_int_get (&calls_left) == 0)
    {
      g_atomic_int_set (&has_failed, TRUE);
      result = code;
      if (!is_stuck)
        g_atomic_int_set (&calls_left, -1);
    }
  else if (g_atomic_int_get (&calls_left) > 0)
    g_atomic_int_add (&calls_left, -1);
  return result;
}

static sqlite3_file *
real_of (sqlite3_file *file)
{
  return ((FaultFile *) file)->real;
}

static int
fault_close (sqlite3_file *file)
{
  int result = real_of (file)->pMethods->xClose (real_of (file));

  g_free (real_of (file));
  return result;
}

static int
fault_read (sqlite3_file *file,
            void         *data,
            int           n,
            sqlite3_int64 offset)
{
  return real_of (file)->pMethods->xRead (real_of (file), data, n, offset);
}

static int
fault_write (sqlite3_file *file,
             const void   *data,
             int           n,
             sqlite3_int64 offset)
{
  int result = fail_now (SQLITE_FULL);

  /* A write that fails may have happened in part. */
  if (result != SQLITE_OK)
    {
      real_of (file)->pMethods->xWrite (real_of (file), data, n / 2, offset);
      return result;
    }
  return real_of (file)->pMethods->xWrite (real_of (file), data, n, offset);
}

static int
fault_truncate (sqlite3_file *file,
                sqlite3_int64 size)
{
  int result = fail_now (SQLITE_IOERR_TRUNCATE);

  return result != SQLITE_OK ? result : real_of (file)->pMethods->xTruncate (real_of (file), size);
}

static int
fault_sync (sqlite3_file *file,
            int           flags)
{
  /* The machine stays up: nothing has to reach the disk, which saves minutes. */
  return fail_now (SQLITE_IOERR_FSYNC);
}

static int
fault_file_size (sqlite3_file  *file,
                 sqlite3_int64 *size)
{
  return real_of (file)->pMethods->xFileSize (real_of (file), size);
}

static int
fault_lock (sqlite3_file *file,
            int           level)
{
  return real_of (file)->pMethods->xLock (real_of (file), level);
}

static int
fault_unlock (sqlite3_file *file,
              int           level)
{
  return real_of (file)->pMethods->xUnlock (real_of (file), level);
}

static int
fault_check_lock (sqlite3_file *file,
                  int          *result)
{
  return real_of (file)->pMethods->xCheckReservedLock (real_of (file), result);
}

static int
fault_control (sqlite3_file *file,
               int           op,
               void         *data)
{
  return real_of (file)->pMethods->xFileControl (real_of (file), op, data);
}

static int
fault_sector_size (sqlite3_file *file)
{
  return real_of (file)->pMethods->xSectorSize (real_of (file));
}

static int
fault_traits (sqlite3_file *file)
{
  return real_of (file)->pMethods->xDeviceCharacteristics (real_of (file));
}

static const sqlite3_io_methods fault_methods = {
  .iVersion = 1,
  .xClose = fault_close,
  .xRead = fault_read,
  .xWrite = fault_write,
  .xTruncate = fault_truncate,
  .xSync = fault_sync,
  .xFileSize = fault_file_size,
  .xLock = fault_lock,
  .xUnlock = fault_unlock,
  .xCheckReservedLock = fault_check_lock,
  .xFileControl = fault_control,
  .xSectorSize = fault_sector_size,
  .xDeviceCharacteristics = fault_traits,
};

static int
fault_open (sqlite3_vfs  *vfs,
            const char   *name,
            sqlite3_file *file,
            int           flags,
            int          *out_flags)
{
  FaultFile *self = (FaultFile *) file;
  int result;

  file->pMethods = NULL;
  self->real = g_malloc0 ((gsize) real_vfs->szOsFile);
  result = real_vfs->xOpen (real_vfs, name, self->real, flags, out_flags);
  if (result == SQLITE_OK)
    file->pMethods = &fault_methods;
  else
    g_free (self->real);
  return result;
}

static int
fault_delete (sqlite3_vfs *vfs,
              const char  *name,
              int          sync)
{
  int result = fail_now (SQLITE_IOERR_DELETE);

  return result != SQLITE_OK ? result : real_vfs->xDelete (real_vfs, name, FALSE);
}

static void
install_faults (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  fault_vfs = *real_vfs;
  fault_vfs.pNext = NULL;
  fault_vfs.zName = "faults";
  fault_vfs.szOsFile = sizeof (FaultFile);
  fault_vfs.xOpen = fault_open;
  fault_vfs.xDelete = fault_delete;
  g_assert_cmpint (sqlite3_vfs_register (&fault_vfs, TRUE), ==, SQLITE_OK);
  calls_left = -1;
}

static void
heal (void)
{
  g_atomic_int_set (&calls_left, -1);
}

static guint
get_size (InionStudy *study)
{
  return inion_annotation_set_get_size (inion_study_get_annotations (study));
}

static gint64
mark (InionStudy *study,
      const char *label)
{
  g_autoptr (InionAnnotation) annotation = NULL;

  annotation = inion_annotation_new (0, 5, 0, label, NULL, NULL, INION_ORIGIN_PERSON, NAN, NULL);
  return inion_study_add_annotation (study, annotation);
}

static void
on_write_failed (InionStudy *study,
                 GError     *error,
                 gpointer    data)
{
  g_assert_nonnull (error);
  ++*(guint *) data;
}

/* Six things; after k of them there are so many annotations. */
static const guint sizes[] = { 10, 11, 12, 11, 12, 512, 511 };

static void
do_things (InionStudy *study)
{
  g_autoptr (GPtrArray) many = g_ptr_array_new_with_free_func (g_object_unref);

  mark (study, "a");
  mark (study, "b");
  inion_study_undo (study);
  inion_study_redo (study);
  for (int i = 0; i < 500; i++)
    g_ptr_array_add (many, inion_annotation_new (0, i, 1, "one of many, which fill some pages",
                                                 NULL, "ada", INION_ORIGIN_PERSON, NAN, NULL));
  inion_study_add_annotations (study, many);
  inion_study_remove_annotation (study, 3);
}

static void
check_file (const char *path,
            gint64      acknowledged)
{
  g_autoptr (GError) error = NULL;
  InionStudy *study = inion_study_open (path, &error);
  gint64 done;

  g_assert_no_error (error);
  done = inion_study_get_sequence (study) - 10;
  g_assert_cmpint (done, >=, acknowledged - 10);
  g_assert_cmpint (done, <=, (gint64) G_N_ELEMENTS (sizes) - 1);
  g_assert_cmpuint (get_size (study), ==, sizes[done]);
  g_assert_finalize_object (study);
  g_assert_true (inion_study_verify (path, NULL, &error));
  g_assert_no_error (error);
}

/* The edits that a full disk kept out of the study are in a table elsewhere. */
static void
check_rescued (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "inion", "rescued", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *path = NULL, *text = NULL;
  g_autoptr (GPtrArray) annotations = NULL;

  g_assert_nonnull (dir);
  path = g_build_filename (folder, g_dir_read_name (dir), NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  annotations = inion_annotations_from_text (text, -1, "tsv", NULL);
  g_assert_nonnull (annotations);
  g_assert_cmpuint (annotations->len, ==, sizes[6]);
  g_unlink (path);
}

/* One try with a fault at the n-th call. Returns whether there was a call to fail. */
static gboolean
try_fault (const char *path,
           int         n)
{
  g_autoptr (GError) error = NULL;
  InionStudy *study = inion_study_open (path, &error);
  guint n_failed = 0;
  gint64 acknowledged;
  gboolean failed;

  g_assert_no_error (error);
  for (int i = 0; i < 10; i++)
    mark (study, "before");
  g_assert_true (inion_study_flush (study, NULL));
  g_signal_connect (study, "write-failed", G_CALLBACK (on_write_failed), &n_failed);
  has_failed = FALSE;
  g_atomic_int_set (&calls_left, n);
  do_things (study);
  failed = !inion_study_flush (study, &error);
  g_assert_true (failed || error == NULL);
  g_assert_cmpuint (n_failed, ==, failed ? 1 : 0);
  g_assert_cmpint (inion_study_is_read_only (study), ==, failed);
  g_assert_cmpuint (get_size (study), ==, sizes[6]); /* memory keeps it all */
  acknowledged = inion_study_get_acknowledged (study);
  if (failed)
    {
      g_assert_cmpstr (inion_study_get_read_only_reason (study), ==, error->message);
      g_assert_cmpint (mark (study, "refused"), ==, 0);
      g_assert_cmpint (acknowledged, <, inion_study_get_sequence (study));
    }
  else
    g_assert_cmpint (acknowledged, ==, inion_study_get_sequence (study));
  if (failed && n % 2 == 0)
    {
      /* The disk has room again. */
      heal ();
      g_clear_error (&error);
      g_assert_true (inion_study_retry (study, &error));
      g_assert_no_error (error);
      g_assert_false (inion_study_is_read_only (study));
      acknowledged = inion_study_get_acknowledged (study);
      g_assert_cmpint (acknowledged, ==, inion_study_get_sequence (study));
    }
  /* Or the program ends while it has not. */
  g_assert_finalize_object (study);
  if (failed && n % 2 != 0 && is_stuck)
    check_rescued ();
  heal ();
  check_file (path, acknowledged);
  g_unlink (path);
  return has_failed;
}

static void
test_every_call (gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "test.inion", NULL);
  int n = 0;

  is_stuck = GPOINTER_TO_INT (data);
  while (try_fault (path, n))
    n++;
  g_test_message ("%d calls failed in turn", n);
  g_assert_cmpint (n, >, 50);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* The system's own limit, through to the disk. */
static void
test_file_size_limit (void)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "test.inion", NULL);
  g_autoptr (GError) error = NULL;
  InionStudy *study = inion_study_open (path, NULL);
  struct rlimit old, small;
  struct stat found;

  g_assert_nonnull (study);
  for (int i = 0; i < 10; i++)
    mark (study, "before");
  g_assert_true (inion_study_flush (study, NULL));
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (stat (path, &found), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = (rlim_t) found.st_size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  do_things (study);
  g_assert_false (inion_study_flush (study, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_clear_error (&error);
  g_assert_true (inion_study_retry (study, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (study);
  check_file (path, 16);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* The study says on every try what it could not do; the test asks for that elsewhere. */
static GLogWriterOutput
be_quiet (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         data)
{
  if (level & G_LOG_LEVEL_MESSAGE)
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (be_quiet, NULL, NULL);
  install_faults ();
  g_test_add_data_func ("/study/study-faults/one-call", GINT_TO_POINTER (FALSE), test_every_call);
  g_test_add_data_func ("/study/study-faults/full-disk", GINT_TO_POINTER (TRUE), test_every_call);
  g_test_add_func ("/study/study-faults/file-size-limit", test_file_size_limit);
  return run_with_data_home ();
}
