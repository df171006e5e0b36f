/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of a recording in which nothing says whose it is, as far as a program can tell.
 *
 * The copy is written anew from what Inion understood of the original: samples, gaps, scales,
 * events. So reserved fields, comments, trailing bytes, dates of markers and whatever else is not
 * understood are not in it. Of what is written, fields are made anew; texts that people typed are
 * scanned, listed for review, and written as a person decided. At last all bytes of the copy are
 * searched for every word that the original's fields had. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "recording/deidentify-private.h"
#include "recording/recording-private.h"
#include "recording/redacted-recording.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_YEAR 1985 /* before, the header of EDF cannot say in which century */
#define OLDEST_AGE 89

struct _InionDeidentify
{
  GObject parent_instance;

  InionRecording *recording;
  InionDeidentifyOptions options;
  char *secret;
  char *subject;
  char *code;
  char **names;
  GPtrArray *given_events; /* (nullable) */

  InionIdentifiers *identifiers;
  GPtrArray *events;
  GPtrArray *texts;
  GPtrArray *done; /* what became of each place */
};

G_DEFINE_FINAL_TYPE (InionDeidentify, inion_deidentify, G_TYPE_OBJECT)

static void
inion_deidentify_finalize (GObject *object)
{
  InionDeidentify *self = INION_DEIDENTIFY (object);

  g_clear_object (&self->recording);
  g_clear_pointer (&self->secret, g_free);
  g_clear_pointer (&self->subject, g_free);
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->given_events, g_ptr_array_unref);
  g_clear_pointer (&self->identifiers, inion_identifiers_free);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->done, g_ptr_array_unref);
  G_OBJECT_CLASS (inion_deidentify_parent_class)->finalize (object);
}

static void
inion_deidentify_class_init (InionDeidentifyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_deidentify_finalize;
}

static void
inion_deidentify_init (InionDeidentify *self)
{
  self->done = g_ptr_array_new_with_free_func (g_free);
}

G_GNUC_PRINTF (2, 3) static void
tell (InionDeidentify *self,
      const char      *format,
      ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->done, g_strdup_vprintf (format, args));
  va_end (args);
}

/* The original */

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
static gboolean
is_true_start (GDateTime *start)
{
  return start != NULL && !(g_date_time_get_year (start) == FIRST_YEAR &&
                            g_date_time_get_day_of_year (start) == 1);
}

static void
add_description (InionDeidentify *self)
{
  const char *description = inion_recording_get_description (self->recording);
  GDateTime *start = inion_recording_get_start (self->recording);
  g_auto (GStrv) words = g_strsplit (description != NULL ? description : "", " ", -1);
  gboolean dated = g_strv_length (words) > 1 && g_ascii_strcasecmp (words[0], "Startdate") == 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (!(dated && i == 1 && (self->options.dates == INION_DATES_KEEP || !is_true_start (start))))
      inion_identifiers_add_text (self->identifiers, words[i], "word of the recording's field");
}

/* The name of the original, and what it is made of. */
static void
add_file_name (InionDeidentify *self)
{
  const char *path = inion_recording_get_path (self->recording);
  g_autofree char *base = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *name = NULL;
  char *dot;

  if (base == NULL)
    return;
  name = g_filename_display_name (base);
  dot = strrchr (name, '.');
  if (dot != NULL && dot != name)
    *dot = '\0';
  if (strlen (name) >= 4)
    inion_identifiers_add_text (self->identifiers, name, "word of the file's name");
}

static void
find_identifiers (InionDeidentify *self)
{
  g_auto (GStrv) patient = split_patient (self->recording);
  GDateTime *start = inion_recording_get_start (self->recording);
  g_autoptr (GDateTime) birth = patient != NULL ? parse_birthdate (patient[2]) : NULL;

  self->identifiers = inion_identifiers_new ();
  inion_identifiers_add_text (self->identifiers, inion_recording_get_patient (self->recording),
                              "word of the patient's field");
  add_description (self);
  add_file_name (self);
  for (guint i = 0; self->names != NULL && self->names[i] != NULL; i++)
    inion_identifiers_add_word (self->identifiers, self->names[i], "listed name");
  if (birth != NULL)
    inion_identifiers_add_date (self->identifiers, birth, "date of birth");
  if (is_true_start (start) && self->options.dates != INION_DATES_KEEP)
    inion_identifiers_add_date (self->identifiers, start, "date of the recording");
}

/**
 * inion_deidentify_new:
 * @recording: the original; it is never changed
 * @options: what may stay; copied
 *
 * Returns: (transfer full): a de-identification; nothing is read yet
 */
