/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file, its name and its data set say of whose recording it is: the words that a copy
 * without identifiers must not have, and the age and the sex that may stay in it. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids-participant.h"
#include "recording/deidentify-private.h"

#include <string.h>

#define FIRST_YEAR 1985 /* of files that have no date */

struct _InionDeidentifyPerson
{
  InionRecording *recording;
  char **patient; /* (nullable): the parts of EDF+ */
  GDateTime *birth; /* (nullable) */
  InionBidsPlace *place; /* (nullable): in a data set */
  InionBidsParticipant *participant; /* (nullable): what that says of the person */
};

/* The four parts of EDF+; NULL where the field has others. */
static char **
split_patient (InionRecording *recording)
{
  const char *patient = inion_recording_get_patient (recording);
  g_auto (GStrv) words = g_strsplit (patient != NULL ? patient : "", " ", -1);

  return g_strv_length (words) >= 4 &&
             (g_str_equal (words[1], "M") || g_str_equal (words[1], "F") ||
              g_str_equal (words[1], "X")) ? g_steal_pointer (&words) : NULL;
}

/* "02-MAY-1951". */
static GDateTime *
parse_birthdate (const char *text)
{
  static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  g_autofree char *upper = g_ascii_strup (text, -1);
  const char *month;
  guint64 day, year;

  if (strlen (upper) != 11 || upper[2] != '-' || upper[6] != '-')
    return NULL;
  upper[2] = upper[6] = '\0';
  month = strstr (months, upper + 3);
  if (month == NULL || (month - months) % 3 != 0 ||
      !g_ascii_string_to_unsigned (upper, 10, 1, 31, &day, NULL) ||
      !g_ascii_string_to_unsigned (upper + 7, 10, 1800, 2100, &year, NULL))
    return NULL;
  return g_date_time_new_utc ((int) year, (int) (month - months) / 3 + 1, (int) day, 0, 0, 0);
}

/* Whether a date is one, and not what a file says that has none. */
gboolean
_inion_deidentify_is_true_start (GDateTime *start)
{
  return start != NULL && !(g_date_time_get_year (start) == FIRST_YEAR &&
                            g_date_time_get_day_of_year (start) == 1);
}

InionDeidentifyPerson *
_inion_deidentify_person_new (InionRecording *recording)
{
  g_autoptr (InionEdfFaults) faults = inion_edf_faults_new (); /* told when it was opened */
  InionDeidentifyPerson *self = g_new0 (InionDeidentifyPerson, 1);
  const char *path = inion_recording_get_path (recording);

  self->recording = g_object_ref (recording);
  self->patient = split_patient (recording);
  self->birth = self->patient != NULL ? parse_birthdate (self->patient[2]) : NULL;
  self->place = path != NULL ? _inion_bids_place_new (path) : NULL;
  if (self->place != NULL)
    self->participant = _inion_bids_participant_read (self->place, faults);
  return self;
}

void
_inion_deidentify_person_free (InionDeidentifyPerson *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->recording);
  g_strfreev (self->patient);
  g_clear_pointer (&self->birth, g_date_time_unref);
  g_clear_pointer (&self->place, _inion_bids_place_free);
  g_clear_pointer (&self->participant, _inion_bids_participant_free);
  g_free (self);
}

static void
add_description (const InionDeidentifyPerson *self,
                 InionIdentifiers            *identifiers,
                 gboolean                     keep_date)
{
  const char *description = inion_recording_get_description (self->recording);
  GDateTime *start = inion_recording_get_start (self->recording);
  g_autofree char *own = self->place != NULL
                           ? _inion_bids_split_description (self->place, description)
                           : g_strdup (description != NULL ? description : "");
  g_auto (GStrv) words = g_strsplit (own, " ", -1);
  gboolean dated = g_strv_length (words) > 1 && g_ascii_strcasecmp (words[0], "Startdate") == 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (!(dated && i == 1 && (keep_date || !_inion_deidentify_is_true_start (start))))
      inion_identifiers_add_text (identifiers, words[i], "word of the recording's field");
}

/* All that the data set says of the person. */
static void
add_participant (const InionDeidentifyPerson *self,
                 InionIdentifiers            *identifiers)
{
  for (guint i = 0; self->participant != NULL && i < self->participant->cells->len; i++)
    inion_identifiers_add_text (identifiers, self->participant->cells->pdata[i],
                                "word of the participant's row");
}

