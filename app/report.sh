# SPDX-License-Identifier: GPL-3.0-or-later
# The report of a run without a display. Read by app/run.
#
# The scores are taken out of the result's canonical JSON, in which each key has a line of its own.

# Prints the value of a key of the result: report_value RESULT KEY
report_value () {
  sed -n "s/^  .*\"$2\": \([0-9.e+-]*\).*/\1/p" "$1" | head -n 1
}

report_escape () {
  sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
}

# Turns a share into whole percent, rounded.
report_percent () {
  LC_ALL=C awk -v x="$1" 'BEGIN { printf "%.0f %%", 100 * x }'
}

# A row a fold.
report_folds () {
  sed -n 's/^    { "name": "\(.*\)", "n": \([0-9]*\), "accuracy": \([0-9.e-]*\) },\{0,1\}$/\3 \2 \1/p' "$1" |
    while read -r accuracy n name; do
      printf '<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n' \
        "$(printf '%s' "$name" | report_escape)" "$n" "$(report_percent "$accuracy")"
    done
}

# A paragraph a finding.
report_findings () {
  sed -n 's/^    { "rule": "\(.*\)", "severity": "\(.*\)", "text": "\(.*\)" },\{0,1\}$/\2: \3/p' "$1" |
    sed 's/\\"/"/g' | report_escape | sed 's,.*,<p class="finding">&</p>,'
}

# The probability of the first class over time as a drawing; what was asked for is shaded.
# report_track TRACK.csv INFO.json
report_track () {
  LC_ALL=C awk -F , '
    FILENAME == ARGV[1] {
      if ($0 !~ /"onset_s"/) next
      onset = $0; sub(/.*"onset_s": /, "", onset)
      duration = $0; sub(/.*"duration_s": /, "", duration)
      text = $0; sub(/.*"text": "/, "", text); sub(/".*/, "", text)
      n++
      from[n] = onset + 0; to[n] = onset + duration; what[n] = text
      next
    }
    FNR == 1 { name = $2; next }
    { m++; t[m] = $1; p[m] = $2 }
    END {
      if (m < 2) exit
      length_s = t[m] > 1 ? t[m] : 1
      w = 960; h = 150
      printf "<svg viewBox=\"-40 -14 %d %d\" role=\"img\" aria-label=\"Probability of %s over time\">\n", w + 56, h + 44, name
      for (i = 1; i <= n; i++)
        if (what[i] == "T1" || what[i] == "T2") {
          x = from[i] / length_s * w
          printf "<rect class=\"%s\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\"/>", what[i], x, (to[i] - from[i]) / length_s * w, h
          printf "<text x=\"%.1f\" y=\"-3\">%s</text>\n", x, what[i]
        }
      for (i = 0; i <= 2; i++)
        printf "<path class=\"grid\" d=\"M0 %.1fH%d\"/><text x=\"-8\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>\n", h * (1 - i / 2), w, h * (1 - i / 2) + 4, i / 2
      for (s = 0; s <= length_s; s += 20)
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>\n", s / length_s * w, h + 18, s
      printf "<path class=\"track\" d=\""
      for (i = 1; i <= m; i++)
        printf "%s%.1f %.1f", i == 1 ? "M" : "L", t[i] / length_s * w, h * (1 - p[i])
      print "\"/>\n</svg>"
    }' "$2" "$1"
}

# One picture by the window's own renderers; the report goes on without one that cannot be made.
# report_picture CLI FOLDER CAPTION KIND ARGUMENT…
report_picture () {
  local cli=$1 out=$2 caption=$3 kind=$4

  shift 4
  if "$cli" render "$kind" "$@" -o "$out/$kind.png" 2> "$out/.error" && [ -s "$out/$kind.png" ]; then
    printf '<figure><img src="%s.png" alt="%s"><figcaption>%s</figcaption></figure>\n' \
      "$kind" "$caption" "$caption"
  else
    echo "The picture “$kind” is left out: $(tail -n 1 "$out/.error")" >&2
  fi
  rm -f "$out/.error"
}

