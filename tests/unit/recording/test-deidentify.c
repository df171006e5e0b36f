/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies without identifiers: planted in every place of many files, none may be left unseen. */

#include "edf-builder.h"

#include "core/error.h"
#include "recording/bids.h"
#include "recording/deidentify.h"
#include "recording/memory-recording.h"

#include "export-tools.h"

#include <fcntl.h>
#include <glib/gstdio.h>

#define N_FILES 1000

/* The machine stays up: nothing of a thousand files has to reach the disk. */
int
fsync (int fd)
{
  return 0;
}

/* What one synthetic file hides. Letters only where a word must not be a part of others. */
typedef struct
{
  char *name;       /* of the patient: Xxxxxxx_Yyyyyyy */
  char *first;
  char *last;
  char *code;
  char *technician;
  char *serial;
  char *patient;
  char *recording;
  char *mail;
  char *phone;
} Person;

static void
person_clear (Person *p)
{
  char *texts[] = { p->name, p->first, p->last, p->code, p->technician,
                    p->serial, p->patient, p->recording, p->mail, p->phone };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Person, person_clear)

/* A name that no other text holds: pronounceable, with capital. */
static char *
make_name (GRand *rand,
           guint  syllables)
{
  static const char *const parts[] = { "ba", "ke", "zo", "ri", "mu", "vy", "xe", "qua", "plo", "dri" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < syllables; i++)
    g_string_append (text, parts[g_rand_int_range (rand, 0, G_N_ELEMENTS (parts))]);
  text->str[0] = g_ascii_toupper (text->str[0]);
  return g_string_free (text, FALSE);
}

static void
make_person (Person *p,
             GRand  *rand)
{
  p->first = make_name (rand, 3);
  p->last = make_name (rand, 4);
  p->technician = make_name (rand, 3);
  p->name = g_strconcat (p->first, "_", p->last, NULL);
  p->code = g_strdup_printf ("MCH-%07d", g_rand_int_range (rand, 1000000, 9999999));
  p->serial = g_strdup_printf ("SN%06d", g_rand_int_range (rand, 100000, 999999));
  p->patient = g_strdup_printf ("%s F 02-MAY-1951 %s", p->code, p->name);
  p->recording = g_strdup_printf ("Startdate 02-MAR-2021 PSG-%s %s Telemetry", p->serial,
                                  p->technician);
  p->mail = g_strdup_printf ("%s@clinic.example.org", p->last);
  p->phone = g_strdup_printf ("+49 30 %07d", g_rand_int_range (rand, 1000000, 9999999));
}

/* A TAL of the first record with one text. */
static char *
make_tal (const char *text)
{
  return g_strdup_printf ("+0||~+0.25|%s|~", text);
}

/* The places: 0 patient's field, 1 recording's, 2 label, 3 transducer, 4 filter text, 5 reserved
 * field of a signal, 6 behind the data, 7–13 an annotation, 14 reserved of the file. */
#define N_PLACES 15

static char *
make_annotation (const Person *p,
                 guint         place)
{
  switch (place)
    {
    case 7:
      return g_strdup_printf ("%s moved", p->first);
    case 8:
      return g_strdup_printf ("called %s", p->phone);
    case 9:
      return g_strdup_printf ("mail %s now", p->mail);
    case 10:
      return g_strdup ("born 02.05.1951");
    case 11:
      return g_strdup_printf ("id %s", p->code);
    case 12:
      return g_strdup ("since May 2, 1951");
    case 13:
      return g_strdup_printf ("Mrs %s asleep", p->last);
    default:
      return g_strdup ("Sleep stage W");
    }
}

