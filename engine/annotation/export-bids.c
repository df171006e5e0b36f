/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks as the events.tsv and events.json of a BIDS data set.
 *
 * BIDS: onset and duration first, in seconds from the first sample, rows sorted by onset, missing
 * values n/a, a dot in numbers, and no quoting: a tab or a line end in a text becomes a blank, and
 * a text that would read as missing gets a dot.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/export-bids.h"

#include "annotation/table-private.h"
#include "core/error.h"
#include "core/json-text.h"
#include "core/output.h"

#include <math.h>

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 x = inion_annotation_get_onset_ns (*(InionAnnotation *const *) a);
  gint64 y = inion_annotation_get_onset_ns (*(InionAnnotation *const *) b);

  return (x > y) - (x < y);
}

static void
append_text (GString    *table,
             const char *text)
{
  g_autofree char *clean = g_strdup (text != NULL ? text : "");

  for (char *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_strstrip (clean);
  g_string_append (table, *clean != '\0' ? clean : "n/a");
  if (g_ascii_strcasecmp (clean, "n/a") == 0)
    g_string_append_c (table, '.');
}

static void
append_row (GString         *table,
            InionAnnotation *annotation)
{
  const char *const *channels = inion_annotation_get_channels (annotation);
  g_autofree char *joined = channels != NULL ? g_strjoinv (",", (char **) channels) : NULL;
  double confidence = inion_annotation_get_confidence (annotation);
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  _inion_table_append_seconds (table, inion_annotation_get_onset_ns (annotation));
  g_string_append_c (table, '\t');
  _inion_table_append_seconds (table, inion_annotation_get_duration_ns (annotation));
  g_string_append_c (table, '\t');
  append_text (table, inion_annotation_get_label (annotation));
  g_string_append_c (table, '\t');
  append_text (table, joined);
  g_string_append_c (table, '\t');
  append_text (table, inion_annotation_get_rater (annotation));
  g_string_append_c (table, '\t');
  g_string_append (table, isnan (confidence) ? "n/a"
                                             : g_ascii_dtostr (buffer, sizeof buffer, confidence));
  g_string_append_c (table, '\n');
}

/**
 * inion_annotations_to_bids:
 * @annotations: (element-type InionAnnotation): in any order
 *
 * Writes marks as an events.tsv of BIDS: onset, duration, trial_type, channel, rater, confidence.
 *
 * Returns: (transfer full): the text, UTF-8
 */
char *
inion_annotations_to_bids (GPtrArray *annotations)
{
  GString *table = g_string_new ("onset\tduration\ttrial_type\tchannel\trater\tconfidence\n");
  g_autoptr (GPtrArray) sorted = NULL;

  g_return_val_if_fail (annotations != NULL, NULL);

  sorted = g_ptr_array_copy (annotations, (GCopyFunc) (gpointer) g_object_ref, NULL);
  g_ptr_array_set_free_func (sorted, g_object_unref);
  g_ptr_array_sort (sorted, compare);
  for (guint i = 0; i < sorted->len; i++)
    append_row (table, sorted->pdata[i]);
  return g_string_free (table, FALSE);
}

static void
describe (InionJsonText *json,
          const char    *column,
          const char    *description,
          const char    *units)
{
  inion_json_text_key (json, column);
  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  inion_json_text_key (json, "Description");
  inion_json_text_string (json, description);
  if (units != NULL)
    {
      inion_json_text_key (json, "Units");
      inion_json_text_string (json, units);
    }
  inion_json_text_end_object (json);
}

/**
 * inion_annotations_dup_bids_sidecar:
 *
 * Describes the columns of inion_annotations_to_bids(), as the events.json of BIDS.
 *
 * Returns: (transfer full): the JSON
 */
char *
inion_annotations_dup_bids_sidecar (void)
{
  InionJsonText *json = inion_json_text_new ();

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  describe (json, "onset", "When the event begins, from the first sample of the recording.", "s");
  describe (json, "duration", "How long the event lasts; 0 for a point in time.", "s");
  describe (json, "trial_type", "What the event is.", NULL);
  describe (json, "channel", "The channels that the event is about, parted by commas; n/a: all.", NULL);
  describe (json, "rater", "Who marked the event; n/a: not known, or the recording itself.", NULL);
  describe (json, "confidence", "How sure the rater or the model is, from 0 to 1.", NULL);
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}

/**
 * inion_annotations_write_bids:
 * @annotations: (element-type InionAnnotation): in any order
 * @path: where, such as "sub-01_task-rest_events.tsv"; its sidecar has the same name with ".json"
 * @error: return location
 *
 * Writes marks as events.tsv with its events.json, both or none.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if @path does not end with ".tsv", or %INION_ERROR_IO
 */
gboolean
inion_annotations_write_bids (GPtrArray   *annotations,
                              const char  *path,
                              GError     **error)
{
  g_autoptr (InionOutput) output = NULL;
  g_autofree char *table = NULL;
  g_autofree char *json = NULL;
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;
  guint sidecar;

  g_return_val_if_fail (annotations != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (!g_str_has_suffix (path, ".tsv"))
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The events of a BIDS data set stand in a file whose name ends with "
                            "“_events.tsv”.");
  base = g_path_get_basename (path);
  *strrchr (base, '.') = '\0';
  name = g_strconcat (base, ".json", NULL);
  table = inion_annotations_to_bids (annotations);
  json = inion_annotations_dup_bids_sidecar ();
  output = inion_output_new (path, error);
  return output != NULL && inion_output_add (output, name, &sidecar, error)
         && inion_output_print (output, 0, table, error)
         && inion_output_print (output, sidecar, json, error) && inion_output_finish (output, error)
         && inion_output_commit (output, error);
}
