/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eye blinks: the positive wave over both frontal poles.
 *
 * When the lids close, the cornea (positive against the retina) turns up and both frontopolar
 * electrodes go positive together, 50 to several hundred µV for 0.1 to 0.5 s. The signal looked at
 * is D = frontal mean − mean of all other EEG channels, which no longer depends on the reference,
 * band-passed 1–10 Hz (Butterworth order 2, forward and backward). A blink is a peak of D that
 *
 *   - exceeds the threshold as a robust z-score, (D − median)/(1.4826 × MAD), and 20 µV;
 *   - is the largest within 0.2 s, and no swing the other way within 0.4 s is larger (a wave
 *     downwards comes out of the band-pass with two lobes upwards);
 *   - is 50–500 ms wide at half its height;
 *   - is there on both sides: left and right frontal, each against the rest, reach a quarter of it.
 *
 * Which way is up: positive. But both ways are looked at, and where the peaks downwards together
 * (the sum of their z-scores) weigh half as much again as those upwards, the recording's polarity
 * is inverted; the report says so. Without a
 * frontal electrode the mean of the EOG channels is used (horizontal movements, opposite on the
 * two sides, cancel in it), and the test of sides falls away.
 *
 * The mark runs to where D falls under a fifth of the peak, at most 0.4 s on each side. */

#define G_LOG_DOMAIN "inion-clean"

#include "config.h"

#include "clean/scan-private.h"

#include "clean/robust.h"
#include "core/parallel.h"
#include "scalp/electrode.h"
#include "signal/sos.h"

#include <math.h>
#include <string.h>

#define LOW_HZ 1.0
#define HIGH_HZ 10.0
#define LEAST_RATE_HZ 40.0
#define LEAST_LENGTH_S 4.0
#define LEAST_UV 20.0
#define APART_S 0.2
#define LEAST_WIDTH_S 0.05
#define MOST_WIDTH_S 0.5
#define REACH_S 0.4
#define SIDE_FRACTION 0.25
#define MARGIN_S 5.0
#define STATISTICS_CHUNKS 60
#define STATISTICS_VALUES 262144

typedef enum
{
  ROLE_REST,
  ROLE_LEFT,
  ROLE_RIGHT,
  ROLE_MIDDLE,
  ROLE_EOG,
  ROLE_NONE,
  N_ROLES
} Role;

typedef struct
{
  const InionScanGroup *group;
  InionSos band;
  double threshold;
  Role *roles;          /* [channels] */
  gboolean *used;       /* [channels] */
  guint count[N_ROLES];
  guint count_there[N_ROLES]; /* in this chunk */
  guint n_left_out;     /* stretches in which too few channels are there */
  double **x;           /* [channels][longest chunk] */
  InionScanChunk chunk;
  double *all, *left, *right; /* [longest chunk]: D, and D of each side */
  InionSampler sampler;
  double centre, scale;
  double sign;          /* which way peaks are looked for: 1 or −1 */
} Blinks;

static Role
role_of (InionRecording *recording,
         guint           channel)
{
  static const struct
  {
    const char *name;
    Role role;
  } frontal[] = {
    { "Fp1", ROLE_LEFT }, { "AF7", ROLE_LEFT }, { "Fp2", ROLE_RIGHT }, { "AF8", ROLE_RIGHT },
    { "Fpz", ROLE_MIDDLE },
  };
  InionChannel *info = inion_recording_get_channel (recording, channel);
  InionElectrodeLabel label;

  if (inion_channel_get_kind (info) == INION_CHANNEL_EOG)
    return ROLE_EOG;
  inion_electrode_parse_label (inion_channel_get_label (info), &label);
  for (guint i = 0; i < G_N_ELEMENTS (frontal); i++)
    if (label.g1_known && strcmp (label.g1, frontal[i].name) == 0)
      return frontal[i].role;
  return ROLE_REST;
}