InionDeidentify *
inion_deidentify_new (InionRecording               *recording,
                      const InionDeidentifyOptions *options)
{
  InionDeidentify *self;

  g_return_val_if_fail (INION_IS_RECORDING (recording), NULL);
  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (INION_TYPE_DEIDENTIFY, NULL);
  self->recording = g_object_ref (recording);
  self->options = *options;
  self->secret = g_strdup (options->secret);
  self->subject = g_strdup (options->subject);
  self->code = g_strdup (options->code);
  self->names = g_strdupv ((char **) options->names);
  return self;
}

static gpointer
copy_event (gconstpointer event,
            gpointer      unused)
{
  const InionEvent *e = event;

  return inion_event_new (e->onset_ns, e->duration_ns, e->text, e->channel);
}

/**
 * inion_deidentify_set_events:
 * @self: a de-identification that has not scanned yet
 * @events: (element-type InionEvent): the events of the copy instead of those of the file; copied
 */
void
inion_deidentify_set_events (InionDeidentify *self,
                             GPtrArray       *events)
{
  g_return_if_fail (INION_IS_DEIDENTIFY (self) && events != NULL);

  g_clear_pointer (&self->given_events, g_ptr_array_unref);
  self->given_events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  for (guint i = 0; i < events->len; i++)
    g_ptr_array_add (self->given_events, copy_event (events->pdata[i], NULL));
}

/**
 * inion_deidentify_scan:
 * @self: a de-identification
 * @job: (nullable): for cancel
 * @error: return location
 *
 * Reads all events and looks through all texts. Texts in which something is found get the action
 * %INION_TEXT_REPLACE, others %INION_TEXT_KEEP.
 *
 * Returns: %FALSE with %INION_ERROR_INVALID if dates shall be shifted without a secret, with the
 *   error of the events, or %G_IO_ERROR_CANCELLED
 */
gboolean
inion_deidentify_scan (InionDeidentify  *self,
                       InionJob         *job,
                       GError          **error)
{
  GPtrArray *events;

  g_return_val_if_fail (INION_IS_DEIDENTIFY (self), FALSE);

  if (self->options.dates == INION_DATES_SHIFT && self->secret == NULL)
    return inion_set_error (error, INION_ERROR_INVALID,
                            "Shifting dates needs a secret, so that nobody can shift them back.");
  if (self->given_events == NULL && !inion_recording_load_events (self->recording, job, error))
    return FALSE;
  g_clear_pointer (&self->identifiers, inion_identifiers_free);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  events = self->given_events != NULL ? self->given_events
                                      : inion_recording_get_events (self->recording);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);
  for (guint i = 0; i < events->len; i++)
    g_ptr_array_add (self->events, copy_event (events->pdata[i], NULL));
  find_identifiers (self);
  self->texts = _inion_review_texts_new (self->recording, self->events, self->identifiers,
                                         self->options.remove_annotations, job, error);
  return self->texts != NULL;
}

/**
 * inion_deidentify_get_texts:
 * @self: a de-identification that has scanned
 *
 * Returns: (transfer none) (element-type InionReviewText): all texts that people typed, those in
 *   which something was found first. Their actions may be changed
 */
GPtrArray *
inion_deidentify_get_texts (InionDeidentify *self)
{
  g_return_val_if_fail (INION_IS_DEIDENTIFY (self), NULL);

  return self->texts;
}

/* The copy */

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

static char *
make_patient (InionDeidentify *self)
{
  g_auto (GStrv) old = split_patient (self->recording);
  GDateTime *start = inion_recording_get_start (self->recording);
  g_autoptr (GDateTime) birth = old != NULL ? parse_birthdate (old[2]) : NULL;
  g_autofree char *code = g_strdup (self->code != NULL && *self->code != '\0' ? self->code : "X");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s %s X X", g_strdelimit (code, " ", '_'),
                          self->options.keep_sex && old != NULL ? old[1] : "X");
  if (self->options.keep_age && birth != NULL && is_true_start (start))
    {
      int age = compute_age (birth, start);

      if (age > OLDEST_AGE)
        g_string_append_printf (text, " age_%d+", OLDEST_AGE + 1);
      else if (age >= 0)
        g_string_append_printf (text, " age_%d", age);
    }
  tell (self, "Patient's field: made anew, “%s”.", text->str);
  return g_string_free (text, FALSE);
}

