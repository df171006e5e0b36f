/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scalp/montage-file.h"

#include "core/error.h"
#include "recording/memory-recording.h"

#include <glib/gstdio.h>
#include <string.h>

/* As EDFbrowser writes it. */
static const char *const edfbrowser =
  "<?xml version=\"1.0\"?>\n"
  "<EDFbrowser_montage>\n"
  "  <signalcomposition>\n"
  "    <alias>Left &lt;temporal&gt;</alias>\n"
  "    <num_of_signals>2</num_of_signals>\n"
  "    <voltpercm>70.000000</voltpercm>\n"
  "    <screen_offset>0.000000</screen_offset>\n"
  "    <polarity>-1</polarity>\n"
  "    <color>9</color>\n"
  "    <spike_filter_cnt>0</spike_filter_cnt>\n"
  "    <filter_cnt>1</filter_cnt>\n"
  "    <signal>\n"
  "      <label>EEG FP1         </label>\n"
  "      <factor>1.000000e+00</factor>\n"
  "    </signal>\n"
  "    <signal>\n"
  "      <label>EEG T3-Ref</label>\n"
  "      <factor>-5.000000e-01</factor>\n"
  "    </signal>\n"
  "    <filter>\n"
  "      <LPF>0</LPF>\n"
  "      <frequency>0.5000000000000000</frequency>\n"
  "    </filter>\n"
  "  </signalcomposition>\n"
  "  <signalcomposition>\n"
  "    <alias></alias>\n"
  "    <num_of_signals>1</num_of_signals>\n"
  "    <voltpercm>70.000000</voltpercm>\n"
  "    <color>7</color>\n"
  "    <signal>\n"
  "      <label>ECG II</label>\n"
  "      <factor>1.0</factor>\n"
  "    </signal>\n"
  "  </signalcomposition>\n"
  "  <pagetime>100000000</pagetime>\n"
  "  <powerspectrumdock>\n"
  "    <signalnum>0</signalnum>\n"
  "  </powerspectrumdock>\n"
  "</EDFbrowser_montage>\n";

static InionMontageFile *
parse (const char      *text,
       InionRecording  *recording,
       GError         **error)
{
  return inion_montage_file_parse ("ward 3.mtg", text, strlen (text), recording, error);
}

static void
test_edfbrowser (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontageFile) file = parse (edfbrowser, NULL, &error);
  g_autoptr (InionMontageScript) script = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (file->name, ==, "ward 3");
  g_assert_cmpstr (file->format, ==, "EDFbrowser montage");
  g_assert_cmpstr (file->text, ==,
                   "\"Left <temporal>\" = Fp1-0.5*\"EEG T3-Ref\" ; #0000ff\n"
                   "\"ECG II\" ; #ff0000\n");
  g_assert_cmpuint (file->notes->len, ==, 1);
  g_assert_cmpstr (file->notes->pdata[0], ==,
                   "Not taken over: the length of the page (10 s), the sensitivity (7 units/mm), "
                   "the inverted polarity, 1 filter, the windows of spectra.");
  script = inion_montage_script_parse (file->text);
  g_assert_cmpuint (script->rows->len, ==, 2);
}

/* The montage on a recording with other spellings of the same labels. */
static void
test_edfbrowser_on_recording (void)
{
  InionMemoryRecording *memory = inion_memory_recording_new (100, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  static const double ones[4] = { 1, 1, 1, 1 }, twos[4] = { 2, 2, 2, 2 };
  g_autoptr (InionMontageFile) file = parse (edfbrowser, NULL, NULL);
  g_autoptr (InionMontage) montage = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;
  double out[4];

  inion_memory_recording_add_channel (memory, "EEG Fp1", "µV", ones, 4);
  inion_memory_recording_add_channel (memory, "EEG T7", "µV", twos, 4);
  montage = inion_montage_new_own (file->name, file->text, recording, NULL, &error);
  g_assert_no_error (error);
  note = inion_montage_dup_note (montage);
  g_assert_cmpstr (note, ==, "without \"ECG II\" (no ECG II)");
  g_assert_true (inion_montage_read (montage, 0, 0, 4, out, &error));
  g_assert_cmpfloat (out[3], ==, 0);
}

static void
test_numbers (void)
{
  static const char *const text =
    "<EDFbrowser_montage><signalcomposition><signal><edfindex>1</edfindex><factor>1</factor>"
    "</signal><signal><edfindex>0</edfindex><factor>-1</factor></signal></signalcomposition>"
    "</EDFbrowser_montage>";
  InionMemoryRecording *memory = inion_memory_recording_new (100, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  static const double samples[4] = { 0 };
  g_autoptr (InionMontageFile) none = NULL, file = NULL, few = NULL;
  g_autoptr (GError) error = NULL;

  none = parse (text, NULL, &error);
  g_assert_null (none);
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "while that recording is open"));
  g_clear_error (&error);
  inion_memory_recording_add_channel (memory, "C3", "µV", samples, 4);
  few = parse (text, recording, &error);
  g_assert_null (few);
  g_assert_cmpstr (error->message, ==, "“ward 3.mtg” means signal 2 of a recording; this recording "
                                       "has 1.");
  g_clear_error (&error);
  inion_memory_recording_add_channel (memory, "C4", "µV", samples, 4);
  file = parse (text, recording, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (file->text, ==, "C4-C3\n");
  g_assert_cmpuint (file->notes->len, ==, 1);
}

static void
test_broken (void)
{
  static const char *const texts[] = {
    "<EDFbrowser_montage>",
    "<EDFbrowser_montage></EDFbrowser_montage>",
    "<html><body/></html>",
    "<EDFbrowser_montage><signalcomposition></EDFbrowser_montage>",
    "<EDFbrowser_montage><signalcomposition><signal><label>A</label><factor>x</factor></signal>"
    "</signalcomposition></EDFbrowser_montage>",
    "<EDFbrowser_montage><signalcomposition><signal><factor>1</factor></signal>"
    "</signalcomposition></EDFbrowser_montage>",
    "", "# only a comment\n", "C3-\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InionMontageFile) file = parse (texts[i], NULL, &error);

      g_assert_null (file);
      g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "ward 3"));
    }
}

