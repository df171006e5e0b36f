/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is in a BrainVision recording that was written what was to be written? */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/brainvision-write.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/export-verify.h"

#include <math.h>
#include <string.h>

typedef struct
{
  InionRecording *written;
  GPtrArray *runs; /* GArray of InionExportStored, of each channel */
} Check;

static gboolean
check_channels (const InionBrainVisionWrite  *self,
                InionRecording               *written,
                GError                      **error)
{
  guint n = self->plan->channels->len;

  if (inion_recording_get_n_channels (written) != n)
    return inion_set_error (error, INION_ERROR_FAILED,
                            "“%s” did not read back as it was written: %u channels instead of %u. "
                            "Nothing was changed.", self->plan->name,
                            inion_recording_get_n_channels (written), n);
  for (guint i = 0; i < n; i++)
    {
      const InionChannelInfo *wanted = _inion_export_plan_get_channel (self->plan, i)->info;
      InionChannel *channel = inion_recording_get_channel (written, i);
      const InionChannelInfo *found = inion_channel_get_info (channel);
      double rate = (double) wanted->rate_num * 1e9 / (double) wanted->rate_den_ns;

      /* A rate such as 300 Hz has no exact interval; over the whole it must not be seen. */
      if (fabs (inion_channel_get_rate_hz (channel) / rate - 1) * (double) self->total > 0.01)
        return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                                "“%s”: BrainVision cannot say %.12g Hz exactly enough for a "
                                "recording of this length. Export as CSV instead.",
                                self->plan->name, rate);
      if (self->integers && fabs (found->gain - wanted->gain) > 1e-12 * fabs (wanted->gain) &&
          strcmp (found->unit, wanted->unit) == 0)
        return inion_set_error (error, INION_ERROR_FAILED,
                                "“%s” did not read back as it was written: the resolution of %s is "
                                "another one. Nothing was changed.", self->plan->name,
                                wanted->label);
    }
  return TRUE;
}

/* The values of a block of a channel, as the new file has them. */
static gboolean
read_written (const Check  *check,
              guint         channel,
              gint64        stored,
              gint64        n,
              double       *out,
              GError      **error)
{
  for (gint64 done = 0; done < n;)
    {
      gint64 first = 0, run = 0;

      if (!_inion_export_runs_find (check->runs->pdata[channel], stored + done, &first, &run))
        return inion_set_error (error, INION_ERROR_FAILED,
                                "The new file did not read back as it was written: samples are "
                                "missing at its end. Nothing was changed.");
      run = MIN (run, n - done);
      if (!inion_recording_read (check->written, channel, first, (gsize) run, out + done, error))
        return FALSE;
      done += run;
    }
  return TRUE;
}

/* Integers may differ by what the source's offset leaves of a step, floats by the last digits. */
static gboolean
is_same (const InionBrainVisionWrite *self,
         double                       gain,
         double                       wanted,
         double                       found)
{
  /* In whatever unit the reader gives it: volts may have become microvolts. */
  static const double factors[] = { 1, 1e3, 1e6, 1e-3 };

  if (isnan (wanted) || isnan (found))
    return isnan (wanted) && isnan (found);
  if (isinf (wanted) || isinf (found))
    return wanted == found;
  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      double w = (self->integers ? wanted : (double) (float) wanted) * factors[i];
      double tolerance = self->integers ? 2e-6 * fabs (gain) * factors[i] : 1e-9 * fabs (w);

      if (fabs (found - w) <= tolerance + 1e-300)
        return TRUE;
    }
  return isinf ((float) wanted) && isinf (found);
}

static gboolean
check_place (const InionBrainVisionWrite  *self,
             const Check                  *check,
             guint                         piece,
             GError                      **error)
{
  InionChannel *channel = inion_recording_get_channel (check->written, 0);
  const InionChannelInfo *info = inion_channel_get_info (channel);
  gint64 wanted_ns = _inion_export_plan_get_onset (self->plan, piece);
  gint64 at = 0, n = 0, found_ns;

  if (!_inion_export_runs_find (check->runs->pdata[0],
                                _inion_brainvision_write_get_point (self, piece), &at, &n))
    return TRUE;
  found_ns = inion_channel_sample_to_ns (channel, at);
  /* Half a sample, and the microsecond of the date. */
  if (ABS (found_ns - wanted_ns) <= info->rate_den_ns / info->rate_num / 2 + 1002)
    return TRUE;
  return inion_set_error (error, INION_ERROR_FAILED,
                          "“%s” did not read back as it was written: the piece at %.6f s begins at "
                          "%.6f s. Nothing was changed.", self->plan->name,
                          (double) wanted_ns / 1e9, (double) found_ns / 1e9);
}

