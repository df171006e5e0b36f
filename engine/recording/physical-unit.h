/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which unit a channel is shown whose file has another one. */

#pragma once

#include "recording/channel.h"

G_BEGIN_DECLS

const char *inion_physical_unit_choose (const char *unit, InionChannelKind kind, double *factor);

G_END_DECLS
