/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts and numbers of EDF headers, as they are written: printable ASCII of a fixed length.
 *
 * What does not fit is shortened and spelled otherwise, and a person is told. A physical limit is
 * rounded outwards, so that no sample falls beyond it, and the scale is then computed from the text
 * that is written, as every reader does. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-text.h"
#include "recording/edf-write-private.h"

#include <math.h>
#include <string.h>

#define FIELD 8

/**
 * _inion_edf_write_ascii:
 * @text: UTF-8
 * @size: how many characters there may be
 * @changed: (inout): set if something is not written as it was
 *
 * Spells a text in printable ASCII.
 *
 * Returns: (transfer full): the text
 */
char *
_inion_edf_write_ascii (const char *text,
                        gsize       size,
                        gboolean   *changed)
{
  g_autofree char *ascii = NULL;
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) parts = g_strsplit (valid, "µ", -1); /* U+00B5, and below U+03BC */
  g_autofree char *micro = g_strjoinv ("u", parts);
  g_auto (GStrv) greek = g_strsplit (micro, "μ", -1);
  g_autofree char *plain = g_strjoinv ("u", greek);
  g_auto (GStrv) squares = g_strsplit (plain, "²", -1);
  g_autofree char *flat = g_strjoinv ("2", squares);

  ascii = g_str_to_ascii (flat, "C");
  for (char *p = ascii; *p != '\0'; p++)
    if (*p < ' ' || *p > '~')
      *p = ' ';
  if (strlen (ascii) > size)
    ascii[size] = '\0';
  g_strchomp (ascii);
  if (changed != NULL && strcmp (ascii, text) != 0)
    *changed = TRUE;
  return g_steal_pointer (&ascii);
}

/* A fixed number of decimals, the last of them moved so that the value is not on the wrong side. */
static gboolean
format_fixed (double value,
              int    direction,
              int    decimals,
              char   text[9])
{
  double power = pow (10, decimals);
  double steps = value * power;
  char format[8];
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 32];

  if (fabs (steps) > 1e15)
    return FALSE;
  steps = direction < 0 ? floor (steps) : direction > 0 ? ceil (steps) : rint (steps);
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (buffer, sizeof buffer, format, steps / power);
  if (strlen (buffer) > FIELD)
    return FALSE;
  g_strlcpy (text, buffer, 9);
  return TRUE;
}

