/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the annotation set and the study take with many annotations.
 *
 * bench-annotations [N]: N annotations, 100000 if not said. Medians, with the limit for 100000
 * where there is one. Exits 1 if a median is beyond it.
 */

#include "bench-kit.h"

#include "annotation/table.h"
#include "core/random.h"
#include "recording/export.h"
#include "recording/memory-recording.h"
#include "study/study.h"

#include <glib/gstdio.h>

#define N_TRIES 1000
#define DAY_NS G_GINT64_CONSTANT (86400000000000)

static gboolean all_good = TRUE;

static void
report (const char *name,
        double     *ms,
        guint       n,
        double      limit_ms)
{
  g_autofree char *key = g_strconcat ("annotations.", name, NULL);
  double median = bench_median (ms, n);
  gboolean good = limit_ms <= 0 || median <= limit_ms;

  all_good = all_good && good;
  if (limit_ms > 0)
    bench_row (key, median, "ms", "worst %.4g; limit %g: %s", ms[n - 1], limit_ms,
               good ? "good" : "TOO SLOW");
  else
    bench_row (key, median, "ms", "worst %.4g", ms[n - 1]);
}

static void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) != 0)
        remove_tree (path);
    }
  g_rmdir (folder);
}

static double
since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

static InionAnnotation *
make (InionRandom *random,
      gint64       id)
{
  static const char *const labels[] = { "blink", "muscle", "spindle", "seizure", "W", "N2" };
  static const char *const channels[] = { "Fp1", "Fp2", NULL };
  gint64 onset = (gint64) inion_random_below (random, (guint64) DAY_NS);
  gint64 duration = (gint64) inion_random_below (random, 3000000000u);
  g_autofree char *comment = NULL;

  if (id % 10 == 0)
    comment = g_strdup_printf ("comment number %d", (int) id);
  if (id % 1000 == 0) /* a state that lasts for hours */
    duration *= 10000;
  return inion_annotation_new (id, onset, duration, labels[inion_random_below (random, 6)],
                               id % 3 == 0 ? channels : NULL, id % 2 == 0 ? "ada" : "bob",
                               INION_ORIGIN_PERSON, id % 4 == 0 ? 0.5 : NAN, comment);
}

static void
measure_edits (InionAnnotationSet *set,
               InionRandom        *random,
               gint64              n)
{
  double insert[N_TRIES], replace[N_TRIES], remove[N_TRIES];

  for (guint i = 0; i < N_TRIES; i++)
    {
      g_autoptr (InionAnnotation) a = make (random, n + 1 + i);
      g_autoptr (InionAnnotation) b = NULL;
      gint64 start = g_get_monotonic_time ();

      inion_annotation_set_add (set, a);
      insert[i] = since (start);
      b = inion_annotation_copy_with_span (a, inion_annotation_get_onset_ns (a) + 1000000000, 5);
      start = g_get_monotonic_time ();
      inion_annotation_set_replace (set, b);
      replace[i] = since (start);
      start = g_get_monotonic_time ();
      inion_annotation_set_remove (set, n + 1 + i);
      remove[i] = since (start);
    }
  report ("insert one", insert, N_TRIES, 1);
  report ("replace one", replace, N_TRIES, 1);
  report ("remove one", remove, N_TRIES, 1);
}

static void
measure_queries (InionAnnotationSet *set,
                 InionRandom        *random)
{
  double page[N_TRIES], item[N_TRIES], next[N_TRIES];
  guint size = inion_annotation_set_get_size (set);

  for (guint i = 0; i < N_TRIES; i++)
    {
      gint64 from = (gint64) inion_random_below (random, (guint64) DAY_NS);
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GPtrArray) hits = inion_annotation_set_query (set, from, from + 10000000000);
      g_autoptr (InionAnnotation) got = NULL;

      page[i] = since (start);
      start = g_get_monotonic_time ();
      got = g_list_model_get_item (G_LIST_MODEL (set), (guint) inion_random_below (random, size));
      item[i] = since (start);
      start = g_get_monotonic_time ();
      inion_annotation_set_next (set, from, "seizure");
      next[i] = since (start);
    }
  report ("query a page of 10 s", page, N_TRIES, 1);
  report ("get item", item, N_TRIES, 1);
  report ("next of a label", next, N_TRIES, 1);
}

/* The name of a row says how many there were to find. */
static void
measure_search (InionAnnotationSet *set,
                const char         *kind,
                const char         *text,
                const char         *label)
{
  g_autofree char *name = NULL;
  double ms[100];
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (ms); i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GArray) ids = inion_annotation_set_search (set, text, label);

      ms[i] = since (start);
      n = ids->len;
    }
  name = g_strdup_printf ("%s: search “%s” of %s: %u", kind, text,
                          label != NULL ? label : "any", n);
  report (name, ms, G_N_ELEMENTS (ms), 1);
}

