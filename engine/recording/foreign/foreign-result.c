/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a helper read of a foreign file, after nothing of it was believed.
 *
 * A helper may have been taken over by the file it read. So every count, place, number and text of
 * what it hands back is checked here like the content of a file, and where samples would lie is
 * checked again against the size of the file they are in when channels are added. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/foreign/foreign-result.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-text.h"
#include "recording/foreign/foreign-wire.h"

#include <math.h>
#include <string.h>

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
#define LARGEST_DENOMINATOR 1000000
#define FASTEST_RATE 1e8
#define SLOWEST_RATE 1e-5
#define LARGEST_POSITION 1e15

/* The parts of what was handed back, all within it. */
typedef struct
{
  ForeignHeader header;
  const guint8 *channels;
  const guint8 *events;
  const guint8 *notes;
  const guint8 *texts;
  gsize n_texts;
} Parts;

static void
clear_channel (gpointer data)
{
  InionForeignChannel *channel = data;

  g_free (channel->label);
  g_free (channel->kind);
  g_free (channel->unit);
  g_free (channel->reference);
  g_free (channel->transducer);
}

static void
clear_event (gpointer data)
{
  g_free (((InionForeignEvent *) data)->text);
}

static gboolean
take_part (const guint8 **part,
           const guint8  *bytes,
           gsize          n,
           gsize         *at,
           gsize          count,
           gsize          size)
{
  gsize length, end;

  if (!inion_size_mul (&length, count, size) || !inion_size_add (&end, *at, length) || end > n)
    return FALSE;
  *part = bytes + *at;
  *at = end;
  return TRUE;
}

static gboolean
find_parts (Parts        *parts,
            const guint8 *bytes,
            gsize         n)
{
  gsize at = sizeof parts->header;

  if (n < sizeof parts->header)
    return FALSE;
  memcpy (&parts->header, bytes, sizeof parts->header);
  if (memcmp (parts->header.magic, FOREIGN_MAGIC, sizeof parts->header.magic) != 0 ||
      parts->header.version != FOREIGN_VERSION || parts->header.size != n ||
      (parts->header.state != FOREIGN_GOOD && parts->header.state != FOREIGN_REFUSED) ||
      !take_part (&parts->channels, bytes, n, &at, parts->header.n_channels,
                  sizeof (ForeignChannel)) ||
      !take_part (&parts->events, bytes, n, &at, parts->header.n_events, sizeof (ForeignEvent)) ||
      !take_part (&parts->notes, bytes, n, &at, parts->header.n_notes, sizeof (ForeignNote)))
    return FALSE;
  parts->texts = bytes + at;
  parts->n_texts = n - at;
  return TRUE;
}

/* FALSE: it lies outside the texts. */
static gboolean
take_text (const Parts  *parts,
           ForeignText   text,
           char        **out)
{
  guint oddities = 0;

  if (text.offset > parts->n_texts || text.length > parts->n_texts - text.offset)
    return FALSE;
  g_free (*out);
  *out = inion_edf_text_dup (parts->texts + text.offset, text.length, &oddities);
  return TRUE;
}

/* The same with its lines, and %NULL if it is empty. */
static gboolean
take_long_text (const Parts  *parts,
                ForeignText   text,
                char        **out)
{
  g_autofree char *content = NULL;
  guint oddities = 0;

  if (text.offset > parts->n_texts || text.length > parts->n_texts - text.offset)
    return FALSE;
  content = g_strstrip (inion_edf_decode_dup (parts->texts + text.offset, text.length, &oddities));
  *out = *content != '\0' ? g_steal_pointer (&content) : NULL;
  return TRUE;
}

static gboolean
is_rate (double rate)
{
  return isfinite (rate) && rate >= SLOWEST_RATE && rate <= FASTEST_RATE;
}

static gboolean
take_layout (const ForeignChannel *raw,
             InionSampleLayout    *layout)
{
  static const InionSampleType types[] = {
    [FOREIGN_INT8] = INION_SAMPLE_INT8,       [FOREIGN_UINT8] = INION_SAMPLE_UINT8,
    [FOREIGN_INT16] = INION_SAMPLE_INT16,     [FOREIGN_UINT16] = INION_SAMPLE_UINT16,
    [FOREIGN_INT32] = INION_SAMPLE_INT32,     [FOREIGN_UINT32] = INION_SAMPLE_UINT32,
    [FOREIGN_INT64] = INION_SAMPLE_INT64,     [FOREIGN_UINT64] = INION_SAMPLE_UINT64,
    [FOREIGN_FLOAT32] = INION_SAMPLE_FLOAT32, [FOREIGN_FLOAT64] = INION_SAMPLE_FLOAT64,
  };
  gint64 end;

  if (raw->type >= G_N_ELEMENTS (types) || raw->n_samples > G_MAXINT64 ||
      raw->offset > G_MAXINT64 || raw->stride > G_MAXINT64 || raw->block_samples > G_MAXINT64 ||
      raw->block_bytes > G_MAXINT64)
    return FALSE;
  *layout = (InionSampleLayout) {
    .type = types[raw->type], .big_endian = G_BYTE_ORDER == G_BIG_ENDIAN,
    .offset = (gint64) raw->offset, .stride = (gint64) raw->stride,
    .block_samples = raw->block_samples > 0 ? (gint64) raw->block_samples : G_MAXINT64,
    .block_bytes = (gint64) raw->block_bytes,
  };
  /* Of samples that are elsewhere only the type is told. */
  return raw->stride == 0 || inion_sample_layout_get_end (layout, (gint64) raw->n_samples, &end);
}

