/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logistic regression with a quadratic penalty.
 *
 * Minimises ½‖W‖² + C Σ_i loss_i; the intercepts carry no penalty (scikit-learn's objective). Two
 * classes have one row of weights and the loss log (1 + e^−m); more have one row a class and the
 * multinomial loss. The penalty makes the problem strictly convex in W, so that any method that
 * converges finds the same answer; this one is Newton's with the step found by conjugate gradients
 * on Hessian products (Nocedal and Wright 2006, algorithm 7.1) and backtracking. It needs no p × p
 * matrix, and with fewer examples than features the conjugate gradients end after about as many
 * products as there are examples. A common shift of all multinomial intercepts changes nothing;
 * the gradient has no part along it, so that they keep the sum 0 they start with.
 *
 * Parameters lie in one vector: rows × (p + 1), the intercept after its row of weights. */

#define G_LOG_DOMAIN "inion-decode"

#include "config.h"

#include "decode/logistic.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define NEWTON_STEPS 200
#define BACKTRACKS 40
#define TOLERANCE 1e-9

typedef struct
{
  const double *x;      /* [n × p] */
  const guint *labels;
  gsize n;
  guint p;
  guint rows;
  double c;
  double *scores;       /* [n × rows] */
  double *shares;       /* [n × rows]: probability of each row's class */
} Problem;

static gsize
problem_size (const Problem *self)
{
  return (gsize) self->rows * (self->p + 1);
}

/* scores = X Wᵀ + b */
static void
apply (const Problem *self,
       const double  *w,
       double        *scores)
{
  int ld = (int) self->p + 1;

  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) self->n, (int) self->rows,
               (int) self->p, 1.0, self->x, (int) self->p, w, ld, 0.0, scores, (int) self->rows);
  for (gsize i = 0; i < self->n; i++)
    {
      for (guint r = 0; r < self->rows; r++)
        scores[i * self->rows + r] += w[(gsize) r * (self->p + 1) + self->p];
    }
}

/* out = residualᵀ [X 1] */
static void
apply_transposed (const Problem *self,
                  const double  *residual,
                  double        *out)
{
  int ld = (int) self->p + 1;

  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int) self->rows, (int) self->p,
               (int) self->n, 1.0, residual, (int) self->rows, self->x, (int) self->p, 0.0, out,
               ld);
  for (guint r = 0; r < self->rows; r++)
    {
      double sum = 0;

      for (gsize i = 0; i < self->n; i++)
        sum += residual[i * self->rows + r];
      out[(gsize) r * (self->p + 1) + self->p] = sum;
    }
}

static double
log1p_exp (double x)
{
  return x > 0 ? x + log1p (exp (-x)) : log1p (exp (x));
}

static double
loss_of (const Problem *self,
         gsize          i)
{
  const double *s = self->scores + i * self->rows;
  double top = s[0], sum = 0;

  if (self->rows == 1)
    return log1p_exp (self->labels[i] == 1 ? -s[0] : s[0]);
  for (guint r = 1; r < self->rows; r++)
    top = MAX (top, s[r]);
  for (guint r = 0; r < self->rows; r++)
    sum += exp (s[r] - top);
  return top + log (sum) - s[self->labels[i]];
}

static double
objective (const Problem *self,
           const double  *w)
{
  double penalty = 0, loss = 0;

  apply (self, w, self->scores);
  for (guint r = 0; r < self->rows; r++)
    {
      const double *row = w + (gsize) r * (self->p + 1);

      penalty += cblas_ddot ((int) self->p, row, 1, row, 1);
    }
  for (gsize i = 0; i < self->n; i++)
    loss += loss_of (self, i);
  return 0.5 * penalty + self->c * loss;
}

/* Adds the penalty's part to a gradient or a Hessian product. */
static void
add_penalty (const Problem *self,
             const double  *w,
             double        *out)
{
  for (guint r = 0; r < self->rows; r++)
    cblas_daxpy ((int) self->p, 1.0, w + (gsize) r * (self->p + 1), 1,
                 out + (gsize) r * (self->p + 1), 1);
}

/* Gradient at w from the scores of the last objective(); keeps the probabilities for products. */
static void
gradient (Problem      *self,
          const double *w,
          double       *residual,
          double       *out)
{
  for (gsize i = 0; i < self->n; i++)
    {
      double *share = self->shares + i * self->rows;

      memcpy (share, self->scores + i * self->rows, self->rows * sizeof (double));
      if (self->rows == 1)
        share[0] = 1.0 / (1.0 + exp (-share[0]));
      else
        inion_softmax (share, self->rows);
      for (guint r = 0; r < self->rows; r++)
        {
          double target = self->rows == 1 ? self->labels[i] == 1 : self->labels[i] == r;

          residual[i * self->rows + r] = self->c * (share[r] - target);
        }
    }
  apply_transposed (self, residual, out);
  add_penalty (self, w, out);
}

static void
hessian_product (const Problem *self,
                 const double  *v,
                 double        *work,
                 double        *out)
{
  apply (self, v, work);
  for (gsize i = 0; i < self->n; i++)
    {
      const double *share = self->shares + i * self->rows;
      double *s = work + i * self->rows;
      double mean = 0;

      if (self->rows == 1)
        {
          s[0] *= self->c * share[0] * (1.0 - share[0]);
          continue;
        }
      for (guint r = 0; r < self->rows; r++)
        mean += share[r] * s[r];
      for (guint r = 0; r < self->rows; r++)
        s[r] = self->c * share[r] * (s[r] - mean);
    }
  apply_transposed (self, work, out);
  add_penalty (self, v, out);
}

