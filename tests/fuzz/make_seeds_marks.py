#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small files that fuzzing of the readers of marks begins with."""

import pathlib

folder = pathlib.Path(__file__).parent / "corpus" / "marks"
folder.mkdir(parents=True, exist_ok=True)
big = "9" * 30
seeds = {
    "table": b"\0onset,duration,label,channel,confidence\n1.5,2,\"a \"\"b\"\"\",Cz,0.5\n00:00:01,,c\n"
             b"2020-03-02T00:00:00,1e3,d\n" + big.encode() + b",1,e\n",
    "tuh": b"\0# version = csv_v1.0.0\n#\nchannel,start_time,stop_time,label,confidence\nTERM,1,2,seiz,1\n",
    "bids": b"\x061.0\t0.5\tgo\nn/a\tn/a\tn/a\n-9223372036.9\t9223372036\tx\n",
    "edfbrowser": b"\x01<annotation><onset>0.5</onset><duration>1</duration><description>a &amp; b"
                  b"</description></annotation></annotationlist>",
    "nsrr": b"\x02<EpochLength>30</EpochLength><ScoredEvents><ScoredEvent><EventType>Stages|Stages"
            b"</EventType><EventConcept>REM|5</EventConcept><Start>3</Start><Duration>30</Duration>"
            b"<ClockTime>00.00.00 23.59.58</ClockTime></ScoredEvent></ScoredEvents><SleepStages>"
            b"<SleepStage>0</SleepStage><SleepStage>77</SleepStage></SleepStages></PSGAnnotation>",
    "besa": b"\x030\t41\t2020-03-01T23:59:59\n1500\t1\t5\tt\n2000\t21\t0\n2500\t22\t0\n" + big.encode() + b"\t1\n",
    "vmrk": b"\x04Mk1=New Segment,,1,1,0,20200301235958000000\nMk2=Stimulus,S  1,101,5,1\n"
            b"Mk3=Comment,x,9223372036854775807,9223372036854775807,1\n",
    "chbmit": b"\x05File Name: memory\nFile Name: \nNumber of Seizures in File: 1\n"
              b"Seizure 1 Start Time: 1 seconds\nSeizure 1 End Time: 2 seconds\n",
    "json": b"\x07{\"onset_s\": 1, \"label\": \"x\"}]}",
    "bids-table": b"\x08name\ttype\tunits\tx\nCz\tEEG\tuV\t0.1\n",
    "utf16": b"\0\xff\xfeo\0n\0s\0e\0t\0,\0l\0a\0b\0e\0l\0\n\0001\0,\0a\0\n\0",
}
for name, content in seeds.items():
    (folder / name).write_bytes(content)
