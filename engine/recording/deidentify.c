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
  InionDeidentifyPerson *person; /* after the scan */

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
  g_clear_pointer (&self->person, _inion_deidentify_person_free);
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

static void
find_identifiers (InionDeidentify *self)
{
  if (self->person == NULL)
    self->person = _inion_deidentify_person_new (self->recording);
  self->identifiers = inion_identifiers_new ();
  _inion_deidentify_person_add (self->person, self->identifiers,
                                self->options.dates == INION_DATES_KEEP);
  for (guint i = 0; self->names != NULL && self->names[i] != NULL; i++)
    inion_identifiers_add_word (self->identifiers, self->names[i], "listed name");
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
    g_ptr_array_add (self->given_events, _inion_event_copy (events->pdata[i], NULL));
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
    g_ptr_array_add (self->events, _inion_event_copy (events->pdata[i], NULL));
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

static char *
make_patient (InionDeidentify *self)
{
  g_autofree char *code = g_strdup (self->code != NULL && *self->code != '\0' ? self->code : "X");
  GString *text = g_string_new (NULL);
  int age = self->options.keep_age ? _inion_deidentify_person_get_age (self->person) : -1;

  g_string_append_printf (text, "%s %s X X", g_strdelimit (code, " ", '_'),
                          self->options.keep_sex ? _inion_deidentify_person_get_sex (self->person)
                                                 : "X");
  if (age > OLDEST_AGE)
    g_string_append_printf (text, " age_%d+", OLDEST_AGE + 1);
  else if (age >= 0)
    g_string_append_printf (text, " age_%d", age);
  tell (self, "Patient's field: made anew, “%s”.", text->str);
  if (_inion_deidentify_person_has_row (self->person))
    tell (self, "The participant's row in the data set (age, sex, group and more): not copied%s.",
          self->options.keep_age || self->options.keep_sex ? ", but for what is in that field"
                                                           : "");
  return g_string_free (text, FALSE);
}

/* Who it is, for the shift: what is told, the code in the file, all that it says, the file. */
static char *
find_subject (InionDeidentify *self)
{
  const char *patient = inion_recording_get_patient (self->recording);
  const char *code = _inion_deidentify_person_get_code (self->person);
  const char *path = inion_recording_get_path (self->recording);

  if (self->subject != NULL)
    return g_strdup (self->subject);
  if (code != NULL)
    return g_strdup (code);
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
