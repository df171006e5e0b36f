/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a recording is divided into records.
 *
 * All records of a file are equally long, each channel has a whole number of samples in one, the
 * duration is a text of eight characters from which readers compute the sampling rate, and gaps lie
 * between records. So a record is a multiple of a quantum: the shortest time that is a multiple of
 * all sample periods and of a microsecond. Where the pieces between the gaps all have a whole
 * number of records, nothing is added to them. Of such lengths the nearest to a second is taken
 * that keeps records to a sensible size; a file that is copied keeps its own.
 *
 * Where there is none, as with 10,007 samples of 256 Hz, the last record of a piece is filled up,
 * which is told, and which must not reach into the next piece. Where no quantum can be stated at
 * all, the nearest that can is taken, if no sample is read elsewhere by that
 * (edf-write-nearest.c). */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "core/error.h"
#include "core/size.h"
#include "recording/edf-write-private.h"

#include <math.h>

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
#define GOOD_RECORD_BYTES 61440
#define MAX_RECORD_BYTES (10 * 1000 * 1000)
#define MAX_RECORDS G_GINT64_CONSTANT (99999999)
#define BLOCK_BYTES (1024 * 1024)

/* Shorter records would be more annotation than signal. */
#define MIN_RECORD_BYTES 64
#define MIN_RECORD_NS 50000000

typedef struct
{
  InionEdfWrite *write;
  gint64 quantum_ns;
  gint64 *quanta; /* of each piece */
  gint64 gcd;
  gint64 bytes; /* of the signals in a quantum */
  gint64 tolerance_ns;
} Layout;

static gint64
find_gcd (gint64 a,
          gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

static gboolean
refuse_rates (const InionEdfWrite  *self,
              GError              **error)
{
  const InionChannelInfo *a = _inion_export_plan_get_channel (self->plan, 0)->info;
  const InionChannelInfo *b = a;
  double rate_a = (double) a->rate_num * 1e9 / (double) a->rate_den_ns;
  double rate_b = rate_a;

  for (guint i = 1; i < self->n_signals && rate_a == rate_b; i++)
    {
      b = _inion_export_plan_get_channel (self->plan, i)->info;
      rate_b = (double) b->rate_num * 1e9 / (double) b->rate_den_ns;
    }
  if (rate_a == rate_b)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s”: EDF cannot say exactly how long a record of channels at %.9g Hz "
                            "is. Export as BrainVision or CSV instead.", self->plan->name, rate_a);
  return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                          "“%s”: there is no record length that holds a whole number of samples of "
                          "all channels, such as %s at %.9g Hz and %s at %.9g Hz. Export them to "
                          "files of their own, or as CSV.", self->plan->name, a->label, rate_a,
                          b->label, rate_b);
}

/* FALSE: there is none that is of use. */
static gboolean
find_quantum (Layout *layout)
{
  InionEdfWrite *self = layout->write;
  InionExportPlan *plan = self->plan;
  __int128 quantum, ticks;

  if (plan->tick_num == 0)
    return FALSE;
  quantum = (__int128) plan->tick_num / find_gcd (plan->tick_num, 1000) * 1000;
  ticks = quantum * plan->tick_den / plan->tick_num;
  if (quantum > (__int128) 86400 * NS_PER_SECOND)
    return FALSE;
  for (guint i = 0; i < self->n_signals; i++)
    {
      __int128 samples = ticks * _inion_export_plan_get_channel (plan, i)->tick_samples;

      if (samples > MAX_RECORD_BYTES * 100)
        return FALSE;
      self->signals[i].samples = (gint64) samples;
    }
  layout->quantum_ns = (gint64) quantum;
  return TRUE;
}

/* What follows from a quantum and the samples in it. */
static void
measure_quantum (Layout *layout)
{
  InionEdfWrite *self = layout->write;

  layout->bytes = 0;
  layout->tolerance_ns = G_MAXINT64;
  for (guint i = 0; i < self->n_signals; i++)
    {
      gint64 samples = self->signals[i].samples;

      layout->bytes += samples * (gint64) _inion_edf_write_get_width (self);
      layout->tolerance_ns = MIN (layout->tolerance_ns, layout->quantum_ns / (2 * samples));
    }
}

static void
count_quanta (Layout *layout)
{
  InionEdfWrite *self = layout->write;

  layout->gcd = 0;
  for (guint p = 0; p < self->plan->onsets->len; p++)
    {
      layout->quanta[p] = 0;
      for (guint i = 0; i < self->n_signals; i++)
        {
          InionExportChannel *channel = _inion_export_plan_get_channel (self->plan, i);
          gint64 n = _inion_export_channel_get_run (channel, p).n;
          gint64 samples = self->signals[i].samples;

          layout->quanta[p] = MAX (layout->quanta[p], n / samples + (n % samples > 0));
        }
      layout->gcd = find_gcd (layout->gcd, layout->quanta[p]);
    }
}

static gint64
count_records (const Layout *layout,
               gint64        m)
{
  gint64 records = 0;

  for (guint p = 0; p < layout->write->plan->onsets->len; p++)
    records += layout->quanta[p] / m + (layout->quanta[p] % m > 0);
  return records;
}

