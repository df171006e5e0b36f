/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an annotation set is made of, for the files that it is written in. */

#pragma once

#include "annotation/annotation-set-index-private.h"
#include "annotation/annotation-set.h"

G_BEGIN_DECLS

struct _InionAnnotationSet
{
  GObject parent_instance;

  InionAnnotationTree tree;
  InionAnnotationIndex index;
  GHashTable *slots; /* gint64 inside the node → slot + 1 */
  gint64 max_id;
};

G_END_DECLS