static GByteArray *
make_file (const Person *p,
           guint         place)
{
  g_autofree char *annotation = make_annotation (p, place);
  g_autofree char *tal = make_tal (annotation);
  g_autofree char *label = g_strdup_printf ("EEG %.11s", p->last);
  const char *tals[] = { tal, NULL };
  const BuilderSignal signals[] = {
    { .label = place == 2 ? label : "EEG Fp1", .samples = 50,
      .transducer = place == 3 ? p->name : "AgAgCl", .prefilter = place == 4 ? p->serial : "HP:0.1Hz" },
    { .label = "EEG Cz", .samples = 50 },
    { .label = "EDF Annotations", .samples = 60 },
  };
  const BuilderFile file = {
    .patient = p->patient, .recording = p->recording, .reserved = place == 14 ? p->name : "EDF+C",
    .signals = signals, .n = 3, .records = 2, .tals = tals,
  };
  GByteArray *bytes = builder_make (&file);

  if (place == 5)
    memcpy (bytes->data + 256 + 3 * 224, p->name, MIN (strlen (p->name), 32));
  if (place == 6)
    g_byte_array_append (bytes, (const guint8 *) p->name, (guint) strlen (p->name));
  return bytes;
}

static gboolean
contains (const char *bytes,
          gsize       n,
          const char *word)
{
  gsize m = strlen (word);

  for (gsize i = 0; i + m <= n; i++)
    if (g_ascii_strncasecmp (bytes + i, word, m) == 0)
      return TRUE;
  return FALSE;
}

static InionDeidentifyReport *
write_copy (InionRecording               *recording,
            const InionDeidentifyOptions *options,
            const char                   *path,
            InionExportFormat             format)
{
  g_autoptr (InionDeidentify) deidentify = inion_deidentify_new (recording, options);
  g_autoptr (InionExport) export = NULL;
  g_autoptr (GError) error = NULL;
  InionDeidentifyReport *report = NULL;

  inion_deidentify_scan (deidentify, NULL, &error);
  g_assert_no_error (error);
  export = inion_deidentify_new_export (deidentify, &error);
  g_assert_no_error (error);
  inion_deidentify_write (deidentify, export, path, format, NULL, &report, &error);
  g_assert_no_error (error);
  return report;
}

static char *
make_path (void)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("inion-test-XXXXXX.edf", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  return path;
}

static void
check_copy (const Person *p,
            guint         place,
            const char   *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) copy = inion_recording_open (path, &error);
  const char *words[] = { p->first, p->last, p->technician, p->code, p->serial, p->mail, p->phone,
                          "02.05.1951", "1951", "02-MAR-2021", "02.03.21", "Telemetry" };
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_no_error (error);
  g_assert_cmpuint (inion_recording_get_faults (copy)->len, ==, 0);
  g_assert_cmpuint (inion_recording_get_n_channels (copy), ==, 2);
  builder_check_digital (copy, 0, FALSE, 0, 0, 100);
  builder_check_digital (copy, 1, FALSE, 1, 0, 100);
  g_assert_cmpstr (inion_recording_get_patient (copy), ==, "X X X X");
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (contains (bytes, n, words[i]))
      g_error ("“%s” of place %u is in the copy", words[i], place);
}

/* In each of a thousand files, an identifier in one place besides those of the header. */
static void
test_planted (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260101);
  g_autofree char *path = make_path ();
  guint n_listed = 0, n_leaks = 0;

  for (guint i = 0; i < N_FILES; i++)
    {
      const InionDeidentifyOptions strict = { 0 };
      guint place = i % N_PLACES;
      g_auto (Person) p = { 0 };
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (InionRecording) recording = NULL;
      g_autoptr (InionDeidentifyReport) report = NULL;
      g_autoptr (GError) error = NULL;

      make_person (&p, rand);
      bytes = make_file (&p, place);
      recording = builder_open_bytes (bytes, &error);
      g_assert_no_error (error);
      report = write_copy (recording, &strict, path, INION_EXPORT_EDF);
      check_copy (&p, place, path);
      n_leaks += report->leaks->len;
      for (guint k = 0; k < report->texts->len; k++)
        n_listed += ((InionReviewText *) report->texts->pdata[k])->reason != NULL;
    }
  g_test_message ("%u files: %u texts with hits, %u leaks", N_FILES, n_listed, n_leaks);
  g_assert_cmpuint (n_leaks, ==, 0);
  g_assert_cmpuint (n_listed, >=, N_FILES * 10 / N_PLACES - 10);
  g_unlink (path);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Fails if an identifier is in any file of a folder, in its bytes or its name. */
