/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A montage by what a person calls it: its id, its file, or the name of one of their own. */

#define G_LOG_DOMAIN "inion-tasks"

#include "config.h"

#include "app/convert/find-montage.h"

#include "core/error.h"
#include "scalp/montage-file.h"
#include "study/study-montages.h"

#include <string.h>

static gboolean
is_path (const char *what)
{
  return strchr (what, '/') != NULL || g_str_has_suffix (what, ".mtg") ||
         g_str_has_suffix (what, INION_MONTAGE_SUFFIX);
}

/**
 * inion_may_be_montage:
 * @what: an id, the path of a file with "/" in it or that ends in .mtg or .montage, or "own:" and
 *   the name of one that a person wrote
 *
 * Returns: %FALSE if it cannot be a montage, whatever the recording
 */
gboolean
inion_may_be_montage (const char *what)
{
  return g_strv_contains (inion_montage_get_ids (), what) || is_path (what) ||
         g_str_has_prefix (what, INION_MONTAGE_OWN_PREFIX);
}

/* From the study of the recording, else from the user's folder. */
static char *
find_own (const char      *name,
          InionRecording  *recording,
          GError         **error)
{
  const char *path = inion_recording_get_path (recording);
  g_autoptr (GError) why = NULL;
  char *text = path != NULL ? inion_study_read_montage (path, name, &why) : NULL;

  if (why != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return NULL;
    }
  if (text == NULL)
    text = inion_montage_folder_dup_text (NULL, name);
  if (text == NULL)
    inion_set_error (error, INION_ERROR_NOT_FOUND,
                     "There is no montage “%s”, neither in the study of this recording nor among "
                     "those for all recordings.", name);
  return text;
}

/**
 * inion_find_montage:
 * @what: see inion_may_be_montage()
 * @recording: the recording
 * @bad: (nullable) (array zero-terminated=1): labels of bad channels
 * @error: return location
 *
 * Finds a montage and makes it for a recording.
 *
 * Returns: (transfer full): the montage; %NULL with the errors of inion_montage_new(),
 *   inion_montage_new_own() and inion_montage_file_read(), or %INION_ERROR_NOT_FOUND
 */
InionMontage *
inion_find_montage (const char         *what,
                    InionRecording     *recording,
                    const char *const  *bad,
                    GError            **error)
{
  g_autofree char *text = NULL;
  const char *name;

  if (g_str_has_prefix (what, INION_MONTAGE_OWN_PREFIX))
    {
      name = what + strlen (INION_MONTAGE_OWN_PREFIX);
      text = find_own (name, recording, error);
      return text != NULL ? inion_montage_new_own (name, text, recording, bad, error) : NULL;
    }
  if (is_path (what) && !g_strv_contains (inion_montage_get_ids (), what))
    {
      g_autoptr (InionMontageFile) file = inion_montage_file_read (what, recording, error);

      return file != NULL ? inion_montage_new_own (file->name, file->text, recording, bad, error)
                          : NULL;
    }
  return inion_montage_new (what, recording, bad, error);
}
