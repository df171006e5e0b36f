/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is at the limits of the file is found where it is, and nothing else. */

#include "display-fixture.h"
#include "display/saturation.h"

#define RATE 100
#define N 20000

#define TYPE_LIMITED (limited_get_type ())
G_DECLARE_FINAL_TYPE (Limited, limited, TEST, LIMITED, InionRecording)

struct _Limited
{
  InionRecording parent_instance;
};

G_DEFINE_FINAL_TYPE (Limited, limited, INION_TYPE_RECORDING)

/* Of the first channel: 50 at the upper limit, a lone one, two at the lower, and two that are one at
 * each. The second is at a limit for a while, but once beyond it, so that it is none; the third is
 * always at one, the fourth from a block's end on. */
static gint32
value (guint  channel,
       gint64 at)
{
  if (channel == 1)
    return at >= 200 && at < 250 ? 2047 : at == 9000 ? 3000 : (gint32) (at % 100);
  if (channel == 2)
    return 2047;
  if (channel == 3)
    return at >= 16383 && at < 16385 ? -2048 : 0;
  if ((at >= 1000 && at < 1050) || at == 3000 || at == 7000)
    return 2047;
  return at == 5000 || at == 5001 || at == 7001 ? -2048 : 0;
}

static gboolean
limited_read (InionRecording  *recording,
              guint            channel,
              gint64           first,
              gsize            n,
              gint32          *out,
              GError         **error)
{
  for (gsize i = 0; i < n; i++)
    out[i] = value (channel, first + (gint64) i);
  return TRUE;
}

static void
limited_class_init (LimitedClass *klass)
{
  INION_RECORDING_CLASS (klass)->read_digital = limited_read;
}

static void
limited_init (Limited *self)
{
  for (guint c = 0; c < 5; c++)
    inion_recording_add_channel (INION_RECORDING (self), &(InionChannelInfo) {
      .raw_label = fixture_labels[c], .unit = "µV", .rate_num = RATE, .rate_den_ns = 1000000000,
      .n_samples = N, .gain = 1, .calibrated = TRUE, .digital_min = c == 4 ? 0 : -2048,
      .digital_max = c == 4 ? 0 : 2047 });
  inion_recording_set_duration_ns (INION_RECORDING (self), N / RATE *
                                                             G_GINT64_CONSTANT (1000000000));
}

static char *
find (const char *montage_id,
      double      from_s,
      double      to_s,
      guint       first,
      guint       n)
{
  g_autoptr (InionRecording) recording = g_object_new (TYPE_LIMITED, NULL);
  g_autoptr (InionShownSignal) signal =
    fixture_signal (recording, montage_id, (InionDisplayFilter) { 0 });
  g_autoptr (InionJob) job =
    inion_saturation_new_job (inion_shown_signal_get_montage (signal), from_s, to_s, first, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) found = inion_job_run (job, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < found->len; i++)
    {
      const InionSaturation *stretch = &g_array_index (found, InionSaturation, i);

      g_string_append_printf (text, "%u %.2f-%.2f\n", stretch->derivation, stretch->from_s,
                              stretch->to_s);
    }
  return g_string_free (text, FALSE);
}

static void
test_found (void)
{
  g_autofree char *all = find ("as-recorded", 0, 200, 0, G_MAXUINT);
  g_autofree char *some = find ("as-recorded", 10.25, 50, 0, 2);
  g_autofree char *beyond = find ("as-recorded", -50, 1e6, 3, 1);
  g_autofree char *none = find ("as-recorded", 0, 200, 99, 5);
  g_autofree char *average = find ("average", 0, 200, 0, 2);

  g_assert_cmpstr (all, ==, "0 10.00-10.50\n0 50.00-50.02\n2 0.00-200.00\n3 163.83-163.85\n");
  g_assert_cmpstr (some, ==, "0 10.25-10.50\n");
  g_assert_cmpstr (beyond, ==, "3 163.83-163.85\n");
  g_assert_cmpstr (none, ==, "");
  /* That another channel of the average is saturated says nothing of this one. */
  g_assert_cmpstr (average, ==, "0 10.00-10.50\n0 50.00-50.02\n");
}

static void
test_cancel (void)
{
  g_autoptr (InionRecording) recording = g_object_new (TYPE_LIMITED, NULL);
  g_autoptr (InionShownSignal) signal =
    fixture_signal (recording, "as-recorded", (InionDisplayFilter) { 0 });
  g_autoptr (InionJob) job =
    inion_saturation_new_job (inion_shown_signal_get_montage (signal), 0, 200, 0, 4);
  g_autoptr (GError) error = NULL;

  inion_job_cancel (job);
  g_assert_null (inion_job_run (job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/display/saturation/found", test_found);
  g_test_add_func ("/display/saturation/cancel", test_cancel);
  return g_test_run ();
}
