/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands behind and before the traces: grid, names, times, cursor, selection. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/paint-private.h"
#include "widgets/render/gap-band.h"
#include "widgets/render/trace-clipped.h"
#include "widgets/trace-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* Grid: 1 s and 0.2 s lines on a routine page, coarser steps on longer ones. */

#define SMALLEST_GRID_PX 8.0

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
  GdkRGBA color = _inion_trace_view_ink (self, alpha);

  for (gint64 k = (gint64) ceil ((from + offset) / step - 1e-9);
       (double) k * step - offset <= from + page; k++)
    {
      double x = inion_trace_view_time_to_x (self, (double) k * step - offset);

      _inion_paint_fill (snapshot, color, floor (x), area->y, 1, area->height);
    }
}

static void
draw_grid (InionTraceView     *self,
           GtkSnapshot        *snapshot,
           const GdkRectangle *area)
{
  double page = inion_view_state_get_page (self->state);
  double major;

  if (!inion_view_state_get_option (self->state, INION_VIEW_GRID))
    return;
  major = MAX (page <= 60.0 ? 1.0 : 0.0, grid_step (page, area->width, 28));

  if (page < 2.0)
    major = grid_step (page, area->width, 60);
  if (major / 5.0 / page * area->width >= SMALLEST_GRID_PX)
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
  GdkRGBA color = _inion_trace_view_ink (self, 0.75f);

  _inion_paint_fill (snapshot, _inion_trace_view_ink (self, 0.15f), 0, y, area->x + area->width, 1);
  for (gint64 k = (gint64) ceil ((from + offset) / step - 1e-9);
       (double) k * step - offset <= from + page; k++)
    {
      double time_s = (double) k * step - offset;
      double x = inion_trace_view_time_to_x (self, time_s);
      g_autofree char *text = inion_view_state_format_time (self->state, time_s, decimals);
      double half = _inion_trace_view_text_width (self, text) / 2.0;

      _inion_paint_fill (snapshot, _inion_trace_view_ink (self, 0.4f), floor (x), y, 1, 4);
      if (x + half < area->x + area->width)
        _inion_trace_view_draw_text (self, snapshot, text, MAX (x, area->x + half), y + 12, 0.5,
                                     color);
    }
}

/* Gaps: a neutral hatched block from edge to edge, with what is missing written in. */

#define LEAST_GAP_PX 4

typedef struct
{
  InionTraceView *self;
  GtkSnapshot *snapshot;
  const GdkRectangle *area;
} GapPass;

static void
draw_gap (double   from_s,
          double   to_s,
          gpointer data)
{
  const GapPass *pass = data;
  const GdkRectangle *area = pass->area;
  double begin = inion_trace_view_time_to_x (pass->self, from_s);
  double x = MAX (begin, area->x);
  double width = MIN (inion_trace_view_time_to_x (pass->self, to_s), area->x + area->width) - x;

  if (width < LEAST_GAP_PX)
    return;
  _inion_paint_fill (pass->snapshot, _inion_trace_view_ink (pass->self, 0.05f), x, area->y, width,
                     area->height);
  _inion_paint_hatch (pass->snapshot, _inion_trace_view_ink (pass->self, 0.16f), x, area->y, width,
                      area->height, begin);
}

/* Before the traces: the length, or a slit where the block would be too narrow to be seen between
 * the traces of both sides. */
static void
name_gap (double   from_s,
          double   to_s,
          gpointer data)
{
  const GapPass *pass = data;
  const GdkRectangle *area = pass->area;
  double x = MAX (inion_trace_view_time_to_x (pass->self, from_s), area->x);
  double end = MIN (inion_trace_view_time_to_x (pass->self, to_s), area->x + area->width);
  g_autofree char *text = inion_gap_band_dup_text (to_s - from_s);
  double width = _inion_trace_view_text_width (pass->self, text) + 14;
  double middle = (x + end) / 2, y = area->y + area->height / 2.0;
  GdkRGBA page = { 1, 1, 1, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (pass->self)),
                                  "view_bg_color", &page);
  if (end - x < LEAST_GAP_PX)
    {
      double slit = MAX (end - x, 2);

      _inion_paint_fill (pass->snapshot, page, floor (x), area->y, slit + 1, area->height);
      _inion_paint_fill (pass->snapshot, _inion_trace_view_ink (pass->self, 0.3f), floor (x) + 1,
                         area->y, slit - 1, area->height);
      return;
    }
  if (width + 4 > end - x)
    return;
  gtk_snapshot_push_rounded_clip (pass->snapshot, &(GskRoundedRect) {
    .bounds = GRAPHENE_RECT_INIT ((float) (middle - width / 2), (float) (y - 11), (float) width, 22),
    .corner = { { 5, 5 }, { 5, 5 }, { 5, 5 }, { 5, 5 } } });
  _inion_paint_fill (pass->snapshot, page, middle - width / 2, y - 11, width, 22);
  gtk_snapshot_pop (pass->snapshot);
  _inion_trace_view_draw_text (pass->self, pass->snapshot, text, middle, y, 0.5,
                               _inion_trace_view_ink (pass->self, 0.85f));
}

