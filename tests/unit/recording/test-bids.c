/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/bids.h"
#include "recording/edited-recording.h"

#include "export-tools.h"

#include <string.h>

static InionRecording *
make_source (void)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2020, 3, 1, 23, 0, 0);
  InionMemoryRecording *recording = inion_memory_recording_new (100, start);
  double samples[1000];

  for (guint i = 0; i < 1000; i++)
    samples[i] = 50 * sin (i * 0.1);
  inion_memory_recording_add_channel (recording, "Fp1", "µV", samples, 1000);
  inion_memory_recording_add_channel (recording, "Cz", "µV", samples, 1000);
  inion_memory_recording_add_channel (recording, "X1", "µV", samples, 1000);
  inion_memory_recording_add_event (recording, 1000000000, -1, "S  1");
  inion_memory_recording_add_event (recording, 2000000000, 500000000, "S  2");
  return INION_RECORDING (recording);
}

/* Writes a data set into a folder; returns the data file. */
static char *
write_set (const char *folder,
           const char *names_text)
{
  g_autoptr (InionRecording) source = make_source ();
  g_autoptr (InionExport) export_ = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (InionBidsNames) names = inion_bids_names_parse (names_text, &error);
  g_autoptr (GPtrArray) notes = NULL;
  char *path = NULL;

  g_assert_no_error (error);
  g_assert_true (inion_recording_load_events (source, NULL, NULL));
  export_ = inion_export_new (source);
  g_assert_true (inion_bids_write (export_, source, folder, names, NULL, &notes, &path, &error));
  g_assert_no_error (error);
  return path;
}

