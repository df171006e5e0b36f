/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words, dates and numbers that may tell who somebody is: found in texts, and in the bytes of files. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Part of a text: bytes [from, to). */
typedef struct
{
  gsize from;
  gsize to;
  const char *reason; /* "word of the patient's field", "date" … */
} InionIdentifierHit;

/* A word found in a file. */
typedef struct
{
  gint64 offset;
  char *word;
  const char *encoding; /* "UTF-8", "Latin-1", "UTF-16 LE", "UTF-16 BE" */
} InionIdentifierTrace;

typedef struct _InionIdentifiers InionIdentifiers;

InionIdentifiers *inion_identifiers_new (void);
void              inion_identifiers_free (InionIdentifiers *self);
void              inion_identifiers_add_text (InionIdentifiers *self, const char *text, const char *reason);
void              inion_identifiers_add_word (InionIdentifiers *self, const char *word, const char *reason);
void              inion_identifiers_add_date (InionIdentifiers *self, GDateTime *date, const char *reason);
GPtrArray        *inion_identifiers_list_words (InionIdentifiers *self); /* (transfer container) (element-type utf8) */

GArray           *inion_identifiers_scan (InionIdentifiers *self, const char *text); /* (element-type InionIdentifierHit) */
char             *inion_identifiers_replace (const char *text, const GArray *hits, const char *by);

/* identifiers-search.c: all words that a file's bytes hold, in any of four encodings, whatever the case. */
GPtrArray        *inion_identifiers_search (GPtrArray *words, int fd, GError **error); /* (element-type InionIdentifierTrace) */
void              inion_identifier_trace_free (InionIdentifierTrace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionIdentifiers, inion_identifiers_free)

G_END_DECLS