static void
draw_gaps (InionTraceView     *self,
           GtkSnapshot        *snapshot,
           const GdkRectangle *area,
           InionGapFunc        func)
{
  GapPass pass = { self, snapshot, area };
  double from = inion_view_state_get_from (self->state);
  double page = inion_view_state_get_page (self->state);

  inion_gap_band_foreach (inion_view_state_get_recording (self->state), from, from + page,
                          page / area->width, func, &pass);
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
  draw_gaps (self, snapshot, &area, draw_gap);
  _inion_trace_view_draw_events (self, snapshot, &area);
  _inion_trace_view_draw_marks (self, snapshot, &area);
  gtk_snapshot_pop (snapshot);
}

/* What stands beside a lane: the trace's name, or of what all are that share it. */
static char *
dup_name (InionTraceView        *self,
          const InionTraceLabel *label)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);

  if (label->n_shared > 1)
    return g_strdup_printf ("%s × %u", inion_channel_kind_to_string (label->kind),
                            label->n_shared);
  return g_strdup (inion_montage_get_derivation (montage, label->derivation)->label);
}

/* Below the name the sensitivity, where it is not that of the bar and there is room. */
static void
draw_scale_note (InionTraceView        *self,
                 GtkSnapshot           *snapshot,
                 const InionTraceLabel *label,
                 double                 y,
                 double                 height)
{
  g_autofree char *note = NULL;

  if (!inion_view_state_has_own_sensitivity (label->kind) || !(label->sensitivity > 0) ||
      height < 30)
    return;
  note = g_strdup_printf ("%.4g\u2009µV/mm", label->sensitivity);
  if (_inion_trace_view_text_width (self, note) + 12 <= self->gutter)
    _inion_trace_view_draw_text (self, snapshot, note, self->gutter - 9, y + 14, 1.0,
                                 _inion_trace_view_ink (self, 0.6f));
}

/* Names in the gutter. Where lanes are thin, every second or third name is left out. */
static void
draw_names (InionTraceView     *self,
            GtkSnapshot        *snapshot,
            const GdkRectangle *area)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int pointed = inion_view_state_get_cursor_derivation (self->state);
  double last = -100;

  _inion_paint_fill (snapshot, _inion_trace_view_ink (self, 0.15f), self->gutter - 1, area->y, 1,
                     area->height);
  for (guint i = 0; self->layout != NULL && i < self->layout->n; i++)
    {
      const InionTraceLabel *label = &self->layout->labels[i];
      g_autofree char *name = dup_name (self, label);
      double y = area->y + label->center / scale;
      gboolean is_pointed = (int) label->derivation == pointed && label->n_shared <= 1;

      if (y - last < 10.5 && !is_pointed)
        continue;
      if (is_pointed)
        _inion_paint_fill (snapshot, _inion_trace_view_ink (self, 0.08f), 0, y - 8,
                           self->gutter - 1, 16);
      _inion_trace_view_draw_text (self, snapshot, name, self->gutter - 9, y, 1.0,
                                   _inion_trace_view_ink (self, label->bad && label->n_shared <= 1
                                                                 ? 0.35f : 0.9f));
      if (label->bad && label->n_shared <= 1)
        _inion_paint_fill (snapshot, _inion_trace_view_ink (self, 0.5f),
                           self->gutter - 9 - _inion_trace_view_text_width (self, name), y,
                           _inion_trace_view_text_width (self, name), 1);
      draw_scale_note (self, snapshot, label, y, (label->bottom - label->top) / scale);
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
  _inion_paint_fill (snapshot, accent, x, area->y, MAX (end - x, 1), area->height);
  accent.alpha = 0.9f;
  _inion_paint_fill (snapshot, accent, floor (x), area->y, 1, area->height);
  _inion_paint_fill (snapshot, accent, floor (end), area->y, 1, area->height);
  text = g_strdup_printf (to - from < 1.0 ? "%.0f\u2009ms" : "%.2f\u2009s",
                          to - from < 1.0 ? (to - from) * 1000.0 : to - from);
  if (end - x > _inion_trace_view_text_width (self, text) + 6)
    _inion_trace_view_draw_text (self, snapshot, text, (x + end) / 2, area->y + area->height - 24,
                                 0.5, accent);
}

