#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes marker.json: band powers by SciPy's Welch, for tests/unit/marker/test-band-marker.c.

The input comes from a linear congruential generator that the test runs too: an integrated noise
(x = 0.9 x + u) with a 10.3 Hz sine.
"""
import json
import os

import numpy as np
import scipy
from scipy.signal import welch

BANDS = [(1, 4), (4, 8), (8, 13), (13, 30), (30, 45)]


def make(n, rate):
    x, last, out = 1, 0.0, np.empty(n)
    for i in range(n):
        x = (1664525 * x + 1013904223) % 2**32
        last = 0.9 * last + (x / 2**32 - 0.5) * 20
        out[i] = last + 5 * np.sin(2 * np.pi * 10.3 * i / rate)
    return out


def main():
    cases = []
    for seconds, rate in [(30, 200.0), (2.5, 128.0), (10, 62.5)]:
        x = make(int(seconds * rate), rate)
        m = min(len(x), int(round(4 * rate)))
        f, p = welch(x, rate, 'hann', m, m // 2, detrend='constant')
        power = [p[(f >= lo) & (f < hi)].sum() * f[1] if hi <= rate / 2 else None for lo, hi in BANDS]
        cases.append({'n': len(x), 'rate_hz': rate, 'absolute': power})
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'marker.json')
    with open(path, 'w') as f:
        json.dump({'scipy': scipy.__version__, 'cases': cases}, f, indent=1)
        f.write('\n')


if __name__ == '__main__':
    main()
