#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where the engine or a test reads numbers in a way that depends on the language of the
# desktop, or where the engine changes that language: a German desktop would read "1.5" as 1.
# Numbers in files go through g_ascii_strtod() and its kin. Programs, tests of the window among
# them, may set their language.
#
# usage: locale.sh ROOT
set -eu
cd "$1"

find engine tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | xargs -r awk '
  FNR == 1 { in_comment = 0 }

  # Takes comments and strings out of the line.
  function code_of (line,   out, c, two, i, quote) {
    out = ""
    quote = ""
    for (i = 1; i <= length(line); i++) {
      c = substr(line, i, 1)
      two = substr(line, i, 2)
      if (in_comment) {
        if (two == "*/") { in_comment = 0; i++ }
      } else if (quote != "") {
        if (c == "\\") i++
        else if (c == quote) quote = ""
      } else if (two == "/*") {
        in_comment = 1
        i++
      } else if (two == "//") {
        break
      } else if (c == "\"" || c == "\047") {
        quote = c
        out = out " "
      } else {
        out = out c
      }
    }
    return out
  }

  {
    code = " " code_of($0)
    found = match(code, /[^A-Za-z0-9_](atof|strtod|strtof|strtold|g_strtod|v?f?s?scanf)[ \t]*\(/)
    if (!found && FILENAME ~ /^engine\//)
      found = match(code, /[^A-Za-z0-9_](setlocale|uselocale)[ \t]*\(/)
    if (found) {
      name = substr(code, RSTART + 1, RLENGTH - 2)
      sub(/[ \t]+$/, "", name)
      printf "%s:%d: %s depends on the language of the desktop\n", FILENAME, FNR, name
      faults = 1
    }
  }

  END { exit faults ? 1 : 0 }
'
