/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that say where electrodes were: digitisers', caps' and other programs'.
 *
 * What a file is, its content tells where it can (XML, "Positions", "%N") and its name where not.
 * Few say in what unit they count: a head has a radius of 5 to 20 cm, so the median distance of the
 * electrodes from the origin tells metres, centimetres and millimetres apart, and a sphere of
 * radius 1 from all of them; what fits none is refused. Layouts of pictures (.lay, .lout, Neuroscan's
 * .asc of windows) say where a channel is drawn, not where it was: they are refused by name. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/position-private.h"

#include "core/error.h"
#include "core/json-member.h"
#include "core/json-parse.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_BYTES (16 * 1024 * 1024)
#define MAX_FAULTS 20
#define MAX_LINE 4096

static const char *const suffixes[] = { "elc", "sfp", "ced", "locs", "loc", "eloc", "elp", "bvef",
                                        "tsv", "csv", "xyz", "csd", "asc", "txt", NULL };

static const struct
{
  const char *suffix;
  const char *format;
  InionPositionParse parse;
} readers[] = {
  { ".elc", "ASA electrodes", _inion_position_parse_asa },
  { ".sfp", "BESA or EGI surface points", _inion_position_parse_cartesian },
  { ".ced", "EEGLAB positions", _inion_position_parse_table },
  { ".locs", "EEGLAB polar positions", _inion_position_parse_polar },
  { ".loc", "EEGLAB polar positions", _inion_position_parse_polar },
  { ".eloc", "EEGLAB polar positions", _inion_position_parse_polar },
  { ".elp", "BESA spherical positions", _inion_position_parse_besa },
  { ".csd", "CSD toolbox positions", _inion_position_parse_cartesian },
  { ".tsv", "table of positions", _inion_position_parse_table },
  { ".csv", "table of positions", _inion_position_parse_table },
  { ".txt", "table of positions", _inion_position_parse_table },
  { ".xyz", "coordinates", _inion_position_parse_cartesian },
  { ".asc", "coordinates", _inion_position_parse_cartesian },
};

static const struct
{
  double from, to, metres;
  InionPositionUnit unit;
  InionPositionStated stated;
  const char *name;
} units[] = {
  { 0.04, 0.3, 1, INION_POSITION_UNIT_M, INION_POSITION_UNIT_STATED_M, "metres" },
  { 4, 25, 0.01, INION_POSITION_UNIT_CM, INION_POSITION_UNIT_STATED_CM, "centimetres" },
  { 40, 250, 0.001, INION_POSITION_UNIT_MM, INION_POSITION_UNIT_STATED_MM, "millimetres" },
  { 0.5, 2, INION_POSITION_HEAD_M, INION_POSITION_UNIT_SPHERE, INION_POSITION_UNIT_STATED_SPHERE,
    "a head of radius 1" },
};

static void
entry_free (gpointer data)
{
  InionPositionEntry *entry = data;

  g_free (entry->label);
  g_free (entry);
}

void
inion_position_file_free (InionPositionFile *self)
{
  if (self == NULL)
    return;
  g_free (self->format);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->faults, g_ptr_array_unref);
  g_free (self);
}

/* Splits at tabs, commas or semicolons where there are any, else at spaces; quotes go. */
char **
_inion_position_split (const char *line,
                       guint      *n)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  const char *separators = " \t";

  if (strchr (line, ';') != NULL)
    separators = ";";
  else if (strchr (line, ',') != NULL)
    separators = ",";
  for (const char *at = line; *at != '\0';)
    {
      const char *end = at + strcspn (at, separators);
      char *field = g_strstrip (g_strndup (at, (gsize) (end - at)));
      gsize length = strlen (field);

      if (length >= 2 && field[0] == '"' && field[length - 1] == '"')
        {
          memmove (field, field + 1, length - 2);
          field[length - 2] = '\0';
        }
      if (*separators == ' ' && *field == '\0')
        g_free (field);
      else
        g_ptr_array_add (fields, field);
      at = *end != '\0' ? end + 1 : end;
    }
  *n = fields->len;
  g_ptr_array_add (fields, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&fields), FALSE);
}

gboolean
_inion_position_number (const char *text,
                        double     *value)
{
  char *end = NULL;
  double v;

  if (!g_ascii_isdigit (*text) && strchr ("+-.", *text) == NULL)
    return FALSE;
  v = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (v))
    return FALSE;
  *value = v;
  return TRUE;
}

