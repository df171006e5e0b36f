/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole page of traces as a picture.
 *
 * From the top: a header that says how the signal is shown; rows for the names of marks; the traces
 * between the gutter with their names and the right margin; the time ruler. Bitmaps get the traces
 * from the CPU rasteriser at the device's own resolution, paper gets paths. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/page-picture.h"
#include "widgets/render/page-picture-private.h"

#include "widgets/render/trace-clipped.h"

#include <math.h>
#include <string.h>

#define DEFAULT_SENSITIVITY 7.0
#define DEFAULT_PX_PER_MM (96 / 25.4)
#define LINE_WIDTH 1.25f
#define MAX_PIXELS 16384

/* --- Layout --------------------------------------------------------------------------------- */

static const char *
get_name (InionPagePicture *self,
          guint             derivation)
{
  return inion_montage_get_derivation (self->montage, derivation)->label;
}

static const char *
get_unit (InionPagePicture *self,
          guint             derivation)
{
  const char *unit = inion_montage_get_unit (self->montage, derivation);

  return unit != NULL ? unit : "";
}

/* What a lane's scale is, where it is not the header's; NULL otherwise. */
static char *
dup_scale_note (InionPagePicture      *self,
                const InionTraceLabel *label)
{
  g_autofree char *low = NULL, *high = NULL;
  const char *unit = get_unit (self, label->derivation);

  if (label->sensitivity > 0)
    {
      gboolean density = g_str_equal (unit, "mV/m²");

      if (fabs (label->sensitivity / self->sensitivity - 1) < 1e-6 &&
          density == g_str_equal (inion_montage_get_scale_unit (self->montage), "mV/m²"))
        return NULL;
      low = _inion_format_compact (label->sensitivity);
      return g_strconcat (low, INION_THIN_SPACE, density ? unit : "µV", "/mm", NULL);
    }
  low = _inion_format_compact (self->ranges[label->derivation].lo);
  high = _inion_format_compact (self->ranges[label->derivation].hi);
  if (g_strcmp0 (low, high) == 0)
    return g_strconcat (low, *unit != '\0' ? INION_THIN_SPACE : "", unit, NULL);
  return g_strconcat (low, INION_EN_DASH, high, *unit != '\0' ? INION_THIN_SPACE : "", unit, NULL);
}

static char *
dup_shown_name (InionPagePicture      *self,
                const InionTraceLabel *label)
{
  const char *name = get_name (self, label->derivation);

  if (label->n_shared > 1)
    return g_strdup_printf ("%s × %u", inion_channel_kind_to_string (label->kind),
                            label->n_shared);
  if (self->style->tint_sides && (label->side == 'L' || label->side == 'R'))
    return g_strdup_printf ("%c  %s", label->side, name);
  return g_strdup (name);
}

static void
make_layout (InionPagePicture *self)
{
  InionTraceLayoutOptions options = {
    .first = self->style->first,
    .n_visible = self->style->n_visible,
    .height = MAX (self->bottom - self->top, 1),
    .px_per_mm = self->px_per_mm,
    .sensitivity = self->sensitivity,
    .positive_up = self->style->positive_up,
    .dark = self->style->dark,
    .tint_sides = self->style->tint_sides,
    .clip = self->style->clip,
    .butterfly = self->style->butterfly,
    .bad = self->style->bad,
    .ranges = self->ranges,
    .offsets = self->offsets,
  };

  memcpy (options.sensitivities, self->style->sensitivities, sizeof options.sensitivities);
  g_clear_pointer (&self->layout, inion_trace_layout_free);
  self->layout = inion_trace_layout_new (self->montage, &options);
}

/* Names one under the other with their scale, or beside it where lanes are thin. */
static gboolean
notes_go_below (const InionPagePicture *self)
{
  return self->layout->lane_height >= 2 * self->painter.line;
}

