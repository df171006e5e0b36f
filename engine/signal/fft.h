/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FFTW's plans: made once a length behind one mutex, executed by any thread. */

#pragma once

#include <glib.h>

#include <fftw3.h>

G_BEGIN_DECLS

typedef enum
{
  INION_FFT_R2C, /* n real → n/2 + 1 complex */
  INION_FFT_C2R, /* n/2 + 1 complex → n real, input destroyed, not scaled */
} InionFftKind;

/* Owned by the cache, valid for ever. Execute with fftw_execute_dft*() on arrays from
 * inion_fft_alloc() only: out of place, input and output apart. */
fftw_plan inion_fft_plan (InionFftKind kind, gsize n);

/* Aligned as FFTW wants it. */
double *inion_fft_alloc (gsize n_doubles);
void    inion_fft_free (double *buffer);

/* Whoever plans with FFTW elsewhere holds this lock while planning. */
void inion_fft_lock (void);
void inion_fft_unlock (void);

/* A length ≥ n that FFTW transforms fast: 2^a 3^b 5^c 7^d. */
gsize inion_fft_good_length (gsize n);

typedef double InionFftBuffer;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionFftBuffer, inion_fft_free)

G_END_DECLS