/* Sides count only where both are there; EOG channels only where no frontal one is. */
static void
assign_roles (Blinks *self)
{
  guint n = self->group->channels->len;
  gboolean frontal;

  self->roles = g_new (Role, n);
  for (guint c = 0; c < n; c++)
    {
      self->roles[c] = role_of (self->group->recording,
                                g_array_index (self->group->channels, guint, c));
      self->count[self->roles[c]]++;
    }
  frontal = self->count[ROLE_LEFT] + self->count[ROLE_RIGHT] + self->count[ROLE_MIDDLE] > 0;
  for (guint c = 0; c < n; c++)
    if ((frontal && self->roles[c] == ROLE_EOG) || (!frontal && self->roles[c] == ROLE_REST))
      self->roles[c] = ROLE_NONE;
  if (frontal)
    self->count[ROLE_EOG] = 0;
  else
    self->count[ROLE_REST] = 0;
  self->used = g_new (gboolean, n);
  for (guint c = 0; c < n; c++)
    self->used[c] = self->roles[c] != ROLE_NONE;
}

static gboolean
is_there (const Blinks *self,
          guint         place)
{
  return self->used[place] &&
         _inion_scan_is_there (self->group, g_array_index (self->group->channels, guint, place),
                               &self->chunk, NULL);
}

static gboolean
read_channel (gsize     index,
              gpointer  data,
              GError  **error)
{
  Blinks *self = data;

  if (!is_there (self, (guint) index))
    return TRUE;
  if (!_inion_scan_read (self->group->recording,
                         g_array_index (self->group->channels, guint, index), &self->chunk,
                         self->x[index], error))
    return FALSE;
  _inion_scan_repair (self->x[index], (gsize) (self->chunk.to - self->chunk.from));
  return TRUE;
}

static void
add_mean (const Blinks *self,
          guint         roles,
          double        weight,
          double       *out,
          gsize         n)
{
  guint count = 0;

  for (guint r = 0; r < N_ROLES; r++)
    count += roles & (1u << r) ? self->count_there[r] : 0;
  for (guint c = 0; count > 0 && c < self->group->channels->len; c++)
    if (roles & (1u << self->roles[c]) && is_there (self, c))
      for (gsize i = 0; i < n; i++)
        out[i] += weight / count * self->x[c][i];
}

/* D of some channels: their mean less the mean of the rest, band-passed. */
static gboolean
difference (const Blinks  *self,
            guint          roles,
            double        *out,
            GError       **error)
{
  gsize n = (gsize) (self->chunk.to - self->chunk.from);

  memset (out, 0, n * sizeof *out);
  add_mean (self, roles, 1, out, n);
  add_mean (self, 1u << ROLE_REST, -1, out, n);
  return inion_sos_filtfilt (&self->band, out, n, MIN (n - 1, (gsize) self->group->rate_hz), error);
}

static void
take_chunk (Blinks                *self,
            const InionScanChunks *chunks,
            gint64                 k)
{
  _inion_scan_get_chunk (chunks, k, &self->chunk);
  memset (self->count_there, 0, sizeof self->count_there);
  for (guint c = 0; c < self->group->channels->len; c++)
    if (is_there (self, c))
      self->count_there[self->roles[c]]++;
}

static gboolean
load_chunk (Blinks                   *self,
            const InionScanChunks    *chunks,
            gint64                    k,
            gboolean                  sides,
            const InionScanProgress  *progress,
            GError                  **error)
{
  const guint frontal = 1u << ROLE_LEFT | 1u << ROLE_RIGHT | 1u << ROLE_MIDDLE | 1u << ROLE_EOG;

  take_chunk (self, chunks, k);
  if (!_inion_scan_step (progress, (double) k / (double) chunks->n_chunks, error) ||
      !inion_parallel_for (self->group->channels->len, read_channel, self, progress->job, error) ||
      !difference (self, frontal, self->all, error))
    return FALSE;
  return !sides || (difference (self, 1u << ROLE_LEFT, self->left, error) &&
                    difference (self, 1u << ROLE_RIGHT, self->right, error));
}

