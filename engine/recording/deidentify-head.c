/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the first part of a file says of a person, in places that its reader has no use for:
 * comments of BrainVision, XML of XDF, parameters of BCI2000, lines above a table.
 *
 * Such places are not copied. But whoever is named there is likely to be named in annotations and
 * labels too, so these words are looked for. Only what stands behind a key that speaks of a person
 * counts ("Patient: …", "<hostname>…"), and names behind a title: all words of a header would take
 * out far too much. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/deidentify-private.h"
#include "recording/edf-text.h"
#include "recording/recording-private.h"

#include <string.h>
#include <unistd.h>

#define HEAD_BYTES (1024 * 1024)
#define MAX_HITS 1000

#define KEYS \
  "subject|patient|participant|proband|pupil|client|operator|technician|experimenter|" \
  "investigator|examiner|physician|doctor|referr\\w*|hospital|clinic|ward|institution|" \
  "birth\\w*|born|hostname|(?:first|last|given|family|sur)[ _]?name|surname|uid|source_id|" \
  "serial\\w*|session_id"

/* What is said stands in the first group. */
static const char *const patterns[] = {
  "<(?:" KEYS ")(?:_?(?:id|name|code))?\\s*>\\s*([^<>]{2,200}?)\\s*<",
  "(?<![<\\w])(?:" KEYS ")\\w{0,8}(?:['’]s)?(?: (?:name|id|code|number))?\\s*[:=]\\s*"
  "([^\\r\\n<>/]{2,120})",
  "(?-i)\\b(?:[Tt]echnician|[Oo]perator|[Ee]xperimenter|[Rr]ecorded by|[Rr]ead by)"
  " (\\p{Lu}[\\p{L}'-]+(?: \\p{Lu}[\\p{L}'-]+)?)",
};

/* Printable, UTF-8: what is no text is blanks. */
static char *
read_head (const char *path)
{
  g_autofree guint8 *bytes = NULL;
  gint64 size = 0;
  gsize got = 0;
  guint oddities = 0;
  int errsv = 0;
  int fd = _inion_recording_open_file (path, &size, NULL);

  if (fd < 0)
    return NULL;
  bytes = g_malloc (HEAD_BYTES);
  if (!_inion_pread (fd, bytes, (gsize) MIN (size, HEAD_BYTES), 0, &got, &errsv))
    got = 0;
  close (fd);
  for (gsize i = 0; i < got; i++)
    if (bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\r')
      bytes[i] = ' ';
  return inion_edf_decode_dup (bytes, got, &oddities);
}

/* Adds the words that a file's first part says of a person. */
void
_inion_deidentify_add_head (InionIdentifiers *identifiers,
                            const char       *path)
{
  g_autofree char *head = read_head (path);

  for (gsize i = 0; head != NULL && i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (patterns[i], G_REGEX_CASELESS, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;

      g_regex_match (regex, head, 0, &match);
      for (guint n = 0; n < MAX_HITS && g_match_info_matches (match); n++)
        {
          g_autofree char *value = g_match_info_fetch (match, 1);

          inion_identifiers_add_text (identifiers, value, "word of the file's header");
          g_match_info_next (match, NULL);
        }
    }
}
