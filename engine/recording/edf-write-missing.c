/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples without a value, such as those beyond an amplifier's range, in an EDF+ or BDF+ file.
 *
 * EDF has no number that means "none", and a gap is one of all channels. So nothing is written
 * unless a person agrees that the value beside stands for what is missing. Then each stretch is
 * told by an annotation "missing", of its channel or, where all have none, of all. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-write-private.h"

#include <math.h>

#define TEXT "missing"

/* More would be no marks any more but the signal itself. */
#define MAX_HOLES 100000

static InionChannel *
get_object (const InionEdfWrite *self,
            guint                index)
{
  return inion_recording_get_channel (self->plan->recording,
                                      _inion_export_plan_get_channel (self->plan, index)->source);
}

/**
 * _inion_edf_write_take_missing:
 * @self: a file
 * @index: one of its signals
 * @sample: of the source, behind all that were taken before
 * @error: return location
 *
 * Remembers that a sample has no value.
 *
 * Returns: %FALSE with %INION_ERROR_UNSUPPORTED unless such samples may be filled
 */
gboolean
_inion_edf_write_take_missing (InionEdfWrite  *self,
                               guint           index,
                               gint64          sample,
                               GError        **error)
{
  InionEdfWriteSignal *signal = &self->signals[index];
  const char *label = inion_channel_get_label (get_object (self, index));
  double seconds = (double) inion_channel_sample_to_ns (get_object (self, index), sample) / 1e9;
  InionExportRun hole = { sample, 1 };

  if (!self->plan->fill_missing)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s”: channel %s has no value at %.3f s, and EDF cannot say so of one "
                            "channel. Export as BrainVision or CSV, leave out the channel or the "
                            "time, or fill missing values (--fill-missing): then the value beside "
                            "stands there, and an annotation says so.", self->plan->name, label,
                            seconds);
  if (signal->holes == NULL)
    signal->holes = g_array_new (FALSE, FALSE, sizeof (InionExportRun));
  if (signal->holes->len > 0)
    {
      InionExportRun *last = &g_array_index (signal->holes, InionExportRun,
                                             signal->holes->len - 1);

      if (last->first + last->n == sample)
        {
          last->n++;
          return TRUE;
        }
    }
  if (signal->holes->len == MAX_HOLES)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s”: channel %s has no value in more than %d stretches. Export as "
                            "BrainVision or CSV, or leave out the channel.", self->plan->name, label,
                            MAX_HOLES);
  g_array_append_val (signal->holes, hole);
  return TRUE;
}

/**
 * _inion_edf_write_fill_missing:
 * @signal: a signal that has samples without a value
 * @values: (array length=n): what the source has
 * @n: how many
 * @digital: (array length=n) (inout): what is written; where there is no value, the one before in
 *   this block, else the one behind, else what is nearest to zero
 */
void
_inion_edf_write_fill_missing (const InionEdfWriteSignal *signal,
                               const double              *values,
                               gint64                     n,
                               gint32                    *digital)
{
  gint32 last = CLAMP (0, signal->digital_min, signal->digital_max);
  gint64 i = 0;

  while (i < n && !isfinite (values[i]))
    i++;
  if (i < n)
    last = digital[i];
  for (i = 0; i < n; i++)
    if (isfinite (values[i]))
      last = digital[i];
    else
      digital[i] = last;
}

static guint
hash_stretch (gconstpointer data)
{
  const InionEvent *event = data;

  return g_int64_hash (&event->onset_ns) ^ g_int64_hash (&event->duration_ns);
}

static gboolean
is_same_stretch (gconstpointer a,
                 gconstpointer b)
{
  const InionEvent *x = a, *y = b;

  return x->onset_ns == y->onset_ns && x->duration_ns == y->duration_ns;
}

static InionEvent *
make_mark (const InionEdfWrite *self,
           guint                index,
           InionExportRun       hole)
{
  InionChannel *object = get_object (self, index);
  gint64 from_ns = inion_channel_sample_to_ns (object, hole.first);
  gint64 to_ns = inion_channel_sample_to_ns (object, hole.first + hole.n);

  return inion_event_new (from_ns - g_array_index (self->plan->onsets, gint64, 0), to_ns - from_ns,
                          TEXT, (int) index);
}

/* How many samples of a signal are missing. */
static gint64
count (const GArray *holes)
{
  gint64 n = 0;

  for (guint i = 0; holes != NULL && i < holes->len; i++)
    n += g_array_index (holes, InionExportRun, i).n;
  return n;
}

static void
note (InionEdfWrite *self)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < self->n_signals; i++)
    if (self->signals[i].holes != NULL)
      g_string_append_printf (list, "%s%s %" G_GINT64_FORMAT, list->len > 0 ? ", " : "",
                              inion_channel_get_label (get_object (self, i)),
                              count (self->signals[i].holes));
  if (list->len > 0)
    _inion_export_plan_note (self->plan, "Samples without a value: %s. EDF cannot say so: the value "
                             "beside stands for each, and annotations “" TEXT "” tell where.",
                             list->str);
}

/**
 * _inion_edf_write_mark_missing:
 * @self: a file whose samples were looked at
 *
 * Adds an event for each stretch without values, and a note.
 */
void
_inion_edf_write_mark_missing (InionEdfWrite *self)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (hash_stretch, is_same_stretch);
  g_autoptr (GPtrArray) marks =
    g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);

  for (guint i = 0; i < self->n_signals; i++)
    for (guint h = 0; self->signals[i].holes != NULL && h < self->signals[i].holes->len; h++)
      {
        InionExportRun hole = g_array_index (self->signals[i].holes, InionExportRun, h);
        InionEvent *mark = make_mark (self, i, hole);
        gpointer known = NULL, n = NULL;

        g_ptr_array_add (marks, mark);
        g_hash_table_lookup_extended (counts, mark, &known, &n);
        g_hash_table_insert (counts, known != NULL ? known : mark,
                             GUINT_TO_POINTER (GPOINTER_TO_UINT (n) + 1));
      }
  for (guint i = 0; i < marks->len; i++)
    {
      const InionEvent *mark = marks->pdata[i];
      gboolean all = self->n_signals > 1 &&
                     GPOINTER_TO_UINT (g_hash_table_lookup (counts, mark)) == self->n_signals;

      if (!all || mark->channel == 0)
        g_ptr_array_add (self->plan->events,
                         inion_event_new (mark->onset_ns, mark->duration_ns, TEXT,
                                          all ? -1 : mark->channel));
    }
  note (self);
}