/* May records have m quanta? Not if a text cannot say it, or if one reached into the next piece. */
static gboolean
fits (const Layout *layout,
      gint64        m)
{
  InionExportPlan *plan = layout->write->plan;
  gint64 ns, bytes;
  char text[16];

  if (m < 1 || !inion_int64_mul (&ns, m, layout->quantum_ns) ||
      !_inion_edf_write_duration (ns, text) || !inion_int64_mul (&bytes, m, layout->bytes) ||
      bytes > MAX (MAX_RECORD_BYTES, layout->bytes) || count_records (layout, m) > MAX_RECORDS)
    return FALSE;
  for (guint p = 0; p + 1 < plan->onsets->len; p++)
    {
      gint64 records = layout->quanta[p] / m + (layout->quanta[p] % m > 0);
      gint64 end_ns = _inion_export_plan_get_onset (plan, p) + records * ns;

      if (end_ns > _inion_export_plan_get_onset (plan, p + 1) + layout->tolerance_ns)
        return FALSE;
    }
  return TRUE;
}

/* The less the better. */
static double
judge (const Layout *layout,
       gint64        m)
{
  double seconds = (double) m * (double) layout->quantum_ns / 1e9;
  double bytes = (double) m * (double) layout->bytes;

  return fabs (log2 (seconds)) +
         (bytes > GOOD_RECORD_BYTES && seconds > 1 ? log2 (bytes / GOOD_RECORD_BYTES) : 0);
}

static void
try_divisor (const Layout *layout,
             gint64        m,
             gint64       *best)
{
  if (m * layout->bytes < MIN_RECORD_BYTES && m * layout->quantum_ns < MIN_RECORD_NS)
    return;
  if ((*best == 0 || judge (layout, m) < judge (layout, *best)) && fits (layout, m))
    *best = m;
}

static gint64
find_divisor (const Layout *layout)
{
  gint64 best = 0;

  for (gint64 d = 1; d <= layout->gcd / d; d++)
    if (layout->gcd % d == 0)
      {
        try_divisor (layout, d, &best);
        try_divisor (layout, layout->gcd / d, &best);
      }
  return best;
}

/* Records of about a second, or shorter ones where they would reach over a gap. */
static gint64
find_filled (const Layout *layout)
{
  gint64 m = MAX (NS_PER_SECOND / layout->quantum_ns, 1);

  while (m > 1 && !fits (layout, m))
    m = m > 100 ? m / 2 : m - 1;
  return fits (layout, m) ? m : 0;
}

static gint64
choose (const Layout *layout,
        gint64        source_record_ns)
{
  gint64 m = 0;

  if (source_record_ns > 0 && source_record_ns % layout->quantum_ns == 0)
    m = source_record_ns / layout->quantum_ns;
  if (m > 0 && (layout->write->plan->whole || layout->gcd % m == 0) && fits (layout, m))
    return m;
  m = find_divisor (layout);
  return m > 0 ? m : find_filled (layout);
}

static gint64
try_quantum (Layout *layout,
             gint64  source_record_ns)
{
  measure_quantum (layout);
  count_quanta (layout);
  return choose (layout, source_record_ns);
}

/* Whether there is any record, gaps aside, that could be stated. */
static gboolean
can_be_stated (const Layout *layout)
{
  char text[16];

  for (gint64 m = 1; layout->quantum_ns > 0 && m <= 10000 &&
                     m * layout->quantum_ns <= (gint64) 86400 * NS_PER_SECOND; m++)
    if (_inion_edf_write_duration (m * layout->quantum_ns, text))
      return TRUE;
  return FALSE;
}

static void
note_filling (Layout *layout,
              gint64  m)
{
  InionEdfWrite *self = layout->write;
  InionExportPlan *plan = self->plan;
  gint64 filled = 0, most = 0;

  for (guint p = 0; p < plan->onsets->len; p++)
    for (guint i = 0; i < self->n_signals; i++)
      {
        InionExportChannel *channel = _inion_export_plan_get_channel (plan, i);
        gint64 records = layout->quanta[p] / m + (layout->quanta[p] % m > 0);
        gint64 rest = records * m * self->signals[i].samples -
                      _inion_export_channel_get_run (channel, p).n;

        filled += rest > 0;
        most = MAX (most, rest);
      }
  if (filled > 0)
    _inion_export_plan_note (plan, "Records of %s s do not end where %s. Up to %" G_GINT64_FORMAT
                             " samples a channel that were not recorded fill them up: they repeat "
                             "the last value.", self->duration,
                             plan->onsets->len > 1 ? "the pieces between gaps do"
                                                   : "the recording does", most);
}

/**
 * _inion_edf_write_plan_records:
 * @self: a file; the samples a record of its signals are set
 * @source_record_ns: how long the source's records are; 0 if it has none
 * @error: return location
 *
 * Decides how long records are, and how many there are of each piece.
 *
 * Returns: %FALSE with %INION_ERROR_UNSUPPORTED if there is no length for these rates or gaps
 */
