/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spectrogram's page of the inspector: power over time and frequency of one trace. */

#pragma once

#include "widgets/view-state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_SPECTROGRAM_PAGE (inion_spectrogram_page_get_type ())
G_DECLARE_FINAL_TYPE (InionSpectrogramPage, inion_spectrogram_page, INION, SPECTROGRAM_PAGE, GtkWidget)

GtkWidget *inion_spectrogram_page_new (InionViewState *state);

G_END_DECLS
