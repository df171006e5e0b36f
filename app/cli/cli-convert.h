/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What inion-cli convert is asked to do. */

#pragma once

#include "app/cli/cli-stretch.h"
#include "app/convert/derive.h"
#include "recording/bids.h"
#include "recording/deidentify.h"

G_BEGIN_DECLS

/* Options as given, and what they say. Zero it. */
typedef struct
{
  InionCliStretch stretch;
  char *output;
  char *format_text;
  char *filter_text;
  char *notch_text;
  char *resample_text;
  char *montage;
  char *bad_text;
  char *marks;
  char *dates_text;
  char *keep_text;
  char *texts_text;
  char *secret_path;
  char *subject;
  char *code;
  char *names_path;
  char *report_path;
  char *bids_text;
  gboolean anonymise;
  gboolean force;
  gboolean fill_missing;

  char **bad;
  char **names;
  char *secret;
  InionBidsNames *bids_names; /* (nullable): OUT is a BIDS data set */
  gboolean has_format;
  InionExportFormat format;
  InionTextAction texts;
  InionDeriveOptions derive;
  InionDeidentifyOptions deidentify;
} InionCliConvert;

void        inion_cli_convert_clear (InionCliConvert *self);
gboolean    inion_cli_convert_parse (InionCliConvert *self); /* FALSE: usage printed */
gboolean    inion_cli_convert_load (InionCliConvert *self, GError **error); /* files that are named */
const char *inion_cli_convert_get_ending (InionExportFormat format);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionCliConvert, inion_cli_convert_clear)

G_END_DECLS
