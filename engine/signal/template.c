/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a signal looks like a pattern: normalised cross-correlation across channels.
 *
 * With the mean of each channel off, both of the pattern p and of the window of the signal x that
 * begins at sample i,
 *
 *   joint:  r(i) = Σ_c Σ_j p_c(j) x_c(i + j) / (√Σ_c ‖p_c‖² √Σ_c ‖x_c(i)‖²)
 *   mean:   r(i) = 1/C Σ_c [ Σ_j p_c(j) x_c(i + j) / (‖p_c‖ ‖x_c(i)‖) ]
 *
 * The numerators are correlations by FFT (overlap-save): since p has no mean, that of the window
 * falls out. The norms come from running sums of x and x², made anew in each block with the mean of
 * the block taken off first, so that a large offset costs no digits. A window without power is like
 * nothing: its correlation is 0. */

#define G_LOG_DOMAIN "inion-signal"

#include "config.h"

#include "signal/template.h"

#include "core/size.h"
#include "signal/fft.h"

#include <math.h>
#include <string.h>

#define LEAST_BLOCK 8192
#define MOST_LENGTH (1u << 22)
/* Of the power of a block: what rounding leaves of a window without any. */
#define NO_POWER 1e-13

struct _InionTemplate
{
  guint n_channels;
  gsize length;
  gsize block;             /* of the transforms */
  InionSimilarity similarity;
  double *norms;           /* [n_channels] */
  double norm;             /* of all channels */
  double *spectra;         /* [n_channels][block + 2] conjugate, scaled by 1/block */
};

/* What one call works with. */
typedef struct
{
  InionFftBuffer *z;
  InionFftBuffer *spectrum;
  double *power;           /* of the windows, all channels */
  double *product;
} Scratch;

static void
scratch_init (Scratch *scratch,
              gsize    block)
{
  scratch->z = inion_fft_alloc (block);
  scratch->spectrum = inion_fft_alloc (2 * (block / 2 + 1));
  scratch->power = g_new (double, block);
  scratch->product = g_new (double, block);
}

static void
scratch_clear (Scratch *scratch)
{
  inion_fft_free (scratch->z);
  inion_fft_free (scratch->spectrum);
  g_free (scratch->power);
  g_free (scratch->product);
}

static void
transform_pattern (InionTemplate *self,
                   const double  *values,
                   guint          channel,
                   double        *z)
{
  const double *p = values + channel * self->length;
  double *spectrum = self->spectra + channel * 2 * (self->block / 2 + 1);
  g_autoptr (InionFftBuffer) buffer = inion_fft_alloc (2 * (self->block / 2 + 1));
  double mean = 0, squares = 0;

  for (gsize i = 0; i < self->length; i++)
    mean += p[i];
  mean /= (double) self->length;
  memset (z, 0, self->block * sizeof *z);
  for (gsize i = 0; i < self->length; i++)
    {
      z[i] = p[i] - mean;
      squares += z[i] * z[i];
    }
  self->norms[channel] = sqrt (squares);
  self->norm += squares;
  fftw_execute_dft_r2c (inion_fft_plan (INION_FFT_R2C, self->block), z, (fftw_complex *) buffer);
  for (gsize k = 0; k <= self->block / 2; k++)
    {
      spectrum[2 * k] = buffer[2 * k] / (double) self->block;
      spectrum[2 * k + 1] = -buffer[2 * k + 1] / (double) self->block;
    }
}

/**
 * inion_template_new:
 * @values: (array): the pattern, [n_channels × length]
 * @n_channels: number of channels, at least 1
 * @length: samples a channel, at least 2
 * @similarity: how channels become one number
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a pattern to look for, or %NULL with %INION_ERROR_TOO_FEW,
 *   %INION_ERROR_TOO_LARGE, or %INION_ERROR_NUMERIC where it holds a gap or is flat
 */
