/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Common spatial patterns: directions in which one class has much more power than the others.
 *
 * Two classes (Koles 1991; Blankertz et al. 2008): C₁w = λ (C₁ + C₂) w. λ is the share of the first
 * class in the power along w, so that the components that tell most are those with the largest
 * |λ − ½|; they come first, as in MNE's order "mutual_info".
 *
 * More classes: one against the rest. Each class k in turn plays C₁, and the mean covariance of the
 * others plays C₂; the components of largest λ are taken, the number asked for being dealt out to
 * the classes evenly, the first classes taking what is left over. (MNE diagonalises all classes
 * jointly instead; Ang et al. 2012 find the two equally good.)
 *
 * A filter's sign is arbitrary; the one that makes its largest weight positive is chosen, so that a
 * model has the same numbers on every run. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/csp.h"

#include "decode/spd.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static void
copy_filter (const double *from,
             guint         n,
             double       *to)
{
  double sign = from[cblas_idamax ((int) n, from, 1)] < 0 ? -1.0 : 1.0;

  for (guint i = 0; i < n; i++)
    to[i] = sign * from[i];
}

/* Order of components: by |λ − ½| falling; among equals the larger λ first. */
static void
order_by_contrast (const double *shares,
                   guint         n,
                   guint        *order)
{
  for (guint k = 0; k < n; k++)
    {
      guint at = k;

      for (; at > 0; at--)
        {
          double a = fabs (shares[k] - 0.5), b = fabs (shares[order[at - 1]] - 0.5);

          if (a < b || (!(a > b) && shares[k] <= shares[order[at - 1]]))
            break;
          order[at] = order[at - 1];
        }
      order[at] = k;
    }
}

static guint
fit_two (const double  *covariances,
         guint          n,
         guint          n_components,
         double        *filters,
         guint         *class_of,
         GError       **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *work = g_new (double, 2 * size + n);
  g_autofree guint *order = g_new (guint, n);
  double *first = work, *sum = work + size, *shares = sum + size;
  guint count = MIN (n, n_components);

  memcpy (first, covariances, size * sizeof (double));
  for (gsize i = 0; i < size; i++)
    sum[i] = covariances[i] + covariances[size + i];
  if (!inion_spd_eigh_pair (first, sum, n, shares, error))
    return 0;
  order_by_contrast (shares, n, order);
  for (guint k = 0; k < count; k++)
    {
      copy_filter (first + (gsize) order[k] * n, n, filters + (gsize) k * n);
      class_of[k] = shares[order[k]] >= 0.5 ? 0 : 1;
    }
  return count;
}

static gboolean
fit_one_against_rest (const double  *covariances,
                      guint          n_classes,
                      guint          n,
                      guint          class_index,
                      guint          count,
                      double        *filters,
                      GError       **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *work = g_new0 (double, 2 * size + n);
  double *own = work, *sum = work + size, *shares = sum + size;

  memcpy (own, covariances + class_index * size, size * sizeof (double));
  for (guint c = 0; c < n_classes; c++)
    cblas_daxpy ((int) size, c == class_index ? 1.0 : 1.0 / (n_classes - 1), covariances + c * size,
                 1, sum, 1);
  if (!inion_spd_eigh_pair (own, sum, n, shares, error))
    return FALSE;
  for (guint k = 0; k < count; k++)
    copy_filter (own + (gsize) (n - 1 - k) * n, n, filters + (gsize) k * n);
  return TRUE;
}

/* How many filters class c of several gets. */
static guint
share_of_class (guint n_classes,
                guint n,
                guint n_components,
                guint c)
{
  return MIN (n, n_components / n_classes + (c < n_components % n_classes ? 1 : 0));
}

/**
 * inion_csp_count:
 * @n_classes: at least 2
 * @n: channels
 * @n_components: how many filters are wanted
 *
 * Returns: how many inion_csp_fit() gives
 */
