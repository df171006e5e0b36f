/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "annotation/label.h"
#include "annotation/palette-json.h"
#include "core/error.h"

static void
count_signal (GListModel *model,
              guint       position,
              guint       removed,
              guint       added,
              gpointer    data)
{
  ++*(guint *) data;
}

static void
test_label (void)
{
  InionLabel *label = inion_label_new ("spike", 0xFF123456, "s", NULL);

  g_assert_cmpstr (inion_label_get_name (label), ==, "spike");
  g_assert_cmphex (inion_label_get_color (label), ==, 0x123456);
  g_assert_cmpstr (inion_label_get_key (label), ==, "s");
  g_assert_cmpstr (inion_label_get_group (label), ==, "event");
  g_assert_finalize_object (label);
}

static void
test_default (void)
{
  static const guint32 okabe_ito[] = {
    0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442, 0x0072B2, 0xD55E00, 0xCC79A7, 0x999999,
  };
  InionPalette *palette = inion_palette_new_default ();

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (palette)), ==, 8);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i + 1);
      g_autoptr (InionLabel) label = g_list_model_get_item (G_LIST_MODEL (palette), i);

      g_assert_cmphex (inion_label_get_color (label), ==, okabe_ito[i]);
      g_assert_true (inion_palette_find_key (palette, key) == label);
      g_assert_true (inion_palette_find (palette, inion_label_get_name (label)) == label);
    }
  g_assert_true (inion_palette_is_artifact (palette, "blink"));
  g_assert_false (inion_palette_is_artifact (palette, "event"));
  g_assert_false (inion_palette_is_artifact (palette, "T1"));
  g_assert_true (inion_palette_is_artifact (palette, "BAD_segment"));
  g_assert_null (inion_palette_find_key (palette, "9"));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (palette), 8));
  g_assert_finalize_object (palette);
}

static void
test_edit (void)
{
  g_autoptr (InionPalette) palette = inion_palette_new_default ();
  g_autoptr (InionLabel) blink = inion_label_new ("blink", 0x111111, NULL, "event");
  g_autoptr (InionLabel) spike = inion_label_new ("spike", 0x222222, "s", "event");
  guint n = 0;

  g_signal_connect (palette, "items-changed", G_CALLBACK (count_signal), &n);
  inion_palette_add (palette, blink);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (palette)), ==, 8);
  g_assert_cmphex (inion_palette_get_color (palette, "blink"), ==, 0x111111);
  g_assert_false (inion_palette_is_artifact (palette, "blink"));
  inion_palette_add (palette, spike);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (palette)), ==, 9);
  g_assert_true (inion_palette_remove (palette, "blink"));
  g_assert_false (inion_palette_remove (palette, "blink"));
  g_assert_cmpuint (n, ==, 3);
}

/* The colours of unknown names are the same for ever: these values are a promise. */
static void
test_unknown_color (void)
{
  g_autoptr (InionPalette) palette = inion_palette_new ();
  guint32 t1 = inion_palette_get_color (palette, "T1");
  guint32 t2 = inion_palette_get_color (palette, "T2");

  g_assert_cmphex (t1, ==, inion_palette_get_color (palette, "T1"));
  g_assert_cmphex (t1, !=, t2);
  g_assert_cmphex (t1, ==, 0x394EC6);
  g_assert_cmphex (t2, ==, 0x6139C6);
}

static void
test_json (void)
{
  g_autoptr (InionPalette) palette = inion_palette_new_default ();
  g_autoptr (InionPalette) copy = inion_palette_new_default ();
  g_autoptr (InionLabel) odd = inion_label_new ("a \"b\"\\\n\tü\x01", 0x00ABCD, NULL, "state");
  g_autofree char *json = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;

  inion_palette_remove (palette, "blink");
  inion_palette_add (palette, odd);
  json = inion_palette_to_json (palette);
  g_assert_true (inion_palette_set_json (copy, json, &error));
  g_assert_no_error (error);
  again = inion_palette_to_json (copy);
  g_assert_cmpstr (json, ==, again);
  g_assert_null (inion_palette_find (copy, "blink"));
  g_assert_cmphex (inion_palette_get_color (copy, inion_label_get_name (odd)), ==, 0x00ABCD);
}

static void
test_json_errors (void)
{
  static const char *const wrong[] = {
    "", "[", "{}", "[1]", "[{}]", "[{\"name\": \"x\", \"color\": \"red\"}]",
    "[{\"name\": 3, \"color\": \"#123456\"}]", "[{\"name\": \"x\", \"color\": \"#12345G\"}]",
    "[{\"name\": \"x\", \"color\": \"#+12345\"}]",
  };
  g_autoptr (InionPalette) palette = inion_palette_new_default ();
  g_autofree char *deep = g_strnfill (1000000, '[');

  for (guint i = 0; i <= G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (inion_palette_set_json (palette, i < G_N_ELEMENTS (wrong) ? wrong[i] : deep,
                                              &error));
      g_assert_error (error, INION_ERROR, INION_ERROR_FORMAT);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (palette)), ==, 8);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/label/label", test_label);
  g_test_add_func ("/annotation/label/default", test_default);
  g_test_add_func ("/annotation/label/edit", test_edit);
  g_test_add_func ("/annotation/label/unknown-color", test_unknown_color);
  g_test_add_func ("/annotation/label/json", test_json);
  g_test_add_func ("/annotation/label/json-errors", test_json_errors);
  return g_test_run ();
}
