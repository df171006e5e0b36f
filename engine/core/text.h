/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that the engine names and the window translates. */

#pragma once

/* Marks a text for resources/po/extract; who shows it looks its translation up. */
#define N_(text) text
