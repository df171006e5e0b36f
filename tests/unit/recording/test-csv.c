/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"
#include "recording/csv-recording.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char *
write_text (const char *text,
            const char *ending)
{
  g_autofree char *path = g_strconcat (g_get_tmp_dir (), "/inion-test-XXXXXX", ending, NULL);
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_steal_pointer (&path);
}

/* A table of a header and 40 rows; in the row, "$t" is the row's time at 100 Hz in seconds, "$m" in
 * milliseconds, "$k" its number, "$v" 1.5 times that, and a comma stands for the point after "~". */
static char *
make_table (const char *header,
            const char *row,
            guint       n)
{
  GString *text = g_string_new (header);

  for (guint k = 0; k < n; k++)
    for (const char *p = row; *p != '\0'; p++)
      {
        char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
        gboolean comma = *p == '~';

        if (comma)
          p++;
        if (*p != '$')
          {
            g_string_append_c (text, *p);
            continue;
          }
        p++;
        if (*p == 't')
          g_ascii_formatd (number, sizeof number, "%.3f", k / 100.0);
        else if (*p == 'm')
          g_ascii_formatd (number, sizeof number, "%.0f", k * 10.0);
        else if (*p == 'v')
          g_ascii_formatd (number, sizeof number, "%.2f", k * 1.5);
        else if (*p == 'k')
          g_ascii_formatd (number, sizeof number, "%.0f", k);
        else
          g_ascii_formatd (number, sizeof number, "%.0f", k % 10 == 5);
        g_string_append (text, comma ? g_strdelimit (number, ".", ',') : number);
      }
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name;
  const char *header;
  const char *row;
  guint n_channels; /* 0: refused */
  guint n_events;
  double rate;
  double last; /* value of the last row of the first channel */
  const char *says;
} Case;

