/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours for numbers.
 *
 * Both maps are computed in Oklab (B. Ottosson, 2020), where equal steps look equal: the lightness
 * runs in a straight line, so that neither map has an edge that the data does not have, and both
 * read in grey and to colour-blind eyes. The diverging map goes from a blue over a neutral to a red
 * of equal lightness; the sequential one turns from blue-violet over green to yellow while it gets
 * lighter, as viridis and cividis do. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/colormap.h"

#include <math.h>

/* Oklab: lightness 0 to 1, green–red, blue–yellow. */
typedef struct
{
  double l, a, b;
} Lab;

static const guint32 okabe_ito[] = {
  0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0xf0e442, 0x7f7f7f,
};

static double
encode (double linear)
{
  linear = CLAMP (linear, 0, 1);
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow (linear, 1 / 2.4) - 0.055;
}

static void
lab_to_linear (Lab    lab,
               double rgb[3])
{
  double l = pow (lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b, 3);
  double m = pow (lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b, 3);
  double s = pow (lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b, 3);

  rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

/* The screen's colour; where it has none, the same lightness and hue with less chroma. */
static guint32
lab_to_pixel (Lab lab)
{
  double rgb[3];
  guint32 pixel = 0xff;

  for (int i = 0; i < 50; i++)
    {
      lab_to_linear (lab, rgb);
      if (MIN (MIN (rgb[0], rgb[1]), rgb[2]) > -1e-3 && MAX (MAX (rgb[0], rgb[1]), rgb[2]) < 1.001)
        break;
      lab.a *= 0.97;
      lab.b *= 0.97;
    }
  for (int k = 0; k < 3; k++)
    pixel = pixel << 8 | (guint32) (encode (rgb[k]) * 255 + 0.5);
  return pixel;
}

static Lab
from_hue (double lightness,
          double chroma,
          double degrees)
{
  return (Lab) { lightness, chroma * cos (degrees * G_PI / 180),
                 chroma * sin (degrees * G_PI / 180) };
}

static void
fill_diverging (guint32 *table,
                double   neutral)
{
  for (int i = 0; i < INION_COLORMAP_SIZE; i++)
    {
      double t = (i - 127.5) / 127.5, u = fabs (t);
      double lightness = neutral + (0.43 - neutral) * u;
      double chroma = 0.148 * sin (MIN (u * 1.45, 1) * G_PI / 2);

      table[i] = lab_to_pixel (from_hue (lightness, chroma, t < 0 ? 252 : 22));
    }
}

static void
fill_sequential (guint32 *table)
{
  for (int i = 0; i < INION_COLORMAP_SIZE; i++)
    {
      double t = i / 255.0;
      double hue = 285 - 178 * pow (t, 1.15);
      double chroma = 0.10 + 0.08 * t - 0.05 * sin (t * G_PI);

      table[i] = lab_to_pixel (from_hue (0.27 + 0.65 * t, chroma, hue));
    }
}

/**
 * inion_colormap_get_diverging:
 * @dark: for a dark page: the neutral glares less
 *
 * The map for what has a sign: potentials, differences, patterns. Always symmetric about zero.
 *
 * Returns: (array fixed-size=256) (transfer none): 0xffRRGGBB from the most negative on
 */
const guint32 *
inion_colormap_get_diverging (gboolean dark)
{
  static guint32 tables[2][INION_COLORMAP_SIZE];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      fill_diverging (tables[0], 0.97);
      fill_diverging (tables[1], 0.90);
      g_once_init_leave (&ready, 1);
    }
  return tables[dark != FALSE];
}

/**
 * inion_colormap_get_sequential:
 *
 * The map for what has none: power, counts, strength.
 *
 * Returns: (array fixed-size=256) (transfer none): 0xffRRGGBB from the smallest on
 */
const guint32 *
inion_colormap_get_sequential (void)
{
  static guint32 table[INION_COLORMAP_SIZE];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      fill_sequential (table);
      g_once_init_leave (&ready, 1);
    }
  return table;
}

/**
 * inion_colormap_pick:
 * @table: (array fixed-size=256): a map
 * @value: in [0, 1]; clamped
 *
 * Looks a colour up.
 *
 * Returns: 0xffRRGGBB, or 0 for NaN
 */
guint32
inion_colormap_pick (const guint32 *table,
                     double         value)
{
  if (isnan (value))
    return 0;
  return table[(int) (CLAMP (value, 0, 1) * 255 + 0.5)];
}

/**
 * inion_colormap_get_class:
 * @index: which class
 *
 * A hue for a class, from Okabe and Ito's palette, which colour-blind eyes tell apart.
 *
 * Returns: 0xRRGGBB
 */
guint32
inion_colormap_get_class (guint index)
{
  return okabe_ito[index % G_N_ELEMENTS (okabe_ito)];
}
