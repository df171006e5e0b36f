/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of an example set share. */

#pragma once

#include "decode/example-source.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *subject;
  char *session;
} InionExampleSourceName;

struct _InionExampleSet
{
  GObject parent_instance;

  InionRecipe *recipe;
  guint n_sources;
  InionExampleSourceName *names; /* [n_sources] */
  InionExampleSource *sources;   /* [n_sources] */
  char **channels;
  guint n;
  guint *source_of;              /* [n] */
  guint *index_in;               /* [n]: index within its source */
  char *drop_log;
  char *fingerprint;
};

G_END_DECLS
