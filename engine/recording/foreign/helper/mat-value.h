/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single values of MATLAB variables, whatever class they have. */

#pragma once

#include "recording/foreign/helper/writer.h"

#include <matio.h>

bool        mat_count (const matvar_t *variable, size_t *n);
bool        mat_load (mat_t *mat, matvar_t *variable);
bool        mat_is_text (const matvar_t *variable);
matvar_t   *mat_field (mat_t *mat, matvar_t *structure, const char *name, size_t index);
bool        mat_number (const matvar_t *variable, size_t index, double *value);
bool        mat_field_number (mat_t *mat, matvar_t *structure, const char *name, size_t index,
                              double *value);
ForeignText mat_text (Writer *writer, const matvar_t *variable);
ForeignText mat_text_or_number (Writer *writer, mat_t *mat, matvar_t *variable);
