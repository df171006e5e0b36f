/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words, dates and numbers that may tell who somebody is, found in texts that people typed.
 *
 * Two nets: a dictionary of the words that the file itself says of the patient, the technician and
 * the recording (and of a person's own list), and patterns of what identifiers look like. Neither
 * is complete: a name that stands nowhere else in the file is found by no program. So whoever uses
 * this shows all texts, those with a hit first. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/identifiers.h"

#include <string.h>

#define MIN_WORD 2
#define MIN_BLIND_WORD 3 /* shorter words must be written as they are in the header */

typedef struct
{
  char *word;
  char *folded;
  const char *reason;
} Word;

struct _InionIdentifiers
{
  GPtrArray *words; /* Word */
  GHashTable *known; /* folded → Word */
};

/* What headers hold besides names. */
static const char *const plain_words[] = {
  "x", "xx", "xxx", "m", "f", "male", "female", "none", "unknown", "anonymous", "anonymized",
  "anonymised", "startdate", "nr", "no", "the", "and", "of", "eeg", "ecg", "ekg", "emg", "eog",
  "psg", "edf", "bdf", "recording", "recorded", "study", "sleep", "file", "patient", "subject",
  "technician", "equipment", "test", "data", "hz", "uv", "jan", "feb", "mar", "apr", "may", "jun",
  "jul", "aug", "sep", "oct", "nov", "dec", "on", "off", "left", "right", "eyes", "open", "closed",
  "ms", "sec", "min", "sub", "ses", "task", "run", "rest", "raw", "sample", "annotation",
  "annotations", "biosemi", "24bit", "brain", "vision", "brainvision", "segment", "marker",
  "channel", "channels", "reserved", "common", "infos", "binary", "removed", "inion", "yes", "true",
  "false", "born", "name", "unit", "value", NULL
};

/* Of several languages: how their months begin, and how those of English are written. */
#define MONTHS \
  "(jan|feb|f[eé]v|m[aä]r|maa|apr|avr|abr|ma[iyg]|mei|jui|jun|giu|jul|lug|aug|ao[uû]|ago|sep|set|" \
  "o[ckt]t|nov|de[czs]|d[eé]c|dic|ene|gen)"
#define LONG_MONTHS \
  "(january|february|march|april|may|june|july|august|september|october|november|december|" \
  "januar|februar|märz|mai|juni|juli|oktober|dezember)"
#define TITLES \
  "(Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Herr|Hr|Frau|Fr|Mme|Mlle|Sr|Sra|Srta|Dhr|Mw|Mevr|Sig|Dott)"

static const struct
{
  const char *reason;
  const char *pattern;
} patterns[] = {
  { "e-mail address", "[^\\s@<>]+@[^\\s@<>]+\\.[a-z]{2,}" },
  { "date", "(?<![\\d.])\\d{1,4}([./_-])\\d{1,2}\\1\\d{2,4}(?![\\d])" },
  { "date", "(?<!\\d)\\d{1,2}(st|nd|rd|th)?[ .-]{0,2}" MONTHS "\\p{L}*\\.?[ .,-]{0,2}"
            "(\\d{4}|\\d{2})(?!\\d)" },
  { "date", "\\b" LONG_MONTHS " \\d{1,2}(st|nd|rd|th)?(,? \\d{4})?\\b" },
  { "date", "\\b" LONG_MONTHS ",? (19|20)\\d{2}\\b" },
  { "date", "(?<![\\d./])(0?[1-9]|1[0-2])[/.](19|20)\\d{2}(?!\\d)" },
  { "date", "(?<!\\d)(19|20)\\d{2}-(0[1-9]|1[0-2])(?![\\d-])" },
  { "telephone number", "(?<![\\w.])(\\+|\\()?\\d[\\d ()/-]{5,}\\d(?!\\w)" },
  { "name", "(?-i)\\b" TITLES "\\b\\.? ?((van|von|de|der|den|del|la|zu|ter|ten) )*"
            "\\p{Lu}[\\p{L}'-]+( \\p{Lu}[\\p{L}'-]+)?" },
  { "name", "(?-i)\\b(mr|mrs|dr|prof|herr|frau)\\b\\.? [\\p{L}'-]{3,}" },
  { "name", "(?-i)\\b([Nn]ame|[Pp]atient|[Pp]at|[Pp]t|[Tt]ech(nician)?|[Nn]urse|[Ss]ister|"
            "[Dd]octor|[Mm]other|[Ff]ather|[Bb]rother|[Ww]ife|[Hh]usband|[Ss]on|[Dd]aughter|"
            "[Ss]chwester|[Pp]fleger|[Mm]utter|[Vv]ater|[Ss]igned)( is| by)?(\\.|:)? \\p{Lu}[\\p{L}'-]+"
            "( \\p{Lu}[\\p{L}'-]+)?" },
  { "address", "(?-i)\\b\\d{1,5}[a-z]?,? \\p{Lu}[\\p{L}'-]+( \\p{Lu}[\\p{L}'-]+)? "
               "(Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Way|Square|Place)\\b\\.?" },
  { "address", "(?-i)\\b\\p{Lu}[\\p{L}-]*(straße|strasse|str\\.|straat|gasse|weg|platz|laan|plein)"
               " ?\\d{1,4}[a-z]?\\b" },
  { "number that may identify", "\\b(mrn|ssn|nhs|pid|hospital|medical record|record|case|"
                                "chart|file|fall|patient|pat|insurance|passport)"
                                "[ .:#-]*(no|nr|id|number)?[ .:#-]*\\d{3,}\\w*\\b" },
  { "number that may identify", "(?<![.,\\d])\\b[a-z]{0,4}[-_ ]?\\d{5,}\\b" },
  { "age", "\\b\\d{1,3}[ -]?(yo|y/o|y\\.o\\.|yrs?|years?|jährige[rn]?|jahre)([ -]old)?(?!\\w)" },
  { "age", "\\b(aged?|alter)[ :=]{1,2}\\d{1,3}\\b([ -]?(yrs?|years?)([ -]old)?)?" },
};

static GRegex *
get_pattern (gsize index)
{
  static GRegex *compiled[G_N_ELEMENTS (patterns)];
  static gsize once;

  if (g_once_init_enter (&once))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
        compiled[i] = g_regex_new (patterns[i].pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0,
                                   NULL);
      g_once_init_leave (&once, 1);
    }
  return compiled[index];
}