static gboolean
take_channel (InionForeignResult *self,
              const Parts        *parts,
              guint               index)
{
  InionForeignChannel channel = { 0 };
  ForeignChannel raw;
  gboolean good;

  memcpy (&raw, parts->channels + index * sizeof raw, sizeof raw);
  good = take_text (parts, raw.label, &channel.label) &&
         take_text (parts, raw.kind, &channel.kind) &&
         take_text (parts, raw.unit, &channel.unit) &&
         take_text (parts, raw.reference, &channel.reference) &&
         take_text (parts, raw.transducer, &channel.transducer) && is_rate (raw.rate) &&
         take_layout (&raw, &channel.layout) &&
         (self->external != NULL || raw.stride > 0);
  if (!good)
    {
      clear_channel (&channel);
      return FALSE;
    }
  channel.rate = raw.rate;
  channel.n_samples = (gint64) raw.n_samples;
  memcpy (channel.position, raw.position, sizeof channel.position);
  channel.has_position = raw.has_position != 0 && isfinite (raw.position[0]) &&
                         isfinite (raw.position[1]) && isfinite (raw.position[2]);
  g_array_append_val (self->channels, channel);
  return TRUE;
}

/* FALSE only if it makes no sense; one that is nowhere in the recording is left out. */
static gboolean
take_event (InionForeignResult *self,
            const Parts        *parts,
            guint               index,
            guint              *dropped)
{
  InionForeignEvent event = { 0 };
  ForeignEvent raw;

  memcpy (&raw, parts->events + (gsize) index * sizeof raw, sizeof raw);
  if (!take_text (parts, raw.text, &event.text))
    return FALSE;
  event.position = raw.position;
  event.duration = raw.duration >= 0 && raw.duration < LARGEST_POSITION ? raw.duration : -1;
  if (!isfinite (raw.position) || fabs (raw.position) > LARGEST_POSITION)
    {
      (*dropped)++;
      clear_event (&event);
      return TRUE;
    }
  g_array_append_val (self->events, event);
  return TRUE;
}

static gboolean
take_note (InionForeignResult *self,
           const Parts        *parts,
           guint               index)
{
  g_autofree char *field = NULL;
  g_autofree char *message = NULL;
  ForeignNote raw;

  memcpy (&raw, parts->notes + (gsize) index * sizeof raw, sizeof raw);
  if (!take_text (parts, raw.field, &field) || !take_text (parts, raw.message, &message))
    return FALSE;
  g_ptr_array_add (self->faults, inion_fault_new (-1, field, "%s", message));
  return TRUE;
}

static gboolean
take_header (InionForeignResult *self,
             const Parts        *parts)
{
  const ForeignHeader *header = &parts->header;

  if (header->place > FOREIGN_SAMPLES_EXTERNAL || !is_rate (header->rate) || header->trials < 1 ||
      header->epoch_samples > G_MAXINT64 || header->n_channels < 1 ||
      !take_text (parts, header->format, &self->format) ||
      !take_long_text (parts, header->patient, &self->patient) ||
      !take_long_text (parts, header->description, &self->description))
    return FALSE;
  if (header->place == FOREIGN_SAMPLES_EXTERNAL &&
      !take_text (parts, header->external, &self->external))
    return FALSE;
  self->rate = header->rate;
  self->trials = header->trials;
  self->epoch_samples = (gint64) header->epoch_samples;
  if (header->has_start != 0)
    {
      const double *t = header->start;

      for (guint i = 0; i < 6; i++)
        if (!(t[i] >= 0 && t[i] <= 9999))
          return TRUE;
      self->start = g_date_time_new_utc ((int) t[0], (int) t[1], (int) t[2], (int) t[3],
                                         (int) t[4], t[5]);
    }
  return TRUE;
}

