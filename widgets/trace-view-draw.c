/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands behind and before the traces: grid, marks, names, times, cursor, selection. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

static GdkRGBA
foreground (InionTraceView *self,
            float           alpha)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= alpha;
  return color;
}

static GdkRGBA
rgb (guint32 color,
     float   alpha)
{
  return (GdkRGBA) { (float) ((color >> 16) & 0xff) / 255.f, (float) ((color >> 8) & 0xff) / 255.f,
                     (float) (color & 0xff) / 255.f, alpha };
}

static void
fill (GtkSnapshot *snapshot,
      GdkRGBA      color,
      double       x,
      double       y,
      double       width,
      double       height)
{
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT ((float) x, (float) y,
                                                                    (float) width, (float) height));
}

/* PangoLayouts are dear to make and cheap to draw: names and times are kept. */
PangoLayout *
_inion_trace_view_get_text (InionTraceView *self,
                            const char     *text,
                            gboolean        small)
{
  g_autofree char *key = g_strconcat (small ? "s" : "n", text, NULL);
  PangoLayout *layout = g_hash_table_lookup (self->texts, key);

  if (layout == NULL)
    {
      if (g_hash_table_size (self->texts) > 2000)
        g_hash_table_remove_all (self->texts);
      layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
      if (small)
        {
          PangoAttrList *attributes = pango_attr_list_new ();

          pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
          pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
          pango_layout_set_attributes (layout, attributes);
          pango_attr_list_unref (attributes);
        }
      g_hash_table_insert (self->texts, g_steal_pointer (&key), layout);
    }
  return layout;
}

void
_inion_trace_view_clear_texts (InionTraceView *self)
{
  g_hash_table_remove_all (self->texts);
}

/* align: 0 left edge at x, 0.5 centred, 1 right edge at x. Vertically centred on y. */
static void
draw_text (InionTraceView *self,
           GtkSnapshot    *snapshot,
           const char     *text,
           double          x,
           double          y,
           double          align,
           GdkRGBA         color)
{
  PangoLayout *layout = _inion_trace_view_get_text (self, text, TRUE);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (x - align * width),
                                                          (float) floor (y - height / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static int
text_width (InionTraceView *self,
            const char     *text)
{
  int width;

  pango_layout_get_pixel_size (_inion_trace_view_get_text (self, text, TRUE), &width, NULL);
  return width;
}

/* Grid: 1 s and 0.2 s lines on a routine page, coarser steps on longer ones. */

static double
grid_step (double seconds,
           double width,
           double smallest_px)
{
  static const double steps[] = { 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5,
                                  10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800,
                                  21600, 43200, 86400 };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] / seconds * width >= smallest_px)
      return steps[i];
  return steps[G_N_ELEMENTS (steps) - 1];
}

/* Grid lines and times stand on the clock's whole steps, not the recording's. */
static double
clock_offset (InionTraceView *self)
{
  GDateTime *start = inion_recording_get_start (inion_view_state_get_recording (self->state));

  if (start == NULL)
    return 0.0;
  return g_date_time_get_hour (start) * 3600.0 + g_date_time_get_minute (start) * 60.0 +
         g_date_time_get_seconds (start);
}

static void
draw_lines (InionTraceView     *self,
            GtkSnapshot        *snapshot,
            const GdkRectangle *area,
            double              step,
            float               alpha)
{
  double from = inion_view_state_get_from (self->state);
  double page = inion_view_state_get_page (self->state);
  double offset = clock_offset (self);
  GdkRGBA color = foreground (self, alpha);

  for (gint64 k = (gint64) ceil ((from + offset) / step - 1e-9);
       (double) k * step - offset <= from + page; k++)
    {
      double x = inion_trace_view_time_to_x (self, (double) k * step - offset);

      fill (snapshot, color, floor (x), area->y, 1, area->height);
    }
}

static void
draw_grid (InionTraceView     *self,
           GtkSnapshot        *snapshot,
           const GdkRectangle *area)
{
  double page = inion_view_state_get_page (self->state);
  double major = MAX (page <= 60.0 ? 1.0 : 0.0, grid_step (page, area->width, 28));

  if (page < 2.0)
    major = grid_step (page, area->width, 60);
  if (major / 5.0 / page * area->width >= 6.0)
    draw_lines (self, snapshot, area, major / 5.0, 0.05f);
  draw_lines (self, snapshot, area, major, 0.12f);
}

