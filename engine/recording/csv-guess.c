/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a text table may be meant: shown and changed before it is read.
 *
 * All is told from the first 64 KiB, and by what is consistent in them, never by the language of the
 * desktop: the delimiter is the one that cuts most lines into the same number of fields; the
 * decimal sign the one that numbers speak for ("1.5" does, "1,234" hardly, "1.234,5" does for the
 * comma); values begin where rows of numbers begin. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-guess.h"

#include "core/error.h"
#include "recording/channel.h"
#include "recording/csv-line.h"
#include "recording/edf-text.h"
#include "recording/recording-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES (64 * 1024)
#define MAX_LINES 600
#define MAX_COLUMNS 4096

/* The first lines of a file while it is looked at. */
typedef struct
{
  GPtrArray *lines; /* GString */
  InionCsvField *fields;
  InionCsvGuess *guess;
  guint n_columns;
  gboolean openbci;
  double rate; /* that a comment tells */
} Look;

static void
free_line (gpointer data)
{
  g_string_free (data, TRUE);
}

static void
free_column (gpointer data)
{
  InionCsvColumn *column = data;

  g_free (column->name);
  g_free (column->unit);
  g_free (column);
}

static gboolean
is_comment (const GString *line)
{
  return line->len == 0 || line->str[0] == '%' || line->str[0] == '#';
}

/* Splits a line with the delimiter that was found. */
static guint
split (Look          *look,
       const GString *line)
{
  return MIN (_inion_csv_split (line->str, line->len, look->guess->delimiter, look->fields,
                                MAX_COLUMNS), MAX_COLUMNS);
}

static gboolean
read_lines (Look    *look,
            int      fd,
            gint64   size,
            GError **error)
{
  InionCsvLines lines;
  g_autoptr (GError) reason = NULL;
  const char *line;
  gsize n;

  _inion_csv_lines_init (&lines, fd, size);
  while (look->lines->len < MAX_LINES && (lines.offset < HEAD_BYTES || look->lines->len < 30) &&
         _inion_csv_lines_next (&lines, &line, &n, &reason))
    {
      if (lines.offset == 0 && n >= 3 && memcmp (line, "\xef\xbb\xbf", 3) == 0)
        {
          line += 3;
          n -= 3;
        }
      if (memchr (line, '\0', n) != NULL || lines.too_long)
        {
          inion_set_error (&reason, INION_ERROR_FORMAT,
                           "Line %" G_GINT64_FORMAT " (byte %" G_GINT64_FORMAT ") is no text: it %s. "
                           "A table must be saved as UTF-8 or in a Western 8-bit encoding.",
                           lines.number, lines.offset,
                           lines.too_long ? "is longer than 1 MiB" : "holds zero bytes");
          break;
        }
      g_ptr_array_add (look->lines, g_string_new_len (line, (gssize) n));
    }
  _inion_csv_lines_clear (&lines);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* "%Sample Rate = 250.0 Hz", "# sampling_rate: 128", … */
static void
read_comment (Look          *look,
              const GString *line)
{
  g_autofree char *lower = g_ascii_strdown (line->str, -1);
  const char *at = NULL;
  static const char *const words[] = { "sample rate", "sampling rate", "sample_rate",
                                       "sampling_rate", "sampling frequency", "srate" };

  if (strstr (lower, "openbci") != NULL)
    look->openbci = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (words) && at == NULL; i++)
    at = strstr (lower, words[i]);
  if (at == NULL)
    return;
  at += strcspn (at, "0123456789");
  if (*at != '\0')
    {
      double rate = g_ascii_strtod (at, NULL);

      if (isfinite (rate) && rate > 0 && rate < 1e7)
        look->rate = rate;
    }
}

/* The number of fields that most lines have, and how many do. */
static guint
count_fields (Look  *look,
              char   delimiter,
              guint *n_lines)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer key, value;
  guint best = 0;

  *n_lines = 0;
  for (guint i = 0; i < look->lines->len; i++)
    {
      const GString *line = look->lines->pdata[i];
      guint n;

      if (is_comment (line))
        continue;
      n = MIN (_inion_csv_split (line->str, line->len, delimiter, look->fields, 0), MAX_COLUMNS);
      key = GUINT_TO_POINTER (n);
      value = g_hash_table_lookup (counts, key);
      g_hash_table_insert (counts, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (value) + 1));
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (GPOINTER_TO_UINT (value) > *n_lines ||
        (GPOINTER_TO_UINT (value) == *n_lines && GPOINTER_TO_UINT (key) > best))
      {
        *n_lines = GPOINTER_TO_UINT (value);
        best = GPOINTER_TO_UINT (key);
      }
  return best;
}

