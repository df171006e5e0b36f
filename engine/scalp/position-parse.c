/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of electrode positions, line by line.
 *
 * Every reader gives x to the right ear, y to the nose, z up, in the file's own unit. What their
 * programs mean:
 *
 *   - ASA (.elc), EGI and BESA (.sfp), BIDS, CSD toolbox: right, nose, up already.
 *   - EEGLAB (.ced): X to the nose, Y to the left; its angles: sph_theta from the nose to the left,
 *     sph_phi up from the equator. Polar (.locs): theta from the nose to the right in degrees,
 *     radius 0.5 for 90° from Cz.
 *   - BESA spherical (.elp) and BrainVision, Easycap, BioSemi: theta from Cz, positive to the right,
 *     phi from the right ear to the nose; x = r sin θ cos φ, y = r sin θ sin φ, z = r cos θ.
 *   - Polhemus (.elp) and Cartool (.xyz): X to the nose, Y to the left. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/position-private.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 64

typedef enum
{
  COLUMN_LABEL,
  COLUMN_X,
  COLUMN_Y,
  COLUMN_Z,
  COLUMN_SPH_THETA,
  COLUMN_SPH_PHI,
  COLUMN_SPH_RADIUS,
  COLUMN_THETA,
  COLUMN_PHI,
  COLUMN_RADIUS,
  N_COLUMNS,
} Column;

static double
radians (double degrees)
{
  return degrees * G_PI / 180.0;
}

/* θ from Cz to the right, φ from the right ear to the nose, in degrees. */
static void
add_spherical (InionPositionReader *reader,
               guint                line,
               const char          *label,
               double               theta,
               double               phi,
               double               radius,
               gboolean             fiducial)
{
  double t = radians (theta), p = radians (phi);

  _inion_position_add (reader, line, label, radius * sin (t) * cos (p), radius * sin (t) * sin (p),
                       radius * cos (t), fiducial);
}

/* ASA: a block of positions, then one of labels; newer files put "label : x y z" in one. */

static gboolean
read_triple (const char *text,
             double     *x,
             double     *y,
             double     *z)
{
  guint n;
  g_auto (GStrv) fields = _inion_position_split (text, &n);

  return n >= 3 && _inion_position_number (fields[0], x) &&
         _inion_position_number (fields[1], y) && _inion_position_number (fields[2], z);
}

static gboolean
is_word (const char *line,
         const char *word)
{
  gsize n = strlen (word);

  return g_ascii_strncasecmp (line, word, n) == 0 && !g_ascii_isalnum (line[n]);
}

/* Labels stand one a line, or many in one line. */
static GPtrArray *
read_asa_labels (InionPositionReader *reader,
                 guint                first,
                 guint                n_wanted)
{
  GPtrArray *labels = g_ptr_array_new_with_free_func (g_free);
  guint n_filled = 0;

  for (guint i = first; i < reader->n_lines; i++)
    n_filled += *reader->lines[i] != '\0';
  for (guint i = first; i < reader->n_lines && labels->len < n_wanted; i++)
    {
      guint n;

      if (*reader->lines[i] == '\0')
        continue;
      if (n_filled >= n_wanted || n_filled > 1)
        g_ptr_array_add (labels, g_strdup (reader->lines[i]));
      else
        {
          g_auto (GStrv) fields = _inion_position_split (reader->lines[i], &n);

          for (guint k = 0; k < n; k++)
            g_ptr_array_add (labels, g_strdup (fields[k]));
        }
    }
  return labels;
}

