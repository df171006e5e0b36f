#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where a source does not name its licence in one of its first three lines.
#
# usage: spdx.sh ROOT
set -eu
cd "$1"

find engine widgets app shaders tests .ci \
    \( -name '*.[ch]' -o -name '*.glsl' -o -name '*.py' -o -name '*.sh' -o -name run \) -type f \
    2>/dev/null | LC_ALL=C sort | xargs -r awk '
  function judge () {
    if (file != "" && !named) {
      printf "%s: no SPDX-License-Identifier in its first three lines\n", file
      faults = 1
    }
  }

  FNR == 1 { judge(); file = FILENAME; named = 0 }
  FNR <= 3 && /SPDX-License-Identifier: GPL-3\.0-or-later/ { named = 1 }
  END { judge(); exit faults ? 1 : 0 }
'
