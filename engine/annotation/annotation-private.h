/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the annotation set reads of an annotation without a call for each field. */

#pragma once

#include "annotation/annotation.h"

G_BEGIN_DECLS

/* Texts that repeat (label, rater, channels) are interned GRefStrings: equal text, equal pointer. */
struct _InionAnnotation
{
  GObject parent_instance;

  gint64 id;
  gint64 onset_ns;
  gint64 duration_ns;
  char *label;
  char **channels;      /* sorted, each once; NULL for all */
  char *channel_lines;  /* the same, interned as one text, one a line; NULL for all */
  char *rater;
  char *comment;        /* NULL if none */
  char *folded_comment; /* casefolded, for searching */
  double confidence;
  InionOrigin origin;
};

G_END_DECLS