static const Case cases[] = {
  { "comma", "time,C3\n", "$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "tab", "time\tC3\n", "$t\t$v\n", 1, 0, 100, 58.5, NULL },
  { "semicolon", "time;C3\n", "$t;$v\n", 1, 0, 100, 58.5, NULL },
  { "bar", "time|C3\n", "$t|$v\n", 1, 0, 100, 58.5, NULL },
  { "blanks", "time C3\n", "  $t   $v\n", 1, 0, 100, 58.5, NULL },
  { "decimal comma", "time;C3\n", "~$t;~$v\n", 1, 0, 100, 58.5, NULL },
  { "decimal comma and tab", "time\tC3\n", "~$t\t~$v\n", 1, 0, 100, 58.5, NULL },
  { "thousands", "time;C3\n", "~$t;1.234,5\n", 1, 0, 100, 1234.5, NULL },
  { "thousands with a comma", "time;C3\n", "$t;1,234.5\n", 1, 0, 100, 1234.5, NULL },
  { "quoted", "\"time\",\"C3\"\n", "\"$t\",\"$v\"\n", 1, 0, 100, 58.5, NULL },
  { "quoted delimiter", "time,\"C3, left\"\n", "$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "CR LF", "time,C3\r\n", "$t,$v\r\n", 1, 0, 100, 58.5, NULL },
  { "CR", "time,C3\r", "$t,$v\r", 1, 0, 100, 58.5, NULL },
  { "byte order mark", "\xef\xbb\xbftime,C3\n", "$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "Latin-1", "time,C3 [\xb5V]\n", "$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "units row", "time,C3\ns,uV\n", "$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "millivolts", "time,C3 [mV]\n", "$t,$v\n", 1, 0, 100, 58500, NULL },
  { "milliseconds", "time [ms],C3\n", "$m,$v\n", 1, 0, 100, 58.5, NULL },
  { "milliseconds guessed", "time,C3\n", "$m,$v\n", 1, 0, 100, 58.5, "milliseconds are assumed" },
  { "nameless time", "", "$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "rate in a comment", "# sampling rate: 200 Hz\nC3,C4\n", "$v,$v\n", 2, 0, 200, 58.5, NULL },
  { "trailing delimiter", "time,C3,\n", "$t,$v,\n", 1, 0, 100, 58.5, NULL },
  { "marker", "time,C3,Marker\n", "$t,$v,$e\n", 1, 4, 100, 58.5, NULL },
  { "text column", "time,C3,comment\n", "$t,$v,abc\n", 1, 0, 100, 58.5, NULL },
  { "text marker", "time,C3,event\n", "$t,$v,abc\n", 1, 1, 100, 58.5, NULL },
  { "missing values", "time,C3,C4\n", "$t,$v,n/a\n", 1, 0, 100, 58.5, NULL },
  { "title lines", "My recording\nof today\ntime,C3\n", "$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "empty lines", "\n\ntime,C3\n", "$t,$v\n\n", 1, 0, 100, 58.5, NULL },
  { "exponent", "time,C3\n", "$t,1.5e2\n", 1, 0, 100, 150, NULL },
  { "sample index", "Sample Index,time,C3\n", "$k,$t,$v\n", 1, 0, 100, 58.5, NULL },
  { "row without a column", "time,C3,C4\n-0.02,1,2\n-0.01,1\n", "$t,$v,$v\n", 2, 0, 100, 58.5, "has 2 columns" },
  { "header again", "time,C3,C4\n-0.01,1,1\nx\n", "$t,$v,$v\n", 2, 0, 100, 58.5, "left out" },
  { "a word among numbers", "time,C3,C4\n-0.02,1,1\n-0.01,bad,1\n", "$t,$v,$v\n", 2, 0, 100, 58.5,
    "is no number" },
  { "no time", "C3,C4\n", "$v,$v\n", 0, 0, 0, 0, "--rate" },
  { "only an index", "index,C3\n", "$k,$v\n", 0, 0, 0, 0, "--rate" },
  { "only a time", "time\n", "$t\n", 0, 0, 0, 0, "no column of the table" },
  { "no numbers", "a,b\n", "x,y\n", 0, 0, 0, 0, "no table of samples" },
};

static gboolean
says (InionRecording *recording,
      const char     *text)
{
  GPtrArray *faults = inion_recording_get_faults (recording);

  for (guint i = 0; i < faults->len; i++)
    if (strstr (((const InionFault *) faults->pdata[i])->message, text) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *text = make_table (c->header, c->row, 40);
  g_autofree char *path = write_text (text, ".csv");
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  InionChannel *channel;
  double value;

  g_unlink (path);
  if (c->n_channels == 0)
    {
      g_assert_null (recording);
      g_assert_nonnull (strstr (error->message, c->says));
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, c->n_channels);
  channel = inion_recording_get_channel (recording, 0);
  g_assert_cmpfloat (fabs (inion_channel_get_rate_hz (channel) - c->rate), <, 1e-9);
  g_assert_true (inion_recording_read (recording, 0, inion_channel_get_n_samples (channel) - 1, 1,
                                       &value, NULL));
  g_assert_cmpfloat (fabs (value - c->last), <, 1e-9);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (recording)->len, ==, c->n_events);
  if (c->says != NULL)
    g_assert_true (says (recording, c->says));
}

static void
test_guess (void)
{
  g_autofree char *text = make_table ("C3 [uV],C4\n", "$v,$v\n", 40);
  g_autofree char *path = write_text (text, ".txt");
  g_autoptr (InionCsvGuess) guess = inion_csv_guess (path, NULL);
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (guess);
  g_assert_cmpint (guess->delimiter, ==, ',');
  g_assert_cmpint (guess->decimal, ==, '.');
  g_assert_cmpuint (guess->header_rows, ==, 1);
  g_assert_cmpuint (guess->rows->len, ==, INION_CSV_PREVIEW_ROWS);
  g_assert_cmpstr (((char **) guess->rows->pdata[1])[0], ==, "1.50");
  g_assert_cmpstr (((InionCsvColumn *) guess->columns->pdata[0])->unit, ==, "µV");
  g_assert_null (inion_csv_recording_open_as (path, guess, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_UNSUPPORTED);
  guess->rate_hz = 50;
  ((InionCsvColumn *) guess->columns->pdata[1])->role = INION_CSV_IGNORE;
  recording = inion_csv_recording_open_as (path, guess, NULL, NULL);
  g_assert_nonnull (recording);
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 1);
  g_assert_cmpint (inion_recording_get_duration_ns (recording), ==, 800000000);
  g_unlink (path);
}

/* Rows that are missing are a gap, and markers behind it keep their time. */
static void
test_gap (void)
{
  g_autoptr (GString) text = g_string_new ("time,C3,Marker\n");
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = NULL;
  gint64 from, to;

  for (guint k = 0; k < 200; k++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (number, sizeof number, "%.2f", (k + (k >= 100 ? 2000 : 0)) / 100.0);
      g_string_append_printf (text, "%s,%u,%u\n", number, k, k == 150);
    }
  path = write_text (text->str, ".csv");
  recording = inion_recording_open (path, NULL);
  g_unlink (path);
  g_assert_nonnull (recording);
  g_assert_cmpuint (inion_recording_get_n_segments (recording), ==, 2);
  inion_recording_get_segment (recording, 1, &from, &to);
  g_assert_cmpint (from, ==, 21000000000);
  g_assert_cmpint (to, ==, 22000000000);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  g_assert_cmpint (((InionEvent *) inion_recording_get_events (recording)->pdata[0])->onset_ns, ==,
                   21500000000);
}

/* Counts of 24 bits go beyond what microvolts can be. */
static void
test_openbci (void)
{
  g_autofree char *text = make_table ("%OpenBCI Raw EEG Data\n%Number of channels = 2\n"
                                      "%Sample Rate = 250.0 Hz\n%First Column = SampleIndex\n",
                                      "", 0);
  g_autoptr (GString) rows = g_string_new (text);
  g_autofree char *path = NULL;
  g_autoptr (InionRecording) recording = NULL;
  double x;

  for (guint k = 0; k < 50; k++)
    g_string_append_printf (rows, "%u, %u, -%u, 0.1, 0.2, 0.3, 12:00:00.000, %" G_GINT64_FORMAT "\n",
                            k, k * 10000, k, G_GINT64_CONSTANT (1513256195123) + 4 * k);
  path = write_text (rows->str, ".txt");
  recording = inion_recording_open (path, NULL);
  g_unlink (path);
  g_assert_nonnull (recording);
  g_assert_cmpstr (inion_recording_get_format (recording), ==, "OpenBCI text");
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 5);
  g_assert_cmpstr (inion_channel_get_unit (inion_recording_get_channel (recording, 0)), ==, "µV");
  g_assert_true (inion_recording_read (recording, 0, 49, 1, &x, NULL));
  g_assert_cmpfloat (fabs (x - 490000 * 4.5e6 / 24 / 8388607), <, 1e-9);
  g_assert_true (inion_recording_read (recording, 1, 49, 1, &x, NULL));
  g_assert_cmpfloat (x, ==, -49);
}

static void
test_muse (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("INION_SHARED"), "data", "erp",
                                            "muse-p300-data_2017-02-04-15_45_13.csv", NULL);
  g_autoptr (InionRecording) recording = NULL;
  GPtrArray *events;
  guint n[3] = { 0 };
  double x;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the Muse recordings are not here");
      return;
    }
  recording = inion_recording_open (path, NULL);
  g_assert_nonnull (recording);
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, 5);
  g_assert_cmpfloat (fabs (inion_channel_get_rate_hz (inion_recording_get_channel (recording, 0)) - 256),
                     <, 0.05);
  g_assert_true (inion_recording_read (recording, 0, 0, 1, &x, NULL));
  g_assert_cmpfloat (fabs (x + 44.922), <, 1e-9);
  g_assert_true (inion_recording_load_events (recording, NULL, NULL));
  events = inion_recording_get_events (recording);
  for (guint i = 0; i < events->len; i++)
    n[((InionEvent *) events->pdata[i])->text[0] - '0']++;
  g_assert_cmpuint (n[1], ==, 165);
  g_assert_cmpuint (n[2], ==, 32);
}

int
main (int   argc,
      char *argv[])
{
  /* A desktop that writes commas, where there is one. */
  setlocale (LC_ALL, "de_DE.UTF-8");
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/csv/case/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/csv/guess", test_guess);
  g_test_add_func ("/csv/gap", test_gap);
  g_test_add_func ("/csv/openbci", test_openbci);
  g_test_add_func ("/csv/muse", test_muse);

  return g_test_run ();
}
