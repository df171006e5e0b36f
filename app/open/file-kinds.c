/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What recordings are called: for choosing files, and for the desktop's list of recent ones. Which
 * reader opens a file is told by what is in it, not by these names. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/file-kinds.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *name;
  const char *mime; /* as in resources/org.inion.Inion.mime.xml */
  const char *suffixes[6];
} Kind;

static const Kind kinds[] = {
  { N_("EDF"), "application/x-edf", { "edf", "rec" } },
  { N_("BDF (BioSemi)"), "application/x-bdf", { "bdf" } },
  { N_("BrainVision"), "application/x-brainvision", { "vhdr", "ahdr", "vmrk", "eeg" } },
  { N_("GDF"), "application/x-gdf-biosignal", { "gdf" } },
  { N_("XDF (Lab Streaming Layer)"), "application/x-xdf", { "xdf", "xdfz", "xdf.gz" } },
  { N_("EEGLAB"), "application/x-eeglab", { "set", "fdt" } },
  { N_("FIF (MNE, Elekta)"), "application/x-fif", { "fif", "fif.gz" } },
  { N_("Neuroscan CNT"), "application/x-neuroscan-cnt", { "cnt" } },
  { N_("BCI2000"), "application/x-bci2000", { "dat" } },
  { N_("Tables of samples (CSV, TSV)"), "text/csv", { "csv", "tsv", "txt" } },
  { N_("Inion studies"), "application/x-inion", { "inion" } },
};

static void
add_filter (GtkFileChooser *chooser,
            const char     *name,
            gsize           first,
            gsize           n)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize k = first; k < first + n; k++)
    for (gsize i = 0; i < G_N_ELEMENTS (kinds[k].suffixes) && kinds[k].suffixes[i] != NULL; i++)
      gtk_file_filter_add_suffix (filter, kinds[k].suffixes[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
inion_file_kinds_add_filters (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  add_filter (chooser, _("All recordings"), 0, G_N_ELEMENTS (kinds));
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    add_filter (chooser, _(kinds[k].name), k, 1);
  /* What is named otherwise may be a recording all the same. */
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
}

const char *
inion_file_kinds_get_mime (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (gsize i = 0; i < G_N_ELEMENTS (kinds[k].suffixes) && kinds[k].suffixes[i] != NULL; i++)
      {
        g_autofree char *suffix = g_strconcat (".", kinds[k].suffixes[i], NULL);

        if (g_str_has_suffix (lower, suffix))
          return kinds[k].mime;
      }
  return "application/octet-stream";
}
