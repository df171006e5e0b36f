/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mark says: label, place in time, channels, comment. */

#pragma once

#include "app/window.h"

#include "annotation/annotation.h"

G_BEGIN_DECLS

void inion_mark_dialog_show (InionWindow *window, InionAnnotation *mark);

G_END_DECLS