/* Keeps a fault with the line it stands in, counted from 1. */
void
_inion_position_fault (InionPositionReader *reader,
                       guint                line,
                       const char          *format,
                       ...)
{
  va_list args;
  g_autofree char *text = NULL, *valid = NULL;

  if (reader->n_faults++ >= MAX_FAULTS)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  /* A text cut to a length may end within a letter. */
  valid = g_utf8_make_valid (text, -1);
  g_ptr_array_add (reader->file->faults, g_strdup_printf ("Line %u: %s.", line + 1, valid));
}

static gboolean
is_fiducial (const char *label)
{
  static const char *const names[] = { "nz", "fidnz", "nasion", "nas", "lpa", "rpa", "fidt9",
                                       "fidt10", "fid_nas", "fid_lpa", "fid_rpa" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (label, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Takes a row in the file's unit. */
void
_inion_position_add (InionPositionReader *reader,
                     guint                line,
                     const char          *label,
                     double               x,
                     double               y,
                     double               z,
                     gboolean             fiducial)
{
  InionPositionEntry *entry;
  g_autofree char *trimmed = g_strstrip (g_utf8_make_valid (label, -1));

  if (!isfinite (x) || !isfinite (y) || !isfinite (z) || fabs (x) > 1e6 || fabs (y) > 1e6 ||
      fabs (z) > 1e6)
    {
      _inion_position_fault (reader, line, "%.40s has no position that could be one", trimmed);
      return;
    }
  if (*trimmed == '\0' || reader->file->entries->len >= INION_POSITION_MAX_ENTRIES)
    return;
  if (!g_hash_table_add (reader->seen, g_strdup (trimmed)))
    {
      _inion_position_fault (reader, line, "%.40s stands here again: the first one counts", trimmed);
      return;
    }
  entry = g_new0 (InionPositionEntry, 1);
  entry->label = g_steal_pointer (&trimmed);
  entry->position = (InionPosition) { x, y, z };
  entry->fiducial = fiducial || is_fiducial (entry->label);
  g_ptr_array_add (reader->file->entries, entry);
}

/* "mm", "cm", "m", and what people write for them. */
gboolean
_inion_position_parse_unit (const char          *text,
                            InionPositionStated *stated)
{
  g_autofree char *word = g_strstrip (g_ascii_strdown (text, -1));
  static const struct
  {
    const char *word;
    InionPositionStated stated;
  } words[] = {
    { "m", INION_POSITION_UNIT_STATED_M },   { "cm", INION_POSITION_UNIT_STATED_CM },
    { "mm", INION_POSITION_UNIT_STATED_MM }, { "metre", INION_POSITION_UNIT_STATED_M },
    { "meter", INION_POSITION_UNIT_STATED_M }, { "millimeter", INION_POSITION_UNIT_STATED_MM },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i].word))
      {
        *stated = words[i].stated;
        return TRUE;
      }
  return FALSE;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static double
median_radius (GPtrArray *entries)
{
  g_autoptr (GArray) radii = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < entries->len; i++)
    {
      const InionPosition *p = &((InionPositionEntry *) entries->pdata[i])->position;
      double r = sqrt (p->x * p->x + p->y * p->y + p->z * p->z);

      g_array_append_val (radii, r);
    }
  g_array_sort (radii, compare_doubles);
  return g_array_index (radii, double, radii->len / 2);
}

/* Finds the unit and turns everything into metres. */
static gboolean
settle_unit (InionPositionReader  *reader,
             GError              **error)
{
  InionPositionFile *file = reader->file;
  double radius;
  gsize u = 0;

  if (file->entries->len == 0)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” holds no electrode positions that could be read.%s%s",
                            reader->name, file->faults->len > 0 ? " " : "",
                            file->faults->len > 0 ? (char *) file->faults->pdata[0] : "");
  radius = median_radius (file->entries);
  if (reader->stated != INION_POSITION_UNIT_STATED_NONE)
    while (units[u].stated != reader->stated)
      u++;
  else
    while (u < G_N_ELEMENTS (units) && (radius < units[u].from || radius > units[u].to))
      u++;
  if (u == G_N_ELEMENTS (units) || !(radius > 0))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "The electrodes of “%s” are %g from the origin in the middle: that is "
                            "no head in millimetres, centimetres, metres, or of radius 1. Say the "
                            "unit where the file was made.", reader->name, radius);
  file->unit = units[u].unit;
  file->unit_stated = reader->stated != INION_POSITION_UNIT_STATED_NONE;
  file->radius_m = radius * units[u].metres;
  for (guint i = 0; i < file->entries->len; i++)
    {
      InionPosition *p = &((InionPositionEntry *) file->entries->pdata[i])->position;

      p->x *= units[u].metres;
      p->y *= units[u].metres;
      p->z *= units[u].metres;
    }
  return TRUE;
}

