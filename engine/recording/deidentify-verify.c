/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks whether identifiers of the original are in the files of its copy, in all their bytes.
 *
 * Bytes of samples are those of the signal: what is found there by chance cannot be taken out
 * without changing it, and is only counted. In text, short words count only by themselves: "Ann"
 * is in "Annotations". */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "recording/deidentify-private.h"
#include "recording/edf-header.h"
#include "recording/recording-private.h"

#include <string.h>
#include <unistd.h>

#define LONG_WORD 5

static gboolean
is_edf_sample (const InionEdfHeader *header,
               gint64                offset)
{
  gint64 place;

  if (offset < header->data_offset || header->record_bytes == 0)
    return FALSE;
  place = (offset - header->data_offset) % header->record_bytes;
  for (guint i = 0; i < header->n_signals; i++)
    {
      const InionEdfSignal *signal = &header->signals[i];
      gint64 end = signal->offset + signal->samples * (header->bdf ? 3 : 2);

      if (place >= signal->offset && place < end)
        return !signal->annotations;
    }
  return FALSE;
}

static gboolean
is_word_byte (int  fd,
              gint64 offset)
{
  guint8 byte = ' ';
  gsize got = 0;
  int errsv = 0;

  return offset >= 0 && _inion_pread (fd, &byte, 1, offset, &got, &errsv) && got == 1 &&
         (g_ascii_isalnum ((char) byte) || byte >= 0x80);
}

/* Numbers of a table are samples; a word of digits among them says nothing. */
static gboolean
is_number (const char *word)
{
  return strspn (word, "0123456789.-") == strlen (word);
}

/* Comments, sections and keys of a BrainVision header are the writer's own words, the program's
 * name among them: what says something of a person stands behind “=”, but not of all keys. */
static gboolean
is_fixed_text (const char *path,
               int         fd,
               gint64      offset)
{
  static const char *const fixed[] = { "Codepage=", "DataFormat=", "DataOrientation=",
                                       "BinaryFormat=" };
  char before[256];
  gint64 from = MAX (offset - (gint64) sizeof before, 0);
  gsize n = (gsize) (offset - from), got = 0, line = 0;
  int errsv = 0;

  if (!g_str_has_suffix (path, ".vhdr") && !g_str_has_suffix (path, ".vmrk"))
    return FALSE;
  if (!_inion_pread (fd, before, n, from, &got, &errsv) || got != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (before[i] == '\n')
      line = i + 1;
  if (line == 0 && from > 0)
    return FALSE;
  for (gsize k = 0; k < G_N_ELEMENTS (fixed); k++)
    if (n - line >= strlen (fixed[k]) && memcmp (before + line, fixed[k], strlen (fixed[k])) == 0)
      return TRUE;
  return before[line] == ';' || memchr (before + line, '=', n - line) == NULL;
}

static gboolean
is_by_itself (const InionIdentifierTrace *trace,
              int                         fd)
{
  gboolean wide = g_str_has_prefix (trace->encoding, "UTF-16");
  gsize n = strlen (trace->word);

  if (wide || g_utf8_strlen (trace->word, -1) >= LONG_WORD)
    return TRUE;
  if (g_str_equal (trace->encoding, "Latin-1"))
    n = (gsize) g_utf8_strlen (trace->word, -1);
  return !is_word_byte (fd, trace->offset - 1) && !is_word_byte (fd, trace->offset + (gint64) n);
}

static void
add_leak (InionDeidentifyReport      *report,
          const char                 *path,
          const InionIdentifierTrace *trace)
{
  InionLeak *leak = g_new0 (InionLeak, 1);

  leak->file = g_path_get_basename (path);
  leak->offset = trace->offset;
  leak->word = g_strdup (trace->word);
  leak->encoding = trace->encoding;
  g_ptr_array_add (report->leaks, leak);
}

static gboolean
search_file (InionDeidentifyReport  *report,
             GPtrArray              *words,
             const char             *path,
             InionExportFormat       format,
             GError                **error)
{
  gboolean edf = format == INION_EXPORT_EDF || format == INION_EXPORT_BDF;
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new ();
  g_autoptr (InionEdfHeader) header = NULL;
  g_autoptr (GPtrArray) traces = NULL;
  gint64 size;
  int fd = _inion_recording_open_file (path, &size, error);

  if (fd < 0)
    return FALSE;
  if (edf)
    header = inion_edf_header_read (fd, size, path, faults, NULL);
  traces = inion_identifiers_search (words, fd, error);
  for (guint i = 0; traces != NULL && i < traces->len; i++)
    {
      const InionIdentifierTrace *trace = traces->pdata[i];

      if ((header != NULL && is_edf_sample (header, trace->offset)) ||
          g_str_has_suffix (path, ".eeg") || is_fixed_text (path, fd, trace->offset) ||
          (format == INION_EXPORT_CSV && is_number (trace->word)))
        report->n_by_chance++;
      else if (is_by_itself (trace, fd))
        add_leak (report, path, trace);
    }
  close (fd);
  return traces != NULL;
}

/* Whoever names the copy may name the person. */
static void
search_name (InionDeidentifyReport *report,
             GPtrArray             *words,
             const char            *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *lower = g_utf8_strdown (name, -1);

  for (guint i = 0; i < words->len; i++)
    {
      g_autofree char *word = g_utf8_strdown (words->pdata[i], -1);
      gsize n = strlen (word);

      for (const char *at = strstr (lower, word); at != NULL; at = strstr (at + 1, word))
        if (g_utf8_strlen (word, -1) >= LONG_WORD
            || ((at == lower || !g_ascii_isalnum (at[-1])) && !g_ascii_isalnum (at[n])))
          {
            const InionIdentifierTrace trace = { .offset = -1, .word = words->pdata[i],
                                                 .encoding = "the file's name" };

            add_leak (report, path, &trace);
            break;
          }
    }
}

/* Searches a copy and what stands beside it for words. */
gboolean
_inion_deidentify_search (InionDeidentifyReport  *report,
                          GPtrArray              *words,
                          const char             *path,
                          InionExportFormat       format,
                          GError                **error)
{
  static const struct
  {
    InionExportFormat format;
    const char *from;
    const char *to;
  } siblings[] = {
    { INION_EXPORT_BRAINVISION, ".vhdr", ".eeg" },
    { INION_EXPORT_BRAINVISION, ".vhdr", ".vmrk" },
    { INION_EXPORT_CSV, ".csv", "_events.tsv" },
  };

  report->n_searched = words->len;
  search_name (report, words, path);
  if (!search_file (report, words, path, format, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (siblings); i++)
    {
      g_autofree char *stem = NULL;
      g_autofree char *sibling = NULL;

      if (siblings[i].format != format)
        continue;
      stem = g_strndup (path, strlen (path) - strlen (siblings[i].from));
      sibling = g_strconcat (stem, siblings[i].to, NULL);
      if (g_file_test (sibling, G_FILE_TEST_EXISTS) &&
          !search_file (report, words, sibling, format, error))
        return FALSE;
    }
  return TRUE;
}
