/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes and models follow channels that get other names.
 *
 * The recipe of the study is a setting: it is changed in the step that renames. A kept model is
 * never changed. With it is kept what the channels were called then; when it is asked for, it names
 * the channels as they are called now. So a model goes on working after a renaming, after its undo,
 * and after two channels changed their names with each other. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "core/json-member.h"
#include "core/json-parse.h"
#include "core/json-text.h"
#include "decode/channel-map.h"
#include "decode/recipe.h"
#include "study/study-private.h"

#include <string.h>

/* Of a model's number: what the channels were called when it was kept. */
#define VIEW_PREFIX "model-channels:"

/* Before what a name means, so that it is no name itself. */
#define MEANING "\001"

/* (transfer full): old → new, to be filled by _inion_study_names_add(). */
GHashTable *
_inion_study_names_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
_inion_study_names_add (GHashTable *renamed,
                        const char *old,
                        const char *new)
{
  g_autofree char *key = inion_channel_key (old);

  if (strcmp (old, new) == 0)
    return;
  g_hash_table_insert (renamed, g_strdup (old), g_strdup (new));
  g_hash_table_insert (renamed, g_strconcat (MEANING, key, NULL), g_strdup (new));
}

static const char *
find (GHashTable *renamed,
      const char *name,
      gboolean    loose)
{
  const char *new = g_hash_table_lookup (renamed, name);
  g_autofree char *key = NULL;
  g_autofree char *meaning = NULL;

  if (new != NULL || !loose)
    return new;
  key = inion_channel_key (name);
  meaning = g_strconcat (MEANING, key, NULL);
  return g_hash_table_lookup (renamed, meaning);
}

/* (nullable): as the channel is called now; of a difference "Fp1-F7" both sides. loose: however it
 * is spelled, as recipes and models find their channels. */
char *
_inion_study_names_rename (GHashTable *renamed,
                           const char *name,
                           gboolean    loose)
{
  const char *new = find (renamed, name, loose);
  const char *dash = strchr (name, '-');
  g_autofree char *first = NULL;
  const char *one, *two;

  if (new != NULL || dash == NULL)
    return g_strdup (new);
  first = g_strndup (name, (gsize) (dash - name));
  one = find (renamed, first, loose);
  two = find (renamed, dash + 1, loose);
  if (one == NULL && two == NULL)
    return NULL;
  return g_strconcat (one != NULL ? one : first, "-", two != NULL ? two : dash + 1, NULL);
}

static gboolean
rename_member (GHashTable *renamed,
               JsonObject *object,
               const char *name)
{
  const char *old = inion_json_get_string (object, name);
  g_autofree char *new = old != NULL ? _inion_study_names_rename (renamed, old, TRUE) : NULL;

  if (new != NULL)
    json_object_set_string_member (object, name, new);
  return new != NULL;
}

static gboolean
rename_array (GHashTable *renamed,
              JsonObject *object,
              const char *name)
{
  JsonArray *array = inion_json_get_array (object, name);
  g_auto (GStrv) labels = array != NULL ? inion_json_dup_strings (array) : NULL;
  g_autoptr (JsonArray) result = NULL;
  gboolean changed = FALSE;

  if (labels == NULL)
    return FALSE;
  result = json_array_new ();
  for (guint i = 0; labels[i] != NULL; i++)
    {
      g_autofree char *new = _inion_study_names_rename (renamed, labels[i], TRUE);

      changed |= new != NULL;
      json_array_add_string_element (result, new != NULL ? new : labels[i]);
    }
  if (changed)
    json_object_set_array_member (object, name, g_steal_pointer (&result));
  return changed;
}

static gboolean
rename_in_recipe (GHashTable *renamed,
                  JsonObject *recipe)
{
  JsonObject *channels = inion_json_get_object (recipe, "channels");
  gboolean changed = rename_member (renamed, recipe, "reference");

  return (channels != NULL && rename_array (renamed, channels, "only")) || changed;
}

static void
write_node (InionJsonText *text,
            JsonNode      *node);

static void
write_object (InionJsonText *text,
              JsonObject    *object)
{
  g_autoptr (GList) names = json_object_get_members (object);

  inion_json_text_begin_object (text, INION_JSON_INLINE);
  for (GList *l = names; l != NULL; l = l->next)
    {
      inion_json_text_key (text, l->data);
      write_node (text, json_object_get_member (object, l->data));
    }
  inion_json_text_end_object (text);
}

static void
write_value (InionJsonText *text,
             JsonNode      *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    inion_json_text_string (text, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    inion_json_text_boolean (text, json_node_get_boolean (node));
  else if (type == G_TYPE_INT64 && json_node_get_int (node) >= 0)
    inion_json_text_uint (text, (guint64) json_node_get_int (node));
  else
    inion_json_text_double (text, json_node_get_double (node));
}

static void
write_node (InionJsonText *text,
            JsonNode      *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      write_object (text, json_node_get_object (node));
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      inion_json_text_begin_array (text, INION_JSON_INLINE);
      for (guint i = 0; i < json_array_get_length (array); i++)
        write_node (text, json_array_get_element (array, i));
      inion_json_text_end_array (text);
    }
  else if (JSON_NODE_HOLDS_NULL (node))
    {
      inion_json_text_null (text);
    }
  else
    {
      write_value (text, node);
    }
}