static void
check_folder (const Person *p,
              guint         place,
              const char   *folder)
{
  const char *words[] = { p->first, p->last, p->technician, p->code, p->serial, p->mail, p->phone,
                          "02.05.1951", "1951", "02-MAR-2021", "02.03.21", "20210302", "2021-03-02",
                          "Telemetry" };
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize n;

      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (contains (bytes, n, words[i]) || contains (name, strlen (name), words[i]))
          g_error ("“%s” of place %u is in %s", words[i], place, name);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

/* The same with the formats that have several files: headers, markers, tables of events. */
static void
test_other_formats (void)
{
  static const struct
  {
    const char *name;
    InionExportFormat format;
    guint n_files; /* of a recording with events */
  } kinds[] = {
    { "copy.vhdr", INION_EXPORT_BRAINVISION, 3 },
    { "copy.csv", INION_EXPORT_CSV, 2 },
    { "copy.bdf", INION_EXPORT_BDF, 1 },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260102);
  g_autofree char *folder = g_dir_make_tmp ("inion-test-XXXXXX", NULL);
  guint n_listed = 0;

  for (guint i = 0; i < N_PLACES * 6; i++)
    {
      const InionDeidentifyOptions strict = { 0 };
      guint place = i % N_PLACES;
      g_auto (Person) p = { 0 };
      g_autoptr (GByteArray) bytes = NULL;
      g_autoptr (InionRecording) recording = NULL;
      g_autoptr (GError) error = NULL;

      make_person (&p, rand);
      bytes = make_file (&p, place);
      recording = builder_open_bytes (bytes, &error);
      g_assert_no_error (error);
      for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
        {
          g_autofree char *path = g_build_filename (folder, kinds[k].name, NULL);
          g_autoptr (InionDeidentifyReport) report = NULL;
          g_autoptr (InionRecording) copy = NULL;

          report = write_copy (recording, &strict, path, kinds[k].format);
          g_assert_cmpuint (report->leaks->len, ==, 0);
          for (guint t = 0; t < report->texts->len; t++)
            n_listed += ((InionReviewText *) report->texts->pdata[t])->reason != NULL;
          copy = inion_recording_open (path, &error);
          g_assert_no_error (error);
          g_assert_cmpuint (inion_recording_get_n_channels (copy), ==, 2);
          g_assert_cmpuint (count_files (folder), ==, kinds[k].n_files);
          check_folder (&p, place, folder);
        }
    }
  g_assert_cmpuint (n_listed, >=, (N_PLACES * 6 * 10 / N_PLACES - 10) * G_N_ELEMENTS (kinds));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A text that a person keeps is found in the copy, and told with its place. */
static void
test_kept (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_auto (Person) p = { 0 };
  const InionDeidentifyOptions strict = { 0 };
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (InionDeidentify) deidentify = NULL;
  g_autoptr (InionExport) export = NULL;
  g_autoptr (InionDeidentifyReport) report = NULL;
  g_autofree char *path = make_path ();
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;
  g_autofree char *content = NULL;
  InionReviewText *first;
  gsize n;

  make_person (&p, rand);
  bytes = make_file (&p, 7);
  recording = builder_open_bytes (bytes, NULL);
  deidentify = inion_deidentify_new (recording, &strict);
  g_assert_true (inion_deidentify_scan (deidentify, NULL, NULL));
  first = inion_deidentify_get_texts (deidentify)->pdata[0];
  g_assert_cmpstr (first->place, ==, "annotation");
  g_assert_nonnull (first->reason);
  g_assert_cmpint (first->action, ==, INION_TEXT_REPLACE);
  g_assert_cmpstr (first->replacement, ==, "[removed] moved");
  first->action = INION_TEXT_KEEP;
  export = inion_deidentify_new_export (deidentify, NULL);
  g_assert_true (inion_deidentify_write (deidentify, export, path, INION_EXPORT_EDF, NULL, &report,
                                         NULL));
  g_assert_cmpuint (report->leaks->len, ==, 1);
  g_assert_true (g_file_get_contents (path, &content, &n, NULL));
  {
    const InionLeak *leak = report->leaks->pdata[0];

    g_assert_cmpint (g_ascii_strncasecmp (content + leak->offset, p.first, strlen (p.first)), ==, 0);
    g_assert_cmpstr (leak->encoding, ==, "UTF-8");
  }
  text = inion_deidentify_report_to_text (report);
  g_assert_nonnull (strstr (text, "STILL THERE"));
  json = inion_deidentify_report_to_json (report);
  g_assert_nonnull (strstr (json, "\"leaks\""));
  g_unlink (path);
}

/* The same shift for all of a subject, another for others and for other secrets. */
static void
test_shift (void)
{
  static const BuilderSignal signals[] = { { .samples = 10 } };
  const BuilderFile file = { .patient = "C1234567 F 02-MAY-1925 X", .signals = signals, .n = 1,
                             .records = 2, .reserved = "EDF+C" };
  InionDeidentifyOptions options = { .dates = INION_DATES_SHIFT, .keep_time = TRUE,
                                     .keep_sex = TRUE, .keep_age = TRUE, .code = "S 1" };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  g_autoptr (InionDeidentify) without = inion_deidentify_new (recording, &options);
  g_autoptr (InionDeidentifyReport) report = NULL;
  g_autoptr (InionRecording) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = make_path ();
  g_autofree char *secret = inion_deidentify_make_secret (&error);
  guint days;

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (secret), ==, 64);
  g_assert_false (inion_deidentify_scan (without, NULL, &error));
  g_assert_cmpint (error->code, ==, INION_ERROR_INVALID);
  days = inion_deidentify_shift_days ("0123456789abcdef", "C1234567");
  g_assert_cmpuint (days, ==, inion_deidentify_shift_days ("0123456789abcdef", " c1234567 "));
  g_assert_cmpuint (days, !=, inion_deidentify_shift_days ("0123456789abcdef", "C1234568"));
  g_assert_cmpuint (days, !=, inion_deidentify_shift_days ("fedcba9876543210", "C1234567"));
  options.secret = "0123456789abcdef";
  report = write_copy (recording, &options, path, INION_EXPORT_EDF);
  copy = inion_recording_open (path, NULL);
  g_assert_cmpint (g_date_time_difference (inion_recording_get_start (recording),
                                           inion_recording_get_start (copy)), ==,
                   (gint64) days * G_TIME_SPAN_DAY);
  g_assert_cmpstr (inion_recording_get_patient (copy), ==, "S_1 F X X age_90+");
  g_unlink (path);
}

static void
put (const char *folder,
     const char *name,
     const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Fails if one of the words is in a file of a folder, in its bytes or its name. */
static void
check_words (const char        *folder,
             const char *const *words)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize n;

      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      for (gsize i = 0; words[i] != NULL; i++)
        if (contains (bytes, n, words[i]) || contains (name, strlen (name), words[i]))
          g_error ("“%s” is in %s", words[i], name);
    }
}

