/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MNE-Python reads the same from every shared EDF and BDF file, or reference/edf_mne.md says why
 * not: names, rates, numbers of samples, samples, annotations, triggers. */

#include "core/json-member.h"
#include "core/json-parse.h"
#include "recording/recording.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 1e-6

static JsonNode *reference;

typedef struct
{
  guint files;
  guint channels;
  guint annotations;
  guint triggers;
} Tally;

static JsonObject *
get_reference (void)
{
  if (reference == NULL)
    {
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "edf_mne.json", NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, &error));
      reference = inion_json_parse_object (text, -1, G_MAXSIZE, &error);
      g_assert_no_error (error);
    }
  return json_node_get_object (reference);
}

/* MNE numbers equal names from 0 on: "T8-P8-0"; and it reads UTF-8 as Latin-1. */
static gboolean
is_same_name (const char *raw_label,
              const char *name)
{
  g_autofree char *bytes = g_convert (name, -1, "ISO-8859-1", "UTF-8", NULL, NULL, NULL);
  gsize n = strlen (raw_label);

  return g_str_equal (raw_label, name) || g_strcmp0 (raw_label, bytes) == 0 ||
         (strncmp (raw_label, name, n) == 0 && name[n] == '-' && g_ascii_isdigit (name[n + 1]));
}

static double
get_factor (const InionChannelInfo *info,
            const char             *unit)
{
  if (!g_str_equal (info->unit, "µV"))
    return 1;
  return g_str_equal (unit, "mV") ? 1e3 : g_str_equal (unit, "V") ? 1e6 : 1;
}

static double
get_item (JsonObject *object,
          const char *name,
          guint       index)
{
  JsonArray *array = inion_json_get_array (object, name);

  g_assert_nonnull (array);
  return json_array_get_double_element (array, json_array_get_length (array) == 1 ? 0 : index);
}

/* The samples that the file holds, without the gaps: MNE puts the pieces together. */
static double *
read_stored (InionRecording *recording,
             guint           channel,
             gint64         *n)
{
  gint64 all = inion_channel_get_n_samples (inion_recording_get_channel (recording, channel));
  g_autoptr (GArray) x = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 first, length;

  for (gint64 at = 0; at < all && inion_recording_find_run (recording, channel, at, &first, &length);
       at = first + length)
    {
      g_autoptr (GError) error = NULL;
      guint old = x->len;

      g_array_set_size (x, old + (guint) length);
      inion_recording_read (recording, channel, first, (gsize) length,
                            &g_array_index (x, double, old), &error);
      g_assert_no_error (error);
    }
  *n = x->len;
  return (double *) g_array_free (g_steal_pointer (&x), FALSE);
}

/* Their number; one of them, and the root mean square of all if there are numbers to compare. */
static void
check_samples (InionRecording *recording,
               guint           channel,
               gint64          expected,
               JsonArray      *numbers,
               double          factor)
{
  gint64 n = 0;
  g_autofree double *x = read_stored (recording, channel, &n);
  double sample, rms, sum = 0;

  g_assert_cmpint (n, ==, expected);
  if (numbers == NULL)
    return;
  sample = json_array_get_double_element (numbers, 0) * factor;
  rms = json_array_get_double_element (numbers, 1) * fabs (factor);
  for (gint64 i = 0; i < n; i++)
    sum += x[i] * x[i];
  g_assert_cmpfloat_with_epsilon (x[n * (channel % 97 + 1) / 100], sample,
                                  TOLERANCE * fabs (sample) + 1e-9 * rms);
  g_assert_cmpfloat_with_epsilon (sqrt (sum / (double) n), rms, TOLERANCE * rms);
}

static gboolean
is_stim (JsonObject *file,
         const char *name)
{
  g_auto (GStrv) names = inion_json_dup_strings (inion_json_get_array (file, "stim"));

  return names != NULL && g_strv_contains ((const char *const *) names, name);
}

static void
check_channels (InionRecording *recording,
                JsonObject     *file,
                Tally          *tally)
{
  gint64 index = -1;
  JsonArray *labels, *samples = inion_json_get_array (file, "samples");

  g_assert_true (inion_json_get_int (file, "labels", &index));
  labels = json_array_get_array_element (inion_json_get_array (get_reference (), "labels"),
                                         (guint) index);
  g_assert_cmpuint (inion_recording_get_n_channels (recording), ==, json_array_get_length (labels));
  for (guint i = 0; i < json_array_get_length (labels); i++)
    {
      JsonArray *label = json_array_get_array_element (labels, i);
      const char *name = json_array_get_string_element (label, 0);
      const char *unit = json_array_get_string_element (label, 1);
      InionChannel *channel = inion_recording_get_channel (recording, i);
      const InionChannelInfo *info = inion_channel_get_info (channel);
      double rate = get_item (file, "rates", i);

      g_test_message ("%s", name);
      g_assert_true (is_same_name (info->raw_label, name));
      g_assert_cmpfloat_with_epsilon (inion_channel_get_rate_hz (channel), rate, TOLERANCE * rate);
      /* Masked by MNE, which also gives what has no scale one; see edf_mne.md. */
      check_samples (recording, i, (gint64) get_item (file, "counts", i),
                     is_stim (file, name) || !info->calibrated
                       ? NULL : json_array_get_array_element (samples, i), get_factor (info, unit));
      tally->channels++;
    }
}

