/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Electrode names and their places on the head (10–20, 10–10, 10–05).
 *
 * The places are not a table: they are computed once from the definition of the system
 * (Oostenveld & Praamstra 2001, "The five percent electrode system"), on a unit sphere with
 * RAS axes. Nz, the ears' T9 and T10, and Iz lie on the equator; Cz is the north pole.
 *
 *   - The sagittal arc Nz–Cz–Iz is cut in steps of 5 % (9°): Nz, NFpz, Fpz, AFpz, AFz, … Iz.
 *   - Three circles of latitude are cut in the same steps: the equator (Nz–T9–Iz, N1 … F9 … I1),
 *     the one 9° above it (NFpz–T9h–OIz, NFp1 … F9h … OI1) and the one 18° above it
 *     (Fpz–T7–Oz, Fp1 … F7 … O1), the ring of the classical 10–20 cap.
 *   - Fifteen coronal rows, AFp to POO: the circle through the ring site on the left ("F7"), the
 *     sagittal site ("Fz") and the ring site on the right ("F8"), each half cut in eight equal
 *     angles: F7, F7h, F5, F5h, F3, F3h, F1, F1h, Fz.
 *
 * That makes 345 sites. Six more are no part of the system and are placed by convention: the
 * earlobes A1 and A2 and the mastoids M1 and M2 lie 9° under the equator, 6° behind T9/T10 and
 * beside TP9/TP10; the anterior temporal T1 and T2 stand where FT9 and FT10 are.
 *
 * The head circle of inion_electrode_project() is the ring Fpz–T7–Oz–T8 at radius 1, as in the
 * maps that people know: Fp1, O2 and T7 stand on it, F9 and T9 (the equator) at 1.25. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/electrode.h"

#include <math.h>
#include <string.h>

#define N_ROWS 15
#define N_SITES (3 * 40 + N_ROWS * 15 + 6)
#define RING_DEGREES 72.0 /* from Cz to the head circle */

typedef struct
{
  char name[8];
  InionPosition position;
} Site;

static Site sites[N_SITES];
static guint n_sites;
static GHashTable *site_index; /* upper-case name → index + 1 */

/* The coronal rows from front to back: the name at the sagittal arc and within the row, and the
 * name at the rings (temporal sites of the rows about the ear). */
static const struct
{
  const char *inner;
  const char *ring;
} rows[N_ROWS] = {
  { "AFp", "AFp" }, { "AF", "AF" },   { "AFF", "AFF" }, { "F", "F" },     { "FFC", "FFT" },
  { "FC", "FT" },   { "FCC", "FTT" }, { "C", "T" },     { "CCP", "TTP" }, { "CP", "TP" },
  { "CPP", "TPP" }, { "P", "P" },     { "PPO", "PPO" }, { "PO", "PO" },   { "POO", "POO" },
};

/* The three circles of latitude: degrees from Cz, the sites near the middle line in front and
 * behind, and the digit of the row sites on the left. */
static const struct
{
  double colatitude;
  const char *front;
  const char *back;
  const char *left;
  const char *right;
  const char *half;
} rings[3] = {
  { 90.0, "N", "I", "9", "10", "" },
  { 81.0, "NFp", "OI", "9", "10", "h" },
  { 72.0, "Fp", "O", "7", "8", "" },
};

/* Names from before 1991 and names of landmarks. */
static const struct
{
  const char *name;
  const char *canonical;
} aliases[] = {
  { "T3", "T7" },      { "T4", "T8" },     { "T5", "P7" },   { "T6", "P8" },
  { "NAS", "Nz" },     { "NASION", "Nz" }, { "INION", "Iz" }, { "LPA", "T9" },
  { "RPA", "T10" },
};

static InionPosition
from_angles (double colatitude_deg,
             double azimuth_deg)
{
  double c = colatitude_deg * G_PI / 180.0, a = azimuth_deg * G_PI / 180.0;

  return (InionPosition) { sin (c) * sin (a), sin (c) * cos (a), cos (c) };
}

static void
add_site (InionPosition  position,
          const char    *first,
          const char    *second,
          const char    *third)
{
  Site *site = &sites[n_sites];
  char *key;

  g_assert (n_sites < N_SITES);
  g_snprintf (site->name, sizeof site->name, "%s%s%s", first, second, third);
  site->position = position;
  key = g_ascii_strup (site->name, -1);
  g_assert (!g_hash_table_contains (site_index, key));
  g_hash_table_insert (site_index, key, GUINT_TO_POINTER (n_sites + 1));
  n_sites++;
}

