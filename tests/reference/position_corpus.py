# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fuzzing corpus of position files. Usage: position_corpus.py FOLDER

The first byte is the index of the ending in inion_position_file_get_suffixes()."""

import os
import sys

ENDINGS = "elc sfp ced locs loc eloc elp bvef tsv csv xyz csd asc txt".split()
FILES = [
    ("asa", "elc", "UnitPosition\tmm\nNumberPositions=\t2\nPositions\n-29 84 -7\n29 84 -7\nLabels\nFp1\nFp2\n"),
    ("asa-colon", "elc", "UnitPosition m\nPositions\nFp1 : 0.1 0 0\nNumberHeadShapePoints= 9999999999\n"),
    ("asa-many", "elc", "NumberPositions= 99999999999999999999\nPositions\n1 2 3\nLabels\n" + "A " * 300),
    ("egi", "sfp", "FidNz\t0\t9\t-2\r\nE1\t-2\t8\t1\r\nheadshape 1 2 3\r\nE2 1e308 -1e308 nan\r\n"),
    ("ced", "ced", "Number\tlabels\ttheta\tradius\tX\tY\tZ\tsph_theta\tsph_phi\tsph_radius\n1\tFp1\t-18\t.5\t1\t.3\t0\t18\t-2\t1\n"),
    ("polar", "locs", "1 -18 0.511 Fp1\n2 18 0.511 Fp2..\n"),
    ("besa", "elp", "2\nFID\tLPA\t-120\t0\t85\nEEG\tFp1\t-92\t-72\t85\n"),
    ("polhemus", "elp", "3 2\n%F\t.1\t0\t0\n//Sensor name\n%N\tName\n.09 0 0\n%N\n"),
    ("brainvision", "bvef", "<?xml version=\"1.0\"?><Electrodes><Electrode><Name>Fp1</Name><Theta>-90</Theta><Phi>-72</Phi><Radius>1</Radius></Electrode></Electrodes>"),
    ("bids", "tsv", "name\tx\ty\tz\nFp1\t-0.03\t0.08\t0\nT7\tn/a\tn/a\tn/a\n"),
    ("comma", "csv", "name,x,y,z\n\"Fp1\",1,0,0\n"),
    ("xyz", "xyz", "1\t-29\t84\t-7\tFp1\n"),
    ("cartool", "xyz", "2 1.0\n0 1 0 T7\n1 0 0 Fpz\n"),
    ("csd", "csd", "// Label\nE1 37 -14 1 .77 .59 -.24 0\n"),
    ("layout", "asc", "0\t1\t-0.4\t1.5\t0.29\t0.23\n"),
    ("site", "txt", "Site\tTheta\tPhi\nFp1\t-92\t-72\n"),
]
for name, ending, text in FILES:
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(bytes([ENDINGS.index(ending)]) + text.encode())
