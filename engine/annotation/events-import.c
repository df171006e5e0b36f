/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of a recording as annotations of origin "file".
 *
 * An event is a fact of the file and stays what it is; this makes of it an annotation that can be
 * listed, filtered and learned from beside those of people.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/events-import.h"

#include <math.h>

static GPtrArray *
import_events (GPtrArray      *events,
               InionRecording *recording)
{
  GPtrArray *annotations = g_ptr_array_new_full (events->len, g_object_unref);
  guint n_channels = recording != NULL ? inion_recording_get_n_channels (recording) : 0;

  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];
      const char *channels[2] = { NULL, NULL };

      if (event->channel >= 0 && (guint) event->channel < n_channels)
        channels[0] = inion_channel_get_label (
          inion_recording_get_channel (recording, (guint) event->channel));
      g_ptr_array_add (annotations, inion_annotation_new (0, event->onset_ns, event->duration_ns,
                                                          event->text, channels, NULL,
                                                          INION_ORIGIN_FILE, NAN, NULL));
    }
  return annotations;
}

/**
 * inion_annotations_from_events:
 * @events: (element-type InionEvent): events of a recording
 *
 * Makes an annotation of each event, about all channels. An event without a length becomes a point.
 *
 * Returns: (transfer full) (element-type InionAnnotation): the annotations, with id 0
 */
GPtrArray *
inion_annotations_from_events (GPtrArray *events)
{
  g_return_val_if_fail (events != NULL, NULL);

  return import_events (events, NULL);
}

/**
 * inion_annotations_from_recording:
 * @recording: a recording whose events are loaded
 *
 * Makes an annotation of each event of a recording, about the channel that the event names.
 *
 * Returns: (transfer full) (element-type InionAnnotation): the annotations, with id 0; empty while
 *   the events are not loaded
 */
GPtrArray *
inion_annotations_from_recording (InionRecording *recording)
{
  GPtrArray *events;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);

  events = inion_recording_get_events (recording);
  return events != NULL ? import_events (events, recording)
                        : g_ptr_array_new_with_free_func (g_object_unref);
}
