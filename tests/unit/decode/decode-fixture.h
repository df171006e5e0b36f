/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference numbers (tests/reference/decode.json) and the generator of their data. */

#pragma once

#include <json-glib/json-glib.h>
#include <math.h>

static inline JsonObject *
decode_fixture_open (JsonParser **parser,
                     const char  *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", name, NULL);
  GError *error = NULL;

  *parser = json_parser_new ();
  json_parser_load_from_file (*parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (*parser));
}

/* A list, or a list of lists, of n numbers in all. */
static inline double *
decode_fixture_numbers (JsonObject *object,
                        const char *member,
                        gsize       n)
{
  JsonArray *array = json_object_get_array_member (object, member);
  double *out = g_new0 (double, n);
  gsize k = 0;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_ARRAY (node))
        {
          JsonArray *row = json_node_get_array (node);

          for (guint j = 0; j < json_array_get_length (row); j++)
            {
              g_assert_cmpuint (k, <, n);
              out[k++] = json_array_get_double_element (row, j);
            }
        }
      else
        {
          g_assert_cmpuint (k, <, n);
          out[k++] = json_node_get_double (node);
        }
    }
  g_assert_cmpuint (k, ==, n);
  return out;
}

static inline double
lcg_uniform (guint32 *state)
{
  *state = 1664525u * *state + 1013904223u;
  return *state / 4294967296.0;
}

static inline double
lcg_normal (guint32 *state)
{
  double u = lcg_uniform (state);
  double v = lcg_uniform (state);

  return sqrt (-2.0 * log (u + 1e-12)) * cos (2.0 * G_PI * v);
}

/* 200 observations of 8 correlated features. */
static inline double *
lcg_observations (void)
{
  double *x = g_new0 (double, 200 * 8);
  guint32 state = 1;

  for (guint i = 0; i < 200; i++)
    {
      double z[8];

      for (guint j = 0; j < 8; j++)
        z[j] = lcg_normal (&state);
      for (guint j = 0; j < 8; j++)
        {
          for (guint k = 0; k < 8; k++)
            x[i * 8 + j] += z[k] * ((k == j ? 1.0 : 0.0) + (j <= k ? 0.3 : 0.0));
        }
    }
  return x;
}

/* The same, the second hundred raised by one half. */
static inline double *
lcg_two_classes (guint *labels)
{
  double *x = lcg_observations ();

  for (guint i = 0; i < 200; i++)
    {
      labels[i] = i >= 100;
      for (guint j = 0; j < 8; j++)
        x[i * 8 + j] += i >= 100 ? 0.5 : 0.0;
    }
  return x;
}

static inline double *
lcg_three_classes (guint *labels)
{
  double *x = lcg_observations ();

  for (guint i = 0; i < 200; i++)
    {
      labels[i] = i % 3;
      for (guint j = 0; j < 2; j++)
        x[i * 8 + j] += labels[i] == 1 ? 0.7 : 0.0;
      for (guint j = 2; j < 5; j++)
        x[i * 8 + j] -= labels[i] == 2 ? 0.4 : 0.0;
    }
  return x;
}

/* 20 trials of 6 channels and 50 samples; odd ones are class 1. */
static inline double *
lcg_trials (guint *labels)
{
  double *x = g_new0 (double, 20 * 6 * 50);
  double *z = g_new (double, 20 * 6 * 50);
  guint32 state = 7;

  for (guint i = 0; i < 20 * 6 * 50; i++)
    {
      guint trial = i / 300, channel = i / 50 % 6;

      z[i] = lcg_normal (&state);
      z[i] *= trial % 2 == 1 && channel == 1 ? 2.0 : 1.0;
      z[i] *= trial % 2 == 0 && channel == 4 ? 1.5 : 1.0;
    }
  for (guint n = 0; n < 20; n++)
    {
      labels[n] = n % 2;
      for (guint i = 0; i < 6; i++)
        {
          for (guint j = 0; j <= i; j++)
            {
              for (guint t = 0; t < 50; t++)
                x[n * 300 + i * 50 + t] += ((i == j ? 1.0 : 0.0) + 0.4) * z[n * 300 + j * 50 + t];
            }
        }
    }
  g_free (z);
  return x;
}

static inline void
assert_close (const double *a,
              const double *b,
              gsize         n,
              double        tolerance)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!(fabs (a[i] - b[i]) <= tolerance))
        g_error ("number %" G_GSIZE_FORMAT ": %.17g is not %.17g within %g", i, a[i], b[i],
                 tolerance);
    }
}
