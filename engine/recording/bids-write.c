/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a recording into a BIDS data set.
 *
 * The data come first, checked as every export is; then the files beside them, which describe what
 * was written: it is opened again for that. All of them appear together or not at all, the data
 * set's own files among them, and folders that were made for a recording that could not be written
 * are gone again. What the data set has already (dataset_description.json, README, other
 * participants, a subject's electrodes) stays as it is; a recording that is there already is
 * refused. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids.h"

#include "core/error.h"
#include "core/output.h"
#include "recording/bids-sidecar.h"
#include "recording/bids-tables.h"
#include "recording/brainvision-recording.h"
#include "recording/edf-recording.h"
#include "recording/export-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/**
 * Writer:
 * @told: what the tables are made from
 * @root: the data set
 * @folder: where the files are
 * @stem: "sub-01_task-rest"
 * @output: the data and all files that belong to them
 * @notes: (element-type utf8): what a person should know
 */
typedef struct
{
  InionBidsTold told;
  char *root;
  char *folder;
  char *stem;
  InionOutput *output;
  GPtrArray *notes;
} Writer;

static void
clear_writer (Writer *self)
{
  g_clear_object (&self->told.written);
  g_clear_pointer (&self->output, inion_output_free);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self->root);
  g_free (self->folder);
  g_free (self->stem);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, clear_writer)

/* Adds a file of the data set; takes the text. */
static gboolean
add_path (Writer      *self,
          const char  *path,
          char        *text,
          GError     **error)
{
  g_autofree char *owned = text;
  guint file;

  return inion_output_add_path (self->output, path, &file, error)
         && inion_output_print (self->output, file, owned, error);
}

/* Adds one of the files beside the data; takes the text. */
static gboolean
add_file (Writer      *self,
          const char  *middle,
          char        *text,
          GError     **error)
{
  g_autofree char *name = g_strconcat (self->stem, middle, NULL);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return add_path (self, path, text, error);
}

/* An electrode stays where it is whatever the task: its file has no such entity. */
static char *
make_electrodes_path (const Writer *self,
                      const char   *suffix)
{
  const InionBidsNames *names = self->told.names;
  g_autoptr (GString) name = g_string_new (NULL);

  g_string_append_printf (name, "sub-%s", names->subject);
  if (names->session != NULL)
    g_string_append_printf (name, "_ses-%s", names->session);
  if (names->acquisition != NULL)
    g_string_append_printf (name, "_acq-%s", names->acquisition);
  g_string_append_printf (name, "_space-CapTrak_%s", suffix);
  return g_build_filename (self->folder, name->str, NULL);
}

/* Those of another recording of the subject stay. */
static gboolean
add_electrodes (Writer  *self,
                GError **error)
{
  g_autofree char *table = _inion_bids_make_electrodes (&self->told);
  g_autofree char *path = make_electrodes_path (self, "electrodes.tsv");
  g_autofree char *system = make_electrodes_path (self, "coordsystem.json");
  g_autofree char *old = NULL;

  if (table == NULL)
    return TRUE;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return add_path (self, path, g_steal_pointer (&table), error)
           && add_path (self, system, _inion_bids_make_coordinates (), error);
  if (!g_file_get_contents (path, &old, NULL, error))
    return FALSE;
  if (strcmp (old, table) != 0)
    g_ptr_array_add (self->notes,
                     g_strdup_printf ("The positions of the electrodes were not written: “%s” has "
                                      "others of this subject and stays as it is.", path));
  return TRUE;
}

static gboolean
add_if_missing (Writer      *self,
                const char  *name,
                const char  *text,
                GError     **error)
{
  g_autofree char *path = g_build_filename (self->root, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || add_path (self, path, g_strdup (text), error);
}

/* Adds a row for the subject; what other programs wrote stays. */
static gboolean
add_participant (Writer  *self,
                 GError **error)
{
  g_autofree char *path = g_build_filename (self->root, "participants.tsv", NULL);
  g_autofree char *id = g_strconcat ("sub-", self->told.names->subject, NULL);
  g_autofree char *old = NULL;
  g_autoptr (GString) table = NULL;
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionBidsTable) parsed = NULL;
  gsize n = 0;
  int column;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return add_path (self, path, g_strdup_printf ("participant_id\n%s\n", id), error);
  if (!g_file_get_contents (path, &old, &n, error))
    return FALSE;
  parsed = _inion_bids_table_parse ("participants.tsv", (const guint8 *) old, n, faults);
  column = _inion_bids_table_find (parsed, "participant_id");
  for (guint i = 0; column >= 0 && i < parsed->rows->len; i++)
    if (g_strcmp0 (_inion_bids_table_get (parsed, i, column), id) == 0)
      return TRUE;
  if (column != 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” does not begin with a column participant_id, so there is no "
                            "place for the subject's row. Mend the table first. Nothing was "
                            "changed.",
                            path);
  table = g_string_new_len (old, (gssize) n);
  if (table->len > 0 && table->str[table->len - 1] != '\n')
    g_string_append_c (table, '\n');
  g_string_append (table, id);
  for (guint i = 1; i < parsed->columns->len; i++)
    g_string_append (table, "\tn/a");
  g_string_append_c (table, '\n');
  return add_path (self, path, g_string_free (g_steal_pointer (&table), FALSE), error);
}

