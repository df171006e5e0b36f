/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is in an EDF+ or BDF+ file that was written what was to be written?
 *
 * The file is read with this program's reader, and the source once more: digital values must be
 * equal, values that were rounded must be within half a step, the scale must be the one that was
 * meant, each piece must stand where it was, and all events must be there. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-write-private.h"
#include "recording/export-verify.h"

#include <math.h>
#include <string.h>

typedef struct
{
  InionRecording *written;
  GPtrArray *runs; /* GArray of InionExportStored, of each channel */
  gint32 *wanted;
  gint32 *found;
  double *values;
  gsize room;
} Check;

/* A factor between units that the reader applies: none, or from nV, mV, V to µV. */
static gboolean
is_same_scale (double found,
               double wanted)
{
  static const double factors[] = { 1, 1e3, 1e6, 1e-3 };

  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    if (fabs (found - wanted * factors[i]) <= 1e-12 * fabs (wanted * factors[i]))
      return TRUE;
  return FALSE;
}

static gboolean
check_channels (const InionEdfWrite  *self,
                InionRecording       *written,
                GError              **error)
{
  if (inion_recording_get_n_channels (written) != self->n_signals)
    return inion_set_error (error, INION_ERROR_FAILED,
                            "“%s” did not read back as it was written: %u channels instead of %u. "
                            "Nothing was changed.", self->plan->name,
                            inion_recording_get_n_channels (written), self->n_signals);
  for (guint i = 0; i < self->n_signals; i++)
    {
      const InionChannelInfo *wanted = _inion_export_plan_get_channel (self->plan, i)->info;
      const InionChannelInfo *found =
        inion_channel_get_info (inion_recording_get_channel (written, i));
      const char *what = NULL;

      if (strcmp (found->raw_label, self->signals[i].label) != 0 && !self->signals[i].copied)
        what = "name";
      else if ((__int128) found->rate_num * self->record_ns !=
               (__int128) self->signals[i].samples * found->rate_den_ns)
        what = "sampling rate";
      else if (found->calibrated && !is_same_scale (found->gain, self->signals[i].bit_value))
        what = "scale";
      if (what != NULL)
        return inion_set_error (error, INION_ERROR_FAILED,
                                "“%s” did not read back as it was written: the %s of %s is another "
                                "one. Nothing was changed.", self->plan->name, what, wanted->label);
    }
  return TRUE;
}

static gboolean
make_room (Check   *check,
           gsize    n,
           GError **error)
{
  if (n <= check->room)
    return TRUE;
  g_clear_pointer (&check->wanted, g_free);
  g_clear_pointer (&check->found, g_free);
  g_clear_pointer (&check->values, g_free);
  check->room = 0;
  check->wanted = inion_try_new (gint32, n, "samples", error);
  check->found = check->wanted != NULL ? inion_try_new (gint32, n, "samples", error) : NULL;
  check->values = check->found != NULL ? inion_try_new (double, n, "samples", error) : NULL;
  check->room = check->values != NULL ? n : 0;
  return check->values != NULL;
}

/* Where the first sample of a piece stands: no farther than half a sample from when it was. */
static gboolean
check_place (const InionEdfWrite  *self,
             const Check          *check,
             guint                 index,
             guint                 piece,
             gint64                at,
             GError              **error)
{
  InionChannel *channel = inion_recording_get_channel (check->written, index);
  const InionChannelInfo *info = inion_channel_get_info (channel);
  gint64 wanted_ns = _inion_export_plan_get_onset (self->plan, piece);
  gint64 found_ns = inion_channel_sample_to_ns (channel, at);

  if (ABS (found_ns - wanted_ns) <= info->rate_den_ns / info->rate_num / 2 + 2)
    return TRUE;
  return inion_set_error (error, INION_ERROR_FAILED,
                          "“%s” did not read back as it was written: the piece at %.6f s begins at "
                          "%.6f s. Nothing was changed.", self->plan->name,
                          (double) wanted_ns / 1e9, (double) found_ns / 1e9);
}

/* The samples that the file holds, whatever gaps the reader sees between them. */
static gboolean
read_stored (const Check  *check,
             guint         index,
             gint64        stored,
             gint64        n,
             GError      **error)
{
  for (gint64 done = 0; done < n;)
    {
      gint64 first = 0, run = 0;

      if (!_inion_export_runs_find (check->runs->pdata[index], stored + done, &first, &run))
        return inion_set_error (error, INION_ERROR_FAILED,
                                "The new file did not read back as it was written: samples are "
                                "missing at its end. Nothing was changed.");
      run = MIN (run, n - done);
      if (!inion_recording_read_digital (check->written, index, first, (gsize) run,
                                         check->found + done, error))
        return FALSE;
      done += run;
    }
  return TRUE;
}

