#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where a private header (…-private.h) is included from another room. The tests of a room may
# include the private headers of that room.
#
# usage: private-headers.sh ROOT
set -eu
cd "$1"

find engine widgets app tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | xargs -r awk '
  function owner (path) {
    sub(/^tests\/(unit|bench|fuzz)\//, "", path)
    sub(/^engine\//, "", path)
    if (path ~ /^widgets\/render\// || path ~ /^render\//)
      return "render"
    sub(/\/.*/, "", path)
    return path
  }

  # A bench or a fuzz target names its room: bench-display.c, fuzz-decode-recipe.c. What is tested
  # through the window is the app.
  function room_of (file,   name) {
    if (file ~ /^tests\/gui\//)
      return "app"
    if (file !~ /^tests\/(bench|fuzz)\/[^\/]*$/)
      return owner(file)
    name = file
    sub(/.*\/[a-z]*-/, "", name)
    sub(/[-.].*/, "", name)
    return name
  }

  /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*-private\.h[>"]/ {
    name = $0
    sub(/^[^<"]*[<"]/, "", name)
    sub(/[>"].*/, "", name)
    if (name ~ /\// && owner(name) != room_of(FILENAME)) {
      printf "%s:%d: %s is private to %s\n", FILENAME, FNR, name, owner(name)
      faults = 1
    }
  }

  END { exit faults ? 1 : 0 }
'