static double
measure_gutter (InionPagePicture *self)
{
  InionPainter *p = &self->painter;
  double widest = 0;

  for (guint i = 0; i < self->layout->n; i++)
    {
      g_autofree char *name = dup_shown_name (self, &self->layout->labels[i]);
      g_autofree char *note = dup_scale_note (self, &self->layout->labels[i]);
      double width = _inion_painter_measure (p, name, NULL), beside = 0;

      if (note != NULL)
        {
          _inion_painter_set_scale (p, 0.8, FALSE);
          beside = _inion_painter_measure (p, note, NULL);
          _inion_painter_set_scale (p, 1, FALSE);
        }
      width = notes_go_below (self) || note == NULL ? MAX (width, beside) : width + 8 + beside;
      widest = MAX (widest, width);
    }
  return ceil (MIN (widest, self->width * 0.3)) + 18;
}

static void
append_filter (GString    *text,
               const char *name,
               double      hz)
{
  g_autofree char *number = _inion_format_compact (hz);

  if (hz > 0)
    g_string_append_printf (text, " · %s %s" INION_THIN_SPACE "Hz", name, number);
  else
    g_string_append_printf (text, " · %s off", name);
}

static char *
dup_header (InionPagePicture *self)
{
  double seconds = self->time.to_s - self->time.from_s;
  double mm_per_s = seconds > 0 ? self->time.width / seconds / self->px_per_mm : 0;
  g_autofree char *sensitivity = _inion_format_compact (self->sensitivity);
  g_autofree char *page = _inion_format_compact (seconds);
  g_autofree char *speed = _inion_format_significant (mm_per_s, mm_per_s >= 100 ? 3 : 2);
  g_autofree char *note = inion_montage_dup_note (self->montage);
  GString *text = g_string_new (inion_montage_get_title (self->montage));

  if (note != NULL)
    g_string_append_printf (text, " (%s)", note);
  g_string_append_printf (text, " · %s" INION_THIN_SPACE "%s/mm · %s" INION_THIN_SPACE "s/page, %s"
                          INION_THIN_SPACE "mm/s", sensitivity,
                          inion_montage_get_scale_unit (self->montage), page, speed);
  append_filter (text, "LFF", self->style->lff_hz);
  append_filter (text, "HFF", self->style->hff_hz);
  append_filter (text, "notch", self->style->notch_hz);
  g_string_append (text, self->style->positive_up ? " · positive up" : " · negative up");
  if (self->style->remove_dc)
    g_string_append (text, " · DC removed");
  if (self->style->clip)
    g_string_append (text, " · clipped");
  return g_string_free (text, FALSE);
}

static double
measure_title (InionPagePicture *self)
{
  double width = 0;

  if (self->style->title != NULL)
    {
      _inion_painter_set_scale (&self->painter, 1, TRUE);
      width = _inion_painter_measure (&self->painter, self->style->title, NULL) + 14;
      _inion_painter_set_scale (&self->painter, 1, FALSE);
    }
  return width;
}

/* Whether title and header stand on one line. */
static gboolean
header_fits (InionPagePicture *self)
{
  g_autofree char *text = NULL;
  double width;

  self->time.width = self->width;
  text = dup_header (self);
  width = _inion_painter_measure (&self->painter, text, NULL) + measure_title (self) + 24;
  return self->style->title == NULL || width <= self->width;
}

static void
lay_out (InionPagePicture *self)
{
  double line = self->painter.line;

  self->header_lines = header_fits (self) ? 2 : 3.2;
  self->top = ceil (self->header_lines * line);
  self->bottom = floor (self->height - line - 9);
  self->left = 60;
  self->right = floor (self->width - 12);
  make_layout (self);
  self->left = measure_gutter (self);
  self->time.x = self->left;
  self->time.width = MAX (self->right - self->left, 1);
  _inion_page_place_marks (self);
  self->top += ceil (self->n_mark_rows * _inion_page_mark_row_height (self));
  make_layout (self);
}

/* --- Parts ---------------------------------------------------------------------------------- */

