/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job that fills the pyramid.
 *
 * Workers take the missing block that is nearest in time to what is on the screen, again and again,
 * so the picture fills from where the person looks outwards, also when the person looks elsewhere
 * meanwhile. A block is read chunk by chunk with all rows of its group together.
 *
 * The workers run at a lower priority than the rest of the program: drawing comes first. Priority
 * belongs to a thread and cannot be raised again by an ordinary user, so the work gets a thread of
 * its own, whose helpers inherit it, and leaves the threads of the pool alone. */

#define _GNU_SOURCE /* SCHED_BATCH */
#define G_LOG_DOMAIN "inion-display"

#include "config.h"

#include "display/pyramid-private.h"

#include "core/error.h"
#include "core/parallel.h"

#include <math.h>
#include <sched.h>
#include <sys/resource.h>

#define NICE 19

/* One run of the job. */
typedef struct
{
  InionPyramid *pyramid;
  InionJob *job;
  GError **error;
  gboolean ok;
  GMutex lock;
  GPtrArray *idle; /* of InionShownScratch */
} Build;

/* Where the rows of a chunk go. */
typedef struct
{
  InionPyramidGroup *group;
  gsize place;  /* of the block */
  gint64 chunk;
} Destination;

static void
fold_row (guint        row,
          const float *x,
          gsize        n,
          gpointer     data)
{
  const Destination *to = data;
  const InionPyramidGroup *group = to->group;
  gint64 start = group->blocks[to->place] << group->block_shift;
  gint64 first = to->chunk * (gint64) group->group->chunk_samples - start;
  gsize per_bin = (gsize) 1 << group->shift[0], of_block;
  InionMinMax *bins = _inion_pyramid_group_level (group, row, 0);

  _inion_pyramid_group_block_bins (group, 0, to->place, &of_block);
  bins += of_block + (gsize) (first >> group->shift[0]);
  if (per_bin <= group->group->chunk_samples)
    {
      inion_min_max_of_samples (x, n, per_bin, bins);
    }
  else
    {
      InionMinMax part;

      inion_min_max_of_samples (x, n, n, &part);
      inion_min_max_merge (bins, &part);
    }
}

static void
clear_block (InionPyramidGroup *group,
             gsize              place)
{
  gsize first;
  gsize n = _inion_pyramid_group_block_bins (group, 0, place, &first);

  for (guint row = 0; row < group->group->n_rows; row++)
    inion_min_max_clear (_inion_pyramid_group_level (group, row, 0) + first, n);
}

static gboolean
fill_block (Build              *build,
            InionPyramidGroup  *group,
            gsize               place,
            InionShownScratch  *scratch,
            GError            **error)
{
  InionRecording *recording =
    inion_montage_get_recording (inion_shown_signal_get_montage (build->pyramid->signal));
  gint64 chunk_samples = (gint64) group->group->chunk_samples;
  gint64 block = group->blocks[place];
  gint64 first = (block << group->block_shift) / chunk_samples;
  gint64 end = MIN (((block + 1) << group->block_shift) / chunk_samples, group->group->n_chunks);
  g_autofree guint *rows = g_new (guint, group->group->n_rows);

  for (guint i = 0; i < group->group->n_rows; i++)
    rows[i] = i;
  clear_block (group, place);
  for (gint64 chunk = first;
       (chunk = _inion_shown_group_find_chunk (group->group, recording, chunk)) < end;
       chunk++)
    {
      Destination to = { group, place, chunk };

      if (!_inion_shown_group_make_chunk (group->group, recording, scratch, chunk, rows,
                                          group->group->n_rows, fold_row, &to, build->job, error))
        return FALSE;
    }
  return TRUE;
}

static double
distance_from_visible (const InionPyramid      *self,
                       const InionPyramidGroup *group,
                       gsize                    place)
{
  double block_s = ldexp (1, (int) group->block_shift) / group->group->rate_hz;
  double middle = ((double) group->blocks[place] + 0.5) * block_s;
  double distance = fabs (middle - (self->from_s + self->to_s) / 2) - block_s / 2;

  return MAX (distance, 0);
}

/* Claims the missing block nearest to what is visible. */
static gboolean
claim_block (InionPyramid       *self,
             InionPyramidGroup **group,
             gsize              *place)
{
  double nearest = INFINITY;

  *group = NULL;
  g_mutex_lock (&self->lock);
  for (guint g = 0; g < self->n_groups; g++)
    for (gsize b = 0; b < self->groups[g].n_blocks; b++)
      {
        double distance;

        if (g_atomic_int_get (&self->groups[g].states[b]) != INION_BLOCK_MISSING)
          continue;
        distance = distance_from_visible (self, &self->groups[g], b);
        if (*group != NULL && !(distance < nearest))
          continue;
        nearest = distance;
        *group = &self->groups[g];
        *place = b;
      }
  if (*group != NULL)
    g_atomic_int_set (&(*group)->states[*place], INION_BLOCK_CLAIMED);
  g_mutex_unlock (&self->lock);
  return *group != NULL;
}

