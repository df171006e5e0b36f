#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fuzzing corpus of the reader of text tables. usage: make_seeds_csv.py FOLDER"""

import os
import sys

muse = 'timestamps,TP9,AF7,Marker\n' + ''.join(
    f'{1486223115.483 + i / 256:.3f},{i - 4.5:.3f},{i * 2:.3f},{int(i % 7 == 0)}\n' for i in range(20))
openbci = '%OpenBCI Raw EEG Data\n%Number of channels = 2\n%Sample Rate = 250.0 Hz\n' + ''.join(
    f'{i % 256}, {i * 300000}, {-i}, 0.0, 0.0, 1.0, {1513256195123 + 4 * i}\n' for i in range(12))
german = 'Zeit [s];C3 [µV];C4\r\n' + ''.join(
    f'{i / 250:.3f};{i * 1000.5:.1f};1.234,5\r\n'.replace('.', ',', 2) for i in range(12))
seeds = {
    'muse': muse.encode(),
    'openbci': openbci.encode(),
    'german': german.encode('cp1252'),
    'plain': '\n'.join(f'{i} {i * 2.5} {-i}' for i in range(12)).encode(),
    'units': ('t\tC3\tC4\n[ms]\t[uV]\t[mV]\n' +
              ''.join(f'{4 * i}\t{i}\tNaN\n' for i in range(8))).encode(),
    'quoted': ('"time","a ""b""","event"\n' +
               ''.join(f'"{i / 100}","{i}","{"go" if i == 3 else ""}"\n' for i in range(8))).encode(),
    'gap': ('time,C3\n' + ''.join(f'{(i + 4000 * (i > 5)) / 100},{i}\n' for i in range(12))).encode(),
    'bar': ('time|x\r' + ''.join(f'{i / 10}|{i}|\r' for i in range(8))).encode(),
    'back': ('time,x\n' + ''.join(f'{t},1\n' for t in (0, .1, .2, .3, 90, 5, 5.1, 1e300, -1e11))).encode(),
}
for name, data in seeds.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as file:
        file.write(data)
