/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a recording into a BIDS data set.
 *
 * The data come first, checked as every export is; then the files beside them, all or none, which
 * describe what was written: it is opened again for that. What the data set has already
 * (dataset_description.json, README, other participants) stays as it is; a recording that is there
 * already is refused. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids.h"

#include "core/error.h"
#include "core/json-text.h"
#include "core/output.h"
#include "recording/bids-sidecar.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/**
 * Writer:
 * @source: the recording
 * @written: what was written of it
 * @names: what it is called
 * @folder: where the files are
 * @stem: "sub-01_task-rest"
 * @output: the files beside the data
 */
typedef struct
{
  InionRecording *source;
  InionRecording *written;
  const InionBidsNames *names;
  char *folder;
  char *stem;
  InionOutput *output;
} Writer;

/* A cell: no tab or line end, never empty. */
static void
append_cell (GString    *table,
             const char *text,
             char        after)
{
  g_autofree char *clean = g_strdup (text != NULL ? text : "");

  for (char *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_strstrip (clean);
  g_string_append (table, *clean != '\0' ? clean : "n/a");
  g_string_append_c (table, after);
}

static void
append_number (GString *table,
               double   value,
               char     after)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (table, g_ascii_formatd (buffer, sizeof buffer, "%.12g", value));
  g_string_append_c (table, after);
}

static const char *
get_type (InionChannelKind kind)
{
  switch (kind)
    {
    case INION_CHANNEL_EEG: return "EEG";
    case INION_CHANNEL_EOG: return "EOG";
    case INION_CHANNEL_ECG: return "ECG";
    case INION_CHANNEL_EMG: return "EMG";
    case INION_CHANNEL_RESPIRATION: return "RESP";
    case INION_CHANNEL_TEMPERATURE: return "TEMP";
    case INION_CHANNEL_TRIGGER: return "TRIG";
    case INION_CHANNEL_SATURATION:
    case INION_CHANNEL_OTHER:
    default: return "MISC";
    }
}

/* What the source knew of a channel that was written. */
static const InionChannelInfo *
get_source_info (const Writer *self,
                 guint         index)
{
  const InionChannelInfo *info =
    inion_channel_get_info (inion_recording_get_channel (self->written, index));
  int source = inion_recording_find_channel (self->source, info->raw_label);

  return source >= 0 ? inion_channel_get_info (
                         inion_recording_get_channel (self->source, (guint) source)) : info;
}

static char *
make_channels (const Writer *self)
{
  GString *table = g_string_new ("name\ttype\tunits\tsampling_frequency\treference\tstatus\t"
                                 "status_description\n");

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    {
      InionChannel *channel = inion_recording_get_channel (self->written, i);
      const InionChannelInfo *info = inion_channel_get_info (channel);
      const InionChannelInfo *source = get_source_info (self, i);

      append_cell (table, info->raw_label, '\t');
      append_cell (table, get_type (source->kind), '\t');
      append_cell (table, info->unit, '\t');
      append_number (table, inion_channel_get_rate_hz (channel), '\t');
      append_cell (table, self->names->reference != NULL ? self->names->reference
                                                         : source->reference, '\t');
      append_cell (table, source->bad ? "bad" : "good", '\t');
      append_cell (table, NULL, '\n');
    }
  return g_string_free (table, FALSE);
}

/* NULL if no electrode's place is known. */
static char *
make_electrodes (const Writer *self)
{
  g_autoptr (GString) table = g_string_new ("name\tx\ty\tz\n");
  gboolean any = FALSE;

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    {
      const InionChannelInfo *source = get_source_info (self, i);

      if (!source->has_position)
        continue;
      any = TRUE;
      append_cell (table, inion_channel_get_info (inion_recording_get_channel (
                            self->written, i))->raw_label, '\t');
      for (guint k = 0; k < 3; k++)
        append_number (table, source->position[k], k < 2 ? '\t' : '\n');
    }
  return any ? g_string_free (g_steal_pointer (&table), FALSE) : NULL;
}