/* The worst places for a neighbour of a label: at the other end of the list, and nowhere. */
static void
measure_neighbours (InionAnnotationSet *set,
                    gint64              n)
{
  static const char *const next_labels[] = { "the last", "none of this label" };
  static const char *const previous_labels[] = { "the first", "none of this label" };
  g_autoptr (InionAnnotation) first = inion_annotation_new (n + 1, -5, 1, "the first", NULL, "ada",
                                                            INION_ORIGIN_PERSON, NAN, NULL);
  g_autoptr (InionAnnotation) last = inion_annotation_new (n + 2, DAY_NS + 5, 1, "the last", NULL,
                                                           "ada", INION_ORIGIN_PERSON, NAN, NULL);

  inion_annotation_set_add (set, first);
  inion_annotation_set_add (set, last);
  for (guint i = 0; i < G_N_ELEMENTS (next_labels); i++)
    {
      g_autofree char *after = g_strdup_printf ("next “%s”", next_labels[i]);
      g_autofree char *before = g_strdup_printf ("previous “%s”", previous_labels[i]);
      double next[100], previous[100];

      for (guint j = 0; j < G_N_ELEMENTS (next); j++)
        {
          gint64 start = g_get_monotonic_time ();
          InionAnnotation *found = inion_annotation_set_next (set, -6, next_labels[i]);

          next[j] = since (start);
          all_good = all_good && found == (i == 0 ? last : NULL);
          start = g_get_monotonic_time ();
          found = inion_annotation_set_previous (set, 2 * DAY_NS, previous_labels[i]);
          previous[j] = since (start);
          all_good = all_good && found == (i == 0 ? first : NULL);
        }
      report (after, next, G_N_ELEMENTS (next), 1);
      report (before, previous, G_N_ELEMENTS (previous), 1);
    }
  inion_annotation_set_remove (set, n + 1);
  inion_annotation_set_remove (set, n + 2);
}

static InionAnnotation *
make_written (InionRandom *random,
              gint64       id,
              gboolean     labels_differ)
{
  static const char *const findings[] = {
    "sharp wave over the left temporal region", "artefact: Bewegung, Größe unklar",
    "eyes closed, alpha 10 Hz", "ЭЭГ без особенностей", "arousal",
  };
  g_autofree char *comment =
    g_strdup_printf ("%s, %d of the night", findings[inion_random_below (random, 5)], (int) id);
  g_autofree char *label =
    labels_differ ? g_strdup_printf ("Event %d", (int) id)
                  : g_strdup_printf ("%c", (char) ('A' + inion_random_below (random, 20)));

  return inion_annotation_new (id, (gint64) inion_random_below (random, (guint64) DAY_NS), 1000,
                               label, NULL, "ada", INION_ORIGIN_PERSON, NAN, comment);
}

/* One edit and the search after it, timed together: a list that follows what is typed. */
static void
measure_search_after_edit (InionAnnotationSet *set,
                           InionRandom        *random,
                           const char         *kind,
                           gint64              n)
{
  g_autofree char *name = g_strdup_printf ("%s: one edit and a search", kind);
  double ms[N_TRIES];

  for (guint i = 0; i < N_TRIES; i++)
    {
      gint64 id = 1 + (gint64) inion_random_below (random, (guint64) n);
      g_autoptr (InionAnnotation) a = make_written (random, id, TRUE);
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GArray) ids = NULL;

      if (i % 3 == 0)
        inion_annotation_set_remove (set, id);
      if (!inion_annotation_set_replace (set, a))
        inion_annotation_set_add (set, a);
      ids = inion_annotation_set_search (set, "temporal", NULL);
      ms[i] = since (start);
    }
  report (name, ms, N_TRIES, 1);
}

/* Each annotation has a comment that no other has; then each has a label of its own as well. */
static void
measure_written (InionRandom *random,
                 gint64       n,
                 const char  *kind,
                 gboolean     labels_differ)
{
  static const char *const texts[] = {
    "", "e", "of the night", "größe", "особ", "temporal", "12345", "zebra", "nowhere to be found",
  };
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) annotations = g_ptr_array_new_with_free_func (g_object_unref);

  for (gint64 i = 1; i <= n; i++)
    g_ptr_array_add (annotations, make_written (random, i, labels_differ));
  inion_annotation_set_add_many (set, annotations);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    measure_search (set, kind, texts[i], NULL);
  measure_search (set, kind, "", "B");
  measure_search (set, kind, "temporal", "B");
  measure_search_after_edit (set, random, kind, n);
}

