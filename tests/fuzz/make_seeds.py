#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the seeds of the EDF fuzz target: right files, and files that claim too much.

Usage: make_seeds.py FOLDER"""

import pathlib
import sys


def field(text, n):
    raw = text if isinstance(text, bytes) else text.encode("latin-1")
    return raw[:n].ljust(n)


def edf(signals=({},), records=3, bdf=False, tals=(), cut=0, tail=b"", **header):
    h = dict(version=b"\xffBIOSEMI" if bdf else "0", patient="X X X X", recording="Startdate 02-MAR-2021 X X X",
             date="02.03.21", time="10.11.12", size=str(256 * (len(signals) + 1)), reserved="24BIT" if bdf else "",
             records=str(records), duration="1", n=str(len(signals)))
    h.update(header)
    widths = dict(version=8, patient=80, recording=80, date=8, time=8, size=8, reserved=44, records=8, duration=8, n=4)
    out = b"".join(field(h[k], n) for k, n in widths.items())
    full = []
    for s in signals:
        d = dict(label="EEG Fp1", transducer="", unit="uV", pmin="-100", pmax="100",
                 dmin="-8388608" if bdf else "-32768", dmax="8388607" if bdf else "32767",
                 prefilter="", count="4", samples=4, reserved="")
        d.update(s)
        if "samples" in s and "count" not in s:
            d["count"] = str(s["samples"])
        full.append(d)
    for key, n in dict(label=16, transducer=80, unit=8, pmin=8, pmax=8, dmin=8, dmax=8, prefilter=80, count=8,
                       reserved=32).items():
        out += b"".join(field(d[key], n) for d in full)
    width = 3 if bdf else 2
    for r in range(records):
        for d in full:
            if "Annotations" in str(d["label"]):
                tal = tals[r] if r < len(tals) else b"+%d\x14\x14\0" % r
                out += tal[:d["samples"] * width].ljust(d["samples"] * width, b"\0")
            else:
                for i in range(d["samples"]):
                    out += ((r * 977 + i * 37) % 4000 - 2000).to_bytes(width, "little", signed=True)
    out += tail
    return out[:len(out) - cut]


A = dict(label="EDF Annotations", unit="", pmin="-1", pmax="1", samples=30)
B = dict(label="BDF Annotations", unit="", pmin="-1", pmax="1", samples=20)
HUGE = "99999999"
PLUS = dict(signals=({}, A), reserved="EDF+C")

SEEDS = {
    "plain": edf(), "bdf": edf(bdf=True), "plus": edf(**PLUS),
    "bdfplus": edf(bdf=True, signals=({}, B, dict(label="Status", unit="Boolean", pmin="0", pmax="0")),
                   reserved="BDF+C"),
    "mixed": edf(signals=(dict(samples=8), dict(samples=1, label="ECG"), dict(samples=3, unit="mV"))),
    "many-signals": edf(signals=({"samples": 1},) * 12, records=1),
    "discontinuous": edf(signals=({}, A), reserved="EDF+D", tals=(b"+0\x14\x14\0", b"+5\x14\x14\0")),
    "contiguous": edf(signals=({}, A), reserved="EDF+D"),
    "annotations-only": edf(signals=(A, A), reserved="EDF+C", duration="0",
                            tals=(b"+0\x14\x14\0+30\x1530\x14Sleep stage W\x14\0",)),
    "late-start": edf(tals=(b"+0.25\x14\x14\0+0.5\x14x\x14\0", b"+1.25\x14\x14\0", b"+2.25\x14\x14\0"), **PLUS),
    "far-start": edf(tals=(b"+9e17\x14\x14\0+0.5\x14x\x14\0",), **PLUS),
    "jump": edf(tals=(b"+0\x14\x14\0", b"+1\x14\x14\0", b"-9000000000\x14\x14\0"), **PLUS),
    # Gaps.
    "gaps": edf(signals=({}, A), reserved="EDF+D", records=5,
                tals=(b"+0\x14\x14\0", b"+5\x14\x14\0", b"+6\x14\x14\0", b"+6.9\x14\x14\0", b"+30.37\x14\x14\0")),
    "gaps-mixed": edf(signals=(dict(samples=7), dict(samples=2), A), reserved="EDF+D", records=4, duration="0.333333",
                      tals=(b"+0.5\x14\x14\0", b"+0.9\x14\x14\0", b"+1.3\x14\x14\0", b"+9e8\x14\x14\0")),
    "gap-huge": edf(signals=({}, A), reserved="EDF+D", tals=(b"+0\x14\x14\0", b"+9.2e9\x14\x14\0", b"+9.2e9\x14\x14\0")),
    "gap-silent": edf(signals=({}, A), reserved="EDF+D", records=4, tals=(b"+0\x14\x14\0", b"", b"+7\x14\x14\0", b"")),
    "gap-in-plus": edf(tals=(b"+0\x14\x14\0", b"+3\x14\x14\0", b"+4\x14\x14\0"), **PLUS),
    "back-in-plus": edf(tals=(b"+0\x14\x14\0", b"+0\x14\x14\0", b"+0\x14\x14\0"), **PLUS),
    "gap-cut": edf(signals=(A, {}), reserved="EDF+D", tals=(b"+0\x14\x14\0", b"+5\x14\x14\0", b"+9\x14\x14\0"), cut=3),
    "drift": edf(signals=({}, A), reserved="EDF+D", records=6,
                 tals=tuple(b"+%.3f\x14\x14\0" % (1.1 * i) for i in range(6))),
    "cut-signals": edf(signals=({}, {}, {}), cut=13),
    # Triggers, and an annotation of one signal.
    "status": edf(bdf=True, records=6, signals=({}, dict(label="Status", unit="Boolean", samples=8))),
    "trigger": edf(records=9, signals=(dict(label="Trigger", samples=2, pmin="-32768", pmax="32767"),)),
    "of-channel": edf(tals=(b"+0\x14\x14\0+0.5\x14x@@EEG Fp1\x14y@@z\x14@@\x14\0",), **PLUS),
    # Sizes.
    "huge-signal": edf(signals=(dict(count=HUGE),)),
    "huge-signals": edf(signals=(dict(count=HUGE),) * 12),
    "huge-annotations": edf(signals=({}, dict(A, count=HUGE)), reserved="EDF+C"),
    "gigabyte-record": edf(signals=(dict(count="5.3687e8"),)),
    "huge-exponent": edf(signals=(dict(count="9e18"), dict(count="9e18"))),
    "negative-signal": edf(signals=(dict(count="-4"), {})),
    "no-samples": edf(signals=(dict(samples=0), dict(samples=0))),
    "one-byte-short": edf(cut=1), "header-only": edf(records=0), "tail": edf(tail=b"xyz"),
    "signals-9999": edf(n="9999"), "signals-exponent": edf(n="9e9"), "signals-0": edf(n="0"),
    "signals-negative": edf(n="-1"),
    "records-unknown": edf()[:236] + field("-1", 8) + edf()[244:],
    "records-many": edf()[:236] + field(HUGE, 8) + edf()[244:],
    "duration-long": edf(duration="9e9"), "duration-short": edf(duration="1e-99"), "duration-zero": edf(duration="0"),
    "duration-comma": edf(duration="0,5"), "duration-precise": edf(duration="0.333333"),
    "header-long": edf(size="1024"), "header-negative": edf(size="-512"), "header-huge": edf(size=HUGE),
    # Scales.
    "scale-tiny": edf(signals=(dict(pmin="0", pmax="1e-400"), dict(pmin="-1e-300", pmax="1e-300"))),
    "scale-huge": edf(signals=(dict(pmin="-9e999", pmax="9e999"), dict(pmin="-1e308", pmax="1e308"))),
    "scale-wide": edf(signals=(dict(dmin="-9e9", dmax="9e9"), dict(dmin="-2147483648"[:8], dmax="2e9"))),
    "scale-equal": edf(signals=(dict(pmin="5", pmax="5"), dict(dmin="7", dmax="7"), dict(dmin="7", dmax="-7"))),
    "scale-words": edf(signals=(dict(pmin="nan", pmax="inf", dmin="-32768.0", dmax="0x7fff"),)),
    "scale-volts": edf(signals=(dict(unit="V", pmin="-1e305", pmax="1e305"), dict(unit=b"\xb5V"), dict(unit="nV"))),
    # Texts and times.
    "text-copy": edf(signals=(dict(samples=3000),), records=1).replace(b"\n", b"\r\n"),
    "latin1": edf(patient=b"M\xfcller \x81\x8d\xff", signals=(dict(label=b"\xb0\x80\x9d\x90", unit=b"\x83\xcaV"),)),
    "zeros": b"\0" * 512, "nul-fields": edf().replace(b" ", b"\0"), "version": edf(version=""),
    "dates": edf(date="31.02.99", time="24.60.60", recording="Startdate 99-XYZ-0000 X"),
    "date-yy": edf(date="02.03.yy", recording="Startdate 02-MAR-9999 X"),
    # TALs.
    "tal-kinds": edf(tals=(b"+0\x14\x14\0+0.5\x151.25\x14Anf\xc3\xa4lle\x14B\x14\0-1,5\x14\xe4\x01\x14\0" b"0.5\x14x\x14\0",
                           b"junk\0+\0+1\x15\x14y\x14\0+1e-05\x14z\x14\0", b"+2\x14start\x14\0+9\x14cut" + b"c" * 60),
                     **PLUS),
    "tal-overflow": edf(tals=(b"+9223372036.854775807\x14\x14\0-9223372036.8547758\x15" b"9e9\x14x\x14\0",
                              b"+99999999999999999999999\x14\x14\0", b"-9223372036\x14\x14\0+1e300\x14x\x14\0"), **PLUS),
    "tal-missing": edf(tals=(b"", b"\xff" * 60, b"\x14" * 60), **PLUS),
}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in SEEDS.items():
        (folder / name).write_bytes(data)
    print(len(SEEDS), "seeds,", sum(map(len, SEEDS.values())), "bytes")


if __name__ == "__main__":
    main()
