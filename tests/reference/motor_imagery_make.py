# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes motor_imagery.json: fold accuracies of S001, S002 and S007.
/usr/bin/python3 motor_imagery_make.py SHARED > motor_imagery.json

Runs SHARED/reference/motor_imagery.py twice: as it is, and with what is off the diagonal of a
tangent vector times sqrt (2), as Inion does (ts_lr_isometric)."""
import contextlib
import io
import json
import sys

shared = sys.argv[1]
text = open(f'{shared}/reference/motor_imagery.py').read()
plain = 'logm(i@q@i)[iu] for q in Cs'
assert plain in text
scaled = text.replace(plain, 'logm(i@q@i)[iu]*np.where(iu[0]==iu[1],1,np.sqrt(2)) for q in Cs')


def run(source):
    sys.argv = ['x', f'{shared}/data/motor-imagery/eegmmidb', 'S001', 'S002', 'S007']
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(source, {})
    return json.loads(out.getvalue())


result = run(text)
for subject, numbers in run(scaled).items():
    result[subject]['ts_lr_isometric'] = numbers['ts_lr']
print(json.dumps(result, indent=1))
