/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pictures of inion-cli share: a file of a format and a size, and how the signal is shown.
 *
 * A picture is drawn into memory and written at once, so that a file is whole or not there. Lengths
 * are px of 1/96 inch in all formats: the same picture has the same size on paper. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-render.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>

#define LEAST_PX 64
#define MOST_PX 16384
#define PT_PER_PX 0.75
/* Of the painter's page. */
#define LIGHT_PAGE 1.0, 1.0, 1.0
#define DARK_PAGE 0x1e / 255.0, 0x1e / 255.0, 0x20 / 255.0

/* The part of a sampling rate's half up to which an edge is used. */
#define MOST_OF_NYQUIST 0.99

void
inion_cli_canvas_clear (InionCliCanvas *self)
{
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->cr, cairo_destroy);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

static gboolean
parse_ending (InionCliCanvas *self)
{
  static const char *const endings[] = { ".png", ".pdf", ".svg" };
  g_autofree char *lower = g_ascii_strdown (self->output, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      {
        self->format = (InionCliPicture) i;
        return TRUE;
      }
  inion_cli_usage ("“%s” ends neither in .png nor in .pdf nor in .svg", self->output);
  return FALSE;
}

gboolean
inion_cli_canvas_parse (InionCliCanvas *self,
                        int             width,
                        int             height)
{
  if (self->output == NULL)
    {
      inion_cli_usage ("say with -o where the picture goes");
      return FALSE;
    }
  self->width = self->width != 0 ? self->width : width;
  self->height = self->height != 0 ? self->height : height;
  if (self->width < LEAST_PX || self->width > MOST_PX || self->height < LEAST_PX ||
      self->height > MOST_PX)
    {
      inion_cli_usage ("--width and --height are %d to %d", LEAST_PX, MOST_PX);
      return FALSE;
    }
  return parse_ending (self);
}

static cairo_status_t
append (void                *data,
        const unsigned char *bytes,
        unsigned int         n)
{
  g_byte_array_append (data, bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
make_surface (InionCliCanvas *self)
{
  cairo_surface_t *surface;

  if (self->format == INION_CLI_PNG)
    return cairo_image_surface_create (CAIRO_FORMAT_RGB24, self->width, self->height);
  if (self->format == INION_CLI_SVG)
    {
      surface = cairo_svg_surface_create_for_stream (append, self->bytes, self->width,
                                                     self->height);
      cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
      return surface;
    }
  surface = cairo_pdf_surface_create_for_stream (append, self->bytes, self->width * PT_PER_PX,
                                                 self->height * PT_PER_PX);
  /* The same picture is the same bytes: the time of drawing is no part of it. */
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
  return surface;
}

cairo_t *
inion_cli_canvas_begin (InionCliCanvas *self)
{
  self->bytes = g_byte_array_new ();
  self->surface = make_surface (self);
  self->cr = cairo_create (self->surface);
  if (self->format == INION_CLI_PDF)
    cairo_scale (self->cr, PT_PER_PX, PT_PER_PX);
  if (self->dark)
    cairo_set_source_rgb (self->cr, DARK_PAGE);
  else
    cairo_set_source_rgb (self->cr, LIGHT_PAGE);
  cairo_paint (self->cr);
  return self->cr;
}

gboolean
inion_cli_canvas_finish (InionCliCanvas  *self,
                         GError         **error)
{
  cairo_status_t status = cairo_status (self->cr);

  if (status == CAIRO_STATUS_SUCCESS && self->format == INION_CLI_PNG)
    status = cairo_surface_write_to_png_stream (self->surface, append, self->bytes);
  g_clear_pointer (&self->cr, cairo_destroy);
  cairo_surface_finish (self->surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (self->surface);
  if (status != CAIRO_STATUS_SUCCESS)
    return inion_set_error (error, INION_ERROR_FAILED, "The picture could not be drawn: %s.",
                            cairo_status_to_string (status));
  return inion_cli_write_output (self->output, (const char *) self->bytes->data,
                                 (gssize) self->bytes->len, error);
}

InionJsonText *
inion_cli_canvas_begin_json (const InionCliCanvas *self)
{
  static const char *const formats[] = { "png", "pdf", "svg" };
  InionJsonText *text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "file", self->output);
  inion_cli_json_string (text, "format", formats[self->format]);
  inion_cli_json_int (text, "width_px", self->width);
  inion_cli_json_int (text, "height_px", self->height);
  return text;
}

void
inion_cli_filter_clear (InionCliFilter *self)
{
  g_clear_pointer (&self->lff_text, g_free);
  g_clear_pointer (&self->hff_text, g_free);
  g_clear_pointer (&self->notch_text, g_free);
}

gboolean
inion_cli_filter_parse (InionCliFilter *self)
{
  self->filter.phase = INION_PHASE_CAUSAL;
  if (!inion_cli_parse_double_in ("--lff", self->lff_text, 0.5, 0, 1e5, &self->filter.lff_hz) ||
      !inion_cli_parse_double_in ("--hff", self->hff_text, 70, 0, 1e5, &self->filter.hff_hz) ||
      !inion_cli_parse_double_in ("--notch", self->notch_text, 0, 0, 1e5, &self->filter.notch_hz))
    return FALSE;
  if (self->filter.hff_hz > 0 && self->filter.lff_hz >= self->filter.hff_hz)
    {
      inion_cli_usage ("--lff must be lower than --hff");
      return FALSE;
    }
  return TRUE;
}

void
inion_cli_filter_fit (InionCliFilter *self,
                      InionRecording *recording)
{
  double rate = 0, most;

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannel *channel = inion_recording_get_channel (recording, i);

      if (inion_channel_get_kind (channel) == INION_CHANNEL_EEG)
        rate = MAX (rate, inion_channel_get_rate_hz (channel));
    }
  most = rate > 0 ? MOST_OF_NYQUIST * rate / 2 : INFINITY;
  if (self->filter.lff_hz >= most)
    self->filter.lff_hz = 0;
  if (self->filter.hff_hz >= most)
    self->filter.hff_hz = 0;
  if (self->filter.notch_hz >= most)
    self->filter.notch_hz = 0;
}

void
inion_cli_filter_add_json (const InionCliFilter *self,
                           InionJsonText        *text)
{
  inion_cli_json_double_or_null (text, "lff_hz", self->filter.lff_hz);
  inion_cli_json_double_or_null (text, "hff_hz", self->filter.hff_hz);
  inion_cli_json_double_or_null (text, "notch_hz", self->filter.notch_hz);
}