static void
draw_ruler (InionTraceView     *self,
            GtkSnapshot        *snapshot,
            const GdkRectangle *area)
{
  double from = inion_view_state_get_from (self->state);
  double page = inion_view_state_get_page (self->state);
  double step = grid_step (page, area->width, 92);
  int decimals = step >= 1.0 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
  double offset = clock_offset (self);
  double y = area->y + area->height;
  GdkRGBA color = foreground (self, 0.75f);

  fill (snapshot, foreground (self, 0.15f), 0, y, area->x + area->width, 1);
  for (gint64 k = (gint64) ceil ((from + offset) / step - 1e-9);
       (double) k * step - offset <= from + page; k++)
    {
      double time_s = (double) k * step - offset;
      double x = inion_trace_view_time_to_x (self, time_s);
      g_autofree char *text = inion_view_state_format_time (self->state, time_s, decimals);
      double half = text_width (self, text) / 2.0;

      fill (snapshot, foreground (self, 0.4f), floor (x), y, 1, 4);
      if (x + half < area->x + area->width)
        draw_text (self, snapshot, text, MAX (x, area->x + half), y + 12, 0.5, color);
    }
}

/* Marks. */

typedef struct
{
  InionTraceView *self;
  GtkSnapshot *snapshot;
  GdkRectangle area;
  InionPalette *palette;
  gint64 selected;
  double name_end;   /* right end of the last name drawn, so that names never overlap */
  gboolean names;
  guint drawn;
} MarkPass;

/* Hatching at 45°: what says "suggestion" without colour. */
static void
fill_hatched (GtkSnapshot *snapshot,
              GdkRGBA      color,
              double       x,
              double       y,
              double       width,
              double       height)
{
  const GskColorStop stops[] = {
    { 0.0f, color },
    { 0.34f, color },
    { 0.36f, { color.red, color.green, color.blue, 0 } },
    { 1.0f, { color.red, color.green, color.blue, 0 } },
  };

  gtk_snapshot_append_repeating_linear_gradient (
    snapshot, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height),
    &GRAPHENE_POINT_INIT (0, 0), &GRAPHENE_POINT_INIT (6, 6), stops, G_N_ELEMENTS (stops));
}

static void
outline (GtkSnapshot *snapshot,
         GdkRGBA      color,
         double       x,
         double       y,
         double       width,
         double       height,
         float        line)
{
  GskRoundedRect rect;
  const float widths[4] = { line, line, line, line };
  const GdkRGBA colors[4] = { color, color, color, color };

  gsk_rounded_rect_init_from_rect (
    &rect, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height), 0);
  gtk_snapshot_append_border (snapshot, &rect, widths, colors);
}

/* A mark on some channels covers only their lanes. */
static void
draw_band (MarkPass        *pass,
           InionAnnotation *mark,
           GdkRGBA          color,
           double           x,
           double           y,
           double           width,
           double           height)
{
  if (inion_annotation_is_suggestion (mark))
    {
      color.alpha = 0.20f;
      fill_hatched (pass->snapshot, color, x, y, width, height);
    }
  else
    {
      color.alpha = 0.14f;
      fill (pass->snapshot, color, x, y, width, height);
    }
}

static gboolean
lane_is_marked (InionTraceView  *self,
                InionAnnotation *mark,
                guint            derivation)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  InionRecording *recording = inion_view_state_get_recording (self->state);
  const InionDerivation *row = inion_montage_get_derivation (montage, derivation);

  if (inion_annotation_covers_channel (mark, row->label))
    return TRUE;
  for (guint t = 0; t < row->n_terms && row->n_terms <= 2; t++)
    if (inion_annotation_covers_channel (
          mark, inion_channel_get_label (inion_recording_get_channel (recording,
                                                                      row->channels[t]))))
      return TRUE;
  return FALSE;
}