static void
find_delimiter (Look *look)
{
  static const char delimiters[] = { '\t', ';', '|', ',', ' ' };
  guint best = 0;

  look->guess->delimiter = ',';
  look->n_columns = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      guint n_lines;
      guint n = count_fields (look, delimiters[i], &n_lines);

      /* Blanks and commas also stand in other places: the former must fit more lines. */
      if (n > 1 && n_lines > best + best / 10)
        {
          best = n_lines;
          look->guess->delimiter = delimiters[i];
          look->n_columns = n;
        }
    }
}

/* What a field says on which sign stands before decimals. */
static void
weigh_field (const InionCsvField *field,
             guint64             *points,
             guint64             *commas)
{
  guint n_points = 0, n_commas = 0;
  gsize last = 0;
  gboolean weak;

  for (gsize i = 0; i < field->n; i++)
    {
      if (field->text[i] == '.')
        n_points++;
      else if (field->text[i] == ',')
        n_commas++;
      else if (strchr ("0123456789+-eE", field->text[i]) == NULL || field->text[i] == '\0')
        return;
      if (field->text[i] == '.' || field->text[i] == ',')
        last = i;
    }
  weak = field->n - last == 4; /* three digits behind it: thousands? */
  if (n_points > 0 && n_commas > 0)
    *(field->text[last] == '.' ? points : commas) += 1000;
  else if (n_points == 1)
    *points += weak ? 1 : 1000;
  else if (n_commas == 1)
    *commas += weak ? 1 : 1000;
  else if (n_points > 1)
    *commas += 1000;
  else if (n_commas > 1)
    *points += 1000;
}

static void
find_decimal (Look *look)
{
  guint64 points = 0, commas = 0;

  for (guint i = 0; i < look->lines->len; i++)
    if (!is_comment (look->lines->pdata[i]))
      {
        guint n = split (look, look->lines->pdata[i]);

        for (guint k = 0; k < n; k++)
          weigh_field (&look->fields[k], &points, &commas);
      }
  look->guess->decimal = commas > points && look->guess->delimiter != ',' ? ',' : '.';
}

/* Whether a line is a row of values: at least half of its fields are numbers. */
static gboolean
is_values (Look          *look,
           const GString *line)
{
  guint n, n_numbers = 0, n_missing = 0;

  if (is_comment (line))
    return FALSE;
  n = split (look, line);
  for (guint k = 0; k < n; k++)
    {
      double value;

      if (_inion_csv_read_number (&look->fields[k], look->guess->decimal, &value))
        n_numbers++;
      else if (_inion_csv_is_missing (&look->fields[k]))
        n_missing++;
    }
  return n_numbers > 0 && 2 * n_numbers >= n - n_missing;
}

static void
find_header (Look *look)
{
  guint i;

  for (i = 0; i < look->lines->len; i++)
    if (is_values (look, look->lines->pdata[i]))
      break;
  look->guess->header_rows = i;
}

/* A unit in brackets behind a name. */
static char *
take_unit (char *name)
{
  gsize n = strlen (name);
  char *open;
  guint oddities = 0;

  if (n < 3 || (name[n - 1] != ']' && name[n - 1] != ')'))
    return g_strdup ("");
  open = strrchr (name, name[n - 1] == ']' ? '[' : '(');
  if (open == NULL || open == name)
    return g_strdup ("");
  name[n - 1] = '\0';
  *open = '\0';
  g_strchomp (name);
  return inion_edf_unit_dup ((const guint8 *) open + 1, strlen (open + 1), &oddities);
}

