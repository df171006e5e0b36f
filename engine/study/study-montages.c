/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The montages that people wrote for a recording: the setting "montages" of its study, a JSON array
 * of objects with "name" and "text". */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "study/study-montages.h"

#include "core/json-member.h"
#include "core/json-parse.h"
#include "core/json-text.h"
#include "study/study-store.h"

#include <string.h>

#define MAX_BYTES (4 * 1024 * 1024)

/**
 * inion_own_montage_free:
 * @self: (nullable): a montage
 *
 * Frees it.
 */
void
inion_own_montage_free (InionOwnMontage *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->text);
  g_free (self);
}

/* What is not readable is as if it were not there. */
static GPtrArray *
montages_from_json (const char *json)
{
  GPtrArray *montages = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_own_montage_free);
  g_autoptr (JsonNode) root = json != NULL ? inion_json_parse_object (json, -1, MAX_BYTES, NULL)
                                           : NULL;
  JsonArray *array = root != NULL ? inion_json_get_array (json_node_get_object (root), "montages")
                                  : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = object != NULL ? inion_json_get_string (object, "name") : NULL;
      const char *text = object != NULL ? inion_json_get_string (object, "text") : NULL;
      InionOwnMontage *montage;

      if (name == NULL || *name == '\0' || text == NULL)
        continue;
      montage = g_new0 (InionOwnMontage, 1);
      montage->name = g_strdup (name);
      montage->text = g_strdup (text);
      g_ptr_array_add (montages, montage);
    }
  return montages;
}

static char *
montages_to_json (GPtrArray *montages)
{
  InionJsonText *json = inion_json_text_new ();

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  inion_json_text_key (json, "montages");
  inion_json_text_begin_array (json, INION_JSON_BLOCK);
  for (guint i = 0; i < montages->len; i++)
    {
      const InionOwnMontage *montage = montages->pdata[i];

      inion_json_text_begin_object (json, INION_JSON_INLINE);
      inion_json_text_key (json, "name");
      inion_json_text_string (json, montage->name);
      inion_json_text_key (json, "text");
      inion_json_text_string (json, montage->text);
      inion_json_text_end_object (json);
    }
  inion_json_text_end_array (json);
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}

static char *
dup_text (GPtrArray  *montages,
          const char *name)
{
  for (guint i = 0; i < montages->len; i++)
    {
      const InionOwnMontage *montage = montages->pdata[i];

      if (g_str_equal (montage->name, name))
        return g_strdup (montage->text);
    }
  return NULL;
}

/**
 * inion_study_list_montages:
 * @self: a study
 *
 * Returns: (transfer full) (element-type InionOwnMontage): the montages that people wrote, in their
 *   order
 */
GPtrArray *
inion_study_list_montages (InionStudy *self)
{
  return montages_from_json (inion_study_get_setting (self, INION_STUDY_MONTAGES));
}

/**
 * inion_study_dup_montage:
 * @self: a study
 * @name: what a montage is called
 *
 * Returns: (transfer full) (nullable): its text; %NULL if the study has none of that name
 */
char *
inion_study_dup_montage (InionStudy *self,
                         const char *name)
{
  g_autoptr (GPtrArray) montages = inion_study_list_montages (self);

  return dup_text (montages, name);
}

/**
 * inion_study_set_montage:
 * @self: a study
 * @name: what the montage is called
 * @text: (nullable): the montage, see scalp/montage-script.h; %NULL: it is removed
 * @title: of the step of undo
 *
 * Adds, changes or removes a montage, as an undoable edit.
 */
void
inion_study_set_montage (InionStudy *self,
                         const char *name,
                         const char *text,
                         const char *title)
{
  g_autoptr (GPtrArray) montages = inion_study_list_montages (self);
  g_autofree char *json = NULL;
  gboolean found = FALSE;

  for (guint i = montages->len; i-- > 0;)
    {
      InionOwnMontage *montage = montages->pdata[i];

      if (!g_str_equal (montage->name, name))
        continue;
      found = TRUE;
      if (g_strcmp0 (montage->text, text) == 0)
        return;
      if (text == NULL)
        {
          g_ptr_array_remove_index (montages, i);
          continue;
        }
      g_free (montage->text);
      montage->text = g_strdup (text);
    }
  if (!found && text != NULL)
    {
      InionOwnMontage *montage = g_new0 (InionOwnMontage, 1);

      montage->name = g_strdup (name);
      montage->text = g_strdup (text);
      g_ptr_array_add (montages, montage);
    }
  else if (!found)
    {
      return;
    }
  json = montages_to_json (montages);
  inion_study_set_setting (self, INION_STUDY_MONTAGES, json, title);
}

/**
 * inion_study_read_montage:
 * @recording_path: a recording's file
 * @name: what a montage is called
 * @error: return location
 *
 * Looks for a montage in the study of a recording, which is left as it is. May be called on any
 * thread.
 *
 * Returns: (transfer full) (nullable): its text; %NULL without @error if there is none, with @error
 *   if there is a study and it cannot be read
 */
char *
inion_study_read_montage (const char  *recording_path,
                          const char  *name,
                          GError     **error)
{
  g_autofree char *path = inion_study_find_for_recording (recording_path);
  g_auto (InionStudyContents) contents = { 0 };
  g_autoptr (InionStudyStore) store = NULL;
  g_autoptr (GPtrArray) montages = NULL;

  if (path == NULL)
    return NULL;
  store = _inion_study_store_open (path, FALSE, error);
  if (store == NULL || !_inion_study_store_load (store, &contents, error))
    return NULL;
  montages = montages_from_json (g_hash_table_lookup (contents.settings, INION_STUDY_MONTAGES));
  return dup_text (montages, name);
}
