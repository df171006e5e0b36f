/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source of samples in real time. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INION_TYPE_STREAM (inion_stream_get_type ())
G_DECLARE_DERIVABLE_TYPE (InionStream, inion_stream, INION, STREAM, GObject)

struct _InionStreamClass
{
  GObjectClass parent_class;

  gboolean (*start) (InionStream *self, GError **error);
  void     (*stop) (InionStream *self);
  /* Waits up to timeout_ms for samples; out: [max × n_channels] sample-major; *n = 0 on timeout; *first: index of the first sample;
   * *arrival_us: g_get_monotonic_time() when the last of them arrived. FALSE: error or end (error NULL at the end). */
  gboolean (*pull) (InionStream *self, double *out, gsize max, guint timeout_ms, gsize *n, gint64 *first, gint64 *arrival_us, GError **error);
  /* Optional. Holds the samples back, or lets them come again. */
  void     (*set_paused) (InionStream *self, gboolean paused);
  /* Optional. TRUE: samples wait until they are pulled, so that pulling late loses nothing. */
  gboolean (*is_patient) (InionStream *self);
  gpointer padding[2];
};

/* uri: "replay:FILE[?speed=2&from=10&loop=1]" */
InionStream       *inion_stream_new_for_uri (const char *uri, GError **error);
gboolean           inion_stream_start (InionStream *self, GError **error);
void               inion_stream_stop (InionStream *self);
gboolean           inion_stream_pull (InionStream *self, double *out, gsize max, guint timeout_ms, gsize *n, gint64 *first, gint64 *arrival_us, GError **error);
const char        *inion_stream_get_name (InionStream *self);
const char *const *inion_stream_get_channels (InionStream *self);
guint              inion_stream_get_n_channels (InionStream *self);
double             inion_stream_get_rate_hz (InionStream *self);

gboolean           inion_stream_set_paused (InionStream *self, gboolean paused); /* FALSE: this source cannot be held back */
gboolean           inion_stream_is_patient (InionStream *self);

/* For sources: what the stream is, before it is handed on. */
void               inion_stream_describe (InionStream *self, const char *name, const char *const *channels, double rate_hz);

G_END_DECLS
