/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connectivity of a stretch: for inion-cli network and for its picture. */

#pragma once

#include "app/cli/cli-stretch.h"

#include "network/connectivity.h"

G_BEGIN_DECLS

/* Options as given, and what they say. */
typedef struct
{
  InionCliStretch stretch;
  char *measure_text;
  char *low_text;
  char *high_text;
  char *epoch_text;
  int n_null;
  InionConnectivityMeasure measure;
  double low_hz;
  double high_hz;
  double epoch_s;
} InionCliNetworkWish;

#define INION_CLI_NETWORK_ENTRIES(wish) \
  { "measure", 0, 0, G_OPTION_ARG_STRING, &(wish).measure_text, \
    "imaginary-coherence (default), coherence or debiased-wpli", "NAME" }, \
  { "low", 0, 0, G_OPTION_ARG_STRING, &(wish).low_text, "Band from, Hz (8)", "HZ" }, \
  { "high", 0, 0, G_OPTION_ARG_STRING, &(wish).high_text, "Band to, Hz (13)", "HZ" }, \
  { "epoch", 0, 0, G_OPTION_ARG_STRING, &(wish).epoch_text, "Seconds an epoch (1)", "S" }, \
  { "null", 0, 0, G_OPTION_ARG_INT, &(wish).n_null, "Draws of the null, at least 19 (100)", "N" }, \
  INION_CLI_STRETCH_ENTRIES ((wish).stretch)
#define INION_CLI_NETWORK_WISH_INIT { .n_null = 100 }

void     inion_cli_network_wish_clear (InionCliNetworkWish *self);
gboolean inion_cli_network_wish_parse (InionCliNetworkWish *self);   /* FALSE: usage printed */

/* What was measured. */
typedef struct
{
  InionRecording *recording;
  GArray *channels;      /* guint: which of the recording's */
  gsize n;               /* channels */
  gsize n_epochs;
  gsize n_left_out;   /* epochs that hold a gap */
  double epoch_s;
  double *matrix;        /* [n × n] */
  double bound;          /* the largest pair reaches it in 5 % of cases without coupling */
} InionCliNetwork;

InionCliNetwork *inion_cli_network_measure (InionCliNetworkWish *wish, const char *path, GError **error);
void             inion_cli_network_free (InionCliNetwork *self);
const char      *inion_cli_network_get_label (const InionCliNetwork *self, gsize index);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionCliNetworkWish, inion_cli_network_wish_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionCliNetwork, inion_cli_network_free)

G_END_DECLS
