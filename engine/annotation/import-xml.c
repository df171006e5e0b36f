/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks out of XML: EDFbrowser's annotation lists, NSRR's and Profusion's scorings.
 *
 * All three are flat lists of records: <annotation> with <onset>, <duration> and <description>;
 * <ScoredEvent> with <EventConcept> or <Name>, <Start> and <Duration>; Profusion's stages are a
 * list of <SleepStage> with a number for each epoch. The parser knows nothing but the five entities
 * of XML, so no text can grow while it is read.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/import-private.h"
#include "annotation/table-private.h"
#include "core/error.h"
#include "core/size.h"

#include <math.h>
#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

typedef enum
{
  FIELD_ONSET,
  FIELD_DURATION,
  FIELD_TEXT,
  FIELD_TYPE,
  FIELD_CHANNEL,
  FIELD_CLOCK,
  FIELD_COMMENT,
  N_FIELDS,
} Field;

typedef struct
{
  const char *element;
  Field field;
} FieldName;

static const FieldName field_names[] = {
  { "onset", FIELD_ONSET },          { "start", FIELD_ONSET },
  { "duration", FIELD_DURATION },    { "description", FIELD_TEXT },
  { "eventconcept", FIELD_TEXT },    { "name", FIELD_TEXT },
  { "eventtype", FIELD_TYPE },       { "signallocation", FIELD_CHANNEL },
  { "input", FIELD_CHANNEL },        { "clocktime", FIELD_CLOCK },
  { "notes", FIELD_COMMENT },        { "text", FIELD_COMMENT },
};

/**
 * Reader:
 * @importer: the report
 * @content: the text of the element that is open
 * @fields: (nullable elements): of the record that is open
 * @in_record: whether one is
 * @line: where it begins
 * @epoch_ns: length of an epoch
 * @n_stages: epochs so far
 * @n_records: records so far
 * @known: whether the file has the elements of one of the three
 * @profusion: whether these are Profusion's
 */
typedef struct
{
  InionImporter *importer;
  GString *content;
  char *fields[N_FIELDS];
  gboolean in_record;
  guint line;
  gint64 epoch_ns;
  gint64 n_stages;
  guint n_records;
  const char *known;
} Reader;

static gboolean
is_record (const char *element)
{
  return g_ascii_strcasecmp (element, "annotation") == 0
         || g_ascii_strcasecmp (element, "scoredevent") == 0;
}

static guint
get_line (GMarkupParseContext *context)
{
  int line = 0;

  g_markup_parse_context_get_position (context, &line, NULL);
  return (guint) MAX (line, 0);
}

static void
begin_element (GMarkupParseContext  *context,
               const char           *element,
               const char          **names,
               const char          **values,
               gpointer              data,
               GError              **error)
{
  static const char *const roots[][2] = {
    { "annotationlist", "EDFbrowser XML" },
    { "PSGAnnotation", "NSRR XML" },
    { "CMPStudyConfig", "Profusion XML" },
  };
  Reader *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
    if (g_ascii_strcasecmp (element, roots[i][0]) == 0)
      self->known = roots[i][1];
  g_string_truncate (self->content, 0);
  if (!is_record (element))
    return;
  for (guint i = 0; i < N_FIELDS; i++)
    g_clear_pointer (&self->fields[i], g_free);
  self->in_record = TRUE;
  self->line = get_line (context);
}

static void
add_text (GMarkupParseContext  *context,
          const char           *text,
          gsize                 length,
          gpointer              data,
          GError              **error)
{
  Reader *self = data;

  if (self->content->len + length < 1024 * 1024)
    g_string_append_len (self->content, text, (gssize) length);
}

/* "Stage 2 sleep|2" is a name and a code. */
static char *
cut_name (const char *text)
{
  const char *bar = text != NULL ? strchr (text, '|') : NULL;

  return bar != NULL ? g_strndup (text, (gsize) (bar - text)) : g_strdup (text);
}

