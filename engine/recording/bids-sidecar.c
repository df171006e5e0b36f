/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the files of a BIDS data set that say something of a recording.
 *
 * A file name is a list of entities and a suffix: "sub-01_task-rest_channels.tsv". It speaks of
 * each recording beside or below it that has all of its entities. Of tables the nearest one counts;
 * of JSON files all do, and the nearer one wins for a key that several have. The search ends at the
 * data set's root, where dataset_description.json is, and after a few folders in any case. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids-sidecar.h"

#include "core/json-member.h"
#include "core/json-parse.h"
#include "recording/edf-text.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FOLDERS 8
#define MAX_ENTRIES 100000
#define MAX_JSON (4 * 1024 * 1024)
#define MAX_TABLE (64 * 1024 * 1024)
#define MAX_COLUMNS 256

/* The entities before the suffix: NULL if the name has none, or another suffix or ending. */
static char **
split_name (const char *name,
            const char *suffix,
            const char *ending)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *stem = NULL;
  guint n;

  if (!g_str_has_suffix (name, ending))
    return NULL;
  stem = g_strndup (name, strlen (name) - strlen (ending));
  parts = g_strsplit (stem, "_", 0);
  n = g_strv_length (parts);
  if (n == 0 || strcmp (parts[n - 1], suffix) != 0)
    return NULL;
  g_clear_pointer (&parts[n - 1], g_free);
  return g_steal_pointer (&parts);
}

static gboolean
is_root (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "dataset_description.json", NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* The folder with the description; without one, that in which the subject's folder is. */
static char *
find_root (const char *folder,
           const char *subject)
{
  g_autofree char *at = g_strdup (folder);
  g_autofree char *above_subject = NULL;

  for (guint i = 0; i < MAX_FOLDERS; i++)
    {
      g_autofree char *name = g_path_get_basename (at);
      char *parent = g_path_get_dirname (at);

      if (is_root (at))
        {
          g_free (parent);
          return g_steal_pointer (&at);
        }
      if (above_subject == NULL && strcmp (name, subject) == 0)
        above_subject = g_strdup (parent);
      if (strcmp (parent, at) == 0)
        {
          g_free (parent);
          break;
        }
      g_free (at);
      at = parent;
    }
  return above_subject != NULL ? g_steal_pointer (&above_subject) : g_strdup (folder);
}

/* Where a recording is in a data set; NULL if its name is not one of BIDS. */
InionBidsPlace *
_inion_bids_place_new (const char *path)
{
  static const char *const suffixes[] = { "eeg", "ieeg", "meg" };
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *name = g_path_get_basename (absolute);
  const char *ending = strchr (name, '.');
  g_auto (GStrv) entities = NULL;
  InionBidsPlace *self;

  if (ending == NULL || !g_str_has_prefix (name, "sub-"))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (suffixes) && entities == NULL; i++)
    entities = split_name (name, suffixes[i], ending);
  if (entities == NULL || entities[0] == NULL)
    return NULL;
  self = g_new0 (InionBidsPlace, 1);
  self->folder = g_path_get_dirname (absolute);
  self->subject = g_strdup (entities[0]);
  self->root = find_root (self->folder, self->subject);
  self->entities = g_steal_pointer (&entities);
  return self;
}

void
_inion_bids_place_free (InionBidsPlace *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_free (self->root);
  g_free (self->subject);
  g_strfreev (self->entities);
  g_free (self);
}

/* How many entities a name has if all of them are ours; -1 if it speaks of something else. */
static int
count_fitting (const InionBidsPlace *self,
               const char           *name,
               const char           *suffix,
               const char           *ending,
               const char           *space)
{
  g_auto (GStrv) entities = split_name (name, suffix, ending);

  if (entities == NULL)
    return -1;
  for (guint i = 0; entities[i] != NULL; i++)
    {
      gboolean fits = g_strv_contains ((const char *const *) self->entities, entities[i]);

      if (g_str_has_prefix (entities[i], "space-") && space != NULL)
        fits |= *space == '\0' || strcmp (entities[i] + 6, space) == 0;
      if (!fits)
        return -1;
    }
  return (int) g_strv_length (entities);
}