/* Both sides of the head at once: azimuth is degrees from the nose. */
static void
add_pair (double      colatitude,
          double      azimuth,
          const char *prefix,
          const char *left,
          const char *right,
          const char *half)
{
  add_site (from_angles (colatitude, -azimuth), prefix, left, half);
  add_site (from_angles (colatitude, azimuth), prefix, right, half);
}

static void
add_ring (guint r)
{
  double colatitude = rings[r].colatitude;

  add_site (from_angles (colatitude, 0), rings[r].front, "z", "");
  add_site (from_angles (colatitude, 180), rings[r].back, "z", "");
  add_pair (colatitude, 9, rings[r].front, "1", "2", "h");
  add_pair (colatitude, 18, rings[r].front, "1", "2", "");
  for (guint i = 0; i < N_ROWS; i++)
    add_pair (colatitude, 27 + 9.0 * i, rows[i].ring, rings[r].left, rings[r].right, rings[r].half);
  add_pair (colatitude, 162, rings[r].back, "1", "2", "");
  add_pair (colatitude, 171, rings[r].back, "1", "2", "h");
}

/* Rows are symmetric, so the circle through left, middle and right has its centre in the plane
 * x = 0; its normal and the directions along and across it are found there. */
static void
add_row (guint row)
{
  static const char *const left[8] = { "", "7", "5", "5", "3", "3", "1", "1" };
  static const char *const right[8] = { "", "8", "6", "6", "4", "4", "2", "2" };
  InionPosition end = from_angles (RING_DEGREES, 27 + 9.0 * row);
  InionPosition middle = from_angles (fabs (63 - 9.0 * row), row <= 7 ? 0 : 180);
  /* In the plane: the chord runs from (y, z) of the end to (y, z) of the middle. */
  double dy = middle.y - end.y, dz = middle.z - end.z, length = hypot (dy, dz);
  double uy = dy / length, uz = dz / length;
  /* The circle's plane meets x = 0 in the line end + t u; its centre is where the line is nearest
   * to the sphere's. */
  double t0 = -(end.y * uy + end.z * uz);
  double cy = end.y + t0 * uy, cz = end.z + t0 * uz;
  double radius = sqrt (1.0 - cy * cy - cz * cz);
  double half_arc = atan2 (end.x, -t0);

  add_site (middle, rows[row].inner, "z", "");
  for (guint step = 1; step < 8; step++)
    {
      double angle = half_arc * (8 - step) / 8.0;
      double along = radius * cos (angle), x = radius * sin (angle);
      InionPosition p = { x, cy + along * uy, cz + along * uz };
      const char *half = step % 2 == 1 ? "h" : "";
      const char *prefix = step == 1 ? rows[row].ring : rows[row].inner;

      add_site ((InionPosition) { -p.x, p.y, p.z }, prefix, left[step], half);
      add_site (p, prefix, right[step], half);
    }
}

static void
make_sites (void)
{
  static gsize made;

  if (!g_once_init_enter (&made))
    return;
  site_index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint r = 0; r < G_N_ELEMENTS (rings); r++)
    add_ring (r);
  for (guint row = 0; row < N_ROWS; row++)
    add_row (row);
  add_pair (99, 96, "A", "1", "2", "");
  add_pair (99, 108, "M", "1", "2", "");
  add_pair (90, 72, "T", "1", "2", "");
  g_assert (n_sites == N_SITES);
  g_once_init_leave (&made, 1);
}

static const Site *
look_up (const char *name,
         gsize       length)
{
  char key[16];
  guint index;

  make_sites ();
  if (length == 0 || length >= sizeof key)
    return NULL;
  for (gsize i = 0; i < length; i++)
    key[i] = g_ascii_toupper (name[i]);
  key[length] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    {
      if (strcmp (key, aliases[i].name) == 0)
        return look_up (aliases[i].canonical, strlen (aliases[i].canonical));
    }
  index = GPOINTER_TO_UINT (g_hash_table_lookup (site_index, key));
  return index > 0 ? &sites[index - 1] : NULL;
}

/* A piece of a label: not terminated. */
typedef struct
{
  const char *start;
  gsize length;
} Piece;

static gboolean
is_filler (char c)
{
  return g_ascii_isspace (c) || c == '.' || c == '_' || c == '"' || c == '\'';
}

static Piece
trim (const char *start,
      const char *end)
{
  while (start < end && is_filler (*start))
    start++;
  while (end > start && is_filler (end[-1]))
    end--;
  return (Piece) { start, end - start };
}

