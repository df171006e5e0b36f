/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDFlib is the independent oracle: wherever it opens a file, both readers must agree, in the
 * samples to the last bit. Two differences are meant: EDFlib clamps digital values to the declared
 * range and we keep them; EDFlib scales a BDF Status channel and we give its bits. */

#include "recording/edf-triggers.h"

#include "edf-builder.h"

#include <edflib.h>
#include <math.h>

#define WHOLE_BYTES (20 * 1000 * 1000)
#define BLOCK 65536

typedef struct
{
  guint both;
  guint repaired; /* EDFlib opens a copy whose annotation signal is described by the book */
  guint ours;
  guint theirs;
  guint neither;
  guint64 samples;
  guint64 clamped;
  guint64 annotations;
} Tally;

static gboolean
has_ending (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_str_has_suffix (lower, ".edf") || g_str_has_suffix (lower, ".bdf");
}

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
find_files (const char *folder,
            GPtrArray  *paths)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        find_files (path, paths);
      else if (has_ending (name))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
}

static char *
strip (const char *text)
{
  return g_strstrip (g_strdup (text));
}

/* From EDFlib's unit to ours; 1 where we keep the file's. */
static double
get_factor (const InionChannelInfo         *info,
            const struct edf_param_struct *param)
{
  g_autofree char *unit = strip (param->physdimension);

  if (strcmp (info->unit, "µV") != 0)
    return 1;
  if (strcmp (unit, "mV") == 0)
    return 1e3;
  if (strcmp (unit, "V") == 0)
    return 1e6;
  return strcmp (unit, "nV") == 0 ? 1e-3 : 1;
}

static void
check_block (const struct edf_hdr_struct *hdr,
             int                          signal,
             InionRecording              *recording,
             guint                        channel,
             gint64                       first,
             gsize                        n,
             Tally                       *tally)
{
  const struct edf_param_struct *param = &hdr->signalparam[signal];
  const InionChannelInfo *info = builder_get_info (recording, channel);
  double factor = get_factor (info, param);
  g_autofree double *mine = g_new (double, n);
  g_autofree double *other = g_new (double, n);
  g_autofree gint32 *digital = g_new (gint32, n);
  g_autofree int *other_digital = g_new (int, n);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (edfseek (hdr->handle, signal, first, EDFSEEK_SET), ==, first);
  g_assert_cmpint (edfread_physical_samples (hdr->handle, signal, (int) n, other), ==, (int) n);
  edfseek (hdr->handle, signal, first, EDFSEEK_SET);
  g_assert_cmpint (edfread_digital_samples (hdr->handle, signal, (int)n, other_digital), ==,
                   (int)n);
  inion_recording_read (recording, channel, first, n, mine, &error);
  g_assert_no_error (error);
  inion_recording_read_digital (recording, channel, first, n, digital, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    {
      double expected = other[i] * factor;

      tally->samples++;
      if (digital[i] < param->dig_min || digital[i] > param->dig_max)
        {
          g_assert_cmpint (CLAMP (digital[i], param->dig_min, param->dig_max), ==,
                           other_digital[i]);
          tally->clamped++;
          continue;
        }
      g_assert_cmpint (digital[i], ==, other_digital[i]);
      if (info->calibrated)
        g_assert_cmpmem (&mine[i], sizeof (double), &expected, sizeof (double));
      else
        g_assert_cmpfloat (mine[i], ==, digital[i]);
    }
}

static void
check_channel (const struct edf_hdr_struct *hdr,
               int                          signal,
               InionRecording              *recording,
               guint                        channel,
               gboolean                     whole,
               Tally                       *tally)
{
  const struct edf_param_struct *param = &hdr->signalparam[signal];
  const InionChannelInfo *info = builder_get_info (recording, channel);
  g_autofree char *label = strip (param->label);
  gint64 n = info->n_samples;

  g_assert_cmpstr (info->raw_label, ==, label);
  g_assert_cmpint (n, ==, param->smp_in_file);
  g_assert_cmpint (info->rate_num, ==, param->smp_in_datarecord);
  g_assert_cmpint (info->rate_den_ns / 100, ==, hdr->datarecord_duration);
  if (info->calibrated)
    {
      g_assert_cmpint (info->digital_min, ==, param->dig_min);
      g_assert_cmpint (info->digital_max, ==, param->dig_max);
    }
  if (whole || n <= 2 * BLOCK)
    {
      for (gint64 first = 0; first < n; first += BLOCK)
        check_block (hdr, signal, recording, channel, first, (gsize) MIN (BLOCK, n - first), tally);
      return;
    }
  check_block (hdr, signal, recording, channel, 0, BLOCK, tally);
  check_block (hdr, signal, recording, channel, n / 2 - 77, 5000, tally);
  check_block (hdr, signal, recording, channel, n - BLOCK, BLOCK, tally);
}

typedef struct
{
  gint64 onset;
  gint64 duration;
  char *text;
} Annotation;

static void
annotation_clear (Annotation *annotation)
{
  g_free (annotation->text);
}

/* EDFlib's annotations in time order; control characters, which it passes on, as blanks. */
static GArray *
list_annotations (const struct edf_hdr_struct *hdr)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Annotation));

  g_array_set_clear_func (list, (GDestroyNotify) annotation_clear);
  for (int i = 0; i < hdr->annotations_in_file; i++)
    {
      struct edf_annotation_struct raw;
      Annotation annotation;
      guint at = list->len;

      g_assert_cmpint (edf_get_annotation (hdr->handle, i, &raw), ==, 0);
      annotation = (Annotation) { raw.onset, raw.duration_l, g_strdup (raw.annotation) };
      for (char *p = annotation.text; *p != '\0'; p++)
        if (g_ascii_iscntrl (*p) && strchr ("\t\r\n", *p) == NULL)
          *p = ' ';
      while (at > 0 && g_array_index (list, Annotation, at - 1).onset > annotation.onset)
        at--;
      g_array_insert_val (list, at, annotation);
    }
  return list;
}

