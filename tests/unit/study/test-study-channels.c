/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people say of channels: kept, undone and redone across restarts, with all that names them. */

#include "data-home.h"
#include "core/json-member.h"
#include "decode/recipe.h"
#include "recording/memory-recording.h"
#include "study/study-channels.h"

#include <math.h>

typedef struct
{
  char *folder;
  char *path;
  InionStudy *study;
  InionRecording *recording;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  static const char *const labels[] = { "Fp1", "X1", "X2", "Resp" };
  static const double values[] = { 1, -2, 3, 4 };
  InionMemoryRecording *recording = inion_memory_recording_new (2, NULL);

  fixture->folder = g_dir_make_tmp ("inion-study-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "a.inion", NULL);
  fixture->study = inion_study_open (fixture->path, NULL);
  g_assert_nonnull (fixture->study);
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    inion_memory_recording_add_channel (recording, labels[i], "mV", values, G_N_ELEMENTS (values));
  inion_memory_recording_add_event (recording, 0, -1, "start");
  fixture->recording = INION_RECORDING (recording);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  inion_study_close (fixture->study);
  g_assert_finalize_object (fixture->study);
  g_assert_finalize_object (fixture->recording);
  g_assert_true (inion_study_verify (fixture->path, NULL, NULL));
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
reopen (Fixture *fixture)
{
  inion_study_close (fixture->study);
  g_assert_finalize_object (fixture->study);
  g_assert_true (inion_study_verify (fixture->path, NULL, NULL));
  fixture->study = inion_study_open (fixture->path, NULL);
  g_assert_nonnull (fixture->study);
}

static GPtrArray *
new_edits (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) inion_channel_edit_free);
}

static InionChannelEdit *
add_edit (GPtrArray  *edits,
          guint       channel,
          const char *label)
{
  InionChannelEdit *edit = inion_channel_edit_new (channel);

  edit->label = g_strdup (label);
  g_ptr_array_add (edits, edit);
  return edit;
}

static void
assert_label (Fixture    *fixture,
              guint       channel,
              const char *label)
{
  g_autoptr (InionRecording) edited = inion_study_edit_recording (fixture->study,
                                                                  fixture->recording);

  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (edited, channel)), ==,
                   label);
}

static void
assert_mark (Fixture    *fixture,
             gint64      id,
             const char *channels)
{
  InionAnnotation *mark =
    inion_annotation_set_lookup (inion_study_get_annotations (fixture->study), id);
  g_autofree char *joined =
    g_strjoinv (",", (char **) inion_annotation_get_channels (mark));

  g_assert_cmpstr (joined, ==, channels);
}

static gint64
add_mark (Fixture    *fixture,
          const char *channels)
{
  g_auto (GStrv) list = g_strsplit (channels, ",", -1);
  g_autoptr (InionAnnotation) mark =
    inion_annotation_new (0, 0, 0, "spike", (const char *const *) list, NULL, INION_ORIGIN_PERSON,
                          NAN, NULL);

  return inion_study_add_annotation (fixture->study, mark);
}

static void
count (GHashTable *keys,
       const char *key)
{
  g_hash_table_insert (keys, g_strdup (key),
                       GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (keys, key)) + 1));
}

/* Names are exchanged: marks and bad channels follow, as one step, which undo takes back after the
 * program was closed. */
