/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of the online decoder gave, in sentences. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/live/live-summary.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* The Decode workspace always learns from the recording in view: a result of this model's recipe
 * beside it means that it did here. */
static gboolean
was_trained_here (InionOnlineDecoder *decoder,
                  InionResult        *result)
{
  InionModel *model = inion_online_decoder_get_model (decoder);
  g_autofree char *scored = NULL;
  g_autofree char *fitted = NULL;

  if (result == NULL)
    return FALSE;
  scored = inion_recipe_to_json (inion_result_get_recipe (result));
  fitted = inion_recipe_to_json (inion_model_get_recipe (model));
  return g_str_equal (scored, fitted);
}

/**
 * inion_live_summary_dup_text:
 * @decoder: a decoder that has come to rest
 * @replay: what it heard
 * @agreement: how its decisions agree with the events and marks
 * @result: (nullable): the score that is shown beside the model
 *
 * Returns: (transfer full): what a run gave, in sentences
 */
char *
inion_live_summary_dup_text (InionOnlineDecoder *decoder,
                             InionReplayStream  *replay,
                             InionAgreement     *agreement,
                             InionResult        *result)
{
  const GError *error = inion_online_decoder_get_error (decoder);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *claim = NULL;
  InionOnlineStatistics statistics;

  inion_online_decoder_get_statistics (decoder, &statistics);
  if (error != NULL)
    g_string_append_printf (text, "%s\n", error->message);
  g_string_append_printf (text, ngettext ("%" PRIu64 " decision",
                                          "%" PRIu64 " decisions",
                                          (gulong) statistics.n_decisions), statistics.n_decisions);
  if (statistics.n_decisions > 0)
    {
      g_string_append_printf (text, _(", latency p50 %.1f, p95 %.1f, p99 %.1f, max %.1f\u2009ms, "
                                      "%" PRIu64 " samples lost."),
                              statistics.p50_ms, statistics.p95_ms, statistics.p99_ms,
                              statistics.max_ms, statistics.n_lost);
      if (statistics.n_unanswered > 0)
        g_string_append_printf (text, _(" %" PRIu64 " windows had no answer: a gap, or "
                                        "nothing but silence."), statistics.n_unanswered);
      if (inion_replay_stream_get_skipped_s (replay) > 0)
        g_string_append_printf (text, _(" %.4g\u2009s of long gaps were passed over."),
                                inion_replay_stream_get_skipped_s (replay));
      claim = inion_agreement_dup_claim (agreement, was_trained_here (decoder, result));
      g_string_append_printf (text, "\n%s", claim);
    }
  else if (statistics.n_unanswered > 0)
    {
      g_string_append (text, _(": all that was played is a gap, or nothing but silence."));
    }
  else
    {
      g_string_append (text, _(": what was played is shorter than a window."));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
