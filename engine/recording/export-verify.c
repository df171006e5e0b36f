/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the events of a file that was written those that were to be written? */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "recording/export-verify.h"

#include <string.h>

static void
free_told (gpointer data)
{
  InionExportTold *told = data;

  g_free (told->text);
  g_free (told);
}

/**
 * _inion_export_told_new_list:
 *
 * Returns: (transfer full) (element-type InionExportTold): a list to fill
 */
GPtrArray *
_inion_export_told_new_list (void)
{
  return g_ptr_array_new_with_free_func (free_told);
}

/**
 * _inion_export_told_add:
 * @list: (element-type InionExportTold): a list
 * @onset_ns: when
 * @duration_ns: how long, -1 for none
 * @text: (transfer full): what, with all that tells of its channel
 */
void
_inion_export_told_add (GPtrArray *list,
                        gint64     onset_ns,
                        gint64     duration_ns,
                        char      *text)
{
  InionExportTold *told = g_new (InionExportTold, 1);

  *told = (InionExportTold) { onset_ns, duration_ns, text };
  g_ptr_array_add (list, told);
}

static int
compare_told (const InionExportTold *x,
              const InionExportTold *y)
{
  if (x->onset_ns != y->onset_ns)
    return x->onset_ns < y->onset_ns ? -1 : 1;
  if (x->duration_ns != y->duration_ns)
    return x->duration_ns < y->duration_ns ? -1 : 1;
  return strcmp (x->text, y->text);
}

static int
compare_pointers (gconstpointer a,
                  gconstpointer b)
{
  return compare_told (*(InionExportTold *const *) a, *(InionExportTold *const *) b);
}

/**
 * _inion_export_told_compare:
 * @name: the new file's name, for messages
 * @wanted: (element-type InionExportTold): what was to be written; is sorted
 * @found: (element-type InionExportTold): what is there; is sorted
 * @error: return location
 *
 * Compares events as sets in which each may be several times.
 *
 * Returns: %FALSE with %INION_ERROR_FAILED that names the first difference
 */
gboolean
_inion_export_told_compare (const char  *name,
                            GPtrArray   *wanted,
                            GPtrArray   *found,
                            GError     **error)
{
  guint n = MIN (wanted->len, found->len);

  g_ptr_array_sort (wanted, compare_pointers);
  g_ptr_array_sort (found, compare_pointers);
  for (guint i = 0; i < n; i++)
    {
      const InionExportTold *w = wanted->pdata[i];
      const InionExportTold *f = found->pdata[i];

      if (compare_told (w, f) != 0)
        return inion_set_error (error, INION_ERROR_FAILED,
                                "“%s” did not read back as it was written: instead of the event "
                                "“%s” at %.6f s there is “%s” at %.6f s. Nothing was changed.",
                                name, w->text, (double) w->onset_ns / 1e9, f->text,
                                (double) f->onset_ns / 1e9);
    }
  if (wanted->len == found->len)
    return TRUE;
  return inion_set_error (error, INION_ERROR_FAILED,
                          "“%s” did not read back as it was written: %u events instead of %u. "
                          "Nothing was changed.", name, found->len, wanted->len);
}

/**
 * _inion_export_refuse_sample:
 * @name: the new file's name, for messages
 * @label: the channel
 * @seconds: when
 * @wanted: what was to be written
 * @found: what is there
 * @error: return location
 *
 * Returns: always %FALSE, with %INION_ERROR_FAILED
 */
gboolean
_inion_export_refuse_sample (const char  *name,
                             const char  *label,
                             double       seconds,
                             double       wanted,
                             double       found,
                             GError     **error)
{
  return inion_set_error (error, INION_ERROR_FAILED,
                          "“%s” did not read back as it was written: %s at %.3f s is %.9g instead "
                          "of %.9g. Nothing was changed.", name, label, seconds, found, wanted);
}

/**
 * _inion_export_runs_new:
 * @recording: a file that was written
 * @channel: one of its channels
 *
 * Lists the runs of samples of a channel, to find the k-th sample that the file holds.
 *
 * Returns: (transfer full) (element-type InionExportStored): the runs
 */
GArray *
_inion_export_runs_new (InionRecording *recording,
                        guint           channel)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (InionExportStored));
  InionExportStored run = { 0, 0, 0 };
  gint64 at = 0;

  while (inion_recording_find_run (recording, channel, at, &run.first, &run.n) && run.n > 0)
    {
      g_array_append_val (runs, run);
      run.stored += run.n;
      at = run.first + run.n;
    }
  return runs;
}

/**
 * _inion_export_runs_find:
 * @runs: (element-type InionExportStored): of a channel
 * @stored: which of the samples that the file holds
 * @first: (out): where it is on the channel's clock
 * @n: (out): how many samples there are from it on without a gap
 *
 * Returns: %FALSE if the file holds fewer
 */
gboolean
_inion_export_runs_find (const GArray *runs,
                         gint64        stored,
                         gint64       *first,
                         gint64       *n)
{
  guint low = 0, high = runs->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const InionExportStored *run = &g_array_index (runs, InionExportStored, middle);

      if (run->stored + run->n > stored)
        high = middle;
      else
        low = middle + 1;
    }
  if (low == runs->len)
    return FALSE;
  *first = g_array_index (runs, InionExportStored, low).first + stored -
           g_array_index (runs, InionExportStored, low).stored;
  *n = g_array_index (runs, InionExportStored, low).stored +
       g_array_index (runs, InionExportStored, low).n - stored;
  return TRUE;
}
