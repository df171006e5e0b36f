# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes eeglab_packed.set: an EEGLAB recording as one packed structure, as MATLAB saves it.

usage: /usr/bin/python3 eeglab_packed.py eeglab_packed.set
"""
import sys

import numpy as np
import scipy.io

events = np.zeros((1, 3), dtype=[("type", object), ("latency", object)])
for i in range(3):
    events[0, i] = ("go %d" % (i + 1), float(10 * i + 1))
s, c = np.meshgrid(np.arange(50), np.arange(2))
data = ((s * 7 + c * 13) % 201 - 100).astype("f4")
eeg = {"setname": "made up", "nbchan": 2.0, "pnts": 50.0, "trials": 1.0, "srate": 250.0,
       "data": data, "event": events}
scipy.io.savemat(sys.argv[1], {"EEG": eeg}, do_compression=True, appendmat=False)
