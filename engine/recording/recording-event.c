/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small values of a recording: events that its file holds, faults that its file has. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/recording.h"

/**
 * inion_event_new:
 * @onset_ns: nanoseconds since the recording's start
 * @duration_ns: length in nanoseconds, -1 for none
 * @text: what the file says, UTF-8
 * @channel: index of the channel it belongs to, -1 for all
 *
 * Returns: (transfer full): an event
 */
InionEvent *
inion_event_new (gint64      onset_ns,
                 gint64      duration_ns,
                 const char *text,
                 int         channel)
{
  InionEvent *self = g_new (InionEvent, 1);

  self->onset_ns = onset_ns;
  self->duration_ns = duration_ns;
  self->text = g_strdup (text);
  self->channel = channel;
  return self;
}

/**
 * inion_event_free:
 * @self: (nullable): an event
 */
void
inion_event_free (InionEvent *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

/**
 * inion_fault_new:
 * @offset: byte offset in the file, -1 if there is none
 * @field: the header field or place
 * @format: printf format of what was found and what was assumed
 *
 * Returns: (transfer full): a fault
 */
InionFault *
inion_fault_new (gint64      offset,
                 const char *field,
                 const char *format,
                 ...)
{
  InionFault *self = g_new (InionFault, 1);
  va_list args;

  self->offset = offset;
  self->field = g_strdup (field);
  va_start (args, format);
  self->message = g_strdup_vprintf (format, args);
  va_end (args);
  return self;
}

/**
 * inion_fault_free:
 * @self: (nullable): a fault
 */
void
inion_fault_free (InionFault *self)
{
  if (self == NULL)
    return;
  g_free (self->field);
  g_free (self->message);
  g_free (self);
}
