/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with montages: our own texts, and EDFbrowser's. */

#pragma once

#include "scalp/montage-script.h"

G_BEGIN_DECLS

/**
 * InionMontageFile:
 * @name: what the montage is called: the file's name without its ending
 * @text: the montage, see montage-script.h
 * @format: "montage text" or "EDFbrowser montage"
 * @notes: (element-type utf8): what of the file was not taken over, in sentences
 */
typedef struct
{
  char *name;
  char *text;
  const char *format;
  GPtrArray *notes;
} InionMontageFile;

#define INION_MONTAGE_SUFFIX ".montage"

/* recording: (nullable): whose channels a file means that tells signals by their number. */
InionMontageFile *inion_montage_file_read (const char *path, InionRecording *recording, GError **error);
InionMontageFile *inion_montage_file_parse (const char *name, const char *bytes, gsize n,
                                            InionRecording *recording, GError **error);
void              inion_montage_file_free (InionMontageFile *self);

/* The user's own, for all recordings; folder: (nullable): the usual one. */
char      *inion_montage_folder_dup_path (void);
GPtrArray *inion_montage_folder_list (const char *folder); /* (element-type InionMontageFile): by name; what cannot be read is left out */
char      *inion_montage_folder_dup_text (const char *folder, const char *name); /* (transfer full) (nullable) */
gboolean   inion_montage_folder_write (const char *folder, const char *name, const char *text, GError **error);
gboolean   inion_montage_folder_remove (const char *folder, const char *name, GError **error);
/* NULL: it can be a name. (transfer full): why it cannot */
char      *inion_montage_check_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionMontageFile, inion_montage_file_free)

G_END_DECLS
