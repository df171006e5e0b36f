/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Degree and strength of the nodes of a thresholded network. */

#define G_LOG_DOMAIN "inion-network"

#include "config.h"

#include "network/connectivity.h"

#include <math.h>
#include <string.h>

/* Counts (or sums) the edges of each node; NaN is no edge. */
static void
visit_edges (const double *matrix,
             gsize         n,
             double        threshold,
             gboolean      weighted,
             double       *out)
{
  memset (out, 0, n * sizeof *out);
  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = 0; j < n; j++)
        {
          double value = fabs (matrix[i * n + j]);

          if (i != j && value >= threshold)
            out[i] += weighted ? value : 1;
        }
    }
}

/**
 * inion_graph_degree:
 * @matrix: [@n × @n], symmetric or antisymmetric; the diagonal is not looked at
 * @n: number of nodes
 * @threshold: pairs with |value| ≥ @threshold are edges, so that 0 joins all
 * @degree: (out caller-allocates) (array length=n): number of edges of each node
 *
 * Counts the edges at each node.
 */
void
inion_graph_degree (const double *matrix,
                    gsize         n,
                    double        threshold,
                    double       *degree)
{
  visit_edges (matrix, n, threshold, FALSE, degree);
}

/**
 * inion_graph_strength:
 * @matrix: [@n × @n], symmetric or antisymmetric; the diagonal is not looked at
 * @n: number of nodes
 * @threshold: pairs with |value| ≥ @threshold are edges
 * @strength: (out caller-allocates) (array length=n): sum of |value| over the edges of each node
 *
 * Sums the edges at each node.
 */
void
inion_graph_strength (const double *matrix,
                      gsize         n,
                      double        threshold,
                      double       *strength)
{
  visit_edges (matrix, n, threshold, TRUE, strength);
}
