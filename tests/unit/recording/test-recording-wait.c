/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would wait for a disk is told before it is read. */

#include "edf-builder.h"
#include "recording/binary-recording.h"
#include "recording/edited-recording.h"
#include "recording/memory-recording.h"

#include <fcntl.h>
#include <unistd.h>

#define N_CHANNELS 4
#define RECORD 2048
#define RECORDS 1024
#define N (RECORD * RECORDS)

/* Has the kernel forget what it holds of a file; FALSE if it does not. */
static gboolean
forget (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0 && posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

/* Cold before it was read, and not cold after. */
static void
check_cold (InionRecording *recording,
            const char     *path)
{
  g_autofree double *x = g_new (double, N);
  const guint last = N_CHANNELS - 1;

  g_assert_false (inion_recording_may_block (recording, last, 0, 0));
  if (!forget (path) || !inion_recording_may_block (recording, last, N / 2, RECORD))
    {
      g_test_skip ("This file system does not forget a file, or does not tell.");
      return;
    }
  g_assert_true (inion_recording_may_block (recording, 0, 0, N));
  g_assert_true (inion_recording_read (recording, last, N / 2, RECORD, x, NULL));
  g_assert_false (inion_recording_may_block (recording, last, N / 2, RECORD));
  /* What is warm at both ends may be cold between them. */
  g_assert_true (inion_recording_read (recording, last, 0, 1, x, NULL));
  g_assert_true (inion_recording_read (recording, last, N - 1, 1, x, NULL));
  g_assert_true (inion_recording_may_block (recording, last, 0, N));
  for (guint c = 0; c < N_CHANNELS; c++)
    g_assert_true (inion_recording_read (recording, c, 0, N, x, NULL));
  for (guint c = 0; c < N_CHANNELS; c++)
    g_assert_false (inion_recording_may_block (recording, c, 0, N));
  /* Beyond the end there is nothing to wait for. */
  g_assert_false (inion_recording_may_block (recording, 0, N, 100));
  g_assert_false (inion_recording_may_block (recording, 0, N - 1, G_MAXSIZE));
}

static void
test_edf (void)
{
  const BuilderSignal signals[N_CHANNELS] = {
    { .label = "C3", .samples = RECORD }, { .label = "C4", .samples = RECORD },
    { .label = "O1", .samples = RECORD }, { .label = "O2", .samples = RECORD },
  };
  const BuilderFile file = { .signals = signals, .n = N_CHANNELS, .records = RECORDS };
  g_autoptr (GByteArray) bytes = builder_make (&file);
  g_autofree char *path = builder_write (bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  g_autoptr (GPtrArray) edits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
  g_autoptr (InionRecording) edited = NULL;

  g_assert_no_error (error);
  check_cold (recording, path);
  g_ptr_array_add (edits, inion_channel_edit_new (0));
  edited = inion_edited_recording_new (recording, edits);
  check_cold (edited, path);
  g_unlink (path);
}

static void
test_binary (void)
{
  g_autofree guint8 *bytes = g_malloc0 ((gsize) N * N_CHANNELS * 2);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("inion-wait-XXXXXX", &path, NULL);
  g_autoptr (InionBinaryRecording) recording = inion_binary_recording_new (path, "test");

  g_assert_cmpint (write (fd, bytes, (gsize) N * N_CHANNELS * 2), ==, N * N_CHANNELS * 2);
  inion_binary_recording_take_file (recording, fd, path);
  for (guint c = 0; c < N_CHANNELS; c++)
    {
      InionChannelInfo info = {
        .raw_label = "C3", .unit = "µV", .rate_num = 100, .rate_den_ns = 1000000000,
        .n_samples = N, .gain = 1, .calibrated = TRUE,
      };
      InionSampleLayout layout =
        inion_sample_layout_multiplexed (0, INION_SAMPLE_INT16, 0, c, N_CHANNELS);

      g_assert_true (inion_binary_recording_add_channel (recording, &info, &layout, NULL));
    }
  check_cold (INION_RECORDING (recording), path);
  g_unlink (path);
}

static void
test_memory (void)
{
  g_autoptr (InionMemoryRecording) recording = inion_memory_recording_new (100, NULL);
  const double x[3] = { 1, 2, 3 };

  inion_memory_recording_add_channel (recording, "C3", "µV", x, 3);
  g_assert_false (inion_recording_may_block (INION_RECORDING (recording), 0, 0, 3));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/recording-wait/edf", test_edf);
  g_test_add_func ("/recording/recording-wait/binary", test_binary);
  g_test_add_func ("/recording/recording-wait/memory", test_memory);
  return g_test_run ();
}
