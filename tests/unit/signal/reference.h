/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays that other programs computed: "name count", then the values, one a line. */

#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  gsize n;
  double *at;
} Reference;

static inline void
reference_free (gpointer data)
{
  Reference *self = data;

  g_free (self->at);
  g_free (self);
}

/* (element-type utf8 Reference) (transfer full) */
static inline GHashTable *
reference_load (const char *name)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, reference_free);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *at;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  for (at = text; *at != '\0';)
    {
      const char *space = strchr (at, ' ');
      Reference *reference = g_new0 (Reference, 1);
      char *end;

      g_assert_nonnull (space);
      reference->n = g_ascii_strtoull (space, &end, 10);
      reference->at = g_new (double, reference->n);
      for (gsize i = 0; i < reference->n; i++)
        reference->at[i] = g_ascii_strtod (end, &end);
      g_hash_table_insert (all, g_strndup (at, space - at), reference);
      at = end + 1;
    }
  return all;
}

static inline const Reference *
reference_get (GHashTable *all,
               const char *name)
{
  const Reference *reference = g_hash_table_lookup (all, name);

  if (reference == NULL)
    g_error ("There is no reference %s", name);
  return reference;
}

/* The largest difference, as a fraction of the reference's largest magnitude. */
static inline double
relative_difference (const double *x,
                     const double *reference,
                     gsize         n)
{
  double largest = 0, difference = 0;

  for (gsize i = 0; i < n; i++)
    {
      largest = MAX (largest, fabs (reference[i]));
      if (!(fabs (x[i] - reference[i]) <= difference))
        difference = fabs (x[i] - reference[i]);
    }
  return difference / largest;
}

static inline void
assert_near (const double    *x,
             const Reference *reference,
             double           tolerance)
{
  double difference = relative_difference (x, reference->at, reference->n);

  if (!(difference <= tolerance))
    g_error ("Off by %g of the largest value; %g is allowed", difference, tolerance);
}