static void
test_rename (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GPtrArray) edits = new_edits ();
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 one = add_mark (fixture, "X1,Fp1"), two = add_mark (fixture, "X2-Fp1");
  gint64 three = add_mark (fixture, "Resp");

  inion_study_set_setting (fixture->study, "bad", "X1\nResp", NULL);
  add_edit (edits, 1, "X2");
  add_edit (edits, 2, "X1");
  add_edit (edits, 99, "nobody");
  g_signal_connect_swapped (fixture->study, "setting-changed", G_CALLBACK (count), keys);
  g_assert_true (inion_study_set_channel_edits (fixture->study, fixture->recording, edits, NULL,
                                                "Exchange X1 and X2"));
  g_signal_handlers_disconnect_by_data (fixture->study, keys);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (keys, INION_STUDY_CHANNELS)), ==, 1);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (keys, "bad")), ==, 1);
  for (int round = 0; round < 2; round++)
    {
      assert_label (fixture, 1, "X2");
      assert_label (fixture, 2, "X1");
      assert_mark (fixture, one, "Fp1,X2");
      assert_mark (fixture, two, "X1-Fp1");
      assert_mark (fixture, three, "Resp");
      g_assert_cmpstr (inion_study_get_setting (fixture->study, "bad"), ==, "X2\nResp");
      reopen (fixture);
      g_assert_cmpstr (inion_study_get_undo_title (fixture->study), ==, "Exchange X1 and X2");
      g_assert_true (inion_study_undo (fixture->study));
      assert_label (fixture, 1, "X1");
      assert_mark (fixture, one, "Fp1,X1");
      assert_mark (fixture, two, "X2-Fp1");
      g_assert_cmpstr (inion_study_get_setting (fixture->study, "bad"), ==, "X1\nResp");
      reopen (fixture);
      g_assert_true (inion_study_redo (fixture->study));
    }
}

#define MODEL                                                                                      \
  "{\"channels\":[\"X1\",\"Fp1-X2\",\"RESP\"],\"mean\":[0.1,3,-1e-300]," \
  "\"recipe\":{\"reference\":\"x2\",\"channels\":{\"only\":[\"X1\",\"X2\"]}}}"

/* The channels of the kept model, its recipe's, the recipe's reference. */
static char *
show_model (Fixture *fixture,
            guint    index)
{
  g_autoptr (GPtrArray) items = inion_study_list_items (fixture->study, "model");
  const InionStudyItem *item = items->pdata[index];
  g_autoptr (JsonNode) root = json_from_string (item->json, NULL);
  JsonObject *model = json_node_get_object (root);
  JsonObject *recipe = json_object_get_object_member (model, "recipe");
  JsonArray *numbers = json_object_get_array_member (model, "mean");
  g_auto (GStrv) channels =
    inion_json_dup_strings (json_object_get_array_member (model, "channels"));
  g_auto (GStrv) only = inion_json_dup_strings (json_object_get_array_member (
    json_object_get_object_member (recipe, "channels"), "only"));
  g_autofree char *first = g_strjoinv (",", channels);
  g_autofree char *second = g_strjoinv (",", only);

  g_assert_cmpfloat (json_array_get_double_element (numbers, 0), ==, 0.1);
  g_assert_cmpfloat (json_array_get_double_element (numbers, 1), ==, 3);
  g_assert_cmpfloat (json_array_get_double_element (numbers, 2), ==, -1e-300);
  return g_strdup_printf ("%s|%s|%s", first, second,
                          json_object_get_string_member (recipe, "reference"));
}

static void
assert_model (Fixture    *fixture,
              guint       index,
              const char *expected)
{
  g_autofree char *shown = show_model (fixture, index);

  g_assert_cmpstr (shown, ==, expected);
}

static void
set_labels (Fixture    *fixture,
            const char *one,
            const char *two)
{
  g_autoptr (GPtrArray) edits = new_edits ();

  add_edit (edits, 1, one);
  add_edit (edits, 2, two);
  g_assert_true (inion_study_set_channel_edits (fixture->study, fixture->recording, edits, NULL,
                                                "Rename"));
}

static char *
make_recipe (const char *reference,
             const char *channel)
{
  g_autofree char *text = g_strdup_printf (
    "{ \"inion_recipe\": 1, \"name\": \"hand\", \"reference\": \"%s\", "
    "\"channels\": { \"only\": [\"%s\", \"Resp\"] }, \"examples\": { \"from\": \"events\", "
    "\"classes\": { \"left\": [\"T1\"], \"right\": [\"T2\"] }, \"window_s\": [0.5, 3.5] }, "
    "\"features\": [ { \"type\": \"csp\" } ], \"classifier\": { \"type\": \"lda\" } }",
    reference, channel);
  g_autoptr (GError) error = NULL;
  g_autoptr (InionRecipe) recipe = inion_recipe_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return inion_recipe_to_json (recipe);
}

