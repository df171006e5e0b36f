/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows that a model must not be asked about.
 *
 * Features are mostly logarithms of powers. Where an amplifier is off or the cap is not plugged in,
 * what is left of a signal is the rounding of the filters; its logarithm lies far outside of
 * everything the model has seen, and a linear classifier turns that into a probability of 0 or 1.
 * Flat is therefore measured against what the model was trained on: a window is, if the standard
 * deviation over all its channels is below a thousandth of the training examples'. That is some ten
 * nanovolts for an EEG, less than any amplifier's noise, whatever the filter and the unit.
 *
 * This looks at windows as a model sees them, filtered. A filter rings on when its input has gone
 * flat; whoever cuts windows therefore asks stillness.c about the samples before the filter too. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/no-answer.h"

#include "decode/model-private.h"

#define FLAT_SHARE 1e-6 /* of the training examples' power */

/**
 * inion_no_answer_to_string:
 * @why: a reason
 *
 * Returns: its name in tables: "gap", "flat", or "" for none
 */
const char *
inion_no_answer_to_string (InionNoAnswer why)
{
  switch (why)
    {
    case INION_NO_ANSWER_GAP:
      return "gap";
    case INION_NO_ANSWER_FLAT:
      return "flat";
    default:
      return "";
    }
}

/**
 * inion_no_answer_get_reason:
 * @why: a reason
 *
 * Returns: it as a sentence, or "" for none
 */
const char *
inion_no_answer_get_reason (InionNoAnswer why)
{
  switch (why)
    {
    case INION_NO_ANSWER_GAP:
      return "There is a gap in the signal.";
    case INION_NO_ANSWER_FLAT:
      return "All channels that the model uses are flat.";
    default:
      return "";
    }
}

static double
variance_of (const double *x,
             guint         n)
{
  double mean = 0, sum = 0;

  for (guint t = 0; t < n; t++)
    mean += x[t];
  mean /= n;
  for (guint t = 0; t < n; t++)
    sum += (x[t] - mean) * (x[t] - mean);
  return sum / n;
}

/**
 * inion_model_is_flat:
 * @model: a model
 * @window: (array): samples [n_channels × n_samples] as for inion_model_predict(), all finite
 *
 * Returns: whether all channels are so still, measured by what the model was trained on, that an
 *   answer would be about nothing
 */
gboolean
inion_model_is_flat (InionModel   *model,
                     const double *window)
{
  const InionPipeline *pipeline;
  double power = 0, usual = 0;

  g_return_val_if_fail (INION_IS_MODEL (model), TRUE);

  pipeline = model->pipeline;
  for (guint c = 0; c < pipeline->n_channels; c++)
    {
      power += variance_of (window + (gsize) c * model->n_samples, model->n_samples);
      usual += pipeline->covariance[(gsize) c * pipeline->n_channels + c];
    }
  return power <= FLAT_SHARE * usual;
}
