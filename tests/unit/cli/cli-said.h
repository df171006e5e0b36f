/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that inion-cli says of a recording: its channels, its events, every sample. */

#pragma once

#include "cli-runner.h"

#include <math.h>

/* What inion-cli says of a file. */
typedef struct
{
  JsonParser *parsers[2];
  JsonObject *info;
  JsonArray *channels; /* of info */
  JsonArray *samples;  /* the channels of read */
} Said;

static inline void
said_clear (Said *self)
{
  g_clear_object (&self->parsers[0]);
  g_clear_object (&self->parsers[1]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

/* FALSE: only with an option, and this build has not what it asks for. */
static inline gboolean
ask (Said       *self,
     const char *data,
     const char *name,
     const char *option)
{
  g_autofree char *path = g_build_filename (data, name, NULL);
  g_autoptr (CliRun) info = cli_run ("info", "--json", path, option, NULL);
  g_autoptr (CliRun) read = NULL;

  if (option != NULL && info->code != 0)
    return FALSE;
  cli_assert_code (info, 0);
  self->info = cli_parse_json (&self->parsers[0], info->out);
  self->channels = json_object_get_array_member (self->info, "channels");
  if (json_array_get_length (self->channels) == 0)
    return TRUE;
  read = cli_run ("read", "--json", path, option, NULL);
  cli_assert_code (read, 0);
  self->samples = json_object_get_array_member (cli_parse_json (&self->parsers[1], read->out),
                                                "channels");
  g_assert_cmpuint (json_array_get_length (self->samples), ==,
                    json_array_get_length (self->channels));
  return TRUE;
}

static inline JsonObject *
get_info (const Said *self,
          guint       channel)
{
  return json_array_get_object_element (self->channels, channel);
}

static inline guint
count_stretches (const Said *self,
                 guint       channel)
{
  return cli_count_elements (json_array_get_object_element (self->samples, channel), "stretches");
}

/* A stretch of a channel; what is missing is NAN. */
static inline double *
get_stretch (const Said *self,
             guint       channel,
             guint       index,
             gint64     *first,
             guint      *n)
{
  JsonObject *stretch = json_array_get_object_element (
    json_object_get_array_member (json_array_get_object_element (self->samples, channel),
                                  "stretches"), index);
  JsonArray *samples = json_object_get_array_member (stretch, "samples");
  double *x;

  *first = json_object_get_int_member (stretch, "first_sample");
  *n = json_array_get_length (samples);
  x = g_new (double, MAX (*n, 1));
  for (guint i = 0; i < *n; i++)
    x[i] = json_array_get_null_element (samples, i) ? NAN
                                                    : json_array_get_double_element (samples, i);
  return x;
}

static inline void
assert_near (double x,
             double y,
             double tolerance,
             double relative)
{
  if (isnan (x) || isnan (y))
    g_assert_true (isnan (x) && isnan (y));
  else if (!(fabs (x - y) <= tolerance + relative * fabs (x)))
    g_error ("%.17g and %.17g are more than %g apart", x, y, tolerance + relative * fabs (x));
}

static inline double
get_seconds (JsonObject *event,
             const char *member)
{
  return json_object_get_null_member (event, member) ? -1
                                                     : json_object_get_double_member (event, member);
}
