#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the seeds of the fuzz targets for BrainVision and GDF: right files, and such as claim too much.

Usage: make_brainvision_gdf_seeds.py CORPUS-FOLDER"""

import pathlib
import struct
import sys

HEADER = """Brain Vision Data Exchange Header File Version 1.0
[Common Infos]
Codepage=UTF-8
DataFormat=BINARY
DataOrientation=MULTIPLEXED
NumberOfChannels=2
SamplingInterval=4000
[Binary Infos]
BinaryFormat=INT_16
[Channel Infos]
Ch1=Fp1,Ref,0.5,µV
Ch2=C\\1z,,2,mV
[Coordinates]
Ch1=1,-90,-72
[Comment]
Channels
--------
#     Name      Phys. Chn.    Resolution / Unit   Low Cutoff [s]   High Cutoff [Hz]   Notch [Hz]
1     Fp1         1                0.5 µV             10              250              Off
S o f t w a r e  F i l t e r s
#     Low Cutoff [s]   High Cutoff [Hz]   Notch [Hz]
1      0.3183099         70              50
"""
MARKERS = """Brain Vision Data Exchange Marker File, Version 1.0
[Marker Infos]
Mk1=New Segment,,1,1,0,20131113161403794232
Mk2=Stimulus,S  1,26,1,0
Mk3=New Segment,,51,1,0,20131113161405794232
Mk4=New Segment,,81,1,0
Mk5=Comment,a\\1b,91,-1,2
"""
DATA = bytes(range(200)) * 2


def bv(old="", new="", markers=MARKERS, data=DATA):
    assert old in HEADER
    return HEADER.replace(old, new, 1).encode() + b"\f" + markers.encode() + b"\f" + data


BRAINVISION = {
    "plain": bv(), "no-markers": bv(markers=""), "no-data": bv(data=b""), "odd-bytes": bv(data=DATA[:77]),
    "vectorized": bv("MULTIPLEXED", "VECTORIZED\nDataPoints=100"), "float": bv("INT_16", "IEEE_FLOAT_32"),
    "big": bv("INT_16", "INT_32\nUseBigEndianOrder=YES"), "segmented": bv("Sampling", "SegmentationType=FIXTIME\nSegmentDataPoints=7\nSampling"),
    "segments-of-one": bv("Sampling", "SegmentationType=FIXTIME\nSegmentDataPoints=1\nSampling"),
    "text": bv("=BINARY", "=ASCII", data=b"1 2\n3.5 -4e1\nnan 7\n"),
    "text-comma": bv("=BINARY", "=ASCII\n[ASCII Infos]\nDecimalSymbol=,\nSkipLines=1\nSkipColumns=1\n[Common Infos]", data=b"a b c\nx 1,5 2\n"),
    "text-vectorized": bv("=BINARY\nDataOrientation=MULTIPLEXED", "=ASCII\nDataOrientation=VECTORIZED", data=b"1 2 3\n4 5 6\n"),
    "v-amp": bv("Data Exchange", "V-Amp Data", data=DATA[:300]),
    "channels-many": bv("Channels=2", "Channels=16384"), "channels-more": bv("Channels=2", "Channels=99999999999"),
    "points-many": bv("Sampling", "DataPoints=9223372036854775807\nSampling"),
    "interval-long": bv("=4000", "=9223372036"), "interval-short": bv("=4000", "=0.001"), "interval-precise": bv("=4000", "=1953.125"),
    "resolution": bv("2,mV", "1e308,V"), "resolution-comma": bv("2,mV", "0,5,mV"),
    "marker-far": bv(markers=MARKERS.replace(",26,", ",9223372036854775807,")),
    "marker-near": bv(markers=MARKERS.replace(",26,", ",-9223372036854775807,").replace(",-1,2", ",9e18,2")),
    "marker-dates": bv(markers=MARKERS.replace("20131113161405", "99991231235959")),
}


def gdf(version="2.20", n=2, types=(3, 17), samples=(4, 2), records=3, stated=None, length=(1, 1), events=b"\3\2\0\0\0\0\x80\x43" +
        struct.pack("<IIHHHHII", 1, 5, 769, 32766, 0, 1, 0, 2), limits=(-100.0, 100.0, -2048, 2047), code=4275, tags=b"", blocks=None,
        stated_n=None):
    old = float(version) < 1.9
    size = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 8, 8: 8, 16: 4, 17: 8, 279: 3, 535: 3}
    head = f"GDF {version}".encode() + b"X X".ljust(80) + b"test".ljust(80)
    if old:
        head += b"2007030212075900" + struct.pack("<q", blocks or 256 * (n + 1)) + bytes(44)
    else:
        head += struct.pack("<QQH", 735741 << 32, 0, blocks or (256 * (n + 1) + len(tags)) // 256) + bytes(50)
    head = head[:236].ljust(236, b"\0") + struct.pack("<q", records if stated is None else stated)
    head += struct.pack("<d", length) if isinstance(length, float) else struct.pack("<II", *length)
    head += struct.pack("<I", n if stated_n is None else stated_n)
    each = lambda f: b"".join(f(i) for i in range(n))
    head += each(lambda i: f"C{i}".encode().ljust(16)) + each(lambda i: b"x".ljust(80))
    head += each(lambda i: b"uV".ljust(8)) if old else each(lambda i: b"uV".ljust(6)) + each(lambda i: struct.pack("<H", code))
    head += each(lambda i: struct.pack("<d", limits[0])) + each(lambda i: struct.pack("<d", limits[1]))
    form = "<q" if old else "<d"
    head += each(lambda i: struct.pack(form, limits[2])) + each(lambda i: struct.pack(form, limits[3]))
    head += each(lambda i: b"HP:0.5Hz".ljust(80)) if old else each(lambda i: bytes(68)) + each(lambda i: struct.pack("<f", 100.0)) + each(
        lambda i: struct.pack("<f", 0.5)) + each(lambda i: struct.pack("<f", 50.0))
    head += each(lambda i: struct.pack("<I", samples[i % len(samples)])) + each(lambda i: struct.pack("<I", types[i % len(types)]))
    head += each(lambda i: bytes(32)) if old else each(lambda i: struct.pack("<fff", 0.05, 0, 0.08)) + each(lambda i: bytes(20))
    record = sum(samples[i % len(samples)] * size.get(types[i % len(types)], 1) for i in range(n))
    return head + tags + bytes(k * 37 % 251 for k in range(record * records)) + events


def pause(whole):
    """The least value of 16 bits in all channels of the last record, and in one of the record before."""
    return whole[:-24] + b"\0\x80" * 12


OLD = b"\1\0\1\0\2\0\0\0" + struct.pack("<IIHH", 1, 5, 768, 33537)
TAGS = b"\1\x0c\0\0\0left\0right\0".ljust(256, b"\0")
GDF = {
    "two": gdf(), "one": gdf("1.25", events=OLD), "old-float": gdf("1.25", types=(16,), events=b""), "int24": gdf(types=(279, 535)),
    "bytes": gdf(types=(1, 2), limits=(0.0, 1.0, -128, 127)), "wide": gdf(types=(7, 8, 5, 6), n=4), "v221": gdf("2.21", length=0.0390625),
    "tags": gdf(tags=TAGS), "tags-cut": gdf(tags=b"\1\xff\xff\xff".ljust(256, b"\1")), "no-events": gdf(events=b""),
    "events-many": gdf(events=b"\3\xff\xff\xff\0\0\x80\x43" + bytes(40)), "events-old-many": gdf("1.25", events=b"\3\0\0\0\xff\xff\xff\xff"),
    "event-times": gdf(events=b"\7\1\0\0\0\0\0\0" + bytes(20)), "event-rate": gdf(events=b"\1\1\0\0\0\0\xc0\x7f" + bytes(6)),
    "records-unknown": gdf(stated=-1), "records-many": gdf(stated=1 << 62), "records-none": gdf(records=0), "length-0": gdf(length=(0, 0)),
    "length-long": gdf(length=(0xffffffff, 1)), "length-short": gdf(length=(1, 0xffffffff)), "length-nan": gdf("2.21", length=float("nan")),
    "samples-many": gdf(samples=(4, 0), stated=1), "type-odd": gdf(types=(18,)), "channels-many": gdf(stated_n=65535), "channels-0": gdf(stated_n=0),
    "scale-0": gdf(limits=(1.0, 1.0, 0, 0)), "scale-nan": gdf(limits=(float("nan"), float("inf"), 0, 1)), "scale-huge": gdf(limits=(-1e308, 1e308, 0, 1)),
    "fillers": pause(gdf(types=(3, 3), samples=(4, 4), limits=(-100.0, 100.0, -32768, 32767), events=b"")),
    "unit-odd": gdf(code=65535), "unit-volt": gdf(code=4256), "header-long": gdf(blocks=65535), "header-short": gdf(blocks=1), "cut": gdf()[:700],
}


def main():
    for name, seeds in {"brainvision": BRAINVISION, "gdf": GDF}.items():
        folder = pathlib.Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        for seed, data in seeds.items():
            (folder / seed).write_bytes(data)
        print(name, len(seeds), "seeds,", sum(map(len, seeds.values())), "bytes")


if __name__ == "__main__":
    main()
