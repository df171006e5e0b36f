// SPDX-License-Identifier: GPL-3.0-or-later
// Traces: how much of this pixel the line covers. trace-shape.c tells what a texel holds;
// trace-raster.c does the same on the CPU, and a test holds the two together.

in vec2 at;
flat in vec4 geometry;
flat in vec4 color;
flat in ivec2 span;

uniform sampler2D texels;             // a long row of texels, folded

out vec4 pixel;

const int FOLD = 10;                  // texels are 2^FOLD wide
const float NOTHING = 1e30;

vec4
texel (int index)
{
  index += span.x;
  return texelFetch (texels, ivec2 (index & ((1 << FOLD) - 1), index >> FOLD), 0);
}

// Squared distance of the point from the line between a and b; the end of a stretch is a point.
float
distance2 (vec2 point, vec2 a, vec2 b)
{
  vec2 along, off;

  if (a.y >= NOTHING && b.y >= NOTHING)
    return 1e12;
  if (a.y >= NOTHING)
    a = b;
  if (b.y >= NOTHING)
    b = a;
  along = b - a;
  off = point - a;
  off -= clamp (dot (off, along) / max (dot (along, along), 1e-12), 0.0, 1.0) * along;
  return dot (off, off);
}

float
segments ()
{
  float step = geometry.y;
  float index = clamp (floor ((at.x - geometry.x) / step), 0.0, float (span.y - 1));
  vec4 y = texel (int (index));
  float x = geometry.x + index * step - at.x;
  vec2 point = vec2 (0.0, at.y);
  float near = distance2 (point, vec2 (x - step, y.x), vec2 (x, y.y));

  near = min (near, distance2 (point, vec2 (x, y.y), vec2 (x + step, y.z)));
  near = min (near, distance2 (point, vec2 (x + step, y.z), vec2 (x + 2.0 * step, y.w)));
  return clamp (geometry.z + 0.5 - sqrt (near), 0.0, 1.0);
}

float
column ()
{
  vec4 c = texel (int (at.x));

  return clamp ((at.y - c.x) * c.y, 0.0, 1.0) + clamp ((c.z - at.y) * c.w, 0.0, 1.0) - 1.0;
}

void
main ()
{
  float coverage = geometry.w > 0.5 ? segments () : column ();

  if (coverage <= 0.0)
    discard;
  pixel = color * coverage;
}
