/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kills a program that is editing, 200 times or INION_KILLS, and looks at what it left.
 *
 * The child (this program, called with "--child") edits without pause and says on a pipe what it
 * did ("E sequence digest"), what was acknowledged ("A sequence"), and which choice made at opening
 * it kept last ("C number"). It is killed at a random moment. Then the study must open, must be whole, must hold everything that was acknowledged, and
 * be in the very state that the child was in after one of its edits. The next child goes on with
 * the same study, so that undo reaches back over the killing.
 */

#include "core/random.h"
#include "study/study-choices.h"
#include "study/study-store.h"
#include "data-home.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

#define N_KILLS 200
#define N_ROUNDS_A_STUDY 25
#define MAX_WAITING 4
#define RECORDING "/nowhere/recording.xdf" /* of which something is chosen */

typedef struct
{
  gint64 acknowledged;
  gint64 choice;      /* the last that was kept */
  GHashTable *states; /* sequence as text → digest */
  gboolean has_begun;
} Heard;

static char *
digest (InionStudy *study)
{
  GListModel *model = G_LIST_MODEL (inion_study_get_annotations (study));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (InionAnnotation) a = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                              " %s\n", inion_annotation_get_id (a),
                              inion_annotation_get_onset_ns (a),
                              inion_annotation_get_duration_ns (a), inion_annotation_get_label (a));
    }
  g_string_append_printf (text, "%s\n%s\n%s\n", inion_study_get_setting (study, "montage"),
                          inion_study_get_undo_title (study), inion_study_get_redo_title (study));
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text->str, -1);
}

/* A line goes out whole or not at all: no buffer of ours dies with the child. */
G_GNUC_PRINTF (1, 2)
static void
say (const char *format,
     ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  if (write (STDOUT_FILENO, line, strlen (line)) < 0)
    _exit (3);
}

static void
on_acknowledged (InionStudy *study,
                 gint64      seq,
                 gpointer    data)
{
  say ("A %" G_GINT64_FORMAT "\n", seq);
}

static void
on_edited (InionStudy *study,
           const char *title,
           gint64      seq,
           gpointer    data)
{
  g_autofree char *state = digest (study);

  say ("E %" G_GINT64_FORMAT " %s\n", seq, state);
}

static void
mark (InionStudy  *study,
      InionRandom *random)
{
  g_autoptr (InionAnnotation) annotation = NULL;

  annotation = inion_annotation_new (0, (gint64) inion_random_below (random, 1000),
                                     (gint64) inion_random_below (random, 100), "blink", NULL,
                                     "ada", INION_ORIGIN_PERSON, NAN,
                                     "a comment that takes some room");
  inion_study_add_annotation (study, annotation);
}

static void
change_one (InionStudy  *study,
            InionRandom *random,
            gboolean     remove)
{
  GListModel *model = G_LIST_MODEL (inion_study_get_annotations (study));
  guint n = g_list_model_get_n_items (model);
  g_autoptr (InionAnnotation) old = NULL;
  g_autoptr (InionAnnotation) new = NULL;

  if (n == 0)
    return;
  old = g_list_model_get_item (model, (guint) inion_random_below (random, n));
  new = inion_annotation_copy_with_span (old, (gint64) inion_random_below (random, 1000), 7);
  if (remove)
    inion_study_remove_annotation (study, inion_annotation_get_id (old));
  else
    inion_study_replace_annotation (study, new);
}

/* A row beside the journal: its number stands where the file's size would. */
static void
choose (InionStudy *study)
{
  static gint64 number;
  g_autoptr (InionChoice) choice = inion_choice_new_compatible ();

  choice->size = ++number;
  choice->fingerprint = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  if (!inion_study_keep_choice (study, RECORDING, choice, NULL))
    _exit (4);
  say ("C %" G_GINT64_FORMAT "\n", number);
}

static void
edit (InionStudy  *study,
      InionRandom *random)
{
  g_autofree char *value = g_strdup_printf ("%d", (int) inion_random_below (random, 1000));

  switch (inion_random_below (random, 11))
    {
    case 10:
      choose (study);
      break;
    case 0:
    case 1:
      inion_study_undo (study);
      break;
    case 2:
      inion_study_redo (study);
      break;
    case 3:
      inion_study_set_setting (study, "montage", value, NULL);
      break;
    case 4:
      inion_study_begin (study, "Many at once");
      for (int i = 0; i < 20; i++)
        mark (study, random);
      change_one (study, random, TRUE);
      inion_study_end (study);
      break;
    case 5:
      change_one (study, random, TRUE);
      break;
    case 6:
      change_one (study, random, FALSE);
      break;
    default:
      mark (study, random);
    }
}

static int
run_child (const char *path,
           const char *seed)
{
  g_autoptr (GError) error = NULL;
  InionStudy *study = inion_study_open (path, &error);
  InionRandom random;

  if (study == NULL || inion_study_is_read_only (study))
    return 2;
  inion_random_seed (&random, g_ascii_strtoull (seed, NULL, 10), 1);
  g_signal_connect (study, "acknowledged", G_CALLBACK (on_acknowledged), NULL);
  g_signal_connect (study, "edited", G_CALLBACK (on_edited), NULL);
  say ("B\n");
  for (;;)
    {
      edit (study, &random);
      while (inion_study_get_sequence (study) - inion_study_get_acknowledged (study) > MAX_WAITING)
        g_main_context_iteration (NULL, TRUE);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static void
hear (Heard      *heard,
      const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);

      if (g_str_equal (words[0], "B"))
        heard->has_begun = TRUE;
      else if (g_str_equal (words[0], "A"))
        heard->acknowledged = g_ascii_strtoll (words[1], NULL, 10);
      else if (g_str_equal (words[0], "C"))
        heard->choice = g_ascii_strtoll (words[1], NULL, 10);
      else
        g_hash_table_insert (heard->states, g_strdup (words[1]), g_strdup (words[2]));
    }
}

