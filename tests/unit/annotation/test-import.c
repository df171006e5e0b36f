/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "annotation/export-bids.h"
#include "annotation/import.h"
#include "core/error.h"
#include "recording/memory-recording.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define S G_GINT64_CONSTANT (1000000000)

/* Two hours from 23:00:00 on, at 100 Hz: Fp1, Cz. */
static InionRecording *
make_night (void)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2020, 3, 1, 23, 0, 0);
  InionMemoryRecording *recording = inion_memory_recording_new (100, start);
  g_autofree double *samples = g_new0 (double, 720000);

  inion_memory_recording_add_channel (recording, "Fp1", "µV", samples, 720000);
  inion_memory_recording_add_channel (recording, "Cz", "µV", samples, 720000);
  return INION_RECORDING (recording);
}

static InionAnnotationImport *
import (const char *text)
{
  g_autoptr (InionRecording) night = make_night ();
  g_autoptr (GError) error = NULL;
  InionAnnotationImport *result =
    inion_annotations_import_bytes ((const guint8 *) text, strlen (text), "marks", night, &error);

  g_assert_no_error (error);
  return result;
}

/* "onset/duration/label/channels" of each mark, in seconds; then "!line" of each row skipped. */
static char *
show (const InionAnnotationImport *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->annotations->len; i++)
    {
      InionAnnotation *mark = self->annotations->pdata[i];
      const char *const *channels = inion_annotation_get_channels (mark);
      g_autofree char *joined = channels != NULL ? g_strjoinv ("+", (char **) channels) : NULL;

      g_string_append_printf (text, "%.3f/%.3f/%s/%s;",
                              (double) inion_annotation_get_onset_ns (mark) / 1e9,
                              (double) inion_annotation_get_duration_ns (mark) / 1e9,
                              inion_annotation_get_label (mark), joined != NULL ? joined : "");
    }
  for (guint i = 0; i < self->skipped->len; i++)
    g_string_append_printf (text, "!%u;", ((InionImportSkip *) self->skipped->pdata[i])->line);
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *format;
  const char *expected;
} Case;