InionTemplate *
inion_template_new (const double     *values,
                    guint             n_channels,
                    gsize             length,
                    InionSimilarity   similarity,
                    GError          **error)
{
  g_autoptr (InionTemplate) self = NULL;
  g_autoptr (InionFftBuffer) z = NULL;
  double most = 0;
  gsize n, n_spectra;

  if (n_channels == 0 || length < 2)
    {
      inion_set_error (error, INION_ERROR_TOO_FEW,
                       "A pattern to look for needs a channel and at least two samples.");
      return NULL;
    }
  if (length > MOST_LENGTH || !inion_size_mul (&n, n_channels, length))
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "A pattern of %" G_GSIZE_FORMAT " samples is too long to look for: choose "
                       "a shorter stretch.", length);
      return NULL;
    }
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      {
        inion_set_error (error, INION_ERROR_NUMERIC,
                         "The pattern holds a gap or a value that is no number: choose a stretch "
                         "without one.");
        return NULL;
      }
  self = g_new0 (InionTemplate, 1);
  self->n_channels = n_channels;
  self->length = length;
  self->similarity = similarity;
  self->block = inion_fft_good_length (MAX (4 * length, LEAST_BLOCK));
  self->norms = g_new0 (double, n_channels);
  if (!inion_size_mul (&n_spectra, n_channels, 2 * (self->block / 2 + 1)))
    n_spectra = G_MAXSIZE;
  self->spectra = inion_try_new (double, n_spectra, "the pattern", error);
  if (self->spectra == NULL)
    return NULL;
  z = inion_fft_alloc (self->block);
  for (guint c = 0; c < n_channels; c++)
    transform_pattern (self, values, c, z);
  self->norm = sqrt (self->norm);
  for (gsize i = 0; i < n; i++)
    most = MAX (most, fabs (values[i]));
  if (self->norm > most * 1e-12)
    return g_steal_pointer (&self);
  inion_set_error (error, INION_ERROR_NUMERIC,
                   "The pattern is flat: there is nothing in it to look for.");
  return NULL;
}

void
inion_template_free (InionTemplate *self)
{
  g_free (self->norms);
  g_free (self->spectra);
  g_free (self);
}

guint
inion_template_get_n_channels (const InionTemplate *self)
{
  return self->n_channels;
}

gsize
inion_template_get_length (const InionTemplate *self)
{
  return self->length;
}

/* z: the block with its mean off, zeros after its n samples. Returns its power. */
static double
load_block (const double *x,
            gsize         n,
            gsize         block,
            double       *z)
{
  double mean = 0, squares = 0;

  for (gsize i = 0; i < n; i++)
    mean += x[i];
  mean /= (double) n;
  for (gsize i = 0; i < n; i++)
    {
      z[i] = x[i] - mean;
      squares += z[i] * z[i];
    }
  memset (z + n, 0, (block - n) * sizeof *z);
  return squares;
}

/* ‖x(i)‖² of the windows of a block; what is only rounding is 0. */
static void
find_window_power (const double *z,
                   gsize         n,
                   gsize         length,
                   double        whole,
                   double       *power)
{
  double sum = 0, squares = 0, least = whole * NO_POWER;

  for (gsize i = 0; i < n; i++)
    {
      double p;

      sum += z[i];
      squares += z[i] * z[i];
      if (i + 1 < length)
        continue;
      p = squares - sum * sum / (double) length;
      power[i + 1 - length] = p > least ? p : 0;
      sum -= z[i + 1 - length];
      squares -= z[i + 1 - length] * z[i + 1 - length];
    }
}

static void
correlate (const InionTemplate *self,
           guint                channel,
           Scratch             *scratch)
{
  const double *p = self->spectra + channel * 2 * (self->block / 2 + 1);
  double *s = scratch->spectrum;

  fftw_execute_dft_r2c (inion_fft_plan (INION_FFT_R2C, self->block), scratch->z,
                        (fftw_complex *) s);
  for (gsize k = 0; k <= self->block / 2; k++)
    {
      double re = s[2 * k] * p[2 * k] - s[2 * k + 1] * p[2 * k + 1];
      double im = s[2 * k] * p[2 * k + 1] + s[2 * k + 1] * p[2 * k];

      s[2 * k] = re;
      s[2 * k + 1] = im;
    }
  fftw_execute_dft_c2r (inion_fft_plan (INION_FFT_C2R, self->block), (fftw_complex *) s,
                        scratch->z);
}

/* The scores of the windows of one block of n samples, one channel after the other. */
static void
score_block (const InionTemplate *self,
             const double        *x,
             gsize                stride,
             gsize                n,
             Scratch             *scratch,
             double              *scores)
{
  gsize n_scores = n - self->length + 1;
  gboolean joint = self->similarity == INION_SIMILARITY_JOINT;

  memset (scores, 0, n_scores * sizeof *scores);
  memset (scratch->power, 0, n_scores * sizeof *scratch->power);
  for (guint c = 0; c < self->n_channels; c++)
    {
      double whole = load_block (x + c * stride, n, self->block, scratch->z);

      find_window_power (scratch->z, n, self->length, whole, scratch->product);
      correlate (self, c, scratch);
      for (gsize i = 0; i < n_scores; i++)
        {
          double power = scratch->product[i];

          if (joint)
            {
              scratch->power[i] += power;
              scores[i] += scratch->z[i];
            }
          else if (power > 0 && self->norms[c] > 0)
            {
              scores[i] += scratch->z[i] / (self->norms[c] * sqrt (power));
            }
        }
    }
  for (gsize i = 0; i < n_scores; i++)
    {
      double score = !joint                  ? scores[i] / self->n_channels
                     : scratch->power[i] > 0 ? scores[i] / (self->norm * sqrt (scratch->power[i]))
                                             : 0;

      scores[i] = CLAMP (score, -1, 1);
    }
}

