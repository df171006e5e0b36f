/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events from a channel whose samples are trigger codes: the Status channel of BDF files.
 *
 * The channel rests at a code, mostly 0, and holds another one for as long as its line is set. An
 * event is where it changes to a code that is not the one it rests at. What stands at the first
 * sample, of the recording or behind a gap, has no beginning there: it is no event. A code that is
 * held for a tenth of a second or longer was meant to last, and is the event's duration; a shorter
 * one is a pulse.
 *
 * BioSemi's Status has 24 bits: 0–15 are the code, 16 a new epoch, 17–19 and 21 the speed mode,
 * 20 is set while the CMS electrode is in range, 22 while the battery is low, 23 tells the model.
 * Where bit 20 is never set, other hardware wrote the file and the high bits mean nothing. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/edf-triggers.h"

#include "core/error.h"
#include "core/size.h"

#include <math.h>
#include <string.h>

#define BLOCK 65536

#define CODE_BITS 0xffff
#define CMS_BIT (1 << 20)
#define BATTERY_BIT (1 << 22)

/* What is held for as long as this was meant to last. */
#define HELD_NS G_GINT64_CONSTANT (100000000)

/* A channel that changes this often, in one of so many samples, holds a measured quantity and not
 * codes; more changes than the last no person can look at. */
#define MIN_CHANGES 16
#define STATUS_PERIOD 2
#define OTHER_PERIOD 10
#define MAX_CHANGES 2000000

/* Samples with the same value that follow each other. */
typedef struct
{
  gint32 value;
  gboolean opens; /* the first behind a gap, or of all */
  gint64 first;
  gint64 end;
} Hold;

typedef struct
{
  const InionEdfTriggers *triggers;
  InionChannel *channel;
  GArray *holds; /* of codes */
  GArray *alarms; /* of the two bits that tell of trouble */
  gint64 n;
} Scan;

/**
 * inion_edf_triggers_fit:
 * @label: the label of a channel, as the file has it
 *
 * Returns: whether the label says that the channel holds trigger codes
 */
gboolean
inion_edf_triggers_fit (const char *label)
{
  static const char *const words[] = { "status", "trigger", "triggers", "trig", "sti", "stim" };
  g_autofree char *lower = g_ascii_strdown (label, -1);
  gsize n;

  g_strstrip (lower);
  n = strcspn (lower, " _-0123456789");
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == n && strncmp (lower, words[i], n) == 0)
      return lower[n + strspn (lower + n, " _-0123456789")] == '\0';
  return FALSE;
}

static void
append (GArray   *holds,
        gint32    value,
        gint64    at,
        gboolean  opens)
{
  Hold *last = holds->len > 0 ? &g_array_index (holds, Hold, holds->len - 1) : NULL;

  if (last != NULL && !opens && last->value == value)
    {
      last->end = at + 1;
      return;
    }
  if (holds->len < MAX_CHANGES)
    {
      Hold hold = { value, opens, at, at + 1 };

      g_array_append_val (holds, hold);
    }
}

