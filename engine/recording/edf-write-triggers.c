/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which events a reader will find in the trigger channels of a file that is about to be written.
 *
 * A Status or trigger channel is written like any other, and whoever reads the file decodes it. So
 * an event that comes from there must not be written as an annotation as well: it would be there
 * twice. To know which ones these are, the decoder is shown the channel as it will be in the file. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-faults.h"
#include "recording/edf-triggers.h"
#include "recording/edf-write-private.h"

#include <string.h>

#define INION_TYPE_EDF_WRITE_VIEW (inion_edf_write_view_get_type ())
G_DECLARE_FINAL_TYPE (InionEdfWriteView, inion_edf_write_view, INION, EDF_WRITE_VIEW, InionRecording)

/* One channel of a file that is about to be written. Lives no longer than that. */
struct _InionEdfWriteView
{
  InionRecording parent_instance;

  InionEdfWrite *write;
  guint signal;
};

G_DEFINE_FINAL_TYPE (InionEdfWriteView, inion_edf_write_view, INION_TYPE_RECORDING)

/* Samples that the file will hold, what fills up its last record among them. */
static gboolean
inion_edf_write_view_read_digital (InionRecording  *recording,
                                   guint            channel,
                                   gint64           first,
                                   gsize            n,
                                   gint32          *out,
                                   GError         **error)
{
  InionEdfWriteView *self = INION_EDF_WRITE_VIEW (recording);
  gint64 samples = self->write->signals[self->signal].samples;
  g_autofree double *values = inion_try_new (double, n, "samples", error);

  if (values == NULL)
    return FALSE;
  for (gsize done = 0; done < n;)
    {
      gint64 record = first / samples;
      guint piece = _inion_edf_write_find_piece (self->write, record);
      gint64 end = g_array_index (self->write->ends, gint64, piece) * samples;
      gsize m = (gsize) MIN ((gint64) (n - done), end - first);
      InionExportRun run = _inion_edf_write_get_run (self->write, self->signal, piece, record,
                                                     G_MAXINT64 / samples);
      gint64 skip = MIN (first % samples, run.n);

      run.first += skip;
      run.n = MIN (run.n - skip, (gint64) m);
      if (!_inion_edf_write_read (self->write, self->signal, run, out + done, values, error))
        return FALSE;
      for (gsize i = (gsize) run.n; i < m; i++)
        out[done + i] = done + i > 0 ? out[done + i - 1] : 0;
      done += m;
      first += (gint64) m;
    }
  return TRUE;
}

static void
inion_edf_write_view_class_init (InionEdfWriteViewClass *klass)
{
  INION_RECORDING_CLASS (klass)->read_digital = inion_edf_write_view_read_digital;
}

static void
inion_edf_write_view_init (InionEdfWriteView *self)
{
}

static InionRecording *
make_view (InionEdfWrite *self,
           guint          index)
{
  const InionEdfWriteSignal *signal = &self->signals[index];
  g_autoptr (InionEdfWriteView) view = g_object_new (INION_TYPE_EDF_WRITE_VIEW, NULL);
  InionRecording *recording = INION_RECORDING (view);
  InionChannelInfo info = {
    .raw_label = signal->label,
    .kind = INION_CHANNEL_TRIGGER,
    .rate_num = signal->samples,
    .rate_den_ns = self->record_ns,
    .n_samples = self->n_records * signal->samples,
    .gain = signal->bit_value,
    .offset = signal->bit_value * signal->bit_offset,
    .calibrated = TRUE,
  };

  view->write = self;
  view->signal = index;
  for (guint p = 0; p < self->ends->len && self->ends->len > 1; p++)
    {
      gint64 first = _inion_edf_write_get_first_record (self, p);
      gint64 n = g_array_index (self->ends, gint64, p) - first;

      if (!inion_recording_add_segment (recording, _inion_export_plan_get_onset (self->plan, p),
                                        n * self->record_ns, first * self->record_ns))
        return NULL;
    }
  inion_recording_set_duration_ns (recording, self->n_records * self->record_ns);
  inion_recording_add_channel (recording, &info);
  return INION_RECORDING (g_steal_pointer (&view));
}

/**
 * _inion_edf_write_find_triggers:
 * @self: a file whose records and scales are planned
 * @error: return location
 *
 * Decodes the trigger channels as they will be in the file.
 *
 * Returns: (transfer full) (nullable) (element-type InionEvent): the events that a reader will find
 *   there, or %NULL as inion_recording_read()
 */
GPtrArray *
_inion_edf_write_find_triggers (InionEdfWrite  *self,
                                GError        **error)
{
  g_autoptr (GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);

  for (guint i = 0; i < self->n_signals; i++)
    {
      const char *label = self->signals[i].label;
      gboolean status = self->bdf && g_ascii_strcasecmp (label, "Status") == 0;
      g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
      g_autoptr (InionRecording) view = NULL;
      InionEdfTriggers triggers = { NULL, 0, status, 0 };

      if (!status && !inion_edf_triggers_fit (label))
        continue;
      view = make_view (self, i);
      triggers.recording = view;
      if (view != NULL && !inion_edf_triggers_read (&triggers, self->job, events, faults, error))
        return NULL;
    }
  return g_steal_pointer (&events);
}