static gboolean
check_block (InionBrainVisionWrite  *self,
             guint                   piece,
             gint64                  first,
             gint64                  n,
             gpointer                data,
             GError                **error)
{
  const Check *check = data;
  gint64 stored = _inion_brainvision_write_get_point (self, piece) + first;
  g_autofree double *wanted = g_new (double, n);
  g_autofree double *found = g_new (double, n);

  if (first == 0 && !check_place (self, check, piece, error))
    return FALSE;
  for (guint c = 0; c < self->plan->channels->len; c++)
    {
      InionChannel *object = inion_recording_get_channel (check->written, c);
      double gain = _inion_export_plan_get_channel (self->plan, c)->info->gain;

      if (!_inion_brainvision_write_read (self, c, piece, first, n, wanted, error) ||
          !read_written (check, c, stored, n, found, error))
        return FALSE;
      for (gint64 i = 0; i < n; i++)
        if (!is_same (self, gain, wanted[i], found[i]))
          return _inion_export_refuse_sample (self->plan->name, inion_channel_get_label (object),
                                              (double) inion_channel_sample_to_ns (object, first + i)
                                                / 1e9, wanted[i], found[i], error);
    }
  return TRUE;
}

/* Onset and duration in samples of the new file's clock, text and channel. */
static void
add_wanted (const InionBrainVisionWrite *self,
            const Check                 *check,
            const InionEvent            *event,
            GPtrArray                   *list)
{
  InionBrainVisionMark mark = { 0 };
  gboolean moved;
  gint64 at = 0, n = 0;
  g_auto (GStrv) parts = NULL;
  g_autofree char *plain = NULL;

  if (!_inion_brainvision_write_make_mark (self, event, &mark, &moved))
    return;
  _inion_export_runs_find (check->runs->pdata[0], mark.point, &at, &n);
  parts = g_strsplit (mark.description, "\\1", -1);
  plain = g_strjoinv (",", parts);
  _inion_export_told_add (list, at, mark.size,
                          g_strdup_printf ("%s/%s@@%d", mark.type, plain, mark.channel));
  _inion_brainvision_write_clear_mark (&mark);
}

static gboolean
check_events (const InionBrainVisionWrite  *self,
              const Check                  *check,
              GError                      **error)
{
  g_autoptr (GPtrArray) wanted = _inion_export_told_new_list ();
  g_autoptr (GPtrArray) found = _inion_export_told_new_list ();
  InionChannel *channel = inion_recording_get_channel (check->written, 0);
  GPtrArray *events;

  if (!inion_recording_load_events (check->written, self->job, error))
    return FALSE;
  events = inion_recording_get_events (check->written);
  for (guint i = 0; i < self->plan->events->len; i++)
    add_wanted (self, check, self->plan->events->pdata[i], wanted);
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];
      gint64 size = inion_channel_ns_to_nearest_sample (channel, MAX (event->duration_ns, 0));

      if (!g_str_has_prefix (event->text, "New Segment/"))
        _inion_export_told_add (found, inion_channel_ns_to_nearest_sample (channel, event->onset_ns),
                                size,
                                g_strdup_printf ("%s@@%d", event->text, event->channel));
    }
  return _inion_export_told_compare (self->plan->name, wanted, found, error);
}

/**
 * _inion_brainvision_write_verify:
 * @self: a recording that was written
 * @written: the same, read
 * @error: return location
 *
 * Compares a new recording with its source.
 *
 * Returns: %FALSE with %INION_ERROR_FAILED for the first difference, or as inion_recording_read()
 */
gboolean
_inion_brainvision_write_verify (InionBrainVisionWrite  *self,
                                 InionRecording         *written,
                                 GError                **error)
{
  Check check = { .written = written };
  gboolean good;

  if (!check_channels (self, written, error))
    return FALSE;
  check.runs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint c = 0; c < self->plan->channels->len; c++)
    g_ptr_array_add (check.runs, _inion_export_runs_new (written, c));
  good = _inion_brainvision_write_for_each_block (self, "Reading back", 0.7, 1, check_block, &check,
                                                  error) &&
         check_events (self, &check, error);
  g_ptr_array_unref (check.runs);
  return good;
}