guint
inion_csp_count (guint n_classes,
                 guint n,
                 guint n_components)
{
  guint count = 0;

  if (n_classes == 2)
    return MIN (n, n_components);
  for (guint c = 0; c < n_classes; c++)
    count += share_of_class (n_classes, n, n_components, c);
  return count;
}

/**
 * inion_csp_fit:
 * @covariances: (array): one covariance a class [n_classes × n × n], their sum positive definite
 * @n_classes: at least 2
 * @n: channels
 * @n_components: how many filters to keep, at least 1
 * @filters: (out caller-allocates) (array): room for [n_components × n]; row k is a filter
 * @class_of: (out caller-allocates) (array length=n_components): which class has more power in it
 * @error: return location
 *
 * Finds the spatial filters that tell classes apart by their power.
 *
 * Returns: how many filters there are, see inion_csp_count(); 0 with %INION_ERROR_NUMERIC
 */
guint
inion_csp_fit (const double  *covariances,
               guint          n_classes,
               guint          n,
               guint          n_components,
               double        *filters,
               guint         *class_of,
               GError       **error)
{
  guint count = 0;

  if (n_classes == 2)
    return fit_two (covariances, n, n_components, filters, class_of, error);
  for (guint c = 0; c < n_classes; c++)
    {
      guint share = share_of_class (n_classes, n, n_components, c);

      if (share == 0)
        continue;
      if (!fit_one_against_rest (covariances, n_classes, n, c, share, filters + (gsize) count * n,
                                 error))
        return 0;
      for (guint k = 0; k < share; k++)
        class_of[count + k] = c;
      count += share;
    }
  return count;
}

/**
 * inion_csp_patterns:
 * @filters: (array): [n_filters × n]
 * @n_filters: rows, at most the rank of @covariance
 * @covariance: (array): covariance of the signal [n × n]
 * @n: channels
 * @patterns: (out caller-allocates) (array): [n_filters × n]; row k is how source k shows on the
 *   channels
 * @error: return location
 *
 * A = Σ W (Wᵀ Σ W)⁻¹ (Haufe et al. 2014, eq. 6). Filters say how to read a source; only patterns
 * may be drawn on a head. Filters that repeat one another (one against the rest can) make WᵀΣW
 * singular; its pseudo-inverse is taken.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the numbers allow none
 */
gboolean
inion_csp_patterns (const double  *filters,
                    guint          n_filters,
                    const double  *covariance,
                    guint          n,
                    double        *patterns,
                    GError       **error)
{
  gsize small = (gsize) n_filters * n_filters, wide = (gsize) n_filters * n;
  g_autofree double *work = g_new0 (double, 2 * small + wide + n_filters);
  double *sources = work, *inverse = sources + small, *mixed = inverse + small;
  double *values = mixed + wide;

  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) n_filters, (int) n, (int) n, 1.0,
               filters, (int) n, covariance, (int) n, 0.0, mixed, (int) n);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) n_filters, (int) n_filters, (int) n,
               1.0, mixed, (int) n, filters, (int) n, 0.0, sources, (int) n_filters);
  if (!inion_spd_eigh (sources, n_filters, values, error))
    return FALSE;
  for (guint k = 0; k < n_filters; k++)
    {
      if (values[k] > 1e-12 * values[n_filters - 1])
        cblas_dger (CblasRowMajor, (int) n_filters, (int) n_filters, 1.0 / values[k],
                    sources + (gsize) k * n_filters, 1, sources + (gsize) k * n_filters, 1, inverse,
                    (int) n_filters);
    }
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) n_filters, (int) n, (int) n_filters,
               1.0, inverse, (int) n_filters, mixed, (int) n, 0.0, patterns, (int) n);
  for (gsize i = 0; i < wide; i++)
    {
      if (!isfinite (patterns[i]))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "The spatial filters have no pattern: the signal is flat.");
    }
  return TRUE;
}
