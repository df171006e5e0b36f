/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view state with a recording in memory and a study in a folder of the test's own. */

#pragma once

#include "recording/memory-recording.h"
#include "widgets/view-state.h"

#include <glib/gstdio.h>
#include <math.h>

typedef struct
{
  InionViewState *state;
  char *folder;
  char *study_path;
  GHashTable *notified;     /* name → how often */
} Fixture;

static inline void
fixture_remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        fixture_remove_tree (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

/* A minute of eight channels at 100 Hz. start: ISO 8601, or NULL where it is not known. */
static inline InionRecording *
fixture_recording (const char *start)
{
  static const char *const labels[] = { "Fp1", "Fp2", "F3", "F4", "C3", "C4", "O1", "O2" };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) when = start != NULL ? g_date_time_new_from_iso8601 (start, zone) : NULL;
  InionMemoryRecording *recording = inion_memory_recording_new (100, when);
  g_autofree double *x = g_new (double, 6000);

  for (gsize c = 0; c < G_N_ELEMENTS (labels); c++)
    {
      for (int i = 0; i < 6000; i++)
        x[i] = 40 * sin (2 * G_PI * (c + 1.0) * i / 100.0);
      inion_memory_recording_add_channel (recording, labels[c], "µV", x, 6000);
    }
  return INION_RECORDING (recording);
}

static inline void
fixture_on_notify (GObject    *object,
                   GParamSpec *pspec,
                   GHashTable *notified)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (notified, pspec->name));

  g_hash_table_insert (notified, (gpointer) pspec->name, GUINT_TO_POINTER (n + 1));
}

static inline guint
fixture_take_notified (Fixture    *self,
                       const char *name)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->notified, name));

  g_hash_table_remove (self->notified, name);
  return n;
}

static inline Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->folder = g_dir_make_tmp ("inion-widgets-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->study_path = g_build_filename (self->folder, "test.inion", NULL);
  self->notified = g_hash_table_new (g_str_hash, g_str_equal);
  self->state = inion_view_state_new ();
  g_signal_connect (self->state, "notify", G_CALLBACK (fixture_on_notify), self->notified);
  return self;
}

static inline void
fixture_open (Fixture    *self,
              const char *start)
{
  g_autoptr (InionRecording) recording = fixture_recording (start);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionStudy) study = inion_study_open (self->study_path, &error);

  g_assert_no_error (error);
  inion_view_state_open (self->state, recording, study);
  g_hash_table_remove_all (self->notified);
}

#define fixture_wait_until(condition) G_STMT_START {                                              \
  gint64 deadline_ = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                               \
  while (!(condition) && g_get_monotonic_time () < deadline_)                                     \
    g_main_context_iteration (NULL, g_main_context_pending (NULL));                               \
  g_assert_true (condition);                                                                      \
} G_STMT_END

static inline void
fixture_wait_jobs (Fixture *self)
{
  fixture_wait_until (
    g_list_model_get_n_items (G_LIST_MODEL (inion_view_state_get_jobs (self->state))) == 0);
}

/* Proves that with its last owner an object goes; jobs let go of it within a moment. */
static inline void
fixture_assert_gone (gpointer object)
{
  gpointer weak = object;

  g_object_add_weak_pointer (object, &weak);
  g_object_unref (object);
  fixture_wait_until (weak == NULL);
}

static inline void
fixture_free (Fixture *self)
{
  g_signal_handlers_disconnect_by_data (self->state, self->notified);
  inion_view_state_close (self->state);
  fixture_assert_gone (self->state);
  g_hash_table_unref (self->notified);
  fixture_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->study_path);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* Runs the tests with folders of their own for data and cache: before anybody asks for those. */
static inline int
fixture_run (void)
{
  g_autofree char *home = g_dir_make_tmp ("inion-home-XXXXXX", NULL);
  int result;

  g_assert_nonnull (home);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_CACHE_HOME", home, TRUE);
  result = g_test_run ();
  fixture_remove_tree (home);
  return result;
}