static gboolean
has_sides (const Blinks *self)
{
  return self->count[ROLE_LEFT] > 0 && self->count[ROLE_RIGHT] > 0;
}

static gboolean
take_statistics (Blinks                   *self,
                 const InionScanChunks    *chunks,
                 const InionScanProgress  *progress,
                 GError                  **error)
{
  gint64 stride = MAX (chunks->n_chunks / STATISTICS_CHUNKS, 1);
  InionSampler *s = &self->sampler;

  for (gint64 k = 0; k < chunks->n_chunks; k += stride)
    {
      if (!load_chunk (self, chunks, k, FALSE, progress, error))
        return FALSE;
      inion_sampler_push (s, self->all + (self->chunk.first - self->chunk.from),
                          (gsize) (self->chunk.end - self->chunk.first));
    }
  self->centre = inion_robust_median (s->values, s->n);
  self->scale = inion_robust_scale (s->values, s->n, self->centre);
  return TRUE;
}

/* How far from a peak, in samples, the signal stays above a level. */
static gssize
reach (const Blinks *self,
       gssize        at,
       gssize        n,
       int           step,
       double        level,
       gssize        most)
{
  gssize i = 1;

  while (i < most && at + step * i >= 0 && at + step * i < n &&
         self->sign * (self->all[at + step * i] - self->centre) > level)
    i++;
  return i;
}

