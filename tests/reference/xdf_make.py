#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What XDF files hold, read by the format's definition, without any of Inion's code.

usage: xdf_make.py FOLDER > xdf.json

Clock offsets are fitted by minimising Huber's loss with a general optimiser, pieces between clock
resets by the rule of the XDF reference importer (time and offset jump together), times within a
stretch by a straight line.
"""

import json
import os
import struct
import sys

import numpy as np
from scipy.optimize import minimize
import xml.etree.ElementTree as ET

FILES = ['formats/xdf-examples/minimal.xdf', 'formats/xdf-examples/clock_resets.xdf',
         'formats/xdf-examples/empty_streams.xdf', 'formats/xdf/ssvep_example.xdf',
         'formats/xdf/switch_example.xdf', 'erp/test.xdf']
TYPES = {'float32': '<f4', 'double64': '<f8', 'int8': 'i1', 'int16': '<i2', 'int32': '<i4',
         'int64': '<i8'}
HUBER = 1e-4


def count(data, at):
    size = data[at]
    return int.from_bytes(data[at + 1:at + 1 + size], 'little'), at + 1 + size


def read_samples(stream, data, at):
    n, at = count(data, at)
    for _ in range(n):
        timed = data[at]
        at += 1
        if timed:
            stream['time'] = struct.unpack_from('<d', data, at)[0]
            at += 8
        elif stream['rate'] > 0:
            stream['time'] += 1 / stream['rate']
        stream['times'].append(stream['time'])
        stream['places'].append(len(stream['offsets']))
        if stream['format'] == 'string':
            texts = []
            for _ in range(stream['channels']):
                length, at = count(data, at)
                texts.append(data[at:at + length].decode('utf-8', 'replace').strip())
                at += length
            stream['values'].append(', '.join(t for t in texts if t))
        else:
            dtype = np.dtype(TYPES[stream['format']])
            stream['values'].append(np.frombuffer(data, dtype, stream['channels'], at))
            at += dtype.itemsize * stream['channels']


def read(path):
    data = open(path, 'rb').read()
    assert data[:4] == b'XDF:'
    streams, at = {}, 4
    while at < len(data):
        length, at = count(data, at)
        tag, = struct.unpack_from('<H', data, at)
        chunk = data[at + 2:at + length]
        at += length
        if tag in (2, 3, 4, 6):
            number, = struct.unpack_from('<I', chunk)
        if tag == 2:
            info = ET.fromstring(chunk[4:].decode('utf-8', 'replace'))
            streams[number] = dict(
                id=number, name=info.findtext('name'), type=info.findtext('type'),
                channels=int(info.findtext('channel_count')),
                rate=float(info.findtext('nominal_srate')), format=info.findtext('channel_format'),
                time=0.0, times=[], places=[], values=[], offsets=[],
                labels=[c.findtext('label') for c in info.findall('desc/channels/channel')])
        elif tag == 3:
            read_samples(streams[number], chunk, 4)
        elif tag == 4:
            streams[number]['offsets'].append(struct.unpack_from('<dd', chunk, 4))
    return streams.values()


def huber_line(x, y):
    middle, level = (x.min() + x.max()) / 2, np.median(y)
    width = max((x.max() - x.min()) / 2, 1e-9)
    u, v = (x - middle) / width, (y - level) / HUBER

    def loss(p):
        r = np.abs(p[0] + p[1] * u - v)
        return np.sum(np.where(r <= 1, r * r / 2, r - 0.5))

    best = minimize(loss, [0, 0], method='Nelder-Mead',
                    options=dict(xatol=1e-10, fatol=1e-14, maxiter=20000))
    best = minimize(loss, best.x, method='Nelder-Mead',
                    options=dict(xatol=1e-12, fatol=1e-16, maxiter=20000))
    return middle, level + best.x[0] * HUBER, best.x[1] * HUBER / width


def spread(x):
    middle = np.median(x)
    return middle, np.median(np.abs(x - middle)) + np.finfo(float).eps


def synchronise(stream):
    times = np.array(stream['times'])
    offsets = np.array(stream['offsets'])
    if len(offsets) == 0 or len(times) == 0:
        return times
    cuts = [0, len(offsets)]
    if len(offsets) > 1:
        dt, dv = np.diff(offsets[:, 0]), np.abs(np.diff(offsets[:, 1]))
        (mt, st), (mv, sv) = spread(dt), spread(dv)
        jump = ((dt < 0) | (((dt - mt) / st > 5) & (dt - mt > 5))) & \
               (((dv - mv) / sv > 10) & (dv - mv > 1))
        cuts = [0] + list(np.where(jump)[0] + 1) + [len(offsets)]
    pieces = [(a, b, huber_line(offsets[a:b, 0], offsets[a:b, 1])
               if b - a > 1 else (0, offsets[a, 1], 0)) for a, b in zip(cuts, cuts[1:])]
    out = np.empty_like(times)
    for i, (time, place) in enumerate(zip(times, stream['places'])):
        # The piece that the sample stands in in the file; between two, the nearer in time.
        k = next((k for k, p in enumerate(pieces) if place < p[1]), len(pieces) - 1)
        if k > 0 and place == pieces[k][0]:
            def distance(p):
                x = offsets[p[0]:p[1], 0]
                return max(x.min() - time, time - x.max(), 0)
            if distance(pieces[k - 1]) <= distance(pieces[k]):
                k -= 1
        middle, level, slope = pieces[k][2]
        out[i] = time + level + slope * (time - middle)
    return out


def stretches(stream, times):
    cuts = [0] + list(np.where(np.abs(np.diff(times)) > max(1, 500 / stream['rate']))[0] + 1) + \
        [len(times)]
    out = []
    for a, b in zip(cuts, cuts[1:]):
        start, interval = times[a], 1 / stream['rate']
        if b - a > 1:
            interval, start = np.polyfit(np.arange(b - a), times[a:b] - times[a], 1)
            start += times[a]
        out.append(dict(n=int(b - a), start=start, interval=interval))
    return out


def describe(stream):
    times = synchronise(stream)
    out = {k: stream[k] for k in ('id', 'name', 'type', 'channels', 'rate', 'format', 'labels')}
    out['n'] = len(times)
    if len(times) == 0:
        return out
    if stream['format'] != 'string' and stream['rate'] > 0:
        values = np.array(stream['values'], dtype=float)
        out['stretches'] = stretches(stream, times)
        out['effective'] = sum(s['n'] - 1 for s in out['stretches']) / \
            sum((s['n'] - 1) * s['interval'] for s in out['stretches']) if len(times) > 1 else 0
        out['first'] = values[0].tolist()
        out['last'] = values[-1].tolist()
        out['sum'] = values.sum(axis=0).tolist()
    else:
        shown = list(range(min(len(times), 40)))
        out['events'] = [dict(time=times[i], text=stream['values'][i]
                              if stream['format'] == 'string' else
                              [float(v) for v in stream['values'][i]]) for i in shown]
        out['last_time'] = times[-1]
    return out


print(json.dumps({name: [describe(s) for s in read(os.path.join(sys.argv[1], name))]
                  for name in FILES}, indent=1, ensure_ascii=False))