report_style () {
  cat << 'CSS'
:root { color-scheme: light dark; --ink: #1b2733; --paper: #ffffff; --quiet: #6b7885; --line: #dde3e9; --left: #e69f00; --right: #56b4e9; --accent: #1c71d8; }
@media (prefers-color-scheme: dark) { :root { --ink: #dbe4ee; --paper: #1e2227; --quiet: #93a0ad; --line: #3a424b; --accent: #78aeed; } }
body { font: 16px/1.5 system-ui, Cantarell, sans-serif; font-variant-numeric: tabular-nums; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-weight: 300; font-size: 2rem; margin: 0; }
h2 { font-weight: 600; font-size: 1.1rem; margin: 2.2rem 0 .4rem; }
p { max-width: 46rem; } .quiet, figcaption { color: var(--quiet); }
.score { font-size: 3rem; font-weight: 300; line-height: 1.1; margin: 1.4rem 0 .2rem; }
.finding { border-left: 3px solid var(--left); padding-left: .8rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .25rem 1.6rem .25rem 0; border-bottom: 1px solid var(--line); font-weight: normal; } th { color: var(--quiet); }
figure { margin: 1.2rem 0; } img, svg { max-width: 100%; height: auto; display: block; }
svg text { font-size: 11px; fill: var(--quiet); } .grid { stroke: var(--line); fill: none; } .track { stroke: var(--accent); stroke-width: 1.5; fill: none; }
.T1 { fill: var(--left); opacity: .22; } .T2 { fill: var(--right); opacity: .22; }
CSS
}

# report_page RESULT TRACK INFO CLAIM PICTURES SHOWN TRAINED: the whole page on stdout.
report_page () {
  local result=$1 accuracy low high

  accuracy=$(report_value "$result" accuracy)
  low=$(sed -n 's/^  "confidence_95": \[\([^,]*\),.*/\1/p' "$result")
  high=$(sed -n 's/^  "confidence_95": \[.*, \(.*\)\].*/\1/p' "$result")
  cat << HTML
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Inion: left or right hand</title>
<style>
$(report_style)
</style>
</head>
<body>
<h1>Left or right hand</h1>
<p class="quiet">A decoder for two kinds of imagined movement, trained and scored on three recordings of one person.</p>
<p class="score">$(report_percent "$accuracy")</p>
<p>right on recordings it was not trained on (95 % interval $(report_percent "$low") to $(report_percent "$high"); luck alone reaches up to $(report_percent "$(sed -n 's/^  "chance": .*"bound_95": \([0-9.e-]*\).*/\1/p' "$result")"))</p>
<h2>What this can claim</h2>
<p>$(report_escape < "$4")</p>
$(report_findings "$result")
<h2>Recording by recording</h2>
<table><tr><th>left out</th><th>trials</th><th>right</th></tr>
$(report_folds "$result")
</table>
<h2>What the decoder believes in $(printf '%s' "$6" | report_escape)</h2>
<p class="quiet">Probability of “left” in the three seconds before each moment; T1 (left) and T2 (right) are shaded. Trained on $7.</p>
<figure>
$(report_track "$2" "$3")
</figure>
$(cat "$5")
<h2>Files</h2>
<p class="quiet">model.json: the fitted decoder · result.json: every score · track.csv: the probabilities · info.json: the recording</p>
</body>
</html>
HTML
}

# inion_report CLI DATA FOLDER FILE: FILE may be empty: a sample recording, decoded by a model of
# the two others.
inion_report () {
  local cli=$1 data=$2 out=$3 file=$4 recipe trained model
  local samples=("$data"/recordings/S007R{04,08,12}.edf)

  recipe=$data/recipes/motor-imagery.json
  mkdir -p "$out" || return 1
  echo "Scoring the recipe, each recording left out in turn …" >&2
  "$cli" evaluate "$recipe" "${samples[@]}" -o "$out/result.json" > "$out/score.txt" || return 1
  tail -n 1 "$out/score.txt" > "$out/.claim"
  echo "Training …" >&2
  "$cli" train "$recipe" "${samples[@]}" -o "$out/model.json" > /dev/null || return 1
  model=$out/model.json
  trained="all three sample recordings"
  if [ -z "$file" ]; then
    file=${samples[0]}
    model=$out/.held-out.json
    trained="the two other recordings only"
    "$cli" train "$recipe" "${samples[@]:1}" -o "$model" > /dev/null || return 1
  fi
  echo "Applying it to $(basename "$file") …" >&2
  "$cli" info --json "$file" > "$out/info.json" || return 1
  "$cli" apply "$model" "$file" > "$out/track.csv" ||
    echo "The decoder cannot run on this recording; the report shows the recording only." >&2
  {
    report_picture "$cli" "$out" "What the decoder looks at: the patterns of its spatial filters" \
      topomap --model "$out/model.json"
    report_picture "$cli" "$out" "The first page of the recording" traces "$file"
    # Of the measures, the one that spread of the potentials over the scalp cannot raise.
    report_picture "$cli" "$out" "Connections above the bound of chance, debiased wPLI, 8–13 Hz" \
      network "$file" --measure debiased-wpli
  } > "$out/.pictures"
  report_page "$out/result.json" "$out/track.csv" "$out/info.json" "$out/.claim" \
    "$out/.pictures" "$(basename "$file")" "$trained" > "$out/report.html"
  rm -f "$out/.claim" "$out/.pictures" "$out/.held-out.json"
  tail -n +1 "$out/score.txt" | head -n 1
}
