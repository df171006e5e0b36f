/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person said of a file that does not say all by itself, and opening it so.
 *
 * A choice is bound to the content of the file that it was made for: of another content it may say
 * something wrong, such as the rate of a table that was written anew. */

#define G_LOG_DOMAIN "inion-study"

#include "config.h"

#include "study/choice.h"

#include "core/error.h"
#include "core/json-member.h"
#include "core/json-parse.h"
#include "core/json-text.h"
#include "recording/csv-recording.h"
#include "recording/foreign/foreign-recording.h"
#include "recording/xdf-recording.h"
#include "study/study-path.h"

#include <string.h>

#define MAX_BYTES (16 * 1024 * 1024)

static const char *const kinds[] = { "streams", "table", "compatible" };
static const char *const roles[] = { "ignore", "signal", "time", "marker" };

static void
free_column (gpointer data)
{
  InionCsvColumn *column = data;

  g_free (column->name);
  g_free (column->unit);
  g_free (column);
}

static InionCsvColumn *
new_column (const char   *name,
            const char   *unit,
            InionCsvRole  role,
            double        gain)
{
  InionCsvColumn *column = g_new0 (InionCsvColumn, 1);

  column->name = g_strdup (name);
  column->unit = g_strdup (unit);
  column->role = role;
  column->gain = gain;
  return column;
}

static InionCsvGuess *
new_table (void)
{
  InionCsvGuess *table = g_new0 (InionCsvGuess, 1);

  table->columns = g_ptr_array_new_with_free_func (free_column);
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  table->notes = g_ptr_array_new_with_free_func (g_free);
  return table;
}

static InionCsvGuess *
copy_table (const InionCsvGuess *from)
{
  InionCsvGuess *table = new_table ();

  table->format = g_strdup (from->format);
  table->delimiter = from->delimiter;
  table->decimal = from->decimal;
  table->header_rows = from->header_rows;
  table->rate_hz = from->rate_hz;
  table->time_scale = from->time_scale;
  for (guint k = 0; k < from->columns->len; k++)
    {
      const InionCsvColumn *column = from->columns->pdata[k];

      g_ptr_array_add (table->columns,
                       new_column (column->name, column->unit, column->role, column->gain));
    }
  return table;
}

static InionChoice *
new_choice (InionChoiceKind kind)
{
  InionChoice *self = g_new0 (InionChoice, 1);

  self->kind = kind;
  if (kind == INION_CHOICE_STREAMS)
    {
      self->streams = g_array_new (FALSE, FALSE, sizeof (guint32));
      self->names = g_ptr_array_new_with_free_func (g_free);
    }
  return self;
}

static void
add_stream (InionChoice *self,
            guint32      id,
            const char  *name)
{
  g_array_append_val (self->streams, id);
  g_ptr_array_add (self->names, g_strdup (name));
}

/**
 * inion_choice_new_streams:
 * @streams: (element-type InionXdfStream): all streams of the file
 * @ids: (array length=n): numbers of those that are wanted
 * @n: how many
 *
 * Returns: (transfer full): a choice that is not bound yet
 */
InionChoice *
inion_choice_new_streams (GPtrArray     *streams,
                          const guint32 *ids,
                          gsize          n)
{
  InionChoice *self = new_choice (INION_CHOICE_STREAMS);

  self->n_streams = streams->len;
  for (gsize i = 0; i < n; i++)
    for (guint k = 0; k < streams->len; k++)
      if (((const InionXdfStream *) streams->pdata[k])->id == ids[i])
        {
          add_stream (self, ids[i], ((const InionXdfStream *) streams->pdata[k])->name);
          break;
        }
  return self;
}

/**
 * inion_choice_new_table:
 * @table: (transfer full): how a table is meant
 *
 * Returns: (transfer full): a choice that is not bound yet
 */
InionChoice *
inion_choice_new_table (InionCsvGuess *table)
{
  InionChoice *self = new_choice (INION_CHOICE_TABLE);

  self->table = table;
  return self;
}