static gboolean
is_largest (const Blinks *self,
            gssize        at,
            gssize        n)
{
  gssize apart = (gssize) (APART_S * self->group->rate_hz);
  gssize around = (gssize) (REACH_S * self->group->rate_hz);
  double height = self->sign * (self->all[at] - self->centre);

  for (gssize i = MAX (at - around, 0); i <= MIN (at + around, n - 1); i++)
    {
      double other = self->sign * (self->all[i] - self->centre);

      if (-other > height)
        return FALSE;
      if (i >= at - apart && i <= at + apart && (other > height || (i < at && other >= height)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
side_takes_part (const Blinks *self,
                 const double *side,
                 gssize        at,
                 gssize        n,
                 double        height)
{
  gssize near = (gssize) (0.05 * self->group->rate_hz);
  double most = -INFINITY;

  for (gssize i = MAX (at - near, 0); i <= MIN (at + near, n - 1); i++)
    most = MAX (most, self->sign * side[i]);
  return most >= SIDE_FRACTION * height;
}

/* Whether a peak above the threshold has the shape of a blink; fills its run. */
static gboolean
judge (const Blinks *self,
       gssize        at,
       gssize        n,
       InionRun     *run)
{
  double rate = self->group->rate_hz;
  double height = self->sign * (self->all[at] - self->centre);
  gssize most = (gssize) ceil (MOST_WIDTH_S * rate), far = (gssize) ceil (REACH_S * rate);
  double width = (double) (reach (self, at, n, -1, height / 2, most) +
                           reach (self, at, n, 1, height / 2, most)) / rate;

  if (!is_largest (self, at, n) || width < LEAST_WIDTH_S || width > MOST_WIDTH_S)
    return FALSE;
  if (has_sides (self) && !(side_takes_part (self, self->left, at, n, height) &&
                            side_takes_part (self, self->right, at, n, height)))
    return FALSE;
  run->first = self->chunk.from + at - reach (self, at, n, -1, height / 5, far) + 1;
  run->end = self->chunk.from + at + reach (self, at, n, 1, height / 5, far);
  run->peak = height / self->scale;
  run->channel = g_array_index (self->group->channels, guint, 0);
  return TRUE;
}

/* The peaks of a chunk in the direction that is set. */
static void
find_peaks (Blinks *self,
            GArray *runs)
{
  double least = MAX (self->threshold * self->scale, LEAST_UV);
  gssize n = self->chunk.to - self->chunk.from;
  gssize end = self->chunk.end - self->chunk.from;

  for (gssize at = self->chunk.first - self->chunk.from; at < end; at++)
    {
      InionRun run, *last;

      if (self->sign * (self->all[at] - self->centre) <= least || !judge (self, at, n, &run))
        continue;
      /* Two blinks in a row meet at the dip between them, and do not overlap. */
      last = runs->len > 0 ? &g_array_index (runs, InionRun, runs->len - 1) : NULL;
      if (last != NULL)
        run.first = MAX (run.first, last->end);
      if (run.first < run.end)
        g_array_append_val (runs, run);
    }
}

static double
weight_of (const GArray *runs)
{
  double sum = 0;

  for (guint i = 0; i < runs->len; i++)
    sum += g_array_index (runs, InionRun, i).peak;
  return sum;
}

static gboolean
find_blinks (Blinks                   *self,
             const InionScanChunks    *chunks,
             GArray                   *runs,
             const InionScanProgress  *progress,
             GError                  **error)
{
  g_autoptr (GArray) up = g_array_new (FALSE, FALSE, sizeof (InionRun));
  g_autoptr (GArray) down = g_array_new (FALSE, FALSE, sizeof (InionRun));
  const GArray *chosen;

  for (gint64 k = 0; k < chunks->n_chunks; k++)
    {
      if (!load_chunk (self, chunks, k, has_sides (self), progress, error))
        return FALSE;
      self->sign = -1;
      find_peaks (self, down);
      self->sign = 1;
      find_peaks (self, up);
    }
  if (weight_of (down) > 1.5 * weight_of (up))
    self->sign = -1;
  chosen = self->sign < 0 ? down : up;
  g_array_append_vals (runs, chosen->data, chosen->len);
  return TRUE;
}

static void
describe (const Blinks *self,
          guint         n_found,
          GString      *report)
{
  g_autofree char *z = _inion_scan_number (self->threshold, "%.4g");
  gboolean first = TRUE;

  g_string_append (report, "Blink: 1–10 Hz, ");
  for (guint c = 0; c < self->group->channels->len; c++)
    if (self->roles[c] != ROLE_REST && self->roles[c] != ROLE_NONE)
      {
        guint channel = g_array_index (self->group->channels, guint, c);

        g_string_append_printf (report, "%s%s", first ? "mean of " : ", ",
                                inion_channel_get_label (
                                  inion_recording_get_channel (self->group->recording, channel)));
        first = FALSE;
      }
  if (self->count[ROLE_REST] > 0)
    g_string_append_printf (report, " against the mean of %u other EEG channels",
                            self->count[ROLE_REST]);
  if (has_sides (self))
    g_string_append (report, ", on both sides");
  if (self->sign < 0)
    g_string_append (report, ", polarity inverted");
  g_string_append_printf (report, ", robust z above %s and 20 µV: %u found.\n", z, n_found);
}

/* Leaves out the chunks in which channels that a blink is told by were not recorded: both sides,
 * where there are sides; and what they are compared with. */
static void
leave_out (Blinks          *self,
           InionScanChunks *chunks)
{
  guint kept = 0;

  for (guint k = 0; k < chunks->chunks->len; k++)
    {
      const guint *there = self->count_there;
      gboolean left, right, enough;

      take_chunk (self, chunks, k);
      left = there[ROLE_LEFT] > 0;
      right = there[ROLE_RIGHT] > 0;
      enough = has_sides (self) ? left && right
                                : left || right || there[ROLE_MIDDLE] > 0 || there[ROLE_EOG] > 0;
      if (enough && (there[ROLE_REST] > 0 || self->count[ROLE_REST] == 0))
        g_array_index (chunks->chunks, InionScanChunk, kept++) = self->chunk;
      else
        self->n_left_out += self->chunk.begins;
    }
  g_array_set_size (chunks->chunks, kept);
  chunks->n_chunks = kept;
}

static void
blinks_init (Blinks                *self,
             const InionScanChunks *chunks)
{
  gsize longest = (gsize) (chunks->core + 2 * chunks->margin);
  guint n = self->group->channels->len;

  self->all = g_new (double, longest);
  self->left = g_new (double, longest);
  self->right = g_new (double, longest);
  self->x = g_new0 (double *, n);
  for (guint c = 0; c < n; c++)
    if (self->roles[c] != ROLE_NONE)
      self->x[c] = g_new (double, longest);
  inion_sampler_init (&self->sampler, STATISTICS_VALUES);
}

static void
blinks_clear (Blinks *self)
{
  for (guint c = 0; self->x != NULL && c < self->group->channels->len; c++)
    g_free (self->x[c]);
  g_free (self->x);
  g_free (self->roles);
  g_free (self->used);
  g_free (self->all);
  g_free (self->left);
  g_free (self->right);
  inion_sampler_clear (&self->sampler);
}

static gboolean
run_blinks (Blinks                   *self,
            const InionScanChunks    *chunks,
            GArray                   *runs,
            GString                  *report,
            const InionScanProgress  *progress,
            GError                  **error)
{
  InionScanProgress first = *progress, second = *progress;

  if (chunks->n_chunks == 0)
    {
      g_string_append (report, self->n_left_out > 0
                                 ? "Blink: not run: frontal channels and others were not recorded "
                                   "together for 4 s.\n"
                               : chunks->n_short > 1
                                 ? "Blink: not run: no stretch between gaps lasts 4 s.\n"
                                 : "Blink: not run: the recording is shorter than 4 s.\n");
      return TRUE;
    }
  if (!inion_sos_butterworth (&self->band, 2, INION_BAND_BANDPASS, LOW_HZ, HIGH_HZ,
                              self->group->rate_hz, error))
    return FALSE;
  first.to = second.from = progress->from + (progress->to - progress->from) / 3;
  blinks_init (self, chunks);
  if (!take_statistics (self, chunks, &first, error))
    return FALSE;
  if (!(self->scale > 1e-9))
    {
      g_string_append (report, "Blink: not run: the frontal channels are flat.\n");
      return TRUE;
    }
  if (!find_blinks (self, chunks, runs, &second, error))
    return FALSE;
  describe (self, runs->len, report);
  _inion_scan_describe_short (chunks, "4 s", report);
  if (self->n_left_out > 0)
    g_string_append_printf (report, "  %u stretch%s left out: frontal channels or all others were "
                            "not recorded there.\n", self->n_left_out,
                            self->n_left_out == 1 ? "" : "es");
  return TRUE;
}

/* Finds blinks with the channels of a group. */
gboolean
_inion_detect_blinks (const InionScanGroup     *group,
                      double                    z,
                      GArray                   *runs,
                      GString                  *report,
                      const InionScanProgress  *progress,
                      GError                  **error)
{
  Blinks self = { .group = group, .threshold = z };
  InionScanChunks chunks;
  gboolean done = TRUE;

  assign_roles (&self);
  _inion_scan_cut (group, self.used, MARGIN_S, LEAST_LENGTH_S, &chunks);
  leave_out (&self, &chunks);
  if (self.count[ROLE_LEFT] + self.count[ROLE_RIGHT] + self.count[ROLE_MIDDLE] +
      self.count[ROLE_EOG] == 0)
    g_string_append (report, "Blink: not run: there is no frontal channel (Fp1, Fp2, Fpz, AF7, AF8 "
                     "or EOG).\n");
  else if (group->rate_hz < LEAST_RATE_HZ)
    g_string_append (report, "Blink: not run: at least 40 Hz are needed.\n");
  else
    done = run_blinks (&self, &chunks, runs, report, progress, error);
  _inion_scan_chunks_clear (&chunks);
  blinks_clear (&self);
  return done;
}