static void
free_word (gpointer data)
{
  Word *word = data;

  g_free (word->word);
  g_free (word->folded);
  g_free (word);
}

/**
 * inion_identifiers_new:
 *
 * Returns: (transfer full): an empty dictionary; the patterns hold always
 */
InionIdentifiers *
inion_identifiers_new (void)
{
  InionIdentifiers *self = g_new0 (InionIdentifiers, 1);

  self->words = g_ptr_array_new_with_free_func (free_word);
  self->known = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * inion_identifiers_free:
 * @self: (nullable): a dictionary
 */
void
inion_identifiers_free (InionIdentifiers *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->known);
  g_ptr_array_unref (self->words);
  g_free (self);
}

static void
add_entry (InionIdentifiers *self,
           const char       *word,
           const char       *reason)
{
  g_autofree char *folded = g_utf8_casefold (word, -1);
  Word *entry;

  if (g_hash_table_contains (self->known, folded))
    return;
  entry = g_new0 (Word, 1);
  entry->word = g_strdup (word);
  entry->folded = g_steal_pointer (&folded);
  entry->reason = reason;
  g_ptr_array_add (self->words, entry);
  g_hash_table_insert (self->known, entry->folded, entry);
}

/* Headers of ASCII say "Mueller" where people type "Müller", and the other way round. */
static void
add_spellings (InionIdentifiers *self,
               const char       *word,
               const char       *reason)
{
  static const char *const pairs[][2] = {
    { "ä", "ae" }, { "ö", "oe" }, { "ü", "ue" }, { "ß", "ss" },
    { "ø", "oe" }, { "å", "aa" }, { "æ", "ae" },
  };
  g_autofree char *lower = g_utf8_strdown (word, -1);
  g_autoptr (GString) plain = g_string_new (lower);
  g_autoptr (GString) marked = g_string_new (lower);

  if (g_utf8_strlen (word, -1) < 4)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_string_replace (plain, pairs[i][0], pairs[i][1], 0);
      g_string_replace (marked, pairs[i][1], pairs[i][0], 0);
    }
  if (strcmp (plain->str, lower) != 0)
    add_entry (self, plain->str, reason);
  if (strcmp (marked->str, lower) != 0)
    add_entry (self, marked->str, reason);
}