/* Copies a recording in all formats into a new folder, and looks for words in them. */
static void
check_all_formats (const char                   *path,
                   const InionDeidentifyOptions *options,
                   const char *const            *words)
{
  static const char *const names[] = { "copy.edf", "copy.bdf", "copy.vhdr", "copy.csv" };
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  char *folder = tools_make_folder ();

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *to = g_build_filename (folder, names[i], NULL);
      g_autoptr (InionDeidentifyReport) report = NULL;
      InionExportFormat format;

      g_assert_true (inion_export_format_from_path (to, &format, NULL));
      report = write_copy (recording, options, to, format);
      g_assert_cmpuint (report->leaks->len, ==, 0);
    }
  check_words (folder, words);
  tools_remove_folder (folder);
}

/* BrainVision: names in comments, in the names of the files and of their folder, and only from
 * there known in markers, channels and references; dates of segments. */
static void
test_brainvision (void)
{
  static const char *const words[] = { "haagse", "harry", "wilhelmina", "Bosboom", "2019", "1951",
                                       "12345", "smith", "jansen", "Main Street", "1234", "März",
                                       "Groeneveld", NULL };
  char *root = tools_make_folder ();
  char *folder = g_build_filename (root, "Haagse_H", NULL);
  g_autofree char *path = g_build_filename (folder, "Harry2019.vhdr", NULL);
  g_autofree char *samples = g_malloc0 (4000);
  g_autofree char *data = g_build_filename (folder, "Harry2019.eeg", NULL);
  const InionDeidentifyOptions strict = { 0 };

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  g_assert_true (g_file_set_contents (data, samples, 4000, NULL));
  put (folder, "Harry2019.vhdr",
       "Brain Vision Data Exchange Header File Version 1.0\n; recorded by technician Wilhelmina\n"
       "[Common Infos]\nCodepage=UTF-8\nDataFile=Harry2019.eeg\nMarkerFile=Harry2019.vmrk\n"
       "DataFormat=BINARY\nDataOrientation=MULTIPLEXED\nNumberOfChannels=2\nSamplingInterval=4000\n"
       "[Binary Infos]\nBinaryFormat=INT_16\n[Channel Infos]\nCh1=Fp1 Haagse,LinkedHaagse,0.1,µV\n"
       "Ch2=Cz,,0.1,µV\n[Comment]\nPatient's name: Anna Groeneveld, born 02.05.1951\n"
       "Operator = Bosboom\nAmplifier serial number: 12345-X\n");
  put (folder, "Harry2019.vmrk",
       "Brain Vision Data Exchange Marker File, Version 1.0\n[Common Infos]\nCodepage=UTF-8\n"
       "DataFile=Harry2019.eeg\n[Marker Infos]\nMk1=New Segment,,1,1,0,20190302101112000000\n"
       "Mk2=Comment,Harry Haagse moves,100,1,0\nMk3=Comment,dr smith came in,200,1,0\n"
       "Mk4=Comment,seen 03/2019 by Hr. Jansen,300,1,0\nMk5=Comment,WILHELMINA left,400,1,0\n"
       "Mk6=Comment,MRN 1234,500,1,0\nMk7=Comment,lives at 12 Main Street,600,1,0\n"
       "Mk8=Stimulus,S  1,700,1,0\nMk9=Comment,2. März 2019,800,1,0\n"
       "Mk10=Comment,Bosboom and Groeneveld talk,900,1,0\n");
  check_all_formats (path, &strict, words);
  g_free (folder);
  tools_remove_folder (root);
}

