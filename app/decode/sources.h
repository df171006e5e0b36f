/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recordings to learn from: opened, with events, with subject and session where the name says them. */

#pragma once

#include "decode/example-set.h"

G_BEGIN_DECLS

typedef struct _InionSources InionSources;

InionSources *inion_sources_new (void);
void          inion_sources_free (InionSources *self);
/* bad: labels (nullable); annotations (nullable). Both are referenced or copied. */
gboolean      inion_sources_add (InionSources *self, InionRecording *recording, InionAnnotationSet *annotations,
                                 const char *const *bad, InionJob *job, GError **error);
const char   *inion_sources_get_home (InionSources *self);
gboolean      inion_sources_add_file (InionSources *self, InionRecording *file, InionJob *job, GError **error);
gboolean      inion_sources_add_path (InionSources *self, const char *path, InionJob *job, GError **error);
InionExampleSet *inion_sources_cut (InionSources *self, InionRecipe *recipe, InionJob *job, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionSources, inion_sources_free)

G_END_DECLS