/**
 * inion_identifiers_add_word:
 * @self: a dictionary
 * @word: a word or a phrase, UTF-8; nothing happens if it is too short or says nothing, as "X"
 * @reason: a literal: where it comes from
 *
 * Other spellings ("Mueller" for "Müller") are added too.
 */
void
inion_identifiers_add_word (InionIdentifiers *self,
                            const char       *word,
                            const char       *reason)
{
  g_autofree char *plain = g_utf8_make_valid (word, -1);
  g_autofree char *folded = NULL;

  g_return_if_fail (self != NULL);

  g_strstrip (plain);
  folded = g_utf8_casefold (plain, -1);
  if (g_utf8_strlen (plain, -1) < MIN_WORD || g_strv_contains (plain_words, folded))
    return;
  add_entry (self, plain, reason);
  add_spellings (self, plain, reason);
}

/* Parts of up to three digits, such as the day of a date, are in every text. */
static gboolean
is_short_number (const char *part)
{
  return strspn (part, "0123456789") == strlen (part) && strlen (part) < 5;
}

/**
 * inion_identifiers_add_text:
 * @self: a dictionary
 * @text: (nullable): what a field says, UTF-8
 * @reason: a literal: which field
 *
 * Adds the words of a field: what stands between blanks, and the parts of that, as in
 * "Haagse_Harry" and "MCH-0234567".
 */
void
inion_identifiers_add_text (InionIdentifiers *self,
                            const char       *text,
                            const char       *reason)
{
  g_auto (GStrv) words = g_strsplit_set (text != NULL ? text : "", " \t\r\n", -1);

  g_return_if_fail (self != NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit_set (words[i], "_-,;:^/\\.()[]=+'\"", -1);

      if (!is_short_number (words[i]))
        inion_identifiers_add_word (self, words[i], reason);
      for (guint k = 0; parts[k] != NULL && g_strv_length (parts) > 1; k++)
        if (!is_short_number (parts[k]))
          inion_identifiers_add_word (self, parts[k], reason);
    }
}

/**
 * inion_identifiers_add_date:
 * @self: a dictionary
 * @date: a day
 * @reason: a literal: of what
 *
 * Adds a date in the ways in which files and people write it.
 */
void
inion_identifiers_add_date (InionIdentifiers *self,
                            GDateTime        *date,
                            const char       *reason)
{
  static const char *const months[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                        "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };
  int y = g_date_time_get_year (date), m = g_date_time_get_month (date);
  int d = g_date_time_get_day_of_month (date);
  char *ways[] = {
    g_strdup_printf ("%02d.%02d.%02d", d, m, y % 100), g_strdup_printf ("%02d.%02d.%04d", d, m, y),
    g_strdup_printf ("%02d/%02d/%04d", d, m, y), g_strdup_printf ("%02d/%02d/%04d", m, d, y),
    g_strdup_printf ("%04d-%02d-%02d", y, m, d), g_strdup_printf ("%04d%02d%02d", y, m, d),
    g_strdup_printf ("%02d-%s-%04d", d, months[m - 1], y), NULL,
  };

  for (guint i = 0; ways[i] != NULL; i++)
    {
      inion_identifiers_add_word (self, ways[i], reason);
      g_free (ways[i]);
    }
}

/**
 * inion_identifiers_list_words:
 * @self: a dictionary
 *
 * Returns: (transfer container) (element-type utf8): all its words, as they were given
 */
GPtrArray *
inion_identifiers_list_words (InionIdentifiers *self)
{
  GPtrArray *words = g_ptr_array_new ();

  for (guint i = 0; i < self->words->len; i++)
    g_ptr_array_add (words, ((Word *) self->words->pdata[i])->word);
  return words;
}

static gboolean
is_word_at (const char *text,
            const char *from,
            const char *to)
{
  gunichar before = from > text ? g_utf8_get_char (g_utf8_prev_char (from)) : ' ';
  gunichar after = *to != '\0' ? g_utf8_get_char (to) : ' ';

  return !g_unichar_isalnum (before) && !g_unichar_isalnum (after);
}

/* A letter without case and accent. */
static gunichar
fold (gunichar c)
{
  gunichar base[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  if (c >= 0x80 && g_unichar_fully_decompose (c, FALSE, base, G_N_ELEMENTS (base)) > 0)
    c = base[0];
  return g_unichar_tolower (c);
}

/* Whether the text from a place on begins with a word, case and accents aside. Returns where it
 * ends. */
static const char *
match_word (const Word *word,
            const char *at)
{
  const char *p = at, *w = word->word;
  gboolean exact = g_utf8_strlen (word->word, -1) < MIN_BLIND_WORD;

  while (*w != '\0' && *p != '\0')
    {
      gunichar a = g_utf8_get_char (p), b = g_utf8_get_char (w);

      if (exact ? a != b : fold (a) != fold (b))
        return NULL;
      p = g_utf8_next_char (p);
      w = g_utf8_next_char (w);
    }
  return *w == '\0' ? p : NULL;
}

static void
scan_words (InionIdentifiers *self,
            const char       *text,
            GArray           *hits)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    for (guint i = 0; i < self->words->len; i++)
      {
        const Word *word = self->words->pdata[i];
        const char *end = match_word (word, p);

        /* Long words are recognised within others too: "Harrys", "JohnsonEEG". */
        if (end != NULL && (g_utf8_strlen (word->word, -1) >= 5 || is_word_at (text, p, end)))
          {
            InionIdentifierHit hit = { (gsize) (p - text), (gsize) (end - text), word->reason };

            g_array_append_val (hits, hit);
          }
      }
}

/* A text that is nothing but the number of a trigger, which has 16 bits, as "32769". */
static gboolean
is_code (const char *text)
{
  guint64 code;

  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &code, NULL);
}