static gboolean
format_exponent (double value,
                 int    direction,
                 char   text[9])
{
  int exponent = value != 0 ? (int) floor (log10 (fabs (value))) : 0;

  for (int digits = 4; digits >= 0; digits--)
    {
      double power = pow (10, digits - exponent);
      double steps = value * power;
      char buffer[64];

      if (!isfinite (steps) || !isfinite (power))
        return FALSE;
      steps = direction < 0 ? floor (steps) : direction > 0 ? ceil (steps) : rint (steps);
      g_snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT "E%d", (gint64) steps,
                  exponent - digits);
      if (strlen (buffer) <= FIELD)
        {
          g_strlcpy (text, buffer, 9);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
is_on_side (double written,
            double value,
            int    direction)
{
  return direction == 0 || (direction < 0 ? written <= value : written >= value);
}

/**
 * _inion_edf_write_number:
 * @value: a number
 * @direction: -1 to round down, 1 to round up, 0 to the nearest
 * @text: (out): at most eight characters
 * @written: (out): what a reader makes of them
 *
 * Returns: %FALSE if the number is too large for any text
 */
gboolean
_inion_edf_write_number (double  value,
                         int     direction,
                         char    text[9],
                         double *written)
{
  guint oddities = 0;
  gboolean small = value != 0 && fabs (value) < 1e-3;

  if (!isfinite (value))
    return FALSE;
  for (int decimals = 6; decimals >= 0 && !small; decimals--)
    {
      if (!format_fixed (value, direction, decimals, text))
        continue;
      /* Without zeros at the end, as a person writes. */
      if (strchr (text, '.') != NULL)
        {
          gsize n = strlen (text);

          while (text[n - 1] == '0')
            text[--n] = '\0';
          if (text[n - 1] == '.')
            text[--n] = '\0';
        }
      if (strcmp (text, "-0") == 0)
        g_strlcpy (text, "0", 9);
      if (inion_edf_parse_number ((const guint8 *) text, strlen (text), written, &oddities) &&
          is_on_side (*written, value, direction))
        return TRUE;
    }
  return format_exponent (value, direction, text) &&
         inion_edf_parse_number ((const guint8 *) text, strlen (text), written, &oddities) &&
         is_on_side (*written, value, direction);
}

/**
 * _inion_edf_write_seconds:
 * @ns: a time
 * @text: where seconds are appended, with all decimals that there are and no more
 */
void
_inion_edf_write_seconds (gint64   ns,
                          GString *text)
{
  guint64 size = ns < 0 ? -(guint64) ns : (guint64) ns;
  guint64 rest = size % 1000000000;

  if (ns < 0)
    g_string_append_c (text, '-');
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, size / 1000000000);
  if (rest == 0)
    return;
  g_string_append_printf (text, ".%09" G_GUINT64_FORMAT, rest);
  while (text->str[text->len - 1] == '0')
    g_string_truncate (text, text->len - 1);
}

/**
 * _inion_edf_write_duration:
 * @ns: how long a record is
 * @text: (out): the same in seconds
 *
 * Returns: %FALSE if eight characters cannot say it exactly
 */
gboolean
_inion_edf_write_duration (gint64 ns,
                           char   text[16])
{
  g_autoptr (GString) seconds = g_string_new (NULL);

  _inion_edf_write_seconds (ns, seconds);
  g_strlcpy (text, seconds->str, 16);
  return seconds->len <= FIELD;
}

static const char *const months[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };

static gboolean
is_date (const char *word)
{
  g_auto (GStrv) parts = g_strsplit (word, "-", 4);

  if (strcmp (word, "X") == 0)
    return TRUE;
  if (g_strv_length (parts) != 3 || strlen (parts[0]) != 2 || strlen (parts[2]) != 4 ||
      strspn (parts[0], "0123456789") != 2 || strspn (parts[2], "0123456789") != 4)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (months); i++)
    if (strcmp (parts[1], months[i]) == 0)
      return TRUE;
  return FALSE;
}

/* One word of what may be several. */
static char *
join_words (const char *text)
{
  g_autofree char *plain = g_strstrip (g_strdup (text));

  for (char *p = plain; *p != '\0'; p++)
    if (g_ascii_isspace (*p))
      *p = '_';
  return *plain != '\0' ? g_steal_pointer (&plain) : g_strdup ("X");
}

static char *
write_identity (InionExportPlan *plan,
                const char      *text,
                const char      *what)
{
  gboolean changed = FALSE;
  g_autofree char *written = _inion_edf_write_ascii (text, 80, &changed);

  if (changed)
    _inion_export_plan_note (plan, "What the file says of the %s has more than 80 characters, or "
                             "some that EDF+ does not have; it is shortened or spelled otherwise.",
                             what);
  return g_steal_pointer (&written);
}

/**
 * _inion_edf_write_patient:
 * @plan: what is written
 *
 * Makes the patient's field: what there is, if it has the four parts that EDF+ asks for, else as
 * the name.
 *
 * Returns: (transfer full): the field
 */
char *
_inion_edf_write_patient (InionExportPlan *plan)
{
  g_auto (GStrv) words = g_strsplit (plan->patient, " ", -1);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (g_strv_length (words) >= 4 && *words[0] != '\0' && is_date (words[2]) &&
      (strcmp (words[1], "M") == 0 || strcmp (words[1], "F") == 0 || strcmp (words[1], "X") == 0))
    return write_identity (plan, plan->patient, "patient");
  name = join_words (plan->patient);
  text = g_strconcat ("X X X ", name, NULL);
  if (strcmp (name, "X") != 0)
    _inion_export_plan_note (plan, "What the file says of the patient does not have the four parts "
                             "that EDF+ asks for; it is written as the name.");
  return write_identity (plan, text, "patient");
}

