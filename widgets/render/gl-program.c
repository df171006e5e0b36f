/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenGL programs from the shaders built into the library.
 *
 * The sources in shaders/ name no version: the same text is compiled as GLSL 3.30 core and as
 * GLSL ES 3.00, whichever the current context speaks. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/gl-program-private.h"

#include "core/error.h"
#include "inion-shaders.h"

#include <epoxy/gl.h>
#include <gio/gio.h>

#define PREFIX "/org/inion/Inion/shaders/"

static const char desktop_preamble[] = "#version 330 core\n";
static const char es_preamble[] = "#version 300 es\n"
                                  "precision highp float;\n"
                                  "precision highp int;\n"
                                  "precision highp sampler2D;\n";

/* Whether the current context can run our shaders: OpenGL ≥ 3.3 or OpenGL ES ≥ 3.0. */
gboolean
_inion_gl_check (GError **error)
{
  gboolean desktop = epoxy_is_desktop_gl ();
  int version = epoxy_gl_version ();

  if (version >= (desktop ? 33 : 30))
    return TRUE;
  return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                          "This display offers OpenGL%s %d.%d, and drawing needs %s. "
                          "Traces are drawn without OpenGL.",
                          desktop ? "" : " ES", version / 10, version % 10,
                          desktop ? "3.3" : "ES 3.0");
}

static GBytes *
load_source (const char *name,
             const char *ending,
             GError    **error)
{
  g_autofree char *path = g_strconcat (PREFIX, name, ending, NULL);

  return g_resource_lookup_data (inion_shaders_get_resource (), path,
                                 G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

static guint
compile (GLenum      type,
         const char *name,
         const char *ending,
         GError    **error)
{
  g_autoptr (GBytes) source = load_source (name, ending, error);
  const char *texts[2];
  int lengths[2];
  int status = 0;
  guint shader;

  if (source == NULL)
    return 0;
  texts[0] = epoxy_is_desktop_gl () ? desktop_preamble : es_preamble;
  texts[1] = g_bytes_get_data (source, NULL);
  lengths[0] = -1;
  lengths[1] = (int) g_bytes_get_size (source);
  shader = glCreateShader (type);
  glShaderSource (shader, 2, texts, lengths);
  glCompileShader (shader);
  glGetShaderiv (shader, GL_COMPILE_STATUS, &status);
  if (!status)
    {
      char log[1024] = "";

      glGetShaderInfoLog (shader, sizeof log, NULL, log);
      glDeleteShader (shader);
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "The graphics driver does not accept the shader %s%s: %s", name, ending,
                       g_strchomp (log));
      return 0;
    }
  return shader;
}

/* Compiles and links NAME.vert.glsl and NAME.frag.glsl in the current context; 0 on failure. The
 * caller owns the program. */
guint
_inion_gl_program_new (const char *name,
                       GError    **error)
{
  guint vertex = compile (GL_VERTEX_SHADER, name, ".vert.glsl", error);
  guint fragment = vertex != 0 ? compile (GL_FRAGMENT_SHADER, name, ".frag.glsl", error) : 0;
  guint program = 0;
  int status = 0;

  if (fragment != 0)
    {
      program = glCreateProgram ();
      glAttachShader (program, vertex);
      glAttachShader (program, fragment);
      glLinkProgram (program);
      glGetProgramiv (program, GL_LINK_STATUS, &status);
      glDeleteShader (fragment);
    }
  if (vertex != 0)
    glDeleteShader (vertex);
  if (program != 0 && !status)
    {
      char log[1024] = "";

      glGetProgramInfoLog (program, sizeof log, NULL, log);
      glDeleteProgram (program);
      program = 0;
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "The graphics driver does not link the shader %s: %s", name,
                       g_strchomp (log));
    }
  return program;
}
