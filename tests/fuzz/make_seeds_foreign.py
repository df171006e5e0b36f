#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the seeds of the fuzz target "foreign": what the helpers say of small files.

usage: make_seeds_foreign.py FOLDER-OF-HELPERS EDF-FILE
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import scipy.io

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "foreign")


def read(helper, source, seed):
    """Runs a helper with the files that it expects, and keeps its result."""
    with tempfile.NamedTemporaryFile() as samples:
        subprocess.run(["sh", "-c", 'exec "$0" 2147483648 20 1073741824 3<"$1" 4<>"$2" 5<>"$3"',
                        os.path.join(sys.argv[1], helper), source, os.path.join(OUT, seed),
                        samples.name], check=True)


def structs(rows, names):
    table = np.zeros((1, len(rows)), dtype=[(n, object) for n in names])
    for i, row in enumerate(rows):
        table[0, i] = row
    return table


def make_set(name, **changes):
    eeg = {
        "setname": "made up", "subject": "S1", "nbchan": 2.0, "pnts": 60.0, "trials": 1.0,
        "srate": 128.5, "data": np.zeros((2, 60), "f4"), "ref": "common",
        "chanlocs": structs([("Cz", 0.0, 0.0, 85.0), ("Fz", 60.0, 0.0, 60.0)],
                            ["labels", "X", "Y", "Z"]),
        "event": structs([("go", 3.0, 1.0), ("boundary", 20.5, 100.0), ("boundary", 40.5, 0.0),
                          (7.0, 50.25, 2.0)], ["type", "latency", "duration"]),
    }
    eeg.update(changes)
    with tempfile.NamedTemporaryFile(suffix=".set") as file:
        scipy.io.savemat(file.file, {"EEG": eeg})
        file.flush()
        read("inion-foreign", file.name, name)


os.makedirs(OUT, exist_ok=True)
make_set("inside")
make_set("outside", data="x.fdt")
make_set("epochs", data=np.zeros((2, 60, 3), "f8"), trials=3.0)
make_set("refused", srate=-1.0)
read("inion-foreign-biosig", sys.argv[2], "compatible")
# Sizes at their limits, in the header and in the first channel.
seed = open(os.path.join(OUT, "inside"), "rb").read()
for at in range(24, 56, 4):
    with open(os.path.join(OUT, "limit-%d" % at), "wb") as file:
        file.write(seed[:at] + b"\xff\xff\xff\xff" + seed[at + 4:])