/* The file in a folder that fits best. */
static char *
find_in (const InionBidsPlace *self,
         const char           *folder,
         const char           *suffix,
         const char           *ending,
         const char           *space)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *best = NULL;
  const char *name;
  int best_n = -1;

  for (guint i = 0; dir != NULL && i < MAX_ENTRIES && (name = g_dir_read_name (dir)) != NULL; i++)
    {
      int n = count_fitting (self, name, suffix, ending, space);

      if (n < 0 || n < best_n || (n == best_n && strcmp (name, best) > 0))
        continue;
      g_free (best);
      best = g_strdup (name);
      best_n = n;
    }
  return best != NULL ? g_build_filename (folder, best, NULL) : NULL;
}

/* Finds what fits, nearest first, up to the root. */
static GPtrArray *
find_all (const InionBidsPlace *self,
          const char           *suffix,
          const char           *ending,
          const char           *space)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *at = g_strdup (self->folder);

  for (guint i = 0; i < MAX_FOLDERS; i++)
    {
      char *path = find_in (self, at, suffix, ending, space);
      char *parent;

      if (path != NULL)
        g_ptr_array_add (paths, path);
      if (strcmp (at, self->root) == 0)
        break;
      parent = g_path_get_dirname (at);
      g_free (at);
      at = parent;
    }
  return paths;
}

/* The nearest table of a suffix; space: "" for any, NULL where that is no entity. */
char *
_inion_bids_place_find (const InionBidsPlace *self,
                        const char           *suffix,
                        const char           *space)
{
  g_autoptr (GPtrArray) paths = find_all (self, suffix, ".tsv", space);

  return paths->len > 0 ? g_strdup (paths->pdata[0]) : NULL;
}

static gboolean
read_file (const char      *path,
           gsize            max,
           char           **bytes,
           gsize           *n,
           InionEdfFaults  *faults)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (GError) error = NULL;
  struct stat status;

  if (stat (path, &status) == 0 && S_ISREG (status.st_mode) && (guint64) status.st_size <= max
      && g_file_get_contents (path, bytes, n, &error))
    return TRUE;
  inion_edf_faults_add (faults, name, -1, name, "It could not be read (%s) and was passed over.",
                        error != NULL ? error->message : "no ordinary file, or too large");
  return FALSE;
}

/* The JSON files of a suffix, nearest first. */
GPtrArray *
_inion_bids_place_read_json (const InionBidsPlace *self,
                             const char           *suffix,
                             const char           *space,
                             InionEdfFaults       *faults)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr (GPtrArray) paths = find_all (self, suffix, ".json", space);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *name = g_filename_display_basename (paths->pdata[i]);
      g_autofree char *bytes = NULL;
      g_autoptr (GError) error = NULL;
      JsonNode *node;
      gsize n = 0;

      if (!read_file (paths->pdata[i], MAX_JSON, &bytes, &n, faults))
        continue;
      node = inion_json_parse_object (bytes, (gssize) n, MAX_JSON, &error);
      if (node != NULL)
        g_ptr_array_add (chain, node);
      else
        inion_edf_faults_add (faults, name, -1, name, "It is no JSON object (%s) and was passed over.",
                              error->message);
    }
  return chain;
}

static JsonNode *
find_key (GPtrArray  *chain,
          const char *key)
{
  for (guint i = 0; i < chain->len; i++)
    {
      JsonObject *object = json_node_get_object (chain->pdata[i]);

      if (json_object_has_member (object, key))
        return json_object_get_member (object, key);
    }
  return NULL;
}

/* (nullable): also of "n/a". */
const char *
_inion_bids_json_get_string (GPtrArray  *chain,
                             const char *key)
{
  JsonNode *node = find_key (chain, key);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                         && json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node) : NULL;

  return text != NULL && *text != '\0' && g_ascii_strcasecmp (text, "n/a") != 0 ? text : NULL;
}

gboolean
_inion_bids_json_get_number (GPtrArray  *chain,
                             const char *key,
                             double     *value)
{
  for (guint i = 0; i < chain->len; i++)
    if (json_object_has_member (json_node_get_object (chain->pdata[i]), key))
      return inion_json_get_double (json_node_get_object (chain->pdata[i]), key, value)
             && isfinite (*value);
  return FALSE;
}