/* Which trace, which value, when; in a gap, that there is none. */
static char *
describe_cursor (InionTraceView *self,
                 guint           derivation,
                 double          time_s)
{
  InionMontage *montage = inion_view_state_get_montage (self->state);
  g_autofree char *time = inion_view_state_format_time (self->state, time_s, 3);
  gint64 time_ns = (gint64) (time_s * 1e9);
  double value;

  if (inion_recording_has_gap (inion_view_state_get_recording (self->state), time_ns, time_ns + 1))
    return g_strdup_printf (_("no data  %s"), time);
  if (!_inion_trace_view_value_at (self, derivation, time_s, &value))
    return NULL;
  return g_strdup_printf ("%s  %s%.1f\u2009%s  %s%s",
                          inion_montage_get_derivation (montage, derivation)->label,
                          value < 0 ? "\u2212" : "", fabs (value),
                          inion_montage_get_unit (montage, derivation), time,
                          _inion_trace_view_is_saturated (self, derivation, time_s)
                            ? _("  saturated") : "");
}

/* The read-out under the pointer. */
static void
draw_cursor (InionTraceView     *self,
             GtkSnapshot        *snapshot,
             const GdkRectangle *area)
{
  double cursor = inion_view_state_get_cursor (self->state);
  int derivation = inion_view_state_get_cursor_derivation (self->state);
  InionMontage *montage = inion_view_state_get_montage (self->state);
  double x, width, left, top;
  g_autofree char *text = NULL;

  if (!isfinite (cursor))
    return;
  x = inion_trace_view_time_to_x (self, cursor);
  if (x < area->x || x > area->x + area->width)
    return;
  _inion_paint_fill (snapshot, _inion_trace_view_ink (self, 0.45f), floor (x), area->y, 1,
                     area->height);
  if (derivation < 0 || self->dragging || !isfinite (self->pointer_y) ||
      (guint) derivation >= inion_montage_get_n_derivations (montage))
    return;
  text = describe_cursor (self, (guint) derivation, cursor);
  if (text == NULL)
    return;
  width = _inion_trace_view_text_width (self, text) + 12;
  left = x + 10 + width > area->x + area->width ? x - 10 - width : x + 10;
  top = CLAMP (self->pointer_y - 30, area->y + 2, area->y + area->height - 22);
  gtk_snapshot_push_rounded_clip (snapshot, &(GskRoundedRect) {
    .bounds = GRAPHENE_RECT_INIT ((float) left, (float) top, (float) width, 20),
    .corner = { { 5, 5 }, { 5, 5 }, { 5, 5 }, { 5, 5 } } });
  _inion_paint_fill (snapshot, _inion_paint_rgb (0x1e1e1e, 0.86f), left, top, width, 20);
  gtk_snapshot_pop (snapshot);
  _inion_trace_view_draw_text (self, snapshot, text, left + 6, top + 10, 0.0,
                               _inion_paint_rgb (0xffffff, 1));
}

/* Of the trace under the pointer; else, and where that is no voltage, of EEG. */
static InionChannelKind
find_pointed_kind (InionTraceView *self)
{
  int derivation = inion_view_state_get_cursor_derivation (self->state);

  for (guint i = 0; derivation >= 0 && self->layout != NULL && i < self->layout->n; i++)
    if (self->layout->labels[i].derivation == (guint) derivation &&
        self->layout->labels[i].sensitivity > 0 &&
        inion_view_state_has_own_sensitivity (self->layout->labels[i].kind))
      return self->layout->labels[i].kind;
  return INION_CHANNEL_EEG;
}