/**
 * inion_template_score:
 * @self: a pattern
 * @x: (array): the signal, [n_channels × n], all finite
 * @n: samples a channel, at least the pattern's length
 * @scores: (out) (array): n − length + 1 correlations, −1 to 1: how the window that begins at each
 *   sample looks like the pattern
 *
 * O(n log length) a channel. Thread-safe.
 */
void
inion_template_score (const InionTemplate *self,
                      const double        *x,
                      gsize                n,
                      double              *scores)
{
  gsize hop = self->block - self->length + 1;
  Scratch scratch;

  g_return_if_fail (n >= self->length);

  scratch_init (&scratch, self->block);
  for (gsize at = 0; at + self->length <= n; at += hop)
    score_block (self, x + at, n, MIN (self->block, n - at), &scratch, scores + at);
  scratch_clear (&scratch);
}

/**
 * inion_template_find_peaks:
 * @scores: (array length=n): correlations
 * @n: number of scores
 * @first: sample of the first
 * @floor: the least that counts
 * @begins: whether the first score may be a peak: there is nothing before it
 * @ends: whether the last one may: there is nothing after it
 * @hits: (element-type InionTemplateHit): appended to
 *
 * Finds local maxima: of several equals in a row the first.
 */
void
inion_template_find_peaks (const double *scores,
                           gsize         n,
                           gint64        first,
                           double        floor,
                           gboolean      begins,
                           gboolean      ends,
                           GArray       *hits)
{
  for (gsize i = 0; i < n; i++)
    {
      InionTemplateHit hit = { first + (gint64) i, scores[i] };

      if (!(scores[i] >= floor) || (i == 0 && !begins) || (i + 1 == n && !ends) ||
          (i > 0 && !(scores[i] > scores[i - 1])) || (i + 1 < n && scores[i] < scores[i + 1]))
        continue;
      g_array_append_val (hits, hit);
    }
}

static int
compare_scores (gconstpointer a,
                gconstpointer b)
{
  const InionTemplateHit *x = a, *y = b;

  return x->score != y->score ? (x->score < y->score) - (x->score > y->score)
                              : (x->at > y->at) - (x->at < y->at);
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const InionTemplateHit *x = a, *y = b;

  return (x->at > y->at) - (x->at < y->at);
}

/* Cells of the size of the distance hold one hit at most: only three are looked at. */
static gboolean
is_near_a_better (GHashTable             *cells,
                  const InionTemplateHit *hit,
                  gint64                  distance)
{
  for (gint64 d = -1; d <= 1; d++)
    {
      gint64 cell = hit->at / distance + d;
      const InionTemplateHit *other = g_hash_table_lookup (cells, &cell);

      if (other != NULL && ABS (other->at - hit->at) < distance)
        return TRUE;
    }
  return FALSE;
}

/**
 * inion_template_thin:
 * @hits: (element-type InionTemplateHit): places with at ≥ 0, in any order
 * @distance: samples that two must be apart, at least 1
 *
 * Leaves of neighbours the best, from the best to the worst: so what is left of the hits from any
 * score on does not depend on the weaker ones. Sorted by place afterwards.
 */
void
inion_template_thin (GArray *hits,
                     gint64  distance)
{
  g_autoptr (GHashTable) cells =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  guint n = 0;

  g_array_sort (hits, compare_scores);
  for (guint i = 0; i < hits->len; i++)
    {
      InionTemplateHit hit = g_array_index (hits, InionTemplateHit, i);
      gint64 cell = hit.at / distance;

      if (is_near_a_better (cells, &hit, distance))
        continue;
      g_hash_table_insert (cells, g_memdup2 (&cell, sizeof cell), g_memdup2 (&hit, sizeof hit));
      g_array_index (hits, InionTemplateHit, n++) = hit;
    }
  g_array_set_size (hits, n);
  g_array_sort (hits, compare_places);
}