gboolean
_inion_edf_write_plan_records (InionEdfWrite  *self,
                               gint64          source_record_ns,
                               GError        **error)
{
  guint n_pieces = self->plan->onsets->len;
  g_autofree gint64 *quanta = g_new0 (gint64, n_pieces + 1);
  Layout layout = { .write = self, .quanta = quanta };
  gint64 m = 0;

  if (find_quantum (&layout))
    m = try_quantum (&layout, source_record_ns);
  if (m == 0 && !can_be_stated (&layout))
    {
      layout.quantum_ns = _inion_edf_write_find_nearest (self);
      if (layout.quantum_ns == 0)
        return refuse_rates (self, error);
      m = try_quantum (&layout, 0);
    }
  if (m == 0)
    return inion_set_error (error, INION_ERROR_UNSUPPORTED,
                            "“%s”: the recording's gaps do not lie between records of any length "
                            "that EDF can state. Export as BrainVision or CSV instead.",
                            self->plan->name);
  self->record_ns = m * layout.quantum_ns;
  _inion_edf_write_duration (self->record_ns, self->duration);
  note_filling (&layout, m);
  for (guint i = 0; i < self->n_signals; i++)
    self->signals[i].samples *= m;
  for (guint p = 0; p < n_pieces; p++)
    {
      self->n_records += quanta[p] / m + (quanta[p] % m > 0);
      g_array_append_val (self->ends, self->n_records);
    }
  return TRUE;
}

/**
 * _inion_edf_write_get_first_record:
 * @self: a file
 * @piece: a piece
 *
 * Returns: which record is the piece's first
 */
gint64
_inion_edf_write_get_first_record (const InionEdfWrite *self,
                                   guint                piece)
{
  return piece == 0 ? 0 : g_array_index (self->ends, gint64, piece - 1);
}

/**
 * _inion_edf_write_find_piece:
 * @self: a file
 * @record: one of its records
 *
 * Returns: in which piece it is
 */
guint
_inion_edf_write_find_piece (const InionEdfWrite *self,
                             gint64               record)
{
  guint low = 0, high = self->ends->len - 1;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->ends, gint64, middle) > record)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/**
 * _inion_edf_write_get_record_onset:
 * @self: a file
 * @record: one of its records
 *
 * Returns: when it begins, in nanoseconds since the first record
 */
gint64
_inion_edf_write_get_record_onset (const InionEdfWrite *self,
                                   gint64               record)
{
  guint piece;

  if (self->ends->len == 0)
    return 0;
  piece = _inion_edf_write_find_piece (self, record);
  return _inion_export_plan_get_onset (self->plan, piece) +
         (record - _inion_edf_write_get_first_record (self, piece)) * self->record_ns;
}

/**
 * _inion_edf_write_for_each_block:
 * @self: a file whose records are planned
 * @step: what is being done, for progress
 * @from: the progress before, 0 to 1
 * @to: the progress after
 * @func: called for each block
 * @data: for @func
 * @error: return location
 *
 * Goes through the file in blocks of records that fit into memory.
 *
 * Returns: %FALSE if @func fails or the job was cancelled
 */
gboolean
_inion_edf_write_for_each_block (InionEdfWrite       *self,
                                 const char          *step,
                                 double               from,
                                 double               to,
                                 InionEdfWriteBlock   func,
                                 gpointer             data,
                                 GError             **error)
{
  gint64 bytes = (gint64) self->tal_bytes;
  gint64 most;

  for (guint i = 0; i < self->n_signals; i++)
    bytes += self->signals[i].samples * (gint64) _inion_edf_write_get_width (self);
  most = MAX (BLOCK_BYTES / MAX (bytes, 1), 1);
  for (guint p = 0; p < self->ends->len; p++)
    {
      gint64 end = g_array_index (self->ends, gint64, p);

      for (gint64 r = _inion_edf_write_get_first_record (self, p); r < end; r += most)
        {
          if (!inion_job_check (self->job, error) ||
              !func (self, p, r, MIN (most, end - r), data, error))
            return FALSE;
          inion_job_report (self->job,
                            from + (to - from) * (double) r / (double) self->n_records, step);
        }
    }
  return TRUE;
}

/**
 * _inion_edf_write_get_run:
 * @self: a file
 * @signal: one of its signals
 * @piece: one of its pieces
 * @first: a record of the piece
 * @n: how many records
 *
 * Returns: which samples of the source these records hold; the last may hold fewer than there is
 *   room for
 */
InionExportRun
_inion_edf_write_get_run (const InionEdfWrite *self,
                          guint                signal,
                          guint                piece,
                          gint64               first,
                          gint64               n)
{
  InionExportChannel *channel = _inion_export_plan_get_channel (self->plan, signal);
  InionExportRun run = _inion_export_channel_get_run (channel, piece);
  gint64 samples = self->signals[signal].samples;
  gint64 skip = MIN ((first - _inion_edf_write_get_first_record (self, piece)) * samples, run.n);

  return (InionExportRun) { run.first + skip, MIN (n * samples, run.n - skip) };
}