static void
draw_bands (MarkPass        *pass,
            InionAnnotation *mark,
            GdkRGBA          color,
            double           x,
            double           width)
{
  InionTraceView *self = pass->self;
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (inion_annotation_get_channels (mark) == NULL || self->layout == NULL)
    {
      draw_band (pass, mark, color, x, pass->area.y, width, pass->area.height);
      return;
    }
  for (guint i = 0; i < self->layout->n; i++)
    {
      const InionTraceLabel *label = &self->layout->labels[i];

      if (lane_is_marked (self, mark, label->derivation))
        draw_band (pass, mark, color, x, pass->area.y + label->top / scale, width,
                   (label->bottom - label->top) / scale);
    }
}

static void
draw_mark_name (MarkPass   *pass,
                const char *name,
                GdkRGBA     color,
                double      x,
                gboolean    strong)
{
  int width = text_width (pass->self, name);
  double left = MAX (x, pass->area.x);

  if (!pass->names || left < pass->name_end || left + 12 > pass->area.x + pass->area.width)
    return;
  color.alpha = strong ? 0.9f : 0.18f;
  fill (pass->snapshot, color, left, INION_TRACE_EVENTS_HEIGHT + 1, width + 8,
        INION_TRACE_MARKS_HEIGHT - INION_TRACE_EVENTS_HEIGHT - 3);
  draw_text (pass->self, pass->snapshot, name, left + 4,
             (INION_TRACE_EVENTS_HEIGHT + INION_TRACE_MARKS_HEIGHT - 1) / 2.0, 0.0,
             strong ? rgb (0xffffff, 1) : foreground (pass->self, 1));
  pass->name_end = left + width + 12;
}

static gboolean
draw_mark (InionAnnotation *mark,
           gpointer         data)
{
  MarkPass *pass = data;
  InionTraceView *self = pass->self;
  double from = (double) inion_annotation_get_onset_ns (mark) / 1e9;
  double to = (double) inion_annotation_get_end_ns (mark) / 1e9;
  double x = CLAMP (inion_trace_view_time_to_x (self, from), pass->area.x - 2.0,
                    pass->area.x + pass->area.width + 2.0);
  double end = CLAMP (inion_trace_view_time_to_x (self, to), pass->area.x - 2.0,
                      pass->area.x + pass->area.width + 2.0);
  guint32 hue = inion_palette_get_color (pass->palette, inion_annotation_get_label (mark));
  gboolean selected = inion_annotation_get_id (mark) == pass->selected;
  double width = MAX (end - x, 2.0);

  draw_bands (pass, mark, rgb (hue, 1), x, width);
  fill (pass->snapshot, rgb (hue, 1), x, INION_TRACE_MARKS_HEIGHT - 2, width, 2);
  if (selected)
    outline (pass->snapshot, rgb (hue, 1), x, pass->area.y, width, pass->area.height, 1.5f);
  draw_mark_name (pass, inion_annotation_get_label (mark), rgb (hue, 1), x, selected);
  /* A page with thousands of marks shows bands, not names: beyond this nobody could read them. */
  pass->drawn++;
  pass->names = pass->drawn < 300;
  return TRUE;
}

/* The file's own events: thin grey lines, named in the row above the marks. */
static void
draw_events (InionTraceView     *self,
             GtkSnapshot        *snapshot,
             const GdkRectangle *area)
{
  GPtrArray *events = inion_recording_get_events (inion_view_state_get_recording (self->state));
  double from = inion_view_state_get_from (self->state);
  double to = from + inion_view_state_get_page (self->state);
  GdkRGBA line = foreground (self, 0.35f);
  GdkRGBA text = foreground (self, 0.75f);
  double name_end = -1;
  double last_x = -1;
  guint low = 0, high = events != NULL ? events->len : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const InionEvent *event = g_ptr_array_index (events, middle);

      if ((double) event->onset_ns / 1e9 < from)
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = low; events != NULL && i < events->len; i++)
    {
      const InionEvent *event = g_ptr_array_index (events, i);
      double x = inion_trace_view_time_to_x (self, (double) event->onset_ns / 1e9);

      if ((double) event->onset_ns / 1e9 >= to)
        break;
      /* On crowded pages one line a pixel is all there is to see. */
      if (floor (x) <= last_x)
        continue;
      last_x = floor (x);
      fill (snapshot, line, last_x, 2, 1, area->y + area->height - 2);
      if (x >= name_end)
        {
          draw_text (self, snapshot, event->text, x + 4, INION_TRACE_EVENTS_HEIGHT / 2.0, 0.0,
                     text);
          name_end = x + text_width (self, event->text) + 9;
        }
    }
}

