/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source of samples in real time.
 *
 * A stream counts its samples from wherever it likes, one by one. An index that does not follow the
 * last one is a jump: samples are missing, or the source went to another place. Whoever filters
 * must start anew there.
 *
 * One thread pulls; starting, stopping and pausing may happen on another one, and a stop ends a
 * pull that waits. */

#define G_LOG_DOMAIN "inion-live"

#include "config.h"

#include "live/stream.h"

#include "core/error.h"
#include "live/replay-stream.h"

typedef struct
{
  char *name;
  char **channels;
  guint n_channels;
  double rate_hz;
} InionStreamPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (InionStream, inion_stream, G_TYPE_OBJECT)

#define PRIVATE(self) ((InionStreamPrivate *) inion_stream_get_instance_private (self))

static void
inion_stream_finalize (GObject *object)
{
  InionStreamPrivate *private = PRIVATE (INION_STREAM (object));

  g_free (private->name);
  g_strfreev (private->channels);
  G_OBJECT_CLASS (inion_stream_parent_class)->finalize (object);
}

static void
inion_stream_class_init (InionStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_stream_finalize;
}

static void
inion_stream_init (InionStream *self)
{
}

/**
 * inion_stream_describe:
 * @self: a stream
 * @name: what it is, for people
 * @channels: (array zero-terminated=1): its channels' labels, in order
 * @rate_hz: samples a second
 *
 * Says what a stream is. For sources, once, before anybody else sees the stream.
 */
void
inion_stream_describe (InionStream       *self,
                       const char        *name,
                       const char *const *channels,
                       double             rate_hz)
{
  InionStreamPrivate *private;

  g_return_if_fail (INION_IS_STREAM (self));
  g_return_if_fail (channels != NULL && rate_hz > 0);

  private = PRIVATE (self);
  g_free (private->name);
  g_strfreev (private->channels);
  private->name = g_strdup (name);
  private->channels = g_strdupv ((char **) channels);
  private->n_channels = g_strv_length (private->channels);
  private->rate_hz = rate_hz;
}

/**
 * inion_stream_new_for_uri:
 * @uri: "replay:FILE", optionally with "?speed=2&from=10&loop=1"
 * @error: return location
 *
 * Makes the source that a URI names. In "replay:" the file's path stands as it is, spaces and all;
 * only "?" has to be written "%3F" and "%" as "%25".
 *
 * Returns: (transfer full) (nullable): a stream that is not started; %NULL with
 *   %INION_ERROR_INVALID where the URI is not understood, or an error of opening
 */
InionStream *
inion_stream_new_for_uri (const char  *uri,
                          GError     **error)
{
  g_return_val_if_fail (uri != NULL, NULL);

  if (g_str_has_prefix (uri, "replay:"))
    return inion_replay_stream_new_for_uri (uri, error);
  inion_set_error (error, INION_ERROR_INVALID,
                   "“%s” names no source that Inion knows. Write replay:FILE to play a recording.",
                   uri);
  return NULL;
}

/**
 * inion_stream_start:
 * @self: a stream
 * @error: return location
 *
 * Starts it from its beginning: samples come from now on.
 *
 * Returns: %FALSE with an error of the source
 */
gboolean
inion_stream_start (InionStream  *self,
                    GError      **error)
{
  g_return_val_if_fail (INION_IS_STREAM (self), FALSE);

  return INION_STREAM_GET_CLASS (self)->start (self, error);
}

/**
 * inion_stream_stop:
 * @self: a stream
 *
 * Stops it. A pull that waits returns at once with no samples, as at the end. A stopped stream may
 * be started again.
 */
void
inion_stream_stop (InionStream *self)
{
  g_return_if_fail (INION_IS_STREAM (self));

  INION_STREAM_GET_CLASS (self)->stop (self);
}

/**
 * inion_stream_pull:
 * @self: a started stream
 * @out: (out caller-allocates) (array): room for [@max × channels] values, sample-major, µV for EEG
 * @max: how many samples to take at most, at least 1
 * @timeout_ms: how long to wait for the first, ms
 * @n: (out): how many came; 0 after the timeout
 * @first: (out): index of the first of them
 * @arrival_us: (out): when the last of them arrived, on the clock of g_get_monotonic_time()
 * @error: return location
 *
 * Takes the next samples. They have indices @first, @first + 1, …; samples that are no numbers are
 * gaps that the source itself knows of.
 *
 * Returns: %FALSE at the end (with no error) or with an error of the source
 */
gboolean
inion_stream_pull (InionStream  *self,
                   double       *out,
                   gsize         max,
                   guint         timeout_ms,
                   gsize        *n,
                   gint64       *first,
                   gint64       *arrival_us,
                   GError      **error)
{
  g_return_val_if_fail (INION_IS_STREAM (self), FALSE);
  g_return_val_if_fail (max > 0, FALSE);

  *n = 0;
  return INION_STREAM_GET_CLASS (self)->pull (self, out, max, timeout_ms, n, first, arrival_us,
                                              error);
}

/**
 * inion_stream_set_paused:
 * @self: a stream
 * @paused: whether to hold its samples back
 *
 * Pauses a source that can wait, such as a replay.
 *
 * Returns: %FALSE where the source cannot wait: its samples keep coming
 */
gboolean
inion_stream_set_paused (InionStream *self,
                         gboolean     paused)
{
  g_return_val_if_fail (INION_IS_STREAM (self), FALSE);

  if (INION_STREAM_GET_CLASS (self)->set_paused == NULL)
    return FALSE;
  INION_STREAM_GET_CLASS (self)->set_paused (self, paused);
  return TRUE;
}

/**
 * inion_stream_is_patient:
 * @self: a stream
 *
 * Returns: whether samples wait until they are pulled, so that pulling late loses nothing
 */
gboolean
inion_stream_is_patient (InionStream *self)
{
  g_return_val_if_fail (INION_IS_STREAM (self), FALSE);

  return INION_STREAM_GET_CLASS (self)->is_patient != NULL &&
         INION_STREAM_GET_CLASS (self)->is_patient (self);
}

/**
 * inion_stream_get_name:
 * @self: a stream
 *
 * Returns: (transfer none): what it is, for people
 */
const char *
inion_stream_get_name (InionStream *self)
{
  g_return_val_if_fail (INION_IS_STREAM (self), NULL);

  return PRIVATE (self)->name;
}

/**
 * inion_stream_get_channels:
 * @self: a stream
 *
 * Returns: (transfer none) (array zero-terminated=1): labels of its channels, in order
 */
const char *const *
inion_stream_get_channels (InionStream *self)
{
  g_return_val_if_fail (INION_IS_STREAM (self), NULL);

  return (const char *const *) PRIVATE (self)->channels;
}

/**
 * inion_stream_get_n_channels:
 * @self: a stream
 *
 * Returns: how many channels it has
 */
guint
inion_stream_get_n_channels (InionStream *self)
{
  g_return_val_if_fail (INION_IS_STREAM (self), 0);

  return PRIVATE (self)->n_channels;
}

/**
 * inion_stream_get_rate_hz:
 * @self: a stream
 *
 * Returns: samples a second, in the stream's own time
 */
double
inion_stream_get_rate_hz (InionStream *self)
{
  g_return_val_if_fail (INION_IS_STREAM (self), 0);

  return PRIVATE (self)->rate_hz;
}