static char *
make_events (const Writer *self)
{
  GString *table = g_string_new ("onset\tduration\ttrial_type\tchannel\n");
  GPtrArray *events = inion_recording_get_events (self->written);

  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];
      gint64 times[2] = { event->onset_ns, event->duration_ns };

      for (guint k = 0; k < 2; k++)
        if (k == 1 && times[k] < 0)
          append_cell (table, NULL, '\t');
        else
          g_string_append_printf (table, "%s%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT "\t",
                                  times[k] < 0 ? "-" : "", ABS (times[k] / 1000000000),
                                  ABS (times[k] % 1000000000));
      append_cell (table, event->text, '\t');
      append_cell (table, event->channel < 0 ? NULL
                            : inion_channel_get_info (inion_recording_get_channel (
                                self->written, (guint) event->channel))->raw_label, '\n');
    }
  return g_string_free (table, FALSE);
}

static void
add_string (InionJsonText *json,
            const char    *key,
            const char    *value)
{
  inion_json_text_key (json, key);
  inion_json_text_string (json, value);
}

static void
add_count (InionJsonText    *json,
           const Writer     *self,
           const char       *key,
           InionChannelKind  kind)
{
  guint n = 0;

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    n += get_source_info (self, i)->kind == kind;
  inion_json_text_key (json, key);
  inion_json_text_uint (json, n);
}

/* The reference that all EEG channels share; NULL if there is none. */
static const char *
find_reference (const Writer *self)
{
  const char *reference = NULL;

  if (self->names->reference != NULL)
    return self->names->reference;
  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    {
      const InionChannelInfo *info = get_source_info (self, i);

      if (info->kind != INION_CHANNEL_EEG)
        continue;
      if (info->reference == NULL || *info->reference == '\0'
          || (reference != NULL && strcmp (reference, info->reference) != 0))
        return NULL;
      reference = info->reference;
    }
  return reference;
}

static char *
make_json (const Writer *self)
{
  InionJsonText *json = inion_json_text_new ();
  const char *reference = find_reference (self);
  double rate = 0;

  for (guint i = 0; i < inion_recording_get_n_channels (self->written); i++)
    rate = MAX (rate, inion_channel_get_rate_hz (inion_recording_get_channel (self->written, i)));
  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  add_string (json, "TaskName", self->names->task);
  add_string (json, "EEGReference", reference != NULL ? reference : "n/a");
  inion_json_text_key (json, "SamplingFrequency");
  inion_json_text_double (json, rate);
  inion_json_text_key (json, "PowerLineFrequency");
  if (self->names->power_line_hz > 0)
    inion_json_text_double (json, self->names->power_line_hz);
  else
    inion_json_text_string (json, "n/a");
  add_string (json, "SoftwareFilters", "n/a");
  inion_json_text_key (json, "RecordingDuration");
  inion_json_text_double (json, (double) inion_recording_get_duration_ns (self->written) / 1e9);
  add_string (json, "RecordingType", inion_recording_get_n_segments (self->written) > 1
                                       ? "discontinuous" : "continuous");
  add_count (json, self, "EEGChannelCount", INION_CHANNEL_EEG);
  add_count (json, self, "EOGChannelCount", INION_CHANNEL_EOG);
  add_count (json, self, "ECGChannelCount", INION_CHANNEL_ECG);
  add_count (json, self, "EMGChannelCount", INION_CHANNEL_EMG);
  add_count (json, self, "TriggerChannelCount", INION_CHANNEL_TRIGGER);
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}

static char *
make_coordinates (void)
{
  InionJsonText *json = inion_json_text_new ();

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  add_string (json, "EEGCoordinateSystem", "CapTrak");
  add_string (json, "EEGCoordinateUnits", "m");
  add_string (json, "EEGCoordinateSystemDescription",
              "x to the right ear, y to the nose, z up; the origin is in the head.");
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}

static char *
make_event_columns (void)
{
  static const char *const columns[][2] = {
    { "onset", "When the event begins, from the first sample." },
    { "duration", "How long it lasts; n/a if the recording does not say." },
    { "trial_type", "What it is, as the recording says." },
    { "channel", "The channel that it is about; n/a: all." },
  };
  InionJsonText *json = inion_json_text_new ();

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      inion_json_text_key (json, columns[i][0]);
      inion_json_text_begin_object (json, INION_JSON_BLOCK);
      add_string (json, "Description", columns[i][1]);
      if (i < 2)
        add_string (json, "Units", "s");
      inion_json_text_end_object (json);
    }
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}

/* Adds one of the files beside the data; takes the text. */
static gboolean
add_file (Writer      *self,
          const char  *middle,
          char        *text,
          GError     **error)
{
  g_autofree char *owned = text;
  g_autofree char *name = g_strconcat (self->stem, middle, NULL);
  guint file;

  return inion_output_add (self->output, name, &file, error)
         && inion_output_print (self->output, file, owned, error);
}