/* The events but for those that come from trigger channels, whose text is a code. */
static GPtrArray *
list_texts (InionRecording *recording)
{
  GPtrArray *events = inion_recording_get_events (recording);
  GPtrArray *texts = g_ptr_array_new ();
  gboolean triggers = FALSE;

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    triggers |= inion_edf_triggers_fit (builder_get_info (recording, i)->raw_label);
  for (guint i = 0; i < events->len; i++)
    {
      const char *text = ((InionEvent *) events->pdata[i])->text;

      if (!triggers || text[strspn (text, "0123456789")] != '\0')
        g_ptr_array_add (texts, events->pdata[i]);
    }
  return texts;
}

static void
check_annotations (const struct edf_hdr_struct *hdr,
                   InionRecording              *recording,
                   Tally                       *tally)
{
  g_autoptr (GArray) list = list_annotations (hdr);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;

  inion_recording_load_events (recording, NULL, &error);
  g_assert_no_error (error);
  events = list_texts (recording);
  g_assert_cmpuint (events->len, ==, list->len);
  for (guint i = 0; i < list->len; i++)
    {
      const InionEvent *mine = events->pdata[i];
      const Annotation *other = &g_array_index (list, Annotation, i);

      g_assert_cmpint (ABS (mine->onset_ns - other->onset * 100), <, 100);
      if (other->duration < 0)
        g_assert_cmpint (mine->duration_ns, ==, -1);
      else
        g_assert_cmpint (ABS (mine->duration_ns - other->duration * 100), <, 100);
      /* EDFlib cuts texts at 512 bytes. */
      if (strlen (other->text) < EDFLIB_MAX_ANNOTATION_LEN)
        g_assert_cmpstr (mine->text, ==, other->text);
      else
        g_assert_true (g_str_has_prefix (mine->text, other->text));
      tally->annotations++;
    }
}

static void
check_start (const struct edf_hdr_struct *hdr,
             InionRecording              *recording)
{
  GDateTime *start = inion_recording_get_start (recording);

  if (start == NULL)
    return; /* taken out by "Startdate X", which EDFlib shows as 1985 */
  g_assert_cmpint (g_date_time_get_year (start), ==, hdr->startdate_year);
  g_assert_cmpint (g_date_time_get_month (start), ==, hdr->startdate_month);
  g_assert_cmpint (g_date_time_get_day_of_month (start), ==, hdr->startdate_day);
  g_assert_cmpint (g_date_time_get_hour (start), ==, hdr->starttime_hour);
  g_assert_cmpint (g_date_time_get_minute (start), ==, hdr->starttime_minute);
  g_assert_cmpint (g_date_time_get_second (start), ==, hdr->starttime_second);
  g_assert_cmpint (g_date_time_get_microsecond (start), ==, hdr->starttime_subsecond / 10);
}

