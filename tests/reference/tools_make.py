# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tools.txt: what SciPy 1.10 and MNE 1.3 say of spectrograms, patterns and averages.

Usage: python3 tools_make.py path/to/S007R04.edf (PhysioNet eegmmidb) path/to/eeglab_data.set

The spectrograms and the correlations are of the two channels in signal_input.txt. The averages are
of whole recordings: 0.2 s before to 0.8 s after the event, baseline before it, with the half width
of the 95 % interval by Student's t. An array: a line "name count", then the values, one a line.
"""
import sys
import warnings

import mne
import numpy as np
from scipy import signal, stats

warnings.filterwarnings('ignore')
mne.set_log_level('ERROR')
arrays = {}

raw = mne.io.read_raw_edf(sys.argv[1], preload=True)
x = raw.get_data(picks=['Fp1.', 'C3..'], start=4000, stop=5000) * 1e6
for name, window, n, overlap in [('hann', 'hann', 160, 120), ('hamming', 'hamming', 201, 100),
                                 ('boxcar', 'boxcar', 64, 0)]:
    f, t, p = signal.spectrogram(x[1], 160., window, n, overlap)
    arrays['spectrogram_' + name] = p.T
    arrays['times_' + name] = t

# A pattern of 100 samples, looked for in both channels.
first, m = 300, 100
count = x.shape[1] - m + 1
top, power, mean = np.zeros(count), np.zeros(count), np.zeros(count)
norm = 0
for channel in x:
    p = channel[first:first + m] - channel[first:first + m].mean()
    windows = np.lib.stride_tricks.sliding_window_view(channel, m)
    w = ((windows - windows.mean(1, keepdims=True)) ** 2).sum(1)
    c = signal.correlate(channel, p, 'valid')
    top += c
    power += w
    norm += (p ** 2).sum()
    mean += c / np.sqrt((p ** 2).sum() * w) / len(x)
arrays['joint'] = top / np.sqrt(norm * power)
arrays['mean'] = mean


def average(raw, name, label, picks):
    events, ids = mne.events_from_annotations(raw)
    epochs = mne.Epochs(raw, events, ids[label], -0.2, 0.8, baseline=(None, 0), picks=picks,
                        preload=True)
    data = epochs.get_data() * 1e6
    arrays[name + '_n'] = [len(epochs)]
    arrays[name] = epochs.average().data * 1e6
    arrays[name + '_band'] = (stats.t.ppf(.975, len(data) - 1) * data.std(0, ddof=1) /
                              np.sqrt(len(data)))


average(raw, 'motor', 'T1', ['C3..', 'Cz..', 'C4..'])
average(mne.io.read_raw_eeglab(sys.argv[2], preload=True), 'visual', 'square', ['Fz', 'Pz', 'Oz'])

with open('tools.txt', 'w') as out:
    for name, values in arrays.items():
        values = np.asarray(values, float).ravel()
        out.write('%s %d\n' % (name, len(values)))
        out.writelines('%r\n' % float(v) for v in values)