static gboolean
is_stage (const char *type)
{
  return type != NULL && g_ascii_strncasecmp (type, "stages", 6) == 0;
}

/* The label of a record; of a stage the one that EDF+ has for it. */
static char *
make_label (Reader *self)
{
  const char *text = self->fields[FIELD_TEXT];
  const char *bar = text != NULL ? strrchr (text, '|') : NULL;
  gint64 code = 0;

  if (is_stage (self->fields[FIELD_TYPE]) && bar != NULL && g_ascii_isdigit (bar[1])
      && g_ascii_string_to_signed (bar + 1, 10, 0, 100, &code, NULL)
      && _inion_import_stage_label (code) != NULL)
    return g_strdup (_inion_import_stage_label (code));
  return cut_name (text);
}

/* NSRR files begin with a record that says when the recording started. */
static gboolean
check_start (Reader     *self,
             const char *label)
{
  GDateTime *start = inion_recording_get_start (self->importer->recording);
  const char *clock = self->fields[FIELD_CLOCK];
  g_autofree char *own = NULL;
  g_autofree char *time = NULL;

  if (g_ascii_strcasecmp (label, "Recording Start Time") != 0)
    return FALSE;
  clock = clock != NULL && strrchr (clock, ' ') != NULL ? strrchr (clock, ' ') + 1 : clock;
  own = start != NULL ? g_date_time_format (start, "%H.%M.%S") : NULL;
  time = clock != NULL ? g_strdelimit (g_strdup (clock), ":", '.') : NULL;
  if (own != NULL && time != NULL && !g_str_has_prefix (time, own))
    _inion_importer_note (self->importer, "The file says that the recording starts at %s, the "
                                          "recording says %s; the marks count from the "
                                          "recording's start.", clock, own);
  return TRUE;
}

static void
end_record (Reader *self)
{
  g_autofree char *label = make_label (self);
  g_autofree char *type = cut_name (self->fields[FIELD_TYPE]);
  const char *channels[2] = { self->fields[FIELD_CHANNEL], NULL };
  const char *onset = self->fields[FIELD_ONSET];
  const char *reason = "it has no onset";
  const char *comment = self->fields[FIELD_COMMENT];
  InionImportRow row = { self->line, 0, 0, label, channels, NULL, INION_ORIGIN_PERSON, NAN, comment };

  self->in_record = FALSE;
  self->n_records++;
  if (label == NULL || *label == '\0')
    _inion_importer_skip (self->importer, row.line, onset != NULL ? onset : "", "it has no text");
  else if (check_start (self, label))
    _inion_importer_skip (self->importer, row.line, label,
                          "it says when the recording started and is no mark");
  else if (onset == NULL
           || !_inion_importer_parse_time (self->importer, onset, &row.onset_ns, &reason))
    _inion_importer_skip (self->importer, row.line, label, "%s", reason);
  else if (!_inion_importer_parse_duration (self->fields[FIELD_DURATION], row.onset_ns,
                                            &row.duration_ns))
    _inion_importer_skip (self->importer, row.line, label, "its duration is no length in seconds");
  else
    {
      if (is_stage (self->fields[FIELD_TYPE]))
        channels[0] = NULL;
      if (channels[0] != NULL
          && inion_recording_find_channel (self->importer->recording, channels[0]) < 0)
        {
          /* NSRR names a sensor, such as "Airflow", not always a channel. */
          row.comment = comment != NULL ? comment : channels[0];
          channels[0] = NULL;
        }
      _inion_importer_add (self->importer, &row);
    }
}

