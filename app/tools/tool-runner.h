/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One measurement at a time for a view that is asked again and again. */

#pragma once

#include "core/job.h"

G_BEGIN_DECLS

/* While a job runs the old answer stays; what is asked meanwhile is asked once, when it has ended. */
typedef struct _InionToolRunner InionToolRunner;

typedef InionJob *(*InionToolMake) (gpointer owner);  /* (transfer full) (nullable): nothing to measure */
typedef void (*InionToolShow) (gpointer owner, gpointer result, const GError *error); /* result: (transfer full) (nullable) */

/* owner: borrowed; it frees the runner before it goes. */
InionToolRunner *inion_tool_runner_new (gpointer owner, InionToolMake make, InionToolShow show,
                                        GDestroyNotify result_free);
void             inion_tool_runner_free (InionToolRunner *self);
void             inion_tool_runner_ask (InionToolRunner *self);
void             inion_tool_runner_forget (InionToolRunner *self); /* what runs is of no interest any more */

G_END_DECLS
