/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Montages that people wrote: kept, undone and redone across restarts, read without opening. */

#include "data-home.h"
#include "study/study-montages.h"

typedef struct
{
  char *folder;
  char *recording;
  InionStudy *study;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  fixture->recording = g_build_filename (fixture->folder, "a.edf", NULL);
  g_assert_true (g_file_set_contents (fixture->recording, "x", 1, NULL));
  fixture->study = inion_study_open_for_recording (fixture->recording, NULL);
  g_assert_nonnull (fixture->study);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *path = g_strdup (inion_study_get_path (fixture->study));

  inion_study_close (fixture->study);
  g_assert_finalize_object (fixture->study);
  g_assert_true (inion_study_verify (path, NULL, NULL));
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->recording);
}

static void
reopen (Fixture *fixture)
{
  inion_study_close (fixture->study);
  g_assert_finalize_object (fixture->study);
  fixture->study = inion_study_open_for_recording (fixture->recording, NULL);
  g_assert_nonnull (fixture->study);
}

/* "A=text|B=text" */
static void
assert_montages (Fixture    *fixture,
                 const char *expected)
{
  g_autoptr (GPtrArray) montages = inion_study_list_montages (fixture->study);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < montages->len; i++)
    {
      const InionOwnMontage *montage = montages->pdata[i];

      g_string_append_printf (text, "%s%s=%s", i > 0 ? "|" : "", montage->name, montage->text);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
count_change (InionStudy *study,
              const char *key,
              guint      *n)
{
  *n += g_str_equal (key, INION_STUDY_MONTAGES);
}

static void
test_edit (Fixture      *fixture,
           gconstpointer data)
{
  guint n = 0;
  g_autofree char *none = NULL, *text = NULL;

  g_signal_connect (fixture->study, "setting-changed", G_CALLBACK (count_change), &n);
  assert_montages (fixture, "");
  inion_study_set_montage (fixture->study, "Ward \"3\"", "C3-C4\n", "Montage Ward");
  inion_study_set_montage (fixture->study, "B", "Cz", "Montage B");
  g_assert_cmpuint (n, ==, 2);
  inion_study_set_montage (fixture->study, "B", "Cz", "Nothing new");
  inion_study_set_montage (fixture->study, "nobody", NULL, "Nothing to remove");
  g_assert_cmpuint (n, ==, 2);
  assert_montages (fixture, "Ward \"3\"=C3-C4\n|B=Cz");
  inion_study_set_montage (fixture->study, "Ward \"3\"", "C4-C3\n", "Montage Ward");
  assert_montages (fixture, "Ward \"3\"=C4-C3\n|B=Cz");
  text = inion_study_dup_montage (fixture->study, "B");
  none = inion_study_dup_montage (fixture->study, "C");
  g_assert_cmpstr (text, ==, "Cz");
  g_assert_null (none);
  reopen (fixture);
  assert_montages (fixture, "Ward \"3\"=C4-C3\n|B=Cz");
  g_assert_true (inion_study_undo (fixture->study));
  assert_montages (fixture, "Ward \"3\"=C3-C4\n|B=Cz");
  inion_study_set_montage (fixture->study, "Ward \"3\"", NULL, "Remove montage");
  assert_montages (fixture, "B=Cz");
  g_assert_true (inion_study_undo (fixture->study));
  assert_montages (fixture, "Ward \"3\"=C3-C4\n|B=Cz");
  g_assert_true (inion_study_redo (fixture->study));
  assert_montages (fixture, "B=Cz");
}

static void
test_read (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *none = NULL, *nowhere = NULL;

  inion_study_set_montage (fixture->study, "B", "Cz", "Montage B");
  g_assert_true (inion_study_flush (fixture->study, NULL));
  text = inion_study_read_montage (fixture->recording, "B", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "Cz");
  none = inion_study_read_montage (fixture->recording, "C", &error);
  g_assert_no_error (error);
  g_assert_null (none);
  nowhere = inion_study_read_montage ("/nowhere/x.edf", "B", &error);
  g_assert_no_error (error);
  g_assert_null (nowhere);
}

/* Whatever stands in the setting. */
static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  inion_study_set_setting (fixture->study, INION_STUDY_MONTAGES, "{\"montages\": [1, {}, "
                           "{\"name\": \"A\"}, {\"name\": \"\", \"text\": \"C3\"}, "
                           "{\"name\": \"B\", \"text\": \"C4\"}]}", "Damage");
  assert_montages (fixture, "B=C4");
  inion_study_set_setting (fixture->study, INION_STUDY_MONTAGES, "no JSON", "Damage");
  assert_montages (fixture, "");
  inion_study_set_montage (fixture->study, "B", "Cz", "Montage B");
  assert_montages (fixture, "B=Cz");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/study/montages/edit", Fixture, NULL, set_up, test_edit, tear_down);
  g_test_add ("/study/montages/read", Fixture, NULL, set_up, test_read, tear_down);
  g_test_add ("/study/montages/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  return run_with_data_home ();
}
