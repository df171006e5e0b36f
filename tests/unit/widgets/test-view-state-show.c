/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How traces are drawn: what is kept in the study, told to the views and undone. */

#include "widgets-fixture.h"

#include "core/init.h"
#include "widgets/view-state-show.h"

static void
test_options (void)
{
  static const struct
  {
    InionViewOption option;
    gboolean on;
  } options[] = {
    { INION_VIEW_CLIP, FALSE }, { INION_VIEW_NO_DC, FALSE }, { INION_VIEW_GRID, TRUE },
    { INION_VIEW_BUTTERFLY, FALSE },
  };
  g_autoptr (Fixture) f = fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_assert_cmpint (inion_view_state_get_option (f->state, options[i].option), ==, options[i].on);
  /* Nothing is open. */
  inion_view_state_set_option (f->state, INION_VIEW_CLIP, TRUE);
  g_assert_false (inion_view_state_get_option (f->state, INION_VIEW_CLIP));
  fixture_open (f, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      inion_view_state_set_option (f->state, options[i].option, options[i].on);
      g_assert_cmpuint (fixture_take_notified (f, "options"), ==, 0);
      inion_view_state_set_option (f->state, options[i].option, !options[i].on);
      g_assert_cmpuint (fixture_take_notified (f, "options"), ==, 1);
      for (gsize k = 0; k < G_N_ELEMENTS (options); k++)
        g_assert_cmpint (inion_view_state_get_option (f->state, options[k].option), ==,
                         options[k].on != (k <= i));
    }
  /* The study remembers. */
  inion_view_state_close (f->state);
  fixture_open (f, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_assert_cmpint (inion_view_state_get_option (f->state, options[i].option), !=, options[i].on);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      inion_view_state_set_option (f->state, options[i].option, options[i].on);
      g_assert_cmpint (inion_view_state_get_option (f->state, options[i].option), ==,
                       options[i].on);
      g_assert_true (inion_study_undo (inion_view_state_get_study (f->state)));
      g_assert_cmpint (inion_view_state_get_option (f->state, options[i].option), !=,
                       options[i].on);
    }
}

static double
kind (Fixture          *f,
      InionChannelKind  which)
{
  return inion_view_state_get_kind_sensitivity (f->state, which);
}

static void
test_kinds (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  InionStudy *study;

  fixture_open (f, NULL);
  study = inion_view_state_get_study (f->state);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_ECG), ==, 100);
  inion_view_state_set_kind_sensitivity (f->state, INION_CHANNEL_ECG, 300);
  g_assert_cmpuint (fixture_take_notified (f, "kind-sensitivities"), ==, 1);
  g_assert_cmpuint (fixture_take_notified (f, "sensitivity"), ==, 0);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_ECG), ==, 300);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_EMG), ==, 20);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_EEG), ==, 7);
  /* What has none of its own follows EEG, and sets it. */
  inion_view_state_set_kind_sensitivity (f->state, INION_CHANNEL_OTHER, 15);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_EEG), ==, 15);
  g_assert_cmpfloat (inion_view_state_get_sensitivity (f->state), ==, 15);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_ECG), ==, 300);
  /* No sensitivity, and the one it is already: nothing happens. */
  fixture_take_notified (f, "kind-sensitivities");
  inion_view_state_set_kind_sensitivity (f->state, INION_CHANNEL_ECG, 0);
  inion_view_state_set_kind_sensitivity (f->state, INION_CHANNEL_ECG, NAN);
  inion_view_state_set_kind_sensitivity (f->state, INION_CHANNEL_ECG, 300);
  g_assert_cmpuint (fixture_take_notified (f, "kind-sensitivities"), ==, 0);

  inion_view_state_close (f->state);
  fixture_open (f, NULL);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_ECG), ==, 300);
  study = inion_view_state_get_study (f->state);
  /* What a study says that is no number is passed over. */
  inion_study_set_setting (study, "sensitivity-ecg", "many", "Test");
  g_assert_cmpfloat (kind (f, INION_CHANNEL_ECG), ==, 100);
  inion_study_set_setting (study, "sensitivity-ecg", "-3", "Test");
  g_assert_cmpfloat (kind (f, INION_CHANNEL_ECG), ==, 100);
  inion_study_undo (study);
  inion_study_undo (study);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_ECG), ==, 300);
}

/* Of a study that can only be read all of it can still be looked at otherwise. */
static void
test_read_only (void)
{
  g_autoptr (Fixture) f = fixture_new ();
  g_autoptr (InionStudy) writer = inion_study_open (f->study_path, NULL);

  g_assert_nonnull (writer);
  fixture_open (f, NULL);
  g_assert_true (inion_study_is_read_only (inion_view_state_get_study (f->state)));
  inion_view_state_set_option (f->state, INION_VIEW_CLIP, TRUE);
  g_assert_true (inion_view_state_get_option (f->state, INION_VIEW_CLIP));
  g_assert_cmpuint (fixture_take_notified (f, "options"), ==, 1);
  inion_view_state_set_kind_sensitivity (f->state, INION_CHANNEL_EMG, 50);
  g_assert_cmpfloat (kind (f, INION_CHANNEL_EMG), ==, 50);
  g_assert_cmpuint (fixture_take_notified (f, "kind-sensitivities"), ==, 1);
  g_assert_null (inion_study_get_setting (writer, "clip"));
  inion_study_close (writer);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  inion_init ();
  g_test_add_func ("/widgets/view-state-show/options", test_options);
  g_test_add_func ("/widgets/view-state-show/kinds", test_kinds);
  g_test_add_func ("/widgets/view-state-show/read-only", test_read_only);
  return fixture_run ();
}
