/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events.tsv of a BIDS data set, together with the events that the file has itself.
 *
 * Most data sets copy the file's markers into events.tsv and give them words. An event of the file
 * that stands within one sample of a row is that row, and is shown once, in the row's words; all
 * others of both are shown. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids.h"

#include "recording/bids-sidecar.h"

#include <math.h>
#include <string.h>

#define MAX_SECONDS 9e9

static gint64
to_ns (double seconds)
{
  double whole = floor (seconds);

  return (gint64) whole * G_GINT64_CONSTANT (1000000000) + llround ((seconds - whole) * 1e9);
}

static InionEvent *
read_event (InionRecording       *recording,
            const InionBidsTable *table,
            guint                 row,
            const int             columns[5])
{
  const char *text = _inion_bids_table_get (table, row, columns[2]);
  const char *channel = _inion_bids_table_get (table, row, columns[4]);
  double onset, duration;
  gint64 length_ns = -1;

  if (!_inion_bids_table_get_number (table, row, columns[0], &onset) || fabs (onset) > MAX_SECONDS)
    return NULL;
  if (_inion_bids_table_get_number (table, row, columns[1], &duration) && duration >= 0
      && duration < MAX_SECONDS / 2)
    length_ns = to_ns (duration);
  if (text == NULL)
    text = _inion_bids_table_get (table, row, columns[3]);
  return inion_event_new (to_ns (onset), length_ns, text != NULL ? text : "event",
                          channel != NULL ? inion_recording_find_channel (recording, channel) : -1);
}

static GPtrArray *
read_events (InionRecording       *recording,
             const InionBidsTable *table,
             InionEdfFaults       *faults)
{
  static const char *const names[5] = { "onset", "duration", "trial_type", "value", "channel" };
  GPtrArray *events = g_ptr_array_new ();
  int columns[5];

  for (guint i = 0; i < 5; i++)
    columns[i] = _inion_bids_table_find (table, names[i]);
  if (columns[0] < 0)
    inion_edf_faults_add (faults, "bids-events", -1, table->name,
                          "It has no column “onset” and was passed over.");
  for (guint i = 0; columns[0] >= 0 && i < table->rows->len; i++)
    {
      InionEvent *event = read_event (recording, table, i, columns);

      if (event != NULL)
        g_ptr_array_add (events, event);
      else
        inion_edf_faults_add (faults, "bids-onset", -1, table->name,
                              "Line %u has no onset in seconds and was passed over.",
                              _inion_bids_table_get_line (table, i));
    }
  return events;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const InionEvent *x = *(InionEvent *const *) a;
  const InionEvent *y = *(InionEvent *const *) b;

  return (x->onset_ns > y->onset_ns) - (x->onset_ns < y->onset_ns);
}

static gint64
get_tolerance (InionRecording *recording)
{
  gint64 sample_ns = 0;

  if (inion_recording_get_n_channels (recording) > 0)
    sample_ns = inion_channel_sample_to_ns (inion_recording_get_channel (recording, 0), 1);
  return CLAMP (sample_ns, 1000, 10000000);
}

/* Removes the file's events that are also rows; both are sorted. Returns how many. */
static guint
drop_doubles (GPtrArray *events,
              GPtrArray *rows,
              gint64     tolerance_ns)
{
  guint row = 0;
  guint n = 0;
  guint kept = 0;

  for (guint i = 0; i < events->len; i++)
    {
      InionEvent *event = events->pdata[i];

      while (row < rows->len
             && ((InionEvent *) rows->pdata[row])->onset_ns < event->onset_ns - tolerance_ns)
        row++;
      if (row < rows->len
          && ((InionEvent *) rows->pdata[row])->onset_ns <= event->onset_ns + tolerance_ns)
        {
          inion_event_free (event);
          row++;
          n++;
        }
      else
        events->pdata[kept++] = event;
    }
  /* What is behind was moved or freed. */
  for (guint i = kept; i < events->len; i++)
    events->pdata[i] = NULL;
  g_ptr_array_set_size (events, (int) kept);
  return n;
}

/* Adds the rows of an events.tsv to the events of a file, which are sorted before and after. */
void
_inion_bids_merge_events (InionRecording *recording,
                          const char     *path,
                          GPtrArray      *events)
{
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionBidsTable) table = _inion_bids_table_read (path, faults);
  g_autoptr (GPtrArray) rows = table != NULL ? read_events (recording, table, faults) : NULL;
  guint own = events->len;
  guint doubles;

  if (rows != NULL && rows->len > 0)
    {
      g_ptr_array_sort (rows, compare);
      doubles = drop_doubles (events, rows, get_tolerance (recording));
      if (own > 0 && doubles != own)
        inion_edf_faults_add (faults, "bids-merge", -1, table->name,
                              "It has %u events and the file %u; %u are in both and shown once, in "
                              "the table's words; the others of both are shown too.", rows->len, own,
                              doubles);
      for (guint i = 0; i < rows->len; i++)
        g_ptr_array_add (events, rows->pdata[i]);
      g_ptr_array_sort (events, compare);
    }
  inion_edf_faults_hand_over (faults, recording, "places");
}
