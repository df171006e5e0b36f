/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The annotations of an EDF+ or BDF+ file, distributed over its records.
 *
 * Every record has equally many bytes for annotations, an annotation must lie in one record as a
 * whole, and each record begins with one that says when it starts. An annotation goes to the record
 * in which it begins, or, where that is full, to the next that is not; what is left over at the end
 * goes to the first records with room. The fewest bytes for which all find a place are searched by
 * halves. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-write-private.h"

#include <string.h>

#define TEXT_END "\x14"
#define DURATION "\x15"

/* More would be no recording any more but a copy of the texts. */
#define MAX_TAL_BYTES ((gsize) 1 << 28)

typedef struct
{
  InionEdfWrite *write;
  gint64 *homes; /* the record in which each begins */
  gsize most_keeping; /* bytes of the longest that says when a record starts */
} Packing;

/**
 * _inion_edf_write_dup_event_text:
 * @self: a file
 * @event: an event of its plan
 * @changed: (inout) (optional): set if the text had to be changed
 *
 * Makes the text as it is written: without control characters, which would end it, and with the
 * channel behind two “@”, as EDFbrowser does it.
 *
 * Returns: (transfer full): the text
 */
char *
_inion_edf_write_dup_event_text (const InionEdfWrite *self,
                                 const InionEvent    *event,
                                 gboolean            *changed)
{
  g_autofree char *text = g_utf8_make_valid (event->text, -1);
  gboolean different = strcmp (text, event->text) != 0 || *text == '\0';

  for (char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && strchr ("\t\n\r", *p) == NULL)
      {
        *p = ' ';
        different = TRUE;
      }
  if (changed != NULL && different)
    *changed = TRUE;
  if (event->channel >= 0)
    return g_strconcat (text, "@@", self->signals[event->channel].label, NULL);
  return *text != '\0' ? g_steal_pointer (&text) : g_strdup (" ");
}

static void
append_onset (GString *tal,
              gint64   ns)
{
  if (ns >= 0)
    g_string_append_c (tal, '+');
  _inion_edf_write_seconds (ns, tal);
}

static gsize
measure_keeping (const InionEdfWrite *self,
                 gint64               record)
{
  gint64 ns = self->origin_ns + _inion_edf_write_get_record_onset (self, record);
  guint64 rest = (guint64) ns % 1000000000;
  gsize n = 1 + 3; /* the sign and the end */

  for (guint64 whole = (guint64) ns / 1000000000; whole > 0 || n == 4; whole /= 10)
    n++;
  if (rest == 0)
    return n;
  n += 10;
  for (; rest % 10 == 0; rest /= 10)
    n--;
  return n;
}

static gsize
get_size (const InionEdfWrite *self,
          guint                event)
{
  gsize begin = event > 0 ? g_array_index (self->tal_ends, gsize, event - 1) : 0;

  return g_array_index (self->tal_ends, gsize, event) - begin;
}

static gint64
find_home (const InionEdfWrite *self,
           gint64               onset_ns)
{
  gint64 low = 0, high = self->n_records - 1;

  while (low < high)
    {
      gint64 middle = low + (high - low + 1) / 2;

      if (_inion_edf_write_get_record_onset (self, middle) <= onset_ns)
        low = middle;
      else
        high = middle - 1;
    }
  return low;
}

static gboolean
make_tals (InionEdfWrite  *self,
           GError        **error)
{
  guint changed_texts = 0;

  for (guint i = 0; i < self->written->len; i++)
    {
      const InionEvent *event = self->written->pdata[i];
      gboolean changed = FALSE;
      g_autofree char *text = _inion_edf_write_dup_event_text (self, event, &changed);
      g_autoptr (GString) tal = g_string_new (NULL);
      gsize size;

      if (i % 4096 == 0 && !inion_job_check (self->job, error))
        return FALSE;
      changed_texts += changed;
      append_onset (tal, event->onset_ns + self->origin_ns);
      if (event->duration_ns >= 0)
        {
          g_string_append (tal, DURATION);
          _inion_edf_write_seconds (event->duration_ns, tal);
        }
      g_string_append (tal, TEXT_END);
      g_string_append (tal, text);
      g_string_append (tal, TEXT_END);
      size = tal->len + 1; /* with the zero */
      if (!inion_size_add (&size, size, self->tals->len) || size > G_MAXUINT / 2)
        return inion_set_error (error, INION_ERROR_TOO_LARGE,
                                "“%s”: the texts of the events are more than 2 GiB.",
                                self->plan->name);
      g_byte_array_append (self->tals, (const guint8 *) tal->str, (guint) tal->len + 1);
      g_array_append_val (self->tal_ends, size);
    }
  if (changed_texts > 0)
    _inion_export_plan_note (self->plan, "%u event texts are empty or have characters that EDF+ "
                             "does not have; blanks stand for these.", changed_texts);
  return TRUE;
}

/* Places all annotations with so many bytes a record. FALSE: they do not find room. */
static gboolean
pack (const Packing *packing,
      gsize          bytes)
{
  InionEdfWrite *self = packing->write;
  guint n = self->tal_ends->len, i = 0, left;
  gint64 record = -1;
  gsize used = 0;
  guint placed = 0;

  for (; i < n; i++)
    {
      gint64 home = MAX (packing->homes[i], record);

      if (home == record && used + get_size (self, i) > bytes)
        home++;
      if (home >= self->n_records)
        break;
      if (home != record)
        used = measure_keeping (self, home);
      record = home;
      used += get_size (self, i);
      g_array_index (self->tal_records, gint64, i) = record;
    }
  left = i;
  for (record = 0; record < self->n_records && i < n; record++)
    {
      used = measure_keeping (self, record);
      for (; placed < left && g_array_index (self->tal_records, gint64, placed) == record; placed++)
        used += get_size (self, placed);
      for (; i < n && used + get_size (self, i) <= bytes; i++)
        {
          used += get_size (self, i);
          g_array_index (self->tal_records, gint64, i) = record;
        }
    }
  return i == n;
}

