/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where each derivation is drawn, how large and in which colour.
 *
 * Lanes share the height evenly, with half a lane between groups (chains). Voltages are drawn to
 * the sensitivity, EEG and EOG with the polarity asked for, all others with positive up. What is not a
 * voltage (saturation, temperature, triggers) is fitted to 80 % of its lane. */

#define G_LOG_DOMAIN "inion-render"

#include "config.h"

#include "widgets/render/trace-layout.h"

#include "scalp/electrode.h"

#include <math.h>
#include <string.h>

/* Part of a lane that a fitted trace fills. */
#define FILL 0.8
/* A bad channel is faded, not hidden. */
#define BAD_ALPHA 0.35f
#define NO_COLOR G_MAXUINT32

typedef struct
{
  guint32 light;
  guint32 dark;
  double factor;
  double sensitivity; /* µV/mm */
} KindLook;

/* EEG near the foreground, the others in quiet hues of one lightness. */
static const KindLook kind_looks[INION_N_CHANNEL_KINDS] = {
  [INION_CHANNEL_EEG] = { 0x1b2733, 0xdbe4ee, 1, 7 },
  [INION_CHANNEL_EOG] = { 0x23635a, 0x8fd0c4, 1, 7 },
  [INION_CHANNEL_ECG] = { 0x96393f, 0xe8a0a0, 10, 100 },
  [INION_CHANNEL_EMG] = { 0x75561b, 0xd9bd84, 3, 20 },
  [INION_CHANNEL_RESPIRATION] = { 0x2c5c8f, 0x9cc3ec, 10, 75 },
  [INION_CHANNEL_SATURATION] = { 0x6b4590, 0xc9b0e6, 1, 7 },
  [INION_CHANNEL_TEMPERATURE] = { 0x8a4a22, 0xe3b394, 1, 7 },
  [INION_CHANNEL_TRIGGER] = { 0x5a646e, 0xa7b2bd, 1, 7 },
  [INION_CHANNEL_OTHER] = { 0x48535e, 0xb6c1cc, 1, 7 },
};

static const guint32 side_colors[2][2] = {
  { 0x1d4f91, 0x9a2f38 },   /* light: left, right */
  { 0x9cc4f5, 0xf2a7a4 },   /* dark */
};

/**
 * inion_trace_layout_get_default_factor:
 * @kind: what a channel measures
 *
 * How much less sensitive than EEG a kind is drawn unless told otherwise: ECG and respiration 10,
 * EMG 3, all others 1.
 *
 * Returns: the factor on µV/mm
 */
double
inion_trace_layout_get_default_factor (InionChannelKind kind)
{
  g_return_val_if_fail ((guint) kind < INION_N_CHANNEL_KINDS, 1);

  return kind_looks[kind].factor;
}

/**
 * inion_trace_layout_get_default_sensitivity:
 * @kind: what a channel measures
 *
 * Returns: µV/mm that a kind is drawn to where it has a sensitivity of its own
 */
double
inion_trace_layout_get_default_sensitivity (InionChannelKind kind)
{
  g_return_val_if_fail ((guint) kind < INION_N_CHANNEL_KINDS, 7);

  return kind_looks[kind].sensitivity;
}

/**
 * inion_trace_layout_get_color:
 * @kind: what a channel measures
 * @dark: for a dark page
 *
 * The colour of a trace.
 *
 * Returns: 0xRRGGBB
 */
guint32
inion_trace_layout_get_color (InionChannelKind kind,
                              gboolean         dark)
{
  g_return_val_if_fail ((guint) kind < INION_N_CHANNEL_KINDS, 0);

  return dark ? kind_looks[kind].dark : kind_looks[kind].light;
}

/**
 * inion_trace_layout_get_microvolts:
 * @unit: (nullable): the unit of a channel
 *
 * How many microvolts a unit is. Knows both characters for µ, and "u".
 *
 * Returns: microvolts, or 0 if @unit is not a voltage
 */
double
inion_trace_layout_get_microvolts (const char *unit)
{
  static const struct
  {
    const char *unit;
    double microvolts;
  } table[] = {
    { "µV", 1 }, { "μV", 1 }, { "uV", 1 }, { "mV", 1e3 }, { "V", 1e6 }, { "nV", 1e-3 },
  };

  for (gsize i = 0; unit != NULL && i < G_N_ELEMENTS (table); i++)
    if (strcmp (unit, table[i].unit) == 0)
      return table[i].microvolts;
  return 0;
}

/* Microvolts, or current densities: to the sensitivity of the page a mV/m² is what a µV is. */
static double
get_scale (const char *unit)
{
  return g_strcmp0 (unit, "mV/m²") == 0 ? 1 : inion_trace_layout_get_microvolts (unit);
}

