#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes spline_cz.json: spherical-spline weights by MNE's rules, for tests/unit/scalp/test-spline.c.

Positions: 14 sites of the standard_1005 montage of MNE, as they are (the spline normalises them).
Cases: Cz alone, and several places from fewer electrodes, with other lambdas.
"""
import json
import os

import mne
import numpy as np
from mne.channels.interpolation import _calc_g, _calc_h, _make_interpolation_matrix

FROM = ['Fp1', 'Fp2', 'F3', 'Fz', 'F4', 'C3', 'C4', 'P3', 'Pz', 'P4', 'O1', 'O2', 'T7', 'T8']


def main():
    mne.set_log_level('ERROR')
    where = mne.channels.make_standard_montage('standard_1005').get_positions()['ch_pos']
    cases = []
    for names, to, alpha in [(FROM, ['Cz'], 1e-5),
                             (FROM[:6], ['Cz', 'Oz', 'T9', 'Fz'], 1e-5),
                             (FROM[:3], ['Cz', 'Fp1'], 1e-2)]:
        a, b = np.array([where[k] for k in names]), np.array([where[k] for k in to])
        cases.append({'from': a.tolist(), 'to': b.tolist(), 'lambda': alpha,
                      'weights': _make_interpolation_matrix(a, b, alpha).tolist()})
    cosines = np.linspace(-1, 1, 21)
    out = {'versions': {'mne': mne.__version__, 'numpy': np.__version__},
           'cosines': cosines.tolist(), 'g': _calc_g(cosines).tolist(), 'h': _calc_h(cosines).tolist(),
           'cases': cases}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'spline_cz.json')
    with open(path, 'w') as f:
        json.dump(out, f, indent=1)
        f.write('\n')


if __name__ == '__main__':
    main()