/* A chunk of XDF: its length in eight bytes, its kind, what is in it. */
static void
add_chunk (GByteArray   *file,
           guint16       tag,
           gconstpointer bytes,
           gsize         n)
{
  const guint8 wide = 8;
  guint64 length = GUINT64_TO_LE (n + 2);

  tag = GUINT16_TO_LE (tag);
  g_byte_array_append (file, &wide, 1);
  g_byte_array_append (file, (const guint8 *) &length, 8);
  g_byte_array_append (file, (const guint8 *) &tag, 2);
  g_byte_array_append (file, bytes, (guint) n);
}

static void
add_stream (GByteArray *file,
            guint32     id,
            const char *xml)
{
  g_autofree char *head = g_malloc (4 + strlen (xml));

  id = GUINT32_TO_LE (id);
  memcpy (head, &id, 4);
  memcpy (head + 4, xml, strlen (xml));
  add_chunk (file, 2, head, 4 + strlen (xml));
}

/* XDF: who is named in the description of a stream, the computer, and markers that name them. */
static void
test_xdf (void)
{
  static const char *const words[] = { "groeneveld", "KARINS-LAPTOP", "Bosboom", "f3a9c0de77",
                                       "2019-03-02", NULL };
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "s1.xdf", NULL);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GByteArray) samples = g_byte_array_new ();
  g_autoptr (GByteArray) markers = g_byte_array_new ();
  static const char header[] = "<?xml version=\"1.0\"?><info><version>1.0</version>"
                               "<datetime>2019-03-02T10:11:12</datetime></info>";
  static const char *const texts[] = { "Groeneveld blinks", "started on KARINS-LAPTOP", "bosboom: ok" };
  const InionDeidentifyOptions strict = { 0 };
  guint32 id = GUINT32_TO_LE (1);
  guint8 n = 200;

  g_byte_array_append (file, (const guint8 *) "XDF:", 4);
  add_chunk (file, 1, header, sizeof header - 1);
  add_stream (file, 1, "<?xml version=\"1.0\"?><info><name>Amp</name><type>EEG</type>"
              "<channel_count>1</channel_count><nominal_srate>100</nominal_srate>"
              "<channel_format>float32</channel_format><hostname>KARINS-LAPTOP</hostname>"
              "<source_id>f3a9c0de77</source_id><desc><subject><id>Groeneveld</id></subject>"
              "<subject_id>Groeneveld</subject_id><experimenter>R. Bosboom</experimenter>"
              "<channels><channel><label>Cz</label><unit>microvolts</unit></channel></channels></desc></info>");
  add_stream (file, 2, "<?xml version=\"1.0\"?><info><name>Marks</name><type>Markers</type>"
              "<channel_count>1</channel_count><nominal_srate>0</nominal_srate>"
              "<channel_format>string</channel_format><hostname>KARINS-LAPTOP</hostname></info>");
  g_byte_array_append (samples, (const guint8 *) &id, 4);
  g_byte_array_append (samples, (const guint8[]) { 1, n }, 2);
  for (guint i = 0; i < n; i++)
    {
      double at = 10 + i * 0.01;
      float value = (float) (i % 7);
      const guint8 eight = 8;

      g_byte_array_append (samples, &eight, 1);
      g_byte_array_append (samples, (const guint8 *) &at, 8);
      g_byte_array_append (samples, (const guint8 *) &value, 4);
    }
  add_chunk (file, 3, samples->data, samples->len);
  id = GUINT32_TO_LE (2);
  g_byte_array_append (markers, (const guint8 *) &id, 4);
  g_byte_array_append (markers, (const guint8[]) { 1, G_N_ELEMENTS (texts) }, 2);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      double at = 10.5 + i * 0.25;
      const guint8 eight = 8, one = 1, length = (guint8) strlen (texts[i]);

      g_byte_array_append (markers, &eight, 1);
      g_byte_array_append (markers, (const guint8 *) &at, 8);
      g_byte_array_append (markers, &one, 1);
      g_byte_array_append (markers, &length, 1);
      g_byte_array_append (markers, (const guint8 *) texts[i], length);
    }
  add_chunk (file, 3, markers->data, markers->len);
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, NULL));
  {
    g_autoptr (InionRecording) recording = inion_recording_open (path, NULL);
    g_autofree char *events = tools_list_events (recording);

    g_assert_nonnull (strstr (events, "Groeneveld blinks"));
  }
  check_all_formats (path, &strict, words);
  tools_remove_folder (folder);
}

