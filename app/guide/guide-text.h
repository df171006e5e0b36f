/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the user's guide as blocks of text. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * InionGuideKind:
 * @INION_GUIDE_TITLE: the page's title
 * @INION_GUIDE_HEADING: a heading within the page
 * @INION_GUIDE_TEXT: a paragraph
 * @INION_GUIDE_ITEM: an item of a list; its sign is "•" or "1."
 * @INION_GUIDE_NOTE: a paragraph that is set apart
 * @INION_GUIDE_ROW: a row of a table
 */
typedef enum
{
  INION_GUIDE_TITLE,
  INION_GUIDE_HEADING,
  INION_GUIDE_TEXT,
  INION_GUIDE_ITEM,
  INION_GUIDE_NOTE,
  INION_GUIDE_ROW,
} InionGuideKind;

/**
 * InionGuideBlock:
 * @kind: what it is
 * @sign: (nullable): what stands before an item
 * @cells: (array zero-terminated=1): Pango markup: one text, or the cells of a row
 */
typedef struct
{
  InionGuideKind kind;
  char *sign;
  char **cells;
} InionGuideBlock;

/**
 * InionGuidePage:
 * @name: by which links name it
 * @title: its title as plain text
 * @blocks: (element-type InionGuideBlock): what it says, the title first
 * @words: all of its text, folded, to be searched
 */
typedef struct
{
  char *name;
  char *title;
  GPtrArray *blocks;
  char *words;
} InionGuidePage;

InionGuidePage *inion_guide_page_parse (const char *name, const char *text);
gboolean        inion_guide_page_matches (const InionGuidePage *self, const char *search);
void            inion_guide_page_free (InionGuidePage *self);
GPtrArray      *inion_guide_load (void);

G_END_DECLS