static gboolean
add_electrodes (Writer  *self,
                GError **error)
{
  g_autofree char *table = make_electrodes (self);
  g_autofree char *whole = g_steal_pointer (&self->stem);
  gboolean good = TRUE;

  /* An electrode stays where it is whatever the task: its file has no such entity. */
  self->stem = self->names->session != NULL
                 ? g_strdup_printf ("sub-%s_ses-%s%s%s_space-CapTrak", self->names->subject,
                                    self->names->session,
                                    self->names->acquisition != NULL ? "_acq-" : "",
                                    self->names->acquisition != NULL ? self->names->acquisition : "")
                 : g_strdup_printf ("sub-%s%s%s_space-CapTrak", self->names->subject,
                                    self->names->acquisition != NULL ? "_acq-" : "",
                                    self->names->acquisition != NULL ? self->names->acquisition : "");
  if (table != NULL)
    good = add_file (self, "_electrodes.tsv", g_steal_pointer (&table), error)
           && add_file (self, "_coordsystem.json", make_coordinates (), error);
  g_free (self->stem);
  self->stem = g_steal_pointer (&whole);
  return good;
}

static gboolean
write_sidecars (Writer  *self,
                GError **error)
{
  g_autofree char *name = g_strconcat (self->stem, "_eeg.json", NULL);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *json = make_json (self);

  self->output = inion_output_new (path, error);
  return self->output != NULL && inion_output_print (self->output, 0, json, error)
         && add_file (self, "_channels.tsv", make_channels (self), error)
         && add_file (self, "_events.tsv", make_events (self), error)
         && add_file (self, "_events.json", make_event_columns (), error)
         && add_electrodes (self, error) && inion_output_finish (self->output, error)
         && inion_output_commit (self->output, error);
}

static gboolean
write_if_missing (const char *folder,
                  const char *name,
                  const char *text,
                  GError    **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS)
         || inion_output_write_file (path, text, strlen (text), error);
}

/* Adds a row for the subject; what other programs wrote stays. */
static gboolean
add_participant (const char  *folder,
                 const char  *subject,
                 GError     **error)
{
  g_autofree char *path = g_build_filename (folder, "participants.tsv", NULL);
  g_autofree char *id = g_strconcat ("sub-", subject, NULL);
  g_autofree char *old = NULL;
  g_autoptr (GString) table = NULL;
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionBidsTable) parsed = NULL;
  gsize n = 0;
  int column;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      table = g_string_new ("participant_id\n");
      g_string_append_printf (table, "%s\n", id);
      return inion_output_write_file (path, table->str, table->len, error);
    }
  if (!g_file_get_contents (path, &old, &n, error))
    return FALSE;
  parsed = _inion_bids_table_parse ("participants.tsv", (const guint8 *) old, n, faults);
  column = _inion_bids_table_find (parsed, "participant_id");
  for (guint i = 0; column >= 0 && i < parsed->rows->len; i++)
    if (g_strcmp0 (_inion_bids_table_get (parsed, i, column), id) == 0)
      return TRUE;
  if (column != 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” does not begin with a column participant_id; no row was added.", path);
  table = g_string_new_len (old, (gssize) n);
  if (table->len > 0 && table->str[table->len - 1] != '\n')
    g_string_append_c (table, '\n');
  g_string_append (table, id);
  for (guint i = 1; i < parsed->columns->len; i++)
    g_string_append (table, "\tn/a");
  g_string_append_c (table, '\n');
  return inion_output_write_file (path, table->str, table->len, error);
}

static gboolean
write_data_set (const char            *folder,
                const InionBidsNames  *names,
                GError               **error)
{
  return write_if_missing (folder, "dataset_description.json",
                           "{\n  \"Name\": \"Unnamed data set\",\n  \"BIDSVersion\": \"1.8.0\",\n"
                           "  \"DatasetType\": \"raw\"\n}\n", error)
         && write_if_missing (folder, "README",
                              "This data set was written by Inion. Describe here how it was recorded.\n",
                              error)
         && add_participant (folder, names->subject, error);
}