static InionShownScratch *
take_scratch (Build *build)
{
  InionShownScratch *scratch = NULL;

  g_mutex_lock (&build->lock);
  if (build->idle->len > 0)
    scratch = g_ptr_array_steal_index_fast (build->idle, build->idle->len - 1);
  g_mutex_unlock (&build->lock);
  return scratch != NULL ? scratch : _inion_shown_scratch_new ();
}

static gboolean
build_nearest_block (gsize      index,
                     gpointer   data,
                     GError   **error)
{
  Build *build = data;
  InionPyramidGroup *group;
  InionShownScratch *scratch;
  gsize place;
  gboolean ok;

  if (!claim_block (build->pyramid, &group, &place))
    return TRUE;
  scratch = take_scratch (build);
  ok = fill_block (build, group, place, scratch, error);
  g_mutex_lock (&build->lock);
  g_ptr_array_add (build->idle, scratch);
  g_mutex_unlock (&build->lock);
  if (!ok)
    {
      g_atomic_int_set (&group->states[place], INION_BLOCK_MISSING);
      return FALSE;
    }
  _inion_pyramid_group_raise_block (group, place);
  _inion_pyramid_publish_block (build->pyramid, group, place);
  inion_job_report (build->job, inion_pyramid_get_progress (build->pyramid), NULL);
  return TRUE;
}

static gsize
count_missing (InionPyramid *self)
{
  gsize n = 0;

  for (guint g = 0; g < self->n_groups; g++)
    for (gsize b = 0; b < self->groups[g].n_blocks; b++)
      n += g_atomic_int_get (&self->groups[g].states[b]) == INION_BLOCK_MISSING;
  return n;
}

static gboolean
have_memory (InionPyramid  *self,
             GError       **error)
{
  for (guint g = 0; g < self->n_groups; g++)
    if (self->groups[g].bins == NULL)
      return inion_set_error (error, INION_ERROR_TOO_LARGE,
                              "Not enough memory for the overview of the recording "
                              "(%" G_GSIZE_FORMAT " bytes).", inion_pyramid_get_bytes (self));
  return TRUE;
}

static gboolean
run_build (Build   *build,
           GError **error)
{
  InionPyramid *self = build->pyramid;
  InionMontage *montage = inion_shown_signal_get_montage (self->signal);
  g_autofree char *key = NULL;
  gsize missing;

  missing = count_missing (self);
  if (missing == 0)
    return TRUE;
  if (!have_memory (self, error))
    return FALSE;
  /* What has no file has no fingerprint worth a file. */
  if (self->cache_dir != NULL &&
      inion_recording_get_path (inion_montage_get_recording (montage)) != NULL)
    key = inion_shown_signal_dup_key (self->signal, NULL);
  if (key != NULL && _inion_pyramid_load (self, key, build->job))
    return TRUE;

  inion_job_report (build->job, inion_pyramid_get_progress (self), "Reading the recording");
  if (!inion_parallel_for (missing, build_nearest_block, build, build->job, error))
    return FALSE;
  if (key != NULL && inion_pyramid_is_complete (self))
    {
      g_autoptr (GError) cache_error = NULL;

      if (!_inion_pyramid_save (self, key, build->job, &cache_error))
        g_info ("The overview was not kept: %s", cache_error->message);
      _inion_pyramid_trim_cache (self->cache_dir, INION_PYRAMID_CACHE_BYTES);
    }
  return TRUE;
}

static gpointer
run_at_low_priority (gpointer data)
{
  const struct sched_param param = { 0 };
  Build *build = data;

  /* A batch thread never takes the processor from one that wakes up to draw. On Linux "0" is the
   * calling thread, not the process. */
  if (sched_setscheduler (0, SCHED_BATCH, &param) != 0 || setpriority (PRIO_PROCESS, 0, NICE) != 0)
    g_debug ("The priority could not be lowered.");
  build->ok = run_build (build, build->error);
  return NULL;
}

static gpointer
run_job (InionJob  *job,
         gpointer   data,
         GError   **error)
{
  Build build = { .pyramid = data, .job = job, .error = error };
  GThread *thread;

  g_mutex_init (&build.lock);
  build.idle = g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_shown_scratch_free);
  thread = g_thread_try_new ("inion-pyramid", run_at_low_priority, &build, NULL);
  if (thread != NULL)
    g_thread_join (thread);
  else
    build.ok = run_build (&build, error);
  g_clear_pointer (&build.idle, g_ptr_array_unref);
  g_mutex_clear (&build.lock);
  return build.ok ? g_object_ref (data) : NULL;
}

/**
 * inion_pyramid_new_job:
 * @self: (transfer none): a pyramid
 *
 * Makes the job that fills the pyramid: from the cache if it has it, else from the recording, which
 * is then kept in the cache. What is built when the job is cancelled stays; another job goes on
 * from there.
 *
 * Returns: (transfer full): a job that has not started; its result is @self (transfer full)
 */
InionJob *
inion_pyramid_new_job (InionPyramid *self)
{
  g_return_val_if_fail (INION_IS_PYRAMID (self), NULL);

  return inion_job_new ("Overview of the recording", run_job, g_object_ref (self), g_object_unref,
                        g_object_unref);
}
