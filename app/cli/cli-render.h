/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pictures of inion-cli share: a file of a format and a size, and how the signal is shown. */

#pragma once

#include "app/cli/cli.h"

#include "signal/display-filter.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef enum
{
  INION_CLI_PNG,
  INION_CLI_PDF,
  INION_CLI_SVG,
} InionCliPicture;

/* What is drawn on. Zero it. */
typedef struct
{
  char *output;
  int width;                /* px of 1/96 inch */
  int height;
  gboolean dark;
  InionCliPicture format;
  GByteArray *bytes;
  cairo_surface_t *surface;
  cairo_t *cr;
} InionCliCanvas;

#define INION_CLI_CANVAS_ENTRIES(canvas) \
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &(canvas).output, \
    "Where the picture goes; its ending says the format", "FILE.png|.pdf|.svg" }, \
  { "width", 0, 0, G_OPTION_ARG_INT, &(canvas).width, "Width, px of 1/96 inch", "PX" }, \
  { "height", 0, 0, G_OPTION_ARG_INT, &(canvas).height, "Height, px of 1/96 inch", "PX" }, \
  { "dark", 0, 0, G_OPTION_ARG_NONE, &(canvas).dark, "On a dark page", NULL }

void     inion_cli_canvas_clear (InionCliCanvas *self);
gboolean inion_cli_canvas_parse (InionCliCanvas *self, int width, int height); /* the sizes otherwise; FALSE: usage printed */
cairo_t *inion_cli_canvas_begin (InionCliCanvas *self);                        /* (transfer none): an empty page */
gboolean inion_cli_canvas_finish (InionCliCanvas *self, GError **error);       /* writes the file, whole or not at all */
/* Opens the object that says what was drawn, with the keys of the file; the caller adds more and ends it. */
InionJsonText *inion_cli_canvas_begin_json (const InionCliCanvas *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionCliCanvas, inion_cli_canvas_clear)

#define INION_CLI_CANVAS_KEYS "file, format, width_px, height_px"

/* --lff, --hff and --notch, with the defaults of the window. Zero it. */
typedef struct
{
  char *lff_text;
  char *hff_text;
  char *notch_text;
  InionDisplayFilter filter;
} InionCliFilter;

#define INION_CLI_FILTER_ENTRIES(wish) \
  { "lff", 0, 0, G_OPTION_ARG_STRING, &(wish).lff_text, "Low-frequency filter (0.5; 0: off)", "HZ" }, \
  { "hff", 0, 0, G_OPTION_ARG_STRING, &(wish).hff_text, "High-frequency filter (70; 0: off)", "HZ" }, \
  { "notch", 0, 0, G_OPTION_ARG_STRING, &(wish).notch_text, "Notch (0: off)", "HZ" }

void     inion_cli_filter_clear (InionCliFilter *self);
gboolean inion_cli_filter_parse (InionCliFilter *self);                        /* FALSE: usage printed */
/* Leaves out the edges that the recording's rate has no room for: what is off must not be called on. */
void     inion_cli_filter_fit (InionCliFilter *self, InionRecording *recording);
void     inion_cli_filter_add_json (const InionCliFilter *self, InionJsonText *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionCliFilter, inion_cli_filter_clear)

int inion_cli_render_traces (int argc, char **argv);
int inion_cli_render_topomap (int argc, char **argv);
int inion_cli_render_network (int argc, char **argv);

G_END_DECLS
