/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe: what is done to the signal and how a decision is made from it. Data, nothing else.
 *
 * There is one way to be valid: to be read from JSON. A recipe made from a structure is written as
 * its canonical text and read back, so that the window, the command line and a file meet the same
 * checks and the same messages. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/recipe.h"

#include "core/error.h"
#include "core/json-parse.h"
#include "decode/recipe-private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#define MAX_BYTES ((gsize) 1 << 20)

struct _InionRecipe
{
  GObject parent_instance;

  InionRecipeSpec *spec;
};

G_DEFINE_FINAL_TYPE (InionRecipe, inion_recipe, G_TYPE_OBJECT)

/* Reads at most one byte more than a recipe may have, from anything that can be opened. */
static GByteArray *
read_bounded (const char  *path,
              GError     **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  guint8 buffer[4096];
  gssize n = -1;

  if (fd < 0)
    {
      inion_set_error_errno (error, errno, "Could not open", path);
      return NULL;
    }
  while (bytes->len <= MAX_BYTES && (n = read (fd, buffer, sizeof buffer)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        break;
      g_byte_array_append (bytes, buffer, (guint) n);
    }
  if (n < 0)
    inion_set_error_errno (error, errno, "Could not read", path);
  close (fd);
  return n < 0 ? NULL : g_steal_pointer (&bytes);
}

static void
inion_recipe_finalize (GObject *object)
{
  InionRecipe *self = INION_RECIPE (object);

  g_clear_pointer (&self->spec, inion_recipe_spec_free);
  G_OBJECT_CLASS (inion_recipe_parent_class)->finalize (object);
}

static void
inion_recipe_class_init (InionRecipeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_recipe_finalize;
}

static void
inion_recipe_init (InionRecipe *self)
{
}

/* A recipe that stands in another file, such as a model or a result. */
InionRecipe *
_inion_recipe_new_from_object (JsonObject  *object,
                               const char  *path,
                               GError     **error)
{
  g_autoptr (InionRecipeSpec) spec = _inion_recipe_spec_from_json (object, path, error);
  InionRecipe *self;

  if (spec == NULL)
    return NULL;
  self = g_object_new (INION_TYPE_RECIPE, NULL);
  self->spec = g_steal_pointer (&spec);
  return self;
}

/* Writes the recipe as the next value of another file's text. */
void
_inion_recipe_write (InionRecipe   *self,
                     InionJsonText *text)
{
  _inion_recipe_spec_write (self->spec, text);
}

/**
 * inion_recipe_new_from_json:
 * @json: (array length=length): the text, at most 1 MiB
 * @length: its length in bytes, or -1 if it ends with a nul
 * @error: return location: %INION_ERROR_FORMAT for what is no JSON, %INION_ERROR_INVALID for an
 *   unknown key or a value out of range, %INION_ERROR_UNSUPPORTED for what the format knows but
 *   this version does not offer, %INION_ERROR_TOO_LARGE
 *
 * Reads a recipe. The message of an error names the key by its dotted path.
 *
 * Returns: (transfer full) (nullable): the recipe
 */
InionRecipe *
inion_recipe_new_from_json (const char  *json,
                            gssize       length,
                            GError     **error)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  root = inion_json_parse_object (json, length, MAX_BYTES, error);
  if (root == NULL)
    return NULL;
  return _inion_recipe_new_from_object (json_node_get_object (root), "", error);
}

/**
 * inion_recipe_new_from_file:
 * @path: a file
 * @error: return location: %INION_ERROR_IO, or as for inion_recipe_new_from_json()
 *
 * Reads a recipe from a file.
 *
 * Returns: (transfer full) (nullable): the recipe
 */
InionRecipe *
inion_recipe_new_from_file (const char  *path,
                            GError     **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *name = NULL;
  InionRecipe *self;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = read_bounded (path, error);
  if (bytes == NULL)
    return NULL;
  self = inion_recipe_new_from_json (bytes->data != NULL ? (const char *) bytes->data : "",
                                     bytes->len, error);
  if (self == NULL)
    {
      name = g_filename_display_name (path);
      g_prefix_error (error, "Recipe “%s”: ", name);
    }
  return self;
}

