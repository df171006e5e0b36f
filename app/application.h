/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define INION_TYPE_APPLICATION (inion_application_get_type ())
G_DECLARE_FINAL_TYPE (InionApplication, inion_application, INION, APPLICATION, AdwApplication)

InionApplication *inion_application_new (void);

G_END_DECLS