/* The generator of json-glib writes 1e-300 as "1e-300.0", which nothing reads. */
static char *
to_text (JsonNode *root)
{
  InionJsonText *text = inion_json_text_new ();

  write_node (text, root);
  return inion_json_text_finish (text);
}

/* (nullable): a recipe with the names of now, in its canonical text; NULL if it names none of these,
 * or is no recipe. */
char *
_inion_study_names_rename_recipe (GHashTable *renamed,
                                  const char *json)
{
  g_autoptr (JsonNode) root =
    json != NULL ? inion_json_parse_object (json, -1, G_MAXSIZE, NULL) : NULL;
  g_autoptr (InionRecipe) recipe = NULL;
  g_autofree char *text = NULL;

  if (root == NULL || !rename_in_recipe (renamed, json_node_get_object (root)))
    return NULL;
  text = to_text (root);
  recipe = inion_recipe_new_from_json (text, -1, NULL);
  return recipe != NULL ? inion_recipe_to_json (recipe) : NULL;
}

/* What an edited channel is called, and what its file calls it. */
static gboolean
read_names (JsonObject  *channel,
            const char **label,
            const char **file)
{
  *file = inion_json_get_string (channel, "file_label");
  if (*file == NULL)
    *file = inion_json_get_string (channel, "raw_label");
  *label = inion_json_get_string (channel, "label");
  if (*label == NULL)
    *label = *file;
  return *file != NULL;
}

/* The edited channels as one object: {"1": {"label": …, "file_label": …}}. */
static JsonNode *
list_channels (InionStudy *self)
{
  JsonNode *root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autoptr (JsonNode) row = NULL;

      if (!g_str_has_prefix (key, INION_STUDY_CHANNEL_PREFIX))
        continue;
      row = inion_json_parse_object (value, -1, G_MAXSIZE, NULL);
      if (row != NULL)
        json_object_set_member (object, (const char *) key + strlen (INION_STUDY_CHANNEL_PREFIX),
                                g_steal_pointer (&row));
    }
  json_node_set_object (root, object);
  return root;
}

/* Keeps what the channels are called beside a model that is kept now. */
void
_inion_study_names_keep (InionStudy *self,
                         gint64      id)
{
  g_autoptr (JsonNode) channels = list_channels (self);
  g_autofree char *key = g_strdup_printf (VIEW_PREFIX "%" G_GINT64_FORMAT, id);
  g_autofree char *text = NULL;

  if (json_object_get_size (json_node_get_object (channels)) == 0)
    return;
  text = to_text (channels);
  inion_study_set_view (self, key, text);
}

/* Of the channels that were edited then or are now: what each was called then → is called now. */
static void
compare (GHashTable *renamed,
         JsonObject *then,
         JsonObject *now)
{
  JsonObject *both[] = { then, now };

  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autoptr (GList) members = both[i] != NULL ? json_object_get_members (both[i]) : NULL;

      for (GList *l = members; l != NULL; l = l->next)
        {
          JsonObject *old = then != NULL ? inion_json_get_object (then, l->data) : NULL;
          JsonObject *new = inion_json_get_object (now, l->data);
          const char *before = NULL, *after = NULL, *file = NULL, *file_too = NULL;

          if ((old == NULL || read_names (old, &before, &file)) &&
              (new == NULL || read_names (new, &after, &file_too)))
            _inion_study_names_add (renamed, before != NULL ? before : file_too,
                                    after != NULL ? after : file);
        }
    }
}

/* Gives a copy of a kept model the names that its channels have now. */
void
_inion_study_names_update_model (InionStudy     *self,
                                 InionStudyItem *item)
{
  g_autofree char *key = g_strdup_printf (VIEW_PREFIX "%" G_GINT64_FORMAT, item->id);
  const char *kept = inion_study_get_view (self, key);
  g_autoptr (JsonNode) now = list_channels (self);
  g_autoptr (JsonNode) then =
    kept != NULL ? inion_json_parse_object (kept, -1, G_MAXSIZE, NULL) : NULL;
  g_autoptr (GHashTable) renamed = _inion_study_names_new ();
  g_autoptr (JsonNode) root = NULL;
  JsonObject *model, *recipe;
  gboolean changed;

  compare (renamed, then != NULL ? json_node_get_object (then) : NULL,
           json_node_get_object (now));
  if (g_hash_table_size (renamed) == 0)
    return;
  root = inion_json_parse_object (item->json, -1, G_MAXSIZE, NULL);
  if (root == NULL)
    return;
  model = json_node_get_object (root);
  recipe = inion_json_get_object (model, "recipe");
  changed = rename_array (renamed, model, "channels");
  changed |= recipe != NULL && rename_in_recipe (renamed, recipe);
  if (!changed)
    return;
  g_free (item->json);
  item->json = to_text (root);
}
