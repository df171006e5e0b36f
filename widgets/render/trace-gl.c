/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces drawn by OpenGL.
 *
 * The geometry of all lanes (trace-shape.c) goes into one texture as a long row of texels, folded
 * at 1024; a second texture says where a lane's texels start, how they are to be read and in which
 * colour. Each lane is cut into tiles 16 pixels wide that reach only over the rows their stretch of
 * line touches, and one instanced call draws the tiles of all lanes. A fragment reads one texel.
 *
 * Tight tiles keep the cost near the pixels that are really inked: on a software renderer a
 * primitive costs as much as some twenty fragments, and empty fragments cost too. A GPU does not
 * care either way.
 *
 * State: the drawing sets all it needs, and leaves no program, vertex array, buffer or texture
 * bound, blending off and pixel unpacking at its defaults. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-gl.h"
#include "widgets/render/gl-program-private.h"
#include "widgets/render/trace-shape-private.h"

#include <epoxy/gl.h>

#define TILE_WIDTH 16
/* As in trace.frag.glsl. */
#define FOLD 1024
/* Texels of a lane in the lane texture: geometry, colour, range. */
#define LANE_TEXELS 3

/* An instance of the draw call. */
typedef struct
{
  float lane, left, top, bottom;
} Tile;

typedef struct
{
  float v[LANE_TEXELS][4];
} LaneTexels;

struct _InionTraceGl
{
  guint program;
  guint vertex_array;
  guint tile_buffer;
  guint texel_texture;
  guint lane_texture;
  int frame_size_location;
  int max_texture_size;

  InionTraceFrame *uploaded;   /* the frame the GPU holds, if it fitted into one batch */
  guint n_uploaded_tiles;

  InionTraceTexel *texels;
  gsize n_texels_allocated;
  GArray *tiles;               /* of Tile */
  GArray *lanes;               /* of LaneTexels */
};

static guint
make_texture (void)
{
  guint texture;

  glGenTextures (1, &texture);
  glBindTexture (GL_TEXTURE_2D, texture);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
  glBindTexture (GL_TEXTURE_2D, 0);
  return texture;
}

static void
make_vertex_array (InionTraceGl *self)
{
  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (1, &self->tile_buffer);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->tile_buffer);
  glEnableVertexAttribArray (0);
  glVertexAttribPointer (0, 4, GL_FLOAT, GL_FALSE, sizeof (Tile), NULL);
  glVertexAttribDivisor (0, 1);
  glBindVertexArray (0);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
}

static void
set_constant_uniforms (InionTraceGl *self)
{
  glUseProgram (self->program);
  glUniform1i (glGetUniformLocation (self->program, "texels"), 0);
  glUniform1i (glGetUniformLocation (self->program, "lanes"), 1);
  glUniform1f (glGetUniformLocation (self->program, "tile_width"), TILE_WIDTH);
  self->frame_size_location = glGetUniformLocation (self->program, "frame_size");
  glUseProgram (0);
}

/**
 * inion_trace_gl_new:
 * @error: return location
 *
 * Makes a renderer for the current OpenGL context. Vertex arrays are not shared between contexts:
 * make one renderer a context.
 *
 * Errors: %INION_ERROR_UNSUPPORTED if the context is older than OpenGL 3.3 or OpenGL ES 3.0, or its
 * driver does not take the shaders.
 *
 * Returns: (transfer full): the renderer, or %NULL with @error set
 */
InionTraceGl *
inion_trace_gl_new (GError **error)
{
  InionTraceGl *self;
  guint program;

  if (!_inion_gl_check (error))
    return NULL;
  program = _inion_gl_program_new ("trace", error);
  if (program == 0)
    return NULL;

  self = g_new0 (InionTraceGl, 1);
  self->program = program;
  self->tiles = g_array_new (FALSE, FALSE, sizeof (Tile));
  self->lanes = g_array_new (FALSE, FALSE, sizeof (LaneTexels));
  self->texel_texture = make_texture ();
  self->lane_texture = make_texture ();
  glGetIntegerv (GL_MAX_TEXTURE_SIZE, &self->max_texture_size);
  make_vertex_array (self);
  set_constant_uniforms (self);
  return self;
}

/**
 * inion_trace_gl_free:
 * @self: (transfer full) (nullable): a renderer
 *
 * Frees the renderer and its OpenGL objects. Its context must be current.
 */
void
inion_trace_gl_free (InionTraceGl *self)
{
  if (self == NULL)
    return;
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (1, &self->tile_buffer);
  glDeleteTextures (1, &self->texel_texture);
  glDeleteTextures (1, &self->lane_texture);
  g_clear_pointer (&self->uploaded, inion_trace_frame_unref);
  g_array_unref (self->tiles);
  g_array_unref (self->lanes);
  g_free (self->texels);
  g_free (self);
}

static void
add_tiles (InionTraceGl          *self,
           const InionTraceShape *shape,
           int                    width)
{
  float lane = (float) self->lanes->len;

  for (int x = 0; x < width; x += TILE_WIDTH)
    {
      InionTraceRows rows = _inion_trace_shape_get_rows (shape, x, MIN (x + TILE_WIDTH, width));
      Tile tile = { lane, (float) x, (float) rows.from, (float) rows.to };

      if (rows.from < rows.to)
        g_array_append_val (self->tiles, tile);
    }
}

