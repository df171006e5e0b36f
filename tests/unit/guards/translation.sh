#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where a text of the window cannot be translated: a format that is put together of pieces
# (G_GINT64_FORMAT within _()), or a text in a UI file that is not marked.
#
# usage: translation.sh ROOT
set -eu
cd "$1"

command -v xgettext > /dev/null || exit 77
[ -f resources/po/extract ] || exit 0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

warnings=$(sh resources/po/extract "$out" 2>&1)
if [ -n "$warnings" ]; then
  printf '%s\n' "$warnings"
  exit 1
fi
if ! grep -q '^msgid "' "$out"; then
  echo "no text was found to translate"
  exit 1
fi

# Texts that people read stand in these properties.
unmarked=$(grep -rnE '<(property|attribute) name="(label|title|subtitle|tooltip-text|description|placeholder-text)">[^<]*[a-z]{3}' \
             resources/ui 2> /dev/null || true)
if [ -n "$unmarked" ]; then
  printf '%s\n' "$unmarked" | sed 's/$/: not marked as translatable/'
  exit 1
fi
