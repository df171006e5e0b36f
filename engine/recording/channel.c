/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel of a recording: what it is called, what it measures, how its numbers are scaled.
 *
 * A channel's clock is a rational number of samples a nanosecond, taken from the file's text, so
 * that sample positions and times convert into each other without drift however long the recording
 * is: sample k starts at floor (k × rate_den_ns / rate_num), and the sample that covers a time is
 * the last one that has started by then. The two are exact inverses at sample starts. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/channel.h"

#include "core/size.h"

#include <string.h>

struct _InionChannel
{
  GObject parent_instance;

  InionChannelInfo info; /* owns its strings */
};

G_DEFINE_FINAL_TYPE (InionChannel, inion_channel, G_TYPE_OBJECT)

typedef enum
{
  MATCH_WORD,   /* a word of the label is the text */
  MATCH_PREFIX, /* a word of the label starts with the text */
  MATCH_PART,   /* a word of the label contains the text */
} MatchMode;

typedef struct
{
  const char *text;
  MatchMode mode;
  InionChannelKind kind;
} KindWord;

static const char *const kind_names[] = {
  [INION_CHANNEL_EEG] = "EEG",
  [INION_CHANNEL_EOG] = "EOG",
  [INION_CHANNEL_ECG] = "ECG",
  [INION_CHANNEL_EMG] = "EMG",
  [INION_CHANNEL_RESPIRATION] = "Respiration",
  [INION_CHANNEL_SATURATION] = "Saturation",
  [INION_CHANNEL_TEMPERATURE] = "Temperature",
  [INION_CHANNEL_TRIGGER] = "Trigger",
  [INION_CHANNEL_OTHER] = "Other",
};

/* The first entry that fits decides. What is named for another sensor comes before the general
 * rule that microvolts are EEG. */
static const KindWord kind_words[] = {
  { "status", MATCH_WORD, INION_CHANNEL_TRIGGER },
  { "trig", MATCH_PREFIX, INION_CHANNEL_TRIGGER },
  { "stim", MATCH_PREFIX, INION_CHANNEL_TRIGGER },
  { "sti", MATCH_WORD, INION_CHANNEL_TRIGGER },
  { "mark", MATCH_WORD, INION_CHANNEL_TRIGGER },
  { "marker", MATCH_PREFIX, INION_CHANNEL_TRIGGER },
  { "event", MATCH_PREFIX, INION_CHANNEL_TRIGGER },
  { "eog", MATCH_PART, INION_CHANNEL_EOG },
  { "loc", MATCH_WORD, INION_CHANNEL_EOG },
  { "roc", MATCH_WORD, INION_CHANNEL_EOG },
  { "ecg", MATCH_PART, INION_CHANNEL_ECG },
  { "ekg", MATCH_PART, INION_CHANNEL_ECG },
  { "emg", MATCH_PART, INION_CHANNEL_EMG },
  { "chin", MATCH_PREFIX, INION_CHANNEL_EMG },
  { "leg", MATCH_WORD, INION_CHANNEL_EMG },
  { "lleg", MATCH_PREFIX, INION_CHANNEL_EMG },
  { "rleg", MATCH_PREFIX, INION_CHANNEL_EMG },
  { "tibialis", MATCH_WORD, INION_CHANNEL_EMG },
  { "resp", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "flow", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "airflow", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "thor", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "chest", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "abd", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "nasal", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "cannula", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "thermistor", MATCH_WORD, INION_CHANNEL_RESPIRATION },
  { "ptaf", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "effort", MATCH_PREFIX, INION_CHANNEL_RESPIRATION },
  { "spo2", MATCH_PREFIX, INION_CHANNEL_SATURATION },
  { "sao2", MATCH_PREFIX, INION_CHANNEL_SATURATION },
  { "osat", MATCH_PREFIX, INION_CHANNEL_SATURATION },
  { "sat", MATCH_WORD, INION_CHANNEL_SATURATION },
  { "saturation", MATCH_WORD, INION_CHANNEL_SATURATION },
  { "temp", MATCH_WORD, INION_CHANNEL_TEMPERATURE },
  { "temperature", MATCH_WORD, INION_CHANNEL_TEMPERATURE },
  { "photic", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "aux", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "exg", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "gsr", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "eda", MATCH_WORD, INION_CHANNEL_OTHER },
  { "erg", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "plet", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "pulse", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "hr", MATCH_WORD, INION_CHANNEL_OTHER },
  { "bpm", MATCH_WORD, INION_CHANNEL_OTHER },
  { "mic", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "snore", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "light", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "position", MATCH_WORD, INION_CHANNEL_OTHER },
  { "pos", MATCH_WORD, INION_CHANNEL_OTHER },
  { "etco2", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "acc", MATCH_WORD, INION_CHANNEL_OTHER },
  { "gyro", MATCH_PREFIX, INION_CHANNEL_OTHER },
  { "eeg", MATCH_PART, INION_CHANNEL_EEG },
};

