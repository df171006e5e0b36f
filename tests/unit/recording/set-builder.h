/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes small .set files of every kind for tests. */

#pragma once

#include <glib.h>
#include <matio.h>
#include <string.h>

typedef struct
{
  double latency;
  double duration; /* below 0: an empty matrix */
  const char *type; /* NULL: a number */
} SetEvent;

typedef struct
{
  enum mat_ft version; /* 0: level 5 */
  enum matio_compression compression;
  gboolean top_level;
  gboolean nested;
  gboolean squeezed; /* one channel as a column */
  enum matio_classes class_type; /* of the samples; 0: single */
  guint channels, points, trials;
  double rate; /* 0: none */
  const char *external; /* the name of the file of samples */
  gboolean no_locations;
  double radius; /* of the head; 0: no positions */
  const SetEvent *events;
  guint n_events;
  const double *clock;    /* EEG.etc.T0, six numbers */
  const char *start_text; /* EEG.etc.rec_startdate */
  double start_days;      /* the same as a number; 0: none */
  guint components;       /* rows of EEG.icaweights */
} SetFile;

static inline double
set_sample (guint channel,
            guint sample)
{
  return (double) ((int) (sample * 7 + channel * 13) % 201 - 100);
}

static inline matvar_t *
set_number (const char *name,
            double      value)
{
  gsize dims[2] = { 1, 1 };

  return Mat_VarCreate (name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, &value, 0);
}

static inline matvar_t *
set_empty (const char *name)
{
  gsize dims[2] = { 0, 0 };

  return Mat_VarCreate (name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, NULL, 0);
}

static inline matvar_t *
set_text (const char *name,
          const char *text)
{
  gsize dims[2] = { 1, strlen (text) };

  return Mat_VarCreate (name, MAT_C_CHAR, MAT_T_UINT8, 2, dims, (char *) text, 0);
}

static inline matvar_t *
set_data (const SetFile *file)
{
  guint n = file->points * file->trials;
  gsize dims[3] = { file->channels, file->points, file->trials };
  int rank = file->trials > 1 ? 3 : 2;
  g_autofree float *single = g_new (float, file->channels * n);
  g_autofree double *wide = g_new (double, file->channels * n);
  g_autofree gint16 *narrow = g_new (gint16, file->channels * n);

  for (guint s = 0; s < n; s++)
    for (guint c = 0; c < file->channels; c++)
      {
        guint at = s * file->channels + c;

        wide[at] = set_sample (c, s);
        single[at] = (float) wide[at];
        narrow[at] = (gint16) wide[at];
      }
  if (file->squeezed)
    {
      dims[0] = file->points;
      dims[1] = file->trials;
      rank = 2;
    }
  if (file->class_type == MAT_C_DOUBLE)
    return Mat_VarCreate ("data", MAT_C_DOUBLE, MAT_T_DOUBLE, rank, dims, wide, 0);
  if (file->class_type == MAT_C_INT16)
    return Mat_VarCreate ("data", MAT_C_INT16, MAT_T_INT16, rank, dims, narrow, 0);
  return Mat_VarCreate ("data", MAT_C_SINGLE, MAT_T_SINGLE, rank, dims, single, 0);
}

static inline matvar_t *
set_locations (const SetFile *file)
{
  const char *names[] = { "labels", "X", "Y", "Z" };
  gsize dims[2] = { 1, file->channels };
  matvar_t *locations = Mat_VarCreateStruct ("chanlocs", 2, dims, names, 4);

  for (guint c = 0; c < file->channels; c++)
    {
      g_autofree char *label = g_strdup_printf ("E%u", c + 1);
      gboolean known = file->radius > 0 && c != 1; /* the second is unknown */

      Mat_VarSetStructFieldByName (locations, "labels", c, set_text (NULL, label));
      /* The first at the nose, the others at the left ear. */
      Mat_VarSetStructFieldByName (locations, "X", c, known ? set_number (NULL, c == 0 ? file->radius : 0)
                                                            : set_empty (NULL));
      Mat_VarSetStructFieldByName (locations, "Y", c, known ? set_number (NULL, c == 0 ? 0 : file->radius)
                                                            : set_empty (NULL));
      Mat_VarSetStructFieldByName (locations, "Z", c, known ? set_number (NULL, 0) : set_empty (NULL));
    }
  return locations;
}

