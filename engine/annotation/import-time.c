/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a mark is, in the recording's time.
 *
 * Most files count seconds from the recording's start. Some give clock times. With a date, the
 * recording's own start makes seconds of it. Without one a recording over midnight has the same
 * clock time on several days: of the days on which it lies in the recording, the first that is not
 * before the row above is taken, because rows stand in time order; if it lies in the recording on no
 * day, the day that brings it nearest is taken.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/import-private.h"
#include "annotation/table-private.h"
#include "core/size.h"

#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define NS_PER_DAY (G_GINT64_CONSTANT (86400) * NS_PER_S)

/* Reads digits, at least one and at most four. */
static gboolean
read_digits (const char **at,
             int         *value)
{
  int n = 0;

  *value = 0;
  for (; g_ascii_isdigit (**at) && n < 5; n++, (*at)++)
    *value = *value * 10 + (**at - '0');
  return n > 0 && n < 5;
}

static gboolean
read_time_of_day (const char *text,
                  gint64     *ns)
{
  int hour, minute, second;
  gint64 unit = NS_PER_S / 10;

  if (!read_digits (&text, &hour) || *text++ != ':' || !read_digits (&text, &minute)
      || *text++ != ':' || !read_digits (&text, &second) || hour > 24 || minute > 59 || second > 60)
    return FALSE;
  *ns = ((gint64) (hour % 24) * 3600 + minute * 60 + second) * NS_PER_S;
  if (*text == '.' || *text == ',')
    for (text++; g_ascii_isdigit (*text); text++, unit /= 10)
      *ns += (*text - '0') * unit;
  if (*text == 'Z')
    text++;
  return *text == '\0';
}

/* Days since 1970 of "2001-12-04" or "04.12.2001". */
static gboolean
read_date (const char **at,
           gint64      *day)
{
  int parts[3];
  char mark;
  g_autoptr (GDateTime) date = NULL;

  if (!read_digits (at, &parts[0]))
    return FALSE;
  mark = **at;
  if ((mark != '-' && mark != '.' && mark != '/') || !((*at)++, read_digits (at, &parts[1]))
      || **at != mark || !((*at)++, read_digits (at, &parts[2])))
    return FALSE;
  if (mark == '.')
    {
      int swap = parts[0];

      parts[0] = parts[2];
      parts[2] = swap;
    }
  if (parts[0] < 1000)
    return FALSE;
  date = g_date_time_new_utc (parts[0], parts[1], parts[2], 0, 0, 0);
  if (date == NULL)
    return FALSE;
  *day = g_date_time_to_unix (date) / 86400;
  return TRUE;
}

/* Reads "22:30:05.25" (nanoseconds since midnight) or, with a date before, since 1970. */
gboolean
_inion_import_parse_clock (const char *text,
                           gint64     *ns,
                           gboolean   *has_date)
{
  const char *at = text;
  gint64 day = 0;
  gint64 whole;

  *has_date = FALSE;
  if (strchr (text, ':') == NULL)
    return FALSE;
  if (read_date (&at, &day))
    {
      if (*at != 'T' && *at != ' ')
        return FALSE;
      while (*at == 'T' || *at == ' ')
        at++;
      *has_date = TRUE;
    }
  else
    at = text;
  return read_time_of_day (at, ns) && inion_int64_mul (&whole, day, NS_PER_DAY)
         && inion_int64_add (ns, *ns, whole);
}

static gint64
to_ns (GDateTime *time)
{
  return g_date_time_to_unix (time) * NS_PER_S + g_date_time_get_microsecond (time) * 1000;
}

/* On which day of the recording a time of day is. */
static gint64
choose_day (const InionImporter *self,
            gint64               onset_ns)
{
  gint64 end_ns = inion_recording_get_duration_ns (self->recording);
  gint64 best = onset_ns;

  onset_ns = ((onset_ns % NS_PER_DAY) + NS_PER_DAY) % NS_PER_DAY;
  if (onset_ns > end_ns)
    {
      best = onset_ns - NS_PER_DAY;
      return -best < onset_ns - end_ns ? best : onset_ns;
    }
  best = onset_ns;
  while (best < self->last_ns && end_ns - best >= NS_PER_DAY)
    best += NS_PER_DAY;
  return best >= self->last_ns ? best : onset_ns;
}