static const Case cases[] = {
  { "own-tsv", "onset\tduration\ttrial_type\tchannel\trater\torigin\tconfidence\tcomment\n"
               "1.5\t2\tblink\tFp1,Cz\tann\tperson\t0.5\tn/a\n",
    "tab-separated table (TSV)", "1.500/2.000/blink/Cz+Fp1;" },
  { "bids", "onset\tduration\ttrial_type\tvalue\n3\tn/a\tgo\t1\n4\t0.5\tn/a\t2\n5\t0\tn/a\tn/a\nx\t0\tgo\t1\n",
    "tab-separated table (TSV)", "3.000/0.000/go/;4.000/0.500/2/;!4;!5;" },
  { "bids-value-only", "onset\tduration\tvalue\n3\t0\t7\n", "events.tsv", "3.000/0.000/7/;" },
  { "bids-onset-only", "onset\tduration\n3\t1\n", "events.tsv", "3.000/1.000/event/;" },
  { "edfbrowser-csv", "Onset,Duration,Annotation\n+0.749,,Test1\n+0.872,0.005,Test, with comma\n",
    "comma-separated table (CSV)", "0.749/0.000/Test1/;0.872/0.005/Test, with comma/;" },
  { "edfbrowser-clock", "Onset,Duration,Annotation\n23:00:10,,a\n00:00:05.25,1,over midnight\n",
    "comma-separated table (CSV)", "10.000/0.000/a/;3605.250/1.000/over midnight/;" },
  { "edfbrowser-iso", "Onset,Duration,Annotation\n2020-03-02T00:30:00,,b\n2020-03-01T22:59:59,,before\n",
    "comma-separated table (CSV)", "5400.000/0.000/b/;-1.000/0.000/before/;" },
  { "crlf-semicolon", "onset;duration;text\r\n1;2;x\r\n2;-1;y\r\n", "comma-separated table (CSV)",
    "1.000/2.000/x/;!3;" },
  { "no-header", "1.5\t0.5\tspindle\n7\t\tK complex\n", "tab-separated table (TSV)",
    "1.500/0.500/spindle/;7.000/0.000/K complex/;" },
  { "tuh-bi", "# version = csv_v1.0.0\n# bname = x\n# duration = 7200.0 secs\n#\n"
              "channel,start_time,stop_time,label,confidence\nTERM,36.8,183.3,seiz,1.0000\n",
    "TUH table", "36.800/146.500/seiz/;" },
  { "tuh-channels", "# version = csv_v1.0.0\nchannel,start_time,stop_time,label,confidence\n"
                    "FP1-F7,1,2,fnsz,0.9\ncz,2,1,fnsz,1\n", "TUH table",
    "1.000/1.000/fnsz/FP1-F7;!4;" },
  { "quotes", "onset,duration,label\n1,2,\"a \"\"b\"\", c\"\n2,0,\"open\n", "comma-separated table (CSV)",
    "1.000/2.000/a \"b\", c/;2.000/0.000/\"open/;" },
  { "edfbrowser-xml", "<?xml version=\"1.0\"?>\n<annotationlist>\n<annotation>\n<onset>0.5</onset>\n"
                      "<duration>2</duration>\n<description>A &amp; B</description>\n</annotation>\n"
                      "<annotation><onset>2020-03-01T23:00:07</onset><duration></duration>"
                      "<description>c</description></annotation>\n"
                      "<annotation><onset>soon</onset><description>d</description></annotation>\n"
                      "</annotationlist>", "EDFbrowser XML",
    "0.500/2.000/A & B/;7.000/0.000/c/;!9;" },
  { "nsrr", "<PSGAnnotation><SoftwareVersion>Compumedics</SoftwareVersion><EpochLength>30</EpochLength>"
            "<ScoredEvents>\n<ScoredEvent><EventType/><EventConcept>Recording Start Time</EventConcept>"
            "<Start>0</Start><Duration>7200</Duration><ClockTime>00.00.00 23.00.00</ClockTime></ScoredEvent>\n"
            "<ScoredEvent><EventType>Respiratory|Respiratory</EventType><EventConcept>Hypopnea|Hypopnea"
            "</EventConcept><Start>90.5</Start><Duration>14.8</Duration><SignalLocation>Airflow"
            "</SignalLocation></ScoredEvent>\n"
            "<ScoredEvent><EventType>Stages|Stages</EventType><EventConcept>Stage 2 sleep|2</EventConcept>"
            "<Start>120</Start><Duration>60</Duration></ScoredEvent>\n"
            "<ScoredEvent><EventType>Stages|Stages</EventType><EventConcept>REM sleep|5</EventConcept>"
            "<Start>180</Start><Duration>30</Duration></ScoredEvent>\n"
            "</ScoredEvents></PSGAnnotation>", "NSRR XML",
    "90.500/14.800/Hypopnea/;120.000/60.000/Sleep stage 2/;180.000/30.000/Sleep stage R/;!2;" },
  { "profusion", "<CMPStudyConfig><EpochLength>30</EpochLength><ScoredEvents><ScoredEvent><Name>Arousal"
                 "</Name><Start>12.5</Start><Duration>3</Duration><Input>Cz</Input></ScoredEvent>"
                 "</ScoredEvents><SleepStages><SleepStage>0</SleepStage><SleepStage>1</SleepStage>"
                 "<SleepStage>7</SleepStage><SleepStage>9</SleepStage></SleepStages></CMPStudyConfig>",
    "Profusion XML", "12.500/3.000/Arousal/Cz;0.000/30.000/Sleep stage W/;30.000/30.000/Sleep stage 1/;"
                     "90.000/30.000/Sleep stage ?/;!1;" },
  { "cut-xml", "<annotationlist><annotation><onset>1</onset><description>a</description></annotation><annot",
    "EDFbrowser XML", "1.000/0.000/a/;!1;" },
  { "vmrk", "Brain Vision Data Exchange Marker File, Version 1.0\n[Common Infos]\nCodepage=UTF-8\n"
            "DataFile=x.eeg\n[Marker Infos]\nMk1=New Segment,,1,1,0,20200301230000000000\n"
            "Mk2=Stimulus,S  1,101,1,0\nMk3=Comment,a\\1 b,201,50,2\nMk4=Stimulus,S  2,0,1,0\n",
    "BrainVision marker file", "1.000/0.000/Stimulus/S  1/;2.000/0.500/Comment/a, b/Cz;!6;!9;" },
  { "besa", "Tmu\tCode\tTriNo\tComnt\n0\t41\t2020-03-01T23:00:00\n1500000\t1\t5\tTrigger - 5\n"
            "2000000\t21\t0\n2500000\t22\t0\n3000000\t1\t9\nx\t1\n", "BESA event file",
    "1.500/0.000/Trigger - 5/;2.000/0.500/artifact/;3.000/0.000/Trigger 9/;!2;!7;" },
  { "besa-ms-later", "Tms\tCode\tTriNo\n0\t41\t2020-03-01T23:00:10\n500\t1\t5\n", "BESA event file",
    "10.500/0.000/Trigger 5/;!2;" },
  { "json", "{\"annotations\": [{\"onset_s\": 1, \"label\": \"blink\"}]}", "JSON", "1.000/0.000/blink/;" },
  { "latin1", "onset,duration,label\n1,0,M\xfcller\n", "comma-separated table (CSV)",
    "1.000/0.000/Müller/;" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (InionAnnotationImport) result = import (c->text);
  g_autofree char *shown = show (result);
  g_autofree char *report = inion_annotation_import_dup_report (result, 10);

  g_assert_cmpstr (shown, ==, c->expected);
  g_assert_cmpstr (result->format, ==, c->format);
  g_assert_cmpuint (result->n_skipped, ==, result->skipped->len);
  g_assert_true (g_utf8_validate (report, -1, NULL));
}

static void
test_refused (void)
{
  static const char *const texts[] = { "", "hello", "a,b\n1,2\n", "<html><p>x</p></html>", "<a", "{}",
                                       "[Marker Infos", "\n\n\n" };
  g_autoptr (InionRecording) night = make_night ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (inion_annotations_import_bytes ((const guint8 *) texts[i], strlen (texts[i]), "x",
                                                     night, &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
    }
}

static void
test_no_clock (void)
{
  static const char text[] = "onset,duration,label\n23:00:00,0,a\n5,0,b\n";
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (100, NULL);
  double samples[200] = { 0 };
  g_autoptr (InionAnnotationImport) result = NULL;
  g_autofree char *shown = NULL;

  inion_memory_recording_add_channel (recording, "Cz", "µV", samples, 200);
  result = inion_annotations_import_bytes ((const guint8 *) text, strlen (text), "x",
                                           INION_RECORDING (recording), NULL);
  shown = show (result);
  g_assert_cmpstr (shown, ==, "5.000/0.000/b/;!2;");
  g_assert_cmpuint (result->notes->len, ==, 1); /* behind the end */
}

static char *
find_shared (const char *name)
{
  const char *shared = g_getenv ("INION_SHARED");
  char *path = shared != NULL ? g_build_filename (shared, "data", name, NULL) : NULL;

  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return path;
  g_free (path);
  g_test_skip ("the shared recordings are not here");
  return NULL;
}

static void
test_hypnogram (void)
{
  g_autofree char *path = find_shared ("sleep/SC4001EC-Hypnogram.edf");
  g_autoptr (GDateTime) start = g_date_time_new_utc (1989, 4, 24, 16, 13, 0);
  g_autoptr (GDateTime) later = g_date_time_new_utc (1989, 4, 24, 16, 12, 50);
  double samples[100] = { 0 };

  if (path == NULL)
    return;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (InionMemoryRecording) night = inion_memory_recording_new (0.001, i == 0 ? start : later);
      g_autoptr (GError) error = NULL;
      g_autoptr (InionAnnotationImport) result = NULL;
      InionAnnotation *first, *second;

      inion_memory_recording_add_channel (night, "EEG Fpz-Cz", "µV", samples, 80);
      result = inion_annotations_import (path, INION_RECORDING (night), NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (result->annotations->len, ==, 154);
      first = result->annotations->pdata[0];
      second = result->annotations->pdata[1];
      g_assert_cmpstr (inion_annotation_get_label (first), ==, "Sleep stage W");
      g_assert_cmpint (inion_annotation_get_onset_ns (first), ==, (i == 0 ? 0 : 10) * S);
      g_assert_cmpint (inion_annotation_get_duration_ns (first), ==, 30630 * S);
      g_assert_cmpstr (inion_annotation_get_label (second), ==, "Sleep stage 1");
      g_assert_cmpint (inion_annotation_get_onset_ns (second), ==, (i == 0 ? 30630 : 30640) * S);
    }
}

static void
test_chbmit (void)
{
  g_autofree char *summary = find_shared ("epilepsy/chbmit-stubs/chb05-summary.txt");
  g_autofree char *path = find_shared ("epilepsy/chbmit-stubs/chb05_06.edf");
  g_autofree char *quiet_path = find_shared ("epilepsy/chbmit-stubs/chb05_05.edf");
  g_autofree char *other = find_shared ("epilepsy/chbmit-stubs/chb08-summary.txt");
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionRecording) quiet = NULL;
  g_autoptr (InionAnnotationImport) result = NULL;
  g_autoptr (InionAnnotationImport) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = NULL;

  if (summary == NULL || path == NULL || quiet_path == NULL || other == NULL)
    return;
  recording = inion_recording_open (path, &error);
  g_assert_no_error (error);
  result = inion_annotations_import (summary, recording, NULL, &error);
  g_assert_no_error (error);
  shown = show (result);
  g_assert_cmpstr (shown, ==, "417.000/115.000/seizure/;");
  quiet = inion_recording_open (quiet_path, NULL);
  none = inion_annotations_import (summary, quiet, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->annotations->len, ==, 0);
  g_assert_null (inion_annotations_import (other, recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_NOT_FOUND);
}

/* A list that EDFbrowser wrote. */
static void
test_edfbrowser_file (void)
{
  g_autofree char *path = find_shared ("formats/edf-reader/edfAnnonC_annotations.txt");
  g_autoptr (InionRecording) night = make_night ();
  g_autoptr (InionAnnotationImport) result = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  result = inion_annotations_import (path, night, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->annotations->len, >=, 8);
  g_assert_cmpuint (result->n_skipped, ==, 0);
  g_assert_cmpint (inion_annotation_get_onset_ns (result->annotations->pdata[0]), ==, 749000000);
}

static void
test_bids_export (void)
{
  const char *channels[] = { "Fp1", "Cz", NULL };
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *folder = g_dir_make_tmp ("inion-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "sub-01_task-rest_events.tsv", NULL);
  g_autofree char *json = g_build_filename (folder, "sub-01_task-rest_events.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (marks, inion_annotation_new (0, 3 * S, 0, "b\tc", NULL, NULL, INION_ORIGIN_PERSON,
                                                NAN, NULL));
  g_ptr_array_add (marks, inion_annotation_new (0, S / 2, 2 * S, "blink", channels, "ann",
                                                INION_ORIGIN_PERSON, 0.25, NULL));
  g_assert_true (inion_annotations_write_bids (marks, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "onset\tduration\ttrial_type\tchannel\trater\tconfidence\n"
                             "0.5\t2\tblink\tCz,Fp1\tann\t0.25\n3\t0\tb c\tn/a\tn/a\tn/a\n");
  g_assert_true (g_file_test (json, G_FILE_TEST_IS_REGULAR));
  g_assert_false (inion_annotations_write_bids (marks, "/tmp/x.txt", &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_unlink (path);
  g_unlink (json);
  g_rmdir (folder);
}

typedef struct
{
  char *path;
  InionRecording *recording;
  double most; /* progress that was seen; negative: cancel first */
} Reading;

static gpointer
read_in_job (InionJob  *job,
             gpointer   data,
             GError   **error)
{
  Reading *reading = data;
  InionAnnotationImport *result;

  if (reading->most < 0)
    inion_job_cancel (job);
  result = inion_annotations_import (reading->path, reading->recording, job, error);
  reading->most = MAX (reading->most, inion_job_get_progress (job));
  return result;
}

static void
free_import (gpointer data)
{
  inion_annotation_import_free (data);
}

/* Files that are long enough tell how far they are read, and end when they are cancelled. */
static void
test_job (void)
{
  static const struct
  {
    const char *head, *row, *tail;
  } kinds[] = {
    { "onset\tduration\ttrial_type\n", "1.5\t0.5\tspindle\n", "" },
    { "Tmu\tCode\tTriNo\n", "1500000\t1\t4\n", "" },
    { "Brain Vision Data Exchange Marker File, Version 1.0\n[Common Infos]\nCodepage=UTF-8\n"
      "[Marker Infos]\n", "Mk%u=Stimulus,S  1,%u,1,0\n", "" },
    { "<annotationlist>", "<annotation><onset>1.5</onset><duration>1</duration>"
      "<description>a</description></annotation>", "</annotationlist>" },
  };
  g_autoptr (InionRecording) night = make_night ();
  g_autofree char *folder = g_dir_make_tmp ("inion-import-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "marks", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GString) text = g_string_new (kinds[i].head);

      for (guint k = 1; k <= 20000; k++)
        {
          g_auto (GStrv) parts = g_strsplit (kinds[i].row, "%u", -1);
          g_autofree char *number = g_strdup_printf ("%u", k);
          g_autofree char *row = g_strjoinv (number, parts);

          g_string_append (text, row);
        }
      g_string_append (text, kinds[i].tail);
      g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
      for (int cancel = 0; cancel < 2; cancel++)
        {
          Reading reading = { path, night, cancel ? -1 : 0 };
          g_autoptr (InionJob) job = inion_job_new ("read", read_in_job, &reading, NULL,
                                                    free_import);
          g_autoptr (GError) error = NULL;
          g_autoptr (InionAnnotationImport) result = inion_job_run (job, &error);

          if (cancel)
            {
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
              g_assert_null (result);
              continue;
            }
          g_assert_no_error (error);
          g_assert_cmpuint (result->annotations->len, ==, 20000);
          g_assert_cmpfloat (reading.most, >, 0.5);
          g_assert_cmpfloat (reading.most, <=, 1);
        }
    }
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/annotation/import/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/annotation/import/refused", test_refused);
  g_test_add_func ("/annotation/import/no-clock", test_no_clock);
  g_test_add_func ("/annotation/import/hypnogram", test_hypnogram);
  g_test_add_func ("/annotation/import/chbmit", test_chbmit);
  g_test_add_func ("/annotation/import/edfbrowser-file", test_edfbrowser_file);
  g_test_add_func ("/annotation/import/bids-export", test_bids_export);
  g_test_add_func ("/annotation/import/job", test_job);
  return g_test_run ();
}