static void
add_lane (InionTraceGl          *self,
          const InionTraceShape *shape,
          const float            rgba[4],
          gsize                  first_texel)
{
  float alpha = CLAMP (rgba[3], 0, 1);
  LaneTexels lane = { {
    { shape->origin, shape->step, shape->half_width, shape->segments ? 1 : 0 },
    { CLAMP (rgba[0], 0, 1) * alpha, CLAMP (rgba[1], 0, 1) * alpha, CLAMP (rgba[2], 0, 1) * alpha,
      alpha },
    { (float) first_texel, (float) shape->n, 0, 0 },
  } };

  g_array_append_val (self->lanes, lane);
}

/* Builds as many lanes from the given one as fit into the textures; returns how many texels. */
static gsize
build_batch (InionTraceGl    *self,
             InionTraceFrame *frame,
             guint           *lane)
{
  gsize max_texels = _inion_trace_shape_max_texels (frame);
  gsize capacity = (gsize) self->max_texture_size * FOLD;
  gsize n = 0;

  g_array_set_size (self->tiles, 0);
  g_array_set_size (self->lanes, 0);
  for (; *lane < frame->n_lanes && self->lanes->len < (guint) self->max_texture_size; (*lane)++)
    {
      InionTraceShape shape;

      if (n + max_texels > capacity && n > 0)
        break;
      if (n + max_texels + FOLD > self->n_texels_allocated)
        {
          gsize wanted = (frame->n_lanes - *lane) * max_texels + n + FOLD;

          self->n_texels_allocated = MIN (wanted, capacity + FOLD + max_texels);
          self->texels = g_renew (InionTraceTexel, self->texels, self->n_texels_allocated);
        }
      _inion_trace_shape_build (&shape, frame, *lane, self->texels + n);
      add_tiles (self, &shape, frame->width);
      add_lane (self, &shape, frame->lanes[*lane].rgba, n);
      n += shape.n;
    }
  return n;
}

static void
upload (InionTraceGl *self,
        gsize         n_texels)
{
  gsize rows = (n_texels + FOLD - 1) / FOLD;

  glPixelStorei (GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei (GL_UNPACK_ROW_LENGTH, 0);
  glPixelStorei (GL_UNPACK_SKIP_PIXELS, 0);
  glPixelStorei (GL_UNPACK_SKIP_ROWS, 0);
  glBindBuffer (GL_PIXEL_UNPACK_BUFFER, 0);

  /* The last row is uploaded whole: the array is allocated a row longer than it is filled. */
  glActiveTexture (GL_TEXTURE0);
  glTexImage2D (GL_TEXTURE_2D, 0, GL_RGBA32F, FOLD, (int) rows, 0, GL_RGBA, GL_FLOAT, self->texels);
  glActiveTexture (GL_TEXTURE1);
  glTexImage2D (GL_TEXTURE_2D, 0, GL_RGBA32F, LANE_TEXELS, (int) self->lanes->len, 0, GL_RGBA,
                GL_FLOAT, self->lanes->data);
  glBindBuffer (GL_ARRAY_BUFFER, self->tile_buffer);
  glBufferData (GL_ARRAY_BUFFER, (GLsizeiptr) (self->tiles->len * sizeof (Tile)), self->tiles->data,
                GL_STREAM_DRAW);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
}

static void
bind_state (InionTraceGl    *self,
            InionTraceFrame *frame)
{
  glViewport (0, 0, frame->width, frame->height);
  glDisable (GL_SCISSOR_TEST);
  glDisable (GL_DEPTH_TEST);
  glDisable (GL_STENCIL_TEST);
  glDisable (GL_CULL_FACE);
  glColorMask (GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glEnable (GL_BLEND);
  glBlendEquation (GL_FUNC_ADD);
  glBlendFunc (GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glUseProgram (self->program);
  glUniform2f (self->frame_size_location, (float) frame->width, (float) frame->height);
  glBindVertexArray (self->vertex_array);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->texel_texture);
  glActiveTexture (GL_TEXTURE1);
  glBindTexture (GL_TEXTURE_2D, self->lane_texture);
}

static void
unbind_state (void)
{
  glBindVertexArray (0);
  glActiveTexture (GL_TEXTURE1);
  glBindTexture (GL_TEXTURE_2D, 0);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, 0);
  glUseProgram (0);
  glDisable (GL_BLEND);
}

/**
 * inion_trace_gl_draw:
 * @self: the renderer
 * @frame: what to draw
 *
 * Draws all lanes with premultiplied blending into the bound framebuffer, whose size must be that
 * of @frame. The renderer's context must be current. The frame last drawn stays on the GPU, so that
 * drawing it again uploads nothing.
 */
void
inion_trace_gl_draw (InionTraceGl    *self,
                     InionTraceFrame *frame)
{
  gboolean same = self->uploaded == frame;
  guint lane = 0;

  g_return_if_fail (frame != NULL);

  if (frame->width <= 0 || frame->height <= 0 || frame->n_lanes == 0)
    return;
  bind_state (self, frame);
  if (!same)
    g_clear_pointer (&self->uploaded, inion_trace_frame_unref);
  do
    {
      if (!same)
        {
          gsize n = build_batch (self, frame, &lane);

          self->n_uploaded_tiles = self->tiles->len;
          if (self->tiles->len > 0)
            upload (self, n);
          if (self->lanes->len == frame->n_lanes)
            self->uploaded = inion_trace_frame_ref (frame);
        }
      if (self->n_uploaded_tiles > 0)
        glDrawArraysInstanced (GL_TRIANGLE_STRIP, 0, 4, (int) self->n_uploaded_tiles);
    }
  while (!same && lane < frame->n_lanes);
  unbind_state ();
}
