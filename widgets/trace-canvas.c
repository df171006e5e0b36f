/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The surface on which traces are drawn: OpenGL where there is any, else the CPU.
 *
 * A GtkGLArea child draws the frame; it is cleared to transparent, so that the page, its grid and
 * its marks are GTK's business. Where no GL 3.3 or GLES 3.0 context can be had the same frame goes
 * through the CPU rasteriser into a texture; so it does where OpenGL itself is drawn by the CPU
 * (llvmpipe takes two to four times as long as our rasteriser). INION_RENDERER may be "gl" or
 * "cpu" to decide by hand. */

#define G_LOG_DOMAIN "inion-widgets"

#include "config.h"

#include "widgets/trace-canvas.h"

#include "widgets/render/trace-gl.h"

#include <epoxy/gl.h>

struct _InionTraceCanvas
{
  GtkWidget parent_instance;

  GtkWidget *area;           /* NULL: the CPU draws */
  InionTraceGl *gl;
  InionTraceFrame *frame;
  GdkTexture *texture;       /* the CPU's picture of the frame … */
  cairo_surface_t *picture;  /* … or, for a renderer that is cairo itself, as it likes it */
  double last_draw_ms;
};

G_DEFINE_FINAL_TYPE (InionTraceCanvas, inion_trace_canvas, GTK_TYPE_WIDGET)

static gboolean
fall_back (gpointer data)
{
  InionTraceCanvas *self = data;

  g_clear_pointer (&self->area, gtk_widget_unparent);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
give_up_gl (InionTraceCanvas *self,
            const char       *reason)
{
  g_info ("Traces are drawn by the CPU: %s", reason);
  /* Not from inside the area's own signal. */
  g_idle_add_full (G_PRIORITY_HIGH, fall_back, g_object_ref (self), g_object_unref);
}

static GdkGLContext *
on_create_context (GtkGLArea        *area,
                   InionTraceCanvas *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (area));
  g_autoptr (GdkGLContext) context = NULL;
  g_autoptr (GError) error = NULL;

  context = gdk_surface_create_gl_context (gtk_native_get_surface (native), &error);
  if (context != NULL)
    {
      gdk_gl_context_set_allowed_apis (context, GDK_GL_API_GL | GDK_GL_API_GLES);
      if (gdk_gl_context_realize (context, &error))
        return g_steal_pointer (&context);
    }
  gtk_gl_area_set_error (area, error);
  return NULL;
}

/* Mesa's software renderers name themselves. */
static gboolean
is_software (void)
{
  const char *renderer = (const char *) glGetString (GL_RENDERER);

  return renderer != NULL && (strstr (renderer, "llvmpipe") != NULL ||
                              strstr (renderer, "softpipe") != NULL ||
                              strstr (renderer, "swrast") != NULL);
}

static void
on_area_realize (GtkGLArea        *area,
                 InionTraceCanvas *self)
{
  g_autoptr (GError) error = NULL;

  gtk_gl_area_make_current (area);
  if (gtk_gl_area_get_error (area) != NULL)
    {
      give_up_gl (self, gtk_gl_area_get_error (area)->message);
      return;
    }
  if (is_software () && g_strcmp0 (g_getenv ("INION_RENDERER"), "gl") != 0)
    {
      give_up_gl (self, "OpenGL is drawn by the CPU here");
      return;
    }
  self->gl = inion_trace_gl_new (&error);
  if (self->gl == NULL)
    give_up_gl (self, error->message);
}

static void
on_area_unrealize (GtkGLArea        *area,
                   InionTraceCanvas *self)
{
  gtk_gl_area_make_current (area);
  if (gtk_gl_area_get_error (area) == NULL)
    g_clear_pointer (&self->gl, inion_trace_gl_free);
}

static gboolean
on_area_render (GtkGLArea        *area,
                GdkGLContext     *context,
                InionTraceCanvas *self)
{
  gint64 start = g_get_monotonic_time ();

  glClearColor (0, 0, 0, 0);
  glClear (GL_COLOR_BUFFER_BIT);
  if (self->gl != NULL && self->frame != NULL)
    inion_trace_gl_draw (self->gl, self->frame);
  self->last_draw_ms = (double) (g_get_monotonic_time () - start) / 1000.0;
  return TRUE;
}

/* GTK 4.8 converts a texture through floats to hand it to cairo: 5 ms a frame. What is drawn with
 * cairo in the first place goes there as it is. */
static gboolean
is_cairo_renderer (InionTraceCanvas *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));

  return native != NULL && GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (native));
}