/* Who it is, for the shift: what is told, the code in the file, all that it says, the file. */
static char *
find_subject (InionDeidentify *self)
{
  const char *patient = inion_recording_get_patient (self->recording);
  g_auto (GStrv) parts = split_patient (self->recording);
  const char *path = inion_recording_get_path (self->recording);

  if (self->subject != NULL)
    return g_strdup (self->subject);
  if (parts != NULL && strlen (parts[0]) > 1)
    return g_strdup (parts[0]);
  if (patient != NULL && *patient != '\0' && strspn (patient, "X ") != strlen (patient))
    return g_strdup (patient);
  tell (self, "Date: the file does not say whose recording it is, so it is shifted by itself. Name "
        "the subject if there are others of the same.");
  return path != NULL ? g_path_get_basename (path) : g_strdup ("");
}

static GDateTime *
make_start (InionDeidentify *self,
            GDateTime       *start)
{
  g_autofree char *subject = NULL;
  g_autoptr (GDateTime) shifted = NULL;

  if (self->options.dates == INION_DATES_KEEP)
    {
      tell (self, "Date: kept.");
      return g_date_time_ref (start);
    }
  if (self->options.dates == INION_DATES_SHIFT)
    {
      subject = find_subject (self);
      shifted =
        g_date_time_add_days (start, -(int) inion_deidentify_shift_days (self->secret, subject));
      if (g_date_time_get_year (shifted) >= FIRST_YEAR)
        {
          tell (self, "Date: shifted by the same number of days as all recordings of this subject.");
          return g_steal_pointer (&shifted);
        }
      tell (self, "Date: shifted it would lie before 1985, which EDF cannot say.");
    }
  tell (self, "Date: removed.");
  return self->options.keep_time
           ? g_date_time_new_utc (FIRST_YEAR, 1, 1, g_date_time_get_hour (start),
                                  g_date_time_get_minute (start),
                                  g_date_time_get_seconds (start))
           : NULL;
}

static GDateTime *
dup_new_start (InionDeidentify *self)
{
  GDateTime *start = inion_recording_get_start (self->recording);
  g_autoptr (GDateTime) day = NULL;

  if (start == NULL)
    return NULL;
  day = make_start (self, start);
  if (day == NULL || self->options.keep_time)
    {
      tell (self, "Time of day: %s.", day != NULL ? "kept" : "removed");
      return g_steal_pointer (&day);
    }
  tell (self, "Time of day: removed.");
  return g_date_time_new_utc (g_date_time_get_year (day), g_date_time_get_month (day),
                              g_date_time_get_day_of_month (day), 0, 0, 0);
}

static const char *
apply_channel (InionDeidentify *self,
               GHashTable      *index,
               const char      *what,
               const char      *text)
{
  return text == NULL || *text == '\0' ? text
                                       : _inion_review_texts_apply (self->texts, index, what, text);
}

static GPtrArray *
make_events (InionDeidentify *self,
             GHashTable      *index)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_event_free);

  for (guint i = 0; i < self->events->len; i++)
    {
      const InionEvent *event = self->events->pdata[i];
      const char *text = _inion_review_texts_apply (self->texts, index, "annotation",
                                                    event->text != NULL ? event->text : "");

      if (text != NULL)
        g_ptr_array_add (events, inion_event_new (event->onset_ns, event->duration_ns, text,
                                                  event->channel));
    }
  tell (self, "Annotations: %u of %u written.", events->len, self->events->len);
  return events;
}

static InionRecording *
make_redacted (InionDeidentify  *self,
               GError          **error)
{
  guint n = inion_recording_get_n_channels (self->recording);
  g_autofree InionChannelInfo *infos = g_new0 (InionChannelInfo, n + 1);
  g_autoptr (GPtrArray) spare = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) index = _inion_review_texts_index (self->texts);
  g_autoptr (GPtrArray) events = make_events (self, index);

  for (guint i = 0; i < n; i++)
    {
      InionChannelInfo *info = &infos[i];
      const char *old;

      *info = *inion_channel_get_info (inion_recording_get_channel (self->recording, i));
      old = info->raw_label;
      info->raw_label = apply_channel (self, index, "label", info->raw_label);
      if (info->raw_label == NULL)
        {
          g_ptr_array_add (spare, g_strdup_printf ("%u", i + 1));
          info->raw_label = spare->pdata[spare->len - 1];
        }
      if (g_strcmp0 (info->raw_label, old) != 0)
        info->label = NULL;
      info->transducer = apply_channel (self, index, "transducer", info->transducer);
      info->prefilter = apply_channel (self, index, "filter text", info->prefilter);
      info->reference = apply_channel (self, index, "reference", info->reference);
      info->unit = apply_channel (self, index, "unit", info->unit);
      if (info->unit == NULL)
        info->unit = "";
    }
  return inion_redacted_recording_new (self->recording, infos, events, error);
}

