/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of the columns of a text table: told by their names and by what their first rows
 * hold. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/csv-guess-private.h"

#include "recording/channel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
gather_facts (InionCsvLook *look)
{
  Facts *facts = g_new0 (Facts, look->n_columns);

  for (guint k = 0; k < look->n_columns; k++)
    facts[k].steps = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = look->guess->header_rows; i < look->lines->len; i++)
    {
      guint n;

      if (_inion_csv_look_is_comment (look->lines->pdata[i]))
        continue;
      n = _inion_csv_look_split (look, look->lines->pdata[i]);
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
  if (strcmp (column->unit, "ms") == 0 || g_str_has_suffix (lower, "_ms") ||
      strcmp (lower, "ms") == 0)
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
take_time_column (InionCsvLook   *look,
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
choose_role (InionCsvLook   *look,
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
                                column == _inion_csv_look_get_column (look, 0)))
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
scale_openbci (InionCsvLook *look,
               const Facts  *facts)
{
  static const char *const words[] = { "exg", "eeg", NULL };

  g_free (look->guess->format);
  look->guess->format = g_strdup ("OpenBCI text");
  for (guint k = 0; k < look->n_columns; k++)
    {
      InionCsvColumn *column = _inion_csv_look_get_column (look, k);

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
name_openbci (InionCsvLook *look)
{
  guint n_signals = 0;

  if (!look->openbci || look->n_columns < 2 ||
      !g_str_has_prefix (_inion_csv_look_get_column (look, 1)->name, "Column "))
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
      InionCsvColumn *column = _inion_csv_look_get_column (look, k);

      g_free (column->name);
      column->name = k == 0 ? g_strdup ("Sample Index")
                     : k <= n_signals ? g_strdup_printf ("EXG Channel %u", k - 1)
                     : k <= n_signals + 3 ? g_strdup_printf ("Accel Channel %u", k - n_signals - 1)
                     : k + 1 == look->n_columns ? g_strdup ("Timestamp")
                     : g_strdup_printf ("Other %u", k + 1);
    }
}

static void
assign_roles (InionCsvLook *look)
{
  Facts *facts = gather_facts (look);
  gboolean has_time = FALSE;

  look->guess->rate_hz = look->rate;
  for (guint k = 0; k < look->n_columns; k++)
    choose_role (look, _inion_csv_look_get_column (look, k), &facts[k], &has_time);
  if (!has_time && look->n_columns > 1 &&
      is_nameless_time (_inion_csv_look_get_column (look, 0), &facts[0]))
    take_time_column (look, _inion_csv_look_get_column (look, 0), &facts[0]);
  if (look->openbci)
    scale_openbci (look, facts);
  for (guint k = 0; k < look->n_columns; k++)
    g_array_unref (facts[k].steps);
  g_free (facts);
}

/* Brain signals whose unit is not given are in µV, as all programs that write text have them. */
static void
complete_units (InionCsvLook *look)
{
  guint n = 0;

  for (guint k = 0; k < look->n_columns; k++)
    {
      InionCsvColumn *column = _inion_csv_look_get_column (look, k);

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

/* Says what becomes of each column, and what is assumed of it. */
void
_inion_csv_look_choose_roles (InionCsvLook *look)
{
  name_openbci (look);
  assign_roles (look);
  complete_units (look);
}