static gboolean
read_codes (const InionEdfTriggers  *self,
            gint64                   first,
            gsize                    n,
            double                  *physical,
            gint32                  *codes,
            GError                 **error)
{
  if (self->status)
    return inion_recording_read_digital (self->recording, self->channel, first, n, codes, error);
  if (!inion_recording_read (self->recording, self->channel, first, n, physical, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    codes[i] = (gint32) CLAMP (rint (physical[i]), G_MININT32, G_MAXINT32);
  return TRUE;
}

static void
scan_block (Scan         *scan,
            gint64        first,
            gsize         n,
            const gint32 *codes,
            gboolean      opens)
{
  gboolean status = scan->triggers->status;

  for (gsize i = 0; i < n; i++)
    {
      append (scan->holds, status ? codes[i] & CODE_BITS : codes[i], first + (gint64) i,
              opens && i == 0);
      if (status)
        append (scan->alarms, codes[i] & (CMS_BIT | BATTERY_BIT), first + (gint64) i,
                opens && i == 0);
    }
  scan->n += (gint64) n;
}

static gboolean
scan_channel (Scan      *scan,
              InionJob  *job,
              GError   **error)
{
  const InionEdfTriggers *self = scan->triggers;
  g_autofree gint32 *codes = g_new (gint32, BLOCK);
  g_autofree double *physical = self->status ? NULL : g_new (double, BLOCK);
  gint64 first = 0, n = 0;

  while (inion_recording_find_run (self->recording, self->channel, first, &first, &n))
    for (gint64 end = first + n, from = first; first < end;)
      {
        gsize m = (gsize) MIN (end - first, BLOCK);

        if (!inion_job_check (job, error) ||
            !read_codes (self, first, m, physical, codes, error))
          return FALSE;
        scan_block (scan, first, m, codes, first == from);
        first += (gint64) m;
      }
  return TRUE;
}

/* The code that the channel rests at: the one it begins with, if it holds that for more than half
 * of the time; 0 else. */
static gint32
find_rest (const Scan *scan)
{
  gint32 begin = g_array_index (scan->holds, Hold, 0).value;
  gint64 held = 0;

  for (guint i = 0; i < scan->holds->len; i++)
    {
      const Hold *hold = &g_array_index (scan->holds, Hold, i);

      held += hold->value == begin ? hold->end - hold->first : 0;
    }
  return held > scan->n / 2 ? begin : 0;
}

static void
add_event (const Scan *scan,
           GPtrArray  *events,
           const Hold *hold,
           const char *text,
           gboolean    always_lasts)
{
  gint64 onset_ns = inion_channel_sample_to_ns (scan->channel, hold->first);
  gint64 length_ns = inion_channel_sample_to_ns (scan->channel, hold->end) - onset_ns;

  g_ptr_array_add (events,
                   inion_event_new (onset_ns, always_lasts || length_ns >= HELD_NS ? length_ns : -1,
                                    text, -1));
}

static const char *
get_label (const Scan *scan)
{
  return inion_channel_get_info (scan->channel)->raw_label;
}

static void
add_codes (const Scan     *scan,
           GPtrArray      *events,
           InionEdfFaults *faults)
{
  gint64 offset = scan->triggers->offset;
  gint32 rest = find_rest (scan);

  for (guint i = 0; i < scan->holds->len; i++)
    {
      const Hold *hold = &g_array_index (scan->holds, Hold, i);
      gint64 onset_ns = inion_channel_sample_to_ns (scan->channel, hold->first);
      g_autofree char *text = NULL;

      if (hold->value == rest)
        continue;
      text = g_strdup_printf ("%d", hold->value);
      if (!hold->opens)
        add_event (scan, events, hold, text, FALSE);
      else if (hold->value != 0)
        inion_edf_faults_add (faults, "trigger open", offset, get_label (scan),
                              "Code %s stands there from %.3f s on, the first sample that was "
                              "recorded. When it was set is not known, so it is no event.", text,
                              (double) onset_ns / 1e9);
    }
  if (rest != 0)
    inion_edf_faults_add (faults, "trigger rest", offset, get_label (scan),
                          "The channel rests at code %d, not at 0; events are the changes to other "
                          "codes.", rest);
  if (scan->holds->len == MAX_CHANGES)
    inion_edf_faults_add (faults, "trigger many", offset, get_label (scan),
                          "More than %d changes of code; the later ones are no events.",
                          MAX_CHANGES);
}

/* Trouble that the amplifier tells of; only if it uses these bits. */
static void
add_alarms (const Scan     *scan,
            GPtrArray      *events,
            InionEdfFaults *faults)
{
  static const struct
  {
    gint32 bit;
    gint32 trouble;
    const char *text;
    const char *meaning;
  } bits[] = {
    { CMS_BIT, 0, "CMS out of range", "the signals of that time are not to be trusted" },
    { BATTERY_BIT, BATTERY_BIT, "Battery low", "the amplifier may have failed soon after" },
  };
  gboolean used = FALSE;

  for (guint i = 0; i < scan->alarms->len && !used; i++)
    used = (g_array_index (scan->alarms, Hold, i).value & CMS_BIT) != 0;
  for (gsize b = 0; b < G_N_ELEMENTS (bits) && used; b++)
    for (guint i = 0; i < scan->alarms->len;)
      {
        Hold hold = g_array_index (scan->alarms, Hold, i++);

        if ((hold.value & bits[b].bit) != bits[b].trouble)
          continue;
        /* The other bit may change meanwhile. */
        for (; i < scan->alarms->len; i++)
          {
            const Hold *next = &g_array_index (scan->alarms, Hold, i);

            if (next->opens || (next->value & bits[b].bit) != bits[b].trouble)
              break;
            hold.end = next->end;
          }
        add_event (scan, events, &hold, bits[b].text, TRUE);
        inion_edf_faults_add (faults, bits[b].text, scan->triggers->offset, get_label (scan),
                              "%s at %.3f s: %s.", bits[b].text,
                              (double) inion_channel_sample_to_ns (scan->channel, hold.first) / 1e9,
                              bits[b].meaning);
      }
}

/**
 * inion_edf_triggers_read:
 * @self: a channel
 * @job: (nullable): for cancel
 * @events: (element-type InionEvent): where the events are appended
 * @faults: where doubts are added
 * @error: return location
 *
 * Decodes the trigger codes of a channel into events; their text is the code in decimal.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED or %INION_ERROR_IO
 */
gboolean
inion_edf_triggers_read (const InionEdfTriggers  *self,
                         InionJob                *job,
                         GPtrArray               *events,
                         InionEdfFaults          *faults,
                         GError                 **error)
{
  g_autoptr (GArray) holds = g_array_new (FALSE, FALSE, sizeof (Hold));
  g_autoptr (GArray) alarms = g_array_new (FALSE, FALSE, sizeof (Hold));
  Scan scan = { self, inion_recording_get_channel (self->recording, self->channel), holds, alarms,
                0 };

  if (!scan_channel (&scan, job, error))
    return FALSE;
  if (holds->len == 0)
    return TRUE;
  if (holds->len > MIN_CHANGES &&
      holds->len > scan.n / (self->status ? STATUS_PERIOD : OTHER_PERIOD))
    {
      inion_edf_faults_add (faults, "trigger noise", self->offset, get_label (&scan),
                            "The channel changes in %u of %" G_GINT64_FORMAT " samples: it holds "
                            "no trigger codes, and no events are read from it.", holds->len - 1,
                            scan.n);
      return TRUE;
    }
  add_codes (&scan, events, faults);
  add_alarms (&scan, events, faults);
  return TRUE;
}
