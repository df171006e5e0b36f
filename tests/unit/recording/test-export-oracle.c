/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDFlib, which accepts nothing that is not by the book, opens what is exported and finds the same
 * digital values and events in it. */

#include "export-tools.h"

#include <edflib.h>

/* EDFlib counts in units of 100 ns. */
#define UNIT_NS 100

static void
check_samples (InionRecording              *written,
               const struct edf_hdr_struct *hdr)
{
  g_assert_cmpint (hdr->edfsignals, ==, (int) inion_recording_get_n_channels (written));
  for (int s = 0; s < hdr->edfsignals; s++)
    {
      gint64 n = inion_channel_get_n_samples (inion_recording_get_channel (written, (guint) s));
      g_autofree int *theirs = g_new (int, n);
      g_autofree gint32 *ours = g_new (gint32, n);

      g_assert_cmpint (hdr->signalparam[s].smp_in_file, ==, n);
      g_assert_cmpint (edfread_digital_samples (hdr->handle, s, (int) n, theirs), ==, n);
      g_assert_true (inion_recording_read_digital (written, (guint) s, 0, (gsize) n, ours, NULL));
      for (gint64 i = 0; i < n; i++)
        g_assert_cmpint (theirs[i], ==, ours[i]);
      g_assert_cmpfloat_with_epsilon (hdr->signalparam[s].phys_max - hdr->signalparam[s].phys_min,
                                      builder_get_info (written, (guint) s)->gain *
                                        (hdr->signalparam[s].dig_max - hdr->signalparam[s].dig_min),
                                      1e-6);
    }
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  long long x = (*(struct edf_annotation_struct *const *) a)->onset;
  long long y = (*(struct edf_annotation_struct *const *) b)->onset;

  return (x > y) - (x < y);
}

static void
check_events (InionRecording              *written,
              const struct edf_hdr_struct *hdr)
{
  g_autoptr (GPtrArray) theirs = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *ours;

  g_assert_true (inion_recording_load_events (written, NULL, NULL));
  ours = inion_recording_get_events (written);
  g_assert_cmpint (hdr->annotations_in_file, ==, ours->len);
  for (guint i = 0; i < ours->len; i++)
    {
      struct edf_annotation_struct *annotation = g_new0 (struct edf_annotation_struct, 1);

      g_assert_cmpint (edf_get_annotation (hdr->handle, (int) i, annotation), ==, 0);
      g_ptr_array_add (theirs, annotation);
    }
  g_ptr_array_sort (theirs, compare_times);
  for (guint i = 0; i < ours->len; i++)
    {
      const struct edf_annotation_struct *annotation = theirs->pdata[i];
      const InionEvent *event = ours->pdata[i];

      g_assert_cmpint (annotation->onset, ==, event->onset_ns / UNIT_NS);
      g_assert_cmpstr (annotation->annotation, ==, event->text);
      g_assert_cmpint (annotation->duration_l, ==,
                       event->duration_ns < 0 ? -10000000 : event->duration_ns / UNIT_NS);
    }
}

static void
check_file (const char     *path,
            InionRecording *written)
{
  g_autofree struct edf_hdr_struct *hdr = g_new0 (struct edf_hdr_struct, 1);
  GDateTime *start = inion_recording_get_start (written);
  int result = edfopen_file_readonly (path, hdr, EDFLIB_READ_ALL_ANNOTATIONS);

  g_test_message ("%s: EDFlib says %d", path, hdr->filetype);
  g_assert_cmpint (result, ==, 0);
  check_samples (written, hdr);
  check_events (written, hdr);
  if (start != NULL)
    {
      g_assert_cmpint (hdr->startdate_year, ==, g_date_time_get_year (start));
      g_assert_cmpint (hdr->startdate_month, ==, g_date_time_get_month (start));
      g_assert_cmpint (hdr->starttime_second, ==, g_date_time_get_second (start));
      g_assert_cmpint (hdr->starttime_subsecond, ==,
                       g_date_time_get_microsecond (start) * (1000 / UNIT_NS));
    }
  edfclose_file (hdr->handle);
}

