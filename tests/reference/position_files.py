# SPDX-License-Identifier: GPL-3.0-or-later
"""Electrode positions as MNE reads them, for files that it reads: some electrodes of each.

Usage: position_files.py FOLDER > position_files.json   (FOLDER: shared data/electrodes)
Positions are as MNE gives them, without scaling the head; the test compares them up to one factor
a file, because MNE leaves the unit of most formats alone."""

import json
import os
import sys
import tempfile
import warnings

import mne

READ = (".elc", ".sfp", ".locs", ".loc", ".elp", ".csd", ".txt", ".tsv")
warnings.simplefilter("ignore")
folder = sys.argv[1]
files = {}
for root, _, names in sorted(os.walk(folder)):
    for name in sorted(names):
        if not name.endswith(READ) or "README" in name:
            continue
        path = os.path.join(root, name)
        size = 1.0 if name.endswith((".locs", ".loc", ".txt")) else None
        text = open(path, encoding="latin-1").read().splitlines(True)
        if name.endswith(".txt") and any("." in cell for line in text[1:] for cell in line.split()[1:]):
            continue  # MNE 1.3 cuts the decimals of these angles off
        try:
            with tempfile.NamedTemporaryFile("w", suffix=os.path.splitext(name)[1]) as copy:
                # MNE stumbles over the count in the first line of BESA's files.
                copy.writelines(text[1:] if text[0].strip().isdigit() else text)
                copy.flush()
                montage = mne.channels.read_custom_montage(copy.name, head_size=size)
        except Exception as error:  # what MNE cannot read is not compared
            print(name, type(error).__name__, file=sys.stderr)
            continue
        places = montage.get_positions()["ch_pos"]
        labels = list(places)
        step = max(1, len(labels) // 9)
        files[os.path.relpath(path, folder)] = {
            "n": len(labels),
            "positions": [{"label": label, "at": [round(float(v), 7) for v in places[label]]}
                          for label in labels[::step]],
        }
json.dump(files, sys.stdout, indent=0)
