/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one file that the libraries of a helper can open by a name. */

#pragma once

#define FOREIGN_INPUT_NAME "/input"
