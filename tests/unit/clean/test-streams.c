/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Artifacts in a recording of several streams, each of which breaks off when it likes: no detector
 * takes the two sides of any channel's gap for neighbours. */

#include "artifact-maker.h"
#include "clean/detector.h"
#include "recording/recording.h"

/* All channels have gaps of their own. */
#define TYPE_STREAMS (streams_get_type ())
G_DECLARE_FINAL_TYPE (Streams, streams, TEST, STREAMS, InionRecording)

struct _Streams
{
  InionRecording parent_instance;

  const double *x;   /* [N_CHANNELS][n], on the clock: what lies in a gap is never asked for */
  gsize n;
  GPtrArray *runs;   /* GArray of InionSegmentRun, one a channel */
};

G_DEFINE_FINAL_TYPE (Streams, streams, INION_TYPE_RECORDING)

static gboolean
streams_read_physical (InionRecording  *recording,
                       guint            channel,
                       gint64           first,
                       gsize            n,
                       double          *out,
                       GError         **error)
{
  Streams *self = TEST_STREAMS (recording);
  const GArray *runs = g_ptr_array_index (self->runs, channel);

  for (guint i = 0; i < runs->len; i++)
    {
      const InionSegmentRun *run = &g_array_index (runs, InionSegmentRun, i);

      if (first < run->stored || first >= run->stored + run->n)
        continue;
      g_assert_cmpint (first + (gint64) n, <=, run->stored + run->n);
      memcpy (out, self->x + channel * self->n + run->first + first - run->stored,
              n * sizeof *out);
    }
  return TRUE;
}

static void
streams_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_STREAMS (object)->runs);
  G_OBJECT_CLASS (streams_parent_class)->finalize (object);
}

static void
streams_class_init (StreamsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = streams_finalize;
  INION_RECORDING_CLASS (klass)->read_physical = streams_read_physical;
}

static void
streams_init (Streams *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
}

/* From when to when nothing was recorded of a channel, s. */
typedef struct
{
  double from_s, to_s;
} Pause;

typedef Pause (*PauseFunc) (guint channel);

static InionRecording *
make_streams (const double *x,
              gsize         n,
              PauseFunc     pause)
{
  Streams *self = g_object_new (TYPE_STREAMS, NULL);
  InionRecording *recording = INION_RECORDING (self);

  self->x = x;
  self->n = n;
  g_assert_true (inion_recording_add_segment (recording, 0, (gint64) ((double) n / RATE * 1e9), 0));
  for (guint c = 0; c < N_CHANNELS; c++)
    {
      Pause gap = pause (c);
      InionSegmentRun runs[] = { { 0, (gint64) (gap.from_s * RATE), 0 }, { 0, 0, 0 } };
      InionChannelInfo info = {
        .raw_label = names[c], .unit = "µV", .kind = INION_CHANNEL_EEG, .rate_num = (gint64) RATE,
        .rate_den_ns = 1000000000, .gain = 1, .calibrated = TRUE, .digital_max = 1,
      };
      GArray *array = g_array_new (FALSE, FALSE, sizeof (InionSegmentRun));

      runs[1].first = (gint64) (gap.to_s * RATE);
      runs[1].n = (gint64) n - runs[1].first;
      runs[1].stored = runs[0].n;
      info.n_samples = runs[0].n + runs[1].n;
      g_array_append_vals (array, runs, 2);
      g_ptr_array_add (self->runs, array);
      inion_recording_add_channel_runs (recording, &info, runs, 2);
      g_assert_cmpint (inion_channel_get_n_samples (inion_recording_get_channel (recording, c)), ==,
                       (gint64) n);
    }
  return recording;
}

static GPtrArray *
detect (InionRecording  *recording,
        char           **report)
{
  g_autoptr (GError) error = NULL;
  InionDetectorSettings settings;
  GPtrArray *found;

  inion_detector_settings_init (&settings);
  found = inion_detect_artifacts (recording, &settings, NULL, NULL, report, &error);
  g_assert_no_error (error);
  return found;
}

static guint
count_at (GPtrArray  *found,
          const char *label,
          double      at_s)
{
  guint n = 0;

  for (guint i = 0; i < found->len; i++)
    n += strcmp (inion_annotation_get_label (found->pdata[i]), label) == 0 &&
         inion_annotation_get_onset_ns (found->pdata[i]) * 1e-9 <= at_s &&
         inion_annotation_get_end_ns (found->pdata[i]) * 1e-9 > at_s;
  return n;
}

