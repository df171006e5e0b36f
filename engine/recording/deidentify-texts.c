/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of a recording that somebody typed, for review before a copy is written: annotations,
 * and what is said of each channel. Equal texts of annotations stand once, with their number. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/deidentify-private.h"

#include <string.h>

#define REPLACEMENT "[removed]"

/* How many texts are scanned between two looks at the job. */
#define TEXTS_A_CHECK 64

/* From how many on equal numbers are codes of events. */
#define MIN_CODE_COUNT 3

InionReviewText *
_inion_review_text_copy (const InionReviewText *self)
{
  InionReviewText *copy = g_new0 (InionReviewText, 1);

  copy->place = g_strdup (self->place);
  copy->text = g_strdup (self->text);
  copy->count = self->count;
  copy->reason = g_strdup (self->reason);
  copy->found = g_strdupv (self->found);
  copy->replacement = g_strdup (self->replacement);
  copy->action = self->action;
  return copy;
}

void
_inion_review_text_free (InionReviewText *self)
{
  if (self == NULL)
    return;
  g_free (self->place);
  g_free (self->text);
  g_free (self->reason);
  g_strfreev (self->found);
  g_free (self->replacement);
  g_free (self);
}

static char *
make_key (const char *place,
          const char *text)
{
  return g_strconcat (place, "\n", text, NULL);
}

/* Texts by place and text; they stay the list's. */
GHashTable *
_inion_review_texts_index (GPtrArray *texts)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < texts->len; i++)
    {
      InionReviewText *text = texts->pdata[i];

      g_hash_table_insert (index, make_key (text->place, text->text), text);
    }
  return index;
}

/* What a text becomes; NULL if it is removed. A text that nobody has looked at never passes. */
const char *
_inion_review_texts_apply (GPtrArray  *texts,
                           GHashTable *index,
                           const char *place,
                           const char *text)
{
  g_autofree char *key = make_key (place, text);
  const InionReviewText *known = g_hash_table_lookup (index, key);

  if (known == NULL || known->action == INION_TEXT_REMOVE)
    return NULL;
  return known->action == INION_TEXT_REPLACE ? known->replacement : known->text;
}

/* What was found, and what the text says without it. */
static void
scan_text (InionReviewText  *text,
           InionIdentifiers *identifiers)
{
  g_autoptr (GArray) hits = inion_identifiers_scan (identifiers, text->text);
  g_autoptr (GString) reasons = g_string_new (NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  text->replacement = inion_identifiers_replace (text->text, hits, REPLACEMENT);
  if (hits->len == 0)
    return;
  for (guint i = 0; i < hits->len; i++)
    {
      const InionIdentifierHit *hit = &g_array_index (hits, InionIdentifierHit, i);

      if (strstr (reasons->str, hit->reason) == NULL)
        g_string_append_printf (reasons, "%s%s", reasons->len > 0 ? ", " : "", hit->reason);
      g_ptr_array_add (found, g_strndup (text->text + hit->from, hit->to - hit->from));
    }
  g_ptr_array_add (found, NULL);
  text->found = (char **) g_ptr_array_steal (found, NULL);
  text->reason = g_strdup (reasons->str);
  text->action = INION_TEXT_REPLACE;
}

typedef struct
{
  GPtrArray *texts;
  GHashTable *index;
  InionIdentifiers *identifiers;
} Collector;

static InionReviewText *
collect (Collector  *self,
         const char *place,
         const char *text)
{
  g_autofree char *key = make_key (place, text);
  InionReviewText *known = g_hash_table_lookup (self->index, key);

  if (known == NULL)
    {
      known = g_new0 (InionReviewText, 1);
      known->place = g_strdup (place);
      known->text = g_strdup (text);
      scan_text (known, self->identifiers);
      g_ptr_array_add (self->texts, known);
      g_hash_table_insert (self->index, g_steal_pointer (&key), known);
    }
  known->count++;
  return known;
}

static void
collect_channel (Collector              *self,
                 const InionChannelInfo *info)
{
  const struct
  {
    const char *what;
    const char *text;
  } texts[] = {
    { "label", info->raw_label },
    { "transducer", info->transducer },
    { "filter text", info->prefilter },
    { "reference", info->reference },
    { "unit", info->unit },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].text != NULL && *texts[i].text != '\0')
      collect (self, texts[i].what, texts[i].text);
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  const InionReviewText *x = *(InionReviewText *const *) a;
  const InionReviewText *y = *(InionReviewText *const *) b;

  if ((x->reason != NULL) != (y->reason != NULL))
    return x->reason != NULL ? -1 : 1;
  if (g_str_equal (x->place, y->place))
    return strcmp (x->text, y->text);
  if (g_str_equal (x->place, "annotation") || g_str_equal (y->place, "annotation"))
    return g_str_equal (x->place, "annotation") ? -1 : 1;
  return strcmp (x->place, y->place);
}

/* A number that stands for itself again and again is a trigger's code: nobody writes a telephone
 * number or a record's number three times as a whole annotation. It stays in the list. */
static void
clear_codes (GPtrArray *texts)
{
  for (guint i = 0; i < texts->len; i++)
    {
      InionReviewText *text = texts->pdata[i];

      if (text->reason == NULL || text->count < MIN_CODE_COUNT ||
          !g_str_equal (text->place, "annotation") ||
          text->text[strspn (text->text, "0123456789")] != '\0')
        continue;
      g_clear_pointer (&text->reason, g_free);
      g_clear_pointer (&text->found, g_strfreev);
      text->action = INION_TEXT_KEEP;
    }
}

GPtrArray *
_inion_review_texts_new (InionRecording    *recording,
                         GPtrArray         *events,
                         InionIdentifiers  *identifiers,
                         gboolean           remove_annotations,
                         InionJob          *job,
                         GError           **error)
{
  g_autoptr (GPtrArray) texts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_review_text_free);
  g_autoptr (GHashTable) index = _inion_review_texts_index (texts);
  Collector self = { texts, index, identifiers };

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    collect_channel (&self, inion_channel_get_info (inion_recording_get_channel (recording, i)));
  for (guint i = 0; i < events->len; i++)
    {
      const InionEvent *event = events->pdata[i];

      collect (&self, "annotation", event->text != NULL ? event->text : "");
      if (i % TEXTS_A_CHECK == 0 && !inion_job_check (job, error))
        return NULL;
    }
  clear_codes (texts);
  for (guint i = 0; remove_annotations && i < texts->len; i++)
    if (g_str_equal (((InionReviewText *) texts->pdata[i])->place, "annotation"))
      ((InionReviewText *) texts->pdata[i])->action = INION_TEXT_REMOVE;
  g_ptr_array_sort (texts, compare_texts);
  return g_steal_pointer (&texts);
}
