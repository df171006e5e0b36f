/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people marked, as events that a file can hold.
 *
 * A mark of several channels becomes an event of each: files name one channel at most. Suggestions
 * that nobody accepted say nothing yet and are left out. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/convert/study-events.h"

#include "annotation/annotation.h"

static int
compare_events (gconstpointer a,
                gconstpointer b)
{
  const InionEvent *x = *(InionEvent *const *) a;
  const InionEvent *y = *(InionEvent *const *) b;

  return (x->onset_ns > y->onset_ns) - (x->onset_ns < y->onset_ns);
}

static void
add_mark (GPtrArray       *events,
          InionRecording  *recording,
          InionAnnotation *mark)
{
  const char *const *channels = inion_annotation_get_channels (mark);
  gint64 onset_ns = inion_annotation_get_onset_ns (mark);
  gint64 duration_ns = inion_annotation_get_duration_ns (mark);
  const char *label = inion_annotation_get_label (mark);
  guint n = 0;

  if (inion_annotation_is_suggestion (mark))
    return;
  duration_ns = duration_ns > 0 ? duration_ns : -1;
  for (guint i = 0; channels != NULL && channels[i] != NULL; i++)
    {
      int channel = inion_recording_find_channel (recording, channels[i]);

      if (channel < 0)
        continue;
      g_ptr_array_add (events, inion_event_new (onset_ns, duration_ns, label, channel));
      n++;
    }
  if (n == 0)
    g_ptr_array_add (events, inion_event_new (onset_ns, duration_ns, label, -1));
}

/**
 * inion_study_events_new:
 * @recording: a recording whose events are loaded
 * @marks: (element-type InionAnnotation): marks of its study
 *
 * Returns: (transfer full) (element-type InionEvent): the file's events and the marks, in time order
 */
GPtrArray *
inion_study_events_new (InionRecording *recording,
                        GPtrArray      *marks)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  GPtrArray *own = inion_recording_get_events (recording);

  for (guint i = 0; own != NULL && i < own->len; i++)
    {
      const InionEvent *event = own->pdata[i];

      g_ptr_array_add (events, inion_event_new (event->onset_ns, event->duration_ns, event->text,
                                                event->channel));
    }
  for (guint i = 0; i < marks->len; i++)
    add_mark (events, recording, marks->pdata[i]);
  g_ptr_array_sort (events, compare_events);
  return events;
}

/**
 * inion_study_events_move:
 * @events: (element-type InionEvent): events of @from
 * @from: a recording
 * @to: a recording that was made of it, with the same clock
 *
 * Returns: (transfer full) (element-type InionEvent): the same events; those of a channel that is
 *   not there any more belong to all
 */
GPtrArray *
inion_study_events_move (GPtrArray      *events,
                         InionRecording *from,
                         InionRecording *to)
{
  GPtrArray *moved = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);

  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];
      int channel = -1;

      if (event->channel >= 0 &&
          (guint) event->channel < inion_recording_get_n_channels (from))
        channel = inion_recording_find_channel (
          to, inion_channel_get_label (inion_recording_get_channel (from, (guint) event->channel)));
      g_ptr_array_add (moved, inion_event_new (event->onset_ns, event->duration_ns, event->text,
                                               channel));
    }
  return moved;
}
