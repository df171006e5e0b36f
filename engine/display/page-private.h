/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last complete pages of a signal. For this room only. */

#pragma once

#include "display/page.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): the complete page of exactly this range and width, if it is kept. */
InionPage *_inion_page_store_find (InionShownSignal *signal, double from_s, double to_s, guint width_px);
/* Keeps a complete page, and forgets the one kept longest. Thread-safe. */
void       _inion_page_store_keep (InionShownSignal *signal, InionPage *page, guint width_px);

G_END_DECLS