gboolean
_inion_position_parse_asa (InionPositionReader  *reader,
                           GError              **error)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (InionPosition));
  g_autoptr (GPtrArray) labels = NULL;
  guint i, first = 0;

  for (i = 0; i < reader->n_lines && !g_str_equal (reader->lines[i], "Positions"); i++)
    if (is_word (reader->lines[i], "UnitPosition") &&
        !_inion_position_parse_unit (reader->lines[i] + strlen ("UnitPosition"), &reader->stated))
      _inion_position_fault (reader, i, "the unit “%s” is unknown: it is told from the size",
                             reader->lines[i]);
  first = ++i;
  for (; i < reader->n_lines && !g_ascii_isalpha (*reader->lines[i]); i++)
    {
      InionPosition p;

      if (*reader->lines[i] == '\0')
        continue;
      if (values->len >= INION_POSITION_MAX_ENTRIES)
        break;
      if (!read_triple (reader->lines[i], &p.x, &p.y, &p.z))
        p = (InionPosition) { NAN, NAN, NAN };
      g_array_append_val (values, p);
    }
  if (values->len == 0)
    {
      for (i = first; i < reader->n_lines; i++)
        {
          g_auto (GStrv) parts = g_strsplit (reader->lines[i], ":", 2);
          InionPosition p;

          if (g_strv_length (parts) == 2 && read_triple (parts[1], &p.x, &p.y, &p.z))
            _inion_position_add (reader, i, g_strstrip (parts[0]), p.x, p.y, p.z, FALSE);
          else if (*reader->lines[i] != '\0')
            break;
        }
      return TRUE;
    }
  while (i < reader->n_lines && !is_word (reader->lines[i], "Labels"))
    i++;
  labels = read_asa_labels (reader, i + 1, values->len);
  if (labels->len != values->len)
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "“%s” has %u positions and %u labels: which belongs to which cannot be "
                            "told. Export it again.", reader->name, values->len, labels->len);
  for (guint k = 0; k < values->len; k++)
    {
      const InionPosition *p = &g_array_index (values, InionPosition, k);

      _inion_position_add (reader, first + k, labels->pdata[k], p->x, p->y, p->z, FALSE);
    }
  return TRUE;
}

/* Tables with a header line. */

