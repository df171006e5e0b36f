/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with montages, and the folder of the user's own ones. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-file.h"
#include "scalp/montage-mtg.h"

#include "core/error.h"
#include "core/output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_BYTES (4 * 1024 * 1024)
#define MAX_NAME 80
#define MAX_FILES 1000

static char *
dup_name (const char *path)
{
  g_autofree char *base = g_filename_display_basename (path);
  char *dot = strrchr (base, '.');

  return dot != NULL && dot != base ? g_strndup (base, dot - base) : g_strdup (base);
}

static gboolean
check_text (InionMontageFile  *self,
            GError           **error)
{
  g_autoptr (InionMontageScript) script = inion_montage_script_parse (self->text);
  const InionMontageFault *fault = script->faults->len > 0 ? script->faults->pdata[0] : NULL;

  if (fault != NULL)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "The montage “%s” cannot be read at line %u, character %u: %s",
                            self->name, fault->line, fault->column, fault->message);
  if (script->rows->len == 0)
    return inion_set_error (error, INION_ERROR_FORMAT, "The montage “%s” has no derivations.",
                            self->name);
  return TRUE;
}

/**
 * inion_montage_file_parse:
 * @name: the file's name; its ending tells nothing: XML is EDFbrowser's, all else a text
 * @bytes: (array length=n): the content
 * @n: its length
 * @recording: (nullable): whose channels the file means where it tells signals by their number
 * @error: return location
 *
 * Reads a montage.
 *
 * Returns: (transfer full): the montage; %NULL with %INION_ERROR_FORMAT, where something in it
 *   cannot be read, or %INION_ERROR_UNSUPPORTED
 */
InionMontageFile *
inion_montage_file_parse (const char      *name,
                          const char      *bytes,
                          gsize            n,
                          InionRecording  *recording,
                          GError         **error)
{
  g_autoptr (InionMontageFile) self = g_new0 (InionMontageFile, 1);
  gsize at = 0;

  self->name = dup_name (name);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  if (n >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    at = 3;
  if (n > MAX_BYTES)
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "“%s” is larger than %d MiB: that is no montage.", name,
                       MAX_BYTES / 1024 / 1024);
      return NULL;
    }
  if (memchr (bytes, '\0', n) != NULL)
    {
      inion_set_error (error, INION_ERROR_FORMAT, "“%s” is no text, and so no montage.", name);
      return NULL;
    }
  while (at < n && g_ascii_isspace (bytes[at]))
    at++;
  if (at < n && bytes[at] == '<')
    {
      self->format = "EDFbrowser montage";
      self->text = inion_montage_mtg_parse (name, bytes + at, n - at, recording, self->notes,
                                            error);
    }
  else
    {
      g_autofree char *text = g_strndup (bytes + at, n - at);

      self->format = "montage text";
      self->text = g_utf8_make_valid (text, -1);
    }
  return self->text != NULL && check_text (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * inion_montage_file_read:
 * @path: a file
 * @recording: (nullable): whose channels the file means where it tells signals by their number
 * @error: return location
 *
 * Reads a montage from a file.
 *
 * Returns: (transfer full): the montage; %NULL with %INION_ERROR_IO or the errors of
 *   inion_montage_file_parse()
 */
InionMontageFile *
inion_montage_file_read (const char      *path,
                         InionRecording  *recording,
                         GError         **error)
{
  g_autofree char *bytes = NULL, *name = g_filename_display_basename (path);
  struct stat status;
  gsize n;

  if (stat (path, &status) != 0)
    {
      inion_set_error_errno (error, errno, "The montage cannot be read", path);
      return NULL;
    }
  if (!S_ISREG (status.st_mode) || status.st_size > MAX_BYTES)
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s” is no montage: it is no file, or larger than %d MiB.", name,
                       MAX_BYTES / 1024 / 1024);
      return NULL;
    }
  if (!g_file_get_contents (path, &bytes, &n, error))
    return NULL;
  return inion_montage_file_parse (name, bytes, n, recording, error);
}

/**
 * inion_montage_file_free:
 * @self: (nullable): a montage
 *
 * Frees it.
 */
void
inion_montage_file_free (InionMontageFile *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->text);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self);
}

/**
 * inion_montage_folder_dup_path:
 *
 * Returns: (transfer full): where the user's own montages are kept
 */
char *
inion_montage_folder_dup_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "inion", "montages", NULL);
}

/**
 * inion_montage_check_name:
 * @name: what a person would call a montage
 *
 * Returns: (transfer full) (nullable): why a montage, and its file, cannot be called so; %NULL if
 *   it can
 */
