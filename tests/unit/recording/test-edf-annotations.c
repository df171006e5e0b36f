/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/edf-recording.h"

#include "edf-builder.h"

#include <math.h>
#include <unistd.h>

#define TAL "EDF Annotations"

static const BuilderSignal with_tal[] = { { .samples = 8 }, { .label = TAL, .samples = 40 } };

typedef struct
{
  const char *tal; /* of the first record, behind its time-keeping */
  const char *events; /* onset/duration/text;… in nanoseconds */
  const char *fault; /* part of a message; NULL for none */
} TalCase;

static void
test_tals (void)
{
  static const TalCase cases[] = {
    { "", "", NULL },
    { "+0.5^1.25|Anf\xc3\xa4lle \xc2\xb5|~", "500000000/1250000000/Anfälle µ;", NULL },
    { "+0.5|Anf\xe4lle|~", "500000000/-1/Anfälle;", "Windows-1252" },
    { "+0.5|A|B|~", "500000000/-1/A;500000000/-1/B;", NULL },
    { "+0.5|A||B|~", "500000000/-1/A;500000000/-1/B;", NULL },
    { "+0.2|late|~+0.1|early|~", "100000000/-1/early;200000000/-1/late;", NULL },
    { "+0.2|a|~~~~+0.3|b|~", "200000000/-1/a;300000000/-1/b;", NULL },
    { "-2.5|x|~", "-2500000000/-1/x;", NULL },
    { "+0,5|x|~", "500000000/-1/x;", "comma" },
    { "0.5|x|~", "500000000/-1/x;", "sign" },
    { "+1e-05|x|~", "10000/-1/x;", NULL },
    { "+1.|x|~", "1000000000/-1/x;", NULL },
    { "+1.123456789012|x|~", "1123456789/-1/x;", NULL },
    { "+2.5^-1|x|~", "2500000000/-1/x;", "duration" },
    { "+2.5^|x|~", "2500000000/-1/x;", NULL },
    { "+2.5^abc|x|~", "2500000000/-1/x;", "duration" },
    { "junk~+1|x|~", "1000000000/-1/x;", "no annotation" },
    { "+1x|y|~+2|z|~", "2000000000/-1/z;", "no annotation" },
    { "+99999999999999999999|y|~+2|z|~", "2000000000/-1/z;", "no annotation" },
    { "+1|a\001b|~", "1000000000/-1/a b;", "control" },
    { "+1|two\nlines|~", "1000000000/-1/two\nlines;", NULL },
    { "+1|cut", "1000000000/-1/cut;", "does not end" },
    { "+1|cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
      "1000000000/-1/cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc;",
      "does not end" },
    { "+1|~", "", NULL },
    { "+1^2|~", "", NULL },
    { "+1^2", "", NULL },
    { "+1", "", "no annotation" },
    { "+", "", "no annotation" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tal = g_strconcat ("+0||~", cases[i].tal, NULL);
      const char *tals[] = { tal, NULL };
      const BuilderFile file = { .signals = with_tal, .n = 2, .records = 2, .reserved = "EDF+C",
                                 .tals = tals };
      g_autoptr (InionRecording) recording = builder_open_good (&file);
      g_autofree char *events = builder_list_events (recording);
      GPtrArray *faults = inion_recording_get_faults (recording);

      g_test_message ("%s", cases[i].tal);
      g_assert_cmpstr (events, ==, cases[i].events);
      g_assert_cmpuint (faults->len, ==, cases[i].fault != NULL);
      if (cases[i].fault != NULL)
        g_assert_nonnull (strstr (((InionFault *) faults->pdata[0])->message, cases[i].fault));
    }
}

static void
test_first_onset (void)
{
  static const char *const half[] = { "+0.5||~+1|x|~", "+1.5||~", "+2.5||~", NULL };
  static const char *const two[] = { "+2||~+1|x|~", "+3||~", "+4||~", NULL };
  BuilderFile file = { .signals = with_tal, .n = 2, .records = 3, .reserved = "EDF+C",
                       .tals = half };
  g_autoptr (InionRecording) a = builder_open_good (&file);
  g_autofree char *events_a = builder_list_events (a);
  g_autofree char *start_a = g_date_time_format (inion_recording_get_start (a), "%T.%f");
  g_autoptr (InionRecording) b = NULL;
  g_autofree char *events_b = NULL;
  g_autofree char *start_b = NULL;

  g_assert_cmpstr (events_a, ==, "500000000/-1/x;");
  g_assert_cmpstr (start_a, ==, "10:11:12.500000");
  g_assert_cmpuint (inion_recording_get_faults (a)->len, ==, 0);
  file.tals = two;
  b = builder_open_good (&file);
  events_b = builder_list_events (b);
  start_b = g_date_time_format (inion_recording_get_start (b), "%T.%f");
  g_assert_cmpstr (events_b, ==, "-1000000000/-1/x;");
  g_assert_cmpstr (start_b, ==, "10:11:14.000000");
}

static void
test_jumps (void)
{
  static const char *const gap[] = { "+0||~", "+1||~", "+3||~", "+4||~", NULL };
  static const char *const undone[] = { "+0||~", "+1.5||~", "+2||~", "+3||~", NULL };
  static const char *const jitter[] = { "+0||~", "+1.000001||~", "+2||~", "+3.06||~", NULL };
  static const char *const missing[] = { "", "", "+2||~", "", NULL };
  static const char *const text[] = { "+0|start|~", "+1||~", NULL };
  BuilderFile file = { .signals = with_tal, .n = 2, .records = 4, .reserved = "EDF+C" };
  const struct
  {
    const char *const *tals;
    gint64 offset;
    const char *fault;
  } cases[] = { { gap, 192, "by the onsets of its records it has 1" },
                { undone, 768 + 96 + 16, "record 2, 0.500 s off" },
                { jitter, 0, NULL },
                { missing, 768 + 16, "2 more places" },
                { text, 768 + 16, "does not say when it starts" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionRecording) recording = NULL;
      g_autofree char *events = NULL;

      file.tals = cases[i].tals;
      recording = builder_open_good (&file);
      events = builder_list_events (recording);
      g_assert_cmpstr (events, ==, cases[i].tals == text ? "0/-1/start;" : "");
      g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, cases[i].fault != NULL);
      if (cases[i].fault != NULL)
        g_assert_true (builder_has_fault (recording, cases[i].offset, cases[i].fault));
    }
}

