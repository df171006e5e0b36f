/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli clean. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli.h"

#include "annotation/table.h"
#include "clean/detector.h"

#include <stdio.h>

int
inion_cli_clean (int    argc,
                 char **argv)
{
  InionDetectorSettings settings;
  g_autofree char *amplitude = NULL, *flat = NULL, *muscle = NULL, *blink = NULL, *format = NULL;
  const GOptionEntry entries[] = {
    { "amplitude", 0, 0, G_OPTION_ARG_STRING, &amplitude,
      "Peak to peak in 200 ms, µV (200; 0: off)", "UV" },
    { "flat", 0, 0, G_OPTION_ARG_STRING, &flat, "Flat below, µV (1; 0: off)", "UV" },
    { "muscle", 0, 0, G_OPTION_ARG_STRING, &muscle, "Muscle z (4; 0: off)", "Z" },
    { "blink", 0, 0, G_OPTION_ARG_STRING, &blink, "Blink z (4; 0: off)", "Z" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "tsv (default) or csv", "FORMAT" },
    { NULL },
  };
  g_autoptr (InionRecording) recording = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL;
  g_autofree char *text = NULL;
  int code;

  inion_detector_settings_init (&settings);
  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Proposes artifact marks; nothing is changed. The report goes to stderr.",
                        "  annotations [{onset_s, duration_s, label, channels [] (null: all), "
                        "rater,\n"
                        "  origin, confidence, comment}]",
                        entries, 1, 1, &code))
    return code;
  if (!inion_cli_parse_double ("--amplitude", amplitude, settings.amplitude_uv,
                               &settings.amplitude_uv) ||
      !inion_cli_parse_double ("--flat", flat, settings.flat_uv, &settings.flat_uv) ||
      !inion_cli_parse_double ("--muscle", muscle, settings.muscle_z, &settings.muscle_z) ||
      !inion_cli_parse_double ("--blink", blink, settings.blink_z, &settings.blink_z))
    return INION_CLI_USAGE;
  if (format != NULL && !g_str_equal (format, "tsv") && !g_str_equal (format, "csv"))
    return inion_cli_usage ("--format is tsv or csv; for JSON there is --json");
  recording = inion_cli_open_signal (argv[1], &error);
  if (recording != NULL)
    marks = inion_detect_artifacts (recording, &settings, NULL, NULL, &report, &error);
  if (marks != NULL)
    text = inion_annotations_to_text (marks, inion_cli_json   ? "json"
                                             : format != NULL ? format : "tsv", &error);
  if (text == NULL)
    return inion_cli_fail (error);
  if (report != NULL)
    inion_cli_say ("%s", report);
  inion_cli_put (text);
  return INION_CLI_OK;
}