/* Letters of the 10-20, 10-10 and 10-5 names, ears, mastoids and sphenoidal electrodes. */
static const char *const electrode_letters[] = {
  "n",  "fp",  "afp", "af",  "aff", "f",   "ffc", "fft", "fc",  "ft", "fcc", "ftt", "c",
  "t",  "ccp", "ttp", "cp",  "tp",  "cpp", "tpp", "p",   "ppo", "po", "poo", "o",   "oi",
  "i",  "a",   "m",   "cb",  "sp",  "pg",
};

/* Words that only say of what type a signal is (EDF's "TYPE Specification"). */
static const char *const type_words[] = { "EEG ", "EOG ", "ECG ", "EMG ", "POL " };

static gboolean
is_electrode_name (const char *word)
{
  gsize n = strspn (word, "abcdefghijklmnopqrstuvwxyz");
  gboolean midline = n > 1 && word[n] == '\0' && word[n - 1] == 'z';
  gboolean known = FALSE;

  if (midline)
    n--;
  for (gsize i = 0; i < G_N_ELEMENTS (electrode_letters); i++)
    known |= strlen (electrode_letters[i]) == n && strncmp (word, electrode_letters[i], n) == 0;
  if (!known)
    return FALSE;
  if (midline)
    return TRUE;
  word += n;
  n = strspn (word, "0123456789");
  word += n;
  return (n == 1 || n == 2) && (*word == '\0' || strcmp (word, "h") == 0);
}

