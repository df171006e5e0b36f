#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What FIF, Neuroscan CNT and BCI2000 files hold, by other programs than ours.

Usage: /usr/bin/python3 native_make.py SHARED

Writes the FIF files in fif/ from a real EDF recording, with MNE 1.3, and native.txt:
  F file rate samples start      start: ISO 8601, "-" if there is none
  C label unit bad first middle last sum-of-absolutes   values in µV, fT or as they are; nan in gaps
  A onset duration text          an annotation, seconds since the first sample
  T sample code                  an event of the trigger channel, by find_events()
  S name value sample samples    BCI2000: a state held a value other than 0

CNT is read by MNE with the number of bytes a sample that is right ('auto' takes two where the
number of samples in the header is wrong). Of CNT no bads are compared: MNE takes the fifth letter of
a name for the flag. MNE also puts each event a sample before the one that the file points at. BCI2000 is read by the few lines here, from the format's description.
"""

import os
import sys

import mne
import numpy as np

mne.set_log_level('error')
here = os.path.dirname(os.path.abspath(__file__))
shared = sys.argv[1]
out = []


def number(x):
    return 'nan' if np.isnan(x) else '%.9g' % x


def channel(label, unit, bad, values):
    middle = values[len(values) // 2]
    out.append('\t'.join(['C', label, unit, '%d' % bad, number(values[0]), number(middle),
                          number(values[-1]), number(np.nansum(np.abs(values)))]))


def raw_lines(name, raw, bads=True, skips=False):
    data = raw.get_data()
    first = raw.first_samp
    start = '-'
    if raw.info['meas_date'] is not None:
        start = np.datetime64(raw.info['meas_date'].replace(tzinfo=None), 'us')
        start = str(start + np.timedelta64(int(round(first / raw.info['sfreq'] * 1e6)), 'us'))
    out.append('\t'.join(['F', name, '%.12g' % raw.info['sfreq'], str(raw.n_times), start]))
    missing = np.zeros(raw.n_times, bool)
    if skips:
        for a in raw.annotations:
            if a['description'] == 'BAD_ACQ_SKIP':
                i = int(round((a['onset'] - raw.first_time) * raw.info['sfreq']))
                missing[i:i + int(round(a['duration'] * raw.info['sfreq']))] = True
    for i, ch in enumerate(raw.info['chs']):
        unit, scale = {107: ('µV', 1e6), 112: ('fT', 1e15), 201: ('fT/cm', 1e13)}.get(
            int(ch['unit']), ('', 1))
        if int(ch['kind']) == 3:
            unit, scale = '', 1
        values = data[i] * scale
        values[missing] = np.nan
        channel(ch['ch_name'], unit, bads and ch['ch_name'] in raw.info['bads'], values)
    for a in raw.annotations:
        onset = a['onset'] - first / raw.info['sfreq']
        out.append('\t'.join(['A', '%.9g' % onset, '%.9g' % a['duration'], a['description']]))
    if 'stim' in raw:
        for sample, _, code in mne.find_events(raw):
            out.append('T\t%d\t%d' % (sample - first, code))


def make_fif():
    folder = os.path.join(here, 'fif')
    os.makedirs(folder, exist_ok=True)
    raw = mne.io.read_raw_edf(os.path.join(shared, 'data/formats/mne/test_reduced.edf'),
                              preload=True)
    names = raw.ch_names[:5]
    raw.pick_channels(names).crop(0, 3.999)
    stim = np.zeros((1, raw.n_times))
    for k, code in enumerate([5, 7, 2, 255]):
        stim[0, 600 + 150 * k:600 + 150 * k + 60] = code
    stim[0, 630:660] = 13  # grows while it is held
    info = mne.create_info(['STI 014'], raw.info['sfreq'], 'stim')
    info_meg = mne.create_info(['MEG 0111', 'MEG 0112'], raw.info['sfreq'], ['mag', 'grad'])
    data = raw.get_data()
    meg = np.vstack([data[0] * 1e-7, data[1] * 1e-6])
    extra = mne.io.RawArray(stim, info)
    meg = mne.io.RawArray(meg, info_meg)
    for r in (extra, meg):
        r.set_meas_date(raw.info['meas_date'])
    raw.add_channels([extra, meg], force_update_info=True)
    raw.set_channel_types({names[3]: 'eog', names[4]: 'ecg'})
    # A name longer than 15 bytes stands elsewhere.
    raw.rename_channels({names[0]: 'A long name Fp1-Ref', names[1]: 'Cz'})
    raw.set_montage(mne.channels.make_dig_montage({'Cz': (0.001, 0.002, 0.12)}, coord_frame='head'),
                    on_missing='ignore')
    raw.info['bads'] = ['A long name Fp1-Ref', 'MEG 0112']
    raw.info['description'] = 'made for a test'
    raw.set_meas_date(1234567890.25)
    # Its first sample is not the first of the measurement.
    half = raw.copy().crop(1.0, None)
    for ch in half.info['chs']:
        ch['cal'] = {107: 1e-7, 112: 1e-15, 201: 1e-13}[int(ch['unit'])]
    half.info['chs'][half.ch_names.index('STI 014')]['cal'] = 1
    half.set_annotations(mne.Annotations([1.25, 2.5, 3.0], [0.5, 0, 0.25],
                                         ['spike: 1', 'note', 'BAD'],
                                         orig_time=half.info['meas_date'],
                                         ch_names=[('Cz',), (), ('Cz', 'STI 014')]))
    for fmt in ('short', 'int', 'single', 'double'):
        half.save(os.path.join(folder, fmt + '_raw.fif'), fmt=fmt, overwrite=True,
                  buffer_size_sec=0.5)
    half.save(os.path.join(folder, 'packed_raw.fif.gz'), overwrite=True, buffer_size_sec=0.5)
    skip = half.copy()
    skip.set_annotations(mne.Annotations([1.5], [1.0], ['BAD_ACQ_SKIP'],
                                         orig_time=skip.info['meas_date']))
    skip.save(os.path.join(folder, 'skip_raw.fif'), overwrite=True, buffer_size_sec=0.25)
    undated = half.copy().set_annotations(None)
    undated.set_meas_date(None)
    undated.set_annotations(mne.Annotations([0.5], [0.25], ['undated']))
    undated.save(os.path.join(folder, 'undated_raw.fif'), overwrite=True)
    for name in sorted(os.listdir(folder)):
        if name.endswith(('.fif', '.gz')):
            path = os.path.join(folder, name)
            again = mne.io.read_raw_fif(path, preload=True)
            raw_lines('fif/' + name, again, skips=True)


def state_lines(vectors, fields):
    bits = np.unpackbits(vectors, axis=1, bitorder='little').astype(np.int64)
    for name, n_bits, byte, bit in fields:
        if name in ('SourceTime', 'StimulusTime', 'Running', 'Recording'):
            continue
        at = byte * 8 + bit
        value = bits[:, at:at + n_bits] @ (1 << np.arange(n_bits))
        edges = np.concatenate([[0], np.flatnonzero(np.diff(value)) + 1, [len(value)]])
        if len(edges) == 2:
            continue
        for a, b in zip(edges[:-1], edges[1:]):
            if value[a] != 0:
                out.append('\t'.join(['S', name, str(value[a]), str(a), str(b - a)]))


def bci2000(name):
    content = open(os.path.join(shared, name), 'rb').read()
    first = content.split(b'\n')[0].split()
    size, n, n_state = int(first[1]), int(first[3]), int(first[5])
    text = content[:size].decode('latin-1').splitlines()
    fields = []
    for line in text[2:text.index('[ Parameter Definition ] ')]:
        words = line.split()
        fields.append((words[0], int(words[1]), int(words[3]), int(words[4])))
    values = {}
    for line in text:
        words = line.split()
        for key in ('SamplingRate=', 'SourceChGain=', 'SourceChOffset='):
            if key in words:
                values[key] = words[words.index(key) + 1:]
    moments = np.frombuffer(content[size:], np.uint8).reshape(-1, 2 * n + n_state)
    samples = moments[:, :2 * n].copy().view('<i2').astype(float)
    out.append('\t'.join(['F', name, values['SamplingRate='][0], str(len(samples)), '-']))
    for i in range(n):
        gain = float(values['SourceChGain='][1 + i])
        offset = float(values['SourceChOffset='][1 + i])
        channel('Ch%d' % (i + 1), 'µV', False, (samples[:, i] - offset) * gain)
    state_lines(moments[:, 2 * n:].copy(), fields)


make_fif()
name = 'data/formats/mne/test_bin_raw.fif'
raw_lines(name, mne.io.read_raw_fif(os.path.join(shared, name), preload=True))
for name, form in (('scan41_short.cnt', 'int16'),
                   ('test_CNT_events_mne_JWoess_clipped.cnt', 'int32')):
    name = 'data/formats/mne-testing/' + name
    raw = mne.io.read_raw_cnt(os.path.join(shared, name), data_format=form, preload=True)
    raw_lines(name, raw, bads=False)
for name in ('eeg1_1.dat', 'eeg1_2.dat'):
    bci2000('data/formats/bci2000/' + name)
with open(os.path.join(here, 'native.txt'), 'w') as f:
    f.write('\n'.join(out) + '\n')
