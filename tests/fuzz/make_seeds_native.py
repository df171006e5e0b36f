#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds for the fuzz targets fif, cnt and bci2000: small files with all that the readers know, and
with the sizes that break arithmetic. Usage: make_seeds_native.py (writes into corpus/)"""

import gzip
import os
import struct

here = os.path.dirname(os.path.abspath(__file__))


def save(folder, name, content):
    path = os.path.join(here, 'corpus', folder)
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, name), 'wb') as f:
        f.write(content)


# FIF

def tag(kind, kind_of_value, value, following=0, size=None):
    return struct.pack('>iiii', kind, kind_of_value, len(value) if size is None else size,
                       following) + value


def whole(kind, value):
    return tag(kind, 3, struct.pack('>i', value))


def number(kind, *values):
    return tag(kind, 4, struct.pack('>%df' % len(values), *values))


def text(kind, value):
    return tag(kind, 10, value)


def block(kind, *parts):
    return whole(104, kind) + b''.join(parts) + whole(105, kind)


def channel(k, name, kind, cal=1e-6, unit=107, power=0):
    return tag(203, 30, struct.pack('>iiiffi12fii16s', k, k, kind, 1, cal, 1, 0, 0, .1, *[0] * 9,
                                    unit, power, name))


def fif(buffers, rate=100, count=2, extra=b'', more=b'', names=()):
    head = tag(100, 31, struct.pack('>5i', 1, 2, 3, 4, 5))
    info = block(101, whole(200, count), number(201, rate), number(219, 40), number(223, .1),
                 tag(204, 3, struct.pack('>ii', 1234567890, 250000)), text(206, b'about it'),
                 channel(1, b'Cz', 2), channel(2, b'STI 014', 3, 1, -1),
                 block(106, text(401, b'A'), text(403, b'B')),
                 block(359, text(3507, b'Cz:STI 014')), *names)
    return head + block(100, whole(103, 1), info, extra, block(102, *buffers)) + more


ints = tag(300, 3, struct.pack('>20i', *range(20)))
notes = block(3810, number(3568, 1, 2), number(3569, 1.5, 2), text(206, b'a:b{COLON}'),
              tag(204, 5, struct.pack('>dd', 1234567890, 250000)),
              text(3801, b'[["Cz"], ["Cz", "S\\u0041"]]'))
big = 0x7fffffff
save('fif', 'plain', fif([whole(208, 100), ints, ints]))
save('fif', 'notes', fif([ints], extra=notes))
save('fif', 'projections', fif([ints], names=(
    block(313, block(314, text(233, b'PCA-v1'), whole(3560, 0)),
          block(314, text(206, b'EOG'), whole(3560, 1)), block(314)),)))
save('fif', 'skips', fif([whole(301, 1), ints, whole(301, 2), ints, whole(303, 3), ints[:56]]))
save('fif', 'types', fif([ints, tag(300, 4, struct.pack('>4f', 1, 2, 3, float('nan'))),
                          tag(300, 2, b'\0\1\0\2'), tag(300, 16, b'\0\1\0\2'),
                          tag(300, 5, struct.pack('>2d', 1, 2))]))
save('fif', 'complex', fif([tag(300, 20, bytes(32))]))
save('fif', 'shortbuffers', fif([tag(300, 2, b'\0\1\0\2'), tag(300, 2, b'\0\1\0\2')]))
save('fif', 'bigskip', fif([ints, whole(301, big), ints, whole(301, big), ints]))
save('fif', 'bigsize', fif([ints, tag(300, 3, b'', size=big)]))
save('fif', 'negsize', fif([ints, tag(300, 3, b'', size=-big)]))
save('fif', 'circle', fif([ints, tag(7, 3, b'', 36)]))
save('fif', 'bigrate', fif([ints], rate=3e38))
save('fif', 'tinyrate', fif([ints], rate=.001))
save('fif', 'odd-rate', fif([ints], rate=600.614990234375))
save('fif', 'bigcount', fif([ints], count=big))
save('fif', 'first', fif([whole(208, -big), ints]))
save('fif', 'split', fif([ints], more=block(118, whole(115, 2), text(118, b'../x-1.fif'),
                                            whole(117, big))))
save('fif', 'names', fif([ints], names=(block(113, text(258, b'a longer name than fits')),
                                        block(113, text(258, b'STI101')),
                                        block(113, text(258, b'one too many')))))
save('fif', 'epochs', fif([], extra=block(373)))
save('fif', 'packed', gzip.compress(fif([ints, ints], extra=notes), mtime=0))


# CNT

def cnt(n=2, rate=100, size=2, samples=40, claim=None, kind=1, events=(), at=None, length=None,
        blocks=0, date=b'03/04/18', gain=204.8):
    head = bytearray(900 + 75 * n)
    head[:11] = b'Version 3.0'
    head[121:129] = b'N, M\xfcller'[:8]
    head[225:225 + len(date)] = date
    head[235:243] = b'10:11:12'
    struct.pack_into('<H', head, 370, n)
    struct.pack_into('<H', head, 376, rate)
    struct.pack_into('<i', head, 864, samples if claim is None else claim)
    struct.pack_into('<i', head, 894, blocks)
    for i in range(n):
        head[900 + 75 * i:902 + 75 * i] = b'C%d' % i
        struct.pack_into('<h', head, 947 + 75 * i, 3)
        struct.pack_into('<f', head, 959 + 75 * i, gain)
        struct.pack_into('<f', head, 971 + 75 * i, 1)
    data = b''.join(struct.pack('<h' if size == 2 else '<i', k) * n for k in range(samples))
    struct.pack_into('<I', head, 886, (len(head) + len(data)) if at is None else at)
    table = b''
    for sample, stimulus, key, pad in events:
        where = sample if kind == 3 else len(head) + sample * n * size
        table += struct.pack('<HBBI', stimulus, key, pad, where & 0xffffffff)
        table += bytes(0 if kind == 1 else 11)
    table = struct.pack('<Bii', kind, len(table) if length is None else length, 0) + table
    return bytes(head) + data + table


three = [(1, 7, 0, 0), (5, 8, 1, 2), (11, 9, 0, 0xc0), (15, 0, 0, 0xd0), (20, 0, 0, 0xe0)]
for kind in (1, 2, 3):
    save('cnt', 'type%d' % kind, cnt(kind=kind, events=three))
save('cnt', 'wide', cnt(size=4, events=three))
for kind in (1, 2, 3):
    save('cnt', 'elsewhere%d' % kind, cnt(kind=kind, events=three[1:], at=20))
save('cnt', 'elsewhere-none', cnt(at=20))
save('cnt', 'wide-none', cnt(size=4, claim=0))
save('cnt', 'blocks', cnt(blocks=20))
save('cnt', 'bigblocks', cnt(blocks=big))
save('cnt', 'bigat', cnt(at=0xffffffff))
save('cnt', 'biglength', cnt(length=big, events=three))
save('cnt', 'neglength', cnt(length=-big, events=three))
save('cnt', 'bigclaim', cnt(claim=big))
save('cnt', 'bigrate', cnt(rate=65535, events=[(k, 1, 0, 0xe0) for k in range(20)]))
save('cnt', 'nan', cnt(gain=float('nan'), date=b'99/99/9999'))
save('cnt', 'ant', b'RIFF\x10\0\0\0CNT eeph' + bytes(30))


# BCI2000

def bci(parameters, states=b'', line=b'SourceCh= 2 StatevectorLen= 2', moments=30, size=2, claim=None):
    rest = b' ' + line + b'\r\n[ State Vector Definition ] \r\n' + states + \
        b'[ Parameter Definition ] \r\n' + parameters + b'\r\n'
    length = len(b'HeaderLen= 00000' + rest) if claim is None else claim
    data = b''.join(bytes([k % 256] * (2 * size)) + bytes([k // 10 % 2, k]) for k in range(moments))
    return b'HeaderLen= %05d' % length + rest + data


usual = (b'Source int SamplingRate= 100Hz // Hz\r\n'
         b'F l SourceChGain= 2 0.5 0.1mV // gain\r\nF l SourceChOffset= { a b } 0 3 // o\r\n'
         b'A l ChannelNames= 2 C%203 F%fc // n\r\nA string SubjectName= J%f6rg a\r\n'
         b'St string StorageTime= Thu%20Sep%2004%2012:59:22%202008 // t\r\n'
         b'So int SampleBlockSize= 4 // s\r\nA string SubjectRun= 02\r\n')
states = b'Code 8 0 0 0\r\nSourceTime 8 0 1 0\r\nFast 3 0 1 0\r\n'
save('bci2000', 'plain', bci(usual, states))
save('bci2000', 'int32', bci(usual, states, b'BCI2000V= 1.1 SourceCh= 2 StatevectorLen= 2 '
                             b'DataFormat= int32', size=4))
save('bci2000', 'float32', bci(usual, states, b'SourceCh= 2 StatevectorLen= 2 DataFormat= float32',
                               size=4))
save('bci2000', 'bigcount', bci(usual + b'F l SourceChGain= 99999999999 1\r\n', states))
save('bci2000', 'braces', bci(usual + b'F l SourceChGain= { { { 1 } 2 { matrix 3\r\n', states))
save('bci2000', 'bigchannels', bci(usual, states, b'SourceCh= 65536 StatevectorLen= 65536'))
save('bci2000', 'badstates', bci(usual, b'A 32 0 0 0\r\nB 33 0 0 0\r\nC 1 0 99999 7\r\n'))
save('bci2000', 'biglength', bci(usual, states, claim=99999))
save('bci2000', 'rate', bci(b'S int SamplingRate= 1e308kHz\r\n', states))
save('bci2000', 'date', bci(usual + b'St string StorageTime= 2021-03-04T05:06:07\r\n', states))