/* A table whose first lines say who it is. */
static void
test_csv (void)
{
  static const char *const words[] = { "groeneveld", "Bosboom", NULL };
  const InionDeidentifyOptions strict = { 0 };
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "t1.csv", NULL);
  g_autoptr (GString) table = g_string_new ("# Subject: Groeneveld\n# Technician: Bosboom\n"
                                            "time,Fp1 Groeneveld,Cz-Bosboom\n");

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (table, "%u.%02u,%u,%u\n", i / 100, i % 100, i % 13, i % 7);
  put (folder, "t1.csv", table->str);
  check_all_formats (path, &strict, words);
  tools_remove_folder (folder);
}

/* A data set: all of the participant's row, whatever its columns; sex and age only where asked. */
static void
test_participant (void)
{
  static const char *const words[] = { "67 yrs", "_67", "Groeneveld", "epileptic", "sub-", "ambidextrous", NULL };
  char *folder = tools_make_folder ();
  InionMemoryRecording *memory = tools_make_memory (100, 2, 1000, 40);
  g_autoptr (InionRecording) source = INION_RECORDING (memory);
  g_autoptr (InionExport) export_ = NULL;
  g_autoptr (InionBidsNames) names = inion_bids_names_parse ("sub=k17,task=rest,format=edf", NULL);
  g_autoptr (GPtrArray) notes = NULL;
  g_autofree char *path = NULL;
  g_autofree char *copy_path = make_path ();
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) error = NULL;
  InionDeidentifyOptions options = { 0 };

  inion_memory_recording_add_event (memory, 0, -1, "Groeneveld, 67 yrs, ambidextrous");
  inion_memory_recording_add_event (memory, 1000000000, -1, "epileptic, sub-k17");
  inion_memory_recording_add_event (memory, 2000000000, -1, "power line noise at rest");
  export_ = inion_export_new (source);
  g_assert_true (inion_bids_write (export_, source, folder, names, NULL, &notes, &path, &error));
  put (folder, "participants.tsv",
       "participant_id\tage\tsex\tgroup\thand\treferrer\n"
       "sub-k17\t67\tfemale\tepileptic\tambidextrous\tGroeneveld\n");
  check_all_formats (path, &options, words);
  options.keep_sex = options.keep_age = TRUE;
  recording = inion_recording_open (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (inion_recording_get_description (recording), "age 67, sex female"));
  {
    g_autoptr (InionDeidentifyReport) report =
      write_copy (recording, &options, copy_path, INION_EXPORT_EDF);
    g_autoptr (InionRecording) copy = inion_recording_open (copy_path, &error);
    g_autofree char *events = tools_list_events (copy);

    g_assert_cmpstr (inion_recording_get_patient (copy), ==, "X F X X age_67");
    /* What the data set says of the recording is nobody's name. */
    g_assert_nonnull (strstr (events, "power line noise at rest"));
    g_assert_null (strstr (inion_recording_get_description (copy), "67"));
  }
  g_unlink (copy_path);
  tools_remove_folder (folder);
}

