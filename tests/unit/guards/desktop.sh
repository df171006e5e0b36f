#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where the desktop entry, the metainfo, the settings schema or the file types are not valid,
# or do not name the same things. Exits 77 where no validator is installed.
#
# usage: desktop.sh ROOT
set -eu
cd "$1/resources"
id=org.inion.Inion
status=0
checked=0

fault () {
  echo "$1"
  status=1
}

if command -v desktop-file-validate > /dev/null; then
  checked=1
  desktop-file-validate $id.desktop || fault "$id.desktop is not valid"
fi
if command -v appstreamcli > /dev/null; then
  checked=1
  appstreamcli validate --no-net $id.metainfo.xml || fault "$id.metainfo.xml is not valid"
fi
if command -v glib-compile-schemas > /dev/null; then
  checked=1
  glib-compile-schemas --strict --dry-run . || fault "$id.gschema.xml is not valid"
fi
[ $checked = 1 ] || { echo "no validator is installed"; exit 77; }

# A file type that one of the three names, all three name.
types_of_entry=$(sed -n 's/^MimeType=//p' $id.desktop | tr ';' '\n' | sed '/^$/d' | LC_ALL=C sort)
types_of_info=$(sed -n 's,.*<mediatype>\(.*\)</mediatype>.*,\1,p' $id.metainfo.xml | LC_ALL=C sort)
types_defined=$(sed -n 's,.*<mime-type type="\([^"]*\)">.*,\1,p' $id.mime.xml | LC_ALL=C sort)
[ "$types_of_entry" = "$types_of_info" ] || fault "desktop entry and metainfo name other file types"
# Text tables have types of their own in every desktop.
[ "$(echo "$types_of_entry" | grep -v '^text/')" = "$types_defined" ] || fault "desktop entry and $id.mime.xml name other file types"
[ -f icons/$id.svg ] || fault "icons/$id.svg is missing"
[ -f icons/$id-symbolic.svg ] || fault "icons/$id-symbolic.svg is missing"
exit $status
