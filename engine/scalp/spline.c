/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spherical-spline interpolation of scalp potentials.
 *
 * F. Perrin, J. Pernier, O. Bertrand, J. F. Echallier, "Spherical splines for scalp potential and
 * current density mapping", Electroencephalography and Clinical Neurophysiology 72 (1989) 184–187
 * (corrigendum 76 (1990) 565). With x the cosine of the angle between two places on the unit
 * sphere and P_n the Legendre polynomials,
 *
 *   g(x) = 1/4π Σ_{n=1}^{N} (2n+1) / (n^m (n+1)^m) P_n(x)                             (eq. 3)
 *   h(x) = the same with m − 1 (for the current density)
 *   V(E) = c_0 + Σ_i c_i g(cos(E, E_i))                                                (eq. 1)
 *   [ G + λI  1 ] [ c   ]   [ z ]
 *   [ 1ᵀ      0 ] [ c_0 ] = [ 0 ]                                                      (eq. 2)
 *
 * The weights from electrodes to places are the rows [g 1] times the first columns of the inverse
 * of that bordered matrix; every row sums to one. λ makes the matrix regular even where electrodes
 * coincide; where it is not (λ = 0), the pseudo-inverse is taken. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/spline.h"

#include "core/error.h"
#include "core/size.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#define SPLINE_M 4
#define SPLINE_TERMS 50
#define SPLINE_LAMBDA 1e-5
#define MAX_TERMS 1000
#define ABREAST 8
#define MAX_GRID 2048
#define MAX_EXTENT 2.5 /* the south pole */

struct _InionScalpGrid
{
  guint size;
  gsize n_electrodes;
  gsize n_inside;
  guint *pixels;   /* [n_inside]: where in the picture */
  double *weights; /* [n_inside × n_electrodes] */
};

/* How the terms of a series are summed. By Bonnet's recursion P_{n+1} = rise x P_n − fall P_{n−1},
 * with rise = (2n+1)/(n+1) and fall = n/(n+1); factor = (2n+1) / (4π n^m (n+1)^m). */
typedef struct
{
  int n;
  double factor[MAX_TERMS];
  double rise[MAX_TERMS];
  double fall[MAX_TERMS];
} Series;

static void
series_init (Series *self,
             int     m,
             int     n_terms)
{
  self->n = n_terms;
  for (int n = 1; n <= n_terms; n++)
    {
      self->factor[n - 1] = (2.0 * n + 1.0) / (4.0 * G_PI * pow ((double) n * (n + 1.0), m));
      self->rise[n - 1] = (2.0 * n + 1.0) / (n + 1.0);
      self->fall[n - 1] = n / (n + 1.0);
    }
}

/* Σ factor P_n(x), n from 1, for ABREAST places at once: one recursion waits for its last step,
 * several keep the processor busy. */
static void
series_sum (const Series *self,
            const double *x,
            double       *sum)
{
  double here[ABREAST], before[ABREAST], now[ABREAST], total[ABREAST];

  for (int k = 0; k < ABREAST; k++)
    {
      here[k] = x[k];
      before[k] = 1;
      now[k] = x[k];
      total[k] = 0;
    }
  for (int n = 0; n < self->n; n++)
    {
      double factor = self->factor[n], rise = self->rise[n], fall = self->fall[n];

      for (int k = 0; k < ABREAST; k++)
        {
          double next = rise * here[k] * now[k] - fall * before[k];

          total[k] += factor * now[k];
          before[k] = now[k];
          now[k] = next;
        }
    }
  memcpy (sum, total, sizeof total);
}

/**
 * inion_spline_g:
 * @cosine: cosine of the angle between two places, in [-1, 1]
 * @m: stiffness, 2 … 6; usually 4
 * @n_terms: number of terms of the series, 1 … 1000; usually 50
 *
 * Perrin et al. (1989), eq. 3.
 *
 * Returns: g(@cosine)
 */
double
inion_spline_g (double cosine,
                int    m,
                int    n_terms)
{
  double x[ABREAST] = { cosine }, sum[ABREAST];
  Series series;

  g_return_val_if_fail (n_terms >= 1 && n_terms <= MAX_TERMS, 0);

  series_init (&series, m, n_terms);
  series_sum (&series, x, sum);
  return sum[0];
}

