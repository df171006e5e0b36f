/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symmetric positive-definite matrices: eigenvectors, functions, Riemannian mean and distance.
 *
 * Matrices are row major, n × n, and symmetric, so that LAPACK's column order needs no transpose:
 * an eigenvector of LAPACK's columns is a row here. Everything goes through the eigenvalues, which
 * makes a failure visible where it happens: an eigenvalue that is not positive has no logarithm.
 * Eigenvalues below the largest times FLOOR are raised to it, so that rounding in a matrix of full
 * rank cannot produce a NaN; a matrix without any positive eigenvalue is an error.
 *
 * The mean is the one of the affine-invariant metric (Moakher 2005; Barachant et al. 2012), by the
 * fixed point M ← M^½ exp (ν · mean log (M^-½ X M^-½)) M^½ with the step ν made smaller when the
 * tangent vector does not shrink. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/spd.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#define FLOOR 1e-14
#define MEAN_STEPS 50
#define MEAN_TOLERANCE 1e-8

static gboolean
all_finite (const double *x,
            gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (x[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * inion_spd_eigh:
 * @a: (array): in: a symmetric matrix [n × n]; out: row k is the unit eigenvector of @values[k]
 * @n: size, at least 1
 * @values: (out caller-allocates) (array length=n): eigenvalues, ascending
 * @error: return location
 *
 * Eigenvectors of a symmetric matrix (LAPACK dsyevd).
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the matrix holds NaN or infinity
 */
gboolean
inion_spd_eigh (double  *a,
                guint    n,
                double  *values,
                GError **error)
{
  if (!all_finite (a, (gsize) n * n))
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "A covariance matrix holds values that are not numbers.");
  if (LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'V', 'L', (lapack_int) n, a, (lapack_int) n, values) != 0)
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "The eigenvalues of a covariance matrix did not converge.");
  return TRUE;
}

/**
 * inion_spd_eigh_pair:
 * @a: (array): in: a symmetric matrix [n × n]; out: row k is the eigenvector v of @values[k], with
 *   v B vᵀ = 1
 * @b: (array): in: a positive-definite matrix [n × n]; destroyed
 * @n: size, at least 1
 * @values: (out caller-allocates) (array length=n): eigenvalues, ascending
 * @error: return location
 *
 * The generalised problem A v = λ B v (LAPACK dsygvd).
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where B is not positive definite
 */
gboolean
inion_spd_eigh_pair (double  *a,
                     double  *b,
                     guint    n,
                     double  *values,
                     GError **error)
{
  if (!all_finite (a, (gsize) n * n) || !all_finite (b, (gsize) n * n))
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "A covariance matrix holds values that are not numbers.");
  if (LAPACKE_dsygvd (LAPACK_COL_MAJOR, 1, 'V', 'L', (lapack_int) n, a, (lapack_int) n, b,
                      (lapack_int) n, values) != 0)
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "The covariance of all classes together is not positive definite: "
                            "some channels are copies or sums of others.");
  return TRUE;
}

/* out = Σ_k values[k] · v_k v_kᵀ, with row k of vectors being v_k. Both triangles are filled. */
static void
rebuild (const double *vectors,
         const double *values,
         guint         n,
         double       *scaled,
         double       *out)
{
  for (guint k = 0; k < n; k++)
    {
      for (guint i = 0; i < n; i++)
        scaled[(gsize) k * n + i] = values[k] * vectors[(gsize) k * n + i];
    }
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int) n, (int) n, (int) n, 1.0, scaled,
               (int) n, vectors, (int) n, 0.0, out, (int) n);
  for (guint i = 0; i < n; i++)
    {
      for (guint j = 0; j < i; j++)
        {
          double mean = 0.5 * (out[(gsize) i * n + j] + out[(gsize) j * n + i]);

          out[(gsize) i * n + j] = out[(gsize) j * n + i] = mean;
        }
    }
}

static gboolean
raise_to_floor (double  *values,
                guint    n,
                GError **error)
{
  double floor = values[n - 1] * FLOOR;

  if (!(values[n - 1] > 0) || !(floor > 0))
    return inion_set_error (error, INION_ERROR_NUMERIC,
                            "A covariance matrix has no positive eigenvalue: the signal is flat.");
  for (guint k = 0; k < n && values[k] < floor; k++)
    values[k] = floor;
  return TRUE;
}

