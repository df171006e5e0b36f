/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Through another format and back: the same samples to the bit wherever the formats can hold them,
 * and the same events. Real recordings (INION_SHARED), as far as there are any. */

#include "core/error.h"

#include "export-tools.h"

#define MOST_BYTES (3 * 1000 * 1000)
#define LARGE_BYTES (1000 * 1000) /* of which two of a folder are enough */

/* The machine stays up: nothing of a few hundred files has to reach the disk. */
int
fsync (int fd)
{
  return 0;
}

static InionRecording *
open_path (const char *path)
{
  g_autoptr (GError) error = NULL;
  InionRecording *recording = inion_recording_open (path, &error);

  g_assert_no_error (error);
  return recording;
}

/* What is written; NULL where the format cannot hold it, which must be said as such. */
static InionRecording *
write_if_possible (InionRecording *source,
                   const char     *path)
{
  g_autoptr (InionExport) export = inion_export_new (source);
  g_autoptr (GError) error = NULL;
  InionExportFormat format;

  g_unlink (path);
  g_assert_true (inion_export_format_from_path (path, &format, NULL));
  if (inion_export_write (export, path, format, NULL, NULL, &error))
    return open_path (path);
  if (!g_error_matches (error, INION_ERROR, INION_ERROR_UNSUPPORTED) &&
      !g_error_matches (error, INION_ERROR, INION_ERROR_TOO_FEW))
    g_error ("%s: %s", path, error->message);
  return NULL;
}

/* The same events. */
static void
check_events (InionRecording *a,
              InionRecording *b)
{
  GPtrArray *x, *y;

  g_assert_true (inion_recording_load_events (a, NULL, NULL));
  g_assert_true (inion_recording_load_events (b, NULL, NULL));
  x = inion_recording_get_events (a);
  y = inion_recording_get_events (b);
  g_assert_cmpuint (x->len, ==, y->len);
  for (guint i = 0; i < x->len; i++)
    {
      const InionEvent *e = x->pdata[i], *f = y->pdata[i];

      g_assert_cmpint (e->onset_ns, ==, f->onset_ns);
      g_assert_cmpint (e->duration_ns, ==, f->duration_ns);
      g_assert_cmpstr (f->text, ==, e->text);
    }
}

/* Physical values are the same, NaN where there is none. */
static void
check_physical (InionRecording *a,
                InionRecording *b,
                double          steps)
{
  for (guint c = 0; c < inion_recording_get_n_channels (a); c++)
    {
      gint64 at = 0, first, n;
      double step = fabs (inion_channel_get_info (inion_recording_get_channel (b, c))->gain);

      while (inion_recording_find_run (a, c, at, &first, &n) && n > 0)
        {
          g_autofree double *x = g_new (double, n);
          g_autofree double *y = g_new (double, n);

          g_assert_true (inion_recording_read (a, c, first, (gsize) n, x, NULL));
          g_assert_true (inion_recording_read (b, c, first, (gsize) n, y, NULL));
          for (gint64 i = 0; i < n; i++)
            if (!(isnan (x[i]) && isnan (y[i])) &&
                !(fabs (x[i] - y[i]) <= steps * step + 1e-6 * fabs (x[i])))
              g_error ("channel %u, sample %" G_GINT64_FORMAT ": %g became %g", c, first + i, x[i],
                       y[i]);
          at = first + n;
        }
    }
}

static gboolean
has_triggers (InionRecording *recording)
{
  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    if (inion_channel_get_info (inion_recording_get_channel (recording, i))->kind ==
        INION_CHANNEL_TRIGGER)
      return TRUE;
  return FALSE;
}

typedef struct
{
  guint n_wide;
  guint n_brainvision;
  guint n_refused;
} Trips;

/* EDF to BDF and back, BDF to BDF: nothing is lost on the way. */
static void
trip_wide (InionRecording *source,
           const char     *path,
           const char     *folder,
           Trips          *trips)
{
  gboolean bdf = g_str_has_suffix (path, ".bdf") || g_str_has_suffix (path, ".BDF");
  g_autofree char *middle = g_build_filename (folder, "middle.bdf", NULL);
  g_autofree char *end = g_build_filename (folder, bdf ? "end.bdf" : "end.edf", NULL);
  g_autoptr (InionRecording) wide = write_if_possible (source, middle);
  g_autoptr (InionRecording) back = wide != NULL ? write_if_possible (wide, end) : NULL;

  if (back == NULL)
    {
      trips->n_refused++;
      return;
    }
  tools_check_same_digital (source, wide);
  tools_check_same_digital (source, back);
  if (!has_triggers (source)) /* whose bits mean something else in a BDF */
    check_events (source, back);
  trips->n_wide++;
}