/* The name of the copy is looked at too. */
static void
test_copy_name (void)
{
  static const BuilderSignal signals[] = { { .samples = 10 } };
  const BuilderFile file = { .patient = "MCH F 02-MAY-1951 Haagse_Harry", .signals = signals, .n = 1,
                             .records = 2, .reserved = "EDF+C" };
  const InionDeidentifyOptions strict = { 0 };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  char *folder = tools_make_folder ();
  g_autofree char *path = g_build_filename (folder, "anon-HARRY-1.edf", NULL);
  g_autoptr (InionDeidentifyReport) report =
    write_copy (recording, &strict, path, INION_EXPORT_EDF);
  g_autofree char *text = inion_deidentify_report_to_text (report);
  g_autofree char *json = inion_deidentify_report_to_json (report);
  const InionLeak *leak;

  g_assert_cmpuint (report->leaks->len, ==, 1);
  leak = report->leaks->pdata[0];
  g_assert_cmpint (leak->offset, ==, -1);
  g_assert_cmpstr (leak->word, ==, "Harry");
  g_assert_nonnull (strstr (text, "in the name of anon-HARRY-1.edf"));
  g_assert_nonnull (strstr (json, "\"offset\": null"));
  tools_remove_folder (folder);
}

/* What looks like an identifier, and what does not. */
static void
test_patterns (void)
{
  static const struct
  {
    const char *text;
    const char *becomes;
  } cases[] = {
    { "Sleep stage W", "Sleep stage W" },
    { "T1", "T1" },
    { "Stimulus/S 12", "Stimulus/S 12" },
    { "70 uV, 0.5 Hz", "70 uV, 0.5 Hz" },
    { "seen 3.4.2001 again", "seen … again" },
    { "seen 2001-04-03", "seen …" },
    { "3 April 2001", "…" },
    { "April 3, 2001", "…" },
    { "Tel. +49 (30) 123-4567 please", "Tel. … please" },
    { "write to a.b@c.example.org", "write to …" },
    { "MRN 1234567", "…" },
    { "Dr. Müller came", "… came" },
    { "92 years old", "…" },
    { "HAAGSE is awake", "… is awake" },
    { "Bo calls", "… calls" },
    { "body moves", "body moves" },
    { "32769", "32769" },
    { "+1.140000", "+1.140000" },
    { "200 ms pulse", "200 ms pulse" },
    { "dr. müller came", "… came" },
    { "Mevr. van der Berg waits", "… waits" },
    { "a 67-year-old man", "a … man" },
    { "aged 67", "…" },
    { "67jährige", "…" },
    { "2 maart 2019", "…" },
    { "3. Februar 19", "…" },
    { "since March 2019", "since …" },
    { "since 03/2019", "since …" },
    { "2019_03_02", "…" },
    { "MRN: 123", "…" },
    { "Hauptstraße 12, Berlin", "…, Berlin" },
    { "12 Main Street", "…" },
    { "signed by Anna", "…" },
    { "Jose talks", "… talks" },
    { "MÜLLER talks", "… talks" },
  };
  g_autoptr (InionIdentifiers) identifiers = inion_identifiers_new ();

  inion_identifiers_add_text (identifiers, "X F X Haagse_Bo_José_Mueller", "patient");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) hits = inion_identifiers_scan (identifiers, cases[i].text);
      g_autofree char *text = inion_identifiers_replace (cases[i].text, hits, "…");

      g_assert_cmpstr (text, ==, cases[i].becomes);
    }
}