static void
scan_patterns (const char *text,
               GArray     *hits)
{
  if (is_code (text))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GMatchInfo) match = NULL;

      g_regex_match (get_pattern (i), text, 0, &match);
      for (; g_match_info_matches (match); g_match_info_next (match, NULL))
        {
          InionIdentifierHit hit = { .reason = patterns[i].reason };
          int from, to;

          g_match_info_fetch_pos (match, 0, &from, &to);
          hit.from = (gsize) from;
          hit.to = (gsize) to;
          g_array_append_val (hits, hit);
        }
    }
}

static int
compare_hits (gconstpointer a,
              gconstpointer b)
{
  const InionIdentifierHit *x = a, *y = b;

  if (x->from != y->from)
    return x->from < y->from ? -1 : 1;
  return (x->to < y->to) - (x->to > y->to);
}

/**
 * inion_identifiers_scan:
 * @self: a dictionary
 * @text: valid UTF-8
 *
 * Looks for words of the dictionary and for what looks like a date, a telephone number, an e-mail
 * address, a name behind a title, a number that may identify, or an age.
 *
 * Returns: (transfer full) (element-type InionIdentifierHit): what was found, in order, none in
 *   another
 */
GArray *
inion_identifiers_scan (InionIdentifiers *self,
                        const char       *text)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (InionIdentifierHit));
  guint kept = 0;

  g_return_val_if_fail (self != NULL && text != NULL, hits);

  scan_words (self, text, hits);
  scan_patterns (text, hits);
  g_array_sort (hits, compare_hits);
  for (guint i = 0; i < hits->len; i++)
    {
      InionIdentifierHit hit = g_array_index (hits, InionIdentifierHit, i);
      InionIdentifierHit *last = kept > 0 ? &g_array_index (hits, InionIdentifierHit, kept - 1)
                                          : NULL;

      if (last != NULL && hit.from < last->to)
        last->to = MAX (last->to, hit.to);
      else
        g_array_index (hits, InionIdentifierHit, kept++) = hit;
    }
  g_array_set_size (hits, kept);
  return hits;
}

/**
 * inion_identifiers_replace:
 * @text: a text
 * @hits: (element-type InionIdentifierHit): of inion_identifiers_scan()
 * @by: what stands in their place
 *
 * Returns: (transfer full): the text without them
 */
char *
inion_identifiers_replace (const char   *text,
                           const GArray *hits,
                           const char   *by)
{
  GString *result = g_string_new (NULL);
  gsize at = 0;

  for (guint i = 0; i < hits->len; i++)
    {
      const InionIdentifierHit *hit = &g_array_index (hits, InionIdentifierHit, i);

      g_string_append_len (result, text + at, (gssize) (hit->from - at));
      g_string_append (result, by);
      at = hit->to;
    }
  g_string_append (result, text + at);
  return g_string_free (result, FALSE);
}