/**
 * inion_spline_h:
 * @cosine: cosine of the angle between two places, in [-1, 1]
 * @m: stiffness of the g it belongs to; usually 4
 * @n_terms: number of terms of the series, 1 … 1000; usually 50
 *
 * The kernel of the surface Laplacian: g with the stiffness @m − 1.
 *
 * Returns: h(@cosine)
 */
double
inion_spline_h (double cosine,
                int    m,
                int    n_terms)
{
  return inion_spline_g (cosine, m - 1, n_terms);
}

/* Onto the unit sphere. A place in the origin or of NaN has no direction. */
static double *
normalise (const InionPosition *places,
           guint                n,
           const char          *what,
           GError             **error)
{
  g_autofree double *unit = inion_try_new (double, 3 * (gsize) n + 1, "electrode positions", error);

  if (unit == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      double length = sqrt (places[i].x * places[i].x + places[i].y * places[i].y +
                            places[i].z * places[i].z);

      if (!isfinite (length) || length <= 0)
        {
          inion_set_error (error, INION_ERROR_INVALID,
                           "Position %u of the %s has no direction on the head: a map cannot be "
                           "made with it.", i + 1, what);
          return NULL;
        }
      unit[3 * i] = places[i].x / length;
      unit[3 * i + 1] = places[i].y / length;
      unit[3 * i + 2] = places[i].z / length;
    }
  return g_steal_pointer (&unit);
}

/* rows × columns of g with stiffness m between two sets of places; row i starts at
 * out[i × stride]. */
static void
fill_kernel (const double *a,
             gsize         n_a,
             const double *b,
             gsize         n_b,
             int           m,
             double       *out,
             gsize         stride)
{
  Series series;

  series_init (&series, m, SPLINE_TERMS);
  for (gsize i = 0; i < n_a; i++)
    for (gsize j = 0; j < n_b; j += ABREAST)
      {
        double x[ABREAST] = { 0 }, sum[ABREAST];
        gsize n = MIN (ABREAST, n_b - j);

        for (gsize k = 0; k < n; k++)
          x[k] = CLAMP (a[3 * i] * b[3 * (j + k)] + a[3 * i + 1] * b[3 * (j + k) + 1] +
                          a[3 * i + 2] * b[3 * (j + k) + 2], -1.0, 1.0);
        series_sum (&series, x, sum);
        memcpy (out + i * stride + j, sum, n * sizeof *sum);
      }
}

/* Solves A X = B for many right sides; A [n × n] is symmetric. The matrices are destroyed and X
 * stands in @b, one right side after the other. Falls back on least squares of least norm, which
 * is the pseudo-inverse, where A is singular to working precision. */
static gboolean
solve (double     *a,
       lapack_int  n,
       double     *b,
       lapack_int  n_right,
       GError    **error)
{
  g_autofree double *copy = g_memdup2 (a, (gsize) n * n * sizeof *a);
  g_autofree lapack_int *pivots = g_new (lapack_int, n);
  g_autofree double *singular = g_new (double, n);
  double norm = LAPACKE_dlange (LAPACK_COL_MAJOR, '1', n, n, a, n), reciprocal = 0;
  lapack_int rank;

  if (LAPACKE_dgetrf (LAPACK_COL_MAJOR, n, n, a, n, pivots) == 0 &&
      LAPACKE_dgecon (LAPACK_COL_MAJOR, '1', n, a, n, norm, &reciprocal) == 0 && reciprocal > 1e-14)
    {
      LAPACKE_dgetrs (LAPACK_COL_MAJOR, 'N', n, n_right, a, n, pivots, b, n);
      return TRUE;
    }
  if (LAPACKE_dgelsd (LAPACK_COL_MAJOR, n, n, n_right, copy, n, b, n, singular, 1e-15, &rank) != 0)
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "The electrode positions do not allow an interpolation.");
  return TRUE;
}

/* What is wanted at a place: the potential, or the current density (times the squared radius). */
typedef enum
{
  WANT_POTENTIAL,
  WANT_DENSITY,
} Want;

