#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes csd.json: the current source density of a real recording by MNE.

Run with Debian's MNE (1.3) from anywhere: csd_make.py > csd.json
19 electrodes of the 10-20 system, with the directions that MNE's standard_1020 gives them from the
origin, on a sphere of 90 mm; 8 samples of data/recordings/S007R04.edf. Potentials in microvolts,
densities in mV/m².
"""
import json
import os

import mne
import numpy as np

mne.set_log_level("error")
here = os.path.dirname(os.path.abspath(__file__))
names = ["Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz", "C4", "T8", "P7", "P3", "Pz",
         "P4", "P8", "O1", "O2"]
radius = 0.09

raw = mne.io.read_raw_edf(os.path.join(here, "../../data/recordings/S007R04.edf"), preload=True)
mne.datasets.eegbci.standardize(raw)
raw.pick_channels(names, ordered=True)
places = mne.channels.make_standard_montage("standard_1020").get_positions()["ch_pos"]
places = {n: radius * places[n] / np.linalg.norm(places[n]) for n in names}
raw.set_montage(mne.channels.make_dig_montage(places, coord_frame="head"))
samples = list(range(1000, 3800, 350))
density = mne.preprocessing.compute_current_source_density(
    raw, sphere=(0, 0, 0, radius), lambda2=1e-5, stiffness=4, n_legendre_terms=50)
print(json.dumps({
    "radius_m": radius,
    "labels": names,
    "positions": [[round(float(v), 9) for v in places[n]] for n in names],
    "potentials_uv": [[round(float(v), 6) for v in row]
                      for row in raw.get_data()[:, samples] * 1e6],
    "densities_mv_m2": [[round(float(v), 9) for v in row]
                        for row in density.get_data()[:, samples] * 1e3],
}))
