/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli: the same engine for scripts, pipelines and clusters. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli.h"

#include "core/init.h"
#include "core/parallel.h"

#include <locale.h>
#include <stdio.h>

static const InionCliEntry verbs[] = {
  { "info", inion_cli_info, "Format, channels, duration, start, events, faults of a recording" },
  { "read", inion_cli_read, "Samples in physical units" },
  { "check", inion_cli_check, "Faults of whole files, and what only all their samples tell" },
  { "convert", inion_cli_convert, "Write as EDF+, BDF+, BrainVision or CSV; copies without identifiers" },
  { "annotations", inion_cli_annotations, "List or import the marks of a recording's study" },
  { "filter", inion_cli_filter, "Filtered samples" },
  { "psd", inion_cli_psd, "Power spectral density" },
  { "spectrogram", inion_cli_spectrogram, "Power over time and frequency" },
  { "measure", inion_cli_measure, "Amplitude, slope, waves and frequency of a stretch" },
  { "average", inion_cli_average, "What follows an event on the average" },
  { "find-like", inion_cli_find_like, "Places that look like a stretch" },
  { "clean", inion_cli_clean, "Propose artifact marks" },
  { "network", inion_cli_network, "Connectivity of all pairs of channels" },
  { "marker", inion_cli_marker, "Band powers and peak alpha frequency" },
  { "train", inion_cli_train, "Fit a model, with the honest score of its recipe" },
  { "evaluate", inion_cli_evaluate, "Cross-validate a recipe" },
  { "apply", inion_cli_apply, "What a model believes everywhere in a recording" },
  { "live", inion_cli_live, "Run a model on a stream" },
  { "montage", inion_cli_montage, "Montages that a recording allows, and what they are made of" },
  { "render", inion_cli_render, "Pictures of traces, scalp maps and networks" },
  { "study", inion_cli_study, "List, verify, export a study; reproduce a result" },
};

static char *
dup_help (void)
{
  GString *text = g_string_new ("Usage: inion-cli VERB [OPTION…] …\n\nVerbs:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_string_append_printf (text, "  %-12s %s\n", verbs[i].name, verbs[i].summary);
  g_string_append (text, "\n“inion-cli VERB --help” explains a verb. INION_THREADS sets the number "
                         "of threads; results do not depend on it.\n");
  return g_string_free (text, FALSE);
}

static int
run_verb (int    argc,
          char **argv)
{
  g_autofree char *help = dup_help ();

  if (argc < 2)
    {
      fputs (help, stderr);
      return INION_CLI_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") ||
      g_str_equal (argv[1], "help"))
    {
      inion_cli_put (help);
      return INION_CLI_OK;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      inion_cli_print ("inion-cli %s\n", inion_version ());
      return INION_CLI_OK;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (argv[1], verbs[i].name))
      return verbs[i].run (argc - 1, argv + 1);
  return inion_cli_usage ("there is no verb “%s”", argv[1]);
}

int
main (int   argc,
      char *argv[])
{
  const char *threads = g_getenv ("INION_THREADS");

  /* Names of files and messages as the person has them; numbers always with a dot. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  g_set_prgname ("inion-cli");
  inion_init ();
  if (threads != NULL)
    inion_parallel_set_n_threads ((guint) CLAMP (g_ascii_strtoll (threads, NULL, 10), 0, 1024));
  return inion_cli_finish (run_verb (argc, argv));
}
