#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the MATLAB files beside some EDF and BDF recordings of the shared data hold, read with SciPy.

Usage: twins_make.py SHARED/data > twins.json

EEGLAB or MATLAB read the recordings and wrote their samples there. Of each row one sample and the root
mean square of all are kept. test_uneven_samp.mat repeats the samples of both channels up to a common
rate of 1600 Hz; each is taken once. cli/test-twins.c compares what inion-cli reads; twins.md tells of
all twins."""

import json
import pathlib
import sys

import numpy as np
import scipy.io

PAIRS = [
    ("formats/mne/test_edf_eeglab.mat", "formats/mne/test.edf", None),
    ("formats/mne/test_bdf_eeglab.mat", "formats/mne/test.bdf", None),
    ("formats/mne/test_uneven_samp.mat", "formats/mne/test_uneven_samp.edf", [16, 125]),
]


def main():
    root = pathlib.Path(sys.argv[1])
    files = {}
    for mat, recording, repeated in PAIRS:
        rows = []
        for i, x in enumerate(scipy.io.loadmat(root / mat)["data"].astype(float)):
            x = x[:: repeated[i]] if repeated else x
            place = len(x) * (i % 97 + 1) // 100
            rows.append([len(x), float("%.9g" % x[place]), float("%.9g" % np.sqrt(np.mean(x**2)))])
        files[recording] = rows
    lines = ['"%s": %s' % (name, json.dumps(rows, separators=(",", ":"))) for name, rows in files.items()]
    print("{\n%s\n}" % ",\n".join(lines))


if __name__ == "__main__":
    main()