/* Scale bar at the lower right: so many µV, drawn to scale. */
static void
draw_scale_bar (InionTraceView     *self,
                GtkSnapshot        *snapshot,
                const GdkRectangle *area)
{
  static const double nice[] = { 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000 };
  InionChannelKind kind = find_pointed_kind (self);
  double px_per_uv = inion_trace_view_get_px_per_mm (self) /
                     inion_view_state_get_kind_sensitivity (self->state, kind);
  double right = area->x + area->width - 14;
  double bottom = area->y + area->height - 26;
  double uv = nice[0];
  g_autofree char *text = NULL;
  double height, width;
  GdkRGBA ink = _inion_trace_view_ink (self, 0.85f);

  for (gsize i = 0; i < G_N_ELEMENTS (nice); i++)
    if (nice[i] * px_per_uv <= 60)
      uv = nice[i];
  height = uv * px_per_uv;
  if (kind != INION_CHANNEL_EEG)
    text = g_strdup_printf ("%s %g\u2009µV", inion_channel_kind_to_string (kind), uv);
  else
    text = g_strdup_printf ("%g\u2009%s", uv, inion_montage_get_scale_unit (
                                                  inion_view_state_get_montage (self->state)));
  width = _inion_trace_view_text_width (self, text) + 18;
  gtk_snapshot_push_rounded_clip (snapshot, &(GskRoundedRect) {
    .bounds = GRAPHENE_RECT_INIT ((float) (right - width), (float) (bottom - height - 8),
                                  (float) (width + 8), (float) (height + 16)),
    .corner = { { 4, 4 }, { 4, 4 }, { 4, 4 }, { 4, 4 } } });
  {
    GdkRGBA page = { 1, 1, 1, 1 };

    gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                    "view_bg_color", &page);
    page.alpha = 0.8f;
    _inion_paint_fill (snapshot, page, right - width, bottom - height - 8, width + 8, height + 16);
  }
  gtk_snapshot_pop (snapshot);
  _inion_paint_fill (snapshot, ink, right, bottom - height, 2, height);
  _inion_paint_fill (snapshot, ink, right - 3, bottom - height, 8, 1);
  _inion_paint_fill (snapshot, ink, right - 3, bottom, 8, 1);
  _inion_trace_view_draw_text (self, snapshot, text, right - 8, bottom - height / 2, 1.0, ink);
}

typedef struct
{
  InionTraceView *self;
  GtkSnapshot *snapshot;
  const GdkRectangle *area;
  GdkRGBA color;
  double scale;
} ClippedPass;

static void
draw_clipped_place (const InionTraceLane *lane,
                    gboolean              upwards,
                    double                x_from,
                    double                x_to,
                    gpointer              data)
{
  ClippedPass *pass = data;
  double y = upwards ? lane->clip_top / pass->scale
                     : lane->clip_bottom / pass->scale - INION_TRACE_CLIPPED_PX;

  _inion_paint_fill (pass->snapshot, pass->color, pass->area->x + x_from, pass->area->y + y,
                     MAX (x_to - x_from, INION_TRACE_CLIPPED_PX), INION_TRACE_CLIPPED_PX);
}

/* A line at the edge of the lane where a trace was clipped. */
static void
draw_clipped (InionTraceView     *self,
              GtkSnapshot        *snapshot,
              const GdkRectangle *area)
{
  GdkRGBA ink = _inion_trace_view_ink (self, 1);
  gboolean dark = ink.red + ink.green + ink.blue > 1.5;
  ClippedPass pass = { self, snapshot, area,
                       _inion_paint_rgb (dark ? INION_TRACE_CLIPPED_DARK
                                              : INION_TRACE_CLIPPED_LIGHT, 1),
                       gtk_widget_get_scale_factor (GTK_WIDGET (self)) };

  if (self->layout != NULL && self->page != NULL)
    inion_trace_clipped_foreach (self->page, self->layout->lanes, self->layout->n, area->width,
                                 draw_clipped_place, &pass);
}

void
_inion_trace_view_draw_overlay (InionTraceView *self,
                                GtkSnapshot    *snapshot)
{
  GdkRectangle area;

  if (inion_view_state_get_recording (self->state) == NULL)
    return;
  _inion_trace_view_get_area (self, &area);
  draw_gaps (self, snapshot, &area, name_gap);
  draw_clipped (self, snapshot, &area);
  _inion_trace_view_draw_saturation (self, snapshot, &area);
  draw_names (self, snapshot, &area);
  draw_ruler (self, snapshot, &area);
  draw_selection (self, snapshot, &area);
  _inion_trace_view_draw_calipers (self, snapshot, &area);
  draw_scale_bar (self, snapshot, &area);
  draw_cursor (self, snapshot, &area);
}