char *
inion_montage_check_name (const char *name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  if (*stripped == '\0')
    return g_strdup ("The montage has no name.");
  if (!g_str_equal (stripped, name))
    return g_strdup ("A name cannot begin or end with a space.");
  if (*name == '.')
    return g_strdup ("A name cannot begin with a dot.");
  if (strlen (name) > MAX_NAME)
    return g_strdup ("The name is too long.");
  for (const char *at = name; *at != '\0'; at++)
    {
      if (*at == '/' || *at == '\\' || g_ascii_iscntrl (*at))
        return g_strdup ("A name cannot have a slash or a line break.");
    }
  return NULL;
}

static char *
dup_path (const char *folder,
          const char *name)
{
  g_autofree char *usual = folder == NULL ? inion_montage_folder_dup_path () : NULL;
  g_autofree char *base = g_strconcat (name, INION_MONTAGE_SUFFIX, NULL);

  return g_build_filename (folder != NULL ? folder : usual, base, NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const InionMontageFile *x = *(InionMontageFile *const *) a, *y = *(InionMontageFile *const *) b;

  return g_utf8_collate (x->name, y->name);
}

/**
 * inion_montage_folder_list:
 * @folder: (nullable): a folder; %NULL: the usual one
 *
 * Lists the user's own montages by name. Files that cannot be read are left out.
 *
 * Returns: (transfer full) (element-type InionMontageFile): the montages
 */
GPtrArray *
inion_montage_folder_list (const char *folder)
{
  g_autofree char *usual = inion_montage_folder_dup_path ();
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_montage_file_free);
  g_autoptr (GDir) dir = g_dir_open (folder != NULL ? folder : usual, 0, NULL);
  const char *base;

  while (dir != NULL && files->len < MAX_FILES && (base = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder != NULL ? folder : usual, base, NULL);
      InionMontageFile *file;

      if (*base == '.' || !g_str_has_suffix (base, INION_MONTAGE_SUFFIX))
        continue;
      file = inion_montage_file_read (path, NULL, NULL);
      if (file != NULL)
        g_ptr_array_add (files, file);
    }
  g_ptr_array_sort (files, compare_names);
  return files;
}

/**
 * inion_montage_folder_dup_text:
 * @folder: (nullable): a folder; %NULL: the usual one
 * @name: what a montage is called
 *
 * Returns: (transfer full) (nullable): its text; %NULL if there is none, or it cannot be read
 */
char *
inion_montage_folder_dup_text (const char *folder,
                               const char *name)
{
  g_autofree char *problem = inion_montage_check_name (name);
  g_autofree char *path = problem == NULL ? dup_path (folder, name) : NULL;
  g_autoptr (InionMontageFile) file = path != NULL ? inion_montage_file_read (path, NULL, NULL)
                                                   : NULL;

  return file != NULL ? g_steal_pointer (&file->text) : NULL;
}

/**
 * inion_montage_folder_write:
 * @folder: (nullable): a folder, made if it is not there; %NULL: the usual one
 * @name: what the montage is called; see inion_montage_check_name()
 * @text: the montage
 * @error: return location
 *
 * Keeps a montage for all recordings; one of the same name is replaced.
 *
 * Returns: %FALSE if it cannot be written
 */
gboolean
inion_montage_folder_write (const char  *folder,
                            const char  *name,
                            const char  *text,
                            GError     **error)
{
  g_autofree char *problem = inion_montage_check_name (name);
  g_autofree char *path = NULL, *parent = NULL;

  if (problem != NULL)
    return inion_set_error (error, INION_ERROR_INVALID, "%s", problem);
  path = dup_path (folder, name);
  parent = g_path_get_dirname (path);
  if (g_mkdir_with_parents (parent, 0700) != 0)
    return inion_set_error_errno (error, errno, "The folder of montages cannot be made", parent);
  return inion_output_write_file (path, text, strlen (text), error);
}

/**
 * inion_montage_folder_remove:
 * @folder: (nullable): a folder; %NULL: the usual one
 * @name: a montage
 * @error: return location
 *
 * Keeps a montage for all recordings no longer. That it is not there is no error.
 *
 * Returns: %FALSE if it cannot be removed
 */
gboolean
inion_montage_folder_remove (const char  *folder,
                             const char  *name,
                             GError     **error)
{
  g_autofree char *problem = inion_montage_check_name (name);
  g_autofree char *path = NULL;

  if (problem != NULL)
    return inion_set_error (error, INION_ERROR_INVALID, "%s", problem);
  path = dup_path (folder, name);
  if (g_unlink (path) != 0 && errno != ENOENT)
    return inion_set_error_errno (error, errno, "The montage cannot be removed", path);
  return TRUE;
}