/* What a name of a file is made of; "Harry2019" has a name in it, "S007" only a code. */
static void
add_name (InionIdentifiers *identifiers,
          const char       *name,
          const char       *reason)
{
  inion_identifiers_add_text (identifiers, name, reason);
  for (const char *p = name; *p != '\0';)
    {
      const char *from = p;

      while (*p != '\0' && g_unichar_isalpha (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      if (g_utf8_strlen (from, p - from) >= 4)
        {
          g_autofree char *letters = g_strndup (from, (gsize) (p - from));

          inion_identifiers_add_word (identifiers, letters, reason);
        }
      if (p == from)
        p = g_utf8_next_char (p);
    }
}

/* Folders are often called by the person; others are called by what is in them. */
static gboolean
is_plain_folder (const char *name)
{
  static const char *const plain[] = {
    "data", "eeg", "ieeg", "meg", "edf", "bdf", "home", "tmp", "temp", "desktop", "documents",
    "downloads", "recordings", "patients", "subjects", "export", "exports", "files", "raw",
    "sourcedata", "derivatives", "research", "studies", "study", "signals", "shared", "public",
    "media", "users", "samples", "sleep", "backup", "archive", NULL,
  };
  g_autofree char *lower = g_utf8_strdown (name, -1);

  return g_strv_contains (plain, lower);
}

/* The name of the original and of the folder in which it is. */
static void
add_file_name (const InionDeidentifyPerson *self,
               InionIdentifiers            *identifiers)
{
  const char *path = inion_recording_get_path (self->recording);
  g_autofree char *absolute = path != NULL ? g_canonicalize_filename (path, NULL) : NULL;
  g_autofree char *base = absolute != NULL ? g_path_get_basename (absolute) : NULL;
  g_autofree char *above = absolute != NULL ? g_path_get_dirname (absolute) : NULL;
  g_autofree char *folder = above != NULL ? g_path_get_basename (above) : NULL;
  g_autofree char *name = NULL;
  g_autofree char *folder_name = NULL;
  char *dot;

  if (base == NULL)
    return;
  name = g_filename_display_name (base);
  dot = strrchr (name, '.');
  if (dot != NULL && dot != name)
    *dot = '\0';
  if (strlen (name) >= 4)
    add_name (identifiers, name, "word of the file's name");
  folder_name = g_filename_display_name (folder);
  if (!is_plain_folder (folder_name))
    add_name (identifiers, folder_name, "word of the folder's name");
  _inion_deidentify_add_head (identifiers, absolute);
}

/* Adds the words and dates that tell who it is. */
void
_inion_deidentify_person_add (const InionDeidentifyPerson *self,
                              InionIdentifiers            *identifiers,
                              gboolean                     keep_date)
{
  GDateTime *start = inion_recording_get_start (self->recording);

  inion_identifiers_add_text (identifiers, inion_recording_get_patient (self->recording),
                              "word of the patient's field");
  add_description (self, identifiers, keep_date);
  add_participant (self, identifiers);
  add_file_name (self, identifiers);
  if (self->birth != NULL)
    inion_identifiers_add_date (identifiers, self->birth, "date of birth");
  if (_inion_deidentify_is_true_start (start) && !keep_date)
    inion_identifiers_add_date (identifiers, start, "date of the recording");
}

/* The patient's code in the file; NULL if it has none. */
const char *
_inion_deidentify_person_get_code (const InionDeidentifyPerson *self)
{
  return self->patient != NULL && strlen (self->patient[0]) > 1 ? self->patient[0] : NULL;
}

/* "X" where nobody says. */
const char *
_inion_deidentify_person_get_sex (const InionDeidentifyPerson *self)
{
  const char *told = self->participant != NULL ? self->participant->sex : NULL;

  if (self->patient != NULL && !g_str_equal (self->patient[1], "X"))
    return self->patient[1];
  if (told != NULL && g_ascii_strncasecmp (told, "f", 1) == 0)
    return "F";
  return told != NULL && g_ascii_strncasecmp (told, "m", 1) == 0 ? "M" : "X";
}

static int
compute_age (GDateTime *birth,
             GDateTime *start)
{
  int age = g_date_time_get_year (start) - g_date_time_get_year (birth);

  if (g_date_time_get_month (start) < g_date_time_get_month (birth) ||
      (g_date_time_get_month (start) == g_date_time_get_month (birth) &&
       g_date_time_get_day_of_month (start) < g_date_time_get_day_of_month (birth)))
    age--;
  return age;
}

/* In years, of the birthdate or of the table of participants. */
int
_inion_deidentify_person_get_age (const InionDeidentifyPerson *self)
{
  GDateTime *start = inion_recording_get_start (self->recording);
  const char *told = self->participant != NULL ? self->participant->age : NULL;
  char *end = NULL;
  double age;

  if (self->birth != NULL && _inion_deidentify_is_true_start (start))
    return compute_age (self->birth, start);
  age = told != NULL ? g_ascii_strtod (told, &end) : -1;
  return end != told && age >= 0 && age < 200 ? (int) age : -1;
}

/* Whether a data set says something of the person. */
gboolean
_inion_deidentify_person_has_row (const InionDeidentifyPerson *self)
{
  return self->participant != NULL;
}