static void
put (const char *folder,
     const char *name,
     const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
get (const char *folder,
     const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static gboolean
has_fault (InionRecording *recording,
           const char     *part)
{
  GPtrArray *faults = inion_recording_get_faults (recording);

  for (guint i = 0; i < faults->len; i++)
    if (strstr (((InionFault *) faults->pdata[i])->message, part) != NULL)
      return TRUE;
  return FALSE;
}

static InionRecording *
open_events (const char *path)
{
  g_autoptr (GError) error = NULL;
  InionRecording *recording = inion_recording_open (path, &error);

  g_assert_no_error (error);
  g_assert_true (inion_recording_load_events (recording, NULL, &error));
  return recording;
}

static const InionChannelInfo *
info (InionRecording *recording,
      guint           index)
{
  return inion_channel_get_info (inion_recording_get_channel (recording, index));
}

static void
test_write (gconstpointer data)
{
  g_autofree char *names = g_strdup_printf ("sub=01,ses=a,task=rest,run=1,line=50,ref=Cz,format=%s",
                                            (const char *) data);
  char *folder = tools_make_folder ();
  g_autofree char *path = write_set (folder, names);
  g_autofree char *eeg = g_path_get_dirname (path);
  g_autofree char *json = get (eeg, "sub-01_ses-a_task-rest_run-1_eeg.json");
  g_autofree char *channels = get (eeg, "sub-01_ses-a_task-rest_run-1_channels.tsv");
  g_autofree char *events = get (eeg, "sub-01_ses-a_task-rest_run-1_events.tsv");
  g_autofree char *participants = get (folder, "participants.tsv");
  g_autofree char *description = get (folder, "dataset_description.json");
  g_autoptr (InionRecording) recording = open_events (path);

  g_assert_nonnull (strstr (json, "\"TaskName\": \"rest\""));
  g_assert_nonnull (strstr (json, "\"PowerLineFrequency\": 50"));
  g_assert_nonnull (strstr (json, "\"SamplingFrequency\": 100"));
  g_assert_true (g_str_has_prefix (channels, "name\ttype\tunits\tsampling_frequency\treference\tstatus\t"
                                             "status_description\nFp1\tEEG\tµV\t100\tCz\tgood\tn/a\n"));
  g_assert_nonnull (strstr (events, "onset\tduration\ttrial_type\tchannel\n"));
  g_assert_nonnull (strstr (events, "1.000000000\t"));
  g_assert_cmpstr (participants, ==, "participant_id\nsub-01\n");
  g_assert_nonnull (strstr (description, "BIDSVersion"));
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 3);
  g_assert_cmpstr (info (recording, 0)->reference, ==, "Cz");
  g_assert_nonnull (strstr (inion_recording_get_description (recording), "power line 50 Hz"));
  g_assert_false (has_fault (recording, "both"));
  tools_remove_folder (folder);
}

static void
test_refused (void)
{
  static const char *const bad[] = { "", "sub=01", "task=rest", "sub=0_1,task=rest", "sub=01,task=rest,x=1",
                                     "sub=01,task=rest,line=fifty", "sub=01,task", "sub=../x,task=rest" };
  char *folder = tools_make_folder ();
  g_autofree char *path = write_set (folder, "sub=01,task=rest,format=edf");
  g_autoptr (InionRecording) source = make_source ();
  g_autoptr (InionExport) export_ = inion_export_new (source);
  g_autoptr (InionBidsNames) names = inion_bids_names_parse ("sub=01,task=rest,format=edf", NULL);
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) local = NULL;

      g_assert_null (inion_bids_names_parse (bad[i], &local));
      g_assert_error (local, INION_ERROR, INION_ERROR_INVALID);
    }
  g_assert_false (inion_bids_write (export_, source, folder, names, NULL, &notes, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_null (notes);
  tools_remove_folder (folder);
}

/* Where one of the files cannot be written, none is, and no folder is left. */
static void
test_whole (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *eeg = g_build_filename (folder, "sub-02", "eeg", NULL);
  g_autofree char *dangling = g_build_filename (eeg, "sub-02_task-rest_eeg.edf", NULL);
  g_autoptr (InionRecording) source = make_source ();
  g_autoptr (InionExport) export_ = inion_export_new (source);
  g_autoptr (InionBidsNames) names = inion_bids_names_parse ("sub=02,task=rest,format=edf", NULL);
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *left = NULL;

  put (folder, "participants.tsv", "age\tparticipant_id\n7\tsub-01\n");
  g_assert_false (inion_bids_write (export_, source, folder, names, NULL, &notes, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "participants.tsv"));
  left = tools_list (folder);
  g_assert_cmpstr (left, ==, "participants.tsv");
  g_clear_error (&error);
  /* Data that are kept elsewhere are there all the same. */
  g_assert_cmpint (g_mkdir_with_parents (eeg, 0777), ==, 0);
  g_assert_cmpint (symlink ("../../.git/annex/objects/nowhere", dangling), ==, 0);
  put (folder, "participants.tsv", "participant_id\n");
  g_assert_false (inion_bids_write (export_, source, folder, names, NULL, &notes, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_pointer (&left, g_free);
  left = tools_list (eeg);
  g_assert_cmpstr (left, ==, "sub-02_task-rest_eeg.edf");
  tools_remove_folder (folder);
}

/* The electrodes of a subject that are there already stay, which is told. */
static void
test_electrodes_stay (void)
{
  static const double place[3] = { 0, 0.08, 0.03 };
  char *folder = tools_make_folder ();
  g_autofree char *path = write_set (folder, "sub=01,task=rest,format=edf");
  g_autofree char *eeg = g_path_get_dirname (path);
  g_autoptr (InionRecording) source = make_source ();
  g_autoptr (InionRecording) placed = NULL;
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
  InionChannelEdit *edit = inion_channel_edit_new (0);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  edit->has_position = edit->placed = TRUE;
  memcpy (edit->position, place, sizeof place);
  g_ptr_array_add (edits, edit);
  placed = inion_edited_recording_new (source, edits);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = g_strdup_printf ("sub=01,task=t%u,format=edf", i);
      g_autoptr (InionBidsNames) names = inion_bids_names_parse (text, NULL);
      g_autoptr (InionExport) export_ = inion_export_new (placed);
      g_autoptr (GPtrArray) notes = NULL;
      g_autoptr (GError) error = NULL;

      if (i == 1)
        {
          first = get (eeg, "sub-01_space-CapTrak_electrodes.tsv");
          g_assert_cmpstr (first, ==, "name\tx\ty\tz\nFp1\t0\t0.08\t0.03\n");
          put (eeg, "sub-01_space-CapTrak_electrodes.tsv", "name\tx\ty\tz\nFp1\t0\t0.09\t0\n");
        }
      inion_bids_write (export_, placed, folder, names, NULL, &notes, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (tools_has_note (notes, "stays as it is") == (i == 1));
    }
  second = get (eeg, "sub-01_space-CapTrak_electrodes.tsv");
  g_assert_cmpstr (second, ==, "name\tx\ty\tz\nFp1\t0\t0.09\t0\n");
  tools_remove_folder (folder);
}

/* What the data set says, with each contradiction named. */
static void
test_read (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = write_set (folder, "sub=01,task=rest,format=edf");
  g_autofree char *eeg = g_path_get_dirname (path);
  g_autoptr (InionRecording) recording = NULL;
  GPtrArray *events;

  put (eeg, "sub-01_task-rest_channels.tsv",
       "name\ttype\tunits\tsampling_frequency\tstatus\nFp1\tEOG\tuV\t100\tbad\nCz\tEEG\tuV\t250\tgood\n"
       "Q9\tEEG\tuV\t100\tgood\nZZ\tEEG\tuV\t100\tn/a\n");
  put (eeg, "sub-01_space-CTF_electrodes.tsv", "name\tx\ty\tz\nCz\t0\t0\t100\nFp1\t90\t30\t0\nX1\tn/a\tn/a\tn/a\n");
  put (eeg, "sub-01_space-CTF_coordsystem.json",
       "{\"EEGCoordinateSystem\": \"CTF\", \"EEGCoordinateUnits\": \"mm\"}");
  put (eeg, "sub-01_task-rest_events.tsv",
       "onset\tduration\ttrial_type\tvalue\n1.001\t0\tgo\t1\n5\tn/a\tn/a\t7\nx\t0\tgo\t1\n");
  put (folder, "participants.tsv", "participant_id\tage\tsex\tgroup\nsub-01\t34\tF\tcontrol\n");
  /* Inherited from the root; the nearer file wins for what both say. */
  put (folder, "task-rest_eeg.json", "{\"EEGReference\": \"linked ears\", \"PowerLineFrequency\": 60, "
                                     "\"TaskName\": \"other\"}");
  put (eeg, "sub-01_task-rest_eeg.json", "{\"TaskName\": \"rest\", \"SamplingFrequency\": 100}");
  put (eeg, "sub-02_task-rest_channels.tsv", "name\ttype\tunits\nFp1\tECG\tuV\n");
  recording = open_events (path);

  g_assert_cmpint (info (recording, 0)->kind, ==, INION_CHANNEL_EOG);
  g_assert_true (info (recording, 0)->bad);
  g_assert_false (info (recording, 1)->bad);
  g_assert_cmpstr (info (recording, 1)->reference, ==, "linked ears");
  g_assert_true (info (recording, 1)->has_position);
  g_assert_cmpfloat_with_epsilon (info (recording, 1)->position[2], 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (info (recording, 0)->position[0], -0.03, 1e-12);
  g_assert_cmpfloat_with_epsilon (info (recording, 0)->position[1], 0.09, 1e-12);
  g_assert_false (info (recording, 2)->has_position);
  g_assert_true (has_fault (recording, "250 Hz"));
  g_assert_true (has_fault (recording, "“Q9”"));
  g_assert_true (has_fault (recording, "no row for “X1”"));
  g_assert_true (has_fault (recording, "Line 4 has no onset"));
  g_assert_nonnull (strstr (inion_recording_get_description (recording),
                            "age 34, sex F, group control, task rest, power line 60 Hz"));
  events = inion_recording_get_events (recording);
  g_assert_cmpuint (events->len, ==, 3);
  g_assert_cmpstr (((InionEvent *) events->pdata[0])->text, ==, "go");
  g_assert_cmpint (((InionEvent *) events->pdata[0])->onset_ns, ==, 1001000000);
  g_assert_cmpstr (((InionEvent *) events->pdata[1])->text, ==, "S  2");
  g_assert_cmpstr (((InionEvent *) events->pdata[2])->text, ==, "7");
  g_assert_true (has_fault (recording, "2 events and the file 2; 1 are in both"));
  tools_remove_folder (folder);
}

/* The tables are no part of what a study finds its recording by, but of what results are bound to;
 * how they are written is neither. */
static void
test_fingerprints (void)
{
  static const char *const tables[] = {
    "name\ttype\tunits\tstatus\nFp1\tEEG\tuV\tgood\nCz\tEEG\tuV\tgood\nX1\tMISC\tuV\tn/a\n",
    "type\tname\tunits\r\nEEG\tCz\tuV\r\nEEG\tFp1\tuV\r\nMISC\tX1\tuV\r\n",
    "name\ttype\tunits\tstatus\nFp1\tEEG\tuV\tbad\nCz\tEEG\tuV\tgood\nX1\tMISC\tuV\tn/a\n",
    "name\ttype\tunits\tstatus\nFp1\tEOG\tuV\tgood\nCz\tEEG\tuV\tgood\nX1\tMISC\tuV\tn/a\n",
    "name\ttype\tunits\treference\nFp1\tEEG\tuV\tCz\nCz\tEEG\tuV\tCz\nX1\tMISC\tuV\tn/a\n",
  };
  char *folder = tools_make_folder ();
  g_autofree char *path = write_set (folder, "sub=01,task=rest,format=edf");
  g_autofree char *eeg = g_path_get_dirname (path);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *content = NULL;
  g_autofree char *quick = NULL;

  for (guint i = 0; i <= G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (InionRecording) recording = NULL;
      g_autofree char *content_now = NULL;
      g_autofree char *quick_now = NULL;
      gboolean is_new;

      put (eeg, "sub-01_task-rest_channels.tsv", tables[i % G_N_ELEMENTS (tables)]);
      if (i == G_N_ELEMENTS (tables))
        {
          put (eeg, "sub-01_space-CapTrak_electrodes.tsv", "name\tx\ty\tz\nCz\t0\t0\t0.1\n");
          put (eeg, "sub-01_space-CapTrak_coordsystem.json",
               "{\"EEGCoordinateSystem\": \"CapTrak\", \"EEGCoordinateUnits\": \"m\"}");
        }
      recording = inion_recording_open (path, NULL);
      content_now = inion_recording_dup_content_fingerprint (recording, NULL, NULL);
      quick_now = inion_recording_dup_quick_fingerprint (recording, NULL);
      if (content == NULL)
        {
          content = g_strdup (content_now);
          quick = g_strdup (quick_now);
        }
      g_assert_cmpstr (content, ==, content_now);
      g_assert_cmpstr (quick, ==, quick_now);
      is_new = g_hash_table_add (seen, inion_recording_dup_channels_fingerprint (recording));
      g_assert_true (is_new == (i != 1));
    }
  tools_remove_folder (folder);
}

/* What cannot be read is passed over and said; the recording opens all the same. */
static void
test_damaged (void)
{
  char *folder = tools_make_folder ();
  g_autofree char *path = write_set (folder, "sub=01,task=rest,format=edf");
  g_autofree char *eeg = g_path_get_dirname (path);
  g_autoptr (InionRecording) recording = NULL;

  put (eeg, "sub-01_task-rest_channels.tsv", "\xEF\xBB\xBFname,type\r\nFp1,BRAIN\r\n");
  put (eeg, "sub-01_electrodes.tsv", "name\tx\ty\tz\nCz\t0\t0\t0.1\n");
  put (eeg, "sub-01_task-rest_eeg.json", "{\"TaskName\": ");
  put (eeg, "sub-01_task-rest_events.tsv", "");
  recording = open_events (path);
  g_assert_true (has_fault (recording, "commas"));
  g_assert_true (has_fault (recording, "“BRAIN”"));
  g_assert_true (has_fault (recording, "Which way the axes go"));
  g_assert_true (has_fault (recording, "no JSON object"));
  g_assert_false (info (recording, 1)->has_position);
  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, 2);
  tools_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/recording/bids/write-edf", "edf", test_write);
  g_test_add_data_func ("/recording/bids/write-bdf", "bdf", test_write);
  g_test_add_data_func ("/recording/bids/write-brainvision", "vhdr", test_write);
  g_test_add_func ("/recording/bids/refused", test_refused);
  g_test_add_func ("/recording/bids/whole", test_whole);
  g_test_add_func ("/recording/bids/electrodes-stay", test_electrodes_stay);
  g_test_add_func ("/recording/bids/read", test_read);
  g_test_add_func ("/recording/bids/fingerprints", test_fingerprints);
  g_test_add_func ("/recording/bids/damaged", test_damaged);
  return g_test_run ();
}
