#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What MNE reads from BrainVision and GDF files, for the tests of the readers.

Usage: brainvision_gdf_make.py DATA-FOLDER > brainvision_gdf.json

Samples are those of three channels at three places, in µV where MNE took volts."""

import json
import os
import sys
import warnings

import mne

warnings.simplefilter("ignore")
mne.set_log_level("ERROR")
root = sys.argv[1]
names = ["erp/testbva.vhdr"]
for folder in ("formats/mne", "formats/mne-testing"):
    names += sorted(f"{folder}/{n}" for n in os.listdir(f"{root}/{folder}") if n.endswith((".vhdr", ".ahdr")))
for folder in ("formats/gdf", "formats/mne-testing", "motor-imagery/other", "ssvep/subject01", "ssvep/subject03"):
    names += sorted(f"{folder}/{n}" for n in os.listdir(f"{root}/{folder}") if n.endswith(".gdf"))

files = []
for name in names:
    gdf = name.endswith(".gdf")
    try:
        raw = (mne.io.read_raw_gdf if gdf else mne.io.read_raw_brainvision)(f"{root}/{name}", preload=True)
    except Exception as error:  # what MNE cannot read is no reference
        print(name, "MNE:", repr(error), file=sys.stderr)
        continue
    data = raw.get_data()
    samples = []
    for channel in sorted({0, len(raw.ch_names) // 2, len(raw.ch_names) - 1}):
        volts = raw.info["chs"][channel]["unit"] == mne.io.constants.FIFF.FIFF_UNIT_V
        for first in sorted({0, raw.n_times // 2, max(raw.n_times - 3, 0)}):
            values = data[channel, first:first + 3] * (1e6 if volts else 1)
            samples.append(dict(channel=int(channel), first=int(first), volts=bool(volts), values=[float(v) if abs(v) < 1e300 else None for v in values]))
    date = raw.info["meas_date"]
    events = [[float(a["onset"]), float(a["duration"]), str(a["description"])] for a in raw.annotations]
    if date is not None and raw.annotations.orig_time is not None:
        events = [[o + (raw.annotations.orig_time - date).total_seconds(), d, t] for o, d, t in events]
    files.append(dict(path=name, rate=float(raw.info["sfreq"]), n=int(raw.n_times), start=date and date.isoformat(),
                      names=raw.ch_names, samples=samples, n_events=len(events), events=events[:40]))
print("{\"files\": [\n" + ",\n".join(json.dumps(f, ensure_ascii=False) for f in files) + "\n]}")
