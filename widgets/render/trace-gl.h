/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OpenGL renderer of traces: one texture of bins, small tiles, evaluated in the fragment shader. GL ≥ 3.3 and GLES ≥ 3.0. */

#pragma once

#include "widgets/render/trace-frame.h"

G_BEGIN_DECLS

typedef struct _InionTraceGl InionTraceGl;

/* All with the context current. */
InionTraceGl *inion_trace_gl_new (GError **error);
void          inion_trace_gl_free (InionTraceGl *self);
/* Draws with premultiplied blending into the bound framebuffer of frame->width × frame->height; clears nothing. */
void          inion_trace_gl_draw (InionTraceGl *self, InionTraceFrame *frame);

G_END_DECLS
