/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OpenGL context without a window: EGL on Mesa's surfaceless platform. */

#pragma once

#include <epoxy/egl.h>
#include <epoxy/gl.h>
#include <glib.h>

typedef struct
{
  EGLDisplay display;
  EGLContext context;
  guint framebuffer;
  guint texture;
} OffscreenGl;

/* Makes a context current, with a framebuffer of the size. FALSE, with why, if there is none. */
static inline gboolean
offscreen_gl_open (OffscreenGl *self,
                   gboolean     es,
                   int          width,
                   int          height,
                   const char **why)
{
  const EGLint desktop[] = { EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 3,
                             EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                             EGL_NONE };
  const EGLint embedded[] = { EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 0,
                              EGL_NONE };

  *self = (OffscreenGl) { EGL_NO_DISPLAY, EGL_NO_CONTEXT, 0, 0 };
  if (!epoxy_has_egl ()
      || !epoxy_has_egl_extension (EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless"))
    {
      *why = "no EGL with Mesa's surfaceless platform";
      return FALSE;
    }
  self->display = eglGetPlatformDisplayEXT (EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY,
                                            NULL);
  if (self->display == EGL_NO_DISPLAY || !eglInitialize (self->display, NULL, NULL))
    {
      *why = "no surfaceless EGL display";
      return FALSE;
    }
  eglBindAPI (es ? EGL_OPENGL_ES_API : EGL_OPENGL_API);
  self->context = eglCreateContext (self->display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT,
                                    es ? embedded : desktop);
  if (self->context == EGL_NO_CONTEXT
      || !eglMakeCurrent (self->display, EGL_NO_SURFACE, EGL_NO_SURFACE, self->context))
    {
      *why = es ? "no OpenGL ES 3.0 context" : "no OpenGL 3.3 context";
      return FALSE;
    }
  glGenTextures (1, &self->texture);
  glBindTexture (GL_TEXTURE_2D, self->texture);
  glTexImage2D (GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  glBindTexture (GL_TEXTURE_2D, 0);
  glGenFramebuffers (1, &self->framebuffer);
  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  glFramebufferTexture2D (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, self->texture, 0);
  g_assert_cmphex (glCheckFramebufferStatus (GL_FRAMEBUFFER), ==, GL_FRAMEBUFFER_COMPLETE);
  return TRUE;
}

static inline void
offscreen_gl_close (OffscreenGl *self)
{
  if (self->framebuffer != 0)
    {
      glDeleteFramebuffers (1, &self->framebuffer);
      glDeleteTextures (1, &self->texture);
    }
  if (self->context != EGL_NO_CONTEXT)
    {
      eglMakeCurrent (self->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
      eglDestroyContext (self->display, self->context);
    }
  if (self->display != EGL_NO_DISPLAY)
    eglTerminate (self->display);
}

/* Reads the framebuffer as cairo's ARGB32, top row first. */
static inline void
offscreen_gl_read (int      width,
                   int      height,
                   guint32 *out)
{
  g_autofree guint8 *rgba = g_malloc ((gsize) width * height * 4);

  glPixelStorei (GL_PACK_ALIGNMENT, 4);
  glReadPixels (0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint8 *p = rgba + ((gsize) (height - 1 - y) * width + x) * 4;

        out[(gsize) y * width + x] = (guint32) p[3] << 24 | (guint32) p[0] << 16
                                     | (guint32) p[1] << 8 | p[2];
      }
}
