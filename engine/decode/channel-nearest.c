/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels that a recipe asks for in vain, and what is there instead.
 *
 * For the name of an electrode the nearest are those that sat nearest on the head: who asks for FCz
 * and has Fz and Cz wants these. For anything else they are those that are spelled most alike, by
 * the number of letters to add, drop or change (Levenshtein 1966). */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/channel-nearest.h"

#include "core/error.h"
#include "decode/channel-map.h"
#include "scalp/electrode.h"

#include <math.h>
#include <string.h>

#define N_NAMED 3    /* neighbours of one label */
#define MOST_MISSING 8
#define LONGEST 64 /* letters that are compared */

typedef struct
{
  const char *label;
  double distance;
  guint index;
} Candidate;

static int
compare_candidates (gconstpointer a,
                    gconstpointer b)
{
  const Candidate *x = a, *y = b;

  if (x->distance != y->distance)
    return x->distance < y->distance ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

static guint
edit_distance (const char *a,
               const char *b)
{
  guint n_a = (guint) MIN (strlen (a), LONGEST), n_b = (guint) MIN (strlen (b), LONGEST);
  guint row[LONGEST + 1];

  for (guint j = 0; j <= n_b; j++)
    row[j] = j;
  for (guint i = 1; i <= n_a; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (guint j = 1; j <= n_b; j++)
        {
          guint change = diagonal + (a[i - 1] != b[j - 1]);

          diagonal = row[j];
          row[j] = MIN (change, MIN (row[j], row[j - 1]) + 1);
        }
    }
  return row[n_b];
}

/* Infinite where the places are not known. */
static double
place_distance (const char *a,
                const char *b)
{
  InionPosition p, q;

  if (!inion_electrode_get_position (a, &p) || !inion_electrode_get_position (b, &q))
    return INFINITY;
  return hypot (hypot (p.x - q.x, p.y - q.y), p.z - q.z);
}

static double
spelling_distance (const char *a,
                   const char *b)
{
  g_autofree char *x = g_utf8_casefold (a, -1);
  g_autofree char *y = g_utf8_casefold (b, -1);

  return edit_distance (x, y);
}

/* The nearest by one measure; those without a distance are left out. */
static GArray *
sort_candidates (const char *key,
                 GPtrArray  *there,
                 double    (*measure) (const char *a, const char *b))
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; i < there->len; i++)
    {
      Candidate candidate = { .label = g_ptr_array_index (there, i), .index = i };
      g_autofree char *other = inion_channel_key (candidate.label);

      candidate.distance = measure (key, other);
      if (isfinite (candidate.distance))
        g_array_append_val (found, candidate);
    }
  g_array_sort (found, compare_candidates);
  return found;
}

static char *
describe_missing (const char *label,
                  GPtrArray  *there)
{
  g_autofree char *key = inion_channel_key (label);
  g_autoptr (GArray) found = sort_candidates (key, there, place_distance);
  g_autoptr (GString) text = g_string_new (NULL);

  if (found->len == 0)
    {
      g_array_unref (found);
      found = sort_candidates (key, there, spelling_distance);
    }
  g_string_printf (text, "“%s”", label);
  for (guint i = 0; i < MIN (found->len, N_NAMED); i++)
    g_string_append_printf (text, "%s%s", i == 0 ? " (nearest there: " : ", ",
                            g_array_index (found, Candidate, i).label);
  if (found->len > 0)
    g_string_append_c (text, ')');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_there (GPtrArray  *there,
          const char *label)
{
  g_autofree char *key = inion_channel_key (label);

  for (guint i = 0; i < there->len; i++)
    {
      g_autofree char *other = inion_channel_key (g_ptr_array_index (there, i));

      if (strcmp (other, key) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
_inion_channel_check_only (const InionRecipeSpec  *spec,
                           InionRecording         *recording,
                           GPtrArray              *there,
                           GError                **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; spec->only != NULL && spec->only[i] != NULL; i++)
    {
      g_autofree char *missing = NULL;

      if (is_there (there, spec->only[i]) || inion_channel_find (recording, spec->only[i]) >= 0 ||
          n++ >= MOST_MISSING)
        continue;
      missing = describe_missing (spec->only[i], there);
      g_string_append_printf (text, "%s%s", n > 1 ? ", " : "", missing);
    }
  if (n > MOST_MISSING)
    g_string_append_printf (text, " and %u more", n - MOST_MISSING);
  return n == 0 ||
         inion_set_error (error, INION_ERROR_NOT_FOUND,
                          "The recipe asks for %s not there: %s. Correct “channels.only” in the "
                          "recipe.", n == 1 ? "a channel that is" : "channels that are", text->str);
}