static gboolean
is_unit (const char *text)
{
  static const char *const units[] = { "uv", "µv", "μv", "mv", "v", "nv", "s", "ms", "us", "µs", "hz",
                                       "g", "%", "bpm", "sec", "microvolts", "degc", "°c" };
  g_autofree char *lower = g_utf8_strdown (text, -1);
  gsize n = strlen (lower);

  if (n > 2 && (lower[0] == '[' || lower[0] == '('))
    {
      lower[n - 1] = '\0';
      memmove (lower, lower + 1, n - 1);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (lower, units[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Whether a header line holds nothing but units and empty fields. */
static gboolean
is_units_row (Look          *look,
              const GString *line)
{
  guint n = split (look, line), n_units = 0;

  for (guint k = 0; k < n; k++)
    {
      g_autofree char *text = _inion_csv_dup_field (&look->fields[k]);

      if (*text == '\0')
        continue;
      if (!is_unit (text))
        return FALSE;
      n_units++;
    }
  return n_units > 0;
}

static InionCsvColumn *
get_column (Look  *look,
            guint  k)
{
  return look->guess->columns->pdata[k];
}

static void
read_units_row (Look          *look,
                const GString *line)
{
  guint n = split (look, line);

  for (guint k = 0; k < MIN (n, look->n_columns); k++)
    {
      g_autofree char *text = _inion_csv_dup_field (&look->fields[k]);
      g_autofree char *bare = g_strdup (g_strdelimit (text, "[]()", ' '));
      guint oddities = 0;

      g_strstrip (bare);
      g_free (get_column (look, k)->unit);
      get_column (look, k)->unit = inion_edf_unit_dup ((const guint8 *) bare, strlen (bare),
                                                       &oddities);
    }
}

static void
make_columns (Look *look)
{
  const GString *names = NULL, *units = NULL;
  guint n = 0;

  for (guint i = look->guess->header_rows; i > 0 && names == NULL; i--)
    {
      const GString *line = look->lines->pdata[i - 1];

      if (is_comment (line) || split (look, line) + 1 < look->n_columns)
        continue;
      if (units == NULL && is_units_row (look, line))
        units = line;
      else
        names = line;
    }
  if (names != NULL)
    n = split (look, names);
  for (guint k = 0; k < look->n_columns; k++)
    {
      InionCsvColumn *column = g_new0 (InionCsvColumn, 1);

      column->name = k < n ? _inion_csv_dup_field (&look->fields[k]) : g_strdup ("");
      column->unit = take_unit (column->name);
      column->gain = 1;
      if (*column->name == '\0')
        {
          g_free (column->name);
          column->name = g_strdup_printf ("Column %u", k + 1);
        }
      g_ptr_array_add (look->guess->columns, column);
    }
  if (units != NULL)
    read_units_row (look, units);
}

/* What the first rows hold in one column. */
typedef struct
{
  guint n_numbers;
  guint n_texts;
  guint n_whole;
  guint n_changes;
  guint n_falls;   /* how often it is less than before */
  GArray *steps;   /* double */
  double first;
  double last;
  double largest;
} Facts;

static void
take_fact (Facts               *facts,
           const InionCsvField *field,
           char                 decimal)
{
  double value;

  if (!_inion_csv_read_number (field, decimal, &value))
    {
      facts->n_texts += !_inion_csv_is_missing (field);
      return;
    }
  if (facts->n_numbers == 0)
    facts->first = value;
  else
    {
      double step = value - facts->last;

      g_array_append_val (facts->steps, step);
      facts->n_falls += step < 0;
      facts->n_changes += step > 0 || step < 0;
    }
  facts->n_numbers++;
  facts->n_whole += fabs (value - rint (value)) < 1e-12;
  facts->largest = MAX (facts->largest, fabs (value));
  facts->last = value;
}

static Facts *
gather_facts (Look *look)
{
  Facts *facts = g_new0 (Facts, look->n_columns);

  for (guint k = 0; k < look->n_columns; k++)
    facts[k].steps = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = look->guess->header_rows; i < look->lines->len; i++)
    {
      guint n;

      if (is_comment (look->lines->pdata[i]))
        continue;
      n = split (look, look->lines->pdata[i]);
      for (guint k = 0; k < MIN (n, look->n_columns); k++)
        take_fact (&facts[k], &look->fields[k], look->guess->decimal);
    }
  return facts;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The mean step from one row to the next, since many times may be written alike; gaps, which are
 * far longer than the steps of nine in ten rows, do not count. */
static double
get_step (const Facts *facts)
{
  GArray *steps = facts->steps;
  double sum = 0, limit;
  guint n = 0;

  if (facts->n_numbers < 3)
    return 0;
  qsort (steps->data, steps->len, sizeof (double), compare_doubles);
  limit = 100 * g_array_index (steps, double, steps->len * 9 / 10);
  for (guint i = 0; i < steps->len; i++)
    if (fabs (g_array_index (steps, double, i)) <= limit)
      {
        sum += g_array_index (steps, double, i);
        n++;
      }
  return n > 0 && isfinite (sum) ? sum / n : 0;
}

static gboolean
has_word (const char        *name,
          const char *const *words)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; words[i] != NULL; i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
is_time_name (const char *name)
{
  static const char *const words[] = { "time", NULL };
  static const char *const whole[] = { "t", "s", "ms", "sec", "secs", "seconds", "latency", "zeit",
                                       "temps", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strv_contains (whole, lower) || has_word (name, words);
}

/* Seconds in one unit of a time column; 0 if that cannot be told. */
static double
find_time_scale (const InionCsvColumn *column,
                 const Facts          *facts,
                 double                step)
{
  g_autofree char *lower = g_ascii_strdown (column->name, -1);

  if (strcmp (column->unit, "s") == 0 || g_ascii_strncasecmp (column->unit, "sec", 3) == 0 ||
      strstr (lower, "sec") == lower)
    return 1;
  if (strcmp (column->unit, "ms") == 0 || g_str_has_suffix (lower, "_ms") || strcmp (lower, "ms") == 0)
    return 1e-3;
  if (strcmp (column->unit, "us") == 0 || strcmp (column->unit, "µs") == 0 ||
      g_str_has_suffix (lower, "_us"))
    return 1e-6;
  if (strcmp (column->unit, "ns") == 0 || g_str_has_suffix (lower, "_ns"))
    return 1e-9;
  if (facts->largest > 1e17)
    return 1e-9;
  if (facts->largest > 1e14)
    return 1e-6;
  if (facts->largest > 1e11)
    return 1e-3;
  if (facts->largest > 1e8 || step < 0.3)
    return 1;
  /* Rows that are 1 apart are counted, or a millisecond apart: nobody knows. */
  return fabs (step - 1) < 1e-6 ? 0 : 1e-3;
}

/* A rate that devices have, if one is near; what rows are apart is not exact. */
static double
snap_rate (double rate)
{
  static const double rates[] = { 50,  100, 125, 128, 160, 200, 220, 250,  256,  300,
                                  400, 500, 512, 600, 1000, 1024, 1200, 2000, 2048, 5000 };

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    if (fabs (rate - rates[i]) < 0.01 * rates[i])
      return rates[i];
  return rate;
}

static void
take_time_column (Look           *look,
                  InionCsvColumn *column,
                  const Facts    *facts)
{
  double step = get_step (facts);
  double scale = find_time_scale (column, facts, step);
  double rate;

  if (step <= 0 || scale <= 0)
    return;
  rate = 1 / (step * scale);
  if (!(rate > 1e-3 && rate < 1e6))
    return;
  column->role = INION_CSV_TIME;
  look->guess->time_scale = scale;
  if (*column->unit == '\0' && scale < 1)
    g_ptr_array_add (look->guess->notes,
                     g_strdup_printf ("Column “%s” does not tell its unit; %s are assumed.",
                                      column->name, scale > 1e-4 ? "milliseconds" :
                                      scale > 1e-7 ? "microseconds" : "nanoseconds"));
  if (look->guess->rate_hz <= 0)
    look->guess->rate_hz = snap_rate (rate);
}

/* A count of rows that may start again, as packets have. */
static gboolean
is_count (const Facts *facts)
{
  guint n_ones = 0;

  for (guint i = 0; i < facts->steps->len; i++)
    n_ones += fabs (g_array_index (facts->steps, double, i) - 1) < 1e-9;
  return facts->n_numbers > 2 && facts->n_whole == facts->n_numbers &&
         n_ones * 10 >= facts->steps->len * 9;
}

static void
choose_role (Look           *look,
             InionCsvColumn *column,
             const Facts    *facts,
             gboolean       *has_time)
{
  static const char *const marker_words[] = { "mark", "trig", "stim", "event", "label", "annot",
                                              "status", "class", NULL };
  static const char *const index_words[] = { "index", "sample", "packet", "counter", "row", NULL };
  gboolean texts = facts->n_texts > facts->n_numbers;
  gboolean marker = has_word (column->name, marker_words);

  column->role = INION_CSV_IGNORE;
  if (marker && (texts || (facts->n_whole == facts->n_numbers &&
                           facts->n_changes * 4 <= facts->n_numbers)))
    column->role = INION_CSV_MARKER;
  else if (texts || (facts->n_numbers == 0 && !marker))
    return;
  else if (!*has_time && is_time_name (column->name) && facts->n_falls * 20 <= facts->n_numbers)
    {
      take_time_column (look, column, facts);
      *has_time = column->role == INION_CSV_TIME;
    }
  else if (is_time_name (column->name))
    return;
  else if (is_count (facts) && (has_word (column->name, index_words) ||
                                column == get_column (look, 0)))
    return;
  else
    column->role = facts->n_numbers > 0 ? INION_CSV_SIGNAL : INION_CSV_MARKER;
}

/* A first column without a name that goes up evenly, by fractions, is a time. */
static gboolean
is_nameless_time (const InionCsvColumn *column,
                  const Facts          *facts)
{
  double step = get_step (facts), first = 0, last = 0;

  if (!g_str_has_prefix (column->name, "Column ") || facts->n_falls > 0 || step <= 0 || step >= 1 ||
      facts->n_texts > 0)
    return FALSE;
  first = g_array_index (facts->steps, double, 0);
  last = g_array_index (facts->steps, double, facts->steps->len - 1);
  return first > 0 && last - first < 0.05 * step;
}

/* Of an OpenBCI file with raw counts: µV are never beyond ±187500, 24-bit counts are. */
static void
scale_openbci (Look        *look,
               const Facts *facts)
{
  static const char *const words[] = { "exg", "eeg", NULL };

  g_free (look->guess->format);
  look->guess->format = g_strdup ("OpenBCI text");
  for (guint k = 0; k < look->n_columns; k++)
    {
      InionCsvColumn *column = get_column (look, k);

      if (column->role != INION_CSV_SIGNAL || !has_word (column->name, words))
        continue;
      if (*column->unit == '\0')
        {
          g_free (column->unit);
          column->unit = g_strdup ("µV");
        }
      if (facts[k].n_whole == facts[k].n_numbers && facts[k].largest > 187500.5)
        column->gain = 4.5e6 / 24 / 8388607;
    }
}

/* Older OpenBCI files name no columns: the count, then as many signals as a comment says. */
static void
name_openbci (Look *look)
{
  guint n_signals = 0;

  if (!look->openbci || look->n_columns < 2 ||
      !g_str_has_prefix (get_column (look, 1)->name, "Column "))
    return;
  for (guint i = 0; i < look->guess->header_rows; i++)
    {
      const GString *line = look->lines->pdata[i];
      const char *at = strstr (line->str, "Number of channels");

      if (at != NULL)
        n_signals = (guint) g_ascii_strtoull (at + strcspn (at, "0123456789"), NULL, 10);
    }
  for (guint k = 0; k < look->n_columns; k++)
    {
      InionCsvColumn *column = get_column (look, k);

      g_free (column->name);
      column->name = k == 0 ? g_strdup ("Sample Index")
                     : k <= n_signals ? g_strdup_printf ("EXG Channel %u", k - 1)
                     : k <= n_signals + 3 ? g_strdup_printf ("Accel Channel %u", k - n_signals - 1)
                     : k + 1 == look->n_columns ? g_strdup ("Timestamp")
                     : g_strdup_printf ("Other %u", k + 1);
    }
}

static void
choose_roles (Look *look)
{
  Facts *facts = gather_facts (look);
  gboolean has_time = FALSE;

  look->guess->rate_hz = look->rate;
  for (guint k = 0; k < look->n_columns; k++)
    choose_role (look, get_column (look, k), &facts[k], &has_time);
  if (!has_time && look->n_columns > 1 && is_nameless_time (get_column (look, 0), &facts[0]))
    take_time_column (look, get_column (look, 0), &facts[0]);
  if (look->openbci)
    scale_openbci (look, facts);
  for (guint k = 0; k < look->n_columns; k++)
    g_array_unref (facts[k].steps);
  g_free (facts);
}

/* Brain signals whose unit is not given are in µV, as all programs that write text have them. */
static void
complete_units (Look *look)
{
  guint n = 0;

  for (guint k = 0; k < look->n_columns; k++)
    {
      InionCsvColumn *column = get_column (look, k);

      if (column->role != INION_CSV_SIGNAL || *column->unit != '\0' ||
          inion_channel_kind_guess (column->name, "") != INION_CHANNEL_EEG)
        continue;
      g_free (column->unit);
      column->unit = g_strdup ("µV");
      if (n++ == 0)
        g_ptr_array_add (look->guess->notes,
                         g_strdup_printf ("Column “%s” and those like it have no unit; µV is "
                                          "assumed.", column->name));
    }
}

static void
keep_rows (Look *look)
{
  for (guint i = look->guess->header_rows;
       i < look->lines->len && look->guess->rows->len < INION_CSV_PREVIEW_ROWS; i++)
    {
      g_autoptr (GStrvBuilder) row = g_strv_builder_new ();
      guint n;

      if (is_comment (look->lines->pdata[i]))
        continue;
      n = split (look, look->lines->pdata[i]);
      for (guint k = 0; k < MIN (n, look->n_columns); k++)
        {
          g_autofree char *text = _inion_csv_dup_field (&look->fields[k]);

          g_strv_builder_add (row, text);
        }
      g_ptr_array_add (look->guess->rows, g_strv_builder_end (row));
    }
}

static InionCsvGuess *
new_guess (void)
{
  InionCsvGuess *self = g_new0 (InionCsvGuess, 1);

  self->format = g_strdup ("CSV");
  self->time_scale = 1;
  self->columns = g_ptr_array_new_with_free_func (free_column);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static gboolean
look_at_lines (Look    *look,
               GError **error)
{
  for (guint i = 0; i < look->lines->len; i++)
    if (is_comment (look->lines->pdata[i]))
      read_comment (look, look->lines->pdata[i]);
  find_delimiter (look);
  find_decimal (look);
  find_header (look);
  if (look->lines->len < look->guess->header_rows + 3)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "This is no table of samples: in its first %u lines there are no three "
                            "rows of numbers.", look->lines->len);
  make_columns (look);
  name_openbci (look);
  choose_roles (look);
  complete_units (look);
  keep_rows (look);
  return TRUE;
}

/**
 * inion_csv_guess_fd:
 * @fd: an open file; stays the caller's
 * @size: its bytes
 * @error: return location
 *
 * Returns: (transfer full) (nullable): as inion_csv_guess()
 */
InionCsvGuess *
inion_csv_guess_fd (int      fd,
                    gint64   size,
                    GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (free_line);
  g_autofree InionCsvField *fields = g_new (InionCsvField, MAX_COLUMNS);
  g_autoptr (InionCsvGuess) guess = new_guess ();
  Look look = { .lines = lines, .fields = fields, .guess = guess };

  if (!read_lines (&look, fd, size, error) || !look_at_lines (&look, error))
    return NULL;
  return g_steal_pointer (&guess);
}

/**
 * inion_csv_guess:
 * @path: a text table
 * @error: return location
 *
 * Guesses how a table is meant, from its first 64 KiB.
 *
 * Returns: (transfer full) (nullable): the guess, or %NULL with %INION_ERROR_IO or, if there are no
 *   rows of numbers, %INION_ERROR_FORMAT
 */
InionCsvGuess *
inion_csv_guess (const char  *path,
                 GError     **error)
{
  gint64 size;
  int fd = _inion_recording_open_file (path, &size, error);
  InionCsvGuess *guess;

  if (fd < 0)
    return NULL;
  guess = inion_csv_guess_fd (fd, size, error);
  close (fd);
  return guess;
}

/**
 * inion_csv_guess_free:
 * @self: (nullable): a guess
 */
void
inion_csv_guess_free (InionCsvGuess *self)
{
  if (self == NULL)
    return;
  g_free (self->format);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->notes);
  g_free (self);
}
