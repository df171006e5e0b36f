#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fuzzing corpus of the XDF reader. usage: make_seeds_xdf.py FOLDER"""

import gzip
import os
import struct
import sys

UUID = bytes.fromhex('43a546dccbf5410fb30ed5467383cbe4')


def length(n, size=None):
    size = size or (1 if n < 256 else 4)
    return bytes([size]) + n.to_bytes(size, 'little')


def chunk(tag, content, size=None):
    return length(len(content) + 2, size) + struct.pack('<H', tag) + content


def header(number, kind='EEG', form='float32', count=2, rate='100', desc=''):
    return chunk(2, struct.pack('<I', number) + (
        f'<?xml version="1.0"?><info><name>S{number}</name><type>{kind}</type>'
        f'<channel_count>{count}</channel_count><nominal_srate>{rate}</nominal_srate>'
        f'<channel_format>{form}</channel_format><desc>{desc}</desc></info>').encode())


def samples(number, rows, count=None):
    out = struct.pack('<I', number) + length(len(rows) if count is None else count)
    for time, values in rows:
        out += b'\0' if time is None else b'\x08' + struct.pack('<d', time)
        out += values
    return chunk(3, out)


def offset(number, time, value):
    return chunk(4, struct.pack('<Idd', number, time, value))


START = b'XDF:' + chunk(1, b'<info><version>1.0</version><datetime>2020-01-02T03:04:05+0100</datetime></info>')
BOUNDARY = chunk(5, UUID)
DESC = ('<reference><label>Cz</label></reference><channels><channel><label>C3</label>'
        '<unit>microvolts</unit><type>EEG</type><location><X>-50</X><Y>0</Y><Z>60</Z></location>'
        '</channel><channel><label>C4</label><unit>mV</unit></channel></channels>')
FLOATS = [(10.0 if i == 0 else None, struct.pack('<ff', i, -i)) for i in range(20)]
TEXTS = [(10.0 + i / 50, length(3) + b'abc') for i in range(3)]
FOOT = chunk(6, struct.pack('<I', 1) + b'<info><sample_count>20</sample_count></info>')

plain = START + header(1, desc=DESC) + header(2, 'Markers', 'string', 1, '0') + BOUNDARY + \
    samples(1, FLOATS) + offset(1, 10.0, -3.0) + samples(2, TEXTS) + offset(1, 15.0, -3.0) + \
    BOUNDARY + FOOT
seeds = {
    'plain': plain,
    'packed': gzip.compress(plain, mtime=0),
    'cut': plain[:-60],
    'damaged': START + header(1) + samples(1, FLOATS)[:90] + BOUNDARY + samples(1, FLOATS),
    'claims': START + header(1, count=99999) + samples(1, FLOATS, 2**32 - 1) + BOUNDARY,
    'long': START + header(1) + b'\x08' + b'\xff' * 8 + struct.pack('<HI', 3, 1) + b'\x01\x05',
    'numbers': START + b''.join(
        header(i, form=f, count=1) + samples(i, [(float(i), bytes(range(s)))])
        for i, (f, s) in enumerate([('int8', 1), ('int16', 2), ('int32', 4), ('int64', 8),
                                    ('double64', 8)])),
    'irregular': START + header(1, 'Gaze', 'double64', 2, '0') +
    samples(1, [(1.0, struct.pack('<dd', 1, 2)), (2.5, struct.pack('<dd', 3, float('nan')))]),
    'resets': START + header(1) +
    b''.join(offset(1, 100 + 5 * i, -50.0) for i in range(4)) + samples(1, [
        (100 + i / 100, b'\0' * 8) for i in range(20)]) +
    b''.join(offset(1, 3 + 5 * i, 60.0) for i in range(4)) + samples(1, [
        (3 + i / 100, b'\0' * 8) for i in range(20)]),
    'absurd': START + header(1) + offset(1, 10, 0.1) + offset(1, 1e-310, 1e300) +
    offset(1, 15, 0.1) + offset(1, float('nan'), 0.1) + samples(1, FLOATS),
    'times': START + header(1) + samples(1, [
        (t, b'\0' * 8) for t in (1.0, 5.0, 1e300, float('inf'), -1e9, 3.0, 2.0)]),
}
for name, data in seeds.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as file:
        file.write(data)