/**
 * inion_trace_layout_get_side:
 * @label: a derivation's label, as "Fp1-F7"
 *
 * Which side of the head a label names: odd numbers are left, even ones right, z is the midline.
 * Decided by the first electrode; only names of the 10–05 system say it.
 *
 * Returns: 'L', 'R', 'M', or 0 if the name does not say
 */
char
inion_trace_layout_get_side (const char *label)
{
  g_autofree char *first = g_strndup (label, strcspn (label, "-−"));
  const char *name = inion_electrode_canonical (g_strstrip (first));
  gsize n = name != NULL ? strlen (name) : 0;

  if (n == 0)
    return 0;
  if (g_ascii_isdigit (name[n - 1]))
    return (name[n - 1] - '0') % 2 ? 'L' : 'R';
  return name[n - 1] == 'z' ? 'M' : 0;
}

/**
 * inion_trace_layout_ranges:
 * @page: what is shown
 * @ranges: (array) (out): page->n_derivations ranges; {0, 0} for a derivation without samples
 *
 * Finds what each derivation spans on a page.
 */
void
inion_trace_layout_ranges (InionPage   *page,
                           InionMinMax *ranges)
{
  for (guint d = 0; d < page->n_derivations; d++)
    {
      const InionMinMax *bins = page->bins + d * page->n_bins;
      InionMinMax range = { INFINITY, -INFINITY };

      for (gsize i = 0; i < page->used[d]; i++)
        if (bins[i].lo <= bins[i].hi && isfinite (bins[i].lo) && isfinite (bins[i].hi))
          {
            range.lo = MIN (range.lo, bins[i].lo);
            range.hi = MAX (range.hi, bins[i].hi);
          }
      ranges[d] = range.lo <= range.hi ? range : (InionMinMax) { 0, 0 };
    }
}