/* To BrainVision and back: the values. */
static void
trip_brainvision (InionRecording *source,
                  const char     *folder,
                  Trips          *trips)
{
  g_autofree char *middle = g_build_filename (folder, "middle.vhdr", NULL);
  g_autofree char *end = g_build_filename (folder, "end.bdf", NULL);
  g_autoptr (InionRecording) there = write_if_possible (source, middle);
  g_autoptr (InionRecording) back = there != NULL ? write_if_possible (there, end) : NULL;

  if (back == NULL || has_triggers (source))
    {
      trips->n_refused++;
      return;
    }
  check_physical (source, there, 1e-3);
  check_physical (source, back, 0.5000001);
  trips->n_brainvision++;
}

static void
trip_all (const char *data,
          const char *folder,
          Trips      *trips)
{
  g_autoptr (GDir) dir = g_dir_open (data, 0, NULL);
  const char *name;
  guint n_large = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (data, name, NULL);
      g_autofree char *lower = g_ascii_strdown (name, -1);
      g_autoptr (InionRecording) source = NULL;
      GStatBuf st;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        trip_all (path, folder, trips);
      else if ((g_str_has_suffix (lower, ".edf") || g_str_has_suffix (lower, ".bdf")) &&
               g_stat (path, &st) == 0 && st.st_size <= MOST_BYTES &&
               (st.st_size <= LARGE_BYTES || n_large++ < 2) &&
               (source = inion_recording_open (path, NULL)) != NULL)
        {
          g_test_message ("%s", path);
          trip_wide (source, path, folder, trips);
          trip_brainvision (source, folder, trips);
        }
    }
}

static char *
find_shared (const char *name)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *data =
    g_build_filename (shared != NULL ? shared : "/nowhere", "data", name, NULL);

  if (g_file_test (data, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&data);
  g_test_skip ("there are no real recordings here (INION_SHARED)");
  return NULL;
}

static void
test_shared (void)
{
  g_autofree char *data = find_shared ("");
  char *folder;
  Trips trips = { 0 };

  if (data == NULL)
    return;
  folder = tools_make_folder ();
  trip_all (data, folder, &trips);
  g_test_message ("%u through BDF, %u through BrainVision, %u not possible", trips.n_wide,
                  trips.n_brainvision, trips.n_refused);
  g_assert_cmpuint (trips.n_wide, >, 50);
  g_assert_cmpuint (trips.n_brainvision, >, 30);
  tools_remove_folder (folder);
}

/* GDF to EDF and BDF: values within half a step of the new file, and to the bit where the digital
 * values fit; as many events. */
static void
test_gdf (void)
{
  static const char *const endings[] = { "x.edf", "x.bdf" };
  g_autofree char *data = find_shared ("formats" G_DIR_SEPARATOR_S "gdf");
  g_autoptr (GDir) dir = data != NULL ? g_dir_open (data, 0, NULL) : NULL;
  char *folder = tools_make_folder ();
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (data, name, NULL);
      g_autoptr (InionRecording) source = g_str_has_suffix (name, ".gdf")
                                            ? inion_recording_open (path, NULL) : NULL;

      for (gsize i = 0; source != NULL && i < G_N_ELEMENTS (endings); i++)
        {
          g_autofree char *to = g_build_filename (folder, endings[i], NULL);
          g_autoptr (InionRecording) written = write_if_possible (source, to);

          g_test_message ("%s: %s", name, written != NULL ? endings[i] : "not possible");
          if (written == NULL)
            continue;
          check_physical (source, written, 0.5000001);
          check_events (source, written);
          n++;
        }
    }
  if (data != NULL)
    g_assert_cmpuint (n, >=, 2);
  tools_remove_folder (folder);
}