/* Found in every encoding, in either case, also across the blocks in which a file is read. */
static void
test_search (void)
{
  static const char *const charsets[] = { "UTF-8", "ISO-8859-1", "UTF-16LE", "UTF-16BE" };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *path = make_path ();

  g_ptr_array_add (words, (gpointer) "Müllerin");
  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    for (gsize at = (1 << 20) - 20; at < (1 << 20) + 2; at++)
      {
        g_autoptr (GByteArray) bytes = g_byte_array_new ();
        g_autoptr (GPtrArray) traces = NULL;
        g_autoptr (GError) error = NULL;
        g_autofree char *word = NULL;
        gsize n;
        int fd;

        word = g_convert ("Müllerin", -1, charsets[i], "UTF-8", NULL, &n, NULL);
        g_byte_array_set_size (bytes, (guint) at + 4096);
        memset (bytes->data, 0x55, bytes->len);
        memcpy (bytes->data + at, word, n);
        g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
        fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
        traces = inion_identifiers_search (words, fd, &error);
        g_close (fd, NULL);
        g_assert_no_error (error);
        g_assert_cmpuint (traces->len, ==, 1);
        g_assert_cmpint (((InionIdentifierTrace *) traces->pdata[0])->offset, ==, (gint64) at);
      }
  g_unlink (path);
}

/* A number that comes again and again is the code of an event; one that comes once may be that of a
 * telephone. */
static void
test_codes (void)
{
  static const BuilderSignal signals[] = {
    { .label = "EEG Fp1", .samples = 50, .physical_min = "-1000000", .physical_max = "1000000" },
    { .label = "EDF Annotations", .samples = 60 },
  };
  static const char *const tals[] = { "+0||~+0.1|1000000|~+0.2|1000000|~+0.3|5551234567|~",
                                      "+1||~+1.1|1000000|~", NULL };
  const BuilderFile file = { .signals = signals, .n = 2, .records = 2, .reserved = "EDF+C",
                             .tals = tals };
  const InionDeidentifyOptions options = { .dates = INION_DATES_REMOVE };
  g_autoptr (InionRecording) recording = builder_open_good (&file);
  g_autoptr (InionDeidentifyReport) report = NULL;
  g_autoptr (InionRecording) copy = NULL;
  g_autofree char *path = make_path ();
  GPtrArray *events;

  report = write_copy (recording, &options, path, INION_EXPORT_EDF);
  g_assert_cmpuint (report->leaks->len, ==, 0);
  copy = inion_recording_open (path, NULL);
  g_assert_true (inion_recording_load_events (copy, NULL, NULL));
  events = inion_recording_get_events (copy);
  g_assert_cmpuint (events->len, ==, 4);
  g_assert_cmpstr (((const InionEvent *) events->pdata[0])->text, ==, "1000000");
  g_assert_cmpstr (((const InionEvent *) events->pdata[2])->text, ==, "[removed]");
  g_assert_cmpstr (((const InionEvent *) events->pdata[3])->text, ==, "1000000");
  g_unlink (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/deidentify/planted", test_planted);
  g_test_add_func ("/recording/deidentify/other-formats", test_other_formats);
  g_test_add_func ("/recording/deidentify/kept", test_kept);
  g_test_add_func ("/recording/deidentify/shift", test_shift);
  g_test_add_func ("/recording/deidentify/brainvision", test_brainvision);
  g_test_add_func ("/recording/deidentify/xdf", test_xdf);
  g_test_add_func ("/recording/deidentify/csv", test_csv);
  g_test_add_func ("/recording/deidentify/participant", test_participant);
  g_test_add_func ("/recording/deidentify/copy-name", test_copy_name);
  g_test_add_func ("/recording/deidentify/patterns", test_patterns);
  g_test_add_func ("/recording/deidentify/codes", test_codes);
  g_test_add_func ("/recording/deidentify/search", test_search);
  return g_test_run ();
}