static gboolean
word_fits (const char     *word,
           const KindWord *kind_word)
{
  switch (kind_word->mode)
    {
    case MATCH_WORD:
      return strcmp (word, kind_word->text) == 0;
    case MATCH_PREFIX:
      return g_str_has_prefix (word, kind_word->text);
    case MATCH_PART:
      return strstr (word, kind_word->text) != NULL;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_eye_derivation (char **words)
{
  static const char *const references[] = { "a1", "a2", "m1", "m2", NULL };

  return words[0] != NULL && words[1] != NULL &&
         (strcmp (words[0], "e1") == 0 || strcmp (words[0], "e2") == 0) &&
         g_strv_contains (references, words[1]);
}

/* The label in words: lower case, cut at everything but letters and digits, no empty words. */
static char **
split_words (const char *label)
{
  g_autofree char *lower = g_ascii_strdown (label, -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *p = lower;

  while (*p != '\0')
    {
      const char *end = p;

      while (g_ascii_isalnum (*end))
        end++;
      if (end > p)
        {
          g_autofree char *word = g_strndup (p, (gsize) (end - p));

          g_strv_builder_add (builder, word);
        }
      p = *end == '\0' ? end : end + 1;
    }
  return g_strv_builder_end (builder);
}

static char *
derive_label (const char *raw_label)
{
  g_autofree char *label = g_strstrip (g_strdup (raw_label));
  const char *rest = label;
  gsize n;

  for (gsize i = 0; i < G_N_ELEMENTS (type_words); i++)
    if (g_ascii_strncasecmp (label, type_words[i], 4) == 0)
      {
        rest = label + 4;
        break;
      }
  while (*rest == ' ')
    rest++;
  n = strlen (rest);
  while (n > 0 && (rest[n - 1] == '.' || rest[n - 1] == ' '))
    n--;
  return n > 0 ? g_strndup (rest, n) : g_steal_pointer (&label);
}

static void
inion_channel_finalize (GObject *object)
{
  InionChannel *self = INION_CHANNEL (object);

  g_free ((char *) self->info.raw_label);
  g_free ((char *) self->info.label);
  g_free ((char *) self->info.unit);
  g_free ((char *) self->info.transducer);
  g_free ((char *) self->info.prefilter);
  g_free ((char *) self->info.reference);
  G_OBJECT_CLASS (inion_channel_parent_class)->finalize (object);
}

static void
inion_channel_class_init (InionChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_channel_finalize;
}

static void
inion_channel_init (InionChannel *self)
{
}

/**
 * inion_channel_kind_to_string:
 * @kind: a kind
 *
 * Returns: (transfer none): the kind's name, "EEG", "EOG", …, "Other"
 */
const char *
inion_channel_kind_to_string (InionChannelKind kind)
{
  g_return_val_if_fail ((gsize) kind < G_N_ELEMENTS (kind_names), "Other");

  return kind_names[kind];
}

/**
 * inion_channel_kind_from_string:
 * @text: a name, in any case
 * @kind: (out): the kind, untouched if there is none of that name
 *
 * Returns: %FALSE if no kind has that name
 */
gboolean
inion_channel_kind_from_string (const char       *text,
                                InionChannelKind *kind)
{
  g_return_val_if_fail (text != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_ascii_strcasecmp (text, kind_names[i]) == 0)
      {
        *kind = (InionChannelKind) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * inion_channel_kind_guess:
 * @label: the channel's label as the file has it
 * @unit: (nullable): its unit
 *
 * Guesses what a channel measures: from words in its label, then from its unit, then from whether
 * the label is an electrode's name.
 *
 * Returns: the kind, %INION_CHANNEL_OTHER if nothing speaks for another one
 */
InionChannelKind
inion_channel_kind_guess (const char *label,
                          const char *unit)
{
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (label != NULL, INION_CHANNEL_OTHER);

  words = split_words (label);
  if (unit == NULL)
    unit = "";
  if (g_ascii_strcasecmp (unit, "boolean") == 0)
    return INION_CHANNEL_TRIGGER;
  for (gsize i = 0; i < G_N_ELEMENTS (kind_words); i++)
    for (gsize k = 0; words[k] != NULL; k++)
      if (word_fits (words[k], &kind_words[i]))
        return kind_words[i].kind;
  if (is_eye_derivation (words))
    return INION_CHANNEL_EOG;
  if (strcmp (unit, "°C") == 0 || strcmp (unit, "degC") == 0)
    return INION_CHANNEL_TEMPERATURE;
  if (words[0] != NULL && g_str_has_prefix (words[0], "dc"))
    return INION_CHANNEL_OTHER;
  if (strcmp (unit, "µV") == 0 || strcmp (unit, "uV") == 0 || strcmp (unit, "nV") == 0)
    return INION_CHANNEL_EEG;
  if (words[0] != NULL && is_electrode_name (words[0]) &&
      (*unit == '\0' || strcmp (unit, "mV") == 0 || strcmp (unit, "V") == 0))
    return INION_CHANNEL_EEG;
  return INION_CHANNEL_OTHER;
}

/**
 * inion_channel_new:
 * @info: what is known of the channel; copied. The rate must be positive
 *
 * Makes a channel. Without a label of its own it gets one derived from the raw label: trimmed,
 * without a leading type word ("EEG Fpz-Cz" becomes "Fpz-Cz") and trailing dots ("Fc5." becomes
 * "Fc5").
 *
 * Returns: (transfer full): a channel
 */
InionChannel *
inion_channel_new (const InionChannelInfo *info)
{
  InionChannel *self;

  g_return_val_if_fail (info != NULL && info->raw_label != NULL, NULL);
  g_return_val_if_fail (info->rate_num > 0 && info->rate_den_ns > 0, NULL);
  g_return_val_if_fail (info->n_samples >= 0, NULL);

  self = g_object_new (INION_TYPE_CHANNEL, NULL);
  self->info = *info;
  self->info.raw_label = g_strdup (info->raw_label);
  self->info.label = info->label != NULL ? g_strdup (info->label) : derive_label (info->raw_label);
  self->info.unit = g_strdup (info->unit != NULL ? info->unit : "");
  self->info.transducer = g_strdup (info->transducer);
  self->info.prefilter = g_strdup (info->prefilter);
  self->info.reference = g_strdup (info->reference);
  return self;
}

/**
 * inion_channel_get_info:
 * @self: a channel
 *
 * Returns: (transfer none): what is known of the channel; its label is never %NULL
 */
const InionChannelInfo *
inion_channel_get_info (InionChannel *self)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), NULL);

  return &self->info;
}

/**
 * inion_channel_get_label:
 * @self: a channel
 *
 * Returns: (transfer none): the name to show
 */
const char *
inion_channel_get_label (InionChannel *self)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), NULL);

  return self->info.label;
}

