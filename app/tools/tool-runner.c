/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One measurement at a time for a view that is asked again and again. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/tool-runner.h"

struct _InionToolRunner
{
  gpointer owner;          /* NULL: gone */
  InionToolMake make;
  InionToolShow show;
  GDestroyNotify result_free;
  InionJob *job;           /* the one whose answer is waited for */
  gboolean again;
};

static void
clear (gpointer data)
{
  InionToolRunner *self = data;

  g_clear_object (&self->job);
}

static void
on_done (InionJob     *job,
         gpointer      result,
         const GError *error,
         gpointer      data)
{
  InionToolRunner *self = data;

  if (job != self->job || self->owner == NULL)
    {
      if (result != NULL)
        self->result_free (result);
    }
  else
    {
      g_clear_object (&self->job);
      if (result != NULL || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        self->show (self->owner, result, error);
      if (self->again && self->owner != NULL)
        inion_tool_runner_ask (self);
    }
  g_rc_box_release_full (self, clear);
}

InionToolRunner *
inion_tool_runner_new (gpointer       owner,
                       InionToolMake  make,
                       InionToolShow  show,
                       GDestroyNotify result_free)
{
  InionToolRunner *self = g_rc_box_new0 (InionToolRunner);

  self->owner = owner;
  self->make = make;
  self->show = show;
  self->result_free = result_free;
  return self;
}

void
inion_tool_runner_free (InionToolRunner *self)
{
  inion_tool_runner_forget (self);
  self->owner = NULL;
  g_rc_box_release_full (self, clear);
}

/**
 * inion_tool_runner_ask:
 * @self: a runner
 *
 * Measures what is to be measured now; if a measurement runs, as soon as it has ended.
 */
void
inion_tool_runner_ask (InionToolRunner *self)
{
  self->again = self->job != NULL;
  if (self->again)
    return;
  self->job = self->make (self->owner);
  if (self->job != NULL)
    inion_job_start (self->job, on_done, g_rc_box_acquire (self));
}

void
inion_tool_runner_forget (InionToolRunner *self)
{
  self->again = FALSE;
  if (self->job != NULL)
    inion_job_cancel (self->job);
  g_clear_object (&self->job);
}