void
_inion_bids_table_free (InionBidsTable *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->rows);
  g_array_unref (self->lines);
  g_free (self);
}

static GPtrArray *
split_row (const char *line,
           gsize       n,
           char        delimiter)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);
  const char *at = line;

  for (const char *c = line; c <= line + n && cells->len < MAX_COLUMNS; c++)
    if (c == line + n || *c == delimiter)
      {
        char *cell = g_strstrip (g_strndup (at, (gsize) (c - at)));

        if (*cell == '\0' || g_ascii_strcasecmp (cell, "n/a") == 0)
          g_clear_pointer (&cell, g_free);
        g_ptr_array_add (cells, cell);
        at = c + 1;
      }
  return cells;
}

/* Reads a table: tabs, or commas where the first row has no tab. */
InionBidsTable *
_inion_bids_table_parse (const char     *name,
                         const guint8   *bytes,
                         gsize           n,
                         InionEdfFaults *faults)
{
  InionBidsTable *self = g_new0 (InionBidsTable, 1);
  g_autofree guint8 *copy = NULL;
  g_autofree char *text = NULL;
  const char *at;
  char delimiter;
  guint oddities = 0;

  self->name = g_strdup (name);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint));
  if (n >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    {
      bytes += 3;
      n -= 3;
    }
  copy = g_malloc0 (n + 1);
  if (n > 0)
    memcpy (copy, bytes, n);
  for (gsize i = 0; i < n; i++)
    if (copy[i] == '\0')
      copy[i] = ' ';
  text = inion_edf_decode_dup (copy, n, &oddities);
  delimiter = memchr (text, '\t', strcspn (text, "\r\n")) == NULL
                  && memchr (text, ',', strcspn (text, "\r\n")) != NULL ? ',' : '\t';
  if (delimiter == ',')
    inion_edf_faults_add (faults, name, -1, name,
                          "Its columns are parted by commas, not by tabs; it was read all the same.");
  at = text;
  for (guint line = 1; *at != '\0'; line++)
    {
      gsize length = strcspn (at, "\r\n");
      GPtrArray *cells = length > 0 ? split_row (at, length, delimiter) : NULL;

      if (cells != NULL && self->columns->len == 0)
        {
          g_ptr_array_unref (self->columns);
          self->columns = cells;
        }
      else if (cells != NULL)
        {
          g_ptr_array_add (self->rows, cells);
          g_array_append_val (self->lines, line);
        }
      at += length;
      at += *at == '\r' && at[1] == '\n' ? 2 : *at != '\0' ? 1 : 0;
    }
  return self;
}

/* NULL with a fault. */
InionBidsTable *
_inion_bids_table_read (const char     *path,
                        InionEdfFaults *faults)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *bytes = NULL;
  gsize n = 0;

  if (!read_file (path, MAX_TABLE, &bytes, &n, faults))
    return NULL;
  return _inion_bids_table_parse (name, (const guint8 *) bytes, n, faults);
}

int
_inion_bids_table_find (const InionBidsTable *self,
                        const char           *column)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (g_strcmp0 (self->columns->pdata[i], column) == 0)
      return (int) i;
  return -1;
}

/* (nullable): also of a column that is not there. */
const char *
_inion_bids_table_get (const InionBidsTable *self,
                       guint                 row,
                       int                   column)
{
  GPtrArray *cells = self->rows->pdata[row];

  return column >= 0 && (guint) column < cells->len ? cells->pdata[column] : NULL;
}

gboolean
_inion_bids_table_get_number (const InionBidsTable *self,
                              guint                 row,
                              int                   column,
                              double               *value)
{
  const char *text = _inion_bids_table_get (self, row, column);
  char *end = NULL;

  if (text == NULL || strspn (text, "+-.0123456789eE") != strlen (text))
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*value);
}

guint
_inion_bids_table_get_line (const InionBidsTable *self,
                            guint                 row)
{
  return g_array_index (self->lines, guint, row);
}