static void
draw_header (InionPagePicture *self)
{
  InionPainter *p = &self->painter;
  g_autofree char *text = dup_header (self);
  double y = p->line, x = 12;

  if (self->style->title != NULL)
    {
      _inion_painter_set_scale (p, 1, TRUE);
      _inion_painter_set_ink (p, INION_INK_STRONG);
      _inion_painter_fit (p, x, y, self->width - x - 12, 0, 0.5, self->style->title);
      _inion_painter_set_scale (p, 1, FALSE);
      if (self->header_lines > 2)
        y += 1.2 * p->line;
      else
        x += measure_title (self);
    }
  _inion_painter_set_ink (p, INION_INK_DIM);
  _inion_painter_fit (p, x, y, self->width - x - 12, 0, 0.5, text);
}

static void
draw_names (InionPagePicture *self)
{
  InionPainter *p = &self->painter;
  double x = self->left - 9, last = -INFINITY;

  for (guint i = 0; i < self->layout->n; i++)
    {
      const InionTraceLabel *label = &self->layout->labels[i];
      g_autofree char *name = dup_shown_name (self, label);
      g_autofree char *note = dup_scale_note (self, label);
      gboolean below = notes_go_below (self) && note != NULL;
      double y = self->top + label->center;

      /* Where lanes are too thin every second or third name is left out. */
      if (y - last < p->line * 0.8)
        continue;
      last = y;
      _inion_painter_set_color (p, label->color, label->bad ? 0.4 : 0.95);
      _inion_painter_text (p, x, y - (below ? p->line * 0.4 : 0), 1, 0.5, name);
      if (note == NULL)
        continue;
      _inion_painter_set_ink (p, INION_INK_DIM);
      if (!below)
        x -= _inion_painter_measure (p, name, NULL) + 8;
      _inion_painter_set_scale (p, 0.8, FALSE);
      _inion_painter_text (p, x, y + (below ? p->line * 0.45 : 0), 1, 0.5, note);
      _inion_painter_set_scale (p, 1, FALSE);
      x = self->left - 9;
    }
}

/* --- Traces --------------------------------------------------------------------------------- */

static InionTraceFrame *
make_frame (InionPagePicture *self,
            double            over,
            double            scale)
{
  guint n = self->layout->n;
  g_autofree InionTraceLane *lanes = g_memdup2 (self->layout->lanes, n * sizeof *lanes);
  double height = self->bottom - self->top + over;

  for (guint i = 0; i < n; i++)
    {
      lanes[i].y0 += (float) over;
      lanes[i].clip_top += (float) over;
      lanes[i].clip_bottom += (float) over;
      lanes[i].y0 *= (float) scale;
      lanes[i].px_per_unit *= (float) scale;
      lanes[i].clip_top *= (float) scale;
      lanes[i].clip_bottom *= (float) scale;
    }
  return inion_trace_frame_new (self->page, self->time.from_s, self->time.to_s,
                                (int) CLAMP (self->time.width * scale, 0, MAX_PIXELS),
                                (int) CLAMP (height * scale, 0, MAX_PIXELS),
                                LINE_WIDTH * (float) scale, lanes, n);
}

static void
draw_traces (InionPagePicture *self)
{
  cairo_t *cr = self->painter.cr;
  gboolean bitmap = cairo_surface_get_type (cairo_get_target (cr)) == CAIRO_SURFACE_TYPE_IMAGE;
  g_autoptr (InionTraceFrame) frame = NULL;
  /* What does not fit the first lane may reach into the rows of the marks. */
  double over = self->top - ceil (self->header_lines * self->painter.line);
  double scale = 1, skew = 0;

  cairo_user_to_device_distance (cr, &scale, &skew);
  scale = bitmap ? CLAMP (hypot (scale, skew), 0.1, 8) : 1;
  frame = make_frame (self, over, scale);
  cairo_save (cr);
  cairo_translate (cr, self->left, self->top - over);
  if (bitmap)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, frame->width,
                                                             frame->height);

      if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS && frame->width > 0
          && frame->height > 0)
        inion_trace_raster_draw (frame, (guint32 *) (void *) cairo_image_surface_get_data (surface),
                                 cairo_image_surface_get_stride (surface));
      cairo_surface_mark_dirty (surface);
      cairo_scale (cr, 1 / scale, 1 / scale);
      cairo_set_source_surface (cr, surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint (cr);
      cairo_surface_destroy (surface);
    }
  else
    inion_trace_vector_draw (frame, cr);
  cairo_restore (cr);
}

