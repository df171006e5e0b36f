# SPDX-License-Identifier: GPL-3.0-or-later
"""What MNE reads from the .set files in the shared data: eeglab_mne.txt.

Lines: file NAME RATE N_CHANNELS N_SAMPLES; channel LABEL; event ONSET DURATION TEXT;
sample CHANNEL INDEX MICROVOLTS; sum CHANNEL MICROVOLTS.
usage: /usr/bin/python3 eeglab_mne.py SHARED > eeglab_mne.txt
"""
import os
import sys
import warnings

import mne
import numpy as np

FILES = [
    "erp/eeglab_data.set",
    "erp/eeglab_data_numerical_events.set",
    "formats/mne-testing/test_raw_2021.set",
    "formats/mne-testing/test_raw_event_duration.set",
]

mne.set_log_level("error")
warnings.simplefilter("ignore")
for name in FILES:
    raw = mne.io.read_raw_eeglab(os.path.join(sys.argv[1], "data", name), preload=True)
    values = raw.get_data() * 1e6
    print("file\t%s\t%.17g\t%d\t%d" % (name, raw.info["sfreq"], len(raw.ch_names), raw.n_times))
    for label in raw.ch_names:
        print("channel\t%s" % label)
    for a in raw.annotations:
        print("event\t%.9f\t%.9f\t%s" % (a["onset"], a["duration"], a["description"]))
    for c in range(0, len(values), max(1, len(values) // 4)):
        for k in np.linspace(0, raw.n_times - 1, 7).astype(int):
            print("sample\t%d\t%d\t%.9g" % (c, k, values[c, k]))
        print("sum\t%d\t%.9g" % (c, values[c].sum()))
