/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The XML texts of an XDF file: what a stream says of itself.
 *
 * GMarkup knows no entities but the five of XML, so a text cannot grow while it is read. A text
 * that breaks off says all that came before. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/xdf-header.h"

#include "core/error.h"
#include "recording/edf-text.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH 64
#define MAX_TEXT 4096
#define MAX_PATH 1024
#define MAX_CHANNELS 100000
#define MAX_RATE 1e7

typedef struct
{
  InionXdfHeader *header;
  GString *path;
  GString *text;
  guint depth;
  char *channel_count;
  char *rate;
  char *datetime;
} Reading;

static void
free_channel (gpointer data)
{
  InionXdfChannel *channel = data;

  g_free (channel->label);
  g_free (channel->unit);
  g_free (channel->type);
  g_free (channel);
}

static void
set_text (char       **place,
          const char  *text)
{
  if (*place != NULL || *text == '\0')
    return;
  *place = g_strdup (text);
  for (char *p = *place; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
}

static gboolean
read_number (const char *text,
             double     *value)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  while (g_ascii_isspace (*end))
    end++;
  return end != text && *end == '\0' && isfinite (*value);
}

static void
take_coordinate (InionXdfChannel *channel,
                 guint            axis,
                 const char      *text)
{
  double value;

  if (read_number (text, &value))
    {
      channel->position[axis] = value;
      channel->known |= 1 << axis;
    }
}

static void
take_channel_text (InionXdfHeader *header,
                   const char     *name,
                   const char     *text)
{
  InionXdfChannel *channel;

  if (header->channels->len == 0)
    return;
  channel = header->channels->pdata[header->channels->len - 1];
  if (strcmp (name, "label") == 0)
    set_text (&channel->label, text);
  else if (strcmp (name, "name") == 0)
    set_text (&channel->label, text); /* some programs write this instead */
  else if (strcmp (name, "unit") == 0)
    set_text (&channel->unit, text);
  else if (strcmp (name, "type") == 0)
    set_text (&channel->type, text);
  else if (strcmp (name, "location/X") == 0)
    take_coordinate (channel, 0, text);
  else if (strcmp (name, "location/Y") == 0)
    take_coordinate (channel, 1, text);
  else if (strcmp (name, "location/Z") == 0)
    take_coordinate (channel, 2, text);
}

static void
take_text (Reading    *self,
           const char *path,
           const char *text)
{
  static const char channel[] = "/info/desc/channels/channel/";
  InionXdfHeader *header = self->header;

  if (g_str_has_prefix (path, channel))
    take_channel_text (header, path + strlen (channel), text);
  else if (strcmp (path, "/info/name") == 0)
    set_text (&header->name, text);
  else if (strcmp (path, "/info/type") == 0)
    set_text (&header->type, text);
  else if (strcmp (path, "/info/hostname") == 0)
    set_text (&header->hostname, text);
  else if (strcmp (path, "/info/channel_format") == 0)
    set_text (&header->format, text);
  else if (strcmp (path, "/info/channel_count") == 0)
    set_text (&self->channel_count, text);
  else if (strcmp (path, "/info/nominal_srate") == 0)
    set_text (&self->rate, text);
  else if (strcmp (path, "/info/datetime") == 0)
    set_text (&self->datetime, text);
  else if (strcmp (path, "/info/desc/reference/label") == 0)
    set_text (&header->reference, text);
}

static void
on_start (GMarkupParseContext  *context,
          const char           *name,
          const char          **attribute_names,
          const char          **attribute_values,
          gpointer              data,
          GError              **error)
{
  Reading *self = data;

  if (self->depth == MAX_DEPTH || self->path->len + strlen (name) > MAX_PATH)
    {
      inion_set_error (error, INION_ERROR_FORMAT, "Elements stand more than %d deep in each other.",
                       MAX_DEPTH);
      return;
    }
  self->depth++;
  g_string_append_printf (self->path, "/%s", name);
  g_string_truncate (self->text, 0);
  if (strcmp (self->path->str, "/info/desc/channels/channel") == 0 &&
      self->header->channels->len < MAX_CHANNELS)
    g_ptr_array_add (self->header->channels, g_new0 (InionXdfChannel, 1));
}

static void
on_end (GMarkupParseContext  *context,
        const char           *name,
        gpointer              data,
        GError              **error)
{
  Reading *self = data;

  g_strstrip (self->text->str);
  take_text (self, self->path->str, self->text->str);
  g_string_assign (self->text, "");
  g_string_truncate (self->path, self->path->len - strlen (name) - 1);
  self->depth--;
}

static void
on_text (GMarkupParseContext  *context,
         const char           *text,
         gsize                 n,
         gpointer              data,
         GError              **error)
{
  Reading *self = data;
  const char *end = text + MIN (n, MAX_TEXT - MIN (self->text->len, MAX_TEXT));

  /* Never through the middle of a character. */
  while (end > text && end < text + n && ((guchar) *end & 0xc0) == 0x80)
    end--;
  g_string_append_len (self->text, text, end - text);
}