static gboolean
compare_samples (InionEdfWrite   *self,
                 const Check     *check,
                 guint            index,
                 InionExportRun   run,
                 GError         **error)
{
  const InionEdfWriteSignal *signal = &self->signals[index];
  InionExportChannel *channel = _inion_export_plan_get_channel (self->plan, index);
  InionChannel *object = inion_recording_get_channel (self->plan->recording, channel->source);
  /* Half a step, and what doubles lose where the range is far from zero and narrow. */
  double most = 0.5000001 * fabs (signal->bit_value) +
                1e-15 * fabs (signal->bit_value * signal->bit_offset);

  for (gint64 i = 0; i < run.n; i++)
    {
      double seconds = (double) inion_channel_sample_to_ns (object, run.first + i) / 1e9;
      gint32 d = check->found[i];
      double physical = signal->bit_value * (signal->bit_offset + d);

      if (d != check->wanted[i])
        return _inion_export_refuse_sample (self->plan->name, signal->label, seconds,
                                            check->wanted[i], d, error);
      if (!signal->digital && d > signal->digital_min && d < signal->digital_max &&
          fabs (physical - check->values[i]) > most)
        return _inion_export_refuse_sample (self->plan->name, signal->label, seconds,
                                            check->values[i], physical, error);
    }
  return TRUE;
}

static gboolean
check_block (InionEdfWrite  *self,
             guint           piece,
             gint64          first,
             gint64          n,
             gpointer        data,
             GError        **error)
{
  Check *check = data;

  for (guint i = 0; i < self->n_signals; i++)
    {
      InionExportRun run = _inion_edf_write_get_run (self, i, piece, first, n);
      gint64 stored = first * self->signals[i].samples;
      gint64 at = 0, rest = 0;

      if (run.n == 0)
        continue;
      if (!make_room (check, (gsize) run.n, error) ||
          !_inion_edf_write_read (self, i, run, check->wanted, check->values, error) ||
          !read_stored (check, i, stored, run.n, error) ||
          !compare_samples (self, check, i, run, error))
        return FALSE;
      if (first == _inion_edf_write_get_first_record (self, piece) &&
          _inion_export_runs_find (check->runs->pdata[i], stored, &at, &rest) &&
          !check_place (self, check, i, piece, at, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_samples (InionEdfWrite   *self,
               InionRecording  *written,
               GError         **error)
{
  Check check = { .written = written };
  gboolean good;

  check.runs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; i < self->n_signals; i++)
    g_ptr_array_add (check.runs, _inion_export_runs_new (written, i));
  good = _inion_edf_write_for_each_block (self, "Reading back", 0.7, 1, check_block, &check, error);
  g_ptr_array_unref (check.runs);
  g_free (check.wanted);
  g_free (check.found);
  g_free (check.values);
  return good;
}

static gboolean
check_events (const InionEdfWrite  *self,
              InionRecording       *written,
              GError              **error)
{
  g_autoptr (GPtrArray) wanted = _inion_export_told_new_list ();
  g_autoptr (GPtrArray) found = _inion_export_told_new_list ();
  GPtrArray *events;

  if (!inion_recording_load_events (written, self->job, error))
    return FALSE;
  events = inion_recording_get_events (written);
  for (guint i = 0; i < self->plan->events->len + self->triggers->len; i++)
    {
      const InionEvent *event = i < self->plan->events->len
                                  ? self->plan->events->pdata[i]
                                  : self->triggers->pdata[i - self->plan->events->len];

      _inion_export_told_add (wanted, event->onset_ns, event->duration_ns,
                              _inion_edf_write_dup_event_text (self, event, NULL));
    }
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      _inion_export_told_add (found, event->onset_ns, event->duration_ns,
                              _inion_edf_write_dup_event_text (self, event, NULL));
    }
  return _inion_export_told_compare (self->plan->name, wanted, found, error);
}

/**
 * _inion_edf_write_verify:
 * @self: a file that was written
 * @written: the same, read
 * @error: return location
 *
 * Compares a new file with its source.
 *
 * Returns: %FALSE with %INION_ERROR_FAILED for the first difference, or as inion_recording_read()
 */
gboolean
_inion_edf_write_verify (InionEdfWrite   *self,
                         InionRecording  *written,
                         GError         **error)
{
  return check_channels (self, written, error) && check_samples (self, written, error) &&
         check_events (self, written, error);
}
