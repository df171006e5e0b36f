#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Shows that each guard passes a good tree and fails a bad one, naming the fault. Writes TAP.
#
# usage: self-test.sh FOLDER_OF_GUARDS ROOT
set -u
guards=$1
root=$2
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
n=0

plant () {
  mkdir -p "$tree/$(dirname "$1")"
  printf '%s\n' "$2" > "$tree/$1"
}

# A small house that every guard accepts.
good_tree () {
  rm -rf "$tree"/* "$tree"/.ci
  plant engine/core/error.h '/* SPDX-License-Identifier: GPL-3.0-or-later */'
  plant engine/decode/csp.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "core/error.h"
#include "signal/sos.h"
#include "decode/csp-private.h"
#include <gsl/gsl_cdf.h>
/* Not strtod (x), and not
 * scanf (x) either. */
static const char *text = "atof (x)"; double x = g_ascii_strtod (text, NULL);'
  plant engine/scalp/montage.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recording/recording.h"'
  plant widgets/render/trace-gl.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inion-shaders.h"
#include "display/pyramid.h"
#include <epoxy/gl.h>'
  plant widgets/trace-view.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/render/trace-gl.h"
#include <gtk/gtk.h>'
  plant app/review/panel.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"
#include "widgets/trace-view.h"
#include <adwaita.h>
int main (void) { setlocale (LC_ALL, ""); g_print (_("Marks")); }'
  plant resources/ui/window.ui '<?xml version="1.0"?>
<interface><object class="GtkLabel"><property name="label" translatable="yes">Marks</property></object></interface>'
  mkdir -p "$tree/resources/po"
  cp "$root"/resources/po/extract "$tree/resources/po/"
  plant tests/unit/decode/test-csp.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/csp-private.h"'
  plant tests/bench/bench-display.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/pyramid-private.h"'
  plant tests/gui/test-window.c '/* SPDX-License-Identifier: GPL-3.0-or-later */
int main (void) { setlocale (LC_ALL, ""); }'
  plant tests/run '#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later'
  plant README.md 'Inion'
  mkdir -p "$tree/resources/icons"
  cp "$root"/resources/org.inion.Inion.* "$tree/resources/"
  cp "$root"/resources/icons/org.inion.Inion* "$tree/resources/icons/"
}

# passes GUARD: the good tree is accepted.
passes () {
  n=$((n + 1))
  good_tree
  output=$(sh "$guards/$1.sh" "$tree" 2>&1)
  code=$?
  if [ $code = 77 ]; then
    echo "ok $n - $1 accepts a good tree # SKIP no validator"
  elif [ $code = 0 ]; then
    echo "ok $n - $1 accepts a good tree"
  else
    echo "not ok $n - $1 accepts a good tree"
    printf '%s\n' "$output" | sed 's/^/# /'
  fi
}

# fails GUARD FILE CONTENT MESSAGE: with FILE in it, the tree is refused with MESSAGE.
fails () {
  n=$((n + 1))
  good_tree
  plant "$2" "$3"
  output=$(sh "$guards/$1.sh" "$tree" 2>&1)
  code=$?
  if [ $code = 77 ]; then
    echo "ok $n - $1 refuses $2: $4 # SKIP no validator"
  elif [ $code != 0 ] && printf '%s\n' "$output" | grep -qF -- "$4"; then
    echo "ok $n - $1 refuses $2: $4"
  else
    echo "not ok $n - $1 refuses $2: $4"
    printf '%s\n' "exit status $code" "$output" | sed 's/^/# /'
  fi
}

passes layering
fails layering engine/core/bad.c '#include "recording/recording.h"' 'core must not include recording'
fails layering engine/recording/bad.h '#include "annotation/label.h"' \
  'engine/recording/bad.h:1: recording must not include annotation'