/* The recipe follows in the step that renames; models follow whenever they were kept. */
static void
test_recipe_and_models (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char *before = make_recipe ("X1", "x1");
  g_autofree char *after = make_recipe ("C3", "C3");

  inion_study_set_setting (fixture->study, "recipe", before, NULL);
  inion_study_add_item (fixture->study, "model", "first", NULL, MODEL);
  assert_model (fixture, 0, "X1,Fp1-X2,RESP|X1,X2|x2");
  set_labels (fixture, "C3", NULL);
  g_assert_cmpstr (inion_study_get_setting (fixture->study, "recipe"), ==, after);
  assert_model (fixture, 0, "C3,Fp1-X2,RESP|C3,X2|x2");
  /* One that is kept now has the names of now already. */
  inion_study_add_item (fixture->study, "model", "second", NULL,
                        "{\"channels\":[\"C3\",\"X2\"],\"mean\":[0.1,3,-1e-300],"
                        "\"recipe\":{\"reference\":\"average\",\"channels\":{\"only\":[]}}}");
  assert_model (fixture, 1, "C3,X2||average");
  /* Exchanged, and kept over a restart. */
  set_labels (fixture, "X2", "X1");
  reopen (fixture);
  assert_model (fixture, 0, "X2,Fp1-X1,RESP|X2,X1|X1");
  assert_model (fixture, 1, "X2,X1||average");
  g_assert_true (inion_study_undo (fixture->study));
  assert_model (fixture, 0, "C3,Fp1-X2,RESP|C3,X2|x2");
  assert_model (fixture, 1, "C3,X2||average");
  g_assert_true (inion_study_undo (fixture->study));
  assert_model (fixture, 0, "X1,Fp1-X2,RESP|X1,X2|x2");
  assert_model (fixture, 1, "X1,X2||average");
  g_assert_cmpstr (inion_study_get_setting (fixture->study, "recipe"), ==, before);
  g_assert_true (inion_study_redo (fixture->study));
  assert_model (fixture, 1, "C3,X2||average");
}

/* Everything that can be said comes back as it was said, and taking it back leaves no row. */
static void
test_all (Fixture      *fixture,
          gconstpointer data)
{
  static const char *const bad[] = { "Vertex", NULL };
  g_autoptr (GPtrArray) edits = new_edits ();
  g_autoptr (GPtrArray) back = new_edits ();
  g_autoptr (GPtrArray) listed = NULL;
  InionChannelEdit *edit = add_edit (edits, 1, "Vertex");
  const InionChannelEdit *read;

  edit->has_kind = TRUE;
  edit->kind = INION_CHANNEL_EOG;
  edit->unit = g_strdup ("µV");
  edit->has_position = edit->placed = TRUE;
  edit->position[0] = 0.1 / 3;
  edit->position[2] = -1e-9;
  add_edit (edits, 3, NULL)->has_position = TRUE;
  g_assert_true (inion_study_set_channel_edits (fixture->study, fixture->recording, edits, bad,
                                                "Edit channels"));
  reopen (fixture);
  g_assert_cmpstr (inion_study_get_setting (fixture->study, "bad"), ==, "Vertex");
  listed = inion_study_list_channel_edits (fixture->study);
  g_assert_cmpuint (listed->len, ==, 2);
  read = listed->pdata[0];
  g_assert_cmpuint (read->channel, ==, 1);
  g_assert_cmpstr (read->label, ==, "Vertex");
  g_assert_true (read->has_kind && read->kind == INION_CHANNEL_EOG);
  g_assert_cmpstr (read->unit, ==, "µV");
  g_assert_true (read->placed);
  g_assert_cmpmem (read->position, sizeof read->position, edit->position, sizeof edit->position);
  read = listed->pdata[1];
  g_assert_true (read->channel == 3 && read->has_position && !read->placed && !read->has_kind);
  add_edit (back, 1, NULL);
  add_edit (back, 3, NULL);
  inion_study_set_channel_edits (fixture->study, fixture->recording, back, NULL, "As the file says");
  g_ptr_array_unref (listed);
  listed = inion_study_list_channel_edits (fixture->study);
  g_assert_cmpuint (listed->len, ==, 0);
}