/* Checks when what was recorded begins and ends, in seconds. */
static void
check_gaps (InionRecording *recording,
            const char     *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < inion_recording_get_n_segments (recording); i++)
    {
      gint64 from_ns, to_ns;

      inion_recording_get_segment (recording, i, &from_ns, &to_ns);
      g_string_append_printf (text, "%g:%g ", (double) from_ns / 1e9, (double) to_ns / 1e9);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_discontinuous (void)
{
  static const char *const gap[] = { "+0||~", "+5||~+5.5|mark|~", "+6||~", NULL };
  static const char *const silent[] = { "+0||~", "", "+3.5||~", NULL };
  static const char *const early[] = { "+0||~", "+0.5||~", "+3||~", NULL };
  static const char *const back[] = { "+5||~", "+6||~", "+1||~", NULL };
  static const BuilderSignal only[] = { { .label = TAL, .samples = 40 } };
  BuilderFile file = { .signals = with_tal, .n = 2, .records = 3, .reserved = "EDF+D",
                       .tals = gap };
  g_autoptr (InionRecording) gapped = NULL;
  g_autoptr (InionRecording) guessed = NULL;
  g_autoptr (InionRecording) overlapping = NULL;
  g_autoptr (InionRecording) contiguous = NULL;
  g_autoptr (InionRecording) annotations = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *events = NULL;
  g_autofree char *gap_events = NULL;
  gint32 digital[8];
  double x[56];
  gint64 first, n;

  gapped = builder_open_good (&file);
  check_gaps (gapped, "0:1 5:7 ");
  g_assert_cmpint (inion_recording_get_duration_ns (gapped), ==, 7 * G_GINT64_CONSTANT (1000000000));
  g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (gapped, 0)), ==, 56);
  g_assert_true (inion_recording_read (gapped, 0, 0, 56, x, NULL));
  for (guint i = 0; i < 56; i++)
    g_assert_true (isnan (x[i]) == (i >= 8 && i < 40));
  builder_check_digital (gapped, 0, FALSE, 0, 0, 8);
  g_assert_true (inion_recording_read_digital (gapped, 0, 40, 8, digital, NULL));
  g_assert_cmpint (digital[0], ==, builder_sample (FALSE, 0, 8));
  g_assert_false (inion_recording_read_digital (gapped, 0, 4, 8, digital, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (inion_recording_find_run (gapped, 0, 20, &first, &n));
  g_assert_cmpint (first, ==, 40);
  g_assert_cmpint (n, ==, 16);
  g_assert_false (inion_recording_find_run (gapped, 0, 56, &first, &n));
  g_assert_true (inion_recording_has_gap (gapped, 0, G_GINT64_CONSTANT (1100000000)));
  g_assert_false (inion_recording_has_gap (gapped, 0, G_GINT64_CONSTANT (1000000000)));
  gap_events = builder_list_events (gapped);
  g_assert_cmpstr (gap_events, ==, "5500000000/-1/mark;");
  g_assert_cmpuint (inion_recording_get_faults (gapped)->len, ==, 0);
  /* The same from a file that says it has none. */
  file.reserved = "EDF+C";
  g_clear_object (&gapped);
  gapped = builder_open_good (&file);
  check_gaps (gapped, "0:1 5:7 ");
  g_assert_true (builder_has_fault (gapped, 192, "it has 1"));
  file.reserved = "EDF+D";
  /* A record that does not say when it starts follows the one before. */
  file.tals = silent;
  guessed = builder_open_good (&file);
  check_gaps (guessed, "0:2 3.5:4.5 ");
  g_assert_true (builder_has_fault (guessed, 768, "1 records do not say"));
  /* One that starts too early is shown late. */
  file.tals = early;
  overlapping = builder_open_good (&file);
  check_gaps (overlapping, "0:2 3:4 ");
  g_assert_true (builder_has_fault (overlapping, 768 + 96, "0.500 s before"));
  /* Out of order cannot be shown. */
  file.tals = back;
  g_assert_null (builder_open (&file, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "goes back in time"));
  g_clear_error (&error);
  /* Nothing stands in the way of a file that announces gaps and has none. */
  file.tals = NULL;
  contiguous = builder_open_good (&file);
  g_assert_cmpstr (inion_recording_get_format (contiguous), ==, "EDF+D");
  g_assert_true (builder_has_fault (contiguous, 192, "without any"));
  builder_check_digital (contiguous, 0, FALSE, 0, 0, 24);
  /* Nor of one without samples. */
  file = (BuilderFile) { .signals = only, .n = 1, .records = 3, .reserved = "EDF+D", .tals = gap,
                         .duration = "0" };
  annotations = builder_open_good (&file);
  events = builder_list_events (annotations);
  g_assert_cmpuint (inion_recording_get_n_channels (annotations), ==, 0);
  g_assert_cmpint (inion_recording_get_duration_ns (annotations), ==, 0);
}

static void
test_annotations_only (void)
{
  static const BuilderSignal signals[]
      = { { .label = TAL, .samples = 40 }, { .label = TAL, .samples = 20 } };
  static const char *const tals[]
      = { "+0||~+30^60|Sleep stage W|~", "+0||~+90^30|Sleep stage 1|~", NULL };
  const BuilderFile file = { .signals = signals, .n = 2, .records = 2, .reserved = "EDF+C",
                             .duration = "0", .tals = tals };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  g_autofree char *events = builder_list_events (recording);

  g_assert_cmpstr (events, ==,
                   "30000000000/60000000000/Sleep stage W;90000000000/30000000000/Sleep stage 1;");
  g_assert_cmpuint (inion_recording_get_faults (recording)->len, ==, 0);
}

static gpointer
load_events_thread (gpointer data)
{
  gpointer *args = data;
  GError *error = NULL;

  inion_recording_load_events (args[0], args[1], &error);
  return error;
}

/* A 50 GB file (a hole on the disk): events can be cancelled, and loaded again after. */
static void
test_cancel (void)
{
  static const BuilderSignal signals[] = { { .samples = 10000 }, { .label = TAL, .samples = 40 } };
  const BuilderFile file = { .signals = signals, .n = 2, .records = 0, .reserved = "EDF+C",
                             .n_records = "2500000" };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autofree char *path = builder_write (bytes);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionJob) job = inion_job_new ("events", NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gpointer args[2];
  gint64 before;
  GThread *thread;

  if (truncate (path, 768 + (off_t) 2500000 * 20080) != 0)
    {
      g_unlink (path);
      g_test_skip ("the file system has no sparse files of this size");
      return;
    }
  recording = inion_recording_open (path, NULL);
  g_unlink (path);
  g_assert_nonnull (recording);
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==,
                   G_GINT64_CONSTANT (2500000000000000));
  args[0] = recording;
  args[1] = job;
  thread = g_thread_new ("events", load_events_thread, args);
  g_usleep (50000);
  before = g_get_monotonic_time ();
  inion_job_cancel (job);
  error = g_thread_join (thread);
  g_test_message ("stopped after %" G_GINT64_FORMAT " µs", g_get_monotonic_time () - before);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - before, <, G_USEC_PER_SEC);
  g_assert_null (inion_recording_get_events (recording));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-annotations/tals", test_tals);
  g_test_add_func ("/recording/edf-annotations/first-onset", test_first_onset);
  g_test_add_func ("/recording/edf-annotations/jumps", test_jumps);
  g_test_add_func ("/recording/edf-annotations/discontinuous", test_discontinuous);
  g_test_add_func ("/recording/edf-annotations/annotations-only", test_annotations_only);
  g_test_add_func ("/recording/edf-annotations/cancel", test_cancel);
  return g_test_run ();
}