/* What is in memory: floats of several sizes, rates and lengths, 3000 events of 15 a record. */
static void
test_memory (void)
{
  static const char *const names[] = { "m.edf", "m.bdf" };
  static const double rates[] = { 256, 100, 1000, 300, 128.5 };
  static const double scales[] = { 1e-3, 37.5, 2e5 };

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
      for (gsize s = 0; s < G_N_ELEMENTS (scales); s++)
        {
          char *folder = tools_make_folder ();
          g_autofree char *path = g_build_filename (folder, names[k], NULL);
          gsize n = (gsize) (rates[r] * 20) + (r == 2 ? 7 : 0);
          g_autoptr (InionMemoryRecording) memory = tools_make_memory (rates[r], 4, n, scales[s]);
          g_autoptr (InionExport) export = NULL;
          g_autoptr (InionRecording) written = NULL;

          for (guint i = 0; i < 3000; i++)
            {
              g_autofree char *text = g_strdup_printf ("Ereignis №%u", i);

              inion_memory_recording_add_event (memory, (gint64) i * 6000000, i * 1000, text);
            }
          export = inion_export_new (INION_RECORDING (memory));
          inion_export_set_patient (export, "Jane Roe");
          written = tools_write (export, path, NULL);
          check_file (path, written);
          tools_remove_folder (folder);
        }
}

/* A hundred thousand annotations in 20 s, and over a day: EDFlib finds all of them too. */
static void
test_many (void)
{
  static const struct
  {
    const char *name;
    double rate_hz;
    gsize n;
  } cases[] = { { "short.edf", 100, 2000 }, { "day.edf", 10, 864000 }, { "day.bdf", 10, 864000 } };
  const guint n_events = 100000;

  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      char *folder = tools_make_folder ();
      g_autofree char *path = g_build_filename (folder, cases[k].name, NULL);
      g_autoptr (InionMemoryRecording) memory =
        tools_make_memory (cases[k].rate_hz, 1, cases[k].n, 10);
      g_autoptr (InionExport) export = NULL;
      g_autoptr (InionRecording) written = NULL;
      gint64 gap_ns = (gint64) ((double) cases[k].n / cases[k].rate_hz * 1e9) / n_events;

      gap_ns -= gap_ns % UNIT_NS;
      for (guint i = 0; i < n_events; i++)
        {
          g_autofree char *text = g_strdup_printf ("Ereignis №%u – äöü", i);

          inion_memory_recording_add_event (memory, i * gap_ns,
                                            i % 3 == 0 ? -1 : (gint64) i * 1000, text);
        }
      export = inion_export_new (INION_RECORDING (memory));
      written = tools_write (export, path, NULL);
      g_assert_true (inion_recording_load_events (written, NULL, NULL));
      g_assert_cmpuint (inion_recording_get_events (written)->len, ==, n_events);
      check_file (path, written);
      tools_remove_folder (folder);
    }
}

/* The recordings that come with the program, copied, cut, and with fewer channels. */
static void
test_shipped (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("INION_DATA"), "recordings", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *to = tools_make_folder ();
      g_autofree char *copy = g_build_filename (to, "copy.edf", NULL);
      g_autofree char *part = g_build_filename (to, "part.bdf", NULL);
      g_autoptr (InionRecording) source = inion_recording_open (path, NULL);
      g_autoptr (InionExport) export = NULL;
      static const guint channels[] = { 3, 0, 1 };

      if (source != NULL)
        {
          g_autoptr (InionRecording) whole = NULL, cut = NULL;

          export = inion_export_new (source);
          whole = tools_write (export, copy, NULL);
          check_file (copy, whole);
          inion_export_set_channels (export, channels, 3);
          inion_export_set_range (export, 10500000000, 20250000000);
          cut = tools_write (export, part, NULL);
          g_assert_cmpstr (builder_get_info (cut, 1)->raw_label, ==,
                           builder_get_info (source, 0)->raw_label);
          check_file (part, cut);
          n++;
        }
      tools_remove_folder (to);
    }
  g_assert_cmpuint (n, >=, 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/export-oracle/memory", test_memory);
  g_test_add_func ("/recording/export-oracle/many", test_many);
  g_test_add_func ("/recording/export-oracle/shipped", test_shipped);
  return g_test_run ();
}
