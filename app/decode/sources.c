/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recordings to learn from: opened, with events, with subject and session where the name says
 * them. The window and the command line take the same way, so that they get the same numbers. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/decode/sources.h"

#include "app/decode/source-study.h"
#include "core/error.h"
#include "study/study-channels.h"
#include "study/study-choices.h"

#include <string.h>

typedef struct
{
  InionRecording *recording;
  InionAnnotationSet *annotations;
  char *name;
  char *subject;
  char *session;
  char **bad;
} Entry;

struct _InionSources
{
  GPtrArray *entries;
  char *home;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_object (&entry->recording);
  g_clear_object (&entry->annotations);
  g_free (entry->name);
  g_free (entry->subject);
  g_free (entry->session);
  g_strfreev (entry->bad);
  g_free (entry);
}

/* The BIDS entity of a name: "sub-01" of "sub-01_ses-2_eeg.edf". */
static char *
bids_entity (const char *name,
             const char *entity)
{
  const char *start = strstr (name, entity);

  if (start == NULL || (start != name && start[-1] != '_'))
    return NULL;
  return g_strndup (start, strcspn (start, "_."));
}

/* EEGMMIDB names its files S007R04: the subject is S007. */
static char *
guess_subject (const char *name)
{
  char *subject = bids_entity (name, "sub-");

  if (subject != NULL)
    return subject;
  if (name[0] == 'S' && g_ascii_isdigit (name[1]) && g_ascii_isdigit (name[2]) &&
      g_ascii_isdigit (name[3]) && name[4] == 'R')
    return g_strndup (name, 4);
  return NULL;
}

/**
 * inion_sources_new:
 *
 * Returns: (transfer full): an empty list
 */
InionSources *
inion_sources_new (void)
{
  InionSources *self = g_new0 (InionSources, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

/**
 * inion_sources_free:
 * @self: (transfer full): a list
 */
void
inion_sources_free (InionSources *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self->home);
  g_free (self);
}

/**
 * inion_sources_add:
 * @recording: an open recording
 * @annotations: (nullable): what people said about it
 * @bad: (nullable): labels of bad channels
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Adds a recording and loads its events.
 *
 * Returns: %FALSE if the events cannot be read
 */
gboolean
inion_sources_add (InionSources        *self,
                   InionRecording      *recording,
                   InionAnnotationSet  *annotations,
                   const char *const   *bad,
                   InionJob            *job,
                   GError             **error)
{
  const char *path = inion_recording_get_path (recording);
  Entry *entry;

  if (!inion_recording_load_events (recording, job, error))
    return FALSE;
  if (self->entries->len == 0 && path != NULL)
    self->home = inion_study_find_for_recording (path);
  entry = g_new0 (Entry, 1);
  entry->recording = g_object_ref (recording);
  if (annotations != NULL)
    entry->annotations = g_object_ref (annotations);
  entry->name = path != NULL ? g_path_get_basename (path) : g_strdup ("recording");
  entry->subject = guess_subject (entry->name);
  entry->session = bids_entity (entry->name, "ses-");
  entry->bad = g_strdupv ((char **) bad);
  g_ptr_array_add (self->entries, entry);
  return TRUE;
}

/**
 * inion_sources_get_home:
 *
 * Returns: (transfer none) (nullable): the study of the first recording: what it keeps of how the
 *   others are opened comes before their own studies
 */
const char *
inion_sources_get_home (InionSources *self)
{
  return self->home;
}

/**
 * inion_sources_add_file:
 * @file: an open recording, as its file has it
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Adds a recording with what its own study says of its channels, with its marks and bad channels, if
 * it has one; that study is only read.
 *
 * Returns: %FALSE if its study cannot be read
 */
gboolean
inion_sources_add_file (InionSources    *self,
                        InionRecording  *file,
                        InionJob        *job,
                        GError         **error)
{
  g_autoptr (InionRecording) recording = inion_study_read_edited_recording (file, NULL, error);
  g_autoptr (InionAnnotationSet) annotations = NULL;
  g_auto (GStrv) bad = NULL;

  return recording != NULL &&
         inion_source_study_read (inion_recording_get_path (file), &annotations, &bad, error) &&
         inion_sources_add (self, recording, annotations, (const char *const *) bad, job, error);
}

/**
 * inion_sources_add_path:
 * @path: a file
 * @job: (nullable): checked for cancellation
 * @error: return location
 *
 * Opens a recording as it was chosen before, if it was, and adds it.
 *
 * Returns: %FALSE if it or its study cannot be opened
 */
gboolean
inion_sources_add_path (InionSources  *self,
                        const char    *path,
                        InionJob      *job,
                        GError       **error)
{
  g_auto (InionKeptChoice) kept = { 0 };
  g_autoptr (InionRecording) file =
    inion_kept_choice_open_or_plain (&kept, path, self->home, job, error);

  if (file == NULL || !kept.changed)
    return file != NULL && inion_sources_add_file (self, file, job, error);
  return inion_set_error (error, INION_ERROR_INVALID,
                          "“%s” has changed since it was chosen how to open it. Open it, or remove "
                          "it and add it again.", path);
}

/**
 * inion_sources_cut:
 * @recipe: what is done to the signal
 * @job: (nullable): progress and cancel
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the examples of all recordings
 */
InionExampleSet *
inion_sources_cut (InionSources  *self,
                   InionRecipe   *recipe,
                   InionJob      *job,
                   GError       **error)
{
  guint n = self->entries->len;
  g_autofree InionDecodeSource *sources = g_new0 (InionDecodeSource, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      sources[i] = (InionDecodeSource) {
        .recording = entry->recording,
        .annotations = entry->annotations,
        .name = entry->name,
        .subject = entry->subject,
        .session = entry->session,
        .bad = (const char *const *) entry->bad,
      };
    }
  return inion_example_set_new (recipe, sources, n, job, error);
}