static void
clear_reading (Reading *self)
{
  g_string_free (self->path, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self->channel_count);
  g_free (self->rate);
  g_free (self->datetime);
}

static void
parse (Reading      *self,
       const guint8 *bytes,
       gsize         n)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };
  g_autoptr (GMarkupParseContext) context =
    g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT | G_MARKUP_IGNORE_QUALIFIED,
                                self, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint oddities = 0;

  self->path = g_string_new (NULL);
  self->text = g_string_new (NULL);
  while (n > 0 && (bytes[n - 1] == '\0' || g_ascii_isspace ((char) bytes[n - 1])))
    n--;
  text = inion_edf_decode_dup (bytes, n, &oddities);
  if (!g_markup_parse_context_parse (context, text, (gssize) strlen (text), &error) ||
      !g_markup_parse_context_end_parse (context, &error))
    self->header->broken = g_utf8_make_valid (error->message, -1); /* it may cut a character */
}

static gboolean
find_format (InionXdfHeader *header)
{
  static const struct
  {
    const char *name;
    InionSampleType type;
  } formats[] = {
    { "float32", INION_SAMPLE_FLOAT32 }, { "double64", INION_SAMPLE_FLOAT64 },
    { "int8", INION_SAMPLE_INT8 },       { "int16", INION_SAMPLE_INT16 },
    { "int32", INION_SAMPLE_INT32 },     { "int64", INION_SAMPLE_INT64 },
    { "float64", INION_SAMPLE_FLOAT64 },
  };

  header->strings = strcmp (header->format, "string") == 0;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (header->format, formats[i].name) == 0)
      {
        header->sample_type = formats[i].type;
        return TRUE;
      }
  return header->strings;
}

static InionXdfHeader *
new_header (void)
{
  InionXdfHeader *self = g_new0 (InionXdfHeader, 1);

  self->channels = g_ptr_array_new_with_free_func (free_channel);
  return self;
}

/* Checks what decides how the samples are read. */
static gboolean
check (Reading  *reading,
       GError  **error)
{
  InionXdfHeader *header = reading->header;
  double count = 0;

  if (header->format == NULL)
    return inion_set_error (error, INION_ERROR_FORMAT, "it does not say its channel_format%s%s",
                            header->broken != NULL ? ": " : "",
                            header->broken != NULL ? header->broken : "");
  if (!find_format (header))
    return inion_set_error (error, INION_ERROR_FORMAT, "its channel_format “%s” is not known",
                            header->format);
  if (reading->channel_count == NULL || !read_number (reading->channel_count, &count) ||
      count < 1 || count > MAX_CHANNELS || count != floor (count))
    return inion_set_error (error, INION_ERROR_FORMAT, "its channel_count is “%s”",
                            reading->channel_count != NULL ? reading->channel_count : "");
  header->n_channels = (guint) count;
  if (reading->rate != NULL && (!read_number (reading->rate, &header->rate) || header->rate < 0 ||
                                header->rate > MAX_RATE))
    return inion_set_error (error, INION_ERROR_FORMAT, "its nominal_srate is “%s”", reading->rate);
  if (header->rate < 1e-6)
    header->rate = 0;
  return TRUE;
}

/**
 * _inion_xdf_header_read:
 * @bytes: (array length=n): the XML of a stream header
 * @n: its length
 * @error: return location; the message ends a sentence that begins with the stream
 *
 * Returns: (transfer full) (nullable): what it says, or %NULL with %INION_ERROR_FORMAT if the
 *   samples cannot be read by it
 */
InionXdfHeader *
_inion_xdf_header_read (const guint8  *bytes,
                        gsize          n,
                        GError       **error)
{
  g_autoptr (InionXdfHeader) header = new_header ();
  Reading reading = { .header = header };
  gboolean ok;

  parse (&reading, bytes, n);
  ok = check (&reading, error);
  clear_reading (&reading);
  return ok ? g_steal_pointer (&header) : NULL;
}

/**
 * _inion_xdf_header_free:
 * @self: (nullable): a header
 */
void
_inion_xdf_header_free (InionXdfHeader *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->type);
  g_free (self->hostname);
  g_free (self->reference);
  g_free (self->format);
  g_ptr_array_unref (self->channels);
  g_free (self->broken);
  g_free (self);
}

/**
 * _inion_xdf_read_datetime:
 * @bytes: (array length=n): the XML of a file header
 * @n: its length
 *
 * Returns: (transfer full) (nullable): the text that says when it was recorded
 */
char *
_inion_xdf_read_datetime (const guint8 *bytes,
                          gsize         n)
{
  g_autoptr (InionXdfHeader) header = new_header ();
  Reading reading = { .header = header };
  char *datetime;

  parse (&reading, bytes, n);
  datetime = g_steal_pointer (&reading.datetime);
  clear_reading (&reading);
  return datetime;
}