/**
 * inion_recipe_new_from_spec:
 * @spec: what the recipe is to say; copied
 * @error: return location: as for inion_recipe_new_from_json()
 *
 * Makes a recipe from a structure. What has no meaning for the chosen types (the folds of a scheme
 * without folds, the order of an FIR filter) is dropped and takes its default.
 *
 * Returns: (transfer full) (nullable): the recipe
 */
InionRecipe *
inion_recipe_new_from_spec (const InionRecipeSpec  *spec,
                            GError                **error)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();
  g_autofree char *json = NULL;

  g_return_val_if_fail (spec != NULL, NULL);

  _inion_recipe_spec_write (spec, text);
  json = inion_json_text_finish (g_steal_pointer (&text));
  return inion_recipe_new_from_json (json, -1, error);
}

/**
 * inion_recipe_new_default:
 *
 * Returns: (transfer full): left or right hand from T1 and T2: 8–30 Hz, six CSP components, LDA
 */
InionRecipe *
inion_recipe_new_default (void)
{
  static const char json[] =
    "{ \"inion_recipe\": 1, \"name\": \"left or right hand\","
    "  \"filter\": { \"band_hz\": [8, 30] },"
    "  \"examples\": { \"classes\": { \"left\": [\"T1\"], \"right\": [\"T2\"] },"
    "                  \"window_s\": [0.5, 3.5] },"
    "  \"features\": [ { \"type\": \"csp\" } ],"
    "  \"validation\": { \"scheme\": \"leave-one-recording-out\" } }";
  g_autoptr (GError) error = NULL;
  InionRecipe *self = inion_recipe_new_from_json (json, -1, &error);

  g_assert_no_error (error);
  return self;
}

/**
 * inion_recipe_to_json:
 * @self: a recipe
 *
 * Writes the canonical text: every key that has a meaning, in the order and layout of the
 * specification's example, numbers in their shortest form. Reading it gives an equal recipe, and
 * that one the same bytes.
 *
 * Returns: (transfer full): the text, with a line break at its end
 */
char *
inion_recipe_to_json (InionRecipe *self)
{
  g_autoptr (InionJsonText) text = inion_json_text_new ();

  g_return_val_if_fail (INION_IS_RECIPE (self), NULL);

  _inion_recipe_write (self, text);
  return inion_json_text_finish (g_steal_pointer (&text));
}

/**
 * inion_recipe_get_spec:
 * @self: a recipe
 *
 * Returns: (transfer none): everything it says
 */
const InionRecipeSpec *
inion_recipe_get_spec (InionRecipe *self)
{
  g_return_val_if_fail (INION_IS_RECIPE (self), NULL);

  return self->spec;
}

/**
 * inion_recipe_get_name:
 * @self: a recipe
 *
 * Returns: (transfer none): its name, for a person
 */
const char *
inion_recipe_get_name (InionRecipe *self)
{
  g_return_val_if_fail (INION_IS_RECIPE (self), NULL);

  return self->spec->name;
}

/**
 * inion_recipe_is_causal:
 * @self: a recipe
 * @why_not: (out) (optional) (transfer full): the key that needs the future, and what to do
 *
 * Whether the recipe can run on a live stream: a decision may depend on no sample after its
 * window's end.
 *
 * Returns: %TRUE if nothing in it needs the future
 */
gboolean
inion_recipe_is_causal (InionRecipe  *self,
                        char        **why_not)
{
  const InionRecipeSpec *spec;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (INION_IS_RECIPE (self), FALSE);

  spec = self->spec;
  if (spec->has_filter && spec->phase == INION_RECIPE_PHASE_ZERO)
    reason = g_strdup_printf ("Its filter looks at samples on both sides of each moment, and a stream "
                              "has none from the future. Train it with a causal%s filter to run "
                              "live (in the recipe: “filter.phase”).",
                              spec->design == INION_DESIGN_FIR ? " or minimum-phase" : "");
  else if (spec->baseline_s[1] > spec->window_s[1])
    reason = g_strdup ("The baseline ends after the window that it is for, and a stream has no samples "
                       "from the future. Let it end within the window (in the recipe: "
                       "“examples.baseline_s”).");
  if (why_not != NULL)
    *why_not = g_strdup (reason);
  return reason == NULL;
}
