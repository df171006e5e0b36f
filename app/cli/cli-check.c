/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli check. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-files.h"
#include "app/cli/cli.h"

#include "recording/check.h"

/* What came of all files. */
typedef struct
{
  guint n_files;
  guint n_clean;
  guint n_faulty;
  guint n_failed;
  InionJsonText *json; /* (nullable) */
} Batch;

static void
print_finding (const InionFinding *finding)
{
  g_autofree char *place = finding->offset >= 0
                             ? g_strdup_printf ("byte %" G_GINT64_FORMAT, finding->offset)
                             : g_strdup ("");

  inion_cli_print ("  %-8s %-14s %s: %s\n", inion_severity_to_string (finding->severity), place,
                   finding->field, finding->message);
}

static void
json_findings (InionJsonText    *text,
               const InionCheck *check)
{
  inion_json_text_key (text, "findings");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < check->findings->len; i++)
    {
      const InionFinding *finding = check->findings->pdata[i];

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_string (text, "severity", inion_severity_to_string (finding->severity));
      inion_cli_json_int (text, "offset", finding->offset);
      inion_cli_json_string (text, "field", finding->field);
      inion_cli_json_string (text, "message", finding->message);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
json_channels (InionJsonText    *text,
               InionRecording   *recording,
               const InionCheck *check)
{
  inion_json_text_key (text, "channels");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < check->channels->len; i++)
    {
      const InionChannelCheck *c = &g_array_index (check->channels, InionChannelCheck, i);
      InionChannel *channel = inion_recording_get_channel (recording, i);

      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_string (text, "label", inion_channel_get_label (channel));
      inion_cli_json_int (text, "n_samples", c->n_samples);
      inion_cli_json_int (text, "n_saturated", c->n_saturated);
      inion_cli_json_int (text, "n_beyond", c->n_beyond);
      inion_cli_json_int (text, "n_missing", c->n_missing);
      inion_json_text_key (text, "flat");
      inion_json_text_boolean (text, c->flat);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
report_checked (Batch            *batch,
                const char       *path,
                InionRecording   *recording,
                const InionCheck *check)
{
  guint n_faults = inion_check_count (check, INION_SEVERITY_FAULT);
  guint n_warnings = inion_check_count (check, INION_SEVERITY_WARNING);

  batch->n_clean += n_faults == 0;
  batch->n_faulty += n_faults > 0;
  if (batch->json != NULL)
    {
      inion_json_text_begin_object (batch->json, INION_JSON_BLOCK);
      inion_cli_json_string (batch->json, "path", path);
      inion_cli_json_string (batch->json, "error", NULL);
      inion_cli_json_string (batch->json, "format", inion_recording_get_format (recording));
      inion_cli_json_int (batch->json, "n_faults", n_faults);
      inion_cli_json_int (batch->json, "n_warnings", n_warnings);
      inion_cli_json_int (batch->json, "n_events", check->n_events);
      inion_cli_json_int (batch->json, "n_gaps", check->n_gaps);
      json_findings (batch->json, check);
      json_channels (batch->json, recording, check);
      inion_json_text_end_object (batch->json);
      return;
    }
  inion_cli_print ("%s: %s, channels %u, events %u, gaps %u: faults %u, warnings %u\n", path,
                   inion_recording_get_format (recording),
                   inion_recording_get_n_channels (recording), check->n_events, check->n_gaps,
                   n_faults, n_warnings);
  for (guint i = 0; i < check->findings->len; i++)
    print_finding (check->findings->pdata[i]);
}

static void
report_failed (Batch        *batch,
               const char   *path,
               const GError *error)
{
  batch->n_failed++;
  inion_cli_fail (error);
  if (batch->json != NULL)
    {
      inion_json_text_begin_object (batch->json, INION_JSON_BLOCK);
      inion_cli_json_string (batch->json, "path", path);
      inion_cli_json_string (batch->json, "error", error->message);
      inion_json_text_end_object (batch->json);
    }
  else
    inion_cli_print ("%s: not read\n", path);
}

static void
check_file (Batch      *batch,
            const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_cli_open (path, FALSE, &error);
  g_autoptr (InionCheck) check = NULL;

  if (recording != NULL)
    check = inion_check_recording (recording, NULL, &error);
  if (check != NULL)
    report_checked (batch, path, recording, check);
  else
    report_failed (batch, path, error);
}

static int
check_files (GPtrArray *files)
{
  Batch batch = { .n_files = files->len };

  if (inion_cli_json)
    {
      batch.json = inion_json_text_new ();
      inion_json_text_begin_object (batch.json, INION_JSON_BLOCK);
      inion_json_text_key (batch.json, "files");
      inion_json_text_begin_array (batch.json, INION_JSON_BLOCK);
    }
  for (guint i = 0; i < files->len && !inion_cli_is_output_lost (); i++)
    {
      if (files->len > 1)
        inion_cli_say ("[%u/%u] %s", i + 1, files->len, (const char *) files->pdata[i]);
      check_file (&batch, files->pdata[i]);
      inion_cli_flush ();
    }
  if (batch.json != NULL)
    {
      inion_json_text_end_array (batch.json);
      inion_cli_json_int (batch.json, "n_clean", batch.n_clean);
      inion_cli_json_int (batch.json, "n_faulty", batch.n_faulty);
      inion_cli_json_int (batch.json, "n_failed", batch.n_failed);
      inion_json_text_end_object (batch.json);
      inion_cli_print_json (batch.json);
    }
  if (files->len > 1)
    inion_cli_say ("%u files: %u clean, %u with faults, %u not read", batch.n_files, batch.n_clean,
                   batch.n_faulty, batch.n_failed);
  return batch.n_faulty + batch.n_failed > 0 ? INION_CLI_FAILED : INION_CLI_OK;
}

int
inion_cli_check (int    argc,
                 char **argv)
{
  g_autoptr (GPtrArray) files = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE|FOLDER…",
                        "Reads whole files and lists each fault with its place and what was "
                        "assumed, and what only\nall samples tell: saturated, flat, missing, beyond "
                        "the digital range. Of a folder, all\nrecordings below it. Status 1 if any "
                        "file has a fault or cannot be read; notes (gaps) and\nwarnings (the signal) "
                        "do not count.",
                        "  files [{path, error (null), format, n_faults, n_warnings, n_events, "
                        "n_gaps,\n"
                        "  findings [{severity, offset, field, message}], channels [{label, "
                        "n_samples,\n"
                        "  n_saturated, n_beyond, n_missing, flat}]}], n_clean, n_faulty, n_failed",
                        NULL, 1, -1, &code))
    return code;
  files = inion_cli_list_files (argv + 1, argc - 1);
  return files->len > 0 ? check_files (files) : inion_cli_usage ("there is no recording in there");
}