static double
evaluate (InionSpdFunction function,
          double           x)
{
  switch (function)
    {
    case INION_SPD_LOG:
      return log (x);
    case INION_SPD_EXP:
      return exp (x);
    case INION_SPD_SQRT:
      return sqrt (x);
    case INION_SPD_INVSQRT:
      return 1.0 / sqrt (x);
    default:
      g_assert_not_reached ();
    }
}

/**
 * inion_spd_apply:
 * @a: (array): a symmetric matrix [n × n], positive definite except for %INION_SPD_EXP
 * @n: size, at least 1
 * @function: what is done to the eigenvalues
 * @out: (out caller-allocates) (array): the result [n × n]; may be @a
 * @error: return location
 *
 * A function of a symmetric matrix through its eigenvalues.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the function is not defined
 */
gboolean
inion_spd_apply (const double      *a,
                 guint              n,
                 InionSpdFunction   function,
                 double            *out,
                 GError           **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *vectors = g_new (double, 2 * size + n);
  double *scaled = vectors + size;
  double *values = scaled + size;

  memcpy (vectors, a, size * sizeof (double));
  if (!inion_spd_eigh (vectors, n, values, error))
    return FALSE;
  if (function != INION_SPD_EXP && !raise_to_floor (values, n, error))
    return FALSE;
  for (guint k = 0; k < n; k++)
    values[k] = evaluate (function, values[k]);
  rebuild (vectors, values, n, scaled, out);
  return TRUE;
}

/**
 * inion_spd_roots:
 * @a: (array): a positive-definite matrix [n × n]
 * @n: size, at least 1
 * @root: (out caller-allocates) (array) (nullable): A^½
 * @inverse_root: (out caller-allocates) (array): A^-½
 * @error: return location
 *
 * Both square roots from one eigendecomposition.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where the matrix is not positive
 */
gboolean
inion_spd_roots (const double  *a,
                 guint          n,
                 double        *root,
                 double        *inverse_root,
                 GError       **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *vectors = g_new (double, 2 * size + n);
  double *scaled = vectors + size;
  double *values = scaled + size;

  memcpy (vectors, a, size * sizeof (double));
  if (!inion_spd_eigh (vectors, n, values, error) || !raise_to_floor (values, n, error))
    return FALSE;
  for (guint k = 0; k < n; k++)
    values[k] = sqrt (values[k]);
  if (root != NULL)
    rebuild (vectors, values, n, scaled, root);
  for (guint k = 0; k < n; k++)
    values[k] = 1.0 / values[k];
  rebuild (vectors, values, n, scaled, inverse_root);
  return TRUE;
}

/**
 * inion_spd_congruence:
 * @w: (array): a matrix [m × n]
 * @a: (array): a symmetric matrix [n × n]
 * @m: rows of @w
 * @n: columns of @w
 * @scratch: (array): room for [m × n]
 * @out: (out caller-allocates) (array): W A Wᵀ [m × m]
 */
void
inion_spd_congruence (const double *w,
                      const double *a,
                      guint         m,
                      guint         n,
                      double       *scratch,
                      double       *out)
{
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) m, (int) n, (int) n, 1.0, w,
               (int) n,
               a, (int) n, 0.0, scratch, (int) n);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) m, (int) m, (int) n, 1.0, scratch,
               (int) n, w, (int) n, 0.0, out, (int) m);
}

/* tangent = mean over the matrices of log (W X Wᵀ), W = mean^-½. */
static gboolean
mean_tangent (const double *const  *matrices,
              guint                 count,
              guint                 n,
              const double         *inverse_root,
              double               *scratch,
              double               *tangent,
              GError              **error)
{
  gsize size = (gsize) n * n;
  double *whitened = scratch + size;

  memset (tangent, 0, size * sizeof (double));
  for (guint i = 0; i < count; i++)
    {
      inion_spd_congruence (inverse_root, matrices[i], n, n, scratch, whitened);
      if (!inion_spd_apply (whitened, n, INION_SPD_LOG, whitened, error))
        return FALSE;
      cblas_daxpy ((int) size, 1.0 / count, whitened, 1, tangent, 1);
    }
  return TRUE;
}

static gboolean
mean_step (double  *mean,
           guint    n,
           double  *root,
           double  *tangent,
           double   step,
           double  *scratch,
           GError **error)
{
  gsize size = (gsize) n * n;

  for (gsize i = 0; i < size; i++)
    tangent[i] *= step;
  if (!inion_spd_apply (tangent, n, INION_SPD_EXP, tangent, error))
    return FALSE;
  inion_spd_congruence (root, tangent, n, n, scratch, mean);
  for (guint i = 0; i < n; i++)
    {
      for (guint j = 0; j < i; j++)
        {
          double value = 0.5 * (mean[(gsize) i * n + j] + mean[(gsize) j * n + i]);

          mean[(gsize) i * n + j] = mean[(gsize) j * n + i] = value;
        }
    }
  return TRUE;
}