/* The files beside the data, and the data set's own where they are missing. */
static gboolean
add_sidecars (Writer  *self,
              GError **error)
{
  return add_file (self, "_eeg.json", _inion_bids_make_json (&self->told), error)
         && add_file (self, "_channels.tsv", _inion_bids_make_channels (&self->told), error)
         && add_file (self, "_events.tsv", _inion_bids_make_events (&self->told), error)
         && add_file (self, "_events.json", _inion_bids_make_event_columns (), error)
         && add_electrodes (self, error)
         && add_if_missing (self, "dataset_description.json",
                            "{\n  \"Name\": \"Unnamed data set\",\n  \"BIDSVersion\": \"1.8.0\",\n"
                            "  \"DatasetType\": \"raw\"\n}\n", error)
         && add_if_missing (self, "README",
                            "This data set was written by Inion. Describe here how it was "
                            "recorded.\n",
                            error)
         && add_participant (self, error);
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
name_folder (const char           *root,
             const InionBidsNames *names)
{
  g_autofree char *subject = g_strconcat ("sub-", names->subject, NULL);
  g_autofree char *session =
    names->session != NULL ? g_strconcat ("ses-", names->session, NULL) : NULL;

  return session != NULL ? g_build_filename (root, subject, session, "eeg", NULL)
                         : g_build_filename (root, subject, "eeg", NULL);
}

/* The nearest folder above that is there. */
static char *
find_existing (const char *folder)
{
  char *at = g_strdup (folder);

  while (!g_file_test (at, G_FILE_TEST_IS_DIR))
    {
      char *parent = g_path_get_dirname (at);

      g_free (at);
      at = parent;
    }
  return at;
}

/* Removes folders that were made, as far as they are empty. */
static void
remove_folders (const char *folder,
                const char *existing)
{
  g_autofree char *at = g_strdup (folder);

  while (strcmp (at, existing) != 0 && (rmdir (at) == 0 || errno == ENOENT))
    {
      char *parent = g_path_get_dirname (at);

      g_free (at);
      at = parent;
    }
}

/* A recording that is there already, also one whose data are elsewhere (a link to nowhere), and
 * tables without their data, which somebody made. */
static gboolean
refuse_existing (const Writer  *self,
                 GError       **error)
{
  static const char *const suffixes[] = { "_eeg.edf", "_eeg.bdf", "_eeg.vhdr", "_eeg.eeg",
                                          "_eeg.vmrk", "_eeg.set", "_eeg.json", "_channels.tsv",
                                          "_events.tsv", "_events.json" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s%s", self->folder, self->stem, suffixes[i]);

      if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        return inion_set_error (error, INION_ERROR_INVALID,
                                "“%s” holds “%s” already. Choose another subject, session or run, "
                                "or move it away.", self->folder, self->stem);
    }
  return TRUE;
}

/* The data file and those that belong to it. */
static gboolean
write_recording (Writer       *self,
                 InionExport  *export_,
                 const char   *path,
                 InionJob     *job,
                 GError      **error)
{
  self->output = inion_output_new (path, error);
  if (self->output == NULL
      || !_inion_export_write_parts (export_, self->output, path, self->told.names->format, job,
                                     &self->notes, error))
    return FALSE;
  /* As the file itself says, without what the data set says of it. */
  self->told.written = self->told.names->format == INION_EXPORT_BRAINVISION
                    ? inion_brainvision_open (inion_output_get_part (self->output, 0), error)
                    : inion_edf_recording_open (inion_output_get_part (self->output, 0), error);
  return self->told.written != NULL && inion_recording_load_events (self->told.written, job, error)
         && add_sidecars (self, error) && inion_output_commit (self->output, error);
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
 * All of it appears, or nothing: no file and no folder.
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
  g_auto (Writer) writer = { .told = { .source = recording, .names = names } };
  g_autofree char *data = NULL;
  g_autofree char *existing = NULL;

  g_return_val_if_fail (INION_IS_EXPORT (export_), FALSE);
  g_return_val_if_fail (names != NULL && notes != NULL, FALSE);

  *notes = NULL;
  if (names->format == INION_EXPORT_CSV)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "A BIDS data set has BrainVision, EDF or BDF files (format=vhdr, edf, "
                            "bdf).");
  writer.root = g_canonicalize_filename (folder, NULL);
  writer.folder = name_folder (writer.root, names);
  writer.stem = make_stem (names);
  data = g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s_eeg.%s", writer.folder, writer.stem,
                          endings[names->format]);
  if (!refuse_existing (&writer, error))
    return FALSE;
  existing = find_existing (writer.folder);
  if (g_mkdir_with_parents (writer.folder, 0755) != 0)
    inion_set_error_errno (error, errno, "Could not make the folder", writer.folder);
  else if (write_recording (&writer, export_, data, job, error))
    {
      *notes = g_steal_pointer (&writer.notes);
      if (path != NULL)
        *path = g_steal_pointer (&data);
      return TRUE;
    }
  g_clear_pointer (&writer.output, inion_output_free);
  remove_folders (writer.folder, existing);
  return FALSE;
}
