#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where a room includes a room that it may not include. A room may include rooms on lower
# floors and its own; on floor 1, scalp and annotation may include recording. The engine knows no
# GTK and no OpenGL, the renderers know no GTK, widgets know no app.
#
# usage: layering.sh ROOT
set -eu
cd "$1"

find engine widgets app -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | xargs -r awk '
  BEGIN {
    floor1 = "core recording annotation scalp signal"
    all = floor1 " display clean network marker decode live study"
    may["core"] = "core"
    may["recording"] = "core recording"
    may["annotation"] = "core recording annotation"
    may["scalp"] = "core recording scalp"
    may["signal"] = "core signal"
    n = split("display clean network marker decode", rooms, " ")
    for (i = 1; i <= n; i++)
      may[rooms[i]] = floor1 " " rooms[i]
    may["live"] = floor1 " display clean network marker decode live"
    may["study"] = floor1 " display clean network marker decode study"
    may["widgets/render"] = all " widgets/render"
    may["widgets"] = all " widgets/render widgets"
    may["app"] = all " widgets/render widgets app"
  }

  function room_of (path,   parts) {
    split(path, parts, "/")
    if (parts[1] == "engine")
      return parts[2]
    if (parts[1] == "widgets" && parts[2] == "render")
      return "widgets/render"
    return parts[1]
  }

  # The room an included name belongs to; "" for a library or a generated file.
  function target_of (name,   parts, n) {
    n = split(name, parts, "/")
    if (n < 2)
      return ""
    if (parts[1] == "engine")
      return "?"
    if (parts[1] == "widgets" && parts[2] == "render")
      return "widgets/render"
    return (parts[1] in may) ? parts[1] : "?"
  }

  function is_gtk (name) {
    return name ~ /^(gtk|gdk|gsk)\// || name ~ /^(gtk|gdk|gsk|adwaita)[^\/]*\.h$/
  }

  function is_gl (name) {
    return name ~ /^(epoxy|GL|GLES[0-9]*|EGL)\//
  }

  function fault (text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    faults = 1
  }

  FNR == 1 {
    room = room_of(FILENAME)
    if (!(room in may))
      fault(room " is no room of the house")
  }

  /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
    name = $0
    sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
    quoted = substr(name, 1, 1) == "\""
    name = substr(name, 2)
    sub(/[>"].*/, "", name)
    target = target_of(name)
    if (target == "?" && !quoted)
      target = ""
    if (target == "?")
      fault("\"" name "\" is in no room: write \"room/file.h\"")
    else if (target != "" && index(" " may[room] " ", " " target " ") == 0)
      fault(room " must not include " target " (" name ")")
    if (is_gtk(name) && room != "widgets" && room != "app")
      fault(room " must not include GTK (" name ")")
    if (is_gl(name) && FILENAME ~ /^engine\//)
      fault("the engine must not include OpenGL (" name ")")
  }

  END { exit faults ? 1 : 0 }
'