/* The edited recording: the same samples, in another unit where that can be converted. */
static void
test_samples (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (GPtrArray) edits = new_edits ();
  g_autoptr (InionRecording) edited = NULL;
  double values[4];
  const InionChannelInfo *info;
  g_autofree char *before = inion_recording_dup_quick_fingerprint (fixture->recording, NULL);

  edited = inion_edited_recording_new (fixture->recording, edits);
  g_assert_true (edited == fixture->recording);
  g_object_unref (edited);
  add_edit (edits, 0, "X1")->unit = g_strdup ("µV");
  add_edit (edits, 3, NULL)->unit = g_strdup ("l/s");
  edited = inion_edited_recording_new (fixture->recording, edits);
  g_assert_true (inion_edited_recording_get_original (edited) == fixture->recording);
  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (edited, 0)), ==, "X1");
  g_assert_cmpstr (inion_channel_get_label (inion_recording_get_channel (edited, 1)), ==, "X1 (2)");
  g_assert_true (inion_recording_read (edited, 0, 0, 4, values, NULL));
  g_assert_cmpfloat (values[1], ==, -2000);
  g_assert_true (inion_recording_read (edited, 3, 1, 1, values, NULL));
  g_assert_cmpfloat (values[0], ==, -2);
  info = inion_channel_get_info (inion_recording_get_channel (edited, 0));
  g_assert_true (info->renamed);
  g_assert_cmpstr (info->raw_label, ==, "Fp1");
  g_assert_cmpstr (inion_channel_get_unit (inion_recording_get_channel (edited, 3)), ==, "l/s");
  g_assert_null (inion_recording_get_events (edited));
  g_assert_true (inion_recording_load_events (edited, NULL, NULL));
  g_assert_cmpuint (inion_recording_get_events (edited)->len, ==, 1);
  g_assert_nonnull (before);
}

static void
test_units (void)
{
  double factor;

  g_assert_true (inion_unit_convert ("mV", "µV", &factor));
  g_assert_cmpfloat (factor, ==, 1000);
  g_assert_true (inion_unit_convert ("uV", "V", &factor));
  g_assert_cmpfloat_with_epsilon (factor, 1e-6, 1e-18);
  g_assert_true (inion_unit_convert ("μV", "µV", &factor));
  g_assert_cmpfloat (factor, ==, 1);
  g_assert_false (inion_unit_convert ("", "µV", &factor));
  g_assert_cmpfloat (factor, ==, 1);
}

/* A row that somebody else broke is passed over: the file's word counts. */
static void
test_broken (Fixture      *fixture,
             gconstpointer data)
{
  static const char *const texts[] = { "", "[]", "{}", "{\"label\":3}", "{\"position\":[1,2]}",
                                       "{\"position\":[1,2,\"x\"]}", "{\"kind\":\"none\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) edits = NULL;

      inion_study_set_setting (fixture->study, "channel:1", texts[i], NULL);
      edits = inion_study_list_channel_edits (fixture->study);
      g_assert_cmpuint (edits->len, ==, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/study/study-channels/rename", Fixture, NULL, set_up, test_rename, tear_down);
  g_test_add ("/study/study-channels/recipe-and-models", Fixture, NULL, set_up,
              test_recipe_and_models, tear_down);
  g_test_add ("/study/study-channels/all", Fixture, NULL, set_up, test_all, tear_down);
  g_test_add ("/study/study-channels/samples", Fixture, NULL, set_up, test_samples, tear_down);
  g_test_add ("/study/study-channels/broken", Fixture, NULL, set_up, test_broken, tear_down);
  g_test_add_func ("/study/study-channels/units", test_units);
  return run_with_data_home ();
}
