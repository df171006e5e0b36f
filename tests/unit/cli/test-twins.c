/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings of the shared data that are there twice, in two formats or as text that another program
 * wrote, say the same: names, units, rates, numbers of samples, every sample, events. What differs,
 * and who is right, is told in reference/twins.md. */

#include "cli-said.h"

typedef enum
{
  EVENTS_SAME,
  EVENTS_ONSETS,  /* other words for the same moments */
  EVENTS_SOME,    /* those of a are among those of b */
  EVENTS_NUMBERS, /* of b there are the codes, with which the texts of a end */
  EVENTS_OTHER,
} Events;

typedef struct
{
  const char *a;
  const char *b;
  double tolerance;     /* of a sample, in its unit */
  double relative;      /* the same as a part of it */
  guint n;              /* channels that both have, the first ones; 0: all are */
  Events events;
  gboolean other_names;
  gboolean other_units;
  gboolean other_start;
  gboolean restarts;    /* each stretch of a is the whole of b */
} Twin;

#define EDF "formats/edf-reader/"
#define MNE "formats/mne/"

/* A digital step of edfPlusC.edf: ±1000 µV in 16 bits. */
#define EDF_STEP (2000.0 / 65535)

static const Twin twins[] = {
  { "sleep/mne_test.edf", "sleep/mne_test.bdf", .other_units = TRUE },
  { "sleep/short_psg.edf", "sleep/short_psg.bdf" },
  { "sleep/test_subsecond.edf", "sleep/test_subsecond.bdf" },
  { "sleep/SC4001EC-Hypnogram.edf", "sleep/SC4001EC-Hypnogram.bdf" },
  { EDF "edfPlusC.edf", EDF "bdfPlusC.bdf", 1.5 * EDF_STEP, .other_start = TRUE },
  { EDF "edfPlusD.edf", EDF "edfPlusC.edf", .events = EVENTS_SOME },
  { "formats/edf-jl/test_merged.edf", MNE "test.edf", 0.07, .events = EVENTS_OTHER,
    .other_names = TRUE, .other_units = TRUE, .other_start = TRUE, .restarts = TRUE },
  { "formats/edf-jl/test_uneven_samp.edf", MNE "test_uneven_samp.edf", .other_start = TRUE },
  { "erp/eeglab_data.set", "erp/eeglab_data_numerical_events.set", .events = EVENTS_ONSETS },
  { "formats/gdf/test_gdf211.gdf", "formats/gdf/test_gdf125.gdf", .other_start = TRUE },
  { "formats/gdf/test_gdf221.gdf", "formats/gdf/test_gdf211.gdf" },
  { "formats/gdf/test_gdf222.gdf", "formats/gdf/test_gdf211.gdf" },
  { MNE "test.vhdr", MNE "test_bin_raw.fif", 0, 1e-8, 32, EVENTS_NUMBERS, .other_names = TRUE,
    .other_units = TRUE, .other_start = TRUE },
  { MNE "test_old_layout_latin1_software_filter.vhdr",
    MNE "test_old_layout_latin1_software_filter_longname.vhdr", .other_names = TRUE },
  { MNE "test_bad_date.vhdr", MNE "test.vhdr", .events = EVENTS_ONSETS, .other_start = TRUE },
  { MNE "test_comma-test.vhdr", MNE "test.vhdr", .other_names = TRUE },
  { MNE "test_empty_units.vhdr", MNE "test.vhdr" },
  { MNE "test_highpass.vhdr", MNE "test.vhdr", .other_units = TRUE },
  { MNE "test_highpass_hz.vhdr", MNE "test.vhdr", .other_units = TRUE },
  { MNE "test_lowpass_s.vhdr", MNE "test.vhdr", .other_units = TRUE },
  { MNE "test_mixed_highpass.vhdr", MNE "test.vhdr", .other_units = TRUE },
  { MNE "test_mixed_highpass_hz.vhdr", MNE "test.vhdr", .other_units = TRUE },
  { MNE "test_mixed_lowpass.vhdr", MNE "test.vhdr", .other_names = TRUE,
    .other_units = TRUE },
  { MNE "test_mixed_lowpass_s.vhdr", MNE "test.vhdr", .other_units = TRUE },
  { MNE "test_nV.vhdr", MNE "test.vhdr" },
  { MNE "test_partially_disabled_hw_filter.vhdr", MNE "test.vhdr" },
  { MNE "test_units.vhdr", MNE "test.vhdr" },
  { MNE "test_format.ahdr", MNE "test.vhdr", .n = 31 },
  { MNE "testv2.vhdr", MNE "test.vhdr", .events = EVENTS_OTHER, .other_units = TRUE,
    .other_start = TRUE },
};

static guint
compare_samples (const Said *a,
                 guint       channel_a,
                 const Said *b,
                 guint       channel_b,
                 const Twin *how)
{
  guint n_stretches = count_stretches (a, channel_a), n_compared = 0;
  gboolean pairs = count_stretches (b, channel_b) > 1;

  g_assert_cmpuint (count_stretches (b, channel_b), ==, pairs ? n_stretches : 1);
  for (guint s = 0; s < n_stretches; s++)
    {
      gint64 first, first_b;
      guint n, n_b;
      g_autofree double *x = get_stretch (a, channel_a, s, &first, &n);
      g_autofree double *y = get_stretch (b, channel_b, pairs ? s : 0, &first_b, &n_b);

      first = how->restarts ? 0 : first - first_b;
      g_assert_cmpint (first, >=, 0);
      g_assert_cmpint (first + n, <=, n_b);
      for (guint i = 0; i < n; i++)
        assert_near (x[i], y[first + i], how->tolerance, how->relative);
      n_compared += n;
    }
  g_assert_cmpuint (n_compared, >, 0);
  return n_compared;
}

