// SPDX-License-Identifier: GPL-3.0-or-later
// Traces: one instance is a tile, a narrow part of one lane with the rows that its line touches.

layout (location = 0) in vec4 tile;   // lane, left, top, bottom; pixels, y downwards

uniform vec2 frame_size;              // pixels
uniform float tile_width;             // pixels
uniform sampler2D lanes;              // one row a lane, see trace-gl.c

out vec2 at;                          // pixels
flat out vec4 geometry;               // x of sample 0, pixels a sample, half line width, is it segments
flat out vec4 color;                  // premultiplied
flat out ivec2 span;                  // first texel, number of texels

void
main ()
{
  int lane = int (tile.x);
  vec4 range = texelFetch (lanes, ivec2 (2, lane), 0);

  geometry = texelFetch (lanes, ivec2 (0, lane), 0);
  color = texelFetch (lanes, ivec2 (1, lane), 0);
  span = ivec2 (range.xy);
  at = vec2 (tile.y + float (gl_VertexID & 1) * tile_width,
             (gl_VertexID & 2) == 0 ? tile.z : tile.w);
  gl_Position = vec4 (at.x / frame_size.x * 2.0 - 1.0, 1.0 - at.y / frame_size.y * 2.0, 0.0, 1.0);
}
