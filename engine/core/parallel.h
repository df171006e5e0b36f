/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parallel loops whose result does not depend on the number of threads. */

#pragma once

#include "core/job.h"

G_BEGIN_DECLS

/**
 * InionParallelFunc:
 * @index: which item, in [0, n)
 * @data: what the loop works on
 * @error: return location
 *
 * The body of a parallel loop. Items must not depend on each other and must write only to what
 * belongs to their index.
 *
 * Returns: %FALSE with @error set to end the loop
 */
typedef gboolean (*InionParallelFunc) (gsize index, gpointer data, GError **error);

gboolean inion_parallel_for (gsize n, InionParallelFunc func, gpointer data, InionJob *job, GError **error);
guint    inion_parallel_get_n_threads (void);
void     inion_parallel_set_n_threads (guint n_threads);

G_END_DECLS
