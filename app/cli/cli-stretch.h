/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which channels, from when to when: what the verbs of the signal have in common. */

#pragma once

#include "app/cli/cli.h"

G_BEGIN_DECLS

/* --channels, --from and --to: texts as given, seconds once they have been looked at. Zero it. */
typedef struct
{
  char *channels;
  char *from_text;
  char *to_text;
  double from_s;
  double to_s;
} InionCliStretch;

#define INION_CLI_CHANNELS_ENTRY(stretch, what) \
  { "channels", 0, 0, G_OPTION_ARG_STRING, &(stretch).channels, what, "A,B" }
#define INION_CLI_RANGE_ENTRIES(stretch) \
  { "from", 0, 0, G_OPTION_ARG_STRING, &(stretch).from_text, "From this second on (0)", "S" }, \
  { "to", 0, 0, G_OPTION_ARG_STRING, &(stretch).to_text, "Up to this second (the end)", "S" }
#define INION_CLI_STRETCH_ENTRIES(stretch) \
  INION_CLI_CHANNELS_ENTRY (stretch, "Channels (all EEG)"), INION_CLI_RANGE_ENTRIES (stretch)

void     inion_cli_stretch_clear (InionCliStretch *self);
gboolean inion_cli_stretch_parse (InionCliStretch *self);   /* FALSE: usage printed */
gboolean inion_cli_stretch_fit (InionCliStretch *self, InionRecording *recording, GError **error);
/* Samples [*first, *end) of a channel, as the range names them. */
void     inion_cli_stretch_to_samples (const InionCliStretch *self, InionChannel *channel, gint64 *first, gint64 *end);
/* What was recorded of a channel, with one NAN in place of each gap, however long it is: for measures that
 * look at each stretch by itself. */
double  *inion_cli_stretch_read_packed (const InionCliStretch *self, InionRecording *recording, guint channel,
                                        gsize *n, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InionCliStretch, inion_cli_stretch_clear)

/* n samples of the channel at a place in the list from sample at on, NaN where there are none. */
typedef gboolean (*InionCliReadFunc) (guint place, gint64 at, gsize n, double *out, gpointer data,
                                      GError **error);

/* Samples to be printed: of some channels, as long as the stretch is, where something was recorded.
 * The clock runs over gaps of years; what is read and printed are the samples that there are. */
typedef struct
{
  InionRecording *recording;
  GArray *channels;       /* guint, at least one */
  const InionCliStretch *stretch;
  gboolean units;         /* columns of CSV tell them */
  InionCliReadFunc read;  /* (nullable): as recorded */
  gpointer data;
} InionCliSamples;

/* Channels of one rate only. */
gboolean inion_cli_samples_print_csv (const InionCliSamples *self, GError **error);
gboolean inion_cli_samples_print_json (const InionCliSamples *self, GError **error);
#define INION_CLI_SAMPLES_JSON_HELP \
  "  from_s, to_s, channels [{label, unit, rate_hz,\n  stretches [{from_s, first_sample, samples []}]}]: what lies " \
  "between two gaps is a stretch"

/* Channels opened together with their recording: what most verbs start with. */
InionRecording *inion_cli_stretch_open (InionCliStretch *self, const char *path, gboolean eeg_only, GArray **channels,
                                        GError **error);

G_END_DECLS
