#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes connectivity.json: connectivity of all pairs by plain NumPy, for
tests/unit/network/test-connectivity.c.

The input comes from a linear congruential generator that the test runs too: 12 epochs x 5 channels
x 128 samples, where each channel after the first holds the one before it three samples later.
"""
import json
import os

import numpy as np

N_EPOCHS, N_CHANNELS, N_SAMPLES, RATE = 12, 5, 128, 128.0
BANDS = [(8.0, 13.0), (0.0, 64.0), (20.0, 20.0)]


def lcg(n, seed=1):
    x, out = seed, np.empty(n)
    for i in range(n):
        x = (1664525 * x + 1013904223) % 2**32
        out[i] = x / 2**32 - 0.5
    return out


def make_data():
    base = lcg(N_EPOCHS * N_CHANNELS * N_SAMPLES).reshape(N_EPOCHS, N_CHANNELS, N_SAMPLES)
    data = base.copy()
    data[:, 1:, 3:] += 0.75 * base[:, :-1, :-3]
    return data


def measures(data, low, high):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_SAMPLES) / N_SAMPLES)
    spectra = np.fft.rfft((data - data.mean(-1, keepdims=True)) * window)
    f = np.fft.rfftfreq(N_SAMPLES, 1 / RATE)
    spectra = spectra[..., (f >= low) & (f <= high)]
    csd = spectra[:, :, None, :] * spectra[:, None, :, :].conj()   # epoch, i, j, bin
    mean = csd.mean(0)
    power = np.einsum('iib->ib', mean).real
    coherency = mean / np.sqrt(power[:, None] * power[None, :])
    im = csd.imag
    s, sa, s2 = im.sum(0), np.abs(im).sum(0), (im**2).sum(0)
    below = sa**2 - s2
    wpli = np.where(below > 0, (s**2 - s2) / np.where(below > 0, below, 1), 0)
    out = {'coherence': np.abs(coherency), 'imaginary-coherence': coherency.imag,
           'debiased-wpli': wpli}
    for m in out.values():
        for i in range(N_CHANNELS):
            m[i, i] = 0
    return {k: m.mean(-1).tolist() for k, m in out.items()}


def main():
    data = make_data()
    cases = [{'low_hz': lo, 'high_hz': hi, 'measures': measures(data, lo, hi)} for lo, hi in BANDS]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'connectivity.json')
    with open(path, 'w') as f:
        json.dump({'numpy': np.__version__, 'sum_of_squares': float((data**2).sum()), 'cases': cases},
                  f, indent=1)
        f.write('\n')


if __name__ == '__main__':
    main()