/**
 * inion_channel_get_unit:
 * @self: a channel
 *
 * Returns: (transfer none): the unit of the physical values, "" if the file gives none
 */
const char *
inion_channel_get_unit (InionChannel *self)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), NULL);

  return self->info.unit;
}

/**
 * inion_channel_get_kind:
 * @self: a channel
 *
 * Returns: what the channel measures
 */
InionChannelKind
inion_channel_get_kind (InionChannel *self)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), INION_CHANNEL_OTHER);

  return self->info.kind;
}

/**
 * inion_channel_get_rate_hz:
 * @self: a channel
 *
 * Returns: the sampling rate in hertz, rounded to a double; the exact one is in the info
 */
double
inion_channel_get_rate_hz (InionChannel *self)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), 0);

  return (double) self->info.rate_num * 1e9 / (double) self->info.rate_den_ns;
}

/**
 * inion_channel_get_n_samples:
 * @self: a channel
 *
 * Returns: the number of samples in the recording
 */
gint64
inion_channel_get_n_samples (InionChannel *self)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), 0);

  return self->info.n_samples;
}

/**
 * inion_channel_sample_to_ns:
 * @self: a channel
 * @sample: a sample position, may lie outside the recording
 *
 * Returns: when the sample starts, in nanoseconds since the recording's start, rounded down
 */
gint64
inion_channel_sample_to_ns (InionChannel *self,
                            gint64        sample)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), 0);

  return inion_int64_mul_div (sample, self->info.rate_den_ns, self->info.rate_num);
}

/**
 * inion_channel_ns_to_sample:
 * @self: a channel
 * @ns: a time in nanoseconds since the recording's start, may lie outside the recording
 *
 * Finds the last sample k with inion_channel_sample_to_ns (k) ≤ @ns.
 *
 * Returns: the sample that covers the time
 */
gint64
inion_channel_ns_to_sample (InionChannel *self,
                            gint64        ns)
{
  g_return_val_if_fail (INION_IS_CHANNEL (self), 0);

  /* floor (k d / n) ≤ t is k d / n < t + 1, so the last k is ceil ((t + 1) n / d) − 1; and
   * −(t + 1) is ~t, which cannot overflow. */
  return ~inion_int64_mul_div (~ns, self->info.rate_num, self->info.rate_den_ns);
}

/**
 * inion_channel_ns_to_nearest_sample:
 * @self: a channel
 * @ns: a time in nanoseconds since the recording's start, may lie outside the recording
 *
 * Returns: the sample position nearest to the time; of two equally near ones the even one
 */
gint64
inion_channel_ns_to_nearest_sample (InionChannel *self,
                                    gint64        ns)
{
  gint64 num, den, below;
  guint64 rest;

  g_return_val_if_fail (INION_IS_CHANNEL (self), 0);

  num = self->info.rate_num;
  den = self->info.rate_den_ns;
  below = inion_int64_mul_div (ns, num, den);
  if (below == G_MAXINT64 || below == G_MININT64)
    return below;
  /* The remainder lies in [0, den): modulo 2^64 it is exact. */
  rest = (guint64) ns * (guint64) num - (guint64) below * (guint64) den;
  if (rest > (guint64) den - rest || (rest == (guint64) den - rest && below % 2 != 0))
    below++;
  return below;
}