static gsize
find_bytes (const Packing *packing)
{
  InionEdfWrite *self = packing->write;
  gsize low, high;

  low = 0;
  for (guint i = 0; i < self->tal_ends->len; i++)
    low = MAX (low, get_size (self, i));
  low += packing->most_keeping;
  high = low;
  while (!pack (packing, high))
    {
      low = high + 1;
      high *= 2;
      if (high > MAX_TAL_BYTES)
        return high;
    }
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (pack (packing, middle))
        high = middle;
      else
        low = middle + 1;
    }
  return high;
}

static int
compare_records (gconstpointer a,
                 gconstpointer b,
                 gpointer      data)
{
  const GArray *records = data;
  guint x = *(const guint *) a;
  guint y = *(const guint *) b;
  gint64 rx = g_array_index (records, gint64, x);
  gint64 ry = g_array_index (records, gint64, y);

  return rx != ry ? (rx > ry) - (rx < ry) : (x > y) - (x < y);
}

static int
compare_events (gconstpointer a,
                gconstpointer b)
{
  const InionEvent *x = *(InionEvent *const *) a;
  const InionEvent *y = *(InionEvent *const *) b;

  return (x->onset_ns > y->onset_ns) - (x->onset_ns < y->onset_ns);
}

static guint
hash_event (gconstpointer data)
{
  const InionEvent *event = data;

  return g_int64_hash (&event->onset_ns) ^ g_str_hash (event->text);
}

static gboolean
are_same (gconstpointer a,
          gconstpointer b)
{
  const InionEvent *x = a, *y = b;

  return x->onset_ns == y->onset_ns && x->duration_ns == y->duration_ns &&
         x->channel == y->channel && strcmp (x->text, y->text) == 0;
}

/* How often there is an event, one more or one less. FALSE: there is none to take away. */
static gboolean
change_count (GHashTable *counts,
              InionEvent *event,
              int         change)
{
  gpointer key = NULL, value = NULL;
  gboolean known = g_hash_table_lookup_extended (counts, event, &key, &value);
  int count = GPOINTER_TO_INT (value) + change;

  if (count < 0)
    return FALSE;
  g_hash_table_insert (counts, known ? key : event, GINT_TO_POINTER (count));
  return TRUE;
}

/* What is in the trigger channels is not written once more. An event may be in several of them. */
static gboolean
leave_out_triggers (InionEdfWrite  *self,
                    GError        **error)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (hash_event, are_same);
  g_autoptr (GPtrArray) events = _inion_edf_write_find_triggers (self, error);

  if (events == NULL)
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    change_count (counts, events->pdata[i], 1);
  for (guint i = 0; i < self->plan->events->len; i++)
    if (!change_count (counts, self->plan->events->pdata[i], -1))
      g_ptr_array_add (self->written, self->plan->events->pdata[i]);
  for (guint i = 0; i < events->len; i++)
    if (change_count (counts, events->pdata[i], -1))
      {
        const InionEvent *event = events->pdata[i];

        g_ptr_array_add (self->triggers, inion_event_new (event->onset_ns, event->duration_ns,
                                                          event->text, event->channel));
      }
  return TRUE;
}

/**
 * _inion_edf_write_plan_tals:
 * @self: a file whose signals and records are planned
 * @error: return location
 *
 * Decides how large the annotation signal is and in which record each annotation lies.
 *
 * Returns: %FALSE with %INION_ERROR_TOO_LARGE for texts that no record has room for, or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean
_inion_edf_write_plan_tals (InionEdfWrite  *self,
                            GError        **error)
{
  guint n;
  gsize width = _inion_edf_write_get_width (self);
  g_autofree gint64 *homes = NULL;
  Packing packing = { self, NULL, 0 };

  g_ptr_array_sort (self->plan->events, compare_events); /* stable */
  if (!leave_out_triggers (self, error) || !make_tals (self, error))
    return FALSE;
  n = self->written->len;
  packing.homes = homes = g_new (gint64, n + 1);
  for (guint i = 0; i < n; i++)
    homes[i] = find_home (self, ((const InionEvent *) self->written->pdata[i])->onset_ns);
  for (gint64 r = 0; r < self->n_records; r++)
    packing.most_keeping = MAX (packing.most_keeping, measure_keeping (self, r));
  g_array_set_size (self->tal_records, n);
  self->tal_bytes = find_bytes (&packing);
  if (self->tal_bytes > MAX_TAL_BYTES)
    return inion_set_error (error, INION_ERROR_TOO_LARGE,
                            "“%s”: the events would need %" G_GSIZE_FORMAT " bytes in each of %"
                            G_GINT64_FORMAT " records. Shorten the longest texts.",
                            self->plan->name, self->tal_bytes, self->n_records);
  pack (&packing, self->tal_bytes);
  self->tal_bytes = (self->tal_bytes + width - 1) / width * width;
  for (guint i = 0; i < n; i++)
    g_array_append_val (self->tal_order, i);
  g_array_sort_with_data (self->tal_order, compare_records, self->tal_records);
  return TRUE;
}