static gboolean
take_all (InionForeignResult *self,
          const Parts        *parts)
{
  guint dropped = 0;

  if (!take_header (self, parts))
    return FALSE;
  for (guint i = 0; i < parts->header.n_channels; i++)
    if (!take_channel (self, parts, i))
      return FALSE;
  for (guint i = 0; i < parts->header.n_events; i++)
    if (!take_event (self, parts, i, &dropped))
      return FALSE;
  for (guint i = 0; i < parts->header.n_notes; i++)
    if (!take_note (self, parts, i))
      return FALSE;
  if (dropped > 0)
    g_ptr_array_add (self->faults, inion_fault_new (-1, "event",
                                                    "%u events are at no possible time and were "
                                                    "left out.", dropped));
  return TRUE;
}

static gboolean
set_refusal (const Parts  *parts,
             const char   *name,
             GError      **error)
{
  static const InionError codes[] = {
    [FOREIGN_REFUSED_FORMAT] = INION_ERROR_FORMAT,
    [FOREIGN_REFUSED_UNSUPPORTED] = INION_ERROR_UNSUPPORTED,
    [FOREIGN_REFUSED_TOO_LARGE] = INION_ERROR_TOO_LARGE,
  };
  g_autofree char *message = NULL;
  guint refusal = parts->header.refusal;

  if (!take_text (parts, parts->header.message, &message) || *message == '\0')
    {
      g_free (message);
      message = g_strdup ("cannot be read.");
    }
  return inion_set_error (error, refusal < G_N_ELEMENTS (codes) ? codes[refusal] : INION_ERROR_FORMAT,
                          "“%s” %s", name, message);
}

/**
 * inion_foreign_result_parse:
 * @bytes: (array length=n): what a helper handed back
 * @n: its length
 * @name: the file it read, for messages
 * @error: return location
 *
 * Checks and takes a result.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with the helper's own reason if it refused
 *   the file, %INION_ERROR_FORMAT if what it handed back makes no sense
 */
InionForeignResult *
inion_foreign_result_parse (const guint8  *bytes,
                            gsize          n,
                            const char    *name,
                            GError       **error)
{
  g_autoptr (InionForeignResult) self = NULL;
  Parts parts;
  gboolean found = find_parts (&parts, bytes, n);

  if (found && parts.header.state == FOREIGN_REFUSED)
    {
      set_refusal (&parts, name, error);
      return NULL;
    }
  self = g_new0 (InionForeignResult, 1);
  self->channels = g_array_new (FALSE, FALSE, sizeof (InionForeignChannel));
  g_array_set_clear_func (self->channels, clear_channel);
  self->events = g_array_new (FALSE, FALSE, sizeof (InionForeignEvent));
  g_array_set_clear_func (self->events, clear_event);
  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) inion_fault_free);
  if (!found || !take_all (self, &parts))
    {
      inion_set_error (error, INION_ERROR_FORMAT,
                       "“%s” made its reader give an answer that makes no sense, so it was not "
                       "opened. The file is damaged, or made to do harm.", name);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * inion_foreign_result_free:
 * @self: (nullable): a result
 */
void
inion_foreign_result_free (InionForeignResult *self)
{
  if (self == NULL)
    return;
  g_free (self->format);
  g_free (self->external);
  g_free (self->patient);
  g_free (self->description);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_array_unref (self->channels);
  g_array_unref (self->events);
  g_ptr_array_unref (self->faults);
  g_free (self);
}

/**
 * inion_foreign_rate:
 * @rate: samples a second
 * @rate_num: (out): the clock's numerator
 * @rate_den_ns: (out): its denominator
 *
 * Finds the fraction that a rate stands for, such as 1000/3: the first convergent of its continued
 * fraction that is the same number, or else the last with a denominator up to a million.
 *
 * Returns: %FALSE if it is no rate
 */
gboolean
inion_foreign_rate (double  rate,
                    gint64 *rate_num,
                    gint64 *rate_den_ns)
{
  gint64 p0 = 1, q0 = 0, p1, q1 = 1;
  double rest = rate;

  if (!is_rate (rate))
    return FALSE;
  p1 = (gint64) floor (rate);
  for (guint i = 0; i < 64 && (double) p1 / (double) q1 != rate; i++)
    {
      double part = rest - floor (rest);
      gint64 a, p, q;

      if (part <= 0 || 1 / part > 1e12)
        break;
      rest = 1 / part;
      a = (gint64) floor (rest);
      if (!inion_int64_mul (&p, a, p1) || !inion_int64_add (&p, p, p0) ||
          !inion_int64_mul (&q, a, q1) || !inion_int64_add (&q, q, q0) || q > LARGEST_DENOMINATOR)
        break;
      p0 = p1;
      q0 = q1;
      p1 = p;
      q1 = q;
    }
  if (p1 < 1)
    return FALSE;
  *rate_num = p1;
  *rate_den_ns = q1 * NS_PER_SECOND;
  return TRUE;
}