gboolean
_inion_importer_parse_time (InionImporter *self,
                            const char    *text,
                            gint64        *ns,
                            const char   **reason)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  GDateTime *start = inion_recording_get_start (self->recording);
  gboolean has_date;
  gint64 start_ns;

  *reason = "its time is no number of seconds and no clock time";
  if (_inion_table_parse_seconds (trimmed, ns))
    return TRUE;
  if (!_inion_import_parse_clock (trimmed, ns, &has_date))
    return FALSE;
  if (start == NULL)
    {
      *reason = "it has a clock time, and the recording does not say when it starts";
      return FALSE;
    }
  start_ns = to_ns (start);
  *reason = "its time is out of range";
  if (!inion_int64_add (ns, *ns, has_date ? -start_ns : -(start_ns % NS_PER_DAY)))
    return FALSE;
  if (!has_date)
    *ns = choose_day (self, *ns);
  self->last_ns = *ns;
  return TRUE;
}

/* Reads a length; empty is a point. */
gboolean
_inion_importer_parse_duration (const char *text,
                                gint64      onset_ns,
                                gint64     *ns)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text != NULL ? text : ""));

  *ns = 0;
  if (*trimmed == '\0')
    return TRUE;
  return _inion_table_parse_seconds (trimmed, ns) && *ns >= 0
         && *ns <= G_MAXINT64 - MAX (onset_ns, 0);
}

/* How much later a file with marks of its own clock begins than the recording. Where the dates say
 * other days (one was moved to hide it), the times of day decide. */
gint64
_inion_importer_align (InionImporter *self,
                       GDateTime     *start,
                       gint64         length_ns)
{
  GDateTime *own = inion_recording_get_start (self->recording);
  gint64 end_ns = inion_recording_get_duration_ns (self->recording);
  gint64 shift_us;
  gboolean other_day;

  if (own == NULL || start == NULL)
    {
      _inion_importer_note (self, "One of the two files does not say when it starts; the marks are "
                                  "taken to count from the recording's start.");
      return 0;
    }
  shift_us = g_date_time_difference (start, own);
  other_day = ABS (shift_us) >= G_TIME_SPAN_DAY;
  shift_us %= G_TIME_SPAN_DAY;
  if (other_day && ABS (shift_us) > G_TIME_SPAN_DAY / 2)
    shift_us += shift_us > 0 ? -G_TIME_SPAN_DAY : G_TIME_SPAN_DAY;
  if (shift_us * 1000 >= MAX (end_ns, 1) || -shift_us * 1000 > length_ns)
    {
      _inion_importer_note (self, "By its clock the file with the marks lies beside the recording; "
                                  "its marks are taken to count from the recording's start.");
      return 0;
    }
  if (other_day)
    _inion_importer_note (self, "The file with the marks is of another date than the recording; "
                                "its time of day is taken.");
  if (shift_us != 0)
    _inion_importer_note (self, "The file with the marks starts %.3f s %s than the recording; the "
                                "marks are moved by that.", (double) ABS (shift_us) / 1e6,
                          shift_us > 0 ? "later" : "earlier");
  return shift_us * 1000;
}

/* When a sample is that counts among those stored, from 0: gaps come before it. */
gboolean
_inion_importer_place_sample (InionImporter *self,
                              gint64         sample,
                              gint64        *ns)
{
  gint64 stored_ns = 0;

  if (inion_recording_get_n_channels (self->recording) == 0 || sample < 0
      || sample > G_GINT64_CONSTANT (1000000000000000))
    return FALSE;
  *ns = inion_channel_sample_to_ns (inion_recording_get_channel (self->recording, 0), sample);
  for (guint i = 0; i < inion_recording_get_n_segments (self->recording); i++)
    {
      gint64 from_ns, to_ns_;

      inion_recording_get_segment (self->recording, i, &from_ns, &to_ns_);
      if (*ns - stored_ns < to_ns_ - from_ns
          || i + 1 == inion_recording_get_n_segments (self->recording))
        {
          *ns += from_ns - stored_ns;
          return TRUE;
        }
      stored_ns += to_ns_ - from_ns;
    }
  return TRUE;
}