static gboolean
has_line (InionPositionReader *reader,
          const char          *prefix)
{
  for (guint i = 0; i < reader->n_lines; i++)
    if (g_str_has_prefix (reader->lines[i], prefix))
      return TRUE;
  return FALSE;
}

/* A picture's layout has five numbers a line, or four with a size that is the same in all. */
static gboolean
is_layout (InionPositionReader *reader,
           const char          *lower)
{
  guint n_like = 0, n_rows = 0;

  if (g_str_has_suffix (lower, ".lay") || g_str_has_suffix (lower, ".lout") ||
      has_line (reader, ";SCAN"))
    return TRUE;
  if (!g_str_has_suffix (lower, ".asc") && !g_str_has_suffix (lower, ".elp"))
    return FALSE;
  for (guint i = 0; i < reader->n_lines; i++)
    {
      guint n;
      g_auto (GStrv) fields = _inion_position_split (reader->lines[i], &n);
      double v;

      n_rows += n > 1;
      n_like += n == 6 && _inion_position_number (fields[2], &v) &&
                _inion_position_number (fields[4], &v) && _inion_position_number (fields[5], &v);
    }
  return n_rows > 0 && n_like * 2 > n_rows;
}

static gboolean
parse_text (InionPositionReader  *reader,
            const char           *text,
            gsize                 length,
            GError              **error)
{
  g_autofree char *lower = g_ascii_strdown (reader->name, -1);
  const char *head = text + strspn (text, " \t\r\n");

  if (is_layout (reader, lower))
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s” says where channels are drawn in a picture, not where the "
                            "electrodes were on the head. Use a file with positions in three "
                            "dimensions (.elc, .sfp, .elp, .ced, .locs, .bvef, .tsv).",
                            reader->name);
  if (g_str_has_prefix (head, "<"))
    {
      reader->file->format = g_strdup ("BrainVision electrodes");
      return _inion_position_parse_brainvision (reader, text, length, error);
    }
  if (has_line (reader, "Positions"))
    {
      reader->file->format = g_strdup ("ASA electrodes");
      return _inion_position_parse_asa (reader, error);
    }
  if (has_line (reader, "%N") || has_line (reader, "%F"))
    {
      reader->file->format = g_strdup ("Polhemus positions");
      return _inion_position_parse_polhemus (reader, error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_str_has_suffix (lower, readers[i].suffix))
      {
        reader->file->format = g_strdup (readers[i].format);
        return readers[i].parse (reader, error);
      }
  return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                          "“%s” is none of the files with electrode positions that Inion reads: "
                          ".elc, .sfp, .ced, .locs, .elp, .bvef, .tsv, .csv, .xyz, .csd, .asc, "
                          ".txt.", reader->name);
}

