#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What MNE-Python 1.3 reads from every EDF and BDF file of the shared recordings.

Usage: edf_mne_make.py SHARED/data > edf_mne.json

Of each channel: the file's unit, its rate and number of samples, one sample and the root mean square
of all, in the unit of the file. What many files have alike stands there once. A file of several rates is read channel by channel, because
MNE resamples to the highest. edf_mne.md tells what differs, and who is right."""

import json
import pathlib
import sys
import warnings

import mne
import numpy as np
from mne.io.edf.edf import _read_annotations_edf

mne.set_log_level("ERROR")
warnings.simplefilter("ignore")


def number(x):
    return float("%.7g" % x)


def read(path, **how):
    return (mne.io.read_raw_bdf if path.suffix.lower() == ".bdf" else mne.io.read_raw_edf)(path, preload=False, **how)


def channel(raw, i, at):
    """Of channel i: rate, number of samples, the sample at a place that follows from both, root mean square."""
    x = raw[i][0][0] / np.ravel(raw._raw_extras[0]["units"])[i]
    place = (len(x) * (at % 97 + 1)) // 100
    return [number(raw.info["sfreq"]), len(x), number(x[place]), number(np.sqrt(np.mean(x**2)))]


def annotations(raw):
    """All that the file holds: raw.annotations leaves out what lies outside of the recording."""
    if len(raw._raw_extras[0]["tal_idx"]) == 0:
        return []
    none = np.empty(0, int)
    tals = raw._read_segment_file(np.empty((0, raw.n_times)), none, 0, 0, int(raw.n_times), np.ones((0, 1)), None)
    return [[float(onset), float(duration), text] for onset, duration, text in zip(*_read_annotations_edf(tals[0]))]


def one_file(path, labels):
    raw = read(path)
    extras = raw._raw_extras[0]
    counts = np.asarray(extras["n_samps"])
    names = [[name, raw._orig_units.get(name, "")] for name in raw.ch_names]
    if names not in labels:
        labels.append(names)
    rows = []
    for i, name in enumerate(raw.ch_names):
        if counts[extras["sel"][i]] == counts[extras["sel"]].max():
            rows.append(channel(raw, i, i))
        else:
            rows.append(channel(read(path, include=[name]), 0, i))
    out = {"labels": labels.index(names), "stim": [raw.ch_names[i] for i in extras["stim_channel_idxs"]]}
    for key, column in (("rates", 0), ("counts", 1)):
        values = [row[column] for row in rows]
        out[key] = values[:1] if len(set(values)) == 1 else values
    out["samples"] = [row[2:] for row in rows]
    out["annotations"] = annotations(raw)
    return out


def events(path, out):
    """Changes of the first 16 bits of Status to another code than 0."""
    raw = read(path)
    for name in out["stim"]:
        found = mne.find_events(raw, name, mask=0xFFFF, mask_type="and", consecutive=True, shortest_event=1)
        if len(found) < 5000:
            out.setdefault("events", {})[name] = [[int(e[0]), int(e[2])] for e in found]


def main():
    root = pathlib.Path(sys.argv[1])
    result = {"mne": mne.__version__, "labels": [], "files": {}}
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in (".edf", ".bdf"):
            continue
        name = str(path.relative_to(root))
        try:
            result["files"][name] = one_file(path, result["labels"])
            events(path, result["files"][name])
        except Exception as error:
            result["files"][name] = {"error": "%s: %s" % (type(error).__name__, str(error).splitlines()[0])}
            print(name, result["files"][name]["error"], file=sys.stderr)
    print(json.dumps(result, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