static inline matvar_t *
set_events (const SetFile *file)
{
  const char *names[] = { "type", "latency", "duration" };
  gsize dims[2] = { 1, file->n_events };
  matvar_t *events = Mat_VarCreateStruct ("event", 2, dims, names, 3);

  for (guint i = 0; i < file->n_events; i++)
    {
      const SetEvent *e = &file->events[i];

      Mat_VarSetStructFieldByName (events, "type", i, e->type != NULL ? set_text (NULL, e->type)
                                                                      : set_number (NULL, 7));
      Mat_VarSetStructFieldByName (events, "latency", i, set_number (NULL, e->latency));
      Mat_VarSetStructFieldByName (events, "duration", i, e->duration >= 0
                                                            ? set_number (NULL, e->duration)
                                                            : set_empty (NULL));
    }
  return events;
}

static inline matvar_t *
set_etc (const SetFile *file)
{
  const char *names[2];
  gsize one[2] = { 1, 1 }, six[2] = { 1, 6 };
  matvar_t *etc;
  guint n = 0;

  if (file->clock != NULL)
    names[n++] = "T0";
  if (file->start_text != NULL || file->start_days > 0)
    names[n++] = "rec_startdate";
  if (n == 0)
    return set_empty ("etc");
  etc = Mat_VarCreateStruct ("etc", 2, one, names, n);
  if (file->clock != NULL)
    Mat_VarSetStructFieldByName (etc, "T0", 0,
                                 Mat_VarCreate (NULL, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, six,
                                                (double *) file->clock, 0));
  if (file->start_text != NULL)
    Mat_VarSetStructFieldByName (etc, "rec_startdate", 0, set_text (NULL, file->start_text));
  else if (file->start_days > 0)
    Mat_VarSetStructFieldByName (etc, "rec_startdate", 0, set_number (NULL, file->start_days));
  return etc;
}

static inline matvar_t *
set_components (const SetFile *file)
{
  gsize dims[2] = { file->components, file->channels };
  g_autofree double *weights = g_new0 (double, file->components * file->channels + 1);

  return file->components > 0
           ? Mat_VarCreate ("icaweights", MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, weights, 0)
           : set_empty ("icaweights");
}

static inline void
set_write (const SetFile *file,
           const char    *path)
{
  mat_t *mat = Mat_CreateVer (path, NULL, file->version != 0 ? file->version : MAT_FT_MAT5);
  matvar_t *fields[14], *eeg, *outer;
  const char *names[14];
  gsize one[2] = { 1, 1 };
  guint n = 0;

  g_assert_nonnull (mat);
  fields[n++] = set_text ("setname", "made up");
  fields[n++] = set_text ("subject", "S1");
  fields[n++] = set_text ("comments", "first\nsecond");
  fields[n++] = set_text ("ref", "common");
  fields[n++] = set_number ("nbchan", file->channels);
  fields[n++] = set_number ("pnts", file->points);
  fields[n++] = set_number ("trials", file->trials);
  if (file->rate > 0)
    fields[n++] = set_number ("srate", file->rate);
  fields[n++] = file->external != NULL ? set_text ("data", file->external) : set_data (file);
  fields[n++] = file->no_locations ? set_empty ("chanlocs") : set_locations (file);
  fields[n++] = file->n_events > 0 ? set_events (file) : set_empty ("event");
  fields[n++] = set_etc (file);
  fields[n++] = set_components (file);
  if (file->top_level)
    {
      for (guint i = 0; i < n; i++)
        {
          g_assert_cmpint (Mat_VarWrite (mat, fields[i], file->compression), ==, 0);
          Mat_VarFree (fields[i]);
        }
      Mat_Close (mat);
      return;
    }
  for (guint i = 0; i < n; i++)
    names[i] = fields[i]->name;
  eeg = Mat_VarCreateStruct ("EEG", 2, one, names, n);
  for (guint i = 0; i < n; i++)
    Mat_VarSetStructFieldByName (eeg, names[i], 0, fields[i]);
  if (file->nested)
    {
      names[0] = "EEG";
      outer = Mat_VarCreateStruct ("EEG", 2, one, names, 1);
      Mat_VarSetStructFieldByName (outer, "EEG", 0, eeg);
      eeg = outer;
    }
  g_assert_cmpint (Mat_VarWrite (mat, eeg, file->compression), ==, 0);
  Mat_VarFree (eeg);
  Mat_Close (mat);
}