static char *
make_stem (const InionBidsNames *names)
{
  GString *stem = g_string_new (NULL);

  g_string_append_printf (stem, "sub-%s", names->subject);
  if (names->session != NULL)
    g_string_append_printf (stem, "_ses-%s", names->session);
  g_string_append_printf (stem, "_task-%s", names->task);
  if (names->acquisition != NULL)
    g_string_append_printf (stem, "_acq-%s", names->acquisition);
  if (names->run != NULL)
    g_string_append_printf (stem, "_run-%s", names->run);
  return g_string_free (stem, FALSE);
}

static char *
make_folder (const char            *root,
             const InionBidsNames  *names,
             GError               **error)
{
  g_autofree char *subject = g_strconcat ("sub-", names->subject, NULL);
  g_autofree char *session = names->session != NULL ? g_strconcat ("ses-", names->session, NULL) : NULL;
  g_autofree char *folder = session != NULL ? g_build_filename (root, subject, session, "eeg", NULL)
                                            : g_build_filename (root, subject, "eeg", NULL);

  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      inion_set_error_errno (error, errno, "Could not make the folder", folder);
      return NULL;
    }
  return g_steal_pointer (&folder);
}

/* The data file and those beside it. */
static gboolean
write_recording (Writer       *self,
                 InionExport  *export_,
                 const char   *path,
                 InionJob     *job,
                 GPtrArray   **notes,
                 GError      **error)
{
  if (!inion_export_write (export_, path, self->names->format, job, notes, error))
    return FALSE;
  self->written = inion_recording_open (path, error);
  return self->written != NULL && inion_recording_load_events (self->written, job, error)
         && write_sidecars (self, error);
}

/**
 * inion_bids_write:
 * @export_: what is written of the recording
 * @recording: the recording
 * @folder: the data set's root; it is made if it is not there
 * @names: what the recording is called in it
 * @job: (nullable): for progress and cancel
 * @notes: (out) (transfer full) (element-type utf8): as of inion_export_write()
 * @path: (out) (transfer full) (optional): the data file that was written
 * @error: return location
 *
 * Writes a recording into a BIDS data set: the data, channels.tsv, events.tsv with its JSON,
 * eeg.json, electrodes.tsv and coordsystem.json where positions are known; and the data set's own
 * files where they are missing. The patient's name is written only if @export_ still has it.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if the format is none of BIDS or the recording is there
 *   already, or as inion_export_write()
 */
gboolean
inion_bids_write (InionExport           *export_,
                  InionRecording        *recording,
                  const char            *folder,
                  const InionBidsNames  *names,
                  InionJob              *job,
                  GPtrArray            **notes,
                  char                 **path,
                  GError               **error)
{
  static const char *const endings[] = { [INION_EXPORT_EDF] = "edf", [INION_EXPORT_BDF] = "bdf",
                                         [INION_EXPORT_BRAINVISION] = "vhdr" };
  Writer writer = { .source = recording, .names = names };
  g_autofree char *data = NULL;
  gboolean exists = FALSE;
  gboolean good;

  g_return_val_if_fail (INION_IS_EXPORT (export_), FALSE);
  g_return_val_if_fail (names != NULL && notes != NULL, FALSE);

  *notes = NULL;
  if (names->format == INION_EXPORT_CSV)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A BIDS data set has BrainVision, EDF or BDF files (format=vhdr, edf, bdf).");
  writer.folder = make_folder (folder, names, error);
  if (writer.folder == NULL)
    return FALSE;
  writer.stem = make_stem (names);
  data = g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s_eeg.%s", writer.folder, writer.stem,
                          endings[names->format]);
  /* Its tables would be those of another file. */
  for (gsize i = 0; i < G_N_ELEMENTS (endings) && !exists; i++)
    {
      g_autofree char *other = g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s_eeg.%s", writer.folder,
                                                writer.stem, endings[i]);

      exists = g_file_test (other, G_FILE_TEST_EXISTS);
    }
  if (exists)
    good = inion_set_error (error, INION_ERROR_INVALID,
                            "“%s” holds “%s” already. Choose another subject, session or run, or move "
                            "it away.", writer.folder, writer.stem);
  else
    good = write_recording (&writer, export_, data, job, notes, error)
           && write_data_set (folder, names, error);
  if (!good)
    g_clear_pointer (notes, g_ptr_array_unref);
  if (good && path != NULL)
    *path = g_steal_pointer (&data);
  g_clear_object (&writer.written);
  g_clear_pointer (&writer.output, inion_output_free);
  g_free (writer.folder);
  g_free (writer.stem);
  return good;
}