/**
 * inion_choice_new_compatible:
 *
 * Returns: (transfer full): the choice of the compatibility reader, not bound yet
 */
InionChoice *
inion_choice_new_compatible (void)
{
  return new_choice (INION_CHOICE_COMPATIBLE);
}

InionChoice *
inion_choice_copy (const InionChoice *self)
{
  InionChoice *copy = new_choice (self->kind);

  for (guint i = 0; self->streams != NULL && i < self->streams->len; i++)
    add_stream (copy, g_array_index (self->streams, guint32, i), self->names->pdata[i]);
  copy->n_streams = self->n_streams;
  copy->table = self->table != NULL ? copy_table (self->table) : NULL;
  copy->size = self->size;
  copy->mtime_ns = self->mtime_ns;
  copy->fingerprint = g_strdup (self->fingerprint);
  return copy;
}

void
inion_choice_free (InionChoice *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->streams, g_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  inion_csv_guess_free (self->table);
  g_free (self->fingerprint);
  g_free (self);
}

const char *
inion_choice_kind_to_string (InionChoiceKind kind)
{
  return kinds[kind];
}

/* JSON */

static void
add_streams (const InionChoice *self,
             InionJsonText     *text)
{
  inion_json_text_key (text, "n_streams");
  inion_json_text_uint (text, self->n_streams);
  inion_json_text_key (text, "streams");
  inion_json_text_begin_array (text, INION_JSON_TIGHT);
  for (guint i = 0; i < self->streams->len; i++)
    {
      inion_json_text_begin_object (text, INION_JSON_TIGHT);
      inion_json_text_key (text, "id");
      inion_json_text_uint (text, g_array_index (self->streams, guint32, i));
      inion_json_text_key (text, "name");
      inion_json_text_string (text, self->names->pdata[i]);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

static void
add_table (const InionCsvGuess *table,
           InionJsonText       *text)
{
  const char delimiter[] = { table->delimiter, '\0' }, decimal[] = { table->decimal, '\0' };

  inion_json_text_key (text, "format");
  inion_json_text_string (text, table->format);
  inion_json_text_key (text, "delimiter");
  inion_json_text_string (text, delimiter);
  inion_json_text_key (text, "decimal");
  inion_json_text_string (text, decimal);
  inion_json_text_key (text, "header_rows");
  inion_json_text_uint (text, table->header_rows);
  inion_json_text_key (text, "rate_hz");
  inion_json_text_double (text, table->rate_hz);
  inion_json_text_key (text, "time_scale");
  inion_json_text_double (text, table->time_scale);
  inion_json_text_key (text, "columns");
  inion_json_text_begin_array (text, INION_JSON_TIGHT);
  for (guint k = 0; k < table->columns->len; k++)
    {
      const InionCsvColumn *column = table->columns->pdata[k];

      inion_json_text_begin_object (text, INION_JSON_TIGHT);
      inion_json_text_key (text, "name");
      inion_json_text_string (text, column->name);
      inion_json_text_key (text, "unit");
      inion_json_text_string (text, column->unit);
      inion_json_text_key (text, "role");
      inion_json_text_string (text, roles[column->role]);
      inion_json_text_key (text, "gain");
      inion_json_text_double (text, column->gain);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
}

/**
 * inion_choice_to_json:
 *
 * Returns: (transfer full): what was chosen, on one line; not what it is bound to
 */
char *
inion_choice_to_json (const InionChoice *self)
{
  InionJsonText *text = inion_json_text_new ();

  inion_json_text_begin_object (text, INION_JSON_TIGHT);
  inion_json_text_key (text, "kind");
  inion_json_text_string (text, kinds[self->kind]);
  if (self->kind == INION_CHOICE_STREAMS)
    add_streams (self, text);
  if (self->kind == INION_CHOICE_TABLE)
    add_table (self->table, text);
  inion_json_text_end_object (text);
  return inion_json_text_finish (text);
}

static gboolean
read_streams (InionChoice *self,
              JsonObject  *object)
{
  JsonArray *array = inion_json_get_array (object, "streams");
  gint64 n, id;

  if (array == NULL || !inion_json_get_int (object, "n_streams", &n) || n < 1 || n > G_MAXUINT32)
    return FALSE;
  self->n_streams = (guint) n;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *stream = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = stream != NULL ? inion_json_get_string (stream, "name") : NULL;

      if (name == NULL || !inion_json_get_int (stream, "id", &id) || id < 0 || id > G_MAXUINT32)
        return FALSE;
      add_stream (self, (guint32) id, name);
    }
  return self->streams->len > 0;
}

static gboolean
read_column (InionCsvGuess *table,
             JsonNode      *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = object != NULL ? inion_json_get_string (object, "name") : NULL;
  const char *unit = object != NULL ? inion_json_get_string (object, "unit") : NULL;
  const char *role = object != NULL ? inion_json_get_string (object, "role") : NULL;
  double gain;

  if (name == NULL || unit == NULL || role == NULL ||
      !inion_json_get_double (object, "gain", &gain))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (roles[i], role))
      {
        g_ptr_array_add (table->columns, new_column (name, unit, (InionCsvRole) i, gain));
        return TRUE;
      }
  return FALSE;
}

/* One character of a list. */
static gboolean
read_character (JsonObject *object,
                const char *name,
                const char *list,
                char       *character)
{
  const char *text = inion_json_get_string (object, name);

  if (text == NULL || strlen (text) != 1 || strchr (list, *text) == NULL)
    return FALSE;
  *character = *text;
  return TRUE;
}

static gboolean
read_table (InionChoice *self,
            JsonObject  *object)
{
  JsonArray *array = inion_json_get_array (object, "columns");
  InionCsvGuess *table = self->table = new_table ();
  gint64 rows;

  table->format = g_strdup (inion_json_get_string (object, "format"));
  if (array == NULL || table->format == NULL ||
      !read_character (object, "delimiter", "\t;,| ", &table->delimiter) ||
      !read_character (object, "decimal", ".,", &table->decimal) ||
      !inion_json_get_int (object, "header_rows", &rows) || rows < 0 || rows > G_MAXINT32 ||
      !inion_json_get_double (object, "rate_hz", &table->rate_hz) || !(table->rate_hz > 0) ||
      !inion_json_get_double (object, "time_scale", &table->time_scale) || !(table->time_scale > 0))
    return FALSE;
  table->header_rows = (guint) rows;
  for (guint k = 0; k < json_array_get_length (array); k++)
    if (!read_column (table, json_array_get_element (array, k)))
      return FALSE;
  return table->columns->len > 0;
}

/**
 * inion_choice_new_from_json:
 * @json: what inion_choice_to_json() gave
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the choice; %NULL with %INION_ERROR_FORMAT
 */
InionChoice *
inion_choice_new_from_json (const char *json,
                            GError    **error)
{
  g_autoptr (JsonNode) root = inion_json_parse_object (json, -1, MAX_BYTES, error);
  g_autoptr (InionChoice) self = NULL;
  JsonObject *object;
  const char *kind;

  if (root == NULL)
    return NULL;
  object = json_node_get_object (root);
  kind = inion_json_get_string (object, "kind");
  for (gsize i = 0; kind != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i], kind))
      self = new_choice ((InionChoiceKind) i);
  if (self == NULL || (self->kind == INION_CHOICE_STREAMS && !read_streams (self, object)) ||
      (self->kind == INION_CHOICE_TABLE && !read_table (self, object)))
    {
      inion_set_error (error, INION_ERROR_FORMAT, "The choice made at opening is not readable.");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * inion_choice_describe:
 *
 * Returns: (transfer full): what was chosen, in a few words: “Ear” of 2 streams
 */
char *
inion_choice_describe (const InionChoice *self)
{
  if (self->kind == INION_CHOICE_COMPATIBLE)
    return g_strdup ("compatibility reader");
  if (self->kind == INION_CHOICE_TABLE)
    {
      char rate[G_ASCII_DTOSTR_BUF_SIZE];

      return g_strdup_printf ("table at %s Hz",
                              g_ascii_formatd (rate, sizeof rate, "%.6g", self->table->rate_hz));
    }
  if (self->streams->len == self->n_streams)
    return g_strdup_printf (self->n_streams == 1 ? "%u stream" : "all %u streams", self->n_streams);
  if (self->streams->len == 1)
    return g_strdup_printf ("“%s” of %u streams", (const char *) self->names->pdata[0],
                            self->n_streams);
  return g_strdup_printf ("%u of %u streams", self->streams->len, self->n_streams);
}

/**
 * inion_choice_open:
 * @self: (nullable): what was chosen; %NULL: what the file says by itself
 * @path: a file
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Opens a recording as a person said.
 *
 * Returns: (transfer full) (nullable): the recording, or %NULL as inion_recording_open()
 */
InionRecording *
inion_choice_open (const InionChoice *self,
                   const char        *path,
                   InionJob          *job,
                   GError           **error)
{
  if (self == NULL)
    return inion_recording_open_with_job (path, job, error);
  switch (self->kind)
    {
    case INION_CHOICE_STREAMS:
      return inion_xdf_recording_open_streams (path,
                                               (const guint32 *) (void *) self->streams->data,
                                               self->streams->len, job, error);
    case INION_CHOICE_TABLE:
      return inion_csv_recording_open_as (path, self->table, job, error);
    case INION_CHOICE_COMPATIBLE:
    default:
      return inion_recording_open_foreign (path, job, error);
    }
}

/**
 * inion_choice_bind:
 * @self: a choice
 * @path: the file
 * @recording: the same, opened as chosen
 * @job: (nullable): for progress and cancel
 * @error: return location
 *
 * Notes which content the choice was made for. All of the file is read.
 *
 * Returns: %FALSE with @error set
 */
gboolean
inion_choice_bind (InionChoice     *self,
                   const char      *path,
                   InionRecording  *recording,
                   InionJob        *job,
                   GError         **error)
{
  if (!_inion_study_path_measure (path, &self->size, &self->mtime_ns, error))
    return FALSE;
  g_free (self->fingerprint);
  self->fingerprint = inion_recording_dup_content_fingerprint (recording, job, error);
  return self->fingerprint != NULL;
}

/**
 * inion_choice_fit_streams:
 * @self: a choice of streams
 * @streams: (element-type InionXdfStream): those of another file
 *
 * Finds streams of the same names: numbers differ from file to file.
 *
 * Returns: (transfer full) (nullable): the choice for the other file, not bound; %NULL if a name is
 *   missing there or stands there twice
 */
InionChoice *
inion_choice_fit_streams (const InionChoice *self,
                          GPtrArray         *streams)
{
  g_autoptr (InionChoice) other = new_choice (INION_CHOICE_STREAMS);

  if (self->kind != INION_CHOICE_STREAMS)
    return NULL;
  other->n_streams = streams->len;
  for (guint i = 0; i < self->names->len; i++)
    {
      guint before = other->streams->len;

      for (guint k = 0; k < streams->len; k++)
        {
          const InionXdfStream *stream = streams->pdata[k];

          if (g_str_equal (stream->name, self->names->pdata[i]))
            add_stream (other, stream->id, stream->name);
        }
      if (other->streams->len != before + 1)
        return NULL;
    }
  return g_steal_pointer (&other);
}

/**
 * inion_choice_fit_table:
 * @self: a choice of columns
 * @guess: how another table looks
 *
 * Returns: (transfer full) (nullable): the choice for the other table, not bound; %NULL if that has
 *   other columns or another layout
 */
InionChoice *
inion_choice_fit_table (const InionChoice   *self,
                        const InionCsvGuess *guess)
{
  if (self->kind != INION_CHOICE_TABLE || guess->delimiter != self->table->delimiter ||
      guess->columns->len != self->table->columns->len)
    return NULL;
  return inion_choice_new_table (copy_table (self->table));
}