static void
test_text (void)
{
  static const char text[] = "\xef\xbb\xbf# mine\nC3-C4\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontageFile) file = parse (text, NULL, &error);
  g_autoptr (InionMontageFile) zero = inion_montage_file_parse ("a", "C3\0C4", 5, NULL, &error);

  g_assert_null (zero);
  g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
  g_assert_cmpstr (file->text, ==, "# mine\nC3-C4\n");
  g_assert_cmpstr (file->format, ==, "montage text");
}

static void
test_folder (void)
{
  g_autofree char *root = g_dir_make_tmp ("inion-montages-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (root, "a", "montages", NULL);
  g_autofree char *broken = g_build_filename (folder, "broken.montage", NULL);
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) before = inion_montage_folder_list (folder);
  g_autoptr (GPtrArray) listed = NULL, after = NULL;

  g_assert_cmpuint (before->len, ==, 0);
  g_assert_true (inion_montage_folder_write (folder, "Zürich", "C3-C4\n", &error));
  g_assert_true (inion_montage_folder_write (folder, "Ward 3", "C3\n", &error));
  g_assert_true (inion_montage_folder_write (folder, "Ward 3", "C4\n", &error));
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (broken, "C3-", -1, NULL));
  g_assert_false (inion_montage_folder_write (folder, "../x", "C3\n", &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  listed = inion_montage_folder_list (folder);
  g_assert_cmpuint (listed->len, ==, 2);
  g_assert_cmpstr (((InionMontageFile *) listed->pdata[0])->name, ==, "Ward 3");
  g_assert_cmpstr (((InionMontageFile *) listed->pdata[0])->text, ==, "C4\n");
  g_assert_cmpstr (((InionMontageFile *) listed->pdata[1])->name, ==, "Zürich");
  g_assert_true (inion_montage_folder_remove (folder, "Ward 3", &error));
  g_assert_true (inion_montage_folder_remove (folder, "Ward 3", &error));
  g_assert_true (inion_montage_folder_remove (folder, "Zürich", &error));
  after = inion_montage_folder_list (folder);
  g_assert_cmpuint (after->len, ==, 0);
  g_unlink (broken);
  g_rmdir (folder);
  g_rmdir (parent);
  g_rmdir (root);
}

static void
test_names (void)
{
  static const char *const wrong[] = { "", " a", "a ", ".a", "a/b", "a\nb", "a\\b" };
  g_autofree char *longer = g_strnfill (100, 'a');
  g_autofree char *problem = inion_montage_check_name (longer);

  g_assert_nonnull (problem);
  g_assert_null (inion_montage_check_name ("Ward 3: ears"));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *why = inion_montage_check_name (wrong[i]);

      g_assert_nonnull (why);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalp/montage-file/edfbrowser", test_edfbrowser);
  g_test_add_func ("/scalp/montage-file/edfbrowser-on-recording", test_edfbrowser_on_recording);
  g_test_add_func ("/scalp/montage-file/numbers", test_numbers);
  g_test_add_func ("/scalp/montage-file/broken", test_broken);
  g_test_add_func ("/scalp/montage-file/text", test_text);
  g_test_add_func ("/scalp/montage-file/folder", test_folder);
  g_test_add_func ("/scalp/montage-file/names", test_names);
  return g_test_run ();
}