/* Solves H d = −g by conjugate gradients until the residual is under the given norm. */
static void
newton_direction (const Problem *self,
                  const double  *g,
                  double         until,
                  double        *work,
                  double        *d,
                  double        *scratch)
{
  gsize size = problem_size (self);
  double *r = scratch, *q = r + size, *h = q + size;
  double rho = 0;

  memset (d, 0, size * sizeof (double));
  for (gsize i = 0; i < size; i++)
    {
      r[i] = -g[i];
      q[i] = r[i];
    }
  rho = cblas_ddot ((int) size, r, 1, r, 1);
  for (gsize k = 0; k < 2 * size + 20 && sqrt (rho) > until; k++)
    {
      double curvature, alpha, next;

      hessian_product (self, q, work, h);
      curvature = cblas_ddot ((int) size, q, 1, h, 1);
      if (!(curvature > 0))
        break;
      alpha = rho / curvature;
      cblas_daxpy ((int) size, alpha, q, 1, d, 1);
      cblas_daxpy ((int) size, -alpha, h, 1, r, 1);
      next = cblas_ddot ((int) size, r, 1, r, 1);
      cblas_dscal ((int) size, next / rho, q, 1);
      cblas_daxpy ((int) size, 1.0, r, 1, q, 1);
      rho = next;
    }
}

/* Moves w along d as far as the objective falls enough (Armijo). FALSE: nothing more to gain. */
static gboolean
move (const Problem *self,
      double        *w,
      const double  *d,
      double         slope,
      double        *value,
      double        *trial)
{
  gsize size = problem_size (self);
  double step = 1.0;

  for (guint k = 0; k < BACKTRACKS; k++, step *= 0.5)
    {
      double next;

      memcpy (trial, w, size * sizeof (double));
      cblas_daxpy ((int) size, step, d, 1, trial, 1);
      next = objective (self, trial);
      if (next <= *value + 1e-4 * step * slope)
        {
          gboolean gained = next < *value;

          memcpy (w, trial, size * sizeof (double));
          *value = next;
          return gained;
        }
    }
  objective (self, w);
  return FALSE;
}

static gboolean
minimise (Problem  *self,
          double   *w,
          GError  **error)
{
  gsize size = problem_size (self), wide = self->n * self->rows;
  g_autofree double *memory = g_new (double, 6 * size + wide);
  double *g = memory, *d = g + size, *scratch = d + size, *work = memory + 6 * size;
  double value = objective (self, w);
  double first = -1;

  for (guint k = 0; k < NEWTON_STEPS; k++)
    {
      double norm, slope;

      gradient (self, w, work, g);
      norm = cblas_dnrm2 ((int) size, g, 1);
      if (!isfinite (norm) || !isfinite (value))
        return inion_set_error (error, INION_ERROR_NUMERIC,
                                "The logistic regression met numbers too large to work with.");
      if (first < 0)
        first = MAX (norm, 1.0);
      if (norm <= TOLERANCE * first)
        return TRUE;
      newton_direction (self, g, norm * MIN (1e-3, norm / first), work, d, scratch);
      slope = cblas_ddot ((int) size, g, 1, d, 1);
      if (!(slope < 0) || !move (self, w, d, slope, &value, scratch))
        return TRUE; /* the objective cannot fall further in double precision */
    }
  return TRUE;
}

/**
 * inion_logistic_fit:
 * @self: (out): the classifier; clear it also after a failure
 * @x: (array): features by example [n × p], finite
 * @labels: (array length=n): class of each example
 * @n: examples
 * @p: features, at least 1
 * @n_classes: at least 2
 * @c: inverse strength of the penalty, over 0
 * @error: return location
 *
 * Fits a logistic regression; two classes give one row, more a multinomial model.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_FEW where a class has no example, %INION_ERROR_NUMERIC
 *   where the features are too large to work with
 */
gboolean
inion_logistic_fit (InionLinear   *self,
                    const double  *x,
                    const guint   *labels,
                    gsize          n,
                    guint          p,
                    guint          n_classes,
                    double         c,
                    GError       **error)
{
  Problem problem = { .x = x, .labels = labels, .n = n, .p = p, .c = c };
  g_autofree gsize *counts = g_new0 (gsize, n_classes);
  g_autofree double *memory = NULL;
  g_autofree double *w = NULL;

  inion_linear_init (self, n_classes, p);
  for (gsize i = 0; i < n; i++)
    counts[labels[i]]++;
  for (guint k = 0; k < n_classes; k++)
    {
      if (counts[k] == 0)
        return inion_set_error (error, INION_ERROR_TOO_FEW,
                                "Class %u has no example to fit the classifier on.", k + 1);
    }
  problem.rows = self->n_rows;
  memory = g_new (double, 2 * n * problem.rows);
  problem.scores = memory;
  problem.shares = memory + n * problem.rows;
  w = g_new0 (double, problem_size (&problem));
  if (!minimise (&problem, w, error))
    return FALSE;
  for (guint r = 0; r < problem.rows; r++)
    {
      memcpy (self->weights + (gsize) r * p, w + (gsize) r * (p + 1), p * sizeof (double));
      self->intercepts[r] = w[(gsize) r * (p + 1) + p];
    }
  return TRUE;
}
