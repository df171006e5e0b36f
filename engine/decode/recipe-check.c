/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold between the keys of a recipe: ordered edges, distinct classes, a classifier that
 * can read its features. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/recipe-private.h"

#include "core/error.h"
#include "recording/channel.h"

#include <math.h>

#define MAX_HZ 100000.0
#define MAX_OFFSET_S 3600.0

/* The path of the recipe in its file stands before every message. */
static gboolean G_GNUC_PRINTF (3, 4)
fail (const char  *path,
      GError     **error,
      const char  *format,
      ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  return inion_set_error (error, INION_ERROR_INVALID, "%s%s%s", path, *path != '\0' ? "." : "",
                          text);
}

/* Index of the first string that stands earlier in the list too, or -1. */
static int
find_repeated (char **strings)
{
  for (int i = 1; strings != NULL && strings[0] != NULL && strings[i] != NULL; i++)
    for (int k = 0; k < i; k++)
      if (g_strcmp0 (strings[i], strings[k]) == 0)
        return i;
  return -1;
}

static gboolean
check_channels (const InionRecipeSpec  *spec,
                const char             *path,
                GError                **error)
{
  InionChannelKind kind;
  int i;

  for (i = 0; spec->kinds[i] != NULL; i++)
    if (!inion_channel_kind_from_string (spec->kinds[i], &kind))
      return fail (path, error, "channels.kinds[%d]: “%s” is no kind of channel (EEG, EOG, …).", i,
                   spec->kinds[i]);
  i = find_repeated (spec->kinds);
  if (i >= 0)
    return fail (path, error, "channels.kinds[%d]: “%s” stands there twice.", i, spec->kinds[i]);
  i = find_repeated (spec->only);
  if (i >= 0)
    return fail (path, error, "channels.only[%d]: “%s” stands there twice.", i, spec->only[i]);
  if (*spec->reference == '\0')
    return fail (path, error, "reference: the name is empty; “as-recorded” leaves the signal as "
                 "it is.");
  return TRUE;
}

static gboolean
check_edge (double       hz,
            const char  *key,
            const char  *path,
            GError     **error)
{
  if (isnan (hz) || (hz > 0 && hz <= MAX_HZ))
    return TRUE;
  return fail (path, error, "%s: %.10g Hz is out of range: a band edge is above 0 and at most "
               "%.0f Hz.", key, hz, MAX_HZ);
}

static gboolean
check_filter (const InionRecipeSpec  *spec,
              const char             *path,
              GError                **error)
{
  const double *band = spec->band_hz;
  double highest = isnan (band[1]) ? band[0] : band[1];

  if (!spec->has_filter)
    return TRUE;
  if (isnan (band[0]) && isnan (band[1]))
    return fail (path, error, "filter.band_hz: both sides are open, so nothing would be filtered; "
                 "set filter to null.");
  if (!check_edge (band[0], "filter.band_hz[0]", path, error) ||
      !check_edge (band[1], "filter.band_hz[1]", path, error))
    return FALSE;
  if (band[0] >= band[1])
    return fail (path, error, "filter.band_hz: the lower edge, %.10g Hz, is not below the upper, "
                 "%.10g Hz.", band[0], band[1]);
  if (spec->design == INION_DESIGN_BUTTERWORTH && spec->phase == INION_RECIPE_PHASE_MINIMUM)
    return fail (path, error, "filter.phase: “minimum” belongs to the design “fir”; a causal "
                 "Butterworth filter is “causal”.");
  if (highest >= spec->resample_hz / 2)
    return fail (path, error, "resample_hz: %.10g Hz cannot carry the filter's edge at %.10g Hz; "
                 "it takes more than %.10g Hz.", spec->resample_hz, highest, 2 * highest);
  return TRUE;
}

/* Both ends set, finite, in range and in order; unset as a whole if @may_be_unset. */
static gboolean
check_span (const double  span[2],
            gboolean      may_be_unset,
            const char   *key,
            const char   *path,
            GError      **error)
{
  if (may_be_unset && isnan (span[0]) && isnan (span[1]))
    return TRUE;
  if (isnan (span[0]) || isnan (span[1]))
    return fail (path, error, "%s: expected two numbers, [from, to].", key);
  for (guint i = 0; i < 2; i++)
    if (fabs (span[i]) > MAX_OFFSET_S)
      return fail (path, error, "%s[%u]: %.10g s is out of range −%.0f–%.0f s.", key, i, span[i],
                   MAX_OFFSET_S, MAX_OFFSET_S);
  if (span[0] >= span[1])
    return fail (path, error, "%s: the start, %.10g s, is not before the end, %.10g s.", key,
                 span[0], span[1]);
  return TRUE;
}

