/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli find-like: places that look like a stretch. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-shown.h"
#include "app/cli/cli-stretch.h"
#include "app/tools/find-like.h"

#include "annotation/table.h"

typedef struct
{
  InionCliShown shown;
  InionCliStretch stretch;
  InionSimilarity similarity;
  char *label;
  char *format;
  double threshold;
} Wish;

static void
wish_clear (Wish *wish)
{
  inion_cli_shown_clear (&wish->shown);
  inion_cli_stretch_clear (&wish->stretch);
  g_free (wish->label);
  g_free (wish->format);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gboolean
run (Wish        *wish,
     const char  *path,
     GError     **error)
{
  g_autoptr (GArray) derivations = NULL;
  g_autoptr (InionLike) like = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  g_autofree char *text = NULL;

  if (!inion_cli_shown_open (&wish->shown, path, FALSE, error) ||
      !inion_cli_stretch_fit (&wish->stretch, wish->shown.recording, error))
    return FALSE;
  derivations = inion_cli_shown_find (&wish->shown, wish->stretch.channels, error);
  if (derivations == NULL)
    return FALSE;
  like = inion_like_find (wish->shown.signal, derivations, wish->stretch.channels == NULL,
                          wish->stretch.from_s, wish->stretch.to_s, wish->similarity,
                          wish->threshold, NULL, error);
  if (like == NULL)
    return FALSE;
  marks = inion_like_make_marks (like, wish->threshold,
                                 wish->label != NULL ? wish->label : "similar", NULL, NULL);
  text = inion_annotations_to_text (marks, inion_cli_json         ? "json"
                                           : wish->format != NULL ? wish->format : "tsv", error);
  if (text == NULL)
    return FALSE;
  inion_cli_say ("%u places are at least %g alike, in %u channels", marks->len, wish->threshold,
                 derivations->len);
  inion_cli_put (text);
  return TRUE;
}

int
inion_cli_find_like (int    argc,
                     char **argv)
{
  g_auto (Wish) wish = { 0 };
  g_autofree char *threshold = NULL, *similarity = NULL;
  const GOptionEntry entries[] = {
    INION_CLI_STRETCH_ENTRIES (wish.stretch),
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &threshold, "Least similarity, up to 1 (0.7)", "R" },
    { "similarity", 0, 0, G_OPTION_ARG_STRING, &similarity,
      "joint (default): one correlation over all channels; mean: that of each, averaged", "NAME" },
    { "label", 0, 0, G_OPTION_ARG_STRING, &wish.label, "What the suggestions are called (similar)",
      "LABEL" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &wish.format, "tsv (default) or csv", "FORMAT" },
    INION_CLI_SHOWN_ENTRIES (wish.shown),
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE --from S --to S [--channels A,B]",
                        "Finds the places of a recording that look like a stretch of it, by "
                        "normalised cross-correlation.\nNone overlaps another, the stretch itself "
                        "or a gap. Nothing is changed.",
                        "  annotations [{onset_s, duration_s, label, channels [] (null: all), "
                        "rater,\n"
                        "  origin, confidence (the similarity), comment}]",
                        entries, 1, 1, &code))
    return code;
  wish.similarity = g_strcmp0 (similarity, "mean") == 0 ? INION_SIMILARITY_MEAN
                                                         : INION_SIMILARITY_JOINT;
  if (similarity != NULL && wish.similarity == INION_SIMILARITY_JOINT &&
      !g_str_equal (similarity, "joint"))
    return inion_cli_usage ("--similarity is joint or mean");
  if (wish.format != NULL && !g_str_equal (wish.format, "tsv") &&
      !g_str_equal (wish.format, "csv"))
    return inion_cli_usage ("--format is tsv or csv; for JSON there is --json");
  if (wish.stretch.from_text == NULL || wish.stretch.to_text == NULL)
    return inion_cli_usage ("say with --from and --to what to look for");
  if (!inion_cli_parse_double_in ("--threshold", threshold, 0.7, 0.05, 1, &wish.threshold) ||
      !inion_cli_stretch_parse (&wish.stretch) || !inion_cli_shown_parse (&wish.shown))
    return INION_CLI_USAGE;
  return run (&wish, argv[1], &error) ? INION_CLI_OK : inion_cli_fail (error);
}