/**
 * inion_deidentify_new_export:
 * @self: a de-identification that has scanned
 * @error: return location
 *
 * Makes an export of the copy. Channels and range of it may be chosen as of any other.
 *
 * Returns: (transfer full) (nullable): the export, or %NULL with %INION_ERROR_UNSUPPORTED if the
 *   recording's gaps cannot be kept
 */
InionExport *
inion_deidentify_new_export (InionDeidentify  *self,
                             GError          **error)
{
  g_autoptr (InionRecording) redacted = NULL;
  g_autoptr (InionExport) export = NULL;
  g_autoptr (GDateTime) start = NULL;
  g_autofree char *patient = NULL;

  g_return_val_if_fail (INION_IS_DEIDENTIFY (self) && self->texts != NULL, NULL);

  g_ptr_array_set_size (self->done, 0);
  patient = make_patient (self);
  tell (self, "Recording's field: made anew, without codes, names and equipment.");
  start = dup_new_start (self);
  redacted = make_redacted (self, error);
  if (redacted == NULL)
    return NULL;
  tell (self, "Reserved fields, comments, dates of markers, bytes behind the data: not copied.");
  tell (self, "Samples: the same.");
  export = inion_export_new (redacted);
  inion_export_set_patient (export, patient);
  inion_export_set_description (export, "Startdate X X X X");
  inion_export_set_start (export, start);
  return g_steal_pointer (&export);
}

/* What was found in texts and taken out must not be in the copy either; what was kept may. */
static void
add_found (InionDeidentify *self,
           GPtrArray       *words)
{
  for (guint i = 0; i < self->texts->len; i++)
    {
      const InionReviewText *text = self->texts->pdata[i];

      for (guint k = 0; text->action != INION_TEXT_KEEP && text->found != NULL &&
                        text->found[k] != NULL; k++)
        if (!g_ptr_array_find_with_equal_func (words, text->found[k], g_str_equal, NULL))
          g_ptr_array_add (words, text->found[k]);
    }
}

/* The original's files must stay what they are. */
static gboolean
refuse_original (InionDeidentify  *self,
                 const char       *path,
                 GError          **error)
{
  struct stat target, source;

  if (g_stat (path, &target) != 0)
    return TRUE;
  for (guint i = 0; i < _inion_recording_get_n_files (self->recording); i++)
    {
      int fd = _inion_recording_get_fd (self->recording, i);

      if (fd >= 0 && fstat (fd, &source) == 0 && source.st_dev == target.st_dev &&
          source.st_ino == target.st_ino)
        return inion_set_error (error, INION_ERROR_INVALID,
                                "“%s” is the original itself. Choose another name: a copy is "
                                "always a new file.", path);
    }
  return TRUE;
}

/**
 * inion_deidentify_write:
 * @self: a de-identification
 * @export: what inion_deidentify_new_export() made
 * @path: the new file, never the original
 * @format: as what
 * @job: (nullable): for progress and cancel
 * @report: (out) (transfer full): what was done, and what is left
 * @error: return location
 *
 * Writes the copy and searches all its bytes for the identifiers of the original. The copy stays
 * if some are found: the report says where.
 *
 * Returns: %FALSE with the errors of inion_export_write()
 */
gboolean
inion_deidentify_write (InionDeidentify        *self,
                        InionExport            *export,
                        const char             *path,
                        InionExportFormat       format,
                        InionJob               *job,
                        InionDeidentifyReport **report,
                        GError                **error)
{
  g_autoptr (InionDeidentifyReport) made = g_new0 (InionDeidentifyReport, 1);
  g_autoptr (GPtrArray) words = NULL;
  const char *source = inion_recording_get_path (self->recording);

  g_return_val_if_fail (INION_IS_DEIDENTIFY (self) && self->texts != NULL, FALSE);
  g_return_val_if_fail (path != NULL && report != NULL, FALSE);

  *report = NULL;
  made->source = g_strdup (source != NULL ? source : "");
  made->output = g_strdup (path);
  made->done = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->done->len; i++)
    g_ptr_array_add (made->done, g_strdup (self->done->pdata[i]));
  made->texts = g_ptr_array_new_with_free_func ((GDestroyNotify) _inion_review_text_free);
  made->leaks = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_leak_free);
  for (guint i = 0; i < self->texts->len; i++)
    g_ptr_array_add (made->texts, _inion_review_text_copy (self->texts->pdata[i]));
  if (!refuse_original (self, path, error) ||
      !inion_export_write (export, path, format, job, &made->notes, error))
    return FALSE;
  words = inion_identifiers_list_words (self->identifiers);
  add_found (self, words);
  if (!_inion_deidentify_search (made, words, path, format, error))
    return FALSE;
  *report = g_steal_pointer (&made);
  return TRUE;
}