/**
 * inion_spd_mean:
 * @matrices: (array length=count): positive-definite matrices [n × n]
 * @count: how many, at least 1
 * @n: size, at least 1
 * @mean: (out caller-allocates) (array): their Riemannian mean [n × n]
 * @error: return location
 *
 * The mean of the affine-invariant metric, to a tangent norm of 1e-8 or 50 steps.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where a matrix is not positive
 */
gboolean
inion_spd_mean (const double *const  *matrices,
                guint                 count,
                guint                 n,
                double               *mean,
                GError              **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *work = g_new (double, 5 * size);
  double *root = work, *inverse_root = root + size, *tangent = inverse_root + size;
  double *scratch = tangent + size;
  double step = 1.0, last = G_MAXDOUBLE;

  memset (mean, 0, size * sizeof (double));
  for (guint i = 0; i < count; i++)
    cblas_daxpy ((int) size, 1.0 / count, matrices[i], 1, mean, 1);

  for (guint k = 0; k < MEAN_STEPS && step > MEAN_TOLERANCE; k++)
    {
      double norm;

      if (!inion_spd_roots (mean, n, root, inverse_root, error) ||
          !mean_tangent (matrices, count, n, inverse_root, scratch, tangent, error))
        return FALSE;
      norm = cblas_dnrm2 ((int) size, tangent, 1);
      if (norm < last)
        last = norm;
      else
        step *= 0.5;
      if (!mean_step (mean, n, root, tangent, step, scratch, error))
        return FALSE;
      if (norm < MEAN_TOLERANCE)
        break;
    }
  return TRUE;
}

/**
 * inion_spd_distance:
 * @inverse_root: (array): A^-½ of the first matrix [n × n]
 * @a: (array): the second matrix [n × n]
 * @n: size
 * @distance: (out): ‖log (A^-½ B A^-½)‖
 * @error: return location
 *
 * The affine-invariant distance of two matrices.
 *
 * Returns: %FALSE with %INION_ERROR_NUMERIC where a matrix is not positive
 */
gboolean
inion_spd_distance (const double  *inverse_root,
                    const double  *a,
                    guint          n,
                    double        *distance,
                    GError       **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *work = g_new (double, 2 * size + n);
  double *whitened = work + size, *values = whitened + size;
  double sum = 0;

  inion_spd_congruence (inverse_root, a, n, n, work, whitened);
  if (!inion_spd_eigh (whitened, n, values, error) || !raise_to_floor (values, n, error))
    return FALSE;
  for (guint k = 0; k < n; k++)
    {
      double l = log (values[k]);

      sum += l * l;
    }
  *distance = sqrt (sum);
  return TRUE;
}

/**
 * inion_spd_range:
 * @a: (array): a symmetric positive semi-definite matrix [n × n]
 * @n: size, at least 1
 * @tolerance: eigenvalues up to the largest times this count as none
 * @basis: (out caller-allocates) (array): rows are an orthonormal basis of the range, [rank × n] of
 *   [n × n]; each row's largest entry is positive
 * @error: return location
 *
 * The subspace in which a covariance matrix has any variance.
 *
 * Returns: the rank; 0 with @error set where there is no variance at all or the matrix holds NaN
 */
guint
inion_spd_range (const double  *a,
                 guint          n,
                 double         tolerance,
                 double        *basis,
                 GError       **error)
{
  gsize size = (gsize) n * n;
  g_autofree double *vectors = g_new (double, size + n);
  double *values = vectors + size;
  guint rank = 0;

  memcpy (vectors, a, size * sizeof (double));
  if (!inion_spd_eigh (vectors, n, values, error))
    return 0;
  if (!(values[n - 1] > G_MINDOUBLE))
    {
      inion_set_error (error, INION_ERROR_NUMERIC, "All channels are flat in the examples.");
      return 0;
    }
  for (guint k = n; k > 0 && values[k - 1] > tolerance * values[n - 1]; k--, rank++)
    {
      const double *from = vectors + (gsize) (k - 1) * n;
      double sign = from[cblas_idamax ((int) n, from, 1)] < 0 ? -1.0 : 1.0;

      for (guint i = 0; i < n; i++)
        basis[(gsize) rank * n + i] = sign * from[i];
    }
  return rank;
}
