#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where something stands at the top level, or in tests/, that is not part of the house. In a
# clone only what git keeps is looked at.
#
# usage: top-level.sh ROOT
set -eu
cd "$1"

if [ -e .git ] && command -v git > /dev/null; then
  files=$(git -c safe.directory='*' ls-files)
else
  files=$(find . -path './[!.]*' -type f ! -path './_build*' ! -path './build*' | sed 's,^\./,,')
fi

printf '%s\n' "$files" | awk -F / '
  BEGIN {
    n = split("meson.build README.md LICENSE engine widgets app shaders resources tests data", a, " ")
    for (i = 1; i <= n; i++) house[a[i]] = 1
    n = split("meson.build run lsan.supp unit reference gui fuzz bench", a, " ")
    for (i = 1; i <= n; i++) tests[a[i]] = 1
  }
  $0 != "" && $1 !~ /^\./ && !($1 in house) && !seen[$1]++ {
    printf "%s: nothing of this name stands at the top level\n", $1
    faults = 1
  }
  $1 == "tests" && NF > 1 && !($2 in tests) && !seen[$1 "/" $2]++ {
    printf "tests/%s: nothing of this name stands in tests\n", $2
    faults = 1
  }
  END { exit faults ? 1 : 0 }
'
