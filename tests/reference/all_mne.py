#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What MNE-Python 1.3 reads from every file of the shared recordings but EDF and BDF (edf_mne_make.py).

Usage: all_mne.py SHARED/data > all_mne.json

Every file is offered to every reader of MNE, so that none is missed. Of each channel one sample and the
root mean square of all are kept, in volts or in what MNE takes for its unit. What several files have alike
stands there once. all_mne.md tells what differs from Inion, and who is right."""

import json
import pathlib
import sys
import warnings

import mne
import numpy as np

mne.set_log_level("ERROR")
warnings.simplefilter("ignore")

READERS = {
    ".vhdr": [mne.io.read_raw_brainvision], ".ahdr": [mne.io.read_raw_brainvision], ".gdf": [mne.io.read_raw_gdf],
    ".set": [mne.io.read_raw_eeglab], ".mat": [mne.io.read_raw_eeglab], ".fif": [mne.io.read_raw_fif],
    ".cnt": [mne.io.read_raw_cnt], ".eeg": [mne.io.read_raw_nihon], ".lay": [mne.io.read_raw_persyst],
    ".dat": [mne.io.read_raw_curry], ".snirf": [mne.io.read_raw_snirf],
}
LEFT_OUT = (".edf", ".bdf")

# MNE guesses the width of samples from a count in the header that is wrong in this file.
HOW = {"test_CNT_events_mne_JWoess_clipped.cnt": {"data_format": "int32"}}


def number(x):
    return float("%.8g" % x)


def shared(value, table):
    """The place of a value in the table of all values."""
    if value not in table:
        table.append(value)
    return table.index(value)


def one_file(raw, tables):
    data = raw.get_data()
    samples = []
    for i, x in enumerate(data):
        place = len(x) * (i % 97 + 1) // 100
        samples.append([number(x[place]), number(np.sqrt(np.mean(x**2)))])
        samples[-1] = [v if np.isfinite(v) else None for v in samples[-1]]
    marks = raw.annotations
    shift = 0
    if marks.orig_time is not None and raw.info["meas_date"] is not None:
        shift = (marks.orig_time - raw.info["meas_date"]).total_seconds()
    # MNE counts from the start of the measurement, Inion from the first sample.
    shift -= raw.first_samp / raw.info["sfreq"]
    annotations = [[round(float(a["onset"] + shift), 7), float(a["duration"]), str(a["description"])] for a in marks]
    out = {
        "rate": float(raw.info["sfreq"]),
        "n": len(raw.times),
        "names": shared(raw.ch_names, tables["names"]),
        "samples": shared(samples, tables["samples"]),
        "annotations": shared(annotations, tables["annotations"]),
    }
    stim = [name for name, kind in zip(raw.ch_names, raw.get_channel_types()) if kind == "stim"]
    if stim:
        found = mne.find_events(raw, stim[0], shortest_event=1)
        out["triggers"] = [[int(e[0]) - raw.first_samp, int(e[2])] for e in found]
    return out


def main():
    root = pathlib.Path(sys.argv[1])
    tables = {"names": [], "samples": [], "annotations": []}
    files = {}
    for path in sorted(root.rglob("*")):
        suffix = path.suffix.lower()
        if not path.is_file() or suffix in LEFT_OUT:
            continue
        for reader in READERS.get(suffix, []):
            name = str(path.relative_to(root))
            try:
                raw = reader(path if suffix != ".dat" else str(path), preload=True, **HOW.get(path.name, {}))
                files[name] = one_file(raw, tables)
            except Exception as error:  # no recording, or none that MNE reads
                print(name, type(error).__name__, (str(error) or "-").splitlines()[0], file=sys.stderr)
    lines = ['"%s": %s' % (n, json.dumps(f, ensure_ascii=False, separators=(",", ":"))) for n, f in files.items()]
    tail = json.dumps(tables, ensure_ascii=False, separators=(",", ":"))[1:]
    print('{"mne": "%s", "files": {\n%s\n},\n%s' % (mne.__version__, ",\n".join(lines), tail))


if __name__ == "__main__":
    main()