static char *
to_utf8 (const char *text,
         gsize       length)
{
  char *converted;

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (g_utf8_validate (text, (gssize) length, NULL))
    return g_strndup (text, length);
  converted = g_convert (text, (gssize) length, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
  return converted != NULL ? converted : g_utf8_make_valid (text, (gssize) length);
}

static InionPositionFile *
parse (const char           *name,
       const char           *text,
       gsize                 length,
       InionPositionStated   stated,
       GError              **error)
{
  g_autoptr (InionPositionFile) file = NULL;
  g_autoptr (GHashTable) seen = NULL;
  g_autofree char *valid = NULL;
  g_auto (GStrv) lines = NULL;
  InionPositionReader reader = { .name = name, .stated = stated };

  if (memchr (text, '\0', length) != NULL)
    {
      inion_set_error (error, INION_ERROR_UNSUPPORTED,
                       "“%s” is no text. Export the positions as text (.elc, .sfp, .tsv).", name);
      return NULL;
    }
  file = g_new0 (InionPositionFile, 1);
  file->entries = g_ptr_array_new_with_free_func (entry_free);
  file->faults = g_ptr_array_new_with_free_func (g_free);
  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  valid = to_utf8 (text, length);
  g_strdelimit (valid, "\r", '\n');
  lines = g_strsplit (valid, "\n", -1);
  reader.file = file;
  reader.seen = seen;
  reader.lines = lines;
  for (char **line = lines; *line != NULL; line++, reader.n_lines++)
    {
      if (strlen (*line) > MAX_LINE)
        (*line)[0] = '\0';
      g_strstrip (*line);
    }
  if (!parse_text (&reader, valid, strlen (valid), error) || !settle_unit (&reader, error))
    return NULL;
  if (reader.n_faults > MAX_FAULTS)
    g_ptr_array_add (file->faults, g_strdup_printf ("%u more lines were passed over.",
                                                    reader.n_faults - MAX_FAULTS));
  return g_steal_pointer (&file);
}

/**
 * inion_position_file_parse:
 * @name: the file's name, which tells the format where the content does not
 * @text: (array length=length): its content
 * @length: how many bytes
 * @error: return location
 *
 * Reads electrode positions from memory.
 *
 * Returns: (transfer full) (nullable): the positions; %NULL with %INION_ERROR_UNSUPPORTED for a
 *   layout in two dimensions, another format or a head of no known unit, %INION_ERROR_FORMAT if
 *   nothing can be read
 */
InionPositionFile *
inion_position_file_parse (const char  *name,
                           const char  *text,
                           gsize        length,
                           GError     **error)
{
  g_return_val_if_fail (name != NULL && text != NULL, NULL);

  return parse (name, text, length, INION_POSITION_UNIT_STATED_NONE, error);
}

/* BIDS says the unit in a file of its own beside the table: the one of the same space, or the only
 * one. */
static InionPositionStated
find_bids_unit (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = NULL, *beside = NULL, *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  char *end = strstr (base, "_electrodes.");
  InionPositionStated stated = INION_POSITION_UNIT_STATED_NONE;
  const char *unit;
  gsize length;
  struct stat st;

  if (end == NULL)
    return stated;
  *end = '\0';
  name = g_strconcat (base, "_coordsystem.json", NULL);
  beside = g_build_filename (folder, name, NULL);
  if (stat (beside, &st) != 0 || !S_ISREG (st.st_mode) || st.st_size > MAX_BYTES ||
      !g_file_get_contents (beside, &text, &length, NULL))
    return stated;
  root = inion_json_parse_object (text, (gssize) length, MAX_BYTES, NULL);
  unit = root != NULL ? inion_json_get_string (json_node_get_object (root),
                                               "EEGCoordinateUnits") : NULL;
  if (unit != NULL)
    _inion_position_parse_unit (unit, &stated);
  return stated;
}

/**
 * inion_position_file_read:
 * @path: a file
 * @error: return location
 *
 * Reads electrode positions from a file.
 *
 * Returns: (transfer full) (nullable): the positions, or %NULL with an error as
 *   inion_position_file_parse(), %INION_ERROR_IO if the file cannot be read
 */
InionPositionFile *
inion_position_file_read (const char  *path,
                          GError     **error)
{
  g_autofree char *name = NULL, *text = NULL;
  g_autoptr (GError) cause = NULL;
  gsize length;
  struct stat st;

  g_return_val_if_fail (path != NULL, NULL);

  name = g_filename_display_basename (path);
  if (stat (path, &st) == 0 && (!S_ISREG (st.st_mode) || st.st_size > MAX_BYTES))
    {
      inion_set_error (error, INION_ERROR_TOO_LARGE,
                       "“%s” is no file of electrode positions: it is a folder, a device, or "
                       "larger than 16 MiB.", name);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, &cause))
    {
      inion_set_error (error, INION_ERROR_IO, "Could not read “%s”: %s.", name, cause->message);
      return NULL;
    }
  return parse (name, text, length, find_bids_unit (path), error);
}

/**
 * inion_position_file_dup_note:
 * @self: positions
 *
 * Returns: (transfer full): what was read, as a person reads it: "ASA electrodes: 343 electrodes and
 *   3 landmarks, in millimetres (the file says so), head radius 97 mm"
 */
char *
inion_position_file_dup_note (const InionPositionFile *self)
{
  guint n_fiducials = 0;
  const char *unit = "";

  for (guint i = 0; i < self->entries->len; i++)
    n_fiducials += ((InionPositionEntry *) self->entries->pdata[i])->fiducial;
  for (gsize u = 0; u < G_N_ELEMENTS (units); u++)
    if (units[u].unit == self->unit)
      unit = units[u].name;
  if (self->unit == INION_POSITION_UNIT_SPHERE)
    return g_strdup_printf ("%s: %u electrodes and %u landmarks on %s, taken as %.0f\u202fmm",
                            self->format, self->entries->len - n_fiducials, n_fiducials, unit,
                            1e3 * INION_POSITION_HEAD_M);
  return g_strdup_printf ("%s: %u electrodes and %u landmarks in %s (%s), %.0f\u202fmm from the "
                          "origin in the middle", self->format, self->entries->len - n_fiducials,
                          n_fiducials, unit,
                          self->unit_stated ? "the file says so" : "told from the size",
                          1e3 * self->radius_m);
}

/**
 * inion_position_file_get_suffixes:
 *
 * Returns: (transfer none) (array zero-terminated=1): the endings of files that can be read, for a
 *   file chooser
 */
const char *const *
inion_position_file_get_suffixes (void)
{
  return suffixes;
}
