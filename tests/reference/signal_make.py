# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes signal_*.txt: what SciPy 1.10 and MNE 1.3 compute from two channels of a real recording.

Usage: python3 signal_make.py path/to/S007R04.edf (PhysioNet eegmmidb)

Each file holds arrays: a line "name count", then the values, one a line, exact (repr).
"""
import sys
import warnings

import mne
import numpy as np
from scipy import signal

warnings.filterwarnings('ignore')
mne.set_log_level('ERROR')
RATE = 160.


def write(path, arrays):
    with open(path, 'w') as out:
        for name, values in arrays.items():
            values = np.asarray(values, float).ravel()
            out.write('%s %d\n' % (name, len(values)))
            out.writelines('%r\n' % float(v) for v in values)


raw = mne.io.read_raw_edf(sys.argv[1])
x = raw.get_data(picks=['Fp1.', 'C3..'], start=4000, stop=5000) * 1e6
frontal, central = x
write('signal_input.txt', {'frontal': frontal, 'central': central})

# Designs: order, band, low, high, rate -> sections as b0 b1 b2 a1 a2.
sos = {}
for order, band, low, high, rate in [
        (4, 'bandpass', 1, 40, 512), (4, 'bandpass', 7, 30, 160), (1, 'bandpass', 8, 12, 160),
        (3, 'bandpass', 1, 70, 160), (5, 'bandpass', .5, 20, 250), (1, 'highpass', .5, 0, 160),
        (2, 'highpass', .5, 0, 160), (5, 'highpass', 1, 0, 256), (3, 'lowpass', 0, 40, 160),
        (4, 'lowpass', 0, 30, 1000), (8, 'lowpass', 0, 70, 160), (2, 'bandstop', 58, 62, 160),
        (3, 'bandstop', 20, 60, 160), (1, 'bandpass', 1, 79, 160)]:
    edges = {'bandpass': [low, high], 'bandstop': [low, high], 'highpass': low, 'lowpass': high}[band]
    s = signal.butter(order, edges, band, fs=rate, output='sos')
    sos['design_%d_%s_%g_%g_%g' % (order, band, low, high, rate)] = np.delete(s, 3, axis=1)
b, a = signal.iirnotch(50, 30, 160)
sos['notch_50_30_160'] = np.r_[b, a[1:]]
s = signal.butter(4, [7, 30], 'bandpass', fs=RATE, output='sos')
sos['zi'] = signal.sosfilt_zi(s)
sos['causal'] = signal.sosfilt(s, central)
sos['primed'] = signal.sosfilt(s, central, zi=signal.sosfilt_zi(s) * central[0])[0]
sos['bandpass'] = signal.sosfiltfilt(s, central)
sos['bandpass_pad_200'] = signal.sosfiltfilt(s, central, padlen=200)
sos['bandpass_pad_0'] = signal.sosfiltfilt(s, central, padlen=0)
sos['highpass'] = signal.sosfiltfilt(signal.butter(2, .5, 'highpass', fs=RATE, output='sos'), frontal)
sos['lowpass_odd'] = signal.sosfiltfilt(signal.butter(3, 40, fs=RATE, output='sos'), frontal)
sos['bandstop'] = signal.sosfiltfilt(signal.butter(3, [20, 60], 'bandstop', fs=RATE, output='sos'), frontal)
write('signal_sos.txt', sos)

fir = {}
for fs, low, high in [(250, 1, 40), (250, 8, 32), (160, 7, 35), (512, .1, 30), (256, None, 30),
                      (100, .4, 30), (160, 1, None), (160, 60, 20), (160, 1, 79)]:
    h = mne.filter.create_filter(None, fs, low, high)
    fir['design_%g_%s_%s' % (fs, low, high)] = [len(h), h[len(h) // 2], h[len(h) // 2 - 3], h[10]]
for name, low, high in [('bandpass', 7, 35), ('lowpass', None, 30), ('bandstop', 60, 20),
                        ('highpass', 1, None)]:
    fir[name] = mne.filter.filter_data(central, RATE, low, high, phase='zero')
h = mne.filter.create_filter(None, RATE, 7, 35)
fir['minimum_phase'] = signal.minimum_phase(h)
fir['minimum_phase_design'] = mne.filter.create_filter(None, RATE, 7, 35, phase='minimum')
fir['causal'] = signal.lfilter(h, 1, central)
write('signal_fir.txt', fir)

spectrum = {}
for window in ['hann', 'hamming', 'boxcar']:
    spectrum['welch_' + window] = signal.welch(central, RATE, window, 256, 128)[1]
spectrum['welch_odd'] = signal.welch(central, RATE, 'hann', 201, 50)[1]
for n, bandwidth in [(1000, 4.), (999, 2.), (320, 3.)]:
    spectrum['multitaper_%d_%g' % (n, bandwidth)] = mne.time_frequency.psd_array_multitaper(
        central[:n], RATE, bandwidth=bandwidth, adaptive=False, low_bias=True, normalization='full')[0]
spectrum['envelope_1000'] = np.abs(signal.hilbert(central))
spectrum['envelope_999'] = np.abs(signal.hilbert(central[:999]))
tapers, ratios = signal.windows.dpss(64, 3, 5, return_ratios=True)
spectrum['dpss_64_3_5'] = tapers
spectrum['dpss_ratios_64_3_5'] = ratios
write('signal_spectrum.txt', spectrum)

write('signal_resample.txt', {'up_%d_down_%d' % (up, down): signal.resample_poly(central, up, down)
                              for up, down in [(5, 8), (8, 5), (1, 4), (3, 1), (25, 16)]})