static void
draw_marks (InionTraceView     *self,
            GtkSnapshot        *snapshot,
            const GdkRectangle *area)
{
  InionStudy *study = inion_view_state_get_study (self->state);
  double from = inion_view_state_get_from (self->state);
  double to = from + inion_view_state_get_page (self->state);
  MarkPass pass = {
    .self = self,
    .snapshot = snapshot,
    .area = *area,
    .palette = inion_study_get_palette (study),
    .selected = inion_view_state_get_selected_mark (self->state),
    .name_end = -1,
    .names = TRUE,
  };

  inion_annotation_set_foreach_in (inion_study_get_annotations (study), (gint64) (from * 1e9),
                                   (gint64) (to * 1e9), draw_mark, &pass);
}

void
_inion_trace_view_draw_backdrop (InionTraceView *self,
                                 GtkSnapshot    *snapshot)
{
  GdkRectangle area;

  if (inion_view_state_get_recording (self->state) == NULL)
    return;
  _inion_trace_view_get_area (self, &area);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT ((float) area.x, 0, (float) area.width,
                                                         (float) (area.y + area.height)));
  draw_grid (self, snapshot, &area);
  draw_events (self, snapshot, &area);
  draw_marks (self, snapshot, &area);
  gtk_snapshot_pop (snapshot);
}

/* Names in the gutter. Where lanes are thin, every second or third name is left out. */
static void
draw_names (InionTraceView     *self,
            GtkSnapshot        *snapshot,
            const GdkRectangle *area)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int pointed = inion_view_state_get_cursor_derivation (self->state);
  double last = -100;

  fill (snapshot, foreground (self, 0.15f), self->gutter - 1, area->y, 1, area->height);
  for (guint i = 0; self->layout != NULL && i < self->layout->n; i++)
    {
      const InionTraceLabel *label = &self->layout->labels[i];
      const char *name = inion_montage_get_derivation (montage, label->derivation)->label;
      double y = area->y + label->center / scale;
      gboolean is_pointed = (int) label->derivation == pointed;

      if (y - last < 10.5 && !is_pointed)
        continue;
      if (is_pointed)
        fill (snapshot, foreground (self, 0.08f), 0, y - 8, self->gutter - 1, 16);
      draw_text (self, snapshot, name, self->gutter - 9, y, 1.0,
                 foreground (self, label->bad ? 0.35f : 0.9f));
      if (label->bad)
        fill (snapshot, foreground (self, 0.5f), self->gutter - 9 - text_width (self, name), y,
              text_width (self, name), 1);
      last = y;
    }
}

static void
draw_selection (InionTraceView     *self,
                GtkSnapshot        *snapshot,
                const GdkRectangle *area)
{
  GdkRGBA accent = { 0.21f, 0.52f, 0.89f, 1 };
  double from, to, x, end;
  g_autofree char *text = NULL;

  if (!inion_view_state_get_selection (self->state, &from, &to))
    return;
  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_color",
                                  &accent);
  x = MAX (inion_trace_view_time_to_x (self, from), area->x);
  end = MIN (inion_trace_view_time_to_x (self, to), area->x + area->width);
  if (end < area->x || x > area->x + area->width)
    return;
  accent.alpha = 0.13f;
  fill (snapshot, accent, x, area->y, MAX (end - x, 1), area->height);
  accent.alpha = 0.9f;
  fill (snapshot, accent, floor (x), area->y, 1, area->height);
  fill (snapshot, accent, floor (end), area->y, 1, area->height);
  text = g_strdup_printf (to - from < 1.0 ? "%.0f\u2009ms" : "%.2f\u2009s",
                          to - from < 1.0 ? (to - from) * 1000.0 : to - from);
  if (end - x > text_width (self, text) + 6)
    draw_text (self, snapshot, text, (x + end) / 2, area->y + area->height - 24, 0.5, accent);
}