static void
compare_channels (const Said *a,
                  const Said *b,
                  const Twin *how)
{
  static const char *const texts[] = { "label", "unit" };
  guint n = how->n > 0 ? how->n : json_array_get_length (a->channels);

  if (how->n == 0)
    g_assert_cmpuint (json_array_get_length (b->channels), ==, n);
  for (guint c = 0; c < n; c++)
    {
      JsonObject *x = get_info (a, c), *y = get_info (b, c);

      for (guint i = how->other_names ? 1 : 0; i < (how->other_units ? 1 : 2); i++)
        g_assert_cmpstr (json_object_get_string_member (x, texts[i]), ==,
                         json_object_get_string_member (y, texts[i]));
      g_assert_cmpfloat (json_object_get_double_member (x, "rate_hz"), ==,
                         json_object_get_double_member (y, "rate_hz"));
      if (!how->restarts)
        g_assert_cmpint (json_object_get_int_member (x, "n_samples"), ==,
                         json_object_get_int_member (y, "n_samples"));
      compare_samples (a, c, b, c, how);
    }
}

static gboolean
is_same_event (JsonObject *x,
               JsonObject *y,
               Events      how)
{
  const char *text = json_object_get_string_member (x, "text");
  const char *other = json_object_get_string_member (y, "text");

  if (get_seconds (x, "onset_s") != get_seconds (y, "onset_s"))
    return FALSE;
  switch (how)
    {
    case EVENTS_SAME:
    case EVENTS_SOME:
      return g_str_equal (text, other) &&
             get_seconds (x, "duration_s") == get_seconds (y, "duration_s");
    case EVENTS_NUMBERS:
      return g_str_has_suffix (text, other);
    case EVENTS_ONSETS:
    case EVENTS_OTHER:
    default:
      return TRUE;
    }
}

/* Each of a set of events has its own in another one. */
static void
find_events (JsonArray *from,
             JsonArray *in,
             gboolean   swapped,
             Events     how)
{
  guint n = json_array_get_length (in);
  g_autofree gboolean *used = g_new0 (gboolean, n + 1);

  for (guint i = 0; i < json_array_get_length (from); i++)
    {
      JsonObject *event = json_array_get_object_element (from, i);
      guint k = 0;

      while (k < n && (used[k] ||
                       !is_same_event (swapped ? json_array_get_object_element (in, k) : event,
                                       swapped ? event : json_array_get_object_element (in, k),
                                       how)))
        k++;
      if (k == n)
        g_error ("“%s” at %g s has no twin", json_object_get_string_member (event, "text"),
                 get_seconds (event, "onset_s"));
      used[k] = TRUE;
    }
}

static void
compare_events (const Said *a,
                const Said *b,
                Events      how)
{
  JsonArray *x = json_object_get_array_member (a->info, "events");
  JsonArray *y = json_object_get_array_member (b->info, "events");

  if (how == EVENTS_OTHER)
    return;
  if (how == EVENTS_SAME || how == EVENTS_ONSETS)
    g_assert_cmpuint (json_array_get_length (x), ==, json_array_get_length (y));
  if (how == EVENTS_NUMBERS)
    find_events (y, x, TRUE, how);
  else
    find_events (x, y, FALSE, how);
}

static void
test_recordings (void)
{
  g_autofree char *data = cli_find_shared ();
  g_auto (Said) b = { 0 };

  for (guint i = 0; data != NULL && i < G_N_ELEMENTS (twins); i++)
    {
      const Twin *how = &twins[i];
      g_auto (Said) a = { 0 };

      g_test_message ("%s, %s", how->a, how->b);
      ask (&a, data, how->a, NULL);
      if (i == 0 || !g_str_equal (how->b, twins[i - 1].b))
        {
          said_clear (&b);
          ask (&b, data, how->b, NULL);
        }
      if (!how->other_start)
        g_assert_cmpstr (json_object_get_string_member_with_default (a.info, "start", NULL), ==,
                         json_object_get_string_member_with_default (b.info, "start", NULL));
      compare_channels (&a, &b, how);
      compare_events (&a, &b, how->events);
    }
}

/* Nihon Kohden's own file and its EDF export. The names of its electrodes are in a third file, which
 * is not there: then the compatibility reader takes the maker's usual ones, and they are not these. */
static void
test_nihon_kohden (void)
{
  static const Twin how = { .tolerance = 0.0488 }; /* half a step */
  g_autofree char *data = cli_find_shared ();
  g_auto (Said) a = { 0 };
  g_auto (Said) b = { 0 };
  JsonArray *faults;
  gboolean warned = FALSE;

  if (data == NULL)
    return;
  ask (&a, data, "formats/mne-testing/MB0400FU.EDF", NULL);
  if (!ask (&b, data, "formats/mne-testing/MB0400FU.EEG", "--compatible"))
    {
      g_test_skip ("this build has no compatibility reader");
      return;
    }
  g_assert_cmpuint (json_array_get_length (b.channels), ==, json_array_get_length (a.channels));
  for (guint c = 0; c < 23; c++)
    g_assert_cmpuint (compare_samples (&a, c, &b, c, &how), ==, 5800);
  /* Which is said. */
  faults = json_object_get_array_member (b.info, "faults");
  for (guint i = 0; i < json_array_get_length (faults); i++)
    warned = warned || strstr (json_object_get_string_member (json_array_get_object_element (
                                 faults, i), "message"), ".21E") != NULL;
  g_assert_true (warned);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/twins/recordings", test_recordings);
  g_test_add_func ("/cli/twins/nihon-kohden", test_nihon_kohden);
  return g_test_run ();
}