/* An event that stood for two classes would be an example of both. */
static gboolean
check_classes (const InionRecipeSpec  *spec,
               const char             *path,
               GError                **error)
{
  g_autoptr (GHashTable) owners = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < spec->n_classes; i++)
    {
      const InionClassDefinition *definition = &spec->classes[i];

      for (guint k = 0; definition->events[k] != NULL; k++)
        {
          const char *owner = g_hash_table_lookup (owners, definition->events[k]);

          if (*definition->events[k] == '\0')
            return fail (path, error, "examples.classes.%s[%u]: the text is empty.",
                         definition->name, k);
          if (owner != NULL)
            return fail (path, error, "examples.classes.%s[%u]: “%s” already stands for the class "
                         "“%s”.", definition->name, k, definition->events[k], owner);
          g_hash_table_insert (owners, definition->events[k], definition->name);
        }
    }
  return TRUE;
}

static gboolean
check_examples (const InionRecipeSpec  *spec,
                const char             *path,
                GError                **error)
{
  if (!check_classes (spec, path, error))
    return FALSE;
  if (spec->from == INION_EXAMPLES_EVENTS)
    return check_span (spec->window_s, FALSE, "examples.window_s", path, error) &&
           check_span (spec->baseline_s, TRUE, "examples.baseline_s", path, error);

  for (guint i = 0; spec->background != NULL; i++)
    {
      if (i == spec->n_classes)
        return fail (path, error, "examples.background: “%s” is none of the classes.",
                     spec->background);
      if (g_strcmp0 (spec->background, spec->classes[i].name) == 0)
        break;
    }
  return TRUE;
}

static gboolean
check_bands (const InionRecipeSpec  *spec,
             guint                   index,
             const char             *path,
             GError                **error)
{
  const InionRecipeFeature *feature = &spec->features[index];

  for (guint i = 0; i < feature->n_bands; i++)
    {
      const double *band = feature->bands_hz[i];
      g_autofree char *key = g_strdup_printf ("features[%u].bands_hz[%u]", index, i);

      if (!check_edge (band[0], key, path, error) || !check_edge (band[1], key, path, error))
        return FALSE;
      if (band[0] >= band[1])
        return fail (path, error, "%s: the lower edge, %.10g Hz, is not below the upper, "
                     "%.10g Hz.", key, band[0], band[1]);
      if (spec->has_filter && (band[0] >= spec->band_hz[1] || band[1] <= spec->band_hz[0]))
        return fail (path, error, "%s: %.10g–%.10g Hz lies outside of what filter.band_hz lets "
                     "through.", key, band[0], band[1]);
      if (band[1] > spec->resample_hz / 2)
        return fail (path, error, "%s: %.10g Hz is above half of resample_hz.", key, band[1]);
    }
  return TRUE;
}

static gboolean
check_features (const InionRecipeSpec  *spec,
                const char             *path,
                GError                **error)
{
  gboolean mdm = spec->classifier == INION_CLASSIFIER_MDM;

  if (mdm && (spec->n_features != 1 || spec->features[0].type != INION_FEATURE_COVARIANCE))
    return fail (path, error, "classifier.type: “mdm” measures distances between covariance "
                 "matrices; features must be [ { \"type\": \"covariance\" } ].");
  for (guint i = 0; i < spec->n_features; i++)
    {
      const InionRecipeFeature *feature = &spec->features[i];

      if (feature->type == INION_FEATURE_COVARIANCE && !mdm)
        return fail (path, error, "features[%u].type: only the classifier “mdm” reads "
                     "“covariance”; take “tangent_space” for “%s”.", i,
                     inion_classifier_type_to_string (spec->classifier));
      if (feature->type == INION_FEATURE_CSP && spec->n_classes == 2 &&
          feature->components % 2 != 0)
        return fail (path, error, "features[%u].components: %u is odd; for two classes "
                     "components come in pairs, one for each class.", i, feature->components);
      if (!check_bands (spec, i, path, error))
        return FALSE;
    }
  return TRUE;
}

/* @path: "" or where the recipe stands in another file. Every value has passed its own range. */
gboolean
_inion_recipe_spec_check (const InionRecipeSpec  *spec,
                          const char             *path,
                          GError                **error)
{
  return check_channels (spec, path, error) &&
         check_filter (spec, path, error) &&
         check_examples (spec, path, error) &&
         check_features (spec, path, error);
}