static guint
count (GPtrArray  *found,
       const char *label)
{
  guint n = 0;

  for (guint i = 0; i < found->len; i++)
    n += strcmp (inion_annotation_get_label (found->pdata[i]), label) == 0;
  return n;
}

/* Frontal channels pause before the others do. */
static Pause
two_streams (guint channel)
{
  return names[channel][0] == 'F' ? (Pause) { 40, 50 } : (Pause) { 80, 100 };
}

/* Each channel is displaced by millivolts where its gap was. */
static double *
make_displaced (gsize     n,
                PauseFunc pause)
{
  double *x = make_noise (n);

  for (guint c = 0; c < N_CHANNELS; c++)
    {
      Pause gap = pause (c);

      for (gsize i = (gsize) (gap.from_s * RATE); i < n; i++)
        x[c * n + i] += i < (gsize) (gap.to_s * RATE) ? NAN : 3000;
    }
  return x;
}

/* What is there is found, in whatever channels are there, and nothing at the gaps. */
static void
test_two_streams (void)
{
  gsize n = (gsize) (140 * RATE);
  g_autofree double *x = make_displaced (n, two_streams);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *report = NULL;

  add_blink (x, n, 20, 1);
  add_blink (x, n, 65, 1);
  add_blink (x, n, 120, 1);
  add_muscle (x, n, 30, 32);
  add_muscle (x, n, 89, 91);
  for (gsize i = (gsize) (43 * RATE); i < (gsize) (43 * RATE) + 30; i++)
    x[channel_named ("O1") * n + i] += 400 * sin (G_PI * (double) (i - (gsize) (43 * RATE)) / 30);
  /* Eight seconds over the end of the others' gap. */
  for (gsize i = (gsize) (96 * RATE); i < (gsize) (104 * RATE); i++)
    x[channel_named ("Fz") * n + i] = 3000;
  recording = make_streams (x, n, two_streams);
  found = detect (recording, &report);
  g_test_message ("%s", report);
  g_assert_cmpuint (count (found, "blink"), ==, 3);
  g_assert_cmpuint (count_at (found, "blink", 20), ==, 1);
  g_assert_cmpuint (count_at (found, "blink", 65), ==, 1);
  g_assert_cmpuint (count_at (found, "blink", 120), ==, 1);
  g_assert_cmpuint (count (found, "muscle"), ==, 2);
  g_assert_cmpuint (count_at (found, "muscle", 31), ==, 1);
  g_assert_cmpuint (count_at (found, "muscle", 90), ==, 1);
  g_assert_cmpuint (count_at (found, "high amplitude", 43.05), ==, 1);
  g_assert_cmpuint (count (found, "high amplitude"), ==, 1);
  g_assert_cmpuint (count (found, "flat"), ==, 1);
  g_assert_cmpuint (count_at (found, "flat", 97), ==, 1);
  g_assert_cmpuint (count_at (found, "flat", 103), ==, 1);
  g_assert_nonnull (strstr (report, "1 stretch left out: frontal channels or all others"));
}

/* Each channel has its gap elsewhere. */
static Pause
all_apart (guint channel)
{
  return (Pause) { 20 + 5 * channel, 21 + 5 * channel };
}

static void
test_all_apart (void)
{
  gsize n = (gsize) (140 * RATE);
  g_autofree double *x = make_displaced (n, all_apart);
  g_autoptr (InionRecording) recording = make_streams (x, n, all_apart);
  g_autoptr (GPtrArray) found = detect (recording, NULL);

  for (guint i = 0; i < found->len; i++)
    g_test_message ("%s at %g s", inion_annotation_get_label (found->pdata[i]),
                    inion_annotation_get_onset_ns (found->pdata[i]) * 1e-9);
  g_assert_cmpuint (found->len, ==, 0);
}

/* A blink is told by what frontal channels have and the others have not. */
static Pause
never_together (guint channel)
{
  return names[channel][1] == 'p' ? (Pause) { 1, 30 } : (Pause) { 31, 59 };
}

static void
test_never_together (void)
{
  gsize n = (gsize) (60 * RATE);
  g_autofree double *x = make_displaced (n, never_together);
  g_autoptr (InionRecording) recording = make_streams (x, n, never_together);
  g_autofree char *report = NULL;
  g_autoptr (GPtrArray) found = detect (recording, &report);

  g_assert_cmpuint (count (found, "blink"), ==, 0);
  g_assert_nonnull (strstr (report, "frontal channels and others were not recorded together"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clean/streams/two-streams", test_two_streams);
  g_test_add_func ("/clean/streams/all-apart", test_all_apart);
  g_test_add_func ("/clean/streams/never-together", test_never_together);
  return g_test_run ();
}
