/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The casefolded texts of a set's annotations, kept so that all are searched in one sweep. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InionAnnotationTexts:
 * @texts: of Text: each text by its number; number 0 is no text and contains nothing
 * @vacant: of guint32: numbers that may be given again
 * @interned: interned text → its number
 * @pages: of Page: where the bytes lie
 * @roomy: of Page: pages in which room was made again; not owned
 * @current: (nullable): the page that takes the next text; not owned
 * @counts: how often each byte stands in the pages
 */
typedef struct
{
  GArray *texts;
  GArray *vacant;
  GHashTable *interned;
  GPtrArray *pages;
  GPtrArray *roomy;
  struct _InionAnnotationPage *current;
  gsize counts[256];
} InionAnnotationTexts;

void    _inion_annotation_texts_init (InionAnnotationTexts *self);
void    _inion_annotation_texts_clear (InionAnnotationTexts *self);
guint32 _inion_annotation_texts_add_interned (InionAnnotationTexts *self, const char *interned);
guint32 _inion_annotation_texts_add_folded (InionAnnotationTexts *self, const char *folded);
void    _inion_annotation_texts_drop (InionAnnotationTexts *self, guint32 text);
guint32 _inion_annotation_texts_lookup (const InionAnnotationTexts *self, const char *interned);
guint8 *_inion_annotation_texts_find (const InionAnnotationTexts *self, const char *needle);

G_END_DECLS