static int
compare_floats (gconstpointer a,
                gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/**
 * inion_trace_layout_offsets:
 * @page: what is shown
 * @offsets: (array) (out): page->n_derivations values; 0 for a derivation without samples
 *
 * Finds the median of each derivation over the visible part of a page: of its samples, or of the
 * middles of its bins. A blink does not move it.
 */
void
inion_trace_layout_offsets (InionPage *page,
                            float     *offsets)
{
  g_autofree float *middles = g_new (float, MAX (page->n_bins, 1));

  for (guint d = 0; d < page->n_derivations; d++)
    {
      const InionMinMax *bins = page->bins + d * page->n_bins;
      double per_s = page->used[d] > 0 ? page->rate_hz[d] / (double) page->bin_size[d] : 0;
      gsize n = 0;

      for (gsize i = 0; i < page->used[d]; i++)
        {
          double at = (double) (page->first_bin[d] + (gint64) i);

          if (at >= floor (page->from_s * per_s) && at < page->to_s * per_s &&
              bins[i].lo <= bins[i].hi && isfinite (bins[i].lo) && isfinite (bins[i].hi))
            middles[n++] = bins[i].lo / 2 + bins[i].hi / 2;
        }
      qsort (middles, n, sizeof *middles, compare_floats);
      offsets[d] = n > 0 ? middles[(n - 1) / 2] / 2 + middles[n / 2] / 2 : 0;
    }
}

static void
set_color (float   rgba[4],
           guint32 color,
           float   alpha)
{
  rgba[0] = (float) (color >> 16 & 0xff) / 255;
  rgba[1] = (float) (color >> 8 & 0xff) / 255;
  rgba[2] = (float) (color & 0xff) / 255;
  rgba[3] = alpha;
}

static guint32
choose_color (const InionTraceRow           *row,
              guint                          derivation,
              char                           side,
              const InionTraceLayoutOptions *options)
{
  gboolean dark = options->dark != FALSE;

  if (options->colors != NULL && options->colors[derivation] != NO_COLOR)
    return options->colors[derivation] & 0xffffff;
  if (row->has_color)
    return row->color;
  if (options->tint_sides && row->kind == INION_CHANNEL_EEG && side == 'L')
    return side_colors[dark][0];
  if (options->tint_sides && row->kind == INION_CHANNEL_EEG && side == 'R')
    return side_colors[dark][1];
  return inion_trace_layout_get_color (row->kind, dark);
}

/* Voltages: to the sensitivity. */
static void
scale_by_sensitivity (InionTraceLane                *lane,
                      InionTraceLabel               *label,
                      const InionTraceRow           *row,
                      double                         microvolts,
                      const InionTraceLayoutOptions *options)
{
  double px;

  label->sensitivity = options->sensitivities[row->kind];
  if (!(label->sensitivity > 0))
    label->sensitivity =
      inion_trace_layout_get_default_factor (row->kind) * options->sensitivity;
  px = options->px_per_mm / label->sensitivity * microvolts;
  if ((row->kind == INION_CHANNEL_EEG || row->kind == INION_CHANNEL_EOG) && !options->positive_up)
    lane->px_per_unit = (float) px;
  else
    lane->px_per_unit = (float) -px;
  if (options->offsets != NULL && isfinite (options->offsets[label->derivation]))
    lane->y0 -= options->offsets[label->derivation] * lane->px_per_unit;
}

/* Everything else: to its lane, high values up. */
static void
scale_to_range (InionTraceLane  *lane,
                InionTraceLabel *label,
                InionMinMax      range)
{
  double height = (label->bottom - label->top) * FILL;
  double span = (double) range.hi - range.lo;
  double middle = ((double) range.hi + range.lo) / 2;

  if (!isfinite (span) || !isfinite (middle))
    span = middle = 0;
  if (!(span > 0))
    span = MAX (fabs (middle), 1);
  lane->px_per_unit = (float) (-height / span);
  lane->y0 = (float) (label->center + middle * height / span);
  label->range_low = middle - span / 2 / FILL;
  label->range_high = middle + span / 2 / FILL;
}

/* Whether a row is drawn to a sensitivity. */
static gboolean
has_volts (const InionTraceRow *row)
{
  return get_scale (row->unit) > 0 && row->kind != INION_CHANNEL_TRIGGER;
}

static void
lay_row (InionTraceLayout              *self,
         guint                          index,
         const InionTraceRow           *row,
         double                         top,
         const InionTraceLayoutOptions *options)
{
  InionTraceLane *lane = &self->lanes[index];
  InionTraceLabel *label = &self->labels[index];
  guint derivation = options->first + index;
  double microvolts = get_scale (row->unit);

  label->derivation = lane->derivation = derivation;
  label->kind = row->kind;
  label->top = (float) top;
  label->bottom = (float) (top + self->lane_height);
  label->center = (label->top + label->bottom) / 2;
  label->side = row->kind == INION_CHANNEL_EEG ? inion_trace_layout_get_side (row->label) : 0;
  label->bad = options->bad != NULL && options->bad[derivation];
  label->color = choose_color (row, derivation, label->side, options);
  set_color (lane->rgba, label->color, label->bad ? BAD_ALPHA : 1);
  lane->y0 = label->center;
  lane->clip_top = options->clip ? label->top : -INFINITY;
  lane->clip_bottom = options->clip ? label->bottom : INFINITY;
  if (has_volts (row) && options->sensitivity > 0)
    scale_by_sensitivity (lane, label, row, microvolts, options);
  else
    scale_to_range (lane, label,
                    options->ranges != NULL ? options->ranges[derivation] : (InionMinMax) { 0, 0 });
}

/* Which of the lanes a visible row is drawn in: one lane a row, or, as butterfly, one for all
 * voltages of a kind. */
static guint
choose_lanes (const InionTraceRow *rows,
              guint                n,
              gboolean             butterfly,
              guint               *lane_of)
{
  guint n_lanes = 0;

  for (guint i = 0; i < n; i++)
    {
      guint j = i;

      for (guint k = 0; butterfly && has_volts (&rows[i]) && k < i && j == i; k++)
        if (has_volts (&rows[k]) && rows[k].kind == rows[i].kind)
          j = k;
      lane_of[i] = j < i ? lane_of[j] : n_lanes++;
    }
  return n_lanes;
}

static void
count_shared (InionTraceLayout *self,
              const guint      *lane_of)
{
  g_autofree guint *counts = g_new0 (guint, MAX (self->n, 1));

  for (guint i = 0; i < self->n; i++)
    counts[lane_of[i]]++;
  for (guint i = 0; i < self->n; i++)
    self->labels[i].n_shared = counts[lane_of[i]];
}

/**
 * inion_trace_layout_new_for_rows:
 * @rows: (array length=n): all derivations, shown or not
 * @n: number of derivations
 * @options: how to lay them out
 *
 * Lays out the visible derivations from the top down.
 *
 * Returns: (transfer full): the layout; without lanes if nothing is visible
 */
InionTraceLayout *
inion_trace_layout_new_for_rows (const InionTraceRow           *rows,
                                 guint                          n,
                                 const InionTraceLayoutOptions *options)
{
  InionTraceLayout *self = g_new0 (InionTraceLayout, 1);
  double gap = options->group_gap < 0 ? 0 : options->group_gap > 0 ? options->group_gap : 0.5;
  guint first = MIN (options->first, n);
  g_autofree guint *lane_of = g_new (guint, MAX (n, 1));
  double gaps = 0;
  guint n_lanes;

  self->n = n - first;
  if (options->n_visible > 0)
    self->n = MIN (self->n, options->n_visible);
  self->lanes = g_new0 (InionTraceLane, self->n);
  self->labels = g_new0 (InionTraceLabel, self->n);
  n_lanes = choose_lanes (rows + first, self->n, options->butterfly, lane_of);
  if (options->butterfly)
    gap = 0;
  for (guint i = 1; i < self->n; i++)
    if (rows[first + i].group != rows[first + i - 1].group)
      gaps += gap;
  self->lane_height = (float) (options->height / MAX (n_lanes + gaps, 1));
  gaps = 0;
  for (guint i = 0; i < self->n; i++)
    {
      if (i > 0 && rows[first + i].group != rows[first + i - 1].group)
        gaps += gap;
      lay_row (self, i, &rows[first + i], (lane_of[i] + gaps) * (double) self->lane_height,
               options);
    }
  count_shared (self, lane_of);
  return self;
}

/**
 * inion_trace_layout_new:
 * @montage: whose derivations are shown
 * @options: how to lay them out
 *
 * Lays out the visible derivations of a montage from the top down.
 *
 * Returns: (transfer full): the layout
 */
InionTraceLayout *
inion_trace_layout_new (InionMontage                  *montage,
                        const InionTraceLayoutOptions *options)
{
  guint n = inion_montage_get_n_derivations (montage);
  g_autofree InionTraceRow *rows = g_new0 (InionTraceRow, n);

  for (guint i = 0; i < n; i++)
    {
      const InionDerivation *derivation = inion_montage_get_derivation (montage, i);

      rows[i].label = derivation->label;
      rows[i].kind = derivation->kind;
      rows[i].group = derivation->group;
      rows[i].unit = inion_montage_get_unit (montage, i);
      rows[i].has_color = derivation->has_color;
      rows[i].color = derivation->color;
    }
  return inion_trace_layout_new_for_rows (rows, n, options);
}

/**
 * inion_trace_layout_free:
 * @self: (transfer full): a layout
 *
 * Frees a layout.
 */
void
inion_trace_layout_free (InionTraceLayout *self)
{
  g_free (self->lanes);
  g_free (self->labels);
  g_free (self);
}

/**
 * inion_trace_layout_pick:
 * @self: a layout
 * @y: a row in device pixels
 *
 * Finds the lane under a point.
 *
 * Returns: an index in @self's lanes, or −1 in a gap and outside
 */
int
inion_trace_layout_pick (const InionTraceLayout *self,
                         double                  y)
{
  for (guint i = 0; i < self->n; i++)
    if (y >= self->labels[i].top && y < self->labels[i].bottom)
      return (int) i;
  return -1;
}

/* Half the range that 90 % of a derivation's bins stay within, in its unit; 0 if it has none. */
static double
usual_amplitude (InionPage *page,
                 guint      derivation)
{
  g_autofree float *values = g_new (float, MAX (page->used[derivation], 1));
  const InionMinMax *bins = page->bins + derivation * page->n_bins;
  gsize n = 0;

  for (gsize i = 0; i < page->used[derivation]; i++)
    if (bins[i].lo <= bins[i].hi && isfinite (bins[i].lo) && isfinite (bins[i].hi))
      values[n++] = i % 2 ? bins[i].hi : bins[i].lo;
  if (n == 0)
    return 0;
  qsort (values, n, sizeof *values, compare_floats);
  return ((double) values[n - 1 - n / 20] - values[n / 20]) / 2;
}

/**
 * inion_trace_layout_suggest_sensitivity:
 * @page: what is shown
 * @montage: whose derivations the page holds
 * @lane_height_mm: height of a lane, in mm
 *
 * Suggests a sensitivity at which the EEG of a page fills its lanes and leaves its neighbours
 * alone: the usual amplitude of the median derivation takes 0.7 of the half lane.
 *
 * Returns: one of the usual steps, in µV/mm; 7 if there is no EEG
 */
double
inion_trace_layout_suggest_sensitivity (InionPage    *page,
                                        InionMontage *montage,
                                        double        lane_height_mm)
{
  static const double steps[] = { 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500,
                                  1000 };
  g_autofree float *amplitudes = g_new (float, MAX (page->n_derivations, 1));
  double wanted;
  guint n = 0;

  for (guint d = 0; d < page->n_derivations; d++)
    {
      double amplitude = usual_amplitude (page, d) * get_scale (inion_montage_get_unit (montage, d));

      if (inion_montage_get_derivation (montage, d)->kind == INION_CHANNEL_EEG && amplitude > 0)
        amplitudes[n++] = (float) amplitude;
    }
  if (n == 0 || !(lane_height_mm > 0))
    return 7;
  qsort (amplitudes, n, sizeof *amplitudes, compare_floats);
  wanted = amplitudes[n / 2] / (0.35 * lane_height_mm);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] >= wanted)
      return steps[i];
  return steps[G_N_ELEMENTS (steps) - 1];
}
