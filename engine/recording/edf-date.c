/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When an EDF recording started.
 *
 * The date field has two digits for the year: 85–99 are 1985–1999, 00–84 are 2000–2084. EDF+ adds
 * "Startdate dd-MMM-yyyy" at the start of the recording field, with the full year; it is preferred
 * where it is there. A date that was taken out ("Startdate X", 01.01.85) is no date. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-date.h"

#include <string.h>

#define DATE_OFFSET 168
#define TIME_OFFSET 176
#define FIELD_BYTES 8

typedef struct
{
  int day;
  int month;
  int year;
} Date;

/* Three numbers of one or two digits with a character between them, then only blanks. */
static gboolean
scan_triple (const char *field,
             int         values[3],
             gboolean   *dotted)
{
  const char *p = field;
  const char *end = field + FIELD_BYTES;

  *dotted = TRUE;
  for (guint i = 0; i < 3; i++)
    {
      guint digits = 0;

      values[i] = 0;
      for (; p < end && g_ascii_isdigit (*p) && digits < 2; p++, digits++)
        values[i] = values[i] * 10 + (*p - '0');
      if (digits == 0)
        return FALSE;
      *dotted &= digits == 2;
      if (i == 2)
        break;
      if (p >= end || strchr (".-/: ", *p) == NULL || *p == '\0')
        return FALSE;
      *dotted &= *p++ == '.';
    }
  for (; p < end; p++)
    if (*p != ' ' && *p != '\0')
      return FALSE;
  return TRUE;
}

static gboolean
is_valid (const Date *date)
{
  return date->year >= 1 && date->day > 0 && date->month > 0 && date->month <= 12 &&
         g_date_valid_dmy ((GDateDay) date->day, (GDateMonth) date->month, (GDateYear) date->year);
}

static gboolean
read_header_date (const InionEdfDateSource *source,
                  Date                     *date,
                  gboolean                 *dotted)
{
  int values[3];

  if (!scan_triple (source->date, values, dotted))
    return FALSE;
  *date = (Date) { values[0], values[1], values[2] + (values[2] < 85 ? 2000 : 1900) };
  return is_valid (date);
}

static gboolean
is_number (const char *text,
           gsize       n_digits)
{
  return strlen (text) == n_digits && strspn (text, "0123456789") == n_digits;
}

/* "Startdate 02-MAR-2021 …". Sets removed if it says X. */
static gboolean
read_startdate (const InionEdfDateSource *source,
                Date                     *date,
                gboolean                 *removed)
{
  static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec" };
  g_auto (GStrv) words = NULL;
  g_auto (GStrv) parts = NULL;

  *removed = FALSE;
  if (g_ascii_strncasecmp (source->description, "Startdate ", 10) != 0)
    return FALSE;
  words = g_strsplit (source->description + 10, " ", 2);
  if (words[0] == NULL)
    return FALSE;
  *removed = strcmp (words[0], "X") == 0;
  parts = g_strsplit (words[0], "-", 4);
  if (g_strv_length (parts) != 3 || !is_number (parts[0], 2) || !is_number (parts[2], 4))
    return FALSE;
  *date = (Date) { (int) g_ascii_strtoll (parts[0], NULL, 10), 0,
                   (int) g_ascii_strtoll (parts[2], NULL, 10) };
  for (int i = 0; i < 12; i++)
    if (g_ascii_strcasecmp (parts[1], months[i]) == 0)
      date->month = i + 1;
  return is_valid (date);
}

static gboolean
choose_date (const InionEdfDateSource *source,
             InionEdfFaults           *faults,
             Date                     *date)
{
  Date header_date = { 0 };
  Date start_date = { 0 };
  gboolean removed, dotted = TRUE;
  gboolean has_start_date = read_startdate (source, &start_date, &removed);
  gboolean has_header_date = read_header_date (source, &header_date, &dotted);

  *date = has_start_date ? start_date : header_date;
  if (has_start_date && has_header_date && memcmp (&start_date, &header_date, sizeof (Date)) != 0)
    inion_edf_faults_add (faults, "two dates", DATE_OFFSET, "start date",
                          "%.8s here, but “Startdate %02d-%02d-%d” in the recording field; "
                          "the latter is used.",
                          source->date, start_date.day, start_date.month, start_date.year);
  else if (has_start_date && !has_header_date)
    inion_edf_faults_add (faults, "date", DATE_OFFSET, "start date",
                          "No valid date (dd.mm.yy) here; “Startdate %02d-%02d-%d” in the "
                          "recording field is used.",
                          start_date.day, start_date.month, start_date.year);
  if (has_header_date && !dotted)
    inion_edf_faults_add (faults, "date form", DATE_OFFSET, "start date",
                          "Not written as dd.mm.yy; read as %d-%02d-%02d.", header_date.year,
                          header_date.month, header_date.day);
  if (has_start_date)
    return TRUE;
  if (removed && header_date.day == 1 && header_date.month == 1 && header_date.year == 1985)
    return FALSE;
  if (!has_header_date)
    inion_edf_faults_add (faults, "date", DATE_OFFSET, "start date",
                          "There is no valid date (dd.mm.yy); the recording has no date.");
  return has_header_date;
}

/**
 * inion_edf_date_read:
 * @source: what the header says
 * @faults: where doubts are added
 *
 * Finds the start of the recording, to the second.
 *
 * Returns: (transfer full) (nullable): the patient's local time, tagged as UTC; %NULL if the date
 *   is unknown
 */
GDateTime *
inion_edf_date_read (const InionEdfDateSource *source,
                     InionEdfFaults           *faults)
{
  g_autoptr (GDateTime) midnight = NULL;
  int clock[3] = { 0 };
  gboolean dotted = TRUE;
  Date date;
  gboolean has_clock = scan_triple (source->time, clock, &dotted);

  if (!choose_date (source, faults, &date))
    return NULL;
  has_clock = has_clock && clock[0] <= 24 && clock[1] <= 60 && clock[2] <= 60;
  if (!has_clock)
    {
      inion_edf_faults_add (faults, "time", TIME_OFFSET, "start time",
                            "There is no valid time (hh.mm.ss); midnight is assumed.");
      memset (clock, 0, sizeof clock);
    }
  else if (!dotted || clock[0] == 24 || clock[1] == 60 || clock[2] == 60)
    {
      inion_edf_faults_add (faults, "time", TIME_OFFSET, "start time",
                            "Not written as hh.mm.ss; read as %d h %d min %d s.", clock[0],
                            clock[1], clock[2]);
    }
  midnight = g_date_time_new_utc (date.year, date.month, date.day, 0, 0, 0);
  return midnight == NULL
           ? NULL
           : g_date_time_add_seconds (midnight, clock[0] * 3600 + clock[1] * 60 + clock[2]);
}