static Column
name_column (const char *text)
{
  static const struct
  {
    const char *name;
    Column column;
  } names[] = {
    { "label", COLUMN_LABEL },  { "labels", COLUMN_LABEL },         { "name", COLUMN_LABEL },
    { "site", COLUMN_LABEL },   { "channel", COLUMN_LABEL },        { "ch_name", COLUMN_LABEL },
    { "electrode", COLUMN_LABEL }, { "x", COLUMN_X },               { "y", COLUMN_Y },
    { "z", COLUMN_Z },          { "sph_theta", COLUMN_SPH_THETA },  { "phi", COLUMN_PHI },
    { "sph_phi", COLUMN_SPH_PHI }, { "sph_radius", COLUMN_SPH_RADIUS },
    { "theta", COLUMN_THETA },  { "radius", COLUMN_RADIUS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (text, names[i].name) == 0)
      return names[i].column;
  return N_COLUMNS;
}

typedef struct
{
  int at[N_COLUMNS]; /* −1: none */
  gboolean eeglab;   /* X to the nose */
} Header;

static gboolean
read_header (const char *line,
             Header     *header)
{
  guint n;
  g_auto (GStrv) fields = _inion_position_split (line, &n);
  guint n_known = 0;

  for (guint c = 0; c < N_COLUMNS; c++)
    header->at[c] = -1;
  for (guint i = 0; i < n && i < MAX_COLUMNS; i++)
    {
      Column column = name_column (fields[i]);

      if (column == N_COLUMNS || header->at[column] >= 0)
        continue;
      header->at[column] = (int) i;
      n_known++;
    }
  header->eeglab = header->at[COLUMN_SPH_THETA] >= 0 ||
                   (header->at[COLUMN_THETA] >= 0 && header->at[COLUMN_RADIUS] >= 0);
  return n_known >= 3 && header->at[COLUMN_LABEL] >= 0;
}

static gboolean
get_value (char        **fields,
           guint         n,
           const Header *header,
           Column        column,
           double       *value)
{
  int at = header->at[column];

  return at >= 0 && (guint) at < n && _inion_position_number (fields[at], value);
}

static gboolean
add_table_row (InionPositionReader *reader,
               const Header        *header,
               guint                line,
               char               **fields,
               guint                n)
{
  const char *label = fields[header->at[COLUMN_LABEL]];
  double x, y, z, theta, phi, radius = 1;

  if (get_value (fields, n, header, COLUMN_X, &x) && get_value (fields, n, header, COLUMN_Y, &y) &&
      get_value (fields, n, header, COLUMN_Z, &z))
    {
      if (header->eeglab)
        _inion_position_add (reader, line, label, -y, x, z, FALSE);
      else
        _inion_position_add (reader, line, label, x, y, z, FALSE);
      return TRUE;
    }
  if (get_value (fields, n, header, COLUMN_SPH_THETA, &theta) &&
      get_value (fields, n, header, COLUMN_SPH_PHI, &phi))
    {
      get_value (fields, n, header, COLUMN_SPH_RADIUS, &radius);
      add_spherical (reader, line, label, 90 - phi, theta + 90, radius, FALSE);
      return TRUE;
    }
  if (!get_value (fields, n, header, COLUMN_THETA, &theta))
    return FALSE;
  if (get_value (fields, n, header, COLUMN_PHI, &phi))
    {
      get_value (fields, n, header, COLUMN_RADIUS, &radius);
      add_spherical (reader, line, label, theta, phi, radius, FALSE);
      return TRUE;
    }
  if (!get_value (fields, n, header, COLUMN_RADIUS, &radius))
    return FALSE;
  add_spherical (reader, line, label, radius * 180, 90 - theta, 1, FALSE);
  return TRUE;
}

gboolean
_inion_position_parse_table (InionPositionReader  *reader,
                             GError              **error)
{
  Header header;
  guint first = 0;

  while (first < reader->n_lines && *reader->lines[first] == '\0')
    first++;
  if (first == reader->n_lines || !read_header (reader->lines[first], &header))
    return _inion_position_parse_cartesian (reader, error);
  for (guint i = first + 1; i < reader->n_lines; i++)
    {
      guint n;
      g_auto (GStrv) fields = _inion_position_split (reader->lines[i], &n);

      if (n <= (guint) header.at[COLUMN_LABEL])
        continue;
      if (!add_table_row (reader, &header, i, fields, n))
        _inion_position_fault (reader, i, "%s has no position", fields[header.at[COLUMN_LABEL]]);
    }
  return TRUE;
}

/* Label and three numbers, or number, three numbers and label (.xyz), or label, three angles and
 * three coordinates (.csd); Cartool's .xyz counts and measures in its first line. */

gboolean
_inion_position_parse_cartesian (InionPositionReader  *reader,
                                 GError              **error)
{
  gboolean nose_first = FALSE, first_row = TRUE;

  for (guint i = 0; i < reader->n_lines; i++)
    {
      guint n;
      g_auto (GStrv) fields = NULL;
      double v[8];
      guint n_numbers = 0, last_numbers = 0;

      if (strchr ("#%;", *reader->lines[i]) != NULL || g_str_has_prefix (reader->lines[i], "//"))
        continue;
      fields = _inion_position_split (reader->lines[i], &n);
      for (guint k = 1; k < n && k < 8 && _inion_position_number (fields[k], &v[k]); k++)
        n_numbers++;
      for (guint k = 0; k < 3 && k < n && _inion_position_number (fields[k], &v[k]); k++)
        last_numbers++;
      if (first_row && n <= 2 && last_numbers == n)
        nose_first = n == 2;
      else if (n == 8 && n_numbers == 7)
        _inion_position_add (reader, i, fields[0], v[4], v[5], v[6], FALSE);
      else if (n >= 5 && n_numbers == 3 && last_numbers == 3)
        _inion_position_add (reader, i, fields[4], v[1], v[2], v[3], FALSE);
      else if (n == 4 && last_numbers == 3 && n_numbers == 2 && nose_first)
        _inion_position_add (reader, i, fields[3], -v[1], v[0], v[2], FALSE);
      else if (n == 4 && last_numbers == 3 && n_numbers == 2)
        _inion_position_add (reader, i, fields[3], v[0], v[1], v[2], FALSE);
      else if (n == 4 && n_numbers == 3)
        {
          if (g_ascii_strcasecmp (fields[0], "headshape") != 0)
            _inion_position_add (reader, i, fields[0], v[1], v[2], v[3], FALSE);
        }
      else
        _inion_position_fault (reader, i, "“%.40s” is no name with three numbers: passed over",
                               reader->lines[i]);
      first_row = FALSE;
    }
  return TRUE;
}

/* EEGLAB's polar: number, angle, radius, name; some people leave the number out. */

gboolean
_inion_position_parse_polar (InionPositionReader  *reader,
                             GError              **error)
{
  reader->stated = INION_POSITION_UNIT_STATED_SPHERE;
  for (guint i = 0; i < reader->n_lines; i++)
    {
      guint n;
      g_auto (GStrv) fields = _inion_position_split (reader->lines[i], &n);
      double theta, radius;

      if (n == 0 || *reader->lines[i] == '%' || *reader->lines[i] == '#')
        continue;
      if (n >= 4 && _inion_position_number (fields[1], &theta) &&
          _inion_position_number (fields[2], &radius))
        add_spherical (reader, i, fields[3], radius * 180, 90 - theta, 1, FALSE);
      else if (n == 3 && _inion_position_number (fields[0], &theta) &&
               _inion_position_number (fields[1], &radius))
        add_spherical (reader, i, fields[2], radius * 180, 90 - theta, 1, FALSE);
      else
        _inion_position_fault (reader, i, "“%.40s” is not number, angle, radius and name: passed "
                               "over", reader->lines[i]);
    }
  return TRUE;
}

/* BESA's spherical: [type] name θ φ [radius]. */

gboolean
_inion_position_parse_besa (InionPositionReader  *reader,
                            GError              **error)
{
  for (guint i = 0; i < reader->n_lines; i++)
    {
      guint n, at = 0;
      g_auto (GStrv) fields = _inion_position_split (reader->lines[i], &n);
      double theta, phi, radius = 1, ignored;
      gboolean fiducial = FALSE;

      if (n == 0 || (n == 1 && _inion_position_number (fields[0], &ignored)))
        continue;
      if (n >= 4 && !_inion_position_number (fields[1], &ignored))
        {
          fiducial = g_ascii_strcasecmp (fields[0], "FID") == 0;
          at = 1;
        }
      if (n >= at + 3 && n <= at + 4 && _inion_position_number (fields[at + 1], &theta) &&
          _inion_position_number (fields[at + 2], &phi) &&
          (n == at + 3 || _inion_position_number (fields[at + 3], &radius)))
        add_spherical (reader, i, fields[at], theta, phi, radius, fiducial);
      else
        _inion_position_fault (reader, i, "“%.40s” is not name and angles: passed over",
                               reader->lines[i]);
    }
  return TRUE;
}

/* Polhemus: "%F x y z" thrice (nasion, left, right), then "%N name" and a line of numbers. */

gboolean
_inion_position_parse_polhemus (InionPositionReader  *reader,
                                GError              **error)
{
  static const char *const fiducials[] = { "Nasion", "LPA", "RPA" };
  g_autofree char *label = NULL;
  guint n_fiducials = 0;

  for (guint i = 0; i < reader->n_lines; i++)
    {
      const char *line = reader->lines[i];
      double x, y, z;

      if (g_str_has_prefix (line, "%F") && read_triple (line + 2, &x, &y, &z))
        {
          if (n_fiducials < 3)
            _inion_position_add (reader, i, fiducials[n_fiducials++], -y, x, z, TRUE);
        }
      else if (g_str_has_prefix (line, "%N"))
        {
          g_free (label);
          label = g_strstrip (g_strdup (line + 2));
        }
      else if (label != NULL && *line != '%' && !g_str_has_prefix (line, "//") &&
               read_triple (line, &x, &y, &z))
        {
          /* "Name" is what the program writes where nobody gave one. */
          g_autofree char *numbered = NULL;

          if (g_ascii_strcasecmp (label, "Name") == 0)
            numbered = g_strdup_printf ("%u", reader->file->entries->len - n_fiducials + 1);
          _inion_position_add (reader, i, numbered != NULL ? numbered : label, -y, x, z, FALSE);
          g_clear_pointer (&label, g_free);
        }
    }
  return TRUE;
}

/* BrainVision's XML: <Electrode><Name/><Theta/><Phi/><Radius/></Electrode>. */

typedef struct
{
  InionPositionReader *reader;
  GString *text;
  char *label;
  double theta, phi, radius;
  gboolean inside;
} Xml;

static void
on_xml_start (GMarkupParseContext  *context,
              const char           *element,
              const char          **names,
              const char          **values,
              gpointer              data,
              GError              **error)
{
  Xml *xml = data;

  g_string_truncate (xml->text, 0);
  if (g_str_equal (element, "Electrode"))
    {
      xml->inside = TRUE;
      xml->theta = xml->phi = NAN;
      xml->radius = 1;
      g_clear_pointer (&xml->label, g_free);
    }
}

static void
on_xml_text (GMarkupParseContext  *context,
             const char           *text,
             gsize                 length,
             gpointer              data,
             GError              **error)
{
  g_string_append_len (((Xml *) data)->text, text, (gssize) length);
}

static void
on_xml_end (GMarkupParseContext  *context,
            const char           *element,
            gpointer              data,
            GError              **error)
{
  Xml *xml = data;
  g_autofree char *text = g_strstrip (g_strdup (xml->text->str));
  int line;

  if (!xml->inside)
    return;
  if (g_str_equal (element, "Name"))
    {
      g_free (xml->label);
      xml->label = g_steal_pointer (&text);
    }
  else if (g_str_equal (element, "Theta"))
    _inion_position_number (text, &xml->theta);
  else if (g_str_equal (element, "Phi"))
    _inion_position_number (text, &xml->phi);
  else if (g_str_equal (element, "Radius"))
    _inion_position_number (text, &xml->radius);
  else if (g_str_equal (element, "Electrode"))
    {
      xml->inside = FALSE;
      g_markup_parse_context_get_position (context, &line, NULL);
      if (xml->label != NULL)
        add_spherical (xml->reader, (guint) MAX (line - 1, 0), xml->label, xml->theta, xml->phi,
                       xml->radius, FALSE);
    }
}

gboolean
_inion_position_parse_brainvision (InionPositionReader  *reader,
                                   const char           *text,
                                   gsize                 length,
                                   GError              **error)
{
  static const GMarkupParser parser = { on_xml_start, on_xml_end, on_xml_text, NULL, NULL };
  g_autoptr (GString) content = g_string_new (NULL);
  g_autoptr (GError) cause = NULL;
  g_autofree char *message = NULL;
  Xml xml = { .reader = reader, .text = content };
  g_autoptr (GMarkupParseContext) context =
    g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &xml, NULL);
  gboolean ok = g_markup_parse_context_parse (context, text, (gssize) length, &cause) &&
                g_markup_parse_context_end_parse (context, &cause);

  g_clear_pointer (&xml.label, g_free);
  if (ok)
    return TRUE;
  message = g_utf8_make_valid (cause->message, -1);
  if (reader->file->entries->len == 0)
    return inion_set_error (error, INION_ERROR_FORMAT, "“%s” is not readable XML: %s", reader->name,
                            message);
  _inion_position_fault (reader, reader->n_lines, "the file breaks off: %s; what stands before "
                         "was read", message);
  return TRUE;
}