/* The read-out under the pointer: which trace, which value, when. */
static void
draw_cursor (InionTraceView     *self,
             GtkSnapshot        *snapshot,
             const GdkRectangle *area)
{
  double cursor = inion_view_state_get_cursor (self->state);
  int derivation = inion_view_state_get_cursor_derivation (self->state);
  InionMontage *montage = inion_view_state_get_montage (self->state);
  double x, value, width, left, top;
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (!isfinite (cursor))
    return;
  x = inion_trace_view_time_to_x (self, cursor);
  if (x < area->x || x > area->x + area->width)
    return;
  fill (snapshot, foreground (self, 0.45f), floor (x), area->y, 1, area->height);
  if (derivation < 0 || self->dragging || !isfinite (self->pointer_y) ||
      (guint) derivation >= inion_montage_get_n_derivations (montage) ||
      !_inion_trace_view_value_at (self, (guint) derivation, cursor, &value))
    return;
  time = inion_view_state_format_time (self->state, cursor, 3);
  text = g_strdup_printf ("%s  %s%.1f\u2009%s  %s",
                          inion_montage_get_derivation (montage, (guint) derivation)->label,
                          value < 0 ? "\u2212" : "", fabs (value),
                          inion_channel_get_unit (
                            inion_montage_get_clock (montage, (guint) derivation)), time);
  width = text_width (self, text) + 12;
  left = x + 10 + width > area->x + area->width ? x - 10 - width : x + 10;
  top = CLAMP (self->pointer_y - 30, area->y + 2, area->y + area->height - 22);
  gtk_snapshot_push_rounded_clip (snapshot, &(GskRoundedRect) {
    .bounds = GRAPHENE_RECT_INIT ((float) left, (float) top, (float) width, 20),
    .corner = { { 5, 5 }, { 5, 5 }, { 5, 5 }, { 5, 5 } } });
  fill (snapshot, rgb (0x1e1e1e, 0.86f), left, top, width, 20);
  gtk_snapshot_pop (snapshot);
  draw_text (self, snapshot, text, left + 6, top + 10, 0.0, rgb (0xffffff, 1));
}

/* Scale bar at the lower right: so many µV and so much time, drawn to scale. */
static void
draw_scale_bar (InionTraceView     *self,
                GtkSnapshot        *snapshot,
                const GdkRectangle *area)
{
  static const double nice[] = { 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000 };
  double px_per_uv = inion_trace_view_get_px_per_mm (self) /
                     inion_view_state_get_sensitivity (self->state);
  double right = area->x + area->width - 14;
  double bottom = area->y + area->height - 26;
  double uv = nice[0];
  g_autofree char *text = NULL;
  double height, width;
  GdkRGBA ink = foreground (self, 0.85f);

  for (gsize i = 0; i < G_N_ELEMENTS (nice); i++)
    if (nice[i] * px_per_uv <= 60)
      uv = nice[i];
  height = uv * px_per_uv;
  text = g_strdup_printf ("%g\u2009µV", uv);
  width = text_width (self, text) + 18;
  gtk_snapshot_push_rounded_clip (snapshot, &(GskRoundedRect) {
    .bounds = GRAPHENE_RECT_INIT ((float) (right - width), (float) (bottom - height - 8),
                                  (float) (width + 8), (float) (height + 16)),
    .corner = { { 4, 4 }, { 4, 4 }, { 4, 4 }, { 4, 4 } } });
  {
    GdkRGBA page = { 1, 1, 1, 1 };

    gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                    "view_bg_color", &page);
    page.alpha = 0.8f;
    fill (snapshot, page, right - width, bottom - height - 8, width + 8, height + 16);
  }
  gtk_snapshot_pop (snapshot);
  fill (snapshot, ink, right, bottom - height, 2, height);
  fill (snapshot, ink, right - 3, bottom - height, 8, 1);
  fill (snapshot, ink, right - 3, bottom, 8, 1);
  draw_text (self, snapshot, text, right - 8, bottom - height / 2, 1.0, ink);
}

void
_inion_trace_view_draw_overlay (InionTraceView *self,
                                GtkSnapshot    *snapshot)
{
  GdkRectangle area;

  if (inion_view_state_get_recording (self->state) == NULL)
    return;
  _inion_trace_view_get_area (self, &area);
  draw_names (self, snapshot, &area);
  draw_ruler (self, snapshot, &area);
  draw_selection (self, snapshot, &area);
  draw_scale_bar (self, snapshot, &area);
  draw_cursor (self, snapshot, &area);
}
