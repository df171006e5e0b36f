/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a de-identification, for people and for programs. It names the original and quotes
 * what was found in it, so it belongs to the original, not to the copy. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/json-text.h"
#include "recording/deidentify-private.h"

#define CAUTION \
  "This report quotes the original: keep it with the original, not with the copy.\n" \
  "A name that stands in no field of the file and looks like none is found by no program: read " \
  "the texts that were kept.\n" \
  "A signal can itself tell whose it is. This is help, not a legal determination.\n"

static const char *
name_action (InionTextAction action)
{
  static const char *const names[] = { "kept", "replaced", "removed" };

  return names[action];
}

/**
 * inion_leak_free:
 * @self: (nullable): a leak
 */
void
inion_leak_free (InionLeak *self)
{
  if (self == NULL)
    return;
  g_free (self->file);
  g_free (self->word);
  g_free (self);
}

/**
 * inion_deidentify_report_free:
 * @self: (nullable): a report
 */
void
inion_deidentify_report_free (InionDeidentifyReport *self)
{
  if (self == NULL)
    return;
  g_free (self->source);
  g_free (self->output);
  g_clear_pointer (&self->done, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->leaks, g_ptr_array_unref);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self);
}

static void
print_texts (GString                     *text,
             const InionDeidentifyReport *self,
             gboolean                     with_hits)
{
  for (guint i = 0; i < self->texts->len; i++)
    {
      const InionReviewText *t = self->texts->pdata[i];

      if ((t->reason != NULL) != with_hits)
        continue;
      g_string_append_printf (text, "  %-8s %s × %u: “%s”", name_action (t->action), t->place,
                              t->count, t->text);
      if (t->reason != NULL)
        g_string_append_printf (text, " (%s)", t->reason);
      if (t->action == INION_TEXT_REPLACE)
        g_string_append_printf (text, " → “%s”", t->replacement);
      g_string_append_c (text, '\n');
    }
}

/**
 * inion_deidentify_report_to_text:
 * @self: a report
 *
 * Returns: (transfer full): the report as lines for a person
 */
char *
inion_deidentify_report_to_text (const InionDeidentifyReport *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "De-identified copy\nOriginal  %s\nCopy      %s\n\n%s\n",
                          self->source, self->output, CAUTION);
  for (guint i = 0; i < self->done->len; i++)
    g_string_append_printf (text, "  %s\n", (const char *) self->done->pdata[i]);
  g_string_append (text, "\nTexts in which something was found\n");
  print_texts (text, self, TRUE);
  g_string_append (text, "\nOther texts\n");
  print_texts (text, self, FALSE);
  g_string_append_printf (text, "\nSearched all bytes of the copy for %u identifiers of the "
                          "original (UTF-8, Latin-1, UTF-16): %u found.\n", self->n_searched,
                          self->leaks->len);
  for (guint i = 0; i < self->leaks->len; i++)
    {
      const InionLeak *leak = self->leaks->pdata[i];

      if (leak->offset < 0)
        g_string_append_printf (text, "  STILL THERE: “%s” in the name of %s: call the copy "
                                "something else\n", leak->word, leak->file);
      else
        g_string_append_printf (text, "  STILL THERE: “%s” in %s at byte %" G_GINT64_FORMAT
                                " (%s)\n", leak->word, leak->file, leak->offset, leak->encoding);
    }
  if (self->n_by_chance > 0)
    g_string_append_printf (text, "  %u times samples have the bytes of an identifier by chance; "
                            "samples are never changed.\n", self->n_by_chance);
  for (guint i = 0; i < self->notes->len; i++)
    g_string_append_printf (text, "Note: %s\n", (const char *) self->notes->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
json_string (InionJsonText *json,
             const char    *key,
             const char    *value)
{
  inion_json_text_key (json, key);
  if (value != NULL)
    inion_json_text_string (json, value);
  else
    inion_json_text_null (json);
}

static void
json_uint (InionJsonText *json,
           const char    *key,
           guint64        value)
{
  inion_json_text_key (json, key);
  inion_json_text_uint (json, value);
}

static void
json_strings (InionJsonText *json,
              const char    *key,
              GPtrArray     *strings)
{
  inion_json_text_key (json, key);
  inion_json_text_begin_array (json, INION_JSON_BLOCK);
  for (guint i = 0; i < strings->len; i++)
    inion_json_text_string (json, strings->pdata[i]);
  inion_json_text_end_array (json);
}

static void
json_texts (InionJsonText *json,
            GPtrArray     *texts)
{
  inion_json_text_key (json, "texts");
  inion_json_text_begin_array (json, INION_JSON_BLOCK);
  for (guint i = 0; i < texts->len; i++)
    {
      const InionReviewText *t = texts->pdata[i];

      inion_json_text_begin_object (json, INION_JSON_INLINE);
      json_string (json, "place", t->place);
      json_string (json, "text", t->text);
      json_uint (json, "count", t->count);
      json_string (json, "found", t->reason);
      json_string (json, "action", name_action (t->action));
      json_string (json, "becomes", t->action == INION_TEXT_REMOVE    ? NULL
                                    : t->action == INION_TEXT_REPLACE ? t->replacement : t->text);
      inion_json_text_end_object (json);
    }
  inion_json_text_end_array (json);
}

static void
json_leaks (InionJsonText *json,
            GPtrArray     *leaks)
{
  inion_json_text_key (json, "leaks");
  inion_json_text_begin_array (json, INION_JSON_BLOCK);
  for (guint i = 0; i < leaks->len; i++)
    {
      const InionLeak *leak = leaks->pdata[i];

      inion_json_text_begin_object (json, INION_JSON_INLINE);
      json_string (json, "file", leak->file);
      if (leak->offset >= 0)
        json_uint (json, "offset", (guint64) leak->offset);
      else
        json_string (json, "offset", NULL);
      json_string (json, "word", leak->word);
      json_string (json, "encoding", leak->encoding);
      inion_json_text_end_object (json);
    }
  inion_json_text_end_array (json);
}

/**
 * inion_deidentify_report_to_json:
 * @self: a report
 *
 * Returns: (transfer full): the report as JSON: source, output, done [], texts [{place, text, count,
 *   found, action, becomes}], leaks [{file, offset (null: its name), word, encoding}],
 *   n_searched, n_by_chance, notes []
 */
char *
inion_deidentify_report_to_json (const InionDeidentifyReport *self)
{
  InionJsonText *json = inion_json_text_new ();

  inion_json_text_begin_object (json, INION_JSON_BLOCK);
  json_string (json, "source", self->source);
  json_string (json, "output", self->output);
  json_strings (json, "done", self->done);
  json_texts (json, self->texts);
  json_leaks (json, self->leaks);
  json_uint (json, "n_searched", self->n_searched);
  json_uint (json, "n_by_chance", self->n_by_chance);
  json_strings (json, "notes", self->notes);
  inion_json_text_end_object (json);
  return inion_json_text_finish (json);
}