static void
rasterise (InionTraceCanvas *self)
{
  InionTraceFrame *frame = self->frame;
  int stride = cairo_format_stride_for_width (CAIRO_FORMAT_ARGB32, frame->width);
  guint32 *pixels = g_malloc0 ((gsize) stride * (gsize) frame->height);
  g_autoptr (GBytes) bytes = NULL;

  inion_trace_raster_draw (frame, pixels, stride);
  if (is_cairo_renderer (self))
    {
      static const cairo_user_data_key_t key;

      self->picture = cairo_image_surface_create_for_data ((guchar *) pixels, CAIRO_FORMAT_ARGB32,
                                                           frame->width, frame->height, stride);
      cairo_surface_set_user_data (self->picture, &key, pixels, g_free);
      return;
    }
  bytes = g_bytes_new_take (pixels, (gsize) stride * (gsize) frame->height);
  self->texture = gdk_memory_texture_new (frame->width, frame->height, GDK_MEMORY_DEFAULT, bytes,
                                          (gsize) stride);
}

static void
forget_picture (InionTraceCanvas *self)
{
  g_clear_object (&self->texture);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
}

static void
append_picture (InionTraceCanvas *self,
                GtkSnapshot      *snapshot,
                float             width,
                float             height)
{
  const graphene_rect_t place = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr;

  if (self->texture != NULL)
    {
      gtk_snapshot_append_texture (snapshot, self->texture, &place);
      return;
    }
  cr = gtk_snapshot_append_cairo (snapshot, &place);
  cairo_scale (cr, (double) width / self->frame->width, (double) height / self->frame->height);
  cairo_set_source_surface (cr, self->picture, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
}

static void
inion_trace_canvas_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  InionTraceCanvas *self = INION_TRACE_CANVAS (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->area != NULL)
    {
      gtk_widget_snapshot_child (widget, self->area, snapshot);
      return;
    }
  if (self->frame == NULL || self->frame->width <= 0 || self->frame->height <= 0)
    return;
  if (self->texture == NULL && self->picture == NULL)
    {
      gint64 start = g_get_monotonic_time ();

      rasterise (self);
      self->last_draw_ms = (double) (g_get_monotonic_time () - start) / 1000.0;
    }
  append_picture (self, snapshot, (float) width, (float) height);
}

static void
inion_trace_canvas_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  InionTraceCanvas *self = INION_TRACE_CANVAS (widget);

  if (self->area != NULL)
    gtk_widget_allocate (self->area, width, height, -1, NULL);
}

static void
inion_trace_canvas_dispose (GObject *object)
{
  InionTraceCanvas *self = INION_TRACE_CANVAS (object);

  g_clear_pointer (&self->area, gtk_widget_unparent);
  g_clear_pointer (&self->frame, inion_trace_frame_unref);
  forget_picture (self);
  G_OBJECT_CLASS (inion_trace_canvas_parent_class)->dispose (object);
}

static void
inion_trace_canvas_class_init (InionTraceCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inion_trace_canvas_dispose;
  widget_class->snapshot = inion_trace_canvas_snapshot;
  widget_class->size_allocate = inion_trace_canvas_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "tracecanvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
inion_trace_canvas_init (InionTraceCanvas *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  if (g_strcmp0 (g_getenv ("INION_RENDERER"), "cpu") == 0)
    return;
  self->area = gtk_gl_area_new ();
  gtk_widget_set_parent (self->area, GTK_WIDGET (self));
  g_signal_connect (self->area, "create-context", G_CALLBACK (on_create_context), self);
  g_signal_connect (self->area, "realize", G_CALLBACK (on_area_realize), self);
  g_signal_connect (self->area, "unrealize", G_CALLBACK (on_area_unrealize), self);
  g_signal_connect (self->area, "render", G_CALLBACK (on_area_render), self);
}

/**
 * inion_trace_canvas_new:
 *
 * Returns: (transfer full): an empty canvas
 */
GtkWidget *
inion_trace_canvas_new (void)
{
  return g_object_new (INION_TYPE_TRACE_CANVAS, NULL);
}

/**
 * inion_trace_canvas_set_frame:
 * @frame: (transfer none) (nullable): what to draw
 *
 * Draws @frame from now on.
 */
void
inion_trace_canvas_set_frame (InionTraceCanvas *self,
                              InionTraceFrame  *frame)
{
  g_return_if_fail (INION_IS_TRACE_CANVAS (self));

  if (frame == self->frame)
    return;
  g_clear_pointer (&self->frame, inion_trace_frame_unref);
  if (frame != NULL)
    self->frame = inion_trace_frame_ref (frame);
  forget_picture (self);
  if (self->area != NULL)
    gtk_gl_area_queue_render (GTK_GL_AREA (self->area));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * inion_trace_canvas_uses_gl:
 *
 * Returns: whether OpenGL draws
 */
gboolean
inion_trace_canvas_uses_gl (InionTraceCanvas *self)
{
  return self->area != NULL;
}

/**
 * inion_trace_canvas_get_last_draw_ms:
 *
 * Returns: how long the last draw call took on the main thread, in milliseconds
 */
double
inion_trace_canvas_get_last_draw_ms (InionTraceCanvas *self)
{
  return self->last_draw_ms;
}