static void
compare_file (const struct edf_hdr_struct *hdr,
              InionRecording              *recording,
              gboolean                     whole,
              Tally                       *tally)
{
  gboolean plus
      = hdr->filetype == EDFLIB_FILETYPE_EDFPLUS || hdr->filetype == EDFLIB_FILETYPE_BDFPLUS;
  guint channel = 0;

  g_assert_cmpint (inion_recording_get_duration_ns (recording) / 100, ==, hdr->file_duration);
  check_start (hdr, recording);
  for (int signal = 0; signal < hdr->edfsignals; signal++)
    {
      g_autofree char *label = strip (hdr->signalparam[signal].label);

      /* To EDFlib, annotations in a plain file are samples. */
      if (!plus && g_str_has_suffix (label, "DF Annotations"))
        continue;
      g_assert_cmpuint (channel, <, inion_recording_get_n_channels (recording));
      check_channel (hdr, signal, recording, channel++, whole, tally);
    }
  g_assert_cmpuint (channel, ==, inion_recording_get_n_channels (recording));
  if (plus)
    check_annotations (hdr, recording, tally);
}

static void
put_field (GByteArray *bytes,
           guint       n_signals,
           guint       field,
           guint       size,
           guint       signal,
           const char *text)
{
  guint8 *at = bytes->data + 256 + field * n_signals + size * signal;

  memset (at, ' ', size);
  memcpy (at, text, strlen (text));
}

/* A copy of a file for EDFlib, which refuses the whole file where the annotation signal, whose
 * fields mean nothing, has a prefilter or the wrong range. NULL if that is not what is wrong. */
static char *
write_repaired (const char *path)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *content = NULL;
  gsize size = 0;
  guint n_signals;
  gboolean found = FALSE;

  if (!g_file_get_contents (path, &content, &size, NULL) || size < 512 || size > WHOLE_BYTES)
    return NULL;
  g_byte_array_append (bytes, (const guint8 *) content, (guint) size);
  n_signals = (guint) g_ascii_strtoull (content + 252, NULL, 10);
  for (guint i = 0; i < n_signals && 256 * (n_signals + 1) <= size; i++)
    {
      const char *label = content + 256 + 16 * i;
      gboolean bdf = label[0] == 'B';

      if (strncmp (label + 1, "DF Annotations ", 15) != 0)
        continue;
      found = TRUE;
      put_field (bytes, n_signals, 16, 80, i, "");
      put_field (bytes, n_signals, 96, 8, i, "");
      put_field (bytes, n_signals, 104, 8, i, "-1");
      put_field (bytes, n_signals, 112, 8, i, "1");
      put_field (bytes, n_signals, 120, 8, i, bdf ? "-8388608" : "-32768");
      put_field (bytes, n_signals, 128, 8, i, bdf ? "8388607" : "32767");
      put_field (bytes, n_signals, 136, 80, i, "");
      put_field (bytes, n_signals, 224, 32, i, "");
    }
  return found ? builder_write (bytes) : NULL;
}

/* Opens a file, or a repaired copy of it, with EDFlib. */
static gboolean
open_oracle (const char            *path,
             struct edf_hdr_struct *hdr,
             gboolean              *repaired)
{
  g_autofree char *copy = NULL;
  struct edf_hdr_struct *again;
  int type;

  *repaired = FALSE;
  if (edfopen_file_readonly (path, hdr, EDFLIB_READ_ALL_ANNOTATIONS) == 0)
    return TRUE;
  type = hdr->filetype;
  copy = write_repaired (path);
  if (copy == NULL)
    return FALSE;
  again = g_new0 (struct edf_hdr_struct, 1);
  *repaired = edfopen_file_readonly (copy, again, EDFLIB_READ_ALL_ANNOTATIONS) == 0;
  if (*repaired)
    *hdr = *again;
  else
    hdr->filetype = type;
  g_free (again);
  g_unlink (copy); /* EDFlib keeps it open */
  return *repaired;
}