/* "EEG Fp1" → "Fp1": the kind of signal that EDF+ wants in front of a label. "EEG" alone stays. */
static Piece
strip_kind (Piece piece)
{
  static const char *const kinds[] = { "EEG", "POL", "SEEG", "EOG", "ECG", "EKG", "EMG" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize n = strlen (kinds[i]);

      if (piece.length > n + 1 && g_ascii_strncasecmp (piece.start, kinds[i], n) == 0 &&
          strchr (" _:-", piece.start[n]) != NULL)
        {
          Piece rest = trim (piece.start + n + 1, piece.start + piece.length);

          if (rest.length > 0)
            return rest;
        }
    }
  return piece;
}

/* The length of a separator at this place: "-", ":", "/", or one of the dashes of typography. */
static gsize
separator_length (const char *at,
                  const char *end)
{
  if (*at == '-' || *at == ':' || *at == '/')
    return 1;
  if (end - at >= 3 && (memcmp (at, "\xe2\x80\x93", 3) == 0 || memcmp (at, "\xe2\x88\x92", 3) == 0))
    return 3;
  return 0;
}

/* "C4A1" has no separator: it is two names if there is one way to cut it into two known ones. */
static gboolean
cut_known (Piece  piece,
           Piece *first,
           Piece *second)
{
  guint n_ways = 0;

  if (piece.length > 12 || look_up (piece.start, piece.length) != NULL)
    return FALSE;
  for (gsize i = 2; i + 2 <= piece.length; i++)
    {
      if (look_up (piece.start, i) == NULL ||
          look_up (piece.start + i, piece.length - i) == NULL)
        continue;
      *first = (Piece) { piece.start, i };
      *second = (Piece) { piece.start + i, piece.length - i };
      n_ways++;
    }
  return n_ways == 1;
}

/* A number after a second dash tells copies of a channel apart ("T8-P8-1"): it names nothing. */
static Piece
strip_copy_number (Piece piece)
{
  for (gsize i = piece.length; i > 0; i--)
    {
      if (g_ascii_isdigit (piece.start[i - 1]))
        continue;
      if (i < piece.length && i > 1 && piece.start[i - 1] == '-')
        return trim (piece.start, piece.start + i - 1);
      break;
    }
  return piece;
}

static void
split_label (const char *label,
             Piece      *first,
             Piece      *second)
{
  const char *end = label + strlen (label);
  Piece whole = strip_kind (trim (label, end));

  *first = whole;
  *second = (Piece) { end, 0 };
  for (gsize i = 1; i < whole.length; i++)
    {
      const char *at = whole.start + i;
      gsize n = separator_length (at, whole.start + whole.length);

      if (n == 0)
        continue;
      *first = trim (whole.start, at);
      *second = strip_copy_number (trim (at + n, whole.start + whole.length));
      return;
    }
  cut_known (whole, first, second);
}

static gboolean
copy_name (Piece  piece,
           char   out[32])
{
  const Site *site = look_up (piece.start, piece.length);
  const char *end;

  if (site != NULL)
    {
      g_strlcpy (out, site->name, 32);
      return TRUE;
    }
  /* Cut between characters, never inside one. */
  g_utf8_validate (piece.start, MIN (piece.length, 31), &end);
  memcpy (out, piece.start, end - piece.start);
  out[end - piece.start] = '\0';
  return FALSE;
}

/**
 * inion_electrode_parse_label:
 * @label: (nullable): the label of a channel, as a file has it
 * @out: (out caller-allocates): what it says; filled in any case
 *
 * Finds the electrodes that a channel label names: "EEG Fp1-Ref", "EEG FP1-LE", "Fc5.", "Fp1-A2",
 * "POL Fp1", "C4A1", "T8-P8-0" and the like. Names that are no electrodes are kept as they stand
 * (cut at 31 bytes) with g1_known or g2_known %FALSE. The ears are known, but a difference against
 * an ear is referential, not bipolar.
 *
 * Returns: %TRUE if the first name is a known electrode
 */
gboolean
inion_electrode_parse_label (const char          *label,
                             InionElectrodeLabel *out)
{
  Piece first, second;

  g_return_val_if_fail (out != NULL, FALSE);

  memset (out, 0, sizeof *out);
  if (label == NULL)
    return FALSE;
  split_label (label, &first, &second);
  out->g1_known = copy_name (first, out->g1);
  out->g2_known = copy_name (second, out->g2);
  out->bipolar = out->g1_known && out->g2_known && !inion_electrode_is_ear (out->g1) &&
                 !inion_electrode_is_ear (out->g2);
  return out->g1_known;
}

