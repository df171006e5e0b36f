# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes clean_blinks.txt: when MNE 1.3 sees blinks in three real recordings, in seconds.

Usage: python3 clean_make.py path/to/eegmmidb

NAME_all: every event of mne.preprocessing.find_eog_events() on Fp1. NAME_sure: those where Fp1,
band-passed 1-10 Hz, rises above 100 uV within 0.1 s: in S001R01 four of MNE's 16 events are steps of
the slow drift after a blink, with nothing to see in the trace.
"""
import os
import sys
import warnings

import mne
import numpy as np

warnings.filterwarnings('ignore')
mne.set_log_level('ERROR')
with open('clean_blinks.txt', 'w') as out:
    for name in ['S001R01', 'S007R04', 'S008R04']:
        raw = mne.io.read_raw_edf(os.path.join(sys.argv[1], name[:4], name + '.edf'), preload=True)
        events = mne.preprocessing.find_eog_events(raw, ch_name='Fp1.')[:, 0]
        x = raw.copy().pick(['Fp1.']).filter(1, 10).get_data()[0] * 1e6
        sure = [e for e in events if x[max(e - 16, 0):e + 17].max() > 100]
        for kind, times in [('all', events), ('sure', sure)]:
            times = np.asarray(times) / raw.info['sfreq']
            out.write('%s_%s %d\n' % (name, kind, len(times)))
            out.writelines('%r\n' % float(t) for t in times)
