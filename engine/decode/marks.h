/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The marks that examples are made of: a file's events and what people say. */

#pragma once

#include "decode/example-set.h"

G_BEGIN_DECLS

/* A stretch that stands for a class. */
typedef struct
{
  gint64 onset_ns;
  gint64 end_ns;
  guint label;
} InionMark;

/* In time order. Suggestions of a model are never among them. */
GArray  *inion_marks_collect (const InionRecipeSpec *spec, const InionDecodeSource *source);
/* Whether a person's mark that the recipe rejects touches [from_ns, to_ns) on one of the channels. */
gboolean inion_marks_reject (const InionRecipeSpec *spec, const InionDecodeSource *source, gint64 from_ns, gint64 to_ns,
                             const char *const *channels);

G_END_DECLS