static gboolean
compute_weights (const InionPosition  *from,
                 guint                 n_from,
                 const InionPosition  *to,
                 guint                 n_to,
                 double                lambda,
                 Want                  want,
                 double               *weights,
                 GError              **error)
{
  gsize n = (gsize) n_from + 1;
  g_autofree double *unit_from = NULL, *unit_to = NULL, *matrix = NULL, *right = NULL;

  if (n_from == 0)
    return inion_set_error (error, INION_ERROR_TOO_FEW,
                            "An interpolation needs at least one electrode with a position.");
  if (!isfinite (lambda) || lambda < 0)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "The smoothing of a spline must be zero or more, not %g.", lambda);
  unit_from = normalise (from, n_from, "electrodes", error);
  unit_to = unit_from != NULL ? normalise (to, n_to, "wanted places", error) : NULL;
  if (unit_to == NULL)
    return FALSE;
  matrix = inion_try_new (double, n * n, "the interpolation", error);
  if (matrix == NULL)
    return FALSE;
  right = inion_try_new (double, n * MAX (n_to, 1), "the interpolation", error);
  if (right == NULL)
    return FALSE;

  /* The bordered matrix is symmetric: its inverse times the rows [g 1], or [h 0], are the
   * weights. */
  fill_kernel (unit_from, n_from, unit_from, n_from, SPLINE_M, matrix, n);
  for (gsize i = 0; i < n_from; i++)
    {
      matrix[i * n + i] += lambda;
      matrix[i * n + n_from] = 1;
      matrix[n_from * n + i] = 1;
    }
  fill_kernel (unit_to, n_to, unit_from, n_from, want == WANT_DENSITY ? SPLINE_M - 1 : SPLINE_M,
               right, n);
  for (gsize i = 0; i < n_to; i++)
    right[i * n + n_from] = want == WANT_DENSITY ? 0 : 1;
  if (n_to > 0 && !solve (matrix, n, right, n_to, error))
    return FALSE;
  for (gsize i = 0; i < n_to; i++)
    memcpy (weights + i * n_from, right + i * n, n_from * sizeof *weights);
  return TRUE;
}

/**
 * inion_spline_weights:
 * @from: (array length=n_from): where it was measured; any distance from the origin
 * @n_from: number of electrodes, at least 1
 * @to: (array length=n_to): where it is wanted
 * @n_to: number of places
 * @lambda: added to the diagonal of G, ≥ 0; 1e-5 is usual, 0 interpolates exactly
 * @weights: (out caller-allocates): [@n_to × @n_from], row major
 * @error: return location
 *
 * Computes the weights that turn potentials at @from into potentials at @to (Perrin et al. 1989,
 * eq. 1–3, with m = 4 and 50 terms). Every row sums to one. Electrodes may coincide.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW without electrodes, %INION_ERROR_INVALID for a
 *   position without a direction or a bad @lambda
 */
gboolean
inion_spline_weights (const InionPosition  *from,
                      guint                 n_from,
                      const InionPosition  *to,
                      guint                 n_to,
                      double                lambda,
                      double               *weights,
                      GError              **error)
{
  return compute_weights (from, n_from, to, n_to, lambda, WANT_POTENTIAL, weights, error);
}

/**
 * inion_spline_density_weights:
 * @places: (array length=n): where the electrodes are; any distance from the origin
 * @n: number of electrodes, at least 1
 * @lambda: added to the diagonal of G, ≥ 0; 1e-5 is usual
 * @weights: (out caller-allocates): [@n × @n], row major
 * @error: return location
 *
 * Computes the weights that turn potentials into the current source density at the same
 * electrodes, on a sphere of radius 1: C(E) = Σ c_i h(cos(E, E_i)) with the c of the spline through
 * the potentials (Perrin et al. 1989, eq. 5). Volts become V/m² where they are divided by the
 * square of the radius in metres. Positive where current leaves the head. Every row sums to zero.
 *
 * Returns: %FALSE with the errors of inion_spline_weights()
 */
gboolean
inion_spline_density_weights (const InionPosition  *places,
                              guint                 n,
                              double                lambda,
                              double               *weights,
                              GError              **error)
{
  return compute_weights (places, n, places, n, lambda, WANT_DENSITY, weights, error);
}

