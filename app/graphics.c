/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who draws: the graphics processor, or the CPU where there is none.
 *
 * Without a graphics processor OpenGL still works, but as a program (llvmpipe) that compiles its
 * shaders and fills every pixel of the window on the CPU. Measured on a window of 1600 × 1000 with
 * a page of 25 channels: 100 ms of CPU a page turn, a second to the first frame, 350 MB of memory;
 * GTK's cairo renderer with our own rasteriser takes 25 ms, a quarter of a second and 170 MB.
 * So where there is surely no graphics processor OpenGL is not even loaded.
 *
 * GTK 4.8 takes the choice from the environment only, and reads it when it starts.
 * INION_RENDERER=gl keeps OpenGL, INION_RENDERER=cpu draws the traces without it in any case; who
 * sets GSK_RENDERER has chosen for GTK. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/graphics.h"

/* Devices of graphics drivers that do not come as a render node. */
static const char *const other_devices[] = { "/dev/nvidiactl", "/dev/dxg" };

static gboolean
is_software_wanted (void)
{
  const char *value = g_getenv ("LIBGL_ALWAYS_SOFTWARE");

  return value != NULL && (g_str_equal (value, "1") || g_ascii_strcasecmp (value, "true") == 0);
}

static gboolean
has_graphics_processor (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/dev/dri", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (other_devices); i++)
    if (g_file_test (other_devices[i], G_FILE_TEST_EXISTS))
      return TRUE;
  return FALSE;
}

/**
 * inion_graphics_choose:
 *
 * Keeps GTK and the traces from OpenGL where nothing but the CPU would do its work. To be called
 * before GTK starts and before there are threads.
 */
void
inion_graphics_choose (void)
{
  const char *debug = g_getenv ("GDK_DEBUG");
  g_autofree char *flags = NULL;

  if (g_strcmp0 (g_getenv ("INION_RENDERER"), "gl") == 0 || g_getenv ("GSK_RENDERER") != NULL ||
      (!is_software_wanted () && has_graphics_processor ()))
    return;
  flags = debug != NULL && *debug != '\0' ? g_strconcat (debug, ",gl-disable", NULL)
                                          : g_strdup ("gl-disable");
  g_setenv ("GDK_DEBUG", flags, TRUE);
  g_setenv ("GSK_RENDERER", "cairo", TRUE);
  g_setenv ("INION_RENDERER", "cpu", FALSE);
}