static void
mark_clipped (const InionTraceLane *lane,
              gboolean              upwards,
              double                x_from,
              double                x_to,
              gpointer              data)
{
  InionPagePicture *self = data;
  InionPainter *p = &self->painter;
  double y = self->top + (upwards ? lane->clip_top : lane->clip_bottom - INION_TRACE_CLIPPED_PX);

  _inion_painter_set_color (p, self->style->dark ? INION_TRACE_CLIPPED_DARK
                                                 : INION_TRACE_CLIPPED_LIGHT, 1);
  cairo_rectangle (p->cr, self->left + x_from, y, MAX (x_to - x_from, INION_TRACE_CLIPPED_PX),
                   INION_TRACE_CLIPPED_PX);
  cairo_fill (p->cr);
}

/* The largest of 1, 2, 5 × 10ᵏ that is not above a span. */
static double
nice_below (double span)
{
  double power = pow (10, floor (log10 (span)));

  return power * (span / power >= 5 ? 5 : span / power >= 2 ? 2 : 1);
}

static void
stroke_scale (InionPagePicture *self,
              double            x,
              double            y,
              double            width,
              double            height)
{
  InionPainter *p = &self->painter;

  cairo_move_to (p->cr, x, y - height);
  cairo_line_to (p->cr, x, y);
  cairo_line_to (p->cr, x + width, y);
  cairo_set_line_join (p->cr, CAIRO_LINE_JOIN_MITER);
  cairo_set_line_cap (p->cr, CAIRO_LINE_CAP_SQUARE);
  _inion_painter_set_page (p, 0.85);
  cairo_set_line_width (p->cr, 6);
  cairo_stroke_preserve (p->cr);
  _inion_painter_set_ink (p, 1);
  cairo_set_line_width (p->cr, 2);
  cairo_stroke (p->cr);
}

/* Text that stays readable on the densest page. */
static void
draw_plate (InionPainter *p,
            double        x,
            double        y,
            double        align,
            const char   *text)
{
  double width = _inion_painter_measure (p, text, NULL);

  _inion_painter_set_page (p, 0.88);
  cairo_rectangle (p->cr, x - align * width - 3, y - p->line / 2 - 1, width + 6, p->line + 2);
  cairo_fill (p->cr);
  _inion_painter_set_ink (p, 1);
  _inion_painter_text (p, x, y, align, 0.5, text);
}

/* So many µV upright and so much time across, to scale, at the lower right. */
static void
draw_scale_bar (InionPagePicture *self)
{
  InionPainter *p = &self->painter;
  double px_per_uv = self->px_per_mm / self->sensitivity;
  double px_per_s = self->time.width / (self->time.to_s - self->time.from_s);
  double uv = nice_below (56 / px_per_uv), seconds = nice_below (120 / px_per_s);
  double height = uv * px_per_uv, width = seconds * px_per_s, x, y;
  g_autofree char *uv_number = _inion_format_compact (uv);
  g_autofree char *uv_text = g_strconcat (uv_number, INION_THIN_SPACE,
                                          inion_montage_get_scale_unit (self->montage), NULL);
  g_autofree char *s_number = _inion_format_compact (seconds);
  g_autofree char *s_text = g_strconcat (s_number, INION_THIN_SPACE "s", NULL);

  if (height + p->line * 3 > self->bottom - self->top || width * 3 > self->time.width)
    return;
  x = floor (self->right - width - 8);
  y = floor (self->bottom - p->line - 8);
  stroke_scale (self, x, y, width, height);
  draw_plate (p, x - 7, y - height / 2, 1, uv_text);
  draw_plate (p, x + width / 2, y + 5 + p->line / 2, 0.5, s_text);
}

/* --- The whole ------------------------------------------------------------------------------ */

