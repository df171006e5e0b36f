#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes a language in which each text of the window stands in brackets: what has none on the screen
# cannot be translated. Exits with 77 where gettext's tools are missing.
#
# usage: pseudo-language.sh ROOT FOLDER
set -eu

command -v xgettext > /dev/null && command -v msgfilter > /dev/null || exit 77
mkdir -p "$2/xx/LC_MESSAGES"
sh "$1/resources/po/extract" "$2/inion.pot"
sed -i 's/charset=CHARSET/charset=UTF-8/' "$2/inion.pot"
msgen --output-file="$2/en.po" "$2/inion.pot"
LC_ALL=C.UTF-8 msgfilter --keep-header --input="$2/en.po" --output-file="$2/xx.po" \
  sed -e '0,/./s/^\(.\)/⟦\1/' -e '$s/$/⟧/'
msgfmt --output-file="$2/xx/LC_MESSAGES/inion.mo" "$2/xx.po"
