/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs of inion-cli share: options, errors, output. */

#pragma once

#include "core/error.h"
#include "core/json-text.h"
#include "core/size.h"
#include "recording/recording.h"

#include <glib.h>

G_BEGIN_DECLS

#define INION_CLI_OK 0
#define INION_CLI_FAILED 1
#define INION_CLI_USAGE 2

/* One verb: argv[0] is its name. */
typedef int (*InionCliVerb) (int argc, char **argv);

typedef struct
{
  const char *name;
  InionCliVerb run;
  const char *summary;   /* one line of the list of verbs */
} InionCliEntry;

/* Parses a verb's options; usage is "FILE --channels A,B". json_help documents the keys of --json. n_min/n_max: files and words left over
 * (n_max −1: any). Returns FALSE with *code set: 0 after --help, 2 on wrong usage. */
gboolean inion_cli_parse (int *argc, char ***argv, const char *usage, const char *summary, const char *json_help,
                          const GOptionEntry *entries, int n_min, int n_max, int *code);
int      inion_cli_fail (const GError *error);                              /* prints the message on one line, returns 1 */
int      inion_cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);    /* prints, returns 2 */
void     inion_cli_say (const char *format, ...) G_GNUC_PRINTF (1, 2);      /* a message: stderr */

/* Numbers in options have a dot, whatever the language. FALSE: usage printed. */
gboolean inion_cli_parse_double (const char *option, const char *text, double fallback, double *value);
gboolean inion_cli_parse_double_in (const char *option, const char *text, double fallback, double min, double max,
                                    double *value);

/* Output: stdout. What could not be written is said at the end, by inion_cli_finish(). */
void     inion_cli_put (const char *text);
void     inion_cli_put_char (char c);
void     inion_cli_flush (void);
void     inion_cli_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
void     inion_cli_print_double (const char *format, double value);         /* with a dot; not finite: nothing */
void     inion_cli_print_field (const char *text);                          /* a field of a CSV line, quoted where needed */
void     inion_cli_print_json (InionJsonText *text);                        /* (transfer full) and a line end */
gboolean inion_cli_is_output_lost (void);                                   /* nobody reads any more: stop */
int      inion_cli_finish (int code);                                       /* 1 where the output could not be written */
void     inion_cli_json_double_or_null (InionJsonText *text, const char *key, double value);
void     inion_cli_json_string (InionJsonText *text, const char *key, const char *value);
void     inion_cli_json_int (InionJsonText *text, const char *key, gint64 value);
/* NULL or "-": stdout. A file is whole or not there; what is no regular file is written as it is. */
gboolean inion_cli_write_output (const char *path, const char *text, gssize length, GError **error);

InionRecording *inion_cli_open (const char *path, gboolean with_events, GError **error);
InionRecording *inion_cli_open_signal (const char *path, GError **error);   /* fails where there are no samples */
/* "A,B" → indices; NULL → all channels (eeg_only: EEG only). Fails naming the one that is not there. */
GArray  *inion_cli_find_channels (InionRecording *recording, const char *list, gboolean eeg_only, GError **error);

extern gboolean inion_cli_json;   /* --json of the verb that runs */

int inion_cli_info (int argc, char **argv);
int inion_cli_read (int argc, char **argv);
int inion_cli_annotations (int argc, char **argv);
int inion_cli_average (int argc, char **argv);
int inion_cli_find_like (int argc, char **argv);
int inion_cli_measure (int argc, char **argv);
int inion_cli_spectrogram (int argc, char **argv);
int inion_cli_filter (int argc, char **argv);
int inion_cli_psd (int argc, char **argv);
int inion_cli_check (int argc, char **argv);
int inion_cli_clean (int argc, char **argv);
int inion_cli_convert (int argc, char **argv);
int inion_cli_network (int argc, char **argv);
int inion_cli_marker (int argc, char **argv);
int inion_cli_montage (int argc, char **argv);
int inion_cli_train (int argc, char **argv);
int inion_cli_evaluate (int argc, char **argv);
int inion_cli_apply (int argc, char **argv);
int inion_cli_live (int argc, char **argv);
int inion_cli_render (int argc, char **argv);
int inion_cli_study (int argc, char **argv);

G_END_DECLS