/* The pixels inside the circle, and their places on the head. */
static InionPosition *
find_pixels (InionScalpGrid *self,
             double          extent)
{
  gsize n_all = (gsize) self->size * self->size;
  InionPosition *places = g_new (InionPosition, n_all);

  self->pixels = g_new (guint, n_all);
  for (gsize i = 0; i < n_all; i++)
    {
      double x = -extent + (i % self->size + 0.5) * 2 * extent / self->size;
      double y = extent - (i / self->size + 0.5) * 2 * extent / self->size;

      if (hypot (x, y) > extent)
        continue;
      inion_electrode_unproject (x, y, &places[self->n_inside]);
      self->pixels[self->n_inside++] = i;
    }
  return places;
}

/**
 * inion_scalp_grid_new:
 * @electrodes: (array length=n): places of the electrodes
 * @n: number of electrodes, at least 1
 * @size: pixels along a side, 1 … 2048
 * @extent: half the side of the picture in head radii, in (0, 2.5]: 1 ends at the head circle
 *   (Fpz–T7–Oz–T8), 1.25 at the equator (Nz–T9–Iz)
 * @error: return location
 *
 * Prepares maps of the head as inion_electrode_project() sees it, by spherical splines with
 * λ = 1e-5. The map is a disc of radius @extent: choose it so that it holds the electrodes there
 * are, and what is drawn outside the head circle is measured there and not guessed.
 *
 * Returns: (transfer full): the grid; free with inion_scalp_grid_free(). %NULL with @error set for
 *   no electrodes, a position without a direction or a size out of range
 */
InionScalpGrid *
inion_scalp_grid_new (const InionPosition  *electrodes,
                      guint                 n,
                      guint                 size,
                      double                extent,
                      GError              **error)
{
  g_autoptr (InionScalpGrid) self = g_new0 (InionScalpGrid, 1);
  g_autofree InionPosition *places = NULL;

  if (size < 1 || size > MAX_GRID || !(extent > 0 && extent <= MAX_EXTENT))
    {
      inion_set_error (error, INION_ERROR_INVALID,
                       "A head map of %u pixels over %g head radii cannot be made: at most %d "
                       "pixels and %g radii.", size, extent, MAX_GRID, MAX_EXTENT);
      return NULL;
    }
  self->size = size;
  self->n_electrodes = n;
  places = find_pixels (self, extent);
  self->weights = inion_try_new (double, MAX (1, self->n_inside * n), "the head map", error);
  if (self->weights == NULL ||
      !inion_spline_weights (electrodes, n, places, self->n_inside, SPLINE_LAMBDA, self->weights,
                             error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * inion_scalp_grid_free:
 * @self: (nullable): a grid
 *
 * Frees a grid.
 */
void
inion_scalp_grid_free (InionScalpGrid *self)
{
  if (self == NULL)
    return;
  g_free (self->pixels);
  g_free (self->weights);
  g_free (self);
}

/**
 * inion_scalp_grid_get_size:
 * @self: a grid
 *
 * Returns: pixels along a side
 */
guint
inion_scalp_grid_get_size (const InionScalpGrid *self)
{
  return self->size;
}

/**
 * inion_scalp_grid_interpolate:
 * @self: a grid
 * @values: (array): one value an electrode, in any unit
 * @out: (out caller-allocates): [size × size], row major, row 0 at the nose; NaN outside the disc
 *
 * Makes one map: a product of a matrix and a vector. A value of NaN makes the whole map NaN; leave
 * such electrodes out of the grid. Thread-safe.
 */
void
inion_scalp_grid_interpolate (const InionScalpGrid *self,
                              const double         *values,
                              float                *out)
{
  gsize n_all = (gsize) self->size * self->size;
  g_autofree double *inside = g_new (double, MAX (1, self->n_inside));

  cblas_dgemv (CblasRowMajor, CblasNoTrans, self->n_inside, self->n_electrodes, 1, self->weights,
               self->n_electrodes, values, 1, 0, inside, 1);
  for (gsize i = 0; i < n_all; i++)
    out[i] = NAN;
  for (gsize i = 0; i < self->n_inside; i++)
    out[self->pixels[i]] = inside[i];
}