static void
end_stage (Reader     *self,
           guint       line,
           const char *text)
{
  InionImportRow row = { line, 0, self->epoch_ns, NULL, NULL, NULL, INION_ORIGIN_PERSON, NAN, NULL };
  gint64 index = self->n_stages++;
  gint64 code = -1;

  if (!g_ascii_string_to_signed (text, 10, 0, 100, &code, NULL)
      || _inion_import_stage_label (code) == NULL)
    {
      _inion_importer_skip (self->importer, line, text, "epoch %" G_GINT64_FORMAT " has no stage "
                            "that is known (0 to 6, 9)", index + 1);
      return;
    }
  row.label = _inion_import_stage_label (code);
  if (!inion_int64_mul (&row.onset_ns, index, self->epoch_ns)
      || row.onset_ns > G_MAXINT64 - self->epoch_ns)
    _inion_importer_skip (self->importer, line, text, "its time is out of range");
  else
    _inion_importer_add (self->importer, &row);
}

static void
set_epoch (Reader     *self,
           const char *text)
{
  gint64 ns;

  if (_inion_table_parse_seconds (text, &ns) && ns > 0 && ns <= 3600 * NS_PER_S)
    self->epoch_ns = ns;
  else
    _inion_importer_note (self->importer, "The epochs' length “%.40s” is none; 30 s are taken.", text);
}

static void
end_element (GMarkupParseContext  *context,
             const char           *element,
             gpointer              data,
             GError              **error)
{
  Reader *self = data;
  g_autofree char *text = g_strstrip (g_strdup (self->content->str));

  g_string_truncate (self->content, 0);
  if (is_record (element) && self->in_record)
    end_record (self);
  else if (self->in_record)
    {
      for (guint i = 0; i < G_N_ELEMENTS (field_names); i++)
        if (g_ascii_strcasecmp (element, field_names[i].element) == 0 && *text != '\0'
            && self->fields[field_names[i].field] == NULL)
          self->fields[field_names[i].field] = g_steal_pointer (&text);
    }
  else if (g_ascii_strcasecmp (element, "epochlength") == 0)
    set_epoch (self, text);
  else if (g_ascii_strcasecmp (element, "sleepstage") == 0)
    end_stage (self, get_line (context), text);
}

#define PIECE ((gsize) 64 * 1024)

/* Piece by piece, so that it can be cancelled; cancelled: why it ends early, and FALSE. */
static gboolean
parse (InionImporter        *importer,
       GMarkupParseContext  *context,
       const char           *text,
       GError              **cancelled,
       GError              **error)
{
  gsize n = strlen (text);

  for (gsize at = 0; at < n; at += PIECE)
    if (!_inion_importer_go_on (importer, text + at, cancelled) ||
        !g_markup_parse_context_parse (context, text + at, (gssize) MIN (n - at, PIECE), error))
      return FALSE;
  return g_markup_parse_context_end_parse (context, error);
}

gboolean
_inion_import_xml (InionImporter *importer,
                   const char    *text,
                   GError       **error)
{
  static const GMarkupParser parser = { begin_element, end_element, add_text, NULL, NULL };
  g_autoptr (GString) content = g_string_new (NULL);
  g_autoptr (GError) local = NULL;
  Reader self = { .importer = importer, .content = content, .epoch_ns = 30 * NS_PER_S };
  g_autoptr (GMarkupParseContext) context =
    g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &self, NULL);
  GError *cancelled = NULL;
  gboolean good = parse (importer, context, text, &cancelled, &local);
  guint line = get_line (context);
  g_autofree char *reason = NULL;

  for (guint i = 0; i < N_FIELDS; i++)
    g_free (self.fields[i]);
  if (cancelled != NULL)
    {
      g_propagate_error (error, cancelled);
      return FALSE;
    }
  reason = good ? g_strdup ("") : g_utf8_make_valid (local->message, -1);
  if (self.n_records + self.n_stages == 0 && (!good || self.known == NULL))
    return inion_set_error (error, INION_ERROR_FORMAT,
                            "The XML has no annotations of EDFbrowser, NSRR or Profusion%s%s. "
                            "Nothing was imported.", good ? "" : ": ", reason);
  if (!good)
    _inion_importer_skip (importer, line, "", "from here on the file is no XML (%s)", reason);
  importer->result->format = g_strdup (self.known != NULL ? self.known : "XML");
  return TRUE;
}