fails layering engine/signal/bad.c '#include "recording/recording.h"' 'signal must not include recording'
fails layering engine/annotation/bad.c '#include "scalp/montage.h"' 'annotation must not include scalp'
fails layering engine/clean/bad.c '#include "display/page.h"' 'clean must not include display'
fails layering engine/decode/bad.c '#include "study/study.h"' 'decode must not include study'
fails layering engine/live/bad.c '#include "study/study.h"' 'live must not include study'
fails layering engine/decode/bad.c '#include <study/study.h>' 'decode must not include study'
fails layering engine/study/bad.c '  #  include   <gtk/gtk.h>' 'study must not include GTK'
fails layering engine/core/bad.c '#include <gdk/gdk.h>' 'core must not include GTK'
fails layering engine/display/bad.c '#include <epoxy/gl.h>' 'must not include OpenGL'
fails layering widgets/render/bad.c '#include <adwaita.h>' 'widgets/render must not include GTK'
fails layering widgets/render/bad.c '#include "widgets/trace-view.h"' \
  'widgets/render must not include widgets'
fails layering widgets/bad.c '#include "app/window.h"' 'widgets must not include app'
fails layering engine/decode/bad.c '#include "../core/error.h"' 'is in no room'
fails layering engine/decode/bad.c '#include "engine/core/error.h"' 'is in no room'
fails layering engine/attic/bad.c 'int x;' 'attic is no room'

passes private-headers
fails private-headers engine/study/bad.c '#include "decode/csp-private.h"' \
  'decode/csp-private.h is private to decode'
fails private-headers widgets/bad.c '#include "widgets/render/trace-shape-private.h"' \
  'is private to render'
fails private-headers tests/unit/study/test-bad.c '#include "decode/csp-private.h"' \
  'is private to decode'
fails private-headers tests/bench/bench-study.c '#include "decode/csp-private.h"' \
  'is private to decode'

passes locale
fails locale engine/decode/bad.c 'double x = strtod (text, NULL);' 'engine/decode/bad.c:1: strtod'
fails locale engine/decode/bad.c 'double x = atof(text);' 'atof'
fails locale engine/decode/bad.c '/* a comment */ int n = sscanf (text, "%lf", &x);' 'sscanf'
fails locale engine/decode/bad.c 'setlocale (LC_ALL, "");' 'setlocale'
fails locale tests/unit/decode/bad.c 'char c = 34; double x = g_strtod (text, NULL);' 'g_strtod'

passes spdx
fails spdx engine/core/bad.c 'int x;' 'engine/core/bad.c: no SPDX'
fails spdx tests/reference/bad.py 'print (1)' 'tests/reference/bad.py: no SPDX'
fails spdx app/run '#!/bin/bash' 'app/run: no SPDX'
fails spdx engine/core/bad.h '/* SPDX-License-Identifier: MIT */' 'engine/core/bad.h: no SPDX'

passes top-level
fails top-level NOTES.md 'remember' 'NOTES.md: nothing of this name'
fails top-level scripts/tidy.sh 'true' 'scripts: nothing of this name'
fails top-level tests/check/layering.sh 'true' 'tests/check: nothing of this name'

passes translation
fails translation app/bad.c 'char *s = g_strdup_printf (_("%" G_GINT64_FORMAT " marks"), n);' 'not a valid C format string'
fails translation resources/ui/bad.ui '<?xml version="1.0"?>
<interface><object class="GtkLabel"><property name="label">No marks yet</property></object></interface>' \
  'not marked as translatable'

passes desktop
fails desktop resources/org.inion.Inion.desktop '[Desktop Entry]
Type=Application' 'org.inion.Inion.desktop is not valid'
fails desktop resources/org.inion.Inion.metainfo.xml '<component/>' 'metainfo.xml is not valid'
fails desktop resources/org.inion.Inion.gschema.xml '<schemalist><schema id="a.b" path="/a/b"/></schemalist>' \
  'gschema.xml is not valid'
fails desktop resources/org.inion.Inion.mime.xml '<mime-info/>' 'name other file types'

echo "1..$n"
