/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks and the file's own events, behind the traces. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/paint-private.h"
#include "widgets/trace-view-private.h"

#include <math.h>

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
      _inion_paint_fill (pass->snapshot, color, x, y, width, height);
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
  int width = _inion_trace_view_text_width (pass->self, name);
  double left = MAX (x, pass->area.x);

  if (!pass->names || left < pass->name_end || left + 12 > pass->area.x + pass->area.width)
    return;
  color.alpha = strong ? 0.9f : 0.18f;
  _inion_paint_fill (pass->snapshot, color, left, INION_TRACE_EVENTS_HEIGHT + 1, width + 8,
                     INION_TRACE_MARKS_HEIGHT - INION_TRACE_EVENTS_HEIGHT - 3);
  _inion_trace_view_draw_text (pass->self, pass->snapshot, name, left + 4,
                               (INION_TRACE_EVENTS_HEIGHT + INION_TRACE_MARKS_HEIGHT - 1) / 2.0,
                               0.0,
                               strong ? _inion_paint_rgb (0xffffff, 1)
                                      : _inion_trace_view_ink (pass->self, 1));
  pass->name_end = left + width + 12;
}

static gboolean
draw_mark (InionAnnotation *mark,
           gpointer         data)
{
  MarkPass *pass = data;
  InionTraceView *self = pass->self;
  gboolean dragged = inion_annotation_get_id (mark) == self->mark_dragged.id;
  double from = dragged ? self->mark_dragged.from_s
                        : (double) inion_annotation_get_onset_ns (mark) / 1e9;
  double to = dragged ? self->mark_dragged.to_s : (double) inion_annotation_get_end_ns (mark) / 1e9;
  double x = CLAMP (inion_trace_view_time_to_x (self, from), pass->area.x - 2.0,
                    pass->area.x + pass->area.width + 2.0);
  double end = CLAMP (inion_trace_view_time_to_x (self, to), pass->area.x - 2.0,
                      pass->area.x + pass->area.width + 2.0);
  guint32 hue = inion_palette_get_color (pass->palette, inion_annotation_get_label (mark));
  gboolean selected = dragged || inion_annotation_get_id (mark) == pass->selected;
  double width = MAX (end - x, 2.0);

  draw_bands (pass, mark, _inion_paint_rgb (hue, 1), x, width);
  _inion_paint_fill (pass->snapshot, _inion_paint_rgb (hue, 1), x, INION_TRACE_MARKS_HEIGHT - 2,
                     width, 2);
  if (selected)
    outline (pass->snapshot, _inion_paint_rgb (hue, 1), x, pass->area.y, width, pass->area.height,
             1.5f);
  draw_mark_name (pass, inion_annotation_get_label (mark), _inion_paint_rgb (hue, 1), x, selected);
  /* A page with thousands of marks shows bands, not names: beyond this nobody could read them. */
  pass->drawn++;
  pass->names = pass->drawn < 300;
  return TRUE;
}

/* The file's own events: thin grey lines, named in the row above the marks. */
void
_inion_trace_view_draw_events (InionTraceView     *self,
                               GtkSnapshot        *snapshot,
                               const GdkRectangle *area)
{
  GPtrArray *events = inion_recording_get_events (inion_view_state_get_recording (self->state));
  double from = inion_view_state_get_from (self->state);
  double to = from + inion_view_state_get_page (self->state);
  GdkRGBA line = _inion_trace_view_ink (self, 0.35f);
  GdkRGBA text = _inion_trace_view_ink (self, 0.75f);
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
      _inion_paint_fill (snapshot, line, last_x, 2, 1, area->y + area->height - 2);
      if (x >= name_end)
        {
          _inion_trace_view_draw_text (self, snapshot, event->text, x + 4,
                                       INION_TRACE_EVENTS_HEIGHT / 2.0, 0.0, text);
          name_end = x + _inion_trace_view_text_width (self, event->text) + 9;
        }
    }
}

void
_inion_trace_view_draw_marks (InionTraceView     *self,
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