/* Each annotation of MNE is one of ours. */
static void
check_annotations (InionRecording *recording,
                   JsonObject     *file,
                   guint           n_triggers,
                   Tally          *tally)
{
  GPtrArray *events = inion_recording_get_events (recording);
  JsonArray *annotations = inion_json_get_array (file, "annotations");
  g_autofree gboolean *used = g_new0 (gboolean, events->len + 1);

  g_assert_cmpuint (events->len, ==, json_array_get_length (annotations) + n_triggers);
  for (guint i = 0; i < json_array_get_length (annotations); i++)
    {
      JsonArray *annotation = json_array_get_array_element (annotations, i);
      double onset = json_array_get_double_element (annotation, 0);
      double duration = json_array_get_double_element (annotation, 1);
      const char *text = json_array_get_string_element (annotation, 2);
      guint k = 0;

      for (; k < events->len; k++)
        {
          const InionEvent *event = events->pdata[k];

          if (!used[k] && g_str_equal (event->text, text) &&
              fabs ((double) event->onset_ns / 1e9 - onset) < 1e-6 &&
              fabs ((double) MAX (event->duration_ns, 0) / 1e9 - duration) < 1e-6)
            break;
        }
      if (k == events->len)
        g_error ("%g s + %g s “%s” of MNE is not here", onset, duration, text);
      used[k] = TRUE;
      tally->annotations++;
    }
}

/* Each change of a trigger channel that MNE finds is an event, and no other. Returns how many. */
static guint
check_triggers (InionRecording *recording,
                JsonObject     *file,
                Tally          *tally)
{
  JsonObject *all = inion_json_get_object (file, "events");
  g_autoptr (GList) names = all != NULL ? json_object_get_members (all) : NULL;
  GPtrArray *events = inion_recording_get_events (recording);
  guint total = 0;

  for (GList *l = names; l != NULL; l = l->next)
    {
      int c = inion_recording_find_channel (recording, l->data);
      InionChannel *channel = inion_recording_get_channel (recording, (guint) c);
      JsonArray *found = inion_json_get_array (all, l->data);
      guint k = 0;

      for (guint i = 0; i < json_array_get_length (found); i++)
        {
          JsonArray *event = json_array_get_array_element (found, i);
          gint64 ns = inion_channel_sample_to_ns (channel, json_array_get_int_element (event, 0));
          g_autofree char *code
              = g_strdup_printf ("%d", (int) json_array_get_int_element (event, 1));

          while (k < events->len && (((InionEvent *) events->pdata[k])->onset_ns != ns ||
                                     strcmp (((InionEvent *) events->pdata[k])->text, code) != 0))
            k++;
          g_assert_cmpuint (k, <, events->len);
        }
      total += json_array_get_length (found);
    }
  tally->triggers += total;
  return total;
}

/* Where triggers are not the same, for the reasons in edf_mne.md: a scale of 30 a step, so that codes
 * are rounded; gaps that MNE closes. */
static gboolean
is_explained (InionRecording *recording,
              const char     *name)
{
  return g_str_has_suffix (name, "/test_stim_channel.edf") ||
         inion_recording_get_n_segments (recording) > 1;
}

static void
check_file (const char *root,
            const char *name,
            JsonObject *file,
            Tally      *tally)
{
  g_autofree char *path = g_build_filename (root, "data", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecording) recording = inion_recording_open (path, &error);
  guint n_triggers;

  g_test_message ("%s", name);
  if (json_object_has_member (file, "error"))
    {
      /* A copy in text mode: refused here, with the reason. */
      g_assert_null (recording);
      g_assert_nonnull (strstr (error->message, "binary mode"));
      return;
    }
  g_assert_no_error (error);
  inion_recording_load_events (recording, NULL, &error);
  g_assert_no_error (error);
  check_channels (recording, file, tally);
  if (is_explained (recording, name))
    n_triggers = inion_recording_get_events (recording)->len -
                 json_array_get_length (inion_json_get_array (file, "annotations"));
  else
    n_triggers = check_triggers (recording, file, tally);
  check_annotations (recording, file, n_triggers, tally);
  tally->files++;
}

static void
test_mne (void)
{
  const char *root = g_getenv ("INION_SHARED");
  g_autofree char *data = root != NULL ? g_build_filename (root, "data", NULL) : NULL;
  JsonObject *files = inion_json_get_object (get_reference (), "files");
  g_autoptr (GList) names = json_object_get_members (files);
  Tally tally = { 0 };

  if (data == NULL || !g_file_test (data, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("INION_SHARED has no recordings");
      return;
    }
  for (GList *l = names; l != NULL; l = l->next)
    check_file (root, l->data, inion_json_get_object (files, l->data), &tally);
  g_test_message ("%u files, %u channels, %u annotations, %u triggers agree with MNE", tally.files,
                  tally.channels, tally.annotations, tally.triggers);
  g_assert_cmpuint (tally.files, >, 70);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-mne/files", test_mne);
  status = g_test_run ();
  g_clear_pointer (&reference, json_node_unref);
  return status;
}