/* The bytes of all signals but the annotations, record by record. */
static GByteArray *
dup_signals (const char *path)
{
  GByteArray *out = g_byte_array_new ();
  g_autofree char *bytes = NULL;
  gsize n, record = 0, signals = 0;
  guint n_signals;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  n_signals = (guint) g_ascii_strtoull (bytes + 252, NULL, 10);
  for (guint i = 0; i < n_signals; i++)
    {
      g_autofree char *samples = g_strndup (bytes + 256 + n_signals * 216 + i * 8, 8);

      record += 2 * (gsize) g_ascii_strtoull (samples, NULL, 10);
      if (i + 1 < n_signals)
        signals = record;
    }
  for (gsize at = 256 * ((gsize) n_signals + 1); at + record <= n; at += record)
    g_byte_array_append (out, (const guint8 *) bytes + at, (guint) signals);
  return out;
}

/* Other marks, and none: not one byte of a sample is another. */
static void
test_marks (void)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("INION_DATA"), "recordings", "S007R04.edf", NULL);
  g_autoptr (InionRecording) source = open_path (path);
  g_autoptr (GByteArray) wanted = dup_signals (path);
  char *folder = tools_make_folder ();

  g_assert_cmpuint (wanted->len, >, 1000000);
  for (guint n = 0; n <= 5000; n = n == 0 ? 1 : n * 5000)
    {
      g_autofree char *to = g_build_filename (folder, "marks.edf", NULL);
      g_autoptr (GPtrArray) events =
        g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
      g_autoptr (InionExport) export = inion_export_new (source);
      g_autoptr (InionRecording) written = NULL;
      g_autoptr (GByteArray) found = NULL;

      for (guint i = 0; i < n; i++)
        g_ptr_array_add (events, inion_event_new ((gint64) i * 12345678, 100000000, "moved mark", -1));
      inion_export_set_events (export, events);
      written = tools_write (export, to, NULL);
      g_assert_true (inion_recording_load_events (written, NULL, NULL));
      g_assert_cmpuint (inion_recording_get_events (written)->len, ==, n);
      found = dup_signals (to);
      g_assert_cmpmem (wanted->data, wanted->len, found->data, found->len);
      g_unlink (to);
    }
  tools_remove_folder (folder);
}

/* Computed values: each channel has a range of its own that holds all of them, as finely as the
 * format can; nothing is cut. */
static void
test_ranges (void)
{
  static const char *const names[] = { "x.edf", "x.bdf" };
  static const double scales[] = { 1e-3, 40, 3e6, 1 };
  static const double middles[] = { 0, 0, 0, 175792 }; /* far from zero, and narrow */
  const gsize n = 5000;

  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      char *folder = tools_make_folder ();
      g_autofree char *path = g_build_filename (folder, names[k], NULL);
      g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (250, NULL);
      g_autoptr (InionExport) export = NULL;
      g_autoptr (GPtrArray) notes = NULL;
      g_autoptr (InionRecording) written = NULL;

      for (guint c = 0; c < G_N_ELEMENTS (scales); c++)
        {
          g_autofree double *samples = tools_make_samples (n, c, scales[c]);
          g_autofree char *label = g_strdup_printf ("C%u", c + 1);

          samples[2500] = 30 * scales[c]; /* a burst far above all else */
          for (gsize i = 0; i < n; i++)
            samples[i] += middles[c];
          inion_memory_recording_add_channel (memory, label, "µV", samples, n);
        }
      export = inion_export_new (INION_RECORDING (memory));
      written = tools_write (export, path, &notes);
      g_assert_false (tools_has_note (notes, "cut to it"));
      for (guint c = 0; c < G_N_ELEMENTS (scales); c++)
        {
          const InionChannelInfo *info =
            inion_channel_get_info (inion_recording_get_channel (written, c));
          double spread = 33 * scales[c];

          /* All steps are used: at most a tenth is lost to what eight characters can say. */
          g_assert_cmpfloat (info->gain, <=, 1.1 * spread / (k == 0 ? 65535 : 16777215));
        }
      check_physical (INION_RECORDING (memory), written, 0.5000001);
      tools_remove_folder (folder);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/export-trips/marks", test_marks);
  g_test_add_func ("/recording/export-trips/ranges", test_ranges);
  g_test_add_func ("/recording/export-trips/gdf", test_gdf);
  g_test_add_func ("/recording/export-trips/shared", test_shared);
  return g_test_run ();
}
