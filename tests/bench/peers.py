#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What MNE-Python, SciPy and scikit-learn take for the tasks of tests/bench, in rows as bench-kit.h
prints them. A task whose library or file is not there is left out.

usage: peers.py FOLDER [SECONDS]     FOLDER: where M.edf and D24.edf are; SECONDS of signal, 3600
"""

import os
import statistics
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def row(key, times, note):
    print(f"{key}\t{1e3 * statistics.median(times):.4g}\tms\t{note}, n = {len(times)}", flush=True)


def measure(key, note, func, n=1):
    times = []
    for _ in range(n):
        start = time.perf_counter()
        func()
        times.append(time.perf_counter() - start)
    row(key, times, note)


def files(mne, folder):
    for name in "M", "D24":
        path = os.path.join(folder, name + ".edf")
        if not os.path.exists(path):
            continue
        measure("open." + name, "MNE", lambda: mne.io.read_raw_edf(path, verbose="error"), 3)
        measure("open and page." + name, "MNE",
                lambda: mne.io.read_raw_edf(path, verbose="error")[:, :2560], 3)
        if name == "M":
            measure("read all." + name, "MNE",
                    lambda: mne.io.read_raw_edf(path, preload=True, verbose="error"))


def signals(mne, scipy_signal, seconds):
    rate, n = 512.0, int(512 * seconds)
    x = np.random.default_rng(1).standard_normal((64, n))
    if mne is not None:
        measure("filter.fir_1_40.M", "MNE",
                lambda: mne.filter.filter_data(x, rate, 1, 40, verbose="error"))
        measure("filter.butter4_1_40.M", "MNE",
                lambda: mne.filter.filter_data(x, rate, 1, 40, method="iir", verbose="error"))
        measure("filter.notch50.M", "MNE FIR",
                lambda: mne.filter.notch_filter(x, rate, 50, verbose="error"))
        measure("psd.welch.M", "MNE",
                lambda: mne.time_frequency.psd_array_welch(
                    x, rate, n_fft=2048, n_overlap=1024, n_per_seg=2048, window="hann",
                    verbose="error"))
        epochs = np.ascontiguousarray(
            x[:, :1024 * min(200, n // 1024)].reshape(64, -1, 1024).transpose(1, 0, 2))
        measure("psd.multitaper.epochs", "MNE",
                lambda: mne.time_frequency.psd_array_multitaper(epochs, rate, bandwidth=4,
                                                                verbose="error"))
    measure("resample.512_128.M", "SciPy", lambda: scipy_signal.resample_poly(x, 1, 4, axis=1))
    measure("avgref.M", "NumPy", lambda: np.subtract(x, x.mean(axis=0), out=x), 3)


def decode(mne):
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline

    random = np.random.default_rng(5)
    x = random.standard_normal((288, 22, 750))
    y = np.arange(288) % 2
    x[y == 1, :4] *= 1.1
    pipeline = make_pipeline(mne.decoding.CSP(4, log=True), LinearDiscriminantAnalysis())

    def run():
        with mne.utils.use_log_level("error"):
            cross_val_score(pipeline, x, y, cv=StratifiedKFold(10))

    measure("decode.csp4_lda.10fold", "MNE + scikit-learn", run, 3)
    row("decode.csp4_lda.10fold.permutation", [timed(run)], "MNE + scikit-learn, the same again")


def timed(func):
    start = time.perf_counter()
    func()
    return time.perf_counter() - start


def network():
    x = np.random.default_rng(6).standard_normal((300, 64, 512))
    window = np.hanning(513)[:-1]

    def spectra():
        return np.fft.rfft((x - x.mean(axis=2, keepdims=True)) * window, axis=2)

    def coherence():
        s = np.ascontiguousarray(spectra().transpose(2, 1, 0))
        cross = s @ s.conj().transpose(0, 2, 1)
        power = np.einsum("fii->fi", cross).real
        return np.abs(cross) / np.sqrt(power[:, :, None] * power[:, None, :])

    def wpli():
        s = np.ascontiguousarray(spectra().transpose(2, 1, 0))
        out = np.empty((s.shape[0], 64, 64))
        for f in range(s.shape[0]):
            for i in range(64):
                imaginary = (s[f, i] * s[f].conj()).imag
                total, absolute = imaginary.sum(axis=1), np.abs(imaginary).sum(axis=1)
                squares = (imaginary ** 2).sum(axis=1)
                with np.errstate(all="ignore"):
                    out[f, i] = (total ** 2 - squares) / (absolute ** 2 - squares)
        return out

    measure("conn.coh.allpairs", "NumPy", coherence, 3)
    measure("conn.wpli.allpairs", "NumPy", wpli)


def load(name):
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        print(f"{name} is not installed", file=sys.stderr)
        return None


def main():
    folder = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 3600.0
    mne = load("mne")
    scipy_signal = load("scipy.signal")
    if mne is not None:
        files(mne, folder)
    if scipy_signal is not None:
        signals(mne, scipy_signal, seconds)
    if mne is not None and load("sklearn") is not None:
        decode(mne)
    network()


main()