/**
 * _inion_edf_write_description:
 * @plan: what is written
 *
 * Makes the recording's field: "Startdate", the date, and what there is besides.
 *
 * Returns: (transfer full): the field
 */
char *
_inion_edf_write_description (InionExportPlan *plan)
{
  gboolean standard = g_ascii_strncasecmp (plan->description, "Startdate ", 10) == 0;
  g_autoptr (GString) text = g_string_new ("Startdate ");
  g_auto (GStrv) words = NULL;

  if (plan->start != NULL)
    g_string_append_printf (text, "%02d-%s-%04d", g_date_time_get_day_of_month (plan->start),
                            months[g_date_time_get_month (plan->start) - 1],
                            g_date_time_get_year (plan->start));
  else
    g_string_append_c (text, 'X');
  if (!standard)
    {
      g_autofree char *word = join_words (plan->description);

      g_string_append_printf (text, " X X %s", word);
      return write_identity (plan, text->str, "recording");
    }
  words = g_strsplit (plan->description + 10, " ", -1);
  for (guint i = 1; i < MAX (g_strv_length (words), 4); i++)
    g_string_append_printf (text, " %s",
                            i < g_strv_length (words) && *words[i] != '\0' ? words[i] : "X");
  return write_identity (plan, text->str, "recording");
}

static gboolean
is_taken (const InionEdfWrite *self,
          guint                n,
          const char          *label)
{
  if (g_ascii_strcasecmp (label, "EDF Annotations") == 0 ||
      g_ascii_strcasecmp (label, "BDF Annotations") == 0)
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (strcmp (self->signals[i].label, label) == 0)
      return TRUE;
  return FALSE;
}

/* The label, or if it is too long the name that is shown, or the begin of that with a number. */
static char *
choose_label (const InionEdfWrite    *self,
              guint                   index,
              const InionChannelInfo *info)
{
  gboolean changed = FALSE;
  g_autofree char *raw = _inion_edf_write_ascii (info->raw_label, 16, &changed);
  g_autofree char *label = NULL;

  if (!changed && !is_taken (self, index, raw))
    return g_steal_pointer (&raw);
  label = _inion_edf_write_ascii (info->label, 16, NULL);
  for (guint n = 2; *label == '\0' || is_taken (self, index, label); n++)
    {
      g_autofree char *ending = g_strdup_printf ("~%u", n);

      g_free (label);
      label = _inion_edf_write_ascii (info->label, 16 - strlen (ending), NULL);
      label = g_realloc (label, strlen (label) + strlen (ending) + 1);
      strcat (label, ending);
    }
  return g_steal_pointer (&label);
}

/**
 * _inion_edf_write_labels:
 * @self: a file whose signals have no labels yet
 *
 * Gives each signal a label of 16 ASCII characters that no other has, and says which are not the
 * source's.
 */
void
_inion_edf_write_labels (InionEdfWrite *self)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < self->n_signals; i++)
    {
      InionEdfWriteSignal *signal = &self->signals[i];
      const InionChannelInfo *info = _inion_export_plan_get_channel (self->plan, i)->info;

      if (signal->label != NULL)
        continue;
      signal->label = choose_label (self, i, info);
      if (strcmp (signal->label, info->raw_label) != 0)
        g_string_append_printf (list, "%s“%s” as “%s”", list->len > 0 ? ", " : "",
                                info->raw_label, signal->label);
    }
  if (list->len > 0)
    _inion_export_plan_note (self->plan, "Channel names of 16 ASCII characters: %s.", list->str);
}