static void
check_file (const char *path,
            Tally      *tally)
{
  g_autofree struct edf_hdr_struct *hdr = g_new0 (struct edf_hdr_struct, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  gboolean repaired;
  gboolean oracle = open_oracle (path, hdr, &repaired);
  GStatBuf st;

  g_assert_cmpint (g_stat (path, &st), ==, 0);
  if (recording != NULL && oracle)
    {
      g_test_message ("%s: %s", repaired ? "both, after repair" : "both", path);
      compare_file (hdr, recording, st.st_size < WHOLE_BYTES, tally);
      *(repaired ? &tally->repaired : &tally->both) += 1;
    }
  else if (recording != NULL)
    {
      g_test_message ("only we: %s (EDFlib: %d)", path, hdr->filetype);
      tally->ours++;
    }
  else if (oracle)
    {
      g_test_message ("only EDFlib: %s (%s)", path, error->message);
      tally->theirs++;
    }
  else
    {
      g_test_message ("neither: %s (EDFlib: %d; we: %s)", path, hdr->filetype, error->message);
      tally->neither++;
    }
  if (oracle)
    edfclose_file (hdr->handle);
}

static void
check_folder (const char *folder,
              Tally      *tally)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  find_files (folder, paths);
  g_ptr_array_sort (paths, compare_paths);
  for (guint i = 0; i < paths->len; i++)
    check_file (paths->pdata[i], tally);
  g_test_message ("%s: %u files opened by both, %u more when EDFlib gets a repaired copy, "
                  "%u only by us, %u only by EDFlib, %u by neither; "
                  "%" G_GUINT64_FORMAT " samples and %" G_GUINT64_FORMAT " annotations agree, "
                  "%" G_GUINT64_FORMAT " samples beyond the range not clamped",
                  folder, tally->both, tally->repaired, tally->ours, tally->theirs, tally->neither,
                  tally->samples, tally->annotations, tally->clamped);
}

static void
test_shared (void)
{
  const char *shared = g_getenv ("INION_SHARED");
  g_autofree char *folder = g_build_filename (shared != NULL ? shared : "/nowhere", "data", NULL);
  Tally tally = { 0 };

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("there are no real recordings here (INION_SHARED)");
      return;
    }
  check_folder (folder, &tally);
  g_assert_cmpuint (tally.both, >, 0);
  g_assert_cmpuint (tally.repaired, >, 0);
  g_assert_cmpuint (tally.theirs, ==, 0);
}

static void
test_shipped (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("INION_DATA"), "recordings", NULL);
  Tally tally = { 0 };

  check_folder (folder, &tally);
  g_assert_cmpuint (tally.both + tally.repaired, ==, 3);
  g_assert_cmpuint (tally.ours + tally.theirs + tally.neither, ==, 0);
}

static char *
random_limit (GRand *random)
{
  int decimals = g_rand_int_range (random, 0, 7);
  double value = g_rand_double_range (random, -1, 1);
  char format[8];
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (int i = g_rand_int_range (random, 0, 7); i > 0; i--)
    value *= 10;
  if (g_rand_int_range (random, 0, 8) == 0)
    return g_strdup_printf ("%de%d", g_rand_int_range (random, -999, 999),
                            g_rand_int_range (random, -4, 5));
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (text, sizeof text, format, value);
  text[8] = '\0';
  return g_strdup (text);
}

/* Any scale that EDFlib accepts gives the same bits: the limits' texts are parsed alike and the
 * operations are the same. */
static void
test_scales (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (42);
  Tally tally = { 0 };

  for (guint i = 0; i < 1500; i++)
    {
      gboolean bdf = i % 3 == 0;
      g_autofree char *min = random_limit (random);
      g_autofree char *max = random_limit (random);
      g_autofree char *digital_min = g_strdup_printf ("%d", g_rand_int_range (random, -32768, 0));
      g_autofree char *digital_max = g_strdup_printf ("%d", g_rand_int_range (random, 1, 32768));
      const BuilderSignal signal = { .samples = 50, .physical_min = min, .physical_max = max,
                                     .digital_min = digital_min, .digital_max = digital_max,
                                     .unit = i % 5 == 0 ? "mV" : "uV" };
      const BuilderFile file = { .signals = &signal, .n = 1, .records = 2, .bdf = bdf };
      g_autoptr (GByteArray) bytes = builder_make (&file);
      g_autofree char *path = builder_write (bytes);

      check_file (path, &tally);
      g_unlink (path);
    }
  g_test_message ("%u of 1500 files opened by both", tally.both);
  g_assert_cmpuint (tally.both, >, 1200);
  g_assert_cmpuint (tally.theirs, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-oracle/shipped", test_shipped);
  g_test_add_func ("/recording/edf-oracle/scales", test_scales);
  g_test_add_func ("/recording/edf-oracle/shared", test_shared);
  return g_test_run ();
}