static void
measure_searches (InionAnnotationSet *set,
                  InionRandom        *random,
                  gint64              n)
{
  static const char *const texts[] = { "number 123", "seiz", "fp1", "nothing", "" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    measure_search (set, "few texts", texts[i], NULL);
  measure_search (set, "few texts", "", "seizure");
  measure_search (set, "few texts", "ada", "seizure");
  measure_search (set, "few texts", "ada", "none of this label");
  measure_neighbours (set, n);
  measure_written (random, n, "comments differ", FALSE);
  measure_written (random, n, "labels differ", TRUE);
}

static void
measure_text (GPtrArray *annotations)
{
  static const char *const formats[] = { "tsv", "json" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *out = g_strdup_printf ("write %s", formats[i]);
      g_autofree char *in = g_strdup_printf ("read %s", formats[i]);
      gint64 start = g_get_monotonic_time ();
      g_autofree char *text = inion_annotations_to_text (annotations, formats[i], NULL);
      double ms = since (start);
      g_autoptr (GPtrArray) read = NULL;

      report (out, &ms, 1, 2000);
      start = g_get_monotonic_time ();
      read = inion_annotations_from_text (text, -1, formats[i], NULL);
      ms = since (start);
      report (in, &ms, 1, 2000);
      all_good = all_good && read != NULL && read->len == annotations->len;
    }
}

static void
measure_study (GPtrArray   *annotations,
               InionRandom *random)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bench.inion", NULL);
  InionStudy *study = inion_study_open (path, NULL);
  double ms[100];
  gint64 start = g_get_monotonic_time ();

  inion_study_add_annotations (study, annotations);
  ms[0] = since (start);
  report ("study: add all, in memory", ms, 1, 0);
  start = g_get_monotonic_time ();
  all_good = inion_study_flush (study, NULL) && all_good;
  ms[0] = since (start);
  report ("study: until all are on disk", ms, 1, 0);
  for (guint i = 0; i < G_N_ELEMENTS (ms); i++)
    {
      g_autoptr (InionAnnotation) a = make (random, 1);

      start = g_get_monotonic_time ();
      inion_study_add_annotation (study, a);
      all_good = inion_study_flush (study, NULL) && all_good;
      ms[i] = since (start);
    }
  report ("study: one edit until on disk", ms, G_N_ELEMENTS (ms), 200);
  start = g_get_monotonic_time ();
  g_object_unref (study);
  ms[0] = since (start);
  report ("study: close, with snapshot", ms, 1, 0);
  for (guint i = 0; i < 5; i++)
    {
      start = g_get_monotonic_time ();
      study = inion_study_open (path, NULL);
      ms[i] = since (start);
      g_object_unref (study);
    }
  report ("study: open", ms, 5, 1000);
  start = g_get_monotonic_time ();
  all_good = inion_study_verify (path, NULL, NULL) && all_good;
  ms[0] = since (start);
  report ("study: verify", ms, 1, 0);
  g_unlink (path);
  g_rmdir (folder);
}

/* As many events as there are annotations, written, read back and compared. */
static void
measure_export (const char *in,
                double      rate_hz,
                gsize       n_samples,
                gint64      n_events)
{
  g_autofree char *folder = g_dir_make_tmp ("inion-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bench.edf", NULL);
  g_autoptr (InionMemoryRecording) memory = inion_memory_recording_new (rate_hz, NULL);
  g_autofree double *samples = g_new0 (double, n_samples);
  gint64 gap_ns = (gint64) ((double) n_samples / rate_hz * 1e9) / n_events;
  g_autoptr (InionExport) export = NULL;
  gint64 start;
  double ms;

  inion_memory_recording_add_channel (memory, "C3", "µV", samples, n_samples);
  for (gint64 i = 0; i < n_events; i++)
    {
      g_autofree char *text = g_strdup_printf ("spike %" G_GINT64_FORMAT, i);

      inion_memory_recording_add_event (memory, i * gap_ns, i % 3 == 0 ? -1 : i * 1000, text);
    }
  export = inion_export_new (INION_RECORDING (memory));
  start = g_get_monotonic_time ();
  all_good = inion_export_write (export, path, INION_EXPORT_EDF, NULL, NULL, NULL) && all_good;
  ms = since (start);
  report (in, &ms, 1, 5000);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  gint64 n = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 100000;
  g_autoptr (InionAnnotationSet) set = inion_annotation_set_new ();
  g_autoptr (GPtrArray) annotations = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *data = g_dir_make_tmp ("inion-bench-data-XXXXXX", NULL);
  InionRandom random;
  double ms;
  gint64 start;

  if (n < 1 || n > 10000000)
    {
      fprintf (stderr, "usage: %s [N, 1 to 10000000]\n", argv[0]);
      return 2;
    }
  g_setenv ("XDG_DATA_HOME", data, TRUE); /* no snapshots among the user's */
  inion_random_seed (&random, 1, 0);
  start = g_get_monotonic_time ();
  for (gint64 i = 1; i <= n; i++)
    g_ptr_array_add (annotations, make (&random, i));
  ms = since (start);
  report ("make all", &ms, 1, 0);
  start = g_get_monotonic_time ();
  inion_annotation_set_add_many (set, annotations);
  ms = since (start);
  report ("add all", &ms, 1, 0);
  measure_edits (set, &random, n);
  measure_queries (set, &random);
  measure_searches (set, &random, n);
  measure_text (annotations);
  measure_study (annotations, &random);
  measure_export ("EDF+ of 20 s", 100, 2000, n);
  measure_export ("EDF+ of 24 h", 10, 864000, n);
  remove_tree (data);
  return all_good ? 0 : 1;
}
