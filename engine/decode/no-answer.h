/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows that a model must not be asked about. */

#pragma once

#include "decode/model.h"

G_BEGIN_DECLS

/**
 * InionNoAnswer:
 * @INION_NO_ANSWER_NONE: there is an answer
 * @INION_NO_ANSWER_GAP: the window holds samples that are no numbers
 * @INION_NO_ANSWER_FLAT: there is nothing but silence on all channels that the model uses
 */
typedef enum
{
  INION_NO_ANSWER_NONE,
  INION_NO_ANSWER_GAP,
  INION_NO_ANSWER_FLAT,
  INION_N_NO_ANSWERS,
} InionNoAnswer;

const char *inion_no_answer_to_string (InionNoAnswer why);   /* "gap", "flat": for tables */
const char *inion_no_answer_get_reason (InionNoAnswer why);  /* a sentence for a person */
gboolean    inion_model_is_flat (InionModel *model, const double *window); /* [n_channels × n_samples], as for predict */

G_END_DECLS