static void
picture_begin (InionPagePicture            *self,
               cairo_t                     *cr,
               int                          width,
               int                          height,
               InionPage                   *page,
               InionMontage                *montage,
               const InionPagePictureStyle *style)
{
  *self = (InionPagePicture) {
    .style = style, .page = page, .montage = montage, .width = width, .height = height,
  };
  self->sensitivity = style->sensitivity > 0 ? style->sensitivity : DEFAULT_SENSITIVITY;
  self->px_per_mm = style->px_per_mm > 0 ? style->px_per_mm : DEFAULT_PX_PER_MM;
  self->time.from_s = page->from_s;
  self->time.to_s = page->to_s;
  self->time.start = inion_recording_get_start (inion_montage_get_recording (montage));
  self->ranges = g_new0 (InionMinMax, MAX (page->n_derivations, 1));
  inion_trace_layout_ranges (page, self->ranges);
  if (style->remove_dc)
    {
      self->offsets = g_new0 (float, MAX (page->n_derivations, 1));
      inion_trace_layout_offsets (page, self->offsets);
    }
  _inion_painter_begin (&self->painter, cr, style->dark, style->font);
  lay_out (self);
}

static void
picture_end (InionPagePicture *self)
{
  _inion_painter_end (&self->painter);
  g_clear_pointer (&self->layout, inion_trace_layout_free);
  g_clear_pointer (&self->ranges, g_free);
  g_clear_pointer (&self->offsets, g_free);
  g_clear_pointer (&self->mark_places, g_free);
}

/**
 * inion_page_picture_get_area:
 * @cr: where the picture is to be drawn; nothing is drawn
 * @width: width of the picture in user units
 * @height: its height
 * @page: what is shown
 * @montage: whose derivations the page holds
 * @style: how it is shown
 * @area: (out): where the traces go
 *
 * Tells where inion_page_picture_draw() puts the traces: a page made for the width of this area has
 * the bins the picture needs.
 */
void
inion_page_picture_get_area (cairo_t                     *cr,
                             int                          width,
                             int                          height,
                             InionPage                   *page,
                             InionMontage                *montage,
                             const InionPagePictureStyle *style,
                             cairo_rectangle_int_t       *area)
{
  InionPagePicture self;

  picture_begin (&self, cr, width, height, page, montage, style);
  area->x = (int) self.left;
  area->y = (int) self.top;
  area->width = (int) MAX (self.right - self.left, 0);
  area->height = (int) MAX (self.bottom - self.top, 0);
  picture_end (&self);
}

/**
 * inion_page_picture_draw:
 * @cr: where to draw
 * @width: width of the picture in user units
 * @height: its height
 * @page: what is shown, of all derivations of @montage
 * @montage: whose derivations the page holds
 * @style: how it is shown
 *
 * Draws a page of traces with names, grid, ruler, marks, gaps, scale and a header that says how the
 * signal was made. Fills the whole rectangle.
 */
void
inion_page_picture_draw (cairo_t                     *cr,
                         int                          width,
                         int                          height,
                         InionPage                   *page,
                         InionMontage                *montage,
                         const InionPagePictureStyle *style)
{
  InionPainter *p;
  InionPagePicture self;

  g_return_if_fail (page != NULL && montage != NULL && style != NULL);
  g_return_if_fail (page->n_derivations == inion_montage_get_n_derivations (montage));

  picture_begin (&self, cr, width, height, page, montage, style);
  p = &self.painter;
  cairo_rectangle (cr, 0, 0, width, height);
  _inion_painter_set_page (p, 1);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  draw_header (&self);
  if (self.right - self.left > 20 && self.bottom - self.top > 10 && page->to_s > page->from_s)
    {
      _inion_page_time_draw_grid (&self.time, p, self.top, self.bottom);
      _inion_page_draw_gaps (&self);
      _inion_page_draw_marks (&self);
      draw_traces (&self);
      inion_trace_clipped_foreach (page, self.layout->lanes, self.layout->n, self.time.width,
                                   mark_clipped, &self);
      _inion_page_draw_mark_names (&self);
      draw_names (&self);
      _inion_painter_set_ink (p, INION_INK_AXIS);
      _inion_painter_line (p, self.left, self.bottom + 0.5, self.right, self.bottom + 0.5, 1);
      _inion_page_time_draw_ruler (&self.time, p, self.bottom + 1);
      draw_scale_bar (&self);
    }
  picture_end (&self);
}