/**
 * inion_electrode_dup_written_name:
 * @label: the label of a channel
 *
 * The first electrode of a label in tidy spelling, but by the name the label uses: "EEG t3-Ref"
 * gives "T3", where inion_electrode_parse_label() gives "T7".
 *
 * Returns: (transfer full) (nullable): the name, or %NULL if the label names no electrode
 */
char *
inion_electrode_dup_written_name (const char *label)
{
  Piece first, second;
  const Site *site;

  g_return_val_if_fail (label != NULL, NULL);

  split_label (label, &first, &second);
  site = look_up (first.start, first.length);
  if (site == NULL)
    return NULL;
  if (first.length == 2 && g_ascii_toupper (first.start[0]) == 'T' &&
      strchr ("3456", first.start[1]) != NULL)
    return g_strdup_printf ("T%c", first.start[1]);
  return g_strdup (site->name);
}

/**
 * inion_electrode_is_ear:
 * @name: (nullable): an electrode's name
 *
 * Returns: whether it is an earlobe or a mastoid (A1, A2, M1, M2), which are references and not
 *   part of an average
 */
gboolean
inion_electrode_is_ear (const char *name)
{
  return name != NULL && strlen (name) == 2 && strchr ("AaMm", name[0]) != NULL &&
         (name[1] == '1' || name[1] == '2');
}

/**
 * inion_electrode_canonical:
 * @name: (nullable): an electrode's name in any case, without anything about it
 *
 * Returns: (nullable) (transfer none): the name of today ("T7" for "t3", "Fp1" for "FP1"), or
 *   %NULL if there is no such electrode
 */
const char *
inion_electrode_canonical (const char *name)
{
  const Site *site = name != NULL ? look_up (name, strlen (name)) : NULL;

  return site != NULL ? site->name : NULL;
}

/**
 * inion_electrode_get_position:
 * @name: (nullable): an electrode's name in any case
 * @out: (out caller-allocates): its place on the unit sphere
 *
 * Oostenveld & Praamstra (2001); see the head of this file.
 *
 * Returns: %FALSE if there is no such electrode; @out is then untouched
 */
gboolean
inion_electrode_get_position (const char    *name,
                              InionPosition *out)
{
  const Site *site = name != NULL ? look_up (name, strlen (name)) : NULL;

  g_return_val_if_fail (out != NULL, FALSE);

  if (site == NULL)
    return FALSE;
  *out = site->position;
  return TRUE;
}

/**
 * inion_electrode_get_n_known:
 *
 * Returns: how many electrodes have a place: 345 of the 10–05 system, and A1, A2, M1, M2, T1, T2
 */
guint
inion_electrode_get_n_known (void)
{
  return N_SITES;
}

/**
 * inion_electrode_get_known:
 * @index: in [0, inion_electrode_get_n_known ())
 *
 * Returns: (nullable) (transfer none): the canonical name
 */
const char *
inion_electrode_get_known (guint index)
{
  make_sites ();
  return index < N_SITES ? sites[index].name : NULL;
}

/**
 * inion_electrode_project:
 * @position: a place on the head; its distance from the origin does not matter
 * @x: (out): to the right ear
 * @y: (out): to the nose
 *
 * Azimuthal equidistant projection from above: the distance from the centre is the angle from Cz,
 * so that the ring Fpz–T7–Oz–T8 (72°) is the head circle of radius 1 and the equator
 * Nz–T9–Iz–T10 lies at 1.25. The south pole, which has no direction, goes to the back.
 */
void
inion_electrode_project (const InionPosition *position,
                         double              *x,
                         double              *y)
{
  double across = hypot (position->x, position->y);
  double radius = atan2 (across, position->z) * 180.0 / G_PI / RING_DEGREES;

  if (across > 0)
    {
      *x = radius * position->x / across;
      *y = radius * position->y / across;
    }
  else
    {
      *x = 0;
      *y = isnan (across) ? across : -radius;
    }
}

/**
 * inion_electrode_unproject:
 * @x: to the right ear
 * @y: to the nose
 * @position: (out caller-allocates): the place on the unit sphere
 *
 * The inverse of inion_electrode_project(); defined for a distance of at most 2.5 (the south pole).
 */
void
inion_electrode_unproject (double         x,
                           double         y,
                           InionPosition *position)
{
  double radius = hypot (x, y);
  double colatitude = radius * RING_DEGREES * G_PI / 180.0;

  position->x = radius > 0 ? sin (colatitude) * x / radius : 0;
  position->y = radius > 0 ? sin (colatitude) * y / radius : 0;
  position->z = cos (colatitude);
}