static void
run_and_kill (const char *path,
              guint64     seed,
              gulong      delay_us,
              Heard      *heard)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *seed_text = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--child", path,
                            seed_text, NULL);
  g_assert_no_error (error);
  g_usleep (delay_us);
  g_subprocess_force_exit (child);
  g_assert_true (g_subprocess_communicate_utf8 (child, NULL, NULL, &text, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_signaled (child));
  g_assert_cmpint (g_subprocess_get_term_sig (child), ==, SIGKILL);
  hear (heard, text);
}

/* The last choice of a child is there, whole, or the one after it. */
static void
check_choice (const char *path,
              gint64      heard)
{
  g_autoptr (InionStudyStore) store = _inion_study_store_open (path, FALSE, NULL);
  g_autoptr (InionChoice) choice = NULL;

  if (heard == 0)
    return;
  g_assert_nonnull (store);
  g_assert_true (_inion_study_store_load_choice (store, RECORDING, &choice, NULL));
  g_assert_nonnull (choice);
  g_assert_cmpint (choice->size, >=, heard);
  g_assert_cmpint (choice->size, <=, heard + 1);
  g_assert_cmpint (g_ascii_strtoll (choice->fingerprint, NULL, 10), ==, choice->size);
}

/* Looks at what a killed child left. Returns whether its last state was known. */
static gboolean
check (const char  *path,
       const Heard *heard,
       GArray      *times_ms)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL, *state = NULL, *sequence = NULL;
  const char *expected;
  gint64 began = g_get_monotonic_time ();
  InionStudy *study = inion_study_open (path, &error);
  double ms = (double) (g_get_monotonic_time () - began) / 1e3;

  g_array_append_val (times_ms, ms);
  g_assert_no_error (error);
  g_assert_false (inion_study_is_read_only (study)); /* no lock outlives its holder */
  g_assert_cmpint (inion_study_get_sequence (study), >=, heard->acknowledged);
  sequence = g_strdup_printf ("%" G_GINT64_FORMAT, inion_study_get_sequence (study));
  expected = g_hash_table_lookup (heard->states, sequence);
  state = digest (study);
  if (expected != NULL)
    g_assert_cmpstr (state, ==, expected);
  g_assert_true (inion_study_verify (path, &report, &error));
  g_assert_no_error (error);
  check_choice (path, heard->choice);
  g_assert_finalize_object (study);
  return expected != NULL;
}

static void
remove_study (const char *path)
{
  g_autofree char *lock = g_strconcat (path, "-lock", NULL);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  g_unlink (path);
  g_unlink (lock);
  g_unlink (journal);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
tell_times (GArray *times_ms)
{
  const double *sorted = (const double *) (void *) times_ms->data;

  g_array_sort (times_ms, compare_doubles);
  g_test_message ("opening again: median %.1f ms, 99 %% within %.1f ms, longest %.1f ms",
                  sorted[times_ms->len / 2], sorted[times_ms->len * 99 / 100],
                  sorted[times_ms->len - 1]);
}

static void
test_kill (void)
{
  const char *wish = g_getenv ("INION_KILLS");
  int n_kills = wish != NULL ? (int) g_ascii_strtoll (wish, NULL, 10) : N_KILLS;
  g_autoptr (GArray) times_ms = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 n_choices = 0;
  g_autofree char *folder = g_dir_make_tmp ("inion-kill-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "test.inion", NULL);
  g_autoptr (GHashTable) states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Heard heard = { 0, 0, states, FALSE };
  InionRandom random;
  guint n_begun = 0, n_known = 0;
  gint64 n_acknowledged = 0;

  inion_random_seed (&random, 1, 0);
  for (int i = 0; i < n_kills; i++)
    {
      gulong delay_us = inion_random_below (&random, 10) == 0
                        ? inion_random_below (&random, 8000)
                        : 10000 + inion_random_below (&random, 120000);

      if (i % N_ROUNDS_A_STUDY == 0)
        {
          n_acknowledged += heard.acknowledged;
          heard.acknowledged = 0;
          g_hash_table_remove_all (states);
          remove_study (path);
        }
      heard.has_begun = FALSE;
      heard.choice = 0;
      run_and_kill (path, (guint64) i, delay_us, &heard);
      n_begun += heard.has_begun;
      n_choices += heard.choice;
      n_known += check (path, &heard, times_ms);
    }
  n_acknowledged += heard.acknowledged;
  g_test_message ("%d kills, %u of them while editing; %" G_GINT64_FORMAT
                  " edits and %" G_GINT64_FORMAT " choices acknowledged, none lost; the exact state "
                  "was known %u times", n_kills, n_begun, n_acknowledged, n_choices, n_known);
  tell_times (times_ms);
  g_assert_cmpuint (n_begun, >, (guint) n_kills / 4);
  g_assert_cmpuint (n_known, >, (guint) n_kills / 4);
  g_assert_cmpint (n_acknowledged, >, n_kills);
  g_assert_cmpint (n_choices, >, 0);
  remove_study (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/study-kill/kill", test_kill);
  return run_with_data_home ();
}
